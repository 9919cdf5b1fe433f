/*
 * instant.h - moments in UTC, to the second: "2026-01-05T08:00:00Z" (RFC 3339, one form of it).
 *
 * Seconds since 1970 without leap seconds, as POSIX counts them; a second 60 is refused. Years are
 * those of base/day.h, so that 2038 and 2106 are years like others.
 */
#ifndef NUMU_LEDGER_INSTANT_H
#define NUMU_LEDGER_INSTANT_H

#include "base/day.h"

typedef int64_t numu_instant;
#define NUMU_NO_INSTANT INT64_MIN

enum { NUMU_INSTANT_TEXT_BYTES = 32 };

bool numu_instant_parse(struct numu_text text, numu_instant *out);
/* With a zero byte; "" for no instant. Returns `out`. */
char *numu_instant_format(numu_instant instant, char out[NUMU_INSTANT_TEXT_BYTES]);
numu_day numu_instant_day(numu_instant instant);

#endif
