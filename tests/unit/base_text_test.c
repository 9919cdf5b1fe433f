/*
 * Goal: texts compare, cut, copy and measure as base/text.h says, and never beyond their length.
 * Method: cases by hand; the distance against its recursive definition on random short words; UTF-8
 * against a table of sequences and, on random bytes, against a decoder that works the other way
 * round (decode first, then ask whether encoding gives the same bytes); widths against wcwidth(3).
 */
#define _XOPEN_SOURCE 700 /* wcwidth */

#include "base/text.h"

#include "base/random.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <locale.h>
#include <string.h>
#include <wchar.h>

enum { SEED = 20260304 };

static int sign(int number) {
    return (number > 0) - (number < 0);
}

static void equality_and_order(void **state) {
    (void)state;
    static const char *const sorted[] = {"", "A", "AB", "ABC", "B", "a", "é"};
    enum { COUNT = sizeof sorted / sizeof sorted[0] };
    for (int i = 0; i < COUNT; i++) {
        for (int j = 0; j < COUNT; j++) {
            struct numu_text a = numu_text_of(sorted[i]);
            struct numu_text b = numu_text_of(sorted[j]);
            assert_int_equal(sign(numu_text_compare(a, b)), sign(i - j));
            assert_int_equal(numu_text_is_equal(a, b), i == j);
            assert_int_equal(numu_text_is(a, sorted[j]), i == j);
        }
    }
    struct numu_text none = numu_text_of(NULL);
    assert_int_equal(none.length, 0);
    assert_true(numu_text_is_equal(none, NUMU_TEXT("")));
    assert_true(numu_text_is(none, ""));
    assert_int_equal(numu_text_compare(none, NUMU_TEXT("")), 0);
    assert_int_equal(NUMU_TEXT("four").length, 4);
    assert_true(numu_text_is_equal((struct numu_text){"abX", 2}, (struct numu_text){"abY", 2}));
    assert_int_equal(numu_text_compare(NUMU_TEXT("a\0a"), NUMU_TEXT("a\0b")) < 0, true);
}

static void trimming_and_words(void **state) {
    (void)state;
    assert_true(numu_text_is(numu_text_trim(NUMU_TEXT(" \t a b\t ")), "a b"));
    assert_true(numu_text_is(numu_text_trim(NUMU_TEXT(" \t ")), ""));
    assert_true(numu_text_is(numu_text_trim(numu_text_of(NULL)), ""));
    assert_true(numu_text_is(numu_text_trim(NUMU_TEXT("\na\n")), "\na\n"));

    struct numu_text rest = NUMU_TEXT("  one two   three ");
    assert_true(numu_text_is(numu_text_next_word(&rest), "one"));
    assert_true(numu_text_is(numu_text_next_word(&rest), "two"));
    assert_true(numu_text_is(numu_text_next_word(&rest), "three"));
    assert_true(numu_text_is(numu_text_next_word(&rest), ""));
    assert_int_equal(rest.length, 0);
    rest = numu_text_of(NULL);
    assert_int_equal(numu_text_next_word(&rest).length, 0);
}

static void lines_and_prefixes(void **state) {
    (void)state;
    struct numu_text rest = NUMU_TEXT("one\n\ntwo");
    struct numu_text line = NUMU_TEXT("untouched");
    assert_true(numu_text_next_line(&rest, &line) && numu_text_is(line, "one"));
    assert_true(numu_text_next_line(&rest, &line) && numu_text_is(line, ""));
    line = NUMU_TEXT("untouched");
    assert_false(numu_text_next_line(&rest, &line)); /* it does not end */
    assert_true(numu_text_is(rest, "two") && numu_text_is(line, "untouched"));
    assert_false(numu_text_take_prefix(&rest, "too"));
    assert_false(numu_text_take_prefix(&rest, "two words"));
    assert_true(numu_text_is(rest, "two"));
    assert_true(numu_text_take_prefix(&rest, "t") && numu_text_is(rest, "wo"));
    assert_true(numu_text_take_prefix(&rest, "wo") && rest.length == 0);
    rest = numu_text_of(NULL);
    assert_false(numu_text_next_line(&rest, &line));
    assert_false(numu_text_take_prefix(&rest, "x"));
    assert_true(numu_text_take_prefix(&rest, ""));
}

static void finding(void **state) {
    (void)state;
    struct numu_text text = NUMU_TEXT("abcabcabd");
    assert_int_equal(numu_text_find(text, NUMU_TEXT("abc"), 0), 0);
    assert_int_equal(numu_text_find(text, NUMU_TEXT("abc"), 1), 3);
    assert_int_equal(numu_text_find(text, NUMU_TEXT("abd"), 0), 6);
    assert_int_equal(numu_text_find(text, NUMU_TEXT("abd"), 7), SIZE_MAX);
    assert_int_equal(numu_text_find(text, NUMU_TEXT("abcabcabda"), 0), SIZE_MAX);
    assert_int_equal(numu_text_find(text, NUMU_TEXT("x"), 0), SIZE_MAX);
    assert_int_equal(numu_text_find(text, NUMU_TEXT(""), 4), 4);
    assert_int_equal(numu_text_find(text, NUMU_TEXT(""), 9), 9);
    assert_int_equal(numu_text_find(text, NUMU_TEXT(""), 10), SIZE_MAX);
    assert_int_equal(numu_text_find(text, NUMU_TEXT("a"), SIZE_MAX), SIZE_MAX);
    assert_int_equal(numu_text_find((struct numu_text){"ab", 1}, NUMU_TEXT("b"), 0), SIZE_MAX);
    assert_int_equal(numu_text_find(numu_text_of(NULL), numu_text_of(NULL), 0), 0);
}

static void copies_live_in_the_arena(void **state) {
    (void)state;
    for (uint_fast64_t fail_at = 0; fail_at <= 3; fail_at++) {
        struct numu_heap heap;
        struct numu_arena arena;
        numu_heap_init(&heap, 0);
        heap.fail_at = fail_at;
        numu_arena_init(&arena, &heap);
        char source[] = "grain store";
        char *string = NULL;
        struct numu_text copy = {NULL, 99};
        struct numu_text printed = {NULL, 98};
        numu_status status = numu_text_copy(&arena, (struct numu_text){source, 5}, &copy);
        assert_int_equal(status, fail_at == 1 ? NUMU_MEMORY : NUMU_OK);
        status = numu_text_to_string(&arena, (struct numu_text){source + 6, 5}, &string);
        assert_int_equal(status, fail_at == 2 ? NUMU_MEMORY : NUMU_OK);
        status = numu_text_printf(&arena, &printed, "%s/%d", source, 12);
        assert_int_equal(status, fail_at == 3 ? NUMU_MEMORY : NUMU_OK);
        memset(source, '#', sizeof source);
        if (fail_at == 1) {
            assert_true(copy.data == NULL && copy.length == 99);
        } else {
            assert_string_equal(copy.data, "grain");
            assert_int_equal(copy.length, 5);
        }
        if (fail_at == 2) {
            assert_null(string);
        } else {
            assert_string_equal(string, "store");
        }
        if (fail_at == 3) {
            assert_true(printed.data == NULL && printed.length == 98);
        } else {
            assert_string_equal(printed.data, "grain store/12");
            assert_int_equal(printed.length, 14);
        }
        numu_arena_release(&arena);
        assert_int_equal(heap.bytes, 0);
    }
    struct numu_heap heap;
    struct numu_arena arena;
    numu_heap_init(&heap, 0);
    numu_arena_init(&arena, &heap);
    struct numu_text copy = {NULL, 99};
    assert_int_equal(numu_text_copy(&arena, (struct numu_text){"", SIZE_MAX}, &copy), NUMU_LIMIT);
    assert_int_equal(copy.length, 99);
    assert_int_equal(numu_text_copy(&arena, numu_text_of(NULL), &copy), NUMU_OK);
    assert_string_equal(copy.data, "");
    numu_arena_release(&arena);
}

/* --- distance --- */

static char lower(char character) {
    return strchr("ABCDEFGHIJKLMNOPQRSTUVWXYZ", character) != NULL && character != 0
               ? (char)(character + 32)
               : character;
}

/* The definition, without a table (L. Boytsov, "Indexing methods for approximate dictionary
   searching", ACM JEA 16, 2011, restricted edit distance): last bytes first. */
static unsigned defined_distance(const char *a, size_t a_length, const char *b, size_t b_length) {
    if (a_length == 0 || b_length == 0) {
        return (unsigned)(a_length + b_length);
    }
    bool is_same = lower(a[a_length - 1]) == lower(b[b_length - 1]);
    unsigned best = defined_distance(a, a_length - 1, b, b_length - 1) + (is_same ? 0 : 1);
    unsigned other = defined_distance(a, a_length - 1, b, b_length) + 1;
    best = other < best ? other : best;
    other = defined_distance(a, a_length, b, b_length - 1) + 1;
    best = other < best ? other : best;
    if (a_length > 1 && b_length > 1 && lower(a[a_length - 1]) == lower(b[b_length - 2]) &&
        lower(a[a_length - 2]) == lower(b[b_length - 1])) {
        other = defined_distance(a, a_length - 2, b, b_length - 2) + 1;
        best = other < best ? other : best;
    }
    return best;
}

static void distance_is_as_defined(void **state) {
    (void)state;
    print_message("# seed %d\n", SEED);
    struct numu_random random;
    numu_random_init(&random, SEED, 0);
    for (int i = 0; i < 4000; i++) {
        char a[6];
        char b[6];
        size_t a_length = numu_random_below(&random, sizeof a + 1);
        size_t b_length = numu_random_below(&random, sizeof b + 1);
        for (size_t k = 0; k < sizeof a; k++) {
            a[k] = "abAB"[numu_random_below(&random, 4)];
            b[k] = "abcB"[numu_random_below(&random, 4)];
        }
        unsigned limit = (unsigned)numu_random_below(&random, 8);
        unsigned expected = defined_distance(a, a_length, b, b_length);
        expected = expected <= limit ? expected : limit + 1;
        unsigned found = numu_text_distance((struct numu_text){a, a_length},
                                            (struct numu_text){b, b_length}, limit);
        if (found != expected) {
            fail_msg("%.*s %.*s limit %u: %u, expected %u", (int)a_length, a, (int)b_length, b,
                     limit, found, expected);
        }
    }
}

static void distance_by_hand(void **state) {
    (void)state;
    assert_int_equal(numu_text_distance(NUMU_TEXT("lead_time"), NUMU_TEXT("LEAD_TIEM"), 3), 1);
    assert_int_equal(numu_text_distance(NUMU_TEXT("kitten"), NUMU_TEXT("sitting"), 9), 3);
    /* 2 if a piece could be edited twice */
    assert_int_equal(numu_text_distance(NUMU_TEXT("ca"), NUMU_TEXT("abc"), 9), 3);
    assert_int_equal(numu_text_distance(NUMU_TEXT("[@"), NUMU_TEXT("{`"), 9), 2);
    assert_int_equal(numu_text_distance(NUMU_TEXT(""), NUMU_TEXT("abc"), UINT32_MAX), 3);
    assert_int_equal(numu_text_distance(NUMU_TEXT(""), NUMU_TEXT("abc"), 0), 1);
    char a[200];
    char b[200];
    memset(a, 'a', sizeof a);
    memset(b, 'b', sizeof b);
    assert_int_equal(numu_text_distance((struct numu_text){a, 200}, (struct numu_text){b, 200}, 99),
                     64);
    b[64] = 'c'; /* beyond what is looked at */
    memset(b, 'a', 64);
    assert_int_equal(numu_text_distance((struct numu_text){a, 64}, (struct numu_text){b, 200}, 99),
                     0);
}

/* --- UTF-8 --- */

static void utf8_table(void **state) {
    (void)state;
    static const struct {
        struct numu_text text;
        size_t valid;
    } cases[] = {
        {{"", 0}, 0},
        {{"\0", 1}, 1},
        {{"abc\x7F", 4}, 4},
        {{"\xC2\x80", 2}, 2},         /* U+0080 */
        {{"\xDF\xBF", 2}, 2},         /* U+07FF */
        {{"\xE0\xA0\x80", 3}, 3},     /* U+0800 */
        {{"\xED\x9F\xBF", 3}, 3},     /* U+D7FF */
        {{"\xEE\x80\x80", 3}, 3},     /* U+E000 */
        {{"\xEF\xBF\xBF", 3}, 3},     /* U+FFFF */
        {{"\xF0\x90\x80\x80", 4}, 4}, /* U+10000 */
        {{"\xF4\x8F\xBF\xBF", 4}, 4}, /* U+10FFFF */
        {{"\x80", 1}, 0},             /* lone continuation */
        {{"\xBF", 1}, 0},
        {{"\xC0\x80", 2}, 0},         /* overlong U+0000 */
        {{"\xC1\xBF", 2}, 0},         /* overlong U+007F */
        {{"\xE0\x9F\xBF", 3}, 0},     /* overlong U+07FF */
        {{"\xF0\x8F\xBF\xBF", 4}, 0}, /* overlong U+FFFF */
        {{"\xED\xA0\x80", 3}, 0},     /* U+D800 */
        {{"\xED\xBF\xBF", 3}, 0},     /* U+DFFF */
        {{"\xF4\x90\x80\x80", 4}, 0}, /* U+110000 */
        {{"\xF5\x80\x80\x80", 4}, 0},
        {{"\xF8\x88\x80\x80\x80", 5}, 0},
        {{"\xFE", 1}, 0},
        {{"\xFF", 1}, 0},
        {{"a\xC2", 2}, 1}, /* cut off */
        {{"a\xE2\x82", 3}, 1},
        {{"a\xF0\x9F\x98", 4}, 1},
        {{"\xE2\x82\xAC", 2}, 0}, /* whole but for the length */
        {{"\xC2\x41", 2}, 0},     /* no continuation */
        {{"\xE2\x82\x41", 3}, 0},
        {{"\xF0\x9F\x98\x41", 4}, 0},
        {{"\xE2\x41\xAC", 3}, 0},
        {{"12345678\xC3\xA9"
          "12345678\xFF",
          19},
         18},
        {{"1234567\xC3\xA9", 9}, 9}, /* across the eight */
        {{"12345678\x80", 9}, 8},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_int_equal(numu_utf8_valid_length(cases[i].text), cases[i].valid);
    }
    assert_int_equal(numu_utf8_valid_length(numu_text_of(NULL)), 0);
}

static size_t encode(uint32_t c, char out[4]) {
    if (c < 0x80) {
        out[0] = (char)c;
        return 1;
    }
    size_t bytes = c < 0x800 ? 2 : c < 0x10000 ? 3 : 4;
    for (size_t i = bytes - 1; i > 0; i--) {
        out[i] = (char)(0x80 | (c & 0x3F));
        c >>= 6;
    }
    out[0] = (char)((0xF00 >> bytes & 0xFF) | c);
    return bytes;
}

/* Decodes whatever the first byte announces, then asks whether that encodes to these very bytes. */
static size_t slow_decode(const char *data, size_t length, uint32_t *out) {
    unsigned char first = (unsigned char)data[0];
    size_t bytes = first < 0x80             ? 1
                   : (first & 0xE0) == 0xC0 ? 2
                   : (first & 0xF0) == 0xE0 ? 3
                   : (first & 0xF8) == 0xF0 ? 4
                                            : 0;
    if (bytes == 0 || bytes > length) {
        return 0;
    }
    uint32_t c = bytes == 1 ? first : first & (0x7Fu >> bytes);
    for (size_t i = 1; i < bytes; i++) {
        c = c << 6 | ((unsigned char)data[i] & 0x3F);
    }
    char again[4];
    if (c > 0x10FFFF || (c >= 0xD800 && c <= 0xDFFF) || encode(c, again) != bytes ||
        memcmp(again, data, bytes) != 0) {
        return 0;
    }
    *out = c;
    return bytes;
}

static void utf8_random_bytes(void **state) {
    (void)state;
    print_message("# seed %d\n", SEED);
    struct numu_random random;
    numu_random_init(&random, SEED, 1);
    static const unsigned char edges[] = {0x00, 0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0,
                                          0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1, 0xED,
                                          0xEE, 0xEF, 0xF0, 0xF1, 0xF4, 0xF5, 0xFF};
    size_t valid_wholes = 0;
    for (int i = 0; i < 200000; i++) {
        char bytes[24];
        size_t length = 0;
        while (length < 20 && numu_random_below(&random, 12) != 0) {
            if (numu_random_below(&random, 3) == 0) {
                bytes[length++] = (char)edges[numu_random_below(&random, sizeof edges)];
            } else {
                uint32_t c = (uint32_t)numu_random_below(&random, 0x110000);
                length += encode(c >> numu_random_below(&random, 21), bytes + length);
            }
        }
        size_t expected = 0;
        for (size_t at = 0; at < length;) {
            uint32_t slow = 0xFFFD;
            uint32_t fast = 0;
            size_t slow_bytes = slow_decode(bytes + at, length - at, &slow);
            struct numu_text rest = {bytes + at, length - at};
            assert_int_equal(numu_utf8_decode(rest, &fast), slow_bytes == 0 ? 1 : slow_bytes);
            assert_int_equal(fast, slow);
            expected += expected == at ? slow_bytes : 0;
            at += slow_bytes == 0 ? 1 : slow_bytes;
        }
        assert_int_equal(numu_utf8_valid_length((struct numu_text){bytes, length}), expected);
        valid_wholes += expected == length;
    }
    assert_in_range(valid_wholes, 20000, 180000); /* both cases were tried often */
}

static void utf8_every_code_point(void **state) {
    (void)state;
    for (uint32_t c = 0; c < 0x110000; c++) {
        char bytes[4];
        size_t length = encode(c, bytes);
        bool is_surrogate = c >= 0xD800 && c <= 0xDFFF;
        uint32_t decoded;
        size_t used = numu_utf8_decode((struct numu_text){bytes, length}, &decoded);
        if (is_surrogate ? used != 1 || decoded != 0xFFFD : used != length || decoded != c) {
            fail_msg("U+%04X", c);
        }
    }
}

/* --- widths --- */

static void widths_by_hand(void **state) {
    (void)state;
    static const struct {
        const char *text;
        size_t width;
    } cases[] = {
        {"", 0},
        {"plan", 4},
        {"é", 1},
        {"e\xCC\x81", 1}, /* e, combining acute */
        {"日本語", 6},
        {"한국어", 6},
        {"ＡＢ", 4}, /* fullwidth */
        {"ｱ", 1},    /* halfwidth */
        {"😀", 2},
        {"Ségou", 5},
        {"ߞߎߡߎ", 4},         /* N'Ko letters */
        {"a\tb\x1B\x7F", 2}, /* controls */
        {"\xC2\x85", 0},     /* U+0085 */
        {"\xE2\x80\x8B", 0}, /* U+200B */
        {"a\xC2\xADz", 3},   /* soft hyphen */
        {"\xFF\xE2\x82", 3}, /* broken bytes */
        {"العربية", 7},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        if (numu_text_width(numu_text_of(cases[i].text)) != cases[i].width) {
            fail_msg("%s: %zu", cases[i].text, numu_text_width(numu_text_of(cases[i].text)));
        }
    }
}

/* glibc's tables are made from the same database by other hands. It widens U+3248 … 324F and the
   hexagrams, and its version may be another: one in two thousand may differ. */
static void widths_agree_with_wcwidth(void **state) {
    (void)state;
    assert_non_null(setlocale(LC_CTYPE, "C.UTF-8"));
    size_t compared = 0;
    size_t different = 0;
    for (uint32_t c = 1; c < 0x110000; c++) {
        int width = wcwidth((wchar_t)c);
        if (width >= 0 && (c < 0xD800 || c > 0xDFFF)) {
            char bytes[4];
            struct numu_text text = {bytes, encode(c, bytes)};
            compared++;
            different += numu_text_width(text) != (size_t)width;
        }
    }
    assert_non_null(setlocale(LC_CTYPE, "C"));
    assert_true(compared > 250000);
    assert_true(different < compared / 2000);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equality_and_order),       cmocka_unit_test(trimming_and_words),
        cmocka_unit_test(lines_and_prefixes),       cmocka_unit_test(finding),
        cmocka_unit_test(copies_live_in_the_arena), cmocka_unit_test(distance_is_as_defined),
        cmocka_unit_test(distance_by_hand),         cmocka_unit_test(utf8_table),
        cmocka_unit_test(utf8_random_bytes),        cmocka_unit_test(utf8_every_code_point),
        cmocka_unit_test(widths_by_hand),           cmocka_unit_test(widths_agree_with_wcwidth),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
