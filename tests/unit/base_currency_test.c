/*
 * Goal: the currencies are those of ISO 4217, found by code.
 * Method: the whole list, sorted and unique, found back; decimals spot-checked against the
 * standard; codes withdrawn from it; misspelt codes.
 */
#include "base/number.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

static void list_is_sorted_and_found_back(void **state) {
    (void)state;
    numu_currency count = numu_currency_count();
    assert_int_equal(count, 178); /* list one up to amendment 180 */
    size_t by_decimals[5] = {0};
    for (numu_currency currency = 1; currency <= count; currency++) {
        const char *code = numu_currency_code(currency);
        assert_int_equal(strlen(code), 3);
        assert_int_equal(strspn(code, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"), 3);
        assert_true(currency == 1 || strcmp(numu_currency_code(currency - 1), code) < 0);
        assert_int_equal(numu_currency_find(numu_text_of(code)), currency);
        assert_in_range(numu_currency_decimals(currency), 0, 4);
        by_decimals[numu_currency_decimals(currency)]++;
    }
    assert_int_equal(by_decimals[0], 17 + 13); /* and those without a minor unit */
    assert_int_equal(by_decimals[1], 0);
    assert_int_equal(by_decimals[3], 7);
    assert_int_equal(by_decimals[4], 2);
    assert_int_equal(numu_currency_decimals(0), 0);
    assert_string_equal(numu_currency_code(0), "");
}

static void decimals_of_the_standard(void **state) {
    (void)state;
    static const struct {
        const char *code;
        int decimals;
    } known[] = {
        {"XOF", 0}, {"XAF", 0}, {"JPY", 0}, {"UGX", 0}, {"ISK", 0}, {"VND", 0}, {"UYI", 0},
        {"EUR", 2}, {"USD", 2}, {"GBP", 2}, {"CHF", 2}, {"CNY", 2}, {"MRU", 2}, {"MGA", 2},
        {"GHS", 2}, {"NGN", 2}, {"XCG", 2}, {"ZWG", 2}, {"XAD", 2}, {"SLE", 2}, {"VED", 2},
        {"KWD", 3}, {"TND", 3}, {"BHD", 3}, {"IQD", 3}, {"JOD", 3}, {"LYD", 3}, {"OMR", 3},
        {"CLF", 4}, {"UYW", 4}, {"XAU", 0}, {"XDR", 0}, {"GNF", 0}, {"CVE", 2}, {"DZD", 2},
    };
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        numu_currency currency = numu_currency_find(numu_text_of(known[i].code));
        assert_int_not_equal(currency, 0);
        assert_int_equal(numu_currency_decimals(currency), known[i].decimals);
    }
}

static void others_are_not_found(void **state) {
    (void)state;
    static const char *const others[] = {
        "",    "X",   "XO",  "XOFF", "xof", " XOF", "AAA", "ZZZ", "DEM", "FRF",
        "HRK", "BGN", "ANG", "CUC",  "SLL", "ZWL",  "US$", "CFA", "€",
    };
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        if (numu_currency_find(numu_text_of(others[i])) != 0) {
            fail_msg("found: %s", others[i]);
        }
    }
    assert_int_equal(numu_currency_find((struct numu_text){"XOF", 2}), 0);
    assert_int_not_equal(numu_currency_find((struct numu_text){"XOFF", 3}), 0);
}

static void misspelt_codes(void **state) {
    (void)state;
    static const struct {
        const char *code;
        const char *nearest;
    } cases[] = {
        {"xof", "XOF"},  {"Eur", "EUR"}, {"XOFF", "XOF"}, {"UDS", "USD"}, {"GB", "GBP"},
        {"EURO", "EUR"}, {"", ""},       {"francs", ""},  {"12345", ""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_string_equal(numu_currency_code(numu_currency_nearest(numu_text_of(cases[i].code))),
                            cases[i].nearest);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(list_is_sorted_and_found_back),
        cmocka_unit_test(decimals_of_the_standard),
        cmocka_unit_test(others_are_not_found),
        cmocka_unit_test(misspelt_codes),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
