/*
 * rules_mark_test.c - goal: item identifiers, lot numbers, patterns and symbols are right. Method:
 * constructs of MIL-STD-130N by hand; the lot of MIL-STD-1168C; random lot numbers with a printed
 * seed, some broken, are never read as something that is written otherwise; a symbol's finder
 * pattern (ISO/IEC 16022: two solid sides, two alternating).
 */
#include "base/random.h"
#include "rules/envelope.h"
#include "rules/lot_number.h"
#include "rules/symbol.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

enum { SEED = 1168, ROUNDS = 200000 };

#define START "[)>\x1e"
#define END "\x1e\x04"

/* The identifier of a message, or the name of the problem. */
static const char *identify(const char *message, struct numu_item_identifier *identifier) {
    struct numu_envelope envelope;
    struct numu_envelope_finding finding;
    numu_status status = numu_envelope_read(numu_text_of(message), &envelope, &finding);
    if (status == NUMU_OK) {
        status = numu_item_identifier_of(&envelope, identifier, &finding);
    }
    return status == NUMU_OK ? identifier->whole : numu_envelope_problem_name(finding.problem);
}

static void identifiers(void **state) {
    (void)state;
    static const struct {
        const char *message, *whole;
    } cases[] = {
        {START "06\x1d"
               "17V1AB23\x1d"
               "S786950" END,
         "D1AB23786950"}, /* construct 1 */
        {START "06\x1d"
               "17V1AB23\x1d"
               "1P1234\x1d"
               "S786950" END,
         "D1AB231234786950"},
        {START "06\x1d"
               "17V1AB23\x1d"
               "1TLOT7\x1d"
               "S1" END,
         "D1AB23LOT71"},
        {START "06\x1d"
               "18S1AB23786950" END,
         "D1AB23786950"},
        {START "06\x1d"
               "25SUN194532636786950" END,
         "UN194532636786950"},
        {START "06\x1d"
               "12V194532636\x1d"
               "S786950" END,
         "UN194532636786950"},
        {START "06\x1d"
               "7LABC123\x1d"
               "S7" END,
         "LDABC1237"},
        {START "06\x1d"
               "3V9506000\x1d"
               "S7" END,
         "95060007"},
        {START "06\x1d"
               "18VD1AB23\x1d"
               "S7" END,
         "D1AB237"},
        {START "06\x1d"
               "30TLOT\x1d"
               "18S1AB23786950" END,
         "D1AB23786950"}, /* 30T: trace only */
        {START "05\x1d"
               "8004"
               "9506000GIAI7" END,
         "9506000GIAI7"},
        {START "12\x1d"
               "CAG 1AB23\x1d"
               "SER 786950" END,
         "D1AB23786950"},
        {START "12\x1d"
               "MFR 1AB23\x1d"
               "PNO 1234\x1d"
               "SEQ 786950" END,
         "D1AB231234786950"},
        {START "12\x1d"
               "UID D1AB23786950" END,
         "D1AB23786950"},
        {START "12\x1d"
               "SER 786950" END,
         "no_identifier"},
        {START "06\x1d"
               "1P1234" END,
         "no_identifier"},
        {START "05\x1d"
               "0109506000134352" END,
         "no_identifier"},
        {START "06\x1d"
               "17V1AB2\x1d"
               "S7" END,
         "bad_enterprise"},
        {START "06\x1d"
               "17V1ABO3\x1d"
               "S7" END,
         "bad_enterprise"}, /* no O in a CAGE code */
        {START "06\x1d"
               "17V1AB23\x1d"
               "Sab" END,
         "bad_letter"},
        {START "06\x1d"
               "17V1AB23\x1d"
               "S1234567890123456789012345678901" END,
         "bad_length"},
        {START "06\x1d"
               "17V1AB23\x1d"
               "1P12345678901234567890\x1d"
               "S1234567890123456789012345" END,
         "bad_length"},
        {START "07\x1d"
               "S7" END,
         "unknown_format"},
        {START "06" END, "bad_field"},
        {START "06\x1d\x1d"
               "S7" END,
         "bad_field"},
        {START "06"
               "S7" END,
         "bad_field"},
        {START "06\x1d"
               "S7",
         "no_trailer"},
        {START, "no_trailer"},
        {"06\x1d"
         "S7" END,
         "no_header"},
        {"", "no_header"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct numu_item_identifier identifier;
        const char *got = identify(cases[i].message, &identifier);
        if (strcmp(got, cases[i].whole) != 0) {
            fail_msg("case %zu: %s, not %s", i, got, cases[i].whole);
        }
    }
}

static void messages_are_written_as_read(void **state) {
    (void)state;
    static const char message[] = START "12\x1d"
                                        "CAG 1AB23\x1d"
                                        "SER 7" END;
    struct numu_heap heap;
    struct numu_buffer words, bytes, again;
    struct numu_envelope envelope;
    struct numu_envelope_finding finding;
    numu_heap_init(&heap, 0);
    numu_buffer_init(&words, &heap, 0);
    numu_buffer_init(&bytes, &heap, 0);
    numu_buffer_init(&again, &heap, 0);
    assert_int_equal(numu_envelope_to_words(numu_text_of(message), &words), NUMU_OK);
    assert_string_equal(words.data, "[)>{RS}12{GS}CAG 1AB23{GS}SER 7{RS}{EOT}");
    assert_int_equal(numu_envelope_from_words((struct numu_text){words.data, words.length}, &bytes),
                     NUMU_OK);
    assert_string_equal(bytes.data, message);
    assert_int_equal(
        numu_envelope_read((struct numu_text){bytes.data, bytes.length}, &envelope, &finding),
        NUMU_OK);
    assert_int_equal(numu_envelope_write(&envelope, &again), NUMU_OK);
    assert_string_equal(again.data, message);
    numu_buffer_release(&words);
    numu_buffer_release(&bytes);
    numu_buffer_release(&again);
}

static void lot_of_the_standard(void **state) {
    (void)state;
    struct numu_lot_number lot, other;
    char text[NUMU_LOT_NUMBER_BYTES];
    size_t at = 0;
    assert_true(numu_lot_number_parse(NUMU_TEXT("XYZ07D006-004"), &lot, &at));
    assert_string_equal(lot.maker, "XYZ");
    assert_int_equal(lot.year, 7);
    assert_int_equal(lot.month, 4);
    assert_int_equal(lot.interfix, 6);
    assert_int_equal(lot.sequence, 4);
    assert_false(numu_lot_number_parent(&lot, &other));
    assert_true(numu_lot_number_rework(&lot, &other));
    assert_string_equal(numu_lot_number_format(&other, text), "XYZ07D006-004A");
    assert_true(numu_lot_number_parent(&other, &lot));
    assert_string_equal(numu_lot_number_format(&lot, text), "XYZ07D006-004");
    assert_true(numu_lot_number_parse(NUMU_TEXT("XYZ07K006-004Z"), &lot, &at));
    assert_int_equal(lot.month, 10); /* there is no I */
    assert_true(numu_lot_number_rework(&lot, &other));
    assert_string_equal(other.rework, "AA");
    assert_true(numu_lot_number_parse(NUMU_TEXT("XYZ07M006E004ZZT"), &lot, &at));
    assert_int_equal(lot.theatre, 'T');
    assert_false(numu_lot_number_rework(&lot, &other));
    static const struct {
        const char *text;
        size_t at;
    } bad[] = {{"", 0},          {"XY107D006-004", 2},   {"XYZ07I006-004", 5},
               {"XYZ07D006", 9}, {"XYZ07D006-00x", 12},  {"XYZ07D006-004AAA", 15},
               {"LW-06-01A", 2}, {"XYZ07D006-004a", 13}, {"XYZ07D006-004AATT", 16}};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        assert_false(numu_lot_number_parse(numu_text_of(bad[i].text), &lot, &at));
        assert_int_equal(at, bad[i].at);
    }
}

static void lots_are_read_as_written(void **state) {
    (void)state;
    struct numu_random random;
    static const char letters[] = "ABCXYZWTDKM0123456789-aI";
    printf("# seed %d\n", SEED);
    numu_random_init(&random, SEED, 0);
    for (int i = 0; i < ROUNDS; i++) {
        char text[20] = "XYZ07D006-004";
        char back[NUMU_LOT_NUMBER_BYTES];
        struct numu_lot_number lot;
        size_t at = 0, length = 13 + (size_t)numu_random_below(&random, 4);
        for (int edits = 0; edits < 3; edits++) {
            text[numu_random_below(&random, (uint32_t)length)] =
                letters[numu_random_below(&random, sizeof letters - 1)];
        }
        for (size_t k = 13; k < length; k++) {
            text[k] = letters[numu_random_below(&random, 8)];
        }
        text[length] = '\0';
        if (numu_lot_number_parse(numu_text_of(text), &lot, &at)) {
            assert_string_equal(numu_lot_number_format(&lot, back), text);
        } else {
            assert_true(at <= length);
        }
    }
}

static void patterns(void **state) {
    (void)state;
    size_t at;
    assert_true(numu_pattern_fits(NUMU_TEXT("R######"), NUMU_TEXT("R000123"), &at));
    assert_false(numu_pattern_fits(NUMU_TEXT("R######"), NUMU_TEXT("R00012"), &at));
    assert_int_equal(at, 6);
    assert_false(numu_pattern_fits(NUMU_TEXT("R######"), NUMU_TEXT("R0001234"), &at));
    assert_int_equal(at, 7);
    assert_false(numu_pattern_fits(NUMU_TEXT("@@-?#"), NUMU_TEXT("ML-x1"), &at));
    assert_int_equal(at, 3);
    assert_true(numu_pattern_fits(NUMU_TEXT("@@-?#"), NUMU_TEXT("ML-K1"), &at));
    assert_true(numu_pattern_fits(NUMU_TEXT(""), NUMU_TEXT("anything"), &at));
    assert_true(numu_pattern_fits(NUMU_TEXT(NUMU_PATTERN_LOT), NUMU_TEXT("XYZ07D006-004"), &at));
    assert_false(numu_pattern_fits(NUMU_TEXT(NUMU_PATTERN_LOT), NUMU_TEXT("7"), &at));
}

static void symbols_have_their_finder(void **state) {
    (void)state;
    static struct numu_symbol symbol;
    static char long_message[4000];
    assert_int_equal(numu_symbol_make(NUMU_TEXT("XYZ07D006-004"), &symbol), NUMU_OK);
    assert_int_equal(symbol.width, symbol.height);
    for (unsigned i = 0; i < symbol.width; i++) {
        assert_true(symbol.dark[i][0]);
        assert_true(symbol.dark[symbol.height - 1][i]);
        assert_int_equal(symbol.dark[0][i], i % 2 == 0);
        assert_int_equal(symbol.dark[i][symbol.width - 1], i % 2 == 1);
    }
    memset(long_message, 'a', sizeof long_message);
    assert_int_equal(
        numu_symbol_make((struct numu_text){long_message, sizeof long_message}, &symbol),
        NUMU_LIMIT);
    assert_int_equal(numu_symbol_make(NUMU_TEXT(""), &symbol), NUMU_INVALID);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(identifiers),
        cmocka_unit_test(messages_are_written_as_read),
        cmocka_unit_test(lot_of_the_standard),
        cmocka_unit_test(lots_are_read_as_written),
        cmocka_unit_test(patterns),
        cmocka_unit_test(symbols_have_their_finder),
    };
    return cmocka_run_group_tests_name("rules marks", tests, NULL, NULL);
}
