/*
 * difference.h - what a count found, serial by serial and lot by lot, beside what the book has.
 *
 * Of a count whose sheets are still being recorded: as things are, so that who counts can look
 * again. Of one that was recorded: what its close posts, or, where it was closed, what that posted.
 */
#ifndef NUMU_LEDGER_DIFFERENCE_H
#define NUMU_LEDGER_DIFFERENCE_H

#include "ledger/ledger.h"

/* --- counts of a book --- */

typedef enum numu_count_stage {
    NUMU_COUNT_WAITING, /* sheets, whose count has not come */
    NUMU_COUNT_LAPSED,  /* the same, for so long that it cannot come any more */
    NUMU_COUNT_RECORDED,
    NUMU_COUNT_OVERTAKEN, /* the same, and another of the same was closed since (close.h) */
    NUMU_COUNT_CLOSED
} numu_count_stage;

struct numu_count_row {
    struct numu_text key;
    numu_count_stage stage;
    int64_t sequence; /* of the count; of one that has not come: of its first sheet */
    numu_instant recorded;
    size_t sheets;    /* 0: in one event */
    size_t withdrawn; /* sheets that are not of it any more */
};
/* Counts that were recorded, in order, then those that wait, by key; of a site, in the arena. */
NUMU_MUST_CHECK numu_status numu_counts_of(struct numu_ledger *ledger, struct numu_arena *arena,
                                           struct numu_text site, numu_instant now,
                                           struct numu_count_row **out, size_t *out_count);

/* --- differences --- */

typedef enum numu_difference_kind {
    NUMU_DIFFERENCE_MISSING,   /* a serial that the book has there and nobody saw */
    NUMU_DIFFERENCE_SURPLUS,   /* one that was seen, and that the book has nowhere */
    NUMU_DIFFERENCE_ELSEWHERE, /* one that was seen at another account than the book's */
    NUMU_DIFFERENCE_MOVED,     /* one that was seen, and moved since: no difference */
    NUMU_DIFFERENCE_SHORT,     /* less of a lot or a quantity than the book has */
    NUMU_DIFFERENCE_OVER,      /* more */
    NUMU_DIFFERENCE_UNLISTED   /* a lot that the book has at a counted account, and no line says */
} numu_difference_kind;

struct numu_difference {
    numu_difference_kind kind;
    struct numu_text item, lot, serial;
    struct numu_text account;      /* where it was counted, or should have been */
    struct numu_text book_account; /* of a serial: where the book has it; empty: nowhere */
    numu_quantity quantity;        /* that is missing, too much, or in the book */
};
/* All of a row of numu_counts_of, in the arena: by account and item as the count names them. */
NUMU_MUST_CHECK numu_status numu_differences_list(struct numu_ledger *ledger,
                                                  struct numu_arena *arena, struct numu_text site,
                                                  const struct numu_count_row *count,
                                                  struct numu_difference **out, size_t *out_count);

#endif
