/*
 * master_law.c - licences and prohibitions. (Windows by agreements: master_time.c.)
 *
 * [P15] Licences of the same kind, item, agreement, partner and country add up to a permit. It
 *       covers, of an import licence, what imports and purchases complete; of a production licence,
 *       what make and assemble complete; of an export licence, what is delivered to customers in
 *       another country (or of the kinds regional and export). Σ covered <= Σ use[l,t], use only
 *       while the licence is in force, Σ_t use[l,t] <= quantity - used. One that is refused or
 *       revoked gives nothing. One without quantity, dates and refusal says nothing, and so does a
 *       permit with such a one. Transit is not planned.
 * [P16] What a rule forbids is zero in the months that the rule touches: a process from its start
 *       to
 *       its yield, a demand's delivery.
 */
#include "plan/master_problem.h"

#include <math.h>

/* --- prohibitions --- */

size_t numu_master_prohibition_find(const struct numu_master *master, numu_row process,
                                    numu_row demand, uint32_t month) {
    const struct numu_plan_options *options = master->options;
    numu_day first = numu_month_first_day(master->start + (numu_month)month);
    numu_day end = numu_month_first_day(master->start + (numu_month)month + 1);
    for (size_t i = 0; i < options->law.prohibition_count; i++) {
        const struct numu_plan_prohibition *rule = &options->law.prohibition[i];
        bool is_about = (process != NUMU_NONE && rule->process == process) ||
                        (demand != NUMU_NONE && rule->demand == demand);
        if (is_about && (rule->starts == NUMU_NO_DAY || rule->starts < end) &&
            (rule->ends == NUMU_NO_DAY || rule->ends >= first)) {
            return i;
        }
    }
    return SIZE_MAX;
}

/* --- permits --- */

static bool is_void(const struct numu_table_licence *table, numu_row row) {
    return numu_text_is(table->status[row], "refused") ||
           numu_text_is(table->status[row], "revoked");
}

static bool has_terms(const struct numu_table_licence *table, numu_row row) {
    return table->quantity[row] != NUMU_NO_NUMBER || table->issued[row] != NUMU_NO_DAY ||
           table->expires[row] != NUMU_NO_DAY || is_void(table, row);
}

/* Whether a licence says what it is about. */
static bool is_meant(const struct numu_table_licence *table, numu_row row) {
    bool is_planned = table->kind[row] == numu_licence_kind_import ||
                      table->kind[row] == numu_licence_kind_production ||
                      table->kind[row] == numu_licence_kind_export;
    return is_planned && (table->item[row] != NUMU_NONE || table->agreement[row] != NUMU_NONE ||
                          table->partner[row] != NUMU_NONE);
}

static bool are_alike(const struct numu_table_licence *table, numu_row a, numu_row b) {
    return table->kind[a] == table->kind[b] && table->item[a] == table->item[b] &&
           table->agreement[a] == table->agreement[b] && table->partner[a] == table->partner[b] &&
           numu_text_is_equal(table->to_country[a], table->to_country[b]);
}

static bool covers_process(const struct numu_master *master, numu_row licence, numu_row process) {
    const struct numu_table_licence *table = &master->model->licence;
    const struct numu_table_process *of = &master->model->process;
    numu_process_kind kind = (numu_process_kind)of->kind[process];
    bool is_bought = kind == numu_process_kind_import || kind == numu_process_kind_purchase;
    bool is_made = kind == numu_process_kind_make || kind == numu_process_kind_assemble;
    bool is_kind = table->kind[licence] == numu_licence_kind_import       ? is_bought
                   : table->kind[licence] == numu_licence_kind_production ? is_made
                                                                          : false;
    return is_kind &&
           (table->item[licence] == NUMU_NONE || table->item[licence] == of->item[process]) &&
           (table->agreement[licence] == NUMU_NONE ||
            table->agreement[licence] == of->agreement[process]) &&
           (table->partner[licence] == NUMU_NONE ||
            table->partner[licence] == of->partner[process]);
}

static bool covers_demand(const struct numu_master *master, numu_row licence, numu_row demand) {
    const struct numu_model *model = master->model;
    numu_row customer = model->demand.customer[demand];
    struct numu_text country = model->customer.country[customer];
    bool is_abroad = country.length > 0
                         ? !numu_text_is_equal(country, model->package.country[0])
                         : model->customer.kind[customer] == numu_customer_kind_regional ||
                               model->customer.kind[customer] == numu_customer_kind_export;
    struct numu_text to = model->licence.to_country[licence];
    return model->licence.kind[licence] == numu_licence_kind_export && is_abroad &&
           model->licence.item[licence] == model->demand.item[demand] &&
           (to.length == 0 || numu_text_is_equal(to, country));
}

bool numu_master_permit_covers(const struct numu_master *master,
                               const struct numu_master_permit *permit, numu_row process,
                               numu_row demand) {
    return (process != NUMU_NONE && covers_process(master, permit->licence, process)) ||
           (demand != NUMU_NONE && covers_demand(master, permit->licence, demand));
}

static bool covers_something(const struct numu_master *master,
                             const struct numu_master_permit *permit) {
    for (numu_row row = 0; row < master->model->process.head.count; row++) {
        if (numu_master_permit_covers(master, permit, row, NUMU_NONE)) {
            return true;
        }
    }
    for (numu_row row = 0; row < master->model->demand.head.count; row++) {
        if (numu_master_permit_covers(master, permit, NUMU_NONE, row)) {
            return true;
        }
    }
    return false;
}

static void build_licence(struct numu_master *master, numu_row row) {
    const struct numu_table_licence *table = &master->model->licence;
    struct numu_master_licence *licence = &master->licence[row];
    licence->permit = NUMU_NONE;
    if (!is_meant(table, row)) {
        return;
    }
    for (uint32_t n = 0; n < master->permit_count && licence->permit == NUMU_NONE; n++) {
        if (are_alike(table, master->permit[n].licence, row)) {
            licence->permit = n;
        }
    }
    if (licence->permit == NUMU_NONE) {
        licence->permit = master->permit_count;
        master->permit[master->permit_count++] =
            (struct numu_master_permit){.licence = row, .is_limited = true};
    }
    struct numu_master_permit *permit = &master->permit[licence->permit];
    permit->is_limited = permit->is_limited && has_terms(table, row);
    licence->first = numu_master_clamp(master, numu_master_month_from(master, table->issued[row]));
    licence->end =
        is_void(table, row)
            ? 0
            : numu_master_clamp(master, numu_master_month_until(master, table->expires[row]));
    licence->quantity = table->quantity[row] == NUMU_NO_NUMBER
                            ? INFINITY
                            : fmax(0, numu_master_quantity(table->quantity[row]) -
                                          numu_master_quantity(table->used[row]));
}

numu_status numu_master_build_licences(struct numu_master *master) {
    numu_row count = master->model->licence.head.count;
    NUMU_TRY(NUMU_TAKE(master->scratch, &master->permit, count));
    NUMU_TRY(NUMU_TAKE(master->scratch, &master->licence, count));
    for (numu_row row = 0; row < count; row++) {
        build_licence(master, row);
    }
    for (uint32_t n = 0; n < master->permit_count; n++) {
        master->permit[n].covers_something = covers_something(master, &master->permit[n]);
    }
    return NUMU_OK;
}

/* --- rows and columns --- */

static bool binds(const struct numu_master_permit *permit) {
    return permit->is_limited && permit->covers_something;
}

/* Quantities of an item, or of many: then near 1 will do. */
static double permit_unit(const struct numu_master *master, numu_row licence) {
    numu_row item = master->model->licence.item[licence];
    return item == NUMU_NONE ? 1 : master->item_unit[item];
}

numu_status numu_master_add_licence_rows(struct numu_master *master) {
    for (uint32_t n = 0; n < master->permit_count; n++) {
        struct numu_master_key key = {.kind = NUMU_MASTER_PERMIT,
                                      .row = n,
                                      .unit = permit_unit(master, master->permit[n].licence)};
        if (binds(&master->permit[n])) {
            NUMU_TRY(numu_master_add_rows(master, -INFINITY, 0, key, &master->permit[n].row));
        }
    }
    for (numu_row row = 0; row < master->model->licence.head.count; row++) {
        struct numu_master_licence *licence = &master->licence[row];
        licence->row = NUMU_NONE;
        if (licence->permit == NUMU_NONE || !binds(&master->permit[licence->permit]) ||
            licence->quantity == INFINITY) {
            continue;
        }
        struct numu_master_key key = {
            .kind = NUMU_MASTER_LICENCE, .row = row, .unit = permit_unit(master, row)};
        NUMU_TRY(numu_master_add_row(master, -INFINITY, licence->quantity, key, &licence->row));
    }
    return NUMU_OK;
}

numu_status numu_master_add_licence_columns(struct numu_master_column *column) {
    struct numu_master *master = column->master;
    for (numu_row row = 0; row < master->model->licence.head.count; row++) {
        struct numu_master_licence *licence = &master->licence[row];
        licence->use = NUMU_NONE;
        if (licence->permit == NUMU_NONE || !binds(&master->permit[licence->permit])) {
            continue;
        }
        licence->use = master->lp.num_col;
        for (uint32_t t = licence->first; t < licence->end; t++) {
            numu_master_put(column, master->permit[licence->permit].row + t, -1);
            if (licence->row != NUMU_NONE) {
                numu_master_put(column, licence->row, 1);
            }
            struct numu_master_key key = {.kind = NUMU_MASTER_USE,
                                          .month = (uint16_t)t,
                                          .row = row,
                                          .unit = permit_unit(master, row)};
            NUMU_TRY(numu_master_end_column(column, INFINITY, key));
        }
    }
    return NUMU_OK;
}

void numu_master_put_permits(struct numu_master_column *column, numu_row process, numu_row demand,
                             uint32_t month) {
    const struct numu_master *master = column->master;
    for (uint32_t n = 0; n < master->permit_count; n++) {
        const struct numu_master_permit *permit = &master->permit[n];
        if (binds(permit) && numu_master_permit_covers(master, permit, process, demand)) {
            numu_master_put(column, permit->row + month, 1);
        }
    }
}
