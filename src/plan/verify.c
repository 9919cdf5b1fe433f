/*
 * verify.c - the frame of verifying a plan: sums, dates, prices, and how a break is told.
 */
#include "plan/verify_sums.h"

#include <math.h>
#include <string.h>

/* Shares of a sum's size that are the solver's rounding. */
#define ROUNDING 1e-6

void numu_verify_add(struct numu_verify_sum *sum, double term) {
    sum->value += term;
    sum->size += fabs(term);
    sum->terms++;
}

numu_status numu_verify_break(struct numu_verify *v, const char *rule, struct numu_text id,
                              int64_t month, double found, double expected) {
    struct numu_text figures = {NULL, 0};
    NUMU_TRY(numu_text_printf(v->texts, &figures, "%.10g, %.10g", found, expected));
    struct numu_diagnostic finding = {
        .code = NUMU_CODE_PLAN_BREAKS, .place = NUMU_NOWHERE, .related = NUMU_NOWHERE};
    finding.arguments[0] = numu_argument_string(rule);
    finding.arguments[1] = numu_argument_text(id);
    finding.arguments[2] =
        month < 0 ? numu_argument_string("") : numu_argument_month(v->start + (numu_month)month);
    finding.arguments[3] = numu_argument_text(figures);
    numu_report_add(v->report, &finding);
    v->breaks++;
    return NUMU_OK;
}

numu_status numu_verify_same(struct numu_verify *v, const char *rule, struct numu_text id,
                             int64_t month, double found, double expected, double size,
                             double step) {
    bool is_same = fabs(found - expected) <= ROUNDING * size + step;
    return is_same ? NUMU_OK : numu_verify_break(v, rule, id, month, found, expected);
}

numu_status numu_verify_most(struct numu_verify *v, const char *rule, struct numu_text id,
                             int64_t month, double found, double most, double size, double step) {
    bool is_within = found <= most + ROUNDING * size + step;
    return is_within ? NUMU_OK : numu_verify_break(v, rule, id, month, found, most);
}

numu_status numu_verify_month(struct numu_verify *v, const char *table, struct numu_text id,
                              numu_month month, uint32_t *out) {
    int64_t t = (int64_t)month - v->start;
    *out = t < 0 || t >= v->months ? UINT32_MAX : (uint32_t)t;
    (void)table;
    return *out == UINT32_MAX ? numu_verify_break(v, "kind.break_month", id, -1, (double)t, 0)
                              : NUMU_OK;
}

numu_status numu_verify_find(struct numu_verify *v, const char *table, struct numu_text id,
                             numu_row *out) {
    *out = numu_model_find(v->model, numu_schema_find(numu_text_of(table)), id);
    return *out == NUMU_NONE ? numu_verify_break(v, "kind.break_unknown", id, -1, 0, 0) : NUMU_OK;
}

/* --- dates --- */

int64_t numu_verify_from(const struct numu_verify *v, numu_day day) {
    if (day == NUMU_NO_DAY) {
        return INT64_MIN;
    }
    numu_month month = numu_day_month(day);
    return (int64_t)month - v->start + (numu_month_first_day(month) < day ? 1 : 0);
}

int64_t numu_verify_after(const struct numu_verify *v, numu_day day) {
    return day == NUMU_NO_DAY ? INT64_MAX : (int64_t)numu_day_month(day) - v->start + 1;
}

int64_t numu_verify_until(const struct numu_verify *v, numu_day day) {
    return day == NUMU_NO_DAY ? INT64_MAX : (int64_t)numu_day_month(day + 1) - v->start;
}

int64_t numu_verify_opening(const struct numu_verify *v, numu_day opens, numu_row activity) {
    int64_t month = numu_verify_from(v, opens);
    if (activity == NUMU_NONE) {
        return month;
    }
    int64_t after = numu_verify_after(v, v->finish_day[activity]);
    return after > month ? after : month;
}

void numu_verify_lead(const struct numu_verify *v, double days, bool is_calendar,
                      int64_t *out_whole, double *out_part) {
    double month_days = 365.2425 / 12;
    if (!is_calendar) {
        const struct numu_calendar *calendar = numu_calendar_get(v->calendars, v->model, NUMU_NONE);
        int64_t worked =
            numu_calendar_count(calendar, numu_month_first_day(v->start),
                                numu_month_first_day(v->start + (numu_month)v->months));
        month_days = worked == 0 ? month_days : (double)worked / v->months;
    }
    double months = days / month_days;
    double whole = floor(months + 1e-9);
    *out_whole = (int64_t)whole;
    *out_part = months - whole > 1e-9 ? months - whole : 0;
}

/* --- money --- */

double numu_verify_price(const struct numu_verify *v, numu_price price, numu_currency currency,
                         uint32_t month) {
    if (price == NUMU_NO_NUMBER || price == 0) {
        return 0;
    }
    numu_decimal rate = numu_model_rate(v->model, currency, v->start + (numu_month)month);
    return numu_number_to_double(price, NUMU_PRICE_DECIMALS) * numu_verify_decimal(rate);
}

double numu_verify_money(const struct numu_verify *v, numu_money money, numu_currency currency,
                         uint32_t month) {
    if (money == NUMU_NO_NUMBER || money == 0) {
        return 0;
    }
    numu_currency known = currency == 0 ? v->model->currency : currency;
    numu_decimal rate = numu_model_rate(v->model, known, v->start + (numu_month)month);
    return numu_number_to_double(money, numu_currency_decimals(known)) * numu_verify_decimal(rate);
}

double numu_verify_major(const struct numu_verify *v, numu_money money) {
    return money == NUMU_NO_NUMBER
               ? 0
               : numu_number_to_double(money, numu_currency_decimals(v->plan->currency));
}

double numu_verify_minor(const struct numu_verify *v) {
    return 1 / (double)numu_power_of_ten(numu_currency_decimals(v->plan->currency));
}

void numu_verify_pay(struct numu_verify *v, uint32_t kind, uint32_t month, double amount) {
    if (amount != 0) {
        numu_verify_add(&v->cost[numu_verify_cell(v, kind, month)], amount);
    }
}

uint32_t numu_verify_kind(const struct numu_verify *v, numu_row process) {
    switch ((numu_process_kind)v->model->process.kind[process]) {
    case numu_process_kind_import:
        return numu_cost_kind_import;
    case numu_process_kind_purchase:
        return numu_cost_kind_material;
    default:
        return numu_cost_kind_processing;
    }
}

double numu_verify_lot(const struct numu_verify *v, numu_row process) {
    const struct numu_table_process *table = &v->model->process;
    const numu_quantity sizes[] = {table->lot_multiple[process], table->min_lot[process],
                                   table->max_month[process]};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        if (numu_verify_quantity(sizes[i]) > 0) {
            return numu_verify_quantity(sizes[i]);
        }
    }
    return 0;
}

double numu_verify_hours(const struct numu_verify *v, numu_row operation, uint32_t month) {
    const struct numu_table_operation *table = &v->model->operation;
    const struct numu_table_process *process = &v->model->process;
    numu_row row = table->process[operation];
    double lot = numu_verify_lot(v, row);
    double setup = lot > 0 && !v->has_whole_lots
                       ? numu_verify_decimal(table->setup_hours[operation]) / lot *
                             numu_verify_decimal(process->yield[row])
                       : 0;
    return numu_verify_decimal(table->hours[operation]) *
               v->learned[numu_verify_cell(v, row, month)] +
           setup;
}

double numu_verify_setup(const struct numu_verify *v, numu_row operation, uint32_t month) {
    const struct numu_table_operation *table = &v->model->operation;
    bool is_made = v->made[numu_verify_cell(v, table->process[operation], month)] > 0;
    return v->has_whole_lots && is_made ? numu_verify_decimal(table->setup_hours[operation]) : 0;
}

/* --- the whole --- */

/* Dates of the programme as the plan tells them. */
static numu_status read_dates(struct numu_verify *v) {
    numu_row count = v->model->activity.head.count;
    const struct numu_plan_activity *table = &v->plan->activity;
    NUMU_TRY(NUMU_TAKE(v->arena, &v->start_day, count));
    NUMU_TRY(NUMU_TAKE(v->arena, &v->finish_day, count));
    for (numu_row row = 0; row < count; row++) {
        v->start_day[row] = NUMU_NO_DAY;
        v->finish_day[row] = NUMU_NO_DAY;
    }
    for (numu_row at = 0; at < table->head.count; at++) {
        numu_row row = NUMU_NONE;
        NUMU_TRY(numu_verify_find(v, "activity", table->id[at], &row));
        if (row != NUMU_NONE) {
            bool is_confident = table->confident_finish[at] != NUMU_NO_DAY;
            v->start_day[row] = is_confident ? table->confident_start[at] : table->start[at];
            v->finish_day[row] = is_confident ? table->confident_finish[at] : table->finish[at];
        }
    }
    return NUMU_OK;
}

static numu_status take_sums(struct numu_verify *v) {
    const struct numu_model *model = v->model;
    size_t places = (size_t)model->item.head.count * model->site.head.count * v->months;
    size_t processes = (size_t)model->process.head.count * v->months;
    NUMU_TRY(NUMU_TAKE(v->arena, &v->made, processes));
    NUMU_TRY(NUMU_TAKE(v->arena, &v->learned, processes));
    NUMU_TRY(NUMU_TAKE(v->arena, &v->flow, places));
    NUMU_TRY(NUMU_TAKE(v->arena, &v->housed, places));
    NUMU_TRY(NUMU_TAKE(v->arena, &v->closing, places));
    NUMU_TRY(NUMU_TAKE(v->arena, &v->received, places));
    NUMU_TRY(NUMU_TAKE(v->arena, &v->created, (size_t)model->item.head.count * v->months));
    NUMU_TRY(NUMU_TAKE(v->arena, &v->paid_upkeep, (size_t)model->resource.head.count * v->months));
    return NUMU_TAKE(v->arena, &v->cost, (size_t)numu_cost_kind_count * v->months);
}

/* --- law --- */

static bool is_forbidden_row(const struct numu_plan_forbidden *table, numu_row row,
                             struct numu_text process, struct numu_text demand,
                             const struct numu_plan_prohibition *rule) {
    return numu_text_is_equal(table->process[row], process) &&
           numu_text_is_equal(table->demand[row], demand) && table->starts[row] == rule->starts &&
           table->ends[row] == rule->ends && numu_text_is_equal(table->rule[row], rule->rule) &&
           numu_text_is_equal(table->citation[row], rule->citation);
}

static struct numu_text id_or_none(const struct numu_text *ids, numu_row row) {
    return row == NUMU_NONE ? (struct numu_text){NULL, 0} : ids[row];
}

static numu_status check_forbidden(struct numu_verify *v) {
    const struct numu_plan_forbidden *table = &v->plan->forbidden;
    for (size_t at = 0; at < v->law->prohibition_count; at++) {
        const struct numu_plan_prohibition *rule = &v->law->prohibition[at];
        struct numu_text process = id_or_none(v->model->process.id, rule->process);
        struct numu_text demand = id_or_none(v->model->demand.id, rule->demand);
        if (at >= table->head.count ||
            !is_forbidden_row(table, (numu_row)at, process, demand, rule)) {
            NUMU_TRY(numu_verify_break(v, "kind.break_rule",
                                       rule->process == NUMU_NONE ? demand : process, -1, 0, 1));
        }
    }
    for (numu_row row = (numu_row)v->law->prohibition_count; row < table->head.count; row++) {
        NUMU_TRY(numu_verify_break(v, "kind.break_rule", table->rule[row], -1, 1, 0));
    }
    return NUMU_OK;
}

static bool is_withheld_row(const struct numu_plan_withheld *a, numu_row row,
                            const struct numu_plan_withheld *b) {
    return numu_text_is_equal(a->origin[row], b->origin[row]) &&
           numu_text_is_equal(a->id[row], b->id[row]) &&
           numu_text_is_equal(a->item[row], b->item[row]) &&
           numu_text_is_equal(a->site[row], b->site[row]) && a->due[row] == b->due[row] &&
           a->quantity[row] == b->quantity[row] && numu_text_is_equal(a->rule[row], b->rule[row]) &&
           numu_text_is_equal(a->citation[row], b->citation[row]);
}

/* What the plan says of law, row by row, against what law says. */
static numu_status check_law(struct numu_verify *v) {
    static const struct numu_plan_withheld nothing = {0};
    const struct numu_plan_withheld *table = &v->plan->withheld;
    const struct numu_plan_withheld *withheld =
        v->law->withheld == NULL ? &nothing : v->law->withheld;
    NUMU_TRY(check_forbidden(v));
    for (numu_row row = 0; row < withheld->head.count; row++) {
        if (row >= table->head.count || !is_withheld_row(table, row, withheld)) {
            NUMU_TRY(numu_verify_break(v, "kind.break_rule", withheld->id[row], -1, 0, 1));
        }
    }
    for (numu_row row = withheld->head.count; row < table->head.count; row++) {
        NUMU_TRY(numu_verify_break(v, "kind.break_rule", table->id[row], -1, 1, 0));
    }
    return NUMU_OK;
}

numu_status numu_plan_verify(const struct numu_context *context, const struct numu_model *model,
                             const struct numu_calendars *calendars, const struct numu_plan *plan,
                             const struct numu_plan_law *law, struct numu_arena *arena,
                             struct numu_report *report) {
    struct numu_arena scratch;
    numu_arena_init(&scratch, context->heap);
    struct numu_verify v = {.context = context,
                            .model = model,
                            .calendars = calendars,
                            .plan = plan,
                            .law = law,
                            .report = report,
                            .arena = &scratch,
                            .texts = arena,
                            .start = numu_model_start_month(model),
                            .months = (uint32_t)numu_model_months(model),
                            .has_whole_lots =
                                numu_text_is(numu_plan_meta_find(plan, "lots"), "whole")};
    numu_status status = read_dates(&v);
    status = status == NUMU_OK ? take_sums(&v) : status;
    status = status == NUMU_OK ? check_law(&v) : status;
    status = status == NUMU_OK ? numu_verify_shares(&v) : status;
    status = status == NUMU_OK ? numu_verify_goods(&v) : status;
    status = status == NUMU_OK ? numu_verify_means(&v) : status;
    status = status == NUMU_OK ? numu_verify_bounds(&v) : status;
    status = status == NUMU_OK ? numu_verify_funds(&v) : status;
    status = status == NUMU_OK ? numu_verify_indicators(&v) : status;
    numu_arena_release(&scratch);
    return status == NUMU_OK && v.breaks > 0 ? NUMU_INVALID : status;
}
