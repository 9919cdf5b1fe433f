/*
 * verify.h - whether a book is what its people wrote.
 *
 * Logs of epochs that ended (epoch.h) are held to the same, but nothing follows from them.
 *
 * Every event is hashed again and read again in its one form, every signature checked against the
 * key that the register had then, every kept head against the tree, and the whole state built again
 * beside the one that was kept. Then every page of the file is walked through: what is in use must
 * be in its one form, and all else zero (page.h). What is not as it must be is a finding
 * (ledger-altered), with the event, the row, or the byte of the file by name; so is an event that
 * makes administrators or a key of the site without the root of its log (ledger-uncertified).
 *
 * Not detectable from a book alone: that its end was cut off before the last head that anybody else
 * has seen. Heads and proofs kept elsewhere detect it.
 */
#ifndef NUMU_LEDGER_VERIFY_H
#define NUMU_LEDGER_VERIFY_H

#include "base/context.h"
#include "ledger/ledger.h"

struct numu_verification {
    uint64_t events, signatures, heads, rows;
    uint64_t evidence;        /* events of epochs that ended, beyond the last common head */
    uint64_t pages;           /* 0: a log lies beside the file, so that they cannot be told yet */
    uint64_t unsigned_events; /* after the last head of the own log */
    bool has_root;            /* the own log has one */
    struct numu_public_key root; /* its first: every later one follows from it */
    bool has_key;                /* a site key is on the register, and heads were held against it */
};

/* Findings go to the report; a failure is one of the machine. */
NUMU_MUST_CHECK numu_status numu_ledger_verify(const struct numu_context *context,
                                               struct numu_ledger *ledger,
                                               struct numu_report *report,
                                               struct numu_verification *out);

#endif
