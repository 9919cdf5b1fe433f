/*
 * rows.c - result tables as CSV and JSON by their descriptors.
 */
#include "view/rows.h"

#include "base/cell.h"
#include "base/csv.h"

#include <string.h>

/* --- stamp --- */

struct numu_stamp numu_plan_stamp(const struct numu_plan *plan) {
    struct numu_stamp stamp = {.version = numu_plan_meta_find(plan, "numu"),
                               .inputs_sha256 = numu_plan_meta_find(plan, "inputs_sha256"),
                               .data_date = NUMU_NO_DAY,
                               .seed = numu_plan_meta_find(plan, "seed")};
    numu_day day;
    if (numu_day_parse(numu_plan_meta_find(plan, "data_date"), &day)) {
        stamp.data_date = day;
    }
    return stamp;
}

static void text_or_null(struct numu_json_writer *writer, struct numu_text text) {
    if (text.length == 0) {
        numu_json_null(writer);
    } else {
        numu_json_text(writer, text);
    }
}

static bool is_digits(struct numu_text text) {
    for (size_t i = 0; i < text.length; i++) {
        if (text.data[i] < '0' || text.data[i] > '9') {
            return false;
        }
    }
    return text.length > 0 && (text.length == 1 || text.data[0] != '0');
}

static void date_or_null(struct numu_json_writer *writer, numu_day day) {
    char text[NUMU_DAY_TEXT_BYTES];
    text_or_null(writer, numu_text_of(numu_day_format(day, text)));
}

void numu_json_stamp(struct numu_json_writer *writer, const char *format,
                     const struct numu_stamp *stamp) {
    numu_json_key(writer, "format");
    numu_json_string(writer, format);
    numu_json_key(writer, "numu");
    text_or_null(writer, stamp->version);
    numu_json_key(writer, "inputs_sha256");
    text_or_null(writer, stamp->inputs_sha256);
    numu_json_key(writer, "data_date");
    date_or_null(writer, stamp->data_date);
    numu_json_key(writer, "seed");
    if (is_digits(stamp->seed)) {
        numu_json_number_text(writer, stamp->seed);
    } else {
        numu_json_null(writer);
    }
}

/* --- CSV --- */

static numu_status write_record(struct numu_buffer *buffer, struct numu_buffer *cell,
                                const struct numu_plan *plan,
                                const struct numu_table_descriptor *table, numu_row row) {
    for (const struct numu_column *column = table->columns; column->name != NULL; column++) {
        if (column != table->columns) {
            NUMU_TRY(numu_buffer_append_char(buffer, ','));
        }
        numu_buffer_clear(cell);
        NUMU_TRY(numu_cell_write(column, numu_plan_array(plan, table, column), row, plan->currency,
                                 NULL, NULL, cell));
        NUMU_TRY(numu_csv_write(buffer, (struct numu_text){cell->data, cell->length}, ','));
    }
    return numu_buffer_append_char(buffer, '\n');
}

static numu_status write_header(struct numu_buffer *buffer,
                                const struct numu_table_descriptor *table) {
    for (const struct numu_column *column = table->columns; column->name != NULL; column++) {
        NUMU_TRY(numu_buffer_append_string(buffer, column == table->columns ? "" : ","));
        NUMU_TRY(numu_buffer_append_string(buffer, column->name));
    }
    return numu_buffer_append_char(buffer, '\n');
}

numu_status numu_rows_csv(struct numu_buffer *buffer, const struct numu_plan *plan,
                          const struct numu_table_descriptor *table) {
    size_t start = buffer->length;
    struct numu_buffer cell;
    numu_buffer_init(&cell, buffer->heap, 0);
    numu_status status = write_header(buffer, table);
    numu_row count = numu_plan_count(plan, table);
    for (numu_row row = 0; status == NUMU_OK && row < count; row++) {
        status = write_record(buffer, &cell, plan, table, row);
    }
    numu_buffer_release(&cell);
    numu_buffer_cut(buffer, status, start);
    return status;
}

/* --- JSON --- */

static void write_value(struct numu_json_writer *writer, const struct numu_plan *plan,
                        const struct numu_column *column, const void *array, numu_row row) {
    if (numu_cell_is_empty(column, array, row)) {
        numu_json_null(writer);
        return;
    }
    switch (column->kind) {
    case NUMU_KIND_MONEY:
        numu_json_integer(writer, ((const int64_t *)array)[row]);
        break;
    case NUMU_KIND_PRICE:
    case NUMU_KIND_QUANTITY:
    case NUMU_KIND_DECIMAL:
    case NUMU_KIND_INTEGER:
        numu_json_number(writer, ((const int64_t *)array)[row],
                         numu_kind_decimals(column->kind, plan->currency));
        break;
    case NUMU_KIND_REAL:
        numu_json_double(writer, ((const double *)array)[row]);
        break;
    case NUMU_KIND_BOOLEAN:
        numu_json_boolean(writer, ((const uint8_t *)array)[row] == NUMU_BOOLEAN_TRUE);
        break;
    case NUMU_KIND_KEY:
    case NUMU_KIND_TEXT:
        numu_json_text(writer, ((const struct numu_text *)array)[row]);
        break;
    case NUMU_KIND_REFERENCE:
    case NUMU_KIND_CHOICE:
    case NUMU_KIND_CHOICES:
    case NUMU_KIND_CURRENCY:
    case NUMU_KIND_DATE:
    case NUMU_KIND_DUE:
    case NUMU_KIND_MONTH: {
        struct numu_buffer cell;
        numu_buffer_init(&cell, writer->buffer->heap, 0);
        numu_status status = numu_cell_write(column, array, row, plan->currency, NULL, NULL, &cell);
        if (status == NUMU_OK) {
            numu_json_text(writer, (struct numu_text){cell.data, cell.length});
        } else if (writer->status == NUMU_OK) {
            writer->status = status;
        }
        numu_buffer_release(&cell);
        break;
    }
    }
}

void numu_row_json(struct numu_json_writer *writer, const struct numu_plan *plan,
                   const struct numu_table_descriptor *table, numu_row row) {
    for (const struct numu_column *column = table->columns; column->name != NULL; column++) {
        numu_json_key(writer, column->name);
        write_value(writer, plan, column, numu_plan_array(plan, table, column), row);
    }
}

void numu_rows_json(struct numu_json_writer *writer, const struct numu_plan *plan,
                    const struct numu_table_descriptor *table) {
    numu_row count = numu_plan_count(plan, table);
    numu_json_begin_array(writer);
    for (numu_row row = 0; row < count && writer->status == NUMU_OK; row++) {
        numu_json_begin_line_object(writer);
        numu_row_json(writer, plan, table, row);
        numu_json_end_object(writer);
    }
    numu_json_end_array(writer);
}

/* --- people --- */

bool numu_kind_is_number(numu_kind kind) {
    switch (kind) {
    case NUMU_KIND_MONEY:
    case NUMU_KIND_PRICE:
    case NUMU_KIND_QUANTITY:
    case NUMU_KIND_DECIMAL:
    case NUMU_KIND_INTEGER:
    case NUMU_KIND_REAL:
        return true;
    default:
        return false;
    }
}

static void output_choice(struct numu_output *out, const struct numu_column *column,
                          uint8_t choice) {
    numu_output_word_of(out, "choice_", numu_text_of(column->choices[choice - 1]));
}

void numu_output_cell(struct numu_output *out, const struct numu_plan *plan,
                      const struct numu_table_descriptor *table, const struct numu_column *column,
                      numu_row row) {
    const void *array = numu_plan_array(plan, table, column);
    if (numu_cell_is_empty(column, array, row)) {
        return;
    }
    switch (column->kind) {
    case NUMU_KIND_KEY:
    case NUMU_KIND_TEXT:
        numu_output_text(out, ((const struct numu_text *)array)[row]);
        break;
    case NUMU_KIND_CHOICE:
        output_choice(out, column, ((const uint8_t *)array)[row]);
        break;
    case NUMU_KIND_BOOLEAN:
        numu_output_word(out, ((const uint8_t *)array)[row] == NUMU_BOOLEAN_TRUE ? NUMU_WORD_yes
                                                                                 : NUMU_WORD_no);
        break;
    case NUMU_KIND_DATE:
    case NUMU_KIND_DUE:
        numu_output_day(out, ((const numu_day *)array)[row]);
        break;
    case NUMU_KIND_MONTH:
        numu_output_month(out, ((const numu_month *)array)[row]);
        break;
    case NUMU_KIND_MONEY: {
        int decimals = numu_currency_decimals(plan->currency);
        numu_output_number(out, ((const numu_money *)array)[row], decimals, decimals, false);
        break;
    }
    case NUMU_KIND_PRICE:
    case NUMU_KIND_QUANTITY:
    case NUMU_KIND_DECIMAL:
        numu_output_number(out, ((const int64_t *)array)[row], numu_kind_decimals(column->kind, 0),
                           2, true);
        break;
    case NUMU_KIND_INTEGER: {
        int64_t value = ((const int64_t *)array)[row];
        if (strcmp(column->name, "year") == 0) {
            numu_output_printf(out, "%lld", (long long)value); /* a year has no separators */
        } else {
            numu_output_integer(out, value);
        }
        break;
    }
    case NUMU_KIND_REAL:
        numu_output_real(out, ((const double *)array)[row], 3);
        break;
    case NUMU_KIND_CURRENCY:
        numu_output_raw(out, numu_currency_code(((const numu_currency *)array)[row]));
        break;
    case NUMU_KIND_REFERENCE:
    case NUMU_KIND_CHOICES:
        break; /* results hold neither */
    }
}
