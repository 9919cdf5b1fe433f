/*
 * day.h - civil dates of the proleptic Gregorian calendar, as day and month numbers.
 *
 * Days count from 1970-01-01 = 0, months from January 1970 = 0. Years 1900 to 2999 are accepted in
 * text; arithmetic holds for every day that is a number, so that a computed date may lie beyond.
 * Source of the arithmetic: E. G. Richards, "Calendars", in: Explanatory Supplement to the
 * Astronomical Almanac, 3rd ed. 2013, section 15.11 (algorithms 3 and 4, Gregorian case), shifted
 * to the epoch of 1970.
 */
#ifndef NUMU_BASE_DAY_H
#define NUMU_BASE_DAY_H

#include "base/text.h"

typedef int32_t numu_day;
typedef int32_t numu_month;

#define NUMU_NO_DAY INT32_MIN
#define NUMU_NO_MONTH INT32_MIN

struct numu_date {
    int32_t year;
    int32_t month; /* 1..12 */
    int32_t day;   /* 1..31 */
};

enum { NUMU_YEAR_MIN = 1900, NUMU_YEAR_MAX = 2999 };

/* The date must exist in the calendar; its year may be any that a numu_day can reach. */
numu_day numu_day_of(struct numu_date date);
struct numu_date numu_day_date(numu_day day);
/* A date of the calendar, in the years NUMU_YEAR_MIN to NUMU_YEAR_MAX. */
bool numu_date_is_valid(struct numu_date date);

/* 0 = Monday … 6 = Sunday (ISO 8601 order). */
int numu_day_weekday(numu_day day);

/* No day has no month, and no month no day. */
numu_month numu_day_month(numu_day day);
numu_day numu_month_first_day(numu_month month);
numu_day numu_month_last_day(numu_month month);

/* "2025-06-30" and "2025-06", nothing else. False where the text is no such date (2025-02-30). */
bool numu_day_parse(struct numu_text text, numu_day *out);
bool numu_month_parse(struct numu_text text, numu_month *out);

enum { NUMU_DAY_TEXT_BYTES = 16 };
/* Writes "2025-06-30" or "2025-06" with a zero byte; "" for no day or month. Returns `out`. */
char *numu_day_format(numu_day day, char out[NUMU_DAY_TEXT_BYTES]);
char *numu_month_format(numu_month month, char out[NUMU_DAY_TEXT_BYTES]);

#endif
