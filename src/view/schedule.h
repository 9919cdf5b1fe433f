/*
 * schedule.h - the programme's dates: each activity, then each promise.
 */
#ifndef NUMU_VIEW_SCHEDULE_H
#define NUMU_VIEW_SCHEDULE_H

#include "programme/rcpsp.h"
#include "view/rows.h"

/*
 * Appends the tables activity and promise of a plan, whose other tables may be empty but for meta.
 * Table: id, name, start, finish, total and free float, "*" for the longest path; then "kept" or
 * "missed by N days" for each promise; names are cut so that lines fit 100 columns. CSV: the
 * activities. JSON: "numu.schedule/1" with `finish`, `lower_bound` (a date), `proven`, `schedules`,
 * `activities` and `promises`. `result` is what the search did; without activities nothing was
 * scarce, and the dates are the earliest there are. On failure the buffer is as it was.
 */
NUMU_MUST_CHECK numu_status numu_view_schedule(struct numu_buffer *buffer,
                                               const struct numu_plan *plan,
                                               const struct numu_rcpsp_result *result,
                                               numu_language language, numu_format format);

/* Last day of work of the last activity; NUMU_NO_DAY where there is none. */
numu_day numu_plan_finish(const struct numu_plan *plan);
/* "kept", or "missed by N days"; nothing where the day is not known. */
void numu_output_promise(struct numu_output *out, int64_t days_late);
/*
 * A line of how late a schedule is in all, in days or in periods, with the bound where it is not
 * proven; nothing where it is not late. In JSON: `lateness`, `lateness_bound`.
 */
void numu_output_lateness(struct numu_output *out, const struct numu_rcpsp_result *result,
                          bool is_in_days, const char *line_end);
void numu_json_lateness(struct numu_json_writer *writer, const struct numu_rcpsp_result *result);

#endif
