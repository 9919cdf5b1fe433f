/*
 * Goal: the verifier of plans holds what may be done at most against the model, not against what
 * the plan says of itself: ramps, load classes and limits of storehouses, what lies outside of
 * them, licences, what learns nothing.
 * Method: small plans that hold; then the model is made stricter, or the plan is made to claim
 * more, in one place, and that very break is told.
 */
#include "plan/verify.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "plan_world.h"

/* Ids, as a package that was read has them. */
static void index_ids(struct world *world) {
    for (const struct numu_table_descriptor *table = numu_schema; table->name != NULL; table++) {
        const struct numu_column *key = numu_column_key(table);
        struct numu_table_head *head = numu_model_head(&world->model, table);
        if (key != NULL) {
            struct numu_text *ids;
            memcpy(&ids, (char *)&world->model + table->offset + key->offset, sizeof ids);
            assert_int_equal(
                numu_map_build(&head->ids, &world->model.arena, ids, head->count, NULL, NULL),
                NUMU_OK);
        }
    }
}

static void begin(struct world *world, int64_t months, numu_process_kind kind) {
    world_init(world, months);
    take_processes(world, 1, kind);
    take_demands(world, 1);
}

/* How often a plan breaks a rule; NULL: any. */
static uint64_t breaks(struct world *world, const char *rule) {
    struct numu_context context = {.heap = &world->heap, .threads = 1};
    struct numu_report report;
    size_t count;
    uint64_t found = 0;
    numu_report_init(&report, &world->heap, 0);
    index_ids(world);
    assert_int_equal(numu_indicators_build(&context, &world->model, &world->calendars,
                                           &world->arena, &world->plan),
                     NUMU_OK);
    numu_status status = numu_plan_verify(&context, &world->model, &world->calendars, &world->plan,
                                          &world->options.law, &world->arena, &report);
    const struct numu_diagnostic *list = numu_report_list(&report, &count);
    for (size_t i = 0; i < count; i++) {
        found += rule == NULL || numu_text_is(list[i].arguments[0].text, rule);
    }
    assert_int_equal(status, count > 0 ? NUMU_INVALID : NUMU_OK);
    numu_report_release(&report);
    return found;
}

/* That rule, and no other. */
static void assert_breaks(struct world *world, const char *rule) {
    uint64_t all = breaks(world, NULL);
    if (all == 0 || breaks(world, rule) != all) {
        fail_msg("%s: %d of %d", rule, (int)breaks(world, rule), (int)all);
    }
}

static void take_store(struct world *world, numu_row stores, numu_row limits) {
    world->model.item.classification[0] = NUMU_TEXT("1.1D");
    world->model.item.neq_kg[0] = NUMU_DECIMAL_ONE;
    take(world, "storehouse", stores);
    for (numu_row row = 0; row < stores; row++) {
        world->model.storehouse.site[row] = 0;
        world->model.storehouse.divisions[row] = NUMU_TEXT("1.1");
    }
    take(world, "limit", limits);
    for (numu_row row = 0; row < limits; row++) {
        world->model.limit.storehouse[row] = row;
        world->model.limit.hazard_division[row] = NUMU_TEXT("1.1");
        world->model.limit.neq_kg[row] = 100 * NUMU_DECIMAL_ONE;
    }
}

/* Two limits of one storehouse: the least of the class counts, not just any. */
static void the_least_limit_counts(void **state) {
    (void)state;
    struct world world;
    begin(&world, 3, numu_process_kind_make);
    set_demand(&world, 0, "2025-02-28", 60);
    take_store(&world, 1, 1);
    solve(&world);
    assert_int_equal(breaks(&world, NULL), 0);
    builder_take(&world.model, "limit", 2);
    for (numu_row row = 0; row < 2; row++) {
        world.model.limit.storehouse[row] = 0;
        world.model.limit.hazard_division[row] = NUMU_TEXT("1.1");
        world.model.limit.neq_kg[row] = (row == 0 ? 100 : 40) * NUMU_DECIMAL_ONE;
    }
    world.model.limit.starts[1] = builder_day("2025-02-10"); /* within the month */
    assert_breaks(&world, "kind.break_limit");
    world.model.limit.hazard_division[1] = NUMU_TEXT("1.4"); /* another class: of no matter */
    assert_int_equal(breaks(&world, NULL), 0);
    world_release(&world);
}

static void goods_lie_in_their_class(void **state) {
    (void)state;
    struct world world;
    begin(&world, 2, numu_process_kind_make);
    set_demand(&world, 0, "2025-01-31", 60);
    take_store(&world, 2, 2);
    world.model.storehouse.divisions[1] = NUMU_TEXT("1.3");
    world.model.limit.hazard_division[1] = NUMU_TEXT("1.3");
    take(&world, "item", 2);
    world.model.item.classification[0] = NUMU_TEXT("1.1D");
    world.model.item.neq_kg[0] = NUMU_DECIMAL_ONE;
    world.model.item.classification[1] = NUMU_TEXT("1.3C");
    solve(&world);
    assert_int_equal(breaks(&world, NULL), 0);
    assert_int_equal(world.plan.housing.head.count, 1);
    world.plan.housing.storehouse[0] = NUMU_TEXT("storehouse2");
    world.plan.store.neq_kg[1] = world.plan.store.neq_kg[0];
    world.plan.store.neq_kg[0] = 0;
    assert_breaks(&world, "kind.break_housing");
    world_release(&world);
}

/* What is made must have a house; what was there may lie outside, where there is none. */
static void what_is_made_is_housed(void **state) {
    (void)state;
    struct world world;
    begin(&world, 1, numu_process_kind_make);
    set_demand(&world, 0, "2025-01-31", 60);
    take_store(&world, 1, 1);
    solve(&world);
    assert_int_equal(breaks(&world, NULL), 0);
    world.plan.housing.storehouse[0] = (struct numu_text){NULL, 0};
    world.plan.store.neq_kg[0] = 0;
    assert_breaks(&world, "kind.break_housing");
    take_stock(&world, 0, 500);
    solve(&world); /* 400 of 500 nobody can house */
    assert_int_equal(breaks(&world, NULL), 0);
    assert_int_equal(world.plan.housing.head.count, 2);
    world_release(&world);
}

static void licences_cover_what_is_imported(void **state) {
    (void)state;
    struct world world;
    begin(&world, 2, numu_process_kind_import);
    set_demand(&world, 0, "2025-01-31", 20);
    take(&world, "licence", 2);
    for (numu_row row = 0; row < 2; row++) {
        world.model.licence.kind[row] = numu_licence_kind_import;
        world.model.licence.item[row] = 0;
        world.model.licence.quantity[row] = 15 * ONE;
    }
    solve(&world);
    assert_int_equal(made(&world, "process1", 0), 20 * ONE);
    assert_int_equal(breaks(&world, NULL), 0);
    world.model.licence.status[1] = NUMU_TEXT("revoked");
    assert_breaks(&world, "kind.break_licence");
    world.model.licence.status[1] = (struct numu_text){NULL, 0};
    numu_row kept = world.plan.licence.head.count;
    world.plan.licence.head.count = 0; /* no row, no licence */
    assert_breaks(&world, "kind.break_licence");
    world.plan.licence.head.count = kept;
    world.model.licence.quantity[1] = NUMU_NO_NUMBER; /* says nothing: limits nothing */
    world.plan.licence.head.count = 0;
    assert_int_equal(breaks(&world, NULL), 0);
    world_release(&world);
}

static void exports_need_a_licence(void **state) {
    (void)state;
    struct world world;
    begin(&world, 2, numu_process_kind_make);
    world.model.customer.kind[0] = numu_customer_kind_export;
    set_demand(&world, 0, "2025-01-31", 20);
    take(&world, "licence", 1);
    world.model.licence.kind[0] = numu_licence_kind_export;
    world.model.licence.item[0] = 0;
    world.model.licence.quantity[0] = 50 * ONE;
    solve(&world);
    assert_int_equal(breaks(&world, NULL), 0);
    world.plan.licence.quantity[0] = 19 * ONE;
    assert_breaks(&world, "kind.break_licence");
    world_release(&world);
}

static void young_lines_run_slowly(void **state) {
    (void)state;
    struct world world;
    begin(&world, 2, numu_process_kind_make);
    set_demand(&world, 0, "2025-01-31", 60);
    take_line(&world, 100);
    solve(&world);
    assert_int_equal(made(&world, "process1", 0), 60 * ONE);
    assert_int_equal(breaks(&world, NULL), 0);
    world.model.process.ramp_months[0] = 4 * NUMU_DECIMAL_ONE;
    world.model.process.ramp_start[0] = NUMU_DECIMAL_ONE / 2; /* 50 hours in January */
    assert_breaks(&world, "kind.break_cap");
    world_release(&world);
}

/* A process that learns nothing cannot be said to need half of its hours. */
static void learning_must_be_the_models(void **state) {
    (void)state;
    struct world world;
    begin(&world, 1, numu_process_kind_make);
    set_demand(&world, 0, "2025-01-31", 60);
    take_line(&world, 100);
    solve(&world);
    assert_int_equal(world.plan.learning.head.count, 0);
    assert_int_equal(breaks(&world, NULL), 0);
    assert_int_equal(numu_plan_take(&world.plan, &world.arena, NUMU_PLAN_TABLE(learning), 1),
                     NUMU_OK);
    world.plan.learning.process[0] = NUMU_TEXT("process1");
    world.plan.learning.month[0] = month(0);
    world.plan.learning.share[0] = NUMU_DECIMAL_ONE / 2;
    world.plan.hours.used[0] /= 2;
    assert_breaks(&world, "kind.break_learning");
    world_release(&world);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_least_limit_counts),
        cmocka_unit_test(goods_lie_in_their_class),
        cmocka_unit_test(what_is_made_is_housed),
        cmocka_unit_test(licences_cover_what_is_imported),
        cmocka_unit_test(exports_need_a_licence),
        cmocka_unit_test(young_lines_run_slowly),
        cmocka_unit_test(learning_must_be_the_models),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
