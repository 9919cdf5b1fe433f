/*
 * mps.c - a linear programme as free MPS, so that anyone can check an answer with another solver.
 *
 * Written for the readers' common ground (glpsol, Clp, HiGHS): the set names of RHS, RANGES and
 * BOUNDS are always there; a negative upper bound never stands without its lower one, because
 * readers differ on what the lower bound is then; a column without entries gets a zero in the
 * objective.
 *
 * A range is written as a G row with its lower bound and the width upper - lower: reading it back
 * may change the upper bound by a rounding. Numbers need the C locale's decimal point.
 *
 * Source: IBM, "MPSX/370 Program Reference Manual"; J. L. Nazareth, "Computer Solution of Linear
 * Programs", 1987; GLPK 5.0 reference manual, appendix B.
 */
#include "solve/lp.h"

#include <inttypes.h>
#include <math.h>

struct writer {
    const struct numu_lp *lp;
    const struct numu_lp_names *names;
    struct numu_buffer *buffer;
};

static numu_status write_row_name(const struct writer *writer, numu_lp_row row) {
    const struct numu_lp_names *names = writer->names;
    if (names != NULL && names->write_row != NULL) {
        return names->write_row(names->data, row, writer->buffer);
    }
    return numu_buffer_printf(writer->buffer, "r%" PRIu32, row + 1);
}

static numu_status write_column_name(const struct writer *writer, numu_lp_column column) {
    const struct numu_lp_names *names = writer->names;
    if (names != NULL && names->write_column != NULL) {
        return names->write_column(names->data, column, writer->buffer);
    }
    return numu_buffer_printf(writer->buffer, "c%" PRIu32, column + 1);
}

/* " name value\n" after what opens the line. */
static numu_status write_row_line(const struct writer *writer, const char *opening, numu_lp_row row,
                                  double value) {
    NUMU_TRY(numu_buffer_append_string(writer->buffer, opening));
    NUMU_TRY(write_row_name(writer, row));
    return numu_buffer_printf(writer->buffer, " %.17g\n", value);
}

static bool has_crossed_bounds(const struct numu_lp *lp) {
    for (numu_lp_row i = 0; i < lp->num_row; i++) {
        if (lp->row_lower[i] > lp->row_upper[i]) {
            return true;
        }
    }
    for (numu_lp_column j = 0; j < lp->num_col; j++) {
        if (lp->col_lower[j] > lp->col_upper[j]) {
            return true;
        }
    }
    return false;
}

static char row_type(double lower, double upper) {
    if (lower == upper) {
        return 'E';
    }
    if (lower > -INFINITY) {
        return 'G';
    }
    return upper < INFINITY ? 'L' : 'N';
}

static numu_status write_rows(const struct writer *writer) {
    const struct numu_lp *lp = writer->lp;
    NUMU_TRY(numu_buffer_append_string(writer->buffer, "ROWS\n N objective\n"));
    for (numu_lp_row i = 0; i < lp->num_row; i++) {
        NUMU_TRY(numu_buffer_printf(writer->buffer, " %c ",
                                    row_type(lp->row_lower[i], lp->row_upper[i])));
        NUMU_TRY(write_row_name(writer, i));
        NUMU_TRY(numu_buffer_append_char(writer->buffer, '\n'));
    }
    return NUMU_OK;
}

static numu_status write_column(const struct writer *writer, numu_lp_column column) {
    const struct numu_lp *lp = writer->lp;
    uint64_t begin = lp->a_start[column];
    uint64_t end = lp->a_start[column + 1];
    if (lp->col_cost[column] != 0 || begin == end) {
        NUMU_TRY(numu_buffer_append_char(writer->buffer, ' '));
        NUMU_TRY(write_column_name(writer, column));
        NUMU_TRY(numu_buffer_printf(writer->buffer, " objective %.17g\n", lp->col_cost[column]));
    }
    for (uint64_t k = begin; k < end; k++) {
        NUMU_TRY(numu_buffer_append_char(writer->buffer, ' '));
        NUMU_TRY(write_column_name(writer, column));
        NUMU_TRY(write_row_line(writer, " ", lp->a_index[k], lp->a_value[k]));
    }
    return NUMU_OK;
}

/* " marker1 'MARKER' 'INTORG'": whole columns begin, or end. */
static numu_status write_marker(const struct writer *writer, uint32_t *number, bool begins) {
    return numu_buffer_printf(writer->buffer, " marker%" PRIu32 " 'MARKER' '%s'\n", ++*number,
                              begins ? "INTORG" : "INTEND");
}

static numu_status write_columns(const struct writer *writer) {
    const struct numu_lp *lp = writer->lp;
    bool is_whole = false;
    uint32_t markers = 0;
    NUMU_TRY(numu_buffer_append_string(writer->buffer, "COLUMNS\n"));
    for (numu_lp_column j = 0; j < lp->num_col; j++) {
        if (lp->col_whole[j] != is_whole) {
            is_whole = lp->col_whole[j];
            NUMU_TRY(write_marker(writer, &markers, is_whole));
        }
        NUMU_TRY(write_column(writer, j));
    }
    if (is_whole) {
        NUMU_TRY(write_marker(writer, &markers, false));
    }
    if (lp->constant != 0) {
        NUMU_TRY(numu_buffer_printf(writer->buffer, " constant objective %.17g\n", lp->constant));
    }
    return NUMU_OK;
}

static numu_status write_right_hand_sides(const struct writer *writer) {
    const struct numu_lp *lp = writer->lp;
    NUMU_TRY(numu_buffer_append_string(writer->buffer, "RHS\n"));
    for (numu_lp_row i = 0; i < lp->num_row; i++) {
        double value = lp->row_lower[i] > -INFINITY ? lp->row_lower[i] : lp->row_upper[i];
        if (value != 0 && value < INFINITY) {
            NUMU_TRY(write_row_line(writer, " rhs ", i, value));
        }
    }
    return NUMU_OK;
}

static numu_status write_ranges(const struct writer *writer) {
    const struct numu_lp *lp = writer->lp;
    NUMU_TRY(numu_buffer_append_string(writer->buffer, "RANGES\n"));
    for (numu_lp_row i = 0; i < lp->num_row; i++) {
        double width = lp->row_upper[i] - lp->row_lower[i];
        if (width != 0 && width < INFINITY) {
            NUMU_TRY(write_row_line(writer, " ranges ", i, width));
        }
    }
    return NUMU_OK;
}

/* " UP bounds name value", the value left out where it is infinite. */
static numu_status write_bound(const struct writer *writer, const char *type, numu_lp_column column,
                               double value) {
    NUMU_TRY(numu_buffer_printf(writer->buffer, " %s bounds ", type));
    NUMU_TRY(write_column_name(writer, column));
    if (isfinite(value)) {
        NUMU_TRY(numu_buffer_printf(writer->buffer, " %.17g", value));
    }
    return numu_buffer_append_char(writer->buffer, '\n');
}

static numu_status write_column_bounds(const struct writer *writer, numu_lp_column column) {
    double lower = writer->lp->col_lower[column];
    double upper = writer->lp->col_upper[column];
    if (lower == upper) {
        return write_bound(writer, "FX", column, lower);
    }
    if (lower == -INFINITY && upper == INFINITY) {
        return write_bound(writer, "FR", column, INFINITY);
    }
    if (lower == -INFINITY) {
        NUMU_TRY(write_bound(writer, "MI", column, lower));
    } else if (lower != 0) {
        NUMU_TRY(write_bound(writer, "LO", column, lower));
    }
    if (upper < INFINITY) {
        return write_bound(writer, "UP", column, upper);
    }
    /* some readers take 1 for the upper bound of a whole column that has none */
    return writer->lp->col_whole[column] ? write_bound(writer, "PL", column, upper) : NUMU_OK;
}

static numu_status write_bounds(const struct writer *writer) {
    NUMU_TRY(numu_buffer_append_string(writer->buffer, "BOUNDS\n"));
    for (numu_lp_column j = 0; j < writer->lp->num_col; j++) {
        NUMU_TRY(write_column_bounds(writer, j));
    }
    if (writer->lp->constant != 0) {
        NUMU_TRY(numu_buffer_append_string(writer->buffer, " FX bounds constant 1\n"));
    }
    return NUMU_OK;
}

static numu_status write_problem(const struct writer *writer, const char *name) {
    NUMU_TRY(numu_buffer_printf(writer->buffer, "NAME %s\n", name));
    NUMU_TRY(write_rows(writer));
    NUMU_TRY(write_columns(writer));
    NUMU_TRY(write_right_hand_sides(writer));
    NUMU_TRY(write_ranges(writer));
    NUMU_TRY(write_bounds(writer));
    return numu_buffer_append_string(writer->buffer, "ENDATA\n");
}

numu_status numu_lp_write_mps(const struct numu_lp *lp, const char *name,
                              const struct numu_lp_names *names, struct numu_buffer *buffer) {
    if (has_crossed_bounds(lp)) {
        return NUMU_INVALID;
    }
    struct writer writer = {.lp = lp, .names = names, .buffer = buffer};
    size_t length = buffer->length;
    numu_status status = write_problem(&writer, name);
    if (status != NUMU_OK && buffer->length > length) {
        buffer->length = length;
        buffer->data[length] = '\0';
    }
    return status;
}
