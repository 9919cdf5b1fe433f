/*
 * diagnostic.c - reports of findings.
 *
 * What is kept is an array in order of adding; texts are copied into the report's arena. Sorting is
 * a merge sort from the bottom up, because it is stable and its time has a bound (qsort has
 * neither).
 */
#include "base/diagnostic.h"

#include "base/table.h"

#include <string.h>

/* --- codes --- */

static const char *const code_texts[] = {
#define NUMU_CODE(name, text, severity) text,
#include "base/codes.def"
#undef NUMU_CODE
    NULL,
};

static const numu_severity code_severities[] = {
#define NUMU_CODE(name, text, severity) NUMU_##severity,
#include "base/codes.def"
#undef NUMU_CODE
};

const char *numu_code_text(numu_code code) {
    numu_assert(code > NUMU_CODE_NONE && code < NUMU_CODE_COUNT);
    return code_texts[code - 1];
}

numu_severity numu_code_severity(numu_code code) {
    numu_assert(code > NUMU_CODE_NONE && code < NUMU_CODE_COUNT);
    return code_severities[code - 1];
}

numu_code numu_code_find(struct numu_text text) {
    for (int i = 0; code_texts[i] != NULL; i++) {
        if (numu_text_is(text, code_texts[i])) {
            return (numu_code)(i + 1);
        }
    }
    return NUMU_CODE_NONE;
}

numu_code numu_code_nearest(struct numu_text text) {
    const char *nearest = numu_choice_nearest(code_texts, text);
    return nearest == NULL ? NUMU_CODE_NONE : numu_code_find(numu_text_of(nearest));
}

/* --- sources --- */

void numu_sources_init(struct numu_sources *sources, struct numu_arena *arena) {
    *sources = (struct numu_sources){.arena = arena};
}

static numu_status make_room(struct numu_sources *sources) {
    if (sources->count < sources->capacity) {
        return NUMU_OK;
    }
    if (sources->capacity > NUMU_NO_SOURCE / 2) {
        return NUMU_LIMIT;
    }
    uint32_t capacity = sources->capacity == 0 ? 16 : sources->capacity * 2;
    struct numu_source *list;
    NUMU_TRY(NUMU_TAKE(sources->arena, &list, capacity));
    if (sources->count > 0) {
        memcpy(list, sources->list, sources->count * sizeof *list);
    }
    sources->list = list;
    sources->capacity = capacity;
    return NUMU_OK;
}

numu_status numu_source_open(const struct numu_source *source, struct numu_stream *stream,
                             int *out_errno) {
    if (source->bytes.data != NULL) {
        *out_errno = 0;
        numu_stream_open_memory(stream, source->bytes);
        return NUMU_OK;
    }
    return numu_stream_open(stream, source->path.data, out_errno);
}

numu_status numu_sources_add(struct numu_sources *sources, struct numu_text path,
                             struct numu_text bytes, uint32_t *out_source) {
    struct numu_text copy;
    NUMU_TRY(make_room(sources));
    NUMU_TRY(numu_text_copy(sources->arena, path, &copy));
    sources->list[sources->count] = (struct numu_source){copy, bytes};
    *out_source = sources->count++;
    return NUMU_OK;
}

/* --- arguments --- */

struct numu_argument numu_argument_text(struct numu_text text) {
    return (struct numu_argument){.kind = NUMU_ARGUMENT_TEXT, .text = text};
}

struct numu_argument numu_argument_string(const char *string) {
    return numu_argument_text(numu_text_of(string));
}

struct numu_argument numu_argument_integer(int64_t number) {
    return (struct numu_argument){.kind = NUMU_ARGUMENT_INTEGER, .number = number};
}

struct numu_argument numu_argument_number(int64_t number, int decimals) {
    return (struct numu_argument){
        .kind = NUMU_ARGUMENT_NUMBER, .number = number, .decimals = (int16_t)decimals};
}

struct numu_argument numu_argument_money(numu_money money, numu_currency currency) {
    return (struct numu_argument){
        .kind = NUMU_ARGUMENT_MONEY, .number = money, .currency = currency};
}

struct numu_argument numu_argument_day(numu_day day) {
    return (struct numu_argument){.kind = NUMU_ARGUMENT_DAY, .number = day};
}

struct numu_argument numu_argument_month(numu_month month) {
    return (struct numu_argument){.kind = NUMU_ARGUMENT_MONTH, .number = month};
}

/* --- reports --- */

void numu_report_init(struct numu_report *report, struct numu_heap *heap, size_t keep_max) {
    memset(report, 0, sizeof *report);
    report->heap = heap;
    report->keep_max = keep_max;
    report->status = NUMU_OK;
    numu_arena_init(&report->arena, heap);
    numu_buffer_init(&report->list, heap, 0);
}

void numu_report_release(struct numu_report *report) {
    numu_buffer_release(&report->list);
    numu_arena_release(&report->arena);
    numu_report_init(report, report->heap, report->keep_max);
}

bool numu_report_keeps(const struct numu_report *report, numu_code code) {
    numu_assert(code > NUMU_CODE_NONE && code < NUMU_CODE_COUNT);
    return report->status == NUMU_OK &&
           (report->keep_max == 0 || report->counts[code] < report->keep_max);
}

static numu_status keep(struct numu_report *report, const struct numu_diagnostic *diagnostic) {
    struct numu_diagnostic kept = *diagnostic;
    NUMU_TRY(numu_buffer_reserve(&report->list, sizeof kept));
    for (size_t i = 0; i < NUMU_ARGUMENTS_MAX; i++) {
        if (kept.arguments[i].kind == NUMU_ARGUMENT_TEXT) {
            NUMU_TRY(numu_text_copy(&report->arena, diagnostic->arguments[i].text,
                                    &kept.arguments[i].text));
        }
    }
    return numu_buffer_append(&report->list, &kept, sizeof kept);
}

void numu_report_add(struct numu_report *report, const struct numu_diagnostic *diagnostic) {
    if (numu_report_keeps(report, diagnostic->code)) {
        report->status = keep(report, diagnostic);
    }
    report->counts[diagnostic->code]++;
}

void numu_report_count(struct numu_report *report, numu_code code) {
    numu_assert(code > NUMU_CODE_NONE && code < NUMU_CODE_COUNT);
    report->counts[code]++;
}

const struct numu_diagnostic *numu_report_list(const struct numu_report *report,
                                               size_t *out_count) {
    *out_count = report->list.length / sizeof(struct numu_diagnostic);
    return (const void *)report->list.data;
}

void numu_report_merge(struct numu_report *report, const struct numu_report *other) {
    uint64_t only_counted[NUMU_CODE_COUNT];
    memcpy(only_counted, other->counts, sizeof only_counted);
    size_t count;
    const struct numu_diagnostic *list = numu_report_list(other, &count);
    for (size_t i = 0; i < count; i++) {
        numu_report_add(report, &list[i]);
        only_counted[list[i].code]--;
    }
    for (int code = 0; code < NUMU_CODE_COUNT; code++) {
        report->counts[code] += only_counted[code];
    }
    if (report->status == NUMU_OK) {
        report->status = other->status;
    }
}

uint64_t numu_report_total(const struct numu_report *report, numu_severity severity) {
    uint64_t total = 0;
    for (int code = 1; code < NUMU_CODE_COUNT; code++) {
        if (numu_code_severity((numu_code)code) == severity) {
            total += report->counts[code];
        }
    }
    return total;
}

/* <0, 0, >0 as a is shown before, with or after b. */
static int compare(const struct numu_diagnostic *a, const struct numu_diagnostic *b) {
    numu_severity severity_a = numu_code_severity(a->code);
    numu_severity severity_b = numu_code_severity(b->code);
    if (severity_a != severity_b) {
        return severity_a > severity_b ? -1 : 1;
    }
    if (a->place.source != b->place.source) {
        return a->place.source < b->place.source ? -1 : 1;
    }
    if (a->place.offset != b->place.offset) {
        if (a->place.offset == NUMU_WHOLE_FILE || b->place.offset == NUMU_WHOLE_FILE) {
            return a->place.offset == NUMU_WHOLE_FILE ? -1 : 1;
        }
        return a->place.offset < b->place.offset ? -1 : 1;
    }
    return (a->code > b->code) - (a->code < b->code);
}

/* Merges the sorted runs from[0 … middle-1] and from[middle … count-1] into `to`. */
static void merge_runs(const struct numu_diagnostic *from, size_t middle, size_t count,
                       struct numu_diagnostic *to) {
    size_t left = 0;
    size_t right = middle;
    for (size_t i = 0; i < count; i++) {
        bool take_left =
            right == count || (left < middle && compare(&from[left], &from[right]) <= 0);
        to[i] = take_left ? from[left++] : from[right++];
    }
}

void numu_report_sort(struct numu_report *report) {
    size_t count = report->list.length / sizeof(struct numu_diagnostic);
    if (count < 2) {
        return;
    }
    struct numu_arena scratch;
    struct numu_diagnostic *other;
    numu_arena_init(&scratch, report->heap);
    numu_status status = NUMU_TAKE(&scratch, &other, count);
    if (status != NUMU_OK) {
        report->status = report->status == NUMU_OK ? status : report->status;
        return;
    }
    struct numu_diagnostic *list = (void *)report->list.data;
    struct numu_diagnostic *from = list;
    struct numu_diagnostic *to = other;
    for (size_t run = 1; run < count; run *= 2) {
        for (size_t start = 0; start < count; start += 2 * run) {
            size_t rest = count - start;
            size_t middle = run < rest ? run : rest;
            merge_runs(from + start, middle, 2 * run < rest ? 2 * run : rest, to + start);
        }
        struct numu_diagnostic *swap = from;
        from = to;
        to = swap;
    }
    if (from != list) {
        memcpy(list, from, count * sizeof *list);
    }
    numu_arena_release(&scratch);
}
