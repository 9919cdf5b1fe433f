/*
 * Goal: the first basis is one (never singular), is optimal where nothing is scarce, may always be
 * told from one that the dual simplex cannot begin with, and changes no answer.
 * Method: a plan by hand; random supply programmes against the solver's other road (primal simplex
 * from slacks, presolved); the basis by elimination; each n-th allocation made to fail.
 */
#include "base/random.h"

#include "solve_world.h"

#include <math.h>

enum { SEED = 20261126, ROWS_MAX = 64 };

#define NEAR 1e-7

static numu_lp_column column(struct fixture *f, double cost, double upper,
                             const struct numu_lp_entry *entries, size_t count) {
    numu_lp_column out = 0;
    assert_int_equal(numu_lp_add_column(&f->lp, cost, 0, upper, entries, count, &out), NUMU_OK);
    return out;
}
#define COLUMN(f, cost, upper, ...)                                                                \
    column(f, cost, upper, (const struct numu_lp_entry[]){__VA_ARGS__},                            \
           sizeof((const struct numu_lp_entry[]){__VA_ARGS__}) / sizeof(struct numu_lp_entry))

static void build(struct fixture *f) {
    assert_int_equal(numu_lp_start_build(&f->lp, &f->arena, &f->start), NUMU_OK);
}

static void solve(struct fixture *f, bool primal) {
    struct numu_lp_solver *solver = NULL;
    struct numu_lp_options options = {.primal = primal};
    assert_int_equal(numu_lp_solver_open(&f->context, &f->lp, &solver), NUMU_OK);
    assert_int_equal(numu_lp_solver_solve(solver, &options, &f->arena, &f->solution), NUMU_OK);
    numu_lp_solver_close(solver);
}

static void assert_near(double value, double expected) {
    assert_true(fabs(value - expected) <= NEAR * (1 + fabs(expected)));
}

/* --- by hand --- */

enum { WHOLE_0, WHOLE_1, PART_0, PART_1, HOURS };

/* Ten wholes in the second month; made from two parts each, which come in the second month. */
static void plan_two_months(struct fixture *f, double hours, double sign) {
    row(f, 0, 0);
    row(f, sign * 10, sign * 10);
    row(f, 0, 0);
    row(f, 0, 0);
    row(f, -INFINITY, hours);
    COLUMN(f, 3, INFINITY, {WHOLE_0, 1}, {PART_0, -2});                /* 0: make at once */
    COLUMN(f, 3, INFINITY, {WHOLE_1, sign}, {PART_1, -2}, {HOURS, 1}); /* 1: make */
    COLUMN(f, 4, INFINITY, {PART_1, 1});                               /* 2: import a part */
    COLUMN(f, 20, INFINITY, {WHOLE_1, sign});                          /* 3: import */
    COLUMN(f, 2, INFINITY, {WHOLE_0, -1}, {WHOLE_1, sign});            /* 4: keep */
    COLUMN(f, 1.5, INFINITY, {PART_0, -1}, {PART_1, 1});               /* 5: keep a part */
    COLUMN(f, 1, 0, {WHOLE_1, sign});                                  /* 6: may not */
}

/* A whole costs 3 + 2·4; kept from the month before it would cost 9 there, and a part 3. */
static void the_cheapest_ways_are_basic(void **state) {
    (void)state;
    for (int sign = -1; sign <= 1; sign += 2) {
        struct fixture f;
        begin(&f);
        plan_two_months(&f, 100, sign);
        build(&f);
        assert_true(f.start.is_dual_feasible);
        assert_int_equal(f.start.basic_count, 4);
        assert_int_equal(f.start.basic[WHOLE_1], 1);
        assert_int_equal(f.start.basic[PART_1], 2);
        assert_int_equal(f.start.basic[WHOLE_0], 4);
        assert_int_equal(f.start.basic[PART_0], 0);
        assert_int_equal(f.start.basic[HOURS], NUMU_NONE);
        assert_true(f.start.is_at_upper[6]);
        solve(&f, false);
        assert_int_equal(f.solution.status, NUMU_LP_OPTIMAL);
        assert_int_equal(f.solution.iterations, 0);
        assert_near(f.solution.objective, 110);
        assert_near(f.solution.dual_bound, 110);
        end(&f);
    }
}

static void what_is_scarce_is_mended(void **state) {
    (void)state;
    struct fixture f;
    begin(&f);
    plan_two_months(&f, 5, 1);
    solve(&f, false);
    assert_int_equal(f.solution.status, NUMU_LP_OPTIMAL);
    assert_near(f.solution.objective, 5 * 11 + 5 * 20);
    assert_near(f.solution.row_dual[HOURS], 11 - 20);
    end(&f);
}

/* What pays for being used, without a bound, is no start for the dual simplex. */
static void a_gain_without_bound_is_seen(void **state) {
    (void)state;
    struct fixture f;
    begin(&f);
    row(&f, 1, 1);
    row(&f, -INFINITY, 7);
    COLUMN(&f, 2, INFINITY, {0, 1});
    COLUMN(&f, -1, INFINITY, {1, 1});
    build(&f);
    assert_false(f.start.is_dual_feasible);
    f.lp.col_upper[1] = 5;
    build(&f);
    assert_true(f.start.is_dual_feasible);
    assert_true(f.start.is_at_upper[1]);
    solve(&f, false);
    assert_near(f.solution.objective, 2 - 5);
    end(&f);
}

/* --- at random --- */

/* Whether the basis is regular: Gauss with the greatest pivot of each column. */
static bool is_regular(const struct fixture *f) {
    static double matrix[ROWS_MAX][ROWS_MAX];
    const struct numu_lp *lp = &f->lp;
    uint32_t m = lp->num_row;
    memset(matrix, 0, sizeof matrix);
    for (numu_lp_row i = 0; i < m; i++) {
        numu_lp_column j = f->start.basic[i];
        if (j == NUMU_NONE) {
            matrix[i][i] = 1;
            continue;
        }
        for (uint64_t k = lp->a_start[j]; k < lp->a_start[j + 1]; k++) {
            matrix[lp->a_index[k]][i] = lp->a_value[k];
        }
    }
    for (uint32_t at = 0; at < m; at++) {
        uint32_t pivot = at;
        for (uint32_t i = at; i < m; i++) {
            pivot = fabs(matrix[i][at]) > fabs(matrix[pivot][at]) ? i : pivot;
        }
        if (fabs(matrix[pivot][at]) < 1e-9) {
            return false;
        }
        for (uint32_t j = 0; j < m; j++) {
            double moved = matrix[at][j];
            matrix[at][j] = matrix[pivot][j];
            matrix[pivot][j] = moved;
        }
        for (uint32_t i = at + 1; i < m; i++) {
            double factor = matrix[i][at] / matrix[at][at];
            for (uint32_t j = at; j < m; j++) {
                matrix[i][j] -= factor * matrix[at][j];
            }
        }
    }
    return true;
}

enum { ITEMS = 6, MONTHS = 6, MEANS = 2 };

static numu_lp_row balance(uint32_t item, uint32_t month) {
    return month * ITEMS + item;
}

/*
 * Items go into items before them; some months lack any way to have one. Room is what means there
 * are in a month; scarce where it is small.
 */
static void fill_supply(struct fixture *f, struct numu_random *random, double room, bool is_odd) {
    for (uint32_t t = 0; t < MONTHS; t++) {
        for (uint32_t i = 0; i < ITEMS; i++) {
            double wanted = i < 2 ? (double)numu_random_below(random, 20) : 0;
            double sign = is_odd && numu_random_below(random, 3) == 0 ? -1 : 1;
            row(f, sign * wanted, numu_random_below(random, 4) > 0 ? sign * wanted : INFINITY);
        }
    }
    for (uint32_t t = 0; t < MONTHS * MEANS; t++) {
        row(f, -INFINITY, room);
    }
    for (uint32_t t = 0; t < MONTHS; t++) {
        for (uint32_t i = 0; i < ITEMS; i++) {
            double price = 5 + 20 * numu_random_unit(random);
            numu_lp_row means = ITEMS * MONTHS + t * MEANS + i % MEANS;
            uint32_t part = i + 1 + (uint32_t)numu_random_below(random, ITEMS);
            double quantity = 1 + (double)numu_random_below(random, 3);
            COLUMN(f, price / 4, INFINITY, {balance(i, t), 1}, {means, 1},
                   {part < ITEMS ? balance(part, t) : means + (means % 2 == 0 ? 1 : -1U),
                    part < ITEMS ? -quantity : 0.5});
            if (t + 2 < MONTHS) {
                COLUMN(f, price, INFINITY, {balance(i, t + 2), 1});
            }
            if (t + 1 < MONTHS) {
                COLUMN(f, 0.5, INFINITY, {balance(i, t), -1}, {balance(i, t + 1), 1});
                COLUMN(f, 3 * price, INFINITY, {balance(i, t), 1}, {balance(i, t + 1), -1});
            } else {
                COLUMN(f, 100 * price, is_odd ? 50 : INFINITY, {balance(i, t), 1});
            }
        }
    }
}

static void programmes_of_all_kinds_agree(void **state) {
    (void)state;
    struct numu_random random;
    numu_random_init(&random, SEED, 0);
    print_message("# seed %d\n", SEED);
    uint32_t feasible = 0;
    for (int n = 0; n < 300; n++) {
        struct fixture f;
        begin(&f);
        bool is_odd = n % 3 == 0;
        double room = n % 2 == 0 ? 1e9 : 30 * numu_random_unit(&random);
        fill_supply(&f, &random, room, is_odd);
        build(&f);
        assert_true(is_regular(&f));
        solve(&f, true);
        struct numu_lp_solution other = f.solution;
        solve(&f, false);
        assert_int_equal(f.solution.status, other.status);
        if (f.solution.status == NUMU_LP_OPTIMAL) {
            assert_near(f.solution.objective, other.objective);
            assert_near(f.solution.dual_bound, other.objective);
        }
        feasible += f.start.is_dual_feasible;
        if (!is_odd) {
            assert_true(f.start.is_dual_feasible);
        }
        end(&f);
    }
    assert_true(feasible >= 200);
}

static void each_allocation_may_fail(void **state) {
    (void)state;
    numu_status status = NUMU_MEMORY;
    for (uint_fast64_t n = 1; status != NUMU_OK; n++) {
        struct fixture f;
        begin(&f);
        plan_two_months(&f, 5, 1);
        f.heap.fail_at = f.heap.count + n;
        f.start.basic_count = 12345;
        status = numu_lp_start_build(&f.lp, &f.arena, &f.start);
        assert_true(status == NUMU_OK || (status == NUMU_MEMORY && f.start.basic_count == 12345));
        end(&f);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_cheapest_ways_are_basic),
        cmocka_unit_test(what_is_scarce_is_mended),
        cmocka_unit_test(a_gain_without_bound_is_seen),
        cmocka_unit_test(programmes_of_all_kinds_agree),
        cmocka_unit_test(each_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
