/*
 * screen.c - files of names and lists into a screen, and what it answers.
 */
#include "app/screen.h"

#include "app/app.h"
#include "base/csv.h"
#include "base/table.h"
#include "ledger/screening.h"
#include "rules/screen_read.h"

#include <inttypes.h>
#include <string.h>

/* Most bytes of a list; the largest published ones have some hundred million. */
#define LIST_BYTES_MAX ((size_t)2 << 30)

const char *const numu_party_names[] = {"any", "person", "company", "vessel", NULL};

bool numu_party_find(struct numu_text word, numu_party *out) {
    static const struct {
        const char *word;
        numu_party party;
    } others[] = {{"individual", NUMU_PARTY_PERSON},    {"entity", NUMU_PARTY_COMPANY},
                  {"organization", NUMU_PARTY_COMPANY}, {"organisation", NUMU_PARTY_COMPANY},
                  {"legalentity", NUMU_PARTY_COMPANY},  {"ship", NUMU_PARTY_VESSEL},
                  {"personne", NUMU_PARTY_PERSON},      {"entreprise", NUMU_PARTY_COMPANY},
                  {"navire", NUMU_PARTY_VESSEL}};
    if (word.length == 0) {
        *out = NUMU_PARTY_ANY;
        return true;
    }
    for (size_t i = 0; numu_party_names[i] != NULL; i++) {
        struct numu_text name = numu_text_of(numu_party_names[i]);
        if (name.length == word.length && numu_text_distance(word, name, 0) == 0) {
            *out = (numu_party)i;
            return true;
        }
    }
    for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
        struct numu_text name = numu_text_of(others[i].word);
        if (name.length == word.length && numu_text_distance(word, name, 0) == 0) {
            *out = others[i].party;
            return true;
        }
    }
    return false;
}

/* --- files --- */

/* Bytes that may be written into, and the source as it was, for findings. */
static numu_status read_file(const char *path, size_t bytes_max, struct numu_sources *sources,
                             struct numu_arena *arena, struct numu_report *report,
                             struct numu_screen_file *out) {
    struct numu_text bytes;
    numu_status status = numu_app_read(arena, path, bytes_max, report, &bytes);
    NUMU_TRY(status);
    NUMU_TRY(
        numu_sources_add(sources, numu_text_of(path), (struct numu_text){NULL, 0}, &out->source));
    const char *slash = strrchr(path, '/');
    out->name = numu_text_of(slash == NULL ? path : slash + 1);
    out->length = bytes.length;
    NUMU_TRY(NUMU_TAKE(arena, &out->bytes, bytes.length + 1));
    memcpy(out->bytes, bytes.data, bytes.length);
    return NUMU_OK;
}

static numu_status read_lists(const struct numu_context *context,
                              const struct numu_screen_request *request,
                              struct numu_sources *sources, struct numu_arena *arena,
                              struct numu_report *report, struct numu_screen *screen) {
    struct numu_screen_file *files;
    NUMU_TRY(NUMU_TAKE(arena, &files, request->list_count));
    for (size_t i = 0; i < request->list_count; i++) {
        NUMU_TRY(read_file(request->lists[i], LIST_BYTES_MAX, sources, arena, report, &files[i]));
    }
    NUMU_TRY(numu_screen_read(context, files, request->list_count, report, screen));
    return numu_screen_build(context, screen);
}

static numu_status digest_lists(const struct numu_screen *screen, struct numu_heap *heap,
                                struct numu_sha256 *out) {
    struct numu_buffer lines;
    char hex[NUMU_SHA256_HEX_BYTES];
    size_t count;
    const struct numu_screen_list *lists = numu_screen_lists(screen, &count);
    numu_buffer_init(&lines, heap, 0);
    numu_status status = NUMU_OK;
    for (size_t i = 0; status == NUMU_OK && i < count; i++) {
        status = numu_buffer_printf(&lines, "%s  %.*s\n", numu_sha256_hex(&lists[i].sha256, hex),
                                    (int)lists[i].file.length, lists[i].file.data);
    }
    if (status == NUMU_OK) {
        status = numu_sha256(lines.data, lines.length, out);
    }
    numu_buffer_release(&lines);
    return status;
}

/* --- names --- */

typedef enum name_column {
    COLUMN_NAME,
    COLUMN_TYPE,
    COLUMN_BIRTH,
    COLUMN_COUNTRY,
    COLUMN_IDENTIFIER,
    COLUMN_COUNT
} name_column;

static const char *const column_names[] = {"name", "type", "birth", "country", "identifier", NULL};

struct names_reader {
    const struct numu_screen_file *file;
    struct numu_report *report;
    struct numu_csv_reader *csv;
    numu_party party;
    struct numu_latin *latin;   /* of pairs */
    size_t place[COLUMN_COUNT]; /* of a column in the file; SIZE_MAX = not there */
    bool is_useless;            /* it has no column of names */
};

static struct numu_text value_of(const struct names_reader *reader, name_column column) {
    size_t place = reader->place[column];
    return place < reader->csv->count ? numu_text_trim(reader->csv->fields[place].value)
                                      : (struct numu_text){NULL, 0};
}

static void report_field(const struct names_reader *reader, numu_code code, size_t field,
                         struct numu_argument first, struct numu_argument second) {
    struct numu_place place = {reader->file->source, 1, reader->csv->record_offset};
    if (field < reader->csv->count) {
        place.offset = reader->csv->fields[field].offset;
        place.length = reader->csv->fields[field].length;
    }
    struct numu_diagnostic finding = {.code = code, .place = place, .related = NUMU_NOWHERE};
    finding.arguments[0] = first;
    finding.arguments[1] = second;
    numu_report_add(reader->report, &finding);
}

/* Which column is which; a file without a column "name" holds names in its first. */
static bool take_header(struct names_reader *reader) {
    bool has_name = false;
    for (size_t c = 0; c < COLUMN_COUNT; c++) {
        reader->place[c] = SIZE_MAX;
        for (size_t i = 0; i < reader->csv->count; i++) {
            if (numu_text_is(numu_text_trim(reader->csv->fields[i].value), column_names[c])) {
                reader->place[c] = i;
                has_name = has_name || c == COLUMN_NAME;
            }
        }
    }
    if (!has_name) {
        report_field(reader, NUMU_CODE_MISSING_COLUMN, 0, numu_argument_string("name"),
                     (struct numu_argument){.kind = NUMU_ARGUMENT_NONE});
    }
    return has_name;
}

static numu_status take_name(struct names_reader *reader, bool is_first, struct numu_arena *arena,
                             struct numu_buffer *queries) {
    struct numu_screen_query query = {.party = reader->party};
    if (is_first) {
        reader->is_useless = !take_header(reader);
        return NUMU_OK;
    }
    struct numu_text type = value_of(reader, COLUMN_TYPE);
    if (type.length > 0 && !numu_party_find(type, &query.party)) {
        report_field(reader, NUMU_CODE_UNKNOWN_CHOICE, reader->place[COLUMN_TYPE],
                     numu_argument_string("type"), numu_argument_text(type));
        return NUMU_OK;
    }
    NUMU_TRY(numu_text_copy(arena, value_of(reader, COLUMN_NAME), &query.name));
    NUMU_TRY(numu_text_copy(arena, value_of(reader, COLUMN_BIRTH), &query.birth));
    NUMU_TRY(numu_text_copy(arena, value_of(reader, COLUMN_COUNTRY), &query.country));
    NUMU_TRY(numu_text_copy(arena, value_of(reader, COLUMN_IDENTIFIER), &query.identifier));
    if (query.name.length == 0) {
        report_field(reader, NUMU_CODE_MISSING_VALUE, reader->place[COLUMN_NAME],
                     numu_argument_string("name"), numu_argument_string("names"));
        return NUMU_OK;
    }
    return numu_buffer_append(queries, &query, sizeof query);
}

static void report_broken(const struct names_reader *reader, numu_csv_event event) {
    struct numu_diagnostic finding = {
        .code = event == NUMU_CSV_OPEN_QUOTE     ? NUMU_CODE_OPEN_QUOTE
                : event == NUMU_CSV_STRAY_QUOTE  ? NUMU_CODE_STRAY_QUOTE
                : event == NUMU_CSV_BAD_ENCODING ? NUMU_CODE_BAD_ENCODING
                                                 : NUMU_CODE_RECORD_TOO_LONG,
        .place = {reader->file->source, 1, reader->csv->error_offset},
        .related = NUMU_NOWHERE};
    numu_report_add(reader->report, &finding);
}

/* What is made of a record; `is_first` tells the header, or what may be one. */
typedef numu_status (*take_record)(struct names_reader *reader, bool is_first,
                                   struct numu_arena *arena, struct numu_buffer *rows);

/* All records of the file, until `take` says by is_useless that no more make sense. */
static numu_status read_records(struct names_reader *reader, take_record take,
                                struct numu_arena *arena, struct numu_buffer *rows) {
    bool is_first = true;
    numu_csv_reader_init_whole(reader->csv, ',', reader->file->bytes, reader->file->length);
    while (!reader->is_useless) {
        numu_csv_event event = numu_csv_next(reader->csv);
        if (event == NUMU_CSV_END) {
            break;
        }
        if (event != NUMU_CSV_RECORD) {
            report_broken(reader, event);
            continue;
        }
        NUMU_TRY(take(reader, is_first, arena, rows));
        is_first = false;
    }
    return NUMU_OK;
}

static numu_status collect_names(const struct numu_screen_request *request,
                                 struct numu_sources *sources, struct numu_arena *arena,
                                 struct numu_report *report, struct numu_buffer *queries) {
    for (size_t i = 0; i < request->name_count; i++) {
        struct numu_screen_query query = {.name = numu_text_of(request->names[i]),
                                          .party = request->party};
        NUMU_TRY(numu_buffer_append(queries, &query, sizeof query));
    }
    if (request->file == NULL) {
        return NUMU_OK;
    }
    struct numu_screen_file file;
    struct names_reader reader = {.file = &file, .report = report, .party = request->party};
    uint64_t errors = numu_report_total(report, NUMU_ERROR);
    NUMU_TRY(read_file(request->file, LIST_BYTES_MAX, sources, arena, report, &file));
    NUMU_TRY(NUMU_TAKE(arena, &reader.csv, 1));
    NUMU_TRY(read_records(&reader, take_name, arena, queries));
    return numu_report_total(report, NUMU_ERROR) > errors ? NUMU_INVALID : NUMU_OK;
}

/* --- decisions --- */

const char *const numu_hit_states[] = {"open", "clear", "hit", "reopened", NULL};

/* Who decided, and why: of the event. */
static numu_status read_decision(struct numu_ledger *ledger, struct numu_arena *arena,
                                 const struct numu_screening *screening,
                                 struct numu_hit_decision *out) {
    struct numu_record record;
    uint32_t log;
    NUMU_TRY(numu_ledger_log(ledger, screening->site, &log));
    NUMU_TRY(numu_ledger_read(ledger, arena, log, screening->sequence, &record, NULL));
    out->by = record.event.by;
    out->reason = record.event.reason;
    return numu_event_name(arena, record.site, record.epoch, record.sequence, &out->event);
}

/*
 * The last decision about an entry: of this edition, else of the newest other one, which a change
 * of the list has reopened.
 */
static numu_status decide_hit(struct numu_ledger *ledger, struct numu_arena *arena,
                              const struct numu_screening *rows, size_t count,
                              struct numu_text edition, struct numu_text entry,
                              struct numu_hit_decision *out) {
    const struct numu_screening *found = NULL;
    bool is_of_edition = false;
    for (size_t i = 0; i < count; i++) {
        bool is_this = numu_text_is_equal(rows[i].list, edition);
        if (!numu_text_is_equal(rows[i].entry, entry) || (is_of_edition && !is_this)) {
            continue;
        }
        if (found == NULL || (is_this && !is_of_edition) || rows[i].sequence > found->sequence) {
            found = &rows[i];
            is_of_edition = is_this;
        }
    }
    if (found == NULL) {
        return NUMU_OK;
    }
    out->state = !is_of_edition    ? NUMU_HIT_REOPENED
                 : found->is_clear ? NUMU_HIT_CLEARED
                                   : NUMU_HIT_CONFIRMED;
    return read_decision(ledger, arena, found, out);
}

static numu_status find_decisions(struct numu_ledger *ledger, struct numu_arena *arena,
                                  struct numu_screen_outcome *out) {
    struct numu_hit_decision *decisions;
    size_t entry_count, list_count;
    const struct numu_screen_entry *entries = numu_screen_entries(&out->screen, &entry_count);
    const struct numu_screen_list *lists = numu_screen_lists(&out->screen, &list_count);
    NUMU_TRY(NUMU_TAKE(arena, &decisions, out->hit_count));
    for (size_t i = 0; i < out->hit_count; i++) {
        const struct numu_screen_entry *entry = &entries[out->hits[i].entry];
        struct numu_screening *rows;
        struct numu_text edition;
        char hex[NUMU_SHA256_HEX_BYTES];
        size_t count;
        NUMU_TRY(numu_screenings_list(&ledger->state, arena, ledger->site,
                                      out->queries[out->hits[i].query].name, &rows, &count));
        edition = numu_text_of(numu_sha256_hex(&lists[entry->list].sha256, hex));
        NUMU_TRY(decide_hit(ledger, arena, rows, count, edition, entry->reference, &decisions[i]));
        out->open_count -= decisions[i].state == NUMU_HIT_CLEARED;
    }
    out->decisions = decisions;
    return NUMU_OK;
}

/* A name without letters would be compared with nothing, and so be cleared. */
static numu_status check_names(const struct numu_context *context,
                               const struct numu_screen_query *queries, size_t count,
                               struct numu_report *report) {
    struct numu_latin *latin = NULL;
    struct numu_buffer letters;
    uint64_t errors = numu_report_total(report, NUMU_ERROR);
    NUMU_TRY(numu_latin_open(&latin));
    numu_buffer_init(&letters, context->heap, 0);
    numu_status status = NUMU_OK;
    for (size_t i = 0; status == NUMU_OK && i < count; i++) {
        bool is_vowelless;
        numu_buffer_clear(&letters);
        status = numu_latin_append(latin, queries[i].name, &letters, &is_vowelless);
        if (status == NUMU_OK && letters.length == 0) {
            struct numu_argument none = {.kind = NUMU_ARGUMENT_NONE};
            numu_app_tell(report, NUMU_CODE_NO_LETTERS, numu_argument_text(queries[i].name), none);
        }
    }
    numu_buffer_release(&letters);
    numu_latin_close(latin);
    NUMU_TRY(status);
    return numu_report_total(report, NUMU_ERROR) > errors ? NUMU_INVALID : NUMU_OK;
}

static numu_status ask(const struct numu_context *context,
                       const struct numu_screen_request *request, struct numu_sources *sources,
                       struct numu_arena *arena, struct numu_report *report,
                       struct numu_buffer *names, struct numu_screen_outcome *out) {
    struct numu_screen_query *queries;
    struct numu_screen_hit *hits;
    NUMU_TRY(collect_names(request, sources, arena, report, names));
    NUMU_TRY(read_lists(context, request, sources, arena, report, &out->screen));
    out->query_count = names->length / sizeof *queries;
    NUMU_TRY(NUMU_TAKE(arena, &queries, out->query_count));
    if (names->length > 0) {
        memcpy(queries, names->data, names->length);
    }
    out->queries = queries;
    NUMU_TRY(check_names(context, queries, out->query_count, report));
    out->threshold = request->threshold > 0 ? request->threshold : NUMU_SCREEN_THRESHOLD;
    NUMU_TRY(numu_screen_ask(context, &out->screen, queries, out->query_count, out->threshold,
                             arena, &hits, &out->hit_count));
    out->hits = hits;
    out->open_count = out->hit_count;
    if (request->ledger != NULL) {
        NUMU_TRY(find_decisions(request->ledger, arena, out));
    }
    return digest_lists(&out->screen, context->heap, &out->inputs);
}

numu_status numu_app_screen(const struct numu_context *context,
                            const struct numu_screen_request *request, struct numu_sources *sources,
                            struct numu_arena *arena, struct numu_report *report,
                            struct numu_screen_outcome *out) {
    struct numu_buffer names;
    *out = (struct numu_screen_outcome){.hits = NULL};
    numu_screen_init(&out->screen, context->heap);
    numu_buffer_init(&names, context->heap, 0);
    numu_status status = ask(context, request, sources, arena, report, &names, out);
    numu_buffer_release(&names);
    return status;
}

/* --- pairs --- */

static numu_status score_pair(struct numu_latin *latin, struct numu_arena *arena,
                              struct numu_name_pair *pair) {
    struct numu_name a, b;
    struct numu_arena_mark mark = numu_arena_mark(arena);
    NUMU_TRY(numu_name_read(latin, pair->a, arena, &a));
    NUMU_TRY(numu_name_read(latin, pair->b, arena, &b));
    pair->score = numu_name_compare(&a, &b, pair->party);
    numu_arena_rewind(arena, mark);
    return NUMU_OK;
}

/* What the first row says where it is a heading: "type" in its place, or names as we call them. */
static bool is_heading_of_pairs(const struct numu_csv_field *fields, struct numu_text type) {
    return numu_text_is(type, "type") || (numu_text_is(numu_text_trim(fields[0].value), "name_a") &&
                                          numu_text_is(numu_text_trim(fields[1].value), "name_b"));
}

static numu_status take_pair(struct names_reader *reader, bool is_first, struct numu_arena *arena,
                             struct numu_buffer *pairs) {
    struct numu_name_pair pair = {.party = reader->party};
    struct numu_text type = reader->csv->count > 2 ? numu_text_trim(reader->csv->fields[2].value)
                                                   : (struct numu_text){NULL, 0};
    if (reader->csv->count < 2) {
        report_field(reader, NUMU_CODE_FIELD_COUNT, 0, numu_argument_integer(1),
                     numu_argument_integer(3));
        return NUMU_OK;
    }
    if (is_first && is_heading_of_pairs(reader->csv->fields, type)) {
        return NUMU_OK;
    }
    if (type.length > 0 && !numu_party_find(type, &pair.party)) {
        report_field(reader, NUMU_CODE_UNKNOWN_CHOICE, 2, numu_argument_string("type"),
                     numu_argument_text(type));
        return NUMU_OK;
    }
    NUMU_TRY(numu_text_copy(arena, reader->csv->fields[0].value, &pair.a));
    NUMU_TRY(numu_text_copy(arena, reader->csv->fields[1].value, &pair.b));
    NUMU_TRY(score_pair(reader->latin, arena, &pair));
    return numu_buffer_append(pairs, &pair, sizeof pair);
}

numu_status numu_app_compare_names(const struct numu_context *context, const char *path,
                                   numu_party party, struct numu_sources *sources,
                                   struct numu_arena *arena, struct numu_report *report,
                                   struct numu_name_pair **out, size_t *out_count) {
    struct numu_screen_file file;
    struct names_reader reader = {.file = &file, .report = report, .party = party};
    struct numu_buffer pairs;
    uint64_t errors = numu_report_total(report, NUMU_ERROR);
    NUMU_TRY(read_file(path, LIST_BYTES_MAX, sources, arena, report, &file));
    NUMU_TRY(NUMU_TAKE(arena, &reader.csv, 1));
    NUMU_TRY(numu_latin_open(&reader.latin));
    numu_buffer_init(&pairs, context->heap, 0);
    numu_status status = read_records(&reader, take_pair, arena, &pairs);
    status = NUMU_MOVE(&pairs, status, arena, out, out_count);
    numu_latin_close(reader.latin);
    NUMU_TRY(status);
    return numu_report_total(report, NUMU_ERROR) > errors ? NUMU_INVALID : NUMU_OK;
}
