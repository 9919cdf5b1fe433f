/*
 * package_fuzz.c - any bytes as a whole package: it is loaded and checked without a crash or a
 * leak, and one without errors is written and read back as one without errors [P1].
 *
 * The input is files one after the other: a line with a name, then bytes up to a record separator
 * (0x1e).
 */
#include "model/package.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { FILES_MAX = 64, SEPARATOR = 0x1e };

static void split_files(struct numu_text input, struct numu_package *package) {
    while (input.length > 0 && package->count < FILES_MAX) {
        const char *end = memchr(input.data, SEPARATOR, input.length);
        size_t length = end == NULL ? input.length : (size_t)(end - input.data);
        const char *line_end = memchr(input.data, '\n', length);
        if (line_end != NULL) {
            size_t name = (size_t)(line_end - input.data);
            package->files[package->count++] =
                (struct numu_package_file){{input.data, name}, {line_end + 1, length - name - 1}};
        }
        length += end != NULL;
        input.data += length;
        input.length -= length;
    }
}

/* Loads and checks; whether there was no error. */
static bool is_good(const struct numu_context *context, const struct numu_package *package,
                    struct numu_model *model) {
    struct numu_report report;
    numu_report_init(&report, context->heap, 20);
    numu_status status = numu_model_load_files(context, NUMU_TEXT("fuzz"), package, &report, model);
    if (status == NUMU_OK || status == NUMU_INVALID) {
        numu_status checked = numu_model_check(context, model, &report);
        numu_assert(checked == NUMU_OK || checked == NUMU_LIMIT || checked == NUMU_MEMORY);
        status = status == NUMU_OK ? checked : status;
    }
    bool result = status == NUMU_OK && numu_report_total(&report, NUMU_ERROR) == 0;
    numu_report_release(&report);
    return result;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct numu_package_file files[FILES_MAX];
    struct numu_package package = {.files = files};
    struct numu_heap heap;
    struct numu_arena arena;
    struct numu_model model;
    numu_heap_init(&heap, (size_t)1 << 28);
    numu_arena_init(&arena, &heap);
    struct numu_context context = {.heap = &heap, .threads = 1};
    split_files((struct numu_text){(const char *)data, size}, &package);
    if (is_good(&context, &package, &model)) {
        struct numu_package built;
        struct numu_model again;
        if (numu_package_build(&model, &arena, &built) == NUMU_OK) {
            numu_assert(is_good(&context, &built, &again));
            numu_model_release(&again);
        }
    }
    numu_model_release(&model);
    numu_arena_release(&arena);
    numu_assert(heap.bytes == 0);
    return 0;
}
