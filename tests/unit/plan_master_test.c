/*
 * plan_master_test.c - goal: the master plan does what master.c says, and its optimum is one.
 *
 * Method: plans small enough to be worked out by hand, one for each rule; glpsol on the written
 * MPS as an oracle. Memory that fails at the n-th allocation.
 */
#include "plan_world.h"
#include "wish.h"

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
    assert_window("2024-02-02", NULL, "2025-04-10", 0, 2); /* whole months only, as at opening */
    assert_window("2024-02-02", NULL, "2025-04-30", 0, 3);
    assert_window("2024-02-02", NULL, "2025-05-01", 0, 3);
    assert_window("2024-02-02", NULL, "2024-05-01", 9, 9); /* before the horizon */
    assert_window(NULL, "2025-03-01", NULL, 2, 7);         /* finished with February */
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
    world.model.process.unit_cost[0] = NUMU_PRICE_ONE; /* no more than is asked for */
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
    take(&world, "rule", 3);
    take_demands(&world, 2);
    set_demand(&world, 0, "2025-01-31", 1);
    set_demand(&world, 1, "2026-01-31", 1);
    solve(&world);
    const struct numu_plan_not_modelled *table = &world.plan.not_modelled;
    const struct {
        const char *subject;
        int64_t rows;
    } expected[] = {{"lot", 1}, {"rule", 3}, {"demand_beyond_horizon", 1}};
    assert_int_equal(table->head.count, 3);
    for (numu_row row = 0; row < 3; row++) {
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

/* Something is wanted, and nothing there to make or pay it: late for ever, and told. */
static void plans_without_means(void **state) {
    (void)state;
    struct world world;
    world_init(&world, 6);
    take_demands(&world, 1); /* no process, no resource, no budget */
    set_demand(&world, 0, "2025-03-31", 10);
    solve_and_confirm(&world);
    assert_int_equal(world.plan.demand.unmet[0], 10 * ONE);
    assert_true(is_verified_as(&world, NUMU_TEXT("spread")));
    world_release(&world);
    world_init(&world, 6);
    take_processes(&world, 1, numu_process_kind_make);
    world.model.process.unit_cost[0] = NUMU_PRICE_ONE;
    take(&world, "fund", 1); /* it pays, and never has anything */
    world.model.fund.pays[0] = UINT32_C(1) << (numu_cost_kind_processing - 1);
    take_demands(&world, 2);
    set_demand(&world, 0, "2025-03-31", 10);
    set_demand(&world, 1, "2025-03-31", 0); /* of nothing */
    solve_and_confirm(&world);
    assert_int_equal(world.plan.demand.unmet[0], 10 * ONE);
    assert_int_equal(world.plan.demand.unmet[1], 0);
    assert_near(stages(&world)->value[0], 0, 1e-9);
    assert_true(is_verified_as(&world, NUMU_TEXT("spread")));
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
                     NUMU_OK); /* of the first stage: there is always a plan */
    assert_false(world.result.is_optimal);
    assert_string_equal(world.result.status, "limit");
    assert_true(numu_text_is(stages(&world)->status[0], "optimal"));
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

/*
 * The wish to stop at each look at the clock in turn: no plan at first, then those of more and more
 * stages, which hold, say that they are not proven, and are no worse.
 */
static void keeps_the_best_until_it_is_stopped(void **state) {
    (void)state;
    struct world world;
    world_init(&world, 3);
    take_processes(&world, 2, numu_process_kind_make);
    world.model.process.unit_cost[0] = 3 * NUMU_PRICE_ONE;
    world.model.process.unit_cost[1] = 2 * NUMU_PRICE_ONE;
    world.model.process.max_month[1] = 4 * ONE;
    take_line(&world, 5);
    take_demands(&world, 2);
    set_demand(&world, 0, "2025-01-31", 20);
    set_demand(&world, 1, "2025-02-28", 9);
    take_fund(&world, numu_cost_kind_processing, 3, 10);
    assert_int_equal(numu_calendars_build(&world.model, &world.arena, &world.calendars), NUMU_OK);
    struct wish wish = {0};
    struct numu_context context = {.heap = &world.heap,
                                   .threads = 1,
                                   .clock = wishing_clock,
                                   .clock_data = &wish,
                                   .stop = &wish.stop};
    struct numu_plan_dates dates = {.start = world.start, .finish = world.finish};
    struct numu_plan_options options = {.time_limit_s = 1e9};
    int stopped = 0;
    int partly = 0;
    bool is_optimal = false;
    double gap = INFINITY;
    for (long at = 1; !is_optimal; at++) {
        wish = (struct wish){.at = at};
        numu_status status =
            numu_master_plan(&context, &world.model, &world.calendars, &dates, &options,
                             &world.arena, &world.report, &world.plan, &world.result);
        assert_true(at < 1000);
        if (status == NUMU_STOPPED) {
            assert_int_equal(partly, 0);
            stopped++;
            continue;
        }
        assert_int_equal(status, NUMU_OK);
        is_optimal = world.result.is_optimal;
        partly += !is_optimal;
        assert_true(is_optimal || strcmp(world.result.status, "stopped") == 0);
        assert_true(stages(&world)->value[0] <= gap + 1e-9);
        gap = stages(&world)->value[0];
        assert_true(is_verified_as(&world, NUMU_TEXT("")));
    }
    print_message("# %d stopped, %d partly\n", stopped, partly);
    assert_true(stopped > 0 && partly > 0);
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
        cmocka_unit_test(plans_without_means),
        cmocka_unit_test(plans_nothing_at_all),
        cmocka_unit_test(keeps_the_time_limit),
        cmocka_unit_test(keeps_the_best_until_it_is_stopped),
        cmocka_unit_test(fails_cleanly_without_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
