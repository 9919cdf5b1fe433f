/*
 * ledger.h - use cases of the ledger: start a book, write into it, ask it.
 *
 * A book is opened for one use case and closed at its end; what is wrong with the file is a finding
 * (not-a-ledger), as is what speaks against an event.
 */
#ifndef NUMU_APP_LEDGER_H
#define NUMU_APP_LEDGER_H

#include "app/sheet.h"
#include "ledger/query.h"
#include "ledger/verify.h"
#include "model/model.h"

/* Opens the book in a file; close it by numu_ledger_close. NUMU_IO, NUMU_INVALID with a finding. */
NUMU_MUST_CHECK numu_status numu_app_ledger_open(const struct numu_context *context,
                                                 const char *path, numu_store_mode mode,
                                                 struct numu_report *report,
                                                 struct numu_ledger *out);

struct numu_ledger_init_request {
    const char *path;
    struct numu_text site; /* of the model */
    numu_instant now;
    const struct numu_signer *signer; /* of the site; NULL = none */
    const char *root;                 /* public key of the root, or a file with it; NULL = none */
    const char *certificates; /* file of what the root signed (app/certify.h); NULL = none */
};
/*
 * Makes a book for a site of a checked model, with its first registers: root, items, places,
 * people, certificates, licences. A file that exists is never overwritten.
 */
NUMU_MUST_CHECK numu_status numu_app_ledger_init(const struct numu_context *context,
                                                 const struct numu_ledger_init_request *request,
                                                 const struct numu_model *model,
                                                 struct numu_report *report);
struct numu_registers_request {
    const struct numu_model *model;
    struct numu_text by, site;
    numu_instant now;
    const struct numu_public_key *site_key; /* NULL = none */
    struct numu_text root;                  /* a public key (ledger/root.h); empty = none */
    struct numu_text certificates;          /* that it signed, one after another */
};
/*
 * The registers of a model as events of its first person on, each short enough: one draft a line,
 * appended to the buffer. With a root, the role administrator and the site's key come by
 * certificates alone; who lacks one is a finding (not-certified). `scratch` is used.
 */
NUMU_MUST_CHECK numu_status numu_app_ledger_registers(const struct numu_registers_request *request,
                                                      struct numu_arena *scratch,
                                                      struct numu_report *report,
                                                      struct numu_buffer *buffer);

/* Records such drafts in one transaction, and signs the head (signer NULL = not). */
NUMU_MUST_CHECK numu_status numu_app_ledger_record_registers(struct numu_ledger *ledger,
                                                             numu_instant now,
                                                             const struct numu_signer *signer,
                                                             struct numu_text drafts,
                                                             struct numu_report *report);

struct numu_ledger_record_request {
    const char *path;       /* of the book */
    const char *input;      /* drafts: .csv, else a JSON object a line; "-" = standard input */
    struct numu_text lines; /* drafts in memory, where input is NULL */
    numu_instant now;
    bool is_atomic;                          /* all lines or none */
    const struct numu_signer *person;        /* signs each body; NULL = none */
    const struct numu_signer *site;          /* signs the head afterwards; NULL = none */
    const struct numu_ledger_checks *checks; /* app/door.h; NULL = none */
    bool has_reasons; /* receipts have a sixth column: the code of what spoke against it first */
    /*
     * Is given the receipts of each group when its commit has returned, and they are dropped, so
     * that memory does not grow with the input; the sheet has the rest. NULL: the sheet has all.
     */
    numu_status (*hand_out)(void *data, const struct numu_sheet *receipts);
    void *hand_out_data;
};
enum { NUMU_RECEIPT_COLUMNS = 5 }; /* without reasons */
/*
 * Records drafts line by line: sheet "numu.ledger.receipts/1" has a row for each. Findings name
 * line and column of the input, which is added to the sources. *out_refused counts lines that were
 * refused or are no events.
 */
NUMU_MUST_CHECK numu_status numu_app_ledger_record(const struct numu_context *context,
                                                   const struct numu_ledger_record_request *request,
                                                   struct numu_sources *sources,
                                                   struct numu_report *report,
                                                   struct numu_arena *arena, struct numu_sheet *out,
                                                   size_t *out_refused);

/* --- asking --- */

/* A book without a root is a finding (without-root). */
NUMU_MUST_CHECK numu_status numu_app_ledger_status(struct numu_ledger *ledger,
                                                   struct numu_arena *arena,
                                                   struct numu_report *report,
                                                   struct numu_sheet *out);

typedef enum numu_balance_show {
    NUMU_SHOW_STOCK,     /* what lies where */
    NUMU_SHOW_TRANSIT,   /* movements that are not done, oldest first */
    NUMU_SHOW_EXPIRING,  /* lots by the day they expire */
    NUMU_SHOW_DISPUTED,  /* serials in two places or made twice, receipts over dispatches */
    NUMU_SHOW_ACCOUNTS,  /* nominal accounts, too */
    NUMU_SHOW_IRREGULAR, /* acts recorded against a rule */
    NUMU_SHOW_DOUBTFUL   /* ledger/doubt.h */
} numu_balance_show;
struct numu_balance_request {
    numu_balance_show show;
    struct numu_text place, item;
    numu_instant at; /* NUMU_NO_INSTANT: as known now */
    numu_day today;
};
/* NUMU_INVALID, which is said: no log knows the place, item or site that is asked about. */
NUMU_MUST_CHECK numu_status numu_app_ledger_balance(struct numu_ledger *ledger,
                                                    const struct numu_balance_request *request,
                                                    struct numu_arena *arena,
                                                    struct numu_report *report,
                                                    struct numu_sheet *out);
NUMU_MUST_CHECK numu_status numu_app_ledger_account(struct numu_ledger *ledger,
                                                    struct numu_text site, struct numu_arena *arena,
                                                    struct numu_report *report,
                                                    struct numu_sheet *out);

struct numu_trace_request {
    struct numu_text object, item;
    bool is_forward;
};
/* With the proof of each step checked against the newest head. NUMU_NOT_FOUND with a finding. */
NUMU_MUST_CHECK numu_status numu_app_ledger_trace(struct numu_ledger *ledger,
                                                  const struct numu_trace_request *request,
                                                  struct numu_arena *arena,
                                                  struct numu_report *report,
                                                  struct numu_sheet *out);
/* Appends the proof (tlog-proof) of an event, "site:sequence", under the newest head. */
NUMU_MUST_CHECK numu_status numu_app_ledger_prove(struct numu_ledger *ledger,
                                                  struct numu_text reference,
                                                  struct numu_arena *arena,
                                                  struct numu_report *report,
                                                  struct numu_buffer *buffer);

struct numu_ledger_verify_request {
    const char *path; /* of the book */
    const char *head; /* file of a head kept away from it: a signed note, or a proof; NULL = none */
    const char *root; /* public key that its root must be, or a file with it; NULL = any, or none */
};
/*
 * A whole book in a file, verified, and held against a head that was kept away from it: a book
 * whose end was cut off, or that was brought back from an old copy, lacks it. NUMU_INVALID where it
 * was altered, or has another root (other-root); one without a root is a finding (without-root).
 */
NUMU_MUST_CHECK numu_status numu_app_ledger_verify(const struct numu_context *context,
                                                   const struct numu_ledger_verify_request *request,
                                                   struct numu_report *report,
                                                   struct numu_verification *out);

#endif
