/*
 * view_plan.h - a small made-up plan that the tests of `view` show: two promises, one kept and one
 * missed, names that must be escaped, one year and a half.
 */
#ifndef NUMU_TESTS_VIEW_PLAN_H
#define NUMU_TESTS_VIEW_PLAN_H

#include "model/model.h"
#include "plan/plan.h"

#include <math.h>

static inline numu_day test_day(int year, int month, int day) {
    return numu_day_of((struct numu_date){year, month, day});
}

static inline numu_month test_month(int year, int month) {
    return numu_day_month(test_day(year, month, 1));
}

static inline struct numu_text test_text(const char *string) {
    return numu_text_of(string);
}

static inline void test_meta(struct numu_plan *plan, numu_row row, const char *key,
                             const char *value) {
    plan->meta.key[row] = test_text(key);
    plan->meta.value[row] = test_text(value);
}

static inline void test_activity(struct numu_plan *plan, numu_row row, const char *id,
                                 const char *name, numu_day start, numu_day finish,
                                 int64_t total_float) {
    plan->activity.id[row] = test_text(id);
    plan->activity.name[row] = test_text(name);
    plan->activity.phase[row] = numu_phase_equipment;
    plan->activity.start[row] = start;
    plan->activity.finish[row] = finish;
    plan->activity.late_start[row] = start + (numu_day)total_float;
    plan->activity.late_finish[row] = finish + (numu_day)total_float;
    plan->activity.total_float[row] = total_float;
    plan->activity.free_float[row] = total_float / 2;
    plan->activity.is_on_longest_path[row] =
        total_float == 0 ? NUMU_BOOLEAN_TRUE : NUMU_BOOLEAN_FALSE;
    plan->activity.cost[row] = 1200000000;
}

static inline void test_promise(struct numu_plan *plan, numu_row row, const char *id,
                                const char *name, const char *activity, numu_day date,
                                numu_day finish) {
    plan->promise.id[row] = test_text(id);
    plan->promise.name[row] = test_text(name);
    plan->promise.family[row] = numu_family_small_arm;
    plan->promise.activity[row] = test_text(activity);
    plan->promise.date[row] = date;
    plan->promise.finish[row] = finish;
    plan->promise.days_late[row] = finish - date;
    plan->promise.p50[row] = finish + 10;
    plan->promise.p80[row] = finish + 40;
    plan->promise.probability[row] = finish > date ? 0 : 0.683;
    plan->promise.probability_error[row] = finish > date ? 0 : 0.002;
    plan->promise.elsewhere[row] = 0.25;
    plan->promise.cited[row] = test_text("speech of <2025>, \"press\" & radio");
}

static inline void test_demand(struct numu_plan *plan, numu_row row, const char *id,
                               const char *item, int64_t on_time, int64_t late, int64_t unmet) {
    plan->demand.id[row] = test_text(id);
    plan->demand.customer[row] = test_text(row == 0 ? "army" : "mines");
    plan->demand.customer_kind[row] =
        row == 0 ? numu_customer_kind_domestic : numu_customer_kind_civil;
    plan->demand.item[row] = test_text(item);
    plan->demand.due[row] = test_day(2026, 3, 31);
    plan->demand.quantity[row] = (on_time + late + unmet) * NUMU_QUANTITY_ONE;
    plan->demand.priority[row] = 1;
    plan->demand.on_time[row] = on_time * NUMU_QUANTITY_ONE;
    plan->demand.late[row] = late * NUMU_QUANTITY_ONE;
    plan->demand.unmet[row] = unmet * NUMU_QUANTITY_ONE;
}

/* Curves of a promise and of the whole, two levers of the promise, three samples of the cost. */
static inline numu_status test_plan_forecast(struct numu_plan *plan, struct numu_arena *arena) {
    static const char *const kinds[] = {"asked",  "balance", "line",  "line",
                                        "sample", "sample",  "sample"};
    NUMU_TRY(numu_plan_take(plan, arena, NUMU_PLAN_TABLE(forecast), 10));
    for (numu_row row = 0; row < 10; row++) {
        plan->forecast.promise[row] = test_text(row < 6 ? "p1" : "");
        plan->forecast.is_outside[row] =
            row == 4 || row == 5 ? NUMU_BOOLEAN_TRUE : NUMU_BOOLEAN_FALSE;
        plan->forecast.share[row] = row < 4 ? row / 3.0 : row < 6 ? row / 10.0 : (row - 6) / 3.0;
        plan->forecast.day[row] = test_day(2026, 1, 1) + 40 * (numu_day)row;
    }
    NUMU_TRY(numu_plan_take(plan, arena, NUMU_PLAN_TABLE(lever), 2));
    for (numu_row row = 0; row < 2; row++) {
        plan->lever.promise[row] = test_text("p1");
        plan->lever.is_resource[row] = row == 1 ? NUMU_BOOLEAN_TRUE : NUMU_BOOLEAN_FALSE;
        plan->lever.id[row] = test_text(row == 1 ? "crane" : "flood");
        plan->lever.name[row] = test_text(row == 1 ? "" : "A <flood>");
        plan->lever.sooner[row] = row == 1 ? 90 : 12.5;
        plan->lever.sooner_error[row] = 2;
    }
    NUMU_TRY(numu_plan_take(plan, arena, NUMU_PLAN_TABLE(outlay), 7));
    for (numu_row row = 0; row < 7; row++) {
        plan->outlay.kind[row] = test_text(kinds[row]);
        plan->outlay.day[row] = test_day(2026, 3, 1) + 30 * (numu_day)row;
        plan->outlay.cost[row] = (9 - (numu_money)row) * 1000000000;
        plan->outlay.share[row] = 0.68;
    }
    return NUMU_OK;
}

/* The programme: meta, activities, promises and the forecast. */
static inline numu_status test_plan_schedule(struct numu_plan *plan, struct numu_arena *arena) {
    plan->currency = numu_currency_find(NUMU_TEXT("XOF"));
    NUMU_TRY(numu_plan_take(plan, arena, NUMU_PLAN_TABLE(meta), 16));
    test_meta(plan, 0, "numu", "0.1.0");
    test_meta(plan, 1, "inputs_sha256", "00ff");
    test_meta(plan, 2, "data_date", "2025-06-30");
    test_meta(plan, 3, "seed", "7");
    test_meta(plan, 4, "deadline", "2025-12-31");
    test_meta(plan, 5, "samples", "10000");
    test_meta(plan, 6, "confidence", "80");
    test_meta(plan, 7, "joint_confidence", "0.612");
    test_meta(plan, 8, "start", "2025-07-01");
    test_meta(plan, 9, "months", "18");
    test_meta(plan, 10, "comparators", "16");
    test_meta(plan, 11, "rules", "us-<x>");
    test_meta(plan, 12, "rules_adopted", "false");
    test_meta(plan, 13, "forecast_percent", "80.0");
    test_meta(plan, 14, "forecast_deadline", "2025-12-31");
    test_meta(plan, 15, "forecast_in_time", "0.125000");
    NUMU_TRY(numu_plan_take(plan, arena, NUMU_PLAN_TABLE(activity), 3));
    test_activity(plan, 0, "hall", "Rifles: hall <A> & B", test_day(2025, 7, 1),
                  test_day(2026, 1, 30), 0);
    test_activity(plan, 1, "line",
                  "Rifles: ligne \xC3\xA9quip\xC3\xA9"
                  "e",
                  test_day(2025, 8, 4), test_day(2025, 11, 28), 45);
    test_activity(plan, 2, "accept", "Rifles: acceptance", test_day(2026, 2, 2),
                  test_day(2026, 2, 13), 0);
    NUMU_TRY(numu_plan_take(plan, arena, NUMU_PLAN_TABLE(promise), 2));
    test_promise(plan, 0, "p1", "Rifles \"at once\" <now>", "accept", test_day(2025, 12, 31),
                 test_day(2026, 2, 13));
    test_promise(plan, 1, "p2", "A line", "line", test_day(2025, 12, 31), test_day(2025, 11, 28));
    return test_plan_forecast(plan, arena);
}

static inline numu_status test_plan_supply(struct numu_plan *plan, struct numu_arena *arena) {
    NUMU_TRY(numu_plan_take(plan, arena, NUMU_PLAN_TABLE(item), 2));
    plan->item.id[0] = test_text("rifle");
    plan->item.family[0] = numu_family_small_arm;
    plan->item.unit[0] = test_text("each");
    plan->item.id[1] = test_text("emulsion");
    plan->item.family[1] = numu_family_explosive;
    plan->item.unit[1] = test_text("t");
    NUMU_TRY(numu_plan_take(plan, arena, NUMU_PLAN_TABLE(demand), 2));
    test_demand(plan, 0, "d1", "rifle", 2000, 500, 500);
    test_demand(plan, 1, "d2", "emulsion", 40, 0, 0);
    NUMU_TRY(numu_plan_take(plan, arena, NUMU_PLAN_TABLE(production), 18));
    for (numu_row row = 0; row < 18; row++) {
        plan->production.process[row] = test_text(row < 9 ? "rifle_import" : "rifle_skd");
        plan->production.item[row] = test_text("rifle");
        plan->production.kind[row] =
            row < 9 ? numu_process_kind_import : numu_process_kind_assemble;
        plan->production.month[row] = test_month(2025, 7) + (numu_month)row;
        plan->production.quantity[row] = (100 + (int64_t)row) * NUMU_QUANTITY_ONE;
        plan->production.started[row] = (110 + (int64_t)row) * NUMU_QUANTITY_ONE;
        plan->production.cost[row] = 66000000;
    }
    NUMU_TRY(numu_plan_take(plan, arena, NUMU_PLAN_TABLE(import_bill), 2));
    for (numu_row row = 0; row < 2; row++) {
        plan->import_bill.year[row] = 2025 + row;
        plan->import_bill.without[row] = INT64_C(78300000000);
        plan->import_bill.finished[row] = INT64_C(40000000000);
        plan->import_bill.kits[row] = INT64_C(12500000000);
        plan->import_bill.capital[row] = row == 0 ? INT64_C(9000000000) : 0;
    }
    return NUMU_OK;
}

static inline numu_status test_plan_money(struct numu_plan *plan, struct numu_arena *arena) {
    NUMU_TRY(numu_plan_take(plan, arena, NUMU_PLAN_TABLE(purse), 18));
    for (numu_row row = 0; row < 18; row++) {
        plan->purse.fund[row] = test_text("credits <state>");
        plan->purse.month[row] = test_month(2025, 7) + (numu_month)row;
        plan->purse.carried[row] = 0;
        plan->purse.budget[row] = INT64_C(6527000000);
        plan->purse.gap[row] = row == 4 ? INT64_C(1000000000) : 0;
        plan->purse.spent[row] = INT64_C(6000000000);
        plan->purse.left[row] = INT64_C(527000000) * (1 + row);
    }
    NUMU_TRY(numu_plan_take(plan, arena, NUMU_PLAN_TABLE(hours), 4));
    for (numu_row row = 0; row < 4; row++) {
        plan->hours.resource[row] = test_text(row < 2 ? "slack_line" : "rifle_line");
        plan->hours.month[row] = test_month(2026, 3) + (numu_month)(row % 2);
        plan->hours.capacity[row] = 173 * NUMU_DECIMAL_ONE;
        plan->hours.used[row] = (row < 2 ? 20 : 173) * NUMU_DECIMAL_ONE;
        plan->hours.worth[row] = row < 2 ? NAN : 208893.5;
    }
    NUMU_TRY(numu_plan_take(plan, arena, NUMU_PLAN_TABLE(evidence), 2));
    plan->evidence.table[0] = test_text("process");
    plan->evidence.basis[0] = numu_basis_assumption;
    plan->evidence.amount[0] = INT64_C(75000000000);
    plan->evidence.table[1] = test_text("budget");
    plan->evidence.basis[1] = 0;
    plan->evidence.amount[1] = INT64_C(25000000000);
    NUMU_TRY(numu_plan_take(plan, arena, NUMU_PLAN_TABLE(not_modelled), 2));
    plan->not_modelled.subject[0] = test_text("lot");
    plan->not_modelled.rows[0] = 3;
    plan->not_modelled.subject[1] = test_text("moon_phase");
    plan->not_modelled.rows[1] = 1;
    NUMU_TRY(numu_plan_take(plan, arena, NUMU_PLAN_TABLE(stage), 1));
    plan->stage.sequence[0] = 1;
    plan->stage.name[0] = test_text("gap");
    plan->stage.value[0] = 1e9;
    plan->stage.status[0] = test_text("optimal");
    plan->stage.dual_bound[0] = 1e9;
    plan->stage.primal_residual[0] = 3.14e-9;
    plan->stage.iterations[0] = 1234;
    return NUMU_OK;
}

static inline void test_indicator(struct numu_plan *plan, numu_row row, const char *indicator,
                                  const char *subject, const char *id, double value,
                                  const char *why) {
    plan->indicator.indicator[row] = test_text(indicator);
    plan->indicator.subject[row] = test_text(subject);
    plan->indicator.id[row] = test_text(id);
    plan->indicator.value[row] = value;
    plan->indicator.why_not[row] = test_text(why);
}

/* A line that pays from 62 % of its nameplate on, and figures of other sorts. */
static inline numu_status test_plan_indicators(struct numu_plan *plan, struct numu_arena *arena) {
    NUMU_TRY(numu_plan_take(plan, arena, NUMU_PLAN_TABLE(definition), 2));
    plan->definition.indicator[0] = test_text("break_even_use");
    plan->definition.unit[0] = test_text("share");
    plan->definition.formula[0] = test_text("break_even / nameplate <= 1");
    plan->definition.source[0] = test_text("a \"book\"");
    plan->definition.indicator[1] = test_text("jobs");
    plan->definition.unit[1] = test_text("people");
    NUMU_TRY(numu_plan_take(plan, arena, NUMU_PLAN_TABLE(indicator), 14));
    test_indicator(plan, 0, "landed_price", "process", "skd <1>", 600000, "");
    test_indicator(plan, 1, "variable_cost", "process", "skd <1>", 400000, "");
    test_indicator(plan, 2, "fixed_cost", "process", "skd <1>", 124000000, "");
    test_indicator(plan, 3, "nameplate", "process", "skd <1>", 1000, "");
    test_indicator(plan, 4, "unit_cost_40", "process", "skd <1>", 710000, "");
    test_indicator(plan, 5, "unit_cost_85", "process", "skd <1>", 545882, "");
    test_indicator(plan, 6, "unit_cost_at_plan", "process", "skd <1>", NAN, "not_made");
    test_indicator(plan, 7, "break_even_use", "process", "skd <1>", 0.62, "");
    test_indicator(plan, 8, "affordability", "fund", "credits <state>", 0.92, "");
    plan->indicator.year[8] = 2025;
    test_indicator(plan, 9, "affordability", "fund", "credits <state>", 0.93, "");
    test_indicator(plan, 10, "jobs", "", "", 45.5, "");
    test_indicator(plan, 11, "irr", "", "", NAN, "no_sign_change");
    test_indicator(plan, 12, "partner_share", "partner", "<p>", 0.7, "");
    test_indicator(plan, 13, "sole_source", "partner", "<p>", 0.2, "");
    return NUMU_OK;
}

static inline numu_status test_plan_cases(struct numu_plan *plan, struct numu_arena *arena) {
    static const char *const labels[] = {"base", "promised", "confidence:50", "lines",
                                         "partner:<a>"};
    NUMU_TRY(numu_plan_take(plan, arena, NUMU_PLAN_TABLE(stress), 5));
    for (numu_row row = 0; row < 5; row++) {
        plan->stress.label[row] = test_text(labels[row]);
        plan->stress.on_time[row] = NUMU_DECIMAL_ONE / 10 * 8;
        plan->stress.without[row] = INT64_C(78300000000);
        plan->stress.imports[row] = INT64_C(61500000000) + row * INT64_C(9000000000);
        plan->stress.gap[row] = 0;
        plan->stress.cost[row] = INT64_C(99000000000);
    }
    NUMU_TRY(numu_plan_take(plan, arena, NUMU_PLAN_TABLE(swing), 1));
    plan->swing.table[0] = test_text("process");
    plan->swing.id[0] = test_text("skd <1>");
    plan->swing.column[0] = test_text("unit_cost");
    plan->swing.rows[0] = 1;
    plan->swing.spread[0] = NUMU_DECIMAL_ONE / 10 * 3;
    plan->swing.saved_low[0] = INT64_C(50000000000);
    plan->swing.saved_high[0] = -INT64_C(2000000000);
    plan->swing.reverses[0] = NUMU_BOOLEAN_TRUE;
    NUMU_TRY(numu_plan_take(plan, arena, NUMU_PLAN_TABLE(reason), 2));
    for (numu_row row = 0; row < 2; row++) {
        plan->reason.subject[row] = test_text("demand");
        plan->reason.id[row] = test_text(row == 0 ? "d1" : "d0");
        plan->reason.rank[row] = 1;
        plan->reason.stage[row] = 1;
        plan->reason.binds[row] = test_text("neq");
        plan->reason.name[row] = test_text("store <b>");
        plan->reason.from[row] = test_month(2026, 3);
        plan->reason.until[row] = test_month(2026, 5);
        plan->reason.relief[row] = 12;
        plan->reason.share[row] = 10;
    }
    NUMU_TRY(numu_plan_take(plan, arena, NUMU_PLAN_TABLE(store), 2));
    NUMU_TRY(numu_plan_take(plan, arena, NUMU_PLAN_TABLE(people), 2));
    for (numu_row row = 0; row < 2; row++) {
        plan->store.storehouse[row] = test_text("store <b>");
        plan->store.month[row] = test_month(2026, 3) + (numu_month)row;
        plan->store.limit_kg[row] = 1000 * NUMU_DECIMAL_ONE;
        plan->store.neq_kg[row] = (400 + 200 * row) * NUMU_DECIMAL_ONE;
        plan->people.skill[row] = test_text("welder & co");
        plan->people.month[row] = test_month(2026, 3) + (numu_month)row;
        plan->people.hours[row] = 300 * NUMU_DECIMAL_ONE;
        plan->people.used[row] = (row == 0 ? 0 : 300) * NUMU_DECIMAL_ONE;
    }
    return NUMU_OK;
}

/* All tables. */
static inline numu_status test_plan(struct numu_plan *plan, struct numu_arena *arena) {
    NUMU_TRY(test_plan_schedule(plan, arena));
    NUMU_TRY(test_plan_supply(plan, arena));
    NUMU_TRY(test_plan_indicators(plan, arena));
    NUMU_TRY(test_plan_cases(plan, arena));
    return test_plan_money(plan, arena);
}

#endif
