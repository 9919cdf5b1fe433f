/*
 * report_money.c - of the report: funds year by year, and what binds.
 */
#include "view/page.h"

enum { BINDING_MAX = 10, LINES_MAX = NUMU_SERIES_MAX };

/* --- funds --- */

static void fund_totals(struct numu_page *page) {
    numu_page_begin_table(page);
    numu_page_head(page, NUMU_WORD_column_fund, false);
    numu_page_head(page, NUMU_WORD_column_budget, true);
    numu_page_head(page, NUMU_WORD_column_spent, true);
    numu_page_head(page, NUMU_WORD_column_gap, true);
    numu_page_head(page, NUMU_WORD_left_at_end, true);
    numu_page_end_head(page);
    for (uint32_t f = 0; f < page->totals.fund_count; f++) {
        const struct numu_fund_total *fund = &page->totals.funds[f];
        numu_page_begin_row(page);
        numu_page_cell_text(page, fund->id);
        numu_page_cell_money(page, fund->budget);
        numu_page_cell_money(page, fund->spent);
        numu_page_cell_money(page, fund->gap);
        numu_page_cell_money(page, fund->left);
        numu_page_end_row(page);
    }
    numu_page_end_table(page);
}

/* Funds by years: what is spent, or what is lacking. */
static void fund_years(struct numu_page *page, numu_word heading, bool of_gap) {
    const struct numu_years *years = &page->totals.years;
    numu_output_raw(&page->out, "<h3>");
    numu_output_word(&page->out, heading);
    numu_output_raw(&page->out, "</h3>\n");
    numu_page_begin_table(page);
    numu_page_head(page, NUMU_WORD_column_fund, false);
    for (uint32_t year = 0; year < years->count; year++) {
        numu_output_printf(&page->out, "<th scope=\"col\" class=\"n\">%ld</th>",
                           (long)years->first + (long)year);
    }
    numu_page_end_head(page);
    for (uint32_t f = 0; f < page->totals.fund_count; f++) {
        const struct numu_fund_total *fund = &page->totals.funds[f];
        numu_page_begin_row(page);
        numu_page_cell_text(page, fund->id);
        for (uint32_t year = 0; year < years->count; year++) {
            numu_page_cell_money(page, of_gap ? fund->year_gap[year] : fund->year_spent[year]);
        }
        numu_page_end_row(page);
    }
    numu_page_end_table(page);
}

struct month_span {
    numu_month first;
    uint32_t count;
};

static struct month_span purse_months(const struct numu_plan_purse *purse) {
    numu_month first = INT32_MAX;
    numu_month last = INT32_MIN;
    for (numu_row row = 0; row < purse->head.count; row++) {
        first = purse->month[row] < first ? purse->month[row] : first;
        last = purse->month[row] > last ? purse->month[row] : last;
    }
    bool is_sound = last >= first && last - (int64_t)first < INT64_C(12) * NUMU_TOTALS_YEARS_MAX;
    return (struct month_span){first, is_sound ? (uint32_t)(last - first + 1) : 0};
}

/* Money left in each of the first few funds. */
static void purse_chart(struct numu_page *page) {
    const struct numu_plan_purse *purse = &page->plan->purse;
    struct month_span span = purse_months(purse);
    struct numu_output *out = &page->out;
    struct numu_series series[LINES_MAX];
    size_t count = page->totals.fund_count < LINES_MAX ? page->totals.fund_count : LINES_MAX;
    if (span.count == 0 || out->status != NUMU_OK) {
        return;
    }
    for (size_t f = 0; f < count; f++) {
        int64_t *values;
        out->status = NUMU_TAKE(page->arena, &values, span.count);
        if (out->status != NUMU_OK) {
            return;
        }
        numu_kind_fill_none(NUMU_KIND_MONEY, values, 0, span.count);
        for (numu_row row = 0; row < purse->head.count; row++) {
            if (numu_text_is_equal(purse->fund[row], page->totals.funds[f].id)) {
                values[purse->month[row] - span.first] = purse->left[row];
            }
        }
        series[f] = (struct numu_series){
            .name = page->totals.funds[f].id, .values = values, .color = (int)f};
    }
    const struct numu_steps chart = {
        .id = "chart-purse",
        .title = numu_text_of(numu_word_text(out->language, NUMU_WORD_money_left)),
        .unit = numu_text_of(numu_currency_code(page->plan->currency)),
        .series = series,
        .series_count = count,
        .first_month = span.first,
        .month_count = span.count,
        .decimals = numu_currency_decimals(page->plan->currency)};
    numu_output_raw(out, "<figure class=\"chart\"><figcaption>");
    numu_output_text(out, chart.title);
    numu_output_raw(out, "</figcaption>\n");
    numu_svg_lines_legend(out, series, count);
    numu_svg_steps(out, &chart);
    numu_output_raw(out, "</figure>\n");
}

/* What each of the first few funds spends, by year. */
static void spending_chart(struct numu_page *page) {
    struct numu_output *out = &page->out;
    struct numu_series series[LINES_MAX];
    struct numu_share legend[LINES_MAX];
    size_t count = page->totals.fund_count < LINES_MAX ? page->totals.fund_count : LINES_MAX;
    for (size_t f = 0; f < count; f++) {
        const struct numu_fund_total *fund = &page->totals.funds[f];
        series[f] =
            (struct numu_series){.name = fund->id, .values = fund->year_spent, .color = (int)f};
        legend[f] = (struct numu_share){.name = fund->id, .color = (int)f};
    }
    const struct numu_bars chart = {
        .id = "chart-spent",
        .title = numu_text_of(numu_word_text(out->language, NUMU_WORD_spent_by_year)),
        .unit = numu_text_of(numu_currency_code(page->plan->currency)),
        .series = series,
        .series_count = count,
        .first_year = page->totals.years.first,
        .year_count = page->totals.years.count,
        .decimals = numu_currency_decimals(page->plan->currency)};
    numu_output_raw(out, "<figure class=\"chart\"><figcaption>");
    numu_output_text(out, chart.title);
    numu_output_raw(out, "</figcaption>\n");
    numu_svg_legend(out, legend, count);
    numu_svg_bars(out, &chart);
    numu_output_raw(out, "</figure>\n");
}

static void write_funds(struct numu_page *page) {
    if (page->plan->purse.head.count == 0) {
        return;
    }
    numu_page_begin_section(page, "money", NUMU_WORD_section_money);
    numu_output_raw(&page->out, "<div class=\"charts\">\n");
    spending_chart(page);
    purse_chart(page);
    numu_output_raw(&page->out, "</div>\n");
    fund_totals(page);
    fund_years(page, NUMU_WORD_spent_by_year, false);
    if (page->totals.gap > 0) {
        fund_years(page, NUMU_WORD_gap_by_year, true);
    }
    numu_page_definition(page, NUMU_WORD_define_money, NUMU_PLAN_TABLE(purse),
                         NUMU_PLAN_TABLE(payment));
    numu_page_end_section(page);
}

/* --- what binds --- */

static void write_binding(struct numu_page *page) {
    const struct numu_totals *totals = &page->totals;
    if (totals->resource_count == 0) {
        return;
    }
    numu_page_begin_section(page, "binds", NUMU_WORD_section_binds);
    numu_page_begin_table(page);
    numu_page_head(page, NUMU_WORD_column_resource, false);
    numu_page_head(page, NUMU_WORD_mean_use, true);
    numu_page_head(page, NUMU_WORD_full_months, true);
    numu_page_head(page, NUMU_WORD_worth_of_hour, true);
    numu_page_head(page, NUMU_WORD_worth_month, true);
    numu_page_end_head(page);
    for (uint32_t r = 0; r < totals->resource_count && r < BINDING_MAX; r++) {
        const struct numu_resource_total *resource = &totals->resources[r];
        numu_page_begin_row(page);
        numu_page_cell_text(page, resource->id);
        numu_page_cell_percent(page, resource->used, resource->capacity);
        numu_page_begin_cell(page, true);
        numu_output_fill_two(&page->out, NUMU_WORD_some_of,
                             numu_argument_integer(resource->full_months),
                             numu_argument_integer(resource->months));
        numu_page_end_cell(page);
        numu_page_begin_cell(page, true);
        numu_output_real(&page->out, resource->worth, 0);
        numu_page_end_cell(page);
        numu_page_begin_cell(page, true);
        if (resource->worth > 0) {
            numu_output_month(&page->out, resource->worth_month);
        }
        numu_page_end_cell(page);
        numu_page_end_row(page);
    }
    numu_page_end_table(page);
    numu_page_definition(page, NUMU_WORD_define_binds, NUMU_PLAN_TABLE(hours), NULL);
    numu_page_end_section(page);
}

void numu_report_money(struct numu_page *page) {
    write_funds(page);
    write_binding(page);
}
