/*
 * transfer.h - what passes from country to country, and the rules of law that concern it.
 *
 * A rule concerns a transfer where each of its columns that is not empty agrees with it. It bites
 * on the days of the transfer on which it is in force, its regime is recognised under a profile,
 * and no exemption in force lifts it. Finished work of the country itself is no transfer: rules
 * that name a country or a partner do not concern it.
 */
#ifndef NUMU_MODEL_TRANSFER_H
#define NUMU_MODEL_TRANSFER_H

#include "model/model.h"

/* Profiles of recognised regimes that a package may name: a bit of 64 each. */
enum { NUMU_PROFILES_MAX = 63 };

/* Days from ... to, both included. */
struct numu_span {
    numu_day from, to;
};

typedef enum numu_transfer_kind {
    NUMU_TRANSFER_PROCESS,  /* a process of a partner, or of foreign origin */
    NUMU_TRANSFER_DELIVERY, /* what an agreement is still to bring */
    NUMU_TRANSFER_ORDER,    /* what an open order is still to bring */
    NUMU_TRANSFER_DEMAND    /* what a customer of a known country wants */
} numu_transfer_kind;

struct numu_transfer {
    numu_transfer_kind kind;
    const struct numu_table_descriptor *table;
    numu_row row;
    const char *column; /* that a finding points at */
    struct numu_text id;
    struct numu_text supplier, origin, receiver; /* countries; empty = not known */
    numu_row partner, item;
    struct numu_span days;
};

/*
 * All of a checked model that can be one: processes, deliveries and orders still to come, demands.
 */
NUMU_MUST_CHECK numu_status numu_transfers_find(const struct numu_model *model,
                                                struct numu_arena *arena,
                                                struct numu_transfer **out, size_t *out_count);

/* Whether a rule is about a transfer, whatever the day. */
bool numu_rule_concerns(const struct numu_model *model, numu_row rule,
                        const struct numu_transfer *transfer);
/*
 * The first of the transfer's days on which a rule bites under a profile (empty: all regimes);
 * NUMU_NO_DAY where it never does.
 */
numu_day numu_rule_bites_from(const struct numu_model *model, struct numu_text profile,
                              numu_row rule, const struct numu_transfer *transfer);
/* Whether it bites on a day, which need not be one of the transfer's. */
bool numu_rule_bites_on(const struct numu_model *model, struct numu_text profile, numu_row rule,
                        const struct numu_transfer *transfer, numu_day day);

#endif
