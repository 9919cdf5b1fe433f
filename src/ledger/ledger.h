/*
 * ledger.h - the book of one site: its own log, what it knows of other sites' logs, and the state
 * that follows from them.
 *
 * [L1] An event is judged once, when it is recorded, in the order of the log, in the transaction in
 *      which it is written; what was recorded is never judged again.
 * [L2] A refusal changes nothing but the log of refused attempts.
 * [L3] The same key with the same body again is the first one's receipt; with another it is
 * refused.
 * [L4] The time of record never goes backwards.
 */
#ifndef NUMU_LEDGER_LEDGER_H
#define NUMU_LEDGER_LEDGER_H

#include "base/diagnostic.h"
#include "ledger/note.h"
#include "ledger/state.h"

/* Where a log stands. */
struct numu_log_head {
    uint64_t size;
    numu_instant recorded; /* of the last event; NUMU_NO_INSTANT: none */
    int64_t epoch;         /* of the last event; 0: none */
    bool is_opening;       /* it is the first half of the opening of an epoch (epoch.h) */
    struct numu_frontier frontier;
};

struct numu_ledger {
    struct numu_heap *heap;
    struct numu_arena arena;   /* names */
    struct numu_arena scratch; /* of one event */
    struct numu_state state;
    struct numu_text id;            /* of the national ledger */
    struct numu_text site;          /* whose book it is */
    uint32_t log;                   /* number of the own log in the store */
    int64_t epoch;                  /* that is being written */
    struct numu_log_head head;      /* as the transaction has it */
    struct numu_log_head committed; /* as it would be after a rollback */
    bool is_open;                   /* a transaction is */
};

/* Starts a book in an empty store. The store is the ledger's from then on, also on failure. */
NUMU_MUST_CHECK numu_status numu_ledger_init(struct numu_heap *heap, struct numu_store store,
                                             struct numu_text id, struct numu_text site,
                                             struct numu_ledger *out);
/* Opens the book of a store. NUMU_INVALID where the store holds no ledger, or a broken one. */
NUMU_MUST_CHECK numu_status numu_ledger_open(struct numu_heap *heap, struct numu_store store,
                                             struct numu_ledger *out);
/*
 * The same for who verifies: a log that does not give its head any more is opened all the same, so
 * that what is wrong with it can be named. Nothing may be recorded in it.
 */
NUMU_MUST_CHECK numu_status numu_ledger_open_damaged(struct numu_heap *heap,
                                                     struct numu_store store,
                                                     struct numu_ledger *out);
/* Closes the store, too. */
numu_status numu_ledger_close(struct numu_ledger *ledger);

NUMU_MUST_CHECK numu_status numu_ledger_begin(struct numu_ledger *ledger);
NUMU_MUST_CHECK numu_status numu_ledger_commit(struct numu_ledger *ledger);
void numu_ledger_rollback(struct numu_ledger *ledger);

/* --- recording --- */

/* The time of record of what is recorded next, by a clock that says `now` [L4]. */
numu_instant numu_ledger_time(const struct numu_ledger *ledger, numu_instant now);

/* What lies at a place, as a check of `app` sees it. */
struct numu_holding {
    struct numu_text place, item, lot;
    numu_quantity quantity;
};

/*
 * Checks that other engines make, handed over by `app`; findings, at the place `where`, speak
 * against the event.
 */
struct numu_ledger_checks {
    void *data;
    struct numu_text model; /* SHA-256 of the package that is judged by, in hexadecimal */
    struct numu_text rules; /* of the rule set of storage; empty = none */
    /*
     * Storehouses that count as one with `place`, itself among them, in *out of the check's own.
     */
    void (*group)(void *data, struct numu_text place, const struct numu_text **out,
                  size_t *out_count);
    /*
     * What lies in all storehouses of the group of `place` as it would be after the event, with
     * goods that are pending or disputed: they lie there, too.
     */
    numu_status (*load)(void *data, struct numu_text place, const struct numu_holding *holdings,
                        size_t count, numu_day day, struct numu_place where,
                        struct numu_report *report);
    /* An export or import, against embargoes, duties and terms of re-export. */
    numu_status (*transfer)(void *data, const struct numu_event *event, struct numu_place where,
                            struct numu_report *report);
};

/* What somebody wants recorded. */
struct numu_entry_request {
    struct numu_event event;
    const struct numu_event_signature *signatures;
    size_t signature_count;
    numu_instant now;                        /* by the writer's clock */
    struct numu_place place;                 /* for findings */
    const struct numu_ledger_checks *checks; /* NULL = none */
};

typedef enum numu_outcome {
    NUMU_OUTCOME_ACKNOWLEDGED,
    NUMU_OUTCOME_PROPOSED,  /* waits for a second person */
    NUMU_OUTCOME_IRREGULAR, /* recorded against a rule, with its reason */
    NUMU_OUTCOME_REPEATED,  /* was recorded before: [L3] */
    NUMU_OUTCOME_REFUSED,   /* findings say why */
    NUMU_OUTCOME_COUNT
} numu_outcome;

struct numu_receipt {
    numu_outcome outcome;
    int64_t sequence; /* -1: refused */
    struct numu_sha256 leaf;
    bool lacks_package; /* recorded, but request.checks, which would have had a say, was NULL */
};

/*
 * Completes a draft: the ledger's id, the leaf of the event of this book that `ref` names by site
 * and sequence alone (left as it is where there is none), and the sheets of a count that names none
 * (count.h). Texts live in the arena.
 */
NUMU_MUST_CHECK numu_status numu_ledger_complete(struct numu_ledger *ledger,
                                                 struct numu_arena *arena,
                                                 struct numu_event *event);

/*
 * Makes one line of those of a count's draft that are of one item and lot at one account (count.h),
 * before it is signed. What an earlier numu recorded under its key as several stays several, so
 * that told again it is the same.
 */
NUMU_MUST_CHECK numu_status numu_ledger_join_count(struct numu_ledger *ledger,
                                                   struct numu_arena *arena,
                                                   struct numu_event *event);

/* Names of the sheets that wait for a count of a site, in order, with their leaves (count.h). */
NUMU_MUST_CHECK numu_status numu_ledger_sheets(struct numu_ledger *ledger, struct numu_arena *arena,
                                               struct numu_text site, struct numu_text count,
                                               struct numu_texts *out);

/*
 * Judges an event and writes it, within the transaction. What speaks against it goes to the report.
 * A refusal is NUMU_OK with its outcome.
 */
NUMU_MUST_CHECK numu_status numu_ledger_record(struct numu_ledger *ledger,
                                               const struct numu_entry_request *request,
                                               struct numu_report *report,
                                               struct numu_receipt *out);

/*
 * What speaks against an event: `hard` what can never be, `soft` what may not be done but may have
 * been. Both are reports of the caller's. *out says by what it was judged (without `broken`), in
 * the ledger's scratch.
 */
NUMU_MUST_CHECK numu_status numu_ledger_judge(struct numu_ledger *ledger,
                                              const struct numu_entry_request *request,
                                              struct numu_text body, struct numu_report *hard,
                                              struct numu_report *soft, struct numu_judgement *out);

/* Appends a refused attempt to their log, within the transaction. */
NUMU_MUST_CHECK numu_status numu_ledger_note_refusal(struct numu_ledger *ledger, numu_instant now,
                                                     const char *code, struct numu_text words);

/* --- reading --- */

enum { NUMU_OWN_LOG = 0 }; /* the own log before any epoch was opened */
/* The number of a site's log, in its newest epoch, in the store; NUMU_NOT_FOUND. */
NUMU_MUST_CHECK numu_status numu_ledger_log(struct numu_ledger *ledger, struct numu_text site,
                                            uint32_t *out);
/* An event of a log, in the arena; *out_leaf may be NULL. NUMU_NOT_FOUND. */
NUMU_MUST_CHECK numu_status numu_ledger_read(struct numu_ledger *ledger, struct numu_arena *arena,
                                             uint32_t log, int64_t sequence,
                                             struct numu_record *out, struct numu_sha256 *out_leaf);

/*
 * An event by its name, hash or not, and the log in which it stands: the newest of its site, or one
 * that ended and is kept as evidence. NUMU_NOT_FOUND.
 */
NUMU_MUST_CHECK numu_status numu_ledger_find(struct numu_ledger *ledger, struct numu_arena *arena,
                                             struct numu_text reference, uint32_t *out_log,
                                             struct numu_record *out, struct numu_sha256 *out_leaf);
/* The same, wherever it stands. */
NUMU_MUST_CHECK numu_status numu_ledger_read_reference(struct numu_ledger *ledger,
                                                       struct numu_arena *arena,
                                                       struct numu_text reference,
                                                       struct numu_record *out,
                                                       struct numu_sha256 *out_leaf);
/* The name of an event of a site's log, in its newest epoch. */
NUMU_MUST_CHECK numu_status numu_ledger_name(struct numu_ledger *ledger, struct numu_arena *arena,
                                             struct numu_text site, int64_t sequence,
                                             struct numu_text *out);
/* The proposal that an approval of a log took into effect; *out_is_there is false for others. */
NUMU_MUST_CHECK numu_status numu_ledger_read_proposal(struct numu_ledger *ledger,
                                                      struct numu_arena *arena, uint32_t log,
                                                      const struct numu_record *approval,
                                                      struct numu_record *out, bool *out_is_there);

/* What it is given lives until it returns. */
typedef numu_status (*numu_record_visit)(void *data, uint32_t log,
                                         const struct numu_record *record);
/* All events of a site's log, in order, until a visit gives another status than NUMU_OK. */
NUMU_MUST_CHECK numu_status numu_records_visit(struct numu_ledger *ledger, struct numu_text site,
                                               numu_record_visit visit, void *data);

/* --- the tree --- */

/* The tree of a log, for proofs; `room` must outlive it. */
struct numu_ledger_tree {
    struct numu_ledger *ledger;
    uint32_t log;
    struct numu_text site;
};
struct numu_tree numu_ledger_tree(struct numu_ledger *ledger, uint32_t log, struct numu_text site,
                                  struct numu_ledger_tree *room);
/*
 * What a leaf adds to a head: frontier, size, and the rows of roots of 256^n leaves. For who
 * appends to a log.
 */
NUMU_MUST_CHECK numu_status numu_log_append(struct numu_state *state, struct numu_text site,
                                            struct numu_log_head *head,
                                            const struct numu_sha256 *leaf);

/* The head of a log as its entries have it, whatever was signed. */
NUMU_MUST_CHECK numu_status numu_log_read_head(struct numu_ledger *ledger, uint32_t log,
                                               struct numu_text site, struct numu_log_head *out);

/*
 * Whether a key may sign the next head of the own log: the one that the register had at the head
 * before, or any where it has none. What is recorded meanwhile makes no difference.
 */
NUMU_MUST_CHECK numu_status numu_ledger_may_sign(struct numu_ledger *ledger,
                                                 const struct numu_public_key *key, bool *out);

/*
 * Signs the head of the own log and keeps it, within a transaction. Appends the note to the buffer
 * (may be NULL). NUMU_INVALID where the signer is not the key that the register asks for: the one
 * in force at the head before (bundle.h [B4]).
 */
NUMU_MUST_CHECK numu_status numu_ledger_sign_head(struct numu_ledger *ledger,
                                                  const struct numu_signer *signer,
                                                  struct numu_buffer *note);
/* "<ledger>/<name of the log>" (name.h): the origin of a log's checkpoints. */
NUMU_MUST_CHECK numu_status numu_log_origin(struct numu_arena *arena, struct numu_text id,
                                            struct numu_text name, struct numu_text *out);
/* Takes one apart; false for what is none. */
bool numu_log_origin_parse(struct numu_text origin, struct numu_text *out_id,
                           struct numu_text *out_site, int64_t *out_epoch);

/* A kept head of a site's log. */
struct numu_kept_head {
    uint64_t size;
    int64_t epoch; /* in which it was signed */
    struct numu_text note;
};
/*
 * The heads of the log that ends in `epoch` by ascending size, in the arena: those of earlier
 * epochs, too, as far as that log has their events (NUMU_EPOCH_NEWEST: of the newest log).
 */
enum { NUMU_EPOCH_NEWEST = INT32_MAX };
NUMU_MUST_CHECK numu_status numu_heads_list(struct numu_ledger *ledger, struct numu_arena *arena,
                                            struct numu_text site, int64_t epoch,
                                            struct numu_kept_head **out, size_t *out_count);
/*
 * What an entry just written adds to a head beside numu_log_append: time of record, epoch.
 */
void numu_log_note_record(struct numu_log_head *head, const struct numu_record *record);

/* The newest kept head of a site, a signed note in the arena. NUMU_NOT_FOUND. */
NUMU_MUST_CHECK numu_status numu_ledger_last_head(struct numu_ledger *ledger,
                                                  struct numu_arena *arena, struct numu_text site,
                                                  struct numu_text *out_note,
                                                  struct numu_checkpoint *out);

#endif
