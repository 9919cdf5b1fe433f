/*
 * rcpsp_modes.h - in which mode each job is done, and what that takes from pools.
 */
#ifndef NUMU_PROGRAMME_RCPSP_MODES_H
#define NUMU_PROGRAMME_RCPSP_MODES_H

#include "programme/rcpsp_problem.h"

#include "base/random.h"

/* Whether a job has more than one mode. */
static inline bool numu_rcpsp_has_modes(const struct numu_rcpsp_problem *problem, uint32_t job) {
    return problem->first_mode[job + 1] - problem->first_mode[job] > 1;
}

/*
 * Each mode by its share, by mode of the project; without shares (NULL) half of the jobs that have
 * a choice at random, the others in their shortest mode.
 */
void numu_rcpsp_modes_draw(const struct numu_rcpsp_problem *problem, const double *share,
                           struct numu_random *random, uint32_t *mode);

/*
 * Changes modes until pools are enough; false: they are still overdrawn. `left` is room for as many
 * numbers as there are pools.
 */
bool numu_rcpsp_modes_repair(const struct numu_rcpsp_problem *problem, struct numu_random *random,
                             uint32_t *mode, int64_t *left);

/* What modes leave of each pool, below 0 where it is overdrawn; whether none is. */
bool numu_rcpsp_modes_fill_pools(const struct numu_rcpsp_problem *problem, const uint32_t *mode,
                                 int64_t *left);

#endif
