/*
 * risk.c - the outcome in words, as CSV and as JSON.
 */
#include "view/risk.h"

#include "base/csv.h"
#include "view/grid.h"

#include <math.h>
#include <stdio.h>

enum { COLUMNS_MAX = 120, ACTIVITIES_SHOWN = 8, LEVERS_SHOWN = 3, MONEY_TEXT_BYTES = 64 };

/* --- pieces --- */

void numu_output_target(struct numu_output *out, const struct numu_risk_outcome *outcome,
                        uint32_t target) {
    const struct numu_table_promise *promise = &outcome->model->promise;
    if (target == 0) {
        numu_output_word(out, NUMU_WORD_risk_whole);
    } else {
        struct numu_text name = promise->name[target - 1];
        numu_output_text(out, name.length > 0 ? name : promise->id[target - 1]);
    }
}

/* What a lever is: the risk's title, or the resource's name with "enough of". */
static void write_lever(struct numu_output *out, const struct numu_risk_outcome *outcome,
                        const struct numu_lever *lever) {
    const struct numu_project *project = &outcome->project;
    if (lever->kind == NUMU_LEVER_RISK) {
        numu_output_text(out, outcome->model->risk.title[lever->row]);
    } else {
        struct numu_text title = project->resource_title[lever->row];
        numu_output_fill(
            out, NUMU_WORD_risk_enough_of,
            numu_argument_text(title.length > 0 ? title : project->resource_id[lever->row]));
    }
}

static void write_percent_sign(struct numu_output *out) {
    numu_output_raw(out, out->language == NUMU_LANGUAGE_FR ? "\u202f%" : "%");
}

void numu_output_chance(struct numu_output *out, double share, uint64_t samples) {
    if (isnan(share) || samples == 0) {
        numu_output_raw(out, "–");
        return;
    }
    double bound = 3 / (double)samples;
    if (share < 0.5 / (double)samples) {
        numu_output_string(out, "<");
        numu_output_real(out, 100 * bound, 2);
    } else if (share > 1 - 0.5 / (double)samples) {
        numu_output_string(out, ">");
        numu_output_real(out, 100 * (1 - bound), 2);
    } else {
        numu_output_real(out, 100 * share, 1);
    }
    write_percent_sign(out);
}

uint64_t numu_plan_samples(const struct numu_plan *plan) {
    int64_t samples = 0;
    struct numu_text text = numu_plan_meta_find(plan, "samples");
    bool is_number = numu_number_parse(text, 0, '.', &samples) == NUMU_NUMBER_OK;
    return is_number && samples > 0 ? (uint64_t)samples : 0;
}

/* A whole percent, of a record that says no more than that. */
void numu_output_outside(struct numu_output *out, double share) {
    if (isnan(share)) {
        numu_output_raw(out, "–");
    } else {
        numu_output_real(out, 100 * share, 0);
        write_percent_sign(out);
    }
}

static double asked_percent(const struct numu_risk_outcome *outcome) {
    return outcome->result.percent[NUMU_P_ASKED];
}

const char *numu_risk_asked(const struct numu_risk_outcome *outcome, char out[NUMU_PERCENT_BYTES]) {
    (void)snprintf(out, NUMU_PERCENT_BYTES, "%g", asked_percent(outcome));
    return out;
}

const char *numu_risk_asked_name(const struct numu_risk_outcome *outcome,
                                 char out[NUMU_PERCENT_BYTES]) {
    (void)snprintf(out, NUMU_PERCENT_BYTES, "P%g", asked_percent(outcome));
    return out;
}

/* Whether that is none of P10, P50, P80, P90. */
static bool asks_other(const struct numu_risk_outcome *outcome) {
    bool is_known = false;
    for (int k = NUMU_P10; k <= NUMU_P90; k++) {
        is_known = is_known || !(outcome->result.percent[k] < asked_percent(outcome) ||
                                 outcome->result.percent[k] > asked_percent(outcome));
    }
    return !is_known;
}

/* Whether samples differ in cost. */
static bool varies_in_cost(const struct numu_risk_outcome *outcome) {
    const struct numu_estimate *quantile = outcome->result.cost_quantile;
    return quantile[NUMU_P90].value > quantile[NUMU_P10].value;
}

/* Whether they differ in anything at all. */
static bool varies(const struct numu_risk_outcome *outcome) {
    const struct numu_uncertainty *uncertainty = &outcome->uncertainty;
    bool is_any = uncertainty->risk_count > 0;
    for (uint32_t a = 0; a < uncertainty->activity_count; a++) {
        is_any = is_any || uncertainty->law[a].kind != NUMU_LAW_FIXED;
    }
    return is_any;
}

struct numu_merge_view numu_risk_merges(const struct numu_risk_outcome *outcome) {
    return (struct numu_merge_view){.merges = outcome->result.merges,
                                    .count = outcome->result.merge_count,
                                    .id = outcome->project.id,
                                    .title = outcome->project.title,
                                    .origin = outcome->project.origin,
                                    .percent = asked_percent(outcome)};
}

struct numu_text numu_risk_activity_name(const struct numu_risk_outcome *outcome,
                                         uint32_t activity) {
    struct numu_text title = outcome->project.title[activity];
    return title.length > 0 ? title : outcome->project.id[activity];
}

static numu_money money_of(struct numu_output *out, const struct numu_risk_outcome *outcome,
                           double major) {
    numu_money money = 0;
    if (out->status == NUMU_OK) {
        out->status = numu_number_from_double(
            major, numu_currency_decimals(outcome->model->currency), &money);
    }
    return money;
}

/* An amount of the package's currency for an argument of a sentence, "95.7 bn XOF". */
static struct numu_argument money_text(struct numu_output *out,
                                       const struct numu_risk_outcome *outcome, double major,
                                       char text[MONEY_TEXT_BYTES]) {
    struct numu_buffer buffer;
    struct numu_output inner;
    numu_buffer_init(&buffer, out->buffer->heap, 0);
    numu_output_init(&inner, &buffer, out->language, false);
    numu_output_money_short(&inner, money_of(&inner, outcome, major), outcome->model->currency);
    numu_status status = numu_output_finish(&inner);
    (void)snprintf(text, MONEY_TEXT_BYTES, "%s", status == NUMU_OK ? buffer.data : "");
    numu_buffer_release(&buffer);
    if (out->status == NUMU_OK) {
        out->status = status;
    }
    return numu_argument_string(text);
}

static void write_signed(struct numu_output *out, double value, int shown) {
    numu_output_raw(out, value > 0 ? "+" : "");
    numu_output_real(out, value == 0 ? 0 : value, shown);
}

uint32_t numu_risk_rank(uint32_t *levers, double *days, uint32_t count, uint32_t count_max,
                        uint32_t lever, double sooner) {
    uint32_t place = count;
    for (; place > 0 && days[place - 1] < sooner; place--) {
        if (place < count_max) {
            levers[place] = levers[place - 1];
            days[place] = days[place - 1];
        }
    }
    if (place == count_max) {
        return count;
    }
    levers[place] = lever;
    days[place] = sooner;
    return count < count_max ? count + 1 : count;
}

/* Levers of a target, the strongest first: those that bring its asked quantile forward. */
static uint32_t choose_levers(const struct numu_risk_outcome *outcome, uint32_t target,
                              uint32_t out[LEVERS_SHOWN]) {
    double days[LEVERS_SHOWN];
    uint32_t count = 0;
    for (uint32_t n = 0; n < outcome->result.lever_count; n++) {
        double sooner = -outcome->result.levers[n].quantile[target].value;
        if (sooner > 0) {
            count = numu_risk_rank(out, days, count, LEVERS_SHOWN, n, sooner);
        }
    }
    return count;
}

uint32_t numu_risk_critical(const struct numu_risk_outcome *outcome, uint32_t count_max,
                            uint32_t *out) {
    const struct numu_risk_activity *activities = outcome->result.activities;
    uint32_t count = 0;
    for (uint32_t a = 0; a < outcome->project.activity_count; a++) {
        if (activities[a].criticality <= 0 || activities[a].mean <= 0) {
            continue;
        }
        uint32_t place = count;
        for (; place > 0; place--) {
            const struct numu_risk_activity *before = &activities[out[place - 1]];
            bool is_later = before->sensitivity < activities[a].sensitivity ||
                            (before->sensitivity <= activities[a].sensitivity &&
                             before->criticality < activities[a].criticality);
            if (!is_later) {
                break;
            }
            if (place < count_max) {
                out[place] = out[place - 1];
            }
        }
        if (place < count_max) {
            out[place] = a;
            count += count < count_max;
        }
    }
    return count;
}

/* --- for eyes --- */

static void write_day_of(struct numu_output *out, const struct numu_risk_outcome *outcome,
                         double point) {
    numu_output_day(out, numu_risk_day(outcome, point));
}

static void write_targets(struct numu_output *out, const struct numu_risk_outcome *outcome) {
    char asked[NUMU_PERCENT_BYTES];
    static const struct numu_grid_column columns[] = {
        {.heading = NUMU_WORD_column_promise, .may_shrink = true},
        {.heading = NUMU_WORD_promised_for},
        {.heading = NUMU_WORD_risk_likely},
        {.heading = NUMU_WORD_risk_p50},
        {.heading = NUMU_WORD_risk_p80},
        {.heading = NUMU_WORD_risk_in_time, .is_right = true},
        {.heading = NUMU_WORD_risk_elsewhere, .is_right = true},
    };
    const char *const texts[sizeof columns / sizeof columns[0]] = {
        [4] = numu_risk_asked_name(outcome, asked)};
    struct numu_grid grid;
    numu_grid_init_named(&grid, out->buffer->heap, out->language, columns,
                         sizeof columns / sizeof columns[0], texts);
    for (uint32_t n = 0; n < outcome->result.target_count; n++) {
        uint32_t target = (n + 1) % outcome->result.target_count; /* the whole comes last */
        const struct numu_risk_target *told = &outcome->result.targets[target];
        numu_output_target(&grid.cell, outcome, target);
        numu_grid_end_cell(&grid);
        numu_output_day(&grid.cell, outcome->promised[target]);
        numu_grid_end_cell(&grid);
        numu_output_day(&grid.cell, outcome->likely[target]);
        numu_grid_end_cell(&grid);
        write_day_of(&grid.cell, outcome, told->quantile[NUMU_P50].value);
        numu_grid_end_cell(&grid);
        write_day_of(&grid.cell, outcome, told->quantile[NUMU_P_ASKED].value);
        numu_grid_end_cell(&grid);
        numu_output_chance(&grid.cell, told->probability.value, outcome->result.sample_count);
        numu_grid_end_cell(&grid);
        numu_output_outside(&grid.cell, outcome->outside[target].probability);
        numu_grid_end_cell(&grid);
    }
    numu_output_grid(out, &grid, 0, COLUMNS_MAX);
    numu_grid_release(&grid);
}

static void write_outside_view(struct numu_output *out, const struct numu_risk_outcome *outcome) {
    const struct numu_survival *days = &outcome->references.days;
    const struct numu_outside_view *view = &outcome->outside[0];
    numu_output_raw(out, "\n");
    if (days->programmes == 0) {
        numu_output_word(out, NUMU_WORD_risk_no_reference);
        numu_output_raw(out, "\n");
        return;
    }
    struct numu_argument arguments[NUMU_ARGUMENTS_MAX] = {numu_argument_integer(days->programmes),
                                                          numu_argument_integer(days->finished),
                                                          numu_argument_day(view->announced)};
    numu_output_pattern(out, numu_text_of(numu_word_text(out->language, NUMU_WORD_risk_reference)),
                        arguments);
    numu_output_raw(out, "\n");
    for (int k = 1; k <= 2; k++) {
        numu_output_raw(out, "  ");
        if (view->quantile[k] == NUMU_NO_DAY) {
            numu_output_fill(out, NUMU_WORD_risk_not_reached,
                             numu_argument_integer(k == 1 ? 50 : 80));
        } else {
            numu_output_fill_two(out, NUMU_WORD_risk_reached,
                                 numu_argument_integer(k == 1 ? 50 : 80),
                                 numu_argument_day(view->quantile[k]));
        }
        numu_output_raw(out, "\n");
    }
}

static void write_levers(struct numu_output *out, const struct numu_risk_outcome *outcome) {
    char name[NUMU_PERCENT_BYTES];
    char asked[64];
    static const struct numu_grid_column columns[] = {
        {.heading = NUMU_WORD_column_promise},
        {.heading = NUMU_WORD_risk_lever, .may_shrink = true},
        {.heading = NUMU_WORD_column_age_days, .is_right = true},
        {.heading = NUMU_WORD_risk_points, .is_right = true},
    };
    const char *const texts[sizeof columns / sizeof columns[0]] = {[2] = asked};
    struct numu_grid grid;
    uint32_t chosen[LEVERS_SHOWN];
    bool is_any = false;
    for (uint32_t target = 0; target < outcome->result.target_count; target++) {
        is_any = is_any || choose_levers(outcome, target, chosen) > 0;
    }
    if (!is_any) {
        return;
    }
    numu_output_raw(out, "\n");
    (void)snprintf(asked, sizeof asked, "%s, %s", numu_risk_asked_name(outcome, name),
                   numu_word_text(out->language, NUMU_WORD_column_age_days));
    numu_output_word(out, NUMU_WORD_risk_moves_most);
    numu_output_raw(out, "\n");
    numu_grid_init_named(&grid, out->buffer->heap, out->language, columns,
                         sizeof columns / sizeof columns[0], texts);
    for (uint32_t n = 0; n < outcome->result.target_count; n++) {
        uint32_t target = (n + 1) % outcome->result.target_count;
        uint32_t count = choose_levers(outcome, target, chosen);
        for (uint32_t i = 0; i < count; i++) {
            const struct numu_lever *lever = &outcome->result.levers[chosen[i]];
            if (i == 0) {
                numu_output_target(&grid.cell, outcome, target);
            }
            numu_grid_end_cell(&grid);
            write_lever(&grid.cell, outcome, lever);
            numu_grid_end_cell(&grid);
            write_signed(&grid.cell, lever->quantile[target].value, 0);
            numu_output_raw(&grid.cell, " ±");
            numu_output_real(&grid.cell, lever->quantile[target].error, 0);
            numu_grid_end_cell(&grid);
            if (!isnan(lever->probability[target].value)) {
                write_signed(&grid.cell, 100 * lever->probability[target].value, 1);
            }
            numu_grid_end_cell(&grid);
        }
    }
    numu_output_grid(out, &grid, 0, COLUMNS_MAX);
    numu_grid_release(&grid);
}

static void write_critical(struct numu_output *out, const struct numu_risk_outcome *outcome) {
    char asked[NUMU_PERCENT_BYTES];
    static const struct numu_grid_column columns[] = {
        {.heading = NUMU_WORD_column_id},
        {.heading = NUMU_WORD_column_name, .may_shrink = true},
        {.heading = NUMU_WORD_risk_criticality, .is_right = true},
        {.heading = NUMU_WORD_risk_significance, .is_right = true},
        {.heading = NUMU_WORD_risk_cruciality, .is_right = true},
        {.heading = NUMU_WORD_risk_p80},
    };
    const char *const texts[sizeof columns / sizeof columns[0]] = {
        [5] = numu_risk_asked_name(outcome, asked)};
    uint32_t rows[ACTIVITIES_SHOWN];
    uint32_t count = numu_risk_critical(outcome, ACTIVITIES_SHOWN, rows);
    struct numu_grid grid;
    if (count == 0) {
        return;
    }
    numu_output_raw(out, "\n");
    numu_output_word(out, outcome->result.is_scarce ? NUMU_WORD_risk_critical_scarce
                                                    : NUMU_WORD_risk_critical);
    numu_output_raw(out, "\n");
    numu_grid_init_named(&grid, out->buffer->heap, out->language, columns,
                         sizeof columns / sizeof columns[0], texts);
    for (uint32_t i = 0; i < count; i++) {
        const struct numu_risk_activity *told = &outcome->result.activities[rows[i]];
        numu_output_text(&grid.cell, outcome->project.id[rows[i]]);
        numu_grid_end_cell(&grid);
        numu_output_text(&grid.cell, outcome->project.title[rows[i]]);
        numu_grid_end_cell(&grid);
        numu_output_outside(&grid.cell, told->criticality);
        numu_grid_end_cell(&grid);
        numu_output_real(&grid.cell, told->significance, 2);
        numu_grid_end_cell(&grid);
        numu_output_real(&grid.cell, told->rank_cruciality, 2);
        numu_grid_end_cell(&grid);
        write_day_of(&grid.cell, outcome, told->finish[NUMU_P_ASKED]);
        numu_grid_end_cell(&grid);
    }
    numu_output_grid(out, &grid, 0, COLUMNS_MAX);
    numu_grid_release(&grid);
}

/* --- what must be kept in hand --- */

static void write_contingency_date(struct numu_output *out,
                                   const struct numu_risk_outcome *outcome) {
    const struct numu_estimate *asked = &outcome->result.targets[0].quantile[NUMU_P_ASKED];
    numu_day day = numu_risk_day(outcome, asked->value);
    struct numu_argument arguments[NUMU_ARGUMENTS_MAX] = {
        numu_argument_day(outcome->likely[0]),
        numu_argument_integer((int64_t)day - outcome->likely[0]), numu_argument_day(day),
        numu_argument_integer((int64_t)ceil(asked->error))};
    numu_output_raw(out, "  ");
    numu_output_pattern(
        out, numu_text_of(numu_word_text(out->language, NUMU_WORD_risk_contingency)), arguments);
    numu_output_raw(out, "\n");
}

static void write_contingency_cost(struct numu_output *out,
                                   const struct numu_risk_outcome *outcome) {
    const struct numu_risk_result *result = &outcome->result;
    double cost = result->cost_quantile[NUMU_P_ASKED].value;
    char likely[MONEY_TEXT_BYTES];
    char more[MONEY_TEXT_BYTES];
    char asked[MONEY_TEXT_BYTES];
    struct numu_argument arguments[NUMU_ARGUMENTS_MAX] = {
        money_text(out, outcome, result->likely_cost, likely),
        money_text(out, outcome, cost - result->likely_cost, more),
        money_text(out, outcome, cost, asked)};
    numu_output_raw(out, "  ");
    numu_output_pattern(
        out, numu_text_of(numu_word_text(out->language, NUMU_WORD_risk_contingency_cost)),
        arguments);
    numu_output_raw(out, "\n");
}

static numu_status write_both(struct numu_output *out, const struct numu_risk_outcome *outcome) {
    const struct numu_risk_result *result = &outcome->result;
    double percent = asked_percent(outcome);
    const struct numu_joint pair = {(numu_period)result->targets[0].quantile[NUMU_P_ASKED].value,
                                    result->cost_quantile[NUMU_P_ASKED].value};
    struct numu_joint balance;
    double each;
    char money[MONEY_TEXT_BYTES];
    NUMU_TRY(numu_joint_balance(result, percent, out->buffer->heap, &balance, &each));
    struct numu_argument arguments[NUMU_ARGUMENTS_MAX] = {
        numu_argument_integer((int64_t)floor(100 * numu_joint_share(result, &pair) + 0.5)),
        numu_argument_day(numu_risk_day(outcome, balance.point)),
        money_text(out, outcome, balance.cost, money)};
    numu_output_raw(out, "  ");
    numu_output_pattern(out, numu_text_of(numu_word_text(out->language, NUMU_WORD_risk_joint)),
                        arguments);
    numu_output_raw(out, "\n");
    return NUMU_OK;
}

static void write_contingency(struct numu_output *out, const struct numu_risk_outcome *outcome) {
    char asked[NUMU_PERCENT_BYTES];
    numu_output_raw(out, "\n");
    numu_output_fill(out, NUMU_WORD_risk_to_be_sure,
                     numu_argument_string(numu_risk_asked(outcome, asked)));
    numu_output_raw(out, "\n");
    write_contingency_date(out, outcome);
    if (outcome->result.cost_quantile[NUMU_P_ASKED].value > 0) {
        write_contingency_cost(out, outcome);
    }
    if (varies_in_cost(outcome) && out->status == NUMU_OK) {
        out->status = write_both(out, outcome);
    }
}

static void write_repair(struct numu_output *out, const struct numu_risk_outcome *outcome) {
    if (outcome->repair > 0) {
        numu_output_fill(out, NUMU_WORD_risk_repair,
                         numu_argument_number((int64_t)ceil(outcome->repair * 1e3), 3));
        numu_output_raw(out, "\n");
    }
}

static void write_table(struct numu_output *out, const struct numu_risk_outcome *outcome) {
    write_targets(out, outcome);
    numu_output_fill_two(out, NUMU_WORD_risk_sampled,
                         numu_argument_integer((int64_t)outcome->result.sample_count),
                         numu_argument_integer((int64_t)outcome->seed));
    numu_output_raw(out, " ");
    numu_output_word(out, outcome->result.is_scarce ? NUMU_WORD_risk_policy : NUMU_WORD_risk_free);
    numu_output_raw(out, "\n");
    write_repair(out, outcome);
    if (!varies(outcome)) {
        numu_output_word(out, NUMU_WORD_risk_nothing_varies);
        numu_output_raw(out, "\n");
    }
    write_outside_view(out, outcome);
    write_levers(out, outcome);
    write_critical(out, outcome);
    const struct numu_merge_view merges = numu_risk_merges(outcome);
    numu_output_merges(out, &merges);
    write_contingency(out, outcome);
}

/* --- CSV --- */

static void write_csv_text(struct numu_output *out, struct numu_text text) {
    if (out->status == NUMU_OK) {
        out->status = numu_csv_write(out->buffer, text, ',');
    }
}

static void write_csv_day(struct numu_output *out, numu_day day) {
    char text[NUMU_DAY_TEXT_BYTES];
    numu_output_printf(out, ",%s", numu_day_format(day, text));
}

static void write_csv(struct numu_output *out, const struct numu_risk_outcome *outcome) {
    const struct numu_risk_result *result = &outcome->result;
    numu_output_raw(out, "kind,id,promised,probability,standard_error,P10,P50,P80,P90,criticality,"
                         "cruciality,rank_cruciality,sensitivity,significance\n");
    for (uint32_t target = 0; target < result->target_count; target++) {
        const struct numu_risk_target *told = &result->targets[target];
        numu_output_raw(out, target == 0 ? "whole," : "promise,");
        if (target > 0) {
            write_csv_text(out, outcome->model->promise.id[target - 1]);
        }
        write_csv_day(out, outcome->promised[target]);
        if (isnan(told->probability.value)) {
            numu_output_raw(out, ",,");
        } else {
            numu_output_printf(out, ",%.6f,%.6f", told->probability.value, told->probability.error);
        }
        for (int k = NUMU_P10; k <= NUMU_P90; k++) {
            write_csv_day(out, numu_risk_day(outcome, told->quantile[k].value));
        }
        numu_output_raw(out, ",,,,,\n");
    }
    for (uint32_t a = 0; a < outcome->project.activity_count; a++) {
        const struct numu_risk_activity *told = &result->activities[a];
        numu_output_raw(out, "activity,");
        write_csv_text(out, outcome->project.id[a]);
        numu_output_raw(out, ",,,");
        for (int k = NUMU_P10; k <= NUMU_P90; k++) {
            write_csv_day(out, numu_risk_day(outcome, told->finish[k]));
        }
        numu_output_printf(out, ",%.6f,%.6f,%.6f,%.6f,%.6f\n", told->criticality, told->cruciality,
                           told->rank_cruciality, told->sensitivity, told->significance);
    }
}

/* --- JSON --- */

static const char *const percent_names[] = {"P10", "P50", "P80", "P90"};

static void json_day(struct numu_json_writer *json, const char *key, numu_day day) {
    char text[NUMU_DAY_TEXT_BYTES];
    numu_json_key(json, key);
    if (day == NUMU_NO_DAY) {
        numu_json_null(json);
    } else {
        numu_json_string(json, numu_day_format(day, text));
    }
}

/* Six decimals; null for what is not known. */
static void json_real(struct numu_json_writer *json, const char *key, double value) {
    numu_json_key(json, key);
    if (isnan(value)) {
        numu_json_null(json);
    } else {
        numu_json_number(json, (int64_t)llround(value * 1e6), 6);
    }
}

static void json_target(struct numu_json_writer *json, const struct numu_risk_outcome *outcome,
                        uint32_t target) {
    const struct numu_risk_target *told = &outcome->result.targets[target];
    json_real(json, "probability", told->probability.value);
    json_real(json, "standard_error", told->probability.error);
    char asked[NUMU_PERCENT_BYTES];
    const char *const names[NUMU_RISK_PERCENTS] = {"P10", "P50", "P80", "P90",
                                                   numu_risk_asked_name(outcome, asked)};
    int count = asks_other(outcome) ? NUMU_RISK_PERCENTS : NUMU_P_ASKED;
    numu_json_key(json, "quantiles");
    numu_json_begin_line_object(json);
    for (int k = 0; k < count; k++) {
        json_day(json, names[k], numu_risk_day(outcome, told->quantile[k].value));
    }
    numu_json_end_object(json);
    numu_json_key(json, "quantile_errors_days");
    numu_json_begin_line_object(json);
    for (int k = 0; k < count; k++) {
        json_real(json, names[k], told->quantile[k].error);
    }
    numu_json_end_object(json);
}

static void json_outside(struct numu_json_writer *json, const struct numu_outside_view *view) {
    numu_json_key(json, "outside");
    numu_json_begin_line_object(json);
    json_day(json, "announced", view->announced);
    json_real(json, "probability", view->probability);
    json_real(json, "standard_error", view->error);
    for (int k = 0; k < 4; k++) {
        json_day(json, percent_names[k], view->quantile[k]);
    }
    numu_json_end_object(json);
}

static void json_promises(struct numu_json_writer *json, const struct numu_risk_outcome *outcome) {
    numu_json_key(json, "promises");
    numu_json_begin_array(json);
    for (uint32_t target = 1; target < outcome->result.target_count; target++) {
        numu_json_begin_object(json);
        numu_json_key(json, "id");
        numu_json_text(json, outcome->model->promise.id[target - 1]);
        json_day(json, "promised", outcome->promised[target]);
        json_day(json, "likely", outcome->likely[target]);
        json_target(json, outcome, target);
        json_real(json, "uplift", outcome->uplift[target]);
        json_outside(json, &outcome->outside[target]);
        numu_json_end_object(json);
    }
    numu_json_end_array(json);
}

static void json_activities(struct numu_json_writer *json,
                            const struct numu_risk_outcome *outcome) {
    numu_json_key(json, "activities");
    numu_json_begin_array(json);
    for (uint32_t a = 0; a < outcome->project.activity_count; a++) {
        const struct numu_risk_activity *told = &outcome->result.activities[a];
        numu_json_begin_line_object(json);
        numu_json_key(json, "id");
        numu_json_text(json, outcome->project.id[a]);
        json_real(json, "criticality", told->criticality);
        json_real(json, "cruciality", told->cruciality);
        json_real(json, "rank_cruciality", told->rank_cruciality);
        json_real(json, "sensitivity", told->sensitivity);
        json_real(json, "significance", told->significance);
        json_real(json, "mean_duration", told->mean);
        json_real(json, "deviation", told->deviation);
        for (int k = NUMU_P10; k <= NUMU_P90; k++) {
            json_day(json, percent_names[k], numu_risk_day(outcome, told->finish[k]));
        }
        numu_json_end_object(json);
    }
    numu_json_end_array(json);
}

static void json_levers(struct numu_json_writer *json, const struct numu_risk_outcome *outcome,
                        numu_lever_kind kind) {
    const struct numu_risk_result *result = &outcome->result;
    numu_json_key(json, kind == NUMU_LEVER_RISK ? "risks" : "scarce_resources");
    numu_json_begin_array(json);
    for (uint32_t n = 0; n < result->lever_count; n++) {
        const struct numu_lever *lever = &result->levers[n];
        if (lever->kind != kind) {
            continue;
        }
        numu_json_begin_object(json);
        numu_json_key(json, "id");
        numu_json_text(json, kind == NUMU_LEVER_RISK ? outcome->model->risk.id[lever->row]
                                                     : outcome->project.resource_id[lever->row]);
        if (kind == NUMU_LEVER_RISK) {
            json_real(json, "mean_cost", lever->mean_cost);
        }
        numu_json_key(json, "without");
        numu_json_begin_array(json);
        for (uint32_t target = 0; target < result->target_count; target++) {
            numu_json_begin_line_object(json);
            numu_json_key(json, "promise");
            if (target == 0) {
                numu_json_null(json);
            } else {
                numu_json_text(json, outcome->model->promise.id[target - 1]);
            }
            json_real(json, "quantile_days", lever->quantile[target].value);
            json_real(json, "quantile_days_error", lever->quantile[target].error);
            json_real(json, "median_days", lever->median[target].value);
            json_real(json, "probability", lever->probability[target].value);
            json_real(json, "probability_error", lever->probability[target].error);
            numu_json_end_object(json);
        }
        numu_json_end_array(json);
        numu_json_end_object(json);
    }
    numu_json_end_array(json);
}

static numu_status json_cost(struct numu_json_writer *json,
                             const struct numu_risk_outcome *outcome) {
    const struct numu_risk_result *result = &outcome->result;
    int decimals = numu_currency_decimals(outcome->model->currency);
    numu_money money;
    numu_json_key(json, "cost");
    numu_json_begin_line_object(json);
    numu_json_key(json, "currency");
    numu_json_string(json, numu_currency_code(outcome->model->currency));
    NUMU_TRY(numu_number_from_double(result->cost_mean.value, decimals, &money));
    numu_json_key(json, "mean");
    numu_json_integer(json, money);
    for (int k = NUMU_P10; k <= NUMU_P90; k++) {
        NUMU_TRY(numu_number_from_double(result->cost_quantile[k].value, decimals, &money));
        numu_json_key(json, percent_names[k]);
        numu_json_integer(json, money);
    }
    const struct numu_joint pair = {(numu_period)result->targets[0].quantile[NUMU_P80].value,
                                    result->cost_quantile[NUMU_P80].value};
    double joint = numu_joint_share(result, &pair);
    json_real(json, "joint_at_P80", joint);
    numu_json_end_object(json);
    return NUMU_OK;
}

static numu_status json_money(struct numu_json_writer *json,
                              const struct numu_risk_outcome *outcome, const char *key,
                              double major) {
    numu_money money;
    NUMU_TRY(
        numu_number_from_double(major, numu_currency_decimals(outcome->model->currency), &money));
    numu_json_key(json, key);
    numu_json_integer(json, money);
    return NUMU_OK;
}

static numu_status json_pair(struct numu_json_writer *json, const struct numu_risk_outcome *outcome,
                             const struct numu_joint *pair) {
    json_day(json, "date", numu_risk_day(outcome, pair->point));
    return json_money(json, outcome, "cost", pair->cost);
}

/* What must be kept in hand to be as sure as asked; in JSON's money, minor units. */
static numu_status json_contingency(struct numu_json_writer *json,
                                    const struct numu_risk_outcome *outcome) {
    const struct numu_risk_result *result = &outcome->result;
    const struct numu_estimate *date = &result->targets[0].quantile[NUMU_P_ASKED];
    const struct numu_joint asked = {(numu_period)date->value,
                                     result->cost_quantile[NUMU_P_ASKED].value};
    struct numu_heap *heap = json->buffer->heap;
    struct numu_joint balance;
    struct numu_joint line[NUMU_FRONTIER_POINTS];
    uint32_t count;
    double each;
    NUMU_TRY(numu_joint_balance(result, asked_percent(outcome), heap, &balance, &each));
    NUMU_TRY(numu_joint_frontier(result, asked_percent(outcome), heap, line, &count));
    numu_json_key(json, "contingency");
    numu_json_begin_object(json);
    json_real(json, "percent", asked_percent(outcome));
    NUMU_TRY(json_pair(json, outcome, &asked));
    numu_json_key(json, "days");
    numu_json_integer(json,
                      (int64_t)numu_risk_day(outcome, date->value) - (int64_t)outcome->likely[0]);
    json_real(json, "days_error", date->error);
    NUMU_TRY(json_money(json, outcome, "likely_cost", result->likely_cost));
    NUMU_TRY(json_money(json, outcome, "more_cost", asked.cost - result->likely_cost));
    json_real(json, "joint", numu_joint_share(result, &asked));
    numu_json_key(json, "both");
    numu_json_begin_line_object(json);
    NUMU_TRY(json_pair(json, outcome, &balance));
    json_real(json, "percent_each", each);
    numu_json_end_object(json);
    numu_json_key(json, "frontier");
    numu_json_begin_array(json);
    for (uint32_t i = 0; i < count; i++) {
        numu_json_begin_line_object(json);
        NUMU_TRY(json_pair(json, outcome, &line[i]));
        numu_json_end_object(json);
    }
    numu_json_end_array(json);
    numu_json_end_object(json);
    return NUMU_OK;
}

static void json_reference(struct numu_json_writer *json, const struct numu_risk_outcome *outcome) {
    const struct numu_survival *all[2] = {&outcome->references.days, &outcome->references.slip};
    static const char *const names[2] = {"days", "slip"};
    numu_json_key(json, "reference_class");
    numu_json_begin_object(json);
    for (int i = 0; i < 2; i++) {
        numu_json_key(json, names[i]);
        numu_json_begin_object(json);
        numu_json_key(json, "programmes");
        numu_json_integer(json, all[i]->programmes);
        numu_json_key(json, "finished");
        numu_json_integer(json, all[i]->finished);
        numu_json_key(json, "unfinished_after");
        numu_json_begin_array(json);
        for (uint32_t k = 0; k < all[i]->count; k++) {
            numu_json_begin_line_object(json);
            json_real(json, "time", all[i]->time[k]);
            json_real(json, "share", all[i]->share[k]);
            json_real(json, "standard_error", all[i]->error[k]);
            numu_json_end_object(json);
        }
        numu_json_end_array(json);
        numu_json_end_object(json);
    }
    numu_json_end_object(json);
}

static numu_status write_json(struct numu_buffer *buffer, const struct numu_risk_outcome *outcome,
                              const struct numu_stamp *stamp) {
    struct numu_json_writer json;
    numu_json_writer_init(&json, buffer);
    numu_json_begin_object(&json);
    numu_json_stamp(&json, "numu.risk/1", stamp);
    numu_json_key(&json, "samples");
    numu_json_integer(&json, (int64_t)outcome->result.sample_count);
    numu_json_key(&json, "resources");
    numu_json_string(&json, outcome->result.is_scarce ? "priority_list" : "enough");
    json_real(&json, "schedule_order_share",
              outcome->result.is_scarce ? outcome->result.list_share : NAN);
    numu_json_key(&json, "correlation_repair");
    numu_json_number(&json, (int64_t)llround(outcome->repair * 1e6), 6);
    json_day(&json, "deadline", outcome->promised[0]);
    json_day(&json, "deterministic", outcome->likely[0]);
    json_day(&json, "deterministic_by_policy",
             numu_risk_day(outcome, outcome->result.policy_finish));
    json_target(&json, outcome, 0);
    json_real(&json, "uplift", outcome->uplift[0]);
    json_outside(&json, &outcome->outside[0]);
    NUMU_TRY(json_cost(&json, outcome));
    NUMU_TRY(json_contingency(&json, outcome));
    json_promises(&json, outcome);
    json_activities(&json, outcome);
    const struct numu_merge_view merges = numu_risk_merges(outcome);
    numu_json_merges(&json, &merges);
    json_levers(&json, outcome, NUMU_LEVER_RISK);
    json_levers(&json, outcome, NUMU_LEVER_RESOURCE);
    json_reference(&json, outcome);
    numu_json_end_object(&json);
    return json.status;
}

numu_status numu_view_risk(struct numu_buffer *buffer, const struct numu_risk_outcome *outcome,
                           const struct numu_stamp *stamp, numu_language language,
                           numu_format format) {
    struct numu_output out;
    numu_output_init(&out, buffer, language, false);
    switch (format) {
    case NUMU_FORMAT_TABLE:
        write_table(&out, outcome);
        break;
    case NUMU_FORMAT_CSV:
        write_csv(&out, outcome);
        break;
    case NUMU_FORMAT_JSON:
        out.status = write_json(buffer, outcome, stamp);
        numu_output_raw(&out, "\n");
        break;
    }
    return numu_output_finish(&out);
}
