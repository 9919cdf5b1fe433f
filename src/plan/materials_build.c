/*
 * materials_build.c - parts, sources and bills.
 */
#include "plan/materials_bill.h"

#include <string.h>

__extension__ typedef __int128 int128;

/* Later than any date of a model: what never comes. */
enum { NEVER = INT32_MAX };
/* Days longer than this ahead are as good as never. */
enum { DAYS_MAX = 1000000 };

/* --- parts --- */

struct parts {
    struct numu_bill *bill;
    uint8_t *is_part;     /* [item × sites + site] */
    uint8_t *has_process; /* the same */
    numu_row *via;        /* the same: route by which it is brought; NUMU_NONE */
};

static size_t at(const struct numu_bill *bill, numu_row item, numu_row site) {
    return (size_t)item * bill->model->site.head.count + site;
}

static void mark_model(struct parts *parts) {
    const struct numu_bill *bill = parts->bill;
    const struct numu_model *model = bill->model;
    const struct numu_table_process *process = &model->process;
    for (numu_row row = 0; row < process->head.count; row++) {
        parts->is_part[at(bill, process->item[row], process->site[row])] = 1;
        parts->has_process[at(bill, process->item[row], process->site[row])] = 1;
    }
    for (numu_row row = 0; row < model->input.head.count; row++) {
        numu_row site = process->site[model->input.process[row]];
        parts->is_part[at(bill, model->input.item[row], site)] = 1;
    }
    for (numu_row row = 0; row < model->stock.head.count; row++) {
        parts->is_part[at(bill, model->stock.item[row], model->stock.site[row])] = 1;
    }
    for (numu_row row = 0; row < model->delivery.head.count; row++) {
        parts->is_part[at(bill, model->delivery.item[row], model->delivery.site[row])] = 1;
    }
    for (numu_row row = 0; row < model->demand.head.count; row++) {
        parts->is_part[at(bill, model->demand.item[row], model->demand.site[row])] = 1;
    }
}

static void mark_shipments(struct parts *parts) {
    const struct numu_bill *bill = parts->bill;
    const struct numu_plan_shipment *shipment = &bill->plan->shipment;
    for (numu_row row = 0; row < shipment->head.count; row++) {
        numu_row item = numu_map_find(&bill->items, shipment->item[row]);
        numu_row from = numu_map_find(&bill->sites, shipment->from[row]);
        numu_row to = numu_map_find(&bill->sites, shipment->to[row]);
        if (item != NUMU_NONE && from != NUMU_NONE && to != NUMU_NONE) {
            parts->is_part[at(bill, item, from)] = 1;
            parts->is_part[at(bill, item, to)] = 1;
        }
    }
}

/* The quickest ways of an item from where it has processes: distances fall until none does. */
static void find_ways(struct parts *parts, numu_row item, int64_t *days) {
    const struct numu_bill *bill = parts->bill;
    const struct numu_table_route *route = &bill->model->route;
    for (numu_row site = 0; site < bill->model->site.head.count; site++) {
        days[site] = parts->has_process[at(bill, item, site)] != 0 ? 0 : INT64_MAX;
    }
    for (bool is_changed = true; is_changed;) {
        is_changed = false;
        for (numu_row row = 0; row < route->head.count; row++) {
            int64_t from = days[route->from[row]];
            int64_t *to = &days[route->to[row]];
            /* a nanoday a hop, so that ways of no days do not go round */
            if (from < INT64_MAX / 2 && from + route->days[row] + 1 < *to) {
                *to = from + route->days[row] + 1;
                parts->via[at(bill, item, route->to[row])] = row;
                is_changed = true;
            }
        }
    }
}

/* Sites on the way to where an item of the materials plan is wanted. */
static numu_status mark_ways(struct parts *parts) {
    const struct numu_bill *bill = parts->bill;
    numu_row sites = bill->model->site.head.count;
    int64_t *days;
    NUMU_TRY(NUMU_TAKE(bill->scratch, &days, sites));
    for (numu_row item = 0; item < bill->model->item.head.count; item++) {
        if (bill->is_materials[item] == 0) {
            continue;
        }
        find_ways(parts, item, days);
        for (numu_row site = 0; site < sites; site++) {
            numu_row stop = site;
            while (parts->is_part[at(bill, item, site)] != 0 &&
                   parts->has_process[at(bill, item, stop)] == 0 &&
                   parts->via[at(bill, item, stop)] != NUMU_NONE) {
                stop = bill->model->route.from[parts->via[at(bill, item, stop)]];
                parts->is_part[at(bill, item, stop)] = 1;
            }
        }
    }
    return NUMU_OK;
}

static numu_status number_parts(struct parts *parts, size_t places) {
    struct numu_bill *bill = parts->bill;
    numu_row sites = bill->model->site.head.count;
    uint32_t count = 0;
    for (size_t place = 0; place < places; place++) {
        count += parts->is_part[place];
    }
    NUMU_TRY(NUMU_TAKE(bill->scratch, &bill->part_item, count));
    NUMU_TRY(NUMU_TAKE(bill->scratch, &bill->part_site, count));
    NUMU_TRY(NUMU_TAKE(bill->scratch, &bill->part_at, places));
    for (size_t place = 0; place < places; place++) {
        bill->part_at[place] = NUMU_NONE;
        if (parts->is_part[place] != 0) {
            bill->part_item[bill->m.part_count] = (numu_row)(place / sites);
            bill->part_site[bill->m.part_count] = (numu_row)(place % sites);
            bill->part_at[place] = bill->m.part_count++;
        }
    }
    return NUMU_OK;
}

static numu_status build_parts(struct numu_bill *bill, struct parts *parts) {
    size_t places = (size_t)bill->model->item.head.count * bill->model->site.head.count;
    NUMU_TRY(NUMU_TAKE(bill->scratch, &parts->is_part, places));
    NUMU_TRY(NUMU_TAKE(bill->scratch, &parts->has_process, places));
    NUMU_TRY(NUMU_TAKE(bill->scratch, &parts->via, places));
    memset(parts->via, 0xff, places * sizeof *parts->via); /* NUMU_NONE */
    mark_model(parts);
    mark_shipments(parts);
    NUMU_TRY(mark_ways(parts));
    return number_parts(parts, places);
}

/* --- sources --- */

/* Routes that bring a part: of the master plan all, else the quickest where nothing yields. */
static bool brings(const struct parts *parts, uint32_t part, numu_row route) {
    const struct numu_bill *bill = parts->bill;
    const struct numu_table_route *table = &bill->model->route;
    numu_row item = bill->part_item[part];
    numu_row site = bill->part_site[part];
    if (table->to[route] != site || table->from[route] == site ||
        numu_bill_part(bill, item, table->from[route]) == NUMU_NONE) {
        return false;
    }
    return bill->is_materials[item] == 0 || (parts->has_process[at(bill, item, site)] == 0 &&
                                             parts->via[at(bill, item, site)] == route);
}

static void add_source(struct numu_bill *bill, uint32_t part, numu_row process, numu_row route,
                       uint32_t *count) {
    bill->source_part[*count] = part;
    bill->source_process[*count] = process;
    bill->source_route[*count] = route;
    if (process != NUMU_NONE) {
        bill->process_source[process] = *count;
    }
    ++*count;
}

static void number_sources(const struct parts *parts, const struct numu_bill_group *arriving,
                           uint32_t *source_start) {
    struct numu_bill *bill = parts->bill;
    uint32_t count = 0;
    for (uint32_t part = 0; part < bill->m.part_count; part++) {
        const struct numu_bill_group *yielding = &bill->part_processes;
        for (uint32_t i = yielding->start[part]; i < yielding->start[part + 1]; i++) {
            add_source(bill, part, yielding->row[i], NUMU_NONE, &count);
        }
        numu_row site = bill->part_site[part];
        for (uint32_t i = arriving->start[site]; i < arriving->start[site + 1]; i++) {
            if (brings(parts, part, arriving->row[i])) {
                add_source(bill, part, NUMU_NONE, arriving->row[i], &count);
            }
        }
        source_start[part + 1] = count;
    }
}

/* Room for all sources: a process yields one part, and each item may come by each route. */
static size_t source_room(const struct numu_bill *bill, const struct numu_bill_group *arriving) {
    size_t count = bill->model->process.head.count;
    for (uint32_t part = 0; part < bill->m.part_count; part++) {
        numu_row site = bill->part_site[part];
        count += arriving->start[site + 1] - arriving->start[site];
    }
    return count;
}

static numu_status group_rows(struct numu_bill *bill, struct numu_bill_group *arriving) {
    const struct numu_model *model = bill->model;
    const struct numu_table_process *process = &model->process;
    uint32_t *part;
    NUMU_TRY(NUMU_TAKE(bill->scratch, &part, process->head.count));
    for (numu_row row = 0; row < process->head.count; row++) {
        part[row] = numu_bill_part(bill, process->item[row], process->site[row]);
    }
    NUMU_TRY(numu_bill_group(bill->scratch, part, process->head.count, bill->m.part_count,
                             &bill->part_processes));
    NUMU_TRY(numu_bill_group(bill->scratch, model->input.process, model->input.head.count,
                             process->head.count, &bill->process_inputs));
    NUMU_TRY(numu_bill_group(bill->scratch, model->operation.process, model->operation.head.count,
                             process->head.count, &bill->process_operations));
    return numu_bill_group(bill->scratch, model->route.to, model->route.head.count,
                           model->site.head.count, arriving);
}

const struct numu_calendar *numu_bill_calendar(const struct numu_bill *bill, numu_row process) {
    const struct numu_model *model = bill->model;
    uint8_t kind = model->process.kind[process];
    if (kind == numu_process_kind_import || kind == numu_process_kind_purchase) {
        return NULL;
    }
    numu_row calendar = NUMU_NONE;
    int64_t first = INT64_MAX;
    const struct numu_bill_group *operations = &bill->process_operations;
    for (uint32_t i = operations->start[process]; i < operations->start[process + 1]; i++) {
        numu_row row = operations->row[i];
        if (model->operation.sequence[row] < first) {
            first = model->operation.sequence[row];
            calendar = model->resource.calendar[model->operation.resource[row]];
        }
    }
    return numu_calendar_get(bill->calendars, model, calendar);
}

static numu_day later(numu_day a, numu_day b) {
    return a > b ? a : b;
}

/* The day on which something opened by a date or an activity opens. */
static numu_day opening(const struct numu_bill *bill, numu_day opens, numu_row opened_by) {
    numu_day day = opens == NUMU_NO_DAY ? bill->m.first : later(opens, bill->m.first);
    return opened_by == NUMU_NONE ? day : later(day, bill->dates->finish[opened_by]);
}

static numu_day release_of(const struct numu_bill *bill, numu_row process) {
    const struct numu_model *model = bill->model;
    numu_day day = opening(bill, model->process.opens[process], model->process.opened_by[process]);
    const struct numu_bill_group *operations = &bill->process_operations;
    for (uint32_t i = operations->start[process]; i < operations->start[process + 1]; i++) {
        numu_row resource = model->operation.resource[operations->row[i]];
        day = later(day, opening(bill, model->resource.opens[resource],
                                 model->resource.opened_by[resource]));
    }
    return day;
}

/* Whole days, rounded up. */
static int32_t whole_days(numu_decimal days) {
    int64_t whole = days == NUMU_NO_NUMBER
                        ? 0
                        : days / NUMU_DECIMAL_ONE + (days % NUMU_DECIMAL_ONE > 0 ? 1 : 0);
    return (int32_t)(whole > DAYS_MAX ? DAYS_MAX : whole);
}

struct sources {
    uint16_t *calendar;
    int32_t *lead_days;
    numu_day *release, *first_due, *last_due;
    numu_decimal *yield;
    struct numu_lot_rounding *rounding;
};

static void set_process(const struct numu_bill *bill, const struct sources *sources, uint32_t s,
                        numu_row row) {
    const struct numu_table_process *process = &bill->model->process;
    const struct numu_calendar *calendar = numu_bill_calendar(bill, row);
    sources->lead_days[s] = whole_days(process->lead_time_days[row]);
    sources->release[s] = release_of(bill, row);
    sources->calendar[s] =
        calendar == NULL ? NUMU_EVERY_DAY : (uint16_t)(calendar - bill->calendars->list);
    sources->first_due[s] = calendar == NULL ? sources->release[s] + sources->lead_days[s]
                                             : numu_calendar_advance(calendar, sources->release[s],
                                                                     sources->lead_days[s]);
    sources->last_due[s] = process->closes[row] == NUMU_NO_DAY ? NEVER : process->closes[row];
    sources->yield[s] = process->yield[row];
    sources->rounding[s] = (struct numu_lot_rounding){
        process->min_lot[row] == NUMU_NO_NUMBER ? 0 : process->min_lot[row],
        process->lot_multiple[row] == NUMU_NO_NUMBER ? 0 : process->lot_multiple[row]};
    if (sources->release[s] - (int64_t)bill->m.first > DAYS_MAX) { /* it never opens */
        sources->release[s] = bill->m.first;
        sources->first_due[s] = NEVER;
    }
}

static void set_route(const struct numu_bill *bill, const struct sources *sources, uint32_t s,
                      numu_row row) {
    sources->lead_days[s] = whole_days(bill->model->route.days[row]);
    sources->release[s] = bill->m.first;
    sources->calendar[s] = NUMU_EVERY_DAY;
    sources->first_due[s] = bill->m.first + sources->lead_days[s];
    sources->last_due[s] = NEVER;
    sources->yield[s] = NUMU_DECIMAL_ONE;
}

static numu_status build_sources(struct numu_bill *bill, const struct parts *parts) {
    struct sources sources;
    struct numu_bill_group arriving;
    uint32_t *start;
    numu_row processes = bill->model->process.head.count;
    NUMU_TRY(group_rows(bill, &arriving));
    size_t count = source_room(bill, &arriving);
    if (count >= NUMU_NONE) {
        return NUMU_LIMIT;
    }
    NUMU_TRY(NUMU_TAKE(bill->scratch, &start, (size_t)bill->m.part_count + 1));
    NUMU_TRY(NUMU_TAKE(bill->scratch, &bill->source_part, count));
    NUMU_TRY(NUMU_TAKE(bill->scratch, &bill->source_process, count));
    NUMU_TRY(NUMU_TAKE(bill->scratch, &bill->source_route, count));
    NUMU_TRY(NUMU_TAKE(bill->scratch, &bill->process_source, processes));
    NUMU_TRY(NUMU_TAKE(bill->scratch, &sources.calendar, count));
    NUMU_TRY(NUMU_TAKE(bill->scratch, &sources.lead_days, count));
    NUMU_TRY(NUMU_TAKE(bill->scratch, &sources.release, count));
    NUMU_TRY(NUMU_TAKE(bill->scratch, &sources.first_due, count));
    NUMU_TRY(NUMU_TAKE(bill->scratch, &sources.last_due, count));
    NUMU_TRY(NUMU_TAKE(bill->scratch, &sources.yield, count));
    NUMU_TRY(NUMU_TAKE(bill->scratch, &sources.rounding, count));
    number_sources(parts, &arriving, start);
    for (uint32_t s = 0; s < start[bill->m.part_count]; s++) {
        if (bill->source_process[s] != NUMU_NONE) {
            set_process(bill, &sources, s, bill->source_process[s]);
        } else {
            set_route(bill, &sources, s, bill->source_route[s]);
        }
    }
    bill->m.source_start = start;
    bill->m.source_calendar = sources.calendar;
    bill->m.source_lead_days = sources.lead_days;
    bill->m.source_release = sources.release;
    bill->m.source_first_due = sources.first_due;
    bill->m.source_last_due = sources.last_due;
    bill->m.source_yield = sources.yield;
    bill->m.source_rounding = sources.rounding;
    return NUMU_OK;
}

/* --- bills --- */

/* quantity × (1 + scrap) a unit started, as a fraction in lowest terms. */
static numu_status fraction_of(const struct numu_bill *bill, numu_row row, int64_t *out_numerator,
                               int64_t *out_denominator) {
    int64_t denominator = NUMU_QUANTITY_ONE * NUMU_DECIMAL_ONE;
    int64_t quantity = bill->model->input.quantity[row];
    int64_t factor = 0;
    numu_status status = numu_add(NUMU_DECIMAL_ONE, bill->model->input.scrap[row], &factor);
    if (status == NUMU_OK) {
        int64_t divisor = numu_greatest_divisor(quantity, denominator);
        quantity /= divisor;
        denominator /= divisor;
        divisor = numu_greatest_divisor(factor, denominator);
        *out_denominator = denominator / divisor;
        status = numu_multiply(quantity, factor / divisor, out_numerator);
    }
    return status == NUMU_LIMIT ? numu_bill_too_large(bill, "input", row, "quantity") : status;
}

struct lines {
    uint32_t *start, *part;
    int64_t *numerator, *denominator;
    numu_day *starts, *ends;
    uint32_t count;
};

static numu_status add_inputs(const struct numu_bill *bill, struct lines *lines, numu_row process) {
    const struct numu_table_input *input = &bill->model->input;
    const struct numu_bill_group *inputs = &bill->process_inputs;
    for (uint32_t i = inputs->start[process]; i < inputs->start[process + 1]; i++) {
        numu_row row = inputs->row[i];
        uint32_t line = lines->count++;
        lines->part[line] =
            numu_bill_part(bill, input->item[row], bill->model->process.site[process]);
        lines->starts[line] = input->starts[row] == NUMU_NO_DAY ? INT32_MIN : input->starts[row];
        lines->ends[line] = input->ends[row] == NUMU_NO_DAY ? INT32_MAX : input->ends[row];
        NUMU_TRY(fraction_of(bill, row, &lines->numerator[line], &lines->denominator[line]));
    }
    return NUMU_OK;
}

static void add_way(const struct numu_bill *bill, struct lines *lines, uint32_t part,
                    numu_row route) {
    uint32_t line = lines->count++;
    lines->part[line] = numu_bill_part(bill, bill->part_item[part], bill->model->route.from[route]);
    lines->numerator[line] = lines->denominator[line] = 1;
    lines->starts[line] = INT32_MIN;
    lines->ends[line] = INT32_MAX;
}

static numu_status build_lines(struct numu_bill *bill) {
    struct lines lines = {.count = 0};
    uint32_t sources = bill->m.source_start[bill->m.part_count];
    size_t room = (size_t)bill->model->input.head.count + sources;
    NUMU_TRY(NUMU_TAKE(bill->scratch, &lines.start, (size_t)sources + 1));
    NUMU_TRY(NUMU_TAKE(bill->scratch, &lines.part, room));
    NUMU_TRY(NUMU_TAKE(bill->scratch, &lines.numerator, room));
    NUMU_TRY(NUMU_TAKE(bill->scratch, &lines.denominator, room));
    NUMU_TRY(NUMU_TAKE(bill->scratch, &lines.starts, room));
    NUMU_TRY(NUMU_TAKE(bill->scratch, &lines.ends, room));
    for (uint32_t part = 0; part < bill->m.part_count; part++) {
        for (uint32_t s = bill->m.source_start[part]; s < bill->m.source_start[part + 1]; s++) {
            if (bill->source_process[s] != NUMU_NONE) {
                NUMU_TRY(add_inputs(bill, &lines, bill->source_process[s]));
            } else {
                add_way(bill, &lines, part, bill->source_route[s]);
            }
            lines.start[s + 1] = lines.count;
        }
    }
    bill->m.line_start = lines.start;
    bill->m.line_part = lines.part;
    bill->m.line_numerator = lines.numerator;
    bill->m.line_denominator = lines.denominator;
    bill->m.line_starts = lines.starts;
    bill->m.line_ends = lines.ends;
    return NUMU_OK;
}

/* --- lots --- */

/* x ÷ 10^n, half away from zero, until it fits what is kept of costs. */
static int64_t shorten(int128 value, int n) {
    for (; n > 0; n--) {
        value = (value + 5) / 10;
    }
    return (int64_t)value;
}

/*
 * Setup and holding cost in one unit of money, 10^-21 of a major unit ÷ 365, both shortened by the
 * same power of ten so that they fit 62 bits: only their ratio counts, and what is cut off is below
 * 10^-6 of it wherever a setup is worth more than a millionth of a unit held for a day.
 */
static void set_costs(const struct numu_bill *bill, numu_row item, numu_row process,
                      struct numu_lot_policy *policy) {
    const struct numu_model *model = bill->model;
    numu_month start = numu_model_start_month(model);
    numu_money fixed =
        process == NUMU_NONE ? NUMU_NO_NUMBER : model->process.fixed_cost_lot[process];
    if (fixed == NUMU_NO_NUMBER || model->item.standard_cost[item] == NUMU_NO_NUMBER) {
        return; /* nothing to weigh: lot for lot */
    }
    numu_currency currency =
        model->process.currency[process] == 0 ? model->currency : model->process.currency[process];
    numu_decimal fixed_rate = numu_model_rate(model, currency, start);
    numu_decimal rate = numu_model_rate(model, model->item.currency[item], start);
    int decimals = numu_currency_decimals(currency);
    if (fixed_rate == NUMU_NO_NUMBER || rate == NUMU_NO_NUMBER || decimals > 12) {
        return;
    }
    const int128 limit = (int128)1 << 62;
    const int128 most = (int128)1 << 126;
    int128 setup = (int128)fixed * fixed_rate;                     /* 10^-(decimals + 9) */
    int128 scale = (int128)365 * numu_power_of_ten(12 - decimals); /* to 10^-21 ÷ 365 */
    int128 holding = (int128)model->item.standard_cost[item] * model->item.holding_cost_rate[item];
    if (setup > most / scale || holding > most / rate) {
        return;
    }
    setup *= scale;
    holding = holding * rate / NUMU_DECIMAL_ONE; /* of 10^-6 unit a year: 10^-(6 + 9 + 6) */
    int n = 0;
    for (int128 greatest = setup > holding ? setup : holding; greatest >= limit; greatest /= 10) {
        n++;
    }
    policy->setup_cost = shorten(setup, n);
    policy->holding_cost = shorten(holding, n);
}

static int32_t shelf_days(const struct numu_bill *bill, numu_row item) {
    numu_decimal months = bill->model->item.shelf_life_months[item];
    int64_t days = 0;
    if (months == NUMU_NO_NUMBER ||
        numu_multiply_divide(months, INT64_C(30436875), INT64_C(1000000) * NUMU_DECIMAL_ONE,
                             NUMU_ROUND_DOWN, &days) != NUMU_OK ||
        days > DAYS_MAX) {
        return 0;
    }
    return days == 0 ? 1 : (int32_t)days;
}

/* Whether a part comes from a process that buys it. */
static bool is_bought(const struct numu_bill *bill, uint32_t source) {
    return bill->source_process[source] != NUMU_NONE &&
           bill->m.source_calendar[source] == NUMU_EVERY_DAY;
}

static void set_policy(const struct numu_bill *bill, uint32_t part, struct numu_lot_policy *policy,
                       numu_quantity *level) {
    numu_row item = bill->part_item[part];
    uint32_t source = bill->m.source_start[part];
    bool has_source = source < bill->m.source_start[part + 1];
    struct numu_lot_words words = {NUMU_LOT_FOR_LOT, 0, 0};
    if (bill->model->item.lot_policy[item].length > 0) {
        (void)numu_lot_policy_parse(bill->model->item.lot_policy[item], &words); /* checked */
    } else if (has_source && is_bought(bill, source)) {
        words = (struct numu_lot_words){NUMU_LOT_PERIOD, 30, 0}; /* as item.def says */
    }
    policy->kind = words.kind;
    policy->step = numu_item_step(bill->model, item);
    policy->shelf_days = shelf_days(bill, item);
    policy->size = words.low;
    if (has_source && bill->source_process[source] == NUMU_NONE) {
        policy->kind = NUMU_LOT_FOR_LOT; /* fetched as it is needed: lots are made at its origin */
    } else if (words.kind == NUMU_LOT_MIN_MAX) {
        policy->size = words.high - words.low;
        *level = words.low;
    } else if (words.kind == NUMU_LOT_WAGNER_WHITIN) {
        set_costs(bill, item, has_source ? bill->source_process[source] : NUMU_NONE, policy);
    }
}

/* [B5]; by item. Later rows are overwritten by earlier ones. */
static numu_status find_homes(const struct numu_bill *bill, numu_row **out) {
    const struct numu_model *model = bill->model;
    numu_row *home;
    NUMU_TRY(NUMU_TAKE(bill->scratch, &home, model->item.head.count));
    memset(home, 0xff, model->item.head.count * sizeof *home); /* NUMU_NONE */
    for (numu_row row = model->process.head.count; row-- > 0;) {
        home[model->process.item[row]] = model->process.site[row];
    }
    for (numu_row row = model->input.head.count; row-- > 0;) {
        home[model->input.item[row]] = model->process.site[model->input.process[row]];
    }
    *out = home;
    return NUMU_OK;
}

static numu_status build_policies(struct numu_bill *bill) {
    struct numu_lot_policy *policies;
    uint32_t *number;
    numu_quantity *safety;
    numu_quantity *level;
    NUMU_TRY(NUMU_TAKE(bill->scratch, &policies, bill->m.part_count));
    NUMU_TRY(NUMU_TAKE(bill->scratch, &number, bill->m.part_count));
    NUMU_TRY(NUMU_TAKE(bill->scratch, &safety, bill->m.part_count));
    NUMU_TRY(NUMU_TAKE(bill->scratch, &level, bill->m.part_count));
    for (uint32_t part = 0; part < bill->m.part_count; part++) {
        number[part] = part;
        set_policy(bill, part, &policies[part], &level[part]);
    }
    numu_row *home;
    NUMU_TRY(find_homes(bill, &home));
    for (uint32_t part = 0; part < bill->m.part_count; part++) {
        numu_row item = bill->part_item[part];
        numu_quantity wanted = bill->model->item.safety_stock[item];
        if (wanted != NUMU_NO_NUMBER && home[item] == bill->part_site[part]) {
            safety[part] = wanted;
        }
    }
    bill->m.lots = policies;
    bill->m.part_lot = number;
    bill->m.safety_stock = safety;
    bill->m.reorder_level = level;
    return NUMU_OK;
}

/* --- all --- */

static numu_status build_maps(struct numu_bill *bill) {
    const struct numu_model *model = bill->model;
    struct numu_arena *arena = bill->scratch;
    NUMU_TRY(numu_map_build(&bill->processes, arena, model->process.id, model->process.head.count,
                            NULL, NULL));
    NUMU_TRY(
        numu_map_build(&bill->items, arena, model->item.id, model->item.head.count, NULL, NULL));
    NUMU_TRY(
        numu_map_build(&bill->sites, arena, model->site.id, model->site.head.count, NULL, NULL));
    return numu_map_build(&bill->demands, arena, model->demand.id, model->demand.head.count, NULL,
                          NULL);
}

numu_status numu_bill_build(struct numu_bill *bill) {
    struct parts parts = {.bill = bill};
    numu_day data_date = bill->model->package.data_date[0];
    bill->m.first = data_date == NUMU_NO_DAY ? bill->model->package.start[0] : data_date;
    NUMU_TRY(build_maps(bill));
    NUMU_TRY(numu_materials_find(bill->model, bill->scratch, &bill->is_materials));
    NUMU_TRY(build_parts(bill, &parts));
    NUMU_TRY(build_sources(bill, &parts));
    NUMU_TRY(build_lines(bill));
    return build_policies(bill);
}
