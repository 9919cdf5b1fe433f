/*
 * exact_solver.h - the machine inside exact.h: whole-number variables, their bounds on a trail, and
 * clauses over bounds that are learned from conflicts.
 *
 * Lazy clause generation (O. Ohrimenko, P. Stuckey, M. Codish, "Propagation via lazy clause
 * generation", Constraints 14(3), 2009) for project scheduling (A. Schutt, T. Feydy, P. Stuckey,
 * M. Wallace, "Explaining the cumulative propagator", Constraints 16(3), 2011), without Boolean
 * variables: a literal is a fact, "side s is at least v". Variable x has two sides, 2x with its
 * lower bound and 2x + 1 with minus its upper bound, so that bounds only rise; the negation of
 * (s, v) is (s ^ 1, 1 - v). Facts need no memory until a clause holds one.
 *
 * [X1] bound[2x] + bound[2x + 1] <= 0 at all times: what would break it is a conflict and is not
 *      put on the trail.
 * [X2] The trail holds what rose since level 0; each entry has a reason that can be asked, later
 *      and only when a conflict needs it, which older facts imply the new one or any weaker one.
 * [X3] What explains an entry was true before it (numu_exact_was_true).
 * [X4] Every learned clause follows from the project and from `makespan < best` alone: decisions,
 *      the finish assumed by a restart included, are never premises.
 * [X5] An item occupies usage[] of its resource exactly on [start(greatest), finish(least)) where
 *      it is present, at all times (not only when propagation has come to rest).
 */
#ifndef NUMU_PROGRAMME_EXACT_SOLVER_H
#define NUMU_PROGRAMME_EXACT_SOLVER_H

#include "programme/domain.h"
#include "programme/exact.h"
#include "programme/measure.h"

#define NUMU_NO_VARIABLE UINT32_MAX
#define NUMU_NO_ENTRY UINT32_MAX

struct numu_exact_fact {
    uint32_t side;
    numu_period value;
};

typedef enum numu_exact_reason_kind {
    NUMU_REASON_NONE,     /* decided, or given at level 0 */
    NUMU_REASON_CLAUSE,   /* index: clause */
    NUMU_REASON_LINK,     /* index: link */
    NUMU_REASON_RESOURCE, /* index: item, point: where it would not fit */
    NUMU_REASON_SUPPLY,   /* index: use of a consumable, point: step in which it is short */
    NUMU_REASON_ENERGY,   /* index: item and measure, point: a window, see exact_energy.c */
    NUMU_REASON_LATENESS  /* of the sum of lateness; index unused */
} numu_exact_reason_kind;

struct numu_exact_reason {
    uint8_t kind;
    uint32_t index;
    numu_period point;
};

struct numu_exact_entry {
    uint32_t side;
    numu_period value, previous;
    uint32_t older; /* entry of the same side before this one; NUMU_NO_ENTRY */
    uint32_t level;
    struct numu_exact_reason reason;
};

/*
 * up(a + c_a + d_a) <= b + c_b + d_b, with a, b positions, c constants, d durations where they are
 * variables: lower bounds of a, d_a raise those of b and d_b, upper ones go the other way.
 */
struct numu_exact_link {
    uint32_t before, before_duration, after, after_duration; /* variables; NUMU_NO_VARIABLE */
    numu_period before_constant, after_constant;
    bool is_plain;                          /* up(u) = u + lag */
    const struct numu_domain_link *general; /* else; NULL = up(u) is the finish in `calendar` */
    const struct numu_project_calendar *calendar;
    numu_period lag;
    struct numu_exact_fact
        condition; /* it holds only where this does; side NUMU_NO_VARIABLE = always */
};

/*
 * What a link asks when one of its sides moves. Of a plain link between positions, the lower bound
 * before it moves the one after it, and the upper one the other way: target >= side + lag.
 */
struct numu_exact_step {
    uint32_t link;
    uint32_t target; /* a side; NUMU_NO_VARIABLE = the whole link is looked at */
    numu_period lag;
    struct numu_exact_fact condition; /* of the link */
};

/* Two tasks that never run at once: `variable` is 1 where the first comes first, 0 where last. */
struct numu_exact_order {
    uint32_t variable;
    uint32_t first, second; /* tasks */
};

/* A mode of a task on a renewable resource. */
struct numu_exact_item {
    uint32_t start;    /* variable */
    uint32_t presence; /* variable 0..1; NUMU_NO_VARIABLE = always */
    uint32_t resource;
    int32_t need;
    numu_period duration;
    const struct numu_project_calendar *calendar;
    numu_period from, until; /* occupied now; from >= until = nothing */
};

struct numu_exact_resource {
    uint32_t first_item, end_item;
    int32_t capacity;
    int32_t *usage;        /* by point; what is not available counts as used */
    int32_t *closed;       /* by point: that part alone */
    numu_period low, high; /* points that changed since the last propagation; low >= high = none */
};

/* An item that must run at the point in question, while it is explained. */
struct numu_exact_candidate {
    uint32_t item;
    uint32_t entry; /* 0 = level 0, else 1 + the latest entry that makes it so */
};

/* A measure of time in which work in windows is looked at. */
struct numu_exact_measure {
    const struct numu_project_calendar *calendar; /* as in measure.h */
    /* by item */
    numu_period *span; /* so many points that count it takes at least */
    uint32_t *order;   /* those of each resource, first those that matter most */
};

/* Work in windows, exact_energy.c. */
struct numu_exact_energy {
    uint32_t measure_count;                               /* 0 = it is not looked at */
    struct numu_exact_measure measure[NUMU_MEASURES_MAX]; /* all points first */
    int64_t *play;                                        /* by place in `order` of one of them */
    /* by point that counts */
    bool *is_begin;
    int64_t *step, *room;
    numu_period *from;
    double yield;  /* looks that ended in a conflict, of one lately */
    uint32_t wait; /* propagations to let pass before the next look */
    bool is_due;   /* something moved since the last look, and it is not waiting */
    uint64_t told; /* explanations */
};

/* A mode of a task on a consumable. */
struct numu_exact_use {
    uint32_t start, presence;
    const struct numu_project_calendar *calendar;
    int32_t need;
};

/* A consumable to the end of one of its steps: uses that start by then take `units` at most. */
struct numu_exact_supply {
    uint32_t first_use, end_use;
    numu_period last; /* the last point of the step */
    int64_t units;
    bool is_dirty;
};

struct numu_exact_due {
    uint32_t start, duration; /* variables; duration may be NUMU_NO_VARIABLE */
    numu_period constant;     /* then the duration */
    const struct numu_project_calendar *calendar;
    uint32_t activity;
};

/* What watches a literal: 2 × reference of a clause + which of its first two literals it is. */
struct numu_exact_watch {
    uint32_t clause;              /* 0 = empty */
    struct numu_exact_fact other; /* of the same clause */
};

enum { NUMU_EXACT_WATCHES = 5 };

struct numu_exact_watches {
    uint32_t next; /* of the list; 0 = the last */
    struct numu_exact_watch watch[NUMU_EXACT_WATCHES];
};

/* Lists by variable or side: those of n are list[first[n]] … list[first[n + 1] - 1]. */
struct numu_exact_lists {
    uint32_t *first, *list;
};

struct numu_exact_solver {
    const struct numu_context *context;
    const struct numu_domain *domain;
    struct numu_arena *arena; /* of the build; nothing is taken while searching */
    numu_period horizon;      /* points 0 … horizon */

    uint32_t variable_count;
    numu_period *low, *high;     /* by variable: bounds at the build */
    uint32_t *first_id;          /* by variable: id of "x >= low + 1"; one more at the end */
    uint32_t *variable_of;       /* by id */
    uint32_t makespan, lateness; /* variables; lateness may be NUMU_NO_VARIABLE */

    numu_period *bound, *root; /* by side */
    uint32_t *newest;          /* by side: entry */

    struct numu_buffer trail_buffer, level_buffer, clause_buffer, chunk_buffer, conflict_buffer;
    struct numu_exact_entry *trail;
    uint32_t trail_count, trail_room, queue;
    uint32_t *level_start; /* level n holds entries from level_start[n] on; level 1 from 0 */
    uint32_t level, level_room;

    struct numu_exact_link *link;
    uint32_t link_count;
    struct numu_exact_lists links_of_side;
    struct numu_exact_step *step; /* by place in that list */

    struct numu_exact_order *order;
    uint32_t order_count;

    struct numu_exact_resource *resource;
    uint32_t resource_count;
    struct numu_exact_item *item;
    uint32_t item_count;
    struct numu_exact_lists items_of_variable;
    struct numu_exact_energy energy;

    struct numu_exact_use *use;
    uint32_t use_count;
    struct numu_exact_supply *supply;
    uint32_t supply_count;
    struct numu_exact_lists supplies_of_variable;

    struct numu_exact_due *due;
    uint32_t due_count;
    bool *is_due; /* by variable: moves the sum of lateness */
    bool is_lateness_dirty;

    /* clauses: words of `clause`, see exact_clause.c */
    uint32_t *clause;
    uint32_t clause_words, clause_room, clause_count;
    struct numu_exact_watches *chunk;
    uint32_t chunk_count, chunk_room, free_chunk;
    uint32_t *watch; /* by id and truth: 2 × id + (1 where it turns false); chunk or 0 */
    uint32_t learned_count, learned_max;
    float clause_step;

    /* the conflict being explained: facts in `conflict` are all true and cannot all be */
    struct numu_exact_fact *conflict;
    uint32_t conflict_count, conflict_room;
    struct numu_exact_candidate *candidate; /* room for all items of a resource */

    /* analysis, by side */
    uint8_t *is_in_nogood;
    numu_period *nogood_value;
    uint32_t *nogood_entry;
    uint32_t *nogood_side; /* list */
    uint32_t nogood_count;
    struct numu_exact_fact *learned;
    uint32_t learned_size;

    /* search */
    double *activity; /* by id */
    double activity_step;
    uint32_t *heap, *heap_place; /* by id; place NUMU_NO_ENTRY = not in it */
    uint32_t heap_count;
    uint8_t *phase;              /* by id: truth it had last */
    uint32_t *start_variable;    /* by task */
    uint32_t *mode_variable;     /* by mode; NUMU_NO_VARIABLE = the only one */
    uint32_t *duration_variable; /* by task; NUMU_NO_VARIABLE = fixed */

    uint32_t objective;             /* variable that is minimised: lateness or makespan */
    numu_period stride, asked_from; /* of the finish that was asked for last; 0 = none yet */

    uint64_t conflict_total, propagation_total, decision_total, restart_total;
    uint64_t start_total;            /* times that the start of a task was fixed */
    numu_status status;              /* of memory, while searching */
    struct numu_exact_channel *told; /* what is learned; may be NULL */
    void (*learn)(void *learn_data, const struct numu_exact_solver *solver);
    void *learn_data;
};

/* --- facts --- */

static inline struct numu_exact_fact numu_exact_at_least(uint32_t variable, numu_period value) {
    return (struct numu_exact_fact){2 * variable, value};
}
static inline struct numu_exact_fact numu_exact_at_most(uint32_t variable, numu_period value) {
    return (struct numu_exact_fact){2 * variable + 1, -value};
}
static inline struct numu_exact_fact numu_exact_not(struct numu_exact_fact fact) {
    return (struct numu_exact_fact){fact.side ^ 1, 1 - fact.value};
}
static inline bool numu_exact_is_true(const struct numu_exact_solver *solver,
                                      struct numu_exact_fact fact) {
    return solver->bound[fact.side] >= fact.value;
}
static inline bool numu_exact_is_false(const struct numu_exact_solver *solver,
                                       struct numu_exact_fact fact) {
    return solver->bound[fact.side ^ 1] >= 1 - fact.value;
}
static inline numu_period numu_exact_least(const struct numu_exact_solver *solver,
                                           uint32_t variable) {
    return solver->bound[2 * (size_t)variable];
}
static inline numu_period numu_exact_greatest(const struct numu_exact_solver *solver,
                                              uint32_t variable) {
    return -solver->bound[2 * (size_t)variable + 1];
}
static inline bool numu_exact_is_fixed(const struct numu_exact_solver *solver, uint32_t variable) {
    return solver->bound[2 * (size_t)variable] == -solver->bound[2 * (size_t)variable + 1];
}
static inline bool numu_exact_is_present(const struct numu_exact_solver *solver,
                                         uint32_t presence) {
    return presence == NUMU_NO_VARIABLE || solver->bound[2 * (size_t)presence] == 1;
}
static inline bool numu_exact_is_absent(const struct numu_exact_solver *solver, uint32_t presence) {
    return presence != NUMU_NO_VARIABLE && solver->bound[2 * (size_t)presence + 1] == 0;
}
/* What there is of a resource at a point that a measure counts. */
static inline int32_t numu_exact_free(const struct numu_exact_resource *resource,
                                      const struct numu_exact_measure *measure,
                                      numu_period counted) {
    return resource->capacity - resource->closed[numu_measure_last(measure->calendar, counted)];
}
/* The id of "x >= v", low < v <= high. */
static inline uint32_t numu_exact_id(const struct numu_exact_solver *solver, uint32_t variable,
                                     numu_period value) {
    return solver->first_id[variable] + (uint32_t)(value - solver->low[variable] - 1);
}
/* The id of a fact or of its negation. */
static inline uint32_t numu_exact_fact_id(const struct numu_exact_solver *solver,
                                          struct numu_exact_fact fact) {
    return numu_exact_id(solver, fact.side / 2, (fact.side & 1) == 0 ? fact.value : 1 - fact.value);
}

/* --- exact_trail.c --- */

/*
 * Makes a fact true for a reason. False where it contradicts what is true: the conflict is then
 * explained in solver->conflict.
 */
bool numu_exact_set(struct numu_exact_solver *solver, struct numu_exact_fact fact,
                    struct numu_exact_reason reason);
/* Opens a level and makes a fact, neither true nor false, true by decision. */
void numu_exact_decide(struct numu_exact_solver *solver, struct numu_exact_fact fact);
void numu_exact_backtrack(struct numu_exact_solver *solver, uint32_t level);
/* Runs all propagation to rest. False on a conflict, explained in solver->conflict. */
bool numu_exact_propagate(struct numu_exact_solver *solver);
/*
 * The entry that made a fact true, among those before `before`. *out_entry is NUMU_NO_ENTRY where
 * it is true at level 0.
 */
bool numu_exact_was_true(const struct numu_exact_solver *solver, struct numu_exact_fact fact,
                         uint32_t before, uint32_t *out_entry);
/* The bound of a side before an entry. */
numu_period numu_exact_bound_before(const struct numu_exact_solver *solver, uint32_t side,
                                    uint32_t before);
/* Adds a fact to the conflict or explanation being told; nothing for what is true at level 0. */
void numu_exact_tell(struct numu_exact_solver *solver, struct numu_exact_fact fact);

/* --- constraints: propagate what an entry's side moves; explain what they set --- */

bool numu_exact_link_propagate(struct numu_exact_solver *solver, uint32_t side);
/* The greatest u with up(u) <= w. */
numu_period numu_exact_link_down(const struct numu_exact_solver *solver,
                                 const struct numu_exact_link *link, numu_period w);
void numu_exact_link_explain(struct numu_exact_solver *solver, const struct numu_exact_link *link,
                             struct numu_exact_fact fact, uint32_t before);

/* Brings usage[] up to date with the bounds of a variable's items [X5]. */
void numu_exact_items_refresh(struct numu_exact_solver *solver, uint32_t variable);
/* Marks what the change of a side lets be seen anew. */
void numu_exact_items_mark(struct numu_exact_solver *solver, uint32_t side);
bool numu_exact_resource_propagate(struct numu_exact_solver *solver, uint32_t resource);
void numu_exact_resource_explain(struct numu_exact_solver *solver, uint32_t item, numu_period point,
                                 struct numu_exact_fact fact, uint32_t before);

/* Sorts by entry, the latest first. */
void numu_exact_candidates_sort(struct numu_exact_candidate *candidate, size_t count);

bool numu_exact_energy_propagate(struct numu_exact_solver *solver);
void numu_exact_energy_explain(struct numu_exact_solver *solver, uint32_t index, numu_period point,
                               struct numu_exact_fact fact, uint32_t before);

bool numu_exact_supply_propagate(struct numu_exact_solver *solver, uint32_t supply);
void numu_exact_supply_explain(struct numu_exact_solver *solver, uint32_t use, uint32_t supply,
                               struct numu_exact_fact fact, uint32_t before);

bool numu_exact_lateness_propagate(struct numu_exact_solver *solver);
void numu_exact_lateness_explain(struct numu_exact_solver *solver, struct numu_exact_fact fact,
                                 uint32_t before);

/* --- exact_clause.c --- */

/* Visits the clauses in which a literal turned false by an entry. */
bool numu_exact_clause_propagate(struct numu_exact_solver *solver, uint32_t entry);
/*
 * Adds a clause of at least two literals; the first two are watched. Its index is what a reason
 * names. NUMU_MEMORY, NUMU_LIMIT.
 */
NUMU_MUST_CHECK numu_status numu_exact_clause_add(struct numu_exact_solver *solver,
                                                  const struct numu_exact_fact *literals,
                                                  uint32_t count, bool is_learned, uint32_t spread,
                                                  uint32_t *out_clause);
void numu_exact_clause_explain(struct numu_exact_solver *solver, uint32_t clause,
                               struct numu_exact_fact fact);
/* At level 0: forgets the less useful half of the learned clauses and what level 0 settles. */
void numu_exact_clause_reduce(struct numu_exact_solver *solver);

/* --- exact_conflict.c --- */

/* Tells why a fact was set by a reason, before an entry. */
void numu_exact_explain(struct numu_exact_solver *solver, struct numu_exact_fact fact,
                        struct numu_exact_reason reason, uint32_t before);
/*
 * Learns from solver->conflict: backtracks, adds the clause, sets what it implies. False where
 * nothing is left to undo: there is no (better) schedule.
 */
bool numu_exact_learn(struct numu_exact_solver *solver);

/* --- exact_build.c --- */

struct numu_exact_limits {
    numu_period makespan_min, makespan_max; /* schedules that finish outside are not looked for */
    numu_period lateness_min, lateness_max; /* in sum; known to be no less; no more is asked for */
    const numu_period *latest;              /* as in the options; NULL = no limit */
    const struct numu_measures *measures;   /* in which work in windows is looked at; NULL = none */
};

/*
 * Builds the solver of a domain; what it takes lives in the arena, and in buffers that
 * numu_exact_release gives back, also after a failure. *out_is_open is false where no schedule lies
 * within the limits. NUMU_LIMIT where the tables would be too large.
 */
NUMU_MUST_CHECK numu_status numu_exact_build(const struct numu_context *context,
                                             const struct numu_domain *domain,
                                             const struct numu_exact_limits *limits,
                                             struct numu_arena *arena,
                                             struct numu_exact_solver *solver, bool *out_is_open);
void numu_exact_release(struct numu_exact_solver *solver);
/* A finish that a best schedule does not exceed, if there is a schedule; NUMU_PERIOD_MAX = more. */
numu_period numu_exact_horizon(const struct numu_domain *domain);

/* --- exact_shave.c --- */

struct numu_exact_shaving {
    /* Told how many propagations a trial took; true = there is no more to spend. */
    bool (*is_over)(void *data, uint64_t propagations);
    void *data;
};

/*
 * At level 0, propagated: tries each variable at the ends of its bounds and cuts off what leads to
 * a contradiction, until no more does. False where nothing is left. solver->status tells of memory.
 */
bool numu_exact_shave(struct numu_exact_solver *solver, const struct numu_exact_shaving *shaving);

/* --- exact_search.c --- */

typedef enum numu_exact_verdict {
    NUMU_EXACT_FOUND,  /* all variables are fixed: a schedule */
    NUMU_EXACT_NONE,   /* there is none (any more) */
    NUMU_EXACT_BEATEN, /* others know one as good as what is looked for */
    NUMU_EXACT_ENDED   /* by a limit, by memory or by a wish to stop */
} numu_exact_verdict;

/* When a search ends at the latest. */
struct numu_exact_ends {
    /* By the context's clock; 0 = never; see trial_s and patience_s in exact.h. */
    double clock, trial, patience;
    double near; /* from then on it tells where it is near */
    uint64_t conflicts;
};

/*
 * Goes on to the next schedule with objective <= `objective_max`, tightening level 0 to that first.
 */
numu_exact_verdict numu_exact_next(struct numu_exact_solver *solver,
                                   const struct numu_exact_options *options,
                                   const struct numu_exact_ends *ends, numu_period objective_max);
/* Starts searching around a schedule: remembered truths follow it. */
void numu_exact_follow(struct numu_exact_solver *solver, uint32_t variable, numu_period value);

void numu_exact_heap_insert(struct numu_exact_solver *solver, uint32_t id);
void numu_exact_bump(struct numu_exact_solver *solver, uint32_t id);

#endif
