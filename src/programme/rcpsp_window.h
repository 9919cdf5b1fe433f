/*
 * rcpsp_window.h - late neighbourhood search: one window of time of a good schedule is scheduled
 * anew, by exact search, so that all that comes after it begins one period earlier.
 *
 * A population that has converged crosses the same things again and again; what is left to win lies
 * in places where a handful of jobs must move together (large neighbourhoods: P. Shaw, "Using
 * constraint programming and local search methods to solve vehicle routing problems", CP 1998; for
 * this problem M. Palpant, C. Artigues, P. Michelon, "LSSPER", Annals of OR 131, 2004).
 *
 * [W1] Jobs that run in the window are free; those before it keep their starts; those that start
 *      at its end or later start one period before the latest point that the finish of the whole
 *      leaves them. A window that can be scheduled within these makes the whole shorter. Free jobs
 *      may change their mode within what the others leave of each pool.
 *      Where there are deadlines, nothing finishes after its own, or later than it does. Where some
 *      job is late that finishes after the middle of the window, the first such job is to finish a
 *      period earlier instead of the whole: what comes after the window begins earlier only where
 *      it starts before that job is done.
 *      Where periods differ (calendars, supplies that vary) a period earlier may be a rest: there
 *      jobs after the window start as late as they can where the whole ends a period earlier; where
 *      some job is late only those are hurried that run in the window, so that what comes after it
 *      starts as late as it can where the whole ends as it does.
 *      Where links let a job start after the one that waits for it ([S4] of rcpsp_problem.h),
 *      something before the window may wait for what comes after it: such a window is not tried.
 * [W2] Work is counted by what it is: every start that the search gives, also those it takes back,
 *      [R2] of rcpsp.h.
 * [W3] A plan is swept: small windows first, since they are found or refuted with the least work,
 *      at every quarter of their length; then larger ones, at every half, which may take more; then
 *      all again with more work for each. What is found is swept from the beginning.
 * [W4] Of a consumable resource what is used at a point is gone at all points after it: the jobs of
 *      a window have at a point what those that stay leave at it and at each later one.
 */
#ifndef NUMU_PROGRAMME_RCPSP_WINDOW_H
#define NUMU_PROGRAMME_RCPSP_WINDOW_H

#include "programme/rcpsp_problem.h"

/* A window of a plan, and what it may cost. */
struct numu_rcpsp_window {
    const struct numu_rcpsp_plan *plan; /* as it was decoded: everything as early as can be */
    /* By job: starts as late as the plan's finish allows; where periods differ, as a finish one
       period earlier does, -1 where none does. */
    const numu_period *late;
    /* The same by the plan's finish where periods differ and some job is late; else NULL. */
    const numu_period *late_by_finish;
    double place;  /* its middle, as a share of the plan's makespan */
    uint32_t jobs; /* at least so many, where the plan has them */
    /*
     * Bounds the starts that are given, but for one round of propagation (at most as many as the
     * window has jobs, never more than the problem has).
     */
    uint64_t starts_max;
};

struct numu_rcpsp_window_found {
    bool is_found;
    uint64_t starts; /* given, [W2]; at least 1, so that what counts them ends */
};

/*
 * Tries one window. Where it is found, `start` and `mode` have the new ones by job: in that order
 * the plan decodes to one that costs less. Memory is taken from the arena.
 */
NUMU_MUST_CHECK numu_status numu_rcpsp_window_try(const struct numu_context *context,
                                                  const struct numu_rcpsp_problem *problem,
                                                  const struct numu_rcpsp_window *window,
                                                  struct numu_arena *arena, numu_period *start,
                                                  uint32_t *mode,
                                                  struct numu_rcpsp_window_found *out);

/* How far a plan was swept; begins as zero. */
struct numu_rcpsp_sweep {
    uint32_t level, step;
};

/* What sweeping works in: of one worker. */
struct numu_rcpsp_broom {
    struct numu_rcpsp_desk *desk;
    struct numu_rcpsp_sorter *sorter;
    uint32_t *list;               /* by job */
    numu_period *start;           /* by job */
    uint32_t *mode;               /* by job */
    numu_period *late_by_finish;  /* by job; only where there are deadlines and periods differ */
    struct numu_rcpsp_plan *late; /* spoiled */
    struct numu_arena *scratch;   /* left as it was */
};

/* Whether all windows of a plan were tried. */
bool numu_rcpsp_is_swept(const struct numu_rcpsp_problem *problem,
                         const struct numu_rcpsp_sweep *sweep);

/*
 * Goes on with the windows of a plan until there is none left, `starts_max` starts are given
 * (counted in the desk; one pass back, one window's last round of propagation and one decoding may
 * go beyond), or the context says to stop. The plan becomes the shortest that was found.
 */
NUMU_MUST_CHECK numu_status numu_rcpsp_sweep_plan(const struct numu_context *context,
                                                  const struct numu_rcpsp_problem *problem,
                                                  struct numu_rcpsp_broom *broom,
                                                  uint64_t starts_max,
                                                  struct numu_rcpsp_sweep *sweep,
                                                  struct numu_rcpsp_plan *plan);

#endif
