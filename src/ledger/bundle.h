/*
 * bundle.h - a log on its way to another book: by memory stick, by mail, by HTTP, the same bytes.
 *
 *     numu.bundle/1
 *     <ledger>/<name of the log>
 *     <first entry> <entries> <bytes of the head>
 *     <the head: a signed note>
 *     <entries, each after its length in two bytes>
 *
 * Any number of them may follow one another.
 *
 * [B1] Accepting is idempotent, and the state does not depend on the order in which bundles come:
 *      what is known is passed over, what leaves a gap is parked until the gap is filled.
 * [B2] A bundle counts whole or not at all: the entries must give the root that the head of their
 *      site's key signed.
 * [B3] Two histories of one site are both kept; the site is frozen until two administrators open a
 *      new epoch (epoch.h), which a bundle carries like any other entries.
 * [B4] A site's key changes by an event of its log. The first head that covers the event is still
 *      signed by the key before, every later one by the new key alone: a bundle ends at that first
 *      head, and what was known before says whose signature counts. So a key that was given up, or
 *      stolen, signs nothing new.
 */
#ifndef NUMU_LEDGER_BUNDLE_H
#define NUMU_LEDGER_BUNDLE_H

#include "ledger/ledger.h"

/*
 * Appends the entries of a log from `from` up to its newest kept head: one bundle, and one more for
 * each change of the site's key among them. NUMU_NOT_FOUND where there
 * is no head beyond `from`.
 */
NUMU_MUST_CHECK numu_status numu_bundle_write(struct numu_ledger *ledger, struct numu_text site,
                                              uint64_t from, struct numu_buffer *buffer);

/*
 * How many of the own log's first entries the bundles at the start of a text have, too: where the
 * two histories of a site part. False for what is no bundle of the own site that reaches back so
 * far.
 */
NUMU_MUST_CHECK numu_status numu_bundle_common(struct numu_ledger *ledger, struct numu_text text,
                                               uint64_t *out, bool *out_is_found);

/* Why a site is frozen. */
struct numu_freeze {
    int64_t epoch;
    uint64_t common; /* entries that the two histories share, at most */
};
/* NUMU_NOT_FOUND: it is not. */
NUMU_MUST_CHECK numu_status numu_bundle_freeze(struct numu_ledger *ledger, struct numu_arena *arena,
                                               struct numu_text site, struct numu_freeze *out);

/* Whose log the bundle at the start of a text says it is; false for what is no bundle. */
bool numu_bundle_origin(struct numu_text text, struct numu_text *out_id,
                        struct numu_text *out_site);

typedef enum numu_bundle_outcome {
    NUMU_BUNDLE_ACCEPTED,
    NUMU_BUNDLE_KNOWN,       /* nothing new */
    NUMU_BUNDLE_PARKED,      /* entries before it are missing */
    NUMU_BUNDLE_MALFORMED,   /* no bundle, or cut off */
    NUMU_BUNDLE_OTHER,       /* of another ledger, or of this site itself */
    NUMU_BUNDLE_UNKNOWN_KEY, /* nobody said whose key signs for the site */
    NUMU_BUNDLE_BAD_HEAD,    /* not signed by the site's key, or the entries do not give its root */
    NUMU_BUNDLE_BAD_EVENT,   /* an entry is no event that can stand there */
    NUMU_BUNDLE_FORKED,      /* another history than the one known: kept, and the site is frozen */
    NUMU_BUNDLE_FROZEN,      /* of a site that is frozen: not looked at */
    NUMU_BUNDLE_BAD_EPOCH,   /* opens an epoch at a head that is not common to what is known */
    NUMU_BUNDLE_ENDED, /* of an epoch that ended, beyond its end: evidence, the head is kept */
    NUMU_BUNDLE_UNCERTIFIED, /* administrators or a key of the site that its root did not sign */
    NUMU_BUNDLE_OTHER_ROOT,  /* this book has a root, and the log another, or, new here, none */
    NUMU_BUNDLE_OUTCOME_COUNT
} numu_bundle_outcome;

struct numu_bundle_result {
    numu_bundle_outcome outcome;
    struct numu_text site; /* in the text that was read */
    uint64_t first, count; /* entries of the bundle */
    uint64_t added;        /* that were new */
};

/*
 * Accepts the bundle at the start of *rest, within a transaction of its own, and what it lets
 * follow of parked ones; *rest shrinks (to nothing where it is malformed). `trusted` is the public
 * key of its site, where that is not known yet (NULL = none).
 */
NUMU_MUST_CHECK numu_status numu_bundle_accept(struct numu_ledger *ledger, struct numu_text *rest,
                                               const struct numu_public_key *trusted,
                                               struct numu_bundle_result *out);

/* A digest of all rows of the state: the same for all books that hold the same logs. */
NUMU_MUST_CHECK numu_status numu_state_digest(struct numu_state *state, struct numu_sha256 *out);

#endif
