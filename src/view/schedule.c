/*
 * schedule.c - the programme's dates.
 */
#include "view/schedule.h"

#include "view/grid.h"

enum { COLUMNS_MAX = 100 };

numu_day numu_plan_finish(const struct numu_plan *plan) {
    numu_day finish = NUMU_NO_DAY; /* the least of all days */
    for (numu_row row = 0; row < plan->activity.head.count; row++) {
        if (plan->activity.finish[row] > finish) {
            finish = plan->activity.finish[row];
        }
    }
    return finish;
}

void numu_output_promise(struct numu_output *out, int64_t days_late) {
    if (days_late == NUMU_NO_NUMBER) {
        return;
    }
    if (days_late <= 0) {
        numu_output_word(out, NUMU_WORD_kept);
    } else {
        numu_output_count(out, days_late, NUMU_WORD_missed_one_day, NUMU_WORD_missed_many_days);
    }
}

static void write_activities(struct numu_output *out, const struct numu_plan *plan) {
    static const struct numu_grid_column columns[] = {
        {.heading = NUMU_WORD_column_id},
        {.heading = NUMU_WORD_column_name, .may_shrink = true},
        {.heading = NUMU_WORD_column_start},
        {.heading = NUMU_WORD_column_finish},
        {.heading = NUMU_WORD_column_total_float, .is_right = true},
        {.heading = NUMU_WORD_column_free_float, .is_right = true},
        {.heading = NUMU_WORD_empty},
    };
    const struct numu_plan_activity *activity = &plan->activity;
    struct numu_grid grid;
    numu_grid_init(&grid, out->buffer->heap, out->language, columns,
                   sizeof columns / sizeof columns[0]);
    for (numu_row row = 0; row < activity->head.count; row++) {
        numu_output_text(&grid.cell, activity->id[row]);
        numu_grid_end_cell(&grid);
        numu_output_text(&grid.cell, activity->name[row]);
        numu_grid_end_cell(&grid);
        numu_output_day(&grid.cell, activity->start[row]);
        numu_grid_end_cell(&grid);
        numu_output_day(&grid.cell, activity->finish[row]);
        numu_grid_end_cell(&grid);
        numu_output_integer(&grid.cell, activity->total_float[row]);
        numu_grid_end_cell(&grid);
        numu_output_integer(&grid.cell, activity->free_float[row]);
        numu_grid_end_cell(&grid);
        bool is_longest = activity->is_on_longest_path[row] == NUMU_BOOLEAN_TRUE;
        numu_output_raw(&grid.cell, is_longest ? "*" : "");
        numu_grid_end_cell(&grid);
    }
    numu_output_grid(out, &grid, 0, COLUMNS_MAX);
    numu_grid_release(&grid);
}

static void write_promises(struct numu_output *out, const struct numu_plan *plan) {
    static const struct numu_grid_column columns[] = {
        {.heading = NUMU_WORD_column_promise, .may_shrink = true},
        {.heading = NUMU_WORD_column_date},
        {.heading = NUMU_WORD_column_finish},
        {.heading = NUMU_WORD_answer},
    };
    const struct numu_plan_promise *promise = &plan->promise;
    struct numu_grid grid;
    numu_grid_init(&grid, out->buffer->heap, out->language, columns,
                   sizeof columns / sizeof columns[0]);
    for (numu_row row = 0; row < promise->head.count; row++) {
        bool has_name = promise->name[row].length > 0;
        numu_output_text(&grid.cell, has_name ? promise->name[row] : promise->id[row]);
        numu_grid_end_cell(&grid);
        numu_output_day(&grid.cell, promise->date[row]);
        numu_grid_end_cell(&grid);
        numu_output_day(&grid.cell, promise->finish[row]);
        numu_grid_end_cell(&grid);
        numu_output_promise(&grid.cell, promise->days_late[row]);
        numu_grid_end_cell(&grid);
    }
    numu_output_grid(out, &grid, 0, COLUMNS_MAX);
    numu_grid_release(&grid);
}

/*
 * The last day of work of a schedule that would end at the lower bound. The day of the search's
 * point 0 is told by any work that it placed.
 */
static numu_day bound_of(const struct numu_plan *plan, const struct numu_rcpsp_result *result) {
    if (result->count == 0 || result->is_proven) {
        return numu_plan_finish(plan);
    }
    for (uint32_t a = 0; a < result->count; a++) {
        if (result->finish[a] > result->start[a]) {
            return plan->activity.start[a] - result->start[a] + result->lower_bound - 1;
        }
    }
    return NUMU_NO_DAY;
}

static bool is_proven(const struct numu_rcpsp_result *result) {
    return result->count == 0 || result->is_proven;
}

void numu_output_lateness(struct numu_output *out, const struct numu_rcpsp_result *result,
                          bool is_in_days, const char *line_end) {
    struct numu_argument lateness = numu_argument_integer(result->lateness);
    if (result->lateness == 0) {
        return;
    }
    if (result->is_proven) {
        numu_output_fill(
            out, is_in_days ? NUMU_WORD_schedule_days_late : NUMU_WORD_schedule_lateness, lateness);
    } else {
        numu_output_fill_two(out,
                             is_in_days ? NUMU_WORD_schedule_days_late_bound
                                        : NUMU_WORD_schedule_lateness_bound,
                             lateness, numu_argument_integer(result->lateness_bound));
    }
    numu_output_raw(out, line_end);
}

void numu_json_lateness(struct numu_json_writer *writer, const struct numu_rcpsp_result *result) {
    if (result->lateness > 0) {
        numu_json_key(writer, "lateness");
        numu_json_integer(writer, result->lateness);
        numu_json_key(writer, "lateness_bound");
        numu_json_integer(writer, result->lateness_bound);
    }
}

static void write_search(struct numu_output *out, const struct numu_plan *plan,
                         const struct numu_rcpsp_result *result) {
    if (result->count == 0) {
        return;
    }
    if (is_proven(result)) {
        numu_output_word(out, result->lateness > 0 ? NUMU_WORD_schedule_proven_late
                                                   : NUMU_WORD_schedule_proven);
    } else {
        numu_output_fill(out, NUMU_WORD_schedule_bound, numu_argument_day(bound_of(plan, result)));
    }
    numu_output_raw(out, "\n");
    numu_output_lateness(out, result, true, "\n");
    if (result->is_stopped) {
        numu_output_word(out, NUMU_WORD_schedule_stopped);
        numu_output_raw(out, "\n");
    }
}

static void write_table(struct numu_output *out, const struct numu_plan *plan,
                        const struct numu_rcpsp_result *result) {
    if (plan->activity.head.count == 0) {
        numu_output_word(out, NUMU_WORD_schedule_no_activities);
        numu_output_raw(out, "\n");
        return;
    }
    write_activities(out, plan);
    numu_output_raw(out, "\n");
    numu_output_fill(out, NUMU_WORD_schedule_finish, numu_argument_day(numu_plan_finish(plan)));
    numu_output_raw(out, "\n");
    write_search(out, plan, result);
    if (plan->promise.head.count > 0) {
        numu_output_raw(out, "\n");
        write_promises(out, plan);
        numu_output_word(out, NUMU_WORD_probability_later);
        numu_output_raw(out, "\n");
    }
}

static numu_status write_json(struct numu_buffer *buffer, const struct numu_plan *plan,
                              const struct numu_rcpsp_result *result) {
    struct numu_json_writer writer;
    struct numu_stamp stamp = numu_plan_stamp(plan);
    char day[NUMU_DAY_TEXT_BYTES];
    numu_day finish = numu_plan_finish(plan);
    numu_json_writer_init(&writer, buffer);
    numu_json_begin_object(&writer);
    numu_json_stamp(&writer, "numu.schedule/1", &stamp);
    numu_json_key(&writer, "currency");
    numu_json_string(&writer, numu_currency_code(plan->currency));
    numu_json_key(&writer, "finish");
    if (finish == NUMU_NO_DAY) {
        numu_json_null(&writer);
    } else {
        numu_json_string(&writer, numu_day_format(finish, day));
    }
    numu_json_key(&writer, "lower_bound");
    if (bound_of(plan, result) == NUMU_NO_DAY) {
        numu_json_null(&writer);
    } else {
        numu_json_string(&writer, numu_day_format(bound_of(plan, result), day));
    }
    numu_json_key(&writer, "proven");
    numu_json_boolean(&writer, is_proven(result));
    numu_json_key(&writer, "schedules");
    numu_json_integer(&writer, (int64_t)(result->count == 0 ? 1 : result->schedules));
    if (result->count > 0) {
        numu_json_lateness(&writer, result);
    }
    if (result->is_stopped) {
        numu_json_key(&writer, "stopped");
        numu_json_boolean(&writer, true);
    }
    numu_json_key(&writer, "activities");
    numu_rows_json(&writer, plan, NUMU_PLAN_TABLE(activity));
    numu_json_key(&writer, "promises");
    numu_rows_json(&writer, plan, NUMU_PLAN_TABLE(promise));
    numu_json_end_object(&writer);
    return writer.status;
}

numu_status numu_view_schedule(struct numu_buffer *buffer, const struct numu_plan *plan,
                               const struct numu_rcpsp_result *result, numu_language language,
                               numu_format format) {
    struct numu_output out;
    numu_output_init(&out, buffer, language, false);
    switch (format) {
    case NUMU_FORMAT_TABLE:
        write_table(&out, plan, result);
        break;
    case NUMU_FORMAT_CSV:
        return numu_rows_csv(buffer, plan, NUMU_PLAN_TABLE(activity));
    case NUMU_FORMAT_JSON:
        out.status = write_json(buffer, plan, result);
        numu_output_raw(&out, "\n");
        break;
    }
    return numu_output_finish(&out);
}
