/*
 * rcpsp_pack.c - serial schedule generation, but for a stretch of the list that is packed.
 *
 * Where resources bind, a schedule is as short as its gaps are few, and the order of a list knows
 * nothing of gaps. So in the stretch time goes on from start to start, and of the jobs that can
 * start then those do that together take most of what is scarce: a small knapsack of as many
 * dimensions as there are resources (in the parallel scheme: E. N. Goncharov, "A hybrid heuristic
 * algorithm for the resource-constrained project scheduling problem", arXiv 2502.18330, 2025).
 *
 * [P1] A job is worth its density, numu_rcpsp_problem.density, the less the later it stands in the
 *      list: by exp(-places / reach). A short reach keeps the order, a long one packs.
 * [P2] The knapsack is that of one period, solved by branch and bound over the first jobs of the
 *      list that can start in it. What it leaves out starts as well where there is room after all.
 * [P3] Jobs wait by the period in which they can start as far as is known, so that a period costs
 *      what is done in it, however many jobs wait for later ones.
 * [P4] Links into finishes, and long leads, let a job start before the one that it waits for, whose
 *      start time has reached: it starts where it can, by itself, before anything else does.
 */
#include "programme/rcpsp_room.h"

#include <math.h>
#include <stdlib.h>

enum {
    ITEMS_MAX = 10,    /* of a knapsack: at most 2^10 sets to look at */
    INSERTED_MAX = 24, /* places that are sorted by insertion */
};

static const uint32_t placed = UINT32_MAX; /* in desk->waiting */

struct packing {
    const struct numu_rcpsp_problem *problem;
    struct numu_rcpsp_desk *desk; /* eligible: places of those that can start now, ascending */
    const uint32_t *list;
    const struct numu_rcpsp_stretch *stretch;
    struct numu_rcpsp_plan *plan;
    numu_period now;
    uint32_t eligible_count;
    uint32_t later_count; /* [P3] */
    bool is_uniform;
    bool is_lost; /* some job has no place */
};

struct item {
    uint32_t job;
    const uint64_t *need;
    double value;
};

struct knapsack {
    const struct numu_rcpsp_problem *problem;
    uint64_t *room; /* what is free now */
    uint32_t count;
    struct item item[ITEMS_MAX];
    double rest[ITEMS_MAX + 1]; /* value of an item and all after it */
    uint32_t best;              /* a set: a bit for each item */
    double best_value;
};

/* --- the knapsack, [P2] --- */

static void change_room(const struct knapsack *sack, const uint64_t *need, bool takes) {
    for (uint32_t w = 0; w < sack->problem->words; w++) {
        sack->room[w] = takes ? sack->room[w] - need[w] : sack->room[w] + need[w];
    }
}

/* Looks at all sets that have these of the items before `i`; leaves the room as it was. */
static void fill(struct knapsack *sack, uint32_t i, uint32_t set, double value) {
    const struct numu_rcpsp_problem *problem = sack->problem;
    if (value > sack->best_value) {
        sack->best_value = value;
        sack->best = set;
    }
    if (i == sack->count || value + sack->rest[i] <= sack->best_value) {
        return;
    }
    const struct item *item = &sack->item[i];
    if (numu_rcpsp_has_room(sack->room, item->need, problem->guard, problem->words)) {
        change_room(sack, item->need, true);
        fill(sack, i + 1, set | 1U << i, value + item->value);
        change_room(sack, item->need, false);
    }
    fill(sack, i + 1, set, value);
}

static void choose(struct knapsack *sack) {
    if (sack->count == 1) {
        sack->best = 1; /* a job of no duration needs nothing, whatever it says */
        return;
    }
    sack->rest[sack->count] = 0;
    for (uint32_t i = sack->count; i-- > 0;) {
        sack->rest[i] = sack->rest[i + 1] + sack->item[i].value;
    }
    fill(sack, 0, 0, 0);
    numu_assert(sack->count == 0 || sack->best != 0); /* the first is worth something and fits */
}

/* --- a job --- */

static numu_period duration_of(const struct packing *packing, uint32_t job) {
    return packing->problem->duration[packing->plan->mode[job]];
}

static const uint64_t *need_of(const struct packing *packing, uint32_t job) {
    const struct numu_rcpsp_problem *problem = packing->problem;
    return &problem->need[(size_t)packing->plan->mode[job] * problem->words];
}

/* The horizon where there is none. */
static struct numu_rcpsp_place find_start(const struct packing *packing, uint32_t job) {
    const struct numu_rcpsp_problem *problem = packing->problem;
    uint32_t mode = packing->plan->mode[job];
    numu_period finish;
    return packing->is_uniform ? numu_rcpsp_find_start(problem, packing->desk, packing->plan, job,
                                                       mode, problem->words)
                               : numu_rcpsp_find_start_general(problem, packing->desk,
                                                               packing->plan, job, mode, &finish);
}

static void start_at(const struct packing *packing, uint32_t job, struct numu_rcpsp_place place) {
    const struct numu_rcpsp_problem *problem = packing->problem;
    numu_period duration = duration_of(packing, job);
    if (packing->is_uniform) {
        numu_rcpsp_start_at(problem, packing->desk, packing->plan, job, place,
                            place.time + duration, problem->words);
    } else {
        numu_period finish = numu_period_advance(problem->calendar[job], place.time, duration);
        numu_rcpsp_start_at_general(problem, packing->desk, packing->plan, job, place, finish);
    }
}

/* Where periods are alike all fits somewhere. */
static bool is_beyond(const struct packing *packing, numu_period start) {
    return !packing->is_uniform && start >= packing->problem->horizon;
}

/* Whether all were placed: one may not fit, and the context may say to stop. */
static bool place_serially(const struct packing *packing, uint32_t from, uint32_t until) {
    bool is_whole = true;
    for (uint32_t n = from; is_whole && n < until; n++) {
        uint32_t job = packing->list[n];
        struct numu_rcpsp_place place = find_start(packing, job);
        is_whole = !is_beyond(packing, place.time) && !numu_rcpsp_is_given_up(packing->desk, n);
        if (is_whole) {
            start_at(packing, job, place);
        }
    }
    return is_whole;
}

/* --- who waits, [P3] --- */

static void insert_eligible(struct packing *packing, uint32_t place) {
    uint32_t *eligible = packing->desk->eligible;
    uint32_t i = packing->eligible_count++;
    while (i > 0 && eligible[i - 1] > place) {
        eligible[i] = eligible[i - 1];
        i--;
    }
    eligible[i] = place;
}

/* Until the job is ready, which it is not now. */
static void wait_for_later(struct packing *packing, uint32_t job) {
    struct numu_rcpsp_desk *desk = packing->desk;
    numu_period ready = desk->ready[job];
    if (is_beyond(packing, ready)) {
        packing->is_lost = true;
        return;
    }
    desk->next_ready[job] = desk->first_ready[ready];
    desk->first_ready[ready] = 1 + job;
    packing->later_count++;
}

static void say_ready(const struct packing *packing, uint32_t job, struct numu_rcpsp_place place) {
    packing->desk->ready[job] = place.time;
    packing->desk->near_end[job] = place.step;
}

/* All before it are placed. */
static void make_eligible(struct packing *packing, uint32_t place) {
    uint32_t job = packing->list[place];
    say_ready(packing, job, find_start(packing, job));
    if (packing->desk->ready[job] <= packing->now) {
        insert_eligible(packing, place);
    } else {
        wait_for_later(packing, job);
    }
}

static int compare_places(const void *a, const void *b) {
    uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
    return (x > y) - (x < y);
}

/* The next period for which somebody waits; there is one. Nobody is eligible. */
static void go_on(struct packing *packing) {
    struct numu_rcpsp_desk *desk = packing->desk;
    uint32_t count = 0;
    do {
        packing->now++;
    } while (desk->first_ready[packing->now] == 0);
    for (uint32_t n = desk->first_ready[packing->now]; n != 0; n = desk->next_ready[n - 1]) {
        desk->eligible[count++] = desk->place[n - 1];
    }
    desk->first_ready[packing->now] = 0;
    packing->later_count -= count;
    if (count > INSERTED_MAX) {
        qsort(desk->eligible, count, sizeof *desk->eligible, compare_places);
        packing->eligible_count = count;
    } else {
        while (packing->eligible_count < count) {
            insert_eligible(packing, desk->eligible[packing->eligible_count]);
        }
    }
}

/* Nobody waits any more, where a schedule was given up. */
static void forget_later(const struct packing *packing) {
    const struct numu_rcpsp_desk *desk = packing->desk;
    for (uint32_t n = packing->stretch->from; n < packing->stretch->until; n++) {
        uint32_t job = packing->list[n];
        if (desk->waiting[job] == 0) {
            desk->first_ready[desk->ready[job]] = 0;
        }
    }
}

/* --- the stretch --- */

/* Where a job was said to be ready. */
static struct numu_rcpsp_place place_of(const struct packing *packing, uint32_t job) {
    const struct numu_rcpsp_desk *desk = packing->desk;
    uint32_t near = desk->near_end[job];
    numu_period ready = desk->ready[job];
    return (struct numu_rcpsp_place){ready, numu_rcpsp_step_at(&desk->room, near, ready)};
}

/* Says anew when a job is ready; whether that is now, or was before [P4]. */
static bool is_ready(const struct packing *packing, uint32_t job) {
    const struct numu_rcpsp_problem *problem = packing->problem;
    struct numu_rcpsp_place place = place_of(packing, job);
    numu_period finish;
    place = packing->is_uniform
                ? numu_rcpsp_find_room(&packing->desk->room, place, duration_of(packing, job),
                                       need_of(packing, job), problem->guard, problem->words)
                : numu_rcpsp_find_start_from(problem, packing->desk, job, packing->plan->mode[job],
                                             place, &finish);
    say_ready(packing, job, place);
    return place.time <= packing->now && !is_beyond(packing, place.time);
}

/*
 * What can start now; by itself a job of no duration, or one that is to start before now. Who
 * cannot after all waits for later.
 */
static void collect(struct packing *packing, struct knapsack *sack) {
    const struct numu_rcpsp_problem *problem = packing->problem;
    struct numu_rcpsp_desk *desk = packing->desk;
    uint32_t first = 0, kept = 0, i = 0;
    bool is_alone = false;
    while (i < packing->eligible_count && sack->count < ITEMS_MAX && !is_alone) {
        uint32_t place = desk->eligible[i++];
        uint32_t job = packing->list[place];
        if (!is_ready(packing, job)) {
            wait_for_later(packing, job);
            continue;
        }
        desk->eligible[kept++] = place;
        is_alone = duration_of(packing, job) == 0 || desk->ready[job] < packing->now;
        sack->count = is_alone ? 0 : sack->count;
        first = sack->count == 0 ? place : first;
        sack->room = &desk->room.free[(size_t)desk->near_end[job] * problem->words];
        sack->item[sack->count++] = (struct item){
            .job = job,
            .need = need_of(packing, job),
            .value = problem->density[packing->plan->mode[job]] *
                     exp(-(double)(place - first) / packing->stretch->reach),
        };
    }
    while (i < packing->eligible_count) {
        desk->eligible[kept++] = desk->eligible[i++];
    }
    packing->eligible_count = kept;
}

static void start_ready(const struct packing *packing, uint32_t job) {
    start_at(packing, job, place_of(packing, job));
    packing->desk->waiting[job] = placed;
}

/* Starts what was chosen, as far as later periods have room, too. */
static void start_chosen(const struct packing *packing, const struct knapsack *sack) {
    for (uint32_t i = 0; i < sack->count; i++) {
        uint32_t job = sack->item[i].job;
        if ((sack->best >> i & 1) != 0 && is_ready(packing, job)) {
            start_ready(packing, job);
        }
    }
}

static void release_after(struct packing *packing, uint32_t job) {
    const struct numu_rcpsp_problem *problem = packing->problem;
    struct numu_rcpsp_desk *desk = packing->desk;
    for (uint32_t i = problem->first_after[job]; i < problem->first_after[job + 1]; i++) {
        uint32_t after = problem->after[i];
        if (--desk->waiting[after] == 0 && desk->place[after] < packing->stretch->until) {
            make_eligible(packing, desk->place[after]);
        }
    }
}

/* What has started leaves those that may; who waited for it may start. */
static void settle(struct packing *packing, const struct knapsack *sack) {
    struct numu_rcpsp_desk *desk = packing->desk;
    uint32_t kept = 0;
    for (uint32_t i = 0; i < packing->eligible_count; i++) {
        uint32_t job = packing->list[desk->eligible[i]];
        if (desk->waiting[job] != placed && desk->ready[job] <= packing->now) {
            desk->eligible[kept++] = desk->eligible[i];
        } else if (desk->waiting[job] != placed) {
            wait_for_later(packing, job);
        }
    }
    packing->eligible_count = kept;
    for (uint32_t i = 0; i < sack->count; i++) {
        if (desk->waiting[sack->item[i].job] == placed) {
            release_after(packing, sack->item[i].job);
        }
    }
}

/* Of those that can start now the best together; somebody can, or waits for later then. */
static void start_best(struct packing *packing) {
    struct knapsack sack = {.problem = packing->problem};
    collect(packing, &sack);
    choose(&sack);
    start_chosen(packing, &sack);
    settle(packing, &sack);
}

/*
 * All that can start now, in the order of the list. Whom a job of no duration releases stands
 * behind it, and has its turn as well.
 */
static void start_in_order(struct packing *packing) {
    for (uint32_t i = 0; i < packing->eligible_count; i++) {
        uint32_t job = packing->list[packing->desk->eligible[i]];
        if (is_ready(packing, job)) {
            start_ready(packing, job);
            release_after(packing, job);
        } else {
            wait_for_later(packing, job);
        }
    }
    packing->eligible_count = 0;
}

static void begin_stretch(struct packing *packing) {
    const struct numu_rcpsp_problem *problem = packing->problem;
    const struct numu_rcpsp_stretch *stretch = packing->stretch;
    struct numu_rcpsp_desk *desk = packing->desk;
    memset(desk->waiting, 0, problem->count * sizeof *desk->waiting);
    for (uint32_t n = stretch->from; n < problem->count; n++) {
        uint32_t job = packing->list[n];
        desk->place[job] = n;
        for (uint32_t i = problem->first_after[job]; i < problem->first_after[job + 1]; i++) {
            desk->waiting[problem->after[i]]++;
        }
    }
    for (uint32_t n = stretch->from; n < stretch->until; n++) {
        if (desk->waiting[packing->list[n]] == 0) {
            make_eligible(packing, n);
        }
    }
}

/* Whether it was packed whole, as there. */
static bool pack(struct packing *packing) {
    begin_stretch(packing);
    bool is_whole = !packing->is_lost;
    for (uint32_t n = 0; is_whole && packing->eligible_count + packing->later_count > 0; n++) {
        if (packing->eligible_count == 0) {
            go_on(packing);
        }
        if (packing->stretch->reach > 0) {
            start_best(packing);
        } else {
            start_in_order(packing);
        }
        is_whole = !packing->is_lost && !numu_rcpsp_is_given_up(packing->desk, n);
    }
    if (!is_whole) {
        forget_later(packing);
    }
    return is_whole;
}

void numu_rcpsp_decode_packed(const struct numu_rcpsp_problem *problem,
                              struct numu_rcpsp_desk *desk, const uint32_t *list,
                              const struct numu_rcpsp_stretch *stretch,
                              struct numu_rcpsp_plan *plan) {
    struct packing packing = {
        .problem = problem,
        .desk = desk,
        .list = list,
        .stretch = stretch,
        .plan = plan,
        .now = -1,
        .is_uniform = numu_rcpsp_is_uniform(problem),
    };
    numu_assert(stretch->until <= problem->count);
    desk->placed += problem->count;
    numu_rcpsp_reset_general(problem, desk);
    bool is_whole = place_serially(&packing, 0, stretch->from) && pack(&packing) &&
                    place_serially(&packing, stretch->until, problem->count);
    plan->cost = is_whole ? numu_rcpsp_cost(problem, plan->finish) : INT64_MAX;
}
