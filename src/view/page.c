/*
 * page.c - pieces of HTML.
 */
#include "view/page.h"

#include <stdio.h>
#include <string.h>

const char *numu_page_style(void) {
    return "*{box-sizing:border-box}html{-webkit-text-size-adjust:100%}\n"
           "body{margin:0 auto;max-width:62rem;padding:1.2rem 1rem 4rem;background:var(--paper);"
           "color:var(--ink);font:16px/1.5 system-ui,-apple-system,\"Segoe UI\",Roboto,\"Noto "
           "Sans\","
           "\"DejaVu Sans\",sans-serif}\n"
           "header{border-top:6px solid var(--c0);padding-top:.9rem;margin-bottom:1.4rem}\n"
           "h1{font-size:1.7rem;line-height:1.2;margin:0 0 .4rem;text-wrap:balance}\n"
           "h2{font-size:1.22rem;margin:0 0 .5rem;padding-bottom:.25rem;"
           "border-bottom:1px solid var(--rule)}\n"
           "h3{font-size:1rem;margin:1.1rem 0 .3rem}\n"
           "section{margin:2.2rem 0 0}p{margin:.4rem 0}\n"
           "a{color:var(--c0)}.soft,.def,.stamp{color:var(--soft)}\n"
           ".def{font-size:.86rem;max-width:46rem}.stamp{font-size:.86rem;overflow-wrap:anywhere}\n"
           ".lead{font-size:1.12rem;max-width:46rem}\n"
           ".tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(15rem,1fr));gap:.8rem;"
           "margin:1rem 0}\n"
           ".tile{border:1px solid var(--rule);border-left:4px solid var(--c0);border-radius:4px;"
           "padding:.6rem .8rem}\n"
           ".tile.bad{border-left-color:var(--strong)}\n"
           ".tile b{display:block;font-size:1.4rem;line-height:1.25;white-space:nowrap;"
           "font-variant-numeric:tabular-nums}\n"
           ".tile span{font-size:.86rem;color:var(--soft);display:block}\n"
           ".wide{overflow-x:auto}\n"
           "table{border-collapse:collapse;width:100%;font-size:.9rem;"
           "font-variant-numeric:tabular-nums;margin:.6rem 0}\n"
           "th,td{text-align:left;padding:.3rem .6rem .3rem 0;border-bottom:1px solid var(--rule);"
           "vertical-align:top}\n"
           "th{font-weight:600;color:var(--soft);font-size:.82rem;vertical-align:bottom}\n"
           ".n{text-align:right;white-space:nowrap;padding:.3rem 0 .3rem .9rem}\n"
           ".n+th:not(.n),.n+td:not(.n){padding-left:1.2rem}\n"
           "tr.total td{font-weight:600;border-bottom:2px solid var(--soft)}\n"
           ".no{color:var(--strong);font-weight:600}.yes{font-weight:600}\n"
           ".d,.def a{white-space:nowrap}td.bars{min-width:8rem;padding-left:1rem}\n"
           "svg.share{height:.8rem;border:1px solid var(--rule)}\n"
           "figure{margin:.8rem "
           "0}figure.chart{max-width:38rem}figcaption{font-weight:600;font-size:.92rem;margin-"
           "bottom:.2rem}\n"
           ".charts{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(19rem,100%),1fr))"
           ";"
           "gap:1rem 2rem}.charts .all{grid-column:1/-1}.verdict{min-width:9rem}dl{margin:.4rem "
           "0}dt{font-weight:600}"
           "dd{margin:0 0 .5rem}dd code{overflow-wrap:anywhere}\n"
           ".gantt svg[role]{min-width:44rem}.heat svg[role]{min-width:36rem}\n"
           ".key{display:flex;flex-wrap:wrap;gap:.2rem 1.1rem;font-size:.84rem;color:var(--soft);"
           "margin:.3rem 0}\n"
           ".key span{display:inline-flex;align-items:center;gap:.35rem}\n"
           ".key svg{width:1.5rem;height:.875rem;flex:none}.key svg[viewBox=\"0 0 12 12\"]"
           "{width:.75rem;height:.75rem}\n"
           "code,pre{font-family:ui-monospace,\"DejaVu Sans Mono\",Consolas,monospace;"
           "font-size:.86rem}\n"
           "pre{background:color-mix(in srgb,var(--rule) 35%,transparent);padding:.6rem .8rem;"
           "border-radius:4px;overflow-x:auto}\n"
           "details{border-bottom:1px solid var(--rule);padding:.3rem 0}\n"
           "summary{cursor:pointer;font-weight:600}details table{font-size:.8rem}\n"
           "ul{margin:.4rem 0;padding-left:1.2rem}\n"
           "@media (max-width:40rem){body{padding:.8rem .8rem 3rem}h1{font-size:1.35rem}"
           ".tile b{font-size:1.15rem}.tiles{grid-template-columns:1fr 1fr}"
           ".charts{grid-template-columns:1fr}.cards thead{display:none}.cards tr,.cards td"
           "{display:block;border:0;padding:.05rem 0}.cards tr{padding:.5rem 0;border-bottom:1px "
           "solid var(--rule)}.cards td{text-align:left;white-space:normal;padding-left:0}.cards "
           "td[data-label]::before{content:attr(data-label);"
           "color:var(--soft)}}\n"
           "@media print{@page{size:A4;margin:16mm 14mm}body{max-width:none;padding:0;"
           "font-size:10pt}section{margin-top:1.2rem}h2,h3,figcaption{break-after:avoid}"
           "figure,tr,.tile,.charts>*{break-inside:avoid}.wide{overflow:visible}"
           ".gantt svg[role],.heat svg[role]{min-width:0}a{color:inherit;text-decoration:none}"
           ".tiles{grid-template-columns:repeat(3,1fr)}"
           "table{font-size:8pt}.n{padding-left:.5rem}.def a{display:none}"
           ".charts{grid-template-columns:1fr 1fr}#rows{display:none}"
           "*{print-color-adjust:exact;-webkit-print-color-adjust:exact}}\n";
}

void numu_page_begin_html(struct numu_output *out, numu_word title) {
    numu_output_printf(out,
                       "<!DOCTYPE html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n",
                       numu_language_code(out->language));
    numu_output_raw(out, "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n"
                         "<meta name=\"color-scheme\" content=\"light dark\">\n<title>");
    numu_output_word(out, title);
    numu_output_raw(out, "</title>\n<style>\n");
    numu_output_raw(out, numu_svg_style());
    numu_output_raw(out, numu_page_style());
    numu_output_raw(out, "</style>\n</head>\n<body>\n<header><h1>");
    numu_output_word(out, title);
    numu_output_raw(out, "</h1>\n<p>");
}

/* --- scale of money --- */

const char *numu_page_unit(const struct numu_page *page, char unit[NUMU_PAGE_UNIT_BYTES]) {
    numu_word word = page->scale == 9   ? NUMU_WORD_short_billion
                     : page->scale == 6 ? NUMU_WORD_short_million
                                        : NUMU_WORD_empty;
    (void)snprintf(unit, NUMU_PAGE_UNIT_BYTES, "%s%s%s", numu_word_text(page->out.language, word),
                   page->scale > 0 ? "\u00A0" : "", numu_currency_code(page->plan->currency));
    return unit;
}

/* --- sections --- */

void numu_page_begin_section(struct numu_page *page, const char *id, numu_word heading) {
    numu_output_printf(&page->out, "<section id=\"%s\"><h2>", id);
    numu_output_word(&page->out, heading);
    numu_output_raw(&page->out, "</h2>\n");
}

static void link_to_rows(struct numu_page *page, const struct numu_table_descriptor *table) {
    if (table != NULL && page->rows_max > 0) {
        numu_output_printf(&page->out, " <a href=\"#rows-%s\">", table->name);
        numu_output_word(&page->out, NUMU_WORD_rows_link);
        numu_output_raw(&page->out, " ");
        numu_output_word_of(&page->out, "table_", numu_text_of(table->name));
        numu_output_raw(&page->out, "</a>");
    }
}

void numu_page_definition_of(struct numu_page *page, numu_word word, struct numu_argument first,
                             struct numu_argument second,
                             const struct numu_table_descriptor *table) {
    numu_output_raw(&page->out, "<p class=\"def\">");
    numu_output_fill_two(&page->out, word, first, second);
    link_to_rows(page, table);
    numu_output_raw(&page->out, "</p>\n");
}

void numu_page_definition(struct numu_page *page, numu_word word,
                          const struct numu_table_descriptor *first,
                          const struct numu_table_descriptor *second) {
    char unit[NUMU_PAGE_UNIT_BYTES];
    numu_output_raw(&page->out, "<p class=\"def\">");
    numu_output_fill_two(&page->out, word, numu_argument_string(numu_page_unit(page, unit)),
                         numu_argument_string(numu_currency_code(page->plan->currency)));
    link_to_rows(page, first);
    link_to_rows(page, second);
    numu_output_raw(&page->out, "</p>\n");
}

void numu_page_end_section(struct numu_page *page) {
    numu_output_raw(&page->out, "</section>\n");
}

/* --- tables --- */

void numu_page_begin_table(struct numu_page *page) {
    numu_output_raw(&page->out, "<div class=\"wide\"><table><thead><tr>");
}

void numu_page_head_text(struct numu_page *page, struct numu_text text, bool is_number) {
    numu_output_printf(&page->out, "<th scope=\"col\"%s>", is_number ? " class=\"n\"" : "");
    numu_output_text(&page->out, text);
    numu_output_raw(&page->out, "</th>");
}

void numu_page_head(struct numu_page *page, numu_word word, bool is_number) {
    numu_page_head_text(page, numu_text_of(numu_word_text(page->out.language, word)), is_number);
}

void numu_page_end_head(struct numu_page *page) {
    numu_output_raw(&page->out, "</tr></thead><tbody>\n");
}

void numu_page_begin_row(struct numu_page *page) {
    numu_output_raw(&page->out, "<tr>");
}

void numu_page_begin_total_row(struct numu_page *page) {
    numu_output_raw(&page->out, "<tr class=\"total\">");
}

void numu_page_begin_cell(struct numu_page *page, bool is_number) {
    numu_output_raw(&page->out, is_number ? "<td class=\"n\">" : "<td>");
}

void numu_page_end_cell(struct numu_page *page) {
    numu_output_raw(&page->out, "</td>");
}

void numu_page_end_row(struct numu_page *page) {
    numu_output_raw(&page->out, "</tr>\n");
}

void numu_page_end_table(struct numu_page *page) {
    numu_output_raw(&page->out, "</tbody></table></div>\n");
}

/* --- cells --- */

void numu_page_cell_text(struct numu_page *page, struct numu_text text) {
    numu_page_begin_cell(page, false);
    numu_output_text(&page->out, text);
    numu_page_end_cell(page);
}

void numu_page_cell_word(struct numu_page *page, numu_word word) {
    numu_page_cell_text(page, numu_text_of(numu_word_text(page->out.language, word)));
}

void numu_page_cell_choice(struct numu_page *page, const char *const *choices, uint8_t choice) {
    numu_page_begin_cell(page, false);
    if (choice > 0) {
        numu_output_word_of(&page->out, "choice_", numu_text_of(choices[choice - 1]));
    } else {
        numu_output_word(&page->out, NUMU_WORD_not_given);
    }
    numu_page_end_cell(page);
}

void numu_page_cell_integer(struct numu_page *page, int64_t value) {
    numu_page_begin_cell(page, true);
    numu_output_integer(&page->out, value);
    numu_page_end_cell(page);
}

void numu_page_cell_quantity(struct numu_page *page, numu_quantity quantity) {
    numu_page_begin_cell(page, true);
    numu_output_quantity(&page->out, quantity);
    numu_page_end_cell(page);
}

void numu_page_cell_money(struct numu_page *page, numu_money money) {
    bool is_some = money != 0;
    int decimals = numu_currency_decimals(page->plan->currency);
    numu_page_begin_cell(page, true);
    numu_output_number(&page->out, money, decimals + page->scale, is_some && page->scale > 0,
                       false);
    numu_page_end_cell(page);
}

void numu_page_cell_percent(struct numu_page *page, int64_t part, int64_t whole) {
    numu_page_begin_cell(page, true);
    numu_output_percent(&page->out, part, whole);
    numu_page_end_cell(page);
}

const char *const *numu_page_choices(const struct numu_table_descriptor *table,
                                     const char *column) {
    for (const struct numu_column *each = table->columns; each->name != NULL; each++) {
        if (strcmp(each->name, column) == 0) {
            return each->choices;
        }
    }
    numu_assert(false);
    return NULL;
}
