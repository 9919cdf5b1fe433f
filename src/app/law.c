/*
 * law.c - see law.h.
 */
#include "app/law.h"

#include "base/table.h"

#include <math.h>

/* --- what rules prohibit --- */

/* What is planned is fixed at zero on the days of a span; what is on its way is withheld. */
static bool is_planned(const struct numu_transfer *transfer) {
    return transfer->kind == NUMU_TRANSFER_PROCESS || transfer->kind == NUMU_TRANSFER_DEMAND;
}

static numu_status take_prohibitions(const struct numu_model *model,
                                     const struct numu_prohibited_span *spans, size_t count,
                                     struct numu_arena *arena, struct numu_plan_law *out) {
    struct numu_plan_prohibition *list;
    NUMU_TRY(NUMU_TAKE(arena, &list, count));
    out->prohibition = list;
    for (size_t i = 0; i < count; i++) {
        const struct numu_transfer *transfer = &spans[i].transfer;
        if (!is_planned(transfer)) {
            continue;
        }
        list[out->prohibition_count++] = (struct numu_plan_prohibition){
            .process = transfer->kind == NUMU_TRANSFER_PROCESS ? transfer->row : NUMU_NONE,
            .demand = transfer->kind == NUMU_TRANSFER_DEMAND ? transfer->row : NUMU_NONE,
            .starts = spans[i].days.from,
            .ends = spans[i].days.to >= INT32_MAX - 1 ? NUMU_NO_DAY : spans[i].days.to,
            .rule = model->rule.id[spans[i].rule],
            .citation = model->rule.citation[spans[i].rule]};
    }
    return NUMU_OK;
}

static numu_status copy_quantities(struct numu_arena *arena, numu_row count,
                                   numu_quantity **column) {
    numu_quantity *own;
    NUMU_TRY(NUMU_TAKE(arena, &own, count));
    for (numu_row row = 0; row < count; row++) {
        own[row] = (*column)[row];
    }
    *column = own;
    return NUMU_OK;
}

static void withhold(struct numu_lawful *lawful, const struct numu_prohibited_span *span) {
    const struct numu_transfer *transfer = &span->transfer;
    struct numu_table_delivery *delivery = &lawful->model.delivery;
    struct numu_table_open_order *order = &lawful->model.open_order;
    struct numu_plan_withheld *table = &lawful->withheld;
    bool is_order = transfer->kind == NUMU_TRANSFER_ORDER;
    numu_row row = transfer->row;
    numu_row process = is_order ? order->process[row] : NUMU_NONE;
    numu_quantity all = is_order ? order->quantity[row] : delivery->quantity[row];
    numu_quantity *come = is_order ? &order->received[row] : &delivery->delivered[row];
    if (*come >= all) {
        return; /* another rule withholds it already */
    }
    numu_row at = table->head.count++;
    numu_row site = is_order ? lawful->model.process.site[process] : delivery->site[row];
    table->origin[at] = numu_text_of(transfer->table->name);
    table->id[at] = transfer->id;
    table->item[at] = lawful->model.item.id[transfer->item];
    table->site[at] = lawful->model.site.id[site];
    table->due[at] = is_order ? order->due[row] : delivery->due[row];
    table->quantity[at] = all - *come;
    table->rule[at] = lawful->model.rule.id[span->rule];
    table->citation[at] = lawful->model.rule.citation[span->rule];
    *come = all;
}

static numu_status take_withheld(const struct numu_prohibited_span *spans, size_t count,
                                 struct numu_arena *arena, struct numu_lawful *out) {
    struct numu_model *model = &out->model;
    numu_row most = model->delivery.head.count + model->open_order.head.count;
    struct numu_plan plan = {0};
    NUMU_TRY(numu_plan_take(&plan, arena, NUMU_PLAN_TABLE(withheld), most));
    out->withheld = plan.withheld;
    NUMU_TRY(copy_quantities(arena, model->delivery.head.count, &model->delivery.delivered));
    NUMU_TRY(copy_quantities(arena, model->open_order.head.count, &model->open_order.received));
    out->withheld.head.count = 0;
    for (size_t i = 0; i < count; i++) {
        numu_day day = spans[i].transfer.days.from;
        if (!is_planned(&spans[i].transfer) && spans[i].days.from <= day &&
            day <= spans[i].days.to) {
            withhold(out, &spans[i]);
        }
    }
    return NUMU_OK;
}

/* --- storage --- */

/* Hazards for which a limit was ever granted to a storehouse. */
static uint32_t granted_to(const struct numu_model *model, numu_row storehouse) {
    const struct numu_table_limit *limit = &model->limit;
    uint32_t hazards = 0;
    for (numu_row row = 0; row < limit->head.count; row++) {
        uint8_t hazard = numu_choice_find(numu_hazard_names, limit->hazard_division[row]);
        bool is_its = limit->storehouse[row] == storehouse && hazard > 0;
        hazards |= is_its ? UINT32_C(1) << (hazard - 1) : 0;
    }
    return hazards;
}

/*
 * Hazards of the package that may lie in a storehouse: of its load class, where it has one, and
 * with a limit granted for them.
 */
static uint32_t class_of(const struct numu_model *model, numu_row storehouse) {
    uint32_t hazards = numu_storehouse_hazards(model, storehouse);
    uint32_t there = numu_package_hazards(model) & granted_to(model, storehouse);
    return hazards != 0 ? hazards & there : there;
}

static bool is_in(uint32_t groups, uint8_t group) {
    return groups == 0 || (groups >> group & 1U) != 0;
}

static void fill_classes(const struct numu_model *model, const uint32_t *class, bool *may_hold) {
    numu_row storehouses = model->storehouse.head.count;
    for (numu_row item = 0; item < model->item.head.count; item++) {
        uint8_t hazard;
        uint8_t group;
        bool is_explosive =
            model->item.classification[item].length > 0 &&
            numu_classification_parse(model->item.classification[item], &hazard, &group);
        for (numu_row row = 0; row < storehouses; row++) {
            may_hold[(size_t)item * storehouses + row] =
                is_explosive && (class[row] >> hazard & 1U) != 0 &&
                is_in(numu_storehouse_groups(model, row), group);
        }
    }
}

/*
 * Storehouses with limits that a storehouse is merged with, itself among them. The planner knows
 * no sum over storehouses: each of them gets the same share of the one limit that they have.
 */
static numu_row sharers_of(const struct numu_limits *limits, const uint32_t *class,
                           numu_row storehouses, numu_row storehouse) {
    numu_row count = 0;
    for (numu_row row = 0; row < storehouses; row++) {
        count += class[row] != 0 &&
                 numu_limits_root(limits, row) == numu_limits_root(limits, storehouse);
    }
    return count;
}

/* What a granted limit comes to: the distances bind unless the risk was accepted by name. */
static double limit_of_grant(const struct numu_model *model, numu_row row, double class_limit) {
    double granted = numu_number_to_double(model->limit.neq_kg[row], NUMU_DECIMAL_DECIMALS);
    return model->limit.risk_accepted_by[row].length > 0 ? granted : fmin(granted, class_limit);
}

static numu_status read_storage(const struct numu_context *context, const struct numu_model *model,
                                const struct numu_rules_place *place, struct numu_arena *arena,
                                const struct numu_plan_storage **out) {
    struct numu_rules rules;
    struct numu_limits limits;
    struct numu_plan_storage *storage;
    struct numu_plan_limit *list;
    bool *may_hold;
    uint32_t *class; /* by storehouse */
    char *name;
    numu_row storehouses = model->storehouse.head.count;
    *out = NULL;
    if (model->package.rules[0].length == 0 || storehouses == 0) {
        return NUMU_OK;
    }
    NUMU_TRY(numu_text_to_string(arena, model->package.rules[0], &name));
    NUMU_TRY(numu_app_rules_open(place, name, &rules));
    numu_app_rules_check_day(place, &rules.set, model->package.start[0]);
    NUMU_TRY(
        numu_limits_build(context, model, &rules.set, numu_package_hazards(model), arena, &limits));
    NUMU_TRY(NUMU_TAKE(arena, &storage, 1));
    NUMU_TRY(NUMU_TAKE(arena, &list, model->limit.head.count));
    NUMU_TRY(NUMU_TAKE(arena, &may_hold, (size_t)model->item.head.count * storehouses));
    NUMU_TRY(NUMU_TAKE(arena, &class, storehouses));
    for (numu_row row = 0; row < storehouses; row++) {
        class[row] = class_of(model, row);
    }
    fill_classes(model, class, may_hold);
    storage->may_hold = may_hold;
    for (numu_row row = 0; row < model->limit.head.count; row++) {
        numu_row storehouse = model->limit.storehouse[row];
        numu_row sharers = sharers_of(&limits, class, storehouses, storehouse);
        double class_limit = numu_limits_of_class(&limits, storehouse, class[storehouse]) /
                             (sharers > 0 ? sharers : 1);
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

/* --- both --- */

numu_status numu_law_read(const struct numu_context *context, const struct numu_model *model,
                          const char *profile, const struct numu_rules_place *place,
                          struct numu_arena *arena, struct numu_lawful *out) {
    struct numu_prohibited_span *spans;
    size_t count;
    *out = (struct numu_lawful){.model = *model};
    if (profile != NULL) {
        NUMU_TRY(NUMU_TAKE(arena, &out->model.package.profile, 1));
        NUMU_TRY(numu_text_copy(arena, numu_text_of(profile), &out->model.package.profile[0]));
    }
    NUMU_TRY(
        numu_prohibitions_find(&out->model, out->model.package.profile[0], arena, &spans, &count));
    NUMU_TRY(take_prohibitions(&out->model, spans, count, arena, &out->law));
    NUMU_TRY(take_withheld(spans, count, arena, out));
    out->law.withheld = &out->withheld;
    return read_storage(context, &out->model, place, arena, &out->law.storage);
}
