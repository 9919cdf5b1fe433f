/*
 * Goal: what numu says of a linear programme is true: building keeps [L1], answers and duals are
 * right [L2] and repeatable [L3], and the measured bound is a bound.
 * Method: programmes solved by hand; random small ones against enumeration of all vertices; random
 * larger ones by weak duality; stages against a fresh solver; each n-th allocation made to fail.
 */
#include "base/random.h"

#include "solve_world.h"
#include "wish.h"

#include <fcntl.h>
#include <limits.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SEED = 20261123 };

#define NEAR 1e-7

static void assert_near(double value, double expected) {
    if (!(fabs(value - expected) <= NEAR * (1 + fabs(expected)))) {
        print_error("%.17g is not near %.17g\n", value, expected);
        fail();
    }
}

/* A column with a value in every row. */
static void column(struct fixture *fixture, double cost, double lower, double upper,
                   const double *values) {
    struct numu_lp_entry entries[64];
    assert_true(fixture->lp.num_row <= 64);
    for (uint32_t i = 0; i < fixture->lp.num_row; i++) {
        entries[i] = (struct numu_lp_entry){i, values[i]};
    }
    assert_int_equal(
        numu_lp_add_column(&fixture->lp, cost, lower, upper, entries, fixture->lp.num_row, NULL),
        NUMU_OK);
}

static struct numu_lp_solver *open_solver(struct fixture *fixture) {
    struct numu_lp_solver *solver = NULL;
    assert_int_equal(numu_lp_solver_open(&fixture->context, &fixture->lp, &solver), NUMU_OK);
    return solver;
}

static void solve_with(struct fixture *fixture, struct numu_lp_solver *solver, bool primal) {
    struct numu_lp_options options = {.primal = primal};
    assert_int_equal(numu_lp_solver_solve(solver, &options, &fixture->arena, &fixture->solution),
                     NUMU_OK);
}

static void solve(struct fixture *fixture, bool primal) {
    struct numu_lp_solver *solver = open_solver(fixture);
    solve_with(fixture, solver, primal);
    numu_lp_solver_close(solver);
}

static void assert_optimal(const struct fixture *fixture, double objective) {
    const struct numu_lp_solution *solution = &fixture->solution;
    assert_int_equal(solution->status, NUMU_LP_OPTIMAL);
    assert_near(solution->objective, objective);
    assert_near(solution->dual_bound, objective);
    assert_true(solution->dual_bound <= solution->objective + NEAR * (1 + fabs(objective)));
    assert_true(solution->primal_residual <= NEAR * (1 + fabs(objective)));
    assert_true(solution->dual_residual <= NEAR * (1 + fabs(objective)));
}

/* --- building --- */

static void arrays_hold_what_was_added(void **state) {
    (void)state;
    struct fixture f;
    begin(&f);
    assert_null(f.lp.a_start);
    numu_lp_row second = 0;
    row(&f, 1, 2);
    assert_int_equal(numu_lp_add_row(&f.lp, -INFINITY, 3, &second), NUMU_OK);
    assert_int_equal(second, 1);
    numu_lp_column last = 9;
    for (uint32_t j = 0; j < 1000; j++) { /* arrays move many times */
        struct numu_lp_entry entries[2] = {{1, 1.0 + j}, {0, j % 3 == 0 ? 0.0 : -1.0}};
        assert_int_equal(numu_lp_add_column(&f.lp, j, -1.0 * j, j, entries, 2, &last), NUMU_OK);
        assert_int_equal(last, j);
    }
    assert_int_equal(f.lp.num_col, 1000);
    assert_int_equal(f.lp.num_nz, 2000 - 334); /* zeros left out */
    assert_int_equal(f.lp.a_start[0], 0);
    assert_int_equal(f.lp.a_start[1000], f.lp.num_nz);
    for (uint32_t j = 0; j < 1000; j++) {
        uint64_t k = f.lp.a_start[j];
        assert_int_equal(f.lp.a_start[j + 1] - k, j % 3 == 0 ? 1 : 2);
        assert_int_equal(f.lp.a_index[k], 1);
        assert_true(f.lp.a_value[k] == 1.0 + j);
        assert_true(f.lp.col_cost[j] == j && f.lp.col_lower[j] == -1.0 * j);
        assert_true(f.lp.col_upper[j] == j);
    }
    assert_true(f.lp.row_lower[0] == 1 && f.lp.row_upper[0] == 2);
    assert_true(f.lp.row_lower[1] == -INFINITY && f.lp.row_upper[1] == 3);

    struct numu_lp copy;
    assert_int_equal(numu_lp_copy(&f.lp, &f.heap, &copy), NUMU_OK);
    assert_int_equal(copy.num_nz, f.lp.num_nz);
    assert_ptr_not_equal(copy.a_value, f.lp.a_value);
    assert_memory_equal(copy.a_value, f.lp.a_value, f.lp.num_nz * sizeof *copy.a_value);
    assert_memory_equal(copy.a_start, f.lp.a_start, 1001 * sizeof *copy.a_start);
    numu_lp_release(&copy);
    end(&f);
}

static void wrong_parts_are_bugs_and_change_nothing(void **state) {
    (void)state;
    struct fixture f;
    begin(&f);
    assert_int_equal(numu_lp_add_row(&f.lp, NAN, 1, NULL), NUMU_BUG);
    assert_int_equal(numu_lp_add_row(&f.lp, 1, NAN, NULL), NUMU_BUG);
    assert_int_equal(numu_lp_add_row(&f.lp, INFINITY, INFINITY, NULL), NUMU_BUG);
    assert_int_equal(numu_lp_add_row(&f.lp, -INFINITY, -INFINITY, NULL), NUMU_BUG);
    row(&f, 0, 1);
    row(&f, 0, 1);
    static const struct numu_lp_entry repeated[] = {{0, 1}, {1, 1}, {0, 2}};
    static const struct numu_lp_entry unknown[] = {{0, 1}, {2, 1}};
    static const struct numu_lp_entry infinite[] = {{0, 1}, {1, INFINITY}};
    static const struct numu_lp_entry nan_entry[] = {{0, NAN}};
    static const struct numu_lp_entry zero_repeated[] = {{0, 0}, {0, 1}};
    assert_int_equal(numu_lp_add_column(&f.lp, 1, 0, 1, repeated, 3, NULL), NUMU_BUG);
    assert_int_equal(numu_lp_add_column(&f.lp, 1, 0, 1, unknown, 2, NULL), NUMU_BUG);
    assert_int_equal(numu_lp_add_column(&f.lp, 1, 0, 1, infinite, 2, NULL), NUMU_BUG);
    assert_int_equal(numu_lp_add_column(&f.lp, 1, 0, 1, nan_entry, 1, NULL), NUMU_BUG);
    assert_int_equal(numu_lp_add_column(&f.lp, 1, 0, 1, zero_repeated, 2, NULL), NUMU_BUG);
    assert_int_equal(numu_lp_add_column(&f.lp, NAN, 0, 1, repeated, 2, NULL), NUMU_BUG);
    assert_int_equal(numu_lp_add_column(&f.lp, INFINITY, 0, 1, repeated, 2, NULL), NUMU_BUG);
    assert_int_equal(numu_lp_add_column(&f.lp, 1, NAN, 1, repeated, 2, NULL), NUMU_BUG);
    assert_int_equal(numu_lp_add_column(&f.lp, 1, 0, -INFINITY, repeated, 2, NULL), NUMU_BUG);
    assert_int_equal(f.lp.num_col, 0);
    assert_int_equal(f.lp.num_nz, 0);
    assert_int_equal(numu_lp_add_column(&f.lp, 1, 0, 1, repeated, 2, NULL), NUMU_OK);
    assert_int_equal(numu_lp_add_column(&f.lp, 1, 0, 1, repeated, 2, NULL), NUMU_OK);
    assert_int_equal(f.lp.num_nz, 4);
    end(&f);
}

static void statuses_have_names(void **state) {
    (void)state;
    static const char *const names[] = {"optimal", "infeasible", "unbounded",
                                        "limit",   "stopped",    "failed"};
    for (int status = NUMU_LP_OPTIMAL; status <= NUMU_LP_FAILED; status++) {
        assert_string_equal(numu_lp_status_text((numu_lp_status)status), names[status]);
    }
    assert_int_equal(strncmp(numu_lp_solver_name(), "Clp 1.", 6), 0);
}

/* --- by hand --- */

/*
 * F. S. Hillier, G. J. Lieberman, "Introduction to Operations Research", Wyndor Glass Co.: maximise
 * 3a + 5b with a <= 4, 2b <= 12, 3a + 2b <= 18. Optimum 36 at (2, 6), shadow prices 0, 3/2, 1.
 */
static void add_wyndor(struct fixture *f) {
    row(f, -INFINITY, 4);
    row(f, -INFINITY, 12);
    row(f, -INFINITY, 18);
    column(f, -3, 0, INFINITY, (const double[]){1, 0, 3});
    column(f, -5, 0, INFINITY, (const double[]){0, 2, 2});
}

static void known_answers_and_duals(void **state) {
    const bool *primal = *state;
    struct fixture f;
    begin(&f);
    add_wyndor(&f);
    solve(&f, *primal);
    assert_optimal(&f, -36);
    assert_near(f.solution.col_value[0], 2);
    assert_near(f.solution.col_value[1], 6);
    assert_near(f.solution.row_value[2], 18);
    assert_near(f.solution.row_dual[0], 0);
    assert_near(f.solution.row_dual[1], -1.5);
    assert_near(f.solution.row_dual[2], -1);
    end(&f);

    /* 2x + 3y least with x + y >= 4, x + 3y >= 6: (3, 1), 9; both duals positive. */
    begin(&f);
    f.lp.constant = 100;
    row(&f, 4, INFINITY);
    row(&f, 6, INFINITY);
    column(&f, 2, 0, INFINITY, (const double[]){1, 1});
    column(&f, 3, 0, INFINITY, (const double[]){1, 3});
    column(&f, -1, 0, 5, (const double[]){0, 0});  /* empty, at its upper bound */
    column(&f, 7, -2, -2, (const double[]){0, 0}); /* fixed */
    solve(&f, *primal);
    assert_optimal(&f, 100 + 9 - 5 - 14);
    assert_near(f.solution.row_dual[0], 1.5);
    assert_near(f.solution.row_dual[1], 0.5);
    assert_near(f.solution.col_dual[2], -1);
    assert_near(f.solution.col_dual[3], 7);
    end(&f);
}

/* Free columns, negative bounds, a range held below and one held above, an equality. */
static void all_kinds_of_bounds(void **state) {
    const bool *primal = *state;
    struct fixture f;
    begin(&f);
    row(&f, -3, 8);                                                   /* u + v: held at -3 */
    row(&f, 2, 5);                                                    /* w - v: held at 5 */
    row(&f, 4, 4);                                                    /* w + z */
    row(&f, -INFINITY, INFINITY);                                     /* free */
    column(&f, 1, -INFINITY, INFINITY, (const double[]){1, 0, 0, 1}); /* u free */
    column(&f, 2, -10, -1, (const double[]){1, -1, 0, 1});            /* v */
    column(&f, -3, -INFINITY, 3, (const double[]){0, 1, 1, 1});       /* w */
    column(&f, 0, -INFINITY, INFINITY, (const double[]){0, 0, 1, 1}); /* z free, no cost */
    solve(&f, *primal);
    /* u = -3 - v, so the cost is -3 + v - 3w with w <= min(3, 5 + v): v = -2, w = 3. */
    assert_optimal(&f, -14);
    assert_near(f.solution.col_value[0], -1);
    assert_near(f.solution.col_value[1], -2);
    assert_near(f.solution.col_value[2], 3);
    assert_near(f.solution.col_value[3], 1);
    assert_near(f.solution.row_dual[0], 1);
    assert_near(f.solution.row_dual[1], -1);
    assert_near(f.solution.row_dual[2], 0);
    assert_near(f.solution.col_dual[2], -2);
    end(&f);
}

/* [L2] by its definition: move one bound, solve again, compare. Signs of all kinds occur. */
static void duals_are_derivatives(void **state) {
    (void)state;
    struct fixture f;
    begin(&f);
    row(&f, -3, 5);
    row(&f, 2, 5);
    row(&f, 10, INFINITY);
    column(&f, 1, 0, INFINITY, (const double[]){1, 0, 2});
    column(&f, -6, 0, 2, (const double[]){1, 1, -1});
    column(&f, 3, 1, INFINITY, (const double[]){0, 1, 1});
    column(&f, -9, 0, 2, (const double[]){0.1, 0, 0.1});
    column(&f, 9, 1, INFINITY, (const double[]){0, 0, 0.5});
    struct numu_lp_solver *solver = open_solver(&f);
    solve_with(&f, solver, false);
    struct numu_lp_solution base = f.solution;
    const double step = 1e-3;
    for (numu_lp_row i = 0; i < 3; i++) {
        numu_lp_solver_set_row_bounds(solver, i, f.lp.row_lower[i] + step,
                                      f.lp.row_upper[i] + step);
        solve_with(&f, solver, false);
        assert_near((f.solution.objective - base.objective) / step, base.row_dual[i]);
        numu_lp_solver_set_row_bounds(solver, i, f.lp.row_lower[i], f.lp.row_upper[i]);
    }
    assert_true(base.row_dual[0] < -1 && base.row_dual[2] > 1);
    for (numu_lp_column j = 0; j < 5; j++) {
        numu_lp_solver_set_column_bounds(solver, j, f.lp.col_lower[j] + step,
                                         f.lp.col_upper[j] + step);
        solve_with(&f, solver, false);
        assert_near((f.solution.objective - base.objective) / step, base.col_dual[j]);
        numu_lp_solver_set_column_bounds(solver, j, f.lp.col_lower[j], f.lp.col_upper[j]);
    }
    assert_true(base.col_dual[3] < -1 && base.col_dual[4] > 1);
    numu_lp_solver_close(solver);
    end(&f);
}

static void infeasible_and_unbounded(void **state) {
    const bool *primal = *state;
    struct fixture f;
    begin(&f); /* x + y >= 5 and x + 2y <= 3, x, y in 0..2: seen only after pivots */
    row(&f, 5, INFINITY);
    row(&f, -INFINITY, 3);
    column(&f, 1, 0, INFINITY, (const double[]){1, 1});
    column(&f, 1, 0, INFINITY, (const double[]){1, 2});
    solve(&f, *primal);
    assert_int_equal(f.solution.status, NUMU_LP_INFEASIBLE);
    end(&f);

    begin(&f); /* bounds crossed in a row */
    row(&f, 2, 1);
    column(&f, 1, 0, INFINITY, (const double[]){1});
    solve(&f, *primal);
    assert_int_equal(f.solution.status, NUMU_LP_INFEASIBLE);
    end(&f);

    begin(&f); /* bounds crossed in a column */
    row(&f, 0, 1);
    column(&f, 1, 1, 0, (const double[]){1});
    solve(&f, *primal);
    assert_int_equal(f.solution.status, NUMU_LP_INFEASIBLE);
    end(&f);

    begin(&f); /* x - y <= 1 leaves a ray along (1, 1) */
    row(&f, -INFINITY, 1);
    row(&f, -2, INFINITY);
    column(&f, -1, 0, INFINITY, (const double[]){1, 1});
    column(&f, -1, 0, INFINITY, (const double[]){-1, -1});
    solve(&f, *primal);
    assert_int_equal(f.solution.status, NUMU_LP_UNBOUNDED);
    assert_true(f.solution.dual_bound == -INFINITY || f.solution.dual_residual > 0.1);
    end(&f);

    begin(&f); /* an empty column may fall for ever */
    row(&f, 0, 1);
    column(&f, 1, 0, 1, (const double[]){1});
    column(&f, 1, -INFINITY, 1, (const double[]){0});
    solve(&f, *primal);
    assert_int_equal(f.solution.status, NUMU_LP_UNBOUNDED);
    end(&f);
}

static void nothing_is_a_programme_too(void **state) {
    const bool *primal = *state;
    struct fixture f;
    begin(&f);
    f.lp.constant = 3;
    solve(&f, *primal);
    assert_optimal(&f, 3);
    end(&f);

    begin(&f); /* columns only */
    column(&f, 2, -1, 4, NULL);
    column(&f, -2, -1, 4, NULL);
    column(&f, 0, -INFINITY, INFINITY, NULL);
    solve(&f, *primal);
    assert_optimal(&f, -10);
    end(&f);

    begin(&f); /* rows only */
    row(&f, -1, 1);
    solve(&f, *primal);
    assert_optimal(&f, 0);
    end(&f);

    begin(&f);
    row(&f, 1, 2); /* rows only, and 0 is not enough */
    solve(&f, *primal);
    assert_int_equal(f.solution.status, NUMU_LP_INFEASIBLE);
    end(&f);
}

/* --- measuring --- */

static void a_wrong_answer_is_measured_as_wrong(void **state) {
    (void)state;
    struct fixture f;
    begin(&f);
    add_wyndor(&f);
    f.lp.constant = 1;
    assert_int_equal(numu_lp_solution_init(&f.lp, &f.arena, &f.solution), NUMU_OK);
    f.solution.col_value[0] = 3;
    f.solution.col_value[1] = 7;
    f.solution.row_dual[1] = -2;
    f.solution.row_dual[2] = 0.25; /* a row without lower bound */
    numu_lp_measure(&f.lp, &f.solution);
    assert_near(f.solution.objective, 1 - 9 - 35);
    assert_near(f.solution.row_value[1], 14);
    assert_near(f.solution.primal_residual, 9 + 14 - 18);
    assert_near(f.solution.col_dual[0], -3.75);
    assert_near(f.solution.dual_residual, 3.75);
    assert_true(f.solution.dual_bound == -INFINITY);

    f.solution.row_dual[0] = -3; /* a dual solution: 4 (-3) + 12 (-2.5) */
    f.solution.row_dual[1] = -2.5;
    f.solution.row_dual[2] = 1e-12; /* of the wrong sign, not used */
    numu_lp_measure(&f.lp, &f.solution);
    assert_near(f.solution.dual_bound, 1 - 42);
    assert_true(f.solution.dual_bound_box == 7000);

    f.solution.col_value[0] = NAN;
    numu_lp_measure(&f.lp, &f.solution);
    assert_true(f.solution.primal_residual == INFINITY);
    end(&f);
}

/* A whole number from -most to most. */
static double small(struct numu_random *random, int most) {
    return (double)numu_random_below(random, (uint64_t)(2 * most + 1)) - most;
}

static void random_range(struct numu_random *random, double *lower, double *upper) {
    double a = small(random, 6);
    double b = small(random, 6);
    *lower = fmin(a, b);
    *upper = fmax(a, b);
    switch (numu_random_below(random, 6)) {
    case 0:
        *lower = -INFINITY;
        break;
    case 1:
        *upper = INFINITY;
        break;
    case 2:
        *lower = -INFINITY;
        *upper = INFINITY;
        break;
    case 3:
        *upper = *lower;
        break;
    default:
        break;
    }
}

/* At most 3 rows and 3 columns of small whole numbers, with all kinds of bounds. */
static void fill_small(struct fixture *f, struct numu_random *random) {
    uint32_t rows = (uint32_t)numu_random_below(random, 4);
    uint32_t columns = 1 + (uint32_t)numu_random_below(random, 3);
    double lower = 0;
    double upper = 0;
    f->lp.constant = small(random, 3);
    for (uint32_t i = 0; i < rows; i++) {
        random_range(random, &lower, &upper);
        row(f, lower, upper);
    }
    for (uint32_t j = 0; j < columns; j++) {
        double values[3] = {0};
        for (uint32_t i = 0; i < rows; i++) {
            values[i] = numu_random_below(random, 4) == 0 ? 0 : small(random, 4);
        }
        random_range(random, &lower, &upper);
        column(f, small(random, 5), lower, upper, values);
    }
}

/* --- the oracle: all vertices in a box --- */

enum { PLANES_MAX = 12 };

struct oracle {
    uint32_t n, planes;
    double normal[PLANES_MAX][3], offset[PLANES_MAX]; /* normal · x = offset */
    double box;
    double best; /* INFINITY = no feasible vertex */
};

static void add_plane(struct oracle *oracle, const double *normal, double offset) {
    memcpy(oracle->normal[oracle->planes], normal, sizeof oracle->normal[0]);
    oracle->offset[oracle->planes++] = offset;
}

static void dense_row(const struct numu_lp *lp, numu_lp_row i, double *out) {
    for (numu_lp_column j = 0; j < lp->num_col; j++) {
        for (uint64_t k = lp->a_start[j]; k < lp->a_start[j + 1]; k++) {
            out[j] = lp->a_index[k] == i ? lp->a_value[k] : out[j];
        }
    }
}

static bool is_inside(const struct numu_lp *lp, const double *x, double box) {
    for (numu_lp_column j = 0; j < lp->num_col; j++) {
        double slack = 1e-6;
        if (x[j] < fmax(lp->col_lower[j], -box) - slack ||
            x[j] > fmin(lp->col_upper[j], box) + slack) {
            return false;
        }
    }
    for (numu_lp_row i = 0; i < lp->num_row; i++) {
        double normal[3] = {0};
        dense_row(lp, i, normal);
        double value = normal[0] * x[0] + normal[1] * x[1] + normal[2] * x[2];
        if (value < lp->row_lower[i] - 1e-6 || value > lp->row_upper[i] + 1e-6) {
            return false;
        }
    }
    return true;
}

/* Cramer's rule; unused dimensions are pinned to 0 by planes of their own. */
static bool solve3(const double a[3][3], const double b[3], double *x) {
    double det = a[0][0] * (a[1][1] * a[2][2] - a[1][2] * a[2][1]) -
                 a[0][1] * (a[1][0] * a[2][2] - a[1][2] * a[2][0]) +
                 a[0][2] * (a[1][0] * a[2][1] - a[1][1] * a[2][0]);
    if (fabs(det) < 0.5) { /* whole numbers */
        return false;
    }
    for (int c = 0; c < 3; c++) {
        double m[3][3];
        memcpy(m, a, sizeof m);
        for (int r = 0; r < 3; r++) {
            m[r][c] = b[r];
        }
        x[c] = (m[0][0] * (m[1][1] * m[2][2] - m[1][2] * m[2][1]) -
                m[0][1] * (m[1][0] * m[2][2] - m[1][2] * m[2][0]) +
                m[0][2] * (m[1][0] * m[2][1] - m[1][1] * m[2][0])) /
               det;
    }
    return true;
}

static void try_vertex(struct oracle *oracle, const struct numu_lp *lp, const uint32_t *planes) {
    double a[3][3] = {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}};
    double b[3] = {0};
    double x[3];
    for (uint32_t i = 0; i < oracle->n; i++) {
        memcpy(a[i], oracle->normal[planes[i]], sizeof a[i]);
        b[i] = oracle->offset[planes[i]];
    }
    if (!solve3((const double(*)[3])a, b, x) || !is_inside(lp, x, oracle->box)) {
        return;
    }
    double cost = lp->constant;
    for (numu_lp_column j = 0; j < lp->num_col; j++) {
        cost += lp->col_cost[j] * x[j];
    }
    oracle->best = fmin(oracle->best, cost);
}

/* The least cost at a vertex of the programme cut to ±box. */
static double best_vertex(const struct numu_lp *lp, double box) {
    struct oracle oracle = {.n = lp->num_col, .box = box, .best = INFINITY};
    for (numu_lp_row i = 0; i < lp->num_row; i++) {
        double normal[3] = {0};
        dense_row(lp, i, normal);
        if (lp->row_lower[i] > -INFINITY) {
            add_plane(&oracle, normal, lp->row_lower[i]);
        }
        if (lp->row_upper[i] < INFINITY && lp->row_upper[i] != lp->row_lower[i]) {
            add_plane(&oracle, normal, lp->row_upper[i]);
        }
    }
    for (numu_lp_column j = 0; j < lp->num_col; j++) {
        double normal[3] = {0};
        normal[j] = 1;
        add_plane(&oracle, normal, fmax(lp->col_lower[j], -box));
        add_plane(&oracle, normal, fmin(lp->col_upper[j], box));
    }
    for (uint32_t p = 0; p < oracle.planes; p++) {
        for (uint32_t q = oracle.n > 1 ? p + 1 : p; q < oracle.planes; q++) {
            for (uint32_t r = oracle.n > 2 ? q + 1 : q; r < oracle.planes; r++) {
                try_vertex(&oracle, lp, (const uint32_t[]){p, q, r});
                if (oracle.n < 3) {
                    break;
                }
            }
            if (oracle.n < 2) {
                break;
            }
        }
    }
    return oracle.best;
}

static void assert_agrees_with_oracle(struct fixture *f) {
    double near = best_vertex(&f->lp, 1e4);
    double far = best_vertex(&f->lp, 2e4);
    if (near == INFINITY) {
        assert_int_equal(f->solution.status, NUMU_LP_INFEASIBLE);
    } else if (far < near - 1) {
        assert_int_equal(f->solution.status, NUMU_LP_UNBOUNDED);
    } else {
        assert_optimal(f, near);
    }
}

static void small_programmes_agree_with_all_vertices(void **state) {
    const bool *primal = *state;
    struct numu_random random;
    int counts[NUMU_LP_FAILED + 1] = {0};
    numu_random_init(&random, SEED, *primal);
    print_message("# seed %d\n", SEED);
    for (int n = 0; n < 3000; n++) {
        struct fixture f;
        begin(&f);
        fill_small(&f, &random);
        solve(&f, *primal);
        counts[f.solution.status]++;
        assert_agrees_with_oracle(&f);
        end(&f);
    }
    assert_true(counts[NUMU_LP_OPTIMAL] > 300 && counts[NUMU_LP_INFEASIBLE] > 300);
    assert_true(counts[NUMU_LP_UNBOUNDED] > 300);
}

/* For any duals at all, no feasible point in the box costs less than the bound. */
static void any_duals_give_a_bound(void **state) {
    (void)state;
    struct numu_random random;
    int finite = 0;
    numu_random_init(&random, SEED, 2);
    print_message("# seed %d\n", SEED);
    for (int n = 0; n < 2000; n++) {
        struct fixture f;
        begin(&f);
        fill_small(&f, &random);
        assert_int_equal(numu_lp_solution_init(&f.lp, &f.arena, &f.solution), NUMU_OK);
        for (numu_lp_row i = 0; i < f.lp.num_row; i++) {
            f.solution.row_dual[i] = 4 * numu_random_unit(&random) - 2;
        }
        numu_lp_measure(&f.lp, &f.solution);
        finite += f.solution.dual_bound > -INFINITY;
        assert_true(f.solution.dual_bound <= best_vertex(&f.lp, f.solution.dual_bound_box) + 1e-9);
        end(&f);
    }
    assert_true(finite > 200);
}

/* --- larger random programmes --- */

/* Feasible by construction around a random point, with every kind of row. */
static void fill_medium(struct fixture *f, struct numu_random *random, uint32_t rows,
                        uint32_t columns) {
    double point[200];
    double values[200][60];
    double activity[60] = {0};
    assert_true(rows <= 60 && columns <= 200);
    for (uint32_t j = 0; j < columns; j++) {
        point[j] = numu_random_below(random, 3) == 0 ? 0 : 10 * numu_random_unit(random);
        for (uint32_t i = 0; i < rows; i++) {
            bool is_there = numu_random_below(random, 6) == 0;
            values[j][i] = is_there ? 20 * numu_random_unit(random) - 8 : 0;
            activity[i] += values[j][i] * point[j];
        }
    }
    for (uint32_t i = 0; i < rows; i++) {
        uint64_t kind = numu_random_below(random, 4);
        row(f, kind == 0 ? -INFINITY : activity[i] - (kind == 1 ? 0 : 1),
            kind == 2 ? INFINITY : activity[i] + (kind == 1 ? 0 : 1));
    }
    for (uint32_t j = 0; j < columns; j++) {
        double upper = numu_random_below(random, 2) == 0 ? INFINITY : point[j] + 5;
        column(f, 1 + 9 * numu_random_unit(random), 0, upper, values[j]);
    }
}

static void weak_duality_meets_the_objective(void **state) {
    const bool *primal = *state;
    struct numu_random random;
    numu_random_init(&random, SEED, 3);
    print_message("# seed %d\n", SEED);
    for (int n = 0; n < 100; n++) {
        struct fixture f;
        begin(&f);
        fill_medium(&f, &random, 20 + (uint32_t)n % 40, 60 + (uint32_t)n);
        solve(&f, *primal);
        assert_int_equal(f.solution.status, NUMU_LP_OPTIMAL);
        assert_optimal(&f, f.solution.objective);
        end(&f);
    }
}

/* Costs, then bounds change; each stage must give what a solver opened for it alone gives. */
static void stages_agree_with_fresh_solvers(void **state) {
    (void)state;
    struct numu_random random;
    numu_random_init(&random, SEED, 4);
    print_message("# seed %d\n", SEED);
    uint64_t warm = 0;
    uint64_t cold = 0;
    for (int n = 0; n < 30; n++) {
        struct fixture f;
        begin(&f);
        fill_medium(&f, &random, 40, 120);
        struct numu_lp_solver *solver = open_solver(&f);
        solve_with(&f, solver, false);
        for (int stage = 0; stage < 4; stage++) {
            for (int change = 0; change < 5; change++) {
                numu_lp_column j = (numu_lp_column)numu_random_below(&random, f.lp.num_col);
                f.lp.col_cost[j] = 10 * numu_random_unit(&random);
                numu_lp_solver_set_cost(solver, j, f.lp.col_cost[j]);
                if (stage % 2 == 1) { /* fixed where it stands: still feasible */
                    double x = fmax(0, f.solution.col_value[j]);
                    f.lp.col_lower[j] = fmin(x, f.lp.col_upper[j]);
                    f.lp.col_upper[j] = f.lp.col_lower[j];
                    numu_lp_solver_set_column_bounds(solver, j, f.lp.col_lower[j],
                                                     f.lp.col_upper[j]);
                }
            }
            solve_with(&f, solver, stage < 2);
            struct numu_lp_solution staged = f.solution;
            solve(&f, false);
            assert_optimal(&f, staged.objective);
            warm += staged.iterations;
            cold += f.solution.iterations;
            f.solution = staged;
            assert_optimal(&f, staged.objective);
        }
        numu_lp_solver_close(solver);
        end(&f);
    }
    assert_true(warm < cold);
}

/* Columns `first` … `end` - 1 of one programme, added to a solver of another with the same rows. */
static void add_columns(const struct numu_lp *from, uint32_t first, uint32_t end,
                        struct numu_lp_solver *solver) {
    for (numu_lp_column j = first; j < end; j++) {
        struct numu_lp_entry entries[64];
        size_t count = 0;
        numu_lp_column number = 0;
        for (uint64_t k = from->a_start[j]; k < from->a_start[j + 1]; k++) {
            entries[count++] = (struct numu_lp_entry){from->a_index[k], from->a_value[k]};
        }
        assert_int_equal(numu_lp_solver_add_column(solver, from->col_cost[j], from->col_lower[j],
                                                   from->col_upper[j], entries, count, &number),
                         NUMU_OK);
        assert_int_equal(number, j);
    }
}

/* Columns come as when they are generated: in the end the answer is that of a fresh solve. */
static void added_columns_agree_with_fresh_solvers(void **state) {
    (void)state;
    struct numu_random random;
    uint64_t warm = 0, cold = 0;
    numu_random_init(&random, SEED, 5);
    print_message("# seed %d\n", SEED);
    for (int n = 0; n < 30; n++) {
        struct fixture f, part;
        const struct numu_lp_options near = {.primal = true, .is_near = true};
        begin(&f);
        begin(&part);
        fill_medium(&f, &random, 40, 120);
        for (numu_lp_row i = 0; i < f.lp.num_row; i++) {
            row(&part, f.lp.row_lower[i], f.lp.row_upper[i]);
        }
        struct numu_lp_solver *solver = open_solver(&part);
        for (uint32_t count = 20; count <= f.lp.num_col; count += 20) {
            add_columns(&f.lp, count - 20, count, solver);
            assert_int_equal(numu_lp_solver_solve(solver, &near, &part.arena, &part.solution),
                             NUMU_OK);
            warm += count == f.lp.num_col ? part.solution.iterations : 0;
        }
        solve(&f, true);
        cold += f.solution.iterations;
        assert_optimal(&f, part.solution.objective);
        assert_optimal(&part, part.solution.objective);
        numu_lp_solver_close(solver);
        end(&part);
        end(&f);
    }
    assert_true(warm < cold);
}

/* Rows come as when they are found to be broken: in the end the answer is that of a fresh solve. */
static void added_rows_agree_with_fresh_solvers(void **state) {
    (void)state;
    struct numu_random random;
    numu_random_init(&random, SEED, 6);
    for (int n = 0; n < 30; n++) {
        struct fixture f, part;
        begin(&f);
        begin(&part);
        fill_medium(&f, &random, 40, 120);
        const uint32_t first = f.lp.num_row / 2;
        for (numu_lp_row i = 0; i < first; i++) {
            row(&part, f.lp.row_lower[i], f.lp.row_upper[i]);
        }
        for (numu_lp_column j = 0; j < f.lp.num_col; j++) {
            struct numu_lp_entry entries[64];
            size_t count = 0;
            for (uint64_t k = f.lp.a_start[j]; k < f.lp.a_start[j + 1]; k++) {
                if (f.lp.a_index[k] < first) {
                    entries[count++] = (struct numu_lp_entry){f.lp.a_index[k], f.lp.a_value[k]};
                }
            }
            assert_int_equal(numu_lp_add_column(&part.lp, f.lp.col_cost[j], f.lp.col_lower[j],
                                                f.lp.col_upper[j], entries, count, NULL),
                             NUMU_OK);
        }
        struct numu_lp_solver *solver = open_solver(&part);
        for (numu_lp_row i = first; i < f.lp.num_row; i++) {
            struct numu_lp_element elements[128];
            size_t count = 0;
            numu_lp_row number = 0;
            for (numu_lp_column j = 0; j < f.lp.num_col; j++) {
                bool has_entry = false;
                for (uint64_t k = f.lp.a_start[j]; k < f.lp.a_start[j + 1]; k++) {
                    if (f.lp.a_index[k] == i) {
                        elements[count++] = (struct numu_lp_element){j, f.lp.a_value[k]};
                        has_entry = true;
                    }
                }
                if (!has_entry && j % 7 == 0) {
                    elements[count++] = (struct numu_lp_element){j, 0}; /* left out */
                }
            }
            assert_int_equal(numu_lp_solver_add_row(solver, f.lp.row_lower[i], f.lp.row_upper[i],
                                                    elements, count, &number),
                             NUMU_OK);
            assert_int_equal(number, i);
            assert_int_equal(numu_lp_add_filled_row(&part.lp, f.lp.row_lower[i], f.lp.row_upper[i],
                                                    elements, count, &number),
                             NUMU_OK);
            if (i % 5 == 0) {
                const struct numu_lp_options near = {.primal = i % 2 == 0, .is_near = true};
                assert_int_equal(numu_lp_solver_solve(solver, &near, &part.arena, &part.solution),
                                 NUMU_OK);
            }
        }
        /* the same matrix, whatever the order of entries in a column */
        assert_int_equal(part.lp.num_nz, f.lp.num_nz);
        assert_memory_equal(part.lp.a_start, f.lp.a_start,
                            (f.lp.num_col + 1) * sizeof *f.lp.a_start);
        solve_with(&part, solver, true);
        solve(&f, true);
        assert_optimal(&f, part.solution.objective);
        assert_optimal(&part, f.solution.objective);
        numu_lp_solver_close(solver);
        end(&part);
        end(&f);
    }
}

static void a_wrong_row_changes_nothing(void **state) {
    (void)state;
    struct fixture f;
    begin(&f);
    add_wyndor(&f);
    struct numu_lp_solver *solver = open_solver(&f);
    const struct numu_lp_element unknown = {f.lp.num_col, 1}, nan = {0, NAN};
    const struct numu_lp_element back[] = {{1, 1}, {0, 1}}, twice[] = {{0, 1}, {0, 1}};
    const struct numu_lp_element known[] = {{0, 1}, {1, 1}};
    assert_int_equal(numu_lp_solver_add_row(solver, 0, 1, &unknown, 1, NULL), NUMU_BUG);
    assert_int_equal(numu_lp_solver_add_row(solver, 0, 1, &nan, 1, NULL), NUMU_BUG);
    assert_int_equal(numu_lp_solver_add_row(solver, 0, 1, back, 2, NULL), NUMU_BUG);
    assert_int_equal(numu_lp_solver_add_row(solver, 0, 1, twice, 2, NULL), NUMU_BUG);
    assert_int_equal(numu_lp_solver_add_row(solver, NAN, 1, known, 2, NULL), NUMU_BUG);
    for (uint_fast64_t n = 1; n <= 4; n++) {
        f.heap.fail_at = f.heap.count + n;
        numu_status status = numu_lp_solver_add_row(solver, 0, 1, known, 2, NULL);
        f.heap.fail_at = 0;
        if (status == NUMU_OK) {
            break;
        }
        assert_int_equal(status, NUMU_MEMORY);
        double objective = 0;
        solve(&f, false);
        objective = f.solution.objective;
        solve_with(&f, solver, true);
        assert_near(f.solution.objective, objective);
    }
    numu_lp_solver_close(solver);
    end(&f);
}

static void a_wrong_column_changes_nothing(void **state) {
    (void)state;
    struct fixture f;
    begin(&f);
    add_wyndor(&f);
    struct numu_lp_solver *solver = open_solver(&f);
    const struct numu_lp_entry unknown = {f.lp.num_row, 1}, known = {0, 1};
    assert_int_equal(numu_lp_solver_add_column(solver, 1, 0, 1, &unknown, 1, NULL), NUMU_BUG);
    assert_int_equal(numu_lp_solver_add_column(solver, NAN, 0, 1, &known, 1, NULL), NUMU_BUG);
    for (uint_fast64_t n = 1; n <= 3; n++) {
        f.heap.fail_at = f.heap.count + n;
        numu_status status = numu_lp_solver_add_column(solver, 1, 0, 1, &known, 1, NULL);
        f.heap.fail_at = 0;
        if (status == NUMU_OK) {
            break;
        }
        assert_int_equal(status, NUMU_MEMORY);
    }
    solve(&f, false);
    double objective = f.solution.objective;
    solve_with(&f, solver, true);
    assert_near(f.solution.objective, objective);
    numu_lp_solver_close(solver);
    end(&f);
}

/* A stage that fails is forgotten: the next one is solved all the same. */
static void a_failed_stage_spoils_nothing(void **state) {
    (void)state;
    struct fixture f;
    begin(&f);
    add_wyndor(&f);
    struct numu_lp_solver *solver = open_solver(&f);
    for (int n = 0; n < 2; n++) {
        solve_with(&f, solver, n == 1);
        assert_optimal(&f, -36);
        numu_lp_solver_set_row_bounds(solver, 0, 5, INFINITY);
        numu_lp_solver_set_column_bounds(solver, 0, 0, 1);
        solve_with(&f, solver, n == 0);
        assert_int_equal(f.solution.status, NUMU_LP_INFEASIBLE);
        numu_lp_solver_set_row_bounds(solver, 0, -INFINITY, INFINITY);
        numu_lp_solver_set_row_bounds(solver, 1, -INFINITY, INFINITY);
        numu_lp_solver_set_row_bounds(solver, 2, -INFINITY, INFINITY);
        numu_lp_solver_set_column_bounds(solver, 0, 0, INFINITY);
        solve_with(&f, solver, n == 1);
        assert_int_equal(f.solution.status, NUMU_LP_UNBOUNDED);
        numu_lp_solver_set_row_bounds(solver, 0, -INFINITY, 4);
        numu_lp_solver_set_row_bounds(solver, 1, -INFINITY, 12);
        numu_lp_solver_set_row_bounds(solver, 2, -INFINITY, 18);
    }
    solve_with(&f, solver, false);
    assert_optimal(&f, -36);
    numu_lp_solver_close(solver);
    end(&f);
}

/* --- limits, silence, repetition, memory --- */

/* A clock that moves on by a second each time it is read. */
static double ticking_clock(void *data) {
    double *seconds = data;
    *seconds += 1;
    return *seconds;
}

static void limits_and_the_stop_flag(void **state) {
    (void)state;
    struct fixture f;
    struct numu_random random;
    numu_random_init(&random, SEED, 5);
    begin(&f);
    fill_medium(&f, &random, 60, 200);
    struct numu_lp_solver *solver = open_solver(&f);
    struct numu_lp_options options = {.iterations_max = 3};
    assert_int_equal(numu_lp_solver_solve(solver, &options, &f.arena, &f.solution), NUMU_OK);
    assert_int_equal(f.solution.status, NUMU_LP_LIMIT);
    assert_in_range(f.solution.iterations, 1, 3);

    double seconds = 0;
    f.context.clock = ticking_clock;
    f.context.clock_data = &seconds;
    options = (struct numu_lp_options){.time_limit_s = 0.5};
    assert_int_equal(numu_lp_solver_solve(solver, &options, &f.arena, &f.solution), NUMU_OK);
    assert_int_equal(f.solution.status, NUMU_LP_LIMIT);

    atomic_bool stop = true;
    f.context.stop = &stop;
    solve_with(&f, solver, false);
    assert_int_equal(f.solution.status, NUMU_LP_STOPPED);
    stop = false;
    options = (struct numu_lp_options){.time_limit_s = 1000, .iterations_max = 100000};
    assert_int_equal(numu_lp_solver_solve(solver, &options, &f.arena, &f.solution), NUMU_OK);
    assert_optimal(&f, f.solution.objective);
    numu_lp_solver_close(solver);
    end(&f);
}

/* The flag and the clock are looked at after each step, not when a solve is over. */
static void stops_within_a_solve(void **state) {
    (void)state;
    enum { STEPS = 10, MANY = 30 };
    struct fixture f;
    struct numu_random random;
    numu_random_init(&random, SEED, 6);
    begin(&f);
    fill_medium(&f, &random, 60, 200);
    for (int primal = 0; primal < 2; primal++) {
        struct wish wish = {.at = LONG_MAX};
        struct numu_lp_options options = {.primal = primal != 0, .time_limit_s = 1e9};
        f.context.clock = wishing_clock;
        f.context.clock_data = &wish;
        f.context.stop = &wish.stop;
        struct numu_lp_solver *solver = open_solver(&f);
        assert_int_equal(numu_lp_solver_solve(solver, &options, &f.arena, &f.solution), NUMU_OK);
        assert_int_equal(f.solution.status, NUMU_LP_OPTIMAL);
        assert_true(f.solution.iterations > MANY && wish.looks > MANY);
        double best = f.solution.objective;
        numu_lp_solver_close(solver);

        solver = open_solver(&f);
        wish = (struct wish){.at = STEPS};
        assert_int_equal(numu_lp_solver_solve(solver, &options, &f.arena, &f.solution), NUMU_OK);
        assert_int_equal(f.solution.status, NUMU_LP_STOPPED);
        assert_in_range(f.solution.iterations, 1, STEPS);

        wish = (struct wish){.at = LONG_MAX};
        options.time_limit_s = STEPS;
        assert_int_equal(numu_lp_solver_solve(solver, &options, &f.arena, &f.solution), NUMU_OK);
        assert_int_equal(f.solution.status, NUMU_LP_LIMIT);
        assert_in_range(f.solution.iterations, 1, STEPS);

        options.time_limit_s = 0; /* and goes on from there */
        assert_int_equal(numu_lp_solver_solve(solver, &options, &f.arena, &f.solution), NUMU_OK);
        assert_int_equal(f.solution.status, NUMU_LP_OPTIMAL);
        assert_near(f.solution.objective, best);
        numu_lp_solver_close(solver);
    }
    end(&f);
}

static void the_library_prints_nothing(void **state) {
    (void)state;
    FILE *file = tmpfile();
    assert_non_null(file);
    (void)fflush(stdout);
    (void)fflush(stderr);
    int saved_out = dup(STDOUT_FILENO);
    int saved_err = dup(STDERR_FILENO);
    assert_true(dup2(fileno(file), STDOUT_FILENO) >= 0);
    assert_true(dup2(fileno(file), STDERR_FILENO) >= 0);
    bool primal = false;
    void *data = &primal;
    known_answers_and_duals(&data);
    infeasible_and_unbounded(&data);
    nothing_is_a_programme_too(&data);
    limits_and_the_stop_flag(&data);
    (void)fflush(stdout);
    (void)fflush(stderr);
    off_t length = lseek(fileno(file), 0, SEEK_END);
    (void)dup2(saved_out, STDOUT_FILENO);
    (void)dup2(saved_err, STDERR_FILENO);
    (void)close(saved_out);
    (void)close(saved_err);
    (void)fclose(file);
    assert_int_equal(length, 0);
}

static void the_same_problem_gives_the_same_bits(void **state) {
    (void)state;
    struct fixture f;
    struct numu_random random;
    numu_random_init(&random, SEED, 6);
    begin(&f);
    fill_medium(&f, &random, 60, 200);
    solve(&f, false);
    struct numu_lp_solution first = f.solution;
    for (int n = 0; n < 5; n++) {
        double seconds = 0;
        f.context.clock = n % 2 == 0 ? NULL : ticking_clock;
        f.context.clock_data = &seconds;
        solve(&f, false);
        assert_memory_equal(f.solution.col_value, first.col_value, 200 * sizeof(double));
        assert_memory_equal(f.solution.row_dual, first.row_dual, 60 * sizeof(double));
        assert_int_equal(f.solution.iterations, first.iterations);
    }
    end(&f);
}

static numu_status build_some(struct numu_lp *lp) {
    for (uint32_t i = 0; i < 20; i++) {
        numu_lp_row number = UINT32_MAX;
        numu_status status = numu_lp_add_row(lp, 0, i, &number);
        assert_int_equal(number, status == NUMU_OK ? i : UINT32_MAX);
        assert_int_equal(lp->num_row, status == NUMU_OK ? i + 1 : i);
        NUMU_TRY(status);
    }
    for (uint32_t j = 0; j < 100; j++) {
        struct numu_lp_entry entries[2] = {{j % 20, 1}, {(j + 1) % 20, 2}};
        numu_lp_column number = UINT32_MAX;
        numu_status status = numu_lp_add_column(lp, -1, 0, 1, entries, 2, &number);
        assert_int_equal(number, status == NUMU_OK ? j : UINT32_MAX);
        assert_int_equal(lp->num_col, status == NUMU_OK ? j + 1 : j);
        assert_int_equal(lp->num_nz, 2 * (uint64_t)lp->num_col);
        NUMU_TRY(status);
    }
    return NUMU_OK;
}

/* Builds, copies, opens and solves. */
static numu_status whole_life(struct fixture *f) {
    struct numu_lp copy;
    struct numu_lp_solver *solver = NULL;
    struct numu_lp_options options = {0};
    NUMU_TRY(build_some(&f->lp));
    NUMU_TRY(numu_lp_copy(&f->lp, &f->heap, &copy));
    numu_lp_release(&copy);
    numu_status status = numu_lp_solver_open(&f->context, &f->lp, &solver);
    if (status != NUMU_OK) {
        assert_null(solver);
        return status;
    }
    f->solution.objective = 12345;
    status = numu_lp_solver_solve(solver, &options, &f->arena, &f->solution);
    assert_true(status == NUMU_OK || f->solution.objective == 12345);
    numu_lp_solver_close(solver);
    return status;
}

static void each_allocation_may_fail(void **state) {
    (void)state;
    numu_status status = NUMU_MEMORY;
    uint_fast64_t n = 0;
    while (status != NUMU_OK) {
        struct fixture f;
        begin(&f);
        f.heap.fail_at = ++n;
        status = whole_life(&f);
        assert_true(status == NUMU_OK || status == NUMU_MEMORY);
        end(&f);
    }
    assert_true(n > 20);
}

int main(void) {
    static bool dual = false;
    static bool primal = true;
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(arrays_hold_what_was_added),
        cmocka_unit_test(wrong_parts_are_bugs_and_change_nothing),
        cmocka_unit_test(statuses_have_names),
        cmocka_unit_test_prestate(known_answers_and_duals, &dual),
        cmocka_unit_test_prestate(known_answers_and_duals, &primal),
        cmocka_unit_test_prestate(all_kinds_of_bounds, &dual),
        cmocka_unit_test_prestate(all_kinds_of_bounds, &primal),
        cmocka_unit_test(duals_are_derivatives),
        cmocka_unit_test_prestate(infeasible_and_unbounded, &dual),
        cmocka_unit_test_prestate(infeasible_and_unbounded, &primal),
        cmocka_unit_test_prestate(nothing_is_a_programme_too, &dual),
        cmocka_unit_test_prestate(nothing_is_a_programme_too, &primal),
        cmocka_unit_test(a_wrong_answer_is_measured_as_wrong),
        cmocka_unit_test_prestate(small_programmes_agree_with_all_vertices, &dual),
        cmocka_unit_test_prestate(small_programmes_agree_with_all_vertices, &primal),
        cmocka_unit_test(any_duals_give_a_bound),
        cmocka_unit_test_prestate(weak_duality_meets_the_objective, &dual),
        cmocka_unit_test_prestate(weak_duality_meets_the_objective, &primal),
        cmocka_unit_test(stages_agree_with_fresh_solvers),
        cmocka_unit_test(added_columns_agree_with_fresh_solvers),
        cmocka_unit_test(a_wrong_column_changes_nothing),
        cmocka_unit_test(added_rows_agree_with_fresh_solvers),
        cmocka_unit_test(a_wrong_row_changes_nothing),
        cmocka_unit_test(a_failed_stage_spoils_nothing),
        cmocka_unit_test(limits_and_the_stop_flag),
        cmocka_unit_test(stops_within_a_solve),
        cmocka_unit_test(the_library_prints_nothing),
        cmocka_unit_test(the_same_problem_gives_the_same_bits),
        cmocka_unit_test(each_allocation_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
