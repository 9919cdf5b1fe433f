/*
 * verify_plan.c - a plan.db against the package that it is for.
 */
#include "app/app.h"
#include "app/law.h"
#include "app/verify.h"
#include "plan/verify.h"
#include "plan/verify_orders.h"

/* A plan of other inputs may well break rules: say so first. */
static void compare_inputs(const struct numu_plan *plan, const struct numu_model *model,
                           const char *instance, struct numu_report *report) {
    char hex[NUMU_SHA256_HEX_BYTES];
    numu_sha256_hex(&model->inputs, hex);
    if (!numu_text_is(numu_plan_meta_find(plan, "inputs_sha256"), hex)) {
        numu_report_add(report,
                        &(struct numu_diagnostic){.code = NUMU_CODE_SCHEDULE_OF_OTHER_INPUTS,
                                                  .place = NUMU_NOWHERE,
                                                  .related = NUMU_NOWHERE,
                                                  .arguments = {numu_argument_string(instance)}});
    }
}

/* The profile that the plan was made under; a warning where it is not the package's. */
static struct numu_text profile_of(const struct numu_plan *plan, const struct numu_model *model,
                                   struct numu_report *report) {
    struct numu_text profile = numu_plan_meta_find(plan, "profile");
    if (!numu_text_is_equal(profile, model->package.profile[0])) {
        numu_report_add(report, &(struct numu_diagnostic){
                                    .code = NUMU_CODE_PLAN_OF_OTHER_PROFILE,
                                    .place = NUMU_NOWHERE,
                                    .related = NUMU_NOWHERE,
                                    .arguments = {numu_argument_text(profile),
                                                  numu_argument_text(model->package.profile[0])}});
    }
    return profile;
}

static numu_status verify(const struct numu_context *context, const char *path,
                          const char *instance, const char *rules_folder, struct numu_arena *arena,
                          struct numu_report *report, struct numu_model *model,
                          bool *out_was_verified) {
    struct numu_plan plan = {0};
    numu_row orders;
    NUMU_TRY(numu_app_check(context, numu_text_of(instance), report, model));
    /* what findings name lives as long as the model */
    NUMU_TRY(numu_app_read_plan(path, &model->arena, report, &plan));
    compare_inputs(&plan, model, instance, report);
    struct numu_calendars calendars;
    NUMU_TRY(numu_calendars_build(model, arena, &calendars));
    struct numu_lawful lawful;
    const struct numu_rules_place place = {.folder = rules_folder,
                                           .sources = &model->sources,
                                           .arena = &model->arena,
                                           .report = report};
    char *profile;
    NUMU_TRY(numu_text_to_string(arena, profile_of(&plan, model, report), &profile));
    NUMU_TRY(numu_law_read(context, model, profile, &place, &model->arena, &lawful));
    *out_was_verified = true;
    numu_status master = numu_plan_verify(context, &lawful.model, &calendars, &plan, &lawful.law,
                                          &model->arena, report);
    if (master != NUMU_OK && master != NUMU_INVALID) {
        return master;
    }
    numu_status status = numu_verify_orders(context, &lawful.model, &plan, report, &orders);
    return status == NUMU_OK ? master : status;
}

numu_status numu_app_verify_plan(const struct numu_context *context, const char *path,
                                 const char *instance, const char *rules_folder,
                                 struct numu_report *report, struct numu_model *model,
                                 bool *out_was_verified) {
    struct numu_arena arena;
    numu_arena_init(&arena, context->heap);
    numu_status status =
        verify(context, path, instance, rules_folder, &arena, report, model, out_was_verified);
    numu_arena_release(&arena);
    return status;
}
