/*
 * Goal: what a mirror that follows a plan makes of it is a schedule of the problem, costs what that
 * schedule costs, and no more than the plan.
 * Method: thousands of small random projects with deadlines, some of them with lags and modes, each
 * decoded from a list at random, turned around, and decoded again forward: costs are counted anew
 * from finishes that are turned around here, never rise (the invariant of forward-backward
 * improvement), nor fall below the best of all schedules; lists at random in the mirror cost what
 * they cost turned around.
 */
#include "programme/rcpsp_mirror.h"
#include "programme/rcpsp_room.h"

#include "random_project.h"

enum { SEED = 20261127, ROUNDS = 3000, HORIZON = 36, PROJECT_HORIZON = 380 };

static const struct project_kind kinds[] = {
    {6, 1, 2, false, false, false, false, false, false, false, true},
    {4, 3, 3, false, true, false, false, false, false, false, true},
    {6, 1, 2, true, true, false, false, false, false, false, true},
};

struct fixture {
    struct numu_heap heap;
    struct numu_arena arena;
    struct numu_project project;
    struct trial trial;
    struct numu_rcpsp_problem problem, mirror;
    struct numu_rcpsp_desk desk;
    struct numu_rcpsp_sorter sorter;
    struct numu_rcpsp_plan plan, back, turned;
    numu_period *key;
    uint32_t *list;
};

static void take_plan(struct fixture *fixture, struct numu_rcpsp_plan *plan) {
    PROJECT_TAKE(&fixture->arena, &plan->start, fixture->problem.count);
    PROJECT_TAKE(&fixture->arena, &plan->finish, fixture->problem.count);
    PROJECT_TAKE(&fixture->arena, &plan->mode, fixture->problem.count);
}

static bool make_round(struct fixture *fixture, struct numu_random *random, uint64_t round) {
    struct numu_project *project = &fixture->project;
    struct numu_rcpsp_problem *problem = &fixture->problem;
    make_project(&fixture->arena, random, &kinds[round % (sizeof kinds / sizeof *kinds)], project);
    project->horizon = PROJECT_HORIZON;
    if (numu_rcpsp_problem_build(project, &fixture->arena, problem) != NUMU_OK ||
        !problem->has_deadlines || problem->mirror == NULL) {
        return false;
    }
    assert_int_equal(numu_rcpsp_mirror_take(problem, &fixture->arena, &fixture->mirror), NUMU_OK);
    assert_int_equal(numu_rcpsp_desk_take(problem, &fixture->arena, &fixture->desk), NUMU_OK);
    assert_int_equal(numu_rcpsp_sorter_take(problem, &fixture->arena, &fixture->sorter), NUMU_OK);
    take_plan(fixture, &fixture->plan);
    take_plan(fixture, &fixture->back);
    take_plan(fixture, &fixture->turned);
    PROJECT_TAKE(&fixture->arena, &fixture->key, problem->count);
    PROJECT_TAKE(&fixture->arena, &fixture->list, problem->count);
    return true;
}

static void decode_at_random(struct fixture *fixture, struct numu_random *random,
                             const struct numu_rcpsp_problem *problem,
                             struct numu_rcpsp_plan *plan) {
    for (uint32_t j = 0; j < problem->count; j++) {
        uint32_t choice = problem->first_mode[j + 1] - problem->first_mode[j];
        fixture->key[j] = project_between(random, 0, 30);
        plan->mode[j] = problem->first_mode[j] + (uint32_t)numu_random_below(random, choice);
    }
    numu_rcpsp_order(problem, &fixture->sorter, fixture->key, false, fixture->list);
    numu_rcpsp_decode(problem, &fixture->desk, fixture->list, NULL, plan);
}

/* Of a plan of the mirror, counted from what it is turned around. */
static int64_t turned_cost(const struct fixture *fixture, const struct numu_rcpsp_plan *back) {
    numu_period finish[TRIED_ACTIVITIES_MAX], first = INT32_MAX, end = 0;
    uint32_t count = fixture->problem.count;
    for (uint32_t j = 0; j < count; j++) {
        end = back->finish[j] > end ? back->finish[j] : end;
        first = back->start[j] < first ? back->start[j] : first;
    }
    assert_int_equal(first, 0);
    for (uint32_t j = 0; j < count; j++) {
        finish[j] = end - back->start[count - 1 - j];
    }
    return numu_rcpsp_cost(&fixture->problem, finish);
}

/* Modes and order of a plan for the other direction; modes of both are numbered alike. */
static void turn(struct fixture *fixture, const struct numu_rcpsp_problem *from,
                 const struct numu_rcpsp_plan *plan, const struct numu_rcpsp_problem *to,
                 struct numu_rcpsp_plan *out) {
    for (uint32_t j = 0; j < to->count; j++) {
        uint32_t twin = to->count - 1 - j;
        fixture->key[j] = -plan->finish[twin];
        out->mode[j] = to->first_mode[j] + plan->mode[twin] - from->first_mode[twin];
    }
    numu_rcpsp_order(to, &fixture->sorter, fixture->key, to->starts_keep_links, fixture->list);
    numu_rcpsp_decode(to, &fixture->desk, fixture->list, NULL, out);
    for (uint32_t j = 0; j < to->count; j++) {
        numu_period duration = out->finish[j] - out->start[j];
        assert_true(out->start[j] >= numu_rcpsp_asked_resume(to, out, j, duration, NULL));
    }
}

static void turning_around_costs_nothing(void **state) {
    (void)state;
    struct fixture fixture = {0};
    uint32_t tried = 0, late = 0, less = 0;
    numu_heap_init(&fixture.heap, 0);
    numu_arena_init(&fixture.arena, &fixture.heap);
    print_message("# seed %d\n", SEED);
    for (uint64_t round = 0; round < ROUNDS; round++) {
        struct numu_random random;
        numu_random_init(&random, SEED, round);
        if (!make_round(&fixture, &random, round)) {
            numu_arena_release(&fixture.arena);
            continue;
        }
        const struct numu_rcpsp_problem *problem = &fixture.problem, *mirror = &fixture.mirror;
        decode_at_random(&fixture, &random, problem, &fixture.plan);
        numu_rcpsp_mirror_follow(problem, &fixture.plan, &fixture.mirror);
        turn(&fixture, problem, &fixture.plan, mirror, &fixture.back);
        numu_rcpsp_mirror_settle(problem, &fixture.back);
        assert_true(fixture.back.cost == turned_cost(&fixture, &fixture.back));
        if (problem->starts_keep_links && problem->finishes_keep_links) {
            assert_true(fixture.back.cost <= fixture.plan.cost);
            turn(&fixture, mirror, &fixture.back, problem, &fixture.turned);
            assert_true(fixture.turned.cost <= fixture.back.cost);
            try_all(&fixture.project, HORIZON, &fixture.trial);
            assert_true(fixture.turned.cost >= numu_rcpsp_cost_of(fixture.trial.best_lateness,
                                                                  fixture.trial.best_makespan));
            less += fixture.turned.cost < fixture.plan.cost;
        }
        late += numu_rcpsp_lateness(fixture.plan.cost) > 0;
        decode_at_random(&fixture, &random, mirror, &fixture.back);
        numu_rcpsp_mirror_settle(problem, &fixture.back);
        assert_true(fixture.back.cost == turned_cost(&fixture, &fixture.back));
        tried++;
        numu_arena_release(&fixture.arena);
    }
    print_message("# %u turned around, %u late, %u better for it\n", tried, late, less);
    assert_true(tried > ROUNDS / 2 && late > tried / 5 && less > tried / 100);
    numu_arena_release(&fixture.arena);
    assert_int_equal(fixture.heap.bytes, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(turning_around_costs_nothing)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
