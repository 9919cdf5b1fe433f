/*
 * project.c - see project.h.
 *
 * Points of a project without dates are shown as they are: an activity that starts at 3 and
 * finishes at 7 runs in periods 3, 4, 5, 6. With dates, the first and the last day of work are
 * shown, and a milestone on its day.
 */
#include "view/project.h"

#include "base/csv.h"
#include "view/grid.h"
#include "view/schedule.h"

enum { COLUMNS_MAX = 100 };

/* --- points --- */

static bool has_dates(const struct numu_project *project) {
    return project->origin != NUMU_NO_DAY;
}

numu_period numu_project_shown_start(const struct numu_project *project,
                                     const struct numu_rcpsp_result *result, uint32_t a) {
    numu_period start = result->start[a];
    bool is_milestone = result->finish[a] == start;
    bool is_driven = project->first_in[a] < project->first_in[a + 1];
    return has_dates(project) && is_milestone && is_driven ? start - 1 : start;
}

numu_period numu_project_shown_finish(const struct numu_project *project,
                                      const struct numu_rcpsp_result *result, uint32_t a) {
    bool is_milestone = result->finish[a] == result->start[a];
    return has_dates(project) && !is_milestone ? result->finish[a] - 1
                                               : numu_project_shown_start(project, result, a) +
                                                     (result->finish[a] - result->start[a]);
}

static void write_point(struct numu_output *out, numu_day origin, numu_period point) {
    if (point == NUMU_NO_PERIOD) {
        return;
    }
    if (origin == NUMU_NO_DAY) {
        numu_output_printf(out, "%ld", (long)point);
    } else {
        numu_output_day(out, origin + point);
    }
}

static void json_point(struct numu_json_writer *writer, numu_day origin, numu_period point) {
    char day[NUMU_DAY_TEXT_BYTES];
    if (point == NUMU_NO_PERIOD) {
        numu_json_null(writer);
    } else if (origin == NUMU_NO_DAY) {
        numu_json_integer(writer, point);
    } else {
        numu_json_string(writer, numu_day_format(origin + point, day));
    }
}

/* Of the whole, the last day of work; a schedule of milestones only ends on the last one's. */
static numu_period whole_finish(const struct numu_project *project,
                                const struct numu_rcpsp_result *result) {
    numu_period last = NUMU_NO_PERIOD;
    for (uint32_t a = 0; a < result->count; a++) {
        numu_period finish = numu_project_shown_finish(project, result, a);
        last = finish > last ? finish : last;
    }
    return has_dates(project) ? last : result->makespan;
}

static struct numu_text mode_of(const struct numu_project *project,
                                const struct numu_rcpsp_result *result, uint32_t a) {
    struct numu_text id = project->mode_id[result->mode[a]];
    return id.length > 0 ? id : NUMU_TEXT("1");
}

/* --- for people --- */

static bool has_titles(const struct numu_project *project) {
    for (uint32_t a = 0; a < project->activity_count; a++) {
        if (project->title[a].length > 0) {
            return true;
        }
    }
    return false;
}

static void write_activities(struct numu_output *out, const struct numu_project *project,
                             const struct numu_rcpsp_result *result) {
    static const struct numu_grid_column columns[] = {
        {.heading = NUMU_WORD_column_name, .may_shrink = true},
        {.heading = NUMU_WORD_column_id},
        {.heading = NUMU_WORD_column_start, .is_right = true},
        {.heading = NUMU_WORD_column_finish, .is_right = true},
        {.heading = NUMU_WORD_column_mode, .is_right = true},
    };
    size_t first = has_titles(project) ? 0 : 1;
    struct numu_grid grid;
    numu_grid_init(&grid, out->buffer->heap, out->language, columns + first,
                   sizeof columns / sizeof columns[0] - first);
    for (uint32_t a = 0; a < result->count; a++) {
        if (first == 0) {
            numu_output_text(&grid.cell, project->title[a]);
            numu_grid_end_cell(&grid);
        }
        numu_output_text(&grid.cell, project->id[a]);
        numu_grid_end_cell(&grid);
        write_point(&grid.cell, project->origin, numu_project_shown_start(project, result, a));
        numu_grid_end_cell(&grid);
        write_point(&grid.cell, project->origin, numu_project_shown_finish(project, result, a));
        numu_grid_end_cell(&grid);
        numu_output_text(&grid.cell, mode_of(project, result, a));
        numu_grid_end_cell(&grid);
    }
    numu_output_grid(out, &grid, 0, COLUMNS_MAX);
    numu_grid_release(&grid);
}

void numu_output_project_summary(struct numu_output *out, const struct numu_project *project,
                                 const struct numu_rcpsp_result *result, const char *line_end) {
    numu_period finish = whole_finish(project, result);
    numu_output_fill(out, NUMU_WORD_schedule_makespan,
                     has_dates(project) ? numu_argument_day(project->origin + finish)
                                        : numu_argument_integer(finish));
    numu_output_raw(out, line_end);
    if (result->is_proven) {
        numu_output_word(out, result->lateness > 0 ? NUMU_WORD_schedule_proven_late
                                                   : NUMU_WORD_schedule_proven);
    } else {
        numu_period bound = has_dates(project) ? result->lower_bound - 1 : result->lower_bound;
        numu_output_fill(out, NUMU_WORD_schedule_bound,
                         has_dates(project) ? numu_argument_day(project->origin + bound)
                                            : numu_argument_integer(bound));
    }
    numu_output_raw(out, line_end);
    numu_output_lateness(out, result, has_dates(project), line_end);
    numu_output_fill(out, NUMU_WORD_schedule_schedules,
                     numu_argument_integer((int64_t)result->schedules));
    if (result->is_stopped) {
        numu_output_raw(out, line_end);
        numu_output_word(out, NUMU_WORD_schedule_stopped);
    }
}

/* --- for programs --- */

static void write_csv(struct numu_output *out, const struct numu_project *project,
                      const struct numu_rcpsp_result *result) {
    numu_output_raw(out, "id,start,finish,mode\n");
    for (uint32_t a = 0; a < result->count && out->status == NUMU_OK; a++) {
        out->status = numu_csv_write(out->buffer, project->id[a], ',');
        numu_output_raw(out, ",");
        write_point(out, project->origin, numu_project_shown_start(project, result, a));
        numu_output_raw(out, ",");
        write_point(out, project->origin, numu_project_shown_finish(project, result, a));
        numu_output_raw(out, ",");
        if (out->status == NUMU_OK) {
            out->status = numu_csv_write(out->buffer, mode_of(project, result, a), ',');
        }
        numu_output_raw(out, "\n");
    }
}

static void json_activity(struct numu_json_writer *writer, const struct numu_project *project,
                          const struct numu_rcpsp_result *result, uint32_t a) {
    numu_json_begin_line_object(writer);
    numu_json_key(writer, "id");
    numu_json_text(writer, project->id[a]);
    numu_json_key(writer, "start");
    json_point(writer, project->origin, numu_project_shown_start(project, result, a));
    numu_json_key(writer, "finish");
    json_point(writer, project->origin, numu_project_shown_finish(project, result, a));
    numu_json_key(writer, "mode");
    if (has_dates(project)) {
        numu_json_text(writer, mode_of(project, result, a));
    } else { /* modes of files that count periods are counted, too */
        numu_json_integer(writer, (int64_t)result->mode[a] - project->first_mode[a] + 1);
    }
    numu_json_end_object(writer);
}

static numu_status write_json(struct numu_buffer *buffer, const struct numu_stamp *stamp,
                              const struct numu_project *project,
                              const struct numu_rcpsp_result *result) {
    struct numu_json_writer writer;
    numu_json_writer_init(&writer, buffer);
    numu_json_begin_object(&writer);
    numu_json_stamp(&writer, "numu.schedule/1", stamp);
    numu_json_key(&writer, has_dates(project) ? "finish" : "makespan");
    json_point(&writer, project->origin, whole_finish(project, result));
    numu_json_key(&writer, "lower_bound");
    json_point(&writer, project->origin,
               has_dates(project) ? result->lower_bound - 1 : result->lower_bound);
    numu_json_key(&writer, "proven");
    numu_json_boolean(&writer, result->is_proven);
    numu_json_key(&writer, "schedules");
    numu_json_integer(&writer, (int64_t)result->schedules);
    numu_json_lateness(&writer, result);
    if (result->is_stopped) {
        numu_json_key(&writer, "stopped");
        numu_json_boolean(&writer, true);
    }
    numu_json_key(&writer, "activities");
    numu_json_begin_array(&writer);
    for (uint32_t a = 0; a < result->count; a++) {
        json_activity(&writer, project, result, a);
    }
    numu_json_end_array(&writer);
    numu_json_end_object(&writer);
    return writer.status;
}

numu_status numu_view_project(struct numu_buffer *buffer, const struct numu_stamp *stamp,
                              const struct numu_project *project,
                              const struct numu_rcpsp_result *result, numu_language language,
                              numu_format format) {
    struct numu_output out;
    numu_output_init(&out, buffer, language, false);
    switch (format) {
    case NUMU_FORMAT_TABLE:
        write_activities(&out, project, result);
        numu_output_raw(&out, "\n");
        numu_output_project_summary(&out, project, result, "\n");
        numu_output_raw(&out, "\n");
        break;
    case NUMU_FORMAT_CSV:
        write_csv(&out, project, result);
        break;
    case NUMU_FORMAT_JSON:
        out.status = write_json(buffer, stamp, project, result);
        numu_output_raw(&out, "\n");
        break;
    }
    return numu_output_finish(&out);
}

/* --- many --- */

static void write_rows(struct numu_output *out, const struct numu_schedule_row *rows,
                       size_t count) {
    static const struct numu_grid_column columns[] = {
        {.heading = NUMU_WORD_column_instance, .may_shrink = true},
        {.heading = NUMU_WORD_column_makespan, .is_right = true},
        {.heading = NUMU_WORD_column_lower_bound, .is_right = true},
        {.heading = NUMU_WORD_column_proven},
        {.heading = NUMU_WORD_column_schedules, .is_right = true},
    };
    struct numu_grid grid;
    size_t proven = 0;
    size_t shown = 0;
    numu_grid_init(&grid, out->buffer->heap, out->language, columns,
                   sizeof columns / sizeof columns[0]);
    for (size_t i = 0; i < count; i++) {
        const struct numu_schedule_row *row = &rows[i];
        if (!row->is_read) {
            continue;
        }
        numu_output_text(&grid.cell, row->instance);
        numu_grid_end_cell(&grid);
        write_point(&grid.cell, row->origin, row->makespan);
        numu_grid_end_cell(&grid);
        write_point(&grid.cell, row->origin, row->lower_bound);
        numu_grid_end_cell(&grid);
        numu_output_word(&grid.cell, row->is_proven ? NUMU_WORD_yes : NUMU_WORD_no);
        numu_grid_end_cell(&grid);
        numu_output_integer(&grid.cell, (int64_t)row->schedules);
        numu_grid_end_cell(&grid);
        proven += row->is_proven;
        shown++;
    }
    numu_output_grid(out, &grid, 0, COLUMNS_MAX);
    numu_grid_release(&grid);
    numu_output_raw(out, "\n");
    numu_output_fill_two(out, NUMU_WORD_rows_proven, numu_argument_integer((int64_t)proven),
                         numu_argument_integer((int64_t)shown));
    numu_output_raw(out, "\n");
}

static void write_rows_csv(struct numu_output *out, const struct numu_schedule_row *rows,
                           size_t count) {
    numu_output_raw(out, "instance,makespan,lower_bound,proven,schedules\n");
    for (size_t i = 0; i < count && out->status == NUMU_OK; i++) {
        if (!rows[i].is_read) {
            continue;
        }
        out->status = numu_csv_write(out->buffer, rows[i].instance, ',');
        numu_output_raw(out, ",");
        write_point(out, rows[i].origin, rows[i].makespan);
        numu_output_raw(out, ",");
        write_point(out, rows[i].origin, rows[i].lower_bound);
        numu_output_printf(out, ",%s,%llu\n", rows[i].is_proven ? "true" : "false",
                           (unsigned long long)rows[i].schedules);
    }
}

static numu_status write_rows_json(struct numu_buffer *buffer, const struct numu_stamp *stamp,
                                   const struct numu_schedule_row *rows, size_t count) {
    struct numu_json_writer writer;
    numu_json_writer_init(&writer, buffer);
    numu_json_begin_object(&writer);
    numu_json_stamp(&writer, "numu.schedules/1", stamp);
    numu_json_key(&writer, "instances");
    numu_json_begin_array(&writer);
    for (size_t i = 0; i < count; i++) {
        if (!rows[i].is_read) {
            continue;
        }
        numu_json_begin_line_object(&writer);
        numu_json_key(&writer, "instance");
        numu_json_text(&writer, rows[i].instance);
        numu_json_key(&writer, rows[i].origin == NUMU_NO_DAY ? "makespan" : "finish");
        json_point(&writer, rows[i].origin, rows[i].makespan);
        numu_json_key(&writer, "lower_bound");
        json_point(&writer, rows[i].origin, rows[i].lower_bound);
        numu_json_key(&writer, "proven");
        numu_json_boolean(&writer, rows[i].is_proven);
        numu_json_key(&writer, "schedules");
        numu_json_integer(&writer, (int64_t)rows[i].schedules);
        if (rows[i].is_stopped) {
            numu_json_key(&writer, "stopped");
            numu_json_boolean(&writer, true);
        }
        numu_json_end_object(&writer);
    }
    numu_json_end_array(&writer);
    numu_json_end_object(&writer);
    return writer.status;
}

numu_status numu_view_schedule_rows(struct numu_buffer *buffer, const struct numu_stamp *stamp,
                                    const struct numu_schedule_row *rows, size_t count,
                                    numu_language language, numu_format format) {
    struct numu_output out;
    numu_output_init(&out, buffer, language, false);
    switch (format) {
    case NUMU_FORMAT_TABLE:
        write_rows(&out, rows, count);
        break;
    case NUMU_FORMAT_CSV:
        write_rows_csv(&out, rows, count);
        break;
    case NUMU_FORMAT_JSON:
        out.status = write_rows_json(buffer, stamp, rows, count);
        numu_output_raw(&out, "\n");
        break;
    }
    return numu_output_finish(&out);
}
