/*
 * law.c - see law.h.
 */
#include "app/law.h"

#include <math.h>

numu_status numu_law_prohibitions(const struct numu_model *model, struct numu_text profile,
                                  struct numu_arena *arena, struct numu_plan_prohibition **out,
                                  size_t *out_count) {
    struct numu_prohibited_span *spans;
    struct numu_plan_prohibition *list;
    size_t span_count;
    size_t count = 0;
    NUMU_TRY(numu_prohibitions_find(model, profile, arena, &spans, &span_count));
    NUMU_TRY(NUMU_TAKE(arena, &list, span_count));
    for (size_t i = 0; i < span_count; i++) {
        const struct numu_transfer *transfer = &spans[i].transfer;
        if (transfer->kind == NUMU_TRANSFER_DELIVERY) {
            continue; /* agreed and on its way: check warns of it */
        }
        list[count++] = (struct numu_plan_prohibition){
            .process = transfer->kind == NUMU_TRANSFER_PROCESS ? transfer->row : NUMU_NONE,
            .demand = transfer->kind == NUMU_TRANSFER_DEMAND ? transfer->row : NUMU_NONE,
            .starts = spans[i].days.from,
            .ends = spans[i].days.to >= INT32_MAX - 1 ? NUMU_NO_DAY : spans[i].days.to,
            .rule = model->rule.id[spans[i].rule],
            .citation = model->rule.citation[spans[i].rule]};
    }
    *out = list;
    *out_count = count;
    return NUMU_OK;
}

/* --- storage --- */

/* Hazards that may lie in a storehouse: its load class, or all of the package where it has none. */
static uint32_t class_of(const struct numu_model *model, numu_row storehouse) {
    uint32_t hazards = numu_storehouse_hazards(model, storehouse);
    return hazards != 0 ? hazards : numu_package_hazards(model);
}

static bool has_group(struct numu_text groups, uint8_t group) {
    if (groups.length == 0) {
        return true;
    }
    for (struct numu_text word = numu_text_next_word(&groups); word.length > 0;
         word = numu_text_next_word(&groups)) {
        if (word.length == 1 && numu_group_of(word.data[0]) == group) {
            return true;
        }
    }
    return false;
}

static void fill_classes(const struct numu_model *model, bool *may_hold) {
    numu_row storehouses = model->storehouse.head.count;
    for (numu_row item = 0; item < model->item.head.count; item++) {
        uint8_t hazard;
        uint8_t group;
        bool is_explosive =
            model->item.classification[item].length > 0 &&
            numu_classification_parse(model->item.classification[item], &hazard, &group);
        for (numu_row row = 0; row < storehouses; row++) {
            may_hold[(size_t)item * storehouses + row] =
                is_explosive && (class_of(model, row) >> hazard & 1U) != 0 &&
                has_group(model->storehouse.groups[row], group);
        }
    }
}

/* What a granted limit comes to: the distances bind unless the risk was accepted by name. */
static double limit_of_grant(const struct numu_model *model, numu_row row, double class_limit) {
    double granted = numu_number_to_double(model->limit.neq_kg[row], NUMU_DECIMAL_DECIMALS);
    return model->limit.risk_accepted_by[row].length > 0 ? granted : fmin(granted, class_limit);
}

numu_status numu_law_storage(const struct numu_context *context, const struct numu_model *model,
                             const struct numu_rules_place *place, struct numu_arena *arena,
                             struct numu_plan_storage **out) {
    struct numu_rules rules;
    struct numu_limits limits;
    struct numu_plan_storage *storage;
    struct numu_plan_limit *list;
    bool *may_hold;
    char *name;
    numu_row storehouses = model->storehouse.head.count;
    *out = NULL;
    if (model->package.rules[0].length == 0 || storehouses == 0) {
        return NUMU_OK;
    }
    NUMU_TRY(numu_text_to_string(arena, model->package.rules[0], &name));
    NUMU_TRY(numu_app_rules_open(place, name, &rules));
    NUMU_TRY(
        numu_limits_build(context, model, &rules.set, numu_package_hazards(model), arena, &limits));
    NUMU_TRY(NUMU_TAKE(arena, &storage, 1));
    NUMU_TRY(NUMU_TAKE(arena, &list, model->limit.head.count));
    NUMU_TRY(NUMU_TAKE(arena, &may_hold, (size_t)model->item.head.count * storehouses));
    fill_classes(model, may_hold);
    storage->may_hold = may_hold;
    for (numu_row row = 0; row < model->limit.head.count; row++) {
        numu_row storehouse = model->limit.storehouse[row];
        double class_limit = numu_limits_of_class(&limits, storehouse, class_of(model, storehouse));
        list[storage->limit_count++] =
            (struct numu_plan_limit){.storehouse = storehouse,
                                     .starts = model->limit.starts[row],
                                     .ends = model->limit.ends[row],
                                     .neq_kg = limit_of_grant(model, row, class_limit)};
    }
    storage->limit = list;
    *out = storage;
    return NUMU_OK;
}
