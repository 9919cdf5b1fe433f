/*
 * ledger_witness.h - use cases of witnesses (ledger/witness.h): a book asks for its head to be
 * countersigned, a witness answers, the book keeps what it got, and whoever verifies it counts.
 */
#ifndef NUMU_APP_LEDGER_WITNESS_H
#define NUMU_APP_LEDGER_WITNESS_H

#include "app/ledger.h"
#include "ledger/witness.h"

/*
 * Appends the request for the newest head of the own log, with the proof that it continues the head
 * of `since` events (0: the witness knows none). NUMU_INVALID with a finding.
 */
NUMU_MUST_CHECK numu_status numu_app_ledger_head(struct numu_ledger *ledger, uint64_t since,
                                                 struct numu_arena *arena,
                                                 struct numu_report *report,
                                                 struct numu_buffer *buffer);
/*
 * Adds the signature lines of a countersigned head in a file to the one that the book keeps.
 * NUMU_INVALID with a finding where the book has no such head.
 */
NUMU_MUST_CHECK numu_status numu_app_ledger_take_cosigned(struct numu_ledger *ledger,
                                                          const char *path,
                                                          struct numu_arena *arena,
                                                          struct numu_report *report);

struct numu_app_witness_request {
    const char *memory;  /* file; made where there is none */
    const char *request; /* file */
    const char *trusted; /* key of the log; NULL = none */
    const struct numu_signer *signer;
    numu_instant now;
};
/*
 * Countersigns a head, or refuses it with a finding (*out_refused). The memory is written, whole or
 * not at all, before the note is appended; who else answers by it waits.
 */
NUMU_MUST_CHECK numu_status numu_app_witness(const struct numu_app_witness_request *request,
                                             struct numu_arena *arena, struct numu_report *report,
                                             struct numu_buffer *note, bool *out_refused);

struct numu_witnessing {
    uint64_t heads;          /* of the own log */
    uint64_t unsigned_heads; /* that none of the witnesses signed */
    uint64_t newest;         /* witnesses that signed the newest */
};
/*
 * Counts the cosignatures of known witnesses in a book: `keys` is a list of public keys, or of
 * files with them, with commas between; a key counts once, however often it is given. A wrong line
 * of one is a finding (ledger-altered), as is a newest head that fewer than `quorum` signed
 * (head-not-witnessed; 0: any number will do).
 */
NUMU_MUST_CHECK numu_status numu_app_ledger_witnesses(const struct numu_context *context,
                                                      const char *path, const char *keys,
                                                      uint64_t quorum, struct numu_report *report,
                                                      struct numu_witnessing *out);

#endif
