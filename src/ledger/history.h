/*
 * history.h - what happened, in the order of each log, as it took effect: for registers, returns
 * and red flags, which ask about all things at once (query.h asks about one, or about now).
 */
#ifndef NUMU_LEDGER_HISTORY_H
#define NUMU_LEDGER_HISTORY_H

#include "ledger/ledger.h"

/* An event that took effect: by itself, or when a second person approved it. */
struct numu_act {
    struct numu_text site; /* whose log */
    int64_t sequence;      /* of the event; of the approval where it took two */
    const struct numu_event *event;
};
typedef numu_status (*numu_act_visit)(void *data, const struct numu_act *act);
/*
 * All acts of all known logs, log by log, the own one first. What an act points to lives until the
 * visit returns. Proposals that nobody approved are passed over.
 */
NUMU_MUST_CHECK numu_status numu_acts_visit(struct numu_ledger *ledger, numu_act_visit visit,
                                            void *data);

/* A line of a count against the book. */
struct numu_counted {
    struct numu_text site, account, item, lot;
    int64_t sequence; /* of the count */
    numu_quantity book, counted;
};
/* All of them, by site and sequence, in the arena. */
NUMU_MUST_CHECK numu_status numu_counts_list(struct numu_ledger *ledger, struct numu_arena *arena,
                                             struct numu_counted **out, size_t *out_count);

#endif
