/*
 * lp.h - linear programmes: how numu states them, solves them and lets others check them.
 *
 * minimise    c'x + constant
 * subject to  row_lower <= A x <= row_upper,   col_lower <= x <= col_upper.
 *
 * Names follow the HiGHS C interface (num_col, a_start …). A is held by columns. Infinite bounds
 * are ±INFINITY. The problem is built once (numu_lp_add_row, then numu_lp_add_column with entries
 * in any row order), then solved in one or more stages by a solver behind this port: lp_clp.c
 * (COIN-OR Clp). Where columns may take whole numbers only, lp_cbc.c (COIN-OR CBC) solves it once.
 *
 * [L1] num_nz = a_start[num_col]; a_index of a column is free of repeats (adding one is NUMU_BUG).
 * [L2] The dual of a row is d(objective)/d(row bound); the reduced cost of a column is
 *      d(objective)/d(column bound).
 * [L3] The same problem gives the same answer, bit for bit, on the same machine and library: one
 *      thread; the clock and the stop flag decide only whether there is an answer.
 */
#ifndef NUMU_SOLVE_LP_H
#define NUMU_SOLVE_LP_H

#include "base/context.h"
#include "base/text.h"

typedef uint32_t numu_lp_row;
typedef uint32_t numu_lp_column;

/* Arrays of a problem; each owner in `storage` stands at its number. */
enum numu_lp_array {
    NUMU_LP_COL_COST,
    NUMU_LP_COL_LOWER,
    NUMU_LP_COL_UPPER,
    NUMU_LP_COL_WHOLE,
    NUMU_LP_A_START,
    NUMU_LP_A_INDEX,
    NUMU_LP_A_VALUE,
    NUMU_LP_ROW_LOWER,
    NUMU_LP_ROW_UPPER,
    NUMU_LP_ROW_SEEN,
    NUMU_LP_ARRAYS
};

struct numu_lp {
    struct numu_heap *heap;
    uint32_t num_row, num_col;
    uint64_t num_nz;
    double constant; /* may be set directly */
    /* by column */
    double *col_cost, *col_lower, *col_upper;
    bool *col_whole;   /* it takes whole numbers only */
    uint64_t *a_start; /* num_col + 1; NULL while there is no column */
    /* by entry */
    uint32_t *a_index;
    double *a_value;
    /* by row */
    double *row_lower, *row_upper;
    uint32_t *row_seen; /* 1 + newest column with an entry there: how repeats are found */
    struct numu_buffer storage[NUMU_LP_ARRAYS];
};

void numu_lp_init(struct numu_lp *lp, struct numu_heap *heap);
void numu_lp_release(struct numu_lp *lp);

/*
 * Adds an empty row; its number in *out (may be NULL). NUMU_LIMIT over 2^31 - 1 rows. Not a number,
 * a lower bound of +INFINITY or an upper one of -INFINITY: NUMU_BUG. A lower bound over the upper
 * one is allowed: the problem is then infeasible. (The same holds for columns.)
 */
NUMU_MUST_CHECK numu_status numu_lp_add_row(struct numu_lp *lp, double lower, double upper,
                                            numu_lp_row *out);

struct numu_lp_entry {
    numu_lp_row row;
    double value;
};

/*
 * Adds a column; its number in *out (may be NULL). Entries of value 0 are left out. A cost or value
 * that is not finite, an unknown row: NUMU_BUG. NUMU_LIMIT over 2^31 - 1 columns.
 */
NUMU_MUST_CHECK numu_status numu_lp_add_column(struct numu_lp *lp, double cost, double lower,
                                               double upper, const struct numu_lp_entry *entries,
                                               size_t entry_count, numu_lp_column *out);

struct numu_lp_element {
    numu_lp_column column;
    double value;
};

/*
 * Adds a row with entries in columns that are there, in rising order; its number in *out (may be
 * NULL). It moves the entries of all columns from the first of these on. Entries of value 0 are
 * left out. A value that is not finite, an unknown column, one out of order: NUMU_BUG, as for a row
 * that numu_lp_add_row would not take; nothing has changed then.
 */
NUMU_MUST_CHECK numu_status numu_lp_add_filled_row(struct numu_lp *lp, double lower, double upper,
                                                   const struct numu_lp_element *elements,
                                                   size_t element_count, numu_lp_row *out);

/* A column takes whole numbers only. A numu_lp_solver knows nothing of it. */
void numu_lp_set_whole(struct numu_lp *lp, numu_lp_column column);

/* Makes *out, not yet initialised, a copy of `lp` on a heap. */
NUMU_MUST_CHECK numu_status numu_lp_copy(const struct numu_lp *lp, struct numu_heap *heap,
                                         struct numu_lp *out);

typedef enum numu_lp_status {
    NUMU_LP_OPTIMAL,
    NUMU_LP_INFEASIBLE,
    NUMU_LP_UNBOUNDED,
    NUMU_LP_LIMIT,   /* iteration or time limit: what is given is not proved */
    NUMU_LP_STOPPED, /* the user asked */
    NUMU_LP_FAILED   /* numerical trouble */
} numu_lp_status;

const char *numu_lp_status_text(numu_lp_status status); /* "optimal", "infeasible" … */

struct numu_lp_solution {
    numu_lp_status status;
    uint64_t iterations;
    double *col_value; /* num_col */
    double *row_dual;  /* num_row [L2] */
    /* Measured by numu from the two arrays above, not taken from the solver's word: */
    double *row_value;      /* A x */
    double *col_dual;       /* reduced costs c - A'y [L2] */
    double objective;       /* c'x + constant */
    double primal_residual; /* greatest violation of a row or column bound */
    double dual_residual;   /* greatest dual whose sign needs an infinite bound; cost units */
    /*
     * A lower bound on the optimum by weak duality, rounding included; -INFINITY where none can be
     * had. It holds for every x whose columns stay within ±dual_bound_box on the sides where they
     * have no bound of their own: 1000 times the greatest |x| here, at least 1000.
     */
    double dual_bound;
    double dual_bound_box;
};

/* Takes the arrays of a solution of `lp`, all zero, from the arena. */
NUMU_MUST_CHECK numu_status numu_lp_solution_init(const struct numu_lp *lp,
                                                  struct numu_arena *arena,
                                                  struct numu_lp_solution *out);

/* Computes all that is measured from col_value and row_dual. */
void numu_lp_measure(const struct numu_lp *lp, struct numu_lp_solution *solution);

/*
 * A solver holding one problem. Costs and bounds may be changed between solves; the basis is kept,
 * so that a stage starts warm. Memory of the library behind it is not counted by the heap.
 */
struct numu_lp_solver;

/* Which solver this build uses, with its version: "Clp 1.17.6". */
const char *numu_lp_solver_name(void);

/*
 * Hands the problem over (it is copied; the context must outlive the solver). Close it when done.
 * NUMU_LIMIT over 2^31 - 1 entries.
 */
NUMU_MUST_CHECK numu_status numu_lp_solver_open(const struct numu_context *context,
                                                const struct numu_lp *lp,
                                                struct numu_lp_solver **out);
void numu_lp_solver_close(struct numu_lp_solver *solver); /* NULL is nothing */

void numu_lp_solver_set_cost(struct numu_lp_solver *solver, numu_lp_column column, double cost);
void numu_lp_solver_set_column_bounds(struct numu_lp_solver *solver, numu_lp_column column,
                                      double lower, double upper);
void numu_lp_solver_set_row_bounds(struct numu_lp_solver *solver, numu_lp_row row, double lower,
                                   double upper);

/*
 * Adds a column as numu_lp_add_column does: it comes into the next solve at the bound that is
 * nearest 0, the basis stays. NUMU_MEMORY, NUMU_LIMIT, NUMU_BUG: nothing has changed.
 */
NUMU_MUST_CHECK numu_status numu_lp_solver_add_column(struct numu_lp_solver *solver, double cost,
                                                      double lower, double upper,
                                                      const struct numu_lp_entry *entries,
                                                      size_t entry_count, numu_lp_column *out);

/*
 * Adds a row as numu_lp_add_filled_row does: its slack comes into the basis, whose solution may
 * break it. NUMU_MEMORY, NUMU_LIMIT, NUMU_BUG: nothing has changed.
 */
NUMU_MUST_CHECK numu_status numu_lp_solver_add_row(struct numu_lp_solver *solver, double lower,
                                                   double upper,
                                                   const struct numu_lp_element *elements,
                                                   size_t element_count, numu_lp_row *out);

struct numu_lp_options {
    double time_limit_s;     /* 0 = none; needs context->clock */
    uint64_t iterations_max; /* 0 = none */
    bool primal;  /* primal simplex (after a change of costs the basis stays primal feasible);
                                else dual */
    bool is_near; /* little has changed since the last solve: no presolve */
};

/*
 * Solves from the present basis. Arrays of the solution are taken from the arena. Not optimal is no
 * failure: look at status. The stop flag and the clock are looked at after each step; what is given
 * then is where the simplex method stood: measured, but neither feasible nor best.
 */
NUMU_MUST_CHECK numu_status numu_lp_solver_solve(struct numu_lp_solver *solver,
                                                 const struct numu_lp_options *options,
                                                 struct numu_arena *arena,
                                                 struct numu_lp_solution *out);

/* --- whole numbers: lp_cbc.c --- */

struct numu_lp_whole_options {
    double time_limit_s; /* 0 = none */
    const double *start; /* by column: a solution known beforehand, to start from; NULL = none */
};

struct numu_lp_whole_solution {
    numu_lp_status status;  /* LIMIT: the time limit passed before the proof */
    bool has_values;        /* a solution was found, though perhaps not the best one */
    double *col_value;      /* num_col; whole columns exactly so, the rest best for them */
    double objective;       /* measured: c'x + constant; NAN without values */
    double primal_residual; /* measured */
    double bound;           /* no solution is below this: CBC's word, unlike the bound of an LP */
};

/* Which solver this build uses for whole numbers, with its version: "CBC 2.10.8". */
const char *numu_lp_whole_solver_name(void);

/*
 * Solves a problem with whole columns by branch and cut, from nothing, on one thread. Not optimal
 * is no failure: look at status. The values are those of the linear programme that is left when the
 * whole columns are fixed where CBC put them. Arrays of the solution are taken from the arena.
 * Without a time limit the same problem gives the same answer. The stop flag and the clock are
 * looked at with each event of the search; the best found by then is given, with the bound.
 * NUMU_LIMIT over 2^31 - 1 entries.
 */
NUMU_MUST_CHECK numu_status numu_lp_solve_whole(const struct numu_context *context,
                                                const struct numu_lp *lp,
                                                const struct numu_lp_whole_options *options,
                                                struct numu_arena *arena,
                                                struct numu_lp_whole_solution *out);

/*
 * Appends the problem as free MPS (sections NAME, ROWS, COLUMNS, RHS, RANGES, BOUNDS, ENDATA;
 * objective row "objective"), numbers with 17 significant digits. A constant becomes a column
 * "constant" fixed at 1, because solvers disagree on the sign of an objective's right-hand side.
 * Names come from the callbacks (no spaces; appended to the buffer) or, where one is NULL, are r1…
 * and c1…. Whole columns stand between integer markers. A lower bound over its upper one cannot be
 * said in MPS: NUMU_INVALID.
 */
struct numu_lp_names {
    numu_status (*write_row)(void *data, numu_lp_row row, struct numu_buffer *buffer);
    numu_status (*write_column)(void *data, numu_lp_column column, struct numu_buffer *buffer);
    void *data;
};
NUMU_MUST_CHECK numu_status numu_lp_write_mps(const struct numu_lp *lp, const char *name,
                                              const struct numu_lp_names *names,
                                              struct numu_buffer *buffer);

/*
 * Reads MPS, free or fixed, into *out, which is not yet initialised: for tests and measurements on
 * programmes of others. NUMU_INVALID where it is none, or one that readers take in different ways
 * (see read_mps.c); *out_line is the line read last, counted from 1.
 */
NUMU_MUST_CHECK numu_status numu_lp_read_mps(struct numu_text text, struct numu_heap *heap,
                                             struct numu_lp *out, uint64_t *out_line);

#endif
