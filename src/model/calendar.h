/*
 * calendar.h - working days: counting them, adding them, taking them away.
 *
 * Time is a line of days; a point p is the beginning of day p (numu_day). W(p) is the number of
 * working days before p, counted from a fixed first day. A day is worked when its weekday has hours
 * and it is no holiday of the calendar.
 *
 * [K1] advance(p, n), n > 0, is the least point q with W(q) >= W(p) + n: the end of the n-th
 *      working day from p on. advance(p, -n) is the greatest point q with W(q) <= W(p) - n: the
 *      beginning of the n-th working day back from p.
 * [K2] retreat(q, n) is the greatest point p with advance(p, n) <= q, for n of either sign:
 *      advance(p, n) <= q exactly when p <= retreat(q, n). For n > 0 it is the greatest point p
 *      with W(p) <= W(q) - n, a worked day.
 * [K3] advance(p, 0) = retreat(p, 0) = p.
 * [K4] Results beyond what a numu_day can hold stop at its ends, NUMU_NO_DAY excepted: there, and
 *      only there, [K1] and [K2] end.
 *
 * Every operation takes O(log holidays) time, whatever the distance. NUMU_NO_DAY is no point.
 * [K2] says that advance and retreat are the two halves of a Galois connection (B. A. Davey,
 * H. A. Priestley, "Introduction to Lattices and Order", 2nd ed. 2002, chapter 7), which is what
 * makes the backward pass of a schedule the exact counterpart of its forward pass.
 */
#ifndef NUMU_MODEL_CALENDAR_H
#define NUMU_MODEL_CALENDAR_H

#include "model/model.h"

struct numu_calendar {
    numu_decimal weekday_hours[7]; /* Monday first; 0 = not worked */
    const numu_day *holidays;      /* on days that would be worked, ascending, each once */
    /* By holiday: hours that the holidays before it would have had; one more for all of them. */
    const numu_decimal *holiday_hours_before;
    uint32_t holiday_count;
    int days_a_week;           /* weekdays with hours, at least 1 */
    uint8_t worked_before[7];  /* by weekday: worked ones before it in its week */
    uint8_t worked_weekday[7]; /* by number, from 0: the worked weekdays of a week */
};

struct numu_calendars {
    struct numu_calendar *list; /* by row of model.calendar; one more: every day, 24 hours */
    uint32_t count;             /* rows of model.calendar */
};

/*
 * Builds all calendars of a model; arrays live in the arena. NUMU_INVALID where one has no working
 * day in its week (a finding of check), so that advance always ends.
 */
NUMU_MUST_CHECK numu_status numu_calendars_build(const struct numu_model *model,
                                                 struct numu_arena *arena,
                                                 struct numu_calendars *out);
/*
 * The calendar of a row; NUMU_NONE gives the package's default; where it names none, every day is
 * worked.
 */
const struct numu_calendar *numu_calendar_get(const struct numu_calendars *calendars,
                                              const struct numu_model *model, numu_row row);

bool numu_calendar_is_worked(const struct numu_calendar *calendar, numu_day day);
/* W(to) - W(from): working days in [from, to); negative when to < from. */
int64_t numu_calendar_count(const struct numu_calendar *calendar, numu_day from, numu_day to);
/* [K1] */
numu_day numu_calendar_advance(const struct numu_calendar *calendar, numu_day point, int64_t days);
/* [K2] */
numu_day numu_calendar_retreat(const struct numu_calendar *calendar, numu_day point, int64_t days);
/* The first working day at or after a point. */
numu_day numu_calendar_next_worked(const struct numu_calendar *calendar, numu_day point);
/* Hours worked in [from, to), × 10^9; negative when to < from. Exact up to a million years. */
numu_decimal numu_calendar_hours(const struct numu_calendar *calendar, numu_day from, numu_day to);

#endif
