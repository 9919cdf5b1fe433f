/*
 * exchange_parts.h - what the readers of exchange.h share; for read_*.c and exchange*.c only.
 */
#ifndef NUMU_PROGRAMME_EXCHANGE_PARTS_H
#define NUMU_PROGRAMME_EXCHANGE_PARTS_H

#include "base/xml.h"
#include "programme/exchange.h"

struct numu_exchange_reader {
    const struct numu_context *context;
    struct numu_arena *arena;
    struct numu_report *report;
    struct numu_text bytes;
    uint32_t source;
    struct numu_exchange *out;
    bool has_failed; /* an error was added */
};

/* Takes the arrays of the counts in *exchange; dates, references and amounts are "none". */
NUMU_MUST_CHECK numu_status numu_exchange_take(struct numu_arena *arena,
                                               struct numu_exchange *exchange);

/* Where an element stands in the file; the whole file for one that is not in it. */
struct numu_place numu_exchange_place(const struct numu_exchange_reader *reader,
                                      const struct numu_xml *element);
/* Adds not-carried: the kind of thing ("kind.constraint") and its name. */
void numu_exchange_not_carried(struct numu_exchange_reader *reader, const char *kind,
                               struct numu_text name, struct numu_place place);
/* Adds project-syntax. */
void numu_exchange_complain(struct numu_exchange_reader *reader, struct numu_place place,
                            struct numu_text found, const char *expected);

/* Adds bad-xml. */
void numu_exchange_bad_xml(struct numu_exchange_reader *reader, const struct numu_xml_error *error);

/*
 * Links of summaries become links of what they sum up, since a package's parents do not span their
 * children: who waits for a summary to finish waits for all of its leaves, who holds it back holds
 * them all. Links to its finish, or from its start, are not carried. `is_summary` is by activity.
 */
NUMU_MUST_CHECK numu_status numu_exchange_expand_summaries(struct numu_exchange_reader *reader,
                                                           const bool *is_summary);

/*
 * [E2] Ids of all activities, resources and calendars: from what stands in `id`, which need be
 * neither valid nor unique. What cannot stay becomes `prefix` and its number.
 */
NUMU_MUST_CHECK numu_status numu_exchange_settle_ids(struct numu_exchange_reader *reader);

/* Hours of an average worked day of a calendar, × 10^9; 8 where nothing is worked, or for NONE. */
numu_decimal numu_exchange_day_hours(const struct numu_exchange *exchange, uint32_t calendar);
/* [E1] Working days of so many hours (both × 10^9). */
numu_decimal numu_exchange_days(const struct numu_exchange *exchange, uint32_t calendar,
                                numu_decimal hours);

/* "2019-05-06", with or without a time after a space or T. NUMU_NO_DAY where it is none. */
numu_day numu_exchange_day(struct numu_text text);
/* The last day of work of what ends at such a time: midnight belongs to the day before. */
numu_day numu_exchange_last_day(struct numu_text text);
/* Minutes after midnight of "8:00" or "13:00:00"; 0 where it is no time of a day. */
int64_t numu_exchange_clock(struct numu_text text);
/* Minutes from one time of a day to the next such; a whole day where they are the same. */
int64_t numu_exchange_shift(int64_t from, int64_t to);
/* A decimal number, exactly; `otherwise` where it is none. */
numu_decimal numu_exchange_decimal(struct numu_text text, numu_decimal otherwise);
/* A whole number, or `otherwise`. */
int64_t numu_exchange_integer(struct numu_text text, int64_t otherwise);

/*
 * What follows from all of it: data date and start where the file has none, so that nothing lies
 * before or after what the package allows.
 */
void numu_exchange_settle_dates(struct numu_exchange *exchange);

/* The readers of each format. */
NUMU_MUST_CHECK numu_status numu_exchange_read_mspdi(struct numu_exchange_reader *reader);
NUMU_MUST_CHECK numu_status numu_exchange_read_xer(struct numu_exchange_reader *reader);
NUMU_MUST_CHECK numu_status numu_exchange_read_pmxml(struct numu_exchange_reader *reader);
NUMU_MUST_CHECK numu_status numu_exchange_read_protrack(struct numu_exchange_reader *reader);

#endif
