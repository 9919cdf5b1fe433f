/*
 * Goal: what the plan is told of storehouses never allows more than the rules and the limits that
 * were granted: divisions that nothing was granted for, divisions that the package does not have,
 * storehouses that are merged. Method: small depots judged by the sets that come with numu.
 */
#include "app/law.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "model_builder.h"

struct fixture {
    struct numu_heap heap;
    struct numu_context context;
    struct numu_arena arena;
    struct numu_report report;
    struct numu_model model;
};

static int set_up(void **state) {
    static struct fixture fixture;
    numu_heap_init(&fixture.heap, 0);
    fixture.context = (struct numu_context){.heap = &fixture.heap, .threads = 1};
    numu_arena_init(&fixture.arena, &fixture.heap);
    numu_report_init(&fixture.report, &fixture.heap, 0);
    *state = &fixture;
    return 0;
}

static int tear_down(void **state) {
    struct fixture *fixture = *state;
    builder_release(&fixture->model);
    numu_report_release(&fixture->report);
    numu_arena_release(&fixture->arena);
    assert_int_equal(fixture->heap.bytes, 0);
    return 0;
}

/* Storehouses 480 m from a public area, 30 m from each other; an item of 1.1D and one of 1.4S. */
static void build_depot(struct fixture *fixture, const char *rules, numu_row storehouses,
                        numu_row limits) {
    struct numu_model *model = &fixture->model;
    builder_init(model, &fixture->heap);
    model->package.start[0] = builder_day("2026-01-01");
    model->package.months[0] = 12;
    model->package.rules[0] = numu_text_of(rules);
    builder_take(model, "site", 1);
    builder_take(model, "storehouse", storehouses);
    builder_take(model, "exposure", 1);
    builder_take(model, "separation", 2 * storehouses - 1);
    builder_take(model, "item", 2);
    builder_take(model, "limit", limits);
    model->item.classification[0] = NUMU_TEXT("1.1D");
    model->item.classification[1] = NUMU_TEXT("1.4S");
    model->exposure.kind[0] = numu_exposure_kind_inhabited_building;
    if (strcmp(rules, "us-14cfr420") == 0) {
        model->exposure.kind[0] = numu_exposure_kind_public_area;
    }
    for (numu_row row = 0; row < storehouses; row++) {
        model->storehouse.site[row] = 0;
        model->separation.storehouse[row] = row;
        model->separation.exposure[row] = 0;
        model->separation.distance_m[row] = 480 * NUMU_DECIMAL_ONE;
    }
    for (numu_row row = 1; row < storehouses; row++) {
        numu_row at = storehouses + row - 1;
        model->separation.storehouse[at] = row - 1;
        model->separation.other[at] = row;
        model->separation.distance_m[at] = 30 * NUMU_DECIMAL_ONE;
    }
}

static void grant(struct fixture *fixture, numu_row row, numu_row storehouse, const char *division,
                  int64_t neq_kg) {
    fixture->model.limit.storehouse[row] = storehouse;
    fixture->model.limit.hazard_division[row] = numu_text_of(division);
    fixture->model.limit.neq_kg[row] = neq_kg * NUMU_DECIMAL_ONE;
}

static const struct numu_plan_storage *storage_of(struct fixture *fixture) {
    struct numu_lawful lawful;
    struct numu_rules_place place = {
        .sources = &fixture->model.sources, .arena = &fixture->arena, .report = &fixture->report};
    assert_int_equal(
        numu_law_read(&fixture->context, &fixture->model, NULL, &place, &fixture->arena, &lawful),
        NUMU_OK);
    assert_non_null(lawful.law.storage);
    return lawful.law.storage;
}

/* A class that names a division of which the package has nothing is no less for it. */
static void divisions_without_items_take_nothing(void **state) {
    struct fixture *fixture = *state;
    build_depot(fixture, "us-14cfr420", 1, 1);
    fixture->model.item.classification[1] = (struct numu_text){NULL, 0};
    fixture->model.storehouse.divisions[0] = NUMU_TEXT("1.1 1.3");
    grant(fixture, 0, 0, "1.1", 5000);
    const struct numu_plan_storage *storage = storage_of(fixture);
    assert_int_equal(storage->limit_count, 1);
    assert_true(storage->limit[0].neq_kg == 5000);
    assert_true(storage->may_hold[0]);
    assert_false(storage->may_hold[1]);
}

/* A limit for 1.4 is none for 1.1. */
static void nothing_lies_where_nothing_was_granted(void **state) {
    struct fixture *fixture = *state;
    build_depot(fixture, "us-14cfr420", 1, 1);
    fixture->model.storehouse.divisions[0] = NUMU_TEXT("1.1 1.4");
    grant(fixture, 0, 0, "1.4", 5000);
    const struct numu_plan_storage *storage = storage_of(fixture);
    assert_false(storage->may_hold[0]);
    assert_true(storage->may_hold[1]);
    assert_int_equal(storage->limit_count, 1);
    assert_true(storage->limit[0].neq_kg == 5000);
}

/* Two magazines that count as one may hold no more together than one does. */
static void merged_storehouses_share_a_limit(void **state) {
    struct fixture *fixture = *state;
    build_depot(fixture, "us-27cfr555", 1, 1);
    fixture->model.item.classification[1] = (struct numu_text){NULL, 0};
    grant(fixture, 0, 0, "1.1", 100000);
    double alone = storage_of(fixture)->limit[0].neq_kg;
    assert_true(alone > 0 && alone < 100000);
    builder_release(&fixture->model);
    build_depot(fixture, "us-27cfr555", 2, 2);
    fixture->model.item.classification[1] = (struct numu_text){NULL, 0};
    grant(fixture, 0, 0, "1.1", 100000);
    grant(fixture, 1, 1, "1.1", 100000);
    const struct numu_plan_storage *storage = storage_of(fixture);
    assert_int_equal(storage->limit_count, 2);
    assert_true(storage->limit[0].neq_kg > 0);
    assert_true(storage->limit[0].neq_kg + storage->limit[1].neq_kg <= alone);
}

static void without_memory(void **state) {
    struct fixture *fixture = *state;
    bool is_done = false;
    build_depot(fixture, "us-27cfr555", 2, 1);
    grant(fixture, 0, 0, "1.1", 1000);
    for (uint_fast64_t n = 1; !is_done; n++) {
        struct numu_arena arena;
        struct numu_lawful lawful;
        numu_arena_init(&arena, &fixture->heap);
        struct numu_rules_place place = {
            .sources = &fixture->model.sources, .arena = &arena, .report = &fixture->report};
        fixture->heap.fail_at = fixture->heap.count + n;
        numu_status status =
            numu_law_read(&fixture->context, &fixture->model, NULL, &place, &arena, &lawful);
        fixture->heap.fail_at = 0;
        is_done = status == NUMU_OK;
        assert_true(is_done ? lawful.law.storage != NULL && n > 1 : status == NUMU_MEMORY);
        numu_arena_release(&arena);
    }
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {
        TEST(divisions_without_items_take_nothing),
        TEST(nothing_lies_where_nothing_was_granted),
        TEST(merged_storehouses_share_a_limit),
        TEST(without_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
