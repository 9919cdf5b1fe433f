/*
 * model_package_test.c - goal: a package comes through each of its forms unchanged, and no file
 * from anywhere does harm. Method: random packages by the descriptors are written, read back and
 * compared value by value and byte by byte; zips and SQLite files are made wrong in each way that
 * is refused, and damaged at random; the n-th allocation fails.
 */
#include "model/package.h"

#include "base/file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "random_package.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { RANDOM_PACKAGES = 40, DAMAGES = 300 };

struct fixture {
    char folder[64];
    char path[128]; /* of the one file in it */
    struct numu_heap heap;
    struct numu_context context;
    struct numu_arena arena;
    struct numu_report report;
};

static int set_up(void **state) {
    static struct fixture fixture;
    memset(&fixture, 0, sizeof fixture);
    (void)snprintf(fixture.folder, sizeof fixture.folder, "/tmp/numu-package-XXXXXX");
    assert_non_null(mkdtemp(fixture.folder));
    (void)snprintf(fixture.path, sizeof fixture.path, "%s/file", fixture.folder);
    numu_heap_init(&fixture.heap, 0);
    fixture.context.heap = &fixture.heap;
    fixture.context.threads = 1;
    numu_arena_init(&fixture.arena, &fixture.heap);
    numu_report_init(&fixture.report, &fixture.heap, 20);
    *state = &fixture;
    return 0;
}

static int tear_down(void **state) {
    struct fixture *fixture = *state;
    numu_report_release(&fixture->report);
    numu_arena_release(&fixture->arena);
    (void)unlink(fixture->path);
    /* Fails where something was left behind. */
    return rmdir(fixture->folder) == 0 && fixture->heap.bytes == 0 ? 0 : -1;
}

static void forget_findings(struct fixture *fixture) {
    numu_report_release(&fixture->report);
    numu_report_init(&fixture->report, &fixture->heap, 20);
}

static void load(struct fixture *fixture, const struct numu_package *package,
                 struct numu_model *out) {
    numu_status status = numu_model_load_files(&fixture->context, NUMU_TEXT("random"), package,
                                               &fixture->report, out);
    size_t count;
    const struct numu_diagnostic *list = numu_report_list(&fixture->report, &count);
    if (status != NUMU_OK && count > 0) {
        print_message("# %s: %.*s %.*s\n", numu_code_text(list[0].code),
                      (int)list[0].arguments[0].text.length, list[0].arguments[0].text.data,
                      (int)list[0].arguments[1].text.length, list[0].arguments[1].text.data);
    }
    assert_int_equal(status, NUMU_OK);
}

static void assert_same_text(struct numu_text a, struct numu_text b) {
    if (!numu_text_is_equal(a, b)) {
        print_message("# %.*s\n# %.*s\n", (int)a.length, a.data, (int)b.length, b.data);
    }
    assert_true(numu_text_is_equal(a, b));
}

/* Also of a package whose files come in another order. */
static void assert_same_package(const struct numu_package *a, const struct numu_package *b) {
    assert_int_equal(a->count, b->count);
    for (size_t i = 0; i < a->count; i++) {
        const struct numu_text *other = numu_package_find(b, a->files[i].name);
        assert_non_null(other);
        assert_same_text(a->files[i].bytes, *other);
    }
}

static void assert_same_column(struct fixture *fixture, const struct numu_model *a,
                               const struct numu_model *b,
                               const struct numu_table_descriptor *table,
                               const struct numu_column *column) {
    struct numu_buffer left;
    struct numu_buffer right;
    numu_buffer_init(&left, &fixture->heap, 0);
    numu_buffer_init(&right, &fixture->heap, 0);
    for (numu_row row = 0; row < numu_model_head_of(a, table)->count; row++) {
        numu_buffer_clear(&left);
        numu_buffer_clear(&right);
        assert_int_equal(numu_model_write_cell(a, table, column, row, &left), NUMU_OK);
        assert_int_equal(numu_model_write_cell(b, table, column, row, &right), NUMU_OK);
        assert_same_text((struct numu_text){left.data, left.length},
                         (struct numu_text){right.data, right.length});
    }
    numu_buffer_release(&left);
    numu_buffer_release(&right);
}

static void assert_same_model(struct fixture *fixture, const struct numu_model *a,
                              const struct numu_model *b) {
    for (const struct numu_table_descriptor *table = numu_schema; table->name != NULL; table++) {
        const struct numu_table_head *left = numu_model_head_of(a, table);
        const struct numu_table_head *right = numu_model_head_of(b, table);
        assert_int_equal(left->count, right->count);
        assert_int_equal(left->is_present, right->is_present);
        for (const struct numu_column *column = table->columns; column->name != NULL; column++) {
            assert_same_column(fixture, a, b, table, column);
        }
    }
}

/* --- round trips --- */

typedef void round_trip(struct fixture *fixture, const struct numu_model *model,
                        const struct numu_package *normal);

static void for_random_packages(struct fixture *fixture, round_trip *trip) {
    for (uint64_t seed = 1; seed <= RANDOM_PACKAGES; seed++) {
        struct numu_package package;
        struct numu_package normal;
        struct numu_model model;
        print_message("# seed %llu\n", (unsigned long long)seed);
        random_package(seed, &fixture->arena, &package);
        load(fixture, &package, &model);
        assert_int_equal(numu_package_build(&model, &fixture->arena, &normal), NUMU_OK);
        trip(fixture, &model, &normal);
        numu_model_release(&model);
        numu_arena_release(&fixture->arena);
    }
}

/* What was written reads back as the same model, and is written the same again. */
static void through_itself(struct fixture *fixture, const struct numu_model *model,
                           const struct numu_package *normal) {
    struct numu_model again;
    struct numu_package package;
    load(fixture, normal, &again);
    assert_same_model(fixture, model, &again);
    assert_int_equal(numu_package_build(&again, &fixture->arena, &package), NUMU_OK);
    assert_same_package(normal, &package);
    numu_model_release(&again);
}

static void through_zip(struct fixture *fixture, const struct numu_model *model,
                        const struct numu_package *normal) {
    struct numu_package package;
    (void)model;
    assert_int_equal(
        numu_package_write_zip(normal, fixture->path, &fixture->heap, &fixture->report), NUMU_OK);
    assert_int_equal(numu_package_read(fixture->path, &fixture->arena, &fixture->report, &package),
                     NUMU_OK);
    assert_same_package(normal, &package);
}

static void through_database(struct fixture *fixture, const struct numu_model *model,
                             const struct numu_package *normal) {
    struct numu_package package;
    struct numu_package normal_again;
    struct numu_model again;
    assert_int_equal(
        numu_package_write_database(model, fixture->path, &fixture->heap, &fixture->report),
        NUMU_OK);
    assert_int_equal(numu_package_read(fixture->path, &fixture->arena, &fixture->report, &package),
                     NUMU_OK);
    load(fixture, &package, &again);
    assert_same_model(fixture, model, &again);
    assert_int_equal(numu_package_build(&again, &fixture->arena, &normal_again), NUMU_OK);
    assert_same_package(normal, &normal_again);
    numu_model_release(&again);
}

static void test_normal_form(void **state) {
    for_random_packages(*state, through_itself);
}

static void test_zip(void **state) {
    for_random_packages(*state, through_zip);
}

static void test_database(void **state) {
    for_random_packages(*state, through_database);
}

static struct numu_text read_file(struct fixture *fixture) {
    struct numu_text bytes;
    int number;
    assert_int_equal(numu_file_read(&fixture->arena, fixture->path, 0, &bytes, &number), NUMU_OK);
    return bytes;
}

/* The same model gives the same bytes, whatever the clock says. */
static void same_bytes(struct fixture *fixture, const struct numu_model *model,
                       const struct numu_package *normal) {
    typedef numu_status write_model(const struct numu_model *, const char *, struct numu_heap *,
                                    struct numu_report *);
    write_model *const writers[] = {numu_package_write_database, numu_package_write_workbook};
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(writers[i](model, fixture->path, &fixture->heap, &fixture->report),
                         NUMU_OK);
        struct numu_text first = read_file(fixture);
        assert_int_equal(writers[i](model, fixture->path, &fixture->heap, &fixture->report),
                         NUMU_OK);
        assert_true(numu_text_is_equal(first, read_file(fixture)));
        assert_true(first.length > 1000);
    }
    (void)normal;
}

static void test_same_bytes(void **state) {
    for_random_packages(*state, same_bytes);
}

static void test_folder(void **state) {
    struct fixture *fixture = *state;
    struct numu_package package;
    struct numu_model model;
    struct numu_package normal;
    char file[256];
    int number;
    random_package(1, &fixture->arena, &package);
    load(fixture, &package, &model);
    assert_int_equal(numu_package_build(&model, &fixture->arena, &normal), NUMU_OK);
    numu_model_release(&model);
    assert_int_equal(mkdir(fixture->path, 0777), 0); /* an empty one is taken */
    assert_int_equal(
        numu_package_write_folder(&normal, fixture->path, &fixture->heap, &fixture->report),
        NUMU_OK);
    for (size_t i = 0; i < normal.count; i++) {
        struct numu_text bytes;
        (void)snprintf(file, sizeof file, "%s/%s", fixture->path, normal.files[i].name.data);
        assert_int_equal(numu_file_read(&fixture->arena, file, 0, &bytes, &number), NUMU_OK);
        assert_same_text(bytes, normal.files[i].bytes);
    }
    assert_int_equal(
        numu_package_write_folder(&normal, fixture->path, &fixture->heap, &fixture->report),
        NUMU_IO);
    assert_int_equal(fixture->report.counts[NUMU_CODE_CANNOT_WRITE], 1);
    for (size_t i = 0; i < normal.count; i++) {
        (void)snprintf(file, sizeof file, "%s/%s", fixture->path, normal.files[i].name.data);
        assert_int_equal(unlink(file), 0);
    }
    assert_int_equal(rmdir(fixture->path), 0);
}

/* --- hostile zips --- */

struct entry {
    const char *name;
    const char *bytes;
    unsigned flags;    /* general purpose bits: 1 = encrypted */
    uint32_t size_lie; /* added to the size that the directory tells */
    uint32_t sum_lie;  /* added to the checksum */
};

static void put(struct numu_buffer *zip, uint32_t value, size_t count) {
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(numu_buffer_append_char(zip, (char)(value >> 8 * i & 0xFF)), NUMU_OK);
    }
}

static uint32_t checksum(const char *bytes) {
    uint32_t sum = UINT32_MAX; /* CRC-32 of ISO 3309, bit by bit */
    for (const char *c = bytes; *c != '\0'; c++) {
        sum ^= (unsigned char)*c;
        for (int bit = 0; bit < 8; bit++) {
            sum = sum >> 1 ^ ((sum & 1) != 0 ? UINT32_C(0xEDB88320) : 0);
        }
    }
    return ~sum;
}

/* The fields that a file's own header and the directory share, from the version on. */
static void put_header(struct numu_buffer *zip, const struct entry *entry) {
    uint32_t length = (uint32_t)strlen(entry->bytes);
    put(zip, 20, 2);
    put(zip, entry->flags, 2);
    put(zip, 0, 2); /* stored */
    put(zip, 0, 2);
    put(zip, 33, 2); /* 1980-01-01 */
    put(zip, checksum(entry->bytes) + entry->sum_lie, 4);
    put(zip, length, 4);
    put(zip, length + entry->size_lie, 4);
    put(zip, (uint32_t)strlen(entry->name), 2);
    put(zip, 0, 2);
}

/* A zip as APPNOTE.TXT 6.3 has it, stored, with any names. */
static void write_zip(struct fixture *fixture, const struct entry *entries) {
    struct numu_buffer zip;
    uint32_t offsets[8];
    uint32_t count = 0;
    int number;
    numu_buffer_init(&zip, &fixture->heap, 0);
    for (; entries[count].name != NULL; count++) {
        offsets[count] = (uint32_t)zip.length;
        put(&zip, 0x04034b50, 4);
        put_header(&zip, &entries[count]);
        random_append(&zip, entries[count].name);
        random_append(&zip, entries[count].bytes);
    }
    uint32_t start = (uint32_t)zip.length;
    for (uint32_t i = 0; i < count; i++) {
        put(&zip, 0x02014b50, 4);
        put(&zip, 20, 2);
        put_header(&zip, &entries[i]);
        put(&zip, 0, 2); /* no comment */
        put(&zip, 0, 4); /* first disk, text or not */
        put(&zip, 0, 4); /* attributes */
        put(&zip, offsets[i], 4);
        random_append(&zip, entries[i].name);
    }
    uint32_t length = (uint32_t)zip.length - start;
    put(&zip, 0x06054b50, 4);
    put(&zip, 0, 4);
    put(&zip, count, 2);
    put(&zip, count, 2);
    put(&zip, length, 4);
    put(&zip, start, 4);
    put(&zip, 0, 2);
    assert_int_equal(
        numu_file_write(fixture->path, (struct numu_text){zip.data, zip.length}, &number), NUMU_OK);
    numu_buffer_release(&zip);
}

/* Reads what stands at the path; expects one finding of this code and nothing kept. */
static void expect_refusal(struct fixture *fixture, uint64_t bytes_max, numu_code code,
                           const char *third) {
    struct numu_package package = {NULL, 42};
    size_t before = fixture->heap.bytes;
    numu_status status =
        bytes_max == 0
            ? numu_package_read(fixture->path, &fixture->arena, &fixture->report, &package)
            : numu_package_read_zip(fixture->path, bytes_max, &fixture->arena, &fixture->report,
                                    &package);
    assert_int_equal(status, NUMU_IO);
    assert_int_equal(package.count, 42);
    size_t count;
    const struct numu_diagnostic *list = numu_report_list(&fixture->report, &count);
    assert_int_equal(count, 1);
    assert_string_equal(numu_code_text(list[0].code), numu_code_text(code));
    if (third != NULL) {
        assert_true(numu_text_is(list[0].arguments[2].text, third));
    }
    forget_findings(fixture);
    assert_true(fixture->heap.bytes <= before);
}

#define ENTRY(name_, bytes_)                                                                       \
    { .name = name_, .bytes = bytes_ }
#define GOOD ENTRY("datapackage.json", "{}")

static void test_hostile_zips(void **state) {
    struct fixture *fixture = *state;
    const struct {
        struct entry entries[4];
        uint64_t bytes_max;
        numu_code code;
        const char *why;
    } cases[] = {
        {{GOOD, ENTRY("../evil.csv", "")}, 0, NUMU_CODE_BAD_ARCHIVE, "kind.zip_name"},
        {{GOOD, ENTRY("a/../../evil.csv", "")}, 0, NUMU_CODE_BAD_ARCHIVE, "kind.zip_name"},
        {{GOOD, ENTRY("/etc/passwd", "")}, 0, NUMU_CODE_BAD_ARCHIVE, "kind.zip_name"},
        {{GOOD, ENTRY("C:evil.csv", "")}, 0, NUMU_CODE_BAD_ARCHIVE, "kind.zip_name"},
        {{GOOD, ENTRY("..\\evil.csv", "")}, 0, NUMU_CODE_BAD_ARCHIVE, "kind.zip_name"},
        {{GOOD, ENTRY("a//b.csv", "")}, 0, NUMU_CODE_BAD_ARCHIVE, "kind.zip_name"},
        {{GOOD, GOOD}, 0, NUMU_CODE_BAD_ARCHIVE, "kind.zip_twice"},
        {{ENTRY("a/datapackage.json", "{}"), ENTRY("b/datapackage.json", "{}")},
         0,
         NUMU_CODE_BAD_ARCHIVE,
         "kind.zip_packages"},
        {{{.name = "datapackage.json", .bytes = "{}", .flags = 1}},
         0,
         NUMU_CODE_BAD_ARCHIVE,
         "kind.zip_encrypted"},
        {{{.name = "datapackage.json", .bytes = "{}", .sum_lie = 1}},
         0,
         NUMU_CODE_BAD_ARCHIVE,
         "kind.zip_damaged"},
        {{{.name = "datapackage.json", .bytes = "{}", .size_lie = 9}},
         0,
         NUMU_CODE_BAD_ARCHIVE,
         "kind.zip_damaged"},
        {{{.name = "datapackage.json", .bytes = "{}", .size_lie = 0xFFFFFFF0U}},
         0,
         NUMU_CODE_PACKAGE_TOO_LARGE,
         NULL},
        {{GOOD, ENTRY("site.csv", "id,name\n")}, 9, NUMU_CODE_PACKAGE_TOO_LARGE, NULL},
        {{ENTRY("xl/workbook.xml", "<x/>")}, 0, NUMU_CODE_NOT_A_PACKAGE, NULL},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        print_message("# %s\n", cases[i].entries[1].name == NULL ? cases[i].entries[0].name
                                                                 : cases[i].entries[1].name);
        write_zip(fixture, cases[i].entries);
        expect_refusal(fixture, cases[i].bytes_max, cases[i].code, cases[i].why);
    }
    int number;
    assert_int_equal(numu_file_write(fixture->path, NUMU_TEXT("PK\3\4 and no more"), &number),
                     NUMU_OK);
    expect_refusal(fixture, 0, NUMU_CODE_BAD_ARCHIVE, "kind.zip_damaged");
    assert_int_equal(numu_file_write(fixture->path, NUMU_TEXT("id,name\n"), &number), NUMU_OK);
    expect_refusal(fixture, 0, NUMU_CODE_NOT_A_PACKAGE, NULL);
    assert_int_equal(numu_file_write(fixture->path, NUMU_TEXT(""), &number), NUMU_OK);
    expect_refusal(fixture, 0, NUMU_CODE_NOT_A_PACKAGE, NULL);
}

/* The package may be in one folder of the zip; what a Mac adds beside it is left alone. */
static void test_zip_of_a_folder(void **state) {
    struct fixture *fixture = *state;
    const struct entry entries[] = {{.name = "industry/", .bytes = ""},
                                    {.name = "industry/datapackage.json", .bytes = "{}"},
                                    {.name = "industry/data/site.csv", .bytes = "id,name\n"},
                                    {.name = "__MACOSX/industry/._site.csv", .bytes = "x"},
                                    {.name = NULL}};
    struct numu_package package;
    write_zip(fixture, entries);
    assert_int_equal(numu_package_read(fixture->path, &fixture->arena, &fixture->report, &package),
                     NUMU_OK);
    assert_int_equal(package.count, 2);
    assert_same_text(*numu_package_find(&package, NUMU_TEXT("data/site.csv")),
                     NUMU_TEXT("id,name\n"));
}

/* --- hostile SQLite files --- */

/* Writes a good file, then runs `sql` on it. */
static void write_database(struct fixture *fixture, const char *sql) {
    struct numu_package package;
    struct numu_model model;
    sqlite3 *database;
    random_package(3, &fixture->arena, &package);
    load(fixture, &package, &model);
    assert_int_equal(
        numu_package_write_database(&model, fixture->path, &fixture->heap, &fixture->report),
        NUMU_OK);
    numu_model_release(&model);
    assert_int_equal(sqlite3_open(fixture->path, &database), SQLITE_OK);
    assert_int_equal(sqlite3_exec(database, sql, NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_close(database), SQLITE_OK);
}

static void test_hostile_databases(void **state) {
    struct fixture *fixture = *state;
    const struct {
        const char *sql;
        numu_code code;
    } cases[] = {
        {"PRAGMA application_id = 1", NUMU_CODE_NOT_A_PACKAGE},
        {"PRAGMA application_id = 0x6e756d75", NUMU_CODE_NOT_A_PACKAGE}, /* a plan */
        {"PRAGMA user_version = 0", NUMU_CODE_NOT_A_PACKAGE},
        {"PRAGMA user_version = 2", NUMU_CODE_NEWER_FORMAT},
        {"DROP TABLE package", NUMU_CODE_NOT_A_PACKAGE},
        {"DROP TABLE package; CREATE VIEW package AS SELECT 'XOF' AS currency",
         NUMU_CODE_NOT_A_PACKAGE},
        {"DROP TABLE site; CREATE TABLE site (id TEXT PRIMARY KEY) WITHOUT ROWID",
         NUMU_CODE_NOT_A_PACKAGE},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        print_message("# %s\n", cases[i].sql);
        write_database(fixture, cases[i].sql);
        expect_refusal(fixture, 0, cases[i].code, NULL);
    }
    int number;
    assert_int_equal(
        numu_file_write(fixture->path, NUMU_TEXT("SQLite format 3\0 and no more"), &number),
        NUMU_OK);
    expect_refusal(fixture, 0, NUMU_CODE_NOT_A_PACKAGE, NULL);
    /* a column that is made up while it is read */
    struct numu_package package;
    write_database(fixture, "DROP TABLE site; CREATE TABLE site (id TEXT, name TEXT AS "
                            "(printf('%.*c', 1000000, 'x'))); INSERT INTO site (id) VALUES ('a')");
    assert_int_equal(numu_package_read_database(fixture->path, 1000000, &fixture->arena,
                                                &fixture->report, &package),
                     NUMU_IO);
    assert_int_equal(fixture->report.counts[NUMU_CODE_PACKAGE_TOO_LARGE], 1);
}

/* Values of a wrong type are findings of the loader, each once; what is missing is absent. */
static void test_wrong_values_in_database(void **state) {
    struct fixture *fixture = *state;
    const struct {
        const char *sql;
        numu_code code; /* NUMU_CODE_NONE: loads */
    } cases[] = {
        {"DELETE FROM site; INSERT INTO site (id, name, latitude) VALUES ('a', 'A', 'north')",
         NUMU_CODE_WRONG_TYPE},
        {"DELETE FROM site; INSERT INTO site (id, name, latitude) VALUES ('a', 'A', 1e300)",
         NUMU_CODE_TOO_LARGE},
        {"DELETE FROM site; INSERT INTO site (id, name, latitude) VALUES ('a', 'A', 9e999)",
         NUMU_CODE_NOT_FINITE},
        {"DELETE FROM site; INSERT INTO site (id, name) VALUES ('a', x'FF00')",
         NUMU_CODE_BAD_ENCODING},
        {"DELETE FROM site; INSERT INTO site (id, name) VALUES ('a' || char(0) || 'b', 'A')",
         NUMU_CODE_BAD_ENCODING},
        {"UPDATE package SET months = 'many'", NUMU_CODE_BAD_PROPERTY},
        {"DELETE FROM package", NUMU_CODE_BAD_PROPERTY},
        {"ALTER TABLE site ADD COLUMN colour TEXT", NUMU_CODE_UNKNOWN_COLUMN},
        {"CREATE TABLE colour (id TEXT)", NUMU_CODE_UNKNOWN_TABLE},
        {"INSERT INTO property VALUES (NULL, 'x', '{')", NUMU_CODE_NONE},
        {"INSERT INTO property VALUES (NULL, 'numu', '{}')", NUMU_CODE_BAD_JSON},
        {"DROP TABLE property; DROP TABLE column_note", NUMU_CODE_NONE},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct numu_model model;
        print_message("# %s\n", cases[i].sql);
        write_database(fixture, cases[i].sql);
        forget_findings(fixture);
        (void)!numu_model_load(&fixture->context, numu_text_of(fixture->path), &fixture->report,
                               &model);
        if (cases[i].code == NUMU_CODE_NONE) {
            assert_int_equal(numu_report_total(&fixture->report, NUMU_ERROR), 0);
        } else {
            assert_true(fixture->report.counts[cases[i].code] >= 1);
        }
        numu_model_release(&model);
        forget_findings(fixture);
        numu_arena_release(&fixture->arena);
    }
}

/* Bytes changed at random: whatever comes of it, nothing breaks and nothing is lost. */
static void damage(struct fixture *fixture, uint64_t seed) {
    struct numu_text good = read_file(fixture);
    struct numu_random random;
    char *bytes;
    numu_random_init(&random, seed, 0);
    for (int n = 0; n < DAMAGES; n++) {
        struct numu_arena_mark mark = numu_arena_mark(&fixture->arena);
        struct numu_package package;
        int number;
        assert_int_equal(numu_text_to_string(&fixture->arena, good, &bytes), NUMU_OK);
        size_t length = good.length;
        if (n % 8 == 0) {
            length = (size_t)numu_random_below(&random, length);
        }
        for (uint64_t k = numu_random_below(&random, 4) + 1; k > 0 && length > 0; k--) {
            bytes[numu_random_below(&random, length)] = (char)numu_random_next(&random);
        }
        assert_int_equal(numu_file_write(fixture->path, (struct numu_text){bytes, length}, &number),
                         NUMU_OK);
        numu_status status =
            numu_package_read(fixture->path, &fixture->arena, &fixture->report, &package);
        assert_true(status == NUMU_OK || status == NUMU_IO);
        assert_true(status == NUMU_OK || numu_report_total(&fixture->report, NUMU_ERROR) > 0);
        numu_arena_rewind(&fixture->arena, mark);
    }
}

static void test_damaged_files(void **state) {
    struct fixture *fixture = *state;
    struct numu_package package;
    random_package(5, &fixture->arena, &package);
    print_message("# seed 5\n");
    assert_int_equal(
        numu_package_write_zip(&package, fixture->path, &fixture->heap, &fixture->report), NUMU_OK);
    damage(fixture, 5);
    forget_findings(fixture);
    write_database(fixture, "");
    damage(fixture, 6);
}

/* --- n-th failure --- */

typedef numu_status operation(struct fixture *fixture, const struct numu_model *model,
                              const struct numu_package *package);

static numu_status build_it(struct fixture *fixture, const struct numu_model *model,
                            const struct numu_package *package) {
    struct numu_package built;
    (void)package;
    return numu_package_build(model, &fixture->arena, &built);
}

static numu_status write_zip_of(struct fixture *fixture, const struct numu_model *model,
                                const struct numu_package *package) {
    (void)model;
    return numu_package_write_zip(package, fixture->path, &fixture->heap, &fixture->report);
}

static numu_status write_database_of(struct fixture *fixture, const struct numu_model *model,
                                     const struct numu_package *package) {
    (void)package;
    return numu_package_write_database(model, fixture->path, &fixture->heap, &fixture->report);
}

static numu_status write_workbook_of(struct fixture *fixture, const struct numu_model *model,
                                     const struct numu_package *package) {
    (void)package;
    return numu_package_write_workbook(model, fixture->path, &fixture->heap, &fixture->report);
}

static numu_status read_it(struct fixture *fixture, const struct numu_model *model,
                           const struct numu_package *package) {
    struct numu_package read;
    (void)model;
    (void)package;
    return numu_package_read(fixture->path, &fixture->arena, &fixture->report, &read);
}

static numu_status report_it(struct fixture *fixture, const struct numu_model *model,
                             const struct numu_package *package) {
    (void)package;
    return numu_package_report_not_carried(model, &fixture->heap, &fixture->report);
}

static void fail_each(struct fixture *fixture, operation *run, const struct numu_model *model,
                      const struct numu_package *package) {
    for (uint_fast64_t n = 1;; n++) {
        struct numu_arena_mark mark = numu_arena_mark(&fixture->arena);
        size_t bytes = fixture->heap.bytes;
        fixture->heap.count = 0;
        fixture->heap.fail_at = n;
        numu_status status = run(fixture, model, package);
        bool was_reached = fixture->heap.count >= n;
        fixture->heap.fail_at = 0;
        if (!was_reached) {
            assert_int_equal(status, NUMU_OK);
            numu_arena_rewind(&fixture->arena, mark);
            return;
        }
        assert_int_equal(status, NUMU_MEMORY);
        assert_int_equal(fixture->heap.bytes, bytes);
        numu_arena_rewind(&fixture->arena, mark);
    }
}

static void test_allocation_failures(void **state) {
    struct fixture *fixture = *state;
    struct numu_package package;
    struct numu_model model;
    random_package(7, &fixture->arena, &package);
    load(fixture, &package, &model);
    operation *const operations[] = {build_it, write_zip_of, read_it,          write_database_of,
                                     read_it,  report_it,    write_workbook_of};
    for (size_t i = 0; i < sizeof operations / sizeof operations[0]; i++) {
        fail_each(fixture, operations[i], &model, &package);
    }
    numu_model_release(&model);
}

/* --- what is not carried --- */

static void test_not_carried(void **state) {
    struct fixture *fixture = *state;
    struct numu_package_file files[] = {
        {NUMU_TEXT("datapackage.json"),
         NUMU_TEXT("{\"numu\": {\"currency\": \"XOF\", \"start\": \"2026-01-01\", \"months\": 12, "
                   "\"flag\": 1}, \"resources\": [{\"name\": \"site\", \"path\": \"site.csv\"}, "
                   "{\"name\": \"colours\", \"path\": \"colours.csv\"}]}")},
        {NUMU_TEXT("site.csv"), NUMU_TEXT("id,colour,name\na,red,A\n")},
    };
    struct numu_package package = {files, 2};
    struct numu_model model;
    load(fixture, &package, &model);
    assert_int_equal(numu_package_report_not_carried(&model, &fixture->heap, &fixture->report),
                     NUMU_OK);
    size_t count;
    const struct numu_diagnostic *list = numu_report_list(&fixture->report, &count);
    static const char *const names[] = {"flag", "colours", "colour"};
    size_t found = 0;
    for (size_t i = 0; i < count; i++) {
        if (list[i].code == NUMU_CODE_NOT_CARRIED) {
            assert_true(found < 3 && numu_text_is(list[i].arguments[1].text, names[found]));
            found++;
        }
    }
    assert_int_equal(found, 3);
    numu_model_release(&model);
}

static void test_forms(void **state) {
    (void)state;
    assert_int_equal(numu_package_form_of(NUMU_TEXT("a/b.zip")), NUMU_PACKAGE_ZIP);
    assert_int_equal(numu_package_form_of(NUMU_TEXT("b.sqlite")), NUMU_PACKAGE_DATABASE);
    assert_int_equal(numu_package_form_of(NUMU_TEXT("b.sqlite3")), NUMU_PACKAGE_DATABASE);
    assert_int_equal(numu_package_form_of(NUMU_TEXT("b.db")), NUMU_PACKAGE_DATABASE);
    assert_int_equal(numu_package_form_of(NUMU_TEXT("b.xlsx")), NUMU_PACKAGE_WORKBOOK);
    assert_int_equal(numu_package_form_of(NUMU_TEXT("b")), NUMU_PACKAGE_FOLDER);
    assert_int_equal(numu_package_form_of(NUMU_TEXT(".zip")), NUMU_PACKAGE_FOLDER);
    assert_int_equal(numu_package_form_of(NUMU_TEXT("")), NUMU_PACKAGE_FOLDER);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(test_normal_form),
        TEST(test_zip),
        TEST(test_database),
        TEST(test_same_bytes),
        TEST(test_folder),
        TEST(test_hostile_zips),
        TEST(test_zip_of_a_folder),
        TEST(test_hostile_databases),
        TEST(test_wrong_values_in_database),
        TEST(test_damaged_files),
        TEST(test_allocation_failures),
        TEST(test_not_carried),
        cmocka_unit_test(test_forms),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
