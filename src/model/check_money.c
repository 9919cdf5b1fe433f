/*
 * check_money.c - exchange rates, and who pays what.
 */
#include "model/check.h"

#include "base/cell.h"
#include "model/calendar.h"

/* --- exchange rates --- */

/* Of a currency: the first month from which it has a rate, and the first in which it needs one. */
struct exchange {
    numu_month known;                          /* INT32_MAX = never, NUMU_NO_MONTH = always */
    numu_month needed;                         /* INT32_MAX = never */
    const struct numu_table_descriptor *table; /* of the row that needs it */
    numu_row row;
};

static bool is_history(const struct numu_table_descriptor *table) {
    return table == NUMU_MODEL_TABLE(rate) || table == NUMU_MODEL_TABLE(reference) ||
           table == NUMU_MODEL_TABLE(trade) || table == NUMU_MODEL_TABLE(spending);
}

static bool has_currency(const struct numu_table_descriptor *table) {
    bool has = false;
    for (const struct numu_column *column = table->columns; column->name != NULL; column++) {
        has = has || column->kind == NUMU_KIND_CURRENCY || column->gives_currency;
    }
    return has;
}

/* The month in which an activity starts at the earliest, and so is paid for the first time. */
static numu_month month_of_activity(const struct numu_model *model,
                                    const struct numu_calendars *calendars, numu_row row) {
    const struct numu_table_activity *activity = &model->activity;
    numu_day data_date = model->package.data_date[0];
    numu_day now = data_date == NUMU_NO_DAY ? model->package.start[0] : data_date;
    if (activity->started[row] != NUMU_NO_DAY) {
        return numu_day_month(activity->started[row]);
    }
    if (activity->finished[row] != NUMU_NO_DAY) {
        const struct numu_calendar *calendar =
            numu_calendar_get(calendars, model, activity->calendar[row]);
        int64_t days = activity->likely[row] / NUMU_DECIMAL_ONE + 1;
        return numu_day_month(numu_calendar_retreat(calendar, activity->finished[row] + 1, days));
    }
    return numu_day_month(activity->not_before[row] > now ? activity->not_before[row] : now);
}

/* The first month whose rate a row of money is turned with. */
static numu_month month_of(const struct numu_model *model, const struct numu_calendars *calendars,
                           const struct numu_table_descriptor *table, numu_row row) {
    numu_month start = numu_model_start_month(model);
    if (table == NUMU_MODEL_TABLE(budget)) {
        return model->budget.month[row] > start ? model->budget.month[row] : start;
    }
    if (table == NUMU_MODEL_TABLE(demand)) {
        numu_month due = numu_day_month(model->demand.due[row]) - 1; /* by the end of that month */
        return due > start ? due : start;
    }
    return table == NUMU_MODEL_TABLE(activity) ? month_of_activity(model, calendars, row) : start;
}

static void find_needed(const struct numu_model *model, const struct numu_calendars *calendars,
                        const struct numu_table_descriptor *table, const struct numu_column *column,
                        struct exchange *exchanges) {
    const void *array = numu_model_array(model, table, column);
    for (numu_row row = 0; row < numu_model_head_of(model, table)->count; row++) {
        if (numu_cell_is_empty(column, array, row)) {
            continue;
        }
        struct exchange *exchange = &exchanges[numu_model_currency(model, table, row)];
        if (exchange->known == NUMU_NO_MONTH) {
            continue;
        }
        numu_month month = month_of(model, calendars, table, row);
        if (month < exchange->needed) {
            exchange->needed = month;
            exchange->table = table;
            exchange->row = row;
        }
    }
}

static const char *currency_column(const struct numu_table_descriptor *table) {
    return numu_column_find(table, NUMU_TEXT("currency")) == NULL ? "fund" : "currency";
}

/* One finding a currency, at the row that needs its rate first. */
static numu_status check_rates(const struct numu_checker *checker) {
    const struct numu_model *model = checker->model;
    struct numu_calendars calendars;
    struct exchange *exchanges;
    size_t count = (size_t)numu_currency_count() + 1;
    numu_status status = numu_calendars_build(model, checker->arena, &calendars);
    if (status == NUMU_INVALID) {
        return NUMU_OK; /* a calendar without working days, which has been said */
    }
    NUMU_TRY(status);
    NUMU_TRY(NUMU_TAKE(checker->arena, &exchanges, count));
    for (size_t i = 0; i < count; i++) {
        exchanges[i] = (struct exchange){INT32_MAX, INT32_MAX, NULL, 0};
    }
    exchanges[model->currency].known = NUMU_NO_MONTH;
    for (numu_row row = 0; row < model->rate.head.count; row++) {
        struct exchange *exchange = &exchanges[model->rate.currency[row]];
        exchange->known =
            model->rate.month[row] < exchange->known ? model->rate.month[row] : exchange->known;
    }
    for (const struct numu_table_descriptor *table = numu_schema + 1; table->name != NULL;
         table++) {
        for (const struct numu_column *column = table->columns;
             column->name != NULL && has_currency(table) && !is_history(table); column++) {
            if (column->kind == NUMU_KIND_MONEY || column->kind == NUMU_KIND_PRICE) {
                find_needed(model, &calendars, table, column, exchanges);
            }
        }
    }
    for (size_t i = 0; i < count; i++) {
        const struct exchange *exchange = &exchanges[i];
        struct numu_diagnostic finding;
        if (exchange->table != NULL && exchange->needed < exchange->known &&
            numu_check_begin(checker, NUMU_CODE_NO_RATE, exchange->table, exchange->row,
                             currency_column(exchange->table), &finding)) {
            finding.arguments[0] = numu_argument_string(numu_currency_code((numu_currency)i));
            finding.arguments[1] = numu_argument_month(exchange->needed);
            numu_report_add(checker->report, &finding);
        }
    }
    return NUMU_OK;
}

/* --- funds --- */

static bool has_positive(const int64_t *values, numu_row count) {
    for (numu_row row = 0; row < count; row++) {
        if (values[row] > 0) {
            return true;
        }
    }
    return false;
}

/* Kinds of cost that some row of the model causes, as bits. */
static uint32_t kinds_of_cost(const struct numu_model *model) {
    uint32_t kinds = 0;
#define CAUSES(kind) kinds |= UINT32_C(1) << (numu_cost_kind_##kind - 1)
    for (numu_row row = 0; row < model->process.head.count; row++) {
        if (model->process.royalty[row] > 0) {
            CAUSES(royalty);
        }
        if (model->process.unit_cost[row] <= 0 && model->process.fixed_cost_lot[row] <= 0) {
            continue;
        }
        if (model->process.kind[row] == numu_process_kind_import) {
            CAUSES(import);
        } else if (model->process.kind[row] == numu_process_kind_purchase) {
            CAUSES(material);
        } else {
            CAUSES(processing);
        }
    }
    for (numu_row row = 0; row < model->activity.head.count; row++) {
        if (model->activity.cost[row] > 0 && model->activity.fund[row] == NUMU_NONE) {
            CAUSES(capital);
        }
    }
    if (has_positive(model->resource.capital, model->resource.head.count)) {
        CAUSES(capital);
    }
    if (has_positive(model->resource.fixed_cost_month, model->resource.head.count)) {
        CAUSES(fixed);
    }
    if (has_positive(model->skill.wage_month, model->skill.head.count)) {
        CAUSES(wage);
    }
    if (has_positive(model->course.cost_class, model->course.head.count)) {
        CAUSES(training);
    }
    if (has_positive(model->upkeep.cost_month, model->upkeep.head.count)) {
        CAUSES(upkeep);
    }
    if (has_positive(model->route.cost_kg, model->route.head.count)) {
        CAUSES(freight);
    }
    if (has_positive(model->item.holding_cost_rate, model->item.head.count)) {
        CAUSES(holding);
    }
#undef CAUSES
    return kinds;
}

static void check_kinds(const struct numu_checker *checker) {
    const struct numu_model *model = checker->model;
    const struct numu_column *pays = numu_column_find(NUMU_MODEL_TABLE(fund), NUMU_TEXT("pays"));
    uint32_t paid = 0;
    for (numu_row row = 0; row < model->fund.head.count; row++) {
        paid |= model->fund.pays[row];
    }
    uint32_t unfunded = kinds_of_cost(model) & ~paid;
    for (uint32_t kind = 0; pays->choices[kind] != NULL; kind++) {
        if ((unfunded >> kind & 1U) != 0) {
            struct numu_place whole = {model->fund.head.is_present ? model->fund.head.source : 0, 0,
                                       NUMU_WHOLE_FILE};
            struct numu_diagnostic finding = {
                .code = NUMU_CODE_UNFUNDED_KIND, .place = whole, .related = NUMU_NOWHERE};
            finding.arguments[0] = numu_argument_string(pays->choices[kind]);
            numu_report_add(checker->report, &finding);
        }
    }
}

/* Funds that nothing can spend, and funds that have nothing to spend. */
static numu_status check_funds(const struct numu_checker *checker) {
    const struct numu_model *model = checker->model;
    bool *has_budget;
    bool *is_named;
    NUMU_TRY(NUMU_TAKE(checker->arena, &has_budget, model->fund.head.count));
    NUMU_TRY(NUMU_TAKE(checker->arena, &is_named, model->fund.head.count));
    for (numu_row row = 0; row < model->budget.head.count; row++) {
        if (model->budget.amount[row] > 0) {
            has_budget[model->budget.fund[row]] = true;
        }
    }
    for (numu_row row = 0; row < model->activity.head.count; row++) {
        if (model->activity.fund[row] != NUMU_NONE) {
            is_named[model->activity.fund[row]] = true;
        }
    }
    for (numu_row row = 0; row < model->fund.head.count; row++) {
        bool is_used = is_named[row] || model->fund.pays[row] != 0;
        if (has_budget[row] != is_used) {
            numu_check_tell(checker, is_used ? NUMU_CODE_FUND_WITHOUT_BUDGET : NUMU_CODE_IDLE_FUND,
                            NUMU_MODEL_TABLE(fund), row, "id", model->fund.id[row], NUMU_NO_TEXT,
                            NUMU_NO_TEXT);
        }
    }
    return NUMU_OK;
}

numu_status numu_check_money(const struct numu_checker *checker) {
    struct numu_arena_mark mark = numu_arena_mark(checker->arena);
    NUMU_TRY(check_rates(checker));
    check_kinds(checker);
    NUMU_TRY(check_funds(checker));
    numu_arena_rewind(checker->arena, mark);
    return NUMU_OK;
}
