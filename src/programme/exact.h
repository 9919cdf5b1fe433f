/*
 * exact.h - the exact search for projects: finds a schedule of least lateness, then least finish,
 * and proves that there is none better, or says how far it came.
 *
 * Lazy clause generation, see exact_solver.h. Links of every type with lags of both signs, modes,
 * consumables, availability that varies, calendars, not-before dates, progress and deadlines are
 * part of the search. Not searched, only declined: projects too large for its tables
 * (`is_supported` is false then; the bounds of bound.h still hold), and two rare things that
 * domain.h relaxes.
 *
 * Without a clock, or without a time limit, the same project, options and limit of work give the
 * same result on every machine. Nothing is shared: several may run at once.
 */
#ifndef NUMU_PROGRAMME_EXACT_H
#define NUMU_PROGRAMME_EXACT_H

#include "base/context.h"
#include "programme/project.h"

#include <stdatomic.h>

struct numu_exact_solver;
struct numu_exact_channel;

/* A schedule that others have found while the search goes on. It does not change once told. */
struct numu_exact_known {
    numu_period makespan;
    const numu_period *start; /* as in the options */
    const uint32_t *mode;
};

struct numu_exact;

struct numu_exact_options {
    /*
     * A schedule that is known, by activity, so that only better ones are looked for; NULL = none.
     * A start is the point where work begins, for work under way where it is taken up again. It
     * must keep all constraints.
     */
    const numu_period *start;
    const uint32_t *mode;    /* row of the mode; NULL = each activity's first */
    numu_period lower_bound; /* of the finish, known to hold; 0 = none */
    int64_t lateness_bound;  /* of the sum of lateness, known to hold */
    uint64_t conflicts_max;  /* 0 = no limit */
    uint64_t starts_max;     /* of each question, see `starts`; 0 = no limit. Kept but for one round
                                of propagation, which fixes each start once at most */
    uint32_t clauses_max;    /* learned ones that are kept to begin with; 0 = 20,000 */
    double time_limit_s;     /* by the context's clock; 0 = none */
    /*
     * After so many seconds it goes on only where what is open between the bound and the best is
     * at most a fortieth of it; 0 = it always does.
     */
    double trial_s;
    /* And after so many where the bound of the finish has risen above lower_bound; 0 = always. */
    double patience_s;
    numu_period makespan_max;  /* schedules that finish later do not count; 0 = no limit */
    const numu_period *latest; /* by activity: schedules in which the shortest mode of one, begun at
                                  its start, finishes later do not count; NULL = no limit */
    bool keeps_deadlines;      /* schedules that are late do not count */
    bool stops_at_first;       /* any schedule will do */
    bool skips_energy; /* reasons about work in windows of time only where it begins: of questions
                          with some hundreds of starts that wins less than it costs */
    /*
     * Where others search beside it; only with time_limit_s, since the result depends on when
     * they find what they find, and only for projects without deadlines. All of it may be NULL.
     */
    const _Atomic(const struct numu_exact_known *) *known; /* their best; holds NULL until then */
    _Atomic(numu_period) *bound; /* raised to what is proven of the finish; also by others, who
                                    tell their schedules first */
    /* At each better schedule; false = the other search could not be told. */
    bool (*found)(void *found_data, const struct numu_exact *so_far);
    void *found_data;
    /* Of another exact search of the same project, exact_share.h. */
    struct numu_exact_channel *heard, *told;
    bool is_second; /* asks what the other is not likely to ask at the time */
    /* Set where, after near_s seconds, neither of the two would end it. May be NULL. */
    atomic_bool *is_near;
    double near_s;
    /* For tests and logs; may be NULL. Called with every clause that is learned. */
    void (*learn)(void *learn_data, const struct numu_exact_solver *solver);
    void *learn_data;
};

struct numu_exact {
    bool is_supported; /* false: nothing below is filled but the counts */
    bool is_proven; /* nothing better exists; with has_schedule false and is_infeasible, nothing */
    bool is_infeasible; /* no schedule keeps all constraints */
    bool has_schedule;  /* one was found or given */
    /* by activity, in the arena; starts as in the options */
    numu_period *start, *finish;
    uint32_t *mode;
    numu_period makespan;
    int64_t lateness;        /* of what is not finished */
    numu_period lower_bound; /* of the finish, among schedules of least lateness */
    int64_t lateness_bound;
    uint64_t conflicts, propagations, decisions, restarts;
    uint64_t starts; /* given to activities, also those taken back */
};

/*
 * Searches until the proof, a limit or a wish to stop (then the best so far stands in *out, and the
 * status is NUMU_OK). Out of memory, or at the heap's limit, the search ends in the same way with
 * what it has; NUMU_MEMORY or NUMU_LIMIT only where it could not begin.
 */
NUMU_MUST_CHECK numu_status numu_exact_solve(const struct numu_context *context,
                                             const struct numu_project *project,
                                             const struct numu_exact_options *options,
                                             struct numu_arena *arena, struct numu_exact *out);

#endif
