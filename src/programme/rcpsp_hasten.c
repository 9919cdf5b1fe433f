/*
 * rcpsp_hasten.c - promises come early where that costs nothing.
 *
 * [1] The exact search asks for the least lateness. In a project of the modes that were chosen, in
 *     which what is promised is due when links allow it at the earliest, and nothing else is due,
 *     that is the least sum of promised finishes. What has a deadline comes no later than that, or
 *     than in the plan where it is late there.
 */
#include "programme/rcpsp_hasten.h"

#include "programme/exact.h"
#include "programme/rcpsp_proof.h"
#include "programme/reduce.h"

#include <string.h>

enum { STARTS_MAX = 200000, EXACT_STARTS_MAX = 50000 };

struct hasten {
    const struct numu_rcpsp_problem *problem;
    struct numu_rcpsp_desk desk;
    struct numu_rcpsp_sorter sorter;
    struct numu_rcpsp_plan trial;
    numu_period *key;
    uint32_t *list;
    bool *is_awaited; /* by job: some promise waits for it, or it is one */
    bool *is_before;  /* by job: it is what is hastened, or that waits for it */
};

static bool is_promised(const struct numu_rcpsp_problem *problem, uint32_t job) {
    return problem->project->is_promised != NULL &&
           problem->project->is_promised[problem->activity[job]];
}

static int64_t promised_sum(const struct numu_rcpsp_problem *problem,
                            const struct numu_rcpsp_plan *plan) {
    int64_t sum = 0;
    for (uint32_t j = 0; j < problem->count; j++) {
        sum += is_promised(problem, j) ? plan->finish[j] : 0;
    }
    return sum;
}

static numu_status take(struct hasten *it, struct numu_arena *arena) {
    uint32_t count = it->problem->count;
    NUMU_TRY(numu_rcpsp_plan_take(count, arena, &it->trial));
    NUMU_TRY(numu_rcpsp_desk_take(it->problem, arena, &it->desk));
    NUMU_TRY(numu_rcpsp_sorter_take(it->problem, arena, &it->sorter));
    NUMU_TRY(NUMU_TAKE(arena, &it->key, count));
    NUMU_TRY(NUMU_TAKE(arena, &it->list, count));
    NUMU_TRY(NUMU_TAKE(arena, &it->is_before, count));
    return NUMU_TAKE(arena, &it->is_awaited, count);
}

/* Marks, from the end back, those before what is marked: links lead to higher numbers. */
static void mark_before(const struct numu_rcpsp_problem *problem, bool *is_marked) {
    for (uint32_t j = problem->count; j-- > 0;) {
        for (uint32_t i = problem->first_after[j]; i < problem->first_after[j + 1]; i++) {
            is_marked[j] |= is_marked[problem->after[i]];
        }
    }
}

/* A job and what it waits for come earlier in the order by so many periods; true: it is better. */
static bool try_earlier(struct hasten *it, numu_period by, struct numu_rcpsp_plan *plan) {
    const struct numu_rcpsp_problem *problem = it->problem;
    for (uint32_t j = 0; j < problem->count; j++) {
        it->key[j] = plan->start[j] - (it->is_before[j] ? by : 0);
        it->trial.mode[j] = plan->mode[j];
    }
    numu_rcpsp_order(problem, &it->sorter, it->key, false, it->list);
    numu_rcpsp_decode(problem, &it->desk, it->list, NULL, &it->trial);
    if (it->trial.cost > plan->cost ||
        promised_sum(problem, &it->trial) >= promised_sum(problem, plan)) {
        return false;
    }
    numu_rcpsp_plan_copy(problem->count, &it->trial, plan);
    return true;
}

/* By half the finish, a quarter and so on. */
static bool hasten_job(const struct numu_context *context, struct hasten *it, uint32_t job,
                       struct numu_rcpsp_plan *plan) {
    const struct numu_rcpsp_desk *desk = &it->desk;
    bool is_better = false;
    memset(it->is_before, 0, it->problem->count * sizeof *it->is_before);
    it->is_before[job] = true;
    mark_before(it->problem, it->is_before);
    numu_period by = numu_rcpsp_makespan(plan->cost) / 2;
    for (; by > 0 && desk->placed < STARTS_MAX && !numu_context_is_stopped(context); by /= 2) {
        is_better |= try_earlier(it, by, plan);
    }
    return is_better;
}

/* --- to the least [1] --- */

/* The project with each activity in the mode of a plan alone. */
static numu_status take_modes(const struct numu_project *project, const uint32_t *mode,
                              struct numu_arena *arena, struct numu_project *out) {
    bool *is_off;
    uint32_t *unused;
    NUMU_TRY(NUMU_TAKE(arena, &is_off, project->mode_count));
    memset(is_off, true, project->mode_count * sizeof *is_off);
    for (uint32_t a = 0; a < project->activity_count; a++) {
        is_off[mode[a]] = false;
    }
    return numu_project_without(project, is_off, NULL, arena, out, &unused);
}

/* Makes what is promised due at its earliest finish, and all else not. */
static numu_status make_due(const struct numu_rcpsp_problem *problem, struct numu_arena *arena,
                            struct numu_project *out) {
    numu_period *start, *finish;
    NUMU_TRY(NUMU_TAKE(arena, &start, problem->count));
    NUMU_TRY(NUMU_TAKE(arena, &finish, problem->count));
    NUMU_TRY(NUMU_TAKE(arena, &out->deadline, out->activity_count));
    numu_rcpsp_heads(problem, start, finish);
    for (uint32_t a = 0; a < out->activity_count; a++) {
        out->deadline[a] = NUMU_NO_PERIOD;
    }
    for (uint32_t j = 0; j < problem->count; j++) {
        if (is_promised(problem, j)) {
            out->deadline[problem->activity[j]] = finish[j];
        }
    }
    out->whole_time = NULL;
    return NUMU_OK;
}

/* Goes on from a plan to the least, or as far as it comes. */
static numu_status hasten_exactly(const struct numu_context *context,
                                  const struct numu_rcpsp_problem *problem,
                                  struct numu_arena *arena, struct numu_rcpsp_plan *plan) {
    const numu_period finish = numu_rcpsp_makespan(plan->cost);
    struct numu_exact_known known;
    struct numu_exact exact;
    struct numu_project due;
    numu_period *latest;
    NUMU_TRY(numu_rcpsp_write_exact(problem, plan, arena, &known));
    NUMU_TRY(take_modes(problem->project, known.mode, arena, &due));
    NUMU_TRY(make_due(problem, arena, &due));
    NUMU_TRY(numu_rcpsp_no_later(problem, plan, arena, &latest));
    const struct numu_exact_options options = {.start = known.start,
                                               .lower_bound = finish,
                                               .makespan_max = finish,
                                               .latest = latest,
                                               .starts_max = EXACT_STARTS_MAX,
                                               .skips_energy = true};
    NUMU_TRY(numu_exact_solve(context, &due, &options, arena, &exact));
    if (!exact.is_supported || !exact.has_schedule) {
        return NUMU_OK;
    }
    for (uint32_t j = 0; j < problem->count; j++) {
        plan->start[j] = exact.start[problem->activity[j]];
        plan->finish[j] = exact.finish[problem->activity[j]];
    }
    plan->cost = numu_rcpsp_cost(problem, plan->finish);
    return NUMU_OK;
}

/* --- the whole --- */

numu_status numu_rcpsp_hasten(const struct numu_context *context,
                              const struct numu_rcpsp_problem *problem, struct numu_arena *arena,
                              struct numu_rcpsp_plan *plan) {
    struct hasten it = {.problem = problem};
    bool is_better = promised_sum(problem, plan) > 0;
    if (!is_better) {
        return NUMU_OK;
    }
    NUMU_TRY(take(&it, arena));
    for (uint32_t j = 0; j < problem->count; j++) {
        it.is_awaited[j] = is_promised(problem, j);
    }
    mark_before(problem, it.is_awaited);
    while (is_better) {
        is_better = false;
        for (uint32_t j = problem->count; j-- > 0;) {
            is_better |= it.is_awaited[j] && hasten_job(context, &it, j, plan);
        }
    }
    return numu_context_is_stopped(context) ? NUMU_OK
                                            : hasten_exactly(context, problem, arena, plan);
}
