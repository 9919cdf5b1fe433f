/*
 * Goal: quantiles, means and fits of law.h are those of the laws it names.
 * Method: closed forms; the beta law's share by Simpson's rule over its density, against the
 * quantile; shares of the normal law by erfc; P10 and P90 of laws fitted to them; tables against
 * the laws they stand for.
 */
#include "programme/law.h"

#include "base/random.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { SEED = 20261125, ROUNDS = 300 };

static void assert_near(double a, double b, double tolerance) {
    if (!(fabs(a - b) <= tolerance)) {
        print_message("# %.12g is not %.12g within %g\n", a, b, tolerance);
    }
    assert_true(fabs(a - b) <= tolerance);
}

static void test_normal(void **state) {
    (void)state;
    for (double z = -5.9; z < 6; z += 0.1) {
        assert_near(numu_normal_quantile(numu_normal_share(z)), z, 1e-7);
    }
    assert_near(numu_normal_quantile(0.9), 1.2815515655446004, 1e-14);
    assert_near(numu_normal_quantile(0.975), 1.959963984540054, 1e-14);
    assert_near(numu_normal_quantile(1e-9), -5.997807015008182, 1e-12);
}

static void test_closed_forms(void **state) {
    (void)state;
    struct numu_law uniform = numu_law_of(NUMU_LAW_UNIFORM, 2, 3, 6, false);
    struct numu_law triangle = numu_law_of(NUMU_LAW_TRIANGULAR, 0, 2, 8, false);
    struct numu_law lognormal = numu_law_of(NUMU_LAW_LOGNORMAL, 10, 0, 40, false);
    assert_near(numu_law_quantile(&uniform, 0.25), 3, 1e-12);
    assert_near(numu_law_mean(&uniform), 4, 1e-12);
    assert_near(numu_law_quantile(&triangle, 0.25), 2, 1e-12); /* F(mode) = 2 / 8 */
    assert_near(numu_law_quantile(&triangle, 0.0625), 1, 1e-12);
    assert_near(numu_law_quantile(&triangle, 1 - 0.1875), 8 - 3, 1e-12);
    assert_near(numu_law_mean(&triangle), 10.0 / 3, 1e-12);
    assert_near(numu_law_quantile(&lognormal, 0.1), 10, 1e-9);
    assert_near(numu_law_quantile(&lognormal, 0.5), 20, 1e-9);
    assert_near(numu_law_quantile(&lognormal, 0.9), 40, 1e-9);
}

/* The share below x of a pert law, by Simpson's rule. */
static double pert_share(double low, double mode, double high, double x) {
    enum { STEPS = 20000 };
    double alpha = 1 + 4 * (mode - low) / (high - low);
    double beta = 1 + 4 * (high - mode) / (high - low);
    double whole = 0;
    double part = 0;
    double to = (x - low) / (high - low);
    for (int pass = 0; pass < 2; pass++) {
        double end = pass == 0 ? 1 : to;
        double sum = 0;
        for (int i = 0; i <= STEPS; i++) {
            double t = end * i / STEPS;
            double weight = i == 0 || i == STEPS ? 1 : i % 2 == 1 ? 4 : 2;
            sum += weight * pow(t, alpha - 1) * pow(1 - t, beta - 1);
        }
        *(pass == 0 ? &whole : &part) = sum * end / STEPS / 3;
    }
    return part / whole;
}

static void test_pert(void **state) {
    static const double points[][3] = {{0, 0, 10}, {0, 10, 10}, {2, 5, 11}, {30, 80, 160}};
    (void)state;
    for (size_t i = 0; i < sizeof points / sizeof points[0]; i++) {
        struct numu_law law =
            numu_law_of(NUMU_LAW_PERT, points[i][0], points[i][1], points[i][2], false);
        for (double u = 0.01; u < 1; u += 0.07) {
            double x = numu_law_quantile(&law, u);
            assert_near(pert_share(points[i][0], points[i][1], points[i][2], x), u, 1e-6);
        }
        assert_near(numu_law_mean(&law), (points[i][0] + 4 * points[i][1] + points[i][2]) / 6,
                    1e-12);
    }
}

static void test_quantile_ends(void **state) {
    static const numu_law_kind kinds[] = {NUMU_LAW_UNIFORM, NUMU_LAW_TRIANGULAR, NUMU_LAW_PERT};
    struct numu_random random;
    (void)state;
    numu_random_init(&random, SEED, 0);
    for (int round = 0; round < ROUNDS; round++) {
        numu_law_kind kind = kinds[round % 3];
        double low = 20 + 100 * numu_random_unit(&random);
        double high = low + 1 + 20 * numu_random_unit(&random);
        double likely = low + (high - low) * (0.1 + 0.8 * numu_random_unit(&random));
        struct numu_law law = numu_law_of(kind, low, likely, high, true);
        assert_near(numu_law_quantile(&law, 0.1), low, 1e-6);
        assert_near(numu_law_quantile(&law, 0.9), high, 1e-6);
    }
}

static void test_degenerate(void **state) {
    (void)state;
    for (numu_law_kind kind = NUMU_LAW_FIXED; kind <= NUMU_LAW_LOGNORMAL; kind++) {
        struct numu_law law = numu_law_of(kind, 7, 7, 7, false);
        assert_near(numu_law_quantile(&law, 0.01), 7, 0);
        assert_near(numu_law_quantile(&law, 0.99), 7, 0);
    }
    struct numu_law law = numu_law_of(NUMU_LAW_LOGNORMAL, 0, 5, 9, false);
    assert_near(numu_law_quantile(&law, 0.9), 5, 0);
    struct numu_law below = numu_law_of(NUMU_LAW_TRIANGULAR, 1, 2, 30, true);
    assert_true(numu_law_quantile(&below, 1e-6) >= 0); /* its low end lies below 0 */
    struct numu_law pert = numu_law_of(NUMU_LAW_PERT, 10, 20, 40, false);
    struct numu_law half = numu_law_scaled(&pert, 0.5);
    assert_near(numu_law_quantile(&half, 0.3), 0.5 * numu_law_quantile(&pert, 0.3), 1e-12);
}

static void test_tables(void **state) {
    static struct numu_law_table table;
    struct numu_random random;
    (void)state;
    numu_random_init(&random, SEED, 1);
    for (numu_law_kind kind = NUMU_LAW_UNIFORM; kind <= NUMU_LAW_LOGNORMAL; kind++) {
        struct numu_law law = numu_law_of(kind, 50, 100, 300, false);
        numu_law_table_init(&table, &law);
        for (int i = 0; i < ROUNDS; i++) {
            double u = numu_random_unit(&random);
            double exact = numu_law_quantile(&law, u);
            assert_near(numu_law_table_quantile(&table, u), exact, 0.02 + 2e-3 * exact);
        }
    }
}

/* Points of tables come one from the other; each is what the law says, which starts afresh. */
static void test_table_points(void **state) {
    static struct numu_law_table table;
    const double fine = (double)NUMU_LAW_FINE * NUMU_LAW_CELLS;
    (void)state;
    for (int k = 0; k <= 60; k++) { /* the mode from one end to the other */
        struct numu_law law = numu_law_of(NUMU_LAW_PERT, 10, 10 + 0.5 * k, 40, false);
        numu_law_table_init(&table, &law);
        for (int i = 0; i <= NUMU_LAW_CELLS; i++) {
            double u = (double)i / NUMU_LAW_CELLS;
            assert_near(table.point[i], numu_law_quantile(&law, u), 1e-7);
            assert_true(i == 0 || table.point[i] > table.point[i - 1]);
        }
        for (int i = 0; i <= NUMU_LAW_END_CELLS * NUMU_LAW_FINE; i++) {
            assert_near(table.low[i], numu_law_quantile(&law, i / fine), 1e-7);
            assert_near(table.high[NUMU_LAW_END_CELLS * NUMU_LAW_FINE - i],
                        numu_law_quantile(&law, 1 - i / fine), 1e-7);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_normal),       cmocka_unit_test(test_closed_forms),
        cmocka_unit_test(test_pert),         cmocka_unit_test(test_quantile_ends),
        cmocka_unit_test(test_degenerate),   cmocka_unit_test(test_tables),
        cmocka_unit_test(test_table_points),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
