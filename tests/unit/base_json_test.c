/*
 * base_json_test.c - goal: the reader accepts what RFC 8259 accepts and nothing else, says where it
 * gave up, and keeps places and exact words; the writer has one layout and always writes JSON.
 * Method: tables of accepted and refused texts in the spirit of N. Seriot's JSONTestSuite, each
 * with its problem and offset; every prefix of a text; golden texts of the writer; the n-th
 * allocation fails.
 */
#include "base/json.h"

#include "base/number.h"
#include "base/random.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* NUMU_TEXT for static initialisers. */
#define TEXT(literal)                                                                              \
    { (literal), sizeof(literal) - 1 }

struct fixture {
    struct numu_heap heap;
    struct numu_arena arena;
    struct numu_buffer buffer;
};

static int set_up(void **state) {
    static struct fixture fixture;
    numu_heap_init(&fixture.heap, 0);
    numu_arena_init(&fixture.arena, &fixture.heap);
    numu_buffer_init(&fixture.buffer, &fixture.heap, 0);
    *state = &fixture;
    return 0;
}

static int tear_down(void **state) {
    struct fixture *fixture = *state;
    numu_arena_release(&fixture->arena);
    numu_buffer_release(&fixture->buffer);
    return fixture->heap.bytes == 0 ? 0 : -1;
}

/* Reads from memory of exactly the text's size, so that sanitizers see a byte too far. */
static struct numu_json *read_text(struct fixture *fixture, struct numu_text text,
                                   struct numu_json_error *error) {
    char *exact;
    assert_int_equal(numu_arena_take(&fixture->arena, text.length, 1, &exact), NUMU_OK);
    if (text.length > 0) {
        memcpy(exact, text.data, text.length);
    }
    struct numu_json *json = NULL;
    struct numu_text copy = {exact, text.length};
    numu_status status = numu_json_read(&fixture->arena, copy, 0, &json, error);
    assert_int_equal(status, error->problem == NUMU_JSON_FINE ? NUMU_OK : NUMU_INVALID);
    assert_true((json != NULL) == (status == NUMU_OK));
    return json;
}

static const struct numu_json *read_fine(struct fixture *fixture, struct numu_text text) {
    struct numu_json_error error;
    const struct numu_json *json = read_text(fixture, text, &error);
    if (json == NULL) {
        fail_msg("%.*s: problem %d at %zu", (int)text.length, text.data, (int)error.problem,
                 error.offset);
    }
    return json;
}

static const struct numu_text accepted[] = {
    TEXT("null"),
    TEXT("true"),
    TEXT("false"),
    TEXT("0"),
    TEXT("-0"),
    TEXT("-0.0"),
    TEXT("123"),
    TEXT("1.5"),
    TEXT("1e5"),
    TEXT("1E+5"),
    TEXT("1e-05"),
    TEXT("0e0"),
    TEXT("0.10e1"),
    TEXT("123456789012345678901234567890.123456789"),
    TEXT("1e999999"),
    TEXT("\"\""),
    TEXT("\" \""),
    TEXT("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\""),
    TEXT("\"\\u0000\\u007F\\u00e9\\uFFFF\""),
    TEXT("\"\\ud83d\\uDE00\""),
    TEXT("\"\x7f\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80\xEF\xBF\xBF\xF4\x8F\xBF\xBF\""),
    TEXT("\"/ \xE2\x80\xA8\""),
    TEXT("[]"),
    TEXT("[ ]"),
    TEXT("[null, 1, \"1\", {}]"),
    TEXT("[[[[]]]]"),
    TEXT(" \t\r\n[ \t\r\n1 \t\r\n, \t\r\n2 \t\r\n] \t\r\n"),
    TEXT("{}"),
    TEXT("{ }"),
    TEXT("{\"\": 0}"),
    TEXT("{\"a\":{\"a\":{\"a\":[]}},\"b\":[{\"a\":1},{\"a\":2}]}"),
    TEXT("{\"a\":1,\"A\":2,\"a \":3,\"a\\u0000\":4}"),
    TEXT("\xEF\xBB\xBF{}"),
    TEXT("\xEF\xBB\xBF 1 "),
};

static void test_accepted(void **state) {
    for (size_t i = 0; i < sizeof accepted / sizeof *accepted; i++) {
        (void)read_fine(*state, accepted[i]);
    }
}

struct refusal {
    struct numu_text text;
    numu_json_problem problem;
    size_t offset;
};

static const struct refusal refused[] = {
    {TEXT(""), NUMU_JSON_UNEXPECTED_END, 0},
    {TEXT(" \n"), NUMU_JSON_UNEXPECTED_END, 2},
    {TEXT("\xEF\xBB\xBF"), NUMU_JSON_UNEXPECTED_END, 3},
    {TEXT("\xEF\xBB"), NUMU_JSON_UNEXPECTED_CHARACTER, 0},
    {TEXT("\xEF\xBB\xBF\xEF\xBB\xBF"
          "1"),
     NUMU_JSON_UNEXPECTED_CHARACTER, 3},
    {TEXT("["), NUMU_JSON_UNEXPECTED_END, 1},
    {TEXT("[1"), NUMU_JSON_UNEXPECTED_END, 2},
    {TEXT("[1,"), NUMU_JSON_UNEXPECTED_END, 3},
    {TEXT("{"), NUMU_JSON_UNEXPECTED_END, 1},
    {TEXT("{\"a\""), NUMU_JSON_UNEXPECTED_END, 4},
    {TEXT("{\"a\":"), NUMU_JSON_UNEXPECTED_END, 5},
    {TEXT("{\"a\":1"), NUMU_JSON_UNEXPECTED_END, 6},
    {TEXT("{\"a\":1,"), NUMU_JSON_UNEXPECTED_END, 7},
    {TEXT("\""), NUMU_JSON_UNEXPECTED_END, 1},
    {TEXT("\"a\\"), NUMU_JSON_UNEXPECTED_END, 3},
    {TEXT("\"a\\\""), NUMU_JSON_UNEXPECTED_END, 4},
    {TEXT("]"), NUMU_JSON_UNEXPECTED_CHARACTER, 0},
    {TEXT("[1,]"), NUMU_JSON_UNEXPECTED_CHARACTER, 3},
    {TEXT("[,1]"), NUMU_JSON_UNEXPECTED_CHARACTER, 1},
    {TEXT("[1 2]"), NUMU_JSON_UNEXPECTED_CHARACTER, 3},
    {TEXT("[1}"), NUMU_JSON_UNEXPECTED_CHARACTER, 2},
    {TEXT("[1:2]"), NUMU_JSON_UNEXPECTED_CHARACTER, 2},
    {TEXT("{\"a\":1,}"), NUMU_JSON_UNEXPECTED_CHARACTER, 7},
    {TEXT("{,}"), NUMU_JSON_UNEXPECTED_CHARACTER, 1},
    {TEXT("{a:1}"), NUMU_JSON_UNEXPECTED_CHARACTER, 1},
    {TEXT("{'a':1}"), NUMU_JSON_UNEXPECTED_CHARACTER, 1},
    {TEXT("{1:1}"), NUMU_JSON_UNEXPECTED_CHARACTER, 1},
    {TEXT("{\"a\" 1}"), NUMU_JSON_UNEXPECTED_CHARACTER, 5},
    {TEXT("{\"a\",1}"), NUMU_JSON_UNEXPECTED_CHARACTER, 4},
    {TEXT("{\"a\":1 \"b\":2}"), NUMU_JSON_UNEXPECTED_CHARACTER, 7},
    {TEXT("{\"a\":1]"), NUMU_JSON_UNEXPECTED_CHARACTER, 6},
    {TEXT("tru"), NUMU_JSON_UNEXPECTED_CHARACTER, 0},
    {TEXT("[nul]"), NUMU_JSON_UNEXPECTED_CHARACTER, 1},
    {TEXT("True"), NUMU_JSON_UNEXPECTED_CHARACTER, 0},
    {TEXT("NaN"), NUMU_JSON_UNEXPECTED_CHARACTER, 0},
    {TEXT("+1"), NUMU_JSON_UNEXPECTED_CHARACTER, 0},
    {TEXT(".5"), NUMU_JSON_UNEXPECTED_CHARACTER, 0},
    {TEXT("[Infinity]"), NUMU_JSON_UNEXPECTED_CHARACTER, 1},
    {TEXT("// c\n1"), NUMU_JSON_UNEXPECTED_CHARACTER, 0},
    {TEXT("[1,/**/2]"), NUMU_JSON_UNEXPECTED_CHARACTER, 3},
    {TEXT("[1\0]"), NUMU_JSON_UNEXPECTED_CHARACTER, 2},
    {TEXT("[1,\x0c"
          "2]"),
     NUMU_JSON_UNEXPECTED_CHARACTER, 3},
    {TEXT("[\xC2\xA0"
          "1]"),
     NUMU_JSON_UNEXPECTED_CHARACTER, 1},
    {TEXT("-"), NUMU_JSON_BAD_NUMBER, 0},
    {TEXT("[1, -]"), NUMU_JSON_BAD_NUMBER, 4},
    {TEXT("--1"), NUMU_JSON_BAD_NUMBER, 0},
    {TEXT("-Infinity"), NUMU_JSON_BAD_NUMBER, 0},
    {TEXT("01"), NUMU_JSON_BAD_NUMBER, 0},
    {TEXT("-012"), NUMU_JSON_BAD_NUMBER, 0},
    {TEXT("1."), NUMU_JSON_BAD_NUMBER, 0},
    {TEXT("-.5"), NUMU_JSON_BAD_NUMBER, 0},
    {TEXT("1.e5"), NUMU_JSON_BAD_NUMBER, 0},
    {TEXT("1e"), NUMU_JSON_BAD_NUMBER, 0},
    {TEXT("[1e+]"), NUMU_JSON_BAD_NUMBER, 1},
    {TEXT("1e1.5"), NUMU_JSON_TRAILING, 3},
    {TEXT("0x10"), NUMU_JSON_TRAILING, 1},
    {TEXT("1,5"), NUMU_JSON_TRAILING, 1},
    {TEXT("\"a\nb\""), NUMU_JSON_BAD_STRING, 2},
    {TEXT("\"a\tb\""), NUMU_JSON_BAD_STRING, 2},
    {TEXT("\"\0\""), NUMU_JSON_BAD_STRING, 1},
    {TEXT("\"\x1f\""), NUMU_JSON_BAD_STRING, 1},
    {TEXT("\"ab\\x41\""), NUMU_JSON_BAD_STRING, 3},
    {TEXT("\"\\'\""), NUMU_JSON_BAD_STRING, 1},
    {TEXT("\"\\\n\""), NUMU_JSON_BAD_STRING, 1},
    {TEXT("\"\\u12\""), NUMU_JSON_BAD_STRING, 1},
    {TEXT("\"\\u12G4\""), NUMU_JSON_BAD_STRING, 1},
    {TEXT("\"\\U0041\""), NUMU_JSON_BAD_STRING, 1},
    {TEXT("\"\\ud800\""), NUMU_JSON_BAD_STRING, 1},
    {TEXT("\"a\\udc00\""), NUMU_JSON_BAD_STRING, 2},
    {TEXT("\"\\udc00\\udc00\""), NUMU_JSON_BAD_STRING, 1},
    {TEXT("\"\\ud800\\n\""), NUMU_JSON_BAD_STRING, 1},
    {TEXT("\"\\ud800\\u0041\""), NUMU_JSON_BAD_STRING, 1},
    {TEXT("\"\\ud800\\ud800\""), NUMU_JSON_BAD_STRING, 1},
    {TEXT("\"\\ud800udc00\""), NUMU_JSON_BAD_STRING, 1},
    {TEXT("\"a\xFF\""), NUMU_JSON_BAD_STRING, 2},
    {TEXT("\"\xC0\xAF\""), NUMU_JSON_BAD_STRING, 1},
    {TEXT("\"\xE0\x80\xAF\""), NUMU_JSON_BAD_STRING, 1},
    {TEXT("\"\xED\xA0\x80\""), NUMU_JSON_BAD_STRING, 1},
    {TEXT("\"\xF4\x90\x80\x80\""), NUMU_JSON_BAD_STRING, 1},
    {TEXT("\"\xC3\""), NUMU_JSON_BAD_STRING, 1},
    {TEXT("{\"\xFF\":1}"), NUMU_JSON_BAD_STRING, 2},
    {TEXT("{\"a\":1,\"b\":2,\"a\":3}"), NUMU_JSON_DUPLICATE_NAME, 13},
    {TEXT("{\"a\":1,\"\\u0061\":3}"), NUMU_JSON_DUPLICATE_NAME, 7},
    {TEXT("[{\"\":1, \"\":1}]"), NUMU_JSON_DUPLICATE_NAME, 8},
    {TEXT("1 2"), NUMU_JSON_TRAILING, 2},
    {TEXT("{} }"), NUMU_JSON_TRAILING, 3},
    {TEXT("[]\0"), NUMU_JSON_TRAILING, 2},
    {TEXT("nullx"), NUMU_JSON_TRAILING, 4},
};

static void test_refused(void **state) {
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++) {
        const struct refusal *expected = &refused[i];
        struct numu_json_error error;
        (void)read_text(*state, expected->text, &error);
        if (error.problem != expected->problem || error.offset != expected->offset) {
            fail_msg("%.*s: problem %d at %zu instead of %d at %zu", (int)expected->text.length,
                     expected->text.data, (int)error.problem, error.offset, (int)expected->problem,
                     expected->offset);
        }
    }
}

static const struct numu_text sample =
    TEXT("{\"name\": \"d\\u00e9mo\", \"n\": [1.50, -2e3, true, false, null],\n"
         " \"o\": {\"x\": {}, \"\\\"y\": \"z\"}}");

static void test_every_prefix_is_refused(void **state) {
    for (size_t length = 0; length < sample.length; length++) {
        struct numu_json_error error;
        struct numu_text prefix = {sample.data, length};
        assert_null(read_text(*state, prefix, &error));
        assert_true(error.offset <= length);
    }
    (void)read_fine(*state, sample);
}

static void assert_value(const struct numu_json *value, numu_json_kind kind, const char *text,
                         const char *raw) {
    assert_non_null(value);
    assert_int_equal(value->kind, kind);
    assert_true(numu_text_is(value->text, text));
    struct numu_text piece = {sample.data + value->offset, value->length};
    assert_true(numu_text_is(piece, raw));
}

static void test_values_and_places(void **state) {
    const struct numu_json *root = read_fine(*state, sample);
    assert_int_equal(root->kind, NUMU_JSON_OBJECT);
    assert_int_equal(root->count, 3);
    assert_int_equal(root->offset, 0);
    assert_int_equal(root->length, sample.length);
    assert_value(numu_json_find(root, "name"), NUMU_JSON_STRING, "d\xC3\xA9mo", "\"d\\u00e9mo\"");

    const struct numu_json *list = numu_json_find(root, "n");
    assert_int_equal(list->kind, NUMU_JSON_ARRAY);
    assert_int_equal(list->count, 5);
    assert_int_equal(sample.data[list->key_offset], '"');
    assert_int_equal(list->key_length, 3);
    const struct numu_json *item = list->first;
    assert_value(item, NUMU_JSON_NUMBER, "1.50", "1.50");
    assert_value(item = item->next, NUMU_JSON_NUMBER, "-2e3", "-2e3");
    assert_value(item = item->next, NUMU_JSON_TRUE, "", "true");
    assert_value(item = item->next, NUMU_JSON_FALSE, "", "false");
    assert_value(item = item->next, NUMU_JSON_NULL, "", "null");
    assert_null(item->next);

    const struct numu_json *object = numu_json_find(root, "o");
    assert_int_equal(object->count, 2);
    assert_int_equal(numu_json_find(object, "x")->count, 0);
    const struct numu_json *member = numu_json_find(object, "\"y");
    assert_value(member, NUMU_JSON_STRING, "z", "\"z\"");
    assert_memory_equal(sample.data + member->key_offset, "\"\\\"y\"", member->key_length);

    assert_null(numu_json_find(root, "missing"));
    assert_null(numu_json_find(root, "nam"));
    assert_null(numu_json_find(list, "n"));
    assert_null(numu_json_find(NULL, "n"));
}

static void test_escapes_are_decoded(void **state) {
    const struct numu_json *json = read_fine(
        *state, NUMU_TEXT("\"\\\"\\\\\\/\\b\\f\\n\\r\\tA\\u0000\\u00e9\\u20AC\\ud83d\\ude00"
                          "\\uDBFF\\uDFFF.\""));
    struct numu_text expected = NUMU_TEXT("\"\\/\b\f\n\r\tA\0\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80"
                                          "\xF4\x8F\xBF\xBF.");
    assert_true(numu_text_is_equal(json->text, expected));
}

/* `depth` arrays within each other. */
static struct numu_text nest(struct fixture *fixture, size_t depth) {
    char *text;
    assert_int_equal(numu_arena_take(&fixture->arena, 2 * depth, 1, &text), NUMU_OK);
    memset(text, '[', depth);
    memset(text + depth, ']', depth);
    return (struct numu_text){text, 2 * depth};
}

static void expect_depth(struct fixture *fixture, unsigned depth_max, size_t depth_allowed) {
    struct numu_json *json = NULL;
    struct numu_json_error error;
    struct numu_text text = nest(fixture, depth_allowed);
    assert_int_equal(numu_json_read(&fixture->arena, text, depth_max, &json, &error), NUMU_OK);
    text = nest(fixture, depth_allowed + 1);
    assert_int_equal(numu_json_read(&fixture->arena, text, depth_max, &json, &error), NUMU_INVALID);
    assert_int_equal(error.problem, NUMU_JSON_TOO_DEEP);
    assert_int_equal(error.offset, depth_allowed);
}

static void test_depth(void **state) {
    expect_depth(*state, 0, NUMU_JSON_READ_DEPTH);
    expect_depth(*state, 1, 1);
    expect_depth(*state, 3, 3);
    expect_depth(*state, NUMU_JSON_READ_DEPTH_MAX, NUMU_JSON_READ_DEPTH_MAX);
    expect_depth(*state, UINT32_MAX, NUMU_JSON_READ_DEPTH_MAX);
}

static void test_many_members(void **state) {
    struct fixture *fixture = *state;
    enum { MEMBERS = 20000 };
    assert_int_equal(numu_buffer_append_char(&fixture->buffer, '{'), NUMU_OK);
    for (int i = 0; i < MEMBERS; i++) {
        assert_int_equal(numu_buffer_printf(&fixture->buffer, "\"%d\":%d,", i, i), NUMU_OK);
    }
    size_t last = fixture->buffer.length;
    assert_int_equal(numu_buffer_append_string(&fixture->buffer, "\"last\":0}"), NUMU_OK);
    struct numu_text text = {fixture->buffer.data, fixture->buffer.length};
    assert_int_equal(read_fine(fixture, text)->count, MEMBERS + 1);
    memcpy(fixture->buffer.data + last, "\"4711\":0}", 9);
    struct numu_json_error error;
    (void)read_text(fixture, text, &error);
    assert_int_equal(error.problem, NUMU_JSON_DUPLICATE_NAME);
    assert_int_equal(error.offset, last);
}

static void test_read_without_memory(void **state) {
    (void)state;
    bool is_read = false;
    for (uint_fast64_t n = 1; !is_read; n++) {
        struct numu_heap heap;
        struct numu_arena arena;
        numu_heap_init(&heap, 0);
        numu_arena_init(&arena, &heap);
        heap.fail_at = n;
        struct numu_json *json = NULL;
        struct numu_json_error error;
        numu_status status = numu_json_read(&arena, sample, 0, &json, &error);
        is_read = status == NUMU_OK;
        if (!is_read) {
            assert_int_equal(status, NUMU_MEMORY);
            assert_null(json);
            assert_int_equal(error.problem, NUMU_JSON_FINE);
            assert_int_equal(heap.bytes, 0);
        }
        assert_true(n < 100);
        assert_true(!is_read || n > 10);
        numu_arena_release(&arena);
        assert_int_equal(heap.bytes, 0);
    }
}

/* --- writer --- */

static void expect_written(struct fixture *fixture, const struct numu_json_writer *writer,
                           const char *expected) {
    assert_int_equal(writer->status, NUMU_OK);
    assert_int_equal(writer->depth, 0);
    assert_string_equal(fixture->buffer.data, expected);
    struct numu_text text = {fixture->buffer.data, fixture->buffer.length};
    (void)read_fine(fixture, text);
    numu_buffer_clear(&fixture->buffer);
}

static void write_document(struct numu_json_writer *writer) {
    numu_json_begin_object(writer);
    numu_json_key(writer, "format");
    numu_json_string(writer, "numu.plan/1");
    numu_json_key(writer, "rows");
    numu_json_begin_array(writer);
    numu_json_begin_line_object(writer);
    numu_json_key(writer, "id");
    numu_json_integer(writer, 1);
    numu_json_key(writer, "tags");
    numu_json_begin_array(writer);
    numu_json_string(writer, "a");
    numu_json_string(writer, "b");
    numu_json_end_array(writer);
    numu_json_end_object(writer);
    numu_json_begin_line_array(writer);
    numu_json_end_array(writer);
    numu_json_begin_object(writer);
    numu_json_key(writer, "ok");
    numu_json_boolean(writer, true);
    numu_json_end_object(writer);
    numu_json_end_array(writer);
    numu_json_key(writer, "empty");
    numu_json_begin_object(writer);
    numu_json_end_object(writer);
    numu_json_key(writer, "none");
    numu_json_null(writer);
    numu_json_end_object(writer);
}

static const char document[] = "{\n"
                               "  \"format\": \"numu.plan/1\",\n"
                               "  \"rows\": [\n"
                               "    {\"id\": 1, \"tags\": [\"a\", \"b\"]},\n"
                               "    [],\n"
                               "    {\n"
                               "      \"ok\": true\n"
                               "    }\n"
                               "  ],\n"
                               "  \"empty\": {},\n"
                               "  \"none\": null\n"
                               "}";

static void test_layout(void **state) {
    struct fixture *fixture = *state;
    struct numu_json_writer writer;
    numu_json_writer_init(&writer, &fixture->buffer);
    write_document(&writer);
    expect_written(fixture, &writer, document);
}

static void test_scalars(void **state) {
    struct fixture *fixture = *state;
    struct numu_json_writer writer;
    numu_json_writer_init(&writer, &fixture->buffer);
    numu_json_begin_line_array(&writer);
    numu_json_integer(&writer, INT64_MIN);
    numu_json_integer(&writer, INT64_MAX);
    numu_json_number(&writer, 1250000, 6);
    numu_json_number(&writer, -5, 2);
    numu_json_number(&writer, 300, 2);
    numu_json_number(&writer, NUMU_NO_NUMBER, 2);
    numu_json_number_text(&writer, NUMU_TEXT("1.50e3"));
    numu_json_double(&writer, 0.1);
    numu_json_double(&writer, 1.0);
    numu_json_double(&writer, 1.0 / 3.0);
    numu_json_double(&writer, 1e300);
    numu_json_double(&writer, INFINITY);
    numu_json_double(&writer, NAN);
    numu_json_boolean(&writer, false);
    numu_json_end_array(&writer);
    expect_written(fixture, &writer,
                   "[-9223372036854775808, 9223372036854775807, 1.25, -0.05, 3, null, 1.50e3, 0.1, "
                   "1, 0.3333333333333333, 1e+300, null, null, false]");
}

static void test_strings(void **state) {
    struct fixture *fixture = *state;
    struct numu_json_writer writer;
    numu_json_writer_init(&writer, &fixture->buffer);
    numu_json_begin_line_object(&writer);
    numu_json_key(&writer, "q\"\n");
    numu_json_text(&writer, NUMU_TEXT("\"\\/\b\f\n\r\t\0\x1f\x7f\xC3\xA9"));
    numu_json_key_text(&writer, NUMU_TEXT("broken"));
    numu_json_text(&writer, NUMU_TEXT("a\xFF\xC3"
                                      "b\xED\xA0\x80\n\xC3"));
    numu_json_key(&writer, "");
    numu_json_text(&writer, (struct numu_text){NULL, 0});
    numu_json_end_object(&writer);
    expect_written(fixture, &writer,
                   "{\"q\\\"\\n\": \"\\\"\\\\/\\b\\f\\n\\r\\t\\u0000\\u001f\x7f\xC3\xA9\", "
                   "\"broken\": \"a\xEF\xBF\xBD\xEF\xBF\xBD"
                   "b\xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD\\n\xEF\xBF\xBD\", \"\": \"\"}");
}

static void test_doubles_read_back(void **state) {
    struct fixture *fixture = *state;
    const uint64_t seed = 20250630;
    struct numu_random random;
    numu_random_init(&random, seed, 0);
    printf("# seed %llu\n", (unsigned long long)seed);
    static const double edges[] = {0.0,         -0.0, DBL_MIN, DBL_MAX, DBL_TRUE_MIN,
                                   DBL_EPSILON, 1e22, 1e23,    5e-324,  123456789.123456789};
    for (size_t i = 0; i < 5000; i++) {
        double value;
        uint64_t bits = numu_random_next(&random);
        memcpy(&value, &bits, sizeof value);
        if (i < sizeof edges / sizeof *edges) {
            value = edges[i];
        }
        if (!isfinite(value)) {
            continue;
        }
        struct numu_json_writer writer;
        numu_json_writer_init(&writer, &fixture->buffer);
        numu_json_double(&writer, value);
        assert_int_equal(writer.status, NUMU_OK);
        double read = strtod(fixture->buffer.data, NULL);
        assert_memory_equal(&read, &value, sizeof value);
        struct numu_text text = {fixture->buffer.data, fixture->buffer.length};
        assert_int_equal(read_fine(fixture, text)->kind, NUMU_JSON_NUMBER);
        numu_buffer_clear(&fixture->buffer);
    }
}

static void test_writer_depth(void **state) {
    struct fixture *fixture = *state;
    struct numu_json_writer writer;
    for (unsigned depth = NUMU_JSON_DEPTH_MAX; depth <= NUMU_JSON_DEPTH_MAX + 1; depth++) {
        numu_buffer_clear(&fixture->buffer);
        numu_json_writer_init(&writer, &fixture->buffer);
        for (unsigned i = 0; i < depth; i++) {
            numu_json_begin_array(&writer);
        }
        for (unsigned i = 0; i < depth; i++) {
            numu_json_end_array(&writer);
        }
        assert_int_equal(writer.status, depth <= NUMU_JSON_DEPTH_MAX ? NUMU_OK : NUMU_LIMIT);
    }
}

static void test_write_without_memory(void **state) {
    (void)state;
    bool is_written = false;
    for (uint_fast64_t n = 1; !is_written; n++) {
        struct numu_heap heap;
        struct numu_buffer buffer;
        struct numu_json_writer writer;
        numu_heap_init(&heap, 0);
        numu_buffer_init(&buffer, &heap, 0);
        heap.fail_at = n;
        numu_json_writer_init(&writer, &buffer);
        write_document(&writer);
        is_written = writer.status == NUMU_OK;
        if (!is_written) {
            assert_int_equal(writer.status, NUMU_MEMORY);
            assert_true(buffer.length < strlen(document));
        }
        assert_true(n < 100);
        assert_true(!is_written || n > 1);
        numu_buffer_release(&buffer);
        assert_int_equal(heap.bytes, 0);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_accepted, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_every_prefix_is_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_values_and_places, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_escapes_are_decoded, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_depth, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_many_members, set_up, tear_down),
        cmocka_unit_test(test_read_without_memory),
        cmocka_unit_test_setup_teardown(test_layout, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_scalars, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_strings, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_doubles_read_back, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_writer_depth, set_up, tear_down),
        cmocka_unit_test(test_write_without_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
