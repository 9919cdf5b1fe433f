/*
 * xml_libxml2.c - see xml.h; by libxml2's SAX2 interface.
 *
 * libxml2's own tree is not built: its memory would not be counted, and it tells lines, not
 * offsets. The parser is stopped at the first thing that is refused. Its own limits (text of 10 MB,
 * names of 50 kB) stay in force.
 */
#include "base/xml.h"

#include <libxml/parser.h>
#include <libxml/parserInternals.h>
#include <string.h>

struct level {
    struct numu_xml *element;
    const struct numu_xml **end; /* where the next child goes */
    struct numu_buffer text;
};

struct xml_reader {
    struct numu_arena *arena;
    struct numu_text bytes;
    xmlParserCtxtPtr parser;
    struct level levels[NUMU_XML_DEPTH_MAX];
    unsigned depth;
    uint32_t count;
    const struct numu_xml *root;
    struct numu_xml_error error;
    numu_status status;
};

/* Bytes of the document read so far; SIZE_MAX where libxml2 had to convert them. */
static size_t position(const struct xml_reader *reader) {
    const xmlParserInputPtr input = reader->parser->input;
    if (input == NULL || (input->buf != NULL && input->buf->encoder != NULL)) {
        return SIZE_MAX;
    }
    long consumed = xmlByteConsumed(reader->parser);
    return consumed < 0 || (size_t)consumed > reader->bytes.length ? SIZE_MAX : (size_t)consumed;
}

static void stop(struct xml_reader *reader, numu_status status, numu_xml_problem problem) {
    if (reader->status == NUMU_OK) {
        reader->status = status;
        reader->error = (struct numu_xml_error){problem, position(reader)};
        xmlStopParser(reader->parser);
    }
}

static struct numu_text text_of(const xmlChar *string) {
    return numu_text_of((const char *)string);
}

/* The '<' before what has been read: the start of the tag, since no attribute may hold one. */
static size_t tag_offset(const struct xml_reader *reader) {
    size_t at = position(reader);
    while (at != SIZE_MAX && at > 0 &&
           (at == reader->bytes.length || reader->bytes.data[at] != '<')) {
        at--;
    }
    return at;
}

static numu_status add_attributes(struct xml_reader *reader, struct numu_xml *element, int count,
                                  const xmlChar **attributes) {
    const struct numu_xml_attribute **end = &element->attributes;
    for (int i = 0; i < count; i++, attributes += 5) { /* local name, prefix, URI, value, end */
        struct numu_xml_attribute *attribute;
        struct numu_text value = {(const char *)attributes[3],
                                  (size_t)(attributes[4] - attributes[3])};
        NUMU_TRY(NUMU_TAKE(reader->arena, &attribute, 1));
        NUMU_TRY(numu_text_copy(reader->arena, text_of(attributes[0]), &attribute->name));
        NUMU_TRY(numu_text_copy(reader->arena, value, &attribute->value));
        *end = attribute;
        end = &attribute->next;
    }
    return NUMU_OK;
}

static numu_status begin(struct xml_reader *reader, const xmlChar *name, int attribute_count,
                         const xmlChar **attributes) {
    struct numu_xml *element;
    struct level *level = &reader->levels[reader->depth];
    NUMU_TRY(NUMU_TAKE(reader->arena, &element, 1));
    NUMU_TRY(numu_text_copy(reader->arena, text_of(name), &element->name));
    NUMU_TRY(add_attributes(reader, element, attribute_count, attributes));
    element->offset = tag_offset(reader);
    element->length = element->offset == SIZE_MAX ? 0 : (uint32_t)element->name.length + 1;
    if (reader->depth == 0) {
        reader->root = element;
    } else {
        *reader->levels[reader->depth - 1].end = element;
        reader->levels[reader->depth - 1].end = &element->next;
    }
    level->element = element;
    level->end = &element->first;
    numu_buffer_clear(&level->text);
    reader->depth++;
    return NUMU_OK;
}

static void on_begin(void *data, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri,
                     int namespace_count, const xmlChar **namespaces, int attribute_count,
                     int defaulted_count, const xmlChar **attributes) {
    struct xml_reader *reader = data;
    (void)prefix;
    (void)uri;
    (void)namespace_count;
    (void)namespaces;
    (void)defaulted_count;
    if (reader->status != NUMU_OK) {
        return;
    }
    if (reader->depth == NUMU_XML_DEPTH_MAX) {
        stop(reader, NUMU_INVALID, NUMU_XML_TOO_DEEP);
    } else if (reader->count++ == NUMU_XML_ELEMENTS_MAX) {
        stop(reader, NUMU_INVALID, NUMU_XML_TOO_MANY);
    } else {
        numu_status status = begin(reader, name, attribute_count, attributes);
        if (status != NUMU_OK) {
            stop(reader, status, NUMU_XML_FINE);
        }
    }
}

static bool is_blank(char character) {
    return character == ' ' || character == '\t' || character == '\n' || character == '\r';
}

static numu_status keep_text(struct xml_reader *reader, const struct level *level) {
    struct numu_text text = {level->text.data, level->text.length};
    while (text.length > 0 && is_blank(text.data[0])) {
        text.data++;
        text.length--;
    }
    while (text.length > 0 && is_blank(text.data[text.length - 1])) {
        text.length--;
    }
    return text.length == 0 ? NUMU_OK : numu_text_copy(reader->arena, text, &level->element->text);
}

static void on_end(void *data, const xmlChar *name, const xmlChar *prefix, const xmlChar *uri) {
    struct xml_reader *reader = data;
    (void)name;
    (void)prefix;
    (void)uri;
    if (reader->status != NUMU_OK || reader->depth == 0) {
        return;
    }
    reader->depth--;
    numu_status status = keep_text(reader, &reader->levels[reader->depth]);
    if (status != NUMU_OK) {
        stop(reader, status, NUMU_XML_FINE);
    }
}

static void on_text(void *data, const xmlChar *text, int length) {
    struct xml_reader *reader = data;
    if (reader->status != NUMU_OK || reader->depth == 0 || length <= 0) {
        return;
    }
    struct numu_buffer *buffer = &reader->levels[reader->depth - 1].text;
    numu_status status = numu_buffer_append(buffer, text, (size_t)length);
    if (status != NUMU_OK) {
        stop(reader, status, NUMU_XML_FINE);
    }
}

static void on_doctype(void *data, const xmlChar *name, const xmlChar *external,
                       const xmlChar *system) {
    (void)name;
    (void)external;
    (void)system;
    stop(data, NUMU_INVALID, NUMU_XML_DOCTYPE);
}

static void on_problem(void *data, xmlErrorPtr error) {
    struct xml_reader *reader = data;
    if (error->level < XML_ERR_ERROR) {
        return;
    }
    if (error->code == XML_ERR_NO_MEMORY) {
        stop(reader, NUMU_MEMORY, NUMU_XML_FINE);
    } else {
        stop(reader, NUMU_INVALID, NUMU_XML_MALFORMED);
    }
}

/*
 * Of input that cannot be converted libxml2 tells the thread's own handler, by default on standard
 * error, before the parser meets the gap and tells us. It must not be stopped from in there.
 */
static void on_conversion(void *data, xmlErrorPtr error) {
    (void)data;
    (void)error;
}

static numu_status parse(struct xml_reader *reader) {
    xmlSAXHandler handler = {.initialized = XML_SAX2_MAGIC,
                             .startElementNs = on_begin,
                             .endElementNs = on_end,
                             .characters = on_text,
                             .cdataBlock = on_text,
                             .internalSubset = on_doctype,
                             .serror = on_problem};
    if (reader->bytes.length == 0 || reader->bytes.length > INT32_MAX) {
        reader->error = (struct numu_xml_error){NUMU_XML_MALFORMED, 0};
        return NUMU_INVALID;
    }
    xmlParserCtxtPtr parser =
        xmlCreateMemoryParserCtxt(reader->bytes.data, (int)reader->bytes.length);
    if (parser == NULL) {
        return NUMU_MEMORY;
    }
    *parser->sax = handler;
    parser->userData = reader;
    reader->parser = parser;
    /* Without NOENT "&amp;" in attributes comes as "&#38;"; no document declares others. */
    (void)xmlCtxtUseOptions(parser, XML_PARSE_NONET | XML_PARSE_NOENT);
    xmlSetStructuredErrorFunc(NULL, on_conversion);
    int answer = xmlParseDocument(parser);
    xmlSetStructuredErrorFunc(NULL, NULL);
    if (answer != 0 || reader->root == NULL || reader->depth > 0) {
        stop(reader, NUMU_INVALID, NUMU_XML_MALFORMED);
    }
    xmlFreeParserCtxt(parser);
    return reader->status;
}

numu_status numu_xml_read(struct numu_arena *arena, struct numu_text bytes,
                          const struct numu_xml **out, struct numu_xml_error *out_error) {
    struct numu_arena_mark mark = numu_arena_mark(arena);
    struct xml_reader *reader;
    *out_error = (struct numu_xml_error){NUMU_XML_FINE, SIZE_MAX};
    NUMU_TRY(NUMU_TAKE(arena, &reader, 1));
    reader->arena = arena;
    reader->bytes = bytes;
    for (unsigned i = 0; i < NUMU_XML_DEPTH_MAX; i++) {
        numu_buffer_init(&reader->levels[i].text, arena->heap, 0);
    }
    numu_status status = parse(reader);
    for (unsigned i = 0; i < NUMU_XML_DEPTH_MAX; i++) {
        numu_buffer_release(&reader->levels[i].text);
    }
    if (status == NUMU_OK) {
        *out = reader->root;
    } else {
        *out_error = reader->error;
        numu_arena_rewind(arena, mark);
    }
    return status;
}
