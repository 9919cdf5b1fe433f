/*
 * worked.c - periods in which nobody works are cut out of a project.
 */
#include "programme/worked.h"

/* --- who works when --- */

static bool takes_time(const struct numu_project *project, uint32_t activity) {
    bool is_long = false;
    for (uint32_t m = project->first_mode[activity]; m < project->first_mode[activity + 1]; m++) {
        is_long |= project->duration[m] > 0;
    }
    return is_long && project->state[activity] != NUMU_ACTIVITY_FINISHED;
}

/* Whether it matters when an activity's calendar rests. */
static bool counts(const struct numu_project *project, uint32_t activity) {
    bool has_lag = false;
    for (uint32_t i = project->first_out[activity]; i < project->first_out[activity + 1]; i++) {
        has_lag |= project->link_lag[project->link_out[i]] != 0;
    }
    return has_lag || takes_time(project, activity);
}

static bool is_worked(const struct numu_project_calendar *calendar, numu_period period) {
    return calendar->rank[period + 1] > calendar->rank[period];
}

/*
 * Whether a resource is scarcer in some rest than both before and after it: what work that goes on
 * over the rest may take would be hidden from a search in worked time.
 */
static bool hides_scarcity(const struct numu_project *project, const numu_period *rank) {
    bool hides = false;
    for (uint32_t r = 0; r < project->resource_count; r++) {
        uint32_t end = project->first_step[r + 1], before = end; /* end: nothing is before */
        for (uint32_t s = project->first_step[r], last; s < end; s = last + 1) {
            numu_period point = rank[project->step_time[s]];
            int32_t least = project->step_units[s];
            for (last = s; last + 1 < end && rank[project->step_time[last + 1]] == point; last++) {
                int32_t units = project->step_units[last];
                least = units < least ? units : least;
            }
            hides |= before != end && !project->is_consumable[r] &&
                     least < project->step_units[before] && least < project->step_units[last];
            before = last;
        }
    }
    return hides;
}

/* The calendars that count, joined; its rank stays NULL where one of them never rests. */
static numu_status join_calendars(const struct numu_project *project, struct numu_arena *arena,
                                  const bool *is_used, struct numu_project_calendar *out) {
    numu_period horizon = project->horizon;
    numu_period *rank, *point;
    for (uint32_t c = 0; c < project->calendar_count; c++) {
        if (is_used[c] && project->calendars[c].rank == NULL) {
            return NUMU_OK;
        }
    }
    NUMU_TRY(NUMU_TAKE(arena, &rank, (size_t)horizon + 2));
    NUMU_TRY(NUMU_TAKE(arena, &point, (size_t)horizon + 1));
    for (numu_period t = 0; t < horizon; t++) {
        bool is_any = false;
        for (uint32_t c = 0; c < project->calendar_count && !is_any; c++) {
            is_any = is_used[c] && is_worked(&project->calendars[c], t);
        }
        rank[t + 1] = rank[t] + is_any;
        point[rank[t + 1]] = is_any ? t + 1 : point[rank[t]];
    }
    rank[horizon + 1] = rank[horizon];
    *out = (struct numu_project_calendar){rank, point, horizon};
    return NUMU_OK;
}

/* --- what is left --- */

static void cut_dates(const numu_period *rank, uint32_t count, const numu_period *from,
                      numu_period *to) {
    for (uint32_t i = 0; i < count; i++) {
        to[i] = from[i] == NUMU_NO_PERIOD ? NUMU_NO_PERIOD : rank[from[i]];
    }
}

/* One at the end of time or after it cannot be missed. */
static numu_status cut_deadlines(const struct numu_project_calendar *time,
                                 const struct numu_project *whole, struct numu_arena *arena,
                                 struct numu_project *left) {
    struct numu_project_calendar *kept;
    NUMU_TRY(NUMU_TAKE(arena, &kept, 1));
    NUMU_TRY(NUMU_TAKE(arena, &left->deadline, whole->activity_count));
    *kept = *time;
    left->whole_time = kept;
    left->whole_deadline = whole->deadline;
    for (uint32_t a = 0; a < whole->activity_count; a++) {
        numu_period deadline = whole->deadline[a];
        left->deadline[a] = deadline == NUMU_NO_PERIOD || deadline >= time->horizon
                                ? NUMU_NO_PERIOD
                                : time->rank[deadline];
    }
    return NUMU_OK;
}

static numu_status cut_calendar(const struct numu_project_calendar *time,
                                const struct numu_project_calendar *whole, struct numu_arena *arena,
                                struct numu_project_calendar *out) {
    numu_period *rank, *point;
    numu_period horizon = time->rank[time->horizon], worked = whole->rank[time->horizon];
    *out = (struct numu_project_calendar){0};
    if (worked == horizon) {
        return NUMU_OK; /* it rests only when nobody works */
    }
    NUMU_TRY(NUMU_TAKE(arena, &rank, (size_t)horizon + 2));
    NUMU_TRY(NUMU_TAKE(arena, &point, (size_t)worked + 1));
    for (numu_period k = 0; k <= horizon; k++) {
        rank[k] = whole->rank[time->point[k]];
    }
    rank[horizon + 1] = rank[horizon];
    for (numu_period n = 0; n <= worked; n++) {
        point[n] = time->rank[whole->point[n]];
    }
    *out = (struct numu_project_calendar){rank, point, horizon};
    return NUMU_OK;
}

/* Activities whose calendar does not count are in one more, that never rests. */
static numu_status cut_calendars(const struct numu_project_calendar *time, const bool *is_used,
                                 struct numu_arena *arena, struct numu_project *left) {
    const struct numu_project_calendar *whole = left->calendars;
    const uint32_t *calendar = left->calendar;
    uint32_t always = left->calendar_count++;
    NUMU_TRY(NUMU_TAKE(arena, &left->calendars, left->calendar_count));
    NUMU_TRY(NUMU_TAKE(arena, &left->calendar, left->activity_count));
    for (uint32_t c = 0; c < always; c++) {
        if (is_used[c]) {
            NUMU_TRY(cut_calendar(time, &whole[c], arena, &left->calendars[c]));
        }
    }
    for (uint32_t a = 0; a < left->activity_count; a++) {
        left->calendar[a] = counts(left, a) ? calendar[a] : always;
    }
    return NUMU_OK;
}

/* Of steps that fall together the last one stands. */
static numu_status cut_steps(const numu_period *rank, struct numu_arena *arena,
                             struct numu_project *left) {
    const uint32_t *first = left->first_step;
    const numu_period *when = left->step_time;
    const int32_t *units = left->step_units;
    NUMU_TRY(NUMU_TAKE(arena, &left->first_step, (size_t)left->resource_count + 1));
    NUMU_TRY(NUMU_TAKE(arena, &left->step_time, left->step_count));
    NUMU_TRY(NUMU_TAKE(arena, &left->step_units, left->step_count));
    left->step_count = 0;
    for (uint32_t r = 0; r < left->resource_count; r++) {
        left->first_step[r] = left->step_count;
        for (uint32_t s = first[r]; s < first[r + 1]; s++) {
            if (s + 1 < first[r + 1] && rank[when[s + 1]] == rank[when[s]]) {
                continue;
            }
            left->step_time[left->step_count] = rank[when[s]];
            left->step_units[left->step_count++] = units[s];
        }
    }
    left->first_step[left->resource_count] = left->step_count;
    return NUMU_OK;
}

static numu_status cut(const struct numu_project_calendar *time, const bool *is_used,
                       struct numu_arena *arena, struct numu_project *left) {
    const struct numu_project whole = *left;
    uint32_t count = whole.activity_count;
    left->origin = NUMU_NO_DAY;
    left->data_date = time->rank[whole.data_date];
    left->horizon = time->rank[whole.horizon];
    NUMU_TRY(NUMU_TAKE(arena, &left->release, count));
    NUMU_TRY(NUMU_TAKE(arena, &left->actual_start, count));
    NUMU_TRY(NUMU_TAKE(arena, &left->actual_finish, count));
    cut_dates(time->rank, count, whole.release, left->release);
    cut_dates(time->rank, count, whole.actual_start, left->actual_start);
    cut_dates(time->rank, count, whole.actual_finish, left->actual_finish);
    NUMU_TRY(cut_deadlines(time, &whole, arena, left));
    NUMU_TRY(cut_steps(time->rank, arena, left));
    return cut_calendars(time, is_used, arena, left);
}

numu_status numu_project_cut_rests(const struct numu_project *project, struct numu_arena *arena,
                                   struct numu_project *out,
                                   struct numu_project_calendar *out_time) {
    struct numu_arena_mark mark = numu_arena_mark(arena);
    struct numu_project_calendar time = {0};
    struct numu_project left = *project;
    bool *is_used, is_any = false;
    *out = *project;
    *out_time = time;
    NUMU_TRY(NUMU_TAKE(arena, &is_used, project->calendar_count));
    for (uint32_t a = 0; a < project->activity_count; a++) {
        is_used[project->calendar[a]] |= counts(project, a);
        is_any |= takes_time(project, a);
    }
    if (!is_any) {
        return NUMU_OK;
    }
    NUMU_TRY(join_calendars(project, arena, is_used, &time));
    if (time.rank == NULL || time.rank[time.horizon] == time.horizon ||
        hides_scarcity(project, time.rank)) {
        numu_arena_rewind(arena, mark);
        return NUMU_OK;
    }
    NUMU_TRY(cut(&time, is_used, arena, &left));
    *out = left;
    *out_time = time;
    return NUMU_OK;
}
