/*
 * plan.c - the descriptors made from tables.def, and access to tables through them.
 */
#include "plan/plan.h"

#include "model/model.h"

#include <string.h>

/* What tables.def says in short. */
#define NUMU_REQUIRED .required = true
#define NUMU_CHOICES(list) .choices = numu_names_of_##list

#define NUMU_TABLE_BEGIN(table, text)                                                              \
    {                                                                                              \
        .name = #table, .sentence = text, .offset = offsetof(struct numu_plan, table),             \
        .columns = (const struct numu_column[]) {
#define NUMU_COLUMN(table, column, kind_, ...)                                                     \
    {.name = #column,                                                                              \
     .kind = NUMU_KIND_##kind_,                                                                    \
     .offset = offsetof(struct numu_plan_##table, column),                                         \
     .sentence = __VA_ARGS__},
#define NUMU_TABLE_END(table)                                                                      \
    { .name = NULL }                                                                               \
    }                                                                                              \
    }                                                                                              \
    ,

const struct numu_table_descriptor numu_plan_schema[] = {
#include "plan/tables.def"
    {.name = NULL}};

const struct numu_table_descriptor *numu_plan_schema_at(size_t offset) {
    const struct numu_table_descriptor *table = numu_plan_schema;
    while (table->name != NULL && table->offset != offset) {
        table++;
    }
    numu_assert(table->name != NULL);
    return table;
}

static struct numu_plan_head *head_of(struct numu_plan *plan,
                                      const struct numu_table_descriptor *table) {
    return (struct numu_plan_head *)(void *)((char *)plan + table->offset);
}

numu_row numu_plan_count(const struct numu_plan *plan, const struct numu_table_descriptor *table) {
    struct numu_plan_head head;
    memcpy(&head, (const char *)plan + table->offset, sizeof head);
    return head.count;
}

void *numu_plan_array(const struct numu_plan *plan, const struct numu_table_descriptor *table,
                      const struct numu_column *column) {
    void *array;
    memcpy(&array, (const char *)plan + table->offset + column->offset, sizeof array);
    return array;
}

numu_status numu_plan_take(struct numu_plan *plan, struct numu_arena *arena,
                           const struct numu_table_descriptor *table, size_t count) {
    if (count >= NUMU_NONE) {
        return NUMU_LIMIT;
    }
    enum { COLUMNS_MAX = 64 };
    void *arrays[COLUMNS_MAX];
    size_t column_count = 0;
    for (const struct numu_column *column = table->columns; column->name != NULL; column++) {
        numu_assert(column_count < COLUMNS_MAX);
        NUMU_TRY(
            numu_arena_take(arena, count, numu_kind_size(column->kind), &arrays[column_count]));
        numu_kind_fill_none(column->kind, arrays[column_count], 0, count);
        column_count++;
    }
    for (size_t c = 0; c < column_count; c++) {
        memcpy((char *)plan + table->offset + table->columns[c].offset, &arrays[c],
               sizeof arrays[c]);
    }
    head_of(plan, table)->count = (numu_row)count;
    return NUMU_OK;
}

struct numu_text numu_plan_meta_find(const struct numu_plan *plan, const char *key) {
    for (numu_row row = 0; row < plan->meta.head.count; row++) {
        if (numu_text_is(plan->meta.key[row], key)) {
            return plan->meta.value[row];
        }
    }
    return (struct numu_text){NULL, 0};
}
