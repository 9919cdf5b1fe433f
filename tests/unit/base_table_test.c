/*
 * base_table_test.c - goal: what the kinds of columns have in common. Method: each kind once; names
 * far, near and equally near.
 */
#include "base/table.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <math.h>
#include <string.h>

enum { ROWS = 5, FROM = 1, TO = 4 };

/* Elements FROM … TO-1 of `type` become `none`, the others keep their bytes. */
#define CHECK_KIND(kind, type, none)                                                               \
    do {                                                                                           \
        type elements[ROWS];                                                                       \
        unsigned char before[sizeof(type)];                                                        \
        memset(elements, 0x5a, sizeof elements);                                                   \
        memset(before, 0x5a, sizeof before);                                                       \
        assert_int_equal(numu_kind_size(kind), sizeof(type));                                      \
        numu_kind_fill_none(kind, elements, FROM, FROM);                                           \
        assert_memory_equal(&elements[FROM], before, sizeof before);                               \
        numu_kind_fill_none(kind, elements, FROM, TO);                                             \
        for (size_t row = FROM; row < TO; row++) {                                                 \
            assert_true(elements[row] == (none));                                                  \
        }                                                                                          \
        assert_memory_equal(&elements[FROM - 1], before, sizeof before);                           \
        assert_memory_equal(&elements[TO], before, sizeof before);                                 \
    } while (0)

static void test_scalar_kinds(void **state) {
    (void)state;
    CHECK_KIND(NUMU_KIND_REFERENCE, numu_row, NUMU_NONE);
    CHECK_KIND(NUMU_KIND_CHOICE, uint8_t, 0);
    CHECK_KIND(NUMU_KIND_CHOICES, uint32_t, 0);
    CHECK_KIND(NUMU_KIND_CURRENCY, numu_currency, 0);
    CHECK_KIND(NUMU_KIND_DATE, numu_day, NUMU_NO_DAY);
    CHECK_KIND(NUMU_KIND_DUE, numu_day, NUMU_NO_DAY);
    CHECK_KIND(NUMU_KIND_MONTH, numu_month, NUMU_NO_MONTH);
    CHECK_KIND(NUMU_KIND_MONEY, numu_money, NUMU_NO_NUMBER);
    CHECK_KIND(NUMU_KIND_PRICE, numu_price, NUMU_NO_NUMBER);
    CHECK_KIND(NUMU_KIND_QUANTITY, numu_quantity, NUMU_NO_NUMBER);
    CHECK_KIND(NUMU_KIND_DECIMAL, numu_decimal, NUMU_NO_NUMBER);
    CHECK_KIND(NUMU_KIND_INTEGER, int64_t, NUMU_NO_NUMBER);
    CHECK_KIND(NUMU_KIND_BOOLEAN, uint8_t, NUMU_BOOLEAN_UNKNOWN);
}

static void test_text_kinds(void **state) {
    (void)state;
    static const numu_kind kinds[] = {NUMU_KIND_KEY, NUMU_KIND_TEXT};
    for (size_t i = 0; i < 2; i++) {
        struct numu_text texts[ROWS];
        for (size_t row = 0; row < ROWS; row++) {
            texts[row] = NUMU_TEXT("set");
        }
        assert_int_equal(numu_kind_size(kinds[i]), sizeof *texts);
        numu_kind_fill_none(kinds[i], texts, FROM, TO);
        for (size_t row = 0; row < ROWS; row++) {
            assert_int_equal(texts[row].length, row >= FROM && row < TO ? 0 : 3);
        }
    }
}

static void test_real_kind(void **state) {
    (void)state;
    double reals[ROWS] = {1, 1, 1, 1, 1};
    assert_int_equal(numu_kind_size(NUMU_KIND_REAL), sizeof *reals);
    numu_kind_fill_none(NUMU_KIND_REAL, reals, FROM, TO);
    for (size_t row = 0; row < ROWS; row++) {
        assert_true((isnan(reals[row]) != 0) == (row >= FROM && row < TO));
    }
}

static void test_decimals(void **state) {
    (void)state;
    numu_currency franc = numu_currency_find(NUMU_TEXT("XOF"));
    numu_currency dinar = numu_currency_find(NUMU_TEXT("TND"));
    assert_int_equal(numu_kind_decimals(NUMU_KIND_MONEY, franc), 0);
    assert_int_equal(numu_kind_decimals(NUMU_KIND_MONEY, dinar), 3);
    assert_int_equal(numu_kind_decimals(NUMU_KIND_PRICE, dinar), 6);
    assert_int_equal(numu_kind_decimals(NUMU_KIND_QUANTITY, dinar), 6);
    assert_int_equal(numu_kind_decimals(NUMU_KIND_DECIMAL, dinar), 9);
    assert_int_equal(numu_kind_decimals(NUMU_KIND_INTEGER, dinar), 0);
    assert_int_equal(numu_kind_decimals(NUMU_KIND_DATE, dinar), 0);
}

static const char *const colours[] = {"green", "grey", "gray", "dark-green", "r", NULL};

static const char *nearest(const char *name) {
    const char *found = numu_choice_nearest(colours, numu_text_of(name));
    return found == NULL ? "none" : found;
}

static void test_choices(void **state) {
    (void)state;
    assert_int_equal(numu_choice_find(colours, NUMU_TEXT("green")), 1);
    assert_int_equal(numu_choice_find(colours, NUMU_TEXT("r")), 5);
    assert_int_equal(numu_choice_find(colours, NUMU_TEXT("Green")), 0);
    assert_int_equal(numu_choice_find(colours, NUMU_TEXT("gree")), 0);
    assert_int_equal(numu_choice_find(colours, NUMU_TEXT("")), 0);

    assert_string_equal(nearest("GREEN"), "green");
    assert_string_equal(nearest("gren"), "green");
    assert_string_equal(nearest("gry"), "grey"); /* gray is as near, and comes later */
    assert_string_equal(nearest("gray"), "gray");
    assert_string_equal(nearest("drak-grene"), "dark-green");
    assert_string_equal(nearest("R"), "r");
    assert_string_equal(nearest("b"), "none");
    assert_string_equal(nearest(""), "none");
    assert_string_equal(nearest("blue"), "none");
    assert_string_equal(nearest("grxxn"), "none");
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_scalar_kinds), cmocka_unit_test(test_text_kinds),
        cmocka_unit_test(test_real_kind),    cmocka_unit_test(test_decimals),
        cmocka_unit_test(test_choices),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
