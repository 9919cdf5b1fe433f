/*
 * unseen.h - serials that are moved from an account where a count did not see them.
 *
 * A count that was recorded moves nothing before its close; until then what it did not see can be
 * issued or used up on paper, and is not missing any more when the count is closed. No rule refuses
 * that, since the thing may have been found; who looks over the books should ask (doubt.h).
 *
 * [U1] A serial is unseen at an account from a count there until something else happens to it, or
 *      the count is closed, or another count sees it.
 */
#ifndef NUMU_LEDGER_UNSEEN_H
#define NUMU_LEDGER_UNSEEN_H

#include "ledger/dictionary.h"
#include "ledger/ledger.h"

/* Of the log of a site, up to the event that was looked at last. */
struct numu_unseen {
    struct numu_ledger *ledger;
    struct numu_arena *arena;
    struct numu_dictionary counted; /* by account and item: the event of the last count */
    struct numu_dictionary handled; /* by item and serial: the last event that has seen it */
    struct numu_buffer key;
};
/* Its rows live in the arena; release it. */
void numu_unseen_init(struct numu_unseen *unseen, struct numu_ledger *ledger,
                      struct numu_arena *arena);
void numu_unseen_release(struct numu_unseen *unseen);

typedef numu_status (*numu_unseen_visit)(void *data, const struct numu_record *record,
                                         struct numu_text item, struct numu_text serial);
/*
 * Looks at the next event of the log, and visits what it, or the proposal that it approves, moves
 * unseen: with the record that has the lines.
 */
NUMU_MUST_CHECK numu_status numu_unseen_look(struct numu_unseen *unseen, uint32_t log,
                                             const struct numu_record *record,
                                             numu_unseen_visit visit, void *data);

#endif
