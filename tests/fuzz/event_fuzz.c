/*
 * event_fuzz.c - whatever is read as a record, a body, a note or a proof is written back byte for
 * byte; whatever is read as a draft makes a body that is read.
 */
#include "ledger/event.h"
#include "ledger/note.h"
#include "ledger/tile.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require_same(const struct numu_buffer *written, struct numu_text text) {
    numu_assert(written->length == text.length &&
                (text.length == 0 || memcmp(written->data, text.data, text.length) == 0));
}

static void try_body(struct numu_arena *arena, struct numu_buffer *buffer, struct numu_text text) {
    struct numu_event event;
    struct numu_event_error error;
    if (numu_event_read_body(arena, text, &event, &error) == NUMU_OK) {
        numu_buffer_clear(buffer);
        numu_assert(numu_event_write_body(&event, arena, buffer) == NUMU_OK);
        require_same(buffer, text);
    } else {
        numu_assert(error.problem != NUMU_EVENT_FINE && error.offset <= text.length);
    }
    if (numu_event_read_draft(arena, text, &event, &error) == NUMU_OK) {
        numu_buffer_clear(buffer);
        if (event.ledger.length == 0) { /* who records knows it */
            event.ledger = NUMU_TEXT("l");
        }
        if (event.ref.length > 0) { /* the same of the hash of a reference */
            event.ref = (struct numu_text){NULL, 0};
            if (event.type == NUMU_EVENT_approve || event.type == NUMU_EVENT_close ||
                event.type == NUMU_EVENT_correct || event.type == NUMU_EVENT_withdraw) {
                return;
            }
        }
        if (numu_event_write_body(&event, arena, buffer) == NUMU_OK) {
            struct numu_text body = {buffer->data, buffer->length};
            numu_assert(numu_event_read_body(arena, body, &event, &error) == NUMU_OK);
        }
    }
}

static void try_record(struct numu_arena *arena, struct numu_buffer *buffer,
                       struct numu_text text) {
    struct numu_record record;
    struct numu_event_error error;
    if (numu_record_read(arena, text, &record, &error) == NUMU_OK) {
        numu_buffer_clear(buffer);
        numu_assert(numu_record_write(&record, buffer) == NUMU_OK);
        require_same(buffer, text);
    }
}

static void try_notes(struct numu_buffer *buffer, struct numu_text text) {
    struct numu_entry_proof proof;
    struct numu_text inner;
    size_t count;
    if (numu_entry_proof_read(text, &proof) == NUMU_OK) {
        numu_buffer_clear(buffer);
        numu_assert(numu_entry_proof_write(&proof, buffer) == NUMU_OK);
        require_same(buffer, text);
    }
    if (numu_note_read(text, NULL, 0, &inner, &count) == NUMU_OK) {
        struct numu_checkpoint checkpoint;
        numu_assert(count == 0 && inner.length < text.length);
        (void)!numu_checkpoint_parse(inner, &checkpoint);
    }
    struct numu_text entry;
    for (struct numu_text rest = text; numu_entries_next(&rest, &entry) == NUMU_OK;) {
        numu_assert(entry.length + rest.length < text.length);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct numu_heap heap;
    struct numu_arena arena;
    struct numu_buffer buffer;
    numu_heap_init(&heap, 0);
    numu_arena_init(&arena, &heap);
    numu_buffer_init(&buffer, &heap, 0);
    struct numu_text text = {(const char *)data, size};
    try_body(&arena, &buffer, text);
    try_record(&arena, &buffer, text);
    try_notes(&buffer, text);
    numu_buffer_release(&buffer);
    numu_arena_release(&arena);
    numu_assert(heap.bytes == 0);
    return 0;
}
