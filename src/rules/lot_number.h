/*
 * lot_number.h - lot numbers of ammunition, and patterns of serials and lots.
 *
 * A lot number after MIL-STD-1168C, 4.1: maker (three letters), year (two digits), month (a letter,
 * A to M without I), interfix (three digits), '-' or a letter, sequence (three digits); after it up
 * to two letters for rework and one for a theatre (W, T, Y). A lot with a suffix of rework is a lot
 * of its own whose parent is the one without (4.6.1). "XYZ07D006-004".
 *
 * A pattern is what a national authority writes down for its own numbers: '#' stands for a digit,
 * '@' for a capital letter, '?' for either, anything else for itself: "R######". The word
 * "mil-std-1168" stands for the form above.
 */
#ifndef NUMU_RULES_LOT_NUMBER_H
#define NUMU_RULES_LOT_NUMBER_H

#include "base/text.h"

enum { NUMU_LOT_NUMBER_BYTES = 17 };

struct numu_lot_number {
    char maker[4];
    uint8_t year;      /* of the century: 0 to 99 */
    uint8_t month;     /* 1 to 12 */
    uint16_t interfix; /* 0 to 999 */
    char separator;    /* '-' or a letter that belongs to the number */
    uint16_t sequence; /* 0 to 999 */
    char rework[3];    /* "", "A" … "ZZ" */
    char theatre;      /* 0: none; else W, T or Y */
};

/* False where a text is none; *out_at is then the place of the first letter that does not fit. */
bool numu_lot_number_parse(struct numu_text text, struct numu_lot_number *out, size_t *out_at);
/* Writes one whose parts are in their ranges; returns `out`. */
const char *numu_lot_number_format(const struct numu_lot_number *lot,
                                   char out[NUMU_LOT_NUMBER_BYTES]);
/* The lot that a reworked one was made of: without its suffix. False where it is not reworked. */
bool numu_lot_number_parent(const struct numu_lot_number *lot, struct numu_lot_number *out);
/* The next rework of a lot: "" to A, Z to AA; false after ZZ. */
bool numu_lot_number_rework(const struct numu_lot_number *lot, struct numu_lot_number *out);

#define NUMU_PATTERN_LOT "mil-std-1168"
/*
 * Whether a serial or lot has the form of a pattern; *out_at is the place of the first letter that
 * does not (the end, where something is missing). An empty pattern fits everything.
 */
bool numu_pattern_fits(struct numu_text pattern, struct numu_text text, size_t *out_at);

#endif
