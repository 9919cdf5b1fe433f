/*
 * passphrase.h - where a passphrase comes from: --passphrase-file, else the variable
 * NUMU_PASSPHRASE, else the terminal, without echo.
 */
#ifndef NUMU_CLI_PASSPHRASE_H
#define NUMU_CLI_PASSPHRASE_H

#include "cli/session.h"

enum { NUMU_PASSPHRASE_BYTES = 1024 };

/* Wipe it when done (numu_wipe). */
struct numu_passphrase {
    size_t length;
    char bytes[NUMU_PASSPHRASE_BYTES];
};

/*
 * Reads it; a new one is asked for twice, and must be long enough. False where there is none that
 * will do, which has been said: the command ends with NUMU_EXIT_USAGE.
 */
bool numu_passphrase_read(struct numu_session *session, bool is_new, struct numu_passphrase *out);

#endif
