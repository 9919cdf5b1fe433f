/*
 * rcpsp_hasten.h - among schedules that cost alike, one in which what is promised comes early.
 *
 * The search ends with the first schedule that is good enough, and many are: without a choice
 * among them the dates of promises inside a programme would be those of chance.
 */
#ifndef NUMU_PROGRAMME_RCPSP_HASTEN_H
#define NUMU_PROGRAMME_RCPSP_HASTEN_H

#include "programme/rcpsp_problem.h"

/*
 * Lets each activity that a promise waits for, and all that it waits for itself, come earlier in
 * the order by half the finish, a quarter and so on, where the plan costs no more for it and the
 * finishes of what is promised, added up, get less: a descent of 200,000 starts at most [R2]. From
 * there the exact search goes on to the least sum that the modes of the plan allow (where it is
 * late: that allow what is late no later than it is), within 50,000 starts. None after the
 * wish to stop. The plan is one of the search, and stays possible.
 */
NUMU_MUST_CHECK numu_status numu_rcpsp_hasten(const struct numu_context *context,
                                              const struct numu_rcpsp_problem *problem,
                                              struct numu_arena *arena,
                                              struct numu_rcpsp_plan *plan);

#endif
