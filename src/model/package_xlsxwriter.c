/*
 * package_xlsxwriter.c - a package as a workbook, by libxlsxwriter: for looking and editing.
 *
 * A sheet a table, its header frozen, bold, with what the column means as a comment. Planners save
 * sheets as CSV again (docs/spreadsheets.md), and spreadsheets write to CSV what they show. Hence:
 * ids, texts, months and booleans are text (a spreadsheet would make dates of months and translate
 * TRUE); dates show as 2025-06-30; numbers show all their decimals, and a number of more digits
 * than a spreadsheet keeps (15) is text.
 *
 * [P3] The same model gives the same bytes: the file says that it was made on 1970-01-01.
 */
#include "model/package_parts.h"

#include "base/cell.h"
#include "base/file.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <xlsxwriter.h>

enum {
    DECIMALS_MAX = NUMU_DECIMAL_DECIMALS,
    DIGITS_MAX = 15,        /* that spreadsheets keep of a number */
    TEXT_CHARS_MAX = 32767, /* in a cell */
    LIST_CHARS_MAX = 250,   /* of a drop-down list: 255 with its quotes */
    LIST_WORDS_MAX = 64,
};

struct book {
    lxw_workbook *workbook;
    lxw_format *header;
    lxw_format *text;
    lxw_format *date;
    lxw_format *number[DECIMALS_MAX + 1]; /* by decimals shown */
    const struct numu_model *model;
    struct numu_report *report;
    struct numu_buffer cell;
};

static numu_status status_of(lxw_error error) {
    switch (error) {
    case LXW_NO_ERROR:
        return NUMU_OK;
    case LXW_ERROR_MEMORY_MALLOC_FAILED:
        return NUMU_MEMORY;
    case LXW_ERROR_CREATING_XLSX_FILE:
    case LXW_ERROR_CREATING_TMPFILE:
    case LXW_ERROR_READING_TMPFILE:
    case LXW_ERROR_ZIP_FILE_OPERATION:
    case LXW_ERROR_ZIP_FILE_ADD:
    case LXW_ERROR_ZIP_CLOSE:
        return NUMU_IO;
    default: /* a parameter that libxlsxwriter refuses */
        return NUMU_BUG;
    }
}

static numu_status make_formats(struct book *book) {
    static const char *const numbers[DECIMALS_MAX + 1] = {
        "0",       "0.0",      "0.00",      "0.000",      "0.0000",
        "0.00000", "0.000000", "0.0000000", "0.00000000", "0.000000000"};
    lxw_format **const formats[] = {&book->header, &book->text, &book->date};
    for (size_t i = 0; i < sizeof formats / sizeof formats[0]; i++) {
        *formats[i] = workbook_add_format(book->workbook);
        if (*formats[i] == NULL) {
            return NUMU_MEMORY;
        }
    }
    format_set_bold(book->header);
    format_set_num_format(book->header, "@");
    format_set_num_format(book->text, "@");
    format_set_num_format(book->date, "yyyy\\-mm\\-dd");
    for (int i = 0; i <= DECIMALS_MAX; i++) {
        book->number[i] = workbook_add_format(book->workbook);
        if (book->number[i] == NULL) {
            return NUMU_MEMORY;
        }
        format_set_num_format(book->number[i], numbers[i]);
    }
    return NUMU_OK;
}

/* --- cells --- */

static numu_status refuse(const struct book *book, const struct numu_table_descriptor *table,
                          int64_t found, int64_t most, const char *kind) {
    struct numu_diagnostic finding = {
        .code = NUMU_CODE_SHEET_LIMIT, .place = NUMU_NOWHERE, .related = NUMU_NOWHERE};
    finding.arguments[0] = numu_argument_string(table->name);
    finding.arguments[1] = numu_argument_integer(found);
    finding.arguments[2] = numu_argument_integer(most);
    finding.arguments[3] = numu_argument_string(kind);
    numu_report_add(book->report, &finding);
    return NUMU_INVALID;
}

static lxw_format *format_of(const struct book *book, numu_kind kind) {
    switch (kind) {
    case NUMU_KIND_DATE:
    case NUMU_KIND_DUE:
        return book->date;
    case NUMU_KIND_MONEY:
    case NUMU_KIND_PRICE:
    case NUMU_KIND_QUANTITY:
    case NUMU_KIND_DECIMAL:
    case NUMU_KIND_INTEGER:
        return NULL; /* what a planner types shows as typed */
    default:
        return book->text;
    }
}

static size_t count_digits(const char *text) {
    size_t count = 0;
    for (const char *c = text; *c != '\0'; c++) {
        count += *c >= '0' && *c <= '9';
    }
    return count;
}

static size_t count_characters(const char *text) {
    size_t count = 0;
    for (const char *c = text; *c != '\0'; c++) {
        count += ((unsigned char)*c & 0xC0) != 0x80;
    }
    return count;
}

/* Writes the text in book->cell. */
static numu_status write_text(const struct book *book, lxw_worksheet *sheet, lxw_row_t row,
                              lxw_col_t place, const struct numu_table_descriptor *table) {
    size_t characters = count_characters(book->cell.data);
    if (characters > TEXT_CHARS_MAX) {
        return refuse(book, table, (int64_t)characters, TEXT_CHARS_MAX, "kind.characters");
    }
    return status_of(worksheet_write_string(sheet, row, place, book->cell.data, book->text));
}

static numu_status write_number(const struct book *book, lxw_worksheet *sheet, lxw_row_t row,
                                lxw_col_t place, const struct numu_table_descriptor *table) {
    const char *text = book->cell.data;
    const char *point = strchr(text, '.');
    size_t decimals = point == NULL ? 0 : strlen(point) - 1;
    if (count_digits(text) > DIGITS_MAX || decimals > DECIMALS_MAX) {
        return write_text(book, sheet, row, place, table);
    }
    return status_of(
        worksheet_write_number(sheet, row, place, strtod(text, NULL), book->number[decimals]));
}

static numu_status write_date(const struct book *book, lxw_worksheet *sheet, lxw_row_t row,
                              lxw_col_t place, numu_day day) {
    struct numu_date date = numu_day_date(day);
    lxw_datetime datetime = {.year = date.year, .month = date.month, .day = date.day};
    return status_of(worksheet_write_datetime(sheet, row, place, &datetime, book->date));
}

static numu_status write_cell(struct book *book, lxw_worksheet *sheet, lxw_row_t sheet_row,
                              lxw_col_t place, const struct numu_table_descriptor *table,
                              const struct numu_column *column, numu_row row) {
    const void *array = numu_model_array(book->model, table, column);
    if (numu_cell_is_empty(column, array, row)) {
        return NUMU_OK;
    }
    numu_buffer_clear(&book->cell);
    NUMU_TRY(numu_model_write_cell(book->model, table, column, row, &book->cell));
    lxw_format *format = format_of(book, column->kind);
    if (format == book->date) {
        return write_date(book, sheet, sheet_row, place, ((const numu_day *)array)[row]);
    }
    return format == NULL ? write_number(book, sheet, sheet_row, place, table)
                          : write_text(book, sheet, sheet_row, place, table);
}

/* --- columns --- */

static numu_status write_comment(struct book *book, lxw_worksheet *sheet, lxw_row_t row,
                                 lxw_col_t place, const struct numu_column *column) {
    struct numu_buffer *text = &book->cell;
    numu_buffer_clear(text);
    NUMU_TRY(numu_buffer_append_string(text, column->sentence));
    if (column->unit != NULL) {
        NUMU_TRY(numu_buffer_printf(text, " [%s]", column->unit));
    }
    for (size_t i = 0; column->choices != NULL && column->choices[i] != NULL; i++) {
        NUMU_TRY(numu_buffer_printf(text, "%s%s", i == 0 ? "\n" : ", ", column->choices[i]));
    }
    lxw_comment_options options = {.x_scale = 2};
    return status_of(worksheet_write_comment_opt(sheet, row, place, text->data, &options));
}

/* A list too long for a spreadsheet is left to the comment. */
static numu_status validate_choice(lxw_worksheet *sheet, lxw_row_t first, lxw_row_t last,
                                   lxw_col_t place, const char *const *choices) {
    char bytes[LIST_CHARS_MAX + 1]; /* libxlsxwriter wants what it could write to */
    char *words[LIST_WORDS_MAX + 1] = {NULL};
    size_t used = 0;
    for (size_t i = 0; choices[i] != NULL; i++) {
        size_t size = strlen(choices[i]) + 1;
        if (i == LIST_WORDS_MAX || used + size > sizeof bytes) {
            return NUMU_OK;
        }
        words[i] = memcpy(bytes + used, choices[i], size);
        used += size;
    }
    /* something else than what the list offers is asked about, not refused */
    lxw_data_validation validation = {.validate = LXW_VALIDATION_TYPE_LIST,
                                      .value_list = words,
                                      .error_type = LXW_VALIDATION_ERROR_TYPE_WARNING};
    return status_of(
        worksheet_data_validation_range(sheet, first, place, last, place, &validation));
}

/*
 * Offers what fits into rows first … last of a column. (Not the ids that a reference may name:
 * libxlsxwriter 1.1.4 leaks lists given as a range of another sheet.)
 */
static numu_status write_validation(lxw_worksheet *sheet, lxw_row_t first, lxw_row_t last,
                                    lxw_col_t place, const struct numu_column *column) {
    static const char *const booleans[] = {"true", "false", NULL};
    if (column->kind == NUMU_KIND_BOOLEAN) {
        return validate_choice(sheet, first, last, place, booleans);
    }
    return column->kind == NUMU_KIND_CHOICE
               ? validate_choice(sheet, first, last, place, column->choices)
               : NUMU_OK;
}

/* Wide enough to be read, and for a spreadsheet to write out what it shows. */
static double width_of(const struct numu_column *column) {
    size_t name = strlen(column->name) + 2;
    size_t least = column->kind == NUMU_KIND_TEXT ? 24 : 14;
    return (double)(name > least ? name : least);
}

/* --- sheets --- */

static numu_status write_header(struct book *book, lxw_worksheet *sheet, lxw_col_t place,
                                const struct numu_column *column) {
    NUMU_TRY(status_of(worksheet_set_column(sheet, place, place, width_of(column),
                                            format_of(book, column->kind))));
    NUMU_TRY(status_of(worksheet_write_string(sheet, 0, place, column->name, book->header)));
    NUMU_TRY(write_comment(book, sheet, 0, place, column));
    return write_validation(sheet, 1, LXW_ROW_MAX - 1, place, column);
}

static numu_status write_table(struct book *book, const struct numu_table_descriptor *table) {
    numu_row count = numu_model_head_of(book->model, table)->count;
    if (count >= LXW_ROW_MAX) {
        return refuse(book, table, count, LXW_ROW_MAX - 1, "kind.rows");
    }
    lxw_worksheet *sheet = workbook_add_worksheet(book->workbook, table->name);
    if (sheet == NULL) {
        return NUMU_MEMORY;
    }
    worksheet_freeze_panes(sheet, 1, 0);
    lxw_col_t place = 0;
    for (const struct numu_column *column = table->columns; column->name != NULL; column++) {
        if (!column->is_evidence || numu_model_column_is_used(book->model, table, column)) {
            NUMU_TRY(write_header(book, sheet, place, column));
            for (numu_row row = 0; row < count; row++) {
                NUMU_TRY(write_cell(book, sheet, row + 1, place, table, column, row));
            }
            place++;
        }
    }
    return NUMU_OK;
}

/* The first sheet: a row a property under "numu", then the other members of datapackage.json. */
static numu_status write_members(struct book *book, lxw_worksheet *sheet, lxw_row_t row,
                                 struct numu_arena *scratch) {
    struct numu_text source;
    const struct numu_json *root;
    NUMU_TRY(numu_package_descriptor(book->model, scratch, &source, &root));
    const struct numu_json *member = root == NULL ? NULL : root->first;
    for (; member != NULL; member = member->next) {
        if (numu_package_makes_member(member->key)) {
            continue;
        }
        const char *value = source.data + member->offset;
        struct numu_text text = member->kind == NUMU_JSON_STRING
                                    ? member->text
                                    : (struct numu_text){value, member->length};
        numu_buffer_clear(&book->cell);
        NUMU_TRY(numu_buffer_append(&book->cell, member->key.data, member->key.length));
        NUMU_TRY(write_text(book, sheet, row, 0, &numu_schema[0]));
        numu_buffer_clear(&book->cell);
        NUMU_TRY(numu_buffer_append(&book->cell, text.data, text.length));
        NUMU_TRY(write_text(book, sheet, row, 1, &numu_schema[0]));
        row++;
    }
    return NUMU_OK;
}

static numu_status write_properties(struct book *book, struct numu_arena *scratch) {
    const struct numu_table_descriptor *table = &numu_schema[0];
    lxw_worksheet *sheet = workbook_add_worksheet(book->workbook, table->name);
    if (sheet == NULL) {
        return NUMU_MEMORY;
    }
    worksheet_freeze_panes(sheet, 1, 0);
    NUMU_TRY(status_of(worksheet_set_column(sheet, 0, 0, 24, book->text)));
    NUMU_TRY(status_of(worksheet_set_column(sheet, 1, 1, 48, book->text)));
    NUMU_TRY(status_of(worksheet_write_string(sheet, 0, 0, "property", book->header)));
    NUMU_TRY(status_of(worksheet_write_string(sheet, 0, 1, "value", book->header)));
    lxw_row_t row = 1;
    for (const struct numu_column *column = table->columns; column->name != NULL; column++) {
        if (!column->is_evidence) {
            NUMU_TRY(status_of(worksheet_write_string(sheet, row, 0, column->name, book->text)));
            NUMU_TRY(write_comment(book, sheet, row, 0, column));
            NUMU_TRY(write_validation(sheet, row, row, 1, column));
            NUMU_TRY(write_cell(book, sheet, row, 1, table, column, 0));
            row++;
        }
    }
    return write_members(book, sheet, row, scratch);
}

static numu_status write_all(struct book *book, struct numu_arena *scratch) {
    lxw_doc_properties properties = {.created = 1}; /* 0 would be the clock's time */
    NUMU_TRY(status_of(workbook_set_properties(book->workbook, &properties)));
    NUMU_TRY(make_formats(book));
    NUMU_TRY(write_properties(book, scratch));
    for (const struct numu_table_descriptor *table = numu_schema + 1; table->name != NULL;
         table++) {
        if (numu_model_head_of(book->model, table)->is_present) {
            NUMU_TRY(write_table(book, table));
        }
    }
    return NUMU_OK;
}

/* Makes the workbook and writes it to `path`; it is written even where it is not whole. */
static numu_status write_book(const struct numu_model *model, const char *path,
                              struct numu_heap *heap, struct numu_report *report) {
    struct book book = {.model = model, .report = report};
    book.workbook = workbook_new(path);
    if (book.workbook == NULL) {
        return NUMU_MEMORY;
    }
    struct numu_arena scratch;
    numu_arena_init(&scratch, heap);
    numu_buffer_init(&book.cell, heap, 0);
    numu_status status = write_all(&book, &scratch);
    numu_buffer_release(&book.cell);
    numu_arena_release(&scratch);
    numu_status closing = status_of(workbook_close(book.workbook)); /* releases it, too */
    return status == NUMU_OK ? closing : status;
}

numu_status numu_package_write_workbook(const struct numu_model *model, const char *path,
                                        struct numu_heap *heap, struct numu_report *report) {
    struct numu_file_draft draft;
    int number = 0;
    numu_status status = numu_file_draft_begin(&draft, path, &number);
    if (status == NUMU_OK) {
        errno = 0;
        status = write_book(model, draft.temporary, heap, report);
        number = errno == 0 ? EIO : errno;
    }
    if (status == NUMU_OK) {
        status = numu_file_draft_commit(&draft, &number);
    }
    numu_file_draft_abandon(&draft);
    return status == NUMU_IO ? numu_package_complain(report, NUMU_CODE_CANNOT_WRITE, path,
                                                     numu_argument_string(strerror(number)),
                                                     (struct numu_argument){0})
                             : status;
}
