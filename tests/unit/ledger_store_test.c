/*
 * Goal: every store keeps what store.h promises.
 * Method: one suite, run on each store: random transactions against two plain arrays as the oracle,
 * with reads inside and after, rollbacks, and scans; for SQLite also reopened after each commit,
 * a second writer, a writer while somebody reads, a log that a crash left, a disk without a place
 * for a new file, foreign files, a newer format; in memory also each allocation made to fail.
 */
#include "ledger/store.h"

#include "base/random.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <errno.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SEED = 20260105, KEYS = 40, ROUNDS = 300, LOGS = 3, ENTRIES_MAX = 4000 };

static void must(numu_status status) {
    assert_int_equal(status, NUMU_OK);
}

/* --- the oracle --- */

struct model {
    char value[NUMU_SPACE_COUNT][KEYS][16]; /* "" = none */
    uint64_t size[LOGS];
    uint32_t entry[LOGS][ENTRIES_MAX];
};

static struct numu_text key_of(unsigned key, char room[16]) {
    (void)snprintf(room, 16, "%s%u", key % 3 == 0 ? "a\t" : "b\t", key);
    return numu_text_of(room);
}

struct suite {
    struct numu_heap heap;
    struct numu_store store;
    struct model now, committed;
    struct numu_random random;
    struct numu_buffer buffer;
};

static void change(struct suite *suite) {
    unsigned kind = (unsigned)numu_random_below(&suite->random, 10);
    unsigned key = (unsigned)numu_random_below(&suite->random, KEYS);
    numu_space space = (numu_space)numu_random_below(&suite->random, NUMU_SPACE_COUNT);
    char room[16];
    struct numu_text text = key_of(key, room);
    const struct numu_store *store = &suite->store;
    if (kind < 5) {
        char *value = suite->now.value[space][key];
        (void)snprintf(value, 16, "v%u", (unsigned)numu_random_below(&suite->random, 100000));
        must(store->port->put(store->self, space, text, numu_text_of(value)));
    } else if (kind < 7) {
        suite->now.value[space][key][0] = '\0';
        must(store->port->remove(store->self, space, text));
    } else {
        unsigned log = (unsigned)numu_random_below(&suite->random, LOGS);
        uint64_t *size = &suite->now.size[log];
        uint32_t entry = (uint32_t)numu_random_next(&suite->random);
        struct numu_sha256 leaf = {{(unsigned char)entry}};
        suite->now.entry[log][*size] = entry;
        must(store->port->append(store->self, log, *size, (struct numu_text){(char *)&entry, 4},
                                 &leaf));
        ++*size;
    }
}

struct seen {
    const struct model *model;
    numu_space space;
    unsigned count;
    char last[16];
};

static numu_status visit(void *data, struct numu_text key, struct numu_text value) {
    struct seen *seen = data;
    unsigned number = (unsigned)strtoul(key.data + 2, NULL, 10);
    assert_true(numu_text_compare(numu_text_of(seen->last), key) < 0);
    (void)snprintf(seen->last, sizeof seen->last, "%.*s", (int)key.length, key.data);
    assert_true(number < KEYS && number % 3 == 0);
    assert_true(numu_text_is(value, seen->model->value[seen->space][number]));
    seen->count++;
    return NUMU_OK;
}

static void compare(struct suite *suite, const struct model *model) {
    const struct numu_store *store = &suite->store;
    for (unsigned space = 0; space < NUMU_SPACE_COUNT; space++) {
        struct seen seen = {.model = model, .space = (numu_space)space};
        unsigned expected = 0;
        for (unsigned key = 0; key < KEYS; key++) {
            char room[16];
            const char *value = model->value[space][key];
            numu_status status =
                store->port->get(store->self, (numu_space)space, key_of(key, room), &suite->buffer);
            assert_int_equal(status, value[0] == '\0' ? NUMU_NOT_FOUND : NUMU_OK);
            if (status == NUMU_OK) {
                assert_string_equal(suite->buffer.data, value);
                expected += key % 3 == 0;
            }
        }
        must(store->port->scan(store->self, (numu_space)space, NUMU_TEXT("a\t"), visit, &seen));
        assert_int_equal(seen.count, expected);
    }
    for (unsigned log = 0; log < LOGS; log++) {
        uint64_t size;
        must(store->port->size(store->self, log, &size));
        assert_true(size == model->size[log]);
        assert_int_equal(store->port->read(store->self, log, size, &suite->buffer, NULL),
                         NUMU_NOT_FOUND);
        for (uint64_t i = size < 20 ? 0 : size - 20; i < size; i++) {
            struct numu_sha256 leaf;
            must(store->port->read(store->self, log, i, &suite->buffer, &leaf));
            assert_int_equal(suite->buffer.length, 4);
            assert_memory_equal(suite->buffer.data, &model->entry[log][i], 4);
            assert_int_equal(leaf.bytes[0], (unsigned char)model->entry[log][i]);
        }
    }
}

static void run_rounds(struct suite *suite, void (*reopen)(struct suite *suite), unsigned rounds) {
    const struct numu_store *store = &suite->store;
    for (unsigned round = 0; round < rounds; round++) {
        must(store->port->begin(store->self));
        for (uint64_t i = numu_random_below(&suite->random, 12); i > 0; i--) {
            change(suite);
        }
        compare(suite, &suite->now);
        if (numu_random_below(&suite->random, 3) == 0) {
            store->port->rollback(store->self);
            suite->now = suite->committed;
        } else {
            must(store->port->commit(store->self));
            suite->committed = suite->now;
        }
        if (reopen != NULL && round % 16 == 0) {
            reopen(suite);
        }
        compare(suite, &suite->committed);
    }
}

static void suite_init(struct suite *suite) {
    memset(suite, 0, sizeof *suite);
    numu_heap_init(&suite->heap, 0);
    numu_random_init(&suite->random, SEED, 0);
    numu_buffer_init(&suite->buffer, &suite->heap, 0);
}

static void suite_release(struct suite *suite) {
    must(suite->store.port->close(suite->store.self));
    numu_buffer_release(&suite->buffer);
    assert_int_equal(suite->heap.bytes, 0);
}

/* --- memory --- */

static void test_memory(void **state) {
    (void)state;
    static struct suite suite;
    suite_init(&suite);
    must(numu_store_memory_open(&suite.heap, &suite.store));
    run_rounds(&suite, NULL, ROUNDS);
    must(suite.store.port->begin(suite.store.self));
    struct numu_sha256 leaf = {{0}};
    assert_int_equal(
        suite.store.port->append(suite.store.self, 0, suite.now.size[0] + 1, NUMU_TEXT("x"), &leaf),
        NUMU_BUG);
    suite_release(&suite);
}

/* Whatever allocation fails, a rollback brings back what was there. */
static void test_memory_short(void **state) {
    (void)state;
    for (uint_fast64_t fail_at = 1;; fail_at++) {
        static struct suite suite;
        suite_init(&suite);
        must(numu_store_memory_open(&suite.heap, &suite.store));
        const struct numu_store *store = &suite.store;
        struct numu_sha256 leaf = {{7}};
        must(store->port->begin(store->self));
        must(store->port->put(store->self, NUMU_SPACE_STATE, NUMU_TEXT("k"), NUMU_TEXT("before")));
        must(store->port->append(store->self, 1, 0, NUMU_TEXT("entry"), &leaf));
        must(store->port->commit(store->self));
        suite.heap.fail_at = suite.heap.count + fail_at;
        must(store->port->begin(store->self));
        numu_status status = store->port->put(store->self, NUMU_SPACE_STATE, NUMU_TEXT("k"),
                                              NUMU_TEXT("a much longer value than before it"));
        if (status == NUMU_OK) {
            status = store->port->append(store->self, 1, 1, NUMU_TEXT("another"), &leaf);
        }
        if (status == NUMU_OK) {
            status =
                store->port->put(store->self, NUMU_SPACE_BOOK, NUMU_TEXT("n"), NUMU_TEXT("new"));
        }
        bool is_done = status == NUMU_OK;
        suite.heap.fail_at = 0;
        store->port->rollback(store->self);
        must(store->port->get(store->self, NUMU_SPACE_STATE, NUMU_TEXT("k"), &suite.buffer));
        assert_string_equal(suite.buffer.data, "before");
        assert_int_equal(store->port->get(store->self, NUMU_SPACE_BOOK, NUMU_TEXT("n"), NULL),
                         NUMU_NOT_FOUND);
        uint64_t size;
        must(store->port->size(store->self, 1, &size));
        assert_true(size == 1);
        suite_release(&suite);
        if (is_done) {
            assert_true(fail_at > 3);
            return;
        }
        assert_int_equal(status, NUMU_MEMORY);
    }
}

/* --- SQLite --- */

static char folder[64];

static const char *path_of(const char *name) {
    static char path[128];
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    return path;
}

static int make_folder(void **state) {
    (void)state;
    (void)snprintf(folder, sizeof folder, "/tmp/numu-store-XXXXXX");
    return mkdtemp(folder) == NULL ? -1 : 0;
}

static int remove_folder(void **state) {
    (void)state;
    static const char *const names[] = {
        "a.db",           "a.db-wal",       "a.db-shm", "crashed.db",
        "crashed.db-wal", "crashed.db-shm", "other.db", "text"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        (void)unlink(path_of(names[i]));
    }
    return rmdir(folder);
}

static void open_lite(struct suite *suite, numu_store_mode mode) {
    numu_store_problem problem;
    must(
        numu_store_sqlite_open(&suite->heap, path_of("a.db"), mode, NULL, &suite->store, &problem));
    assert_int_equal(problem, NUMU_STORE_FINE);
}

static void reopen_lite(struct suite *suite) {
    must(suite->store.port->close(suite->store.self));
    open_lite(suite, NUMU_STORE_READ);
    compare(suite, &suite->committed);
    must(suite->store.port->close(suite->store.self));
    open_lite(suite, NUMU_STORE_WRITE);
}

static void test_sqlite(void **state) {
    (void)state;
    static struct suite suite;
    suite_init(&suite);
    open_lite(&suite, NUMU_STORE_CREATE);
    run_rounds(&suite, reopen_lite, ROUNDS / 2);
    struct numu_sha256 leaf = {{0}};
    must(suite.store.port->begin(suite.store.self));
    assert_int_equal(
        suite.store.port->append(suite.store.self, 0, suite.now.size[0] - 1, NUMU_TEXT("x"), &leaf),
        NUMU_BUG);
    suite_release(&suite);
}

static void expect_problem(const char *name, numu_store_mode mode, numu_store_problem expected) {
    struct numu_heap heap;
    struct numu_store store;
    numu_store_problem problem;
    numu_heap_init(&heap, 0);
    const struct numu_store_options options = {.is_impatient = true};
    numu_status status =
        numu_store_sqlite_open(&heap, path_of(name), mode, &options, &store, &problem);
    assert_true(status == NUMU_IO || status == NUMU_INVALID);
    assert_int_equal(problem, expected);
    assert_int_equal(heap.bytes, 0);
}

static void test_sqlite_files(void **state) {
    (void)state;
    static struct suite suite;
    suite_init(&suite);
    open_lite(&suite, NUMU_STORE_CREATE);
    expect_problem("a.db", NUMU_STORE_WRITE, NUMU_STORE_IN_USE); /* a second writer */
    expect_problem("a.db", NUMU_STORE_READ, NUMU_STORE_IN_USE);
    expect_problem("a.db", NUMU_STORE_CREATE, NUMU_STORE_EXISTS);
    expect_problem("none.db", NUMU_STORE_READ, NUMU_STORE_CANNOT_OPEN);
    expect_problem("none.db", NUMU_STORE_WRITE, NUMU_STORE_CANNOT_OPEN);
    expect_problem("no/folder.db", NUMU_STORE_CREATE, NUMU_STORE_CANNOT_OPEN);
    expect_problem("", NUMU_STORE_READ, NUMU_STORE_CANNOT_OPEN);
    FILE *file = fopen(path_of("text"), "w");
    assert_non_null(file);
    for (int i = 0; i < 200; i++) {
        (void)fputs("this is no database; ", file);
    }
    (void)fclose(file);
    expect_problem("text", NUMU_STORE_WRITE, NUMU_STORE_NO_LEDGER);
    sqlite3 *other;
    assert_int_equal(sqlite3_open(path_of("other.db"), &other), SQLITE_OK);
    assert_int_equal(sqlite3_exec(other, "CREATE TABLE t(x)", NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_close(other), SQLITE_OK);
    expect_problem("other.db", NUMU_STORE_WRITE, NUMU_STORE_NO_LEDGER);
    suite_release(&suite);
    assert_int_equal(sqlite3_open(path_of("a.db"), &other), SQLITE_OK);
    /* Entries are final for whoever opens the file, unless he takes the triggers away. */
    assert_int_equal(
        sqlite3_exec(other, "INSERT INTO entry VALUES(0, x'00', x'01')", NULL, NULL, NULL),
        SQLITE_OK);
    assert_int_equal(sqlite3_exec(other, "DELETE FROM entry", NULL, NULL, NULL), SQLITE_CONSTRAINT);
    assert_int_equal(sqlite3_exec(other, "UPDATE entry SET bytes = x'02'", NULL, NULL, NULL),
                     SQLITE_CONSTRAINT);
    assert_int_equal(sqlite3_exec(other, "PRAGMA user_version = 3", NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_close(other), SQLITE_OK);
    expect_problem("a.db", NUMU_STORE_WRITE, NUMU_STORE_NEWER);
    expect_problem("a.db", NUMU_STORE_READ, NUMU_STORE_NEWER);
}

/* Who reads keeps writers out: none changes a page under a reader. Two may read. */
static void test_sqlite_readers(void **state) {
    (void)state;
    static struct suite suite;
    static struct suite other;
    suite_init(&suite);
    open_lite(&suite, NUMU_STORE_CREATE);
    must(suite.store.port->close(suite.store.self));
    open_lite(&suite, NUMU_STORE_READ);
    expect_problem("a.db", NUMU_STORE_WRITE, NUMU_STORE_IN_USE);
    suite_init(&other);
    open_lite(&other, NUMU_STORE_READ);
    suite_release(&other);
    expect_problem("a.db", NUMU_STORE_WRITE, NUMU_STORE_IN_USE); /* the first still reads */
    must(suite.store.port->close(suite.store.self));
    open_lite(&suite, NUMU_STORE_WRITE);
    suite_release(&suite);
}

static void copy_file(const char *from, const char *to) {
    static unsigned char bytes[1 << 20];
    FILE *file = fopen(path_of(from), "rb");
    assert_non_null(file);
    size_t length = fread(bytes, 1, sizeof bytes, file);
    (void)fclose(file);
    assert_true(length > 0 && length < sizeof bytes);
    file = fopen(path_of(to), "wb");
    assert_non_null(file);
    assert_true(fwrite(bytes, 1, length, file) == length);
    assert_int_equal(fclose(file), 0);
}

/* What a writer that crashed had committed is read where its log lies, and nothing is written. */
static void test_sqlite_crashed(void **state) {
    (void)state;
    static struct suite suite;
    struct numu_store store;
    numu_store_problem problem;
    struct stat before;
    struct stat after;
    suite_init(&suite);
    open_lite(&suite, NUMU_STORE_CREATE);
    must(suite.store.port->begin(suite.store.self));
    must(suite.store.port->put(suite.store.self, NUMU_SPACE_STATE, NUMU_TEXT("k"),
                               NUMU_TEXT("committed")));
    must(suite.store.port->commit(suite.store.self));
    copy_file("a.db", "crashed.db");
    copy_file("a.db-wal", "crashed.db-wal");
    suite_release(&suite);
    assert_int_equal(stat(path_of("crashed.db-wal"), &before), 0);
    suite_init(&suite);
    must(numu_store_sqlite_open(&suite.heap, path_of("crashed.db"), NUMU_STORE_READ, NULL, &store,
                                &problem));
    must(store.port->get(store.self, NUMU_SPACE_STATE, NUMU_TEXT("k"), &suite.buffer));
    assert_string_equal(suite.buffer.data, "committed");
    assert_int_not_equal(access(path_of("crashed.db-shm"), F_OK), 0);
    must(store.port->close(store.self));
    assert_int_equal(stat(path_of("crashed.db-wal"), &after), 0);
    assert_true(after.st_size == before.st_size && after.st_mtime == before.st_mtime);
    must(numu_store_sqlite_open(&suite.heap, path_of("crashed.db"), NUMU_STORE_WRITE, NULL, &store,
                                &problem));
    must(store.port->get(store.self, NUMU_SPACE_STATE, NUMU_TEXT("k"), &suite.buffer));
    must(store.port->close(store.self));
    numu_buffer_release(&suite.buffer);
    assert_int_equal(suite.heap.bytes, 0);
}

/* Where a store cannot be made, nothing is left of it. */
static void test_sqlite_no_room(void **state) {
    (void)state;
    struct rlimit all;
    struct rlimit few;
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &all), 0);
    few = (struct rlimit){4096, all.rlim_max};
    assert_true(signal(SIGXFSZ, SIG_IGN) != SIG_ERR);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &few), 0);
    expect_problem("a.db", NUMU_STORE_CREATE, NUMU_STORE_CANNOT_OPEN);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &all), 0);
    assert_int_not_equal(access(path_of("a.db"), F_OK), 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_memory),
        cmocka_unit_test(test_memory_short),
        cmocka_unit_test_setup_teardown(test_sqlite, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(test_sqlite_files, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(test_sqlite_readers, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(test_sqlite_crashed, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(test_sqlite_no_room, make_folder, remove_folder)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
