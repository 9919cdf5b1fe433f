/*
 * Goal: the product limit, its error and its quantiles are those of the literature, and rows of
 * `reference` are read as [V1] says.
 * Method: the leukaemia trial of Freireich et al. (1963), 6-MP arm, whose table is in every
 * textbook (D. R. Cox, D. Oakes, "Analysis of Survival Data", 1984, p. 7); a case by hand;
 * without censoring, the empirical distribution; failing allocations.
 */
#include "programme/reference.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "model_builder.h"

static void assert_near(double a, double b, double tolerance) {
    if (!(fabs(a - b) <= tolerance)) {
        print_message("# %.12g is not %.12g within %g\n", a, b, tolerance);
    }
    assert_true(fabs(a - b) <= tolerance);
}

/* Weeks of remission; those with + are censored: 6 6 6 6+ 7 9+ 10 10+ 11+ 13 16 17+ 19+ 20+ 22 23
   25+ 32+ 32+ 34+ 35+. S(6) = 0.857, S(7) = 0.807, S(10) = 0.753, S(13) = 0.690, S(16) = 0.627,
   S(22) = 0.538, S(23) = 0.448; errors 0.0764, 0.0869, 0.0963, 0.1068, 0.1141, 0.1282, 0.1346. */
static void test_published(void **state) {
    static const double weeks[] = {35, 34, 32, 32, 25, 23, 22, 20, 19, 17, 16,
                                   13, 11, 10, 10, 9,  7,  6,  6,  6,  6};
    static const bool finished[] = {false, false, false, false, false, true,  true,
                                    false, false, false, true,  true,  false, false,
                                    true,  false, true,  false, true,  true,  true};
    static const double times[] = {6, 7, 10, 13, 16, 22, 23};
    static const double shares[] = {0.857, 0.807, 0.753, 0.690, 0.627, 0.538, 0.448};
    static const double errors[] = {0.0764, 0.0869, 0.0963, 0.1068, 0.1141, 0.1282, 0.1346};
    struct numu_heap heap;
    struct numu_arena arena;
    struct numu_survival survival;
    (void)state;
    numu_heap_init(&heap, 0);
    numu_arena_init(&arena, &heap);
    assert_int_equal(numu_survival_build(weeks, finished, 21, &arena, &survival), NUMU_OK);
    assert_int_equal(survival.programmes, 21);
    assert_int_equal(survival.finished, 9);
    assert_int_equal(survival.count, 7);
    for (size_t i = 0; i < 7; i++) {
        double error;
        assert_near(survival.time[i], times[i], 0);
        assert_near(numu_survival_share(&survival, times[i], &error), shares[i], 0.0005);
        assert_near(error, errors[i], 0.00005);
    }
    assert_near(numu_survival_share(&survival, 5.9, NULL), 1, 0);
    assert_near(numu_survival_quantile(&survival, 0, 50), 23, 0);
    assert_true(isnan(numu_survival_quantile(&survival, 0, 80)));
    numu_arena_release(&arena);
}

static void test_without_censoring(void **state) {
    static const double time[] = {4, 1, 3, 2, 5, 6, 8, 7, 10, 9};
    static const bool finished[] = {true, true, true, true, true, true, true, true, true, true};
    struct numu_heap heap;
    struct numu_arena arena;
    struct numu_survival survival;
    (void)state;
    numu_heap_init(&heap, 0);
    numu_arena_init(&arena, &heap);
    assert_int_equal(numu_survival_build(time, finished, 10, &arena, &survival), NUMU_OK);
    for (int t = 1; t <= 10; t++) {
        double error;
        double share = numu_survival_share(&survival, t, &error);
        assert_near(share, 1 - t / 10.0, 1e-12);
        assert_near(error, t == 10 ? 0 : sqrt(share * (1 - share) / 10), 1e-12);
    }
    assert_near(numu_survival_quantile(&survival, 0, 80), 8, 0);
    assert_near(numu_survival_quantile(&survival, 5, 80), 9, 0); /* of five left one remains */
    numu_arena_release(&arena);
}

static void set_reference(struct numu_model *model, numu_row row, const char *announced,
                          const char *planned, const char *actual, const char *observed,
                          uint8_t status) {
    struct numu_table_reference *table = &model->reference;
    table->announced[row] = *announced == '\0' ? NUMU_NO_DAY : builder_day(announced);
    table->planned[row] = *planned == '\0' ? NUMU_NO_DAY : builder_day(planned);
    table->actual[row] = *actual == '\0' ? NUMU_NO_DAY : builder_day(actual);
    table->observed[row] = *observed == '\0' ? NUMU_NO_DAY : builder_day(observed);
    table->status[row] = status;
}

/*
 * By hand: 100 days finished, 200 days unfinished, 300 days finished; one without announcement, one
 * unknown that was never looked at. S(100) = 2/3, S(300) = 0. Slip: 100 of 50 planned, 200+ of 400.
 */
static void test_rows(void **state) {
    struct numu_heap heap;
    struct numu_arena arena;
    struct numu_model model;
    struct numu_reference_class class;
    (void)state;
    numu_heap_init(&heap, 0);
    numu_arena_init(&arena, &heap);
    builder_init(&model, &heap);
    model.package.data_date[0] = builder_day("2021-07-20");
    builder_take(&model, "reference", 5);
    set_reference(&model, 0, "2020-01-01", "2020-02-20", "2020-04-10", "",
                  numu_reference_status_finished);
    set_reference(&model, 1, "2021-01-01", "2022-02-05", "", "", numu_reference_status_unfinished);
    set_reference(&model, 2, "2020-01-01", "", "2020-10-27", "", numu_reference_status_finished);
    set_reference(&model, 3, "", "2020-02-20", "2020-04-10", "", numu_reference_status_finished);
    set_reference(&model, 4, "2020-01-01", "", "", "", numu_reference_status_unknown);
    assert_int_equal(numu_reference_build(&model, &arena, &class), NUMU_OK);
    assert_int_equal(class.days.programmes, 3);
    assert_int_equal(class.days.finished, 2);
    assert_near(numu_survival_share(&class.days, 100, NULL), 2.0 / 3, 1e-12);
    assert_near(numu_survival_share(&class.days, 299, NULL), 2.0 / 3, 1e-12);
    assert_near(numu_survival_share(&class.days, 300, NULL), 0, 1e-12);
    assert_int_equal(class.slip.programmes, 2);
    assert_int_equal(class.slip.finished, 1);
    assert_near(class.slip.time[0], 2, 1e-12);

    numu_day announced = builder_day("2021-01-01");
    struct numu_outside_view view = numu_outside_view_of(&class.days, announced, announced + 150,
                                                         announced); /* just announced */
    assert_near(view.probability, 1.0 / 3, 1e-12);
    assert_int_equal(view.quantile[1], announced + 300);
    view = numu_outside_view_of(&class.days, announced, announced + 350, announced + 120);
    assert_near(view.probability, 1, 1e-12); /* all that were late were done by then */
    view = numu_outside_view_of(&class.days, announced, announced + 100, announced + 120);
    assert_near(view.probability, 0, 0); /* the day has passed */
    view = numu_outside_view_of(&class.days, announced, announced + 900, announced + 400);
    assert_true(isnan(view.probability)); /* none was unfinished so long */
    builder_release(&model);
    numu_arena_release(&arena);
    assert_int_equal(heap.bytes, 0);
}

static void test_no_memory(void **state) {
    static const double time[] = {3, 1, 2};
    static const bool finished[] = {true, false, true};
    (void)state;
    for (uint_fast64_t n = 1;; n++) {
        struct numu_heap heap;
        struct numu_arena arena;
        struct numu_survival survival;
        numu_heap_init(&heap, 0);
        heap.fail_at = n;
        numu_arena_init(&arena, &heap);
        numu_status status = numu_survival_build(time, finished, 3, &arena, &survival);
        numu_arena_release(&arena);
        assert_int_equal(heap.bytes, 0);
        if (status == NUMU_OK) {
            assert_true(n > 4);
            break;
        }
        assert_int_equal(status, NUMU_MEMORY);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_published),
        cmocka_unit_test(test_without_censoring),
        cmocka_unit_test(test_rows),
        cmocka_unit_test(test_no_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
