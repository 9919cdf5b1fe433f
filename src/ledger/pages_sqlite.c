/*
 * pages_sqlite.c - see pages_sqlite.h.
 *
 * SQLite reaches an open file by the methods that the file itself points to
 * (https://www.sqlite.org/c3ref/file.html). One of them, writing, is replaced for the main file of
 * a connection; all others stay those of the file system below.
 */
#include "ledger/pages_sqlite.h"

#include <sqlite3.h>
#include <string.h>

struct cleaner {
    sqlite3_io_methods methods; /* first: a file points here */
    const sqlite3_io_methods *below;
};

static numu_status status_of(int answer) {
    return answer == SQLITE_OK || answer == SQLITE_DONE ? NUMU_OK
           : answer == SQLITE_NOMEM                     ? NUMU_MEMORY
           : (answer & 0xFF) == SQLITE_CORRUPT          ? NUMU_INVALID
                                                        : NUMU_IO;
}

static int write_clean(sqlite3_file *file, const void *bytes, int length, sqlite3_int64 offset) {
    const struct cleaner *cleaner = (const void *)file->pMethods;
    unsigned char page[NUMU_PAGE_BYTES];
    sqlite3_int64 size = 0;
    if (length == NUMU_PAGE_BYTES && offset % NUMU_PAGE_BYTES == 0 &&
        cleaner->below->xFileSize(file, &size) == SQLITE_OK) {
        memcpy(page, bytes, NUMU_PAGE_BYTES);
        (void)numu_page_clean(page, (uint32_t)(offset / NUMU_PAGE_BYTES) + 1,
                              (uint32_t)(size / NUMU_PAGE_BYTES) + 1);
        bytes = page;
    }
    return cleaner->below->xWrite(file, bytes, length, offset);
}

static numu_status file_of(struct sqlite3 *handle, sqlite3_file **out) {
    *out = NULL;
    NUMU_TRY(
        status_of(sqlite3_file_control(handle, "main", SQLITE_FCNTL_FILE_POINTER, (void *)out)));
    return *out == NULL || (*out)->pMethods == NULL ? NUMU_IO : NUMU_OK;
}

numu_status numu_pages_keep_clean(struct numu_arena *arena, struct sqlite3 *handle) {
    sqlite3_file *file;
    struct cleaner *cleaner;
    NUMU_TRY(file_of(handle, &file));
    NUMU_TRY(NUMU_TAKE(arena, &cleaner, 1));
    cleaner->below = file->pMethods;
    cleaner->methods = *cleaner->below;
    cleaner->methods.xWrite = write_clean;
    file->pMethods = &cleaner->methods;
    return NUMU_OK;
}

/* --- reading --- */

static numu_status read_page(void *data, uint32_t number, unsigned char out[NUMU_PAGE_BYTES]) {
    sqlite3_file *file = data;
    int answer = file->pMethods->xRead(file, out, NUMU_PAGE_BYTES,
                                       (sqlite3_int64)(number - 1) * NUMU_PAGE_BYTES);
    return answer == SQLITE_IOERR_SHORT_READ ? NUMU_INVALID : status_of(answer);
}

static numu_status count_pages(sqlite3_file *file, uint32_t *out) {
    sqlite3_int64 size;
    NUMU_TRY(status_of(file->pMethods->xFileSize(file, &size)));
    if (size % NUMU_PAGE_BYTES != 0 || size / NUMU_PAGE_BYTES >= UINT32_MAX || size == 0) {
        return NUMU_INVALID;
    }
    *out = (uint32_t)(size / NUMU_PAGE_BYTES);
    return NUMU_OK;
}

static uint32_t number_at(const unsigned char *at) {
    return (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
}

numu_status numu_pages_clean_lists(struct sqlite3 *handle) {
    unsigned char page[NUMU_PAGE_BYTES];
    unsigned char clean[NUMU_PAGE_BYTES];
    sqlite3_file *file;
    uint32_t count;
    NUMU_TRY(file_of(handle, &file));
    NUMU_TRY(count_pages(file, &count));
    NUMU_TRY(read_page(file, 1, page));
    uint32_t left = number_at(page + 36);
    for (uint32_t number = number_at(page + 32); number != 0 && left > 0; left--) {
        if (number > count) {
            return NUMU_INVALID;
        }
        NUMU_TRY(read_page(file, number, page));
        memcpy(clean, page, sizeof clean);
        numu_page_clean_list(clean);
        if (memcmp(clean, page, sizeof clean) != 0) {
            NUMU_TRY(status_of(file->pMethods->xWrite(
                file, clean, NUMU_PAGE_BYTES, (sqlite3_int64)(number - 1) * NUMU_PAGE_BYTES)));
        }
        number = number_at(page);
    }
    return NUMU_OK;
}

/* --- walking --- */

static int integer_of(struct sqlite3 *handle, const char *sql) {
    sqlite3_stmt *prepared;
    int value = -1;
    if (sqlite3_prepare_v2(handle, sql, -1, &prepared, NULL) == SQLITE_OK &&
        sqlite3_step(prepared) == SQLITE_ROW) {
        value = sqlite3_column_int(prepared, 0);
    }
    (void)sqlite3_finalize(prepared);
    return value;
}

static bool is_same_row(sqlite3_stmt *a, sqlite3_stmt *b) {
    for (int i = 0; i < sqlite3_column_count(a); i++) {
        int bytes = sqlite3_column_bytes(a, i);
        if (sqlite3_column_type(a, i) != sqlite3_column_type(b, i) ||
            bytes != sqlite3_column_bytes(b, i) ||
            (bytes > 0 &&
             memcmp(sqlite3_column_blob(a, i), sqlite3_column_blob(b, i), (size_t)bytes) != 0)) {
            return false;
        }
    }
    return true;
}

static numu_status compare_rows(sqlite3_stmt *a, sqlite3_stmt *b, bool *out) {
    int step_a;
    int step_b;
    do {
        step_a = sqlite3_step(a);
        step_b = sqlite3_step(b);
        *out = step_a == step_b && (step_a != SQLITE_ROW || is_same_row(a, b));
    } while (*out && step_a == SQLITE_ROW);
    return step_a == SQLITE_ROW || step_b == SQLITE_ROW ? NUMU_OK : status_of(step_a);
}

/* Whether the schema is word for word the one that we make, with the same roots. */
static numu_status compare_schemas(struct sqlite3 *handle, struct sqlite3 *ours, bool *out) {
    static const char sql[] =
        "SELECT rowid, type, name, tbl_name, rootpage, sql FROM sqlite_schema ORDER BY rowid";
    sqlite3_stmt *a = NULL;
    sqlite3_stmt *b = NULL;
    numu_status status = status_of(sqlite3_prepare_v2(handle, sql, -1, &a, NULL));
    if (status == NUMU_OK) {
        status = status_of(sqlite3_prepare_v2(ours, sql, -1, &b, NULL));
    }
    if (status == NUMU_OK) {
        status = compare_rows(a, b, out);
    }
    (void)sqlite3_finalize(a);
    (void)sqlite3_finalize(b);
    return status;
}

/* Our tables with their roots, the schema's own first. */
static numu_status list_trees(struct numu_arena *arena, struct sqlite3 *ours,
                              const struct numu_page_tree *trees, size_t count,
                              struct numu_page_tree **out) {
    sqlite3_stmt *prepared;
    NUMU_TRY(NUMU_TAKE(arena, out, count + 1));
    (*out)[0] = (struct numu_page_tree){.root = 1, .columns = "tttit"};
    NUMU_TRY(status_of(sqlite3_prepare_v2(
        ours, "SELECT rootpage FROM sqlite_schema WHERE rootpage > 0 ORDER BY rowid", -1, &prepared,
        NULL)));
    size_t found = 0;
    while (sqlite3_step(prepared) == SQLITE_ROW && found < count) {
        (*out)[found + 1] = trees[found];
        (*out)[++found].root = (uint32_t)sqlite3_column_int(prepared, 0);
    }
    (void)sqlite3_finalize(prepared);
    return found == count ? NUMU_OK : NUMU_BUG;
}

static numu_status walk(struct numu_heap *heap, struct sqlite3 *handle, struct sqlite3 *ours,
                        const struct numu_page_tree *trees, size_t tree_count,
                        numu_page_visit visit, void *data, uint64_t *out_pages) {
    struct numu_page_file file = {.read = read_page};
    struct numu_arena arena;
    struct numu_page_tree *list = NULL;
    sqlite3_file *below;
    bool is_same = false;
    NUMU_TRY(file_of(handle, &below));
    NUMU_TRY(count_pages(below, &file.count));
    NUMU_TRY(compare_schemas(handle, ours, &is_same));
    if (!is_same) {
        return visit(data, 1, NUMU_PAGE_HEADER_BYTES);
    }
    file.data = below;
    file.schema_cookie = (uint32_t)integer_of(ours, "PRAGMA schema_version");
    numu_arena_init(&arena, heap);
    numu_status status = list_trees(&arena, ours, trees, tree_count, &list);
    if (status == NUMU_OK) {
        status = numu_pages_check(heap, &file, list, tree_count + 1, visit, data);
    }
    numu_arena_release(&arena);
    *out_pages = file.count;
    return status;
}

numu_status numu_pages_walk(struct numu_heap *heap, struct sqlite3 *handle, const char *schema,
                            const struct numu_page_tree *trees, size_t tree_count,
                            numu_page_visit visit, void *data, uint64_t *out_pages) {
    struct sqlite3 *ours = NULL;
    *out_pages = 0;
    numu_status status = status_of(sqlite3_open_v2(
        ":memory:", &ours, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_MEMORY, NULL));
    if (status == NUMU_OK) {
        status = status_of(sqlite3_exec(ours, schema, NULL, NULL, NULL));
    }
    if (status == NUMU_OK) {
        status = walk(heap, handle, ours, trees, tree_count, visit, data, out_pages);
    }
    (void)sqlite3_close(ours);
    return status;
}
