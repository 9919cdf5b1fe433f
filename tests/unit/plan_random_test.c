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

static void agrees_with_glpsol_on_random_models(void **state) {
    (void)state;
    const uint64_t seed = 20250630;
    print_message("# seed %llu\n", (unsigned long long)seed);
    double worst = 0;
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
        if (!is_verified_as(&world, NUMU_TEXT("spread"))) {
            fail_msg("model %d is not verified", (int)number);
        }
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

/*
 * Months added at the end, with money for whatever falls in them: what was planned can be kept and
 * nothing more be done, so the gap is no greater. (Later stages count unmet demand by the horizon.)
 */
static void lacks_no_more_money_over_more_funded_months(void **state) {
    (void)state;
    const int64_t more = 3;
    const numu_money plenty = 1000000000;
    for (uint64_t number = 0; number < 40; number += 4) { /* those without people and stores */
        struct world base;
        struct world longer;
        random_world(&base, 5, number);
        random_world(&longer, 5, number);
        base.model.package.tail_months[0] = 0;
        longer.model.package.tail_months[0] = 0;
        longer.model.package.months[0] += more;
        /* working days are those of an average month of the horizon: they would change */
        for (numu_row row = 0; row < base.model.process.head.count; row++) {
            base.model.process.lead_time_days[row] = 0;
            longer.model.process.lead_time_days[row] = 0;
        }
        numu_row funds = base.model.fund.head.count;
        numu_row given = base.model.budget.head.count;
        numu_row months = (numu_row)base.model.package.months[0];
        take(&longer, "budget", given + funds * (numu_row)more);
        for (numu_row row = 0; row < given + funds * (numu_row)more; row++) {
            numu_row added = row < given ? 0 : row - given;
            bool is_added = row >= given;
            longer.model.budget.fund[row] =
                is_added ? added / (numu_row)more : base.model.budget.fund[row];
            longer.model.budget.month[row] = is_added
                                                 ? month((int)(months + added % (numu_row)more))
                                                 : base.model.budget.month[row];
            longer.model.budget.amount[row] = is_added ? plenty : base.model.budget.amount[row];
        }
        solve(&base);
        solve(&longer);
        double before = stages(&base)->value[0];
        if (stages(&longer)->value[0] > before + 1e-6 * (1 + before)) {
            fail_msg("model %d: gap %.9g after %.9g", (int)number, stages(&longer)->value[0],
                     before);
        }
        world_release(&longer);
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
        cmocka_unit_test(agrees_with_glpsol_on_random_models),
        cmocka_unit_test(never_gets_worse_with_more),
        cmocka_unit_test(lacks_no_more_money_over_more_funded_months),
        cmocka_unit_test(gives_the_same_tables_twice),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
