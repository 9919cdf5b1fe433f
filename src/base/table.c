/*
 * table.c - what the kinds of columns have in common.
 */
#include "base/table.h"

#include <math.h>
#include <string.h>

size_t numu_kind_size(numu_kind kind) {
    static const size_t sizes[] = {
        [NUMU_KIND_KEY] = sizeof(NUMU_TYPE_KEY),
        [NUMU_KIND_TEXT] = sizeof(NUMU_TYPE_TEXT),
        [NUMU_KIND_REFERENCE] = sizeof(NUMU_TYPE_REFERENCE),
        [NUMU_KIND_CHOICE] = sizeof(NUMU_TYPE_CHOICE),
        [NUMU_KIND_CHOICES] = sizeof(NUMU_TYPE_CHOICES),
        [NUMU_KIND_CURRENCY] = sizeof(NUMU_TYPE_CURRENCY),
        [NUMU_KIND_DATE] = sizeof(NUMU_TYPE_DATE),
        [NUMU_KIND_DUE] = sizeof(NUMU_TYPE_DUE),
        [NUMU_KIND_MONTH] = sizeof(NUMU_TYPE_MONTH),
        [NUMU_KIND_MONEY] = sizeof(NUMU_TYPE_MONEY),
        [NUMU_KIND_PRICE] = sizeof(NUMU_TYPE_PRICE),
        [NUMU_KIND_QUANTITY] = sizeof(NUMU_TYPE_QUANTITY),
        [NUMU_KIND_DECIMAL] = sizeof(NUMU_TYPE_DECIMAL),
        [NUMU_KIND_INTEGER] = sizeof(NUMU_TYPE_INTEGER),
        [NUMU_KIND_BOOLEAN] = sizeof(NUMU_TYPE_BOOLEAN),
        [NUMU_KIND_REAL] = sizeof(NUMU_TYPE_REAL),
    };
    numu_assert(kind < sizeof sizes / sizeof *sizes && sizes[kind] != 0);
    return sizes[kind];
}

int numu_kind_decimals(numu_kind kind, numu_currency currency) {
    switch (kind) {
    case NUMU_KIND_MONEY:
        return numu_currency_decimals(currency);
    case NUMU_KIND_PRICE:
        return NUMU_PRICE_DECIMALS;
    case NUMU_KIND_QUANTITY:
        return NUMU_QUANTITY_DECIMALS;
    case NUMU_KIND_DECIMAL:
        return NUMU_DECIMAL_DECIMALS;
    default:
        return 0;
    }
}

void numu_kind_fill_none(numu_kind kind, void *elements, size_t from, size_t to) {
    switch (kind) {
    case NUMU_KIND_REFERENCE:
        for (size_t row = from; row < to; row++) {
            ((NUMU_TYPE_REFERENCE *)elements)[row] = NUMU_NONE;
        }
        return;
    case NUMU_KIND_DATE:
    case NUMU_KIND_DUE:
        for (size_t row = from; row < to; row++) {
            ((numu_day *)elements)[row] = NUMU_NO_DAY;
        }
        return;
    case NUMU_KIND_MONTH:
        for (size_t row = from; row < to; row++) {
            ((numu_month *)elements)[row] = NUMU_NO_MONTH;
        }
        return;
    case NUMU_KIND_MONEY:
    case NUMU_KIND_PRICE:
    case NUMU_KIND_QUANTITY:
    case NUMU_KIND_DECIMAL:
    case NUMU_KIND_INTEGER:
        for (size_t row = from; row < to; row++) {
            ((int64_t *)elements)[row] = NUMU_NO_NUMBER;
        }
        return;
    case NUMU_KIND_REAL:
        for (size_t row = from; row < to; row++) {
            ((NUMU_TYPE_REAL *)elements)[row] = NAN;
        }
        return;
    case NUMU_KIND_KEY:
    case NUMU_KIND_TEXT:
        for (size_t row = from; row < to; row++) {
            ((struct numu_text *)elements)[row] = (struct numu_text){NULL, 0};
        }
        return;
    case NUMU_KIND_CHOICE:
    case NUMU_KIND_CHOICES:
    case NUMU_KIND_CURRENCY:
    case NUMU_KIND_BOOLEAN:
        if (from < to) {
            size_t size = numu_kind_size(kind);
            memset((char *)elements + from * size, 0, (to - from) * size);
        }
        return;
    }
    numu_assert_failed("a kind of column", __FILE__, __LINE__);
}

uint8_t numu_choice_find(const char *const *choices, struct numu_text name) {
    for (size_t i = 0; choices[i] != NULL; i++) {
        if (numu_text_is(name, choices[i])) {
            numu_assert(i < UINT8_MAX);
            return (uint8_t)(i + 1);
        }
    }
    return 0;
}

/* A third of the bytes and at most three, but one in short words; a letter is not like another. */
static unsigned edits_allowed(struct numu_text name) {
    if (name.length < 6) {
        return name.length < 2 ? 0 : 1;
    }
    return name.length < 9 ? 2 : 3;
}

const char *numu_choice_nearest(const char *const *choices, struct numu_text name) {
    const char *nearest = NULL;
    unsigned limit = edits_allowed(name);
    for (size_t i = 0; choices[i] != NULL; i++) {
        unsigned edits = numu_text_distance(name, numu_text_of(choices[i]), limit);
        if (edits <= limit) {
            nearest = choices[i];
            if (edits == 0) {
                break;
            }
            limit = edits - 1; /* of two equally near the first one stays */
        }
    }
    return nearest;
}
