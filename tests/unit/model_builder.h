/*
 * model_builder.h - small models in memory, for tests that have no use for files.
 *
 * Every table is there with no rows, and the package with one; builder_take gives a table rows
 * whose values are all "no value". Evidence columns stay NULL, ids are not indexed, rows have no
 * place.
 */
#ifndef NUMU_TESTS_MODEL_BUILDER_H
#define NUMU_TESTS_MODEL_BUILDER_H

#include "model/model.h"

#include <string.h>

static inline void builder_take_table(struct numu_model *model,
                                      const struct numu_table_descriptor *table, numu_row count) {
    struct numu_table_head *head = numu_model_head(model, table);
    head->count = count;
    head->source = NUMU_NO_SOURCE;
    for (const struct numu_column *column = table->columns; column->name != NULL; column++) {
        void *array;
        if (column->is_evidence) {
            continue;
        }
        numu_status status =
            numu_arena_take(&model->arena, count, numu_kind_size(column->kind), &array);
        assert_int_equal(status, NUMU_OK);
        numu_kind_fill_none(column->kind, array, 0, count);
        memcpy((char *)model + table->offset + column->offset, &array, sizeof array);
    }
}

static inline void builder_take(struct numu_model *model, const char *table, numu_row count) {
    builder_take_table(model, numu_schema_find(numu_text_of(table)), count);
}

static inline void builder_init(struct numu_model *model, struct numu_heap *heap) {
    memset(model, 0, sizeof *model);
    numu_arena_init(&model->arena, heap);
    numu_sources_init(&model->sources, &model->arena);
    builder_take_table(model, &numu_schema[0], 1);
    for (const struct numu_table_descriptor *table = numu_schema + 1; table->name != NULL;
         table++) {
        builder_take_table(model, table, 0);
    }
}

static inline void builder_release(struct numu_model *model) {
    numu_arena_release(&model->arena);
}

/* Links are FS without lag, as an empty field of the file would make them. */
static inline void builder_take_links(struct numu_model *model, numu_row count) {
    builder_take(model, "precedence", count);
    for (numu_row row = 0; row < count; row++) {
        model->precedence.type[row] = numu_link_FS;
        model->precedence.lag[row] = 0;
    }
}

/* Sets the hours of a calendar's week, Monday first. */
static inline void builder_set_week(struct numu_model *model, numu_row row, const int hours[7]) {
    numu_decimal *const weekdays[7] = {
        model->calendar.monday,   model->calendar.tuesday, model->calendar.wednesday,
        model->calendar.thursday, model->calendar.friday,  model->calendar.saturday,
        model->calendar.sunday,
    };
    for (int weekday = 0; weekday < 7; weekday++) {
        weekdays[weekday][row] = hours[weekday] * NUMU_DECIMAL_ONE;
    }
}

static inline numu_day builder_day(const char *text) {
    numu_day day = NUMU_NO_DAY;
    assert_true(numu_day_parse(numu_text_of(text), &day));
    return day;
}

#endif
