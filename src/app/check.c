/*
 * check.c - load and check a package.
 */
#include "app/app.h"

#include "app/project.h"

numu_status numu_app_check(const struct numu_context *context, struct numu_text folder,
                           struct numu_report *report, struct numu_model *out) {
    numu_status status = numu_app_load(context, folder, report, out);
    if ((status == NUMU_OK || status == NUMU_INVALID) && out->sources.count > 1) {
        NUMU_TRY(numu_model_check(context, out, report));
        status = numu_report_total(report, NUMU_ERROR) > 0 ? NUMU_INVALID : NUMU_OK;
    }
    return status;
}
