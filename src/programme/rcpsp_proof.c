/*
 * rcpsp_proof.c - the exact search as the proof of what populations find, and as their company.
 *
 * [1] What one side tells the other lives in an arena of its own until both have ended, and never
 *     changes: a pointer is all that is shared.
 */
#include "programme/rcpsp_proof.h"

#include "base/parallel.h"
#include "programme/bound_modes.h"
#include "programme/bound_sets.h"
#include "programme/exact_share.h"

#include <math.h>
#include <string.h>

void numu_rcpsp_read_exact(const struct numu_rcpsp_problem *problem, const struct numu_exact *exact,
                           struct numu_rcpsp_plan *plan) {
    for (uint32_t j = 0; j < problem->count; j++) {
        uint32_t a = problem->activity[j];
        plan->start[j] = exact->start[a];
        plan->finish[j] = exact->finish[a];
        plan->mode[j] = problem->first_mode[j];
        while (problem->mode_number[plan->mode[j]] != exact->mode[a]) {
            plan->mode[j]++;
            numu_assert(plan->mode[j] < problem->first_mode[j + 1]);
        }
    }
    plan->cost = numu_rcpsp_cost(problem, plan->finish);
}

numu_status numu_rcpsp_write_exact(const struct numu_rcpsp_problem *problem,
                                   const struct numu_rcpsp_plan *plan, struct numu_arena *arena,
                                   struct numu_exact_known *out) {
    const struct numu_project *project = problem->project;
    numu_period *start;
    uint32_t *mode;
    NUMU_TRY(NUMU_TAKE(arena, &start, project->activity_count));
    NUMU_TRY(NUMU_TAKE(arena, &mode, project->activity_count));
    for (uint32_t a = 0; a < project->activity_count; a++) {
        start[a] = project->actual_start[a];
        mode[a] = project->first_mode[a];
    }
    for (uint32_t j = 0; j < problem->count; j++) {
        start[problem->activity[j]] = plan->start[j];
        mode[problem->activity[j]] = problem->mode_number[plan->mode[j]];
    }
    *out = (struct numu_exact_known){numu_rcpsp_makespan(plan->cost), start, mode};
    return NUMU_OK;
}

numu_status numu_rcpsp_no_later(const struct numu_rcpsp_problem *problem,
                                const struct numu_rcpsp_plan *plan, struct numu_arena *arena,
                                numu_period **out_latest) {
    const struct numu_project *project = problem->project;
    numu_period *latest;
    NUMU_TRY(NUMU_TAKE(arena, &latest, project->activity_count));
    for (uint32_t a = 0; a < project->activity_count; a++) {
        latest[a] = NUMU_PERIOD_MAX;
    }
    for (uint32_t j = 0; j < problem->count; j++) {
        numu_period deadline = project->deadline[problem->activity[j]];
        if (deadline != NUMU_NO_PERIOD) {
            latest[problem->activity[j]] = deadline > plan->finish[j] ? deadline : plan->finish[j];
        }
    }
    *out_latest = latest;
    return NUMU_OK;
}

/*
 * What a question may give, less the round of propagation by which it may go beyond; with deadlines
 * there are two questions.
 */
static uint64_t proof_starts(const struct numu_rcpsp_problem *problem, uint64_t schedules) {
    uint64_t each = problem->has_deadlines ? schedules / 2 : schedules;
    return each > 1 ? (each - 1) * problem->count : each;
}

/* What the exact search has come to, to the solution. */
static void take_exact(const struct numu_rcpsp_problem *problem, const struct numu_exact *exact,
                       struct numu_rcpsp_solution *solution) {
    struct numu_rcpsp_plan *best = &solution->found.best;
    if (!exact->is_supported) {
        return;
    }
    if (problem->count > 0) {
        solution->found.schedules += (exact->starts + problem->count - 1) / problem->count;
    }
    if (exact->has_schedule &&
        (best->cost == INT64_MAX ||
         numu_rcpsp_cost_of(exact->lateness, exact->makespan) < best->cost)) {
        numu_rcpsp_read_exact(problem, exact, best);
    }
    solution->lower_bound =
        exact->lower_bound > solution->lower_bound ? exact->lower_bound : solution->lower_bound;
    solution->lateness_bound = exact->lateness_bound > solution->lateness_bound
                                   ? exact->lateness_bound
                                   : solution->lateness_bound;
    solution->is_proven = exact->is_proven;
}

/* Whether rows for linked work win something in time: about a second for 60 tasks, 8 for 120. */
static bool is_time_for_rows(uint32_t count, double seconds) {
    double size = count / 60.0;
    return size * size * size <= seconds;
}

/* Raises what is known of the finish by bounds that take their time; modes have the first half. */
static numu_status raise_within(const struct numu_context *context,
                                const struct numu_rcpsp_problem *problem,
                                const struct numu_rcpsp_solution *solution, double seconds,
                                _Atomic(numu_period) *told, numu_period *out_bound) {
    const struct numu_rcpsp_plan *best = &solution->found.best;
    const numu_period until =
        best->cost == INT64_MAX ? NUMU_PERIOD_MAX : numu_rcpsp_makespan(best->cost);
    const double end = context->clock(context->clock_data) + seconds;
    numu_period bound = solution->lower_bound;
    if (problem->mode_max > 1) {
        const struct numu_bound_modes_options options = {
            .from = bound, .until = until, .time_limit_s = seconds / 2, .bound = told};
        NUMU_TRY(numu_bound_modes_raise(context, problem->project, &options, &bound));
    }
    const double left = end - context->clock(context->clock_data);
    const struct numu_bound_sets_options options = {
        .from = bound,
        .until = until,
        .time_limit_s = left > 0 ? left : 1e-3,
        .skips_rows = !is_time_for_rows(problem->count, seconds),
        .bound = told,
    };
    return numu_bound_sets_raise(context, problem->project, &options, out_bound);
}

numu_status numu_rcpsp_raise_bound(const struct numu_context *context,
                                   const struct numu_rcpsp_problem *problem, double seconds,
                                   struct numu_rcpsp_solution *solution) {
    NUMU_TRY(raise_within(context, problem, solution, seconds, NULL, &solution->lower_bound));
    solution->is_proven |= solution->found.best.cost ==
                           numu_rcpsp_cost_of(solution->lateness_bound, solution->lower_bound);
    return NUMU_OK;
}

numu_status numu_rcpsp_prove(const struct numu_context *context,
                             const struct numu_rcpsp_problem *problem, uint64_t schedules,
                             double seconds, struct numu_arena *arena,
                             struct numu_rcpsp_solution *solution) {
    struct numu_exact_options options = {
        .lower_bound = solution->lower_bound,
        .lateness_bound = solution->lateness_bound,
        .starts_max = proof_starts(problem, schedules),
        .time_limit_s = seconds,
        .skips_energy = schedules > 0,
    };
    struct numu_exact exact;
    if (solution->found.best.cost != INT64_MAX) {
        struct numu_exact_known best;
        NUMU_TRY(numu_rcpsp_write_exact(problem, &solution->found.best, arena, &best));
        options.start = best.start;
        options.mode = best.mode;
    }
    NUMU_TRY(numu_exact_solve(context, problem->project, &options, arena, &exact));
    take_exact(problem, &exact, solution);
    return NUMU_OK;
}

/* --- both at once --- */

enum { POPULATION, EXACT, SIDES };

/* Two exact searches in the end: that of the side EXACT, and the population's thread. */
enum { FIRST, SECOND, SEARCHES };

struct beside {
    const struct numu_context *context;
    const struct numu_rcpsp_problem *problem;
    const struct numu_rcpsp_solution *solution; /* what is known at the beginning */
    double end;                                 /* by the clock */
    double seconds;
    atomic_bool is_begun[SIDES];
    struct numu_arena arena[SIDES];                       /* of what each comes to */
    struct numu_arena told[SIDES];                        /* of what each has told the other */
    _Atomic(const struct numu_exact_known *) known;       /* by the population */
    _Atomic(const struct numu_exact_known *) first_known; /* by the first exact search */
    struct numu_rcpsp_company company;                    /* of the population */
    struct numu_rcpsp_found found;
    struct numu_exact exact[SEARCHES];
    atomic_bool is_settled; /* the first exact search has ended */
    struct numu_exact_channel *from[SEARCHES];
};

static double seconds_left(const struct beside *it) {
    return it->end - it->context->clock(it->context->clock_data);
}

/* What cannot be told for want of memory is found again or not; the search goes on. */
static void tell_exact(void *data, const struct numu_rcpsp_plan *plan) {
    struct beside *it = data;
    struct numu_exact_known *known;
    if (NUMU_TAKE(&it->told[POPULATION], &known, 1) == NUMU_OK &&
        numu_rcpsp_write_exact(it->problem, plan, &it->told[POPULATION], known) == NUMU_OK) {
        atomic_store_explicit(&it->known, known, memory_order_release);
    }
}

/* A copy of what an exact search has found; NULL where memory is short. */
static const struct numu_exact_known *keep_exact(const struct beside *it, struct numu_arena *arena,
                                                 const struct numu_exact *exact) {
    size_t count = it->problem->project->activity_count;
    numu_period *start;
    uint32_t *mode;
    struct numu_exact_known *known;
    if (NUMU_TAKE(arena, &known, 1) != NUMU_OK || NUMU_TAKE(arena, &start, count) != NUMU_OK ||
        NUMU_TAKE(arena, &mode, count) != NUMU_OK) {
        return NULL;
    }
    memcpy(start, exact->start, count * sizeof *start);
    memcpy(mode, exact->mode, count * sizeof *mode);
    *known = (struct numu_exact_known){exact->makespan, start, mode};
    return known;
}

/* From the second exact search to the first. */
static bool tell_first(void *data, const struct numu_exact *exact) {
    struct beside *it = data;
    const struct numu_exact_known *known = keep_exact(it, &it->told[POPULATION], exact);
    if (known != NULL) {
        atomic_store_explicit(&it->known, known, memory_order_release);
    }
    return known != NULL;
}

/* From the first exact search to the second, and to the population. */
static bool tell_others(void *data, const struct numu_exact *exact) {
    struct beside *it = data;
    struct numu_arena *arena = &it->told[EXACT];
    struct numu_rcpsp_plan *plan;
    const struct numu_exact_known *known = keep_exact(it, arena, exact);
    if (known != NULL) {
        atomic_store_explicit(&it->first_known, known, memory_order_release);
    }
    if (NUMU_TAKE(arena, &plan, 1) == NUMU_OK &&
        numu_rcpsp_plan_take(it->problem->count, arena, plan) == NUMU_OK) {
        numu_rcpsp_read_exact(it->problem, exact, plan);
        atomic_store_explicit(&it->company.best, plan, memory_order_release);
    }
    return known != NULL;
}

/* Shares of the time. */
struct proof_shares {
    double sets; /* most for bounds by sets */
    /* Then, of a large project, for the exact search to come near, and to raise the bound. */
    double trial, patience;
};

/*
 * Where a large project is far from its bound to begin with, nearly none is proven, and breeding is
 * what the thread is worth more for. Measured: docs/adr/0020-scarce-resources.md, 9.
 */
static struct proof_shares shares_of(const struct beside *it) {
    static const double far = 0.06;
    double bound = it->solution->lower_bound;
    double makespan = numu_rcpsp_makespan(it->solution->found.best.cost);
    bool is_far = it->problem->count > NUMU_RCPSP_LARGE && makespan > (1 + far) * bound;
    return is_far ? (struct proof_shares){0.1, 0.05, 0.35} : (struct proof_shares){0.3, 0.35, 0.35};
}

/* One of the exact searches, from the best schedule that its thread knows. */
static numu_status run_exact(struct beside *it, int search, const struct numu_rcpsp_plan *best,
                             int side) {
    static const double near_share = 0.4;
    const struct proof_shares shares = shares_of(it);
    const double trial_s = shares.trial * it->seconds;
    bool is_told = !it->problem->has_deadlines;
    bool is_large = it->problem->count > NUMU_RCPSP_LARGE, is_second = search == SECOND;
    struct numu_exact_options options = {
        .lower_bound = atomic_load_explicit(&it->company.lower_bound, memory_order_relaxed),
        .lateness_bound = it->solution->lateness_bound,
        .time_limit_s = seconds_left(it),
        .trial_s = is_large && !is_second ? trial_s : 0,
        .patience_s = is_large && !is_second ? shares.patience * it->seconds : 0,
        .known = !is_told    ? NULL
                 : is_second ? &it->first_known
                             : &it->known,
        .bound = is_told ? &it->company.lower_bound : NULL,
        .found = !is_told    ? NULL
                 : is_second ? tell_first
                             : tell_others,
        .found_data = it,
        .heard = is_told ? it->from[SEARCHES - 1 - search] : NULL,
        .told = is_told ? it->from[search] : NULL,
        .is_second = is_second,
        .is_near = is_told && !is_second ? &it->company.is_over : NULL,
        .near_s = is_large ? trial_s : near_share * it->seconds,
    };
    if (options.time_limit_s <= 0) {
        return NUMU_OK;
    }
    if (best->cost != INT64_MAX) {
        struct numu_exact_known known;
        NUMU_TRY(numu_rcpsp_write_exact(it->problem, best, &it->arena[side], &known));
        options.start = known.start;
        options.mode = known.mode;
    }
    return numu_exact_solve(it->context, it->problem->project, &options, &it->arena[side],
                            &it->exact[search]);
}

static bool is_proven(const struct beside *it, int search) {
    return it->exact[search].is_supported && it->exact[search].is_proven;
}

static numu_status run_first(struct beside *it) {
    const struct numu_rcpsp_solution *known = it->solution;
    numu_period unused;
    NUMU_TRY(raise_within(it->context, it->problem, known, shares_of(it).sets * it->seconds,
                          &it->company.lower_bound, &unused));
    numu_status status = run_exact(it, FIRST, &it->solution->found.best, EXACT);
    atomic_store(&it->is_settled, true);
    atomic_store(is_proven(it, FIRST) ? &it->company.is_over : &it->company.has_left, true);
    return status;
}

/* The first ends by the bound that the second proves. */
static numu_status run_second(struct beside *it) {
    const struct numu_rcpsp_plan *before = &it->solution->found.best, *after = &it->found.best;
    NUMU_TRY(run_exact(it, SECOND, before->cost < after->cost ? before : after, POPULATION));
    if (is_proven(it, SECOND)) {
        atomic_store_explicit(&it->company.lower_bound, it->exact[SECOND].makespan,
                              memory_order_release);
    }
    return NUMU_OK;
}

/* The population gives its thread to a second exact search where the first is near a proof. */
static numu_status run_population(struct beside *it, bool may_tell_progress) {
    struct numu_context context = *it->context;
    const struct numu_rcpsp_budget budget = {
        .seconds = seconds_left(it),
        .cost_bound = numu_rcpsp_cost_of(it->solution->lateness_bound, it->solution->lower_bound),
        .share = it->solution->share,
        .company = &it->company,
        .found = it->problem->has_deadlines ? NULL : tell_exact,
        .found_data = it,
    };
    if (!may_tell_progress) {
        context.progress = NULL;
        context.incumbent = NULL;
    }
    if (budget.seconds <= 0) {
        return NUMU_OK;
    }
    NUMU_TRY(numu_rcpsp_search(&context, it->problem, &budget, &it->arena[POPULATION], &it->found));
    bool is_called = atomic_load(&it->company.is_over) && !atomic_load(&it->is_settled);
    return is_called ? run_second(it) : NUMU_OK;
}

/* The calling thread runs the population, since it alone may tell progress. */
static numu_status run_side(void *data, size_t index, unsigned worker) {
    struct beside *it = data;
    int side = worker == 0 ? POPULATION : EXACT;
    (void)index;
    if (atomic_exchange(&it->is_begun[side], true)) {
        side = SIDES - 1 - side; /* no thread came for the other */
    }
    return side == POPULATION ? run_population(it, worker == 0) : run_first(it);
}

static numu_status copy_plan(const struct numu_rcpsp_problem *problem, struct numu_arena *arena,
                             struct numu_rcpsp_plan *plan) {
    struct numu_rcpsp_plan copy;
    NUMU_TRY(numu_rcpsp_plan_take(problem->count, arena, &copy));
    if (plan->cost != INT64_MAX) {
        numu_rcpsp_plan_copy(problem->count, plan, &copy);
    }
    *plan = copy;
    return NUMU_OK;
}

static numu_status take_both(struct beside *it, struct numu_arena *arena,
                             struct numu_rcpsp_solution *solution) {
    const struct numu_rcpsp_plan *before = &solution->found.best;
    it->found.schedules += solution->found.schedules;
    if (before->cost < it->found.best.cost) {
        it->found.best = *before;
    }
    solution->found = it->found;
    NUMU_TRY(copy_plan(it->problem, arena, &solution->found.best));
    bool is_any_proven = false;
    numu_period bound = atomic_load_explicit(&it->company.lower_bound, memory_order_relaxed);
    solution->lower_bound = bound > solution->lower_bound ? bound : solution->lower_bound;
    for (int search = 0; search < SEARCHES; search++) {
        take_exact(it->problem, &it->exact[search], solution);
        is_any_proven |= is_proven(it, search);
    }
    solution->is_proven = is_any_proven;
    solution->is_proven |= solution->found.best.cost ==
                           numu_rcpsp_cost_of(solution->lateness_bound, solution->lower_bound);
    return NUMU_OK;
}

numu_status numu_rcpsp_search_beside(const struct numu_context *context,
                                     const struct numu_rcpsp_problem *problem, double seconds,
                                     struct numu_arena *arena,
                                     struct numu_rcpsp_solution *solution) {
    struct beside it = {
        .context = context,
        .problem = problem,
        .solution = solution,
        .end = context->clock(context->clock_data) + seconds,
        .seconds = seconds,
        .found.best.cost = INT64_MAX,
    };
    struct numu_context both = *context;
    both.threads = SIDES;
    both.stop = NULL; /* each looks at it, and tells what it has */
    atomic_init(&it.company.lower_bound, solution->lower_bound);
    struct proof_shares shares = shares_of(&it);
    bool is_large = problem->count > NUMU_RCPSP_LARGE;
    it.company.leaves_s = is_large ? (shares.sets + shares.trial) * seconds : INFINITY;
    for (int search = 0; search < SEARCHES; search++) {
        NUMU_TRY(NUMU_TAKE(arena, &it.from[search], 1));
    }
    for (int side = 0; side < SIDES; side++) {
        numu_arena_init(&it.arena[side], context->heap);
        numu_arena_init(&it.told[side], context->heap);
    }
    numu_status status = numu_parallel_for(&both, SIDES, run_side, &it);
    status = status == NUMU_OK ? take_both(&it, arena, solution) : status;
    for (int side = 0; side < SIDES; side++) {
        numu_arena_release(&it.arena[side]);
        numu_arena_release(&it.told[side]);
    }
    return status;
}
