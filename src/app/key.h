/*
 * key.h - use cases of key files: make one, unlock one, show its public half.
 *
 * Findings name the file, never what is in it; a passphrase is the caller's to wipe.
 */
#ifndef NUMU_APP_KEY_H
#define NUMU_APP_KEY_H

#include "base/context.h"
#include "base/diagnostic.h"
#include "base/sign.h"

/*
 * A new key pair of a valid name into a new file, readable by its owner only; a file that exists is
 * never overwritten (cannot-write).
 */
NUMU_MUST_CHECK numu_status numu_app_key_make(const struct numu_context *context, const char *path,
                                              struct numu_text name, struct numu_text passphrase,
                                              struct numu_report *report,
                                              struct numu_public_key *out);

/* The public half of a key file. NUMU_INVALID with a finding where it is none. */
NUMU_MUST_CHECK numu_status numu_app_key_public(const struct numu_context *context,
                                                const char *path, struct numu_report *report,
                                                struct numu_public_key *out);

/*
 * A public key as somebody gives it: the text itself, or the path of a file that begins with it, or
 * of a key file. NUMU_INVALID with a finding (not-a-key) where it is none of these.
 */
NUMU_MUST_CHECK numu_status numu_app_key_given(struct numu_arena *scratch, const char *given,
                                               struct numu_report *report,
                                               struct numu_public_key *out);

/* Unlocks a key file; release the signer. NUMU_INVALID (not-a-key, wrong-passphrase). */
NUMU_MUST_CHECK numu_status numu_app_key_unlock(const struct numu_context *context,
                                                const char *path, struct numu_text passphrase,
                                                struct numu_report *report,
                                                struct numu_signer *out);

#endif
