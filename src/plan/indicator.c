/*
 * indicator.c - the frame of the indicators: names, months, rows; and demand.
 */
#include "plan/indicator_parts.h"

#include <string.h>

enum { WORTHS_MAX = 4000000, SITES_MAX = 1000, PROCESSES_MAX = 20000 };

static const struct numu_indicator_words definitions[numu_indicator_count] = {
#define NUMU_INDICATOR(name, unit, formula, source) {#name, #unit, formula, source},
#include "plan/indicators.def"
#undef NUMU_INDICATOR
};

const char *numu_indicator_name(numu_indicator indicator) {
    return definitions[indicator].name;
}

struct numu_indicator_words numu_indicator_words(numu_indicator indicator) {
    return definitions[indicator < numu_indicator_count ? indicator : 0];
}

numu_status numu_indicator_add(struct numu_indicators *in, struct numu_indicator_row row) {
    if (row.why[0] != '\0' || !isfinite(row.value)) {
        row.value = NAN;
        row.why = row.why[0] == '\0' ? "no_price" : row.why;
    }
    return numu_buffer_append(&in->rows, &row, sizeof row);
}

static int32_t year_of(numu_month month) {
    return numu_day_date(numu_month_first_day(month)).year;
}

uint32_t numu_indicator_year(const struct numu_indicators *in, uint32_t t) {
    return (uint32_t)(year_of(in->start + (numu_month)t) - in->first_year);
}

/* --- what all of them look up --- */

static void ignore(void *data, numu_row row, numu_row first) {
    (void)data;
    (void)row;
    (void)first;
}

static numu_status build_maps(struct numu_indicators *in) {
    const struct numu_model *model = in->model;
    const struct {
        struct numu_map *map;
        const struct numu_text *ids;
        numu_row count;
    } maps[] = {{&in->process, model->process.id, model->process.head.count},
                {&in->item, model->item.id, model->item.head.count},
                {&in->site, model->site.id, model->site.head.count},
                {&in->resource, model->resource.id, model->resource.head.count},
                {&in->skill, model->skill.id, model->skill.head.count},
                {&in->course, model->course.id, model->course.head.count},
                {&in->storehouse, model->storehouse.id, model->storehouse.head.count},
                {&in->demand, model->demand.id, model->demand.head.count},
                {&in->activity, model->activity.id, model->activity.head.count},
                {&in->fund, model->fund.id, model->fund.head.count},
                {&in->partner, model->partner.id, model->partner.head.count}};
    for (size_t i = 0; i < sizeof maps / sizeof maps[0]; i++) {
        NUMU_TRY(
            numu_map_build(maps[i].map, &in->scratch, maps[i].ids, maps[i].count, ignore, NULL));
        NUMU_TRY(numu_map_index(maps[i].map, &in->scratch));
    }
    return NUMU_OK;
}

static numu_status sum_production(struct numu_indicators *in) {
    const struct numu_plan_production *table = &in->plan->production;
    NUMU_TRY(
        NUMU_TAKE(&in->scratch, &in->made, (size_t)in->model->process.head.count * in->months));
    for (numu_row row = 0; row < table->head.count; row++) {
        numu_row process = numu_map_find(&in->process, table->process[row]);
        uint32_t t = numu_indicator_month(in, table->month[row]);
        if (process != NUMU_NONE && t < in->months) {
            in->made[(size_t)process * in->months + t] +=
                numu_indicator_quantity(table->quantity[row]);
        }
    }
    return NUMU_OK;
}

static numu_status count_open_months(struct numu_indicators *in) {
    const struct numu_plan_hours *table = &in->plan->hours;
    NUMU_TRY(NUMU_TAKE(&in->scratch, &in->open, in->model->resource.head.count));
    for (numu_row row = 0; row < table->head.count; row++) {
        numu_row resource = numu_map_find(&in->resource, table->resource[row]);
        bool has_hours = table->capacity[row] != NUMU_NO_NUMBER && table->capacity[row] > 0;
        if (resource != NUMU_NONE && has_hours) {
            in->open[resource]++;
        }
    }
    return NUMU_OK;
}

/* The day on which an activity is over, as the plan reads it; NUMU_NO_DAY where it is not told. */
static numu_day finish_of(const struct numu_indicators *in, const numu_row *plan_row,
                          numu_row activity) {
    const struct numu_plan_activity *table = &in->plan->activity;
    numu_row row = plan_row[activity];
    if (row == NUMU_NONE) {
        return NUMU_NO_DAY;
    }
    return table->confident_finish[row] != NUMU_NO_DAY ? table->confident_finish[row]
                                                       : table->finish[row];
}

/* The month after that of a day which is the last before something opens; `least` at the least. */
static numu_month month_after(numu_day day, numu_month least) {
    numu_month month = day == NUMU_NO_DAY ? least : numu_day_month(day) + 1;
    return month > least ? month : least;
}

/*
 * Whether what opens on a day, or after an activity, and closes on another has no whole month
 * (docs/adr/0033-days-in-months.md).
 */
static bool is_never_open(const struct numu_indicators *in, const numu_row *plan_row,
                          numu_day opens, numu_row opened_by, numu_day closes) {
    numu_month end = in->start + (numu_month)in->months;
    numu_day finish = opened_by == NUMU_NONE ? NUMU_NO_DAY : finish_of(in, plan_row, opened_by);
    numu_month first = month_after(opens == NUMU_NO_DAY ? opens : opens - 1, in->start);
    first = month_after(finish, first);
    if (closes != NUMU_NO_DAY && numu_day_month(closes + 1) < end) {
        end = numu_day_month(closes + 1);
    }
    return first >= end;
}

static numu_status find_usable(struct numu_indicators *in) {
    const struct numu_model *model = in->model;
    const struct numu_plan_forbidden *forbidden = &in->plan->forbidden;
    numu_row *plan_row;
    numu_row processes = model->process.head.count;
    NUMU_TRY(NUMU_TAKE(&in->scratch, &in->is_usable, processes));
    NUMU_TRY(NUMU_TAKE(&in->scratch, &plan_row, model->activity.head.count));
    memset(plan_row, 0xff, model->activity.head.count * sizeof *plan_row); /* NUMU_NONE */
    for (numu_row row = 0; row < in->plan->activity.head.count; row++) {
        numu_row activity = numu_map_find(&in->activity, in->plan->activity.id[row]);
        if (activity != NUMU_NONE) {
            plan_row[activity] = row;
        }
    }
    for (numu_row row = 0; row < processes; row++) {
        in->is_usable[row] =
            !is_never_open(in, plan_row, model->process.opens[row], model->process.opened_by[row],
                           model->process.closes[row]);
    }
    for (numu_row row = 0; row < model->operation.head.count; row++) {
        numu_row on = model->operation.resource[row];
        if (is_never_open(in, plan_row, model->resource.opens[on], model->resource.opened_by[on],
                          model->resource.closes[on])) {
            in->is_usable[model->operation.process[row]] = false;
        }
    }
    for (numu_row row = 0; row < forbidden->head.count; row++) {
        numu_row process = numu_map_find(&in->process, forbidden->process[row]);
        bool is_throughout = (forbidden->starts[row] == NUMU_NO_DAY ||
                              numu_day_month(forbidden->starts[row]) <= in->start) &&
                             forbidden->ends[row] == NUMU_NO_DAY;
        if (process != NUMU_NONE && is_throughout) {
            in->is_usable[process] = false;
        }
    }
    return NUMU_OK;
}

static numu_status prepare(struct numu_indicators *in) {
    const struct numu_model *model = in->model;
    in->start = numu_model_start_month(model);
    in->months = (uint32_t)numu_model_months(model);
    in->first_year = year_of(in->start);
    in->years = (uint32_t)(year_of(in->start + (numu_month)in->months - 1) - in->first_year + 1);
    in->is_too_large = model->site.head.count > SITES_MAX ||
                       model->process.head.count > PROCESSES_MAX ||
                       (uint64_t)model->item.head.count * model->site.head.count > WORTHS_MAX ||
                       (uint64_t)model->process.head.count * in->months > 4 * (uint64_t)WORTHS_MAX;
    NUMU_TRY(build_maps(in));
    NUMU_TRY(count_open_months(in));
    NUMU_TRY(find_usable(in));
    if (in->is_too_large) {
        return NUMU_OK;
    }
    NUMU_TRY(sum_production(in));
    return numu_indicators_build_worth(in);
}

/* --- demand --- */

struct tally {
    double all, on_time;
};

static void count(struct tally *tally, bool is_on_time) {
    tally->all++;
    tally->on_time += is_on_time;
}

static numu_status add_tallies(struct numu_indicators *in, const char *subject,
                               const struct tally *tallies, const struct numu_text *names,
                               uint32_t names_count) {
    for (uint32_t i = 0; i < names_count; i++) {
        struct numu_indicator_row row =
            numu_indicator_of_one(numu_indicator_on_time_in_full, subject, names[i]);
        numu_indicator_ratio(&row, tallies[i].on_time, tallies[i].all, "no_demand");
        if (tallies[i].all > 0) {
            NUMU_TRY(numu_indicator_add(in, row));
        }
    }
    return NUMU_OK;
}

static numu_status of_demand(struct numu_indicators *in) {
    const struct numu_model *model = in->model;
    const struct numu_plan_demand *table = &in->plan->demand;
    struct tally all = {0};
    struct tally family[numu_family_count] = {{0}};
    struct numu_text families[numu_family_count];
    struct tally *customer;
    NUMU_TRY(NUMU_TAKE(&in->scratch, &customer, model->customer.head.count));
    for (numu_row row = 0; row < table->head.count; row++) {
        numu_row demand = numu_map_find(&in->demand, table->id[row]);
        bool is_on_time = numu_indicator_quantity(table->late[row]) <= 0 &&
                          numu_indicator_quantity(table->unmet[row]) <= 0;
        count(&all, is_on_time);
        if (demand != NUMU_NONE) {
            count(&family[model->item.family[model->demand.item[demand]]], is_on_time);
            count(&customer[model->demand.customer[demand]], is_on_time);
        }
    }
    for (unsigned i = 0; i < numu_family_count; i++) {
        families[i] = i == 0 ? NUMU_TEXT("") : numu_text_of(numu_names_of_family[i - 1]);
    }
    struct numu_indicator_row row = numu_indicator_of(numu_indicator_on_time_in_full);
    numu_indicator_ratio(&row, all.on_time, all.all, "no_demand");
    NUMU_TRY(numu_indicator_add(in, row));
    NUMU_TRY(add_tallies(in, "family", family, families, numu_family_count));
    return add_tallies(in, "customer", customer, model->customer.id, model->customer.head.count);
}

/* --- the tables --- */

static numu_status fill_definitions(struct numu_plan *plan, struct numu_arena *arena) {
    NUMU_TRY(numu_plan_take(plan, arena, NUMU_PLAN_TABLE(definition), numu_indicator_count));
    for (numu_row row = 0; row < numu_indicator_count; row++) {
        plan->definition.indicator[row] = numu_text_of(definitions[row].name);
        plan->definition.unit[row] = numu_text_of(definitions[row].unit);
        plan->definition.formula[row] = numu_text_of(definitions[row].formula);
        plan->definition.source[row] = numu_text_of(definitions[row].source);
    }
    return NUMU_OK;
}

/* Rows of one indicator after the other, in the order of their definitions. */
static numu_status fill_rows(const struct numu_indicators *in, struct numu_arena *arena) {
    size_t row_count = in->rows.length / sizeof(struct numu_indicator_row);
    const struct numu_indicator_row *rows =
        (const struct numu_indicator_row *)(const void *)in->rows.data;
    struct numu_plan_indicator *table = &in->plan->indicator;
    NUMU_TRY(numu_plan_take(in->plan, arena, NUMU_PLAN_TABLE(indicator), row_count));
    numu_row at = 0;
    for (unsigned indicator = 0; indicator < numu_indicator_count; indicator++) {
        for (size_t i = 0; i < row_count; i++) {
            if (rows[i].indicator == indicator) {
                table->indicator[at] = numu_text_of(definitions[indicator].name);
                table->subject[at] = numu_text_of(rows[i].subject);
                table->id[at] = rows[i].id;
                table->year[at] = rows[i].year;
                table->month[at] = rows[i].month;
                table->value[at] = rows[i].value;
                table->why_not[at++] = numu_text_of(rows[i].why);
            }
        }
    }
    return NUMU_OK;
}

/* [N1] */
static numu_status say_what_is_missing(struct numu_indicators *in) {
    bool is_there[numu_indicator_count] = {false};
    size_t row_count = in->rows.length / sizeof(struct numu_indicator_row);
    const struct numu_indicator_row *rows =
        (const struct numu_indicator_row *)(const void *)in->rows.data;
    for (size_t i = 0; i < row_count; i++) {
        is_there[rows[i].indicator] = true;
    }
    for (unsigned indicator = 0; indicator < numu_indicator_count; indicator++) {
        if (!is_there[indicator]) {
            struct numu_indicator_row row = numu_indicator_of((numu_indicator)indicator);
            row.why = in->is_too_large                               ? "too_large"
                      : indicator == numu_indicator_expatriate_ratio ? "not_marked"
                                                                     : "nothing";
            NUMU_TRY(numu_indicator_add(in, row));
        }
    }
    return NUMU_OK;
}

static numu_status build(struct numu_indicators *in, struct numu_arena *arena) {
    NUMU_TRY(prepare(in));
    NUMU_TRY(of_demand(in));
    NUMU_TRY(numu_indicators_of_money(in));
    NUMU_TRY(numu_indicators_of_means(in));
    if (!in->is_too_large) {
        NUMU_TRY(numu_indicators_of_cost(in));
        NUMU_TRY(numu_indicators_of_dependence(in));
    }
    NUMU_TRY(say_what_is_missing(in));
    NUMU_TRY(fill_definitions(in->plan, arena));
    return fill_rows(in, arena);
}

numu_status numu_indicators_build(const struct numu_context *context,
                                  const struct numu_model *model,
                                  const struct numu_calendars *calendars, struct numu_arena *arena,
                                  struct numu_plan *plan) {
    struct numu_indicators in = {.model = model, .calendars = calendars, .plan = plan};
    numu_arena_init(&in.scratch, context->heap);
    numu_buffer_init(&in.rows, context->heap, 0);
    numu_status status = build(&in, arena);
    numu_buffer_release(&in.rows);
    numu_arena_release(&in.scratch);
    return status;
}
