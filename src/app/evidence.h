/*
 * evidence.h - what the figures of a package rest on.
 *
 * A line holds one measure of one table, split by the basis of its rows. Sums of money give the
 * share of absolute amount; quantities are worth what one is worth, for units of different items
 * cannot be added; dates give the calendar days on the longest path. Prices of a unit are in no
 * sum.
 */
#ifndef NUMU_APP_EVIDENCE_H
#define NUMU_APP_EVIDENCE_H

#include "app/app.h"

typedef enum numu_evidence_measure {
    NUMU_EVIDENCE_ROWS,
    NUMU_EVIDENCE_UNSOURCED, /* rows without a source */
    NUMU_EVIDENCE_MONEY,     /* reporting currency, at the rate of the first month */
    NUMU_EVIDENCE_DAYS       /* on the longest path */
} numu_evidence_measure;

struct numu_evidence_line {
    const char *table;
    const char *column; /* NULL for rows and days */
    numu_evidence_measure measure;
    int64_t by_basis[numu_basis_count]; /* [0] = no basis given */
    int64_t total;
};

struct numu_evidence_result {
    numu_currency currency;
    const struct numu_evidence_line
        *lines; /* in the schema's order; none is all zero but unsourced */
    size_t count;
};

/*
 * Of a checked model. Lines live in the arena. Fails as numu_app_schedule does; NUMU_LIMIT where a
 * sum of money does not fit. Money in a currency without a rate in the first month is left out.
 */
NUMU_MUST_CHECK numu_status numu_app_evidence(const struct numu_context *context,
                                              const struct numu_model *model,
                                              struct numu_arena *arena, struct numu_report *report,
                                              struct numu_evidence_result *out);

#endif
