/*
 * materials_lists.c - orders of the master plan, demand and receipts by part, and calendars.
 */
#include "plan/materials_bill.h"

#include <stdlib.h>
#include <string.h>

/* --- sorting --- */

static int compare_numbers(int64_t a, int64_t b) {
    return a < b ? -1 : a > b;
}

static int compare_given(const void *a, const void *b) {
    const struct numu_bill_given *x = a;
    const struct numu_bill_given *y = b;
    int by = compare_numbers(x->part, y->part);
    by = by != 0 ? by : compare_numbers(x->order.due, y->order.due);
    return by != 0 ? by : compare_numbers(x->order.source, y->order.source);
}

static int compare_demand(const void *a, const void *b) {
    const struct numu_bill_demand *x = a;
    const struct numu_bill_demand *y = b;
    int by = compare_numbers(x->part, y->part);
    by = by != 0 ? by : compare_numbers(x->day, y->day);
    return by != 0 ? by : compare_numbers(x->row, y->row);
}

static int compare_receipts(const void *a, const void *b) {
    const struct numu_bill_receipt *x = a;
    const struct numu_bill_receipt *y = b;
    int by = compare_numbers(x->part, y->part);
    by = by != 0 ? by : compare_numbers(x->day, y->day);
    by = by != 0 ? by : compare_numbers(x->expires, y->expires);
    by = by != 0 ? by : compare_numbers(x->origin, y->origin);
    return by != 0 ? by : compare_numbers(x->row, y->row);
}

/* Where the rows of each part start, rows being sorted by part; `size` is that of a row, which
   begins with the part. */
static numu_status list_starts(const struct numu_bill *bill, const void *rows, size_t size,
                               uint32_t count, const uint32_t **out) {
    uint32_t *start;
    NUMU_TRY(NUMU_TAKE(bill->scratch, &start, (size_t)bill->m.part_count + 1));
    for (uint32_t row = 0; row < count; row++) {
        uint32_t part;
        memcpy(&part, (const char *)rows + row * size, sizeof part);
        start[part + 1]++;
    }
    for (uint32_t part = 0; part < bill->m.part_count; part++) {
        start[part + 1] += start[part];
    }
    *out = start;
    return NUMU_OK;
}

/* --- the master plan's orders [B1] --- */

/* The calendar that a source works in; NULL where every day counts. */
static const struct numu_calendar *calendar_of(const struct numu_bill *bill, uint32_t source) {
    uint16_t number = bill->m.source_calendar[source];
    return number == NUMU_EVERY_DAY ? NULL : &bill->calendars->list[number];
}

static numu_status add_given(struct numu_bill *bill, struct numu_buffer *list, uint32_t source,
                             numu_day due, numu_quantity quantity, numu_quantity started) {
    const struct numu_materials *m = &bill->m;
    const struct numu_calendar *calendar = calendar_of(bill, source);
    struct numu_bill_given given = {
        .part = bill->source_part[source],
        .order = {
            .due = due, .need = due, .source = source, .quantity = quantity, .started = started}};
    given.order.start = calendar == NULL
                            ? due - m->source_lead_days[source]
                            : numu_calendar_retreat(calendar, due, m->source_lead_days[source]);
    if (given.order.start < m->first) {
        given.order.start = m->first; /* the master plan lets nothing start before it */
    }
    return numu_buffer_append(list, &given, sizeof given);
}

/* The multiple of step nearest to a quantity; the even one of two equally near. */
static numu_quantity nearest(numu_quantity quantity, numu_quantity step) {
    numu_quantity below = quantity / step;
    numu_quantity rest = quantity % step;
    bool is_up = rest > step - rest || (rest == step - rest && below % 2 != 0);
    return (below + (is_up ? 1 : 0)) * step;
}

/* What a source has brought so far: as planned, and as rounded to whole lots. */
struct progress {
    numu_quantity planned, made, started;
};

/* Units started for a quantity as planned; what does not fit is found by the caller's limit. */
static numu_status starts_for(const struct numu_bill *bill, uint32_t source, numu_quantity quantity,
                              numu_quantity *out) {
    return numu_multiply_divide(quantity, NUMU_DECIMAL_ONE, bill->m.source_yield[source],
                                NUMU_ROUND_HALF_EVEN, out);
}

/*
 * Parts that are made, or brought from where they are: what leaves them in a month leaves at its
 * end. Found from part to part along the ways, until none is added.
 */
static numu_status find_made(struct numu_bill *bill) {
    const struct numu_materials *m = &bill->m;
    NUMU_TRY(NUMU_TAKE(bill->scratch, &bill->is_made, m->part_count));
    for (bool is_changed = true; is_changed;) {
        is_changed = false;
        for (uint32_t s = 0; s < m->source_start[m->part_count]; s++) {
            bool is_made = calendar_of(bill, s) != NULL;
            if (bill->source_process[s] == NUMU_NONE) {
                is_made = bill->is_made[m->line_part[m->line_start[s]]] != 0;
            }
            if (is_made && bill->is_made[bill->source_part[s]] == 0) {
                bill->is_made[bill->source_part[s]] = 1;
                is_changed = true;
            }
        }
    }
    return NUMU_OK;
}

/* The day on which all of a month's quantity is there, where it is not spread. */
static numu_day day_of_month(const struct numu_bill *bill, uint32_t source, numu_month month) {
    bool is_way = bill->source_process[source] == NUMU_NONE;
    bool is_last = is_way && bill->is_made[bill->m.line_part[bill->m.line_start[source]]] != 0;
    return is_last ? numu_month_last_day(month) : numu_month_first_day(month);
}

/* A source's quantity of a month over its days. */
static numu_status spread(struct numu_bill *bill, struct numu_buffer *list, uint32_t source,
                          numu_month month, numu_quantity quantity, struct progress *progress) {
    const struct numu_calendar *calendar = calendar_of(bill, source);
    numu_quantity step = numu_item_step(bill->model, bill->part_item[bill->source_part[source]]);
    numu_day first = numu_month_first_day(month);
    numu_day end = numu_month_first_day(month + 1);
    int64_t days = calendar == NULL ? 1 : numu_calendar_count(calendar, first, end);
    days = days == 0 ? 1 : days; /* a month of holidays: all on its first day */
    numu_day day = calendar == NULL ? day_of_month(bill, source, month) : first;
    for (int64_t n = 1; n <= days; n++, day++) {
        numu_quantity until = 0;
        numu_quantity starts = 0;
        if (calendar != NULL) {
            day = numu_calendar_next_worked(calendar, day);
            day = day < end ? day : first;
        }
        NUMU_TRY(numu_multiply_divide(quantity, n, days, NUMU_ROUND_HALF_EVEN, &until));
        NUMU_TRY(numu_add(until, progress->planned, &until));
        NUMU_TRY(starts_for(bill, source, until, &starts));
        until = nearest(until, step);
        starts = nearest(starts, step);
        if (until > progress->made) {
            NUMU_TRY(add_given(bill, list, source, day, until - progress->made,
                               starts - progress->started));
            progress->made = until;
            progress->started = starts;
        }
    }
    return numu_add(progress->planned, quantity, &progress->planned);
}

static numu_status add_production(struct numu_bill *bill, struct numu_buffer *list) {
    const struct numu_plan_production *production = &bill->plan->production;
    struct progress *progress; /* by process */
    NUMU_TRY(NUMU_TAKE(bill->scratch, &progress, bill->model->process.head.count));
    for (numu_row row = 0; row < production->head.count; row++) { /* in order of months */
        numu_row process = numu_map_find(&bill->processes, production->process[row]);
        numu_row item = process == NUMU_NONE ? NUMU_NONE : bill->model->process.item[process];
        if (item == NUMU_NONE || bill->is_materials[item] != 0) {
            continue;
        }
        numu_status status =
            spread(bill, list, bill->process_source[process], production->month[row],
                   production->quantity[row], &progress[process]);
        NUMU_TRY(status == NUMU_LIMIT ? numu_bill_too_large(bill, "process", process, "max_month")
                                      : status);
    }
    return NUMU_OK;
}

/* The source that brings an item from one site to another, or NUMU_NONE. */
static uint32_t way_of(const struct numu_bill *bill, uint32_t part, numu_row from) {
    for (uint32_t s = bill->m.source_start[part]; s < bill->m.source_start[part + 1]; s++) {
        numu_row route = bill->source_route[s];
        if (route != NUMU_NONE && bill->model->route.from[route] == from) {
            return s;
        }
    }
    return NUMU_NONE;
}

/* Where the table of routes has several ways between two sites, shipments are taken to use the
   first: the plan says no more. */
static numu_status add_shipments(struct numu_bill *bill, struct numu_buffer *list) {
    const struct numu_plan_shipment *shipment = &bill->plan->shipment;
    struct progress *progress; /* by source */
    NUMU_TRY(NUMU_TAKE(bill->scratch, &progress, bill->m.source_start[bill->m.part_count]));
    for (numu_row row = 0; row < shipment->head.count; row++) {
        numu_row item = numu_map_find(&bill->items, shipment->item[row]);
        numu_row from = numu_map_find(&bill->sites, shipment->from[row]);
        numu_row to = numu_map_find(&bill->sites, shipment->to[row]);
        if (item == NUMU_NONE || from == NUMU_NONE || to == NUMU_NONE ||
            bill->is_materials[item] != 0) {
            continue;
        }
        uint32_t part = numu_bill_part(bill, item, to);
        uint32_t source = way_of(bill, part, from);
        if (source == NUMU_NONE) {
            continue;
        }
        numu_status status = spread(bill, list, source, shipment->month[row],
                                    shipment->quantity[row], &progress[source]);
        NUMU_TRY(status == NUMU_LIMIT ? numu_bill_too_large(bill, "item", item, "id") : status);
    }
    return NUMU_OK;
}

/* Orders of one part, source and day are one. */
static uint32_t merge_given(struct numu_bill_given *list, uint32_t count) {
    uint32_t kept = 0;
    for (uint32_t i = 0; i < count; i++) {
        if (kept > 0 && compare_given(&list[kept - 1], &list[i]) == 0) {
            list[kept - 1].order.quantity += list[i].order.quantity;
            list[kept - 1].order.started += list[i].order.started;
        } else {
            list[kept++] = list[i];
        }
    }
    return kept;
}

static numu_status build_given(struct numu_bill *bill, struct numu_buffer *list) {
    NUMU_TRY(find_made(bill));
    NUMU_TRY(add_production(bill, list));
    NUMU_TRY(add_shipments(bill, list));
    struct numu_order *orders;
    uint8_t *is_given;
    bill->given_count = (uint32_t)(list->length / sizeof *bill->given);
    NUMU_TRY(NUMU_TAKE(bill->scratch, &bill->given, bill->given_count));
    if (bill->given_count > 0) {
        memcpy(bill->given, list->data, list->length);
        qsort(bill->given, bill->given_count, sizeof *bill->given, compare_given);
        bill->given_count = merge_given(bill->given, bill->given_count);
    }
    NUMU_TRY(NUMU_TAKE(bill->scratch, &orders, bill->given_count));
    NUMU_TRY(NUMU_TAKE(bill->scratch, &is_given, bill->m.part_count));
    for (uint32_t i = 0; i < bill->given_count; i++) {
        orders[i] = bill->given[i].order;
    }
    for (uint32_t part = 0; part < bill->m.part_count; part++) {
        is_given[part] = bill->is_materials[bill->part_item[part]] == 0 ? 1 : 0;
    }
    bill->m.given = orders;
    bill->m.part_is_given = is_given;
    return list_starts(bill, bill->given, sizeof *bill->given, bill->given_count,
                       &bill->m.given_start);
}

/* --- demand --- */

static numu_status add_demand(struct numu_bill *bill, struct numu_buffer *list, numu_row row,
                              numu_day day, numu_quantity quantity) {
    const struct numu_table_demand *demand = &bill->model->demand;
    struct numu_bill_demand entry = {.part =
                                         numu_bill_part(bill, demand->item[row], demand->site[row]),
                                     .day = day < bill->m.first ? bill->m.first : day,
                                     .quantity = quantity,
                                     .row = row};
    return quantity == 0 ? NUMU_OK : numu_buffer_append(list, &entry, sizeof entry);
}

/* Deliveries as the master plan serves them: on the due day, or at the end of a later month. */
static numu_status add_services(struct numu_bill *bill, struct numu_buffer *list) {
    const struct numu_plan_service *service = &bill->plan->service;
    for (numu_row i = 0; i < service->head.count; i++) {
        numu_row row = numu_map_find(&bill->demands, service->demand[i]);
        if (row != NUMU_NONE && bill->is_materials[bill->model->demand.item[row]] == 0) {
            numu_day due = bill->model->demand.due[row];
            numu_day last = numu_month_last_day(service->month[i]);
            NUMU_TRY(add_demand(bill, list, row, due > last ? due : last, service->served[i]));
        }
    }
    return NUMU_OK;
}

static numu_status build_demand(struct numu_bill *bill, struct numu_buffer *list) {
    const struct numu_table_demand *table = &bill->model->demand;
    for (numu_row row = 0; row < table->head.count; row++) {
        if (bill->is_materials[table->item[row]] != 0) {
            NUMU_TRY(add_demand(bill, list, row, table->due[row], table->quantity[row]));
        }
    }
    NUMU_TRY(add_services(bill, list));
    numu_day *day;
    numu_quantity *quantity;
    bill->demand_count = (uint32_t)(list->length / sizeof *bill->demand);
    NUMU_TRY(NUMU_TAKE(bill->scratch, &bill->demand, bill->demand_count));
    NUMU_TRY(NUMU_TAKE(bill->scratch, &day, bill->demand_count));
    NUMU_TRY(NUMU_TAKE(bill->scratch, &quantity, bill->demand_count));
    NUMU_TRY(NUMU_TAKE(bill->scratch, &bill->demand_priority, bill->demand_count));
    if (bill->demand_count > 0) {
        memcpy(bill->demand, list->data, list->length);
        qsort(bill->demand, bill->demand_count, sizeof *bill->demand, compare_demand);
    }
    for (uint32_t i = 0; i < bill->demand_count; i++) {
        day[i] = bill->demand[i].day;
        quantity[i] = bill->demand[i].quantity;
        bill->demand_priority[i] = table->priority[bill->demand[i].row];
    }
    bill->m.demand_day = day;
    bill->m.demand_quantity = quantity;
    return list_starts(bill, bill->demand, sizeof *bill->demand, bill->demand_count,
                       &bill->m.demand_start);
}

/* --- receipts --- */

static numu_day expiry(const struct numu_bill *bill, uint32_t part, numu_day made) {
    int32_t days = bill->m.lots[part].shelf_days;
    return days == 0 || made == NUMU_NO_DAY ? INT32_MAX : made + days;
}

static numu_status add_receipt(struct numu_buffer *list, const struct numu_bill_receipt *receipt) {
    return receipt->quantity <= 0 ? NUMU_OK : numu_buffer_append(list, receipt, sizeof *receipt);
}

static numu_status list_receipts(struct numu_bill *bill, struct numu_buffer *list) {
    const struct numu_model *model = bill->model;
    for (numu_row row = 0; row < model->stock.head.count; row++) {
        uint32_t part = numu_bill_part(bill, model->stock.item[row], model->stock.site[row]);
        const struct numu_bill_receipt receipt = {part,
                                                  bill->m.first,
                                                  expiry(bill, part, model->stock.made[row]),
                                                  model->stock.quantity[row],
                                                  NUMU_RECEIPT_FIRM | NUMU_RECEIPT_STOCK,
                                                  numu_peg_end_stock,
                                                  row};
        NUMU_TRY(add_receipt(list, &receipt));
    }
    for (numu_row row = 0; row < model->open_order.head.count; row++) {
        numu_row process = model->open_order.process[row];
        uint32_t part =
            numu_bill_part(bill, model->process.item[process], model->process.site[process]);
        numu_day due = model->open_order.due[row];
        const struct numu_bill_receipt receipt = {
            part,
            due,
            expiry(bill, part, due),
            model->open_order.quantity[row] - model->open_order.received[row],
            model->open_order.firm[row] == NUMU_BOOLEAN_FALSE ? 0 : NUMU_RECEIPT_FIRM,
            numu_peg_end_open_order,
            row};
        NUMU_TRY(add_receipt(list, &receipt));
    }
    for (numu_row row = 0; row < model->delivery.head.count; row++) {
        uint32_t part = numu_bill_part(bill, model->delivery.item[row], model->delivery.site[row]);
        numu_day due = model->delivery.due[row];
        const struct numu_bill_receipt receipt = {part,
                                                  due,
                                                  expiry(bill, part, due),
                                                  model->delivery.quantity[row] -
                                                      model->delivery.delivered[row],
                                                  NUMU_RECEIPT_FIRM,
                                                  numu_peg_end_delivery,
                                                  row};
        NUMU_TRY(add_receipt(list, &receipt));
    }
    return NUMU_OK;
}

/* The first entry of a demand; an open order names the demand, not its deliveries. */
static uint32_t entry_of(const struct numu_bill *bill, numu_row row) {
    for (uint32_t i = 0; i < bill->demand_count; i++) {
        if (bill->demand[i].row == row) {
            return i;
        }
    }
    return NUMU_NONE;
}

static numu_status build_receipts(struct numu_bill *bill, struct numu_buffer *list) {
    numu_day *day;
    numu_day *expires;
    numu_quantity *quantity;
    uint8_t *flags;
    NUMU_TRY(list_receipts(bill, list));
    uint32_t count = (uint32_t)(list->length / sizeof *bill->receipt);
    bill->receipt_count = count;
    NUMU_TRY(NUMU_TAKE(bill->scratch, &bill->receipt, count));
    NUMU_TRY(NUMU_TAKE(bill->scratch, &bill->receipt_demand, count));
    NUMU_TRY(NUMU_TAKE(bill->scratch, &day, count));
    NUMU_TRY(NUMU_TAKE(bill->scratch, &expires, count));
    NUMU_TRY(NUMU_TAKE(bill->scratch, &quantity, count));
    NUMU_TRY(NUMU_TAKE(bill->scratch, &flags, count));
    if (count > 0) {
        memcpy(bill->receipt, list->data, list->length);
        qsort(bill->receipt, count, sizeof *bill->receipt, compare_receipts);
    }
    for (uint32_t i = 0; i < count; i++) {
        const struct numu_bill_receipt *receipt = &bill->receipt[i];
        numu_row reserved = receipt->origin == numu_peg_end_open_order
                                ? bill->model->open_order.demand[receipt->row]
                                : NUMU_NONE;
        bill->receipt_demand[i] = reserved == NUMU_NONE ? NUMU_NONE : entry_of(bill, reserved);
        day[i] = receipt->day;
        expires[i] = receipt->expires;
        quantity[i] = receipt->quantity;
        flags[i] = receipt->flags;
    }
    bill->m.receipt_day = day;
    bill->m.receipt_expires = expires;
    bill->m.receipt_quantity = quantity;
    bill->m.receipt_flags = flags;
    return list_starts(bill, bill->receipt, sizeof *bill->receipt, count, &bill->m.receipt_start);
}

/* --- days --- */

static void stretch(struct numu_bill *bill, numu_day day) {
    int64_t days = (int64_t)day - bill->m.first + 1;
    if (days > bill->m.day_count) {
        bill->m.day_count = (uint32_t)days;
    }
}

/* All days on which something may be needed or start. */
static void find_days(struct numu_bill *bill) {
    numu_month end =
        numu_model_start_month(bill->model) + (numu_month)numu_model_months(bill->model);
    stretch(bill, bill->m.first);
    stretch(bill, numu_month_first_day(end));
    for (uint32_t i = 0; i < bill->demand_count; i++) {
        stretch(bill, bill->demand[i].day);
    }
    for (uint32_t i = 0; i < bill->given_count; i++) {
        stretch(bill, bill->given[i].order.due);
        stretch(bill, bill->given[i].order.start);
    }
    for (uint32_t s = 0; s < bill->m.source_start[bill->m.part_count]; s++) {
        stretch(bill, bill->m.source_release[s]);
    }
}

static numu_status rank_days(const struct numu_bill *bill, const struct numu_calendar *calendar,
                             struct numu_rank_calendar *out) {
    int32_t *rank;
    numu_day *worked;
    NUMU_TRY(NUMU_TAKE(bill->scratch, &rank, (size_t)bill->m.day_count + 1));
    NUMU_TRY(NUMU_TAKE(bill->scratch, &worked, bill->m.day_count));
    for (uint32_t i = 0; i < bill->m.day_count; i++) {
        numu_day day = bill->m.first + (numu_day)i;
        bool is_worked = numu_calendar_is_worked(calendar, day);
        if (is_worked) {
            worked[rank[i]] = day;
        }
        rank[i + 1] = rank[i] + (is_worked ? 1 : 0);
    }
    *out = (struct numu_rank_calendar){rank, worked};
    return NUMU_OK;
}

static numu_status build_calendars(struct numu_bill *bill) {
    struct numu_rank_calendar *calendars;
    NUMU_TRY(NUMU_TAKE(bill->scratch, &calendars, (size_t)bill->calendars->count + 1));
    for (uint32_t s = 0; s < bill->m.source_start[bill->m.part_count]; s++) {
        uint16_t number = bill->m.source_calendar[s];
        if (number != NUMU_EVERY_DAY && calendars[number].rank == NULL) {
            NUMU_TRY(rank_days(bill, &bill->calendars->list[number], &calendars[number]));
        }
    }
    bill->m.calendars = calendars;
    return NUMU_OK;
}

/* --- all --- */

numu_status numu_bill_build_lists(struct numu_bill *bill) {
    static numu_status (*const builders[])(struct numu_bill *, struct numu_buffer *) = {
        build_given, build_demand, build_receipts};
    for (size_t i = 0; i < sizeof builders / sizeof builders[0]; i++) {
        struct numu_buffer list;
        numu_buffer_init(&list, bill->context->heap, 0);
        numu_status status = builders[i](bill, &list);
        numu_buffer_release(&list);
        NUMU_TRY(status);
    }
    find_days(bill);
    return build_calendars(bill);
}
