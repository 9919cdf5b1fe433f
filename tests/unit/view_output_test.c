/*
 * Goal: numbers, money and dates read as people write them in each language; what the user wrote
 * can neither act on a terminal nor break markup.
 * Method: examples worked out by hand; random bytes
 * checked for controls and markup; each n-th allocation made to fail.
 */
#include "view/output.h"

#include "base/random.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <string.h>

enum { SEED = 20260401 };

struct fixture {
    struct numu_heap heap;
    struct numu_buffer buffer;
    struct numu_output out;
};

static void begin(struct fixture *fixture, numu_language language, bool is_markup) {
    numu_heap_init(&fixture->heap, 0);
    numu_buffer_init(&fixture->buffer, &fixture->heap, 0);
    numu_output_init(&fixture->out, &fixture->buffer, language, is_markup);
}

static void expect(struct fixture *fixture, const char *text) {
    assert_int_equal(numu_output_finish(&fixture->out), NUMU_OK);
    assert_string_equal(fixture->buffer.data == NULL ? "" : fixture->buffer.data, text);
    numu_buffer_clear(&fixture->buffer);
}

static void end(struct fixture *fixture) {
    numu_buffer_release(&fixture->buffer);
    assert_int_equal(fixture->heap.bytes, 0);
}

static void numbers_in_english(void **state) {
    (void)state;
    struct fixture f;
    begin(&f, NUMU_LANGUAGE_EN, false);
    numu_output_integer(&f.out, 0);
    expect(&f, "0");
    numu_output_integer(&f.out, -1234567);
    expect(&f, "\u22121,234,567");
    numu_output_integer(&f.out, INT64_MAX);
    expect(&f, "9,223,372,036,854,775,807");
    numu_output_number(&f.out, 1234565, 3, 2, false); /* half to even */
    expect(&f, "1,234.56");
    numu_output_number(&f.out, 1234575, 3, 2, false);
    expect(&f, "1,234.58");
    numu_output_number(&f.out, -5, 1, 3, false);
    expect(&f, "\u22120.5");
    numu_output_number(&f.out, 1500000, 6, 6, true);
    expect(&f, "1.5");
    numu_output_number(&f.out, 2000000, 6, 6, true);
    expect(&f, "2");
    numu_output_number(&f.out, NUMU_NO_NUMBER, 6, 6, true);
    expect(&f, "");
    numu_output_quantity(&f.out, 1125 * NUMU_QUANTITY_ONE / 1000);
    expect(&f, "1.12");
    numu_output_quantity(&f.out, 1234600000);
    expect(&f, "1,235");
    numu_output_real(&f.out, 0.125, 1);
    expect(&f, "0.1");
    numu_output_real(&f.out, NAN, 1);
    expect(&f, "");
    numu_output_real(&f.out, 1e300, 1);
    expect(&f, "1.000e+300");
    end(&f);
}

static void money_in_both(void **state) {
    (void)state;
    struct fixture f;
    numu_currency xof = numu_currency_find(NUMU_TEXT("XOF"));
    numu_currency usd = numu_currency_find(NUMU_TEXT("USD"));
    begin(&f, NUMU_LANGUAGE_EN, false);
    numu_output_money(&f.out, 123450, usd);
    expect(&f, "1,234.50\u00A0USD");
    numu_output_money_short(&f.out, INT64_C(78300000000), xof);
    expect(&f, "78.3\u00A0bn\u00A0XOF");
    numu_output_money_short(&f.out, INT64_C(-961940000), xof);
    expect(&f, "\u2212961.9\u00A0M\u00A0XOF");
    numu_output_money_short(&f.out, 999999, xof);
    expect(&f, "999,999\u00A0XOF");
    numu_output_money_short(&f.out, INT64_C(1234500000000000), usd);
    expect(&f, "12,345.0\u00A0bn\u00A0USD");
    numu_output_compact(&f.out, 45 * NUMU_QUANTITY_ONE * 1000000, NUMU_QUANTITY_DECIMALS, true);
    expect(&f, "45\u00A0M");
    numu_output_money_short(&f.out, NUMU_NO_NUMBER, usd);
    expect(&f, "");
    end(&f);
    begin(&f, NUMU_LANGUAGE_FR, false);
    numu_output_money(&f.out, 123450, usd);
    expect(&f, "1\u202F234,50\u00A0USD");
    numu_output_money_short(&f.out, INT64_C(78300000000), xof);
    expect(&f, "78,3\u00A0Md\u00A0XOF");
    numu_output_scientific(&f.out, 3.14e-9);
    expect(&f, "3,1e-09");
    end(&f);
}

static void shares_are_honest(void **state) {
    (void)state;
    struct fixture f;
    begin(&f, NUMU_LANGUAGE_EN, false);
    numu_output_percent(&f.out, 1, 3);
    expect(&f, "33%");
    numu_output_percent(&f.out, 9999, 10000);
    expect(&f, ">99%");
    numu_output_percent(&f.out, 1, 10000);
    expect(&f, "<1%");
    numu_output_percent(&f.out, 0, 10000);
    expect(&f, "0%");
    numu_output_percent(&f.out, 10, 10);
    expect(&f, "100%");
    numu_output_percent(&f.out, 10, 0);
    expect(&f, "–");
    end(&f);
    begin(&f, NUMU_LANGUAGE_FR, false);
    numu_output_percent(&f.out, 1, 3);
    expect(&f, "33\u202F%");
    end(&f);
}

static void dates_in_both(void **state) {
    (void)state;
    struct fixture f;
    numu_day day = numu_day_of((struct numu_date){2025, 6, 30});
    numu_day first = numu_day_of((struct numu_date){2026, 8, 1});
    begin(&f, NUMU_LANGUAGE_EN, false);
    numu_output_day(&f.out, day);
    expect(&f, "2025-06-30");
    numu_output_day_long(&f.out, day);
    expect(&f, "30\u00A0June 2025");
    numu_output_day_long(&f.out, NUMU_NO_DAY);
    expect(&f, "");
    end(&f);
    begin(&f, NUMU_LANGUAGE_FR, false);
    numu_output_day_long(&f.out, day);
    expect(&f, "30\u00A0juin 2025");
    numu_output_day_long(&f.out, first);
    expect(&f, "1er\u00A0août 2026");
    end(&f);
}

static void counts_have_nouns(void **state) {
    (void)state;
    struct fixture f;
    begin(&f, NUMU_LANGUAGE_EN, false);
    numu_output_count(&f.out, 0, NUMU_WORD_one_error, NUMU_WORD_many_errors);
    expect(&f, "0 errors");
    numu_output_count(&f.out, 1, NUMU_WORD_one_error, NUMU_WORD_many_errors);
    expect(&f, "1 error");
    numu_output_count(&f.out, 4812, NUMU_WORD_one_error, NUMU_WORD_many_errors);
    expect(&f, "4,812 errors");
    end(&f);
    begin(&f, NUMU_LANGUAGE_FR, false);
    numu_output_count(&f.out, 0, NUMU_WORD_one_error, NUMU_WORD_many_errors);
    expect(&f, "0 erreur");
    numu_output_count(&f.out, 2, NUMU_WORD_one_error, NUMU_WORD_many_errors);
    expect(&f, "2 erreurs");
    end(&f);
}

static void patterns_are_filled(void **state) {
    (void)state;
    struct fixture f;
    const struct numu_argument arguments[NUMU_ARGUMENTS_MAX] = {
        numu_argument_string("<a>"), numu_argument_number(1234500, 3),
        numu_argument_string("kind.date"), numu_argument_day(0)};
    begin(&f, NUMU_LANGUAGE_FR, true);
    numu_output_pattern(&f.out, NUMU_TEXT("{0}|{1}|{2}|{3}|{4}|{"), arguments);
    expect(&f, "&lt;a&gt;|1\u202F234,5|une date telle que 2025-06-30|1970-01-01|{4}|{");
    end(&f);
}

static void text_is_cut_by_columns(void **state) {
    (void)state;
    struct fixture f;
    begin(&f, NUMU_LANGUAGE_EN, false);
    numu_output_text_cut(&f.out, NUMU_TEXT("abcdef"), 6);
    expect(&f, "abcdef");
    numu_output_text_cut(&f.out, NUMU_TEXT("abcdefg"), 6);
    expect(&f, "abcde…");
    numu_output_text_cut(&f.out, NUMU_TEXT("日本語"), 5);
    expect(&f, "日本…");
    numu_output_wrapped(&f.out, NUMU_TEXT("one two three four"), 8);
    expect(&f, "one two\nthree\nfour\n");
    end(&f);
}

static void controls_are_made_visible(void **state) {
    (void)state;
    struct fixture f;
    begin(&f, NUMU_LANGUAGE_EN, false);
    numu_output_text(&f.out, NUMU_TEXT("a\033[31mb\tc\nd\x7F\xFF\u202E"));
    expect(&f, "a\uFFFD[31mb c\uFFFDd\uFFFD\uFFFD\uFFFD");
    end(&f);
    begin(&f, NUMU_LANGUAGE_EN, true);
    numu_output_text(&f.out, NUMU_TEXT("<b a='1' c=\"2\"> & co"));
    expect(&f, "&lt;b a=&#39;1&#39; c=&quot;2&quot;&gt; &amp; co");
    end(&f);
}

static void no_bytes_break_out(void **state) {
    (void)state;
    print_message("# seed %d\n", SEED);
    struct numu_random random;
    numu_random_init(&random, SEED, 0);
    for (int round = 0; round < 2000; round++) {
        char bytes[40];
        size_t length = numu_random_below(&random, sizeof bytes + 1);
        for (size_t i = 0; i < length; i++) {
            bytes[i] = (char)numu_random_below(&random, 256);
        }
        struct fixture f;
        begin(&f, NUMU_LANGUAGE_EN, true);
        numu_output_text(&f.out, (struct numu_text){bytes, length});
        assert_int_equal(numu_output_finish(&f.out), NUMU_OK);
        struct numu_text shown = {f.buffer.data, f.buffer.length};
        assert_int_equal(numu_utf8_valid_length(shown), shown.length);
        for (size_t i = 0; i < shown.length; i++) {
            assert_true((unsigned char)shown.data[i] >= 0x20 && shown.data[i] != 0x7F);
            assert_null(memchr("<>\"'", shown.data[i], 4));
        }
        end(&f);
    }
}

static void failure_leaves_the_buffer(void **state) {
    (void)state;
    for (uint_fast64_t n = 1;; n++) {
        struct fixture f;
        numu_heap_init(&f.heap, 0);
        numu_buffer_init(&f.buffer, &f.heap, 0);
        assert_int_equal(numu_buffer_append_string(&f.buffer, "before"), NUMU_OK);
        numu_output_init(&f.out, &f.buffer, NUMU_LANGUAGE_EN, false);
        f.heap.fail_at = f.heap.count + n;
        for (int i = 0; i < 300; i++) {
            numu_output_integer(&f.out, 1234567);
        }
        numu_status status = numu_output_finish(&f.out);
        if (status == NUMU_OK) {
            end(&f);
            assert_true(n > 1);
            return;
        }
        assert_int_equal(status, NUMU_MEMORY);
        assert_string_equal(f.buffer.data, "before");
        assert_int_equal(f.buffer.length, 6);
        end(&f);
    }
}

static void sums_that_overflow_are_told(void **state) {
    (void)state;
    struct fixture f;
    int64_t sum = INT64_MAX - 1;
    begin(&f, NUMU_LANGUAGE_EN, false);
    numu_output_add(&f.out, &sum, NUMU_NO_NUMBER);
    numu_output_add(&f.out, &sum, 1);
    assert_int_equal(f.out.status, NUMU_OK);
    numu_output_add(&f.out, &sum, 1);
    assert_int_equal(numu_output_finish(&f.out), NUMU_LIMIT);
    end(&f);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_in_english),          cmocka_unit_test(money_in_both),
        cmocka_unit_test(shares_are_honest),           cmocka_unit_test(dates_in_both),
        cmocka_unit_test(counts_have_nouns),           cmocka_unit_test(patterns_are_filled),
        cmocka_unit_test(text_is_cut_by_columns),      cmocka_unit_test(controls_are_made_visible),
        cmocka_unit_test(no_bytes_break_out),          cmocka_unit_test(failure_leaves_the_buffer),
        cmocka_unit_test(sums_that_overflow_are_told),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
