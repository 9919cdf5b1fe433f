/*
 * load_table.c - one CSV file into one table.
 *
 * [T1] Memory beyond the table itself does not depend on the file: one window, one report. [T2] A
 *      record becomes a row whatever is wrong in it, so that row numbers and places agree; broken
 *      records (an open quote, bad UTF-8) do not, and are findings.
 */
#include "model/load_table.h"

#include "base/cell.h"
#include "base/csv.h"

#include <string.h>

enum {
    WINDOW_BYTES = 2 * NUMU_CSV_RECORD_BYTES_MAX,
    COLUMNS_MAX = 64,
    POOL_BYTES = 1 << 16,
    ELEMENT_BYTES = 16,
    /* beyond, no "did you mean": it would take longer than the load */
    SUGGESTION_ROWS_MAX = 1000000,
};

/* Text of a table, one after the other: half the bytes of an arena's aligned blocks. */
struct text_pool {
    char *next;
    size_t left;
};

struct field {
    const struct numu_column *column; /* NULL: unknown to the schema, skipped */
    char *array;
    size_t size;
    struct numu_cell_rules rules;
    const struct numu_table_descriptor *referred;
    bool is_deferred;      /* refers to its own table */
    bool is_decimal_told;  /* one hint a column, not thousands of errors */
    bool is_missing_told;  /* likewise for a table referred to that is not there */
    struct numu_text last; /* the last text stored: repeated citations are kept once */
    char fallback[ELEMENT_BYTES];
};

struct deferred {
    numu_row row;
    uint32_t field;
    struct numu_text text;
    struct numu_place place;
};

struct table_loader {
    struct numu_model *model;
    const struct numu_table_descriptor *table;
    const struct numu_table_file *file;
    struct numu_table_head *head;
    struct numu_report *report;
    struct numu_stream *stream;
    numu_row row_max;
    char *window;
    struct numu_csv_reader *reader;
    size_t field_count;
    struct field *fields;  /* by column of the file */
    size_t currency_field; /* parsed before the money of its row; SIZE_MAX = none */
    struct text_pool pool;
    struct numu_buffer deferred; /* of struct deferred */
};

/* --- findings --- */

static struct numu_place place_of(const struct table_loader *loader,
                                  const struct numu_csv_field *field) {
    return (struct numu_place){loader->file->source, field->length, field->offset};
}

static void report(struct table_loader *loader, numu_code code, struct numu_place place,
                   const char *first, struct numu_text second, const char *third) {
    struct numu_diagnostic finding = {.code = code, .place = place, .related = NUMU_NOWHERE};
    finding.arguments[0] = numu_argument_string(first);
    finding.arguments[1] = numu_argument_text(second);
    finding.arguments[2] = numu_argument_string(third);
    numu_report_add(loader->report, &finding);
}

numu_status numu_column_range(const struct numu_column *column, struct numu_buffer *buffer) {
    int decimals = numu_kind_decimals(column->kind, 0);
    if (column->has_minimum && column->has_maximum && !column->is_above_minimum) {
        NUMU_TRY(numu_number_write(buffer, column->minimum, decimals, true));
        NUMU_TRY(numu_buffer_append_string(buffer, ".."));
        return numu_number_write(buffer, column->maximum, decimals, true);
    }
    if (column->has_minimum) {
        NUMU_TRY(numu_buffer_append_string(buffer, column->is_above_minimum ? "> " : ">= "));
        NUMU_TRY(numu_number_write(buffer, column->minimum, decimals, true));
    }
    if (column->has_maximum) {
        NUMU_TRY(numu_buffer_append_string(buffer, column->has_minimum ? ", <= " : "<= "));
        NUMU_TRY(numu_number_write(buffer, column->maximum, decimals, true));
    }
    return NUMU_OK;
}

static numu_status list_choices(const char *const *choices, struct numu_buffer *buffer) {
    for (size_t i = 0; choices[i] != NULL; i++) {
        NUMU_TRY(numu_buffer_append_string(buffer, i == 0 ? "" : ", "));
        NUMU_TRY(numu_buffer_append_string(buffer, choices[i]));
    }
    return NUMU_OK;
}

/* The nearest id of a table to a misspelt one; empty where none is near. */
static struct numu_text nearest_id(const struct numu_model *model,
                                   const struct numu_table_descriptor *table,
                                   struct numu_text wanted) {
    const struct numu_column *key = numu_column_key(table);
    numu_row count = numu_model_head_of(model, table)->count;
    struct numu_text best = {NULL, 0};
    if (key == NULL || count > SUGGESTION_ROWS_MAX) {
        return best;
    }
    const struct numu_text *ids = numu_model_array(model, table, key);
    unsigned limit =
        wanted.length < 3 ? 1 : (unsigned)(wanted.length < 60 ? wanted.length : 60) / 3;
    for (numu_row row = 0; row < count && limit > 0; row++) {
        unsigned distance = numu_text_distance(wanted, ids[row], limit);
        if (distance <= limit && ids[row].length > 0) {
            best = ids[row];
            limit = distance == 0 ? 0 : distance - 1;
        }
    }
    return best;
}

void numu_report_cell(struct numu_report *findings, numu_code code, const struct numu_model *model,
                      const struct numu_column *column, struct numu_text found,
                      numu_currency currency, struct numu_place place) {
    if (!numu_report_keeps(findings, code)) {
        numu_report_count(findings, code);
        return;
    }
    struct numu_diagnostic finding = {.code = code, .place = place, .related = NUMU_NOWHERE};
    struct numu_buffer words;
    numu_buffer_init(&words, findings->heap, 0);
    finding.arguments[0] = numu_argument_string(column->name);
    finding.arguments[1] = numu_argument_text(found);
    numu_status status = NUMU_OK;
    switch (code) {
    case NUMU_CODE_WRONG_TYPE:
        finding.arguments[2] = numu_argument_string(numu_kind_name(column->kind));
        break;
    case NUMU_CODE_TOO_PRECISE:
        finding.arguments[2] = numu_argument_integer(numu_kind_decimals(column->kind, currency));
        break;
    case NUMU_CODE_OUT_OF_RANGE:
        status = numu_column_range(column, &words);
        finding.arguments[2] = numu_argument_text((struct numu_text){words.data, words.length});
        break;
    case NUMU_CODE_UNKNOWN_CHOICE:
        status = list_choices(column->choices, &words);
        finding.arguments[2] = numu_argument_string(numu_choice_nearest(column->choices, found));
        finding.arguments[3] = numu_argument_text((struct numu_text){words.data, words.length});
        break;
    case NUMU_CODE_UNKNOWN_CURRENCY:
        finding.arguments[2] =
            numu_argument_string(numu_currency_code(numu_currency_nearest(found)));
        break;
    case NUMU_CODE_UNKNOWN_REFERENCE: {
        const struct numu_table_descriptor *referred = numu_schema_at(column->reference);
        finding.arguments[2] = numu_argument_string(referred->name);
        finding.arguments[3] = numu_argument_text(nearest_id(model, referred, found));
        break;
    }
    default:
        break;
    }
    if (status == NUMU_OK) {
        numu_report_add(findings, &finding);
    } else {
        findings->status = status;
    }
    numu_buffer_release(&words);
}

/* --- columns --- */

void numu_column_default(const struct numu_column *column, void *element) {
    numu_kind_fill_none(column->kind, element, 0, 1);
    if (column->default_text != NULL) {
        struct numu_cell_rules rules = {.decimal_char = '.'};
        numu_code code =
            numu_cell_parse(column, numu_text_of(column->default_text), &rules, element);
        numu_assert(code == NUMU_CODE_NONE);
    }
}

static void set_array(const struct table_loader *loader, const struct numu_column *column,
                      void *array) {
    memcpy((char *)loader->model + loader->table->offset + column->offset, &array, sizeof array);
}

static size_t column_number(const struct numu_table_descriptor *table,
                            const struct numu_column *column) {
    return (size_t)(column - table->columns);
}

static struct field *field_of(const struct table_loader *loader, const struct numu_column *column) {
    for (size_t i = 0; i < loader->field_count; i++) {
        if (loader->fields[i].column == column) {
            return &loader->fields[i];
        }
    }
    return NULL;
}

static const char *nearest_column(const struct numu_table_descriptor *table,
                                  struct numu_text name) {
    const char *names[COLUMNS_MAX + 1] = {NULL};
    for (size_t i = 0; i < COLUMNS_MAX && table->columns[i].name != NULL; i++) {
        names[i] = table->columns[i].name;
    }
    return numu_choice_nearest(names, name);
}

/* Takes the header; false where the table cannot be read by it. */
static bool read_header(struct table_loader *loader) {
    const struct numu_csv_reader *reader = loader->reader;
    const struct numu_table_descriptor *table = loader->table;
    static const char others[] = ",;\t|";
    bool is_good = true;
    for (size_t i = 0; reader->count == 1 && others[i] != '\0'; i++) {
        struct numu_text header = reader->fields[0].value;
        char declared[2] = {loader->file->delimiter, '\0'};
        char other[2] = {others[i], '\0'};
        if (header.length > 0 && memchr(header.data, others[i], header.length) != NULL) {
            report(loader, NUMU_CODE_WRONG_DELIMITER, place_of(loader, &reader->fields[0]), other,
                   numu_text_of(declared), NULL);
            return false;
        }
    }
    loader->field_count = reader->count;
    for (size_t i = 0; i < reader->count; i++) {
        struct numu_text name = numu_text_trim(reader->fields[i].value);
        struct field *field = &loader->fields[i];
        const struct numu_column *column = numu_column_find(table, name);
        struct numu_place place = place_of(loader, &reader->fields[i]);
        if (column == NULL) {
            struct numu_diagnostic finding = {
                .code = NUMU_CODE_UNKNOWN_COLUMN, .place = place, .related = NUMU_NOWHERE};
            finding.arguments[0] = numu_argument_text(name);
            finding.arguments[1] = numu_argument_string(nearest_column(table, name));
            finding.arguments[2] = numu_argument_string(table->name);
            numu_report_add(loader->report, &finding);
        } else if (field_of(loader, column) != NULL) {
            report(loader, NUMU_CODE_DUPLICATE_COLUMN, place, column->name,
                   numu_text_of(table->name), NULL);
            is_good = false;
        } else {
            field->column = column;
        }
    }
    for (const struct numu_column *column = table->columns; column->name != NULL; column++) {
        if (column->required && field_of(loader, column) == NULL) {
            struct numu_place header = {loader->file->source, 0, reader->record_offset};
            report(loader, NUMU_CODE_MISSING_COLUMN, header, column->name,
                   numu_text_of(table->name), NULL);
            is_good = false;
        }
    }
    return is_good;
}

static numu_status prepare_field(struct table_loader *loader, size_t index) {
    struct field *field = &loader->fields[index];
    const struct numu_column *column = field->column;
    if (column == NULL) {
        return NUMU_OK;
    }
    size_t number = column_number(loader->table, column);
    field->size = numu_kind_size(column->kind);
    field->rules.decimal_char = (loader->file->comma_columns >> number & 1U) != 0 ? ',' : '.';
    field->rules.currency = loader->model->currency;
    numu_column_default(column, field->fallback);
    if (column->kind == NUMU_KIND_REFERENCE) {
        field->referred = numu_schema_at(column->reference);
        field->is_deferred = field->referred == loader->table;
        const struct numu_map *ids = &numu_model_head_of(loader->model, field->referred)->ids;
        field->rules.ids = ids->slots == NULL ? NULL : ids; /* none: no file, or no header */
    }
    if (column->kind == NUMU_KIND_CURRENCY || column->gives_currency) {
        loader->currency_field = index;
    }
    void *array;
    NUMU_TRY(numu_arena_take(&loader->model->arena, loader->row_max, field->size, &array));
    set_array(loader, column, array);
    field->array = array;
    return NUMU_OK;
}

static numu_status prepare_fields(struct table_loader *loader) {
    for (size_t i = 0; i < loader->field_count; i++) {
        NUMU_TRY(prepare_field(loader, i));
    }
    NUMU_TRY(NUMU_TAKE(&loader->model->arena, &loader->head->place, loader->row_max));
    const struct numu_column *key = numu_column_key(loader->table);
    if (key != NULL) {
        const struct numu_text *ids = numu_model_array(loader->model, loader->table, key);
        NUMU_TRY(numu_map_init(&loader->head->ids, &loader->model->arena, ids, loader->row_max));
    }
    return NUMU_OK;
}

/* Columns that the file does not have: evidence stays away, the rest holds the default. */
static numu_status fill_absent(struct table_loader *loader) {
    for (const struct numu_column *column = loader->table->columns; column->name != NULL;
         column++) {
        if (column->is_evidence || field_of(loader, column) != NULL) {
            continue;
        }
        size_t size = numu_kind_size(column->kind);
        void *array;
        NUMU_TRY(numu_arena_take(&loader->model->arena, loader->head->count, size, &array));
        char element[ELEMENT_BYTES];
        numu_column_default(column, element);
        for (size_t row = 0; row < loader->head->count; row++) {
            memcpy((char *)array + row * size, element, size);
        }
        set_array(loader, column, array);
    }
    return NUMU_OK;
}

/* --- values --- */

static numu_status keep_text(struct table_loader *loader, struct field *field,
                             struct numu_text text, struct numu_text *out) {
    if (field->last.length > 0 && numu_text_is_equal(field->last, text)) {
        *out = field->last;
        return NUMU_OK;
    }
    struct text_pool *pool = &loader->pool;
    if (pool->left < text.length) {
        size_t bytes = text.length > POOL_BYTES / 4 ? text.length : POOL_BYTES;
        NUMU_TRY(NUMU_TAKE(&loader->model->arena, &pool->next, bytes));
        pool->left = bytes;
    }
    memcpy(pool->next, text.data, text.length);
    field->last = (struct numu_text){pool->next, text.length};
    pool->next += text.length;
    pool->left -= text.length;
    *out = field->last;
    return NUMU_OK;
}

static void report_reference(struct table_loader *loader, struct field *field,
                             struct numu_text found, struct numu_place place) {
    const struct numu_table_head *referred = numu_model_head_of(loader->model, field->referred);
    if (referred->is_present) {
        if (!referred->is_broken) {
            numu_report_cell(loader->report, NUMU_CODE_UNKNOWN_REFERENCE, loader->model,
                             field->column, found, 0, place);
        }
    } else if (!field->is_missing_told) {
        report(loader, NUMU_CODE_MISSING_TABLE, place, field->column->name,
               numu_text_of(field->referred->name), NULL);
        field->is_missing_told = true;
    }
}

static numu_status defer(struct table_loader *loader, size_t index, struct numu_text text,
                         struct numu_place place) {
    struct deferred entry = {.row = loader->head->count, .field = (uint32_t)index, .place = place};
    NUMU_TRY(keep_text(loader, &loader->fields[index], text, &entry.text));
    return numu_buffer_append(&loader->deferred, &entry, sizeof entry);
}

/* Stores one value of the current row. */
static numu_status read_field(struct table_loader *loader, size_t index, numu_currency currency) {
    struct field *field = &loader->fields[index];
    const struct numu_column *column = field->column;
    const struct numu_csv_field *raw = &loader->reader->fields[index];
    char *element = field->array + (size_t)loader->head->count * field->size;
    struct numu_text text =
        column->kind == NUMU_KIND_TEXT ? raw->value : numu_text_trim(raw->value);
    if (text.length == 0) {
        memcpy(element, field->fallback, field->size);
        if (column->required) {
            report(loader, NUMU_CODE_MISSING_VALUE, place_of(loader, raw), column->name,
                   numu_text_of(loader->table->name), NULL);
        }
        return NUMU_OK;
    }
    if (field->is_deferred) {
        memcpy(element, field->fallback, field->size);
        return defer(loader, index, text, place_of(loader, raw));
    }
    field->rules.currency = currency;
    numu_code code = numu_cell_parse(column, text, &field->rules, element);
    if (code == NUMU_CODE_NONE) {
        if (column->kind == NUMU_KIND_TEXT || column->kind == NUMU_KIND_KEY) {
            return keep_text(loader, field, text, (struct numu_text *)(void *)element);
        }
    } else if (code == NUMU_CODE_UNKNOWN_REFERENCE) {
        report_reference(loader, field, text, place_of(loader, raw));
    } else if (code != NUMU_CODE_WRONG_DECIMAL || !field->is_decimal_told) {
        numu_report_cell(loader->report, code, loader->model, column, text, currency,
                         place_of(loader, raw));
        field->is_decimal_told = field->is_decimal_told || code == NUMU_CODE_WRONG_DECIMAL;
    }
    return NUMU_OK;
}

static numu_currency row_currency(const struct table_loader *loader) {
    if (loader->currency_field == SIZE_MAX) {
        return loader->model->currency;
    }
    const struct field *field = &loader->fields[loader->currency_field];
    const char *element = field->array + (size_t)loader->head->count * field->size;
    if (field->column->kind == NUMU_KIND_CURRENCY) {
        numu_currency currency;
        memcpy(&currency, element, sizeof currency);
        return currency == 0 ? loader->model->currency : currency;
    }
    numu_row row;
    memcpy(&row, element, sizeof row);
    return row == NUMU_NONE ? loader->model->currency
                            : numu_model_currency(loader->model, field->referred, row);
}

static void add_key(struct table_loader *loader) {
    const struct numu_column *key = numu_column_key(loader->table);
    struct field *field = key == NULL ? NULL : field_of(loader, key);
    numu_row row = loader->head->count;
    if (field == NULL || ((struct numu_text *)(void *)field->array)[row].length == 0) {
        return;
    }
    numu_row first = numu_map_add(&loader->head->ids, row);
    if (first != NUMU_NONE) {
        const struct numu_csv_field *raw = &loader->reader->fields[field - loader->fields];
        struct numu_diagnostic finding = {
            .code = NUMU_CODE_DUPLICATE_ID,
            .place = place_of(loader, raw),
            .related = {loader->file->source, 0, loader->head->place[first]}};
        finding.arguments[0] = numu_argument_text(numu_text_trim(raw->value));
        finding.arguments[1] = numu_argument_string(loader->table->name);
        numu_report_add(loader->report, &finding);
    }
}

static numu_status read_row(struct table_loader *loader) {
    const struct numu_csv_reader *reader = loader->reader;
    numu_assert(loader->head->count < loader->row_max);
    loader->head->place[loader->head->count] = reader->record_offset;
    if (reader->count != loader->field_count) {
        struct numu_diagnostic finding = {.code = NUMU_CODE_FIELD_COUNT,
                                          .place = {loader->file->source, 0, reader->record_offset},
                                          .related = NUMU_NOWHERE};
        finding.arguments[0] = numu_argument_integer((int64_t)reader->count);
        finding.arguments[1] = numu_argument_integer((int64_t)loader->field_count);
        numu_report_add(loader->report, &finding);
    }
    for (size_t i = reader->count; i < loader->field_count; i++) {
        struct field *field = &loader->fields[i];
        if (field->column != NULL) {
            memcpy(field->array + (size_t)loader->head->count * field->size, field->fallback,
                   field->size);
        }
    }
    size_t count = reader->count < loader->field_count ? reader->count : loader->field_count;
    if (loader->currency_field < count) {
        NUMU_TRY(read_field(loader, loader->currency_field, 0));
    }
    numu_currency currency = row_currency(loader);
    for (size_t i = 0; i < count; i++) {
        if (loader->fields[i].column != NULL && i != loader->currency_field) {
            NUMU_TRY(read_field(loader, i, currency));
        }
    }
    add_key(loader);
    loader->head->count++;
    return NUMU_OK;
}

static void resolve_deferred(struct table_loader *loader) {
    const struct deferred *list = (const struct deferred *)(const void *)loader->deferred.data;
    for (size_t i = 0; i < loader->deferred.length / sizeof *list; i++) {
        struct field *field = &loader->fields[list[i].field];
        numu_row row = numu_model_find(loader->model, loader->table, list[i].text);
        if (row == NUMU_NONE) {
            report_reference(loader, field, list[i].text, list[i].place);
        } else {
            memcpy(field->array + (size_t)list[i].row * field->size, &row, sizeof row);
        }
    }
}

/* --- the file --- */

static void report_unreadable(struct table_loader *loader, int number) {
    struct numu_place whole = {loader->file->source, 0, NUMU_WHOLE_FILE};
    struct numu_text path = loader->model->sources.list[loader->file->source].path;
    struct numu_diagnostic finding = {
        .code = NUMU_CODE_CANNOT_READ, .place = whole, .related = NUMU_NOWHERE};
    finding.arguments[0] = numu_argument_text(path);
    finding.arguments[1] = numu_argument_string(strerror(number));
    numu_report_add(loader->report, &finding);
}

/*
 * Hashes the stream and counts its lines that are not blank. NUMU_INVALID with a finding where it
 * cannot be read.
 */
static numu_status count_rows(struct table_loader *loader, struct numu_sha256 *out_digest) {
    struct numu_sha256_stream hash;
    NUMU_TRY(numu_sha256_init(&hash));
    uint64_t lines = 1;
    char before = '\n';
    for (;;) {
        size_t count;
        int number;
        numu_status status =
            numu_stream_read(loader->stream, loader->window, WINDOW_BYTES, &count, &number);
        if (status == NUMU_OK) {
            status = numu_sha256_update(&hash, loader->window, count);
        } else {
            report_unreadable(loader, number);
            status = NUMU_INVALID;
        }
        if (status != NUMU_OK) {
            numu_sha256_release(&hash);
            return status;
        }
        for (size_t i = 0; i < count; i++) {
            char c = loader->window[i];
            lines += (c == '\n' || c == '\r') && before != '\n' && before != '\r';
            before = c;
        }
        if (count < WINDOW_BYTES) {
            break;
        }
    }
    NUMU_TRY(numu_sha256_finish(&hash, out_digest));
    if (lines >= NUMU_NONE) {
        return NUMU_LIMIT;
    }
    loader->row_max = (numu_row)lines;
    int number;
    if (numu_stream_seek(loader->stream, 0, &number) != NUMU_OK) {
        report_unreadable(loader, number);
        return NUMU_INVALID;
    }
    return NUMU_OK;
}

static numu_status refill(struct table_loader *loader) {
    struct numu_csv_reader *reader = loader->reader;
    size_t tail = reader->length - reader->position;
    size_t count;
    int number;
    memmove(loader->window, loader->window + reader->position, tail);
    numu_status status = numu_stream_read(loader->stream, loader->window + tail,
                                          WINDOW_BYTES - tail, &count, &number);
    if (status != NUMU_OK) {
        report_unreadable(loader, number);
        return NUMU_INVALID;
    }
    numu_csv_reader_refill(reader, loader->window, tail + count, count < WINDOW_BYTES - tail);
    return NUMU_OK;
}

static void report_broken_record(struct table_loader *loader, numu_csv_event event) {
    struct numu_place place = {loader->file->source, 1, loader->reader->error_offset};
    numu_code code = event == NUMU_CSV_OPEN_QUOTE     ? NUMU_CODE_OPEN_QUOTE
                     : event == NUMU_CSV_STRAY_QUOTE  ? NUMU_CODE_STRAY_QUOTE
                     : event == NUMU_CSV_BAD_ENCODING ? NUMU_CODE_BAD_ENCODING
                                                      : NUMU_CODE_RECORD_TOO_LONG;
    struct numu_diagnostic finding = {.code = code, .place = place, .related = NUMU_NOWHERE};
    if (event == NUMU_CSV_TOO_LONG) {
        finding.arguments[0] = numu_argument_integer(NUMU_CSV_RECORD_BYTES_MAX);
    } else if (event == NUMU_CSV_TOO_MANY) {
        finding.code = NUMU_CODE_FIELD_COUNT;
        finding.arguments[0] = numu_argument_integer(NUMU_CSV_FIELDS_MAX + 1);
        finding.arguments[1] = numu_argument_integer((int64_t)loader->field_count);
    }
    numu_report_add(loader->report, &finding);
}

/* Records of the stream, header first. NUMU_INVALID where the rest of it cannot be read. */
static numu_status read_records(struct table_loader *loader) {
    bool has_header = false;
    for (;;) {
        numu_csv_event event = numu_csv_next(loader->reader);
        switch (event) {
        case NUMU_CSV_RECORD:
            if (has_header) {
                NUMU_TRY(read_row(loader));
            } else if (read_header(loader)) {
                has_header = true;
                NUMU_TRY(prepare_fields(loader));
            } else {
                loader->field_count = 0; /* nothing is read by it: all columns are absent [M1] */
                return NUMU_INVALID;
            }
            break;
        case NUMU_CSV_MORE:
            NUMU_TRY(refill(loader));
            break;
        case NUMU_CSV_END:
            if (!has_header) {
                struct numu_place whole = {loader->file->source, 0, NUMU_WHOLE_FILE};
                report(loader, NUMU_CODE_MISSING_HEADER, whole, loader->table->name,
                       (struct numu_text){NULL, 0}, NULL);
                loader->head->is_broken = true;
            }
            return has_header ? NUMU_OK : NUMU_INVALID;
        case NUMU_CSV_OPEN_QUOTE:
        case NUMU_CSV_STRAY_QUOTE:
        case NUMU_CSV_BAD_ENCODING:
        case NUMU_CSV_TOO_LONG:
        case NUMU_CSV_TOO_MANY:
            report_broken_record(loader, event);
            /* ids may be missing: do not blame those who refer to them */
            loader->head->is_broken = true;
            if (!has_header) {
                return NUMU_INVALID;
            }
            break;
        }
    }
}

static numu_status load(struct table_loader *loader, struct numu_arena *scratch,
                        struct numu_sha256 *out_digest) {
    NUMU_TRY(NUMU_TAKE(scratch, &loader->window, WINDOW_BYTES));
    NUMU_TRY(NUMU_TAKE(scratch, &loader->reader, 1));
    NUMU_TRY(NUMU_TAKE(scratch, &loader->fields, NUMU_CSV_FIELDS_MAX));
    numu_csv_reader_init(loader->reader, loader->file->delimiter);
    loader->head->is_present = true;
    loader->head->source = loader->file->source;
    loader->head->delimiter = loader->file->delimiter;
    numu_status status = count_rows(loader, out_digest);
    if (status == NUMU_OK) {
        status = read_records(loader);
    }
    if (status == NUMU_INVALID) { /* told; what there is of the table is made sound */
        loader->head->is_broken = true;
        status = NUMU_OK;
    }
    NUMU_TRY(status);
    resolve_deferred(loader);
    return fill_absent(loader);
}

numu_status numu_table_load(const struct numu_context *context, struct numu_model *model,
                            const struct numu_table_descriptor *table,
                            const struct numu_table_file *file, struct numu_stream *stream,
                            struct numu_report *findings, struct numu_sha256 *out_digest) {
    struct table_loader loader = {.model = model,
                                  .table = table,
                                  .file = file,
                                  .head = numu_model_head(model, table),
                                  .report = findings,
                                  .stream = stream,
                                  .currency_field = SIZE_MAX};
    struct numu_arena scratch;
    numu_arena_init(&scratch, context->heap);
    numu_buffer_init(&loader.deferred, context->heap, 0);
    numu_status status = load(&loader, &scratch, out_digest);
    numu_buffer_release(&loader.deferred);
    numu_arena_release(&scratch);
    return status;
}

numu_status numu_table_make_empty(struct numu_model *model,
                                  const struct numu_table_descriptor *table) {
    struct table_loader loader = {
        .model = model, .table = table, .head = numu_model_head(model, table)};
    NUMU_TRY(NUMU_TAKE(&model->arena, &loader.head->place, 0));
    return fill_absent(&loader);
}
