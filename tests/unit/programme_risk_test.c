/*
 * Goal: figures of risk.h are those of probability theory, within the sampling errors that stand
 * beside them; samples are schedules; the answer depends on nothing but the project and the seed.
 * Method: closed forms of series, parallel work and risks that may happen; rank correlations of
 * drawn durations; dates of random projects (links of all types, calendars, progress) against the
 * critical path method, in lanes and under the policy; schedules under scarce resources against
 * every rule they must keep; rows in another order, 1 to 4 threads; tolerance; failing allocations.
 */
#include "programme/risk.h"

#include "base/random.h"
#include "programme/cpm.h"
#include "programme/joint.h"
#include "programme/uncertainty.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "model_builder.h"

enum { SEED = 20261125, ACTIVITIES_MAX = 12 };

/* --- models --- */

struct fixture {
    struct numu_heap heap;
    struct numu_arena arena;
    struct numu_model model;
    struct numu_calendars calendars;
    struct numu_report report;
    struct numu_context context;
    struct numu_project project;
    struct numu_uncertainty uncertainty;
    struct numu_risk_result result;
};

static void open_fixture(struct fixture *fixture) {
    memset(fixture, 0, sizeof *fixture);
    numu_heap_init(&fixture->heap, 0);
    numu_arena_init(&fixture->arena, &fixture->heap);
    numu_report_init(&fixture->report, &fixture->heap, 0);
    builder_init(&fixture->model, &fixture->heap);
    fixture->context = (struct numu_context){.heap = &fixture->heap, .seed = SEED, .threads = 2};
    fixture->model.package.start[0] = builder_day("2025-01-01");
    fixture->model.package.confidence[0] = 80 * NUMU_DECIMAL_ONE;
    fixture->model.package.three_point[0] = numu_three_point_ends;
}

static void close_fixture(struct fixture *fixture) {
    numu_report_release(&fixture->report);
    numu_arena_release(&fixture->arena);
    builder_release(&fixture->model);
    assert_int_equal(fixture->heap.bytes, 0);
}

static struct numu_text id_of(struct fixture *fixture, const char *prefix, unsigned number) {
    struct numu_text id;
    assert_int_equal(numu_text_printf(&fixture->model.arena, &id, "%s%03u", prefix, number),
                     NUMU_OK);
    return id;
}

static void take_activities(struct fixture *fixture, numu_row count) {
    struct numu_model *model = &fixture->model;
    builder_take(model, "activity", count);
    for (numu_row row = 0; row < count; row++) {
        model->activity.id[row] = id_of(fixture, "a", row);
        model->activity.likely[row] = 0;
        model->activity.time_share[row] = 0;
    }
}

static void set_work(struct fixture *fixture, numu_row row, uint8_t distribution, int low,
                     int likely, int high) {
    struct numu_table_activity *activity = &fixture->model.activity;
    activity->distribution[row] = distribution;
    activity->low[row] = low * NUMU_DECIMAL_ONE;
    activity->likely[row] = likely * NUMU_DECIMAL_ONE;
    activity->high[row] = high * NUMU_DECIMAL_ONE;
}

static void set_link(struct fixture *fixture, numu_row row, numu_row before, numu_row after) {
    fixture->model.precedence.before[row] = before;
    fixture->model.precedence.after[row] = after;
}

static void take_risks(struct fixture *fixture, numu_row count, numu_row on_count) {
    builder_take(&fixture->model, "risk", count);
    builder_take(&fixture->model, "risk_on", on_count);
    for (numu_row row = 0; row < count; row++) {
        fixture->model.risk.id[row] = id_of(fixture, "r", row);
        fixture->model.risk.probability[row] = 0;
    }
}

static numu_status try_prepare(struct fixture *fixture) {
    double repair;
    NUMU_TRY(numu_calendars_build(&fixture->model, &fixture->arena, &fixture->calendars));
    NUMU_TRY(numu_project_build(&fixture->context, &fixture->model, &fixture->calendars,
                                &fixture->arena, &fixture->report, &fixture->project));
    return numu_uncertainty_build(&fixture->model, &fixture->project, NULL, &fixture->arena,
                                  &fixture->uncertainty, &repair);
}

static numu_status try_run(struct fixture *fixture, const struct numu_risk_options *options) {
    struct numu_risk_problem problem = {.project = &fixture->project,
                                        .uncertainty = &fixture->uncertainty,
                                        .calendars = fixture->calendars.list,
                                        .promise_count = fixture->model.promise.head.count,
                                        .promise_activity = fixture->model.promise.activity,
                                        .deadline_limit = NUMU_NO_PERIOD};
    numu_period *limit;
    NUMU_TRY(NUMU_TAKE(&fixture->arena, &limit, problem.promise_count));
    for (uint32_t p = 0; p < problem.promise_count; p++) {
        limit[p] = fixture->model.promise.date[p] + 1 - fixture->project.origin;
    }
    problem.promise_limit = limit;
    numu_day deadline = fixture->model.package.deadline[0];
    if (deadline != NUMU_NO_DAY) {
        problem.deadline_limit = deadline + 1 - fixture->project.origin;
    }
    return numu_risk_run(&fixture->context, &problem, options, &fixture->arena, &fixture->result);
}

static void run(struct fixture *fixture, const struct numu_risk_options *options) {
    assert_int_equal(try_prepare(fixture), NUMU_OK);
    assert_int_equal(try_run(fixture, options), NUMU_OK);
}

/* Within four standard errors and half a period, for figures are whole periods. */
static void assert_estimate(const struct numu_estimate *estimate, double expected, double grid) {
    double room = 4 * estimate->error + grid;
    if (!(fabs(estimate->value - expected) <= room)) {
        print_message("# %.6g ± %.3g is not %.6g\n", estimate->value, estimate->error, expected);
    }
    assert_true(fabs(estimate->value - expected) <= room);
}

/* --- closed forms --- */

/* Two uniform [0, 1000] in series: triangular on [0, 2000]; P(S <= x) = x² / 2·10⁶ up to 1000. */
static void test_series(void **state) {
    const struct numu_risk_options options = {.samples = 16000};
    struct fixture fixture;
    (void)state;
    open_fixture(&fixture);
    take_activities(&fixture, 2);
    builder_take_links(&fixture.model, 1);
    set_work(&fixture, 0, numu_distribution_uniform, 0, 500, 1000);
    set_work(&fixture, 1, numu_distribution_uniform, 0, 500, 1000);
    set_link(&fixture, 0, 0, 1);
    fixture.model.package.deadline[0] = builder_day("2025-01-01") + 500 - 1;
    run(&fixture, &options);
    const struct numu_risk_target *whole = &fixture.result.targets[0];
    assert_int_equal(fixture.result.sample_count, 16000);
    assert_estimate(&whole->mean, 1000, 0.1);
    assert_estimate(&whole->quantile[NUMU_P10], sqrt(0.1 * 2e6), 1);
    assert_estimate(&whole->quantile[NUMU_P50], 1000, 1);
    assert_estimate(&whole->quantile[NUMU_P80], 2000 - sqrt(0.2 * 2e6), 1);
    assert_estimate(&whole->quantile[NUMU_P90], 2000 - sqrt(0.1 * 2e6), 1);
    assert_estimate(&whole->probability, 500.5 * 500.5 / 2e6, 1e-4);
    for (numu_row row = 0; row < 2; row++) { /* all of the whole hangs on each */
        assert_true(fixture.result.activities[row].significance == 1);
    }
    assert_true(whole->mean.error < 0.5); /* a Latin hypercube: nothing is left of main effects */
    assert_true(whole->probability.error > 0 && whole->probability.error < 0.01);
    close_fixture(&fixture);
}

/* The greatest of three uniform [0, 1000]: P(M <= x) = (x / 1000)³. */
static void test_parallel(void **state) {
    const struct numu_risk_options options = {.samples = 16000};
    struct fixture fixture;
    (void)state;
    open_fixture(&fixture);
    take_activities(&fixture, 3);
    for (numu_row row = 0; row < 3; row++) {
        set_work(&fixture, row, numu_distribution_uniform, 0, 500, 1000);
    }
    run(&fixture, &options);
    const struct numu_risk_target *whole = &fixture.result.targets[0];
    assert_estimate(&whole->mean, 750, 0.5);
    assert_estimate(&whole->quantile[NUMU_P50], 1000 * cbrt(0.5), 1);
    assert_estimate(&whole->quantile[NUMU_P80], 1000 * cbrt(0.8), 1);
    for (numu_row row = 0; row < 3; row++) {
        const struct numu_risk_activity *told = &fixture.result.activities[row];
        assert_true(fabs(told->criticality - 1.0 / 3) < 0.02);
        assert_true(fabs(told->mean - 500) < 1);
        assert_true(fabs(told->deviation - 1000 / sqrt(12)) < 2);
        /* duration + slack is the length of the whole: E(d) / E(whole) */
        assert_true(fabs(told->significance - 500.0 / 750) < 0.002);
    }
    close_fixture(&fixture);
}

/*
 * Three uniform [0, 1000] before a milestone: by day 800 each is there with 0.8, all with 0.8³; all
 * are with 0.8 by 1000 ³√0.8. One that is always there by then, and a merge on which one risk
 * decides, lose nothing.
 */
static void test_merges(void **state) {
    const struct numu_risk_options options = {.samples = 16000};
    const struct numu_merge *worst[2];
    struct fixture fixture;
    (void)state;
    open_fixture(&fixture);
    take_activities(&fixture, 7);
    builder_take_links(&fixture.model, 6);
    for (numu_row row = 0; row < 3; row++) {
        set_work(&fixture, row, numu_distribution_uniform, 0, 500, 1000);
        set_link(&fixture, row, row, 3);
    }
    take_risks(&fixture, 1, 2);
    fixture.model.risk.probability[0] = NUMU_DECIMAL_ONE / 2;
    fixture.model.risk.likely[0] = 2 * NUMU_DECIMAL_ONE;
    for (numu_row row = 4; row < 6; row++) {
        set_work(&fixture, row, numu_distribution_fixed, 100, 100, 100);
        fixture.model.risk_on.risk[row - 4] = 0;
        fixture.model.risk_on.activity[row - 4] = row;
    }
    set_link(&fixture, 3, 4, 6);
    set_link(&fixture, 4, 5, 6);
    set_link(&fixture, 5, 3, 6);
    run(&fixture, &options);
    assert_int_equal(fixture.result.merge_count, 2);
    const struct numu_merge *merge = &fixture.result.merges[0];
    assert_int_equal(merge->activity, 3);
    assert_int_equal(merge->path_count, 3);
    assert_true(merge->point >= 798 && merge->point <= 801);
    assert_true(fabs(merge->least_share - 0.8) < 0.005);
    assert_true(fabs(merge->joint_share - 0.512) < 0.01);
    assert_true(fabs(merge->delay - (1000 * cbrt(0.8) - 800)) < 4);
    merge = &fixture.result.merges[1]; /* the three, at 928, and two that are always there by 200 */
    assert_int_equal(merge->path_count, 3);
    assert_int_equal(merge->latest, 3);
    assert_true(merge->joint_share == merge->least_share && merge->delay == 0);
    assert_int_equal(numu_merges_worst(fixture.result.merges, fixture.result.merge_count, 2, worst),
                     1);
    assert_true(worst[0] == &fixture.result.merges[0]);
    close_fixture(&fixture);
}

/*
 * Cost and date both uniform and independent: two works in parallel, the long one [0, 1000] costs
 * nothing, the short one costs 1 a day, [0, 500]: P(both) = x/1000 · c/500 for x > 500. A line of
 * 0.6 is the hyperbola x · c = 0.6 · 500000, and where both are equally sure each is with √0.6.
 */
static void test_joint_confidence(void **state) {
    const struct numu_risk_options options = {.samples = 32000, .percent = 60};
    struct numu_joint line[NUMU_FRONTIER_POINTS];
    struct numu_joint pair;
    uint32_t count;
    double each;
    struct fixture fixture;
    (void)state;
    open_fixture(&fixture);
    take_activities(&fixture, 2);
    set_work(&fixture, 0, numu_distribution_uniform, 0, 500, 1000);
    set_work(&fixture, 1, numu_distribution_uniform, 0, 250, 500);
    fixture.model.activity.cost[1] = 250;
    fixture.model.activity.time_share[1] = NUMU_DECIMAL_ONE;
    run(&fixture, &options);
    assert_true(fabs(fixture.result.likely_cost - 250) < 1e-9);
    assert_int_equal(numu_joint_frontier(&fixture.result, 60, &fixture.heap, line, &count),
                     NUMU_OK);
    assert_true(count > 10 && count <= NUMU_FRONTIER_POINTS);
    for (uint32_t i = 0; i < count; i++) {
        double wanted = 0.6 * 500000 / line[i].point;
        assert_true(numu_joint_share(&fixture.result, &line[i]) >= 0.6);
        assert_true(fabs(line[i].cost - (wanted < 500 ? wanted : 500)) < 8);
        assert_true(i == 0 ||
                    (line[i].point > line[i - 1].point && line[i].cost < line[i - 1].cost));
    }
    assert_int_equal(numu_joint_balance(&fixture.result, 60, &fixture.heap, &pair, &each), NUMU_OK);
    assert_true(fabs(each - 100 * sqrt(0.6)) < 0.8);
    assert_true(numu_joint_share(&fixture.result, &pair) >= 0.6);
    assert_true(fabs(pair.point - 1000 * sqrt(0.6)) < 9 && fabs(pair.cost - 500 * sqrt(0.6)) < 5);
    close_fixture(&fixture);
}

/*
 * 100 days fixed; one risk of 0.3 delays by 50, another of 0.2 multiplies by 2, both on it; the
 * first costs 1000. Independent: 100 with 0.56, 150 with 0.24, 200 with 0.14, 250 with 0.06.
 */
static void test_risks_that_may_happen(void **state) {
    const struct numu_risk_options options = {.samples = 16000};
    struct fixture fixture;
    (void)state;
    open_fixture(&fixture);
    struct numu_model *model = &fixture.model;
    take_activities(&fixture, 1);
    set_work(&fixture, 0, numu_distribution_fixed, 100, 100, 100);
    take_risks(&fixture, 2, 2);
    model->risk.probability[0] = 3 * NUMU_DECIMAL_ONE / 10;
    model->risk.delay_likely[0] = 50 * NUMU_DECIMAL_ONE;
    model->risk.cost_likely[0] = 1000;
    model->risk.probability[1] = 2 * NUMU_DECIMAL_ONE / 10;
    model->risk.likely[1] = 2 * NUMU_DECIMAL_ONE;
    for (numu_row row = 0; row < 2; row++) {
        model->risk_on.risk[row] = row;
        model->risk_on.activity[row] = 0;
    }
    builder_take(model, "promise", 3);
    for (numu_row row = 0; row < 3; row++) {
        model->promise.activity[row] = 0;
        model->promise.date[row] = model->package.start[0] + 100 + 50 * (numu_day)row - 1;
    }
    run(&fixture, &options);
    const struct numu_risk_result *result = &fixture.result;
    assert_estimate(&result->targets[1].probability, 0.56, 1e-3);
    assert_estimate(&result->targets[2].probability, 0.80, 1e-3);
    assert_estimate(&result->targets[3].probability, 0.94, 1e-3);
    assert_estimate(&result->targets[0].mean, 100 * 1.2 + 50 * 0.3, 0.1);
    assert_estimate(&result->cost_mean, 300, 1);
    assert_int_equal(result->lever_count, 2);
    /* Without the first: 100 with 0.8, 200 with 0.2; without the other: 100 with 0.7, 150. */
    assert_estimate(&result->levers[0].probability[1], 0.80 - 0.56, 1e-3);
    assert_estimate(&result->levers[1].probability[1], 0.70 - 0.56, 1e-3);
    assert_estimate(&result->levers[1].probability[2], 1.00 - 0.80, 1e-3);
    assert_true(fabs(result->levers[0].mean_cost - 300) < 1e-9);
    close_fixture(&fixture);
}

static void test_one_risk_on_many(void **state) {
    const struct numu_risk_options options = {.samples = 16000};
    struct fixture fixture;
    (void)state;
    open_fixture(&fixture);
    struct numu_model *model = &fixture.model;
    take_activities(&fixture, 4);
    take_risks(&fixture, 1, 4);
    model->risk.probability[0] = NUMU_DECIMAL_ONE / 2;
    model->risk.likely[0] = 2 * NUMU_DECIMAL_ONE;
    for (numu_row row = 0; row < 4; row++) {
        set_work(&fixture, row, numu_distribution_fixed, 100, 100, 100);
        model->risk_on.risk[row] = 0;
        model->risk_on.activity[row] = row;
    }
    model->package.deadline[0] = model->package.start[0] + 99;
    run(&fixture, &options);
    /* Four in parallel move together: half the time all are in time, not 1 in 16. */
    assert_estimate(&fixture.result.targets[0].probability, 0.5, 1e-3);
    assert_true(fixture.result.activities[2].criticality == 1);
    close_fixture(&fixture);
}

/* --- correlations --- */

static void test_rank_correlations(void **state) {
    const struct numu_risk_options options = {.samples = 16384};
    const double asked[3] = {0.8, -0.5, 0.3}; /* 0-1, 1-2, 2-3 */
    struct fixture fixture;
    (void)state;
    open_fixture(&fixture);
    struct numu_model *model = &fixture.model;
    take_activities(&fixture, 5);
    for (numu_row row = 0; row < 5; row++) {
        set_work(&fixture, row, row % 2 == 0 ? numu_distribution_pert : numu_distribution_lognormal,
                 10000, 20000, 60000);
    }
    builder_take(model, "correlation", 3);
    for (numu_row row = 0; row < 3; row++) {
        model->correlation.a[row] = row;
        model->correlation.b[row] = row + 1;
        model->correlation.coefficient[row] = (numu_decimal)(asked[row] * 1e9);
    }
    run(&fixture, &options);
    size_t count = (size_t)fixture.result.kept_count;
    double *rank[5];
    struct numu_estimator estimator;
    assert_int_equal(numu_estimator_init(&estimator, &fixture.arena, fixture.result.samples),
                     NUMU_OK);
    for (numu_row a = 0; a < 5; a++) {
        const numu_period *finish = fixture.result.kept_finish + a * fixture.result.kept_stride;
        assert_int_equal(NUMU_TAKE(&fixture.arena, &rank[a], count), NUMU_OK);
        for (size_t i = 0; i < count; i++) {
            estimator.keys[i] = numu_key_of_integer(finish[i]);
        }
        numu_sort_keys(estimator.keys, estimator.scratch, count);
        for (size_t i = 0; i < count; i++) { /* ties are rare: 50,000 places */
            uint32_t key = numu_key_of_integer(finish[i]);
            size_t low = 0;
            size_t high = count;
            while (low < high) {
                size_t middle = (low + high) / 2;
                *(estimator.keys[middle] < key ? &low : &high) =
                    estimator.keys[middle] < key ? middle + 1 : middle;
            }
            rank[a][i] = (double)low;
        }
    }
    for (numu_row row = 0; row < 3; row++) {
        assert_true(fabs(numu_correlation_of(rank[row], rank[row + 1], count) - asked[row]) < 0.02);
    }
    assert_true(fabs(numu_correlation_of(rank[4], rank[0], count)) < 0.03);
    close_fixture(&fixture);
}

static void test_repair(void **state) {
    struct fixture fixture;
    double change;
    const uint32_t activities[3] = {2, 0, 1};
    /* 0.9, 0.9, -0.9 cannot hold together. */
    const double asked[9] = {1, 0.9, 0.9, 0.9, 1, -0.9, 0.9, -0.9, 1};
    (void)state;
    open_fixture(&fixture);
    take_activities(&fixture, 3);
    assert_int_equal(try_prepare(&fixture), NUMU_OK);
    assert_int_equal(numu_uncertainty_correlate(&fixture.uncertainty, &fixture.arena, activities, 3,
                                                asked, &change),
                     NUMU_OK);
    assert_true(change > 0.2 && change < 0.6);
    for (size_t i = 0; i < 3; i++) { /* rows of the root have length one: variances are one */
        double sum = 0;
        for (size_t j = 0; j <= i; j++) {
            sum += fixture.uncertainty.root[i * 3 + j] * fixture.uncertainty.root[i * 3 + j];
        }
        assert_true(fabs(sum - 1) < 1e-6);
    }
    close_fixture(&fixture);
}

/* --- schedules --- */

static unsigned draw(struct numu_random *random, unsigned below) {
    return (unsigned)numu_random_below(random, below);
}

/* All link types and lags of both signs, three calendars, progress, not-before dates. */
static void random_model(struct fixture *fixture, struct numu_random *random, bool with_resources,
                         bool with_risks) {
    static const int weeks[3][7] = {
        {8, 8, 8, 8, 8, 0, 0}, {8, 0, 8, 0, 8, 8, 0}, {8, 8, 8, 8, 8, 8, 8}};
    struct numu_model *model = &fixture->model;
    numu_row count = 3 + draw(random, ACTIVITIES_MAX - 3);
    numu_row links = draw(random, 2 * count);
    take_activities(fixture, count);
    builder_take(model, "calendar", 3);
    builder_take(model, "holiday", 4);
    for (numu_row row = 0; row < 3; row++) {
        model->calendar.id[row] = id_of(fixture, "c", row);
        builder_set_week(model, row, weeks[row]);
    }
    for (numu_row row = 0; row < 4; row++) {
        model->holiday.calendar[row] = draw(random, 3);
        model->holiday.date[row] = model->package.start[0] + (numu_day)draw(random, 60);
    }
    model->package.data_date[0] = model->package.start[0] + 20;
    for (numu_row row = 0; row < count; row++) {
        int likely = (int)draw(random, 12);
        set_work(fixture, row, with_risks ? numu_distribution_triangular : numu_distribution_fixed,
                 likely, likely, with_risks ? 2 * likely : likely);
        model->activity.calendar[row] = draw(random, 3);
        if (draw(random, 5) == 0) {
            model->activity.not_before[row] = model->package.start[0] + (numu_day)draw(random, 50);
        }
        if (draw(random, 6) == 0) {
            model->activity.started[row] = model->package.start[0] + (numu_day)draw(random, 18);
            if (draw(random, 2) == 0) {
                model->activity.finished[row] = model->activity.started[row] + 1;
            }
        }
    }
    /* Something has happened long before, so that no link asks for what lies before point 0. */
    model->activity.started[0] = model->package.start[0];
    model->activity.finished[0] = model->package.start[0];
    builder_take_links(model, links);
    for (numu_row row = 0; row < links; row++) {
        numu_row after = 1 + draw(random, count - 1);
        set_link(fixture, row, draw(random, after), after);
        model->precedence.type[row] = (uint8_t)(1 + draw(random, 4));
        model->precedence.lag[row] = ((int)draw(random, 9) - 3) * NUMU_DECIMAL_ONE;
    }
    if (with_resources) {
        builder_take(model, "programme_resource", 2);
        builder_take(model, "assignment", count);
        for (numu_row row = 0; row < 2; row++) {
            model->programme_resource.id[row] = id_of(fixture, "p", row);
            model->programme_resource.units[row] = 3 * NUMU_DECIMAL_ONE;
            model->programme_resource.kind[row] = numu_programme_resource_kind_renewable;
        }
        for (numu_row row = 0; row < count; row++) {
            model->assignment.activity[row] = row;
            model->assignment.programme_resource[row] = draw(random, 2);
            model->assignment.units[row] = (1 + draw(random, 3)) * NUMU_DECIMAL_ONE;
        }
    }
    if (with_risks) {
        take_risks(fixture, 2, count);
        for (numu_row row = 0; row < 2; row++) {
            model->risk.probability[row] = NUMU_DECIMAL_ONE / 3;
            model->risk.likely[row] = 2 * NUMU_DECIMAL_ONE;
            model->risk.delay_likely[row] = 3 * NUMU_DECIMAL_ONE;
        }
        for (numu_row row = 0; row < count; row++) {
            model->risk_on.risk[row] = draw(random, 2);
            model->risk_on.activity[row] = row;
        }
    }
}

/* Simulates the likely durations; `stride` lanes all alike. */
static void simulate_likely(struct fixture *fixture, const struct numu_simulator_options *options,
                            bool by_policy, struct numu_project *reach,
                            struct numu_simulator *simulator, struct numu_simulator_room *room) {
    numu_period *duration;
    uint32_t count = fixture->project.activity_count;
    assert_int_equal(numu_project_extend(&fixture->project, fixture->calendars.list,
                                         fixture->project.horizon + 2000, &fixture->arena, reach),
                     NUMU_OK);
    assert_int_equal(numu_simulator_init(simulator, &fixture->arena, reach, options), NUMU_OK);
    simulator->is_scarce = simulator->is_scarce || by_policy;
    assert_int_equal(numu_simulator_take(simulator, &fixture->arena, room), NUMU_OK);
    assert_int_equal(NUMU_TAKE(&fixture->arena, &duration, (size_t)count * NUMU_LANES), NUMU_OK);
    for (uint32_t i = 0; i < count * NUMU_LANES; i++) {
        duration[i] = fixture->project.duration[fixture->project.first_mode[i / NUMU_LANES]];
    }
    assert_int_equal(numu_simulate(simulator, duration, NUMU_LANES, room), NUMU_OK);
    numu_simulate_critical(simulator, duration, NUMU_LANES, room);
    numu_simulate_slack(simulator, duration, NUMU_LANES, room);
}

static void compare_with_cpm(const struct fixture *fixture, const struct numu_lanes *lanes,
                             const struct numu_schedule *schedule) {
    for (uint32_t a = 0; a < schedule->count; a++) {
        bool is_finished = fixture->project.state[a] == NUMU_ACTIVITY_FINISHED;
        for (int lane = 0; lane < NUMU_LANES; lane++) {
            assert_int_equal(fixture->project.origin + lanes->start[a][lane],
                             schedule->early_start[a]);
            assert_int_equal(fixture->project.origin + lanes->finish[a][lane],
                             schedule->early_finish[a]);
            assert_int_equal(!is_finished && lanes->critical[a][lane] != 0,
                             schedule->is_on_longest_path[a]);
            bool is_loose = !is_finished && lanes->critical[a][lane] == 0;
            assert_int_equal(lanes->slack[a][lane], is_loose ? schedule->total_float[a] : 0);
        }
    }
}

/* Late finishes that pictures show, by links alone. */
static void compare_late(struct fixture *fixture, const struct numu_project *reach,
                         const struct numu_schedule *schedule) {
    numu_period late[ACTIVITIES_MAX];
    assert_int_equal(numu_project_late_finish(reach, reach->first_mode,
                                              schedule->finish - reach->origin, &fixture->arena,
                                              late),
                     NUMU_OK);
    for (uint32_t a = 0; a < schedule->count; a++) {
        assert_int_equal(reach->origin + late[a], schedule->late_finish[a]);
    }
}

static void test_dates_of_cpm(void **state) {
    (void)state;
    for (uint64_t round = 0; round < 1500; round++) {
        const struct numu_simulator_options options = {.mode = NULL};
        struct fixture fixture;
        struct numu_random random;
        struct numu_schedule schedule;
        struct numu_project reach;
        struct numu_simulator simulator;
        struct numu_simulator_room room;
        open_fixture(&fixture);
        numu_random_init(&random, SEED, round);
        random_model(&fixture, &random, false, false);
        assert_int_equal(try_prepare(&fixture), NUMU_OK);
        assert_int_equal(numu_cpm_schedule(&fixture.context, &fixture.model, &fixture.calendars,
                                           &fixture.arena, &fixture.report, &schedule),
                         NUMU_OK);
        simulate_likely(&fixture, &options, false, &reach, &simulator, &room);
        compare_with_cpm(&fixture, &room.lanes, &schedule);
        compare_late(&fixture, &reach, &schedule);
        /* The policy, where nothing is scarce, is the network, too. */
        simulate_likely(&fixture, &options, true, &reach, &simulator, &room);
        compare_with_cpm(&fixture, &room.lanes, &schedule);
        close_fixture(&fixture);
    }
}

/* Units in use of a resource at a point must not exceed what there is, but for work under way. */
static void check_resources(const struct fixture *fixture, const struct numu_lanes *lanes,
                            int lane) {
    const struct numu_project *project = &fixture->project;
    for (uint32_t r = 0; r < project->resource_count; r++) {
        for (uint32_t a = 0; a < project->activity_count; a++) {
            numu_period point = lanes->resume[a][lane];
            int units = 0;
            bool is_held = false;
            for (uint32_t b = 0; b < project->activity_count; b++) {
                uint32_t mode = project->first_mode[b];
                bool is_on = project->state[b] != NUMU_ACTIVITY_FINISHED &&
                             lanes->resume[b][lane] <= point && lanes->finish[b][lane] > point;
                for (uint32_t n = project->first_need[mode];
                     is_on && n < project->first_need[mode + 1]; n++) {
                    if (project->need_resource[n] == r) {
                        units += project->need_units[n];
                        is_held = is_held || project->state[b] == NUMU_ACTIVITY_STARTED;
                    }
                }
            }
            assert_true(is_held || units <= project->step_units[project->first_step[r]]);
        }
    }
}

static void test_scarce_resources(void **state) {
    uint64_t later = 0;
    (void)state;
    for (uint64_t round = 0; round < 1000; round++) {
        const struct numu_simulator_options scarce = {.mode = NULL};
        const struct numu_simulator_options free = {.ignores_resources = true};
        struct fixture fixture;
        struct numu_random random;
        struct numu_project reach;
        struct numu_simulator simulator;
        struct numu_simulator_room with;
        struct numu_simulator_room without;
        open_fixture(&fixture);
        numu_random_init(&random, SEED, 10000 + round);
        random_model(&fixture, &random, true, false);
        assert_int_equal(try_prepare(&fixture), NUMU_OK);
        simulate_likely(&fixture, &scarce, false, &reach, &simulator, &with);
        simulate_likely(&fixture, &free, false, &reach, &simulator, &without);
        check_resources(&fixture, &with.lanes, 3);
        uint32_t critical = 0;
        for (uint32_t a = 0; a < fixture.project.activity_count; a++) {
            assert_true(with.lanes.resume[a][0] >= without.lanes.resume[a][0]);
            assert_int_equal(with.lanes.resume[a][0], with.lanes.resume[a][7]);
            critical += with.lanes.critical[a][0] != 0;
            later += with.lanes.resume[a][0] > without.lanes.resume[a][0];
        }
        assert_true(critical > 0 || with.lanes.whole[0] <= fixture.project.data_date ||
                    fixture.project.activity_count > 0);
        close_fixture(&fixture);
    }
    assert_true(later > 500); /* resources were scarce indeed */
}

/*
 * One crane, three works of 10, 20, 5 in parallel, the longest first by its tail of 30: the list is
 * 1, 0, 2 by what follows; hand-overs 1 > 0 > 2 are the critical chain.
 */
static void test_hand_overs(void **state) {
    const struct numu_simulator_options options = {.mode = NULL};
    struct fixture fixture;
    struct numu_project reach;
    struct numu_simulator simulator;
    struct numu_simulator_room room;
    (void)state;
    open_fixture(&fixture);
    take_activities(&fixture, 4);
    set_work(&fixture, 0, numu_distribution_fixed, 10, 10, 10);
    set_work(&fixture, 1, numu_distribution_fixed, 20, 20, 20);
    set_work(&fixture, 2, numu_distribution_fixed, 5, 5, 5);
    set_work(&fixture, 3, numu_distribution_fixed, 3, 3, 3); /* needs no crane */
    builder_take(&fixture.model, "programme_resource", 1);
    fixture.model.programme_resource.id[0] = id_of(&fixture, "p", 0);
    fixture.model.programme_resource.units[0] = NUMU_DECIMAL_ONE;
    fixture.model.programme_resource.kind[0] = numu_programme_resource_kind_renewable;
    builder_take(&fixture.model, "assignment", 3);
    for (numu_row row = 0; row < 3; row++) {
        fixture.model.assignment.activity[row] = row;
        fixture.model.assignment.programme_resource[row] = 0;
        fixture.model.assignment.units[row] = NUMU_DECIMAL_ONE;
    }
    assert_int_equal(try_prepare(&fixture), NUMU_OK);
    simulate_likely(&fixture, &options, false, &reach, &simulator, &room);
    assert_int_equal(room.lanes.start[1][0], 0);
    assert_int_equal(room.lanes.start[0][0], 20);
    assert_int_equal(room.lanes.start[2][0], 30);
    assert_int_equal(room.lanes.whole[0], 35);
    for (uint32_t a = 0; a < 4; a++) {
        assert_int_equal(room.lanes.critical[a][5] != 0, a < 3);
    }
    const struct numu_risk_options all = {.samples = 160};
    assert_int_equal(try_run(&fixture, &all), NUMU_OK);
    assert_int_equal(fixture.result.lever_count, 1); /* enough cranes: 35 becomes 20 */
    assert_true(fixture.result.levers[0].quantile[0].value == -15);
    close_fixture(&fixture);
}

/* --- same question, same answer --- */

static void assert_same(const struct numu_risk_result *a, const struct numu_risk_result *b) {
    assert_int_equal(a->sample_count, b->sample_count);
    assert_memory_equal(a->targets[0].finish, b->targets[0].finish,
                        a->sample_count * sizeof(numu_period));
    assert_memory_equal(a->cost, b->cost, a->sample_count * sizeof(float));
}

static void test_threads(void **state) {
    const struct numu_risk_options options = {.samples = 500};
    (void)state;
    for (uint64_t round = 0; round < 20; round++) {
        struct fixture fixture;
        struct numu_random random;
        struct numu_risk_result first;
        open_fixture(&fixture);
        numu_random_init(&random, SEED, 20000 + round);
        random_model(&fixture, &random, true, true);
        for (unsigned threads = 1; threads <= 4; threads++) {
            fixture.context.threads = threads;
            run(&fixture, &options);
            if (threads == 1) {
                first = fixture.result;
            }
            assert_same(&first, &fixture.result);
            for (uint32_t a = 0; a < fixture.project.activity_count; a++) {
                assert_memory_equal(&first.activities[a], &fixture.result.activities[a],
                                    sizeof first.activities[a]);
            }
        }
        fixture.context.seed++;
        run(&fixture, &options);
        close_fixture(&fixture);
    }
}

/* The rows of a model in another order; references follow. */
static void permute(struct fixture *to, const struct fixture *from, struct numu_random *random) {
    const struct numu_model *a = &from->model;
    struct numu_model *b = &to->model;
    numu_row count = a->activity.head.count;
    numu_row place[ACTIVITIES_MAX];
    numu_row risk_place[2] = {1, 0};
    for (numu_row row = 0; row < count; row++) {
        numu_row other = draw(random, row + 1);
        place[row] = place[other];
        place[other] = row;
    }
    const char *const tables[] = {"activity", "calendar", "holiday",    "precedence",
                                  "risk",     "risk_on",  "assignment", "programme_resource"};
    for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++) {
        const struct numu_table_descriptor *table = numu_schema_find(numu_text_of(tables[i]));
        numu_row rows = numu_model_head_of(a, table)->count;
        builder_take(b, tables[i], rows);
        for (const struct numu_column *column = table->columns; column->name != NULL; column++) {
            size_t size = numu_kind_size(column->kind);
            for (numu_row row = 0; row < rows && !column->is_evidence; row++) {
                numu_row target = i == 0             ? place[row]
                                  : i == 4           ? risk_place[row]
                                  : i == 1 || i == 7 ? row
                                                     : rows - 1 - row;
                char *out = *(char **)((char *)b + table->offset + column->offset);
                const char *in = numu_model_array(a, table, column);
                memcpy(out + target * size, in + row * size, size);
            }
        }
    }
    for (numu_row row = 0; row < b->precedence.head.count; row++) {
        b->precedence.before[row] = place[b->precedence.before[row]];
        b->precedence.after[row] = place[b->precedence.after[row]];
    }
    for (numu_row row = 0; row < b->risk_on.head.count; row++) {
        b->risk_on.risk[row] = risk_place[b->risk_on.risk[row]];
        b->risk_on.activity[row] = place[b->risk_on.activity[row]];
    }
    for (numu_row row = 0; row < b->assignment.head.count; row++) {
        b->assignment.activity[row] = place[b->assignment.activity[row]];
    }
    b->package.data_date[0] = a->package.data_date[0];
}

static void test_rows_in_another_order(void **state) {
    const struct numu_risk_options options = {.samples = 320};
    (void)state;
    for (uint64_t round = 0; round < 100; round++) {
        struct fixture fixture;
        struct fixture other;
        struct numu_random random;
        open_fixture(&fixture);
        open_fixture(&other);
        numu_random_init(&random, SEED, 30000 + round);
        random_model(&fixture, &random, true, true);
        permute(&other, &fixture, &random);
        run(&fixture, &options);
        run(&other, &options);
        assert_same(&fixture.result, &other.result);
        close_fixture(&other);
        close_fixture(&fixture);
    }
}

static void test_tolerance(void **state) {
    struct fixture fixture;
    (void)state;
    open_fixture(&fixture);
    take_activities(&fixture, 2);
    set_work(&fixture, 0, numu_distribution_uniform, 0, 50, 1000);
    set_work(&fixture, 1, numu_distribution_uniform, 0, 50, 1000);
    const struct numu_risk_options loose = {.tolerance = 20};
    const struct numu_risk_options tight = {.tolerance = 0.7};
    const struct numu_risk_options bounded = {.tolerance = 0.0001, .samples = 40000};
    run(&fixture, &loose);
    uint64_t few = fixture.result.sample_count;
    assert_true(fixture.result.targets[0].quantile[NUMU_P80].error <= 20);
    run(&fixture, &tight);
    assert_true(fixture.result.sample_count > few);
    assert_true(fixture.result.targets[0].quantile[NUMU_P80].error <= 0.7);
    run(&fixture, &bounded);
    assert_true(fixture.result.sample_count >= 40000 && fixture.result.sample_count < 60000);
    close_fixture(&fixture);
}

/* Dates of some samples of each are kept, not of all. */
static void test_many_activities(void **state) {
    const struct numu_risk_options options = {.samples = 20000};
    struct fixture fixture;
    (void)state;
    open_fixture(&fixture);
    take_activities(&fixture, 6000);
    for (numu_row row = 0; row < 6000; row++) {
        set_work(&fixture, row, numu_distribution_uniform, 0, 1, 2);
    }
    set_work(&fixture, 0, numu_distribution_uniform, 100, 150, 200);
    fixture.model.package.deadline[0] = fixture.model.package.start[0] + 179;
    run(&fixture, &options);
    assert_true(fixture.result.sample_count >= 20000 && fixture.result.sample_count < 22000);
    assert_true(fixture.result.kept_count >= 256 && fixture.result.kept_count < 5000);
    assert_true(fixture.heap.bytes_peak < 350u << 20);
    assert_estimate(&fixture.result.targets[0].probability, 0.8, 0.01);
    assert_estimate(&fixture.result.targets[0].quantile[NUMU_P50], 150, 1);
    assert_true(fixture.result.activities[0].criticality == 1);
    assert_true(fixture.result.activities[5999].criticality == 0);
    assert_true(fabs(fixture.result.activities[0].mean - 150) < 1);
    close_fixture(&fixture);
}

static void test_stop_and_memory(void **state) {
    const struct numu_risk_options options = {.samples = 64};
    atomic_bool stop;
    struct fixture fixture;
    struct numu_random random;
    (void)state;
    atomic_init(&stop, true);
    open_fixture(&fixture);
    numu_random_init(&random, SEED, 40000);
    random_model(&fixture, &random, true, true);
    fixture.context.threads = 1;
    assert_int_equal(try_prepare(&fixture), NUMU_OK);
    fixture.context.stop = &stop;
    assert_int_equal(try_run(&fixture, &options), NUMU_STOPPED);
    fixture.context.stop = NULL;
    size_t before = fixture.heap.bytes;
    uint_fast64_t failures = 0;
    for (;; failures++) {
        struct numu_arena_mark mark = numu_arena_mark(&fixture.arena);
        fixture.heap.count = 0;
        fixture.heap.fail_at = failures + 1;
        numu_status status = try_run(&fixture, &options);
        fixture.heap.fail_at = 0;
        numu_arena_rewind(&fixture.arena, mark);
        if (status == NUMU_OK) {
            break;
        }
        assert_int_equal(status, NUMU_MEMORY);
        assert_true(fixture.heap.bytes <= before + 4096);
    }
    assert_true(failures > 50);
    close_fixture(&fixture);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_series),
        cmocka_unit_test(test_parallel),
        cmocka_unit_test(test_merges),
        cmocka_unit_test(test_joint_confidence),
        cmocka_unit_test(test_risks_that_may_happen),
        cmocka_unit_test(test_one_risk_on_many),
        cmocka_unit_test(test_rank_correlations),
        cmocka_unit_test(test_repair),
        cmocka_unit_test(test_dates_of_cpm),
        cmocka_unit_test(test_scarce_resources),
        cmocka_unit_test(test_hand_overs),
        cmocka_unit_test(test_threads),
        cmocka_unit_test(test_rows_in_another_order),
        cmocka_unit_test(test_tolerance),
        cmocka_unit_test(test_many_activities),
        cmocka_unit_test(test_stop_and_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
