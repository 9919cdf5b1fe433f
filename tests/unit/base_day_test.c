/*
 * Goal: day and month arithmetic is that of the Gregorian calendar; texts are read strictly.
 * Method: a walk day by day from 1899 to 3000 that only knows the lengths of months; dates known
 * from elsewhere; every text of a date that is nearly right; the ends of the type.
 */
#include "base/day.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

static int32_t month_length(int32_t year, int32_t month) {
    switch (month) {
    case 2:
        return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0 ? 29 : 28;
    case 4:
    case 6:
    case 9:
    case 11:
        return 30;
    default:
        return 31;
    }
}

/* One comparison a day: cmocka's asserts would cost more than the walk. */
static void walk_agrees_day_by_day(void **state) {
    (void)state;
    struct numu_date date = {1899, 1, 1};
    int weekday = 6;       /* 1899-01-01 was a Sunday */
    numu_day day = -25932; /* 71 years and 17 leap days before 1970 */
    size_t days = 0;
    for (; date.year < 3001; day++, days++) {
        struct numu_date found = numu_day_date(day);
        numu_month month = (date.year - 1970) * 12 + date.month - 1;
        numu_day first = day - date.day + 1;
        bool is_accepted = date.year >= 1900 && date.year <= 2999;
        char text[NUMU_DAY_TEXT_BYTES];
        numu_day parsed = NUMU_NO_DAY;
        bool is_right =
            found.year == date.year && found.month == date.month && found.day == date.day &&
            numu_day_of(date) == day && numu_day_weekday(day) == weekday &&
            numu_day_month(day) == month && numu_month_first_day(month) == first &&
            numu_month_last_day(month) == first + month_length(date.year, date.month) - 1 &&
            numu_date_is_valid(date) == is_accepted &&
            numu_day_parse(numu_text_of(numu_day_format(day, text)), &parsed) == is_accepted &&
            parsed == (is_accepted ? day : NUMU_NO_DAY);
        if (!is_right) {
            fail_msg("%04d-%02d-%02d", date.year, date.month, date.day);
        }
        weekday = (weekday + 1) % 7;
        if (++date.day > month_length(date.year, date.month)) {
            date.day = 1;
            if (++date.month > 12) {
                date.month = 1;
                date.year++;
            }
        }
    }
    assert_int_equal(days, 1102 * 365 + 267); /* 2000, 2400, 2800 of the 11 centuries leap */
}

static void known_dates(void **state) {
    (void)state;
    static const struct {
        struct numu_date date;
        numu_day day;
        int weekday;
    } known[] = {
        {{1970, 1, 1}, 0, 3},           /* POSIX epoch, Thursday */
        {{2000, 1, 1}, 10957, 5},       /* J2000, Saturday */
        {{2001, 9, 9}, 11574, 6},       /* 10^9 s of POSIX time, Sunday */
        {{1858, 11, 17}, -40587, 2},    /* modified Julian day 0, Wednesday */
        {{1582, 10, 15}, -141427, 4},   /* first Gregorian day, Friday */
        {{2038, 1, 19}, 24855, 1},      /* end of 32-bit POSIX time, Tuesday */
        {{1, 1, 1}, -719162, 0},        /* Rata Die 1, Monday */
        {{-4713, 11, 24}, -2440588, 0}, /* Julian day 0, Monday */
    };
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        assert_int_equal(numu_day_of(known[i].date), known[i].day);
        assert_int_equal(numu_day_weekday(known[i].day), known[i].weekday);
        struct numu_date date = numu_day_date(known[i].day);
        assert_memory_equal(&date, &known[i].date, sizeof date);
    }
}

static void ends_of_the_type(void **state) {
    (void)state;
    static const numu_day days[] = {INT32_MIN + 1, -100000000, 100000000, INT32_MAX};
    for (size_t i = 0; i < sizeof days / sizeof days[0]; i++) {
        struct numu_date date = numu_day_date(days[i]);
        assert_int_equal(numu_day_of(date), days[i]);
        assert_in_range(date.month, 1, 12);
        assert_in_range(date.day, 1, month_length(date.year, date.month));
        assert_int_equal(((int64_t)numu_day_weekday(days[i]) - 3 - days[i]) % 7, 0);
        char text[NUMU_DAY_TEXT_BYTES];
        assert_true(strlen(numu_day_format(days[i], text)) < sizeof text - 1);
    }
    for (numu_month month = -50000000; month <= 50000000; month += 999983) {
        assert_int_equal(numu_day_month(numu_month_first_day(month)), month);
        assert_int_equal(numu_month_last_day(month) + 1, numu_month_first_day(month + 1));
    }
}

static void nothing_stays_nothing(void **state) {
    (void)state;
    char text[NUMU_DAY_TEXT_BYTES] = "x";
    assert_int_equal(numu_day_month(NUMU_NO_DAY), NUMU_NO_MONTH);
    assert_int_equal(numu_month_first_day(NUMU_NO_MONTH), NUMU_NO_DAY);
    assert_int_equal(numu_month_last_day(NUMU_NO_MONTH), NUMU_NO_DAY);
    assert_string_equal(numu_day_format(NUMU_NO_DAY, text), "");
    assert_string_equal(numu_month_format(NUMU_NO_MONTH, text), "");
}

static void text_is_read_strictly(void **state) {
    (void)state;
    static const char *const bad[] = {
        "",           "2025-06",    "2025-6-30",  "2025-06-3",   "2025-06-31",  "2025-02-29",
        "2100-02-29", "2025-00-10", "2025-13-10", "2025-06-00",  "1899-12-31",  "3000-01-01",
        "2025/06/30", "20250630",   "30-06-2025", " 2025-06-30", "2025-06-30 ", "2025-06-30T",
        "+025-06-30", "2025-0a-30", "2025-06--1", "-025-06-30",  "2025_06-30",  "2025-06_30",
        "٢٠٢٥-06",    "20 5-06-30",
    };
    numu_day day = 77;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        if (numu_day_parse(numu_text_of(bad[i]), &day)) {
            fail_msg("accepted: %s", bad[i]);
        }
    }
    static const char *const bad_months[] = {
        "",        "2025",    "2025-6",  "2025-06-30", "2025-00", "2025-13",
        "1899-12", "3000-01", "2025/06", "2025-6 ",    "202x-06", "-025-06",
    };
    numu_month month = 77;
    for (size_t i = 0; i < sizeof bad_months / sizeof bad_months[0]; i++) {
        if (numu_month_parse(numu_text_of(bad_months[i]), &month)) {
            fail_msg("accepted: %s", bad_months[i]);
        }
    }
    assert_int_equal(day, 77);
    assert_int_equal(month, 77);

    assert_true(numu_day_parse(NUMU_TEXT("2024-02-29"), &day));
    assert_int_equal(day, numu_day_of((struct numu_date){2024, 2, 29}));
    /* Nothing is read beyond the length. */
    assert_true(numu_day_parse((struct numu_text){"2024-03-011", 10}, &day));
    assert_int_equal(day, numu_day_of((struct numu_date){2024, 3, 1}));
    assert_true(numu_month_parse(NUMU_TEXT("1900-01"), &month));
    assert_int_equal(month, -70 * 12);
    assert_true(numu_month_parse(NUMU_TEXT("2999-12"), &month));
    char text[NUMU_DAY_TEXT_BYTES];
    assert_string_equal(numu_month_format(month, text), "2999-12");
    assert_string_equal(numu_month_format(-1, text), "1969-12");
    assert_string_equal(numu_day_format(day, text), "2024-03-01");
}

static void months_read_back(void **state) {
    (void)state;
    for (numu_month month = -70 * 12; month < 1030 * 12; month++) {
        char text[NUMU_DAY_TEXT_BYTES];
        numu_month back;
        assert_true(numu_month_parse(numu_text_of(numu_month_format(month, text)), &back));
        assert_int_equal(back, month);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(walk_agrees_day_by_day), cmocka_unit_test(known_dates),
        cmocka_unit_test(ends_of_the_type),       cmocka_unit_test(nothing_stays_nothing),
        cmocka_unit_test(text_is_read_strictly),  cmocka_unit_test(months_read_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
