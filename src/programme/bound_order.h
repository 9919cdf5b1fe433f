/*
 * bound_order.h - a lower bound of lateness in sum, from the order in which activities finish.
 *
 * Let n activities have deadlines. Whichever they are, the k-th of them to finish does so at T(k)
 * at the earliest: k of them can have finished by then, each for itself, and there has been enough
 * of each resource for the least work that any k of them and all that must be finished before them
 * take. Nothing is then better than to let the k-th that finishes be the one with the k-th
 * deadline: lateness is at least the sum over k of what T(k) is later than that. For one machine
 * this is the bound of C. Chu, "A branch-and-bound algorithm to minimize total tardiness with
 * different release dates", Naval Research Logistics 39(2), 1992.
 *
 * What several need is part of the work of each, in equal parts; but of any k of n where more than
 * n - k need it, one does.
 */
#ifndef NUMU_PROGRAMME_BOUND_ORDER_H
#define NUMU_PROGRAMME_BOUND_ORDER_H

#include "programme/bound_energy.h"

struct numu_bound_order {
    const struct numu_domain *domain;
    const struct numu_measures *measures; /* of time: in each there has to be enough */
    const numu_period *earliest;          /* by task: position */
    const struct numu_bound_use *use;     /* by resource of the project: */
    const uint32_t *first_use;            /* use[first_use[r]] … use[first_use[r + 1] - 1] */
    uint32_t due_count;
    const uint32_t *due;       /* tasks with deadlines */
    const numu_period *finish; /* the earliest known of each of these, rising; in points */
};

/*
 * 0 of projects that are too large for it. Adds the steps of work that it took to *io_work. Scratch
 * memory is the arena's. NUMU_MEMORY.
 */
NUMU_MUST_CHECK numu_status numu_bound_order_lateness(const struct numu_bound_order *order,
                                                      struct numu_arena *scratch, uint64_t *io_work,
                                                      int64_t *out_lateness);

#endif
