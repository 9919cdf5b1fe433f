/*
 * bound_energy.h - the work that must fall into a window of time whatever is decided, against what
 * a renewable resource offers there (energetic reasoning: P. Baptiste, C. Le Pape, W. Nuijten,
 * "Satisfiability tests and time-bound adjustments for cumulative scheduling problems", Annals of
 * Operations Research 92, 1999).
 *
 * [1] A task that may stand anywhere between two positions runs in the window [from, until) for
 *
 *         min(span, finish(earliest) - from, until - start(latest), until - from)
 *
 *     points at least, where that is above 0: nothing until its latest start, or `from` where that
 *     is later, and one more for each point by which the window ends later, until nothing is left.
 *     So all windows with one beginning cost one pass: the work of all tasks is a function of
 *     their end whose slope changes twice a task.
 * [2] Of a task with modes the least over them counts at each end: its slope only falls.
 * [3] The span is how many points its periods take at least in its calendar: during rests it holds
 *     its resources, too. All of it is reckoned in one measure at a time (measure.h): points, ends
 *     of windows and what is offered are counted in it.
 */
#ifndef NUMU_PROGRAMME_BOUND_ENERGY_H
#define NUMU_PROGRAMME_BOUND_ENERGY_H

#include "programme/measure.h"

/* What a task asks at least of one renewable resource, over its modes. */
struct numu_bound_use {
    uint32_t task;
    int32_t need;
    int64_t energy; /* units × points */
};

/* The least of a task on a resource in some measure, over its modes: units × points that count. */
int64_t numu_bound_energy_of(const struct numu_domain *domain, const struct numu_measure *measure,
                             uint32_t task, uint32_t resource);

struct numu_bound_energy {
    const struct numu_domain *domain;
    const numu_period *earliest, *latest; /* by task: positions */
    /* below: of one resource in one measure */
    const struct numu_measure *measure;
    uint32_t resource;
    const struct numu_bound_use *use;
    size_t use_count;
    size_t from_count, until_count;
    numu_period *from, *until; /* where windows begin and end, rising, as the measure counts */
    int64_t *offered;          /* by end: what there is before it */
    int64_t *slope, *shift;    /* by end: how work changes there, [1] */
};

/* Takes room for so many uses of one resource from the arena. NUMU_MEMORY, NUMU_LIMIT. */
NUMU_MUST_CHECK numu_status numu_bound_energy_take(const struct numu_domain *domain,
                                                   const numu_period *earliest,
                                                   const numu_period *latest, size_t use_count,
                                                   struct numu_arena *arena,
                                                   struct numu_bound_energy *out);

/*
 * Lists the windows of a resource: from the earliest start of any task to the latest finish of any.
 * There are none where sums might not fit into 64 bits.
 */
void numu_bound_energy_list(struct numu_bound_energy *it, const struct numu_measure *measure,
                            uint32_t resource, const struct numu_bound_use *use, size_t use_count);

/*
 * Whether some window from from[n] on must hold more than is offered there. Adds the steps of work
 * that it took to *io_work.
 */
bool numu_bound_energy_exceeds(struct numu_bound_energy *it, size_t n, uint64_t *io_work);

#endif
