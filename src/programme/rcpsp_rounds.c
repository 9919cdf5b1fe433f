/*
 * rcpsp_rounds.c - rounds of windows over the plans that breeding left, [7] of
 * rcpsp_search_parts.h.
 */
#include "programme/rcpsp_search_parts.h"

#include "base/parallel.h"

#include <string.h>

enum {
    STARTS_A_SWEEP = 3000, /* most to spend on a plan before others come */
    STARTS_LEFT = 150,     /* fewer are not worth a window */
    LEVELS_A_PERIOD = 2,   /* a plan longer by a period is swept after so many levels of the best */
};

static numu_status sweep_plan(void *data, size_t index, unsigned number) {
    struct numu_search *search = data;
    struct numu_search_worker *worker = &search->workers[number];
    struct numu_rcpsp_plan *plan = &search->children[index].plan;
    struct numu_rcpsp_broom broom = {
        .desk = &worker->desk,
        .sorter = &worker->sorter,
        .list = worker->list,
        .start = worker->key,
        .mode = worker->mode,
        .late_by_finish = search->problem[0]->has_deadlines ? worker->tail : NULL,
        .late = &worker->spare,
        .scratch = &worker->scratch,
    };
    size_t place = search->swept[index];
    numu_rcpsp_plan_copy(search->count, &search->population[0][place], plan);
    if (index > 0 && numu_search_is_cut(search)) {
        return NUMU_OK;
    }
    return numu_rcpsp_sweep_plan(search->context, search->problem[0], &broom, search->sweep_starts,
                                 &search->sweep[place], plan);
}

/* Starts that the budget has left. */
static uint64_t starts_left(const struct numu_search *search) {
    uint64_t total = search->schedules_max > UINT64_MAX / (search->count + 1)
                         ? UINT64_MAX
                         : search->schedules_max * search->count;
    return total > search->placed ? total - search->placed : 0;
}

/* How many plans are swept in a round: as many as the budget has room for. */
static uint32_t sweeps_a_round(const struct numu_search *search) {
    uint64_t room = starts_left(search) / STARTS_A_SWEEP + 1;
    uint32_t most =
        search->size < NUMU_SEARCH_SWEEPS_A_ROUND ? search->size : NUMU_SEARCH_SWEEPS_A_ROUND;
    return room < most ? (uint32_t)room : most;
}

/* What each of them may give, what goes beyond it aside, so that the budget is kept. */
static uint64_t starts_a_sweep(const struct numu_search *search, uint32_t tasks) {
    numu_assert(tasks > 0);
    uint64_t each = starts_left(search) / tasks;
    uint64_t kept = 4 * (uint64_t)search->count;
    uint64_t most = each > kept ? each - kept : 0;
    return most < STARTS_A_SWEEP ? most : STARTS_A_SWEEP;
}

static bool is_same_plan(const struct numu_search *search, size_t a, size_t b) {
    const struct numu_rcpsp_plan *population = search->population[0];
    return population[a].cost == population[b].cost &&
           memcmp(population[a].start, population[b].start,
                  search->count * sizeof *population[a].start) == 0 &&
           memcmp(population[a].mode, population[b].mode,
                  search->count * sizeof *population[a].mode) == 0;
}

/* Each plan is to be swept once; that nothing is to be swept is told by a sweep that is over. */
static void begin_sweeps(struct numu_search *search) {
    for (uint32_t i = 0; i < search->size; i++) {
        bool is_new = search->population[0][i].cost != INT64_MAX;
        for (uint32_t k = 0; k < i && is_new; k++) {
            is_new = !is_same_plan(search, k, i);
        }
        search->sweep[i] = (struct numu_rcpsp_sweep){.level = is_new ? 0 : UINT32_MAX};
    }
}

/* Short plans come first, and of those the ones that were swept least. */
static int64_t rank_of(const struct numu_search *search, size_t place) {
    int64_t longer = search->population[0][place].cost - search->best.cost;
    return LEVELS_A_PERIOD * longer + search->sweep[place].level;
}

/* Chooses what to sweep in a round, by rank, then by place; returns how many. */
static uint32_t choose_swept(struct numu_search *search, uint32_t tasks) {
    uint32_t count = 0;
    for (size_t place = 0; place < search->size; place++) {
        if (numu_rcpsp_is_swept(search->problem[0], &search->sweep[place])) {
            continue;
        }
        int64_t rank = rank_of(search, place);
        uint32_t i = count < tasks ? count++ : count;
        while (i > 0 && rank_of(search, search->swept[i - 1]) > rank) {
            if (i < tasks) {
                search->swept[i] = search->swept[i - 1];
            }
            i--;
        }
        if (i < tasks) {
            search->swept[i] = place;
        }
    }
    return count;
}

static void settle_swept(struct numu_search *search, uint32_t count) {
    for (uint32_t i = 0; i < count; i++) {
        struct numu_rcpsp_plan *plan = &search->children[i].plan;
        struct numu_rcpsp_plan *before = &search->population[0][search->swept[i]];
        if (plan->cost < search->best.cost) {
            numu_rcpsp_plan_copy(search->count, plan, &search->best);
        }
        if (plan->cost < before->cost) {
            numu_search_swap_plans(plan, before);
        }
    }
}

numu_status numu_search_run_windows(struct numu_search *search) {
    struct numu_context context = *search->context;
    context.stop = NULL; /* each sweep looks at it, and the round ends whole */
    if (search->best.cost < search->population[0][0].cost) {
        numu_rcpsp_plan_copy(search->count, &search->best, &search->population[0][0]);
    }
    begin_sweeps(search);
    while (!numu_search_is_over(search)) {
        uint32_t tasks = sweeps_a_round(search);
        search->sweep_starts = starts_a_sweep(search, tasks);
        tasks = choose_swept(search, tasks);
        if (search->sweep_starts < STARTS_LEFT || tasks == 0) {
            return NUMU_OK;
        }
        context.threads = numu_search_threads(search);
        NUMU_TRY(numu_parallel_for(&context, tasks, sweep_plan, search));
        numu_search_add_placed(search);
        settle_swept(search, tasks);
        numu_search_exchange(search);
    }
    return NUMU_OK;
}
