/*
 * diff.c - see diff.h. Both tables are sorted by what pairs rows and walked together.
 */
#include "app/diff.h"

#include "model/package.h"

#include <stdlib.h>
#include <string.h>

static const char separator = '\x1f'; /* between the parts of a key: ASCII "unit separator" */

struct entry {
    struct numu_text key;
    uint64_t hash; /* of the whole row's text */
    numu_row row;
};

struct pair {
    numu_change change;
    numu_row before, after; /* NUMU_NONE where there is none */
    struct numu_text key;
};

struct comparison {
    const struct numu_context *context;
    const struct numu_model *before, *after;
    const struct numu_table_descriptor *table;
    struct numu_arena *arena;
    struct numu_arena scratch;
    struct numu_buffer text;
    struct numu_buffer other;
    struct numu_buffer pairs; /* of struct pair */
    struct numu_buffer cells; /* of struct numu_diff_cell */
};

static int order_of(uint64_t a, uint64_t b) {
    return a < b ? -1 : a > b;
}

static int compare_entries(const void *a, const void *b) {
    const struct entry *left = a;
    const struct entry *right = b;
    int order = numu_text_compare(left->key, right->key);
    if (order == 0) {
        order = order_of(left->hash, right->hash);
    }
    return order != 0 ? order : order_of(left->row, right->row);
}

static int compare_rows(const void *a, const void *b) {
    return order_of(((const struct entry *)a)->row, ((const struct entry *)b)->row);
}

static numu_row row_of(const struct pair *pair) {
    return pair->change == NUMU_CHANGE_ADDED ? pair->after : pair->before;
}

static int compare_pairs(const void *a, const void *b) {
    const struct pair *left = a;
    const struct pair *right = b;
    int order = order_of(left->change, right->change);
    return order != 0 ? order : order_of(row_of(left), row_of(right));
}

/* --- keys --- */

/* Whether a column of a table without a key says what a row is about. */
static bool is_about(const struct numu_column *column) {
    switch (column->kind) {
    case NUMU_KIND_REFERENCE:
    case NUMU_KIND_MONTH:
        return true;
    case NUMU_KIND_TEXT:
    case NUMU_KIND_CHOICE:
    case NUMU_KIND_CURRENCY:
    case NUMU_KIND_DATE:
    case NUMU_KIND_INTEGER:
        return column->required;
    default:
        return false;
    }
}

static bool is_in_key(const struct numu_table_descriptor *table, const struct numu_column *column) {
    const struct numu_column *key = numu_column_key(table);
    if (table == numu_schema) {
        return false; /* the properties are one row, about the package */
    }
    return key != NULL ? column == key : is_about(column);
}

static numu_status write_row(struct comparison *comparison, const struct numu_model *model,
                             numu_row row, bool only_key) {
    const struct numu_table_descriptor *table = comparison->table;
    numu_buffer_clear(&comparison->text);
    for (const struct numu_column *column = table->columns; column->name != NULL; column++) {
        if (only_key && !is_in_key(table, column)) {
            continue;
        }
        if (comparison->text.length > 0 || !only_key) {
            NUMU_TRY(numu_buffer_append_char(&comparison->text, separator));
        }
        NUMU_TRY(numu_model_write_cell(model, table, column, row, &comparison->text));
    }
    return NUMU_OK;
}

/* The rows of a table in order of their keys. */
static numu_status list_entries(struct comparison *comparison, const struct numu_model *model,
                                struct entry **out, size_t *out_count) {
    numu_row count =
        comparison->table == numu_schema ? 1 : numu_model_head_of(model, comparison->table)->count;
    struct entry *entries;
    NUMU_TRY(NUMU_TAKE(&comparison->scratch, &entries, count));
    const struct numu_buffer *text = &comparison->text;
    for (numu_row row = 0; row < count; row++) {
        entries[row].row = row;
        NUMU_TRY(write_row(comparison, model, row, true));
        NUMU_TRY(numu_text_copy(&comparison->scratch, (struct numu_text){text->data, text->length},
                                &entries[row].key));
        NUMU_TRY(write_row(comparison, model, row, false));
        entries[row].hash = numu_hash_bytes(text->data, text->length, 0);
    }
    qsort(entries, count, sizeof *entries, compare_entries);
    *out = entries;
    *out_count = count;
    return NUMU_OK;
}

/* --- pairs --- */

static numu_status add_pair(struct comparison *comparison, const struct entry *before,
                            const struct entry *after) {
    struct pair pair = {.change = NUMU_CHANGE_CHANGED,
                        .before = before == NULL ? NUMU_NONE : before->row,
                        .after = after == NULL ? NUMU_NONE : after->row,
                        .key = before == NULL ? after->key : before->key};
    if (before == NULL) {
        pair.change = NUMU_CHANGE_ADDED;
    } else if (after == NULL) {
        pair.change = NUMU_CHANGE_REMOVED;
    }
    return numu_buffer_append(&comparison->pairs, &pair, sizeof pair);
}

/*
 * Rows about the same: drops those that are equal, which stand in order of hashes, and pairs the
 * rest in the order of their files.
 */
static numu_status pair_group(struct comparison *comparison, struct entry *before,
                              size_t before_count, struct entry *after, size_t after_count) {
    size_t i = 0;
    size_t j = 0;
    size_t before_left = 0;
    size_t after_left = 0;
    while (i < before_count || j < after_count) {
        int order = i == before_count  ? 1
                    : j == after_count ? -1
                                       : order_of(before[i].hash, after[j].hash);
        if (order < 0) {
            before[before_left++] = before[i++];
        } else if (order > 0) {
            after[after_left++] = after[j++];
        } else {
            i++;
            j++;
        }
    }
    qsort(before, before_left, sizeof *before, compare_rows);
    qsort(after, after_left, sizeof *after, compare_rows);
    for (size_t k = 0; k < before_left || k < after_left; k++) {
        NUMU_TRY(add_pair(comparison, k < before_left ? &before[k] : NULL,
                          k < after_left ? &after[k] : NULL));
    }
    return NUMU_OK;
}

/* Entries from `start` that have the same key as the first of them. */
static size_t group_length(const struct entry *entries, size_t start, size_t count,
                           struct numu_text key) {
    size_t end = start;
    while (end < count && numu_text_is_equal(entries[end].key, key)) {
        end++;
    }
    return end - start;
}

static numu_status pair_rows(struct comparison *comparison) {
    struct entry *before;
    struct entry *after;
    size_t before_count = 0;
    size_t after_count = 0;
    NUMU_TRY(list_entries(comparison, comparison->before, &before, &before_count));
    NUMU_TRY(list_entries(comparison, comparison->after, &after, &after_count));
    size_t i = 0;
    size_t j = 0;
    while (i < before_count || j < after_count) {
        bool is_before = j == after_count ||
                         (i < before_count && numu_text_compare(before[i].key, after[j].key) <= 0);
        struct numu_text key = is_before ? before[i].key : after[j].key;
        size_t before_length = group_length(before, i, before_count, key);
        size_t after_length = group_length(after, j, after_count, key);
        NUMU_TRY(pair_group(comparison, before + i, before_length, after + j, after_length));
        i += before_length;
        j += after_length;
    }
    if (comparison->pairs.length > 0) {
        qsort(comparison->pairs.data, comparison->pairs.length / sizeof(struct pair),
              sizeof(struct pair), compare_pairs);
    }
    return NUMU_OK;
}

/* --- the result --- */

static numu_status write_cell(const struct comparison *comparison, const struct numu_model *model,
                              const struct numu_column *column, numu_row row,
                              struct numu_buffer *buffer) {
    numu_buffer_clear(buffer);
    return row == NUMU_NONE ? NUMU_OK
                            : numu_model_write_cell(model, comparison->table, column, row, buffer);
}

static numu_status add_cells(struct comparison *comparison, const struct pair *pair,
                             struct numu_diff_row *row) {
    numu_buffer_clear(&comparison->cells);
    for (const struct numu_column *column = comparison->table->columns; column->name != NULL;
         column++) {
        struct numu_diff_cell cell = {.column = column};
        NUMU_TRY(
            write_cell(comparison, comparison->before, column, pair->before, &comparison->text));
        NUMU_TRY(
            write_cell(comparison, comparison->after, column, pair->after, &comparison->other));
        struct numu_text before = {comparison->text.data, comparison->text.length};
        struct numu_text after = {comparison->other.data, comparison->other.length};
        if (!numu_text_is_equal(before, after)) {
            NUMU_TRY(numu_text_copy(comparison->arena, before, &cell.before));
            NUMU_TRY(numu_text_copy(comparison->arena, after, &cell.after));
            NUMU_TRY(numu_buffer_append(&comparison->cells, &cell, sizeof cell));
        }
    }
    struct numu_diff_cell *cells;
    size_t bytes = comparison->cells.length;
    NUMU_TRY(NUMU_TAKE(comparison->arena, &cells, bytes / sizeof *cells));
    if (bytes > 0) {
        memcpy(cells, comparison->cells.data, bytes);
    }
    row->cells = cells;
    row->cell_count = bytes / sizeof *cells;
    return NUMU_OK;
}

/* A key as people read it. */
static numu_status copy_id(struct numu_arena *arena, struct numu_text key, struct numu_text *out) {
    char *id;
    NUMU_TRY(numu_text_to_string(arena, key, &id));
    for (size_t i = 0; i < key.length; i++) {
        if (id[i] == separator) {
            id[i] = '/';
        }
    }
    *out = (struct numu_text){id, key.length};
    return NUMU_OK;
}

static numu_status build_table(struct comparison *comparison, struct numu_diff_table *out) {
    size_t count = comparison->pairs.length / sizeof(struct pair);
    const struct pair *pairs = (const struct pair *)(const void *)comparison->pairs.data;
    struct numu_diff_row *rows;
    *out = (struct numu_diff_table){.table = comparison->table, .row_count = count};
    NUMU_TRY(NUMU_TAKE(comparison->arena, &rows, count));
    for (size_t i = 0; i < count; i++) {
        rows[i].change = pairs[i].change;
        out->counts[pairs[i].change]++;
        NUMU_TRY(copy_id(comparison->arena, pairs[i].key, &rows[i].id));
        NUMU_TRY(add_cells(comparison, &pairs[i], &rows[i]));
    }
    out->rows = rows;
    return NUMU_OK;
}

static numu_status compare(struct comparison *comparison, struct numu_diff *out) {
    struct numu_diff_table *tables;
    size_t table_count = 0;
    NUMU_TRY(NUMU_TAKE(comparison->arena, &tables, numu_schema_count()));
    for (const struct numu_table_descriptor *table = numu_schema; table->name != NULL; table++) {
        if (numu_context_is_stopped(comparison->context)) {
            return NUMU_STOPPED;
        }
        struct numu_arena_mark mark = numu_arena_mark(&comparison->scratch);
        comparison->table = table;
        numu_buffer_clear(&comparison->pairs);
        NUMU_TRY(pair_rows(comparison));
        if (comparison->pairs.length > 0) {
            NUMU_TRY(build_table(comparison, &tables[table_count]));
            table_count++;
        }
        numu_arena_rewind(&comparison->scratch, mark);
    }
    *out = (struct numu_diff){.tables = tables, .table_count = table_count};
    return NUMU_OK;
}

numu_status numu_app_diff(const struct numu_context *context, const struct numu_model *before,
                          const struct numu_model *after, struct numu_arena *arena,
                          struct numu_diff *out) {
    struct comparison comparison = {
        .context = context, .before = before, .after = after, .arena = arena};
    struct numu_arena_mark mark = numu_arena_mark(arena);
    struct numu_buffer *const buffers[] = {&comparison.text, &comparison.other, &comparison.pairs,
                                           &comparison.cells};
    numu_arena_init(&comparison.scratch, context->heap);
    for (size_t i = 0; i < sizeof buffers / sizeof buffers[0]; i++) {
        numu_buffer_init(buffers[i], context->heap, 0);
    }
    numu_status status = compare(&comparison, out);
    for (size_t i = 0; i < sizeof buffers / sizeof buffers[0]; i++) {
        numu_buffer_release(buffers[i]);
    }
    numu_arena_release(&comparison.scratch);
    if (status != NUMU_OK) {
        numu_arena_rewind(arena, mark);
    }
    return status;
}
