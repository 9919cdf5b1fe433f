/*
 * master_lots.c - whole lots, where they are asked for.
 *
 * A process has lots where it has a least lot, a multiple, a cost of a lot or setup hours. In each
 * month of the horizon it makes one lot or none; the tail spreads lots as the plain programme does.
 *
 * [P17] begun[p,t] ∈ {0,1}: x <= most × begun and x >= min_lot × begun; the cost of a lot and the
 *      setup hours of its operations fall in t with it. lots[p,t] whole: x = lot_multiple × lots.
 *      One lot a month is no restriction: a month's lots may be joined, which saves setups.
 *
 * `most` must bound what any good plan makes in a month: the cap, the hours of each resource, and
 * all that is ever asked for of the item, its share in what is made of it included, with a lot on
 * top. Where bills go round in a circle the last is not known, and `most` is MANY times the item's
 * unit. Where nothing is late, only what is asked for from the month on counts.
 *
 * Source: Y. Pochet, L. A. Wolsey, "Production Planning by Mixed Integer Programming", 2006,
 * chapters 4 and 5.
 */
#include "plan/master_problem.h"

#include <math.h>

/* Units of an item that no plan makes in a month. */
#define MANY 1e6

/* --- which processes have lots --- */

static bool has_setup(const struct numu_master *master, numu_row row) {
    const struct numu_table_process *table = &master->model->process;
    bool is_set_up = table->min_lot[row] > 0 || table->fixed_cost_lot[row] > 0;
    for (uint32_t i = master->operations.start[row]; i < master->operations.start[row + 1]; i++) {
        is_set_up =
            is_set_up || master->model->operation.setup_hours[master->operations.row[i]] > 0;
    }
    return is_set_up;
}

const struct numu_master_lots *numu_master_whole_lots(const struct numu_master *master,
                                                      numu_row process, uint32_t month) {
    if (master->lots == NULL) {
        return NULL;
    }
    const struct numu_master_lots *lots = &master->lots[process];
    bool has_lots = lots->is_begun || lots->multiple > 0;
    return has_lots && month >= lots->first && month < lots->end ? lots : NULL;
}

double numu_master_lot_least(const struct numu_master *master, numu_row process) {
    const struct numu_master_lots *lots = master->lots == NULL ? NULL : &master->lots[process];
    return lots == NULL ? 0 : fmax(lots->least, lots->multiple);
}

/* --- the most that is ever asked for of an item --- */

struct gross {
    double *direct;     /* [item × solved + month] asked for by itself from the month on */
    double *lot;        /* by item: the largest lot */
    double *all, *next; /* [item × solved + month] with what is made of it */
};

/* Adds what is asked for in a month to it and all months before. */
static void add_until(const struct numu_master *master, struct gross *gross, numu_row item,
                      uint32_t month, double quantity) {
    for (uint32_t t = 0; t <= month; t++) {
        gross->direct[numu_master_cell(master, item, t)] += quantity;
    }
}

static void add_direct(const struct numu_master *master, struct gross *gross) {
    const struct numu_model *model = master->model;
    for (uint32_t n = 0; n < master->need_count; n++) {
        numu_row demand = master->need[n].demand;
        add_until(master, gross, model->demand.item[demand], master->need[n].due,
                  numu_master_quantity(model->demand.quantity[demand]));
    }
    for (uint32_t place = 0; place < master->place_count; place++) {
        for (uint32_t t = 0; t < master->solved; t++) {
            double spares = master->spares[numu_master_cell(master, place, t)];
            if (spares > 0) {
                add_until(master, gross, master->place[place].item, t, spares);
            }
        }
    }
    for (numu_row item = 0; item < model->item.head.count; item++) {
        add_until(master, gross, item, master->solved - 1,
                  numu_master_quantity(model->item.safety_stock[item]));
    }
    for (numu_row row = 0; row < model->process.head.count; row++) {
        double *lot = &gross->lot[model->process.item[row]];
        *lot = fmax(*lot, numu_master_lot_least(master, row));
    }
}

/*
 * Adds what the lines of all bills take for what is asked for so far; whether anything changed.
 * What is taken from a month on goes into what is completed from then on, whatever the lead time.
 */
static bool explode(const struct numu_master *master, struct gross *gross) {
    const struct numu_model *model = master->model;
    size_t cells = (size_t)model->item.head.count * master->solved;
    bool has_changed = false;
    for (size_t cell = 0; cell < cells; cell++) {
        gross->next[cell] = gross->direct[cell];
    }
    for (numu_row line = 0; line < model->input.head.count; line++) {
        numu_row process = model->input.process[line];
        numu_row made = model->process.item[process];
        double each = numu_master_quantity(model->input.quantity[line]) *
                      (1 + numu_master_decimal(model->input.scrap[line])) /
                      numu_master_decimal(model->process.yield[process]);
        for (uint32_t t = 0; t < master->solved; t++) {
            gross->next[numu_master_cell(master, model->input.item[line], t)] +=
                each * (gross->all[numu_master_cell(master, made, t)] + gross->lot[made]);
        }
    }
    for (size_t cell = 0; cell < cells; cell++) {
        has_changed = has_changed || gross->next[cell] != gross->all[cell];
        gross->all[cell] = gross->next[cell];
    }
    return has_changed;
}

/* INFINITY where bills go round. */
static numu_status find_gross(const struct numu_master *master, double **out) {
    numu_row items = master->model->item.head.count;
    size_t cells = (size_t)items * master->solved;
    struct gross gross = {0};
    NUMU_TRY(NUMU_TAKE(master->scratch, &gross.direct, cells));
    NUMU_TRY(NUMU_TAKE(master->scratch, &gross.lot, items));
    NUMU_TRY(NUMU_TAKE(master->scratch, &gross.all, cells));
    NUMU_TRY(NUMU_TAKE(master->scratch, &gross.next, cells));
    add_direct(master, &gross);
    bool has_changed = true;
    for (numu_row pass = 0; pass <= items && has_changed; pass++) {
        has_changed = explode(master, &gross);
    }
    for (size_t cell = 0; cell < cells; cell++) {
        gross.all[cell] =
            has_changed ? INFINITY : gross.all[cell] + gross.lot[cell / master->solved];
    }
    *out = gross.all;
    return NUMU_OK;
}

numu_status numu_master_build_lots(struct numu_master *master) {
    const struct numu_table_process *table = &master->model->process;
    if (!master->options->is_integer) {
        return NUMU_OK;
    }
    NUMU_TRY(NUMU_TAKE(master->scratch, &master->lots, table->head.count));
    for (numu_row row = 0; row < table->head.count; row++) {
        const struct numu_master_process *process = &master->process[row];
        master->lots[row] = (struct numu_master_lots){
            .is_begun = has_setup(master, row),
            .least = numu_master_quantity(table->min_lot[row]),
            .multiple = numu_master_quantity(table->lot_multiple[row]),
            .first = process->first < master->months ? process->first : master->months,
            .end = process->end < master->months ? process->end : master->months};
    }
    return find_gross(master, &master->gross);
}

/* --- rows --- */

static numu_status add_rows(struct numu_master *master, numu_row row, numu_master_row_kind kind,
                            double lower, double upper, numu_lp_row *out) {
    const struct numu_master_lots *lots = &master->lots[row];
    struct numu_master_key key = {.kind = (uint8_t)kind,
                                  .row = row,
                                  .unit = master->item_unit[master->model->process.item[row]]};
    *out = master->lp.num_row;
    for (uint32_t t = lots->first; t < lots->end; t++) {
        key.month = (uint16_t)t;
        NUMU_TRY(numu_master_add_row(master, lower, upper, key, NULL));
    }
    return NUMU_OK;
}

numu_status numu_master_add_lot_rows(struct numu_master *master) {
    for (numu_row row = 0; master->lots != NULL && row < master->model->process.head.count; row++) {
        struct numu_master_lots *lots = &master->lots[row];
        if (lots->is_begun) {
            NUMU_TRY(add_rows(master, row, NUMU_MASTER_LOT_MOST, -INFINITY, 0, &lots->most_row));
            NUMU_TRY(add_rows(master, row, NUMU_MASTER_LOT_LEAST, 0, INFINITY, &lots->least_row));
        }
        if (lots->multiple > 0) {
            NUMU_TRY(add_rows(master, row, NUMU_MASTER_LOT_WHOLE, 0, 0, &lots->whole_row));
        }
    }
    return NUMU_OK;
}

void numu_master_put_lot(struct numu_master_column *column, numu_row process, uint32_t month) {
    const struct numu_master_lots *lots = numu_master_whole_lots(column->master, process, month);
    if (lots == NULL) {
        return;
    }
    if (lots->is_begun) {
        numu_master_put(column, lots->most_row + month - lots->first, 1);
        numu_master_put(column, lots->least_row + month - lots->first, 1);
    }
    if (lots->multiple > 0) {
        numu_master_put(column, lots->whole_row + month - lots->first, 1);
    }
}

double numu_master_lot_most(const struct numu_master *master, numu_row process, uint32_t month) {
    return master->gross[numu_master_cell(master, master->model->process.item[process], month)];
}

/* --- columns --- */

/* No good plan makes more in a month than this. */
static double most_of(const struct numu_master *master, numu_row row, uint32_t t) {
    const struct numu_model *model = master->model;
    numu_lp_column make = master->make[numu_master_cell(master, row, t)];
    if (make == NUMU_NONE) {
        return 0;
    }
    numu_row item = model->process.item[row];
    double most =
        fmin(master->lp.col_upper[make], master->gross[numu_master_cell(master, item, 0)]);
    for (uint32_t i = master->operations.start[row]; i < master->operations.start[row + 1]; i++) {
        numu_row line = master->operations.row[i];
        double hours = numu_master_hours(master, row, line, t);
        double capacity =
            numu_master_decimal(master->resource[model->operation.resource[line]].capacity[t]);
        most = hours > 0
                   ? fmin(most, capacity * numu_master_decimal(model->process.yield[row]) / hours)
                   : most;
    }
    return fmin(most, MANY * master->item_unit[item]);
}

/* Whether a lot is begun: its cost and its setup hours. */
static numu_status add_begun_column(struct numu_master_column *column, numu_row row, uint32_t t) {
    struct numu_master *master = column->master;
    const struct numu_model *model = master->model;
    const struct numu_master_lots *lots = &master->lots[row];
    double most = most_of(master, row, t);
    numu_master_put(column, lots->most_row + t - lots->first, -most);
    numu_master_put(column, lots->least_row + t - lots->first, -lots->least);
    numu_master_put_cost(column, numu_cost_kind_processing, t,
                         numu_master_money(master, model->process.fixed_cost_lot[row],
                                           model->process.currency[row], t));
    for (uint32_t i = master->operations.start[row]; i < master->operations.start[row + 1]; i++) {
        numu_row line = master->operations.row[i];
        numu_lp_row hours_row =
            master->hours_row[numu_master_cell(master, model->operation.resource[line], t)];
        double setup = numu_master_decimal(model->operation.setup_hours[line]);
        if (setup > 0 && most > 0) {
            numu_master_put(column, hours_row, setup);
        }
        if (setup > 0 && model->operation.skill[line] != NUMU_NONE) {
            numu_master_put(column, master->skill[model->operation.skill[line]].hours_row + t,
                            setup * numu_master_decimal(model->operation.people[line]));
        }
    }
    struct numu_master_key key = {
        .kind = NUMU_MASTER_BEGUN, .month = (uint16_t)t, .row = row, .unit = 1};
    return numu_master_end_column(column, most > 0 && most >= lots->least ? 1 : 0, key);
}

static numu_status add_count_column(struct numu_master_column *column, numu_row row, uint32_t t) {
    struct numu_master *master = column->master;
    const struct numu_master_lots *lots = &master->lots[row];
    const double rounding = 1e-9;
    numu_master_put(column, lots->whole_row + t - lots->first, -lots->multiple);
    struct numu_master_key key = {
        .kind = NUMU_MASTER_LOTS, .month = (uint16_t)t, .row = row, .unit = 1};
    return numu_master_end_column(column,
                                  floor(most_of(master, row, t) / lots->multiple + rounding), key);
}

/* A column of each month in which the process may yield within the horizon, whole numbers only. */
static numu_status add_columns(struct numu_master_column *column, numu_row row,
                               numu_status (*add)(struct numu_master_column *, numu_row, uint32_t),
                               numu_lp_column *out) {
    struct numu_master *master = column->master;
    *out = master->lp.num_col;
    for (uint32_t t = master->lots[row].first; t < master->lots[row].end; t++) {
        numu_lp_column at = master->lp.num_col;
        NUMU_TRY(add(column, row, t));
        numu_lp_set_whole(&master->lp, at);
    }
    return NUMU_OK;
}

numu_status numu_master_add_lot_columns(struct numu_master_column *column) {
    struct numu_master *master = column->master;
    for (numu_row row = 0; master->lots != NULL && row < master->model->process.head.count; row++) {
        struct numu_master_lots *lots = &master->lots[row];
        if (lots->is_begun) {
            NUMU_TRY(add_columns(column, row, add_begun_column, &lots->begun));
        }
        if (lots->multiple > 0) {
            NUMU_TRY(add_columns(column, row, add_count_column, &lots->count));
        }
    }
    return NUMU_OK;
}
