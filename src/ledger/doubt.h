/*
 * doubt.h - what the logs say of themselves that cannot be, or is late: no rule refuses it, since a
 * book must take what happened, but somebody should ask.
 *
 * [D1] Doubts follow from the events alone: whoever holds the same logs has the same doubts.
 */
#ifndef NUMU_LEDGER_DOUBT_H
#define NUMU_LEDGER_DOUBT_H

#include "ledger/ledger.h"

enum { NUMU_DOUBT_LATE_DAYS = 7 };

typedef enum numu_doubt_kind {
    NUMU_DOUBT_LATE,    /* recorded more than NUMU_DOUBT_LATE_DAYS after the fact, or backdated */
    NUMU_DOUBT_CLOCK,   /* recorded before the fact: a clock was wrong */
    NUMU_DOUBT_STRAY,   /* received, though the dispatch that it names did not have it */
    NUMU_DOUBT_REVOKED, /* done by one whose roles had ended by then, which the book did not know */
    NUMU_DOUBT_UNSEEN,  /* moved from where a count did not see it (unseen.h) */
    NUMU_DOUBT_COUNT
} numu_doubt_kind;

struct numu_doubt {
    numu_doubt_kind kind;
    struct numu_text site;
    int64_t sequence;
    numu_event_type type;
    struct numu_text by;
    struct numu_text item, object; /* stray, unseen: what; else of the first line, where one is */
    int64_t days;                  /* late, clock: between fact and record */
};

/* Of all logs that the book knows, in the order of sites and sequence; in the arena. */
NUMU_MUST_CHECK numu_status numu_doubts_list(struct numu_ledger *ledger, struct numu_arena *arena,
                                             struct numu_doubt **out, size_t *out_count);

#endif
