/*
 * store_sqlite.c - a store in one SQLite file.
 *
 * Tables: entry(id, leaf, bytes), whose id is the log's number × 2^40 + the sequence; state(key,
 * value); book(key, value, seal). `PRAGMA application_id` is 0x6e756d6c ("numl"), user_version the
 * version of the format (2).
 *
 * What a transaction puts stays in a dictionary until its commit, and is then written in the order
 * of the keys: a key that changes often costs one write, and pages are visited once.
 *
 * [Q1] synchronous=FULL: a commit that returned is on the disk (NORMAL loses some at power loss).
 * [Q2] locking_mode=EXCLUSIVE: a writer's connection is the only one of all processes, and so the
 *      only one to checkpoint; no shared memory, and no WAL-reset race of SQLite before 3.51.3.
 * [Q3] What is no longer used is zero, so that a flipped bit has nowhere to hide: secure_delete
 *      for cells and pages, pages_sqlite.h for what it leaves (docs/adr/0024-dead-space.md).
 * [Q4] After a failure to flush nothing more is written: what the disk holds is then unknown.
 * [Q5] Who reads keeps writers out: a page that a checkpoint replaces under a reader would
 *      look as if somebody had tampered with it.
 */
#include "ledger/pages_sqlite.h"
#include "ledger/store.h"

#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum {
    APPLICATION = 0x6e756d6c,
    FORMAT = 2,
    LOG_SHIFT = 40,
    PENDING_MAX = 100000, /* entries of the dictionary before they are written early */
    PATIENCE = 2000,      /* milliseconds to wait for another that uses the file */
    PAUSE = 10            /* milliseconds between two looks whether it still does */
};

typedef enum statement {
    APPEND,
    READ,
    SIZE,
    GET,
    PUT,
    REMOVE,
    SCAN,
    GET_BOOK,
    PUT_BOOK,
    REMOVE_BOOK,
    SCAN_BOOK,
    STATEMENT_COUNT
} statement;

static const char *const statements[STATEMENT_COUNT] = {
    [APPEND] = "INSERT INTO entry(id, leaf, bytes) VALUES(?1, ?2, ?3)",
    [READ] = "SELECT leaf, bytes FROM entry WHERE id = ?1",
    [SIZE] = "SELECT max(id) FROM entry WHERE id >= ?1 AND id < ?2",
    [GET] = "SELECT value FROM state WHERE key = ?1",
    [PUT] =
        "INSERT INTO state VALUES(?1, ?2) ON CONFLICT(key) DO UPDATE SET value = excluded.value",
    [REMOVE] = "DELETE FROM state WHERE key = ?1",
    [SCAN] = "SELECT key, value FROM state WHERE key >= ?1 ORDER BY key",
    [GET_BOOK] = "SELECT value FROM book WHERE key = ?1",
    [PUT_BOOK] = "REPLACE INTO book VALUES(?1, ?2, ?3)",
    [REMOVE_BOOK] = "DELETE FROM book WHERE key = ?1",
    [SCAN_BOOK] = "SELECT key, value FROM book WHERE key >= ?1 ORDER BY key"};

static const char schema[] =
    "CREATE TABLE entry(id INTEGER PRIMARY KEY, leaf BLOB NOT NULL, bytes BLOB NOT NULL) STRICT;"
    "CREATE TABLE state(key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;"
    "CREATE TABLE book(key TEXT PRIMARY KEY, value TEXT NOT NULL, seal BLOB NOT NULL)"
    " STRICT, WITHOUT ROWID;"
    "CREATE TRIGGER entry_is_final BEFORE UPDATE ON entry BEGIN"
    " SELECT RAISE(ABORT, 'entries are never changed'); END;"
    "CREATE TRIGGER entry_stays BEFORE DELETE ON entry BEGIN"
    " SELECT RAISE(ABORT, 'entries are never deleted'); END;"
    "PRAGMA user_version = 2;"
    "PRAGMA application_id = 1853189484;"; /* 0x6e756d6c */

/* The tables of the schema, for who walks through the file. */
static const struct numu_page_tree trees[] = {{0, false, "nbb"}, {0, true, "tt"}, {0, true, "ttb"}};

struct lite {
    struct numu_arena arena; /* holds this */
    struct numu_heap *heap;
    sqlite3 *handle;
    sqlite3 *keeper; /* [Q5] a second connection, which reads nothing; NULL: none */
    sqlite3_stmt *prepared[STATEMENT_COUNT];
    struct numu_arena pending_arena;
    struct numu_dictionary pending[NUMU_SPACE_COUNT];
    int patience;      /* milliseconds */
    bool is_open;      /* a transaction is */
    bool is_broken;    /* [Q4] */
    bool is_writer;    /* opened to write */
    bool is_immutable; /* opened to read, with no log beside it: the file is all there is */
    const char *made;  /* while it is being opened: the file that was made for it; NULL: none */
};

static numu_status status_of(int answer) {
    switch (answer & 0xFF) {
    case SQLITE_OK:
    case SQLITE_ROW:
    case SQLITE_DONE:
        return NUMU_OK;
    case SQLITE_NOMEM:
        return NUMU_MEMORY;
    case SQLITE_NOTADB:
    case SQLITE_CORRUPT:
    case SQLITE_ERROR:
        return NUMU_INVALID;
    default:
        return NUMU_IO;
    }
}

static numu_status run(struct lite *lite, const char *sql) {
    return status_of(sqlite3_exec(lite->handle, sql, NULL, NULL, NULL));
}

static numu_status prepare(struct lite *lite, statement which, sqlite3_stmt **out) {
    if (lite->prepared[which] == NULL) {
        NUMU_TRY(
            status_of(sqlite3_prepare_v3(lite->handle, statements[which], -1,
                                         SQLITE_PREPARE_PERSISTENT, &lite->prepared[which], NULL)));
    }
    *out = lite->prepared[which];
    return NUMU_OK;
}

static int bind_text(sqlite3_stmt *prepared, int at, struct numu_text text) {
    return sqlite3_bind_text64(prepared, at, text.length > 0 ? text.data : "", text.length,
                               SQLITE_STATIC, SQLITE_UTF8);
}

/* Runs a statement that gives no row, and makes it ready for the next time. */
static numu_status finish(sqlite3_stmt *prepared) {
    int answer = sqlite3_step(prepared);
    int again = sqlite3_reset(prepared);
    return status_of(answer == SQLITE_DONE ? again : answer);
}

/* --- transactions --- */

static void forget_pending(struct lite *lite) {
    numu_arena_release(&lite->pending_arena);
    for (size_t space = 0; space < NUMU_SPACE_COUNT; space++) {
        numu_dictionary_init(&lite->pending[space], &lite->pending_arena);
    }
}

static numu_status begin(void *self) {
    struct lite *lite = self;
    numu_assert(!lite->is_open);
    if (lite->is_broken) {
        return NUMU_IO;
    }
    NUMU_TRY(run(lite, "BEGIN IMMEDIATE"));
    lite->is_open = true;
    return NUMU_OK;
}

static void rollback(void *self) {
    struct lite *lite = self;
    if (lite->is_open && sqlite3_get_autocommit(lite->handle) == 0 &&
        run(lite, "ROLLBACK") != NUMU_OK) {
        lite->is_broken = true;
    }
    lite->is_open = false;
    forget_pending(lite);
}

enum { SEAL_BYTES = 8 };

/* Of a row of the book, for which no event vouches: SHA-256(key, 0x00, value), cut to its start. */
static numu_status seal_of(struct numu_text key, struct numu_text value, struct numu_sha256 *out) {
    struct numu_sha256_stream stream;
    NUMU_TRY(numu_sha256_init(&stream));
    numu_status status = numu_sha256_update(&stream, key.data, key.length);
    if (status == NUMU_OK) {
        status = numu_sha256_update(&stream, "", 1);
    }
    if (status == NUMU_OK) {
        status = numu_sha256_update(&stream, value.data, value.length);
    }
    numu_status finished = numu_sha256_finish(&stream, out);
    return status == NUMU_OK ? finished : status;
}

static numu_status write_entry(struct lite *lite, numu_space space,
                               const struct numu_entry *entry) {
    sqlite3_stmt *prepared;
    bool is_book = space == NUMU_SPACE_BOOK;
    statement which =
        entry->is_removed ? (is_book ? REMOVE_BOOK : REMOVE) : (is_book ? PUT_BOOK : PUT);
    NUMU_TRY(prepare(lite, which, &prepared));
    NUMU_TRY(status_of(bind_text(prepared, 1, entry->key)));
    if (!entry->is_removed) {
        NUMU_TRY(status_of(bind_text(prepared, 2, entry->value)));
    }
    if (which == PUT_BOOK) {
        struct numu_sha256 seal;
        NUMU_TRY(seal_of(entry->key, entry->value, &seal));
        NUMU_TRY(
            status_of(sqlite3_bind_blob64(prepared, 3, seal.bytes, SEAL_BYTES, SQLITE_TRANSIENT)));
    }
    return finish(prepared);
}

/* Hands what is pending to SQLite. */
static numu_status flush(struct lite *lite) {
    for (size_t space = 0; space < NUMU_SPACE_COUNT; space++) {
        struct numu_entry **list;
        size_t count;
        NUMU_TRY(numu_dictionary_list(&lite->pending[space], &lite->pending_arena, &list, &count));
        for (size_t i = 0; i < count; i++) {
            NUMU_TRY(write_entry(lite, (numu_space)space, list[i]));
        }
    }
    forget_pending(lite);
    return NUMU_OK;
}

static numu_status commit(void *self) {
    struct lite *lite = self;
    numu_assert(lite->is_open);
    numu_status status = flush(lite);
    if (status == NUMU_OK) {
        int answer = sqlite3_exec(lite->handle, "COMMIT", NULL, NULL, NULL);
        status = status_of(answer);
        if (status != NUMU_OK && (answer & 0xFF) != SQLITE_FULL) {
            lite->is_broken = true; /* [Q4] */
        }
    }
    if (status != NUMU_OK) {
        rollback(lite);
        return status;
    }
    lite->is_open = false;
    return NUMU_OK;
}

/* --- entries --- */

static sqlite3_int64 id_of(uint32_t log, uint64_t sequence) {
    return (sqlite3_int64)((uint64_t)log << LOG_SHIFT | sequence);
}

static numu_status size(void *self, uint32_t log, uint64_t *out) {
    struct lite *lite = self;
    sqlite3_stmt *prepared;
    NUMU_TRY(prepare(lite, SIZE, &prepared));
    NUMU_TRY(status_of(sqlite3_bind_int64(prepared, 1, id_of(log, 0))));
    NUMU_TRY(status_of(sqlite3_bind_int64(prepared, 2, id_of(log + 1, 0))));
    int answer = sqlite3_step(prepared);
    if (answer == SQLITE_ROW) {
        bool is_empty = sqlite3_column_type(prepared, 0) == SQLITE_NULL;
        sqlite3_int64 last = sqlite3_column_int64(prepared, 0);
        *out = is_empty ? 0 : (uint64_t)(last - id_of(log, 0)) + 1;
    }
    numu_status status = status_of(sqlite3_reset(prepared));
    return answer == SQLITE_ROW ? NUMU_OK : status;
}

static numu_status append(void *self, uint32_t log, uint64_t sequence, struct numu_text bytes,
                          const struct numu_sha256 *leaf) {
    struct lite *lite = self;
    sqlite3_stmt *prepared;
    numu_assert(lite->is_open);
    if (log > NUMU_LOG_MAX || sequence >> LOG_SHIFT != 0) {
        return NUMU_LIMIT;
    }
    if (sequence > 0 && sequence % 1024 == 0) { /* the key itself refuses a repetition */
        uint64_t next = 0;
        NUMU_TRY(size(lite, log, &next));
        if (next != sequence) {
            return NUMU_BUG;
        }
    }
    NUMU_TRY(prepare(lite, APPEND, &prepared));
    NUMU_TRY(status_of(sqlite3_bind_int64(prepared, 1, id_of(log, sequence))));
    NUMU_TRY(
        status_of(sqlite3_bind_blob64(prepared, 2, leaf->bytes, NUMU_SHA256_BYTES, SQLITE_STATIC)));
    NUMU_TRY(status_of(sqlite3_bind_blob64(prepared, 3, bytes.data, bytes.length, SQLITE_STATIC)));
    numu_status status = finish(prepared);
    return status == NUMU_IO && sqlite3_errcode(lite->handle) == SQLITE_CONSTRAINT ? NUMU_BUG
                                                                                   : status;
}

static numu_status read_columns(sqlite3_stmt *prepared, struct numu_buffer *bytes,
                                struct numu_sha256 *out_leaf) {
    if (out_leaf != NULL) {
        if (sqlite3_column_bytes(prepared, 0) != NUMU_SHA256_BYTES) {
            return NUMU_INVALID;
        }
        memcpy(out_leaf->bytes, sqlite3_column_blob(prepared, 0), NUMU_SHA256_BYTES);
    }
    if (bytes != NULL) {
        const void *data = sqlite3_column_blob(prepared, 1);
        int length = sqlite3_column_bytes(prepared, 1);
        numu_buffer_clear(bytes);
        NUMU_TRY(numu_buffer_append(bytes, data == NULL ? "" : data, (size_t)length));
    }
    return NUMU_OK;
}

static numu_status read_entry(void *self, uint32_t log, uint64_t sequence,
                              struct numu_buffer *bytes, struct numu_sha256 *out_leaf) {
    struct lite *lite = self;
    sqlite3_stmt *prepared;
    if (log > NUMU_LOG_MAX || sequence >> LOG_SHIFT != 0) {
        return NUMU_NOT_FOUND;
    }
    NUMU_TRY(prepare(lite, READ, &prepared));
    NUMU_TRY(status_of(sqlite3_bind_int64(prepared, 1, id_of(log, sequence))));
    int answer = sqlite3_step(prepared);
    numu_status status = answer == SQLITE_ROW    ? read_columns(prepared, bytes, out_leaf)
                         : answer == SQLITE_DONE ? NUMU_NOT_FOUND
                                                 : status_of(answer);
    (void)sqlite3_reset(prepared);
    return status;
}

/* --- texts by text --- */

static numu_status get(void *self, numu_space space, struct numu_text key,
                       struct numu_buffer *value) {
    struct lite *lite = self;
    const struct numu_entry *entry = numu_dictionary_find(&lite->pending[space], key);
    if (entry != NULL && entry->is_removed) {
        return NUMU_NOT_FOUND;
    }
    if (value != NULL) {
        numu_buffer_clear(value);
    }
    if (entry != NULL) {
        return value == NULL ? NUMU_OK
                             : numu_buffer_append(value, entry->value.data, entry->value.length);
    }
    sqlite3_stmt *prepared;
    NUMU_TRY(prepare(lite, space == NUMU_SPACE_BOOK ? GET_BOOK : GET, &prepared));
    NUMU_TRY(status_of(bind_text(prepared, 1, key)));
    int answer = sqlite3_step(prepared);
    numu_status status = answer == SQLITE_DONE ? NUMU_NOT_FOUND : status_of(answer);
    if (answer == SQLITE_ROW && value != NULL) {
        const void *data = sqlite3_column_text(prepared, 0);
        int length = sqlite3_column_bytes(prepared, 0);
        status = numu_buffer_append(value, data == NULL ? "" : data, (size_t)length);
    }
    (void)sqlite3_reset(prepared);
    return status;
}

static numu_status make_room(struct lite *lite, numu_space space) {
    return lite->pending[space].count >= PENDING_MAX ? flush(lite) : NUMU_OK;
}

static numu_status put(void *self, numu_space space, struct numu_text key, struct numu_text value) {
    struct lite *lite = self;
    numu_assert(lite->is_open);
    NUMU_TRY(make_room(lite, space));
    return numu_dictionary_put(&lite->pending[space], key, value, NULL);
}

static numu_status remove_key(void *self, numu_space space, struct numu_text key) {
    struct lite *lite = self;
    struct numu_entry *entry;
    numu_assert(lite->is_open);
    NUMU_TRY(make_room(lite, space));
    NUMU_TRY(numu_dictionary_put(&lite->pending[space], key, NUMU_TEXT(""), &entry));
    entry->is_removed = true;
    return NUMU_OK;
}

static numu_status scan_rows(sqlite3_stmt *prepared, struct numu_text prefix,
                             numu_entry_visit visit, void *data) {
    int answer;
    while ((answer = sqlite3_step(prepared)) == SQLITE_ROW) {
        struct numu_text key = {(const char *)sqlite3_column_text(prepared, 0), 0};
        key.length = (size_t)sqlite3_column_bytes(prepared, 0);
        struct numu_text value = {(const char *)sqlite3_column_text(prepared, 1), 0};
        value.length = (size_t)sqlite3_column_bytes(prepared, 1);
        if (key.length < prefix.length ||
            (prefix.length > 0 && memcmp(key.data, prefix.data, prefix.length) != 0)) {
            return NUMU_OK;
        }
        NUMU_TRY(visit(data, key, value));
    }
    return status_of(answer);
}

static numu_status scan(void *self, numu_space space, struct numu_text prefix,
                        numu_entry_visit visit, void *data) {
    struct lite *lite = self;
    sqlite3_stmt *prepared;
    if (lite->is_open) {
        NUMU_TRY(flush(lite));
    }
    /* A statement of its own: a visit may scan, too. */
    NUMU_TRY(status_of(sqlite3_prepare_v2(lite->handle,
                                          statements[space == NUMU_SPACE_BOOK ? SCAN_BOOK : SCAN],
                                          -1, &prepared, NULL)));
    numu_status status = status_of(bind_text(prepared, 1, prefix));
    if (status == NUMU_OK) {
        status = scan_rows(prepared, prefix, visit, data);
    }
    (void)sqlite3_finalize(prepared);
    return status;
}

struct checking {
    numu_flaw_visit visit;
    void *data;
};

static numu_status visit_page(void *data, uint32_t page, unsigned offset) {
    const struct checking *checking = data;
    struct numu_flaw flaw = {.page = page, .offset = offset};
    return checking->visit(checking->data, &flaw);
}

static struct numu_text column_text(sqlite3_stmt *prepared, int column) {
    const char *text = (const char *)sqlite3_column_text(prepared, column);
    return (struct numu_text){text, (size_t)sqlite3_column_bytes(prepared, column)};
}

/* The seals of the book. */
static numu_status check_seals(struct lite *lite, const struct checking *checking) {
    sqlite3_stmt *prepared;
    NUMU_TRY(status_of(sqlite3_prepare_v2(
        lite->handle, "SELECT key, value, seal FROM book ORDER BY key", -1, &prepared, NULL)));
    numu_status status = NUMU_OK;
    while (status == NUMU_OK && sqlite3_step(prepared) == SQLITE_ROW) {
        struct numu_sha256 seal;
        struct numu_flaw flaw = {.row = column_text(prepared, 0)};
        status = seal_of(flaw.row, column_text(prepared, 1), &seal);
        bool is_whole = sqlite3_column_bytes(prepared, 2) == SEAL_BYTES &&
                        memcmp(sqlite3_column_blob(prepared, 2), seal.bytes, SEAL_BYTES) == 0;
        if (status == NUMU_OK && !is_whole) {
            status = checking->visit(checking->data, &flaw);
        }
    }
    int finished = sqlite3_finalize(prepared);
    return status != NUMU_OK ? status : status_of(finished);
}

static numu_status check(void *self, numu_flaw_visit visit, void *data, uint64_t *out_pages) {
    struct lite *lite = self;
    struct checking checking = {visit, data};
    *out_pages = 0;
    NUMU_TRY(check_seals(lite, &checking));
    return !lite->is_immutable
               ? NUMU_OK
               : numu_pages_walk(lite->heap, lite->handle, schema, trees,
                                 sizeof trees / sizeof trees[0], visit_page, &checking, out_pages);
}

/* --- opening and closing --- */

/* [Q3] Where it fails, the file is sound all the same, and the next one to close it will do it. */
static void leave_clean(struct lite *lite) {
    if (lite->is_writer && !lite->is_broken &&
        run(lite, "PRAGMA wal_checkpoint(TRUNCATE)") == NUMU_OK &&
        numu_pages_clean_lists(lite->handle) != NUMU_OK) {
        lite->is_broken = true;
    }
}

static numu_status close_lite(void *self) {
    struct lite *lite = self;
    rollback(lite);
    for (size_t i = 0; i < STATEMENT_COUNT; i++) {
        (void)sqlite3_finalize(lite->prepared[i]);
    }
    leave_clean(lite);
    numu_status status = status_of(sqlite3_close(lite->handle));
    (void)sqlite3_close(lite->keeper);
    numu_arena_release(&lite->pending_arena);
    struct numu_arena arena = lite->arena;
    numu_arena_release(&arena);
    return status;
}

static const struct numu_store_port port = {begin,      commit, rollback, append,
                                            read_entry, size,   get,      put,
                                            remove_key, scan,   check,    close_lite};

static numu_status read_pragma(struct lite *lite, const char *sql, int *out) {
    sqlite3_stmt *prepared;
    int answer = sqlite3_prepare_v2(lite->handle, sql, -1, &prepared, NULL);
    if (answer == SQLITE_OK) {
        answer = sqlite3_step(prepared);
        *out = sqlite3_column_int(prepared, 0);
    }
    (void)sqlite3_finalize(prepared);
    return status_of(answer);
}

static numu_store_problem problem_of(const struct lite *lite) {
    switch (sqlite3_errcode(lite->handle)) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
        return NUMU_STORE_IN_USE;
    case SQLITE_NOTADB:
        return NUMU_STORE_NO_LEDGER;
    case SQLITE_CORRUPT:
        return NUMU_STORE_DAMAGED;
    case SQLITE_CANTOPEN: /* a log lies beside it, and there is no place for the log's index */
        return NUMU_STORE_LOG_BESIDE;
    default:
        return NUMU_STORE_CANNOT_OPEN;
    }
}

/* Whether the file is a ledger of a format that we know. */
static numu_status check_file(struct lite *lite, numu_store_problem *out_problem) {
    int application = 0;
    int format = 0;
    numu_status status = read_pragma(lite, "PRAGMA application_id", &application);
    if (status == NUMU_OK) {
        status = read_pragma(lite, "PRAGMA user_version", &format);
    }
    if (status != NUMU_OK) {
        *out_problem = problem_of(lite);
        return status;
    }
    if (application != APPLICATION || format < 1) {
        *out_problem = NUMU_STORE_NO_LEDGER;
        return NUMU_INVALID;
    }
    if (format != FORMAT) {
        *out_problem = format > FORMAT ? NUMU_STORE_NEWER : NUMU_STORE_OLDER;
        return NUMU_INVALID;
    }
    return NUMU_OK;
}

static numu_status set_up(struct lite *lite, numu_store_mode mode,
                          const struct numu_store_options *options,
                          numu_store_problem *out_problem) {
    *out_problem = NUMU_STORE_CANNOT_OPEN;
    (void)sqlite3_busy_timeout(lite->handle, lite->patience);
    /* First of all: what reads a page before it would want shared memory. */
    numu_status status =
        mode == NUMU_STORE_READ ? NUMU_OK : run(lite, "PRAGMA locking_mode = EXCLUSIVE");
    if (status == NUMU_OK) {
        status = run(lite, "PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON;"
                           "PRAGMA cache_size = -65536;");
    }
    if (status != NUMU_OK) {
        *out_problem = problem_of(lite);
        return status;
    }
    if (mode == NUMU_STORE_READ) {
        (void)sqlite3_db_config(lite->handle, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, NULL);
        return check_file(lite, out_problem);
    }
    if (mode == NUMU_STORE_WRITE) {
        NUMU_TRY(check_file(lite, out_problem));
    }
    if (!options->is_dirty) {
        NUMU_TRY(numu_pages_keep_clean(&lite->arena, lite->handle));
    }
    status = run(lite, "PRAGMA secure_delete = ON; PRAGMA journal_mode = WAL;"
                       "PRAGMA wal_autocheckpoint = 16384;");
    if (status == NUMU_OK) {
        status = run(lite, options->is_unsafe ? "PRAGMA synchronous = NORMAL"
                                              : "PRAGMA synchronous = FULL");
    }
    if (status == NUMU_OK) { /* takes the lock now, not at the first event */
        status = run(lite, mode == NUMU_STORE_CREATE ? "BEGIN EXCLUSIVE" : "BEGIN IMMEDIATE");
    }
    if (status == NUMU_OK && mode == NUMU_STORE_CREATE) {
        status = run(lite, schema);
    }
    if (status == NUMU_OK) {
        status = run(lite, "COMMIT");
    }
    if (status != NUMU_OK) {
        *out_problem = problem_of(lite);
    }
    lite->is_writer = status == NUMU_OK;
    return status;
}

/* "file:…?immutable=1" of a path. */
static numu_status immutable_address(struct lite *lite, const char *path, struct numu_text *out) {
    struct numu_buffer escaped;
    numu_buffer_init(&escaped, lite->heap, 0);
    numu_status status = NUMU_OK;
    for (const char *c = path; *c != '\0' && status == NUMU_OK; c++) {
        status = strchr("%?#", *c) != NULL
                     ? numu_buffer_printf(&escaped, "%%%02X", (unsigned)(unsigned char)*c)
                     : numu_buffer_append_char(&escaped, *c);
    }
    if (status == NUMU_OK) {
        status = numu_text_printf(&lite->arena, out, "file:%s?immutable=1",
                                  escaped.data == NULL ? "" : escaped.data);
    }
    numu_buffer_release(&escaped);
    return status;
}

/* [Q5] Waits for a writer to end. The lock is the one that SQLite itself would take. */
static numu_status keep_writers_out(struct lite *lite, const char *address,
                                    numu_store_problem *out_problem) {
    sqlite3_file *file = NULL;
    NUMU_TRY(status_of(
        sqlite3_open_v2(address, &lite->keeper, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, NULL)));
    NUMU_TRY(status_of(
        sqlite3_file_control(lite->keeper, "main", SQLITE_FCNTL_FILE_POINTER, (void *)&file)));
    int answer = file->pMethods->xLock(file, SQLITE_LOCK_SHARED);
    for (int waited = 0; answer == SQLITE_BUSY && waited < lite->patience; waited += PAUSE) {
        (void)sqlite3_sleep(PAUSE);
        answer = file->pMethods->xLock(file, SQLITE_LOCK_SHARED);
    }
    *out_problem = answer == SQLITE_BUSY ? NUMU_STORE_IN_USE : NUMU_STORE_CANNOT_OPEN;
    return status_of(answer);
}

/*
 * While a writer has a file open, a write-ahead log lies beside it; one that crashed leaves it
 * there. Where there is none, the file is read as one that nobody changes: this leaves no files
 * behind, and works on a disk that cannot be written to. Where there is one, its index is kept in
 * memory, which SQLite does for a connection that could write and is alone.
 */
static numu_status open_to_read(struct lite *lite, const char *path,
                                numu_store_problem *out_problem) {
    struct numu_text log_path;
    struct numu_text address;
    NUMU_TRY(numu_text_printf(&lite->arena, &log_path, "%s-wal", path));
    NUMU_TRY(immutable_address(lite, path, &address));
    NUMU_TRY(keep_writers_out(lite, address.data, out_problem));
    if (access(log_path.data, F_OK) != 0) {
        lite->is_immutable = true;
        return status_of(sqlite3_open_v2(address.data, &lite->handle,
                                         SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, NULL));
    }
    NUMU_TRY(status_of(sqlite3_close(lite->keeper)));
    lite->keeper = NULL;
    if (access(path, W_OK) != 0) {
        return status_of(sqlite3_open_v2(path, &lite->handle, SQLITE_OPEN_READONLY, NULL));
    }
    NUMU_TRY(status_of(sqlite3_open_v2(path, &lite->handle, SQLITE_OPEN_READWRITE, NULL)));
    return run(lite, "PRAGMA query_only = ON; PRAGMA locking_mode = EXCLUSIVE");
}

/* A new file, made by nobody else at the same time. */
static numu_status make_file(const char *path, numu_store_problem *out_problem) {
    int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    if (file < 0) {
        *out_problem = errno == EEXIST ? NUMU_STORE_EXISTS : NUMU_STORE_CANNOT_OPEN;
        return NUMU_IO;
    }
    return close(file) == 0 ? NUMU_OK : NUMU_IO;
}

static numu_status open_lite(struct lite *lite, const char *path, numu_store_mode mode,
                             const struct numu_store_options *options,
                             numu_store_problem *out_problem) {
    static const int flags[] = {[NUMU_STORE_READ] = SQLITE_OPEN_READONLY,
                                [NUMU_STORE_WRITE] = SQLITE_OPEN_READWRITE,
                                [NUMU_STORE_CREATE] = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE};
    *out_problem = NUMU_STORE_CANNOT_OPEN;
    lite->patience = options->is_impatient ? 0 : PATIENCE;
    if (options->vfs == NULL && mode == NUMU_STORE_CREATE) {
        NUMU_TRY(make_file(path, out_problem));
        lite->made = path;
    } else if (options->vfs == NULL &&
               access(path, mode == NUMU_STORE_WRITE ? R_OK | W_OK : R_OK) != 0) {
        return NUMU_IO;
    }
    if (mode == NUMU_STORE_READ && options->vfs == NULL) {
        NUMU_TRY(open_to_read(lite, path, out_problem));
    } else {
        NUMU_TRY(status_of(sqlite3_open_v2(path, &lite->handle, flags[mode], options->vfs)));
    }
    return set_up(lite, mode, options, out_problem);
}

numu_status numu_store_sqlite_open(struct numu_heap *heap, const char *path, numu_store_mode mode,
                                   const struct numu_store_options *options, struct numu_store *out,
                                   numu_store_problem *out_problem) {
    static const struct numu_store_options usual = {0};
    struct numu_arena arena;
    struct lite *lite;
    *out_problem = NUMU_STORE_FINE;
    numu_arena_init(&arena, heap);
    numu_status status = NUMU_TAKE(&arena, &lite, 1);
    if (status != NUMU_OK) {
        numu_arena_release(&arena);
        return status;
    }
    lite->arena = arena;
    lite->heap = heap;
    numu_arena_init(&lite->pending_arena, heap);
    forget_pending(lite);
    errno = 0;
    status = open_lite(lite, path, mode, options == NULL ? &usual : options, out_problem);
    if (status != NUMU_OK) {
        int number = errno;
        const char *made = lite->made;
        (void)close_lite(lite);
        if (made != NULL) {
            (void)unlink(made);
        }
        errno = number;
        return status;
    }
    *out_problem = NUMU_STORE_FINE;
    *out = (struct numu_store){&port, lite};
    return NUMU_OK;
}
