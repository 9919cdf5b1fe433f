/*
 * epoch.h - a site's log goes on after a fork.
 *
 * Two histories of one site freeze it (bundle.h). Two administrators heal it: they open a new
 * epoch that names the last head which both histories have, its size and root. The log of the new
 * epoch is what was recorded up to there, then the opening itself - the event `epoch` of one
 * administrator, right after it the approval of another -, then what the site records from there
 * on. What either history has beyond the common head is evidence: the log that ended stays in the
 * store as it is, its heads and proofs hold, but nothing follows from it.
 *
 *     epoch 0   e0 e1 e2 e3 | e4 e5             one history, evidence from e4 on
 *     epoch 0   e0 e1 e2 e3 | f4                the other
 *     epoch 1   e0 e1 e2 e3 | open approve g6 … the log of the site
 *
 * [P1] An epoch begins by its opening and by nothing else; whoever takes the log - at the site, by
 *      a bundle, or to verify it - checks size, root, the two people, their roles and, where the
 *      register at the common head knows keys of theirs, their signatures.
 * [P2] Entries are never changed or removed: the new log is a log of its own in the store.
 * [P3] The state is that of the newest log, as if the ended one had never gone on. So it does not
 *      depend on which of the histories, and of the epochs, came first.
 */
#ifndef NUMU_LEDGER_EPOCH_H
#define NUMU_LEDGER_EPOCH_H

#include "ledger/ledger.h"

struct numu_epoch {
    int64_t number;    /* 1 … */
    uint64_t common;   /* size of the last common head: where it begins */
    bool has_evidence; /* this book has the log that ended there */
    uint32_t evidence; /* that log's number in the store */
    int64_t ended;     /* its epoch */
};
/* The epochs of a site that were opened, ascending, in the arena. */
NUMU_MUST_CHECK numu_status numu_epochs_list(struct numu_ledger *ledger, struct numu_arena *arena,
                                             struct numu_text site, struct numu_epoch **out,
                                             size_t *out_count);
/* A number for a new log in the store. NUMU_LIMIT where there is none left. */
NUMU_MUST_CHECK numu_status numu_log_number_next(struct numu_ledger *ledger, uint32_t *out);

/*
 * Whether a record may follow a log that stands at `before`, as far as epochs go [P1]; `log` is the
 * log's number. NUMU_INVALID where it may not. `state` is that of the log up to there.
 */
NUMU_MUST_CHECK numu_status numu_epoch_check(struct numu_state *state, struct numu_arena *scratch,
                                             uint32_t log, const struct numu_record *record,
                                             const struct numu_log_head *before);

/*
 * Within a transaction: starts the log of a site's epoch with the first `size` entries of the log
 * `from`, which ended in epoch `ended`; the site's state becomes that of those entries.
 */
NUMU_MUST_CHECK numu_status numu_epoch_branch(struct numu_ledger *ledger, struct numu_text site,
                                              uint32_t from, int64_t ended, uint64_t size,
                                              int64_t epoch, uint32_t *out_log,
                                              struct numu_log_head *out_head);
/* Notes an epoch that a log, taken from elsewhere, goes on in; one that is known stays. */
NUMU_MUST_CHECK numu_status numu_epoch_note(struct numu_ledger *ledger, struct numu_text site,
                                            const struct numu_epoch *epoch);

/*
 * Judges the event `epoch` of a first administrator, in the own book, and keeps it for a second
 * one, in a transaction of its own; it is in no log yet, and a later one takes its place. A refusal
 * is NUMU_OK with its outcome, the findings in the report.
 */
NUMU_MUST_CHECK numu_status numu_epoch_propose(struct numu_ledger *ledger,
                                               const struct numu_entry_request *request,
                                               struct numu_report *report,
                                               struct numu_receipt *out);
/* The opening that waits for its second person, in the arena. NUMU_NOT_FOUND. */
NUMU_MUST_CHECK numu_status numu_epoch_waiting(struct numu_ledger *ledger, struct numu_arena *arena,
                                               struct numu_record *out,
                                               struct numu_sha256 *out_leaf);
/* Judges the approval of it and opens the epoch; the same otherwise. NUMU_NOT_FOUND: none waits. */
NUMU_MUST_CHECK numu_status numu_epoch_approve(struct numu_ledger *ledger,
                                               const struct numu_entry_request *request,
                                               struct numu_report *report,
                                               struct numu_receipt *out);

#endif
