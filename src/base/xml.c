/*
 * xml.c - what of xml.h needs no library.
 */
#include "base/xml.h"

#include <string.h>

const char *numu_xml_problem_name(numu_xml_problem problem) {
    static const char *const names[] = {"", "kind.xml_malformed", "kind.xml_doctype",
                                        "kind.xml_too_deep", "kind.xml_too_many"};
    return names[problem];
}

const struct numu_xml *numu_xml_find(const struct numu_xml *element, const char *name) {
    const struct numu_xml *child = element == NULL ? NULL : element->first;
    while (child != NULL && !numu_text_is(child->name, name)) {
        child = child->next;
    }
    return child;
}

const struct numu_xml *numu_xml_next(const struct numu_xml *element) {
    const struct numu_xml *sibling = element->next;
    while (sibling != NULL && !numu_text_is_equal(sibling->name, element->name)) {
        sibling = sibling->next;
    }
    return sibling;
}

struct numu_text numu_xml_text(const struct numu_xml *element, const char *name) {
    const struct numu_xml *child = numu_xml_find(element, name);
    return child == NULL ? (struct numu_text){NULL, 0} : child->text;
}

/* Whether XML 1.0 (production 2) may hold a character. */
static bool is_character(uint32_t code) {
    return code == '\t' || code == '\n' || code == '\r' || (code >= 0x20 && code <= 0xD7FF) ||
           (code >= 0xE000 && code <= 0xFFFD) || (code >= 0x10000 && code <= 0x10FFFF);
}

static const char *escape_of(uint32_t code) {
    switch (code) {
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '"':
        return "&quot;";
    case '\r':
        return "&#13;";
    default:
        return is_character(code) ? NULL : "\xEF\xBF\xBD";
    }
}

numu_status numu_xml_write(struct numu_buffer *buffer, struct numu_text text) {
    while (text.length > 0) {
        uint32_t code;
        size_t bytes = numu_utf8_decode(text, &code);
        const char *escape = escape_of(code);
        /* A broken byte decodes to U+FFFD, too, and is no character of its own. */
        if (escape == NULL && code == 0xFFFD && bytes == 1) {
            escape = "\xEF\xBF\xBD";
        }
        NUMU_TRY(escape != NULL ? numu_buffer_append_string(buffer, escape)
                                : numu_buffer_append(buffer, text.data, bytes));
        text.data += bytes;
        text.length -= bytes;
    }
    return NUMU_OK;
}
