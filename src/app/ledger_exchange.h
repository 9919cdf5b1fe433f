/*
 * ledger_exchange.h - use cases between books and with strangers: bundles, exports, simulations.
 */
#ifndef NUMU_APP_LEDGER_EXCHANGE_H
#define NUMU_APP_LEDGER_EXCHANGE_H

#include "app/ledger.h"

/*
 * The log of a site (empty: the own one) from entry `from` up to its newest head, as a bundle.
 * NUMU_INVALID with a finding.
 */
NUMU_MUST_CHECK numu_status numu_app_ledger_bundle(struct numu_ledger *ledger,
                                                   struct numu_text site, uint64_t from,
                                                   struct numu_report *report,
                                                   struct numu_buffer *buffer);

/*
 * Accepts the bundles in a file; `trusted` is the public key of the site they come from, where the
 * book does not know it yet (NULL = none). Sheet "numu.ledger.accepted/1" has a row for each;
 * *out_refused counts those that were not taken.
 */
NUMU_MUST_CHECK numu_status numu_app_ledger_accept(const struct numu_context *context,
                                                   struct numu_ledger *ledger, const char *path,
                                                   const char *trusted, struct numu_report *report,
                                                   struct numu_arena *arena, struct numu_sheet *out,
                                                   size_t *out_refused);

/*
 * Writes the log of a site (empty = the own one; another is how a site that lost its book gets its
 * log back) up to its newest head into a new folder, in the layout of C2SP tlog-tiles: checkpoint,
 * tile/, tile/entries/, and `key` with the site's public key where the register has it.
 * tools/verify-export.py checks it with no code of ours.
 */
NUMU_MUST_CHECK numu_status numu_app_ledger_export(struct numu_ledger *ledger,
                                                   struct numu_text site, const char *folder,
                                                   struct numu_arena *arena,
                                                   struct numu_report *report);

/*
 * Writes the own log as EPCIS 2.0 JSON-LD (ledger/epcis.h) into a file that is not there yet. What
 * EPCIS has no word for is a warning for each type (not-carried).
 */
NUMU_MUST_CHECK numu_status numu_app_ledger_export_epcis(struct numu_ledger *ledger,
                                                         const char *path, struct numu_text base,
                                                         struct numu_arena *arena,
                                                         struct numu_report *report);

struct numu_ledger_simulate_request {
    const char *folder; /* new: SITE.db of each site, and truth.db */
    int64_t days;
    size_t sites_max; /* 0 = all that the model gives work to */
    numu_day start;
};
/*
 * A history of a model's industry from context->seed: sheet "numu.ledger.simulation/1" has a row a
 * planted fault. truth.db holds what lies where in truth (rows "physical …" of table book) and the
 * faults (rows "fault …"). Keys follow from the seed and protect nothing.
 */
NUMU_MUST_CHECK numu_status numu_app_ledger_simulate(
    const struct numu_context *context, const struct numu_ledger_simulate_request *request,
    const struct numu_model *model, struct numu_report *report, struct numu_arena *arena,
    struct numu_sheet *out);

#endif
