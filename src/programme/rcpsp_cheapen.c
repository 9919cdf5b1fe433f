/*
 * rcpsp_cheapen.c - modes that cost less where that costs no time.
 *
 * [1] Branch and bound over sets of modes. A set is asked for any schedule; where there is one, for
 *     each activity whose mode is not the cheapest left, the one that could save most first, the
 *     cheaper ones are asked for, then left out: the same schedule stands in what is left. A set
 *     ends once its cheapest modes cost no less than the best schedule's.
 */
#include "programme/rcpsp_cheapen.h"

#include "programme/exact.h"
#include "programme/rcpsp_modes.h"
#include "programme/rcpsp_proof.h"
#include "programme/reduce.h"

#include <math.h>
#include <string.h>

enum { STARTS_MAX = 50000, STARTS_A_QUESTION = 5000 };

/* Costs that differ by less than this share are the same: sums are rounded. */
static const double same_share = 1e-9;

/* --- one by one --- */

static bool costs_less(const struct numu_rcpsp_problem *problem, uint32_t a, uint32_t b) {
    double cost_a = problem->project->cost[problem->mode_number[a]];
    double cost_b = problem->project->cost[problem->mode_number[b]];
    return cost_a < cost_b || (cost_a == cost_b && a < b);
}

struct saving {
    const struct numu_rcpsp_problem *problem;
    struct numu_rcpsp_desk desk;
    struct numu_rcpsp_sorter sorter;
    uint32_t *list;
    int64_t *pool_left;
    struct numu_rcpsp_plan trial;
};

/* Tries a mode in the order of the plan's starts; keeps what is no worse. */
static bool try_mode(struct saving *saving, uint32_t job, uint32_t mode,
                     struct numu_rcpsp_plan *plan) {
    const struct numu_rcpsp_problem *problem = saving->problem;
    numu_rcpsp_plan_copy(problem->count, plan, &saving->trial);
    saving->trial.mode[job] = mode;
    if (!numu_rcpsp_modes_fill_pools(problem, saving->trial.mode, saving->pool_left)) {
        return false;
    }
    numu_rcpsp_order(problem, &saving->sorter, plan->start, problem->starts_keep_links,
                     saving->list);
    numu_rcpsp_decode(problem, &saving->desk, saving->list, NULL, &saving->trial);
    if (saving->trial.cost > plan->cost) {
        return false;
    }
    numu_rcpsp_plan_copy(problem->count, &saving->trial, plan);
    return true;
}

static numu_status save_one_by_one(const struct numu_context *context,
                                   const struct numu_rcpsp_problem *problem,
                                   struct numu_arena *arena, struct numu_rcpsp_plan *plan) {
    struct saving saving = {.problem = problem};
    NUMU_TRY(numu_rcpsp_desk_take(problem, arena, &saving.desk));
    NUMU_TRY(numu_rcpsp_sorter_take(problem, arena, &saving.sorter));
    NUMU_TRY(NUMU_TAKE(arena, &saving.list, problem->count));
    NUMU_TRY(NUMU_TAKE(arena, &saving.pool_left, problem->pool_count));
    NUMU_TRY(numu_rcpsp_plan_take(problem->count, arena, &saving.trial));
    for (uint32_t j = 0; j < problem->count && !numu_context_is_stopped(context); j++) {
        for (uint32_t m = problem->first_mode[j]; m < problem->first_mode[j + 1]; m++) {
            if (costs_less(problem, m, plan->mode[j])) {
                (void)try_mode(&saving, j, m, plan);
            }
        }
    }
    return NUMU_OK;
}

/* --- to the least [1] --- */

struct cheapen {
    const struct numu_context *context;
    const struct numu_rcpsp_problem *problem;
    const struct numu_project *project;
    struct numu_arena *arena;
    numu_period finish; /* no schedule may be later */
    numu_period *latest;
    uint64_t starts;
    double best_cost;
    struct numu_rcpsp_plan *best;
};

/* Of what is not finished, in modes by activity. */
static double cost_of(const struct cheapen *it, const uint32_t *mode) {
    double sum = 0;
    for (uint32_t j = 0; j < it->problem->count; j++) {
        sum += it->project->cost[mode[it->problem->activity[j]]];
    }
    return sum;
}

/* The cheapest mode of an activity that is not off; one always is. */
static double least_cost(const struct cheapen *it, const bool *is_off, uint32_t activity) {
    const struct numu_project *project = it->project;
    double least = INFINITY;
    for (uint32_t m = project->first_mode[activity]; m < project->first_mode[activity + 1]; m++) {
        if (!is_off[m] && project->cost[m] < least) {
            least = project->cost[m];
        }
    }
    return least;
}

/* Whether a set of modes may hold a schedule that costs less than the best. */
static bool is_promising(const struct cheapen *it, const bool *is_off) {
    double least = 0;
    for (uint32_t j = 0; j < it->problem->count; j++) {
        least += least_cost(it, is_off, it->problem->activity[j]);
    }
    return least < it->best_cost - same_share * fabs(it->best_cost);
}

static bool is_over(const struct cheapen *it) {
    return it->starts >= STARTS_MAX || numu_context_is_stopped(it->context);
}

/* Keeps a schedule where it is the cheapest; one that is later than may be does not count. */
static numu_status keep(struct cheapen *it, const struct numu_exact *exact, bool *out_is_late) {
    struct numu_rcpsp_plan plan;
    NUMU_TRY(numu_rcpsp_plan_take(it->problem->count, it->arena, &plan));
    numu_rcpsp_read_exact(it->problem, exact, &plan);
    *out_is_late = plan.cost > it->best->cost;
    double cost = cost_of(it, exact->mode);
    if (!*out_is_late && cost < it->best_cost) {
        it->best_cost = cost;
        numu_rcpsp_plan_copy(it->problem->count, &plan, it->best);
    }
    return NUMU_OK;
}

/* Any schedule of a set of modes, by activity its mode; *out_mode is NULL where none is found. */
static numu_status ask(struct cheapen *it, const bool *is_off, const uint32_t **out_mode) {
    struct numu_project left;
    struct numu_exact exact;
    uint32_t *number;
    bool is_late = false;
    *out_mode = NULL;
    NUMU_TRY(numu_project_without(it->project, is_off, NULL, it->arena, &left, &number));
    const struct numu_exact_options options = {.makespan_max = it->finish,
                                               .latest = it->latest,
                                               .starts_max = STARTS_A_QUESTION,
                                               .stops_at_first = true,
                                               .skips_energy = true};
    NUMU_TRY(numu_exact_solve(it->context, &left, &options, it->arena, &exact));
    it->starts += exact.starts + it->problem->count; /* what it is to begin one counts as well */
    if (exact.is_supported && exact.has_schedule) {
        for (uint32_t a = 0; a < it->project->activity_count; a++) {
            exact.mode[a] = number[exact.mode[a]];
        }
        NUMU_TRY(keep(it, &exact, &is_late));
        *out_mode = is_late ? NULL : exact.mode;
    }
    return NUMU_OK;
}

/* The activity whose cheapest mode left would save most; all are in theirs: NUMU_NONE. */
static uint32_t choose(const struct cheapen *it, const bool *is_off, const uint32_t *mode) {
    uint32_t best = NUMU_NONE;
    double most = 0;
    for (uint32_t j = 0; j < it->problem->count; j++) {
        uint32_t a = it->problem->activity[j];
        double saved = it->project->cost[mode[a]] - least_cost(it, is_off, a);
        if (saved > most) {
            most = saved;
            best = a;
        }
    }
    return best;
}

/* Leaves out the modes of an activity that cost less than one, or those that do not. */
static void leave_out(const struct numu_project *project, uint32_t activity, uint32_t mode,
                      bool those_that_cost_less, bool *is_off) {
    for (uint32_t m = project->first_mode[activity]; m < project->first_mode[activity + 1]; m++) {
        is_off[m] |= (project->cost[m] < project->cost[mode]) == those_that_cost_less;
    }
}

/* Looks for what costs less in the sets that differ from one, in which a schedule is known. */
static numu_status look_beside(struct cheapen *it, bool *is_off, const uint32_t *mode) {
    const struct numu_project *project = it->project;
    uint32_t activity;
    while (is_promising(it, is_off) && !is_over(it) &&
           (activity = choose(it, is_off, mode)) != NUMU_NONE) {
        struct numu_arena_mark mark = numu_arena_mark(it->arena);
        const uint32_t *cheaper_mode;
        bool *cheaper;
        NUMU_TRY(NUMU_TAKE(it->arena, &cheaper, project->mode_count));
        memcpy(cheaper, is_off, project->mode_count * sizeof *cheaper);
        leave_out(project, activity, mode[activity], false, cheaper);
        if (is_promising(it, cheaper)) {
            NUMU_TRY(ask(it, cheaper, &cheaper_mode));
            if (cheaper_mode != NULL) {
                NUMU_TRY(look_beside(it, cheaper, cheaper_mode));
            }
        }
        numu_arena_rewind(it->arena, mark);
        leave_out(project, activity, mode[activity], true, is_off);
    }
    return NUMU_OK;
}

static numu_status save_exactly(const struct numu_context *context,
                                const struct numu_rcpsp_problem *problem, struct numu_arena *arena,
                                struct numu_rcpsp_plan *plan) {
    struct cheapen it = {.context = context,
                         .problem = problem,
                         .project = problem->project,
                         .arena = arena,
                         .finish = numu_rcpsp_makespan(plan->cost),
                         .best = plan};
    struct numu_exact_known known;
    bool *is_off;
    NUMU_TRY(NUMU_TAKE(arena, &is_off, it.project->mode_count));
    NUMU_TRY(numu_rcpsp_no_later(problem, plan, arena, &it.latest));
    NUMU_TRY(numu_rcpsp_write_exact(problem, plan, arena, &known));
    it.best_cost = cost_of(&it, known.mode);
    return look_beside(&it, is_off, known.mode);
}

/* --- the whole --- */

numu_status numu_rcpsp_cheapen(const struct numu_context *context,
                               const struct numu_rcpsp_problem *problem, struct numu_arena *arena,
                               struct numu_rcpsp_plan *plan) {
    if (problem->mode_max <= 1) {
        return NUMU_OK;
    }
    NUMU_TRY(save_one_by_one(context, problem, arena, plan));
    return save_exactly(context, problem, arena, plan);
}
