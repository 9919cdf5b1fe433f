/*
 * bound_cover.h - the least time in which sets of tasks that can run at once can do all work, tasks
 * being taken up and laid down at will: no schedule is shorter.
 *
 * Windows are left out, and order but for pairs that never run at once. So one linear programme
 * answers for every finish, where bound_sets.h has one for each; its columns are found as they are
 * wanted by heaviest.h (A. Mingozzi, V. Maniezzo, S. Ricciardelli, L. Bianco, "An exact algorithm
 * for the resource-constrained project scheduling problem based on a new mathematical formulation",
 * Management Science 44(5), 1998: their bound LB3 is a heuristic for its dual). Any prices v, in
 * whole numbers, prove
 *
 *     time >= sum over tasks of v × duration / weight of the heaviest set that can run at once,
 *
 * both exact, whatever the arithmetic of the programme that the prices come from.
 */
#ifndef NUMU_PROGRAMME_BOUND_COVER_H
#define NUMU_PROGRAMME_BOUND_COVER_H

#include "programme/bound_meter.h"
#include "programme/heaviest.h"
#include "programme/project.h"

struct numu_bound_cover {
    const numu_period *duration;    /* by task of `heaviest`, above 0 */
    const int32_t *capacity;        /* by resource: what there is at most; each task fits alone */
    struct numu_heaviest *heaviest; /* what tasks need, and which are apart */
    struct numu_bound_meter *meter; /* what it may take */
};

/*
 * Raises a time that is known, above 0, in points, to what it proves within limits; by nothing
 * where all durations together are more than NUMU_PERIOD_MAX. NUMU_MEMORY, NUMU_LIMIT.
 */
NUMU_MUST_CHECK numu_status numu_bound_cover_raise(const struct numu_context *context,
                                                   const struct numu_bound_cover *cover,
                                                   struct numu_arena *scratch,
                                                   numu_period *io_points);

#endif
