/*
 * store_sqlite.c - plan.db by SQLite.
 *
 * Writing: one transaction into a temporary file without journal or flushing, since base/file.h
 * makes the finished file durable and gives it its name. Reading: the file may come from anywhere,
 * so that only plain tables are looked at (no views, no virtual tables) and every value is checked
 * against its column.
 */
#include "plan/store.h"

#include "base/cell.h"
#include "base/database.h"
#include "base/file.h"

#include <errno.h>
#include <math.h>
#include <sqlite3.h>
#include <string.h>

enum { FORMAT_VERSION = 2, APPLICATION_ID = 0x6e756d75 };

/* --- writing --- */

static const char *sql_type(const struct numu_column *column) {
    switch (column->kind) {
    case NUMU_KIND_KEY:
        return "TEXT PRIMARY KEY NOT NULL";
    case NUMU_KIND_MONEY:
    case NUMU_KIND_PRICE:
    case NUMU_KIND_INTEGER:
    case NUMU_KIND_BOOLEAN:
        return "INTEGER";
    case NUMU_KIND_QUANTITY:
    case NUMU_KIND_DECIMAL:
        return "NUMERIC"; /* whole numbers stay whole */
    case NUMU_KIND_REAL:
        return "REAL";
    default:
        return "TEXT";
    }
}

static numu_status create_table(struct numu_database *store,
                                const struct numu_table_descriptor *table) {
    struct numu_buffer *sql = &store->text;
    numu_buffer_clear(sql);
    NUMU_TRY(numu_buffer_printf(sql, "CREATE TABLE \"%s\" (", table->name));
    for (const struct numu_column *column = table->columns; column->name != NULL; column++) {
        NUMU_TRY(numu_buffer_printf(sql, "%s\"%s\" %s", column == table->columns ? "" : ", ",
                                    column->name, sql_type(column)));
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
        NUMU_TRY(numu_buffer_append_string(sql, column == table->columns ? "?" : ",?"));
    }
    NUMU_TRY(numu_buffer_append_string(sql, ")"));
    return numu_database_prepare(store);
}

/* A scaled number: an integer where it is whole, else a double that gives it back [S2]. */
static numu_status bind_scaled(struct numu_database *store, int place, int64_t value,
                               int decimals) {
    int64_t one = numu_power_of_ten(decimals);
    if (value % one == 0) {
        return numu_database_status(sqlite3_bind_int64(store->statement, place, value / one));
    }
    double number = numu_number_to_double(value, decimals);
    int64_t back = 0;
    NUMU_TRY(numu_number_from_double(number, decimals, &back));
    if (back != value) {
        return NUMU_LIMIT;
    }
    return numu_database_status(sqlite3_bind_double(store->statement, place, number));
}

static numu_status bind_text(struct numu_database *store, int place, struct numu_text text) {
    return numu_database_status(sqlite3_bind_text64(store->statement, place, text.data, text.length,
                                                    SQLITE_TRANSIENT, SQLITE_UTF8));
}

static numu_status bind_cell(struct numu_database *store, int place,
                             const struct numu_column *column, const void *array, numu_row row) {
    if (numu_cell_is_empty(column, array, row)) {
        return numu_database_status(sqlite3_bind_null(store->statement, place));
    }
    switch (column->kind) {
    case NUMU_KIND_KEY:
    case NUMU_KIND_TEXT:
        return bind_text(store, place, ((const struct numu_text *)array)[row]);
    case NUMU_KIND_MONEY:
    case NUMU_KIND_PRICE:
    case NUMU_KIND_INTEGER:
        return numu_database_status(
            sqlite3_bind_int64(store->statement, place, ((const int64_t *)array)[row]));
    case NUMU_KIND_QUANTITY:
    case NUMU_KIND_DECIMAL:
        return bind_scaled(store, place, ((const int64_t *)array)[row],
                           numu_kind_decimals(column->kind, 0));
    case NUMU_KIND_BOOLEAN:
        return numu_database_status(sqlite3_bind_int(
            store->statement, place, ((const uint8_t *)array)[row] == NUMU_BOOLEAN_TRUE));
    case NUMU_KIND_REAL:
        return numu_database_status(
            sqlite3_bind_double(store->statement, place, ((const double *)array)[row]));
    default:
        numu_buffer_clear(&store->text);
        NUMU_TRY(numu_cell_write(column, array, row, 0, NULL, NULL, &store->text));
        return bind_text(store, place, (struct numu_text){store->text.data, store->text.length});
    }
}

/* Runs the prepared insertion and makes it ready for the next row. */
static numu_status insert(struct numu_database *store) {
    NUMU_TRY(numu_database_status(sqlite3_step(store->statement)));
    return numu_database_status(sqlite3_reset(store->statement));
}

static numu_status write_table(struct numu_database *store, const struct numu_plan *plan,
                               const struct numu_table_descriptor *table) {
    NUMU_TRY(create_table(store, table));
    NUMU_TRY(prepare_insert(store, table));
    numu_row count = numu_plan_count(plan, table);
    for (numu_row row = 0; row < count; row++) {
        int place = 1;
        for (const struct numu_column *column = table->columns; column->name != NULL; column++) {
            NUMU_TRY(bind_cell(store, place++, column, numu_plan_array(plan, table, column), row));
        }
        NUMU_TRY(insert(store));
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

static numu_status write_notes(struct numu_database *store) {
    NUMU_TRY(numu_database_run(
        store, "CREATE TABLE column_note (\"table\" TEXT, \"column\" TEXT, unit TEXT, "
               "sentence TEXT)"));
    numu_buffer_clear(&store->text);
    NUMU_TRY(numu_buffer_append_string(&store->text, "INSERT INTO column_note VALUES (?,?,?,?)"));
    NUMU_TRY(numu_database_prepare(store));
    for (const struct numu_table_descriptor *table = numu_plan_schema; table->name != NULL;
         table++) {
        NUMU_TRY(insert_note(store, table->name, NULL, NULL, table->sentence));
        for (const struct numu_column *column = table->columns; column->name != NULL; column++) {
            NUMU_TRY(insert_note(store, table->name, column->name, column->unit, column->sentence));
        }
    }
    return NUMU_OK;
}

static numu_status write_all(struct numu_database *store, const struct numu_plan *plan) {
    NUMU_TRY(numu_database_run(store, "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; "
                                      "PRAGMA page_size = 4096; PRAGMA encoding = 'UTF-8'"));
    numu_buffer_clear(&store->text);
    NUMU_TRY(numu_buffer_printf(&store->text,
                                "PRAGMA application_id = %d; PRAGMA user_version = %d",
                                APPLICATION_ID, FORMAT_VERSION));
    NUMU_TRY(numu_database_run(store, store->text.data));
    NUMU_TRY(numu_database_run(store, "BEGIN"));
    for (const struct numu_table_descriptor *table = numu_plan_schema; table->name != NULL;
         table++) {
        NUMU_TRY(write_table(store, plan, table));
    }
    NUMU_TRY(write_notes(store));
    return numu_database_run(store, "COMMIT");
}

static void report_file(struct numu_report *report, numu_code code, const char *path,
                        const char *reason) {
    numu_report_add(report,
                    &(struct numu_diagnostic){
                        .code = code,
                        .place = NUMU_NOWHERE,
                        .related = NUMU_NOWHERE,
                        .arguments = {numu_argument_string(path), numu_argument_string(reason)},
                    });
}

numu_status numu_plan_write(const struct numu_plan *plan, const char *path, struct numu_heap *heap,
                            struct numu_report *report) {
    struct numu_file_draft draft;
    int number = 0;
    numu_status status = numu_file_draft_begin(&draft, path, &number);
    if (status != NUMU_OK) {
        report_file(report, NUMU_CODE_CANNOT_WRITE, path, strerror(number));
        return status;
    }
    struct numu_database store;
    status = numu_database_open(&store, draft.temporary, SQLITE_OPEN_READWRITE, heap);
    if (status == NUMU_OK) {
        status = write_all(&store, plan);
    }
    const char *reason = sqlite3_errstr(sqlite3_errcode(store.handle));
    numu_status closing = numu_database_close(&store);
    status = status == NUMU_OK ? closing : status;
    if (status == NUMU_OK) {
        status = numu_file_draft_commit(&draft, &number);
        reason = strerror(number);
    }
    if (status == NUMU_OK) {
        return NUMU_OK;
    }
    numu_file_draft_abandon(&draft);
    if (status == NUMU_LIMIT) {
        report_file(report, NUMU_CODE_QUANTITY_TOO_LARGE, path, "");
    } else if (status != NUMU_MEMORY) {
        status = NUMU_IO;
        report_file(report, NUMU_CODE_CANNOT_WRITE, path, reason);
    }
    return status;
}

/* --- reading --- */

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

static numu_status check_format(struct numu_database *store) {
    int64_t application = 0;
    int64_t version = 0;
    NUMU_TRY(read_pragma(store, "application_id", &application));
    NUMU_TRY(read_pragma(store, "user_version", &version));
    bool is_plan = application == APPLICATION_ID && version == FORMAT_VERSION;
    return is_plan ? NUMU_OK : NUMU_INVALID;
}

/* Rows of a table; NUMU_INVALID where it is none. Views and virtual tables have no root page. */
static numu_status count_rows(struct numu_database *store,
                              const struct numu_table_descriptor *table, int64_t *out) {
    int64_t found = 0;
    numu_buffer_clear(&store->text);
    NUMU_TRY(numu_buffer_printf(
        &store->text,
        "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND rootpage > 0 AND name = '%s'",
        table->name));
    NUMU_TRY(read_integer(store, &found));
    if (found != 1) {
        return NUMU_INVALID;
    }
    numu_buffer_clear(&store->text);
    NUMU_TRY(numu_buffer_printf(&store->text, "SELECT count(*) FROM \"%s\"", table->name));
    return read_integer(store, out);
}

/* Columns are named with their table: SQLite takes a bare unknown "name" for a text. */
static numu_status prepare_select(struct numu_database *store,
                                  const struct numu_table_descriptor *table) {
    struct numu_buffer *sql = &store->text;
    numu_buffer_clear(sql);
    NUMU_TRY(numu_buffer_append_string(sql, "SELECT "));
    for (const struct numu_column *column = table->columns; column->name != NULL; column++) {
        NUMU_TRY(numu_buffer_printf(sql, "%s\"%s\".\"%s\"", column == table->columns ? "" : ", ",
                                    table->name, column->name));
    }
    NUMU_TRY(numu_buffer_printf(sql, " FROM \"%s\" ORDER BY rowid", table->name));
    return numu_database_prepare(store);
}

/* The text of a column of the present row, valid until the next step. */
static numu_status read_text(struct numu_database *store, int place, struct numu_text *out) {
    if (sqlite3_column_type(store->statement, place) != SQLITE_TEXT) {
        return NUMU_INVALID;
    }
    const unsigned char *data = sqlite3_column_text(store->statement, place);
    if (data == NULL) {
        return NUMU_MEMORY;
    }
    struct numu_text text = {(const char *)data,
                             (size_t)sqlite3_column_bytes(store->statement, place)};
    if (numu_utf8_valid_length(text) != text.length) {
        return NUMU_INVALID;
    }
    *out = text;
    return NUMU_OK;
}

static numu_status read_scaled(struct numu_database *store, int place, int decimals, int64_t *out) {
    numu_status status = NUMU_INVALID;
    int type = sqlite3_column_type(store->statement, place);
    if (type == SQLITE_INTEGER) {
        status = numu_multiply(sqlite3_column_int64(store->statement, place),
                               numu_power_of_ten(decimals), out);
    } else if (type == SQLITE_FLOAT) {
        status =
            numu_number_from_double(sqlite3_column_double(store->statement, place), decimals, out);
    }
    return status == NUMU_OK ? NUMU_OK : NUMU_INVALID;
}

static numu_status read_boolean(struct numu_database *store, int place, uint8_t *out) {
    int64_t value = sqlite3_column_int64(store->statement, place);
    if (value != 0 && value != 1) {
        return NUMU_INVALID;
    }
    *out = value == 1 ? NUMU_BOOLEAN_TRUE : NUMU_BOOLEAN_FALSE;
    return NUMU_OK;
}

static numu_status read_cell(struct numu_database *store, int place,
                             const struct numu_column *column, struct numu_arena *arena,
                             void *array, numu_row row) {
    int type = sqlite3_column_type(store->statement, place);
    if (type == SQLITE_NULL) {
        return column->required ? NUMU_INVALID : NUMU_OK;
    }
    struct numu_text text;
    switch (column->kind) {
    case NUMU_KIND_KEY:
    case NUMU_KIND_TEXT:
        NUMU_TRY(read_text(store, place, &text));
        return numu_text_copy(arena, text, (struct numu_text *)array + row);
    case NUMU_KIND_MONEY:
    case NUMU_KIND_PRICE:
    case NUMU_KIND_INTEGER:
        ((int64_t *)array)[row] = sqlite3_column_int64(store->statement, place);
        return type == SQLITE_INTEGER ? NUMU_OK : NUMU_INVALID;
    case NUMU_KIND_QUANTITY:
    case NUMU_KIND_DECIMAL:
        return read_scaled(store, place, numu_kind_decimals(column->kind, 0),
                           (int64_t *)array + row);
    case NUMU_KIND_BOOLEAN:
        return type == SQLITE_INTEGER ? read_boolean(store, place, (uint8_t *)array + row)
                                      : NUMU_INVALID;
    case NUMU_KIND_REAL:
        ((double *)array)[row] = sqlite3_column_double(store->statement, place);
        return type == SQLITE_FLOAT || type == SQLITE_INTEGER ? NUMU_OK : NUMU_INVALID;
    default: {
        NUMU_TRY(read_text(store, place, &text));
        static const struct numu_cell_rules rules = {.decimal_char = '.'};
        char *element = (char *)array + (size_t)row * numu_kind_size(column->kind);
        return numu_cell_parse(column, text, &rules, element) == NUMU_CODE_NONE ? NUMU_OK
                                                                                : NUMU_INVALID;
    }
    }
}

static numu_status read_table(struct numu_database *store,
                              const struct numu_table_descriptor *table, struct numu_arena *arena,
                              struct numu_plan *plan) {
    int64_t count = 0;
    NUMU_TRY(count_rows(store, table, &count));
    NUMU_TRY(numu_plan_take(plan, arena, table, (size_t)count));
    NUMU_TRY(prepare_select(store, table));
    for (numu_row row = 0; row < (numu_row)count; row++) {
        int answer = sqlite3_step(store->statement);
        if (answer != SQLITE_ROW) {
            return answer == SQLITE_DONE ? NUMU_INVALID : numu_database_status(answer);
        }
        int place = 0;
        for (const struct numu_column *column = table->columns; column->name != NULL; column++) {
            NUMU_TRY(read_cell(store, place++, column, arena, numu_plan_array(plan, table, column),
                               row));
        }
    }
    return NUMU_OK;
}

static numu_status read_all(struct numu_database *store, struct numu_arena *arena,
                            struct numu_plan *plan) {
    sqlite3_db_config(store->handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
    sqlite3_db_config(store->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
    NUMU_TRY(numu_database_run(store, "PRAGMA cell_size_check = ON; BEGIN"));
    NUMU_TRY(check_format(store));
    for (const struct numu_table_descriptor *table = numu_plan_schema; table->name != NULL;
         table++) {
        NUMU_TRY(read_table(store, table, arena, plan));
    }
    struct numu_text currency = numu_plan_meta_find(plan, "currency");
    plan->currency = numu_currency_find(currency);
    return currency.length > 0 && plan->currency == 0 ? NUMU_INVALID : NUMU_OK;
}

numu_status numu_plan_read(const char *path, struct numu_arena *arena, struct numu_report *report,
                           struct numu_plan *out) {
    struct numu_arena_mark mark = numu_arena_mark(arena);
    struct numu_plan plan;
    memset(&plan, 0, sizeof plan);
    if (numu_path_is_folder(path)) {
        report_file(report, NUMU_CODE_NOT_A_PLAN, path, "");
        return NUMU_INVALID;
    }
    struct numu_database store;
    numu_status status = numu_database_open(&store, path, SQLITE_OPEN_READONLY, arena->heap);
    if (status == NUMU_OK) {
        status = read_all(&store, arena, &plan);
    }
    int number = sqlite3_system_errno(store.handle);
    const char *reason =
        number != 0 ? strerror(number) : sqlite3_errstr(sqlite3_errcode(store.handle));
    numu_status closing = numu_database_close(&store);
    status = status == NUMU_OK ? closing : status;
    if (status == NUMU_OK) {
        *out = plan;
        return NUMU_OK;
    }
    numu_arena_rewind(arena, mark);
    if (status == NUMU_INVALID) {
        report_file(report, NUMU_CODE_NOT_A_PLAN, path, "");
    } else if (status == NUMU_IO) {
        report_file(report, NUMU_CODE_CANNOT_READ, path, reason);
    }
    return status;
}
