/*
 * Goal: PSPLIB and Patterson files become the project that they describe, and broken ones findings
 * at the right place. Method: the same small project written by hand in both formats and compared
 * column by column with what it says; laid out otherwise; cut at every byte, each number replaced;
 * each n-th allocation made to fail.
 */
#include "programme/read.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const char psplib[] = "****\n"
                             "file with basedata            : by_hand.bas\n"
                             "projects                      :  1\n"
                             "jobs (incl. supersource/sink ):  5\n"
                             "horizon                       :  20\n"
                             "RESOURCES\n"
                             "  - renewable                 :  2   R\n"
                             "  - nonrenewable              :  1   N\n"
                             "  - doubly constrained        :  0   D\n"
                             "****\n"
                             "PROJECT INFORMATION:\n"
                             "pronr.  #jobs rel.date duedate tardcost  MPM-Time\n"
                             "    1      3      7        9        0        9\n"
                             "****\n"
                             "PRECEDENCE RELATIONS:\n"
                             "jobnr.    #modes  #successors   successors\n"
                             "   1        1          2           2   3\n"
                             "   2        2          1           4\n"
                             "   3        1          1           5\n"
                             "   4        1          1           5\n"
                             "   5        1          0\n"
                             "****\n"
                             "REQUESTS/DURATIONS:\n"
                             "jobnr. mode duration  R 1  R 2  N 1\n"
                             "----\n"
                             "  1      1     0       0    0    0\n"
                             "  2      1     3       2    0    4\n"
                             "         2     5       1    0    0\n"
                             "  3      1     4       0    3    1\n"
                             "  4      1     6       2    1    0\n"
                             "  5      1     0       0    0    0\n"
                             "****\n"
                             "RESOURCEAVAILABILITIES:\n"
                             "  R 1  R 2  N 1\n"
                             "    2    3    5\n"
                             "****\n";

/* The same as MMLIB lays it out: tabs, no stars at the end, other headings. */
static const char mmlib[] = "****\r\n"
                            "jobs  (incl. supersource/sink ):\t5\r\n"
                            "RESOURCES\r\n"
                            "- renewable                 :\t2\tR\r\n"
                            "- nonrenewable              :\t1\tN\r\n"
                            "- doubly constrained        :\t0\tD\r\n"
                            "****\r\n"
                            "PRECEDENCE RELATIONS:\r\n"
                            "jobnr.\t#modes\t#successors\tsuccessors\r\n"
                            "1\t1\t2\t2\t3\r\n2\t2\t1\t4\r\n3\t1\t1\t5\r\n4\t1\t1\t5\r\n5\t1\t0\r\n"
                            "****\r\n"
                            "REQUESTS/DURATIONS\r\n"
                            "jobnr.\tmode\tdur\tR1\tR2\tN1\r\n"
                            "1\t1\t0\t0\t0\t0\r\n2\t1\t3\t2\t0\t4\r\n\t2\t5\t1\t0\t0\r\n"
                            "3\t1\t4\t0\t3\t1\r\n4\t1\t6\t2\t1\t0\r\n5\t1\t0\t0\t0\t0\r\n"
                            "****\r\n"
                            "RESOURCE AVAILABILITIES\r\n"
                            "\tR 1\tR 2\tN 1\r\n"
                            "\t2\t3\t5";

static const char patterson[] =
    " 5 2\n 2 3\n\n0 0 0 2 2 3\n3 2 0 1 4\n4 0 3 1 5\n6 2 1\n1 5\n0 0 0 0\n";

struct fixture {
    struct numu_heap heap;
    struct numu_arena arena;
    struct numu_report report;
    struct numu_project project;
};

static void open_fixture(struct fixture *fixture) {
    memset(fixture, 0, sizeof *fixture);
    numu_heap_init(&fixture->heap, 0);
    numu_arena_init(&fixture->arena, &fixture->heap);
    numu_report_init(&fixture->report, &fixture->heap, 0);
}

static void close_fixture(struct fixture *fixture) {
    numu_report_release(&fixture->report);
    numu_arena_release(&fixture->arena);
    assert_int_equal(fixture->heap.bytes, 0);
}

static numu_status read_bytes(struct fixture *fixture, struct numu_text bytes) {
    struct numu_context context = {.heap = &fixture->heap};
    numu_project_format format = numu_project_format_of(NUMU_TEXT("x"), bytes);
    if (format == NUMU_PROJECT_NONE) {
        return NUMU_NOT_FOUND;
    }
    return numu_project_read(&context, format, bytes, 0, &fixture->arena, &fixture->report,
                             &fixture->project);
}

static numu_status read_string(struct fixture *fixture, const char *string) {
    return read_bytes(fixture, numu_text_of(string));
}

/* What psplib and patterson have in common: all but mode 2 of activity 2 and resource N1. */
static void check_network(const struct numu_project *project) {
    static const uint32_t before[] = {0, 0, 1, 2, 3};
    static const uint32_t after[] = {1, 2, 3, 4, 4};
    assert_int_equal(project->activity_count, 5);
    assert_int_equal(project->link_count, 5);
    for (uint32_t i = 0; i < 5; i++) {
        char id[2] = {(char)('1' + i), 0};
        assert_true(numu_text_is(project->id[i], id));
        assert_int_equal(project->link_before[i], before[i]);
        assert_int_equal(project->link_after[i], after[i]);
        assert_int_equal(project->link_type[i], numu_link_FS);
        assert_int_equal(project->link_lag[i], 0);
        assert_int_equal(project->order[i], i);
        assert_int_equal(project->deadline[i], NUMU_NO_PERIOD);
        assert_int_equal(project->state[i], NUMU_ACTIVITY_PLANNED);
        assert_int_equal(project->calendar[i], 0);
    }
    assert_null(project->calendars[0].rank);
    assert_int_equal(project->origin, NUMU_NO_DAY);
    assert_int_equal(project->first_in[4], 3);
    assert_int_equal(project->first_in[5], 5);
    assert_int_equal(project->link_out[project->first_out[0] + 1], 1);
}

static void check_psplib(const struct numu_project *project) {
    static const uint32_t first_mode[] = {0, 1, 3, 4, 5, 6};
    static const int32_t duration[] = {0, 3, 5, 4, 6, 0};
    static const uint32_t first_need[] = {0, 0, 2, 3, 5, 7, 7};
    static const uint32_t resource[] = {0, 2, 0, 1, 2, 0, 1};
    static const int32_t units[] = {2, 4, 1, 3, 1, 2, 1};
    check_network(project);
    assert_memory_equal(project->first_mode, first_mode, sizeof first_mode);
    assert_memory_equal(project->duration, duration, sizeof duration);
    assert_memory_equal(project->first_need, first_need, sizeof first_need);
    assert_memory_equal(project->need_resource, resource, sizeof resource);
    assert_memory_equal(project->need_units, units, sizeof units);
    assert_true(numu_text_is(project->mode_id[1], "1"));
    assert_true(numu_text_is(project->mode_id[2], "2"));
    assert_int_equal(project->mode_id[0].length, 0);
    assert_int_equal(project->resource_count, 3);
    assert_true(numu_text_is(project->resource_id[2], "N1"));
    assert_false(project->is_consumable[1]);
    assert_true(project->is_consumable[2]);
    assert_int_equal(project->step_units[project->first_step[2]], 5);
}

static void psplib_is_read(void **state) {
    (void)state;
    struct fixture fixture;
    open_fixture(&fixture);
    assert_int_equal(read_string(&fixture, psplib), NUMU_OK);
    check_psplib(&fixture.project);
    assert_int_equal(fixture.project.release[0], 7);
    assert_int_equal(fixture.project.release[1], 0);
    close_fixture(&fixture);
}

static void mmlib_is_read(void **state) {
    (void)state;
    struct fixture fixture;
    open_fixture(&fixture);
    assert_int_equal(read_string(&fixture, mmlib), NUMU_OK);
    check_psplib(&fixture.project);
    close_fixture(&fixture);
}

static void patterson_is_read(void **state) {
    (void)state;
    struct fixture fixture;
    open_fixture(&fixture);
    assert_int_equal(read_string(&fixture, patterson), NUMU_OK);
    check_network(&fixture.project);
    assert_int_equal(fixture.project.mode_count, 5);
    assert_int_equal(fixture.project.duration[3], 6);
    assert_int_equal(fixture.project.need_units[fixture.project.first_need[3]], 2);
    assert_int_equal(fixture.project.resource_count, 2);
    close_fixture(&fixture);
}

/* A file that is cut is read up to the cut: a finding at its end, but where only stars are gone. */
static void cut_anywhere(void **state) {
    (void)state;
    static const char *const whole[] = {psplib, mmlib, patterson};
    for (size_t i = 0; i < 3; i++) {
        size_t length = strlen(whole[i]);
        unsigned accepted = 0;
        for (size_t cut = 0; cut < length; cut++) {
            struct fixture fixture;
            open_fixture(&fixture);
            numu_status status = read_bytes(&fixture, (struct numu_text){whole[i], cut});
            if (status == NUMU_INVALID) {
                assert_true(numu_report_total(&fixture.report, NUMU_ERROR) > 0);
            } else {
                assert_true(status == NUMU_OK || status == NUMU_NOT_FOUND);
                accepted += status == NUMU_OK;
            }
            close_fixture(&fixture);
        }
        assert_true(accepted <= 8); /* the stars and blanks behind the last number */
    }
}

/* Where `old` stands in the PSPLIB file, `new` makes the first finding there. */
static void expect_finding(const char *old, const char *new, numu_code code) {
    struct fixture fixture;
    char text[sizeof psplib + 64];
    const char *at = strstr(psplib, old);
    assert_non_null(at);
    size_t offset = (size_t)(at - psplib);
    (void)snprintf(text, sizeof text, "%.*s%s%s", (int)offset, psplib, new, at + strlen(old));
    open_fixture(&fixture);
    assert_int_equal(read_string(&fixture, text), NUMU_INVALID);
    size_t count;
    const struct numu_diagnostic *list = numu_report_list(&fixture.report, &count);
    assert_true(count > 0);
    assert_int_equal(list[0].code, code);
    if (list[0].place.offset < offset || list[0].place.offset > offset + strlen(new) + 1) {
        print_message("# \"%s\": at %llu, not %zu\n", new, (unsigned long long)list[0].place.offset,
                      offset);
        assert_true(false);
    }
    close_fixture(&fixture);
}

static void findings_have_places(void **state) {
    (void)state;
    expect_finding("5\nhorizon", "0\nhorizon", NUMU_CODE_PROJECT_SYNTAX);
    expect_finding("5\nhorizon", "99999999999999999999\nhorizon", NUMU_CODE_PROJECT_SYNTAX);
    expect_finding("2   3\n   2", "2   6\n   2", NUMU_CODE_PROJECT_SYNTAX);
    expect_finding("   3        1          1 ", "   4        1          1 ",
                   NUMU_CODE_PROJECT_SYNTAX);
    expect_finding("5       1    0    0\n", "5.5     1    0    0\n", NUMU_CODE_PROJECT_SYNTAX);
    expect_finding("0       0    0    0\n  2", "-1      0    0    0\n  2",
                   NUMU_CODE_PROJECT_SYNTAX);
    expect_finding("3    5\n", "3    5\n 7", NUMU_CODE_PROJECT_SYNTAX);
    expect_finding("0   D\n", "1   D\n", NUMU_CODE_PROJECT_SYNTAX);
}

static void cycles_are_named(void **state) {
    (void)state;
    struct fixture fixture;
    static const char cycle[] = "4 0\n0 1 2\n1 1 3\n1 2 2 4\n0 0\n";
    open_fixture(&fixture);
    assert_int_equal(read_string(&fixture, cycle), NUMU_INVALID);
    size_t count;
    const struct numu_diagnostic *list = numu_report_list(&fixture.report, &count);
    assert_int_equal(count, 1);
    assert_int_equal(list[0].code, NUMU_CODE_PRECEDENCE_CYCLE);
    assert_true(numu_text_is(list[0].arguments[0].text, "2 > 3 > 2"));
    assert_int_equal(list[0].place.offset, strstr(cycle, "3\n1 2") - cycle);
    close_fixture(&fixture);
}

/* All numbers that are out of bounds are told in one run. */
static void findings_come_together(void **state) {
    (void)state;
    struct fixture fixture;
    open_fixture(&fixture);
    assert_int_equal(read_string(&fixture, "3 1\n2\n0 0 2 4 9\n99999999 1 1 3\n0 0 0\n"),
                     NUMU_INVALID);
    assert_int_equal(numu_report_total(&fixture.report, NUMU_ERROR), 3);
    close_fixture(&fixture);
}

static void memory_fails_anywhere(void **state) {
    (void)state;
    for (uint64_t n = 1;; n++) {
        struct fixture fixture;
        open_fixture(&fixture);
        fixture.heap.fail_at = n;
        numu_status status = read_string(&fixture, psplib);
        bool has_failed = fixture.heap.count >= n;
        assert_int_equal(status, has_failed ? NUMU_MEMORY : NUMU_OK);
        close_fixture(&fixture);
        if (!has_failed) {
            assert_true(n > 10);
            return;
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(psplib_is_read),         cmocka_unit_test(mmlib_is_read),
        cmocka_unit_test(patterson_is_read),      cmocka_unit_test(cut_anywhere),
        cmocka_unit_test(findings_have_places),   cmocka_unit_test(cycles_are_named),
        cmocka_unit_test(findings_come_together), cmocka_unit_test(memory_fails_anywhere),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
