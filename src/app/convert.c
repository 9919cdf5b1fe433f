/*
 * convert.c - a package from one form into another.
 */
#include "app/app.h"

#include "model/package.h"
#include "programme/write.h"

static numu_status write_files(const struct numu_context *context, const struct numu_model *model,
                               numu_package_form form, const char *path,
                               struct numu_report *report) {
    struct numu_arena arena;
    struct numu_package package;
    numu_arena_init(&arena, context->heap);
    numu_status status = numu_package_build(model, &arena, &package);
    if (status == NUMU_OK) {
        status = form == NUMU_PACKAGE_ZIP
                     ? numu_package_write_zip(&package, path, context->heap, report)
                     : numu_package_write_folder(&package, path, context->heap, report);
    }
    numu_arena_release(&arena);
    return status;
}

/* The programme as a file of another tool, with the dates of its schedule. */
static numu_status write_export(const struct numu_context *context, const struct numu_model *model,
                                numu_export format, struct numu_arena *arena, const char *path,
                                struct numu_report *report) {
    struct numu_plan plan = {0};
    struct numu_rcpsp_result result;
    struct numu_buffer bytes;
    const struct numu_rcpsp_options options = {.schedules = 0};
    NUMU_TRY(numu_app_schedule(context, model, &options, arena, report, &plan, &result));
    NUMU_TRY(numu_export_report_not_carried(model, format, report));
    const struct numu_export_dates dates = {plan.activity.start, plan.activity.finish};
    numu_buffer_init(&bytes, context->heap, 0);
    numu_status status = numu_export_write(model, format, &dates, arena, &bytes);
    if (status == NUMU_OK) {
        status = numu_app_write(path, (struct numu_text){bytes.data, bytes.length}, report);
    }
    numu_buffer_release(&bytes);
    return status;
}

numu_status numu_app_convert(const struct numu_context *context, const struct numu_model *model,
                             const char *path, struct numu_report *report) {
    numu_package_form form = numu_package_form_of(numu_text_of(path));
    numu_export format = numu_export_of(numu_text_of(path));
    if (format != NUMU_EXPORT_NONE) {
        struct numu_arena arena;
        numu_arena_init(&arena, context->heap);
        numu_status status = write_export(context, model, format, &arena, path, report);
        numu_arena_release(&arena);
        return status;
    }
    NUMU_TRY(numu_package_report_not_carried(model, context->heap, report));
    switch (form) {
    case NUMU_PACKAGE_DATABASE:
        return numu_package_write_database(model, path, context->heap, report);
    case NUMU_PACKAGE_WORKBOOK:
        return numu_package_write_workbook(model, path, context->heap, report);
    case NUMU_PACKAGE_FOLDER:
    case NUMU_PACKAGE_ZIP:
        break;
    }
    return write_files(context, model, form, path, report);
}
