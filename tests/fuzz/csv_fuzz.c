/*
 * csv_fuzz.c - where windows end must not matter [C4], and what is read, written and read again
 * must be the same.
 *
 * The first three bytes choose the delimiter, the longest record and the seed of the steps; the
 * rest is the text. It is read in one window, then in windows whose steps come from the seed.
 */
#include "csv_transcript.h"

#include "base/random.h"

enum { HEAD_BYTES = 3, STEPS = 16, TEXT_BYTES_MAX = 1 << 14 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char delimiters[] = {',', ';', '\t', '|', 'x', '\x01', '\x7f'};

static void require_equal(const struct numu_buffer *a, const struct numu_buffer *b) {
    numu_assert(a->length == b->length);
    numu_assert(a->length == 0 || memcmp(a->data, b->data, a->length) == 0);
}

static void compare_windows(struct numu_heap *heap, struct numu_text text, char delimiter,
                            uint32_t record_bytes_max, uint8_t seed) {
    struct numu_buffer whole;
    struct numu_buffer pieces;
    numu_buffer_init(&whole, heap, 0);
    numu_buffer_init(&pieces, heap, 0);
    csv_transcribe(&whole, text, delimiter, record_bytes_max, (struct csv_windows){NULL, 0, false});

    struct numu_random random;
    numu_random_init(&random, seed, 0);
    size_t steps[STEPS];
    size_t step_max = 1 + (size_t)numu_random_below(&random, seed % 2 == 0 ? 8 : 200);
    for (size_t i = 0; i < STEPS; i++) {
        steps[i] = 1 + (size_t)numu_random_below(&random, step_max);
    }
    csv_transcribe(&pieces, text, delimiter, record_bytes_max,
                   (struct csv_windows){steps, STEPS, seed % 3 == 0});
    require_equal(&whole, &pieces);
    numu_buffer_release(&whole);
    numu_buffer_release(&pieces);
}

/* Writes each record of `text` and reads it back. */
static void compare_written(struct numu_heap *heap, struct numu_text text, char delimiter) {
    static struct numu_csv_reader reader;
    static struct numu_csv_reader again;
    struct numu_arena arena;
    struct numu_buffer line;
    numu_arena_init(&arena, heap);
    numu_buffer_init(&line, heap, 0);
    char *bytes;
    csv_check(numu_arena_take(&arena, text.length, 1, &bytes));
    if (text.length > 0) {
        memcpy(bytes, text.data, text.length);
    }
    numu_csv_reader_init_whole(&reader, delimiter, bytes, text.length);
    for (;;) {
        numu_csv_event event = numu_csv_next(&reader);
        if (event == NUMU_CSV_END) {
            break;
        }
        numu_assert(event != NUMU_CSV_MORE && event != NUMU_CSV_TOO_LONG);
        bool is_blank = reader.count == 1 && reader.fields[0].value.length == 0;
        if (event != NUMU_CSV_RECORD || is_blank) {
            continue;
        }
        numu_buffer_clear(&line);
        for (size_t i = 0; i < reader.count; i++) {
            if (i > 0) {
                csv_check(numu_buffer_append_char(&line, delimiter));
            }
            csv_check(numu_csv_write(&line, reader.fields[i].value, delimiter));
        }
        numu_csv_reader_init_whole(&again, delimiter, line.data, line.length);
        numu_assert(numu_csv_next(&again) == NUMU_CSV_RECORD && again.count == reader.count);
        for (size_t i = 0; i < reader.count; i++) {
            numu_assert(numu_text_is_equal(again.fields[i].value, reader.fields[i].value));
        }
        numu_assert(numu_csv_next(&again) == NUMU_CSV_END);
    }
    numu_buffer_release(&line);
    numu_arena_release(&arena);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    if (size < HEAD_BYTES || size > TEXT_BYTES_MAX) {
        return 0;
    }
    struct numu_heap heap;
    numu_heap_init(&heap, 0);
    char delimiter = delimiters[data[0] % sizeof delimiters];
    struct numu_text text = {(const char *)data + HEAD_BYTES, size - HEAD_BYTES};
    compare_windows(&heap, text, delimiter, data[1], data[2]);
    compare_written(&heap, text, delimiter);
    numu_assert(heap.bytes == 0);
    return 0;
}
