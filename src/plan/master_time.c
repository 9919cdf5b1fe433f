/*
 * master_time.c - what holds in which month: rates, windows, lead times, ramps, hours, needs.
 */
#include "plan/master_problem.h"

#include <math.h>

/* --- money --- */

static numu_status build_rates(struct numu_master *master) {
    size_t currencies = (size_t)numu_currency_count() + 1;
    NUMU_TRY(NUMU_TAKE(master->scratch, &master->rate, currencies * master->solved));
    for (size_t currency = 0; currency < currencies; currency++) {
        for (uint32_t t = 0; t < master->solved; t++) {
            numu_decimal rate = numu_model_rate(master->model, (numu_currency)currency,
                                                master->start + (numu_month)t);
            master->rate[currency * master->solved + t] =
                rate == NUMU_NO_NUMBER ? NAN : numu_number_to_double(rate, NUMU_DECIMAL_DECIMALS);
        }
    }
    double year_rate =
        numu_number_to_double(master->model->package.discount_rate[0], NUMU_DECIMAL_DECIMALS);
    NUMU_TRY(NUMU_TAKE(master->scratch, &master->discount, master->solved));
    for (uint32_t t = 0; t < master->solved; t++) {
        master->discount[t] = pow(1 + year_rate, -(double)t / 12);
    }
    return NUMU_OK;
}

double numu_master_rate(struct numu_master *master, numu_currency currency, uint32_t month) {
    double rate = master->rate[(size_t)currency * master->solved + month];
    if (!isnan(rate)) {
        return rate;
    }
    if (master->unrated == 0) {
        master->unrated = currency;
        master->unrated_month = month;
    }
    return 0;
}

double numu_master_price(struct numu_master *master, numu_price price, numu_currency currency,
                         uint32_t month) {
    if (price == NUMU_NO_NUMBER || price == 0) {
        return 0;
    }
    return numu_number_to_double(price, NUMU_PRICE_DECIMALS) *
           numu_master_rate(master, currency, month);
}

double numu_master_money(struct numu_master *master, numu_money money, numu_currency currency,
                         uint32_t month) {
    if (money == NUMU_NO_NUMBER || money == 0) {
        return 0;
    }
    numu_currency known = currency == 0 ? master->model->currency : currency;
    return numu_number_to_double(money, numu_currency_decimals(known)) *
           numu_master_rate(master, known, month);
}

numu_cost_kind numu_master_cost_kind(numu_process_kind kind) {
    switch (kind) {
    case numu_process_kind_import:
        return numu_cost_kind_import;
    case numu_process_kind_purchase:
        return numu_cost_kind_material;
    default:
        return numu_cost_kind_processing;
    }
}

numu_status numu_master_too_large(const struct numu_master *master,
                                  const struct numu_table_descriptor *table, numu_row row,
                                  const char *column) {
    struct numu_diagnostic finding = {
        .code = NUMU_CODE_QUANTITY_TOO_LARGE, .place = NUMU_NOWHERE, .related = NUMU_NOWHERE};
    if (table != NULL) {
        finding.place = numu_model_place(master->model, table, row, column);
        finding.arguments[0] = numu_argument_text(numu_model_id(master->model, table, row));
    }
    finding.arguments[1] = numu_argument_string(column);
    numu_report_add(master->report, &finding);
    return NUMU_INVALID;
}

/* --- months --- */

uint32_t numu_master_month(const struct numu_master *master, numu_day day) {
    numu_month month = numu_day_month(day);
    return month <= master->start ? 0 : (uint32_t)(month - master->start);
}

int64_t numu_master_overlap(const struct numu_master *master, uint32_t month, numu_day from,
                            numu_day to) {
    numu_day first = numu_month_first_day(master->start + (numu_month)month);
    numu_day end = numu_month_first_day(master->start + (numu_month)month + 1);
    int64_t days = (int64_t)(to < end ? to : end) - (from > first ? from : first);
    return days > 0 ? days : 0;
}

/* The first whole month from a day on; INT64_MIN where there is no day. */
int64_t numu_master_month_from(const struct numu_master *master, numu_day day) {
    if (day == NUMU_NO_DAY) {
        return INT64_MIN;
    }
    int64_t month = (int64_t)numu_day_month(day) - master->start;
    return numu_month_first_day(numu_day_month(day)) == day ? month : month + 1;
}

/* The month after the last one that a day lies in; INT64_MAX where there is no day. */
int64_t numu_master_month_after(const struct numu_master *master, numu_day day) {
    return day == NUMU_NO_DAY ? INT64_MAX : (int64_t)numu_day_month(day) - master->start + 1;
}

/* The month after the last one that a last day leaves whole; INT64_MAX where there is no day. */
int64_t numu_master_month_until(const struct numu_master *master, numu_day day) {
    return day == NUMU_NO_DAY ? INT64_MAX : (int64_t)numu_day_month(day + 1) - master->start;
}

/* Month of opening by a date, or by an activity: the month after that of its last day of work. */
int64_t numu_master_open_month(const struct numu_master *master, numu_day opens,
                               numu_row opened_by) {
    int64_t month = numu_master_month_from(master, opens);
    if (opened_by != NUMU_NONE) {
        int64_t after = numu_master_month_after(master, master->dates->finish[opened_by] - 1);
        month = after > month ? after : month;
    }
    return month;
}

/* `month` within 0 … solved. */
uint32_t numu_master_clamp(const struct numu_master *master, int64_t month) {
    return month < 0 ? 0 : month > master->solved ? master->solved : (uint32_t)month;
}

bool numu_master_input_holds(const struct numu_master *master, numu_row input, uint32_t month) {
    return numu_master_month_from(master, master->model->input.starts[input]) <= (int64_t)month &&
           (int64_t)month < numu_master_month_after(master, master->model->input.ends[input]);
}

/* --- lists by process --- */

static numu_status group(struct numu_arena *arena, const numu_row *keys, numu_row count,
                         numu_row key_count, struct numu_master_group *out) {
    NUMU_TRY(NUMU_TAKE(arena, &out->start, (size_t)key_count + 1));
    NUMU_TRY(NUMU_TAKE(arena, &out->row, count));
    for (numu_row row = 0; row < count; row++) {
        out->start[keys[row]]++;
    }
    uint32_t before = 0;
    for (numu_row key = 0; key < key_count; key++) {
        before += out->start[key];
        out->start[key] = before; /* its end, for now */
    }
    out->start[key_count] = before;
    for (numu_row row = count; row-- > 0;) {
        out->row[--out->start[keys[row]]] = row;
    }
    return NUMU_OK;
}

/* --- resources --- */

/* a × b, both × 10^9. */
static numu_status times(numu_decimal a, numu_decimal b, numu_decimal *out) {
    return numu_multiply_divide(a, b, NUMU_DECIMAL_ONE, NUMU_ROUND_HALF_EVEN, out);
}

static numu_status find_capacity(const struct numu_master *master, numu_row row, uint32_t month,
                                 numu_decimal *out) {
    const struct numu_table_resource *table = &master->model->resource;
    numu_decimal hours = table->hours_month[row];
    if (hours == NUMU_NO_NUMBER) {
        const struct numu_calendar *calendar =
            numu_calendar_get(master->calendars, master->model, table->calendar[row]);
        numu_month civil = master->start + (numu_month)month;
        hours = numu_calendar_hours(calendar, numu_month_first_day(civil),
                                    numu_month_first_day(civil + 1));
    }
    NUMU_TRY(times(hours, table->units[row], &hours));
    return times(hours, table->availability[row], out);
}

static numu_status build_resource(struct numu_master *master, numu_row row) {
    const struct numu_table_resource *table = &master->model->resource;
    struct numu_master_resource *resource = &master->resource[row];
    int64_t open = numu_master_open_month(master, table->opens[row], table->opened_by[row]);
    resource->first = numu_master_clamp(master, open);
    resource->end = numu_master_clamp(master, numu_master_month_until(master, table->closes[row]));
    resource->opens_in_horizon = open >= 0 && open < master->solved;
    NUMU_TRY(NUMU_TAKE(master->scratch, &resource->capacity, master->solved));
    numu_decimal greatest = 0;
    for (uint32_t t = resource->first; t < resource->end; t++) {
        if (find_capacity(master, row, t, &resource->capacity[t]) != NUMU_OK) {
            return numu_master_too_large(master, numu_schema_find(NUMU_TEXT("resource")), row,
                                         "units");
        }
        greatest = resource->capacity[t] > greatest ? resource->capacity[t] : greatest;
    }
    resource->unit =
        greatest == 0 ? 1
                      : exp2(round(log2(numu_number_to_double(greatest, NUMU_DECIMAL_DECIMALS))));
    return NUMU_OK;
}

/* What is lost where no upkeep is paid: down to the least availability that its rows name. */
static void build_upkeep(struct numu_master *master, numu_row row) {
    const struct numu_table_upkeep *table = &master->model->upkeep;
    const struct numu_master_group *group = &master->upkeeps;
    struct numu_master_resource *resource = &master->resource[row];
    numu_decimal paid = master->model->resource.availability[row];
    numu_decimal least = paid;
    for (uint32_t i = group->start[row]; i < group->start[row + 1]; i++) {
        numu_decimal unpaid = table->availability_unpaid[group->row[i]];
        least = unpaid != NUMU_NO_NUMBER && unpaid < least ? unpaid : least;
    }
    resource->has_upkeep = group->start[row] < group->start[row + 1];
    resource->lost = paid == 0 ? 0 : 1 - (double)least / (double)paid;
}

/* --- processes --- */

void numu_master_split_months(double months, uint32_t *out_whole, double *out_part) {
    const double nearly = 1e-9;
    double whole = floor(months + nearly);
    *out_whole = whole > UINT16_MAX ? UINT16_MAX : (uint32_t)whole;
    *out_part = months - whole > nearly ? months - whole : 0;
}

/* Working days of an average month of the horizon. */
static double working_days_of_month(const struct numu_master *master) {
    const struct numu_calendar *calendar =
        numu_calendar_get(master->calendars, master->model, NUMU_NONE);
    int64_t days =
        numu_calendar_count(calendar, numu_month_first_day(master->start),
                            numu_month_first_day(master->start + (numu_month)master->months));
    return days == 0 ? NUMU_MASTER_DAYS_OF_MONTH : (double)days / master->months;
}

static bool is_bought(numu_process_kind kind) {
    return kind == numu_process_kind_import || kind == numu_process_kind_purchase;
}

static double lead_months(const struct numu_master *master, numu_row row, double working_days) {
    const struct numu_table_process *table = &master->model->process;
    double days = numu_number_to_double(table->lead_time_days[row], NUMU_DECIMAL_DECIMALS);
    return days / (is_bought((numu_process_kind)table->kind[row]) ? NUMU_MASTER_DAYS_OF_MONTH
                                                                  : working_days);
}

/* First month of completion: no part of the start lies before the horizon or the opening. */
static void build_process(struct numu_master *master, numu_row row, double working_days) {
    const struct numu_table_process *table = &master->model->process;
    struct numu_master_process *process = &master->process[row];
    numu_master_split_months(lead_months(master, row, working_days), &process->whole,
                             &process->part);
    int64_t open = numu_master_open_month(master, table->opens[row], table->opened_by[row]);
    uint32_t lead = process->whole + (process->part > 0 ? 1 : 0);
    process->open = open;
    process->end = numu_master_clamp(master, numu_master_month_until(master, table->closes[row]));
    if (table->agreement[row] != NUMU_NONE) { /* it holds from start to yield */
        const struct numu_table_agreement *agreement = &master->model->agreement;
        int64_t starts = numu_master_month_from(master, agreement->starts[table->agreement[row]]);
        uint32_t end = numu_master_clamp(
            master, numu_master_month_until(master, agreement->ends[table->agreement[row]]));
        open = starts > open ? starts : open;
        process->end = end < process->end ? end : process->end;
    }
    process->first = numu_master_clamp(master, (open > 0 ? open : 0) + lead);
    int64_t resource_open = INT64_MIN;
    for (uint32_t i = master->operations.start[row]; i < master->operations.start[row + 1]; i++) {
        numu_row at = master->model->operation.resource[master->operations.row[i]];
        const struct numu_master_resource *resource = &master->resource[at];
        process->first = resource->first > process->first ? resource->first : process->first;
        process->end = resource->end < process->end ? resource->end : process->end;
        int64_t opening = numu_master_open_month(master, master->model->resource.opens[at],
                                                 master->model->resource.opened_by[at]);
        resource_open = opening > resource_open ? opening : resource_open;
    }
    if (process->open == INT64_MIN) {
        process->open = resource_open == INT64_MIN ? 0 : resource_open;
    }
}

double numu_master_ramp(const struct numu_master *master, numu_row process, uint32_t month) {
    const struct numu_table_process *table = &master->model->process;
    double months = numu_number_to_double(table->ramp_months[process], NUMU_DECIMAL_DECIMALS);
    double age = (double)month - (double)master->process[process].open;
    if (age >= months) {
        return 1;
    }
    double start = numu_number_to_double(table->ramp_start[process], NUMU_DECIMAL_DECIMALS);
    return age <= 0 ? start : start + (1 - start) * age / months;
}

/* --- horizon --- */

/* Longest lead time and course, in whole months. */
static uint32_t default_tail(const struct numu_master *master) {
    double working_days = working_days_of_month(master);
    double longest = 0;
    for (numu_row row = 0; row < master->model->process.head.count; row++) {
        longest = fmax(longest, lead_months(master, row, working_days));
    }
    double course = 0;
    for (numu_row row = 0; row < master->model->course.head.count; row++) {
        course = fmax(course, numu_number_to_double(master->model->course.months[row],
                                                    NUMU_DECIMAL_DECIMALS));
    }
    double tail = ceil(longest - 1e-9) + ceil(course);
    return tail > 1200 ? 1200 : (uint32_t)tail; /* as much as the package may ask for */
}

/* --- needs --- */

/*
 * Month by whose end a demand must be there. Due before its month's last working day, it is served
 * from the closing stock of the month before.
 */
static int64_t need_month(const struct numu_master *master, numu_day due) {
    const struct numu_calendar *calendar =
        numu_calendar_get(master->calendars, master->model, NUMU_NONE);
    numu_month civil = numu_day_month(due);
    numu_day last = numu_month_last_day(civil);
    while (last > numu_month_first_day(civil) && !numu_calendar_is_worked(calendar, last)) {
        last--;
    }
    int64_t month = (int64_t)civil - master->start - (due < last ? 1 : 0);
    return month < 0 ? 0 : month;
}

/* Worth of a unit delivered on time: as given, else the item's standard cost, else 1. */
static double need_weight(struct numu_master *master, numu_row row, uint32_t month) {
    const struct numu_model *model = master->model;
    uint32_t at = month < master->months ? month : master->months - 1;
    if (model->demand.unit_value[row] != NUMU_NO_NUMBER) {
        return numu_master_price(master, model->demand.unit_value[row], model->demand.currency[row],
                                 at);
    }
    numu_row item = model->demand.item[row];
    if (model->item.standard_cost[item] != NUMU_NO_NUMBER) {
        return numu_master_price(master, model->item.standard_cost[item],
                                 model->item.currency[item], at);
    }
    return 1;
}

/* How often a demand due in a month is repeated in the tail. */
static uint32_t repeats_of(const struct numu_master *master, uint32_t month) {
    uint32_t year = master->months < 12 ? master->months : 12;
    return month + year < master->months ? 0 : (master->solved - 1 - month) / year;
}

static numu_status build_needs(struct numu_master *master) {
    const struct numu_table_demand *table = &master->model->demand;
    uint32_t year = master->months < 12 ? master->months : 12;
    size_t count = 0;
    for (numu_row row = 0; row < table->head.count; row++) {
        int64_t month = need_month(master, table->due[row]);
        count += month < master->months ? 1 + repeats_of(master, (uint32_t)month) : 0;
    }
    if (count > INT32_MAX) {
        return NUMU_LIMIT;
    }
    NUMU_TRY(NUMU_TAKE(master->scratch, &master->need, count));
    for (numu_row row = 0; row < table->head.count; row++) {
        int64_t due = need_month(master, table->due[row]);
        if (due >= master->months) {
            master->demands_beyond++;
            continue;
        }
        uint32_t month = (uint32_t)due;
        double weight = need_weight(master, row, month);
        for (uint32_t n = 0; n <= repeats_of(master, month); n++) {
            master->need[master->need_count++] = (struct numu_master_need){
                .demand = row, .due = month + n * year, .repeat = n, .weight = weight};
        }
    }
    return NUMU_OK;
}

numu_status numu_master_build_time(struct numu_master *master) {
    const struct numu_model *model = master->model;
    numu_row process_count = model->process.head.count;
    master->start = numu_model_start_month(model);
    master->months = (uint32_t)numu_model_months(model);
    int64_t tail = model->package.tail_months[0];
    master->solved =
        master->months + (tail == NUMU_NO_NUMBER ? default_tail(master) : (uint32_t)tail);
    NUMU_TRY(build_rates(master));
    NUMU_TRY(group(master->scratch, model->input.process, model->input.head.count, process_count,
                   &master->inputs));
    NUMU_TRY(group(master->scratch, model->operation.process, model->operation.head.count,
                   process_count, &master->operations));
    NUMU_TRY(NUMU_TAKE(master->scratch, &master->resource, model->resource.head.count));
    for (numu_row row = 0; row < model->resource.head.count; row++) {
        NUMU_TRY(build_resource(master, row));
    }
    NUMU_TRY(group(master->scratch, model->upkeep.resource, model->upkeep.head.count,
                   model->resource.head.count, &master->upkeeps));
    for (numu_row row = 0; row < model->resource.head.count; row++) {
        build_upkeep(master, row);
    }
    double working_days = working_days_of_month(master);
    NUMU_TRY(NUMU_TAKE(master->scratch, &master->process, process_count));
    for (numu_row row = 0; row < process_count; row++) {
        build_process(master, row, working_days);
    }
    return build_needs(master);
}
