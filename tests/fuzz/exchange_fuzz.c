/*
 * exchange_fuzz.c - whatever the bytes of a file of Project, Primavera or ProTrack are, reading
 * ends with findings that lie within it, or with a package that its own loader finds well made: no
 * row is broken, no id bad or twice there, no reference leads nowhere.
 */
#include "programme/exchange.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require_well_made(const struct numu_context *context,
                              const struct numu_exchange *exchange, struct numu_arena *arena) {
    static const numu_code never[] = {NUMU_CODE_BAD_JSON,          NUMU_CODE_BAD_ID,
                                      NUMU_CODE_DUPLICATE_ID,      NUMU_CODE_BAD_DATE,
                                      NUMU_CODE_UNKNOWN_REFERENCE, NUMU_CODE_FIELD_COUNT,
                                      NUMU_CODE_WRONG_TYPE,        NUMU_CODE_UNKNOWN_COLUMN,
                                      NUMU_CODE_MISSING_VALUE,     NUMU_CODE_DUPLICATE_ROW,
                                      NUMU_CODE_OPEN_QUOTE,        NUMU_CODE_UNKNOWN_TABLE};
    struct numu_package package;
    struct numu_model model;
    struct numu_report report;
    numu_report_init(&report, context->heap, 1);
    numu_status status = numu_exchange_package(exchange, arena, &package);
    numu_assert(status == NUMU_OK);
    status = numu_model_load_files(context, NUMU_TEXT("x"), &package, &report, &model);
    numu_assert(status == NUMU_OK || status == NUMU_INVALID);
    for (size_t i = 0; i < sizeof never / sizeof never[0]; i++) {
        numu_assert(report.counts[never[i]] == 0);
    }
    numu_model_release(&model);
    numu_report_release(&report);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const char *const names[] = {"a.mspdi", "a.xer", "a.pmxml", "a.p2x"};
    struct numu_heap heap;
    struct numu_arena arena;
    struct numu_report report;
    numu_heap_init(&heap, 0);
    numu_arena_init(&arena, &heap);
    numu_report_init(&report, &heap, 20);
    struct numu_context context = {.heap = &heap, .threads = 1};
    struct numu_text bytes = {(const char *)data, size};
    struct numu_text head = {bytes.data,
                             size < NUMU_PROJECT_HEAD_BYTES ? size : NUMU_PROJECT_HEAD_BYTES};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct numu_exchange exchange;
        numu_project_format format = numu_project_format_of(numu_text_of(names[i]), head);
        if (!numu_project_format_is_exchange(format)) {
            continue;
        }
        numu_status status =
            numu_exchange_read(&context, format, bytes, 0, &arena, &report, &exchange);
        if (status == NUMU_OK) {
            require_well_made(&context, &exchange, &arena);
        } else {
            numu_assert(status == NUMU_LIMIT || status == NUMU_INVALID);
            numu_assert(status == NUMU_LIMIT || numu_report_total(&report, NUMU_ERROR) > 0);
        }
    }
    size_t count;
    const struct numu_diagnostic *list = numu_report_list(&report, &count);
    for (size_t i = 0; i < count; i++) {
        numu_assert(list[i].place.source == NUMU_NO_SOURCE ||
                    list[i].place.offset == NUMU_WHOLE_FILE ||
                    list[i].place.offset + list[i].place.length <= size);
    }
    numu_report_release(&report);
    numu_arena_release(&arena);
    numu_assert(heap.bytes == 0);
    return 0;
}
