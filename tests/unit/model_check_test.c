/*
 * model_check_test.c - goal: rules that need more than one example: days of prohibition,
 * coefficients that are offered, repeated rows, and that memory may fail anywhere. Method: models
 * built in memory; the days against a walk day by day over random rules; what is offered is put in
 * and checked again.
 */
#include "model/model.h"

#include "base/random.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "model_builder.h"

#include <stdio.h>

struct fixture {
    struct numu_heap heap;
    struct numu_context context;
    struct numu_model model;
};

static int set_up(void **state) {
    static struct fixture fixture;
    memset(&fixture, 0, sizeof fixture);
    numu_heap_init(&fixture.heap, 0);
    fixture.context.heap = &fixture.heap;
    builder_init(&fixture.model, &fixture.heap);
    fixture.model.currency = numu_currency_find(NUMU_TEXT("XOF"));
    fixture.model.package.start[0] = builder_day("2025-07-01");
    fixture.model.package.months[0] = 2;
    fixture.model.package.country[0] = NUMU_TEXT("MLI");
    *state = &fixture;
    return 0;
}

static int tear_down(void **state) {
    struct fixture *fixture = *state;
    builder_release(&fixture->model);
    return fixture->heap.bytes == 0 ? 0 : -1;
}

static void check(struct fixture *fixture, struct numu_report *report) {
    numu_report_init(report, &fixture->heap, 0);
    assert_int_equal(numu_model_check(&fixture->context, &fixture->model, report), NUMU_OK);
}

/* The first finding of a code, or NULL. */
static const struct numu_diagnostic *find(const struct numu_report *report, numu_code code) {
    size_t count;
    const struct numu_diagnostic *list = numu_report_list(report, &count);
    for (size_t i = 0; i < count; i++) {
        if (list[i].code == code) {
            return &list[i];
        }
    }
    return NULL;
}

/* --- prohibitions --- */

enum { RULES = 4, PROFILES = 4 };

/* One import from IRN; rule 0 prohibits it, the others lift rule 0; two regimes. */
static void build_transfer(struct numu_model *model) {
    builder_take(model, "site", 1);
    builder_take(model, "item", 1);
    builder_take(model, "partner", 1);
    builder_take(model, "process", 1);
    builder_take(model, "rule", RULES);
    builder_take(model, "profile", PROFILES);
    model->partner.country[0] = NUMU_TEXT("IRN");
    model->process.site[0] = 0;
    model->process.item[0] = 0;
    model->process.partner[0] = 0;
    model->process.kind[0] = numu_process_kind_import;
    for (numu_row row = 0; row < RULES; row++) {
        model->rule.effect[row] = row == 0 ? numu_effect_prohibit : numu_effect_exempt;
        model->rule.exempts[row] = row == 0 ? NUMU_NONE : 0;
        model->rule.from_country[row] = NUMU_TEXT("IRN");
    }
}

static numu_day draw_day(struct numu_random *random) {
    uint64_t day = numu_random_below(random, 80);
    return day == 0 ? NUMU_NO_DAY : builder_day("2025-06-25") + (numu_day)day;
}

static struct numu_text draw_regime(struct numu_random *random) {
    return numu_random_below(random, 2) == 0 ? NUMU_TEXT("un") : NUMU_TEXT("eu");
}

static bool holds(numu_day starts, numu_day ends, numu_day day) {
    return (starts == NUMU_NO_DAY || starts <= day) && (ends == NUMU_NO_DAY || day <= ends);
}

static bool is_recognised(const struct numu_model *model, struct numu_text regime, numu_day day) {
    bool is = model->package.profile[0].length == 0;
    for (numu_row row = 0; row < PROFILES; row++) {
        is = is || (numu_text_is_equal(model->profile.regime[row], regime) &&
                    holds(model->profile.starts[row], model->profile.ends[row], day));
    }
    return is;
}

static bool is_rule_alive(const struct numu_model *model, numu_row row, numu_day day) {
    return holds(model->rule.starts[row], model->rule.ends[row], day) &&
           is_recognised(model, model->rule.regime[row], day);
}

static numu_day first_day_by_walking(const struct numu_model *model) {
    for (numu_day day = builder_day("2025-07-01"); day <= builder_day("2025-08-31"); day++) {
        bool is_lifted = false;
        for (numu_row row = 1; row < RULES; row++) {
            is_lifted = is_lifted || is_rule_alive(model, row, day);
        }
        if (is_rule_alive(model, 0, day) && !is_lifted) {
            return day;
        }
    }
    return NUMU_NO_DAY;
}

static void test_days_of_prohibition(void **state) {
    struct fixture *fixture = *state;
    struct numu_model *model = &fixture->model;
    struct numu_random random;
    const uint64_t seed = 1747;
    int prohibited = 0;
    printf("# seed %llu\n", (unsigned long long)seed);
    numu_random_init(&random, seed, 0);
    build_transfer(model);
    for (int trial = 0; trial < 5000; trial++) {
        bool has_profile = numu_random_below(&random, 4) > 0;
        model->package.profile[0] = has_profile ? NUMU_TEXT("p") : (struct numu_text){NULL, 0};
        for (numu_row row = 0; row < RULES; row++) {
            model->rule.starts[row] = draw_day(&random);
            model->rule.ends[row] = draw_day(&random);
            model->rule.regime[row] = draw_regime(&random);
        }
        for (numu_row row = 0; row < PROFILES; row++) {
            model->profile.id[row] = NUMU_TEXT("p");
            model->profile.starts[row] = draw_day(&random);
            model->profile.ends[row] = draw_day(&random);
            model->profile.regime[row] = draw_regime(&random);
        }
        struct numu_report report;
        check(fixture, &report);
        const struct numu_diagnostic *finding = find(&report, NUMU_CODE_PROHIBITED);
        numu_day day = finding == NULL ? NUMU_NO_DAY : (numu_day)finding->arguments[3].number;
        assert_int_equal(day, first_day_by_walking(model));
        prohibited += finding != NULL;
        numu_report_release(&report);
    }
    assert_in_range(prohibited, 500, 4500);
}

/*
 * Work of the country itself is no transfer; an embargo on the country concerns what comes to it.
 */
static void test_own_work_is_no_transfer(void **state) {
    struct fixture *fixture = *state;
    struct numu_model *model = &fixture->model;
    struct numu_report report;
    build_transfer(model);
    builder_take(model, "rule", 1);
    builder_take(model, "profile", 0);
    model->rule.effect[0] = numu_effect_prohibit;
    model->rule.regime[0] = NUMU_TEXT("un");
    model->rule.to_country[0] = NUMU_TEXT("MLI");
    check(fixture, &report);
    assert_non_null(find(&report, NUMU_CODE_PROHIBITED));
    numu_report_release(&report);
    model->partner.country[0] = NUMU_TEXT("MLI");
    check(fixture, &report);
    assert_null(find(&report, NUMU_CODE_PROHIBITED));
    numu_report_release(&report);
}

/* --- correlations --- */

static void test_offered_coefficients_pass(void **state) {
    enum { ACTIVITIES = 12, ROWS = 30 };
    struct fixture *fixture = *state;
    struct numu_model *model = &fixture->model;
    struct numu_random random;
    const uint64_t seed = 2002;
    int impossible = 0;
    printf("# seed %llu\n", (unsigned long long)seed);
    numu_random_init(&random, seed, 0);
    builder_take(model, "activity", ACTIVITIES);
    for (int trial = 0; trial < 40; trial++) {
        struct numu_report report;
        bool is_taken[ACTIVITIES][ACTIVITIES] = {{false}};
        numu_row count = 0;
        builder_take(model, "correlation", ROWS);
        for (int i = 0; i < ROWS; i++) {
            numu_row a = (numu_row)numu_random_below(&random, ACTIVITIES);
            numu_row b = (numu_row)numu_random_below(&random, ACTIVITIES);
            if (a == b || is_taken[a][b]) {
                continue;
            }
            is_taken[a][b] = is_taken[b][a] = true;
            model->correlation.a[count] = a;
            model->correlation.b[count] = b;
            model->correlation.coefficient[count++] =
                (numu_decimal)numu_random_below(&random, 2000000001) - NUMU_DECIMAL_ONE;
        }
        model->correlation.head.count = count;
        for (numu_row row = 0; row < ACTIVITIES; row++) {
            model->activity.id[row] = (struct numu_text){&"abcdefghijkl"[row], 1};
        }
        check(fixture, &report);
        size_t length;
        const struct numu_diagnostic *list = numu_report_list(&report, &length);
        for (size_t i = 0; i < length; i++) {
            numu_row a = (numu_row)(list[i].arguments[0].text.data[0] - 'a');
            numu_row b = (numu_row)(list[i].arguments[1].text.data[0] - 'a');
            assert_int_equal(list[i].code, NUMU_CODE_CORRELATION_NOT_PSD);
            for (numu_row row = 0; row < count; row++) {
                if (model->correlation.a[row] == a && model->correlation.b[row] == b) {
                    assert_int_equal(numu_number_parse(list[i].arguments[3].text,
                                                       NUMU_DECIMAL_DECIMALS, '.',
                                                       &model->correlation.coefficient[row]),
                                     NUMU_NUMBER_OK);
                }
            }
        }
        impossible += length > 0;
        numu_report_release(&report);
        check(fixture, &report);
        assert_null(find(&report, NUMU_CODE_CORRELATION_NOT_PSD));
        numu_report_release(&report);
    }
    assert_in_range(impossible, 20, 40);
}

/* --- repeated rows --- */

static void test_pairs_in_either_order(void **state) {
    struct fixture *fixture = *state;
    struct numu_model *model = &fixture->model;
    struct numu_report report;
    builder_take(model, "activity", 3);
    builder_take(model, "correlation", 3);
    const numu_row a[3] = {0, 1, 1};
    const numu_row b[3] = {1, 2, 0};
    for (numu_row row = 0; row < 3; row++) {
        model->correlation.a[row] = a[row];
        model->correlation.b[row] = b[row];
        model->correlation.coefficient[row] = 0;
    }
    check(fixture, &report);
    assert_int_equal(report.counts[NUMU_CODE_DUPLICATE_ROW], 1);
    numu_report_release(&report);
}

/* --- memory --- */

static void test_memory_may_fail(void **state) {
    struct fixture *fixture = *state;
    struct numu_model *model = &fixture->model;
    build_transfer(model);
    builder_take(model, "activity", 2);
    builder_take(model, "correlation", 1);
    builder_take(model, "fund", 1);
    model->correlation.a[0] = 0;
    model->correlation.b[0] = 1;
    model->correlation.coefficient[0] = NUMU_DECIMAL_ONE;
    model->activity.likely[0] = model->activity.likely[1] = 0;
    model->activity.parent[0] = 1;
    model->activity.parent[1] = 0;
    size_t before = fixture->heap.bytes;
    numu_status status = NUMU_MEMORY;
    uint64_t failures = 0;
    while (status != NUMU_OK) {
        struct numu_report report;
        fixture->heap.count = 0;
        fixture->heap.fail_at = ++failures;
        numu_report_init(&report, &fixture->heap, 0);
        status = numu_model_check(&fixture->context, model, &report);
        assert_true(status == NUMU_OK || status == NUMU_MEMORY);
        numu_report_release(&report);
        assert_int_equal(fixture->heap.bytes, before);
        assert_true(failures < 10000);
    }
    fixture->heap.fail_at = 0;
    assert_true(failures > 20);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_days_of_prohibition, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_own_work_is_no_transfer, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_offered_coefficients_pass, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_pairs_in_either_order, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_memory_may_fail, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
