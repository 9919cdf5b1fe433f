/*
 * rcpsp_search.h - the population search behind rcpsp.h.
 */
#ifndef NUMU_PROGRAMME_RCPSP_SEARCH_H
#define NUMU_PROGRAMME_RCPSP_SEARCH_H

#include "programme/rcpsp_problem.h"

/* By the clock, of more activities than this breeding wins more than proving and than windows. */
enum { NUMU_RCPSP_LARGE = 75 };

/* Another search on a thread of its own, as the population sees it. */
struct numu_rcpsp_company {
    _Atomic(const struct numu_rcpsp_plan *) best; /* its best; does not change once told; or NULL */
    _Atomic(numu_period) lower_bound;             /* of the finish: only rises */
    atomic_bool is_over;  /* it has proven that there is nothing better than what is known */
    atomic_bool has_left; /* its thread is free */
    double leaves_s;      /* seconds after which it leaves unless it is near; INFINITY = never */
};

struct numu_rcpsp_budget {
    uint64_t schedules; /* most to make; 0 = as many as time allows */
    double seconds;     /* 0 = no limit; by the context's clock */
    int64_t cost_bound; /* no plan costs less: one that costs as much is the best */
    /* By mode of the project, how often it is drawn to begin with; NULL = as modes.h draws. */
    const double *share;
    /* Only where time bounds the search; both may be NULL. */
    struct numu_rcpsp_company *company;
    void (*found)(void *found_data, const struct numu_rcpsp_plan *plan); /* at each better one */
    void *found_data;
};

struct numu_rcpsp_found {
    struct numu_rcpsp_plan best; /* cost INT64_MAX: none was found */
    bool is_stopped;
    uint64_t schedules;
};

/*
 * Arrays of *out live in the arena. At least one schedule is made, even where the wish to stop, or
 * the end of the time, comes before it; then the search ends with what it has.
 */
NUMU_MUST_CHECK numu_status numu_rcpsp_search(const struct numu_context *context,
                                              const struct numu_rcpsp_problem *problem,
                                              const struct numu_rcpsp_budget *budget,
                                              struct numu_arena *arena,
                                              struct numu_rcpsp_found *out);

#endif
