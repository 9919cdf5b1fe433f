/*
 * health.c - the use case.
 */
#include "app/health.h"

numu_status numu_app_health(const struct numu_context *context, const struct numu_model *model,
                            struct numu_arena *arena, struct numu_report *report,
                            struct numu_health *out) {
    numu_context_progress(context, "schedule", -1);
    return numu_health_build(context, model, arena, report, out);
}
