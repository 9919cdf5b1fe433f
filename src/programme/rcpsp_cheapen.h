/*
 * rcpsp_cheapen.h - among schedules that are as little late and finish as early, one whose modes
 * cost little.
 */
#ifndef NUMU_PROGRAMME_RCPSP_CHEAPEN_H
#define NUMU_PROGRAMME_RCPSP_CHEAPEN_H

#include "programme/rcpsp_problem.h"

/*
 * Where activities have several modes: puts each into its first of the cheapest modes (of equal
 * cost the one that comes first) that make the plan no worse, in order of starts. Where modes cost
 * something the exact search goes on from there to the least cost, among schedules that finish no
 * later and in which nothing that is late is later, within 50,000 starts, 5,000 for each set of
 * modes that it asks about: enough for programmes of a hundred activities of which some have a
 * choice. As far as it comes before the wish to stop. The plan is one of the search, and stays
 * possible.
 */
NUMU_MUST_CHECK numu_status numu_rcpsp_cheapen(const struct numu_context *context,
                                               const struct numu_rcpsp_problem *problem,
                                               struct numu_arena *arena,
                                               struct numu_rcpsp_plan *plan);

#endif
