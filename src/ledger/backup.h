/*
 * backup.h - a copy of a book in memory, as a backup of its file would be: for simulations and
 * tests of what happens when such a copy is taken for the book.
 */
#ifndef NUMU_LEDGER_BACKUP_H
#define NUMU_LEDGER_BACKUP_H

#include "ledger/ledger.h"

/* Copies all that was committed; the copy is closed by numu_ledger_close. */
NUMU_MUST_CHECK numu_status numu_ledger_copy(struct numu_ledger *ledger, struct numu_ledger *out);

#endif
