/*
 * Goal: what numu_app_risk says of a package hangs together, and its views can be read by machines
 * and browsers.
 * Method: an example package: figures against each other and against counts over the samples; JSON
 * read back, CSV counted, the page walked, in each language; uplift by hand; the n-th allocation of
 * the views fails.
 */
#include "app/risk.h"

#include "base/csv.h"
#include "base/json.h"
#include "view/risk.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "view_markup.h"

struct fixture {
    struct numu_heap heap;
    struct numu_context context;
    struct numu_arena arena;
    struct numu_report report;
    struct numu_model model;
    struct numu_risk_outcome outcome;
    struct numu_buffer buffer;
};

static void open_fixture(struct fixture *fixture, const struct numu_risk_request *request) {
    memset(fixture, 0, sizeof *fixture);
    numu_heap_init(&fixture->heap, 0);
    fixture->context = (struct numu_context){.heap = &fixture->heap, .seed = 3};
    numu_arena_init(&fixture->arena, &fixture->heap);
    numu_report_init(&fixture->report, &fixture->heap, 20);
    numu_buffer_init(&fixture->buffer, &fixture->heap, 0);
    assert_int_equal(numu_app_check(&fixture->context, NUMU_TEXT("examples/mali-2026"),
                                    &fixture->report, &fixture->model),
                     NUMU_OK);
    assert_int_equal(numu_app_risk(&fixture->context, &fixture->model, request, &fixture->arena,
                                   &fixture->report, &fixture->outcome),
                     NUMU_OK);
}

static void close_fixture(struct fixture *fixture) {
    numu_buffer_release(&fixture->buffer);
    numu_model_release(&fixture->model);
    numu_report_release(&fixture->report);
    numu_arena_release(&fixture->arena);
    assert_int_equal(fixture->heap.bytes, 0);
}

static void test_figures_hang_together(void **state) {
    const struct numu_risk_request request = {.samples = 640, .deadline = 21500};
    struct fixture fixture;
    (void)state;
    open_fixture(&fixture, &request);
    const struct numu_risk_outcome *outcome = &fixture.outcome;
    const struct numu_risk_result *result = &outcome->result;
    assert_int_equal(result->target_count, fixture.model.promise.head.count + 1);
    assert_true(result->is_scarce && result->lever_count > fixture.model.risk.head.count);
    for (uint32_t target = 0; target < result->target_count; target++) {
        const struct numu_risk_target *told = &result->targets[target];
        assert_true(told->quantile[NUMU_P10].value <= told->quantile[NUMU_P50].value);
        assert_true(told->quantile[NUMU_P50].value <= told->quantile[NUMU_P80].value);
        assert_true(told->quantile[NUMU_P80].value <= told->quantile[NUMU_P90].value);
        uint64_t in_time = 0;
        for (uint64_t i = 0; i < result->sample_count; i++) {
            in_time += numu_risk_day(outcome, told->finish[i]) <= outcome->promised[target];
        }
        assert_true(fabs(told->probability.value - (double)in_time / (double)result->sample_count) <
                    1e-9);
    }
    const struct numu_confident_dates *dates = &outcome->confident;
    for (uint32_t a = 0; a < outcome->project.activity_count; a++) {
        assert_true(dates->start[a] <= dates->finish[a]);
        assert_int_equal(dates->finish[a],
                         outcome->project.origin + result->activities[a].finish[NUMU_P_ASKED]);
        assert_true(outcome->plan.activity.confident_finish[a] <= dates->finish[a]);
    }
    assert_true(dates->percent == 80 && dates->joint <= dates->joint_of_openings);
    assert_true(dates->joint_of_openings <= 0.81); /* no surer than each of them */
    const struct numu_joint pair = {(numu_period)result->targets[0].quantile[1].value,
                                    result->cost_quantile[NUMU_P50].value};
    double joint = numu_joint_share(result, &pair);
    assert_true(joint > 0.2 && joint <= 0.51);
    close_fixture(&fixture);
}

/* The tables that pictures are drawn from say what the samples say. */
static void test_tables_hang_together(void **state) {
    const struct numu_risk_request request = {
        .samples = 640, .deadline = 21500, .lever_samples = 160};
    struct fixture fixture;
    (void)state;
    open_fixture(&fixture, &request);
    const struct numu_risk_outcome *outcome = &fixture.outcome;
    const struct numu_risk_result *result = &outcome->result;
    const struct numu_plan_forecast *forecast = &outcome->plan.forecast;
    const struct numu_plan_outlay *outlay = &outcome->plan.outlay;
    uint32_t inside = 0, outside = 0;
    for (numu_row row = 0; row < forecast->head.count; row++) {
        bool is_outside = forecast->is_outside[row] == NUMU_BOOLEAN_TRUE;
        bool goes_on = row > 0 && forecast->is_outside[row - 1] == forecast->is_outside[row] &&
                       numu_text_is_equal(forecast->promise[row - 1], forecast->promise[row]);
        assert_true(!goes_on || (forecast->share[row - 1] <= forecast->share[row] &&
                                 forecast->day[row - 1] <= forecast->day[row]));
        if (!is_outside && fabs(forecast->share[row] - 0.8) < 1e-9) {
            uint32_t target = inside / 51;
            assert_int_equal(
                forecast->day[row],
                numu_risk_day(outcome, result->targets[target].quantile[NUMU_P80].value));
        }
        inside += !is_outside;
        outside += is_outside;
    }
    assert_int_equal(inside, 51 * result->target_count);
    assert_true(outside > 0);
    assert_int_equal(outcome->plan.lever.head.count, result->lever_count * result->target_count);
    assert_true(result->lever_count > fixture.model.risk.head.count);
    assert_true(numu_text_is(outlay->kind[0], "asked") && numu_text_is(outlay->kind[1], "balance"));
    for (numu_row row = 0; row < outlay->head.count; row++) {
        bool is_pair = row > 0 && !isnan(outlay->share[row]);
        assert_true(!is_pair || fabs(outlay->share[row] - 0.8) < 0.01);
    }
    close_fixture(&fixture);
}

static void test_uplift(void **state) {
    const struct numu_risk_request request = {
        .samples = 320, .deadline = NUMU_NO_DAY, .skips_removal = true, .uplifts = true};
    const struct numu_risk_request plain = {
        .samples = 320, .deadline = NUMU_NO_DAY, .skips_removal = true};
    struct fixture with;
    struct fixture without;
    (void)state;
    open_fixture(&with, &request);
    open_fixture(&without, &plain);
    for (uint32_t target = 0; target < with.outcome.result.target_count; target++) {
        double factor = with.outcome.uplift[target];
        double now = with.outcome.project.data_date;
        double before = without.outcome.result.targets[target].quantile[NUMU_P80].value;
        double after = with.outcome.result.targets[target].quantile[NUMU_P80].value;
        assert_true(factor >= 1 && without.outcome.uplift[target] == 1);
        assert_true(fabs(after - (now + (before - now) * factor)) < 1.01);
    }
    close_fixture(&without);
    close_fixture(&with);
}

static numu_status view(struct fixture *fixture, int kind, numu_language language) {
    const struct numu_stamp stamp = {.version = NUMU_TEXT("test"), .data_date = 0};
    numu_buffer_clear(&fixture->buffer);
    return kind == 3 ? numu_view_risk_page(&fixture->buffer, &fixture->outcome, &stamp, language)
                     : numu_view_risk(&fixture->buffer, &fixture->outcome, &stamp, language,
                                      (numu_format)kind);
}

static void check_views(struct fixture *fixture, numu_language language) {
    struct numu_json *root;
    struct numu_json_error error;
    struct numu_csv_reader reader;
    uint32_t activities = fixture->outcome.project.activity_count;
    assert_int_equal(view(fixture, NUMU_FORMAT_TABLE, language), NUMU_OK);
    assert_true(fixture->buffer.length > 500);
    assert_int_equal(view(fixture, NUMU_FORMAT_JSON, language), NUMU_OK);
    struct numu_text text = {fixture->buffer.data, fixture->buffer.length};
    assert_int_equal(numu_json_read(&fixture->arena, text, 0, &root, &error), NUMU_OK);
    assert_true(numu_text_is(root->first->text, "numu.risk/1"));
    assert_int_equal(numu_json_find(root, "activities")->count, activities);
    assert_int_equal(numu_json_find(root, "promises")->count, fixture->model.promise.head.count);
    assert_int_equal(numu_json_find(numu_json_find(root, "quantiles"), "P80")->kind,
                     NUMU_JSON_STRING);
    assert_int_equal(view(fixture, NUMU_FORMAT_CSV, language), NUMU_OK);
    numu_csv_reader_init_whole(&reader, ',', fixture->buffer.data, fixture->buffer.length);
    uint32_t records = 0;
    while (numu_csv_next(&reader) == NUMU_CSV_RECORD) {
        assert_int_equal(reader.count, 14);
        records++;
    }
    assert_int_equal(records, 1 + fixture->outcome.result.target_count + activities);
    assert_int_equal(view(fixture, 3, language), NUMU_OK);
    const char *mistake = markup_mistake(fixture->buffer.data);
    if (mistake != NULL) {
        print_message("# not well-formed: %.80s\n", mistake);
    }
    assert_null(mistake);
    static const char *const pieces[] = {"id=\"curve-0-t\"", "id=\"tornado-1-t\"", "id=\"cost-t\"",
                                         "class=\"sure\"", "class=\"due\""};
    for (size_t i = 0; i < sizeof pieces / sizeof pieces[0]; i++) {
        assert_non_null(strstr(fixture->buffer.data, pieces[i]));
    }
}

static void test_views(void **state) {
    const struct numu_risk_request request = {.samples = 320, .deadline = NUMU_NO_DAY};
    struct fixture fixture;
    (void)state;
    open_fixture(&fixture, &request);
    check_views(&fixture, NUMU_LANGUAGE_EN);
    check_views(&fixture, NUMU_LANGUAGE_FR);
    for (int kind = 0; kind <= 3; kind++) {
        numu_buffer_release(&fixture.buffer);
        uint_fast64_t n = 1;
        for (;; n = n < 20 ? n + 1 : n + n / 3) {
            fixture.heap.count = 0;
            fixture.heap.fail_at = n;
            numu_status status = view(&fixture, kind, NUMU_LANGUAGE_EN);
            fixture.heap.fail_at = 0;
            if (status == NUMU_OK) {
                break;
            }
            assert_int_equal(status, NUMU_MEMORY);
            assert_int_equal(fixture.buffer.length, 0);
            numu_buffer_release(&fixture.buffer);
        }
        assert_true(n > 3);
    }
    close_fixture(&fixture);
}

/* A package without activities has a finish, too: there is nothing left to do. */
static void test_nothing_to_do(void **state) {
    const struct numu_risk_request request = {.samples = 32, .deadline = NUMU_NO_DAY};
    struct fixture fixture;
    (void)state;
    open_fixture(&fixture, &request);
    fixture.model.activity.head.count = 0;
    fixture.model.precedence.head.count = 0;
    fixture.model.promise.head.count = 0;
    fixture.model.mode.head.count = 0;
    fixture.model.assignment.head.count = 0;
    fixture.model.risk_on.head.count = 0;
    fixture.model.correlation.head.count = 0;
    fixture.model.resource.head.count = 0; /* and what is opened by an activity */
    fixture.model.course.head.count = 0;
    fixture.model.process.head.count = 0;
    fixture.model.storehouse.head.count = 0;
    assert_int_equal(numu_app_risk(&fixture.context, &fixture.model, &request, &fixture.arena,
                                   &fixture.report, &fixture.outcome),
                     NUMU_OK);
    assert_true(fixture.outcome.result.targets[0].quantile[NUMU_P90].value ==
                fixture.outcome.project.data_date);
    for (int kind = 0; kind <= 3; kind++) {
        assert_int_equal(view(&fixture, kind, NUMU_LANGUAGE_EN), NUMU_OK);
    }
    close_fixture(&fixture);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_figures_hang_together),
        cmocka_unit_test(test_tables_hang_together),
        cmocka_unit_test(test_uplift),
        cmocka_unit_test(test_views),
        cmocka_unit_test(test_nothing_to_do),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
