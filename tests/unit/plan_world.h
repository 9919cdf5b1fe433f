/*
 * plan_world.h - small models to be planned, with glpsol as an oracle, and random ones.
 */
#ifndef NUMU_TESTS_PLAN_WORLD_H
#define NUMU_TESTS_PLAN_WORLD_H

#include "base/cell.h"
#include "base/random.h"
#include "plan/indicator.h"
#include "plan/master.h"
#include "plan/store.h"
#include "plan/verify.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "glpsol.h"
#include "model_builder.h"

#define ONE NUMU_QUANTITY_ONE
#define MONTH_DAYS INT64_C(30436875000) /* 30.436875 days */

enum { DATES_MAX = 8 };

struct world {
    struct numu_heap heap;
    struct numu_model model;
    struct numu_calendars calendars;
    struct numu_arena arena;
    struct numu_report report;
    numu_day start[DATES_MAX], finish[DATES_MAX];
    struct numu_plan plan;
    struct numu_plan_options options; /* its mps is set */
    struct numu_plan_result result;
    struct numu_buffer mps;
};

/* Rows of a table with the defaults an empty field would get. */
static inline void take(struct world *world, const char *name, numu_row count) {
    builder_take(&world->model, name, count);
    const struct numu_table_descriptor *table = numu_schema_find(numu_text_of(name));
    static const struct numu_cell_rules rules = {.decimal_char = '.'};
    for (const struct numu_column *column = table->columns; column->name != NULL; column++) {
        for (numu_row row = 0; row < count && column->default_text != NULL; row++) {
            char *array;
            memcpy(&array, (char *)&world->model + table->offset + column->offset, sizeof array);
            assert_int_equal(numu_cell_parse(column, numu_text_of(column->default_text), &rules,
                                             array + row * numu_kind_size(column->kind)),
                             NUMU_CODE_NONE);
        }
    }
    struct numu_text *ids = NULL;
    const struct numu_column *key = numu_column_key(table);
    if (key != NULL) {
        memcpy(&ids, (char *)&world->model + table->offset + key->offset, sizeof ids);
    }
    for (numu_row row = 0; row < count && key != NULL; row++) {
        assert_int_equal(
            numu_text_printf(&world->model.arena, &ids[row], "%s%u", name, (unsigned)row + 1),
            NUMU_OK);
    }
    struct numu_map *map = &numu_model_head(&world->model, table)->ids;
    if (key != NULL) {
        assert_int_equal(numu_map_init(map, &world->model.arena, ids, count), NUMU_OK);
    }
    for (numu_row row = 0; row < count && key != NULL; row++) {
        assert_int_equal(numu_map_add(map, row), NUMU_NONE);
    }
}

static inline numu_currency currency(const char *code) {
    return numu_currency_find(numu_text_of(code));
}

/* From 2025-01-01, in XOF, without tail; one site, one customer, one item. */
static inline void world_init(struct world *world, int64_t months) {
    memset(world, 0, sizeof *world);
    numu_heap_init(&world->heap, 0);
    builder_init(&world->model, &world->heap);
    numu_arena_init(&world->arena, &world->heap);
    numu_report_init(&world->report, &world->heap, 0);
    numu_buffer_init(&world->mps, &world->heap, 0);
    world->model.currency = currency("XOF");
    take(world, "package", 1);
    world->model.package.country[0] = NUMU_TEXT("MLI");
    world->model.package.currency[0] = currency("XOF");
    world->model.package.start[0] = builder_day("2025-01-01");
    world->model.package.months[0] = months;
    world->model.package.tail_months[0] = 0;
    take(world, "site", 2);
    take(world, "customer", 1);
    take(world, "item", 1);
}

static inline void world_release(struct world *world) {
    numu_buffer_release(&world->mps);
    numu_report_release(&world->report);
    numu_arena_release(&world->arena);
    builder_release(&world->model);
    assert_int_equal(world->heap.bytes, 0);
}

/* A process for item 0 at site 0, without lead time or cost. */
static inline void take_processes(struct world *world, numu_row count, numu_process_kind kind) {
    take(world, "process", count);
    for (numu_row row = 0; row < count; row++) {
        world->model.process.item[row] = 0;
        world->model.process.site[row] = 0;
        world->model.process.kind[row] = (uint8_t)kind;
    }
}

static inline void take_demands(struct world *world, numu_row count) {
    take(world, "demand", count);
    for (numu_row row = 0; row < count; row++) {
        world->model.demand.customer[row] = 0;
        world->model.demand.item[row] = 0;
        world->model.demand.site[row] = 0;
        world->model.demand.unit_value[row] = NUMU_PRICE_ONE;
    }
}

static inline void set_demand(struct world *world, numu_row row, const char *due,
                              int64_t quantity) {
    world->model.demand.due[row] = builder_day(due);
    world->model.demand.quantity[row] = quantity * ONE;
}

static inline void set_input(struct world *world, numu_row row, numu_row process, numu_row item,
                             int64_t quantity) {
    world->model.input.process[row] = process;
    world->model.input.item[row] = item;
    world->model.input.quantity[row] = quantity * ONE;
}

static inline void take_stock(struct world *world, numu_row item, int64_t quantity) {
    take(world, "stock", 1);
    world->model.stock.item[0] = item;
    world->model.stock.site[0] = 0;
    world->model.stock.quantity[0] = quantity * ONE;
}

/* A resource of `hours` a month, of which process 0 needs one a start. */
static inline void take_line(struct world *world, int64_t hours) {
    take(world, "resource", 1);
    world->model.resource.site[0] = 0;
    world->model.resource.hours_month[0] = hours * NUMU_DECIMAL_ONE;
    take(world, "operation", 1);
    world->model.operation.process[0] = 0;
    world->model.operation.sequence[0] = 1;
    world->model.operation.resource[0] = 0;
    world->model.operation.hours[0] = NUMU_DECIMAL_ONE;
}

static inline void take_fund(struct world *world, numu_cost_kind kind, numu_row months,
                             int64_t amount) {
    take(world, "fund", 1);
    world->model.fund.pays[0] = UINT32_C(1) << (kind - 1);
    take(world, "budget", months);
    for (numu_row row = 0; row < months; row++) {
        world->model.budget.fund[row] = 0;
        world->model.budget.month[row] = numu_model_start_month(&world->model) + (numu_month)row;
        world->model.budget.amount[row] = amount;
    }
}

/* --- the oracle --- */

/* The optimum that glpsol finds for the MPS. */
static inline double solve_with_glpsol(const struct numu_buffer *mps) {
    struct glpsol_answer answer = ask_glpsol(mps, "--tmlim 20");
    assert_int_equal(answer.primal, 'f');
    assert_int_equal(answer.dual, 'f');
    return answer.objective;
}

static inline void assert_near(double actual, double expected, double relative) {
    if (!(fabs(actual - expected) <= relative * (1 + fabs(expected)))) {
        fail_msg("%.17g is not %.17g", actual, expected);
    }
}

static inline numu_status plan_once(struct world *world, const struct numu_context *context,
                                    struct numu_buffer *mps) {
    struct numu_plan_dates dates = {.start = world->start, .finish = world->finish};
    struct numu_plan_options options = world->options;
    options.mps = mps;
    return numu_master_plan(context, &world->model, &world->calendars, &dates, &options,
                            &world->arena, &world->report, &world->plan, &world->result);
}

static inline void solve(struct world *world) {
    struct numu_context context = {.heap = &world->heap, .threads = 1};
    assert_int_equal(numu_calendars_build(&world->model, &world->arena, &world->calendars),
                     NUMU_OK);
    numu_buffer_clear(&world->mps);
    assert_int_equal(plan_once(world, &context, &world->mps), NUMU_OK);
    assert_true(world->result.is_optimal);
}

/* Solves, and lets glpsol confirm the objective. */
static inline void solve_and_confirm(struct world *world) {
    solve(world);
    assert_near(solve_with_glpsol(&world->mps), world->result.objective, 1e-6);
}

/* The verifier's word on the plan. What app would add is added: meta and the dates. */
static inline bool is_verified_as(struct world *world, struct numu_text lots) {
    struct numu_context context = {.heap = &world->heap, .threads = 1};
    struct numu_report report;
    numu_row dates = world->model.activity.head.count;
    struct numu_plan *plan = &world->plan;
    assert_int_equal(numu_plan_take(plan, &world->arena, NUMU_PLAN_TABLE(meta), 1), NUMU_OK);
    plan->meta.key[0] = NUMU_TEXT("lots");
    plan->meta.value[0] = lots;
    assert_int_equal(numu_plan_take(plan, &world->arena, NUMU_PLAN_TABLE(activity), dates),
                     NUMU_OK);
    for (numu_row row = 0; row < dates; row++) {
        plan->activity.id[row] = world->model.activity.id[row];
        plan->activity.start[row] = world->start[row];
        plan->activity.finish[row] = world->finish[row] - 1; /* the last day of work */
    }
    assert_int_equal(
        numu_indicators_build(&context, &world->model, &world->calendars, &world->arena, plan),
        NUMU_OK);
    numu_report_init(&report, &world->heap, 0);
    numu_status status = numu_plan_verify(&context, &world->model, &world->calendars, plan,
                                          &world->options.law, &world->arena, &report);
    size_t count = 0;
    const struct numu_diagnostic *list = numu_report_list(&report, &count);
    for (size_t i = 0; i < count && i < 3; i++) {
        struct numu_text id = list[i].arguments[1].text;
        struct numu_text figures = list[i].arguments[3].text;
        print_message("# %s %.*s: %.*s\n", list[i].arguments[0].text.data, (int)id.length, id.data,
                      (int)figures.length, figures.data);
    }
    numu_report_release(&report);
    assert_true(status == NUMU_OK || status == NUMU_INVALID);
    return status == NUMU_OK;
}

/* --- looking things up in the tables --- */

static inline numu_month month(int number) {
    return (2025 - 1970) * 12 + number;
}

static inline numu_quantity made(const struct world *world, const char *process, int number) {
    const struct numu_plan_production *table = &world->plan.production;
    for (numu_row row = 0; row < table->head.count; row++) {
        if (numu_text_is(table->process[row], process) && table->month[row] == month(number)) {
            return table->quantity[row];
        }
    }
    return 0;
}

static inline numu_quantity stock(const struct world *world, const char *item, int number) {
    const struct numu_plan_stock *table = &world->plan.stock;
    for (numu_row row = 0; row < table->head.count; row++) {
        if (numu_text_is(table->item[row], item) && table->month[row] == month(number)) {
            return table->quantity[row];
        }
    }
    return 0;
}

static inline numu_money paid(const struct world *world, const char *fund, numu_cost_kind kind,
                              int number) {
    const struct numu_plan_payment *table = &world->plan.payment;
    for (numu_row row = 0; row < table->head.count; row++) {
        if (numu_text_is(table->fund[row], fund) && table->kind[row] == kind &&
            table->month[row] == month(number)) {
            return table->amount[row];
        }
    }
    return 0;
}

static inline const struct numu_plan_stage *stages(const struct world *world) {
    return &world->plan.stage;
}

/* --- random models --- */

static inline int64_t between(struct numu_random *random, int64_t low, int64_t high) {
    return low + (int64_t)numu_random_below(random, (uint64_t)(high - low + 1));
}

static inline void fill_random_processes(struct world *world, struct numu_random *random) {
    struct numu_table_process *table = &world->model.process;
    numu_row items = world->model.item.head.count;
    for (numu_row row = 0; row < table->head.count; row++) {
        table->item[row] = row < items ? row : (numu_row)between(random, 0, items - 1);
        table->site[row] = (numu_row)between(random, 0, 1);
        table->kind[row] = (uint8_t)between(random, 1, numu_process_kind_count - 1);
        table->unit_cost[row] = between(random, 1, 400) * NUMU_PRICE_ONE / 4;
        table->currency[row] = between(random, 0, 1) ? currency("USD") : 0;
        table->lead_time_days[row] = between(random, 0, 90) * NUMU_DECIMAL_ONE;
        table->advance[row] = between(random, 0, 2) * NUMU_DECIMAL_ONE / 4;
        table->yield[row] = between(random, 16, 20) * NUMU_DECIMAL_ONE / 20;
        table->royalty[row] = between(random, 0, 3) * NUMU_PRICE_ONE;
        if (between(random, 0, 2) == 0) {
            table->max_month[row] = between(random, 1, 60) * ONE;
            table->ramp_months[row] = between(random, 0, 6) * NUMU_DECIMAL_ONE;
            table->ramp_start[row] = between(random, 0, 2) * NUMU_DECIMAL_ONE / 4;
        }
        if (between(random, 0, 4) == 0) {
            table->opened_by[row] = (numu_row)between(random, 0, 2);
        }
        if (between(random, 0, 9) == 0) {
            table->closes[row] = builder_day("2025-01-01") + (numu_day)between(random, 0, 500);
        }
    }
}

/* Inputs lead from items of a lower number to those of a higher: no cycle. */
static inline void fill_random_bills(struct world *world, struct numu_random *random) {
    struct numu_model *model = &world->model;
    for (numu_row row = 0; row < model->input.head.count; row++) {
        numu_row process = (numu_row)between(random, 0, model->process.head.count - 1);
        numu_row item = model->process.item[process];
        numu_row last = model->item.head.count - 1;
        if (item == last) {
            process = 0;
            item = model->process.item[0];
        }
        set_input(world, row, process, (numu_row)between(random, item + 1, last),
                  between(random, 1, 3));
        model->input.scrap[row] = between(random, 0, 2) * NUMU_DECIMAL_ONE / 20;
    }
    for (numu_row row = 0; row < model->operation.head.count; row++) {
        model->operation.process[row] = (numu_row)between(random, 0, model->process.head.count - 1);
        model->operation.sequence[row] = row;
        model->operation.resource[row] = (numu_row)between(random, 0, 1);
        model->operation.hours[row] = between(random, 1, 20) * NUMU_DECIMAL_ONE / 10;
    }
}

static inline void fill_random_money(struct world *world, struct numu_random *random) {
    struct numu_model *model = &world->model;
    take(world, "rate", 2);
    for (numu_row row = 0; row < 2; row++) {
        model->rate.currency[row] = currency("USD");
        model->rate.per_unit[row] = between(random, 2, 6) * NUMU_DECIMAL_ONE;
    }
    model->rate.month[1] = month((int)between(random, 1, 8));
    take(world, "fund", 2);
    for (numu_row row = 0; row < 2; row++) {
        model->fund.pays[row] = (uint32_t)numu_random_below(random, 1u << 11);
        model->fund.carry_over[row] = (uint8_t)between(random, 1, 2);
        model->fund.currency[row] = row == 1 ? currency("USD") : 0;
    }
    numu_row months = (numu_row)model->package.months[0];
    take(world, "budget", 2 * months);
    for (numu_row row = 0; row < 2 * months; row++) {
        model->budget.fund[row] = row / months;
        model->budget.month[row] = month((int)(row % months));
        model->budget.amount[row] = between(random, 0, 4000);
    }
}

static inline void fill_random(struct world *world, struct numu_random *random) {
    struct numu_model *model = &world->model;
    take(world, "item", (numu_row)between(random, 2, 5));
    numu_row items = model->item.head.count;
    for (numu_row row = 0; row < items; row++) {
        model->item.standard_cost[row] = between(random, 1, 100) * NUMU_PRICE_ONE;
        model->item.holding_cost_rate[row] = between(random, 0, 3) * NUMU_DECIMAL_ONE / 10;
        model->item.mass_kg[row] = between(random, 1, 5) * NUMU_DECIMAL_ONE;
    }
    take(world, "activity", 3);
    for (numu_row row = 0; row < 3; row++) {
        world->start[row] = builder_day("2024-12-01") + (numu_day)between(random, 0, 200);
        world->finish[row] = world->start[row] + (numu_day)between(random, 0, 100);
        model->activity.cost[row] = between(random, 0, 3000);
        model->activity.fund[row] = between(random, 0, 1) ? NUMU_NONE : 0;
    }
    take(world, "resource", 2);
    for (numu_row row = 0; row < 2; row++) {
        model->resource.site[row] = 0;
        model->resource.hours_month[row] = between(random, 5, 100) * NUMU_DECIMAL_ONE;
        model->resource.fixed_cost_month[row] = between(random, 0, 500);
        model->resource.capital[row] = between(random, 0, 2000);
        model->resource.opened_by[row] = (numu_row)between(random, 0, 2);
    }
    take(world, "process", items + (numu_row)between(random, 0, 4));
    fill_random_processes(world, random);
    take(world, "input", (numu_row)between(random, 0, 5));
    take(world, "operation", (numu_row)between(random, 1, 5));
    fill_random_bills(world, random);
    fill_random_money(world, random);
    take(world, "route", 1);
    model->route.from[0] = 0;
    model->route.to[0] = 1;
    model->route.days[0] = between(random, 0, 40) * NUMU_DECIMAL_ONE;
    model->route.cost_kg[0] = between(random, 0, 2) * NUMU_PRICE_ONE;
    model->route.capacity_kg_month[0] = between(random, 50, 500) * NUMU_DECIMAL_ONE;
    take_stock(world, items - 1, between(random, 0, 20));
    take_demands(world, (numu_row)between(random, 1, 8));
    for (numu_row row = 0; row < model->demand.head.count; row++) {
        model->demand.item[row] = (numu_row)between(random, 0, items - 1);
        model->demand.site[row] = (numu_row)between(random, 0, 1);
        model->demand.due[row] = builder_day("2024-12-15") + (numu_day)between(random, 0, 450);
        model->demand.quantity[row] = between(random, 1, 80) * ONE;
        model->demand.priority[row] = between(random, 1, 3);
        model->demand.unit_value[row] = between(random, 1, 300) * NUMU_PRICE_ONE;
    }
}

/* People, explosives, shelf lives, upkeep and licences. */
static inline void fill_random_people(struct world *world, struct numu_random *random) {
    struct numu_model *model = &world->model;
    take(world, "skill", 2);
    for (numu_row row = 0; row < 2; row++) {
        model->skill.headcount[row] = between(random, 0, 6) * NUMU_DECIMAL_ONE;
        model->skill.attrition_month[row] = between(random, 0, 3) * NUMU_DECIMAL_ONE / 50;
        model->skill.hours_month[row] = between(random, 5, 20) * NUMU_DECIMAL_ONE;
        model->skill.wage_month[row] = between(random, 0, 100);
        model->skill.hire_max_month[row] = between(random, 0, 3) * NUMU_DECIMAL_ONE;
    }
    take(world, "course", 1);
    model->course.skill_in[0] = between(random, 0, 1) ? 1 : NUMU_NONE;
    model->course.skill_out[0] = 0;
    model->course.months[0] = between(random, 1, 5) * NUMU_DECIMAL_ONE / 2;
    model->course.class_size[0] = between(random, 1, 4) * NUMU_DECIMAL_ONE;
    model->course.classes_max[0] = between(random, 1, 2) * NUMU_DECIMAL_ONE;
    model->course.pass_rate[0] = between(random, 1, 4) * NUMU_DECIMAL_ONE / 4;
    model->course.cost_class[0] = between(random, 0, 200);
    model->course.opened_by[0] = between(random, 0, 1) ? 0 : NUMU_NONE;
    if (between(random, 0, 1)) {
        model->course.instructor_skill[0] = 0;
        model->course.instructors[0] = NUMU_DECIMAL_ONE / 2;
    }
    for (numu_row row = 0; row < model->operation.head.count; row++) {
        if (between(random, 0, 1)) {
            model->operation.skill[row] = (numu_row)between(random, 0, 1);
            model->operation.people[row] = between(random, 1, 3) * NUMU_DECIMAL_ONE / 4;
        }
    }
}

static inline void fill_random_storage(struct world *world, struct numu_random *random) {
    struct numu_model *model = &world->model;
    take(world, "storehouse", 2);
    take(world, "limit", 2);
    for (numu_row row = 0; row < 2; row++) {
        model->storehouse.site[row] = row;
        model->storehouse.capacity_m3[row] = between(random, 20, 80) * NUMU_DECIMAL_ONE;
        model->storehouse.opened_by[row] = between(random, 0, 2) ? NUMU_NONE : 1;
        model->limit.storehouse[row] = row;
        model->limit.hazard_division[row] = NUMU_TEXT("1.1");
        model->limit.neq_kg[row] = between(random, 20, 200) * NUMU_DECIMAL_ONE;
        if (between(random, 0, 3) == 0) {
            model->limit.ends[row] = builder_day("2025-05-15");
        }
    }
    for (numu_row row = 0; row < model->item.head.count; row++) {
        if (between(random, 0, 2) == 0) {
            model->item.classification[row] = NUMU_TEXT("1.1D");
            model->item.neq_kg[row] = between(random, 1, 4) * NUMU_DECIMAL_ONE;
            model->item.volume_m3[row] = between(random, 1, 4) * NUMU_DECIMAL_ONE / 4;
        }
        if (between(random, 0, 2) == 0) {
            model->item.shelf_life_months[row] = between(random, 1, 7) * NUMU_DECIMAL_ONE;
        }
        if (between(random, 0, 3) == 0) {
            model->item.safety_stock[row] = between(random, 1, 20) * ONE;
        }
    }
}

static inline void fill_random_rest(struct world *world, struct numu_random *random) {
    struct numu_model *model = &world->model;
    take(world, "upkeep", 2);
    for (numu_row row = 0; row < 2; row++) {
        model->upkeep.resource[row] = (numu_row)between(random, 0, 1);
        model->upkeep.cost_month[row] = between(random, 0, 300);
        model->upkeep.availability_unpaid[row] = between(random, 0, 8) * NUMU_DECIMAL_ONE / 10;
        if (between(random, 0, 1)) {
            model->upkeep.item[row] = model->item.head.count - 1;
            model->upkeep.quantity_month[row] = between(random, 1, 4) * ONE;
        }
    }
    take(world, "partner", 1);
    take(world, "agreement", 1);
    model->agreement.partner[0] = 0;
    model->agreement.kind[0] = (uint8_t)between(random, 1, numu_agreement_kind_count - 1);
    model->agreement.value[0] = between(random, 0, 1000);
    model->agreement.ends[0] = builder_day("2025-03-01") + (numu_day)between(random, 0, 600);
    for (numu_row row = 0; row < model->process.head.count; row++) {
        model->process.agreement[row] = between(random, 0, 3) ? NUMU_NONE : 0;
        if (between(random, 0, 3) == 0) {
            model->process.lot_multiple[row] = between(random, 1, 10) * ONE;
            model->process.fixed_cost_lot[row] = between(random, 0, 50);
        }
    }
    take(world, "licence", 2);
    for (numu_row row = 0; row < 2; row++) {
        model->licence.kind[row] = (uint8_t)between(random, 1, numu_licence_kind_count - 1);
        model->licence.item[row] = (numu_row)between(random, 0, 1);
        model->licence.quantity[row] = between(random, 0, 60) * ONE;
        if (between(random, 0, 1)) {
            model->licence.expires[row] =
                builder_day("2025-01-20") + (numu_day)between(random, 0, 400);
        }
    }
}

static inline void random_world(struct world *world, uint64_t seed, uint64_t number) {
    struct numu_random random;
    numu_random_init(&random, seed, number);
    world_init(world, between(&random, 3, 18));
    world->model.package.tail_months[0] = between(&random, 0, 5);
    world->model.package.discount_rate[0] = between(&random, 0, 2) * NUMU_DECIMAL_ONE / 10;
    fill_random(world, &random);
    if (number % 4 != 0) { /* a quarter without, so that what is simple is tried too */
        fill_random_people(world, &random);
        fill_random_storage(world, &random);
        fill_random_rest(world, &random);
    }
}

#endif
