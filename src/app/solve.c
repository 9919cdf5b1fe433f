/*
 * solve.c - no schedule leaves the engines unseen.
 */
#include "app/project.h"
#include "programme/verify.h"

static numu_status look_at(const struct numu_context *context, const struct numu_project *project,
                           const struct numu_calendars *calendars,
                           const struct numu_rcpsp_result *result, bool keeps_deadlines,
                           struct numu_arena *scratch) {
    const struct numu_schedule_claim claim = {.start = result->start,
                                              .finish = result->finish,
                                              .mode = result->mode,
                                              .calendars = calendars,
                                              .makespan = result->makespan,
                                              .lower_bound = result->lower_bound,
                                              .keeps_deadlines = keeps_deadlines,
                                              .is_proven =
                                                  result->is_proven && result->lateness == 0,
                                              .head = NUMU_NOWHERE};
    struct numu_report findings; /* about ourselves, not about the user's data */
    numu_report_init(&findings, context->heap, 1);
    numu_status status = numu_verify_schedule(project, &claim, scratch, &findings);
    numu_report_release(&findings);
    return status == NUMU_INVALID ? NUMU_BUG : status;
}

numu_status numu_app_solve(const struct numu_context *context, const struct numu_project *project,
                           const struct numu_calendars *calendars,
                           const struct numu_rcpsp_options *options, struct numu_arena *arena,
                           struct numu_report *report, struct numu_rcpsp_result *out) {
    NUMU_TRY(numu_rcpsp_solve(context, project, options, arena, report, out));
    return look_at(context, project, calendars, out, options->keeps_deadlines, arena);
}
