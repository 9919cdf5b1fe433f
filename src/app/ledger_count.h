/*
 * ledger_count.h - counts of a book, and what each found.
 */
#ifndef NUMU_APP_LEDGER_COUNT_H
#define NUMU_APP_LEDGER_COUNT_H

#include "app/sheet.h"
#include "ledger/ledger.h"

struct numu_counts_request {
    struct numu_text which; /* key of a count, or "site:sequence" of one; empty: list all */
    struct numu_text site;  /* empty: the book's own */
    numu_instant now;
    bool joins; /* serials that follow each other into one row, "R001..R250": for eyes */
};
/*
 * All counts of a site (sheet "numu.ledger.counts/1"), or what one found, serial by serial and lot
 * by lot ("numu.ledger.differences/1"; ledger/difference.h). NUMU_INVALID with a finding where
 * there is no such site or count.
 */
NUMU_MUST_CHECK numu_status numu_app_ledger_counts(struct numu_ledger *ledger,
                                                   const struct numu_counts_request *request,
                                                   struct numu_arena *arena,
                                                   struct numu_report *report,
                                                   struct numu_sheet *out);

#endif
