/*
 * abroad.c - see abroad.h.
 */
#include "model/abroad.h"

bool numu_partner_is_abroad(const struct numu_model *model, numu_row partner) {
    return partner != NUMU_NONE &&
           !numu_text_is_equal(model->partner.country[partner], model->package.country[0]);
}

bool numu_process_is_foreign(const struct numu_model *model, numu_row process) {
    const struct numu_table_process *table = &model->process;
    bool is_import = table->kind[process] == numu_process_kind_import;
    if (!is_import && table->kind[process] != numu_process_kind_purchase) {
        return false;
    }
    struct numu_text origin = table->origin[process];
    return numu_partner_is_abroad(model, table->partner[process]) ||
           (origin.length > 0 && !numu_text_is_equal(origin, model->package.country[0])) ||
           (is_import && table->partner[process] == NUMU_NONE && origin.length == 0);
}
