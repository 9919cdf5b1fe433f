/*
 * Goal: each storehouse's limit is the least of what every site allows; a site more never raises
 * it; mixed loads against brute force; merging to a fixed point that any order would have to reach.
 * Method: random layouts against a plain loop over all pairs with exact geodesics; random loads
 * against a scan.
 */
#include "rules/limits.h"

#include "base/random.h"
#include "rules/geodesic.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "model_builder.h"
#include "rules_builtin.h"

#include <math.h>

enum { SEED = 555, ROUNDS = 60, LOADS = 400 };

struct fixture {
    struct rules_fixture rules;
    struct numu_context context;
    struct numu_random random;
};

static int set_up(void **state) {
    static struct fixture fixture;
    rules_set_up(&fixture.rules);
    fixture.context = (struct numu_context){.heap = &fixture.rules.heap, .threads = 1};
    print_message("# seed %d\n", SEED);
    numu_random_init(&fixture.random, SEED, 0);
    *state = &fixture;
    return 0;
}

static int tear_down(void **state) {
    struct fixture *fixture = *state;
    rules_tear_down(&fixture->rules);
    return 0;
}

static numu_decimal near(struct numu_random *random, int64_t around, uint64_t spread) {
    return (around * NUMU_DECIMAL_ONE) + (numu_decimal)numu_random_below(random, spread);
}

/* Storehouses and sites within a kilometre or so of each other. */
static void build_layout(struct fixture *fixture, struct numu_model *model, numu_row storehouses,
                         numu_row exposures, uint64_t spread) {
    static const uint8_t kinds[] = {numu_exposure_kind_inhabited_building,
                                    numu_exposure_kind_public_highway, numu_exposure_kind_railway,
                                    numu_exposure_kind_public_area};
    builder_init(model, &fixture->rules.heap);
    builder_take(model, "storehouse", storehouses);
    builder_take(model, "exposure", exposures);
    for (numu_row row = 0; row < storehouses; row++) {
        model->storehouse.latitude[row] = near(&fixture->random, 12, spread);
        model->storehouse.longitude[row] = near(&fixture->random, -8, spread);
    }
    for (numu_row row = 0; row < exposures; row++) {
        model->exposure.kind[row] = kinds[numu_random_below(&fixture->random, 4)];
        model->exposure.latitude[row] = near(&fixture->random, 12, spread);
        model->exposure.longitude[row] = near(&fixture->random, -8, spread);
    }
}

static double degrees(numu_decimal value) {
    return numu_number_to_double(value, NUMU_DECIMAL_DECIMALS);
}

static double distance_to(const struct numu_model *model, numu_row storehouse, numu_row exposure) {
    return numu_geodesic_m(&numu_wgs84,
                           (struct numu_position){degrees(model->storehouse.latitude[storehouse]),
                                                  degrees(model->storehouse.longitude[storehouse])},
                           (struct numu_position){degrees(model->exposure.latitude[exposure]),
                                                  degrees(model->exposure.longitude[exposure])});
}

static double distance_between(const struct numu_model *model, numu_row a, numu_row b) {
    return numu_geodesic_m(&numu_wgs84,
                           (struct numu_position){degrees(model->storehouse.latitude[a]),
                                                  degrees(model->storehouse.longitude[a])},
                           (struct numu_position){degrees(model->storehouse.latitude[b]),
                                                  degrees(model->storehouse.longitude[b])});
}

/* What a distance allows, as an officer would look it up. */
static double allowed(const struct numu_ruleset *set, uint8_t hazard, uint8_t kind,
                      double distance_m) {
    struct numu_pair pair = {.hazard = hazard, .kind = kind};
    const struct numu_distance_rule *rule = numu_ruleset_find(set, &pair).rule;
    return rule == NULL
               ? 0
               : numu_mass_to_kg(numu_distance_law_greatest(
                                     &rule->law, numu_length_from_m(distance_m, set->length)),
                                 set->mass);
}

static double least_by_exposures(const struct numu_model *model, const struct numu_ruleset *set,
                                 numu_row storehouse, uint8_t hazard) {
    double least = INFINITY;
    for (numu_row row = 0; row < model->exposure.head.count; row++) {
        least = fmin(least, allowed(set, hazard, (uint8_t)(model->exposure.kind[row] - 1),
                                    distance_to(model, storehouse, row)));
    }
    return least;
}

/* us-14cfr420: other storehouses are separate, and each caps the other. */
static void limits_are_the_least_of_all(void **state) {
    struct fixture *fixture = *state;
    struct numu_ruleset set;
    rules_read_builtin(&fixture->rules, "us-14cfr420", &set);
    uint8_t magazine = numu_ruleset_kind(&set, NUMU_TEXT("magazine"));
    for (int round = 0; round < ROUNDS; round++) {
        struct numu_model model;
        struct numu_limits limits;
        build_layout(fixture, &model, 12, 30, 20000000);
        assert_int_equal(
            numu_limits_build(&fixture->context, &model, &set, 0x1F, &model.arena, &limits),
            NUMU_OK);
        for (numu_row row = 0; row < 12; row++) {
            for (uint8_t hazard = 0; hazard < 5; hazard++) {
                double least = least_by_exposures(&model, &set, row, hazard);
                for (numu_row other = 0; other < 12; other++) {
                    if (other != row) {
                        least = fmin(least, allowed(&set, hazard, magazine,
                                                    distance_between(&model, row, other)));
                    }
                }
                const struct numu_storehouse_limit *limit = numu_limits_at(&limits, row, hazard);
                assert_true(limit->neq_kg == least);
                assert_true(hazard != NUMU_HAZARD_1_2 ||
                            (limit->neq_kg == 0 && limit->state == NUMU_LIMIT_NOT_DETERMINED));
            }
            assert_int_equal(limits.group[row], row);
        }
        builder_release(&model);
    }
}

/* The same layout without one of its sites has no lower limit. */
static void a_site_more_never_raises_a_limit(void **state) {
    struct fixture *fixture = *state;
    struct numu_ruleset set;
    rules_read_builtin(&fixture->rules, "us-27cfr555", &set);
    for (int round = 0; round < ROUNDS; round++) {
        struct numu_model model;
        struct numu_limits all;
        struct numu_limits fewer;
        build_layout(fixture, &model, 8, 20, 4000000);
        for (numu_row row = 0; row < 8; row++) {
            model.storehouse.longitude[row] += row * NUMU_DECIMAL_ONE; /* none merges */
        }
        assert_int_equal(numu_limits_build(&fixture->context, &model, &set, 1, &model.arena, &all),
                         NUMU_OK);
        model.exposure.head.count = 19;
        assert_int_equal(
            numu_limits_build(&fixture->context, &model, &set, 1, &model.arena, &fewer), NUMU_OK);
        for (numu_row row = 0; row < 8; row++) {
            assert_true(numu_limits_at(&all, row, 0)->neq_kg <=
                        numu_limits_at(&fewer, row, 0)->neq_kg);
        }
        builder_release(&model);
    }
}

/*
 * us-27cfr555 merges. At the fixed point each group has the least limit of its members, and no two
 * groups are nearer than the table allows for the greater of their limits.
 */
static void merging_reaches_a_fixed_point(void **state) {
    struct fixture *fixture = *state;
    struct numu_ruleset set;
    int merged = 0;
    rules_read_builtin(&fixture->rules, "us-27cfr555", &set);
    uint8_t magazine = numu_ruleset_kind(&set, NUMU_TEXT("magazine"));
    for (int round = 0; round < ROUNDS; round++) {
        struct numu_model model;
        struct numu_limits limits;
        build_layout(fixture, &model, 14, 6, 8000000);
        for (numu_row row = 0; row < 14; row++) { /* a depot of some 200 m */
            model.storehouse.latitude[row] = near(&fixture->random, 12, 2000000);
            model.storehouse.longitude[row] = near(&fixture->random, -8, 2000000);
        }
        assert_int_equal(
            numu_limits_build(&fixture->context, &model, &set, 1, &model.arena, &limits), NUMU_OK);
        for (numu_row a = 0; a < 14; a++) {
            double least = INFINITY;
            numu_row root = limits.group[a];
            while (limits.group[root] != root) {
                root = limits.group[root];
            }
            for (numu_row b = 0; b < 14; b++) {
                numu_row other = limits.group[b];
                while (limits.group[other] != other) {
                    other = limits.group[other];
                }
                if (other == root) {
                    least = fmin(least, least_by_exposures(&model, &set, b, 0));
                } else {
                    double most = fmax(numu_limits_at(&limits, a, 0)->neq_kg,
                                       numu_limits_at(&limits, b, 0)->neq_kg);
                    assert_true(allowed(&set, 0, magazine, distance_between(&model, a, b)) >= most);
                }
            }
            assert_true(numu_limits_at(&limits, a, 0)->neq_kg == least);
            merged += root != a;
        }
        builder_release(&model);
    }
    assert_true(merged > 20); /* the layouts do merge some */
}

/* Distances that a separation gives, a barricade, and a storehouse of which nothing is known. */
static void separations_and_unknowns(void **state) {
    struct fixture *fixture = *state;
    struct numu_ruleset set;
    struct numu_model model;
    struct numu_limits limits;
    rules_read_builtin(&fixture->rules, "us-27cfr555", &set);
    builder_init(&model, &fixture->rules.heap);
    builder_take(&model, "storehouse", 3);
    builder_take(&model, "exposure", 2);
    builder_take(&model, "separation", 3);
    model.exposure.kind[0] = numu_exposure_kind_inhabited_building;
    model.exposure.kind[1] = numu_exposure_kind_vulnerable_building;
    for (numu_row row = 0; row < 3; row++) {
        model.separation.storehouse[row] = row == 2 ? 1 : 0;
        model.separation.exposure[row] = row == 2 ? 1 : 0;
        model.separation.distance_m[row] = 119 * NUMU_DECIMAL_ONE; /* 390.4 ft */
    }
    model.separation.barricaded[0] = NUMU_BOOLEAN_TRUE;
    model.separation.storehouse[1] = 2; /* of nobody's interest: storehouse 2 is told by row 1 */
    model.separation.exposure[1] = 0;
    assert_int_equal(numu_limits_build(&fixture->context, &model, &set, 1, &model.arena, &limits),
                     NUMU_OK);
    const struct numu_storehouse_limit *limit = numu_limits_at(&limits, 0, 0);
    assert_true(limit->neq_kg == numu_mass_to_kg(900, NUMU_MASS_LB)); /* 390 ft barricaded */
    assert_int_equal(limit->state, NUMU_LIMIT_FOUND);
    limit = numu_limits_at(&limits, 1, 0);
    assert_true(limit->neq_kg == 0); /* no rule for a vulnerable building */
    assert_int_equal(limit->state, NUMU_LIMIT_NOT_DETERMINED);
    limit = numu_limits_at(&limits, 2, 0);
    assert_true(limit->neq_kg == numu_mass_to_kg(100, NUMU_MASS_LB)); /* 380 ft unbarricaded */
    builder_release(&model);
}

static void nothing_known_allows_nothing(void **state) {
    struct fixture *fixture = *state;
    struct numu_ruleset set;
    struct numu_model model;
    struct numu_limits limits;
    rules_read_builtin(&fixture->rules, "us-14cfr420", &set);
    builder_init(&model, &fixture->rules.heap);
    builder_take(&model, "storehouse", 1);
    assert_int_equal(numu_limits_build(&fixture->context, &model, &set, 1, &model.arena, &limits),
                     NUMU_OK);
    assert_true(numu_limits_at(&limits, 0, 0)->neq_kg == 0);
    assert_int_equal(numu_limits_at(&limits, 0, 0)->state, NUMU_LIMIT_NO_DISTANCE);
    builder_release(&model);
}

/* A set of one page: what its members are, but for the head that all have. */
static void read_set(struct fixture *fixture, const char *members, struct numu_ruleset *out) {
    struct numu_text text;
    assert_int_equal(
        numu_text_printf(&fixture->rules.arena, &text,
                         "{\"format\":\"numu.rules/1\",\"id\":\"t\",\"title\":\"t\","
                         "\"authority\":\"t\",\"edition\":\"1\",\"citation\":\"t\","
                         "\"basis\":\"invented\",\"scope\":\"storage\",\"mass\":\"kg\","
                         "\"length\":\"m\",%s}",
                         members),
        NUMU_OK);
    assert_int_equal(numu_ruleset_read(&fixture->rules.arena, text, 0, &fixture->rules.report, out),
                     NUMU_OK);
}

/*
 * An igloo and an open stack of 1,000 kg each, 50 m apart: the igloo asks for 20 m, the stack for
 * 100 m. They are one storehouse, whichever of them the table names first.
 */
static void the_harder_structure_decides(void **state) {
    struct fixture *fixture = *state;
    struct numu_ruleset set;
    read_set(fixture,
             "\"distances\":["
             "{\"id\":\"a\",\"divisions\":[\"1.1\"],\"to\":[\"public_area\"],\"citation\":"
             "\"a\",\"law\":[{\"over\":0,\"cube_root\":20}]},"
             "{\"id\":\"b\",\"divisions\":[\"1.1\"],\"to\":[\"magazine\"],\"structure\":"
             "\"igloo\",\"citation\":\"b\",\"law\":[{\"over\":0,\"cube_root\":2}]},"
             "{\"id\":\"c\",\"divisions\":[\"1.1\"],\"to\":[\"magazine\"],\"citation\":"
             "\"c\",\"law\":[{\"over\":0,\"cube_root\":10}]}],"
             "\"near\":{\"id\":\"n\",\"treat\":\"merge\",\"citation\":\"n\"}",
             &set);
    for (numu_row igloo = 0; igloo < 2; igloo++) {
        for (int by_points = 0; by_points < 2; by_points++) {
            struct numu_model model;
            struct numu_limits limits;
            builder_init(&model, &fixture->rules.heap);
            builder_take(&model, "storehouse", 2);
            builder_take(&model, "exposure", 1);
            builder_take(&model, "separation", by_points == 1 ? 2 : 3);
            model.exposure.kind[0] = numu_exposure_kind_public_area;
            model.storehouse.structure[igloo] = NUMU_TEXT("igloo");
            for (numu_row row = 0; row < 2; row++) {
                model.separation.storehouse[row] = row;
                model.separation.exposure[row] = 0;
                model.separation.distance_m[row] = 200 * NUMU_DECIMAL_ONE;
                if (by_points == 1) { /* 0.00045 degrees of latitude are 50 m */
                    model.storehouse.latitude[row] = 12 * NUMU_DECIMAL_ONE + row * 450000;
                    model.storehouse.longitude[row] = -8 * NUMU_DECIMAL_ONE;
                }
            }
            if (by_points == 0) {
                model.separation.storehouse[2] = 0;
                model.separation.other[2] = 1;
                model.separation.distance_m[2] = 50 * NUMU_DECIMAL_ONE;
            }
            assert_int_equal(
                numu_limits_build(&fixture->context, &model, &set, 1, &model.arena, &limits),
                NUMU_OK);
            assert_true(fabs(numu_limits_at(&limits, 0, 0)->neq_kg - 1000) < 1e-6);
            assert_int_equal(limits.group[0], 0);
            assert_int_equal(limits.group[1], 0);
            builder_release(&model);
        }
    }
}

/*
 * 1.5 has no law of its own, and 1.2 with 1.3 counts as 1.1; a package without any 1.1 has limits
 * for both all the same.
 */
static void what_loads_count_as_has_limits(void **state) {
    struct fixture *fixture = *state;
    struct numu_ruleset set;
    struct numu_model model;
    struct numu_limits limits;
    read_set(fixture,
             "\"distances\":["
             "{\"id\":\"a\",\"divisions\":[\"1.1\"],\"to\":[\"public_area\"],\"citation\":"
             "\"a\",\"law\":[{\"over\":0,\"cube_root\":20}]},"
             "{\"id\":\"b\",\"divisions\":[\"1.2\",\"1.3\"],\"to\":[\"public_area\"],"
             "\"citation\":\"b\",\"law\":[{\"over\":0,\"cube_root\":6}]}],"
             "\"aggregation\":[{\"id\":\"c\",\"together\":[\"1.2\",\"1.3\"],\"as\":\"1.1\","
             "\"citation\":\"c\"},{\"id\":\"e\",\"together\":[\"1.1\",\"1.4\"],\"as\":"
             "\"1.1\",\"citation\":\"e\"}],"
             "\"substitutes\":[{\"id\":\"d\",\"division\":\"1.5\",\"use\":\"1.1\","
             "\"citation\":\"d\"}]",
             &set);
    builder_init(&model, &fixture->rules.heap);
    builder_take(&model, "storehouse", 1);
    builder_take(&model, "exposure", 1);
    builder_take(&model, "separation", 1);
    model.exposure.kind[0] = numu_exposure_kind_public_area;
    model.separation.storehouse[0] = 0;
    model.separation.exposure[0] = 0;
    model.separation.distance_m[0] = 200 * NUMU_DECIMAL_ONE;
    uint32_t asked = 1U << NUMU_HAZARD_1_2 | 1U << NUMU_HAZARD_1_3;
    assert_int_equal(
        numu_limits_build(&fixture->context, &model, &set, asked, &model.arena, &limits), NUMU_OK);
    assert_int_equal(limits.hazards, asked);
    assert_true(fabs(numu_limits_of_class(&limits, 0, asked) - 1000) < 1e-6);
    struct numu_load load = {{0}};
    load.neq_kg[NUMU_HAZARD_1_2] = 100;
    assert_true(fabs(numu_limits_room(&limits, 0, &load, NUMU_HAZARD_1_3) - 900) < 1e-6);
    asked = 1U << NUMU_HAZARD_1_4 | 1U << NUMU_HAZARD_1_5;
    assert_int_equal(
        numu_limits_build(&fixture->context, &model, &set, asked, &model.arena, &limits), NUMU_OK);
    load = (struct numu_load){{0}};
    load.neq_kg[NUMU_HAZARD_1_4] = 400;
    load.neq_kg[NUMU_HAZARD_1_5] = 500;
    assert_true(numu_limits_allow(&limits, 0, &load)); /* as 900 kg of 1.1 */
    load.neq_kg[NUMU_HAZARD_1_5] = 700;
    assert_false(numu_limits_allow(&limits, 0, &load));
    builder_release(&model);
}

/* --- mixed loads --- */

static const char mixed_rules[] =
    "{\"format\":\"numu.rules/"
    "1\",\"id\":\"t\",\"title\":\"t\",\"authority\":\"t\",\"edition\":\"1\","
    "\"citation\":\"t\",\"basis\":\"invented\",\"scope\":\"storage\",\"mass\":\"kg\",\"length\":"
    "\"m\","
    "\"distances\":["
    "{\"id\":\"a\",\"divisions\":[\"1.1\"],\"to\":[\"public_area\"],\"citation\":\"a\","
    "\"law\":[{\"over\":0,\"cube_root\":20}]},"
    "{\"id\":\"b\",\"divisions\":[\"1.3\"],\"to\":[\"public_area\"],\"citation\":\"b\","
    "\"law\":[{\"over\":0,\"cube_root\":6}]},"
    "{\"id\":\"c\",\"divisions\":[\"1.2\"],\"to\":[\"public_area\"],\"citation\":\"c\","
    "\"law\":[{\"over\":0,\"power\":[50,0.2]}]}],"
    "\"aggregation\":["
    "{\"id\":\"d\",\"together\":[\"1.2\",\"1.3\"],\"each\":true,\"citation\":\"d\"},"
    "{\"id\":\"e\",\"together\":[\"1.1\",\"1.2\",\"1.3\"],\"as\":\"1.1\","
    "\"weights\":{\"1.3\":0.5},\"citation\":\"e\"}]}";

static void random_load(struct numu_random *random, double most, struct numu_load *load) {
    memset(load, 0, sizeof *load);
    for (uint8_t hazard = 0; hazard < 3; hazard++) {
        if (numu_random_below(random, 2) == 0) {
            load->neq_kg[hazard] = most * (double)numu_random_below(random, 1000) / 1000;
        }
    }
}

static void joint_limits_against_brute_force(void **state) {
    struct fixture *fixture = *state;
    struct numu_ruleset set;
    struct numu_model model;
    struct numu_limits limits;
    struct numu_text bytes = {mixed_rules, sizeof mixed_rules - 1};
    assert_int_equal(
        numu_ruleset_read(&fixture->rules.arena, bytes, 0, &fixture->rules.report, &set), NUMU_OK);
    builder_init(&model, &fixture->rules.heap);
    builder_take(&model, "storehouse", 1);
    builder_take(&model, "exposure", 1);
    builder_take(&model, "separation", 1);
    model.exposure.kind[0] = numu_exposure_kind_public_area;
    model.separation.storehouse[0] = 0;
    model.separation.exposure[0] = 0;
    model.separation.distance_m[0] = 200 * NUMU_DECIMAL_ONE;
    assert_int_equal(numu_limits_build(&fixture->context, &model, &set, 7, &model.arena, &limits),
                     NUMU_OK);
    /* (200/20)^3, (200/6)^3, (200/50)^5 */
    assert_true(fabs(numu_limits_at(&limits, 0, NUMU_HAZARD_1_1)->neq_kg - 1000) < 1e-6);
    assert_true(fabs(numu_limits_at(&limits, 0, NUMU_HAZARD_1_3)->neq_kg - 37037.037) < 1e-2);
    assert_true(fabs(numu_limits_at(&limits, 0, NUMU_HAZARD_1_2)->neq_kg - 1024) < 1e-6);
    double class_limit = numu_limits_of_class(&limits, 0, 7);
    assert_true(fabs(class_limit - 1000) < 1e-6);
    assert_true(fabs(numu_limits_of_class(&limits, 0, 4) - 37037.037) < 1e-2);
    for (int round = 0; round < LOADS; round++) {
        struct numu_load load;
        random_load(&fixture->random, round % 2 == 0 ? 1200 : 40000, &load);
        double total = load.neq_kg[0] + load.neq_kg[1] + load.neq_kg[2];
        if (total > 0 && total <= class_limit) {
            assert_true(numu_limits_allow(&limits, 0, &load));
        }
        for (uint8_t hazard = 0; hazard < 3; hazard++) {
            double room = numu_limits_room(&limits, 0, &load, hazard);
            struct numu_load more = load;
            double found = 0;
            /* The scan: by halving over what is allowed, which only ever turns from yes to no. */
            double step = 65536;
            for (; numu_limits_allow(&limits, 0, &load) && step > 1e-7; step /= 2) {
                more.neq_kg[hazard] = load.neq_kg[hazard] + found + step;
                found += numu_limits_allow(&limits, 0, &more) ? step : 0;
            }
            if (fabs(room - found) > 1e-3) {
                fail_msg("room %.6f, scan %.6f", room, found);
            }
        }
    }
    builder_release(&model);
}

static void without_memory(void **state) {
    struct fixture *fixture = *state;
    struct numu_heap *heap = &fixture->rules.heap;
    struct numu_ruleset set;
    struct numu_model model;
    bool is_done = false;
    rules_read_builtin(&fixture->rules, "us-27cfr555", &set);
    build_layout(fixture, &model, 6, 6, 2000000);
    for (uint_fast64_t n = 1; !is_done; n++) {
        struct numu_arena arena;
        struct numu_limits limits;
        struct numu_limit_bound *bounds;
        size_t count = 0;
        numu_arena_init(&arena, heap);
        heap->fail_at = heap->count + n;
        numu_status status = numu_limits_build(&fixture->context, &model, &set, 1, &arena, &limits);
        if (status == NUMU_OK) {
            status = numu_limits_bounds(&model, &set, 0, 0, &arena, &bounds, &count);
        }
        heap->fail_at = 0;
        is_done = status == NUMU_OK;
        assert_true(is_done ? count == 11 && n > 1 : status == NUMU_MEMORY);
        numu_arena_release(&arena);
    }
    builder_release(&model);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(limits_are_the_least_of_all, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_site_more_never_raises_a_limit, set_up, tear_down),
        cmocka_unit_test_setup_teardown(merging_reaches_a_fixed_point, set_up, tear_down),
        cmocka_unit_test_setup_teardown(separations_and_unknowns, set_up, tear_down),
        cmocka_unit_test_setup_teardown(nothing_known_allows_nothing, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_harder_structure_decides, set_up, tear_down),
        cmocka_unit_test_setup_teardown(what_loads_count_as_has_limits, set_up, tear_down),
        cmocka_unit_test_setup_teardown(without_memory, set_up, tear_down),
        cmocka_unit_test_setup_teardown(joint_limits_against_brute_force, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
