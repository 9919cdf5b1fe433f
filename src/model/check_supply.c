/*
 * check_supply.c - which items can ever be had where, and what processes, routes and receipts say.
 */
#include "model/check.h"

#include <string.h>

/* --- supply: which items can ever be had where --- */

struct supply {
    size_t site_count;
    uint8_t *is_had;       /* by item × site */
    uint32_t *missing;     /* by process: inputs not yet had at its site */
    uint32_t *input_start; /* by item: rows of `input` that take it, in input_list */
    numu_row *input_list;
    uint32_t *route_start; /* by site: rows of `route` that leave it, in route_list */
    numu_row *route_list;
    struct numu_buffer queue; /* of uint64_t: item × site pairs newly had */
};

static numu_status have(struct supply *supply, numu_row item, numu_row site) {
    uint64_t pair = (uint64_t)item * supply->site_count + site;
    if (supply->is_had[pair] != 0) {
        return NUMU_OK;
    }
    supply->is_had[pair] = 1;
    return numu_buffer_append(&supply->queue, &pair, sizeof pair);
}

/* Rows of a table by what one of its columns refers to: counting sort, in order of rows. */
static numu_status list_rows(struct numu_arena *arena, const numu_row *referred, numu_row count,
                             numu_row referred_count, uint32_t **out_start, numu_row **out_list) {
    uint32_t *start;
    NUMU_TRY(NUMU_TAKE(arena, &start, (size_t)referred_count + 2));
    NUMU_TRY(NUMU_TAKE(arena, out_list, count));
    for (numu_row row = 0; row < count; row++) {
        start[(size_t)referred[row] + 2]++;
    }
    for (size_t i = 2; i < (size_t)referred_count + 2; i++) {
        start[i] += start[i - 1];
    }
    for (numu_row row = 0; row < count; row++) {
        (*out_list)[start[(size_t)referred[row] + 1]++] = row;
    }
    *out_start = start;
    return NUMU_OK;
}

static numu_status have_given(const struct numu_model *model, struct supply *supply) {
    for (numu_row row = 0; row < model->stock.head.count; row++) {
        NUMU_TRY(have(supply, model->stock.item[row], model->stock.site[row]));
    }
    for (numu_row row = 0; row < model->delivery.head.count; row++) {
        NUMU_TRY(have(supply, model->delivery.item[row], model->delivery.site[row]));
    }
    for (numu_row row = 0; row < model->open_order.head.count; row++) {
        numu_row process = model->open_order.process[row];
        NUMU_TRY(have(supply, model->process.item[process], model->process.site[process]));
    }
    for (numu_row row = 0; row < model->process.head.count; row++) {
        if (supply->missing[row] == 0) {
            NUMU_TRY(have(supply, model->process.item[row], model->process.site[row]));
        }
    }
    return NUMU_OK;
}

static numu_status spread(const struct numu_model *model, struct supply *supply, uint64_t pair) {
    numu_row item = (numu_row)(pair / supply->site_count);
    numu_row site = (numu_row)(pair % supply->site_count);
    for (uint32_t i = supply->input_start[item]; i < supply->input_start[item + 1]; i++) {
        numu_row process = model->input.process[supply->input_list[i]];
        if (model->process.site[process] == site && --supply->missing[process] == 0) {
            NUMU_TRY(have(supply, model->process.item[process], site));
        }
    }
    for (uint32_t i = supply->route_start[site]; i < supply->route_start[site + 1]; i++) {
        NUMU_TRY(have(supply, item, model->route.to[supply->route_list[i]]));
    }
    return NUMU_OK;
}

/*
 * Whatever is had at a site lets processes there yield, and routes bring it elsewhere, until
 * nothing changes. A pair is looked at once.
 */
static numu_status find_supply(const struct numu_checker *checker, struct supply *supply) {
    const struct numu_model *model = checker->model;
    const struct numu_table_input *input = &model->input;
    supply->site_count = model->site.head.count;
    NUMU_TRY(NUMU_TAKE(checker->arena, &supply->is_had,
                       (size_t)model->item.head.count * supply->site_count));
    NUMU_TRY(NUMU_TAKE(checker->arena, &supply->missing, model->process.head.count));
    for (numu_row row = 0; row < input->head.count; row++) {
        supply->missing[input->process[row]]++;
    }
    NUMU_TRY(list_rows(checker->arena, input->item, input->head.count, model->item.head.count,
                       &supply->input_start, &supply->input_list));
    NUMU_TRY(list_rows(checker->arena, model->route.from, model->route.head.count,
                       model->site.head.count, &supply->route_start, &supply->route_list));
    NUMU_TRY(have_given(model, supply));
    for (size_t next = 0; next < supply->queue.length; next += sizeof(uint64_t)) {
        uint64_t pair; /* the queue may move while it grows */
        memcpy(&pair, supply->queue.data + next, sizeof pair);
        NUMU_TRY(spread(model, supply, pair));
    }
    return NUMU_OK;
}

static void tell_what_is_missing(const struct numu_checker *checker, const struct supply *supply) {
    const struct numu_model *model = checker->model;
    for (numu_row row = 0; row < model->input.head.count; row++) {
        numu_row process = model->input.process[row];
        numu_row item = model->input.item[row];
        numu_row site = model->process.site[process];
        if (supply->is_had[(size_t)item * supply->site_count + site] == 0) {
            numu_check_tell(checker, NUMU_CODE_INPUT_NEVER_HAD, NUMU_MODEL_TABLE(input), row,
                            "item", model->process.id[process], model->item.id[item],
                            model->site.id[site]);
        }
    }
    for (numu_row row = 0; row < model->demand.head.count; row++) {
        numu_row item = model->demand.item[row];
        numu_row site = model->demand.site[row];
        if (supply->is_had[(size_t)item * supply->site_count + site] == 0) {
            numu_check_tell(checker, NUMU_CODE_NO_SUPPLY, NUMU_MODEL_TABLE(demand), row, "item",
                            model->item.id[item], model->site.id[site], model->demand.id[row]);
        }
    }
}

static numu_status check_reach(const struct numu_checker *checker) {
    struct supply supply = {.site_count = 0};
    struct numu_arena_mark mark = numu_arena_mark(checker->arena);
    numu_buffer_init(&supply.queue, checker->context->heap, 0);
    numu_status status = find_supply(checker, &supply);
    if (status == NUMU_OK) {
        tell_what_is_missing(checker, &supply);
    }
    numu_buffer_release(&supply.queue);
    numu_arena_rewind(checker->arena, mark);
    return status;
}

/* --- processes --- */

static bool is_own_work(uint8_t kind) {
    return kind == numu_process_kind_make || kind == numu_process_kind_assemble ||
           kind == numu_process_kind_repair;
}

static numu_status check_processes(const struct numu_checker *checker) {
    const struct numu_model *model = checker->model;
    const struct numu_table_process *process = &model->process;
    bool *has_operation;
    NUMU_TRY(NUMU_TAKE(checker->arena, &has_operation, process->head.count));
    for (numu_row row = 0; row < model->operation.head.count; row++) {
        has_operation[model->operation.process[row]] = true;
    }
    for (numu_row row = 0; row < process->head.count; row++) {
        if (is_own_work(process->kind[row]) && !has_operation[row] &&
            process->max_month[row] == NUMU_NO_NUMBER) {
            numu_check_tell(checker, NUMU_CODE_UNLIMITED_PROCESS, NUMU_MODEL_TABLE(process), row,
                            "id", process->id[row], NUMU_NO_TEXT, NUMU_NO_TEXT);
        }
    }
    for (numu_row row = 0; row < model->input.head.count; row++) {
        numu_row by = model->input.process[row];
        if (process->kind[by] == numu_process_kind_import) {
            numu_check_tell(checker, NUMU_CODE_IMPORT_WITH_INPUTS, NUMU_MODEL_TABLE(input), row,
                            "process", process->id[by], model->item.id[model->input.item[row]],
                            NUMU_NO_TEXT);
        }
    }
    return NUMU_OK;
}

/* Machines and people of a process stand where it yields. */
static void check_operations(const struct numu_checker *checker) {
    const struct numu_model *model = checker->model;
    const struct numu_table_operation *operation = &model->operation;
    for (numu_row row = 0; row < operation->head.count; row++) {
        numu_row site = model->process.site[operation->process[row]];
        numu_row resource = operation->resource[row];
        numu_row skill = operation->skill[row];
        if (model->resource.site[resource] != site) {
            numu_check_tell(checker, NUMU_CODE_OPERATION_ELSEWHERE, NUMU_MODEL_TABLE(operation),
                            row, "resource", model->resource.id[resource],
                            model->site.id[model->resource.site[resource]], model->site.id[site]);
        }
        if (skill != NUMU_NONE && model->skill.site[skill] != NUMU_NONE &&
            model->skill.site[skill] != site) {
            numu_check_tell(checker, NUMU_CODE_OPERATION_ELSEWHERE, NUMU_MODEL_TABLE(operation),
                            row, "skill", model->skill.id[skill],
                            model->site.id[model->skill.site[skill]], model->site.id[site]);
        }
    }
}

static void check_routes(const struct numu_checker *checker) {
    const struct numu_table_route *route = &checker->model->route;
    for (numu_row row = 0; row < route->head.count; row++) {
        if (route->from[row] == route->to[row]) {
            numu_check_tell(checker, NUMU_CODE_ROUTE_TO_ITSELF, NUMU_MODEL_TABLE(route), row, "to",
                            checker->model->site.id[route->to[row]], NUMU_NO_TEXT, NUMU_NO_TEXT);
        }
    }
}

/* --- parts of a whole --- */

static void check_part(const struct numu_checker *checker, numu_code code,
                       const struct numu_table_descriptor *table, const char *part,
                       const char *whole) {
    const numu_quantity *parts = numu_check_array(checker, table, part);
    const numu_quantity *wholes = numu_check_array(checker, table, whole);
    for (numu_row row = 0; row < numu_model_head_of(checker->model, table)->count; row++) {
        struct numu_diagnostic finding;
        if (wholes[row] != NUMU_NO_NUMBER && parts[row] > wholes[row] &&
            numu_check_begin(checker, code, table, row, part, &finding)) {
            finding.arguments[0] = numu_argument_string(part);
            finding.arguments[1] = numu_argument_number(parts[row], NUMU_QUANTITY_DECIMALS);
            finding.arguments[2] = numu_argument_number(wholes[row], NUMU_QUANTITY_DECIMALS);
            numu_report_add(checker->report, &finding);
        }
    }
}

/* More than any industry makes of a thing: the unit is wrong, or there is a digit too many. */
static const numu_quantity implausible = INT64_C(100000000000) * NUMU_QUANTITY_ONE;

static void check_plausible(const struct numu_checker *checker,
                            const struct numu_table_descriptor *table) {
    const numu_quantity *quantities = numu_check_array(checker, table, "quantity");
    for (numu_row row = 0; row < numu_model_head_of(checker->model, table)->count; row++) {
        struct numu_diagnostic finding;
        if (quantities[row] >= implausible &&
            numu_check_begin(checker, NUMU_CODE_QUANTITY_IMPLAUSIBLE, table, row, "quantity",
                             &finding)) {
            finding.arguments[0] = numu_argument_number(quantities[row], NUMU_QUANTITY_DECIMALS);
            numu_report_add(checker->report, &finding);
        }
    }
}

numu_status numu_check_supply(const struct numu_checker *checker) {
    NUMU_TRY(check_reach(checker));
    struct numu_arena_mark mark = numu_arena_mark(checker->arena);
    NUMU_TRY(check_processes(checker));
    numu_arena_rewind(checker->arena, mark);
    check_operations(checker);
    check_routes(checker);
    check_plausible(checker, NUMU_MODEL_TABLE(demand));
    check_plausible(checker, NUMU_MODEL_TABLE(delivery));
    check_plausible(checker, NUMU_MODEL_TABLE(open_order));
    check_plausible(checker, NUMU_MODEL_TABLE(stock));
    check_plausible(checker, NUMU_MODEL_TABLE(input));
    check_part(checker, NUMU_CODE_RECEIVED_TOO_MUCH, NUMU_MODEL_TABLE(delivery), "delivered",
               "quantity");
    check_part(checker, NUMU_CODE_RECEIVED_TOO_MUCH, NUMU_MODEL_TABLE(open_order), "received",
               "quantity");
    check_part(checker, NUMU_CODE_LICENCE_EXCEEDED, NUMU_MODEL_TABLE(licence), "used", "quantity");
    return NUMU_OK;
}
