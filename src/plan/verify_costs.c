/*
 * verify_costs.c - what one unit costs, reckoned again: ways by Floyd and Warshall, the cheapest
 * way to each thing by going down its bill, each figure of a line from its definition.
 */
#include "plan/verify_figures.h"

#include "model/abroad.h"
#include "model/serving.h"

/* A way is cheaper only where it is so by more than rounding, as in the plan's own figures. */
#define CHEAPER (1 - 1e-12)

/* Money of one unit, and the part of it that leaves the country. */
struct unit_cost {
    double all, abroad;
};

/* A thing at a site, or a process: not looked at, being looked at, known. */
enum state { NEW, OPEN, KNOWN };

/* A line by itself. */
struct line {
    numu_row main; /* resource that limits it; NUMU_NONE = none */
    struct unit_cost variable;
    struct unit_cost fixed; /* a month, capital aside */
    double capital, recovery, nameplate;
    double made;  /* over the horizon */
    double spent; /* fixed cost that its own output carries, capital aside */
    double share; /* of the hours of its main resource */
};

struct costs {
    struct numu_figures *f;
    struct unit_cost *at; /* [item × sites + site]: the cheapest way; INFINITY = none */
    uint8_t *at_state;
    struct unit_cost *process; /* a good unit of each */
    uint8_t *process_state;
    double *hours; /* by resource: what the plan's output takes, without setups and learning */
    struct line *line;
};

static size_t site_count(const struct costs *c) {
    return c->f->v->model->site.head.count;
}

/* --- ways --- */

static numu_status find_ways(struct numu_figures *f) {
    const struct numu_table_route *route = &f->v->model->route;
    size_t n = f->v->model->site.head.count;
    NUMU_TRY(NUMU_TAKE(f->v->arena, &f->way_cost, n * n));
    NUMU_TRY(NUMU_TAKE(f->v->arena, &f->way_days, n * n));
    for (size_t i = 0; i < n * n; i++) {
        bool is_here = i / n == i % n;
        f->way_cost[i] = is_here ? 0 : INFINITY;
        f->way_days[i] = is_here ? 0 : INFINITY;
    }
    for (numu_row row = 0; row < route->head.count; row++) {
        size_t way = route->from[row] * n + route->to[row];
        double cost = numu_verify_price(f->v, route->cost_kg[row], route->currency[row], 0);
        f->way_cost[way] = fmin(f->way_cost[way], cost);
        f->way_days[way] = fmin(f->way_days[way], numu_verify_decimal(route->days[row]));
    }
    for (size_t by = 0; by < n; by++) {
        for (size_t from = 0; from < n; from++) {
            for (size_t to = 0; to < n && isfinite(f->way_days[from * n + by]); to++) {
                size_t way = from * n + to;
                f->way_cost[way] =
                    fmin(f->way_cost[way], f->way_cost[from * n + by] + f->way_cost[by * n + to]);
                f->way_days[way] =
                    fmin(f->way_days[way], f->way_days[from * n + by] + f->way_days[by * n + to]);
            }
        }
    }
    return NUMU_OK;
}

static double freight(const struct costs *c, numu_row item, numu_row from, numu_row to) {
    double way = c->f->way_cost[from * site_count(c) + to];
    return isfinite(way) ? way * numu_verify_decimal(c->f->v->model->item.mass_kg[item]) : INFINITY;
}

/* --- what things cost --- */

static double mean_hours(const struct numu_verify *v, numu_row calendar) {
    const struct numu_calendar *days = numu_calendar_get(v->calendars, v->model, calendar);
    return numu_verify_decimal(
               numu_calendar_hours(days, numu_month_first_day(v->start),
                                   numu_month_first_day(v->start + (numu_month)v->months))) /
           v->months;
}

/* Wages of those who work at an operation, for one good unit. */
static double wages(const struct costs *c, numu_row operation) {
    const struct numu_verify *v = c->f->v;
    const struct numu_table_operation *table = &v->model->operation;
    numu_row skill = table->skill[operation];
    if (skill == NUMU_NONE) {
        return 0;
    }
    double month = v->model->skill.hours_month[skill] == NUMU_NO_NUMBER
                       ? mean_hours(v, NUMU_NONE)
                       : numu_verify_decimal(v->model->skill.hours_month[skill]);
    double wage =
        numu_verify_money(v, v->model->skill.wage_month[skill], v->model->skill.currency[skill], 0);
    double person_hours = numu_verify_decimal(table->hours[operation]) *
                          numu_verify_decimal(table->people[operation]) /
                          numu_verify_decimal(v->model->process.yield[table->process[operation]]);
    return month > 0 ? person_hours * wage / month : 0;
}

static struct unit_cost cost_of_process(struct costs *c, numu_row process);

/* The cheapest way to one of an item at a site. A thing that needs itself has none (bill-cycle). */
static struct unit_cost cost_of_item(struct costs *c, numu_row item, numu_row site) {
    const struct numu_table_process *table = &c->f->v->model->process;
    size_t place = item * site_count(c) + site;
    struct unit_cost best = {INFINITY, 0};
    if (c->at_state[place] != NEW) {
        return c->at_state[place] == KNOWN ? c->at[place] : best;
    }
    c->at_state[place] = OPEN;
    for (numu_row row = 0; row < table->head.count; row++) {
        double way = table->item[row] == item ? freight(c, item, table->site[row], site) : INFINITY;
        if (isfinite(way)) {
            struct unit_cost cost = cost_of_process(c, row);
            if (cost.all + way < best.all * CHEAPER) {
                best = (struct unit_cost){cost.all + way, cost.abroad};
            }
        }
    }
    c->at[place] = best;
    c->at_state[place] = KNOWN;
    return best;
}

static void add_times(struct unit_cost *sum, double times, struct unit_cost cost) {
    sum->all += times * cost.all;
    sum->abroad += isfinite(cost.all) ? times * cost.abroad : 0;
}

static struct unit_cost cost_of_process(struct costs *c, numu_row process) {
    const struct numu_verify *v = c->f->v;
    const struct numu_table_process *table = &v->model->process;
    const struct numu_table_input *input = &v->model->input;
    if (c->process_state[process] != NEW) {
        struct unit_cost none = {INFINITY, 0};
        return c->process_state[process] == KNOWN ? c->process[process] : none;
    }
    c->process_state[process] = OPEN;
    double price = numu_verify_price(v, table->unit_cost[process], table->currency[process], 0);
    double royalty = numu_verify_price(v, table->royalty[process], table->currency[process], 0);
    struct unit_cost cost = {price + royalty, 0};
    if (numu_process_is_foreign(v->model, process)) {
        cost.abroad = price + royalty;
    } else if (numu_partner_is_abroad(v->model, table->partner[process])) {
        cost.abroad = royalty;
    }
    for (numu_row row = 0; row < v->model->operation.head.count; row++) {
        cost.all += v->model->operation.process[row] == process ? wages(c, row) : 0;
    }
    for (numu_row row = 0; row < input->head.count; row++) {
        if (input->process[row] == process) {
            double each = numu_verify_quantity(input->quantity[row]) *
                          (1 + numu_verify_decimal(input->scrap[row])) /
                          numu_verify_decimal(table->yield[process]);
            add_times(&cost, each, cost_of_item(c, input->item[row], table->site[process]));
        }
    }
    c->process[process] = cost;
    c->process_state[process] = KNOWN;
    return cost;
}

/* Bought abroad and brought to each site. */
static numu_status find_imports(struct costs *c) {
    const struct numu_model *model = c->f->v->model;
    size_t places = (size_t)model->item.head.count * site_count(c);
    NUMU_TRY(NUMU_TAKE(c->f->v->arena, &c->f->import_at, places));
    for (size_t place = 0; place < places; place++) {
        c->f->import_at[place] = INFINITY;
    }
    for (numu_row row = 0; row < model->process.head.count; row++) {
        numu_row item = model->process.item[row];
        for (numu_row to = 0; numu_process_is_foreign(model, row) && to < site_count(c); to++) {
            double way = freight(c, item, model->process.site[row], to);
            double *best = &c->f->import_at[item * site_count(c) + to];
            *best = fmin(*best, cost_of_process(c, row).all + way);
        }
    }
    return NUMU_OK;
}

/* --- lines --- */

static bool is_made_here(const struct numu_model *model, numu_row process) {
    uint8_t kind = model->process.kind[process];
    return kind == numu_process_kind_make || kind == numu_process_kind_assemble ||
           kind == numu_process_kind_repair;
}

/* A month of a resource that is open and kept up. */
static struct unit_cost month_of(struct costs *c, numu_row resource) {
    const struct numu_verify *v = c->f->v;
    const struct numu_table_resource *table = &v->model->resource;
    const struct numu_table_upkeep *upkeep = &v->model->upkeep;
    struct unit_cost cost = {
        numu_verify_money(v, table->fixed_cost_month[resource], table->currency[resource], 0), 0};
    for (numu_row row = 0; row < upkeep->head.count; row++) {
        if (upkeep->resource[row] != resource) {
            continue;
        }
        cost.all += numu_verify_money(v, upkeep->cost_month[row], upkeep->currency[row], 0);
        double spares = numu_verify_quantity(upkeep->quantity_month[row]);
        if (upkeep->item[row] != NUMU_NONE && spares > 0) {
            add_times(&cost, spares, cost_of_item(c, upkeep->item[row], table->site[resource]));
        }
    }
    return cost;
}

static double all_hours(const struct costs *c, numu_row resource) {
    const struct numu_table_resource *table = &c->f->v->model->resource;
    double one = table->hours_month[resource] == NUMU_NO_NUMBER
                     ? mean_hours(c->f->v, table->calendar[resource])
                     : numu_verify_decimal(table->hours_month[resource]);
    return one * numu_verify_decimal(table->units[resource]);
}

static double hours_each(const struct costs *c, numu_row operation) {
    const struct numu_model *model = c->f->v->model;
    return numu_verify_decimal(model->operation.hours[operation]) /
           numu_verify_decimal(model->process.yield[model->operation.process[operation]]);
}

static double cost_of_activity(const struct costs *c, numu_row activity) {
    const struct numu_verify *v = c->f->v;
    const struct numu_table_activity *table = &v->model->activity;
    const struct numu_plan_activity *planned = &v->plan->activity;
    for (numu_row row = 0; row < planned->head.count; row++) {
        if (numu_text_is_equal(planned->id[row], table->id[activity])) {
            return planned->cost[row] == NUMU_NO_NUMBER
                       ? numu_verify_money(v, table->cost[activity], table->currency[activity], 0)
                       : numu_verify_major(v, planned->cost[row]);
        }
    }
    return numu_verify_money(v, table->cost[activity], table->currency[activity], 0);
}

/* Marks an activity and all that come before it. */
static void mark_before(const struct numu_model *model, numu_row activity, bool *marks) {
    if (activity == NUMU_NONE || marks[activity]) {
        return;
    }
    marks[activity] = true;
    bool has_more = true;
    while (has_more) {
        has_more = false;
        for (numu_row row = 0; row < model->precedence.head.count; row++) {
            if (marks[model->precedence.after[row]] && !marks[model->precedence.before[row]]) {
                marks[model->precedence.before[row]] = true;
                has_more = true;
            }
        }
    }
}

/* Activities that serve only its resources and precede their opening, and what these cost. */
static numu_status find_capital(struct costs *c, numu_row process, double *out) {
    const struct numu_verify *v = c->f->v;
    const struct numu_model *model = v->model;
    struct numu_arena_mark mark = numu_arena_mark(v->arena);
    struct numu_serving serving;
    bool *is_before;
    bool *is_mine;
    numu_row *mine;
    size_t count = 0;
    NUMU_TRY(NUMU_TAKE(v->arena, &is_before, model->activity.head.count));
    NUMU_TRY(NUMU_TAKE(v->arena, &is_mine, model->resource.head.count));
    NUMU_TRY(NUMU_TAKE(v->arena, &mine, model->resource.head.count));
    mark_before(model, model->process.opened_by[process], is_before);
    for (numu_row row = 0; row < model->operation.head.count; row++) {
        is_mine[model->operation.resource[row]] |= model->operation.process[row] == process;
    }
    double sum = 0;
    for (numu_row row = 0; row < model->resource.head.count; row++) {
        if (is_mine[row]) {
            mine[count++] = row;
            mark_before(model, model->resource.opened_by[row], is_before);
            sum += numu_verify_money(v, model->resource.capital[row], model->resource.currency[row],
                                     0);
        }
    }
    NUMU_TRY(numu_serving_build(model, mine, count, v->arena, &serving));
    for (numu_row row = 0; row < model->activity.head.count; row++) {
        sum += serving.activity[row] && is_before[row] ? cost_of_activity(c, row) : 0;
    }
    numu_arena_rewind(v->arena, mark);
    *out = sum;
    return NUMU_OK;
}

/* capital × i ÷ (1 - (1 + i)^-life); i for ever, 1 ÷ life without interest. */
static double monthly_part(const struct costs *c, double capital, double life) {
    double rate = numu_verify_decimal(c->f->v->model->package.discount_rate[0]);
    double month = exp(log1p(rate) / 12) - 1;
    if (!(life > 0)) {
        return capital * month;
    }
    return month > 0 ? capital * month / -expm1(-life / 12 * log1p(rate)) : capital / life;
}

static double made_in_all(const struct costs *c, numu_row process) {
    double sum = 0;
    for (uint32_t t = 0; t < c->f->v->months; t++) {
        sum += c->f->v->made[numu_verify_cell(c->f->v, process, t)];
    }
    return sum;
}

static void look_at_operation(struct costs *c, numu_row operation, struct line *line) {
    const struct numu_table_operation *table = &c->f->v->model->operation;
    numu_row resource = table->resource[operation];
    double each = hours_each(c, operation);
    double share = c->hours[resource] > 0 ? each * line->made / c->hours[resource] : 0;
    struct unit_cost month = month_of(c, resource);
    line->fixed.all += month.all;
    line->fixed.abroad += month.abroad;
    line->spent += month.all * share * c->f->open[resource];
    if (each > 0 && all_hours(c, resource) / each < line->nameplate) {
        line->nameplate = all_hours(c, resource) / each;
        line->main = resource;
        line->share = share;
    }
}

static numu_status find_lines(struct costs *c) {
    const struct numu_model *model = c->f->v->model;
    const struct numu_table_operation *operation = &model->operation;
    NUMU_TRY(NUMU_TAKE(c->f->v->arena, &c->line, model->process.head.count));
    NUMU_TRY(NUMU_TAKE(c->f->v->arena, &c->hours, model->resource.head.count));
    for (numu_row row = 0; row < operation->head.count; row++) {
        c->hours[operation->resource[row]] +=
            hours_each(c, row) * made_in_all(c, operation->process[row]);
    }
    for (numu_row row = 0; row < model->process.head.count; row++) {
        c->line[row] = (struct line){.main = NUMU_NONE,
                                     .variable = cost_of_process(c, row),
                                     .nameplate = INFINITY,
                                     .made = made_in_all(c, row)};
    }
    for (numu_row row = 0; row < operation->head.count; row++) {
        look_at_operation(c, row, &c->line[operation->process[row]]);
    }
    for (numu_row row = 0; row < model->process.head.count; row++) {
        struct line *line = &c->line[row];
        if (is_made_here(model, row) && line->main != NUMU_NONE) {
            double life = numu_verify_decimal(model->resource.life_months[line->main]);
            NUMU_TRY(find_capital(c, row, &line->capital));
            line->recovery = monthly_part(c, line->capital, life);
        }
    }
    return NUMU_OK;
}

/* Capital of lines at the end, straight-line over their lives; one that ways share counts once. */
static double residual_of(const struct costs *c, numu_row resource) {
    const struct numu_model *model = c->f->v->model;
    double life = numu_verify_decimal(model->resource.life_months[resource]);
    double most = 0;
    for (numu_row row = 0; row < model->process.head.count; row++) {
        bool is_of = c->line[row].main == resource && c->f->usable[row];
        most = is_of ? fmax(most, c->line[row].capital) : most;
    }
    double open = c->f->open[resource];
    numu_day closes = model->resource.closes[resource];
    if (closes != NUMU_NO_DAY) {
        int64_t until = numu_verify_until(c->f->v, closes);
        life = fmin(life, open + (double)(until - (int64_t)c->f->v->months));
    }
    return open > 0 && life > 0 ? most * fmax(0, 1 - open / life) : 0;
}

/* --- figures of a line --- */

static numu_status expect(struct costs *c, numu_indicator which, numu_row process, double value,
                          const char *why) {
    struct numu_figure figure = {.which = which,
                                 .subject = "process",
                                 .id = c->f->v->model->process.id[process],
                                 .value = value,
                                 .why = why};
    figure.size = fabs(value) < 1 ? 1 : 0; /* shares are told to so many places */
    return numu_figures_expect(c->f, figure);
}

/* The import at the gate: landed where most is wanted, less the freight from the works there. */
static double price_at_gate(const struct costs *c, numu_row process) {
    const struct numu_model *model = c->f->v->model;
    const struct numu_table_demand *demand = &model->demand;
    numu_row item = model->process.item[process];
    numu_row here = model->process.site[process];
    numu_row there = NUMU_NONE;
    double most = 0;
    for (numu_row site = 0; site < site_count(c); site++) {
        double wanted = 0;
        for (numu_row row = 0; row < demand->head.count; row++) {
            bool is_it = demand->item[row] == item && demand->site[row] == site;
            wanted += is_it ? numu_verify_quantity(demand->quantity[row]) : 0;
        }
        if (wanted > most) {
            most = wanted;
            there = site;
        }
    }
    double way = there == NUMU_NONE ? INFINITY : freight(c, item, here, there);
    return isfinite(way) ? c->f->import_at[item * site_count(c) + there] - way
                         : c->f->import_at[item * site_count(c) + here];
}

/* First month in which the line's own output is no dearer than the import; NUMU_NO_MONTH. */
static numu_month crossing(const struct costs *c, numu_row process, double import, double slack) {
    const struct line *line = &c->line[process];
    double open = line->main == NUMU_NONE ? 0 : c->f->open[line->main];
    double month = open > 0 ? line->spent / open + line->recovery * line->share : 0;
    for (uint32_t t = 0; t < c->f->v->months; t++) {
        double made = c->f->v->made[numu_verify_cell(c->f->v, process, t)];
        if (made > 0 && line->variable.all + month / made <= import * (1 + slack)) {
            return c->f->v->start + (numu_month)t;
        }
    }
    return NUMU_NO_MONTH;
}

static numu_status of_crossing(struct costs *c, numu_row process, double import) {
    const struct line *line = &c->line[process];
    numu_month month = isfinite(import) ? crossing(c, process, import, 1e-12) : NUMU_NO_MONTH;
    struct numu_figure figure = {
        .which = numu_indicator_crossing,
        .subject = "process",
        .id = c->f->v->model->process.id[process],
        .month = month,
        .has_month = month != NUMU_NO_MONTH,
        .value = month == NUMU_NO_MONTH ? NAN : (double)(month - c->f->v->start)};
    figure.why = !(line->made > 0)        ? "not_made"
                 : !isfinite(import)      ? "no_import"
                 : month == NUMU_NO_MONTH ? "dearer"
                                          : NULL;
    return numu_figures_expect(c->f, figure);
}

static numu_status of_plan(struct costs *c, numu_row process) {
    const struct line *line = &c->line[process];
    double open = line->main == NUMU_NONE ? 0 : c->f->open[line->main];
    double capital = line->recovery * open * line->share;
    double cost = line->variable.all + (line->spent + capital) / line->made;
    double part = line->fixed.all > 0 ? line->fixed.abroad / line->fixed.all : 0;
    double abroad = line->variable.abroad + part * line->spent / line->made;
    const char *why = line->made > 0 ? NULL : "not_made";
    NUMU_TRY(expect(c, numu_indicator_use_at_plan, process, line->made / line->nameplate / open,
                    line->main == NUMU_NONE ? "no_capacity"
                    : open > 0              ? NULL
                                            : "not_open"));
    NUMU_TRY(expect(c, numu_indicator_unit_cost_at_plan, process, cost, why));
    return expect(c, numu_indicator_local_content_at_plan, process, 1 - abroad / cost, why);
}

static numu_status of_line(struct costs *c, numu_row process, double import) {
    const struct line *line = &c->line[process];
    double fixed = line->fixed.all + line->recovery;
    double low = line->variable.all + fixed / 0.40 / line->nameplate;
    double high = line->variable.all + fixed / 0.85 / line->nameplate;
    double abroad = line->variable.abroad + line->fixed.abroad / 0.85 / line->nameplate;
    double even = fixed / (import - line->variable.all);
    const char *why = line->main == NUMU_NONE ? "no_capacity" : NULL;
    const char *none = isfinite(import) ? NULL : "no_import";
    const char *why_even = none != NULL ? none : import - line->variable.all > 0 ? why : "dearer";
    const char *why_saved = none != NULL ? none : import - abroad > 0 ? why : "no_exchange_saved";
    NUMU_TRY(expect(c, numu_indicator_landed_price, process, import, none));
    NUMU_TRY(expect(c, numu_indicator_variable_cost, process, line->variable.all, NULL));
    NUMU_TRY(expect(c, numu_indicator_fixed_cost, process, fixed, why));
    NUMU_TRY(expect(c, numu_indicator_line_capital, process, line->capital, why));
    NUMU_TRY(expect(c, numu_indicator_nameplate, process, line->nameplate, why));
    NUMU_TRY(expect(c, numu_indicator_unit_cost_40, process, low, why));
    NUMU_TRY(expect(c, numu_indicator_unit_cost_85, process, high, why));
    NUMU_TRY(expect(c, numu_indicator_break_even, process, even, why_even));
    NUMU_TRY(expect(c, numu_indicator_break_even_use, process, even / line->nameplate, why_even));
    NUMU_TRY(expect(c, numu_indicator_local_content_85, process, 1 - abroad / high, why));
    return expect(c, numu_indicator_domestic_resource_cost, process,
                  (high - abroad) / (import - abroad), why_saved);
}

/* --- stages of the ladder --- */

/* 0 import, 2 overhaul, 3 skd, 4 ckd, 5 local; -1 where the package does not say. */
static int step_of(const struct numu_model *model, numu_row process) {
    uint8_t kind = model->process.kind[process];
    uint8_t stage = model->process.stage[process];
    if (numu_process_is_foreign(model, process)) {
        return 0;
    }
    if (stage == numu_stage_skd || stage == numu_stage_ckd || stage == numu_stage_local) {
        return stage == numu_stage_skd ? 3 : stage == numu_stage_ckd ? 4 : 5;
    }
    if (kind == numu_process_kind_repair) {
        return 2;
    }
    return kind == numu_process_kind_make || kind == numu_process_kind_purchase ? 5 : -1;
}

/* The highest step of an item in a year; in all of them where `year` is UINT32_MAX. */
static int step_in(const struct costs *c, numu_row item, uint32_t year) {
    const struct numu_verify *v = c->f->v;
    int best = -1;
    for (numu_row row = 0; row < v->model->process.head.count; row++) {
        int step = v->model->process.item[row] == item ? step_of(v->model, row) : -1;
        for (uint32_t t = 0; step > best && t < v->months; t++) {
            bool is_in = year == UINT32_MAX || numu_figures_year(c->f, t) == year;
            best = is_in && v->made[numu_verify_cell(v, row, t)] > 0 ? step : best;
        }
    }
    return best;
}

static numu_status of_steps(struct costs *c, numu_row item) {
    struct numu_figure figure = {.which = numu_indicator_ladder_stage,
                                 .subject = "item",
                                 .id = c->f->v->model->item.id[item]};
    for (uint32_t year = 0; year <= c->f->years; year++) {
        bool is_year = year < c->f->years;
        int step = step_in(c, item, is_year ? year : UINT32_MAX);
        figure.year = is_year ? c->f->first_year + (int64_t)year : 0;
        figure.value = step;
        figure.why = step < 0 ? "not_made" : NULL;
        NUMU_TRY(numu_figures_expect(c->f, figure));
    }
    return NUMU_OK;
}

static bool is_wanted(const struct numu_model *model, numu_row item) {
    for (numu_row row = 0; row < model->demand.head.count; row++) {
        if (model->demand.item[row] == item) {
            return true;
        }
    }
    return false;
}

/* --- the whole --- */

static numu_status take(struct costs *c) {
    const struct numu_model *model = c->f->v->model;
    size_t places = (size_t)model->item.head.count * site_count(c);
    NUMU_TRY(NUMU_TAKE(c->f->v->arena, &c->at, places));
    NUMU_TRY(NUMU_TAKE(c->f->v->arena, &c->at_state, places));
    NUMU_TRY(NUMU_TAKE(c->f->v->arena, &c->process, model->process.head.count));
    return NUMU_TAKE(c->f->v->arena, &c->process_state, model->process.head.count);
}

numu_status numu_figures_of_costs(struct numu_figures *f, double *out_residual) {
    const struct numu_model *model = f->v->model;
    struct costs costs = {.f = f};
    NUMU_TRY(take(&costs));
    NUMU_TRY(find_ways(f));
    NUMU_TRY(find_imports(&costs));
    NUMU_TRY(find_lines(&costs));
    for (numu_row row = 0; row < model->process.head.count; row++) {
        if (is_made_here(model, row)) {
            double import = price_at_gate(&costs, row);
            NUMU_TRY(of_line(&costs, row, import));
            NUMU_TRY(of_plan(&costs, row));
            NUMU_TRY(of_crossing(&costs, row, import));
        }
    }
    for (numu_row row = 0; row < model->item.head.count; row++) {
        if (is_wanted(model, row)) {
            NUMU_TRY(of_steps(&costs, row));
        }
    }
    double residual = 0;
    for (numu_row row = 0; row < model->resource.head.count; row++) {
        residual += residual_of(&costs, row);
    }
    *out_residual = residual;
    return NUMU_OK;
}
