/*
 * view_diff_test.c - goal: differences are shown whole in each format, and what users wrote cannot
 * steer a terminal. Method: a made-up difference with hostile texts; the n-th allocation fails. The
 * look of each format is in tests/cli/diff*.
 */
#include "view/diff.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

struct made_up {
    struct numu_diff_cell cells[2];
    struct numu_diff_row rows[3];
    struct numu_diff_table table;
    struct numu_diff diff;
};

static void make_up(struct made_up *made_up) {
    const struct numu_table_descriptor *table = numu_schema_find(NUMU_TEXT("site"));
    const struct numu_column *name = numu_column_find(table, NUMU_TEXT("name"));
    const struct numu_column *note = numu_column_find(table, NUMU_TEXT("note"));
    made_up->cells[0] = (struct numu_diff_cell){name, NUMU_TEXT("a\x1b[31m\n"), NUMU_TEXT("b,\"")};
    made_up->cells[1] = (struct numu_diff_cell){note, {NULL, 0}, NUMU_TEXT("new")};
    for (int change = 0; change < NUMU_CHANGE_COUNT; change++) {
        made_up->rows[change] =
            (struct numu_diff_row){(numu_change)change, NUMU_TEXT("x"), made_up->cells, 2};
        made_up->table.counts[change] = 1;
    }
    made_up->table.table = table;
    made_up->table.rows = made_up->rows;
    made_up->table.row_count = NUMU_CHANGE_COUNT;
    made_up->diff = (struct numu_diff){&made_up->table, 1};
}

static struct numu_diff_options options_of(numu_format format) {
    return (struct numu_diff_options){.language = NUMU_LANGUAGE_EN,
                                      .format = format,
                                      .before = {.data_date = NUMU_NO_DAY},
                                      .after = {.data_date = NUMU_NO_DAY}};
}

static void test_formats(void **state) {
    (void)state;
    static const char *const expected[] = {
        [NUMU_FORMAT_TABLE] = "  ~ x\n      name: a",
        [NUMU_FORMAT_CSV] = ("site,x,name,changed,\"a\x1b[31m\n\",\"b,\"\"\"\n"
                             "site,x,note,changed,,new\n"),
        [NUMU_FORMAT_JSON] = "{\"column\": \"note\", \"old\": null, \"new\": \"new\"}",
    };
    struct made_up made_up;
    memset(&made_up, 0, sizeof made_up);
    make_up(&made_up);
    for (int format = NUMU_FORMAT_TABLE; format <= NUMU_FORMAT_JSON; format++) {
        struct numu_diff_options options = options_of((numu_format)format);
        struct numu_heap heap;
        struct numu_buffer buffer;
        numu_heap_init(&heap, 0);
        numu_buffer_init(&buffer, &heap, 0);
        assert_int_equal(numu_view_diff(&buffer, &made_up.diff, &options), NUMU_OK);
        assert_non_null(strstr(buffer.data, expected[format]));
        if (format != NUMU_FORMAT_CSV) { /* which is for machines, byte for byte */
            assert_null(strchr(buffer.data, '\x1b'));
        }
        numu_buffer_release(&buffer);
        assert_int_equal(heap.bytes, 0);
    }
}

static void test_allocation_failures(void **state) {
    (void)state;
    struct made_up made_up;
    memset(&made_up, 0, sizeof made_up);
    make_up(&made_up);
    for (int format = NUMU_FORMAT_TABLE; format <= NUMU_FORMAT_JSON; format++) {
        struct numu_diff_options options = options_of((numu_format)format);
        bool is_over = false;
        for (uint_fast64_t n = 2; !is_over; n++) { /* the first is the text before */
            struct numu_heap heap;
            struct numu_buffer buffer;
            numu_heap_init(&heap, 0);
            numu_buffer_init(&buffer, &heap, 0);
            assert_int_equal(numu_buffer_append_string(&buffer, "before"), NUMU_OK);
            heap.fail_at = n;
            numu_status status = numu_view_diff(&buffer, &made_up.diff, &options);
            is_over = heap.count < n;
            assert_int_equal(status, is_over ? NUMU_OK : NUMU_MEMORY);
            assert_true(is_over || strcmp(buffer.data, "before") == 0);
            numu_buffer_release(&buffer);
            assert_int_equal(heap.bytes, 0);
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_formats),
        cmocka_unit_test(test_allocation_failures),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
