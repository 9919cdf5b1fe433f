/*
 * app_diff_test.c - goal: what differs between two packages is told, once, and nothing else.
 * Method: small packages where the answer is known; random packages against their normal form
 * (nothing differs), against each other (counts add up, and the reverse is the mirror image); the
 * n-th allocation fails.
 */
#include "app/diff.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "random_package.h"

enum { RANDOM_PACKAGES = 40 };

struct fixture {
    struct numu_heap heap;
    struct numu_context context;
    struct numu_arena arena;
    struct numu_report report;
};

static int set_up(void **state) {
    static struct fixture fixture;
    memset(&fixture, 0, sizeof fixture);
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
    return fixture->heap.bytes == 0 ? 0 : -1;
}

static void load(struct fixture *fixture, const struct numu_package *package,
                 struct numu_model *out) {
    assert_int_equal(numu_model_load_files(&fixture->context, NUMU_TEXT("package"), package,
                                           &fixture->report, out),
                     NUMU_OK);
}

static void compare(struct fixture *fixture, const struct numu_package *before,
                    const struct numu_package *after, struct numu_diff *out) {
    struct numu_model left;
    struct numu_model right;
    load(fixture, before, &left);
    load(fixture, after, &right);
    assert_int_equal(numu_app_diff(&fixture->context, &left, &right, &fixture->arena, out),
                     NUMU_OK);
    numu_model_release(&left);
    numu_model_release(&right); /* the result points at nothing in them */
}

/* --- known answers --- */

/* A package of sites, calendars and holidays (which have no key). */
static struct numu_package package_of(struct fixture *fixture, const char *months,
                                      const char *sites, const char *holidays) {
    struct numu_package_file *files;
    assert_int_equal(NUMU_TAKE(&fixture->arena, &files, 4), NUMU_OK);
    files[0].name = NUMU_TEXT("datapackage.json");
    assert_int_equal(
        numu_text_printf(&fixture->arena, &files[0].bytes,
                         "{\"numu\": {\"currency\": \"XOF\", \"start\": \"2026-01-01\", "
                         "\"months\": %s}, \"resources\": [{\"name\": \"site\", \"path\": "
                         "\"site.csv\"}, {\"name\": \"calendar\", \"path\": \"calendar.csv\"}, "
                         "{\"name\": \"holiday\", \"path\": \"holiday.csv\"}]}",
                         months),
        NUMU_OK);
    files[1] = (struct numu_package_file){NUMU_TEXT("site.csv"), numu_text_of(sites)};
    files[2] = (struct numu_package_file){NUMU_TEXT("calendar.csv"), NUMU_TEXT("id\nc\nd\n")};
    files[3] = (struct numu_package_file){NUMU_TEXT("holiday.csv"), numu_text_of(holidays)};
    return (struct numu_package){files, 4};
}

static void assert_row(const struct numu_diff_row *row, numu_change change, const char *id,
                       size_t cells) {
    assert_int_equal(row->change, change);
    assert_true(numu_text_is(row->id, id));
    assert_int_equal(row->cell_count, cells);
}

static void assert_cell(const struct numu_diff_cell *cell, const char *column, const char *before,
                        const char *after) {
    assert_string_equal(cell->column->name, column);
    assert_true(numu_text_is(cell->before, before));
    assert_true(numu_text_is(cell->after, after));
}

static void test_known(void **state) {
    struct fixture *fixture = *state;
    struct numu_package before =
        package_of(fixture, "12", "id,name,kind\na,A,\nb,B,plant\nc,C,depot\n",
                   "calendar,date,name\nc,2026-01-01,New\nd,2026-01-01,New\nc,2026-05-01,May\n");
    struct numu_package after =
        package_of(fixture, "24", "name,id,kind\nC,c,port\nA,a,\nD,d,\n",
                   "calendar,date,name\nc,2026-05-01,Labour\nc,2026-01-01,New\n"
                   "c,2026-01-01,New\n");
    struct numu_diff diff;
    compare(fixture, &before, &after, &diff);
    assert_int_equal(diff.table_count, 3);

    assert_string_equal(diff.tables[0].table->name, "package");
    assert_int_equal(diff.tables[0].row_count, 1);
    assert_row(&diff.tables[0].rows[0], NUMU_CHANGE_CHANGED, "", 1);
    assert_cell(&diff.tables[0].rows[0].cells[0], "months", "12", "24");

    const struct numu_diff_table *site = &diff.tables[1];
    assert_string_equal(site->table->name, "site");
    assert_int_equal(site->row_count, 3);
    assert_row(&site->rows[0], NUMU_CHANGE_REMOVED, "b", 3);
    assert_cell(&site->rows[0].cells[2], "kind", "plant", "");
    assert_row(&site->rows[1], NUMU_CHANGE_CHANGED, "c", 1);
    assert_cell(&site->rows[1].cells[0], "kind", "depot", "port");
    assert_row(&site->rows[2], NUMU_CHANGE_ADDED, "d", 2);
    assert_cell(&site->rows[2].cells[0], "id", "", "d");

    const struct numu_diff_table *holiday = &diff.tables[2];
    assert_int_equal(holiday->row_count, 3);
    assert_row(&holiday->rows[0], NUMU_CHANGE_REMOVED, "d/2026-01-01", 3);
    assert_row(&holiday->rows[1], NUMU_CHANGE_CHANGED, "c/2026-05-01", 1);
    assert_cell(&holiday->rows[1].cells[0], "name", "May", "Labour");
    assert_row(&holiday->rows[2], NUMU_CHANGE_ADDED, "c/2026-01-01", 3);
    for (int change = 0; change < NUMU_CHANGE_COUNT; change++) {
        assert_int_equal(holiday->counts[change], 1);
    }
}

/* The order of rows and of columns is no difference, nor is a default that is written out. */
static void test_nothing(void **state) {
    struct fixture *fixture = *state;
    struct numu_package before = package_of(fixture, "12", "id,name\na,A\nb,B\n",
                                            "calendar,date\nc,2026-01-01\nc,2026-01-01\n");
    struct numu_package after = package_of(fixture, "12", "kind,name,id\n,B,b\n,A,a\n",
                                           "date,calendar\n2026-01-01,c\n2026-01-01,c\n");
    struct numu_diff diff;
    compare(fixture, &before, &after, &diff);
    assert_int_equal(diff.table_count, 0);
}

/* --- properties --- */

static void test_normal_form_is_no_difference(void **state) {
    struct fixture *fixture = *state;
    for (uint64_t seed = 1; seed <= RANDOM_PACKAGES; seed++) {
        struct numu_package package;
        struct numu_package normal;
        struct numu_model model;
        struct numu_diff diff;
        print_message("# seed %llu\n", (unsigned long long)seed);
        random_package(seed, &fixture->arena, &package);
        load(fixture, &package, &model);
        assert_int_equal(numu_package_build(&model, &fixture->arena, &normal), NUMU_OK);
        numu_model_release(&model);
        compare(fixture, &package, &normal, &diff);
        assert_int_equal(diff.table_count, 0);
        numu_arena_release(&fixture->arena);
    }
}

static const struct numu_diff_table *find_table(const struct numu_diff *diff,
                                                const struct numu_table_descriptor *table) {
    for (size_t i = 0; i < diff->table_count; i++) {
        if (diff->tables[i].table == table) {
            return &diff->tables[i];
        }
    }
    return NULL;
}

static size_t count_of(const struct numu_diff_table *table, numu_change change) {
    size_t count = 0;
    for (size_t i = 0; table != NULL && i < table->row_count; i++) {
        assert_true(table->rows[i].cell_count > 0); /* nothing without a reason */
        count += table->rows[i].change == change;
    }
    assert_true(table == NULL || table->counts[change] == count);
    return count;
}

static void test_counts_and_mirror(void **state) {
    struct fixture *fixture = *state;
    for (uint64_t seed = 1; seed <= RANDOM_PACKAGES; seed++) {
        struct numu_package packages[2];
        struct numu_model models[2];
        struct numu_diff forth;
        struct numu_diff back;
        print_message("# seed %llu\n", (unsigned long long)seed);
        for (size_t i = 0; i < 2; i++) {
            random_package(2 * seed + i, &fixture->arena, &packages[i]);
            load(fixture, &packages[i], &models[i]);
        }
        assert_int_equal(
            numu_app_diff(&fixture->context, &models[0], &models[1], &fixture->arena, &forth),
            NUMU_OK);
        assert_int_equal(
            numu_app_diff(&fixture->context, &models[1], &models[0], &fixture->arena, &back),
            NUMU_OK);
        for (const struct numu_table_descriptor *table = numu_schema + 1; table->name != NULL;
             table++) {
            const struct numu_diff_table *there = find_table(&forth, table);
            const struct numu_diff_table *here = find_table(&back, table);
            size_t before = numu_model_head_of(&models[0], table)->count;
            size_t after = numu_model_head_of(&models[1], table)->count;
            assert_int_equal(before - count_of(there, NUMU_CHANGE_REMOVED),
                             after - count_of(there, NUMU_CHANGE_ADDED));
            assert_int_equal(count_of(there, NUMU_CHANGE_REMOVED),
                             count_of(here, NUMU_CHANGE_ADDED));
            assert_int_equal(count_of(there, NUMU_CHANGE_ADDED),
                             count_of(here, NUMU_CHANGE_REMOVED));
            assert_int_equal(count_of(there, NUMU_CHANGE_CHANGED),
                             count_of(here, NUMU_CHANGE_CHANGED));
        }
        numu_model_release(&models[0]);
        numu_model_release(&models[1]);
        numu_arena_release(&fixture->arena);
    }
}

static void test_allocation_failures(void **state) {
    struct fixture *fixture = *state;
    struct numu_package packages[2];
    struct numu_model models[2];
    for (size_t i = 0; i < 2; i++) {
        random_package(1 + i, &fixture->arena, &packages[i]);
        load(fixture, &packages[i], &models[i]);
    }
    for (uint_fast64_t n = 1;; n++) {
        struct numu_diff diff = {NULL, 42};
        struct numu_arena_mark mark = numu_arena_mark(&fixture->arena);
        size_t bytes = fixture->heap.bytes;
        fixture->heap.count = 0;
        fixture->heap.fail_at = n;
        numu_status status =
            numu_app_diff(&fixture->context, &models[0], &models[1], &fixture->arena, &diff);
        bool was_reached = fixture->heap.count >= n;
        fixture->heap.fail_at = 0;
        if (!was_reached) {
            assert_int_equal(status, NUMU_OK);
            assert_true(n > 50);
            break;
        }
        assert_int_equal(status, NUMU_MEMORY);
        assert_int_equal(diff.table_count, 42);
        assert_int_equal(fixture->heap.bytes, bytes);
        numu_arena_rewind(&fixture->arena, mark);
    }
    numu_model_release(&models[0]);
    numu_model_release(&models[1]);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(test_known),
        TEST(test_nothing),
        TEST(test_normal_form_is_no_difference),
        TEST(test_counts_and_mirror),
        TEST(test_allocation_failures),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
