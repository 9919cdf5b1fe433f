/*
 * cpm.h - the critical path method over several calendars, with progress.
 *
 * Points of time and calendars are those of model/calendar.h: an activity of d working days that
 * starts at point S finishes at F = advance(S, d) in its own calendar, without interruption. A
 * link of type XY with lag l asks Y(after) >= advance(X(before), l), where the lag counts in the
 * calendar of the activity before (X, Y: start S or finish F). Days are whole: durations, what
 * remains and lags are rounded away from zero (0.5 is 1, -0.5 is -1).
 *
 * [P1] Early dates are the least, late dates the greatest that satisfy all links, not-before dates,
 *      progress and, going back, deadlines and the finish of the whole. Nothing that has not
 *      happened begins before the data date (where there is none: the first day of the horizon).
 * [P2] Started work keeps its start; what remains runs from the data date on and, by retained
 *      logic, not before its predecessors allow. Finished work keeps both dates, and links into
 *      it ask nothing.
 * [P3] The longest path is the chain of driving links (those whose successor's early date equals
 *      what the link asks) back from the activity that finishes last; all chains where there are
 *      several. It ends where a link leaves a date that has happened, and holds no finished work.
 * [P4] Work begins on a worked day of its calendar. A milestone, an activity of no duration, keeps
 *      its point: it marks that something is done, which is so on Friday night, not on Monday; and
 *      an activity behind it in another calendar may begin on Saturday.
 *
 * Where progress leaves something open: a milestone that has started has happened; without
 * `remaining`, started work has left what its duration has not used up by the data date, at least a
 * day; finished work without `started` began its duration before its finish; a start after the
 * finish (a warning of check) is taken for the finish's day.
 *
 * A parent in the work breakdown is an activity like any other: it has its own duration, links and
 * progress, and its children do not move it. The span of its children is for reports to derive.
 *
 * Source: J. E. Kelley, M. R. Walker, "Critical-path planning and scheduling", 1959; generalised
 * links: S. E. Elmaghraby, J. Kamburowski, Management Science 38(9), 1992; longest path over
 * calendars: AACE RP 49R-06.
 */
#ifndef NUMU_PROGRAMME_CPM_H
#define NUMU_PROGRAMME_CPM_H

#include "model/calendar.h"
#include "model/network.h"

struct numu_schedule {
    uint32_t count; /* activities; arrays are by row of model.activity */
    /* Points; what is printed as a finish is the day before the point. */
    numu_day *early_start, *early_finish;
    numu_day *late_start, *late_finish; /* those of finished work are its early ones */
    /*
     * Working days of its own calendar that its early dates can be moved and still reach no further
     * than the late ones; negative = late against a deadline. NUMU_NO_NUMBER for finished work.
     */
    int64_t *total_float;
    /*
     * Greatest delay in working days of its own calendar that moves neither a successor's early
     * date nor the finish of the whole. NUMU_NO_NUMBER for finished work.
     */
    int64_t *free_float;
    uint8_t *is_on_longest_path;
    /*
     * First row of model.precedence among the links that drive its early date; NUMU_NONE = only a
     * date does.
     */
    numu_row *driver;
    numu_row *mode;  /* row of model.mode in which the work is done; NUMU_NONE = its own row */
    numu_day finish; /* of the whole: greatest early finish */
    numu_row last;   /* activity that finishes last; NUMU_NONE when there is none */

    uint32_t promise_count;   /* arrays are by row of model.promise */
    numu_day *promise_finish; /* point at which the promise is kept */
    /*
     * From the end of the promised day to that point, in calendar days; <= 0 = kept. A milestone at
     * the end of the promised day keeps it.
     */
    int64_t *promise_days_late;
};

/*
 * The days on which an activity that spans the points [start, finish), early or late, begins and
 * ends. A milestone that another activity drives is reached in the evening of the day before its
 * point, when the work before it ends; one that only a date holds, on the morning of that date.
 */
void numu_schedule_days(const struct numu_schedule *schedule, numu_row activity, numu_day start,
                        numu_day finish, numu_day *out_first, numu_day *out_last);

/*
 * Schedules with the likely durations. Arrays live in the arena. NUMU_INVALID with a finding
 * (precedence-cycle) where links form a cycle; NUMU_LIMIT where the whole does not finish within
 * 2^30 days. After a failure the arena is as it was.
 */
NUMU_MUST_CHECK numu_status numu_cpm_schedule(const struct numu_context *context,
                                              const struct numu_model *model,
                                              const struct numu_calendars *calendars,
                                              struct numu_arena *arena, struct numu_report *report,
                                              struct numu_schedule *out);

/*
 * Dates that something else has settled, scarce resources for one; by row of model.activity. Work
 * does not resume before `resume` and then takes `days`, as if they stood in the model; links bind
 * as always. Floats are what links leave up to the finish of the whole: what is scarce may leave
 * less.
 */
struct numu_cpm_given {
    const numu_day *resume;
    const int64_t *days;
};

/* numu_cpm_schedule with dates given. */
NUMU_MUST_CHECK numu_status numu_cpm_schedule_given(
    const struct numu_context *context, const struct numu_model *model,
    const struct numu_calendars *calendars, const struct numu_cpm_given *given,
    struct numu_arena *arena, struct numu_report *report, struct numu_schedule *out);

#endif
