/*
 * convert.c - a package from one form into another.
 */
#include "app/app.h"

#include "model/package.h"

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

numu_status numu_app_convert(const struct numu_context *context, const struct numu_model *model,
                             const char *path, struct numu_report *report) {
    numu_package_form form = numu_package_form_of(numu_text_of(path));
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
