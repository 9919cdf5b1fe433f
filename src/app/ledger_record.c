/*
 * ledger_record.c - lines of drafts into a book.
 *
 * Lines are recorded in groups that share one commit: a line is acknowledged when the commit of its
 * group has returned. A CSV file becomes drafts first: its columns are members, rows with one key
 * are the lines of one event, and findings are told where these rows stand. Its fields are
 * separated as its first line is: by commas, or, as spreadsheets write them where the comma is the
 * decimal sign, by semicolons or tabs.
 */
#include "app/ledger.h"

#include "app/tell.h"
#include "base/csv.h"
#include "base/file.h"
#include "ledger/canonical.h"
#include "ledger/count.h"
#include "ledger/count_cut.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

enum { GROUP_LINES = 1000, WINDOW_BYTES = 1 << 20 };

/* Rows of a table that became a draft: from the first one on. */
struct rows {
    uint64_t offset;
    uint32_t length; /* of the first */
    bool has_more;   /* than one row */
    int64_t line;
};

struct table {
    struct numu_arena *arena;     /* of the header */
    struct numu_arena event;      /* of the event being written */
    struct numu_text text;        /* all of it */
    struct numu_buffer window;    /* the piece of it that is being read */
    struct numu_buffer out;       /* drafts, a line each, of a group */
    struct numu_buffer rows;      /* of struct rows, one a draft */
    struct numu_text *header;     /* copies */
    struct numu_csv_field *names; /* where they stand */
    bool *is_told;                /* of each: it names nothing, which was said */
    struct numu_text *first;      /* members of the event being written: of its first row */
    size_t columns;
    struct numu_csv_reader *again; /* for rows in which something is wrong */
    char delimiter;
    bool is_open;     /* an event is, which more rows may come to */
    bool is_dropped;  /* one is, for a row of it was broken: more rows of it are passed over */
    size_t start;     /* of the open event in `out` */
    uint64_t line_at; /* up to where lines were counted */
    int64_t line;
};

struct recorder {
    const struct numu_context *context;
    const struct numu_ledger_record_request *request;
    struct numu_report *report;
    struct numu_arena *arena;    /* of the input */
    struct numu_arena *receipts; /* of their texts: the caller's, or `scratch` if handed out */
    struct numu_arena scratch;   /* of a group */
    struct numu_sheet *sheet;
    struct numu_ledger ledger;
    uint32_t source;
    struct numu_text input; /* of the source */
    struct table *table;    /* NULL: drafts stand in the source themselves */
    const struct rows *row; /* of the table: where the next draft stands */
    size_t group_start;     /* cells of the sheet before the group */
    size_t refused;
    size_t unjudged; /* recorded without the rules of a package that have a say */
    size_t in_group;
    int64_t line;
};

static void tell_three(struct recorder *recorder, numu_code code, struct numu_place place,
                       struct numu_argument first, struct numu_argument second,
                       struct numu_argument third) {
    struct numu_diagnostic finding = {.code = code, .place = place, .related = NUMU_NOWHERE};
    finding.arguments[0] = first;
    finding.arguments[1] = second;
    finding.arguments[2] = third;
    numu_report_add(recorder->report, &finding);
}

static void tell(struct recorder *recorder, numu_code code, struct numu_place place,
                 struct numu_argument first, struct numu_argument second) {
    const struct numu_argument none = {.kind = NUMU_ARGUMENT_NONE};
    tell_three(recorder, code, place, first, second, none);
}

/* --- receipts --- */

static const char *const outcome_words[NUMU_OUTCOME_COUNT] = {
    [NUMU_OUTCOME_ACKNOWLEDGED] = "word.outcome_acknowledged",
    [NUMU_OUTCOME_PROPOSED] = "word.outcome_proposed",
    [NUMU_OUTCOME_IRREGULAR] = "word.outcome_irregular",
    [NUMU_OUTCOME_REPEATED] = "word.outcome_repeated",
    [NUMU_OUTCOME_REFUSED] = "word.outcome_refused"};

/* What spoke against a line first: its code, "" for nothing, and where it is said to stand. */
struct reason {
    const char *code;
    uint64_t offset;
};

/* The column of an offset in its line, counted in characters from 1. */
static int64_t column_of(struct numu_text input, uint64_t offset) {
    int64_t column = 1;
    for (size_t at = (size_t)offset; at > 0 && input.data[at - 1] != '\n'; at--) {
        column += ((unsigned char)input.data[at - 1] & 0xC0) != 0x80;
    }
    return column;
}

static numu_status add_reason(struct recorder *recorder, const struct reason *reason) {
    struct numu_argument column = {.kind = NUMU_ARGUMENT_NONE};
    if (reason->code[0] != '\0' && reason->offset < recorder->input.length) {
        column = numu_argument_integer(column_of(recorder->input, reason->offset));
    }
    NUMU_TRY(numu_sheet_add_text(recorder->sheet, numu_text_of(reason->code)));
    return numu_sheet_add(recorder->sheet, column);
}

/* `type` and `key` as far as they are known. */
static numu_status add_receipt(struct recorder *recorder, const char *type, struct numu_text key,
                               const struct numu_receipt *receipt, const struct reason *reason) {
    struct numu_text reference = {NULL, 0};
    if (receipt->sequence >= 0) {
        NUMU_TRY(numu_ledger_name(&recorder->ledger, recorder->receipts, recorder->ledger.site,
                                  receipt->sequence, &reference));
    }
    NUMU_TRY(numu_text_copy(recorder->receipts, key, &key));
    recorder->refused += receipt->outcome == NUMU_OUTCOME_REFUSED;
    recorder->unjudged += receipt->lacks_package;
    NUMU_TRY(numu_sheet_add(recorder->sheet, numu_argument_integer(recorder->line)));
    NUMU_TRY(numu_sheet_add_text(recorder->sheet, numu_text_of(outcome_words[receipt->outcome])));
    NUMU_TRY(numu_sheet_add_text(recorder->sheet, numu_text_of(type)));
    NUMU_TRY(numu_sheet_add_text(recorder->sheet, key));
    NUMU_TRY(numu_sheet_add_text(recorder->sheet, reference));
    return recorder->request->has_reasons ? add_reason(recorder, reason) : NUMU_OK;
}

/* Of what is no event; `key`: what there is of its name. */
static numu_status refuse_malformed(struct recorder *recorder, struct numu_text key,
                                    uint64_t offset) {
    const struct numu_receipt receipt = {.outcome = NUMU_OUTCOME_REFUSED, .sequence = -1};
    const struct reason reason = {numu_code_text(NUMU_CODE_EVENT_MALFORMED), offset};
    NUMU_TRY(numu_ledger_note_refusal(&recorder->ledger, recorder->request->now, reason.code, key));
    return add_receipt(recorder, "", key, &receipt, &reason);
}

/* --- one event --- */

/* Signs the body with the person's key. */
static numu_status sign_body(struct recorder *recorder, const struct numu_event *event,
                             struct numu_event_signature *out) {
    const struct numu_signer *signer = recorder->request->person;
    struct numu_buffer body;
    numu_buffer_init(&body, recorder->context->heap, 0);
    numu_status status = numu_event_write_body(event, &recorder->scratch, &body);
    if (status == NUMU_OK) {
        out->key = numu_text_of(signer->public_key.name);
        status = numu_sign(signer, (struct numu_text){body.data, body.length}, &out->signature);
    }
    numu_buffer_release(&body);
    return status;
}

static bool is_of_line(struct numu_text name) {
    static const char *const names[] = {"from",     "item",    "line", "lot",
                                        "quantity", "serials", "to",   NULL};
    return numu_choice_find(names, name) != 0;
}

/* The field of the draft's row that a member comes from; the row itself where that is not known. */
static numu_status find_field(struct recorder *recorder, struct numu_text member,
                              struct numu_place *place) {
    const struct table *table = recorder->table;
    struct numu_csv_reader *reader = table->again;
    struct numu_text row = {recorder->input.data + place->offset, place->length};
    char *copy;
    if (row.length == 0 || (is_of_line(member) && recorder->row->has_more)) {
        return NUMU_OK;
    }
    NUMU_TRY(numu_text_to_string(&recorder->scratch, row, &copy)); /* the reader writes into it */
    numu_csv_reader_init_whole(reader, table->delimiter, copy, row.length);
    if (numu_csv_next(reader) != NUMU_CSV_RECORD) {
        return NUMU_OK;
    }
    for (size_t i = 0; i < reader->count && i < table->columns; i++) {
        if (numu_text_is_equal(table->header[i], member)) {
            place->offset += reader->fields[i].offset;
            place->length = reader->fields[i].length;
            return NUMU_OK;
        }
    }
    return NUMU_OK;
}

static bool is_signed_line(struct numu_text line) {
    static const char start[] = "{\"body\":";
    return line.length > sizeof start - 1 && memcmp(line.data, start, sizeof start - 1) == 0;
}

/* Whether what is no event, being too long for one, is a count all the same. */
static bool is_long_count(struct recorder *recorder, struct numu_text line) {
    struct numu_event event;
    struct numu_event_error error;
    struct numu_arena_mark mark = numu_arena_mark(&recorder->scratch);
    numu_status status = is_signed_line(line)
                             ? NUMU_INVALID
                             : numu_event_read_long_draft(&recorder->scratch, line, &event, &error);
    numu_arena_rewind(&recorder->scratch, mark);
    return status == NUMU_OK && event.type == NUMU_EVENT_count;
}

/* A column that no member is named after is told once, where its name stands. */
static bool is_told_column(struct recorder *recorder, const struct numu_event_error *error,
                           struct numu_place *place) {
    struct table *table = recorder->table;
    for (size_t i = 0;
         table != NULL && error->problem == NUMU_EVENT_UNKNOWN_MEMBER && i < table->columns; i++) {
        if (numu_text_is_equal(table->header[i], error->member)) {
            bool was_told = table->is_told[i];
            *place = (struct numu_place){recorder->source, table->names[i].length,
                                         table->names[i].offset};
            table->is_told[i] = true;
            return was_told;
        }
    }
    return false;
}

static numu_status tell_malformed(struct recorder *recorder, const struct numu_event_error *error,
                                  const struct numu_place *place) {
    struct numu_argument what = {.kind = NUMU_ARGUMENT_NONE};
    struct numu_argument wanted = {.kind = NUMU_ARGUMENT_NONE};
    struct numu_place where = *place;
    struct numu_text choices;
    const char *form = numu_event_error_form(error);
    if (is_told_column(recorder, error, &where)) {
        return NUMU_OK;
    }
    if (error->found.length > 0 || error->member.length > 0) {
        what = numu_argument_text(error->found.length > 0 ? error->found : error->member);
    }
    NUMU_TRY(numu_event_error_choices(&recorder->scratch, error, &choices));
    if (form != NULL) {
        wanted = numu_argument_string(form);
    } else if (choices.length > 0) {
        wanted = numu_argument_text(choices);
    }
    tell_three(recorder, NUMU_CODE_EVENT_MALFORMED, where,
               numu_argument_string(numu_event_error_name(error)), what, wanted);
    return NUMU_OK;
}

/*
 * NUMU_INVALID where the line is no event, which is said; *place is then what is wrong of it.
 * NUMU_LIMIT where it is a count that is longer than an event.
 */
static numu_status read_line(struct recorder *recorder, struct numu_text line,
                             struct numu_place *place, struct numu_record *out) {
    struct numu_event_error error;
    numu_status status;
    memset(out, 0, sizeof *out);
    if (is_signed_line(line)) {
        status = numu_event_read_signed(&recorder->scratch, line, out, &error);
    } else {
        status = numu_event_read_draft(&recorder->scratch, line, &out->event, &error);
    }
    if (status == NUMU_INVALID && is_long_count(recorder, line)) {
        return NUMU_LIMIT;
    }
    if (status == NUMU_INVALID) {
        if (recorder->table == NULL) {
            place->offset += error.offset;
            place->length = error.offset < line.length ? 1 : 0;
        } else {
            NUMU_TRY(find_field(recorder, error.member, place));
        }
        NUMU_TRY(tell_malformed(recorder, &error, place));
    }
    return status;
}

/* Findings go to the report, which may keep no more of a kind; the first is the reason. */
static numu_status record_entry(struct recorder *recorder, const struct numu_entry_request *entry,
                                struct numu_report *report, struct numu_receipt *receipt,
                                struct reason *out_reason) {
    struct numu_report own;
    size_t count;
    numu_report_init(&own, recorder->context->heap, report->keep_max);
    numu_status status = numu_ledger_record(&recorder->ledger, entry, &own, receipt);
    const struct numu_diagnostic *list = numu_report_list(&own, &count);
    *out_reason = count > 0 ? (struct reason){numu_code_text(list[0].code), list[0].place.offset}
                            : (struct reason){"", 0};
    numu_report_merge(report, &own);
    numu_report_release(&own);
    return status;
}

/* Completes, signs and records one event. `draft` becomes what was recorded, or not. */
static numu_status record_draft(struct recorder *recorder, struct numu_place place,
                                struct numu_record *draft, struct numu_report *report,
                                struct numu_receipt *receipt, struct reason *reason) {
    const struct numu_ledger_record_request *request = recorder->request;
    if (draft->signature_count == 0) {
        NUMU_TRY(numu_ledger_join_count(&recorder->ledger, &recorder->scratch, &draft->event));
    }
    NUMU_TRY(numu_ledger_complete(&recorder->ledger, &recorder->scratch, &draft->event));
    if (request->person != NULL && draft->signature_count == 0) {
        numu_status status = sign_body(recorder, &draft->event, &draft->signatures[0]);
        NUMU_TRY(status == NUMU_LIMIT ? NUMU_OK : status); /* too large is said when recorded */
        draft->signature_count = 1;
    }
    const struct numu_entry_request entry = {.event = draft->event,
                                             .signatures = draft->signatures,
                                             .signature_count = draft->signature_count,
                                             .now = request->now,
                                             .place = place,
                                             .checks = request->checks};
    return record_entry(recorder, &entry, report, receipt, reason);
}

/* The receipt of one event; a refusal goes to the log of attempts. */
static numu_status answer_draft(struct recorder *recorder, const struct numu_event *event,
                                const struct numu_receipt *receipt, const struct reason *reason) {
    if (receipt->outcome == NUMU_OUTCOME_REFUSED) {
        NUMU_TRY(numu_ledger_note_refusal(&recorder->ledger, recorder->request->now, reason->code,
                                          event->key));
    }
    return add_receipt(recorder, numu_event_kinds[event->type].name, event->key, receipt, reason);
}

/* --- groups --- */

static numu_status begin_group(struct recorder *recorder) {
    recorder->in_group = 0;
    recorder->group_start = recorder->sheet->cells.length;
    return numu_ledger_begin(&recorder->ledger);
}

static numu_status end_group(struct recorder *recorder) {
    const struct numu_ledger_record_request *request = recorder->request;
    numu_status status = numu_ledger_commit(&recorder->ledger);
    if (status != NUMU_OK) { /* nothing of the group was acknowledged */
        recorder->sheet->cells.length = recorder->group_start;
    } else if (request->hand_out != NULL) {
        status = request->hand_out(request->hand_out_data, recorder->sheet);
        recorder->sheet->cells.length = 0;
    }
    numu_arena_release(&recorder->scratch);
    return status;
}

/* Before a line: what came before it is committed if that is enough for a group. */
static numu_status make_room(struct recorder *recorder) {
    if (recorder->in_group >= GROUP_LINES && !recorder->request->is_atomic) {
        NUMU_TRY(end_group(recorder));
        NUMU_TRY(begin_group(recorder));
    }
    recorder->in_group++;
    return NUMU_OK;
}

/* --- counts in sheets --- */

static bool has_details(const struct numu_event *event) {
    for (size_t i = 0; i < event->line_count; i++) {
        if (event->lines[i].serials.count > 0 || event->lines[i].lot.length > 0) {
            return true;
        }
    }
    return false;
}

/* A count with all its serials that is too long for an event, or was told in sheets before. */
static bool wants_sheets(const struct numu_event *event, const struct numu_receipt *receipt,
                         const struct reason *reason) {
    bool is_too_large = strcmp(reason->code, numu_code_text(NUMU_CODE_EVENT_TOO_LARGE)) == 0;
    bool was_told = strcmp(reason->code, numu_code_text(NUMU_CODE_EVENT_KEY_REUSED)) == 0 &&
                    event->sheets.count > 0;
    return event->type == NUMU_EVENT_count && has_details(event) &&
           receipt->outcome == NUMU_OUTCOME_REFUSED && (is_too_large || was_told);
}

/* One sheet, or the count after them, and its receipt; a refusal is left to the caller. */
static numu_status record_sheet(struct recorder *recorder, struct numu_place place,
                                const struct numu_event *event, struct numu_receipt *receipt,
                                struct reason *reason) {
    struct numu_record draft = {.event = *event};
    NUMU_TRY(record_draft(recorder, place, &draft, recorder->report, receipt, reason));
    return receipt->outcome == NUMU_OUTCOME_REFUSED
               ? NUMU_OK
               : answer_draft(recorder, event, receipt, reason);
}

/* All sheets and their count; *receipt is that of the last, or of the first that was refused. */
static numu_status record_cut(struct recorder *recorder, struct numu_place place,
                              const struct numu_cut_count *cut, struct numu_receipt *receipt,
                              struct reason *reason) {
    for (size_t i = 0; i <= cut->sheet_count; i++) {
        const struct numu_event *event = i < cut->sheet_count ? &cut->sheets[i] : &cut->count;
        NUMU_TRY(record_sheet(recorder, place, event, receipt, reason));
        if (receipt->outcome == NUMU_OUTCOME_REFUSED) {
            return NUMU_OK;
        }
    }
    return NUMU_OK;
}

/* Sheets of a count of which one was refused are taken back. */
static numu_status take_back(struct recorder *recorder) {
    if (recorder->request->is_atomic) {
        return NUMU_OK; /* with all else, at the end */
    }
    numu_ledger_rollback(&recorder->ledger);
    recorder->sheet->cells.length = recorder->group_start;
    return numu_ledger_begin(&recorder->ledger);
}

static numu_status cut_and_record(struct recorder *recorder, struct numu_event *draft,
                                  struct numu_place place, struct numu_arena *arena) {
    struct numu_receipt receipt = {.outcome = NUMU_OUTCOME_REFUSED, .sequence = -1};
    struct reason reason = {numu_code_text(NUMU_CODE_EVENT_SHEET), place.offset};
    struct numu_cut_count cut;
    NUMU_TRY(numu_count_join_lines(arena, draft));
    numu_status status =
        numu_count_cut(&recorder->ledger.state, recorder->ledger.site, draft, arena, &cut);
    if (status == NUMU_LIMIT) {
        tell(recorder, NUMU_CODE_EVENT_SHEET, place, numu_argument_string("kind.count_many_sheets"),
             numu_argument_text(draft->key));
        return answer_draft(recorder, draft, &receipt, &reason);
    }
    NUMU_TRY(status);
    NUMU_TRY(record_cut(recorder, place, &cut, &receipt, &reason));
    if (receipt.outcome != NUMU_OUTCOME_REFUSED) {
        return NUMU_OK;
    }
    NUMU_TRY(take_back(recorder));
    return answer_draft(recorder, draft, &receipt, &reason);
}

/* A long count as sheets and their count: all of them, or none. */
static numu_status record_in_sheets(struct recorder *recorder, struct numu_text line,
                                    struct numu_place place) {
    struct numu_event draft;
    struct numu_event_error error;
    struct numu_arena arena;
    if (!recorder->request->is_atomic) { /* what came before is not taken back with it */
        NUMU_TRY(end_group(recorder));
        NUMU_TRY(begin_group(recorder));
        recorder->in_group++;
    }
    numu_arena_init(&arena, recorder->context->heap);
    numu_status status = numu_event_read_long_draft(&arena, line, &draft, &error);
    if (status == NUMU_OK) {
        draft.ledger = recorder->ledger.id;
        status = cut_and_record(recorder, &draft, place, &arena);
    }
    numu_arena_release(&arena);
    return status;
}

/* --- one line --- */

static numu_status record_line(struct recorder *recorder, struct numu_text line,
                               struct numu_place place) {
    struct numu_record draft;
    struct numu_receipt receipt = {.outcome = NUMU_OUTCOME_REFUSED, .sequence = -1};
    struct numu_report report;
    struct reason reason = {"", 0};
    numu_status status = read_line(recorder, line, &place, &draft);
    if (status == NUMU_INVALID) {
        return refuse_malformed(recorder, (struct numu_text){NULL, 0}, place.offset);
    }
    if (status == NUMU_LIMIT) {
        return record_in_sheets(recorder, line, place);
    }
    NUMU_TRY(status);
    if (recorder->table == NULL) {
        place.length = (uint32_t)(line.length < UINT32_MAX ? line.length : 0);
    }
    bool may_cut = draft.signature_count == 0;
    numu_report_init(&report, recorder->context->heap, recorder->report->keep_max);
    status = record_draft(recorder, place, &draft, &report, &receipt, &reason);
    bool cuts = status == NUMU_OK && may_cut && wants_sheets(&draft.event, &receipt, &reason);
    if (!cuts) {
        numu_report_merge(recorder->report, &report);
    }
    numu_report_release(&report);
    NUMU_TRY(status);
    return cuts ? record_in_sheets(recorder, line, place)
                : answer_draft(recorder, &draft.event, &receipt, &reason);
}

static numu_status record_text(struct recorder *recorder, struct numu_text text) {
    for (size_t at = 0; at < text.length;) {
        const struct rows *row = recorder->row;
        size_t end = numu_text_find(text, NUMU_TEXT("\n"), at);
        end = end == SIZE_MAX ? text.length : end;
        struct numu_text line = {text.data + at, end - at};
        struct numu_place place = {recorder->source, row == NULL ? 0 : row->length,
                                   row == NULL ? at : row->offset};
        recorder->line = row == NULL ? recorder->line + 1 : row->line;
        at = end + 1;
        if (numu_text_trim(line).length == 0) {
            continue;
        }
        if (numu_context_is_stopped(recorder->context)) {
            return NUMU_STOPPED;
        }
        NUMU_TRY(make_room(recorder));
        NUMU_TRY(record_line(recorder, line, place));
        recorder->row = row == NULL ? NULL : row + 1; /* a draft is a line */
    }
    return NUMU_OK;
}

/* --- CSV --- */

/* What may stand as a number in a draft; anything else is written as a text, and refused as one. */
static bool is_number(struct numu_text value) {
    size_t at = 0;
    while (at < value.length && value.data[at] >= '0' && value.data[at] <= '9') {
        at++;
    }
    return at > 0 && at == value.length;
}

/* A member from a field: whole numbers as such, lists from words. */
static numu_status put_field(struct table *table, struct numu_text name, struct numu_text value,
                             bool *is_first) {
    static const char *const numbers[] = {"against", "line", "version", NULL};
    static const char *const lists[] = {"documents", "serials", "witnesses", NULL};
    bool has_decimal_comma = table->delimiter != ',' && numu_text_is(name, "quantity");
    size_t comma = has_decimal_comma ? numu_text_find(value, NUMU_TEXT(","), 0) : SIZE_MAX;
    NUMU_TRY(numu_buffer_append_string(&table->out, *is_first ? "" : ","));
    *is_first = false;
    NUMU_TRY(numu_canonical_string(&table->out, name));
    NUMU_TRY(numu_buffer_append_char(&table->out, ':'));
    if (numu_choice_find(numbers, name) != 0 && is_number(value)) {
        return numu_buffer_append(&table->out, value.data, value.length);
    }
    if (comma != SIZE_MAX) {
        char *digits;
        NUMU_TRY(numu_text_to_string(&table->event, value, &digits));
        digits[comma] = '.';
        return numu_canonical_string(&table->out, numu_text_of(digits));
    }
    if (numu_choice_find(lists, name) == 0) {
        return numu_canonical_string(&table->out, value);
    }
    const char *before = "[";
    for (struct numu_text word = numu_text_next_word(&value); word.length > 0;
         word = numu_text_next_word(&value)) {
        NUMU_TRY(numu_buffer_append_string(&table->out, before));
        NUMU_TRY(numu_canonical_string(&table->out, word));
        before = ",";
    }
    return numu_buffer_append_char(&table->out, ']');
}

static numu_status put_fields(struct table *table, const struct numu_csv_reader *reader,
                              bool of_line) {
    bool is_first = true;
    for (size_t i = 0; i < reader->count && i < table->columns; i++) {
        if (is_of_line(table->header[i]) == of_line && reader->fields[i].value.length > 0) {
            NUMU_TRY(put_field(table, table->header[i], reader->fields[i].value, &is_first));
        }
    }
    return NUMU_OK;
}

static bool has_line(const struct table *table, const struct numu_csv_reader *reader) {
    for (size_t i = 0; i < reader->count && i < table->columns; i++) {
        if (is_of_line(table->header[i]) && reader->fields[i].value.length > 0) {
            return true;
        }
    }
    return false;
}

/* Nothing of an event with a broken row is recorded. */
static void drop_draft(struct table *table) {
    if (table->is_open) {
        table->out.length = table->start;
        table->rows.length -= sizeof(struct rows);
        table->is_open = false;
        table->is_dropped = true;
    }
}

static numu_status close_draft(struct table *table) {
    bool was_open = table->is_open;
    table->is_open = false;
    return was_open ? numu_buffer_append_string(&table->out, "]}\n") : NUMU_OK;
}

static struct numu_text field_of(const struct numu_csv_reader *reader, size_t column) {
    return column < reader->count ? reader->fields[column].value : (struct numu_text){NULL, 0};
}

static struct numu_text key_of(const struct table *table, const struct numu_text *fields) {
    for (size_t i = 0; i < table->columns; i++) {
        if (numu_text_is(table->header[i], "key")) {
            return fields[i];
        }
    }
    return (struct numu_text){NULL, 0};
}

/* The column of a row whose member is not that of the event's first row; `columns` = none. */
static size_t find_difference(const struct table *table, const struct numu_csv_reader *reader) {
    size_t column = 0;
    while (column < table->columns &&
           (is_of_line(table->header[column]) || field_of(reader, column).length == 0 ||
            numu_text_is_equal(field_of(reader, column), table->first[column]))) {
        column++;
    }
    return column;
}

/* Counts lines up to an offset. */
static void count_lines(struct table *table, uint64_t offset) {
    for (; table->line_at < offset; table->line_at++) {
        table->line += table->text.data[table->line_at] == '\n';
    }
}

/* Where the draft that begins with this record stands in the table. */
static numu_status note_rows(struct table *table, const struct numu_csv_reader *reader) {
    const struct numu_csv_field *last = &reader->fields[reader->count - 1];
    uint64_t length = last->offset + last->length - reader->record_offset;
    count_lines(table, reader->record_offset);
    struct rows rows = {.offset = reader->record_offset,
                        .length = length > UINT32_MAX ? 0 : (uint32_t)length,
                        .line = table->line};
    return numu_buffer_append(&table->rows, &rows, sizeof rows);
}

/* Records the drafts that were written, and forgets them. */
static numu_status record_drafts(struct recorder *recorder, struct table *table) {
    recorder->row = (const void *)table->rows.data;
    numu_status status =
        record_text(recorder, (struct numu_text){table->out.data, table->out.length});
    recorder->row = NULL;
    numu_buffer_clear(&table->out);
    numu_buffer_clear(&table->rows);
    return status;
}

/* The first row of an event, kept for those that follow. */
static numu_status open_draft(struct recorder *recorder, struct table *table,
                              const struct numu_csv_reader *reader) {
    NUMU_TRY(close_draft(table));
    if (table->rows.length / sizeof(struct rows) >= GROUP_LINES) {
        NUMU_TRY(record_drafts(recorder, table));
    }
    NUMU_TRY(note_rows(table, reader));
    table->start = table->out.length;
    table->is_dropped = false;
    numu_arena_release(&table->event);
    for (size_t i = 0; i < table->columns; i++) {
        NUMU_TRY(numu_text_copy(&table->event, field_of(reader, i), &table->first[i]));
    }
    NUMU_TRY(numu_buffer_append_char(&table->out, '{'));
    NUMU_TRY(put_fields(table, reader, false));
    if (!has_line(table, reader)) {
        return numu_buffer_append_string(&table->out, "}\n");
    }
    table->is_open = true;
    return numu_buffer_append_string(&table->out, ",\"lines\":[");
}

/* Another row of the event being written. */
static numu_status add_row(struct table *table) {
    struct rows *rows = (void *)table->rows.data;
    rows[table->rows.length / sizeof *rows - 1].has_more = true;
    return numu_buffer_append_char(&table->out, ',');
}

static numu_status read_header(struct table *table, const struct numu_csv_reader *reader) {
    NUMU_TRY(NUMU_TAKE(table->arena, &table->header, reader->count));
    NUMU_TRY(NUMU_TAKE(table->arena, &table->first, reader->count));
    NUMU_TRY(NUMU_TAKE(table->arena, &table->names, reader->count));
    NUMU_TRY(NUMU_TAKE(table->arena, &table->is_told, reader->count));
    for (size_t i = 0; i < reader->count; i++) {
        NUMU_TRY(numu_text_copy(table->arena, reader->fields[i].value, &table->header[i]));
        table->names[i] = reader->fields[i];
        table->is_told[i] = false;
    }
    table->columns = reader->count;
    return NUMU_OK;
}

/*
 * A row that cannot be part of any event: refused and told. The event before it goes with it, for
 * nobody knows whether it was a row of that.
 */
static numu_status put_broken(struct recorder *recorder, struct table *table, uint64_t offset,
                              const char *problem) {
    const char *form = strcmp(problem, "kind.event_no_utf8") == 0 ? "kind.member_utf8" : NULL;
    struct numu_argument wanted = {.kind = NUMU_ARGUMENT_NONE};
    struct numu_place place = {recorder->source, 1, offset};
    struct numu_argument member = {.kind = NUMU_ARGUMENT_NONE};
    struct numu_text key = {NULL, 0};
    if (table->is_open && key_of(table, table->first).length > 0) {
        key = key_of(table, table->first);
        member = numu_argument_text(key);
    }
    drop_draft(table);
    NUMU_TRY(record_drafts(recorder, table)); /* receipts stand in the order of the rows */
    NUMU_TRY(make_room(recorder));
    if (form != NULL) {
        wanted = numu_argument_string(form);
    }
    tell_three(recorder, NUMU_CODE_EVENT_MALFORMED, place, numu_argument_string(problem), member,
               wanted);
    count_lines(table, offset);
    recorder->line = table->line;
    return refuse_malformed(recorder, key, offset);
}

static numu_status put_record(struct recorder *recorder, struct table *table,
                              const struct numu_csv_reader *reader) {
    struct numu_text fields[NUMU_CSV_FIELDS_MAX];
    if (reader->count > table->columns) {
        return put_broken(recorder, table, reader->fields[table->columns].offset,
                          "kind.event_many_fields");
    }
    for (size_t i = 0; i < table->columns; i++) {
        fields[i] = field_of(reader, i);
    }
    bool is_next = (table->is_open || table->is_dropped) && has_line(table, reader) &&
                   numu_text_is_equal(key_of(table, fields), key_of(table, table->first));
    if (is_next && table->is_dropped) {
        return NUMU_OK;
    }
    size_t other = is_next ? find_difference(table, reader) : table->columns;
    if (other < table->columns) {
        return put_broken(recorder, table, reader->fields[other].offset, "kind.event_differs");
    }
    NUMU_TRY(is_next ? add_row(table) : open_draft(recorder, table, reader));
    if (!table->is_open) {
        return NUMU_OK;
    }
    NUMU_TRY(numu_buffer_append_char(&table->out, '{'));
    NUMU_TRY(put_fields(table, reader, true));
    return numu_buffer_append_char(&table->out, '}');
}

/* What separates the fields of the first line. */
static char find_delimiter(struct numu_text text) {
    static const char others[] = {';', '\t'};
    const char *end = text.length == 0 ? NULL : memchr(text.data, '\n', text.length);
    size_t length = end == NULL ? text.length : (size_t)(end - text.data);
    for (size_t i = 0; i < sizeof others && length > 0; i++) {
        if (memchr(text.data, ',', length) == NULL &&
            memchr(text.data, others[i], length) != NULL) {
            return others[i];
        }
    }
    return ',';
}

/* The next piece of the table into the window, which grows where a record is longer than it. */
static numu_status read_on(struct table *table, struct numu_csv_reader *reader) {
    size_t tail = reader->length - reader->position;
    size_t done = (size_t)reader->window_offset + reader->length;
    size_t more = tail + WINDOW_BYTES / 2 > WINDOW_BYTES ? tail : WINDOW_BYTES - tail;
    more = more < table->text.length - done ? more : table->text.length - done;
    if (tail > 0) {
        memmove(table->window.data, table->window.data + reader->position, tail);
    }
    table->window.length = tail;
    NUMU_TRY(numu_buffer_append(&table->window, table->text.data + done, more));
    numu_csv_reader_refill(reader, table->window.data, table->window.length,
                           done + more == table->text.length);
    return NUMU_OK;
}

/* A CSV file as drafts, which are recorded group by group. */
static numu_status record_records(struct recorder *recorder, struct table *table,
                                  struct numu_csv_reader *reader) {
    for (;;) {
        switch (numu_csv_next(reader)) {
        case NUMU_CSV_RECORD:
            NUMU_TRY(table->header == NULL ? read_header(table, reader)
                                           : put_record(recorder, table, reader));
            break;
        case NUMU_CSV_MORE:
            NUMU_TRY(read_on(table, reader));
            break;
        case NUMU_CSV_END:
            NUMU_TRY(close_draft(table));
            return record_drafts(recorder, table);
        case NUMU_CSV_BAD_ENCODING:
            NUMU_TRY(put_broken(recorder, table, reader->error_offset, "kind.event_no_utf8"));
            break;
        default:
            NUMU_TRY(put_broken(recorder, table, reader->error_offset, "kind.event_no_csv"));
            break;
        }
    }
}

static numu_status record_table(struct recorder *recorder, struct table *table) {
    struct numu_csv_reader *reader;
    table->delimiter = find_delimiter(table->text);
    NUMU_TRY(NUMU_TAKE(table->arena, &reader, 1));
    NUMU_TRY(NUMU_TAKE(table->arena, &table->again, 1));
    numu_csv_reader_init(reader, table->delimiter);
    reader->record_bytes_max =
        table->text.length < UINT32_MAX ? (uint32_t)table->text.length : UINT32_MAX;
    NUMU_TRY(read_on(table, reader));
    return record_records(recorder, table, reader);
}

/* --- all of it --- */

/* With --atomic, one refusal takes all of it back. */
static bool is_taken_back(const struct recorder *recorder) {
    return recorder->request->is_atomic && recorder->refused > 0;
}

/* Nothing is recorded where the head over it could not be signed. */
static numu_status check_site_key(struct recorder *recorder) {
    const struct numu_signer *signer = recorder->request->site;
    bool may = true;
    if (signer != NULL) {
        NUMU_TRY(numu_ledger_may_sign(&recorder->ledger, &signer->public_key, &may));
    }
    if (!may) {
        tell_three(recorder, NUMU_CODE_EVENT_SIGNATURE, NUMU_NOWHERE,
                   numu_argument_string("kind.wrong"),
                   numu_argument_string(signer->public_key.name),
                   numu_argument_text(recorder->ledger.site));
    }
    return may ? NUMU_OK : NUMU_INVALID;
}

/* All of the input (of a table, if there is one), and the head over it. */
static numu_status record_all(struct recorder *recorder, struct numu_text text,
                              struct table *table) {
    NUMU_TRY(check_site_key(recorder));
    NUMU_TRY(begin_group(recorder));
    numu_status status =
        table == NULL ? record_text(recorder, text) : record_table(recorder, table);
    if (status == NUMU_OK && is_taken_back(recorder)) {
        numu_ledger_rollback(&recorder->ledger);
        recorder->sheet->cells.length = recorder->group_start;
        return NUMU_OK;
    }
    if (status == NUMU_OK && recorder->request->site != NULL) {
        status = numu_ledger_sign_head(&recorder->ledger, recorder->request->site, NULL);
    }
    if (status != NUMU_OK) {
        numu_ledger_rollback(&recorder->ledger);
        recorder->sheet->cells.length = recorder->group_start;
        return status;
    }
    return end_group(recorder);
}

static bool ends_with(const char *path, const char *end) {
    size_t length = strlen(path);
    size_t tail = strlen(end);
    return length >= tail && strcmp(path + length - tail, end) == 0;
}

static numu_status record_input(struct recorder *recorder, struct numu_text text, bool is_table) {
    recorder->input = text;
    if (!is_table) {
        return record_all(recorder, text, NULL);
    }
    struct table table = {.arena = recorder->arena, .text = text, .line = 1};
    recorder->table = &table;
    struct numu_heap *heap = recorder->context->heap;
    numu_arena_init(&table.event, heap);
    numu_buffer_init(&table.window, heap, 0);
    numu_buffer_init(&table.out, heap, 0);
    numu_buffer_init(&table.rows, heap, 0);
    numu_status status = record_all(recorder, text, &table);
    numu_arena_release(&table.event);
    numu_buffer_release(&table.window);
    numu_buffer_release(&table.out);
    numu_buffer_release(&table.rows);
    recorder->table = NULL;
    return status;
}

static numu_status read_input(struct recorder *recorder, struct numu_sources *sources,
                              struct numu_text *out) {
    const struct numu_ledger_record_request *request = recorder->request;
    const char *path = request->input;
    int number;
    if (path == NULL) {
        *out = request->lines;
        return numu_sources_add(sources, NUMU_TEXT("(command line)"), *out, &recorder->source);
    }
    bool is_standard = strcmp(path, "-") == 0;
    numu_status status =
        numu_file_read(recorder->arena, is_standard ? "/dev/stdin" : path, 0, out, &number);
    if (status == NUMU_IO) {
        return numu_app_cannot_read(recorder->report, path, number);
    }
    NUMU_TRY(status);
    return numu_sources_add(sources, numu_text_of(path), *out, &recorder->source);
}

numu_status numu_app_ledger_record(const struct numu_context *context,
                                   const struct numu_ledger_record_request *request,
                                   struct numu_sources *sources, struct numu_report *report,
                                   struct numu_arena *arena, struct numu_sheet *out,
                                   size_t *out_refused) {
    static const char *const columns[] = {"line", "outcome", "event_type", "act", "event", NULL};
    static const char *const with_reasons[] = {"line",  "outcome", "event_type", "act",
                                               "event", "reason",  "column",     NULL};
    struct recorder recorder = {
        .context = context, .request = request, .report = report, .arena = arena, .sheet = out};
    struct numu_text text;
    recorder.receipts = request->hand_out == NULL ? arena : &recorder.scratch;
    numu_sheet_init(out, context->heap, "numu.ledger.receipts/1", "receipts",
                    request->has_reasons ? with_reasons : columns);
    *out_refused = 0;
    NUMU_TRY(read_input(&recorder, sources, &text));
    NUMU_TRY(
        numu_app_ledger_open(context, request->path, NUMU_STORE_WRITE, report, &recorder.ledger));
    numu_arena_init(&recorder.scratch, context->heap);
    bool is_table = request->input != NULL && ends_with(request->input, ".csv");
    numu_status status = record_input(&recorder, text, is_table);
    if (status == NUMU_IO) {
        numu_app_tell_string(report, NUMU_CODE_CANNOT_WRITE, request->path,
                             errno != 0 ? strerror(errno) : "");
    }
    if (status == NUMU_OK && recorder.unjudged > 0 && !is_taken_back(&recorder)) {
        tell(&recorder, NUMU_CODE_RULES_NOT_ASKED, NUMU_NOWHERE,
             numu_argument_integer((int64_t)recorder.unjudged),
             (struct numu_argument){.kind = NUMU_ARGUMENT_NONE});
    }
    numu_arena_release(&recorder.scratch);
    numu_status closed = numu_ledger_close(&recorder.ledger);
    *out_refused = recorder.refused;
    return status != NUMU_OK ? status : closed;
}
