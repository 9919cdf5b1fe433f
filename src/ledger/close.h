/*
 * close.h - what happened between a count and its close, which the close leaves as it is.
 *
 * [L1] After a close a serial is where the count saw it, or where it moved since. What was marked
 *      or packed has not moved. What another close posted holds as of the count that was closed,
 *      and that a serial was missing at one account says nothing of another.
 * [L2] Of an item, and lot, at an account no count is closed after another that was closed since
 *      the first began: its difference would be posted twice. This is asked at the door, and by all
 *      who apply a log.
 * [L3] A close leaves no balance of a place below nothing (the door).
 *
 * Closes of version 1 are applied as they always were: of a count in one event they put back what
 * was exported or used up meanwhile. The door lets none in that would.
 */
#ifndef NUMU_LEDGER_CLOSE_H
#define NUMU_LEDGER_CLOSE_H

#include "ledger/count.h"

/* The event of the log that was looked at last: many serials move at once. */
struct numu_moves {
    int64_t sequence; /* -1: none was */
    enum { NUMU_MOVES_NOTHING, NUMU_MOVES_GOODS, NUMU_MOVES_AS_COUNTED } kind;
    int64_t counted; /* of a close: the event of its count */
};

/*
 * Whether a serial, with its row of the state, moved after an event of the log [L1]. `of` says the
 * state and the log; its count is not asked.
 */
NUMU_MUST_CHECK numu_status numu_serial_has_moved(const struct numu_count_case *of,
                                                  const struct numu_serial *now, int64_t after,
                                                  struct numu_moves *moves, bool *out);

/* A count of a log that was closed, and the event by which it was. */
struct numu_closed_count {
    int64_t count, close;
};
/* All of a site, in order of the counts; in the arena. */
NUMU_MUST_CHECK numu_status numu_closed_counts_list(struct numu_state *state,
                                                    struct numu_arena *arena, struct numu_text site,
                                                    struct numu_closed_count **out,
                                                    size_t *out_count);

/* What stands in the way of a close [L2]: in the arena. */
struct numu_overtaking {
    int64_t close;         /* the event by which another count was closed; -1: none was */
    struct numu_text item; /* that both counted */
};
/* Of the count that stands at `sequence`, among those that were closed. */
NUMU_MUST_CHECK numu_status numu_count_find_overtaking(const struct numu_count_case *of,
                                                       int64_t sequence,
                                                       const struct numu_closed_count *closed,
                                                       size_t closed_count,
                                                       struct numu_overtaking *out);

#endif
