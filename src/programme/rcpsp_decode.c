/*
 * rcpsp_decode.c - serial schedule generation, forward and back.
 *
 * Most projects have no more than four resources, one word: the plain decoder is compiled for one
 * word, for two, and for any number ([S1]). It looks at a window of a job's duration from its end
 * backwards; where a period has no room, the window moves behind that period, and what was already
 * seen to be free is not looked at again. Every period is so looked at once at most.
 */
#include "programme/rcpsp_problem.h"

#include <string.h>

numu_status numu_rcpsp_desk_take(const struct numu_rcpsp_problem *problem, struct numu_arena *arena,
                                 struct numu_rcpsp_desk *out) {
    const struct numu_project *project = problem->project;
    struct numu_rcpsp_desk desk = {.used = problem->horizon};
    size_t events = (size_t)problem->count + project->step_count + 1;
    NUMU_TRY(NUMU_TAKE(arena, &desk.free, ((size_t)problem->horizon + 1) * problem->words));
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
    static const int64_t lateness_max = INT64_C(1) << 33;
    numu_period last = problem->count == 0 ? problem->project->data_date : 0;
    int64_t lateness = 0;
    for (uint32_t j = 0; j < problem->count; j++) {
        last = finish[j] > last ? finish[j] : last;
    }
    for (uint32_t j = 0; problem->has_deadlines && j < problem->count; j++) {
        if (problem->deadline[j] != NUMU_NO_PERIOD && finish[j] > problem->deadline[j]) {
            lateness += finish[j] - problem->deadline[j];
        }
    }
    return (lateness < lateness_max ? lateness : lateness_max) << 29 | last;
}

/* --- what is free --- */

static void reset_free(const struct numu_rcpsp_problem *problem, struct numu_rcpsp_desk *desk) {
    size_t words = problem->words;
    numu_period known = problem->supply_length < desk->used ? problem->supply_length : desk->used;
    memcpy(desk->free, problem->supply, (size_t)known * words * sizeof *desk->free);
    const uint64_t *last = &problem->supply[((size_t)problem->supply_length - 1) * words];
    for (numu_period t = known; t < desk->used; t++) {
        for (size_t w = 0; w < words; w++) {
            desk->free[(size_t)t * words + w] = last[w];
        }
    }
    desk->used = 0;
}

static inline bool has_room(const uint64_t *free, const uint64_t *need, uint64_t guard,
                            uint32_t words) {
    for (uint32_t w = 0; w < words; w++) {
        if ((((free[w] | guard) - need[w]) & guard) != guard) {
            return false;
        }
    }
    return true;
}

/* The earliest window of `length` periods from `from` on with room for the need. */
static inline numu_period find_room(const uint64_t *free, numu_period from, numu_period length,
                                    const uint64_t *need, uint64_t guard, uint32_t words) {
    numu_period known = from; /* [from, known) has room */
    for (;;) {
        numu_period t = from + length;
        while (t > known && has_room(&free[(size_t)(t - 1) * words], need, guard, words)) {
            t--;
        }
        if (t == known) {
            return from;
        }
        known = from + length;
        from = t;
    }
}

static inline void take_room(uint64_t *free, numu_period from, numu_period to, const uint64_t *need,
                             uint32_t words) {
    for (numu_period t = from; t < to; t++) {
        for (uint32_t w = 0; w < words; w++) {
            free[(size_t)t * words + w] -= need[w];
        }
    }
}

/* --- plain --- */

/* What links and dates ask of a job's start, where every period is worked. */
static inline numu_period asked_start(const struct numu_rcpsp_problem *problem,
                                      const struct numu_rcpsp_plan *plan, uint32_t job,
                                      numu_period duration) {
    numu_period asked = problem->release[job];
    uint32_t end = problem->first_before[job + 1];
    if (problem->is_simple) {
        for (uint32_t i = problem->first_before[job]; i < end; i++) {
            numu_period finish = plan->finish[problem->before[i]];
            asked = finish > asked ? finish : asked;
        }
    } else {
        for (uint32_t i = problem->first_before[job]; i < end; i++) {
            uint8_t type = problem->before_type[i];
            uint32_t before = problem->before[i];
            bool leaves_start = type == numu_link_SS || type == numu_link_SF;
            bool enters_finish = type == numu_link_FF || type == numu_link_SF;
            numu_period point = (leaves_start ? plan->start : plan->finish)[before] +
                                problem->before_lag[i] - (enters_finish ? duration : 0);
            asked = point > asked ? point : asked;
        }
    }
    numu_period least = problem->finish_min[job] - duration;
    return least > asked ? least : asked;
}

static inline void decode_words(const struct numu_rcpsp_problem *problem,
                                struct numu_rcpsp_desk *desk, const uint32_t *list,
                                struct numu_rcpsp_plan *plan, uint32_t words) {
    numu_period used = 0;
    for (uint32_t n = 0; n < problem->count; n++) {
        uint32_t job = list[n];
        uint32_t mode = plan->mode[job];
        numu_period duration = problem->duration[mode];
        const uint64_t *need = &problem->need[(size_t)mode * words];
        numu_period start = asked_start(problem, plan, job, duration);
        start = find_room(desk->free, start, duration, need, problem->guard, words);
        numu_period finish = start + duration;
        take_room(desk->free, start, finish, need, words);
        plan->start[job] = start;
        plan->finish[job] = finish;
        used = finish > used ? finish : used;
    }
    desk->used = used;
}

static void decode_plain(const struct numu_rcpsp_problem *problem, struct numu_rcpsp_desk *desk,
                         const uint32_t *list, struct numu_rcpsp_plan *plan) {
    reset_free(problem, desk);
    switch (problem->words) {
    case 1:
        decode_words(problem, desk, list, plan, 1);
        break;
    case 2:
        decode_words(problem, desk, list, plan, 2);
        break;
    default:
        decode_words(problem, desk, list, plan, problem->words);
        break;
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

static bool leaves_start(uint8_t type) {
    return type == numu_link_SS || type == numu_link_SF;
}

static bool enters_finish(uint8_t type) {
    return type == numu_link_FF || type == numu_link_SF;
}

/* F >= point unless resume <= retreat(point - 1, duration), as in cpm.c. */
static numu_period resume_for_finish(const struct numu_project_calendar *calendar,
                                     numu_period point, numu_period duration) {
    return point <= 0 ? 0 : numu_period_retreat(calendar, point - 1, duration) + 1;
}

static numu_period asked_resume(const struct numu_rcpsp_problem *problem,
                                const struct numu_rcpsp_plan *plan, uint32_t job,
                                numu_period duration) {
    const struct numu_project_calendar *calendar = problem->calendar[job];
    numu_period asked = problem->release[job];
    numu_period least = resume_for_finish(calendar, problem->finish_min[job], duration);
    asked = least > asked ? least : asked;
    for (uint32_t i = problem->first_before[job]; i < problem->first_before[job + 1]; i++) {
        uint8_t type = problem->before_type[i];
        uint32_t before = problem->before[i];
        numu_period point = (leaves_start(type) ? plan->start : plan->finish)[before];
        point = numu_period_advance(problem->calendar[before], point, problem->before_lag[i]);
        if (enters_finish(type)) {
            point = resume_for_finish(calendar, point, duration);
        }
        asked = point > asked ? point : asked;
    }
    return duration > 0 ? numu_period_next_worked(calendar, asked) : asked;
}

/* Places a job at the earliest time from `start` on; the horizon where there is none. */
static numu_period find_start(const struct numu_rcpsp_problem *problem,
                              const struct numu_rcpsp_desk *desk, uint32_t job, uint32_t mode,
                              numu_period start) {
    const struct numu_project_calendar *calendar = problem->calendar[job];
    const uint64_t *need = &problem->need[(size_t)mode * problem->words];
    numu_period duration = problem->duration[mode];
    while (start < problem->horizon) {
        numu_period finish = numu_period_advance(calendar, start, duration);
        numu_period t = finish < problem->horizon ? finish : problem->horizon;
        while (t > start && has_room(&desk->free[(size_t)(t - 1) * problem->words], need,
                                     problem->guard, problem->words)) {
            t--;
        }
        if (t == start) {
            return start;
        }
        start = numu_period_next_worked(calendar, t);
    }
    return problem->horizon;
}

static bool decode_general(const struct numu_rcpsp_problem *problem, struct numu_rcpsp_desk *desk,
                           const uint32_t *list, struct numu_rcpsp_plan *plan) {
    reset_free(problem, desk);
    reset_events(problem, desk);
    for (uint32_t n = 0; n < problem->count; n++) {
        uint32_t job = list[n];
        uint32_t mode = plan->mode[job];
        numu_period duration = problem->duration[mode];
        numu_period start = asked_resume(problem, plan, job, duration);
        start = find_supply(problem, desk, mode, start);
        if (duration > 0) {
            start = numu_period_next_worked(problem->calendar[job], start);
            start = find_start(problem, desk, job, mode, start);
        }
        numu_period finish = numu_period_advance(problem->calendar[job], start, duration);
        if (start >= problem->horizon || finish > problem->horizon) {
            return false;
        }
        take_room(desk->free, start, finish, &problem->need[(size_t)mode * problem->words],
                  problem->words);
        take_supply(problem, desk, mode, start);
        plan->start[job] = start;
        plan->finish[job] = finish;
        desk->used = finish > desk->used ? finish : desk->used;
    }
    return true;
}

void numu_rcpsp_decode(const struct numu_rcpsp_problem *problem, struct numu_rcpsp_desk *desk,
                       const uint32_t *list, struct numu_rcpsp_plan *plan) {
    bool is_possible = true;
    if (problem->is_plain && problem->supply_length == 1) {
        decode_plain(problem, desk, list, plan);
    } else {
        is_possible = decode_general(problem, desk, list, plan);
    }
    plan->cost = is_possible ? numu_rcpsp_cost(problem, plan->finish) : INT64_MAX;
}

/* --- back --- */

/* The greatest resume that keeps the links out, the finish and the deadline. */
static numu_period allowed_resume(const struct numu_rcpsp_problem *problem,
                                  const struct numu_rcpsp_plan *plan, uint32_t job,
                                  numu_period finish) {
    const struct numu_project_calendar *calendar = problem->calendar[job];
    numu_period deadline = problem->deadline[job];
    if (deadline != NUMU_NO_PERIOD && deadline < finish) {
        finish = plan->finish[job] > deadline ? plan->finish[job] : deadline;
    }
    numu_period start = finish;
    for (uint32_t i = problem->first_after[job]; i < problem->first_after[job + 1]; i++) {
        uint8_t type = problem->after_type[i];
        uint32_t after = problem->after[i];
        numu_period point = (enters_finish(type) ? plan->finish : plan->start)[after];
        point = numu_period_retreat(calendar, point, problem->after_lag[i]);
        numu_period *bound = leaves_start(type) ? &start : &finish;
        *bound = point < *bound ? point : *bound;
    }
    numu_period duration = problem->duration[plan->mode[job]];
    numu_period resume = numu_period_retreat(calendar, finish, duration);
    resume = resume < start ? resume : start;
    return duration > 0 ? numu_period_retreat(calendar, resume + 1, 1) : resume;
}

/* The latest start from `start` back to `least` with room, or -1. */
static numu_period find_start_back(const struct numu_rcpsp_problem *problem,
                                   const struct numu_rcpsp_desk *desk, uint32_t job, uint32_t mode,
                                   numu_period start, numu_period least) {
    const struct numu_project_calendar *calendar = problem->calendar[job];
    const uint64_t *need = &problem->need[(size_t)mode * problem->words];
    numu_period duration = problem->duration[mode];
    while (start >= least) {
        numu_period finish = numu_period_advance(calendar, start, duration);
        numu_period t = start;
        while (t < finish && has_room(&desk->free[(size_t)t * problem->words], need, problem->guard,
                                      problem->words)) {
            t++;
        }
        if (t == finish) {
            return start;
        }
        if (t == 0) {
            break;
        }
        start = numu_period_retreat(calendar, t, duration); /* finish at t, or before a rest */
    }
    return -1;
}

bool numu_rcpsp_decode_back(const struct numu_rcpsp_problem *problem, struct numu_rcpsp_desk *desk,
                            const uint32_t *list, numu_period finish,
                            struct numu_rcpsp_plan *plan) {
    reset_free(problem, desk);
    desk->used = finish;
    for (uint32_t n = problem->count; n-- > 0;) {
        uint32_t job = list[n];
        uint32_t mode = plan->mode[job];
        numu_period least = problem->release[job];
        numu_period start = allowed_resume(problem, plan, job, finish);
        if (problem->duration[mode] > 0) {
            start = find_start_back(problem, desk, job, mode, start, least);
        }
        if (start < least) {
            return false;
        }
        plan->start[job] = start;
        plan->finish[job] =
            numu_period_advance(problem->calendar[job], start, problem->duration[mode]);
        take_room(desk->free, start, plan->finish[job],
                  &problem->need[(size_t)mode * problem->words], problem->words);
    }
    return true;
}
