/*
 * witness.h - what a witness does: it countersigns the heads of logs, each consistent with the last
 * one it signed of that log, and remembers them.
 *
 * A log asks in the words of C2SP tlog-witness (add-checkpoint), as a file instead of over HTTP:
 *
 *     old <size of the head that the witness signed last; 0 = none>
 *     <hashes of the consistency proof, in base64, a line each>
 *     (an empty line)
 *     <the new head: a checkpoint signed by the log's key>
 *
 * The witness keeps its memory in a text of its own, away from any book:
 *
 *     numu.witness/1
 *     trusted <origin> <public key of the log>
 *     cosigned <bytes>       and the note, the last of its log
 *     refused <bytes>        and the note: a head of another history, evidence with the one signed
 *
 * [W1] It never signs two heads of one origin of which one is not the other's beginning.
 * [W2] A log is trusted by its key when it comes first, and again when its key changes; else by the
 *      memory alone.
 */
#ifndef NUMU_LEDGER_WITNESS_H
#define NUMU_LEDGER_WITNESS_H

#include "ledger/cosign.h"

struct numu_head_request {
    uint64_t old;
    struct numu_proof proof;
    struct numu_text head; /* a signed note */
};
NUMU_MUST_CHECK numu_status numu_head_request_write(const struct numu_head_request *request,
                                                    struct numu_buffer *buffer);
/* NUMU_INVALID for any other text. */
NUMU_MUST_CHECK numu_status numu_head_request_read(struct numu_text text,
                                                   struct numu_head_request *out);

typedef enum numu_witness_answer {
    NUMU_WITNESS_SIGNED,
    NUMU_WITNESS_MALFORMED,   /* no request */
    NUMU_WITNESS_UNKNOWN_KEY, /* the log is new, and nobody said whose key is its */
    NUMU_WITNESS_BAD_HEAD,    /* not signed by the log's key */
    NUMU_WITNESS_STALE,       /* it proves from another size than that signed last */
    NUMU_WITNESS_SHRUNK,      /* of fewer events than that signed last: kept */
    NUMU_WITNESS_FORKED,      /* another history than that signed last: kept */
    NUMU_WITNESS_ANSWER_COUNT
} numu_witness_answer;

struct numu_witness_case {
    struct numu_text memory; /* empty: a new witness */
    struct numu_text request;
    const struct numu_public_key *trusted; /* of the log, where it or its key is new; NULL = none */
    const struct numu_signer *signer;
    int64_t now; /* seconds since 1970 */
};
struct numu_witness_result {
    numu_witness_answer answer;
    uint64_t known;         /* size of the head signed last; 0: none */
    bool is_memory_changed; /* `memory` has to be kept before `note` is handed out */
};
/*
 * Answers a request: appends the new memory to `memory`, and the countersigned head to `note`,
 * which is another buffer.
 * NUMU_INVALID where the memory is none.
 */
NUMU_MUST_CHECK numu_status numu_witness_answer_to(const struct numu_witness_case *asked,
                                                   struct numu_buffer *memory,
                                                   struct numu_buffer *note,
                                                   struct numu_witness_result *out);

#endif
