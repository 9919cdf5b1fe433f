/*
 * diff_plan.c - see diff_plan.h.
 *
 * Both plans are first brought to a digest, plans whose tables have one row for each key. Then
 * tables are compared column by column, as text in the machine's form.
 */
#include "app/diff_plan.h"

#include "base/cell.h"

#include <math.h>
#include <string.h>

enum { KEYS_MAX = 4 };
/* Relative difference below which figures of a solver are the same. */
#define SAME 1e-9

/* Names of the columns that say what a row is about, and of those that only tell of the solver. */
struct key {
    size_t table;
    const char *columns[KEYS_MAX], *skipped[KEYS_MAX];
};
#define TABLE(name) offsetof(struct numu_plan, name)
static const struct key keys[] = {
    {TABLE(meta), {"key"}, {NULL}},
    {TABLE(promise), {"id"}, {"probability_error"}},
    {TABLE(demand), {"id"}, {NULL}},
    {TABLE(production), {"process"}, {NULL}},
    {TABLE(purse), {"fund"}, {NULL}},
    {TABLE(import_bill), {"year"}, {NULL}},
    {TABLE(reason), {"subject", "id", "process"}, {NULL}},
    {TABLE(forbidden), {"process", "demand", "rule"}, {NULL}},
    {TABLE(activity), {"id"}, {NULL}},
    {TABLE(indicator), {"indicator", "subject", "id", "year"}, {NULL}},
    {TABLE(stress), {"label"}, {NULL}},
    {TABLE(stage), {"sequence"}, {"dual_bound", "primal_residual", "iterations"}},
};
enum { TABLES = sizeof keys / sizeof keys[0] };

struct comparison {
    const struct numu_plan *before, *after;
    struct numu_heap *heap;
    struct numu_arena *arena;
    struct numu_buffer rows;  /* of struct numu_diff_row */
    struct numu_buffer cells; /* of struct numu_diff_cell */
    struct numu_buffer text;
};

/* --- the digest --- */

static numu_status add(int64_t *sum, int64_t value) {
    if (value == NUMU_NO_NUMBER) {
        return NUMU_OK;
    }
    return numu_add(*sum == NUMU_NO_NUMBER ? 0 : *sum, value, sum);
}

static void ignore(void *data, numu_row row, numu_row first) {
    (void)data;
    (void)row;
    (void)first;
}

/* By row, the first row of the same name. */
static numu_status find_firsts(const struct numu_text *names, numu_row count,
                               struct numu_arena *arena, numu_row **out) {
    struct numu_map map;
    NUMU_TRY(numu_map_build(&map, arena, names, count, ignore, NULL));
    NUMU_TRY(numu_map_index(&map, arena));
    NUMU_TRY(NUMU_TAKE(arena, out, count));
    for (numu_row row = 0; row < count; row++) {
        numu_row first = numu_map_find(&map, names[row]);
        (*out)[row] = first == NUMU_NONE ? row : first;
    }
    return NUMU_OK;
}

/* Sums by process; the month is that of the first of them. */
static numu_status digest_production(const struct numu_plan *plan, struct numu_arena *arena,
                                     struct numu_plan *out) {
    const struct numu_plan_production *from = &plan->production;
    struct numu_plan_production *to = &out->production;
    numu_row *first;
    numu_row *place;
    numu_row count = 0;
    NUMU_TRY(find_firsts(from->process, from->head.count, arena, &first));
    NUMU_TRY(NUMU_TAKE(arena, &place, from->head.count));
    NUMU_TRY(numu_plan_take(out, arena, NUMU_PLAN_TABLE(production), from->head.count));
    for (numu_row row = 0; row < from->head.count; row++) {
        if (first[row] == row) {
            place[row] = count++;
            to->process[place[row]] = from->process[row];
            to->item[place[row]] = from->item[row];
            to->kind[place[row]] = from->kind[row];
            to->month[place[row]] = from->month[row];
        }
        numu_row at = place[first[row]];
        NUMU_TRY(add(&to->quantity[at], from->quantity[row]));
        NUMU_TRY(add(&to->started[at], from->started[row]));
        NUMU_TRY(add(&to->cost[at], from->cost[row]));
    }
    to->head.count = count;
    return NUMU_OK;
}

/* Sums by fund; what is left at the end. */
static numu_status digest_purses(const struct numu_plan *plan, struct numu_arena *arena,
                                 struct numu_plan *out) {
    const struct numu_plan_purse *from = &plan->purse;
    struct numu_plan_purse *to = &out->purse;
    numu_row *first;
    numu_row *place;
    numu_row count = 0;
    NUMU_TRY(find_firsts(from->fund, from->head.count, arena, &first));
    NUMU_TRY(NUMU_TAKE(arena, &place, from->head.count));
    NUMU_TRY(numu_plan_take(out, arena, NUMU_PLAN_TABLE(purse), from->head.count));
    for (numu_row row = 0; row < from->head.count; row++) {
        if (first[row] == row) {
            place[row] = count++;
            to->fund[place[row]] = from->fund[row];
        }
        numu_row at = place[first[row]];
        NUMU_TRY(add(&to->budget[at], from->budget[row]));
        NUMU_TRY(add(&to->gap[at], from->gap[row]));
        NUMU_TRY(add(&to->spent[at], from->spent[row]));
        to->left[at] = from->left[row];
    }
    to->head.count = count;
    return NUMU_OK;
}

/* What binds first behind each shortage; of its figures those that say when. */
static numu_status digest_reasons(const struct numu_plan *plan, struct numu_arena *arena,
                                  struct numu_plan *out) {
    const struct numu_plan_reason *from = &plan->reason;
    struct numu_plan_reason *to = &out->reason;
    numu_row count = 0;
    NUMU_TRY(numu_plan_take(out, arena, NUMU_PLAN_TABLE(reason), from->head.count));
    for (numu_row row = 0; row < from->head.count; row++) {
        if (from->rank[row] == 1) {
            to->subject[count] = from->subject[row];
            to->id[count] = from->id[row];
            to->process[count] = from->process[row];
            to->binds[count] = from->binds[row];
            to->name[count] = from->name[row];
            to->opened_by[count] = from->opened_by[row];
            to->from[count] = from->from[row];
            to->until[count++] = from->until[row];
        }
    }
    to->head.count = count;
    return NUMU_OK;
}

/* Without what only tells of the solver. */
static numu_status digest_meta(const struct numu_plan *plan, struct numu_arena *arena,
                               struct numu_plan *out) {
    static const char *const skipped[] = {"objective",     "dual_bound", "primal_residual",
                                          "dual_residual", "rows",       "columns",
                                          "nonzeros"};
    const struct numu_plan_meta *from = &plan->meta;
    numu_row count = 0;
    NUMU_TRY(numu_plan_take(out, arena, NUMU_PLAN_TABLE(meta), from->head.count));
    for (numu_row row = 0; row < from->head.count; row++) {
        bool is_skipped = false;
        for (size_t i = 0; i < sizeof skipped / sizeof skipped[0]; i++) {
            is_skipped = is_skipped || numu_text_is(from->key[row], skipped[i]);
        }
        if (!is_skipped) {
            out->meta.key[count] = from->key[row];
            out->meta.value[count++] = from->value[row];
        }
    }
    out->meta.head.count = count;
    return NUMU_OK;
}

static numu_status digest(const struct numu_plan *plan, struct numu_arena *arena,
                          struct numu_plan *out) {
    *out = *plan;
    NUMU_TRY(digest_meta(plan, arena, out));
    NUMU_TRY(digest_production(plan, arena, out));
    NUMU_TRY(digest_purses(plan, arena, out));
    return digest_reasons(plan, arena, out);
}

/* --- cells --- */

static numu_status write_cell(struct comparison *comparison, const struct numu_plan *plan,
                              const struct numu_table_descriptor *table,
                              const struct numu_column *column, numu_row row,
                              struct numu_text *out) {
    struct numu_buffer *text = &comparison->text;
    numu_buffer_clear(text);
    NUMU_TRY(numu_cell_write(column, numu_plan_array(plan, table, column), row, plan->currency,
                             NULL, NULL, text));
    return numu_text_copy(comparison->arena, (struct numu_text){text->data, text->length}, out);
}

static bool is_among(const char *const names[KEYS_MAX], const struct numu_column *column) {
    for (size_t i = 0; i < KEYS_MAX && names[i] != NULL; i++) {
        if (strcmp(names[i], column->name) == 0) {
            return true;
        }
    }
    return false;
}

/* The key of each row, its parts joined by slashes. */
static numu_status write_keys(struct comparison *comparison, const struct numu_plan *plan,
                              const struct numu_table_descriptor *table, const struct key *key,
                              struct numu_text **out) {
    numu_row count = numu_plan_count(plan, table);
    NUMU_TRY(NUMU_TAKE(comparison->arena, out, count));
    for (numu_row row = 0; row < count; row++) {
        struct numu_text joined = {NULL, 0};
        for (const struct numu_column *column = table->columns; column->name != NULL; column++) {
            struct numu_text part;
            if (!is_among(key->columns, column)) {
                continue;
            }
            NUMU_TRY(write_cell(comparison, plan, table, column, row, &part));
            if (part.length > 0) {
                NUMU_TRY(
                    numu_text_printf(comparison->arena, &joined, "%.*s%s%.*s", (int)joined.length,
                                     joined.data == NULL ? "" : joined.data,
                                     joined.length > 0 ? "/" : "", (int)part.length, part.data));
            }
        }
        (*out)[row] = joined;
    }
    return NUMU_OK;
}

/* Whether two figures of solvers are the same but for rounding. */
static bool is_near(const struct comparison *comparison, const struct numu_table_descriptor *table,
                    const struct numu_column *column, numu_row before, numu_row after) {
    if (column->kind != NUMU_KIND_REAL || before == NUMU_NONE || after == NUMU_NONE) {
        return false;
    }
    double a = ((const double *)numu_plan_array(comparison->before, table, column))[before];
    double b = ((const double *)numu_plan_array(comparison->after, table, column))[after];
    return fabs(a - b) <= SAME * fmax(1, fmax(fabs(a), fabs(b)));
}

/* Adds a row where its cells differ; one of the two rows may be none. */
static numu_status add_row(struct comparison *comparison, const struct key *key,
                           const struct numu_table_descriptor *table, struct numu_text id,
                           numu_row before, numu_row after) {
    struct numu_diff_row row = {.change = before == NUMU_NONE  ? NUMU_CHANGE_ADDED
                                          : after == NUMU_NONE ? NUMU_CHANGE_REMOVED
                                                               : NUMU_CHANGE_CHANGED,
                                .id = id};
    struct numu_diff_cell *cells;
    numu_buffer_clear(&comparison->cells);
    for (const struct numu_column *column = table->columns; column->name != NULL; column++) {
        struct numu_diff_cell cell = {.column = column};
        if (is_among(key->skipped, column)) {
            continue;
        }
        if (before != NUMU_NONE) {
            NUMU_TRY(
                write_cell(comparison, comparison->before, table, column, before, &cell.before));
        }
        if (after != NUMU_NONE) {
            NUMU_TRY(write_cell(comparison, comparison->after, table, column, after, &cell.after));
        }
        if (!numu_text_is_equal(cell.before, cell.after) &&
            !is_near(comparison, table, column, before, after)) {
            NUMU_TRY(numu_buffer_append(&comparison->cells, &cell, sizeof cell));
        }
    }
    row.cell_count = comparison->cells.length / sizeof *cells;
    NUMU_TRY(NUMU_TAKE(comparison->arena, &cells, row.cell_count));
    if (row.cell_count > 0) {
        memcpy(cells, comparison->cells.data, row.cell_count * sizeof *cells);
    }
    row.cells = cells;
    return row.cell_count == 0 && row.change == NUMU_CHANGE_CHANGED
               ? NUMU_OK
               : numu_buffer_append(&comparison->rows, &row, sizeof row);
}

/* Removed, then changed, in the order of before; then added. */
static numu_status compare_rows(struct comparison *comparison, const struct key *key,
                                const struct numu_table_descriptor *table) {
    struct numu_text *before;
    struct numu_text *after;
    struct numu_map in_before;
    struct numu_map in_after;
    numu_row before_count = numu_plan_count(comparison->before, table);
    numu_row after_count = numu_plan_count(comparison->after, table);
    NUMU_TRY(write_keys(comparison, comparison->before, table, key, &before));
    NUMU_TRY(write_keys(comparison, comparison->after, table, key, &after));
    NUMU_TRY(numu_map_build(&in_before, comparison->arena, before, before_count, ignore, NULL));
    NUMU_TRY(numu_map_build(&in_after, comparison->arena, after, after_count, ignore, NULL));
    for (int pass = 0; pass < 2; pass++) {
        for (numu_row row = 0; row < before_count; row++) {
            numu_row other = numu_map_find(&in_after, before[row]);
            bool is_first = numu_map_find(&in_before, before[row]) == row;
            if (is_first && (other == NUMU_NONE) == (pass == 0)) {
                NUMU_TRY(add_row(comparison, key, table, before[row], row, other));
            }
        }
    }
    for (numu_row row = 0; row < after_count; row++) {
        bool is_first = numu_map_find(&in_after, after[row]) == row;
        if (is_first && numu_map_find(&in_before, after[row]) == NUMU_NONE) {
            NUMU_TRY(add_row(comparison, key, table, after[row], NUMU_NONE, row));
        }
    }
    return NUMU_OK;
}

static numu_status take_rows(struct comparison *comparison,
                             const struct numu_table_descriptor *table,
                             struct numu_diff_table *out) {
    struct numu_diff_row *rows;
    size_t count = comparison->rows.length / sizeof *rows;
    NUMU_TRY(NUMU_TAKE(comparison->arena, &rows, count));
    memcpy(rows, comparison->rows.data, count * sizeof *rows);
    *out = (struct numu_diff_table){.table = table, .rows = rows, .row_count = count};
    for (size_t i = 0; i < count; i++) {
        out->counts[rows[i].change]++;
    }
    return NUMU_OK;
}

static numu_status compare(struct comparison *comparison, struct numu_diff *out) {
    struct numu_diff_table *tables;
    size_t count = 0;
    NUMU_TRY(NUMU_TAKE(comparison->arena, &tables, TABLES));
    for (size_t i = 0; i < TABLES; i++) {
        const struct numu_table_descriptor *table = numu_plan_schema_at(keys[i].table);
        numu_buffer_clear(&comparison->rows);
        NUMU_TRY(compare_rows(comparison, &keys[i], table));
        if (comparison->rows.length > 0) {
            NUMU_TRY(take_rows(comparison, table, &tables[count]));
            count++;
        }
    }
    *out = (struct numu_diff){.tables = tables, .table_count = count};
    return NUMU_OK;
}

numu_status numu_app_diff_plans(const struct numu_plan *before, const struct numu_plan *after,
                                struct numu_heap *heap, struct numu_arena *arena,
                                struct numu_diff *out) {
    struct numu_plan digests[2];
    struct numu_arena_mark mark = numu_arena_mark(arena);
    struct comparison comparison = {
        .before = &digests[0], .after = &digests[1], .heap = heap, .arena = arena};
    numu_buffer_init(&comparison.rows, heap, 0);
    numu_buffer_init(&comparison.cells, heap, 0);
    numu_buffer_init(&comparison.text, heap, 0);
    numu_status status = digest(before, arena, &digests[0]);
    if (status == NUMU_OK) {
        status = digest(after, arena, &digests[1]);
    }
    if (status == NUMU_OK) {
        status = compare(&comparison, out);
    }
    numu_buffer_release(&comparison.text);
    numu_buffer_release(&comparison.cells);
    numu_buffer_release(&comparison.rows);
    if (status != NUMU_OK) {
        numu_arena_rewind(arena, mark);
    }
    return status;
}
