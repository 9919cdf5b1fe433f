/*
 * name.h - names of logs and events.
 *
 * A site's log has epochs (epoch.h); the log of one epoch has a name of its own: "bamako" in epoch
 * 0, "bamako@1" in the next. It is the origin of its heads, and what its events are called by:
 * "bamako@1:12". An event that two epochs share has the name that it was recorded under, so that no
 * two events of a site's log have one name.
 */
#ifndef NUMU_LEDGER_NAME_H
#define NUMU_LEDGER_NAME_H

#include "base/text.h"

NUMU_MUST_CHECK numu_status numu_log_name(struct numu_arena *arena, struct numu_text site,
                                          int64_t epoch, struct numu_text *out);
/* Takes a name apart; false where it has not the one form that numu_log_name writes. */
bool numu_log_name_parse(struct numu_text name, struct numu_text *out_site, int64_t *out_epoch);

/* "bamako@1:12" */
NUMU_MUST_CHECK numu_status numu_event_name(struct numu_arena *arena, struct numu_text site,
                                            int64_t epoch, int64_t sequence, struct numu_text *out);

/* A decimal number without sign or leading zeros, up to 2^63 − 1. */
bool numu_log_number_parse(struct numu_text text, uint64_t *out);

/* An event's name taken apart: where it was recorded. */
struct numu_reference {
    struct numu_text site;
    int64_t epoch;
    int64_t sequence;
    struct numu_text hash; /* of its leaf, in hexadecimal; empty where the text has none */
};
/* "site:sequence", "site@epoch:sequence", either with ":hash". False for any other. */
bool numu_reference_parse(struct numu_text text, struct numu_reference *out);

#endif
