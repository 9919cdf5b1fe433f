/*
 * grid.c - aligned tables for terminals.
 */
#include "view/grid.h"

#include <string.h>

enum { GAP_COLUMNS = 2, SHRUNK_COLUMNS_MIN = 8 };

void numu_grid_init(struct numu_grid *grid, struct numu_heap *heap, numu_language language,
                    const struct numu_grid_column *columns, size_t column_count) {
    numu_grid_init_named(grid, heap, language, columns, column_count, NULL);
}

void numu_grid_init_named(struct numu_grid *grid, struct numu_heap *heap, numu_language language,
                          const struct numu_grid_column *columns, size_t column_count,
                          const char *const *texts) {
    numu_assert(column_count > 0 && column_count <= NUMU_GRID_COLUMNS_MAX);
    grid->columns = columns;
    grid->column_count = column_count;
    numu_buffer_init(&grid->text, heap, 0);
    numu_buffer_init(&grid->ends, heap, 0);
    numu_output_init(&grid->cell, &grid->text, language, false);
    for (size_t i = 0; i < column_count; i++) {
        if (texts != NULL && texts[i] != NULL) {
            numu_output_string(&grid->cell, texts[i]);
        } else {
            numu_output_word(&grid->cell, columns[i].heading);
        }
        numu_grid_end_cell(grid);
    }
}

void numu_grid_release(struct numu_grid *grid) {
    numu_buffer_release(&grid->text);
    numu_buffer_release(&grid->ends);
}

void numu_grid_end_cell(struct numu_grid *grid) {
    if (grid->cell.status == NUMU_OK) {
        size_t end = grid->text.length;
        grid->cell.status = numu_buffer_append(&grid->ends, &end, sizeof end);
    }
}

static size_t cell_count(const struct numu_grid *grid) {
    return grid->ends.length / sizeof(size_t);
}

static struct numu_text cell_at(const struct numu_grid *grid, size_t number) {
    size_t bounds[2] = {0, 0};
    if (number > 0) {
        memcpy(bounds, grid->ends.data + (number - 1) * sizeof bounds[0], sizeof bounds);
    } else {
        memcpy(&bounds[1], grid->ends.data, sizeof bounds[1]);
    }
    return (struct numu_text){grid->text.data + bounds[0], bounds[1] - bounds[0]};
}

static void measure(const struct numu_grid *grid, size_t width_max, size_t *widths) {
    size_t total = (grid->column_count - 1) * GAP_COLUMNS;
    for (size_t i = 0; i < cell_count(grid); i++) {
        size_t width = numu_text_width(cell_at(grid, i));
        size_t *widest = &widths[i % grid->column_count];
        *widest = width > *widest ? width : *widest;
    }
    for (size_t c = 0; c < grid->column_count; c++) {
        total += widths[c];
    }
    for (size_t c = 0; c < grid->column_count && width_max > 0 && total > width_max; c++) {
        if (grid->columns[c].may_shrink && widths[c] > SHRUNK_COLUMNS_MIN) {
            size_t excess = total - width_max;
            size_t spare = widths[c] - SHRUNK_COLUMNS_MIN;
            size_t less = excess < spare ? excess : spare;
            widths[c] -= less;
            total -= less;
        }
    }
}

static void write_spaces(struct numu_output *out, size_t count) {
    for (size_t i = 0; i < count; i++) {
        numu_output_raw(out, " ");
    }
}

/* Spaces are owed until something follows them. */
static void write_row(struct numu_output *out, const struct numu_grid *grid, size_t first,
                      size_t indent, const size_t *widths) {
    size_t owed = indent;
    for (size_t c = 0; c < grid->column_count; c++) {
        struct numu_text cell = cell_at(grid, first + c);
        size_t width = numu_text_width(cell);
        size_t pad = width < widths[c] ? widths[c] - width : 0;
        owed += grid->columns[c].is_right ? pad : 0;
        if (width > 0) {
            write_spaces(out, owed);
            numu_output_text_cut(out, cell, widths[c]);
            owed = 0;
        }
        owed += (grid->columns[c].is_right ? 0 : pad) + GAP_COLUMNS;
    }
    numu_output_raw(out, "\n");
}

void numu_output_grid(struct numu_output *out, const struct numu_grid *grid, size_t indent,
                      size_t width_max) {
    if (out->status == NUMU_OK) {
        out->status = grid->cell.status;
    }
    if (out->status != NUMU_OK) {
        return;
    }
    numu_assert(cell_count(grid) % grid->column_count == 0);
    size_t widths[NUMU_GRID_COLUMNS_MAX] = {0};
    measure(grid, width_max > indent ? width_max - indent : 0, widths);
    for (size_t i = 0; i < cell_count(grid); i += grid->column_count) {
        write_row(out, grid, i, indent, widths);
    }
}
