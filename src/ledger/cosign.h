/*
 * cosign.h - heads countersigned by witnesses, as C2SP tlog-cosignature has them (version 1,
 * Ed25519; https://c2sp.org/tlog-cosignature).
 *
 * A cosignature is one more signature line of a checkpoint's note; a witness says by it that, at a
 * time, the head was consistent with all it had seen of the log, and the largest. Signed is
 *
 *     cosignature/v1
 *     time <seconds since 1970>
 *     <text of the checkpoint>
 *
 * and the line bears, after the key's id, the time as eight bytes, highest first, and the
 * signature. The id of a witness's key has the type 0x04 where that of a log's key has 0x01, so
 * that neither signature can be taken for the other.
 *
 * [C1] As of notes: a wrong line of a witness that one knows refuses the whole note; those of
 *      witnesses that one does not know prove nothing.
 */
#ifndef NUMU_LEDGER_COSIGN_H
#define NUMU_LEDGER_COSIGN_H

#include "ledger/note.h"

/* A witness by its public key; `id` is that of type 0x04. */
struct numu_witness {
    struct numu_public_key key;
};
/* NUMU_MEMORY where the hash gets none. */
NUMU_MUST_CHECK numu_status numu_witness_of(const struct numu_public_key *key,
                                            struct numu_witness *out);
/* A verifier key of C2SP, of type 0x04, or one of numu, of type 0x01. NUMU_INVALID for others. */
NUMU_MUST_CHECK numu_status numu_witness_parse(struct numu_text text, struct numu_witness *out);

/*
 * Appends the signature line of a witness to a note, which stays as it is otherwise; a line that
 * the witness has there already stays, too. `time` in seconds, not before 1970.
 */
NUMU_MUST_CHECK numu_status numu_cosign(const struct numu_signer *signer, struct numu_text note,
                                        int64_t time, struct numu_buffer *buffer);
/*
 * When each of the witnesses signed a note last: -1 where it did not. NUMU_INVALID for what is no
 * note, and [C1].
 */
NUMU_MUST_CHECK numu_status numu_cosignatures_read(struct numu_text note,
                                                   const struct numu_witness *witnesses,
                                                   size_t count, int64_t *out_times);
/*
 * Appends `note` and those signature lines of `other`, a note of the same text, that it lacks.
 * NUMU_INVALID where they are no notes of one text.
 */
NUMU_MUST_CHECK numu_status numu_cosignatures_merge(struct numu_text note, struct numu_text other,
                                                    struct numu_buffer *buffer);

#endif
