/*
 * bound_linear.h - what the exact search's constraints say as one linear programme, of which modes
 * are fractions: that consumables leave little of what is short, that short modes take much of what
 * is scarce, and how far both push the finish.
 *
 * Columns are the variables of a solver at level 0 (starts, durations, 0..1 for each mode, the
 * finish), within their bounds there. Rows:
 *
 * duration   it is that of the mode: sum of d × mode = duration, and one of the modes is chosen
 * link       after - before >= lag, with durations where it leaves or enters a finish
 * supply     what is certain to start by the end of a step of a consumable takes no more than was
 *            supplied by then
 * work       of a window of time: what modes must do of a resource inside it, by the windows of
 *            their starts, is no more than it offers there; of the whole, up to the finish
 *
 * There are too many windows to have them all; those come in that a solution breaks.
 *
 * Nothing rests on a linear programme's arithmetic: weights of rows, rounded to whole numbers, make
 * one row of all of them, which is held against the bounds of the variables in whole numbers. What
 * it excludes is cut off (reduced cost fixing, as old as linear programmes: G. Dantzig, R.
 * Fulkerson, S. Johnson, Journal of the Operations Research Society of America 2(4), 1954).
 */
#ifndef NUMU_PROGRAMME_BOUND_LINEAR_H
#define NUMU_PROGRAMME_BOUND_LINEAR_H

#include "programme/exact_solver.h"

struct numu_bound_linear_term {
    uint32_t variable;
    int64_t factor;
};

/* The sum of factor × variable is at least `least`, or just that; terms by rising variable. */
struct numu_bound_linear_row {
    uint32_t first_term, term_count;
    int64_t least;
    bool is_equal;
};

struct numu_bound_linear {
    struct numu_exact_solver *solver;
    struct numu_buffer row_buffer, term_buffer;
    uint32_t row_count, term_count;
    uint64_t work; /* steps so far */
};

/*
 * Releasing is due whatever became of building. The solver, which was built with measures of time,
 * must outlive it.
 */
void numu_bound_linear_init(struct numu_bound_linear *linear, struct numu_exact_solver *solver);
void numu_bound_linear_release(struct numu_bound_linear *linear);

static inline const struct numu_bound_linear_row *
numu_bound_linear_rows(const struct numu_bound_linear *linear) {
    return (const struct numu_bound_linear_row *)(const void *)linear->row_buffer.data;
}
static inline const struct numu_bound_linear_term *
numu_bound_linear_terms(const struct numu_bound_linear *linear) {
    return (const struct numu_bound_linear_term *)(const void *)linear->term_buffer.data;
}

/* Adds all rows but those of windows. NUMU_MEMORY, NUMU_LIMIT. */
NUMU_MUST_CHECK numu_status numu_bound_linear_build(struct numu_bound_linear *linear);

/*
 * Adds rows of the windows that a solution breaks most, given by its value of each variable; how
 * many is told by row_count.
 */
NUMU_MUST_CHECK numu_status numu_bound_linear_add_windows(struct numu_bound_linear *linear,
                                                          const double *value,
                                                          struct numu_arena *scratch);

/*
 * Cuts off from the bounds of the variables what the rows exclude, summed with a weight each (of
 * those that are not equal, weights below 0 count as 0), and what follows from that.
 * *out_is_open is false where nothing is left, *out_is_changed true where something was cut off.
 * NUMU_MEMORY.
 */
NUMU_MUST_CHECK numu_status numu_bound_linear_tighten(struct numu_bound_linear *linear,
                                                      const double *weight,
                                                      struct numu_arena *scratch, bool *out_is_open,
                                                      bool *out_is_changed);

#endif
