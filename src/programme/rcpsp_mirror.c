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
        numu_period by = problem->deadline[j];
        if (by != NUMU_NO_PERIOD) {
            by = plan->finish[j] > by ? plan->finish[j] : by;
            mirror->release[problem->count - 1 - j] = by < end ? end - by : 0;
        }
    }
}

void numu_rcpsp_mirror_settle(const struct numu_rcpsp_problem *problem,
                              struct numu_rcpsp_plan *plan) {
    numu_period first = NUMU_PERIOD_MAX, end = 0;
    int64_t lateness = 0;
    for (uint32_t j = 0; j < problem->count; j++) {
        first = plan->start[j] < first ? plan->start[j] : first;
        end = plan->finish[j] > end ? plan->finish[j] : end;
    }
    end -= first;
    for (uint32_t j = 0; j < problem->count; j++) {
        plan->start[j] -= first;
        plan->finish[j] -= first;
    }
    for (uint32_t j = 0; j < problem->count; j++) {
        numu_period finish = end - plan->start[problem->count - 1 - j];
        lateness += numu_project_lateness(problem->project, problem->activity[j], finish);
    }
    plan->cost = numu_rcpsp_cost_of(lateness, end);
}
