/*
 * plan_means_test.c - goal: people, storehouses, age, upkeep, learning and law bind as master_*.c
 * say.
 *
 * Method: plans small enough to be worked out by hand, one for each rule; glpsol on the written
 * MPS.
 * For the learning curve published totals of the 80 % unit curve.
 */
#include "plan_world.h"

static numu_decimal people(int64_t thousandths) {
    return thousandths * (NUMU_DECIMAL_ONE / 1000);
}

/* A line without end and one trade of `headcount`, who work 10 h a month, one for each start. */
static void take_trade(struct world *world, int64_t headcount) {
    take_line(world, 100000);
    take(world, "skill", 1);
    world->model.skill.headcount[0] = people(headcount * 1000);
    world->model.skill.hours_month[0] = 10 * NUMU_DECIMAL_ONE;
    world->model.operation.skill[0] = 0;
    world->model.operation.people[0] = NUMU_DECIMAL_ONE;
}

static void take_course(struct world *world, int64_t months, int64_t class_size) {
    take(world, "course", 1);
    world->model.course.skill_out[0] = 0;
    world->model.course.months[0] = people(months * 1000);
    world->model.course.class_size[0] = people(class_size * 1000);
    world->model.course.classes_max[0] = NUMU_DECIMAL_ONE;
}

static double staff(const struct world *world, int number) {
    const struct numu_plan_people *table = &world->plan.people;
    for (numu_row row = 0; row < table->head.count; row++) {
        if (table->month[row] == month(number)) {
            return numu_number_to_double(table->staff[row], NUMU_DECIMAL_DECIMALS);
        }
    }
    return NAN;
}

/* --- people --- */

static void trains_whom_it_lacks(void **state) {
    (void)state;
    struct world world;
    world_init(&world, 6);
    take_processes(&world, 1, numu_process_kind_make);
    take_trade(&world, 0);
    take_course(&world, 2, 2);
    world.model.course.pass_rate[0] = NUMU_DECIMAL_ONE / 2;
    take_demands(&world, 1);
    set_demand(&world, 0, "2025-01-31", 100);
    solve_and_confirm(&world);
    const int64_t expected[] = {0, 0, 10, 10, 20, 20}; /* one passes every two months */
    for (int t = 0; t < 6; t++) {
        assert_int_equal(made(&world, "process1", t), expected[t] * ONE);
    }
    assert_int_equal(world.plan.demand.unmet[0], 40 * ONE);
    world_release(&world);
}

static void teaches_with_those_who_work(void **state) {
    (void)state;
    struct world world;
    world_init(&world, 4);
    take_processes(&world, 1, numu_process_kind_make);
    take_trade(&world, 2);
    take_course(&world, 1, 2);
    world.model.course.instructor_skill[0] = 0;
    world.model.course.instructors[0] = NUMU_DECIMAL_ONE;
    take_demands(&world, 1);
    set_demand(&world, 0, "2025-04-30", 140);
    solve_and_confirm(&world);
    /*
     * Without teaching 80 in four months. A class costs 10 h and gives 20 h in each month after:
     * month 0: 10 made, 1: 4 people, 30; 2: 6 people, 50; 3: 8 people, 80. In all 170: less will
     * do.
     */
    assert_int_equal(world.plan.demand.on_time[0], 140 * ONE);
    set_demand(&world, 0, "2025-04-30", 171);
    solve_and_confirm(&world);
    assert_int_equal(world.plan.demand.on_time[0], 170 * ONE);
    assert_int_equal(world.plan.class.begun[0], NUMU_DECIMAL_ONE);
    world_release(&world);
}

static void loses_and_hires(void **state) {
    (void)state;
    struct world world;
    world_init(&world, 3);
    take_processes(&world, 1, numu_process_kind_make);
    take_trade(&world, 10);
    world.model.skill.attrition_month[0] = NUMU_DECIMAL_ONE / 10;
    world.model.skill.hire_max_month[0] = NUMU_DECIMAL_ONE / 2;
    take_demands(&world, 1);
    set_demand(&world, 0, "2025-01-31", 10000);
    solve_and_confirm(&world);
    assert_near(staff(&world, 0), 10.5, 1e-9);
    assert_near(staff(&world, 1), 9.95, 1e-9);
    assert_near(staff(&world, 2), 9.455, 1e-9);
    world_release(&world);
}

static void releases_whom_it_cannot_pay(void **state) {
    (void)state;
    struct world world;
    world_init(&world, 2);
    take_processes(&world, 1, numu_process_kind_make);
    take_trade(&world, 5);
    world.model.skill.wage_month[0] = 10;
    take_demands(&world, 1);
    set_demand(&world, 0, "2025-01-31", 10000);
    take_fund(&world, numu_cost_kind_wage, 2, 30);
    solve_and_confirm(&world);
    assert_near(stages(&world)->value[0], 0, 1e-9); /* no gap */
    assert_near(staff(&world, 0), 3, 1e-9);
    assert_int_equal(world.plan.people.released[0], 2 * NUMU_DECIMAL_ONE);
    assert_int_equal(paid(&world, "fund1", numu_cost_kind_wage, 0), 30);
    world_release(&world);
}

static void takes_students_from_their_trade_and_pays_them(void **state) {
    (void)state;
    struct world world;
    world_init(&world, 3);
    take_processes(&world, 1, numu_process_kind_make);
    take_trade(&world, 0);
    take(&world, "skill", 2);
    for (numu_row row = 0; row < 2; row++) {
        world.model.skill.hours_month[row] = 10 * NUMU_DECIMAL_ONE;
        world.model.skill.headcount[row] = row * 4 * NUMU_DECIMAL_ONE;
        world.model.skill.wage_month[row] = 7;
    }
    take_course(&world, 1, 4);
    world.model.course.skill_in[0] = 1;
    world.model.course.pass_rate[0] = NUMU_DECIMAL_ONE / 4;
    world.model.course.cost_class[0] = 100;
    take_demands(&world, 1);
    set_demand(&world, 0, "2025-02-28", 10);
    solve_and_confirm(&world);
    /* All four learn in month 0, one passes, three go back and are released. */
    assert_int_equal(made(&world, "process1", 1), 10 * ONE);
    assert_int_equal(paid(&world, "", numu_cost_kind_wage, 0), 28);
    assert_int_equal(paid(&world, "", numu_cost_kind_training, 0), 100);
    assert_int_equal(paid(&world, "", numu_cost_kind_wage, 1), 7);
    assert_near(world.result.objective, 135, 1e-9);
    world_release(&world);
}

/* --- storehouses --- */

/* Item 0 is explosive, 2 kg and 1 m³ each; a storehouse at site 0. */
static void take_storehouse(struct world *world, int64_t limit_kg) {
    world->model.item.classification[0] = NUMU_TEXT("1.1D");
    world->model.item.neq_kg[0] = 2 * NUMU_DECIMAL_ONE;
    world->model.item.volume_m3[0] = NUMU_DECIMAL_ONE;
    take(world, "storehouse", 1);
    world->model.storehouse.site[0] = 0;
    take(world, "limit", 1);
    world->model.limit.storehouse[0] = 0;
    world->model.limit.hazard_division[0] = NUMU_TEXT("1.1");
    world->model.limit.neq_kg[0] = limit_kg * NUMU_DECIMAL_ONE;
}

/* Months in which one process makes for one demand, into a storehouse of 100 kg. */
static void init_storing(struct world *world, int64_t months, const char *due, int64_t quantity) {
    world_init(world, months);
    take_processes(world, 1, numu_process_kind_make);
    take_demands(world, 1);
    set_demand(world, 0, due, quantity);
    take_storehouse(world, 100);
}

static void keeps_within_the_limit(void **state) {
    (void)state;
    struct world world;
    world_init(&world, 4);
    take_processes(&world, 1, numu_process_kind_make);
    world.model.process.max_month[0] = 40 * ONE;
    take_demands(&world, 1);
    set_demand(&world, 0, "2025-03-31", 100);
    take_storehouse(&world, 100);
    solve_and_confirm(&world);
    /* What is delivered in March has lain there: no more than 50 at once. */
    assert_int_equal(world.plan.demand.on_time[0], 50 * ONE);
    assert_int_equal(world.plan.demand.late[0], 40 * ONE); /* made in April */
    assert_int_equal(world.plan.store.neq_kg[2], 100 * NUMU_DECIMAL_ONE);
    world.model.storehouse.capacity_m3[0] = 30 * NUMU_DECIMAL_ONE;
    solve_and_confirm(&world);
    assert_int_equal(world.plan.demand.on_time[0], 30 * ONE);
    world_release(&world);
}

static void has_no_room_without_a_limit(void **state) {
    (void)state;
    struct world world;
    init_storing(&world, 3, "2025-01-31", 10);
    world.model.limit.starts[0] = builder_day("2025-01-10"); /* not all of January */
    world.model.limit.ends[0] = builder_day("2025-02-28");
    solve_and_confirm(&world);
    assert_int_equal(world.plan.demand.on_time[0], 0);
    assert_int_equal(made(&world, "process1", 1), 10 * ONE);
    world.model.limit.hazard_division[0] = NUMU_TEXT("1.3");
    solve_and_confirm(&world);
    assert_int_equal(world.plan.demand.unmet[0], 10 * ONE);
    world_release(&world);
}

static void takes_what_the_rules_hand_over(void **state) {
    (void)state;
    struct world world;
    init_storing(&world, 2, "2025-01-31", 100);
    const bool may_hold[] = {true};
    const struct numu_plan_limit limits[] = {
        {.storehouse = 0, .starts = NUMU_NO_DAY, .ends = NUMU_NO_DAY, .neq_kg = 60},
        {.storehouse = 0, .starts = builder_day("2025-01-20"), .ends = NUMU_NO_DAY, .neq_kg = 20},
    };
    const struct numu_plan_storage storage = {may_hold, limits, 2};
    world.options.law.storage = &storage;
    solve_and_confirm(&world);
    assert_int_equal(world.plan.demand.on_time[0], 10 * ONE);
    world_release(&world);
}

static void needs_no_house_for_what_leaves_the_same_day(void **state) {
    (void)state;
    struct world world;
    world_init(&world, 3);
    take_processes(&world, 1, numu_process_kind_make);
    world.model.process.site[0] = 1;
    take(&world, "route", 1);
    world.model.route.from[0] = 1;
    world.model.route.to[0] = 0;
    take_demands(&world, 1);
    set_demand(&world, 0, "2025-02-28", 40);
    take_storehouse(&world, 100);
    solve_and_confirm(&world);
    assert_int_equal(world.plan.demand.on_time[0], 40 * ONE);
    world_release(&world);
}

static void says_what_nothing_may_hold(void **state) {
    (void)state;
    struct world world;
    world_init(&world, 3);
    take_processes(&world, 1, numu_process_kind_make);
    take_stock(&world, 0, 80);
    take_demands(&world, 1);
    set_demand(&world, 0, "2025-02-28", 80);
    take_storehouse(&world, 100);
    solve_and_confirm(&world);
    assert_true(numu_text_is(stages(&world)->name[0], "unhoused"));
    assert_near(stages(&world)->value[0], 2 * 30 * 2, 1e-9); /* 30 of 2 kg, two months */
    const struct numu_plan_housing *table = &world.plan.housing;
    assert_int_equal(table->head.count, 4);
    assert_int_equal(table->storehouse[1].length, 0);
    assert_int_equal(table->quantity[1], 30 * ONE);
    world_release(&world);
}

/* --- age --- */

static void takes_out_what_grew_too_old(void **state) {
    (void)state;
    struct world world;
    world_init(&world, 4);
    world.model.item.shelf_life_months[0] = NUMU_DECIMAL_ONE;
    world.model.item.standard_cost[0] = 3 * NUMU_PRICE_ONE;
    take_processes(&world, 1, numu_process_kind_make);
    world.model.process.max_month[0] = 6 * ONE;
    take_stock(&world, 0, 10);
    take_demands(&world, 1);
    set_demand(&world, 0, "2025-03-31", 14);
    solve_and_confirm(&world);
    /* Kept for a month: stock of January is gone in February; made in February and March: 12. */
    assert_int_equal(world.plan.demand.on_time[0], 12 * ONE);
    assert_int_equal(world.plan.expiry.quantity[0], 10 * ONE);
    assert_near(world.result.objective, 30, 1e-9);
    world.model.item.shelf_life_months[0] = 3 * NUMU_DECIMAL_ONE;
    solve_and_confirm(&world);
    assert_int_equal(world.plan.demand.on_time[0], 14 * ONE);
    world.model.stock.made[0] = builder_day("2024-11-30");
    solve_and_confirm(&world);
    assert_int_equal(world.plan.demand.on_time[0], 14 * ONE); /* made anew */
    assert_int_equal(world.plan.expiry.head.count, 1);
    world_release(&world);
}

static void does_not_grow_young_on_the_way(void **state) {
    (void)state;
    struct world world;
    world_init(&world, 4);
    world.model.item.shelf_life_months[0] = 2 * NUMU_DECIMAL_ONE;
    take_processes(&world, 1, numu_process_kind_make);
    world.model.process.closes[0] = builder_day("2025-01-31");
    take(&world, "route", 2);
    world.model.route.from[0] = 0;
    world.model.route.to[0] = 1;
    world.model.route.from[1] = 1;
    world.model.route.to[1] = 0;
    take_demands(&world, 1);
    set_demand(&world, 0, "2025-04-30", 5);
    solve_and_confirm(&world);
    assert_int_equal(world.plan.demand.unmet[0], 5 * ONE); /* of January, too old by March's end */
    set_demand(&world, 0, "2025-03-31", 5);
    solve_and_confirm(&world);
    assert_int_equal(world.plan.demand.unmet[0], 0);
    world_release(&world);
}

static void pays_for_safety_or_for_its_lack(void **state) {
    (void)state;
    struct world world;
    world_init(&world, 3);
    world.model.item.safety_stock[0] = 10 * ONE;
    world.model.item.standard_cost[0] = 100 * NUMU_PRICE_ONE;
    take_processes(&world, 1, numu_process_kind_make);
    world.model.process.unit_cost[0] = 5 * NUMU_PRICE_ONE;
    solve_and_confirm(&world);
    assert_int_equal(stock(&world, "item1", 0), 10 * ONE); /* 50 once, not 20 a month */
    assert_near(world.result.objective, 50, 1e-9);
    world.model.process.unit_cost[0] = 7 * NUMU_PRICE_ONE;
    solve_and_confirm(&world);
    assert_int_equal(world.plan.safety.head.count, 3);
    assert_int_equal(world.plan.safety.lacking[2], 10 * ONE);
    assert_near(world.result.objective, 60, 1e-9);
    world_release(&world);
}

/* --- upkeep --- */

static void runs_less_where_upkeep_is_not_paid(void **state) {
    (void)state;
    struct world world;
    world_init(&world, 2);
    take_processes(&world, 1, numu_process_kind_make);
    take_line(&world, 100);
    take(&world, "upkeep", 1);
    world.model.upkeep.resource[0] = 0;
    world.model.upkeep.cost_month[0] = 50;
    world.model.upkeep.availability_unpaid[0] = 4 * NUMU_DECIMAL_ONE / 10;
    take_demands(&world, 1);
    set_demand(&world, 0, "2025-01-31", 1000);
    take_fund(&world, numu_cost_kind_upkeep, 2, 25);
    solve_and_confirm(&world);
    assert_true(numu_text_is(stages(&world)->name[1], "upkeep"));
    assert_near(stages(&world)->value[1], 50, 1e-9);
    assert_int_equal(made(&world, "process1", 0), 70 * ONE); /* 100 × (0.4 + 0.6 × ½) */
    assert_int_equal(world.plan.upkeep.paid[0], NUMU_DECIMAL_ONE / 2);
    assert_int_equal(world.plan.hours.capacity[0], 70 * NUMU_DECIMAL_ONE);
    assert_int_equal(paid(&world, "fund1", numu_cost_kind_upkeep, 0), 25);
    world_release(&world);
}

static void keeps_up_idle_plant_before_it_saves(void **state) {
    (void)state;
    struct world world;
    world_init(&world, 2);
    take(&world, "item", 2);
    take_processes(&world, 1, numu_process_kind_import);
    world.model.process.item[0] = 1;
    world.model.process.unit_cost[0] = 9 * NUMU_PRICE_ONE;
    take(&world, "resource", 1);
    world.model.resource.site[0] = 0;
    world.model.resource.hours_month[0] = NUMU_DECIMAL_ONE;
    take(&world, "upkeep", 1);
    world.model.upkeep.resource[0] = 0;
    world.model.upkeep.cost_month[0] = 4;
    world.model.upkeep.item[0] = 1;
    world.model.upkeep.quantity_month[0] = 3 * ONE;
    solve_and_confirm(&world);
    /* its spares are bought */
    assert_int_equal(made(&world, "process1", 0) + made(&world, "process1", 1), 6 * ONE);
    assert_near(world.result.objective, 2 * (4 + 27), 1e-9);
    world_release(&world);
}

/* --- learning and setups --- */

static void learns(void **state) {
    (void)state;
    struct world world;
    world_init(&world, 1);
    take_processes(&world, 1, numu_process_kind_make);
    take_line(&world, 100000);
    world.model.process.learning_rate[0] = 8 * NUMU_DECIMAL_ONE / 10;
    world.model.process.learning_from[0] = ONE;
    take_demands(&world, 1);
    set_demand(&world, 0, "2025-01-31", 100);
    solve_and_confirm(&world);
    /* The 80 % unit curve takes 32.65 times the first unit's hours for 100 (tables of unit curves,
     * e.g. W. J. Stevenson, "Operations Management"). */
    assert_near(numu_number_to_double(world.plan.hours.used[0], NUMU_DECIMAL_DECIMALS), 32.65,
                2e-3);
    assert_near(numu_number_to_double(world.plan.learning.share[0], NUMU_DECIMAL_DECIMALS), 0.3265,
                2e-3);
    world.model.process.learning_floor[0] = NUMU_DECIMAL_ONE / 2;
    solve_and_confirm(&world);
    /* n^b reaches ½ at n = 8.65; until 8: 5.346 hours; then ½ each. */
    assert_near(numu_number_to_double(world.plan.hours.used[0], NUMU_DECIMAL_DECIMALS), 5.346 + 46,
                5e-3);
    world_release(&world);
}

static void makes_more_when_it_has_learned(void **state) {
    (void)state;
    struct world world;
    world_init(&world, 4);
    take_processes(&world, 1, numu_process_kind_make);
    take_line(&world, 100);
    world.model.process.learning_rate[0] = 9 * NUMU_DECIMAL_ONE / 10;
    world.model.process.learning_from[0] = 100 * ONE;
    world.model.process.made_before[0] = 50 * ONE;
    take_demands(&world, 1);
    set_demand(&world, 0, "2025-01-31", 100000);
    solve_and_confirm(&world);
    numu_quantity before = 0;
    double cumulative = 50;
    double exponent = log2(0.9);
    for (int t = 0; t < 4; t++) {
        numu_quantity now = made(&world, "process1", t);
        assert_true(now > before);
        before = now;
        /* by the sum over units, the hours of the month are used up */
        double hours = 0;
        double units = numu_number_to_double(now, NUMU_QUANTITY_DECIMALS);
        for (double n = 0; n < units; n++) {
            double share = fmin(1, units - n);
            hours += share * pow((cumulative + n + 1) / 100, exponent);
        }
        cumulative += units;
        assert_near(hours, 100, 2e-2);
    }
    world_release(&world);
}

/* Seconds pass with each look. */
static double counting_clock(void *data) {
    double *now = data;
    return *now += 1;
}

/* Where the time passes while hours are still being learned the best round so far is the plan. */
static void keeps_the_plan_of_a_round_before(void **state) {
    (void)state;
    struct world world;
    world_init(&world, 4);
    take_processes(&world, 1, numu_process_kind_make);
    take_line(&world, 100);
    world.model.process.learning_rate[0] = 9 * NUMU_DECIMAL_ONE / 10;
    world.model.process.learning_from[0] = 100 * ONE;
    world.model.process.made_before[0] = 50 * ONE;
    take_demands(&world, 1);
    set_demand(&world, 0, "2025-01-31", 100000);
    assert_int_equal(numu_calendars_build(&world.model, &world.arena, &world.calendars), NUMU_OK);
    bool has_plan = false;
    for (int looks = 1; looks < 60; looks++) {
        double now = 0;
        struct numu_context context = {
            .heap = &world.heap, .threads = 1, .clock = counting_clock, .clock_data = &now};
        world.options.time_limit_s = looks + 0.5;
        numu_status status = plan_once(&world, &context, NULL);
        assert_int_equal(status, NUMU_OK);
        assert_true(!has_plan || world.result.is_optimal);
        assert_true(status != NUMU_OK || is_verified_as(&world, NUMU_TEXT("")));
        has_plan = status == NUMU_OK && world.result.is_optimal;
    }
    assert_true(has_plan);
    world_release(&world);
}

static void spreads_setups_over_the_lot(void **state) {
    (void)state;
    struct world world;
    world_init(&world, 1);
    take_processes(&world, 1, numu_process_kind_make);
    world.model.process.lot_multiple[0] = 10 * ONE;
    world.model.process.fixed_cost_lot[0] = 30;
    take_line(&world, 150);
    world.model.operation.setup_hours[0] = 5 * NUMU_DECIMAL_ONE;
    take_demands(&world, 1);
    set_demand(&world, 0, "2025-01-31", 1000);
    solve_and_confirm(&world);
    assert_int_equal(made(&world, "process1", 0), 100 * ONE);
    assert_int_equal(paid(&world, "", numu_cost_kind_processing, 0), 300);
    assert_int_equal(world.plan.production.cost[0], 300);
    world_release(&world);
}

/* The reason of a rank for a subject; fails where there is none. */
static numu_row find_reason(const struct world *world, const char *subject, const char *id,
                            int64_t rank) {
    const struct numu_plan_reason *table = &world->plan.reason;
    for (numu_row row = 0; row < table->head.count; row++) {
        if (numu_text_is(table->subject[row], subject) && numu_text_is(table->id[row], id) &&
            table->rank[row] == rank) {
            return row;
        }
    }
    fail_msg("no reason %d of %s %s", (int)rank, subject, id);
    return NUMU_NONE;
}

/* --- law --- */

static void imports_what_licences_allow(void **state) {
    (void)state;
    struct world world;
    world_init(&world, 4);
    take_processes(&world, 2, numu_process_kind_import);
    world.model.process.kind[1] = numu_process_kind_make;
    world.model.process.unit_cost[1] = NUMU_PRICE_ONE;
    take_demands(&world, 1);
    set_demand(&world, 0, "2025-01-31", 100);
    take(&world, "licence", 2);
    for (numu_row row = 0; row < 2; row++) {
        world.model.licence.kind[row] = numu_licence_kind_import;
        world.model.licence.item[row] = 0;
        world.model.licence.quantity[row] = 30 * ONE;
    }
    world.model.licence.used[0] = 10 * ONE;
    solve_and_confirm(&world);
    assert_int_equal(made(&world, "process1", 0), 50 * ONE); /* 20 + 30, the rest is made here */
    assert_near(world.result.objective, 50, 1e-9);
    world.model.licence.issued[1] = builder_day("2025-03-01");
    solve_and_confirm(&world);
    assert_int_equal(made(&world, "process1", 0), 20 * ONE); /* no lateness for money's sake */
    world.model.licence.status[0] = NUMU_TEXT("revoked");
    solve_and_confirm(&world);
    assert_int_equal(made(&world, "process1", 0), 0);
    world.model.licence.quantity[1] = NUMU_NO_NUMBER;
    world.model.licence.issued[1] = NUMU_NO_DAY; /* nothing said: nothing limited */
    solve_and_confirm(&world);
    assert_int_equal(made(&world, "process1", 0), 100 * ONE);
    world_release(&world);
}

/* A licence that was refused gives nothing, whatever the one after it gives. */
static void tells_what_each_licence_is_worth(void **state) {
    (void)state;
    struct world world;
    world_init(&world, 3);
    take_processes(&world, 1, numu_process_kind_import);
    take_demands(&world, 1);
    set_demand(&world, 0, "2025-01-31", 100);
    take(&world, "licence", 2);
    for (numu_row row = 0; row < 2; row++) {
        world.model.licence.kind[row] = numu_licence_kind_import;
        world.model.licence.item[row] = 0;
        world.model.licence.quantity[row] = 30 * ONE;
    }
    world.model.licence.status[0] = NUMU_TEXT("refused");
    solve_and_confirm(&world);
    const struct numu_plan_reason *table = &world.plan.reason;
    numu_row row = find_reason(&world, "demand", "demand1", 1);
    assert_true(numu_text_is(table->binds[row], "licence"));
    assert_true(numu_text_is(table->name[row], "licence2"));
    assert_true(table->share[row] > 0);
    row = find_reason(&world, "demand", "demand1", 2);
    assert_true(numu_text_is(table->name[row], "licence1"));
    assert_true(table->share[row] == 0);
    world_release(&world);
}

static void delivers_abroad_what_licences_allow(void **state) {
    (void)state;
    struct world world;
    world_init(&world, 2);
    take_processes(&world, 1, numu_process_kind_make);
    take(&world, "customer", 2);
    world.model.customer.kind[1] = numu_customer_kind_export;
    take_demands(&world, 2);
    set_demand(&world, 0, "2025-01-31", 10);
    set_demand(&world, 1, "2025-01-31", 10);
    world.model.demand.customer[1] = 1;
    take(&world, "licence", 1);
    world.model.licence.kind[0] = numu_licence_kind_export;
    world.model.licence.item[0] = 0;
    world.model.licence.quantity[0] = 4 * ONE;
    solve_and_confirm(&world);
    assert_int_equal(world.plan.demand.on_time[0], 10 * ONE);
    assert_int_equal(world.plan.demand.unmet[1], 6 * ONE);
    assert_int_equal(world.plan.licence.quantity[0], 4 * ONE);
    world_release(&world);
}

static void does_nothing_that_is_forbidden(void **state) {
    (void)state;
    struct world world;
    world_init(&world, 4);
    take_processes(&world, 1, numu_process_kind_import);
    take_demands(&world, 1);
    set_demand(&world, 0, "2025-02-28", 10);
    struct numu_plan_prohibition rule = {.process = 0,
                                         .demand = NUMU_NONE,
                                         .starts = NUMU_NO_DAY,
                                         .ends = builder_day("2025-03-01"),
                                         .rule = NUMU_TEXT("r"),
                                         .citation = NUMU_TEXT("paragraph 5")};
    world.options.law.prohibition = &rule;
    world.options.law.prohibition_count = 1;
    solve_and_confirm(&world);
    assert_int_equal(made(&world, "process1", 3), 10 * ONE);
    assert_true(numu_text_is(world.plan.forbidden.citation[0], "paragraph 5"));
    rule.process = NUMU_NONE;
    rule.demand = 0;
    rule.ends = NUMU_NO_DAY;
    solve_and_confirm(&world);
    assert_int_equal(world.plan.demand.unmet[0], 10 * ONE);
    world_release(&world);
}

static void works_while_the_agreement_holds(void **state) {
    (void)state;
    struct world world;
    world_init(&world, 6);
    take_processes(&world, 1, numu_process_kind_import);
    world.model.process.lead_time_days[0] = MONTH_DAYS;
    world.model.process.max_month[0] = 10 * ONE;
    world.model.process.agreement[0] = 0;
    take(&world, "partner", 1);
    take(&world, "agreement", 1);
    world.model.agreement.partner[0] = 0;
    world.model.agreement.kind[0] = numu_agreement_kind_licence;
    world.model.agreement.starts[0] = builder_day("2025-02-01");
    world.model.agreement.ends[0] = builder_day("2025-04-15");
    world.model.agreement.value[0] = 74; /* one for each day */
    take_demands(&world, 1);
    set_demand(&world, 0, "2025-01-31", 100);
    solve_and_confirm(&world);
    assert_int_equal(made(&world, "process1", 1), 0);
    assert_int_equal(made(&world, "process1", 2), 10 * ONE);
    assert_int_equal(made(&world, "process1", 3), 0); /* it ends on the 15th: not the whole month */
    assert_int_equal(paid(&world, "", numu_cost_kind_royalty, 1), 28);
    assert_int_equal(paid(&world, "", numu_cost_kind_royalty, 3), 15);
    world_release(&world);
}

static void pays_an_agreement_with_its_deliveries(void **state) {
    (void)state;
    struct world world;
    world_init(&world, 3);
    take(&world, "partner", 1);
    take(&world, "agreement", 1);
    world.model.agreement.partner[0] = 0;
    world.model.agreement.kind[0] = numu_agreement_kind_supply;
    world.model.agreement.value[0] = 100;
    take(&world, "delivery", 2);
    for (numu_row row = 0; row < 2; row++) {
        world.model.delivery.agreement[row] = 0;
        world.model.delivery.item[row] = 0;
        world.model.delivery.site[row] = 0;
        world.model.delivery.quantity[row] = (row + 1) * 10 * ONE;
        world.model.delivery.due[row] = builder_day(row == 0 ? "2024-06-30" : "2025-02-28");
    }
    world.model.delivery.quantity[0] = 10 * ONE;
    world.model.delivery.delivered[0] = 4 * ONE; /* the rest is overdue: it comes at once */
    world.model.resource.head.count = 0;
    solve_and_confirm(&world);
    assert_int_equal(paid(&world, "", numu_cost_kind_import, 0), 20);
    assert_int_equal(paid(&world, "", numu_cost_kind_import, 1), 67);
    world_release(&world);
}

/* Plant bought for 1000 in February that lives for 50 months, or until it closes; NULL = never. */
static double cost_of_plant(const char *closes) {
    struct world world;
    world_init(&world, 6);
    take(&world, "resource", 1);
    world.model.resource.site[0] = 0;
    world.model.resource.hours_month[0] = NUMU_DECIMAL_ONE;
    world.model.resource.capital[0] = 1000;
    world.model.resource.opens[0] = builder_day("2025-02-01");
    world.model.resource.closes[0] = closes == NULL ? NUMU_NO_DAY : builder_day(closes);
    world.model.resource.life_months[0] = 50 * NUMU_DECIMAL_ONE;
    solve_and_confirm(&world);
    double cost = world.result.objective;
    world_release(&world);
    return cost;
}

static void counts_what_is_left_of_plant(void **state) {
    (void)state;
    assert_near(cost_of_plant(NULL), 1000 - 900, 1e-9); /* five of fifty months are used */
}

static void nothing_is_left_of_what_closes(void **state) {
    (void)state;
    assert_near(cost_of_plant("2025-04-30"), 1000, 1e-9);
    assert_near(cost_of_plant("2025-06-30"), 1000, 1e-9); /* with the horizon */
    assert_near(cost_of_plant("2025-11-30"), 500, 1e-9);  /* five of ten months are used */
    assert_near(cost_of_plant("2039-11-30"), 100, 1e-9);  /* its life ends before */
}

/* An import under a licence of the given last day; how many of six months it serves. */
static int months_under_licence(const char *expires) {
    struct world world;
    int months = 0;
    world_init(&world, 6);
    take_processes(&world, 1, numu_process_kind_import);
    world.model.process.max_month[0] = ONE;
    take(&world, "licence", 1);
    world.model.licence.kind[0] = numu_licence_kind_import;
    world.model.licence.item[0] = 0;
    world.model.licence.expires[0] = builder_day(expires);
    take_demands(&world, 1);
    set_demand(&world, 0, "2025-01-31", 100);
    solve_and_confirm(&world);
    for (int t = 0; t < 6; t++) {
        months += made(&world, "process1", t) > 0;
    }
    world_release(&world);
    return months;
}

static void a_licence_covers_whole_months(void **state) {
    (void)state;
    assert_int_equal(months_under_licence("2025-04-01"), 3);
    assert_int_equal(months_under_licence("2025-04-29"), 3);
    assert_int_equal(months_under_licence("2025-04-30"), 4);
    assert_int_equal(months_under_licence("2024-12-31"), 0);
}

/* Without a size of lots the most of a month is one: 25 of 50 pay half of 30 and half an hour. */
static void spreads_setups_over_the_most_of_a_month(void **state) {
    (void)state;
    struct world world;
    world_init(&world, 1);
    take_processes(&world, 1, numu_process_kind_make);
    world.model.process.max_month[0] = 50 * ONE;
    world.model.process.fixed_cost_lot[0] = 30;
    take_line(&world, 150);
    world.model.operation.setup_hours[0] = NUMU_DECIMAL_ONE;
    take_demands(&world, 1);
    set_demand(&world, 0, "2025-01-31", 25);
    solve_and_confirm(&world);
    assert_int_equal(made(&world, "process1", 0), 25 * ONE);
    assert_int_equal(paid(&world, "", numu_cost_kind_processing, 0), 15);
    assert_int_equal(world.plan.hours.used[0], 25 * NUMU_DECIMAL_ONE + NUMU_DECIMAL_ONE / 2);
    world_release(&world);
}

/* --- reasons --- */

static void tells_which_limit_binds_and_its_worth(void **state) {
    (void)state;
    struct world world;
    init_storing(&world, 6, "2025-03-31", 70);
    world.options.confirms = true;
    solve_and_confirm(&world);
    /* 50 in March, 20 in April: a kg more in March saves half a unit for a month. */
    const struct numu_plan_reason *table = &world.plan.reason;
    numu_row row = find_reason(&world, "demand", "demand1", 1);
    assert_true(numu_text_is(table->binds[row], "neq"));
    assert_true(numu_text_is(table->name[row], "storehouse1"));
    assert_int_equal(table->from[row], month(2));
    assert_int_equal(table->until[row], month(2));
    assert_near(table->relief[row], 0.5, 1e-9);
    assert_near(table->confirmed[row], table->worth[row], 1e-6);
    world_release(&world);
}

static void wish_to_stop_at_the_end(void *data, const char *phase, double share) {
    (void)phase;
    if (share >= 1) {
        atomic_store((atomic_bool *)data, true);
    }
}

/* Reasons that were not tried again stay unconfirmed; the plan is the same. */
static void gives_the_plan_when_stopped_while_confirming(void **state) {
    (void)state;
    struct world world;
    atomic_bool stop = false;
    init_storing(&world, 6, "2025-03-31", 70);
    world.options.confirms = true;
    struct numu_context context = {.heap = &world.heap,
                                   .threads = 1,
                                   .progress = wish_to_stop_at_the_end,
                                   .progress_data = &stop,
                                   .stop = &stop};
    assert_int_equal(numu_calendars_build(&world.model, &world.arena, &world.calendars), NUMU_OK);
    assert_int_equal(plan_once(&world, &context, NULL), NUMU_OK);
    assert_true(atomic_load(&stop));
    assert_true(world.result.is_optimal);
    assert_true(isnan(world.plan.reason.confirmed[find_reason(&world, "demand", "demand1", 1)]));
    assert_true(is_verified_as(&world, NUMU_TEXT("")));
    world_release(&world);
}

static void tells_of_hours_people_and_caps(void **state) {
    (void)state;
    struct world world;
    world_init(&world, 3);
    take_processes(&world, 1, numu_process_kind_make);
    take_trade(&world, 1);
    take_demands(&world, 1);
    set_demand(&world, 0, "2025-01-31", 25);
    world.options.confirms = true;
    solve_and_confirm(&world);
    const struct numu_plan_reason *table = &world.plan.reason;
    assert_true(numu_text_is(table->binds[find_reason(&world, "demand", "demand1", 1)], "work"));
    world.model.skill.headcount[0] = 100 * NUMU_DECIMAL_ONE;
    world.model.resource.hours_month[0] = 7 * NUMU_DECIMAL_ONE;
    solve_and_confirm(&world);
    numu_row row = find_reason(&world, "demand", "demand1", 1);
    assert_true(numu_text_is(table->binds[row], "hours"));
    assert_true(table->confirmed[row] <= table->worth[row] * (1 + 1e-9));
    world.model.resource.hours_month[0] = 1000 * NUMU_DECIMAL_ONE;
    world.model.process.max_month[0] = 9 * ONE;
    solve_and_confirm(&world);
    row = find_reason(&world, "demand", "demand1", 1);
    assert_true(numu_text_is(table->binds[row], "cap"));
    /*
     * 25 are wanted, 9 a month: one more in each of two months saves 1 in the first, 2 in the
     * second.
     */
    assert_near(table->relief[row], 3, 1e-9);
    world_release(&world);
}

static void tells_what_opens_late_and_what_is_imported_meanwhile(void **state) {
    (void)state;
    struct world world;
    world_init(&world, 6);
    take(&world, "activity", 1);
    world.start[0] = builder_day("2025-01-01");
    world.finish[0] = builder_day("2025-03-20");
    take_processes(&world, 2, numu_process_kind_make);
    world.model.process.kind[1] = numu_process_kind_import;
    world.model.process.unit_cost[1] = 5 * NUMU_PRICE_ONE;
    world.model.process.unit_cost[0] = 4 * NUMU_PRICE_ONE;
    world.model.process.opened_by[0] = 0;
    world.model.process.max_month[1] = 10 * ONE;
    take_demands(&world, 2);
    set_demand(&world, 0, "2025-01-31", 15);
    set_demand(&world, 1, "2025-05-31", 15);
    solve_and_confirm(&world);
    const struct numu_plan_reason *table = &world.plan.reason;
    numu_row row = find_reason(&world, "import", "process2", 1);
    assert_true(numu_text_is(table->binds[row], "opening"));
    assert_true(numu_text_is(table->opened_by[row], "activity1"));
    assert_near(table->share[row], 15, 1e-9);
    row = find_reason(&world, "demand", "demand1", 2);
    assert_true(numu_text_is(table->binds[row], "opening"));
    assert_int_equal(table->until[row], month(3));
    world.model.process.unit_cost[0] = 8 * NUMU_PRICE_ONE;
    world.model.process.max_month[1] = 100 * ONE;
    world.model.item.standard_cost[0] = 100 * NUMU_PRICE_ONE; /* so that nothing is bought early */
    world.model.item.holding_cost_rate[0] = NUMU_DECIMAL_ONE;
    solve_and_confirm(&world);
    row = find_reason(&world, "import", "process2", 2);
    assert_true(numu_text_is(table->binds[row], "price"));
    assert_near(table->worth[row], 3, 1e-9);
    world_release(&world);
}

static void tells_where_money_lacks(void **state) {
    (void)state;
    struct world world;
    world_init(&world, 2);
    take(&world, "resource", 1);
    world.model.resource.site[0] = 0;
    world.model.resource.hours_month[0] = NUMU_DECIMAL_ONE;
    world.model.resource.fixed_cost_month[0] = 40;
    take_fund(&world, numu_cost_kind_fixed, 2, 30);
    solve_and_confirm(&world);
    const struct numu_plan_reason *table = &world.plan.reason;
    numu_row row = find_reason(&world, "gap", "fund1", 1);
    assert_true(numu_text_is(table->binds[row], "payment"));
    assert_true(numu_text_is(table->name[row], "fixed"));
    assert_near(table->share[row], 80, 1e-9);
    world_release(&world);
}

/* --- too large --- */

static void says_what_is_too_large(void **state) {
    (void)state;
    struct world world;
    world_init(&world, 3);
    take_processes(&world, 1, numu_process_kind_make);
    world.model.process.unit_cost[0] = INT64_C(1000000000) * NUMU_PRICE_ONE;
    take_demands(&world, 1);
    world.model.demand.due[0] = builder_day("2025-01-31");
    world.model.demand.quantity[0] = INT64_C(1000000000000) * ONE;
    struct numu_context context = {.heap = &world.heap, .threads = 1};
    assert_int_equal(numu_calendars_build(&world.model, &world.arena, &world.calendars), NUMU_OK);
    assert_int_equal(plan_once(&world, &context, NULL), NUMU_INVALID);
    assert_int_equal(world.report.counts[NUMU_CODE_QUANTITY_TOO_LARGE], 1);
    world_release(&world);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(trains_whom_it_lacks),
        cmocka_unit_test(teaches_with_those_who_work),
        cmocka_unit_test(loses_and_hires),
        cmocka_unit_test(releases_whom_it_cannot_pay),
        cmocka_unit_test(takes_students_from_their_trade_and_pays_them),
        cmocka_unit_test(keeps_within_the_limit),
        cmocka_unit_test(has_no_room_without_a_limit),
        cmocka_unit_test(takes_what_the_rules_hand_over),
        cmocka_unit_test(needs_no_house_for_what_leaves_the_same_day),
        cmocka_unit_test(says_what_nothing_may_hold),
        cmocka_unit_test(takes_out_what_grew_too_old),
        cmocka_unit_test(does_not_grow_young_on_the_way),
        cmocka_unit_test(pays_for_safety_or_for_its_lack),
        cmocka_unit_test(runs_less_where_upkeep_is_not_paid),
        cmocka_unit_test(keeps_up_idle_plant_before_it_saves),
        cmocka_unit_test(learns),
        cmocka_unit_test(makes_more_when_it_has_learned),
        cmocka_unit_test(keeps_the_plan_of_a_round_before),
        cmocka_unit_test(spreads_setups_over_the_lot),
        cmocka_unit_test(imports_what_licences_allow),
        cmocka_unit_test(tells_what_each_licence_is_worth),
        cmocka_unit_test(delivers_abroad_what_licences_allow),
        cmocka_unit_test(does_nothing_that_is_forbidden),
        cmocka_unit_test(works_while_the_agreement_holds),
        cmocka_unit_test(pays_an_agreement_with_its_deliveries),
        cmocka_unit_test(counts_what_is_left_of_plant),
        cmocka_unit_test(nothing_is_left_of_what_closes),
        cmocka_unit_test(a_licence_covers_whole_months),
        cmocka_unit_test(spreads_setups_over_the_most_of_a_month),
        cmocka_unit_test(tells_which_limit_binds_and_its_worth),
        cmocka_unit_test(gives_the_plan_when_stopped_while_confirming),
        cmocka_unit_test(tells_of_hours_people_and_caps),
        cmocka_unit_test(tells_what_opens_late_and_what_is_imported_meanwhile),
        cmocka_unit_test(tells_where_money_lacks),
        cmocka_unit_test(says_what_is_too_large),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
