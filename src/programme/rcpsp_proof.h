/*
 * rcpsp_proof.h - the exact search after the population search of rcpsp.h, or beside it.
 */
#ifndef NUMU_PROGRAMME_RCPSP_PROOF_H
#define NUMU_PROGRAMME_RCPSP_PROOF_H

#include "programme/exact.h"
#include "programme/rcpsp_search.h"

struct numu_rcpsp_solution {
    struct numu_rcpsp_found found;
    int64_t lateness_bound;
    numu_period lower_bound;
    const double *share; /* of the budgets of searches; may be NULL */
    bool is_proven;      /* of the best found, or that there is none */
};

/* A plan as a schedule that the exact search may be given; arrays live in the arena. */
NUMU_MUST_CHECK numu_status numu_rcpsp_write_exact(const struct numu_rcpsp_problem *problem,
                                                   const struct numu_rcpsp_plan *plan,
                                                   struct numu_arena *arena,
                                                   struct numu_exact_known *out);

/*
 * By activity of the project, limits that keep a plan from becoming later (`latest` of exact.h):
 * its deadline, or its finish where that is past it.
 */
NUMU_MUST_CHECK numu_status numu_rcpsp_no_later(const struct numu_rcpsp_problem *problem,
                                                const struct numu_rcpsp_plan *plan,
                                                struct numu_arena *arena, numu_period **out_latest);

/* The schedule that the exact search has, as a plan; its arrays are the caller's. */
void numu_rcpsp_read_exact(const struct numu_rcpsp_problem *problem, const struct numu_exact *exact,
                           struct numu_rcpsp_plan *plan);

/*
 * Raises the lower bound by what modes (bound_modes.h) and sets of tasks (bound_sets.h) say of the
 * finish, within so many seconds. Where that is the best that was found, it is proven.
 */
NUMU_MUST_CHECK numu_status numu_rcpsp_raise_bound(const struct numu_context *context,
                                                   const struct numu_rcpsp_problem *problem,
                                                   double seconds,
                                                   struct numu_rcpsp_solution *solution);

/*
 * Lets the exact search go on from the best that was found, for as much work as so many schedules
 * are, and so many seconds; 0 = no limit of that kind.
 */
NUMU_MUST_CHECK numu_status numu_rcpsp_prove(const struct numu_context *context,
                                             const struct numu_rcpsp_problem *problem,
                                             uint64_t schedules, double seconds,
                                             struct numu_arena *arena,
                                             struct numu_rcpsp_solution *solution);

/*
 * Both at once for so many seconds: one thread for the exact search, the others for populations.
 * Each takes over what the other finds; the first proof ends both. Where the exact search gives up,
 * its thread goes to the populations.
 */
NUMU_MUST_CHECK numu_status numu_rcpsp_search_beside(const struct numu_context *context,
                                                     const struct numu_rcpsp_problem *problem,
                                                     double seconds, struct numu_arena *arena,
                                                     struct numu_rcpsp_solution *solution);

#endif
