/*
 * rcpsp_decode.c - serial schedule generation, forward and back.
 *
 * Most projects have no more than four resources, one word: the plain decoder is compiled for one
 * word, for two, and for any number ([S1]). A step of what is free is looked at once at most for
 * each job: where one has no room, the job moves behind it.
 */
#include "programme/rcpsp_room.h"

#include <string.h>

numu_status numu_rcpsp_desk_take(const struct numu_rcpsp_problem *problem, struct numu_arena *arena,
                                 struct numu_rcpsp_desk *out) {
    const struct numu_project *project = problem->project;
    numu_period horizon = problem->mirror == NULL ? problem->horizon : problem->mirror->horizon;
    struct numu_rcpsp_desk desk = {.room.used = INT32_MAX};
    size_t events = (size_t)problem->count + project->step_count + 1;
    size_t steps = 2 * (size_t)problem->count + problem->supply_count + 1;
    NUMU_TRY(NUMU_TAKE(arena, &desk.room.step, steps));
    NUMU_TRY(NUMU_TAKE(arena, &desk.room.free, steps * problem->words));
    desk.room.step[0] = (struct numu_rcpsp_step){.from = 0};
    NUMU_TRY(NUMU_TAKE(arena, &desk.near_end, problem->count));
    NUMU_TRY(NUMU_TAKE(arena, &desk.pool_left, problem->pool_count));
    NUMU_TRY(NUMU_TAKE(arena, &desk.eligible, problem->count));
    NUMU_TRY(NUMU_TAKE(arena, &desk.active, problem->count));
    NUMU_TRY(NUMU_TAKE(arena, &desk.waiting, problem->count));
    NUMU_TRY(NUMU_TAKE(arena, &desk.ready, problem->count));
    NUMU_TRY(NUMU_TAKE(arena, &desk.now, problem->words));
    NUMU_TRY(NUMU_TAKE(arena, &desk.place, problem->count));
    NUMU_TRY(NUMU_TAKE(arena, &desk.first_ready, (size_t)horizon + 1));
    NUMU_TRY(NUMU_TAKE(arena, &desk.next_ready, problem->count));
    if (problem->timed_count > 0) {
        desk.event_max = (uint32_t)events;
        NUMU_TRY(NUMU_TAKE(arena, &desk.event, events * problem->timed_count));
        NUMU_TRY(NUMU_TAKE(arena, &desk.event_free, events * problem->timed_count));
        NUMU_TRY(NUMU_TAKE(arena, &desk.event_count, problem->timed_count));
    }
    *out = desk;
    return NUMU_OK;
}

int64_t numu_rcpsp_cost(const struct numu_rcpsp_problem *problem, const numu_period *finish) {
    numu_period last = problem->count == 0 ? problem->project->data_date : 0;
    int64_t lateness = 0;
    for (uint32_t j = 0; j < problem->count; j++) {
        last = finish[j] > last ? finish[j] : last;
    }
    for (uint32_t j = 0; problem->has_deadlines && j < problem->count; j++) {
        lateness += numu_project_lateness(problem->project, problem->activity[j], finish[j]);
    }
    return numu_rcpsp_cost_of(lateness, last);
}

/* --- free modes --- */

static void open_pools(const struct numu_rcpsp_problem *problem, struct numu_rcpsp_desk *desk,
                       const struct numu_rcpsp_plan *plan) {
    for (uint32_t k = 0; k < problem->pool_count; k++) {
        desk->pool_left[k] = problem->pool[k];
        for (uint32_t j = 0; j < problem->count; j++) {
            desk->pool_left[k] -= problem->pool_need[plan->mode[j] * problem->pool_count + k];
        }
    }
}

/* Whether a job may change its mode within what pools have left; less overuse is always allowed. */
static bool may_change(const struct numu_rcpsp_problem *problem, const struct numu_rcpsp_desk *desk,
                       uint32_t from, uint32_t to) {
    for (uint32_t k = 0; k < problem->pool_count; k++) {
        int32_t more = problem->pool_need[to * problem->pool_count + k] -
                       problem->pool_need[from * problem->pool_count + k];
        if (more > 0 && more > desk->pool_left[k]) {
            return false;
        }
    }
    return true;
}

static void change_mode(const struct numu_rcpsp_problem *problem, struct numu_rcpsp_desk *desk,
                        struct numu_rcpsp_plan *plan, uint32_t job, uint32_t mode) {
    for (uint32_t k = 0; k < problem->pool_count; k++) {
        desk->pool_left[k] += problem->pool_need[plan->mode[job] * problem->pool_count + k] -
                              problem->pool_need[mode * problem->pool_count + k];
    }
    plan->mode[job] = mode;
}

/* --- plain --- */

/* The mode of earliest finish, its own where another is not earlier. */
static void choose_mode(const struct numu_rcpsp_problem *problem, struct numu_rcpsp_desk *desk,
                        struct numu_rcpsp_plan *plan, uint32_t job) {
    uint32_t best = plan->mode[job];
    numu_period earliest =
        numu_rcpsp_find_start(problem, desk, plan, job, best, problem->words).time +
        problem->duration[best];
    for (uint32_t m = problem->first_mode[job]; m < problem->first_mode[job + 1]; m++) {
        if (m != plan->mode[job] && may_change(problem, desk, plan->mode[job], m)) {
            numu_period finish =
                numu_rcpsp_find_start(problem, desk, plan, job, m, problem->words).time +
                problem->duration[m];
            if (finish < earliest) {
                earliest = finish;
                best = m;
            }
        }
    }
    change_mode(problem, desk, plan, job, best);
}

static NUMU_HOT_INLINE bool decode_words(const struct numu_rcpsp_problem *problem,
                                         struct numu_rcpsp_desk *desk, const uint32_t *list,
                                         const bool *is_free, struct numu_rcpsp_plan *plan,
                                         uint32_t words) {
    bool is_whole = true;
    for (uint32_t n = 0; is_whole && n < problem->count; n++) {
        uint32_t job = list[n];
        if (is_free != NULL && is_free[job]) {
            choose_mode(problem, desk, plan, job);
        }
        uint32_t mode = plan->mode[job];
        struct numu_rcpsp_place place =
            numu_rcpsp_find_start(problem, desk, plan, job, mode, words);
        numu_rcpsp_start_at(problem, desk, plan, job, place, place.time + problem->duration[mode],
                            words);
        is_whole = !numu_rcpsp_is_given_up(desk, n);
    }
    return is_whole;
}

/* All that is supplied is free. */
static void reset_room(const struct numu_rcpsp_problem *problem, struct numu_rcpsp_desk *desk) {
    struct numu_rcpsp_room *room = &desk->room;
    const numu_period *from = problem->supply_from;
    size_t words = problem->words;
    for (uint32_t s = 0; s < problem->supply_count && from[s] < room->used; s++) {
        room->step[s].until = from[s + 1];
        room->step[s].next = s + 1;
        room->step[s + 1].from = from[s + 1];
        room->step[s + 1].before = s;
        memcpy(&room->free[s * words], &problem->supply[s * words], words * sizeof *room->free);
    }
    room->count = problem->supply_count + 1;
    room->used = 0;
    desk->near = 0;
}

static bool decode_plain(const struct numu_rcpsp_problem *problem, struct numu_rcpsp_desk *desk,
                         const uint32_t *list, const bool *is_free, struct numu_rcpsp_plan *plan) {
    reset_room(problem, desk);
    switch (problem->words) {
    case 1:
        return decode_words(problem, desk, list, is_free, plan, 1);
    case 2:
        return decode_words(problem, desk, list, is_free, plan, 2);
    default:
        return decode_words(problem, desk, list, is_free, plan, problem->words);
    }
}

/* --- timed resources: steps of what is free from a time on, all the time after it --- */

static void reset_events(const struct numu_rcpsp_problem *problem, struct numu_rcpsp_desk *desk) {
    const struct numu_project *project = problem->project;
    for (uint32_t k = 0; k < problem->timed_count; k++) {
        uint32_t first = project->first_step[problem->timed[k]];
        uint32_t count = project->first_step[problem->timed[k] + 1] - first;
        size_t base = (size_t)k * desk->event_max;
        for (uint32_t s = 0; s < count; s++) {
            desk->event[base + s] = project->step_time[first + s];
            desk->event_free[base + s] = project->step_units[first + s];
        }
        desk->event_count[k] = count;
    }
}

void numu_rcpsp_reset_general(const struct numu_rcpsp_problem *problem,
                              struct numu_rcpsp_desk *desk) {
    reset_room(problem, desk);
    reset_events(problem, desk);
}

/* The earliest time from `from` on after which the timed needs are there; the horizon = never. */
static numu_period find_supply(const struct numu_rcpsp_problem *problem,
                               const struct numu_rcpsp_desk *desk, uint32_t mode,
                               numu_period from) {
    for (uint32_t k = 0; k < problem->timed_count; k++) {
        int32_t need = problem->timed_need[mode * problem->timed_count + k];
        size_t base = (size_t)k * desk->event_max;
        uint32_t e = desk->event_count[k];
        while (e > 0 && desk->event_free[base + e - 1] >= need) {
            e--;
        }
        if (need > 0 && e == desk->event_count[k]) {
            return problem->horizon;
        }
        if (need > 0 && desk->event[base + e] > from) {
            from = desk->event[base + e];
        }
    }
    return from;
}

static void take_supply(const struct numu_rcpsp_problem *problem, struct numu_rcpsp_desk *desk,
                        uint32_t mode, numu_period start) {
    for (uint32_t k = 0; k < problem->timed_count; k++) {
        int32_t need = problem->timed_need[mode * problem->timed_count + k];
        numu_period *event = &desk->event[(size_t)k * desk->event_max];
        int64_t *free = &desk->event_free[(size_t)k * desk->event_max];
        uint32_t e = desk->event_count[k];
        if (need == 0) {
            continue;
        }
        while (event[e - 1] > start) {
            event[e] = event[e - 1];
            free[e] = free[e - 1] - need;
            e--;
        }
        if (event[e - 1] == start) {
            free[e - 1] -= need;
            for (; e < desk->event_count[k]; e++) { /* no step came in: close the gap again */
                event[e] = event[e + 1];
                free[e] = free[e + 1];
            }
        } else {
            event[e] = start;
            free[e] = free[e - 1] - need;
            desk->event_count[k]++;
        }
    }
}

/* --- general --- */

static bool has_room(const struct numu_rcpsp_problem *problem, const struct numu_rcpsp_desk *desk,
                     uint32_t step, const uint64_t *need) {
    return numu_rcpsp_has_room(&desk->room.free[(size_t)step * problem->words], need,
                               problem->guard, problem->words);
}

/* F >= point unless resume <= retreat(point - 1, duration), as in cpm.c. */
static numu_period resume_for_finish(const struct numu_project_calendar *calendar,
                                     numu_period point, numu_period duration) {
    return point <= 0 ? 0 : numu_period_retreat(calendar, point - 1, duration) + 1;
}

numu_period numu_rcpsp_asked_resume(const struct numu_rcpsp_problem *problem,
                                    const struct numu_rcpsp_plan *plan, uint32_t job,
                                    numu_period duration, const bool *is_unasked) {
    const struct numu_project_calendar *calendar = problem->calendar[job];
    numu_period asked = problem->release[job];
    numu_period least = resume_for_finish(calendar, problem->finish_min[job], duration);
    asked = least > asked ? least : asked;
    for (uint32_t i = problem->first_before[job]; i < problem->first_before[job + 1]; i++) {
        uint8_t type = problem->before_type[i];
        uint32_t before = problem->before[i];
        if (is_unasked != NULL && is_unasked[before]) {
            continue;
        }
        numu_period point = (numu_link_leaves_start(type) ? plan->start : plan->finish)[before];
        point = numu_period_advance(problem->calendar[before], point, problem->before_lag[i]);
        if (numu_link_enters_finish(type)) {
            point = resume_for_finish(calendar, point, duration);
        }
        asked = point > asked ? point : asked;
    }
    return duration > 0 ? numu_period_next_worked(calendar, asked) : asked;
}

/* The earliest place from another on with room for a job; the horizon where there is none. */
static struct numu_rcpsp_place find_room(const struct numu_rcpsp_problem *problem,
                                         const struct numu_rcpsp_desk *desk, uint32_t job,
                                         uint32_t mode, struct numu_rcpsp_place place) {
    const struct numu_project_calendar *calendar = problem->calendar[job];
    const struct numu_rcpsp_step *step = desk->room.step;
    const uint64_t *need = &problem->need[(size_t)mode * problem->words];
    const struct numu_rcpsp_place none = {problem->horizon, place.step};
    numu_period duration = problem->duration[mode];
    uint32_t i = place.step;
    while (place.time < problem->horizon) {
        numu_period finish = numu_period_advance(calendar, place.time, duration);
        while (step[i].from < finish && has_room(problem, desk, i, need)) {
            i = step[i].next;
        }
        if (step[i].from >= finish) {
            return place;
        }
        while (step[i].from < problem->horizon && !has_room(problem, desk, i, need)) {
            i = step[i].next;
        }
        if (step[i].from >= problem->horizon) {
            return none;
        }
        place.time = numu_period_next_worked(calendar, step[i].from);
        place.step = i = numu_rcpsp_step_at(&desk->room, i, place.time);
    }
    return none;
}

struct numu_rcpsp_place numu_rcpsp_find_start_from(const struct numu_rcpsp_problem *problem,
                                                   const struct numu_rcpsp_desk *desk, uint32_t job,
                                                   uint32_t mode, struct numu_rcpsp_place place,
                                                   numu_period *out_finish) {
    const struct numu_project_calendar *calendar = problem->calendar[job];
    numu_period duration = problem->duration[mode];
    place.time = find_supply(problem, desk, mode, place.time);
    place.time = duration > 0 ? numu_period_next_worked(calendar, place.time) : place.time;
    place.step = numu_rcpsp_step_at(&desk->room, place.step, place.time);
    if (duration > 0) {
        place = find_room(problem, desk, job, mode, place);
    }
    *out_finish = place.time >= problem->horizon
                      ? problem->horizon
                      : numu_period_advance(calendar, place.time, duration);
    place.time = *out_finish > problem->horizon ? problem->horizon : place.time;
    return place;
}

struct numu_rcpsp_place numu_rcpsp_find_start_general(const struct numu_rcpsp_problem *problem,
                                                      const struct numu_rcpsp_desk *desk,
                                                      const struct numu_rcpsp_plan *plan,
                                                      uint32_t job, uint32_t mode,
                                                      numu_period *out_finish) {
    const struct numu_rcpsp_place asked = {
        .time = numu_rcpsp_asked_resume(problem, plan, job, problem->duration[mode], NULL),
        .step = numu_rcpsp_end_of_before(problem, desk, plan, job).step,
    };
    return numu_rcpsp_find_start_from(problem, desk, job, mode, asked, out_finish);
}

void numu_rcpsp_start_at_general(const struct numu_rcpsp_problem *problem,
                                 struct numu_rcpsp_desk *desk, struct numu_rcpsp_plan *plan,
                                 uint32_t job, struct numu_rcpsp_place place, numu_period finish) {
    take_supply(problem, desk, plan->mode[job], place.time);
    numu_rcpsp_start_at(problem, desk, plan, job, place, finish, problem->words);
}

static void choose_mode_general(const struct numu_rcpsp_problem *problem,
                                struct numu_rcpsp_desk *desk, struct numu_rcpsp_plan *plan,
                                uint32_t job) {
    numu_period earliest;
    uint32_t best = plan->mode[job];
    if (numu_rcpsp_find_start_general(problem, desk, plan, job, best, &earliest).time >=
        problem->horizon) {
        earliest = NUMU_PERIOD_MAX;
    }
    for (uint32_t m = problem->first_mode[job]; m < problem->first_mode[job + 1]; m++) {
        numu_period finish;
        if (m != plan->mode[job] && may_change(problem, desk, plan->mode[job], m) &&
            numu_rcpsp_find_start_general(problem, desk, plan, job, m, &finish).time <
                problem->horizon &&
            finish < earliest) {
            earliest = finish;
            best = m;
        }
    }
    change_mode(problem, desk, plan, job, best);
}

static bool decode_general(const struct numu_rcpsp_problem *problem, struct numu_rcpsp_desk *desk,
                           const uint32_t *list, const bool *is_free,
                           struct numu_rcpsp_plan *plan) {
    numu_rcpsp_reset_general(problem, desk);
    for (uint32_t n = 0; n < problem->count; n++) {
        uint32_t job = list[n];
        numu_period finish;
        if (is_free != NULL && is_free[job]) {
            choose_mode_general(problem, desk, plan, job);
        }
        struct numu_rcpsp_place place =
            numu_rcpsp_find_start_general(problem, desk, plan, job, plan->mode[job], &finish);
        if (place.time >= problem->horizon || numu_rcpsp_is_given_up(desk, n)) {
            return false;
        }
        numu_rcpsp_start_at_general(problem, desk, plan, job, place, finish);
    }
    return true;
}

void numu_rcpsp_decode(const struct numu_rcpsp_problem *problem, struct numu_rcpsp_desk *desk,
                       const uint32_t *list, const bool *is_free, struct numu_rcpsp_plan *plan) {
    bool is_possible;
    desk->placed += problem->count;
    if (is_free != NULL) {
        open_pools(problem, desk, plan);
    }
    if (numu_rcpsp_is_uniform(problem)) {
        is_possible = decode_plain(problem, desk, list, is_free, plan);
    } else {
        is_possible = decode_general(problem, desk, list, is_free, plan);
    }
    plan->cost = is_possible ? numu_rcpsp_cost(problem, plan->finish) : INT64_MAX;
}

/* --- the parallel scheme --- */

struct flow {
    const struct numu_rcpsp_problem *problem;
    struct numu_rcpsp_desk *desk;
    const numu_period *key;
    struct numu_rcpsp_plan *plan;
    uint32_t eligible_count, active_count;
};

static bool comes_before(const struct flow *flow, uint32_t a, uint32_t b) {
    return flow->key[a] < flow->key[b] || (flow->key[a] == flow->key[b] && a < b);
}

/* By key, ties by number. */
static void make_eligible(struct flow *flow, uint32_t job) {
    uint32_t *eligible = flow->desk->eligible;
    uint32_t from = 0, until = flow->eligible_count++; /* the job's place is in [from, until] */
    while (from < until) {
        uint32_t middle = from + (until - from) / 2;
        if (comes_before(flow, eligible[middle], job)) {
            from = middle + 1;
        } else {
            until = middle;
        }
    }
    memmove(&eligible[from + 1], &eligible[from],
            (flow->eligible_count - 1 - from) * sizeof *eligible);
    eligible[from] = job;
}

static void release_after(struct flow *flow, uint32_t job) {
    const struct numu_rcpsp_problem *problem = flow->problem;
    for (uint32_t i = problem->first_after[job]; i < problem->first_after[job + 1]; i++) {
        uint32_t after = problem->after[i];
        numu_period ready = flow->plan->finish[job] + problem->after_lag[i];
        if (ready > flow->desk->ready[after]) {
            flow->desk->ready[after] = ready;
        }
        if (--flow->desk->waiting[after] == 0) {
            make_eligible(flow, after);
        }
    }
}

static void add_words(uint64_t *words, const uint64_t *more, uint32_t count, bool takes) {
    for (uint32_t w = 0; w < count; w++) {
        words[w] = takes ? words[w] - more[w] : words[w] + more[w];
    }
}

/* Starts what can start now. A job of no duration may let others start at once: then again. */
static void start_jobs(struct flow *flow, numu_period now) {
    const struct numu_rcpsp_problem *problem = flow->problem;
    struct numu_rcpsp_desk *desk = flow->desk;
    for (uint32_t i = 0; i < flow->eligible_count;) {
        uint32_t job = desk->eligible[i];
        uint32_t mode = flow->plan->mode[job];
        const uint64_t *need = &problem->need[(size_t)mode * problem->words];
        if (desk->ready[job] > now ||
            (problem->duration[mode] > 0 &&
             !numu_rcpsp_has_room(desk->now, need, problem->guard, problem->words))) {
            i++;
            continue;
        }
        for (uint32_t k = i + 1; k < flow->eligible_count; k++) {
            desk->eligible[k - 1] = desk->eligible[k];
        }
        flow->eligible_count--;
        flow->plan->start[job] = now;
        flow->plan->finish[job] = now + problem->duration[mode];
        if (problem->duration[mode] > 0) {
            add_words(desk->now, need, problem->words, true);
            desk->active[flow->active_count++] = job;
        } else {
            release_after(flow, job);
            i = 0;
        }
    }
}

static numu_period next_event(const struct flow *flow, numu_period now) {
    numu_period next = INT32_MAX;
    for (uint32_t i = 0; i < flow->active_count; i++) {
        numu_period finish = flow->plan->finish[flow->desk->active[i]];
        next = finish < next ? finish : next;
    }
    for (uint32_t i = 0; i < flow->eligible_count; i++) {
        numu_period ready = flow->desk->ready[flow->desk->eligible[i]];
        next = ready > now && ready < next ? ready : next;
    }
    return next;
}

static void finish_jobs(struct flow *flow, numu_period now) {
    const struct numu_rcpsp_problem *problem = flow->problem;
    for (uint32_t i = 0; i < flow->active_count;) {
        uint32_t job = flow->desk->active[i];
        if (flow->plan->finish[job] != now) {
            i++;
            continue;
        }
        add_words(flow->desk->now, &problem->need[(size_t)flow->plan->mode[job] * problem->words],
                  problem->words, false);
        flow->desk->active[i] = flow->desk->active[--flow->active_count];
        release_after(flow, job);
    }
}

void numu_rcpsp_decode_parallel(const struct numu_rcpsp_problem *problem,
                                struct numu_rcpsp_desk *desk, const numu_period *key,
                                struct numu_rcpsp_plan *plan) {
    struct flow flow = {.problem = problem, .desk = desk, .key = key, .plan = plan};
    desk->placed += problem->count;
    memcpy(desk->now, problem->supply, problem->words * sizeof *desk->now);
    for (uint32_t j = 0; j < problem->count; j++) {
        numu_period least = problem->finish_min[j] - problem->duration[plan->mode[j]];
        desk->ready[j] = problem->release[j] > least ? problem->release[j] : least;
        desk->waiting[j] = problem->first_before[j + 1] - problem->first_before[j];
        if (desk->waiting[j] == 0) {
            make_eligible(&flow, j);
        }
    }
    numu_period now = 0;
    bool is_whole = true;
    start_jobs(&flow, now);
    for (uint32_t n = 0; is_whole && (flow.active_count > 0 || flow.eligible_count > 0); n++) {
        now = next_event(&flow, now);
        finish_jobs(&flow, now);
        start_jobs(&flow, now);
        is_whole = !numu_rcpsp_is_given_up(desk, n);
    }
    plan->cost = is_whole ? numu_rcpsp_cost(problem, plan->finish) : INT64_MAX;
}

/* --- back --- */

numu_period numu_rcpsp_allowed_resume(const struct numu_rcpsp_problem *problem,
                                      const struct numu_rcpsp_plan *plan, uint32_t job,
                                      numu_period finish, const bool *is_unasked) {
    const struct numu_project_calendar *calendar = problem->calendar[job];
    numu_period by = numu_rcpsp_finish_by(problem, job, plan->finish[job]);
    finish = by < finish ? by : finish;
    numu_period start = finish;
    for (uint32_t i = problem->first_after[job]; i < problem->first_after[job + 1]; i++) {
        uint8_t type = problem->after_type[i];
        uint32_t after = problem->after[i];
        if (is_unasked != NULL && is_unasked[after]) {
            continue;
        }
        numu_period point = (numu_link_enters_finish(type) ? plan->finish : plan->start)[after];
        point = numu_period_retreat(calendar, point, problem->after_lag[i]);
        numu_period *bound = numu_link_leaves_start(type) ? &start : &finish;
        *bound = point < *bound ? point : *bound;
    }
    numu_period duration = problem->duration[plan->mode[job]];
    numu_period resume = numu_period_retreat(calendar, finish, duration);
    return numu_period_last_worked(calendar, resume < start ? resume : start, duration);
}

/* The latest place from another back with room for a job; at -1 where there is none. */
static struct numu_rcpsp_place find_room_back(const struct numu_rcpsp_problem *problem,
                                              const struct numu_rcpsp_desk *desk, uint32_t job,
                                              uint32_t mode, struct numu_rcpsp_place place) {
    const struct numu_project_calendar *calendar = problem->calendar[job];
    const struct numu_rcpsp_step *step = desk->room.step;
    const uint64_t *need = &problem->need[(size_t)mode * problem->words];
    numu_period duration = problem->duration[mode];
    while (place.time >= 0) {
        numu_period finish = numu_period_advance(calendar, place.time, duration);
        uint32_t i = numu_rcpsp_step_at(&desk->room, place.step, finish - 1);
        while (step[i].from > place.time && has_room(problem, desk, i, need)) {
            i = step[i].before;
        }
        if (has_room(problem, desk, i, need)) {
            place.step = i;
            return place;
        }
        while (step[i].from > 0 && !has_room(problem, desk, step[i].before, need)) {
            i = step[i].before;
        }
        /* Finish where it begins, or before a rest. */
        place.time = step[i].from > 0 ? numu_period_retreat(calendar, step[i].from, duration) : -1;
        place.step = i;
    }
    return place;
}

/* A step near the earliest start of those after a job; without any that of the end. */
static uint32_t near_start_of_after(const struct numu_rcpsp_problem *problem,
                                    const struct numu_rcpsp_desk *desk,
                                    const struct numu_rcpsp_plan *plan, uint32_t job,
                                    uint32_t end) {
    uint32_t near = end;
    numu_period first = INT32_MAX;
    for (uint32_t i = problem->first_after[job]; i < problem->first_after[job + 1]; i++) {
        uint32_t after = problem->after[i];
        if (plan->start[after] < first) {
            first = plan->start[after];
            near = desk->near_end[after];
        }
    }
    return near;
}

bool numu_rcpsp_decode_back(const struct numu_rcpsp_problem *problem, struct numu_rcpsp_desk *desk,
                            const uint32_t *list, numu_period finish,
                            struct numu_rcpsp_plan *plan) {
    reset_room(problem, desk);
    desk->placed += problem->count;
    const numu_period last = finish > 0 ? finish : 0; /* before 0 there is no step, nor a place */
    const uint32_t end = desk->room.step[numu_rcpsp_step_at(&desk->room, 0, last)].next;
    for (uint32_t j = 0; j < problem->count; j++) {
        desk->near_end[j] = end; /* a list that does not keep links asks before there is another */
    }
    for (uint32_t n = problem->count; n-- > 0;) {
        uint32_t job = list[n];
        numu_period duration = problem->duration[plan->mode[job]];
        struct numu_rcpsp_place place = {
            .time = numu_rcpsp_allowed_resume(problem, plan, job, finish, NULL),
            .step = near_start_of_after(problem, desk, plan, job, end),
        };
        if (duration > 0) {
            place = find_room_back(problem, desk, job, plan->mode[job], place);
        }
        if (place.time < 0 || numu_rcpsp_is_given_up(desk, n)) {
            return false;
        }
        numu_rcpsp_start_at(problem, desk, plan, job, place,
                            numu_period_advance(problem->calendar[job], place.time, duration),
                            problem->words);
        desk->near_end[job] = duration > 0 ? desk->near : desk->room.step[desk->near].next;
    }
    return true;
}
