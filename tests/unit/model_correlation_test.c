/*
 * model_correlation_test.c - goal: sets that can hold are told from those that cannot, and the
 * nearest set is the nearest. Method: values published in Higham 2002; a case solved by hand;
 * random matrices, whose nearest set must be possible and not farther than any other possible set
 * tried.
 */
#include "model/correlation.h"

#include "base/random.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

enum { N_MAX = 8 };

struct fixture {
    struct numu_heap heap;
    struct numu_arena arena;
};

static int set_up(void **state) {
    static struct fixture fixture;
    numu_heap_init(&fixture.heap, 0);
    numu_arena_init(&fixture.arena, &fixture.heap);
    *state = &fixture;
    return 0;
}

static int tear_down(void **state) {
    struct fixture *fixture = *state;
    numu_arena_release(&fixture->arena);
    return fixture->heap.bytes == 0 ? 0 : -1;
}

static bool is_possible(const double *matrix, uint32_t n) {
    double scratch[N_MAX * N_MAX];
    return numu_correlation_is_possible(matrix, n, scratch);
}

static void test_possible(void **state) {
    (void)state;
    const double ones[9] = {1, 1, 1, 1, 1, 1, 1, 1, 1}; /* on the edge: two eigenvalues are zero */
    const double edge[9] = {1, 0.6, 0.8, 0.6, 1, 0, 0.8, 0, 1}; /* 0.36 + 0.64 = 1 */
    const double beyond[9] = {1, 0.6, 0.801, 0.6, 1, 0, 0.801, 0, 1};
    assert_true(is_possible(ones, 3));
    assert_true(is_possible(edge, 3));
    assert_false(is_possible(beyond, 3));
}

static void expect_near(const double *matrix, const double *wanted, size_t count) {
    for (size_t i = 0; i < count; i++) {
        assert_true(fabs(matrix[i] - wanted[i]) < 5e-5);
    }
}

/*
 * N. J. Higham 2002, section 4: the two matrices of three and four, to the four decimals printed.
 */
static void test_published(void **state) {
    struct fixture *fixture = *state;
    double three[9] = {1, 1, 0, 1, 1, 1, 0, 1, 1};
    const double nearest_three[9] = {1, 0.7607, 0.1573, 0.7607, 1, 0.7607, 0.1573, 0.7607, 1};
    double four[16] = {2, -1, 0, 0, -1, 2, -1, 0, 0, -1, 2, -1, 0, 0, -1, 2};
    const double nearest_four[16] = {1,       -0.8084, 0.1916,  0.1068,  -0.8084, 1,
                                     -0.6562, 0.1916,  0.1916,  -0.6562, 1,       -0.8084,
                                     0.1068,  0.1916,  -0.8084, 1};
    assert_int_equal(numu_correlation_nearest(&fixture->arena, three, 3, false), NUMU_OK);
    expect_near(three, nearest_three, 9);
    assert_int_equal(numu_correlation_nearest(&fixture->arena, four, 4, false), NUMU_OK);
    expect_near(four, nearest_four, 16);
}

/* With the zero held, 2 r^2 <= 1. */
static void test_zeros_stay(void **state) {
    struct fixture *fixture = *state;
    double matrix[9] = {1, 0.9, 0, 0.9, 1, 0.9, 0, 0.9, 1};
    const double nearest[9] = {1, 0.70711, 0, 0.70711, 1, 0.70711, 0, 0.70711, 1};
    assert_int_equal(numu_correlation_nearest(&fixture->arena, matrix, 3, true), NUMU_OK);
    expect_near(matrix, nearest, 9);
}

static double distance(const double *a, const double *b, size_t count) {
    double sum = 0;
    for (size_t i = 0; i < count; i++) {
        sum += (a[i] - b[i]) * (a[i] - b[i]);
    }
    return sqrt(sum);
}

/* A correlation matrix: of n random vectors of unit length. */
static void draw_possible(struct numu_random *random, uint32_t n, double *out) {
    double vectors[N_MAX][N_MAX];
    for (size_t i = 0; i < n; i++) {
        double square = 0;
        for (size_t k = 0; k < n; k++) {
            vectors[i][k] = numu_random_unit(random) - 0.5;
            square += vectors[i][k] * vectors[i][k];
        }
        for (size_t k = 0; k < n; k++) {
            vectors[i][k] /= sqrt(square);
        }
    }
    for (size_t i = 0; i < n; i++) {
        for (size_t j = 0; j < n; j++) {
            out[i * n + j] = 0;
            for (size_t k = 0; k < n; k++) {
                out[i * n + j] += vectors[i][k] * vectors[j][k];
            }
        }
    }
}

static void test_random(void **state) {
    struct fixture *fixture = *state;
    struct numu_random random;
    const uint64_t seed = 20020101;
    printf("# seed %llu\n", (unsigned long long)seed);
    numu_random_init(&random, seed, 0);
    for (int trial = 0; trial < 60; trial++) {
        uint32_t n = 2 + (uint32_t)numu_random_below(&random, N_MAX - 1);
        double given[N_MAX * N_MAX] = {0};
        double nearest[N_MAX * N_MAX] = {0};
        for (size_t i = 0; i < n; i++) {
            for (size_t j = 0; j <= i; j++) {
                given[i * n + j] = i == j ? 1 : 2 * numu_random_unit(&random) - 1;
                given[j * n + i] = given[i * n + j];
            }
        }
        memcpy(nearest, given, sizeof nearest);
        assert_int_equal(numu_correlation_nearest(&fixture->arena, nearest, n, false), NUMU_OK);
        double found = distance(given, nearest, (size_t)n * n);
        for (size_t i = 0; i < (size_t)n * n; i++) {
            nearest[i] = i % (n + (size_t)1) == 0 ? 1 : nearest[i] * (1 - 1e-6);
        }
        assert_true(is_possible(nearest, n));
        for (int other = 0; other < 200; other++) {
            double candidate[N_MAX * N_MAX];
            draw_possible(&random, n, candidate);
            assert_true(found <= distance(given, candidate, (size_t)n * n) + 1e-6);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_possible),
        cmocka_unit_test_setup_teardown(test_published, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_zeros_stay, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_random, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
