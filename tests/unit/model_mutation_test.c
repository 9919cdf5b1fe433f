/*
 * model_mutation_test.c - goal: a wrong value in any column of any table of a real package is found
 * at its line and column with the right code, and the package's sums are those that its sources
 * state. Method: every column of every table of examples/mali-2025 is made wrong in each way its
 * kind can be, one at a time, in a copy; the copy is loaded and checked.
 */
#include "model/model.h"

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

#define EXAMPLE "examples/mali-2025"

struct fixture {
    char folder[64];
    struct numu_heap heap;
    struct numu_context context;
    struct numu_arena arena;
    struct numu_report report;
    struct numu_model model; /* of the example as it is */
    struct numu_text *names; /* of its files */
    size_t name_count;
    unsigned mutations, missed;
};

static void write_bytes(const char *path, struct numu_text bytes) {
    FILE *file = fopen(path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(bytes.data, 1, bytes.length, file), bytes.length);
    assert_int_equal(fclose(file), 0);
}

static struct numu_text read_bytes(struct fixture *fixture, const char *folder, const char *name) {
    char path[512];
    struct numu_text bytes;
    int number;
    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    assert_int_equal(numu_file_read(&fixture->arena, path, 0, &bytes, &number), NUMU_OK);
    return bytes;
}

static void write_copy(const struct fixture *fixture, const char *name, struct numu_text bytes) {
    char path[512];
    (void)snprintf(path, sizeof path, "%s/%s", fixture->folder, name);
    write_bytes(path, bytes);
}

static int set_up(void **state) {
    static struct fixture fixture;
    int number;
    memset(&fixture, 0, sizeof fixture);
    (void)snprintf(fixture.folder, sizeof fixture.folder, "/tmp/numu-mutation-XXXXXX");
    assert_non_null(mkdtemp(fixture.folder));
    numu_heap_init(&fixture.heap, 0);
    fixture.context.heap = &fixture.heap;
    fixture.context.threads = 1;
    numu_arena_init(&fixture.arena, &fixture.heap);
    numu_report_init(&fixture.report, &fixture.heap, 0);
    assert_int_equal(
        numu_folder_list(&fixture.arena, EXAMPLE, &fixture.names, &fixture.name_count, &number),
        NUMU_OK);
    for (size_t i = 0; i < fixture.name_count; i++) {
        const char *name = fixture.names[i].data;
        write_copy(&fixture, name, read_bytes(&fixture, EXAMPLE, name));
    }
    assert_int_equal(
        numu_model_load(&fixture.context, numu_text_of(EXAMPLE), &fixture.report, &fixture.model),
        NUMU_OK);
    *state = &fixture;
    return 0;
}

static int tear_down(void **state) {
    struct fixture *fixture = *state;
    for (size_t i = 0; i < fixture->name_count; i++) {
        char path[512];
        (void)snprintf(path, sizeof path, "%s/%s", fixture->folder, fixture->names[i].data);
        assert_int_equal(unlink(path), 0);
    }
    assert_int_equal(rmdir(fixture->folder), 0);
    numu_model_release(&fixture->model);
    numu_report_release(&fixture->report);
    numu_arena_release(&fixture->arena);
    return fixture->heap.bytes == 0 ? 0 : -1;
}

/* --- one mutation --- */

static bool is_place_in(const struct numu_model *model, const struct numu_diagnostic *finding,
                        const char *name, uint64_t offset) {
    if (finding->place.source >= model->sources.count || finding->place.offset != offset) {
        return false;
    }
    struct numu_text path = model->sources.list[finding->place.source].path;
    size_t length = strlen(name);
    return path.length > length && memcmp(path.data + path.length - length, name, length) == 0;
}

/* Loads and checks the copy; whether a finding of this code stands at the offset of the file. */
static bool finds(struct fixture *fixture, const char *name, uint64_t offset, numu_code code) {
    struct numu_report report;
    struct numu_model model;
    bool is_found = false;
    numu_report_init(&report, &fixture->heap, 0);
    numu_status status =
        numu_model_load(&fixture->context, numu_text_of(fixture->folder), &report, &model);
    assert_true(status == NUMU_OK || status == NUMU_INVALID);
    assert_int_equal(numu_model_check(&fixture->context, &model, &report), NUMU_OK);
    size_t count;
    const struct numu_diagnostic *list = numu_report_list(&report, &count);
    for (size_t i = 0; i < count && !is_found; i++) {
        is_found = list[i].code == code && is_place_in(&model, &list[i], name, offset);
    }
    numu_report_release(&report);
    numu_model_release(&model);
    return is_found;
}

/* Puts `value` in place of a row's value; the copy is mended afterwards. */
static void expect(struct fixture *fixture, const struct numu_table_descriptor *table,
                   const struct numu_column *column, numu_row row, const char *value,
                   numu_code code) {
    char name[128];
    struct numu_buffer bytes;
    struct numu_arena_mark mark = numu_arena_mark(&fixture->arena);
    (void)snprintf(name, sizeof name, "%s.csv", table->name);
    struct numu_text original = read_bytes(fixture, EXAMPLE, name);
    struct numu_place place = numu_model_place(&fixture->model, table, row, column->name);
    numu_buffer_init(&bytes, &fixture->heap, 0);
    assert_int_equal(numu_buffer_append(&bytes, original.data, place.offset), NUMU_OK);
    assert_int_equal(numu_buffer_append_string(&bytes, value), NUMU_OK);
    size_t rest = (size_t)place.offset + place.length;
    assert_int_equal(numu_buffer_append(&bytes, original.data + rest, original.length - rest),
                     NUMU_OK);
    write_copy(fixture, name, (struct numu_text){bytes.data, bytes.length});
    fixture->mutations++;
    if (!finds(fixture, name, place.offset, code)) {
        fixture->missed++;
        printf("# %s.%s row %u made \"%s\": no %s there\n", table->name, column->name,
               (unsigned)row, value, numu_code_text(code));
    }
    write_copy(fixture, name, original);
    numu_buffer_release(&bytes);
    numu_arena_rewind(&fixture->arena, mark);
}

/* --- the ways in which a kind can be wrong --- */

static void expect_bad_range(struct fixture *fixture, const struct numu_table_descriptor *table,
                             const struct numu_column *column, numu_row row) {
    int decimals =
        numu_kind_decimals(column->kind, numu_model_currency(&fixture->model, table, row));
    char value[64];
    int64_t one = numu_power_of_ten(decimals);
    if (column->has_minimum) {
        (void)snprintf(value, sizeof value, "%lld", (long long)(column->minimum / one - 1));
        expect(fixture, table, column, row, value, NUMU_CODE_OUT_OF_RANGE);
    }
    if (column->has_minimum && column->is_above_minimum) {
        (void)snprintf(value, sizeof value, "%lld", (long long)(column->minimum / one));
        expect(fixture, table, column, row, value, NUMU_CODE_OUT_OF_RANGE);
    }
    if (column->has_maximum) {
        (void)snprintf(value, sizeof value, "%lld", (long long)(column->maximum / one + 1));
        expect(fixture, table, column, row, value, NUMU_CODE_OUT_OF_RANGE);
    }
}

static void expect_bad_number(struct fixture *fixture, const struct numu_table_descriptor *table,
                              const struct numu_column *column, numu_row row) {
    expect(fixture, table, column, row, "many", NUMU_CODE_WRONG_TYPE);
    expect(fixture, table, column, row, "nan", NUMU_CODE_NOT_FINITE);
    expect(fixture, table, column, row, "1e30", NUMU_CODE_TOO_LARGE);
    expect(fixture, table, column, row, "0.12345678901", NUMU_CODE_TOO_PRECISE);
    expect_bad_range(fixture, table, column, row);
}

static void mutate(struct fixture *fixture, const struct numu_table_descriptor *table,
                   const struct numu_column *column, numu_row row) {
    switch (column->kind) {
    case NUMU_KIND_KEY:
        expect(fixture, table, column, row, "no id", NUMU_CODE_BAD_ID);
        break;
    case NUMU_KIND_REFERENCE:
        expect(fixture, table, column, row, "zzz-nothing", NUMU_CODE_UNKNOWN_REFERENCE);
        break;
    case NUMU_KIND_CHOICE:
    case NUMU_KIND_CHOICES:
        expect(fixture, table, column, row, "zzz", NUMU_CODE_UNKNOWN_CHOICE);
        break;
    case NUMU_KIND_CURRENCY:
        expect(fixture, table, column, row, "ZZZ", NUMU_CODE_UNKNOWN_CURRENCY);
        break;
    case NUMU_KIND_DATE:
    case NUMU_KIND_DUE:
        expect(fixture, table, column, row, "2025-02-30", NUMU_CODE_BAD_DATE);
        expect(fixture, table, column, row, "soon", NUMU_CODE_WRONG_TYPE);
        break;
    case NUMU_KIND_MONTH:
        expect(fixture, table, column, row, "2025-13", NUMU_CODE_BAD_DATE);
        break;
    case NUMU_KIND_MONEY:
    case NUMU_KIND_PRICE:
    case NUMU_KIND_QUANTITY:
    case NUMU_KIND_DECIMAL:
    case NUMU_KIND_INTEGER:
        expect_bad_number(fixture, table, column, row);
        break;
    case NUMU_KIND_BOOLEAN:
        expect(fixture, table, column, row, "maybe", NUMU_CODE_WRONG_TYPE);
        break;
    case NUMU_KIND_TEXT:
    case NUMU_KIND_REAL:
        break;
    }
    if (column->required) {
        expect(fixture, table, column, row, "", NUMU_CODE_MISSING_VALUE);
    }
}

/* Whether the table's file has the column; headers of the example are not quoted. */
static bool is_in_file(struct fixture *fixture, const struct numu_table_descriptor *table,
                       const struct numu_column *column) {
    char name[128];
    struct numu_arena_mark mark = numu_arena_mark(&fixture->arena);
    (void)snprintf(name, sizeof name, "%s.csv", table->name);
    struct numu_text bytes = read_bytes(fixture, EXAMPLE, name);
    size_t end = numu_text_find(bytes, NUMU_TEXT("\n"), 0);
    bool is_there = false;
    for (size_t at = 0; at < end && !is_there;) {
        size_t comma = numu_text_find(bytes, NUMU_TEXT(","), at);
        size_t stop = comma < end ? comma : end;
        struct numu_text field = numu_text_trim((struct numu_text){bytes.data + at, stop - at});
        is_there = numu_text_is(field, column->name);
        at = stop + 1;
    }
    numu_arena_rewind(&fixture->arena, mark);
    return is_there;
}

static void test_every_column(void **state) {
    struct fixture *fixture = *state;
    for (const struct numu_table_descriptor *table = numu_schema + 1; table->name != NULL;
         table++) {
        numu_row count = numu_model_head_of(&fixture->model, table)->count;
        for (const struct numu_column *column = table->columns; count > 0 && column->name != NULL;
             column++) {
            if (is_in_file(fixture, table, column)) {
                mutate(fixture, table, column, count / 2);
            }
        }
    }
    printf("# %u mutations\n", fixture->mutations);
    assert_true(fixture->mutations > 500);
    assert_int_equal(fixture->missed, 0);
}

/* A second row with the id of the first. */
static void test_every_id_twice(void **state) {
    struct fixture *fixture = *state;
    for (const struct numu_table_descriptor *table = numu_schema + 1; table->name != NULL;
         table++) {
        const struct numu_column *key = numu_column_key(table);
        if (key != NULL && numu_model_head_of(&fixture->model, table)->count > 1) {
            struct numu_text id = numu_model_id(&fixture->model, table, 0);
            char value[80];
            (void)snprintf(value, sizeof value, "%.*s", (int)id.length, id.data);
            expect(fixture, table, key, 1, value, NUMU_CODE_DUPLICATE_ID);
        }
    }
    assert_int_equal(fixture->missed, 0);
}

/* Texts of a form, where the example has them. */
static void test_every_form(void **state) {
    static const struct {
        const char *table, *column, *value;
        numu_code code;
    } forms[] = {
        {"site", "country", "Mali", NUMU_CODE_BAD_COUNTRY},
        {"partner", "country", "ru", NUMU_CODE_BAD_COUNTRY},
        {"item", "classification", "1.4T", NUMU_CODE_BAD_CLASSIFICATION},
        {"item", "military_list", "ML0", NUMU_CODE_BAD_MILITARY_LIST},
        {"item", "lot_policy", "fixed:-5", NUMU_CODE_BAD_LOT_POLICY},
        {"rule", "from_country", "IR", NUMU_CODE_BAD_COUNTRY},
        {"limit", "hazard_division", "1.7", NUMU_CODE_BAD_HAZARD_DIVISION},
    };
    struct fixture *fixture = *state;
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        const struct numu_table_descriptor *table = numu_schema_find(numu_text_of(forms[i].table));
        const struct numu_column *column = numu_column_find(table, numu_text_of(forms[i].column));
        if (numu_model_head_of(&fixture->model, table)->count > 0 &&
            is_in_file(fixture, table, column)) {
            expect(fixture, table, column, 0, forms[i].value, forms[i].code);
        }
    }
    assert_int_equal(fixture->missed, 0);
}

/* --- sums against what the package's sources state --- */

static numu_money sum_of_year(const struct numu_model *model, const char *fund, int32_t year) {
    numu_row wanted = numu_model_find(model, numu_schema_at(offsetof(struct numu_model, fund)),
                                      numu_text_of(fund));
    numu_money sum = 0;
    assert_int_not_equal(wanted, NUMU_NONE);
    for (numu_row row = 0; row < model->budget.head.count; row++) {
        numu_month month = model->budget.month[row];
        if (model->budget.fund[row] == wanted &&
            numu_day_date(numu_month_first_day(month)).year == year) {
            assert_int_equal(numu_add(sum, model->budget.amount[row], &sum), NUMU_OK);
        }
    }
    return sum;
}

/* The recorded spending whose series begins so, in XOF. */
static numu_money spending_of(const struct numu_model *model, struct numu_text series) {
    for (numu_row row = 0; row < model->spending.head.count; row++) {
        struct numu_text text = model->spending.series[row];
        if (text.length >= series.length && memcmp(text.data, series.data, series.length) == 0 &&
            model->spending.year[row] == 2024) {
            return model->spending.value[row];
        }
    }
    fail_msg("no spending \"%s\"", series.data);
    return 0;
}

/*
 * The claims on the credits executed in 2024 (README, "Money"): 40 % of the investment, 4 % of
 * goods and services; monthly rows are rounded to a million.
 */
static void test_sums(void **state) {
    struct fixture *fixture = *state;
    const struct numu_model *model = &fixture->model;
    numu_money investment =
        spending_of(model, NUMU_TEXT("National budget office, defence investment"));
    numu_money services = spending_of(model, NUMU_TEXT("National budget office, defence goods"));
    for (int32_t year = 2026; year < 2030; year++) {
        numu_money claimed = sum_of_year(model, "defence_investment", year);
        assert_true(llabs(claimed - investment * 40 / 100) <= 12 * INT64_C(1000000));
        claimed = sum_of_year(model, "defence_recurrent", year);
        assert_true(llabs(claimed - services * 4 / 100) <= 12 * INT64_C(1000000));
    }
}

/* The treaty parity of the CFA franc, and a dollar within what the package's own figures give. */
static void test_currencies(void **state) {
    struct fixture *fixture = *state;
    numu_month start = numu_model_start_month(&fixture->model);
    numu_decimal euro =
        numu_model_rate(&fixture->model, numu_currency_find(NUMU_TEXT("EUR")), start);
    numu_decimal dollar =
        numu_model_rate(&fixture->model, numu_currency_find(NUMU_TEXT("USD")), start);
    assert_int_equal(euro, INT64_C(655957000000));
    assert_true(dollar > 500 * NUMU_DECIMAL_ONE && dollar < 700 * NUMU_DECIMAL_ONE);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_every_column, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_every_id_twice, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_every_form, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_sums, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_currencies, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
