/*
 * embargo.h - what law says of the transfers of a package: as of a day, under each profile of
 * recognised regimes; and when what is prohibited.
 *
 * States dispute some regimes, so each finding says under which profiles it holds. Only a rule with
 * the effect exempt lifts a prohibition (model/transfer.h).
 */
#ifndef NUMU_RULES_EMBARGO_H
#define NUMU_RULES_EMBARGO_H

#include "model/transfer.h"

/* Profiles of a package, in the order in which the table names them first. */
struct numu_profiles {
    struct numu_text id[NUMU_PROFILES_MAX];
    size_t count;
};

struct numu_legal_finding {
    numu_row rule; /* its effect: prohibit, licence or notify */
    size_t transfer;
    bool holds;             /* under the profile that was asked for */
    uint64_t profiles;      /* bit n: holds under profile n */
    numu_quantity quantity; /* wanted or still to come; NUMU_NO_NUMBER for processes */
    numu_money
        value; /* of it, in the reporting currency at the day's rate; NUMU_NO_NUMBER = not known */
    numu_row activity_count; /* activities of the programme with the same partner */
};

/*
 * The worth of a quantity is that of a demand's unit_value, else of the item's standard_cost; not
 * known without one of them or a rate, or where it does not fit.
 */
struct numu_legal_view {
    numu_day day;
    struct numu_text profile; /* empty = all regimes */
    struct numu_profiles profiles;
    struct numu_transfer *transfer;
    size_t transfer_count;
    struct numu_legal_finding *finding; /* by rule, then transfer */
    size_t finding_count;
};

void numu_profiles_find(const struct numu_model *model, struct numu_profiles *out);

/* All that holds on a day, under the profile or any other. */
NUMU_MUST_CHECK numu_status numu_legal_view_build(const struct numu_model *model, numu_day day,
                                                  struct numu_text profile,
                                                  struct numu_arena *arena,
                                                  struct numu_legal_view *out);

/* Days within the horizon on which one rule prohibits one transfer, without a break. */
struct numu_prohibited_span {
    struct numu_transfer transfer;
    numu_row rule;
    struct numu_span days;
};
/* By transfer, then rule, then day. */
NUMU_MUST_CHECK numu_status numu_prohibitions_find(const struct numu_model *model,
                                                   struct numu_text profile,
                                                   struct numu_arena *arena,
                                                   struct numu_prohibited_span **out,
                                                   size_t *out_count);

#endif
