/*
 * Goal: each point of health.h counts what it says, no more; its views can be read.
 * Method: a sound schedule of ten activities on which every point is met, then one fault at a time;
 * JSON read back, the page walked, in each language; failing allocations.
 */
#include "programme/health.h"

#include "base/json.h"
#include "view/health.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "model_builder.h"
#include "view_markup.h"

enum { COUNT = 40 };

struct fixture {
    struct numu_heap heap;
    struct numu_arena arena;
    struct numu_context context;
    struct numu_report report;
    struct numu_model model;
    struct numu_health health;
    uint8_t basis[COUNT];
};

/* A chain of works of ten days, the first finished, on its baseline, with resources and ranges. */
static void open_fixture(struct fixture *fixture) {
    memset(fixture, 0, sizeof *fixture);
    numu_heap_init(&fixture->heap, 0);
    numu_arena_init(&fixture->arena, &fixture->heap);
    numu_report_init(&fixture->report, &fixture->heap, 0);
    fixture->context.heap = &fixture->heap;
    builder_init(&fixture->model, &fixture->heap);
    struct numu_model *model = &fixture->model;
    model->package.start[0] = builder_day("2025-01-01");
    model->package.data_date[0] = builder_day("2025-01-11");
    model->package.deadline[0] = builder_day("2026-12-31");
    builder_take(model, "activity", COUNT);
    builder_take_links(model, COUNT - 1);
    builder_take(model, "assignment", COUNT);
    builder_take(model, "promise", 1);
    for (numu_row row = 0; row < COUNT; row++) {
        assert_int_equal(numu_text_printf(&model->arena, &model->activity.id[row], "a%02u", row),
                         NUMU_OK);
        model->activity.likely[row] = 10 * NUMU_DECIMAL_ONE;
        model->activity.low[row] = 8 * NUMU_DECIMAL_ONE;
        model->activity.high[row] = 15 * NUMU_DECIMAL_ONE;
        model->activity.phase[row] = 1;
        model->assignment.activity[row] = row;
        fixture->basis[row] = numu_basis_reported;
        if (row + 1 < COUNT) {
            model->precedence.before[row] = row;
            model->precedence.after[row] = row + 1;
        }
    }
    model->activity.head.evidence.basis = fixture->basis;
    model->activity.started[0] = builder_day("2025-01-01");
    model->activity.finished[0] = builder_day("2025-01-10");
    model->activity.deadline[0] = builder_day("2025-01-10");
    model->promise.activity[0] = COUNT - 1;
    model->promise.date[0] = builder_day("2026-12-31");
}

static void close_fixture(struct fixture *fixture) {
    numu_report_release(&fixture->report);
    numu_arena_release(&fixture->arena);
    builder_release(&fixture->model);
    assert_int_equal(fixture->heap.bytes, 0);
}

static void examine(struct fixture *fixture) {
    assert_int_equal(numu_health_build(&fixture->context, &fixture->model, &fixture->arena,
                                       &fixture->report, &fixture->health),
                     NUMU_OK);
}

static void expect(const struct fixture *fixture, numu_health_point point, int64_t count,
                   numu_health_verdict verdict) {
    const struct numu_health_line *line = &fixture->health.line[point];
    if (line->count != count || line->verdict != verdict) {
        print_message("# %s: %lld of %lld, verdict %d\n", numu_health_name(point),
                      (long long)line->count, (long long)line->of, (int)line->verdict);
    }
    assert_int_equal(line->count, count);
    assert_int_equal(line->verdict, verdict);
}

static void test_sound(void **state) {
    struct fixture fixture;
    (void)state;
    open_fixture(&fixture);
    examine(&fixture);
    for (int point = 0; point < NUMU_HEALTH_COUNT; point++) {
        bool is_baseline = point == NUMU_HEALTH_GAO_BASELINE; /* one has a baseline finish */
        const struct numu_health_line *line = &fixture.health.line[point];
        if (line->verdict != (is_baseline ? NUMU_HEALTH_NOT_MET : NUMU_HEALTH_MET)) {
            assert_int_equal(point, NUMU_HEALTH_GAO_UPDATE); /* nothing is late to begin */
            assert_int_equal(line->verdict, NUMU_HEALTH_UNKNOWN);
        }
    }
    expect(&fixture, NUMU_HEALTH_LOGIC, 1, NUMU_HEALTH_MET); /* the last one, 1 of 39 */
    expect(&fixture, NUMU_HEALTH_PATH_TEST, 600, NUMU_HEALTH_MET);
    assert_int_equal(fixture.health.dcma_met, 14);
    close_fixture(&fixture);
}

static void test_faults(void **state) {
    struct fixture fixture;
    (void)state;
    open_fixture(&fixture);
    struct numu_model *model = &fixture.model;
    struct numu_table_activity *activity = &model->activity;
    model->precedence.lag[3] = -2 * NUMU_DECIMAL_ONE;
    model->precedence.lag[4] = model->precedence.lag[5] = 2 * NUMU_DECIMAL_ONE;
    for (numu_row row = 10; row < 15; row++) {
        model->precedence.type[row] = numu_link_SS;
        activity->likely[row] = 60 * NUMU_DECIMAL_ONE;
        activity->low[row] = activity->high[row] = NUMU_NO_NUMBER;
        activity->phase[row] = 0;
        model->assignment.activity[row] = 0;
        fixture.basis[row] = 0;
    }
    activity->cost[12] = 5; /* a cost will do for point 10 */
    activity->deadline[20] = activity->deadline[21] = builder_day("2025-02-01");
    activity->started[1] = builder_day("2025-01-20");
    activity->finished[0] = builder_day("2025-01-12");
    examine(&fixture);
    expect(&fixture, NUMU_HEALTH_LEADS, 1, NUMU_HEALTH_NOT_MET);
    assert_int_equal(fixture.health.line[NUMU_HEALTH_LEADS].rows[0], 3);
    expect(&fixture, NUMU_HEALTH_LAGS, 2, NUMU_HEALTH_NOT_MET); /* of 39 */
    expect(&fixture, NUMU_HEALTH_TYPES, 5, NUMU_HEALTH_NOT_MET);
    expect(&fixture, NUMU_HEALTH_CONSTRAINTS, 2, NUMU_HEALTH_NOT_MET);
    expect(&fixture, NUMU_HEALTH_LONG, 5, NUMU_HEALTH_NOT_MET);
    expect(&fixture, NUMU_HEALTH_DATES, 2, NUMU_HEALTH_NOT_MET);
    expect(&fixture, NUMU_HEALTH_RESOURCES, 4, NUMU_HEALTH_NOT_MET);
    expect(&fixture, NUMU_HEALTH_MISSED, 1, NUMU_HEALTH_NOT_MET);
    expect(&fixture, NUMU_HEALTH_BEI, 0, NUMU_HEALTH_NOT_MET);
    expect(&fixture, NUMU_HEALTH_GAO_RESOURCES, 34, NUMU_HEALTH_NOT_MET);
    expect(&fixture, NUMU_HEALTH_GAO_DURATIONS, 34, NUMU_HEALTH_MET);
    expect(&fixture, NUMU_HEALTH_GAO_TRACE, 35, NUMU_HEALTH_NOT_MET);
    expect(&fixture, NUMU_HEALTH_GAO_RISK, 34, NUMU_HEALTH_NOT_MET);   /* 34 of 39 < 0.9 */
    assert_true(fixture.health.line[NUMU_HEALTH_NEGATIVE].count > 10); /* before rows 20, 21 */
    close_fixture(&fixture);
}

/* The finish misses the promise by 30 days: all are late, and the index says by how much. */
static void test_late(void **state) {
    struct fixture fixture;
    (void)state;
    open_fixture(&fixture);
    numu_day finish = fixture.model.package.data_date[0] + 10 * (COUNT - 1); /* a point */
    fixture.model.package.deadline[0] = finish - 1 - 30;
    examine(&fixture);
    expect(&fixture, NUMU_HEALTH_NEGATIVE, COUNT - 1, NUMU_HEALTH_NOT_MET);
    assert_true(fabs(fixture.health.line[NUMU_HEALTH_CPLI].value - (390.0 - 30) / 390) < 1e-12);
    expect(&fixture, NUMU_HEALTH_CPLI, 360, NUMU_HEALTH_NOT_MET);
    close_fixture(&fixture);
}

static void test_high_float(void **state) {
    struct fixture fixture;
    (void)state;
    open_fixture(&fixture);
    for (numu_row row = 30; row < 34; row++) { /* four hang beside the chain, in parallel */
        fixture.model.precedence.before[row] = 0;
        fixture.model.precedence.after[row] = row;
    }
    examine(&fixture);
    assert_true(fixture.health.line[NUMU_HEALTH_HIGH_FLOAT].count >= 4);
    assert_int_equal(fixture.health.line[NUMU_HEALTH_HIGH_FLOAT].verdict, NUMU_HEALTH_NOT_MET);
    close_fixture(&fixture);
}

/* Five works alike before one: each is there with four in five, all of them with about 0.8⁵. */
static void test_merges(void **state) {
    struct fixture fixture;
    (void)state;
    open_fixture(&fixture);
    fixture.model.package.confidence[0] = 80 * NUMU_DECIMAL_ONE;
    for (numu_row row = 1; row <= 5; row++) {
        fixture.model.precedence.after[row] = 6;
        fixture.model.activity.low[row] = 5 * NUMU_DECIMAL_ONE;
        fixture.model.activity.high[row] = 90 * NUMU_DECIMAL_ONE; /* days are fine enough */
    }
    examine(&fixture);
    assert_int_equal(fixture.health.merge_count, 1);
    const struct numu_merge *merge = &fixture.health.merges[0];
    assert_int_equal(merge->activity, 6);
    assert_int_equal(merge->path_count, 5);
    assert_true(merge->least_share >= 0.8 && merge->least_share < 0.83);
    assert_true(fabs(merge->joint_share - pow(merge->least_share, 5)) < 0.04);
    assert_true(numu_merge_loss(merge) > NUMU_MERGE_HOT && merge->delay > 5);
    close_fixture(&fixture);
}

static void test_views(void **state) {
    const struct numu_stamp stamp = {.version = NUMU_TEXT("test"), .data_date = 0};
    struct fixture fixture;
    struct numu_buffer buffer;
    (void)state;
    open_fixture(&fixture);
    numu_buffer_init(&buffer, &fixture.heap, 0);
    fixture.model.precedence.lag[3] = -2 * NUMU_DECIMAL_ONE;
    examine(&fixture);
    for (int language = NUMU_LANGUAGE_EN; language <= NUMU_LANGUAGE_FR; language++) {
        struct numu_json *root;
        struct numu_json_error error;
        numu_buffer_clear(&buffer);
        assert_int_equal(numu_view_health(&buffer, &fixture.health, &fixture.model, &stamp,
                                          (numu_language)language, NUMU_FORMAT_JSON),
                         NUMU_OK);
        struct numu_text text = {buffer.data, buffer.length};
        assert_int_equal(numu_json_read(&fixture.arena, text, 0, &root, &error), NUMU_OK);
        assert_int_equal(numu_json_find(root, "points")->count, NUMU_HEALTH_COUNT);
        numu_buffer_clear(&buffer);
        assert_int_equal(numu_view_health_page(&buffer, &fixture.health, &fixture.model, &stamp,
                                               (numu_language)language),
                         NUMU_OK);
        assert_null(markup_mistake(buffer.data));
        assert_non_null(strstr(buffer.data, "a03 &gt; a04"));
    }
    numu_buffer_release(&buffer);
    for (uint_fast64_t n = 1;; n = n < 20 ? n + 1 : n + n / 4) {
        struct numu_arena arena;
        numu_arena_init(&arena, &fixture.heap);
        fixture.heap.count = 0;
        fixture.heap.fail_at = n;
        numu_status status = numu_health_build(&fixture.context, &fixture.model, &arena,
                                               &fixture.report, &fixture.health);
        fixture.heap.fail_at = 0;
        numu_arena_release(&arena);
        if (status == NUMU_OK) {
            assert_true(n > 10);
            break;
        }
        assert_int_equal(status, NUMU_MEMORY);
    }
    close_fixture(&fixture);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_sound),  cmocka_unit_test(test_faults),
        cmocka_unit_test(test_late),   cmocka_unit_test(test_high_float),
        cmocka_unit_test(test_merges), cmocka_unit_test(test_views),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
