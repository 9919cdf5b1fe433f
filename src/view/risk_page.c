/*
 * risk_page.c - the outcome as a page: the answer, S-curves, tornados, date against cost, what is
 * critical, and bars with the dates that are sure enough.
 */
#include "view/risk.h"

#include "view/page.h"

#include <math.h>
#include <stdio.h>

enum { CRITICAL_SHOWN = 15 };

struct risk_page {
    struct numu_page page;
    const struct numu_risk_outcome *outcome;
};

/* --- frame --- */

static void begin_page(struct risk_page *page, const struct numu_stamp *stamp) {
    struct numu_output *out = &page->page.out;
    numu_page_begin_html(out, NUMU_WORD_risk_title);
    numu_output_text(out, page->outcome->model->title);
    numu_output_raw(out, "</p>\n<p>");
    numu_output_word(out, NUMU_WORD_data_date);
    numu_output_word(out, NUMU_WORD_colon);
    numu_output_raw(out, "<b>");
    numu_output_day_long(out, page->outcome->data_date);
    numu_output_raw(out, "</b></p>\n<p class=\"stamp\">numu ");
    numu_output_text(out, stamp->version);
    numu_output_raw(out, " · ");
    numu_output_fill_two(out, NUMU_WORD_risk_sampled,
                         numu_argument_integer((int64_t)page->outcome->result.sample_count),
                         numu_argument_integer((int64_t)page->outcome->seed));
    numu_output_raw(out, " ");
    numu_output_word(out,
                     page->outcome->result.is_scarce ? NUMU_WORD_risk_policy : NUMU_WORD_risk_free);
    numu_output_raw(out, " · ");
    numu_output_word(out, NUMU_WORD_inputs_hash);
    numu_output_raw(out, " ");
    numu_output_text(out, stamp->inputs_sha256);
    numu_output_raw(out, "</p></header>\n<main>\n");
}

/* {0} in the name is the asked percent. */
static void end_tile(struct risk_page *page, numu_word name) {
    char asked[NUMU_PERCENT_BYTES];
    numu_output_raw(&page->page.out, "</b><span>");
    numu_output_fill(&page->page.out, name,
                     numu_argument_string(numu_risk_asked(page->outcome, asked)));
    numu_output_raw(&page->page.out, "</span></div>\n");
}

static void head_asked(struct risk_page *page) {
    char asked[NUMU_PERCENT_BYTES];
    numu_page_head_text(&page->page, numu_text_of(numu_risk_asked_name(page->outcome, asked)),
                        false);
}

static void write_tiles(struct risk_page *page) {
    struct numu_output *out = &page->page.out;
    const struct numu_risk_outcome *outcome = page->outcome;
    const struct numu_risk_target *whole = &outcome->result.targets[0];
    numu_day asked = numu_risk_day(outcome, whole->quantile[NUMU_P_ASKED].value);
    numu_output_raw(out, "<div class=\"tiles\">\n");
    if (!isnan(whole->probability.value)) {
        bool is_bad = whole->probability.value < 0.5;
        numu_output_printf(out, "<div class=\"tile%s\"><b>", is_bad ? " bad" : "");
        numu_output_chance(out, whole->probability.value, outcome->result.sample_count);
        end_tile(page, NUMU_WORD_risk_tile_probability);
    }
    if (!isnan(outcome->outside[0].probability)) {
        numu_output_raw(out, "<div class=\"tile\"><b>");
        numu_output_outside(out, outcome->outside[0].probability);
        end_tile(page, NUMU_WORD_risk_tile_elsewhere);
    }
    numu_output_raw(out, "<div class=\"tile\"><b>");
    numu_output_day_long(out, numu_risk_day(outcome, whole->quantile[NUMU_P50].value));
    end_tile(page, NUMU_WORD_risk_tile_p50);
    numu_output_raw(out, "<div class=\"tile\"><b>");
    numu_output_day_long(out, asked);
    end_tile(page, NUMU_WORD_risk_tile_p80);
    numu_output_raw(out, "<div class=\"tile\"><b>");
    numu_output_integer(out, (int64_t)asked - outcome->likely[0]);
    end_tile(page, NUMU_WORD_risk_tile_contingency);
    double cost = outcome->result.cost_quantile[NUMU_P_ASKED].value;
    numu_money money;
    if (cost > 0 && numu_number_from_double(cost, numu_currency_decimals(outcome->model->currency),
                                            &money) == NUMU_OK) {
        numu_output_raw(out, "<div class=\"tile\"><b>");
        numu_output_money_short(out, money, outcome->model->currency);
        end_tile(page, NUMU_WORD_risk_tile_cost);
    }
    numu_output_raw(out, "</div>\n");
}

/* --- promises --- */

static void cell_day(struct numu_page *page, numu_day day) {
    numu_output_raw(&page->out, "<td class=\"d\">");
    numu_output_day(&page->out, day);
    numu_page_end_cell(page);
}

static void write_promises(struct risk_page *risk) {
    const struct numu_risk_outcome *outcome = risk->outcome;
    struct numu_page *page = &risk->page;
    numu_page_begin_section(page, "promises", NUMU_WORD_section_promises);
    numu_page_begin_table(page);
    numu_page_head(page, NUMU_WORD_column_promise, false);
    numu_page_head(page, NUMU_WORD_promised_for, false);
    numu_page_head(page, NUMU_WORD_risk_likely, false);
    numu_page_head(page, NUMU_WORD_risk_p50, false);
    head_asked(risk);
    numu_page_head(page, NUMU_WORD_risk_in_time, true);
    numu_page_head(page, NUMU_WORD_risk_elsewhere, true);
    numu_page_end_head(page);
    for (uint32_t n = 0; n < outcome->result.target_count; n++) {
        uint32_t target = (n + 1) % outcome->result.target_count;
        const struct numu_risk_target *told = &outcome->result.targets[target];
        numu_page_begin_row(page);
        numu_page_begin_cell(page, false);
        numu_output_target(&page->out, outcome, target);
        numu_page_end_cell(page);
        cell_day(page, outcome->promised[target]);
        cell_day(page, outcome->likely[target]);
        cell_day(page, numu_risk_day(outcome, told->quantile[NUMU_P50].value));
        cell_day(page, numu_risk_day(outcome, told->quantile[NUMU_P_ASKED].value));
        numu_page_begin_cell(page, true);
        numu_output_chance(&page->out, told->probability.value, outcome->result.sample_count);
        numu_page_end_cell(page);
        numu_page_begin_cell(page, true);
        numu_output_outside(&page->out, outcome->outside[target].probability);
        numu_page_end_cell(page);
        numu_page_end_row(page);
    }
    numu_page_end_table(page);
    numu_page_definition(page, NUMU_WORD_define_promises, NULL, NULL);
    numu_page_end_section(page);
}

/* --- what is critical --- */

static void cell_real(struct numu_page *page, double value) {
    numu_page_begin_cell(page, true);
    numu_output_real(&page->out, value, 2);
    numu_page_end_cell(page);
}

static void write_critical(struct risk_page *risk) {
    const struct numu_risk_outcome *outcome = risk->outcome;
    struct numu_page *page = &risk->page;
    uint32_t rows[CRITICAL_SHOWN];
    uint32_t count = numu_risk_critical(outcome, CRITICAL_SHOWN, rows);
    if (count == 0) {
        return;
    }
    numu_page_begin_section(page, "critical", NUMU_WORD_risk_section_critical);
    numu_page_begin_table(page);
    numu_page_head(page, NUMU_WORD_column_name, false);
    numu_page_head(page, NUMU_WORD_risk_criticality, true);
    numu_page_head(page, NUMU_WORD_risk_significance, true);
    numu_page_head(page, NUMU_WORD_risk_cruciality, true);
    numu_page_head(page, NUMU_WORD_risk_sensitivity, true);
    head_asked(risk);
    numu_page_end_head(page);
    for (uint32_t i = 0; i < count; i++) {
        const struct numu_risk_activity *told = &outcome->result.activities[rows[i]];
        numu_page_begin_row(page);
        numu_page_cell_text(page, numu_risk_activity_name(outcome, rows[i]));
        numu_page_cell_percent(page, llround(told->criticality * 1000), 1000);
        cell_real(page, told->significance);
        cell_real(page, told->rank_cruciality);
        cell_real(page, told->sensitivity);
        cell_day(page, numu_risk_day(outcome, told->finish[NUMU_P_ASKED]));
        numu_page_end_row(page);
    }
    numu_page_end_table(page);
    numu_page_definition(page, NUMU_WORD_risk_define_critical, NULL, NULL);
    numu_page_end_section(page);
}

/* --- all of it --- */

static void write_page(struct risk_page *page, const struct numu_stamp *stamp) {
    begin_page(page, stamp);
    write_tiles(page);
    write_promises(page);
    numu_report_curves(&page->page);
    numu_report_levers(&page->page);
    numu_report_outlays(&page->page);
    write_critical(page);
    const struct numu_merge_view merges = numu_risk_merges(page->outcome);
    numu_page_merges(&page->page, &merges);
    numu_report_programme(&page->page);
    numu_output_raw(&page->page.out, "</main>\n</body>\n</html>\n");
}

numu_status numu_view_risk_page(struct numu_buffer *buffer, const struct numu_risk_outcome *outcome,
                                const struct numu_stamp *stamp, numu_language language) {
    struct numu_arena arena;
    numu_arena_init(&arena, buffer->heap);
    struct risk_page page = {.page = {.arena = &arena, .plan = &outcome->plan}, .outcome = outcome};
    numu_output_init(&page.page.out, buffer, language, true);
    write_page(&page, stamp);
    numu_arena_release(&arena);
    return numu_output_finish(&page.page.out);
}
