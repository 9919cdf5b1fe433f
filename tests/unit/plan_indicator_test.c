/*
 * Goal: the indicators of a plan are what their definitions say.
 * Method: small plans written down row by row, every figure reckoned by hand in the comment beside
 * it; what cannot be determined says why; each n-th allocation made to fail.
 */
#include "plan/indicator.h"

#include "plan_world.h"

/* 1 = January. */
static numu_month of_2025(int number) {
    return month(number - 1);
}

struct fixture {
    struct world world;
    struct numu_plan *plan;
};

static void take_plan(struct fixture *f, const char *name, numu_row count) {
    for (const struct numu_table_descriptor *table = numu_plan_schema; table->name != NULL;
         table++) {
        if (strcmp(table->name, name) == 0) {
            assert_int_equal(numu_plan_take(f->plan, &f->world.arena, table, count), NUMU_OK);
            return;
        }
    }
    fail_msg("no table %s", name);
}

/*
 * Twelve months of 2025, 10 % a year. Item 1 is made from item 2, or imported.
 *   process1: makes item1 at site1 from 2 of item2 (scrap 10 %), yield 0.8, cost 20, royalty 5
 *   process2: imports item2 at site2 from partner1 (FRA) at 10
 *   process3: imports item1 at site2 at 150
 * Freight site2 → site1: 2 XOF a kg; item1 has 3 kg, item2 1 kg. Demand at site1.
 * resource1: 200 hours a month, one hour a start with 2 people at 300 XOF for 150 hours a month;
 * fixed cost 1000 XOF a month; capital 12 000 over 24 months.
 */
static void begin(struct fixture *f) {
    struct world *world = &f->world;
    world_init(world, 12);
    struct numu_model *model = &world->model;
    f->plan = &world->plan;
    model->package.discount_rate[0] = NUMU_DECIMAL_ONE / 10;
    take(world, "item", 2);
    model->item.mass_kg[0] = 3 * NUMU_DECIMAL_ONE;
    model->item.mass_kg[1] = 1 * NUMU_DECIMAL_ONE;
    model->item.family[0] = numu_family_vehicle;
    take(world, "partner", 1);
    model->partner.country[0] = NUMU_TEXT("FRA");
    take_processes(world, 3, numu_process_kind_import);
    model->process.kind[0] = numu_process_kind_make;
    model->process.unit_cost[0] = 20 * NUMU_PRICE_ONE;
    model->process.royalty[0] = 5 * NUMU_PRICE_ONE;
    model->process.yield[0] = NUMU_DECIMAL_ONE / 10 * 8;
    model->process.stage[0] = numu_stage_ckd;
    model->process.item[1] = 1;
    model->process.site[1] = 1;
    model->process.partner[1] = 0;
    model->process.unit_cost[1] = 10 * NUMU_PRICE_ONE;
    model->process.lead_time_days[1] = 60 * NUMU_DECIMAL_ONE;
    model->process.site[2] = 1;
    model->process.unit_cost[2] = 150 * NUMU_PRICE_ONE;
    model->process.lead_time_days[2] = 90 * NUMU_DECIMAL_ONE;
    take(world, "input", 1);
    set_input(world, 0, 0, 1, 2);
    model->input.scrap[0] = NUMU_DECIMAL_ONE / 10;
    take(world, "route", 1);
    model->route.from[0] = 1;
    model->route.to[0] = 0;
    model->route.cost_kg[0] = 2 * NUMU_PRICE_ONE;
    model->route.days[0] = 5 * NUMU_DECIMAL_ONE;
    take_line(world, 200);
    model->resource.fixed_cost_month[0] = 1000;
    model->resource.capital[0] = 12000;
    model->resource.life_months[0] = 24 * NUMU_DECIMAL_ONE;
    take(world, "skill", 1);
    model->skill.wage_month[0] = 300;
    model->skill.hours_month[0] = 150 * NUMU_DECIMAL_ONE;
    model->operation.skill[0] = 0;
    model->operation.people[0] = 2 * NUMU_DECIMAL_ONE;
    take_demands(world, 2);
    set_demand(world, 0, "2025-06-30", 60);
    set_demand(world, 1, "2025-12-31", 40);
    f->plan->currency = currency("XOF");
}

static void make(struct fixture *f) {
    struct numu_context context = {.heap = &f->world.heap, .threads = 1};
    assert_int_equal(numu_calendars_build(&f->world.model, &f->world.arena, &f->world.calendars),
                     NUMU_OK);
    assert_int_equal(numu_indicators_build(&context, &f->world.model, &f->world.calendars,
                                           &f->world.arena, f->plan),
                     NUMU_OK);
}

static numu_row find(const struct fixture *f, const char *indicator, const char *id, int64_t year) {
    const struct numu_plan_indicator *table = &f->plan->indicator;
    for (numu_row row = 0; row < table->head.count; row++) {
        if (numu_text_is(table->indicator[row], indicator) && numu_text_is(table->id[row], id) &&
            table->year[row] == year) {
            return row;
        }
    }
    fail_msg("no row %s of '%s'", indicator, id);
    return NUMU_NONE;
}

static void expect_year(const struct fixture *f, const char *indicator, const char *id,
                        int64_t year, double value) {
    numu_row row = find(f, indicator, id, year);
    if (!(fabs(f->plan->indicator.value[row] - value) <= 1e-9 * (1 + fabs(value)))) {
        fail_msg("%s of '%s': %.12g is not %.12g", indicator, id, f->plan->indicator.value[row],
                 value);
    }
    assert_int_equal(f->plan->indicator.why_not[row].length, 0);
}

static void expect(const struct fixture *f, const char *indicator, const char *id, double value) {
    expect_year(f, indicator, id, NUMU_NO_NUMBER, value);
}

static void expect_why(const struct fixture *f, const char *indicator, const char *id,
                       const char *why) {
    numu_row row = find(f, indicator, id, NUMU_NO_NUMBER);
    assert_true(isnan(f->plan->indicator.value[row]));
    if (!numu_text_is(f->plan->indicator.why_not[row], why)) {
        fail_msg("%s of '%s': %.*s is not %s", indicator, id,
                 (int)f->plan->indicator.why_not[row].length, f->plan->indicator.why_not[row].data,
                 why);
    }
}

static void end(struct fixture *f) {
    world_release(&f->world);
}

/* A month's recovery of 12,000 over 24 months at 10 % a year, summed the long way. */
static double recovery(void) {
    double rate = pow(1.1, 1.0 / 12) - 1;
    double annuity = 0;
    for (int month_number = 1; month_number <= 24; month_number++) {
        annuity += pow(1 + rate, -month_number);
    }
    return 12000 / annuity;
}

static void costs_are_those_of_the_bill(void **state) {
    (void)state;
    struct fixture f;
    begin(&f);
    make(&f);
    /* 150 + 3 kg × 2 at site1 */
    expect(&f, "landed_price", "process1", 156);
    /* 20 + 5 + 1 h ÷ 0.8 × 2 × 300 ÷ 150 + 2 × 1.1 ÷ 0.8 × (10 + 2) = 25 + 5 + 33 */
    expect(&f, "variable_cost", "process1", 63);
    expect(&f, "line_capital", "process1", 12000);
    expect(&f, "fixed_cost", "process1", 1000 + recovery());
    expect(&f, "nameplate", "process1", 160); /* 200 h × 0.8 ÷ 1 h */
    expect(&f, "unit_cost_40", "process1", 63 + (1000 + recovery()) / 64);
    expect(&f, "unit_cost_85", "process1", 63 + (1000 + recovery()) / 136);
    expect(&f, "break_even", "process1", (1000 + recovery()) / 93);
    expect(&f, "break_even_use", "process1", (1000 + recovery()) / 93 / 160);
    /* What leaves the country: 2 × 1.1 ÷ 0.8 × 10 = 27.5; freight and royalty stay. */
    double full = 63 + (1000 + recovery()) / 136;
    expect(&f, "local_content_85", "process1", 1 - 27.5 / full);
    expect(&f, "domestic_resource_cost", "process1", (full - 27.5) / (156 - 27.5));
    expect_why(&f, "unit_cost_at_plan", "process1", "not_made");
    expect_why(&f, "use_at_plan", "process1", "not_open");
    expect_why(&f, "ladder_stage", "item1", "not_made");
    end(&f);
}

static void a_dear_way_never_breaks_even(void **state) {
    (void)state;
    struct fixture f;
    begin(&f);
    f.world.model.process.unit_cost[0] = 114 * NUMU_PRICE_ONE; /* variable 157 > 156 */
    make(&f);
    expect(&f, "variable_cost", "process1", 157);
    expect_why(&f, "break_even", "process1", "dearer");
    expect_why(&f, "break_even_use", "process1", "dearer");
    end(&f);
    begin(&f);
    f.world.model.process.item[2] = 1; /* nobody sells item1 */
    make(&f);
    expect_why(&f, "landed_price", "process1", "no_import");
    expect_why(&f, "domestic_resource_cost", "process1", "no_import");
    expect(&f, "variable_cost", "process1", 63);
    end(&f);
    begin(&f);
    f.world.model.process.unit_cost[1] = 1000 * NUMU_PRICE_ONE; /* kits for 2,750 */
    make(&f);
    expect_why(&f, "domestic_resource_cost", "process1", "no_exchange_saved");
    end(&f);
}

static void royalties_abroad_leave_the_country(void **state) {
    (void)state;
    struct fixture f;
    begin(&f);
    f.world.model.process.partner[0] = 0;
    make(&f);
    double full = 63 + (1000 + recovery()) / 136;
    expect(&f, "local_content_85", "process1", 1 - 32.5 / full);
    end(&f);
}

/* Sixteen units in February and eighty in March, with the line open from February on. */
static void take_output(struct fixture *f) {
    take_plan(f, "production", 3);
    struct numu_plan_production *made_table = &f->plan->production;
    for (numu_row row = 0; row < 3; row++) {
        made_table->process[row] = f->world.model.process.id[row == 2 ? 1 : 0];
        made_table->month[row] = of_2025(row == 1 ? 3 : 2);
        made_table->quantity[row] = (row == 0 ? 16 : row == 1 ? 80 : 264) * ONE;
        made_table->cost[row] = row == 2 ? 2640 : 0;
    }
    take_plan(f, "hours", 11);
    for (numu_row row = 0; row < 11; row++) {
        f->plan->hours.resource[row] = f->world.model.resource.id[0];
        f->plan->hours.month[row] = of_2025((int)row + 2);
        f->plan->hours.capacity[row] = 200 * NUMU_DECIMAL_ONE;
        f->plan->hours.used[row] = (row == 0 ? 20 : row == 1 ? 100 : 0) * NUMU_DECIMAL_ONE;
    }
}

static void costs_at_the_plan_spread_what_is_fixed(void **state) {
    (void)state;
    struct fixture f;
    begin(&f);
    take_output(&f);
    make(&f);
    double fixed = 1000 + recovery();
    expect(&f, "use_at_plan", "process1", 96.0 / (160 * 11));
    expect(&f, "unit_cost_at_plan", "process1", 63 + fixed * 11 / 96);
    expect(&f, "local_content_at_plan", "process1", 1 - 27.5 / (63 + fixed * 11 / 96));
    /* 93 × 16 = 1,488 do not carry the fixed cost of about 1,547 a month; 93 × 80 do. */
    assert_true(fixed > 93 * 16 && fixed < 93 * 80);
    numu_row row = find(&f, "crossing", "process1", NUMU_NO_NUMBER);
    assert_int_equal(f.plan->indicator.month[row], of_2025(3));
    expect(&f, "capacity_use", "resource1", 120.0 / 2200);
    expect_year(&f, "capacity_use", "resource1", 2025, 120.0 / 2200);
    expect(&f, "ladder_stage", "item1", 4);
    expect(&f, "partner_share", "partner1", 1);
    expect(&f, "herfindahl", "", 1);
    end(&f);
}

static void dependence_follows_the_ways_left(void **state) {
    (void)state;
    struct fixture f;
    begin(&f);
    make(&f);
    /* Without partner1 there are no kits, but item1 can still be imported from nobody in
       particular. */
    expect(&f, "sole_source", "partner1", 0);
    /* The import: 90 days and 5 by road; made: kits 60 + 5 by road, made at once. */
    expect(&f, "lead_time", "item1", 65);
    expect(&f, "longest_lead", "item1", 65);
    end(&f);
    begin(&f);
    f.world.model.process.partner[2] = 0;
    make(&f);
    expect(&f, "sole_source", "partner1", 1);
    expect(&f, "critical_partner", "partner1", 1);
    end(&f);
    /* A way that opens after the horizon is none. */
    begin(&f);
    take(&f.world, "activity", 1);
    f.world.model.process.opened_by[0] = 0;
    take_plan(&f, "activity", 1);
    f.plan->activity.id[0] = f.world.model.activity.id[0];
    f.plan->activity.confident_finish[0] = builder_day("2025-12-01");
    make(&f);
    expect(&f, "lead_time", "item1", 95);
    f.plan->activity.confident_finish[0] = builder_day("2025-11-30");
    make(&f);
    expect(&f, "lead_time", "item1", 65);
    /* Nor is one that closes before it had a whole month. */
    f.world.model.process.closes[0] = builder_day("2025-12-30");
    make(&f);
    expect(&f, "lead_time", "item1", 95);
    f.world.model.process.closes[0] = builder_day("2025-12-31");
    make(&f);
    expect(&f, "lead_time", "item1", 65);
    f.world.model.process.opened_by[0] = NUMU_NONE;
    f.world.model.process.closes[0] = builder_day("2025-01-30");
    make(&f);
    expect(&f, "lead_time", "item1", 95);
    f.world.model.process.opens[0] = builder_day("2025-02-02");
    f.world.model.process.closes[0] = builder_day("2025-03-30");
    make(&f);
    expect(&f, "lead_time", "item1", 95);
    f.world.model.process.opens[0] = builder_day("2025-02-01");
    make(&f);
    expect(&f, "lead_time", "item1", 65);
    end(&f);
}

static void demand_is_counted_by_family_and_customer(void **state) {
    (void)state;
    struct fixture f;
    begin(&f);
    take_plan(&f, "demand", 2);
    f.plan->demand.id[0] = f.world.model.demand.id[0];
    f.plan->demand.id[1] = f.world.model.demand.id[1];
    f.plan->demand.late[0] = 0;
    f.plan->demand.unmet[0] = 0;
    f.plan->demand.late[1] = ONE;
    f.plan->demand.unmet[1] = 0;
    make(&f);
    expect(&f, "on_time_in_full", "", 0.5);
    expect(&f, "on_time_in_full", "vehicle", 0.5);
    expect(&f, "on_time_in_full", "customer1", 0.5);
    end(&f);
    begin(&f);
    make(&f);
    expect_why(&f, "on_time_in_full", "", "no_demand");
    end(&f);
}

static void money_adds_up(void **state) {
    (void)state;
    struct fixture f;
    begin(&f);
    take(&f.world, "fund", 1);
    f.world.model.fund.pays[0] = UINT32_C(1) << (numu_cost_kind_wage - 1);
    take_plan(&f, "import_bill", 1);
    f.plan->import_bill.year[0] = 2025;
    f.plan->import_bill.without[0] = 900;
    f.plan->import_bill.finished[0] = 300;
    f.plan->import_bill.kits[0] = 200;
    f.plan->import_bill.capital[0] = 50;
    take_plan(&f, "purse", 2);
    for (numu_row row = 0; row < 2; row++) {
        f.plan->purse.fund[row] = f.world.model.fund.id[0];
        f.plan->purse.month[row] = of_2025((int)row + 1);
        f.plan->purse.carried[row] = row == 0 ? 0 : 40;
        f.plan->purse.budget[row] = 100;
        f.plan->purse.spent[row] = 60;
    }
    take_plan(&f, "upkeep", 2);
    for (numu_row row = 0; row < 2; row++) {
        f.plan->upkeep.resource[row] = f.world.model.resource.id[0];
        f.plan->upkeep.month[row] = of_2025((int)row + 1);
        f.plan->upkeep.due[row] = 80;
        f.plan->upkeep.paid[row] = row == 0 ? NUMU_DECIMAL_ONE : NUMU_DECIMAL_ONE / 4;
    }
    take(&f.world, "upkeep", 1);
    f.world.model.upkeep.resource[0] = 0;
    make(&f);
    expect(&f, "import_without", "", 900);
    expect(&f, "import_with", "", 550);
    expect_year(&f, "net_foreign_exchange", "", 2025, 350);
    expect(&f, "affordability", "fund1", 120.0 / 200);
    expect(&f, "recurrent_cover", "", 200.0 / (120 + 60));
    expect_year(&f, "recurrent_cover", "", 2025, 200.0 / (120 + 60));
    expect(&f, "upkeep_cover", "resource1", 100.0 / 160);
    expect_why(&f, "affordability_spending", "", "no_spending");
    end(&f);
}

/* A payment of 1,000 in January against 60 units of 156 in June, of which 10 came from stock. */
static void worth_is_discounted_month_by_month(void **state) {
    (void)state;
    struct fixture f;
    begin(&f);
    take_plan(&f, "service", 1);
    f.plan->service.demand[0] = f.world.model.demand.id[0];
    f.plan->service.month[0] = of_2025(6);
    f.plan->service.served[0] = 60 * ONE;
    take_plan(&f, "receipt", 1);
    f.plan->receipt.item[0] = f.world.model.item.id[0];
    f.plan->receipt.site[0] = f.world.model.site.id[0];
    f.plan->receipt.month[0] = of_2025(1);
    f.plan->receipt.quantity[0] = 10 * ONE;
    take_plan(&f, "payment", 1);
    f.plan->payment.month[0] = of_2025(1);
    f.plan->payment.kind[0] = numu_cost_kind_capital;
    f.plan->payment.amount[0] = 7000;
    make(&f);
    double later = pow(1.1, -5.0 / 12);
    expect(&f, "npv", "", -7000 - 1560 + 60 * 156 * later);
    /* −8,560 grow to 9,360 in five months. */
    expect(&f, "irr", "", pow(9360.0 / 8560, 12.0 / 5) - 1);
    end(&f);
    begin(&f);
    take_plan(&f, "payment", 1);
    f.plan->payment.month[0] = of_2025(1);
    f.plan->payment.kind[0] = numu_cost_kind_capital;
    f.plan->payment.amount[0] = 1000;
    make(&f);
    expect(&f, "npv", "", -1000);
    expect_why(&f, "irr", "", "no_sign_change");
    end(&f);
}

static void lines_are_worth_something_at_the_end(void **state) {
    (void)state;
    struct fixture f;
    begin(&f);
    take_output(&f); /* open for eleven of its 24 months */
    make(&f);
    expect(&f, "npv", "", 12000 * (1 - 11.0 / 24) * pow(1.1, -11.0 / 12));
    end(&f);
}

static void people_are_counted(void **state) {
    (void)state;
    struct fixture f;
    begin(&f);
    take_output(&f);
    take_plan(&f, "people", 12);
    for (numu_row row = 0; row < 12; row++) {
        f.plan->people.skill[row] = f.world.model.skill.id[0];
        f.plan->people.month[row] = of_2025((int)row + 1);
        f.plan->people.staff[row] = (row < 6 ? 1 : 2) * NUMU_DECIMAL_ONE;
        f.plan->people.hours[row] = (row < 6 ? 150 : 300) * NUMU_DECIMAL_ONE;
        f.plan->people.used[row] = 75 * NUMU_DECIMAL_ONE;
    }
    take_plan(&f, "payment", 1);
    f.plan->payment.month[0] = of_2025(1);
    f.plan->payment.kind[0] = numu_cost_kind_capital;
    f.plan->payment.amount[0] = 12000;
    make(&f);
    /* 200 h × 2 people ÷ 150 h less the one there is, from February on. */
    expect(&f, "training_gap", "skill1", 400.0 / 150 - 1);
    numu_row row = find(&f, "training_gap", "skill1", NUMU_NO_NUMBER);
    assert_int_equal(f.plan->indicator.month[row], of_2025(2));
    expect(&f, "jobs", "", 0.5);
    expect(&f, "capital_a_job", "", 24000);
    expect_why(&f, "expatriate_ratio", "", "not_marked");
    expect_why(&f, "instructor_ratio", "", "no_class");
    end(&f);
}

static void classes_have_instructors(void **state) {
    (void)state;
    struct fixture f;
    begin(&f);
    take(&f.world, "course", 2);
    for (numu_row row = 0; row < 2; row++) {
        f.world.model.course.class_size[row] = 12 * NUMU_DECIMAL_ONE;
        f.world.model.course.instructor_skill[row] = 0;
    }
    f.world.model.course.partner[1] = 0;
    take_plan(&f, "class", 2);
    take_plan(&f, "people", 1);
    for (numu_row row = 0; row < 2; row++) {
        f.plan->class.course[row] = f.world.model.course.id[row];
        f.plan->class.month[row] = of_2025(4);
        f.plan->class.in_session[row] = (row + 1) * NUMU_DECIMAL_ONE;
    }
    f.plan->people.skill[0] = f.world.model.skill.id[0];
    f.plan->people.month[0] = of_2025(4);
    f.plan->people.staff[0] = 4 * NUMU_DECIMAL_ONE;
    make(&f);
    expect(&f, "instructor_ratio", "", 36.0 / 4);
    expect(&f, "foreign_teaching", "", 2.0 / 3);
    end(&f);
}

static void storehouses_have_headroom(void **state) {
    (void)state;
    struct fixture f;
    begin(&f);
    take(&f.world, "storehouse", 2);
    take_plan(&f, "store", 3);
    for (numu_row row = 0; row < 3; row++) {
        f.plan->store.storehouse[row] = f.world.model.storehouse.id[row == 2];
        f.plan->store.month[row] = of_2025((int)row + 1);
        f.plan->store.limit_kg[row] = (row == 2 ? 0 : 100) * NUMU_DECIMAL_ONE;
        f.plan->store.neq_kg[row] = (row == 1 ? 75 : 20) * NUMU_DECIMAL_ONE;
    }
    make(&f);
    expect(&f, "storage_headroom", "storehouse1", 0.25);
    expect_why(&f, "storage_headroom", "storehouse2", "no_limit");
    end(&f);
}

/* [N1], and a definition for each. */
static void each_indicator_is_there(void **state) {
    (void)state;
    struct fixture f;
    begin(&f);
    make(&f);
    assert_int_equal(f.plan->definition.head.count, numu_indicator_count);
    for (unsigned indicator = 0; indicator < numu_indicator_count; indicator++) {
        bool is_there = false;
        const char *name = numu_indicator_name((numu_indicator)indicator);
        for (numu_row row = 0; row < f.plan->indicator.head.count; row++) {
            is_there = is_there || numu_text_is(f.plan->indicator.indicator[row], name);
            assert_true(isnan(f.plan->indicator.value[row]) ==
                        (f.plan->indicator.why_not[row].length > 0));
        }
        if (!is_there) {
            fail_msg("no row of %s", name);
        }
        assert_true(f.plan->definition.formula[indicator].length > 0);
        assert_true(f.plan->definition.source[indicator].length > 0);
    }
    end(&f);
}

static void memory_may_run_out(void **state) {
    (void)state;
    struct fixture f;
    begin(&f);
    take_output(&f);
    assert_int_equal(numu_calendars_build(&f.world.model, &f.world.arena, &f.world.calendars),
                     NUMU_OK);
    struct numu_context context = {.heap = &f.world.heap, .threads = 1};
    numu_status status = NUMU_MEMORY;
    for (uint64_t n = 1; status == NUMU_MEMORY; n++) {
        f.world.heap.fail_at = f.world.heap.count + n;
        status = numu_indicators_build(&context, &f.world.model, &f.world.calendars, &f.world.arena,
                                       f.plan);
    }
    f.world.heap.fail_at = 0;
    assert_int_equal(status, NUMU_OK);
    end(&f);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(costs_are_those_of_the_bill),
        cmocka_unit_test(a_dear_way_never_breaks_even),
        cmocka_unit_test(royalties_abroad_leave_the_country),
        cmocka_unit_test(costs_at_the_plan_spread_what_is_fixed),
        cmocka_unit_test(dependence_follows_the_ways_left),
        cmocka_unit_test(demand_is_counted_by_family_and_customer),
        cmocka_unit_test(money_adds_up),
        cmocka_unit_test(worth_is_discounted_month_by_month),
        cmocka_unit_test(lines_are_worth_something_at_the_end),
        cmocka_unit_test(people_are_counted),
        cmocka_unit_test(classes_have_instructors),
        cmocka_unit_test(storehouses_have_headroom),
        cmocka_unit_test(each_indicator_is_there),
        cmocka_unit_test(memory_may_run_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
