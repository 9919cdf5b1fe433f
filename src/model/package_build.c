/*
 * package_build.c - a model as the files of a package; and what of a package no model holds.
 */
#include "model/package_parts.h"

#include "base/cell.h"
#include "base/csv.h"
#include "base/stream.h"
#include "model/load_table.h"
#include "model/schema.h"

#include <string.h>

enum { HEADER_BYTES_MAX = 1 << 16 };

/* --- cells and columns --- */

static struct numu_text id_of(const void *data, const struct numu_column *column, numu_row row) {
    return numu_model_id(data, numu_schema_at(column->reference), row);
}

numu_status numu_model_write_cell(const struct numu_model *model,
                                  const struct numu_table_descriptor *table,
                                  const struct numu_column *column, numu_row row,
                                  struct numu_buffer *buffer) {
    numu_currency currency =
        column->kind == NUMU_KIND_MONEY ? numu_model_currency(model, table, row) : 0;
    return numu_cell_write(column, numu_model_array(model, table, column), row, currency, id_of,
                           model, buffer);
}

bool numu_model_cell_is_default(const struct numu_model *model,
                                const struct numu_table_descriptor *table,
                                const struct numu_column *column, numu_row row) {
    const char *array = numu_model_array(model, table, column);
    if (array == NULL || column->default_text == NULL) {
        return numu_cell_is_empty(column, array, row);
    }
    /* No text has a default, so that bytes can be compared. */
    size_t size = numu_kind_size(column->kind);
    union numu_element fallback;
    numu_column_default(column, &fallback);
    return memcmp(array + (size_t)row * size, &fallback, size) == 0;
}

bool numu_model_column_is_used(const struct numu_model *model,
                               const struct numu_table_descriptor *table,
                               const struct numu_column *column) {
    numu_row count = numu_model_head_of(model, table)->count;
    if (column->required || count == 0) {
        return true;
    }
    numu_row row = 0;
    while (row < count && numu_model_cell_is_default(model, table, column, row)) {
        row++;
    }
    return row < count;
}

/* --- CSV --- */

/* Ends a record: its columns are separated by commas. */
static numu_status write_record(const struct numu_model *model,
                                const struct numu_table_descriptor *table, const bool *is_used,
                                numu_row row, struct numu_buffer *cell, struct numu_buffer *bytes) {
    bool is_first = true;
    for (size_t i = 0; table->columns[i].name != NULL; i++) {
        if (!is_used[i]) {
            continue;
        }
        NUMU_TRY(numu_buffer_append_string(bytes, is_first ? "" : ","));
        numu_buffer_clear(cell);
        if (row == NUMU_NONE) {
            NUMU_TRY(numu_buffer_append_string(cell, table->columns[i].name));
        } else {
            NUMU_TRY(numu_model_write_cell(model, table, &table->columns[i], row, cell));
        }
        NUMU_TRY(numu_csv_write(bytes, (struct numu_text){cell->data, cell->length}, ','));
        is_first = false;
    }
    return numu_buffer_append_char(bytes, '\n');
}

static numu_status write_table(const struct numu_model *model,
                               const struct numu_table_descriptor *table, struct numu_buffer *cell,
                               struct numu_buffer *bytes) {
    bool is_used[64] = {false};
    for (size_t i = 0; table->columns[i].name != NULL; i++) {
        numu_assert(i < sizeof is_used);
        is_used[i] = numu_model_column_is_used(model, table, &table->columns[i]);
    }
    NUMU_TRY(write_record(model, table, is_used, NUMU_NONE, cell, bytes));
    numu_row count = numu_model_head_of(model, table)->count;
    for (numu_row row = 0; row < count; row++) {
        NUMU_TRY(write_record(model, table, is_used, row, cell, bytes));
    }
    return NUMU_OK;
}

/* --- datapackage.json --- */

numu_status numu_package_descriptor(const struct numu_model *model, struct numu_arena *arena,
                                    struct numu_text *out_text, const struct numu_json **out) {
    *out_text = (struct numu_text){NULL, 0};
    *out = NULL;
    if (model->descriptor >= model->sources.count) {
        return NUMU_OK;
    }
    struct numu_json *root;
    struct numu_json_error error;
    struct numu_text text = model->sources.list[model->descriptor].bytes;
    NUMU_TRY(numu_json_read(arena, text, 0, &root, &error));
    *out_text = text;
    *out = root;
    return NUMU_OK;
}

bool numu_package_makes_member(struct numu_text key) {
    return numu_text_is(key, "numu") || numu_text_is(key, "resources");
}

const struct numu_json *numu_package_resource(const struct numu_json *root,
                                              const struct numu_table_descriptor *table) {
    const struct numu_json *resources = numu_json_find(root, "resources");
    const struct numu_json *resource = resources == NULL ? NULL : resources->first;
    while (resource != NULL) {
        const struct numu_json *name = numu_json_find(resource, "name");
        if (name != NULL && numu_text_is(name->text, table->name)) {
            break;
        }
        resource = resource->next;
    }
    return resource;
}

struct described {
    const struct numu_model *model;
    const struct numu_json *root;
};

static bool has_table(const void *data, const struct numu_table_descriptor *table) {
    const struct described *described = data;
    return numu_model_head_of(described->model, table)->is_present;
}

static bool has_column(const void *data, const struct numu_table_descriptor *table,
                       const struct numu_column *column) {
    const struct described *described = data;
    return numu_model_column_is_used(described->model, table, column);
}

static const struct numu_json *resource_of(const void *data,
                                           const struct numu_table_descriptor *table) {
    const struct described *described = data;
    return numu_package_resource(described->root, table);
}

/* A property as JSON: numbers as numbers, the rest as text. */
static void write_property(struct numu_json_writer *json, const struct numu_column *column,
                           struct numu_text text) {
    numu_json_key(json, column->name);
    switch (column->kind) {
    case NUMU_KIND_INTEGER:
    case NUMU_KIND_DECIMAL:
        numu_json_number_text(json, text);
        break;
    default:
        numu_json_text(json, text);
        break;
    }
}

static void write_properties(struct numu_json_writer *json, const struct numu_model *model,
                             struct numu_buffer *cell) {
    const struct numu_table_descriptor *table = &numu_schema[0];
    numu_json_key(json, "numu");
    numu_json_begin_object(json);
    for (const struct numu_column *column = table->columns; column->name != NULL; column++) {
        bool is_wanted = column->required || !numu_model_cell_is_default(model, table, column, 0);
        numu_buffer_clear(cell);
        if (json->status == NUMU_OK && is_wanted) {
            json->status = numu_model_write_cell(model, table, column, 0, cell);
            write_property(json, column, (struct numu_text){cell->data, cell->length});
        }
    }
    numu_json_end_object(json);
}

static numu_status write_descriptor(const struct described *described, struct numu_text source,
                                    struct numu_buffer *cell, struct numu_buffer *bytes) {
    struct numu_json_writer json;
    numu_json_writer_init(&json, bytes);
    numu_json_begin_object(&json);
    if (described->root == NULL) {
        numu_json_key(&json, "profile");
        numu_json_string(&json, "tabular-data-package");
    } else {
        for (const struct numu_json *member = described->root->first; member != NULL;
             member = member->next) {
            if (!numu_package_makes_member(member->key)) {
                numu_json_key_text(&json, member->key);
                numu_json_copy(&json, source, member);
            }
        }
    }
    write_properties(&json, described->model, cell);
    struct numu_schema_choice choice = {.data = described,
                                        .has_table = has_table,
                                        .has_column = has_column,
                                        .resource = resource_of,
                                        .source = source};
    NUMU_TRY(numu_schema_write_resources(&json, bytes->heap, &choice));
    numu_json_end_object(&json);
    NUMU_TRY(json.status);
    return numu_buffer_append_char(bytes, '\n');
}

/* --- all of it --- */

static numu_status add_file(struct numu_package *package, struct numu_arena *arena,
                            struct numu_text name, const struct numu_buffer *bytes) {
    struct numu_package_file *file = &package->files[package->count];
    file->name = name;
    NUMU_TRY(numu_text_copy(arena, (struct numu_text){bytes->data, bytes->length}, &file->bytes));
    package->count++;
    return NUMU_OK;
}

static numu_status build(const struct numu_model *model, struct numu_arena *arena,
                         struct numu_arena *scratch, struct numu_buffer *cell,
                         struct numu_buffer *bytes, struct numu_package *package) {
    NUMU_TRY(NUMU_TAKE(arena, &package->files, numu_schema_count()));
    for (const struct numu_table_descriptor *table = numu_schema + 1; table->name != NULL;
         table++) {
        if (!numu_model_head_of(model, table)->is_present) {
            continue;
        }
        struct numu_text name;
        numu_buffer_clear(bytes);
        NUMU_TRY(numu_text_printf(arena, &name, "%s.csv", table->name));
        NUMU_TRY(write_table(model, table, cell, bytes));
        NUMU_TRY(add_file(package, arena, name, bytes));
    }
    struct described described = {.model = model};
    struct numu_text source;
    numu_buffer_clear(bytes);
    NUMU_TRY(numu_package_descriptor(model, scratch, &source, &described.root));
    NUMU_TRY(write_descriptor(&described, source, cell, bytes));
    return add_file(package, arena, NUMU_TEXT("datapackage.json"), bytes);
}

numu_status numu_package_build(const struct numu_model *model, struct numu_arena *arena,
                               struct numu_package *out) {
    struct numu_package package = {NULL, 0};
    struct numu_arena_mark mark = numu_arena_mark(arena);
    struct numu_arena scratch;
    struct numu_buffer cell;
    struct numu_buffer bytes;
    numu_arena_init(&scratch, arena->heap);
    numu_buffer_init(&cell, arena->heap, 0);
    numu_buffer_init(&bytes, arena->heap, 0);
    numu_status status = build(model, arena, &scratch, &cell, &bytes, &package);
    numu_buffer_release(&bytes);
    numu_buffer_release(&cell);
    numu_arena_release(&scratch);
    if (status == NUMU_OK) {
        *out = package;
    } else {
        numu_arena_rewind(arena, mark);
    }
    return status;
}

/* --- what is not carried --- */

static void report_not_carried(struct numu_report *report, struct numu_place place,
                               const char *kind, struct numu_text name, const char *table) {
    struct numu_diagnostic finding = {
        .code = NUMU_CODE_NOT_CARRIED, .place = place, .related = NUMU_NOWHERE};
    finding.arguments[0] = numu_argument_string(kind);
    finding.arguments[1] = numu_argument_text(name);
    finding.arguments[2] = numu_argument_string(table);
    numu_report_add(report, &finding);
}

static struct numu_place place_in_descriptor(size_t offset, size_t length) {
    return (struct numu_place){0, (uint32_t)length, offset};
}

static void report_properties(const struct numu_json *root, struct numu_report *report) {
    const struct numu_json *object = numu_json_find(root, "numu");
    const struct numu_json *member = object == NULL ? NULL : object->first;
    for (; member != NULL; member = member->next) {
        if (numu_column_find(&numu_schema[0], member->key) == NULL) {
            report_not_carried(report, place_in_descriptor(member->key_offset, member->key_length),
                               "kind.property", member->key, NULL);
        }
    }
}

static void report_tables(const struct numu_json *root, struct numu_report *report) {
    const struct numu_json *resources = numu_json_find(root, "resources");
    const struct numu_json *resource = resources == NULL ? NULL : resources->first;
    for (; resource != NULL; resource = resource->next) {
        const struct numu_json *name = numu_json_find(resource, "name");
        if (name != NULL && numu_schema_find(name->text) == NULL) {
            report_not_carried(report, place_in_descriptor(name->offset, name->length),
                               "kind.table", name->text, NULL);
        }
    }
}

/* Reads the header of the table's file again: the model knows nothing of unknown columns. */
static void report_columns(const struct numu_model *model,
                           const struct numu_table_descriptor *table, char *window,
                           struct numu_csv_reader *reader, struct numu_report *report) {
    const struct numu_table_head *head = numu_model_head_of(model, table);
    struct numu_stream stream;
    size_t count;
    int number;
    if (!head->is_present || head->source >= model->sources.count ||
        numu_source_open(&model->sources.list[head->source], &stream, &number) != NUMU_OK) {
        return;
    }
    numu_status status = numu_stream_read(&stream, 0, window, HEADER_BYTES_MAX, &count, &number);
    numu_stream_close(&stream);
    numu_csv_reader_init(reader, head->delimiter);
    numu_csv_reader_refill(reader, window, status == NUMU_OK ? count : 0, true);
    if (numu_csv_next(reader) != NUMU_CSV_RECORD) {
        return;
    }
    for (size_t i = 0; i < reader->count; i++) {
        struct numu_text name = numu_text_trim(reader->fields[i].value);
        struct numu_place place = {head->source, reader->fields[i].length,
                                   reader->fields[i].offset};
        if (numu_column_find(table, name) == NULL) {
            report_not_carried(report, place, "kind.column", name, table->name);
        }
    }
}

static numu_status report_all(const struct numu_model *model, struct numu_arena *scratch,
                              struct numu_report *report) {
    struct numu_text source;
    const struct numu_json *root;
    char *window;
    struct numu_csv_reader *reader;
    NUMU_TRY(numu_package_descriptor(model, scratch, &source, &root));
    NUMU_TRY(NUMU_TAKE(scratch, &window, HEADER_BYTES_MAX));
    NUMU_TRY(NUMU_TAKE(scratch, &reader, 1));
    report_properties(root, report);
    report_tables(root, report);
    for (const struct numu_table_descriptor *table = numu_schema + 1; table->name != NULL;
         table++) {
        report_columns(model, table, window, reader, report);
    }
    return report->status;
}

numu_status numu_package_report_not_carried(const struct numu_model *model, struct numu_heap *heap,
                                            struct numu_report *report) {
    struct numu_arena scratch;
    numu_arena_init(&scratch, heap);
    numu_status status = report_all(model, &scratch, report);
    numu_arena_release(&scratch);
    return status;
}
