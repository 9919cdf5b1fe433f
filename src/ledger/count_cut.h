/*
 * count_cut.h - a long count, as people write it down, cut into sheets and their count.
 *
 * Of the draft of a count that has all lines, serials and lots:
 *
 * [K1] every serial and every lot stands on a sheet, serials of an item and account together, in
 *      the order of the draft; the count has the totals.
 * [K2] the same draft is cut into the same sheets, so that who tells it twice tells it once: sheet
 *      n of the count K has the key "K/n".
 * [K3] no sheet is longer than an event may be, with one signature.
 */
#ifndef NUMU_LEDGER_COUNT_CUT_H
#define NUMU_LEDGER_COUNT_CUT_H

#include "ledger/state.h"

struct numu_cut_count {
    struct numu_event *sheets;
    size_t sheet_count;
    struct numu_event count; /* with totals; it names no sheets yet (numu_ledger_complete) */
};
/*
 * `state` knows the items of the site. Everything lives in the arena, or in the draft. NUMU_LIMIT
 * where it would take more sheets, or more totals, than a count may have.
 */
NUMU_MUST_CHECK numu_status numu_count_cut(struct numu_state *state, struct numu_text site,
                                           const struct numu_event *draft, struct numu_arena *arena,
                                           struct numu_cut_count *out);

#endif
