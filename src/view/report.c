/*
 * report.c - the report's frame and its first page: the answers and the promises.
 */
#include "view/report.h"

#include "view/page.h"
#include "view/risk.h"
#include "view/schedule.h"

#include <math.h>

enum { ROWS_MAX = 2000 };

/* --- frame --- */

static struct numu_text title_of(const struct numu_page *page) {
    struct numu_text title = numu_plan_meta_find(page->plan, "title");
    if (title.length == 0) {
        title = numu_plan_meta_find(page->plan, "folder");
    }
    if (title.length == 0) {
        title = numu_text_of(numu_word_text(page->out.language, NUMU_WORD_report_title));
    }
    return title;
}

static void begin_page(struct numu_page *page) {
    struct numu_output *out = &page->out;
    numu_output_printf(out,
                       "<!DOCTYPE html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n",
                       numu_language_code(out->language));
    numu_output_raw(out, "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n"
                         "<meta name=\"color-scheme\" content=\"light dark\">\n<title>");
    numu_output_text(out, title_of(page));
    numu_output_raw(out, "</title>\n<style>\n");
    numu_output_raw(out, numu_svg_style());
    numu_output_raw(out, numu_page_style());
    numu_output_raw(out, "</style>\n</head>\n<body>\n");
}

static void stamp_entry(struct numu_page *page, numu_word word, const char *key) {
    struct numu_text value = numu_plan_meta_find(page->plan, key);
    if (value.length > 0) {
        numu_output_raw(&page->out, " · ");
        numu_output_word(&page->out, word);
        numu_output_raw(&page->out, " ");
        numu_output_text(&page->out, value);
    }
}

static void write_header(struct numu_page *page) {
    struct numu_output *out = &page->out;
    struct numu_stamp stamp = numu_plan_stamp(page->plan);
    numu_output_raw(out, "<header><h1>");
    numu_output_text(out, title_of(page));
    numu_output_raw(out, "</h1>\n<p>");
    numu_output_word(out, NUMU_WORD_data_date);
    numu_output_word(out, NUMU_WORD_colon);
    numu_output_raw(out, "<b>");
    numu_output_day_long(out, stamp.data_date);
    numu_output_raw(out, "</b></p>\n<p class=\"stamp\">numu ");
    numu_output_text(out, stamp.version);
    stamp_entry(page, NUMU_WORD_horizon_from, "start");
    stamp_entry(page, NUMU_WORD_horizon_months, "months");
    stamp_entry(page, NUMU_WORD_seed, "seed");
    stamp_entry(page, NUMU_WORD_inputs_hash, "inputs_sha256");
    numu_output_raw(out, "</p></header>\n");
}

/* --- the answer --- */

static void begin_tile(struct numu_page *page, bool is_bad) {
    numu_output_raw(&page->out, is_bad ? "<div class=\"tile bad\"><b>" : "<div class=\"tile\"><b>");
}

static void end_tile(struct numu_page *page, numu_word word) {
    numu_output_raw(&page->out, "</b><span>");
    numu_output_word(&page->out, word);
    numu_output_raw(&page->out, "</span></div>\n");
}

static void write_tiles(struct numu_page *page) {
    struct numu_output *out = &page->out;
    const struct numu_totals *totals = &page->totals;
    int64_t promises = page->plan->promise.head.count;
    numu_currency currency = page->plan->currency;
    numu_output_raw(out, "<div class=\"tiles\">\n");
    if (promises > 0) {
        begin_tile(page, totals->promises_kept < promises);
        numu_output_fill_two(out, NUMU_WORD_some_of, numu_argument_integer(totals->promises_kept),
                             numu_argument_integer(promises));
        end_tile(page, NUMU_WORD_promises_kept);
    }
    if (page->plan->activity.head.count > 0) {
        begin_tile(page, false);
        numu_output_day_long(out, numu_plan_finish(page->plan));
        end_tile(page, NUMU_WORD_programme_finish);
    }
    if (totals->demand_rows > 0) {
        begin_tile(page, totals->demand_on_time < totals->demand_rows);
        numu_output_percent(out, totals->demand_on_time, totals->demand_rows);
        end_tile(page, NUMU_WORD_demands_on_time);
    }
    if (page->plan->import_bill.head.count > 0) {
        numu_money with = totals->import_finished;
        numu_output_add(out, &with, totals->import_kits);
        numu_output_add(out, &with, totals->import_capital);
        begin_tile(page, with > totals->import_without);
        numu_output_money_short(out, with, currency);
        end_tile(page, NUMU_WORD_import_with);
        begin_tile(page, false);
        numu_output_money_short(out, totals->import_without, currency);
        end_tile(page, NUMU_WORD_import_without);
    }
    if (page->plan->purse.head.count > 0) {
        begin_tile(page, totals->gap > 0);
        numu_output_money_short(out, totals->gap, currency);
        end_tile(page, NUMU_WORD_funding_gap);
    }
    numu_output_raw(out, "</div>\n");
}

/* --- promises --- */

/* On a phone the rows become cards, in which each cell says what it is. */
static void begin_labelled_cell(struct numu_page *page, const char *class, numu_word label) {
    numu_output_printf(&page->out, "<td class=\"%s\" data-label=\"", class);
    numu_output_word(&page->out, label);
    numu_output_word(&page->out, NUMU_WORD_colon);
    numu_output_raw(&page->out, "\">");
}

/* At least so probable is a promise that is called kept, or merely unlikely. */
#define LIKELY 0.5
#define UNLIKELY 0.05

/* By its probability; by likely durations where none was drawn. */
static void write_answer(struct numu_page *page, numu_row row) {
    const struct numu_plan_promise *promise = &page->plan->promise;
    struct numu_output *out = &page->out;
    int64_t days_late = promise->days_late[row];
    double chance = promise->probability[row];
    bool is_kept = days_late != NUMU_NO_NUMBER && days_late <= 0;
    bool is_yes = isnan(chance) ? is_kept : chance >= LIKELY;
    bool is_unlikely = !is_yes && !isnan(chance) && chance >= UNLIKELY;
    numu_output_printf(out, "<td class=\"%s\">", is_yes ? "yes" : "no");
    if (days_late != NUMU_NO_NUMBER) {
        numu_output_word(out, is_yes        ? NUMU_WORD_yes_kept
                              : is_unlikely ? NUMU_WORD_unlikely_kept
                                            : NUMU_WORD_no_missed);
        numu_output_promise(out, days_late);
    }
    numu_page_end_cell(page);
}

static void write_promise(struct numu_page *page, numu_row row) {
    const struct numu_plan_promise *promise = &page->plan->promise;
    struct numu_output *out = &page->out;
    numu_page_begin_row(page);
    numu_page_begin_cell(page, false);
    numu_output_text(out, promise->name[row].length > 0 ? promise->name[row] : promise->id[row]);
    if (promise->cited[row].length > 0) {
        numu_output_raw(out, "<br><small class=\"soft\">");
        numu_output_text(out, promise->cited[row]);
        numu_output_raw(out, "</small>");
    }
    numu_page_end_cell(page);
    begin_labelled_cell(page, "d", NUMU_WORD_promised_for);
    numu_output_day(out, promise->date[row]);
    numu_page_end_cell(page);
    begin_labelled_cell(page, "d", NUMU_WORD_risk_likely);
    numu_output_day(out, promise->finish[row]);
    numu_page_end_cell(page);
    write_answer(page, row);
    begin_labelled_cell(page, "d", NUMU_WORD_risk_p50);
    numu_output_day(out, promise->p50[row]);
    numu_page_end_cell(page);
    begin_labelled_cell(page, "d", NUMU_WORD_risk_p80);
    numu_output_day(out, promise->p80[row]);
    numu_page_end_cell(page);
    begin_labelled_cell(page, "n", NUMU_WORD_risk_in_time);
    numu_output_chance(out, promise->probability[row], numu_plan_samples(page->plan));
    numu_page_end_cell(page);
    begin_labelled_cell(page, "n", NUMU_WORD_risk_elsewhere);
    numu_output_outside(out, promise->elsewhere[row]);
    numu_page_end_cell(page);
    numu_page_end_row(page);
}

/* At what confidence the plan reads dates, and how often all those that open something are met. */
static void write_confidence(struct numu_page *page) {
    struct numu_text joint = numu_plan_meta_find(page->plan, "joint_confidence");
    int64_t share;
    int64_t percent;
    if (numu_number_parse(joint, 6, '.', &share) != NUMU_NUMBER_OK ||
        numu_number_parse(numu_plan_meta_find(page->plan, "confidence"), 0, '.', &percent) !=
            NUMU_NUMBER_OK) {
        return;
    }
    numu_output_raw(&page->out, "<p>");
    numu_output_fill_two(&page->out, NUMU_WORD_risk_plan_reads, numu_argument_integer(percent),
                         numu_argument_integer((share + 5000) / 10000));
    numu_output_raw(&page->out, "</p>\n");
}

/* How many comparable programmes "elsewhere" rests on. */
static void write_comparators(struct numu_page *page) {
    int64_t count;
    if (numu_number_parse(numu_plan_meta_find(page->plan, "comparators"), 0, '.', &count) ==
        NUMU_NUMBER_OK) {
        numu_output_raw(&page->out, "<p>");
        numu_output_fill(&page->out, NUMU_WORD_answer_comparators, numu_argument_integer(count));
        numu_output_raw(&page->out, "</p>\n");
    }
}

static void write_promises(struct numu_page *page) {
    if (page->plan->promise.head.count == 0) {
        return;
    }
    numu_page_begin_section(page, "promises", NUMU_WORD_section_promises);
    numu_output_raw(&page->out, "<div class=\"wide\"><table class=\"cards\"><thead><tr>");
    numu_page_head(page, NUMU_WORD_column_promise, false);
    numu_page_head(page, NUMU_WORD_promised_for, false);
    numu_page_head(page, NUMU_WORD_risk_likely, false);
    numu_page_head(page, NUMU_WORD_answer, false);
    numu_page_head(page, NUMU_WORD_risk_p50, false);
    numu_page_head(page, NUMU_WORD_risk_p80, false);
    numu_page_head(page, NUMU_WORD_risk_in_time, true);
    numu_page_head(page, NUMU_WORD_risk_elsewhere, true);
    numu_page_end_head(page);
    for (numu_row row = 0; row < page->plan->promise.head.count; row++) {
        write_promise(page, row);
    }
    numu_page_end_table(page);
    write_confidence(page);
    write_comparators(page);
    numu_page_definition(page, NUMU_WORD_define_promises, NUMU_PLAN_TABLE(promise),
                         NUMU_PLAN_TABLE(activity));
    numu_page_end_section(page);
}

/* --- all of it --- */

/* The scale that leaves the greatest sum of money at least two digits. */
static int scale_of(const struct numu_page *page) {
    const struct numu_totals *totals = &page->totals;
    int64_t greatest = totals->import_without;
    greatest = totals->import_finished > greatest ? totals->import_finished : greatest;
    for (uint32_t f = 0; f < totals->fund_count; f++) {
        greatest = totals->funds[f].spent > greatest ? totals->funds[f].spent : greatest;
    }
    int decimals = numu_currency_decimals(page->plan->currency);
    return greatest >= numu_power_of_ten(decimals + 10)  ? 9
           : greatest >= numu_power_of_ten(decimals + 7) ? 6
                                                         : 0;
}

static void write_page(struct numu_page *page) {
    begin_page(page);
    write_header(page);
    numu_output_raw(&page->out, "<main>\n");
    write_tiles(page);
    write_promises(page);
    numu_report_answer(page);
    numu_report_lines(page);
    numu_report_supply(page);
    numu_report_orders(page);
    numu_report_money(page);
    numu_report_means(page);
    numu_report_programme(page);
    numu_report_curves(page);
    numu_report_levers(page);
    numu_report_outlays(page);
    numu_report_indicators(page);
    numu_report_law(page);
    numu_report_trust(page);
    numu_report_rows(page);
    numu_output_raw(&page->out, "</main>\n</body>\n</html>\n");
}

numu_status numu_view_report(struct numu_buffer *buffer, const struct numu_plan *plan,
                             numu_language language) {
    struct numu_arena arena;
    numu_arena_init(&arena, buffer->heap);
    struct numu_page page = {.arena = &arena, .plan = plan, .rows_max = ROWS_MAX};
    numu_output_init(&page.out, buffer, language, true);
    page.out.status = numu_totals_build(plan, &arena, &page.totals);
    if (page.out.status == NUMU_OK) {
        page.scale = scale_of(&page);
        write_page(&page);
    }
    numu_arena_release(&arena);
    return numu_output_finish(&page.out);
}
