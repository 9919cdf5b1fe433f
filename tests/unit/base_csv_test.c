/*
 * base_csv_test.c - goal: each event of csv.h with its place, and [C4]: the same transcript
 * wherever windows end. Method: small texts against written-out transcripts; a nasty sample cut at
 * every position and into every step; random texts from an alphabet of special characters; counted
 * work for hostile inputs; golden fields of the writer.
 *
 * A line of a transcript is "<record offset>: <field offset>+<raw length>[q]<<value>> …" or
 * "<event>@<error offset> in <record offset>".
 */
#include "../fuzz/csv_transcript.h"

#include "base/random.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>

#include <cmocka.h>

/* NUMU_TEXT for static initialisers. */
#define TEXT(literal)                                                                              \
    { (literal), sizeof(literal) - 1 }

static const struct csv_windows in_one_window = {NULL, 0, false};

struct example {
    const char *name;
    struct numu_text text;
    const char *transcript;
    char delimiter;            /* 0: comma */
    uint32_t record_bytes_max; /* 0: the usual */
};

static const struct example examples[] = {
    {"empty", {"", 0}, "", 0, 0},
    {"a record without line end", TEXT("a,bc"), "0: 0+1<a> 2+2<bc>\n", 0, 0},
    {"LF, CRLF and CR", TEXT("a\nb\r\nc\rd"), "0: 0+1<a>\n2: 2+1<b>\n5: 5+1<c>\n7: 7+1<d>\n", 0, 0},
    {"empty fields", TEXT(",\na,,\n"), "0: 0+0<> 1+0<>\n2: 2+1<a> 4+0<> 5+0<>\n", 0, 0},
    {"blank lines", TEXT("\n\r\n\r\ra\n\n\nb\n\n"), "5: 5+1<a>\n9: 9+1<b>\n", 0, 0},
    {"byte order mark",
     TEXT("\xEF\xBB\xBF"
          "a,b\n"),
     "3: 3+1<a> 5+1<b>\n", 0, 0},
    {"only a byte order mark", TEXT("\xEF\xBB\xBF"), "", 0, 0},
    {"the mark is text elsewhere",
     TEXT("\xEF\xBB\xBF\xEF\xBB\xBF"
          "a\n\xEF\xBB\xBF"
          "b\n"),
     "3: 3+4<\xEF\xBB\xBF"
     "a>\n8: 8+4<\xEF\xBB\xBF"
     "b>\n",
     0, 0},
    {"half a byte order mark", TEXT("\xEF\xBB"), "bad-encoding@0 in 0\n", 0, 0},
    {"quotes", TEXT("\"a\",\"b,\n\r\nc\",\"\"\n\"\"\"\"\n"),
     "0: 0+3q<a> 4+8q<b,\n\r\nc> 13+2q<>\n16: 16+4q<\">\n", 0, 0},
    {"doubled quotes", TEXT("\"\"\"a\"\"b\"\"\"\"c\",\"d\",\"\"\"\""),
     "0: 0+13q<\"a\"b\"\"c> 14+3q<d> 18+4q<\">\n", 0, 0},
    {"a quote within is text", TEXT("5\" pipe, \"a\"\n"), "0: 0+7<5\" pipe> 8+4< \"a\">\n", 0, 0},
    {"another delimiter", TEXT("a,b;\"c;\";d\n"), "0: 0+3<a,b> 4+4q<c;> 9+1<d>\n", ';', 0},
    {"tab as delimiter", TEXT("a\tb\n"), "0: 0+1<a> 2+1<b>\n", '\t', 0},
    {"tab as text", TEXT("a\tb\x01\x7f\n"), "0: 0+5<a\tb\x01\x7f>\n", 0, 0},
    {"UTF-8", TEXT("S\xC3\xA9gou,\"\xE2\x82\xAC\",\xF0\x9F\x98\x80\n"),
     "0: 0+6<S\xC3\xA9gou> 7+5q<\xE2\x82\xAC> 13+4<\xF0\x9F\x98\x80>\n", 0, 0},
    {"open quote", TEXT("a\nb,\"c\nd\n"), "0: 0+1<a>\nopen-quote@4 in 2\n", 0, 0},
    {"open quote at the end", TEXT("a,\""), "open-quote@2 in 0\n", 0, 0},
    {"open quote after doubled ones", TEXT("\"\"\""), "open-quote@0 in 0\n", 0, 0},
    {"stray quote", TEXT("a,\"b\"c,\"d\n\"e\"\n"), "stray-quote@5 in 0\n10: 10+3q<e>\n", 0, 0},
    {"stray quote in the last line", TEXT("\"a\" "), "stray-quote@3 in 0\n", 0, 0},
    {"not UTF-8", TEXT("a\nb,\xE9,c\nd\n"), "0: 0+1<a>\nbad-encoding@4 in 2\n8: 8+1<d>\n", 0, 0},
    {"not UTF-8 within quotes", TEXT("\"\n\xC3\",a\nd\n"), "bad-encoding@2 in 0\n7: 7+1<d>\n", 0,
     0},
    {"NUL", TEXT("a\0b\nc\n"), "bad-encoding@1 in 0\n4: 4+1<c>\n", 0, 0},
    {"NUL within quotes", TEXT("\"1234567890\0\"\nc\n"), "bad-encoding@11 in 0\n14: 14+1<c>\n", 0,
     0},
    {"NUL before what is no UTF-8", TEXT("\0\xFF\n"), "bad-encoding@0 in 0\n", 0, 0},
    {"a cut character at a line end", TEXT("\xC3\n\xA9\n"),
     "bad-encoding@0 in 0\nbad-encoding@2 in 2\n", 0, 0},
    {"as long as allowed", TEXT("abcd\r\n\"bc\"\nabcd"),
     "0: 0+4<abcd>\n6: 6+4q<bc>\n11: 11+4<abcd>\n", 0, 4},
    {"too long", TEXT("abcde\nf\n"), "too-long@0 in 0\n6: 6+1<f>\n", 0, 4},
    {"too long at the end", TEXT("a\nabcde"), "0: 0+1<a>\ntoo-long@2 in 2\n", 0, 4},
    {"too long within quotes", TEXT("a,\"bcdefg\nh\",i\nj\n"),
     "too-long@2 in 0\n10: 10+2<h\"> 13+1<i>\n15: 15+1<j>\n", 0, 6},
    {"too long within quotes at a line end", TEXT("\"abc\nd\ne\n"),
     "too-long@0 in 0\n5: 5+1<d>\n7: 7+1<e>\n", 0, 4},
    {"the byte order mark is no part of a record",
     TEXT("\xEF\xBB\xBF"
          "a\n"),
     "3: 3+1<a>\n", 0, 1},
    {"only quotes", TEXT("\"\"\"\"\"\"\"\"\"\""), "too-long@0 in 0\n", 0, 4},
    {"not UTF-8 in what is skipped", TEXT("abcdef\xFF\ng\n"), "too-long@0 in 0\n8: 8+1<g>\n", 0, 4},
};

static void expect_transcript(const struct example *example, struct csv_windows windows) {
    struct numu_heap heap;
    struct numu_buffer out;
    numu_heap_init(&heap, 0);
    numu_buffer_init(&out, &heap, 0);
    char delimiter = example->delimiter == 0 ? ',' : example->delimiter;
    csv_transcribe(&out, example->text, delimiter, example->record_bytes_max, windows);
    size_t length = strlen(example->transcript); /* a value with a NUL is never a record's */
    if (out.length != length ||
        memcmp(out.length == 0 ? "" : out.data, example->transcript, length) != 0) {
        fail_msg("%s:\n%s\ninstead of\n%s", example->name, out.length == 0 ? "" : out.data,
                 example->transcript);
    }
    numu_buffer_release(&out);
    assert_int_equal(heap.bytes, 0);
}

static void test_examples(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof examples / sizeof *examples; i++) {
        expect_transcript(&examples[i], in_one_window);
    }
}

static void test_examples_cut_everywhere(void **state) {
    (void)state;
    for (size_t i = 0; i < sizeof examples / sizeof *examples; i++) {
        const struct example *example = &examples[i];
        for (size_t cut = 0; cut <= example->text.length; cut++) {
            for (size_t step = 1; step < 10; step++) {
                size_t steps[] = {cut, step, step};
                expect_transcript(example, (struct csv_windows){steps, 3, cut % 2 == 0});
            }
        }
    }
}

/* Whatever the cuts, the transcript is that of one window. */
static void expect_same_transcript(struct numu_text text, uint32_t record_bytes_max,
                                   struct csv_windows windows) {
    struct numu_heap heap;
    struct numu_buffer whole;
    numu_heap_init(&heap, 0);
    numu_buffer_init(&whole, &heap, 0);
    csv_transcribe(&whole, text, ',', record_bytes_max, in_one_window);
    struct example example = {"cut text", text, whole.length == 0 ? "" : whole.data, ',',
                              record_bytes_max};
    expect_transcript(&example, windows);
    numu_buffer_release(&whole);
    assert_int_equal(heap.bytes, 0);
}

static const struct numu_text nasty =
    TEXT("\xEF\xBB\xBFid,name,\"quantity\"\r\n\r\n"
         "A1,\"a \"\"quoted\"\", \r\nname\",3\r"
         "A2,\"\",\"\"\"\"\n\n"
         "A3,\"stray\"x,\"1\r\n"
         "S\xC3\xA9gou,\xE2\x82\xAC,\xC3\xA9\r\n"
         "broken \xC3,1\r\n"
         "this record is longer than what is allowed, \"and\" more, and more and more and more\r\n"
         "\"this one has a quote that is open for longer than what is allowed, more and more\nB,2\n"
         "5\" pipe,,\r\r"
         "last,\"never closed\n1\n2\n");

static void test_nasty_sample_cut_everywhere(void **state) {
    (void)state;
    for (size_t cut = 0; cut <= nasty.length; cut++) {
        size_t steps[] = {cut, nasty.length};
        expect_same_transcript(nasty, 60, (struct csv_windows){steps, 2, cut % 2 == 0});
    }
    for (size_t step = 1; step <= nasty.length; step++) {
        expect_same_transcript(nasty, 60, (struct csv_windows){&step, 1, step % 2 == 0});
    }
}

static void test_random_texts(void **state) {
    (void)state;
    static const char alphabet[] = "\"\"\"\",,\n\r\r\nab\xC3\xA9\xFF\xEF\xBB\xBF ";
    const uint64_t seed = 20250630;
    struct numu_random random;
    numu_random_init(&random, seed, 0);
    printf("# seed %llu\n", (unsigned long long)seed);
    for (int round = 0; round < 3000; round++) {
        char bytes[64];
        size_t length = (size_t)numu_random_below(&random, sizeof bytes);
        for (size_t i = 0; i < length; i++) {
            bytes[i] = alphabet[numu_random_below(&random, sizeof alphabet - 1)];
        }
        size_t steps[4];
        for (size_t i = 0; i < 4; i++) {
            steps[i] = 1 + (size_t)numu_random_below(&random, 20);
        }
        uint32_t record_bytes_max = 1 + (uint32_t)numu_random_below(&random, 40);
        expect_same_transcript((struct numu_text){bytes, length}, record_bytes_max,
                               (struct csv_windows){steps, 4, round % 2 == 0});
    }
}

static void test_too_many_fields(void **state) {
    (void)state;
    static const char end[] = {'\n', 'a', ',', 'b', '\n'};
    static char bytes[2 * NUMU_CSV_FIELDS_MAX + 8];
    static struct numu_csv_reader reader;
    for (size_t fields = NUMU_CSV_FIELDS_MAX; fields <= NUMU_CSV_FIELDS_MAX + 2; fields++) {
        memset(bytes, ',', fields - 1);
        memcpy(bytes + fields - 1, end, sizeof end);
        numu_csv_reader_init_whole(&reader, ',', bytes, fields + 4);
        numu_csv_event event = numu_csv_next(&reader);
        if (fields == NUMU_CSV_FIELDS_MAX) {
            assert_int_equal(event, NUMU_CSV_RECORD);
            assert_int_equal(reader.count, fields);
        } else {
            assert_int_equal(event, NUMU_CSV_TOO_MANY);
            assert_int_equal(reader.error_offset, NUMU_CSV_FIELDS_MAX);
            assert_int_equal(reader.count, 0);
        }
        assert_int_equal(numu_csv_next(&reader), NUMU_CSV_RECORD);
        assert_int_equal(reader.record_offset, fields);
        assert_int_equal(reader.count, 2);
        assert_int_equal(numu_csv_next(&reader), NUMU_CSV_END);
        assert_int_equal(numu_csv_next(&reader), NUMU_CSV_END);
    }
}

/* More without new bytes is no endless loop of the reader's, and changes nothing. */
static void test_more_until_final(void **state) {
    (void)state;
    static struct numu_csv_reader reader;
    char window[] = "ab";
    numu_csv_reader_init(&reader, ',');
    assert_int_equal(numu_csv_next(&reader), NUMU_CSV_MORE);
    for (int i = 0; i < 3; i++) {
        numu_csv_reader_refill(&reader, window, 2, false);
        assert_int_equal(numu_csv_next(&reader), NUMU_CSV_MORE);
        assert_int_equal(reader.position, 0);
    }
    numu_csv_reader_refill(&reader, window, 2, true);
    assert_int_equal(numu_csv_next(&reader), NUMU_CSV_RECORD);
    assert_int_equal(numu_csv_next(&reader), NUMU_CSV_END);
}

/*
 * A file of 4 MiB through a window of twice the longest record: the bytes handed over again are
 * never more than the new ones, whatever the file holds. This bounds the work, without a clock.
 */
static void test_hostile_files_are_linear(void **state) {
    (void)state;
    enum { RECORD = 1 << 10, WINDOW = 2 * RECORD, TOTAL = 1 << 22 };
    static const char *const patterns[] = {"\"", "\"\n",     "a", "\"\",",
                                           "\r", "\"a\"b\n", ",", "\xC3"};
    static struct numu_csv_reader reader;
    static char window[WINDOW];
    for (size_t p = 0; p < sizeof patterns / sizeof *patterns; p++) {
        size_t length = strlen(patterns[p]);
        size_t given = 0;
        size_t again = 0;
        numu_csv_reader_init(&reader, ',');
        reader.record_bytes_max = RECORD;
        for (;;) {
            numu_csv_event event = numu_csv_next(&reader);
            if (event == NUMU_CSV_END) {
                break;
            }
            if (event != NUMU_CSV_MORE) {
                continue;
            }
            size_t tail = reader.length - reader.position;
            assert_true(tail <= RECORD);
            memmove(window, window + reader.position, tail);
            size_t fill = tail;
            for (; fill < WINDOW && given < TOTAL; fill++) {
                window[fill] = patterns[p][given++ % length];
            }
            again += tail;
            numu_csv_reader_refill(&reader, window, fill, given == TOTAL);
        }
        assert_int_equal(given, TOTAL);
        assert_true(again <= TOTAL);
    }
}

static void expect_written(struct numu_text field, const char *expected) {
    struct numu_heap heap;
    struct numu_buffer out;
    numu_heap_init(&heap, 0);
    numu_buffer_init(&out, &heap, 0);
    assert_int_equal(numu_csv_write(&out, field, ';'), NUMU_OK);
    assert_string_equal(out.data == NULL ? "" : out.data, expected);
    numu_buffer_release(&out);
}

static void test_write(void **state) {
    (void)state;
    expect_written(NUMU_TEXT("plain, with spaces "), "plain, with spaces ");
    expect_written((struct numu_text){NULL, 0}, "");
    expect_written(NUMU_TEXT("a;b"), "\"a;b\"");
    expect_written(NUMU_TEXT("5\" pipe"), "\"5\"\" pipe\"");
    expect_written(NUMU_TEXT("\""), "\"\"\"\"");
    expect_written(NUMU_TEXT("a\nb"), "\"a\nb\"");
    expect_written(NUMU_TEXT("a\rb"), "\"a\rb\"");
    expect_written(NUMU_TEXT("\xEF\xBB\xBFmark"), "\"\xEF\xBB\xBFmark\"");
}

static void test_write_without_memory(void **state) {
    (void)state;
    struct numu_heap heap;
    struct numu_buffer out;
    numu_heap_init(&heap, 0);
    heap.fail_at = 1;
    numu_buffer_init(&out, &heap, 0);
    assert_int_equal(numu_csv_write(&out, NUMU_TEXT("a;b"), ';'), NUMU_MEMORY);
    assert_int_equal(out.length, 0);
    numu_buffer_release(&out);
    numu_buffer_init(&out, &heap, 4);
    assert_int_equal(numu_csv_write(&out, NUMU_TEXT("a;b"), ';'), NUMU_LIMIT);
    assert_int_equal(out.length, 0);
    numu_buffer_release(&out);
    assert_int_equal(heap.bytes, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_examples),
        cmocka_unit_test(test_examples_cut_everywhere),
        cmocka_unit_test(test_nasty_sample_cut_everywhere),
        cmocka_unit_test(test_random_texts),
        cmocka_unit_test(test_too_many_fields),
        cmocka_unit_test(test_more_until_final),
        cmocka_unit_test(test_hostile_files_are_linear),
        cmocka_unit_test(test_write),
        cmocka_unit_test(test_write_without_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
