/*
 * Goal: xml.h reads what is well formed, tells where elements stand, refuses what could grow or
 * lead out, and writes text that reads back the same. Method: small documents written by hand; each
 * n-th allocation made to fail; every cut of a document.
 */
#include "base/xml.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

struct fixture {
    struct numu_heap heap;
    struct numu_arena arena;
    const struct numu_xml *root;
    struct numu_xml_error error;
};

static void open_fixture(struct fixture *fixture) {
    memset(fixture, 0, sizeof *fixture);
    numu_heap_init(&fixture->heap, 0);
    numu_arena_init(&fixture->arena, &fixture->heap);
}

static void close_fixture(struct fixture *fixture) {
    numu_arena_release(&fixture->arena);
    assert_int_equal(fixture->heap.bytes, 0);
}

static numu_status read_text(struct fixture *fixture, struct numu_text text) {
    return numu_xml_read(&fixture->arena, text, &fixture->root, &fixture->error);
}

static const char document[] = "<?xml version=\"1.0\"?>\n"
                               "<!-- a <comment> -->\n"
                               "<a:list xmlns:a=\"urn:x\" kind=\"b&amp;w\">\n"
                               "  <item n='1'> one &lt;&#xE9;&gt; </item>\n"
                               "  <other/>\n"
                               "  <item><![CDATA[<two>]]></item> tail\n"
                               "</a:list>\n";

static void documents_are_read(void **state) {
    (void)state;
    struct fixture fixture;
    open_fixture(&fixture);
    assert_int_equal(read_text(&fixture, NUMU_TEXT(document)), NUMU_OK);
    const struct numu_xml *root = fixture.root;
    assert_true(numu_text_is(root->name, "list"));
    assert_true(numu_text_is(root->text, "tail"));
    assert_true(numu_text_is(root->attributes->name, "kind"));
    assert_true(numu_text_is(root->attributes->value, "b&w"));
    assert_int_equal(root->offset, strstr(document, "<a:list") - document);
    const struct numu_xml *item = numu_xml_find(root, "item");
    assert_true(numu_text_is(item->text, "one <\xC3\xA9>"));
    assert_int_equal(item->offset, strstr(document, "<item n") - document);
    assert_int_equal(item->length, 5);
    item = numu_xml_next(item);
    assert_true(numu_text_is(item->text, "<two>"));
    assert_null(numu_xml_next(item));
    assert_null(numu_xml_find(root, "items"));
    assert_int_equal(numu_xml_text(root, "other").length, 0);
    close_fixture(&fixture);
}

static void expect_problem(const char *text, numu_xml_problem problem) {
    struct fixture fixture;
    open_fixture(&fixture);
    assert_int_equal(read_text(&fixture, numu_text_of(text)), NUMU_INVALID);
    assert_int_equal(fixture.error.problem, problem);
    assert_null(fixture.root);
    close_fixture(&fixture);
}

static void what_could_grow_is_refused(void **state) {
    (void)state;
    expect_problem("", NUMU_XML_MALFORMED);
    expect_problem("<a><b></a>", NUMU_XML_MALFORMED);
    expect_problem("<a>&nobody;</a>", NUMU_XML_MALFORMED);
    expect_problem("<a/><b/>", NUMU_XML_MALFORMED);
    expect_problem("<a>\xFF\xFE</a>", NUMU_XML_MALFORMED);
    expect_problem("<!DOCTYPE a [<!ENTITY b \"cc\">]><a>&b;</a>", NUMU_XML_DOCTYPE);
    expect_problem("<!DOCTYPE a SYSTEM \"file:///etc/hostname\"><a/>", NUMU_XML_DOCTYPE);
    char deep[3 * (NUMU_XML_DEPTH_MAX + 1) + 1] = "";
    for (int i = 0; i <= NUMU_XML_DEPTH_MAX; i++) {
        memcpy(deep + (size_t)3 * (size_t)i, "<a>", 4);
    }
    expect_problem(deep, NUMU_XML_TOO_DEEP);
}

static void other_encodings_hide_offsets(void **state) {
    (void)state;
    struct fixture fixture;
    open_fixture(&fixture);
    assert_int_equal(
        read_text(&fixture,
                  NUMU_TEXT("<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><a><b>\xE9</b></a>")),
        NUMU_OK);
    assert_true(numu_text_is(numu_xml_text(fixture.root, "b"), "\xC3\xA9"));
    assert_int_equal(numu_xml_find(fixture.root, "b")->offset, SIZE_MAX);
    close_fixture(&fixture);
}

static void cuts_are_malformed(void **state) {
    (void)state;
    for (size_t cut = 0; cut + 2 < sizeof document; cut++) {
        struct fixture fixture;
        open_fixture(&fixture);
        assert_int_equal(read_text(&fixture, (struct numu_text){document, cut}), NUMU_INVALID);
        close_fixture(&fixture);
    }
}

static void memory_fails_anywhere(void **state) {
    (void)state;
    for (uint64_t n = 1;; n++) {
        struct fixture fixture;
        open_fixture(&fixture);
        fixture.heap.fail_at = n;
        numu_status status = read_text(&fixture, NUMU_TEXT(document));
        bool has_failed = fixture.heap.count >= n;
        assert_int_equal(status, has_failed ? NUMU_MEMORY : NUMU_OK);
        close_fixture(&fixture);
        if (!has_failed) {
            assert_true(n > 10);
            return;
        }
    }
}

static void what_is_written_reads_back(void **state) {
    (void)state;
    static const char text[] = "a<b>&\"c\"\r\nd \xC3\xA9 ]]> \x01\xFF.";
    struct fixture fixture;
    struct numu_buffer buffer;
    open_fixture(&fixture);
    numu_buffer_init(&buffer, &fixture.heap, 0);
    assert_int_equal(numu_buffer_append_string(&buffer, "<x>"), NUMU_OK);
    assert_int_equal(numu_xml_write(&buffer, NUMU_TEXT(text)), NUMU_OK);
    assert_int_equal(numu_buffer_append_string(&buffer, "</x>"), NUMU_OK);
    assert_int_equal(read_text(&fixture, (struct numu_text){buffer.data, buffer.length}), NUMU_OK);
    assert_true(
        numu_text_is(fixture.root->text, "a<b>&\"c\"\r\nd \xC3\xA9 ]]> \xEF\xBF\xBD\xEF\xBF\xBD."));
    numu_buffer_release(&buffer);
    close_fixture(&fixture);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(documents_are_read),
        cmocka_unit_test(what_could_grow_is_refused),
        cmocka_unit_test(other_encodings_hide_offsets),
        cmocka_unit_test(cuts_are_malformed),
        cmocka_unit_test(memory_fails_anywhere),
        cmocka_unit_test(what_is_written_reads_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
