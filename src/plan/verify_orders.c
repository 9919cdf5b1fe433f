/*
 * verify_orders.c - orders one by one, then sums: entries of what should be and what pegs say, with
 * opposite signs, sorted by what they are about; every group must come to nothing.
 */
#include "plan/verify_orders.h"

#include "base/context.h"
#include "base/diagnostic.h"

#include <stdlib.h>
#include <string.h>

__extension__ typedef __int128 int128;

/* What a sum is about. */
typedef enum subject {
    SUPPLY_OF_ORDER, /* what an order brings: row = order */
    SUPPLY_OF_PLACE, /* stock and receipts of an item at a site */
    NEED_OF_ORDER,   /* what an order takes of an item: row = order */
    NEED_OF_DEMAND   /* row = demand */
} subject;

struct entry {
    uint8_t subject; /* enum subject */
    numu_row row, item, site;
    numu_quantity expected, found; /* one of them 0 */
};

struct verifier {
    const struct numu_context *context;
    const struct numu_model *model;
    const struct numu_plan *plan;
    struct numu_report *report;
    struct numu_arena *scratch;
    struct numu_calendars calendars;
    struct numu_map processes, items, sites, demands, orders;
    numu_row *order_process;   /* by order; NUMU_NONE = a way between sites, or unknown */
    uint8_t *is_known;         /* by order */
    numu_row *first_operation; /* by process: with the least sequence; NUMU_NONE */
    uint32_t *input_start;     /* by process: its rows of input */
    numu_row *input_row;
    struct numu_buffer entries;
};

static void tell(struct verifier *verifier, numu_code code, struct numu_text id,
                 struct numu_argument second, struct numu_argument third,
                 struct numu_argument fourth) {
    struct numu_diagnostic finding = {.code = code,
                                      .place = NUMU_NOWHERE,
                                      .related = NUMU_NOWHERE,
                                      .arguments = {numu_argument_text(id), second, third, fourth}};
    numu_report_add(verifier->report, &finding);
}

static const struct numu_argument no_argument = {.kind = NUMU_ARGUMENT_NONE};

/* --- what there is --- */

static numu_status index_operations(struct verifier *verifier) {
    const struct numu_model *model = verifier->model;
    NUMU_TRY(NUMU_TAKE(verifier->scratch, &verifier->first_operation, model->process.head.count));
    memset(verifier->first_operation, 0xff,
           model->process.head.count * sizeof *verifier->first_operation); /* NUMU_NONE */
    for (numu_row row = 0; row < model->operation.head.count; row++) {
        numu_row *first = &verifier->first_operation[model->operation.process[row]];
        if (*first == NUMU_NONE ||
            model->operation.sequence[row] < model->operation.sequence[*first]) {
            *first = row;
        }
    }
    return NUMU_OK;
}

static numu_status index_inputs(struct verifier *verifier) {
    const struct numu_table_input *input = &verifier->model->input;
    size_t processes = verifier->model->process.head.count;
    uint32_t *start;
    NUMU_TRY(NUMU_TAKE(verifier->scratch, &start, processes + 1));
    NUMU_TRY(NUMU_TAKE(verifier->scratch, &verifier->input_row, input->head.count));
    for (numu_row row = 0; row < input->head.count; row++) {
        start[input->process[row] + 1]++;
    }
    for (size_t p = 0; p < processes; p++) {
        start[p + 1] += start[p];
    }
    for (numu_row row = input->head.count; row-- > 0;) {
        verifier->input_row[--start[input->process[row] + 1]] = row;
    }
    /* start[p + 1] is now where p begins */
    verifier->input_start = start;
    return NUMU_OK;
}

static numu_status index_model(struct verifier *verifier) {
    const struct numu_model *model = verifier->model;
    struct numu_arena *arena = verifier->scratch;
    NUMU_TRY(numu_map_build(&verifier->processes, arena, model->process.id,
                            model->process.head.count, NULL, NULL));
    NUMU_TRY(numu_map_build(&verifier->items, arena, model->item.id, model->item.head.count, NULL,
                            NULL));
    NUMU_TRY(numu_map_build(&verifier->sites, arena, model->site.id, model->site.head.count, NULL,
                            NULL));
    NUMU_TRY(numu_map_build(&verifier->demands, arena, model->demand.id, model->demand.head.count,
                            NULL, NULL));
    NUMU_TRY(index_operations(verifier));
    return index_inputs(verifier);
}

static void note_twice(void *data, numu_row row, numu_row first) {
    struct verifier *verifier = data;
    (void)first;
    tell(verifier, NUMU_CODE_ORDER_UNKNOWN, verifier->plan->planned_order.id[row], no_argument,
         no_argument, no_argument);
}

/* --- orders one by one --- */

static bool has_route(const struct numu_model *model, numu_row from, numu_row to,
                      numu_decimal *days) {
    bool is_found = false;
    for (numu_row row = 0; row < model->route.head.count; row++) {
        if (model->route.from[row] == from && model->route.to[row] == to) {
            *days = !is_found || model->route.days[row] < *days ? model->route.days[row] : *days;
            is_found = true;
        }
    }
    return is_found;
}

/* [V1]; finds the lead time on the way. */
static bool is_order_known(struct verifier *verifier, numu_row row, numu_decimal *lead) {
    const struct numu_plan_planned_order *order = &verifier->plan->planned_order;
    const struct numu_table_process *process = &verifier->model->process;
    numu_row item = numu_map_find(&verifier->items, order->item[row]);
    numu_row site = numu_map_find(&verifier->sites, order->site[row]);
    if (order->process[row].length == 0) {
        numu_row from = numu_map_find(&verifier->sites, order->from[row]);
        return item != NUMU_NONE && site != NUMU_NONE && from != NUMU_NONE &&
               has_route(verifier->model, from, site, lead);
    }
    numu_row at = numu_map_find(&verifier->processes, order->process[row]);
    if (at == NUMU_NONE || process->item[at] != item || process->site[at] != site) {
        return false;
    }
    verifier->order_process[row] = at;
    *lead = process->lead_time_days[at];
    return true;
}

/* Days between start and due that count for an order. */
static int64_t days_of(const struct verifier *verifier, numu_row row) {
    const struct numu_plan_planned_order *order = &verifier->plan->planned_order;
    const struct numu_model *model = verifier->model;
    numu_row process = verifier->order_process[row];
    uint8_t kind =
        process == NUMU_NONE ? (uint8_t)numu_process_kind_import : model->process.kind[process];
    if (kind == numu_process_kind_import || kind == numu_process_kind_purchase) {
        return (int64_t)order->due[row] - order->start[row];
    }
    numu_row operation = verifier->first_operation[process];
    numu_row calendar = operation == NUMU_NONE
                            ? NUMU_NONE
                            : model->resource.calendar[model->operation.resource[operation]];
    return numu_calendar_count(numu_calendar_get(&verifier->calendars, model, calendar),
                               order->start[row], order->due[row]);
}

/* [V2] */
static void verify_days(struct verifier *verifier, numu_row row, numu_decimal lead) {
    const struct numu_plan_planned_order *order = &verifier->plan->planned_order;
    const struct numu_table_package *package = &verifier->model->package;
    numu_day first =
        package->data_date[0] == NUMU_NO_DAY ? package->start[0] : package->data_date[0];
    bool is_cut = order->planned[row] == numu_planned_master && order->start[row] == first;
    int64_t days = order->start[row] == NUMU_NO_DAY || order->due[row] == NUMU_NO_DAY
                       ? -1
                       : days_of(verifier, row);
    bool is_short = days < 0 || (!is_cut && (int128)days * NUMU_DECIMAL_ONE < lead);
    if (is_short || order->start[row] < first || order->due[row] < order->needed[row]) {
        tell(verifier, NUMU_CODE_ORDER_LEAD_TIME, order->id[row],
             numu_argument_day(order->start[row]), numu_argument_day(order->due[row]),
             numu_argument_number(lead, NUMU_DECIMAL_DECIMALS));
    }
}

/* Least unit of an item's orders: its decimals, or those that its unit and control suggest. */
static numu_quantity unit_of(const struct numu_model *model, numu_row item) {
    struct numu_text unit = model->item.unit[item];
    int64_t decimals = model->item.decimals[item];
    if (decimals == NUMU_NO_NUMBER) {
        bool is_counted = model->item.control[item] == numu_control_serial ||
                          numu_text_is(unit, "each") || numu_text_is(unit, "round") ||
                          numu_text_is(unit, "set") || numu_text_is(unit, "piece") ||
                          numu_text_is(unit, "pair");
        decimals = is_counted ? 0 : NUMU_QUANTITY_DECIMALS;
    }
    return NUMU_QUANTITY_ONE / numu_power_of_ten((int)decimals);
}

static bool keeps_lot(const struct numu_table_process *process, numu_row at, numu_quantity quantity,
                      numu_quantity started) {
    bool keeps_least = process->min_lot[at] == NUMU_NO_NUMBER || quantity >= process->min_lot[at];
    bool keeps_multiple =
        process->lot_multiple[at] == NUMU_NO_NUMBER || quantity % process->lot_multiple[at] == 0;
    bool is_enough = (int128)started * process->yield[at] >= (int128)quantity * NUMU_DECIMAL_ONE;
    return keeps_least && keeps_multiple && is_enough;
}

/* [V3] */
static void verify_lot(struct verifier *verifier, numu_row row) {
    const struct numu_plan_planned_order *order = &verifier->plan->planned_order;
    numu_row item = numu_map_find(&verifier->items, order->item[row]);
    numu_quantity unit = unit_of(verifier->model, item);
    numu_row process = verifier->order_process[row];
    bool is_good = order->quantity[row] > 0 && order->quantity[row] % unit == 0 &&
                   order->started[row] >= 0 && order->started[row] % unit == 0;
    if (is_good && process != NUMU_NONE && order->planned[row] == numu_planned_materials) {
        is_good = keeps_lot(&verifier->model->process, process, order->quantity[row],
                            order->started[row]);
    }
    if (!is_good) {
        tell(verifier, NUMU_CODE_ORDER_LOT, order->id[row],
             numu_argument_number(order->quantity[row], NUMU_QUANTITY_DECIMALS),
             numu_argument_number(order->started[row], NUMU_QUANTITY_DECIMALS), no_argument);
    }
}

static void verify_each(struct verifier *verifier) {
    const struct numu_plan_planned_order *order = &verifier->plan->planned_order;
    for (numu_row row = 0; row < order->head.count; row++) {
        numu_decimal lead = 0;
        verifier->order_process[row] = NUMU_NONE;
        verifier->is_known[row] = is_order_known(verifier, row, &lead) ? 1 : 0;
        if (verifier->is_known[row] != 0) {
            verify_days(verifier, row, lead == NUMU_NO_NUMBER ? 0 : lead);
            verify_lot(verifier, row);
        } else {
            tell(verifier, NUMU_CODE_ORDER_UNKNOWN, order->id[row], no_argument, no_argument,
                 no_argument);
        }
    }
}

/* --- sums [V4] --- */

static numu_status put(struct verifier *verifier, const struct entry *entry) {
    return numu_buffer_append(&verifier->entries, entry, sizeof *entry);
}

static int64_t greatest_divisor(int64_t a, int64_t b) {
    return b == 0 ? a : greatest_divisor(b, a % b);
}

/* What an input takes for units started: ⌈started × quantity × (1 + scrap)⌉; NUMU_LIMIT. */
static numu_status taken_by(const struct numu_table_input *input, numu_row row,
                            numu_quantity started, numu_quantity *out) {
    int64_t quantity = input->quantity[row];
    int64_t factor = NUMU_DECIMAL_ONE + input->scrap[row];
    int64_t scale = NUMU_DECIMAL_ONE * NUMU_QUANTITY_ONE;
    int64_t divisor = greatest_divisor(quantity, scale);
    quantity /= divisor;
    scale /= divisor;
    divisor = greatest_divisor(factor, scale);
    factor /= divisor;
    scale /= divisor;
    int64_t each = 0;
    NUMU_TRY(numu_multiply(quantity, factor, &each));
    return numu_multiply_divide(started, each, scale, NUMU_ROUND_CEILING, out);
}

static numu_status put_needs(struct verifier *verifier, numu_row row) {
    const struct numu_plan_planned_order *order = &verifier->plan->planned_order;
    const struct numu_table_input *input = &verifier->model->input;
    numu_row process = verifier->order_process[row];
    if (process == NUMU_NONE) {
        return put(verifier, &(struct entry){NEED_OF_ORDER, row,
                                             numu_map_find(&verifier->items, order->item[row]),
                                             numu_map_find(&verifier->sites, order->from[row]),
                                             order->quantity[row], 0});
    }
    uint32_t end = process + 1 < verifier->model->process.head.count
                       ? verifier->input_start[process + 2]
                       : input->head.count;
    for (uint32_t i = verifier->input_start[process + 1]; i < end; i++) {
        numu_row line = verifier->input_row[i];
        bool holds =
            (input->starts[line] == NUMU_NO_DAY || input->starts[line] <= order->start[row]) &&
            (input->ends[line] == NUMU_NO_DAY || input->ends[line] >= order->start[row]);
        struct entry entry = {
            NEED_OF_ORDER, row, input->item[line], verifier->model->process.site[process], 0, 0};
        if (holds) {
            NUMU_TRY(taken_by(input, line, order->started[row], &entry.expected));
            NUMU_TRY(put(verifier, &entry));
        }
    }
    return NUMU_OK;
}

static numu_status put_orders(struct verifier *verifier) {
    const struct numu_plan_planned_order *order = &verifier->plan->planned_order;
    for (numu_row row = 0; row < order->head.count; row++) {
        if (verifier->is_known[row] != 0) {
            NUMU_TRY(
                put(verifier, &(struct entry){SUPPLY_OF_ORDER, row,
                                              numu_map_find(&verifier->items, order->item[row]),
                                              numu_map_find(&verifier->sites, order->site[row]),
                                              order->quantity[row], 0}));
            NUMU_TRY(put_needs(verifier, row));
        }
    }
    return NUMU_OK;
}

static numu_status put_place(struct verifier *verifier, numu_row item, numu_row site,
                             numu_quantity quantity) {
    return quantity <= 0 ? NUMU_OK
                         : put(verifier, &(struct entry){SUPPLY_OF_PLACE, NUMU_NONE, item, site,
                                                         quantity, 0});
}

static numu_status put_receipts(struct verifier *verifier) {
    const struct numu_model *model = verifier->model;
    for (numu_row row = 0; row < model->stock.head.count; row++) {
        NUMU_TRY(put_place(verifier, model->stock.item[row], model->stock.site[row],
                           model->stock.quantity[row]));
    }
    for (numu_row row = 0; row < model->open_order.head.count; row++) {
        numu_row process = model->open_order.process[row];
        NUMU_TRY(put_place(verifier, model->process.item[process], model->process.site[process],
                           model->open_order.quantity[row] - model->open_order.received[row]));
    }
    for (numu_row row = 0; row < model->delivery.head.count; row++) {
        NUMU_TRY(put_place(verifier, model->delivery.item[row], model->delivery.site[row],
                           model->delivery.quantity[row] - model->delivery.delivered[row]));
    }
    return NUMU_OK;
}

/* Demands with pegs of the materials plan want all, others what the master plan serves. */
static numu_status put_demands(struct verifier *verifier, const uint8_t *is_served) {
    const struct numu_plan_service *service = &verifier->plan->service;
    const struct numu_table_demand *demand = &verifier->model->demand;
    for (numu_row i = 0; i < service->head.count; i++) {
        numu_row row = numu_map_find(&verifier->demands, service->demand[i]);
        if (row != NUMU_NONE && is_served[row] != 0 && service->served[i] > 0) {
            NUMU_TRY(put(verifier, &(struct entry){NEED_OF_DEMAND, row, demand->item[row],
                                                   demand->site[row], service->served[i], 0}));
        }
    }
    for (numu_row row = 0; row < demand->head.count; row++) {
        if (is_served[row] == 0) {
            NUMU_TRY(put(verifier, &(struct entry){NEED_OF_DEMAND, row, demand->item[row],
                                                   demand->site[row], demand->quantity[row], 0}));
        }
    }
    return NUMU_OK;
}

static void unknown_peg(struct verifier *verifier, struct numu_text id) {
    tell(verifier, NUMU_CODE_ORDER_UNKNOWN, id, no_argument, no_argument, no_argument);
}

static numu_status put_peg(struct verifier *verifier, numu_row row) {
    const struct numu_plan_peg *peg = &verifier->plan->peg;
    numu_row item = numu_map_find(&verifier->items, peg->item[row]);
    numu_row site = numu_map_find(&verifier->sites, peg->site[row]);
    numu_row supply = numu_map_find(&verifier->orders, peg->supply_id[row]);
    struct entry entry = {SUPPLY_OF_PLACE, NUMU_NONE, item, site, 0, peg->quantity[row]};
    if (peg->supply[row] == numu_peg_end_order) {
        entry.subject = SUPPLY_OF_ORDER;
        entry.row = supply;
        if (supply == NUMU_NONE) {
            unknown_peg(verifier, peg->supply_id[row]);
        }
    }
    if (peg->supply[row] != numu_peg_end_unset) {
        NUMU_TRY(put(verifier, &entry));
    }
    if (peg->taker[row] == numu_peg_end_unset) {
        return NUMU_OK;
    }
    bool is_order = peg->taker[row] == numu_peg_end_order;
    entry.subject = is_order ? NEED_OF_ORDER : NEED_OF_DEMAND;
    entry.row =
        numu_map_find(is_order ? &verifier->orders : &verifier->demands, peg->taker_id[row]);
    if (entry.row == NUMU_NONE) {
        unknown_peg(verifier, peg->taker_id[row]);
    }
    return put(verifier, &entry);
}

static int compare_numbers(int64_t a, int64_t b) {
    return a < b ? -1 : a > b;
}

static int compare_entries(const void *a, const void *b) {
    const struct entry *x = a;
    const struct entry *y = b;
    int by = compare_numbers(x->subject, y->subject);
    by = by != 0 ? by : compare_numbers(x->row, y->row);
    by = by != 0 ? by : compare_numbers(x->item, y->item);
    return by != 0 ? by : compare_numbers(x->site, y->site);
}

/* How a sum is called: by its order or demand, else by its item. */
static struct numu_text name_of(const struct verifier *verifier, const struct entry *entry) {
    if (entry->row != NUMU_NONE && entry->subject == NEED_OF_DEMAND) {
        return verifier->model->demand.id[entry->row];
    }
    if (entry->row != NUMU_NONE && entry->subject != SUPPLY_OF_PLACE) {
        return verifier->plan->planned_order.id[entry->row];
    }
    return entry->item == NUMU_NONE ? (struct numu_text){NULL, 0}
                                    : verifier->model->item.id[entry->item];
}

static int64_t bounded(int128 value) {
    return value > INT64_MAX ? INT64_MAX : (int64_t)value;
}

static void verify_sums(struct verifier *verifier, struct entry *entries, size_t count) {
    qsort(entries, count, sizeof *entries, compare_entries);
    for (size_t from = 0, to = 0; from < count; from = to) {
        int128 expected = 0;
        int128 found = 0;
        for (to = from; to < count && compare_entries(&entries[from], &entries[to]) == 0; to++) {
            expected += entries[to].expected;
            found += entries[to].found;
        }
        if (expected != found) {
            struct numu_text item = entries[from].item == NUMU_NONE
                                        ? (struct numu_text){NULL, 0}
                                        : verifier->model->item.id[entries[from].item];
            tell(verifier, NUMU_CODE_ORDER_PEGS, name_of(verifier, &entries[from]),
                 numu_argument_number(bounded(found), NUMU_QUANTITY_DECIMALS),
                 numu_argument_number(bounded(expected), NUMU_QUANTITY_DECIMALS),
                 numu_argument_text(item));
        }
    }
}

/* Whether the master plan serves a demand, not the materials plan: by row. */
static numu_status find_served(struct verifier *verifier, uint8_t **out) {
    const struct numu_table_demand *demand = &verifier->model->demand;
    uint8_t *is_served;
    NUMU_TRY(NUMU_TAKE(verifier->scratch, &is_served, demand->head.count));
    for (numu_row row = 0; row < demand->head.count; row++) {
        uint8_t planned = verifier->model->item.planned[demand->item[row]];
        is_served[row] = planned == numu_planned_materials ? 0 : 1;
    }
    *out = is_served;
    return NUMU_OK;
}

static numu_status verify_pegs(struct verifier *verifier) {
    const struct numu_plan_peg *peg = &verifier->plan->peg;
    uint8_t *is_served;
    NUMU_TRY(find_served(verifier, &is_served));
    NUMU_TRY(put_orders(verifier));
    NUMU_TRY(put_receipts(verifier));
    NUMU_TRY(put_demands(verifier, is_served));
    for (numu_row row = 0; row < peg->head.count; row++) {
        NUMU_TRY(put_peg(verifier, row));
    }
    struct entry *entries;
    size_t count = verifier->entries.length / sizeof *entries;
    NUMU_TRY(NUMU_TAKE(verifier->scratch, &entries, count));
    if (count > 0) {
        memcpy(entries, verifier->entries.data, verifier->entries.length);
    }
    verify_sums(verifier, entries, count);
    return NUMU_OK;
}

static numu_status verify(struct verifier *verifier) {
    numu_row orders = verifier->plan->planned_order.head.count;
    NUMU_TRY(numu_calendars_build(verifier->model, verifier->scratch, &verifier->calendars));
    NUMU_TRY(index_model(verifier));
    NUMU_TRY(NUMU_TAKE(verifier->scratch, &verifier->order_process, orders));
    NUMU_TRY(NUMU_TAKE(verifier->scratch, &verifier->is_known, orders));
    NUMU_TRY(numu_map_build(&verifier->orders, verifier->scratch, verifier->plan->planned_order.id,
                            orders, note_twice, verifier));
    verify_each(verifier);
    return verify_pegs(verifier);
}

numu_status numu_verify_orders(const struct numu_context *context, const struct numu_model *model,
                               const struct numu_plan *plan, struct numu_report *report,
                               numu_row *out_count) {
    struct numu_arena scratch;
    struct verifier verifier = {
        .context = context, .model = model, .plan = plan, .report = report, .scratch = &scratch};
    uint64_t before = numu_report_total(report, NUMU_ERROR);
    *out_count = plan->planned_order.head.count;
    if (plan->planned_order.head.count == 0) {
        return NUMU_OK;
    }
    numu_arena_init(&scratch, context->heap);
    numu_buffer_init(&verifier.entries, context->heap, 0);
    numu_status status = verify(&verifier);
    numu_buffer_release(&verifier.entries);
    numu_arena_release(&scratch);
    bool is_broken = numu_report_total(report, NUMU_ERROR) > before;
    return status == NUMU_OK && is_broken ? NUMU_INVALID : status;
}
