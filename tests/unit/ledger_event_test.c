/*
 * Goal: an event has one form, says where a draft is wrong, and never grows beyond what a log
 * holds. Method: RFC 8785's own examples of sorting and escaping; drafts written as bodies and
 * read back; every byte of a record changed or taken out must be refused or give another event;
 * one minimal draft a mistake, with the member that is blamed; instants against civil dates.
 */
#include "ledger/canonical.h"
#include "ledger/event.h"
#include "ledger/tile.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

struct room {
    struct numu_heap heap;
    struct numu_arena arena;
    struct numu_buffer buffer;
};

static int room_init(void **state) {
    static struct room room;
    numu_heap_init(&room.heap, 0);
    numu_arena_init(&room.arena, &room.heap);
    numu_buffer_init(&room.buffer, &room.heap, 0);
    *state = &room;
    return 0;
}

static int room_release(void **state) {
    struct room *room = *state;
    numu_buffer_release(&room->buffer);
    numu_arena_release(&room->arena);
    return room->heap.bytes == 0 ? 0 : -1;
}

static void must(numu_status status) {
    assert_int_equal(status, NUMU_OK);
}

static struct numu_text text_of(const struct numu_buffer *buffer) {
    return (struct numu_text){buffer->data, buffer->length};
}

/* --- canonical JSON --- */

static void expect_canonical(struct room *room, const char *json, const char *expected) {
    struct numu_json *value;
    struct numu_json_error error;
    must(numu_json_read(&room->arena, numu_text_of(json), 0, &value, &error));
    numu_buffer_clear(&room->buffer);
    if (expected == NULL) {
        assert_int_equal(numu_canonical_write(&room->buffer, &room->arena, value), NUMU_INVALID);
        return;
    }
    must(numu_canonical_write(&room->buffer, &room->arena, value));
    assert_string_equal(room->buffer.data, expected);
    size_t offset;
    must(numu_canonical_read(&room->arena, text_of(&room->buffer), &value, &offset));
    if (strcmp(json, expected) != 0) {
        assert_int_equal(numu_canonical_read(&room->arena, numu_text_of(json), &value, &offset),
                         NUMU_INVALID);
    }
}

static void test_canonical(void **state) {
    struct room *room = *state;
    /* RFC 8785, 3.2.3: sorted by UTF-16 code units, so U+1F600 (D83D DE00) before U+FB33. */
    expect_canonical(
        room,
        "{\"\\u20ac\":\"Euro Sign\",\"\\r\":\"Carriage Return\",\"\\ufb33\":\"Hebrew "
        "Letter Dalet With Dagesh\",\"1\":\"One\",\"\\ud83d\\ude00\":\"Emoji: Grinning "
        "Face\",\"\\u0080\":\"Control\",\"\\u00f6\":\"Latin Small Letter O With "
        "Diaeresis\"}",
        "{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\xC2\x80\":\"Control\",\"\xC3\xB6\":"
        "\"Latin Small Letter O With Diaeresis\",\"\xE2\x82\xAC\":\"Euro Sign\","
        "\"\xF0\x9F\x98\x80\":\"Emoji: Grinning Face\",\"\xEF\xAC\xB3\":\"Hebrew Letter "
        "Dalet With Dagesh\"}");
    /* 3.2.2.2 and 3.2.2: escapes, literals. */
    expect_canonical(
        room,
        "{ \"string\": \"\\u20ac$\\u000F\\u000aA'\\u0042\\u0022\\u005c\\\\\\\"\\/\","
        "\"literals\": [null, true, false] }",
        "{\"literals\":[null,true,false],\"string\":\"\xE2\x82\xAC$\\u000f\\nA'B\\\"\\\\\\"
        "\\\\\"/\"}");
    expect_canonical(room, "\"\\u0000\\u0008\\u0009\\u000c\\u001f\\u007f\"",
                     "\"\\u0000\\b\\t\\f\\u001f\x7F\"");
    expect_canonical(room, "[9007199254740991,-9007199254740991,0]",
                     "[9007199254740991,-9007199254740991,0]");
    expect_canonical(room, "-0", "0");
    expect_canonical(room, "{\"ab\":1,\"a\":2,\"\":3}", "{\"\":3,\"a\":2,\"ab\":1}");
    expect_canonical(room, "9007199254740992", NULL);
    expect_canonical(room, "1.0", NULL);
    expect_canonical(room, "1e3", NULL);
}

/* --- drafts --- */

static const char good_draft[] =
    "{\"type\":\"produce\",\"by\":\"p_keeper\",\"key\":\"wo-17\",\"ledger\":\"mali\","
    "\"time\":\"2026-01-05T08:00:00Z\",\"order\":\"o-1\",\"lines\":["
    "{\"item\":\"kit\",\"lot\":\"K1\",\"quantity\":\"2.5\",\"from\":\"a/serviceable\","
    "\"to\":\"consumed\"},"
    "{\"item\":\"rifle\",\"serials\":[\"R008..R011\",\"X\"],\"from\":\"produced\","
    "\"to\":\"a/quarantine\"}]}";
static const char good_body[] =
    "{\"by\":\"p_keeper\",\"key\":\"wo-17\",\"ledger\":\"mali\",\"lines\":["
    "{\"from\":\"a/serviceable\",\"item\":\"kit\",\"lot\":\"K1\",\"quantity_millionths\":2500000,"
    "\"to\":\"consumed\"},"
    "{\"from\":\"produced\",\"item\":\"rifle\",\"quantity_millionths\":5000000,"
    "\"serials\":[\"R008\",\"R009\",\"R010\",\"R011\",\"X\"],\"to\":\"a/quarantine\"}],"
    "\"order\":\"o-1\",\"time\":\"2026-01-05T08:00:00Z\",\"type\":\"produce\",\"version\":1}";

static void test_draft(void **state) {
    struct room *room = *state;
    struct numu_event event;
    struct numu_event_error error;
    must(numu_event_read_draft(&room->arena, NUMU_TEXT(good_draft), &event, &error));
    must(numu_event_write_body(&event, &room->arena, &room->buffer));
    assert_string_equal(room->buffer.data, good_body);
    must(numu_event_read_body(&room->arena, text_of(&room->buffer), &event, &error));
    assert_int_equal(event.type, NUMU_EVENT_produce);
    assert_int_equal(event.line_count, 2);
    assert_int_equal(event.lines[1].serials.count, 5);
    assert_int_equal(numu_event_read_body(&room->arena, NUMU_TEXT(good_draft), &event, &error),
                     NUMU_INVALID);
    assert_int_equal(error.problem, NUMU_EVENT_NOT_CANONICAL);
}

static void test_bad_drafts(void **state) {
    struct room *room = *state;
#define HEAD "{\"by\":\"p\",\"key\":\"k\",\"ledger\":\"l\",\"time\":\"2026-01-05T08:00:00Z\","
#define LINE(more) HEAD "\"type\":\"open\",\"lines\":[{" more "}]}"
    static const struct {
        const char *draft;
        numu_event_problem problem;
        const char *member;
    } cases[] = {
        {"", NUMU_EVENT_NO_JSON, ""},
        {"[]", NUMU_EVENT_NO_JSON, ""},
        {"{\"by\":\"p\",\"by\":\"q\"}", NUMU_EVENT_NO_JSON, ""},
        {HEAD "\"type\":\"steal\"}", NUMU_EVENT_UNKNOWN_TYPE, "type"},
        {HEAD "\"type\":\"open\",\"version\":2}", NUMU_EVENT_UNKNOWN_VERSION, "version"},
        {HEAD "\"type\":\"open\"}", NUMU_EVENT_MISSING_MEMBER, "lines"},
        {HEAD "\"type\":\"open\",\"lines\":[]}", NUMU_EVENT_BAD_MEMBER, "lines"},
        {HEAD "\"type\":\"open\",\"colour\":1}", NUMU_EVENT_UNKNOWN_MEMBER, "colour"},
        {LINE("\"quantity\":1"), NUMU_EVENT_MISSING_MEMBER, "item"},
        {LINE("\"item\":\"a\""), NUMU_EVENT_MISSING_MEMBER, "quantity"},
        {LINE("\"item\":\"a\",\"quantity\":-1"), NUMU_EVENT_BAD_MEMBER, "quantity"},
        {LINE("\"item\":\"a\",\"quantity\":0.0000001"), NUMU_EVENT_BAD_MEMBER, "quantity"},
        {LINE("\"item\":\"a\",\"quantity\":1e400"), NUMU_EVENT_BAD_MEMBER, "quantity"},
        {LINE("\"item\":\"a\\tb\",\"quantity\":1"), NUMU_EVENT_BAD_MEMBER, "item"},
        {LINE("\"item\":\"a\",\"serials\":[\"A1..A\"]"), NUMU_EVENT_BAD_MEMBER, "serials"},
        {LINE("\"item\":\"a\",\"serials\":[\"A9..A1\"]"), NUMU_EVENT_BAD_MEMBER, "serials"},
        {LINE("\"item\":\"a\",\"serials\":[\"A00001..A99999\"]"), NUMU_EVENT_BAD_MEMBER, "serials"},
        {LINE("\"item\":\"a\",\"serials\":[\"A\"],\"quantity\":2"), NUMU_EVENT_BAD_MEMBER,
         "quantity_millionths"},
        {"{\"by\":\"p\",\"key\":\"k\",\"ledger\":\"l\",\"time\":\"2026-02-30T08:00:00Z\"}",
         NUMU_EVENT_BAD_MEMBER, "time"},
        {HEAD "\"type\":\"approve\",\"ref\":\"abc\"}", NUMU_EVENT_BAD_MEMBER, "ref"}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct numu_event event;
        struct numu_event_error error;
        print_message("# %s\n", cases[i].draft);
        assert_int_equal(
            numu_event_read_draft(&room->arena, numu_text_of(cases[i].draft), &event, &error),
            NUMU_INVALID);
        assert_int_equal(error.problem, cases[i].problem);
        assert_true(numu_text_is(error.member, cases[i].member));
    }
}

/* --- records --- */

static void make_record(struct room *room, struct numu_record *record) {
    static const struct numu_text prev[] = {
        {"00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff", 64}};
    *record = (struct numu_record){.body = NUMU_TEXT(good_body),
                                   .site = NUMU_TEXT("bamako"),
                                   .epoch = 1,
                                   .sequence = 42,
                                   .recorded = INT64_C(1767600000),
                                   .prev = {prev, 1},
                                   .signature_count = 1};
    record->signatures[0].key = NUMU_TEXT("p_keeper");
    memset(record->signatures[0].signature.bytes, 7, NUMU_SIGNATURE_BYTES);
    numu_buffer_clear(&room->buffer);
    must(numu_record_write(record, &room->buffer));
}

static void test_record(void **state) {
    struct room *room = *state;
    struct numu_record record;
    struct numu_record read;
    struct numu_event_error error;
    make_record(room, &record);
    struct numu_text whole;
    must(numu_text_copy(&room->arena, text_of(&room->buffer), &whole));
    must(numu_record_read(&room->arena, whole, &read, &error));
    assert_true(numu_text_is_equal(read.body, record.body));
    assert_true(read.epoch == 1 && read.sequence == 42 && read.recorded == record.recorded);
    assert_true(read.prev.count == 1 && read.signature_count == 1);
    numu_buffer_clear(&room->buffer);
    must(numu_record_write(&read, &room->buffer));
    assert_true(numu_text_is_equal(whole, text_of(&room->buffer)));
}

/* [E1] of event.h: what is read is what would have been written. */
static void test_record_changed(void **state) {
    struct room *room = *state;
    struct numu_record record;
    struct numu_event_error error;
    make_record(room, &record);
    struct numu_buffer again;
    numu_buffer_init(&again, &room->heap, 0);
    size_t accepted = 0;
    for (size_t i = 0; i < room->buffer.length; i++) {
        for (unsigned bit = 0; bit < 8; bit++) {
            struct numu_arena_mark mark = numu_arena_mark(&room->arena);
            struct numu_record read;
            room->buffer.data[i] = (char)(room->buffer.data[i] ^ (1 << bit));
            numu_status status =
                numu_record_read(&room->arena, text_of(&room->buffer), &read, &error);
            assert_true(status == NUMU_OK || status == NUMU_INVALID);
            if (status == NUMU_OK) {
                accepted++;
                numu_buffer_clear(&again);
                must(numu_record_write(&read, &again));
                assert_true(numu_text_is_equal(text_of(&again), text_of(&room->buffer)));
            }
            room->buffer.data[i] = (char)(room->buffer.data[i] ^ (1 << bit));
            numu_arena_rewind(&room->arena, mark);
        }
    }
    assert_true(accepted > 0); /* another letter in a name is another event */
    for (size_t end = 0; end < room->buffer.length; end++) {
        struct numu_record read;
        assert_int_equal(numu_record_read(&room->arena, (struct numu_text){room->buffer.data, end},
                                          &read, &error),
                         NUMU_INVALID);
    }
    numu_buffer_release(&again);
}

static void test_too_large(void **state) {
    struct room *room = *state;
    struct numu_event event;
    struct numu_event_error error;
    must(numu_buffer_append_string(&room->buffer,
                                   HEAD "\"type\":\"open\",\"lines\":[{\"item\":\"a\","
                                        "\"serials\":[\"S000001..S006000\"]}]}"));
    must(numu_event_read_draft(&room->arena, text_of(&room->buffer), &event, &error));
    assert_int_equal(event.lines[0].serials.count, 6000);
    numu_buffer_clear(&room->buffer);
    must(numu_event_write_body(&event, &room->arena, &room->buffer));
    struct numu_record record = {
        .body = text_of(&room->buffer), .site = NUMU_TEXT("a"), .recorded = 0};
    struct numu_buffer leaf;
    numu_buffer_init(&leaf, &room->heap, 0);
    must(numu_record_write(&record, &leaf));
    static char long_site[10000];
    memset(long_site, 'x', sizeof long_site);
    record.site = (struct numu_text){long_site, sizeof long_site};
    numu_buffer_clear(&leaf);
    assert_int_equal(numu_record_write(&record, &leaf), NUMU_LIMIT);
    numu_buffer_release(&leaf);
}

/* --- instants --- */

static void test_instants(void **state) {
    (void)state;
    static const struct {
        const char *text;
        numu_instant instant;
    } good[] = {{"1970-01-01T00:00:00Z", 0},
                {"2038-01-19T03:14:08Z", INT64_C(2147483648)},
                {"2106-02-07T06:28:16Z", INT64_C(4294967296)},
                {"1969-12-31T23:59:59Z", -1},
                {"2000-02-29T12:00:00Z", INT64_C(951825600)}};
    char text[NUMU_INSTANT_TEXT_BYTES];
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        numu_instant instant;
        assert_true(numu_instant_parse(numu_text_of(good[i].text), &instant));
        assert_true(instant == good[i].instant);
        assert_string_equal(numu_instant_format(instant, text), good[i].text);
    }
    static const char *const bad[] = {"2026-01-05T24:00:00Z", "2026-01-05T08:60:00Z",
                                      "2016-12-31T23:59:60Z", "2026-01-05 08:00:00Z",
                                      "2026-01-05T08:00:00",  "2026-01-05T08:00:00+01:00",
                                      "2026-02-29T08:00:00Z", "2026-01-05T08:00:00.0Z"};
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        numu_instant instant;
        assert_false(numu_instant_parse(numu_text_of(bad[i]), &instant));
    }
}

/* Serials that follow each other are told as one range. */
static void test_serials_follow(void **state) {
    (void)state;
    static const struct {
        const char *before, *after;
        bool follow;
    } cases[] = {{"A1", "A2", true},    {"A09", "A10", true},    {"A99", "B00", false},
                 {"199", "200", true},  {"A1", "A3", false},     {"A1", "A1", false},
                 {"A2", "A1", false},   {"A9", "A10", false},    {"999", "000", false},
                 {"A19", "A10", false}, {"AB", "AC", false},     {"", "", false},
                 {"A1x", "A2x", false}, {"A299", "B300", false}, {"A0999", "A1000", true}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_int_equal(
            numu_serial_follows(numu_text_of(cases[i].before), numu_text_of(cases[i].after)),
            cases[i].follow);
    }
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, room_init, room_release)

int main(void) {
    const struct CMUnitTest tests[] = {TEST(test_canonical),      TEST(test_draft),
                                       TEST(test_bad_drafts),     TEST(test_record),
                                       TEST(test_record_changed), TEST(test_too_large),
                                       TEST(test_instants),       TEST(test_serials_follow)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
