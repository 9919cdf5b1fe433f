/*
 * lot_policy.h - the column lot_policy of items: words for how orders are sized.
 */
#ifndef NUMU_MODEL_LOT_POLICY_H
#define NUMU_MODEL_LOT_POLICY_H

#include "base/number.h"

typedef enum numu_lot_kind {
    NUMU_LOT_FOR_LOT = 0,   /* what is lacking */
    NUMU_LOT_FIXED,         /* a multiple of a quantity */
    NUMU_LOT_PERIOD,        /* what is lacking within a number of days */
    NUMU_LOT_MIN_MAX,       /* when stock falls below a level, up to another */
    NUMU_LOT_WAGNER_WHITIN, /* least cost of setups and holding */
    NUMU_LOT_KIND_COUNT
} numu_lot_kind;

struct numu_lot_words {
    numu_lot_kind kind;
    int64_t low;  /* FIXED: quantity; PERIOD: days; MIN_MAX: quantity below which is ordered */
    int64_t high; /* MIN_MAX: quantity up to which is ordered; else 0 */
};

/*
 * "lot_for_lot", "wagner_whitin", "fixed:N", "period:DAYS", "min_max:LOW,HIGH" with N > 0, DAYS a
 * whole number of 1 to 9 digits, 0 <= LOW < HIGH; empty is lot_for_lot. False for anything else.
 */
bool numu_lot_policy_parse(struct numu_text text, struct numu_lot_words *out);

#endif
