/*
 * progress.c - started, finished, remaining, and what follows where one of them is left out.
 */
#include "programme/progress.h"

int64_t numu_progress_whole_days(numu_decimal days) {
    int64_t rest = days % NUMU_DECIMAL_ONE;
    return days / NUMU_DECIMAL_ONE + (rest > 0) - (rest < 0);
}

numu_day numu_progress_now(const struct numu_model *model) {
    numu_day data_date = model->package.data_date[0];
    return data_date == NUMU_NO_DAY ? model->package.start[0] : data_date;
}

/* The last day of finished work, else NUMU_NO_DAY. */
static numu_day finished_on(const struct numu_table_activity *activity, numu_row row) {
    bool is_milestone = activity->likely[row] == 0 && (activity->remaining[row] == NUMU_NO_NUMBER ||
                                                       activity->remaining[row] == 0);
    numu_day finished = activity->finished[row];
    return finished == NUMU_NO_DAY && is_milestone ? activity->started[row] : finished;
}

static numu_day start_of_finished(const struct numu_table_activity *activity, numu_row row,
                                  numu_day finished, const struct numu_calendar *calendar) {
    numu_day started = activity->started[row];
    int64_t days = numu_progress_whole_days(activity->likely[row]);
    if (started != NUMU_NO_DAY) {
        return started < finished ? started : finished;
    }
    return days == 0 ? finished : numu_calendar_retreat(calendar, finished + 1, days);
}

static int64_t days_left(const struct numu_table_activity *activity, numu_row row,
                         const struct numu_calendar *calendar, numu_day now) {
    if (activity->remaining[row] != NUMU_NO_NUMBER) {
        return numu_progress_whole_days(activity->remaining[row]);
    }
    int64_t days = numu_progress_whole_days(activity->likely[row]);
    numu_day started = activity->started[row];
    if (now > started) {
        days -= numu_calendar_count(calendar, started, now);
    }
    return days > 1 ? days : 1;
}

struct numu_progress numu_progress_of(const struct numu_model *model,
                                      const struct numu_calendars *calendars, numu_row row) {
    const struct numu_table_activity *activity = &model->activity;
    numu_day now = numu_progress_now(model);
    numu_day started = activity->started[row];
    numu_day finished = finished_on(activity, row);
    struct numu_progress progress = {
        .calendar = numu_calendar_get(calendars, model, activity->calendar[row]),
        .earliest = NUMU_NO_DAY,
        .start = NUMU_NO_DAY,
        .finish = NUMU_NO_DAY,
        .is_started = started != NUMU_NO_DAY,
        .is_finished = finished != NUMU_NO_DAY,
    };
    if (progress.is_finished) {
        progress.start = start_of_finished(activity, row, finished, progress.calendar);
        progress.finish = finished + 1;
    } else if (progress.is_started) {
        progress.start = started;
        progress.days = days_left(activity, row, progress.calendar, now);
        progress.earliest = started > now ? started : now;
    } else {
        numu_day not_before = activity->not_before[row]; /* NUMU_NO_DAY is below all days */
        progress.days = numu_progress_whole_days(activity->likely[row]);
        progress.earliest = not_before > now ? not_before : now;
    }
    return progress;
}
