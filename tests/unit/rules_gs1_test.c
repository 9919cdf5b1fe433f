/*
 * rules_gs1_test.c - goal: element strings are read, checked and written as GS1 has it. Method: the
 * dictionary that comes with numu, whole; strings published by GS1 with their check digits and
 * pairs; each kind of error once; both writings of a string read back to the same one.
 */
#include "rules/gs1.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

struct fixture {
    struct numu_heap heap;
    struct numu_arena arena;
    struct numu_gs1_dictionary dictionary;
};

static int set_up(void **state) {
    static struct fixture fixture;
    memset(&fixture, 0, sizeof fixture);
    numu_heap_init(&fixture.heap, 0);
    numu_arena_init(&fixture.arena, &fixture.heap);
    assert_int_equal(numu_gs1_dictionary_open(&fixture.arena, &fixture.dictionary), NUMU_OK);
    *state = &fixture;
    return 0;
}

static int tear_down(void **state) {
    struct fixture *fixture = *state;
    numu_arena_release(&fixture->arena);
    return fixture->heap.bytes == 0 ? 0 : -1;
}

static void dictionary_is_whole(void **state) {
    struct fixture *fixture = *state;
    const struct numu_gs1_dictionary *dictionary = &fixture->dictionary;
    assert_int_equal(dictionary->count, 224);
    const struct numu_gs1_rule *gtin = numu_gs1_rule_find(dictionary, NUMU_TEXT("01"));
    assert_non_null(gtin);
    assert_true(gtin->is_fixed);
    assert_int_equal(gtin->parts[0].length, 14);
    assert_true(numu_text_is(gtin->title, "GTIN"));
    const struct numu_gs1_rule *weight = numu_gs1_rule_find(dictionary, NUMU_TEXT("3103"));
    assert_true(numu_text_is(weight->first, "3100"));
    assert_null(numu_gs1_rule_find(dictionary, NUMU_TEXT("3109")));
    /* Linters of every rule are known, but for the three whose tables numu has not. */
    for (size_t i = 0; i < dictionary->count; i++) {
        const struct numu_gs1_rule *rule = &dictionary->rules[i];
        for (size_t p = 0; p < rule->part_count; p++) {
            for (size_t l = 0; l < rule->parts[p].linter_count; l++) {
                struct numu_text name = rule->parts[p].linters[l];
                bool has_no_table = numu_text_is(name, "packagetype") ||
                                    numu_text_is(name, "couponcode") ||
                                    numu_text_is(name, "couponposoffer");
                numu_gs1_lint lint = numu_gs1_lint_part(name, NUMU_TEXT("00000000000000"));
                assert_int_equal(lint == NUMU_LINT_UNKNOWN, has_no_table);
            }
        }
    }
}

/* "fine", or the name of the first problem. */
static const char *verdict(struct fixture *fixture, const char *text) {
    struct numu_gs1_finding findings[NUMU_GS1_FINDINGS_MAX];
    struct numu_gs1_string string;
    if (numu_gs1_string_read(&fixture->dictionary, numu_text_of(text), &string, findings) !=
        NUMU_OK) {
        return numu_gs1_problem_name(findings[0].problem);
    }
    size_t count = numu_gs1_string_check(&string, findings, NULL);
    return numu_gs1_problem_name(count == 0 ? NUMU_GS1_FINE : findings[0].problem);
}

static void strings_are_judged(void **state) {
    static const struct {
        const char *text, *verdict;
    } cases[] = {
        /* GTIN, GRAI and SSCC of the General Specifications' own examples; GMN of GS1's guide. */
        {"(01)09506000134352(21)R000123", "fine"},
        {"(01)09506000134352(10)XYZ07D006-004(11)070400", "fine"},
        {"(8003)09506000134352R7", "fine"},
        {"(00)106141412345678908", "fine"},
        {"(8013)1987654Ad4X4bL5ttr2310c2K", "fine"},
        {"(8004)95060001343GIAI", "fine"},
        {"(01)09506000134352(3103)000450", "fine"},
        {"(02)09506000134352(37)20(00)106141412345678908", "fine"},
        {"]d20109506000134352"
         "21R000123",
         "fine"},
        {"(8007)DE89370400440532013000(415)9506000134369(8020)X", "fine"},
        {"(01)09506000134353(21)R1", "bad_check"},
        {"(8013)1987654Ad4X4bL5ttr2310c3K", "bad_check"},
        {"(01)0950600013435(21)R1", "bad_length"},
        {"(01)09506000134352(21)012345678901234567890", "bad_length"},
        {"(01)0950600013435X(21)R1", "bad_letter"},
        {"(01)09506000134352(21)R 1", "bad_letter"},
        {"(01)09506000134352(21)R\xc3\xa9", "bad_letter"},
        {"(01)09506000134352(11)071301", "bad_content"},
        {"(01)09506000134352(11)070230", "bad_content"},
        {"(01)09506000134352(11)070200", "fine"},
        {"(01)09506000134352(422)999", "bad_content"},
        {"(01)09506000134352(422)466", "fine"}, /* Mali */
        {"(8007)DE89370400440532013001(415)9506000134369(8020)X", "bad_content"},
        {"(21)R000123", "missing"},
        {"(01)09506000134352(21)R1(235)X", "excluded"},
        {"(01)09506000134352(02)09506000134352(37)2", "excluded"},
        {"(01)09506000134352(10)A(10)B", "repeated"},
        {"(01)09506000134352(99)", "bad_length"},
        {"(05)1", "unknown_ai"},
        {"R000123", "no_string"},
        {"", "no_string"},
        {"(01", "no_string"},
        {"\x1d", "no_string"},
        {"]d2", "no_string"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        const char *got = verdict(*state, cases[i].text);
        if (strcmp(got, cases[i].verdict) != 0) {
            fail_msg("%s: %s, not %s", cases[i].text, got, cases[i].verdict);
        }
    }
}

static void check_digits(void **state) {
    (void)state;
    assert_int_equal(numu_gs1_check_digit(NUMU_TEXT("629104150021")), '3'); /* GS1's example */
    assert_int_equal(numu_gs1_check_digit(NUMU_TEXT("37610425002123456")), '9');
}

static void writing_reads_back(void **state) {
    struct fixture *fixture = *state;
    static const char text[] = "(10)LOT/7(01)09506000134352(21)R(1)x(3103)000450";
    struct numu_gs1_string string, again;
    struct numu_gs1_finding finding;
    struct numu_buffer symbol, words;
    numu_buffer_init(&symbol, &fixture->heap, 0);
    numu_buffer_init(&words, &fixture->heap, 0);
    assert_int_equal(
        numu_gs1_string_read(&fixture->dictionary, numu_text_of(text), &string, &finding), NUMU_OK);
    assert_int_equal(string.count, 4);
    assert_int_equal(numu_gs1_string_write_symbol(&string, &symbol), NUMU_OK);
    assert_string_equal(symbol.data, "10LOT/7\x1d"
                                     "0109506000134352"
                                     "21R(1)x\x1d"
                                     "3103000450");
    assert_int_equal(numu_gs1_string_read(&fixture->dictionary,
                                          (struct numu_text){symbol.data, symbol.length}, &again,
                                          &finding),
                     NUMU_OK);
    assert_int_equal(numu_gs1_string_write(&again, &words), NUMU_OK);
    assert_string_equal(words.data, text);
    numu_buffer_release(&symbol);
    numu_buffer_release(&words);
}

static void broken_dictionaries_name_their_line(void **state) {
    struct fixture *fixture = *state;
    static const char *const broken[] = {"# fine\n\n01 N14\nGTIN N14\n",
                                         "# a\n\n\n1 N14\n",
                                         "#\n#\n\n10 X..200\n",
                                         "\n\n\n10\n",
                                         "\n\n\n10 [X..2\n",
                                         "\n\n\n19-10 N2\n"};
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
        struct numu_gs1_dictionary unused;
        size_t line = 0;
        assert_int_equal(
            numu_gs1_dictionary_read(&fixture->arena, numu_text_of(broken[i]), &unused, &line),
            NUMU_INVALID);
        assert_int_equal(line, 4);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(dictionary_is_whole, set_up, tear_down),
        cmocka_unit_test_setup_teardown(strings_are_judged, set_up, tear_down),
        cmocka_unit_test(check_digits),
        cmocka_unit_test_setup_teardown(writing_reads_back, set_up, tear_down),
        cmocka_unit_test_setup_teardown(broken_dictionaries_name_their_line, set_up, tear_down),
    };
    return cmocka_run_group_tests_name("rules gs1", tests, NULL, NULL);
}
