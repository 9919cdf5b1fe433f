/*
 * Goal: modes are drawn as often as they are to be; modes that are mended overdraw no pool, and
 * those that overdraw none stay.
 * Method: frequencies of many draws against shares, within five standard deviations; random
 * projects with pools, drawn and mended, what is used counted again.
 */
#include "programme/rcpsp_modes.h"

#include "random_project.h"

#include <math.h>

enum { SEED = 20261127, ROUNDS = 600, DRAWS = 8000 };

struct world {
    struct numu_heap heap;
    struct numu_arena arena;
    struct numu_project project;
    struct numu_rcpsp_problem problem;
};

/* A random project of activities with up to three modes; false: one of them has none to be in. */
static bool begin(struct world *world, uint64_t round) {
    static const struct project_kind kind = {8,     3,    4,     false, false, false,
                                             false, true, false, false, false};
    struct numu_random random;
    *world = (struct world){0};
    numu_heap_init(&world->heap, 0);
    numu_arena_init(&world->arena, &world->heap);
    numu_random_init(&random, SEED, round);
    make_project(&world->arena, &random, &kind, &world->project);
    world->project.horizon = 200;
    numu_status status = numu_rcpsp_problem_build(&world->project, &world->arena, &world->problem);
    assert_true(status == NUMU_OK || status == NUMU_INFEASIBLE);
    return status == NUMU_OK;
}

static void end(struct world *world) {
    numu_arena_release(&world->arena);
    assert_int_equal(world->heap.bytes, 0);
}

/* How often each mode of the problem is drawn. */
static void count_draws(struct world *world, const double *share, uint32_t *count) {
    struct numu_random random;
    uint32_t *mode;
    numu_random_init(&random, SEED + 1, 0);
    PROJECT_TAKE(&world->arena, &mode, world->problem.count);
    memset(count, 0, world->problem.mode_count * sizeof *count);
    for (int n = 0; n < DRAWS; n++) {
        numu_rcpsp_modes_draw(&world->problem, share, &random, mode);
        for (uint32_t j = 0; j < world->problem.count; j++) {
            assert_true(mode[j] >= world->problem.first_mode[j] &&
                        mode[j] < world->problem.first_mode[j + 1]);
            count[mode[j]]++;
        }
    }
}

static void assert_frequency(uint32_t count, double share) {
    assert_true(fabs(count - share * DRAWS) <= 5 * sqrt(share * (1 - share) * DRAWS) + 1e-9);
}

static void modes_are_drawn_by_their_shares(void **state) {
    (void)state;
    int open = 0;
    for (uint64_t round = 0; round < 40; round++) {
        struct world world;
        struct numu_random random;
        double *share;
        uint32_t *count;
        if (!begin(&world, round)) {
            end(&world);
            continue;
        }
        const struct numu_rcpsp_problem *problem = &world.problem;
        numu_random_init(&random, SEED + 2, round);
        PROJECT_TAKE(&world.arena, &share, world.project.mode_count);
        PROJECT_TAKE(&world.arena, &count, problem->mode_count);
        for (uint32_t j = 0; j < problem->count; j++) {
            double left = 1;
            for (uint32_t m = problem->first_mode[j]; m < problem->first_mode[j + 1]; m++) {
                double part = numu_random_below(&random, 3) == 0 ? 0 : numu_random_unit(&random);
                part = m + 1 == problem->first_mode[j + 1] ? left : part * left;
                share[problem->mode_number[m]] = part;
                left -= part;
            }
        }
        count_draws(&world, share, count);
        for (uint32_t m = 0; m < problem->mode_count; m++) {
            double part = share[problem->mode_number[m]];
            assert_frequency(count[m], part);
            open += part > 0 && part < 1;
        }
        end(&world);
    }
    assert_true(open > 80);
}

static void half_of_the_jobs_are_in_their_shortest_mode(void **state) {
    (void)state;
    struct world world;
    uint32_t *count, seen = 0;
    assert_true(begin(&world, 3));
    const struct numu_rcpsp_problem *problem = &world.problem;
    PROJECT_TAKE(&world.arena, &count, problem->mode_count);
    count_draws(&world, NULL, count);
    for (uint32_t j = 0; j < problem->count; j++) {
        uint32_t first = problem->first_mode[j], choice = problem->first_mode[j + 1] - first;
        uint32_t shortest = first;
        for (uint32_t m = first; m < first + choice; m++) {
            shortest = problem->duration[m] < problem->duration[shortest] ? m : shortest;
        }
        for (uint32_t m = first; m < first + choice; m++) {
            assert_frequency(count[m], 0.5 / choice + (m == shortest ? 0.5 : 0));
        }
        seen += choice > 1;
    }
    assert_true(seen >= 3);
    end(&world);
}

/* What modes use of a pool beyond what there is; 0 where there is enough of each. */
static int64_t overdrawn(const struct numu_rcpsp_problem *problem, const uint32_t *mode) {
    int64_t sum = 0;
    for (uint32_t k = 0; k < problem->pool_count; k++) {
        int64_t used = 0;
        for (uint32_t j = 0; j < problem->count; j++) {
            used += problem->pool_need[mode[j] * problem->pool_count + k];
        }
        sum += used > problem->pool[k] ? used - problem->pool[k] : 0;
    }
    return sum;
}

/* Whether any choice of modes from a job on overdraws no pool. */
static bool can_be_enough(const struct numu_rcpsp_problem *problem, uint32_t *mode, uint32_t job) {
    bool is_enough = job == problem->count && overdrawn(problem, mode) == 0;
    for (uint32_t m = job < problem->count ? problem->first_mode[job] : UINT32_MAX;
         job < problem->count && m < problem->first_mode[job + 1] && !is_enough; m++) {
        mode[job] = m;
        is_enough = can_be_enough(problem, mode, job + 1);
    }
    return is_enough;
}

static void mended_modes_overdraw_no_pool(void **state) {
    (void)state;
    int mended = 0, kept = 0, hopeless = 0, missed = 0;
    for (uint64_t round = 0; round < ROUNDS; round++) {
        struct world world;
        struct numu_random random;
        uint32_t *mode, *before;
        int64_t *room;
        if (!begin(&world, round)) {
            end(&world);
            continue;
        }
        const struct numu_rcpsp_problem *problem = &world.problem;
        numu_random_init(&random, SEED + 3, round);
        PROJECT_TAKE(&world.arena, &mode, problem->count);
        PROJECT_TAKE(&world.arena, &before, problem->count);
        PROJECT_TAKE(&world.arena, &room, problem->pool_count);
        numu_rcpsp_modes_draw(problem, NULL, &random, mode);
        memcpy(before, mode, problem->count * sizeof *mode);
        bool was_enough = overdrawn(problem, mode) == 0;
        bool is_enough = numu_rcpsp_modes_repair(problem, &random, mode, room);
        assert_int_equal(is_enough, overdrawn(problem, mode) == 0);
        if (was_enough) {
            assert_memory_equal(mode, before, problem->count * sizeof *mode);
        }
        mended += is_enough && !was_enough;
        kept += was_enough;
        if (!is_enough) {
            bool can_be = can_be_enough(problem, mode, 0);
            missed += can_be;
            hopeless += !can_be;
        }
        end(&world);
    }
    print_message("# %d mended, %d as they were, %d cannot be, %d missed\n", mended, kept, hopeless,
                  missed);
    assert_true(mended > ROUNDS / 20 && kept > ROUNDS / 4 && hopeless > 0 && missed < mended / 5);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(modes_are_drawn_by_their_shares),
        cmocka_unit_test(half_of_the_jobs_are_in_their_shortest_mode),
        cmocka_unit_test(mended_modes_overdraw_no_pool),
    };
    return cmocka_run_group_tests_name("programme rcpsp_modes", tests, NULL, NULL);
}
