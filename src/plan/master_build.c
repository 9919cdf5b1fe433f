/*
 * master_build.c - the master plan's linear programme: rows first, then column by column.
 */
#include "plan/master_problem.h"

#include <math.h>

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
    for (numu_row row = 0; row < model->upkeep.head.count; row++) {
        if (model->upkeep.item[row] != NUMU_NONE) {
            mark_place(master, model->upkeep.item[row],
                       model->resource.site[model->upkeep.resource[row]]);
        }
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
    numu_master_split_months(numu_master_decimal(table->days[route]) / NUMU_MASTER_DAYS_OF_MONTH,
                             &shipping.whole, &shipping.part);
    shipping.from = numu_master_place_find(master, item, table->from[route]);
    shipping.to = numu_master_place_find(master, item, table->to[route]);
    if (table->cost_kg[route] != NUMU_NO_NUMBER) {
        shipping.freight = numu_number_to_double(table->cost_kg[route], NUMU_PRICE_DECIMALS) *
                           numu_master_decimal(master->model->item.mass_kg[item]);
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

double numu_master_power_of_two_near(double value) {
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
        usual[model->demand.item[row]] +=
            numu_master_quantity(model->demand.quantity[row]) / master->months;
    }
    bool has_changed = true;
    for (int level = 0; level < LEVELS_MAX && has_changed; level++) {
        has_changed = false;
        for (numu_row row = 0; row < model->input.head.count; row++) {
            double asked = usual[model->process.item[model->input.process[row]]] *
                           numu_master_quantity(model->input.quantity[row]);
            double *here = &usual[model->input.item[row]];
            if (asked > *here && *here < greatest) {
                *here = asked;
                has_changed = true;
            }
        }
    }
    for (numu_row item = 0; item < model->item.head.count; item++) {
        usual[item] = numu_master_power_of_two_near(fmin(usual[item], greatest));
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

/* What is still to come of open orders; what is overdue comes at once. */
static void add_open_orders(struct numu_master *master) {
    const struct numu_table_open_order *table = &master->model->open_order;
    const struct numu_table_process *process = &master->model->process;
    for (numu_row row = 0; row < table->head.count; row++) {
        double quantity =
            numu_master_quantity(table->quantity[row]) - numu_master_quantity(table->received[row]);
        uint32_t t = numu_master_month(master, table->due[row]);
        if (quantity > 0 && t < master->solved) {
            numu_row by = table->process[row];
            uint32_t place = numu_master_place_find(master, process->item[by], process->site[by]);
            master->receipt[numu_master_cell(master, place, t)] += quantity;
        }
    }
}

/* Spares of upkeep that is paid in full: what is not paid gives them back. */
static void take_spares(struct numu_master *master) {
    const struct numu_table_upkeep *table = &master->model->upkeep;
    for (numu_row row = 0; row < table->head.count; row++) {
        if (table->item[row] == NUMU_NONE) {
            continue;
        }
        numu_row at = table->resource[row];
        uint32_t place =
            numu_master_place_find(master, table->item[row], master->model->resource.site[at]);
        for (uint32_t t = master->resource[at].first; t < master->resource[at].end; t++) {
            master->spares[numu_master_cell(master, place, t)] +=
                numu_master_quantity(table->quantity_month[row]);
        }
    }
}

static void add_receipts(struct numu_master *master) {
    const struct numu_model *model = master->model;
    for (numu_row row = 0; row < model->stock.head.count; row++) {
        uint32_t place =
            numu_master_place_find(master, model->stock.item[row], model->stock.site[row]);
        master->receipt[numu_master_cell(master, place, 0)] +=
            numu_master_quantity(model->stock.quantity[row]);
    }
    add_open_orders(master);
    for (numu_row row = 0; row < model->delivery.head.count; row++) {
        double quantity = numu_master_quantity(model->delivery.quantity[row]) -
                          numu_master_quantity(model->delivery.delivered[row]);
        uint32_t t = numu_master_month(master, model->delivery.due[row]);
        if (quantity > 0 && t < master->solved) {
            uint32_t place = numu_master_place_find(master, model->delivery.item[row],
                                                    model->delivery.site[row]);
            master->receipt[numu_master_cell(master, place, t)] += quantity;
        }
    }
}

/* --- stages --- */

static const struct numu_master_stage blank_stage = {.priority = NUMU_NO_NUMBER,
                                                     .value = NAN,
                                                     .within = NAN,
                                                     .dual_bound = NAN,
                                                     .primal_residual = NAN,
                                                     .status = "not reached"};

static void add_stage(struct numu_master *master, numu_master_aim aim, const char *name,
                      int64_t priority) {
    struct numu_master_stage *stage = &master->stage[master->stage_count++];
    *stage = blank_stage;
    stage->aim = aim;
    stage->name = name;
    stage->priority = priority;
}

/* Whether explosives come to a place whatever is planned. */
static bool has_given_explosives(const struct numu_master *master) {
    for (uint32_t place = 0; place < master->place_count; place++) {
        bool is_given = false;
        for (uint32_t t = 0; t < master->solved; t++) {
            is_given = is_given || master->receipt[numu_master_cell(master, place, t)] > 0;
        }
        if (is_given && numu_master_is_hazardous(master, master->place[place].item)) {
            return true;
        }
    }
    return false;
}

/* Safety first, where something given may have no house; then as plan.md orders them. */
static numu_status build_stages(struct numu_master *master) {
    enum { PRIORITIES = 100 }; /* the schema allows 1 … 99 */
    bool is_used[PRIORITIES] = {false};
    NUMU_TRY(NUMU_TAKE(master->scratch, &master->stage, PRIORITIES + 4));
    for (uint32_t n = 0; n < master->need_count; n++) {
        int64_t priority = master->model->demand.priority[master->need[n].demand];
        numu_assert(priority >= 0 && priority < PRIORITIES);
        is_used[priority] = true;
    }
    if (has_given_explosives(master)) {
        add_stage(master, NUMU_MASTER_AIM_UNHOUSED, "unhoused", NUMU_NO_NUMBER);
    }
    add_stage(master, NUMU_MASTER_AIM_GAP, "gap", NUMU_NO_NUMBER);
    if (master->model->upkeep.head.count > 0) {
        add_stage(master, NUMU_MASTER_AIM_UPKEEP, "upkeep", NUMU_NO_NUMBER);
    }
    for (int64_t priority = 0; priority < PRIORITIES; priority++) {
        if (is_used[priority]) {
            add_stage(master, NUMU_MASTER_AIM_LATE, "late", priority);
        }
    }
    add_stage(master, NUMU_MASTER_AIM_COST, "cost", NUMU_NO_NUMBER);
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

/* What a unit of a column counts for in a stage before the last. */
static double measure_of(struct numu_master *master, uint32_t stage,
                         const struct numu_master_key *key) {
    switch (master->stage[stage].aim) {
    case NUMU_MASTER_AIM_UNHOUSED: {
        if (key->kind != NUMU_MASTER_UNHOUSED) {
            return 0;
        }
        double neq_kg =
            numu_master_decimal(master->model->item.neq_kg[master->place[key->row].item]);
        return neq_kg > 0 ? neq_kg : 1;
    }
    case NUMU_MASTER_AIM_GAP:
        return key->kind == NUMU_MASTER_GAP ? 1 : 0;
    case NUMU_MASTER_AIM_UPKEEP: {
        if (key->kind != NUMU_MASTER_UNPAID) {
            return 0;
        }
        double worth = numu_master_upkeep_cost(master, key->row, key->month);
        return worth > 0 ? worth : 1;
    }
    case NUMU_MASTER_AIM_LATE: {
        if (key->kind != NUMU_MASTER_LATE) {
            return 0;
        }
        const struct numu_master_need *need = &master->need[key->row];
        bool is_of_class =
            master->model->demand.priority[need->demand] == master->stage[stage].priority;
        return is_of_class ? late_cost(master, need, key->month) : 0;
    }
    case NUMU_MASTER_AIM_COST:
        break;
    }
    return 0;
}

double numu_master_stage_cost(struct numu_master *master, uint32_t stage, numu_lp_column column) {
    return stage + 1 == master->stage_count
               ? master->lp.col_cost[column]
               : measure_of(master, stage, numu_master_column_key(master, column));
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

numu_status numu_master_add_row(struct numu_master *master, double lower, double upper,
                                struct numu_master_key key, numu_lp_row *out) {
    NUMU_TRY(numu_lp_add_row(&master->lp, lower, upper, out));
    return numu_buffer_append(&master->row_keys, &key, sizeof key);
}

numu_status numu_master_add_rows(struct numu_master *master, double lower, double upper,
                                 struct numu_master_key key, numu_lp_row *out) {
    *out = master->lp.num_row;
    for (uint32_t t = 0; t < master->solved; t++) {
        key.month = (uint16_t)t;
        NUMU_TRY(numu_master_add_row(master, lower, upper, key, NULL));
    }
    return NUMU_OK;
}

static numu_status add_balance_rows(struct numu_master *master) {
    master->balance = master->lp.num_row;
    for (uint32_t place = 0; place < master->place_count; place++) {
        for (uint32_t t = 0; t < master->solved; t++) {
            double receipt = master->receipt[numu_master_cell(master, place, t)] -
                             master->spares[numu_master_cell(master, place, t)];
            struct numu_master_key key = {.kind = NUMU_MASTER_BALANCE,
                                          .month = (uint16_t)t,
                                          .row = place,
                                          .unit = master->item_unit[master->place[place].item]};
            NUMU_TRY(numu_master_add_row(master, receipt, receipt, key, NULL));
        }
    }
    return NUMU_OK;
}

static numu_status add_need_rows(struct numu_master *master) {
    for (uint32_t n = 0; n < master->need_count; n++) {
        struct numu_master_need *need = &master->need[n];
        need->row = master->lp.num_row;
        for (uint32_t t = need->due; t < master->solved; t++) {
            double asked = t == need->due
                               ? numu_master_quantity(master->model->demand.quantity[need->demand])
                               : 0;
            struct numu_master_key key = {
                .kind = NUMU_MASTER_OPEN,
                .month = (uint16_t)t,
                .row = n,
                .unit = master->item_unit[master->model->demand.item[need->demand]]};
            NUMU_TRY(numu_master_add_row(master, asked, asked, key, NULL));
        }
    }
    return NUMU_OK;
}

static numu_status add_carry_rows(struct numu_master *master) {
    const struct numu_table_route *table = &master->model->route;
    for (numu_row row = 0; row < table->head.count; row++) {
        master->carry_row[row] = NUMU_NONE;
        if (table->capacity_kg_month[row] == NUMU_NO_NUMBER) {
            continue;
        }
        master->carry_row[row] = master->lp.num_row;
        double capacity = numu_master_decimal(table->capacity_kg_month[row]);
        for (uint32_t t = 0; t < master->solved; t++) {
            struct numu_master_key key = {.kind = NUMU_MASTER_CARRY,
                                          .month = (uint16_t)t,
                                          .row = row,
                                          .unit = numu_master_power_of_two_near(capacity)};
            NUMU_TRY(numu_master_add_row(master, -INFINITY, capacity, key, NULL));
        }
    }
    return NUMU_OK;
}

/* The first rows measure the stages before the last. They are free; only the MPS bounds them. */
static numu_status add_stage_rows(struct numu_master *master) {
    for (uint32_t stage = 0; stage + 1 < master->stage_count; stage++) {
        struct numu_master_key key = {
            .kind = NUMU_MASTER_STAGE, .row = stage, .unit = master->money_unit};
        NUMU_TRY(numu_master_add_row(master, -INFINITY, INFINITY, key, NULL));
    }
    return NUMU_OK;
}

/* --- columns --- */

void numu_master_put(struct numu_master_column *column, numu_lp_row row, double value) {
    if (column->at[row] == 0) {
        column->list[column->count] = (struct numu_lp_entry){.row = row, .value = 0};
        column->at[row] = (uint32_t)++column->count;
    }
    column->list[column->at[row] - 1].value += value;
}

/* An amount to be paid in a month. */
void numu_master_put_cost(struct numu_master_column *column, uint32_t kind, uint32_t month,
                          double amount) {
    if (amount == 0) {
        return;
    }
    const struct numu_master *master = column->master;
    column->cost += master->discount[month] * amount;
    numu_master_put(column, master->cost_row[kind] + month, -amount);
}

static void put_balance(struct numu_master_column *column, uint32_t place, uint32_t month,
                        double value) {
    numu_lp_row row =
        column->master->balance + (numu_lp_row)numu_master_cell(column->master, place, month);
    numu_master_put(column, row, value);
}

void numu_master_put_received(struct numu_master_column *column, uint32_t place, uint32_t month,
                              double quantity) {
    const struct numu_master *master = column->master;
    put_balance(column, place, month, -quantity);
    if (master->shelf_row[place] == NUMU_NONE) {
        return;
    }
    uint64_t end = (uint64_t)month + numu_master_shelf_months(master, master->place[place].item);
    for (uint32_t t = month; t < end && t < master->solved; t++) {
        numu_master_put(column, master->shelf_row[place] + t, -quantity);
    }
}

void numu_master_put_new(struct numu_master_column *column, numu_row item, uint32_t month,
                         double quantity) {
    const struct numu_master *master = column->master;
    if (master->age_row[item] == NUMU_NONE) {
        return;
    }
    uint64_t end = (uint64_t)month + numu_master_shelf_months(master, item);
    for (uint32_t t = month; t < end && t < master->solved; t++) {
        numu_master_put(column, master->age_row[item] + t, -quantity);
    }
}

void numu_master_put_taken(struct numu_master_column *column, uint32_t place, uint32_t month,
                           double quantity) {
    const struct numu_master *master = column->master;
    put_balance(column, place, month, quantity);
    if (master->housed_row[place] != NUMU_NONE) {
        numu_master_put(column, master->housed_row[place] + month, -quantity);
    }
}

void numu_master_put_sent(struct numu_master_column *column, uint32_t place, uint32_t month,
                          double quantity) {
    put_balance(column, place, month, quantity);
}

/* Adds the column and makes room for the next. */
numu_status numu_master_end_column(struct numu_master_column *column, double upper,
                                   struct numu_master_key key) {
    struct numu_master *master = column->master;
    for (uint32_t stage = 0; stage + 1 < master->stage_count; stage++) {
        double measure = measure_of(master, stage, &key);
        if (measure != 0) {
            numu_master_put(column, stage, measure);
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

static numu_status add_ship_columns(struct numu_master_column *column) {
    struct numu_master *master = column->master;
    const struct numu_table_route *route = &master->model->route;
    for (uint32_t n = 0; n < master->shipping_count; n++) {
        struct numu_master_shipping *shipping = &master->shipping[n];
        numu_row item = master->place[shipping->to].item;
        shipping->column = master->lp.num_col;
        uint32_t first = shipping->whole + (shipping->part > 0 ? 1 : 0);
        for (uint32_t t = first; t < master->solved; t++) {
            numu_master_put_received(column, shipping->to, t, 1);
            numu_master_put_sent(column, shipping->from, t - shipping->whole, 1 - shipping->part);
            if (shipping->part > 0) {
                numu_master_put_sent(column, shipping->from, t - shipping->whole - 1,
                                     shipping->part);
            }
            if (master->carry_row[shipping->route] != NUMU_NONE) {
                numu_master_put(column, master->carry_row[shipping->route] + t,
                                numu_master_decimal(master->model->item.mass_kg[item]));
            }
            numu_master_put_cost(
                column, numu_cost_kind_freight, t,
                shipping->freight == 0
                    ? 0
                    : shipping->freight *
                          numu_master_rate(master, route->currency[shipping->route], t));
            struct numu_master_key key = {.kind = NUMU_MASTER_SHIP,
                                          .month = (uint16_t)t,
                                          .row = n,
                                          .unit = master->item_unit[item]};
            NUMU_TRY(numu_master_end_column(column, INFINITY, key));
        }
    }
    return NUMU_OK;
}

/* What closing stock counts for besides balance and housing: age and safety. */
static void put_closing(struct numu_master_column *column, uint32_t place, uint32_t t) {
    const struct numu_master *master = column->master;
    numu_row item = master->place[place].item;
    if (master->shelf_row[place] != NUMU_NONE) {
        numu_master_put(column, master->shelf_row[place] + t, 1);
        numu_master_put(column, master->age_row[item] + t, 1);
    }
    if (master->safety_row[item] != NUMU_NONE) {
        numu_master_put(column, master->safety_row[item] + t, 1);
    }
}

static numu_status add_stock_columns(struct numu_master_column *column) {
    struct numu_master *master = column->master;
    const struct numu_table_item *table = &master->model->item;
    master->stock = master->lp.num_col;
    for (uint32_t place = 0; place < master->place_count; place++) {
        numu_row item = master->place[place].item;
        double rate = numu_master_decimal(table->holding_cost_rate[item]) / 12;
        for (uint32_t t = 0; t < master->solved; t++) {
            numu_master_put_taken(column, place, t, 1);
            if (t + 1 < master->solved) {
                put_balance(column, place, t + 1, -1);
            }
            put_closing(column, place, t);
            numu_master_put_cost(column, numu_cost_kind_holding, t,
                                 rate == 0
                                     ? 0
                                     : rate * numu_master_price(master, table->standard_cost[item],
                                                                table->currency[item], t));
            struct numu_master_key key = {.kind = NUMU_MASTER_STOCK,
                                          .month = (uint16_t)t,
                                          .row = place,
                                          .unit = master->item_unit[item]};
            NUMU_TRY(numu_master_end_column(column, INFINITY, key));
        }
    }
    return NUMU_OK;
}

static numu_status add_need_columns(struct numu_master_column *column) {
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
            numu_master_put_taken(column, place, t, 1);
            numu_master_put(column, need->row + t - need->due, 1);
            numu_master_put_permits(column, NUMU_NONE, need->demand, t);
            key.month = (uint16_t)t;
            bool is_forbidden =
                numu_master_prohibition_find(master, NUMU_NONE, need->demand, t) != SIZE_MAX;
            NUMU_TRY(numu_master_end_column(column, is_forbidden ? 0 : INFINITY, key));
        }
        need->late = master->lp.num_col;
        key.kind = NUMU_MASTER_LATE;
        for (uint32_t t = need->due; t < master->solved; t++) {
            numu_master_put(column, need->row + t - need->due, 1);
            if (t + 1 < master->solved) {
                numu_master_put(column, need->row + t - need->due + 1, -1);
            }
            key.month = (uint16_t)t;
            NUMU_TRY(numu_master_end_column(column, INFINITY, key));
        }
    }
    return NUMU_OK;
}

static numu_status add_columns(struct numu_master *master) {
    struct numu_master_column column = {.master = master};
    NUMU_TRY(NUMU_TAKE(master->scratch, &column.list, master->lp.num_row));
    NUMU_TRY(NUMU_TAKE(master->scratch, &column.at, master->lp.num_row));
    NUMU_TRY(numu_master_add_make_columns(&column));
    NUMU_TRY(numu_master_add_lot_columns(&column));
    NUMU_TRY(add_ship_columns(&column));
    NUMU_TRY(add_stock_columns(&column));
    NUMU_TRY(add_need_columns(&column));
    NUMU_TRY(numu_master_add_people_columns(&column));
    NUMU_TRY(numu_master_add_unpaid_columns(&column));
    NUMU_TRY(numu_master_add_storage_columns(&column));
    NUMU_TRY(numu_master_add_licence_columns(&column));
    return numu_master_add_money_columns(&column);
}

/* Arrays of the programme that are taken once, however often it is stated. */
static numu_status take_arrays(struct numu_master *master) {
    const struct numu_model *model = master->model;
    size_t solved = master->solved;
    NUMU_TRY(NUMU_TAKE(master->scratch, &master->hours_row, model->resource.head.count * solved));
    NUMU_TRY(NUMU_TAKE(master->scratch, &master->unpaid, model->resource.head.count));
    NUMU_TRY(NUMU_TAKE(master->scratch, &master->carry_row, model->route.head.count));
    NUMU_TRY(NUMU_TAKE(master->scratch, &master->make, model->process.head.count * solved));
    NUMU_TRY(NUMU_TAKE(master->scratch, &master->pay,
                       (size_t)model->fund.head.count * numu_cost_kind_count));
    NUMU_TRY(NUMU_TAKE(master->scratch, &master->housed_row, master->place_count));
    NUMU_TRY(NUMU_TAKE(master->scratch, &master->unhoused, master->place_count));
    NUMU_TRY(NUMU_TAKE(master->scratch, &master->shelf_row, master->place_count));
    NUMU_TRY(NUMU_TAKE(master->scratch, &master->expired, master->place_count));
    NUMU_TRY(NUMU_TAKE(master->scratch, &master->age_row, model->item.head.count));
    NUMU_TRY(NUMU_TAKE(master->scratch, &master->safety_row, model->item.head.count));
    return NUMU_TAKE(master->scratch, &master->shortfall, model->item.head.count);
}

numu_status numu_master_build_given(struct numu_master *master) {
    NUMU_TRY(build_places(master));
    NUMU_TRY(build_shippings(master));
    NUMU_TRY(build_item_units(master));
    find_money_unit(master);
    NUMU_TRY(
        NUMU_TAKE(master->scratch, &master->receipt, (size_t)master->place_count * master->solved));
    NUMU_TRY(
        NUMU_TAKE(master->scratch, &master->spares, (size_t)master->place_count * master->solved));
    add_receipts(master);
    take_spares(master);
    NUMU_TRY(numu_master_build_money(master));
    NUMU_TRY(numu_master_build_people(master));
    NUMU_TRY(numu_master_build_storage(master));
    NUMU_TRY(numu_master_build_licences(master));
    NUMU_TRY(numu_master_build_learning(master));
    NUMU_TRY(numu_master_build_lots(master));
    NUMU_TRY(take_arrays(master));
    return build_stages(master);
}

numu_status numu_master_build_lp(struct numu_master *master) {
    numu_lp_release(&master->lp);
    numu_buffer_clear(&master->column_keys);
    numu_buffer_clear(&master->row_keys);
    NUMU_TRY(add_stage_rows(master));
    NUMU_TRY(add_balance_rows(master));
    NUMU_TRY(add_need_rows(master));
    NUMU_TRY(numu_master_add_hours_rows(master));
    NUMU_TRY(numu_master_add_lot_rows(master));
    NUMU_TRY(add_carry_rows(master));
    NUMU_TRY(numu_master_add_people_rows(master));
    NUMU_TRY(numu_master_add_storage_rows(master));
    NUMU_TRY(numu_master_add_licence_rows(master));
    NUMU_TRY(numu_master_add_money_rows(master));
    NUMU_TRY(add_columns(master));
    master->lp.constant = numu_master_fixed_cost(master, 0, master->solved);
    return NUMU_OK;
}
