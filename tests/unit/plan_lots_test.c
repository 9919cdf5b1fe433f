/*
 * plan_lots_test.c - goal: whole lots are the best there are, and are told of truly.
 *
 * Method: cases worked out by hand for least lots, multiples, setup hours and costs of a lot; all
 * plans of tiny packages enumerated, in integers, with none of the planner's code; Dellaert and
 * Jeunet's lot sizing over a bill as packages, against the published optima; random packages with
 * every group of constraints against the verifier and the plan without whole lots.
 */
#include "plan_world.h"

static void solve_whole(struct world *world) {
    world->options.is_integer = true;
    solve(world);
}

static bool is_verified(struct world *world) {
    return is_verified_as(world, NUMU_TEXT("whole"));
}

/* The last day of a month of 2025, by which what is due must be there. */
static numu_day end_of_month(numu_row t) {
    return numu_month_first_day(month((int)t + 1)) - 1;
}

/* --- by hand --- */

/* 30 and 50 are wanted; lots are 60 at least, by 20: 60 in January leave 30, and 20 are too few. */
static void makes_least_lots_and_multiples(void **state) {
    (void)state;
    struct world world;
    world_init(&world, 2);
    take_processes(&world, 1, numu_process_kind_make);
    world.model.process.unit_cost[0] = NUMU_PRICE_ONE;
    world.model.process.min_lot[0] = 60 * ONE;
    world.model.process.lot_multiple[0] = 20 * ONE;
    take_demands(&world, 2);
    set_demand(&world, 0, "2025-01-31", 30);
    set_demand(&world, 1, "2025-02-28", 50);
    solve_whole(&world);
    /* 80 at once is cheaper than 60 twice; nothing is late */
    assert_int_equal(made(&world, "process1", 0), 80 * ONE);
    assert_int_equal(made(&world, "process1", 1), 0);
    assert_near(stages(&world)->value[stages(&world)->head.count - 1], 80, 1e-9);
    assert_true(is_verified(&world));
    world.plan.production.quantity[0] -= 10 * ONE; /* no multiple */
    assert_false(is_verified(&world));
    world_release(&world);
}

/* Ten hours are setups; a lot costs 100. Without whole lots, neither would be paid. */
static void pays_setups_by_the_lot(void **state) {
    (void)state;
    struct world world;
    world_init(&world, 3);
    take_processes(&world, 1, numu_process_kind_make);
    take_line(&world, 50);
    world.model.operation.setup_hours[0] = 10 * NUMU_DECIMAL_ONE;
    world.model.process.fixed_cost_lot[0] = 100;
    take_demands(&world, 1);
    set_demand(&world, 0, "2025-03-31", 70);
    solve(&world);
    assert_near(world.result.objective, 0, 1e-9);
    solve_whole(&world);
    assert_near(world.result.objective, 200, 1e-9); /* 40 a lot: two */
    int lots = 0;
    for (numu_row row = 0; row < world.plan.hours.head.count; row++) {
        numu_decimal used = world.plan.hours.used[row];
        lots += used > 0;
        assert_true(used == 0 || used > 10 * NUMU_DECIMAL_ONE);
        assert_true(used <= 50 * NUMU_DECIMAL_ONE);
    }
    assert_int_equal(lots, 2);
    assert_true(is_verified(&world));
    world.plan.hours.used[0] -= 10 * NUMU_DECIMAL_ONE;
    assert_false(is_verified(&world));
    world_release(&world);
}

/* 5 are wanted, lots are of 100, the fund has money for 50: late for ever, and why. */
static void says_that_lots_bind(void **state) {
    (void)state;
    struct world world;
    world_init(&world, 2);
    take_processes(&world, 1, numu_process_kind_make);
    world.model.process.unit_cost[0] = NUMU_PRICE_ONE;
    world.model.process.lot_multiple[0] = 100 * ONE;
    take_fund(&world, numu_cost_kind_processing, 2, 25);
    world.model.fund.carry_over[0] = 2;
    take_demands(&world, 1);
    set_demand(&world, 0, "2025-01-31", 5);
    solve_whole(&world);
    assert_int_equal(world.plan.demand.unmet[0], 5 * ONE);
    bool is_told = false;
    for (numu_row row = 0; row < world.plan.reason.head.count; row++) {
        is_told = is_told || (numu_text_is(world.plan.reason.subject[row], "demand") &&
                              numu_text_is(world.plan.reason.binds[row], "lot") &&
                              numu_text_is(world.plan.reason.name[row], "process1"));
    }
    assert_true(is_told);
    world_release(&world);
}

/* --- all plans of a tiny package --- */

enum { TINY_MONTHS = 3, TINY_PROCESSES = 2, TINY_MOST = 10 };

struct tiny {
    int demand[TINY_MONTHS];
    int least[TINY_PROCESSES], multiple[TINY_PROCESSES], cap[TINY_PROCESSES];
    int price[TINY_PROCESSES], lot_cost[TINY_PROCESSES];
    int holding; /* a unit and month */
};

static void fill_tiny(struct tiny *tiny, struct numu_random *random) {
    for (int t = 0; t < TINY_MONTHS; t++) {
        tiny->demand[t] = (int)between(random, 0, 9);
    }
    for (int p = 0; p < TINY_PROCESSES; p++) {
        tiny->multiple[p] = (int)between(random, 2, 5);
        tiny->least[p] = (int)between(random, 0, 8);
        tiny->cap[p] = (int)between(random, 4, TINY_MOST);
        tiny->price[p] = (int)between(random, 1, 9);
        tiny->lot_cost[p] = (int)between(random, 0, 30);
    }
    tiny->holding = (int)between(random, 0, 3);
}

static void build_tiny(struct world *world, const struct tiny *tiny) {
    struct numu_model *model = &world->model;
    world_init(world, TINY_MONTHS);
    model->item.standard_cost[0] = 12 * tiny->holding * NUMU_PRICE_ONE;
    model->item.holding_cost_rate[0] = NUMU_DECIMAL_ONE;
    take_processes(world, TINY_PROCESSES, numu_process_kind_make);
    for (numu_row p = 0; p < TINY_PROCESSES; p++) {
        model->process.unit_cost[p] = tiny->price[p] * NUMU_PRICE_ONE;
        model->process.fixed_cost_lot[p] = tiny->lot_cost[p];
        model->process.lot_multiple[p] = tiny->multiple[p] * ONE;
        model->process.min_lot[p] = tiny->least[p] == 0 ? NUMU_NO_NUMBER : tiny->least[p] * ONE;
        model->process.max_month[p] = tiny->cap[p] * ONE;
    }
    take_demands(world, TINY_MONTHS);
    for (numu_row t = 0; t < TINY_MONTHS; t++) {
        model->demand.due[t] = end_of_month(t);
        model->demand.quantity[t] = tiny->demand[t] * ONE;
    }
}

static bool is_lot(const struct tiny *tiny, int p, int quantity) {
    return quantity == 0 || (quantity >= tiny->least[p] && quantity <= tiny->cap[p] &&
                             quantity % tiny->multiple[p] == 0);
}

struct score {
    double late, cost;
};

static bool is_less(const struct score *a, const struct score *b) {
    return a->late < b->late || (a->late == b->late && a->cost < b->cost);
}

/*
 * Value-months late, then cost, of a month on, and of the best that can follow. A unit open at the
 * end of a month counts one, at the very end for what is left of horizon + 12 months. Any quantity
 * may be made that is a lot, and any may be delivered of what there is, to the newest demand first:
 * while all wait alike, the older is the cheaper one to leave open at last.
 */
static struct score best_from(const struct tiny *tiny, int t, int stock, const int before[]);

static struct score deliver(const struct tiny *tiny, int t, int stock, const int before[],
                            int quantity) {
    struct score score = {0, (double)(stock - quantity) * tiny->holding};
    int open[TINY_MONTHS];
    for (int d = t; d >= 0; d--) {
        int served = quantity < before[d] ? quantity : before[d];
        open[d] = before[d] - served;
        quantity -= served;
        stock -= served;
        bool is_end = t + 1 == TINY_MONTHS;
        score.late += open[d] * (is_end ? TINY_MONTHS + 12 - (t - d) : 1);
    }
    if (t + 1 < TINY_MONTHS) {
        struct score rest = best_from(tiny, t + 1, stock, open);
        score.late += rest.late;
        score.cost += rest.cost;
    }
    return score;
}

/* The best delivery of what is made; all that is open is delivered in the last month. */
static struct score best_delivery(const struct tiny *tiny, int t, int stock, const int before[]) {
    struct score best = {INFINITY, INFINITY};
    int open = 0;
    for (int d = 0; d <= t; d++) {
        open += before[d];
    }
    int most = stock < open ? stock : open;
    for (int quantity = t + 1 < TINY_MONTHS ? 0 : most; quantity <= most; quantity++) {
        struct score score = deliver(tiny, t, stock, before, quantity);
        best = is_less(&score, &best) ? score : best;
    }
    return best;
}

static struct score best_from(const struct tiny *tiny, int t, int stock, const int before[]) {
    struct score best = {INFINITY, INFINITY};
    int open[TINY_MONTHS];
    for (int d = 0; d < t; d++) {
        open[d] = before[d];
    }
    open[t] = tiny->demand[t];
    for (int a = 0; a <= tiny->cap[0]; a++) {
        for (int b = 0; b <= tiny->cap[1]; b++) {
            if (is_lot(tiny, 0, a) && is_lot(tiny, 1, b)) {
                struct score score = best_delivery(tiny, t, stock + a + b, open);
                score.cost += a * tiny->price[0] + (a > 0 ? tiny->lot_cost[0] : 0) +
                              b * tiny->price[1] + (b > 0 ? tiny->lot_cost[1] : 0);
                best = is_less(&score, &best) ? score : best;
            }
        }
    }
    return best;
}

static void agrees_with_all_plans_of_tiny_packages(void **state) {
    (void)state;
    const uint64_t seed = 20261125;
    int late = 0;
    print_message("# seed %llu\n", (unsigned long long)seed);
    for (uint64_t number = 0; number < 120; number++) {
        struct numu_random random;
        struct world world;
        struct tiny tiny;
        numu_random_init(&random, seed, number);
        fill_tiny(&tiny, &random);
        build_tiny(&world, &tiny);
        solve_whole(&world);
        struct score best = best_from(&tiny, 0, 0, NULL);
        numu_row last = stages(&world)->head.count - 1;
        assert_near(stages(&world)->value[last - 1], best.late, 1e-6);
        assert_near(stages(&world)->value[last], best.cost, 1e-6);
        assert_near(stages(&world)->dual_bound[last], best.cost, 1e-6);
        assert_true(is_verified(&world));
        late += best.late > 0;
        world_release(&world);
    }
    assert_true(late > 12 && late < 108);
}

/* --- Dellaert and Jeunet: five items, twelve months, setups and echelons --- */

enum { BILL_ITEMS = 5, BILL_MONTHS = 12 };

struct bill {
    int parent[BILL_ITEMS]; /* item that takes it; -1 = none */
    double setup[BILL_ITEMS], holding[BILL_ITEMS];

    double optimum;
};

/* Costs in millionths: money has no decimals here. */
static void build_bill(struct world *world, const struct bill *bill) {
    static const int demand[BILL_MONTHS] = {80, 100, 125, 100, 50, 50, 100, 125, 125, 100, 50, 100};
    const double millionths = 1e6;
    struct numu_model *model = &world->model;
    world_init(world, BILL_MONTHS);
    take(world, "item", BILL_ITEMS);
    take(world, "process", BILL_ITEMS);
    take(world, "input", BILL_ITEMS - 1);
    for (numu_row item = 0; item < BILL_ITEMS; item++) {
        model->item.standard_cost[item] =
            llround(12 * bill->holding[item] * millionths) * NUMU_PRICE_ONE;
        model->item.holding_cost_rate[item] = NUMU_DECIMAL_ONE;
        model->process.item[item] = item;
        model->process.site[item] = 0;
        model->process.kind[item] = numu_process_kind_make;
        model->process.fixed_cost_lot[item] = llround(bill->setup[item] * millionths);
        if (item > 0) { /* what is made of item `parent` takes one of it */
            set_input(world, item - 1, (numu_row)bill->parent[item], item, 1);
        }
    }
    take_demands(world, BILL_MONTHS);
    for (numu_row t = 0; t < BILL_MONTHS; t++) {
        model->demand.due[t] = end_of_month(t);
        model->demand.quantity[t] = demand[t] * ONE;
    }
}

/*
 * N. Dellaert, J. Jeunet, "Solving large unconstrained multilevel lot-sizing problems using a
 * hybrid genetic algorithm", International Journal of Production Research 38 (2000) 1083-1099:
 * problems 1 and 4 of their first phase, a chain and a star.
 */
static void agrees_with_dellaert_and_jeunet(void **state) {
    (void)state;
    static const struct bill bills[] = {
        {.parent = {-1, 0, 1, 2, 3},
         .setup = {1.28, 3.2, 8, 20, 50},
         .holding = {0.073205, 0.06655, 0.0605, 0.055, 0.05},
         .optimum = 336.547875},
        {.parent = {-1, 0, 0, 0, 0},
         .setup = {20, 50, 50, 50, 50},
         .holding = {0.22, 0.05, 0.05, 0.05, 0.05},
         .optimum = 984.5},
    };
    for (size_t i = 0; i < sizeof bills / sizeof bills[0]; i++) {
        struct world world;
        build_bill(&world, &bills[i]);
        solve_whole(&world);
        assert_near(world.result.objective * 1e-6, bills[i].optimum, 1e-7);
        assert_near(world.result.dual_bound * 1e-6, bills[i].optimum, 1e-6);
        assert_true(is_verified(&world));
        world_release(&world);
    }
}

/* --- random packages --- */

/* Lots may only cost: no stage is better than without, up to the first that is worse. */
static void assert_no_better(const struct world *whole, const struct world *spread) {
    const struct numu_plan_stage *a = &whole->plan.stage;
    const struct numu_plan_stage *b = &spread->plan.stage;
    for (numu_row row = 0; row + 1 < a->head.count; row++) {
        double tolerance = 1e-5 * (1 + fabs(b->value[row]));
        if (a->value[row] > b->value[row] + tolerance) {
            return;
        }
        if (a->value[row] < b->value[row] - tolerance) {
            fail_msg("stage %d: %.17g, spread %.17g", (int)row, a->value[row], b->value[row]);
        }
    }
}

static void random_lots(struct world *world, uint64_t seed, uint64_t number) {
    struct numu_random random;
    random_world(world, seed, number);
    numu_random_init(&random, seed + 1, number);
    struct numu_table_process *table = &world->model.process;
    for (numu_row row = 0; row < table->head.count; row++) {
        if (between(&random, 0, 1)) {
            table->min_lot[row] = between(&random, 1, 30) * ONE;
            table->lot_multiple[row] =
                between(&random, 0, 1) ? between(&random, 1, 12) * ONE : NUMU_NO_NUMBER;
        } else {
            table->lot_multiple[row] = NUMU_NO_NUMBER;
        }
        table->fixed_cost_lot[row] = NUMU_NO_NUMBER; /* else the plain plan pays for lots, too */
    }
}

static void holds_on_random_packages(void **state) {
    (void)state;
    const uint64_t seed = 77;
    print_message("# seed %llu\n", (unsigned long long)seed);
    for (uint64_t number = 0; number < 30; number++) {
        struct world whole;
        struct world spread;
        random_lots(&whole, seed, number);
        random_lots(&spread, seed, number);
        solve(&spread);
        solve_whole(&whole);
        assert_no_better(&whole, &spread);
        if (!is_verified(&whole)) {
            fail_msg("package %d is not verified", (int)number);
        }
        world_release(&spread);
        world_release(&whole);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(makes_least_lots_and_multiples),
        cmocka_unit_test(pays_setups_by_the_lot),
        cmocka_unit_test(says_that_lots_bind),
        cmocka_unit_test(agrees_with_all_plans_of_tiny_packages),
        cmocka_unit_test(agrees_with_dellaert_and_jeunet),
        cmocka_unit_test(holds_on_random_packages),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
