/*
 * materials_result.c - orders, exceptions, pegs and loans as tables of the plan.
 */
#include "plan/materials_bill.h"
#include "plan/peg.h"

#include <stdlib.h>
#include <string.h>

/* A resource may run over by this share of its hours before it is told of: rounding to whole lots
   moves output between neighbouring days and months [B1]. */
enum { OVERLOAD_SHARE = 1000 };

/* An order, as rows are sorted: by start, then as it stands in the problem. */
struct numbered {
    numu_day start;
    uint32_t part, index;
};

struct fill {
    struct numu_bill *bill;
    const struct numu_orders *orders;
    struct numu_arena *arena;
    struct numu_plan *plan; /* the tables to be, until all are there */
    uint64_t *base;         /* by part: number of its first order */
    struct numu_text *id;   /* by number of order */
    struct numu_pegging pegging;
};

/* --- names --- */

static struct numu_text item_id(const struct fill *fill, uint32_t part) {
    return fill->bill->model->item.id[fill->bill->part_item[part]];
}

static struct numu_text site_id(const struct fill *fill, uint32_t part) {
    return fill->bill->model->site.id[fill->bill->part_site[part]];
}

static struct numu_text order_id(const struct fill *fill, uint32_t part, uint32_t index) {
    return fill->id[fill->base[part] + index];
}

static numu_status write_id(const struct fill *fill, uint32_t part, const struct numu_order *order,
                            struct numu_buffer *text) {
    const struct numu_model *model = fill->bill->model;
    numu_row process = fill->bill->source_process[order->source];
    char day[NUMU_DAY_TEXT_BYTES];
    numu_buffer_clear(text);
    if (process != NUMU_NONE) {
        struct numu_text id = model->process.id[process];
        NUMU_TRY(numu_buffer_append(text, id.data, id.length));
    } else {
        numu_row route = fill->bill->source_route[order->source];
        struct numu_text from = model->site.id[model->route.from[route]];
        struct numu_text item = item_id(fill, part);
        struct numu_text to = site_id(fill, part);
        NUMU_TRY(numu_buffer_append(text, item.data, item.length));
        NUMU_TRY(numu_buffer_append_char(text, ':'));
        NUMU_TRY(numu_buffer_append(text, from.data, from.length));
        NUMU_TRY(numu_buffer_append_char(text, '>'));
        NUMU_TRY(numu_buffer_append(text, to.data, to.length));
    }
    NUMU_TRY(numu_buffer_append_char(text, ':'));
    return numu_buffer_append_string(text, numu_day_format(order->need, day));
}

static numu_status keep_text(const struct fill *fill, const struct numu_buffer *text,
                             struct numu_text *out) {
    char *data;
    NUMU_TRY(NUMU_TAKE(fill->arena, &data, text->length + 1));
    memcpy(data, text->data, text->length);
    *out = (struct numu_text){data, text->length};
    return NUMU_OK;
}

static numu_status name_orders(struct fill *fill, struct numu_buffer *text) {
    const struct numu_orders *orders = fill->orders;
    uint64_t number = 0;
    NUMU_TRY(NUMU_TAKE(fill->bill->scratch, &fill->base, (size_t)orders->part_count + 1));
    NUMU_TRY(NUMU_TAKE(fill->bill->scratch, &fill->id, orders->total));
    for (uint32_t part = 0; part < orders->part_count; part++) {
        fill->base[part] = number;
        for (uint32_t i = 0; i < orders->count[part]; i++, number++) {
            NUMU_TRY(write_id(fill, part, &orders->list[part][i], text));
            NUMU_TRY(keep_text(fill, text, &fill->id[number]));
        }
    }
    return NUMU_OK;
}

/* --- planned_order --- */

/* Price and royalty of a quantity at the rate of the month it is due, in minor units. */
static numu_status price_of(const struct numu_model *model, numu_price price,
                            numu_currency currency, const struct numu_order *order,
                            numu_money *sum) {
    numu_decimal rate = numu_model_rate(model, currency, numu_day_month(order->due));
    int64_t amount = 0; /* 10^-6 of the major unit */
    if (price == NUMU_NO_NUMBER || rate == NUMU_NO_NUMBER) {
        return NUMU_OK;
    }
    NUMU_TRY(numu_multiply_divide(price, order->quantity, NUMU_QUANTITY_ONE, NUMU_ROUND_HALF_EVEN,
                                  &amount));
    NUMU_TRY(numu_multiply_divide(amount, rate, NUMU_DECIMAL_ONE, NUMU_ROUND_HALF_EVEN, &amount));
    NUMU_TRY(numu_multiply_divide(amount,
                                  numu_power_of_ten(numu_currency_decimals(model->currency)),
                                  NUMU_PRICE_ONE, NUMU_ROUND_HALF_EVEN, &amount));
    return numu_add(*sum, amount, sum);
}

static numu_status cost_of(const struct fill *fill, numu_row process,
                           const struct numu_order *order, numu_money *out) {
    const struct numu_model *model = fill->bill->model;
    numu_currency currency = model->process.currency[process];
    numu_money sum = 0;
    numu_status status = price_of(model, model->process.unit_cost[process], currency, order, &sum);
    if (status == NUMU_OK) {
        status = price_of(model, model->process.royalty[process], currency, order, &sum);
    }
    *out = sum;
    return status == NUMU_LIMIT ? numu_bill_too_large(fill->bill, "process", process, "unit_cost")
                                : status;
}

static numu_status fill_order(struct fill *fill, numu_row row, uint32_t part, uint32_t index) {
    const struct numu_bill *bill = fill->bill;
    const struct numu_model *model = bill->model;
    const struct numu_order *order = &fill->orders->list[part][index];
    struct numu_plan_planned_order *table = &fill->plan->planned_order;
    numu_row process = bill->source_process[order->source];
    table->id[row] = order_id(fill, part, index);
    table->planned[row] = bill->is_materials[bill->part_item[part]] != 0 ? numu_planned_materials
                                                                         : numu_planned_master;
    table->item[row] = item_id(fill, part);
    table->site[row] = site_id(fill, part);
    table->start[row] = order->start;
    table->due[row] = order->due;
    table->needed[row] = order->need;
    table->quantity[row] = order->quantity;
    table->started[row] = order->started;
    if (process == NUMU_NONE) {
        numu_row route = bill->source_route[order->source];
        table->from[row] = model->site.id[model->route.from[route]];
        return NUMU_OK;
    }
    table->process[row] = model->process.id[process];
    table->kind[row] = model->process.kind[process];
    if (model->process.partner[process] != NUMU_NONE) {
        table->partner[row] = model->partner.id[model->process.partner[process]];
    }
    return cost_of(fill, process, order, &table->cost[row]);
}

static int compare_numbered(const void *a, const void *b) {
    const struct numbered *x = a;
    const struct numbered *y = b;
    if (x->start != y->start) {
        return x->start < y->start ? -1 : 1;
    }
    if (x->part != y->part) {
        return x->part < y->part ? -1 : 1;
    }
    return x->index < y->index ? -1 : x->index > y->index;
}

static numu_status fill_orders(struct fill *fill) {
    const struct numu_orders *orders = fill->orders;
    struct numbered *list;
    size_t count = 0;
    NUMU_TRY(
        numu_plan_take(fill->plan, fill->arena, NUMU_PLAN_TABLE(planned_order), orders->total));
    NUMU_TRY(NUMU_TAKE(fill->bill->scratch, &list, orders->total));
    for (uint32_t part = 0; part < orders->part_count; part++) {
        for (uint32_t i = 0; i < orders->count[part]; i++) {
            list[count++] = (struct numbered){orders->list[part][i].start, part, i};
        }
    }
    qsort(list, count, sizeof *list, compare_numbered);
    for (size_t row = 0; row < count; row++) {
        NUMU_TRY(fill_order(fill, (numu_row)row, list[row].part, list[row].index));
    }
    return NUMU_OK;
}

/* --- peg --- */

/* What a receipt is: its table and how it is called there. */
static struct numu_text receipt_id(const struct fill *fill, uint32_t r, uint8_t *out_side) {
    const struct numu_model *model = fill->bill->model;
    const struct numu_bill_receipt *receipt = &fill->bill->receipt[r];
    *out_side = receipt->origin;
    switch (receipt->origin) {
    case numu_peg_end_open_order:
        return model->open_order.id[receipt->row];
    case numu_peg_end_delivery:
        return model->agreement.id[model->delivery.agreement[receipt->row]];
    default:
        return model->stock.lot[receipt->row];
    }
}

static struct numu_text supply_id(const struct fill *fill, uint32_t part,
                                  const struct numu_peg *peg, uint8_t *out_side) {
    *out_side = numu_peg_end_unset;
    if (peg->supply_side == NUMU_PEG_RECEIPT) {
        return receipt_id(fill, peg->supply, out_side);
    }
    if (peg->supply_side == NUMU_PEG_ORDER) {
        *out_side = numu_peg_end_order;
        return order_id(fill, part, peg->supply);
    }
    return (struct numu_text){NULL, 0};
}

static struct numu_text taker_id(const struct fill *fill, const struct numu_peg *peg,
                                 uint8_t *out_side) {
    *out_side = numu_peg_end_unset;
    if (peg->taker_side == NUMU_PEG_DEMAND) {
        *out_side = numu_peg_end_demand;
        return fill->bill->model->demand.id[fill->bill->demand[peg->taker].row];
    }
    if (peg->taker_side == NUMU_PEG_ORDER) {
        *out_side = numu_peg_end_order;
        return order_id(fill, peg->taker_part, peg->taker);
    }
    return (struct numu_text){NULL, 0};
}

static void fill_peg(struct fill *fill, numu_row row, uint32_t part, const struct numu_peg *peg) {
    struct numu_plan_peg *table = &fill->plan->peg;
    table->item[row] = item_id(fill, part);
    table->site[row] = site_id(fill, part);
    table->supply_id[row] = supply_id(fill, part, peg, &table->supply[row]);
    table->taker_id[row] = taker_id(fill, peg, &table->taker[row]);
    table->quantity[row] = peg->quantity;
    if (peg->supply_side != NUMU_PEG_NONE) {
        table->there[row] = peg->there;
    }
    if (peg->taker_side != NUMU_PEG_NONE) {
        table->day[row] = peg->day;
    }
}

static numu_status fill_pegs(struct fill *fill) {
    const struct numu_part_pegs *pegs;
    size_t count = 0;
    fill->pegging = (struct numu_pegging){.context = fill->bill->context,
                                          .materials = &fill->bill->m,
                                          .orders = fill->orders,
                                          .demand_priority = fill->bill->demand_priority,
                                          .receipt_demand = fill->bill->receipt_demand};
    NUMU_TRY(numu_pegging_begin(&fill->pegging, fill->bill->scratch));
    for (uint32_t part = 0; part < fill->orders->part_count; part++) {
        NUMU_TRY(numu_pegs_of_part(&fill->pegging, part, &pegs));
        count += pegs->count;
    }
    NUMU_TRY(numu_plan_take(fill->plan, fill->arena, NUMU_PLAN_TABLE(peg), count));
    numu_row row = 0;
    for (uint32_t part = 0; part < fill->orders->part_count; part++) {
        NUMU_TRY(numu_pegs_of_part(&fill->pegging, part, &pegs));
        for (uint32_t i = 0; i < pegs->count; i++) {
            fill_peg(fill, row++, part, &pegs->list[i]);
        }
    }
    return NUMU_OK;
}

/* --- borrowing --- */

struct part_loan {
    uint32_t part;
    struct numu_loan loan;
};

static numu_status list_loans(struct fill *fill, struct numu_buffer *loans,
                              struct numu_buffer *list) {
    for (uint32_t part = 0; part < fill->orders->part_count; part++) {
        numu_buffer_clear(loans);
        NUMU_TRY(numu_peg_loans(&fill->pegging, part, loans));
        for (size_t at = 0; at < loans->length; at += sizeof(struct numu_loan)) {
            struct part_loan entry = {.part = part};
            memcpy(&entry.loan, loans->data + at, sizeof entry.loan);
            NUMU_TRY(numu_buffer_append(list, &entry, sizeof entry));
        }
    }
    return NUMU_OK;
}

static numu_status fill_loans(struct fill *fill, const struct numu_buffer *list) {
    struct numu_plan_borrowing *table = &fill->plan->borrowing;
    size_t count = list->length / sizeof(struct part_loan);
    NUMU_TRY(numu_plan_take(fill->plan, fill->arena, NUMU_PLAN_TABLE(borrowing), count));
    for (size_t row = 0; row < count; row++) {
        struct part_loan entry;
        const struct numu_part_pegs *pegs;
        uint8_t side;
        memcpy(&entry, list->data + row * sizeof entry, sizeof entry);
        NUMU_TRY(numu_pegs_of_part(&fill->pegging, entry.part, &pegs));
        const struct numu_peg *lender = &pegs->list[entry.loan.lender];
        const struct numu_peg *borrower = &pegs->list[entry.loan.borrower];
        table->item[row] = item_id(fill, entry.part);
        table->site[row] = site_id(fill, entry.part);
        table->lender[row] = taker_id(fill, lender, &side);
        table->borrower[row] = taker_id(fill, borrower, &side);
        table->supply_id[row] = supply_id(fill, entry.part, lender, &side);
        table->paid_by[row] = supply_id(fill, entry.part, borrower, &side);
        table->quantity[row] = entry.loan.quantity;
        table->day[row] = entry.loan.from;
        table->paid_back[row] = entry.loan.to;
    }
    return NUMU_OK;
}

static numu_status fill_borrowing(struct fill *fill) {
    struct numu_buffer loans;
    struct numu_buffer list;
    numu_buffer_init(&loans, fill->bill->context->heap, 0);
    numu_buffer_init(&list, fill->bill->context->heap, 0);
    numu_status status = list_loans(fill, &loans, &list);
    if (status == NUMU_OK) {
        status = fill_loans(fill, &list);
    }
    numu_buffer_release(&loans);
    numu_buffer_release(&list);
    return status;
}

/* --- exception --- */

/* Of the explosion, of demand that is overdue, of resources; told apart by what is set. */
struct found {
    struct numu_exception exception; /* of a part, unless: */
    numu_row demand;                 /* NUMU_NONE, or overdue */
    numu_row resource;               /* NUMU_NONE, or run over … */
    numu_day month;                  /* … in the month that begins here … */
    numu_decimal hours;              /* … by so much */
};

static numu_status add_found(struct numu_buffer *list, const struct found *found) {
    return numu_buffer_append(list, found, sizeof *found);
}

static numu_status find_of_parts(const struct fill *fill, struct numu_buffer *exceptions,
                                 struct numu_buffer *list) {
    NUMU_TRY(numu_explode_exceptions(fill->bill->context, &fill->bill->m, fill->orders, 0,
                                     fill->orders->part_count, exceptions));
    for (size_t at = 0; at < exceptions->length; at += sizeof(struct numu_exception)) {
        struct found found = {.demand = NUMU_NONE, .resource = NUMU_NONE};
        memcpy(&found.exception, exceptions->data + at, sizeof found.exception);
        NUMU_TRY(add_found(list, &found));
    }
    return NUMU_OK;
}

static numu_status find_overdue(const struct fill *fill, struct numu_buffer *list) {
    const struct numu_bill *bill = fill->bill;
    const struct numu_table_demand *demand = &bill->model->demand;
    for (numu_row row = 0; row < demand->head.count; row++) {
        if (demand->due[row] < bill->m.first) {
            struct found found = {
                .exception = {.part = numu_bill_part(bill, demand->item[row], demand->site[row]),
                              .from = demand->due[row],
                              .to = bill->m.first,
                              .quantity = demand->quantity[row]},
                .demand = row,
                .resource = NUMU_NONE};
            NUMU_TRY(add_found(list, &found));
        }
    }
    return NUMU_OK;
}

/* Hours of an operation for the units started; the setup of a lot of the materials plan. */
static numu_status add_hours(const struct fill *fill, const struct numu_order *order, numu_row row,
                             bool is_materials, numu_decimal *hours) {
    const struct numu_table_operation *operation = &fill->bill->model->operation;
    numu_decimal run = 0;
    NUMU_TRY(numu_multiply_divide(operation->hours[row], order->started, NUMU_QUANTITY_ONE,
                                  NUMU_ROUND_HALF_EVEN, &run));
    NUMU_TRY(numu_add(*hours, run, hours));
    return is_materials ? numu_add(*hours, operation->setup_hours[row], hours) : NUMU_OK;
}

/* Hours by resource and month of completion, as the master plan counts them. */
static numu_status sum_hours(const struct fill *fill, numu_decimal *hours) {
    const struct numu_bill *bill = fill->bill;
    numu_month start = numu_model_start_month(bill->model);
    int64_t months = numu_model_months(bill->model);
    for (uint32_t part = 0; part < fill->orders->part_count; part++) {
        bool is_materials = bill->is_materials[bill->part_item[part]] != 0;
        for (uint32_t i = 0; i < fill->orders->count[part]; i++) {
            const struct numu_order *order = &fill->orders->list[part][i];
            numu_row process = bill->source_process[order->source];
            int64_t month = (int64_t)numu_day_month(order->due) - start;
            if (process == NUMU_NONE || month < 0 || month >= months) {
                continue;
            }
            const struct numu_bill_group *group = &bill->process_operations;
            for (uint32_t k = group->start[process]; k < group->start[process + 1]; k++) {
                numu_row resource = bill->model->operation.resource[group->row[k]];
                numu_status status = add_hours(fill, order, group->row[k], is_materials,
                                               &hours[resource * (size_t)months + (size_t)month]);
                NUMU_TRY(status == NUMU_LIMIT
                             ? numu_bill_too_large(bill, "operation", group->row[k], "hours")
                             : status);
            }
        }
    }
    return NUMU_OK;
}

static numu_status find_overload(const struct fill *fill, struct numu_buffer *list) {
    const struct numu_model *model = fill->bill->model;
    const struct numu_plan_hours *table = &fill->bill->plan->hours;
    numu_month start = numu_model_start_month(model);
    size_t months = (size_t)numu_model_months(model);
    struct numu_map resources;
    numu_decimal *hours;
    NUMU_TRY(numu_map_build(&resources, fill->bill->scratch, model->resource.id,
                            model->resource.head.count, NULL, NULL));
    NUMU_TRY(NUMU_TAKE(fill->bill->scratch, &hours, model->resource.head.count * months));
    NUMU_TRY(sum_hours(fill, hours));
    for (numu_row row = 0; row < table->head.count; row++) {
        numu_row resource = numu_map_find(&resources, table->resource[row]);
        int64_t month = (int64_t)table->month[row] - start;
        if (resource == NUMU_NONE || month < 0 || month >= (int64_t)months) {
            continue;
        }
        numu_decimal over = hours[resource * months + (size_t)month] - table->capacity[row];
        if (over > table->capacity[row] / OVERLOAD_SHARE) {
            struct found found = {.exception = {.part = NUMU_NONE},
                                  .demand = NUMU_NONE,
                                  .resource = resource,
                                  .month = numu_month_first_day(table->month[row]),
                                  .hours = over};
            NUMU_TRY(add_found(list, &found));
        }
    }
    return NUMU_OK;
}

/* The word of the explosion's kinds. */
static uint8_t exception_word(numu_exception_kind kind) {
    static const uint8_t words[NUMU_EXCEPTION_COUNT] = {
        [NUMU_EXCEPTION_EXPEDITE] = numu_planner_message_expedite,
        [NUMU_EXCEPTION_POSTPONE] = numu_planner_message_postpone,
        [NUMU_EXCEPTION_CANCEL] = numu_planner_message_cancel,
        [NUMU_EXCEPTION_PAST_DUE] = numu_planner_message_past_due,
        [NUMU_EXCEPTION_BELOW_SAFETY] = numu_planner_message_below_safety_stock,
        [NUMU_EXCEPTION_LEAD_TIME] = numu_planner_message_lead_time_violated,
        [NUMU_EXCEPTION_NO_SOURCE] = numu_planner_message_no_source,
        [NUMU_EXCEPTION_EXPIRES] = numu_planner_message_expires,
        [NUMU_EXCEPTION_EXCESS] = numu_planner_message_excess,
    };
    return words[kind];
}

static bool is_about_order(numu_exception_kind kind) {
    return kind == NUMU_EXCEPTION_BELOW_SAFETY || kind == NUMU_EXCEPTION_LEAD_TIME ||
           kind == NUMU_EXCEPTION_EXCESS;
}

static void fill_exception(struct fill *fill, numu_row row, const struct found *found) {
    struct numu_plan_exception *table = &fill->plan->exception;
    const struct numu_exception *exception = &found->exception;
    const struct numu_model *model = fill->bill->model;
    uint8_t side;
    if (found->resource != NUMU_NONE) {
        table->kind[row] = numu_planner_message_overload;
        table->subject[row] = model->resource.id[found->resource];
        table->site[row] = model->site.id[model->resource.site[found->resource]];
        table->day[row] = found->month;
        table->hours[row] = found->hours;
        return;
    }
    table->item[row] = item_id(fill, exception->part);
    table->site[row] = site_id(fill, exception->part);
    table->day[row] = exception->from;
    table->quantity[row] = exception->quantity;
    if (exception->to != exception->from) {
        table->new_day[row] = exception->to;
    }
    if (found->demand != NUMU_NONE) {
        table->kind[row] = numu_planner_message_past_due;
        table->subject[row] = model->demand.id[found->demand];
    } else {
        table->kind[row] = exception_word(exception->kind);
        if (is_about_order(exception->kind)) {
            table->subject[row] = order_id(fill, exception->part, exception->index);
        } else if (exception->index != NUMU_NONE) {
            uint32_t receipt = fill->bill->m.receipt_start[exception->part] + exception->index;
            table->subject[row] = receipt_id(fill, receipt, &side);
        }
    }
}

static numu_status list_exceptions(struct fill *fill, struct numu_buffer *exceptions,
                                   struct numu_buffer *list) {
    NUMU_TRY(find_of_parts(fill, exceptions, list));
    NUMU_TRY(find_overdue(fill, list));
    NUMU_TRY(find_overload(fill, list));
    size_t count = list->length / sizeof(struct found);
    NUMU_TRY(numu_plan_take(fill->plan, fill->arena, NUMU_PLAN_TABLE(exception), count));
    for (size_t row = 0; row < count; row++) {
        struct found found;
        memcpy(&found, list->data + row * sizeof found, sizeof found);
        fill_exception(fill, (numu_row)row, &found);
    }
    return NUMU_OK;
}

static numu_status fill_exceptions(struct fill *fill) {
    struct numu_buffer exceptions;
    struct numu_buffer list;
    numu_buffer_init(&exceptions, fill->bill->context->heap, 0);
    numu_buffer_init(&list, fill->bill->context->heap, 0);
    numu_status status = list_exceptions(fill, &exceptions, &list);
    numu_buffer_release(&exceptions);
    numu_buffer_release(&list);
    return status;
}

/* --- all --- */

static numu_status fill_all(struct fill *fill) {
    struct numu_buffer text;
    numu_buffer_init(&text, fill->bill->context->heap, 0);
    numu_status status = name_orders(fill, &text);
    numu_buffer_release(&text);
    NUMU_TRY(status);
    NUMU_TRY(fill_orders(fill));
    NUMU_TRY(fill_pegs(fill));
    NUMU_TRY(fill_borrowing(fill));
    return fill_exceptions(fill);
}

numu_status numu_bill_fill(struct numu_bill *bill, const struct numu_orders *orders,
                           struct numu_arena *arena, struct numu_plan *plan) {
    struct numu_plan tables = *plan;
    struct fill fill = {.bill = bill, .orders = orders, .arena = arena, .plan = &tables};
    NUMU_TRY(fill_all(&fill));
    *plan = tables;
    return NUMU_OK;
}
