/*
 * project.h - schedules of project files: one in full, or many with a row each.
 */
#ifndef NUMU_VIEW_PROJECT_H
#define NUMU_VIEW_PROJECT_H

#include "app/project.h"
#include "view/rows.h"

/*
 * Appends a schedule. Table: activities, then what was found in words. CSV: a line an activity.
 * JSON: "numu.schedule/1" with makespan (where periods are days: finish, a date), lower_bound,
 * proven, schedules, stopped and activities. On failure the buffer is as it was.
 */
NUMU_MUST_CHECK numu_status numu_view_project(struct numu_buffer *buffer,
                                              const struct numu_stamp *stamp,
                                              const struct numu_project *project,
                                              const struct numu_rcpsp_result *result,
                                              numu_language language, numu_format format);

/*
 * What is shown of an activity: its points, or with dates its first and last day of work. A
 * milestone that others drive is reached in the evening of the day before its point (cpm.h).
 */
numu_period numu_project_shown_start(const struct numu_project *project,
                                     const struct numu_rcpsp_result *result, uint32_t activity);
numu_period numu_project_shown_finish(const struct numu_project *project,
                                      const struct numu_rcpsp_result *result, uint32_t activity);

/* What was found, in words: finish, bound or proof, lateness, schedules made. */
void numu_output_project_summary(struct numu_output *out, const struct numu_project *project,
                                 const struct numu_rcpsp_result *result, const char *line_end);

/*
 * Appends a self-contained page (HTML) of a schedule: what was found, bars with float, what each
 * resource carries, the network. Scratch memory comes from the arena. On failure the buffer is as
 * it was.
 */
NUMU_MUST_CHECK numu_status numu_view_project_page(
    struct numu_buffer *buffer, const struct numu_stamp *stamp, struct numu_text name,
    const struct numu_project *project, const struct numu_rcpsp_result *result,
    struct numu_arena *arena, numu_language language);

/*
 * Appends a row each of those that were read: instance, makespan, lower_bound, proven, schedules.
 * JSON: "numu.schedules/1" with `instances`.
 */
NUMU_MUST_CHECK numu_status numu_view_schedule_rows(struct numu_buffer *buffer,
                                                    const struct numu_stamp *stamp,
                                                    const struct numu_schedule_row *rows,
                                                    size_t count, numu_language language,
                                                    numu_format format);

#endif
