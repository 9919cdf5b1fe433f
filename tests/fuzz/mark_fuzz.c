/*
 * mark_fuzz.c - element strings, messages of ISO/IEC 15434, lot numbers, patterns and dictionaries:
 * what is read is written as something that is read to the same.
 *
 * The first byte chooses which; the rest is the text.
 */
#include "rules/envelope.h"
#include "rules/gs1.h"
#include "rules/lot_number.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_string(struct numu_heap *heap, const struct numu_gs1_dictionary *dictionary,
                         struct numu_text text) {
    struct numu_gs1_string string, again;
    struct numu_gs1_finding findings[NUMU_GS1_FINDINGS_MAX];
    size_t unchecked;
    if (numu_gs1_string_read(dictionary, text, &string, findings) != NUMU_OK ||
        numu_gs1_string_check(&string, findings, &unchecked) > 0) {
        return;
    }
    struct numu_buffer symbol;
    numu_buffer_init(&symbol, heap, 0);
    numu_assert(numu_gs1_string_write_symbol(&string, &symbol) == NUMU_OK);
    numu_assert(numu_gs1_string_read(dictionary, (struct numu_text){symbol.data, symbol.length},
                                     &again, findings) == NUMU_OK);
    numu_assert(again.count == string.count);
    for (size_t i = 0; i < string.count; i++) {
        numu_assert(numu_text_is_equal(string.elements[i].value, again.elements[i].value));
    }
    numu_buffer_release(&symbol);
}

static void check_message(struct numu_heap *heap, struct numu_text text) {
    struct numu_envelope envelope;
    struct numu_envelope_finding finding;
    struct numu_item_identifier identifier;
    struct numu_buffer bytes, again;
    numu_buffer_init(&bytes, heap, 0);
    numu_buffer_init(&again, heap, 0);
    numu_assert(numu_envelope_from_words(text, &bytes) == NUMU_OK);
    struct numu_text message = {bytes.data, bytes.length};
    if (numu_envelope_read(message, &envelope, &finding) == NUMU_OK) {
        numu_assert(numu_envelope_write(&envelope, &again) == NUMU_OK);
        numu_assert(numu_text_is_equal(message, (struct numu_text){again.data, again.length}));
        if (numu_item_identifier_of(&envelope, &identifier, &finding) == NUMU_OK) {
            numu_assert(strlen(identifier.whole) <= NUMU_UII_BYTES_MAX);
        }
    }
    numu_buffer_release(&bytes);
    numu_buffer_release(&again);
}

static void check_lot(struct numu_text text) {
    struct numu_lot_number lot, other;
    char words[NUMU_LOT_NUMBER_BYTES];
    size_t at = 0;
    if (!numu_lot_number_parse(text, &lot, &at)) {
        numu_assert(at <= text.length);
        return;
    }
    numu_assert(numu_text_is(text, numu_lot_number_format(&lot, words)));
    if (numu_lot_number_rework(&lot, &other)) {
        numu_assert(
            numu_lot_number_parse(numu_text_of(numu_lot_number_format(&other, words)), &lot, &at));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct numu_heap heap;
    struct numu_arena arena;
    struct numu_gs1_dictionary dictionary;
    size_t line, at;
    if (size == 0) {
        return 0;
    }
    struct numu_text text = {(const char *)data + 1, size - 1};
    struct numu_text half = {text.data, text.length / 2};
    numu_heap_init(&heap, 0);
    numu_arena_init(&arena, &heap);
    switch (data[0] % 4) {
    case 0:
        numu_assert(numu_gs1_dictionary_open(&arena, &dictionary) == NUMU_OK);
        check_string(&heap, &dictionary, text);
        break;
    case 1:
        check_message(&heap, text);
        break;
    case 2:
        check_lot(text);
        (void)numu_pattern_fits(
            half, (struct numu_text){half.data + half.length, text.length - half.length}, &at);
        break;
    default:
        if (numu_gs1_dictionary_read(&arena, half, &dictionary, &line) == NUMU_OK) {
            check_string(&heap, &dictionary,
                         (struct numu_text){half.data + half.length, text.length - half.length});
        }
        break;
    }
    numu_arena_release(&arena);
    numu_assert(heap.bytes == 0);
    return 0;
}
