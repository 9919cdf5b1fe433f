/*
 * ledger_verify.h - what left a book, verified without it: bundles, and proofs of single events.
 *
 * Both are held against the public key of the site they come from: a file that brings its own key
 * proves nothing.
 */
#ifndef NUMU_APP_LEDGER_VERIFY_H
#define NUMU_APP_LEDGER_VERIFY_H

#include "base/context.h"
#include "base/diagnostic.h"
#include "ledger/bundle.h"

/*
 * The bundles in a file, taken into an empty book in memory: form, keys, signatures, heads and
 * order, as numu_bundle_accept judges them. A bundle that begins after what came before it cannot
 * be judged and does not hold. NUMU_INVALID with a finding for each that does not; *out_events are
 * those that hold, *out_heads their heads. Keys are given as app/key.h has it: that of the site,
 * and that of the root which the logs must have (NULL = any, or none).
 */
NUMU_MUST_CHECK numu_status numu_app_verify_bundle(const struct numu_context *context,
                                                   const char *path, const char *key,
                                                   const char *root, struct numu_report *report,
                                                   uint64_t *out_events, uint64_t *out_heads);

/*
 * A proof (tlog-proof@v1) as numu ledger prove writes it, with the event in its line `extra`: that
 * the event says it is the one at that place, that its hash leads to the head, and that the key
 * signed the head. NUMU_INVALID with the finding; *out_event is "site:sequence", in the arena.
 */
NUMU_MUST_CHECK numu_status numu_app_verify_proof(const struct numu_context *context,
                                                  const char *path, const char *key,
                                                  struct numu_report *report,
                                                  struct numu_arena *arena,
                                                  struct numu_text *out_event, uint64_t *out_size);

#endif
