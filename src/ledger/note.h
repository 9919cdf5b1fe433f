/*
 * note.h - the texts that leave a log: signed notes, checkpoints, proofs of single entries.
 *
 * As C2SP has them, so that other people's tools verify ours: signed-note, tlog-checkpoint,
 * tlog-proof@v1 (https://c2sp.org). A note is a text and signature lines
 *
 *     — <name of key> <base64 of the key's id (4 bytes) and the signature>
 *
 * A checkpoint is the note of the three lines origin, size, base64 of the root. A proof of an entry
 * is the lines "c2sp.org/tlog-proof@v1", "index N", the hashes in base64, an empty one, and then a
 * checkpoint.
 *
 * [N1] A note with a wrong signature of a key that one knows is refused whole; signatures of keys
 *      that one does not know prove nothing and are passed over.
 * [N2] What is read is written the same: numbers without leading zeros, base64 in its one form.
 */
#ifndef NUMU_LEDGER_NOTE_H
#define NUMU_LEDGER_NOTE_H

#include "base/sign.h"
#include "ledger/merkle.h"
#include "ledger/name.h"

enum { NUMU_NOTE_SIGNATURES_MAX = 1024, NUMU_NOTE_BYTES_MAX = 1 << 20 };

struct numu_checkpoint {
    struct numu_text origin; /* no line end, not empty */
    uint64_t size;
    struct numu_sha256 root;
};

/* Appends "\n— name …\n" to a text that ends with a line end: the note signed by one key. */
NUMU_MUST_CHECK numu_status numu_note_sign(const struct numu_signer *signer, struct numu_text text,
                                           struct numu_buffer *buffer);
/*
 * Reads a note and looks for signatures of `keys`. *out_text is its text, *out_count how many of
 * the keys signed it. NUMU_INVALID for what is no note, and [N1].
 */
NUMU_MUST_CHECK numu_status numu_note_read(struct numu_text note,
                                           const struct numu_public_key *keys, size_t key_count,
                                           struct numu_text *out_text, size_t *out_count);

/* A signature line of a note. */
struct numu_note_line {
    struct numu_text whole; /* with its line end */
    struct numu_text name;  /* of the key */
    struct numu_text blob;  /* base64 of id and signature */
};
/* A note's text and its signature lines, all well-formed. NUMU_INVALID for what is no note. */
NUMU_MUST_CHECK numu_status numu_note_split(struct numu_text note, struct numu_text *out_text,
                                            struct numu_text *out_lines);
/* The next line of those; *lines shrinks. False after the last. */
bool numu_note_line_next(struct numu_text *lines, struct numu_note_line *out);
/* Appends "— name ", where a base64 and a line end follow. */
NUMU_MUST_CHECK numu_status numu_note_line_begin(const char *name, struct numu_buffer *buffer);

/* Appends the checkpoint signed by the log's key. */
NUMU_MUST_CHECK numu_status numu_checkpoint_write(const struct numu_checkpoint *checkpoint,
                                                  const struct numu_signer *signer,
                                                  struct numu_buffer *buffer);
/* The first three lines of a note's text; other lines may follow. NUMU_INVALID for any other. */
NUMU_MUST_CHECK numu_status numu_checkpoint_parse(struct numu_text text,
                                                  struct numu_checkpoint *out);
/* The checkpoint of a note, whoever signed that. NUMU_INVALID for any other. */
NUMU_MUST_CHECK numu_status numu_checkpoint_read(struct numu_text note,
                                                 struct numu_checkpoint *out);

/* The hashes of a proof in base64, a line each, and an empty line. */
NUMU_MUST_CHECK numu_status numu_proof_write(const struct numu_proof *proof,
                                             struct numu_buffer *buffer);
/* Reads them; *rest shrinks. False for others. */
bool numu_proof_read(struct numu_text *rest, struct numu_proof *out);

struct numu_entry_proof {
    struct numu_text extra; /* base64 of what the proof is of; empty: not with it */
    uint64_t index;
    struct numu_proof proof;
    struct numu_text checkpoint; /* a signed note */
};
NUMU_MUST_CHECK numu_status numu_entry_proof_write(const struct numu_entry_proof *proof,
                                                   struct numu_buffer *buffer);
NUMU_MUST_CHECK numu_status numu_entry_proof_read(struct numu_text text,
                                                  struct numu_entry_proof *out);

#endif
