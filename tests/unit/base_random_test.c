/*
 * Goal: the generator is xoshiro256** seeded by splitmix64, and what is drawn from it is uniform.
 * Method: published first outputs of both; chi-square of numu_random_below; moments and range of
 * numu_random_unit; streams that differ and repeat.
 */
#include "base/random.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

enum { SEED = 20260303 };

/* Output of the authors' xoshiro256starstar.c from the state {1, 2, 3, 4}, as in rand_xoshiro. */
static void xoshiro_gives_the_published_numbers(void **state) {
    (void)state;
    static const uint64_t published[] = {
        UINT64_C(11520),
        UINT64_C(0),
        UINT64_C(1509978240),
        UINT64_C(1215971899390074240),
        UINT64_C(1216172134540287360),
        UINT64_C(607988272756665600),
        UINT64_C(16172922978634559625),
        UINT64_C(8476171486693032832),
        UINT64_C(10595114339597558777),
        UINT64_C(2904607092377533576),
    };
    struct numu_random random = {{1, 2, 3, 4}};
    for (size_t i = 0; i < sizeof published / sizeof published[0]; i++) {
        assert_true(numu_random_next(&random) == published[i]);
    }
}

static uint64_t splitmix64(uint64_t *state) {
    uint64_t z = (*state += 0x9e3779b97f4a7c15);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    return z ^ (z >> 31);
}

/* Output of splitmix64.c from 1234567, as on Rosetta Code; then the state as random.h says. */
static void state_is_filled_by_splitmix(void **state) {
    (void)state;
    static const uint64_t published[] = {
        UINT64_C(6457827717110365317),  UINT64_C(3203168211198807973),
        UINT64_C(9817491932198370423),  UINT64_C(4593380528125082431),
        UINT64_C(16408922859458223821),
    };
    uint64_t counter = 1234567;
    for (size_t i = 0; i < sizeof published / sizeof published[0]; i++) {
        assert_true(splitmix64(&counter) == published[i]);
    }
    struct numu_random random;
    numu_random_init(&random, 1234567, 42);
    counter = published[0] ^ 42;
    for (int i = 0; i < 4; i++) {
        assert_true(random.state[i] == splitmix64(&counter));
    }
}

static void streams_repeat_and_differ(void **state) {
    (void)state;
    uint64_t first[1000];
    for (uint64_t stream = 0; stream < 1000; stream++) {
        struct numu_random a;
        struct numu_random b;
        numu_random_init(&a, SEED, stream);
        numu_random_init(&b, SEED, stream);
        first[stream] = numu_random_next(&a);
        assert_true(first[stream] == numu_random_next(&b));
        for (uint64_t other = 0; other < stream; other++) {
            if (first[stream] == first[other]) {
                fail_msg("streams %d and %d begin alike", (int)stream, (int)other);
            }
        }
        numu_random_init(&b, SEED + 1, stream);
        assert_true(numu_random_next(&b) != first[stream]);
    }
}

static void below_is_uniform(void **state) {
    (void)state;
    print_message("# seed %d\n", SEED);
    struct numu_random random;
    numu_random_init(&random, SEED, 1);
    enum { DRAWS = 100000 };
    for (uint64_t n = 1; n <= 20; n++) {
        uint32_t counts[20] = {0};
        for (int i = 0; i < DRAWS; i++) {
            uint64_t drawn = numu_random_below(&random, n);
            assert_true(drawn < n);
            counts[drawn]++;
        }
        double chi_square = 0;
        for (uint64_t i = 0; i < n; i++) {
            double expected = DRAWS / (double)n;
            chi_square += (counts[i] - expected) * (counts[i] - expected) / expected;
        }
        assert_true(chi_square < 55); /* 19 degrees of freedom: 2·10^-5 */
    }
    /* n = 3·2^62: without rejection a third of the results would come twice as often. */
    uint64_t n = UINT64_C(3) << 62;
    uint32_t thirds[3] = {0};
    for (int i = 0; i < DRAWS; i++) {
        uint64_t drawn = numu_random_below(&random, n);
        assert_true(drawn < n);
        thirds[drawn % 3]++;
    }
    for (int i = 0; i < 3; i++) {
        assert_in_range(thirds[i], DRAWS / 3 - 700, DRAWS / 3 + 700);
    }
}

static void unit_is_uniform(void **state) {
    (void)state;
    print_message("# seed %d\n", SEED);
    struct numu_random random;
    numu_random_init(&random, SEED, 2);
    enum { DRAWS = 1000000 };
    double sum = 0;
    double squares = 0;
    for (int i = 0; i < DRAWS; i++) {
        double drawn = numu_random_unit(&random);
        if (!(drawn >= 0 && drawn < 1)) {
            fail_msg("%g", drawn);
        }
        sum += drawn;
        squares += drawn * drawn;
    }
    double mean = sum / DRAWS;
    double variance = squares / DRAWS - mean * mean;
    assert_true(mean > 0.5 - 0.0015 && mean < 0.5 + 0.0015); /* 5 standard errors of 0.00029 */
    assert_true(variance > 1.0 / 12 - 0.0004 && variance < 1.0 / 12 + 0.0004);
    /* The largest value there is stays below 1: a state whose next number is all ones. */
    uint64_t nine_times = -UINT64_C(0x8e38e38e38e38e39); /* −9^-1 mod 2^64 */
    uint64_t rotated = nine_times >> 7 | nine_times << 57;
    struct numu_random highest = {{0, rotated * UINT64_C(0xcccccccccccccccd) /* 5^-1 */, 0, 0}};
    struct numu_random same = highest;
    assert_true(numu_random_next(&same) == UINT64_MAX);
    assert_true(numu_random_unit(&highest) == 1 - 0x1.0p-53);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(xoshiro_gives_the_published_numbers),
        cmocka_unit_test(state_is_filled_by_splitmix),
        cmocka_unit_test(streams_repeat_and_differ),
        cmocka_unit_test(below_is_uniform),
        cmocka_unit_test(unit_is_uniform),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
