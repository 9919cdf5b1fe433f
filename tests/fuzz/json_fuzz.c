/*
 * json_fuzz.c - what the JSON reader accepts is written by walking the tree, then read again: the
 * trees must be equal. Offsets of values and errors must lie within the text.
 */
#include "base/json.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void write_tree(struct numu_json_writer *writer, const struct numu_json *value) {
    switch (value->kind) {
    case NUMU_JSON_NULL:
        numu_json_null(writer);
        return;
    case NUMU_JSON_FALSE:
    case NUMU_JSON_TRUE:
        numu_json_boolean(writer, value->kind == NUMU_JSON_TRUE);
        return;
    case NUMU_JSON_NUMBER:
        numu_json_number_text(writer, value->text);
        return;
    case NUMU_JSON_STRING:
        numu_json_text(writer, value->text);
        return;
    case NUMU_JSON_ARRAY:
        if (value->count % 2 == 0) {
            numu_json_begin_line_array(writer);
        } else {
            numu_json_begin_array(writer);
        }
        for (const struct numu_json *item = value->first; item != NULL; item = item->next) {
            write_tree(writer, item);
        }
        numu_json_end_array(writer);
        return;
    case NUMU_JSON_OBJECT:
        if (value->count % 2 == 0) {
            numu_json_begin_line_object(writer);
        } else {
            numu_json_begin_object(writer);
        }
        for (const struct numu_json *item = value->first; item != NULL; item = item->next) {
            numu_json_key_text(writer, item->key);
            write_tree(writer, item);
        }
        numu_json_end_object(writer);
        return;
    }
}

static void require_equal(const struct numu_json *a, const struct numu_json *b) {
    numu_assert(a->kind == b->kind && a->count == b->count);
    numu_assert(numu_text_is_equal(a->key, b->key) && numu_text_is_equal(a->text, b->text));
    const struct numu_json *of_b = b->first;
    uint32_t count = 0;
    for (const struct numu_json *of_a = a->first; of_a != NULL; of_a = of_a->next) {
        numu_assert(of_b != NULL);
        require_equal(of_a, of_b);
        of_b = of_b->next;
        count++;
    }
    numu_assert(of_b == NULL && count == a->count);
}

static void require_within(const struct numu_json *value, size_t from, size_t to) {
    numu_assert(value->length > 0 && from <= value->offset && value->length <= to - value->offset);
    size_t at = value->offset;
    for (const struct numu_json *child = value->first; child != NULL; child = child->next) {
        if (value->kind == NUMU_JSON_OBJECT) {
            numu_assert(child->key_offset > at && child->key_length >= 2);
            at = child->key_offset + child->key_length;
        }
        require_within(child, at, value->offset + value->length);
        at = child->offset + child->length;
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct numu_heap heap;
    struct numu_arena arena;
    numu_heap_init(&heap, 0);
    numu_arena_init(&arena, &heap);
    struct numu_text text = {(const char *)data, size};
    struct numu_json *tree = NULL;
    struct numu_json_error error;
    numu_status status = numu_json_read(&arena, text, NUMU_JSON_DEPTH_MAX, &tree, &error);
    if (status != NUMU_OK) {
        numu_assert(status == NUMU_INVALID && error.problem != NUMU_JSON_FINE);
        numu_assert(error.offset <= size && tree == NULL);
    } else {
        numu_assert(error.problem == NUMU_JSON_FINE);
        require_within(tree, 0, size);
        struct numu_buffer buffer;
        struct numu_json_writer writer;
        numu_buffer_init(&buffer, &heap, 0);
        numu_json_writer_init(&writer, &buffer);
        write_tree(&writer, tree);
        numu_assert(writer.status == NUMU_OK && writer.depth == 0);
        struct numu_text written = {buffer.data, buffer.length};
        struct numu_json *again;
        status = numu_json_read(&arena, written, NUMU_JSON_DEPTH_MAX, &again, &error);
        numu_assert(status == NUMU_OK);
        require_equal(tree, again);
        numu_buffer_release(&buffer);
    }
    numu_arena_release(&arena);
    numu_assert(heap.bytes == 0);
    return 0;
}
