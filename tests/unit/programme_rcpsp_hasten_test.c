/*
 * Goal: what is promised comes early where that costs nothing: no plan costs more for it, none
 * breaks a rule of the search, and where the modes stay and what is late may be no later no
 * schedule as good has it earlier.
 * Method: thousands of small random projects, some with calendars, deadlines, modes; the best that
 * the search finds is hastened, and held against all schedules that cost as much; each n-th
 * allocation made to fail.
 */
#include "programme/rcpsp_hasten.h"

#include "programme/rcpsp_search.h"

#include "random_project.h"

enum { SEED = 20261127, ROUNDS = 1200, HORIZON = 36, PROJECT_HORIZON = 380 };

static const struct project_kind kinds[] = {
    {6, 1, 2, false, false, false, false, false, false, false, false},
    {5, 1, 2, false, true, true, true, false, true, false, true},
    {4, 2, 2, false, false, true, false, false, true, false, true},
};

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
    make_project(&fixture->arena, &random, &kinds[round % (sizeof kinds / sizeof *kinds)], project);
    project->horizon = PROJECT_HORIZON;
    PROJECT_TAKE(&fixture->arena, &project->is_promised, project->activity_count);
    for (uint32_t a = 0; a < project->activity_count; a++) {
        project->is_promised[a] = numu_random_below(&random, 3) == 0;
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

static int64_t sum_of(const struct fixture *fixture, const struct numu_rcpsp_plan *plan) {
    int64_t sum = 0;
    for (uint32_t j = 0; j < fixture->problem.count; j++) {
        uint32_t a = fixture->problem.activity[j];
        sum += fixture->project.is_promised[a] ? plan->finish[j] : 0;
    }
    return sum;
}

/* The least sum of all schedules that cost as much, and of those that keep to the plan. */
struct least {
    const struct fixture *fixture;
    int64_t cost, sum, kept_sum;
};

/* Whether modes are those of the plan, and nothing that is late is later than there. */
static bool keeps_to_plan(const struct fixture *fixture, const struct tried *tried) {
    const struct numu_rcpsp_problem *problem = &fixture->problem;
    for (uint32_t j = 0; j < problem->count; j++) {
        uint32_t a = problem->activity[j];
        numu_period deadline = fixture->project.deadline[a], finish = fixture->plan.finish[j];
        if (tried->mode[a] != problem->mode_number[fixture->plan.mode[j]] ||
            (deadline != NUMU_NO_PERIOD && tried->finish[a] > deadline &&
             tried->finish[a] > finish)) {
            return false;
        }
    }
    return true;
}

static void look_at(void *data, const struct tried *tried, int64_t lateness, numu_period makespan) {
    struct least *least = data;
    const struct numu_project *project = &least->fixture->project;
    bool costs_as_much = numu_rcpsp_cost_of(lateness, makespan) == least->cost;
    int64_t sum = 0;
    for (uint32_t a = 0; a < project->activity_count; a++) {
        sum += project->is_promised[a] ? tried->finish[a] : 0;
    }
    if (costs_as_much && sum < least->sum) {
        least->sum = sum;
    }
    if (costs_as_much && sum < least->kept_sum && keeps_to_plan(least->fixture, tried)) {
        least->kept_sum = sum;
    }
}

static void promises_come_early(void **state) {
    (void)state;
    struct fixture fixture = {.context = {.seed = 1, .threads = 1}};
    uint32_t tried = 0, earlier = 0, least_found = 0;
    numu_heap_init(&fixture.heap, 0);
    numu_arena_init(&fixture.arena, &fixture.heap);
    fixture.context.heap = &fixture.heap;
    print_message("# seed %d\n", SEED);
    for (uint64_t round = 0; round < ROUNDS; round++) {
        if (make_round(&fixture, round)) {
            struct least least = {&fixture, fixture.plan.cost, INT64_MAX, INT64_MAX};
            struct trial trial = {.visit = look_at, .visit_data = &least};
            int64_t cost = fixture.plan.cost;
            int64_t sum = sum_of(&fixture, &fixture.plan);
            numu_period end = numu_rcpsp_makespan(cost) + 1;
            assert_int_equal(numu_rcpsp_hasten(&fixture.context, &fixture.problem, &fixture.arena,
                                               &fixture.plan),
                             NUMU_OK);
            assert_true(fixture.plan.cost <= cost);
            assert_true(fixture.plan.cost ==
                        numu_rcpsp_cost(&fixture.problem, fixture.plan.finish));
            assert_true(sum_of(&fixture, &fixture.plan) <= sum);
            try_all(&fixture.project, end < HORIZON ? end : HORIZON, &trial);
            assert_true(least.sum <= sum_of(&fixture, &fixture.plan));
            if (fixture.plan.cost == cost && end <= HORIZON) {
                assert_int_equal(least.kept_sum, sum_of(&fixture, &fixture.plan));
            }
            earlier += sum_of(&fixture, &fixture.plan) < sum;
            least_found += sum_of(&fixture, &fixture.plan) == least.sum;
            tried++;
        }
        numu_arena_release(&fixture.arena);
    }
    print_message("# %u hastened, %u earlier for it, %u as early as can be\n", tried, earlier,
                  least_found);
    assert_true(tried > ROUNDS * 3 / 4 && earlier > 10);
    assert_true(least_found * 1000 > tried * 995);
    assert_int_equal(fixture.heap.bytes, 0);
}

static void failures_of_memory_lose_nothing(void **state) {
    (void)state;
    struct fixture fixture = {.context = {.seed = 1, .threads = 1}};
    uint64_t round = 0;
    int failed = 0;
    numu_heap_init(&fixture.heap, 0);
    numu_arena_init(&fixture.arena, &fixture.heap);
    fixture.context.heap = &fixture.heap;
    while (!make_round(&fixture, round) || sum_of(&fixture, &fixture.plan) == 0) {
        round++;
    }
    bool is_whole = false;
    for (uint_fast64_t n = 1; !is_whole; n++) {
        struct numu_arena scratch;
        size_t before = fixture.heap.bytes;
        int64_t cost = fixture.plan.cost;
        numu_arena_init(&scratch, &fixture.heap);
        fixture.heap.fail_at = fixture.heap.count + n;
        failed += numu_rcpsp_hasten(&fixture.context, &fixture.problem, &scratch, &fixture.plan) ==
                  NUMU_MEMORY;
        is_whole = fixture.heap.count < fixture.heap.fail_at;
        fixture.heap.fail_at = 0;
        numu_arena_release(&scratch);
        assert_int_equal(fixture.heap.bytes, before);
        assert_true(fixture.plan.cost <= cost);
    }
    assert_true(failed > 10);
    numu_arena_release(&fixture.arena);
    assert_int_equal(fixture.heap.bytes, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(promises_come_early),
        cmocka_unit_test(failures_of_memory_lose_nothing),
    };
    return cmocka_run_group_tests_name("programme hasten", tests, NULL, NULL);
}
