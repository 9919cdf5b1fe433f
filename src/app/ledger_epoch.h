/*
 * ledger_epoch.h - use cases of a site whose log exists twice (ledger/epoch.h).
 */
#ifndef NUMU_APP_LEDGER_EPOCH_H
#define NUMU_APP_LEDGER_EPOCH_H

#include "app/ledger.h"

struct numu_ledger_epoch_request {
    /*
     * The other history: bundles of it, as another book has them, or a signed head that both
     * histories have. The common head follows from it. NULL: to approve.
     */
    const char *other;
    struct numu_text approve; /* name of the opening to approve; empty: to open */
    struct numu_text by, reason;
    numu_instant now;
    const struct numu_signer *person; /* signs; NULL = none */
};
/*
 * One administrator's half of opening an epoch of the own log: the opening, or its approval.
 * *out_refused where it is refused, findings say why, and nothing has changed then. NUMU_INVALID
 * where `other` is none of these, with a finding.
 */
NUMU_MUST_CHECK numu_status numu_app_ledger_epoch(struct numu_ledger *ledger,
                                                  const struct numu_ledger_epoch_request *request,
                                                  struct numu_arena *arena,
                                                  struct numu_report *report, bool *out_refused);

/*
 * Epochs that were opened, openings that wait for their second person, and sites that are frozen:
 * sheet "numu.ledger.epochs/1".
 */
NUMU_MUST_CHECK numu_status numu_app_ledger_epochs(struct numu_ledger *ledger,
                                                   struct numu_arena *arena,
                                                   struct numu_sheet *out);

#endif
