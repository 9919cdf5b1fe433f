/*
 * materials.c - from the model to the explosion and back.
 */
#include "plan/materials_bill.h"

numu_quantity numu_item_step(const struct numu_model *model, numu_row item) {
    static const char *const whole[] = {"each", "round", "set", "piece", "pair"};
    int64_t decimals = model->item.decimals[item];
    if (decimals == NUMU_NO_NUMBER) {
        bool is_whole = model->item.control[item] == numu_control_serial;
        for (size_t i = 0; i < sizeof whole / sizeof whole[0]; i++) {
            is_whole = is_whole || numu_text_is(model->item.unit[item], whole[i]);
        }
        decimals = is_whole ? 0 : NUMU_QUANTITY_DECIMALS;
    }
    return numu_power_of_ten(NUMU_QUANTITY_DECIMALS - (int)decimals);
}

numu_status numu_materials_find(const struct numu_model *model, struct numu_arena *arena,
                                uint8_t **out) {
    const struct numu_table_process *process = &model->process;
    uint8_t *is_master;
    uint8_t *is_materials;
    NUMU_TRY(NUMU_TAKE(arena, &is_master, model->item.head.count));
    NUMU_TRY(NUMU_TAKE(arena, &is_materials, model->item.head.count));
    for (numu_row row = 0; row < model->demand.head.count; row++) {
        is_master[model->demand.item[row]] = 1;
    }
    for (numu_row row = 0; row < model->operation.head.count; row++) {
        is_master[process->item[model->operation.process[row]]] = 1;
    }
    for (numu_row row = 0; row < process->head.count; row++) {
        bool is_scarce = process->max_month[row] != NUMU_NO_NUMBER ||
                         process->agreement[row] != NUMU_NONE ||
                         process->opened_by[row] != NUMU_NONE;
        is_master[process->item[row]] |= is_scarce ? 1 : 0;
    }
    for (numu_row item = 0; item < model->item.head.count; item++) {
        bool is_hazardous = model->item.classification[item].length > 0;
        is_materials[item] = model->item.planned[item] == numu_planned_unset
                                 ? is_master[item] == 0 && !is_hazardous
                                 : model->item.planned[item] == numu_planned_materials;
    }
    *out = is_materials;
    return NUMU_OK;
}

numu_status numu_bill_group(struct numu_arena *arena, const uint32_t *keys, numu_row count,
                            uint32_t key_count, struct numu_bill_group *out) {
    NUMU_TRY(NUMU_TAKE(arena, &out->start, (size_t)key_count + 2));
    NUMU_TRY(NUMU_TAKE(arena, &out->row, count));
    for (numu_row row = 0; row < count; row++) {
        out->start[(size_t)keys[row] + 2]++;
    }
    for (size_t key = 2; key < (size_t)key_count + 2; key++) {
        out->start[key] += out->start[key - 1];
    }
    for (numu_row row = 0; row < count; row++) {
        out->row[out->start[(size_t)keys[row] + 1]++] = row;
    }
    return NUMU_OK;
}

uint32_t numu_bill_part(const struct numu_bill *bill, numu_row item, numu_row site) {
    return bill->part_at[(size_t)item * bill->model->site.head.count + site];
}

numu_status numu_bill_too_large(const struct numu_bill *bill, const char *table, numu_row row,
                                const char *column) {
    const struct numu_table_descriptor *at = numu_schema_find(numu_text_of(table));
    struct numu_diagnostic finding = {
        .code = NUMU_CODE_QUANTITY_TOO_LARGE,
        .place = numu_model_place(bill->model, at, row, column),
        .related = NUMU_NOWHERE,
        .arguments = {numu_argument_text(numu_model_id(bill->model, at, row)),
                      numu_argument_string(column)}};
    numu_report_add(bill->report, &finding);
    return NUMU_INVALID;
}

static numu_status plan_bill(struct numu_bill *bill, struct numu_arena *arena,
                             struct numu_plan *plan) {
    struct numu_orders orders;
    NUMU_TRY(numu_bill_build(bill));
    NUMU_TRY(numu_bill_build_lists(bill));
    numu_status status = numu_explode(bill->context, &bill->m, &orders);
    if (status == NUMU_LIMIT && orders.too_large != NUMU_NONE) {
        status = numu_bill_too_large(bill, "item", bill->part_item[orders.too_large], "lot_policy");
    } else if (status == NUMU_INVALID) {
        status = NUMU_BUG; /* the checks of the model find cycles */
    }
    if (status == NUMU_OK) {
        status = numu_bill_fill(bill, &orders, arena, plan);
    }
    numu_orders_release(&orders);
    return status;
}

numu_status numu_materials_plan(const struct numu_context *context, const struct numu_model *model,
                                const struct numu_calendars *calendars,
                                const struct numu_plan_dates *dates, struct numu_arena *arena,
                                struct numu_report *report, struct numu_plan *plan) {
    struct numu_arena scratch;
    struct numu_bill bill = {.context = context,
                             .model = model,
                             .calendars = calendars,
                             .dates = dates,
                             .plan = plan,
                             .report = report,
                             .scratch = &scratch};
    numu_arena_init(&scratch, context->heap);
    numu_status status = plan_bill(&bill, arena, plan);
    numu_arena_release(&scratch);
    return status;
}
