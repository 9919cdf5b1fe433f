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
 *      at its end or later start one period earlier. A window that can be scheduled within these
 *      makes the whole one period shorter.
 *      Free jobs may change their mode within what the others leave of each pool.
 * [W2] Work is counted by what it is: every start that the search gives, also those it takes back,
 *      [R2] of rcpsp.h.
 */
#ifndef NUMU_PROGRAMME_RCPSP_WINDOW_H
#define NUMU_PROGRAMME_RCPSP_WINDOW_H

#include "base/random.h"
#include "programme/rcpsp_problem.h"

/*
 * Whether windows can be tried: links that leave finishes and enter starts, nothing that varies in
 * time, no deadlines.
 */
bool numu_rcpsp_has_windows(const struct numu_rcpsp_problem *problem);

struct numu_rcpsp_window {
    bool is_found;
    uint64_t starts; /* given, [W2] */
};

/*
 * Tries one window of a plan, its place and size drawn at random. Where it is found, `start` and
 * `mode` have the new ones by job: in that order the plan decodes to one that is shorter.
 * `starts_max` bounds what it gives, but for one round of propagation (at most as many as the
 * window has jobs, never more than the problem has). Memory is taken from the arena.
 */
NUMU_MUST_CHECK numu_status numu_rcpsp_window_try(const struct numu_context *context,
                                                  const struct numu_rcpsp_problem *problem,
                                                  const struct numu_rcpsp_plan *plan,
                                                  struct numu_random *random, uint64_t starts_max,
                                                  struct numu_arena *arena, numu_period *start,
                                                  uint32_t *mode, struct numu_rcpsp_window *out);

#endif
