/*
 * schedule_scarce.c - the schedule of a package whose activities share what is scarce.
 *
 * rcpsp.h says when work resumes and in which mode; the critical path method then runs over those
 * dates, so that floats, drivers and promises mean what they always do.
 */
#include "app/dates.h"

#include "app/project.h"

static bool is_scarce(const struct numu_model *model) {
    return model->assignment.head.count > 0 || model->mode.head.count > 0;
}

static numu_status schedule_given(const struct numu_context *context,
                                  const struct numu_model *model,
                                  const struct numu_calendars *calendars,
                                  const struct numu_project *project,
                                  const struct numu_rcpsp_result *result, struct numu_arena *arena,
                                  struct numu_report *report, struct numu_schedule *out) {
    numu_day *resume;
    int64_t *days;
    NUMU_TRY(NUMU_TAKE(arena, &resume, result->count));
    NUMU_TRY(NUMU_TAKE(arena, &days, result->count));
    for (uint32_t a = 0; a < result->count; a++) {
        resume[a] = project->origin + result->resume[a];
        days[a] = project->duration[result->mode[a]];
    }
    const struct numu_cpm_given given = {resume, days};
    NUMU_TRY(numu_cpm_schedule_given(context, model, calendars, &given, arena, report, out));
    for (uint32_t a = 0; a < result->count; a++) {
        out->mode[a] = project->mode_row[result->mode[a]];
    }
    return NUMU_OK;
}

numu_status numu_schedule_of_model(const struct numu_context *context,
                                   const struct numu_model *model,
                                   const struct numu_calendars *calendars,
                                   const struct numu_rcpsp_options *options,
                                   struct numu_arena *arena, struct numu_report *report,
                                   struct numu_schedule *out,
                                   struct numu_rcpsp_result *out_result) {
    *out_result = (struct numu_rcpsp_result){.count = 0};
    if (!is_scarce(model) && !options->keeps_deadlines) {
        return numu_cpm_schedule(context, model, calendars, arena, report, out);
    }
    struct numu_project project;
    struct numu_rcpsp_result result;
    NUMU_TRY(numu_project_build(context, model, calendars, arena, report, &project));
    numu_status status =
        numu_app_solve(context, &project, calendars, options, arena, report, &result);
    if (status == NUMU_INFEASIBLE && !options->keeps_deadlines) {
        return NUMU_INVALID; /* [U1] */
    }
    NUMU_TRY(status);
    if (!is_scarce(model)) {
        return numu_cpm_schedule(context, model, calendars, arena, report, out);
    }
    *out_result = result;
    return schedule_given(context, model, calendars, &project, out_result, arena, report, out);
}
