/*
 * sheet.h - a list as a use case hands it to view: named columns, rows of typed cells.
 *
 * For answers whose columns no descriptor needs (base/table.h): registers and lists of a book. View
 * shows any sheet as a table, CSV or JSON; a column's heading is the label "column_<name>".
 */
#ifndef NUMU_APP_SHEET_H
#define NUMU_APP_SHEET_H

#include "base/diagnostic.h"

struct numu_sheet {
    const char *format;         /* of its JSON: "numu.ledger.balance/1" */
    const char *list;           /* name of the list in it: "balances" */
    const char *const *columns; /* ends with NULL */
    struct numu_buffer cells;   /* of struct numu_argument, row by row */
    /* Facts about all of it, above the list: pairs of name and value. */
    const char *const *fact_names; /* NULL or ends with NULL */
    struct numu_argument facts[8];
};

void numu_sheet_init(struct numu_sheet *sheet, struct numu_heap *heap, const char *format,
                     const char *list, const char *const *columns);
void numu_sheet_release(struct numu_sheet *sheet);
/* The next cell. A text that begins with "word." is a word of ours: "word.kind_item". */
NUMU_MUST_CHECK numu_status numu_sheet_add(struct numu_sheet *sheet, struct numu_argument cell);
NUMU_MUST_CHECK numu_status numu_sheet_add_text(struct numu_sheet *sheet, struct numu_text text);
NUMU_MUST_CHECK numu_status numu_sheet_add_quantity(struct numu_sheet *sheet, int64_t quantity);
size_t numu_sheet_rows(const struct numu_sheet *sheet);

#endif
