/*
 * day.c - Richards' algorithms on Julian day numbers, in 64 bits and moved by whole eras so that
 * every numu_day works: the algorithms hold for positive Julian days, and an era of 400 years
 * (146097 days, a whole number of weeks) repeats exactly.
 */
#include "base/day.h"

#include <stdio.h>

enum {
    EPOCH_JULIAN_DAY = 2440588, /* of 1970-01-01, as a whole number (the day that begins at noon) */
    ERA_DAYS = 146097,
    ERA_YEARS = 400,
    ERAS = 15000, /* 6 000 000 years: more than 2^31 days */
};

/* Algorithm 3, Gregorian: y = 4716, j = 1401, m = 2, n = 12, r = 4, p = 1461, q = 0, u = 5,
   s = 153, t = 2, A = 184, C = −38. */
numu_day numu_day_of(struct numu_date date) {
    numu_assert(date.month >= 1 && date.month <= 12);
    int64_t year = (int64_t)date.year + (int64_t)ERAS * ERA_YEARS;
    int64_t h = date.month - 2;
    int64_t g = year + 4716 - (12 - h) / 12;
    int64_t f = (h - 1 + 12) % 12;
    int64_t e = (1461 * g) / 4 + date.day - 1 - 1401;
    int64_t julian_day = e + (153 * f + 2) / 5;
    julian_day -= (3 * ((g + 184) / 100)) / 4 - 38;
    int64_t day = julian_day - (int64_t)ERAS * ERA_DAYS - EPOCH_JULIAN_DAY;
    numu_assert(day >= INT32_MIN && day <= INT32_MAX);
    return (numu_day)day;
}

/* Algorithm 4, Gregorian: v = 3, w = 5, B = 274277, C = −38. */
struct numu_date numu_day_date(numu_day day) {
    int64_t julian_day = (int64_t)day + EPOCH_JULIAN_DAY + (int64_t)ERAS * ERA_DAYS;
    int64_t f = julian_day + 1401;
    f += (((4 * julian_day + 274277) / 146097) * 3) / 4 - 38;
    int64_t e = 4 * f + 3;
    int64_t g = (e % 1461) / 4;
    int64_t h = 5 * g + 2;
    int64_t month = (h / 153 + 2) % 12 + 1;
    int64_t year = e / 1461 - 4716 + (12 + 2 - month) / 12;
    return (struct numu_date){
        .year = (int32_t)(year - (int64_t)ERAS * ERA_YEARS),
        .month = (int32_t)month,
        .day = (int32_t)((h % 153) / 5 + 1),
    };
}

static int32_t days_in_month(int32_t year, int32_t month) {
    static const int32_t days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    return days[month - 1] + (month == 2 && is_leap);
}

bool numu_date_is_valid(struct numu_date date) {
    return date.year >= NUMU_YEAR_MIN && date.year <= NUMU_YEAR_MAX && date.month >= 1 &&
           date.month <= 12 && date.day >= 1 && date.day <= days_in_month(date.year, date.month);
}

/* Julian day 0 was a Monday, and eras are whole weeks. */
int numu_day_weekday(numu_day day) {
    int64_t julian_day = (int64_t)day + EPOCH_JULIAN_DAY + (int64_t)ERAS * ERA_DAYS;
    return (int)(julian_day % 7);
}

/* --- months --- */

static int32_t month_year(numu_month month) {
    return 1970 + month / 12 - (month % 12 < 0);
}

static int32_t month_of_year(numu_month month) {
    return (month % 12 + 12) % 12 + 1;
}

numu_month numu_day_month(numu_day day) {
    if (day == NUMU_NO_DAY) {
        return NUMU_NO_MONTH;
    }
    struct numu_date date = numu_day_date(day);
    return (date.year - 1970) * 12 + date.month - 1;
}

numu_day numu_month_first_day(numu_month month) {
    if (month == NUMU_NO_MONTH) {
        return NUMU_NO_DAY;
    }
    return numu_day_of((struct numu_date){month_year(month), month_of_year(month), 1});
}

numu_day numu_month_last_day(numu_month month) {
    if (month == NUMU_NO_MONTH) {
        return NUMU_NO_DAY;
    }
    int32_t year = month_year(month);
    int32_t of_year = month_of_year(month);
    return numu_day_of((struct numu_date){year, of_year, days_in_month(year, of_year)});
}

/* --- text --- */

/* `count` digits at the start of `data`, or −1. */
static int32_t read_digits(const char *data, size_t count) {
    int32_t value = 0;
    for (size_t i = 0; i < count; i++) {
        if (data[i] < '0' || data[i] > '9') {
            return -1;
        }
        value = value * 10 + (data[i] - '0');
    }
    return value;
}

bool numu_day_parse(struct numu_text text, numu_day *out) {
    if (text.length != sizeof "YYYY-MM-DD" - 1 || text.data[4] != '-' || text.data[7] != '-') {
        return false;
    }
    struct numu_date date = {
        .year = read_digits(text.data, 4),
        .month = read_digits(text.data + 5, 2),
        .day = read_digits(text.data + 8, 2),
    };
    if (!numu_date_is_valid(date)) {
        return false;
    }
    *out = numu_day_of(date);
    return true;
}

bool numu_month_parse(struct numu_text text, numu_month *out) {
    if (text.length != sizeof "YYYY-MM" - 1 || text.data[4] != '-') {
        return false;
    }
    struct numu_date date = {
        .year = read_digits(text.data, 4),
        .month = read_digits(text.data + 5, 2),
        .day = 1,
    };
    if (!numu_date_is_valid(date)) {
        return false;
    }
    *out = (date.year - 1970) * 12 + date.month - 1;
    return true;
}

char *numu_day_format(numu_day day, char out[NUMU_DAY_TEXT_BYTES]) {
    out[0] = '\0';
    if (day != NUMU_NO_DAY) {
        struct numu_date date = numu_day_date(day);
        (void)snprintf(out, NUMU_DAY_TEXT_BYTES, "%04d-%02d-%02d", date.year, date.month, date.day);
    }
    return out;
}

char *numu_month_format(numu_month month, char out[NUMU_DAY_TEXT_BYTES]) {
    out[0] = '\0';
    if (month != NUMU_NO_MONTH) {
        (void)snprintf(out, NUMU_DAY_TEXT_BYTES, "%04d-%02d", month_year(month),
                       month_of_year(month));
    }
    return out;
}
