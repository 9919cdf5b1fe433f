/*
 * check.c - what must hold across rows and tables.
 *
 * One function a rule; each says what it finds with the code of that rule. The order of the calls
 * is the order of the manual.
 */
#include "model/model.h"

#include "base/cell.h"
#include "model/network.h"

#include <string.h>

struct checker {
    const struct numu_context *context;
    const struct numu_model *model;
    struct numu_report *report;
    struct numu_arena *arena; /* scratch */
};

#define TABLE(name) numu_schema_at(offsetof(struct numu_model, name))

/*
 * Starts a finding at a column of a row; the place is looked up only where the finding will be
 * kept.
 */
static bool begin(const struct checker *checker, numu_code code,
                  const struct numu_table_descriptor *table, numu_row row, const char *column,
                  struct numu_diagnostic *out) {
    if (!numu_report_keeps(checker->report, code)) {
        numu_report_count(checker->report, code);
        return false;
    }
    *out = (struct numu_diagnostic){.code = code,
                                    .place = numu_model_place(checker->model, table, row, column),
                                    .related = NUMU_NOWHERE};
    return true;
}

/* --- dates --- */

static void check_hindsight(const struct checker *checker) {
    numu_day data_date = checker->model->package.data_date[0];
    if (data_date == NUMU_NO_DAY) {
        return;
    }
    for (const struct numu_table_descriptor *table = numu_schema + 1; table->name != NULL;
         table++) {
        const struct numu_table_head *head = numu_model_head_of(checker->model, table);
        for (numu_row row = 0; head->evidence.known != NULL && row < head->count; row++) {
            struct numu_diagnostic finding;
            if (head->evidence.known[row] > data_date &&
                begin(checker, NUMU_CODE_HINDSIGHT, table, row, "known", &finding)) {
                finding.arguments[0] = numu_argument_day(head->evidence.known[row]);
                finding.arguments[1] = numu_argument_day(data_date);
                numu_report_add(checker->report, &finding);
            }
        }
    }
}

static void check_order_of(const struct checker *checker, const struct numu_table_descriptor *table,
                           const char *first, const char *second) {
    const numu_day *from =
        numu_model_array(checker->model, table, numu_column_find(table, numu_text_of(first)));
    const numu_day *to =
        numu_model_array(checker->model, table, numu_column_find(table, numu_text_of(second)));
    for (numu_row row = 0; row < numu_model_head_of(checker->model, table)->count; row++) {
        struct numu_diagnostic finding;
        if (from[row] != NUMU_NO_DAY && to[row] != NUMU_NO_DAY && to[row] < from[row] &&
            begin(checker, NUMU_CODE_DATES_OUT_OF_ORDER, table, row, second, &finding)) {
            finding.arguments[0] = numu_argument_string(first);
            finding.arguments[1] = numu_argument_day(from[row]);
            finding.arguments[2] = numu_argument_string(second);
            finding.arguments[3] = numu_argument_day(to[row]);
            numu_report_add(checker->report, &finding);
        }
    }
}

static void check_order_of_dates(const struct checker *checker) {
    check_order_of(checker, TABLE(activity), "started", "finished");
    check_order_of(checker, TABLE(activity), "not_before", "deadline");
    check_order_of(checker, TABLE(resource), "opens", "closes");
    check_order_of(checker, TABLE(process), "opens", "closes");
    check_order_of(checker, TABLE(input), "starts", "ends");
    check_order_of(checker, TABLE(agreement), "starts", "ends");
    check_order_of(checker, TABLE(open_order), "started", "due");
    check_order_of(checker, TABLE(reference), "announced", "actual");
    check_order_of(checker, TABLE(limit), "starts", "ends");
    check_order_of(checker, TABLE(profile), "starts", "ends");
    check_order_of(checker, TABLE(rule), "starts", "ends");
    check_order_of(checker, TABLE(licence), "issued", "expires");
}

static void check_within_horizon(const struct checker *checker,
                                 const struct numu_table_descriptor *table, const char *column) {
    const struct numu_model *model = checker->model;
    numu_day first = model->package.start[0];
    numu_month end = numu_model_start_month(model) + (numu_month)numu_model_months(model);
    numu_day last = numu_month_first_day(end) - 1;
    const struct numu_column *descriptor = numu_column_find(table, numu_text_of(column));
    const int32_t *values = numu_model_array(model, table, descriptor);
    for (numu_row row = 0; row < numu_model_head_of(model, table)->count; row++) {
        bool is_month = descriptor->kind == NUMU_KIND_MONTH;
        numu_day day = is_month && values[row] != NUMU_NO_MONTH ? numu_month_first_day(values[row])
                                                                : values[row];
        struct numu_diagnostic finding;
        if (day != NUMU_NO_DAY && (day < first || day > last) &&
            begin(checker, NUMU_CODE_OUTSIDE_HORIZON, table, row, column, &finding)) {
            finding.arguments[0] = numu_argument_string(column);
            finding.arguments[1] =
                is_month ? numu_argument_month(values[row]) : numu_argument_day(day);
            finding.arguments[2] = numu_argument_day(first);
            finding.arguments[3] = numu_argument_day(last);
            numu_report_add(checker->report, &finding);
        }
    }
}

/* --- estimates and calendars --- */

static void check_estimates_of(const struct checker *checker,
                               const struct numu_table_descriptor *table, const char *low_name,
                               const char *likely_name, const char *high_name) {
    const struct numu_column *low_column = numu_column_find(table, numu_text_of(low_name));
    const int64_t *low = numu_model_array(checker->model, table, low_column);
    const int64_t *likely =
        numu_model_array(checker->model, table, numu_column_find(table, numu_text_of(likely_name)));
    const int64_t *high =
        numu_model_array(checker->model, table, numu_column_find(table, numu_text_of(high_name)));
    for (numu_row row = 0; row < numu_model_head_of(checker->model, table)->count; row++) {
        bool is_low_wrong =
            low[row] != NUMU_NO_NUMBER && likely[row] != NUMU_NO_NUMBER && low[row] > likely[row];
        bool is_high_wrong =
            high[row] != NUMU_NO_NUMBER && likely[row] != NUMU_NO_NUMBER && high[row] < likely[row];
        struct numu_diagnostic finding;
        if ((is_low_wrong || is_high_wrong) &&
            begin(checker, NUMU_CODE_ESTIMATES_OUT_OF_ORDER, table, row,
                  is_low_wrong ? low_name : high_name, &finding)) {
            int decimals = numu_kind_decimals(low_column->kind,
                                              numu_model_currency(checker->model, table, row));
            const int64_t values[3] = {low[row], likely[row], high[row]};
            for (size_t i = 0; i < 3; i++) {
                if (values[i] != NUMU_NO_NUMBER) {
                    finding.arguments[i] = numu_argument_number(values[i], decimals);
                }
            }
            numu_report_add(checker->report, &finding);
        }
    }
}

static void check_estimates(const struct checker *checker) {
    check_estimates_of(checker, TABLE(activity), "low", "likely", "high");
    check_estimates_of(checker, TABLE(mode), "low", "likely", "high");
    check_estimates_of(checker, TABLE(risk), "low", "likely", "high");
    check_estimates_of(checker, TABLE(risk), "delay_low", "delay_likely", "delay_high");
    check_estimates_of(checker, TABLE(risk), "cost_low", "cost_likely", "cost_high");
}

static void check_calendars(const struct checker *checker) {
    const struct numu_table_calendar *calendar = &checker->model->calendar;
    for (numu_row row = 0; row < calendar->head.count; row++) {
        numu_decimal hours = calendar->monday[row] + calendar->tuesday[row] +
                             calendar->wednesday[row] + calendar->thursday[row] +
                             calendar->friday[row] + calendar->saturday[row] +
                             calendar->sunday[row];
        struct numu_diagnostic finding;
        if (hours <= 0 &&
            begin(checker, NUMU_CODE_NO_WORKING_DAY, TABLE(calendar), row, "id", &finding)) {
            finding.arguments[0] = numu_argument_text(calendar->id[row]);
            numu_report_add(checker->report, &finding);
        }
    }
}

/* --- networks --- */

static numu_status check_cycles(const struct checker *checker) {
    struct numu_network network;
    struct numu_arena_mark mark = numu_arena_mark(checker->arena);
    numu_status status = numu_network_of_activities(checker->model, checker->arena, &network);
    if (status == NUMU_INVALID) {
        numu_network_report_cycle(checker->model, &network, false, checker->report);
        status = NUMU_OK;
    }
    NUMU_TRY(status);
    numu_arena_rewind(checker->arena, mark);
    status = numu_network_of_items(checker->model, checker->arena, &network);
    if (status == NUMU_INVALID) {
        numu_network_report_cycle(checker->model, &network, true, checker->report);
        status = NUMU_OK;
    }
    numu_arena_rewind(checker->arena, mark);
    return status;
}

/* --- supply: which items can ever be had where --- */

struct supply {
    size_t site_count;
    uint8_t *is_had;       /* by item × site */
    uint32_t *missing;     /* by process: inputs not yet had at its site */
    uint32_t *input_start; /* by item: rows of `input` that take it, in input_list */
    numu_row *input_list;
    uint64_t *queue; /* item × site pairs newly had */
    size_t queue_length;
};

static void have(struct supply *supply, numu_row item, numu_row site) {
    size_t pair = (size_t)item * supply->site_count + site;
    if (item != NUMU_NONE && site != NUMU_NONE && supply->is_had[pair] == 0) {
        supply->is_had[pair] = 1;
        supply->queue[supply->queue_length++] = pair;
    }
}

static numu_status index_inputs(const struct checker *checker, struct supply *supply) {
    const struct numu_table_input *input = &checker->model->input;
    size_t items = checker->model->item.head.count;
    NUMU_TRY(NUMU_TAKE(checker->arena, &supply->input_start, items + 2));
    NUMU_TRY(NUMU_TAKE(checker->arena, &supply->input_list, input->head.count));
    for (numu_row row = 0; row < input->head.count; row++) {
        if (input->item[row] != NUMU_NONE && input->process[row] != NUMU_NONE) {
            supply->input_start[input->item[row] + 2]++;
            supply->missing[input->process[row]]++;
        }
    }
    for (size_t i = 2; i < items + 2; i++) {
        supply->input_start[i] += supply->input_start[i - 1];
    }
    for (numu_row row = 0; row < input->head.count; row++) {
        if (input->item[row] != NUMU_NONE && input->process[row] != NUMU_NONE) {
            supply->input_list[supply->input_start[input->item[row] + 1]++] = row;
        }
    }
    return NUMU_OK;
}

static void have_given(const struct numu_model *model, struct supply *supply) {
    for (numu_row row = 0; row < model->stock.head.count; row++) {
        have(supply, model->stock.item[row], model->stock.site[row]);
    }
    for (numu_row row = 0; row < model->delivery.head.count; row++) {
        have(supply, model->delivery.item[row], model->delivery.site[row]);
    }
    for (numu_row row = 0; row < model->open_order.head.count; row++) {
        numu_row process = model->open_order.process[row];
        have(supply, model->process.item[process], model->process.site[process]);
    }
    for (numu_row row = 0; row < model->process.head.count; row++) {
        if (supply->missing[row] == 0) {
            have(supply, model->process.item[row], model->process.site[row]);
        }
    }
}

/*
 * Whatever is had at a site lets processes there yield, and routes bring it elsewhere, until
 * nothing changes.
 */
static numu_status find_supply(const struct checker *checker, struct supply *supply) {
    const struct numu_model *model = checker->model;
    size_t pairs = (size_t)model->item.head.count * model->site.head.count;
    supply->site_count = model->site.head.count;
    NUMU_TRY(NUMU_TAKE(checker->arena, &supply->is_had, pairs));
    NUMU_TRY(NUMU_TAKE(checker->arena, &supply->queue, pairs));
    NUMU_TRY(NUMU_TAKE(checker->arena, &supply->missing, model->process.head.count));
    NUMU_TRY(index_inputs(checker, supply));
    have_given(model, supply);
    for (size_t next = 0; next < supply->queue_length; next++) {
        numu_row item = (numu_row)(supply->queue[next] / supply->site_count);
        numu_row site = (numu_row)(supply->queue[next] % supply->site_count);
        for (uint32_t i = supply->input_start[item]; i < supply->input_start[item + 1]; i++) {
            numu_row process = model->input.process[supply->input_list[i]];
            if (model->process.site[process] == site && --supply->missing[process] == 0) {
                have(supply, model->process.item[process], site);
            }
        }
        for (numu_row route = 0; route < model->route.head.count; route++) {
            if (model->route.from[route] == site) {
                have(supply, item, model->route.to[route]);
            }
        }
    }
    return NUMU_OK;
}

static numu_status check_supply(const struct checker *checker) {
    const struct numu_model *model = checker->model;
    struct supply supply = {.site_count = 0};
    struct numu_arena_mark mark = numu_arena_mark(checker->arena);
    NUMU_TRY(find_supply(checker, &supply));
    struct numu_diagnostic finding;
    for (numu_row row = 0; row < model->input.head.count; row++) {
        numu_row process = model->input.process[row];
        size_t pair =
            (size_t)model->input.item[row] * supply.site_count + model->process.site[process];
        if (supply.is_had[pair] == 0 &&
            begin(checker, NUMU_CODE_INPUT_NEVER_HAD, TABLE(input), row, "item", &finding)) {
            finding.arguments[0] = numu_argument_text(model->process.id[process]);
            finding.arguments[1] = numu_argument_text(model->item.id[model->input.item[row]]);
            finding.arguments[2] = numu_argument_text(model->site.id[model->process.site[process]]);
            numu_report_add(checker->report, &finding);
        }
    }
    for (numu_row row = 0; row < model->demand.head.count; row++) {
        size_t pair = (size_t)model->demand.item[row] * supply.site_count + model->demand.site[row];
        if (supply.is_had[pair] == 0 &&
            begin(checker, NUMU_CODE_NO_SUPPLY, TABLE(demand), row, "item", &finding)) {
            finding.arguments[0] = numu_argument_text(model->item.id[model->demand.item[row]]);
            finding.arguments[1] = numu_argument_text(model->site.id[model->demand.site[row]]);
            finding.arguments[2] = numu_argument_text(model->demand.id[row]);
            numu_report_add(checker->report, &finding);
        }
    }
    numu_arena_rewind(checker->arena, mark);
    return NUMU_OK;
}

/* --- money --- */

static void check_rates(const struct checker *checker) {
    bool is_told[1024] = {false}; /* one finding a currency */
    const struct numu_model *model = checker->model;
    numu_month start = numu_model_start_month(model);
    for (const struct numu_table_descriptor *table = numu_schema + 1; table->name != NULL;
         table++) {
        const struct numu_column *column = numu_column_find(table, NUMU_TEXT("currency"));
        bool is_history = table == TABLE(rate) || table == TABLE(reference) ||
                          table == TABLE(trade) || table == TABLE(spending);
        if (column == NULL || is_history) {
            continue;
        }
        const numu_currency *currencies = numu_model_array(model, table, column);
        for (numu_row row = 0; row < numu_model_head_of(model, table)->count; row++) {
            struct numu_diagnostic finding;
            if (!is_told[currencies[row]] &&
                numu_model_rate(model, currencies[row], start) == NUMU_NO_NUMBER &&
                begin(checker, NUMU_CODE_NO_RATE, table, row, "currency", &finding)) {
                is_told[currencies[row]] = true;
                finding.arguments[0] = numu_argument_string(numu_currency_code(currencies[row]));
                finding.arguments[1] = numu_argument_month(start);
                numu_report_add(checker->report, &finding);
            }
        }
    }
}

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

static void check_funds(const struct checker *checker) {
    const struct numu_model *model = checker->model;
    const struct numu_column *pays = numu_column_find(TABLE(fund), NUMU_TEXT("pays"));
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

/* --- explosives --- */

static void check_hazards(const struct checker *checker) {
    const struct numu_table_item *item = &checker->model->item;
    for (numu_row row = 0; row < item->head.count; row++) {
        bool is_hazardous = item->classification[row].length > 0 ||
                            (item->neq_kg[row] != NUMU_NO_NUMBER && item->neq_kg[row] > 0);
        const char *missing = item->classification[row].length == 0 ? "classification"
                              : item->neq_kg[row] == NUMU_NO_NUMBER ? "neq_kg"
                              : item->form[row] == 0                ? "form"
                                                                    : NULL;
        struct numu_diagnostic finding;
        if (is_hazardous && missing != NULL &&
            begin(checker, NUMU_CODE_HAZARD_INCOMPLETE, TABLE(item), row, missing, &finding)) {
            finding.arguments[0] = numu_argument_text(item->id[row]);
            finding.arguments[1] = numu_argument_string(missing);
            numu_report_add(checker->report, &finding);
        }
    }
}

static numu_status check(const struct checker *checker) {
    bool is_sound = numu_report_total(checker->report, NUMU_ERROR) == 0;
    check_hindsight(checker);
    check_order_of_dates(checker);
    check_estimates(checker);
    check_calendars(checker);
    check_hazards(checker);
    if (is_sound) { /* what rests on several rows would blame the wrong one while rows are broken */
        check_within_horizon(checker, TABLE(demand), "due");
        check_within_horizon(checker, TABLE(budget), "month");
        check_within_horizon(checker, TABLE(delivery), "due");
        check_within_horizon(checker, TABLE(open_order), "due");
        NUMU_TRY(check_cycles(checker));
        NUMU_TRY(check_supply(checker));
        check_rates(checker);
        check_funds(checker);
    }
    return checker->report->status;
}

numu_status numu_model_check(const struct numu_context *context, const struct numu_model *model,
                             struct numu_report *report) {
    struct numu_arena scratch;
    numu_arena_init(&scratch, context->heap);
    struct checker checker = {
        .context = context, .model = model, .report = report, .arena = &scratch};
    numu_status status = check(&checker);
    numu_arena_release(&scratch);
    return status;
}
