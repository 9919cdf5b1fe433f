/*
 * report_answer.c - of the report's first page: make or import under the cases that a planner asks
 * for, the three things that bind, what rests on assumption, and what is not known.
 */
#include "view/page.h"
#include "view/reason.h"
#include "view/stress.h"
#include "view/svg_plan.h"

#include <math.h>
#include <stdlib.h>

enum { BINDING_SHOWN = 3, BINDING_MAX = 64, SWINGS_SHOWN = 5 };

static void paragraph(struct numu_page *page, numu_word word, struct numu_argument first,
                      struct numu_argument second) {
    numu_output_raw(&page->out, "<p>");
    numu_output_fill_two(&page->out, word, first, second);
    numu_output_raw(&page->out, "</p>\n");
}

static int64_t meta_number(const struct numu_page *page, const char *key, int64_t otherwise) {
    int64_t value;
    return numu_number_parse(numu_plan_meta_find(page->plan, key), 0, '.', &value) == NUMU_NUMBER_OK
               ? value
               : otherwise;
}

/* --- make or import --- */

/* The last day of the horizon; NUMU_NO_DAY where the plan does not tell. */
static numu_day horizon_end(const struct numu_page *page) {
    numu_day start;
    int64_t months = meta_number(page, "months", 0);
    if (months <= 0 || months > INT64_C(12) * NUMU_TOTALS_YEARS_MAX ||
        !numu_day_parse(numu_plan_meta_find(page->plan, "start"), &start)) {
        return NUMU_NO_DAY;
    }
    return numu_month_last_day(numu_day_month(start) + (numu_month)months - 1);
}

static numu_day finish_of(const struct numu_plan *plan, struct numu_text activity) {
    for (numu_row row = 0; row < plan->activity.head.count; row++) {
        if (numu_text_is_equal(plan->activity.id[row], activity)) {
            numu_day confident = plan->activity.confident_finish[row];
            return confident != NUMU_NO_DAY ? confident : plan->activity.finish[row];
        }
    }
    return NUMU_NO_DAY;
}

/* How many of the things promised are there within the horizon, at the dates the plan reads. */
static void write_ready(struct numu_page *page) {
    const struct numu_plan_promise *promise = &page->plan->promise;
    numu_day end = horizon_end(page);
    int64_t ready = 0;
    if (end == NUMU_NO_DAY || promise->head.count == 0) {
        return;
    }
    for (numu_row row = 0; row < promise->head.count; row++) {
        numu_day finish = finish_of(page->plan, promise->activity[row]);
        ready += finish != NUMU_NO_DAY && finish <= end;
    }
    const struct numu_argument arguments[NUMU_ARGUMENTS_MAX] = {
        numu_argument_integer(ready), numu_argument_integer(promise->head.count),
        numu_argument_integer(meta_number(page, "confidence", 0)), numu_argument_day(end)};
    numu_output_raw(&page->out, "<p class=\"lead\">");
    numu_output_pattern(
        &page->out,
        numu_text_of(numu_word_text(page->out.language, ready == 0 ? NUMU_WORD_answer_none_ready
                                                                   : NUMU_WORD_answer_ready)),
        arguments);
    numu_output_raw(&page->out, "</p>\n");
}

static void output_money(struct numu_page *page, numu_money money) {
    numu_output_money_short(&page->out, money, page->plan->currency);
}

/* Whether the industry saves imports. */
static void write_saved(struct numu_page *page) {
    const struct numu_totals *totals = &page->totals;
    numu_money saved = totals->import_without;
    numu_output_add(&page->out, &saved, -totals->import_finished);
    numu_output_add(&page->out, &saved, -totals->import_kits);
    numu_output_add(&page->out, &saved, -totals->import_capital);
    numu_output_raw(&page->out, "<p class=\"lead\">");
    numu_output_word(&page->out, saved >= 0 ? NUMU_WORD_answer_saves : NUMU_WORD_answer_costs_more);
    numu_output_word(&page->out, NUMU_WORD_colon);
    numu_output_raw(&page->out, "<b>");
    output_money(page, llabs(saved));
    numu_output_raw(&page->out, "</b> (");
    output_money(page, totals->import_without);
    numu_output_raw(&page->out, " − ");
    numu_money with = totals->import_without;
    numu_output_add(&page->out, &with, -saved);
    output_money(page, with);
    numu_output_raw(&page->out, ") <a href=\"#imports\">");
    numu_output_word(&page->out, NUMU_WORD_section_imports);
    numu_output_raw(&page->out, "</a></p>\n");
}

/* The ways to make things here that some use of their line makes no dearer than the import. */
static void write_paying(struct numu_page *page) {
    const struct numu_plan_indicator *table = &page->plan->indicator;
    int64_t all = 0;
    int64_t paying = 0;
    for (int pass = 0; pass < 2; pass++) {
        int64_t named = 0;
        for (numu_row row = 0; row < table->head.count; row++) {
            bool is_it = numu_text_is(table->indicator[row], "break_even_use");
            bool is_known =
                !isnan(table->value[row]) || numu_text_is(table->why_not[row], "dearer");
            bool pays = is_it && table->value[row] <= 1;
            if (pass == 0) {
                all += is_it && is_known;
                paying += pays;
            } else if (pays) {
                if (named++ > 0) {
                    numu_output_raw(&page->out, ", ");
                } else {
                    numu_output_word(&page->out, NUMU_WORD_colon);
                }
                numu_output_text(&page->out, table->id[row]);
            }
        }
        if (all == 0) {
            return;
        }
        if (pass == 0) {
            numu_output_raw(&page->out, "<p>");
            numu_output_fill_two(&page->out, NUMU_WORD_answer_paying, numu_argument_integer(paying),
                                 numu_argument_integer(all));
        }
    }
    numu_output_raw(&page->out, ". <a href=\"#lines\">");
    numu_output_word(&page->out, NUMU_WORD_section_lines);
    numu_output_raw(&page->out, "</a></p>\n");
}

static void case_cell(struct numu_page *page, numu_word word, numu_money money) {
    numu_output_raw(&page->out, "<td class=\"n\" data-label=\"");
    numu_output_word(&page->out, word);
    numu_output_word(&page->out, NUMU_WORD_colon);
    numu_output_raw(&page->out, "\">");
    output_money(page, money);
    numu_page_end_cell(page);
}

static void write_case(struct numu_page *page, numu_row row) {
    const struct numu_plan_stress *table = &page->plan->stress;
    numu_money saved = table->without[row];
    numu_output_add(&page->out, &saved, -table->imports[row]);
    numu_page_begin_row(page);
    numu_page_begin_cell(page, false);
    numu_output_case(&page->out, table->label[row]);
    numu_page_end_cell(page);
    numu_output_raw(&page->out, "<td class=\"n\" data-label=\"");
    numu_output_word(&page->out, NUMU_WORD_share_on_time);
    numu_output_word(&page->out, NUMU_WORD_colon);
    numu_output_raw(&page->out, "\">");
    numu_output_percent(&page->out, table->on_time[row], NUMU_DECIMAL_ONE);
    numu_page_end_cell(page);
    case_cell(page, NUMU_WORD_column_without, table->without[row]);
    case_cell(page, NUMU_WORD_with_industry, table->imports[row]);
    case_cell(page, NUMU_WORD_saved, saved);
    case_cell(page, NUMU_WORD_column_gap, table->gap[row]);
    case_cell(page, NUMU_WORD_column_cost, table->cost[row]);
    numu_page_end_row(page);
}

static void table_of_cases(struct numu_page *page, numu_row from, numu_row to) {
    numu_output_raw(&page->out, "<div class=\"wide\"><table class=\"cards\"><thead><tr>");
    numu_page_head(page, NUMU_WORD_column_label, false);
    numu_page_head(page, NUMU_WORD_share_on_time, true);
    numu_page_head(page, NUMU_WORD_column_without, true);
    numu_page_head(page, NUMU_WORD_with_industry, true);
    numu_page_head(page, NUMU_WORD_saved, true);
    numu_page_head(page, NUMU_WORD_column_gap, true);
    numu_page_head(page, NUMU_WORD_column_cost, true);
    numu_page_end_head(page);
    for (numu_row row = from; row < to; row++) {
        write_case(page, row);
    }
    numu_page_end_table(page);
}

/* A case without one thing, "partner:ID": there are many of them. */
static bool is_of_one(struct numu_text label) {
    return numu_text_find(label, NUMU_TEXT("partner:"), 0) == 0 ||
           numu_text_find(label, NUMU_TEXT("resource:"), 0) == 0;
}

static void write_cases(struct numu_page *page) {
    const struct numu_plan_stress *table = &page->plan->stress;
    if (table->head.count < 2) {
        numu_output_raw(&page->out, "<p class=\"def\">");
        numu_output_word(&page->out, NUMU_WORD_answer_ask_cases);
        numu_output_raw(&page->out, "</p>\n");
        return;
    }
    numu_row first = 0;
    while (first < table->head.count && !is_of_one(table->label[first])) {
        first++;
    }
    table_of_cases(page, 0, first);
    if (first < table->head.count) {
        numu_output_raw(&page->out, "<details><summary>");
        numu_output_word(&page->out, NUMU_WORD_answer_without_each);
        numu_output_raw(&page->out, "</summary>\n");
        table_of_cases(page, first, table->head.count);
        numu_output_raw(&page->out, "</details>\n");
    }
    numu_page_definition(page, NUMU_WORD_define_cases, NUMU_PLAN_TABLE(stress), NULL);
}
static void write_make_or_import(struct numu_page *page) {
    if (page->plan->import_bill.head.count == 0) {
        return;
    }
    numu_page_begin_section(page, "answer", NUMU_WORD_section_answer);
    write_ready(page);
    write_saved(page);
    write_paying(page);
    write_cases(page);
    numu_page_end_section(page);
}

/* --- what binds --- */

/* Reasons that name the same thing. */
struct binding {
    numu_row row; /* the first of them */
    int64_t stage;
    double share;
    int64_t subjects;
};

static bool is_same(const struct numu_plan_reason *table, numu_row a, numu_row b) {
    return numu_text_is_equal(table->binds[a], table->binds[b]) &&
           numu_text_is_equal(table->name[a], table->name[b]);
}

static size_t find_bindings(const struct numu_page *page, struct binding list[BINDING_MAX]) {
    const struct numu_plan_reason *table = &page->plan->reason;
    size_t count = 0;
    for (numu_row row = 0; row < table->head.count; row++) {
        if (numu_text_is(table->subject[row], "import") || table->rank[row] != 1) {
            continue;
        }
        size_t at = 0;
        while (at < count && !is_same(table, list[at].row, row)) {
            at++;
        }
        if (at == BINDING_MAX) {
            continue;
        }
        if (at == count) {
            list[count++] = (struct binding){.row = row, .stage = table->stage[row]};
        }
        list[at].stage = table->stage[row] < list[at].stage ? table->stage[row] : list[at].stage;
        list[at].share += isnan(table->share[row]) ? 0 : table->share[row];
        list[at].subjects++;
    }
    return count;
}

static bool binds_more(const struct binding *a, const struct binding *b) {
    return a->stage != b->stage ? a->stage < b->stage : a->share > b->share;
}

static void write_binding(struct numu_page *page, const struct binding *binding) {
    numu_output_raw(&page->out, "<li>");
    numu_output_reason(&page->out, page->plan, binding->row);
    numu_output_raw(&page->out, " <span class=\"soft\">(");
    numu_output_count(&page->out, binding->subjects, NUMU_WORD_one_shortage,
                      NUMU_WORD_many_shortages);
    numu_output_raw(&page->out, ", <code>numu explain PLAN ");
    numu_output_text(&page->out, page->plan->reason.subject[binding->row]);
    numu_output_raw(&page->out, ":");
    numu_output_text(&page->out, page->plan->reason.id[binding->row]);
    numu_output_raw(&page->out, "</code>)</span></li>\n");
}

static void write_bindings(struct numu_page *page) {
    struct binding list[BINDING_MAX];
    if (page->plan->stage.head.count == 0) {
        return;
    }
    size_t count = find_bindings(page, list);
    numu_page_begin_section(page, "three", NUMU_WORD_section_three);
    if (count == 0) {
        numu_output_raw(&page->out, "<p>");
        numu_output_word(&page->out, NUMU_WORD_answer_nothing_binds);
        numu_output_raw(&page->out, "</p>\n");
    }
    numu_output_raw(&page->out, count == 0 ? "" : "<ol>\n");
    for (size_t shown = 0; shown < count && shown < BINDING_SHOWN; shown++) {
        size_t best = shown;
        for (size_t i = shown + 1; i < count; i++) {
            best = binds_more(&list[i], &list[best]) ? i : best;
        }
        struct binding first = list[best];
        list[best] = list[shown];
        list[shown] = first;
        write_binding(page, &first);
    }
    numu_output_raw(&page->out, count == 0 ? "" : "</ol>\n");
    numu_page_definition(page, NUMU_WORD_define_three, NUMU_PLAN_TABLE(reason), NULL);
    numu_page_end_section(page);
}

/* --- what rests on assumption --- */

/* Percent of a sum that rests on assumption; -1 where there is none. */
static int64_t weak_share(const int64_t by_basis[numu_basis_count], int64_t all) {
    int64_t percent;
    bool is_known = all > 0 && numu_multiply_divide(by_basis[numu_basis_assumption], 100, all,
                                                    NUMU_ROUND_HALF_EVEN, &percent) == NUMU_OK;
    return is_known ? percent : -1;
}

static int64_t weak_days(const struct numu_page *page) {
    const struct numu_plan_activity *activity = &page->plan->activity;
    int64_t days[numu_basis_count] = {0};
    int64_t all = 0;
    for (numu_row row = 0; row < activity->head.count; row++) {
        if (activity->is_on_longest_path[row] == NUMU_BOOLEAN_TRUE &&
            activity->basis[row] < numu_basis_count) {
            int64_t length = (int64_t)activity->finish[row] - activity->start[row] + 1;
            days[activity->basis[row]] += length;
            all += length;
        }
    }
    return weak_share(days, all);
}

static double major(const struct numu_page *page, numu_money money) {
    double scale = pow(10, -page->scale);
    return numu_number_to_double(money, numu_currency_decimals(page->plan->currency)) * scale;
}

static void draw_swings(struct numu_page *page) {
    const struct numu_plan_swing *table = &page->plan->swing;
    struct numu_svg_swing swings[SWINGS_SHOWN];
    struct numu_buffer names[SWINGS_SHOWN];
    char unit[NUMU_PAGE_UNIT_BYTES];
    size_t count = table->head.count < SWINGS_SHOWN ? table->head.count : SWINGS_SHOWN;
    numu_money base = page->totals.import_without - page->totals.import_finished -
                      page->totals.import_kits - page->totals.import_capital;
    for (size_t i = 0; i < count; i++) {
        struct numu_output name;
        numu_buffer_init(&names[i], page->out.buffer->heap, 0);
        numu_output_init(&name, &names[i], page->out.language, false);
        numu_output_swing(&name, page->plan, (numu_row)i);
        page->out.status = page->out.status == NUMU_OK ? name.status : page->out.status;
        swings[i] = (struct numu_svg_swing){.name = {names[i].data, names[i].length},
                                            .low = major(page, table->saved_low[i]),
                                            .high = major(page, table->saved_high[i])};
    }
    const struct numu_svg_swings chart = {
        .id = "chart-swings",
        .title = numu_text_of(numu_word_text(page->out.language, NUMU_WORD_table_swing)),
        .unit = numu_text_of(numu_page_unit(page, unit)),
        .base = major(page, base),
        .swings = swings,
        .count = count};
    numu_output_raw(&page->out, "<figure><figcaption>");
    numu_output_word(&page->out, NUMU_WORD_swing_of_saved);
    numu_output_raw(&page->out, "</figcaption><div class=\"wide heat\">\n");
    numu_svg_swings(&page->out, &chart);
    numu_output_raw(&page->out, "</div></figure>\n");
    for (size_t i = 0; i < count; i++) {
        numu_buffer_release(&names[i]);
    }
}

static void write_swings(struct numu_page *page) {
    const struct numu_plan_swing *table = &page->plan->swing;
    int64_t reverses = 0;
    if (table->head.count == 0) {
        numu_output_raw(&page->out, "<p class=\"def\">");
        numu_output_word(&page->out, NUMU_WORD_answer_ask_swings);
        numu_output_raw(&page->out, "</p>\n");
        return;
    }
    for (numu_row row = 0; row < table->head.count; row++) {
        reverses += table->reverses[row] == NUMU_BOOLEAN_TRUE;
    }
    draw_swings(page);
    paragraph(page, reverses == 0 ? NUMU_WORD_answer_no_reversal : NUMU_WORD_answer_reversals,
              numu_argument_integer(table->head.count), numu_argument_integer(reverses));
    numu_page_definition(page, NUMU_WORD_define_swings, NUMU_PLAN_TABLE(swing), NULL);
}

static void write_weak(struct numu_page *page) {
    int64_t money = weak_share(page->totals.evidence_by_basis, page->totals.evidence);
    int64_t days = weak_days(page);
    if (money < 0) {
        return;
    }
    numu_page_begin_section(page, "weak", NUMU_WORD_section_weak);
    numu_output_raw(&page->out, "<p>");
    numu_output_fill_two(&page->out, NUMU_WORD_answer_weak, numu_argument_integer(money),
                         numu_argument_integer(days < 0 ? 0 : days));
    numu_output_raw(&page->out, " <a href=\"#evidence\">");
    numu_output_word(&page->out, NUMU_WORD_section_evidence);
    numu_output_raw(&page->out, "</a></p>\n");
    write_swings(page);
    numu_page_end_section(page);
}

/* --- what is not known --- */

static void write_limits(struct numu_page *page) {
    struct numu_text rules = numu_plan_meta_find(page->plan, "rules");
    bool is_adopted = numu_text_is(numu_plan_meta_find(page->plan, "rules_adopted"), "true");
    struct numu_stamp stamp = numu_plan_stamp(page->plan);
    numu_page_begin_section(page, "limits", NUMU_WORD_section_limits);
    numu_output_raw(&page->out, "<ul>\n<li>");
    numu_output_fill(&page->out, NUMU_WORD_answer_data_date, numu_argument_day(stamp.data_date));
    numu_output_raw(&page->out, "</li>\n");
    if (rules.length > 0) {
        numu_output_raw(&page->out, "<li>");
        numu_output_fill(&page->out,
                         is_adopted ? NUMU_WORD_answer_rules_adopted : NUMU_WORD_answer_rules_open,
                         numu_argument_text(rules));
        numu_output_raw(&page->out, "</li>\n");
    }
    for (numu_row row = 0; row < page->plan->not_modelled.head.count; row++) {
        numu_output_raw(&page->out, "<li><a href=\"#not-modelled\">");
        numu_output_word(&page->out, NUMU_WORD_section_not_modelled);
        numu_output_raw(&page->out, "</a>");
        numu_output_word(&page->out, NUMU_WORD_colon);
        numu_output_word_of(&page->out, "subject_", page->plan->not_modelled.subject[row]);
        numu_output_raw(&page->out, "</li>\n");
    }
    numu_output_raw(&page->out, "</ul>\n");
    numu_page_end_section(page);
}

void numu_report_answer(struct numu_page *page) {
    write_make_or_import(page);
    write_bindings(page);
    write_weak(page);
    if (page->plan->stage.head.count > 0) {
        write_limits(page);
    }
}
