/*
 * rcpsp_search_parts.h - two populations, one that looks forward in time and one that looks back,
 * and the windows that come after them: what the files of rcpsp_search.h share; for rcpsp_search.c,
 * rcpsp_breed.c and rcpsp_rounds.c only.
 *
 * [1] A schedule read from its end is a list for the mirror of the problem, and the other way
 *     round; decoding it there is a pass of forward-backward improvement (K. Y. Li, R. J. Willis,
 *     EJOR 56, 1992), which never makes it longer. So each population breeds the other (D. Debels,
 *     M. Vanhoucke, "A bi-population based genetic algorithm for the RCPSP", LNCS 3483, 2005).
 * [2] A child keeps the order of its father within a window of time, and of its mother before and
 *     after it: what was good together stays together. It takes the place it was bred for where it
 *     is no worse than allowed, [9], or that of its mother's number where it is better.
 * [3] Where time cannot be mirrored (calendars that differ, supplies that vary) the other
 *     population is of the same problem, decoded back in place from an end some weeks after its
 *     father's, so that rests fall alike. Where there are deadlines, a child that is bred backward
 *     keeps those of its father that he keeps (rcpsp_mirror.h).
 * [4] How a child is decoded and whether it is changed at random is drawn; the odds follow what has
 *     paid lately: self-adapting (S. Hartmann, Naval Research Logistics 49, 2002).
 * [5] A generation that has bred nothing better for a while ends the population: the next begins
 *     from new random schedules.
 *
 * [6] Where parents are alike there is nothing left to cross: then their child is changed at
 *     random, so that what has converged goes on instead of standing still.
 * [7] Then the best plans are swept with windows (rcpsp_window.h). Where all of them were, and
 *     budget is left, other populations are bred.
 * [8] Modes that parents' windows bring together are mended where they overdraw pools
 *     (rcpsp_modes.h).
 * [9] A child may be longer than what it replaces, but the best, by a slack drawn around a share of
 *     the finish that falls to nothing while a population goes on: it stays unlike for longer
 *     (threshold accepting: G. Dueck, T. Scheuer, Journal of Computational Physics 90, 1990). By
 *     the clock that won nothing, measured, and there is none; nor is there any of lateness.
 *
 * [10] A child's list says what comes first, not what fits together: in a stretch of it those jobs
 *      may start first that take most of what is scarce together (rcpsp_pack.c). It takes several
 *      times as long; by the clock those of 120 jobs win nothing by it, measured, and have none,
 *      while smaller and larger ones do.
 *
 * [11] By the clock a small population tells how fast schedules are made; the next is sized for all
 *      that the threads will make in the time that is left, one of which may be another search's
 *      for some of it, and goes on until that time ends.
 *
 * Children of a generation are tasks with random streams of their own, the sweeps of a round tasks
 * in which nothing is drawn; what they became is looked at in their order, so that nothing depends
 * on threads ([R1] of rcpsp.h).
 */
#ifndef NUMU_PROGRAMME_RCPSP_SEARCH_PARTS_H
#define NUMU_PROGRAMME_RCPSP_SEARCH_PARTS_H

#include "programme/rcpsp_search.h"
#include "programme/rcpsp_window.h"

/* Plans that are swept before any is looked at again, [7]. */
enum { NUMU_SEARCH_SWEEPS_A_ROUND = 16 };

/* What may be done to a child, [4]. */
enum {
    NUMU_SEARCH_BY_PARALLEL,
    NUMU_SEARCH_BY_PACKING,
    NUMU_SEARCH_BY_CHANCE,
    NUMU_SEARCH_BY_FREE_MODES,
    NUMU_SEARCH_TRICK_COUNT
};

struct numu_search_trick {
    double odds, odds_max;
    double tried[2], won[2]; /* without, with; fading */
};

struct numu_search_worker {
    struct numu_rcpsp_desk desk;
    struct numu_rcpsp_sorter sorter;
    uint32_t *list;
    numu_period *key;
    uint32_t *mode;
    bool *is_free;
    struct numu_rcpsp_plan spare;
    int64_t *pool_left;
    struct numu_rcpsp_problem mirror; /* where there are deadlines */
    numu_period *tail;                /* there, too */
    struct numu_arena scratch;        /* of a window */
};

struct numu_search_child {
    struct numu_rcpsp_plan plan;
    size_t mother; /* her place */
    int64_t slack; /* periods, [9]; 0 where it was not bred */
    bool has_trick[NUMU_SEARCH_TRICK_COUNT];
};

struct numu_search {
    const struct numu_context *context;
    const struct numu_rcpsp_problem *problem[2]; /* forward; its mirror, or the same, [3] */
    const struct numu_rcpsp_budget *budget;
    double began; /* by the clock */
    uint64_t schedules_max;
    double seconds_max;
    double phase_seconds;           /* that the phase had when it began */
    uint64_t sweep_starts;          /* that each sweep of a round may give */
    struct numu_rcpsp_sweep *sweep; /* by place in the forward population */
    size_t *swept;                  /* places whose plans are swept in this round */
    uint32_t count, size, size_max;
    uint32_t room;            /* plans of a side that memory was taken for */
    struct numu_arena *arena; /* of plans */
    numu_period *tail;
    struct numu_rcpsp_plan *population[2];
    struct numu_search_child *children;
    struct numu_search_worker *workers;
    unsigned worker_count;
    struct numu_search_trick tricks[NUMU_SEARCH_TRICK_COUNT];
    struct numu_rcpsp_plan best;
    int64_t told_cost; /* of the best that others know of */
    uint64_t placed;
    double thread_seconds; /* that breeding has taken so far */
    uint64_t stream;       /* the next one */
    bool is_stopped;
    /* of the generation under way */
    int side;
    bool is_first; /* made at random, or turned around unchanged */
    bool is_random;
};

/* Schedules that were made so far, the last perhaps in part. */
static inline uint64_t numu_search_schedules_made(const struct numu_search *search) {
    return search->count == 0 ? 1 : (search->placed + search->count - 1) / search->count;
}

/* Whether the clock alone bounds the search. */
static inline bool numu_search_is_by_clock(const struct numu_rcpsp_budget *budget) {
    return budget->schedules == 0;
}

/* Whether time can be mirrored, [3]. */
static inline bool numu_search_has_mirror(const struct numu_search *search) {
    return search->problem[1] != search->problem[0];
}

static inline void numu_search_swap_plans(struct numu_rcpsp_plan *a, struct numu_rcpsp_plan *b) {
    struct numu_rcpsp_plan kept = *a;
    *a = *b;
    *b = kept;
}

/* --- rcpsp_breed.c --- */

/*
 * A task of numu_parallel_for: makes the child of a number for the generation under way, at random
 * or of parents on the other side.
 */
NUMU_MUST_CHECK numu_status numu_search_make_child(void *search, size_t index, unsigned worker);

/* --- rcpsp_rounds.c --- */

/* [7] Sweeps the plans of the forward population until the budget of the phase is spent. */
NUMU_MUST_CHECK numu_status numu_search_run_windows(struct numu_search *search);

/* --- rcpsp_search.c --- */

/* Of the phase, by the context's clock; INFINITY without a limit. */
double numu_search_seconds_left(const struct numu_search *search);

/* Whether nothing more is to be begun: the user, or the clock, says so. */
bool numu_search_is_cut(const struct numu_search *search);

/* Whether the phase is: cut, at its end, or there is nothing better to be found. */
bool numu_search_is_over(struct numu_search *search);

/* As many threads as there are, less the one that others have. */
unsigned numu_search_threads(const struct numu_search *search);

/* Tells the best to others, and takes over theirs in the place of one that is as good as any. */
void numu_search_exchange(struct numu_search *search);

/* What is left of the phase, as a share of the schedules or of the time that it has. */
double numu_search_left_share(const struct numu_search *search);

/* Counts what all workers placed. */
void numu_search_add_placed(struct numu_search *search);

#endif
