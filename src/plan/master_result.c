/*
 * master_result.c - the answer as tables of the plan.
 *
 * The solver's figures are rounded half-even to what the tables hold; from there on sums are exact:
 * deliveries follow from what is open, purses from payments, costs and hours from quantities.
 * [R1] of plan.h: months first, then rows of the model. Rows in which all is zero are left out.
 */
#include "plan/master_fill.h"

#include <math.h>

numu_month numu_fill_month_of(const struct numu_fill *fill, uint32_t t) {
    return fill->master->start + (numu_month)t;
}

struct numu_text numu_fill_id_at(const struct numu_text *ids, numu_row row) {
    return row == NUMU_NONE ? (struct numu_text){NULL, 0} : ids[row];
}

numu_status numu_fill_take(struct numu_fill *fill, const struct numu_table_descriptor *table,
                           size_t count) {
    return numu_plan_take(fill->plan, fill->arena, table, count);
}

/* A number that does not fit is the user's: the finding names the row it comes from, if any. */
numu_status numu_fill_fits(const struct numu_fill *fill, numu_status status, const char *table,
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
numu_status numu_fill_price_times(const struct numu_fill *fill, numu_price price,
                                  numu_quantity quantity, numu_currency currency, uint32_t t,
                                  numu_money *out) {
    *out = 0;
    if (price == NUMU_NO_NUMBER || price == 0 || quantity == 0) {
        return NUMU_OK;
    }
    int64_t amount = 0; /* 10^-6 of the major unit */
    numu_decimal rate = numu_model_rate(fill->model, currency, numu_fill_month_of(fill, t));
    NUMU_TRY(
        numu_multiply_divide(price, quantity, NUMU_QUANTITY_ONE, NUMU_ROUND_HALF_EVEN, &amount));
    NUMU_TRY(numu_multiply_divide(amount, rate, NUMU_DECIMAL_ONE, NUMU_ROUND_HALF_EVEN, &amount));
    int decimals = numu_currency_decimals(fill->model->currency);
    return numu_multiply_divide(amount, numu_power_of_ten(decimals), NUMU_PRICE_ONE,
                                NUMU_ROUND_HALF_EVEN, out);
}

/* Major units, rounded to minor ones. */
numu_status numu_fill_money_from(const struct numu_fill *fill, double value, numu_money *out) {
    return numu_number_from_double(value, numu_currency_decimals(fill->model->currency), out);
}

/* The price of what a process makes, and its royalty. */
numu_status numu_fill_cost_of_process(const struct numu_fill *fill, numu_row row,
                                      numu_quantity quantity, uint32_t t, numu_money *out_price,
                                      numu_money *out_royalty) {
    const struct numu_table_process *table = &fill->model->process;
    NUMU_TRY(numu_fill_price_times(fill, table->unit_cost[row], quantity, table->currency[row], t,
                                   out_price));
    return numu_fill_price_times(fill, table->royalty[row], quantity, table->currency[row], t,
                                 out_royalty);
}

/* What is still to be paid for an open order: the price without its advance, and the royalty. */
numu_status numu_fill_cost_of_order(const struct numu_fill *fill, numu_row row, uint32_t t,
                                    numu_money *out_price, numu_money *out_royalty) {
    const struct numu_table_process *table = &fill->model->process;
    numu_row process = fill->model->open_order.process[row];
    numu_quantity quantity =
        fill->model->open_order.quantity[row] - fill->model->open_order.received[row];
    numu_money price = 0;
    NUMU_TRY(numu_fill_cost_of_process(fill, process, quantity, t, &price, out_royalty));
    return numu_multiply_divide(price, NUMU_DECIMAL_ONE - table->advance[process], NUMU_DECIMAL_ONE,
                                NUMU_ROUND_HALF_EVEN, out_price);
}

numu_status numu_fill_add_evidence(struct numu_fill *fill, const char *table, numu_row row,
                                   numu_money amount) {
    const struct numu_table_descriptor *at = numu_schema_find(numu_text_of(table));
    const uint8_t *bases = numu_model_head_of(fill->model, at)->evidence.basis;
    size_t basis = bases == NULL ? 0 : bases[row];
    numu_money *sum = &fill->evidence[(size_t)(at - numu_schema) * numu_basis_count + basis];
    return numu_fill_fits(fill, numu_add(*sum, amount < 0 ? -amount : amount, sum), table, row,
                          "id");
}

/* --- stages and items --- */

static numu_status fill_stages(struct numu_fill *fill) {
    const struct numu_master *master = fill->master;
    struct numu_plan_stage *table = &fill->plan->stage;
    NUMU_TRY(numu_fill_take(fill, NUMU_PLAN_TABLE(stage), master->stage_count));
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

static numu_status fill_items(struct numu_fill *fill) {
    const struct numu_table_item *from = &fill->model->item;
    struct numu_plan_item *table = &fill->plan->item;
    NUMU_TRY(numu_fill_take(fill, NUMU_PLAN_TABLE(item), from->head.count));
    for (numu_row row = 0; row < from->head.count; row++) {
        table->id[row] = from->id[row];
        table->name[row] = from->name[row];
        table->family[row] = from->family[row];
        table->unit[row] = from->unit[row];
    }
    return NUMU_OK;
}

/* --- quantities --- */

/* Cost of a quantity's share of lots, in reporting currency. */
static double lot_cost(const struct numu_fill *fill, numu_row process, uint32_t t,
                       numu_quantity quantity) {
    const struct numu_table_process *from = &fill->model->process;
    double one =
        numu_master_money(fill->master, from->fixed_cost_lot[process], from->currency[process], t);
    if (numu_master_whole_lots(fill->master, process, t) != NULL) {
        return one;
    }
    double lot = numu_master_lot(fill->master, process, t);
    return lot <= 0 ? 0 : numu_master_quantity(quantity) / lot * one;
}

static numu_status fill_production_row(struct numu_fill *fill, numu_row at, numu_row process,
                                       uint32_t t, numu_quantity quantity) {
    const struct numu_table_process *from = &fill->model->process;
    struct numu_plan_production *table = &fill->plan->production;
    table->process[at] = from->id[process];
    table->item[at] = fill->model->item.id[from->item[process]];
    table->kind[at] = from->kind[process];
    table->partner[at] = numu_fill_id_at(fill->model->partner.id, from->partner[process]);
    table->site[at] = fill->model->site.id[from->site[process]];
    table->month[at] = numu_fill_month_of(fill, t);
    table->quantity[at] = quantity;
    NUMU_TRY(numu_fill_fits(fill,
                            numu_multiply_divide(quantity, NUMU_DECIMAL_ONE, from->yield[process],
                                                 NUMU_ROUND_HALF_EVEN, &table->started[at]),
                            "process", process, "yield"));
    numu_money price = 0;
    numu_money royalty = 0;
    NUMU_TRY(numu_fill_fits(fill,
                            numu_fill_cost_of_process(fill, process, quantity, t, &price, &royalty),
                            "process", process, "unit_cost"));
    numu_money lots = 0;
    NUMU_TRY(numu_fill_fits(fill,
                            numu_fill_money_from(fill, lot_cost(fill, process, t, quantity), &lots),
                            "process", process, "fixed_cost_lot"));
    NUMU_TRY(numu_fill_fits(fill, numu_add(price, lots, &price), "process", process, "unit_cost"));
    NUMU_TRY(numu_fill_fits(fill, numu_add(price, royalty, &table->cost[at]), "process", process,
                            "unit_cost"));
    return numu_fill_add_evidence(fill, "process", process, table->cost[at]);
}

static numu_status fill_production(struct numu_fill *fill) {
    const struct numu_master *master = fill->master;
    numu_row processes = fill->model->process.head.count;
    size_t count = 0;
    NUMU_TRY(NUMU_TAKE(master->scratch, &fill->made, (size_t)processes * fill->months));
    for (numu_row row = 0; row < processes; row++) {
        for (uint32_t t = 0; t < fill->months; t++) {
            numu_lp_column column = master->make[(size_t)row * master->solved + t];
            numu_quantity *made = &fill->made[(size_t)row * fill->months + t];
            if (column != NUMU_NONE) {
                NUMU_TRY(numu_fill_fits(
                    fill,
                    numu_number_from_double(master->value[column], NUMU_QUANTITY_DECIMALS, made),
                    "process", row, "max_month"));
            }
            count += *made > 0;
        }
    }
    NUMU_TRY(numu_fill_take(fill, NUMU_PLAN_TABLE(production), count));
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

static void set_receipt(struct numu_fill *fill, numu_row at, const char *origin,
                        struct numu_text id, numu_row item, numu_row site, uint32_t t,
                        numu_quantity quantity) {
    struct numu_plan_receipt *table = &fill->plan->receipt;
    table->origin[at] = numu_text_of(origin);
    table->id[at] = id;
    table->item[at] = fill->model->item.id[item];
    table->site[at] = fill->model->site.id[site];
    table->month[at] = numu_fill_month_of(fill, t);
    table->quantity[at] = quantity;
    table->cost[at] = 0;
}

static numu_status fill_order(struct numu_fill *fill, numu_row at, numu_row row, uint32_t t) {
    const struct numu_table_open_order *order = &fill->model->open_order;
    numu_row process = order->process[row];
    set_receipt(fill, at, "open_order", order->id[row], fill->model->process.item[process],
                fill->model->process.site[process], t, order->quantity[row] - order->received[row]);
    numu_money price = 0;
    numu_money royalty = 0;
    NUMU_TRY(numu_fill_fits(fill, numu_fill_cost_of_order(fill, row, t, &price, &royalty),
                            "open_order", row, "quantity"));
    NUMU_TRY(numu_fill_fits(fill, numu_add(price, royalty, &fill->plan->receipt.cost[at]),
                            "open_order", row, "quantity"));
    return numu_fill_add_evidence(fill, "open_order", row, fill->plan->receipt.cost[at]);
}

/* Receipts of a month from row `at` on; with `only_count` nothing is written. */
static numu_status fill_receipts_of(struct numu_fill *fill, uint32_t t, bool only_count,
                                    numu_row *at) {
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

static numu_status fill_receipts(struct numu_fill *fill) {
    numu_row count = 0;
    for (uint32_t t = 0; t < fill->months; t++) {
        NUMU_TRY(fill_receipts_of(fill, t, true, &count));
    }
    NUMU_TRY(numu_fill_take(fill, NUMU_PLAN_TABLE(receipt), count));
    numu_row at = 0;
    for (uint32_t t = 0; t < fill->months; t++) {
        NUMU_TRY(fill_receipts_of(fill, t, false, &at));
    }
    return NUMU_OK;
}

/* The quantity shipped to arrive in a month. */
static numu_status shipped(const struct numu_fill *fill, uint32_t n, uint32_t t,
                           numu_quantity *out) {
    const struct numu_master_shipping *shipping = &fill->master->shipping[n];
    uint32_t first = shipping->whole + (shipping->part > 0 ? 1 : 0);
    *out = 0;
    return t < first ? NUMU_OK
                     : numu_fill_fits(fill,
                                      numu_number_from_double(
                                          fill->master->value[shipping->column + t - first],
                                          NUMU_QUANTITY_DECIMALS, out),
                                      "route", shipping->route, "capacity_kg_month");
}

static numu_status freight_of(const struct numu_fill *fill,
                              const struct numu_master_shipping *shipping, numu_quantity quantity,
                              uint32_t t, numu_money *out) {
    const struct numu_table_route *route = &fill->model->route;
    numu_decimal mass = fill->model->item.mass_kg[fill->master->place[shipping->to].item];
    numu_price cost = route->cost_kg[shipping->route];
    *out = 0;
    if (mass == NUMU_NO_NUMBER || cost == NUMU_NO_NUMBER) {
        return NUMU_OK;
    }
    NUMU_TRY(numu_multiply_divide(quantity, mass, NUMU_DECIMAL_ONE, NUMU_ROUND_HALF_EVEN,
                                  &quantity)); /* kilograms now */
    return numu_fill_price_times(fill, cost, quantity, route->currency[shipping->route], t, out);
}

static numu_status fill_shipments(struct numu_fill *fill) {
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
    NUMU_TRY(numu_fill_take(fill, NUMU_PLAN_TABLE(shipment), count));
    numu_row at = 0;
    for (uint32_t t = 0; t < fill->months; t++) {
        for (uint32_t n = 0; n < master->shipping_count; n++) {
            const struct numu_master_shipping *shipping = &master->shipping[n];
            NUMU_TRY(shipped(fill, n, t, &quantity));
            if (quantity > 0) {
                table->item[at] = fill->model->item.id[master->place[shipping->to].item];
                table->from[at] = fill->model->site.id[master->place[shipping->from].site];
                table->to[at] = fill->model->site.id[master->place[shipping->to].site];
                table->month[at] = numu_fill_month_of(fill, t);
                table->quantity[at] = quantity;
                NUMU_TRY(numu_fill_fits(fill,
                                        freight_of(fill, shipping, quantity, t, &table->cost[at]),
                                        "route", shipping->route, "cost_kg"));
                NUMU_TRY(numu_fill_add_evidence(fill, "route", shipping->route, table->cost[at]));
                at++;
            }
        }
    }
    return NUMU_OK;
}

static numu_status closing(const struct numu_fill *fill, uint32_t place, uint32_t t,
                           numu_quantity *out) {
    const struct numu_master *master = fill->master;
    size_t column = master->stock + (size_t)place * master->solved + t;
    return numu_fill_fits(
        fill, numu_number_from_double(master->value[column], NUMU_QUANTITY_DECIMALS, out), "item",
        master->place[place].item, "id");
}

/* Holding cost of a closing stock, as evidence of the item's row. */
static numu_status add_holding(struct numu_fill *fill, numu_row item, numu_quantity quantity,
                               uint32_t t) {
    const struct numu_table_item *table = &fill->model->item;
    numu_money worth = 0;
    NUMU_TRY(numu_fill_price_times(fill, table->standard_cost[item], quantity,
                                   table->currency[item], t, &worth));
    NUMU_TRY(numu_multiply_divide(worth, table->holding_cost_rate[item], 12 * NUMU_DECIMAL_ONE,
                                  NUMU_ROUND_HALF_EVEN, &worth));
    return numu_fill_add_evidence(fill, "item", item, worth);
}

static numu_status fill_stock(struct numu_fill *fill) {
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
    NUMU_TRY(numu_fill_take(fill, NUMU_PLAN_TABLE(stock), count));
    numu_row at = 0;
    for (uint32_t t = 0; t < fill->months; t++) {
        for (uint32_t place = 0; place < master->place_count; place++) {
            numu_row item = master->place[place].item;
            NUMU_TRY(closing(fill, place, t, &quantity));
            if (quantity > 0) {
                table->item[at] = fill->model->item.id[item];
                table->site[at] = fill->model->site.id[master->place[place].site];
                table->month[at] = numu_fill_month_of(fill, t);
                table->quantity[at++] = quantity;
                NUMU_TRY(numu_fill_fits(fill, add_holding(fill, item, quantity, t), "item", item,
                                        "standard_cost"));
            }
        }
    }
    return NUMU_OK;
}

/* --- demand --- */

/* What is open of each need at the end of each month: never more than before. */
static numu_status build_open(struct numu_fill *fill) {
    const struct numu_master *master = fill->master;
    NUMU_TRY(NUMU_TAKE(master->scratch, &fill->open, (size_t)master->need_count * fill->months));
    for (uint32_t n = 0; n < master->need_count; n++) {
        const struct numu_master_need *need = &master->need[n];
        numu_quantity before = fill->model->demand.quantity[need->demand];
        for (uint32_t t = need->due; t < fill->months; t++) {
            numu_quantity open = 0;
            NUMU_TRY(
                numu_fill_fits(fill,
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
numu_quantity numu_fill_served(const struct numu_fill *fill, uint32_t n, uint32_t t) {
    const struct numu_master_need *need = &fill->master->need[n];
    const numu_quantity *open = &fill->open[(size_t)n * fill->months];
    numu_quantity before =
        t == need->due ? fill->model->demand.quantity[need->demand] : open[t - 1];
    return before - open[t];
}

static numu_status fill_demand(struct numu_fill *fill) {
    const struct numu_master *master = fill->master;
    const struct numu_table_demand *from = &fill->model->demand;
    struct numu_plan_demand *table = &fill->plan->demand;
    size_t count = from->head.count - master->demands_beyond;
    NUMU_TRY(numu_fill_take(fill, NUMU_PLAN_TABLE(demand), count));
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
        table->due_month[at] = numu_fill_month_of(fill, need->due);
        table->quantity[at] = from->quantity[row];
        table->priority[at] = from->priority[row];
        table->on_time[at] = numu_fill_served(fill, n, need->due);
        table->unmet[at] = open[fill->months - 1];
        table->late[at] = open[need->due] - open[fill->months - 1];
        for (uint32_t t = need->due; t < fill->months; t++) {
            if (numu_fill_served(fill, n, t) > 0) {
                table->last_month[at] = numu_fill_month_of(fill, t);
            }
        }
        at++;
    }
    return NUMU_OK;
}

bool numu_fill_is_shown(const struct numu_fill *fill, uint32_t n, uint32_t t) {
    const struct numu_master_need *need = &fill->master->need[n];
    return need->repeat == 0 && t >= need->due &&
           (fill->open[(size_t)n * fill->months + t] > 0 || numu_fill_served(fill, n, t) > 0);
}

static numu_status fill_service(struct numu_fill *fill) {
    const struct numu_master *master = fill->master;
    struct numu_plan_service *table = &fill->plan->service;
    size_t count = 0;
    for (uint32_t n = 0; n < master->need_count; n++) {
        for (uint32_t t = 0; t < fill->months; t++) {
            count += numu_fill_is_shown(fill, n, t);
        }
    }
    NUMU_TRY(numu_fill_take(fill, NUMU_PLAN_TABLE(service), count));
    numu_row at = 0;
    for (uint32_t t = 0; t < fill->months; t++) {
        for (uint32_t n = 0; n < master->need_count; n++) {
            if (numu_fill_is_shown(fill, n, t)) {
                table->demand[at] = fill->model->demand.id[master->need[n].demand];
                table->month[at] = numu_fill_month_of(fill, t);
                table->served[at] = numu_fill_served(fill, n, t);
                table->open[at++] = fill->open[(size_t)n * fill->months + t];
            }
        }
    }
    return NUMU_OK;
}

/* --- what is not modelled --- */

/* Lots that the programme spreads evenly instead of making them whole. */
static int64_t count_lots(const struct numu_master *master) {
    const struct numu_table_process *table = &master->model->process;
    int64_t lots = 0;
    for (numu_row row = 0; row < table->head.count && master->lots == NULL; row++) {
        lots += table->min_lot[row] > 0 || table->lot_multiple[row] > 0 ||
                table->fixed_cost_lot[row] > 0;
    }
    return lots;
}

static numu_status fill_not_modelled(struct numu_fill *fill) {
    const struct numu_model *model = fill->model;
    const struct {
        const char *subject;
        int64_t rows;
    } subjects[] = {
        {"lot", count_lots(fill->master)},
        {"rule", model->rule.head.count},
        {"demand_beyond_horizon", fill->master->demands_beyond},
    };
    size_t count = 0;
    for (size_t i = 0; i < sizeof subjects / sizeof subjects[0]; i++) {
        count += subjects[i].rows > 0;
    }
    NUMU_TRY(numu_fill_take(fill, NUMU_PLAN_TABLE(not_modelled), count));
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
    struct numu_fill fill = {.master = master,
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
    NUMU_TRY(numu_fill_hours(&fill));
    NUMU_TRY(numu_fill_means(&fill));
    NUMU_TRY(numu_fill_money(&fill));
    return fill_not_modelled(&fill);
}
