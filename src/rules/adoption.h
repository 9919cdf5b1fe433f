/*
 * adoption.h - rows of a rule set that somebody answers for, by a signature over their hash.
 *
 * Adoptions of a set stand in a file beside it, "numu.adoption/1":
 *   {"format": "numu.adoption/1", "rules": SET, "adoptions": [
 *     {"row": ID, "sha256": HEX, "key": PUBLIC KEY, "signed": DATE, "signature": BASE64}, …]}
 * A revocation is an entry with "revokes": true; its "signed" is the day from which it counts.
 *
 * [A1] What is signed is "numu.adoption/1\n<set>\n<row>\n<sha256>\n<date>\n"; of a revocation it
 *      begins with "numu.revocation/1\n".
 * [A2] An adoption counts where its hash is that of the row as it is now and its signature is that
 *      of its key. Whether the key is one to be trusted is for the caller: the package names
 *      persons and their keys.
 * [A3] A revocation ends what its own key adopted of that row before it in the file, and nothing of
 *      other keys; an adoption after it is a new one.
 */
#ifndef NUMU_RULES_ADOPTION_H
#define NUMU_RULES_ADOPTION_H

#include "base/json.h"
#include "base/sign.h"
#include "rules/ruleset.h"

typedef enum numu_adoption_state {
    NUMU_ADOPTION_VALID,
    NUMU_ADOPTION_VOID,   /* the row was edited since, or is gone */
    NUMU_ADOPTION_FORGED, /* the signature is not that of its key */
    NUMU_ADOPTION_REVOKED /* by its own key, in force on the day asked for */
} numu_adoption_state;

struct numu_adoption {
    numu_row row; /* of the set; NUMU_NONE = no such row now */
    struct numu_text row_id;
    struct numu_sha256 digest; /* that was signed */
    struct numu_public_key key;
    struct numu_text key_text;
    numu_day signed_on; /* of a revocation, the day from which it takes effect */
    struct numu_signature signature;
    numu_adoption_state state;
    bool is_revocation;
    numu_day ends_on; /* of one that is, or will be, revoked: from when; NUMU_NO_DAY = of others */
};

struct numu_adoptions {
    struct numu_adoption *list;
    size_t count;
};

/*
 * Reads a file of adoptions of a set, and judges each as of a day; NUMU_NO_DAY: revocations count
 * whatever their day is. NUMU_INVALID with findings where it is none.
 */
NUMU_MUST_CHECK numu_status numu_adoptions_read(struct numu_arena *arena, struct numu_text bytes,
                                                uint32_t source, const struct numu_ruleset *set,
                                                numu_day day, struct numu_report *report,
                                                struct numu_adoptions *out);
/* Signs a row as it is now. Texts point into the set and the arena. */
NUMU_MUST_CHECK numu_status numu_adoption_sign(struct numu_arena *arena,
                                               const struct numu_ruleset *set, numu_row row,
                                               const struct numu_signer *signer, numu_day day,
                                               struct numu_adoption *out);
/* The same for a revocation of it, from a day on. */
NUMU_MUST_CHECK numu_status numu_revocation_sign(struct numu_arena *arena,
                                                 const struct numu_ruleset *set, numu_row row,
                                                 const struct numu_signer *signer, numu_day day,
                                                 struct numu_adoption *out);
/* Appends the file. */
NUMU_MUST_CHECK numu_status numu_adoptions_write(const struct numu_ruleset *set,
                                                 const struct numu_adoptions *adoptions,
                                                 struct numu_buffer *buffer);

/* The last valid adoption of a row, or NULL. */
const struct numu_adoption *numu_adoption_find(const struct numu_adoptions *adoptions,
                                               numu_row row);

#endif
