/*
 * plan_random_test.c - goal: the master plan's optimum is one, whatever the package.
 *
 * Method: random models with every group of constraints; glpsol on the written MPS as an oracle;
 * more of any resource never makes the lexicographic result worse, nor do months added with money
 * for all of them make the gap worse; the verifier finds nothing broken; purses, demands and hours
 * add up in the tables; the same input gives the same tables.
 */
#include "plan_world.h"

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

/* --- reasons --- */

/* Reasons that say what binds, but not by what one more of it would be worth something. */
static bool is_without_worth(struct numu_text binds) {
    static const char *const names[] = {"opening", "lead_time", "no_way", "together"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        if (numu_text_is(binds, names[i])) {
            return true;
        }
    }
    return false;
}

/* There must be a reason; it says what binds and what more of it is worth, or exactly why not. */
static void assert_reason(const struct world *world, const char *subject, struct numu_text id) {
    const struct numu_plan_reason *table = &world->plan.reason;
    bool is_import = strcmp(subject, "import") == 0; /* a price may be the same */
    for (numu_row row = 0; row < table->head.count; row++) {
        if (numu_text_is(table->subject[row], subject) && numu_text_is_equal(table->id[row], id)) {
            assert_true(table->binds[row].length > 0);
            assert_true(table->worth[row] > 0 || is_import || is_without_worth(table->binds[row]));
            return;
        }
    }
    fail_msg("%s %.*s has no reason", subject, (int)id.length, id.data);
}

static bool is_made_here(const struct world *world, numu_row item) {
    const struct numu_table_process *table = &world->model.process;
    for (numu_row row = 0; row < table->head.count; row++) {
        if (table->item[row] == item && table->kind[row] != numu_process_kind_import &&
            table->kind[row] != numu_process_kind_purchase) {
            return true;
        }
    }
    return false;
}

/* Every lateness, gap, unpaid upkeep and import of what could be made has a reason. */
static int assert_explained(const struct world *world) {
    const struct numu_plan *plan = &world->plan;
    int asked = 0;
    for (numu_row row = 0; row < plan->demand.head.count; row++) {
        if (plan->demand.late[row] > 0 || plan->demand.unmet[row] > 0) {
            assert_reason(world, "demand", plan->demand.id[row]);
            asked++;
        }
    }
    for (numu_row row = 0; row < plan->purse.head.count; row++) {
        if (plan->purse.gap[row] > 0) {
            assert_reason(world, "gap", plan->purse.fund[row]);
            asked++;
        }
    }
    for (numu_row row = 0; row < plan->upkeep.head.count; row++) {
        if (plan->upkeep.paid[row] < NUMU_DECIMAL_ONE) {
            assert_reason(world, "upkeep", plan->upkeep.resource[row]);
            asked++;
        }
    }
    for (numu_row row = 0; row < plan->production.head.count; row++) {
        numu_row process = numu_model_find(&world->model, numu_schema_find(NUMU_TEXT("process")),
                                           plan->production.process[row]);
        if (plan->production.kind[row] == numu_process_kind_import &&
            is_made_here(world, world->model.process.item[process])) {
            assert_reason(world, "import", plan->production.process[row]);
            asked++;
        }
    }
    return asked;
}

static void agrees_with_glpsol_on_random_models(void **state) {
    (void)state;
    const uint64_t seed = 20250630;
    print_message("# seed %llu\n", (unsigned long long)seed);
    double worst = 0;
    int asked = 0;
    for (uint64_t number = 0; number < 200; number++) {
        struct world world;
        random_world(&world, seed, number);
        solve(&world);
        double oracle = solve_with_glpsol(&world.mps);
        double error = fabs(oracle - world.result.objective) / (1 + fabs(oracle));
        worst = error > worst ? error : worst;
        if (error > 1e-6) {
            fail_msg("model %d: %.17g, glpsol %.17g", (int)number, world.result.objective, oracle);
        }
        assert_near(world.result.dual_bound, world.result.objective, 1e-4); /* box of lp.h */
        assert_purses_add_up(&world);
        assert_demands_add_up(&world);
        assert_hours_fit(&world);
        asked += assert_explained(&world);
        if (!is_verified_as(&world, NUMU_TEXT("spread"))) {
            fail_msg("model %d is not verified", (int)number);
        }
        world_release(&world);
    }
    print_message("# greatest difference %.2g, %d whys asked\n", worst, asked);
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

enum { MORE_KINDS = 8 };

static void add_to(int64_t *values, numu_row count, int64_t more) {
    for (numu_row row = 0; row < count; row++) {
        values[row] += values[row] == NUMU_NO_NUMBER ? 0 : more;
    }
}

/* More of one kind of resource: hours, money, limits, room, ways, caps, classes, licences. */
static void give_more(struct world *world, int kind) {
    struct numu_model *model = &world->model;
    switch (kind) {
    case 0:
        add_to(model->resource.units, model->resource.head.count, NUMU_DECIMAL_ONE);
        break;
    case 1:
        add_to(model->budget.amount, model->budget.head.count, 1000);
        break;
    case 2:
        add_to(model->limit.neq_kg, model->limit.head.count, 50 * NUMU_DECIMAL_ONE);
        break;
    case 3:
        add_to(model->storehouse.capacity_m3, model->storehouse.head.count, 50 * NUMU_DECIMAL_ONE);
        break;
    case 4:
        add_to(model->route.capacity_kg_month, model->route.head.count, 100 * NUMU_DECIMAL_ONE);
        break;
    case 5:
        add_to(model->process.max_month, model->process.head.count, 20 * ONE);
        break;
    case 6:
        add_to(model->course.classes_max, model->course.head.count, NUMU_DECIMAL_ONE);
        add_to(model->skill.hire_max_month, model->skill.head.count, NUMU_DECIMAL_ONE);
        break;
    default:
        add_to(model->licence.quantity, model->licence.head.count, 20 * ONE);
        break;
    }
}

static void never_gets_worse_with_more(void **state) {
    (void)state;
    const uint64_t seed = 1;
    print_message("# seed %llu\n", (unsigned long long)seed);
    for (uint64_t number = 0; number < 80; number++) {
        struct world base;
        struct world better;
        random_world(&base, seed, number);
        random_world(&better, seed, number);
        give_more(&better, (int)(number % MORE_KINDS));
        solve(&base);
        solve(&better);
        assert_no_worse(&better, &base);
        world_release(&better);
        world_release(&base);
    }
}

/* --- a longer horizon --- */

enum { ADDED = 3 };

/* Upkeep in money for both lines of a simple world. */
static void fill_upkeep(struct world *world, uint64_t number) {
    take(world, "upkeep", 2);
    for (numu_row row = 0; row < 2; row++) {
        world->model.upkeep.resource[row] = row;
        world->model.upkeep.cost_month[row] = (numu_money)(number * (row + 1) * 7 % 300);
    }
}

/* The same world with months added at the end, and money for whatever falls in them. */
static void make_longer(const struct world *base, struct world *longer) {
    const numu_money plenty = 1000000000;
    numu_row funds = base->model.fund.head.count;
    numu_row given = base->model.budget.head.count;
    numu_row months = (numu_row)base->model.package.months[0];
    longer->model.package.months[0] += ADDED;
    take(longer, "budget", given + funds * ADDED);
    for (numu_row row = 0; row < given + funds * ADDED; row++) {
        numu_row added = row < given ? 0 : row - given;
        bool is_added = row >= given;
        longer->model.budget.fund[row] = is_added ? added / ADDED : base->model.budget.fund[row];
        longer->model.budget.month[row] =
            is_added ? month((int)(months + added % ADDED)) : base->model.budget.month[row];
        longer->model.budget.amount[row] = is_added ? plenty : base->model.budget.amount[row];
    }
}

static double discount(const struct world *world, numu_month at) {
    double rate = (double)world->model.package.discount_rate[0] / NUMU_DECIMAL_ONE;
    return pow(1 + rate, -(double)(at - month(0)) / 12);
}

static bool is_added(const struct world *base, numu_month at) {
    return at >= month((int)base->model.package.months[0]);
}

/* What the added months cost whoever does nothing in them: lines, activities, upkeep, stock. */
static double cost_of_doing_nothing(const struct world *base, const struct world *longer) {
    const struct numu_plan_payment *payment = &longer->plan.payment;
    const struct numu_plan_upkeep *upkeep = &longer->plan.upkeep;
    const struct numu_plan_stock *stock = &base->plan.stock;
    numu_month end = month((int)base->model.package.months[0]);
    double sum = 0;
    for (numu_row row = 0; row < payment->head.count; row++) {
        bool is_given = payment->kind[row] == numu_cost_kind_fixed ||
                        payment->kind[row] == numu_cost_kind_capital;
        if (is_given && is_added(base, payment->month[row])) {
            sum += (double)payment->amount[row] * discount(base, payment->month[row]);
        }
    }
    for (numu_row row = 0; row < upkeep->head.count; row++) {
        if (is_added(base, upkeep->month[row])) {
            sum += (double)upkeep->due[row] * discount(base, upkeep->month[row]);
        }
    }
    for (numu_row row = 0; row < stock->head.count; row++) {
        for (int t = 0; stock->month[row] == end - 1 && t < ADDED; t++) {
            numu_row item = numu_model_find(&base->model, numu_schema_find(NUMU_TEXT("item")),
                                            stock->item[row]);
            double each = (double)base->model.item.standard_cost[item] / NUMU_PRICE_ONE *
                          (double)base->model.item.holding_cost_rate[item] / NUMU_DECIMAL_ONE / 12;
            sum += each * (double)stock->quantity[row] / ONE * discount(base, end + t);
        }
    }
    return sum;
}

/*
 * What whoever does nothing in the added months leaves late of a class: each unit that the base
 * does not deliver is so for as many months more, and what falls due in them is never delivered.
 */
static double lateness_of_doing_nothing(const struct world *base, int64_t priority) {
    const struct numu_table_demand *demand = &base->model.demand;
    const struct numu_plan_demand *planned = &base->plan.demand;
    double never = (double)base->model.package.months[0] + ADDED + 12;
    double sum = 0;
    for (numu_row row = 0; row < demand->head.count; row++) {
        double value = (double)demand->unit_value[row] / NUMU_PRICE_ONE;
        double left = (double)demand->quantity[row] / ONE * never;
        for (numu_row at = 0; at < planned->head.count; at++) {
            if (numu_text_is_equal(planned->id[at], demand->id[row])) {
                left = (double)planned->unmet[at] / ONE * ADDED;
            }
        }
        sum += demand->priority[row] == priority ? value * left : 0;
    }
    return sum;
}

/* What a stage of the longer plan reaches for whoever carries the base on and does nothing more. */
static double carried_on(const struct world *base, const struct world *longer, numu_row stage) {
    struct numu_text name = longer->plan.stage.name[stage];
    int64_t priority = longer->plan.stage.priority[stage];
    double sum = 0;
    for (numu_row row = 0; row < base->plan.stage.head.count; row++) {
        bool is_same = numu_text_is_equal(base->plan.stage.name[row], name) &&
                       base->plan.stage.priority[row] == priority;
        sum += is_same ? base->plan.stage.value[row] : 0;
    }
    if (numu_text_is(name, "late")) {
        return sum + lateness_of_doing_nothing(base, priority);
    }
    return numu_text_is(name, "cost") ? sum + cost_of_doing_nothing(base, longer) : sum;
}

/*
 * Months added at the end, with money for whatever falls in them: the base's plan, carried on with
 * nothing done in them, is a plan of the longer horizon. So the longer plan's vector is no worse
 * than what that one reaches: lexicographically, in every stage. (Without people, who would have to
 * be paid or released, and without stores. Figures of the base are rounded to its rows.)
 */
static void is_no_worse_over_more_funded_months(void **state) {
    (void)state;
    int better[16] = {0};
    for (uint64_t number = 0; number < 120; number += 4) { /* those without people and stores */
        struct world base;
        struct world longer;
        random_world(&base, 5, number);
        random_world(&longer, 5, number);
        base.model.package.tail_months[0] = 0;
        longer.model.package.tail_months[0] = 0;
        /* working days are those of an average month of the horizon: they would change */
        for (numu_row row = 0; row < base.model.process.head.count; row++) {
            base.model.process.lead_time_days[row] = 0;
            longer.model.process.lead_time_days[row] = 0;
        }
        fill_upkeep(&base, number);
        fill_upkeep(&longer, number);
        make_longer(&base, &longer);
        solve(&base);
        solve(&longer);
        numu_row stage = 0;
        numu_row count = longer.plan.stage.head.count;
        bool is_decided = false;
        for (; stage < count && !is_decided; stage++) {
            double before = carried_on(&base, &longer, stage);
            double after = stages(&longer)->value[stage];
            double near = 1e-5 * (1 + before);
            if (after > before + near) {
                fail_msg("model %d, stage %d: %.9g after %.9g", (int)number, (int)stage, after,
                         before);
            }
            is_decided = after < before - near;
        }
        better[stage < 16 ? stage : 15] += is_decided;
        world_release(&longer);
        world_release(&base);
    }
    print_message("# better in the gap %d, later %d %d %d %d %d\n", better[1], better[2], better[3],
                  better[4], better[5], better[6]);
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
        cmocka_unit_test(agrees_with_glpsol_on_random_models),
        cmocka_unit_test(never_gets_worse_with_more),
        cmocka_unit_test(is_no_worse_over_more_funded_months),
        cmocka_unit_test(gives_the_same_tables_twice),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
