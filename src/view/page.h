/*
 * page.h - pieces of HTML that the report is made of. For report*.c only.
 */
#ifndef NUMU_VIEW_PAGE_H
#define NUMU_VIEW_PAGE_H

#include "view/rows.h"
#include "view/svg.h"
#include "view/totals.h"

struct numu_page {
    struct numu_output out;
    struct numu_arena *arena;
    const struct numu_plan *plan;
    struct numu_totals totals;
    uint32_t rows_max; /* of each table that are listed; 0 = none are, nor linked to */
    int scale;         /* money in tables is in 10^scale major units: 9, 6 or 0 */
};

/* "bn XOF": what money in tables is in. Returns `unit`. */
enum { NUMU_PAGE_UNIT_BYTES = 64 };
const char *numu_page_unit(const struct numu_page *page, char unit[NUMU_PAGE_UNIT_BYTES]);

const char *numu_page_style(void);

/* The page up to its heading and an open paragraph for what it is of: "<h1>…</h1><p>". */
void numu_page_begin_html(struct numu_output *out, numu_word title);

/* <section> with its heading; `id` is the anchor. */
void numu_page_begin_section(struct numu_page *page, const char *id, numu_word heading);
/*
 * What the section's figures mean, in a small paragraph, with links to the rows of tables (NULL =
 * none). {0} of the word is the unit of money, {1} the currency.
 */
void numu_page_definition(struct numu_page *page, numu_word word,
                          const struct numu_table_descriptor *first,
                          const struct numu_table_descriptor *second);
/* The same of a word with other arguments {0} and {1}. */
void numu_page_definition_of(struct numu_page *page, numu_word word, struct numu_argument first,
                             struct numu_argument second,
                             const struct numu_table_descriptor *table);
void numu_page_end_section(struct numu_page *page);

/* A table: heading cells, then rows of cells. Numbers stand to the right. */
void numu_page_begin_table(struct numu_page *page);
void numu_page_head(struct numu_page *page, numu_word word, bool is_number);
void numu_page_head_text(struct numu_page *page, struct numu_text text, bool is_number);
void numu_page_end_head(struct numu_page *page);
void numu_page_begin_row(struct numu_page *page);
void numu_page_begin_total_row(struct numu_page *page);
void numu_page_begin_cell(struct numu_page *page, bool is_number);
void numu_page_end_cell(struct numu_page *page);
void numu_page_end_row(struct numu_page *page);
void numu_page_end_table(struct numu_page *page);

/* Whole cells. */
void numu_page_cell_text(struct numu_page *page, struct numu_text text);
void numu_page_cell_word(struct numu_page *page, numu_word word);
void numu_page_cell_choice(struct numu_page *page, const char *const *choices, uint8_t choice);
void numu_page_cell_integer(struct numu_page *page, int64_t value);
void numu_page_cell_quantity(struct numu_page *page, numu_quantity quantity);
void numu_page_cell_money(struct numu_page *page, numu_money money); /* in numu_page_unit */
void numu_page_cell_percent(struct numu_page *page, int64_t part, int64_t whole);

/* The words of a choice of a plan's column: names from the descriptor. */
const char *const *numu_page_choices(const struct numu_table_descriptor *table, const char *column);

/* The sections, in the files named report_<what>.c. */
void numu_report_curves(struct numu_page *page);     /* S-curves of each promise and the whole */
void numu_report_levers(struct numu_page *page);     /* what would move each date */
void numu_report_outlays(struct numu_page *page);    /* date against cost */
void numu_report_answer(struct numu_page *page);     /* make or import, what binds, what is weak */
void numu_report_programme(struct numu_page *page);  /* schedule as bars over time */
void numu_report_supply(struct numu_page *page);     /* imports, demand, production */
void numu_report_orders(struct numu_page *page);     /* what to order, what is late, from whom */
void numu_report_money(struct numu_page *page);      /* funds, what binds */
void numu_report_means(struct numu_page *page);      /* capacity, people, stores, partners */
void numu_report_lines(struct numu_page *page);      /* whether each line pays */
void numu_report_indicators(struct numu_page *page); /* every indicator, with its definition */
void numu_report_law(struct numu_page *page);        /* what rules forbid and withhold */
void numu_report_trust(struct numu_page *page);      /* evidence, not modelled, how to check */
void numu_report_rows(struct numu_page *page);       /* the plan's tables */

#endif
