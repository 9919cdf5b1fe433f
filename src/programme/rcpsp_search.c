/*
 * rcpsp_search.c - from a priority list to the best schedule found.
 */
#include "programme/rcpsp_search.h"

#include <string.h>

struct bench {
    struct numu_rcpsp_desk desk;
    struct numu_rcpsp_sorter sorter;
    uint32_t *list;
    numu_period *key;
    struct numu_rcpsp_plan plan;
};

static numu_status take_plan(const struct numu_rcpsp_problem *problem, struct numu_arena *arena,
                             struct numu_rcpsp_plan *out) {
    out->cost = INT64_MAX;
    NUMU_TRY(NUMU_TAKE(arena, &out->start, problem->count));
    NUMU_TRY(NUMU_TAKE(arena, &out->finish, problem->count));
    return NUMU_TAKE(arena, &out->mode, problem->count);
}

static numu_status take_bench(const struct numu_rcpsp_problem *problem, struct numu_arena *arena,
                              struct bench *out) {
    NUMU_TRY(numu_rcpsp_desk_take(problem, arena, &out->desk));
    NUMU_TRY(numu_rcpsp_sorter_take(problem, arena, &out->sorter));
    NUMU_TRY(NUMU_TAKE(arena, &out->list, problem->count));
    NUMU_TRY(NUMU_TAKE(arena, &out->key, problem->count));
    return take_plan(problem, arena, &out->plan);
}

numu_status numu_rcpsp_search(const struct numu_context *context,
                              const struct numu_rcpsp_problem *problem,
                              const struct numu_rcpsp_options *options, struct numu_arena *arena,
                              struct numu_rcpsp_search *out) {
    struct numu_rcpsp_search search = {.schedules = 0};
    struct bench bench;
    (void)context;
    (void)options;
    NUMU_TRY(take_bench(problem, arena, &bench));
    NUMU_TRY(take_plan(problem, arena, &search.best));
    search.lower_bound = numu_rcpsp_heads(problem, bench.plan.start, bench.plan.finish);
    numu_rcpsp_tails(problem, bench.key);
    for (uint32_t j = 0; j < problem->count; j++) {
        bench.plan.mode[j] = problem->first_mode[j];
        bench.key[j] = problem->duration[problem->first_mode[j]] - bench.key[j];
    }
    numu_rcpsp_order(problem, &bench.sorter, bench.key, false, bench.list);
    numu_rcpsp_decode(problem, &bench.desk, bench.list, &bench.plan);
    search.schedules++;
    search.best = bench.plan;
    search.is_proven = search.best.cost == search.lower_bound;
    *out = search;
    return NUMU_OK;
}
