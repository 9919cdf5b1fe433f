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
 * Appends a row each of those that were read: instance, makespan, lower_bound, proven, schedules.
 * JSON: "numu.schedules/1" with `instances`.
 */
NUMU_MUST_CHECK numu_status numu_view_schedule_rows(struct numu_buffer *buffer,
                                                    const struct numu_stamp *stamp,
                                                    const struct numu_schedule_row *rows,
                                                    size_t count, numu_language language,
                                                    numu_format format);

#endif
