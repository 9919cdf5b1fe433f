/*
 * Goal: every published value comes back as written, forwards and through its inverse; the running
 * maximum and its inverse keep [L4] over the whole range; units convert results, never
 * coefficients. Method: the tables of tests/data/storage (public law, read apart from the rule
 * sets) and the inverse formulas of 14 CFR 420; laws and quantities at random against a scan.
 */
#include "rules/distance.h"

#include "base/random.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "rules_builtin.h"

#include <math.h>

enum { SEED = 420, ROUNDS = 4000 };

static const struct numu_distance_law *law_for(const struct numu_ruleset *set, const char *hazard,
                                               const char *kind, bool is_barricaded) {
    struct numu_pair pair = {.hazard = numu_ruleset_hazard(set, numu_text_of(hazard)),
                             .kind = numu_ruleset_kind(set, numu_text_of(kind)),
                             .is_barricaded = is_barricaded};
    assert_int_not_equal(pair.hazard, NUMU_NO_HAZARD);
    assert_int_not_equal(pair.kind, NUMU_NO_HAZARD);
    struct numu_distance_answer answer = numu_ruleset_find(set, &pair);
    assert_non_null(answer.rule);
    assert_int_equal(answer.substitute_hazard, NUMU_NONE);
    assert_int_equal(answer.substitute_kind, NUMU_NONE);
    return &answer.rule->law;
}

/* Forwards, and through greatest: what the distance allows is at least the quantity of the row. */
static void check_value(const struct numu_distance_law *law, double quantity, double expected,
                        double within) {
    double value = numu_distance_law_value(law, quantity);
    if (!(fabs(value - expected) <= within)) {
        fail_msg("%.3f at %.3f, expected %.3f", value, quantity, expected);
    }
    double required = numu_distance_law_required(law, quantity);
    assert_true(required >= value);
    double greatest = numu_distance_law_greatest(law, required);
    assert_true(greatest >= quantity);
    assert_true(numu_distance_law_required(law, greatest) <= required);
}

static void table_e1(void **state) {
    struct numu_ruleset set;
    double row[3];
    int count = 0;
    rules_read_builtin(*state, "us-14cfr420", &set);
    const struct numu_distance_law *area = law_for(&set, "1.1", "public_area", false);
    const struct numu_distance_law *route = law_for(&set, "1.1", "public_traffic_route", false);
    FILE *file = rules_open_table("us_14cfr420_E1_hd11.csv");
    for (; rules_next_figures(file, row, 3) == 3; count++) {
        check_value(area, row[0], row[1], 1);
        check_value(route, row[0], row[2], 1);
    }
    (void)fclose(file);
    assert_int_equal(count, 19);
    /* More values of the same formulas, computed apart. */
    static const double more[][3] = {{50000, 1474, 884},
                                     {100000, 1857, 1114},
                                     {150000, 2346, 1408},
                                     {250000, 3151, 1891},
                                     {500000, 3969, 2381}};
    for (size_t i = 0; i < sizeof more / sizeof more[0]; i++) {
        check_value(area, more[i][0], more[i][1], 1.5);
        check_value(route, more[i][0], more[i][2], 1.5);
    }
}

static void table_e3(void **state) {
    struct numu_ruleset set;
    double row[2];
    int count = 0;
    rules_read_builtin(*state, "us-14cfr420", &set);
    const struct numu_distance_law *law = law_for(&set, "1.1", "intraline", false);
    FILE *file = rules_open_table("us_14cfr420_E3_hd11_intraline.csv");
    for (; rules_next_figures(file, row, 2) == 2; count++) {
        check_value(law, row[0], row[1], 1);
    }
    (void)fclose(file);
    assert_int_equal(count, 12);
    /* Only the rows that were read. */
    assert_true(numu_distance_law_covers(law, 50));
    assert_false(numu_distance_law_covers(law, 49.99));
    assert_true(numu_distance_law_covers(law, 3000));
    assert_false(numu_distance_law_covers(law, 3000.01));
    assert_true(numu_distance_law_greatest(law, 1e6) == 3000);
}

/* The law steps down by 7 ft at 30,000 lb; the running maximum does not. */
static void step_down_is_kept_as_written(void **state) {
    struct numu_ruleset set;
    rules_read_builtin(*state, "us-14cfr420", &set);
    const struct numu_distance_law *law = law_for(&set, "1.1", "public_area", false);
    double above = nextafter(30000, INFINITY);
    assert_true(numu_distance_law_value(law, 30000) == 1250);
    assert_true(fabs(numu_distance_law_value(law, above) - 1242.9) < 0.1);
    assert_true(numu_distance_law_required(law, above) == 1250);
    /* 40 q^(1/3) = 1250 */
    assert_true(fabs(numu_distance_law_greatest(law, 1250) - 30517.578125) < 1e-6);
    assert_true(numu_distance_law_greatest(law, 1249.999) == 450);
}

/* The inverse formulas that 14 CFR 420 itself prints, rounded there to the digits shown. */
static void printed_inverses(void **state) {
    struct numu_ruleset set;
    rules_read_builtin(*state, "us-14cfr420", &set);
    const struct numu_distance_law *law = law_for(&set, "1.1", "public_area", false);
    for (double d = 300; d < 656; d += 7) {
        double printed = exp(d / 79.2 - 3.678);
        assert_true(fabs(numu_distance_law_greatest(law, d) / printed - 1) < 2e-3);
    }
    for (double d = 659; d < 1243; d += 7) {
        double printed = exp(d / 389 + 2.914);
        assert_true(fabs(numu_distance_law_greatest(law, d) / printed - 1) < 2e-3);
    }
    for (double d = 1251; d < 1857; d += 7) {
        assert_true(fabs(numu_distance_law_greatest(law, d) / (d * d * d / 64000) - 1) < 1e-9);
    }
    for (double d = 1860; d < 3150; d += 7) {
        double printed = 0.2162 * pow(d, 1.7331);
        assert_true(fabs(numu_distance_law_greatest(law, d) / printed - 1) < 2e-3);
    }
    for (double d = 3151; d < 9000; d += 70) {
        assert_true(fabs(numu_distance_law_greatest(law, d) / (d * d * d / 125000) - 1) < 1e-3);
    }
    assert_true(numu_distance_law_greatest(law, 235.9) == 0); /* below 236 ft nothing is allowed */
}

static const struct {
    const char *kind;
    bool is_barricaded;
} columns_218[] = {{"inhabited_building", true},
                   {"inhabited_building", false},
                   {"public_highway", true},
                   {"public_highway", false},
                   {"railway", true},
                   {"railway", false},
                   {"magazine", true},
                   {"magazine", false}};

static void table_218(void **state) {
    struct numu_ruleset set;
    double row[10];
    int count = 0;
    rules_read_builtin(*state, "us-27cfr555", &set);
    FILE *file = rules_open_table("us_27cfr555_218_partial.csv");
    for (; rules_next_figures(file, row, 10) == 10; count++) {
        for (size_t i = 0; i < 8; i++) {
            const struct numu_distance_law *law =
                law_for(&set, "1.1", columns_218[i].kind, columns_218[i].is_barricaded);
            /* "over, not over": never interpolated. */
            check_value(law, nextafter(row[0], INFINITY), row[2 + i], 0);
            check_value(law, (row[0] + row[1]) / 2, row[2 + i], 0);
            check_value(law, row[1], row[2 + i], 0);
            assert_true(numu_distance_law_greatest(law, row[2 + i]) >= row[1]);
        }
    }
    (void)fclose(file);
    assert_int_equal(count, 35);
    const struct numu_distance_law *law = law_for(&set, "1.1", "inhabited_building", true);
    assert_true(numu_distance_law_greatest(law, 390) == 900);
    assert_true(numu_distance_law_greatest(law, 389.9) == 800);
    assert_false(numu_distance_law_covers(law, 12000.5));
    assert_false(numu_distance_law_covers(law, 2));
}

static void tables_219_and_220(void **state) {
    struct numu_ruleset set;
    double row[5];
    int count = 0;
    rules_read_builtin(*state, "us-27cfr555", &set);
    FILE *file = rules_open_table("us_27cfr555_219_partial.csv");
    for (; rules_next_figures(file, row, 5) == 5; count++) {
        check_value(law_for(&set, "low_explosive", "inhabited_building", false), row[1], row[2], 0);
        check_value(law_for(&set, "low_explosive", "public_highway", false), row[1], row[3], 0);
        check_value(law_for(&set, "low_explosive", "railway", true), row[1], row[3], 0);
        check_value(law_for(&set, "low_explosive", "magazine", false), row[1], row[4], 0);
    }
    (void)fclose(file);
    file = rules_open_table("us_27cfr555_220_partial.csv");
    for (; rules_next_figures(file, row, 5) == 5; count++) {
        check_value(law_for(&set, "1.1", "ammonium_nitrate", true), row[1], row[2], 0);
        check_value(law_for(&set, "1.1", "ammonium_nitrate", false), row[1], 6 * row[2], 0);
        check_value(law_for(&set, "1.1", "blasting_agent", true), row[1], row[3], 0);
        check_value(law_for(&set, "1.1", "blasting_agent", false), row[1], 6 * row[3], 0);
        struct numu_pair pair = {.hazard = NUMU_HAZARD_1_1,
                                 .kind = numu_ruleset_kind(&set, NUMU_TEXT("blasting_agent")),
                                 .is_barricaded = true};
        const struct numu_distance_rule *rule = numu_ruleset_find(&set, &pair).rule;
        assert_true(numu_distance_law_value(&rule->barricade_in, row[1]) == row[4]);
    }
    (void)fclose(file);
    assert_int_equal(count, 9);
}

/*
 * The factors of NASA-STD-8719.12A table E-1 in feet and pounds against those printed for metres.
 */
static void k_factors_convert_as_results(void **state) {
    (void)state;
    double row[4];
    int count = 0;
    FILE *file = rules_open_table("k_factors_nasa_8719_12A_E1.csv");
    char line[256];
    while (fgets(line, sizeof line, file) != NULL) {
        const char *last = strrchr(line, ',');
        if (line[0] < '0' || line[0] > '9') {
            continue;
        }
        row[0] = strtod(line, NULL);
        row[3] = strtod(last + 1, NULL);
        struct numu_distance_piece piece = {
            .from = 0, .to = INFINITY, .form = NUMU_DISTANCE_CUBE_ROOT, .a = row[0]};
        struct numu_distance_law law = {.piece = &piece, .count = 1, .factor = 1};
        double lb = numu_mass_from_kg(1000, NUMU_MASS_LB);
        double m = numu_length_to_m(numu_distance_law_required(&law, lb), NUMU_LENGTH_FT);
        assert_true(fabs(m - 10 * row[3]) < 0.0061 * 10); /* printed to two or three decimals */
        count++;
    }
    (void)fclose(file);
    assert_int_equal(count, 8);
}

/*
 * A trap that published rules fell into: 8 W^(2/3) lb of equivalent explosive was printed as
 * 4.13 Q^(2/3) kg, as if the result were a length. Kept in its own units and converted as a mass,
 * it is 6.147 Q^(2/3) kg.
 */
static void coefficients_are_never_converted(void **state) {
    (void)state;
    struct numu_distance_piece piece = {
        .from = 0, .to = INFINITY, .form = NUMU_DISTANCE_POWER, .a = 8, .b = 2.0 / 3};
    struct numu_distance_law law = {.piece = &piece, .count = 1, .factor = 1};
    for (double kg = 1; kg < 1e6; kg *= 3) {
        double lb = numu_mass_from_kg(kg, NUMU_MASS_LB);
        double equivalent_kg = numu_mass_to_kg(numu_distance_law_value(&law, lb), NUMU_MASS_LB);
        assert_true(fabs(equivalent_kg / pow(kg, 2.0 / 3) - 6.147) < 5e-4);
        double as_length = numu_length_to_m(numu_distance_law_value(&law, lb), NUMU_LENGTH_FT);
        assert_true(fabs(as_length / pow(kg, 2.0 / 3) - 4.13) < 2e-3);
    }
}

/* --- laws at random --- */

/* A random law that keeps [L1]; steps down between pieces are allowed. */
static void random_law(struct numu_random *random, struct numu_distance_piece *pieces,
                       struct numu_distance_law *law) {
    size_t count = 1 + numu_random_below(random, 6);
    double over =
        numu_random_below(random, 2) == 0 ? nextafter(0, 1) : (double)numu_random_below(random, 50);
    for (size_t i = 0; i < count; i++) {
        double a = 1 + (double)numu_random_below(random, 100);
        pieces[i] = (struct numu_distance_piece){
            .from = over,
            .to = i + 1 == count && numu_random_below(random, 2) == 0
                      ? INFINITY
                      : over + 1 + (double)numu_random_below(random, 5000),
            .form = (numu_distance_form)numu_random_below(random, 5),
            .a = a,
            .b = (double)numu_random_below(random, 100) / 100};
        over = nextafter(pieces[i].to, INFINITY);
    }
    *law = (struct numu_distance_law){.piece = pieces,
                                      .count = count,
                                      .factor = 0.5 + (double)numu_random_below(random, 4) / 2,
                                      .minimum = (double)numu_random_below(random, 3) * 40};
}

static void inverses_hold_everywhere(void **state) {
    (void)state;
    print_message("# seed %d\n", SEED);
    struct numu_random random;
    numu_random_init(&random, SEED, 0);
    for (int round = 0; round < ROUNDS; round++) {
        struct numu_distance_piece pieces[6];
        struct numu_distance_law law;
        random_law(&random, pieces, &law);
        double from = numu_distance_law_from(&law);
        double to = numu_distance_law_to(&law);
        to = isinf(to) ? from + 20000 : to;
        double before = 0;
        double before_greatest = 0;
        for (int step = 1; step <= 40; step++) {
            double quantity = fmin(from + (to - from) * step / 40, to);
            double required = numu_distance_law_required(&law, quantity);
            double greatest = numu_distance_law_greatest(&law, required);
            assert_true(required >= before); /* [L3] */
            assert_true(greatest >= quantity &&
                        numu_distance_law_required(&law, greatest) <= required);
            before = required;
            double distance = (double)numu_random_below(&random, 100000) / 50;
            greatest = numu_distance_law_greatest(&law, distance);
            if (greatest > 0) {
                assert_true(numu_distance_law_required(&law, greatest) <= distance);
                double more = greatest * (1 + 1e-9);
                if (numu_distance_law_covers(&law, more) &&
                    numu_distance_law_required(&law, more) <= distance && greatest < 1e14 &&
                    greatest > 1e-300) {
                    fail_msg("%.17g of %.17g allows %.17g, too", greatest, distance, more);
                }
            }
            /* more distance never allows less */
            double here = numu_distance_law_greatest(&law, 10.0 * step);
            assert_true(here >= before_greatest);
            before_greatest = here;
        }
    }
}

/* Half of a rule that is never less than 100 is never less than 50, unless it says more itself. */
static void shares_keep_the_minimum(void **state) {
    struct rules_fixture *fixture = *state;
    struct numu_ruleset set;
    struct numu_text bytes = NUMU_TEXT(
        "{\"format\":\"numu.rules/1\",\"id\":\"t\",\"title\":\"t\",\"authority\":\"t\","
        "\"edition\":\"1\",\"citation\":\"t\",\"basis\":\"invented\",\"scope\":\"storage\","
        "\"mass\":\"kg\",\"length\":\"m\",\"distances\":["
        "{\"id\":\"a\",\"divisions\":[\"1.1\"],\"to\":[\"inhabited_building\"],\"citation\":"
        "\"a\",\"law\":[{\"over\":0,\"cube_root\":20}],\"minimum\":100},"
        "{\"id\":\"b\",\"divisions\":[\"1.1\"],\"to\":[\"public_road\"],\"citation\":\"b\","
        "\"of\":\"a\",\"factor\":0.5},"
        "{\"id\":\"c\",\"divisions\":[\"1.1\"],\"to\":[\"railway\"],\"citation\":\"c\","
        "\"of\":\"b\",\"factor\":0.5,\"minimum\":40}]}");
    assert_int_equal(numu_ruleset_read(&fixture->arena, bytes, 0, &fixture->report, &set), NUMU_OK);
    const struct numu_distance_law *road = law_for(&set, "1.1", "public_road", false);
    const struct numu_distance_law *rail = law_for(&set, "1.1", "railway", false);
    assert_true(numu_distance_law_required(road, 8) == 50); /* not 20 */
    assert_true(fabs(numu_distance_law_required(road, 1000) - 100) < 1e-9);
    assert_true(numu_distance_law_greatest(road, 49) == 0);
    assert_true(numu_distance_law_required(rail, 8) == 40); /* its own, above half of 50 */
}

static int set_up(void **state) {
    static struct rules_fixture fixture;
    rules_set_up(&fixture);
    *state = &fixture;
    return 0;
}

static int tear_down(void **state) {
    rules_tear_down(*state);
    return 0;
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(table_e1, set_up, tear_down),
        cmocka_unit_test_setup_teardown(table_e3, set_up, tear_down),
        cmocka_unit_test_setup_teardown(step_down_is_kept_as_written, set_up, tear_down),
        cmocka_unit_test_setup_teardown(printed_inverses, set_up, tear_down),
        cmocka_unit_test_setup_teardown(table_218, set_up, tear_down),
        cmocka_unit_test_setup_teardown(tables_219_and_220, set_up, tear_down),
        cmocka_unit_test_setup_teardown(shares_keep_the_minimum, set_up, tear_down),
        cmocka_unit_test(k_factors_convert_as_results),
        cmocka_unit_test(coefficients_are_never_converted),
        cmocka_unit_test(inverses_hold_everywhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
