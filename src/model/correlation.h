/*
 * correlation.h - whether a set of correlations can hold together, and the nearest that can.
 *
 * Matrices are symmetric, row by row, n × n. A correlation matrix has ones on its diagonal and no
 * eigenvalue below zero: any other asks for a sum of durations with a negative variance.
 */
#ifndef NUMU_MODEL_CORRELATION_H
#define NUMU_MODEL_CORRELATION_H

#include "base/arena.h"

#include <stdbool.h>

/* Whether no eigenvalue is below -1e-8 (Cholesky; n³/3 steps). `scratch` has room for n × n. */
bool numu_correlation_is_possible(const double *matrix, uint32_t n, double *scratch);

/*
 * The correlation matrix nearest in the Frobenius norm, with the entries that are zero left at zero
 * (nobody stated them): N. J. Higham, "Computing the nearest correlation matrix - a problem from
 * finance", IMA Journal of Numerical Analysis 22 (2002), algorithm 3.3, alternating projections
 * with Dykstra's correction; fixed entries as in N. J. Higham, N. Strabic, "Anderson acceleration
 * of the alternating projections method for computing the nearest correlation matrix", Numerical
 * Algorithms 72 (2016). Where `is_fixed_zero` is false, zeros may move too. `matrix` is
 * overwritten; on return its smallest eigenvalue is zero or next to it.
 */
NUMU_MUST_CHECK numu_status numu_correlation_nearest(struct numu_arena *arena, double *matrix,
                                                     uint32_t n, bool is_fixed_zero);

#endif
