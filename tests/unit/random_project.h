/*
 * random_project.h - small random projects of every kind, and all their schedules tried in turn: an
 * oracle for bounds and searches. It shares no code with them: dates are found by walking days.
 */
#ifndef NUMU_TESTS_RANDOM_PROJECT_H
#define NUMU_TESTS_RANDOM_PROJECT_H

#include "base/random.h"
#include "programme/project.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

enum {
    TRIED_ACTIVITIES_MAX = 40,
    TRIED_HORIZON = 160, /* no schedule that is tried reaches further */
    CALENDAR_HORIZON = 400,
    TRIED_RESOURCES_MAX = 4,
};

/* What a random project may have. */
struct project_kind {
    uint32_t activities_max, modes_max, resources_max;
    bool has_link_types, has_lags, has_calendars, has_steps, has_consumables, has_releases;
    bool has_progress, has_deadlines;
};

static int project_between(struct numu_random *random, int low, int high) {
    return low + (int)numu_random_below(random, (uint64_t)(high - low + 1));
}

#define PROJECT_TAKE(arena, out, count) assert_int_equal(NUMU_TAKE(arena, out, count), NUMU_OK)

/* A calendar of worked and idle periods, its tables filled by walking. */
static void make_calendar(struct numu_arena *arena, struct numu_random *random,
                          struct numu_project_calendar *out) {
    numu_period *rank, *point;
    PROJECT_TAKE(arena, &rank, CALENDAR_HORIZON + 1);
    PROJECT_TAKE(arena, &point, CALENDAR_HORIZON + 1);
    int week = project_between(random, 2, 7), rest = project_between(random, 1, 2);
    int shift = project_between(random, 0, 6);
    for (numu_period t = 0; t < CALENDAR_HORIZON; t++) {
        bool is_worked = (t + shift) % week >= rest % week && numu_random_below(random, 8) != 0;
        if (t == CALENDAR_HORIZON - 1) {
            is_worked = true;
        }
        rank[t + 1] = rank[t] + (is_worked ? 1 : 0);
        if (is_worked) {
            point[rank[t + 1]] = t + 1;
        }
    }
    *out = (struct numu_project_calendar){rank, point, CALENDAR_HORIZON};
}

/* Five days of seven, from a Monday on, its tables filled by counting. */
static inline void make_five_days(struct numu_arena *arena, struct numu_project_calendar *out) {
    numu_period *rank, *point;
    PROJECT_TAKE(arena, &rank, CALENDAR_HORIZON + 1);
    PROJECT_TAKE(arena, &point, CALENDAR_HORIZON + 1);
    for (numu_period t = 0; t < CALENDAR_HORIZON; t++) {
        rank[t + 1] = rank[t] + (t % 7 < 5 ? 1 : 0);
        point[rank[t + 1]] = t % 7 < 5 ? t + 1 : point[rank[t]];
    }
    *out = (struct numu_project_calendar){rank, point, CALENDAR_HORIZON};
}

static void list_links_of(struct numu_arena *arena, struct numu_project *p) {
    PROJECT_TAKE(arena, &p->first_in, p->activity_count + 1);
    PROJECT_TAKE(arena, &p->first_out, p->activity_count + 1);
    PROJECT_TAKE(arena, &p->link_in, p->link_count);
    PROJECT_TAKE(arena, &p->link_out, p->link_count);
    uint32_t in = 0, out = 0;
    for (uint32_t a = 0; a < p->activity_count; a++) {
        p->first_in[a] = in;
        p->first_out[a] = out;
        for (uint32_t l = 0; l < p->link_count; l++) {
            if (p->link_after[l] == a) {
                p->link_in[in++] = l;
            }
            if (p->link_before[l] == a) {
                p->link_out[out++] = l;
            }
        }
    }
    p->first_in[p->activity_count] = in;
    p->first_out[p->activity_count] = out;
}

static void make_resources(struct numu_arena *arena, struct numu_random *random,
                           const struct project_kind *kind, struct numu_project *p) {
    uint32_t count = p->resource_count;
    PROJECT_TAKE(arena, &p->resource_id, count);
    PROJECT_TAKE(arena, &p->resource_title, count);
    PROJECT_TAKE(arena, &p->is_consumable, count);
    PROJECT_TAKE(arena, &p->unit_decimals, count);
    PROJECT_TAKE(arena, &p->first_step, count + 1);
    PROJECT_TAKE(arena, &p->step_time, count * 4);
    PROJECT_TAKE(arena, &p->step_units, count * 4);
    for (uint32_t r = 0; r < count; r++) {
        p->first_step[r] = p->step_count;
        p->is_consumable[r] = kind->has_consumables && numu_random_below(random, 3) == 0;
        int steps = kind->has_steps ? project_between(random, 1, 4) : 1;
        numu_period time = 0;
        int32_t units =
            p->is_consumable[r] ? project_between(random, 2, 8) : project_between(random, 3, 6);
        for (int s = 0; s < steps; s++) {
            p->step_time[p->step_count] = time;
            p->step_units[p->step_count++] = units;
            time += project_between(random, 1, 5);
            units = p->is_consumable[r] ? units + project_between(random, 1, 4)
                                        : project_between(random, s + 2 == steps ? 3 : 0, 6);
        }
    }
    p->first_step[count] = p->step_count;
}

static void make_modes(struct numu_arena *arena, struct numu_random *random,
                       const struct project_kind *kind, struct numu_project *p) {
    uint32_t modes_max = p->activity_count * kind->modes_max;
    PROJECT_TAKE(arena, &p->first_mode, p->activity_count + 1);
    PROJECT_TAKE(arena, &p->mode_id, modes_max);
    PROJECT_TAKE(arena, &p->duration, modes_max);
    PROJECT_TAKE(arena, &p->cost, modes_max);
    PROJECT_TAKE(arena, &p->first_need, modes_max + 1);
    PROJECT_TAKE(arena, &p->need_resource, modes_max * p->resource_count);
    PROJECT_TAKE(arena, &p->need_units, modes_max * p->resource_count);
    for (uint32_t a = 0; a < p->activity_count; a++) {
        p->first_mode[a] = p->mode_count;
        uint32_t modes = 1 + (uint32_t)numu_random_below(random, kind->modes_max);
        bool is_milestone = numu_random_below(random, 8) == 0;
        for (uint32_t m = 0; m < modes; m++) {
            p->duration[p->mode_count] = is_milestone ? 0 : project_between(random, 1, 4);
            p->first_need[p->mode_count++] = p->need_count;
            for (uint32_t r = 0; r < p->resource_count; r++) {
                if (numu_random_below(random, 3) != 0) {
                    p->need_resource[p->need_count] = r;
                    p->need_units[p->need_count++] = project_between(random, 1, 3);
                }
            }
        }
    }
    p->first_mode[p->activity_count] = p->mode_count;
    p->first_need[p->mode_count] = p->need_count;
}

static void make_links(struct numu_arena *arena, struct numu_random *random,
                       const struct project_kind *kind, struct numu_project *p) {
    uint32_t room = p->activity_count * p->activity_count;
    PROJECT_TAKE(arena, &p->link_before, room);
    PROJECT_TAKE(arena, &p->link_after, room);
    PROJECT_TAKE(arena, &p->link_type, room);
    PROJECT_TAKE(arena, &p->link_lag, room);
    for (uint32_t i = 0; i < p->activity_count; i++) {
        for (uint32_t k = i + 1; k < p->activity_count; k++) {
            if (numu_random_below(random, 4) == 0) {
                uint32_t l = p->link_count++;
                p->link_before[l] = p->order[i];
                p->link_after[l] = p->order[k];
                p->link_type[l] = kind->has_link_types
                                      ? (uint8_t)(numu_link_FS + numu_random_below(random, 4))
                                      : numu_link_FS;
                p->link_lag[l] = kind->has_lags ? project_between(random, -3, 3) : 0;
            }
        }
    }
    list_links_of(arena, p);
}

static void make_state(struct numu_random *random, struct numu_project *p, uint32_t a) {
    uint32_t chance = (uint32_t)numu_random_below(random, 3);
    if (chance == 1) {
        p->state[a] = NUMU_ACTIVITY_STARTED;
        p->actual_start[a] = project_between(random, 0, p->data_date);
    } else if (chance == 2) {
        p->state[a] = NUMU_ACTIVITY_FINISHED;
        p->actual_start[a] = project_between(random, 0, p->data_date);
        p->actual_finish[a] = p->actual_start[a] + project_between(random, 0, 3);
    }
}

static void make_project(struct numu_arena *arena, struct numu_random *random,
                         const struct project_kind *kind, struct numu_project *p) {
    uint32_t count = 1 + (uint32_t)numu_random_below(random, kind->activities_max);
    *p = (struct numu_project){.origin = NUMU_NO_DAY, .activity_count = count};
    p->resource_count = 1 + (uint32_t)numu_random_below(random, kind->resources_max);
    p->calendar_count = kind->has_calendars ? 3 : 1;
    PROJECT_TAKE(arena, &p->id, count);
    PROJECT_TAKE(arena, &p->title, count);
    PROJECT_TAKE(arena, &p->release, count);
    PROJECT_TAKE(arena, &p->deadline, count);
    PROJECT_TAKE(arena, &p->state, count);
    PROJECT_TAKE(arena, &p->actual_start, count);
    PROJECT_TAKE(arena, &p->actual_finish, count);
    PROJECT_TAKE(arena, &p->calendar, count);
    PROJECT_TAKE(arena, &p->order, count);
    PROJECT_TAKE(arena, &p->calendars, p->calendar_count);
    for (uint32_t c = 1; c < p->calendar_count; c++) {
        make_calendar(arena, random, &p->calendars[c]);
    }
    p->data_date = kind->has_progress ? project_between(random, 0, 4) : 0;
    for (uint32_t a = 0; a < count; a++) {
        uint32_t other = (uint32_t)numu_random_below(random, a + 1);
        p->order[a] = p->order[other];
        p->order[other] = a;
        p->actual_start[a] = p->actual_finish[a] = NUMU_NO_PERIOD;
        p->release[a] = kind->has_releases ? project_between(random, -6, 6) : 0;
        p->release[a] = p->release[a] < 0 ? 0 : p->release[a];
        p->deadline[a] = kind->has_deadlines && numu_random_below(random, 2) == 0
                             ? project_between(random, 2, 12)
                             : NUMU_NO_PERIOD;
        p->calendar[a] = (uint32_t)numu_random_below(random, p->calendar_count);
        if (kind->has_progress) {
            make_state(random, p, a);
        }
    }
    make_resources(arena, random, kind, p);
    make_modes(arena, random, kind, p);
    make_links(arena, random, kind, p);
}

static inline void stretch_all(numu_period *period, size_t count, numu_period factor) {
    for (size_t i = 0; i < count; i++) {
        period[i] *= period[i] == NUMU_NO_PERIOD ? 1 : factor;
    }
}

/* The same project in shorter periods: so many for each one. No calendar may rest. */
static inline void stretch_project(numu_period factor, struct numu_project *p) {
    stretch_all(p->duration, p->mode_count, factor);
    stretch_all(p->link_lag, p->link_count, factor);
    stretch_all(p->release, p->activity_count, factor);
    stretch_all(p->deadline, p->activity_count, factor);
    stretch_all(p->actual_start, p->activity_count, factor);
    stretch_all(p->actual_finish, p->activity_count, factor);
    stretch_all(p->step_time, p->step_count, factor);
    p->data_date *= factor;
    p->horizon *= factor;
}

/* So many activities of three go on from Monday to Friday, the others every day. */
static inline void work_in_weeks(struct numu_arena *arena, uint32_t of_three,
                                 struct numu_project *p) {
    PROJECT_TAKE(arena, &p->calendars, 2);
    make_five_days(arena, &p->calendars[1]);
    p->calendar_count = 2;
    for (uint32_t a = 0; a < p->activity_count; a++) {
        p->calendar[a] = 2 - a % 3 < of_three;
    }
}

/* --- walking --- */

static bool is_period_worked(const struct numu_project_calendar *calendar, numu_period t) {
    return calendar->rank == NULL || t < 0 || t >= calendar->horizon ||
           calendar->rank[t + 1] > calendar->rank[t];
}

static numu_period walk(const struct numu_project_calendar *calendar, numu_period point,
                        numu_period periods) {
    while (periods > 0) {
        periods -= is_period_worked(calendar, point++) ? 1 : 0;
    }
    while (periods < 0) {
        periods += is_period_worked(calendar, --point) ? 1 : 0;
    }
    return point;
}

/* --- trying all --- */

struct tried {
    numu_period start[TRIED_ACTIVITIES_MAX], finish[TRIED_ACTIVITIES_MAX];
    uint32_t mode[TRIED_ACTIVITIES_MAX];
};

struct trial {
    const struct numu_project *project;
    int32_t left[TRIED_RESOURCES_MAX][TRIED_HORIZON + 1];
    struct tried now, best;
    numu_period horizon; /* all starts below are tried */
    bool stops_at_kept;  /* one that is not late will do */
    bool is_found;
    int64_t best_lateness;
    numu_period best_makespan;
    /* May be NULL: told of every schedule that keeps all constraints, better or not. */
    void (*visit)(void *visit_data, const struct tried *tried, int64_t lateness,
                  numu_period makespan);
    void *visit_data;
};

static void fill_left(struct trial *trial) {
    const struct numu_project *p = trial->project;
    for (uint32_t r = 0; r < p->resource_count; r++) {
        for (numu_period t = 0; t <= TRIED_HORIZON; t++) {
            for (uint32_t s = p->first_step[r]; s < p->first_step[r + 1]; s++) {
                if (p->step_time[s] <= t) {
                    trial->left[r][t] = p->step_units[s];
                }
            }
        }
    }
}

/* Takes (sign 1) or gives back (-1) what a mode needs; returns whether nothing is short. */
static bool take_needs(struct trial *trial, uint32_t mode, numu_period begin, numu_period finish,
                       int32_t sign) {
    const struct numu_project *p = trial->project;
    bool is_enough = true;
    for (uint32_t n = p->first_need[mode]; n < p->first_need[mode + 1]; n++) {
        uint32_t r = p->need_resource[n];
        numu_period start = begin, until = finish;
        if (p->is_consumable[r]) {
            /* gone for good: from the last step on one point speaks for all after it */
            numu_period last = p->step_time[p->first_step[r + 1] - 1];
            until = last + 1;
            start = start > last ? last : start;
        }
        for (numu_period t = start; t < until; t++) {
            trial->left[r][t] -= sign * p->need_units[n];
            is_enough &= trial->left[r][t] >= 0;
        }
    }
    return is_enough;
}

static bool are_links_kept(const struct trial *trial, uint32_t activity) {
    const struct numu_project *p = trial->project;
    for (uint32_t i = p->first_in[activity]; i < p->first_in[activity + 1]; i++) {
        uint32_t link = p->link_in[i];
        uint32_t before = p->link_before[link];
        uint8_t type = p->link_type[link];
        bool leaves_start = type == numu_link_SS || type == numu_link_SF;
        numu_period from = trial->now.finish[before];
        if (leaves_start) {
            from = p->state[before] == NUMU_ACTIVITY_STARTED ? p->actual_start[before]
                                                             : trial->now.start[before];
        }
        numu_period asked = walk(&p->calendars[p->calendar[before]], from, p->link_lag[link]);
        numu_period had = type == numu_link_FF || type == numu_link_SF ? trial->now.finish[activity]
                                                                       : trial->now.start[activity];
        if (had < asked) {
            return false;
        }
    }
    return true;
}

static void keep_if_better(struct trial *trial, int64_t lateness, numu_period makespan) {
    if (trial->visit != NULL) {
        trial->visit(trial->visit_data, &trial->now, lateness, makespan);
    }
    if (!trial->is_found || lateness < trial->best_lateness ||
        (lateness == trial->best_lateness && makespan < trial->best_makespan)) {
        trial->is_found = true;
        trial->best = trial->now;
        trial->best_lateness = lateness;
        trial->best_makespan = makespan;
    }
}

/* Of worked time, counted in the whole. */
static numu_period lateness_of(const struct numu_project *p, uint32_t activity,
                               numu_period finish) {
    bool is_cut = p->whole_time != NULL;
    numu_period due = is_cut ? p->whole_deadline[activity] : p->deadline[activity];
    numu_period at = is_cut ? p->whole_time->point[finish] : finish;
    return due != NUMU_NO_PERIOD && at > due ? at - due : 0;
}

static void try_from(struct trial *trial, uint32_t n, int64_t lateness, numu_period makespan) {
    const struct numu_project *p = trial->project;
    bool is_hopeless =
        trial->is_found && (lateness > trial->best_lateness ||
                            (lateness == trial->best_lateness && makespan >= trial->best_makespan));
    is_hopeless |= trial->stops_at_kept && trial->is_found && trial->best_lateness == 0;
    if (is_hopeless && trial->visit == NULL) {
        return;
    }
    if (n == p->activity_count) {
        keep_if_better(trial, lateness, makespan);
        return;
    }
    uint32_t a = p->order[n];
    if (p->state[a] == NUMU_ACTIVITY_FINISHED) {
        trial->now.start[a] = p->actual_start[a];
        trial->now.finish[a] = p->actual_finish[a];
        trial->now.mode[a] = p->first_mode[a];
        numu_period end = p->actual_finish[a] > makespan ? p->actual_finish[a] : makespan;
        try_from(trial, n + 1, lateness, end);
        return;
    }
    const struct numu_project_calendar *calendar = &p->calendars[p->calendar[a]];
    numu_period first = p->state[a] == NUMU_ACTIVITY_STARTED ? p->actual_start[a] : p->release[a];
    first = first > p->data_date ? first : p->data_date;
    for (uint32_t mode = p->first_mode[a]; mode < p->first_mode[a + 1]; mode++) {
        for (numu_period start = first; start < trial->horizon; start++) {
            if (p->duration[mode] > 0 && !is_period_worked(calendar, start)) {
                continue;
            }
            numu_period finish = walk(calendar, start, p->duration[mode]);
            if (finish > TRIED_HORIZON ||
                (trial->is_found && trial->visit == NULL && finish > trial->best_makespan &&
                 lateness >= trial->best_lateness)) {
                break;
            }
            trial->now.start[a] = start;
            trial->now.finish[a] = finish;
            trial->now.mode[a] = mode;
            bool is_enough = take_needs(trial, mode, start, finish, 1);
            if (is_enough && are_links_kept(trial, a)) {
                try_from(trial, n + 1, lateness + lateness_of(p, a, finish),
                         finish > makespan ? finish : makespan);
            }
            take_needs(trial, mode, start, finish, -1);
        }
    }
}

/* Tries all starts below `horizon` in all modes; the best by lateness, then finish. */
static inline void try_all(const struct numu_project *project, numu_period horizon,
                           struct trial *trial) {
    trial->project = project;
    trial->horizon = horizon;
    trial->is_found = false;
    fill_left(trial);
    try_from(trial, 0, 0, project->data_date);
}

#endif
