/*
 * diff.c - see diff.h.
 */
#include "view/diff.h"

#include "base/csv.h"
#include "base/json.h"

enum { VALUES_COLUMNS_MAX = 80 };

/* --- words --- */

static const char *sign_of(numu_change change) {
    static const char *const signs[] = {"-", "~", "+"};
    return signs[change];
}

/* "1 row removed, 2 rows changed" */
static void write_counts(struct numu_output *out, const size_t counts[NUMU_CHANGE_COUNT]) {
    static const numu_word words[NUMU_CHANGE_COUNT][2] = {
        {NUMU_WORD_one_row_removed, NUMU_WORD_many_rows_removed},
        {NUMU_WORD_one_row_changed, NUMU_WORD_many_rows_changed},
        {NUMU_WORD_one_row_added, NUMU_WORD_many_rows_added},
    };
    bool is_first = true;
    for (int change = 0; change < NUMU_CHANGE_COUNT; change++) {
        if (counts[change] > 0) {
            numu_output_raw(out, is_first ? "" : ", ");
            numu_output_count(out, (int64_t)counts[change], words[change][0], words[change][1]);
            is_first = false;
        }
    }
}

/* " (customer army, item vehicle)", cut where it is long. */
static void write_values(struct numu_output *out, const struct numu_diff_row *row,
                         struct numu_buffer *scratch) {
    numu_buffer_clear(scratch);
    for (size_t i = 0; i < row->cell_count && out->status == NUMU_OK; i++) {
        const struct numu_diff_cell *cell = &row->cells[i];
        struct numu_text value = row->change == NUMU_CHANGE_ADDED ? cell->after : cell->before;
        if (cell->column->kind != NUMU_KIND_KEY) {
            out->status = numu_buffer_printf(scratch, "%s%s %.*s", scratch->length == 0 ? "" : ", ",
                                             cell->column->name, (int)value.length, value.data);
        }
    }
    if (scratch->length > 0) {
        numu_output_raw(out, " (");
        numu_output_text_cut(out, (struct numu_text){scratch->data, scratch->length},
                             VALUES_COLUMNS_MAX);
        numu_output_raw(out, ")");
    }
}

static void write_value(struct numu_output *out, struct numu_text value) {
    if (value.length == 0) {
        numu_output_word(out, NUMU_WORD_not_given);
    } else {
        numu_output_text(out, value);
    }
}

static void write_cells(struct numu_output *out, const struct numu_diff_row *row,
                        const char *indent) {
    for (size_t i = 0; i < row->cell_count; i++) {
        numu_output_raw(out, indent);
        numu_output_string(out, row->cells[i].column->name);
        numu_output_word(out, NUMU_WORD_colon);
        write_value(out, row->cells[i].before);
        numu_output_raw(out, " → ");
        write_value(out, row->cells[i].after);
        numu_output_raw(out, "\n");
    }
}

static void write_rows(struct numu_output *out, const struct numu_diff_table *table,
                       struct numu_buffer *scratch) {
    for (size_t i = 0; i < table->row_count; i++) {
        const struct numu_diff_row *row = &table->rows[i];
        numu_output_printf(out, "  %s ", sign_of(row->change));
        numu_output_text(out, row->id);
        if (row->change == NUMU_CHANGE_CHANGED) {
            numu_output_raw(out, "\n");
            write_cells(out, row, "      ");
        } else {
            write_values(out, row, scratch);
            numu_output_raw(out, "\n");
        }
    }
}

static void write_table(struct numu_output *out, const struct numu_diff *diff,
                        struct numu_buffer *scratch) {
    size_t totals[NUMU_CHANGE_COUNT] = {0};
    if (diff->table_count == 0) {
        numu_output_word(out, NUMU_WORD_no_differences);
        numu_output_raw(out, "\n");
        return;
    }
    for (size_t i = 0; i < diff->table_count; i++) {
        const struct numu_diff_table *table = &diff->tables[i];
        if (table->table == numu_schema) { /* one row without a name */
            numu_output_word(out, NUMU_WORD_package_properties);
            numu_output_raw(out, "\n");
            write_cells(out, &table->rows[0], "      ");
        } else {
            numu_output_string(out, table->table->name);
            numu_output_word(out, NUMU_WORD_colon);
            write_counts(out, table->counts);
            numu_output_raw(out, "\n");
            write_rows(out, table, scratch);
            for (int change = 0; change < NUMU_CHANGE_COUNT; change++) {
                totals[change] += table->counts[change];
            }
        }
        numu_output_raw(out, "\n");
    }
    if (totals[NUMU_CHANGE_REMOVED] + totals[NUMU_CHANGE_CHANGED] + totals[NUMU_CHANGE_ADDED] > 0) {
        numu_output_word(out, NUMU_WORD_total);
        numu_output_word(out, NUMU_WORD_colon);
        write_counts(out, totals);
        numu_output_raw(out, "\n");
    }
}

/* --- CSV --- */

static const char *name_of(numu_change change) {
    static const char *const names[] = {"removed", "changed", "added"};
    return names[change];
}

static void write_field(struct numu_output *out, struct numu_text text, const char *after) {
    if (out->status == NUMU_OK) {
        out->status = numu_csv_write(out->buffer, text, ',');
    }
    numu_output_raw(out, after);
}

static void write_csv(struct numu_output *out, const struct numu_diff *diff) {
    numu_output_raw(out, "table,id,column,change,old,new\n");
    for (size_t t = 0; t < diff->table_count; t++) {
        const struct numu_diff_table *table = &diff->tables[t];
        for (size_t r = 0; r < table->row_count; r++) {
            const struct numu_diff_row *row = &table->rows[r];
            for (size_t c = 0; c < row->cell_count; c++) {
                numu_output_printf(out, "%s,", table->table->name);
                write_field(out, row->id, ",");
                numu_output_printf(out, "%s,%s,", row->cells[c].column->name, name_of(row->change));
                write_field(out, row->cells[c].before, ",");
                write_field(out, row->cells[c].after, "\n");
            }
        }
    }
}

/* --- JSON --- */

static void json_text(struct numu_json_writer *json, const char *key, struct numu_text text) {
    numu_json_key(json, key);
    if (text.length == 0) {
        numu_json_null(json);
    } else {
        numu_json_text(json, text);
    }
}

static void json_row(struct numu_json_writer *json, const struct numu_diff_row *row) {
    numu_json_begin_line_object(json);
    json_text(json, "id", row->id);
    numu_json_key(json, row->change == NUMU_CHANGE_CHANGED ? "cells" : "values");
    if (row->change == NUMU_CHANGE_CHANGED) {
        numu_json_begin_array(json);
        for (size_t i = 0; i < row->cell_count; i++) {
            numu_json_begin_object(json);
            numu_json_key(json, "column");
            numu_json_string(json, row->cells[i].column->name);
            json_text(json, "old", row->cells[i].before);
            json_text(json, "new", row->cells[i].after);
            numu_json_end_object(json);
        }
        numu_json_end_array(json);
    } else {
        numu_json_begin_object(json);
        for (size_t i = 0; i < row->cell_count; i++) {
            const struct numu_diff_cell *cell = &row->cells[i];
            json_text(json, cell->column->name,
                      row->change == NUMU_CHANGE_ADDED ? cell->after : cell->before);
        }
        numu_json_end_object(json);
    }
    numu_json_end_object(json);
}

static void json_rows(struct numu_json_writer *json, const struct numu_diff_table *table,
                      numu_change change) {
    numu_json_key(json, name_of(change));
    numu_json_begin_array(json);
    for (size_t i = 0; i < table->row_count; i++) {
        if (table->rows[i].change == change) {
            json_row(json, &table->rows[i]);
        }
    }
    numu_json_end_array(json);
}

static numu_status write_json(struct numu_buffer *buffer, const struct numu_diff *diff,
                              const struct numu_diff_options *options) {
    struct numu_json_writer json;
    char day[NUMU_DAY_TEXT_BYTES];
    numu_json_writer_init(&json, buffer);
    numu_json_begin_object(&json);
    numu_json_stamp(&json, "numu.diff/1", &options->after);
    json_text(&json, "before_inputs_sha256", options->before.inputs_sha256);
    json_text(&json, "before_data_date",
              numu_text_of(numu_day_format(options->before.data_date, day)));
    numu_json_key(&json, "tables");
    numu_json_begin_array(&json);
    for (size_t i = 0; i < diff->table_count; i++) {
        numu_json_begin_object(&json);
        numu_json_key(&json, "table");
        numu_json_string(&json, diff->tables[i].table->name);
        json_rows(&json, &diff->tables[i], NUMU_CHANGE_ADDED);
        json_rows(&json, &diff->tables[i], NUMU_CHANGE_REMOVED);
        json_rows(&json, &diff->tables[i], NUMU_CHANGE_CHANGED);
        numu_json_end_object(&json);
    }
    numu_json_end_array(&json);
    numu_json_end_object(&json);
    return json.status;
}

numu_status numu_view_diff(struct numu_buffer *buffer, const struct numu_diff *diff,
                           const struct numu_diff_options *options) {
    struct numu_output out;
    struct numu_buffer scratch;
    numu_output_init(&out, buffer, options->language, false);
    numu_buffer_init(&scratch, buffer->heap, 0);
    switch (options->format) {
    case NUMU_FORMAT_TABLE:
        write_table(&out, diff, &scratch);
        break;
    case NUMU_FORMAT_CSV:
        write_csv(&out, diff);
        break;
    case NUMU_FORMAT_JSON:
        out.status = write_json(buffer, diff, options);
        numu_output_raw(&out, "\n");
        break;
    }
    numu_buffer_release(&scratch);
    return numu_output_finish(&out);
}
