/*
 * report_risk.c - of the report and of the page of `numu risk`: by when, what would move it, date
 * and cost together.
 */
#include "view/page.h"
#include "view/risk.h"
#include "view/svg_risk.h"

#include <math.h>
#include <stdio.h>

enum {
    GAINS_SHOWN = 10,
    MARGIN_DAYS = 30,
    CURVE_MARGIN = 1 /* points left out at the late end: the last samples are far away */
};

/* --- what pictures are of --- */

/* Pictures go by promise, then comes the whole: number `count` of promises. */
static bool is_of(const struct numu_page *page, numu_row target, struct numu_text promise) {
    const struct numu_plan_promise *table = &page->plan->promise;
    return target < table->head.count ? numu_text_is_equal(table->id[target], promise)
                                      : promise.length == 0;
}

static struct numu_text name_of(const struct numu_page *page, numu_row target) {
    const struct numu_plan_promise *table = &page->plan->promise;
    if (target >= table->head.count) {
        return numu_text_of(numu_word_text(page->out.language, NUMU_WORD_risk_whole));
    }
    return table->name[target].length > 0 ? table->name[target] : table->id[target];
}

static numu_day promised(const struct numu_page *page, numu_row target) {
    const struct numu_plan_promise *table = &page->plan->promise;
    numu_day day = NUMU_NO_DAY;
    if (target < table->head.count) {
        return table->date[target];
    }
    struct numu_text text = numu_plan_meta_find(page->plan, "forecast_deadline");
    return numu_day_parse(text, &day) ? day : NUMU_NO_DAY;
}

static double chance(const struct numu_page *page, numu_row target) {
    const struct numu_plan_promise *table = &page->plan->promise;
    int64_t share;
    if (target < table->head.count) {
        return table->probability[target];
    }
    struct numu_text text = numu_plan_meta_find(page->plan, "forecast_in_time");
    return numu_number_parse(text, 6, '.', &share) == NUMU_NUMBER_OK ? (double)share / 1e6 : NAN;
}

/* The percent that was asked for as people write it: "80", "92.5". */
static const char *asked(const struct numu_page *page, char out[NUMU_PERCENT_BYTES]) {
    int64_t tenths = 800;
    struct numu_text text = numu_plan_meta_find(page->plan, "forecast_percent");
    (void)numu_number_parse(text, 1, '.', &tenths);
    (void)snprintf(out, NUMU_PERCENT_BYTES, tenths % 10 == 0 ? "%d" : "%d.%d", (int)(tenths / 10),
                   (int)(tenths % 10));
    return out;
}

/* --- words as texts --- */

typedef void writer(struct numu_output *out, const struct numu_page *page, const void *what);

/* What a call writes, as a text in the arena. */
static struct numu_text text_of(struct numu_page *page, writer *write, const void *what) {
    struct numu_buffer buffer;
    struct numu_output out;
    struct numu_text text = {NULL, 0};
    numu_buffer_init(&buffer, page->out.buffer->heap, 0);
    numu_output_init(&out, &buffer, page->out.language, false);
    write(&out, page, what);
    numu_status status = numu_output_finish(&out);
    if (status == NUMU_OK) {
        status = numu_text_copy(page->arena, (struct numu_text){buffer.data, buffer.length}, &text);
    }
    numu_buffer_release(&buffer);
    if (page->out.status == NUMU_OK) {
        page->out.status = status;
    }
    return text;
}

static void write_chance(struct numu_output *out, const struct numu_page *page, const void *what) {
    numu_output_chance(out, *(const double *)what, numu_plan_samples(page->plan));
}

struct filling {
    numu_word pattern;
    struct numu_argument argument;
};

static void write_filling(struct numu_output *out, const struct numu_page *page, const void *what) {
    const struct filling *filling = what;
    (void)page;
    numu_output_fill(out, filling->pattern, filling->argument);
}

static struct numu_text filled(struct numu_page *page, numu_word pattern,
                               struct numu_argument argument) {
    const struct filling filling = {pattern, argument};
    return text_of(page, write_filling, &filling);
}

static struct numu_text word(const struct numu_page *page, numu_word name) {
    return numu_text_of(numu_word_text(page->out.language, name));
}

static void define(struct numu_page *page, numu_word word,
                   const struct numu_table_descriptor *table) {
    char percent[NUMU_PERCENT_BYTES];
    numu_page_definition_of(page, word, numu_argument_string(asked(page, percent)),
                            numu_argument_string(""), table);
}

/* --- S-curves --- */

static void read_curve(struct numu_page *page, numu_row target, bool is_outside,
                       struct numu_svg_curve *out) {
    const struct numu_plan_forecast *table = &page->plan->forecast;
    numu_day *days;
    double *shares;
    size_t count = 0;
    *out = (struct numu_svg_curve){
        .name = word(page, is_outside ? NUMU_WORD_risk_outside : NUMU_WORD_risk_inside),
        .is_stepped = is_outside,
        .color = is_outside ? 1 : 0};
    if (NUMU_TAKE(page->arena, &days, table->head.count) != NUMU_OK ||
        NUMU_TAKE(page->arena, &shares, table->head.count) != NUMU_OK) {
        page->out.status = NUMU_MEMORY;
        return;
    }
    for (numu_row row = 0; row < table->head.count; row++) {
        if ((table->is_outside[row] == NUMU_BOOLEAN_TRUE) == is_outside &&
            is_of(page, target, table->promise[row])) {
            days[count] = table->day[row];
            shares[count++] = table->share[row];
        }
    }
    out->days = days;
    out->shares = shares;
    out->count = count;
}

/* Returns whether there was an outside view to draw. */
static bool draw_curves(struct numu_page *page, numu_row target) {
    struct numu_svg_curve curves[2];
    char id[32];
    numu_day due = promised(page, target);
    double in_time = chance(page, target);
    read_curve(page, target, false, &curves[0]);
    read_curve(page, target, true, &curves[1]);
    bool has_outside = curves[1].count > 0;
    if (page->out.status != NUMU_OK || curves[0].count <= CURVE_MARGIN) {
        return false;
    }
    numu_day first = curves[0].days[0];
    numu_day last = curves[0].days[curves[0].count - 1 - CURVE_MARGIN];
    first = due != NUMU_NO_DAY && due < first ? due : first;
    last = due != NUMU_NO_DAY && due > last ? due : last;
    (void)snprintf(id, sizeof id, "curve-%u", target);
    struct numu_text share = text_of(page, write_chance, &in_time);
    const struct numu_svg_scurves chart = {
        .id = id,
        .title = name_of(page, target),
        .curves = curves,
        .curve_count = has_outside ? 2 : 1,
        .first = first - MARGIN_DAYS,
        .last = last + MARGIN_DAYS,
        .promised = due,
        .promised_text = filled(page, NUMU_WORD_risk_in_time_text, numu_argument_text(share))};
    numu_output_raw(&page->out, "<figure class=\"chart\"><figcaption>");
    numu_output_text(&page->out, chart.title);
    numu_output_raw(&page->out, "</figcaption>\n");
    numu_svg_scurves(&page->out, &chart);
    numu_output_raw(&page->out, "</figure>\n");
    return has_outside;
}

static int64_t count_in_meta(const struct numu_page *page, const char *key) {
    int64_t count = 0;
    (void)numu_number_parse(numu_plan_meta_find(page->plan, key), 0, '.', &count);
    return count;
}

void numu_report_curves(struct numu_page *page) {
    const struct numu_svg_curve key[2] = {{.name = word(page, NUMU_WORD_risk_inside), .color = 0},
                                          {.name = word(page, NUMU_WORD_risk_outside), .color = 1}};
    bool has_outside = false;
    if (page->plan->forecast.head.count == 0) {
        return;
    }
    numu_page_begin_section(page, "curves", NUMU_WORD_risk_section_curves);
    numu_output_raw(&page->out, "<div class=\"charts\">\n");
    for (numu_row target = 0; target <= page->plan->promise.head.count; target++) {
        has_outside |= draw_curves(page, target);
    }
    numu_output_raw(&page->out, "</div>\n");
    numu_svg_scurves_key(&page->out, key, has_outside ? 2 : 1);
    numu_page_definition_of(page, NUMU_WORD_risk_define_curves,
                            numu_argument_integer(count_in_meta(page, "comparators")),
                            numu_argument_integer(count_in_meta(page, "comparators_finished")),
                            NUMU_PLAN_TABLE(forecast));
    numu_page_end_section(page);
}

/* --- tornados --- */

/* Levers that bring a date forward, the strongest first. */
static uint32_t choose_levers(const struct numu_page *page, numu_row target,
                              numu_row out[GAINS_SHOWN]) {
    const struct numu_plan_lever *table = &page->plan->lever;
    double days[GAINS_SHOWN];
    uint32_t count = 0;
    for (numu_row row = 0; row < table->head.count; row++) {
        if (table->sooner[row] > 0 && is_of(page, target, table->promise[row])) {
            count = numu_risk_rank(out, days, count, GAINS_SHOWN, row, table->sooner[row]);
        }
    }
    return count;
}

static struct numu_text name_of_lever(struct numu_page *page, numu_row row) {
    const struct numu_plan_lever *table = &page->plan->lever;
    struct numu_text name = table->name[row].length > 0 ? table->name[row] : table->id[row];
    return table->is_resource[row] == NUMU_BOOLEAN_TRUE
               ? filled(page, NUMU_WORD_risk_enough_of, numu_argument_text(name))
               : name;
}

static void draw_tornado(struct numu_page *page, numu_row target) {
    const struct numu_plan_lever *table = &page->plan->lever;
    struct numu_svg_gain gains[GAINS_SHOWN];
    numu_row rows[GAINS_SHOWN];
    char id[32];
    uint32_t count = choose_levers(page, target, rows);
    if (count == 0) {
        return;
    }
    for (uint32_t i = 0; i < count; i++) {
        gains[i] = (struct numu_svg_gain){.name = name_of_lever(page, rows[i]),
                                          .days = table->sooner[rows[i]],
                                          .error = table->sooner_error[rows[i]]};
    }
    (void)snprintf(id, sizeof id, "tornado-%u", target);
    const struct numu_svg_tornado chart = {
        .id = id, .title = name_of(page, target), .gains = gains, .count = count};
    numu_output_raw(&page->out, "<figure><figcaption>");
    numu_output_text(&page->out, chart.title);
    numu_output_raw(&page->out, "</figcaption>\n<div class=\"wide\">");
    numu_svg_tornado(&page->out, &chart);
    numu_output_raw(&page->out, "</div></figure>\n");
}

void numu_report_levers(struct numu_page *page) {
    if (page->plan->lever.head.count == 0) {
        return;
    }
    numu_page_begin_section(page, "levers", NUMU_WORD_risk_section_levers);
    for (numu_row target = 0; target <= page->plan->promise.head.count; target++) {
        draw_tornado(page, target);
    }
    define(page, NUMU_WORD_risk_define_levers, NUMU_PLAN_TABLE(lever));
    numu_page_end_section(page);
}

/* --- date against cost --- */

/* Days and costs, in 10^scale major units, of the rows of a kind; returns how many. */
static size_t read_outlays(struct numu_page *page, const char *kind, numu_day **out_days,
                           double **out_costs) {
    const struct numu_plan_outlay *table = &page->plan->outlay;
    double unit = (double)numu_power_of_ten(numu_currency_decimals(page->plan->currency)) *
                  (double)numu_power_of_ten(page->scale);
    size_t count = 0;
    *out_days = NULL;
    *out_costs = NULL;
    if (NUMU_TAKE(page->arena, out_days, table->head.count) != NUMU_OK ||
        NUMU_TAKE(page->arena, out_costs, table->head.count) != NUMU_OK) {
        page->out.status = NUMU_MEMORY;
        return 0;
    }
    for (numu_row row = 0; row < table->head.count; row++) {
        if (numu_text_is(table->kind[row], kind)) {
            (*out_days)[count] = table->day[row];
            (*out_costs)[count++] = (double)table->cost[row] / unit;
        }
    }
    return count;
}

/* The row that is asked for stands first. */
static int scale_of(const struct numu_page *page) {
    int64_t major = page->plan->outlay.cost[0] /
                    numu_power_of_ten(numu_currency_decimals(page->plan->currency));
    return major >= 1000000000 ? 9 : major >= 1000000 ? 6 : 0;
}

static void draw_outlays(struct numu_page *page) {
    char unit[NUMU_PAGE_UNIT_BYTES];
    char percent[NUMU_PERCENT_BYTES];
    numu_day *days, *line_days, *day, *balance_day;
    double *costs, *line_costs, *cost, *balance_cost;
    size_t count = read_outlays(page, "sample", &days, &costs);
    size_t line_count = read_outlays(page, "line", &line_days, &line_costs);
    size_t pairs = read_outlays(page, "asked", &day, &cost);
    if (pairs == 0 || read_outlays(page, "balance", &balance_day, &balance_cost) == 0) {
        return;
    }
    int64_t joint = (int64_t)floor(100 * page->plan->outlay.share[0] + 0.5);
    const struct numu_svg_scatter chart = {
        .id = "cost",
        .title = word(page, NUMU_WORD_risk_section_cost),
        .unit = numu_text_of(numu_page_unit(page, unit)),
        .days = days,
        .costs = costs,
        .count = count,
        .line_days = line_days,
        .line_costs = line_costs,
        .line_count = line_count,
        .day = day[0],
        .cost = cost[0],
        .balance_day = balance_day[0],
        .balance_cost = balance_cost[0],
        .both = filled(page, NUMU_WORD_risk_both_text, numu_argument_integer(joint)),
        .line_name =
            filled(page, NUMU_WORD_risk_line_text, numu_argument_string(asked(page, percent)))};
    numu_output_raw(&page->out, "<figure class=\"chart\">");
    numu_svg_scatter(&page->out, &chart);
    numu_output_raw(&page->out, "</figure>\n");
    numu_svg_scatter_key(&page->out, &chart, word(page, NUMU_WORD_risk_balance_text));
}

void numu_report_outlays(struct numu_page *page) {
    int scale = page->scale;
    if (page->plan->outlay.head.count == 0) {
        return;
    }
    page->scale = scale_of(page);
    numu_page_begin_section(page, "cost", NUMU_WORD_risk_section_cost);
    draw_outlays(page);
    define(page, NUMU_WORD_risk_define_cost, NUMU_PLAN_TABLE(outlay));
    numu_page_end_section(page);
    page->scale = scale;
}
