/*
 * check_time.c - dates, estimates, calendars, and the network of the programme.
 */
#include "model/check.h"

#include "model/network.h"

/* --- dates --- */

static void check_hindsight(const struct numu_checker *checker) {
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
                numu_check_begin(checker, NUMU_CODE_HINDSIGHT, table, row, "known", &finding)) {
                finding.arguments[0] = numu_argument_day(head->evidence.known[row]);
                finding.arguments[1] = numu_argument_day(data_date);
                numu_report_add(checker->report, &finding);
            }
        }
    }
}

static void check_order_of(const struct numu_checker *checker,
                           const struct numu_table_descriptor *table, const char *first,
                           const char *second) {
    const numu_day *from =
        numu_model_array(checker->model, table, numu_column_find(table, numu_text_of(first)));
    const numu_day *to =
        numu_model_array(checker->model, table, numu_column_find(table, numu_text_of(second)));
    for (numu_row row = 0; row < numu_model_head_of(checker->model, table)->count; row++) {
        struct numu_diagnostic finding;
        if (from[row] != NUMU_NO_DAY && to[row] != NUMU_NO_DAY && to[row] < from[row] &&
            numu_check_begin(checker, NUMU_CODE_DATES_OUT_OF_ORDER, table, row, second, &finding)) {
            finding.arguments[0] = numu_argument_string(first);
            finding.arguments[1] = numu_argument_day(from[row]);
            finding.arguments[2] = numu_argument_string(second);
            finding.arguments[3] = numu_argument_day(to[row]);
            numu_report_add(checker->report, &finding);
        }
    }
}

static void check_order_of_dates(const struct numu_checker *checker) {
    check_order_of(checker, NUMU_MODEL_TABLE(activity), "started", "finished");
    check_order_of(checker, NUMU_MODEL_TABLE(activity), "not_before", "deadline");
    check_order_of(checker, NUMU_MODEL_TABLE(resource), "opens", "closes");
    check_order_of(checker, NUMU_MODEL_TABLE(process), "opens", "closes");
    check_order_of(checker, NUMU_MODEL_TABLE(input), "starts", "ends");
    check_order_of(checker, NUMU_MODEL_TABLE(agreement), "starts", "ends");
    check_order_of(checker, NUMU_MODEL_TABLE(open_order), "started", "due");
    check_order_of(checker, NUMU_MODEL_TABLE(reference), "announced", "planned");
    check_order_of(checker, NUMU_MODEL_TABLE(reference), "announced", "actual");
    check_order_of(checker, NUMU_MODEL_TABLE(limit), "starts", "ends");
    check_order_of(checker, NUMU_MODEL_TABLE(profile), "starts", "ends");
    check_order_of(checker, NUMU_MODEL_TABLE(rule), "starts", "ends");
    check_order_of(checker, NUMU_MODEL_TABLE(licence), "issued", "expires");
}

/* Progress and receipts after the day on which the package looks at the world. */
static void check_progress_of(const struct numu_checker *checker,
                              const struct numu_table_descriptor *table, const char *column) {
    numu_day data_date = checker->model->package.data_date[0];
    const numu_day *days = numu_check_array(checker, table, column);
    for (numu_row row = 0; row < numu_model_head_of(checker->model, table)->count; row++) {
        struct numu_diagnostic finding;
        if (days[row] > data_date &&
            numu_check_begin(checker, NUMU_CODE_AFTER_DATA_DATE, table, row, column, &finding)) {
            finding.arguments[0] = numu_argument_string(column);
            finding.arguments[1] = numu_argument_day(days[row]);
            finding.arguments[2] = numu_argument_day(data_date);
            numu_report_add(checker->report, &finding);
        }
    }
}

static void check_progress(const struct numu_checker *checker) {
    if (checker->model->package.data_date[0] == NUMU_NO_DAY) {
        return;
    }
    check_progress_of(checker, NUMU_MODEL_TABLE(activity), "started");
    check_progress_of(checker, NUMU_MODEL_TABLE(activity), "finished");
    check_progress_of(checker, NUMU_MODEL_TABLE(open_order), "started");
    check_progress_of(checker, NUMU_MODEL_TABLE(stock), "made");
    check_progress_of(checker, NUMU_MODEL_TABLE(reference), "actual");
    check_progress_of(checker, NUMU_MODEL_TABLE(reference), "observed");
}

void numu_check_dates(const struct numu_checker *checker) {
    check_hindsight(checker);
    check_order_of_dates(checker);
    check_progress(checker);
}

/* --- the horizon --- */

/* `is_early_fine`: what is overdue comes in the first month. */
static void check_within_horizon(const struct numu_checker *checker,
                                 const struct numu_table_descriptor *table, const char *column,
                                 bool is_early_fine) {
    const struct numu_model *model = checker->model;
    numu_day first = model->package.start[0];
    numu_month end = numu_model_start_month(model) + (numu_month)numu_model_months(model);
    numu_day last = numu_month_first_day(end) - 1;
    const struct numu_column *descriptor = numu_column_find(table, numu_text_of(column));
    const int32_t *values = numu_model_array(model, table, descriptor);
    for (numu_row row = 0; row < numu_model_head_of(model, table)->count; row++) {
        bool is_month = descriptor->kind == NUMU_KIND_MONTH;
        numu_day day = is_month ? numu_month_first_day(values[row]) : values[row];
        struct numu_diagnostic finding;
        if (day != NUMU_NO_DAY && ((day < first && !is_early_fine) || day > last) &&
            numu_check_begin(checker, NUMU_CODE_OUTSIDE_HORIZON, table, row, column, &finding)) {
            finding.arguments[0] = numu_argument_string(column);
            finding.arguments[1] =
                is_month ? numu_argument_month(values[row]) : numu_argument_day(day);
            finding.arguments[2] = numu_argument_day(first);
            finding.arguments[3] = numu_argument_day(last);
            numu_report_add(checker->report, &finding);
        }
    }
}

void numu_check_horizon(const struct numu_checker *checker) {
    check_within_horizon(checker, NUMU_MODEL_TABLE(demand), "due", false);
    check_within_horizon(checker, NUMU_MODEL_TABLE(budget), "month", false);
    check_within_horizon(checker, NUMU_MODEL_TABLE(delivery), "due", true);
    check_within_horizon(checker, NUMU_MODEL_TABLE(open_order), "due", true);
}

/* --- estimates and calendars --- */

static void check_estimates_of(const struct numu_checker *checker,
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
            numu_check_begin(checker, NUMU_CODE_ESTIMATES_OUT_OF_ORDER, table, row,
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

/* What a lognormal law is made of, its P10 and P90, must be there and above 0. */
static void check_lognormal(const struct numu_checker *checker,
                            const struct numu_table_descriptor *table, numu_row row,
                            numu_row activity, numu_decimal low, numu_decimal high) {
    const struct numu_table_activity *activities = &checker->model->activity;
    struct numu_diagnostic finding;
    bool is_high_wrong = low != NUMU_NO_NUMBER && low > 0; /* that is, missing or too low, too */
    bool is_wrong = !is_high_wrong || high == NUMU_NO_NUMBER || high <= 0;
    if (is_wrong && activities->distribution[activity] == numu_distribution_lognormal &&
        numu_check_begin(checker, NUMU_CODE_IMPOSSIBLE_LAW, table, row,
                         is_high_wrong ? "high" : "low", &finding)) {
        finding.arguments[0] = numu_argument_text(activities->id[activity]);
        numu_report_add(checker->report, &finding);
    }
}

static void check_laws(const struct numu_checker *checker) {
    const struct numu_table_activity *activity = &checker->model->activity;
    const struct numu_table_mode *mode = &checker->model->mode;
    for (numu_row row = 0; row < activity->head.count; row++) {
        check_lognormal(checker, NUMU_MODEL_TABLE(activity), row, row, activity->low[row],
                        activity->high[row]);
    }
    for (numu_row row = 0; row < mode->head.count; row++) {
        if (mode->activity[row] != NUMU_NONE) {
            check_lognormal(checker, NUMU_MODEL_TABLE(mode), row, mode->activity[row],
                            mode->low[row], mode->high[row]);
        }
    }
}

void numu_check_estimates(const struct numu_checker *checker) {
    check_laws(checker);
    check_estimates_of(checker, NUMU_MODEL_TABLE(activity), "low", "likely", "high");
    check_estimates_of(checker, NUMU_MODEL_TABLE(mode), "low", "likely", "high");
    check_estimates_of(checker, NUMU_MODEL_TABLE(risk), "low", "likely", "high");
    check_estimates_of(checker, NUMU_MODEL_TABLE(risk), "delay_low", "delay_likely", "delay_high");
    check_estimates_of(checker, NUMU_MODEL_TABLE(risk), "cost_low", "cost_likely", "cost_high");
}

void numu_check_calendars(const struct numu_checker *checker) {
    const struct numu_table_calendar *calendar = &checker->model->calendar;
    const numu_decimal *const weekdays[] = {
        calendar->monday, calendar->tuesday,  calendar->wednesday, calendar->thursday,
        calendar->friday, calendar->saturday, calendar->sunday,
    };
    for (numu_row row = 0; row < calendar->head.count; row++) {
        bool may_work = false;
        for (size_t day = 0; day < sizeof weekdays / sizeof weekdays[0]; day++) {
            /* Hours that could not be read are told of already. */
            numu_decimal hours = weekdays[day][row];
            may_work = may_work || hours > 0 || hours == NUMU_NO_NUMBER;
        }
        struct numu_diagnostic finding;
        if (!may_work && numu_check_begin(checker, NUMU_CODE_NO_WORKING_DAY,
                                          NUMU_MODEL_TABLE(calendar), row, "id", &finding)) {
            finding.arguments[0] = numu_argument_text(calendar->id[row]);
            numu_report_add(checker->report, &finding);
        }
    }
}

/* --- the programme --- */

static uint32_t length_of_loop(const numu_row *parent, numu_row from) {
    uint32_t length = 0;
    numu_row row = from;
    do {
        row = parent[row];
        length++;
    } while (row != from);
    return length;
}

/* "hall > works > hall", from the loop's least row on. */
static void tell_loop(const struct numu_checker *checker, const numu_row *parent, numu_row from) {
    const struct numu_model *model = checker->model;
    struct numu_buffer path;
    numu_buffer_init(&path, checker->context->heap, 0);
    numu_status status =
        numu_buffer_append(&path, model->activity.id[from].data, model->activity.id[from].length);
    uint32_t length = length_of_loop(parent, from);
    numu_row row = from;
    for (uint32_t i = 0; i < length && status == NUMU_OK; i++) {
        row = parent[row];
        status = numu_buffer_append_string(&path, " > ");
        if (status == NUMU_OK) {
            status = numu_buffer_append(&path, model->activity.id[row].data,
                                        model->activity.id[row].length);
        }
    }
    if (status == NUMU_OK) {
        numu_check_tell(checker, NUMU_CODE_PARENT_CYCLE, NUMU_MODEL_TABLE(activity), from, "parent",
                        (struct numu_text){path.data, path.length}, NUMU_NO_TEXT, NUMU_NO_TEXT);
    } else {
        checker->report->status = status;
    }
    numu_buffer_release(&path);
}

/* Each row has one parent at most, so that a walk up meets a loop or an end. */
static numu_status check_parents(const struct numu_checker *checker) {
    const struct numu_table_activity *activity = &checker->model->activity;
    numu_row *walk; /* by activity: 1 + the row whose walk up first met it */
    NUMU_TRY(NUMU_TAKE(checker->arena, &walk, activity->head.count));
    for (numu_row from = 0; from < activity->head.count; from++) {
        numu_row row = from;
        while (row != NUMU_NONE && walk[row] == 0) {
            walk[row] = from + 1;
            row = activity->parent[row];
        }
        if (row != NUMU_NONE && walk[row] == from + 1) {
            tell_loop(checker, activity->parent, row);
        }
    }
    return NUMU_OK;
}

static bool has_mode(const struct numu_model *model, const numu_row *next, numu_row row,
                     struct numu_text id) {
    while (row != NUMU_NONE && !numu_text_is_equal(model->mode.id[row], id)) {
        row = next[row];
    }
    return row != NUMU_NONE;
}

static numu_status check_modes(const struct numu_checker *checker) {
    const struct numu_model *model = checker->model;
    numu_row *first; /* by activity: its last mode; the others follow in `next` */
    numu_row *next;
    NUMU_TRY(NUMU_TAKE(checker->arena, &first, model->activity.head.count));
    NUMU_TRY(NUMU_TAKE(checker->arena, &next, model->mode.head.count));
    numu_kind_fill_none(NUMU_KIND_REFERENCE, first, 0, model->activity.head.count);
    for (numu_row row = 0; row < model->mode.head.count; row++) {
        next[row] = first[model->mode.activity[row]];
        first[model->mode.activity[row]] = row;
    }
    for (numu_row row = 0; row < model->assignment.head.count; row++) {
        numu_row activity = model->assignment.activity[row];
        struct numu_text mode = model->assignment.mode[row];
        if (mode.length > 0 && !has_mode(model, next, first[activity], mode)) {
            numu_check_tell(checker, NUMU_CODE_UNKNOWN_MODE, NUMU_MODEL_TABLE(assignment), row,
                            "mode", mode, model->activity.id[activity], NUMU_NO_TEXT);
        }
    }
    return NUMU_OK;
}

static numu_status check_risks(const struct numu_checker *checker) {
    const struct numu_model *model = checker->model;
    const struct numu_table_risk *risk = &model->risk;
    bool *is_on;
    NUMU_TRY(NUMU_TAKE(checker->arena, &is_on, risk->head.count));
    for (numu_row row = 0; row < model->risk_on.head.count; row++) {
        is_on[model->risk_on.risk[row]] = true;
    }
    for (numu_row row = 0; row < risk->head.count; row++) {
        bool has_cost = risk->cost_likely[row] != NUMU_NO_NUMBER;
        bool has_time =
            risk->likely[row] != NUMU_NO_NUMBER || risk->delay_likely[row] != NUMU_NO_NUMBER;
        if ((has_time && !is_on[row]) || (!has_time && !has_cost)) {
            /* the sentence names the table where that is what lacks */
            numu_check_tell(checker, NUMU_CODE_RISK_WITHOUT_EFFECT, NUMU_MODEL_TABLE(risk), row,
                            "id", risk->id[row], has_time ? NUMU_TEXT("risk_on") : NUMU_NO_TEXT,
                            NUMU_NO_TEXT);
        }
    }
    return NUMU_OK;
}

/* What opens on a day and by an activity: the later of the two holds. */
static void check_openings(const struct numu_checker *checker,
                           const struct numu_table_descriptor *table) {
    const numu_day *opens = numu_check_array(checker, table, "opens");
    const numu_row *opened_by = numu_check_array(checker, table, "opened_by");
    for (numu_row row = 0; row < numu_model_head_of(checker->model, table)->count; row++) {
        if (opens[row] != NUMU_NO_DAY && opened_by[row] != NUMU_NONE) {
            numu_check_tell(checker, NUMU_CODE_OPENED_TWICE, table, row, "opens",
                            numu_model_id(checker->model, table, row),
                            checker->model->activity.id[opened_by[row]], NUMU_NO_TEXT);
        }
    }
}

static numu_status check_cycles(const struct numu_checker *checker) {
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

numu_status numu_check_programme(const struct numu_checker *checker) {
    check_openings(checker, NUMU_MODEL_TABLE(resource));
    check_openings(checker, NUMU_MODEL_TABLE(process));
    NUMU_TRY(check_cycles(checker));
    struct numu_arena_mark mark = numu_arena_mark(checker->arena);
    NUMU_TRY(check_parents(checker));
    NUMU_TRY(check_modes(checker));
    NUMU_TRY(check_risks(checker));
    numu_arena_rewind(checker->arena, mark);
    return NUMU_OK;
}
