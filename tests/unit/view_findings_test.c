/*
 * Goal: findings are shown as a compiler shows them: the right line and column, the right excerpt
 * with marks below what is meant, hints only where there is something to hint at.
 * Method: goldens
 * over small sources (accents, wide characters, tabs, long lines, CR and CRLF, byte order mark, end
 * of file); places in random files against a naive count; the same from memory and from a file;
 * each n-th allocation made to fail.
 */
#include "view/findings.h"

#include "base/random.h"
#include "view/place.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SEED = 20260402 };

struct fixture {
    struct numu_heap heap;
    struct numu_arena arena;
    struct numu_sources sources;
    struct numu_report report;
    struct numu_buffer buffer;
    uint32_t source;
};

static void begin(struct fixture *f, struct numu_text bytes) {
    numu_heap_init(&f->heap, 0);
    numu_arena_init(&f->arena, &f->heap);
    numu_sources_init(&f->sources, &f->arena);
    numu_report_init(&f->report, &f->heap, 2);
    numu_buffer_init(&f->buffer, &f->heap, 0);
    assert_int_equal(numu_sources_add(&f->sources, NUMU_TEXT("demand.csv"), bytes, &f->source),
                     NUMU_OK);
}

static void end(struct fixture *f) {
    numu_buffer_release(&f->buffer);
    numu_report_release(&f->report);
    numu_arena_release(&f->arena);
    assert_int_equal(f->heap.bytes, 0);
}

static void add(struct fixture *f, numu_code code, uint64_t offset, uint32_t length,
                const char *first, const char *second, const char *third, const char *fourth) {
    struct numu_diagnostic finding = {
        .code = code,
        .place = {f->source, length, offset},
        .related = NUMU_NOWHERE,
        .arguments = {numu_argument_string(first), numu_argument_string(second),
                      numu_argument_string(third), numu_argument_string(fourth)}};
    numu_report_add(&f->report, &finding);
}

static void expect_in(struct fixture *f, numu_language language, const char *text) {
    struct numu_findings_options options = {.language = language, .format = NUMU_FORMAT_TABLE};
    numu_buffer_clear(&f->buffer);
    assert_int_equal(numu_view_findings(&f->buffer, &f->report, &f->sources, &options), NUMU_OK);
    assert_string_equal(f->buffer.data, text);
}

static void expect(struct fixture *f, const char *text) {
    expect_in(f, NUMU_LANGUAGE_EN, text);
}

static void looks_like_a_compiler(void **state) {
    (void)state;
    static const char bytes[] = "id,due,quantity,item\nD-0031,2027-03-01,40,PUMP-8\n";
    struct fixture f;
    begin(&f, numu_text_of(bytes));
    add(&f, NUMU_CODE_UNKNOWN_REFERENCE, (uint64_t)(strstr(bytes, "PUMP") - bytes), 6, "item",
        "PUMP-8", "item", "PUMP-08");
    expect(&f,
           "demand.csv:2:22: error[unknown-reference]: column \"item\" names \"PUMP-8\", which is "
           "not in table item\n"
           "    2 | D-0031,2027-03-01,40,PUMP-8\n"
           "      |                      ^~~~~~\n"
           "hint: did you mean \"PUMP-08\"?\n"
           "\n"
           "1 error, 0 warnings\n");
    expect_in(&f, NUMU_LANGUAGE_FR,
              "demand.csv:2:22: erreur[unknown-reference]\u00A0: colonne «\u00A0item\u00A0»\u00A0: "
              "«\u00A0PUMP-8\u00A0», absent de la table item\n"
              "    2 | D-0031,2027-03-01,40,PUMP-8\n"
              "      |                      ^~~~~~\n"
              "conseil\u00A0: vouliez-vous dire «\u00A0PUMP-08\u00A0»\u202F?\n"
              "\n"
              "1 erreur, 0 avertissement\n");
    end(&f);
}

static void hints_need_their_arguments(void **state) {
    (void)state;
    struct fixture f;
    begin(&f, NUMU_TEXT("x\n"));
    add(&f, NUMU_CODE_UNKNOWN_CHOICE, 0, 1, "family", "gun", "", "vehicle, spare");
    add(&f, NUMU_CODE_UNKNOWN_REFERENCE, 0, 1, "item", "x", "item", "");
    expect(&f,
           "demand.csv:1:1: error[unknown-choice]: column \"family\" is \"gun\", which is none of "
           "its choices\n"
           "    1 | x\n"
           "      | ^\n"
           "hint: choices: vehicle, spare\n"
           "\n"
           "demand.csv:1:1: error[unknown-reference]: column \"item\" names \"x\", which is not in "
           "table item\n"
           "    1 | x\n"
           "      | ^\n"
           "\n"
           "2 errors, 0 warnings\n");
    end(&f);
}

static void places_of_any_shape(void **state) {
    (void)state;
    struct fixture f;
    begin(&f, NUMU_TEXT("x\n"));
    f.report.keep_max = 0;
    struct numu_diagnostic nowhere = {
        .code = NUMU_CODE_CANNOT_READ,
        .place = NUMU_NOWHERE,
        .related = NUMU_NOWHERE,
        .arguments = {numu_argument_string("a\033b"), numu_argument_string("no such file")}};
    numu_report_add(&f.report, &nowhere);
    add(&f, NUMU_CODE_MISSING_HEADER, NUMU_WHOLE_FILE, 0, "demand", "", "", "");
    expect(&f, "demand.csv: error[missing-header]: no header in table \"demand\"\n"
               "hint: write the names of the columns in the first line\n"
               "\n"
               "error[cannot-read]: cannot read \"a\uFFFDb\": no such file\n"
               "\n"
               "2 errors, 0 warnings\n");
    end(&f);
}

static void related_places_and_more(void **state) {
    (void)state;
    static const char bytes[] = "id\nA\nB\nA\n";
    struct fixture f;
    begin(&f, numu_text_of(bytes));
    struct numu_diagnostic twice = {
        .code = NUMU_CODE_DUPLICATE_ID,
        .place = {f.source, 1, 7},
        .related = {f.source, 0, 3},
        .arguments = {numu_argument_string("A"), numu_argument_string("item")}};
    numu_report_add(&f.report, &twice);
    for (int i = 0; i < 4812; i++) {
        numu_report_count(&f.report, NUMU_CODE_DUPLICATE_ID);
    }
    numu_report_count(&f.report, NUMU_CODE_UNKNOWN_TABLE);
    expect(&f, "demand.csv:4:1: error[duplicate-id]: id \"A\" is there twice in table \"item\"\n"
               "    4 | A\n"
               "      | ^\n"
               "demand.csv:2:1: note: first here\n"
               "    2 | A\n"
               "      | ^\n"
               "hint: give one of them another id, or remove it\n"
               "and 4,812 more like this (duplicate-id)\n"
               "\n"
               "and 1 more like this (unknown-table)\n"
               "4,813 errors, 1 warning\n");
    end(&f);
}

/* The excerpt alone, of a place in some bytes. */
static void expect_excerpt(struct numu_text bytes, uint64_t offset, uint32_t length,
                           const char *text) {
    struct fixture f;
    begin(&f, bytes);
    struct numu_place place = {f.source, length, offset};
    struct numu_spot spot;
    struct numu_output out;
    assert_int_equal(numu_spots_find(&f.sources, &place, 1, &f.arena, &spot), NUMU_OK);
    numu_output_init(&out, &f.buffer, NUMU_LANGUAGE_EN, false);
    numu_output_excerpt(&out, &f.sources, &place, &spot, "", "");
    assert_int_equal(numu_output_finish(&out), NUMU_OK);
    assert_string_equal(f.buffer.data, text);
    end(&f);
}

static void characters_of_any_width(void **state) {
    (void)state;
    expect_excerpt(NUMU_TEXT("é,日本,x"), strlen("é,日本,"), 1,
                   "    1 | é,日本,x\n"
                   "      |        ^\n");
    expect_excerpt(NUMU_TEXT("a,日本,x"), 2, (uint32_t)strlen("日本"),
                   "    1 | a,日本,x\n"
                   "      |   ^~~~\n");
    expect_excerpt(NUMU_TEXT("a\tb\tcc"), 4, 2,
                   "    1 | a b cc\n"
                   "      |     ^~\n");
    expect_excerpt(NUMU_TEXT("a\033b\xFFz"), 4, 1,
                   "    1 | a\uFFFDb\uFFFDz\n"
                   "      |     ^\n");
}

static void line_ends_of_any_kind(void **state) {
    (void)state;
    expect_excerpt(NUMU_TEXT("ab\r\ncd\r\nef"), 4, 2,
                   "    2 | cd\n"
                   "      | ^~\n");
    expect_excerpt(NUMU_TEXT("ab\rcd\ref"), 7, 1,
                   "    3 | ef\n"
                   "      |  ^\n");
    expect_excerpt(NUMU_TEXT("ab\n\n\nc"), 5, 1,
                   "    4 | c\n"
                   "      | ^\n");
    /* what is marked ends with its line */
    expect_excerpt(NUMU_TEXT("a,\"b\nc\""), 2, 5,
                   "    1 | a,\"b\n"
                   "      |   ^~\n");
    /* the end of the file, with and without a line end before it, and beyond */
    expect_excerpt(NUMU_TEXT("ab\n"), 3, 0,
                   "    2 | \n"
                   "      | ^\n");
    expect_excerpt(NUMU_TEXT("ab"), 2, 1,
                   "    1 | ab\n"
                   "      |   ^\n");
    expect_excerpt(NUMU_TEXT("ab"), 200, 1,
                   "    1 | ab\n"
                   "      |   ^\n");
    expect_excerpt(NUMU_TEXT("\xEF\xBB\xBFid\n"), 0, 2,
                   "    1 | id\n"
                   "      | ^~\n");
    expect_excerpt(NUMU_TEXT("\xEF\xBB\xBFid\n"), 4, 1,
                   "    1 | id\n"
                   "      |  ^\n");
}

static void long_lines_are_cut(void **state) {
    (void)state;
    char bytes[5000];
    memset(bytes, 'x', sizeof bytes);
    memcpy(bytes + 2500, "HERE", 4);
    struct fixture f;
    static const uint64_t offsets[] = {0, 30, 59, 60, 61, 100, 2500, 4990, 5000};
    for (size_t i = 0; i < sizeof offsets / sizeof offsets[0]; i++) {
        begin(&f, (struct numu_text){bytes, sizeof bytes});
        add(&f, NUMU_CODE_OPEN_QUOTE, offsets[i], 4, "", "", "", "");
        struct numu_findings_options options = {.language = NUMU_LANGUAGE_EN};
        assert_int_equal(numu_view_findings(&f.buffer, &f.report, &f.sources, &options), NUMU_OK);
        const char *excerpt = strchr(f.buffer.data, '\n') + 1;
        const char *marks = strchr(excerpt, '\n') + 1;
        struct numu_text line = {excerpt, (size_t)(marks - 1 - excerpt)};
        assert_true(numu_text_width(line) <= strlen("    1 | ") + 100);
        size_t column = (size_t)(strchr(marks, '^') - marks);
        assert_true(column < strlen("    1 | ") + 100);
        if (offsets[i] == 2500) { /* the ellipsis before it is three bytes wide */
            assert_memory_equal(excerpt + column + 2, "HERE", 4);
            assert_memory_equal(marks + column, "^~~~\n", 5);
        }
        end(&f);
    }
}

/* Line and column by looking at each byte from the start of the text. */
static struct numu_spot naive_spot(struct numu_text text, uint64_t offset) {
    struct numu_spot spot = {.line = 1, .column = 1};
    for (size_t i = 0; i < text.length && i < offset; i++) {
        bool is_crlf = text.data[i] == '\r' && i + 1 < text.length && text.data[i + 1] == '\n';
        if (text.data[i] == '\n' || (text.data[i] == '\r' && !is_crlf)) {
            spot.line++;
            spot.column = 1;
        } else {
            spot.column += ((unsigned char)text.data[i] & 0xC0) != 0x80;
        }
    }
    return spot;
}

static void agrees_with_a_naive_count(void **state) {
    (void)state;
    print_message("# seed %d\n", SEED);
    struct numu_random random;
    numu_random_init(&random, SEED, 0);
    for (int round = 0; round < 300; round++) {
        static const char alphabet[] = "ab,\n\r\n\xC3\xA9";
        char bytes[200];
        size_t length = numu_random_below(&random, sizeof bytes + 1);
        for (size_t i = 0; i < length; i++) {
            bytes[i] = alphabet[numu_random_below(&random, sizeof alphabet - 1)];
        }
        struct numu_text text = {bytes, length};
        struct fixture f;
        begin(&f, text);
        struct numu_place places[20];
        struct numu_spot spots[20];
        for (size_t i = 0; i < 20; i++) {
            places[i] = (struct numu_place){f.source, 1, numu_random_below(&random, length + 1)};
        }
        assert_int_equal(numu_spots_find(&f.sources, places, 20, &f.arena, spots), NUMU_OK);
        for (size_t i = 0; i < 20; i++) {
            struct numu_spot expected = naive_spot(text, places[i].offset);
            bool within_crlf = places[i].offset > 0 && places[i].offset < length &&
                               bytes[places[i].offset] == '\n' &&
                               bytes[places[i].offset - 1] == '\r';
            assert_int_equal(spots[i].line, expected.line);
            assert_true(within_crlf || spots[i].column == expected.column);
        }
        end(&f);
    }
}

/* More than one chunk of reading, from a file that is not in memory; then the file is gone. */
static void files_are_read_again(void **state) {
    (void)state;
    char path[] = "/tmp/numu-view-XXXXXX";
    int descriptor = mkstemp(path);
    assert_true(descriptor >= 0);
    FILE *file = fdopen(descriptor, "w");
    assert_non_null(file);
    for (int line = 1; line <= 30000; line++) {
        fprintf(file, "%d,é\r\n", line);
    }
    long size = ftell(file);
    assert_int_equal(fclose(file), 0);

    struct fixture f;
    begin(&f, NUMU_TEXT("unused"));
    uint32_t source;
    assert_int_equal(
        numu_sources_add(&f.sources, numu_text_of(path), (struct numu_text){NULL, 0}, &source),
        NUMU_OK);
    /* "30000,é\r\n" is 10 bytes: é of the last line, then the first byte of it */
    struct numu_place places[2] = {{source, 2, (uint64_t)size - 4},
                                   {source, 5, (uint64_t)size - 10}};
    struct numu_spot spots[2];
    assert_int_equal(numu_spots_find(&f.sources, places, 2, &f.arena, spots), NUMU_OK);
    assert_int_equal(spots[0].line, 30000);
    assert_int_equal(spots[0].column, 7);
    assert_int_equal(spots[1].line, 30000);
    assert_int_equal(spots[1].column, 1);
    struct numu_output out;
    numu_output_init(&out, &f.buffer, NUMU_LANGUAGE_EN, false);
    numu_output_excerpt(&out, &f.sources, &places[0], &spots[0], "", "");
    assert_int_equal(numu_output_finish(&out), NUMU_OK);
    assert_string_equal(f.buffer.data, "30000 | 30000,é\n      |       ^\n");

    assert_int_equal(unlink(path), 0);
    assert_int_equal(numu_spots_find(&f.sources, places, 2, &f.arena, spots), NUMU_OK);
    assert_int_equal(spots[0].line, 0);
    f.source = source;
    add(&f, NUMU_CODE_OPEN_QUOTE, 3, 1, "", "", "", "");
    struct numu_findings_options options = {.language = NUMU_LANGUAGE_EN};
    numu_buffer_clear(&f.buffer);
    assert_int_equal(numu_view_findings(&f.buffer, &f.report, &f.sources, &options), NUMU_OK);
    assert_null(strchr(f.buffer.data, '|'));
    assert_non_null(strstr(f.buffer.data, ": error[open-quote]"));
    end(&f);
}

static void machines_read_it(void **state) {
    (void)state;
    struct fixture f;
    begin(&f, NUMU_TEXT("id\nA,\"x\n"));
    add(&f, NUMU_CODE_UNKNOWN_REFERENCE, 5, 2, "item", "\"x", "item", "");
    struct numu_findings_options options = {.language = NUMU_LANGUAGE_EN,
                                            .format = NUMU_FORMAT_CSV};
    assert_int_equal(numu_view_findings(&f.buffer, &f.report, &f.sources, &options), NUMU_OK);
    assert_string_equal(f.buffer.data,
                        "severity,code,file,line,column,message,hint\n"
                        "error,unknown-reference,demand.csv,2,3,\"column \"\"item\"\" names "
                        "\"\"\"\"x\"\", which is not in table item\",\n");
    numu_buffer_clear(&f.buffer);
    options.format = NUMU_FORMAT_JSON;
    assert_int_equal(numu_view_findings(&f.buffer, &f.report, &f.sources, &options), NUMU_OK);
    assert_string_equal(f.buffer.data,
                        "{\n"
                        "  \"format\": \"numu.check/1\",\n"
                        "  \"numu\": null,\n"
                        "  \"inputs_sha256\": null,\n"
                        "  \"data_date\": null,\n"
                        "  \"seed\": null,\n"
                        "  \"errors\": 1,\n"
                        "  \"warnings\": 0,\n"
                        "  \"counts\": {\n"
                        "    \"unknown-reference\": 1\n"
                        "  },\n"
                        "  \"findings\": [\n"
                        "    {\n"
                        "      \"code\": \"unknown-reference\",\n"
                        "      \"severity\": \"error\",\n"
                        "      \"file\": \"demand.csv\",\n"
                        "      \"line\": 2,\n"
                        "      \"column\": 3,\n"
                        "      \"message\": \"column \\\"item\\\" names \\\"\\\"x\\\", "
                        "which is not in table item\",\n"
                        "      \"hint\": null\n"
                        "    }\n"
                        "  ]\n"
                        "}\n");
    end(&f);
}

static void colors_only_on_request(void **state) {
    (void)state;
    struct fixture f;
    begin(&f, NUMU_TEXT("x\n"));
    add(&f, NUMU_CODE_OPEN_QUOTE, 0, 1, "", "", "", "");
    struct numu_findings_options options = {.language = NUMU_LANGUAGE_EN};
    assert_int_equal(numu_view_findings(&f.buffer, &f.report, &f.sources, &options), NUMU_OK);
    assert_null(strchr(f.buffer.data, '\033'));
    options.color = true;
    numu_buffer_clear(&f.buffer);
    assert_int_equal(numu_view_findings(&f.buffer, &f.report, &f.sources, &options), NUMU_OK);
    assert_non_null(strstr(f.buffer.data, "\033[1;31merror[open-quote]\033[0m"));
    end(&f);
}

static void every_code_is_explained(void **state) {
    (void)state;
    for (int language = NUMU_LANGUAGE_EN; language <= NUMU_LANGUAGE_FR; language++) {
        for (int code = 1; code < NUMU_CODE_COUNT; code++) {
            struct fixture f;
            begin(&f, NUMU_TEXT(""));
            assert_int_equal(numu_view_code(&f.buffer, (numu_code)code, (numu_language)language),
                             NUMU_OK);
            assert_non_null(strstr(f.buffer.data, numu_code_text((numu_code)code)));
            const char *body = strstr(f.buffer.data, "\n\n");
            assert_non_null(body);
            for (const char *line = body + 2; *line != '\0';) {
                size_t length = strcspn(line, "\n");
                assert_true(numu_text_width((struct numu_text){line, length}) <= 80);
                line += length + 1;
            }
            end(&f);
        }
    }
}

static void failure_leaves_the_buffer(void **state) {
    (void)state;
    for (int format = NUMU_FORMAT_TABLE; format <= NUMU_FORMAT_JSON; format++) {
        for (uint_fast64_t n = 1;; n++) {
            struct fixture f;
            begin(&f, NUMU_TEXT("id\nA\n"));
            add(&f, NUMU_CODE_UNKNOWN_CHOICE, 3, 1, "family", "A", "B", "B, C");
            assert_int_equal(numu_buffer_append_string(&f.buffer, "before"), NUMU_OK);
            struct numu_findings_options options = {.format = (numu_format)format};
            size_t bytes = f.heap.bytes;
            f.heap.fail_at = f.heap.count + n;
            numu_status status = numu_view_findings(&f.buffer, &f.report, &f.sources, &options);
            bool is_done = status == NUMU_OK;
            if (!is_done) {
                assert_int_equal(status, NUMU_MEMORY);
                assert_string_equal(f.buffer.data, "before");
                assert_true(f.heap.bytes >= bytes);
            }
            end(&f);
            if (is_done) {
                assert_true(n > 3);
                break;
            }
        }
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(looks_like_a_compiler),     cmocka_unit_test(hints_need_their_arguments),
        cmocka_unit_test(places_of_any_shape),       cmocka_unit_test(related_places_and_more),
        cmocka_unit_test(characters_of_any_width),   cmocka_unit_test(line_ends_of_any_kind),
        cmocka_unit_test(long_lines_are_cut),        cmocka_unit_test(agrees_with_a_naive_count),
        cmocka_unit_test(files_are_read_again),      cmocka_unit_test(machines_read_it),
        cmocka_unit_test(colors_only_on_request),    cmocka_unit_test(every_code_is_explained),
        cmocka_unit_test(failure_leaves_the_buffer),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
