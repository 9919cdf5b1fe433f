/*
 * report_rows.c - of the report: the plan's tables in full, folded away; paper leaves them out.
 */
#include "view/page.h"

static void write_heading(struct numu_page *page, const struct numu_table_descriptor *table) {
    for (const struct numu_column *column = table->columns; column->name != NULL; column++) {
        bool is_number = numu_kind_is_number(column->kind);
        numu_output_printf(&page->out, "<th scope=\"col\"%s>", is_number ? " class=\"n\"" : "");
        numu_output_word_of(&page->out, "column_", numu_text_of(column->name));
        numu_output_raw(&page->out, "</th>");
    }
}

static void write_rows(struct numu_page *page, const struct numu_table_descriptor *table,
                       numu_row count) {
    for (numu_row row = 0; row < count && page->out.status == NUMU_OK; row++) {
        numu_page_begin_row(page);
        for (const struct numu_column *column = table->columns; column->name != NULL; column++) {
            bool is_date = column->kind == NUMU_KIND_DATE || column->kind == NUMU_KIND_MONTH;
            numu_output_raw(&page->out, numu_kind_is_number(column->kind) ? "<td class=\"n\">"
                                        : is_date                         ? "<td class=\"d\">"
                                                                          : "<td>");
            numu_output_cell(&page->out, page->plan, table, column, row);
            numu_page_end_cell(page);
        }
        numu_page_end_row(page);
    }
}

static void write_table(struct numu_page *page, const struct numu_table_descriptor *table) {
    numu_row count = numu_plan_count(page->plan, table);
    numu_row shown = count < page->rows_max ? count : page->rows_max;
    struct numu_output *out = &page->out;
    if (count == 0) {
        return;
    }
    /* The anchor is within the details element, so that a browser unfolds it. */
    numu_output_raw(out, "<details><summary>");
    numu_output_word_of(out, "table_", numu_text_of(table->name));
    numu_output_raw(out, " <span class=\"soft\">(");
    numu_output_count(out, count, NUMU_WORD_one_row, NUMU_WORD_many_rows);
    numu_output_printf(out, ")</span></summary>\n<div class=\"wide\" id=\"rows-%s\">", table->name);
    numu_output_raw(out, "<table><thead><tr>");
    write_heading(page, table);
    numu_page_end_head(page);
    write_rows(page, table, shown);
    numu_output_raw(out, "</tbody></table></div>\n");
    if (shown < count) {
        numu_output_raw(out, "<p class=\"def\">");
        numu_output_fill(out, NUMU_WORD_rows_left_out, numu_argument_integer(count - shown));
        numu_output_raw(out, "</p>\n");
    }
    numu_output_raw(out, "</details>\n");
}

void numu_report_rows(struct numu_page *page) {
    numu_page_begin_section(page, "rows", NUMU_WORD_section_rows);
    for (const struct numu_table_descriptor *table = numu_plan_schema; table->name != NULL;
         table++) {
        write_table(page, table);
    }
    numu_page_end_section(page);
}
