/*
 * model_load_test.c - goal: a package becomes the tables it says, every value keeps its place,
 * nothing leaks whatever fails. Method: small packages written to a temporary folder and read
 * back; the schema is checked against its own rules; the n-th allocation fails.
 */
#include "model/model.h"

#include "base/cell.h"
#include "base/file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct fixture {
    char folder[64];
    struct numu_heap heap;
    struct numu_context context;
    struct numu_report report;
    struct numu_model model;
};

static void write_file(const struct fixture *fixture, const char *name, const char *bytes) {
    char path[256];
    int number;
    (void)snprintf(path, sizeof path, "%s/%s", fixture->folder, name);
    assert_int_equal(numu_file_write(path, numu_text_of(bytes), &number), NUMU_OK);
}

static const char descriptor[] =
    "{\"name\": \"test\", \"numu\": {\"currency\": \"XOF\", \"start\": \"2025-07-01\", \"months\": "
    "24,\n"
    " \"discount_rate\": 0.12, \"calendar\": \"week\", \"data_date\": \"2025-06-30\"},\n"
    " \"resources\": [\n"
    "  {\"name\": \"site\", \"path\": \"site.csv\"},\n"
    "  {\"name\": \"calendar\", \"path\": \"calendar.csv\"},\n"
    "  {\"name\": \"activity\", \"path\": \"activity.csv\", \"dialect\": {\"delimiter\": \";\"},\n"
    "   \"schema\": {\"fields\": [{\"name\": \"likely\", \"decimalChar\": \",\"}]}},\n"
    "  {\"name\": \"fund\", \"path\": \"fund.csv\"},\n"
    "  {\"name\": \"budget\", \"path\": \"budget.csv\"},\n"
    "  {\"name\": \"rate\", \"path\": \"rate.csv\"}]}\n";

static int set_up(void **state) {
    static struct fixture fixture;
    memset(&fixture, 0, sizeof fixture);
    (void)snprintf(fixture.folder, sizeof fixture.folder, "/tmp/numu-model-XXXXXX");
    assert_non_null(mkdtemp(fixture.folder));
    numu_heap_init(&fixture.heap, 0);
    fixture.context.heap = &fixture.heap;
    numu_report_init(&fixture.report, &fixture.heap, 20);
    write_file(&fixture, "datapackage.json", descriptor);
    write_file(&fixture, "site.csv",
               "id,name,latitude\nbamako,Bamako,12.65\nkayes,\"Kayes, \"\"ville\"\"\",\n");
    write_file(&fixture, "calendar.csv", "id,monday,tuesday\nweek,8,7.5\n");
    write_file(&fixture, "activity.csv",
               "\xEF\xBB\xBFid;name;site;likely;cost;currency;parent\r\n"
               "works;Works;;0;;;\r\nhall;Hall;bamako;12,5;1000.25;USD;works\r\n");
    write_file(&fixture, "fund.csv", "id,currency,pays\ncredits,USD,capital import\n");
    write_file(&fixture, "budget.csv", "fund,month,amount\ncredits,2025-07,12.34\n");
    write_file(&fixture, "rate.csv", "currency,month,per_unit\nUSD,,600\nUSD,2026-01,550.5\n");
    *state = &fixture;
    return 0;
}

static void remove_folder(struct fixture *fixture) {
    struct numu_arena arena;
    struct numu_text *names;
    size_t count;
    int number;
    char path[256];
    numu_arena_init(&arena, &fixture->heap);
    assert_int_equal(numu_folder_list(&arena, fixture->folder, &names, &count, &number), NUMU_OK);
    for (size_t i = 0; i < count; i++) {
        (void)snprintf(path, sizeof path, "%s/%s", fixture->folder, names[i].data);
        assert_int_equal(unlink(path), 0);
    }
    numu_arena_release(&arena);
    assert_int_equal(rmdir(fixture->folder), 0);
}

static int tear_down(void **state) {
    struct fixture *fixture = *state;
    numu_model_release(&fixture->model);
    numu_report_release(&fixture->report);
    remove_folder(fixture);
    return fixture->heap.bytes == 0 ? 0 : -1;
}

static numu_status load(struct fixture *fixture) {
    return numu_model_load(&fixture->context, numu_text_of(fixture->folder), &fixture->report,
                           &fixture->model);
}

/* Expects exactly one finding, of this code, and gives it. */
static const struct numu_diagnostic *only_finding(const struct fixture *fixture, numu_code code) {
    size_t count;
    const struct numu_diagnostic *list = numu_report_list(&fixture->report, &count);
    assert_int_equal(count, 1);
    assert_string_equal(numu_code_text(list[0].code), numu_code_text(code));
    return &list[0];
}

static void test_values(void **state) {
    struct fixture *fixture = *state;
    assert_int_equal(load(fixture), NUMU_OK);
    const struct numu_model *model = &fixture->model;
    assert_int_equal(model->site.head.count, 2);
    assert_true(numu_text_is(model->site.name[1], "Kayes, \"ville\""));
    assert_int_equal(model->site.latitude[0], 12650000000);
    assert_true(model->site.latitude[1] == NUMU_NO_NUMBER);
    assert_int_equal(model->activity.likely[1], 12500000000);
    assert_int_equal(model->activity.cost[1], 100025); /* cents */
    assert_true(model->activity.cost[0] == NUMU_NO_NUMBER);
    assert_int_equal(model->activity.site[0], NUMU_NONE);
    assert_int_equal(model->activity.site[1], 0);
    assert_int_equal(model->activity.parent[1], 0);
    assert_int_equal(model->budget.amount[0], 1234); /* in the fund's currency */
    assert_int_equal(model->package.calendar[0], 0);
    assert_int_equal(model->package.discount_rate[0], 120000000);
    assert_int_equal(model->package.confidence[0], 80 * NUMU_DECIMAL_ONE);
    assert_int_equal(numu_model_months(model), 24);
    assert_null(model->site.head.evidence.basis);
    assert_int_equal(model->demand.head.count, 0);
}

static void test_rates(void **state) {
    struct fixture *fixture = *state;
    assert_int_equal(load(fixture), NUMU_OK);
    numu_currency usd = numu_currency_find(NUMU_TEXT("USD"));
    numu_month start = numu_model_start_month(&fixture->model);
    assert_int_equal(numu_model_rate(&fixture->model, usd, start), 600 * NUMU_DECIMAL_ONE);
    assert_int_equal(numu_model_rate(&fixture->model, usd, start + 5), 600 * NUMU_DECIMAL_ONE);
    assert_int_equal(numu_model_rate(&fixture->model, usd, start + 6), 550500000000);
    assert_int_equal(numu_model_rate(&fixture->model, 0, start), NUMU_DECIMAL_ONE);
    assert_true(numu_model_rate(&fixture->model, numu_currency_find(NUMU_TEXT("EUR")), start) ==
                NUMU_NO_NUMBER);
    assert_true(numu_model_money_value(&fixture->model, 100025, usd, start) == 600150.0);
}

/* The place of every value is where its text stands in the file. */
static void test_places(void **state) {
    struct fixture *fixture = *state;
    assert_int_equal(load(fixture), NUMU_OK);
    const struct numu_table_descriptor *table = numu_schema_find(NUMU_TEXT("activity"));
    struct numu_place place = numu_model_place(&fixture->model, table, 1, "cost");
    const struct numu_source *source = &fixture->model.sources.list[place.source];
    struct numu_arena arena;
    struct numu_text bytes;
    int number;
    numu_arena_init(&arena, &fixture->heap);
    assert_int_equal(numu_file_read(&arena, source->path.data, 0, &bytes, &number), NUMU_OK);
    assert_int_equal(place.length, 7);
    assert_memory_equal(bytes.data + place.offset, "1000.25", 7);
    /* no such column: the record */
    place = numu_model_place(&fixture->model, table, 1, "deadline");
    assert_memory_equal(bytes.data + place.offset, "hall;", 5);
    numu_arena_release(&arena);
}

static void test_wrong_values_keep_their_rows(void **state) {
    struct fixture *fixture = *state;
    write_file(fixture, "site.csv", "id,name,latitude\nbamako,Bamako,north\nkayes,Kayes,14.4\n");
    assert_int_equal(load(fixture), NUMU_INVALID);
    const struct numu_diagnostic *finding = only_finding(fixture, NUMU_CODE_WRONG_TYPE);
    assert_int_equal(finding->place.offset, strlen("id,name,latitude\nbamako,Bamako,"));
    assert_int_equal(finding->place.length, 5);
    assert_int_equal(fixture->model.site.head.count, 2);
    assert_int_equal(fixture->model.site.latitude[1], 14400000000);
}

static void test_suggestion(void **state) {
    struct fixture *fixture = *state;
    write_file(fixture, "activity.csv", "id;name;site;likely\nhall;Hall;bamoko;5\n");
    assert_int_equal(load(fixture), NUMU_INVALID);
    const struct numu_diagnostic *finding = only_finding(fixture, NUMU_CODE_UNKNOWN_REFERENCE);
    assert_true(numu_text_is(finding->arguments[3].text, "bamako"));
}

/* A delimiter or decimal comma that was not declared is one finding, not one a row. */
static void test_one_hint_a_slip(void **state) {
    struct fixture *fixture = *state;
    struct numu_buffer rows;
    numu_buffer_init(&rows, &fixture->heap, 0);
    assert_int_equal(numu_buffer_append_string(&rows, "id;name;site;high;likely\n"), NUMU_OK);
    for (int i = 0; i < 1000; i++) {
        assert_int_equal(numu_buffer_printf(&rows, "a%d;A;;2,5;1\n", i), NUMU_OK);
    }
    write_file(fixture, "activity.csv", rows.data);
    numu_buffer_release(&rows);
    assert_int_equal(load(fixture), NUMU_INVALID);
    (void)only_finding(fixture, NUMU_CODE_WRONG_DECIMAL);
    assert_int_equal(fixture->report.counts[NUMU_CODE_WRONG_DECIMAL], 1);
}

static void test_exact_counts(void **state) {
    struct fixture *fixture = *state;
    struct numu_buffer rows;
    numu_buffer_init(&rows, &fixture->heap, 0);
    assert_int_equal(numu_buffer_append_string(&rows, "id,name,latitude\nbamako,Bamako,1\n"),
                     NUMU_OK);
    for (int i = 0; i < 5000; i++) {
        assert_int_equal(numu_buffer_printf(&rows, "s%d,S,91\n", i), NUMU_OK);
    }
    write_file(fixture, "site.csv", rows.data);
    numu_buffer_release(&rows);
    assert_int_equal(load(fixture), NUMU_INVALID);
    size_t kept;
    (void)numu_report_list(&fixture->report, &kept);
    assert_int_equal(kept, 20);
    assert_int_equal(fixture->report.counts[NUMU_CODE_OUT_OF_RANGE], 5000);
}

/* The digest is that of sha256sum's lines, so that anyone can compute it. */
static void test_inputs_digest(void **state) {
    struct fixture *fixture = *state;
    assert_int_equal(load(fixture), NUMU_OK);
    char command[256];
    char hex[NUMU_SHA256_HEX_BYTES];
    char expected[NUMU_SHA256_HEX_BYTES] = "";
    (void)snprintf(command, sizeof command,
                   "cd %s && LC_ALL=C sha256sum activity.csv budget.csv calendar.csv "
                   "datapackage.json fund.csv "
                   "rate.csv site.csv | sha256sum",
                   fixture->folder);
    FILE *pipe = popen(command, "r");
    assert_non_null(pipe);
    assert_non_null(fgets(expected, sizeof expected, pipe));
    (void)pclose(pipe);
    assert_string_equal(numu_sha256_hex(&fixture->model.inputs, hex), expected);
}

/* Who asks for no digest gets none, and the same model. */
static void test_no_digest(void **state) {
    struct fixture *fixture = *state;
    static const struct numu_sha256 zero = {{0}};
    fixture->context.skips_digest = true;
    assert_int_equal(load(fixture), NUMU_OK);
    assert_memory_equal(&fixture->model.inputs, &zero, sizeof zero);
    assert_int_equal(fixture->model.activity.cost[1], 100025);
}

/* A row more, less or changed is another digest and another model. */
static void test_changed_row(void **state) {
    struct fixture *fixture = *state;
    assert_int_equal(load(fixture), NUMU_OK);
    struct numu_sha256 before = fixture->model.inputs;
    numu_model_release(&fixture->model);
    write_file(fixture, "rate.csv", "currency,month,per_unit\nUSD,,601\n");
    assert_int_equal(load(fixture), NUMU_OK);
    assert_memory_not_equal(before.bytes, fixture->model.inputs.bytes, NUMU_SHA256_BYTES);
}

static void test_long_record_in_flat_memory(void **state) {
    struct fixture *fixture = *state;
    char path[128];
    (void)snprintf(path, sizeof path, "%s/site.csv", fixture->folder);
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    (void)fputs("id,name\nbamako,", file);
    static char block[1 << 16];
    memset(block, 'x', sizeof block);
    for (int i = 0; i < 512; i++) { /* 32 MiB in one line */
        assert_int_equal(fwrite(block, 1, sizeof block, file), sizeof block);
    }
    (void)fputs("\nkayes,Kayes\n", file);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(load(fixture), NUMU_INVALID);
    assert_int_equal(fixture->report.counts[NUMU_CODE_RECORD_TOO_LONG], 1);
    assert_int_equal(fixture->model.site.head.count, 1);
    assert_true(fixture->heap.bytes_peak < (size_t)16 << 20);
}

/*
 * Every default parses, every reference leads to a table with a key that is loaded before, every
 * name is told once.
 */
static void test_schema_is_sound(void **state) {
    (void)state;
    for (size_t t = 0; t < numu_schema_count(); t++) {
        const struct numu_table_descriptor *table = &numu_schema[t];
        size_t columns = 0;
        for (const struct numu_column *column = table->columns; column->name != NULL; column++) {
            columns++;
            assert_ptr_equal(numu_column_find(table, numu_text_of(column->name)), column);
            assert_true(strlen(column->sentence) > 0);
            if (column->kind == NUMU_KIND_REFERENCE) {
                const struct numu_table_descriptor *referred = numu_schema_at(column->reference);
                assert_non_null(referred);
                assert_non_null(numu_column_key(referred));
                assert_true(referred <= table || t == 0); /* the package's calendar comes later */
            }
            if (column->default_text != NULL) {
                union numu_element element;
                struct numu_cell_rules rules = {.decimal_char = '.'};
                assert_int_equal(
                    numu_cell_parse(column, numu_text_of(column->default_text), &rules, &element),
                    NUMU_CODE_NONE);
            }
            assert_true((column->kind == NUMU_KIND_CHOICE || column->kind == NUMU_KIND_CHOICES) ==
                        (column->choices != NULL));
        }
        assert_in_range(columns, 6, 63); /* a bit a column in numu_table_file */
        assert_ptr_equal(numu_schema_find(numu_text_of(table->name)), table);
    }
}

/* Every n-th allocation fails in turn: the status says so, and all memory comes back. */
static void test_allocation_failures(void **state) {
    struct fixture *fixture = *state;
    for (uint_fast64_t n = 1;; n++) {
        numu_report_release(&fixture->report);
        numu_report_init(&fixture->report, &fixture->heap, 20);
        fixture->heap.count = 0;
        fixture->heap.fail_at = n;
        numu_status status = load(fixture);
        if (status == NUMU_OK) {
            status = numu_model_check(&fixture->context, &fixture->model, &fixture->report);
        }
        bool was_reached = fixture->heap.count >= n;
        fixture->heap.fail_at = 0;
        numu_model_release(&fixture->model);
        if (!was_reached) {
            assert_int_equal(status, NUMU_OK);
            assert_true(n > 50);
            return;
        }
        assert_int_equal(status, NUMU_MEMORY);
        numu_report_release(&fixture->report);
        assert_int_equal(fixture->heap.bytes, 0);
        numu_report_init(&fixture->report, &fixture->heap, 20);
    }
}

/*
 * References are looked up some tens of rows after they were read: each must still get its own
 * row, and each that leads nowhere be told at its own place, in order.
 */
static void test_references_that_wait(void **state) {
    enum { SITES = 1000, ROWS = 5003, UNKNOWN_EACH = 7 };
    struct fixture *fixture = *state;
    struct numu_buffer sites, activities;
    numu_buffer_init(&sites, &fixture->heap, 0);
    numu_buffer_init(&activities, &fixture->heap, 0);
    assert_int_equal(numu_buffer_printf(&sites, "id,name\nbamako,Bamako\n"), NUMU_OK);
    assert_int_equal(numu_buffer_printf(&activities, "id;name;site;likely\n"), NUMU_OK);
    for (unsigned i = 0; i < SITES; i++) {
        assert_int_equal(numu_buffer_printf(&sites, "s%u,Site\n", i), NUMU_OK);
    }
    for (unsigned i = 0; i < ROWS; i++) {
        const char *prefix = i % UNKNOWN_EACH == 3 ? "x" : "s";
        assert_int_equal(
            numu_buffer_printf(&activities, "a%u;Work;%s%u;0\n", i, prefix, i * 37 % SITES),
            NUMU_OK);
    }
    write_file(fixture, "site.csv", sites.data);
    write_file(fixture, "activity.csv", activities.data);
    assert_int_equal(numu_model_load(&fixture->context, numu_text_of(fixture->folder),
                                     &fixture->report, &fixture->model),
                     NUMU_INVALID);
    const struct numu_model *model = &fixture->model;
    assert_int_equal(model->activity.head.count, ROWS);
    for (numu_row i = 0; i < ROWS; i++) {
        numu_row expected = i % UNKNOWN_EACH == 3 ? NUMU_NONE : 1 + i * 37 % SITES;
        assert_int_equal(model->activity.site[i], expected);
    }
    assert_int_equal(fixture->report.counts[NUMU_CODE_UNKNOWN_REFERENCE], (ROWS + 3) / 7);
    size_t count;
    const struct numu_diagnostic *list = numu_report_list(&fixture->report, &count);
    assert_int_equal(count, 20);
    for (size_t i = 0; i < count; i++) {
        numu_row row = (numu_row)(3 + i * UNKNOWN_EACH);
        struct numu_place place =
            numu_model_place(model, numu_schema_find(numu_text_of("activity")), row, "site");
        assert_int_equal(list[i].code, NUMU_CODE_UNKNOWN_REFERENCE);
        assert_int_equal(list[i].place.offset, place.offset);
        assert_int_equal(list[i].place.length, place.length);
    }
    numu_buffer_release(&sites);
    numu_buffer_release(&activities);
}

int main(void) {
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(test_values),
        TEST(test_rates),
        TEST(test_places),
        TEST(test_wrong_values_keep_their_rows),
        TEST(test_suggestion),
        TEST(test_one_hint_a_slip),
        TEST(test_exact_counts),
        TEST(test_inputs_digest),
        TEST(test_no_digest),
        TEST(test_changed_row),
        TEST(test_long_record_in_flat_memory),
        cmocka_unit_test(test_schema_is_sound),
        TEST(test_references_that_wait),
        TEST(test_allocation_failures),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
