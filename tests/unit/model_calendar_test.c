/*
 * Goal: [K1] to [K4] of calendar.h hold for every calendar, point and number of days. Method:
 * random calendars against walking day by day; far points by what characterises the result (a
 * count, and a worked day beside it); published results of two spreadsheet functions; the ends of
 * the line; each n-th allocation made to fail.
 */
#include "model/calendar.h"

#include "base/random.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "model_builder.h"

enum {
    SEED = 20260402,
    SPAN = 900,    /* days walked on either side of the middle */
    INNER = 150,   /* of them looked at */
    DAYS_MAX = 14, /* advanced and retreated */
    HOLIDAYS = 60, /* in a random calendar */
};

static const int five_days[7] = {8, 8, 8, 8, 8, 0, 0};

struct fixture {
    struct numu_heap heap;
    struct numu_arena arena;
    struct numu_model model;
    struct numu_calendars calendars;
};

static void open_fixture(struct fixture *fixture, numu_row calendars, numu_row holidays) {
    numu_heap_init(&fixture->heap, 0);
    numu_arena_init(&fixture->arena, &fixture->heap);
    builder_init(&fixture->model, &fixture->heap);
    builder_take(&fixture->model, "calendar", calendars);
    builder_take(&fixture->model, "holiday", holidays);
}

static void close_fixture(struct fixture *fixture) {
    numu_arena_release(&fixture->arena);
    builder_release(&fixture->model);
    assert_int_equal(fixture->heap.bytes, 0);
}

static void build(struct fixture *fixture) {
    assert_int_equal(numu_calendars_build(&fixture->model, &fixture->arena, &fixture->calendars),
                     NUMU_OK);
}

static void set_holiday(struct fixture *fixture, numu_row row, numu_row calendar, numu_day day) {
    fixture->model.holiday.calendar[row] = calendar;
    fixture->model.holiday.date[row] = day;
}

/* --- walking --- */

struct walk {
    numu_day first; /* days first … first + 2 × SPAN - 1 */
    int hours[2 * SPAN];
    int worked_before[2 * SPAN + 1];
};

static void walk_days(struct walk *walk, const struct numu_model *model, numu_row row,
                      numu_day middle) {
    const numu_decimal *const weekdays[7] = {
        model->calendar.monday,   model->calendar.tuesday, model->calendar.wednesday,
        model->calendar.thursday, model->calendar.friday,  model->calendar.saturday,
        model->calendar.sunday,
    };
    walk->first = middle - SPAN;
    walk->worked_before[0] = 0;
    for (int i = 0; i < 2 * SPAN; i++) {
        numu_day day = walk->first + i;
        walk->hours[i] = (int)(weekdays[numu_day_weekday(day)][row] / NUMU_DECIMAL_ONE);
        for (numu_row h = 0; h < model->holiday.head.count; h++) {
            if (model->holiday.calendar[h] == row && model->holiday.date[h] == day) {
                walk->hours[i] = 0;
            }
        }
        walk->worked_before[i + 1] = walk->worked_before[i] + (walk->hours[i] > 0);
    }
}

/* [K1] as it is written; points count from walk->first. */
static int walk_advance(const struct walk *walk, int point, int days) {
    int wanted = walk->worked_before[point] + days;
    int at = point;
    while (days > 0 && walk->worked_before[at] < wanted) {
        at++;
    }
    while (days < 0 && walk->worked_before[at] > wanted) {
        at--;
    }
    if (days < 0) {
        while (walk->worked_before[at + 1] <= wanted) {
            at++;
        }
    }
    return at;
}

/* [K2] as it is written: the greatest point from which one gets no further than `point`. */
static int walk_retreat(const struct walk *walk, int point, int days) {
    int at = point + INNER * 3;
    while (walk_advance(walk, at, days) > point) {
        at--;
    }
    return at;
}

static void check_walk(const struct numu_calendar *calendar, const struct walk *walk,
                       struct numu_random *random) {
    for (int i = SPAN - INNER; i < SPAN + INNER; i++) {
        numu_day point = walk->first + i;
        assert_int_equal(numu_calendar_is_worked(calendar, point), walk->hours[i] > 0);
        int next = i;
        while (walk->hours[next] == 0) {
            next++;
        }
        assert_int_equal(numu_calendar_next_worked(calendar, point), walk->first + next);
        int to = SPAN - INNER + (int)numu_random_below(random, 2 * INNER);
        int64_t hours = 0;
        for (int day = i < to ? i : to; day < (i < to ? to : i); day++) {
            hours += walk->hours[day];
        }
        assert_int_equal(numu_calendar_count(calendar, point, walk->first + to),
                         walk->worked_before[to] - walk->worked_before[i]);
        assert_int_equal(numu_calendar_hours(calendar, point, walk->first + to),
                         (to < i ? -hours : hours) * NUMU_DECIMAL_ONE);
        int days = (int)numu_random_below(random, 2 * DAYS_MAX + 1) - DAYS_MAX;
        assert_int_equal(numu_calendar_advance(calendar, point, days),
                         walk->first + walk_advance(walk, i, days));
        assert_int_equal(numu_calendar_retreat(calendar, point, days),
                         walk->first + walk_retreat(walk, i, days));
    }
}

static void set_random_week(struct fixture *fixture, numu_row row, struct numu_random *random) {
    int hours[7];
    uint64_t rest = numu_random_below(random, 8); /* out of 8 weekdays: from none to most */
    for (int weekday = 0; weekday < 7; weekday++) {
        bool is_worked = numu_random_below(random, 8) >= rest;
        hours[weekday] = is_worked ? 1 + (int)numu_random_below(random, 24) : 0;
    }
    hours[numu_random_below(random, 7)] = 8;
    builder_set_week(&fixture->model, row, hours);
}

/* Alone, twice, on rest days, and in a row: as they come. */
static void set_random_holidays(struct fixture *fixture, numu_day middle,
                                struct numu_random *random) {
    numu_day day = middle;
    for (numu_row row = 0; row < fixture->model.holiday.head.count; row++) {
        switch (numu_random_below(random, 3)) {
        case 0:
            day = middle + (numu_day)numu_random_below(random, 2 * INNER) - INNER;
            break;
        case 1:
            day++;
            break;
        default:
            break;
        }
        set_holiday(fixture, row, (numu_row)numu_random_below(random, 3), day);
    }
}

static void agrees_with_walking(void **state) {
    (void)state;
    print_message("# seed %d\n", SEED);
    static const numu_day middles[] = {0, -2, 20269, -1000000000, 2000000000};
    static struct walk walk;
    struct numu_random random;
    numu_random_init(&random, SEED, 0);
    for (int round = 0; round < 40; round++) {
        struct fixture fixture;
        open_fixture(&fixture, 3, (numu_row)numu_random_below(&random, HOLIDAYS));
        numu_day middle = middles[(size_t)round % (sizeof middles / sizeof middles[0])] + round;
        for (numu_row row = 0; row < 3; row++) {
            set_random_week(&fixture, row, &random);
        }
        set_random_holidays(&fixture, middle, &random);
        build(&fixture);
        for (numu_row row = 0; row < 3; row++) {
            walk_days(&walk, &fixture.model, row, middle);
            check_walk(&fixture.calendars.list[row], &walk, &random);
        }
        close_fixture(&fixture);
    }
}

/* n days from p on end where a worked day ends, and there are n of them: nothing else is [K1]. */
static void far_points_are_exact(void **state) {
    (void)state;
    print_message("# seed %d\n", SEED);
    struct numu_random random;
    numu_random_init(&random, SEED, 1);
    struct fixture fixture;
    open_fixture(&fixture, 2, HOLIDAYS);
    builder_set_week(&fixture.model, 0, (const int[7]){0, 0, 0, 0, 0, 0, 5});
    builder_set_week(&fixture.model, 1, five_days);
    set_random_holidays(&fixture, 0, &random);
    build(&fixture);
    for (int i = 0; i < 20000; i++) {
        const struct numu_calendar *calendar = &fixture.calendars.list[i % 2];
        int64_t days = 1 + (int64_t)numu_random_below(&random, 10000000);
        numu_day point = (numu_day)((int64_t)numu_random_below(&random, 4000000000) - 2000000000);
        numu_day end = numu_calendar_advance(calendar, point, days);
        numu_day begin = numu_calendar_retreat(calendar, point, days);
        assert_int_equal(numu_calendar_count(calendar, point, end), days);
        assert_true(numu_calendar_is_worked(calendar, end - 1));
        assert_int_equal(numu_calendar_count(calendar, begin, point), days);
        assert_true(numu_calendar_is_worked(calendar, begin));
        assert_int_equal(numu_calendar_advance(calendar, point, -days), begin);
    }
    close_fixture(&fixture);
}

static void line_has_ends(void **state) {
    (void)state;
    struct fixture fixture;
    open_fixture(&fixture, 1, 2);
    builder_set_week(&fixture.model, 0, five_days);
    set_holiday(&fixture, 0, 0, INT32_MIN + 1);
    set_holiday(&fixture, 1, 0, INT32_MAX);
    build(&fixture);
    for (int i = 0; i < 2; i++) {
        const struct numu_calendar *calendar = &fixture.calendars.list[i];
        static const numu_day points[] = {INT32_MIN + 1, 0, INT32_MAX};
        for (size_t k = 0; k < 3; k++) {
            numu_day point = points[k];
            assert_int_equal(numu_calendar_advance(calendar, point, INT64_MAX), INT32_MAX);
            assert_int_equal(numu_calendar_advance(calendar, point, INT64_MIN), INT32_MIN + 1);
            assert_int_equal(numu_calendar_retreat(calendar, point, INT64_MAX), INT32_MIN + 1);
            assert_int_equal(numu_calendar_retreat(calendar, point, INT64_MIN), INT32_MAX);
            assert_int_equal(numu_calendar_advance(calendar, point, 0), point);
            assert_int_equal(numu_calendar_retreat(calendar, point, 0), point);
        }
        assert_int_equal(numu_calendar_advance(calendar, INT32_MAX, 1), INT32_MAX);
        assert_int_equal(numu_calendar_retreat(calendar, INT32_MIN + 1, 1), INT32_MIN + 1);
        assert_int_equal(numu_calendar_next_worked(calendar, INT32_MAX), INT32_MAX);
    }
    assert_int_equal(numu_calendar_count(&fixture.calendars.list[1], INT32_MIN + 1, INT32_MAX),
                     INT64_C(4294967294));
    assert_int_equal(numu_calendar_hours(&fixture.calendars.list[1], INT32_MIN + 1, INT32_MAX),
                     INT64_MAX);
    assert_int_equal(numu_calendar_hours(&fixture.calendars.list[1], INT32_MAX, INT32_MIN + 1),
                     -INT64_MAX);
    close_fixture(&fixture);
}

/* --- published --- */

/* Microsoft Excel, help on NETWORKDAYS: 110 days without holidays, 109 with one, 107 with three. */
static void agrees_with_networkdays(void **state) {
    (void)state;
    static const char *const holidays[] = {"2012-11-22", "2012-12-04", "2013-01-21"};
    static const int64_t expected[] = {110, 109, 109, 107};
    for (numu_row count = 0; count <= 3; count++) {
        if (count == 2) {
            continue; /* not published */
        }
        struct fixture fixture;
        open_fixture(&fixture, 1, count);
        builder_set_week(&fixture.model, 0, five_days);
        for (numu_row row = 0; row < count; row++) {
            set_holiday(&fixture, row, 0, builder_day(holidays[row]));
        }
        build(&fixture);
        assert_int_equal(numu_calendar_count(&fixture.calendars.list[0], builder_day("2012-10-01"),
                                             builder_day("2013-03-01") + 1),
                         expected[count]);
        close_fixture(&fixture);
    }
}

/*
 * Microsoft Excel, help on WORKDAY, which gives the n-th working day after a day: 151 after
 * 2008-10-01 is 2009-04-30, with three holidays 2009-05-05.
 */
static void agrees_with_workday(void **state) {
    (void)state;
    static const char *const holidays[] = {"2008-11-26", "2008-12-04", "2009-01-21"};
    struct fixture fixture;
    open_fixture(&fixture, 2, 3);
    builder_set_week(&fixture.model, 0, five_days);
    builder_set_week(&fixture.model, 1, five_days);
    for (numu_row row = 0; row < 3; row++) {
        set_holiday(&fixture, row, 1, builder_day(holidays[2 - row]));
    }
    build(&fixture);
    static const char *const ends[] = {"2009-04-30", "2009-05-05"};
    for (size_t i = 0; i < 2; i++) {
        const struct numu_calendar *calendar = &fixture.calendars.list[i];
        numu_day after = builder_day("2008-10-01") + 1;
        numu_day end = builder_day(ends[i]) + 1;
        assert_int_equal(numu_calendar_advance(calendar, after, 151), end);
        assert_int_equal(numu_calendar_retreat(calendar, end, 151), after);
    }
    close_fixture(&fixture);
}

/* --- building --- */

static void only_holidays_that_matter_are_kept(void **state) {
    (void)state;
    struct fixture fixture;
    open_fixture(&fixture, 2, 5);
    builder_set_week(&fixture.model, 0, five_days);
    builder_set_week(&fixture.model, 1, five_days);
    numu_day monday = builder_day("2025-09-22");
    set_holiday(&fixture, 0, 0, monday + 1);
    set_holiday(&fixture, 1, 1, monday);
    set_holiday(&fixture, 2, 0, monday);
    set_holiday(&fixture, 3, 0, monday + 1);
    set_holiday(&fixture, 4, 0, monday - 1); /* a Sunday */
    build(&fixture);
    const struct numu_calendar *first = &fixture.calendars.list[0];
    assert_int_equal(first->holiday_count, 2);
    assert_int_equal(first->holidays[0], monday);
    assert_int_equal(first->holidays[1], monday + 1);
    assert_int_equal(fixture.calendars.list[1].holiday_count, 1);
    assert_int_equal(fixture.calendars.list[1].holidays[0], monday);
    assert_int_equal(fixture.calendars.list[2].holiday_count, 0);
    close_fixture(&fixture);
}

static void calendar_of_a_row(void **state) {
    (void)state;
    struct fixture fixture;
    open_fixture(&fixture, 2, 0);
    builder_set_week(&fixture.model, 0, five_days);
    builder_set_week(&fixture.model, 1, (const int[7]){0, 0, 0, 0, 0, 4, 0});
    build(&fixture);
    const struct numu_calendar *list = fixture.calendars.list;
    assert_int_equal(fixture.calendars.count, 2);
    assert_ptr_equal(numu_calendar_get(&fixture.calendars, &fixture.model, 1), &list[1]);
    assert_ptr_equal(numu_calendar_get(&fixture.calendars, &fixture.model, NUMU_NONE), &list[2]);
    assert_int_equal(numu_calendar_hours(&list[2], 5, 12), 7 * 24 * NUMU_DECIMAL_ONE);
    fixture.model.package.calendar[0] = 0;
    assert_ptr_equal(numu_calendar_get(&fixture.calendars, &fixture.model, NUMU_NONE), &list[0]);
    assert_ptr_equal(numu_calendar_get(&fixture.calendars, &fixture.model, 1), &list[1]);
    close_fixture(&fixture);
}

static void week_without_work_is_refused(void **state) {
    (void)state;
    struct fixture fixture;
    open_fixture(&fixture, 2, 0);
    builder_set_week(&fixture.model, 0, five_days);
    builder_set_week(&fixture.model, 1, (const int[7]){0});
    fixture.calendars = (struct numu_calendars){NULL, 77};
    assert_int_equal(numu_calendars_build(&fixture.model, &fixture.arena, &fixture.calendars),
                     NUMU_INVALID);
    assert_null(fixture.calendars.list);
    assert_int_equal(fixture.calendars.count, 77);
    close_fixture(&fixture);
}

static void each_failed_allocation_is_passed_up(void **state) {
    (void)state;
    struct fixture fixture;
    open_fixture(&fixture, 1, 40);
    builder_set_week(&fixture.model, 0, five_days);
    for (numu_row row = 0; row < 40; row++) {
        set_holiday(&fixture, row, 0, (numu_day)row);
    }
    size_t bytes = fixture.heap.bytes;
    numu_status status = NUMU_MEMORY;
    uint64_t failures = 0;
    while (status != NUMU_OK) {
        fixture.calendars = (struct numu_calendars){NULL, 77};
        fixture.heap.fail_at = fixture.heap.count + failures + 1;
        status = numu_calendars_build(&fixture.model, &fixture.arena, &fixture.calendars);
        if (status != NUMU_OK) {
            assert_int_equal(status, NUMU_MEMORY);
            assert_null(fixture.calendars.list);
            assert_int_equal(fixture.calendars.count, 77);
            failures++;
        }
        numu_arena_release(&fixture.arena);
        assert_int_equal(fixture.heap.bytes, bytes);
    }
    assert_int_equal(failures, 4);
    close_fixture(&fixture);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(agrees_with_walking),
        cmocka_unit_test(far_points_are_exact),
        cmocka_unit_test(line_has_ends),
        cmocka_unit_test(agrees_with_networkdays),
        cmocka_unit_test(agrees_with_workday),
        cmocka_unit_test(only_holidays_that_matter_are_kept),
        cmocka_unit_test(calendar_of_a_row),
        cmocka_unit_test(week_without_work_is_refused),
        cmocka_unit_test(each_failed_allocation_is_passed_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
