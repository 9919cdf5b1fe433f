/*
 * load.c - a package into a model: datapackage.json, then the tables in the schema's order. What is
 * no folder has its files in memory (package.h).
 *
 * Format: Frictionless Data Package 1.0
 * (https://specs.frictionlessdata.io/tabular-data-package/), of which numu reads
 * resources[].name, path, encoding, dialect.delimiter, schema.fields[].name and decimalChar, and
 * its own properties under "numu".
 */
#include "base/cell.h"
#include "base/file.h"
#include "base/json.h"
#include "model/load_table.h"
#include "model/package.h"

#include <errno.h>
#include <string.h>

enum { DESCRIPTOR_BYTES_MAX = 16 << 20 };

struct package_loader {
    const struct numu_context *context;
    struct numu_model *model;
    struct numu_report *report;
    const struct numu_package *package; /* the files, where they are in memory */
    uint32_t source;                    /* of datapackage.json */
    struct numu_table_file *files;      /* by table of the schema */
    bool *is_listed;                    /* by table of the schema */
    struct numu_text *names;            /* by table of the schema: path within the folder */
    struct numu_place *listed;    /* by table of the schema: where datapackage.json names it */
    struct numu_sha256 *digests;  /* by table of the schema; [0] is datapackage.json's */
    struct numu_text calendar_id; /* resolved when the tables are there */
    struct numu_place calendar_place;
};

/* --- findings --- */

static void add(const struct package_loader *loader, numu_code code, struct numu_place place,
                struct numu_text first, struct numu_text second, struct numu_text third) {
    struct numu_diagnostic finding = {.code = code, .place = place, .related = NUMU_NOWHERE};
    finding.arguments[0] = numu_argument_text(first);
    finding.arguments[1] = numu_argument_text(second);
    finding.arguments[2] = numu_argument_text(third);
    numu_report_add(loader->report, &finding);
}

static struct numu_place place_of(const struct package_loader *loader,
                                  const struct numu_json *value) {
    return (struct numu_place){loader->source, (uint32_t)value->length, value->offset};
}

static struct numu_place place_of_key(const struct package_loader *loader,
                                      const struct numu_json *value) {
    return (struct numu_place){loader->source, (uint32_t)value->key_length, value->key_offset};
}

static void bad_property(const struct package_loader *loader, const char *name,
                         const struct numu_json *value, const char *expected) {
    add(loader, NUMU_CODE_BAD_PROPERTY, place_of(loader, value), numu_text_of(name), value->text,
        numu_text_of(expected));
}

static void cannot_read(const struct package_loader *loader, struct numu_text path, int number) {
    add(loader, NUMU_CODE_CANNOT_READ, NUMU_NOWHERE, path, numu_text_of(strerror(number)),
        (struct numu_text){NULL, 0});
}

/* --- the properties under "numu" --- */

/* What a column expects, as an argument: a range, a list of choices, or the kind's name. */
static numu_status expectation(const struct numu_column *column, numu_code code,
                               struct numu_buffer *buffer) {
    if (code == NUMU_CODE_OUT_OF_RANGE) {
        return numu_column_range(column, buffer);
    }
    if (column->choices != NULL) {
        for (size_t i = 0; column->choices[i] != NULL; i++) {
            NUMU_TRY(numu_buffer_append_string(buffer, i == 0 ? "" : ", "));
            NUMU_TRY(numu_buffer_append_string(buffer, column->choices[i]));
        }
        return NUMU_OK;
    }
    return numu_buffer_append_string(buffer, numu_kind_name(column->kind));
}

static numu_status read_property(struct package_loader *loader, const struct numu_column *column,
                                 const struct numu_json *value, void *element) {
    struct numu_text text = value->text;
    if (value->kind == NUMU_JSON_TRUE || value->kind == NUMU_JSON_FALSE) {
        text = numu_text_of(value->kind == NUMU_JSON_TRUE ? "true" : "false");
    }
    if (value->kind == NUMU_JSON_NULL || (value->kind == NUMU_JSON_STRING && text.length == 0)) {
        return NUMU_OK;
    }
    if (column->kind == NUMU_KIND_REFERENCE && value->kind == NUMU_JSON_STRING) {
        loader->calendar_id = text;
        loader->calendar_place = place_of(loader, value);
        return NUMU_OK;
    }
    struct numu_cell_rules rules = {.decimal_char = '.', .currency = loader->model->currency};
    numu_code code = value->kind == NUMU_JSON_ARRAY || value->kind == NUMU_JSON_OBJECT
                         ? NUMU_CODE_WRONG_TYPE
                         : numu_cell_parse(column, text, &rules, element);
    if (code != NUMU_CODE_NONE) {
        struct numu_buffer expected;
        numu_buffer_init(&expected, loader->context->heap, 0);
        numu_status status = expectation(column, code, &expected);
        if (status == NUMU_OK) {
            bad_property(loader, column->name, value, expected.data);
        }
        numu_buffer_release(&expected);
        return status;
    }
    if (column->kind == NUMU_KIND_TEXT) {
        return numu_text_copy(&loader->model->arena, text, element);
    }
    return NUMU_OK;
}

static const char *nearest_property(const struct numu_table_descriptor *table,
                                    struct numu_text name) {
    const char *names[64] = {NULL};
    size_t count = 0;
    for (const struct numu_column *column = table->columns; column->name != NULL; column++) {
        if (!column->is_evidence && count < 63) {
            names[count++] = column->name;
        }
    }
    return numu_choice_nearest(names, name);
}

static numu_status read_properties(struct package_loader *loader, const struct numu_json *root) {
    const struct numu_table_descriptor *table =
        numu_schema_at(offsetof(struct numu_model, package));
    const struct numu_json *object = numu_json_find(root, "numu");
    if (object == NULL || object->kind != NUMU_JSON_OBJECT) {
        bad_property(loader, "numu", object == NULL ? root : object, "kind.object");
        return NUMU_OK;
    }
    for (const struct numu_json *value = object->first; value != NULL; value = value->next) {
        const struct numu_column *column = numu_column_find(table, value->key);
        if (column == NULL || column->is_evidence) {
            add(loader, NUMU_CODE_UNKNOWN_PROPERTY, place_of_key(loader, value), value->key,
                numu_text_of(nearest_property(table, value->key)), (struct numu_text){NULL, 0});
            continue;
        }
        void *array;
        memcpy(&array, (char *)loader->model + table->offset + column->offset, sizeof array);
        NUMU_TRY(read_property(loader, column, value, array));
    }
    for (const struct numu_column *column = table->columns; column->name != NULL; column++) {
        if (column->required && numu_json_find(object, column->name) == NULL) {
            add(loader, NUMU_CODE_BAD_PROPERTY, place_of(loader, object),
                numu_text_of(column->name), (struct numu_text){NULL, 0},
                numu_text_of(numu_kind_name(column->kind)));
        }
    }
    const struct numu_json *start = numu_json_find(object, "start");
    numu_day day = loader->model->package.start[0];
    if (start != NULL && day != NUMU_NO_DAY && numu_day_date(day).day != 1) {
        bad_property(loader, "start", start, "kind.month_start");
    }
    loader->model->currency = loader->model->package.currency[0];
    return NUMU_OK;
}

static numu_status read_title(struct package_loader *loader, const struct numu_json *root) {
    const struct numu_json *title = numu_json_find(root, "title");
    if (title == NULL || title->kind != NUMU_JSON_STRING) {
        return NUMU_OK;
    }
    return numu_text_copy(&loader->model->arena, title->text, &loader->model->title);
}

/* One row of "no value" and defaults. */
static numu_status make_properties(struct numu_model *model) {
    const struct numu_table_descriptor *table =
        numu_schema_at(offsetof(struct numu_model, package));
    model->package.head.count = 1;
    for (const struct numu_column *column = table->columns; column->name != NULL; column++) {
        if (column->is_evidence) {
            continue;
        }
        void *element;
        NUMU_TRY(numu_arena_take(&model->arena, 1, numu_kind_size(column->kind), &element));
        numu_column_default(column, element);
        memcpy((char *)model + table->offset + column->offset, &element, sizeof element);
    }
    return NUMU_OK;
}

/* --- resources --- */

static bool is_plain_path(struct numu_text path) {
    if (path.length == 0 || path.data[0] == '/' || path.data[0] == '.' ||
        memchr(path.data, '\0', path.length) != NULL ||
        memchr(path.data, '\\', path.length) != NULL) {
        return false;
    }
    return numu_text_find(path, NUMU_TEXT("../"), 0) == SIZE_MAX &&
           numu_text_find(path, NUMU_TEXT("://"), 0) == SIZE_MAX;
}

static void read_dialect(const struct package_loader *loader, const struct numu_json *resource,
                         struct numu_table_file *file) {
    const struct numu_json *dialect = numu_json_find(resource, "dialect");
    const struct numu_json *delimiter = numu_json_find(dialect, "delimiter");
    if (dialect != NULL && dialect->kind != NUMU_JSON_OBJECT) {
        bad_property(loader, "dialect", dialect, "kind.object");
    }
    if (delimiter == NULL) {
        return;
    }
    if (delimiter->kind != NUMU_JSON_STRING || delimiter->text.length != 1 ||
        strchr("\"\r\n", delimiter->text.data[0]) != NULL ||
        (unsigned char)delimiter->text.data[0] >= 128) {
        bad_property(loader, "delimiter", delimiter, "kind.delimiter");
        return;
    }
    file->delimiter = delimiter->text.data[0];
}

static void read_fields(const struct package_loader *loader, const struct numu_json *resource,
                        const struct numu_table_descriptor *table, struct numu_table_file *file) {
    const struct numu_json *fields = numu_json_find(numu_json_find(resource, "schema"), "fields");
    if (fields == NULL || fields->kind != NUMU_JSON_ARRAY) {
        return;
    }
    for (const struct numu_json *field = fields->first; field != NULL; field = field->next) {
        const struct numu_json *name = numu_json_find(field, "name");
        const struct numu_json *decimal = numu_json_find(field, "decimalChar");
        if (name == NULL || decimal == NULL || name->kind != NUMU_JSON_STRING) {
            continue;
        }
        const struct numu_column *column = numu_column_find(table, name->text);
        bool is_comma = numu_text_is(decimal->text, ",");
        if (!is_comma && !numu_text_is(decimal->text, ".")) {
            bad_property(loader, "decimalChar", decimal, "kind.decimal_char");
        } else if (column != NULL && is_comma) {
            file->comma_columns |= UINT64_C(1) << (column - table->columns);
        }
    }
}

static void read_resource(struct package_loader *loader, const struct numu_json *resource) {
    const struct numu_json *name = numu_json_find(resource, "name");
    const struct numu_json *path = numu_json_find(resource, "path");
    const struct numu_json *encoding = numu_json_find(resource, "encoding");
    if (name == NULL || name->kind != NUMU_JSON_STRING) {
        bad_property(loader, "name", name == NULL ? resource : name, "kind.string");
        return;
    }
    const struct numu_table_descriptor *table = numu_schema_find(name->text);
    if (table == NULL || table == numu_schema) {
        add(loader, NUMU_CODE_UNKNOWN_TABLE, place_of(loader, name), name->text,
            numu_text_of(numu_schema_nearest(name->text)), (struct numu_text){NULL, 0});
        return;
    }
    size_t number = (size_t)(table - numu_schema);
    if (loader->is_listed[number]) {
        add(loader, NUMU_CODE_DUPLICATE_TABLE, place_of(loader, name), name->text,
            (struct numu_text){NULL, 0}, (struct numu_text){NULL, 0});
        return;
    }
    if (path == NULL || path->kind != NUMU_JSON_STRING || !is_plain_path(path->text)) {
        bad_property(loader, "path", path == NULL ? resource : path, "kind.relative_path");
        return;
    }
    if (encoding != NULL && !numu_text_is(encoding->text, "utf-8") &&
        !numu_text_is(encoding->text, "UTF-8") && !numu_text_is(encoding->text, "utf8")) {
        bad_property(loader, "encoding", encoding, "kind.utf8");
    }
    loader->is_listed[number] = true;
    loader->names[number] = path->text;
    loader->listed[number] = place_of(loader, path);
    read_dialect(loader, resource, &loader->files[number]);
    read_fields(loader, resource, table, &loader->files[number]);
}

static void read_resources(struct package_loader *loader, const struct numu_json *root) {
    const struct numu_json *resources = numu_json_find(root, "resources");
    if (resources == NULL || resources->kind != NUMU_JSON_ARRAY) {
        bad_property(loader, "resources", resources == NULL ? root : resources, "kind.array");
        return;
    }
    for (const struct numu_json *resource = resources->first; resource != NULL;
         resource = resource->next) {
        if (resource->kind == NUMU_JSON_OBJECT) {
            read_resource(loader, resource);
        } else {
            bad_property(loader, "resources", resource, "kind.object");
        }
    }
}

/* Names of the package's files, without those in folders within it. */
static numu_status list_files(const struct package_loader *loader, struct numu_arena *scratch,
                              struct numu_text **out_names, size_t *out_count, int *out_errno) {
    const struct numu_package *package = loader->package;
    if (package == NULL) {
        return numu_folder_list(scratch, loader->model->folder.data, out_names, out_count,
                                out_errno);
    }
    *out_errno = 0;
    NUMU_TRY(NUMU_TAKE(scratch, out_names, package->count));
    for (size_t i = 0; i < package->count; i++) {
        (*out_names)[i] = package->files[i].name;
    }
    *out_count = package->count;
    return NUMU_OK;
}

/* <table>.csv files that datapackage.json does not list are read all the same, with a warning. */
static numu_status find_unlisted(struct package_loader *loader, struct numu_arena *scratch) {
    struct numu_text *names = NULL;
    size_t count = 0;
    int number;
    numu_status status = list_files(loader, scratch, &names, &count, &number);
    if (status == NUMU_IO) {
        cannot_read(loader, loader->model->folder, number);
        return NUMU_INVALID;
    }
    NUMU_TRY(status);
    for (size_t i = 0; i < count; i++) {
        size_t length = names[i].length;
        if (length < 5 || memcmp(names[i].data + length - 4, ".csv", 4) != 0) {
            continue;
        }
        const struct numu_table_descriptor *table =
            numu_schema_find((struct numu_text){names[i].data, length - 4});
        size_t t = table == NULL ? 0 : (size_t)(table - numu_schema);
        if (t > 0 && !loader->is_listed[t]) {
            struct numu_place whole = {loader->source, 0, NUMU_WHOLE_FILE};
            add(loader, NUMU_CODE_UNLISTED_TABLE, whole, names[i], (struct numu_text){NULL, 0},
                (struct numu_text){NULL, 0});
            loader->is_listed[t] = true;
            loader->names[t] = names[i];
            loader->listed[t] = whole;
        }
    }
    return NUMU_OK;
}

/* --- all of it --- */

/* Opens a file of the package; *out_bytes is empty where it is not in memory. */
static numu_status open_file(const struct package_loader *loader, struct numu_text name,
                             const char *path, struct numu_stream *stream,
                             struct numu_text *out_bytes, int *out_errno) {
    *out_bytes = (struct numu_text){NULL, 0};
    if (loader->package == NULL) {
        return numu_stream_open(stream, path, out_errno);
    }
    const struct numu_text *bytes = numu_package_find(loader->package, name);
    if (bytes == NULL) {
        *out_errno = ENOENT;
        return NUMU_IO;
    }
    *out_bytes = *bytes;
    numu_stream_open_memory(stream, *bytes);
    return NUMU_OK;
}

static numu_status load_listed(struct package_loader *loader, size_t number,
                               struct numu_arena *scratch) {
    struct numu_model *model = loader->model;
    char *path;
    NUMU_TRY(numu_path_join(scratch, model->folder, loader->names[number], &path));
    struct numu_stream stream;
    struct numu_text bytes;
    int error;
    numu_status status = open_file(loader, loader->names[number], path, &stream, &bytes, &error);
    if (status == NUMU_IO) {
        add(loader, NUMU_CODE_CANNOT_READ, loader->listed[number], numu_text_of(path),
            numu_text_of(strerror(error)), (struct numu_text){NULL, 0});
        struct numu_table_head *head = numu_model_head(model, &numu_schema[number]);
        head->is_present = head->is_broken = true;
        head->source = loader->source;
        loader->is_listed[number] = false;
        return numu_table_make_empty(model, &numu_schema[number]);
    }
    NUMU_TRY(status);
    status =
        numu_sources_add(&model->sources, numu_text_of(path), bytes, &loader->files[number].source);
    if (status == NUMU_OK) {
        status =
            numu_table_load(loader->context, model, &numu_schema[number], &loader->files[number],
                            &stream, loader->report, &loader->digests[number]);
    }
    numu_stream_close(&stream);
    return status;
}

static void resolve_calendar(const struct package_loader *loader) {
    if (loader->calendar_id.length == 0) {
        return;
    }
    numu_row row = numu_model_find(
        loader->model, numu_schema_at(offsetof(struct numu_model, calendar)), loader->calendar_id);
    if (row == NUMU_NONE && !loader->model->calendar.head.is_broken) {
        const struct numu_table_descriptor *table =
            numu_schema_at(offsetof(struct numu_model, package));
        numu_report_cell(loader->report, NUMU_CODE_UNKNOWN_REFERENCE, loader->model,
                         numu_column_find(table, NUMU_TEXT("calendar")), loader->calendar_id, 0,
                         loader->calendar_place);
    }
    loader->model->package.calendar[0] = row;
}

/*
 * The digest of "<digest>  <name>\n" lines in order of names: what `sha256sum datapackage.json
 * *.csv | sha256sum` gives.
 */
static numu_status hash_inputs(const struct package_loader *loader) {
    if (loader->context->skips_digest) {
        return NUMU_OK;
    }
    size_t count = numu_schema_count();
    struct numu_buffer lines;
    numu_buffer_init(&lines, loader->context->heap, 0);
    struct numu_text before = {NULL, 0};
    numu_status status = NUMU_OK;
    for (;;) {
        size_t next = SIZE_MAX;
        for (size_t i = 0; i < count; i++) {
            if (loader->is_listed[i] && numu_text_compare(loader->names[i], before) > 0 &&
                (next == SIZE_MAX ||
                 numu_text_compare(loader->names[i], loader->names[next]) < 0)) {
                next = i;
            }
        }
        if (next == SIZE_MAX || status != NUMU_OK) {
            break;
        }
        before = loader->names[next];
        char hex[NUMU_SHA256_HEX_BYTES];
        status =
            numu_buffer_printf(&lines, "%s  %.*s\n", numu_sha256_hex(&loader->digests[next], hex),
                               (int)before.length, before.data);
    }
    if (status == NUMU_OK) {
        status = numu_sha256(lines.data, lines.length, &loader->model->inputs);
    }
    numu_buffer_release(&lines);
    return status;
}

static numu_status load_tables(struct package_loader *loader, struct numu_arena *scratch) {
    size_t listed = 0;
    size_t count = numu_schema_count();
    for (size_t i = 1; i < count; i++) {
        numu_context_progress(loader->context, "load", (double)i / (double)count);
        if (numu_context_is_stopped(loader->context)) {
            return NUMU_STOPPED;
        }
        if (loader->is_listed[i]) {
            listed++;
            NUMU_TRY(load_listed(loader, i, scratch));
        } else {
            NUMU_TRY(numu_table_make_empty(loader->model, &numu_schema[i]));
        }
    }
    if (listed == 0) {
        struct numu_place whole = {loader->source, 0, NUMU_WHOLE_FILE};
        add(loader, NUMU_CODE_EMPTY_PACKAGE, whole, loader->model->folder,
            (struct numu_text){NULL, 0}, (struct numu_text){NULL, 0});
    }
    resolve_calendar(loader);
    return hash_inputs(loader);
}

static numu_status read_descriptor_bytes(const struct package_loader *loader, const char *path,
                                         struct numu_text *out, int *out_errno) {
    if (loader->package == NULL) {
        return numu_file_read(&loader->model->arena, path, DESCRIPTOR_BYTES_MAX, out, out_errno);
    }
    const struct numu_text *bytes =
        numu_package_find(loader->package, NUMU_TEXT("datapackage.json"));
    if (bytes == NULL) {
        *out_errno = ENOENT;
        return NUMU_IO;
    }
    *out = *bytes;
    return bytes->length > DESCRIPTOR_BYTES_MAX ? NUMU_LIMIT : NUMU_OK;
}

static numu_status read_descriptor(struct package_loader *loader, struct numu_arena *scratch,
                                   const struct numu_json **out_root) {
    struct numu_model *model = loader->model;
    char *path;
    struct numu_text bytes;
    int number;
    NUMU_TRY(numu_path_join(&model->arena, model->folder, NUMU_TEXT("datapackage.json"), &path));
    numu_status status = read_descriptor_bytes(loader, path, &bytes, &number);
    if (status == NUMU_IO) {
        if (loader->package != NULL || numu_path_is_folder(model->folder.data)) {
            add(loader, NUMU_CODE_NO_PACKAGE, NUMU_NOWHERE, model->folder,
                numu_text_of(strerror(number)), (struct numu_text){NULL, 0});
        } else {
            cannot_read(loader, model->folder, number);
        }
        return NUMU_IO;
    }
    NUMU_TRY(status);
    NUMU_TRY(numu_sources_add(&model->sources, numu_text_of(path), bytes, &loader->source));
    model->descriptor = loader->source;
    NUMU_TRY(numu_sha256(bytes.data, bytes.length, &loader->digests[0]));
    loader->is_listed[0] = true;
    loader->names[0] = NUMU_TEXT("datapackage.json");
    struct numu_json *root;
    struct numu_json_error error;
    status = numu_json_read(scratch, bytes, 0, &root, &error);
    if (status == NUMU_INVALID) {
        struct numu_place place = {loader->source, 1, error.offset};
        add(loader, NUMU_CODE_BAD_JSON, place, numu_text_of(numu_json_problem_name(error.problem)),
            (struct numu_text){NULL, 0}, (struct numu_text){NULL, 0});
        return NUMU_INVALID;
    }
    *out_root = root;
    return status;
}

static numu_status load(struct package_loader *loader, struct numu_arena *scratch) {
    size_t count = numu_schema_count();
    const struct numu_json *root = NULL;
    NUMU_TRY(NUMU_TAKE(scratch, &loader->files, count));
    NUMU_TRY(NUMU_TAKE(scratch, &loader->is_listed, count));
    NUMU_TRY(NUMU_TAKE(scratch, &loader->names, count));
    NUMU_TRY(NUMU_TAKE(scratch, &loader->listed, count));
    NUMU_TRY(NUMU_TAKE(scratch, &loader->digests, count));
    for (size_t i = 0; i < count; i++) {
        loader->files[i].delimiter = ',';
    }
    NUMU_TRY(make_properties(loader->model));
    NUMU_TRY(read_descriptor(loader, scratch, &root));
    NUMU_TRY(read_title(loader, root));
    NUMU_TRY(read_properties(loader, root));
    read_resources(loader, root);
    NUMU_TRY(find_unlisted(loader, scratch));
    return load_tables(loader, scratch);
}

numu_status numu_model_init(const struct numu_context *context, struct numu_model *out) {
    *out = (struct numu_model){.descriptor = NUMU_NO_SOURCE, .package.head.source = NUMU_NO_SOURCE};
    numu_arena_init(&out->arena, context->heap);
    numu_sources_init(&out->sources, &out->arena);
    size_t count = numu_context_threads(context);
    NUMU_TRY(NUMU_TAKE(&out->arena, &out->texts, count));
    for (size_t i = 0; i < count; i++) {
        numu_arena_init(&out->texts[i], context->heap);
    }
    out->text_count = count;
    return NUMU_OK;
}

/* Loads into a model that knows its folder. */
static numu_status load_into(const struct numu_context *context, const struct numu_package *package,
                             struct numu_report *report, struct numu_model *model) {
    struct numu_arena scratch;
    numu_arena_init(&scratch, context->heap);
    struct package_loader loader = {
        .context = context, .model = model, .report = report, .package = package};
    numu_status status = load(&loader, &scratch);
    numu_arena_release(&scratch);
    if (status == NUMU_OK) {
        status = report->status;
    }
    if (status == NUMU_OK && numu_report_total(report, NUMU_ERROR) > 0) {
        status = NUMU_INVALID;
    }
    return status;
}

numu_status numu_model_load(const struct numu_context *context, struct numu_text path,
                            struct numu_report *report, struct numu_model *out) {
    NUMU_TRY(numu_model_init(context, out));
    NUMU_TRY(numu_text_copy(&out->arena, path, &out->folder));
    if (numu_path_is_folder(out->folder.data)) {
        return load_into(context, NULL, report, out);
    }
    struct numu_package package;
    NUMU_TRY(numu_package_read(out->folder.data, &out->arena, report, &package));
    return load_into(context, &package, report, out);
}

numu_status numu_model_load_more(const struct numu_context *context, struct numu_text name,
                                 const struct numu_package *package, struct numu_report *report,
                                 struct numu_model *model) {
    NUMU_TRY(numu_text_copy(&model->arena, name, &model->folder));
    return load_into(context, package, report, model);
}

numu_status numu_model_load_files(const struct numu_context *context, struct numu_text name,
                                  const struct numu_package *package, struct numu_report *report,
                                  struct numu_model *out) {
    NUMU_TRY(numu_model_init(context, out));
    NUMU_TRY(numu_text_copy(&out->arena, name, &out->folder));
    return load_into(context, package, report, out);
}

void numu_model_release(struct numu_model *model) {
    for (size_t i = 0; i < model->text_count; i++) {
        numu_arena_release(&model->texts[i]);
    }
    model->text_count = 0;
    numu_arena_release(&model->arena);
}
