/*
 * report_law.c - of the report: what rules forbid, and what they keep from coming.
 */
#include "view/page.h"

static void write_day_cell(struct numu_page *page, numu_day day) {
    numu_page_begin_cell(page, false);
    if (day != NUMU_NO_DAY) {
        numu_output_day(&page->out, day);
    }
    numu_page_end_cell(page);
}

static void write_forbidden(struct numu_page *page) {
    const struct numu_plan_forbidden *table = &page->plan->forbidden;
    if (table->head.count == 0) {
        return;
    }
    numu_page_begin_table(page);
    numu_page_head(page, NUMU_WORD_table_forbidden, false);
    numu_page_head(page, NUMU_WORD_law_from, false);
    numu_page_head(page, NUMU_WORD_law_until, false);
    numu_page_head(page, NUMU_WORD_law_heading_rule, false);
    numu_page_head(page, NUMU_WORD_law_heading_citation, false);
    numu_page_end_head(page);
    for (numu_row row = 0; row < table->head.count; row++) {
        bool is_process = table->process[row].length > 0;
        numu_page_begin_row(page);
        numu_page_cell_text(page, is_process ? table->process[row] : table->demand[row]);
        write_day_cell(page, table->starts[row]);
        write_day_cell(page, table->ends[row]);
        numu_page_cell_text(page, table->rule[row]);
        numu_page_cell_text(page, table->citation[row]);
        numu_page_end_row(page);
    }
    numu_page_end_table(page);
}

static void write_withheld(struct numu_page *page) {
    const struct numu_plan_withheld *table = &page->plan->withheld;
    if (table->head.count == 0) {
        return;
    }
    numu_page_begin_table(page);
    numu_page_head(page, NUMU_WORD_table_withheld, false);
    numu_page_head(page, NUMU_WORD_law_heading_item, false);
    numu_page_head(page, NUMU_WORD_law_heading_quantity, true);
    numu_page_head(page, NUMU_WORD_law_due, false);
    numu_page_head(page, NUMU_WORD_law_heading_rule, false);
    numu_page_head(page, NUMU_WORD_law_heading_citation, false);
    numu_page_end_head(page);
    for (numu_row row = 0; row < table->head.count; row++) {
        numu_page_begin_row(page);
        numu_page_cell_text(page, table->id[row]);
        numu_page_cell_text(page, table->item[row]);
        numu_page_cell_quantity(page, table->quantity[row]);
        write_day_cell(page, table->due[row]);
        numu_page_cell_text(page, table->rule[row]);
        numu_page_cell_text(page, table->citation[row]);
        numu_page_end_row(page);
    }
    numu_page_end_table(page);
}

void numu_report_law(struct numu_page *page) {
    if (page->plan->forbidden.head.count == 0 && page->plan->withheld.head.count == 0) {
        return;
    }
    numu_page_begin_section(page, "law", NUMU_WORD_section_law);
    write_forbidden(page);
    write_withheld(page);
    numu_page_definition(page, NUMU_WORD_define_law, NUMU_PLAN_TABLE(forbidden),
                         NUMU_PLAN_TABLE(withheld));
    numu_page_end_section(page);
}
