/*
 * command_key.c - numu ledger key.
 */
#include "app/key.h"
#include "cli/passphrase.h"

/* Whether the passphrase opens the key file; where it does not, that is a finding. */
static numu_status try_key(struct numu_session *session, struct numu_public_key *out,
                           bool *out_refused) {
    struct numu_passphrase passphrase;
    struct numu_signer signer;
    *out_refused = !numu_passphrase_read(session, false, &passphrase);
    if (*out_refused) {
        return NUMU_INVALID;
    }
    numu_status status = numu_app_key_unlock(
        &session->context, session->invocation->operands[0],
        (struct numu_text){passphrase.bytes, passphrase.length}, &session->report, &signer);
    numu_wipe(&passphrase, sizeof passphrase);
    if (status == NUMU_OK) {
        *out = signer.public_key;
        numu_signer_release(&signer);
    }
    return status;
}

/* Makes the key file. *out_refused: no passphrase that will do, which has been said. */
static numu_status make_key(struct numu_session *session, struct numu_text name,
                            struct numu_public_key *out, bool *out_refused) {
    struct numu_passphrase passphrase;
    const char *path = session->invocation->operands[0];
    *out_refused = !numu_passphrase_read(session, true, &passphrase);
    if (*out_refused) {
        return NUMU_INVALID;
    }
    numu_status status = numu_app_key_make(&session->context, path, name,
                                           (struct numu_text){passphrase.bytes, passphrase.length},
                                           &session->report, out);
    numu_wipe(&passphrase, sizeof passphrase);
    return status;
}

int numu_command_ledger_key(const struct numu_invocation *invocation) {
    struct numu_session session;
    struct numu_public_key key;
    bool is_refused = false;
    numu_status status = NUMU_INVALID;
    numu_session_init(&session, invocation);
    const char *name = invocation->values[NUMU_OPTION_NAME];
    if (name == NULL && numu_option_is_given(invocation, NUMU_OPTION_PASSPHRASE_FILE)) {
        status = try_key(&session, &key, &is_refused);
    } else if (name == NULL) {
        status =
            numu_app_key_public(&session.context, invocation->operands[0], &session.report, &key);
    } else if (!numu_key_name_is_valid(numu_text_of(name))) {
        numu_session_complain_simply(&session, NUMU_HELP_BAD_KEY_NAME, name);
        is_refused = true;
    } else {
        status = make_key(&session, numu_text_of(name), &key, &is_refused);
    }
    if (is_refused) {
        numu_session_release(&session);
        return NUMU_EXIT_USAGE;
    }
    if (status == NUMU_OK) {
        status = numu_public_key_write(&key, &session.output);
    }
    if (status == NUMU_OK) {
        status = numu_buffer_append_char(&session.output, '\n');
    }
    if (status == NUMU_OK) {
        status = numu_session_write(&session);
    }
    return numu_session_finish(&session, status, false);
}
