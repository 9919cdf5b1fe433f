/*
 * csv_transcript.h - all that the CSV reader says of a text, as text, so that two ways of reading
 * can be compared. Used by the fuzzer and by the unit test.
 *
 * Each window is fresh memory of exactly its size, so that sanitizers see a byte read too far (with
 * NUMU_DEBUG_ARENA) and a window that is still read after its time.
 */
#ifndef NUMU_TESTS_CSV_TRANSCRIPT_H
#define NUMU_TESTS_CSV_TRANSCRIPT_H

#include "base/csv.h"

#include <string.h>

/* How the bytes are handed to the reader. */
struct csv_windows {
    const size_t *steps; /* new bytes of each refill, again from the first after the last */
    size_t count;        /* 0: all in one window */
    bool is_end_late;    /* the end is told by a refill without new bytes */
};

static inline void csv_check(numu_status status) {
    numu_assert(status == NUMU_OK);
}

static inline void csv_transcribe_event(struct numu_buffer *out, numu_csv_event event,
                                        const struct numu_csv_reader *reader) {
    static const char *const names[] = {
        [NUMU_CSV_OPEN_QUOTE] = "open-quote",     [NUMU_CSV_STRAY_QUOTE] = "stray-quote",
        [NUMU_CSV_BAD_ENCODING] = "bad-encoding", [NUMU_CSV_TOO_LONG] = "too-long",
        [NUMU_CSV_TOO_MANY] = "too-many",
    };
    unsigned long long record_offset = reader->record_offset;
    if (event != NUMU_CSV_RECORD) {
        numu_assert(reader->count == 0);
        csv_check(numu_buffer_printf(out, "%s@%llu in %llu\n", names[event],
                                     (unsigned long long)reader->error_offset, record_offset));
        return;
    }
    csv_check(numu_buffer_printf(out, "%llu:", record_offset));
    for (size_t i = 0; i < reader->count; i++) {
        const struct numu_csv_field *field = &reader->fields[i];
        csv_check(numu_buffer_printf(out, " %llu+%u%s<", (unsigned long long)field->offset,
                                     (unsigned)field->length, field->quoted ? "q" : ""));
        csv_check(numu_buffer_append(out, field->value.data, field->value.length));
        csv_check(numu_buffer_append_string(out, ">"));
    }
    csv_check(numu_buffer_append_string(out, "\n"));
}

/* Appends the transcript. record_bytes_max 0: NUMU_CSV_RECORD_BYTES_MAX. */
static inline void csv_transcribe(struct numu_buffer *out, struct numu_text text, char delimiter,
                                  uint32_t record_bytes_max, struct csv_windows windows) {
    static struct numu_csv_reader reader;
    struct numu_arena arenas[2];
    numu_arena_init(&arenas[0], out->heap);
    numu_arena_init(&arenas[1], out->heap);
    numu_csv_reader_init(&reader, delimiter);
    if (record_bytes_max != 0) {
        reader.record_bytes_max = record_bytes_max;
    }
    size_t given = 0;
    size_t refills = 0;
    for (;;) {
        numu_csv_event event = numu_csv_next(&reader);
        if (event == NUMU_CSV_END) {
            break;
        }
        if (event != NUMU_CSV_MORE) {
            csv_transcribe_event(out, event, &reader);
            continue;
        }
        numu_assert(!reader.is_final);
        size_t tail = reader.length - reader.position;
        size_t rest = text.length - given;
        size_t step = windows.count == 0 ? rest : windows.steps[refills % windows.count];
        size_t count = step < rest ? step : rest;
        struct numu_arena *arena = &arenas[refills % 2];
        char *window;
        numu_arena_release(arena);
        csv_check(numu_arena_take(arena, tail + count, 1, &window));
        if (tail > 0) {
            memcpy(window, reader.window + reader.position, tail);
        }
        if (count > 0) {
            memcpy(window + tail, text.data + given, count);
        }
        given += count;
        refills++;
        bool is_final = given == text.length && (count == 0 || !windows.is_end_late);
        numu_csv_reader_refill(&reader, window, tail + count, is_final);
        numu_arena_release(&arenas[refills % 2]);
    }
    numu_assert(given == text.length && numu_csv_next(&reader) == NUMU_CSV_END);
    numu_arena_release(&arenas[0]);
    numu_arena_release(&arenas[1]);
}

#endif
