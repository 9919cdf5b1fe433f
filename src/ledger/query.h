/*
 * query.h - what a book answers: what is where, what is on its way, what became of a thing, how a
 * site's account closes.
 *
 * Results live in the arena. Rows are in the order of the state, which is bytewise, so that the
 * same set of logs gives the same answer.
 */
#ifndef NUMU_LEDGER_QUERY_H
#define NUMU_LEDGER_QUERY_H

#include "ledger/ledger.h"

/* --- balances --- */

struct numu_balance {
    struct numu_text site, account, item, lot;
    numu_quantity quantity;
};
struct numu_balance_filter {
    struct numu_text site;  /* empty: all that are known */
    struct numu_text place; /* empty: all; a place, an account at a place, or a nominal account */
    struct numu_text item;
    struct numu_text lot;
    bool with_nominal; /* accounts that are no place, too */
    bool with_zero;
};
NUMU_MUST_CHECK numu_status numu_balances_list(struct numu_state *state, struct numu_arena *arena,
                                               const struct numu_balance_filter *filter,
                                               struct numu_balance **out, size_t *out_count);

/*
 * The state as it followed from the first events of each log, those whose fact was not after `at`:
 * in a store of its own, which the caller closes.
 */
NUMU_MUST_CHECK numu_status numu_state_at(struct numu_ledger *ledger, numu_instant at,
                                          struct numu_state *out);
/* The state of a site's log alone, as it was before one of its events; the same. */
NUMU_MUST_CHECK numu_status numu_state_before(struct numu_ledger *ledger, struct numu_text site,
                                              int64_t sequence, struct numu_state *out);

/* --- movements --- */

typedef enum numu_movement_state {
    NUMU_MOVEMENT_DONE,    /* received in full */
    NUMU_MOVEMENT_TRANSIT, /* sent, not all received */
    NUMU_MOVEMENT_PENDING, /* received, but the dispatch is not known yet */
    NUMU_MOVEMENT_OVER     /* more received than sent: disputed */
} numu_movement_state;

struct numu_transit {
    numu_movement_state state;
    struct numu_text dispatch; /* "site:sequence" */
    int64_t line;
    struct numu_text item, lot;
    numu_quantity sent, received;
    numu_day day;           /* of the dispatch; of the receipt where that is all there is */
    struct numu_text place; /* where it goes to, or came to */
};
NUMU_MUST_CHECK numu_status numu_transits_list(struct numu_state *state, struct numu_arena *arena,
                                               struct numu_transit **out, size_t *out_count);

/* A serial that more than one site holds, or that was made more than once. */
struct numu_dispute {
    struct numu_text item, serial;
    struct numu_text sites;  /* "a b" */
    int64_t made;            /* times */
    int64_t held;            /* sites that hold it */
    struct numu_text counts; /* the site whose history two people said counts; empty: open */
};
/*
 * Whether a serial is in dispute, and how. A resolution holds while the sites are those that it
 * names: another claim opens the question again. NUMU_NOT_FOUND where it is in none.
 */
NUMU_MUST_CHECK numu_status numu_dispute_get(struct numu_state *state, struct numu_arena *arena,
                                             struct numu_text item, struct numu_text serial,
                                             struct numu_dispute *out);
NUMU_MUST_CHECK numu_status numu_disputes_list(struct numu_state *state, struct numu_arena *arena,
                                               struct numu_dispute **out, size_t *out_count);

/* An act that was recorded against a rule: an alarm, until somebody has looked into it. */
struct numu_irregular {
    struct numu_text site;
    int64_t sequence;
    struct numu_text second, reason; /* who bears witness, and why it was done */
    struct numu_text broken;         /* codes of the rules, "a b"; empty: none spoke against it */
};
NUMU_MUST_CHECK numu_status numu_irregulars_list(struct numu_state *state, struct numu_arena *arena,
                                                 struct numu_irregular **out, size_t *out_count);

/* --- material balance --- */

/*
 * One item of a site's account, after the practice of nuclear safeguards (IAEA, Safeguards
 * Glossary, 2022, 6.1 and 6.43): beginning inventory + increases − decreases = book; book −
 * physical = what is unaccounted for. Increases are what came in from nominal accounts and transit.
 */
struct numu_item_account {
    struct numu_text item;
    numu_quantity opening, produced, imported, received, found; /* found: found and seized */
    numu_quantity sent, consumed, exported, destroyed, lost;
    numu_quantity corrected;   /* from `error`, net */
    numu_quantity unaccounted; /* closed counts: positive where goods were missing */
    numu_quantity book;        /* held now, by site and units */
    bool is_counted;
    numu_quantity counted_book, counted; /* of the last count: what the book held, what was there */
    numu_quantity allowed;               /* difference that weighing explains: 0 for pieces */
};
NUMU_MUST_CHECK numu_status numu_account_list(struct numu_ledger *ledger, struct numu_arena *arena,
                                              struct numu_text site, struct numu_item_account **out,
                                              size_t *out_count);

/*
 * What was made or imported, by all logs: "item month way" with tabs between (way: produced or
 * imported) to a quantity, by the month of the fact; *out_last is the last month of any fact,
 * NUMU_NO_MONTH where there is none.
 */
NUMU_MUST_CHECK numu_status numu_produced_list(struct numu_ledger *ledger, struct numu_arena *arena,
                                               struct numu_dictionary *out, numu_month *out_last);

/* --- tracing --- */

struct numu_trace_step {
    struct numu_text site;
    int64_t sequence;
    struct numu_sha256 leaf;
    numu_event_type type;
    numu_instant time;
    struct numu_text by;
    struct numu_text item, object; /* what it is a step of */
    struct numu_text from, to;
    numu_quantity quantity;
    unsigned depth; /* 0: the thing itself; 1: what it was made of, or what was made of it */
};
struct numu_trace_options {
    bool is_forward;  /* where what was made of it went; else what it was made of */
    size_t steps_max; /* 0 = no limit */
};
struct numu_traced_thing {
    struct numu_text item, object;
};
struct numu_trace {
    struct numu_trace_step *steps;
    size_t step_count;
    bool is_complete; /* false only where steps_max cut it */
    /* Things of which each was made of the next, and the last of the first: no history has such. */
    struct numu_traced_thing *circle;
    size_t circle_count; /* 0 = none was found */
};
/*
 * The life of a serial or lot, and of all that it was made of (or, forward, that was made of it):
 * breadth first, each thing once, so that a circle ends. NUMU_NOT_FOUND where no log knows it.
 * `item` may be empty: the first item that has such an object.
 */
NUMU_MUST_CHECK numu_status numu_trace_list(struct numu_ledger *ledger, struct numu_arena *arena,
                                            struct numu_text item, struct numu_text object,
                                            const struct numu_trace_options *options,
                                            struct numu_trace *out);

/* The sites whose logs are known, the own one first, in the arena. */
NUMU_MUST_CHECK numu_status numu_sites_list(struct numu_ledger *ledger, struct numu_arena *arena,
                                            struct numu_text **out, size_t *out_count);

#endif
