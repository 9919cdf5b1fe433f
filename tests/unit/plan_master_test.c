/*
 * plan_master_test.c - goal: the master plan does what master.c says, and its optimum is one.
 *
 * Method: plans small enough to be worked out by hand, one for each rule; glpsol on the written
 * MPS as an oracle for these and for random models; on random models, too, that more capacity and
 * more money never make the lexicographic result worse, that balances, purses and demands add up
 * in the tables, and that the same input gives the same tables. Memory that fails at the n-th
 * allocation.
 */
#include "plan/master.h"

#include "base/cell.h"
#include "base/random.h"
#include "plan/store.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

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
    struct numu_plan_result result;
    struct numu_buffer mps;
};

/* Rows of a table with the defaults an empty field would get. */
static void take(struct world *world, const char *name, numu_row count) {
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
    struct numu_text *ids;
    const struct numu_column *key = numu_column_key(table);
    for (numu_row row = 0; row < count && key != NULL; row++) {
        memcpy(&ids, (char *)&world->model + table->offset + key->offset, sizeof ids);
        assert_int_equal(
            numu_text_printf(&world->model.arena, &ids[row], "%s%u", name, (unsigned)row + 1),
            NUMU_OK);
    }
}

static numu_currency currency(const char *code) {
    return numu_currency_find(numu_text_of(code));
}

/* From 2025-01-01, in XOF, without tail; one site, one customer, one item. */
static void world_init(struct world *world, int64_t months) {
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

static void world_release(struct world *world) {
    numu_buffer_release(&world->mps);
    numu_report_release(&world->report);
    numu_arena_release(&world->arena);
    builder_release(&world->model);
    assert_int_equal(world->heap.bytes, 0);
}

/* A process for item 0 at site 0, without lead time or cost. */
static void take_processes(struct world *world, numu_row count, numu_process_kind kind) {
    take(world, "process", count);
    for (numu_row row = 0; row < count; row++) {
        world->model.process.item[row] = 0;
        world->model.process.site[row] = 0;
        world->model.process.kind[row] = (uint8_t)kind;
    }
}

static void take_demands(struct world *world, numu_row count) {
    take(world, "demand", count);
    for (numu_row row = 0; row < count; row++) {
        world->model.demand.customer[row] = 0;
        world->model.demand.item[row] = 0;
        world->model.demand.site[row] = 0;
        world->model.demand.unit_value[row] = NUMU_PRICE_ONE;
    }
}

static void set_demand(struct world *world, numu_row row, const char *due, int64_t quantity) {
    world->model.demand.due[row] = builder_day(due);
    world->model.demand.quantity[row] = quantity * ONE;
}

static void set_input(struct world *world, numu_row row, numu_row process, numu_row item,
                      int64_t quantity) {
    world->model.input.process[row] = process;
    world->model.input.item[row] = item;
    world->model.input.quantity[row] = quantity * ONE;
}

static void take_stock(struct world *world, numu_row item, int64_t quantity) {
    take(world, "stock", 1);
    world->model.stock.item[0] = item;
    world->model.stock.site[0] = 0;
    world->model.stock.quantity[0] = quantity * ONE;
}

/* A resource of `hours` a month, of which process 0 needs one a start. */
static void take_line(struct world *world, int64_t hours) {
    take(world, "resource", 1);
    world->model.resource.site[0] = 0;
    world->model.resource.hours_month[0] = hours * NUMU_DECIMAL_ONE;
    take(world, "operation", 1);
    world->model.operation.process[0] = 0;
    world->model.operation.sequence[0] = 1;
    world->model.operation.resource[0] = 0;
    world->model.operation.hours[0] = NUMU_DECIMAL_ONE;
}

static void take_fund(struct world *world, numu_cost_kind kind, numu_row months, int64_t amount) {
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

/* The optimum that glpsol finds for the MPS. A missing glpsol is a failure. */
static double solve_with_glpsol(const struct numu_buffer *mps) {
    char path[] = "/tmp/numu-master-XXXXXX";
    char out[sizeof path + 8];
    char command[200];
    int file = mkstemp(path);
    assert_true(file >= 0);
    assert_true(write(file, mps->data, mps->length) == (ssize_t)mps->length);
    assert_int_equal(close(file), 0);
    snprintf(out, sizeof out, "%s.sol", path);
    snprintf(command, sizeof command, "glpsol --tmlim 20 --freemps %s -w %s", path, out);
    FILE *pipe = popen(command, "r");
    assert_non_null(pipe);
    char line[512];
    while (fgets(line, sizeof line, pipe) != NULL) {
    }
    assert_int_equal(pclose(pipe), 0);
    FILE *solution = fopen(out, "r");
    assert_non_null(solution);
    double objective = NAN;
    char primal = '?';
    char dual = '?';
    while (fgets(line, sizeof line, solution) != NULL) {
        if (sscanf(line, "s bas %*d %*d %c %c %lf", &primal, &dual, &objective) == 3) {
            break;
        }
    }
    fclose(solution);
    unlink(out);
    unlink(path);
    assert_int_equal(primal, 'f');
    assert_int_equal(dual, 'f');
    return objective;
}

static void assert_near(double actual, double expected, double relative) {
    if (!(fabs(actual - expected) <= relative * (1 + fabs(expected)))) {
        fail_msg("%.17g is not %.17g", actual, expected);
    }
}

static numu_status plan_once(struct world *world, const struct numu_context *context,
                             struct numu_buffer *mps) {
    struct numu_plan_dates dates = {.start = world->start, .finish = world->finish};
    struct numu_plan_options options = {.mps = mps};
    return numu_master_plan(context, &world->model, &world->calendars, &dates, &options,
                            &world->arena, &world->report, &world->plan, &world->result);
}

static void solve(struct world *world) {
    struct numu_context context = {.heap = &world->heap, .threads = 1};
    assert_int_equal(numu_calendars_build(&world->model, &world->arena, &world->calendars),
                     NUMU_OK);
    numu_buffer_clear(&world->mps);
    assert_int_equal(plan_once(world, &context, &world->mps), NUMU_OK);
    assert_true(world->result.is_optimal);
}

/* Solves, and lets glpsol confirm the objective. */
static void solve_and_confirm(struct world *world) {
    solve(world);
    assert_near(solve_with_glpsol(&world->mps), world->result.objective, 1e-6);
}

/* --- looking things up in the tables --- */

static numu_month month(int number) {
    return (2025 - 1970) * 12 + number;
}

static numu_quantity made(const struct world *world, const char *process, int number) {
    const struct numu_plan_production *table = &world->plan.production;
    for (numu_row row = 0; row < table->head.count; row++) {
        if (numu_text_is(table->process[row], process) && table->month[row] == month(number)) {
            return table->quantity[row];
        }
    }
    return 0;
}

static numu_quantity stock(const struct world *world, const char *item, int number) {
    const struct numu_plan_stock *table = &world->plan.stock;
    for (numu_row row = 0; row < table->head.count; row++) {
        if (numu_text_is(table->item[row], item) && table->month[row] == month(number)) {
            return table->quantity[row];
        }
    }
    return 0;
}

static numu_money paid(const struct world *world, const char *fund, numu_cost_kind kind,
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

static const struct numu_plan_stage *stages(const struct world *world) {
    return &world->plan.stage;
}

/* --- one rule each --- */

static void splits_a_lead_time_over_two_months(void **state) {
    (void)state;
    struct world world;
    world_init(&world, 6);
    take(&world, "item", 2);
    take_processes(&world, 1, numu_process_kind_import);
    world.model.process.lead_time_days[0] = MONTH_DAYS * 3 / 2;
    world.model.process.unit_cost[0] = 100 * NUMU_PRICE_ONE;
    take(&world, "input", 1);
    set_input(&world, 0, 0, 1, 1);
    take_stock(&world, 1, 10);
    take_demands(&world, 1);
    set_demand(&world, 0, "2025-04-30", 10);
    world.model.package.discount_rate[0] = NUMU_DECIMAL_ONE / 10; /* as late as may be */
    solve_and_confirm(&world);
    assert_int_equal(made(&world, "process1", 3), 10 * ONE);
    assert_int_equal(stock(&world, "item2", 0), 10 * ONE);
    assert_int_equal(stock(&world, "item2", 1), 5 * ONE);
    assert_int_equal(stock(&world, "item2", 2), 0);
    assert_near(world.result.objective, 1000 * pow(1.1, -3.0 / 12), 1e-9);
    world_release(&world);
}

static void starts_nothing_before_the_horizon(void **state) {
    (void)state;
    struct world world;
    world_init(&world, 6);
    take_processes(&world, 1, numu_process_kind_import);
    world.model.process.lead_time_days[0] = MONTH_DAYS * 3 / 2;
    take_demands(&world, 1);
    set_demand(&world, 0, "2025-01-31", 10);
    solve_and_confirm(&world);
    assert_int_equal(made(&world, "process1", 2), 10 * ONE);
    assert_int_equal(world.plan.demand.on_time[0], 0);
    assert_int_equal(world.plan.demand.late[0], 10 * ONE);
    assert_int_equal(world.plan.demand.last_month[0], month(2));
    assert_near(stages(&world)->value[1], 20, 1e-9); /* 10 units, 2 months */
    world_release(&world);
}

static void counts_working_days_for_making(void **state) {
    (void)state;
    struct world world;
    world_init(&world, 12);
    take_processes(&world, 1, numu_process_kind_make);
    /* Without a calendar each of the 365 days of 2025 is worked: two average months. */
    world.model.process.lead_time_days[0] = 2 * 365 * (NUMU_DECIMAL_ONE / 12);
    take_demands(&world, 1);
    set_demand(&world, 0, "2025-01-31", 1);
    solve_and_confirm(&world);
    assert_int_equal(world.plan.demand.last_month[0], month(2));
    world_release(&world);
}

static void ramps_up(void **state) {
    (void)state;
    struct world world;
    world_init(&world, 8);
    take_processes(&world, 1, numu_process_kind_assemble);
    world.model.process.ramp_months[0] = 4 * NUMU_DECIMAL_ONE;
    world.model.process.ramp_start[0] = NUMU_DECIMAL_ONE / 5;
    take_line(&world, 100);
    take_demands(&world, 1);
    set_demand(&world, 0, "2025-01-31", 1000);
    world.model.resource.opens[0] = builder_day("2025-02-01");
    solve_and_confirm(&world);
    const int64_t rates[] = {0, 20, 40, 60, 80, 100, 100, 100};
    for (int t = 0; t < 8; t++) {
        assert_int_equal(made(&world, "process1", t), rates[t] * ONE);
    }
    assert_int_equal(world.plan.demand.unmet[0], 500 * ONE);
    world_release(&world);
}

static void caps_the_month_with_the_ramp(void **state) {
    (void)state;
    struct world world;
    world_init(&world, 3);
    take_processes(&world, 1, numu_process_kind_purchase);
    world.model.process.max_month[0] = 10 * ONE;
    world.model.process.ramp_months[0] = 2 * NUMU_DECIMAL_ONE;
    world.model.process.ramp_start[0] = NUMU_DECIMAL_ONE / 2;
    take_demands(&world, 1);
    set_demand(&world, 0, "2025-01-31", 100);
    solve_and_confirm(&world);
    assert_int_equal(made(&world, "process1", 0), 5 * ONE);
    assert_int_equal(made(&world, "process1", 1), 15 * ONE / 2);
    assert_int_equal(made(&world, "process1", 2), 10 * ONE);
    world_release(&world);
}

/* First and last month in which a process of the given window makes something. */
static void assert_window(const char *opens, const char *finish, const char *closes, int first,
                          int last) {
    struct world world;
    world_init(&world, 8);
    take_processes(&world, 1, numu_process_kind_make);
    world.model.process.max_month[0] = ONE;
    if (opens != NULL) {
        world.model.process.opens[0] = builder_day(opens);
    }
    if (closes != NULL) {
        world.model.process.closes[0] = builder_day(closes);
    }
    if (finish != NULL) {
        take(&world, "activity", 1);
        world.start[0] = builder_day("2025-01-01");
        world.finish[0] = builder_day(finish);
        world.model.process.opened_by[0] = 0;
    }
    take_demands(&world, 1);
    set_demand(&world, 0, "2025-01-31", 100);
    solve_and_confirm(&world);
    for (int t = 0; t < 8; t++) {
        assert_int_equal(made(&world, "process1", t), t >= first && t <= last ? ONE : 0);
    }
    world_release(&world);
}

static void opens_and_closes(void **state) {
    (void)state;
    assert_window(NULL, NULL, NULL, 0, 7);
    assert_window("2025-02-01", NULL, NULL, 1, 7);
    assert_window("2025-02-02", NULL, NULL, 2, 7);
    assert_window("2024-02-02", NULL, "2025-04-10", 0, 3);
    assert_window(NULL, "2025-03-01", NULL, 2, 7); /* finished with February */
    assert_window(NULL, "2025-03-02", NULL, 3, 7);
    assert_window("2025-05-01", "2025-03-02", NULL, 4, 7); /* the later of both */
    assert_window(NULL, "2025-12-01", NULL, 8, 8);         /* not within the horizon */
}

static void weighs_late_and_unmet(void **state) {
    (void)state;
    struct world world;
    world_init(&world, 2);
    take_processes(&world, 1, numu_process_kind_make);
    world.model.process.max_month[0] = 4 * ONE;
    take_demands(&world, 1);
    set_demand(&world, 0, "2025-01-31", 10);
    world.model.demand.unit_value[0] = 3 * NUMU_PRICE_ONE;
    solve_and_confirm(&world);
    /* 4 on time, 4 a month late, 2 never: horizon + 12 = 14 months each. */
    assert_near(stages(&world)->value[1], 3 * (4 * 1 + 2 * 14), 1e-9);
    assert_int_equal(world.plan.demand.on_time[0], 4 * ONE);
    assert_int_equal(world.plan.demand.late[0], 4 * ONE);
    assert_int_equal(world.plan.demand.unmet[0], 2 * ONE);
    assert_int_equal(world.plan.service.head.count, 2);
    assert_int_equal(world.plan.service.open[0], 6 * ONE);
    assert_int_equal(world.plan.service.open[1], 2 * ONE);
    world_release(&world);
}

/* With a tail longer than a year what is never delivered still counts horizon + 12. */
static void counts_never_as_horizon_and_a_year(void **state) {
    (void)state;
    for (int64_t tail = 0; tail <= 30; tail += 6) {
        struct world world;
        world_init(&world, 24);
        world.model.package.tail_months[0] = tail;
        take_demands(&world, 1); /* nothing yields it; not repeated: over a year before the end */
        set_demand(&world, 0, "2025-03-31", 10);
        solve_and_confirm(&world);
        assert_near(stages(&world)->value[1], 10 * (24 + 12), 1e-9);
        world_release(&world);
    }
}

static void serves_dear_before_cheap_and_priority_before_both(void **state) {
    (void)state;
    for (int first = 0; first < 3; first++) {
        struct world world;
        world_init(&world, 2);
        take_processes(&world, 1, numu_process_kind_make);
        world.model.process.max_month[0] = 10 * ONE;
        take_demands(&world, 2);
        set_demand(&world, 0, "2025-01-31", 10);
        set_demand(&world, 1, "2025-01-31", 10);
        world.model.demand.unit_value[0] = 5 * NUMU_PRICE_ONE;
        world.model.demand.unit_value[1] = 7 * NUMU_PRICE_ONE;
        world.model.demand.priority[1] = first == 0 ? 1 : 2;
        if (first == 2) {
            world.model.demand.priority[0] = 3;
        }
        solve_and_confirm(&world);
        numu_row early = first == 1 ? 0 : 1;
        assert_int_equal(world.plan.demand.on_time[early], 10 * ONE);
        assert_int_equal(world.plan.demand.on_time[1 - early], 0);
        assert_int_equal(world.plan.demand.late[1 - early], 10 * ONE);
        assert_int_equal(world.plan.stage.head.count, first == 0 ? 3 : 4);
        world_release(&world);
    }
}

static void values_what_has_no_price_at_standard_cost(void **state) {
    (void)state;
    for (int has_cost = 0; has_cost < 2; has_cost++) {
        struct world world;
        world_init(&world, 1);
        take_demands(&world, 1);
        set_demand(&world, 0, "2025-01-31", 10);
        world.model.demand.unit_value[0] = NUMU_NO_NUMBER;
        if (has_cost) {
            world.model.item.standard_cost[0] = 4 * NUMU_PRICE_ONE;
        }
        solve_and_confirm(&world);
        assert_near(stages(&world)->value[1], 10 * 13 * (has_cost ? 4 : 1), 1e-9);
        world_release(&world);
    }
}

static void serves_early_in_the_month_from_the_month_before(void **state) {
    (void)state;
    struct world world;
    world_init(&world, 4);
    take(&world, "calendar", 1);
    builder_set_week(&world.model, 0, (const int[]){8, 8, 8, 8, 8, 0, 0});
    world.model.package.calendar[0] = 0;
    take_processes(&world, 1, numu_process_kind_make);
    take_demands(&world, 5);
    set_demand(&world, 0, "2025-03-15", 1); /* served from the end of February */
    set_demand(&world, 1, "2025-03-31", 1); /* Monday, the last working day */
    set_demand(&world, 2, "2025-02-28", 1); /* Friday */
    set_demand(&world, 3, "2025-01-10", 1); /* would be December: the first month */
    set_demand(&world, 4, "2024-06-30", 1); /* overdue */
    solve_and_confirm(&world);
    const int expected[] = {1, 2, 1, 0, 0};
    for (numu_row row = 0; row < 5; row++) {
        assert_int_equal(world.plan.demand.due_month[row], month(expected[row]));
        assert_int_equal(world.plan.demand.last_month[row], month(expected[row]));
    }
    world_release(&world);
}

static void takes_the_last_working_day_before_a_weekend(void **state) {
    (void)state;
    struct world world;
    world_init(&world, 8);
    take(&world, "calendar", 1);
    builder_set_week(&world.model, 0, (const int[]){8, 8, 8, 8, 8, 0, 0});
    world.model.package.calendar[0] = 0;
    take_demands(&world, 2);
    set_demand(&world, 0, "2025-05-30", 1); /* Friday; 31 May is a Saturday */
    set_demand(&world, 1, "2025-05-29", 1);
    solve(&world);
    assert_int_equal(world.plan.demand.due_month[0], month(4));
    assert_int_equal(world.plan.demand.due_month[1], month(3));
    world_release(&world);
}

static void pays_at_the_rate_of_the_month(void **state) {
    (void)state;
    struct world world;
    world_init(&world, 4);
    take(&world, "rate", 2);
    world.model.rate.currency[0] = currency("USD");
    world.model.rate.per_unit[0] = 500 * NUMU_DECIMAL_ONE;
    world.model.rate.currency[1] = currency("USD");
    world.model.rate.month[1] = month(2);
    world.model.rate.per_unit[1] = 600 * NUMU_DECIMAL_ONE;
    take_processes(&world, 1, numu_process_kind_import);
    world.model.process.unit_cost[0] = 10 * NUMU_PRICE_ONE;
    world.model.process.currency[0] = currency("USD");
    take_demands(&world, 1);
    set_demand(&world, 0, "2025-04-30", 5);
    world.model.process.opens[0] = builder_day("2025-02-01");
    solve_and_confirm(&world);
    assert_int_equal(made(&world, "process1", 1), 5 * ONE); /* bought while the dollar is cheap */
    assert_near(world.result.objective, 5 * 10 * 500, 1e-9);
    assert_int_equal(world.plan.production.cost[0], 25000);
    assert_int_equal(paid(&world, "", numu_cost_kind_import, 1), 25000);
    world.model.process.opens[0] = builder_day("2025-03-01");
    solve_and_confirm(&world);
    assert_near(world.result.objective, 5 * 10 * 600, 1e-9);
    world_release(&world);
}

static void needs_a_rate(void **state) {
    (void)state;
    struct world world;
    world_init(&world, 2);
    take_processes(&world, 1, numu_process_kind_import);
    world.model.process.unit_cost[0] = 10 * NUMU_PRICE_ONE;
    world.model.process.currency[0] = currency("USD");
    struct numu_context context = {.heap = &world.heap, .threads = 1};
    assert_int_equal(numu_calendars_build(&world.model, &world.arena, &world.calendars), NUMU_OK);
    assert_int_equal(plan_once(&world, &context, NULL), NUMU_INVALID);
    assert_int_equal(world.report.counts[NUMU_CODE_NO_RATE], 1);
    world_release(&world);
}

static void minds_the_budget_before_dates(void **state) {
    (void)state;
    struct world world;
    world_init(&world, 3);
    take_processes(&world, 1, numu_process_kind_import);
    world.model.process.unit_cost[0] = 100 * NUMU_PRICE_ONE;
    take_demands(&world, 1);
    set_demand(&world, 0, "2025-01-31", 25);
    take_fund(&world, numu_cost_kind_import, 3, 1000);
    solve_and_confirm(&world);
    assert_near(stages(&world)->value[0], 0, 1e-9);
    assert_int_equal(made(&world, "process1", 0), 10 * ONE);
    assert_int_equal(made(&world, "process1", 1), 10 * ONE);
    assert_int_equal(made(&world, "process1", 2), 5 * ONE);
    assert_int_equal(paid(&world, "fund1", numu_cost_kind_import, 2), 500);
    assert_int_equal(world.plan.purse.left[2], 0); /* it lapses */
    world_release(&world);
}

static void carries_over_and_lacks(void **state) {
    (void)state;
    struct world world;
    world_init(&world, 3);
    take_line(&world, 1);
    take(&world, "operation", 0);
    world.model.resource.fixed_cost_month[0] = 800;
    world.model.resource.opens[0] = builder_day("2025-02-01");
    take_fund(&world, numu_cost_kind_fixed, 3, 500);
    for (int carried = 0; carried < 2; carried++) {
        world.model.fund.carry_over[0] = carried ? NUMU_BOOLEAN_TRUE : NUMU_BOOLEAN_FALSE;
        solve_and_confirm(&world);
        const struct numu_plan_purse *purse = &world.plan.purse;
        assert_int_equal(purse->head.count, 3);
        assert_near(stages(&world)->value[0], carried ? 100 : 600, 1e-9);
        assert_int_equal(purse->left[0], carried ? 500 : 0);
        assert_int_equal(purse->carried[1], carried ? 500 : 0);
        assert_int_equal(purse->gap[1], carried ? 0 : 300);
        assert_int_equal(purse->left[1], carried ? 200 : 0);
        assert_int_equal(purse->gap[2], carried ? 100 : 300);
        assert_int_equal(purse->spent[2], 800);
        assert_near(world.result.objective, 1600, 1e-9);
    }
    world_release(&world);
}

static void pays_an_advance_at_the_start(void **state) {
    (void)state;
    struct world world;
    world_init(&world, 4);
    take_processes(&world, 1, numu_process_kind_import);
    world.model.process.unit_cost[0] = 100 * NUMU_PRICE_ONE;
    world.model.process.royalty[0] = 7 * NUMU_PRICE_ONE;
    world.model.process.advance[0] = 3 * NUMU_DECIMAL_ONE / 10;
    world.model.process.lead_time_days[0] = MONTH_DAYS;
    world.model.package.discount_rate[0] = NUMU_DECIMAL_ONE / 10;
    take_demands(&world, 1);
    set_demand(&world, 0, "2025-03-31", 10);
    solve_and_confirm(&world);
    assert_int_equal(paid(&world, "", numu_cost_kind_import, 1), 300);
    assert_int_equal(paid(&world, "", numu_cost_kind_import, 2), 700);
    assert_int_equal(paid(&world, "", numu_cost_kind_royalty, 2), 70);
    assert_int_equal(world.plan.production.cost[0], 1070);
    assert_near(world.result.objective, 300 * pow(1.1, -1.0 / 12) + 770 * pow(1.1, -2.0 / 12),
                1e-9);
    world_release(&world);
}

static void takes_inputs_for_what_is_started(void **state) {
    (void)state;
    struct world world;
    world_init(&world, 2);
    take(&world, "item", 2);
    take_processes(&world, 1, numu_process_kind_make);
    world.model.process.yield[0] = 8 * NUMU_DECIMAL_ONE / 10;
    take(&world, "input", 1);
    set_input(&world, 0, 0, 1, 2);
    world.model.input.scrap[0] = NUMU_DECIMAL_ONE / 4;
    take_stock(&world, 1, 30);
    take_line(&world, 100);
    take_demands(&world, 1);
    set_demand(&world, 0, "2025-01-31", 8);
    solve_and_confirm(&world);
    assert_int_equal(world.plan.production.quantity[0], 8 * ONE);
    assert_int_equal(world.plan.production.started[0], 10 * ONE);
    assert_int_equal(stock(&world, "item2", 0), (30 - 25) * ONE);
    assert_int_equal(world.plan.hours.used[0], 10 * NUMU_DECIMAL_ONE);
    assert_int_equal(world.plan.hours.capacity[0], 100 * NUMU_DECIMAL_ONE);
    world_release(&world);
}

/* The bill changes in mid-February: the old line holds through February, the new one from March. */
static void dates_the_bill_by_the_month_of_taking(void **state) {
    (void)state;
    struct world world;
    world_init(&world, 4);
    take(&world, "item", 3);
    take_processes(&world, 1, numu_process_kind_import);
    world.model.process.lead_time_days[0] = MONTH_DAYS;
    world.model.process.max_month[0] = 10 * ONE;
    take(&world, "input", 2);
    set_input(&world, 0, 0, 1, 1);
    set_input(&world, 1, 0, 2, 1);
    world.model.input.ends[0] = builder_day("2025-02-14");
    world.model.input.starts[1] = builder_day("2025-02-15");
    take(&world, "stock", 2);
    for (numu_row row = 0; row < 2; row++) {
        world.model.stock.item[row] = row + 1;
        world.model.stock.site[row] = 0;
        world.model.stock.quantity[row] = 100 * ONE;
    }
    take_demands(&world, 1);
    set_demand(&world, 0, "2025-01-31", 30);
    solve_and_confirm(&world);
    assert_int_equal(stock(&world, "item2", 3), 80 * ONE); /* taken in January and February */
    assert_int_equal(stock(&world, "item3", 3), 90 * ONE); /* in March */
    world_release(&world);
}

static void solves_a_tail_that_repeats_the_last_year(void **state) {
    (void)state;
    struct world world;
    world_init(&world, 12);
    world.model.package.tail_months[0] = NUMU_NO_NUMBER; /* longest lead time: one month */
    take_processes(&world, 1, numu_process_kind_import);
    world.model.process.lead_time_days[0] = MONTH_DAYS;
    world.model.process.unit_cost[0] = NUMU_PRICE_ONE;
    world.model.process.advance[0] = NUMU_DECIMAL_ONE;
    world.model.package.discount_rate[0] = NUMU_DECIMAL_ONE / 10;
    take_stock(&world, 0, 10);
    take_demands(&world, 1);
    set_demand(&world, 0, "2025-01-31", 10);
    take_fund(&world, numu_cost_kind_import, 12, 10);
    solve_and_confirm(&world);
    /* January's demand comes again in month 12, ordered and paid in month 11. */
    assert_int_equal(paid(&world, "fund1", numu_cost_kind_import, 11), 10);
    assert_int_equal(world.plan.production.head.count, 0);
    assert_int_equal(world.plan.demand.head.count, 1);
    assert_int_equal(world.plan.demand.on_time[0], 10 * ONE);
    assert_near(stages(&world)->value[1], 0, 1e-9);
    assert_near(stages(&world)->within[2], 0, 1e-9); /* by month of completion */
    assert_near(world.result.objective, 10 * pow(1.1, -11.0 / 12), 1e-9);
    world_release(&world);
}

static void counts_on_what_is_ordered(void **state) {
    (void)state;
    struct world world;
    world_init(&world, 3);
    take_processes(&world, 1, numu_process_kind_import);
    world.model.process.unit_cost[0] = 10 * NUMU_PRICE_ONE;
    world.model.process.advance[0] = NUMU_DECIMAL_ONE / 2;
    world.model.process.opens[0] = builder_day("2026-01-01"); /* no new orders */
    take(&world, "open_order", 2);
    for (numu_row row = 0; row < 2; row++) {
        world.model.open_order.process[row] = 0;
        world.model.open_order.quantity[row] = 10 * ONE;
    }
    world.model.open_order.due[0] = builder_day("2025-02-10");
    world.model.open_order.received[0] = 4 * ONE;
    world.model.open_order.due[1] = builder_day("2024-10-10"); /* overdue: comes first */
    take(&world, "agreement", 1);
    take(&world, "delivery", 1);
    world.model.delivery.agreement[0] = 0;
    world.model.delivery.item[0] = 0;
    world.model.delivery.site[0] = 0;
    world.model.delivery.quantity[0] = 5 * ONE;
    world.model.delivery.delivered[0] = ONE;
    world.model.delivery.due[0] = builder_day("2025-03-10");
    take_demands(&world, 1);
    set_demand(&world, 0, "2025-01-31", 20);
    solve_and_confirm(&world);
    assert_int_equal(world.plan.demand.on_time[0], 10 * ONE);
    assert_int_equal(world.plan.service.served[1], 6 * ONE);
    assert_int_equal(world.plan.service.served[2], 4 * ONE);
    assert_int_equal(world.plan.receipt.head.count, 3);
    assert_int_equal(world.plan.receipt.cost[0], 50);
    assert_int_equal(world.plan.receipt.cost[1], 30);
    assert_int_equal(paid(&world, "", numu_cost_kind_import, 1), 30);
    assert_near(world.result.objective, 80, 1e-9);
    world_release(&world);
}

static void pays_for_the_programme(void **state) {
    (void)state;
    struct world world;
    world_init(&world, 3);
    take(&world, "activity", 3);
    world.model.activity.cost[0] = 3100 + 2800; /* a hundred a day, from its own fund */
    world.model.activity.fund[0] = 0;
    world.start[0] = builder_day("2025-01-01");
    world.finish[0] = builder_day("2025-03-01");
    world.model.activity.cost[1] = 700; /* a milestone in February, from whoever pays capital */
    world.start[1] = world.finish[1] = builder_day("2025-02-10");
    world.model.activity.cost[2] = 200; /* half of it before the horizon: sunk */
    world.start[2] = builder_day("2024-12-31");
    world.finish[2] = builder_day("2025-01-02");
    take_line(&world, 1);
    take(&world, "operation", 0);
    world.model.resource.opened_by[0] = 0;
    world.model.resource.capital[0] = 9000;
    take_fund(&world, numu_cost_kind_fixed, 3, 3000);
    solve_and_confirm(&world);
    assert_int_equal(paid(&world, "fund1", numu_cost_kind_capital, 0), 3100);
    assert_int_equal(paid(&world, "fund1", numu_cost_kind_capital, 1), 2800);
    assert_int_equal(paid(&world, "", numu_cost_kind_capital, 0), 100);
    assert_int_equal(paid(&world, "", numu_cost_kind_capital, 1), 700);
    assert_int_equal(paid(&world, "", numu_cost_kind_capital, 2), 9000);
    assert_near(stages(&world)->value[0], 100, 1e-9); /* the fund lacks 100 in January */
    assert_int_equal(world.plan.purse.gap[0], 100);
    assert_near(world.result.objective, 5900 + 700 + 100 + 9000, 1e-9);
    world_release(&world);
}

static void chooses_the_cheaper_process(void **state) {
    (void)state;
    struct world world;
    world_init(&world, 2);
    take_processes(&world, 2, numu_process_kind_make);
    world.model.process.unit_cost[0] = 3 * NUMU_PRICE_ONE;
    world.model.process.kind[1] = numu_process_kind_import;
    world.model.process.unit_cost[1] = 5 * NUMU_PRICE_ONE;
    take_line(&world, 6);
    take_demands(&world, 1);
    set_demand(&world, 0, "2025-01-31", 10);
    solve_and_confirm(&world);
    assert_int_equal(made(&world, "process1", 0), 6 * ONE);
    assert_int_equal(made(&world, "process2", 0), 4 * ONE);
    assert_near(world.result.objective, 6 * 3 + 4 * 5, 1e-9);
    assert_near(world.plan.hours.worth[0], 2, 1e-9); /* an hour saves 5 - 3 */
    const struct numu_plan_import_bill *bill = &world.plan.import_bill;
    assert_int_equal(bill->head.count, 1);
    assert_int_equal(bill->without[0], 50);
    assert_int_equal(bill->finished[0], 20);
    assert_int_equal(bill->kits[0], 0);
    world_release(&world);
}

static void books_kits_and_royalties_abroad(void **state) {
    (void)state;
    struct world world;
    world_init(&world, 2);
    take(&world, "item", 2);
    world.model.item.standard_cost[0] = 40 * NUMU_PRICE_ONE;
    take(&world, "partner", 2);
    world.model.partner.country[0] = NUMU_TEXT("TUR");
    world.model.partner.country[1] = NUMU_TEXT("MLI");
    take_processes(&world, 2, numu_process_kind_assemble);
    world.model.process.partner[0] = 0;
    world.model.process.unit_cost[0] = 10 * NUMU_PRICE_ONE;
    world.model.process.royalty[0] = NUMU_PRICE_ONE;
    world.model.process.item[1] = 1;
    world.model.process.kind[1] = numu_process_kind_purchase;
    world.model.process.partner[1] = 1;
    world.model.process.origin[1] = NUMU_TEXT("CHN"); /* sold at home, made abroad */
    world.model.process.unit_cost[1] = 20 * NUMU_PRICE_ONE;
    take(&world, "input", 1);
    set_input(&world, 0, 0, 1, 1);
    take(&world, "activity", 2);
    world.model.activity.partner[0] = 0;
    world.model.activity.partner[1] = 1;
    world.model.activity.cost[0] = 500;
    world.model.activity.cost[1] = 600;
    world.start[0] = world.finish[0] = builder_day("2025-01-10");
    world.start[1] = world.finish[1] = builder_day("2025-01-10");
    take_demands(&world, 1);
    set_demand(&world, 0, "2025-01-31", 10);
    solve_and_confirm(&world);
    const struct numu_plan_import_bill *bill = &world.plan.import_bill;
    assert_int_equal(bill->without[0], 400); /* no foreign process: standard cost */
    assert_int_equal(bill->finished[0], 0);
    assert_int_equal(bill->kits[0], 10 * 20 + 10 * 1);
    assert_int_equal(bill->capital[0], 500);
    world_release(&world);
}

static void ships_between_sites(void **state) {
    (void)state;
    struct world world;
    world_init(&world, 4);
    take_processes(&world, 1, numu_process_kind_make);
    world.model.item.mass_kg[0] = 2 * NUMU_DECIMAL_ONE;
    take(&world, "route", 1);
    world.model.route.from[0] = 0;
    world.model.route.to[0] = 1;
    world.model.route.days[0] = MONTH_DAYS;
    world.model.route.cost_kg[0] = 3 * NUMU_PRICE_ONE;
    world.model.route.capacity_kg_month[0] = 12 * NUMU_DECIMAL_ONE;
    take_demands(&world, 1);
    set_demand(&world, 0, "2025-02-28", 10);
    world.model.demand.site[0] = 1;
    solve_and_confirm(&world);
    assert_int_equal(world.plan.shipment.head.count, 2);
    assert_int_equal(world.plan.shipment.quantity[0], 6 * ONE);
    assert_int_equal(world.plan.shipment.cost[0], 36);
    assert_int_equal(world.plan.shipment.month[0], month(1));
    assert_int_equal(world.plan.shipment.quantity[1], 4 * ONE);
    assert_int_equal(world.plan.demand.on_time[0], 6 * ONE);
    assert_int_equal(paid(&world, "", numu_cost_kind_freight, 2), 24);
    assert_near(world.result.objective, 60, 1e-9);
    world_release(&world);
}

static void holds_stock_at_a_cost(void **state) {
    (void)state;
    struct world world;
    world_init(&world, 3);
    world.model.item.standard_cost[0] = 120 * NUMU_PRICE_ONE;
    world.model.item.holding_cost_rate[0] = NUMU_DECIMAL_ONE / 10; /* 1 a month */
    take_processes(&world, 1, numu_process_kind_make);
    world.model.process.max_month[0] = 10 * ONE;
    take_demands(&world, 1);
    set_demand(&world, 0, "2025-03-31", 25);
    solve_and_confirm(&world);
    assert_int_equal(stock(&world, "item1", 0), 5 * ONE);
    assert_int_equal(stock(&world, "item1", 1), 15 * ONE);
    assert_near(world.result.objective, 20, 1e-9);
    assert_int_equal(paid(&world, "", numu_cost_kind_holding, 1), 15);
    world_release(&world);
}

static void says_what_it_leaves_out(void **state) {
    (void)state;
    struct world world;
    world_init(&world, 2);
    take_processes(&world, 2, numu_process_kind_make);
    world.model.process.min_lot[0] = ONE;
    world.model.process.lot_multiple[0] = ONE;
    world.model.process.learning_rate[1] = NUMU_DECIMAL_ONE / 2;
    take(&world, "skill", 3);
    take_demands(&world, 2);
    set_demand(&world, 0, "2025-01-31", 1);
    set_demand(&world, 1, "2026-01-31", 1);
    solve(&world);
    const struct numu_plan_not_modelled *table = &world.plan.not_modelled;
    const struct {
        const char *subject;
        int64_t rows;
    } expected[] = {{"skill", 3}, {"learning", 1}, {"lot", 1}, {"demand_beyond_horizon", 1}};
    assert_int_equal(table->head.count, 4);
    for (numu_row row = 0; row < 4; row++) {
        assert_true(numu_text_is(table->subject[row], expected[row].subject));
        assert_int_equal(table->rows[row], expected[row].rows);
    }
    assert_int_equal(world.plan.demand.head.count, 1);
    world_release(&world);
}

static void sums_money_by_basis(void **state) {
    (void)state;
    struct world world;
    world_init(&world, 2);
    take_processes(&world, 1, numu_process_kind_import);
    world.model.process.unit_cost[0] = 7 * NUMU_PRICE_ONE;
    uint8_t basis = numu_basis_assumption;
    world.model.process.head.evidence.basis = &basis;
    take_demands(&world, 1);
    set_demand(&world, 0, "2025-01-31", 3);
    take_fund(&world, numu_cost_kind_import, 2, 11);
    solve(&world);
    const struct numu_plan_evidence *table = &world.plan.evidence;
    assert_int_equal(table->head.count, 2);
    assert_true(numu_text_is(table->table[0], "budget"));
    assert_int_equal(table->basis[0], numu_basis_unset);
    assert_int_equal(table->amount[0], 22);
    assert_true(numu_text_is(table->table[1], "process"));
    assert_int_equal(table->basis[1], numu_basis_assumption);
    assert_int_equal(table->amount[1], 21);
    world_release(&world);
}

static void plans_nothing_at_all(void **state) {
    (void)state;
    struct world world;
    world_init(&world, 1);
    solve_and_confirm(&world);
    assert_near(world.result.objective, 0, 0);
    assert_int_equal(world.plan.stage.head.count, 2);
    world_release(&world);
}

static double frozen_clock(void *data) {
    (void)data;
    return 0;
}

static double hasty_clock(void *data) {
    double *now = data;
    return *now += 100;
}

static void keeps_the_time_limit(void **state) {
    (void)state;
    struct world world;
    world_init(&world, 2);
    take_processes(&world, 1, numu_process_kind_make);
    take_demands(&world, 1);
    set_demand(&world, 0, "2025-01-31", 1);
    assert_int_equal(numu_calendars_build(&world.model, &world.arena, &world.calendars), NUMU_OK);
    double now = 0;
    struct numu_context context = {
        .heap = &world.heap, .threads = 1, .clock = hasty_clock, .clock_data = &now};
    struct numu_plan_dates dates = {.start = world.start, .finish = world.finish};
    struct numu_plan_options options = {.time_limit_s = 50};
    assert_int_equal(numu_master_plan(&context, &world.model, &world.calendars, &dates, &options,
                                      &world.arena, &world.report, &world.plan, &world.result),
                     NUMU_LIMIT);
    context.clock = frozen_clock;
    assert_int_equal(numu_master_plan(&context, &world.model, &world.calendars, &dates, &options,
                                      &world.arena, &world.report, &world.plan, &world.result),
                     NUMU_OK);
    assert_true(world.result.is_optimal);
    atomic_bool stop = true;
    context.stop = &stop;
    assert_int_equal(numu_master_plan(&context, &world.model, &world.calendars, &dates, &options,
                                      &world.arena, &world.report, &world.plan, &world.result),
                     NUMU_STOPPED);
    world_release(&world);
}

static void fails_cleanly_without_memory(void **state) {
    (void)state;
    struct world world;
    world_init(&world, 3);
    take(&world, "item", 2);
    take_processes(&world, 2, numu_process_kind_make);
    world.model.process.item[1] = 1;
    take(&world, "input", 1);
    set_input(&world, 0, 0, 1, 1);
    take_line(&world, 5);
    take_demands(&world, 1);
    set_demand(&world, 0, "2025-01-31", 7);
    take_fund(&world, numu_cost_kind_processing, 3, 10);
    assert_int_equal(numu_calendars_build(&world.model, &world.arena, &world.calendars), NUMU_OK);
    struct numu_context context = {.heap = &world.heap, .threads = 1};
    numu_status status = NUMU_MEMORY;
    uint64_t failures = 0;
    while (status != NUMU_OK) {
        struct numu_arena_mark mark = numu_arena_mark(&world.arena);
        size_t bytes = world.heap.bytes;
        memset(&world.plan, 0, sizeof world.plan);
        world.heap.fail_at = world.heap.count + 1 + failures;
        status = plan_once(&world, &context, NULL);
        world.heap.fail_at = 0;
        if (status != NUMU_OK) {
            assert_int_equal(status, NUMU_MEMORY);
            assert_null(world.plan.stage.name);
            numu_arena_rewind(&world.arena, mark);
            assert_int_equal(world.heap.bytes, bytes);
            failures++;
        }
    }
    assert_true(failures > 30);
    world_release(&world);
}

/* --- random models --- */

static int64_t between(struct numu_random *random, int64_t low, int64_t high) {
    return low + (int64_t)numu_random_below(random, (uint64_t)(high - low + 1));
}

static void fill_random_processes(struct world *world, struct numu_random *random) {
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
static void fill_random_bills(struct world *world, struct numu_random *random) {
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

static void fill_random_money(struct world *world, struct numu_random *random) {
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

static void fill_random(struct world *world, struct numu_random *random) {
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

static void random_world(struct world *world, uint64_t seed, uint64_t number) {
    struct numu_random random;
    numu_random_init(&random, seed, number);
    world_init(world, between(&random, 3, 18));
    world->model.package.tail_months[0] = between(&random, 0, 5);
    world->model.package.discount_rate[0] = between(&random, 0, 2) * NUMU_DECIMAL_ONE / 10;
    fill_random(world, &random);
}

/* carried + budget + gap = spent + left (+ what lapses), and no fund pays what is not there. */
static void assert_purses_add_up(const struct world *world) {
    const struct numu_plan_purse *table = &world->plan.purse;
    for (numu_row row = 0; row < table->head.count; row++) {
        numu_money lapses = table->carried[row] + table->budget[row] + table->gap[row] -
                            table->spent[row] - table->left[row];
        assert_true(lapses >= 0);
        assert_true(table->gap[row] == 0 || lapses == 0);
        numu_money sum = 0;
        for (numu_row pay = 0; pay < world->plan.payment.head.count; pay++) {
            if (numu_text_is_equal(world->plan.payment.fund[pay], table->fund[row]) &&
                world->plan.payment.month[pay] == table->month[row]) {
                sum += world->plan.payment.amount[pay];
            }
        }
        assert_int_equal(sum, table->spent[row]);
    }
}

static void assert_demands_add_up(const struct world *world) {
    const struct numu_plan_demand *table = &world->plan.demand;
    for (numu_row row = 0; row < table->head.count; row++) {
        assert_int_equal(table->on_time[row] + table->late[row] + table->unmet[row],
                         table->quantity[row]);
        numu_quantity sum = 0;
        for (numu_row at = 0; at < world->plan.service.head.count; at++) {
            if (numu_text_is_equal(world->plan.service.demand[at], table->id[row])) {
                assert_true(world->plan.service.served[at] >= 0);
                sum += world->plan.service.served[at];
            }
        }
        assert_int_equal(sum, table->quantity[row] - table->unmet[row]);
    }
}

static void assert_hours_fit(const struct world *world) {
    const struct numu_plan_hours *table = &world->plan.hours;
    for (numu_row row = 0; row < table->head.count; row++) {
        assert_true((double)table->used[row] <= (double)table->capacity[row] * (1 + 1e-7) + 1e4);
    }
}

static void agrees_with_glpsol_on_random_models(void **state) {
    (void)state;
    const uint64_t seed = 20250630;
    print_message("# seed %llu\n", (unsigned long long)seed);
    double worst = 0;
    for (uint64_t number = 0; number < 120; number++) {
        struct world world;
        random_world(&world, seed, number);
        solve(&world);
        double oracle = solve_with_glpsol(&world.mps);
        double error = fabs(oracle - world.result.objective) / (1 + fabs(oracle));
        worst = error > worst ? error : worst;
        if (error > 1e-6) {
            fail_msg("model %d: %.17g, glpsol %.17g", (int)number, world.result.objective, oracle);
        }
        assert_near(world.result.dual_bound, world.result.objective, 1e-6);
        assert_purses_add_up(&world);
        assert_demands_add_up(&world);
        assert_hours_fit(&world);
        world_release(&world);
    }
    print_message("# greatest difference %.2g\n", worst);
}

/* The first stage that differs must be better. */
static void assert_no_worse(const struct world *better, const struct world *base) {
    const struct numu_plan_stage *a = &better->plan.stage;
    const struct numu_plan_stage *b = &base->plan.stage;
    assert_int_equal(a->head.count, b->head.count);
    for (numu_row row = 0; row < a->head.count; row++) {
        double tolerance = 1e-6 * (1 + fabs(b->value[row]));
        if (a->value[row] < b->value[row] - tolerance) {
            return;
        }
        if (a->value[row] > b->value[row] + tolerance) {
            fail_msg("stage %d: %.17g after %.17g", (int)row, a->value[row], b->value[row]);
        }
    }
}

static void never_gets_worse_with_more(void **state) {
    (void)state;
    const uint64_t seed = 1;
    print_message("# seed %llu\n", (unsigned long long)seed);
    for (uint64_t number = 0; number < 40; number++) {
        struct world base;
        struct world better;
        random_world(&base, seed, number);
        random_world(&better, seed, number);
        if (number % 2 == 0) {
            better.model.resource.units[number / 2 % 2] = 2 * NUMU_DECIMAL_ONE;
        } else {
            for (numu_row row = 0; row < better.model.budget.head.count; row += 2) {
                better.model.budget.amount[row] += 1000;
            }
        }
        solve(&base);
        solve(&better);
        assert_no_worse(&better, &base);
        world_release(&better);
        world_release(&base);
    }
}

static void gives_the_same_tables_twice(void **state) {
    (void)state;
    for (uint64_t number = 0; number < 10; number++) {
        struct world a;
        struct world b;
        random_world(&a, 7, number);
        random_world(&b, 7, number);
        solve(&a);
        solve(&b);
        assert_int_equal(a.mps.length, b.mps.length);
        assert_memory_equal(a.mps.data, b.mps.data, a.mps.length);
        for (const struct numu_table_descriptor *table = numu_plan_schema; table->name != NULL;
             table++) {
            numu_row count = numu_plan_count(&a.plan, table);
            assert_int_equal(count, numu_plan_count(&b.plan, table));
            for (const struct numu_column *column = table->columns;
                 column->name != NULL && count > 0; column++) {
                bool is_text = column->kind == NUMU_KIND_KEY || column->kind == NUMU_KIND_TEXT;
                const void *one = numu_plan_array(&a.plan, table, column);
                const void *two = numu_plan_array(&b.plan, table, column);
                if (!is_text) {
                    assert_memory_equal(one, two, count * numu_kind_size(column->kind));
                }
                for (numu_row row = 0; row < count && is_text; row++) {
                    assert_true(numu_text_is_equal(((const struct numu_text *)one)[row],
                                                   ((const struct numu_text *)two)[row]));
                }
            }
        }
        world_release(&b);
        world_release(&a);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(splits_a_lead_time_over_two_months),
        cmocka_unit_test(starts_nothing_before_the_horizon),
        cmocka_unit_test(counts_working_days_for_making),
        cmocka_unit_test(ramps_up),
        cmocka_unit_test(caps_the_month_with_the_ramp),
        cmocka_unit_test(opens_and_closes),
        cmocka_unit_test(weighs_late_and_unmet),
        cmocka_unit_test(counts_never_as_horizon_and_a_year),
        cmocka_unit_test(serves_dear_before_cheap_and_priority_before_both),
        cmocka_unit_test(values_what_has_no_price_at_standard_cost),
        cmocka_unit_test(serves_early_in_the_month_from_the_month_before),
        cmocka_unit_test(takes_the_last_working_day_before_a_weekend),
        cmocka_unit_test(pays_at_the_rate_of_the_month),
        cmocka_unit_test(needs_a_rate),
        cmocka_unit_test(minds_the_budget_before_dates),
        cmocka_unit_test(carries_over_and_lacks),
        cmocka_unit_test(pays_an_advance_at_the_start),
        cmocka_unit_test(takes_inputs_for_what_is_started),
        cmocka_unit_test(dates_the_bill_by_the_month_of_taking),
        cmocka_unit_test(solves_a_tail_that_repeats_the_last_year),
        cmocka_unit_test(counts_on_what_is_ordered),
        cmocka_unit_test(pays_for_the_programme),
        cmocka_unit_test(chooses_the_cheaper_process),
        cmocka_unit_test(books_kits_and_royalties_abroad),
        cmocka_unit_test(ships_between_sites),
        cmocka_unit_test(holds_stock_at_a_cost),
        cmocka_unit_test(says_what_it_leaves_out),
        cmocka_unit_test(sums_money_by_basis),
        cmocka_unit_test(plans_nothing_at_all),
        cmocka_unit_test(keeps_the_time_limit),
        cmocka_unit_test(fails_cleanly_without_memory),
        cmocka_unit_test(agrees_with_glpsol_on_random_models),
        cmocka_unit_test(never_gets_worse_with_more),
        cmocka_unit_test(gives_the_same_tables_twice),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
