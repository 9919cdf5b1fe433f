/*
 * plan.h - a plan as data: the tables of tables.def as structs of arrays, and their descriptors.
 *
 * A plan stands alone: it can be written to and read from plan.db (store.h) without the model it
 * was made from.
 * [R1] Rows come in order of month, then of the model's rows; the same input gives the same bytes.
 */
#ifndef NUMU_PLAN_PLAN_H
#define NUMU_PLAN_PLAN_H

#include "base/arena.h"
#include "base/table.h"

struct numu_plan_head {
    numu_row count;
};

struct numu_plan {
    numu_currency currency; /* of all money in it */
#define NUMU_TABLE_BEGIN(table, sentence)                                                          \
    struct numu_plan_##table {                                                                     \
        struct numu_plan_head head;
#define NUMU_COLUMN(table, column, kind, ...) NUMU_TYPE_##kind *column;
#define NUMU_TABLE_END(table)                                                                      \
    }                                                                                              \
    table;
#include "plan/tables.def"
#undef NUMU_TABLE_BEGIN
#undef NUMU_COLUMN
#undef NUMU_TABLE_END
};

/*
 * Descriptors of the tables above, in the same order; ends with a table without name. Offsets are
 * within struct numu_plan.
 */
extern const struct numu_table_descriptor numu_plan_schema[];

/* The descriptor at offsetof(struct numu_plan, <table>). */
const struct numu_table_descriptor *numu_plan_schema_at(size_t offset);
#define NUMU_PLAN_TABLE(table) numu_plan_schema_at(offsetof(struct numu_plan, table))

/* Rows of a table. */
numu_row numu_plan_count(const struct numu_plan *plan, const struct numu_table_descriptor *table);
/* The array of a column, numu_plan_count elements; NULL while nothing was taken. */
void *numu_plan_array(const struct numu_plan *plan, const struct numu_table_descriptor *table,
                      const struct numu_column *column);

/*
 * Takes room for `count` rows of a table, filled with "no value", and sets its count. On failure
 * the table is as it was.
 */
NUMU_MUST_CHECK numu_status numu_plan_take(struct numu_plan *plan, struct numu_arena *arena,
                                           const struct numu_table_descriptor *table, size_t count);
/* The value of a property in meta, or the empty text. */
struct numu_text numu_plan_meta_find(const struct numu_plan *plan, const char *key);

#endif
