/*
 * base_diagnostic_test.c - goal: counts are exact [D1], copies are kept [D2], adding never fails
 * for the caller [D3], merging and sorting are stable. Method: reports of known findings; random
 * ones against an insertion sort written here; the n-th allocation fails.
 */
#include "base/diagnostic.h"

#include "base/random.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct fixture {
    struct numu_heap heap;
    struct numu_report report;
};

static int set_up(void **state) {
    static struct fixture fixture;
    numu_heap_init(&fixture.heap, 0);
    numu_report_init(&fixture.report, &fixture.heap, 3);
    *state = &fixture;
    return 0;
}

static int tear_down(void **state) {
    struct fixture *fixture = *state;
    numu_report_release(&fixture->report);
    return fixture->heap.bytes == 0 ? 0 : -1;
}

/* A finding whose number tells it from others. */
static void add(struct numu_report *report, numu_code code, int64_t number) {
    struct numu_diagnostic diagnostic = {.code = code,
                                         .place = NUMU_NOWHERE,
                                         .related = NUMU_NOWHERE,
                                         .arguments = {numu_argument_integer(number)}};
    numu_report_add(report, &diagnostic);
}

static void expect_kept(const struct numu_report *report, const int64_t *numbers, size_t count) {
    size_t kept;
    const struct numu_diagnostic *list = numu_report_list(report, &kept);
    assert_int_equal(kept, count);
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(list[i].arguments[0].number, numbers[i]);
    }
}

static void test_codes(void **state) {
    (void)state;
    assert_string_equal(numu_code_text(NUMU_CODE_UNKNOWN_REFERENCE), "unknown-reference");
    assert_int_equal(numu_code_severity(NUMU_CODE_UNKNOWN_REFERENCE), NUMU_ERROR);
    assert_int_equal(numu_code_severity(NUMU_CODE_UNKNOWN_COLUMN), NUMU_WARNING);
    for (int code = 1; code < NUMU_CODE_COUNT; code++) {
        const char *text = numu_code_text((numu_code)code);
        assert_int_equal(numu_code_find(numu_text_of(text)), code); /* so no two are the same */
        assert_int_equal(numu_code_nearest(numu_text_of(text)), code);
        assert_int_equal(strspn(text, "abcdefghijklmnopqrstuvwxyz-"), strlen(text));
    }
    assert_int_equal(numu_code_find(NUMU_TEXT("unknown-ref")), NUMU_CODE_NONE);
    assert_int_equal(numu_code_find(NUMU_TEXT("")), NUMU_CODE_NONE);
    assert_int_equal(numu_code_nearest(NUMU_TEXT("unkown-referense")), NUMU_CODE_UNKNOWN_REFERENCE);
    assert_int_equal(numu_code_nearest(NUMU_TEXT("something else")), NUMU_CODE_NONE);
}

static void test_sources(void **state) {
    struct fixture *fixture = *state;
    struct numu_arena arena;
    struct numu_sources sources;
    numu_arena_init(&arena, &fixture->heap);
    numu_sources_init(&sources, &arena);
    struct numu_text bytes = NUMU_TEXT("id\n");
    for (uint32_t i = 0; i < 100; i++) {
        char path[16];
        int length = snprintf(path, sizeof path, "t%u.csv", (unsigned)i);
        uint32_t source;
        assert_int_equal(
            numu_sources_add(&sources, (struct numu_text){path, (size_t)length}, bytes, &source),
            NUMU_OK);
        assert_int_equal(source, i);
        memset(path, 'x', sizeof path);
    }
    assert_int_equal(sources.count, 100);
    assert_string_equal(sources.list[0].path.data, "t0.csv");
    assert_string_equal(sources.list[99].path.data, "t99.csv");
    assert_ptr_equal(sources.list[50].bytes.data, bytes.data);
    numu_arena_release(&arena);
}

static void test_arguments(void **state) {
    (void)state;
    struct numu_argument argument = numu_argument_string("words");
    assert_int_equal(argument.kind, NUMU_ARGUMENT_TEXT);
    assert_true(numu_text_is(argument.text, "words"));
    argument = numu_argument_number(-15, 1);
    assert_int_equal(argument.kind, NUMU_ARGUMENT_NUMBER);
    assert_int_equal(argument.number, -15);
    assert_int_equal(argument.decimals, 1);
    argument = numu_argument_money(100, 7);
    assert_int_equal(argument.kind, NUMU_ARGUMENT_MONEY);
    assert_int_equal(argument.number, 100);
    assert_int_equal(argument.currency, 7);
    argument = numu_argument_integer(INT64_MIN);
    assert_int_equal(argument.kind, NUMU_ARGUMENT_INTEGER);
    assert_int_equal(argument.number, INT64_MIN);
    argument = numu_argument_day(-3);
    assert_int_equal(argument.kind, NUMU_ARGUMENT_DAY);
    assert_int_equal(argument.number, -3);
    argument = numu_argument_month(5);
    assert_int_equal(argument.kind, NUMU_ARGUMENT_MONTH);
    assert_int_equal(argument.number, 5);
}

static void test_counts_and_keep_max(void **state) {
    struct fixture *fixture = *state;
    struct numu_report *report = &fixture->report;
    for (int64_t i = 1; i <= 1000; i++) {
        assert_int_equal(numu_report_keeps(report, NUMU_CODE_BAD_DATE), i <= 3);
        add(report, NUMU_CODE_BAD_DATE, i);
    }
    add(report, NUMU_CODE_UNKNOWN_COLUMN, 2000);
    numu_report_count(report, NUMU_CODE_BAD_DATE);
    const int64_t kept[] = {1, 2, 3, 2000};
    expect_kept(report, kept, 4);
    assert_int_equal(report->counts[NUMU_CODE_BAD_DATE], 1001);
    assert_int_equal(numu_report_total(report, NUMU_ERROR), 1001);
    assert_int_equal(numu_report_total(report, NUMU_WARNING), 1);
    assert_int_equal(numu_report_total(report, NUMU_NOTE), 0);
    assert_int_equal(report->status, NUMU_OK);

    numu_report_release(report);
    assert_int_equal(fixture->heap.bytes, 0);
    assert_int_equal(numu_report_total(report, NUMU_ERROR), 0);
    expect_kept(report, NULL, 0);
}

static void test_memory_stays_flat(void **state) {
    struct fixture *fixture = *state;
    for (int64_t i = 0; i < 10; i++) {
        add(&fixture->report, NUMU_CODE_BAD_DATE, i);
    }
    size_t bytes = fixture->heap.bytes;
    for (int64_t i = 0; i < 100000; i++) {
        add(&fixture->report, NUMU_CODE_BAD_DATE, i);
    }
    assert_int_equal(fixture->heap.bytes, bytes);
}

static void test_keep_all(void **state) {
    struct fixture *fixture = *state;
    struct numu_report report;
    numu_report_init(&report, &fixture->heap, 0);
    for (int64_t i = 0; i < 1000; i++) {
        assert_true(numu_report_keeps(&report, NUMU_CODE_BAD_DATE));
        add(&report, NUMU_CODE_BAD_DATE, i);
    }
    size_t count;
    assert_int_equal(numu_report_list(&report, &count)[999].arguments[0].number, 999);
    assert_int_equal(count, 1000);
    numu_report_release(&report);
}

static void test_texts_are_copied(void **state) {
    struct fixture *fixture = *state;
    char words[] = "first";
    struct numu_diagnostic diagnostic = {
        .code = NUMU_CODE_BAD_ID,
        .place = {1, 2, 3},
        .related = {4, 5, 6},
        .arguments = {numu_argument_integer(1), numu_argument_string(words),
                      numu_argument_text((struct numu_text){NULL, 0})}};
    numu_report_add(&fixture->report, &diagnostic);
    memset(words, 'x', sizeof words - 1);
    size_t count;
    const struct numu_diagnostic *list = numu_report_list(&fixture->report, &count);
    assert_int_equal(count, 1);
    assert_true(numu_text_is(list->arguments[1].text, "first"));
    assert_int_equal(list->arguments[2].kind, NUMU_ARGUMENT_TEXT);
    assert_int_equal(list->arguments[2].text.length, 0);
    assert_int_equal(list->arguments[3].kind, NUMU_ARGUMENT_NONE);
    assert_int_equal(list->place.offset, 3);
    assert_int_equal(list->related.source, 4);
}

static void test_merge(void **state) {
    struct fixture *fixture = *state;
    struct numu_report *report = &fixture->report; /* keeps 3 */
    struct numu_report tasks[2];
    int64_t number = 1;
    for (int task = 0; task < 2; task++) {
        numu_report_init(&tasks[task], &fixture->heap, 3);
        for (int i = 0; i < 2; i++) {
            add(&tasks[task], NUMU_CODE_BAD_DATE, number++);
            add(&tasks[task], NUMU_CODE_BAD_ID, number++);
        }
    }
    for (int i = 0; i < 10; i++) {
        add(&tasks[0], NUMU_CODE_HINDSIGHT, 100 + i);
    }
    add(report, NUMU_CODE_BAD_ID, 0);
    for (int task = 0; task < 2; task++) {
        numu_report_merge(report, &tasks[task]);
        numu_report_release(&tasks[task]); /* nothing kept points into it */
    }
    const int64_t kept[] = {0, 1, 2, 3, 4, 100, 101, 102, 5};
    expect_kept(report, kept, sizeof kept / sizeof *kept);
    assert_int_equal(report->counts[NUMU_CODE_BAD_DATE], 4);
    assert_int_equal(report->counts[NUMU_CODE_BAD_ID], 5);
    assert_int_equal(report->counts[NUMU_CODE_HINDSIGHT], 10);
    assert_int_equal(numu_report_total(report, NUMU_ERROR), 19);
}

static void test_merge_keeps_first_failure(void **state) {
    struct fixture *fixture = *state;
    struct numu_report other;
    numu_report_init(&other, &fixture->heap, 0);
    fixture->heap.fail_at = fixture->heap.count + 1;
    add(&other, NUMU_CODE_BAD_ID, 1);
    assert_int_equal(other.status, NUMU_MEMORY);
    numu_report_merge(&fixture->report, &other);
    assert_int_equal(fixture->report.status, NUMU_MEMORY);
    assert_int_equal(fixture->report.counts[NUMU_CODE_BAD_ID], 1);
    numu_report_release(&other);
}

/* --- sorting --- */

static void add_at(struct numu_report *report, numu_code code, uint32_t source, uint64_t offset,
                   int64_t number) {
    struct numu_diagnostic diagnostic = {.code = code,
                                         .place = {source, 0, offset},
                                         .related = NUMU_NOWHERE,
                                         .arguments = {numu_argument_integer(number)}};
    numu_report_add(report, &diagnostic);
}

static void test_sort_order(void **state) {
    struct fixture *fixture = *state;
    struct numu_report *report = &fixture->report;
    add_at(report, NUMU_CODE_UNKNOWN_COLUMN, 0, 0, 9);
    add_at(report, NUMU_CODE_BAD_ID, NUMU_NO_SOURCE, 0, 8);
    add_at(report, NUMU_CODE_BAD_ID, 1, 0, 6);
    add_at(report, NUMU_CODE_BAD_ID, 0, 7, 4);
    add_at(report, NUMU_CODE_BAD_DATE, 1, 0, 5);
    add_at(report, NUMU_CODE_HINDSIGHT, 1, 0, 7);
    add_at(report, NUMU_CODE_BAD_DATE, 0, 7, 2);
    add_at(report, NUMU_CODE_BAD_DATE, 0, 7, 3);
    add_at(report, NUMU_CODE_MISSING_COLUMN, 0, NUMU_WHOLE_FILE, 0);
    add_at(report, NUMU_CODE_HINDSIGHT, 0, 0, 1);
    numu_report_sort(report);
    const int64_t sorted[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9};
    expect_kept(report, sorted, 10);
    assert_int_equal(report->status, NUMU_OK);
}

static int severity_rank(numu_code code) {
    return NUMU_ERROR - (int)numu_code_severity(code);
}

/* The order of the header, said another way: as numbers of which the first that differ decide. */
static bool is_before(const struct numu_diagnostic *a, const struct numu_diagnostic *b) {
    const uint64_t keys[][2] = {
        {(uint64_t)severity_rank(a->code), (uint64_t)severity_rank(b->code)},
        {a->place.source, b->place.source},
        {a->place.offset + 1, b->place.offset + 1}, /* NUMU_WHOLE_FILE becomes 0 */
        {(uint64_t)a->code, (uint64_t)b->code},
    };
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        if (keys[i][0] != keys[i][1]) {
            return keys[i][0] < keys[i][1];
        }
    }
    return false;
}

static void test_sort_against_insertion(void **state) {
    struct fixture *fixture = *state;
    enum { COUNT_MAX = 70 };
    const uint64_t seed = 20250630;
    struct numu_random random;
    numu_random_init(&random, seed, 0);
    printf("# seed %llu\n", (unsigned long long)seed);
    for (size_t count = 0; count <= COUNT_MAX; count++) {
        struct numu_report report;
        numu_report_init(&report, &fixture->heap, 0);
        for (size_t i = 0; i < count; i++) {
            uint64_t offset = numu_random_below(&random, 4);
            add_at(&report, (numu_code)(1 + numu_random_below(&random, 8)),
                   (uint32_t)numu_random_below(&random, 3), offset == 3 ? NUMU_WHOLE_FILE : offset,
                   (int64_t)i);
        }
        struct numu_diagnostic expected[COUNT_MAX + 1];
        size_t kept;
        const struct numu_diagnostic *list = numu_report_list(&report, &kept);
        for (size_t i = 0; i < count; i++) {
            size_t at = i;
            for (; at > 0 && is_before(&list[i], &expected[at - 1]); at--) {
                expected[at] = expected[at - 1];
            }
            expected[at] = list[i];
        }
        numu_report_sort(&report);
        list = numu_report_list(&report, &kept);
        assert_int_equal(kept, count);
        for (size_t i = 0; i < count; i++) {
            assert_int_equal(list[i].arguments[0].number, expected[i].arguments[0].number);
        }
        numu_report_release(&report);
    }
}

/* --- without memory --- */

static void fill(struct numu_report *report) {
    for (int64_t i = 0; i < 20; i++) {
        struct numu_diagnostic diagnostic = {
            .code = NUMU_CODE_BAD_ID,
            .place = {(uint32_t)(20 - i), 0, 0},
            .related = NUMU_NOWHERE,
            .arguments = {numu_argument_integer(i), numu_argument_string("words")}};
        numu_report_add(report, &diagnostic);
    }
    numu_report_sort(report);
}

static void test_without_memory(void **state) {
    (void)state;
    bool is_done = false;
    for (uint_fast64_t n = 1; !is_done; n++) {
        struct numu_heap heap;
        struct numu_report report;
        numu_heap_init(&heap, 0);
        numu_report_init(&report, &heap, 0);
        heap.fail_at = n;
        fill(&report);
        is_done = report.status == NUMU_OK;
        assert_int_equal(report.counts[NUMU_CODE_BAD_ID], 20);
        size_t count;
        const struct numu_diagnostic *list = numu_report_list(&report, &count);
        assert_true(is_done || report.status == NUMU_MEMORY);
        assert_true(count <= 20 && (!is_done || count == 20));
        /* What is kept has no hole, in either order. */
        for (size_t i = 0; i < count; i++) {
            bool is_sorted = count < 2 || list[0].arguments[0].number != 0;
            size_t expected = is_sorted ? count - 1 - i : i;
            assert_int_equal(list[i].arguments[0].number, expected);
            assert_true(numu_text_is(list[i].arguments[1].text, "words"));
            assert_true(!is_done || is_sorted);
        }
        assert_true(n < 100 && (!is_done || n > 20));
        numu_report_release(&report);
        assert_int_equal(heap.bytes, 0);
    }
}

static void test_sources_without_memory(void **state) {
    (void)state;
    bool is_done = false;
    for (uint_fast64_t n = 1; !is_done; n++) {
        struct numu_heap heap;
        struct numu_arena arena;
        struct numu_sources sources;
        numu_heap_init(&heap, 0);
        numu_arena_init(&arena, &heap);
        numu_sources_init(&sources, &arena);
        heap.fail_at = n;
        uint32_t added = 0;
        numu_status status = NUMU_OK;
        while (status == NUMU_OK && added < 20) {
            uint32_t source = 4711;
            status = numu_sources_add(&sources, NUMU_TEXT("path"), NUMU_TEXT(""), &source);
            assert_int_equal(source, status == NUMU_OK ? added++ : 4711);
        }
        assert_int_equal(sources.count, added);
        is_done = status == NUMU_OK;
        assert_true(is_done || status == NUMU_MEMORY);
        assert_true(n < 100 && (!is_done || n > 20));
        numu_arena_release(&arena);
        assert_int_equal(heap.bytes, 0);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_codes),
        cmocka_unit_test_setup_teardown(test_sources, set_up, tear_down),
        cmocka_unit_test(test_arguments),
        cmocka_unit_test_setup_teardown(test_counts_and_keep_max, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_memory_stays_flat, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_keep_all, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_texts_are_copied, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_merge, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_merge_keeps_first_failure, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_sort_order, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_sort_against_insertion, set_up, tear_down),
        cmocka_unit_test(test_without_memory),
        cmocka_unit_test(test_sources_without_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
