/*
 * rcpsp_search.c - budgets, generations and phases of the population search. [1] … [11] are those
 * of rcpsp_search_parts.h.
 */
#include "programme/rcpsp_search_parts.h"

#include "programme/rcpsp_mirror.h"

#include "base/parallel.h"

#include <math.h>

enum {
    SIZE_MIN = 8,
    SIZE_MAX_ = 2000,
    STALE_MAX = 12,        /* generations without a better child, [5] */
    TRIAL = 1000,          /* schedules to tell the speed by, [11] */
    WORTH_SHARING = 10000, /* starts in a generation that are worth threads */
    LARGE_BUDGET = 20000,  /* schedules */
    WINDOWS_FROM = 900,    /* schedules that are worth windows, [7], */
    WINDOW_JOBS_MIN = 45,  /* of more than so many jobs; of fewer a large budget is; */
    WINDOW_JOBS_MAX = 600, /* of more jobs than this, laying a window out takes too long */
    PACKED_FROM = 150,     /* jobs; by the clock fewer, but for few, win nothing by packing, [10] */
};

/* --- what is left --- */

double numu_search_seconds_left(const struct numu_search *search) {
    const struct numu_context *context = search->context;
    return search->seconds_max <= 0 || context->clock == NULL
               ? INFINITY
               : search->seconds_max - (context->clock(context->clock_data) - search->began);
}

bool numu_search_is_cut(const struct numu_search *search) {
    return numu_context_is_stopped(search->context) ||
           (search->budget->seconds > 0 && numu_search_seconds_left(search) <= 0);
}

double numu_search_left_share(const struct numu_search *search) {
    if (numu_search_is_by_clock(search->budget)) {
        double left = numu_search_seconds_left(search);
        return isinf(left) ? 1 : left > 0 ? left / search->phase_seconds : 0;
    }
    uint64_t made = numu_search_schedules_made(search), most = search->schedules_max;
    return made < most ? (double)(most - made) / (double)most : 0;
}

/* --- a generation --- */

/* Whether others have proven that there is nothing better. */
static bool is_proven_elsewhere(const struct numu_search *search) {
    struct numu_rcpsp_company *company = search->budget->company;
    return company != NULL &&
           (atomic_load(&company->is_over) ||
            (!search->problem[0]->has_deadlines &&
             search->best.cost <=
                 numu_rcpsp_cost_of(
                     0, atomic_load_explicit(&company->lower_bound, memory_order_relaxed))));
}

bool numu_search_is_over(struct numu_search *search) {
    search->is_stopped = numu_context_is_stopped(search->context);
    return search->is_stopped || search->best.cost <= search->budget->cost_bound ||
           numu_search_schedules_made(search) >= search->schedules_max ||
           numu_search_seconds_left(search) <= 0 || is_proven_elsewhere(search);
}

unsigned numu_search_threads(const struct numu_search *search) {
    struct numu_rcpsp_company *company = search->budget->company;
    bool shares = company != NULL && !atomic_load(&company->has_left);
    return search->worker_count > 1 && shares ? search->worker_count - 1 : search->worker_count;
}

void numu_search_exchange(struct numu_search *search) {
    const struct numu_rcpsp_budget *budget = search->budget;
    if (budget->company != NULL) {
        const struct numu_rcpsp_plan *theirs =
            atomic_load_explicit(&budget->company->best, memory_order_acquire);
        if (theirs != NULL && theirs->cost < search->best.cost) {
            numu_rcpsp_plan_copy(search->count, theirs, &search->best);
            numu_rcpsp_plan_copy(search->count, theirs,
                                 &search->population[0][search->stream % search->size]);
            search->told_cost = theirs->cost;
        }
    }
    if (budget->found != NULL && search->best.cost < search->told_cost) {
        search->told_cost = search->best.cost;
        budget->found(budget->found_data, &search->best);
    }
}

/* Children that the budget has room for. */
static uint32_t generation_size(const struct numu_search *search) {
    uint64_t left = search->schedules_max - numu_search_schedules_made(search);
    return left < search->size ? (uint32_t)left : search->size;
}

/* What a child may cost to take the place of a plan of some cost, [9]. */
static int64_t cost_allowed(const struct numu_search *search, const struct numu_search_child *child,
                            int64_t cost) {
    bool is_best = cost <= search->best.cost;
    return is_best || cost == INT64_MAX ? cost : cost + child->slack;
}

/* [2]: the place it was bred for, where that is allowed; else its mother's, where it is better. */
static void take_place(struct numu_search *search, struct numu_search_child *child, size_t index) {
    struct numu_rcpsp_plan *population = search->population[search->side];
    bool is_bred = !search->is_random && !search->is_first && child->plan.cost != INT64_MAX;
    if (child->plan.cost <= cost_allowed(search, child, population[index].cost)) {
        numu_search_swap_plans(&child->plan, &population[index]);
    } else if (is_bred && child->plan.cost < population[child->mother].cost) {
        numu_search_swap_plans(&child->plan, &population[child->mother]);
    }
}

static void learn(struct numu_search *search, const struct numu_search_child *child,
                  bool is_better) {
    for (int t = 0; t < NUMU_SEARCH_TRICK_COUNT; t++) {
        search->tricks[t].tried[child->has_trick[t]]++;
        search->tricks[t].won[child->has_trick[t]] += is_better;
    }
}

/* [4]: odds in proportion to what was won with and without, but never never and never always. */
static void adapt(struct numu_search *search) {
    static const double fading = 0.95;
    static const double least = 0.05;
    for (int t = 0; t < NUMU_SEARCH_TRICK_COUNT; t++) {
        struct numu_search_trick *trick = &search->tricks[t];
        if (trick->odds > 0) {
            double without = (trick->won[0] + 1) / (trick->tried[0] + 20);
            double with = (trick->won[1] + 1) / (trick->tried[1] + 20);
            double odds = with / (with + without);
            trick->odds = odds < least ? least : odds;
            trick->odds = trick->odds > trick->odds_max ? trick->odds_max : trick->odds;
        }
        for (int i = 0; i < 2; i++) {
            trick->tried[i] *= fading;
            trick->won[i] *= fading;
        }
    }
}

/* Children take their places. Returns how many are better than what was there. */
static uint32_t settle(struct numu_search *search, uint32_t made) {
    uint32_t better = 0;
    for (uint32_t i = 0; i < made; i++) {
        struct numu_search_child *child = &search->children[i];
        bool is_better = child->plan.cost < search->population[search->side][i].cost;
        if (!search->is_random && !search->is_first) {
            learn(search, child, is_better);
        }
        better += is_better;
        if (search->side == 0 && child->plan.cost < search->best.cost) {
            numu_rcpsp_plan_copy(search->count, &child->plan, &search->best);
        }
        take_place(search, child, i);
    }
    adapt(search);
    return better;
}

void numu_search_add_placed(struct numu_search *search) {
    search->placed = 0;
    for (unsigned w = 0; w < search->worker_count; w++) {
        search->placed += search->workers[w].desk.placed;
    }
}

static numu_status run_generation(struct numu_search *search, uint32_t *out_better) {
    uint32_t made = generation_size(search);
    double left_before = numu_search_seconds_left(search);
    struct numu_context context = *search->context;
    context.stop = NULL; /* children look at it, and the generation ends whole */
    context.threads = numu_search_threads(search);
    if ((uint64_t)made * search->count < WORTH_SHARING) {
        context.threads = 1;
    }
    NUMU_TRY(numu_parallel_for(&context, made, numu_search_make_child, search));
    search->stream += made;
    numu_search_add_placed(search);
    if (!isinf(left_before)) {
        search->thread_seconds +=
            context.threads * (left_before - numu_search_seconds_left(search));
    }
    *out_better = settle(search, made);
    return NUMU_OK;
}

static void empty_populations(struct numu_search *search) {
    for (int side = 0; side < 2; side++) {
        for (uint32_t i = 0; i < search->room; i++) {
            search->population[side][i].cost = INT64_MAX;
        }
    }
}

/* One population from its random beginning to its end, [5]. */
static numu_status run_population(struct numu_search *search) {
    uint32_t stale = 0;
    uint32_t better;
    empty_populations(search);
    search->side = 0;
    search->is_random = true;
    search->is_first = false;
    NUMU_TRY(run_generation(search, &better));
    search->is_random = false;
    search->is_first = true;
    while (stale < STALE_MAX && !numu_search_is_over(search)) {
        search->side = 1 - search->side;
        NUMU_TRY(run_generation(search, &better));
        search->is_first = false;
        numu_search_exchange(search);
        stale = better == 0 ? stale + 1 : 0;
        numu_context_progress(search->context, "schedule", 1 - numu_search_left_share(search));
        if (search->best.cost != INT64_MAX) {
            numu_context_incumbent(search->context, "search",
                                   numu_rcpsp_makespan(search->best.cost),
                                   numu_rcpsp_makespan(search->budget->cost_bound));
        }
    }
    return NUMU_OK;
}

/* Takes plans for a population of the size chosen; those of smaller ones before it stay. */
static numu_status make_room(struct numu_search *search) {
    for (; search->room < search->size; search->room++) {
        uint32_t i = search->room;
        NUMU_TRY(numu_rcpsp_plan_take(search->count, search->arena, &search->children[i].plan));
        for (int side = 0; side < 2; side++) {
            NUMU_TRY(
                numu_rcpsp_plan_take(search->count, search->arena, &search->population[side][i]));
        }
    }
    return NUMU_OK;
}

/*
 * Small populations converge sooner, large ones to better and leave windows more that is unlike:
 * 0.125 S^0.68 for S schedules. Measured: docs/adr/0020-scarce-resources.md.
 */
static uint32_t size_for(double schedules) {
    double size = 0.125 * pow(schedules, 0.68);
    size = size < SIZE_MIN ? SIZE_MIN : size > SIZE_MAX_ ? SIZE_MAX_ : size;
    return (uint32_t)size;
}

/* Where memory ends, as large as it lets it be. */
static numu_status choose_size(struct numu_search *search, double schedules) {
    uint32_t size = size_for(schedules);
    search->size = size < search->size_max ? size : search->size_max;
    numu_status status = make_room(search);
    if (status != NUMU_OK && search->room >= SIZE_MIN) {
        search->size = search->room;
        return NUMU_OK;
    }
    return status;
}

/* --- the whole --- */

static numu_status take_worker(const struct numu_rcpsp_problem *problem, struct numu_arena *arena,
                               struct numu_search_worker *out) {
    NUMU_TRY(numu_rcpsp_desk_take(problem, arena, &out->desk));
    NUMU_TRY(numu_rcpsp_sorter_take(problem, arena, &out->sorter));
    NUMU_TRY(NUMU_TAKE(arena, &out->list, problem->count));
    NUMU_TRY(NUMU_TAKE(arena, &out->key, problem->count));
    NUMU_TRY(NUMU_TAKE(arena, &out->mode, problem->count));
    NUMU_TRY(NUMU_TAKE(arena, &out->is_free, problem->count));
    NUMU_TRY(NUMU_TAKE(arena, &out->pool_left, problem->pool_count));
    NUMU_TRY(NUMU_TAKE(arena, &out->tail, problem->count));
    if (problem->has_deadlines && problem->mirror != NULL) {
        NUMU_TRY(numu_rcpsp_mirror_take(problem, arena, &out->mirror));
    }
    return numu_rcpsp_plan_take(problem->count, arena, &out->spare);
}

static numu_status take_search(struct numu_search *search, struct numu_arena *arena) {
    const struct numu_rcpsp_problem *problem = search->problem[0];
    search->worker_count = numu_context_threads(search->context);
    NUMU_TRY(NUMU_TAKE(arena, &search->workers, search->worker_count));
    for (unsigned w = 0; w < search->worker_count; w++) {
        numu_arena_init(&search->workers[w].scratch, search->context->heap);
    }
    for (unsigned w = 0; w < search->worker_count; w++) {
        NUMU_TRY(take_worker(problem, arena, &search->workers[w]));
    }
    NUMU_TRY(NUMU_TAKE(arena, &search->children, search->size_max));
    for (int side = 0; side < 2; side++) {
        NUMU_TRY(NUMU_TAKE(arena, &search->population[side], search->size_max));
    }
    NUMU_TRY(NUMU_TAKE(arena, &search->sweep, search->size_max));
    NUMU_TRY(NUMU_TAKE(arena, &search->swept, NUMU_SEARCH_SWEEPS_A_ROUND));
    NUMU_TRY(NUMU_TAKE(arena, &search->tail, problem->count));
    numu_rcpsp_tails(problem, 0, search->tail);
    return numu_rcpsp_plan_take(problem->count, arena, &search->best);
}

/* Seconds of all threads that the phase has left; one is another search's until that leaves. */
static double thread_seconds_left(const struct numu_search *search) {
    const struct numu_rcpsp_company *company = search->budget->company;
    double left = numu_search_seconds_left(search);
    double shared = 0;
    if (numu_search_threads(search) < search->worker_count) {
        double now = search->context->clock(search->context->clock_data) - search->began;
        shared = company->leaves_s > now ? company->leaves_s - now : 0;
    }
    return left <= 0 ? 0 : search->worker_count * left - (shared < left ? shared : left);
}

/* Lets the phase that begins have a share of what is left of the whole. */
static void begin_phase(struct numu_search *search, double share) {
    const struct numu_rcpsp_budget *budget = search->budget;
    uint64_t made = numu_search_schedules_made(search);
    search->schedules_max = UINT64_MAX;
    if (budget->schedules > 0) {
        uint64_t left = budget->schedules > made ? budget->schedules - made : 0;
        search->schedules_max = made + (uint64_t)ceil(share * (double)left);
    }
    search->seconds_max = budget->seconds;
    if (budget->seconds > 0) {
        search->seconds_max -= (1 - share) * numu_search_seconds_left(search);
    }
    search->phase_seconds = numu_search_seconds_left(search);
}

/*
 * Random changes help small projects out of where they are stuck; in large ones, where there is
 * always something to be won by crossing, they mostly destroy (measured on 30 to 120 jobs).
 */
static void set_tricks(struct numu_search *search) {
    const struct numu_rcpsp_problem *problem = search->problem[0];
    double count = (double)problem->count + 1;
    double chance = 600 / (count * count);
    chance = chance > 0.6 ? 0.6 : chance < 0.02 ? 0.02 : chance;
    search->tricks[NUMU_SEARCH_BY_CHANCE] =
        (struct numu_search_trick){.odds = chance / 2, .odds_max = chance};
    search->tricks[NUMU_SEARCH_BY_PARALLEL] =
        (struct numu_search_trick){.odds = 0.2, .odds_max = 0.6};
    bool is_middling = problem->count > NUMU_RCPSP_LARGE && problem->count < PACKED_FROM;
    if (!numu_search_is_by_clock(search->budget) || !is_middling) { /* [10] */
        search->tricks[NUMU_SEARCH_BY_PACKING] =
            (struct numu_search_trick){.odds = 0.2, .odds_max = 0.6};
    }
    if (problem->mode_max > 1) {
        search->tricks[NUMU_SEARCH_BY_FREE_MODES] =
            (struct numu_search_trick){.odds = 0.3, .odds_max = 0.6};
    }
}

/* Schedules that the phase has left; where time bounds it, at the speed of those made in it. */
static double schedules_left(const struct numu_search *search, uint64_t made_before) {
    uint64_t made = numu_search_schedules_made(search);
    if (!numu_search_is_by_clock(search->budget)) {
        return (double)(search->schedules_max - made);
    }
    double speed = (double)(made - made_before) / search->thread_seconds;
    return search->thread_seconds > 0 ? speed * thread_seconds_left(search) : TRIAL;
}

/* A small population, so that the speed is known. */
static numu_status run_trial(struct numu_search *search) {
    search->schedules_max = numu_search_schedules_made(search) + TRIAL;
    NUMU_TRY(choose_size(search, TRIAL));
    NUMU_TRY(run_population(search));
    search->schedules_max = UINT64_MAX;
    return NUMU_OK;
}

/* At least one, whatever happens: who stops it is given a schedule. */
static numu_status run_populations(struct numu_search *search) {
    uint64_t made_before = numu_search_schedules_made(search);
    search->thread_seconds = 0;
    if (numu_search_is_by_clock(search->budget)) { /* [11] */
        NUMU_TRY(run_trial(search));
        if (numu_search_is_over(search)) {
            return NUMU_OK;
        }
    }
    do {
        NUMU_TRY(choose_size(search, schedules_left(search, made_before)));
        NUMU_TRY(run_population(search));
    } while (!numu_search_is_over(search));
    return NUMU_OK;
}

/* Shares of what is left when they begin; windows = 0: there are none. */
struct phases {
    double populations, windows;
};

/*
 * Of few schedules windows make most: of 120 activities 60 % of 1,000 and 27 % of 5,000 are the
 * best shares, of what has deadlines never more than 30; of many, 3 % of 50,000, more takes time
 * for nothing. By the clock small projects see both several times; large ones win more in one long
 * population, but where modes draw on pools windows win as much. Measured:
 * docs/adr/0020-scarce-resources.md, 0046-large-projects.md.
 */
static struct phases phases_of(const struct numu_rcpsp_problem *problem,
                               const struct numu_rcpsp_budget *budget) {
    bool is_timed = numu_search_is_by_clock(budget);
    uint64_t least = problem->count > WINDOW_JOBS_MIN ? WINDOWS_FROM : LARGE_BUDGET;
    if (problem->count > WINDOW_JOBS_MAX || (!is_timed && budget->schedules < least)) {
        return (struct phases){1, 0};
    }
    if (is_timed) {
        bool draws = problem->mode_max > 1 && problem->pool_count > 0;
        return problem->count <= NUMU_RCPSP_LARGE ? (struct phases){0.15, 0.3}
                                                  : (struct phases){draws ? 0.4 : 0.95, 1};
    }
    double windows = 900 * pow((double)budget->schedules, -0.95);
    double most = problem->has_deadlines ? 0.3 : 0.6;
    return (struct phases){1 - (windows < most ? windows : most), 1};
}

/* Populations, then windows of the last one, until nothing is left. */
static numu_status run(struct numu_search *search) {
    struct phases phases = phases_of(search->problem[0], search->budget);
    if (search->count == 0) {
        search->best.cost = numu_rcpsp_cost(search->problem[0], search->best.finish); /* all done */
        return NUMU_OK;
    }
    do {
        begin_phase(search, phases.populations);
        NUMU_TRY(run_populations(search));
        if (phases.windows > 0) {
            begin_phase(search, phases.windows);
            NUMU_TRY(numu_search_run_windows(search));
        }
        begin_phase(search, 1);
    } while (!numu_search_is_over(search));
    return NUMU_OK;
}

numu_status numu_rcpsp_search(const struct numu_context *context,
                              const struct numu_rcpsp_problem *problem,
                              const struct numu_rcpsp_budget *budget, struct numu_arena *arena,
                              struct numu_rcpsp_found *out) {
    struct numu_search search = {
        .context = context,
        .problem = {problem, problem->mirror != NULL ? problem->mirror : problem},
        .budget = budget,
        .began = context->clock == NULL ? 0 : context->clock(context->clock_data),
        .schedules_max = budget->schedules,
        .seconds_max = budget->seconds,
        .count = problem->count,
        .size_max =
            numu_search_is_by_clock(budget) ? SIZE_MAX_ : size_for((double)budget->schedules),
        .arena = arena,
        .told_cost = INT64_MAX,
    };
    set_tricks(&search);
    numu_status status = take_search(&search, arena);
    if (status == NUMU_OK) {
        status = run(&search);
    }
    for (unsigned w = 0; w < search.worker_count && search.workers != NULL; w++) {
        numu_arena_release(&search.workers[w].scratch);
    }
    NUMU_TRY(status);
    *out = (struct numu_rcpsp_found){
        .best = search.best,
        .is_stopped = search.is_stopped,
        .schedules = numu_search_schedules_made(&search),
    };
    return NUMU_OK;
}
