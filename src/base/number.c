/*
 * number.c - checked arithmetic, numbers from text and to text, the way to doubles and back.
 *
 * Compiler extensions used: checked arithmetic builtins and __int128, which gcc and clang share.
 */
#include "base/number.h"

#include <math.h>
#include <string.h>

__extension__ typedef unsigned __int128 uint128;

enum { POWER_MAX = 18 }; /* 10^18 is the largest power of ten in 64 bits with a sign */

static bool is_number(int64_t value) {
    return value != NUMU_NO_NUMBER;
}

/* Absolute value; |INT64_MIN| is fine without a sign. */
static uint64_t magnitude_of(int64_t value) {
    return value < 0 ? -(uint64_t)value : (uint64_t)value;
}

/* --- arithmetic --- */

numu_status numu_add(int64_t a, int64_t b, int64_t *out) {
    if (!is_number(a) || !is_number(b)) {
        return NUMU_BUG;
    }
    int64_t sum;
    if (__builtin_add_overflow(a, b, &sum) || !is_number(sum)) {
        return NUMU_LIMIT;
    }
    *out = sum;
    return NUMU_OK;
}

numu_status numu_subtract(int64_t a, int64_t b, int64_t *out) {
    return is_number(b) ? numu_add(a, -b, out) : NUMU_BUG;
}

numu_status numu_multiply(int64_t a, int64_t b, int64_t *out) {
    if (!is_number(a) || !is_number(b)) {
        return NUMU_BUG;
    }
    int64_t product;
    if (__builtin_mul_overflow(a, b, &product) || !is_number(product)) {
        return NUMU_LIMIT;
    }
    *out = product;
    return NUMU_OK;
}

/* Whether a quotient cut to `quotient` with `remainder` ≠ 0 left over moves away from zero. */
static bool rounds_away(uint128 quotient, uint128 remainder, uint128 divisor, bool is_negative,
                        numu_rounding rounding) {
    switch (rounding) {
    case NUMU_ROUND_DOWN:
        return false;
    case NUMU_ROUND_FLOOR:
        return is_negative;
    case NUMU_ROUND_CEILING:
        return !is_negative;
    case NUMU_ROUND_HALF_EVEN:
        break;
    }
    uint128 to_next = divisor - remainder;
    return remainder > to_next || (remainder == to_next && quotient % 2 == 1);
}

/* Magnitude and sign back to 64 bits. */
static numu_status narrow(uint128 magnitude, bool is_negative, int64_t *out) {
    if (magnitude > INT64_MAX) {
        return NUMU_LIMIT;
    }
    *out = is_negative ? -(int64_t)magnitude : (int64_t)magnitude;
    return NUMU_OK;
}

numu_status numu_multiply_divide(int64_t a, int64_t b, int64_t c, numu_rounding rounding,
                                 int64_t *out) {
    numu_assert(c != 0);
    if (!is_number(a) || !is_number(b) || !is_number(c)) {
        return NUMU_BUG;
    }
    bool is_negative = ((a < 0) != (b < 0)) != (c < 0);
    uint128 product = (uint128)magnitude_of(a) * magnitude_of(b);
    uint128 divisor = magnitude_of(c);
    uint128 quotient = product / divisor;
    uint128 remainder = product % divisor;
    if (remainder != 0 && rounds_away(quotient, remainder, divisor, is_negative, rounding)) {
        quotient++;
    }
    return narrow(quotient, is_negative, out);
}

int64_t numu_greatest_divisor(int64_t a, int64_t b) {
    while (b != 0) {
        int64_t rest = a % b;
        a = b;
        b = rest;
    }
    return a < 0 ? -a : a;
}

int64_t numu_power_of_ten(int n) {
    static const int64_t powers[] = {
        1,
        10,
        100,
        1000,
        10000,
        100000,
        1000000,
        10000000,
        100000000,
        1000000000,
        10000000000,
        100000000000,
        1000000000000,
        10000000000000,
        100000000000000,
        1000000000000000,
        10000000000000000,
        100000000000000000,
        1000000000000000000,
    };
    numu_assert(n >= 0 && n <= POWER_MAX);
    return powers[n];
}

/* --- from text --- */

static bool is_digit(char character) {
    return character >= '0' && character <= '9';
}

/* What the grammar found: positions in the text. Digits are text[begin … end) but for `point`. */
struct number_shape {
    bool is_negative;
    size_t begin;
    size_t end;
    size_t point;     /* of the decimal character; = end where there is none */
    int64_t exponent; /* held within ±EXPONENT_MAX */
};

/* More than any text is long, so that digits cannot make up for it; far from overflow. */
#define EXPONENT_MAX (INT64_MAX / 4)

static size_t skip_digits(struct numu_text text, size_t position) {
    while (position < text.length && is_digit(text.data[position])) {
        position++;
    }
    return position;
}

static bool has_sign_at(struct numu_text text, size_t position) {
    return position < text.length && (text.data[position] == '+' || text.data[position] == '-');
}

static bool find_shape(struct numu_text text, char decimal_char, struct number_shape *out) {
    struct number_shape shape = {0};
    size_t position = 0;
    if (has_sign_at(text, position)) {
        shape.is_negative = text.data[position] == '-';
        position++;
    }
    shape.begin = position;
    position = skip_digits(text, position);
    if (position == shape.begin) {
        return false;
    }
    shape.point = position;
    if (position < text.length && text.data[position] == decimal_char) {
        position = skip_digits(text, position + 1);
        if (position == shape.point + 1) {
            return false;
        }
    }
    shape.end = position;
    if (position < text.length && (text.data[position] == 'e' || text.data[position] == 'E')) {
        position++;
        bool is_negative = has_sign_at(text, position) && text.data[position] == '-';
        position += has_sign_at(text, position);
        size_t exponent_begin = position;
        for (; position < text.length && is_digit(text.data[position]); position++) {
            if (shape.exponent < EXPONENT_MAX / 10 - 1) {
                shape.exponent = shape.exponent * 10 + (text.data[position] - '0');
            }
        }
        if (position == exponent_begin) {
            return false;
        }
        if (is_negative) {
            shape.exponent = -shape.exponent;
        }
    }
    *out = shape;
    return position == text.length;
}

/* Whatever the case of its letters: a distance of 0 ignores it. */
static bool is_not_finite(struct numu_text text) {
    static const char *const words[] = {"nan", "inf", "infinity"};
    if (has_sign_at(text, 0)) {
        text.data++;
        text.length--;
    }
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        struct numu_text word = numu_text_of(words[i]);
        if (text.length == word.length && numu_text_distance(text, word, 0) == 0) {
            return true;
        }
    }
    return false;
}

/* The number is ± the digits from the first to the last that is not 0, times 10^power. */
static numu_number_error read_digits(struct numu_text text, const struct number_shape *shape,
                                     int decimals, int64_t *out) {
    size_t first = shape->begin;
    while (first < shape->end && !(text.data[first] >= '1' && text.data[first] <= '9')) {
        first++;
    }
    if (first == shape->end) {
        *out = 0;
        return NUMU_NUMBER_OK;
    }
    size_t last = shape->end - 1;
    while (!(text.data[last] >= '1' && text.data[last] <= '9')) {
        last--;
    }
    int64_t count = (int64_t)(last - first + 1) - (first < shape->point && shape->point < last);
    /* The weight of the last digit before scaling: 0 for the one before the point, then −1, … */
    int64_t weight =
        last < shape->point ? (int64_t)(shape->point - last) - 1 : -(int64_t)(last - shape->point);
    int64_t power = weight + shape->exponent + decimals;
    if (count + power > POWER_MAX + 1) {
        return NUMU_NUMBER_TOO_LARGE;
    }
    if (power < 0) {
        return NUMU_NUMBER_TOO_PRECISE;
    }
    /* At most 19 digits in all: under 10^19, which fits 64 bits without a sign. */
    uint64_t magnitude = 0;
    for (size_t i = first; i <= last; i++) {
        if (i != shape->point) {
            magnitude = magnitude * 10 + (uint64_t)(text.data[i] - '0');
        }
    }
    magnitude *= (uint64_t)numu_power_of_ten((int)power);
    if (magnitude > INT64_MAX) {
        return NUMU_NUMBER_TOO_LARGE;
    }
    *out = shape->is_negative ? -(int64_t)magnitude : (int64_t)magnitude;
    return NUMU_NUMBER_OK;
}

/* Digits with at most one decimal character, as nearly all numbers are; false = look closer. */
static bool read_plain(struct numu_text text, int decimals, char decimal_char, int64_t *out) {
    size_t point = text.length;
    uint64_t magnitude = 0;
    if (text.length > 15 || !is_digit(text.data[0]) || !is_digit(text.data[text.length - 1])) {
        return false;
    }
    for (size_t i = 0; i < text.length; i++) {
        if (is_digit(text.data[i])) {
            magnitude = magnitude * 10 + (uint64_t)(text.data[i] - '0');
        } else if (text.data[i] == decimal_char && point == text.length) {
            point = i;
        } else {
            return false;
        }
    }
    int fraction = point == text.length ? 0 : (int)(text.length - point) - 1;
    int64_t value;
    if (fraction > decimals ||
        __builtin_mul_overflow((int64_t)magnitude, numu_power_of_ten(decimals - fraction),
                               &value)) {
        return false;
    }
    *out = value;
    return true;
}

numu_number_error numu_number_parse(struct numu_text text, int decimals, char decimal_char,
                                    int64_t *out) {
    numu_assert(decimals >= 0 && decimals <= POWER_MAX);
    numu_assert(decimal_char == '.' || decimal_char == ',');
    if (text.length == 0) {
        return NUMU_NUMBER_EMPTY;
    }
    if (read_plain(text, decimals, decimal_char, out)) {
        return NUMU_NUMBER_OK;
    }
    struct number_shape shape;
    if (find_shape(text, decimal_char, &shape)) {
        return read_digits(text, &shape, decimals, out);
    }
    if (find_shape(text, decimal_char == '.' ? ',' : '.', &shape)) {
        return NUMU_NUMBER_WRONG_DECIMAL;
    }
    return is_not_finite(text) ? NUMU_NUMBER_NOT_FINITE : NUMU_NUMBER_MALFORMED;
}

/* --- to text --- */

numu_status numu_number_write(struct numu_buffer *buffer, int64_t value, int decimals, bool trim) {
    numu_assert(decimals >= 0 && decimals <= POWER_MAX);
    if (!is_number(value)) {
        return NUMU_BUG;
    }
    char text[24]; /* sign, 19 digits, point */
    size_t begin = sizeof text;
    uint64_t rest = magnitude_of(value);
    bool is_trimming = trim;
    for (int i = 0; i < decimals; i++) {
        char digit = (char)('0' + rest % 10);
        rest /= 10;
        is_trimming = is_trimming && digit == '0';
        if (!is_trimming) {
            text[--begin] = digit;
        }
    }
    if (begin < sizeof text) {
        text[--begin] = '.';
    }
    do {
        text[--begin] = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest != 0);
    if (value < 0) {
        text[--begin] = '-';
    }
    return numu_buffer_append(buffer, text + begin, sizeof text - begin);
}

/* --- doubles --- */

double numu_number_to_double(int64_t value, int decimals) {
    return is_number(value) ? (double)value / (double)numu_power_of_ten(decimals) : NAN;
}

/*
 * value = mantissa × 2^exponent exactly, mantissa < 2^53; 10^decimals < 2^60. Their product, under
 * 2^113, is exact in 128 bits, and what is left is a shift with one rounding.
 */
numu_status numu_number_from_double(double value, int decimals, int64_t *out) {
    int64_t scale = numu_power_of_ten(decimals);
    if (!isfinite(value)) {
        return NUMU_LIMIT;
    }
    int exponent;
    uint64_t mantissa = (uint64_t)ldexp(frexp(fabs(value), &exponent), 53);
    exponent -= 53;
    uint128 scaled = (uint128)mantissa * (uint64_t)scale;
    bool is_negative = value < 0;
    if (scaled == 0) {
        return narrow(0, false, out);
    }
    if (exponent >= 0) {
        return exponent < 64 && scaled <= (uint128)INT64_MAX >> exponent
                   ? narrow(scaled << exponent, is_negative, out)
                   : NUMU_LIMIT;
    }
    if (exponent < -114) {
        return narrow(0, false, out); /* under a half */
    }
    uint128 divisor = (uint128)1 << -exponent;
    uint128 quotient = scaled / divisor;
    uint128 remainder = scaled % divisor;
    if (remainder != 0 &&
        rounds_away(quotient, remainder, divisor, is_negative, NUMU_ROUND_HALF_EVEN)) {
        quotient++;
    }
    return narrow(quotient, is_negative, out);
}
