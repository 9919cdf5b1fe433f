/*
 * lp.c - building a linear programme, and measuring a solution of it.
 *
 * What is measured uses the problem and two arrays of the solution only, x and y. A solver's own
 * word on its objective, activities or residuals is never read, so that a wrong answer shows.
 *
 * Weak duality with rounding: A. Neumaier, O. Shcherbina, "Safe bounds in linear and mixed-integer
 * linear programming", Mathematical Programming 99 (2004), section 3.
 */
#include "solve/lp.h"

#include <float.h>
#include <math.h>
#include <string.h>

static const size_t array_sizes[NUMU_LP_ARRAYS] = {
    [NUMU_LP_COL_COST] = sizeof(double),  [NUMU_LP_COL_LOWER] = sizeof(double),
    [NUMU_LP_COL_UPPER] = sizeof(double), [NUMU_LP_COL_WHOLE] = sizeof(bool),
    [NUMU_LP_A_START] = sizeof(uint64_t), [NUMU_LP_A_INDEX] = sizeof(uint32_t),
    [NUMU_LP_A_VALUE] = sizeof(double),   [NUMU_LP_ROW_LOWER] = sizeof(double),
    [NUMU_LP_ROW_UPPER] = sizeof(double), [NUMU_LP_ROW_SEEN] = sizeof(uint32_t),
};

/* --- building --- */

/* Growth moves arrays: the typed pointers follow their owners. */
static void point_arrays(struct numu_lp *lp) {
    lp->col_cost = (void *)lp->storage[NUMU_LP_COL_COST].data;
    lp->col_lower = (void *)lp->storage[NUMU_LP_COL_LOWER].data;
    lp->col_upper = (void *)lp->storage[NUMU_LP_COL_UPPER].data;
    lp->col_whole = (void *)lp->storage[NUMU_LP_COL_WHOLE].data;
    lp->a_start = (void *)lp->storage[NUMU_LP_A_START].data;
    lp->a_index = (void *)lp->storage[NUMU_LP_A_INDEX].data;
    lp->a_value = (void *)lp->storage[NUMU_LP_A_VALUE].data;
    lp->row_lower = (void *)lp->storage[NUMU_LP_ROW_LOWER].data;
    lp->row_upper = (void *)lp->storage[NUMU_LP_ROW_UPPER].data;
    lp->row_seen = (void *)lp->storage[NUMU_LP_ROW_SEEN].data;
}

void numu_lp_init(struct numu_lp *lp, struct numu_heap *heap) {
    memset(lp, 0, sizeof *lp);
    lp->heap = heap;
    for (size_t array = 0; array < NUMU_LP_ARRAYS; array++) {
        numu_buffer_init(&lp->storage[array], heap, 0);
    }
    point_arrays(lp);
}

void numu_lp_release(struct numu_lp *lp) {
    for (size_t array = 0; array < NUMU_LP_ARRAYS; array++) {
        numu_buffer_release(&lp->storage[array]);
    }
    numu_lp_init(lp, lp->heap);
}

/* Makes room for `count` more elements in each of the arrays first … last. */
static numu_status reserve(struct numu_lp *lp, enum numu_lp_array first, enum numu_lp_array last,
                           size_t count) {
    numu_status status = NUMU_OK;
    for (size_t array = first; array <= last && status == NUMU_OK; array++) {
        status = count > SIZE_MAX / array_sizes[array]
                     ? NUMU_LIMIT
                     : numu_buffer_reserve(&lp->storage[array], count * array_sizes[array]);
    }
    point_arrays(lp);
    return status;
}

/* Counts `count` elements written into the room of `reserve`. */
static void extend(struct numu_lp *lp, enum numu_lp_array first, enum numu_lp_array last,
                   size_t count) {
    for (size_t array = first; array <= last; array++) {
        lp->storage[array].length += count * array_sizes[array];
    }
}

static bool is_range(double lower, double upper) {
    return lower < INFINITY && upper > -INFINITY; /* false for what is not a number */
}

numu_status numu_lp_add_row(struct numu_lp *lp, double lower, double upper, numu_lp_row *out) {
    if (!is_range(lower, upper)) {
        return NUMU_BUG;
    }
    if (lp->num_row == INT32_MAX) {
        return NUMU_LIMIT;
    }
    NUMU_TRY(reserve(lp, NUMU_LP_ROW_LOWER, NUMU_LP_ROW_SEEN, 1));
    numu_lp_row row = lp->num_row++;
    lp->row_lower[row] = lower;
    lp->row_upper[row] = upper;
    lp->row_seen[row] = 0;
    extend(lp, NUMU_LP_ROW_LOWER, NUMU_LP_ROW_SEEN, 1);
    if (out != NULL) {
        *out = row;
    }
    return NUMU_OK;
}

/*
 * Writes the entries into the room behind those of the columns there are; false where one is wrong.
 * Marks are undone then: the column's number will be used again.
 */
static bool write_entries(struct numu_lp *lp, const struct numu_lp_entry *entries,
                          size_t entry_count, size_t *out_written) {
    uint32_t mark = lp->num_col + 1;
    size_t written = 0;
    size_t i = 0;
    for (; i < entry_count; i++) {
        numu_lp_row row = entries[i].row;
        if (row >= lp->num_row || !isfinite(entries[i].value) || lp->row_seen[row] == mark) {
            break;
        }
        lp->row_seen[row] = mark;
        if (entries[i].value != 0) {
            lp->a_index[lp->num_nz + written] = row;
            lp->a_value[lp->num_nz + written] = entries[i].value;
            written++;
        }
    }
    *out_written = written;
    bool is_right = i == entry_count;
    while (!is_right && i > 0) {
        lp->row_seen[entries[--i].row] = 0;
    }
    return is_right;
}

numu_status numu_lp_add_column(struct numu_lp *lp, double cost, double lower, double upper,
                               const struct numu_lp_entry *entries, size_t entry_count,
                               numu_lp_column *out) {
    if (!isfinite(cost) || !is_range(lower, upper)) {
        return NUMU_BUG;
    }
    if (lp->num_col == INT32_MAX) {
        return NUMU_LIMIT;
    }
    bool is_first = lp->num_col == 0; /* a_start has one element more than there are columns */
    NUMU_TRY(reserve(lp, NUMU_LP_COL_COST, NUMU_LP_COL_WHOLE, 1));
    NUMU_TRY(reserve(lp, NUMU_LP_A_START, NUMU_LP_A_START, is_first ? 2 : 1));
    NUMU_TRY(reserve(lp, NUMU_LP_A_INDEX, NUMU_LP_A_VALUE, entry_count));
    size_t written = 0;
    if (!write_entries(lp, entries, entry_count, &written)) {
        return NUMU_BUG;
    }
    numu_lp_column column = lp->num_col++;
    lp->col_cost[column] = cost;
    lp->col_lower[column] = lower;
    lp->col_upper[column] = upper;
    lp->col_whole[column] = false;
    lp->num_nz += written;
    if (is_first) {
        lp->a_start[0] = 0;
    }
    lp->a_start[column + 1] = lp->num_nz;
    extend(lp, NUMU_LP_COL_COST, NUMU_LP_COL_WHOLE, 1);
    extend(lp, NUMU_LP_A_START, NUMU_LP_A_START, is_first ? 2 : 1);
    extend(lp, NUMU_LP_A_INDEX, NUMU_LP_A_VALUE, written);
    if (out != NULL) {
        *out = column;
    }
    return NUMU_OK;
}

/* How many elements are not 0; SIZE_MAX where one is wrong. */
static size_t count_elements(const struct numu_lp *lp, const struct numu_lp_element *elements,
                             size_t element_count) {
    size_t count = 0;
    for (size_t i = 0; i < element_count; i++) {
        if (elements[i].column >= lp->num_col || !isfinite(elements[i].value) ||
            (i > 0 && elements[i].column <= elements[i - 1].column)) {
            return SIZE_MAX;
        }
        count += elements[i].value != 0;
    }
    return count;
}

/* Gives each column its element of a row, behind its other entries; from the last column on. */
static void spread_elements(struct numu_lp *lp, numu_lp_row row,
                            const struct numu_lp_element *elements, size_t element_count,
                            size_t added) {
    uint64_t end = lp->num_nz; /* of the column's entries, as they still stand */
    for (numu_lp_column j = lp->num_col; j-- > 0 && added > 0;) {
        uint64_t first = lp->a_start[j], length = end - first;
        lp->a_start[j + 1] = end + added;
        while (element_count > 0 &&
               (elements[element_count - 1].column > j || elements[element_count - 1].value == 0)) {
            element_count--;
        }
        if (element_count > 0 && elements[element_count - 1].column == j) {
            added--;
            lp->a_index[end + added] = row;
            lp->a_value[end + added] = elements[--element_count].value;
        }
        memmove(&lp->a_index[first + added], &lp->a_index[first], length * sizeof *lp->a_index);
        memmove(&lp->a_value[first + added], &lp->a_value[first], length * sizeof *lp->a_value);
        end = first;
    }
}

numu_status numu_lp_add_filled_row(struct numu_lp *lp, double lower, double upper,
                                   const struct numu_lp_element *elements, size_t element_count,
                                   numu_lp_row *out) {
    size_t added = count_elements(lp, elements, element_count);
    numu_lp_row row;
    if (added == SIZE_MAX) {
        return NUMU_BUG;
    }
    NUMU_TRY(reserve(lp, NUMU_LP_A_INDEX, NUMU_LP_A_VALUE, added));
    NUMU_TRY(numu_lp_add_row(lp, lower, upper, &row));
    spread_elements(lp, row, elements, element_count, added);
    lp->num_nz += added;
    extend(lp, NUMU_LP_A_INDEX, NUMU_LP_A_VALUE, added);
    if (out != NULL) {
        *out = row;
    }
    return NUMU_OK;
}

void numu_lp_set_whole(struct numu_lp *lp, numu_lp_column column) {
    numu_assert(column < lp->num_col);
    lp->col_whole[column] = true;
}

numu_status numu_lp_copy(const struct numu_lp *lp, struct numu_heap *heap, struct numu_lp *out) {
    struct numu_lp copy;
    numu_lp_init(&copy, heap);
    for (size_t array = 0; array < NUMU_LP_ARRAYS; array++) {
        const struct numu_buffer *from = &lp->storage[array];
        numu_status status =
            from->length == 0 ? NUMU_OK
                              : numu_buffer_append(&copy.storage[array], from->data, from->length);
        if (status != NUMU_OK) {
            numu_lp_release(&copy);
            return status;
        }
    }
    copy.num_row = lp->num_row;
    copy.num_col = lp->num_col;
    copy.num_nz = lp->num_nz;
    copy.constant = lp->constant;
    point_arrays(&copy);
    *out = copy;
    return NUMU_OK;
}

const char *numu_lp_status_text(numu_lp_status status) {
    switch (status) {
    case NUMU_LP_OPTIMAL:
        return "optimal";
    case NUMU_LP_INFEASIBLE:
        return "infeasible";
    case NUMU_LP_UNBOUNDED:
        return "unbounded";
    case NUMU_LP_LIMIT:
        return "limit";
    case NUMU_LP_STOPPED:
        return "stopped";
    case NUMU_LP_FAILED:
        return "failed";
    }
    numu_assert(false);
}

/* --- measuring --- */

/* Unit roundoff u of a double: fl(a op b) = (a op b)(1 + e), |e| <= u. */
#define UNIT_ROUNDOFF (DBL_EPSILON / 2)

/*
 * A running sum with Neumaier's correction: its error is at most 2u |sum| + O(n² u²) Σ|term|
 * (A. Neumaier, ZAMM 54 (1974) 39-51).
 */
struct sum {
    double value, correction, magnitude; /* magnitude: Σ|term| */
};

static void sum_add(struct sum *sum, double term) {
    double value = sum->value + term;
    sum->correction +=
        fabs(sum->value) >= fabs(term) ? (sum->value - value) + term : (term - value) + sum->value;
    sum->value = value;
    sum->magnitude += fabs(term);
}

numu_status numu_lp_solution_init(const struct numu_lp *lp, struct numu_arena *arena,
                                  struct numu_lp_solution *out) {
    struct numu_lp_solution solution = {.status = NUMU_LP_FAILED, .dual_bound = -INFINITY};
    NUMU_TRY(NUMU_TAKE(arena, &solution.col_value, lp->num_col));
    NUMU_TRY(NUMU_TAKE(arena, &solution.col_dual, lp->num_col));
    NUMU_TRY(NUMU_TAKE(arena, &solution.row_value, lp->num_row));
    NUMU_TRY(NUMU_TAKE(arena, &solution.row_dual, lp->num_row));
    *out = solution;
    return NUMU_OK;
}

static double range_violation(double value, double lower, double upper) {
    return isfinite(value) ? fmax(0, fmax(lower - value, value - upper)) : INFINITY;
}

/* How far a dual has a sign that only a bound at infinity could pay for. */
static double sign_violation(double dual, double lower, double upper) {
    bool is_wrong = (dual > 0 && lower == -INFINITY) || (dual < 0 && upper == INFINITY);
    return is_wrong ? fabs(dual) : 0;
}

/* Objective, activities, reduced costs and residuals. */
static void measure_values(const struct numu_lp *lp, struct numu_lp_solution *solution) {
    struct sum objective = {0};
    double primal_residual = 0;
    double dual_residual = 0;
    sum_add(&objective, lp->constant);
    memset(solution->row_value, 0, lp->num_row * sizeof *solution->row_value);
    for (numu_lp_column j = 0; j < lp->num_col; j++) {
        double x = solution->col_value[j];
        struct sum dual = {0};
        sum_add(&dual, lp->col_cost[j]);
        for (uint64_t k = lp->a_start[j]; k < lp->a_start[j + 1]; k++) {
            solution->row_value[lp->a_index[k]] += lp->a_value[k] * x;
            sum_add(&dual, -lp->a_value[k] * solution->row_dual[lp->a_index[k]]);
        }
        double d = dual.value + dual.correction;
        double lower = lp->col_lower[j];
        double upper = lp->col_upper[j];
        solution->col_dual[j] = d;
        sum_add(&objective, lp->col_cost[j] * x);
        primal_residual = fmax(primal_residual, range_violation(x, lower, upper));
        dual_residual = fmax(dual_residual, sign_violation(d, lower, upper));
    }
    for (numu_lp_row i = 0; i < lp->num_row; i++) {
        double lower = lp->row_lower[i];
        double upper = lp->row_upper[i];
        primal_residual =
            fmax(primal_residual, range_violation(solution->row_value[i], lower, upper));
        dual_residual = fmax(dual_residual, sign_violation(solution->row_dual[i], lower, upper));
    }
    solution->objective = objective.value + objective.correction;
    solution->primal_residual = primal_residual;
    solution->dual_residual = dual_residual;
}

/* A wrong-signed reduced cost over this share of (1 + the size of its terms) is no rounding. */
#define DUAL_TOLERANCE 1e-6

/* The dual of a row, or 0 where its sign needs a bound the row does not have. */
static double usable_dual(const struct numu_lp *lp, const double *row_dual, numu_lp_row i) {
    double y = row_dual[i];
    return sign_violation(y, lp->row_lower[i], lp->row_upper[i]) > 0 ? 0 : y;
}

/*
 * The least c'x can be by weak duality. For every y and every feasible x
 *
 *   c'x = y'(A x) + (c - A'y)'x  >=  Σ_i min { y_i r : row_lower_i <= r <= row_upper_i }
 *                                  + Σ_j min { d_j v : col_lower_j <= v <= col_upper_j },
 *
 * d = c - A'y. It holds for any y at all, so a y_i whose sign needs an infinite row bound may be
 * replaced by 0 before d is computed (usable_dual): the bound may get worse, not wrong. That is not
 * so for d_j, which follows from y: dropping a wrong-signed d_j would drop the term d_j x_j. A
 * column without a bound on the side its d_j needs is therefore kept within ±box, which makes the
 * term finite: |d_j| box, small where d_j is rounding. Where d_j is truly of the wrong sign, y is
 * no dual solution and there is no bound.
 *
 * Rounding: the computed d_j lies within `radius` of the true one, and the least of d v over a
 * rectangle is at one of its corners, so the true term is no less than the least corner. The final
 * sum's terms have two roundings each; 4u Σ|term| covers them and the summation.
 */
static double compute_dual_bound(const struct numu_lp *lp, const double *row_dual, double box) {
    struct sum bound = {0};
    sum_add(&bound, lp->constant);
    for (numu_lp_row i = 0; i < lp->num_row; i++) {
        double y = usable_dual(lp, row_dual, i);
        if (y != 0) {
            sum_add(&bound, y * (y > 0 ? lp->row_lower[i] : lp->row_upper[i]));
        }
    }
    for (numu_lp_column j = 0; j < lp->num_col; j++) {
        struct sum dual = {0};
        sum_add(&dual, lp->col_cost[j]);
        for (uint64_t k = lp->a_start[j]; k < lp->a_start[j + 1]; k++) {
            sum_add(&dual, -lp->a_value[k] * usable_dual(lp, row_dual, lp->a_index[k]));
        }
        double d = dual.value + dual.correction;
        if (sign_violation(d, lp->col_lower[j], lp->col_upper[j]) >
            DUAL_TOLERANCE * (1 + dual.magnitude)) {
            return -INFINITY;
        }
        double radius = 4 * UNIT_ROUNDOFF * dual.magnitude;
        double lower = lp->col_lower[j] == -INFINITY ? -box : lp->col_lower[j];
        double upper = lp->col_upper[j] == INFINITY ? box : lp->col_upper[j];
        sum_add(&bound, fmin(fmin((d - radius) * lower, (d - radius) * upper),
                             fmin((d + radius) * lower, (d + radius) * upper)));
    }
    return bound.value + bound.correction - 4 * UNIT_ROUNDOFF * bound.magnitude;
}

void numu_lp_measure(const struct numu_lp *lp, struct numu_lp_solution *solution) {
    measure_values(lp, solution);
    double greatest = 1;
    for (numu_lp_column j = 0; j < lp->num_col; j++) {
        greatest = fmax(greatest, fabs(solution->col_value[j]));
    }
    solution->dual_bound_box = 1000 * greatest;
    solution->dual_bound = compute_dual_bound(lp, solution->row_dual, solution->dual_bound_box);
}
