/*
 * Goal: programmes in whole numbers are solved, and what is said of them is true.
 * Method: random tiny ones against enumeration of all whole points, the rest by the linear solver;
 * one solved by hand; each status; a start that is known; lots of one item against Wagner and
 * Whitin's recursion; the written MPS by glpsol.
 */
#include "base/random.h"

#include "glpsol.h"
#include "solve_world.h"
#include "wish.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { SEED = 20261125 };

static double seconds(void *data) {
    (void)data;
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static void column(struct fixture *fixture, bool is_whole, double cost, double upper,
                   const struct numu_lp_entry *entries, size_t count) {
    numu_lp_column at = 0;
    assert_int_equal(numu_lp_add_column(&fixture->lp, cost, 0, upper, entries, count, &at),
                     NUMU_OK);
    if (is_whole) {
        numu_lp_set_whole(&fixture->lp, at);
    }
}

static void solve(struct fixture *fixture, const double *start) {
    const struct numu_lp_whole_options options = {.start = start};
    assert_int_equal(numu_lp_solve_whole(&fixture->context, &fixture->lp, &options, &fixture->arena,
                                         &fixture->whole),
                     NUMU_OK);
}

static void assert_near(double value, double expected) {
    if (!(fabs(value - expected) <= 1e-6 * (1 + fabs(expected)))) {
        fail_msg("%.17g is not near %.17g", value, expected);
    }
}

/* max 5a + 4b: 6a + 4b <= 24, a + 2b <= 6; the relaxation has (3, 1.5), whole is (4, 0). */
static void solves_by_hand(void **state) {
    (void)state;
    struct fixture fixture;
    begin(&fixture);
    row(&fixture, -INFINITY, 24);
    row(&fixture, -INFINITY, 6);
    column(&fixture, true, -5, INFINITY, (const struct numu_lp_entry[]){{0, 6}, {1, 1}}, 2);
    column(&fixture, true, -4, INFINITY, (const struct numu_lp_entry[]){{0, 4}, {1, 2}}, 2);
    fixture.lp.constant = 100;
    solve(&fixture, NULL);
    assert_int_equal(fixture.whole.status, NUMU_LP_OPTIMAL);
    assert_true(fixture.whole.has_values);
    assert_near(fixture.whole.objective, 80);
    assert_near(fixture.whole.bound, 80);
    assert_true(fixture.whole.col_value[0] == 4 && fixture.whole.col_value[1] == 0);
    solve(&fixture, (const double[]){0, 0});
    assert_near(fixture.whole.objective, 80);
    end(&fixture);
}

static void tells_infeasible(void **state) {
    (void)state;
    struct fixture fixture;
    begin(&fixture);
    row(&fixture, 3, 3); /* 2a = 3 */
    column(&fixture, true, 1, 10, (const struct numu_lp_entry[]){{0, 2}}, 1);
    solve(&fixture, NULL);
    assert_int_equal(fixture.whole.status, NUMU_LP_INFEASIBLE);
    assert_false(fixture.whole.has_values);
    end(&fixture);
}

static void stops_before_it_begins(void **state) {
    (void)state;
    atomic_bool stop = true;
    struct fixture fixture;
    begin(&fixture);
    fixture.context.stop = &stop;
    row(&fixture, -INFINITY, 1);
    column(&fixture, true, -1, 1, (const struct numu_lp_entry[]){{0, 1}}, 1);
    solve(&fixture, NULL);
    assert_int_equal(fixture.whole.status, NUMU_LP_STOPPED);
    assert_false(fixture.whole.has_values);
    end(&fixture);
}

enum { WHOLE = 3, PARTS = 3, ROWS = 4, MOST = 2 };

static int between(struct numu_random *random, int low, int high) {
    return low + (int)numu_random_below(random, (uint64_t)(high - low + 1));
}

static void make_random(struct fixture *fixture, struct numu_random *random) {
    for (int i = 0; i < ROWS; i++) {
        int right = between(random, 3, 30);
        row(fixture, between(random, 0, 4) == 0 ? 1 : -INFINITY, right);
    }
    for (int j = 0; j < WHOLE + PARTS; j++) {
        struct numu_lp_entry entries[ROWS];
        size_t count = 0;
        for (uint32_t i = 0; i < ROWS; i++) {
            double value = between(random, -2, 7);
            entries[count] = (struct numu_lp_entry){i, value};
            count += value != 0;
        }
        column(fixture, j < WHOLE, between(random, -9, 4), j < WHOLE ? MOST : 10, entries, count);
    }
}

/* The best over all whole points, INFINITY where there is none. */
static double enumerate(struct fixture *fixture) {
    const struct numu_lp_options options = {.is_near = true};
    struct numu_lp_solver *solver = NULL;
    double best = INFINITY;
    assert_int_equal(numu_lp_solver_open(&fixture->context, &fixture->lp, &solver), NUMU_OK);
    int points = 1;
    for (int j = 0; j < WHOLE; j++) {
        points *= MOST + 1;
    }
    for (int point = 0; point < points; point++) {
        int rest = point;
        for (numu_lp_column j = 0; j < WHOLE; j++) {
            numu_lp_solver_set_column_bounds(solver, j, rest % (MOST + 1), rest % (MOST + 1));
            rest /= MOST + 1;
        }
        struct numu_arena arena;
        struct numu_lp_solution solution;
        numu_arena_init(&arena, &fixture->heap);
        assert_int_equal(numu_lp_solver_solve(solver, &options, &arena, &solution), NUMU_OK);
        if (solution.status == NUMU_LP_OPTIMAL) {
            best = fmin(best, solution.objective);
        }
        numu_arena_release(&arena);
    }
    numu_lp_solver_close(solver);
    return best;
}

static void agrees_with_enumeration(void **state) {
    (void)state;
    print_message("# seed %d\n", SEED);
    int feasible = 0;
    for (uint64_t number = 0; number < 200; number++) {
        struct fixture fixture;
        struct numu_random random;
        numu_random_init(&random, SEED, number);
        begin(&fixture);
        make_random(&fixture, &random);
        solve(&fixture, NULL);
        double best = enumerate(&fixture);
        if (best == INFINITY) {
            assert_int_equal(fixture.whole.status, NUMU_LP_INFEASIBLE);
        } else {
            assert_int_equal(fixture.whole.status, NUMU_LP_OPTIMAL);
            assert_near(fixture.whole.objective, best);
            assert_near(fixture.whole.bound, best);
            assert_true(fixture.whole.primal_residual <= 1e-6);
            for (int j = 0; j < WHOLE; j++) {
                double value = fixture.whole.col_value[j];
                assert_true(value == round(value));
            }
            feasible++;
        }
        end(&fixture);
    }
    assert_true(feasible >= 100);
}

/* --- lots of one item --- */

enum { MONTHS = 12 };

struct lots {
    double demand[MONTHS], setup, holding;
};

/* f(t) = min over j < t of f(j) + setup + holding of what j + 1 … t need from j on. */
static double wagner_whitin(const struct lots *lots) {
    double best[MONTHS + 1] = {0};
    for (int t = 1; t <= MONTHS; t++) {
        best[t] = INFINITY;
        for (int j = 0; j < t; j++) {
            double cost = best[j] + lots->setup;
            for (int k = j; k < t; k++) {
                cost += lots->holding * (k - j) * lots->demand[k];
            }
            best[t] = fmin(best[t], cost);
        }
    }
    return best[MONTHS];
}

/* Balance rows, then x <= M y rows; columns x, stock, y. */
static void make_lots(struct fixture *fixture, const struct lots *lots) {
    double all = 0;
    for (int t = 0; t < MONTHS; t++) {
        all += lots->demand[t];
        row(fixture, lots->demand[t], lots->demand[t]);
    }
    for (int t = 0; t < MONTHS; t++) {
        row(fixture, -INFINITY, 0);
    }
    for (uint32_t t = 0; t < MONTHS; t++) {
        column(fixture, false, 0, INFINITY, (struct numu_lp_entry[]){{t, 1}, {MONTHS + t, 1}}, 2);
        column(fixture, false, lots->holding, INFINITY,
               (struct numu_lp_entry[]){{t, -1}, {t + 1, 1}}, t + 1 < MONTHS ? 2 : 1);
        column(fixture, true, lots->setup, 1, (struct numu_lp_entry[]){{MONTHS + t, -all}}, 1);
    }
}

static void agrees_with_wagner_and_whitin(void **state) {
    (void)state;
    for (uint64_t number = 0; number < 30; number++) {
        struct fixture fixture;
        struct numu_random random;
        struct lots lots;
        numu_random_init(&random, SEED + 1, number);
        lots.setup = between(&random, 20, 400);
        lots.holding = between(&random, 1, 8) / 4.0;
        for (int t = 0; t < MONTHS; t++) {
            lots.demand[t] = between(&random, 1, 90);
        }
        begin(&fixture);
        make_lots(&fixture, &lots);
        solve(&fixture, NULL);
        assert_int_equal(fixture.whole.status, NUMU_LP_OPTIMAL);
        assert_near(fixture.whole.objective, wagner_whitin(&lots));
        end(&fixture);
    }
}

/* --- time, and other solvers --- */

/* A knapsack with equal weights that take long to prove: Σ 2 x_j = odd over many columns. */
static void make_hard(struct fixture *fixture) {
    enum { COLUMNS = 60 };
    row(fixture, -INFINITY, 100003);
    row(fixture, -INFINITY, 90001);
    for (int j = 0; j < COLUMNS; j++) {
        double weight = 4001 + 37 * j % 997;
        double other = 3001 + 89 * j % 1009;
        column(fixture, true, -weight - other / 3, 1,
               (struct numu_lp_entry[]){{0, weight}, {1, other}}, 2);
    }
}

static void keeps_the_best_so_far(void **state) {
    (void)state;
    struct fixture fixture;
    begin(&fixture);
    fixture.context.clock = seconds;
    make_hard(&fixture);
    const struct numu_lp_whole_options options = {.time_limit_s = 0.2};
    assert_int_equal(numu_lp_solve_whole(&fixture.context, &fixture.lp, &options, &fixture.arena,
                                         &fixture.whole),
                     NUMU_OK);
    assert_true(fixture.whole.status == NUMU_LP_LIMIT || fixture.whole.status == NUMU_LP_OPTIMAL);
    assert_true(fixture.whole.has_values);
    assert_true(fixture.whole.bound <= fixture.whole.objective);
    assert_true(fixture.whole.bound > -INFINITY);
    end(&fixture);
}

/* A search that would take for ever ends when it is told to, with what it has. */
static void stops_within_a_search(void **state) {
    (void)state;
    struct fixture fixture;
    struct wish wish = {.at = 200};
    begin(&fixture);
    make_hard(&fixture);
    fixture.context.clock = wishing_clock;
    fixture.context.clock_data = &wish;
    fixture.context.stop = &wish.stop;
    const struct numu_lp_whole_options options = {.time_limit_s = 1e9};
    assert_int_equal(numu_lp_solve_whole(&fixture.context, &fixture.lp, &options, &fixture.arena,
                                         &fixture.whole),
                     NUMU_OK);
    assert_int_equal(fixture.whole.status, NUMU_LP_STOPPED);
    assert_true(wish.looks >= 200);
    assert_true(fixture.whole.has_values);
    assert_true(fixture.whole.bound > -INFINITY);
    assert_true(fixture.whole.bound <= fixture.whole.objective);
    end(&fixture);
}

static void writes_what_glpsol_reads(void **state) {
    (void)state;
    for (uint64_t number = 0; number < 20; number++) {
        struct fixture fixture;
        struct numu_random random;
        struct numu_buffer mps;
        numu_random_init(&random, SEED, number);
        begin(&fixture);
        numu_buffer_init(&mps, &fixture.heap, 0);
        make_random(&fixture, &random);
        solve(&fixture, NULL);
        assert_int_equal(numu_lp_write_mps(&fixture.lp, "whole", NULL, &mps), NUMU_OK);
        if (fixture.whole.status == NUMU_LP_OPTIMAL) {
            struct glpsol_answer answer = ask_glpsol(&mps, "");
            assert_int_equal(answer.whole, 'o');
            assert_near(answer.objective, fixture.whole.objective);
        }
        numu_buffer_release(&mps);
        end(&fixture);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(solves_by_hand),
        cmocka_unit_test(tells_infeasible),
        cmocka_unit_test(stops_before_it_begins),
        cmocka_unit_test(agrees_with_enumeration),
        cmocka_unit_test(agrees_with_wagner_and_whitin),
        cmocka_unit_test(keeps_the_best_so_far),
        cmocka_unit_test(stops_within_a_search),
        cmocka_unit_test(writes_what_glpsol_reads),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
