/*
 * Goal: the time that sets need is the least there is, and is never told too long.
 * Method: small random tasks against a programme that has every set that can run at once; limits of
 * work that end it anywhere; larger ones, each set found without a limit; tasks known by hand; each
 * n-th allocation made to fail.
 */
#include "programme/bound_cover.h"

#include "base/random.h"
#include "solve/lp.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

enum { SEED = 20261128, ROUNDS = 400, SMALL = 9, TASKS_MAX = 50, RESOURCES = 2, FAILS = 200 };

struct fixture {
    struct numu_heap heap;
    struct numu_arena arena;
    struct numu_context context;
    struct numu_heaviest heaviest;
    struct numu_bound_meter meter;
    numu_period duration[TASKS_MAX];
    int32_t capacity[RESOURCES];
};

static void open_fixture(struct fixture *it, uint32_t count) {
    *it = (struct fixture){0};
    numu_heap_init(&it->heap, 0);
    numu_arena_init(&it->arena, &it->heap);
    it->context.heap = &it->heap;
    it->meter = numu_bound_meter_begin(&it->context, 0, 0);
    assert_int_equal(numu_heaviest_init(&it->heaviest, &it->arena, count, RESOURCES), NUMU_OK);
}

static void close_fixture(struct fixture *it) {
    numu_arena_release(&it->arena);
    assert_int_equal(it->heap.bytes, 0);
}

static void make_tasks(struct fixture *it, struct numu_random *random) {
    for (uint32_t r = 0; r < RESOURCES; r++) {
        it->capacity[r] = 5 + (int32_t)numu_random_below(random, 6);
    }
    for (uint32_t i = 0; i < it->heaviest.count; i++) {
        it->duration[i] = 1 + (numu_period)numu_random_below(random, 9);
        for (uint32_t r = 0; r < RESOURCES; r++) {
            it->heaviest.need[i * RESOURCES + r] = (int32_t)numu_random_below(random, 6);
        }
        for (uint32_t k = 0; k < i; k++) {
            if (numu_random_below(random, 5) == 0) {
                numu_heaviest_set_apart(&it->heaviest, i, k);
            }
        }
    }
}

static numu_status raise(struct fixture *it, numu_period *io_points) {
    const struct numu_bound_cover cover = {it->duration, it->capacity, &it->heaviest, &it->meter};
    return numu_bound_cover_raise(&it->context, &cover, &it->arena, io_points);
}

static bool can_run(const struct fixture *it, uint32_t set) {
    bool can = true;
    for (uint32_t r = 0; r < RESOURCES; r++) {
        int32_t need = 0;
        for (uint32_t i = 0; i < it->heaviest.count; i++) {
            need += (set >> i & 1) != 0 ? it->heaviest.need[i * RESOURCES + r] : 0;
        }
        can &= need <= it->capacity[r];
    }
    for (uint32_t i = 0; i < it->heaviest.count; i++) {
        for (uint32_t k = 0; k < i; k++) {
            can &= (set >> i & set >> k & 1) == 0 || !numu_heaviest_are_apart(&it->heaviest, i, k);
        }
    }
    return can;
}

/* The least time, from a programme of all sets. */
static double least_time(struct fixture *it) {
    struct numu_lp lp;
    struct numu_lp_solver *solver;
    struct numu_lp_solution solution;
    const struct numu_lp_options options = {0};
    numu_lp_init(&lp, &it->heap);
    for (uint32_t i = 0; i < it->heaviest.count; i++) {
        assert_int_equal(numu_lp_add_row(&lp, it->duration[i], INFINITY, NULL), NUMU_OK);
    }
    for (uint32_t set = 1; set < 1U << it->heaviest.count; set++) {
        struct numu_lp_entry entry[SMALL];
        size_t count = 0;
        for (uint32_t i = 0; i < it->heaviest.count; i++) {
            if ((set >> i & 1) != 0) {
                entry[count++] = (struct numu_lp_entry){i, 1};
            }
        }
        if (can_run(it, set)) {
            assert_int_equal(numu_lp_add_column(&lp, 1, 0, INFINITY, entry, count, NULL), NUMU_OK);
        }
    }
    assert_int_equal(numu_lp_solver_open(&it->context, &lp, &solver), NUMU_OK);
    assert_int_equal(numu_lp_solver_solve(solver, &options, &it->arena, &solution), NUMU_OK);
    assert_int_equal(solution.status, NUMU_LP_OPTIMAL);
    numu_lp_solver_close(solver);
    numu_lp_release(&lp);
    return solution.objective;
}

static void the_time_is_that_of_all_sets(void **state) {
    (void)state;
    int limited = 0;
    for (uint64_t round = 0; round < ROUNDS; round++) {
        struct fixture it;
        struct numu_random random;
        numu_period points = 1, some = 1, known;
        numu_random_init(&random, SEED, round);
        open_fixture(&it, 2 + (uint32_t)numu_random_below(&random, SMALL - 1));
        make_tasks(&it, &random);
        numu_period least = (numu_period)ceil(least_time(&it) - 1e-4);
        assert_int_equal(raise(&it, &points), NUMU_OK);
        assert_int_equal(points, least);
        known = least + 3; /* what is known never falls */
        assert_int_equal(raise(&it, &known), NUMU_OK);
        assert_int_equal(known, least + 3);
        it.meter = numu_bound_meter_begin(&it.context, 1 + numu_random_below(&random, 2000), 0);
        assert_int_equal(raise(&it, &some), NUMU_OK);
        assert_true(some >= 1 && some <= least);
        limited += some < least;
        close_fixture(&it);
    }
    print_message("# %d of %d ended by limits of work\n", limited, ROUNDS);
    assert_true(limited > ROUNDS / 20 && limited < ROUNDS);
}

/* The same with sets as they are wanted, each found without a limit. */
static double least_time_of_wanted(struct fixture *it) {
    struct numu_heaviest *heaviest = &it->heaviest;
    struct numu_lp lp;
    struct numu_lp_solver *solver;
    struct numu_lp_solution solution;
    const struct numu_lp_options options = {.primal = true};
    uint32_t candidate[TASKS_MAX];
    int64_t weight[TASKS_MAX];
    bool is_wanted = true;
    numu_lp_init(&lp, &it->heap);
    for (uint32_t i = 0; i < heaviest->count; i++) {
        candidate[i] = i;
        assert_int_equal(numu_lp_add_row(&lp, it->duration[i], INFINITY, NULL), NUMU_OK);
    }
    for (uint32_t i = 0; i < heaviest->count; i++) {
        const struct numu_lp_entry alone = {i, 1};
        assert_int_equal(numu_lp_add_column(&lp, 1, 0, INFINITY, &alone, 1, NULL), NUMU_OK);
    }
    assert_int_equal(numu_lp_solver_open(&it->context, &lp, &solver), NUMU_OK);
    while (is_wanted) {
        struct numu_lp_entry entry[TASKS_MAX];
        assert_int_equal(numu_lp_solver_solve(solver, &options, &it->arena, &solution), NUMU_OK);
        for (uint32_t i = 0; i < heaviest->count; i++) {
            weight[i] = llround(fmin(fmax(solution.row_dual[i], 0), 1) * 1e8);
        }
        numu_heaviest_find(heaviest,
                           &(struct numu_heaviest_question){.candidate = candidate,
                                                            .candidate_count = heaviest->count,
                                                            .weight = weight,
                                                            .capacity = it->capacity,
                                                            .floor = 100001000});
        is_wanted = heaviest->chosen_count > 0;
        for (uint32_t n = 0; n < heaviest->chosen_count; n++) {
            entry[n] = (struct numu_lp_entry){heaviest->chosen[n], 1};
        }
        assert_true(!is_wanted ||
                    numu_lp_solver_add_column(solver, 1, 0, INFINITY, entry, heaviest->chosen_count,
                                              NULL) == NUMU_OK);
    }
    numu_lp_solver_close(solver);
    numu_lp_release(&lp);
    return solution.objective;
}

/* Where questions do not end within their nodes nothing is proven by them. */
static void what_was_not_looked_at_proves_nothing(void **state) {
    (void)state;
    uint64_t most_nodes = 0;
    for (uint64_t round = 0; round < 20; round++) {
        struct fixture it;
        struct numu_random random;
        numu_period points = 1;
        numu_random_init(&random, SEED + 1, round);
        open_fixture(&it, TASKS_MAX);
        make_tasks(&it, &random);
        for (uint32_t r = 0; r < RESOURCES; r++) {
            it.capacity[r] *= 3;
        }
        for (uint32_t i = 0; i < TASKS_MAX; i++) {
            it.duration[i] *= 100; /* so that a programme that has not ended tells another time */
        }
        assert_int_equal(raise(&it, &points), NUMU_OK);
        most_nodes = it.heaviest.nodes > most_nodes ? it.heaviest.nodes : most_nodes;
        assert_int_equal(points, ceil(least_time_of_wanted(&it) - 1e-3));
        close_fixture(&it);
    }
    print_message("# at most %llu nodes\n", (unsigned long long)most_nodes);
}

/* Three of which any two can run at once, but not all: each set of two for half of the time. */
static void pairs_of_three_share_the_time(void **state) {
    (void)state;
    struct fixture it;
    numu_period points = 1;
    open_fixture(&it, 3);
    it.capacity[0] = 2;
    for (uint32_t i = 0; i < 3; i++) {
        it.duration[i] = 5;
        it.heaviest.need[i * RESOURCES] = 1;
    }
    assert_int_equal(raise(&it, &points), NUMU_OK);
    assert_int_equal(points, 8); /* 7.5 */
    numu_heaviest_set_apart(&it.heaviest, 0, 1);
    assert_int_equal(raise(&it, &points), NUMU_OK);
    assert_int_equal(points, 10);
    it.duration[0] = NUMU_PERIOD_MAX - 10;
    assert_int_equal(raise(&it, &points), NUMU_OK);
    /* the third beside the first or the second: NUMU_PERIOD_MAX - 5, to a millionth or two */
    assert_true(points <= NUMU_PERIOD_MAX - 5 && points > NUMU_PERIOD_MAX - 600);
    points = 10;
    it.duration[0] = NUMU_PERIOD_MAX; /* more than there is of time */
    assert_int_equal(raise(&it, &points), NUMU_OK);
    assert_int_equal(points, 10);
    close_fixture(&it);
}

static void failures_of_memory_lose_nothing(void **state) {
    (void)state;
    struct fixture it;
    struct numu_random random;
    int failed = 0;
    numu_random_init(&random, SEED, 3);
    open_fixture(&it, SMALL);
    make_tasks(&it, &random);
    for (uint_fast64_t n = 1; n < FAILS; n++) {
        numu_period points = 1;
        size_t before = it.heap.bytes;
        it.heap.fail_at = it.heap.count + n;
        failed += raise(&it, &points) == NUMU_MEMORY;
        it.heap.fail_at = 0;
        assert_true(it.heap.bytes <= before + 65536); /* the arena keeps what it took */
    }
    print_message("# %d allocations failed\n", failed);
    assert_true(failed > 0 && failed < FAILS - 1);
    close_fixture(&it);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_time_is_that_of_all_sets),
        cmocka_unit_test(what_was_not_looked_at_proves_nothing),
        cmocka_unit_test(pairs_of_three_share_the_time),
        cmocka_unit_test(failures_of_memory_lose_nothing),
    };
    return cmocka_run_group_tests_name("programme bound cover", tests, NULL, NULL);
}
