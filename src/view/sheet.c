/*
 * sheet.c - see sheet.h.
 */
#include "view/sheet.h"

#include "view/grid.h"
#include "view/value.h"

#include <string.h>

enum { WIDTH_MAX = 160 };

static size_t count_columns(const struct numu_sheet *sheet) {
    size_t count = 0;
    while (sheet->columns[count] != NULL) {
        count++;
    }
    return count;
}

/* --- for people --- */

static void write_cell(struct numu_output *out, const struct numu_argument *cell) {
    numu_word word;
    switch (cell->kind) {
    case NUMU_ARGUMENT_TEXT:
        if (numu_value_word(cell, &word)) {
            numu_output_word(out, word);
        } else {
            numu_output_text(out, cell->text);
        }
        break;
    case NUMU_ARGUMENT_INTEGER:
        numu_output_integer(out, cell->number);
        break;
    case NUMU_ARGUMENT_NUMBER:
        numu_output_number(out, cell->number, cell->decimals, cell->decimals, true);
        break;
    case NUMU_ARGUMENT_DAY:
        numu_output_day(out, (numu_day)cell->number);
        break;
    default:
        break;
    }
}

static bool is_right(const struct numu_sheet *sheet, size_t column, size_t columns) {
    const struct numu_argument *cells = (const void *)sheet->cells.data;
    size_t count = sheet->cells.length / sizeof *cells;
    for (size_t at = column; at < count; at += columns) {
        if (cells[at].kind == NUMU_ARGUMENT_INTEGER || cells[at].kind == NUMU_ARGUMENT_NUMBER) {
            return true;
        }
    }
    return false;
}

static numu_status write_table(struct numu_buffer *buffer, const struct numu_sheet *sheet,
                               numu_language language) {
    struct numu_grid_column columns[NUMU_GRID_COLUMNS_MAX] = {{0}};
    struct numu_output out;
    struct numu_grid grid;
    size_t count = count_columns(sheet);
    numu_assert(count <= NUMU_GRID_COLUMNS_MAX);
    for (size_t i = 0; i < count; i++) {
        char name[64] = "column_";
        strncat(name, sheet->columns[i], sizeof name - sizeof "column_");
        columns[i].heading = numu_word_find(numu_text_of(name));
        columns[i].is_right = is_right(sheet, i, count);
        columns[i].may_shrink = !columns[i].is_right;
        numu_assert(columns[i].heading != NUMU_WORD_COUNT);
    }
    numu_output_init(&out, buffer, language, false);
    for (size_t i = 0; sheet->fact_names != NULL && sheet->fact_names[i] != NULL; i++) {
        numu_output_word_of(&out, "column_", numu_text_of(sheet->fact_names[i]));
        numu_output_word(&out, NUMU_WORD_colon);
        write_cell(&out, &sheet->facts[i]);
        numu_output_raw(&out, "\n");
    }
    numu_grid_init(&grid, buffer->heap, language, columns, count);
    const struct numu_argument *cells = (const void *)sheet->cells.data;
    for (size_t i = 0; i < sheet->cells.length / sizeof *cells; i++) {
        write_cell(&grid.cell, &cells[i]);
        numu_grid_end_cell(&grid);
    }
    if (sheet->cells.length > 0) {
        if (sheet->fact_names != NULL) {
            numu_output_raw(&out, "\n");
        }
        numu_output_grid(&out, &grid, 0, WIDTH_MAX);
    } else {
        numu_output_word(&out, NUMU_WORD_sheet_empty);
        numu_output_raw(&out, "\n");
    }
    numu_grid_release(&grid);
    return numu_output_finish(&out);
}

/* --- for machines --- */

static numu_status write_csv(struct numu_buffer *buffer, const struct numu_sheet *sheet) {
    size_t columns = count_columns(sheet);
    const struct numu_argument *cells = (const void *)sheet->cells.data;
    numu_assert(columns > 0);
    for (size_t i = 0; i < columns; i++) {
        NUMU_TRY(numu_buffer_printf(buffer, "%s%s", i > 0 ? "," : "", sheet->columns[i]));
    }
    for (size_t i = 0; i < sheet->cells.length / sizeof *cells; i++) {
        NUMU_TRY(numu_buffer_append_char(buffer, i % columns == 0 ? '\n' : ','));
        NUMU_TRY(numu_value_write_csv(buffer, &cells[i]));
    }
    return numu_buffer_append_char(buffer, '\n');
}

static numu_status write_json(struct numu_buffer *buffer, const struct numu_sheet *sheet,
                              const struct numu_stamp *stamp) {
    struct numu_json_writer json;
    size_t columns = count_columns(sheet);
    const struct numu_argument *cells = (const void *)sheet->cells.data;
    size_t count = sheet->cells.length / sizeof *cells;
    numu_json_writer_init(&json, buffer);
    numu_json_begin_object(&json);
    numu_json_stamp(&json, sheet->format, stamp);
    for (size_t i = 0; sheet->fact_names != NULL && sheet->fact_names[i] != NULL; i++) {
        numu_json_key(&json, sheet->fact_names[i]);
        numu_value_write_json(&json, &sheet->facts[i]);
    }
    numu_json_key(&json, sheet->list);
    numu_json_begin_array(&json);
    for (size_t i = 0; i < count; i += columns) {
        numu_json_begin_line_object(&json);
        for (size_t column = 0; column < columns; column++) {
            numu_json_key(&json, sheet->columns[column]);
            numu_value_write_json(&json, &cells[i + column]);
        }
        numu_json_end_object(&json);
    }
    numu_json_end_array(&json);
    numu_json_end_object(&json);
    NUMU_TRY(json.status);
    return numu_buffer_append_char(buffer, '\n');
}

numu_status numu_view_sheet(struct numu_buffer *buffer, const struct numu_sheet *sheet,
                            const struct numu_stamp *stamp, numu_language language,
                            numu_format format) {
    size_t start = buffer->length;
    numu_status status = format == NUMU_FORMAT_JSON  ? write_json(buffer, sheet, stamp)
                         : format == NUMU_FORMAT_CSV ? write_csv(buffer, sheet)
                                                     : write_table(buffer, sheet, language);
    numu_buffer_cut(buffer, status, start);
    return status;
}
