/*
 * load_rows.c - see load_rows.h.
 *
 * [T1] Memory beyond the table itself does not depend on the file: windows, reports, memos.
 * [T2] A record becomes a row whatever is wrong in it, so that row numbers and places agree; broken
 *      records (an open quote, bad UTF-8) do not, and are findings.
 *
 * Columns repeat themselves (currencies, dates, sites, sources): a small memo a column keeps values
 * parsed lately by their text, which spares most of the parsing and keeps repeated texts once.
 *
 * A reference is looked up in memory that is seldom at hand. So it waits until there are some tens
 * of them: the slot of each is asked for when it begins to wait, and looked at when all are.
 */
#include "model/load_rows.h"

#include <errno.h>
#include <string.h>

enum {
    MEMO_TEXT_BYTES = 16,
    MEMO_BITS = 10,
    MEMO_COUNT = 1 << MEMO_BITS, /* a column */
    MEMO_TRIAL = 4096,           /* values after which a memo that seldom helps is given up */
    POOL_BYTES = 1 << 16,
    WAITING_MAX = 48, /* enough for a cache line to come, few enough to stay there */
};

/* The text of a short value: its bytes, zero beyond the length. */
struct words {
    uint64_t low, high;
};

struct memo {
    struct words text;
    size_t length; /* 0 = unused */
    union numu_element element;
};

struct numu_memos {
    struct memo list[MEMO_COUNT];
    uint32_t tries, hits;
    bool is_given_up;
};

/* A reference that is being looked up. Its text lies in the window, which stays until then. */
struct numu_waiting {
    struct numu_map_probe probe;
    struct numu_text text;
    uint64_t offset; /* of the raw field */
    uint32_t length;
    uint32_t index; /* of the field */
    numu_row row;
};

numu_status numu_row_reader_init(struct numu_row_reader *reader, struct numu_arena *scratch,
                                 struct numu_arena *texts, size_t field_count) {
    reader->texts = texts;
    NUMU_TRY(NUMU_TAKE(scratch, &reader->window, NUMU_WINDOW_BYTES + NUMU_WINDOW_SLACK));
    NUMU_TRY(NUMU_TAKE(scratch, &reader->csv, 1));
    NUMU_TRY(NUMU_TAKE(scratch, &reader->memos, field_count));
    NUMU_TRY(NUMU_TAKE(scratch, &reader->waiting, WAITING_MAX));
    return NUMU_TAKE(scratch, &reader->last, field_count);
}

/* --- one segment being read --- */

struct cursor {
    const struct numu_layout *layout;
    struct numu_row_reader *reader;
    struct numu_segment *segment;
    numu_row row;          /* the one being filled */
    uint64_t decimal_told; /* bit n: field n; fields beyond 63 share the last */
    uint64_t missing_told;
};

static struct numu_place place_of(const struct cursor *cursor, const struct numu_csv_field *raw) {
    return (struct numu_place){cursor->layout->file->source, raw->length, raw->offset};
}

static struct numu_place place_of_record(const struct cursor *cursor) {
    return (struct numu_place){cursor->layout->file->source, 0, cursor->reader->csv->record_offset};
}

void numu_report_unreadable(struct numu_report *report, const struct numu_layout *layout,
                            int number) {
    struct numu_place whole = {layout->file->source, 0, NUMU_WHOLE_FILE};
    struct numu_diagnostic finding = {
        .code = NUMU_CODE_CANNOT_READ, .place = whole, .related = NUMU_NOWHERE};
    finding.arguments[0] =
        numu_argument_text(layout->model->sources.list[layout->file->source].path);
    finding.arguments[1] = numu_argument_string(strerror(number));
    numu_report_add(report, &finding);
}

void numu_report_broken_record(struct numu_report *report, const struct numu_layout *layout,
                               const struct numu_csv_reader *csv, numu_csv_event event) {
    struct numu_diagnostic finding = {.place = {layout->file->source, 1, csv->error_offset},
                                      .related = NUMU_NOWHERE};
    finding.code = event == NUMU_CSV_OPEN_QUOTE     ? NUMU_CODE_OPEN_QUOTE
                   : event == NUMU_CSV_STRAY_QUOTE  ? NUMU_CODE_STRAY_QUOTE
                   : event == NUMU_CSV_BAD_ENCODING ? NUMU_CODE_BAD_ENCODING
                                                    : NUMU_CODE_RECORD_TOO_LONG;
    if (event == NUMU_CSV_TOO_LONG) {
        finding.arguments[0] = numu_argument_integer(NUMU_CSV_RECORD_BYTES_MAX);
    } else if (event == NUMU_CSV_TOO_MANY) {
        finding.code = NUMU_CODE_FIELD_COUNT;
        finding.arguments[0] = numu_argument_integer(NUMU_CSV_FIELDS_MAX + 1);
        finding.arguments[1] = numu_argument_integer((int64_t)layout->field_count);
    }
    numu_report_add(report, &finding);
}

/* --- texts --- */

static numu_status keep_text(struct numu_row_reader *reader, struct numu_text text,
                             struct numu_text *out) {
    if (reader->text_left < text.length) {
        size_t bytes = text.length > POOL_BYTES / 4 ? text.length : POOL_BYTES;
        NUMU_TRY(NUMU_TAKE(reader->texts, &reader->text_next, bytes));
        reader->text_left = bytes;
    }
    memcpy(reader->text_next, text.data, text.length);
    *out = (struct numu_text){reader->text_next, text.length};
    reader->text_next += text.length;
    reader->text_left -= text.length;
    return NUMU_OK;
}

/* The same, for columns in which a text often stands again in the next row. */
static numu_status keep_text_once(struct numu_row_reader *reader, size_t field,
                                  struct numu_text text, struct numu_text *out) {
    struct numu_text *last = &reader->last[field];
    if (last->length == 0 || !numu_text_is_equal(*last, text)) {
        NUMU_TRY(keep_text(reader, text, last));
    }
    *out = *last;
    return NUMU_OK;
}

/* --- values --- */

static numu_status tell_once(struct cursor *cursor, size_t index, uint64_t *told,
                             const struct numu_diagnostic *finding) {
    uint64_t bit = UINT64_C(1) << (index < 63 ? index : 63);
    if ((*told & bit) != 0) {
        return NUMU_OK;
    }
    *told |= bit;
    struct numu_once once = {.field = (uint32_t)index, .finding = *finding};
    /* The window moves on before the finding is added to the report: its text must stay. */
    NUMU_TRY(numu_text_copy(cursor->reader->texts, finding->arguments[1].text,
                            &once.finding.arguments[1].text));
    return numu_buffer_append(&cursor->segment->once, &once, sizeof once);
}

static numu_status report_reference(struct cursor *cursor, size_t index, struct numu_text found,
                                    struct numu_place place) {
    const struct numu_field *field = &cursor->layout->fields[index];
    const struct numu_table_head *referred =
        numu_model_head_of(cursor->layout->model, field->referred);
    if (!referred->is_present) {
        struct numu_diagnostic finding = {
            .code = NUMU_CODE_MISSING_TABLE, .place = place, .related = NUMU_NOWHERE};
        finding.arguments[0] = numu_argument_string(field->column->name);
        finding.arguments[1] = numu_argument_string(field->referred->name);
        return tell_once(cursor, index, &cursor->missing_told, &finding);
    }
    if (!referred->is_broken) { /* else ids may be missing that the user did write */
        numu_report_cell(&cursor->segment->report, NUMU_CODE_UNKNOWN_REFERENCE,
                         cursor->layout->model, field->column, found, 0, place);
    }
    return NUMU_OK;
}

static numu_status report_value(struct cursor *cursor, size_t index, numu_code code,
                                struct numu_text found, numu_currency currency,
                                struct numu_place place) {
    const struct numu_field *field = &cursor->layout->fields[index];
    if (code == NUMU_CODE_UNKNOWN_REFERENCE) {
        return report_reference(cursor, index, found, place);
    }
    if (code == NUMU_CODE_WRONG_DECIMAL) {
        struct numu_diagnostic finding = {.code = code, .place = place, .related = NUMU_NOWHERE};
        finding.arguments[0] = numu_argument_string(field->column->name);
        finding.arguments[1] = numu_argument_text(found);
        return tell_once(cursor, index, &cursor->decimal_told, &finding);
    }
    numu_report_cell(&cursor->segment->report, code, cursor->layout->model, field->column, found,
                     currency, place);
    return NUMU_OK;
}

static void report_missing(struct cursor *cursor, const struct numu_column *column,
                           struct numu_place place) {
    struct numu_diagnostic finding = {
        .code = NUMU_CODE_MISSING_VALUE, .place = place, .related = NUMU_NOWHERE};
    finding.arguments[0] = numu_argument_string(column->name);
    finding.arguments[1] = numu_argument_string(cursor->layout->table->name);
    numu_report_add(&cursor->segment->report, &finding);
}

static numu_status defer(struct cursor *cursor, size_t index, struct numu_text text,
                         struct numu_place place) {
    struct numu_deferred entry = {.row = cursor->row, .field = (uint32_t)index, .place = place};
    NUMU_TRY(keep_text_once(cursor->reader, index, text, &entry.text));
    return numu_buffer_append(&cursor->segment->deferred, &entry, sizeof entry);
}

/*
 * Money depends on the row's currency, keys do not repeat, self-references wait: none has a memo.
 */
static bool is_memorable(numu_kind kind) {
    return kind != NUMU_KIND_MONEY && kind != NUMU_KIND_KEY;
}

/* The first `count` bytes of eight, lowest first; zeros beyond. */
static uint64_t first_bytes(const char *bytes, size_t count) {
    uint64_t word;
    memcpy(&word, bytes, sizeof word);
    return count >= 8 ? word : word & ((UINT64_C(1) << (8 * count)) - 1);
}

/* `text` lies in a window, so that 16 bytes may be read of it (NUMU_WINDOW_SLACK). */
static struct words words_of(struct numu_text text) {
    return (struct words){first_bytes(text.data, text.length),
                          text.length <= 8 ? 0 : first_bytes(text.data + 8, text.length - 8)};
}

static struct memo *memo_of(struct numu_memos *memos, struct words words, size_t length) {
    /* Fibonacci hashing: the top bits of a product with 2^64 over the golden ratio. */
    uint64_t hash = (words.low ^ words.high * 31 ^ length) * UINT64_C(0x9e3779b97f4a7c15);
    return &memos->list[hash >> (64 - MEMO_BITS)];
}

/* Whether a memo may hold a value's text. */
static bool may_remember(const struct numu_memos *memos, numu_kind kind, struct numu_text text) {
    return text.length <= MEMO_TEXT_BYTES && !memos->is_given_up && is_memorable(kind);
}

/* Elements are of 1, 2, 4, 8 or 16 bytes. */
static inline void copy_element(void *to, const void *from, size_t size) {
    switch (size) {
    case 4:
        memcpy(to, from, 4);
        break;
    case 8:
        memcpy(to, from, 8);
        break;
    case 16:
        memcpy(to, from, 16);
        break;
    default:
        memcpy(to, from, size);
        break;
    }
}

/* Copies the value that a text stands for to `element`, where the memo has it. */
static bool recall(struct numu_memos *memos, struct numu_text text, void *element, size_t size) {
    struct words words = words_of(text);
    const struct memo *memo = memo_of(memos, words, text.length);
    bool is_hit =
        memo->length == text.length && memo->text.low == words.low && memo->text.high == words.high;
    memos->hits += is_hit;
    if (++memos->tries == MEMO_TRIAL) {
        memos->is_given_up = memos->hits < MEMO_TRIAL / 4;
        memos->tries = memos->hits = 0;
    }
    if (is_hit) {
        copy_element(element, &memo->element, size);
    }
    return is_hit;
}

static void remember(struct numu_memos *memos, struct numu_text text, const void *element,
                     size_t size) {
    struct words words = words_of(text);
    struct memo *memo = memo_of(memos, words, text.length);
    memo->text = words;
    memo->length = text.length;
    copy_element(&memo->element, element, size);
}

/* Looks up all references that wait, in the order in which they came. */
static numu_status settle_references(struct cursor *cursor) {
    struct numu_row_reader *reader = cursor->reader;
    for (size_t i = 0; i < reader->waiting_count; i++) {
        const struct numu_waiting *waiting = &reader->waiting[i];
        const struct numu_field *field = &cursor->layout->fields[waiting->index];
        numu_row row = numu_map_find_probed(field->rules.ids, waiting->text, &waiting->probe);
        if (row == NUMU_NONE) {
            struct numu_place place = {cursor->layout->file->source, waiting->length,
                                       waiting->offset};
            NUMU_TRY(report_reference(cursor, waiting->index, waiting->text, place));
            continue;
        }
        memcpy(field->array + (size_t)waiting->row * field->size, &row, sizeof row);
        struct numu_memos *memos = &reader->memos[waiting->index];
        if (may_remember(memos, NUMU_KIND_REFERENCE, waiting->text)) {
            remember(memos, waiting->text, &row, sizeof row);
        }
    }
    reader->waiting_count = 0;
    return NUMU_OK;
}

static numu_status wait_for_reference(struct cursor *cursor, size_t index, struct numu_text text,
                                      const struct numu_csv_field *raw) {
    struct numu_row_reader *reader = cursor->reader;
    reader->waiting[reader->waiting_count++] = (struct numu_waiting){
        .probe = numu_map_probe(cursor->layout->fields[index].rules.ids, text),
        .text = text,
        .offset = raw->offset,
        .length = raw->length,
        .index = (uint32_t)index,
        .row = cursor->row,
    };
    return reader->waiting_count == WAITING_MAX ? settle_references(cursor) : NUMU_OK;
}

/* Parses a value; *out_is_good tells whether it may be remembered. */
static numu_status parse_value(struct cursor *cursor, size_t index, struct numu_text text,
                               numu_currency currency, const struct numu_csv_field *raw,
                               char *element, bool *out_is_good) {
    const struct numu_field *field = &cursor->layout->fields[index];
    const struct numu_column *column = field->column;
    struct numu_cell_rules rules = field->rules;
    rules.currency = currency;
    numu_code code = numu_cell_parse(column, text, &rules, element);
    if (code != NUMU_CODE_NONE) {
        return report_value(cursor, index, code, text, currency, place_of(cursor, raw));
    }
    if (column->kind == NUMU_KIND_KEY) {
        NUMU_TRY(keep_text(cursor->reader, text, (struct numu_text *)(void *)element));
    } else if (column->kind == NUMU_KIND_TEXT) {
        NUMU_TRY(keep_text_once(cursor->reader, index, text, (struct numu_text *)(void *)element));
    }
    *out_is_good = true;
    return NUMU_OK;
}

static bool has_blank_end(struct numu_text text) {
    return text.length > 0 &&
           ((unsigned char)text.data[0] <= ' ' || (unsigned char)text.data[text.length - 1] <= ' ');
}

/* Stores one value of the current row. */
static numu_status read_field(struct cursor *cursor, size_t index, numu_currency currency) {
    const struct numu_field *field = &cursor->layout->fields[index];
    const struct numu_column *column = field->column;
    const struct numu_csv_field *raw = &cursor->reader->csv->fields[index];
    char *element = field->array + (size_t)cursor->row * field->size;
    struct numu_text text = raw->value;
    if (column->kind != NUMU_KIND_TEXT && has_blank_end(text)) {
        text = numu_text_trim(text);
    }
    if (text.length == 0) {
        memcpy(element, &field->fallback, field->size);
        if (column->required) {
            report_missing(cursor, column, place_of(cursor, raw));
        }
        return NUMU_OK;
    }
    if (field->is_deferred) {
        memcpy(element, &field->fallback, field->size);
        return defer(cursor, index, text, place_of(cursor, raw));
    }
    struct numu_memos *memos = &cursor->reader->memos[index];
    bool has_memo = may_remember(memos, column->kind, text);
    if (has_memo && recall(memos, text, element, field->size)) {
        return NUMU_OK;
    }
    if (field->rules.ids != NULL && index != cursor->layout->currency_field) {
        memcpy(element, &field->fallback, field->size);
        return wait_for_reference(cursor, index, text, raw);
    }
    bool is_good = false;
    NUMU_TRY(parse_value(cursor, index, text, currency, raw, element, &is_good));
    if (has_memo && is_good) {
        remember(memos, text, element, field->size);
    }
    return NUMU_OK;
}

static numu_currency row_currency(const struct cursor *cursor) {
    const struct numu_layout *layout = cursor->layout;
    if (layout->currency_field == SIZE_MAX) {
        return layout->model->currency;
    }
    const struct numu_field *field = &layout->fields[layout->currency_field];
    const char *element = field->array + (size_t)cursor->row * field->size;
    if (field->column->kind == NUMU_KIND_CURRENCY) {
        numu_currency currency;
        memcpy(&currency, element, sizeof currency);
        return currency == 0 ? layout->model->currency : currency;
    }
    numu_row row;
    memcpy(&row, element, sizeof row);
    return row == NUMU_NONE ? layout->model->currency
                            : numu_model_currency(layout->model, field->referred, row);
}

static void report_field_count(struct cursor *cursor, size_t found) {
    struct numu_diagnostic finding = {
        .code = NUMU_CODE_FIELD_COUNT, .place = place_of_record(cursor), .related = NUMU_NOWHERE};
    finding.arguments[0] = numu_argument_integer((int64_t)found);
    finding.arguments[1] = numu_argument_integer((int64_t)cursor->layout->field_count);
    numu_report_add(&cursor->segment->report, &finding);
}

static numu_status read_row(struct cursor *cursor) {
    const struct numu_layout *layout = cursor->layout;
    const struct numu_csv_reader *csv = cursor->reader->csv;
    struct numu_segment *segment = cursor->segment;
    if (segment->count == segment->capacity) {
        /* More lines than were counted: somebody writes to the file just now. */
        numu_report_unreadable(&segment->report, layout, EBUSY);
        return NUMU_INVALID;
    }
    cursor->row = segment->base + segment->count;
    layout->place[cursor->row] = csv->record_offset;
    if (csv->count != layout->field_count) {
        report_field_count(cursor, csv->count);
    }
    for (size_t i = csv->count; i < layout->field_count; i++) {
        const struct numu_field *field = &layout->fields[i];
        if (field->column != NULL) {
            memcpy(field->array + (size_t)cursor->row * field->size, &field->fallback, field->size);
        }
    }
    size_t count = csv->count < layout->field_count ? csv->count : layout->field_count;
    if (layout->currency_field < count) {
        NUMU_TRY(read_field(cursor, layout->currency_field, 0));
    }
    numu_currency currency = row_currency(cursor);
    for (size_t i = 0; i < layout->order_count; i++) {
        if (layout->order[i] < count) {
            NUMU_TRY(read_field(cursor, layout->order[i], currency));
        }
    }
    segment->count++;
    return NUMU_OK;
}

/* --- the window --- */

/* NUMU_INVALID, with a finding, where the file cannot be read on. */
static numu_status refill(struct cursor *cursor) {
    struct numu_csv_reader *csv = cursor->reader->csv;
    char *window = cursor->reader->window;
    size_t tail = csv->length - csv->position;
    uint64_t offset = csv->window_offset + csv->length;
    size_t wanted = NUMU_WINDOW_BYTES - tail;
    size_t count;
    int number;
    NUMU_TRY(settle_references(cursor)); /* their texts lie in the window */
    memmove(window, window + csv->position, tail);
    numu_status status =
        numu_stream_read(cursor->layout->stream, offset, window + tail, wanted, &count, &number);
    if (status != NUMU_OK) {
        numu_report_unreadable(&cursor->segment->report, cursor->layout, number);
        return NUMU_INVALID;
    }
    numu_csv_reader_refill(csv, window, tail + count, count < wanted);
    return NUMU_OK;
}

static numu_status read_records(struct cursor *cursor) {
    struct numu_segment *segment = cursor->segment;
    struct numu_csv_reader *csv = cursor->reader->csv;
    for (;;) {
        numu_csv_event event = numu_csv_next(csv);
        if (event == NUMU_CSV_MORE) {
            NUMU_TRY(refill(cursor));
            continue;
        }
        uint64_t at = event == NUMU_CSV_END ? UINT64_MAX : csv->record_offset;
        if (segment->first_record == UINT64_MAX) {
            segment->first_record = at;
        }
        if (at >= segment->limit || event == NUMU_CSV_END) {
            segment->next_record = at;
            return NUMU_OK;
        }
        if (event == NUMU_CSV_RECORD) {
            NUMU_TRY(read_row(cursor));
        } else {
            numu_report_broken_record(&segment->report, cursor->layout, csv, event);
            /* ids may be missing: do not blame those who refer to them */
            segment->is_broken = true;
        }
    }
}

numu_status numu_segment_read(const struct numu_layout *layout, struct numu_row_reader *reader,
                              struct numu_segment *segment) {
    struct cursor cursor = {.layout = layout, .reader = reader, .segment = segment};
    numu_csv_reader_init(reader->csv, layout->file->delimiter);
    reader->csv->window_offset = segment->start;
    segment->count = 0;
    segment->first_record = segment->next_record = UINT64_MAX;
    reader->waiting_count = 0;
    numu_status status = read_records(&cursor);
    if (status == NUMU_OK || status == NUMU_INVALID) {
        numu_status settled = settle_references(&cursor);
        status = settled == NUMU_OK ? status : settled;
    }
    if (status == NUMU_INVALID) {
        segment->is_broken = true;
        segment->next_record = UINT64_MAX;
        status = NUMU_OK;
    }
    return status;
}
