/*
 * start.c - the cheapest way to have each thing, as a basis (start.h).
 *
 * Notation. Row i asks with sign s[i]: s·a > 0 supplies, s·a < 0 uses; y[i] its price, s·y what one
 * more unit asked for costs. Column j costs c[j] and has the reduced cost z[j] = c[j] - Σ a[k,j]
 * y[k].
 *
 * 1. As in Dijkstra's algorithm the row with the least s·y is settled first. A column that supplies
 *    a row, while all else it touches is settled, offers it at y = (c - Σ over the rest a·y) ÷ a.
 *    So the columns that rows were settled with are triangular, and each has z = 0.
 * 2. Rows that nothing can supply remain (parts in the first months of their lead times). Their
 *    price is the least that makes no user gain by them, and the user that sets it is basic at
 *    zero. What a user supplies must be priced before what it uses: rows are taken in that order,
 *    and a column is judged at the last of its rows. Where they are in a circle slacks are left.
 * 3. All other rows keep their slacks and the price 0.
 *
 * [S1] Where supplies are dearer than each thing they use, all z >= 0. Whether it is so is looked
 *      at, not assumed.
 * [S2] Ties are broken by row, then by column: the basis depends on the problem only.
 *
 * Sources: G. B. Dantzig, "Optimal solution of a dynamic Leontief model with substitution",
 * Econometrica 23 (1955) 295-302; D. E. Knuth, "A generalization of Dijkstra's algorithm",
 * Information Processing Letters 6 (1977) 1-5; R. G. Jeroslow, K. Martin, R. L. Rardin, J. Wang,
 * "Gainfree Leontief substitution flow problems", Mathematical Programming 57 (1992) 375-414.
 */
#include "solve/start.h"

#include <math.h>

/* A reduced cost is wrong beyond this share of its column's cost (or of 1). */
#define WRONG 1e-9

struct offer {
    double cost; /* s·y */
    numu_lp_row row;
    numu_lp_column column;
};

enum { IS_FREE = 0, ASKS = 1, IS_PRICED = 2 };

struct start {
    const struct numu_lp *lp;
    struct numu_lp_start *out;
    /* by row */
    signed char *sign;
    unsigned char *state;
    double *price;
    uint32_t *supplies;  /* of step 2: supplies of its users that are not priced yet */
    uint64_t *row_start; /* its entries */
    /* by entry, row after row */
    numu_lp_column *row_column;
    double *row_value;
    /* by column */
    uint32_t *waits; /* rows that ask and are not priced yet */
    struct offer *heap;
    size_t offer_count;
};

/* --- offers, the cheapest first --- */

static bool is_before(const struct offer *a, const struct offer *b) {
    if (a->cost != b->cost) {
        return a->cost < b->cost;
    }
    return a->row != b->row ? a->row < b->row : a->column < b->column;
}

static void push(struct start *start, struct offer offer) {
    size_t at = start->offer_count++;
    for (; at > 0 && is_before(&offer, &start->heap[(at - 1) / 2]); at = (at - 1) / 2) {
        start->heap[at] = start->heap[(at - 1) / 2];
    }
    start->heap[at] = offer;
}

static struct offer pop(struct start *start) {
    struct offer *heap = start->heap;
    struct offer first = heap[0];
    struct offer moved = heap[--start->offer_count];
    size_t at = 0;
    for (size_t child = 1; child < start->offer_count; child = 2 * at + 1) {
        if (child + 1 < start->offer_count && is_before(&heap[child + 1], &heap[child])) {
            child++;
        }
        if (!is_before(&heap[child], &moved)) {
            break;
        }
        heap[at] = heap[child];
        at = child;
    }
    heap[at] = moved;
    return first;
}

/* --- the problem by rows --- */

static void find_signs(struct start *start) {
    const struct numu_lp *lp = start->lp;
    for (numu_lp_row i = 0; i < lp->num_row; i++) {
        bool asks =
            lp->row_lower[i] == lp->row_upper[i] || lp->row_lower[i] > 0 || lp->row_upper[i] < 0;
        start->state[i] = asks ? ASKS : IS_FREE;
        start->sign[i] = lp->row_upper[i] < 0 ? -1 : 1;
        start->out->basic[i] = NUMU_NONE;
    }
}

static numu_status list_rows(struct start *start, struct numu_arena *arena) {
    const struct numu_lp *lp = start->lp;
    uint64_t *next;
    NUMU_TRY(NUMU_TAKE(arena, &start->row_start, (size_t)lp->num_row + 1));
    NUMU_TRY(NUMU_TAKE(arena, &next, (size_t)lp->num_row + 1));
    NUMU_TRY(NUMU_TAKE(arena, &start->row_column, (size_t)lp->num_nz));
    NUMU_TRY(NUMU_TAKE(arena, &start->row_value, (size_t)lp->num_nz));
    for (uint64_t k = 0; k < lp->num_nz; k++) {
        start->row_start[lp->a_index[k] + 1]++;
    }
    for (numu_lp_row i = 0; i < lp->num_row; i++) {
        start->row_start[i + 1] += start->row_start[i];
        next[i] = start->row_start[i];
    }
    for (numu_lp_column j = 0; j < lp->num_col; j++) {
        for (uint64_t k = lp->a_start[j]; k < lp->a_start[j + 1]; k++) {
            uint64_t at = next[lp->a_index[k]]++;
            start->row_column[at] = j;
            start->row_value[at] = lp->a_value[k];
        }
    }
    return NUMU_OK;
}

static bool can_move(const struct numu_lp *lp, numu_lp_column j) {
    return lp->col_lower[j] < lp->col_upper[j];
}

/* z; rows without a price yet count for nothing. */
static double reduced_cost(const struct start *start, numu_lp_column j) {
    const struct numu_lp *lp = start->lp;
    double z = lp->col_cost[j];
    for (uint64_t k = lp->a_start[j]; k < lp->a_start[j + 1]; k++) {
        z -= lp->a_value[k] * start->price[lp->a_index[k]];
    }
    return z;
}

/* --- step 1: what can be had --- */

/* The one row of a column that is not priced yet is offered what the column supplies. */
static void offer(struct start *start, numu_lp_column j) {
    const struct numu_lp *lp = start->lp;
    for (uint64_t k = lp->a_start[j]; k < lp->a_start[j + 1]; k++) {
        numu_lp_row i = lp->a_index[k];
        double supply = start->sign[i] * lp->a_value[k];
        if (start->state[i] == ASKS && supply > 0 && can_move(lp, j)) {
            double cost = reduced_cost(start, j) / supply;
            push(start, (struct offer){.cost = cost, .row = i, .column = j});
        }
    }
}

static void settle(struct start *start, const struct offer *offered) {
    numu_lp_row i = offered->row;
    start->state[i] = IS_PRICED;
    start->price[i] = start->sign[i] * offered->cost;
    start->out->basic[i] = offered->column;
    start->out->basic_count++;
    for (uint64_t k = start->row_start[i]; k < start->row_start[i + 1]; k++) {
        if (--start->waits[start->row_column[k]] == 1) {
            offer(start, start->row_column[k]);
        }
    }
}

static void price_supplied(struct start *start) {
    const struct numu_lp *lp = start->lp;
    for (numu_lp_column j = 0; j < lp->num_col; j++) {
        for (uint64_t k = lp->a_start[j]; k < lp->a_start[j + 1]; k++) {
            start->waits[j] += start->state[lp->a_index[k]] == ASKS;
        }
        if (start->waits[j] == 1) {
            offer(start, j);
        }
    }
    while (start->offer_count > 0) {
        struct offer cheapest = pop(start);
        if (start->state[cheapest.row] == ASKS) {
            settle(start, &cheapest);
        }
    }
}

/* --- step 2: what cannot --- */

static bool is_use(const struct start *start, uint64_t k) {
    numu_lp_row i = start->lp->a_index[k];
    return start->state[i] == ASKS && start->sign[i] * start->lp->a_value[k] < 0;
}

static void count_supplies(struct start *start) {
    const struct numu_lp *lp = start->lp;
    for (numu_lp_column j = 0; j < lp->num_col; j++) {
        uint32_t supplies = 0;
        for (uint64_t k = lp->a_start[j]; k < lp->a_start[j + 1] && can_move(lp, j); k++) {
            supplies += start->state[lp->a_index[k]] == ASKS && !is_use(start, k);
        }
        for (uint64_t k = lp->a_start[j]; k < lp->a_start[j + 1] && supplies > 0; k++) {
            start->supplies[lp->a_index[k]] += is_use(start, k) ? supplies : 0;
        }
    }
}

/* The least price at which no user whose other rows are all priced gains by a row. */
static void price_out(struct start *start, numu_lp_row i) {
    double least = 0;
    for (uint64_t k = start->row_start[i]; k < start->row_start[i + 1]; k++) {
        numu_lp_column j = start->row_column[k];
        double use = -start->sign[i] * start->row_value[k];
        if (--start->waits[j] > 0 || use < 0 || !can_move(start->lp, j)) {
            continue;
        }
        double price = -reduced_cost(start, j) / use;
        if (price > least) {
            start->out->basic_count += start->out->basic[i] == NUMU_NONE;
            start->out->basic[i] = j;
            least = price;
        }
    }
    start->price[i] = start->sign[i] * least;
    start->state[i] = IS_PRICED;
}

static numu_status price_unsupplied(struct start *start, struct numu_arena *arena) {
    const struct numu_lp *lp = start->lp;
    numu_lp_row *queue;
    size_t first = 0;
    size_t end = 0;
    NUMU_TRY(NUMU_TAKE(arena, &start->supplies, lp->num_row));
    NUMU_TRY(NUMU_TAKE(arena, &queue, lp->num_row));
    count_supplies(start);
    for (numu_lp_row i = 0; i < lp->num_row; i++) {
        if (start->state[i] == ASKS && start->supplies[i] == 0) {
            queue[end++] = i;
        }
    }
    while (first < end) {
        numu_lp_row i = queue[first++];
        price_out(start, i);
        for (uint64_t k = start->row_start[i]; k < start->row_start[i + 1]; k++) {
            numu_lp_column j = start->row_column[k];
            if (!can_move(lp, j) || start->sign[i] * start->row_value[k] < 0) {
                continue;
            }
            for (uint64_t at = lp->a_start[j]; at < lp->a_start[j + 1]; at++) {
                if (is_use(start, at) && --start->supplies[lp->a_index[at]] == 0) {
                    queue[end++] = lp->a_index[at];
                }
            }
        }
    }
    return NUMU_OK;
}

/* --- the whole --- */

/* Where columns that are not basic stand, and whether all may stand there. */
static void place_columns(struct start *start) {
    const struct numu_lp *lp = start->lp;
    struct numu_lp_start *out = start->out;
    out->is_dual_feasible = true;
    for (numu_lp_column j = 0; j < lp->num_col; j++) {
        double z = reduced_cost(start, j);
        double wrong = WRONG * (1 + fabs(lp->col_cost[j]));
        bool has_lower = lp->col_lower[j] > -INFINITY;
        bool has_upper = lp->col_upper[j] < INFINITY;
        bool has_entries = lp->a_start[j] < lp->a_start[j + 1];
        out->is_at_upper[j] = has_upper && (z < -wrong || !has_lower);
        bool is_wrong = (z < -wrong && !has_upper) || (z > wrong && !has_lower);
        out->is_dual_feasible = out->is_dual_feasible && !(is_wrong && has_entries);
    }
    for (numu_lp_row i = 0; i < lp->num_row; i++) {
        bool is_wrong =
            lp->row_lower[i] < lp->row_upper[i] && start->sign[i] * start->price[i] < -WRONG;
        out->is_dual_feasible = out->is_dual_feasible && !is_wrong;
    }
}

numu_status numu_lp_start_build(const struct numu_lp *lp, struct numu_arena *arena,
                                struct numu_lp_start *out) {
    struct numu_lp_start found = {0};
    struct start start = {.lp = lp, .out = &found};
    NUMU_TRY(NUMU_TAKE(arena, &found.basic, lp->num_row));
    NUMU_TRY(NUMU_TAKE(arena, &found.is_at_upper, lp->num_col));
    NUMU_TRY(NUMU_TAKE(arena, &start.sign, lp->num_row));
    NUMU_TRY(NUMU_TAKE(arena, &start.state, lp->num_row));
    NUMU_TRY(NUMU_TAKE(arena, &start.price, lp->num_row));
    NUMU_TRY(NUMU_TAKE(arena, &start.waits, lp->num_col));
    NUMU_TRY(NUMU_TAKE(arena, &start.heap, lp->num_col));
    find_signs(&start);
    NUMU_TRY(list_rows(&start, arena));
    price_supplied(&start);
    NUMU_TRY(price_unsupplied(&start, arena));
    place_columns(&start);
    *out = found;
    return NUMU_OK;
}
