/*
 * screen_fuzz.c - any bytes as a list to screen against, and as a name: no crash, no leak.
 *
 * The first line is the name that is asked for; the rest is the file.
 */
#include "rules/screen_read.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static numu_status screen_one(const struct numu_context *context, struct numu_text name,
                              struct numu_screen_file *file, struct numu_report *report,
                              struct numu_screen *screen, struct numu_arena *arena) {
    struct numu_screen_query query = {.name = name, .party = NUMU_PARTY_ANY};
    struct numu_screen_hit *hits;
    size_t count;
    numu_status status = numu_screen_read(context, file, 1, report, screen);
    if (status != NUMU_OK && status != NUMU_INVALID) {
        return status;
    }
    NUMU_TRY(numu_screen_build(context, screen));
    NUMU_TRY(numu_screen_ask(context, screen, &query, 1, 0.5, arena, &hits, &count));
    for (size_t i = 0; i < count; i++) {
        numu_assert(hits[i].score >= 0.5 && hits[i].score <= 1);
    }
    return NUMU_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct numu_heap heap;
    struct numu_arena arena;
    struct numu_report report;
    struct numu_screen screen;
    const uint8_t *end = size == 0 ? NULL : memchr(data, '\n', size);
    size_t name = end == NULL ? size : (size_t)(end - data);
    size_t start = end == NULL ? size : name + 1;
    numu_heap_init(&heap, (size_t)1 << 28);
    struct numu_context context = {.heap = &heap, .threads = 1};
    numu_arena_init(&arena, &heap);
    numu_report_init(&report, &heap, 20);
    numu_screen_init(&screen, &heap);
    struct numu_screen_file file = {.name = NUMU_TEXT("list"), .length = size - start, .source = 0};
    numu_status status = NUMU_TAKE(&arena, &file.bytes, file.length + 1);
    if (status == NUMU_OK) {
        memcpy(file.bytes, data + start, file.length);
        status = screen_one(&context, (struct numu_text){(const char *)data, name}, &file, &report,
                            &screen, &arena);
    }
    numu_assert(status == NUMU_OK || status == NUMU_LIMIT || status == NUMU_MEMORY);
    numu_screen_release(&screen);
    numu_report_release(&report);
    numu_arena_release(&arena);
    numu_assert(heap.bytes == 0);
    return 0;
}
