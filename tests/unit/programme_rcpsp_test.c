/*
 * Goal: numu_rcpsp_solve gives schedules that keep every rule, mostly the best, says no bound that
 * is not so, and gives the same for the same.
 * Method: thousands of small random projects of every kind against all their schedules; each
 * schedule is walked through day by day; other numbers of threads, other orders of activities, more
 * resources; each n-th allocation made to fail; what a packed stretch begins with, against all that
 * could begin; packing, against a plain one that looks at every job in every period.
 */
#include "programme/rcpsp.h"

#include "programme/exact.h"
#include "programme/rcpsp_proof.h"
#include "programme/rcpsp_room.h"
#include "programme/rcpsp_window.h"

#include "random_project.h"

#include <math.h>

enum {
    SEED = 20260711,
    ROUNDS = 2000,
    HORIZON = 36,
    PROJECT_HORIZON = 380, /* within CALENDAR_HORIZON */
    SEARCH_ROUNDS = 400,
    DEADLINE_ROUNDS = 400,
    FAIL_ROUNDS = 16,
    POOL_ROUNDS = 200,
};

static const struct project_kind kinds[] = {
    {6, 1, 2, false, false, false, false, false, false, false, false},
    {5, 1, 2, true, true, false, false, false, false, false, false},
    {5, 1, 2, true, true, true, false, false, false, false, false},
    {4, 1, 2, true, true, true, true, false, true, false, false},
    {4, 3, 2, false, false, false, false, true, false, false, false},
    {4, 3, 3, true, true, false, true, true, true, false, false},
    {4, 2, 2, true, true, true, true, true, true, true, true},
    {5, 1, 2, true, true, true, true, true, true, true, true},
    {6, 1, 2, false, true, false, false, false, true, false, true}, /* plain, with deadlines */
};

static const struct project_kind late_kinds[] = {
    {5, 1, 2, true, true, true, true, false, true, false, true},
    {4, 2, 2, true, true, true, true, true, true, true, true},
    {5, 1, 2, false, false, false, false, false, false, false, true},
};

/* Large enough that neither bounds nor proofs come for nothing. */
static const struct project_kind large = {30,    1,     3,     false, false, false,
                                          false, false, false, false, false};
static const struct project_kind large_general = {25,   3,     3,     true, true, true,
                                                  true, false, false, true, true};

/* All types of links, with lags and leads, where periods are alike. */
static const struct project_kind overlapping = {25,    1,     3,    true,  true, false,
                                                false, false, true, false, false};

/* The same with two modes, and where they are not. */
static const struct project_kind uneven_modes = {20,   2,     3,    true,  true, true,
                                                 true, false, true, false, true};

struct fixture {
    struct numu_heap heap;
    struct numu_arena arena;
    struct numu_context context;
    struct numu_report report;
    struct numu_project project;
    struct numu_project_calendar plain; /* in which every period is worked */
    struct trial trial;
};

static void open_fixture(struct fixture *fixture) {
    memset(fixture, 0, sizeof *fixture);
    numu_heap_init(&fixture->heap, 0);
    numu_arena_init(&fixture->arena, &fixture->heap);
    numu_report_init(&fixture->report, &fixture->heap, 1);
    fixture->context.heap = &fixture->heap;
    fixture->context.threads = 1;
}

static void close_fixture(struct fixture *fixture) {
    numu_report_release(&fixture->report);
    numu_arena_release(&fixture->arena);
    assert_int_equal(fixture->heap.bytes, 0);
}

static void make_round(struct fixture *fixture, const struct project_kind *kind, uint64_t round) {
    struct numu_random random;
    numu_random_init(&random, SEED, round);
    make_project(&fixture->arena, &random, kind, &fixture->project);
    fixture->project.source = NUMU_NO_SOURCE;
    fixture->project.horizon = PROJECT_HORIZON;
    for (uint32_t m = 0; m < fixture->project.mode_count; m++) {
        fixture->project.cost[m] = (double)numu_random_below(&random, 4);
    }
}

static numu_status solve(struct fixture *fixture, uint64_t schedules,
                         struct numu_rcpsp_result *out) {
    const struct numu_rcpsp_options options = {.schedules = schedules};
    return numu_rcpsp_solve(&fixture->context, &fixture->project, &options, &fixture->arena,
                            &fixture->report, out);
}

/* Every rule of project.h, walked. */
static bool is_kept(const struct numu_project *p, const numu_period *start,
                    const numu_period *resume, const numu_period *finish, const uint32_t *mode) {
    struct trial *trial;
    struct numu_heap heap;
    struct numu_arena arena;
    bool is_good = true;
    numu_heap_init(&heap, 0);
    numu_arena_init(&arena, &heap);
    PROJECT_TAKE(&arena, &trial, 1);
    trial->project = p;
    fill_left(trial);
    for (uint32_t n = 0; is_good && n < p->activity_count; n++) {
        uint32_t a = p->order[n];
        trial->now.start[a] = resume[a];
        trial->now.finish[a] = finish[a];
        if (p->state[a] != NUMU_ACTIVITY_PLANNED) {
            is_good = start[a] == p->actual_start[a];
        }
        if (p->state[a] == NUMU_ACTIVITY_FINISHED) {
            is_good &= finish[a] == p->actual_finish[a];
            continue;
        }
        const struct numu_project_calendar *calendar = &p->calendars[p->calendar[a]];
        is_good &= mode[a] >= p->first_mode[a] && mode[a] < p->first_mode[a + 1] &&
                   (p->state[a] == NUMU_ACTIVITY_STARTED || start[a] == resume[a]) &&
                   resume[a] >= p->data_date &&
                   (p->state[a] == NUMU_ACTIVITY_STARTED || resume[a] >= p->release[a]) &&
                   finish[a] == walk(calendar, resume[a], p->duration[mode[a]]) &&
                   (p->duration[mode[a]] == 0 || is_period_worked(calendar, resume[a])) &&
                   finish[a] <= TRIED_HORIZON &&
                   take_needs(trial, mode[a], resume[a], finish[a], 1) && are_links_kept(trial, a);
    }
    numu_arena_release(&arena);
    return is_good;
}

static bool is_schedule(const struct numu_project *p, const struct numu_rcpsp_result *result) {
    int64_t lateness = 0;
    numu_period makespan = p->data_date;
    for (uint32_t a = 0; a < p->activity_count; a++) {
        makespan = result->finish[a] > makespan ? result->finish[a] : makespan;
        if (p->state[a] != NUMU_ACTIVITY_FINISHED && p->deadline[a] != NUMU_NO_PERIOD &&
            result->finish[a] > p->deadline[a]) {
            lateness += result->finish[a] - p->deadline[a];
        }
    }
    return result->makespan == makespan && result->lateness == lateness &&
           is_kept(p, result->start, result->resume, result->finish, result->mode);
}

static void schedules_keep_every_rule_and_are_the_best(void **state) {
    (void)state;
    struct fixture fixture;
    uint32_t solved = 0, proven = 0;
    open_fixture(&fixture);
    print_message("# seed %d\n", SEED);
    for (uint64_t round = 0; round < ROUNDS; round++) {
        struct numu_rcpsp_result result;
        make_round(&fixture, &kinds[round % (sizeof kinds / sizeof *kinds)], round);
        try_all(&fixture.project, HORIZON, &fixture.trial);
        numu_status status = solve(&fixture, 100, &result);
        if (status == NUMU_OK) {
            bool is_right = is_schedule(&fixture.project, &result) &&
                            result.lower_bound <= fixture.trial.best_makespan;
            int64_t lateness = result.lateness;
            bool is_best = fixture.trial.is_found && lateness == fixture.trial.best_lateness &&
                           result.makespan == fixture.trial.best_makespan;
            if (!is_right || !fixture.trial.is_found || (result.is_proven && !is_best) ||
                lateness < fixture.trial.best_lateness) {
                fail_msg("round %d: %d, finish %d, %lld late, bound %d; best %d, %lld late",
                         (int)round, is_right, result.makespan, (long long)result.lateness,
                         result.lower_bound, fixture.trial.best_makespan,
                         (long long)fixture.trial.best_lateness);
            }
            solved++;
            proven += result.is_proven;
        } else {
            assert_int_equal(status, NUMU_INFEASIBLE);
            assert_false(fixture.trial.is_found);
        }
        numu_arena_release(&fixture.arena);
    }
    print_message("# %u solved, %u proven\n", solved, proven);
    assert_true(proven * 100 > solved * 98);
    close_fixture(&fixture);
}

/* A schedule where one keeps all deadlines, else constraints in conflict. */
static void hard_deadlines_are_kept_or_explained(void **state) {
    (void)state;
    struct fixture fixture;
    const struct numu_rcpsp_options options = {.schedules = 100, .keeps_deadlines = true};
    uint32_t kept = 0, refused = 0;
    open_fixture(&fixture);
    const uint64_t *counts = fixture.report.counts;
    for (uint64_t round = 0; round < DEADLINE_ROUNDS; round++) {
        struct numu_rcpsp_result result;
        uint64_t told = counts[NUMU_CODE_CONSTRAINTS_IN_CONFLICT];
        make_round(&fixture, &late_kinds[round % (sizeof late_kinds / sizeof *late_kinds)], round);
        try_all(&fixture.project, HORIZON, &fixture.trial);
        bool is_possible = fixture.trial.is_found && fixture.trial.best_lateness == 0;
        numu_status status = numu_rcpsp_solve(&fixture.context, &fixture.project, &options,
                                              &fixture.arena, &fixture.report, &result);
        assert_int_equal(status, is_possible ? NUMU_OK : NUMU_INFEASIBLE);
        if (is_possible) {
            assert_true(is_schedule(&fixture.project, &result) && result.lateness == 0);
            assert_true(result.lower_bound <= fixture.trial.best_makespan);
            assert_true(!result.is_proven || result.makespan == fixture.trial.best_makespan);
            kept++;
        } else {
            assert_true(counts[NUMU_CODE_CONSTRAINTS_IN_CONFLICT] > told);
            refused++;
        }
        numu_arena_release(&fixture.arena);
    }
    print_message("# %u kept, %u refused\n", kept, refused);
    assert_true(kept > DEADLINE_ROUNDS / 4 && refused > DEADLINE_ROUNDS / 8);
    /* but for what the exact search declines */
    assert_true(counts[NUMU_CODE_CONFLICT_NOT_LEAST] < refused / 20);
    close_fixture(&fixture);
}

/* The search by itself, without proofs to lean on. */
static void search_finds_the_best_mostly(void **state) {
    (void)state;
    struct fixture fixture;
    uint32_t missed = 0, best = 0, worse = 0;
    open_fixture(&fixture);
    for (uint64_t round = 0; round < SEARCH_ROUNDS; round++) {
        struct numu_rcpsp_problem problem;
        struct numu_rcpsp_found found;
        const struct numu_rcpsp_budget budget = {.schedules = 300, .cost_bound = -1};
        make_round(&fixture, &kinds[round % (sizeof kinds / sizeof *kinds)], round);
        try_all(&fixture.project, HORIZON, &fixture.trial);
        if (fixture.trial.is_found &&
            numu_rcpsp_problem_build(&fixture.project, &fixture.arena, &problem) == NUMU_OK) {
            assert_int_equal(
                numu_rcpsp_search(&fixture.context, &problem, &budget, &fixture.arena, &found),
                NUMU_OK);
            int64_t lateness = found.best.cost >> NUMU_RCPSP_MAKESPAN_BITS;
            numu_period last = fixture.project.data_date; /* of what has happened, too */
            for (uint32_t a = 0; a < fixture.project.activity_count; a++) {
                numu_period finish = fixture.project.actual_finish[a];
                last = finish > last ? finish : last;
            }
            numu_period makespan = numu_rcpsp_makespan(found.best.cost);
            makespan = makespan > last ? makespan : last;
            bool is_best =
                lateness == fixture.trial.best_lateness && makespan == fixture.trial.best_makespan;
            missed += found.best.cost == INT64_MAX;
            best += is_best;
            worse += found.best.cost != INT64_MAX && !is_best;
        }
        numu_arena_release(&fixture.arena);
    }
    print_message("# %u best, %u worse, %u missed\n", best, worse, missed);
    assert_true(best * 100 > (best + worse + missed) * 93);
    close_fixture(&fixture);
}

static void threads_change_nothing(void **state) {
    (void)state;
    for (uint64_t round = 0; round < 6; round++) {
        struct fixture fixture;
        struct numu_rcpsp_result first, other;
        open_fixture(&fixture);
        make_round(&fixture, round % 2 == 0 ? &large : &large_general, round);
        /* so many that generations are worth sharing */
        numu_status status = solve(&fixture, 60000, &first);
        for (unsigned threads = 2; threads <= 5; threads += 3) {
            fixture.context.threads = threads;
            assert_int_equal(solve(&fixture, 60000, &other), status);
            if (status == NUMU_OK) {
                size_t bytes = first.count * sizeof *first.start;
                assert_memory_equal(first.start, other.start, bytes);
                assert_memory_equal(first.finish, other.finish, bytes);
                assert_memory_equal(first.mode, other.mode, bytes);
                assert_int_equal(first.schedules, other.schedules);
                assert_int_equal(first.lower_bound, other.lower_bound);
            }
        }
        close_fixture(&fixture);
    }
}

static void budget_is_kept(void **state) {
    (void)state;
    static const uint64_t budgets[] = {1, 2, 7, 100, 1000};
    struct fixture fixture;
    open_fixture(&fixture);
    for (size_t i = 0; i < sizeof budgets / sizeof budgets[0]; i++) {
        struct numu_rcpsp_problem problem;
        struct numu_rcpsp_found found;
        const struct numu_rcpsp_budget budget = {.schedules = budgets[i], .cost_bound = -1};
        make_round(&fixture, &large, i);
        assert_int_equal(numu_rcpsp_problem_build(&fixture.project, &fixture.arena, &problem),
                         NUMU_OK);
        assert_int_equal(
            numu_rcpsp_search(&fixture.context, &problem, &budget, &fixture.arena, &found),
            NUMU_OK);
        assert_int_equal(found.schedules, budgets[i]);
        numu_arena_release(&fixture.arena);
    }
    close_fixture(&fixture);
}

/* A wish to stop that comes when the search tells its best for the n-th time. */
struct stopper {
    atomic_bool stop;
    uint32_t wait;
};

/*
 * Consumables of which there is little more than one choice of modes takes, drawn so that each job
 * takes little of some: modes at random overdraw them all.
 */
static void make_pools_tight(struct fixture *fixture, struct numu_random *random) {
    struct numu_project *p = &fixture->project;
    for (uint32_t r = 0; r < p->resource_count; r++) {
        if (!p->is_consumable[r]) {
            continue;
        }
        int32_t taken = 0;
        for (uint32_t a = 0; a < p->activity_count; a++) {
            uint32_t choice = p->first_mode[a + 1] - p->first_mode[a];
            int32_t least = INT32_MAX;
            for (uint32_t m = 0; m < choice; m++) {
                int32_t need = numu_project_need(p, p->first_mode[a] + m, r);
                least = need < least ? need : least;
            }
            taken += least + (numu_random_below(random, 3) == 0 ? 1 : 0);
        }
        p->step_units[p->first_step[r]] = taken > 1 ? taken : 1;
    }
}

static void scarce_pools_are_kept(void **state) {
    static const struct project_kind kind = {30,    3,    4,     false, false, false,
                                             false, true, false, false, false};
    (void)state;
    uint32_t tight = 0;
    uint32_t found = 0;
    for (uint64_t round = 0; round < POOL_ROUNDS; round++) {
        struct fixture fixture;
        struct numu_random random;
        struct numu_rcpsp_problem problem;
        struct numu_rcpsp_found search;
        open_fixture(&fixture);
        make_round(&fixture, &kind, round);
        numu_random_init(&random, SEED, POOL_ROUNDS + round);
        make_pools_tight(&fixture, &random);
        numu_status status = numu_rcpsp_problem_build(&fixture.project, &fixture.arena, &problem);
        if (status == NUMU_OK) {
            const struct numu_rcpsp_budget budget = {.schedules = 50};
            const struct numu_exact_options options = {.stops_at_first = true,
                                                       .conflicts_max = 20000};
            struct numu_exact exact;
            assert_int_equal(
                numu_rcpsp_search(&fixture.context, &problem, &budget, &fixture.arena, &search),
                NUMU_OK);
            assert_int_equal(numu_exact_solve(&fixture.context, &fixture.project, &options,
                                              &fixture.arena, &exact),
                             NUMU_OK);
            assert_true(exact.has_schedule || search.best.cost == INT64_MAX ||
                        !exact.is_infeasible);
            tight += exact.has_schedule && problem.pool_count > 0 && problem.mode_max > 1;
            found += exact.has_schedule && problem.pool_count > 0 && problem.mode_max > 1 &&
                     search.best.cost != INT64_MAX;
        }
        close_fixture(&fixture);
    }
    print_message("# %u of %u found\n", found, tight);
    assert_true(tight >= POOL_ROUNDS / 4);
    assert_true(found >= tight - tight / 50);
}

static void stop_at_the_last(void *data, const char *phase, double best, double bound) {
    struct stopper *stopper = data;
    (void)phase;
    assert_true(best >= bound);
    if (stopper->wait == 0 || --stopper->wait == 0) {
        atomic_store(&stopper->stop, true);
    }
}

/* Whenever the wish comes: before anything was done, or while the search is at work. */
static void wish_to_stop_gives_the_best_so_far(void **state) {
    (void)state;
    for (uint32_t wait = 0; wait < 5; wait++) {
        struct fixture fixture;
        struct numu_rcpsp_result result;
        struct stopper stopper = {.wait = wait};
        open_fixture(&fixture);
        atomic_init(&stopper.stop, wait == 0);
        fixture.context.stop = &stopper.stop;
        fixture.context.incumbent = stop_at_the_last;
        fixture.context.progress_data = &stopper;
        make_round(&fixture, &large, 22);
        assert_int_equal(solve(&fixture, UINT64_C(1000000000000), &result), NUMU_OK);
        assert_true(is_schedule(&fixture.project, &result));
        assert_true(result.is_stopped && !result.is_proven);
        assert_true(result.schedules > 0 && result.schedules < 1000000);
        close_fixture(&fixture);
    }
}

/* A clock that goes on by a thousandth of a second whenever it is looked at. */
static double tick(void *data) {
    uint64_t *ticks = data;
    return (double)++*ticks * 1e-3;
}

/* Whatever takes the time ends with the clock, but for one more look by each child unborn. */
static void clock_ends_the_search(void **state) {
    (void)state;
    static const struct project_kind *const tried[] = {&large, &large_general};
    static const double limits[] = {1e-9, 0.05, 1, 5};
    for (size_t n = 0; n < 2 * sizeof limits / sizeof limits[0]; n++) {
        struct fixture fixture;
        struct numu_rcpsp_result result;
        uint64_t ticks = 0;
        const struct numu_rcpsp_options options = {
            .schedules = n % 3 == 0 ? 0 : UINT64_C(1000000000000), .time_limit_s = limits[n / 2]};
        open_fixture(&fixture);
        fixture.context.clock = tick;
        fixture.context.clock_data = &ticks;
        make_round(&fixture, tried[n % 2], 22);
        assert_int_equal(numu_rcpsp_solve(&fixture.context, &fixture.project, &options,
                                          &fixture.arena, &fixture.report, &result),
                         NUMU_OK);
        assert_true(is_schedule(&fixture.project, &result));
        assert_true((double)ticks * 1e-3 < limits[n / 2] + 2.1);
        close_fixture(&fixture);
    }
}

static void failed_allocations_are_told(void **state) {
    (void)state;
    for (uint64_t round = 0; round < FAIL_ROUNDS; round++) {
        numu_status status = NUMU_MEMORY;
        for (uint64_t n = 1; status == NUMU_MEMORY; n++) {
            struct fixture fixture;
            struct numu_rcpsp_result result = {.count = 77};
            open_fixture(&fixture);
            make_round(&fixture, &kinds[round % (sizeof kinds / sizeof *kinds)], round);
            fixture.heap.fail_at = atomic_load(&fixture.heap.count) + n;
            status = solve(&fixture, 20, &result);
            fixture.heap.fail_at = 0;
            if (status == NUMU_MEMORY) {
                assert_int_equal(result.count, 77);
            }
            assert_true(n < 5000);
            close_fixture(&fixture);
        }
        assert_true(status == NUMU_OK || status == NUMU_INFEASIBLE);
    }
}

/* More of a resource is never later, where both answers are proven. */
static void more_is_never_later(void **state) {
    (void)state;
    struct fixture fixture;
    uint32_t both = 0;
    open_fixture(&fixture);
    for (uint64_t round = 0; round < 120; round++) {
        struct numu_rcpsp_result less, more;
        make_round(&fixture, &kinds[round % (sizeof kinds / sizeof *kinds)], round);
        if (solve(&fixture, 100, &less) == NUMU_OK) {
            for (uint32_t s = 0; s < fixture.project.step_count; s++) {
                fixture.project.step_units[s] += 1;
            }
            assert_int_equal(solve(&fixture, 100, &more), NUMU_OK);
            if (less.is_proven && more.is_proven) {
                assert_true(more.lateness <= less.lateness);
                assert_true(more.lateness < less.lateness || more.makespan <= less.makespan);
                both++;
            }
        }
        numu_arena_release(&fixture.arena);
    }
    assert_true(both > 50);
    close_fixture(&fixture);
}

static void take_plan_of(struct fixture *fixture, const struct numu_rcpsp_problem *problem,
                         struct numu_rcpsp_plan *out) {
    PROJECT_TAKE(&fixture->arena, &out->start, problem->count);
    PROJECT_TAKE(&fixture->arena, &out->finish, problem->count);
    PROJECT_TAKE(&fixture->arena, &out->mode, problem->count);
}

/* The schedule of a list that keeps links, in the order of the jobs. */
static void decode_by_number(struct fixture *fixture, const struct numu_rcpsp_problem *problem,
                             struct numu_rcpsp_desk *desk, struct numu_rcpsp_plan *plan) {
    uint32_t *list;
    take_plan_of(fixture, problem, plan);
    PROJECT_TAKE(&fixture->arena, &list, problem->count);
    for (uint32_t j = 0; j < problem->count; j++) {
        list[j] = j;
        plan->mode[j] = problem->first_mode[j];
    }
    numu_rcpsp_decode(problem, desk, list, NULL, plan);
}

/* At the wish to stop a list is given up wherever its stretch is, if it is not over before. */
static void packed_is_given_up(struct fixture *fixture, const struct numu_rcpsp_problem *problem,
                               struct numu_rcpsp_desk *desk) {
    uint32_t count = problem->count;
    const struct numu_rcpsp_stretch stretches[] = {
        {0, 0, 1}, {0, count / 4, 1}, {count - count / 4, count, 1}, {count, count, 1}};
    struct numu_rcpsp_plan plan;
    uint32_t *list;
    take_plan_of(fixture, problem, &plan);
    PROJECT_TAKE(&fixture->arena, &list, count);
    for (uint32_t j = 0; j < count; j++) {
        list[j] = j;
        plan.mode[j] = problem->first_mode[j];
    }
    for (size_t i = 0; i < sizeof stretches / sizeof *stretches; i++) {
        numu_rcpsp_decode_packed(problem, desk, list, &stretches[i], &plan);
        assert_true(count < 20 || plan.cost == INT64_MAX);
    }
}

/* A plan under way is given up at the wish to stop, and only then. */
static void wish_to_stop_gives_a_plan_up(void **state) {
    (void)state;
    static const struct project_kind *const tried[] = {&large, &large_general};
    uint32_t given_up[2] = {0};
    for (uint64_t round = 0; round < 40; round++) {
        struct fixture fixture;
        struct numu_rcpsp_problem problem;
        struct numu_rcpsp_desk desk;
        struct numu_rcpsp_plan plan;
        atomic_bool stop;
        open_fixture(&fixture);
        atomic_init(&stop, false);
        make_round(&fixture, tried[round % 2], round);
        assert_int_equal(numu_rcpsp_problem_build(&fixture.project, &fixture.arena, &problem),
                         NUMU_OK);
        assert_int_equal(numu_rcpsp_desk_take(&problem, &fixture.arena, &desk), NUMU_OK);
        decode_by_number(&fixture, &problem, &desk, &plan);
        int64_t cost = plan.cost;
        fixture.context.stop = &stop;
        desk.context = &fixture.context;
        decode_by_number(&fixture, &problem, &desk, &plan);
        assert_true(plan.cost == cost);
        atomic_store(&stop, true);
        decode_by_number(&fixture, &problem, &desk, &plan);
        assert_true(plan.cost == INT64_MAX || plan.cost == cost);
        given_up[round % 2] += cost != INT64_MAX && plan.cost == INT64_MAX;
        packed_is_given_up(&fixture, &problem, &desk);
        close_fixture(&fixture);
    }
    assert_true(given_up[0] > 0 && given_up[1] > 0);
}

/* By activity, walked through. */
static bool is_plan_kept(const struct fixture *fixture, const struct numu_rcpsp_problem *problem,
                         const struct numu_rcpsp_plan *plan) {
    numu_period start[TRIED_ACTIVITIES_MAX], finish[TRIED_ACTIVITIES_MAX];
    uint32_t mode[TRIED_ACTIVITIES_MAX];
    for (uint32_t j = 0; j < problem->count; j++) {
        start[problem->activity[j]] = plan->start[j];
        finish[problem->activity[j]] = plan->finish[j];
        mode[problem->activity[j]] = problem->mode_number[plan->mode[j]];
    }
    return is_kept(&fixture->project, start, start, finish, mode);
}

/* What sweeping comes to, of several plans. */
struct swept {
    uint32_t shorter, changed;
    int64_t lateness;
};

/* Sweeps a plan to the end: it gets shorter, keeps every rule and its limit of work. */
static void sweep_whole(struct fixture *fixture, const struct numu_rcpsp_problem *problem,
                        bool hurries_inside, struct swept *swept) {
    enum { STARTS = 900, SWEEPS_MAX = 20000 };
    struct numu_rcpsp_desk desk;
    struct numu_rcpsp_sorter sorter;
    struct numu_rcpsp_plan plan, late, first;
    struct numu_rcpsp_broom broom = {
        .desk = &desk, .sorter = &sorter, .late = &late, .scratch = &fixture->arena};
    struct numu_rcpsp_sweep sweep = {0};
    assert_int_equal(numu_rcpsp_desk_take(problem, &fixture->arena, &desk), NUMU_OK);
    assert_int_equal(numu_rcpsp_sorter_take(problem, &fixture->arena, &sorter), NUMU_OK);
    PROJECT_TAKE(&fixture->arena, &broom.list, problem->count);
    PROJECT_TAKE(&fixture->arena, &broom.start, problem->count);
    PROJECT_TAKE(&fixture->arena, &broom.mode, problem->count);
    if (hurries_inside) {
        PROJECT_TAKE(&fixture->arena, &broom.late_by_finish, problem->count);
    }
    decode_by_number(fixture, problem, &desk, &first);
    decode_by_number(fixture, problem, &desk, &late);
    decode_by_number(fixture, problem, &desk, &plan);
    if (plan.cost == INT64_MAX) { /* supplies that end */
        assert_false(numu_rcpsp_is_uniform(problem));
        return;
    }
    assert_true(is_plan_kept(fixture, problem, &plan));
    for (int i = 0; i < SWEEPS_MAX && !numu_rcpsp_is_swept(problem, &sweep); i++) {
        int64_t before = plan.cost;
        uint64_t placed = desk.placed;
        assert_int_equal(
            numu_rcpsp_sweep_plan(&fixture->context, problem, &broom, STARTS, &sweep, &plan),
            NUMU_OK);
        assert_true(desk.placed > placed);
        assert_true(desk.placed - placed <= STARTS + 4 * (uint64_t)problem->count);
        assert_true(plan.cost <= before);
        assert_true(is_plan_kept(fixture, problem, &plan));
    }
    assert_true(numu_rcpsp_is_swept(problem, &sweep));
    swept->shorter += plan.cost < first.cost;
    swept->changed += memcmp(plan.mode, first.mode, problem->count * sizeof *plan.mode) != 0;
    swept->lateness += numu_rcpsp_lateness(plan.cost);
}

static int32_t first_modes_need(const struct numu_project *project, uint32_t resource) {
    int32_t sum = 0;
    for (uint32_t a = 0; a < project->activity_count; a++) {
        sum += numu_project_need(project, project->first_mode[a], resource);
    }
    return sum;
}

/* Of consumable resources all that first modes need comes, in equal parts and late. */
static void supply_enough(struct project_kind kind, struct numu_project *project) {
    for (uint32_t r = 0; kind.has_consumables && r < project->resource_count; r++) {
        uint32_t first = project->first_step[r], end = project->first_step[r + 1];
        int32_t steps = (int32_t)(end - first), need = first_modes_need(project, r);
        for (uint32_t s = first; project->is_consumable[r] && s < end; s++) {
            project->step_time[s] *= 4;
            project->step_units[s] = 1 + need * (int32_t)(s + 1 - first) / steps;
        }
    }
}

static void sweeps_shorten(void **state) {
    static const struct project_kind with_modes = {30,    3,    3,     false, false, false,
                                                   false, true, false, false, false};
    static const struct project_kind uneven = {30,   1,     3,    false, false, true,
                                               true, false, true, false, false};
    static const struct project_kind linked_modes = {30,    3,    3,    true,  true, false,
                                                     false, true, true, false, false};
    static const struct project_kind linked_uneven = {30,   1,     3,    true,  true, true,
                                                      true, false, true, false, false};
    static const struct project_kind supplied = {30,    2,    3,    false, false, false,
                                                 false, true, true, false, false};
    static const struct project_kind in_steps = {25,   1,    3,    true,  true, true,
                                                 true, true, true, false, false};
    enum { KINDS = 8, UNEVEN = 2, HURRIED = KINDS + UNEVEN };
    const struct project_kind *const kinds_swept[KINDS] = {
        &large,        &with_modes,    &uneven,   &overlapping,
        &linked_modes, &linked_uneven, &supplied, &in_steps};
    (void)state;
    for (int variant = 0; variant < 2 * KINDS; variant++) {
        const struct project_kind *kind = kinds_swept[variant % KINDS];
        bool has_modes = kind->modes_max > 1, has_deadlines = variant >= KINDS;
        struct fixture fixture;
        struct swept swept = {0}, not_hurried = {0};
        open_fixture(&fixture);
        for (uint64_t round = 0; round < 12; round++) {
            struct numu_rcpsp_problem problem;
            struct numu_project *project = &fixture.project;
            make_round(&fixture, kind, round);
            supply_enough(*kind, project);
            for (uint32_t a = 0; has_deadlines && a < project->activity_count; a += 3) {
                project->deadline[a] = 2 * (numu_period)a;
            }
            numu_status status = numu_rcpsp_problem_build(project, &fixture.arena, &problem);
            assert_true(status == NUMU_OK || (kind->has_steps && status == NUMU_INFEASIBLE));
            if (status == NUMU_OK) {
                sweep_whole(&fixture, &problem, true, &swept);
            }
            if (status == NUMU_OK && variant == HURRIED) {
                sweep_whole(&fixture, &problem, false, &not_hurried);
            }
            numu_arena_release(&fixture.arena);
        }
        print_message("# %u plans made better, %u change modes\n", swept.shorter, swept.changed);
        assert_true(swept.shorter > 2);
        assert_true(!has_modes || swept.changed > (variant % KINDS == 1 ? 5 : 0));
        if (variant == HURRIED) {
            print_message("# %d periods late where periods differ, %d if none is hurried\n",
                          (int)swept.lateness, (int)not_hurried.lateness);
            assert_true(swept.lateness < not_hurried.lateness);
        }
        close_fixture(&fixture);
    }
}

static void start_as(const struct numu_rcpsp_problem *problem, const numu_period *start,
                     struct numu_rcpsp_plan *plan) {
    for (uint32_t j = 0; j < problem->count; j++) {
        plan->start[j] = start[j];
        plan->finish[j] = start[j] + problem->duration[plan->mode[j]];
    }
    plan->cost = numu_rcpsp_cost(problem, plan->finish);
}

/* A window of all jobs asks whether the whole can be shorter: the last answer is the optimum. */
static void windows_of_all_end_at_the_optimum(void **state) {
    (void)state;
    struct fixture fixture;
    uint32_t as_found = 0;
    open_fixture(&fixture);
    for (uint64_t round = 0; round < 36; round++) {
        static const struct numu_exact_options options = {.conflicts_max = 200000};
        struct numu_rcpsp_problem problem;
        struct numu_rcpsp_desk desk;
        struct numu_rcpsp_sorter sorter;
        struct numu_rcpsp_plan plan;
        struct numu_rcpsp_window_found found;
        struct numu_exact exact;
        numu_period *start;
        uint32_t *list, *mode;
        make_round(&fixture, round % 2 == 0 ? &large : &overlapping, round);
        assert_int_equal(numu_rcpsp_problem_build(&fixture.project, &fixture.arena, &problem),
                         NUMU_OK);
        assert_int_equal(numu_rcpsp_desk_take(&problem, &fixture.arena, &desk), NUMU_OK);
        assert_int_equal(numu_rcpsp_sorter_take(&problem, &fixture.arena, &sorter), NUMU_OK);
        PROJECT_TAKE(&fixture.arena, &start, problem.count);
        PROJECT_TAKE(&fixture.arena, &list, problem.count);
        PROJECT_TAKE(&fixture.arena, &mode, problem.count);
        decode_by_number(&fixture, &problem, &desk, &plan);
        do {
            int64_t before = plan.cost;
            const struct numu_rcpsp_window whole = {
                .plan = &plan, .late = plan.start, .place = 0.5, .jobs = problem.count};
            assert_int_equal(numu_rcpsp_window_try(&fixture.context, &problem, &whole,
                                                   &fixture.arena, start, mode, &found),
                             NUMU_OK);
            if (found.is_found) {
                numu_rcpsp_order(&problem, &sorter, start, problem.starts_keep_links, list);
                numu_rcpsp_decode(&problem, &desk, list, NULL, &plan);
                if (!problem.starts_keep_links && plan.cost >= before) {
                    start_as(&problem, start, &plan);
                    assert_true(is_plan_kept(&fixture, &problem, &plan));
                    as_found++;
                }
                assert_true(plan.cost < before);
            }
        } while (found.is_found);
        assert_int_equal(
            numu_exact_solve(&fixture.context, &fixture.project, &options, &fixture.arena, &exact),
            NUMU_OK);
        assert_true(exact.is_proven);
        assert_int_equal(numu_rcpsp_makespan(plan.cost), exact.makespan);
        numu_arena_release(&fixture.arena);
    }
    print_message("# %u windows are no better in the order of their starts\n", as_found);
    assert_true(as_found > 0);
    close_fixture(&fixture);
}

/* --- a stretch that is packed --- */

struct packed {
    struct numu_rcpsp_problem problem;
    struct numu_rcpsp_desk desk;
    struct numu_rcpsp_plan plan, serial, plain;
    uint32_t *list;
    bool *is_placed; /* by job, in `plain` */
    int64_t *left;   /* by resource and period, to the horizon: what `plain` leaves */
};

/* A list and modes at random. */
static void make_packed(struct fixture *fixture, struct numu_random *random, struct packed *out) {
    struct numu_rcpsp_sorter sorter;
    numu_period *key;
    const struct numu_rcpsp_problem *problem = &out->problem;
    assert_int_equal(numu_rcpsp_desk_take(problem, &fixture->arena, &out->desk), NUMU_OK);
    assert_int_equal(numu_rcpsp_sorter_take(problem, &fixture->arena, &sorter), NUMU_OK);
    take_plan_of(fixture, problem, &out->plan);
    take_plan_of(fixture, problem, &out->serial);
    take_plan_of(fixture, problem, &out->plain);
    PROJECT_TAKE(&fixture->arena, &out->is_placed, problem->count);
    PROJECT_TAKE(&fixture->arena, &out->left,
                 problem->project->resource_count * ((size_t)problem->horizon + 1));
    PROJECT_TAKE(&fixture->arena, &key, problem->count);
    PROJECT_TAKE(&fixture->arena, &out->list, problem->count);
    for (uint32_t j = 0; j < problem->count; j++) {
        uint32_t choice = problem->first_mode[j + 1] - problem->first_mode[j];
        key[j] = project_between(random, 0, 40);
        out->plan.mode[j] = out->serial.mode[j] = out->plain.mode[j] =
            problem->first_mode[j] + (uint32_t)numu_random_below(random, choice);
    }
    numu_rcpsp_order(problem, &sorter, key, false, out->list);
    numu_rcpsp_decode(problem, &out->desk, out->list, NULL, &out->serial);
}

static void packed_schedules_keep_every_rule(void **state) {
    (void)state;
    static const struct project_kind with_modes = {12,    2,     3,    false, true, false,
                                                   false, false, true, false, false};
    static const struct project_kind general = {20,   2,     3,    false, false, true,
                                                true, false, true, false, true};
    const struct project_kind *const packed_kinds[] = {&large, &with_modes, &general, &overlapping,
                                                       &uneven_modes};
    uint32_t tried = 0, changed = 0, general_changed = 0;
    struct fixture fixture;
    open_fixture(&fixture);
    for (uint64_t round = 0; round < ROUNDS; round++) {
        struct numu_random random;
        struct packed it = {0};
        numu_random_init(&random, SEED + 1, round);
        make_round(&fixture, packed_kinds[round % 5], round);
        if (numu_rcpsp_problem_build(&fixture.project, &fixture.arena, &it.problem) == NUMU_OK) {
            make_packed(&fixture, &random, &it);
            uint32_t from = (uint32_t)numu_random_below(&random, it.problem.count + 1);
            uint32_t until =
                from + (uint32_t)numu_random_below(&random, it.problem.count - from + 1);
            const struct numu_rcpsp_stretch none = {from, from, 1};
            const struct numu_rcpsp_stretch some = {from, until,
                                                    0.1 * pow(10, (double)(round / 5 % 5))};
            uint64_t before = it.desk.placed;
            numu_rcpsp_decode_packed(&it.problem, &it.desk, it.list, &none, &it.plan);
            assert_memory_equal(it.plan.start, it.serial.start,
                                it.problem.count * sizeof *it.plan.start);
            assert_true(it.plan.cost == it.serial.cost);
            numu_rcpsp_decode_packed(&it.problem, &it.desk, it.list, &some, &it.plan);
            assert_int_equal(it.desk.placed - before, 2 * it.problem.count);
            assert_true(it.plan.cost == INT64_MAX ? it.serial.cost == INT64_MAX
                                                  : is_plan_kept(&fixture, &it.problem, &it.plan));
            assert_true(it.plan.cost == INT64_MAX ||
                        it.plan.cost == numu_rcpsp_cost(&it.problem, it.plan.finish));
            bool is_changed = memcmp(it.plan.start, it.serial.start,
                                     it.problem.count * sizeof *it.plan.start) != 0;
            changed += is_changed;
            general_changed += is_changed && !numu_rcpsp_is_uniform(&it.problem);
            tried++;
        }
        numu_arena_release(&fixture.arena);
    }
    print_message("# %u packed, %u unlike their lists, %u of them where periods differ\n", tried,
                  changed, general_changed);
    assert_true(tried > ROUNDS / 2 && changed > ROUNDS / 16 && general_changed > ROUNDS / 64);
    close_fixture(&fixture);
}

/* Whether a set of jobs can run at once. */
static bool fits_at_once(const struct fixture *fixture, const struct packed *it, uint32_t set) {
    const struct numu_project *p = &fixture->project;
    int64_t asked[TRIED_RESOURCES_MAX] = {0};
    bool fits = true;
    for (uint32_t j = 0; j < it->problem.count; j++) {
        uint32_t number = it->problem.mode_number[it->plan.mode[j]];
        for (uint32_t n = p->first_need[number];
             (set >> j & 1) != 0 && n < p->first_need[number + 1]; n++) {
            asked[p->need_resource[n]] += p->need_units[n];
        }
    }
    for (uint32_t r = 0; r < p->resource_count; r++) {
        fits &= asked[r] <= p->step_units[p->first_step[r]];
    }
    return fits;
}

static double density_of(const struct packed *it, uint32_t set) {
    double sum = 0;
    for (uint32_t j = 0; j < it->problem.count; j++) {
        sum += (set >> j & 1) != 0 ? it->problem.density[it->plan.mode[j]] : 0;
    }
    return sum;
}

/* What starts first, where the order does not matter, against all sets that could. */
static void packing_begins_with_the_densest(void **state) {
    (void)state;
    static const struct project_kind kind = {9,     1,     3,     false, false, false,
                                             false, false, false, false, false};
    uint32_t tried = 0;
    struct fixture fixture;
    open_fixture(&fixture);
    for (uint64_t round = 0; round < ROUNDS; round++) {
        struct numu_random random;
        struct packed it = {0};
        bool has_moments = false;
        uint32_t free = 0;
        uint32_t begun = 0;
        double most = 0;
        numu_random_init(&random, SEED + 2, round);
        make_round(&fixture, &kind, round);
        if (numu_rcpsp_problem_build(&fixture.project, &fixture.arena, &it.problem) != NUMU_OK) {
            numu_arena_release(&fixture.arena);
            continue;
        }
        make_packed(&fixture, &random, &it);
        const struct numu_rcpsp_stretch whole = {0, it.problem.count, 1e12};
        numu_rcpsp_decode_packed(&it.problem, &it.desk, it.list, &whole, &it.plan);
        for (uint32_t j = 0; j < it.problem.count; j++) {
            has_moments |= it.problem.duration[it.plan.mode[j]] == 0;
            free |= (uint32_t)(it.problem.first_before[j + 1] == it.problem.first_before[j]) << j;
            begun |= (uint32_t)(it.plan.start[j] == 0) << j;
        }
        for (uint32_t set = 0; set < 1U << it.problem.count; set++) {
            double density = density_of(&it, set);
            if ((set & ~free) == 0 && density > most && fits_at_once(&fixture, &it, set)) {
                most = density;
            }
        }
        if (!has_moments) {
            assert_true(fabs(density_of(&it, begun) - most) <= 1e-9 * most);
            tried++;
        }
        numu_arena_release(&fixture.arena);
    }
    print_message("# %u packed\n", tried);
    assert_true(tried > ROUNDS / 8);
    close_fixture(&fixture);
}

/* What there is of a resource, by period. */
static int64_t *left_of(const struct packed *it, uint32_t resource) {
    return &it->left[resource * ((size_t)it->problem.horizon + 1)];
}

static void open_plain_room(const struct packed *it) {
    const struct numu_project *project = it->problem.project;
    for (uint32_t r = 0; r < project->resource_count; r++) {
        for (uint32_t s = project->first_step[r]; s < project->first_step[r + 1]; s++) {
            for (numu_period t = project->step_time[s]; t <= it->problem.horizon; t++) {
                left_of(it, r)[t] = project->step_units[s];
            }
        }
    }
}

/* Whether a job has room in [start, finish), period by period; if so it may take it. */
static bool has_plain_room(const struct packed *it, uint32_t job, numu_period start,
                           numu_period finish, bool takes) {
    const struct numu_project *project = it->problem.project;
    uint32_t mode = it->problem.mode_number[it->plain.mode[job]];
    bool has_room = true;
    for (uint32_t n = project->first_need[mode]; n < project->first_need[mode + 1]; n++) {
        uint32_t r = project->need_resource[n];
        bool is_timed = false;
        for (uint32_t k = 0; k < it->problem.timed_count; k++) {
            is_timed |= it->problem.timed[k] == r;
        }
        if (project->is_consumable[r] && !is_timed) {
            continue; /* a pool: whatever the starts */
        }
        numu_period end = is_timed ? it->problem.horizon + 1 : finish;
        for (numu_period t = start; t < end; t++) {
            has_room &= left_of(it, r)[t] >= project->need_units[n];
            left_of(it, r)[t] -= takes ? project->need_units[n] : 0;
        }
    }
    return has_room;
}

/* Where a job goes at the earliest; the horizon where it has no place. */
static numu_period plain_start(const struct packed *it, uint32_t job, numu_period *out_finish) {
    const struct numu_project_calendar *calendar = it->problem.calendar[job];
    numu_period duration = it->problem.duration[it->plain.mode[job]];
    numu_period horizon = it->problem.horizon;
    for (numu_period start = numu_rcpsp_asked_resume(&it->problem, &it->plain, job, duration, NULL);
         start < horizon; start++) {
        bool is_worked = duration == 0 || numu_period_next_worked(calendar, start) == start;
        *out_finish = numu_period_advance(calendar, start, duration);
        if (is_worked && *out_finish <= horizon &&
            has_plain_room(it, job, start, *out_finish, false)) {
            return start;
        }
    }
    return horizon;
}

/* Whether it starts by then; what cannot start at all does not. */
static bool start_by(struct packed *it, uint32_t job, numu_period by) {
    numu_period finish, start = plain_start(it, job, &finish);
    bool starts = start <= by && start < it->problem.horizon;
    if (starts) {
        assert_true(has_plain_room(it, job, start, finish, true));
        it->plain.start[job] = start;
        it->plain.finish[job] = finish;
        it->is_placed[job] = true;
    }
    return starts;
}

/* The first jobs of a stretch that can start at a time; one of no duration, or that can earlier,
   alone. */
static uint32_t list_startable(const struct packed *it, const struct numu_rcpsp_stretch *stretch,
                               numu_period now, uint32_t *place) {
    uint32_t count = 0, most = stretch->reach > 0 ? 10 : 1;
    for (uint32_t n = stretch->from; n < stretch->until && count < most; n++) {
        uint32_t job = it->list[n];
        bool is_open = !it->is_placed[job];
        for (uint32_t i = it->problem.first_before[job]; i < it->problem.first_before[job + 1];
             i++) {
            is_open &= it->is_placed[it->problem.before[i]];
        }
        numu_period finish;
        numu_period start = is_open ? plain_start(it, job, &finish) : now + 1;
        if (start <= now) {
            if (start < now || it->problem.duration[it->plain.mode[job]] == 0) {
                place[0] = n;
                return 1;
            }
            place[count++] = n;
        }
    }
    return count;
}

/* Whether they fit at once in a period, and what they are worth together there. */
static bool are_worth(const struct packed *it, const struct numu_rcpsp_stretch *stretch,
                      numu_period now, const uint32_t *place, uint32_t count, uint32_t set,
                      double *out) {
    const struct numu_rcpsp_problem *p = &it->problem;
    int64_t asked[TRIED_RESOURCES_MAX] = {0};
    bool fits = true;
    *out = 0;
    for (uint32_t i = 0; i < count; i++) {
        uint32_t mode = it->plain.mode[it->list[place[i]]];
        uint32_t number = p->mode_number[mode];
        if ((set >> (count - 1 - i) & 1) == 0) {
            continue;
        }
        for (uint32_t n = p->project->first_need[number]; n < p->project->first_need[number + 1];
             n++) {
            asked[p->project->need_resource[n]] += p->project->need_units[n];
        }
        *out += p->density[mode] * exp(-(double)(place[i] - place[0]) / stretch->reach);
    }
    for (uint32_t r = 0; r < p->project->resource_count; r++) {
        fits &= p->project->is_consumable[r] || asked[r] <= left_of(it, r)[now];
    }
    return fits;
}

/* The same from period to period, every job looked at in each, every set that can start. */
static bool pack_plainly(struct packed *it, const struct numu_rcpsp_stretch *stretch) {
    bool is_whole = true;
    open_plain_room(it);
    memset(it->is_placed, 0, it->problem.count * sizeof *it->is_placed);
    for (uint32_t n = 0; n < stretch->from && is_whole; n++) {
        is_whole = start_by(it, it->list[n], NUMU_PERIOD_MAX);
    }
    for (numu_period now = 0; now < it->problem.horizon && is_whole; now++) {
        uint32_t place[10], count;
        while ((count = list_startable(it, stretch, now, place)) > 0) {
            uint32_t best = 1;
            double most = 0, worth;
            for (uint32_t set = (1U << count) - 1; count > 1 && set > 0; set--) {
                if (are_worth(it, stretch, now, place, count, set, &worth) && worth > most) {
                    most = worth;
                    best = set;
                }
            }
            for (uint32_t i = 0; i < count; i++) {
                if ((best >> (count - 1 - i) & 1) != 0) {
                    start_by(it, it->list[place[i]], now);
                }
            }
        }
    }
    for (uint32_t n = stretch->from; n < stretch->until; n++) {
        is_whole &= it->is_placed[it->list[n]];
    }
    for (uint32_t n = stretch->until; n < it->problem.count && is_whole; n++) {
        is_whole = start_by(it, it->list[n], NUMU_PERIOD_MAX);
    }
    return is_whole;
}

/* The latest start of a job, by a finish, period by period; -1 where there is none. */
static numu_period plain_start_back(const struct packed *it, uint32_t job, numu_period by) {
    const struct numu_project_calendar *calendar = it->problem.calendar[job];
    numu_period duration = it->problem.duration[it->plain.mode[job]];
    numu_period start = numu_rcpsp_allowed_resume(&it->problem, &it->plain, job, by, NULL);
    while (
        start >= 0 && duration > 0 &&
        (numu_period_next_worked(calendar, start) != start ||
         !has_plain_room(it, job, start, numu_period_advance(calendar, start, duration), false))) {
        start--;
    }
    return start < 0 ? -1 : start;
}

/* Whether all have a place. */
static bool place_plainly_back(struct packed *it, numu_period by) {
    open_plain_room(it);
    for (uint32_t n = it->problem.count; n-- > 0;) {
        uint32_t job = it->list[n];
        numu_period duration = it->problem.duration[it->plain.mode[job]];
        numu_period start = plain_start_back(it, job, by);
        if (start < 0) {
            return false;
        }
        it->plain.start[job] = start;
        it->plain.finish[job] = numu_period_advance(it->problem.calendar[job], start, duration);
        has_plain_room(it, job, start, it->plain.finish[job], true);
    }
    return true;
}

static void late_schedules_are_as_from_period_to_period(void **state) {
    (void)state;
    const struct project_kind *const back_kinds[] = {&large_general, &overlapping, &uneven_modes};
    uint32_t tried = 0, lost = 0, later = 0;
    struct fixture fixture;
    open_fixture(&fixture);
    for (uint64_t round = 0; round < ROUNDS; round++) {
        struct numu_random random;
        struct packed it = {0};
        numu_random_init(&random, SEED + 4, round);
        make_round(&fixture, back_kinds[round % 3], round);
        if (numu_rcpsp_problem_build(&fixture.project, &fixture.arena, &it.problem) == NUMU_OK) {
            make_packed(&fixture, &random, &it);
        }
        if (it.serial.cost != INT64_MAX && it.problem.count > 0 && it.problem.timed_count == 0) {
            const uint32_t count = it.problem.count;
            numu_period end = numu_rcpsp_makespan(it.serial.cost);
            numu_period by = round % 8 == 0 ? -1 : end - (numu_period)numu_random_below(&random, 3);
            const bool is_sorted_only = round % 2 != 0; /* then a job may come before its turn */
            struct numu_rcpsp_sorter sorter;
            assert_int_equal(numu_rcpsp_sorter_take(&it.problem, &fixture.arena, &sorter), NUMU_OK);
            numu_rcpsp_order(&it.problem, &sorter, it.serial.finish, is_sorted_only, it.list);
            numu_rcpsp_plan_copy(count, &it.serial, &it.plan);
            numu_rcpsp_plan_copy(count, &it.serial, &it.plain);
            bool is_whole = numu_rcpsp_decode_back(&it.problem, &it.desk, it.list, by, &it.plan);
            assert_true(is_whole == place_plainly_back(&it, by));
            assert_memory_equal(it.plan.start, it.plain.start, count * sizeof *it.plan.start);
            assert_memory_equal(it.plan.finish, it.plain.finish, count * sizeof *it.plan.finish);
            later += memcmp(it.plan.start, it.serial.start, count * sizeof *it.plan.start) != 0;
            lost += !is_whole;
            tried++;
        }
        numu_arena_release(&fixture.arena);
    }
    print_message("# %u tried, %u lost, %u moved\n", tried, lost, later);
    assert_true(tried > ROUNDS / 4 && lost > ROUNDS / 64 && later > ROUNDS / 4);
    close_fixture(&fixture);
}

/* Starts as late as a finish lets them be; where periods differ, -1 where it does not. */
static const numu_period *late_starts(struct fixture *fixture,
                                      const struct numu_rcpsp_problem *problem,
                                      struct numu_rcpsp_desk *desk,
                                      const struct numu_rcpsp_plan *plan, numu_period finish) {
    const bool is_uniform = numu_rcpsp_is_uniform(problem);
    struct numu_rcpsp_sorter sorter;
    struct numu_rcpsp_plan late;
    uint32_t *list;
    assert_int_equal(numu_rcpsp_sorter_take(problem, &fixture->arena, &sorter), NUMU_OK);
    PROJECT_TAKE(&fixture->arena, &list, problem->count);
    take_plan_of(fixture, problem, &late);
    numu_rcpsp_plan_copy(problem->count, plan, &late);
    for (uint32_t j = 0; !is_uniform && j < problem->count; j++) {
        late.start[j] = -1;
    }
    numu_rcpsp_order(problem, &sorter, plan->finish, is_uniform || problem->finishes_keep_links,
                     list);
    bool is_whole = numu_rcpsp_decode_back(problem, desk, list, finish, &late);
    return is_whole || !is_uniform ? late.start : plan->start;
}

/* Tries one window of a plan; whether something was found. */
static bool found_window_keeps_every_rule(struct fixture *fixture, struct numu_random *random,
                                          const struct numu_rcpsp_problem *problem,
                                          struct numu_rcpsp_desk *desk,
                                          const struct numu_rcpsp_plan *plan) {
    struct numu_rcpsp_window_found found;
    struct numu_rcpsp_plan tried;
    const bool is_uniform = numu_rcpsp_is_uniform(problem);
    const numu_period end = numu_rcpsp_makespan(plan->cost);
    const bool is_late = numu_rcpsp_lateness(plan->cost) > 0;
    const struct numu_rcpsp_window window = {
        .plan = plan,
        .late = late_starts(fixture, problem, desk, plan, end - (is_uniform ? 0 : 1)),
        .late_by_finish =
            is_late && !is_uniform ? late_starts(fixture, problem, desk, plan, end) : NULL,
        .place = numu_random_unit(random),
        .jobs = 1 + (uint32_t)numu_random_below(random, 12),
        .starts_max = 20000,
    };
    take_plan_of(fixture, problem, &tried);
    assert_int_equal(numu_rcpsp_window_try(&fixture->context, problem, &window, &fixture->arena,
                                           tried.start, tried.mode, &found),
                     NUMU_OK);
    if (found.is_found) {
        for (uint32_t j = 0; j < problem->count; j++) {
            tried.finish[j] = numu_period_advance(problem->calendar[j], tried.start[j],
                                                  problem->duration[tried.mode[j]]);
        }
        assert_true(is_plan_kept(fixture, problem, &tried));
        assert_true(numu_rcpsp_cost(problem, tried.finish) < plan->cost);
    }
    return found.is_found;
}

static void found_windows_keep_every_rule(void **state) {
    (void)state;
    static const struct project_kind modes = {25,    3,     2,    true,  true, false,
                                              false, false, true, false, true};
    static const struct project_kind late = {25,    1,     2,    true,  true, false,
                                             false, false, true, false, true};
    static const struct project_kind uneven = {25,   3,     2,    true,  true, true,
                                               true, false, true, false, true};
    static const struct project_kind supplied = {25,    2,    2,    true,  true, false,
                                                 false, true, true, false, true};
    static const struct project_kind in_steps = {25,   2,    3,    true,  true, true,
                                                 true, true, true, false, true};
    static const struct project_kind *const tried_kinds[] = {&overlapping, &modes,    &late,
                                                             &uneven,      &supplied, &in_steps};
    enum { KINDS = sizeof tried_kinds / sizeof *tried_kinds };
    uint32_t found[KINDS] = {0};
    struct fixture fixture;
    open_fixture(&fixture);
    for (uint64_t round = 0; round < 2 * ROUNDS; round++) {
        struct numu_random random;
        struct packed it = {0};
        numu_random_init(&random, SEED + 5, round);
        make_round(&fixture, tried_kinds[round % KINDS], round);
        supply_enough(*tried_kinds[round % KINDS], &fixture.project);
        for (uint32_t l = 0; l < fixture.project.link_count; l += 3) {
            fixture.project.link_lag[l] -= project_between(&random, 0, 12); /* far ahead */
        }
        if (numu_rcpsp_problem_build(&fixture.project, &fixture.arena, &it.problem) == NUMU_OK) {
            make_packed(&fixture, &random, &it);
            found[round % KINDS] +=
                it.serial.cost != INT64_MAX &&
                found_window_keeps_every_rule(&fixture, &random, &it.problem, &it.desk, &it.serial);
        }
        numu_arena_release(&fixture.arena);
    }
    for (int i = 0; i < KINDS; i++) {
        print_message("# %u windows found\n", found[i]);
        assert_true(found[i] > ROUNDS / 64);
    }
    close_fixture(&fixture);
}

/* Whether what waits for another starts (finishes) no earlier than it. */
static void are_in_order(const struct numu_rcpsp_problem *problem,
                         const struct numu_rcpsp_plan *plan, bool *out_starts, bool *out_finishes) {
    *out_starts = *out_finishes = true;
    for (uint32_t j = 0; j < problem->count; j++) {
        for (uint32_t i = problem->first_before[j]; i < problem->first_before[j + 1]; i++) {
            *out_starts &= plan->start[j] >= plan->start[problem->before[i]];
            *out_finishes &= plan->finish[j] >= plan->finish[problem->before[i]];
        }
    }
}

/* Starts and finishes of schedules keep links where the problem says so, and only mostly else. */
static void orders_keep_links_where_it_is_said(void **state) {
    (void)state;
    static const struct project_kind few = {4,    2,     2,    true, true, true,
                                            true, false, true, true, false};
    uint32_t said[2] = {0}, not_said[2] = {0}, broken[2] = {0};
    struct fixture fixture;
    open_fixture(&fixture);
    for (uint64_t round = 0; round < 3 * ROUNDS; round++) {
        struct numu_random random;
        struct packed it = {0};
        numu_random_init(&random, SEED + 4, round);
        make_round(&fixture, &few, round);
        for (uint32_t a = 0; round % 3 > 0 && a < fixture.project.activity_count; a++) {
            fixture.project.calendar[a] = round % 3 == 2; /* all in one, with rests or without */
        }
        if (numu_rcpsp_problem_build(&fixture.project, &fixture.arena, &it.problem) == NUMU_OK) {
            bool is_kept[2];
            const bool is_said[2] = {it.problem.starts_keep_links, it.problem.finishes_keep_links};
            make_packed(&fixture, &random, &it);
            are_in_order(&it.problem, &it.serial, &is_kept[0], &is_kept[1]);
            for (int i = 0; i < 2 && it.serial.cost != INT64_MAX; i++) {
                assert_true(is_kept[i] || !is_said[i]);
                said[i] += is_said[i];
                not_said[i] += !is_said[i];
                broken[i] += !is_kept[i];
            }
        }
        numu_arena_release(&fixture.arena);
    }
    for (int i = 0; i < 2; i++) {
        print_message("# %s keep links in %u, need not in %u, do not in %u of these\n",
                      i == 0 ? "starts" : "finishes", said[i], not_said[i], broken[i]);
        assert_true(said[i] > ROUNDS / 2 && not_said[i] < 8 * broken[i]);
    }
    close_fixture(&fixture);
}

/* Who waits by periods misses nothing, with and without reach. */
static void packing_is_as_from_period_to_period(void **state) {
    (void)state;
    static const struct project_kind general = {20,   2,     3,    false, false, true,
                                                true, false, true, false, false};
    static const struct project_kind supplied = {8,    1,    2,    false, true, true,
                                                 true, true, true, false, false};
    const struct project_kind *const packed_kinds[] = {&large, &general, &supplied, &overlapping,
                                                       &large_general};
    uint32_t tried[2] = {0}, lost[2] = {0}, ahead = 0;
    struct fixture fixture;
    open_fixture(&fixture);
    for (uint64_t round = 0; round < ROUNDS; round++) {
        struct numu_random random;
        struct packed it = {0};
        numu_random_init(&random, SEED + 3, round);
        make_round(&fixture, packed_kinds[round % 5], round);
        if (numu_rcpsp_problem_build(&fixture.project, &fixture.arena, &it.problem) == NUMU_OK) {
            make_packed(&fixture, &random, &it);
            const uint32_t count = it.problem.count;
            bool has_reach = round / 5 % 2 == 0;
            numu_period horizon = it.problem.horizon;
            if (!numu_rcpsp_is_uniform(&it.problem) && round % 4 == 0) { /* too short for all */
                it.problem.horizon = 1 + numu_rcpsp_makespan(it.serial.cost) / 2 % horizon;
            }
            uint32_t from = (uint32_t)numu_random_below(&random, count + 1) / 2;
            const struct numu_rcpsp_stretch stretch = {
                from, from + (uint32_t)numu_random_below(&random, count - from + 1),
                has_reach ? pow(10, (double)(round / 10 % 5)) : 0};
            numu_rcpsp_decode_packed(&it.problem, &it.desk, it.list, &stretch, &it.plan);
            bool is_whole = pack_plainly(&it, &stretch), is_ahead = false;
            assert_true(is_whole == (it.plan.cost != INT64_MAX));
            if (is_whole) {
                assert_memory_equal(it.plan.start, it.plain.start, count * sizeof *it.plan.start);
            }
            for (numu_period t = 0; t <= horizon; t++) {
                assert_int_equal(it.desk.first_ready[t], 0);
            }
            for (uint32_t n = from; is_whole && n < stretch.until; n++) {
                uint32_t job = it.list[n];
                for (uint32_t i = it.problem.first_before[job];
                     i < it.problem.first_before[job + 1]; i++) {
                    uint32_t before = it.problem.before[i];
                    is_ahead |= it.plan.start[job] < it.plan.start[before];
                }
            }
            ahead += is_ahead;
            lost[has_reach] += !is_whole;
            tried[has_reach]++;
        }
        numu_arena_release(&fixture.arena);
    }
    print_message("# with reach %u, %u of them lost; without %u, %u lost; in %u some job starts "
                  "before one it waits for\n",
                  tried[1], lost[1], tried[0], lost[0], ahead);
    assert_true(ahead > ROUNDS / 16);
    assert_true(tried[0] > ROUNDS / 8 && tried[1] > ROUNDS / 8 && lost[0] > 50 && lost[1] > 50);
    close_fixture(&fixture);
}

/* A budget large enough for windows is used and kept, whatever the number of threads. */
static void windows_keep_the_budget(void **state) {
    (void)state;
    static const uint64_t schedules = 20000;
    for (uint64_t round = 0; round < 3; round++) {
        int64_t cost = 0;
        for (unsigned threads = 1; threads <= 4; threads += 3) {
            struct fixture fixture;
            struct numu_rcpsp_problem problem;
            struct numu_rcpsp_found found;
            const struct numu_rcpsp_budget budget = {.schedules = schedules, .cost_bound = -1};
            open_fixture(&fixture);
            fixture.context.threads = threads;
            make_round(&fixture, &large, round);
            assert_int_equal(numu_rcpsp_problem_build(&fixture.project, &fixture.arena, &problem),
                             NUMU_OK);
            assert_int_equal(
                numu_rcpsp_search(&fixture.context, &problem, &budget, &fixture.arena, &found),
                NUMU_OK);
            assert_in_range(found.schedules, schedules - 100, schedules);
            assert_true(is_plan_kept(&fixture, &problem, &found.best));
            assert_true(threads == 1 || found.best.cost == cost);
            cost = found.best.cost;
            close_fixture(&fixture);
        }
    }
}

/* The same project, its activities numbered anew: of one mode each, as `large` has them. */
static void permute(struct fixture *fixture, struct numu_random *random, struct numu_project *out) {
    const struct numu_project before = fixture->project;
    const struct numu_project *from = &before;
    uint32_t number[TRIED_ACTIVITIES_MAX] = {0};
    *out = *from;
    assert_int_equal(from->mode_count, from->activity_count);
    assert_int_equal(numu_project_take(&fixture->arena, out), NUMU_OK);
    PROJECT_TAKE(&fixture->arena, &out->order, from->activity_count);
    out->is_consumable = from->is_consumable;
    out->first_step = from->first_step;
    out->step_time = from->step_time;
    out->step_units = from->step_units;
    for (uint32_t a = 0; a < from->activity_count; a++) {
        uint32_t other = (uint32_t)numu_random_below(random, a + 1);
        number[a] = number[other];
        number[other] = a;
    }
    uint32_t needs = 0;
    for (uint32_t b = 0; b < from->activity_count; b++) {
        uint32_t a = 0;
        while (number[a] != b) {
            a++;
        }
        out->first_mode[b + 1] = b + 1;
        out->duration[b] = from->duration[a];
        for (uint32_t n = from->first_need[a]; n < from->first_need[a + 1]; n++) {
            out->need_resource[needs] = from->need_resource[n];
            out->need_units[needs++] = from->need_units[n];
        }
        out->first_need[b + 1] = needs;
    }
    for (uint32_t i = 0; i < from->activity_count; i++) {
        out->order[i] = number[from->order[i]];
    }
    for (uint32_t link = 0; link < from->link_count; link++) {
        out->link_before[link] = number[from->link_before[link]];
        out->link_after[link] = number[from->link_after[link]];
    }
    list_links_of(&fixture->arena, out);
}

/* What is proven does not depend on how the activities are numbered. */
static void numbers_change_nothing_that_is_proven(void **state) {
    (void)state;
    struct fixture fixture;
    uint32_t proven = 0;
    open_fixture(&fixture);
    for (uint64_t round = 0; round < 60; round++) {
        struct numu_rcpsp_result first, other;
        struct numu_random random;
        make_round(&fixture, &large, round);
        numu_random_init(&random, SEED, 1000 + round);
        assert_int_equal(solve(&fixture, 2000, &first), NUMU_OK);
        permute(&fixture, &random, &fixture.project);
        assert_int_equal(solve(&fixture, 2000, &other), NUMU_OK);
        assert_true(is_schedule(&fixture.project, &other));
        assert_true(first.lower_bound <= other.makespan && other.lower_bound <= first.makespan);
        if (first.is_proven && other.is_proven) {
            assert_int_equal(first.makespan, other.makespan);
            assert_int_equal(first.lower_bound, other.lower_bound);
            proven++;
        }
        numu_arena_release(&fixture.arena);
    }
    assert_true(proven > 50);
    close_fixture(&fixture);
}

/* The same project in links of all types; activities have one mode. */
static void say_otherwise(struct numu_random *random, struct numu_project *p) {
    for (uint32_t l = 0; l < p->link_count; l++) {
        uint8_t type = (uint8_t)(numu_link_FS + numu_random_below(random, 4));
        p->link_type[l] = type;
        p->link_lag[l] += type == numu_link_SS || type == numu_link_SF
                              ? p->duration[p->first_mode[p->link_before[l]]]
                              : 0;
        p->link_lag[l] += type == numu_link_FF || type == numu_link_SF
                              ? p->duration[p->first_mode[p->link_after[l]]]
                              : 0;
    }
}

static void types_of_links_change_nothing(void **state) {
    (void)state;
    struct fixture fixture;
    uint32_t open = 0;
    open_fixture(&fixture);
    for (uint64_t round = 0; round < 60; round++) {
        struct numu_rcpsp_result first, other;
        struct numu_random random;
        struct numu_project *project = &fixture.project;
        make_round(&fixture, &large, round);
        numu_random_init(&random, SEED, 2000 + round);
        assert_int_equal(solve(&fixture, 2000, &first), NUMU_OK);
        say_otherwise(&random, project);
        assert_int_equal(solve(&fixture, 2000, &other), NUMU_OK);
        assert_true(is_schedule(project, &other));
        assert_memory_equal(first.start, other.start,
                            project->activity_count * sizeof *first.start);
        assert_int_equal(first.lower_bound, other.lower_bound);
        open += first.schedules > 0;
        numu_arena_release(&fixture.arena);
    }
    assert_true(open > 10);
    close_fixture(&fixture);
}

/* Seconds that pass by being looked at, so that no machine is too slow. */
struct looks {
    atomic_uint_fast64_t count;
    double seconds_each;
};

static double look_at_clock(void *data) {
    struct looks *looks = data;
    return looks->seconds_each * (double)atomic_fetch_add(&looks->count, 1);
}

static void open_looking(struct fixture *fixture, struct looks *looks, unsigned threads) {
    open_fixture(fixture);
    fixture->context.clock = look_at_clock;
    fixture->context.clock_data = looks;
    fixture->context.threads = threads;
}

static void look_at_both(struct fixture *fixture, const struct numu_rcpsp_problem *problem,
                         const struct numu_exact *exact) {
    struct numu_rcpsp_solution solution = {.found.best.cost = INT64_MAX};
    assert_int_equal(
        numu_rcpsp_search_beside(&fixture->context, problem, 10, &fixture->arena, &solution),
        NUMU_OK);
    assert_true(exact->is_proven && solution.is_proven);
    assert_int_equal(exact->has_schedule, solution.found.best.cost != INT64_MAX);
    if (exact->has_schedule) {
        assert_int_equal(solution.found.best.cost,
                         numu_rcpsp_cost_of(exact->lateness, exact->makespan));
        assert_true(is_plan_kept(fixture, problem, &solution.found.best));
        assert_true(solution.lower_bound <= exact->makespan);
    }
}

/* Exact search and population at once, from nothing: the same finish as the exact search alone. */
static void both_at_once_prove_the_best(void **state) {
    (void)state;
    struct looks looks = {.seconds_each = 1e-5};
    uint32_t proven = 0;
    for (uint64_t round = 0; round < 24; round++) {
        struct fixture fixture;
        struct numu_rcpsp_problem problem;
        struct numu_exact exact;
        const struct numu_exact_options options = {0};
        open_looking(&fixture, &looks, 2 + (unsigned)(round % 3));
        make_round(&fixture, &large, round);
        assert_int_equal(numu_rcpsp_problem_build(&fixture.project, &fixture.arena, &problem),
                         NUMU_OK);
        assert_int_equal(
            numu_exact_solve(&fixture.context, &fixture.project, &options, &fixture.arena, &exact),
            NUMU_OK);
        if (exact.is_supported) {
            look_at_both(&fixture, &problem, &exact);
            proven++;
        }
        close_fixture(&fixture);
    }
    assert_true(proven > 16);
}

/* Where no time is left, all stays as it was. */
static void nothing_is_begun_without_time(void **state) {
    (void)state;
    struct looks looks = {.seconds_each = 1};
    struct numu_rcpsp_solution solution = {.found = {.best.cost = INT64_MAX, .schedules = 7}};
    struct numu_rcpsp_problem problem;
    struct fixture fixture;
    open_looking(&fixture, &looks, 2);
    make_round(&fixture, &large, 0);
    assert_int_equal(numu_rcpsp_problem_build(&fixture.project, &fixture.arena, &problem), NUMU_OK);
    assert_int_equal(
        numu_rcpsp_search_beside(&fixture.context, &problem, 0, &fixture.arena, &solution),
        NUMU_OK);
    assert_int_equal(solution.found.schedules, 7);
    assert_true(solution.found.best.cost == INT64_MAX && !solution.is_proven);
    close_fixture(&fixture);
}

/* Through the whole, with time enough and with hardly any. */
static void time_is_kept(void **state) {
    (void)state;
    static const double seconds_each[] = {1e-5, 1e-3, 3};
    for (size_t i = 0; i < sizeof seconds_each / sizeof seconds_each[0]; i++) {
        struct looks looks = {.seconds_each = seconds_each[i]};
        for (uint64_t round = 0; round < 6; round++) {
            struct fixture fixture;
            struct numu_rcpsp_result result;
            const struct numu_rcpsp_options options = {.time_limit_s = 2};
            open_looking(&fixture, &looks, 1 + (unsigned)(round % 3));
            make_round(&fixture, &large, round);
            assert_int_equal(numu_rcpsp_solve(&fixture.context, &fixture.project, &options,
                                              &fixture.arena, &fixture.report, &result),
                             NUMU_OK);
            assert_true(is_schedule(&fixture.project, &result));
            assert_true(result.lower_bound <= result.makespan);
            assert_true(i > 0 || result.is_proven);
            close_fixture(&fixture);
        }
    }
}

/* Activities without links that need one to seven of ten units for one to nine periods. */
static void make_many(struct fixture *fixture, uint32_t count) {
    struct numu_random random;
    numu_random_init(&random, SEED, count);
    struct numu_project many = {
        .source = NUMU_NO_SOURCE,
        .origin = NUMU_NO_DAY,
        .horizon = 10 * (numu_period)count,
        .activity_count = count,
        .mode_count = count,
        .need_count = count,
        .resource_count = 1,
        .step_count = 1,
        .calendar_count = 1,
        .calendars = &fixture->plain,
    };
    assert_int_equal(numu_project_take(&fixture->arena, &many), NUMU_OK);
    PROJECT_TAKE(&fixture->arena, &many.order, count);
    PROJECT_TAKE(&fixture->arena, &many.first_in, count + 1);
    PROJECT_TAKE(&fixture->arena, &many.first_out, count + 1);
    for (uint32_t a = 0; a < count; a++) {
        many.order[a] = many.first_mode[a] = many.first_need[a] = a;
        many.duration[a] = project_between(&random, 1, 9);
        many.need_units[a] = project_between(&random, 1, 7);
    }
    many.first_mode[count] = many.first_need[count] = count;
    many.first_step[1] = 1;
    many.step_units[0] = 10;
    fixture->project = many;
}

/* Whether no period of a schedule of these takes more than there is. */
static bool is_within(const struct numu_project *p, const struct numu_rcpsp_result *result) {
    for (numu_period t = 0; t < result->makespan; t++) {
        int32_t units = 0;
        for (uint32_t a = 0; a < p->activity_count; a++) {
            units += result->start[a] <= t && t < result->finish[a] ? p->need_units[a] : 0;
        }
        if (units > p->step_units[0]) {
            return false;
        }
    }
    return true;
}

/* Plans take memory as populations need it, which is little where time is short. */
static void many_activities_take_little_memory(void **state) {
    (void)state;
    enum { MANY = 4000, PLANS = 500 };
    struct looks looks = {.seconds_each = 1e-3};
    struct fixture fixture;
    struct numu_rcpsp_result result;
    const struct numu_rcpsp_options options = {.time_limit_s = 2};
    open_looking(&fixture, &looks, 2);
    make_many(&fixture, MANY);
    assert_int_equal(numu_rcpsp_solve(&fixture.context, &fixture.project, &options, &fixture.arena,
                                      &fixture.report, &result),
                     NUMU_OK);
    assert_true(is_within(&fixture.project, &result));
    assert_true(result.lower_bound <= result.makespan);
    print_message("# %zu bytes at most\n", (size_t)fixture.heap.bytes_peak);
    assert_true(fixture.heap.bytes_peak < (size_t)PLANS * 12 * MANY);
    close_fixture(&fixture);
}

/* Where memory ends, populations are smaller; the search goes on. */
static void memory_that_ends_is_made_do_with(void **state) {
    (void)state;
    const struct numu_rcpsp_options options = {.time_limit_s = 1};
    size_t peak[2] = {0, 0};
    for (int n = 0; n < 2; n++) {
        struct looks looks = {.seconds_each = 3e-4};
        struct fixture fixture;
        struct numu_rcpsp_result result;
        open_looking(&fixture, &looks, 1);
        make_many(&fixture, 700);
        fixture.heap.bytes_max = n == 0 ? 0 : peak[0] - 1;
        assert_int_equal(numu_rcpsp_solve(&fixture.context, &fixture.project, &options,
                                          &fixture.arena, &fixture.report, &result),
                         NUMU_OK);
        assert_true(is_within(&fixture.project, &result));
        peak[n] = fixture.heap.bytes_peak;
        close_fixture(&fixture);
    }
    assert_true(peak[1] > 0 && peak[1] < peak[0]);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(schedules_keep_every_rule_and_are_the_best),
        cmocka_unit_test(hard_deadlines_are_kept_or_explained),
        cmocka_unit_test(search_finds_the_best_mostly),
        cmocka_unit_test(threads_change_nothing),
        cmocka_unit_test(budget_is_kept),
        cmocka_unit_test(wish_to_stop_gives_the_best_so_far),
        cmocka_unit_test(wish_to_stop_gives_a_plan_up),
        cmocka_unit_test(scarce_pools_are_kept),
        cmocka_unit_test(clock_ends_the_search),
        cmocka_unit_test(failed_allocations_are_told),
        cmocka_unit_test(more_is_never_later),
        cmocka_unit_test(sweeps_shorten),
        cmocka_unit_test(windows_of_all_end_at_the_optimum),
        cmocka_unit_test(packed_schedules_keep_every_rule),
        cmocka_unit_test(packing_begins_with_the_densest),
        cmocka_unit_test(found_windows_keep_every_rule),
        cmocka_unit_test(orders_keep_links_where_it_is_said),
        cmocka_unit_test(packing_is_as_from_period_to_period),
        cmocka_unit_test(late_schedules_are_as_from_period_to_period),
        cmocka_unit_test(windows_keep_the_budget),
        cmocka_unit_test(numbers_change_nothing_that_is_proven),
        cmocka_unit_test(types_of_links_change_nothing),
        cmocka_unit_test(both_at_once_prove_the_best),
        cmocka_unit_test(nothing_is_begun_without_time),
        cmocka_unit_test(time_is_kept),
        cmocka_unit_test(many_activities_take_little_memory),
        cmocka_unit_test(memory_that_ends_is_made_do_with),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
