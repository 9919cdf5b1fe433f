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

/* The programme: meta, activities and promises. */
static inline numu_status test_plan_schedule(struct numu_plan *plan, struct numu_arena *arena) {
    plan->currency = numu_currency_find(NUMU_TEXT("XOF"));
    NUMU_TRY(numu_plan_take(plan, arena, NUMU_PLAN_TABLE(meta), 8));
    test_meta(plan, 0, "numu", "0.1.0");
    test_meta(plan, 1, "inputs_sha256", "00ff");
    test_meta(plan, 2, "data_date", "2025-06-30");
    test_meta(plan, 3, "seed", "7");
    test_meta(plan, 4, "deadline", "2025-12-31");
    test_meta(plan, 5, "samples", "10000");
    test_meta(plan, 6, "confidence", "80");
    test_meta(plan, 7, "joint_confidence", "0.612");
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
    return NUMU_OK;
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
    plan->not_modelled.subject[0] = test_text("storehouse");
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

/* All tables. */
static inline numu_status test_plan(struct numu_plan *plan, struct numu_arena *arena) {
    NUMU_TRY(test_plan_schedule(plan, arena));
    NUMU_TRY(test_plan_supply(plan, arena));
    return test_plan_money(plan, arena);
}

#endif
