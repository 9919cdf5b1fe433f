/*
 * grid.h - aligned tables for terminals.
 *
 * Cells are written one after another through `cell`, row by row; the grid is laid out when all are
 * there. Widths are columns of the terminal (numu_text_width), so that accents and wide characters
 * align. No line ends with spaces.
 */
#ifndef NUMU_VIEW_GRID_H
#define NUMU_VIEW_GRID_H

#include "view/output.h"

struct numu_grid_column {
    numu_word heading;
    bool is_right;   /* numbers */
    bool may_shrink; /* is cut where the table is too wide */
};

enum { NUMU_GRID_COLUMNS_MAX = 16 };

struct numu_grid {
    const struct numu_grid_column *columns;
    size_t column_count;
    struct numu_buffer text; /* all cells */
    struct numu_buffer ends; /* of each cell in `text`: size_t */
    struct numu_output cell; /* the cell being written */
};

/* Starts an empty grid. `columns` must outlive it; it must not move while in use. */
void numu_grid_init(struct numu_grid *grid, struct numu_heap *heap, numu_language language,
                    const struct numu_grid_column *columns, size_t column_count);
/* The same with headings that are no words: texts[i] stands instead where it is not NULL. */
void numu_grid_init_named(struct numu_grid *grid, struct numu_heap *heap, numu_language language,
                          const struct numu_grid_column *columns, size_t column_count,
                          const char *const *texts);
void numu_grid_release(struct numu_grid *grid);
/* Ends the cell that was written to grid->cell (nothing = empty). */
void numu_grid_end_cell(struct numu_grid *grid);

/*
 * Appends heading and rows, each line indented by `indent`, at most width_max columns wide as far
 * as columns may shrink (0 = no limit). A failure while cells were written fails here.
 */
void numu_output_grid(struct numu_output *out, const struct numu_grid *grid, size_t indent,
                      size_t width_max);

#endif
