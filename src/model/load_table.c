/*
 * load_table.c - one CSV file into one table.
 *
 * The file is cut into blocks of a few megabytes. A first pass counts the line ends of each
 * block, which bounds the rows of each segment (the records that begin after the first line end
 * of its block); the second parses all segments at once and hashes the file beside them; then
 * rows are moved together where a segment had fewer than it had room for, and keys and
 * self-references are settled in order of rows. A line end within quotes can make a segment begin
 * in the midst of a record: the segment before then ends elsewhere, and from there on the file is
 * read again as one segment.
 */
#include "model/load_rows.h"

#include "base/parallel.h"

#include <string.h>

enum {
    BLOCK_BYTES = 4 << 20,
    COLUMNS_MAX = 64,
    /* beyond, no "did you mean": it would take longer than the load */
    SUGGESTION_ROWS_MAX = 1000000,
};

/* What is known of a block after the first pass. */
struct block {
    uint64_t line_ends; /* CRLF counts once */
    uint64_t first;     /* offset after the first line end; UINT64_MAX = none in the block */
    int error;          /* errno where it could not be read */
};

struct table_loader {
    const struct numu_context *context;
    struct numu_layout layout;
    struct numu_table_head *head;
    struct numu_report *report;
    struct numu_arena *scratch;
    uint64_t length;     /* of the file */
    uint64_t data_start; /* after the header */
    size_t block_count;
    struct block *blocks;
    size_t segment_count;
    struct numu_segment *segments;
    numu_row row_max;
    size_t worker_count;
    struct numu_row_reader *readers; /* by worker */
    struct numu_sha256 digest;
};

/* --- words for findings --- */

numu_status numu_column_range(const struct numu_column *column, struct numu_buffer *buffer) {
    int decimals = numu_kind_decimals(column->kind, 0);
    if (column->has_minimum && column->has_maximum && !column->is_above_minimum) {
        NUMU_TRY(numu_number_write(buffer, column->minimum, decimals, true));
        NUMU_TRY(numu_buffer_append_string(buffer, ".."));
        return numu_number_write(buffer, column->maximum, decimals, true);
    }
    if (column->has_minimum) {
        NUMU_TRY(numu_buffer_append_string(buffer, column->is_above_minimum ? "> " : ">= "));
        NUMU_TRY(numu_number_write(buffer, column->minimum, decimals, true));
    }
    if (column->has_maximum) {
        NUMU_TRY(numu_buffer_append_string(buffer, column->has_minimum ? ", <= " : "<= "));
        NUMU_TRY(numu_number_write(buffer, column->maximum, decimals, true));
    }
    return NUMU_OK;
}

static numu_status list_choices(const char *const *choices, struct numu_buffer *buffer) {
    for (size_t i = 0; choices[i] != NULL; i++) {
        NUMU_TRY(numu_buffer_append_string(buffer, i == 0 ? "" : ", "));
        NUMU_TRY(numu_buffer_append_string(buffer, choices[i]));
    }
    return NUMU_OK;
}

/* The nearest id of a table to a misspelt one; empty where none is near. */
static struct numu_text nearest_id(const struct numu_model *model,
                                   const struct numu_table_descriptor *table,
                                   struct numu_text wanted) {
    const struct numu_column *key = numu_column_key(table);
    numu_row count = numu_model_head_of(model, table)->count;
    struct numu_text best = {NULL, 0};
    if (key == NULL || count > SUGGESTION_ROWS_MAX) {
        return best;
    }
    const struct numu_text *ids = numu_model_array(model, table, key);
    unsigned limit =
        wanted.length < 3 ? 1 : (unsigned)(wanted.length < 60 ? wanted.length : 60) / 3;
    for (numu_row row = 0; row < count && limit > 0; row++) {
        unsigned distance = numu_text_distance(wanted, ids[row], limit);
        if (distance <= limit && ids[row].length > 0) {
            best = ids[row];
            limit = distance == 0 ? 0 : distance - 1;
        }
    }
    return best;
}

void numu_report_cell(struct numu_report *findings, numu_code code, const struct numu_model *model,
                      const struct numu_column *column, struct numu_text found,
                      numu_currency currency, struct numu_place place) {
    if (!numu_report_keeps(findings, code)) {
        numu_report_count(findings, code);
        return;
    }
    struct numu_diagnostic finding = {.code = code, .place = place, .related = NUMU_NOWHERE};
    struct numu_buffer words;
    numu_buffer_init(&words, findings->heap, 0);
    finding.arguments[0] = numu_argument_string(column->name);
    finding.arguments[1] = numu_argument_text(found);
    numu_status status = NUMU_OK;
    switch (code) {
    case NUMU_CODE_WRONG_TYPE:
        finding.arguments[2] = numu_argument_string(numu_kind_name(column->kind));
        break;
    case NUMU_CODE_TOO_PRECISE:
        finding.arguments[2] = numu_argument_integer(numu_kind_decimals(column->kind, currency));
        break;
    case NUMU_CODE_OUT_OF_RANGE:
        status = numu_column_range(column, &words);
        finding.arguments[2] = numu_argument_text((struct numu_text){words.data, words.length});
        break;
    case NUMU_CODE_UNKNOWN_CHOICE:
        status = list_choices(column->choices, &words);
        finding.arguments[2] = numu_argument_string(numu_choice_nearest(column->choices, found));
        finding.arguments[3] = numu_argument_text((struct numu_text){words.data, words.length});
        break;
    case NUMU_CODE_UNKNOWN_CURRENCY:
        finding.arguments[2] =
            numu_argument_string(numu_currency_code(numu_currency_nearest(found)));
        break;
    case NUMU_CODE_UNKNOWN_REFERENCE: {
        const struct numu_table_descriptor *referred = numu_schema_at(column->reference);
        finding.arguments[2] = numu_argument_string(referred->name);
        finding.arguments[3] = numu_argument_text(nearest_id(model, referred, found));
        break;
    }
    default:
        break;
    }
    if (status == NUMU_OK) {
        numu_report_add(findings, &finding);
    } else {
        findings->status = status;
    }
    numu_buffer_release(&words);
}

void numu_column_default(const struct numu_column *column, void *element) {
    numu_kind_fill_none(column->kind, element, 0, 1);
    if (column->default_text != NULL) {
        struct numu_cell_rules rules = {.decimal_char = '.'};
        numu_code code =
            numu_cell_parse(column, numu_text_of(column->default_text), &rules, element);
        numu_assert(code == NUMU_CODE_NONE);
    }
}

/* --- the header --- */

static void set_array(const struct table_loader *loader, const struct numu_column *column,
                      void *array) {
    memcpy((char *)loader->layout.model + loader->layout.table->offset + column->offset, &array,
           sizeof array);
}

static struct numu_field *field_of(const struct table_loader *loader,
                                   const struct numu_column *column) {
    for (size_t i = 0; i < loader->layout.field_count; i++) {
        if (loader->layout.fields[i].column == column) {
            return &loader->layout.fields[i];
        }
    }
    return NULL;
}

static const char *nearest_column(const struct numu_table_descriptor *table,
                                  struct numu_text name) {
    const char *names[COLUMNS_MAX + 1] = {NULL};
    for (size_t i = 0; i < COLUMNS_MAX && table->columns[i].name != NULL; i++) {
        names[i] = table->columns[i].name;
    }
    return numu_choice_nearest(names, name);
}

static void report(const struct table_loader *loader, numu_code code, struct numu_place place,
                   struct numu_text first, struct numu_text second, const char *third) {
    struct numu_diagnostic finding = {.code = code, .place = place, .related = NUMU_NOWHERE};
    finding.arguments[0] = numu_argument_text(first);
    finding.arguments[1] = numu_argument_text(second);
    finding.arguments[2] = numu_argument_string(third);
    numu_report_add(loader->report, &finding);
}

/* A header of one column that holds another delimiter: one hint, not a finding a row. */
static bool has_other_delimiter(const struct table_loader *loader,
                                const struct numu_csv_reader *csv) {
    static const char others[] = ",;\t|";
    char declared[2] = {loader->layout.file->delimiter, '\0'};
    struct numu_text header = csv->fields[0].value;
    for (size_t i = 0; csv->count == 1 && header.length > 0 && others[i] != '\0'; i++) {
        if (memchr(header.data, others[i], header.length) != NULL) {
            char other[2] = {others[i], '\0'};
            struct numu_place place = {loader->layout.file->source, csv->fields[0].length,
                                       csv->fields[0].offset};
            report(loader, NUMU_CODE_WRONG_DELIMITER, place, numu_text_of(other),
                   numu_text_of(declared), NULL);
            return true;
        }
    }
    return false;
}

static bool take_column(struct table_loader *loader, const struct numu_csv_field *raw,
                        struct numu_field *field) {
    const struct numu_table_descriptor *table = loader->layout.table;
    struct numu_text name = numu_text_trim(raw->value);
    const struct numu_column *column = numu_column_find(table, name);
    struct numu_place place = {loader->layout.file->source, raw->length, raw->offset};
    if (column == NULL) {
        report(loader, NUMU_CODE_UNKNOWN_COLUMN, place, name,
               numu_text_of(nearest_column(table, name)), table->name);
    } else if (field_of(loader, column) != NULL) {
        report(loader, NUMU_CODE_DUPLICATE_COLUMN, place, numu_text_of(column->name),
               numu_text_of(table->name), NULL);
        return false;
    }
    field->column = column;
    return true;
}

/* Takes the columns of the header; false where the table cannot be read by it. */
static bool take_header(struct table_loader *loader, const struct numu_csv_reader *csv) {
    const struct numu_table_descriptor *table = loader->layout.table;
    bool is_good = true;
    if (has_other_delimiter(loader, csv)) {
        return false;
    }
    for (size_t i = 0; i < csv->count; i++) {
        is_good = take_column(loader, &csv->fields[i], &loader->layout.fields[i]) && is_good;
        loader->layout.field_count = i + 1;
    }
    for (const struct numu_column *column = table->columns; column->name != NULL; column++) {
        if (column->required && field_of(loader, column) == NULL) {
            struct numu_place header = {loader->layout.file->source, 0, csv->record_offset};
            report(loader, NUMU_CODE_MISSING_COLUMN, header, numu_text_of(column->name),
                   numu_text_of(table->name), NULL);
            is_good = false;
        }
    }
    if (!is_good) {
        loader->layout.field_count = 0; /* nothing is read by it: all columns are absent [M1] */
    }
    return is_good;
}

/*
 * Reads the header with the first worker's window. NUMU_INVALID, with a finding, where there is
 * none.
 */
static numu_status read_header(struct table_loader *loader, struct numu_row_reader *reader) {
    struct numu_csv_reader *csv = reader->csv;
    size_t count;
    int number;
    numu_csv_reader_init(csv, loader->layout.file->delimiter);
    if (numu_stream_read(loader->layout.stream, 0, reader->window, NUMU_WINDOW_BYTES, &count,
                         &number) != NUMU_OK) {
        numu_report_unreadable(loader->report, &loader->layout, number);
        return NUMU_INVALID;
    }
    numu_csv_reader_refill(csv, reader->window, count, count < NUMU_WINDOW_BYTES);
    numu_csv_event event = numu_csv_next(csv);
    if (event == NUMU_CSV_END || event == NUMU_CSV_MORE) {
        struct numu_place whole = {loader->layout.file->source, 0, NUMU_WHOLE_FILE};
        report(loader, NUMU_CODE_MISSING_HEADER, whole, numu_text_of(loader->layout.table->name),
               (struct numu_text){NULL, 0}, NULL);
        return NUMU_INVALID;
    }
    if (event != NUMU_CSV_RECORD) {
        numu_report_broken_record(loader->report, &loader->layout, csv, event);
        return NUMU_INVALID;
    }
    loader->data_start = csv->window_offset + csv->position;
    return take_header(loader, csv) ? NUMU_OK : NUMU_INVALID;
}

/* --- columns --- */

static numu_status prepare_field(struct table_loader *loader, size_t index) {
    struct numu_layout *layout = &loader->layout;
    struct numu_field *field = &layout->fields[index];
    const struct numu_column *column = field->column;
    if (column == NULL) {
        return NUMU_OK;
    }
    size_t number = (size_t)(column - layout->table->columns);
    field->size = numu_kind_size(column->kind);
    field->rules.decimal_char = (layout->file->comma_columns >> number & 1U) != 0 ? ',' : '.';
    field->rules.currency = layout->model->currency;
    numu_column_default(column, &field->fallback);
    if (column->kind == NUMU_KIND_REFERENCE) {
        field->referred = numu_schema_at(column->reference);
        field->is_deferred = field->referred == layout->table;
        struct numu_map *ids = &numu_model_head(layout->model, field->referred)->ids;
        if (!field->is_deferred && ids->keys != NULL) { /* else no file, or no header */
            NUMU_TRY(numu_map_index(ids, &layout->model->arena));
            field->rules.ids = ids;
        }
    }
    if (column->kind == NUMU_KIND_CURRENCY || column->gives_currency) {
        layout->currency_field = index;
    }
    void *array;
    NUMU_TRY(numu_arena_take(&layout->model->arena, loader->row_max, field->size, &array));
    set_array(loader, column, array);
    field->array = array;
    return NUMU_OK;
}

static numu_status order_fields(struct table_loader *loader) {
    struct numu_layout *layout = &loader->layout;
    NUMU_TRY(NUMU_TAKE(loader->scratch, &layout->order, layout->field_count));
    for (size_t i = 0; i < layout->field_count; i++) {
        if (layout->fields[i].column != NULL && i != layout->currency_field) {
            layout->order[layout->order_count++] = (uint16_t)i;
        }
    }
    return NUMU_OK;
}

static numu_status prepare_fields(struct table_loader *loader) {
    for (size_t i = 0; i < loader->layout.field_count; i++) {
        NUMU_TRY(prepare_field(loader, i));
    }
    NUMU_TRY(order_fields(loader));
    NUMU_TRY(NUMU_TAKE(&loader->layout.model->arena, &loader->head->place, loader->row_max));
    loader->layout.place = loader->head->place;
    return NUMU_OK;
}

/* Columns that the file does not have: evidence stays away, the rest holds the default. */
static numu_status fill_absent(struct table_loader *loader) {
    for (const struct numu_column *column = loader->layout.table->columns; column->name != NULL;
         column++) {
        if (column->is_evidence || field_of(loader, column) != NULL) {
            continue;
        }
        size_t size = numu_kind_size(column->kind);
        void *array;
        NUMU_TRY(numu_arena_take(&loader->layout.model->arena, loader->head->count, size, &array));
        union numu_element element;
        numu_column_default(column, &element);
        for (size_t row = 0; row < loader->head->count; row++) {
            memcpy((char *)array + row * size, &element, size);
        }
        set_array(loader, column, array);
    }
    return NUMU_OK;
}

/* --- first pass: line ends --- */

static uint64_t count_line_feeds(const char *bytes, size_t count) {
    uint64_t lines = 0;
    const char *end = bytes + count;
    for (const char *at = bytes; (at = memchr(at, '\n', (size_t)(end - at))) != NULL; at++) {
        lines++;
    }
    return lines;
}

/*
 * With carriage returns in the bytes: CRLF is one line end; one cut by the end counts there and
 * in what follows, which is an upper bound.
 */
static uint64_t count_line_ends(const char *bytes, size_t count) {
    uint64_t lines = 0;
    for (size_t i = 0; i < count; i++) {
        lines += bytes[i] == '\n' ? (i == 0 || bytes[i - 1] != '\r') : bytes[i] == '\r';
    }
    return lines;
}

/* Where the first line of these bytes that begins in them begins; SIZE_MAX = none. */
static size_t first_line(const char *bytes, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (bytes[i] == '\n' || bytes[i] == '\r') {
            bool is_pair = bytes[i] == '\r' && i + 1 < count && bytes[i + 1] == '\n';
            return i + (is_pair ? 2 : 1);
        }
    }
    return SIZE_MAX;
}

static numu_status count_block(void *data, size_t index, unsigned worker) {
    struct table_loader *loader = data;
    struct block *block = &loader->blocks[index];
    char *window = loader->readers[worker].window;
    uint64_t offset = loader->data_start + (uint64_t)index * BLOCK_BYTES;
    *block = (struct block){.first = UINT64_MAX};
    for (size_t done = 0; done < BLOCK_BYTES;) {
        size_t wanted =
            BLOCK_BYTES - done < NUMU_WINDOW_BYTES ? BLOCK_BYTES - done : (size_t)NUMU_WINDOW_BYTES;
        size_t count;
        if (numu_stream_read(loader->layout.stream, offset + done, window, wanted, &count,
                             &block->error) != NUMU_OK) {
            return NUMU_OK; /* told when the segment is read */
        }
        if (block->first == UINT64_MAX && first_line(window, count) != SIZE_MAX) {
            block->first = offset + done + first_line(window, count);
        }
        block->line_ends += count > 0 && memchr(window, '\r', count) != NULL
                                ? count_line_ends(window, count)
                                : count_line_feeds(window, count);
        done += count;
        if (count < wanted) {
            break;
        }
    }
    return NUMU_OK;
}

/* --- second pass: segments --- */

static void segment_init(struct table_loader *loader, struct numu_segment *segment) {
    *segment = (struct numu_segment){.limit = UINT64_MAX};
    numu_report_init(&segment->report, loader->context->heap, loader->report->keep_max);
    numu_buffer_init(&segment->deferred, loader->context->heap, 0);
    numu_buffer_init(&segment->once, loader->context->heap, 0);
}

static void segment_release(struct numu_segment *segment) {
    numu_report_release(&segment->report);
    numu_buffer_release(&segment->deferred);
    numu_buffer_release(&segment->once);
}

/*
 * Segments from blocks. The first begins after the header, each other after the first line end of
 * its block; a block without line end belongs to the segment before. Records that begin in a
 * segment: one at its start and one after each line end but the last, hence its room. NUMU_LIMIT
 * beyond 2^32 - 2 rows.
 */
static numu_status cut_segments(struct table_loader *loader) {
    NUMU_TRY(NUMU_TAKE(loader->scratch, &loader->segments, loader->block_count));
    uint64_t rows = 0;
    for (size_t b = 0; b < loader->block_count; b++) {
        const struct block *block = &loader->blocks[b];
        bool begins = b == 0 || block->first < loader->length;
        if (begins) {
            struct numu_segment *segment = &loader->segments[loader->segment_count];
            segment_init(loader, segment);
            segment->start = b == 0 ? loader->data_start : block->first;
            segment->base = (numu_row)rows;
            if (loader->segment_count > 0) {
                segment[-1].limit = segment->start;
            }
            loader->segment_count++;
        }
        struct numu_segment *owner = &loader->segments[loader->segment_count - 1];
        /*
         * The first segment has the record at its start besides; so has the last line without an
         * end.
         */
        uint64_t room = block->line_ends + (b == 0) + (b + 1 == loader->block_count);
        rows += room;
        if (rows >= NUMU_NONE) {
            return NUMU_LIMIT;
        }
        owner->capacity += (numu_row)room;
    }
    loader->row_max = (numu_row)rows;
    return NUMU_OK;
}

static numu_status hash_file(struct table_loader *loader) {
    if (loader->context->skips_digest) {
        return NUMU_OK;
    }
    struct numu_sha256_stream hash;
    struct numu_arena arena;
    char *window;
    numu_arena_init(&arena, loader->context->heap);
    numu_status status = NUMU_TAKE(&arena, &window, NUMU_WINDOW_BYTES);
    if (status == NUMU_OK) {
        status = numu_sha256_init(&hash);
    }
    size_t count = status == NUMU_OK ? NUMU_WINDOW_BYTES : 0;
    for (uint64_t offset = 0; status == NUMU_OK && count == NUMU_WINDOW_BYTES; offset += count) {
        int number;
        if (numu_stream_read(loader->layout.stream, offset, window, NUMU_WINDOW_BYTES, &count,
                             &number) != NUMU_OK) {
            break; /* told when the segment is read */
        }
        status = numu_sha256_update(&hash, window, count);
        if (status != NUMU_OK) {
            numu_sha256_release(&hash);
        }
    }
    if (status == NUMU_OK) {
        status = numu_sha256_finish(&hash, &loader->digest);
    }
    numu_arena_release(&arena);
    return status;
}

/* Task 0 hashes the file, task n reads segment n - 1. */
static numu_status read_part(void *data, size_t index, unsigned worker) {
    struct table_loader *loader = data;
    if (index == 0) {
        return hash_file(loader);
    }
    return numu_segment_read(&loader->layout, &loader->readers[worker],
                             &loader->segments[index - 1]);
}

/* From the first segment that a record runs into, all is read again as one. */
static numu_status mend_guesses(struct table_loader *loader) {
    for (size_t s = 0; s + 1 < loader->segment_count; s++) {
        struct numu_segment *segment = &loader->segments[s];
        struct numu_segment *next = segment + 1;
        if (segment->next_record == next->first_record) {
            continue;
        }
        for (size_t other = s + 2; other < loader->segment_count; other++) {
            next->capacity += loader->segments[other].capacity;
            segment_release(&loader->segments[other]);
        }
        /*
         * Records that began in `next` but ran from `segment` were read there: its room lends
         * them.
         */
        uint64_t start = segment->next_record;
        numu_row base = next->base, capacity = next->capacity;
        segment_release(next);
        segment_init(loader, next);
        loader->segment_count = s + 2;
        next->start = start == UINT64_MAX ? loader->length : start;
        next->base = base;
        next->capacity = capacity;
        return numu_segment_read(&loader->layout, &loader->readers[0], next);
    }
    return NUMU_OK;
}

/* --- rows together --- */

static void move_rows(const struct table_loader *loader, numu_row to, numu_row from,
                      numu_row count) {
    const struct numu_layout *layout = &loader->layout;
    memmove(layout->place + to, layout->place + from, count * sizeof *layout->place);
    for (size_t i = 0; i < layout->field_count; i++) {
        const struct numu_field *field = &layout->fields[i];
        if (field->column != NULL) {
            memmove(field->array + (size_t)to * field->size,
                    field->array + (size_t)from * field->size, (size_t)count * field->size);
        }
    }
}

static void merge_findings(struct table_loader *loader, const struct numu_segment *segment,
                           bool *is_told) {
    const struct numu_once *once = (const struct numu_once *)(const void *)segment->once.data;
    numu_report_merge(loader->report, &segment->report);
    for (size_t i = 0; i < segment->once.length / sizeof *once; i++) {
        size_t column = once[i].field;
        if (!is_told[column]) {
            is_told[column] = true;
            numu_report_add(loader->report, &once[i].finding);
        }
    }
}

static void resolve_deferred(struct table_loader *loader, const struct numu_segment *segment,
                             numu_row moved) {
    const struct numu_deferred *list =
        (const struct numu_deferred *)(const void *)segment->deferred.data;
    for (size_t i = 0; i < segment->deferred.length / sizeof *list; i++) {
        struct numu_field *field = &loader->layout.fields[list[i].field];
        numu_row row = numu_model_find(loader->layout.model, loader->layout.table, list[i].text);
        if (row != NUMU_NONE) {
            memcpy(field->array + (size_t)(list[i].row - moved) * field->size, &row, sizeof row);
        } else if (!loader->head->is_broken) {
            numu_report_cell(loader->report, NUMU_CODE_UNKNOWN_REFERENCE, loader->layout.model,
                             field->column, list[i].text, 0, list[i].place);
        }
    }
}

static void report_duplicate(void *data, numu_row row, numu_row first) {
    const struct table_loader *loader = data;
    const struct numu_table_descriptor *table = loader->layout.table;
    if (!numu_report_keeps(loader->report, NUMU_CODE_DUPLICATE_ID)) {
        numu_report_count(loader->report, NUMU_CODE_DUPLICATE_ID);
        return;
    }
    struct numu_diagnostic finding = {
        .code = NUMU_CODE_DUPLICATE_ID,
        .place = numu_model_place(loader->layout.model, table, row, numu_column_key(table)->name),
        .related = {loader->layout.file->source, 0, loader->head->place[first]}};
    finding.arguments[0] = numu_argument_text(numu_model_id(loader->layout.model, table, row));
    finding.arguments[1] = numu_argument_string(table->name);
    numu_report_add(loader->report, &finding);
}

static numu_status build_ids(struct table_loader *loader) {
    const struct numu_column *key = numu_column_key(loader->layout.table);
    if (key == NULL || field_of(loader, key) == NULL) {
        return NUMU_OK;
    }
    return numu_map_build(&loader->head->ids, &loader->layout.model->arena,
                          numu_model_array(loader->layout.model, loader->layout.table, key),
                          loader->head->count, report_duplicate, loader);
}

static numu_status join_segments(struct table_loader *loader) {
    bool *is_told;
    NUMU_TRY(NUMU_TAKE(loader->scratch, &is_told, loader->layout.field_count));
    for (size_t s = 0; s < loader->segment_count; s++) {
        struct numu_segment *segment = &loader->segments[s];
        if (segment->base != loader->head->count) {
            move_rows(loader, loader->head->count, segment->base, segment->count);
        }
        segment->base -= loader->head->count; /* from here on: how far its rows were moved */
        loader->head->count += segment->count;
        loader->head->is_broken = loader->head->is_broken || segment->is_broken;
        merge_findings(loader, segment, is_told);
    }
    NUMU_TRY(build_ids(loader));
    for (size_t s = 0; s < loader->segment_count; s++) {
        resolve_deferred(loader, &loader->segments[s], loader->segments[s].base);
    }
    return NUMU_OK;
}

/* --- all of it --- */

static numu_status prepare_readers(struct table_loader *loader) {
    loader->worker_count = numu_context_threads(loader->context);
    NUMU_TRY(NUMU_TAKE(loader->scratch, &loader->layout.fields, NUMU_CSV_FIELDS_MAX));
    NUMU_TRY(NUMU_TAKE(loader->scratch, &loader->readers, loader->worker_count));
    return numu_row_reader_init(&loader->readers[0], loader->scratch,
                                &loader->layout.model->texts[0], 0);
}

/* Memos and the other workers' windows, when the number of columns is known. */
static numu_status complete_readers(struct table_loader *loader) {
    loader->block_count =
        (size_t)((loader->length - loader->data_start + BLOCK_BYTES - 1) / BLOCK_BYTES);
    size_t useful = loader->block_count + 1 < loader->worker_count ? loader->block_count + 1
                                                                   : loader->worker_count;
    for (size_t w = 0; w < useful; w++) {
        NUMU_TRY(numu_row_reader_init(&loader->readers[w], loader->scratch,
                                      &loader->layout.model->texts[w], loader->layout.field_count));
    }
    return NUMU_TAKE(loader->scratch, &loader->blocks, loader->block_count);
}

static numu_status read_rows(struct table_loader *loader) {
    int number;
    if (numu_stream_length(loader->layout.stream, &loader->length, &number) != NUMU_OK ||
        loader->length < loader->data_start) {
        loader->length = loader->data_start;
    }
    NUMU_TRY(complete_readers(loader));
    NUMU_TRY(numu_parallel_for(loader->context, loader->block_count, count_block, loader));
    NUMU_TRY(cut_segments(loader));
    NUMU_TRY(prepare_fields(loader));
    NUMU_TRY(numu_parallel_for(loader->context, loader->segment_count + 1, read_part, loader));
    NUMU_TRY(mend_guesses(loader));
    return join_segments(loader);
}

static numu_status load(struct table_loader *loader) {
    loader->head->is_present = true;
    loader->head->source = loader->layout.file->source;
    loader->head->delimiter = loader->layout.file->delimiter;
    NUMU_TRY(prepare_readers(loader));
    numu_status status = read_header(loader, &loader->readers[0]);
    if (status == NUMU_OK) {
        status = read_rows(loader);
    } else if (status == NUMU_INVALID) { /* told; the table is made sound */
        loader->head->is_broken = true;
        status = hash_file(loader);
    }
    NUMU_TRY(status);
    return fill_absent(loader);
}

numu_status numu_table_load(const struct numu_context *context, struct numu_model *model,
                            const struct numu_table_descriptor *table,
                            const struct numu_table_file *file, struct numu_stream *stream,
                            struct numu_report *findings, struct numu_sha256 *out_digest) {
    struct numu_arena scratch;
    numu_arena_init(&scratch, context->heap);
    struct table_loader loader = {.context = context,
                                  .layout = {.model = model,
                                             .table = table,
                                             .file = file,
                                             .stream = stream,
                                             .currency_field = SIZE_MAX},
                                  .head = numu_model_head(model, table),
                                  .report = findings,
                                  .scratch = &scratch};
    numu_status status = load(&loader);
    for (size_t s = 0; s < loader.segment_count; s++) {
        segment_release(&loader.segments[s]);
    }
    numu_arena_release(&scratch);
    if (status == NUMU_OK) {
        *out_digest = loader.digest;
    }
    return status;
}

numu_status numu_table_make_empty(struct numu_model *model,
                                  const struct numu_table_descriptor *table) {
    struct table_loader loader = {.layout = {.model = model, .table = table},
                                  .head = numu_model_head(model, table)};
    NUMU_TRY(NUMU_TAKE(&model->arena, &loader.head->place, 0));
    return fill_absent(&loader);
}
