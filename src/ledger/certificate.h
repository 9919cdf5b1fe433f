/*
 * certificate.h - what the offline root says: who an administrator is, with which key a site signs,
 * which key follows the root's own. It is made on a machine that has no book and no network.
 *
 * A certificate is a signed note (note.h) of two lines, the second canonical JSON (canonical.h),
 * that the root's key alone has signed:
 *
 *     numu.certificate/1
 *     {"id":"p_admin_1","issued":"2026-01-05T08:00:00Z","key":"admin-1+…","ledger":"national",
 *      "roles":"administrator","type":"person","until":"2031-12-31"}
 *
 *     — national-root 5xGy…
 *
 * (on one line). Signed are exactly the bytes of these two lines with their line ends. Members:
 *
 *     type         id   key  roles  site  until
 *     person       x    x    x      may   may     roles, place of work and key of somebody
 *     site         x    x                         the key that signs the heads of a site
 *     root              x                         the key that follows the one that signs this
 *     revocation   x                              a person without roles and key from then on
 *
 * and always `issued`, which orders what the root says about one subject, and `ledger`.
 *
 * [R1] A certificate has one form and one signature: what differs in any bit is none, or not
 *      signed. The first line keeps it apart from all else that keys of numu sign.
 */
#ifndef NUMU_LEDGER_CERTIFICATE_H
#define NUMU_LEDGER_CERTIFICATE_H

#include "ledger/event.h"

typedef enum numu_certificate_type {
    NUMU_CERTIFICATE_person,
    NUMU_CERTIFICATE_site,
    NUMU_CERTIFICATE_root,
    NUMU_CERTIFICATE_revocation,
    NUMU_CERTIFICATE_TYPE_COUNT
} numu_certificate_type;

/* An empty text, no instant and no day stand for a member that is not there. */
struct numu_certificate {
    numu_certificate_type type;
    struct numu_text ledger;
    struct numu_text id;    /* of a person or site */
    struct numu_text roles; /* as on the register of people */
    struct numu_text site;  /* where a person works; empty: the whole country */
    struct numu_text key;   /* public, as numu_public_key_write has it */
    numu_instant issued;
    numu_day until; /* last day on which it counts; NUMU_NO_DAY: until it is revoked */
};

/* The name of its type: "person". */
const char *numu_certificate_type_name(numu_certificate_type type);
/*
 * What a certificate is about, so that the later of two takes the place of the earlier: the id of a
 * person, "site", or "/root", which no person can be called.
 */
struct numu_text numu_certificate_subject(const struct numu_certificate *certificate);

/*
 * Reads what shall be certified: a JSON object of the members above, of which `ledger` and `issued`
 * may be left out. Texts live in the arena or in `text`. NUMU_INVALID with *out_error said.
 */
NUMU_MUST_CHECK numu_status numu_certificate_read_draft(struct numu_arena *arena,
                                                        struct numu_text text,
                                                        struct numu_certificate *out,
                                                        struct numu_event_error *out_error);
/* What a member is to be that is not so: "kind.member_time"; NULL of another problem. */
const char *numu_certificate_error_form(const struct numu_event_error *error);
/* Appends the certificate, signed. NUMU_INVALID where it lacks what its type needs. */
NUMU_MUST_CHECK numu_status numu_certificate_write(const struct numu_certificate *certificate,
                                                   const struct numu_signer *root,
                                                   struct numu_buffer *buffer);
/* Reads a certificate, whoever signed it. NUMU_INVALID for what is none [R1]. */
NUMU_MUST_CHECK numu_status numu_certificate_read(struct numu_arena *arena, struct numu_text text,
                                                  struct numu_certificate *out);
/* Whether a certificate that was read bears the signature of this key. */
bool numu_certificate_is_signed(struct numu_text text, const struct numu_public_key *root);

/* Whether a text begins as a certificate does. */
bool numu_certificate_is_begun(struct numu_text text);
/* The next of several certificates one after another; *rest shrinks. False at the end. */
bool numu_certificate_next(struct numu_text *rest, struct numu_text *out);

#endif
