/*
 * stress_range.c - which weak figures to move: those that rest on assumption, have a range, and
 * account for the most money in the plan.
 *
 * money × spread is what moving the figure would change if the plan stayed as it is: an estimate of
 * the first order, by which ranges are chosen before each is planned again.
 */
#include "app/stress.h"

#include <math.h>

/* The figures that the spread of a table's rows is of. */
enum figure {
    OF_PROCESS,
    OF_ACTIVITY,
    OF_DEMAND,
    OF_BUDGET,
    OF_RESOURCE,
    OF_SKILL,
    OF_LIMIT,
    OF_AGREEMENT,
    OF_RATE,
    OF_UPKEEP,
    OF_COURSE,
    OF_ROUTE,
    FIGURES
};

static const struct {
    const char *table, *column;
} figures[FIGURES] = {[OF_PROCESS] = {"process", "unit_cost"},
                      [OF_ACTIVITY] = {"activity", "cost"},
                      [OF_DEMAND] = {"demand", "quantity"},
                      [OF_BUDGET] = {"budget", "amount"},
                      [OF_RESOURCE] = {"resource", "fixed_cost_month"},
                      [OF_SKILL] = {"skill", "wage_month"},
                      [OF_LIMIT] = {"limit", "neq_kg"},
                      [OF_AGREEMENT] = {"agreement", "value"},
                      [OF_RATE] = {"rate", "per_unit"},
                      [OF_UPKEEP] = {"upkeep", "cost_month"},
                      [OF_COURSE] = {"course", "cost_class"},
                      [OF_ROUTE] = {"route", "cost_kg"}};

struct search {
    const struct numu_model *model;
    const struct numu_plan *plan;
    struct numu_arena *arena;
    struct numu_buffer ranges; /* of struct numu_stress_range */
};

static double money(const struct numu_plan *plan, numu_money amount) {
    return amount == NUMU_NO_NUMBER
               ? 0
               : numu_number_to_double(amount, numu_currency_decimals(plan->currency));
}

/* Money of the rows that are named so. */
static double sum_named(const struct numu_plan *plan, const struct numu_text *names,
                        const numu_money *amounts, numu_row count, struct numu_text name) {
    double sum = 0;
    for (numu_row row = 0; row < count; row++) {
        sum += numu_text_is_equal(names[row], name) ? money(plan, amounts[row]) : 0;
    }
    return sum;
}

static double of_process(const struct numu_plan *plan, struct numu_text id) {
    return sum_named(plan, plan->production.process, plan->production.cost,
                     plan->production.head.count, id);
}

static double of_activity(const struct numu_plan *plan, struct numu_text id) {
    return sum_named(plan, plan->activity.id, plan->activity.cost, plan->activity.head.count, id);
}

static double of_shipments(const struct numu_plan *plan, struct numu_text from,
                           struct numu_text to) {
    const struct numu_plan_shipment *table = &plan->shipment;
    double sum = 0;
    for (numu_row row = 0; row < table->head.count; row++) {
        bool is_it =
            numu_text_is_equal(table->from[row], from) && numu_text_is_equal(table->to[row], to);
        sum += is_it ? money(plan, table->cost[row]) : 0;
    }
    return sum;
}

static double open_months(const struct numu_plan *plan, struct numu_text resource) {
    const struct numu_plan_hours *table = &plan->hours;
    double months = 0;
    for (numu_row row = 0; row < table->head.count; row++) {
        months += numu_text_is_equal(table->resource[row], resource) && table->capacity[row] > 0;
    }
    return months;
}

/*
 * What waiting for it costs: value × months late that a reason lays to the storehouse, at the
 * monthly discount rate.
 */
static double of_limit(const struct search *search, struct numu_text storehouse) {
    double rate =
        numu_number_to_double(search->model->package.discount_rate[0], NUMU_DECIMAL_DECIMALS) / 12;
    const struct numu_plan_reason *reason = &search->plan->reason;
    double sum = 0;
    for (numu_row row = 0; row < reason->head.count; row++) {
        bool is_it = numu_text_is_equal(reason->name[row], storehouse) &&
                     numu_text_is(reason->subject[row], "demand");
        sum += is_it && isfinite(reason->share[row]) ? reason->share[row] * rate : 0;
    }
    return sum;
}

static double of_demand(const struct search *search, numu_row row) {
    const struct numu_model *model = search->model;
    const struct numu_table_demand *table = &model->demand;
    numu_row item = table->item[row];
    bool has_value = table->unit_value[row] != NUMU_NO_NUMBER;
    numu_price price = has_value ? table->unit_value[row] : model->item.standard_cost[item];
    numu_currency currency = has_value ? table->currency[row] : model->item.currency[item];
    double value = price == NUMU_NO_NUMBER ? 0
                                           : numu_model_price_value(model, price, currency,
                                                                    numu_model_start_month(model));
    return value * numu_number_to_double(table->quantity[row], NUMU_QUANTITY_DECIMALS);
}

/* What is bought in a currency. */
static double of_rate(const struct search *search, numu_row rate) {
    const struct numu_model *model = search->model;
    double sum = 0;
    for (numu_row row = 0; row < model->process.head.count; row++) {
        if (model->process.currency[row] == model->rate.currency[rate]) {
            sum += of_process(search->plan, model->process.id[row]);
        }
    }
    for (numu_row row = 0; row < model->activity.head.count; row++) {
        if (model->activity.currency[row] == model->rate.currency[rate]) {
            sum += of_activity(search->plan, model->activity.id[row]);
        }
    }
    return sum;
}

static double at_start(const struct numu_model *model, numu_money amount, numu_currency currency) {
    return amount == NUMU_NO_NUMBER
               ? 0
               : numu_model_money_value(model, amount, currency, numu_model_start_month(model));
}

/* Money that a row accounts for; of a fund what it lacks, for more is worth nothing to others. */
static double weigh(const struct search *search, enum figure figure, numu_row row) {
    const struct numu_model *model = search->model;
    const struct numu_plan *plan = search->plan;
    switch (figure) {
    case OF_PROCESS:
        return of_process(plan, model->process.id[row]);
    case OF_ACTIVITY:
        return of_activity(plan, model->activity.id[row]);
    case OF_DEMAND:
        return of_demand(search, row);
    case OF_BUDGET:
        return sum_named(plan, plan->purse.fund, plan->purse.gap, plan->purse.head.count,
                         model->fund.id[model->budget.fund[row]]) /
               (double)numu_model_months(model);
    case OF_RESOURCE:
        return open_months(plan, model->resource.id[row]) *
               at_start(model, model->resource.fixed_cost_month[row],
                        model->resource.currency[row]);
    case OF_SKILL:
        return sum_named(plan, plan->people.skill, plan->people.wage, plan->people.head.count,
                         model->skill.id[row]);
    case OF_LIMIT:
        return of_limit(search, model->storehouse.id[model->limit.storehouse[row]]);
    case OF_AGREEMENT:
        return at_start(model, model->agreement.value[row], model->agreement.currency[row]);
    case OF_RATE:
        return of_rate(search, row);
    case OF_UPKEEP:
        return sum_named(plan, plan->upkeep.resource, plan->upkeep.due, plan->upkeep.head.count,
                         model->resource.id[model->upkeep.resource[row]]);
    case OF_COURSE:
        return sum_named(plan, plan->class.course, plan->class.cost, plan->class.head.count,
                         model->course.id[row]);
    case OF_ROUTE:
        return of_shipments(plan, model->site.id[model->route.from[row]],
                            model->site.id[model->route.to[row]]);
    case FIGURES:
        break;
    }
    return 0;
}

/* What a row is called, and with which others it moves: those called the same. */
static numu_status name_of(const struct search *search, enum figure figure, numu_row row,
                           struct numu_text *out) {
    const struct numu_model *model = search->model;
    struct numu_text first;
    struct numu_text second;
    switch (figure) {
    case OF_DEMAND:
        first = model->customer.id[model->demand.customer[row]];
        second = model->item.id[model->demand.item[row]];
        break;
    case OF_BUDGET:
        *out = model->fund.id[model->budget.fund[row]];
        return NUMU_OK;
    case OF_LIMIT:
        *out = model->storehouse.id[model->limit.storehouse[row]];
        return NUMU_OK;
    case OF_RATE:
        *out = numu_text_of(numu_currency_code(model->rate.currency[row]));
        return NUMU_OK;
    case OF_UPKEEP:
        *out = model->resource.id[model->upkeep.resource[row]];
        return NUMU_OK;
    case OF_ROUTE:
        first = model->site.id[model->route.from[row]];
        second = model->site.id[model->route.to[row]];
        break;
    default:
        *out = numu_model_id(model, numu_schema_find(numu_text_of(figures[figure].table)), row);
        return NUMU_OK;
    }
    return numu_text_printf(search->arena, out, "%.*s/%.*s", (int)first.length, first.data,
                            (int)second.length, second.data);
}

static bool is_weak(const struct numu_table_head *head, numu_row row) {
    return head->evidence.basis != NULL && head->evidence.spread != NULL &&
           head->evidence.basis[row] == numu_basis_assumption &&
           head->evidence.spread[row] != NUMU_NO_NUMBER && head->evidence.spread[row] > 0 &&
           head->evidence.spread[row] < NUMU_DECIMAL_ONE;
}

static bool is_heavier(const struct numu_stress_range *a, const struct numu_stress_range *b) {
    return a->weight * (double)a->spread > b->weight * (double)b->spread;
}

/* Adds a weak row to the range of its name, or begins one. */
static numu_status add_row(struct search *search, enum figure figure, numu_row row, size_t first,
                           numu_row *next) {
    const struct numu_table_descriptor *table =
        numu_schema_find(numu_text_of(figures[figure].table));
    const struct numu_table_head *head = numu_model_head_of(search->model, table);
    struct numu_text name;
    NUMU_TRY(name_of(search, figure, row, &name));
    struct numu_stress_range *ranges = (struct numu_stress_range *)(void *)search->ranges.data;
    size_t count = search->ranges.length / sizeof *ranges;
    size_t at = first;
    while (at < count && !numu_text_is_equal(ranges[at].id, name)) {
        at++;
    }
    if (at == count) {
        struct numu_stress_range range = {
            .table = table,
            .column = numu_column_find(table, numu_text_of(figures[figure].column)),
            .spread = head->evidence.spread[row],
            .id = name};
        NUMU_TRY(numu_buffer_append(&search->ranges, &range, sizeof range));
        ranges = (struct numu_stress_range *)(void *)search->ranges.data;
    }
    numu_decimal spread = head->evidence.spread[row];
    ranges[at].spread = spread < ranges[at].spread ? spread : ranges[at].spread;
    ranges[at].weight += weigh(search, figure, row);
    ranges[at].count++;
    next[row] = (numu_row)at;
    return NUMU_OK;
}

static numu_status add_figure(struct search *search, enum figure figure) {
    const struct numu_table_descriptor *table =
        numu_schema_find(numu_text_of(figures[figure].table));
    const struct numu_table_head *head = numu_model_head_of(search->model, table);
    size_t first = search->ranges.length / sizeof(struct numu_stress_range);
    numu_row *range_of;
    NUMU_TRY(NUMU_TAKE(search->arena, &range_of, head->count));
    for (numu_row row = 0; row < head->count; row++) {
        range_of[row] = NUMU_NONE;
        if (is_weak(head, row)) {
            NUMU_TRY(add_row(search, figure, row, first, range_of));
        }
    }
    struct numu_stress_range *ranges = (struct numu_stress_range *)(void *)search->ranges.data;
    size_t count = search->ranges.length / sizeof *ranges;
    for (size_t at = first; at < count; at++) {
        numu_row *rows;
        numu_row found = 0;
        NUMU_TRY(NUMU_TAKE(search->arena, &rows, ranges[at].count));
        for (numu_row row = 0; row < head->count; row++) {
            if (range_of[row] == at) {
                rows[found++] = row;
            }
        }
        ranges[at].rows = rows;
    }
    return NUMU_OK;
}

static numu_status pick(struct search *search, size_t count_max, struct numu_stress_range **out,
                        size_t *out_count) {
    const struct numu_stress_range *ranges =
        (const struct numu_stress_range *)(const void *)search->ranges.data;
    size_t all = search->ranges.length / sizeof *ranges;
    size_t count = 0;
    NUMU_TRY(NUMU_TAKE(search->arena, out, count_max + 1));
    for (size_t i = 0; i < all; i++) {
        if (ranges[i].weight <= 0) {
            continue;
        }
        size_t to = count;
        for (; to > 0 && is_heavier(&ranges[i], &(*out)[to - 1]); to--) {
            (*out)[to] = (*out)[to - 1];
        }
        (*out)[to] = ranges[i];
        count += count < count_max;
    }
    *out_count = count;
    return NUMU_OK;
}

numu_status numu_app_stress_ranges(const struct numu_model *model, const struct numu_plan *plan,
                                   struct numu_arena *arena, size_t count_max,
                                   struct numu_stress_range **out, size_t *out_count) {
    struct search search = {.model = model, .plan = plan, .arena = arena};
    numu_status status = NUMU_OK;
    numu_buffer_init(&search.ranges, arena->heap, 0);
    for (unsigned i = 0; status == NUMU_OK && i < FIGURES; i++) {
        status = add_figure(&search, (enum figure)i);
    }
    if (status == NUMU_OK) {
        status = pick(&search, count_max, out, out_count);
    }
    numu_buffer_release(&search.ranges);
    return status;
}
