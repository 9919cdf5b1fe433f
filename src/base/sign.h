/*
 * sign.h - signatures (Ed25519, RFC 8032), and key files that a passphrase locks.
 *
 * A key has a name, and an id made of the name and the public key, as C2SP's signed notes have them
 * (https://c2sp.org/signed-note), so that a signature can say whose it is. The secret half stands
 * in a key file, encrypted by a key that Argon2id derives from a passphrase (RFC 9106).
 *
 * [K1] A secret lies in guarded memory of libsodium (kept from swap where the system lets it, wiped
 *      when released) and nowhere else; no function tells it, but for the encrypted key file.
 * [K2] A key file that was changed in any place is refused: everything in it is authenticated.
 * [K3] Signing is deterministic. Making a key and locking a file take randomness from the operating
 *      system, which nothing else in numu does: a secret must not follow from a seed.
 *
 * libsodium's memory is not counted by our heaps.
 */
#ifndef NUMU_BASE_SIGN_H
#define NUMU_BASE_SIGN_H

#include "base/text.h"

enum {
    NUMU_KEY_NAME_MAX = 64,
    NUMU_PUBLIC_KEY_BYTES = 32,
    NUMU_SIGNATURE_BYTES = 64,
    NUMU_KEY_SEED_BYTES = 32,
    NUMU_PASSPHRASE_LENGTH_MIN = 12, /* of a new key file, in bytes */
    NUMU_KEY_FILE_BYTES_MAX = 4096
};

/* Whose signatures can be verified. */
struct numu_public_key {
    char name[NUMU_KEY_NAME_MAX + 1];
    uint32_t id; /* first four bytes of SHA-256(name, "\n", 0x01, key), the first one highest */
    uint8_t bytes[NUMU_PUBLIC_KEY_BYTES];
};

struct numu_signature {
    uint8_t bytes[NUMU_SIGNATURE_BYTES];
};

/* Who can sign. Release it in every case; `{0}` is an empty one. */
struct numu_signer {
    struct numu_public_key public_key;
    uint8_t *secret; /* [K1]; NULL = empty */
};

/* 1 to 64 printable ASCII characters; no space, plus, quotation mark or backslash. */
bool numu_key_name_is_valid(struct numu_text name);

/* A public key of a valid name, with its id. NUMU_MEMORY where the hash gets none. */
NUMU_MUST_CHECK numu_status numu_public_key_of(struct numu_text name,
                                               const uint8_t bytes[NUMU_PUBLIC_KEY_BYTES],
                                               struct numu_public_key *out);
/* "<name>+<id, 8 hexadecimal digits>+<base64 of 0x01 and the key>", as C2SP writes it. */
NUMU_MUST_CHECK numu_status numu_public_key_write(const struct numu_public_key *key,
                                                  struct numu_buffer *buffer);
/* NUMU_INVALID where it is no such text, or its id is not that of its name and key. */
NUMU_MUST_CHECK numu_status numu_public_key_parse(struct numu_text text,
                                                  struct numu_public_key *out);

/* A new key pair of a valid name, from the system's randomness [K3]. */
NUMU_MUST_CHECK numu_status numu_signer_make(struct numu_text name, struct numu_signer *out);
/* The key pair of a seed: for tests, whose secrets are none. */
NUMU_MUST_CHECK numu_status numu_signer_of_seed(struct numu_text name,
                                                const uint8_t seed[NUMU_KEY_SEED_BYTES],
                                                struct numu_signer *out);
/* Wipes the secret. */
void numu_signer_release(struct numu_signer *signer);

NUMU_MUST_CHECK numu_status numu_sign(const struct numu_signer *signer, struct numu_text message,
                                      struct numu_signature *out);
/* Whether the signature of the message is this key's. */
bool numu_signature_is_valid(const struct numu_public_key *key, struct numu_text message,
                             const struct numu_signature *signature);

/* --- key files --- */

typedef enum numu_key_problem {
    NUMU_KEY_FINE = 0,
    NUMU_KEY_NOT_A_KEY,       /* no key file, or a damaged one */
    NUMU_KEY_NEWER_FORMAT,    /* of a later numu */
    NUMU_KEY_WRONG_PASSPHRASE /* or changed by somebody [K2] */
} numu_key_problem;

/* What deriving a key from a passphrase shall cost. All zero is the usual, 64 MiB and 3 passes. */
struct numu_key_cost {
    uint32_t passes;
    uint32_t memory_kib; /* at least 8 */
};

/*
 * Appends a key file: JSON, {"format":"numu.key/1","public":…,"kdf":"argon2id",…,"secret":…}.
 * NUMU_MEMORY where the machine lacks what the cost asks for.
 */
NUMU_MUST_CHECK numu_status numu_key_write(const struct numu_signer *signer,
                                           struct numu_text passphrase,
                                           const struct numu_key_cost *cost,
                                           struct numu_buffer *buffer);
/*
 * Unlocks a key file; `scratch` is used and rewound. NUMU_INVALID with *out_problem said. A file
 * that asks for more than 1 GiB or 64 passes is no key file of numu.
 */
NUMU_MUST_CHECK numu_status numu_key_read(struct numu_arena *scratch, struct numu_text file,
                                          struct numu_text passphrase, struct numu_signer *out,
                                          numu_key_problem *out_problem);
/* The public half of a key file, for which no passphrase is needed (and nothing authenticated). */
NUMU_MUST_CHECK numu_status numu_key_read_public(struct numu_arena *scratch, struct numu_text file,
                                                 struct numu_public_key *out,
                                                 numu_key_problem *out_problem);

/* --- base64 (RFC 4648, with padding), and wiping --- */

NUMU_MUST_CHECK numu_status numu_base64_write(const void *data, size_t length,
                                              struct numu_buffer *buffer);
/* False where the text is no base64 in its one canonical form, or of another length. */
bool numu_base64_parse(struct numu_text text, void *out, size_t length);
/* Overwrites a passphrase or the like, whatever the compiler thinks of it. */
void numu_wipe(void *data, size_t length);

#endif
