/*
 * evidence.c - sums by basis over a package.
 */
#include "app/evidence.h"

#include <math.h>

struct collector {
    const struct numu_model *model;
    struct numu_evidence_line *lines;
    size_t count;
};

static struct numu_evidence_line *begin(struct collector *collector,
                                        const struct numu_table_descriptor *table,
                                        const char *column, numu_evidence_measure measure) {
    struct numu_evidence_line *line = &collector->lines[collector->count];
    *line = (struct numu_evidence_line){.table = table->name, .column = column, .measure = measure};
    return line;
}

static uint8_t basis_of(const struct numu_table_head *head, numu_row row) {
    return head->evidence.basis == NULL ? 0 : head->evidence.basis[row];
}

static numu_status add(struct numu_evidence_line *line, uint8_t basis, int64_t amount) {
    int64_t absolute = amount < 0 ? -amount : amount;
    NUMU_TRY(numu_add(line->by_basis[basis], absolute, &line->by_basis[basis]));
    return numu_add(line->total, absolute, &line->total);
}

/* --- rows --- */

static numu_status count_rows(struct collector *collector,
                              const struct numu_table_descriptor *table) {
    const struct numu_table_head *head = numu_model_head_of(collector->model, table);
    if (head->count == 0) {
        return NUMU_OK;
    }
    struct numu_evidence_line *rows = begin(collector, table, NULL, NUMU_EVIDENCE_ROWS);
    collector->count++;
    struct numu_evidence_line *unsourced = begin(collector, table, NULL, NUMU_EVIDENCE_UNSOURCED);
    collector->count++;
    for (numu_row row = 0; row < head->count; row++) {
        bool has_source = head->evidence.source != NULL && head->evidence.source[row].length > 0;
        NUMU_TRY(add(rows, basis_of(head, row), 1));
        NUMU_TRY(add(unsourced, basis_of(head, row), has_source ? 0 : 1));
    }
    return NUMU_OK;
}

/* --- money --- */

static numu_status add_value(const struct collector *collector, struct numu_evidence_line *line,
                             uint8_t basis, double value) {
    int64_t amount;
    if (isnan(value)) {
        return NUMU_OK;
    }
    NUMU_TRY(numu_number_from_double(value, numu_currency_decimals(collector->model->currency),
                                     &amount));
    return add(line, basis, amount);
}

static void end_money(struct collector *collector, const struct numu_evidence_line *line) {
    collector->count += line->total > 0;
}

static numu_status sum_column(struct collector *collector,
                              const struct numu_table_descriptor *table,
                              const struct numu_column *column) {
    const struct numu_model *model = collector->model;
    const struct numu_table_head *head = numu_model_head_of(model, table);
    const numu_money *money = numu_model_array(model, table, column);
    struct numu_evidence_line *line = begin(collector, table, column->name, NUMU_EVIDENCE_MONEY);
    for (numu_row row = 0; row < head->count; row++) {
        if (money[row] != NUMU_NO_NUMBER) {
            double value =
                numu_model_money_value(model, money[row], numu_model_currency(model, table, row),
                                       numu_model_start_month(model));
            NUMU_TRY(add_value(collector, line, basis_of(head, row), value));
        }
    }
    end_money(collector, line);
    return NUMU_OK;
}

/* Amounts of the past, and the ends of a range, are no amounts of the plan. */
static bool is_amount(const struct numu_table_descriptor *table, const struct numu_column *column) {
    struct numu_text name = numu_text_of(table->name);
    return column->kind == NUMU_KIND_MONEY && !numu_text_is(name, "trade") &&
           !numu_text_is(name, "spending") && !numu_text_is(name, "reference") &&
           !numu_text_is(numu_text_of(column->name), "cost_low") &&
           !numu_text_is(numu_text_of(column->name), "cost_high");
}

/* What one unit is worth in the first month: a price of its own, else the item's standard cost. */
static double worth_of(const struct numu_model *model, numu_price own, numu_currency currency,
                       numu_row item) {
    numu_month month = numu_model_start_month(model);
    if (own != NUMU_NO_NUMBER) {
        return numu_model_price_value(model, own, currency, month);
    }
    if (model->item.standard_cost[item] == NUMU_NO_NUMBER) {
        return NAN;
    }
    return numu_model_price_value(model, model->item.standard_cost[item],
                                  model->item.currency[item], month);
}

/* Of a row of stock, demand, deliveries or open orders, by the table. */
static double worth_of_row(const struct numu_model *model,
                           const struct numu_table_descriptor *table, numu_row row) {
    if (table->offset == offsetof(struct numu_model, demand)) {
        return worth_of(model, model->demand.unit_value[row], model->demand.currency[row],
                        model->demand.item[row]);
    }
    if (table->offset == offsetof(struct numu_model, open_order)) {
        numu_row process = model->open_order.process[row];
        return worth_of(model, model->process.unit_cost[process], model->process.currency[process],
                        model->process.item[process]);
    }
    numu_row item = table->offset == offsetof(struct numu_model, stock) ? model->stock.item[row]
                                                                        : model->delivery.item[row];
    return worth_of(model, NUMU_NO_NUMBER, 0, item);
}

static bool has_goods(const struct numu_table_descriptor *table) {
    return table->offset == offsetof(struct numu_model, demand) ||
           table->offset == offsetof(struct numu_model, open_order) ||
           table->offset == offsetof(struct numu_model, stock) ||
           table->offset == offsetof(struct numu_model, delivery);
}

static numu_status sum_goods(struct collector *collector,
                             const struct numu_table_descriptor *table) {
    const struct numu_model *model = collector->model;
    const struct numu_table_head *head = numu_model_head_of(model, table);
    const numu_quantity *quantity =
        numu_model_array(model, table, numu_column_find(table, NUMU_TEXT("quantity")));
    struct numu_evidence_line *line = begin(collector, table, "quantity", NUMU_EVIDENCE_MONEY);
    for (numu_row row = 0; row < head->count; row++) {
        double value = worth_of_row(model, table, row) *
                       numu_number_to_double(quantity[row], NUMU_QUANTITY_DECIMALS);
        NUMU_TRY(add_value(collector, line, basis_of(head, row), value));
    }
    end_money(collector, line);
    return NUMU_OK;
}

/* --- days --- */

/* Calendar days of the activities on the longest path; milestones have none. */
static numu_status sum_days(struct collector *collector, const struct numu_plan *plan) {
    const struct numu_model *model = collector->model;
    const struct numu_plan_activity *activity = &plan->activity;
    struct numu_evidence_line *line = begin(
        collector, numu_schema_at(offsetof(struct numu_model, activity)), NULL, NUMU_EVIDENCE_DAYS);
    for (numu_row row = 0; row < activity->head.count; row++) {
        bool counts = activity->is_on_longest_path[row] == NUMU_BOOLEAN_TRUE &&
                      model->activity.likely[row] > 0;
        int64_t days = (int64_t)activity->finish[row] - activity->start[row] + 1;
        if (counts && days > 0) {
            NUMU_TRY(add(line, basis_of(&model->activity.head, row), days));
        }
    }
    collector->count += line->total > 0;
    return NUMU_OK;
}

static numu_status collect(struct collector *collector, const struct numu_plan *plan) {
    for (const struct numu_table_descriptor *table = numu_schema + 1; table->name != NULL;
         table++) {
        NUMU_TRY(count_rows(collector, table));
        for (const struct numu_column *column = table->columns; column->name != NULL; column++) {
            if (is_amount(table, column)) {
                NUMU_TRY(sum_column(collector, table, column));
            }
        }
        if (has_goods(table)) {
            NUMU_TRY(sum_goods(collector, table));
        }
    }
    return sum_days(collector, plan);
}

numu_status numu_app_evidence(const struct numu_context *context, const struct numu_model *model,
                              struct numu_arena *arena, struct numu_report *report,
                              struct numu_evidence_result *out) {
    struct collector collector = {.model = model};
    const struct numu_rcpsp_options options = {.schedules = 0};
    struct numu_rcpsp_result result;
    struct numu_plan plan = {0};
    size_t room = 1; /* of each column of money, goods, rows and unsourced a line at most */
    for (size_t i = 0; i < numu_schema_count(); i++) {
        room += 3;
        for (const struct numu_column *column = numu_schema[i].columns; column->name != NULL;
             column++) {
            room += column->kind == NUMU_KIND_MONEY;
        }
    }
    NUMU_TRY(NUMU_TAKE(arena, &collector.lines, room));
    NUMU_TRY(numu_app_schedule(context, model, &options, arena, report, &plan, &result));
    NUMU_TRY(collect(&collector, &plan));
    *out = (struct numu_evidence_result){model->currency, collector.lines, collector.count};
    return NUMU_OK;
}
