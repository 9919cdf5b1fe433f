/*
 * forecast.c - what the pictures of a forecast need, as tables of its plan: curves by quantile,
 * levers, and a few samples of date and cost. Samples themselves are not kept.
 */
#include "app/forecast.h"

#include "app/dates.h"

#include <math.h>
#include <stdio.h>

enum {
    CURVE_STEP = 2,   /* percent from point to point of a curve */
    SAMPLES_MAX = 500 /* of date and cost */
};

static struct numu_text id_of_target(const struct numu_risk_outcome *outcome, uint32_t target) {
    return target == 0 ? (struct numu_text){NULL, 0} : outcome->model->promise.id[target - 1];
}

/* --- curves --- */

static void add_point(struct numu_plan_forecast *table, struct numu_text promise, bool is_outside,
                      double share, numu_day day) {
    numu_row row = table->head.count++;
    table->promise[row] = promise;
    table->is_outside[row] = is_outside ? NUMU_BOOLEAN_TRUE : NUMU_BOOLEAN_FALSE;
    table->share[row] = share;
    table->day[row] = day;
}

static numu_status add_inside(const struct numu_risk_outcome *outcome, uint32_t target,
                              struct numu_heap *heap, struct numu_plan_forecast *table) {
    numu_period points[NUMU_RISK_CURVE_POINTS];
    NUMU_TRY(numu_risk_curve(&outcome->result, target, heap, points));
    for (int i = 0; i < NUMU_RISK_CURVE_POINTS; i += CURVE_STEP) {
        add_point(table, id_of_target(outcome, target), false,
                  (double)i / (NUMU_RISK_CURVE_POINTS - 1), numu_risk_day(outcome, points[i]));
    }
    return NUMU_OK;
}

/* Of those not finished by now, the share that was by a day ([V2] of reference.h). */
static void add_outside(const struct numu_risk_outcome *outcome, uint32_t target,
                        struct numu_plan_forecast *table) {
    const struct numu_survival *days = &outcome->references.days;
    numu_day announced = outcome->outside[target].announced;
    double age = outcome->data_date > announced ? (double)outcome->data_date - announced : 0;
    double unfinished = numu_survival_share(days, age, NULL);
    for (uint32_t i = 0; i < days->count && unfinished > 0; i++) {
        if (days->time[i] > age) {
            add_point(table, id_of_target(outcome, target), true, 1 - days->share[i] / unfinished,
                      announced + (numu_day)ceil(days->time[i]));
        }
    }
}

static numu_status tell_curves(const struct numu_risk_outcome *outcome, struct numu_arena *arena,
                               struct numu_plan *plan) {
    uint32_t targets = outcome->result.target_count;
    size_t each = NUMU_RISK_CURVE_POINTS + outcome->references.days.count;
    NUMU_TRY(numu_plan_take(plan, arena, NUMU_PLAN_TABLE(forecast), targets * each));
    plan->forecast.head.count = 0;
    for (uint32_t target = 0; target < targets; target++) {
        NUMU_TRY(add_inside(outcome, target, arena->heap, &plan->forecast));
        add_outside(outcome, target, &plan->forecast);
    }
    return NUMU_OK;
}

/* --- levers --- */

static void add_lever(const struct numu_risk_outcome *outcome, uint32_t target,
                      const struct numu_lever *lever, struct numu_plan_lever *table) {
    const struct numu_table_risk *risk = &outcome->model->risk;
    const struct numu_project *project = &outcome->project;
    bool is_risk = lever->kind == NUMU_LEVER_RISK;
    numu_row row = table->head.count++;
    table->promise[row] = id_of_target(outcome, target);
    table->is_resource[row] = is_risk ? NUMU_BOOLEAN_FALSE : NUMU_BOOLEAN_TRUE;
    table->id[row] = is_risk ? risk->id[lever->row] : project->resource_id[lever->row];
    table->name[row] = is_risk ? risk->title[lever->row] : project->resource_title[lever->row];
    table->sooner[row] = -lever->quantile[target].value;
    table->sooner_error[row] = lever->quantile[target].error;
    table->gain[row] = lever->probability[target].value;
    table->gain_error[row] = lever->probability[target].error;
}

static numu_status tell_levers(const struct numu_risk_outcome *outcome, struct numu_arena *arena,
                               struct numu_plan *plan) {
    const struct numu_risk_result *result = &outcome->result;
    NUMU_TRY(numu_plan_take(plan, arena, NUMU_PLAN_TABLE(lever),
                            (size_t)result->target_count * result->lever_count));
    plan->lever.head.count = 0;
    for (uint32_t target = 0; target < result->target_count; target++) {
        for (uint32_t n = 0; n < result->lever_count; n++) {
            add_lever(outcome, target, &result->levers[n], &plan->lever);
        }
    }
    return NUMU_OK;
}

/* --- date and cost --- */

static numu_status add_outlay(const struct numu_risk_outcome *outcome, const char *kind,
                              double point, double cost, double share, struct numu_plan *plan) {
    struct numu_plan_outlay *table = &plan->outlay;
    numu_row row = table->head.count++;
    table->kind[row] = numu_text_of(kind);
    table->day[row] = numu_risk_day(outcome, point);
    table->share[row] = share;
    return numu_number_from_double(cost, numu_currency_decimals(plan->currency), &table->cost[row]);
}

/* Every n-th sample, evenly over the replicates. */
static numu_status add_samples(const struct numu_risk_outcome *outcome, size_t count,
                               struct numu_plan *plan) {
    const struct numu_risk_result *result = &outcome->result;
    for (size_t i = 0; i < count; i++) {
        size_t sample = i * (size_t)result->sample_count / count;
        NUMU_TRY(add_outlay(outcome, "sample", result->targets[0].finish[sample],
                            result->cost[sample], NAN, plan));
    }
    return NUMU_OK;
}

static numu_status tell_outlays(const struct numu_risk_outcome *outcome, struct numu_arena *arena,
                                struct numu_plan *plan) {
    const struct numu_risk_result *result = &outcome->result;
    double percent = result->percent[NUMU_P_ASKED];
    const struct numu_joint asked = {(numu_period)result->targets[0].quantile[NUMU_P_ASKED].value,
                                     result->cost_quantile[NUMU_P_ASKED].value};
    struct numu_joint line[NUMU_FRONTIER_POINTS];
    struct numu_joint balance;
    double each;
    uint32_t count;
    size_t samples =
        result->sample_count < SAMPLES_MAX ? (size_t)result->sample_count : SAMPLES_MAX;
    if (!(result->cost_quantile[NUMU_P90].value > result->cost_quantile[NUMU_P10].value)) {
        return NUMU_OK; /* the cost is the same in all of them */
    }
    NUMU_TRY(numu_joint_frontier(result, percent, arena->heap, line, &count));
    NUMU_TRY(numu_joint_balance(result, percent, arena->heap, &balance, &each));
    NUMU_TRY(numu_plan_take(plan, arena, NUMU_PLAN_TABLE(outlay), samples + count + 2));
    plan->outlay.head.count = 0;
    NUMU_TRY(add_outlay(outcome, "asked", asked.point, asked.cost, numu_joint_share(result, &asked),
                        plan));
    NUMU_TRY(add_outlay(outcome, "balance", balance.point, balance.cost,
                        numu_joint_share(result, &balance), plan));
    for (uint32_t i = 0; i < count; i++) {
        NUMU_TRY(add_outlay(outcome, "line", line[i].point, line[i].cost,
                            numu_joint_share(result, &line[i]), plan));
    }
    return add_samples(outcome, samples, plan);
}

/* --- all of it --- */

static numu_status put_number(struct numu_plan *plan, struct numu_arena *arena, const char *key,
                              double value, int decimals) {
    char text[64];
    if (isnan(value)) {
        return NUMU_OK;
    }
    (void)snprintf(text, sizeof text, "%.*f", decimals, value);
    return numu_meta_put(plan, arena, key, numu_text_of(text));
}

static numu_status put_day(struct numu_plan *plan, struct numu_arena *arena, const char *key,
                           numu_day day) {
    char text[NUMU_DAY_TEXT_BYTES];
    return day == NUMU_NO_DAY
               ? NUMU_OK
               : numu_meta_put(plan, arena, key, numu_text_of(numu_day_format(day, text)));
}

numu_status numu_forecast_tell(const struct numu_risk_outcome *outcome, struct numu_arena *arena,
                               struct numu_plan *plan) {
    const struct numu_risk_result *result = &outcome->result;
    const struct numu_survival *days = &outcome->references.days;
    NUMU_TRY(tell_curves(outcome, arena, plan));
    NUMU_TRY(tell_levers(outcome, arena, plan));
    NUMU_TRY(tell_outlays(outcome, arena, plan));
    NUMU_TRY(put_number(plan, arena, "samples", (double)result->sample_count, 0));
    NUMU_TRY(put_number(plan, arena, "forecast_percent", result->percent[NUMU_P_ASKED], 1));
    NUMU_TRY(put_day(plan, arena, "forecast_deadline", outcome->promised[0]));
    NUMU_TRY(put_number(plan, arena, "forecast_in_time", result->targets[0].probability.value, 6));
    NUMU_TRY(put_number(plan, arena, "comparators", days->programmes, 0));
    NUMU_TRY(put_number(plan, arena, "comparators_finished", days->finished, 0));
    return put_number(plan, arena, "joint_confidence", outcome->confident.joint_of_openings, 6);
}
