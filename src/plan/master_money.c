/*
 * master_money.c - what is paid whatever is planned, who pays what, and what is lacking.
 *
 * [P7] of master.c. An agreement's value is paid pro rata to what its deliveries still bring, or
 * evenly over its days: supply as import, training as training, licence and technology as royalty;
 * the terms of finance agreements are not the plan's. What resources are worth at the end of the
 * horizon (capital, straight-line over life_months) comes off the cost.
 */
#include "plan/master_problem.h"

#include <math.h>

/* --- what is given --- */

/* What is still to be paid for open orders, when they come. */
static void add_open_orders(struct numu_master *master) {
    const struct numu_table_open_order *table = &master->model->open_order;
    const struct numu_table_process *process = &master->model->process;
    for (numu_row row = 0; row < table->head.count; row++) {
        double quantity =
            numu_master_quantity(table->quantity[row]) - numu_master_quantity(table->received[row]);
        uint32_t t = numu_master_month(master, table->due[row]);
        if (quantity <= 0 || t >= master->solved) {
            continue;
        }
        numu_row by = table->process[row];
        double price = numu_master_price(master, process->unit_cost[by], process->currency[by], t) *
                       (1 - numu_master_decimal(process->advance[by]));
        double royalty = numu_master_price(master, process->royalty[by], process->currency[by], t);
        numu_cost_kind kind = numu_master_cost_kind((numu_process_kind)process->kind[by]);
        master->cost_fixed[numu_master_cell(master, kind, t)] += price * quantity;
        master->cost_fixed[numu_master_cell(master, numu_cost_kind_royalty, t)] +=
            royalty * quantity;
    }
}

/*
 * Activities are paid evenly over the days from start to finish, a milestone at once. What falls
 * before the horizon is sunk.
 */
double numu_master_activity_cost(struct numu_master *master, numu_row activity, uint32_t month) {
    const struct numu_model *model = master->model;
    const struct numu_plan_dates *dates = master->dates;
    numu_row mode = dates->mode == NULL ? NUMU_NONE : dates->mode[activity];
    numu_money cost = mode == NUMU_NONE ? model->activity.cost[activity] : model->mode.cost[mode];
    numu_currency currency =
        mode == NUMU_NONE ? model->activity.currency[activity] : model->mode.currency[mode];
    numu_day start = dates->start[activity];
    numu_day finish = dates->finish[activity];
    numu_day end = finish > start ? finish : start + 1;
    int64_t days = numu_master_overlap(master, month, start, end);
    return days == 0
               ? 0
               : (double)days / (end - start) * numu_master_money(master, cost, currency, month);
}

static void add_activity(struct numu_master *master, numu_row row) {
    numu_row fund = master->model->activity.fund[row];
    for (uint32_t t = numu_master_month(master, master->dates->start[row]); t < master->solved;
         t++) {
        double cost = numu_master_activity_cost(master, row, t);
        if (fund == NUMU_NONE) {
            master->cost_fixed[numu_master_cell(master, numu_cost_kind_capital, t)] += cost;
        } else {
            master->capital_named[numu_master_cell(master, fund, t)] += cost;
        }
    }
}

static double discount_rate(const struct numu_master *master) {
    return numu_master_decimal(master->model->package.discount_rate[0]);
}

/* Capital in the month of opening, fixed cost in each month of existence. */
double numu_master_resource_cost(struct numu_master *master, numu_row row, numu_cost_kind kind,
                                 uint32_t month) {
    const struct numu_table_resource *table = &master->model->resource;
    const struct numu_master_resource *resource = &master->resource[row];
    bool is_capital = kind == numu_cost_kind_capital;
    bool is_due = is_capital ? resource->opens_in_horizon && month == resource->first
                             : month >= resource->first && month < resource->end;
    numu_money money = is_capital ? table->capital[row] : table->fixed_cost_month[row];
    return is_due ? numu_master_money(master, money, table->currency[row], month) : 0;
}

static void add_resource(struct numu_master *master, numu_row row) {
    static const numu_cost_kind kinds[] = {numu_cost_kind_capital, numu_cost_kind_fixed};
    const struct numu_master_resource *resource = &master->resource[row];
    for (uint32_t t = resource->first; t < resource->end; t++) {
        master->cost_fixed[numu_master_cell(master, numu_cost_kind_upkeep, t)] +=
            numu_master_upkeep_cost(master, row, t);
    }
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        for (uint32_t t = 0; t < master->solved; t++) {
            master->cost_fixed[numu_master_cell(master, kinds[i], t)] +=
                numu_master_resource_cost(master, row, kinds[i], t);
        }
    }
}

/* --- agreements --- */

/* What the value of an agreement buys; none for finance, whose terms are others'. */
static numu_cost_kind kind_of_agreement(const struct numu_master *master, numu_row row) {
    switch ((numu_agreement_kind)master->model->agreement.kind[row]) {
    case numu_agreement_kind_supply:
        return numu_cost_kind_import;
    case numu_agreement_kind_training:
        return numu_cost_kind_training;
    case numu_agreement_kind_licence:
    case numu_agreement_kind_technology:
        return numu_cost_kind_royalty;
    default:
        return 0;
    }
}

/* Share of an agreement's deliveries that come in a month; negative where it has none. */
static double delivered_share(const struct numu_master *master, numu_row row, uint32_t month) {
    const struct numu_table_delivery *table = &master->model->delivery;
    double all = 0;
    double here = 0;
    for (numu_row line = 0; line < table->head.count; line++) {
        if (table->agreement[line] != row) {
            continue;
        }
        double quantity = numu_master_quantity(table->quantity[line]);
        all += quantity;
        if (numu_master_month(master, table->due[line]) == month) {
            here += fmax(0, quantity - numu_master_quantity(table->delivered[line]));
        }
    }
    return all > 0 ? here / all : -1;
}

/* Share of an agreement's days that lie in a month; what it leaves open is the horizon's. */
static double elapsed_share(const struct numu_master *master, numu_row row, uint32_t month) {
    const struct numu_table_agreement *table = &master->model->agreement;
    numu_day from = table->starts[row] != NUMU_NO_DAY ? table->starts[row] : table->signed_on[row];
    from = from != NUMU_NO_DAY ? from : numu_month_first_day(master->start);
    numu_day end = table->ends[row] != NUMU_NO_DAY
                       ? table->ends[row] + 1
                       : numu_month_first_day(master->start + (numu_month)master->months);
    return end <= from ? 0 : (double)numu_master_overlap(master, month, from, end) / (end - from);
}

double numu_master_agreement_cost(struct numu_master *master, numu_row row, uint32_t month,
                                  numu_cost_kind *out_kind) {
    const struct numu_table_agreement *table = &master->model->agreement;
    *out_kind = kind_of_agreement(master, row);
    if (*out_kind == 0 || table->value[row] == NUMU_NO_NUMBER || table->value[row] == 0) {
        return 0;
    }
    double share = delivered_share(master, row, month);
    share = share < 0 ? elapsed_share(master, row, month) : share;
    return share == 0
               ? 0
               : share * numu_master_money(master, table->value[row], table->currency[row], month);
}

static void add_agreement(struct numu_master *master, numu_row row) {
    for (uint32_t t = 0; t < master->solved; t++) {
        numu_cost_kind kind = 0;
        double cost = numu_master_agreement_cost(master, row, t, &kind);
        if (cost > 0) {
            master->cost_fixed[numu_master_cell(master, kind, t)] += cost;
        }
    }
}

/* --- budgets --- */

/* The tail receives what the same month of the horizon's last year does. */
static void add_budget(struct numu_master *master, numu_row row) {
    const struct numu_table_budget *table = &master->model->budget;
    int64_t month = (int64_t)table->month[row] - master->start;
    if (month < 0 || month >= master->months) {
        return;
    }
    uint32_t year = master->months < 12 ? master->months : 12;
    numu_row fund = table->fund[row];
    bool is_repeated = month + year >= master->months;
    for (uint32_t t = (uint32_t)month; t < master->solved; t += year) {
        if (t == month || is_repeated) {
            master->budget[numu_master_cell(master, fund, t)] += numu_master_money(
                master, table->amount[row], master->model->fund.currency[fund], t);
        }
    }
}

/* --- rows and columns --- */

static bool pays(const struct numu_master *master, numu_row fund, uint32_t kind) {
    return (master->model->fund.pays[fund] >> (kind - 1) & 1) != 0;
}

bool numu_master_is_funded(const struct numu_master *master, uint32_t kind) {
    for (numu_row fund = 0; fund < master->model->fund.head.count; fund++) {
        if (pays(master, fund, kind)) {
            return true;
        }
    }
    return false;
}

/* Payments of all funds for a kind = its cost; a free row, to measure it, where no fund pays it. */
static numu_status add_cost_rows(struct numu_master *master) {
    for (uint32_t kind = 1; kind < numu_cost_kind_count; kind++) {
        bool is_paid = numu_master_is_funded(master, kind);
        master->cost_row[kind] = master->lp.num_row;
        for (uint32_t t = 0; t < master->solved; t++) {
            double fixed = master->cost_fixed[numu_master_cell(master, kind, t)];
            struct numu_master_key key = {.kind = NUMU_MASTER_COST,
                                          .month = (uint16_t)t,
                                          .row = kind,
                                          .unit = master->money_unit};
            NUMU_TRY(numu_master_add_row(master, is_paid ? fixed : -INFINITY,
                                         is_paid ? fixed : INFINITY, key, NULL));
        }
    }
    return NUMU_OK;
}

static numu_status add_fund_rows(struct numu_master *master) {
    master->fund_row = master->lp.num_row;
    for (numu_row fund = 0; fund < master->model->fund.head.count; fund++) {
        for (uint32_t t = 0; t < master->solved; t++) {
            double there = master->budget[numu_master_cell(master, fund, t)] -
                           master->capital_named[numu_master_cell(master, fund, t)];
            struct numu_master_key key = {.kind = NUMU_MASTER_FUND,
                                          .month = (uint16_t)t,
                                          .row = fund,
                                          .unit = master->money_unit};
            NUMU_TRY(numu_master_add_row(master, there, there, key, NULL));
        }
    }
    return NUMU_OK;
}

static numu_status add_pay_columns(struct numu_master_column *column) {
    struct numu_master *master = column->master;
    numu_row funds = master->model->fund.head.count;
    for (numu_row fund = 0; fund < funds; fund++) {
        for (uint32_t kind = 0; kind < numu_cost_kind_count; kind++) {
            bool is_payer = kind > 0 && pays(master, fund, kind);
            master->pay[fund * numu_cost_kind_count + kind] =
                is_payer ? master->lp.num_col : NUMU_NONE;
            for (uint32_t t = 0; t < master->solved && is_payer; t++) {
                numu_master_put(column, master->cost_row[kind] + t, 1);
                numu_master_put(
                    column, master->fund_row + (numu_lp_row)numu_master_cell(master, fund, t), 1);
                struct numu_master_key key = {.kind = NUMU_MASTER_PAY,
                                              .cost = (uint8_t)kind,
                                              .month = (uint16_t)t,
                                              .row = fund,
                                              .unit = master->money_unit};
                NUMU_TRY(numu_master_end_column(column, INFINITY, key));
            }
        }
    }
    return NUMU_OK;
}

/* What is left in a fund, carried on where it may be; and what it lacks. */
static numu_status add_purse_columns(struct numu_master_column *column) {
    struct numu_master *master = column->master;
    numu_row funds = master->model->fund.head.count;
    struct numu_master_key key = {.kind = NUMU_MASTER_PURSE, .unit = master->money_unit};
    master->purse = master->lp.num_col;
    for (numu_row fund = 0; fund < funds; fund++) {
        bool is_carried = master->model->fund.carry_over[fund] == NUMU_BOOLEAN_TRUE;
        key.row = fund;
        for (uint32_t t = 0; t < master->solved; t++) {
            numu_lp_row row = master->fund_row + (numu_lp_row)numu_master_cell(master, fund, t);
            numu_master_put(column, row, 1);
            if (is_carried && t + 1 < master->solved) {
                numu_master_put(column, row + 1, -1);
            }
            key.month = (uint16_t)t;
            NUMU_TRY(numu_master_end_column(column, INFINITY, key));
        }
    }
    master->gap = master->lp.num_col;
    key.kind = NUMU_MASTER_GAP;
    for (numu_row fund = 0; fund < funds; fund++) {
        key.row = fund;
        for (uint32_t t = 0; t < master->solved; t++) {
            numu_master_put(column,
                            master->fund_row + (numu_lp_row)numu_master_cell(master, fund, t), -1);
            key.month = (uint16_t)t;
            NUMU_TRY(numu_master_end_column(column, INFINITY, key));
        }
    }
    return NUMU_OK;
}

/* --- the whole --- */

/* Straight-line worth of resources at the end of the horizon; one lives until it closes. */
static double residual_of(struct numu_master *master, numu_row row) {
    const struct numu_table_resource *table = &master->model->resource;
    double life = numu_master_decimal(table->life_months[row]);
    uint32_t first = master->resource[row].first;
    if (life <= 0 || first >= master->months) {
        return 0;
    }
    if (table->closes[row] != NUMU_NO_DAY) {
        life = fmin(life, (double)(numu_master_month_until(master, table->closes[row]) - first));
    }
    double capital = numu_master_resource_cost(master, row, numu_cost_kind_capital, first);
    return life <= 0 ? 0 : capital * fmax(0, 1 - (master->months - first) / life);
}

numu_status numu_master_build_money(struct numu_master *master) {
    const struct numu_model *model = master->model;
    size_t funds = model->fund.head.count;
    NUMU_TRY(NUMU_TAKE(master->scratch, &master->cost_fixed,
                       (size_t)numu_cost_kind_count * master->solved));
    NUMU_TRY(NUMU_TAKE(master->scratch, &master->capital_named, funds * master->solved));
    NUMU_TRY(NUMU_TAKE(master->scratch, &master->budget, funds * master->solved));
    add_open_orders(master);
    for (numu_row row = 0; row < model->activity.head.count; row++) {
        add_activity(master, row);
    }
    for (numu_row row = 0; row < model->resource.head.count; row++) {
        add_resource(master, row);
        master->residual +=
            residual_of(master, row) * pow(1 + discount_rate(master), -(double)master->months / 12);
    }
    for (numu_row row = 0; row < model->agreement.head.count; row++) {
        add_agreement(master, row);
    }
    for (numu_row row = 0; row < model->budget.head.count; row++) {
        add_budget(master, row);
    }
    return NUMU_OK;
}

numu_status numu_master_add_money_rows(struct numu_master *master) {
    NUMU_TRY(add_cost_rows(master));
    return add_fund_rows(master);
}

numu_status numu_master_add_money_columns(struct numu_master_column *column) {
    NUMU_TRY(add_pay_columns(column));
    return add_purse_columns(column);
}

double numu_master_fixed_cost(const struct numu_master *master, uint32_t from, uint32_t to) {
    double sum = 0;
    for (uint32_t t = from; t < to; t++) {
        for (uint32_t kind = 1; kind < numu_cost_kind_count; kind++) {
            sum += master->discount[t] * master->cost_fixed[numu_master_cell(master, kind, t)];
        }
        for (numu_row fund = 0; fund < master->model->fund.head.count; fund++) {
            sum += master->discount[t] * master->capital_named[numu_master_cell(master, fund, t)];
        }
    }
    return to < master->months ? sum : sum - master->residual;
}
