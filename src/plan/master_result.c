/*
 * master_result.c - the answer as tables of the plan.
 *
 * The solver's figures are rounded half-even to what the tables hold; from there on sums are exact:
 * deliveries follow from what is open, purses from payments, costs and hours from quantities.
 * [R1] of plan.h: months first, then rows of the model. Rows in which all is zero are left out.
 */
#include "plan/master_problem.h"

#include <math.h>

/* An overdraft up to this share of a fund's money is rounding, not a gap. */
#define PURSE_ZERO 1e-7

struct fill {
    struct numu_master *master;
    const struct numu_model *model;
    struct numu_arena *arena; /* of the plan */
    struct numu_plan *plan;
    uint32_t months;
    numu_quantity *made;  /* [process × months + month] */
    numu_quantity *open;  /* [need × months + month], needs of the tail left out */
    numu_money *evidence; /* [table of the schema × bases + basis] */
    numu_money *paid;     /* [(fund × kinds + kind) × months + month]; one more fund: nobody */
};

static numu_month month_of(const struct fill *fill, uint32_t t) {
    return fill->master->start + (numu_month)t;
}

static struct numu_text id_at(const struct numu_text *ids, numu_row row) {
    return row == NUMU_NONE ? (struct numu_text){NULL, 0} : ids[row];
}

static numu_status take(struct fill *fill, const struct numu_table_descriptor *table,
                        size_t count) {
    return numu_plan_take(fill->plan, fill->arena, table, count);
}

/* A number that does not fit is the user's: the finding names the row it comes from, if any. */
static numu_status fits(const struct fill *fill, numu_status status, const char *table,
                        numu_row row, const char *column) {
    if (status != NUMU_LIMIT) {
        return status;
    }
    const struct numu_table_descriptor *at =
        table == NULL ? NULL : numu_schema_find(numu_text_of(table));
    return numu_master_too_large(fill->master, at, row, column);
}

/* --- exact money --- */

/* price × quantity at a month's rate, in minor units of the reporting currency. */
static numu_status price_times(const struct fill *fill, numu_price price, numu_quantity quantity,
                               numu_currency currency, uint32_t t, numu_money *out) {
    *out = 0;
    if (price == NUMU_NO_NUMBER || price == 0 || quantity == 0) {
        return NUMU_OK;
    }
    int64_t amount = 0; /* 10^-6 of the major unit */
    numu_decimal rate = numu_model_rate(fill->model, currency, month_of(fill, t));
    NUMU_TRY(
        numu_multiply_divide(price, quantity, NUMU_QUANTITY_ONE, NUMU_ROUND_HALF_EVEN, &amount));
    NUMU_TRY(numu_multiply_divide(amount, rate, NUMU_DECIMAL_ONE, NUMU_ROUND_HALF_EVEN, &amount));
    int decimals = numu_currency_decimals(fill->model->currency);
    return numu_multiply_divide(amount, numu_power_of_ten(decimals), NUMU_PRICE_ONE,
                                NUMU_ROUND_HALF_EVEN, out);
}

/* Major units, rounded to minor ones. */
static numu_status money_from(const struct fill *fill, double value, numu_money *out) {
    return numu_number_from_double(value, numu_currency_decimals(fill->model->currency), out);
}

/* The price of what a process makes, and its royalty. */
static numu_status cost_of_process(const struct fill *fill, numu_row row, numu_quantity quantity,
                                   uint32_t t, numu_money *out_price, numu_money *out_royalty) {
    const struct numu_table_process *table = &fill->model->process;
    NUMU_TRY(
        price_times(fill, table->unit_cost[row], quantity, table->currency[row], t, out_price));
    return price_times(fill, table->royalty[row], quantity, table->currency[row], t, out_royalty);
}

/* What is still to be paid for an open order: the price without its advance, and the royalty. */
static numu_status cost_of_order(const struct fill *fill, numu_row row, uint32_t t,
                                 numu_money *out_price, numu_money *out_royalty) {
    const struct numu_table_process *table = &fill->model->process;
    numu_row process = fill->model->open_order.process[row];
    numu_quantity quantity =
        fill->model->open_order.quantity[row] - fill->model->open_order.received[row];
    numu_money price = 0;
    NUMU_TRY(cost_of_process(fill, process, quantity, t, &price, out_royalty));
    return numu_multiply_divide(price, NUMU_DECIMAL_ONE - table->advance[process], NUMU_DECIMAL_ONE,
                                NUMU_ROUND_HALF_EVEN, out_price);
}

static numu_status add_evidence(struct fill *fill, const char *table, numu_row row,
                                numu_money amount) {
    const struct numu_table_descriptor *at = numu_schema_find(numu_text_of(table));
    const uint8_t *bases = numu_model_head_of(fill->model, at)->evidence.basis;
    size_t basis = bases == NULL ? 0 : bases[row];
    numu_money *sum = &fill->evidence[(size_t)(at - numu_schema) * numu_basis_count + basis];
    return fits(fill, numu_add(*sum, amount < 0 ? -amount : amount, sum), table, row, "id");
}

/* --- stages and items --- */

static numu_status fill_stages(struct fill *fill) {
    const struct numu_master *master = fill->master;
    struct numu_plan_stage *table = &fill->plan->stage;
    NUMU_TRY(take(fill, NUMU_PLAN_TABLE(stage), master->stage_count));
    for (numu_row row = 0; row < master->stage_count; row++) {
        const struct numu_master_stage *stage = &master->stage[row];
        table->sequence[row] = (int64_t)row + 1;
        table->name[row] = numu_text_of(stage->name);
        table->priority[row] = stage->priority;
        table->value[row] = stage->value;
        table->within[row] = stage->within;
        table->status[row] = numu_text_of(stage->status);
        table->dual_bound[row] = stage->dual_bound;
        table->primal_residual[row] = stage->primal_residual;
        table->iterations[row] = (int64_t)stage->iterations;
    }
    return NUMU_OK;
}

static numu_status fill_items(struct fill *fill) {
    const struct numu_table_item *from = &fill->model->item;
    struct numu_plan_item *table = &fill->plan->item;
    NUMU_TRY(take(fill, NUMU_PLAN_TABLE(item), from->head.count));
    for (numu_row row = 0; row < from->head.count; row++) {
        table->id[row] = from->id[row];
        table->name[row] = from->name[row];
        table->family[row] = from->family[row];
        table->unit[row] = from->unit[row];
    }
    return NUMU_OK;
}

/* --- quantities --- */

static numu_status fill_production_row(struct fill *fill, numu_row at, numu_row process, uint32_t t,
                                       numu_quantity quantity) {
    const struct numu_table_process *from = &fill->model->process;
    struct numu_plan_production *table = &fill->plan->production;
    table->process[at] = from->id[process];
    table->item[at] = fill->model->item.id[from->item[process]];
    table->kind[at] = from->kind[process];
    table->partner[at] = id_at(fill->model->partner.id, from->partner[process]);
    table->site[at] = fill->model->site.id[from->site[process]];
    table->month[at] = month_of(fill, t);
    table->quantity[at] = quantity;
    NUMU_TRY(fits(fill,
                  numu_multiply_divide(quantity, NUMU_DECIMAL_ONE, from->yield[process],
                                       NUMU_ROUND_HALF_EVEN, &table->started[at]),
                  "process", process, "yield"));
    numu_money price = 0;
    numu_money royalty = 0;
    NUMU_TRY(fits(fill, cost_of_process(fill, process, quantity, t, &price, &royalty), "process",
                  process, "unit_cost"));
    NUMU_TRY(
        fits(fill, numu_add(price, royalty, &table->cost[at]), "process", process, "unit_cost"));
    return add_evidence(fill, "process", process, table->cost[at]);
}

static numu_status fill_production(struct fill *fill) {
    const struct numu_master *master = fill->master;
    numu_row processes = fill->model->process.head.count;
    size_t count = 0;
    NUMU_TRY(NUMU_TAKE(master->scratch, &fill->made, (size_t)processes * fill->months));
    for (numu_row row = 0; row < processes; row++) {
        for (uint32_t t = 0; t < fill->months; t++) {
            numu_lp_column column = master->make[(size_t)row * master->solved + t];
            numu_quantity *made = &fill->made[(size_t)row * fill->months + t];
            if (column != NUMU_NONE) {
                NUMU_TRY(fits(
                    fill,
                    numu_number_from_double(master->value[column], NUMU_QUANTITY_DECIMALS, made),
                    "process", row, "max_month"));
            }
            count += *made > 0;
        }
    }
    NUMU_TRY(take(fill, NUMU_PLAN_TABLE(production), count));
    numu_row at = 0;
    for (uint32_t t = 0; t < fill->months; t++) {
        for (numu_row row = 0; row < processes; row++) {
            numu_quantity made = fill->made[(size_t)row * fill->months + t];
            if (made > 0) {
                NUMU_TRY(fill_production_row(fill, at++, row, t, made));
            }
        }
    }
    return NUMU_OK;
}

static void set_receipt(struct fill *fill, numu_row at, const char *origin, struct numu_text id,
                        numu_row item, numu_row site, uint32_t t, numu_quantity quantity) {
    struct numu_plan_receipt *table = &fill->plan->receipt;
    table->origin[at] = numu_text_of(origin);
    table->id[at] = id;
    table->item[at] = fill->model->item.id[item];
    table->site[at] = fill->model->site.id[site];
    table->month[at] = month_of(fill, t);
    table->quantity[at] = quantity;
    table->cost[at] = 0;
}

static numu_status fill_order(struct fill *fill, numu_row at, numu_row row, uint32_t t) {
    const struct numu_table_open_order *order = &fill->model->open_order;
    numu_row process = order->process[row];
    set_receipt(fill, at, "open_order", order->id[row], fill->model->process.item[process],
                fill->model->process.site[process], t, order->quantity[row] - order->received[row]);
    numu_money price = 0;
    numu_money royalty = 0;
    NUMU_TRY(
        fits(fill, cost_of_order(fill, row, t, &price, &royalty), "open_order", row, "quantity"));
    NUMU_TRY(fits(fill, numu_add(price, royalty, &fill->plan->receipt.cost[at]), "open_order", row,
                  "quantity"));
    return add_evidence(fill, "open_order", row, fill->plan->receipt.cost[at]);
}

/* Receipts of a month from row `at` on; with `only_count` nothing is written. */
static numu_status fill_receipts_of(struct fill *fill, uint32_t t, bool only_count, numu_row *at) {
    const struct numu_model *model = fill->model;
    for (numu_row row = 0; t == 0 && row < model->stock.head.count; row++) {
        if (model->stock.quantity[row] > 0 && !only_count) {
            set_receipt(fill, *at, "stock", model->stock.lot[row], model->stock.item[row],
                        model->stock.site[row], t, model->stock.quantity[row]);
        }
        *at += model->stock.quantity[row] > 0;
    }
    for (numu_row row = 0; row < model->open_order.head.count; row++) {
        if (numu_master_month(fill->master, model->open_order.due[row]) == t &&
            model->open_order.quantity[row] > model->open_order.received[row]) {
            if (!only_count) {
                NUMU_TRY(fill_order(fill, *at, row, t));
            }
            ++*at;
        }
    }
    for (numu_row row = 0; row < model->delivery.head.count; row++) {
        numu_quantity quantity = model->delivery.quantity[row] - model->delivery.delivered[row];
        if (numu_master_month(fill->master, model->delivery.due[row]) == t && quantity > 0) {
            if (!only_count) {
                set_receipt(fill, *at, "delivery",
                            model->agreement.id[model->delivery.agreement[row]],
                            model->delivery.item[row], model->delivery.site[row], t, quantity);
            }
            ++*at;
        }
    }
    return NUMU_OK;
}

static numu_status fill_receipts(struct fill *fill) {
    numu_row count = 0;
    for (uint32_t t = 0; t < fill->months; t++) {
        NUMU_TRY(fill_receipts_of(fill, t, true, &count));
    }
    NUMU_TRY(take(fill, NUMU_PLAN_TABLE(receipt), count));
    numu_row at = 0;
    for (uint32_t t = 0; t < fill->months; t++) {
        NUMU_TRY(fill_receipts_of(fill, t, false, &at));
    }
    return NUMU_OK;
}

/* The quantity shipped to arrive in a month. */
static numu_status shipped(const struct fill *fill, uint32_t n, uint32_t t, numu_quantity *out) {
    const struct numu_master_shipping *shipping = &fill->master->shipping[n];
    uint32_t first = shipping->whole + (shipping->part > 0 ? 1 : 0);
    *out = 0;
    return t < first
               ? NUMU_OK
               : fits(fill,
                      numu_number_from_double(fill->master->value[shipping->column + t - first],
                                              NUMU_QUANTITY_DECIMALS, out),
                      "route", shipping->route, "capacity_kg_month");
}

static numu_status freight_of(const struct fill *fill, const struct numu_master_shipping *shipping,
                              numu_quantity quantity, uint32_t t, numu_money *out) {
    const struct numu_table_route *route = &fill->model->route;
    numu_decimal mass = fill->model->item.mass_kg[fill->master->place[shipping->to].item];
    numu_price cost = route->cost_kg[shipping->route];
    *out = 0;
    if (mass == NUMU_NO_NUMBER || cost == NUMU_NO_NUMBER) {
        return NUMU_OK;
    }
    NUMU_TRY(numu_multiply_divide(quantity, mass, NUMU_DECIMAL_ONE, NUMU_ROUND_HALF_EVEN,
                                  &quantity)); /* kilograms now */
    return price_times(fill, cost, quantity, route->currency[shipping->route], t, out);
}

static numu_status fill_shipments(struct fill *fill) {
    const struct numu_master *master = fill->master;
    struct numu_plan_shipment *table = &fill->plan->shipment;
    numu_quantity quantity = 0;
    size_t count = 0;
    for (uint32_t t = 0; t < fill->months; t++) {
        for (uint32_t n = 0; n < master->shipping_count; n++) {
            NUMU_TRY(shipped(fill, n, t, &quantity));
            count += quantity > 0;
        }
    }
    NUMU_TRY(take(fill, NUMU_PLAN_TABLE(shipment), count));
    numu_row at = 0;
    for (uint32_t t = 0; t < fill->months; t++) {
        for (uint32_t n = 0; n < master->shipping_count; n++) {
            const struct numu_master_shipping *shipping = &master->shipping[n];
            NUMU_TRY(shipped(fill, n, t, &quantity));
            if (quantity > 0) {
                table->item[at] = fill->model->item.id[master->place[shipping->to].item];
                table->from[at] = fill->model->site.id[master->place[shipping->from].site];
                table->to[at] = fill->model->site.id[master->place[shipping->to].site];
                table->month[at] = month_of(fill, t);
                table->quantity[at] = quantity;
                NUMU_TRY(fits(fill, freight_of(fill, shipping, quantity, t, &table->cost[at]),
                              "route", shipping->route, "cost_kg"));
                NUMU_TRY(add_evidence(fill, "route", shipping->route, table->cost[at]));
                at++;
            }
        }
    }
    return NUMU_OK;
}

static numu_status closing(const struct fill *fill, uint32_t place, uint32_t t,
                           numu_quantity *out) {
    const struct numu_master *master = fill->master;
    size_t column = master->stock + (size_t)place * master->solved + t;
    return fits(fill, numu_number_from_double(master->value[column], NUMU_QUANTITY_DECIMALS, out),
                "item", master->place[place].item, "id");
}

/* Holding cost of a closing stock, as evidence of the item's row. */
static numu_status add_holding(struct fill *fill, numu_row item, numu_quantity quantity,
                               uint32_t t) {
    const struct numu_table_item *table = &fill->model->item;
    numu_money worth = 0;
    NUMU_TRY(
        price_times(fill, table->standard_cost[item], quantity, table->currency[item], t, &worth));
    NUMU_TRY(numu_multiply_divide(worth, table->holding_cost_rate[item], 12 * NUMU_DECIMAL_ONE,
                                  NUMU_ROUND_HALF_EVEN, &worth));
    return add_evidence(fill, "item", item, worth);
}

static numu_status fill_stock(struct fill *fill) {
    const struct numu_master *master = fill->master;
    struct numu_plan_stock *table = &fill->plan->stock;
    numu_quantity quantity = 0;
    size_t count = 0;
    for (uint32_t place = 0; place < master->place_count; place++) {
        for (uint32_t t = 0; t < fill->months; t++) {
            NUMU_TRY(closing(fill, place, t, &quantity));
            count += quantity > 0;
        }
    }
    NUMU_TRY(take(fill, NUMU_PLAN_TABLE(stock), count));
    numu_row at = 0;
    for (uint32_t t = 0; t < fill->months; t++) {
        for (uint32_t place = 0; place < master->place_count; place++) {
            numu_row item = master->place[place].item;
            NUMU_TRY(closing(fill, place, t, &quantity));
            if (quantity > 0) {
                table->item[at] = fill->model->item.id[item];
                table->site[at] = fill->model->site.id[master->place[place].site];
                table->month[at] = month_of(fill, t);
                table->quantity[at++] = quantity;
                NUMU_TRY(fits(fill, add_holding(fill, item, quantity, t), "item", item,
                              "standard_cost"));
            }
        }
    }
    return NUMU_OK;
}

/* --- demand --- */

/* What is open of each need at the end of each month: never more than before. */
static numu_status build_open(struct fill *fill) {
    const struct numu_master *master = fill->master;
    NUMU_TRY(NUMU_TAKE(master->scratch, &fill->open, (size_t)master->need_count * fill->months));
    for (uint32_t n = 0; n < master->need_count; n++) {
        const struct numu_master_need *need = &master->need[n];
        numu_quantity before = fill->model->demand.quantity[need->demand];
        for (uint32_t t = need->due; t < fill->months; t++) {
            numu_quantity open = 0;
            NUMU_TRY(fits(fill,
                          numu_number_from_double(master->value[need->late + t - need->due],
                                                  NUMU_QUANTITY_DECIMALS, &open),
                          "demand", need->demand, "quantity"));
            before = open < before ? open : before;
            fill->open[(size_t)n * fill->months + t] = before;
        }
    }
    return NUMU_OK;
}

/* Delivered to a need in a month. */
static numu_quantity served(const struct fill *fill, uint32_t n, uint32_t t) {
    const struct numu_master_need *need = &fill->master->need[n];
    const numu_quantity *open = &fill->open[(size_t)n * fill->months];
    numu_quantity before =
        t == need->due ? fill->model->demand.quantity[need->demand] : open[t - 1];
    return before - open[t];
}

static numu_status fill_demand(struct fill *fill) {
    const struct numu_master *master = fill->master;
    const struct numu_table_demand *from = &fill->model->demand;
    struct numu_plan_demand *table = &fill->plan->demand;
    size_t count = from->head.count - master->demands_beyond;
    NUMU_TRY(take(fill, NUMU_PLAN_TABLE(demand), count));
    numu_row at = 0;
    for (uint32_t n = 0; n < master->need_count; n++) {
        const struct numu_master_need *need = &master->need[n];
        if (need->repeat > 0) {
            continue;
        }
        numu_row row = need->demand;
        const numu_quantity *open = &fill->open[(size_t)n * fill->months];
        table->id[at] = from->id[row];
        table->customer[at] = fill->model->customer.id[from->customer[row]];
        table->customer_kind[at] = fill->model->customer.kind[from->customer[row]];
        table->item[at] = fill->model->item.id[from->item[row]];
        table->site[at] = fill->model->site.id[from->site[row]];
        table->due[at] = from->due[row];
        table->due_month[at] = month_of(fill, need->due);
        table->quantity[at] = from->quantity[row];
        table->priority[at] = from->priority[row];
        table->on_time[at] = served(fill, n, need->due);
        table->unmet[at] = open[fill->months - 1];
        table->late[at] = open[need->due] - open[fill->months - 1];
        for (uint32_t t = need->due; t < fill->months; t++) {
            if (served(fill, n, t) > 0) {
                table->last_month[at] = month_of(fill, t);
            }
        }
        at++;
    }
    return NUMU_OK;
}

static bool is_shown(const struct fill *fill, uint32_t n, uint32_t t) {
    const struct numu_master_need *need = &fill->master->need[n];
    return need->repeat == 0 && t >= need->due &&
           (fill->open[(size_t)n * fill->months + t] > 0 || served(fill, n, t) > 0);
}

static numu_status fill_service(struct fill *fill) {
    const struct numu_master *master = fill->master;
    struct numu_plan_service *table = &fill->plan->service;
    size_t count = 0;
    for (uint32_t n = 0; n < master->need_count; n++) {
        for (uint32_t t = 0; t < fill->months; t++) {
            count += is_shown(fill, n, t);
        }
    }
    NUMU_TRY(take(fill, NUMU_PLAN_TABLE(service), count));
    numu_row at = 0;
    for (uint32_t t = 0; t < fill->months; t++) {
        for (uint32_t n = 0; n < master->need_count; n++) {
            if (is_shown(fill, n, t)) {
                table->demand[at] = fill->model->demand.id[master->need[n].demand];
                table->month[at] = month_of(fill, t);
                table->served[at] = served(fill, n, t);
                table->open[at++] = fill->open[(size_t)n * fill->months + t];
            }
        }
    }
    return NUMU_OK;
}

/* --- hours --- */

/* Adds hours × starts of each row of production to used[resource × months + month]. */
static numu_status add_hours(const struct fill *fill, numu_row process, numu_decimal *used) {
    const struct numu_master_group *operations = &fill->master->operations;
    const struct numu_table_operation *table = &fill->model->operation;
    for (uint32_t i = operations->start[process]; i < operations->start[process + 1]; i++) {
        numu_row row = operations->row[i];
        for (uint32_t t = 0; t < fill->months; t++) {
            numu_quantity started = 0;
            numu_decimal hours = 0;
            numu_decimal *sum = &used[(size_t)table->resource[row] * fill->months + t];
            NUMU_TRY(numu_multiply_divide(fill->made[(size_t)process * fill->months + t],
                                          NUMU_DECIMAL_ONE, fill->model->process.yield[process],
                                          NUMU_ROUND_HALF_EVEN, &started));
            NUMU_TRY(numu_multiply_divide(started, table->hours[row], NUMU_QUANTITY_ONE,
                                          NUMU_ROUND_HALF_EVEN, &hours));
            NUMU_TRY(numu_add(*sum, hours, sum));
        }
    }
    return NUMU_OK;
}

static numu_status fill_hours(struct fill *fill) {
    const struct numu_master *master = fill->master;
    struct numu_plan_hours *table = &fill->plan->hours;
    numu_row resources = fill->model->resource.head.count;
    numu_decimal *used = NULL;
    NUMU_TRY(NUMU_TAKE(master->scratch, &used, (size_t)resources * fill->months));
    for (numu_row row = 0; row < fill->model->process.head.count; row++) {
        NUMU_TRY(fits(fill, add_hours(fill, row, used), "process", row, "id"));
    }
    size_t count = 0;
    for (numu_row row = 0; row < resources; row++) {
        for (uint32_t t = 0; t < fill->months; t++) {
            count += master->hours_row[(size_t)row * master->solved + t] != NUMU_NONE;
        }
    }
    NUMU_TRY(take(fill, NUMU_PLAN_TABLE(hours), count));
    numu_row at = 0;
    for (uint32_t t = 0; t < fill->months; t++) {
        for (numu_row row = 0; row < resources; row++) {
            numu_lp_row hours_row = master->hours_row[(size_t)row * master->solved + t];
            if (hours_row != NUMU_NONE) {
                table->resource[at] = fill->model->resource.id[row];
                table->month[at] = month_of(fill, t);
                table->capacity[at] = master->resource[row].capacity[t];
                table->used[at] = used[(size_t)row * fill->months + t];
                table->worth[at++] = fmax(0, -master->row_dual[hours_row]);
            }
        }
    }
    return NUMU_OK;
}

/* --- money --- */

static numu_money *paid_by(const struct fill *fill, numu_row fund, uint32_t kind, uint32_t t) {
    return &fill->paid[((size_t)fund * numu_cost_kind_count + kind) * fill->months + t];
}

/* What a fund pays for a kind in a month; for fund = count of funds what nobody pays. */
static double payment(const struct fill *fill, numu_row fund, uint32_t kind, uint32_t t) {
    const struct numu_master *master = fill->master;
    size_t cell = (size_t)kind * master->solved + t;
    if (fund == fill->model->fund.head.count) {
        return numu_master_is_funded(master, kind)
                   ? 0
                   : master->cost_fixed[cell] - master->row_value[master->cost_row[kind] + t];
    }
    numu_lp_column pay = master->pay[(size_t)fund * numu_cost_kind_count + kind];
    double amount = pay == NUMU_NONE ? 0 : master->value[pay + t];
    return kind == numu_cost_kind_capital
               ? amount + master->capital_named[(size_t)fund * master->solved + t]
               : amount;
}

static numu_status build_paid(struct fill *fill) {
    numu_row funds = fill->model->fund.head.count;
    NUMU_TRY(NUMU_TAKE(fill->master->scratch, &fill->paid,
                       ((size_t)funds + 1) * numu_cost_kind_count * fill->months));
    for (numu_row fund = 0; fund <= funds; fund++) {
        for (uint32_t kind = 1; kind < numu_cost_kind_count; kind++) {
            for (uint32_t t = 0; t < fill->months; t++) {
                numu_money *amount = paid_by(fill, fund, kind, t);
                NUMU_TRY(fits(fill, money_from(fill, payment(fill, fund, kind, t), amount), NULL, 0,
                              "amount"));
                *amount = *amount < 0 ? 0 : *amount;
            }
        }
    }
    return NUMU_OK;
}

/* Takes a small overdraft from the fund's largest payment of the month. */
static void take_rounding(struct fill *fill, numu_row fund, uint32_t t, numu_money overdraft) {
    uint32_t largest = 1;
    for (uint32_t kind = 2; kind < numu_cost_kind_count; kind++) {
        if (*paid_by(fill, fund, kind, t) > *paid_by(fill, fund, largest, t)) {
            largest = kind;
        }
    }
    *paid_by(fill, fund, largest, t) -= overdraft;
}

struct purse {
    numu_money carried, budget, gap, spent, left;
};

/* A month of a fund: the gap is what its payments lack, no earlier than it is needed. */
static numu_status walk_purse(struct fill *fill, numu_row fund, uint32_t t, numu_money carried,
                              struct purse *out) {
    struct purse purse = {.carried = carried};
    NUMU_TRY(money_from(fill, fill->master->budget[(size_t)fund * fill->master->solved + t],
                        &purse.budget));
    for (uint32_t kind = 1; kind < numu_cost_kind_count; kind++) {
        NUMU_TRY(numu_add(purse.spent, *paid_by(fill, fund, kind, t), &purse.spent));
    }
    numu_money there = 0;
    NUMU_TRY(numu_add(purse.carried, purse.budget, &there));
    numu_money rounding = numu_cost_kind_count + (numu_money)(PURSE_ZERO * (double)purse.spent);
    if (purse.spent > there && purse.spent - there <= rounding) {
        take_rounding(fill, fund, t, purse.spent - there);
        purse.spent = there;
    }
    purse.gap = purse.spent > there ? purse.spent - there : 0;
    bool is_carried = fill->model->fund.carry_over[fund] == NUMU_BOOLEAN_TRUE;
    purse.left = is_carried && there > purse.spent ? there - purse.spent : 0;
    *out = purse;
    return NUMU_OK;
}

static bool is_idle(const struct purse *purse) {
    return purse->carried == 0 && purse->budget == 0 && purse->gap == 0 && purse->spent == 0;
}

static numu_status fill_purses(struct fill *fill) {
    struct numu_plan_purse *table = &fill->plan->purse;
    numu_row funds = fill->model->fund.head.count;
    struct purse *purses = NULL;
    size_t count = 0;
    NUMU_TRY(NUMU_TAKE(fill->master->scratch, &purses, (size_t)funds * fill->months));
    for (numu_row fund = 0; fund < funds; fund++) {
        numu_money carried = 0;
        for (uint32_t t = 0; t < fill->months; t++) {
            struct purse *purse = &purses[(size_t)fund * fill->months + t];
            NUMU_TRY(fits(fill, walk_purse(fill, fund, t, carried, purse), "fund", fund, "id"));
            carried = purse->left;
            count += !is_idle(purse);
        }
    }
    NUMU_TRY(take(fill, NUMU_PLAN_TABLE(purse), count));
    numu_row at = 0;
    for (uint32_t t = 0; t < fill->months; t++) {
        for (numu_row fund = 0; fund < funds; fund++) {
            const struct purse *purse = &purses[(size_t)fund * fill->months + t];
            if (!is_idle(purse)) {
                table->fund[at] = fill->model->fund.id[fund];
                table->month[at] = month_of(fill, t);
                table->carried[at] = purse->carried;
                table->budget[at] = purse->budget;
                table->gap[at] = purse->gap;
                table->spent[at] = purse->spent;
                table->left[at++] = purse->left;
            }
        }
    }
    return NUMU_OK;
}

static numu_status fill_payments(struct fill *fill) {
    struct numu_plan_payment *table = &fill->plan->payment;
    numu_row funds = fill->model->fund.head.count;
    size_t cells = ((size_t)funds + 1) * numu_cost_kind_count * fill->months;
    size_t count = 0;
    for (size_t cell = 0; cell < cells; cell++) {
        count += fill->paid[cell] > 0;
    }
    NUMU_TRY(take(fill, NUMU_PLAN_TABLE(payment), count));
    numu_row at = 0;
    for (uint32_t t = 0; t < fill->months; t++) {
        for (numu_row fund = 0; fund <= funds; fund++) {
            for (uint32_t kind = 1; kind < numu_cost_kind_count; kind++) {
                numu_money amount = *paid_by(fill, fund, kind, t);
                if (amount > 0) {
                    table->fund[at] = id_at(fill->model->fund.id, fund == funds ? NUMU_NONE : fund);
                    table->kind[at] = (uint8_t)kind;
                    table->month[at] = month_of(fill, t);
                    table->amount[at++] = amount;
                }
            }
        }
    }
    return NUMU_OK;
}

/* --- import bill --- */

static bool is_abroad(const struct fill *fill, numu_row partner) {
    return partner != NUMU_NONE && !numu_text_is_equal(fill->model->partner.country[partner],
                                                       fill->model->package.country[0]);
}

/* Whether a process buys abroad: by its partner's country, by its origin, or as a bare import. */
static bool is_foreign(const struct fill *fill, numu_row process) {
    const struct numu_table_process *table = &fill->model->process;
    bool is_import = table->kind[process] == numu_process_kind_import;
    if (!is_import && table->kind[process] != numu_process_kind_purchase) {
        return false;
    }
    struct numu_text origin = table->origin[process];
    return is_abroad(fill, table->partner[process]) ||
           (origin.length > 0 && !numu_text_is_equal(origin, fill->model->package.country[0])) ||
           (is_import && table->partner[process] == NUMU_NONE && origin.length == 0);
}

struct bill {
    numu_money without, finished, kits, capital;
};

/* Books the price and royalty of a process in a year's bill. */
static numu_status book(const struct fill *fill, struct bill *bill, const bool *is_wanted,
                        numu_row process, numu_money price, numu_money royalty) {
    bool foreign = is_foreign(fill, process);
    if (foreign) {
        bool is_finished = is_wanted[fill->model->process.item[process]];
        numu_money *sum = is_finished ? &bill->finished : &bill->kits;
        NUMU_TRY(numu_add(*sum, price, sum));
    }
    if (foreign || is_abroad(fill, fill->model->process.partner[process])) {
        NUMU_TRY(numu_add(bill->kits, royalty, &bill->kits));
    }
    return NUMU_OK;
}

static numu_status book_goods(const struct fill *fill, struct bill *bill, const bool *is_wanted,
                              uint32_t t) {
    const struct numu_table_open_order *order = &fill->model->open_order;
    numu_money price = 0;
    numu_money royalty = 0;
    for (numu_row row = 0; row < fill->model->process.head.count; row++) {
        NUMU_TRY(cost_of_process(fill, row, fill->made[(size_t)row * fill->months + t], t, &price,
                                 &royalty));
        NUMU_TRY(book(fill, bill, is_wanted, row, price, royalty));
    }
    for (numu_row row = 0; row < order->head.count; row++) {
        if (numu_master_month(fill->master, order->due[row]) == t &&
            order->quantity[row] > order->received[row]) {
            NUMU_TRY(cost_of_order(fill, row, t, &price, &royalty));
            NUMU_TRY(book(fill, bill, is_wanted, order->process[row], price, royalty));
        }
    }
    return NUMU_OK;
}

/* The same quantity at the cheapest foreign process of its item; at standard cost without one. */
static numu_status cost_abroad(const struct fill *fill, numu_row item, numu_quantity quantity,
                               uint32_t t, numu_money *out) {
    const struct numu_table_process *table = &fill->model->process;
    bool is_found = false;
    numu_money least = 0;
    for (numu_row row = 0; row < table->head.count; row++) {
        if (table->item[row] == item && is_foreign(fill, row)) {
            numu_money price = 0;
            NUMU_TRY(price_times(fill, table->unit_cost[row], quantity, table->currency[row], t,
                                 &price));
            least = !is_found || price < least ? price : least;
            is_found = true;
        }
    }
    *out = least;
    return is_found ? NUMU_OK
                    : price_times(fill, fill->model->item.standard_cost[item], quantity,
                                  fill->model->item.currency[item], t, out);
}

static numu_status book_deliveries(const struct fill *fill, struct bill *bill, uint32_t t) {
    for (uint32_t n = 0; n < fill->master->need_count; n++) {
        const struct numu_master_need *need = &fill->master->need[n];
        if (is_shown(fill, n, t) && served(fill, n, t) > 0) {
            numu_money cost = 0;
            NUMU_TRY(cost_abroad(fill, fill->model->demand.item[need->demand], served(fill, n, t),
                                 t, &cost));
            NUMU_TRY(numu_add(bill->without, cost, &bill->without));
        }
    }
    return NUMU_OK;
}

static numu_status book_month(const struct fill *fill, struct bill *bill, const bool *is_wanted,
                              uint32_t t) {
    NUMU_TRY(book_goods(fill, bill, is_wanted, t));
    NUMU_TRY(book_deliveries(fill, bill, t));
    for (numu_row row = 0; row < fill->model->activity.head.count; row++) {
        if (is_abroad(fill, fill->model->activity.partner[row])) {
            numu_money cost = 0;
            NUMU_TRY(money_from(fill, numu_master_activity_cost(fill->master, row, t), &cost));
            NUMU_TRY(numu_add(bill->capital, cost, &bill->capital));
        }
    }
    return NUMU_OK;
}

static numu_status fill_import_bill(struct fill *fill) {
    struct numu_plan_import_bill *table = &fill->plan->import_bill;
    int32_t first = numu_day_date(numu_month_first_day(month_of(fill, 0))).year;
    int32_t last = numu_day_date(numu_month_first_day(month_of(fill, fill->months - 1))).year;
    bool *is_wanted = NULL;
    NUMU_TRY(NUMU_TAKE(fill->master->scratch, &is_wanted, fill->model->item.head.count));
    for (numu_row row = 0; row < fill->model->demand.head.count; row++) {
        is_wanted[fill->model->demand.item[row]] = true;
    }
    NUMU_TRY(take(fill, NUMU_PLAN_TABLE(import_bill), (size_t)(last - first + 1)));
    uint32_t t = 0;
    for (int32_t year = first; year <= last; year++) {
        struct bill bill = {0};
        for (; t < fill->months &&
               numu_day_date(numu_month_first_day(month_of(fill, t))).year == year;
             t++) {
            NUMU_TRY(fits(fill, book_month(fill, &bill, is_wanted, t), NULL, 0, "amount"));
        }
        numu_row at = (numu_row)(year - first);
        table->year[at] = year;
        table->without[at] = bill.without;
        table->finished[at] = bill.finished;
        table->kits[at] = bill.kits;
        table->capital[at] = bill.capital;
    }
    return NUMU_OK;
}

/* --- evidence --- */

static numu_status add_money_evidence(struct fill *fill, const char *table, numu_row row,
                                      double amount) {
    numu_money money = 0;
    NUMU_TRY(fits(fill, money_from(fill, amount, &money), table, row, "id"));
    return add_evidence(fill, table, row, money);
}

/* What is paid whatever is planned, and what is received. */
static numu_status add_given_evidence(struct fill *fill) {
    struct numu_master *master = fill->master;
    const struct numu_model *model = fill->model;
    for (numu_row row = 0; row < model->budget.head.count; row++) {
        int64_t t = (int64_t)model->budget.month[row] - master->start;
        if (t >= 0 && t < fill->months) {
            NUMU_TRY(add_money_evidence(
                fill, "budget", row,
                numu_master_money(master, model->budget.amount[row],
                                  model->fund.currency[model->budget.fund[row]], (uint32_t)t)));
        }
    }
    for (numu_row row = 0; row < model->activity.head.count; row++) {
        for (uint32_t t = 0; t < fill->months; t++) {
            NUMU_TRY(add_money_evidence(fill, "activity", row,
                                        numu_master_activity_cost(master, row, t)));
        }
    }
    for (numu_row row = 0; row < model->resource.head.count; row++) {
        for (uint32_t t = 0; t < fill->months; t++) {
            NUMU_TRY(add_money_evidence(
                fill, "resource", row,
                numu_master_resource_cost(master, row, numu_cost_kind_capital, t) +
                    numu_master_resource_cost(master, row, numu_cost_kind_fixed, t)));
        }
    }
    return NUMU_OK;
}

static numu_status fill_evidence(struct fill *fill) {
    struct numu_plan_evidence *table = &fill->plan->evidence;
    size_t cells = numu_schema_count() * numu_basis_count;
    NUMU_TRY(add_given_evidence(fill));
    size_t count = 0;
    for (size_t cell = 0; cell < cells; cell++) {
        count += fill->evidence[cell] > 0;
    }
    NUMU_TRY(take(fill, NUMU_PLAN_TABLE(evidence), count));
    numu_row at = 0;
    for (size_t cell = 0; cell < cells; cell++) {
        if (fill->evidence[cell] > 0) {
            table->table[at] = numu_text_of(numu_schema[cell / numu_basis_count].name);
            table->basis[at] = (uint8_t)(cell % numu_basis_count);
            table->amount[at++] = fill->evidence[cell];
        }
    }
    return NUMU_OK;
}

/* --- what is not modelled --- */

/* Rows in which a number is there and above a limit. */
static int64_t count_above(const int64_t *values, numu_row count, int64_t limit) {
    int64_t above = 0;
    for (numu_row row = 0; row < count; row++) {
        above += values[row] != NUMU_NO_NUMBER && values[row] > limit;
    }
    return above;
}

static int64_t count_references(const numu_row *values, numu_row count) {
    int64_t references = 0;
    for (numu_row row = 0; row < count; row++) {
        references += values[row] != NUMU_NONE;
    }
    return references;
}

static int64_t count_lots(const struct numu_table_process *table) {
    int64_t lots = 0;
    for (numu_row row = 0; row < table->head.count; row++) {
        lots += table->fixed_cost_lot[row] > 0 || table->min_lot[row] > 0 ||
                table->lot_multiple[row] > 0;
    }
    return lots;
}

static int64_t count_materials(const struct numu_table_item *table) {
    int64_t materials = 0;
    for (numu_row row = 0; row < table->head.count; row++) {
        materials += table->planned[row] == numu_planned_materials;
    }
    return materials;
}

static numu_status fill_not_modelled(struct fill *fill) {
    const struct numu_model *model = fill->model;
    numu_row items = model->item.head.count;
    numu_row processes = model->process.head.count;
    numu_row operations = model->operation.head.count;
    const struct {
        const char *subject;
        int64_t rows;
    } subjects[] = {
        {"skill", model->skill.head.count},
        {"course", model->course.head.count},
        {"operation_skill", count_references(model->operation.skill, operations)},
        {"upkeep", model->upkeep.head.count},
        {"storehouse", model->storehouse.head.count},
        {"limit", model->limit.head.count},
        {"learning", count_above(model->process.learning_rate, processes, 0)},
        {"setup", count_above(model->operation.setup_hours, operations, 0)},
        {"lot", count_lots(&model->process)},
        {"safety_stock", count_above(model->item.safety_stock, items, 0)},
        {"shelf_life", count_above(model->item.shelf_life_months, items, 0)},
        {"materials", count_materials(&model->item)},
        {"residual_value", count_above(model->resource.life_months, model->resource.head.count, 0)},
        {"rule", model->rule.head.count},
        {"licence", model->licence.head.count},
        {"process_agreement", count_references(model->process.agreement, processes)},
        {"agreement_value", count_above(model->agreement.value, model->agreement.head.count, 0)},
        {"demand_beyond_horizon", fill->master->demands_beyond},
    };
    size_t count = 0;
    for (size_t i = 0; i < sizeof subjects / sizeof subjects[0]; i++) {
        count += subjects[i].rows > 0;
    }
    NUMU_TRY(take(fill, NUMU_PLAN_TABLE(not_modelled), count));
    numu_row at = 0;
    for (size_t i = 0; i < sizeof subjects / sizeof subjects[0]; i++) {
        if (subjects[i].rows > 0) {
            fill->plan->not_modelled.subject[at] = numu_text_of(subjects[i].subject);
            fill->plan->not_modelled.rows[at++] = subjects[i].rows;
        }
    }
    return NUMU_OK;
}

numu_status numu_master_fill(struct numu_master *master, struct numu_arena *arena,
                             struct numu_plan *plan) {
    struct fill fill = {.master = master,
                        .model = master->model,
                        .arena = arena,
                        .plan = plan,
                        .months = master->months};
    plan->currency = master->model->currency;
    NUMU_TRY(NUMU_TAKE(master->scratch, &fill.evidence, numu_schema_count() * numu_basis_count));
    NUMU_TRY(fill_stages(&fill));
    NUMU_TRY(fill_items(&fill));
    NUMU_TRY(fill_production(&fill));
    NUMU_TRY(fill_receipts(&fill));
    NUMU_TRY(fill_shipments(&fill));
    NUMU_TRY(fill_stock(&fill));
    NUMU_TRY(build_open(&fill));
    NUMU_TRY(fill_demand(&fill));
    NUMU_TRY(fill_service(&fill));
    NUMU_TRY(fill_hours(&fill));
    NUMU_TRY(build_paid(&fill));
    NUMU_TRY(fill_purses(&fill)); /* takes roundings from payments */
    NUMU_TRY(fill_payments(&fill));
    NUMU_TRY(fill_import_bill(&fill));
    NUMU_TRY(fill_evidence(&fill));
    return fill_not_modelled(&fill);
}
