/*
 * plan_materials_test.c - from a model and its master plan to orders and pegs.
 *
 * Method: random models with hand-made master plans, whose orders the verifier, which shares
 * nothing with the planner, must accept, and must refuse once a figure is changed; small cases by
 * hand; memory that fails at the n-th allocation.
 */
#include "plan/materials.h"

#include "base/random.h"
#include "plan/verify_orders.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "model_builder.h"

#define ONE NUMU_QUANTITY_ONE

enum { SITES = 3, ITEMS = 6, MONTHS = 12, NAME_BYTES = 16 };

struct fixture {
    struct numu_heap heap;
    struct numu_context context;
    struct numu_arena arena;
    struct numu_model model;
    struct numu_calendars calendars;
    struct numu_plan_dates dates;
    struct numu_report report;
    struct numu_plan plan;
};

static uint32_t below(struct numu_random *random, uint32_t n) {
    return (uint32_t)numu_random_below(random, n);
}

static struct numu_text name(struct fixture *f, const char *kind, numu_row row) {
    char *text;
    assert_int_equal(NUMU_TAKE(&f->model.arena, &text, NAME_BYTES), NUMU_OK);
    (void)snprintf(text, NAME_BYTES, "%s%u", kind, (unsigned)row + 1);
    return numu_text_of(text);
}

static numu_day day(const char *text) {
    numu_day found = NUMU_NO_DAY;
    assert_true(numu_day_parse(numu_text_of(text), &found));
    return found;
}

static void open_fixture(struct fixture *f) {
    memset(f, 0, sizeof *f);
    numu_heap_init(&f->heap, 0);
    f->context = (struct numu_context){.heap = &f->heap, .threads = 1};
    numu_arena_init(&f->arena, &f->heap);
    numu_report_init(&f->report, &f->heap, 0);
    builder_init(&f->model, &f->heap);
    f->model.package.start[0] = day("2025-07-01");
    f->model.package.months[0] = MONTHS;
    builder_take(&f->model, "calendar", 1);
    f->model.calendar.id[0] = numu_text_of("week");
    numu_decimal *const hours[] = {f->model.calendar.monday,    f->model.calendar.tuesday,
                                   f->model.calendar.wednesday, f->model.calendar.thursday,
                                   f->model.calendar.friday,    f->model.calendar.saturday,
                                   f->model.calendar.sunday};
    for (size_t i = 0; i < 7; i++) {
        hours[i][0] = i < 5 ? 8 * NUMU_DECIMAL_ONE : 0;
    }
    f->model.package.calendar[0] = 0;
}

static void close_fixture(struct fixture *f) {
    numu_report_release(&f->report);
    numu_arena_release(&f->arena);
    builder_release(&f->model);
    assert_int_equal(f->heap.bytes, 0);
}

static void take_named(struct fixture *f, numu_row sites, numu_row items) {
    builder_take(&f->model, "site", sites);
    builder_take(&f->model, "item", items);
    for (numu_row row = 0; row < sites; row++) {
        f->model.site.id[row] = name(f, "site", row);
    }
    for (numu_row row = 0; row < items; row++) {
        f->model.item.id[row] = name(f, "item", row);
        f->model.item.unit[row] = numu_text_of("each");
        f->model.item.holding_cost_rate[row] = 0;
    }
}

static void take_processes(struct fixture *f, numu_row count) {
    struct numu_table_process *process = &f->model.process;
    builder_take(&f->model, "process", count);
    for (numu_row row = 0; row < count; row++) {
        process->id[row] = name(f, "process", row);
        process->item[row] = process->site[row] = 0;
        process->kind[row] = numu_process_kind_make;
        process->lead_time_days[row] = 0;
        process->yield[row] = NUMU_DECIMAL_ONE;
    }
}

static void set_input(struct fixture *f, numu_row row, numu_row process, numu_row item,
                      numu_quantity quantity, numu_decimal scrap) {
    f->model.input.process[row] = process;
    f->model.input.item[row] = item;
    f->model.input.quantity[row] = quantity;
    f->model.input.scrap[row] = scrap;
}

static void take_plan(struct fixture *f, size_t production, size_t shipments, size_t services) {
    assert_int_equal(numu_plan_take(&f->plan, &f->arena, NUMU_PLAN_TABLE(production), production),
                     NUMU_OK);
    assert_int_equal(numu_plan_take(&f->plan, &f->arena, NUMU_PLAN_TABLE(shipment), shipments),
                     NUMU_OK);
    assert_int_equal(numu_plan_take(&f->plan, &f->arena, NUMU_PLAN_TABLE(service), services),
                     NUMU_OK);
}

static numu_status plan_materials(struct fixture *f) {
    numu_status status = numu_calendars_build(&f->model, &f->arena, &f->calendars);
    return status != NUMU_OK ? status
                             : numu_materials_plan(&f->context, &f->model, &f->calendars, &f->dates,
                                                   &f->arena, &f->report, &f->plan);
}

static numu_status verify(struct fixture *f) {
    numu_row count;
    return numu_verify_orders(&f->context, &f->model, &f->plan, &f->report, &count);
}

/* --- by hand --- */

/* 7.3 and 8.4 units in two months: 7, then 16 in all; a day's output is 0 or 1. */
static void test_output_is_spread_without_drift(void **state) {
    (void)state;
    struct fixture f;
    open_fixture(&f);
    take_named(&f, 1, 1);
    f.model.item.planned[0] = numu_planned_master;
    take_processes(&f, 1);
    f.model.process.lead_time_days[0] = 3 * NUMU_DECIMAL_ONE;
    take_plan(&f, 2, 0, 0);
    for (numu_row row = 0; row < 2; row++) {
        f.plan.production.process[row] = f.model.process.id[0];
        f.plan.production.month[row] = numu_day_month(day("2025-09-01")) + (numu_month)row;
        f.plan.production.quantity[row] = (row == 0 ? 73 : 84) * ONE / 10;
    }
    assert_int_equal(plan_materials(&f), NUMU_OK);
    const struct numu_plan_planned_order *order = &f.plan.planned_order;
    numu_quantity sums[2] = {0};
    for (numu_row row = 0; row < order->head.count; row++) {
        assert_int_equal(order->quantity[row], ONE);
        assert_true(numu_day_weekday(order->due[row]) < 5);
        sums[order->due[row] < day("2025-10-01") ? 0 : 1] += order->quantity[row];
    }
    assert_int_equal(sums[0], 7 * ONE);
    assert_int_equal(sums[1], 9 * ONE);
    assert_int_equal(verify(&f), NUMU_OK);
    close_fixture(&f);
}

/* What is bought abroad comes by the quickest way to where a bill takes it. */
static void test_materials_come_by_the_quickest_way(void **state) {
    (void)state;
    struct fixture f;
    open_fixture(&f);
    take_named(&f, 3, 2);
    f.model.item.planned[0] = numu_planned_master;
    f.model.item.planned[1] = numu_planned_materials;
    f.model.item.lot_policy[1] = numu_text_of("lot_for_lot");
    take_processes(&f, 2);
    f.model.process.item[1] = 1;
    f.model.process.site[1] = 2;
    f.model.process.kind[1] = numu_process_kind_import;
    f.model.process.lead_time_days[1] = 60 * NUMU_DECIMAL_ONE;
    builder_take(&f.model, "input", 1);
    set_input(&f, 0, 0, 1, 2 * ONE, NUMU_DECIMAL_ONE / 100);
    builder_take(&f.model, "route", 3); /* 30 days at once, or 5 and 10 over site2 */
    const numu_row from[] = {2, 2, 1};
    const numu_row to[] = {0, 1, 0};
    const int64_t days[] = {30, 5, 10};
    for (numu_row row = 0; row < 3; row++) {
        f.model.route.from[row] = from[row];
        f.model.route.to[row] = to[row];
        f.model.route.days[row] = days[row] * NUMU_DECIMAL_ONE;
    }
    take_plan(&f, 1, 0, 0);
    f.plan.production.process[0] = f.model.process.id[0];
    f.plan.production.month[0] = numu_day_month(day("2026-01-01"));
    f.plan.production.quantity[0] = ONE;
    assert_int_equal(plan_materials(&f), NUMU_OK);
    const struct numu_plan_planned_order *order = &f.plan.planned_order;
    assert_int_equal(order->head.count, 4); /* bought, two ways, made: in order of start */
    numu_day taken = order->start[3];
    assert_true(numu_text_is(order->process[0], "process2"));
    assert_int_equal(order->due[0], taken - 15);
    assert_int_equal(order->start[0], taken - 75);
    assert_int_equal(order->quantity[0], 3 * ONE); /* 2.02, whole */
    assert_true(numu_text_is(order->from[1], "site3") && numu_text_is(order->site[1], "site2"));
    assert_int_equal(order->due[1], taken - 10);
    assert_true(numu_text_is(order->from[2], "site2") && numu_text_is(order->site[2], "site1"));
    assert_int_equal(order->due[2], taken);
    assert_int_equal(verify(&f), NUMU_OK);
    close_fixture(&f);
}

static void test_too_large(void **state) {
    (void)state;
    struct fixture f;
    open_fixture(&f);
    take_named(&f, 1, 2);
    f.model.item.planned[1] = numu_planned_materials;
    f.model.item.planned[0] = numu_planned_master;
    take_processes(&f, 2);
    f.model.process.item[1] = 1;
    builder_take(&f.model, "input", 1);
    set_input(&f, 0, 0, 1, INT64_MAX / 10, 0);
    take_plan(&f, 1, 0, 0);
    f.plan.production.process[0] = f.model.process.id[0];
    f.plan.production.month[0] = numu_day_month(day("2026-01-01"));
    f.plan.production.quantity[0] = 1000 * ONE;
    assert_int_equal(plan_materials(&f), NUMU_INVALID);
    assert_int_equal(f.report.counts[NUMU_CODE_QUANTITY_TOO_LARGE], 1);
    assert_int_equal(f.plan.planned_order.head.count, 0);
    close_fixture(&f);
}

static void test_who_plans_an_item(void **state) {
    (void)state;
    struct fixture f;
    uint8_t *is_materials;
    open_fixture(&f);
    take_named(&f, 1, 6);
    take_processes(&f, 6);
    for (numu_row row = 0; row < 6; row++) {
        f.model.process.item[row] = row;
    }
    f.model.process.max_month[0] = ONE;
    f.model.process.opened_by[1] = 0;
    f.model.item.classification[2] = numu_text_of("1.1D");
    f.model.item.planned[3] = numu_planned_master;
    f.model.item.planned[4] = numu_planned_materials;
    f.model.process.max_month[4] = ONE;
    assert_int_equal(numu_materials_find(&f.model, &f.arena, &is_materials), NUMU_OK);
    const uint8_t expected[] = {0, 0, 0, 0, 1, 1};
    assert_memory_equal(is_materials, expected, sizeof expected);
    close_fixture(&f);
}

/* --- random models --- */

static const char *const policies[] = {"",          "lot_for_lot",  "fixed:7",
                                       "period:20", "min_max:3,15", "wagner_whitin"};

static void make_process(struct fixture *f, struct numu_random *random, numu_row row) {
    struct numu_table_process *process = &f->model.process;
    static const uint8_t kinds[] = {numu_process_kind_make, numu_process_kind_assemble,
                                    numu_process_kind_import, numu_process_kind_purchase};
    process->item[row] = row < ITEMS ? row : below(random, ITEMS);
    process->site[row] = below(random, SITES);
    process->kind[row] = kinds[below(random, 4)];
    process->lead_time_days[row] = below(random, 40) * NUMU_DECIMAL_ONE / 2;
    process->yield[row] = below(random, 3) == 0 ? NUMU_DECIMAL_ONE * 9 / 10 : NUMU_DECIMAL_ONE;
    process->min_lot[row] = below(random, 4) == 0 ? below(random, 20) * ONE : NUMU_NO_NUMBER;
    process->lot_multiple[row] =
        below(random, 4) == 0 ? (1 + below(random, 5)) * ONE : NUMU_NO_NUMBER;
    process->fixed_cost_lot[row] = below(random, 2) == 0 ? 5000 : NUMU_NO_NUMBER;
}

/* Items take items of higher number; the first two are of the master plan. */
static void make_model(struct fixture *f, struct numu_random *random) {
    take_named(f, SITES, ITEMS);
    for (numu_row row = 0; row < ITEMS; row++) {
        f->model.item.planned[row] = row < 2 ? numu_planned_master : numu_planned_materials;
        f->model.item.lot_policy[row] = numu_text_of(policies[below(random, 6)]);
        f->model.item.decimals[row] = below(random, 3) == 0 ? 3 : NUMU_NO_NUMBER;
        f->model.item.safety_stock[row] = below(random, 4) == 0 ? 5 * ONE : NUMU_NO_NUMBER;
        f->model.item.standard_cost[row] = 100 * NUMU_PRICE_ONE;
        f->model.item.holding_cost_rate[row] = NUMU_DECIMAL_ONE / 10;
    }
    take_processes(f, ITEMS + 2);
    for (numu_row row = 0; row < ITEMS + 2; row++) {
        make_process(f, random, row);
    }
    builder_take(&f->model, "input", 10);
    for (numu_row row = 0; row < 10; row++) {
        numu_row process = below(random, ITEMS + 2);
        while (f->model.process.item[process] == ITEMS - 1) {
            process = below(random, ITEMS + 2);
        }
        numu_row item = f->model.process.item[process];
        set_input(f, row, process, item + 1 + below(random, ITEMS - 1 - item),
                  (1 + below(random, 50)) * ONE / 10, below(random, 3) * NUMU_DECIMAL_ONE / 50);
        f->model.input.starts[row] = below(random, 4) == 0 ? day("2025-12-01") : NUMU_NO_DAY;
        f->model.input.ends[row] = below(random, 4) == 0 ? day("2026-03-01") : NUMU_NO_DAY;
    }
    builder_take(&f->model, "route", 4);
    for (numu_row row = 0; row < 4; row++) {
        f->model.route.from[row] = below(random, SITES);
        f->model.route.to[row] = (f->model.route.from[row] + 1) % SITES;
        f->model.route.days[row] = below(random, 20) * NUMU_DECIMAL_ONE;
    }
    builder_take(&f->model, "stock", 3);
    for (numu_row row = 0; row < 3; row++) {
        f->model.stock.item[row] = below(random, ITEMS);
        f->model.stock.site[row] = below(random, SITES);
        f->model.stock.quantity[row] = below(random, 20) * ONE;
    }
    builder_take(&f->model, "open_order", 3);
    for (numu_row row = 0; row < 3; row++) {
        f->model.open_order.id[row] = name(f, "order", row);
        f->model.open_order.process[row] = below(random, ITEMS + 2);
        f->model.open_order.quantity[row] = (1 + below(random, 30)) * ONE;
        f->model.open_order.received[row] = 0;
        f->model.open_order.due[row] = day("2025-06-01") + (numu_day)below(random, 300);
        f->model.open_order.firm[row] =
            below(random, 2) == 0 ? NUMU_BOOLEAN_FALSE : NUMU_BOOLEAN_TRUE;
        f->model.open_order.demand[row] = below(random, 2) == 0 ? below(random, 4) : NUMU_NONE;
    }
}

static void make_demand(struct fixture *f, struct numu_random *random) {
    builder_take(&f->model, "customer", 1);
    f->model.customer.id[0] = numu_text_of("army");
    builder_take(&f->model, "demand", 4);
    for (numu_row row = 0; row < 4; row++) {
        f->model.demand.id[row] = name(f, "demand", row);
        f->model.demand.customer[row] = 0;
        f->model.demand.item[row] = below(random, ITEMS);
        f->model.demand.site[row] = below(random, SITES);
        f->model.demand.due[row] = day("2025-06-01") + (numu_day)below(random, 390);
        f->model.demand.quantity[row] = (1 + below(random, 30)) * ONE;
        f->model.demand.priority[row] = 1 + below(random, 2);
    }
}

static void make_master_plan(struct fixture *f, struct numu_random *random) {
    numu_month start = numu_day_month(f->model.package.start[0]);
    take_plan(f, 8, 4, 4);
    for (numu_row row = 0; row < 8; row++) {
        f->plan.production.process[row] = f->model.process.id[row % 2];
        f->plan.production.month[row] = start + 3 + (numu_month)(row / 2);
        f->plan.production.quantity[row] = below(random, 40000) * ONE / 1000;
    }
    for (numu_row row = 0; row < 4; row++) {
        f->plan.shipment.item[row] = f->model.item.id[row % 2];
        f->plan.shipment.from[row] = f->model.site.id[f->model.route.from[row]];
        f->plan.shipment.to[row] = f->model.site.id[f->model.route.to[row]];
        f->plan.shipment.month[row] = start + 4 + (numu_month)row;
        f->plan.shipment.quantity[row] = below(random, 9000) * ONE / 1000;
        f->plan.service.demand[row] = f->model.demand.id[row];
        f->plan.service.month[row] = start + 5;
        f->plan.service.served[row] =
            f->model.demand.item[row] < 2 ? f->model.demand.quantity[row] / 2 : 0;
        f->plan.service.open[row] = 0;
    }
}

static void make_all(struct fixture *f, struct numu_random *random) {
    make_model(f, random);
    make_demand(f, random);
    make_master_plan(f, random);
}

static void test_verifier_accepts_what_is_planned(void **state) {
    (void)state;
    const uint64_t seed = 41;
    struct numu_random random;
    uint64_t orders = 0;
    uint64_t pegs = 0;
    uint64_t loans = 0;
    numu_random_init(&random, seed, 0);
    for (int round = 0; round < 400; round++) {
        struct fixture f;
        open_fixture(&f);
        make_all(&f, &random);
        assert_int_equal(plan_materials(&f), NUMU_OK);
        numu_status status = verify(&f);
        if (status != NUMU_OK) {
            size_t count;
            const struct numu_diagnostic *list = numu_report_list(&f.report, &count);
            fail_msg("round %d: %s %.*s", round, numu_code_text(list[0].code),
                     (int)list[0].arguments[0].text.length, list[0].arguments[0].text.data);
        }
        orders += f.plan.planned_order.head.count;
        pegs += f.plan.peg.head.count;
        loans += f.plan.borrowing.head.count;
        /* one figure changed: refused */
        if (f.plan.peg.head.count > 0) {
            f.plan.peg.quantity[below(&random, f.plan.peg.head.count)]++;
            assert_int_equal(verify(&f), NUMU_INVALID);
        }
        close_fixture(&f);
    }
    print_message("# seed %llu: %llu orders, %llu pegs, %llu loans\n", (unsigned long long)seed,
                  (unsigned long long)orders, (unsigned long long)pegs, (unsigned long long)loans);
    assert_true(orders > 10000 && pegs > 10000);
}

static void test_without_memory(void **state) {
    (void)state;
    bool is_done = false;
    for (uint_fast64_t n = 1; !is_done; n++) {
        struct fixture f;
        struct numu_random random;
        numu_random_init(&random, 5, 0);
        open_fixture(&f);
        make_all(&f, &random);
        f.heap.fail_at = f.heap.count + n;
        numu_status status = plan_materials(&f);
        if (status == NUMU_OK) {
            status = verify(&f);
        }
        is_done = status == NUMU_OK;
        assert_true(is_done || status == NUMU_MEMORY);
        assert_true(is_done || n < 5000);
        f.heap.fail_at = 0;
        close_fixture(&f);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_output_is_spread_without_drift),
        cmocka_unit_test(test_materials_come_by_the_quickest_way),
        cmocka_unit_test(test_too_large),
        cmocka_unit_test(test_who_plans_an_item),
        cmocka_unit_test(test_verifier_accepts_what_is_planned),
        cmocka_unit_test(test_without_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
