/*
 * plan.c - schedule, then master plan, then materials plan, then write.
 */
#include "app/dates.h"
#include "app/law.h"
#include "app/risk.h"
#include "app/storage.h"
#include "app/stress.h"
#include "app/tell.h"

#include "plan/indicator.h"
#include "plan/materials.h"
#include "plan/store.h"

/* Of what would move a date: enough for a picture, and soon drawn. */
enum { LEVER_SAMPLES = 1600 };

/* What meta says of the solution. */
static numu_status describe(const struct numu_context *context,
                            const struct numu_plan_result *result, struct numu_plan *plan,
                            struct numu_arena *arena) {
    const struct {
        const char *key;
        double value;
    } numbers[] = {{"objective", result->objective},
                   {"dual_bound", result->dual_bound},
                   {"primal_residual", result->primal_residual},
                   {"dual_residual", result->dual_residual},
                   {"rows", result->row_count},
                   {"columns", result->column_count},
                   {"nonzeros", (double)result->nonzero_count}};
    struct numu_buffer value;
    numu_buffer_init(&value, context->heap, 0);
    numu_status status = numu_meta_put(plan, arena, "status", numu_text_of(result->status));
    if (status == NUMU_OK) {
        status = numu_meta_put(plan, arena, "solver", numu_text_of(result->solver));
    }
    for (size_t i = 0; status == NUMU_OK && i < sizeof numbers / sizeof numbers[0]; i++) {
        numu_buffer_clear(&value);
        status = numu_buffer_printf(&value, "%.17g", numbers[i].value);
        if (status == NUMU_OK) {
            status = numu_meta_put(plan, arena, numbers[i].key,
                                   (struct numu_text){value.data, value.length});
        }
    }
    numu_buffer_release(&value);
    return status;
}

/* What the verifier has to know of lots. */
static numu_status tell_of_lots(const struct numu_plan_request *request, struct numu_plan *plan,
                                struct numu_arena *arena) {
    return request->is_integer ? numu_meta_put(plan, arena, "lots", NUMU_TEXT("whole")) : NUMU_OK;
}

/* Whether somebody answers, by signature, for the rules that limits of storehouses rest on. */
static numu_status tell_rules(const struct numu_context *context, const struct numu_model *model,
                              const struct numu_rules_place *place, struct numu_plan *plan) {
    struct numu_storage_limits limits;
    if (model->package.rules[0].length == 0) {
        return NUMU_OK;
    }
    NUMU_TRY(numu_app_storage_limits(context, model, place, NULL, &limits));
    return numu_meta_put(plan, place->arena, "rules_adopted",
                         numu_text_of(limits.is_adopted ? "true" : "false"));
}

/* The usual cases, and weak figures moved, beside the plan. */
static numu_status compare(const struct numu_context *context, const struct numu_model *model,
                           const struct numu_plan_options *options,
                           const struct numu_plan_request *request, struct numu_arena *arena,
                           struct numu_report *report, struct numu_plan *plan) {
    struct numu_stress_request cases = {.moves_evidence = request->moves_evidence};
    struct numu_stress_case *usual = NULL;
    if (!request->compares && !request->moves_evidence) {
        return NUMU_OK;
    }
    if (request->compares) {
        NUMU_TRY(numu_app_stress_usual(model, arena, &usual, &cases.count));
        cases.cases = usual;
    }
    return numu_app_stress_beside(context, model, options, &cases, arena, report, plan);
}

static numu_status plan_and_write(const struct numu_context *context, struct numu_model *package,
                                  const struct numu_plan_request *request, struct numu_buffer *mps,
                                  struct numu_arena *arena, struct numu_report *report,
                                  struct numu_plan *out, struct numu_plan_result *out_result) {
    struct numu_calendars calendars;
    struct numu_risk_outcome outcome;
    const struct numu_risk_request risk = {.deadline = NUMU_NO_DAY, .lever_samples = LEVER_SAMPLES};
    const struct numu_rules_place place = {.folder = request->rules_folder,
                                           .sources = &package->sources,
                                           .arena = arena,
                                           .report = report};
    struct numu_lawful lawful;
    NUMU_TRY(numu_law_read(context, package, request->profile, &place, arena, &lawful));
    struct numu_model *model = &lawful.model;
    NUMU_TRY(numu_calendars_build(model, arena, &calendars));
    NUMU_TRY(numu_app_risk(context, model, &risk, arena, report, &outcome));
    *out = outcome.plan;
    struct numu_plan_dates dates = {outcome.confident.start, outcome.confident.finish,
                                    outcome.schedule.mode};
    struct numu_plan_options options = {.time_limit_s = request->time_limit_s,
                                        .is_integer = request->is_integer,
                                        .confirms = request->confirms,
                                        .mps = request->mps == NULL ? NULL : mps,
                                        .law = lawful.law};
    numu_context_progress(context, "plan", -1);
    NUMU_TRY(numu_master_plan(context, model, &calendars, &dates, &options, arena, report, out,
                              out_result));
    numu_context_progress(context, "orders", -1);
    struct numu_context going_on = *context;
    bool is_stopped = numu_context_is_stopped(context);
    if (is_stopped) {
        going_on.stop = NULL; /* there is a plan: it is told with all that follows from it */
    }
    NUMU_TRY(numu_materials_plan(&going_on, model, &calendars, &dates, arena, report, out));
    NUMU_TRY(numu_indicators_build(&going_on, model, &calendars, arena, out));
    numu_status compared =
        is_stopped ? NUMU_STOPPED : compare(context, model, &options, request, arena, report, out);
    if (compared == NUMU_STOPPED) {
        going_on.stop = NULL; /* nor does it need the cases beside it */
    } else {
        NUMU_TRY(compared);
    }
    NUMU_TRY(tell_rules(&going_on, model, &place, out));
    NUMU_TRY(describe(&going_on, out_result, out, arena));
    NUMU_TRY(tell_of_lots(request, out, arena));
    if (request->mps != NULL) {
        NUMU_TRY(numu_app_write(request->mps, (struct numu_text){mps->data, mps->length}, report));
    }
    if (request->output != NULL) {
        NUMU_TRY(numu_plan_write(out, request->output, context->heap, report));
    }
    return NUMU_OK;
}

numu_status numu_app_plan(const struct numu_context *context, struct numu_model *model,
                          const struct numu_plan_request *request, struct numu_arena *arena,
                          struct numu_report *report, struct numu_plan *out,
                          struct numu_plan_result *out_result) {
    struct numu_buffer mps;
    numu_buffer_init(&mps, context->heap, 0);
    numu_status status =
        plan_and_write(context, model, request, &mps, arena, report, out, out_result);
    numu_buffer_release(&mps);
    return status;
}

numu_status numu_app_read_plan(const char *path, struct numu_arena *arena,
                               struct numu_report *report, struct numu_plan *out) {
    return numu_plan_read(path, arena, report, out);
}
