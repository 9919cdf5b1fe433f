/*
 * rcpsp_mirror.c - deadlines as releases of the mirror, and what its plans cost.
 */
#include "programme/rcpsp_mirror.h"

numu_status numu_rcpsp_mirror_take(const struct numu_rcpsp_problem *problem,
                                   struct numu_arena *arena, struct numu_rcpsp_problem *out) {
    *out = *problem->mirror;
    return NUMU_TAKE(arena, &out->release, problem->count);
}

void numu_rcpsp_mirror_follow(const struct numu_rcpsp_problem *problem,
                              const struct numu_rcpsp_plan *plan,
                              struct numu_rcpsp_problem *mirror) {
    numu_period end = numu_rcpsp_makespan(plan->cost);
    for (uint32_t j = 0; j < problem->count; j++) {
        numu_period by = numu_rcpsp_finish_by(problem, j, plan->finish[j]);
        mirror->release[problem->count - 1 - j] = by < end ? end - by : 0;
    }
}

void numu_rcpsp_mirror_settle(const struct numu_rcpsp_problem *problem,
                              struct numu_rcpsp_plan *plan) {
    numu_period end = 0;
    int64_t lateness = 0;
    numu_rcpsp_plan_begin_at_0(problem->count, plan);
    for (uint32_t j = 0; j < problem->count; j++) {
        end = plan->finish[j] > end ? plan->finish[j] : end;
    }
    for (uint32_t j = 0; j < problem->count; j++) {
        numu_period finish = end - plan->start[problem->count - 1 - j];
        lateness += numu_project_lateness(problem->project, problem->activity[j], finish);
    }
    plan->cost = numu_rcpsp_cost_of(lateness, end);
}
