/*
 * lot_number.c - see lot_number.h.
 */
#include "rules/lot_number.h"

#include <string.h>

static const char months[] = "ABCDEFGHJKLM";

/* The fixed part: '@' a capital, '#' a digit, 'm' a month, '-' a hyphen or capital. */
static const char shape[] = "@@@##m###-###";
enum {
    SHAPE_LENGTH = sizeof shape - 1,
    YEAR_AT = 3,
    MONTH_AT = 5,
    INTERFIX_AT = 6,
    SEPARATOR_AT = 9,
    SEQUENCE_AT = 10,
    SUFFIX_MAX = 3
};

static bool is_digit(char letter) {
    return letter >= '0' && letter <= '9';
}

static bool is_upper(char letter) {
    return letter >= 'A' && letter <= 'Z';
}

static bool is_month(char letter) {
    return letter != '\0' && strchr(months, letter) != NULL;
}

static bool fits_shape(char place, char letter) {
    switch (place) {
    case '@':
        return is_upper(letter);
    case '#':
        return is_digit(letter);
    case 'm':
        return is_month(letter);
    default:
        return letter == '-' || is_upper(letter);
    }
}

static uint16_t number_at(struct numu_text text, size_t from, size_t count) {
    unsigned number = 0;
    for (size_t i = from; i < from + count; i++) {
        number = number * 10 + (unsigned)(text.data[i] - '0');
    }
    return (uint16_t)number;
}

static bool is_theatre(char letter) {
    return letter == 'W' || letter == 'T' || letter == 'Y';
}

bool numu_lot_number_parse(struct numu_text text, struct numu_lot_number *out, size_t *out_at) {
    for (size_t i = 0; i < SHAPE_LENGTH; i++) {
        if (i == text.length || !fits_shape(shape[i], text.data[i])) {
            *out_at = i;
            return false;
        }
    }
    size_t suffix = text.length - SHAPE_LENGTH;
    for (size_t i = 0; i < suffix; i++) {
        char letter = text.data[SHAPE_LENGTH + i];
        /* Of three letters the last is a theatre; of fewer, all are of rework. */
        if (i == SUFFIX_MAX || !is_upper(letter) || (i + 1 == SUFFIX_MAX && !is_theatre(letter))) {
            *out_at = SHAPE_LENGTH + i;
            return false;
        }
    }
    struct numu_lot_number lot = {
        .year = (uint8_t)number_at(text, YEAR_AT, 2),
        .month = (uint8_t)(strchr(months, text.data[MONTH_AT]) - months + 1),
        .interfix = number_at(text, INTERFIX_AT, 3),
        .separator = text.data[SEPARATOR_AT],
        .sequence = number_at(text, SEQUENCE_AT, 3),
        .theatre = suffix == SUFFIX_MAX ? text.data[text.length - 1] : '\0'};
    memcpy(lot.maker, text.data, 3);
    memcpy(lot.rework, text.data + SHAPE_LENGTH, suffix < 2 ? suffix : 2);
    *out = lot;
    return true;
}

static char *write_digits(char *to, unsigned number, size_t count) {
    for (size_t i = count; i > 0; i--) {
        to[i - 1] = (char)('0' + number % 10);
        number /= 10;
    }
    return to + count;
}

const char *numu_lot_number_format(const struct numu_lot_number *lot,
                                   char out[NUMU_LOT_NUMBER_BYTES]) {
    numu_assert(lot->month >= 1 && lot->month <= 12);
    char *to = out;
    memcpy(to, lot->maker, 3);
    to = write_digits(to + 3, lot->year, 2);
    *to++ = months[lot->month - 1];
    to = write_digits(to, lot->interfix, 3);
    *to++ = lot->separator;
    to = write_digits(to, lot->sequence, 3);
    for (size_t i = 0; i < 2 && lot->rework[i] != '\0'; i++) {
        *to++ = lot->rework[i];
    }
    if (lot->theatre != '\0') {
        *to++ = lot->theatre;
    }
    *to = '\0';
    return out;
}

bool numu_lot_number_parent(const struct numu_lot_number *lot, struct numu_lot_number *out) {
    if (lot->rework[0] == '\0') {
        return false;
    }
    *out = *lot;
    memset(out->rework, 0, sizeof out->rework);
    out->theatre = '\0';
    return true;
}

bool numu_lot_number_rework(const struct numu_lot_number *lot, struct numu_lot_number *out) {
    struct numu_lot_number next = *lot;
    char *letters = next.rework;
    next.theatre = '\0';
    if (letters[0] == '\0') {
        letters[0] = 'A';
    } else if (letters[1] == '\0' && letters[0] < 'Z') {
        letters[0]++;
    } else if (letters[1] == '\0') {
        letters[0] = letters[1] = 'A';
    } else if (letters[1] < 'Z') {
        letters[1]++;
    } else if (letters[0] < 'Z') {
        letters[0]++;
        letters[1] = 'A';
    } else {
        return false;
    }
    *out = next;
    return true;
}

bool numu_pattern_fits(struct numu_text pattern, struct numu_text text, size_t *out_at) {
    struct numu_lot_number unused;
    if (numu_text_is(pattern, NUMU_PATTERN_LOT)) {
        return numu_lot_number_parse(text, &unused, out_at);
    }
    for (size_t i = 0; pattern.length > 0 && i < pattern.length; i++) {
        char place = pattern.data[i];
        char letter = i < text.length ? text.data[i] : '\0';
        bool fits = place == '#'   ? is_digit(letter)
                    : place == '@' ? is_upper(letter)
                    : place == '?' ? is_digit(letter) || is_upper(letter)
                                   : i < text.length && letter == place;
        if (!fits) {
            *out_at = i;
            return false;
        }
    }
    *out_at = pattern.length;
    return pattern.length == 0 || text.length == pattern.length;
}
