/*
 * stress.c - the plan again under cases.
 *
 * A case is the model with some columns replaced: tables are copied shallowly, changed columns
 * anew. What is dropped from the programme keeps its place in the schedule, so that the same random
 * numbers are drawn for the rest; for the plan it is never finished and costs nothing.
 */
#include "app/stress.h"

#include "app/law.h"
#include "app/risk.h"
#include "base/parallel.h"
#include "model/serving.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Days after the start that no plan reaches: 1200 months and 1200 of tail are 73,000. */
#define NEVER_DAYS 200000

/* --- reading cases --- */

/* "kind:ID" of a table; the row in *out. */
static numu_status find_row(const struct numu_model *model, struct numu_text text, const char *kind,
                            numu_row *out) {
    struct numu_text prefix = numu_text_of(kind);
    bool is_form = text.length > prefix.length + 1 && text.data[prefix.length] == ':' &&
                   numu_text_is_equal((struct numu_text){text.data, prefix.length}, prefix);
    if (!is_form) {
        return NUMU_INVALID;
    }
    struct numu_text id = {text.data + prefix.length + 1, text.length - prefix.length - 1};
    *out = numu_model_find(model, numu_schema_find(prefix), id);
    return *out == NUMU_NONE ? NUMU_NOT_FOUND : NUMU_OK;
}

/* "+20%" as 1.2, "20%" likewise; no less than nothing. */
static numu_status parse_factor(struct numu_text text, numu_decimal *out) {
    numu_decimal percent = 0;
    if (text.length < 2 || text.data[text.length - 1] != '%' ||
        numu_number_parse((struct numu_text){text.data, text.length - 1}, NUMU_DECIMAL_DECIMALS,
                          '.', &percent) != NUMU_NUMBER_OK ||
        percent < -100 * NUMU_DECIMAL_ONE) {
        return NUMU_INVALID;
    }
    *out = NUMU_DECIMAL_ONE + percent / 100;
    return NUMU_OK;
}

static numu_status parse_days(struct numu_text text, int64_t *out) {
    const int64_t most = 100000;
    bool is_number = numu_number_parse(text, 0, '.', out) == NUMU_NUMBER_OK;
    return is_number && *out >= -most && *out <= most ? NUMU_OK : NUMU_INVALID;
}

/* 1 to 99 */
static numu_status parse_percent(struct numu_text text, numu_decimal *out) {
    bool is_number = numu_number_parse(text, NUMU_DECIMAL_DECIMALS, '.', out) == NUMU_NUMBER_OK;
    return is_number && *out >= NUMU_DECIMAL_ONE && *out <= 99 * NUMU_DECIMAL_ONE ? NUMU_OK
                                                                                  : NUMU_INVALID;
}

/* "partner:ID", "resource:ID" or "lines" */
static numu_status read_without(const struct numu_model *model, struct numu_text text,
                                struct numu_stress_case *out) {
    if (numu_text_is(text, "lines")) {
        out->kind = NUMU_STRESS_WITHOUT_LINES;
        return NUMU_OK;
    }
    out->kind = NUMU_STRESS_WITHOUT_PARTNER;
    numu_status status = find_row(model, text, "partner", &out->row);
    if (status == NUMU_INVALID) {
        out->kind = NUMU_STRESS_WITHOUT_RESOURCE;
        status = find_row(model, text, "resource", &out->row);
    }
    return status;
}

/* "left=right"; whether there is an equals sign. */
static bool split(struct numu_text text, struct numu_text *left, struct numu_text *right) {
    size_t equals = numu_text_find(text, NUMU_TEXT("="), 0);
    bool is_there = equals != SIZE_MAX;
    *left = (struct numu_text){text.data, is_there ? equals : text.length};
    *right = is_there ? (struct numu_text){text.data + equals + 1, text.length - equals - 1}
                      : (struct numu_text){NULL, 0};
    return is_there;
}

numu_status numu_app_stress_case(const struct numu_model *model, numu_stress_sort sort,
                                 struct numu_text text, struct numu_stress_case *out) {
    struct numu_stress_case found = {.row = NUMU_NONE, .factor = NUMU_DECIMAL_ONE, .label = text};
    bool has_equals = sort != NUMU_STRESS_OF_WITHOUT && sort != NUMU_STRESS_OF_CONFIDENCE;
    struct numu_text left;
    struct numu_text right;
    if (split(text, &left, &right) != has_equals) {
        return NUMU_INVALID;
    }
    switch (sort) {
    case NUMU_STRESS_OF_WITHOUT:
        NUMU_TRY(read_without(model, left, &found));
        break;
    case NUMU_STRESS_OF_DELAY:
        found.kind = NUMU_STRESS_DELAY;
        NUMU_TRY(find_row(model, left, "activity", &found.row));
        NUMU_TRY(parse_days(right, &found.days));
        break;
    case NUMU_STRESS_OF_RATE:
        found.kind = NUMU_STRESS_RATE;
        found.currency = numu_currency_find(left);
        if (found.currency == 0) {
            return NUMU_NOT_FOUND;
        }
        NUMU_TRY(parse_factor(right, &found.factor));
        break;
    case NUMU_STRESS_OF_BUDGET:
        found.kind = NUMU_STRESS_BUDGET;
        NUMU_TRY(find_row(model, left, "fund", &found.row));
        NUMU_TRY(parse_factor(right, &found.factor));
        break;
    case NUMU_STRESS_OF_DEMAND:
        found.kind = NUMU_STRESS_DEMAND;
        NUMU_TRY(find_row(model, left, "customer", &found.row));
        NUMU_TRY(parse_factor(right, &found.factor));
        break;
    case NUMU_STRESS_OF_CONFIDENCE:
        found.kind = NUMU_STRESS_CONFIDENCE;
        NUMU_TRY(parse_percent(left, &found.factor));
        break;
    }
    *out = found;
    return NUMU_OK;
}

numu_status numu_app_stress_each_partner(const struct numu_model *model, struct numu_arena *arena,
                                         struct numu_stress_case **out, size_t *out_count) {
    numu_row count = model->partner.head.count;
    struct numu_stress_case *cases = NULL;
    NUMU_TRY(NUMU_TAKE(arena, &cases, count));
    for (numu_row row = 0; row < count; row++) {
        cases[row] = (struct numu_stress_case){.kind = NUMU_STRESS_WITHOUT_PARTNER, .row = row};
        NUMU_TRY(numu_text_printf(arena, &cases[row].label, "partner:%.*s",
                                  (int)model->partner.id[row].length, model->partner.id[row].data));
    }
    *out = cases;
    *out_count = count;
    return NUMU_OK;
}

numu_status numu_app_stress_each_line(const struct numu_model *model, struct numu_arena *arena,
                                      struct numu_stress_case **out, size_t *out_count) {
    const struct numu_table_resource *resource = &model->resource;
    struct numu_stress_case *cases = NULL;
    size_t count = 0;
    NUMU_TRY(NUMU_TAKE(arena, &cases, resource->head.count));
    for (numu_row row = 0; row < resource->head.count; row++) {
        if (resource->kind[row] == numu_resource_kind_line) {
            cases[count] =
                (struct numu_stress_case){.kind = NUMU_STRESS_WITHOUT_RESOURCE, .row = row};
            NUMU_TRY(numu_text_printf(arena, &cases[count++].label, "resource:%.*s",
                                      (int)resource->id[row].length, resource->id[row].data));
        }
    }
    *out = cases;
    *out_count = count;
    return NUMU_OK;
}

static void append(struct numu_stress_case *cases, size_t *count,
                   const struct numu_stress_case *more, size_t more_count) {
    for (size_t i = 0; i < more_count; i++) {
        cases[(*count)++] = more[i];
    }
}

numu_status numu_app_stress_usual(const struct numu_model *model, struct numu_arena *arena,
                                  struct numu_stress_case **out, size_t *out_count) {
    struct numu_stress_case *lines;
    struct numu_stress_case *partners;
    size_t line_count;
    size_t partner_count;
    const struct numu_stress_case first[] = {
        numu_app_stress_promised(),
        {.kind = NUMU_STRESS_CONFIDENCE,
         .factor = 50 * NUMU_DECIMAL_ONE,
         .label = NUMU_TEXT("confidence:50")},
        {.kind = NUMU_STRESS_WITHOUT_LINES, .label = NUMU_TEXT("lines")}};
    const size_t first_count = sizeof first / sizeof first[0];
    NUMU_TRY(numu_app_stress_each_line(model, arena, &lines, &line_count));
    NUMU_TRY(numu_app_stress_each_partner(model, arena, &partners, &partner_count));
    NUMU_TRY(NUMU_TAKE(arena, out, first_count + line_count + partner_count));
    *out_count = 0;
    /* Without promises there is nothing to keep. */
    size_t skipped = model->promise.head.count == 0;
    append(*out, out_count, first + skipped, first_count - skipped);
    append(*out, out_count, lines, line_count);
    append(*out, out_count, partners, partner_count);
    return NUMU_OK;
}

/* --- the model of a case --- */

struct change {
    struct numu_model model; /* shares what is not changed */
    struct numu_arena *arena;
    bool *dropped;  /* by activity */
    bool *closed;   /* by process */
    bool *removed;  /* by resource */
    numu_day never; /* the day before the horizon */
};

/* A column of its own for the case, as it stands. */
static numu_status own(struct numu_arena *arena, void *column, numu_row count, size_t size) {
    void *from;
    void *to;
    memcpy(&from, column, sizeof from);
    NUMU_TRY(numu_arena_take(arena, count, size, &to));
    if (count > 0) {
        memcpy(to, from, count * size);
    }
    memcpy(column, &to, sizeof to);
    return NUMU_OK;
}
#define OWN(change, table, column)                                                                 \
    own((change)->arena, &(change)->model.table.column, (change)->model.table.head.count,          \
        sizeof *(change)->model.table.column)

static numu_status scale(int64_t *value, numu_decimal factor) {
    return *value == NUMU_NO_NUMBER ? NUMU_OK
                                    : numu_multiply_divide(*value, factor, NUMU_DECIMAL_ONE,
                                                           NUMU_ROUND_HALF_EVEN, value);
}

/* What follows something dropped never comes either. */
static void drop_successors(struct change *change) {
    const struct numu_table_precedence *links = &change->model.precedence;
    bool has_changed = true;
    while (has_changed) {
        has_changed = false;
        for (numu_row row = 0; row < links->head.count; row++) {
            if (change->dropped[links->before[row]] && !change->dropped[links->after[row]]) {
                change->dropped[links->after[row]] = true;
                has_changed = true;
            }
        }
    }
}

static numu_status drop_partner(struct change *change, numu_row partner) {
    struct numu_model *model = &change->model;
    NUMU_TRY(OWN(change, course, classes_max));
    NUMU_TRY(OWN(change, delivery, delivered));
    NUMU_TRY(OWN(change, agreement, value));
    NUMU_TRY(OWN(change, open_order, received));
    for (numu_row row = 0; row < model->process.head.count; row++) {
        change->closed[row] = model->process.partner[row] == partner;
    }
    for (numu_row row = 0; row < model->course.head.count; row++) {
        if (model->course.partner[row] == partner) {
            model->course.classes_max[row] = 0;
        }
    }
    for (numu_row row = 0; row < model->delivery.head.count; row++) {
        if (model->agreement.partner[model->delivery.agreement[row]] == partner) {
            model->delivery.delivered[row] = model->delivery.quantity[row];
        }
    }
    for (numu_row row = 0; row < model->agreement.head.count; row++) {
        if (model->agreement.partner[row] == partner) {
            model->agreement.value[row] = NUMU_NO_NUMBER;
        }
    }
    for (numu_row row = 0; row < model->open_order.head.count; row++) {
        if (change->closed[model->open_order.process[row]]) {
            model->open_order.received[row] = model->open_order.quantity[row];
        }
    }
    for (numu_row row = 0; row < model->activity.head.count; row++) {
        change->dropped[row] =
            model->activity.partner[row] == partner && model->activity.finished[row] == NUMU_NO_DAY;
    }
    drop_successors(change);
    return NUMU_OK;
}

/* Resources, and what serves only them (model/serving.h). */
static numu_status drop_resources(struct change *change, const numu_row *resources, size_t count) {
    struct numu_serving serving;
    NUMU_TRY(numu_serving_build(&change->model, resources, count, change->arena, &serving));
    change->dropped = serving.activity;
    change->closed = serving.process;
    change->removed = serving.resource;
    return NUMU_OK;
}

/* All that the programme is to open. */
static numu_status drop_lines(struct change *change) {
    const struct numu_table_resource *table = &change->model.resource;
    numu_row *resources;
    size_t count = 0;
    NUMU_TRY(NUMU_TAKE(change->arena, &resources, table->head.count));
    for (numu_row row = 0; row < table->head.count; row++) {
        if (table->opened_by[row] != NUMU_NONE) {
            resources[count++] = row;
        }
    }
    return drop_resources(change, resources, count);
}

/* The column of a range, its own for the case and scaled. */
static numu_status move_range(struct change *change, const struct numu_stress_range *range,
                              numu_decimal factor) {
    char *table = (char *)&change->model + range->table->offset;
    const struct numu_table_head *head = numu_model_head_of(&change->model, range->table);
    int64_t *values;
    NUMU_TRY(own(change->arena, table + range->column->offset, head->count, sizeof *values));
    memcpy(&values, table + range->column->offset, sizeof values);
    for (numu_row i = 0; i < range->count; i++) {
        NUMU_TRY(scale(&values[range->rows[i]], factor));
    }
    return NUMU_OK;
}

static numu_status delay(struct change *change, numu_row activity, int64_t days) {
    struct numu_table_activity *table = &change->model.activity;
    NUMU_TRY(OWN(change, activity, low));
    NUMU_TRY(OWN(change, activity, likely));
    NUMU_TRY(OWN(change, activity, high));
    numu_decimal *const durations[] = {table->low, table->likely, table->high};
    for (size_t i = 0; i < sizeof durations / sizeof durations[0]; i++) {
        numu_decimal *value = &durations[i][activity];
        if (*value != NUMU_NO_NUMBER) {
            numu_decimal moved = *value + days * NUMU_DECIMAL_ONE;
            *value = moved < 0 ? 0 : moved;
        }
    }
    return NUMU_OK;
}

static numu_status scale_rows(int64_t *values, const numu_row *keys, numu_row count, numu_row key,
                              numu_decimal factor) {
    for (numu_row row = 0; row < count; row++) {
        if (keys[row] == key) {
            NUMU_TRY(scale(&values[row], factor));
        }
    }
    return NUMU_OK;
}

static numu_status scale_rate(struct change *change, numu_currency currency, numu_decimal factor) {
    struct numu_table_rate *table = &change->model.rate;
    NUMU_TRY(OWN(change, rate, per_unit));
    for (numu_row row = 0; row < table->head.count; row++) {
        if (table->currency[row] == currency) {
            NUMU_TRY(scale(&table->per_unit[row], factor));
        }
    }
    return NUMU_OK;
}

static numu_status apply(struct change *change, const struct numu_stress_case *stress) {
    struct numu_model *model = &change->model;
    switch (stress->kind) {
    case NUMU_STRESS_WITHOUT_PARTNER:
        NUMU_TRY(drop_partner(change, stress->row));
        break;
    case NUMU_STRESS_WITHOUT_RESOURCE:
        NUMU_TRY(drop_resources(change, &stress->row, 1));
        break;
    case NUMU_STRESS_WITHOUT_LINES:
        NUMU_TRY(drop_lines(change));
        break;
    case NUMU_STRESS_PROMISED:
    case NUMU_STRESS_CONFIDENCE:
        return NUMU_OK; /* of the dates, see plan_case */
    case NUMU_STRESS_RANGE:
        return move_range(change, stress->range, stress->factor);
    case NUMU_STRESS_DELAY:
        return delay(change, stress->row, stress->days);
    case NUMU_STRESS_RATE:
        return scale_rate(change, stress->currency, stress->factor);
    case NUMU_STRESS_BUDGET:
        NUMU_TRY(OWN(change, budget, amount));
        return scale_rows(model->budget.amount, model->budget.fund, model->budget.head.count,
                          stress->row, stress->factor);
    case NUMU_STRESS_DEMAND:
        NUMU_TRY(OWN(change, demand, quantity));
        return scale_rows(model->demand.quantity, model->demand.customer, model->demand.head.count,
                          stress->row, stress->factor);
    }
    NUMU_TRY(OWN(change, process, closes));
    NUMU_TRY(OWN(change, resource, closes));
    NUMU_TRY(OWN(change, resource, capital));
    for (numu_row row = 0; row < model->process.head.count; row++) {
        model->process.closes[row] =
            change->closed[row] ? change->never : model->process.closes[row];
    }
    for (numu_row row = 0; row < model->resource.head.count; row++) {
        if (change->removed[row]) {
            model->resource.closes[row] = change->never;
            model->resource.capital[row] = NUMU_NO_NUMBER;
        }
    }
    return NUMU_OK;
}

static numu_status change_init(struct change *change, const struct numu_model *model,
                               struct numu_arena *arena) {
    memset(change, 0, sizeof *change);
    change->model = *model;
    change->arena = arena;
    change->never = model->package.start[0] - 1;
    NUMU_TRY(NUMU_TAKE(arena, &change->dropped, model->activity.head.count));
    NUMU_TRY(NUMU_TAKE(arena, &change->closed, model->process.head.count));
    return NUMU_TAKE(arena, &change->removed, model->resource.head.count);
}

/* --- planning a case --- */

enum { NAME_BYTES = 96 };

struct outcome {
    numu_day finish;
    numu_decimal on_time, late, unmet; /* shares of the demand's worth */
    numu_money gap, unpaid, imports, without, cost;
    char binds[NAME_BYTES], name[NAME_BYTES];
};

struct runs {
    const struct numu_context *context;
    const struct numu_model *model;
    const struct numu_stress_case *cases;
    const struct numu_plan_options *options; /* what the rules say, the same for all */
    struct outcome *outcome;
    struct numu_report *reports;
};

static double worth_of(const struct numu_model *model, numu_row demand) {
    numu_price value = model->demand.unit_value[demand];
    numu_currency currency = model->demand.currency[demand];
    if (value == NUMU_NO_NUMBER) {
        numu_row item = model->demand.item[demand];
        value = model->item.standard_cost[item];
        currency = model->item.currency[item];
    }
    numu_decimal rate = numu_model_rate(model, currency, numu_model_start_month(model));
    return value == NUMU_NO_NUMBER || rate == NUMU_NO_NUMBER
               ? 1
               : numu_number_to_double(value, NUMU_PRICE_DECIMALS) *
                     numu_number_to_double(rate, NUMU_DECIMAL_DECIMALS);
}

static void sum_demand(const struct numu_model *model, const struct numu_plan *plan,
                       struct outcome *out) {
    const struct numu_plan_demand *table = &plan->demand;
    const struct numu_table_descriptor *demands = numu_schema_find(NUMU_TEXT("demand"));
    double all = 0;
    double on_time = 0;
    double late = 0;
    for (numu_row row = 0; row < table->head.count; row++) {
        double worth = worth_of(model, numu_model_find(model, demands, table->id[row]));
        all += worth * (double)table->quantity[row];
        on_time += worth * (double)table->on_time[row];
        late += worth * (double)table->late[row];
    }
    double one = (double)NUMU_DECIMAL_ONE;
    out->on_time = all > 0 ? llround(on_time / all * one) : NUMU_DECIMAL_ONE;
    out->late = all > 0 ? llround(late / all * one) : 0;
    out->unmet = NUMU_DECIMAL_ONE - out->on_time - out->late;
}

static numu_status sum_money(const struct numu_plan *plan, struct outcome *out) {
    for (numu_row row = 0; row < plan->purse.head.count; row++) {
        NUMU_TRY(numu_add(out->gap, plan->purse.gap[row], &out->gap));
    }
    const struct numu_plan_import_bill *bill = &plan->import_bill;
    for (numu_row row = 0; row < bill->head.count; row++) {
        NUMU_TRY(numu_add(out->without, bill->without[row], &out->without));
        NUMU_TRY(numu_add(out->imports, bill->finished[row], &out->imports));
        NUMU_TRY(numu_add(out->imports, bill->kits[row], &out->imports));
        NUMU_TRY(numu_add(out->imports, bill->capital[row], &out->imports));
    }
    int decimals = numu_currency_decimals(plan->currency);
    for (numu_row row = 0; row < plan->stage.head.count; row++) {
        if (numu_text_is(plan->stage.name[row], "upkeep")) {
            NUMU_TRY(numu_number_from_double(plan->stage.within[row], decimals, &out->unpaid));
        }
        if (numu_text_is(plan->stage.name[row], "cost")) {
            NUMU_TRY(numu_number_from_double(plan->stage.within[row], decimals, &out->cost));
        }
    }
    return NUMU_OK;
}

static void copy_name(char to[NAME_BYTES], struct numu_text from) {
    size_t length = from.length < NAME_BYTES - 1 ? from.length : NAME_BYTES - 1;
    if (length > 0) {
        memcpy(to, from.data, length);
    }
    to[length] = '\0';
}

/* The reason of a lateness with the greatest share of its stage. */
static void find_what_binds(const struct numu_plan *plan, struct outcome *out) {
    const struct numu_plan_reason *table = &plan->reason;
    numu_row best = NUMU_NONE;
    for (numu_row row = 0; row < table->head.count; row++) {
        if (!numu_text_is(table->subject[row], "import") &&
            (best == NUMU_NONE || table->stage[row] < table->stage[best] ||
             (table->stage[row] == table->stage[best] && table->share[row] > table->share[best]))) {
            best = row;
        }
    }
    if (best != NUMU_NONE) {
        copy_name(out->binds, table->binds[best]);
        copy_name(out->name, table->name[best]);
    }
}

static numu_status sum_up(const struct numu_model *model, const struct numu_plan *plan,
                          struct outcome *out) {
    sum_demand(model, plan, out);
    find_what_binds(plan, out);
    return sum_money(plan, out);
}

/* Dates of what is dropped lie beyond every plan; the last finish of the rest. */
static numu_day drop_dates(const struct change *change, struct numu_confident_dates *dates) {
    numu_day last = NUMU_NO_DAY;
    for (numu_row row = 0; row < change->model.activity.head.count; row++) {
        if (change->dropped[row]) {
            dates->start[row] = change->model.package.start[0] + NEVER_DAYS;
            dates->finish[row] = dates->start[row];
        } else if (last == NUMU_NO_DAY || dates->finish[row] - 1 > last) {
            last = dates->finish[row] - 1;
        }
    }
    return last;
}

/* An activity and all that it waits for end by a day; they take as long as before, if they can. */
static numu_status finish_by(const struct change *change, numu_row activity, numu_day day,
                             struct numu_confident_dates *dates) {
    const struct numu_model *model = &change->model;
    numu_day first = model->package.data_date[0] == NUMU_NO_DAY ? model->package.start[0]
                                                                : model->package.data_date[0];
    bool *marks;
    bool has_changed = true;
    NUMU_TRY(NUMU_TAKE(change->arena, &marks, model->activity.head.count));
    marks[activity] = true;
    while (has_changed) {
        has_changed = false;
        for (numu_row row = 0; row < model->precedence.head.count; row++) {
            if (marks[model->precedence.after[row]] && !marks[model->precedence.before[row]]) {
                marks[model->precedence.before[row]] = true;
                has_changed = true;
            }
        }
    }
    for (numu_row row = 0; row < model->activity.head.count; row++) {
        numu_day end = day + 1; /* points: a day's end is the next one's beginning */
        if (marks[row] && dates->finish[row] > end) {
            numu_day start = end - (dates->finish[row] - dates->start[row]);
            numu_day least = first < end ? first : end;
            dates->start[row] = start > least ? start : least;
            dates->finish[row] = end;
        }
    }
    return NUMU_OK;
}

static numu_status keep_promises(const struct change *change, struct numu_confident_dates *dates) {
    const struct numu_table_promise *promise = &change->model.promise;
    for (numu_row row = 0; row < promise->head.count; row++) {
        NUMU_TRY(finish_by(change, promise->activity[row], promise->date[row], dates));
    }
    return NUMU_OK;
}

static numu_status plan_case(const struct numu_context *context, struct change *change,
                             const struct numu_stress_case *stress,
                             const struct numu_plan_options *options, struct numu_report *report,
                             struct numu_plan *out_plan, struct outcome *out) {
    struct numu_calendars calendars;
    struct numu_risk_outcome risk;
    struct numu_plan_result result;
    struct numu_risk_request request = {.deadline = NUMU_NO_DAY, .skips_removal = true};
    struct numu_arena *arena = change->arena;
    if (stress != NULL && stress->kind == NUMU_STRESS_CONFIDENCE) {
        request.confidence = numu_number_to_double(stress->factor, NUMU_DECIMAL_DECIMALS);
    }
    NUMU_TRY(numu_calendars_build(&change->model, arena, &calendars));
    NUMU_TRY(numu_app_risk(context, &change->model, &request, arena, report, &risk));
    if (stress != NULL && stress->kind == NUMU_STRESS_PROMISED) {
        NUMU_TRY(keep_promises(change, &risk.confident));
    }
    out->finish = drop_dates(change, &risk.confident);
    struct numu_plan plan = risk.plan;
    struct numu_plan_dates dates = {risk.confident.start, risk.confident.finish,
                                    risk.schedule.mode};
    NUMU_TRY(numu_master_plan(context, &change->model, &calendars, &dates, options, arena, report,
                              &plan, &result));
    if (!result.is_optimal && numu_context_is_stopped(context)) {
        return NUMU_STOPPED; /* cut short, it would be compared with what is not */
    }
    *out_plan = plan;
    return sum_up(&change->model, &plan, out);
}

static numu_status run_case(void *data, size_t index, unsigned worker) {
    struct runs *runs = data;
    struct numu_arena arena;
    struct change change;
    struct numu_plan plan;
    struct numu_context context = *runs->context;
    const struct numu_stress_case *stress = &runs->cases[index];
    context.threads = 1;
    context.progress = NULL;
    (void)worker;
    numu_arena_init(&arena, context.heap);
    numu_status status = change_init(&change, runs->model, &arena);
    if (status == NUMU_OK) {
        status = apply(&change, stress);
    }
    if (status == NUMU_OK) {
        status = plan_case(&context, &change, stress, runs->options, &runs->reports[index], &plan,
                           &runs->outcome[index]);
    }
    numu_arena_release(&arena);
    return status;
}

/* --- the tables --- */

static numu_status copy_string(struct numu_arena *arena, const char *string,
                               struct numu_text *out) {
    return numu_text_copy(arena, numu_text_of(string), out);
}

static numu_status fill_row(struct numu_plan_stress *table, numu_row row, struct numu_text label,
                            const struct outcome *outcome, struct numu_arena *arena) {
    table->label[row] = label;
    table->finish[row] = outcome->finish;
    table->on_time[row] = outcome->on_time;
    table->late[row] = outcome->late;
    table->unmet[row] = outcome->unmet;
    table->gap[row] = outcome->gap;
    table->unpaid[row] = outcome->unpaid;
    table->imports[row] = outcome->imports;
    table->without[row] = outcome->without;
    table->cost[row] = outcome->cost;
    NUMU_TRY(copy_string(arena, outcome->binds, &table->binds[row]));
    return copy_string(arena, outcome->name, &table->name[row]);
}

static numu_status fill_stress(const struct numu_stress_request *request,
                               const struct outcome *base, const struct outcome *outcomes,
                               struct numu_arena *arena, struct numu_plan *out) {
    NUMU_TRY(numu_plan_take(out, arena, NUMU_PLAN_TABLE(stress), request->count + 1));
    NUMU_TRY(fill_row(&out->stress, 0, NUMU_TEXT("base"), base, arena));
    for (numu_row row = 0; row < request->count; row++) {
        NUMU_TRY(fill_row(&out->stress, row + 1, request->cases[row].label, &outcomes[row], arena));
    }
    return NUMU_OK;
}

static numu_money saved(const struct outcome *outcome) {
    return outcome->without - outcome->imports; /* both are sums of far smaller rows */
}

/* How far a range moves what the industry saves, either way. */
static numu_money reach(const struct outcome *base, const struct outcome ends[2]) {
    numu_money low = llabs(saved(&ends[0]) - saved(base));
    numu_money high = llabs(saved(&ends[1]) - saved(base));
    return low > high ? low : high;
}

static int64_t reach_of_cost(const struct outcome *base, const struct outcome ends[2]) {
    numu_money low = llabs(ends[0].cost - base->cost);
    numu_money high = llabs(ends[1].cost - base->cost);
    return low > high ? low : high;
}

static bool moves_more(const struct outcome *base, const struct outcome *outcomes, size_t a,
                       size_t b) {
    numu_money left = reach(base, outcomes + 2 * a);
    numu_money right = reach(base, outcomes + 2 * b);
    return left != right
               ? left > right
               : reach_of_cost(base, outcomes + 2 * a) > reach_of_cost(base, outcomes + 2 * b);
}

/* Greatest first; `outcomes` holds the low and the high end of each range. */
static numu_status fill_swings(const struct numu_stress_range *ranges, size_t count,
                               const struct outcome *base, const struct outcome *outcomes,
                               struct numu_arena *arena, struct numu_plan *out) {
    struct numu_plan_swing *table = &out->swing;
    size_t order[NUMU_STRESS_RANGES];
    NUMU_TRY(numu_plan_take(out, arena, NUMU_PLAN_TABLE(swing), count));
    for (size_t i = 0; i < count; i++) {
        size_t to = i;
        for (; to > 0 && moves_more(base, outcomes, i, order[to - 1]); to--) {
            order[to] = order[to - 1];
        }
        order[to] = i;
    }
    for (numu_row row = 0; row < count; row++) {
        const struct numu_stress_range *range = &ranges[order[row]];
        const struct outcome *ends = outcomes + 2 * order[row];
        bool is_good = saved(base) > 0;
        table->table[row] = numu_text_of(range->table->name);
        table->id[row] = range->id;
        table->column[row] = numu_text_of(range->column->name);
        table->rows[row] = range->count;
        table->spread[row] = range->spread;
        table->saved_low[row] = saved(&ends[0]);
        table->saved_high[row] = saved(&ends[1]);
        table->cost_low[row] = ends[0].cost;
        table->cost_high[row] = ends[1].cost;
        table->on_time_low[row] = ends[0].on_time;
        table->on_time_high[row] = ends[1].on_time;
        table->reverses[row] = (saved(&ends[0]) > 0) != is_good || (saved(&ends[1]) > 0) != is_good
                                   ? NUMU_BOOLEAN_TRUE
                                   : NUMU_BOOLEAN_FALSE;
    }
    return NUMU_OK;
}

/* --- the whole --- */

/* The cases asked for, then the low and the high end of each range. */
static numu_status list_cases(const struct numu_stress_request *request,
                              const struct numu_stress_range *ranges, size_t range_count,
                              struct numu_arena *arena, struct numu_stress_case **out) {
    NUMU_TRY(NUMU_TAKE(arena, out, request->count + 2 * range_count));
    for (size_t i = 0; i < request->count; i++) {
        (*out)[i] = request->cases[i];
    }
    for (size_t i = 0; i < 2 * range_count; i++) {
        const struct numu_stress_range *range = &ranges[i / 2];
        (*out)[request->count + i] = (struct numu_stress_case){
            .kind = NUMU_STRESS_RANGE,
            .range = range,
            .factor = NUMU_DECIMAL_ONE + (i % 2 == 0 ? -range->spread : range->spread)};
    }
    return NUMU_OK;
}

static numu_status run_all(const struct numu_context *context, struct runs *runs, size_t count,
                           struct numu_arena *arena, struct numu_report *report) {
    NUMU_TRY(NUMU_TAKE(arena, &runs->outcome, count));
    NUMU_TRY(NUMU_TAKE(arena, &runs->reports, count));
    for (size_t i = 0; i < count; i++) {
        numu_report_init(&runs->reports[i], context->heap, 0);
    }
    numu_context_progress(context, "cases", -1);
    numu_status status = numu_parallel_for(context, count, run_case, runs);
    for (size_t i = 0; i < count; i++) {
        size_t found = 0;
        const struct numu_diagnostic *list = numu_report_list(&runs->reports[i], &found);
        for (size_t k = 0; k < found && status == NUMU_INVALID; k++) {
            numu_report_add(report, &list[k]);
        }
        numu_report_release(&runs->reports[i]);
    }
    return status;
}

/* The cases beside a plan and what it comes to. */
static numu_status run_beside(const struct numu_context *context, const struct numu_model *model,
                              const struct numu_plan_options *options,
                              const struct numu_stress_request *request,
                              const struct numu_plan *plan, const struct outcome *base,
                              struct numu_arena *arena, struct numu_report *report,
                              struct numu_plan *out) {
    struct numu_stress_range *ranges = NULL;
    struct numu_stress_case *cases;
    size_t range_count = 0;
    if (request->moves_evidence) {
        NUMU_TRY(
            numu_app_stress_ranges(model, plan, arena, NUMU_STRESS_RANGES, &ranges, &range_count));
    }
    NUMU_TRY(list_cases(request, ranges, range_count, arena, &cases));
    struct runs runs = {.context = context, .model = model, .cases = cases, .options = options};
    NUMU_TRY(run_all(context, &runs, request->count + 2 * range_count, arena, report));
    NUMU_TRY(fill_stress(request, base, runs.outcome, arena, out));
    return fill_swings(ranges, range_count, base, runs.outcome + request->count, arena, out);
}

static numu_day last_day_of(const struct numu_plan *plan) {
    numu_day last = NUMU_NO_DAY;
    for (numu_row row = 0; row < plan->activity.head.count; row++) {
        numu_day day = plan->activity.confident_finish[row];
        last = day > last ? day : last; /* no day is before all others */
    }
    return last;
}

numu_status numu_app_stress_beside(const struct numu_context *context,
                                   const struct numu_model *model,
                                   const struct numu_plan_options *options,
                                   const struct numu_stress_request *request,
                                   struct numu_arena *arena, struct numu_report *report,
                                   struct numu_plan *plan) {
    struct numu_plan_options plain = *options;
    struct outcome base = {.finish = last_day_of(plan)};
    plain.confirms = false;
    plain.mps = NULL;
    NUMU_TRY(sum_up(model, plan, &base));
    return run_beside(context, model, &plain, request, plan, &base, arena, report, plan);
}

numu_status numu_app_stress(const struct numu_context *context, struct numu_model *model,
                            const struct numu_stress_request *request, struct numu_arena *arena,
                            struct numu_report *report, struct numu_plan *out) {
    const struct numu_rules_place place = {.folder = request->rules_folder,
                                           .sources = &model->sources,
                                           .arena = arena,
                                           .report = report};
    struct numu_lawful lawful; /* once for all cases */
    struct outcome base = {.finish = NUMU_NO_DAY};
    struct change change;
    struct numu_plan plan;
    NUMU_TRY(numu_law_read(context, model, NULL, &place, arena, &lawful));
    const struct numu_plan_options options = {.law = lawful.law};
    numu_context_progress(context, "plan", -1);
    NUMU_TRY(change_init(&change, &lawful.model, arena));
    NUMU_TRY(plan_case(context, &change, NULL, &options, report, &plan, &base));
    *out = (struct numu_plan){.currency = model->currency};
    return run_beside(context, &lawful.model, &options, request, &plan, &base, arena, report, out);
}
