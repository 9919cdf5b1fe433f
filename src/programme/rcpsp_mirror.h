/*
 * rcpsp_mirror.h - a problem with deadlines, seen from its end.
 *
 * [M1] Seen from the end a deadline is a date before which a job does not start; where that lies
 *      depends on where the end is. So the mirror follows a plan: it ends where that plan ends, and
 *      no job is to finish after its deadline, or, where it is late, after its finish in that plan.
 * [M2] What is longer than that plan begins before time does. Turned around, and moved so that it
 *      begins with time, it is a schedule of the problem (but for dates, [S2]): its cost is what
 *      that schedule costs.
 */
#ifndef NUMU_PROGRAMME_RCPSP_MIRROR_H
#define NUMU_PROGRAMME_RCPSP_MIRROR_H

#include "programme/rcpsp_problem.h"

/* A copy of a problem's mirror whose releases are its own; it lives as long as both. */
NUMU_MUST_CHECK numu_status numu_rcpsp_mirror_take(const struct numu_rcpsp_problem *problem,
                                                   struct numu_arena *arena,
                                                   struct numu_rcpsp_problem *out);

/* [M1] Lets a mirror taken from a problem follow a plan of that problem. */
void numu_rcpsp_mirror_follow(const struct numu_rcpsp_problem *problem,
                              const struct numu_rcpsp_plan *plan,
                              struct numu_rcpsp_problem *mirror);

/* [M2] A plan of the mirror, moved to begin at 0, gets its cost in the problem. */
void numu_rcpsp_mirror_settle(const struct numu_rcpsp_problem *problem,
                              struct numu_rcpsp_plan *plan);

#endif
