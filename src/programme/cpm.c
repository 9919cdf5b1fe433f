/*
 * cpm.c - a pass forward, a pass back, and what follows from the two.
 *
 * What moves is the point from which the days still to be worked run: the start, or for work
 * under way the point where it is taken up again. It is called `resume` for both. Every link then
 * is one inequality between the dates of two activities, both of which rise with their resume,
 * and [K2] of calendar.h turns it around: the pass back asks of the activity before exactly what
 * the pass forward asks of the one after.
 */
#include "programme/cpm.h"

#include "programme/progress.h"

static const numu_day finish_max = 1 << 30;

struct cpm {
    const struct numu_model *model;
    const struct numu_network *network;
    const struct numu_progress *work;
    numu_day *early_resume, *late_resume;
    struct numu_schedule *schedule;
};

/* Dates that activities are bound by, by row. */
struct dates {
    const numu_day *resume, *finish;
};

/* --- what is known --- */

/* Fills the work, and of the schedule the dates that have happened. */
static void take_stock(const struct numu_model *model, const struct numu_calendars *calendars,
                       const struct numu_cpm_given *given, struct numu_progress *work,
                       struct numu_schedule *schedule) {
    for (numu_row row = 0; row < model->activity.head.count; row++) {
        work[row] = numu_progress_of(model, calendars, row);
        schedule->mode[row] = NUMU_NONE;
        if (given != NULL && !work[row].is_finished) {
            work[row].days = given->days[row];
            if (given->resume[row] > work[row].earliest) {
                work[row].earliest = given->resume[row];
            }
        }
        if (work[row].is_started || work[row].is_finished) {
            schedule->early_start[row] = work[row].start;
            schedule->early_finish[row] = work[row].finish;
        }
    }
}

/* --- links --- */

static bool leaves_start(const struct cpm *cpm, uint32_t link) {
    uint8_t type = cpm->model->precedence.type[link];
    return numu_link_leaves_start(type);
}

static bool enters_finish(const struct cpm *cpm, uint32_t link) {
    uint8_t type = cpm->model->precedence.type[link];
    return numu_link_enters_finish(type);
}

static int64_t lag_of(const struct cpm *cpm, uint32_t link) {
    return numu_progress_whole_days(cpm->model->precedence.lag[link]);
}

/* [P4] going forward and back. */
static numu_day at_or_after(const struct numu_progress *work, numu_day point) {
    return work->days > 0 ? numu_calendar_next_worked(work->calendar, point) : point;
}

static numu_day at_or_before(const struct numu_progress *work, numu_day point) {
    return work->days > 0 ? numu_calendar_retreat(work->calendar, point + 1, 1) : point;
}

/* The least resume of the activity after that a link allows, by early dates. */
static numu_day asked_resume(const struct cpm *cpm, uint32_t link) {
    numu_row before = cpm->network->tail[link];
    const struct numu_progress *after = &cpm->work[cpm->network->head[link]];
    const numu_day *from =
        leaves_start(cpm, link) ? cpm->schedule->early_start : cpm->schedule->early_finish;
    numu_day point =
        numu_calendar_advance(cpm->work[before].calendar, from[before], lag_of(cpm, link));
    if (enters_finish(cpm, link)) {
        /* F >= point unless F <= point - 1, that is, unless resume <= retreat(point - 1, days). */
        point = numu_calendar_retreat(after->calendar, point - 1, after->days) + 1;
    }
    return at_or_after(after, point);
}

/* The greatest resume of an activity that leaves the dates of those after it where they are. */
static numu_day allowed_resume(const struct cpm *cpm, numu_row row, numu_day finish,
                               struct dates after) {
    const struct numu_network *network = cpm->network;
    const struct numu_progress *work = &cpm->work[row];
    numu_day start = INT32_MAX - 1;
    for (uint32_t i = network->start[row]; i < network->start[row + 1]; i++) {
        uint32_t link = network->link[i];
        numu_row head = network->head[link];
        if (cpm->work[head].is_finished || (leaves_start(cpm, link) && work->is_started)) {
            continue;
        }
        numu_day bound = enters_finish(cpm, link) ? after.finish[head] : after.resume[head];
        bound = numu_calendar_retreat(work->calendar, bound, lag_of(cpm, link));
        if (leaves_start(cpm, link)) {
            start = bound < start ? bound : start;
        } else {
            finish = bound < finish ? bound : finish;
        }
    }
    numu_day resume = numu_calendar_retreat(work->calendar, finish, work->days);
    return at_or_before(work, resume < start ? resume : start);
}

/* --- passes --- */

static void pass_forward(struct cpm *cpm) {
    const struct numu_network *network = cpm->network;
    struct numu_schedule *schedule = cpm->schedule;
    for (uint32_t n = 0; n < network->node_count; n++) {
        numu_row row = network->order[n];
        const struct numu_progress *work = &cpm->work[row];
        schedule->driver[row] = NUMU_NONE;
        if (work->is_finished) {
            cpm->early_resume[row] = schedule->early_finish[row];
            continue;
        }
        numu_day resume = at_or_after(work, work->earliest);
        for (uint32_t i = network->back_start[row]; i < network->back_start[row + 1]; i++) {
            uint32_t link = network->back_link[i];
            numu_day asked = asked_resume(cpm, link);
            if (asked > resume || (asked == resume && schedule->driver[row] == NUMU_NONE)) {
                resume = asked;
                schedule->driver[row] = link;
            }
        }
        cpm->early_resume[row] = resume;
        schedule->early_finish[row] = numu_calendar_advance(work->calendar, resume, work->days);
        if (!work->is_started) {
            schedule->early_start[row] = resume;
        }
    }
}

static void find_finish(struct cpm *cpm) {
    struct numu_schedule *schedule = cpm->schedule;
    schedule->finish = numu_progress_now(cpm->model);
    schedule->last = NUMU_NONE;
    for (uint32_t n = 0; n < cpm->network->node_count; n++) {
        numu_row row = cpm->network->order[n];
        if (schedule->last == NUMU_NONE || schedule->early_finish[row] >= schedule->finish) {
            schedule->finish = schedule->early_finish[row];
            schedule->last = row;
        }
    }
}

/*
 * The greatest n with advance(early, n) <= late. Where late < early that is below zero even if only
 * rest days lie between: a deadline missed by a weekend is missed.
 */
static int64_t float_between(const struct numu_progress *work, numu_day early, numu_day late) {
    return late >= early ? numu_calendar_count(work->calendar, early, late)
                         : numu_calendar_count(work->calendar, early, late + 1) - 1;
}

static void pass_back(struct cpm *cpm) {
    struct numu_schedule *schedule = cpm->schedule;
    const struct dates late = {cpm->late_resume, schedule->late_finish};
    const struct dates early = {cpm->early_resume, schedule->early_finish};
    for (uint32_t n = cpm->network->node_count; n-- > 0;) {
        numu_row row = cpm->network->order[n];
        const struct numu_progress *work = &cpm->work[row];
        if (work->is_finished) {
            cpm->late_resume[row] = cpm->early_resume[row];
            schedule->late_start[row] = schedule->early_start[row];
            schedule->late_finish[row] = schedule->early_finish[row];
            schedule->total_float[row] = NUMU_NO_NUMBER;
            schedule->free_float[row] = NUMU_NO_NUMBER;
            continue;
        }
        numu_day deadline = cpm->model->activity.deadline[row];
        bool is_due = deadline != NUMU_NO_DAY && deadline < schedule->finish;
        numu_day resume = allowed_resume(cpm, row, is_due ? deadline + 1 : schedule->finish, late);
        cpm->late_resume[row] = resume;
        schedule->late_start[row] = work->is_started ? schedule->early_start[row] : resume;
        schedule->late_finish[row] = numu_calendar_advance(work->calendar, resume, work->days);
        schedule->total_float[row] = float_between(work, cpm->early_resume[row], resume);
        schedule->free_float[row] = float_between(
            work, cpm->early_resume[row], allowed_resume(cpm, row, schedule->finish, early));
    }
}

/* [P3] */
static void mark_longest_path(struct cpm *cpm) {
    const struct numu_network *network = cpm->network;
    uint8_t *is_marked = cpm->schedule->is_on_longest_path;
    for (uint32_t n = network->node_count; n-- > 0;) {
        numu_row row = network->order[n];
        if (cpm->work[row].is_finished) {
            continue;
        }
        if (cpm->schedule->early_finish[row] == cpm->schedule->finish) {
            is_marked[row] = 1;
        }
        for (uint32_t i = network->back_start[row];
             is_marked[row] == 1 && i < network->back_start[row + 1]; i++) {
            uint32_t link = network->back_link[i];
            numu_row before = network->tail[link];
            const struct numu_progress *work = &cpm->work[before];
            bool has_happened = work->is_finished || (work->is_started && leaves_start(cpm, link));
            if (!has_happened && asked_resume(cpm, link) == cpm->early_resume[row]) {
                is_marked[before] = 1;
            }
        }
    }
}

static void keep_promises(const struct numu_model *model, struct numu_schedule *schedule) {
    for (numu_row row = 0; row < schedule->promise_count; row++) {
        numu_day finish = schedule->early_finish[model->promise.activity[row]];
        schedule->promise_finish[row] = finish;
        schedule->promise_days_late[row] = (int64_t)finish - 1 - model->promise.date[row];
    }
}

/* --- the whole --- */

static numu_status take_schedule(const struct numu_model *model, struct numu_arena *arena,
                                 struct numu_schedule *out) {
    uint32_t count = model->activity.head.count;
    *out = (struct numu_schedule){.count = count, .promise_count = model->promise.head.count};
    NUMU_TRY(NUMU_TAKE(arena, &out->early_start, count));
    NUMU_TRY(NUMU_TAKE(arena, &out->early_finish, count));
    NUMU_TRY(NUMU_TAKE(arena, &out->late_start, count));
    NUMU_TRY(NUMU_TAKE(arena, &out->late_finish, count));
    NUMU_TRY(NUMU_TAKE(arena, &out->total_float, count));
    NUMU_TRY(NUMU_TAKE(arena, &out->free_float, count));
    NUMU_TRY(NUMU_TAKE(arena, &out->is_on_longest_path, count));
    NUMU_TRY(NUMU_TAKE(arena, &out->driver, count));
    NUMU_TRY(NUMU_TAKE(arena, &out->mode, count));
    NUMU_TRY(NUMU_TAKE(arena, &out->promise_finish, out->promise_count));
    return NUMU_TAKE(arena, &out->promise_days_late, out->promise_count);
}

static numu_status schedule_in(const struct numu_model *model,
                               const struct numu_calendars *calendars,
                               const struct numu_cpm_given *given, struct numu_arena *scratch,
                               struct numu_report *report, struct numu_schedule *schedule) {
    struct numu_network network;
    struct numu_progress *work;
    struct cpm cpm = {.model = model, .network = &network, .schedule = schedule};
    numu_status status = numu_network_of_activities(model, scratch, &network);
    if (status == NUMU_INVALID) {
        numu_network_report_cycle(model, &network, false, report);
    }
    NUMU_TRY(status);
    NUMU_TRY(NUMU_TAKE(scratch, &work, schedule->count));
    NUMU_TRY(NUMU_TAKE(scratch, &cpm.early_resume, schedule->count));
    NUMU_TRY(NUMU_TAKE(scratch, &cpm.late_resume, schedule->count));
    take_stock(model, calendars, given, work, schedule);
    cpm.work = work;
    pass_forward(&cpm);
    find_finish(&cpm);
    if (schedule->finish > finish_max) {
        return NUMU_LIMIT;
    }
    pass_back(&cpm);
    mark_longest_path(&cpm);
    keep_promises(model, schedule);
    return NUMU_OK;
}

numu_status numu_cpm_schedule_given(const struct numu_context *context,
                                    const struct numu_model *model,
                                    const struct numu_calendars *calendars,
                                    const struct numu_cpm_given *given, struct numu_arena *arena,
                                    struct numu_report *report, struct numu_schedule *out) {
    struct numu_arena_mark mark = numu_arena_mark(arena);
    struct numu_arena scratch;
    struct numu_schedule schedule;
    numu_arena_init(&scratch, context->heap);
    numu_status status = take_schedule(model, arena, &schedule);
    if (status == NUMU_OK) {
        status = schedule_in(model, calendars, given, &scratch, report, &schedule);
    }
    numu_arena_release(&scratch);
    if (status != NUMU_OK) {
        numu_arena_rewind(arena, mark);
        return status;
    }
    *out = schedule;
    return NUMU_OK;
}

numu_status numu_cpm_schedule(const struct numu_context *context, const struct numu_model *model,
                              const struct numu_calendars *calendars, struct numu_arena *arena,
                              struct numu_report *report, struct numu_schedule *out) {
    return numu_cpm_schedule_given(context, model, calendars, NULL, arena, report, out);
}

void numu_schedule_days(const struct numu_schedule *schedule, numu_row activity, numu_day start,
                        numu_day finish, numu_day *out_first, numu_day *out_last) {
    bool is_milestone = start == finish;
    bool is_driven = schedule->driver[activity] != NUMU_NONE;
    *out_first = is_milestone && is_driven ? start - 1 : start;
    *out_last = is_milestone && !is_driven ? finish : finish - 1;
}
