/*
 * Goal: modes cost as little as they can where that costs no time: no plan is later for it or
 * costs more, none breaks a rule of the search, and no schedule as good is cheaper.
 * Method: hundreds of small random projects with modes, pools, some with calendars and deadlines,
 * whose modes have random costs; the best that the search finds is made cheaper, and held against
 * all schedules that are as good; each n-th allocation made to fail.
 */
#include "programme/rcpsp_cheapen.h"

#include "programme/rcpsp_search.h"

#include "random_project.h"

#include <math.h>

enum { SEED = 20261127, ROUNDS = 900, HORIZON = 30, PROJECT_HORIZON = 380 };

static const struct project_kind kinds[] = {
    {4, 3, 2, false, false, false, false, true, false, false, false},
    {4, 2, 2, false, true, true, true, true, true, false, false},
    {4, 2, 2, false, false, false, false, false, true, true, false},
    {4, 3, 2, false, false, false, false, true, false, false, true},
};

enum { KINDS = sizeof kinds / sizeof *kinds, WITH_DEADLINES = 3 };

struct fixture {
    struct numu_heap heap;
    struct numu_arena arena;
    struct numu_context context;
    struct numu_project project;
    struct numu_rcpsp_problem problem;
    struct numu_rcpsp_plan plan;
};

static bool make_round(struct fixture *fixture, uint64_t round) {
    struct numu_random random;
    struct numu_rcpsp_found found;
    struct numu_project *project = &fixture->project;
    const struct numu_rcpsp_budget budget = {.schedules = 60, .cost_bound = -1};
    numu_random_init(&random, SEED, round);
    make_project(&fixture->arena, &random, &kinds[round % KINDS], project);
    project->horizon = PROJECT_HORIZON;
    PROJECT_TAKE(&fixture->arena, &project->mode_row, project->mode_count);
    for (uint32_t m = 0; m < project->mode_count; m++) {
        project->cost[m] = project_between(&random, 0, 9) * 0.1;
    }
    if (numu_rcpsp_problem_build(project, &fixture->arena, &fixture->problem) != NUMU_OK) {
        return false;
    }
    assert_int_equal(
        numu_rcpsp_search(&fixture->context, &fixture->problem, &budget, &fixture->arena, &found),
        NUMU_OK);
    fixture->plan = found.best;
    return found.best.cost != INT64_MAX;
}

static double cost_of(const struct fixture *fixture) {
    double sum = 0;
    for (uint32_t j = 0; j < fixture->problem.count; j++) {
        sum += fixture->project.cost[fixture->problem.mode_number[fixture->plan.mode[j]]];
    }
    return sum;
}

/* The least cost of all schedules that are as good. */
struct least {
    const struct fixture *fixture;
    int64_t cost;
    double modes;
};

static void look_at(void *data, const struct tried *tried, int64_t lateness, numu_period makespan) {
    struct least *least = data;
    const struct numu_rcpsp_problem *problem = &least->fixture->problem;
    numu_period finish[TRIED_ACTIVITIES_MAX];
    double sum = 0;
    (void)lateness;
    (void)makespan;
    for (uint32_t j = 0; j < problem->count; j++) {
        finish[j] = tried->finish[problem->activity[j]];
        sum += least->fixture->project.cost[tried->mode[problem->activity[j]]];
    }
    if (numu_rcpsp_cost(problem, finish) <= least->cost && sum < least->modes) {
        least->modes = sum;
    }
}

static void modes_cost_as_little_as_they_can(void **state) {
    (void)state;
    struct fixture fixture = {.context = {.seed = 1, .threads = 1}};
    uint32_t tried = 0, cheaper = 0, least_found = 0;
    numu_heap_init(&fixture.heap, 0);
    numu_arena_init(&fixture.arena, &fixture.heap);
    fixture.context.heap = &fixture.heap;
    print_message("# seed %d\n", SEED);
    for (uint64_t round = 0; round < ROUNDS; round++) {
        bool is_made = make_round(&fixture, round);
        numu_period end = is_made ? numu_rcpsp_makespan(fixture.plan.cost) + 1 : 0;
        if (is_made && end <= HORIZON) {
            struct least least = {&fixture, fixture.plan.cost, INFINITY};
            struct trial trial = {.visit = look_at, .visit_data = &least};
            int64_t cost = fixture.plan.cost;
            double before = cost_of(&fixture);
            assert_int_equal(numu_rcpsp_cheapen(&fixture.context, &fixture.problem, &fixture.arena,
                                                &fixture.plan),
                             NUMU_OK);
            double after = cost_of(&fixture);
            assert_true(fixture.plan.cost <= cost && after <= before);
            assert_true(fixture.plan.cost ==
                        numu_rcpsp_cost(&fixture.problem, fixture.plan.finish));
            least.cost = fixture.plan.cost;
            try_all(&fixture.project, end, &trial);
            assert_true(least.modes <= after + 1e-9);
            bool is_least = after <= least.modes + 1e-9;
            assert_true(is_least || round % KINDS == WITH_DEADLINES);
            least_found += is_least;
            cheaper += after < before;
            tried++;
        }
        numu_arena_release(&fixture.arena);
    }
    print_message("# %u made cheaper, %u of them in the end, %u as cheap as can be\n", tried,
                  cheaper, least_found);
    assert_true(tried > ROUNDS * 3 / 4 && cheaper > ROUNDS / 10);
    assert_true(least_found * 100 > tried * 99);
    assert_int_equal(fixture.heap.bytes, 0);
}

static void failures_of_memory_lose_nothing(void **state) {
    (void)state;
    struct fixture fixture = {.context = {.seed = 1, .threads = 1}};
    uint64_t round = 0;
    int failed = 0;
    bool is_whole = false;
    numu_heap_init(&fixture.heap, 0);
    numu_arena_init(&fixture.arena, &fixture.heap);
    fixture.context.heap = &fixture.heap;
    while (!make_round(&fixture, round) || cost_of(&fixture) < 1 || fixture.problem.count < 4) {
        round++;
    }
    for (uint_fast64_t n = 1; !is_whole; n++) {
        struct numu_arena scratch;
        size_t before = fixture.heap.bytes;
        int64_t cost = fixture.plan.cost;
        numu_arena_init(&scratch, &fixture.heap);
        fixture.heap.fail_at = fixture.heap.count + n;
        failed += numu_rcpsp_cheapen(&fixture.context, &fixture.problem, &scratch, &fixture.plan) ==
                  NUMU_MEMORY;
        is_whole = fixture.heap.count < fixture.heap.fail_at;
        fixture.heap.fail_at = 0;
        numu_arena_release(&scratch);
        assert_int_equal(fixture.heap.bytes, before);
        assert_true(fixture.plan.cost <= cost);
    }
    assert_true(failed > 3);
    numu_arena_release(&fixture.arena);
    assert_int_equal(fixture.heap.bytes, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(modes_cost_as_little_as_they_can),
        cmocka_unit_test(failures_of_memory_lose_nothing),
    };
    return cmocka_run_group_tests_name("programme rcpsp_cheapen", tests, NULL, NULL);
}
