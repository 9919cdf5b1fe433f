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

numu_status numu_app_stress_case(const struct numu_model *model, numu_stress_sort sort,
                                 struct numu_text text, struct numu_stress_case *out) {
    struct numu_stress_case found = {.row = NUMU_NONE, .factor = NUMU_DECIMAL_ONE, .label = text};
    size_t equals = numu_text_find(text, NUMU_TEXT("="), 0);
    if ((equals == SIZE_MAX) != (sort == NUMU_STRESS_OF_WITHOUT)) {
        return NUMU_INVALID;
    }
    struct numu_text left = {text.data, equals == SIZE_MAX ? text.length : equals};
    struct numu_text right = {text.data + left.length + 1,
                              equals == SIZE_MAX ? 0 : text.length - equals - 1};
    switch (sort) {
    case NUMU_STRESS_OF_WITHOUT: {
        found.kind = NUMU_STRESS_WITHOUT_PARTNER;
        numu_status status = find_row(model, left, "partner", &found.row);
        if (status == NUMU_INVALID) {
            found.kind = NUMU_STRESS_WITHOUT_RESOURCE;
            status = find_row(model, left, "resource", &found.row);
        }
        NUMU_TRY(status);
        break;
    }
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

/* The resource, and what serves only it (model/serving.h). */
static numu_status drop_resource(struct change *change, numu_row resource) {
    struct numu_serving serving;
    NUMU_TRY(numu_serving_build(&change->model, &resource, 1, change->arena, &serving));
    change->dropped = serving.activity;
    change->closed = serving.process;
    change->removed = serving.resource;
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
        NUMU_TRY(drop_resource(change, stress->row));
        break;
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
    const struct numu_stress_case *cases;    /* of index 1 on; 0 is the base */
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

static numu_status plan_case(const struct numu_context *context, struct change *change,
                             const struct numu_plan_options *options, struct numu_report *report,
                             struct outcome *out) {
    struct numu_calendars calendars;
    struct numu_risk_outcome risk;
    struct numu_plan_result result;
    const struct numu_risk_request request = {.deadline = NUMU_NO_DAY, .skips_removal = true};
    struct numu_arena *arena = change->arena;
    NUMU_TRY(numu_calendars_build(&change->model, arena, &calendars));
    NUMU_TRY(numu_app_risk(context, &change->model, &request, arena, report, &risk));
    out->finish = drop_dates(change, &risk.confident);
    struct numu_plan plan = risk.plan;
    struct numu_plan_dates dates = {risk.confident.start, risk.confident.finish,
                                    risk.schedule.mode};
    NUMU_TRY(numu_master_plan(context, &change->model, &calendars, &dates, options, arena, report,
                              &plan, &result));
    sum_demand(&change->model, &plan, out);
    find_what_binds(&plan, out);
    return sum_money(&plan, out);
}

static numu_status run_case(void *data, size_t index, unsigned worker) {
    struct runs *runs = data;
    struct numu_arena arena;
    struct change change;
    struct numu_context context = *runs->context;
    context.threads = 1;
    context.progress = NULL;
    (void)worker;
    numu_arena_init(&arena, context.heap);
    numu_status status = change_init(&change, runs->model, &arena);
    if (status == NUMU_OK && index > 0) {
        status = apply(&change, &runs->cases[index - 1]);
    }
    if (status == NUMU_OK) {
        status = plan_case(&context, &change, runs->options, &runs->reports[index],
                           &runs->outcome[index]);
    }
    numu_arena_release(&arena);
    return status;
}

/* --- the table --- */

static numu_status copy_string(struct numu_arena *arena, const char *string,
                               struct numu_text *out) {
    return numu_text_copy(arena, numu_text_of(string), out);
}

static numu_status fill(const struct runs *runs, size_t count, struct numu_arena *arena,
                        struct numu_plan *out) {
    struct numu_plan_stress *table = &out->stress;
    NUMU_TRY(numu_plan_take(out, arena, NUMU_PLAN_TABLE(stress), count + 1));
    for (numu_row row = 0; row <= count; row++) {
        const struct outcome *outcome = &runs->outcome[row];
        table->label[row] = row == 0 ? NUMU_TEXT("base") : runs->cases[row - 1].label;
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
        NUMU_TRY(copy_string(arena, outcome->name, &table->name[row]));
    }
    return NUMU_OK;
}

numu_status numu_app_stress(const struct numu_context *context, struct numu_model *model,
                            const char *rules_folder, const struct numu_stress_case *cases,
                            size_t count, struct numu_arena *arena, struct numu_report *report,
                            struct numu_plan *out) {
    const struct numu_rules_place place = {
        .folder = rules_folder, .sources = &model->sources, .arena = arena, .report = report};
    struct numu_lawful lawful; /* once for all cases */
    NUMU_TRY(numu_law_read(context, model, NULL, &place, arena, &lawful));
    struct numu_plan_options options = {.law = lawful.law};
    struct runs runs = {
        .context = context, .model = &lawful.model, .cases = cases, .options = &options};
    NUMU_TRY(NUMU_TAKE(arena, &runs.outcome, count + 1));
    NUMU_TRY(NUMU_TAKE(arena, &runs.reports, count + 1));
    for (size_t i = 0; i <= count; i++) {
        numu_report_init(&runs.reports[i], context->heap, 0);
    }
    numu_context_progress(context, "plan", -1);
    numu_status status = numu_parallel_for(context, count + 1, run_case, &runs);
    for (size_t i = 0; i <= count; i++) {
        size_t found = 0;
        const struct numu_diagnostic *list = numu_report_list(&runs.reports[i], &found);
        for (size_t k = 0; k < found && status == NUMU_INVALID; k++) {
            numu_report_add(report, &list[k]);
        }
        numu_report_release(&runs.reports[i]);
    }
    NUMU_TRY(status);
    *out = (struct numu_plan){.currency = model->currency};
    return fill(&runs, count, arena, out);
}
