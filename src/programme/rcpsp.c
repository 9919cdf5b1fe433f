/*
 * rcpsp.c - the whole of a solve: bounds, search, and the answer in the project's terms.
 */
#include "programme/rcpsp.h"

#include "programme/conflict.h"
#include "programme/rcpsp_search.h"

/* --- the answer --- */

static numu_status take_result(const struct numu_project *project, struct numu_arena *arena,
                               struct numu_rcpsp_result *out) {
    uint32_t count = project->activity_count;
    *out = (struct numu_rcpsp_result){.count = count};
    NUMU_TRY(NUMU_TAKE(arena, &out->start, count));
    NUMU_TRY(NUMU_TAKE(arena, &out->finish, count));
    NUMU_TRY(NUMU_TAKE(arena, &out->resume, count));
    return NUMU_TAKE(arena, &out->mode, count);
}

static void fill_result(const struct numu_rcpsp_problem *problem,
                        const struct numu_rcpsp_plan *plan, struct numu_rcpsp_result *result) {
    const struct numu_project *project = problem->project;
    for (uint32_t a = 0; a < project->activity_count; a++) {
        result->start[a] = project->actual_start[a]; /* of finished work */
        result->resume[a] = project->actual_start[a];
        result->finish[a] = project->actual_finish[a];
        result->mode[a] = project->first_mode[a];
    }
    result->makespan = project->data_date;
    for (uint32_t j = 0; j < problem->count; j++) {
        uint32_t a = problem->activity[j];
        result->resume[a] = plan->start[j];
        result->finish[a] = plan->finish[j];
        result->mode[a] = problem->mode_number[plan->mode[j]];
        if (project->state[a] == NUMU_ACTIVITY_PLANNED) {
            result->start[a] = plan->start[j];
        }
    }
    for (uint32_t a = 0; a < project->activity_count; a++) {
        if (result->finish[a] > result->makespan) {
            result->makespan = result->finish[a];
        }
        if (project->deadline[a] != NUMU_NO_PERIOD && result->finish[a] > project->deadline[a]) {
            result->lateness += result->finish[a] - project->deadline[a];
        }
    }
}

/* Says what cannot all hold, where that can be proven. */
static numu_status report_none(const struct numu_context *context,
                               const struct numu_project *project, struct numu_arena *scratch,
                               struct numu_report *report) {
    const struct numu_conflict_options options = {0};
    struct numu_conflict conflict;
    NUMU_TRY(numu_conflict_find(context, project, &options, scratch, &conflict));
    if (conflict.count > 0) {
        numu_conflict_report(project, &conflict, report);
        return NUMU_INFEASIBLE;
    }
    struct numu_diagnostic finding = {
        .code = NUMU_CODE_NO_SCHEDULE_FOUND,
        .place = project->source == NUMU_NO_SOURCE
                     ? NUMU_NOWHERE
                     : (struct numu_place){project->source, 0, NUMU_WHOLE_FILE},
        .related = NUMU_NOWHERE,
    };
    numu_report_add(report, &finding);
    return NUMU_INFEASIBLE;
}

/* --- the whole --- */

static numu_status solve(const struct numu_context *context, const struct numu_project *project,
                         const struct numu_rcpsp_options *options, struct numu_arena *scratch,
                         struct numu_report *report, struct numu_rcpsp_result *result) {
    struct numu_rcpsp_problem problem;
    struct numu_rcpsp_search search;
    NUMU_TRY(numu_rcpsp_problem_build(project, scratch, &problem));
    NUMU_TRY(numu_rcpsp_search(context, &problem, options, scratch, &search));
    if (search.best.cost == INT64_MAX) {
        return search.is_stopped ? NUMU_STOPPED : report_none(context, project, scratch, report);
    }
    fill_result(&problem, &search.best, result);
    result->lower_bound =
        search.lower_bound > result->makespan ? result->makespan : search.lower_bound;
    result->is_proven = search.is_proven;
    result->is_stopped = search.is_stopped;
    result->schedules = search.schedules;
    return NUMU_OK;
}

numu_status numu_rcpsp_solve(const struct numu_context *context, const struct numu_project *project,
                             const struct numu_rcpsp_options *options, struct numu_arena *arena,
                             struct numu_report *report, struct numu_rcpsp_result *out) {
    struct numu_arena_mark mark = numu_arena_mark(arena);
    struct numu_arena scratch;
    struct numu_rcpsp_result result;
    numu_arena_init(&scratch, context->heap);
    numu_status status = take_result(project, arena, &result);
    if (status == NUMU_OK) {
        status = solve(context, project, options, &scratch, report, &result);
    }
    numu_arena_release(&scratch);
    if (status != NUMU_OK) {
        numu_arena_rewind(arena, mark);
        return status;
    }
    *out = result;
    return NUMU_OK;
}
