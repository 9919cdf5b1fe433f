/*
 * rcpsp_search.h - the search behind rcpsp.h.
 */
#ifndef NUMU_PROGRAMME_RCPSP_SEARCH_H
#define NUMU_PROGRAMME_RCPSP_SEARCH_H

#include "programme/rcpsp_problem.h"

struct numu_rcpsp_search {
    struct numu_rcpsp_plan best; /* cost INT64_MAX: none was found */
    numu_period lower_bound;
    bool is_proven; /* of the best, or that there is none */
    bool is_stopped;
    uint64_t schedules;
};

/* Arrays of *out live in the arena. */
NUMU_MUST_CHECK numu_status numu_rcpsp_search(const struct numu_context *context,
                                              const struct numu_rcpsp_problem *problem,
                                              const struct numu_rcpsp_options *options,
                                              struct numu_arena *arena,
                                              struct numu_rcpsp_search *out);

#endif
