/*
 * rcpsp_room.h - what is free, and where a job can start: the inside of the decoders.
 *
 * Small and hot, so it stands here inline: the decoders are compiled for one word, for two, and for
 * any number ([S1] of rcpsp_problem.h).
 */
#ifndef NUMU_PROGRAMME_RCPSP_ROOM_H
#define NUMU_PROGRAMME_RCPSP_ROOM_H

#include "programme/rcpsp_problem.h"

static inline void numu_rcpsp_reset_free(const struct numu_rcpsp_problem *problem,
                                         struct numu_rcpsp_desk *desk) {
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

static inline bool numu_rcpsp_has_room(const uint64_t *free, const uint64_t *need, uint64_t guard,
                                       uint32_t words) {
    for (uint32_t w = 0; w < words; w++) {
        if ((((free[w] | guard) - need[w]) & guard) != guard) {
            return false;
        }
    }
    return true;
}

/* The earliest window of `length` periods from `from` on with room for the need. */
static inline numu_period numu_rcpsp_find_room(const uint64_t *free, numu_period from,
                                               numu_period length, const uint64_t *need,
                                               uint64_t guard, uint32_t words) {
    numu_period known = from; /* [from, known) has room */
    for (;;) {
        numu_period t = from + length;
        while (t > known &&
               numu_rcpsp_has_room(&free[(size_t)(t - 1) * words], need, guard, words)) {
            t--;
        }
        if (t == known) {
            return from;
        }
        known = from + length;
        from = t;
    }
}

static inline void numu_rcpsp_take_room(uint64_t *free, numu_period from, numu_period to,
                                        const uint64_t *need, uint32_t words) {
    for (numu_period t = from; t < to; t++) {
        for (uint32_t w = 0; w < words; w++) {
            free[(size_t)t * words + w] -= need[w];
        }
    }
}

/* Gives a job its start: in the plan, and in what is free. */
static inline void numu_rcpsp_start_at(const struct numu_rcpsp_problem *problem,
                                       struct numu_rcpsp_desk *desk, struct numu_rcpsp_plan *plan,
                                       uint32_t job, numu_period start, uint32_t words) {
    uint32_t mode = plan->mode[job];
    numu_period finish = start + problem->duration[mode];
    numu_rcpsp_take_room(desk->free, start, finish, &problem->need[(size_t)mode * words], words);
    plan->start[job] = start;
    plan->finish[job] = finish;
    desk->used = finish > desk->used ? finish : desk->used;
}

/* Whether the n-th job is not to be placed any more; looked at seldom, since it is asked often. */
static inline bool numu_rcpsp_is_given_up(const struct numu_rcpsp_desk *desk, uint32_t n) {
    return n % 16 == 15 && desk->context != NULL && numu_context_is_stopped(desk->context);
}

/* What links and dates ask of a job's start, where every period is worked. */
static inline numu_period numu_rcpsp_asked_start(const struct numu_rcpsp_problem *problem,
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
            bool leaves_start = numu_link_leaves_start(type);
            bool enters_finish = numu_link_enters_finish(type);
            numu_period point = (leaves_start ? plan->start : plan->finish)[before] +
                                problem->before_lag[i] - (enters_finish ? duration : 0);
            asked = point > asked ? point : asked;
        }
    }
    numu_period least = problem->finish_min[job] - duration;
    return least > asked ? least : asked;
}

static inline numu_period numu_rcpsp_find_start(const struct numu_rcpsp_problem *problem,
                                                const struct numu_rcpsp_desk *desk,
                                                const struct numu_rcpsp_plan *plan, uint32_t job,
                                                uint32_t mode, uint32_t words) {
    numu_period duration = problem->duration[mode];
    return numu_rcpsp_find_room(desk->free, numu_rcpsp_asked_start(problem, plan, job, duration),
                                duration, &problem->need[(size_t)mode * words], problem->guard,
                                words);
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
numu_period numu_rcpsp_find_start_general(const struct numu_rcpsp_problem *problem,
                                          const struct numu_rcpsp_desk *desk,
                                          const struct numu_rcpsp_plan *plan, uint32_t job,
                                          uint32_t mode, numu_period *out_finish);

/* The same from a time on that is no earlier than links and dates ask for. */
numu_period numu_rcpsp_find_start_from(const struct numu_rcpsp_problem *problem,
                                       const struct numu_rcpsp_desk *desk, uint32_t job,
                                       uint32_t mode, numu_period from, numu_period *out_finish);

void numu_rcpsp_start_at_general(const struct numu_rcpsp_problem *problem,
                                 struct numu_rcpsp_desk *desk, struct numu_rcpsp_plan *plan,
                                 uint32_t job, numu_period start, numu_period finish);

/* All is free, timed resources, too. */
void numu_rcpsp_reset_general(const struct numu_rcpsp_problem *problem,
                              struct numu_rcpsp_desk *desk);

#endif
