/*
 * master_result_money.c - hours, payments, purses, the import bill and the evidence of a plan.
 */
#include "model/abroad.h"
#include "plan/master_fill.h"

#include <math.h>

/* An overdraft up to this share of a fund's money is rounding, not a gap. */
#define PURSE_ZERO 1e-7

/* --- hours --- */

/* Setup hours of a whole lot, where one is made. */
static numu_decimal setup_of_lot(const struct numu_fill *fill, numu_row process, numu_row operation,
                                 uint32_t t) {
    numu_decimal setup = fill->model->operation.setup_hours[operation];
    bool is_begun = numu_master_whole_lots(fill->master, process, t) != NULL &&
                    fill->made[(size_t)process * fill->months + t] > 0;
    return is_begun && setup != NUMU_NO_NUMBER ? setup : 0;
}

/* Adds hours × starts of each row of production to used[resource × months + month]. */
static numu_status add_hours(const struct numu_fill *fill, numu_row process, numu_decimal *used) {
    const struct numu_master_group *operations = &fill->master->operations;
    const struct numu_table_operation *table = &fill->model->operation;
    for (uint32_t i = operations->start[process]; i < operations->start[process + 1]; i++) {
        numu_row row = operations->row[i];
        for (uint32_t t = 0; t < fill->months; t++) {
            numu_quantity started = 0;
            numu_decimal each = 0;
            numu_decimal hours = 0;
            numu_decimal *sum = &used[(size_t)table->resource[row] * fill->months + t];
            NUMU_TRY(numu_multiply_divide(fill->made[(size_t)process * fill->months + t],
                                          NUMU_DECIMAL_ONE, fill->model->process.yield[process],
                                          NUMU_ROUND_HALF_EVEN, &started));
            NUMU_TRY(numu_number_from_double(numu_master_hours(fill->master, process, row, t),
                                             NUMU_DECIMAL_DECIMALS, &each));
            NUMU_TRY(numu_multiply_divide(started, each, NUMU_QUANTITY_ONE, NUMU_ROUND_HALF_EVEN,
                                          &hours));
            NUMU_TRY(numu_add(*sum, hours, sum));
            NUMU_TRY(numu_add(*sum, setup_of_lot(fill, process, row, t), sum));
        }
    }
    return NUMU_OK;
}

/* Hours it can run with the upkeep that is paid. */
static numu_status find_capacity(const struct numu_fill *fill, numu_row row, uint32_t t,
                                 numu_decimal *out) {
    const struct numu_master *master = fill->master;
    const struct numu_master_resource *resource = &master->resource[row];
    *out = resource->capacity[t];
    if (master->unpaid[row] == NUMU_NONE) {
        return NUMU_OK;
    }
    double unpaid = master->value[master->unpaid[row] + t - resource->first];
    return unpaid == 0
               ? NUMU_OK
               : numu_number_from_double(numu_master_decimal(*out) * (1 - resource->lost * unpaid),
                                         NUMU_DECIMAL_DECIMALS, out);
}

numu_status numu_fill_hours(struct numu_fill *fill) {
    const struct numu_master *master = fill->master;
    struct numu_plan_hours *table = &fill->plan->hours;
    numu_row resources = fill->model->resource.head.count;
    numu_decimal *used = NULL;
    NUMU_TRY(NUMU_TAKE(master->scratch, &used, (size_t)resources * fill->months));
    for (numu_row row = 0; row < fill->model->process.head.count; row++) {
        NUMU_TRY(numu_fill_fits(fill, add_hours(fill, row, used), "process", row, "id"));
    }
    size_t count = 0;
    for (numu_row row = 0; row < resources; row++) {
        for (uint32_t t = 0; t < fill->months; t++) {
            count += master->hours_row[(size_t)row * master->solved + t] != NUMU_NONE;
        }
    }
    NUMU_TRY(numu_fill_take(fill, NUMU_PLAN_TABLE(hours), count));
    numu_row at = 0;
    for (uint32_t t = 0; t < fill->months; t++) {
        for (numu_row row = 0; row < resources; row++) {
            numu_lp_row hours_row = master->hours_row[(size_t)row * master->solved + t];
            if (hours_row != NUMU_NONE) {
                table->resource[at] = fill->model->resource.id[row];
                table->month[at] = numu_fill_month_of(fill, t);
                NUMU_TRY(numu_fill_fits(fill, find_capacity(fill, row, t, &table->capacity[at]),
                                        "resource", row, "units"));
                table->used[at] = used[(size_t)row * fill->months + t];
                table->worth[at++] = fmax(0, -master->row_dual[hours_row]);
            }
        }
    }
    return NUMU_OK;
}

/* --- money --- */

static numu_money *paid_by(const struct numu_fill *fill, numu_row fund, uint32_t kind, uint32_t t) {
    return &fill->paid[((size_t)fund * numu_cost_kind_count + kind) * fill->months + t];
}

/* What a fund pays for a kind in a month; for fund = count of funds what nobody pays. */
static double payment(const struct numu_fill *fill, numu_row fund, uint32_t kind, uint32_t t) {
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

static numu_status build_paid(struct numu_fill *fill) {
    numu_row funds = fill->model->fund.head.count;
    NUMU_TRY(NUMU_TAKE(fill->master->scratch, &fill->paid,
                       ((size_t)funds + 1) * numu_cost_kind_count * fill->months));
    for (numu_row fund = 0; fund <= funds; fund++) {
        for (uint32_t kind = 1; kind < numu_cost_kind_count; kind++) {
            for (uint32_t t = 0; t < fill->months; t++) {
                numu_money *amount = paid_by(fill, fund, kind, t);
                NUMU_TRY(numu_fill_fits(
                    fill, numu_fill_money_from(fill, payment(fill, fund, kind, t), amount), NULL, 0,
                    "amount"));
                *amount = *amount < 0 ? 0 : *amount;
            }
        }
    }
    return NUMU_OK;
}

/* Takes a small overdraft from the fund's largest payment of the month. */
static void take_rounding(struct numu_fill *fill, numu_row fund, uint32_t t, numu_money overdraft) {
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
static numu_status walk_purse(struct numu_fill *fill, numu_row fund, uint32_t t, numu_money carried,
                              struct purse *out) {
    struct purse purse = {.carried = carried};
    NUMU_TRY(numu_fill_money_from(
        fill, fill->master->budget[(size_t)fund * fill->master->solved + t], &purse.budget));
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

static numu_status fill_purses(struct numu_fill *fill) {
    struct numu_plan_purse *table = &fill->plan->purse;
    numu_row funds = fill->model->fund.head.count;
    struct purse *purses = NULL;
    size_t count = 0;
    NUMU_TRY(NUMU_TAKE(fill->master->scratch, &purses, (size_t)funds * fill->months));
    for (numu_row fund = 0; fund < funds; fund++) {
        numu_money carried = 0;
        for (uint32_t t = 0; t < fill->months; t++) {
            struct purse *purse = &purses[(size_t)fund * fill->months + t];
            NUMU_TRY(numu_fill_fits(fill, walk_purse(fill, fund, t, carried, purse), "fund", fund,
                                    "id"));
            carried = purse->left;
            count += !is_idle(purse);
        }
    }
    NUMU_TRY(numu_fill_take(fill, NUMU_PLAN_TABLE(purse), count));
    numu_row at = 0;
    for (uint32_t t = 0; t < fill->months; t++) {
        for (numu_row fund = 0; fund < funds; fund++) {
            const struct purse *purse = &purses[(size_t)fund * fill->months + t];
            if (!is_idle(purse)) {
                table->fund[at] = fill->model->fund.id[fund];
                table->month[at] = numu_fill_month_of(fill, t);
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

static numu_status fill_payments(struct numu_fill *fill) {
    struct numu_plan_payment *table = &fill->plan->payment;
    numu_row funds = fill->model->fund.head.count;
    size_t cells = ((size_t)funds + 1) * numu_cost_kind_count * fill->months;
    size_t count = 0;
    for (size_t cell = 0; cell < cells; cell++) {
        count += fill->paid[cell] > 0;
    }
    NUMU_TRY(numu_fill_take(fill, NUMU_PLAN_TABLE(payment), count));
    numu_row at = 0;
    for (uint32_t t = 0; t < fill->months; t++) {
        for (numu_row fund = 0; fund <= funds; fund++) {
            for (uint32_t kind = 1; kind < numu_cost_kind_count; kind++) {
                numu_money amount = *paid_by(fill, fund, kind, t);
                if (amount > 0) {
                    table->fund[at] =
                        numu_fill_id_at(fill->model->fund.id, fund == funds ? NUMU_NONE : fund);
                    table->kind[at] = (uint8_t)kind;
                    table->month[at] = numu_fill_month_of(fill, t);
                    table->amount[at++] = amount;
                }
            }
        }
    }
    return NUMU_OK;
}

/* --- import bill --- */

struct bill {
    numu_money without, finished, kits, capital;
};

/* Books the price and royalty of a process in a year's bill. */
static numu_status book(const struct numu_fill *fill, struct bill *bill, const bool *is_wanted,
                        numu_row process, numu_money price, numu_money royalty) {
    bool foreign = numu_process_is_foreign(fill->model, process);
    if (foreign) {
        bool is_finished = is_wanted[fill->model->process.item[process]];
        numu_money *sum = is_finished ? &bill->finished : &bill->kits;
        NUMU_TRY(numu_add(*sum, price, sum));
    }
    if (foreign || numu_partner_is_abroad(fill->model, fill->model->process.partner[process])) {
        NUMU_TRY(numu_add(bill->kits, royalty, &bill->kits));
    }
    return NUMU_OK;
}

static numu_status book_goods(const struct numu_fill *fill, struct bill *bill,
                              const bool *is_wanted, uint32_t t) {
    const struct numu_table_open_order *order = &fill->model->open_order;
    numu_money price = 0;
    numu_money royalty = 0;
    for (numu_row row = 0; row < fill->model->process.head.count; row++) {
        NUMU_TRY(numu_fill_cost_of_process(fill, row, fill->made[(size_t)row * fill->months + t], t,
                                           &price, &royalty));
        NUMU_TRY(book(fill, bill, is_wanted, row, price, royalty));
    }
    for (numu_row row = 0; row < order->head.count; row++) {
        if (numu_master_month(fill->master, order->due[row]) == t &&
            order->quantity[row] > order->received[row]) {
            NUMU_TRY(numu_fill_cost_of_order(fill, row, t, &price, &royalty));
            NUMU_TRY(book(fill, bill, is_wanted, order->process[row], price, royalty));
        }
    }
    return NUMU_OK;
}

/* The same quantity at the cheapest foreign process of its item; at standard cost without one. */
static numu_status cost_abroad(const struct numu_fill *fill, numu_row item, numu_quantity quantity,
                               uint32_t t, numu_money *out) {
    const struct numu_table_process *table = &fill->model->process;
    bool is_found = false;
    numu_money least = 0;
    for (numu_row row = 0; row < table->head.count; row++) {
        if (table->item[row] == item && numu_process_is_foreign(fill->model, row)) {
            numu_money price = 0;
            NUMU_TRY(numu_fill_price_times(fill, table->unit_cost[row], quantity,
                                           table->currency[row], t, &price));
            least = !is_found || price < least ? price : least;
            is_found = true;
        }
    }
    *out = least;
    return is_found ? NUMU_OK
                    : numu_fill_price_times(fill, fill->model->item.standard_cost[item], quantity,
                                            fill->model->item.currency[item], t, out);
}

static numu_status book_deliveries(const struct numu_fill *fill, struct bill *bill, uint32_t t) {
    for (uint32_t n = 0; n < fill->master->need_count; n++) {
        const struct numu_master_need *need = &fill->master->need[n];
        if (numu_fill_is_shown(fill, n, t) && numu_fill_served(fill, n, t) > 0) {
            numu_money cost = 0;
            NUMU_TRY(cost_abroad(fill, fill->model->demand.item[need->demand],
                                 numu_fill_served(fill, n, t), t, &cost));
            NUMU_TRY(numu_add(bill->without, cost, &bill->without));
        }
    }
    return NUMU_OK;
}

/* Classes and agreements with partners abroad. */
static numu_status book_services(const struct numu_fill *fill, struct bill *bill, uint32_t t) {
    struct numu_master *master = fill->master;
    numu_money cost = 0;
    for (numu_row row = 0; row < fill->model->course.head.count; row++) {
        if (numu_partner_is_abroad(fill->model, fill->model->course.partner[row])) {
            NUMU_TRY(numu_fill_money_from(fill, numu_fill_class_cost(fill, row, t), &cost));
            NUMU_TRY(numu_add(bill->capital, cost, &bill->capital));
        }
    }
    for (numu_row row = 0; row < fill->model->agreement.head.count; row++) {
        numu_cost_kind kind = 0;
        if (numu_partner_is_abroad(fill->model, fill->model->agreement.partner[row])) {
            NUMU_TRY(numu_fill_money_from(fill, numu_master_agreement_cost(master, row, t, &kind),
                                          &cost));
            NUMU_TRY(numu_add(bill->kits, cost, &bill->kits));
        }
    }
    return NUMU_OK;
}

static numu_status book_month(const struct numu_fill *fill, struct bill *bill,
                              const bool *is_wanted, uint32_t t) {
    NUMU_TRY(book_goods(fill, bill, is_wanted, t));
    NUMU_TRY(book_deliveries(fill, bill, t));
    for (numu_row row = 0; row < fill->model->activity.head.count; row++) {
        if (numu_partner_is_abroad(fill->model, fill->model->activity.partner[row])) {
            numu_money cost = 0;
            NUMU_TRY(
                numu_fill_money_from(fill, numu_master_activity_cost(fill->master, row, t), &cost));
            NUMU_TRY(numu_add(bill->capital, cost, &bill->capital));
        }
    }
    return book_services(fill, bill, t);
}

static numu_status fill_import_bill(struct numu_fill *fill) {
    struct numu_plan_import_bill *table = &fill->plan->import_bill;
    int32_t first = numu_day_date(numu_month_first_day(numu_fill_month_of(fill, 0))).year;
    int32_t last =
        numu_day_date(numu_month_first_day(numu_fill_month_of(fill, fill->months - 1))).year;
    bool *is_wanted = NULL;
    NUMU_TRY(NUMU_TAKE(fill->master->scratch, &is_wanted, fill->model->item.head.count));
    for (numu_row row = 0; row < fill->model->demand.head.count; row++) {
        is_wanted[fill->model->demand.item[row]] = true;
    }
    NUMU_TRY(numu_fill_take(fill, NUMU_PLAN_TABLE(import_bill), (size_t)(last - first + 1)));
    uint32_t t = 0;
    for (int32_t year = first; year <= last; year++) {
        struct bill bill = {0};
        for (; t < fill->months &&
               numu_day_date(numu_month_first_day(numu_fill_month_of(fill, t))).year == year;
             t++) {
            NUMU_TRY(
                numu_fill_fits(fill, book_month(fill, &bill, is_wanted, t), NULL, 0, "amount"));
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

numu_status numu_fill_add_money_evidence(struct numu_fill *fill, const char *table, numu_row row,
                                         double amount) {
    numu_money money = 0;
    NUMU_TRY(numu_fill_fits(fill, numu_fill_money_from(fill, amount, &money), table, row, "id"));
    return numu_fill_add_evidence(fill, table, row, money);
}

/* What is paid whatever is planned, and what is received. */
static numu_status add_given_evidence(struct numu_fill *fill) {
    struct numu_master *master = fill->master;
    const struct numu_model *model = fill->model;
    for (numu_row row = 0; row < model->budget.head.count; row++) {
        int64_t t = (int64_t)model->budget.month[row] - master->start;
        if (t >= 0 && t < fill->months) {
            NUMU_TRY(numu_fill_add_money_evidence(
                fill, "budget", row,
                numu_master_money(master, model->budget.amount[row],
                                  model->fund.currency[model->budget.fund[row]], (uint32_t)t)));
        }
    }
    for (numu_row row = 0; row < model->activity.head.count; row++) {
        for (uint32_t t = 0; t < fill->months; t++) {
            NUMU_TRY(numu_fill_add_money_evidence(fill, "activity", row,
                                                  numu_master_activity_cost(master, row, t)));
        }
    }
    for (numu_row row = 0; row < model->resource.head.count; row++) {
        for (uint32_t t = 0; t < fill->months; t++) {
            NUMU_TRY(numu_fill_add_money_evidence(
                fill, "resource", row,
                numu_master_resource_cost(master, row, numu_cost_kind_capital, t) +
                    numu_master_resource_cost(master, row, numu_cost_kind_fixed, t)));
        }
    }
    return NUMU_OK;
}

/* Wages, classes, upkeep and agreements. */
static numu_status add_means_evidence(struct numu_fill *fill) {
    struct numu_master *master = fill->master;
    const struct numu_model *model = fill->model;
    numu_cost_kind kind = 0;
    for (uint32_t t = 0; t < fill->months; t++) {
        for (numu_row row = 0; row < model->skill.head.count; row++) {
            NUMU_TRY(numu_fill_add_money_evidence(fill, "skill", row,
                                                  numu_fill_wage_cost(fill, row, t)));
        }
        for (numu_row row = 0; row < model->course.head.count; row++) {
            NUMU_TRY(numu_fill_add_money_evidence(fill, "course", row,
                                                  numu_fill_class_cost(fill, row, t)));
        }
        for (numu_row row = 0; row < model->upkeep.head.count; row++) {
            NUMU_TRY(numu_fill_add_money_evidence(fill, "upkeep", row,
                                                  numu_fill_upkeep_cost(fill, row, t)));
        }
        for (numu_row row = 0; row < model->agreement.head.count; row++) {
            NUMU_TRY(numu_fill_add_money_evidence(
                fill, "agreement", row, numu_master_agreement_cost(master, row, t, &kind)));
        }
    }
    return NUMU_OK;
}

static numu_status fill_evidence(struct numu_fill *fill) {
    struct numu_plan_evidence *table = &fill->plan->evidence;
    size_t cells = numu_schema_count() * numu_basis_count;
    NUMU_TRY(add_given_evidence(fill));
    NUMU_TRY(add_means_evidence(fill));
    size_t count = 0;
    for (size_t cell = 0; cell < cells; cell++) {
        count += fill->evidence[cell] > 0;
    }
    NUMU_TRY(numu_fill_take(fill, NUMU_PLAN_TABLE(evidence), count));
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

/* --- the whole --- */

numu_status numu_fill_money(struct numu_fill *fill) {
    NUMU_TRY(build_paid(fill));
    NUMU_TRY(fill_purses(fill)); /* takes roundings from payments */
    NUMU_TRY(fill_payments(fill));
    NUMU_TRY(fill_import_bill(fill));
    return fill_evidence(fill);
}
