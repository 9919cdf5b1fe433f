/*
 * master_hours.c - machine hours, upkeep and learning.
 *
 * [P3] With upkeep: Σ hours × starts + (availability - unpaid) × units × hours × u <= availability
 *      × units × hours, u the share of the month's upkeep that is not paid. All of it is a cost and
 *      all of its spares are taken; u gives them back.
 * [P8] Learning, Crawford's unit curve: the n-th unit takes hours × (n ÷ learning_from)^b, b = log2
 *      of the rate, never less than learning_floor of the hours. A month's units take the mean over
 *      its interval of cumulative output, the sum over n being the integral from ½ below to ½ above
 *      (midpoint rule). The programme is stated with fixed shares and stated anew with those of its
 *      own output, moved half way, until they no longer change.
 *      J. R. Crawford, "Learning Curve, Ship Curve, Ratios, Related Data", Lockheed 1944; A. E.
 *      Andress, "The Learning Curve as a Production Tool", Harvard Business Review 32 (1954).
 * Setup hours are spread over the process's lot: lot_multiple, else min_lot; where lots are whole,
 * see master_lots.c.
 */
#include "plan/master_problem.h"

#include <math.h>

/* --- learning --- */

numu_status numu_master_build_learning(struct numu_master *master) {
    const struct numu_table_process *table = &master->model->process;
    for (numu_row row = 0; row < table->head.count; row++) {
        bool learns = table->learning_rate[row] != NUMU_NO_NUMBER &&
                      table->learning_rate[row] != NUMU_DECIMAL_ONE &&
                      master->operations.start[row] < master->operations.start[row + 1];
        if (!learns) {
            continue;
        }
        master->has_learning = true;
        NUMU_TRY(NUMU_TAKE(master->scratch, &master->process[row].learned, master->solved));
        for (uint32_t t = 0; t < master->solved; t++) {
            master->process[row].learned[t] = 1;
        }
    }
    return NUMU_OK;
}

double numu_master_learned(const struct numu_master *master, numu_row process, uint32_t month) {
    const double *learned = master->process[process].learned;
    return learned == NULL ? 1 : learned[month];
}

/* ∫ x^b dx from a to b. */
static double power_integral(double exponent, double from, double to) {
    const double nearly = 1e-9;
    return fabs(exponent + 1) < nearly
               ? log(to / from)
               : (pow(to, exponent + 1) - pow(from, exponent + 1)) / (exponent + 1);
}

double numu_master_crawford(const struct numu_master *master, numu_row process, double before,
                            double after) {
    const struct numu_table_process *table = &master->model->process;
    double exponent = log2(numu_master_decimal(table->learning_rate[process]));
    double holds_at = fmax(1, numu_master_quantity(table->learning_from[process]));
    double floor = numu_master_decimal(table->learning_floor[process]);
    double made = numu_master_quantity(table->made_before[process]);
    /* at least one unit: the next one, where none is made */
    double from = made + before + 0.5;
    double to = fmax(made + after + 0.5, from + 1);
    double bottom = floor > 0 ? holds_at * pow(floor, 1 / exponent) : INFINITY;
    double falling = fmin(to, fmax(from, bottom));
    double sum =
        falling > from ? pow(holds_at, -exponent) * power_integral(exponent, from, falling) : 0;
    return (sum + floor * (to - falling)) / (to - from);
}

double numu_master_learn(struct numu_master *master, double move) {
    double change = 0;
    for (numu_row row = 0; row < master->model->process.head.count; row++) {
        double *learned = master->process[row].learned;
        double made = 0;
        for (uint32_t t = 0; t < master->solved && learned != NULL; t++) {
            numu_lp_column column = master->make[numu_master_cell(master, row, t)];
            double here = column == NUMU_NONE ? 0 : master->value[column];
            double share = numu_master_crawford(master, row, made, made + here);
            if (here > 0) {
                change = fmax(change, fabs(share / learned[t] - 1));
            }
            learned[t] += move * (share - learned[t]);
            made += here;
        }
    }
    return change;
}

/* --- upkeep --- */

double numu_master_upkeep_cost(struct numu_master *master, numu_row resource, uint32_t month) {
    const struct numu_table_upkeep *table = &master->model->upkeep;
    const struct numu_master_group *group = &master->upkeeps;
    double sum = 0;
    for (uint32_t i = group->start[resource]; i < group->start[resource + 1]; i++) {
        numu_row row = group->row[i];
        sum += numu_master_money(master, table->cost_month[row], table->currency[row], month);
    }
    return sum;
}

/* Gives back money and spares of what is not kept up. */
static numu_status add_unpaid_column(struct numu_master_column *column, numu_row row, uint32_t t) {
    struct numu_master *master = column->master;
    const struct numu_table_upkeep *table = &master->model->upkeep;
    const struct numu_master_group *group = &master->upkeeps;
    const struct numu_master_resource *resource = &master->resource[row];
    numu_master_put_cost(column, numu_cost_kind_upkeep, t,
                         -numu_master_upkeep_cost(master, row, t));
    for (uint32_t i = group->start[row]; i < group->start[row + 1]; i++) {
        numu_row line = group->row[i];
        double quantity = numu_master_quantity(table->quantity_month[line]);
        if (table->item[line] != NUMU_NONE && quantity > 0) {
            uint32_t place = numu_master_place_find(master, table->item[line],
                                                    master->model->resource.site[row]);
            numu_master_put_taken(column, place, t, -quantity);
        }
    }
    numu_master_put(column, master->hours_row[numu_master_cell(master, row, t)],
                    numu_master_decimal(resource->capacity[t]) * resource->lost);
    struct numu_master_key key = {
        .kind = NUMU_MASTER_UNPAID, .month = (uint16_t)t, .row = row, .unit = 1};
    return numu_master_end_column(column, 1, key);
}

numu_status numu_master_add_unpaid_columns(struct numu_master_column *column) {
    struct numu_master *master = column->master;
    for (numu_row row = 0; row < master->model->resource.head.count; row++) {
        const struct numu_master_resource *resource = &master->resource[row];
        master->unpaid[row] = resource->has_upkeep ? master->lp.num_col : NUMU_NONE;
        for (uint32_t t = resource->first; t < resource->end && resource->has_upkeep; t++) {
            NUMU_TRY(add_unpaid_column(column, row, t));
        }
    }
    return NUMU_OK;
}

/* --- hours --- */

double numu_master_lot(const struct numu_master *master, numu_row process, uint32_t month) {
    if (numu_master_whole_lots(master, process, month) != NULL) {
        return 0;
    }
    const struct numu_table_process *table = &master->model->process;
    double multiple = numu_master_quantity(table->lot_multiple[process]);
    double least = numu_master_quantity(table->min_lot[process]);
    double most = numu_master_quantity(table->max_month[process]);
    return multiple > 0 ? multiple : least > 0 ? least : most;
}

double numu_master_hours(const struct numu_master *master, numu_row process, numu_row operation,
                         uint32_t month) {
    const struct numu_table_operation *table = &master->model->operation;
    double lot = numu_master_lot(master, process, month) /
                 numu_master_decimal(master->model->process.yield[process]); /* units started */
    double setup = lot > 0 ? numu_master_decimal(table->setup_hours[operation]) / lot : 0;
    return numu_master_decimal(table->hours[operation]) *
               numu_master_learned(master, process, month) +
           setup;
}

numu_status numu_master_add_hours_rows(struct numu_master *master) {
    numu_row resources = master->model->resource.head.count;
    for (numu_row row = 0; row < resources; row++) {
        const struct numu_master_resource *resource = &master->resource[row];
        for (uint32_t t = 0; t < master->solved; t++) {
            numu_lp_row *at = &master->hours_row[numu_master_cell(master, row, t)];
            *at = NUMU_NONE;
            if (t >= resource->first && t < resource->end) {
                struct numu_master_key key = {.kind = NUMU_MASTER_HOURS,
                                              .month = (uint16_t)t,
                                              .row = row,
                                              .unit = resource->unit};
                NUMU_TRY(numu_master_add_row(master, -INFINITY,
                                             numu_master_decimal(resource->capacity[t]), key, at));
            }
        }
    }
    return NUMU_OK;
}

/* --- making --- */

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
                       : ramp * numu_master_quantity(table->max_month[row]);
    for (uint32_t i = operations->start[row]; i < operations->start[row + 1]; i++) {
        numu_row resource = operation->resource[operations->row[i]];
        double capacity = numu_master_decimal(master->resource[resource].capacity[month]);
        double hours = 0;
        for (uint32_t k = operations->start[row]; k < operations->start[row + 1]; k++) {
            hours += operation->resource[operations->row[k]] == resource
                         ? numu_master_hours(master, row, operations->row[k], month)
                         : 0;
        }
        if (hours > 0 && (ramp < 1 || capacity == 0)) {
            upper = fmin(upper, ramp * capacity * numu_master_decimal(table->yield[row]) / hours);
        }
    }
    return upper;
}

/* Inputs and advance at the start, of which `share` falls in `month`. */
static void put_start(struct numu_master_column *column, numu_row row, uint32_t month,
                      double share) {
    struct numu_master *master = column->master;
    const struct numu_table_process *table = &master->model->process;
    const struct numu_table_input *input = &master->model->input;
    double starts = share / numu_master_decimal(table->yield[row]);
    for (uint32_t i = master->inputs.start[row]; i < master->inputs.start[row + 1]; i++) {
        numu_row line = master->inputs.row[i];
        if (numu_master_input_holds(master, line, month)) {
            uint32_t place = numu_master_place_find(master, input->item[line], table->site[row]);
            numu_master_put_taken(column, place, month,
                                  starts * numu_master_quantity(input->quantity[line]) *
                                      (1 + numu_master_decimal(input->scrap[line])));
        }
    }
    double price = numu_master_price(master, table->unit_cost[row], table->currency[row], month);
    numu_master_put_cost(column, numu_master_cost_kind((numu_process_kind)table->kind[row]), month,
                         share * numu_master_decimal(table->advance[row]) * price);
}

/* Machine and skill hours of one good unit. A process without a lot of its own is never set up. */
static void put_operations(struct numu_master_column *column, numu_row row, uint32_t t) {
    struct numu_master *master = column->master;
    const struct numu_table_operation *table = &master->model->operation;
    double starts = 1 / numu_master_decimal(master->model->process.yield[row]);
    for (uint32_t i = master->operations.start[row]; i < master->operations.start[row + 1]; i++) {
        numu_row line = master->operations.row[i];
        double hours = starts * numu_master_hours(master, row, line, t);
        numu_master_put(
            column, master->hours_row[numu_master_cell(master, table->resource[line], t)], hours);
        if (table->skill[line] != NUMU_NONE) {
            numu_master_put(column, master->skill[table->skill[line]].hours_row + t,
                            hours * numu_master_decimal(table->people[line]));
        }
    }
}

static numu_status add_make_column(struct numu_master_column *column, numu_row row, uint32_t t,
                                   double upper) {
    struct numu_master *master = column->master;
    const struct numu_table_process *table = &master->model->process;
    const struct numu_master_process *process = &master->process[row];
    numu_master_put_received(
        column, numu_master_place_find(master, table->item[row], table->site[row]), t, 1);
    numu_master_put_new(column, table->item[row], t, 1);
    put_start(column, row, t - process->whole, 1 - process->part);
    if (process->part > 0) {
        put_start(column, row, t - process->whole - 1, process->part);
    }
    put_operations(column, row, t);
    numu_master_put_lot(column, row, t);
    numu_master_put_permits(column, row, NUMU_NONE, t);
    numu_currency currency = table->currency[row];
    numu_master_put_cost(column, numu_master_cost_kind((numu_process_kind)table->kind[row]), t,
                         (1 - numu_master_decimal(table->advance[row])) *
                             numu_master_price(master, table->unit_cost[row], currency, t));
    double lot = numu_master_lot(master, row, t);
    if (lot > 0) {
        numu_master_put_cost(column, numu_cost_kind_processing, t,
                             numu_master_money(master, table->fixed_cost_lot[row], currency, t) /
                                 lot);
    }
    numu_master_put_cost(column, numu_cost_kind_royalty, t,
                         numu_master_price(master, table->royalty[row], currency, t));
    struct numu_master_key key = {.kind = NUMU_MASTER_MAKE,
                                  .month = (uint16_t)t,
                                  .row = row,
                                  .unit = master->item_unit[table->item[row]]};
    return numu_master_end_column(column, upper, key);
}

/* A rule that forbids the process in any month from start to yield. */
static bool is_forbidden(const struct numu_master *master, numu_row row, uint32_t t) {
    const struct numu_master_process *process = &master->process[row];
    uint32_t lead = process->whole + (process->part > 0 ? 1 : 0);
    for (uint32_t month = t - lead; month <= t; month++) {
        if (numu_master_prohibition_find(master, row, NUMU_NONE, month) != SIZE_MAX) {
            return true;
        }
    }
    return false;
}

numu_status numu_master_add_make_columns(struct numu_master_column *column) {
    struct numu_master *master = column->master;
    numu_row processes = master->model->process.head.count;
    for (numu_row row = 0; row < processes; row++) {
        for (uint32_t t = 0; t < master->solved; t++) {
            numu_lp_column *at = &master->make[numu_master_cell(master, row, t)];
            bool is_open = t >= master->process[row].first && t < master->process[row].end;
            is_open = is_open && !is_forbidden(master, row, t);
            double upper = is_open ? make_upper(master, row, t) : 0;
            *at = upper > 0 ? master->lp.num_col : NUMU_NONE;
            if (upper > 0) {
                NUMU_TRY(add_make_column(column, row, t, upper));
            }
        }
    }
    return NUMU_OK;
}
