/*
 * health_merge.c - where paths meet, from samples of the network.
 */
#include "programme/health_parts.h"

#include "programme/risk.h"
#include "programme/uncertainty.h"

enum { SAMPLES = 1600, SEED = 1 };

static numu_status sample(const struct numu_context *context, const struct numu_model *model,
                          const struct numu_calendars *calendars, struct numu_arena *arena,
                          struct numu_report *report, struct numu_health *health) {
    struct numu_project project;
    struct numu_uncertainty uncertainty;
    struct numu_risk_result result;
    double repair;
    const struct numu_risk_options options = {.samples = SAMPLES,
                                              .percent = health->merge_percent,
                                              .ignores_resources = true,
                                              .skips_levers = true};
    NUMU_TRY(numu_project_build(context, model, calendars, arena, report, &project));
    NUMU_TRY(numu_uncertainty_build(model, &project, NULL, arena, &uncertainty, &repair));
    const struct numu_risk_problem problem = {.project = &project,
                                              .uncertainty = &uncertainty,
                                              .calendars = calendars->list,
                                              .deadline_limit = NUMU_NO_PERIOD};
    NUMU_TRY(numu_risk_run(context, &problem, &options, arena, &result));
    health->merge_origin = project.origin;
    health->merges = result.merges;
    health->merge_count = result.merge_count;
    return NUMU_OK;
}

numu_status numu_health_find_merges(const struct numu_context *context,
                                    const struct numu_model *model,
                                    const struct numu_calendars *calendars,
                                    struct numu_arena *arena, struct numu_health *health) {
    struct numu_context seeded = *context;
    struct numu_report report;
    seeded.seed = SEED;
    health->merge_percent =
        numu_number_to_double(model->package.confidence[0], NUMU_DECIMAL_DECIMALS);
    if (model->activity.head.count > NUMU_HEALTH_MERGE_ACTIVITIES_MAX ||
        model->precedence.head.count == 0) {
        return NUMU_OK;
    }
    /* What is wrong with resources is told by others: here they are not asked. */
    numu_report_init(&report, context->heap, 1);
    numu_status status = sample(&seeded, model, calendars, arena, &report, health);
    numu_report_release(&report);
    return status == NUMU_INVALID ? NUMU_OK : status;
}
