/*
 * number.h - exact numbers: money, prices, quantities, ratios.
 *
 * [N1] No floating point decides a number of the model: text is parsed to scaled 64-bit integers
 *      exactly, and text with more decimals than the scale holds is refused, never rounded.
 * [N2] Every operation that can overflow returns NUMU_LIMIT and leaves its output untouched. An
 *      operand that is NUMU_NO_NUMBER is a mistake of ours: NUMU_BUG.
 * [N3] Products go through 128 bits and round once, the way the caller names.
 */
#ifndef NUMU_BASE_NUMBER_H
#define NUMU_BASE_NUMBER_H

#include "base/text.h"

typedef int64_t numu_money;    /* minor units of a currency (ISO 4217): XOF 0, USD 2 decimals */
typedef int64_t numu_price;    /* 10^-6 major units, for amounts a unit of something */
typedef int64_t numu_quantity; /* 10^-6 of the item's unit */
typedef int64_t numu_decimal;  /* 10^-9: ratios, hours, rates, coordinates */

enum {
    NUMU_PRICE_DECIMALS = 6,
    NUMU_QUANTITY_DECIMALS = 6,
    NUMU_DECIMAL_DECIMALS = 9,
};
#define NUMU_PRICE_ONE INT64_C(1000000)
#define NUMU_QUANTITY_ONE INT64_C(1000000)
#define NUMU_DECIMAL_ONE INT64_C(1000000000)

/* "No value" for each of the four types above; no operation gives it as a result. */
#define NUMU_NO_NUMBER INT64_MIN

typedef enum numu_rounding {
    NUMU_ROUND_DOWN,     /* toward zero */
    NUMU_ROUND_FLOOR,    /* toward minus infinity */
    NUMU_ROUND_CEILING,  /* toward plus infinity */
    NUMU_ROUND_HALF_EVEN /* to nearest, ties to even */
} numu_rounding;

NUMU_MUST_CHECK numu_status numu_add(int64_t a, int64_t b, int64_t *out);
NUMU_MUST_CHECK numu_status numu_subtract(int64_t a, int64_t b, int64_t *out);
NUMU_MUST_CHECK numu_status numu_multiply(int64_t a, int64_t b, int64_t *out);
/* a × b ÷ c, exact product, one rounding. c must not be 0. */
NUMU_MUST_CHECK numu_status numu_multiply_divide(int64_t a, int64_t b, int64_t c,
                                                 numu_rounding rounding, int64_t *out);

/* Of the magnitudes of both; of 0 and a number, the number's. Neither is NUMU_NO_NUMBER. */
int64_t numu_greatest_divisor(int64_t a, int64_t b);

/* 10^n for n in 0..18. */
int64_t numu_power_of_ten(int n);

typedef enum numu_number_error {
    NUMU_NUMBER_OK = 0,
    NUMU_NUMBER_EMPTY,
    NUMU_NUMBER_MALFORMED,    /* not a number at all */
    NUMU_NUMBER_NOT_FINITE,   /* NaN, INF and their kin */
    NUMU_NUMBER_TOO_LARGE,    /* does not fit */
    NUMU_NUMBER_TOO_PRECISE,  /* more decimals than are kept */
    NUMU_NUMBER_WRONG_DECIMAL /* a comma where a point is expected, or the reverse */
} numu_number_error;

/*
 * Parses [+-]digits[.digits][e[+-]digits] into value × 10^decimals (0..18). `decimal_char` is '.'
 * or ','. No thousands separators, no spaces. Trailing zeros beyond the scale are accepted.
 * Time is linear in the length; *out is untouched unless NUMU_NUMBER_OK is returned.
 */
numu_number_error numu_number_parse(struct numu_text text, int decimals, char decimal_char,
                                    int64_t *out);

/* Appends value ÷ 10^decimals with a point; trailing zeros are dropped when `trim`. */
NUMU_MUST_CHECK numu_status numu_number_write(struct numu_buffer *buffer, int64_t value,
                                              int decimals, bool trim);

/*
 * For solvers and pictures only. The nearest double up to 2^53, within two roundings above; NaN for
 * NUMU_NO_NUMBER.
 */
double numu_number_to_double(int64_t value, int decimals);
/*
 * Back. The exact binary value of the double is scaled and rounded once, half-even: 0.15 with one
 * decimal is 0.1, because the double is 0.1499…. A number of up to 15 digits comes back as it went
 * through numu_number_to_double. NUMU_LIMIT when it does not fit or is no finite number.
 */
NUMU_MUST_CHECK numu_status numu_number_from_double(double value, int decimals, int64_t *out);

/* --- currencies (ISO 4217:2015, list one: active codes) --- */

typedef uint16_t numu_currency; /* row of the list + 1; 0 = none given (the reporting currency) */

/* The currency of a code such as "XOF" (capitals only), or 0. */
numu_currency numu_currency_find(struct numu_text code);
/* Its three letters; "" for 0. */
const char *numu_currency_code(numu_currency currency);
/* Decimals of its minor unit: XOF 0, USD 2, TND 3. Where there is none (XAU, XDR), and for 0: 0. */
int numu_currency_decimals(numu_currency currency);
/* The number of currencies known, and the nearest code to a misspelt one, at most one edit away; of
   equally near ones the first of the alphabet (0 = none near). */
numu_currency numu_currency_count(void);
numu_currency numu_currency_nearest(struct numu_text code);

#endif
