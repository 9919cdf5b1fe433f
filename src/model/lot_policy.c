/*
 * lot_policy.c - words for how orders are sized.
 */
#include "model/lot_policy.h"

static bool read_quantity(struct numu_text text, int64_t *out) {
    return numu_number_parse(text, NUMU_QUANTITY_DECIMALS, '.', out) == NUMU_NUMBER_OK && *out >= 0;
}

static bool read_days(struct numu_text text, int64_t *out) {
    bool is_plain = text.length > 0 && text.length < 10 && text.data[0] != '0';
    for (size_t i = 0; is_plain && i < text.length; i++) {
        is_plain = text.data[i] >= '0' && text.data[i] <= '9';
    }
    return is_plain && numu_number_parse(text, 0, '.', out) == NUMU_NUMBER_OK;
}

static bool read_levels(struct numu_text text, struct numu_lot_words *out) {
    size_t comma = numu_text_find(text, NUMU_TEXT(","), 0);
    return comma != SIZE_MAX && read_quantity((struct numu_text){text.data, comma}, &out->low) &&
           read_quantity((struct numu_text){text.data + comma + 1, text.length - comma - 1},
                         &out->high) &&
           out->low < out->high;
}

bool numu_lot_policy_parse(struct numu_text text, struct numu_lot_words *out) {
    struct numu_lot_words words = {NUMU_LOT_FOR_LOT, 0, 0};
    size_t colon = numu_text_find(text, NUMU_TEXT(":"), 0);
    bool has_value = colon != SIZE_MAX;
    struct numu_text name = {text.data, has_value ? colon : text.length};
    struct numu_text value = {NULL, 0};
    bool is_good = false;
    if (has_value) {
        value = (struct numu_text){text.data + colon + 1, text.length - colon - 1};
    }
    if (text.length == 0 || (!has_value && numu_text_is(name, "lot_for_lot"))) {
        is_good = true;
    } else if (!has_value) {
        words.kind = NUMU_LOT_WAGNER_WHITIN;
        is_good = numu_text_is(name, "wagner_whitin");
    } else if (numu_text_is(name, "fixed")) {
        words.kind = NUMU_LOT_FIXED;
        is_good = read_quantity(value, &words.low) && words.low > 0;
    } else if (numu_text_is(name, "period")) {
        words.kind = NUMU_LOT_PERIOD;
        is_good = read_days(value, &words.low);
    } else if (numu_text_is(name, "min_max")) {
        words.kind = NUMU_LOT_MIN_MAX;
        is_good = read_levels(value, &words);
    }
    if (is_good) {
        *out = words;
    }
    return is_good;
}
