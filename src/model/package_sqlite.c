/*
 * package_sqlite.c - a package as an SQLite file.
 *
 * Writing: one transaction into a temporary file without journal or flushing, since base/file.h
 * makes the finished file durable and gives it its name. Reading: tables become the text of CSV
 * files, columns unknown to the schema included, and the loader checks them as it checks a folder.
 * The file may come from anywhere, so that only plain tables are looked at: no views, no virtual
 * tables.
 */
#include "model/package_parts.h"

#include "base/cell.h"
#include "base/csv.h"
#include "base/database.h"
#include "base/file.h"
#include "model/schema.h"

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    FORMAT_VERSION = 1,
    APPLICATION_ID = 0x6e756d70,      /* "nump" */
    PLAN_APPLICATION_ID = 0x6e756d75, /* plan.db, see plan/store.h */
    NUMBER_BYTES = 32
};

/* The shortest text that reads back as the same double: 15 to 17 digits. */
static struct numu_text number_text(double number, char text[NUMBER_BYTES]) {
    int length = 0;
    for (int digits = 15; digits <= 17; digits++) {
        length = snprintf(text, NUMBER_BYTES, "%.*g", digits, number);
        if (strtod(text, NULL) == number) {
            break;
        }
    }
    return (struct numu_text){text, (size_t)length};
}

/* --- writing --- */

static const char *sql_type(const struct numu_column *column) {
    switch (column->kind) {
    case NUMU_KIND_KEY:
        return "TEXT PRIMARY KEY";
    case NUMU_KIND_INTEGER:
    case NUMU_KIND_BOOLEAN:
        return "INTEGER";
    case NUMU_KIND_MONEY:
    case NUMU_KIND_PRICE:
    case NUMU_KIND_QUANTITY:
    case NUMU_KIND_DECIMAL:
        return "NUMERIC"; /* whole numbers stay whole */
    default:
        return "TEXT";
    }
}

/* Keys to tables that are not there would make the table unusable. */
static bool has_foreign_key(const struct numu_model *model, const struct numu_column *column) {
    return column->kind == NUMU_KIND_REFERENCE &&
           numu_model_head_of(model, numu_schema_at(column->reference))->is_present;
}

static bool is_column_kept(const struct numu_table_descriptor *table,
                           const struct numu_column *column) {
    return table != numu_schema || !column->is_evidence; /* properties carry none */
}

static numu_status create_table(struct numu_database *store, const struct numu_model *model,
                                const struct numu_table_descriptor *table) {
    struct numu_buffer *sql = &store->text;
    numu_buffer_clear(sql);
    NUMU_TRY(numu_buffer_printf(sql, "CREATE TABLE \"%s\" (", table->name));
    for (const struct numu_column *column = table->columns; column->name != NULL; column++) {
        if (!is_column_kept(table, column)) {
            continue;
        }
        NUMU_TRY(numu_buffer_printf(sql, "%s\"%s\" %s%s", column == table->columns ? "" : ", ",
                                    column->name, sql_type(column),
                                    column->required ? " NOT NULL" : ""));
        if (has_foreign_key(model, column)) {
            NUMU_TRY(numu_buffer_printf(sql, " REFERENCES \"%s\" (\"id\")",
                                        numu_schema_at(column->reference)->name));
        }
    }
    NUMU_TRY(numu_buffer_append_string(sql, ")"));
    return numu_database_run(store, sql->data);
}

static numu_status prepare_insert(struct numu_database *store,
                                  const struct numu_table_descriptor *table) {
    struct numu_buffer *sql = &store->text;
    numu_buffer_clear(sql);
    NUMU_TRY(numu_buffer_printf(sql, "INSERT INTO \"%s\" VALUES (", table->name));
    for (const struct numu_column *column = table->columns; column->name != NULL; column++) {
        if (is_column_kept(table, column)) {
            NUMU_TRY(numu_buffer_append_string(sql, column == table->columns ? "?" : ",?"));
        }
    }
    NUMU_TRY(numu_buffer_append_string(sql, ")"));
    return numu_database_prepare(store);
}

static numu_status bind_text(struct numu_database *store, int place, struct numu_text text) {
    return numu_database_status(sqlite3_bind_text64(store->statement, place, text.data, text.length,
                                                    SQLITE_TRANSIENT, SQLITE_UTF8));
}

/*
 * A number whose text is given: an integer where it is whole, else the double that gives the same
 * number back, else, as no column of numbers keeps text, a blob of the text.
 */
static numu_status bind_number(struct numu_database *store, int place,
                               const struct numu_text *text) {
    char back[NUMBER_BYTES];
    int64_t whole;
    int64_t exact = 0;
    int64_t returned = 0;
    if (numu_number_parse(*text, 0, '.', &whole) == NUMU_NUMBER_OK) {
        return numu_database_status(sqlite3_bind_int64(store->statement, place, whole));
    }
    double number = strtod(text->data, NULL);
    const char *point = strchr(text->data, '.');
    int decimals = (int)strlen(point) - 1; /* it is not whole, so that there is a point */
    bool is_same =
        numu_number_parse(*text, decimals, '.', &exact) == NUMU_NUMBER_OK &&
        numu_number_parse(number_text(number, back), decimals, '.', &returned) == NUMU_NUMBER_OK &&
        exact == returned;
    if (is_same) {
        return numu_database_status(sqlite3_bind_double(store->statement, place, number));
    }
    return numu_database_status(
        sqlite3_bind_blob64(store->statement, place, text->data, text->length, SQLITE_TRANSIENT));
}

static numu_status bind_cell(struct numu_database *store, int place, const struct numu_model *model,
                             const struct numu_table_descriptor *table,
                             const struct numu_column *column, numu_row row) {
    const void *array = numu_model_array(model, table, column);
    if (numu_cell_is_empty(column, array, row)) {
        return numu_database_status(sqlite3_bind_null(store->statement, place));
    }
    numu_buffer_clear(&store->text);
    NUMU_TRY(numu_model_write_cell(model, table, column, row, &store->text));
    struct numu_text text = {store->text.data, store->text.length};
    switch (column->kind) {
    case NUMU_KIND_MONEY:
    case NUMU_KIND_PRICE:
    case NUMU_KIND_QUANTITY:
    case NUMU_KIND_DECIMAL:
    case NUMU_KIND_INTEGER:
        return bind_number(store, place, &text);
    case NUMU_KIND_BOOLEAN:
        return numu_database_status(sqlite3_bind_int(
            store->statement, place, ((const uint8_t *)array)[row] == NUMU_BOOLEAN_TRUE));
    default:
        return bind_text(store, place, text);
    }
}

/* Runs the prepared insertion and makes it ready for the next row. */
static numu_status insert(struct numu_database *store) {
    NUMU_TRY(numu_database_status(sqlite3_step(store->statement)));
    return numu_database_status(sqlite3_reset(store->statement));
}

static numu_status write_table(struct numu_database *store, const struct numu_model *model,
                               const struct numu_table_descriptor *table) {
    NUMU_TRY(create_table(store, model, table));
    NUMU_TRY(prepare_insert(store, table));
    numu_row count = numu_model_head_of(model, table)->count;
    for (numu_row row = 0; row < count; row++) {
        int place = 1;
        for (const struct numu_column *column = table->columns; column->name != NULL; column++) {
            if (is_column_kept(table, column)) {
                NUMU_TRY(bind_cell(store, place++, model, table, column, row));
            }
        }
        NUMU_TRY(insert(store));
    }
    return NUMU_OK;
}

static bool is_made_by_numu(const struct numu_json *member,
                            const struct numu_table_descriptor *table) {
    if (table == NULL) {
        return numu_package_makes_member(member->key);
    }
    return numu_schema_makes_member(member->key) || (numu_text_is(member->key, "description") &&
                                                     numu_text_is(member->text, table->sentence));
}

/*
 * The members of datapackage.json, or of a table's resource, that numu does not make itself, as
 * rows of `property`.
 */
static numu_status write_members(struct numu_database *store, const struct numu_json *object,
                                 struct numu_text source,
                                 const struct numu_table_descriptor *table) {
    const struct numu_json *member = object == NULL ? NULL : object->first;
    for (; member != NULL; member = member->next) {
        if (is_made_by_numu(member, table)) {
            continue;
        }
        NUMU_TRY(bind_text(store, 1, numu_text_of(table == NULL ? NULL : table->name)));
        NUMU_TRY(bind_text(store, 2, member->key));
        NUMU_TRY(
            bind_text(store, 3, (struct numu_text){source.data + member->offset, member->length}));
        NUMU_TRY(insert(store));
    }
    return NUMU_OK;
}

static numu_status write_properties(struct numu_database *store, const struct numu_model *model,
                                    struct numu_arena *scratch) {
    struct numu_text source;
    const struct numu_json *root;
    NUMU_TRY(numu_package_descriptor(model, scratch, &source, &root));
    NUMU_TRY(numu_database_run(store, "CREATE TABLE property (\"table\" TEXT, name TEXT NOT NULL, "
                                      "value TEXT NOT NULL)"));
    numu_buffer_clear(&store->text);
    NUMU_TRY(numu_buffer_append_string(&store->text, "INSERT INTO property VALUES (?,?,?)"));
    NUMU_TRY(numu_database_prepare(store));
    NUMU_TRY(write_members(store, root, source, NULL));
    for (const struct numu_table_descriptor *table = numu_schema + 1; table->name != NULL;
         table++) {
        if (numu_model_head_of(model, table)->is_present) {
            NUMU_TRY(write_members(store, numu_package_resource(root, table), source, table));
        }
    }
    return NUMU_OK;
}

static numu_status insert_note(struct numu_database *store, const char *table, const char *column,
                               const char *unit, const char *sentence) {
    const char *const values[] = {table, column, unit, sentence};
    for (int i = 0; i < 4; i++) {
        NUMU_TRY(numu_database_status(
            sqlite3_bind_text(store->statement, i + 1, values[i], -1, SQLITE_TRANSIENT)));
    }
    return insert(store);
}

static numu_status write_notes(struct numu_database *store, const struct numu_model *model) {
    NUMU_TRY(numu_database_run(
        store, "CREATE TABLE column_note (\"table\" TEXT, \"column\" TEXT, unit TEXT, "
               "sentence TEXT)"));
    numu_buffer_clear(&store->text);
    NUMU_TRY(numu_buffer_append_string(&store->text, "INSERT INTO column_note VALUES (?,?,?,?)"));
    NUMU_TRY(numu_database_prepare(store));
    for (const struct numu_table_descriptor *table = numu_schema; table->name != NULL; table++) {
        if (table != numu_schema && !numu_model_head_of(model, table)->is_present) {
            continue;
        }
        NUMU_TRY(insert_note(store, table->name, NULL, NULL, table->sentence));
        for (const struct numu_column *column = table->columns; column->name != NULL; column++) {
            if (is_column_kept(table, column)) {
                NUMU_TRY(
                    insert_note(store, table->name, column->name, column->unit, column->sentence));
            }
        }
    }
    return NUMU_OK;
}

static numu_status write_all(struct numu_database *store, const struct numu_model *model,
                             struct numu_arena *scratch) {
    NUMU_TRY(numu_database_run(store, "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; "
                                      "PRAGMA page_size = 4096; PRAGMA encoding = 'UTF-8'"));
    numu_buffer_clear(&store->text);
    NUMU_TRY(numu_buffer_printf(&store->text,
                                "PRAGMA application_id = %d; PRAGMA user_version = %d",
                                APPLICATION_ID, FORMAT_VERSION));
    NUMU_TRY(numu_database_run(store, store->text.data));
    NUMU_TRY(numu_database_run(store, "BEGIN"));
    for (const struct numu_table_descriptor *table = numu_schema; table->name != NULL; table++) {
        if (table == numu_schema || numu_model_head_of(model, table)->is_present) {
            NUMU_TRY(write_table(store, model, table));
        }
    }
    NUMU_TRY(write_properties(store, model, scratch));
    NUMU_TRY(write_notes(store, model));
    return numu_database_run(store, "COMMIT");
}

static numu_status complain(struct numu_report *report, numu_code code, const char *path,
                            const char *reason) {
    return numu_package_complain(report, code, path, numu_argument_string(reason),
                                 (struct numu_argument){0});
}

numu_status numu_package_write_database(const struct numu_model *model, const char *path,
                                        struct numu_heap *heap, struct numu_report *report) {
    struct numu_file_draft draft;
    int number = 0;
    numu_status status = numu_file_draft_begin(&draft, path, &number);
    if (status != NUMU_OK) {
        return complain(report, NUMU_CODE_CANNOT_WRITE, path, strerror(number));
    }
    struct numu_database store;
    struct numu_arena scratch;
    numu_arena_init(&scratch, heap);
    status = numu_database_open(&store, draft.temporary, SQLITE_OPEN_READWRITE, heap);
    if (status == NUMU_OK) {
        status = write_all(&store, model, &scratch);
    }
    const char *reason = sqlite3_errstr(sqlite3_errcode(store.handle));
    numu_status closing = numu_database_close(&store);
    numu_arena_release(&scratch);
    status = status == NUMU_OK ? closing : status;
    if (status == NUMU_OK) {
        status = numu_file_draft_commit(&draft, &number);
        reason = strerror(number);
    }
    numu_file_draft_abandon(&draft);
    if (status == NUMU_OK || status == NUMU_MEMORY || status == NUMU_LIMIT) {
        return status;
    }
    return complain(report, NUMU_CODE_CANNOT_WRITE, path, reason);
}

/* --- reading --- */

struct reading {
    struct numu_database store;
    const char *path;
    uint64_t bytes_left, bytes_max;
    struct numu_arena *arena;
    struct numu_report *report;
    struct numu_buffer bytes; /* of the file being made */
    struct numu_package package;
};

/* The one integer of the prepared statement's one row. */
static numu_status read_integer(struct numu_database *store, int64_t *out) {
    NUMU_TRY(numu_database_prepare(store));
    int answer = sqlite3_step(store->statement);
    if (answer != SQLITE_ROW) {
        return answer == SQLITE_DONE ? NUMU_INVALID : numu_database_status(answer);
    }
    *out = sqlite3_column_int64(store->statement, 0);
    return NUMU_OK;
}

static numu_status read_pragma(struct numu_database *store, const char *name, int64_t *out) {
    numu_buffer_clear(&store->text);
    NUMU_TRY(numu_buffer_printf(&store->text, "PRAGMA %s", name));
    return read_integer(store, out);
}

static numu_status check_format(struct reading *reading) {
    int64_t application = 0;
    int64_t version = 0;
    NUMU_TRY(read_pragma(&reading->store, "application_id", &application));
    NUMU_TRY(read_pragma(&reading->store, "user_version", &version));
    if (application != APPLICATION_ID || version < 1) {
        bool is_plan = application == PLAN_APPLICATION_ID;
        return complain(reading->report, NUMU_CODE_NOT_A_PACKAGE, reading->path,
                        is_plan ? "kind.plan" : NULL);
    }
    if (version > FORMAT_VERSION) {
        return numu_package_complain(reading->report, NUMU_CODE_NEWER_FORMAT, reading->path,
                                     numu_argument_integer(version),
                                     numu_argument_integer(FORMAT_VERSION));
    }
    return NUMU_OK;
}

/* Whether there is a plain table of a name. Views and virtual tables have no root page. */
static numu_status find_table(struct numu_database *store, const char *name, bool *out) {
    int64_t found = 0;
    numu_buffer_clear(&store->text);
    NUMU_TRY(numu_buffer_printf(
        &store->text,
        "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND rootpage > 0 AND name = '%s'",
        name));
    NUMU_TRY(read_integer(store, &found));
    *out = found == 1;
    return NUMU_OK;
}

static numu_status prepare_rows(struct numu_database *store, const char *table) {
    numu_buffer_clear(&store->text);
    NUMU_TRY(numu_buffer_printf(&store->text, "SELECT * FROM \"%s\" ORDER BY rowid", table));
    return numu_database_prepare(store);
}

/* SQLITE_ROW gives true, SQLITE_DONE false. */
static numu_status step(struct numu_database *store, bool *out_is_row) {
    int answer = sqlite3_step(store->statement);
    *out_is_row = answer == SQLITE_ROW;
    return numu_database_status(answer);
}

/* The text of a value of the present row, valid until the next step. Blobs are taken as text. */
static numu_status value_text(struct numu_database *store, int place, char number[NUMBER_BYTES],
                              struct numu_text *out) {
    *out = (struct numu_text){NULL, 0};
    switch (sqlite3_column_type(store->statement, place)) {
    case SQLITE_NULL:
        return NUMU_OK;
    case SQLITE_FLOAT:
        *out = number_text(sqlite3_column_double(store->statement, place), number);
        return NUMU_OK;
    default: {
        const void *data = sqlite3_column_blob(store->statement, place);
        size_t length = (size_t)sqlite3_column_bytes(store->statement, place);
        *out = (struct numu_text){data, length};
        return data == NULL && length > 0 ? NUMU_MEMORY : NUMU_OK;
    }
    }
}

static numu_status too_large(const struct reading *reading) {
    return numu_package_complain(reading->report, NUMU_CODE_PACKAGE_TOO_LARGE, reading->path,
                                 numu_argument_integer((int64_t)(reading->bytes_max >> 20)),
                                 (struct numu_argument){0});
}

/* Takes what was made in `bytes` as a file of the package. */
static numu_status add_file(struct reading *reading, struct numu_text name) {
    struct numu_package_file *file = &reading->package.files[reading->package.count];
    reading->bytes_left -= reading->bytes.length;
    file->name = name;
    NUMU_TRY(numu_text_copy(reading->arena,
                            (struct numu_text){reading->bytes.data, reading->bytes.length},
                            &file->bytes));
    reading->package.count++;
    return NUMU_OK;
}

static numu_status read_rows(struct reading *reading) {
    struct numu_database *store = &reading->store;
    struct numu_buffer *bytes = &reading->bytes;
    int columns = sqlite3_column_count(store->statement);
    for (int i = 0; i < columns; i++) {
        NUMU_TRY(numu_buffer_append_string(bytes, i == 0 ? "" : ","));
        NUMU_TRY(
            numu_csv_write(bytes, numu_text_of(sqlite3_column_name(store->statement, i)), ','));
    }
    NUMU_TRY(numu_buffer_append_char(bytes, '\n'));
    bool is_row = true;
    for (;;) {
        NUMU_TRY(step(store, &is_row));
        if (!is_row) {
            return NUMU_OK;
        }
        for (int i = 0; i < columns; i++) {
            char number[NUMBER_BYTES];
            struct numu_text value;
            NUMU_TRY(value_text(store, i, number, &value));
            NUMU_TRY(numu_buffer_append_string(bytes, i == 0 ? "" : ","));
            NUMU_TRY(numu_csv_write(bytes, value, ','));
        }
        NUMU_TRY(numu_buffer_append_char(bytes, '\n'));
        if (bytes->length > reading->bytes_left) {
            return too_large(reading);
        }
    }
}

static numu_status read_table(struct reading *reading, const char *table) {
    struct numu_text name;
    numu_buffer_clear(&reading->bytes);
    NUMU_TRY(numu_text_printf(reading->arena, &name, "%s.csv", table));
    NUMU_TRY(prepare_rows(&reading->store, table));
    NUMU_TRY(read_rows(reading));
    return add_file(reading, name);
}

/* --- reading: datapackage.json --- */

static numu_status write_package_row(struct reading *reading, struct numu_json_writer *json) {
    struct numu_database *store = &reading->store;
    bool is_there;
    bool is_row = false;
    NUMU_TRY(find_table(store, numu_schema[0].name, &is_there));
    if (!is_there) {
        return NUMU_INVALID;
    }
    NUMU_TRY(prepare_rows(store, numu_schema[0].name));
    NUMU_TRY(step(store, &is_row));
    numu_json_key(json, "numu");
    numu_json_begin_object(json);
    for (int i = 0; is_row && i < sqlite3_column_count(store->statement); i++) {
        char number[NUMBER_BYTES];
        struct numu_text value;
        NUMU_TRY(value_text(store, i, number, &value));
        if (sqlite3_column_type(store->statement, i) != SQLITE_NULL) {
            numu_json_key(json, sqlite3_column_name(store->statement, i));
            numu_json_text(json, value);
        }
    }
    numu_json_end_object(json);
    return json->status;
}

/*
 * Members of datapackage.json, or of a table's resource. What is no JSON is written as text, so
 * that the document is sound whatever stands in the file.
 */
static numu_status write_members_of(struct reading *reading, struct numu_json_writer *json,
                                    const char *table) {
    struct numu_database *store = &reading->store;
    bool is_there;
    bool is_row;
    NUMU_TRY(find_table(store, "property", &is_there));
    if (!is_there) {
        return NUMU_OK;
    }
    numu_buffer_clear(&store->text);
    NUMU_TRY(numu_buffer_append_string(&store->text,
                                       "SELECT name, value FROM property WHERE \"table\" IS ? "
                                       "ORDER BY rowid"));
    NUMU_TRY(numu_database_prepare(store));
    NUMU_TRY(bind_text(store, 1, numu_text_of(table)));
    for (;;) {
        struct numu_text name;
        struct numu_text value;
        struct numu_json *parsed;
        struct numu_json_error error;
        char number[NUMBER_BYTES];
        NUMU_TRY(step(store, &is_row));
        if (!is_row) {
            return NUMU_OK;
        }
        char name_number[NUMBER_BYTES];
        NUMU_TRY(value_text(store, 0, name_number, &name));
        NUMU_TRY(value_text(store, 1, number, &value));
        numu_json_key_text(json, name);
        struct numu_arena_mark mark = numu_arena_mark(reading->arena);
        numu_status status = numu_json_read(reading->arena, value, 0, &parsed, &error);
        if (status == NUMU_OK) {
            numu_json_copy(json, value, parsed);
        } else if (status == NUMU_INVALID) {
            numu_json_text(json, value);
        }
        numu_arena_rewind(reading->arena, mark);
        if (status != NUMU_OK && status != NUMU_INVALID) {
            return status;
        }
    }
}

static numu_status write_resource(struct reading *reading, struct numu_json_writer *json,
                                  struct numu_text table, struct numu_text path) {
    numu_json_begin_object(json);
    numu_json_key(json, "name");
    numu_json_text(json, table);
    NUMU_TRY(write_members_of(reading, json, table.data));
    numu_json_key(json, "path");
    numu_json_text(json, path);
    numu_json_end_object(json);
    return json->status;
}

/* Tables of the user's own: the loader says that it does not know them. */
static numu_status write_unknown_tables(struct reading *reading, struct numu_json_writer *json) {
    struct numu_database *store = &reading->store;
    static const char *const own[] = {"package", "property", "column_note", NULL};
    bool is_row;
    numu_buffer_clear(&store->text);
    NUMU_TRY(numu_buffer_append_string(&store->text,
                                       "SELECT name FROM sqlite_master WHERE type = 'table' AND "
                                       "name NOT LIKE 'sqlite_%' ORDER BY rowid"));
    NUMU_TRY(numu_database_prepare(store));
    for (;;) {
        struct numu_text name;
        char number[NUMBER_BYTES];
        NUMU_TRY(step(store, &is_row));
        if (!is_row) {
            return NUMU_OK;
        }
        NUMU_TRY(value_text(store, 0, number, &name));
        if (numu_schema_find(name) == NULL && numu_choice_find(own, name) == 0) {
            numu_json_begin_object(json);
            numu_json_key(json, "name");
            numu_json_text(json, name);
            numu_json_end_object(json);
        }
    }
}

static numu_status describe(struct reading *reading) {
    struct numu_json_writer json;
    size_t table_count = reading->package.count;
    numu_buffer_clear(&reading->bytes);
    numu_json_writer_init(&json, &reading->bytes);
    numu_json_begin_object(&json);
    NUMU_TRY(write_members_of(reading, &json, NULL));
    NUMU_TRY(write_package_row(reading, &json));
    numu_json_key(&json, "resources");
    numu_json_begin_array(&json);
    for (size_t i = 0; i < table_count; i++) {
        struct numu_text path = reading->package.files[i].name;
        struct numu_text table;
        NUMU_TRY(numu_text_copy(
            reading->arena, (struct numu_text){path.data, path.length - strlen(".csv")}, &table));
        NUMU_TRY(write_resource(reading, &json, table, path));
    }
    NUMU_TRY(write_unknown_tables(reading, &json));
    numu_json_end_array(&json);
    numu_json_end_object(&json);
    NUMU_TRY(json.status);
    NUMU_TRY(numu_buffer_append_char(&reading->bytes, '\n'));
    return add_file(reading, NUMU_TEXT("datapackage.json"));
}

static numu_status read_all(struct reading *reading) {
    struct numu_database *store = &reading->store;
    sqlite3_db_config(store->handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    sqlite3_db_config(store->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    NUMU_TRY(numu_database_run(store, "PRAGMA cell_size_check = ON; BEGIN"));
    NUMU_TRY(check_format(reading));
    NUMU_TRY(NUMU_TAKE(reading->arena, &reading->package.files, numu_schema_count()));
    for (const struct numu_table_descriptor *table = numu_schema + 1; table->name != NULL;
         table++) {
        bool is_there;
        NUMU_TRY(find_table(store, table->name, &is_there));
        if (is_there) {
            NUMU_TRY(read_table(reading, table->name));
        }
    }
    return describe(reading);
}

numu_status numu_package_read_database(const char *path, uint64_t bytes_max,
                                       struct numu_arena *arena, struct numu_report *report,
                                       struct numu_package *out) {
    struct numu_arena_mark mark = numu_arena_mark(arena);
    struct reading reading = {.path = path,
                              .bytes_left = bytes_max,
                              .bytes_max = bytes_max,
                              .arena = arena,
                              .report = report};
    uint64_t findings = numu_report_total(report, NUMU_ERROR);
    numu_buffer_init(&reading.bytes, arena->heap, 0);
    numu_status status =
        numu_database_open(&reading.store, path, SQLITE_OPEN_READONLY, arena->heap);
    if (status == NUMU_OK) {
        status = read_all(&reading);
    }
    const char *reason = sqlite3_errstr(sqlite3_errcode(reading.store.handle));
    numu_status closing = numu_database_close(&reading.store);
    numu_buffer_release(&reading.bytes);
    status = status == NUMU_OK ? closing : status;
    if (status == NUMU_OK) {
        *out = reading.package;
        return NUMU_OK;
    }
    numu_arena_rewind(arena, mark);
    if (status == NUMU_INVALID) {
        return complain(report, NUMU_CODE_NOT_A_PACKAGE, path, NULL);
    }
    bool is_told = numu_report_total(report, NUMU_ERROR) > findings;
    return status == NUMU_IO && !is_told ? complain(report, NUMU_CODE_CANNOT_READ, path, reason)
                                         : status;
}
