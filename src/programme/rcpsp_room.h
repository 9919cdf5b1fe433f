/*
 * rcpsp_room.h - what is free, and where a job can start: the inside of the decoders.
 *
 * Small and hot, so it stands here inline: the decoders are compiled for one word, for two, and for
 * any number ([S1] of rcpsp_problem.h).
 */
#ifndef NUMU_PROGRAMME_RCPSP_ROOM_H
#define NUMU_PROGRAMME_RCPSP_ROOM_H

#include "programme/rcpsp_problem.h"

static NUMU_HOT_INLINE bool numu_rcpsp_has_room(const uint64_t *free, const uint64_t *need,
                                                uint64_t guard, uint32_t words) {
    for (uint32_t w = 0; w < words; w++) {
        if ((((free[w] | guard) - need[w]) & guard) != guard) {
            return false;
        }
    }
    return true;
}

/* The step that a time lies in, from one that is near. */
static NUMU_HOT_INLINE uint32_t numu_rcpsp_step_at(const struct numu_rcpsp_room *room,
                                                   uint32_t near, numu_period time) {
    const struct numu_rcpsp_step *step = room->step;
    while (step[near].from > time) {
        near = step[near].before;
    }
    while (step[near].until <= time) {
        near = step[near].next;
    }
    return near;
}

/* The earliest place of `length` periods from another on with room for the need; there is one. */
static NUMU_HOT_INLINE struct numu_rcpsp_place
numu_rcpsp_find_room(const struct numu_rcpsp_room *room, struct numu_rcpsp_place place,
                     numu_period length, const uint64_t *need, uint64_t guard, uint32_t words) {
    const struct numu_rcpsp_step *step = room->step;
    uint32_t i = place.step;
    while (length > 0) {
        if (!numu_rcpsp_has_room(&room->free[(size_t)i * words], need, guard, words)) {
            place = (struct numu_rcpsp_place){step[i].until, step[i].next};
        } else if (step[i].until - place.time >= length) {
            break;
        }
        i = step[i].next;
    }
    return place;
}

/* Cuts a step in two at a time within; the number of the later part. */
static NUMU_HOT_INLINE uint32_t numu_rcpsp_cut_step(struct numu_rcpsp_room *room, uint32_t i,
                                                    numu_period time, uint32_t words) {
    uint32_t later = room->count++;
    struct numu_rcpsp_step *step = &room->step[i];
    room->step[later] = (struct numu_rcpsp_step){time, step->until, step->next, i};
    room->step[step->next].before = later;
    step->next = later;
    step->until = time;
    for (uint32_t w = 0; w < words; w++) {
        room->free[(size_t)later * words + w] = room->free[(size_t)i * words + w];
    }
    return later;
}

/* What was taken: the step that begins it, and the one that begins after it. */
struct numu_rcpsp_taken {
    uint32_t first, after;
};

/* Takes the need from a place until a time; of no time both steps are the one of the place. */
static NUMU_HOT_INLINE struct numu_rcpsp_taken
numu_rcpsp_take_room(struct numu_rcpsp_room *room, struct numu_rcpsp_place place, numu_period until,
                     const uint64_t *need, uint32_t words) {
    struct numu_rcpsp_taken taken = {place.step, place.step};
    if (place.time < until && room->step[place.step].from < place.time) {
        taken.first = numu_rcpsp_cut_step(room, place.step, place.time, words);
    }
    uint32_t i = taken.first;
    for (numu_period time = place.time; time < until; time = room->step[i].from) {
        if (room->step[i].until > until) {
            (void)numu_rcpsp_cut_step(room, i, until, words);
        }
        for (uint32_t w = 0; w < words; w++) {
            room->free[(size_t)i * words + w] -= need[w];
        }
        i = room->step[i].next;
    }
    taken.after = i;
    room->used = until > room->used ? until : room->used;
    return taken;
}

/* Gives a job its start: in the plan, and in what is free. */
static NUMU_HOT_INLINE void numu_rcpsp_start_at(const struct numu_rcpsp_problem *problem,
                                                struct numu_rcpsp_desk *desk,
                                                struct numu_rcpsp_plan *plan, uint32_t job,
                                                struct numu_rcpsp_place place, numu_period finish,
                                                uint32_t words) {
    const uint64_t *need = &problem->need[(size_t)plan->mode[job] * words];
    struct numu_rcpsp_taken taken = numu_rcpsp_take_room(&desk->room, place, finish, need, words);
    desk->near = taken.first;
    desk->near_end[job] = taken.after;
    plan->start[job] = place.time;
    plan->finish[job] = finish;
}

/* Whether the n-th job is not to be placed any more; looked at seldom, since it is asked often. */
static inline bool numu_rcpsp_is_given_up(const struct numu_rcpsp_desk *desk, uint32_t n) {
    return n % 16 == 15 && desk->context != NULL && numu_context_is_stopped(desk->context);
}

/* The latest finish of those before a job; without any 0, and near where one was placed last. */
static NUMU_HOT_INLINE struct numu_rcpsp_place
numu_rcpsp_end_of_before(const struct numu_rcpsp_problem *problem,
                         const struct numu_rcpsp_desk *desk, const struct numu_rcpsp_plan *plan,
                         uint32_t job) {
    struct numu_rcpsp_place last = {0, desk->near};
    for (uint32_t i = problem->first_before[job]; i < problem->first_before[job + 1]; i++) {
        uint32_t before = problem->before[i];
        if (plan->finish[before] >= last.time) {
            last = (struct numu_rcpsp_place){plan->finish[before], desk->near_end[before]};
        }
    }
    return last;
}

/* What links ask of a job's start, where every period is worked. */
static inline numu_period numu_rcpsp_linked_start(const struct numu_rcpsp_problem *problem,
                                                  const struct numu_rcpsp_plan *plan, uint32_t job,
                                                  numu_period duration) {
    numu_period asked = 0;
    for (uint32_t i = problem->first_before[job]; i < problem->first_before[job + 1]; i++) {
        uint8_t type = problem->before_type[i];
        uint32_t before = problem->before[i];
        bool leaves_start = numu_link_leaves_start(type);
        bool enters_finish = numu_link_enters_finish(type);
        numu_period point = (leaves_start ? plan->start : plan->finish)[before] +
                            problem->before_lag[i] - (enters_finish ? duration : 0);
        asked = point > asked ? point : asked;
    }
    return asked;
}

/* Where links and dates ask for a job's start, where every period is worked. */
static NUMU_HOT_INLINE struct numu_rcpsp_place
numu_rcpsp_asked_start(const struct numu_rcpsp_problem *problem, const struct numu_rcpsp_desk *desk,
                       const struct numu_rcpsp_plan *plan, uint32_t job, numu_period duration) {
    struct numu_rcpsp_place place = numu_rcpsp_end_of_before(problem, desk, plan, job);
    numu_period release = problem->release[job], least = problem->finish_min[job] - duration;
    numu_period asked =
        problem->is_simple ? place.time : numu_rcpsp_linked_start(problem, plan, job, duration);
    asked = release > asked ? release : asked;
    asked = least > asked ? least : asked;
    return (struct numu_rcpsp_place){asked, numu_rcpsp_step_at(&desk->room, place.step, asked)};
}

static NUMU_HOT_INLINE struct numu_rcpsp_place
numu_rcpsp_find_start(const struct numu_rcpsp_problem *problem, const struct numu_rcpsp_desk *desk,
                      const struct numu_rcpsp_plan *plan, uint32_t job, uint32_t mode,
                      uint32_t words) {
    numu_period duration = problem->duration[mode];
    struct numu_rcpsp_place asked = numu_rcpsp_asked_start(problem, desk, plan, job, duration);
    return numu_rcpsp_find_room(&desk->room, asked, duration, &problem->need[(size_t)mode * words],
                                problem->guard, words);
}

/* --- where periods differ: calendars, supplies that vary, timed resources --- */

/*
 * The least start that dates and links into a job ask for, of those before it that are not marked
 * as unasked; NULL = of all.
 */
numu_period numu_rcpsp_asked_resume(const struct numu_rcpsp_problem *problem,
                                    const struct numu_rcpsp_plan *plan, uint32_t job,
                                    numu_period duration, const bool *is_unasked);

/*
 * The greatest start that the links out of a job, in the plan's mode, allow, a finish of the whole,
 * and its deadline (where it is late in the plan, that finish); of those after it likewise.
 */
numu_period numu_rcpsp_allowed_resume(const struct numu_rcpsp_problem *problem,
                                      const struct numu_rcpsp_plan *plan, uint32_t job,
                                      numu_period finish, const bool *is_unasked);

/* Where a job goes in a mode, and where it finishes; the horizon where it does not. */
struct numu_rcpsp_place numu_rcpsp_find_start_general(const struct numu_rcpsp_problem *problem,
                                                      const struct numu_rcpsp_desk *desk,
                                                      const struct numu_rcpsp_plan *plan,
                                                      uint32_t job, uint32_t mode,
                                                      numu_period *out_finish);

/* The same from a time on, in a step near, that is no earlier than links and dates ask for. */
struct numu_rcpsp_place numu_rcpsp_find_start_from(const struct numu_rcpsp_problem *problem,
                                                   const struct numu_rcpsp_desk *desk, uint32_t job,
                                                   uint32_t mode, struct numu_rcpsp_place from,
                                                   numu_period *out_finish);

void numu_rcpsp_start_at_general(const struct numu_rcpsp_problem *problem,
                                 struct numu_rcpsp_desk *desk, struct numu_rcpsp_plan *plan,
                                 uint32_t job, struct numu_rcpsp_place place, numu_period finish);

/* All is free, timed resources, too. */
void numu_rcpsp_reset_general(const struct numu_rcpsp_problem *problem,
                              struct numu_rcpsp_desk *desk);

#endif
