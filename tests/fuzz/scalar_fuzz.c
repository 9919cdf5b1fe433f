/*
 * scalar_fuzz.c - numbers, dates, months and currency codes: what is parsed is written and parsed
 * again to the same value, and what is written is written the same again.
 *
 * The first byte chooses the scale and the decimal character; the rest is the text.
 */
#include "base/day.h"
#include "base/number.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_number(struct numu_heap *heap, struct numu_text text, int decimals,
                         char decimal_char) {
    const int64_t untouched = 4711;
    int64_t value = untouched;
    if (numu_number_parse(text, decimals, decimal_char, &value) != NUMU_NUMBER_OK) {
        numu_assert(value == untouched);
        return;
    }
    numu_assert(value != NUMU_NO_NUMBER);
    struct numu_buffer written[2];
    for (int trim = 0; trim < 2; trim++) {
        int64_t again = 0;
        numu_buffer_init(&written[trim], heap, 0);
        numu_assert(numu_number_write(&written[trim], value, decimals, trim == 1) == NUMU_OK);
        struct numu_text words = {written[trim].data, written[trim].length};
        numu_assert(numu_number_parse(words, decimals, '.', &again) == NUMU_NUMBER_OK);
        numu_assert(again == value);
    }
    numu_assert(written[1].length <= written[0].length);
    numu_buffer_release(&written[0]);
    numu_buffer_release(&written[1]);

    int64_t nearest = 0;
    double approximation = numu_number_to_double(value, decimals);
    const int64_t exact_in_double = INT64_C(1) << 50;
    if (value > -exact_in_double && value < exact_in_double) {
        numu_assert(numu_number_from_double(approximation, decimals, &nearest) == NUMU_OK);
        numu_assert(nearest == value);
    }
}

static void check_day(struct numu_text text) {
    char words[NUMU_DAY_TEXT_BYTES];
    numu_day day = NUMU_NO_DAY;
    if (numu_day_parse(text, &day)) {
        numu_assert(numu_text_is(text, numu_day_format(day, words)));
        numu_assert(numu_day_of(numu_day_date(day)) == day);
        numu_month month = numu_day_month(day);
        numu_assert(numu_month_first_day(month) <= day && day <= numu_month_last_day(month));
    } else {
        numu_assert(day == NUMU_NO_DAY);
    }
    numu_month month = NUMU_NO_MONTH;
    if (numu_month_parse(text, &month)) {
        numu_assert(numu_text_is(text, numu_month_format(month, words)));
    } else {
        numu_assert(month == NUMU_NO_MONTH);
    }
}

static void check_currency(struct numu_text text) {
    numu_currency currency = numu_currency_find(text);
    if (currency != 0) {
        numu_assert(currency <= numu_currency_count());
        numu_assert(numu_text_is(text, numu_currency_code(currency)));
        numu_assert(numu_currency_nearest(text) == currency);
    } else {
        numu_assert(numu_currency_nearest(text) <= numu_currency_count());
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size == 0) {
        return 0;
    }
    struct numu_heap heap;
    numu_heap_init(&heap, 0);
    struct numu_text text = {(const char *)data + 1, size - 1};
    check_number(&heap, text, data[0] % 19, (data[0] & 0x80) != 0 ? ',' : '.');
    check_day(text);
    check_currency(text);
    numu_assert(heap.bytes == 0);
    return 0;
}
