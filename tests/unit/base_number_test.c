/*
 * Goal: arithmetic is exact or refused, numbers are read and written exactly.
 * Method: divisors by trial; multiply_divide against the definitions of the roundings, searched
 * for in 128 bits, over small numbers of all signs and random large ones; parsing against cases by
 * hand, against a reader that works digit by digit on random texts, and back from what was
 * written; doubles against long arithmetic on their exact decimal expansion, as printf gives it.
 */
#define _DEFAULT_SOURCE /* MAP_ANONYMOUS */

#include "base/number.h"

#include "base/random.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { SEED = 20260305 };

__extension__ typedef __int128 wide;

/* --- arithmetic --- */

static const int64_t edges[] = {
    INT64_MIN + 1,
    INT64_MIN + 2,
    -INT64_C(4294967297),
    -INT64_C(3037000500),
    -1000000,
    -3,
    -2,
    -1,
    0,
    1,
    2,
    3,
    7,
    1000000,
    INT64_C(3037000499),
    INT64_C(4294967296),
    INT64_MAX / 2,
    INT64_MAX - 1,
    INT64_MAX,
};
enum { EDGES = sizeof edges / sizeof edges[0] };

static void check_operation(numu_status status, int64_t found, wide expected) {
    bool fits = expected >= -(wide)INT64_MAX && expected <= INT64_MAX;
    assert_int_equal(status, fits ? NUMU_OK : NUMU_LIMIT);
    assert_true(found == (fits ? (int64_t)expected : 4711));
}

static void sums_and_products(void **state) {
    (void)state;
    for (size_t i = 0; i < EDGES; i++) {
        for (size_t j = 0; j < EDGES; j++) {
            wide a = edges[i];
            wide b = edges[j];
            int64_t out = 4711;
            numu_status status = numu_add(edges[i], edges[j], &out);
            check_operation(status, out, a + b);
            out = 4711;
            status = numu_subtract(edges[i], edges[j], &out);
            check_operation(status, out, a - b);
            out = 4711;
            status = numu_multiply(edges[i], edges[j], &out);
            check_operation(status, out, a * b);
        }
    }
}

static void no_number_is_never_an_operand(void **state) {
    (void)state;
    const int64_t none = NUMU_NO_NUMBER;
    int64_t out = 4711;
    assert_int_equal(numu_add(none, 1, &out), NUMU_BUG);
    assert_int_equal(numu_add(1, none, &out), NUMU_BUG);
    assert_int_equal(numu_subtract(none, none, &out), NUMU_BUG);
    assert_int_equal(numu_subtract(none, 1, &out), NUMU_BUG);
    assert_int_equal(numu_multiply(none, 0, &out), NUMU_BUG);
    assert_int_equal(numu_multiply(0, none, &out), NUMU_BUG);
    assert_int_equal(numu_multiply_divide(none, 1, 1, NUMU_ROUND_DOWN, &out), NUMU_BUG);
    assert_int_equal(numu_multiply_divide(1, none, 1, NUMU_ROUND_DOWN, &out), NUMU_BUG);
    assert_int_equal(numu_multiply_divide(1, 1, none, NUMU_ROUND_DOWN, &out), NUMU_BUG);
    assert_int_equal(out, 4711);
    assert_true(isnan(numu_number_to_double(none, 3)));
}

static wide absolute(wide number) {
    return number < 0 ? -number : number;
}

/* Whether q is p ÷ c rounded so, by the definition of each rounding; exact, without dividing. */
static bool is_rounded(wide p, wide c, wide q, numu_rounding rounding) {
    wide error = q * c - p; /* (q − p/c)·c */
    if (c < 0) {
        error = -error; /* (q − p/c)·|c| */
    }
    wide divisor = absolute(c);
    bool quotient_is_negative = p != 0 && (p < 0) != (c < 0);
    switch (rounding) {
    case NUMU_ROUND_DOWN:
        return quotient_is_negative ? error >= 0 && error < divisor
                                    : error <= 0 && error > -divisor;
    case NUMU_ROUND_FLOOR:
        return error <= 0 && error > -divisor;
    case NUMU_ROUND_CEILING:
        return error >= 0 && error < divisor;
    case NUMU_ROUND_HALF_EVEN:
        break;
    }
    return 2 * absolute(error) < divisor || (2 * absolute(error) == divisor && q % 2 == 0);
}

/* The rounded quotient, by looking around the cut one. */
static wide rounded(wide p, wide c, numu_rounding rounding) {
    for (wide q = p / c - 1;; q++) {
        if (is_rounded(p, c, q, rounding)) {
            return q;
        }
    }
}

static void check_multiply_divide(int64_t a, int64_t b, int64_t c) {
    for (int rounding = NUMU_ROUND_DOWN; rounding <= NUMU_ROUND_HALF_EVEN; rounding++) {
        wide expected = rounded((wide)a * b, c, (numu_rounding)rounding);
        int64_t out = 4711;
        numu_status status = numu_multiply_divide(a, b, c, (numu_rounding)rounding, &out);
        check_operation(status, out, expected);
    }
}

static void multiply_divide_small(void **state) {
    (void)state;
    for (int64_t a = -9; a <= 9; a++) {
        for (int64_t b = -4; b <= 4; b++) {
            for (int64_t c = -12; c <= 12; c++) {
                if (c != 0) {
                    check_multiply_divide(a, b, c);
                }
            }
        }
    }
    int64_t out;
    assert_int_equal(numu_multiply_divide(5, 1, 2, NUMU_ROUND_HALF_EVEN, &out), NUMU_OK);
    assert_int_equal(out, 2);
    assert_int_equal(numu_multiply_divide(-7, 1, 2, NUMU_ROUND_HALF_EVEN, &out), NUMU_OK);
    assert_int_equal(out, -4);
}

static int64_t random_number(struct numu_random *random) {
    int64_t number = (int64_t)(numu_random_next(random) >> (1 + numu_random_below(random, 63)));
    return numu_random_below(random, 2) == 0 ? number : -number;
}

static void multiply_divide_large(void **state) {
    (void)state;
    print_message("# seed %d\n", SEED);
    for (size_t i = 0; i < EDGES; i++) {
        for (size_t j = 0; j < EDGES; j++) {
            for (size_t k = 0; k < EDGES; k++) {
                if (edges[k] != 0) {
                    check_multiply_divide(edges[i], edges[j], edges[k]);
                }
            }
        }
    }
    struct numu_random random;
    numu_random_init(&random, SEED, 0);
    for (int i = 0; i < 30000; i++) {
        int64_t c = random_number(&random);
        check_multiply_divide(random_number(&random), random_number(&random), c == 0 ? 1 : c);
    }
}

static void powers_of_ten(void **state) {
    (void)state;
    int64_t power = 1;
    for (int n = 0; n <= 18; n++) {
        assert_true(numu_power_of_ten(n) == power);
        power = n < 18 ? power * 10 : power;
    }
}

/* --- text --- */

static void parse_by_hand(void **state) {
    (void)state;
    static const struct {
        const char *text;
        int decimals;
        numu_number_error error;
        int64_t value;
    } cases[] = {
        {"0", 0, NUMU_NUMBER_OK, 0},
        {"-0", 3, NUMU_NUMBER_OK, 0},
        {"-0.000", 0, NUMU_NUMBER_OK, 0},
        {"+7", 0, NUMU_NUMBER_OK, 7},
        {"007", 0, NUMU_NUMBER_OK, 7},
        {"1.5", 6, NUMU_NUMBER_OK, 1500000},
        {"-1.5", 1, NUMU_NUMBER_OK, -15},
        {"1.50", 1, NUMU_NUMBER_OK, 15},
        {"1.55", 1, NUMU_NUMBER_TOO_PRECISE, 0},
        {"1.000000000000000000000000000000", 0, NUMU_NUMBER_OK, 1},
        {"1.000000000000000000000000000001", 9, NUMU_NUMBER_TOO_PRECISE, 0},
        {"0.000000001", 9, NUMU_NUMBER_OK, 1},
        {"1e3", 0, NUMU_NUMBER_OK, 1000},
        {"1E+3", 0, NUMU_NUMBER_OK, 1000},
        {"1.25e2", 0, NUMU_NUMBER_OK, 125},
        {"1250e-1", 0, NUMU_NUMBER_OK, 125},
        {"125e-1", 0, NUMU_NUMBER_TOO_PRECISE, 0},
        {"1e-2", 2, NUMU_NUMBER_OK, 1},
        {"1e018", 0, NUMU_NUMBER_OK, INT64_C(1000000000000000000)},
        {"9223372036854775807", 0, NUMU_NUMBER_OK, INT64_MAX},
        {"-9223372036854775807", 0, NUMU_NUMBER_OK, -INT64_MAX},
        {"9223372036854775808", 0, NUMU_NUMBER_TOO_LARGE, 0},
        {"-9223372036854775808", 0, NUMU_NUMBER_TOO_LARGE, 0},
        {"9999999999999999999", 0, NUMU_NUMBER_TOO_LARGE, 0},
        {"18446744073709551617", 0, NUMU_NUMBER_TOO_LARGE, 0},
        {"92233720368547758070", 0, NUMU_NUMBER_TOO_LARGE, 0},
        {"9.223372036854775807", 18, NUMU_NUMBER_OK, INT64_MAX},
        {"9.223372036854775808", 18, NUMU_NUMBER_TOO_LARGE, 0},
        {"10", 18, NUMU_NUMBER_TOO_LARGE, 0},
        {"92233720368547758.07e2", 0, NUMU_NUMBER_OK, INT64_MAX},
        {"0.000000000000000000000000009223372036854775807e27", 18, NUMU_NUMBER_OK, INT64_MAX},
        {"9223372036854775807000000000000000e-15", 0, NUMU_NUMBER_OK, INT64_MAX},
        {"1e400", 6, NUMU_NUMBER_TOO_LARGE, 0},
        {"1e-400", 6, NUMU_NUMBER_TOO_PRECISE, 0},
        {"0e999", 6, NUMU_NUMBER_OK, 0},
        {"0.0e-999", 6, NUMU_NUMBER_OK, 0},
        {"1e99999999999999999999999999", 0, NUMU_NUMBER_TOO_LARGE, 0},
        {"1e-99999999999999999999999999", 0, NUMU_NUMBER_TOO_PRECISE, 0},
        {"0e99999999999999999999999999", 0, NUMU_NUMBER_OK, 0},
        {"1e9223372036854775808", 0, NUMU_NUMBER_TOO_LARGE, 0},
        {"1e00000000000000000000000000002", 0, NUMU_NUMBER_OK, 100},
        {"", 0, NUMU_NUMBER_EMPTY, 0},
        {"NaN", 0, NUMU_NUMBER_NOT_FINITE, 0},
        {"-nan", 0, NUMU_NUMBER_NOT_FINITE, 0},
        {"inf", 0, NUMU_NUMBER_NOT_FINITE, 0},
        {"+INF", 0, NUMU_NUMBER_NOT_FINITE, 0},
        {"-Infinity", 0, NUMU_NUMBER_NOT_FINITE, 0},
        {"infinit", 0, NUMU_NUMBER_MALFORMED, 0},
        {"nanana", 0, NUMU_NUMBER_MALFORMED, 0},
        {"1,5", 3, NUMU_NUMBER_WRONG_DECIMAL, 0},
        {"1,000", 3, NUMU_NUMBER_WRONG_DECIMAL, 0},
        {"-1,5e3", 3, NUMU_NUMBER_WRONG_DECIMAL, 0},
        {"1,000.5", 3, NUMU_NUMBER_MALFORMED, 0},
        {"1.000,5", 3, NUMU_NUMBER_MALFORMED, 0},
        {"1,000,000", 3, NUMU_NUMBER_MALFORMED, 0},
        {"1.0.0", 3, NUMU_NUMBER_MALFORMED, 0},
        {".5", 3, NUMU_NUMBER_MALFORMED, 0},
        {"5.", 3, NUMU_NUMBER_MALFORMED, 0},
        {"5,", 3, NUMU_NUMBER_MALFORMED, 0},
        {"5.e1", 3, NUMU_NUMBER_MALFORMED, 0},
        {".", 3, NUMU_NUMBER_MALFORMED, 0},
        {"+", 3, NUMU_NUMBER_MALFORMED, 0},
        {"-", 3, NUMU_NUMBER_MALFORMED, 0},
        {"+-5", 3, NUMU_NUMBER_MALFORMED, 0},
        {"--5", 3, NUMU_NUMBER_MALFORMED, 0},
        {"e5", 3, NUMU_NUMBER_MALFORMED, 0},
        {"5e", 3, NUMU_NUMBER_MALFORMED, 0},
        {"5e+", 3, NUMU_NUMBER_MALFORMED, 0},
        {"5e1.5", 3, NUMU_NUMBER_MALFORMED, 0},
        {"5e+-1", 3, NUMU_NUMBER_MALFORMED, 0},
        {"5e1e1", 3, NUMU_NUMBER_MALFORMED, 0},
        {" 5", 3, NUMU_NUMBER_MALFORMED, 0},
        {"5 ", 3, NUMU_NUMBER_MALFORMED, 0},
        {" ", 3, NUMU_NUMBER_MALFORMED, 0},
        {"1 000", 3, NUMU_NUMBER_MALFORMED, 0},
        {"0x10", 3, NUMU_NUMBER_MALFORMED, 0},
        {"5%", 3, NUMU_NUMBER_MALFORMED, 0},
        {"٥", 3, NUMU_NUMBER_MALFORMED, 0},
        {"−5", 3, NUMU_NUMBER_MALFORMED, 0}, /* U+2212 */
        {"abc", 3, NUMU_NUMBER_MALFORMED, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        int64_t value = 4711;
        numu_number_error error =
            numu_number_parse(numu_text_of(cases[i].text), cases[i].decimals, '.', &value);
        if (error != cases[i].error || value != (error == NUMU_NUMBER_OK ? cases[i].value : 4711)) {
            fail_msg("%s: error %d, value %lld", cases[i].text, error, (long long)value);
        }
    }
    int64_t value = 4711;
    assert_int_equal(numu_number_parse(NUMU_TEXT("1,5"), 1, ',', &value), NUMU_NUMBER_OK);
    assert_int_equal(value, 15);
    assert_int_equal(numu_number_parse(NUMU_TEXT("1.5"), 1, ',', &value),
                     NUMU_NUMBER_WRONG_DECIMAL);
    assert_int_equal(numu_number_parse(NUMU_TEXT("1.000,5"), 1, ',', &value),
                     NUMU_NUMBER_MALFORMED);
    assert_int_equal(numu_number_parse(NUMU_TEXT("1\0"), 1, '.', &value), NUMU_NUMBER_MALFORMED);
    assert_int_equal(value, 15);
}

/* Every prefix of a text stands right before a page that must not be touched. */
static void parse_reads_nothing_beyond(void **state) {
    (void)state;
    size_t page = (size_t)sysconf(_SC_PAGESIZE);
    char *pages = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    assert_true(pages != MAP_FAILED);
    assert_int_equal(mprotect(pages + page, page, PROT_NONE), 0);
    static const char *const texts[] = {"-12.50e+03", "+infinity", "12,5e-7x", "nan"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        for (size_t length = 0; length <= strlen(texts[i]); length++) {
            struct numu_text text = {pages + page - length, length};
            memcpy(pages + page - length, texts[i], length);
            int64_t value;
            numu_number_error error = numu_number_parse(text, 6, '.', &value);
            assert_true(error != NUMU_NUMBER_EMPTY || length == 0);
        }
    }
    assert_int_equal(munmap(pages, 2 * page), 0);
}

static void parse_long_texts(void **state) {
    (void)state;
    enum { LENGTH = 1 << 20 };
    struct numu_heap heap;
    struct numu_arena arena;
    numu_heap_init(&heap, 0);
    numu_arena_init(&arena, &heap);
    char *digits;
    assert_int_equal(NUMU_TAKE(&arena, &digits, LENGTH + 16), NUMU_OK);
    int64_t value = 4711;
    memset(digits, '9', LENGTH);
    struct numu_text text = {digits, LENGTH};
    assert_int_equal(numu_number_parse(text, 0, '.', &value), NUMU_NUMBER_TOO_LARGE);
    memset(digits, '0', LENGTH);
    assert_int_equal(numu_number_parse(text, 0, '.', &value), NUMU_NUMBER_OK);
    assert_int_equal(value, 0);
    digits[1] = '.';
    digits[LENGTH - 1] = '5';
    assert_int_equal(numu_number_parse(text, 18, '.', &value), NUMU_NUMBER_TOO_PRECISE);
    /* The exponent makes up for a million zeros. */
    int exponent = LENGTH - 2;
    text.length += (size_t)snprintf(digits + LENGTH, 16, "e%d", exponent);
    assert_int_equal(numu_number_parse(text, 0, '.', &value), NUMU_NUMBER_OK);
    assert_int_equal(value, 5);
    digits[1] = '0';
    digits[0] = '1';
    digits[LENGTH - 1] = '0';
    text.length = LENGTH + (size_t)snprintf(digits + LENGTH, 16, "e-%d", LENGTH - 1);
    assert_int_equal(numu_number_parse(text, 0, '.', &value), NUMU_NUMBER_OK);
    assert_int_equal(value, 1);
    memset(digits + 1, 'e', 1);
    memset(digits + 2, '9', LENGTH - 2);
    text.length = LENGTH;
    assert_int_equal(numu_number_parse(text, 0, '.', &value), NUMU_NUMBER_TOO_LARGE);
    numu_arena_release(&arena);
}

/*
 * The value by brute force: digits moved by the exponent and the scale into one row of a hundred
 * places on either side of the point, then read off.
 */
static numu_number_error slow_value(const char *whole, const char *fraction, int exponent,
                                    int decimals, bool is_negative, int64_t *out) {
    enum { POINT = 100 };
    int places[2 * POINT] = {0}; /* places[POINT + n] stands n + 1 behind the point */
    int move = exponent + decimals;
    int whole_length = (int)strlen(whole);
    for (int i = 0; i < whole_length; i++) {
        places[POINT - whole_length + i - move] = whole[i] - '0';
    }
    for (int i = 0; fraction[i] != '\0'; i++) {
        places[POINT + i - move] = fraction[i] - '0';
    }
    wide value = 0;
    for (int i = 0; i < POINT; i++) {
        value = value * 10 + places[i];
        if (value > INT64_MAX) {
            return NUMU_NUMBER_TOO_LARGE;
        }
    }
    for (int i = POINT; i < 2 * POINT; i++) {
        if (places[i] != 0) {
            return NUMU_NUMBER_TOO_PRECISE;
        }
    }
    *out = is_negative ? -(int64_t)value : (int64_t)value;
    return NUMU_NUMBER_OK;
}

static void random_digits(struct numu_random *random, char *out, size_t least) {
    size_t length = least + numu_random_below(random, 14);
    for (size_t i = 0; i < length; i++) {
        out[i] = "0001234567899"[numu_random_below(random, 13)];
    }
    out[length] = '\0';
}

static void parse_agrees_with_brute_force(void **state) {
    (void)state;
    print_message("# seed %d\n", SEED);
    struct numu_random random;
    numu_random_init(&random, SEED, 1);
    size_t counts[NUMU_NUMBER_WRONG_DECIMAL + 1] = {0};
    for (int i = 0; i < 100000; i++) {
        char whole[20];
        char fraction[20];
        random_digits(&random, whole, 1);
        random_digits(&random, fraction, 0);
        int exponent = (int)numu_random_below(&random, 31) - 15;
        int decimals = (int)numu_random_below(&random, 19);
        bool is_negative = numu_random_below(&random, 2) == 0;
        char text[80];
        int length = snprintf(text, sizeof text, "%s%s%s%se%d", is_negative ? "-" : "", whole,
                              fraction[0] != '\0' ? "." : "", fraction, exponent);
        int64_t expected = 4711;
        int64_t value = 4711;
        numu_number_error expected_error =
            slow_value(whole, fraction, exponent, decimals, is_negative, &expected);
        numu_number_error error =
            numu_number_parse((struct numu_text){text, (size_t)length}, decimals, '.', &value);
        /* Where it is both, either may be said. */
        bool is_refused = expected_error != NUMU_NUMBER_OK;
        if (value != expected || is_refused != (error != NUMU_NUMBER_OK) ||
            (is_refused && error != NUMU_NUMBER_TOO_PRECISE && error != expected_error)) {
            fail_msg("%s with %d decimals: error %d, expected %d", text, decimals, error,
                     expected_error);
        }
        counts[error]++;
    }
    assert_true(counts[NUMU_NUMBER_OK] > 5000);
    assert_true(counts[NUMU_NUMBER_TOO_LARGE] > 5000);
    assert_true(counts[NUMU_NUMBER_TOO_PRECISE] > 5000);
}

static void written_numbers(void **state) {
    (void)state;
    static const struct {
        int64_t value;
        int decimals;
        bool trim;
        const char *text;
    } cases[] = {
        {0, 0, false, "0"},
        {0, 2, false, "0.00"},
        {0, 2, true, "0"},
        {5, 2, false, "0.05"},
        {-5, 2, false, "-0.05"},
        {150, 2, true, "1.5"},
        {150, 2, false, "1.50"},
        {-100, 2, true, "-1"},
        {100, 0, true, "100"},
        {1050000, 6, true, "1.05"},
        {INT64_MAX, 0, true, "9223372036854775807"},
        {-INT64_MAX, 18, false, "-9.223372036854775807"},
        {1, 18, true, "0.000000000000000001"},
    };
    struct numu_heap heap;
    struct numu_buffer buffer;
    numu_heap_init(&heap, 0);
    numu_buffer_init(&buffer, &heap, 0);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        numu_buffer_clear(&buffer);
        assert_int_equal(
            numu_number_write(&buffer, cases[i].value, cases[i].decimals, cases[i].trim), NUMU_OK);
        assert_string_equal(buffer.data, cases[i].text);
    }
    assert_int_equal(numu_number_write(&buffer, NUMU_NO_NUMBER, 0, true), NUMU_BUG);
    numu_buffer_release(&buffer);
    heap.fail_at = heap.count + 1;
    assert_int_equal(numu_number_write(&buffer, 1, 0, true), NUMU_MEMORY);
    assert_null(buffer.data);
}

static void written_numbers_read_back(void **state) {
    (void)state;
    print_message("# seed %d\n", SEED);
    struct numu_random random;
    struct numu_heap heap;
    struct numu_buffer buffer;
    numu_random_init(&random, SEED, 2);
    numu_heap_init(&heap, 0);
    numu_buffer_init(&buffer, &heap, 0);
    for (int i = 0; i < 100000; i++) {
        int64_t value = random_number(&random);
        int decimals = (int)numu_random_below(&random, 19);
        numu_buffer_clear(&buffer);
        assert_int_equal(
            numu_number_write(&buffer, value, decimals, numu_random_below(&random, 2) == 0),
            NUMU_OK);
        int64_t back = 0;
        assert_int_equal(
            numu_number_parse((struct numu_text){buffer.data, buffer.length}, decimals, '.', &back),
            NUMU_NUMBER_OK);
        assert_true(back == value);
    }
    numu_buffer_release(&buffer);
    assert_int_equal(heap.bytes, 0);
}

/* --- doubles --- */

static void doubles_by_hand(void **state) {
    (void)state;
    static const struct {
        double value;
        int decimals;
        numu_status status;
        int64_t number;
    } cases[] = {
        {0.0, 6, NUMU_OK, 0},
        {-0.0, 6, NUMU_OK, 0},
        {0.5, 0, NUMU_OK, 0},
        {1.5, 0, NUMU_OK, 2},
        {2.5, 0, NUMU_OK, 2},
        {-2.5, 0, NUMU_OK, -2},
        {-3.5, 0, NUMU_OK, -4},
        {0.125, 2, NUMU_OK, 12},
        {0.375, 2, NUMU_OK, 38},
        {0.15, 1, NUMU_OK, 1},    /* 0.1499999999999999944… */
        {2.675, 2, NUMU_OK, 267}, /* 2.67499999999999982… */
        {0.1, 9, NUMU_OK, 100000000},
        {0x1.0p62, 0, NUMU_OK, INT64_C(4611686018427387904)},
        {0x1.fffffffffffffp62, 0, NUMU_OK, INT64_C(9223372036854774784)},
        {0x1.0p63, 0, NUMU_LIMIT, 0},
        {-0x1.0p63, 0, NUMU_LIMIT, 0},
        {9.3e12, 6, NUMU_LIMIT, 0},
        {1e300, 18, NUMU_LIMIT, 0},
        {DBL_MAX, 0, NUMU_LIMIT, 0},
        {DBL_MIN, 18, NUMU_OK, 0},
        {0x1.0p-1074, 18, NUMU_OK, 0},
        {1e-18, 18, NUMU_OK, 1},
        {4e-19, 18, NUMU_OK, 0},
        {-6e-19, 18, NUMU_OK, -1},
        {(double)NAN, 0, NUMU_LIMIT, 0},
        {(double)INFINITY, 0, NUMU_LIMIT, 0},
        {-(double)INFINITY, 0, NUMU_LIMIT, 0},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        int64_t number = 4711;
        numu_status status = numu_number_from_double(cases[i].value, cases[i].decimals, &number);
        if (status != cases[i].status || number != (status == NUMU_OK ? cases[i].number : 4711)) {
            fail_msg("%a with %d decimals: status %d, %lld", cases[i].value, cases[i].decimals,
                     status, (long long)number);
        }
    }
}

/* printf writes a double's exact decimal expansion; rounding that text is rounding the double. */
static numu_status slow_from_double(double value, int decimals, int64_t *out) {
    char text[1600];
    int length = snprintf(text, sizeof text, "%.1100f", fabs(value));
    assert_true(length > 0 && (size_t)length < sizeof text);
    char *point = strchr(text, '.');
    wide number = 0;
    for (const char *c = text; c <= point + decimals; c++) {
        if (c != point) {
            number = number * 10 + (*c - '0');
        }
        if (number > ((wide)1 << 100)) {
            return NUMU_LIMIT;
        }
    }
    const char *rest = point + decimals + 1;
    size_t zeros_after = strspn(rest + 1, "0");
    bool is_tie = *rest == '5' && rest[1 + zeros_after] == '\0';
    if (is_tie ? number % 2 == 1 : *rest >= '5') {
        number++;
    }
    if (number > INT64_MAX) {
        return NUMU_LIMIT;
    }
    *out = signbit(value) ? -(int64_t)number : (int64_t)number;
    return NUMU_OK;
}

static void doubles_are_rounded_once(void **state) {
    (void)state;
    print_message("# seed %d\n", SEED);
    struct numu_random random;
    numu_random_init(&random, SEED, 3);
    size_t limits = 0;
    enum { RUNS = 30000 };
    for (int i = 0; i < RUNS; i++) {
        int decimals = (int)numu_random_below(&random, 19);
        /* A third are ties or near: few bits, small exponents. */
        int bits = numu_random_below(&random, 3) == 0 ? 10 : 53;
        uint64_t mantissa = numu_random_below(&random, UINT64_C(1) << bits);
        int exponent = (int)numu_random_below(&random, 140) - 75 - bits;
        if (bits == 10) {
            exponent = -(int)numu_random_below(&random, 20);
        }
        double value = ldexp((double)mantissa, exponent);
        value = numu_random_below(&random, 2) == 0 ? value : -value;
        int64_t expected = 4711;
        int64_t number = 4711;
        numu_status expected_status = slow_from_double(value, decimals, &expected);
        numu_status status = numu_number_from_double(value, decimals, &number);
        if (status != expected_status || number != expected) {
            fail_msg("%a with %d decimals: %lld, expected %lld", value, decimals, (long long)number,
                     (long long)expected);
        }
        limits += status == NUMU_LIMIT;
    }
    assert_in_range(limits, RUNS / 20, RUNS / 2);
}

static void fifteen_digits_come_back(void **state) {
    (void)state;
    print_message("# seed %d\n", SEED);
    struct numu_random random;
    numu_random_init(&random, SEED, 4);
    for (int i = 0; i < 200000; i++) {
        int64_t value = random_number(&random) % INT64_C(1000000000000000);
        int decimals = (int)numu_random_below(&random, 19);
        int64_t back = 4711;
        assert_int_equal(
            numu_number_from_double(numu_number_to_double(value, decimals), decimals, &back),
            NUMU_OK);
        assert_true(back == value);
    }
    assert_true(numu_number_to_double(1500000, 6) == 1.5);
    assert_true(numu_number_to_double(1, 1) == 0.1);
}

static void the_greatest_divisor_is_that_of_trial(void **state) {
    enum { MOST = 60 };
    (void)state;
    for (int a = -MOST; a <= MOST; a++) {
        for (int b = -MOST; b <= MOST; b++) {
            int greatest = a == 0 ? abs(b) : abs(a);
            while (greatest > 0 && (a % greatest != 0 || b % greatest != 0)) {
                greatest--;
            }
            assert_int_equal(numu_greatest_divisor(a, b), greatest);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sums_and_products),
        cmocka_unit_test(no_number_is_never_an_operand),
        cmocka_unit_test(multiply_divide_small),
        cmocka_unit_test(multiply_divide_large),
        cmocka_unit_test(powers_of_ten),
        cmocka_unit_test(the_greatest_divisor_is_that_of_trial),
        cmocka_unit_test(parse_by_hand),
        cmocka_unit_test(parse_reads_nothing_beyond),
        cmocka_unit_test(parse_long_texts),
        cmocka_unit_test(parse_agrees_with_brute_force),
        cmocka_unit_test(written_numbers),
        cmocka_unit_test(written_numbers_read_back),
        cmocka_unit_test(doubles_by_hand),
        cmocka_unit_test(doubles_are_rounded_once),
        cmocka_unit_test(fifteen_digits_come_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
