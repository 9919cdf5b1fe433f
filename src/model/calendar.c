/*
 * calendar.c - W(p) in closed form, and its two inverses.
 *
 * W(p) = V(p) - H(p), where V counts the worked weekdays before p, from a Monday before all days,
 * and H the holidays before p. V is whole weeks and a table. Holidays lie on worked weekdays, so
 * W over them never falls, and the number of holidays before a wanted point is found by binary
 * search; the rest is the inverse of V, again whole weeks and a table.
 */
#include "model/calendar.h"

__extension__ typedef __int128 int128;

/* From the Monday where counting starts to day 0, a Thursday: 2^31 + 1 = 3 (mod 7). */
static const int64_t day_zero = INT64_C(2147483649);

/* More working days than lie between any two points. */
static const int64_t days_max = INT64_C(1) << 33;

/* --- building --- */

/* Sorts in place (J. W. J. Williams, "Algorithm 232: Heapsort", CACM 7(6), 1964). */
static void sift_down(uint64_t *keys, size_t root, size_t count) {
    uint64_t key = keys[root];
    for (size_t child = 2 * root + 1; child < count; child = 2 * root + 1) {
        if (child + 1 < count && keys[child + 1] > keys[child]) {
            child++;
        }
        if (keys[child] <= key) {
            break;
        }
        keys[root] = keys[child];
        root = child;
    }
    keys[root] = key;
}

static void sort(uint64_t *keys, size_t count) {
    for (size_t root = count / 2; root-- > 0;) {
        sift_down(keys, root, count);
    }
    for (size_t end = count; end-- > 1;) {
        uint64_t greatest = keys[0];
        keys[0] = keys[end];
        keys[end] = greatest;
        sift_down(keys, 0, end);
    }
}

/* A holiday as a number: first the calendar's row, then the day, in order. */
static uint64_t key_of(numu_row calendar, numu_day day) {
    return (uint64_t)calendar << 32 | (uint32_t)((int64_t)day - INT32_MIN);
}

static numu_row calendar_of(uint64_t key) {
    return (numu_row)(key >> 32);
}

static numu_day day_of(uint64_t key) {
    return (numu_day)((int64_t)(uint32_t)key + INT32_MIN);
}

static void set_week(struct numu_calendar *calendar, const numu_decimal hours[7]) {
    *calendar = (struct numu_calendar){.days_a_week = 0};
    for (uint8_t weekday = 0; weekday < 7; weekday++) {
        calendar->worked_before[weekday] = (uint8_t)calendar->days_a_week;
        if (hours[weekday] > 0) {
            calendar->weekday_hours[weekday] = hours[weekday];
            calendar->worked_weekday[calendar->days_a_week++] = weekday;
        }
    }
}

static void set_weeks(const struct numu_model *model, struct numu_calendar *list) {
    static const numu_decimal all_day = 24 * NUMU_DECIMAL_ONE;
    const struct numu_table_calendar *table = &model->calendar;
    for (numu_row row = 0; row < table->head.count; row++) {
        set_week(&list[row],
                 (numu_decimal[]){table->monday[row], table->tuesday[row], table->wednesday[row],
                                  table->thursday[row], table->friday[row], table->saturday[row],
                                  table->sunday[row]});
    }
    set_week(&list[table->head.count],
             (numu_decimal[]){all_day, all_day, all_day, all_day, all_day, all_day, all_day});
}

/* Deals sorted holidays out to their calendars; `days` and `hours` have room for them all. */
static void set_holidays(const uint64_t *keys, size_t key_count, struct numu_calendar *list,
                         uint32_t list_count, numu_day *days, numu_decimal *hours) {
    size_t next = 0;
    for (numu_row row = 0; row < list_count; row++) {
        struct numu_calendar *calendar = &list[row];
        uint32_t count = 0;
        hours[0] = 0;
        for (; next < key_count && calendar_of(keys[next]) == row; next++) {
            numu_day day = day_of(keys[next]);
            numu_decimal lost = calendar->weekday_hours[numu_day_weekday(day)];
            if (lost > 0 && (count == 0 || days[count - 1] != day)) {
                days[count] = day;
                hours[count + 1] = hours[count] + lost;
                count++;
            }
        }
        calendar->holidays = days;
        calendar->holiday_hours_before = hours;
        calendar->holiday_count = count;
        days += count;
        hours += count + 1;
    }
}

numu_status numu_calendars_build(const struct numu_model *model, struct numu_arena *arena,
                                 struct numu_calendars *out) {
    const struct numu_table_holiday *holiday = &model->holiday;
    size_t list_count = (size_t)model->calendar.head.count + 1;
    struct numu_calendar *list;
    numu_day *days;
    numu_decimal *hours;
    uint64_t *keys;
    NUMU_TRY(NUMU_TAKE(arena, &list, list_count));
    set_weeks(model, list);
    for (size_t i = 0; i < list_count; i++) {
        if (list[i].days_a_week == 0) {
            return NUMU_INVALID;
        }
    }
    NUMU_TRY(NUMU_TAKE(arena, &days, holiday->head.count));
    NUMU_TRY(NUMU_TAKE(arena, &hours, holiday->head.count + list_count));
    struct numu_arena_mark mark = numu_arena_mark(arena);
    NUMU_TRY(NUMU_TAKE(arena, &keys, holiday->head.count));
    for (numu_row row = 0; row < holiday->head.count; row++) {
        keys[row] = key_of(holiday->calendar[row], holiday->date[row]);
    }
    sort(keys, holiday->head.count);
    set_holidays(keys, holiday->head.count, list, (uint32_t)list_count, days, hours);
    numu_arena_rewind(arena, mark);
    *out = (struct numu_calendars){list, model->calendar.head.count};
    return NUMU_OK;
}

const struct numu_calendar *numu_calendar_get(const struct numu_calendars *calendars,
                                              const struct numu_model *model, numu_row row) {
    numu_row known = row == NUMU_NONE ? model->package.calendar[0] : row;
    return &calendars->list[known == NUMU_NONE ? calendars->count : known];
}

/* --- counting; points are 64 bits wide here, so that one more than the last day is one, too --- */

/* V(p) */
static int64_t weekdays_before(const struct numu_calendar *calendar, int64_t point) {
    int64_t days = point + day_zero;
    return days / 7 * calendar->days_a_week + calendar->worked_before[days % 7];
}

/* H(p) */
static uint32_t holidays_before(const struct numu_calendar *calendar, int64_t point) {
    uint32_t low = 0;
    uint32_t high = calendar->holiday_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (calendar->holidays[middle] < point) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low;
}

/* W(p) */
static int64_t worked_before(const struct numu_calendar *calendar, int64_t point) {
    return weekdays_before(calendar, point) - holidays_before(calendar, point);
}

/* The least point q with W(q) >= worked. */
static int64_t least_point(const struct numu_calendar *calendar, int64_t worked) {
    if (worked <= 0) {
        return INT32_MIN;
    }
    uint32_t low = 0; /* holidays h with W(h) < worked: those before q */
    uint32_t high = calendar->holiday_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (weekdays_before(calendar, calendar->holidays[middle]) - middle < worked) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    int64_t last = worked + low - 1; /* V of the last working day before q */
    int64_t week = last / calendar->days_a_week;
    return week * 7 + calendar->worked_weekday[last % calendar->days_a_week] + 1 - day_zero;
}

/* The greatest point q with W(q) <= worked. */
static int64_t greatest_point(const struct numu_calendar *calendar, int64_t worked) {
    return least_point(calendar, worked + 1) - 1;
}

/* [K4] */
static numu_day within_days(int64_t point) {
    if (point <= INT32_MIN) {
        return INT32_MIN + 1;
    }
    return point > INT32_MAX ? INT32_MAX : (numu_day)point;
}

static int64_t within_line(int64_t days) {
    if (days < -days_max) {
        return -days_max;
    }
    return days > days_max ? days_max : days;
}

bool numu_calendar_is_worked(const struct numu_calendar *calendar, numu_day day) {
    return worked_before(calendar, (int64_t)day + 1) > worked_before(calendar, day);
}

int64_t numu_calendar_count(const struct numu_calendar *calendar, numu_day from, numu_day to) {
    return worked_before(calendar, to) - worked_before(calendar, from);
}

numu_day numu_calendar_advance(const struct numu_calendar *calendar, numu_day point, int64_t days) {
    if (days == 0) {
        return point;
    }
    int64_t worked = worked_before(calendar, point) + within_line(days);
    return within_days(days > 0 ? least_point(calendar, worked) : greatest_point(calendar, worked));
}

/*
 * For n < 0, with m = -n: advance(p, n) <= q says that the greatest point with W <= W(p) - m lies
 * before q + 1, so W(q + 1) > W(p) - m, so W(p) <= W(q + 1) - 1 + m.
 */
numu_day numu_calendar_retreat(const struct numu_calendar *calendar, numu_day point, int64_t days) {
    if (days == 0) {
        return point;
    }
    int64_t from =
        days > 0 ? worked_before(calendar, point) : worked_before(calendar, (int64_t)point + 1) - 1;
    return within_days(greatest_point(calendar, from - within_line(days)));
}

numu_day numu_calendar_next_worked(const struct numu_calendar *calendar, numu_day point) {
    return within_days(least_point(calendar, worked_before(calendar, point) + 1) - 1);
}

/* --- hours --- */

static int128 hours_before(const struct numu_calendar *calendar, numu_day point) {
    int64_t days = point + day_zero;
    numu_decimal week = 0;
    numu_decimal begun = 0;
    for (int weekday = 0; weekday < 7; weekday++) {
        week += calendar->weekday_hours[weekday];
        begun += weekday < days % 7 ? calendar->weekday_hours[weekday] : 0;
    }
    return (int128)week * (days / 7) + begun -
           calendar->holiday_hours_before[holidays_before(calendar, point)];
}

/* Hours from the first day on need more than 64 bits; those of any real span do not. */
numu_decimal numu_calendar_hours(const struct numu_calendar *calendar, numu_day from, numu_day to) {
    int128 hours = hours_before(calendar, to) - hours_before(calendar, from);
    if (hours > INT64_MAX) {
        return INT64_MAX;
    }
    return hours < -INT64_MAX ? -INT64_MAX : (numu_decimal)hours;
}
