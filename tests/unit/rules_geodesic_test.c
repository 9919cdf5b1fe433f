/*
 * Goal: geodesics to a millimetre, symmetric, and within their bounds from the chord.
 * Method: the three lines of Vincenty's own paper (1975, table II) on its ellipsoids; the quadrant
 * of the meridian and of the equator of WGS 84; a line of GDA94's technical manual; properties at
 * random.
 */
#include "rules/geodesic.h"

#include "base/random.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>

enum { SEED = 1975, ROUNDS = 20000 };

static double degrees(double d, double minutes, double seconds) {
    double size = fabs(d) + minutes / 60 + seconds / 3600;
    return signbit(d) ? -size : size;
}

static void check(const struct numu_ellipsoid *ellipsoid, struct numu_position from,
                  struct numu_position to, double expected_m, double within_m) {
    double forth = numu_geodesic_m(ellipsoid, from, to);
    double back = numu_geodesic_m(ellipsoid, to, from);
    if (!(fabs(forth - expected_m) <= within_m && fabs(back - forth) < 1e-6)) {
        fail_msg("%.6f m, back %.6f m, expected %.6f m", forth, back, expected_m);
    }
}

/* Lengths are printed to a millimetre. */
static void published_lines(void **state) {
    (void)state;
    const struct numu_ellipsoid bessel = {6377397.155, 1 / 299.1528128};
    const struct numu_ellipsoid international = {6378388.0, 1 / 297.0};
    check(&bessel, (struct numu_position){degrees(55, 45, 0), 0},
          (struct numu_position){degrees(-33, 26, 0), degrees(108, 13, 0)}, 14110526.170, 0.002);
    check(&international, (struct numu_position){degrees(37, 19, 54.95367), 0},
          (struct numu_position){degrees(26, 7, 42.83946), degrees(41, 28, 35.50729)}, 4085966.703,
          0.002);
    check(&international, (struct numu_position){degrees(35, 16, 11.24862), 0},
          (struct numu_position){degrees(67, 22, 14.77638), degrees(137, 47, 28.31435)},
          8084823.839, 0.002);
}

/* Geocentric Datum of Australia, Technical Manual: Flinders Peak to Buninyong, on GRS 80. */
static void line_of_the_australian_manual(void **state) {
    (void)state;
    const struct numu_ellipsoid grs80 = {6378137.0, 1 / 298.257222101};
    check(&grs80, (struct numu_position){degrees(-37, 57, 3.72030), degrees(144, 25, 29.52440)},
          (struct numu_position){degrees(-37, 39, 10.15610), degrees(143, 55, 35.38390)}, 54972.271,
          0.001);
}

/* NIMA TR8350.2: the quadrant of the meridian is 10 001 965.7293 m. */
static void quadrants(void **state) {
    (void)state;
    check(&numu_wgs84, (struct numu_position){0, 10}, (struct numu_position){90, 10}, 10001965.7293,
          0.001);
    check(&numu_wgs84, (struct numu_position){0, 170}, (struct numu_position){0, -100},
          6378137.0 * 1.5707963267948966, 0.001);
    check(&numu_wgs84, (struct numu_position){12.6, -8}, (struct numu_position){12.6, -8}, 0, 0);
}

/* Almost opposite: less than the true length, which is at least that over the pole. */
static void opposite_places_are_safe(void **state) {
    (void)state;
    struct numu_position here = {0.1, 0};
    struct numu_position there = {-0.2, 179.9};
    double length = numu_geodesic_m(&numu_wgs84, here, there);
    assert_true(length > 12.7e6 && length < 20.01e6);
}

static struct numu_position random_position(struct numu_random *random, double around) {
    double x = (double)numu_random_below(random, 2000001) / 1e6 - 1;
    double y = (double)numu_random_below(random, 2000001) / 1e6 - 1;
    return (struct numu_position){x * (around < 90 ? around : 90), y * around * 2};
}

/* chord <= geodesic <= bound, and the bound is tight where storehouses stand. */
static void chords_bound_geodesics(void **state) {
    (void)state;
    print_message("# seed %d\n", SEED);
    struct numu_random random;
    numu_random_init(&random, SEED, 0);
    for (int round = 0; round < ROUNDS; round++) {
        double around = round % 2 == 0 ? 80 : 0.02;
        struct numu_position a = random_position(&random, 80);
        struct numu_position b = random_position(&random, around);
        if (round % 2 != 0) {
            b = (struct numu_position){a.latitude + b.latitude, a.longitude + b.longitude};
        }
        double chord = numu_point_chord_m(numu_position_point(&numu_wgs84, a),
                                          numu_position_point(&numu_wgs84, b));
        double length = numu_geodesic_m(&numu_wgs84, a, b);
        double most = numu_chord_geodesic_max_m(&numu_wgs84, chord);
        assert_true(chord <= length + 1e-6);
        assert_true(length <= most + 1e-6);
        if (round % 2 != 0) {
            assert_true(most - chord < 1e-2);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(published_lines),
        cmocka_unit_test(line_of_the_australian_manual),
        cmocka_unit_test(quadrants),
        cmocka_unit_test(opposite_places_are_safe),
        cmocka_unit_test(chords_bound_geodesics),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
