/*
 * report_indicators.c - of the report: whether each line pays, and every indicator with its
 * definition.
 */
#include "view/page.h"
#include "view/svg_plan.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

static const struct numu_plan_indicator *table_of(const struct numu_page *page) {
    return &page->plan->indicator;
}

/* The row of an indicator of one thing over the horizon; NUMU_NONE = none. */
static numu_row find(const struct numu_page *page, const char *indicator, struct numu_text id) {
    const struct numu_plan_indicator *table = table_of(page);
    for (numu_row row = 0; row < table->head.count; row++) {
        if (table->year[row] == NUMU_NO_NUMBER && numu_text_is(table->indicator[row], indicator) &&
            numu_text_is_equal(table->id[row], id)) {
            return row;
        }
    }
    return NUMU_NONE;
}

static double value_of(const struct numu_page *page, const char *indicator, struct numu_text id) {
    numu_row row = find(page, indicator, id);
    return row == NUMU_NONE ? NAN : table_of(page)->value[row];
}

/* --- figures --- */

static struct numu_text unit_of(const struct numu_page *page, struct numu_text indicator) {
    const struct numu_plan_definition *table = &page->plan->definition;
    for (numu_row row = 0; row < table->head.count; row++) {
        if (numu_text_is_equal(table->indicator[row], indicator)) {
            return table->unit[row];
        }
    }
    return NUMU_TEXT("");
}

static void output_money(struct numu_page *page, double value) {
    numu_money money;
    numu_currency currency = page->plan->currency;
    if (numu_number_from_double(value, numu_currency_decimals(currency), &money) == NUMU_OK) {
        numu_output_money_short(&page->out, money, currency);
    }
}

static void output_value(struct numu_page *page, struct numu_text unit, double value) {
    struct numu_output *out = &page->out;
    if (numu_text_is(unit, "share")) {
        numu_output_real(out, 100 * value, fabs(value) < 0.0995 ? 1 : 0);
        numu_output_raw(out, out->language == NUMU_LANGUAGE_FR ? "\u202F%" : "%");
    } else if (numu_text_is(unit, "money")) {
        output_money(page, value);
    } else if (numu_text_is(unit, "stage")) {
        char name[16];
        (void)snprintf(name, sizeof name, "%d", (int)value);
        numu_output_word_of(out, "ladder_", numu_text_of(name));
    } else if (numu_text_is(unit, "days")) {
        numu_output_real(out, value, 0);
    } else {
        numu_output_real(out, value, fabs(value) < 100 ? 2 : 0);
    }
}

/* A dash that tells, when it is pointed at, why there is no figure. */
static void output_dash(struct numu_page *page, struct numu_text why) {
    numu_output_raw(&page->out, "<span class=\"soft\" title=\"");
    numu_output_word_of(&page->out, "cannot_", why);
    numu_output_raw(&page->out, "\">–</span>");
}

/* The figure of a row, or why there is none. */
static void output_row(struct numu_page *page, numu_row row) {
    const struct numu_plan_indicator *table = table_of(page);
    struct numu_output *out = &page->out;
    struct numu_text unit = unit_of(page, table->indicator[row]);
    if (isnan(table->value[row])) {
        numu_output_raw(out, "<span class=\"soft\">");
        numu_output_word_of(out, "cannot_", table->why_not[row]);
        numu_output_raw(out, "</span>");
    } else if (numu_text_is(unit, "month")) {
        numu_output_month(out, table->month[row]);
    } else {
        output_value(page, unit, table->value[row]);
        if (table->month[row] != NUMU_NO_MONTH) {
            numu_output_raw(out, " <span class=\"soft\">");
            numu_output_month(out, table->month[row]);
            numu_output_raw(out, "</span>");
        }
    }
}

/* The same within a narrow column. */
static void output_short(struct numu_page *page, numu_row row) {
    const struct numu_plan_indicator *table = table_of(page);
    if (isnan(table->value[row])) {
        output_dash(page, table->why_not[row]);
    } else {
        output_row(page, row);
    }
}

/* --- lines --- */

static const char *const of_lines[] = {"landed_price",     "unit_cost_at_plan",     "unit_cost_40",
                                       "unit_cost_85",     "break_even_use",        "crossing",
                                       "local_content_85", "domestic_resource_cost"};
enum { OF_LINES = sizeof of_lines / sizeof of_lines[0] };

static bool is_of_line(struct numu_text indicator) {
    static const char *const others[] = {
        "variable_cost", "fixed_cost", "line_capital",         "nameplate",
        "use_at_plan",   "break_even", "local_content_at_plan"};
    bool is_one = false;
    for (size_t i = 0; i < OF_LINES && !is_one; i++) {
        is_one = numu_text_is(indicator, of_lines[i]);
    }
    for (size_t i = 0; i < sizeof others / sizeof others[0] && !is_one; i++) {
        is_one = numu_text_is(indicator, others[i]);
    }
    return is_one;
}

static void label(struct numu_page *page, const char *prefix, const char *name) {
    numu_output_word_of(&page->out, prefix, numu_text_of(name));
}

static void verdict(struct numu_page *page, struct numu_text process) {
    numu_row row = find(page, "break_even_use", process);
    struct numu_output *out = &page->out;
    double use = row == NUMU_NONE ? NAN : table_of(page)->value[row];
    bool never = row != NUMU_NONE && numu_text_is(table_of(page)->why_not[row], "dearer");
    bool is_bad = never || use > 1;
    numu_output_raw(out, is_bad ? "<td class=\"no verdict\">" : "<td class=\"yes verdict\">");
    if (never || use > 1) {
        numu_output_word(out, never ? NUMU_WORD_verdict_never : NUMU_WORD_verdict_beyond);
    } else if (isnan(use)) {
        numu_output_word(out, NUMU_WORD_verdict_unknown);
    } else {
        numu_output_fill(out, NUMU_WORD_verdict_from,
                         numu_argument_integer((int64_t)ceil(100 * use)));
    }
    numu_page_end_cell(page);
}

static void line_row(struct numu_page *page, struct numu_text process) {
    numu_page_begin_row(page);
    numu_page_cell_text(page, process);
    verdict(page, process);
    for (size_t i = 0; i < OF_LINES; i++) {
        numu_row row = find(page, of_lines[i], process);
        numu_output_raw(&page->out, "<td class=\"n\" data-label=\"");
        label(page, "indicator_", of_lines[i]);
        numu_output_word(&page->out, NUMU_WORD_colon);
        numu_output_raw(&page->out, "\">");
        if (row != NUMU_NONE) {
            output_short(page, row);
        }
        numu_page_end_cell(page);
    }
    numu_page_end_row(page);
}

static void line_chart(struct numu_page *page, struct numu_text process, unsigned number) {
    struct numu_output *out = &page->out;
    double nameplate = value_of(page, "nameplate", process);
    struct numu_svg_mark marks[] = {
        {numu_text_of(numu_word_text(out->language, NUMU_WORD_at_40_short)), 0.40,
         value_of(page, "unit_cost_40", process), false},
        {numu_text_of(numu_word_text(out->language, NUMU_WORD_at_85_short)), 0.85,
         value_of(page, "unit_cost_85", process), false},
        {numu_text_of(numu_word_text(out->language, NUMU_WORD_at_plan_short)),
         value_of(page, "use_at_plan", process), value_of(page, "unit_cost_at_plan", process),
         true}};
    char id[32];
    (void)snprintf(id, sizeof id, "chart-cost-%u", number);
    const struct numu_svg_costs chart = {
        .id = id,
        .title = process,
        .unit = numu_text_of(numu_currency_code(page->plan->currency)),
        .variable = value_of(page, "variable_cost", process),
        .fixed = value_of(page, "fixed_cost", process) / nameplate,
        .import = value_of(page, "landed_price", process),
        .import_name = numu_text_of(numu_word_text(out->language, NUMU_WORD_import_short)),
        .marks = marks,
        .mark_count = sizeof marks / sizeof marks[0]};
    if (!isfinite(chart.fixed) || !isfinite(chart.variable)) {
        return;
    }
    numu_output_raw(out, "<figure><figcaption>");
    numu_output_text(out, process);
    numu_output_raw(out, "</figcaption>\n");
    numu_svg_costs(out, &chart);
    numu_output_raw(out, "</figure>\n");
}

/* Definitions of the figures above, folded away. */
static void define(struct numu_page *page, bool of_line) {
    const struct numu_plan_definition *table = &page->plan->definition;
    numu_output_raw(&page->out, "<details><summary>");
    numu_output_word(&page->out, NUMU_WORD_table_definition);
    numu_output_raw(&page->out, "</summary>\n<dl class=\"def\">\n");
    for (numu_row row = 0; row < table->head.count; row++) {
        if (is_of_line(table->indicator[row]) != of_line) {
            continue;
        }
        numu_output_raw(&page->out, "<dt>");
        numu_output_word_of(&page->out, "indicator_", table->indicator[row]);
        numu_output_raw(&page->out, "</dt><dd>");
        numu_output_word_of(&page->out, "definition_", table->indicator[row]);
        numu_output_raw(&page->out, "<br><code>");
        numu_output_text(&page->out, table->formula[row]);
        numu_output_raw(&page->out, "</code><br>");
        numu_output_text(&page->out, table->source[row]);
        numu_output_raw(&page->out, "</dd>\n");
    }
    numu_output_raw(&page->out, "</dl></details>\n");
}

void numu_report_lines(struct numu_page *page) {
    const struct numu_plan_indicator *table = table_of(page);
    numu_row count = 0;
    for (numu_row row = 0; row < table->head.count; row++) {
        count += numu_text_is(table->indicator[row], "unit_cost_85") && table->id[row].length > 0;
    }
    if (count == 0) {
        return;
    }
    numu_page_begin_section(page, "lines", NUMU_WORD_section_lines);
    numu_output_raw(&page->out, "<div class=\"wide\"><table class=\"cards\"><thead><tr>");
    numu_page_head(page, NUMU_WORD_column_process, false);
    numu_page_head(page, NUMU_WORD_column_verdict, false);
    for (size_t i = 0; i < OF_LINES; i++) {
        numu_page_head_text(
            page, numu_word_of(page->out.language, "indicator_", numu_text_of(of_lines[i])), true);
    }
    numu_page_end_head(page);
    for (numu_row row = 0; row < table->head.count; row++) {
        if (numu_text_is(table->indicator[row], "unit_cost_85")) {
            line_row(page, table->id[row]);
        }
    }
    numu_page_end_table(page);
    numu_output_raw(&page->out, "<div class=\"charts\">\n");
    unsigned number = 0;
    for (numu_row row = 0; row < table->head.count; row++) {
        if (numu_text_is(table->indicator[row], "unit_cost_85")) {
            line_chart(page, table->id[row], number++);
        }
    }
    numu_output_raw(&page->out, "</div>\n");
    numu_page_definition(page, NUMU_WORD_define_lines, NUMU_PLAN_TABLE(indicator),
                         NUMU_PLAN_TABLE(definition));
    define(page, true);
    numu_page_end_section(page);
}

/* --- all others --- */

/* Who a row is of, in words. */
static void subject(struct numu_page *page, numu_row row) {
    const struct numu_plan_indicator *table = table_of(page);
    if (table->id[row].length == 0) {
        numu_output_word(&page->out, NUMU_WORD_of_the_whole);
    } else if (numu_text_is(table->subject[row], "family")) {
        numu_output_word_of(&page->out, "choice_", table->id[row]);
    } else {
        numu_output_text(&page->out, table->id[row]);
    }
}

struct span {
    numu_row from, to;
};

/* Rows of one indicator stand together. */
static struct span rows_of(const struct numu_page *page, numu_row from) {
    const struct numu_plan_indicator *table = table_of(page);
    numu_row to = from;
    while (to < table->head.count &&
           numu_text_is_equal(table->indicator[to], table->indicator[from])) {
        to++;
    }
    return (struct span){from, to};
}

static bool has_years(const struct numu_page *page, struct span span) {
    bool has = false;
    for (numu_row row = span.from; row + 1 < span.to && !has; row++) {
        has = table_of(page)->year[row] != NUMU_NO_NUMBER;
    }
    return has;
}

/* Things down, years across; the last column is the horizon. */
static void table_by_year(struct numu_page *page, struct span span) {
    const struct numu_plan_indicator *table = table_of(page);
    numu_page_begin_table(page);
    numu_page_head(page, NUMU_WORD_empty, false);
    numu_row end = span.from;
    for (; end < span.to && numu_text_is_equal(table->id[end], table->id[span.from]); end++) {
        if (table->year[end] == NUMU_NO_NUMBER) {
            numu_page_head(page, NUMU_WORD_horizon_whole, true);
        } else {
            numu_output_printf(&page->out, "<th scope=\"col\" class=\"n\">%lld</th>",
                               (long long)table->year[end]);
        }
    }
    numu_page_end_head(page);
    for (numu_row row = span.from; row < span.to; row++) {
        if (row == span.from || !numu_text_is_equal(table->id[row], table->id[row - 1])) {
            numu_page_begin_row(page);
            numu_page_begin_cell(page, false);
            subject(page, row);
            numu_page_end_cell(page);
        }
        numu_page_begin_cell(page, true);
        output_short(page, row);
        numu_page_end_cell(page);
        if (row + 1 == span.to || !numu_text_is_equal(table->id[row], table->id[row + 1])) {
            numu_page_end_row(page);
        }
    }
    numu_page_end_table(page);
}

static void table_of_things(struct numu_page *page, struct span span) {
    numu_output_raw(&page->out, "<table><tbody>\n");
    for (numu_row row = span.from; row < span.to; row++) {
        numu_page_begin_row(page);
        numu_page_begin_cell(page, false);
        subject(page, row);
        numu_page_end_cell(page);
        numu_page_begin_cell(page, true);
        output_row(page, row);
        numu_page_end_cell(page);
        numu_page_end_row(page);
    }
    numu_output_raw(&page->out, "</tbody></table>\n");
}

static void one_indicator(struct numu_page *page, struct span span) {
    struct numu_text name = table_of(page)->indicator[span.from];
    bool is_wide = has_years(page, span);
    numu_output_raw(&page->out, is_wide ? "<figure class=\"all\" id=\"i-" : "<figure id=\"i-");
    numu_output_text(&page->out, name);
    numu_output_raw(&page->out, "\"><figcaption>");
    numu_output_word_of(&page->out, "indicator_", name);
    numu_output_raw(&page->out, "</figcaption><p class=\"def\">");
    numu_output_word_of(&page->out, "definition_", name);
    numu_output_raw(&page->out, "</p>\n");
    if (is_wide) {
        table_by_year(page, span);
    } else {
        table_of_things(page, span);
    }
    numu_output_raw(&page->out, "</figure>\n");
}

void numu_report_indicators(struct numu_page *page) {
    const struct numu_plan_indicator *table = table_of(page);
    if (table->head.count == 0) {
        return;
    }
    numu_page_begin_section(page, "indicators", NUMU_WORD_section_indicators);
    numu_page_definition(page, NUMU_WORD_define_indicators, NUMU_PLAN_TABLE(indicator),
                         NUMU_PLAN_TABLE(definition));
    numu_output_raw(&page->out, "<div class=\"charts\">\n");
    struct span span = {0, 0};
    while (span.to < table->head.count) {
        span = rows_of(page, span.to);
        if (!is_of_line(table->indicator[span.from])) {
            one_indicator(page, span);
        }
    }
    numu_output_raw(&page->out, "</div>\n");
    define(page, false);
    numu_page_end_section(page);
}
