/*
 * verify_goods.c - production, receipts, shipments, stock, deliveries, storehouses: every unit and
 * kilogram again.
 */
#include "plan/verify_sums.h"

#include <math.h>

#define LOT_ROUNDING 1e-6 /* share of a lot */
#define UNIT_STEP 2e-6    /* a row is rounded to a millionth */

static struct numu_text item_id(const struct numu_verify *v, numu_row item) {
    return v->model->item.id[item];
}

/* What comes to a place, or leaves it. */
static void move(struct numu_verify *v, numu_row item, numu_row site, int64_t month,
                 double quantity) {
    if (month >= 0 && month < v->months) {
        numu_verify_add(&v->flow[numu_verify_place(v, item, site, (uint32_t)month)], quantity);
    }
}

/* What is used there, and so has lain there. */
static void use(struct numu_verify *v, numu_row item, numu_row site, int64_t month,
                double quantity) {
    move(v, item, site, month, -quantity);
    if (month >= 0 && month < v->months) {
        numu_verify_add(&v->housed[numu_verify_place(v, item, site, (uint32_t)month)], quantity);
    }
}

/* --- production --- */

static bool is_abroad_lead(const struct numu_table_process *table, numu_row row) {
    return table->kind[row] == numu_process_kind_import ||
           table->kind[row] == numu_process_kind_purchase;
}

/* Inputs and the advance of starts that fall in a month. */
static void start(struct numu_verify *v, numu_row row, int64_t month, double starts, double good) {
    const struct numu_table_process *table = &v->model->process;
    const struct numu_table_input *input = &v->model->input;
    if (month < 0) {
        return; /* told as too early */
    }
    for (numu_row line = 0; line < input->head.count; line++) {
        bool holds = input->process[line] == row &&
                     numu_verify_from(v, input->starts[line]) <= month &&
                     month < numu_verify_after(v, input->ends[line]);
        if (holds) {
            use(v, input->item[line], table->site[row], month,
                starts * numu_verify_quantity(input->quantity[line]) *
                    (1 + numu_verify_decimal(input->scrap[line])));
        }
    }
    numu_verify_pay(
        v, numu_verify_kind(v, row), (uint32_t)month,
        good * numu_verify_decimal(table->advance[row]) *
            numu_verify_price(v, table->unit_cost[row], table->currency[row], (uint32_t)month));
}

/* The month from which a process may complete, and the one from which it may no more. */
static void find_window(const struct numu_verify *v, numu_row row, int64_t lead, int64_t *out_first,
                        int64_t *out_end) {
    const struct numu_table_process *table = &v->model->process;
    const struct numu_table_operation *operation = &v->model->operation;
    const struct numu_table_resource *resource = &v->model->resource;
    int64_t open = numu_verify_opening(v, table->opens[row], table->opened_by[row]);
    *out_end = numu_verify_until(v, table->closes[row]);
    if (table->agreement[row] != NUMU_NONE) {
        const struct numu_table_agreement *agreement = &v->model->agreement;
        int64_t from = numu_verify_from(v, agreement->starts[table->agreement[row]]);
        int64_t end = numu_verify_until(v, agreement->ends[table->agreement[row]]);
        open = from > open ? from : open;
        *out_end = end < *out_end ? end : *out_end;
    }
    *out_first = (open > 0 ? open : 0) + lead;
    for (numu_row line = 0; line < operation->head.count; line++) {
        if (operation->process[line] == row) {
            numu_row at = operation->resource[line];
            int64_t from = numu_verify_opening(v, resource->opens[at], resource->opened_by[at]);
            int64_t end = numu_verify_until(v, resource->closes[at]);
            *out_first = from > *out_first ? from : *out_first;
            *out_end = end < *out_end ? end : *out_end;
        }
    }
}

/* Month from which the ramp of a process counts. */
static int64_t ramp_origin(const struct numu_verify *v, numu_row row) {
    const struct numu_table_process *table = &v->model->process;
    const struct numu_table_operation *operation = &v->model->operation;
    int64_t open = numu_verify_opening(v, table->opens[row], table->opened_by[row]);
    for (numu_row line = 0; open == INT64_MIN && line < operation->head.count; line++) {
        if (operation->process[line] == row) {
            break;
        }
    }
    if (open != INT64_MIN) {
        return open;
    }
    int64_t latest = INT64_MIN;
    for (numu_row line = 0; line < operation->head.count; line++) {
        if (operation->process[line] == row) {
            numu_row at = operation->resource[line];
            int64_t from = numu_verify_opening(v, v->model->resource.opens[at],
                                               v->model->resource.opened_by[at]);
            latest = from > latest ? from : latest;
        }
    }
    return latest == INT64_MIN ? 0 : latest;
}

double numu_verify_ramp(const struct numu_verify *v, numu_row row, uint32_t t) {
    const struct numu_table_process *table = &v->model->process;
    double months = numu_verify_decimal(table->ramp_months[row]);
    double age = (double)t - (double)ramp_origin(v, row);
    double from = numu_verify_decimal(table->ramp_start[row]);
    return age >= months ? 1 : age <= 0 ? from : from + (1 - from) * age / months;
}

static bool is_forbidden(const struct numu_verify *v, struct numu_text process,
                         struct numu_text demand, int64_t month) {
    const struct numu_plan_forbidden *table = &v->plan->forbidden;
    numu_day first = numu_month_first_day(v->start + (numu_month)month);
    numu_day last = numu_month_last_day(v->start + (numu_month)month);
    for (numu_row row = 0; row < table->head.count; row++) {
        bool is_it = (process.length > 0 && numu_text_is_equal(table->process[row], process)) ||
                     (demand.length > 0 && numu_text_is_equal(table->demand[row], demand));
        if (is_it && (table->starts[row] == NUMU_NO_DAY || table->starts[row] <= last) &&
            (table->ends[row] == NUMU_NO_DAY || table->ends[row] >= first)) {
            return true;
        }
    }
    return false;
}

static numu_status check_window(struct numu_verify *v, numu_row row, uint32_t t, int64_t lead,
                                double good) {
    struct numu_text id = v->model->process.id[row];
    int64_t first = 0;
    int64_t end = 0;
    find_window(v, row, lead, &first, &end);
    if (t < first || t >= end) {
        NUMU_TRY(numu_verify_break(v, "kind.break_window", id, t, good, 0));
    }
    for (int64_t month = (int64_t)t - lead; month <= t; month++) {
        if (month >= 0 && is_forbidden(v, id, (struct numu_text){NULL, 0}, month)) {
            return numu_verify_break(v, "kind.break_rule", id, t, good, 0);
        }
    }
    const numu_quantity cap = v->model->process.max_month[row];
    double most = numu_verify_ramp(v, row, t) * numu_verify_quantity(cap);
    return cap == NUMU_NO_NUMBER
               ? NUMU_OK
               : numu_verify_most(v, "kind.break_cap", id, t, good, most, most, UNIT_STEP);
}

/* Whole lots: none, or at least the least one and a multiple. */
static numu_status check_lot(struct numu_verify *v, numu_row row, uint32_t t, double good) {
    const struct numu_table_process *table = &v->model->process;
    double least = numu_verify_quantity(table->min_lot[row]);
    double multiple = numu_verify_quantity(table->lot_multiple[row]);
    double step = UNIT_STEP + LOT_ROUNDING * good;
    if (!v->has_whole_lots || good <= 0) {
        return NUMU_OK;
    }
    bool is_whole = multiple <= 0 || fabs(good - multiple * round(good / multiple)) <= step;
    return good >= least - step && is_whole ? NUMU_OK
                                            : numu_verify_break(v, "kind.break_lot", table->id[row],
                                                                t, good, fmax(least, multiple));
}

static numu_status check_price(struct numu_verify *v, numu_row row, uint32_t t, double good,
                               numu_money cost) {
    const struct numu_table_process *table = &v->model->process;
    double price = numu_verify_price(v, table->unit_cost[row], table->currency[row], t);
    double royalty = numu_verify_price(v, table->royalty[row], table->currency[row], t);
    double lot = numu_verify_lot(v, row);
    double one = numu_verify_money(v, table->fixed_cost_lot[row], table->currency[row], t);
    double spread = lot > 0 ? good / lot * one : 0;
    double lots = v->has_whole_lots && good > 0 ? one : spread;
    double expected = good * (price + royalty) + lots;
    numu_verify_pay(v, numu_verify_kind(v, row), t,
                    good * (1 - numu_verify_decimal(table->advance[row])) * price);
    numu_verify_pay(v, numu_cost_kind_royalty, t, good * royalty);
    numu_verify_pay(v, numu_cost_kind_processing, t, lots);
    return numu_verify_same(v, "kind.break_cost", table->id[row], t, numu_verify_major(v, cost),
                            expected, fabs(expected), 3 * numu_verify_minor(v));
}

static numu_status check_production_row(struct numu_verify *v, numu_row at) {
    const struct numu_plan_production *plan = &v->plan->production;
    const struct numu_table_process *table = &v->model->process;
    numu_row row = NUMU_NONE;
    uint32_t t = 0;
    NUMU_TRY(numu_verify_find(v, "process", plan->process[at], &row));
    NUMU_TRY(numu_verify_month(v, "production", plan->process[at], plan->month[at], &t));
    if (row == NUMU_NONE || t == UINT32_MAX) {
        return NUMU_OK;
    }
    double good = numu_verify_quantity(plan->quantity[at]);
    double starts = good / numu_verify_decimal(table->yield[row]);
    double *made = &v->made[numu_verify_cell(v, row, t)];
    if (*made != 0 || good < 0) {
        return numu_verify_break(v, "kind.break_twice", table->id[row], t, good, *made);
    }
    *made = good;
    bool is_described =
        numu_text_is_equal(plan->item[at], item_id(v, table->item[row])) &&
        numu_text_is_equal(plan->site[at], v->model->site.id[table->site[row]]) &&
        plan->kind[at] == table->kind[row] &&
        numu_text_is_equal(plan->partner[at], table->partner[row] == NUMU_NONE
                                                  ? (struct numu_text){NULL, 0}
                                                  : v->model->partner.id[table->partner[row]]);
    if (!is_described) {
        NUMU_TRY(numu_verify_break(v, "kind.break_row", table->id[row], t, 0, 0));
    }
    int64_t whole = 0;
    double part = 0;
    numu_verify_lead(v, numu_verify_decimal(table->lead_time_days[row]), is_abroad_lead(table, row),
                     &whole, &part);
    move(v, table->item[row], table->site[row], t, good);
    v->received[numu_verify_place(v, table->item[row], table->site[row], t)] += good;
    v->created[numu_verify_cell(v, table->item[row], t)] += good;
    start(v, row, (int64_t)t - whole, starts * (1 - part), good * (1 - part));
    if (part > 0) {
        start(v, row, (int64_t)t - whole - 1, starts * part, good * part);
    }
    NUMU_TRY(numu_verify_same(v, "kind.break_yield", table->id[row], t,
                              numu_verify_quantity(plan->started[at]), starts, starts, UNIT_STEP));
    NUMU_TRY(check_window(v, row, t, whole + (part > 0 ? 1 : 0), good));
    NUMU_TRY(check_lot(v, row, t, good));
    return check_price(v, row, t, good, plan->cost[at]);
}

/* --- receipts --- */

static uint32_t month_of_due(const struct numu_verify *v, numu_day day) {
    int64_t t = (int64_t)numu_day_month(day) - v->start;
    return t < 0 ? 0 : (uint32_t)t;
}

/* Finds a row of the plan for what the model gives, each once; a break where there is none. */
static numu_status check_receipt(struct numu_verify *v, bool *seen, const char *origin,
                                 struct numu_text id, numu_row item, numu_row site, uint32_t t,
                                 numu_quantity quantity, double cost) {
    const struct numu_plan_receipt *table = &v->plan->receipt;
    if (quantity <= 0 || t >= v->months) {
        return NUMU_OK;
    }
    for (numu_row at = 0; at < table->head.count; at++) {
        bool is_it = !seen[at] && numu_text_is(table->origin[at], origin) &&
                     numu_text_is_equal(table->id[at], id) &&
                     numu_text_is_equal(table->item[at], item_id(v, item)) &&
                     numu_text_is_equal(table->site[at], v->model->site.id[site]) &&
                     table->month[at] == v->start + (numu_month)t &&
                     table->quantity[at] == quantity;
        if (is_it) {
            double units = numu_verify_quantity(quantity);
            seen[at] = true;
            move(v, item, site, t, units);
            v->received[numu_verify_place(v, item, site, t)] += units;
            v->created[numu_verify_cell(v, item, t)] += units;
            return numu_verify_same(v, "kind.break_cost", id, t,
                                    numu_verify_major(v, table->cost[at]), cost, fabs(cost),
                                    3 * numu_verify_minor(v));
        }
    }
    return numu_verify_break(v, "kind.break_receipt", id, t, 0, numu_verify_quantity(quantity));
}

static numu_status check_orders(struct numu_verify *v, bool *seen) {
    const struct numu_table_open_order *order = &v->model->open_order;
    const struct numu_table_process *process = &v->model->process;
    for (numu_row row = 0; row < order->head.count; row++) {
        numu_row by = order->process[row];
        uint32_t t = month_of_due(v, order->due[row]);
        numu_quantity left = order->quantity[row] - order->received[row];
        if (t >= v->months || left <= 0) {
            continue;
        }
        double units = numu_verify_quantity(left);
        double price = units * (1 - numu_verify_decimal(process->advance[by])) *
                       numu_verify_price(v, process->unit_cost[by], process->currency[by], t);
        double royalty =
            units * numu_verify_price(v, process->royalty[by], process->currency[by], t);
        numu_verify_pay(v, numu_verify_kind(v, by), t, price);
        numu_verify_pay(v, numu_cost_kind_royalty, t, royalty);
        NUMU_TRY(check_receipt(v, seen, "open_order", order->id[row], process->item[by],
                               process->site[by], t, left, price + royalty));
    }
    return NUMU_OK;
}

static numu_status check_receipts(struct numu_verify *v) {
    const struct numu_model *model = v->model;
    bool *seen = NULL;
    NUMU_TRY(NUMU_TAKE(v->arena, &seen, v->plan->receipt.head.count));
    for (numu_row row = 0; row < model->stock.head.count; row++) {
        NUMU_TRY(check_receipt(v, seen, "stock", model->stock.lot[row], model->stock.item[row],
                               model->stock.site[row], 0, model->stock.quantity[row], 0));
    }
    NUMU_TRY(check_orders(v, seen));
    for (numu_row row = 0; row < model->delivery.head.count; row++) {
        NUMU_TRY(check_receipt(v, seen, "delivery",
                               model->agreement.id[model->delivery.agreement[row]],
                               model->delivery.item[row], model->delivery.site[row],
                               month_of_due(v, model->delivery.due[row]),
                               model->delivery.quantity[row] - model->delivery.delivered[row], 0));
    }
    for (numu_row at = 0; at < v->plan->receipt.head.count; at++) {
        if (!seen[at]) {
            NUMU_TRY(numu_verify_break(v, "kind.break_receipt", v->plan->receipt.id[at], -1,
                                       numu_verify_quantity(v->plan->receipt.quantity[at]), 0));
        }
    }
    return NUMU_OK;
}

/* --- shipments --- */

static double freight(const struct numu_verify *v, numu_row route, numu_row item, uint32_t t) {
    const struct numu_table_route *table = &v->model->route;
    return numu_verify_price(v, table->cost_kg[route], table->currency[route], t) *
           numu_verify_decimal(v->model->item.mass_kg[item]);
}

static numu_status check_shipment(struct numu_verify *v, numu_row at,
                                  struct numu_verify_sum *carried) {
    const struct numu_plan_shipment *plan = &v->plan->shipment;
    const struct numu_table_route *table = &v->model->route;
    numu_row item = NUMU_NONE;
    numu_row from = NUMU_NONE;
    numu_row to = NUMU_NONE;
    uint32_t t = 0;
    NUMU_TRY(numu_verify_find(v, "item", plan->item[at], &item));
    NUMU_TRY(numu_verify_find(v, "site", plan->from[at], &from));
    NUMU_TRY(numu_verify_find(v, "site", plan->to[at], &to));
    NUMU_TRY(numu_verify_month(v, "shipment", plan->item[at], plan->month[at], &t));
    if (item == NUMU_NONE || from == NUMU_NONE || to == NUMU_NONE || t == UINT32_MAX) {
        return NUMU_OK;
    }
    double quantity = numu_verify_quantity(plan->quantity[at]);
    double cost = numu_verify_major(v, plan->cost[at]);
    numu_row route = NUMU_NONE;
    for (numu_row row = 0; row < table->head.count; row++) {
        double expected = quantity * freight(v, row, item, t);
        bool is_it = table->from[row] == from && table->to[row] == to &&
                     fabs(cost - expected) <= 1e-6 * expected + 3 * numu_verify_minor(v);
        route = is_it && route == NUMU_NONE ? row : route;
    }
    if (route == NUMU_NONE || quantity < 0) {
        return numu_verify_break(v, "kind.break_route", plan->item[at], t, cost, quantity);
    }
    int64_t whole = 0;
    double part = 0;
    numu_verify_lead(v, numu_verify_decimal(table->days[route]), true, &whole, &part);
    if ((int64_t)t - whole - (part > 0 ? 1 : 0) < 0) {
        return numu_verify_break(v, "kind.break_window", plan->item[at], t, quantity, 0);
    }
    move(v, item, to, t, quantity);
    v->received[numu_verify_place(v, item, to, t)] += quantity;
    move(v, item, from, (int64_t)t - whole, -quantity * (1 - part));
    move(v, item, from, (int64_t)t - whole - 1, -quantity * part);
    numu_verify_pay(v, numu_cost_kind_freight, t, quantity * freight(v, route, item, t));
    numu_verify_add(&carried[numu_verify_cell(v, route, t)],
                    quantity * numu_verify_decimal(v->model->item.mass_kg[item]));
    return NUMU_OK;
}

static numu_status check_shipments(struct numu_verify *v) {
    const struct numu_table_route *table = &v->model->route;
    struct numu_verify_sum *carried = NULL;
    NUMU_TRY(NUMU_TAKE(v->arena, &carried, (size_t)table->head.count * v->months));
    for (numu_row at = 0; at < v->plan->shipment.head.count; at++) {
        NUMU_TRY(check_shipment(v, at, carried));
    }
    for (numu_row row = 0; row < table->head.count; row++) {
        for (uint32_t t = 0; t < v->months && table->capacity_kg_month[row] != NUMU_NO_NUMBER;
             t++) {
            double most = numu_verify_decimal(table->capacity_kg_month[row]);
            NUMU_TRY(numu_verify_most(v, "kind.break_route", v->model->site.id[table->from[row]], t,
                                      carried[numu_verify_cell(v, row, t)].value, most, most,
                                      1e-3));
        }
    }
    return NUMU_OK;
}

/* --- stock, expiry, what is taken for later --- */

static numu_status read_place(struct numu_verify *v, struct numu_text item_name,
                              struct numu_text site_name, numu_month month, numu_row *item,
                              numu_row *site, uint32_t *t) {
    NUMU_TRY(numu_verify_find(v, "item", item_name, item));
    NUMU_TRY(numu_verify_find(v, "site", site_name, site));
    NUMU_TRY(numu_verify_month(v, "stock", item_name, month, t));
    if (*item == NUMU_NONE || *site == NUMU_NONE) {
        *t = UINT32_MAX;
    }
    return NUMU_OK;
}

static numu_status read_stock(struct numu_verify *v) {
    const struct numu_plan_stock *stock = &v->plan->stock;
    numu_row item;
    numu_row site;
    uint32_t t;
    for (numu_row at = 0; at < stock->head.count; at++) {
        NUMU_TRY(
            read_place(v, stock->item[at], stock->site[at], stock->month[at], &item, &site, &t));
        if (t == UINT32_MAX) {
            continue;
        }
        double *closing = &v->closing[numu_verify_place(v, item, site, t)];
        if (*closing != 0 || stock->quantity[at] < 0) {
            NUMU_TRY(numu_verify_break(v, "kind.break_twice", stock->item[at], t, *closing, 0));
        }
        *closing = numu_verify_quantity(stock->quantity[at]);
        const struct numu_table_item *table = &v->model->item;
        numu_verify_pay(
            v, numu_cost_kind_holding, t,
            *closing * numu_verify_decimal(table->holding_cost_rate[item]) / 12 *
                numu_verify_price(v, table->standard_cost[item], table->currency[item], t));
    }
    const struct numu_plan_expiry *expiry = &v->plan->expiry;
    for (numu_row at = 0; at < expiry->head.count; at++) {
        NUMU_TRY(
            read_place(v, expiry->item[at], expiry->site[at], expiry->month[at], &item, &site, &t));
        if (t != UINT32_MAX) {
            use(v, item, site, t, numu_verify_quantity(expiry->quantity[at]));
        }
    }
    const struct numu_plan_ahead *ahead = &v->plan->ahead;
    for (numu_row at = 0; at < ahead->head.count; at++) {
        NUMU_TRY(
            read_place(v, ahead->item[at], ahead->site[at], ahead->month[at], &item, &site, &t));
        if (t != UINT32_MAX && ahead->is_shipped[at] == NUMU_BOOLEAN_TRUE) {
            move(v, item, site, t, -numu_verify_quantity(ahead->quantity[at]));
        } else if (t != UINT32_MAX) {
            use(v, item, site, t, numu_verify_quantity(ahead->quantity[at]));
        }
    }
    return NUMU_OK;
}

static void use_spares(struct numu_verify *v) {
    const struct numu_table_upkeep *table = &v->model->upkeep;
    for (numu_row row = 0; row < table->head.count; row++) {
        numu_row resource = table->resource[row];
        for (uint32_t t = 0; t < v->months && table->item[row] != NUMU_NONE; t++) {
            double paid = v->paid_upkeep[numu_verify_cell(v, resource, t)];
            if (paid > 0) {
                use(v, table->item[row], v->model->resource.site[resource], t,
                    paid * numu_verify_quantity(table->quantity_month[row]));
            }
        }
    }
}

/* --- demand --- */

static int64_t month_due(const struct numu_verify *v, numu_day due) {
    const struct numu_calendar *calendar = numu_calendar_get(v->calendars, v->model, NUMU_NONE);
    numu_month month = numu_day_month(due);
    numu_day last = numu_month_last_day(month);
    numu_day first = numu_month_first_day(month);
    while (last > first && !numu_calendar_is_worked(calendar, last)) {
        last--;
    }
    int64_t t = (int64_t)month - v->start - (due < last ? 1 : 0);
    return t < 0 ? 0 : t;
}

/* Deliveries of one demand: what is open shrinks by what is served, from its month on. */
static numu_status check_demand(struct numu_verify *v, numu_row at, numu_row row) {
    const struct numu_plan_demand *plan = &v->plan->demand;
    const struct numu_plan_service *service = &v->plan->service;
    const struct numu_table_demand *table = &v->model->demand;
    struct numu_text id = table->id[row];
    int64_t due = month_due(v, table->due[row]);
    numu_quantity open = table->quantity[row];
    numu_quantity on_time = 0;
    numu_month last = NUMU_NO_DAY;
    for (numu_row line = 0; line < service->head.count; line++) {
        if (!numu_text_is_equal(service->demand[line], id)) {
            continue;
        }
        int64_t t = (int64_t)service->month[line] - v->start;
        bool is_served = service->served[line] > 0;
        if (t < due || t >= v->months || service->served[line] < 0 ||
            open - service->served[line] != service->open[line] ||
            (is_served && is_forbidden(v, (struct numu_text){NULL, 0}, id, t))) {
            NUMU_TRY(numu_verify_break(v, "kind.break_service", id, t,
                                       numu_verify_quantity(service->open[line]),
                                       numu_verify_quantity(open - service->served[line])));
        }
        open -= service->served[line];
        on_time += t == due ? service->served[line] : 0;
        last = is_served ? service->month[line] : last;
        use(v, table->item[row], table->site[row], t, numu_verify_quantity(service->served[line]));
    }
    bool is_described =
        plan->quantity[at] == table->quantity[row] && plan->due[at] == table->due[row] &&
        plan->priority[at] == table->priority[row] &&
        plan->due_month[at] == v->start + (numu_month)due &&
        numu_text_is_equal(plan->item[at], item_id(v, table->item[row])) &&
        numu_text_is_equal(plan->site[at], v->model->site.id[table->site[row]]) &&
        numu_text_is_equal(plan->customer[at], v->model->customer.id[table->customer[row]]) &&
        plan->customer_kind[at] == v->model->customer.kind[table->customer[row]];
    bool adds_up = plan->on_time[at] == on_time && plan->unmet[at] == open &&
                   plan->late[at] == table->quantity[row] - open - on_time &&
                   plan->last_month[at] == last;
    return is_described && adds_up ? NUMU_OK
                                   : numu_verify_break(v, "kind.break_demand", id, due,
                                                       numu_verify_quantity(plan->unmet[at]),
                                                       numu_verify_quantity(open));
}

static numu_status check_demands(struct numu_verify *v) {
    const struct numu_table_demand *table = &v->model->demand;
    bool *seen = NULL;
    NUMU_TRY(NUMU_TAKE(v->arena, &seen, table->head.count));
    for (numu_row at = 0; at < v->plan->demand.head.count; at++) {
        numu_row row = NUMU_NONE;
        NUMU_TRY(numu_verify_find(v, "demand", v->plan->demand.id[at], &row));
        if (row == NUMU_NONE) {
            continue;
        }
        if (seen[row]) {
            NUMU_TRY(numu_verify_break(v, "kind.break_twice", table->id[row], -1, 0, 0));
        }
        seen[row] = true;
        NUMU_TRY(check_demand(v, at, row));
    }
    for (numu_row row = 0; row < table->head.count; row++) {
        if (!seen[row] && month_due(v, table->due[row]) < v->months) {
            NUMU_TRY(numu_verify_break(v, "kind.break_missing", table->id[row], -1, 0, 0));
        }
    }
    for (numu_row line = 0; line < v->plan->service.head.count; line++) {
        numu_row row = NUMU_NONE;
        NUMU_TRY(numu_verify_find(v, "demand", v->plan->service.demand[line], &row));
    }
    return NUMU_OK;
}

/* --- balances --- */

static numu_status check_balances(struct numu_verify *v) {
    for (numu_row item = 0; item < v->model->item.head.count; item++) {
        for (numu_row site = 0; site < v->model->site.head.count; site++) {
            double before = 0;
            for (uint32_t t = 0; t < v->months; t++) {
                size_t cell = numu_verify_place(v, item, site, t);
                const struct numu_verify_sum *flow = &v->flow[cell];
                double expected = before + flow->value;
                NUMU_TRY(numu_verify_same(v, "kind.break_balance", item_id(v, item), t,
                                          v->closing[cell], expected, before + flow->size,
                                          UNIT_STEP * (3 + flow->terms)));
                before = v->closing[cell];
                numu_verify_add(&v->housed[cell], before);
            }
        }
    }
    return NUMU_OK;
}

/* Below safety stock, nationally. */
static numu_status check_safety(struct numu_verify *v) {
    const struct numu_plan_safety *plan = &v->plan->safety;
    const struct numu_table_item *table = &v->model->item;
    double *lacking = NULL;
    NUMU_TRY(NUMU_TAKE(v->arena, &lacking, (size_t)table->head.count * v->months));
    for (numu_row at = 0; at < plan->head.count; at++) {
        numu_row item = NUMU_NONE;
        uint32_t t = 0;
        NUMU_TRY(numu_verify_find(v, "item", plan->item[at], &item));
        NUMU_TRY(numu_verify_month(v, "safety", plan->item[at], plan->month[at], &t));
        if (item == NUMU_NONE || t == UINT32_MAX) {
            continue;
        }
        lacking[numu_verify_cell(v, item, t)] += numu_verify_quantity(plan->lacking[at]);
        if (plan->wanted[at] != table->safety_stock[item]) {
            NUMU_TRY(numu_verify_break(v, "kind.break_safety", plan->item[at], t, 0, 0));
        }
    }
    for (numu_row item = 0; item < table->head.count; item++) {
        double wanted = numu_verify_quantity(table->safety_stock[item]);
        for (uint32_t t = 0; t < v->months && v->model->package.safety_price[0] > 0; t++) {
            double there = 0;
            for (numu_row site = 0; site < v->model->site.head.count; site++) {
                there += v->closing[numu_verify_place(v, item, site, t)];
            }
            NUMU_TRY(numu_verify_same(v, "kind.break_safety", item_id(v, item), t,
                                      lacking[numu_verify_cell(v, item, t)],
                                      fmax(0, wanted - there), there + wanted, 1e-5));
        }
    }
    return NUMU_OK;
}

numu_status numu_verify_goods(struct numu_verify *v) {
    for (numu_row at = 0; at < v->plan->production.head.count; at++) {
        NUMU_TRY(check_production_row(v, at));
    }
    NUMU_TRY(check_receipts(v));
    NUMU_TRY(check_shipments(v));
    NUMU_TRY(read_stock(v));
    use_spares(v);
    NUMU_TRY(check_demands(v));
    NUMU_TRY(check_balances(v));
    return check_safety(v);
}
