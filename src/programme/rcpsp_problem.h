/*
 * rcpsp_problem.h - a project laid out for speed: for the search behind rcpsp.h only.
 *
 * Jobs are the unfinished activities, numbered in topological order, so that links lead from
 * lower to higher numbers and ties are broken by number. What has happened is gone:
 * it stands in releases.
 *
 * [S1] Renewable resources are lanes of 64-bit words, four of 16 bits or two of 32; the top bit of
 *      a lane, the guard, is always 0 in what is free and in needs. A word n of needs fits a word f
 *      of what is free exactly where (f | guard) - n keeps every guard bit: one subtraction tests
 *      all lanes (L. Lamport, "Multiple byte processing with full-word instructions", CACM 18(8),
 *      1975).
 * [S2] Where capacity is constant and no calendar rests, time can run either way: the mirror of the
 *      problem is a problem, its jobs numbered from the end, and one decoder does both directions.
 *      The mirror leaves out dates, so that its schedules order jobs but need not be possible;
 *      deadlines are cared for by rcpsp_mirror.h.
 * [S3] Consumable resources that are all there at the beginning (pools) do not depend on starts,
 *      only on modes; others are `timed` and cared for by the general decoder.
 * [S4] A link between starts, and a lead no longer than the job before it, leave the order by
 *      starts as it is: what waits for another starts no earlier. What enters the finish of a job
 *      longer than that before it need not; of finishes the reverse is true.
 */
#ifndef NUMU_PROGRAMME_RCPSP_PROBLEM_H
#define NUMU_PROGRAMME_RCPSP_PROBLEM_H

#include "programme/rcpsp.h"

#include <string.h>

struct numu_rcpsp_problem {
    const struct numu_project *project;
    uint32_t count;
    uint32_t *activity; /* by job */

    /* links in and out, by job; the other end, enum numu_link, lag */
    uint32_t *first_before, *before, *first_after, *after;
    uint8_t *before_type, *after_type;
    numu_period *before_lag, *after_lag;
    bool is_simple;           /* all links are FS without lag */
    bool is_sequential;       /* all links are FS with lags of 0 or more: nothing overlaps */
    bool starts_keep_links;   /* in an order by starts what is before another comes first, [S4] */
    bool finishes_keep_links; /* the same by finishes */
    bool is_plain;            /* one period is like another: no calendars, no timed resources */
    bool is_mirrored;         /* this is a mirror */

    numu_period *release;    /* by job: resume not before */
    numu_period *finish_min; /* by job: finish not before; 0 = no such link */
    numu_period *deadline;   /* NUMU_NO_PERIOD = none */
    bool has_deadlines;
    const struct numu_project_calendar **calendar;

    uint32_t mode_count, words, mode_max; /* mode_max: most modes of a job */
    uint32_t *first_mode;                 /* by job, one more */
    uint32_t *mode_number;                /* by mode: in the project */
    numu_period *duration;
    double *weight;  /* by mode: periods of it and of all of a renewable resource that it takes */
    double *density; /* by mode: how much of what is scarce it takes while it runs; more than 0 */
    uint64_t *need;  /* by mode × words */
    uint64_t guard;

    /* What is there from supply_from[s] to supply_from[s + 1]: supply[s × words]; the last one is
       there for ever, to INT32_MAX. */
    uint32_t supply_count;
    numu_period *supply_from;
    uint64_t *supply;
    numu_period horizon;

    /* pools, and needs of them by mode × pool_count */
    uint32_t pool_count;
    int64_t *pool;
    int32_t *pool_need;
    /* timed: resource in the project, and needs by mode × timed_count */
    uint32_t timed_count;
    uint32_t *timed;
    int32_t *timed_need;

    /* [S2] or NULL; its job n - 1 - j is job j here */
    struct numu_rcpsp_problem *mirror;
};

/*
 * Lays a project out; arrays live in the arena. NUMU_INFEASIBLE where an activity needs more than
 * there ever is in each of its modes.
 */
NUMU_MUST_CHECK numu_status numu_rcpsp_problem_build(const struct numu_project *project,
                                                     struct numu_arena *arena,
                                                     struct numu_rcpsp_problem *out);

/* Whether one period is like another in all: time can run either way, and there is a mirror. */
static inline bool numu_rcpsp_is_uniform(const struct numu_rcpsp_problem *problem) {
    return problem->is_plain && problem->supply_count == 1;
}

/* The shortest and the longest of a job's modes. */
struct numu_rcpsp_range {
    numu_period least, most;
};

static inline struct numu_rcpsp_range numu_rcpsp_durations(const struct numu_rcpsp_problem *problem,
                                                           uint32_t job) {
    struct numu_rcpsp_range range = {NUMU_PERIOD_MAX, 0};
    for (uint32_t m = problem->first_mode[job]; m < problem->first_mode[job + 1]; m++) {
        numu_period duration = problem->duration[m];
        range.least = duration < range.least ? duration : range.least;
        range.most = duration > range.most ? duration : range.most;
    }
    return range;
}

/* A schedule of jobs. Arrays have `count` elements. */
struct numu_rcpsp_plan {
    numu_period *start, *finish; /* start: where it resumes [J8] */
    uint32_t *mode;              /* mode of the problem */
    int64_t cost;                /* numu_rcpsp_cost_of; INT64_MAX = not possible */
};

/* Arrays for `count` jobs; the plan is not possible yet. */
NUMU_MUST_CHECK numu_status numu_rcpsp_plan_take(uint32_t count, struct numu_arena *arena,
                                                 struct numu_rcpsp_plan *out);

/* Into arrays that `to` has. */
static inline void numu_rcpsp_plan_copy(uint32_t count, const struct numu_rcpsp_plan *from,
                                        struct numu_rcpsp_plan *to) {
    memcpy(to->start, from->start, count * sizeof *to->start);
    memcpy(to->finish, from->finish, count * sizeof *to->finish);
    memcpy(to->mode, from->mode, count * sizeof *to->mode);
    to->cost = from->cost;
}

/* Moves a plan in time, so that its first start is 0; its cost stays to be told. */
void numu_rcpsp_plan_begin_at_0(uint32_t count, struct numu_rcpsp_plan *plan);

/*
 * By when a job is to finish that finishes at some point now: by its deadline, or, where it is
 * late, no later than now; NUMU_PERIOD_MAX without a deadline.
 */
static inline numu_period numu_rcpsp_finish_by(const struct numu_rcpsp_problem *problem,
                                               uint32_t job, numu_period finish) {
    numu_period deadline = problem->deadline[job];
    if (deadline == NUMU_NO_PERIOD) {
        return NUMU_PERIOD_MAX;
    }
    return finish > deadline ? finish : deadline;
}

/* What is free from a time until that of the next step, which is told twice: it is in reach so. */
struct numu_rcpsp_step {
    numu_period from, until;
    uint32_t next, before; /* steps */
};

/*
 * What is free, as steps in time: a list, so that what costs time is how many there are, however
 * long they are. A step keeps its number while others come between it and the next: who knows one
 * that is near a time starts to look there. Those of the supply have the first numbers; what ends
 * the last of them, at INT32_MAX, is one more.
 */
struct numu_rcpsp_room {
    struct numu_rcpsp_step *step; /* two for each job, and those of the supply */
    uint64_t *free;               /* by step × words */
    uint32_t count;
    numu_period used; /* it differs from the supply only before this */
};

/* A time, and the step that it lies in. */
struct numu_rcpsp_place {
    numu_period time;
    uint32_t step;
};

/* Memory that decoding works in; one for each worker. */
struct numu_rcpsp_desk {
    struct numu_rcpsp_room room;
    /* Steps that are near: to where a job was placed last; by job to its finish (back in time to
       its start) or, before it has one, to where it may start at the earliest. Best is a step that
       begins there: where it begins stays, where it ends moves when others cut it. */
    uint32_t near;
    uint32_t *near_end;
    numu_period *event; /* timed resources: times and what is free from then on */
    int64_t *event_free;
    uint32_t *event_count;
    uint32_t event_max;
    int64_t
        *pool_left; /* pools, less what the plan's modes use; where some job is free to choose */
    /* of the parallel scheme, and of stretches that are packed: jobs that may start, jobs under
       way, links not yet kept, by job the earliest start, what is free now, places in the list */
    uint32_t *eligible, *active, *waiting;
    numu_period *ready;
    uint64_t *now;
    uint32_t *place;
    /* by period: 1 + a job that may start then, 0 = none; by job: 1 + another one. Between two
       schedules there are none. */
    uint32_t *first_ready, *next_ready;
    uint64_t placed; /* starts given so far [R2] */
    /* Where it says to stop, a plan under way is given up: not possible. NULL = never. */
    const struct numu_context *context;
};

NUMU_MUST_CHECK numu_status numu_rcpsp_desk_take(const struct numu_rcpsp_problem *problem,
                                                 struct numu_arena *arena,
                                                 struct numu_rcpsp_desk *out);

/*
 * Serial schedule generation (J. E. Kelley, "The critical path method: resources planning and
 * scheduling", 1963): each job of `list`, in that order, at the earliest time that links and
 * resources allow in its mode plan->mode; of jobs marked in `is_free` (NULL = none) in the mode
 * that finishes earliest, as far as pools allow. The list keeps all links. Fills starts, finishes,
 * modes of free jobs and cost.
 */
void numu_rcpsp_decode(const struct numu_rcpsp_problem *problem, struct numu_rcpsp_desk *desk,
                       const uint32_t *list, const bool *is_free, struct numu_rcpsp_plan *plan);

/*
 * Parallel schedule generation (Kelley, as above): time goes on from event to event, and of the
 * jobs that may start those of the least key do first. Misses what only waiting could reach, but
 * wastes little of what is scarce. For problems that are uniform and sequential; others have
 * numu_rcpsp_decode_packed without reach.
 */
void numu_rcpsp_decode_parallel(const struct numu_rcpsp_problem *problem,
                                struct numu_rcpsp_desk *desk, const numu_period *key,
                                struct numu_rcpsp_plan *plan);

/* Places [from, until) of a list, and how far jobs there may come before others. */
struct numu_rcpsp_stretch {
    uint32_t from, until;
    double reach; /* places; 0 = never before one that can start, too: the parallel scheme */
};

/*
 * Serial generation, but in a stretch of the list those jobs start first, of all that can, which
 * together take most of what is scarce, those that stand later in the list counting less. The list
 * keeps all links.
 */
void numu_rcpsp_decode_packed(const struct numu_rcpsp_problem *problem,
                              struct numu_rcpsp_desk *desk, const uint32_t *list,
                              const struct numu_rcpsp_stretch *stretch,
                              struct numu_rcpsp_plan *plan);

/*
 * The serial scheme backward in place, for problems without a mirror: each job of `list`, which
 * keeps all links from the last to the first, as late as can be, not beyond the finish of the
 * whole; its deadline is not crossed by more than the plan's finish does. Dates before which jobs
 * do not start are left out. False where some job found no place: it and those before it in the
 * list stay as they were.
 */
bool numu_rcpsp_decode_back(const struct numu_rcpsp_problem *problem, struct numu_rcpsp_desk *desk,
                            const uint32_t *list, numu_period finish, struct numu_rcpsp_plan *plan);

/* Memory for ordering; one for each worker. */
struct numu_rcpsp_sorter {
    uint64_t *heap, *other; /* count */
    uint32_t *waiting;      /* count */
};

NUMU_MUST_CHECK numu_status numu_rcpsp_sorter_take(const struct numu_rcpsp_problem *problem,
                                                   struct numu_arena *arena,
                                                   struct numu_rcpsp_sorter *out);

/*
 * Jobs by ascending key, ties by number, links kept: a job comes when all before it have. Keys that
 * keep links by themselves, as those of starts where problem->starts_keep_links, say so by
 * `keeps_links`.
 */
void numu_rcpsp_order(const struct numu_rcpsp_problem *problem, struct numu_rcpsp_sorter *sorter,
                      const numu_period *key, bool keeps_links, uint32_t *list);

/*
 * The longest way from a job's start to the end of the whole, in worked periods with the shortest
 * modes; by job. After a deadline before `end` there is a way as long as from it to `end`.
 */
void numu_rcpsp_tails(const struct numu_rcpsp_problem *problem, numu_period end, numu_period *tail);

/* Starts and finishes that no schedule is before, and the least makespan that follows. */
numu_period numu_rcpsp_heads(const struct numu_rcpsp_problem *problem, numu_period *start,
                             numu_period *finish);

/* Lateness of a plan's finishes and their greatest, as one number. */
int64_t numu_rcpsp_cost(const struct numu_rcpsp_problem *problem, const numu_period *finish);

enum { NUMU_RCPSP_MAKESPAN_BITS = 29 }; /* of a cost; the rest is lateness, cut at 2^33 */

static inline int64_t numu_rcpsp_cost_of(int64_t lateness, numu_period makespan) {
    int64_t most = INT64_C(1) << 33;
    return (lateness < most ? lateness : most) << NUMU_RCPSP_MAKESPAN_BITS | makespan;
}

static inline int64_t numu_rcpsp_lateness(int64_t cost) {
    return cost >> NUMU_RCPSP_MAKESPAN_BITS;
}

static inline numu_period numu_rcpsp_makespan(int64_t cost) {
    return (numu_period)(cost & ((INT64_C(1) << NUMU_RCPSP_MAKESPAN_BITS) - 1));
}

#endif
