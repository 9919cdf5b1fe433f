/*
 * Goal: what the greedy choice places always holds; how often it misses a placement of all that
 * exists; what the verifier refuses; distances of missing storehouses; memory that fails.
 * Method: random depots small enough that all assignments can be tried, each judged by the
 * verifier; placements spoiled by hand; a law turned by hand.
 */
#include "rules/placement.h"

#include "base/random.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "model_builder.h"
#include "rules_builtin.h"

#include <math.h>

enum { SEED = 871, ROUNDS = 400, STORES = 3, LOTS = 6 };

struct fixture {
    struct rules_fixture rules;
    struct numu_context context;
    struct numu_random random;
    struct numu_ruleset matrix, mixed;
};

/* Joint loads: 1.1 and 1.3 count as 1.1; quantities (d/20)^3 and (d/6)^3 kg. */
static const char mixed_rules[] =
    "{\"format\":\"numu.rules/"
    "1\",\"id\":\"t\",\"title\":\"t\",\"authority\":\"t\",\"edition\":\"1\","
    "\"citation\":\"t\",\"basis\":\"invented\",\"scope\":\"storage\",\"mass\":\"kg\",\"length\":"
    "\"m\","
    "\"distances\":["
    "{\"id\":\"a\",\"divisions\":[\"1.1\"],\"to\":[\"public_area\",\"magazine\"],\"citation\":"
    "\"a\",\"law\":[{\"over\":0,\"cube_root\":20}]},"
    "{\"id\":\"b\",\"divisions\":[\"1.3\"],\"to\":[\"public_area\",\"magazine\"],\"citation\":"
    "\"b\",\"law\":[{\"over\":0,\"to\":5000,\"cube_root\":6}]}],"
    "\"aggregation\":["
    "{\"id\":\"e\",\"together\":[\"1.1\",\"1.3\"],\"as\":\"1.1\",\"citation\":\"e\"}]}";

static int set_up(void **state) {
    static struct fixture fixture;
    rules_set_up(&fixture.rules);
    fixture.context = (struct numu_context){.heap = &fixture.rules.heap, .threads = 1};
    print_message("# seed %d\n", SEED);
    numu_random_init(&fixture.random, SEED, 0);
    rules_read_builtin(&fixture.rules, "us-49cfr176", &fixture.matrix);
    struct numu_text bytes = {mixed_rules, sizeof mixed_rules - 1};
    assert_int_equal(
        numu_ruleset_read(&fixture.rules.arena, bytes, 0, &fixture.rules.report, &fixture.mixed),
        NUMU_OK);
    *state = &fixture;
    return 0;
}

static int tear_down(void **state) {
    struct fixture *fixture = *state;
    rules_tear_down(&fixture->rules);
    return 0;
}

/* One site, storehouses at given distances from a public area, lots of four kinds of goods. */
static void build_depot(struct numu_model *model, struct numu_heap *heap, const int *distance_m,
                        const int *item, const int *quantity, numu_row lots) {
    static const char *const codes[] = {"1.1D", "1.3C", "1.1B", "1.1A", ""};
    builder_init(model, heap);
    builder_take(model, "site", 1);
    builder_take(model, "storehouse", STORES);
    builder_take(model, "exposure", 1);
    builder_take(model, "separation", STORES);
    builder_take(model, "item", 5);
    builder_take(model, "stock", lots);
    model->exposure.kind[0] = numu_exposure_kind_public_area;
    for (numu_row row = 0; row < STORES; row++) {
        model->storehouse.site[row] = 0;
        model->separation.storehouse[row] = row;
        model->separation.exposure[row] = 0;
        model->separation.distance_m[row] = distance_m[row] * NUMU_DECIMAL_ONE;
    }
    for (numu_row row = 0; row < 5; row++) {
        model->item.classification[row] = numu_text_of(codes[row]);
        model->item.form[row] = numu_form_article;
        model->item.neq_kg[row] = NUMU_DECIMAL_ONE;
        model->item.volume_m3[row] = NUMU_DECIMAL_ONE / 100;
    }
    for (numu_row row = 0; row < lots; row++) {
        model->stock.item[row] = (numu_row)item[row];
        model->stock.site[row] = 0;
        model->stock.quantity[row] = quantity[row] * NUMU_QUANTITY_ONE;
    }
}

static int between(struct numu_random *random, int from, int to) {
    return from + (int)numu_random_below(random, (uint64_t)(to - from) + 1);
}

static void build_random(struct fixture *fixture, struct numu_model *model) {
    int distance_m[STORES];
    int item[LOTS];
    int quantity[LOTS];
    for (int i = 0; i < STORES; i++) {
        distance_m[i] = between(&fixture->random, 80, 220);
    }
    for (int i = 0; i < LOTS; i++) {
        item[i] = between(&fixture->random, 0, 3);
        quantity[i] = between(&fixture->random, 10, 500);
    }
    build_depot(model, &fixture->rules.heap, distance_m, item, quantity, LOTS);
    for (numu_row row = 0; row < STORES; row++) {
        if (numu_random_below(&fixture->random, 3) == 0) {
            model->storehouse.capacity_m3[row] =
                between(&fixture->random, 2, 12) * NUMU_DECIMAL_ONE;
        }
    }
    if (numu_random_below(&fixture->random, 3) == 0) {
        model->storehouse.divisions[0] = NUMU_TEXT("1.1");
    }
    if (numu_random_below(&fixture->random, 3) == 0) {
        model->storehouse.groups[1] = NUMU_TEXT("C D");
    }
    if (numu_random_below(&fixture->random, 4) == 0) {
        builder_take(model, "limit", 1);
        model->limit.storehouse[0] = 2;
        model->limit.hazard_division[0] = NUMU_TEXT("1.1");
        model->limit.neq_kg[0] = between(&fixture->random, 0, 500) * NUMU_DECIMAL_ONE;
    }
}

static void build_problem(struct fixture *fixture, struct numu_model *model,
                          struct numu_limits *limits, struct numu_placement_problem *problem) {
    assert_int_equal(
        numu_limits_build(&fixture->context, model, &fixture->mixed, 0x1F, &model->arena, limits),
        NUMU_OK);
    assert_int_equal(numu_placement_problem_build(model, limits, &fixture->matrix.matrix,
                                                  &model->arena, problem),
                     NUMU_OK);
}

static bool holds(const struct numu_placement_problem *problem, const numu_row *storehouse,
                  struct numu_arena *arena) {
    bool out = false;
    assert_int_equal(numu_placement_verify(problem, storehouse, arena, &out), NUMU_OK);
    return out;
}

/* Whether all lots can be placed: by every assignment. */
static bool some_holds(const struct numu_placement_problem *problem, struct numu_heap *heap) {
    numu_row storehouse[LOTS];
    int count = 1;
    bool found = false;
    for (size_t i = 0; i < problem->lot_count; i++) {
        count *= STORES;
    }
    for (int code = 0; code < count && !found; code++) {
        struct numu_arena arena;
        int rest = code;
        numu_arena_init(&arena, heap);
        for (size_t i = 0; i < problem->lot_count; i++, rest /= STORES) {
            storehouse[i] = (numu_row)(rest % STORES);
        }
        found = holds(problem, storehouse, &arena);
        numu_arena_release(&arena);
    }
    return found;
}

static void what_is_placed_holds(void **state) {
    struct fixture *fixture = *state;
    int possible = 0;
    int found = 0;
    for (int round = 0; round < ROUNDS; round++) {
        struct numu_model model;
        struct numu_limits limits;
        struct numu_placement_problem problem;
        struct numu_placement placement;
        build_random(fixture, &model);
        build_problem(fixture, &model, &limits, &problem);
        assert_int_equal(problem.lot_count, LOTS);
        assert_int_equal(
            numu_placement_solve(&fixture->context, &problem, 1, &model.arena, &placement),
            NUMU_OK);
        assert_true(holds(&problem, placement.storehouse, &model.arena));
        bool is_possible = some_holds(&problem, &fixture->rules.heap);
        assert_true(placement.placed_count < LOTS || is_possible);
        possible += is_possible;
        found += placement.placed_count == LOTS;
        for (size_t i = 0; i < LOTS; i++) {
            bool is_placed = placement.storehouse[i] != NUMU_NONE;
            assert_int_equal(is_placed, placement.obstacle[i] == NUMU_PLACEMENT_PLACED);
            assert_int_equal(is_placed, placement.missing[i] == SIZE_MAX);
            /* Nothing that was left out would have gone in where nothing else lies. */
            numu_row alone[LOTS];
            for (size_t k = 0; k < LOTS; k++) {
                alone[k] = placement.storehouse[k];
            }
            for (numu_row row = 0; !is_placed && row < STORES; row++) {
                alone[i] = row;
                assert_false(holds(&problem, alone, &model.arena));
            }
        }
        builder_release(&model);
    }
    print_message("# all fit in %d of %d depots; the greedy choice placed all in %d of these\n",
                  possible, ROUNDS, found);
    assert_int_equal(possible, 76); /* what docs/rules.md says */
    assert_int_equal(found, 67);
}

static void the_verifier_refuses(void **state) {
    struct fixture *fixture = *state;
    static const int distance_m[STORES] = {200, 200, 100}; /* 1000, 1000, 125 kg of 1.1 */
    static const int item[] = {0, 0, 3};                   /* 1.1D, 1.1D, 1.1A: A lies alone */
    static const int quantity[] = {600, 400, 100};
    struct numu_model model;
    struct numu_limits limits;
    struct numu_placement_problem problem;
    build_depot(&model, &fixture->rules.heap, distance_m, item, quantity, 3);
    build_problem(fixture, &model, &limits, &problem);
    assert_true(fabs(numu_limits_at(&limits, 0, 0)->neq_kg - 1000) < 1e-6);
    numu_row storehouse[3] = {0, 0, 1};
    assert_true(holds(&problem, storehouse, &model.arena));
    storehouse[2] = 0; /* with D, and 1,100 kg */
    assert_false(holds(&problem, storehouse, &model.arena));
    storehouse[0] = NUMU_NONE; /* 500 kg, but A with D */
    assert_false(holds(&problem, storehouse, &model.arena));
    storehouse[1] = NUMU_NONE;
    assert_true(holds(&problem, storehouse, &model.arena));
    storehouse[0] = 2; /* 600 kg where 125 may be */
    assert_false(holds(&problem, storehouse, &model.arena));
    storehouse[0] = 1;
    problem.store[1].space_m3 = 5; /* of 6 */
    assert_false(holds(&problem, storehouse, &model.arena));
    problem.store[1].space_m3 = 6;
    assert_true(holds(&problem, storehouse, &model.arena));
    problem.store[1].granted_kg[0] = 599;
    assert_false(holds(&problem, storehouse, &model.arena));
    problem.store[1].granted_kg[0] = INFINITY;
    problem.store[1].hazards = 2;
    assert_false(holds(&problem, storehouse, &model.arena));
    problem.store[1].hazards = 0;
    problem.store[1].groups = 1;
    assert_false(holds(&problem, storehouse, &model.arena));
    problem.store[1].groups = 0;
    problem.store[1].is_open = false;
    assert_false(holds(&problem, storehouse, &model.arena));
    problem.store[1].is_open = true;
    problem.store[1].site = 7;
    assert_false(holds(&problem, storehouse, &model.arena));
    problem.store[1].site = 0;
    assert_true(holds(&problem, storehouse, &model.arena));
    /* Merged, 600 kg of D and 500 kg of A are 1,100 kg. */
    problem.lot[2].neq_kg = 500;
    assert_true(holds(&problem, storehouse, &model.arena));
    problem.store[1].group = 0;
    assert_false(holds(&problem, storehouse, &model.arena));
    builder_release(&model);
}

/* 8,000 kg of 1.1: 20 × 8000^(1/3) = 400 m; of 1.3, 8,000 kg is more than was written. */
static void missing_storehouses_keep_their_distance(void **state) {
    struct fixture *fixture = *state;
    static const int distance_m[STORES] = {200, 200, 100};
    static const int item[] = {0, 0, 1, 4, 0};
    static const int quantity[] = {5000, 3000, 8000, 50, 900};
    struct numu_model model;
    struct numu_limits limits;
    struct numu_placement_problem problem;
    struct numu_placement placement;
    uint8_t magazine = numu_ruleset_kind(&fixture->mixed, NUMU_TEXT("magazine"));
    build_depot(&model, &fixture->rules.heap, distance_m, item, quantity, 5);
    model.storehouse.divisions[0] = NUMU_TEXT("1.1");
    model.storehouse.divisions[1] = NUMU_TEXT("1.1");
    model.storehouse.divisions[2] = NUMU_TEXT("1.1");
    model.storehouse.capacity_m3[0] = 5 * NUMU_DECIMAL_ONE; /* too small for 9 m³ */
    model.stock.storehouse[3] = 1;                          /* takes half a cubic metre */
    build_problem(fixture, &model, &limits, &problem);
    assert_int_equal(problem.lot_count, 4);
    assert_true(isinf(problem.store[1].space_m3));
    uint32_t kinds = UINT32_C(1) << magazine |
                     UINT32_C(1) << numu_ruleset_kind(&fixture->mixed, NUMU_TEXT("public_area"));
    assert_int_equal(
        numu_placement_solve(&fixture->context, &problem, kinds, &model.arena, &placement),
        NUMU_OK);
    assert_int_equal(placement.placed_count, 1);
    assert_int_equal(placement.storehouse[3], 1);
    assert_int_equal(placement.obstacle[0], NUMU_PLACEMENT_TOO_MUCH);
    assert_int_equal(placement.obstacle[2], NUMU_PLACEMENT_CLASS);
    /* By the matrix C may lie with D: all count as 1.1, 16,000 kg. */
    assert_int_equal(placement.store_count, 1);
    const struct numu_missing_storehouse *store = &placement.store[0];
    assert_int_equal(store->hazards, 1U << NUMU_HAZARD_1_1 | 1U << NUMU_HAZARD_1_3);
    assert_true(store->neq_kg == 16000 && store->lot_count == 3);
    assert_int_equal(store->distance_count, 2);
    assert_true(fabs(store->distance[0].distance_m - 20 * cbrt(16000)) < 1e-6);
    /* Without a matrix different goods stay apart. */
    struct numu_matrix none = {.is_present = false};
    problem.matrix = &none;
    assert_int_equal(
        numu_placement_solve(&fixture->context, &problem, kinds, &model.arena, &placement),
        NUMU_OK);
    assert_int_equal(placement.store_count, 2);
    store = &placement.store[placement.missing[0]];
    assert_int_equal(placement.missing[0], placement.missing[1]);
    assert_true(fabs(store->distance[0].distance_m - 400) < 1e-6);
    store = &placement.store[placement.missing[2]];
    assert_true(isnan(store->distance[0].distance_m) && store->distance[0].is_outside);
    builder_release(&model);
}

/* Other goods fill a storehouse beyond its volume: nothing goes in, and that holds. */
static void full_storehouses_take_nothing(void **state) {
    struct fixture *fixture = *state;
    static const int distance_m[STORES] = {200, 200, 200};
    static const int item[] = {0, 4};
    static const int quantity[] = {100, 900};
    struct numu_model model;
    struct numu_limits limits;
    struct numu_placement_problem problem;
    struct numu_placement placement;
    build_depot(&model, &fixture->rules.heap, distance_m, item, quantity, 2);
    model.storehouse.capacity_m3[1] = 5 * NUMU_DECIMAL_ONE;
    model.stock.storehouse[1] = 1; /* 9 m³ */
    build_problem(fixture, &model, &limits, &problem);
    assert_true(problem.store[1].space_m3 < 0);
    assert_int_equal(numu_placement_solve(&fixture->context, &problem, 1, &model.arena, &placement),
                     NUMU_OK);
    assert_int_equal(placement.placed_count, 1);
    assert_int_not_equal(placement.storehouse[0], 1);
    assert_true(holds(&problem, placement.storehouse, &model.arena));
    numu_row forced = 1;
    assert_false(holds(&problem, &forced, &model.arena));
    builder_release(&model);
}

static void test_without_memory(void **state) {
    struct fixture *fixture = *state;
    struct numu_heap *heap = &fixture->rules.heap;
    struct numu_model model;
    struct numu_limits limits;
    struct numu_placement_problem problem;
    struct numu_placement placement;
    bool is_done = false;
    build_random(fixture, &model);
    build_problem(fixture, &model, &limits, &problem);
    for (uint_fast64_t n = 1; !is_done; n++) {
        struct numu_arena arena;
        bool out = false;
        numu_arena_init(&arena, heap);
        heap->fail_at = heap->count + n;
        numu_status status = numu_placement_problem_build(&model, &limits, &fixture->matrix.matrix,
                                                          &arena, &problem);
        if (status == NUMU_OK) {
            status = numu_placement_solve(&fixture->context, &problem, 1, &arena, &placement);
        }
        if (status == NUMU_OK) {
            status = numu_placement_verify(&problem, placement.storehouse, &arena, &out);
        }
        heap->fail_at = 0;
        is_done = status == NUMU_OK;
        assert_true(is_done ? out && n > 1 : status == NUMU_MEMORY);
        assert_true(is_done || n < 500);
        numu_arena_release(&arena);
    }
    builder_release(&model);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_is_placed_holds, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_verifier_refuses, set_up, tear_down),
        cmocka_unit_test_setup_teardown(missing_storehouses_keep_their_distance, set_up, tear_down),
        cmocka_unit_test_setup_teardown(full_storehouses_take_nothing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_without_memory, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
