/*
 * master_build.c - the master plan's linear programme: rows first, then column by column.
 */
#include "plan/master_problem.h"

#include <math.h>

static size_t cell_of(const struct numu_master *master, size_t row, uint32_t month) {
    return row * master->solved + month;
}

static double quantity_of(numu_quantity quantity) {
    return quantity == NUMU_NO_NUMBER ? 0 : numu_number_to_double(quantity, NUMU_QUANTITY_DECIMALS);
}

static double decimal_of(numu_decimal decimal) {
    return decimal == NUMU_NO_NUMBER ? 0 : numu_number_to_double(decimal, NUMU_DECIMAL_DECIMALS);
}

/* --- places and ways between them --- */

uint32_t numu_master_place_find(const struct numu_master *master, numu_row item, numu_row site) {
    return master->place_at[(size_t)item * master->model->site.head.count + site];
}

static void mark_place(struct numu_master *master, numu_row item, numu_row site) {
    master->place_at[(size_t)item * master->model->site.head.count + site] = 0;
}

static bool is_marked(const struct numu_master *master, numu_row item, numu_row site) {
    return numu_master_place_find(master, item, site) != NUMU_NONE;
}

/* Whatever is at a site can go on from there. */
static void mark_along_routes(struct numu_master *master, numu_row item) {
    const struct numu_table_route *route = &master->model->route;
    bool has_changed = true;
    while (has_changed) {
        has_changed = false;
        for (numu_row row = 0; row < route->head.count; row++) {
            if (is_marked(master, item, route->from[row]) &&
                !is_marked(master, item, route->to[row])) {
                mark_place(master, item, route->to[row]);
                has_changed = true;
            }
        }
    }
}

static void mark_places(struct numu_master *master) {
    const struct numu_model *model = master->model;
    for (numu_row row = 0; row < model->process.head.count; row++) {
        mark_place(master, model->process.item[row], model->process.site[row]);
    }
    for (numu_row row = 0; row < model->input.head.count; row++) {
        mark_place(master, model->input.item[row], model->process.site[model->input.process[row]]);
    }
    for (numu_row row = 0; row < model->demand.head.count; row++) {
        mark_place(master, model->demand.item[row], model->demand.site[row]);
    }
    for (numu_row row = 0; row < model->stock.head.count; row++) {
        mark_place(master, model->stock.item[row], model->stock.site[row]);
    }
    for (numu_row row = 0; row < model->delivery.head.count; row++) {
        mark_place(master, model->delivery.item[row], model->delivery.site[row]);
    }
    for (numu_row item = 0; item < model->item.head.count; item++) {
        mark_along_routes(master, item);
    }
}

static numu_status build_places(struct numu_master *master) {
    size_t sites = master->model->site.head.count;
    size_t cells = master->model->item.head.count * sites;
    NUMU_TRY(NUMU_TAKE(master->scratch, &master->place_at, cells));
    for (size_t cell = 0; cell < cells; cell++) {
        master->place_at[cell] = NUMU_NONE;
    }
    mark_places(master);
    for (size_t cell = 0; cell < cells; cell++) {
        master->place_count += master->place_at[cell] != NUMU_NONE;
    }
    NUMU_TRY(NUMU_TAKE(master->scratch, &master->place, master->place_count));
    uint32_t count = 0;
    for (size_t cell = 0; cell < cells; cell++) {
        if (master->place_at[cell] != NUMU_NONE) {
            master->place[count].item = (numu_row)(cell / sites);
            master->place[count].site = (numu_row)(cell % sites);
            master->place_at[cell] = count++;
        }
    }
    return NUMU_OK;
}

static bool is_shipped(const struct numu_master *master, numu_row item, numu_row route) {
    const struct numu_table_route *table = &master->model->route;
    return table->from[route] != table->to[route] && is_marked(master, item, table->from[route]);
}

static struct numu_master_shipping shipping_of(const struct numu_master *master, numu_row item,
                                               numu_row route) {
    const struct numu_table_route *table = &master->model->route;
    struct numu_master_shipping shipping = {.route = route};
    numu_master_split_months(decimal_of(table->days[route]) / NUMU_MASTER_DAYS_OF_MONTH,
                             &shipping.whole, &shipping.part);
    shipping.from = numu_master_place_find(master, item, table->from[route]);
    shipping.to = numu_master_place_find(master, item, table->to[route]);
    if (table->cost_kg[route] != NUMU_NO_NUMBER) {
        shipping.freight = numu_number_to_double(table->cost_kg[route], NUMU_PRICE_DECIMALS) *
                           decimal_of(master->model->item.mass_kg[item]);
    }
    return shipping;
}

static numu_status build_shippings(struct numu_master *master) {
    numu_row routes = master->model->route.head.count;
    size_t count = 0;
    for (numu_row item = 0; item < master->model->item.head.count; item++) {
        for (numu_row route = 0; route < routes; route++) {
            count += is_shipped(master, item, route);
        }
    }
    if (count > INT32_MAX) {
        return NUMU_LIMIT;
    }
    NUMU_TRY(NUMU_TAKE(master->scratch, &master->shipping, count));
    for (numu_row item = 0; item < master->model->item.head.count; item++) {
        for (numu_row route = 0; route < routes; route++) {
            if (is_shipped(master, item, route)) {
                master->shipping[master->shipping_count++] = shipping_of(master, item, route);
            }
        }
    }
    return NUMU_OK;
}

/* --- units of the solver: powers of two, so that nothing is rounded --- */

static double power_of_two_near(double value) {
    return value > 0 && isfinite(value) ? exp2(round(log2(value))) : 1;
}

/* A month's usual quantity of each item: of its demand, else of what asks for it. */
static numu_status build_item_units(struct numu_master *master) {
    const struct numu_model *model = master->model;
    enum { LEVELS_MAX = 32 };
    const double greatest = 1e12;
    double *usual = NULL;
    NUMU_TRY(NUMU_TAKE(master->scratch, &usual, model->item.head.count));
    for (numu_row row = 0; row < model->demand.head.count; row++) {
        usual[model->demand.item[row]] += quantity_of(model->demand.quantity[row]) / master->months;
    }
    bool has_changed = true;
    for (int level = 0; level < LEVELS_MAX && has_changed; level++) {
        has_changed = false;
        for (numu_row row = 0; row < model->input.head.count; row++) {
            double asked = usual[model->process.item[model->input.process[row]]] *
                           quantity_of(model->input.quantity[row]);
            double *here = &usual[model->input.item[row]];
            if (asked > *here && *here < greatest) {
                *here = asked;
                has_changed = true;
            }
        }
    }
    for (numu_row item = 0; item < model->item.head.count; item++) {
        usual[item] = power_of_two_near(fmin(usual[item], greatest));
    }
    master->item_unit = usual;
    return NUMU_OK;
}

/* Geometric mean of what a month's usual quantity of each item costs. */
static void find_money_unit(struct numu_master *master) {
    const struct numu_table_process *table = &master->model->process;
    double sum = 0;
    size_t count = 0;
    for (numu_row row = 0; row < table->head.count; row++) {
        double cost = numu_master_price(master, table->unit_cost[row], table->currency[row], 0) *
                      master->item_unit[table->item[row]];
        if (cost > 0) {
            sum += log2(cost);
            count++;
        }
    }
    master->money_unit = count == 0 ? 1 : exp2(round(sum / (double)count));
}

/* --- what is given --- */

/* Receipts and payments, whatever is planned, of open orders; what is overdue comes at once. */
static void add_open_orders(struct numu_master *master) {
    const struct numu_table_open_order *table = &master->model->open_order;
    const struct numu_table_process *process = &master->model->process;
    for (numu_row row = 0; row < table->head.count; row++) {
        double quantity = quantity_of(table->quantity[row]) - quantity_of(table->received[row]);
        uint32_t t = numu_master_month(master, table->due[row]);
        if (quantity <= 0 || t >= master->solved) {
            continue;
        }
        numu_row by = table->process[row];
        uint32_t place = numu_master_place_find(master, process->item[by], process->site[by]);
        master->receipt[cell_of(master, place, t)] += quantity;
        double price = numu_master_price(master, process->unit_cost[by], process->currency[by], t) *
                       (1 - decimal_of(process->advance[by]));
        double royalty = numu_master_price(master, process->royalty[by], process->currency[by], t);
        numu_cost_kind kind = numu_master_cost_kind((numu_process_kind)process->kind[by]);
        master->cost_fixed[cell_of(master, kind, t)] += price * quantity;
        master->cost_fixed[cell_of(master, numu_cost_kind_royalty, t)] += royalty * quantity;
    }
}

static void add_receipts(struct numu_master *master) {
    const struct numu_model *model = master->model;
    for (numu_row row = 0; row < model->stock.head.count; row++) {
        uint32_t place =
            numu_master_place_find(master, model->stock.item[row], model->stock.site[row]);
        master->receipt[cell_of(master, place, 0)] += quantity_of(model->stock.quantity[row]);
    }
    add_open_orders(master);
    for (numu_row row = 0; row < model->delivery.head.count; row++) {
        double quantity = quantity_of(model->delivery.quantity[row]) -
                          quantity_of(model->delivery.delivered[row]);
        uint32_t t = numu_master_month(master, model->delivery.due[row]);
        if (quantity > 0 && t < master->solved) {
            uint32_t place = numu_master_place_find(master, model->delivery.item[row],
                                                    model->delivery.site[row]);
            master->receipt[cell_of(master, place, t)] += quantity;
        }
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
            master->cost_fixed[cell_of(master, numu_cost_kind_capital, t)] += cost;
        } else {
            master->capital_named[cell_of(master, fund, t)] += cost;
        }
    }
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
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        for (uint32_t t = 0; t < master->solved; t++) {
            master->cost_fixed[cell_of(master, kinds[i], t)] +=
                numu_master_resource_cost(master, row, kinds[i], t);
        }
    }
}

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
            master->budget[cell_of(master, fund, t)] += numu_master_money(
                master, table->amount[row], master->model->fund.currency[fund], t);
        }
    }
}

static numu_status build_given(struct numu_master *master) {
    const struct numu_model *model = master->model;
    size_t funds = model->fund.head.count;
    NUMU_TRY(
        NUMU_TAKE(master->scratch, &master->receipt, (size_t)master->place_count * master->solved));
    NUMU_TRY(NUMU_TAKE(master->scratch, &master->cost_fixed,
                       (size_t)numu_cost_kind_count * master->solved));
    NUMU_TRY(NUMU_TAKE(master->scratch, &master->capital_named, funds * master->solved));
    NUMU_TRY(NUMU_TAKE(master->scratch, &master->budget, funds * master->solved));
    add_receipts(master);
    for (numu_row row = 0; row < model->activity.head.count; row++) {
        add_activity(master, row);
    }
    for (numu_row row = 0; row < model->resource.head.count; row++) {
        add_resource(master, row);
    }
    for (numu_row row = 0; row < model->budget.head.count; row++) {
        add_budget(master, row);
    }
    return NUMU_OK;
}

/* --- stages --- */

static numu_status build_stages(struct numu_master *master) {
    enum { PRIORITIES = 100 }; /* the schema allows 1 … 99 */
    bool is_used[PRIORITIES] = {false};
    uint32_t count = 2;
    for (uint32_t n = 0; n < master->need_count; n++) {
        int64_t priority = master->model->demand.priority[master->need[n].demand];
        numu_assert(priority >= 0 && priority < PRIORITIES);
        count += !is_used[priority];
        is_used[priority] = true;
    }
    NUMU_TRY(NUMU_TAKE(master->scratch, &master->stage, count));
    struct numu_master_stage blank = {.priority = NUMU_NO_NUMBER,
                                      .value = NAN,
                                      .within = NAN,
                                      .dual_bound = NAN,
                                      .primal_residual = NAN,
                                      .status = "not reached"};
    master->stage[master->stage_count] = blank;
    master->stage[master->stage_count++].name = "gap";
    for (int64_t priority = 0; priority < PRIORITIES; priority++) {
        if (is_used[priority]) {
            master->stage[master->stage_count] = blank;
            master->stage[master->stage_count].priority = priority;
            master->stage[master->stage_count++].name = "late";
        }
    }
    master->stage[master->stage_count] = blank;
    master->stage[master->stage_count++].name = "cost";
    return NUMU_OK;
}

/*
 * What a unit of a need costs that is open at the end of a month. Months late count up to horizon
 * + 12; the last month takes all that are missing, so that never is horizon + 12 in all.
 */
static double late_cost(const struct numu_master *master, const struct numu_master_need *need,
                        uint32_t month) {
    uint32_t most = master->months + 12;
    uint32_t age = month - need->due;
    if (age >= most) {
        return 0;
    }
    bool is_last = month + 1 == master->solved;
    return need->weight * (is_last ? (double)(most - age) : 1.0);
}

double numu_master_stage_cost(const struct numu_master *master, uint32_t stage,
                              numu_lp_column column) {
    if (stage + 1 == master->stage_count) {
        return master->lp.col_cost[column];
    }
    const struct numu_master_key *key = numu_master_column_key(master, column);
    if (stage == 0) {
        return key->kind == NUMU_MASTER_GAP ? 1 : 0;
    }
    if (key->kind != NUMU_MASTER_LATE) {
        return 0;
    }
    const struct numu_master_need *need = &master->need[key->row];
    bool is_of_class =
        master->model->demand.priority[need->demand] == master->stage[stage].priority;
    return is_of_class ? late_cost(master, need, key->month) : 0;
}

/* --- rows --- */

const struct numu_master_key *numu_master_column_key(const struct numu_master *master,
                                                     numu_lp_column column) {
    return (const struct numu_master_key *)(const void *)master->column_keys.data + column;
}

const struct numu_master_key *numu_master_row_key(const struct numu_master *master,
                                                  numu_lp_row row) {
    return (const struct numu_master_key *)(const void *)master->row_keys.data + row;
}

static numu_status add_row(struct numu_master *master, double lower, double upper,
                           struct numu_master_key key, numu_lp_row *out) {
    NUMU_TRY(numu_lp_add_row(&master->lp, lower, upper, out));
    return numu_buffer_append(&master->row_keys, &key, sizeof key);
}

static numu_status add_balance_rows(struct numu_master *master) {
    master->balance = master->lp.num_row;
    for (uint32_t place = 0; place < master->place_count; place++) {
        for (uint32_t t = 0; t < master->solved; t++) {
            double receipt = master->receipt[cell_of(master, place, t)];
            struct numu_master_key key = {.kind = NUMU_MASTER_BALANCE,
                                          .month = (uint16_t)t,
                                          .row = place,
                                          .unit = master->item_unit[master->place[place].item]};
            NUMU_TRY(add_row(master, receipt, receipt, key, NULL));
        }
    }
    return NUMU_OK;
}

static numu_status add_need_rows(struct numu_master *master) {
    for (uint32_t n = 0; n < master->need_count; n++) {
        struct numu_master_need *need = &master->need[n];
        need->row = master->lp.num_row;
        for (uint32_t t = need->due; t < master->solved; t++) {
            double asked =
                t == need->due ? quantity_of(master->model->demand.quantity[need->demand]) : 0;
            struct numu_master_key key = {
                .kind = NUMU_MASTER_OPEN,
                .month = (uint16_t)t,
                .row = n,
                .unit = master->item_unit[master->model->demand.item[need->demand]]};
            NUMU_TRY(add_row(master, asked, asked, key, NULL));
        }
    }
    return NUMU_OK;
}

static numu_status add_hours_rows(struct numu_master *master) {
    numu_row resources = master->model->resource.head.count;
    NUMU_TRY(NUMU_TAKE(master->scratch, &master->hours_row, (size_t)resources * master->solved));
    for (numu_row row = 0; row < resources; row++) {
        const struct numu_master_resource *resource = &master->resource[row];
        for (uint32_t t = 0; t < master->solved; t++) {
            numu_lp_row *at = &master->hours_row[cell_of(master, row, t)];
            *at = NUMU_NONE;
            if (t >= resource->first && t < resource->end) {
                struct numu_master_key key = {.kind = NUMU_MASTER_HOURS,
                                              .month = (uint16_t)t,
                                              .row = row,
                                              .unit = resource->unit};
                NUMU_TRY(add_row(master, -INFINITY, decimal_of(resource->capacity[t]), key, at));
            }
        }
    }
    return NUMU_OK;
}

static numu_status add_carry_rows(struct numu_master *master) {
    const struct numu_table_route *table = &master->model->route;
    NUMU_TRY(NUMU_TAKE(master->scratch, &master->carry_row, table->head.count));
    for (numu_row row = 0; row < table->head.count; row++) {
        master->carry_row[row] = NUMU_NONE;
        if (table->capacity_kg_month[row] == NUMU_NO_NUMBER) {
            continue;
        }
        master->carry_row[row] = master->lp.num_row;
        double capacity = decimal_of(table->capacity_kg_month[row]);
        for (uint32_t t = 0; t < master->solved; t++) {
            struct numu_master_key key = {.kind = NUMU_MASTER_CARRY,
                                          .month = (uint16_t)t,
                                          .row = row,
                                          .unit = power_of_two_near(capacity)};
            NUMU_TRY(add_row(master, -INFINITY, capacity, key, NULL));
        }
    }
    return NUMU_OK;
}

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
            double fixed = master->cost_fixed[cell_of(master, kind, t)];
            struct numu_master_key key = {.kind = NUMU_MASTER_COST,
                                          .month = (uint16_t)t,
                                          .row = kind,
                                          .unit = master->money_unit};
            NUMU_TRY(add_row(master, is_paid ? fixed : -INFINITY, is_paid ? fixed : INFINITY, key,
                             NULL));
        }
    }
    return NUMU_OK;
}

static numu_status add_fund_rows(struct numu_master *master) {
    master->fund_row = master->lp.num_row;
    for (numu_row fund = 0; fund < master->model->fund.head.count; fund++) {
        for (uint32_t t = 0; t < master->solved; t++) {
            double there = master->budget[cell_of(master, fund, t)] -
                           master->capital_named[cell_of(master, fund, t)];
            struct numu_master_key key = {.kind = NUMU_MASTER_FUND,
                                          .month = (uint16_t)t,
                                          .row = fund,
                                          .unit = master->money_unit};
            NUMU_TRY(add_row(master, there, there, key, NULL));
        }
    }
    return NUMU_OK;
}

/* The first rows measure the stages before the last. They are free; only the MPS bounds them. */
static numu_status add_stage_rows(struct numu_master *master) {
    for (uint32_t stage = 0; stage + 1 < master->stage_count; stage++) {
        struct numu_master_key key = {
            .kind = NUMU_MASTER_STAGE, .row = stage, .unit = master->money_unit};
        NUMU_TRY(add_row(master, -INFINITY, INFINITY, key, NULL));
    }
    return NUMU_OK;
}

/* --- columns --- */

/* A column being made: entries in any order, those of the same row added up. */
struct column {
    struct numu_master *master;
    struct numu_lp_entry *list;
    size_t count;
    uint32_t *at; /* by row: 1 + its place in the list; 0 = none */
    double cost;  /* discounted */
};

static void put(struct column *column, numu_lp_row row, double value) {
    if (column->at[row] == 0) {
        column->list[column->count] = (struct numu_lp_entry){.row = row, .value = 0};
        column->at[row] = (uint32_t)++column->count;
    }
    column->list[column->at[row] - 1].value += value;
}

/* An amount to be paid in a month. */
static void put_cost(struct column *column, uint32_t kind, uint32_t month, double amount) {
    if (amount == 0) {
        return;
    }
    const struct numu_master *master = column->master;
    column->cost += master->discount[month] * amount;
    put(column, master->cost_row[kind] + month, -amount);
}

static void put_balance(struct column *column, uint32_t place, uint32_t month, double value) {
    put(column, column->master->balance + (numu_lp_row)cell_of(column->master, place, month),
        value);
}

/* Adds the column and makes room for the next. */
static numu_status end_column(struct column *column, double upper, struct numu_master_key key) {
    struct numu_master *master = column->master;
    for (uint32_t stage = 0; stage + 1 < master->stage_count; stage++) {
        bool is_measured = (key.kind == NUMU_MASTER_GAP && stage == 0) ||
                           (key.kind == NUMU_MASTER_LATE &&
                            master->model->demand.priority[master->need[key.row].demand] ==
                                master->stage[stage].priority);
        if (is_measured) {
            put(column, stage,
                stage == 0 ? 1 : late_cost(master, &master->need[key.row], key.month));
        }
    }
    numu_status status =
        numu_lp_add_column(&master->lp, column->cost, 0, upper, column->list, column->count, NULL);
    for (size_t i = 0; i < column->count; i++) {
        column->at[column->list[i].row] = 0;
    }
    column->count = 0;
    column->cost = 0;
    NUMU_TRY(status);
    return numu_buffer_append(&master->column_keys, &key, sizeof key);
}

/*
 * Most good units of a process in a month: its cap, and the ramp's share of each resource's hours.
 */
static double make_upper(const struct numu_master *master, numu_row row, uint32_t month) {
    const struct numu_table_process *table = &master->model->process;
    const struct numu_table_operation *operation = &master->model->operation;
    const struct numu_master_group *operations = &master->operations;
    double ramp = numu_master_ramp(master, row, month);
    double upper = table->max_month[row] == NUMU_NO_NUMBER
                       ? INFINITY
                       : ramp * quantity_of(table->max_month[row]);
    for (uint32_t i = operations->start[row]; i < operations->start[row + 1]; i++) {
        numu_row resource = operation->resource[operations->row[i]];
        double capacity = decimal_of(master->resource[resource].capacity[month]);
        double hours = 0;
        for (uint32_t k = operations->start[row]; k < operations->start[row + 1]; k++) {
            hours += operation->resource[operations->row[k]] == resource
                         ? decimal_of(operation->hours[operations->row[k]])
                         : 0;
        }
        if (hours > 0 && (ramp < 1 || capacity == 0)) {
            upper = fmin(upper, ramp * capacity * decimal_of(table->yield[row]) / hours);
        }
    }
    return upper;
}

/* Inputs and advance at the start, of which `share` falls in `month`. */
static void put_start(struct column *column, numu_row row, uint32_t month, double share) {
    struct numu_master *master = column->master;
    const struct numu_table_process *table = &master->model->process;
    const struct numu_table_input *input = &master->model->input;
    double starts = share / decimal_of(table->yield[row]);
    for (uint32_t i = master->inputs.start[row]; i < master->inputs.start[row + 1]; i++) {
        numu_row line = master->inputs.row[i];
        if (numu_master_input_holds(master, line, month)) {
            uint32_t place = numu_master_place_find(master, input->item[line], table->site[row]);
            put_balance(column, place, month,
                        starts * quantity_of(input->quantity[line]) *
                            (1 + decimal_of(input->scrap[line])));
        }
    }
    double price = numu_master_price(master, table->unit_cost[row], table->currency[row], month);
    put_cost(column, numu_master_cost_kind((numu_process_kind)table->kind[row]), month,
             share * decimal_of(table->advance[row]) * price);
}

static numu_status add_make_column(struct column *column, numu_row row, uint32_t t, double upper) {
    struct numu_master *master = column->master;
    const struct numu_table_process *table = &master->model->process;
    const struct numu_master_process *process = &master->process[row];
    put_balance(column, numu_master_place_find(master, table->item[row], table->site[row]), t, -1);
    put_start(column, row, t - process->whole, 1 - process->part);
    if (process->part > 0) {
        put_start(column, row, t - process->whole - 1, process->part);
    }
    for (uint32_t i = master->operations.start[row]; i < master->operations.start[row + 1]; i++) {
        numu_row line = master->operations.row[i];
        numu_row resource = master->model->operation.resource[line];
        put(column, master->hours_row[cell_of(master, resource, t)],
            decimal_of(master->model->operation.hours[line]) / decimal_of(table->yield[row]));
    }
    numu_currency currency = table->currency[row];
    put_cost(column, numu_master_cost_kind((numu_process_kind)table->kind[row]), t,
             (1 - decimal_of(table->advance[row])) *
                 numu_master_price(master, table->unit_cost[row], currency, t));
    put_cost(column, numu_cost_kind_royalty, t,
             numu_master_price(master, table->royalty[row], currency, t));
    struct numu_master_key key = {.kind = NUMU_MASTER_MAKE,
                                  .month = (uint16_t)t,
                                  .row = row,
                                  .unit = master->item_unit[table->item[row]]};
    return end_column(column, upper, key);
}

static numu_status add_make_columns(struct column *column) {
    struct numu_master *master = column->master;
    numu_row processes = master->model->process.head.count;
    NUMU_TRY(NUMU_TAKE(master->scratch, &master->make, (size_t)processes * master->solved));
    for (numu_row row = 0; row < processes; row++) {
        for (uint32_t t = 0; t < master->solved; t++) {
            numu_lp_column *at = &master->make[cell_of(master, row, t)];
            bool is_open = t >= master->process[row].first && t < master->process[row].end;
            double upper = is_open ? make_upper(master, row, t) : 0;
            *at = upper > 0 ? master->lp.num_col : NUMU_NONE;
            if (upper > 0) {
                NUMU_TRY(add_make_column(column, row, t, upper));
            }
        }
    }
    return NUMU_OK;
}

static numu_status add_ship_columns(struct column *column) {
    struct numu_master *master = column->master;
    const struct numu_table_route *route = &master->model->route;
    for (uint32_t n = 0; n < master->shipping_count; n++) {
        struct numu_master_shipping *shipping = &master->shipping[n];
        numu_row item = master->place[shipping->to].item;
        shipping->column = master->lp.num_col;
        uint32_t first = shipping->whole + (shipping->part > 0 ? 1 : 0);
        for (uint32_t t = first; t < master->solved; t++) {
            put_balance(column, shipping->to, t, -1);
            put_balance(column, shipping->from, t - shipping->whole, 1 - shipping->part);
            if (shipping->part > 0) {
                put_balance(column, shipping->from, t - shipping->whole - 1, shipping->part);
            }
            if (master->carry_row[shipping->route] != NUMU_NONE) {
                put(column, master->carry_row[shipping->route] + t,
                    decimal_of(master->model->item.mass_kg[item]));
            }
            put_cost(column, numu_cost_kind_freight, t,
                     shipping->freight == 0
                         ? 0
                         : shipping->freight *
                               numu_master_rate(master, route->currency[shipping->route], t));
            struct numu_master_key key = {.kind = NUMU_MASTER_SHIP,
                                          .month = (uint16_t)t,
                                          .row = n,
                                          .unit = master->item_unit[item]};
            NUMU_TRY(end_column(column, INFINITY, key));
        }
    }
    return NUMU_OK;
}

static numu_status add_stock_columns(struct column *column) {
    struct numu_master *master = column->master;
    const struct numu_table_item *table = &master->model->item;
    master->stock = master->lp.num_col;
    for (uint32_t place = 0; place < master->place_count; place++) {
        numu_row item = master->place[place].item;
        double rate = decimal_of(table->holding_cost_rate[item]) / 12;
        for (uint32_t t = 0; t < master->solved; t++) {
            put_balance(column, place, t, 1);
            if (t + 1 < master->solved) {
                put_balance(column, place, t + 1, -1);
            }
            put_cost(column, numu_cost_kind_holding, t,
                     rate == 0 ? 0
                               : rate * numu_master_price(master, table->standard_cost[item],
                                                          table->currency[item], t));
            struct numu_master_key key = {.kind = NUMU_MASTER_STOCK,
                                          .month = (uint16_t)t,
                                          .row = place,
                                          .unit = master->item_unit[item]};
            NUMU_TRY(end_column(column, INFINITY, key));
        }
    }
    return NUMU_OK;
}

static numu_status add_need_columns(struct column *column) {
    struct numu_master *master = column->master;
    const struct numu_table_demand *table = &master->model->demand;
    for (uint32_t n = 0; n < master->need_count; n++) {
        struct numu_master_need *need = &master->need[n];
        numu_row item = table->item[need->demand];
        uint32_t place = numu_master_place_find(master, item, table->site[need->demand]);
        struct numu_master_key key = {.row = n, .unit = master->item_unit[item]};
        need->served = master->lp.num_col;
        key.kind = NUMU_MASTER_SERVED;
        for (uint32_t t = need->due; t < master->solved; t++) {
            put_balance(column, place, t, 1);
            put(column, need->row + t - need->due, 1);
            key.month = (uint16_t)t;
            NUMU_TRY(end_column(column, INFINITY, key));
        }
        need->late = master->lp.num_col;
        key.kind = NUMU_MASTER_LATE;
        for (uint32_t t = need->due; t < master->solved; t++) {
            put(column, need->row + t - need->due, 1);
            if (t + 1 < master->solved) {
                put(column, need->row + t - need->due + 1, -1);
            }
            key.month = (uint16_t)t;
            NUMU_TRY(end_column(column, INFINITY, key));
        }
    }
    return NUMU_OK;
}

static numu_status add_pay_columns(struct column *column) {
    struct numu_master *master = column->master;
    numu_row funds = master->model->fund.head.count;
    NUMU_TRY(NUMU_TAKE(master->scratch, &master->pay, (size_t)funds * numu_cost_kind_count));
    for (numu_row fund = 0; fund < funds; fund++) {
        for (uint32_t kind = 0; kind < numu_cost_kind_count; kind++) {
            bool is_payer = kind > 0 && pays(master, fund, kind);
            master->pay[fund * numu_cost_kind_count + kind] =
                is_payer ? master->lp.num_col : NUMU_NONE;
            for (uint32_t t = 0; t < master->solved && is_payer; t++) {
                put(column, master->cost_row[kind] + t, 1);
                put(column, master->fund_row + (numu_lp_row)cell_of(master, fund, t), 1);
                struct numu_master_key key = {.kind = NUMU_MASTER_PAY,
                                              .cost = (uint8_t)kind,
                                              .month = (uint16_t)t,
                                              .row = fund,
                                              .unit = master->money_unit};
                NUMU_TRY(end_column(column, INFINITY, key));
            }
        }
    }
    return NUMU_OK;
}

/* What is left in a fund, carried on where it may be; and what it lacks. */
static numu_status add_purse_columns(struct column *column) {
    struct numu_master *master = column->master;
    numu_row funds = master->model->fund.head.count;
    struct numu_master_key key = {.kind = NUMU_MASTER_PURSE, .unit = master->money_unit};
    master->purse = master->lp.num_col;
    for (numu_row fund = 0; fund < funds; fund++) {
        bool is_carried = master->model->fund.carry_over[fund] == NUMU_BOOLEAN_TRUE;
        key.row = fund;
        for (uint32_t t = 0; t < master->solved; t++) {
            numu_lp_row row = master->fund_row + (numu_lp_row)cell_of(master, fund, t);
            put(column, row, 1);
            if (is_carried && t + 1 < master->solved) {
                put(column, row + 1, -1);
            }
            key.month = (uint16_t)t;
            NUMU_TRY(end_column(column, INFINITY, key));
        }
    }
    master->gap = master->lp.num_col;
    key.kind = NUMU_MASTER_GAP;
    for (numu_row fund = 0; fund < funds; fund++) {
        key.row = fund;
        for (uint32_t t = 0; t < master->solved; t++) {
            put(column, master->fund_row + (numu_lp_row)cell_of(master, fund, t), -1);
            key.month = (uint16_t)t;
            NUMU_TRY(end_column(column, INFINITY, key));
        }
    }
    return NUMU_OK;
}

/* Most entries that a column can have. */
static size_t count_entries_max(const struct numu_master *master) {
    size_t most = 0;
    for (numu_row row = 0; row < master->model->process.head.count; row++) {
        size_t inputs = master->inputs.start[row + 1] - master->inputs.start[row];
        size_t operations = master->operations.start[row + 1] - master->operations.start[row];
        most = 2 * inputs + operations > most ? 2 * inputs + operations : most;
    }
    return most + 8; /* balances, payments, a stage */
}

static numu_status add_columns(struct numu_master *master) {
    struct column column = {.master = master};
    NUMU_TRY(NUMU_TAKE(master->scratch, &column.list, count_entries_max(master)));
    NUMU_TRY(NUMU_TAKE(master->scratch, &column.at, master->lp.num_row));
    NUMU_TRY(add_make_columns(&column));
    NUMU_TRY(add_ship_columns(&column));
    NUMU_TRY(add_stock_columns(&column));
    NUMU_TRY(add_need_columns(&column));
    NUMU_TRY(add_pay_columns(&column));
    return add_purse_columns(&column);
}

double numu_master_fixed_cost(const struct numu_master *master, uint32_t from, uint32_t to) {
    double sum = 0;
    for (uint32_t t = from; t < to; t++) {
        for (uint32_t kind = 1; kind < numu_cost_kind_count; kind++) {
            sum += master->discount[t] * master->cost_fixed[cell_of(master, kind, t)];
        }
        for (numu_row fund = 0; fund < master->model->fund.head.count; fund++) {
            sum += master->discount[t] * master->capital_named[cell_of(master, fund, t)];
        }
    }
    return sum;
}

numu_status numu_master_build_lp(struct numu_master *master) {
    NUMU_TRY(build_places(master));
    NUMU_TRY(build_shippings(master));
    NUMU_TRY(build_item_units(master));
    find_money_unit(master);
    NUMU_TRY(build_given(master));
    NUMU_TRY(build_stages(master));
    NUMU_TRY(add_stage_rows(master));
    NUMU_TRY(add_balance_rows(master));
    NUMU_TRY(add_need_rows(master));
    NUMU_TRY(add_hours_rows(master));
    NUMU_TRY(add_carry_rows(master));
    NUMU_TRY(add_cost_rows(master));
    NUMU_TRY(add_fund_rows(master));
    NUMU_TRY(add_columns(master));
    master->lp.constant = numu_master_fixed_cost(master, 0, master->solved);
    return NUMU_OK;
}
