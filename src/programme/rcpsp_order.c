/*
 * rcpsp_order.c - lists of jobs that keep links, and the longest ways to and from a job.
 */
#include "programme/rcpsp_problem.h"

#include <string.h>

numu_status numu_rcpsp_sorter_take(const struct numu_rcpsp_problem *problem,
                                   struct numu_arena *arena, struct numu_rcpsp_sorter *out) {
    struct numu_rcpsp_sorter sorter = {0};
    NUMU_TRY(NUMU_TAKE(arena, &sorter.heap, problem->count));
    NUMU_TRY(NUMU_TAKE(arena, &sorter.other, problem->count));
    NUMU_TRY(NUMU_TAKE(arena, &sorter.waiting, problem->count));
    *out = sorter;
    return NUMU_OK;
}

/* --- digit by digit, from the last, where keys keep links by themselves --- */

enum { DIGIT_BITS = 7, DIGITS = 1 << DIGIT_BITS };

/* Stable by one digit of the keys, so that ties stay by number. */
static void sort_by_digit(const uint64_t *from, uint32_t count, uint32_t shift, uint64_t *to) {
    uint32_t place[DIGITS + 1] = {0};
    for (uint32_t i = 0; i < count; i++) {
        place[(from[i] >> shift & (DIGITS - 1)) + 1]++;
    }
    for (uint32_t d = 1; d < DIGITS; d++) {
        place[d] += place[d - 1];
    }
    for (uint32_t i = 0; i < count; i++) {
        to[place[from[i] >> shift & (DIGITS - 1)]++] = from[i];
    }
}

static void sort_free(const struct numu_rcpsp_problem *problem, struct numu_rcpsp_sorter *sorter,
                      const numu_period *key, int64_t least, int64_t most, uint32_t *list) {
    uint64_t *from = sorter->heap, *to = sorter->other;
    for (uint32_t j = 0; j < problem->count; j++) {
        from[j] = (uint64_t)(key[j] - least) << 32 | j;
    }
    for (uint32_t digit = 0; (most - least) >> digit * DIGIT_BITS > 0; digit++) {
        sort_by_digit(from, problem->count, 32 + digit * DIGIT_BITS, to);
        uint64_t *sorted = to;
        to = from;
        from = sorted;
    }
    for (uint32_t j = 0; j < problem->count; j++) {
        list[j] = (uint32_t)from[j];
    }
}

/* --- a heap of jobs whose turn it may be --- */

static uint64_t entry_of(numu_period key, uint32_t job) {
    return (uint64_t)((int64_t)key - INT32_MIN) << 32 | job;
}

static void push(uint64_t *heap, uint32_t *count, uint64_t entry) {
    uint32_t hole = (*count)++;
    while (hole > 0 && heap[(hole - 1) / 2] > entry) {
        heap[hole] = heap[(hole - 1) / 2];
        hole = (hole - 1) / 2;
    }
    heap[hole] = entry;
}

static uint32_t pop(uint64_t *heap, uint32_t *count) {
    uint32_t least = (uint32_t)heap[0];
    uint64_t last = heap[--*count];
    size_t hole = 0;
    for (size_t child = 1; child < *count; child = 2 * hole + 1) {
        if (child + 1 < *count && heap[child + 1] < heap[child]) {
            child++;
        }
        if (heap[child] >= last) {
            break;
        }
        heap[hole] = heap[child];
        hole = child;
    }
    heap[hole] = last;
    return least;
}

static void sort_linked(const struct numu_rcpsp_problem *problem, struct numu_rcpsp_sorter *sorter,
                        const numu_period *key, uint32_t *list) {
    uint32_t ready = 0;
    uint32_t count = 0;
    for (uint32_t j = 0; j < problem->count; j++) {
        sorter->waiting[j] = problem->first_before[j + 1] - problem->first_before[j];
        if (sorter->waiting[j] == 0) {
            push(sorter->heap, &ready, entry_of(key[j], j));
        }
    }
    while (ready > 0) {
        uint32_t job = pop(sorter->heap, &ready);
        list[count++] = job;
        for (uint32_t i = problem->first_after[job]; i < problem->first_after[job + 1]; i++) {
            uint32_t after = problem->after[i];
            if (--sorter->waiting[after] == 0) {
                push(sorter->heap, &ready, entry_of(key[after], after));
            }
        }
    }
}

void numu_rcpsp_order(const struct numu_rcpsp_problem *problem, struct numu_rcpsp_sorter *sorter,
                      const numu_period *key, bool keeps_links, uint32_t *list) {
    int64_t least = INT32_MAX;
    int64_t most = INT32_MIN;
    if (!keeps_links) {
        sort_linked(problem, sorter, key, list);
        return;
    }
    for (uint32_t j = 0; j < problem->count; j++) {
        least = key[j] < least ? key[j] : least;
        most = key[j] > most ? key[j] : most;
    }
    sort_free(problem, sorter, key, least, most, list);
}

/* --- longest ways --- */

void numu_rcpsp_tails(const struct numu_rcpsp_problem *problem, numu_period end,
                      numu_period *tail) {
    for (uint32_t j = problem->count; j-- > 0;) {
        numu_period duration = numu_rcpsp_durations(problem, j).least;
        numu_period deadline = problem->deadline[j];
        tail[j] = duration + (deadline != NUMU_NO_PERIOD && deadline < end ? end - deadline : 0);
        for (uint32_t i = problem->first_after[j]; i < problem->first_after[j + 1]; i++) {
            uint8_t type = problem->after_type[i];
            uint32_t after = problem->after[i];
            numu_period way = problem->after_lag[i] + tail[after];
            way += numu_link_leaves_start(type) ? 0 : duration;
            way -= numu_link_enters_finish(type) ? numu_rcpsp_durations(problem, after).most : 0;
            tail[j] = way > tail[j] ? way : tail[j];
        }
    }
}

/* Raises both to what must be, given that the finish is no earlier than `point`. */
static void raise_by_finish(const struct numu_project_calendar *calendar, numu_period point,
                            struct numu_rcpsp_range duration, numu_period *start,
                            numu_period *finish) {
    if (point > 0) {
        numu_period least = numu_period_retreat(calendar, point - 1, duration.most) + 1;
        *start = least > *start ? least : *start;
        *finish = point > *finish ? point : *finish;
    }
}

numu_period numu_rcpsp_heads(const struct numu_rcpsp_problem *problem, numu_period *start,
                             numu_period *finish) {
    numu_period last = problem->count == 0 ? problem->project->data_date : 0;
    for (uint32_t j = 0; j < problem->count; j++) {
        const struct numu_project_calendar *calendar = problem->calendar[j];
        struct numu_rcpsp_range duration = numu_rcpsp_durations(problem, j);
        numu_period s = problem->release[j];
        numu_period f = 0;
        raise_by_finish(calendar, problem->finish_min[j], duration, &s, &f);
        for (uint32_t i = problem->first_before[j]; i < problem->first_before[j + 1]; i++) {
            uint8_t type = problem->before_type[i];
            uint32_t before = problem->before[i];
            numu_period point = (numu_link_leaves_start(type) ? start : finish)[before];
            point = numu_period_advance(problem->calendar[before], point, problem->before_lag[i]);
            if (numu_link_enters_finish(type)) {
                raise_by_finish(calendar, point, duration, &s, &f);
            } else {
                s = point > s ? point : s;
            }
        }
        s = duration.least > 0 ? numu_period_next_worked(calendar, s) : s;
        numu_period end = numu_period_advance(calendar, s, duration.least);
        start[j] = s;
        finish[j] = end > f ? end : f;
        last = finish[j] > last ? finish[j] : last;
    }
    return last;
}
