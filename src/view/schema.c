/*
 * schema.c - descriptors as text. What columns mean stands in English in the tables' .def files.
 */
#include "view/schema.h"

#include "base/cell.h"
#include "base/csv.h"
#include "model/model.h"
#include "view/grid.h"

#include <string.h>

enum { COLUMNS_MAX = 120 };

/* "kind.date" without its prefix */
static const char *kind_of(const struct numu_column *column) {
    const char *name = numu_kind_name(column->kind);
    const char *point = strchr(name, '.');
    return point == NULL ? name : point + 1;
}

static void write_limit(struct numu_output *out, const struct numu_column *column, int64_t limit) {
    if (out->status == NUMU_OK) {
        out->status =
            numu_number_write(out->buffer, limit, numu_kind_decimals(column->kind, 0), true);
    }
}

static void write_choices(struct numu_output *out, const struct numu_column *column) {
    for (size_t i = 0; column->choices != NULL && column->choices[i] != NULL; i++) {
        numu_output_printf(out, "%s%s", i == 0 ? "" : " ", column->choices[i]);
    }
}

static const char *referred(const struct numu_column *column) {
    return column->kind == NUMU_KIND_REFERENCE ? numu_schema_at(column->reference)->name : "";
}

/* --- grid --- */

/* What it holds: the kind, with what it names and the unit. */
static void write_kind(struct numu_output *out, const struct numu_column *column) {
    numu_output_string(out, kind_of(column));
    if (column->kind == NUMU_KIND_REFERENCE) {
        numu_output_printf(out, " %s", referred(column));
    }
    if (column->unit != NULL) {
        numu_output_raw(out, ", ");
        numu_output_string(out, column->unit);
    }
}

static void write_grid(struct numu_output *out, const struct numu_table_descriptor *table) {
    static const struct numu_grid_column columns[] = {
        {.heading = NUMU_WORD_schema_column},
        {.heading = NUMU_WORD_schema_kind},
        {.heading = NUMU_WORD_schema_default},
        {.heading = NUMU_WORD_schema_meaning},
    };
    struct numu_grid grid;
    numu_output_string(out, table->name);
    numu_output_word(out, NUMU_WORD_colon);
    numu_output_string(out, table->sentence);
    numu_output_raw(out, "\n");
    numu_grid_init(&grid, out->buffer->heap, out->language, columns,
                   sizeof columns / sizeof columns[0]);
    for (const struct numu_column *column = table->columns; column->name != NULL; column++) {
        numu_output_string(&grid.cell, column->name);
        numu_grid_end_cell(&grid);
        write_kind(&grid.cell, column);
        numu_grid_end_cell(&grid);
        if (column->required) {
            numu_output_word(&grid.cell, NUMU_WORD_schema_required);
        } else if (column->default_text != NULL) {
            numu_output_string(&grid.cell, column->default_text);
        }
        numu_grid_end_cell(&grid);
        numu_output_string(&grid.cell, column->sentence);
        numu_grid_end_cell(&grid);
    }
    numu_output_grid(out, &grid, 2, 0);
    numu_grid_release(&grid);
}

/* --- CSV --- */

static void write_field(struct numu_output *out, const char *string) {
    if (out->status == NUMU_OK && string != NULL) {
        out->status = numu_csv_write(out->buffer, numu_text_of(string), ',');
    }
    numu_output_raw(out, ",");
}

static void write_csv_row(struct numu_output *out, const struct numu_table_descriptor *table,
                          const struct numu_column *column) {
    write_field(out, table->name);
    write_field(out, column->name);
    write_field(out, kind_of(column));
    write_field(out, column->unit);
    write_field(out, column->required ? "true" : "false");
    write_field(out, column->default_text);
    if (column->has_minimum) {
        write_limit(out, column, column->minimum);
    }
    numu_output_raw(out, column->is_above_minimum ? ",true," : ",false,");
    if (column->has_maximum) {
        write_limit(out, column, column->maximum);
    }
    numu_output_raw(out, ",");
    write_choices(out, column);
    numu_output_printf(out, ",%s,", referred(column));
    numu_output_raw(out, column->is_evidence ? "true," : "false,");
    write_field(out, column->sentence);
    if (out->status == NUMU_OK) {
        out->status = numu_csv_write(out->buffer, numu_text_of(table->sentence), ',');
    }
    numu_output_raw(out, "\n");
}

static void write_one(struct numu_output *out, const struct numu_table_descriptor *table,
                      numu_format format) {
    if (format == NUMU_FORMAT_TABLE) {
        write_grid(out, table);
        return;
    }
    for (const struct numu_column *column = table->columns; column->name != NULL; column++) {
        write_csv_row(out, table, column);
    }
}

numu_status numu_view_schema(struct numu_buffer *buffer, const struct numu_table_descriptor *table,
                             numu_language language, numu_format format) {
    if (format == NUMU_FORMAT_JSON) {
        return NUMU_BUG;
    }
    struct numu_output out;
    numu_output_init(&out, buffer, language, false);
    if (format == NUMU_FORMAT_CSV) {
        numu_output_raw(&out,
                        "table,column,kind,unit,required,default,minimum,above_minimum,maximum,"
                        "choices,refers_to,evidence,meaning,table_meaning\n");
    }
    if (table != NULL) {
        write_one(&out, table, format);
    }
    for (size_t i = 0; table == NULL && i < numu_schema_count(); i++) {
        if (i > 0 && format == NUMU_FORMAT_TABLE) {
            numu_output_raw(&out, "\n");
        }
        write_one(&out, &numu_schema[i], format);
    }
    return numu_output_finish(&out);
}
