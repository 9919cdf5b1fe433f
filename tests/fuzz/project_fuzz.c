/*
 * project_fuzz.c - whatever the bytes of a project file are, reading ends with a project whose
 * indices hold [J1] to [J4], or with findings that lie within the file. The first byte chooses
 * whether the format is guessed or forced.
 */
#include "programme/exchange.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require_indices(const struct numu_project *project) {
    for (uint32_t a = 0; a < project->activity_count; a++) {
        numu_assert(project->first_mode[a] < project->first_mode[a + 1]);
        numu_assert(project->order[a] < project->activity_count);
    }
    numu_assert(project->first_mode[project->activity_count] == project->mode_count);
    for (uint32_t m = 0; m < project->mode_count; m++) {
        numu_assert(project->duration[m] >= 0);
        for (uint32_t n = project->first_need[m]; n < project->first_need[m + 1]; n++) {
            numu_assert(project->need_units[n] > 0);
            numu_assert(project->need_resource[n] < project->resource_count);
            numu_assert(n == project->first_need[m] ||
                        project->need_resource[n - 1] < project->need_resource[n]);
        }
    }
    numu_assert(project->first_need[project->mode_count] == project->need_count);
    for (uint32_t l = 0; l < project->link_count; l++) {
        numu_assert(project->link_before[l] < project->activity_count);
        numu_assert(project->link_after[l] < project->activity_count);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    static const char *const names[] = {"a", "a.sm", "a.rcp"};
    struct numu_heap heap;
    struct numu_arena arena;
    struct numu_report report;
    struct numu_project project;
    numu_heap_init(&heap, 0);
    numu_arena_init(&arena, &heap);
    numu_report_init(&report, &heap, 20);
    struct numu_context context = {.heap = &heap};
    struct numu_text bytes = {(const char *)data, size};
    struct numu_text head = {bytes.data,
                             size < NUMU_PROJECT_HEAD_BYTES ? size : NUMU_PROJECT_HEAD_BYTES};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        numu_project_format format = numu_project_format_of(numu_text_of(names[i]), head);
        if (format == NUMU_PROJECT_NONE || numu_project_format_is_exchange(format)) {
            continue;
        }
        numu_status status =
            numu_project_read(&context, format, bytes, 0, &arena, &report, &project);
        if (status == NUMU_OK) {
            require_indices(&project);
        } else {
            numu_assert(status == NUMU_INVALID && numu_report_total(&report, NUMU_ERROR) > 0);
        }
    }
    size_t count;
    const struct numu_diagnostic *list = numu_report_list(&report, &count);
    for (size_t i = 0; i < count; i++) {
        numu_assert(list[i].place.offset == NUMU_WHOLE_FILE ||
                    list[i].place.offset + list[i].place.length <= size);
    }
    numu_report_release(&report);
    numu_arena_release(&arena);
    numu_assert(heap.bytes == 0);
    return 0;
}
