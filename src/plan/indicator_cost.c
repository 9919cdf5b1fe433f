/*
 * indicator_cost.c - what one unit costs, made here and bought abroad.
 *
 * The worth of an item at a site is the least of
 *     v(p) + mass × freight(site of p → site)        over processes p that yield it, with
 *     v(p) = unit_cost + royalty + labour + Σ input × worth of the input at the site of p.
 * Bills have no cycle, and freight is not negative, so that relaxing until nothing changes ends.
 * The part that goes abroad follows the way that is least.
 */
#include "plan/indicator_parts.h"

#include "model/abroad.h"
#include "model/serving.h"

/* Shares of nameplate that costs are told at. */
#define USE_LOW 0.40
#define USE_HIGH 0.85
/* A way is better only where it is so by more than rounding. */
#define LESS (1 - 1e-12)

/* --- ways --- */

static bool relax(double *best, double by) {
    bool is_less = by < *best * LESS;
    if (is_less) {
        *best = by;
    }
    return is_less;
}

static numu_status build_ways(struct numu_indicators *in) {
    const struct numu_table_route *route = &in->model->route;
    size_t sites = in->model->site.head.count;
    NUMU_TRY(NUMU_TAKE(&in->scratch, &in->ways.cost, sites * sites));
    NUMU_TRY(NUMU_TAKE(&in->scratch, &in->ways.days, sites * sites));
    for (size_t i = 0; i < sites * sites; i++) {
        in->ways.cost[i] = i / sites == i % sites ? 0 : INFINITY;
        in->ways.days[i] = in->ways.cost[i];
    }
    bool has_changed = true;
    while (has_changed) {
        has_changed = false;
        for (numu_row row = 0; row < route->head.count; row++) {
            double cost = numu_indicator_price(in, route->cost_kg[row], route->currency[row]);
            double days = numu_indicator_decimal(route->days[row]);
            for (size_t from = 0; from < sites; from++) {
                size_t near = from * sites + route->from[row];
                size_t far = from * sites + route->to[row];
                has_changed |= relax(&in->ways.cost[far], in->ways.cost[near] + cost);
                has_changed |= relax(&in->ways.days[far], in->ways.days[near] + days);
            }
        }
    }
    return NUMU_OK;
}

/* --- worth --- */

/* Wages of those who work one good unit. */
static void build_labour(const struct numu_indicators *in, double *labour) {
    const struct numu_model *model = in->model;
    const struct numu_table_operation *table = &model->operation;
    const struct numu_calendar *calendar = numu_calendar_get(in->calendars, model, NUMU_NONE);
    double mean = numu_indicator_decimal(numu_calendar_hours(
                      calendar, numu_month_first_day(in->start),
                      numu_month_first_day(in->start + (numu_month)in->months))) /
                  in->months;
    for (numu_row row = 0; row < table->head.count; row++) {
        numu_row skill = table->skill[row];
        if (skill != NUMU_NONE) {
            double hours = model->skill.hours_month[skill] == NUMU_NO_NUMBER
                               ? mean
                               : numu_indicator_decimal(model->skill.hours_month[skill]);
            double wage = numu_indicator_amount(in, model->skill.wage_month[skill],
                                                model->skill.currency[skill]);
            double people = numu_indicator_decimal(table->people[row]);
            labour[table->process[row]] +=
                hours > 0 ? numu_indicator_decimal(table->hours[row]) * people * wage / hours /
                                numu_indicator_decimal(model->process.yield[table->process[row]])
                          : 0;
        }
    }
}

/* What a process costs a good unit, but for its inputs. */
static struct numu_indicator_cost own_cost(const struct numu_indicators *in, const double *labour,
                                           numu_row row) {
    const struct numu_table_process *table = &in->model->process;
    double price = numu_indicator_price(in, table->unit_cost[row], table->currency[row]);
    double royalty = numu_indicator_price(in, table->royalty[row], table->currency[row]);
    struct numu_indicator_cost cost = {price + royalty + labour[row], 0};
    if (numu_process_is_foreign(in->model, row)) {
        cost.abroad = price + royalty;
    } else if (numu_partner_is_abroad(in->model, table->partner[row])) {
        cost.abroad = royalty;
    }
    return cost;
}

/* Adds the inputs of all processes to their own costs, at what they are worth by now. */
static void add_inputs(const struct numu_indicators *in, const struct numu_indicator_cost *own,
                       struct numu_indicator_cost *costs) {
    const struct numu_model *model = in->model;
    size_t sites = model->site.head.count;
    for (numu_row row = 0; row < model->process.head.count; row++) {
        costs[row] = own[row];
    }
    for (numu_row row = 0; row < model->input.head.count; row++) {
        numu_row process = model->input.process[row];
        size_t place = model->input.item[row] * sites + model->process.site[process];
        double each = numu_indicator_quantity(model->input.quantity[row]) *
                      (1 + numu_indicator_decimal(model->input.scrap[row])) /
                      numu_indicator_decimal(model->process.yield[process]);
        costs[process].all += each * in->worth.all[place];
        costs[process].abroad += isinf(in->worth.all[place]) ? 0 : each * in->worth.abroad[place];
    }
}

/* What processes yield, brought to every site, where that is the cheapest way there. */
static bool spread(struct numu_indicators *in, const struct numu_indicator_cost *costs) {
    const struct numu_model *model = in->model;
    size_t sites = model->site.head.count;
    bool has_changed = false;
    for (numu_row row = 0; row < model->process.head.count; row++) {
        numu_row item = model->process.item[row];
        double mass = numu_indicator_decimal(model->item.mass_kg[item]);
        bool is_foreign = numu_process_is_foreign(model, row);
        for (size_t site = 0; site < sites; site++) {
            double way = in->ways.cost[model->process.site[row] * sites + site];
            double all = isinf(way) ? INFINITY : costs[row].all + mass * way;
            size_t place = item * sites + site;
            if (relax(&in->worth.all[place], all)) {
                in->worth.abroad[place] = costs[row].abroad;
                has_changed = true;
            }
            if (is_foreign) {
                has_changed |= relax(&in->worth.landed[place], all);
            }
        }
    }
    return has_changed;
}

static numu_status find_costs(struct numu_indicators *in, struct numu_indicator_cost **out) {
    double *labour;
    struct numu_indicator_cost *own;
    numu_row processes = in->model->process.head.count;
    NUMU_TRY(NUMU_TAKE(&in->scratch, &labour, processes));
    NUMU_TRY(NUMU_TAKE(&in->scratch, &own, processes));
    NUMU_TRY(NUMU_TAKE(&in->scratch, out, processes));
    build_labour(in, labour);
    for (numu_row row = 0; row < processes; row++) {
        own[row] = own_cost(in, labour, row);
    }
    add_inputs(in, own, *out);
    /* A bill is no deeper than there are items. */
    for (numu_row round = 0; round <= in->model->item.head.count && spread(in, *out); round++) {
        add_inputs(in, own, *out);
    }
    return NUMU_OK;
}

/* --- lines --- */

static bool is_local(const struct numu_indicators *in, numu_row process) {
    uint8_t kind = in->model->process.kind[process];
    return kind == numu_process_kind_make || kind == numu_process_kind_assemble ||
           kind == numu_process_kind_repair;
}

/* Hours that all of a resource's units could run, a month. */
static double full_hours(const struct numu_indicators *in, numu_row resource) {
    const struct numu_table_resource *table = &in->model->resource;
    double units = numu_indicator_decimal(table->units[resource]);
    if (table->hours_month[resource] != NUMU_NO_NUMBER) {
        return units * numu_indicator_decimal(table->hours_month[resource]);
    }
    const struct numu_calendar *calendar =
        numu_calendar_get(in->calendars, in->model, table->calendar[resource]);
    return units *
           numu_indicator_decimal(
               numu_calendar_hours(calendar, numu_month_first_day(in->start),
                                   numu_month_first_day(in->start + (numu_month)in->months))) /
           in->months;
}

/* What a resource costs a month, open and kept up, used or not. */
static struct numu_indicator_cost fixed_cost(const struct numu_indicators *in, numu_row resource) {
    const struct numu_model *model = in->model;
    struct numu_indicator_cost cost = {
        numu_indicator_amount(in, model->resource.fixed_cost_month[resource],
                              model->resource.currency[resource]),
        0};
    for (numu_row row = 0; row < model->upkeep.head.count; row++) {
        if (model->upkeep.resource[row] == resource) {
            cost.all += numu_indicator_amount(in, model->upkeep.cost_month[row],
                                              model->upkeep.currency[row]);
            numu_row item = model->upkeep.item[row];
            double each = numu_indicator_quantity(model->upkeep.quantity_month[row]);
            if (item != NUMU_NONE && each > 0) {
                size_t place =
                    (size_t)item * model->site.head.count + model->resource.site[resource];
                cost.all += each * in->worth.all[place];
                cost.abroad += isinf(in->worth.all[place]) ? 0 : each * in->worth.abroad[place];
            }
        }
    }
    return cost;
}

/* The activities given, and all that come before them. */
static void mark_ancestors(const struct numu_indicators *in, bool *marks) {
    const struct numu_table_precedence *links = &in->model->precedence;
    bool has_changed = true;
    while (has_changed) {
        has_changed = false;
        for (numu_row row = links->head.count; row > 0; row--) {
            if (marks[links->after[row - 1]] && !marks[links->before[row - 1]]) {
                marks[links->before[row - 1]] = true;
                has_changed = true;
            }
        }
    }
}

/* An activity's cost as the plan has it, else as the package does. */
static double activity_cost(const struct numu_indicators *in, numu_row row) {
    const struct numu_plan_activity *table = &in->plan->activity;
    const struct numu_model *model = in->model;
    bool is_same = row < table->head.count &&
                   numu_text_is_equal(table->id[row], model->activity.id[row]) &&
                   table->cost[row] != NUMU_NO_NUMBER;
    return is_same ? numu_indicator_money(in, table->cost[row])
                   : numu_indicator_amount(in, model->activity.cost[row],
                                           model->activity.currency[row]);
}

static numu_status find_capital(struct numu_indicators *in, numu_row process, double *out) {
    const struct numu_model *model = in->model;
    struct numu_serving serving;
    numu_row *resources;
    bool *marks;
    size_t count = 0;
    struct numu_arena_mark mark = numu_arena_mark(&in->scratch);
    NUMU_TRY(NUMU_TAKE(&in->scratch, &resources, model->operation.head.count));
    NUMU_TRY(NUMU_TAKE(&in->scratch, &marks, model->activity.head.count));
    double sum = 0;
    if (model->process.opened_by[process] != NUMU_NONE) {
        marks[model->process.opened_by[process]] = true;
    }
    for (numu_row row = 0; row < model->operation.head.count; row++) {
        numu_row resource = model->operation.resource[row];
        bool is_new = model->operation.process[row] == process;
        for (size_t i = 0; i < count && is_new; i++) {
            is_new = resources[i] != resource;
        }
        if (is_new) {
            resources[count++] = resource;
            sum += numu_indicator_amount(in, model->resource.capital[resource],
                                         model->resource.currency[resource]);
            if (model->resource.opened_by[resource] != NUMU_NONE) {
                marks[model->resource.opened_by[resource]] = true;
            }
        }
    }
    NUMU_TRY(numu_serving_build(model, resources, count, &in->scratch, &serving));
    mark_ancestors(in, marks);
    for (numu_row row = 0; row < model->activity.head.count; row++) {
        sum += serving.activity[row] && marks[row] ? activity_cost(in, row) : 0;
    }
    numu_arena_rewind(&in->scratch, mark);
    *out = sum;
    return NUMU_OK;
}

/* A month's part of capital over a life: for ever where none is given. */
static double recovery(const struct numu_indicators *in, double capital, double life) {
    double rate =
        pow(1 + numu_indicator_decimal(in->model->package.discount_rate[0]), 1.0 / 12) - 1;
    if (life <= 0) {
        return capital * rate;
    }
    return rate > 0 ? capital * rate / (1 - pow(1 + rate, -life)) : capital / life;
}

/* Hours that all processes together take on each resource, over the horizon. */
static void sum_hours(const struct numu_indicators *in, double *made, double *hours) {
    const struct numu_table_operation *table = &in->model->operation;
    for (numu_row row = 0; row < in->model->process.head.count; row++) {
        for (uint32_t t = 0; t < in->months; t++) {
            made[row] += in->made[(size_t)row * in->months + t];
        }
    }
    for (numu_row row = 0; row < table->head.count; row++) {
        hours[table->resource[row]] +=
            numu_indicator_decimal(table->hours[row]) * made[table->process[row]] /
            numu_indicator_decimal(in->model->process.yield[table->process[row]]);
    }
}

/* The line of a process: what runs it, what it costs, how much it could make. */
static void add_operation(const struct numu_indicators *in, numu_row operation, const double *hours,
                          struct numu_indicator_line *line) {
    const struct numu_model *model = in->model;
    numu_row process = model->operation.process[operation];
    numu_row resource = model->operation.resource[operation];
    double each = numu_indicator_decimal(model->operation.hours[operation]) /
                  numu_indicator_decimal(model->process.yield[process]);
    double share = hours[resource] > 0 ? each * line->made / hours[resource] : 0;
    struct numu_indicator_cost fixed = fixed_cost(in, resource);
    line->fixed.all += fixed.all;
    line->fixed.abroad += fixed.abroad;
    line->fixed_spent += fixed.all * share * in->open[resource];
    double rate = each > 0 ? full_hours(in, resource) / each : INFINITY;
    if (rate < line->nameplate) {
        line->nameplate = rate;
        line->main = resource;
        line->main_share = share;
    }
}

static numu_status find_lines(struct numu_indicators *in, const struct numu_indicator_cost *costs) {
    const struct numu_model *model = in->model;
    numu_row processes = model->process.head.count;
    struct numu_indicator_line *lines;
    double *made;
    double *hours;
    NUMU_TRY(NUMU_TAKE(&in->scratch, &lines, processes));
    NUMU_TRY(NUMU_TAKE(&in->scratch, &made, processes));
    NUMU_TRY(NUMU_TAKE(&in->scratch, &hours, model->resource.head.count));
    sum_hours(in, made, hours);
    for (numu_row row = 0; row < processes; row++) {
        lines[row] = (struct numu_indicator_line){
            .variable = costs[row], .nameplate = INFINITY, .main = NUMU_NONE, .made = made[row]};
    }
    for (numu_row row = 0; row < model->operation.head.count; row++) {
        add_operation(in, row, hours, &lines[model->operation.process[row]]);
    }
    for (numu_row row = 0; row < processes; row++) {
        if (is_local(in, row) && lines[row].main != NUMU_NONE) {
            NUMU_TRY(find_capital(in, row, &lines[row].capital));
            double life = numu_indicator_decimal(model->resource.life_months[lines[row].main]);
            lines[row].capital_month = recovery(in, lines[row].capital, life);
        }
    }
    in->line = lines;
    return NUMU_OK;
}

numu_status numu_indicators_build_worth(struct numu_indicators *in) {
    size_t places = (size_t)in->model->item.head.count * in->model->site.head.count;
    struct numu_indicator_cost *costs;
    NUMU_TRY(NUMU_TAKE(&in->scratch, &in->worth.all, places));
    NUMU_TRY(NUMU_TAKE(&in->scratch, &in->worth.abroad, places));
    NUMU_TRY(NUMU_TAKE(&in->scratch, &in->worth.landed, places));
    for (size_t i = 0; i < places; i++) {
        in->worth.all[i] = INFINITY;
        in->worth.landed[i] = INFINITY;
    }
    NUMU_TRY(build_ways(in));
    NUMU_TRY(find_costs(in, &costs));
    return find_lines(in, costs);
}

/* Months that a resource lives: those of its life, or until it closes. */
static double life_of(const struct numu_indicators *in, numu_row resource) {
    const struct numu_table_resource *table = &in->model->resource;
    double life = numu_indicator_decimal(table->life_months[resource]);
    if (table->closes[resource] == NUMU_NO_DAY) {
        return life;
    }
    numu_month end = in->start + (numu_month)in->months;
    numu_month closed = numu_day_month(table->closes[resource] + 1);
    return fmin(life, in->open[resource] + (double)(closed - end));
}

/*
 * What a line is worth at the end of the horizon: its capital, straight-line over its life. Ways
 * that share a line count once, with the dearest of those in being.
 */
double numu_indicators_residual(const struct numu_indicators *in) {
    const struct numu_model *model = in->model;
    double sum = 0;
    for (numu_row row = 0; row < model->process.head.count; row++) {
        const struct numu_indicator_line *line = &in->line[row];
        bool is_dearest = line->main != NUMU_NONE && in->is_usable[row];
        for (numu_row other = 0; other < model->process.head.count && is_dearest; other++) {
            bool is_beside =
                other != row && in->line[other].main == line->main && in->is_usable[other];
            is_dearest = !is_beside || in->line[other].capital < line->capital ||
                         (!(in->line[other].capital > line->capital) && other > row);
        }
        double life = is_dearest ? life_of(in, line->main) : 0;
        if (life > 0 && in->open[line->main] > 0) {
            sum += line->capital * fmax(0, 1 - in->open[line->main] / life);
        }
    }
    return sum;
}

/* --- rows of a line --- */

static numu_status add_figure(struct numu_indicators *in, numu_indicator indicator,
                              numu_row process, double value, const char *why) {
    struct numu_indicator_row row =
        numu_indicator_of_one(indicator, "process", in->model->process.id[process]);
    row.value = value;
    row.why = why;
    return numu_indicator_add(in, row);
}

/* Full cost of a unit where the line makes so many a month. */
static struct numu_indicator_cost cost_at(const struct numu_indicator_line *line,
                                          double units_month) {
    return (struct numu_indicator_cost){line->variable.all +
                                            (line->fixed.all + line->capital_month) / units_month,
                                        line->variable.abroad + line->fixed.abroad / units_month};
}

/* Fixed cost that the plan's own output carries, over the horizon. */
static double spent_at_plan(const struct numu_indicators *in,
                            const struct numu_indicator_line *line) {
    double open = line->main == NUMU_NONE ? 0 : in->open[line->main];
    return line->fixed_spent + line->capital_month * open * line->main_share;
}

static numu_month find_crossing(const struct numu_indicators *in,
                                const struct numu_indicator_line *line, numu_row process,
                                double landed) {
    double open = line->main == NUMU_NONE ? 0 : in->open[line->main];
    double fixed = open > 0 ? spent_at_plan(in, line) / open : 0;
    for (uint32_t t = 0; t < in->months; t++) {
        double made = in->made[(size_t)process * in->months + t];
        if (made > 0 && line->variable.all + fixed / made <= landed) {
            return in->start + (numu_month)t;
        }
    }
    return NUMU_NO_MONTH;
}

/* What holds at the plan's own use. */
static numu_status add_at_plan(struct numu_indicators *in, numu_row process,
                               const struct numu_indicator_line *line, double landed) {
    const char *why = line->made > 0 ? "" : "not_made";
    double open = line->main == NUMU_NONE ? 0 : in->open[line->main];
    double all = line->variable.all + spent_at_plan(in, line) / line->made;
    double fixed = line->fixed.all > 0 ? line->fixed.abroad / line->fixed.all : 0;
    double abroad = line->variable.abroad + fixed * line->fixed_spent / line->made;
    NUMU_TRY(add_figure(in, numu_indicator_use_at_plan, process,
                        line->made / (line->nameplate * open),
                        line->main == NUMU_NONE ? "no_capacity"
                        : open <= 0             ? "not_open"
                                                : ""));
    NUMU_TRY(add_figure(in, numu_indicator_unit_cost_at_plan, process, all, why));
    NUMU_TRY(add_figure(in, numu_indicator_local_content_at_plan, process, 1 - abroad / all, why));
    struct numu_indicator_row row =
        numu_indicator_of_one(numu_indicator_crossing, "process", in->model->process.id[process]);
    row.month = isinf(landed) ? NUMU_NO_MONTH : find_crossing(in, line, process, landed);
    row.value = row.month == NUMU_NO_MONTH ? NAN : (double)(row.month - in->start);
    row.why = line->made <= 0              ? "not_made"
              : isinf(landed)              ? "no_import"
              : row.month == NUMU_NO_MONTH ? "dearer"
                                           : "";
    return numu_indicator_add(in, row);
}

/* What holds for the line by itself. */
static numu_status add_of_line(struct numu_indicators *in, numu_row process,
                               const struct numu_indicator_line *line, double landed) {
    bool has_capacity = line->main != NUMU_NONE;
    const char *no_capacity = has_capacity ? "" : "no_capacity";
    const char *no_import = isinf(landed) ? "no_import" : "";
    struct numu_indicator_cost low = cost_at(line, USE_LOW * line->nameplate);
    struct numu_indicator_cost high = cost_at(line, USE_HIGH * line->nameplate);
    double margin = landed - line->variable.all;
    double even = (line->fixed.all + line->capital_month) / margin;
    const char *why_even = isinf(landed) ? "no_import" : margin > 0 ? no_capacity : "dearer";
    double saved = landed - high.abroad;
    NUMU_TRY(add_figure(in, numu_indicator_landed_price, process, landed, no_import));
    NUMU_TRY(add_figure(in, numu_indicator_variable_cost, process, line->variable.all, ""));
    NUMU_TRY(add_figure(in, numu_indicator_fixed_cost, process,
                        line->fixed.all + line->capital_month, no_capacity));
    NUMU_TRY(add_figure(in, numu_indicator_line_capital, process, line->capital, no_capacity));
    NUMU_TRY(add_figure(in, numu_indicator_nameplate, process, line->nameplate, no_capacity));
    NUMU_TRY(add_figure(in, numu_indicator_unit_cost_40, process, low.all, no_capacity));
    NUMU_TRY(add_figure(in, numu_indicator_unit_cost_85, process, high.all, no_capacity));
    NUMU_TRY(add_figure(in, numu_indicator_break_even, process, even, why_even));
    NUMU_TRY(
        add_figure(in, numu_indicator_break_even_use, process, even / line->nameplate, why_even));
    NUMU_TRY(add_figure(in, numu_indicator_local_content_85, process, 1 - high.abroad / high.all,
                        no_capacity));
    return add_figure(in, numu_indicator_domestic_resource_cost, process,
                      (high.all - high.abroad) / saved,
                      isinf(landed) ? "no_import"
                      : saved > 0   ? no_capacity
                                    : "no_exchange_saved");
}

/* --- stages of the ladder --- */

enum { STAGE_NONE = -1, STAGE_IMPORT = 0, STAGE_OVERHAUL = 2, STAGE_SKD = 3, STAGE_CKD = 4 };
enum { STAGE_LOCAL = 5 };

static int stage_of(const struct numu_indicators *in, numu_row process) {
    const struct numu_table_process *table = &in->model->process;
    if (numu_process_is_foreign(in->model, process)) {
        return STAGE_IMPORT;
    }
    switch ((numu_stage)table->stage[process]) {
    case numu_stage_skd:
        return STAGE_SKD;
    case numu_stage_ckd:
        return STAGE_CKD;
    case numu_stage_local:
        return STAGE_LOCAL;
    default:
        break;
    }
    switch ((numu_process_kind)table->kind[process]) {
    case numu_process_kind_repair:
        return STAGE_OVERHAUL;
    case numu_process_kind_make:
    case numu_process_kind_purchase:
        return STAGE_LOCAL;
    default:
        return STAGE_NONE;
    }
}

static numu_status add_stages_of(struct numu_indicators *in, numu_row item, int *by_year) {
    struct numu_indicator_row row =
        numu_indicator_of_one(numu_indicator_ladder_stage, "item", in->model->item.id[item]);
    int best = STAGE_NONE;
    for (uint32_t year = 0; year < in->years; year++) {
        int stage = by_year[(size_t)item * in->years + year] - 1;
        best = stage > best ? stage : best;
        row.year = in->first_year + (int64_t)year;
        row.value = stage;
        row.why = stage == STAGE_NONE ? "not_made" : "";
        NUMU_TRY(numu_indicator_add(in, row));
    }
    row.year = NUMU_NO_NUMBER;
    row.value = best;
    row.why = best == STAGE_NONE ? "not_made" : "";
    return numu_indicator_add(in, row);
}

static numu_status add_stages(struct numu_indicators *in) {
    const struct numu_model *model = in->model;
    bool *is_wanted;
    int *by_year; /* stage + 1 */
    NUMU_TRY(NUMU_TAKE(&in->scratch, &is_wanted, model->item.head.count));
    NUMU_TRY(NUMU_TAKE(&in->scratch, &by_year, (size_t)model->item.head.count * in->years));
    for (numu_row row = 0; row < model->demand.head.count; row++) {
        is_wanted[model->demand.item[row]] = true;
    }
    for (numu_row row = 0; row < model->process.head.count; row++) {
        int stage = stage_of(in, row) + 1;
        for (uint32_t t = 0; t < in->months; t++) {
            int *best =
                &by_year[(size_t)model->process.item[row] * in->years + numu_indicator_year(in, t)];
            if (in->made[(size_t)row * in->months + t] > 0 && stage > *best) {
                *best = stage;
            }
        }
    }
    for (numu_row row = 0; row < model->item.head.count; row++) {
        if (is_wanted[row]) {
            NUMU_TRY(add_stages_of(in, row, by_year));
        }
    }
    return NUMU_OK;
}

/* --- import parity --- */

/* How much of an item is wanted at a site: [item × sites + site]. */
static numu_status sum_wanted(struct numu_indicators *in, double **out) {
    const struct numu_table_demand *table = &in->model->demand;
    size_t sites = in->model->site.head.count;
    NUMU_TRY(NUMU_TAKE(&in->scratch, out, in->model->item.head.count * sites));
    for (numu_row row = 0; row < table->head.count; row++) {
        (*out)[table->item[row] * sites + table->site[row]] +=
            numu_indicator_quantity(table->quantity[row]);
    }
    return NUMU_OK;
}

/*
 * What the import may cost at the gate of the works: landed where most is wanted, less the freight
 * from the works to there; at the works where nobody wants it.
 */
static double parity(const struct numu_indicators *in, numu_row process, const double *wanted) {
    const struct numu_model *model = in->model;
    size_t sites = model->site.head.count;
    numu_row item = model->process.item[process];
    size_t here = model->process.site[process];
    size_t there = sites;
    for (size_t site = 0; site < sites; site++) {
        double quantity = wanted[item * sites + site];
        if (quantity > 0 && (there == sites || quantity > wanted[item * sites + there])) {
            there = site;
        }
    }
    double way = there == sites ? INFINITY : in->ways.cost[here * sites + there];
    double landed = in->worth.landed[item * sites + (isinf(way) ? here : there)];
    return isinf(way) ? landed : landed - way * numu_indicator_decimal(model->item.mass_kg[item]);
}

numu_status numu_indicators_of_cost(struct numu_indicators *in) {
    double *wanted;
    NUMU_TRY(sum_wanted(in, &wanted));
    for (numu_row row = 0; row < in->model->process.head.count; row++) {
        if (is_local(in, row)) {
            double landed = parity(in, row, wanted);
            NUMU_TRY(add_of_line(in, row, &in->line[row], landed));
            NUMU_TRY(add_at_plan(in, row, &in->line[row], landed));
        }
    }
    return add_stages(in);
}
