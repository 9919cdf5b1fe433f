/*
 * diff.h - two packages compared, row by row.
 *
 * Rows of tables with a key are paired by id. Others by what they are about: their references and
 * months, and those required columns that hold no amount and no due date (`input` by process and
 * item, `budget` by fund and month). Where several rows are about the same, equal rows are paired
 * first, the rest in the order of their files.
 *
 * [D1] Empty exactly where both packages give the same model, order of rows in tables aside.
 */
#ifndef NUMU_APP_DIFF_H
#define NUMU_APP_DIFF_H

#include "model/model.h"

typedef enum numu_change {
    NUMU_CHANGE_REMOVED,
    NUMU_CHANGE_CHANGED,
    NUMU_CHANGE_ADDED,
    NUMU_CHANGE_COUNT
} numu_change;

/* A value that differs, in the machine's form (base/cell.h); empty for no value. */
struct numu_diff_cell {
    const struct numu_column *column;
    struct numu_text before, after;
};

struct numu_diff_row {
    numu_change change;
    struct numu_text id; /* or what the row is about, joined by slashes; empty for properties */
    const struct numu_diff_cell *cells; /* of a row added or removed: all that have a value */
    size_t cell_count;
};

struct numu_diff_table {
    const struct numu_table_descriptor *table; /* numu_schema[0]: properties of the package */
    /* removed, then changed, in the order of before; then added, in the order of after */
    const struct numu_diff_row *rows;
    size_t row_count;
    size_t counts[NUMU_CHANGE_COUNT];
};

struct numu_diff {
    const struct numu_diff_table *tables; /* those that differ, in the schema's order */
    size_t table_count;
};

/* The result lives in the arena and points at nothing in the models. */
NUMU_MUST_CHECK numu_status numu_app_diff(const struct numu_context *context,
                                          const struct numu_model *before,
                                          const struct numu_model *after, struct numu_arena *arena,
                                          struct numu_diff *out);

#endif
