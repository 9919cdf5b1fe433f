/*
 * lp_cbc.c - whole numbers: branch and cut by COIN-OR CBC, through its C interface.
 *
 * CBC chooses the whole columns; the rest is solved again by the port's own linear solver with
 * those fixed, so that values are exact where they must be whole, and are measured like any other
 * solution. Its bound cannot be measured and is passed on as it stands.
 *
 * CBC takes its memory from C++'s operator new: where there is none, the process ends. The stop
 * flag and the clock are looked at with each event of the search (stop_coin.h): a node, a round of
 * cuts, a heuristic. The handler of SIGINT is the same after it as before.
 *
 * Source: J. Forrest et al., CBC 2.10, coin/Cbc_C_Interface.h, CbcModel.hpp (status and
 * secondaryStatus).
 */
#include "solve/lp.h"

#include "solve/stop_coin.h"

#include <coin/CbcConfig.h>
#include <coin/Cbc_C_Interface.h>
#include <limits.h>
#include <math.h>
#include <string.h>

/* CbcModel.hpp: status() and secondaryStatus(). */
enum { CBC_STATUS_FINISHED = 0, CBC_STATUS_STOPPED = 1, CBC_STATUS_EVENT = 5 };
enum { CBC_SECONDARY_UNBOUNDED = 7 };

/* How far a figure of CBC may be from the whole number it stands for. */
#define WHOLE_TOLERANCE 1e-5

/* A residual of a solution, as a share of its greatest figure (at least 1), that is rounding. */
#define TOLERANCE 1e-6

const char *numu_lp_whole_solver_name(void) {
    return "CBC " CBC_VERSION;
}

static numu_status load(const struct numu_lp *lp, struct numu_arena *scratch, Cbc_Model *model) {
    CoinBigIndex *start = NULL;
    int *index = NULL;
    NUMU_TRY(NUMU_TAKE(scratch, &start, (size_t)lp->num_col + 1));
    NUMU_TRY(NUMU_TAKE(scratch, &index, (size_t)lp->num_nz));
    for (numu_lp_column j = 0; j < lp->num_col; j++) {
        start[j + 1] = (CoinBigIndex)lp->a_start[j + 1];
    }
    for (uint64_t k = 0; k < lp->num_nz; k++) {
        index[k] = (int)lp->a_index[k];
    }
    Cbc_loadProblem(model, (int)lp->num_col, (int)lp->num_row, start, index, lp->a_value,
                    lp->col_lower, lp->col_upper, lp->col_cost, lp->row_lower, lp->row_upper);
    for (numu_lp_column j = 0; j < lp->num_col; j++) {
        if (lp->col_whole[j]) {
            Cbc_setInteger(model, (int)j);
        }
    }
    return NUMU_OK;
}

/* Tells CBC of a solution known beforehand, by its whole columns. */
static numu_status start_from(const struct numu_lp *lp, const double *start,
                              struct numu_arena *scratch, Cbc_Model *model) {
    int *index = NULL;
    double *value = NULL;
    int count = 0;
    NUMU_TRY(NUMU_TAKE(scratch, &index, lp->num_col));
    NUMU_TRY(NUMU_TAKE(scratch, &value, lp->num_col));
    for (numu_lp_column j = 0; j < lp->num_col; j++) {
        if (lp->col_whole[j]) {
            index[count] = (int)j;
            value[count++] = round(start[j]);
        }
    }
    Cbc_setMIPStartI(model, count, index, value);
    return NUMU_OK;
}

static numu_lp_status status_of(const struct numu_context *context, Cbc_Model *model) {
    if (Cbc_isProvenInfeasible(model)) {
        return NUMU_LP_INFEASIBLE;
    }
    if (Cbc_isContinuousUnbounded(model) || Cbc_secondaryStatus(model) == CBC_SECONDARY_UNBOUNDED) {
        return NUMU_LP_UNBOUNDED;
    }
    switch (Cbc_status(model)) {
    case CBC_STATUS_FINISHED:
        return NUMU_LP_OPTIMAL;
    case CBC_STATUS_STOPPED:
        return NUMU_LP_LIMIT;
    case CBC_STATUS_EVENT: /* of the time limit, unless the flag says otherwise */
        return numu_context_is_stopped(context) ? NUMU_LP_STOPPED : NUMU_LP_LIMIT;
    default:
        return NUMU_LP_FAILED;
    }
}

/* Fixes whole columns where CBC put them; false where it put one elsewhere. */
static bool fix_whole(struct numu_lp *lp, const double *value) {
    for (numu_lp_column j = 0; j < lp->num_col; j++) {
        if (!lp->col_whole[j]) {
            continue;
        }
        double whole = round(value[j]);
        if (!(fabs(value[j] - whole) <= WHOLE_TOLERANCE) || whole < lp->col_lower[j] ||
            whole > lp->col_upper[j]) {
            return false;
        }
        lp->col_lower[j] = whole;
        lp->col_upper[j] = whole;
    }
    return true;
}

static double greatest(const double *values, size_t count) {
    double most = 1;
    for (size_t i = 0; i < count; i++) {
        most = fmax(most, fabs(values[i]));
    }
    return most;
}

/* The best of the rest, with whole columns fixed; no values where they leave none. */
static numu_status solve_rest(const struct numu_context *context, const struct numu_lp *lp,
                              struct numu_arena *arena, struct numu_lp_whole_solution *solution,
                              struct numu_lp_solution *out_rest) {
    const struct numu_lp_options options = {0};
    struct numu_lp_solver *solver = NULL;
    struct numu_lp_solution rest;
    NUMU_TRY(numu_lp_solver_open(context, lp, &solver));
    numu_status status = numu_lp_solver_solve(solver, &options, arena, &rest);
    numu_lp_solver_close(solver);
    NUMU_TRY(status);
    solution->has_values =
        rest.status == NUMU_LP_OPTIMAL &&
        rest.primal_residual <= TOLERANCE * greatest(rest.col_value, lp->num_col);
    if (solution->has_values) {
        memcpy(solution->col_value, rest.col_value, lp->num_col * sizeof *rest.col_value);
        solution->objective = rest.objective;
        solution->primal_residual = rest.primal_residual;
    }
    *out_rest = rest;
    return NUMU_OK;
}

static numu_status fetch(const struct numu_context *context, const struct numu_lp *lp,
                         Cbc_Model *model, struct numu_arena *arena,
                         struct numu_lp_whole_solution *solution) {
    solution->status = status_of(context, model);
    const double *best = Cbc_bestSolution(model);
    bool has_best = solution->status != NUMU_LP_INFEASIBLE &&
                    solution->status != NUMU_LP_UNBOUNDED && best != NULL;
    if (has_best) {
        struct numu_lp fixed;
        struct numu_lp_solution rest;
        NUMU_TRY(numu_lp_copy(lp, context->heap, &fixed));
        numu_status status = NUMU_OK;
        struct numu_context unstopped = *context; /* what was found before a stop is to be told */
        unstopped.stop = NULL;
        if (fix_whole(&fixed, best)) {
            status = solve_rest(&unstopped, &fixed, arena, solution, &rest);
        }
        numu_lp_release(&fixed);
        NUMU_TRY(status);
    }
    if (solution->status == NUMU_LP_OPTIMAL && !solution->has_values) {
        solution->status = NUMU_LP_FAILED;
    }
    double bound = Cbc_getBestPossibleObjValue(model) + lp->constant;
    solution->bound = fmin(isnan(bound) ? -INFINITY : bound, solution->objective);
    return NUMU_OK;
}

static numu_status solve(const struct numu_context *context, const struct numu_lp *lp,
                         const struct numu_lp_whole_options *options, Cbc_Model *model,
                         struct numu_coin_stop *stop, struct numu_arena *arena,
                         struct numu_lp_whole_solution *solution) {
    struct numu_arena scratch;
    numu_arena_init(&scratch, context->heap);
    numu_status status = load(lp, &scratch, model);
    if (status == NUMU_OK && options->start != NULL) {
        status = start_from(lp, options->start, &scratch, model);
    }
    if (status == NUMU_OK) {
        Cbc_setLogLevel(model, 0);
        Cbc_setParameter(model, "log", "0");
        if (options->time_limit_s > 0 && context->clock != NULL) {
            stop->deadline = context->clock(context->clock_data) + options->time_limit_s;
        }
        numu_coin_stop_cbc(stop, model);
        if (options->time_limit_s > 0 && stop->table == NULL) {
            Cbc_setMaximumSeconds(model, options->time_limit_s);
        }
        (void)Cbc_solve(model);
        status = fetch(context, lp, model, arena, solution);
    }
    numu_arena_release(&scratch);
    return status;
}

static bool has_whole(const struct numu_lp *lp) {
    for (numu_lp_column j = 0; j < lp->num_col; j++) {
        if (lp->col_whole[j]) {
            return true;
        }
    }
    return false;
}

/* Without whole columns: CBC would search nothing, and keep no solution. */
static numu_status solve_plainly(const struct numu_context *context, const struct numu_lp *lp,
                                 struct numu_arena *arena,
                                 struct numu_lp_whole_solution *solution) {
    struct numu_lp_solution all;
    NUMU_TRY(solve_rest(context, lp, arena, solution, &all));
    solution->status = all.status;
    solution->bound = all.dual_bound;
    return NUMU_OK;
}

static numu_status branch(const struct numu_context *context, const struct numu_lp *lp,
                          const struct numu_lp_whole_options *options, struct numu_arena *arena,
                          struct numu_lp_whole_solution *solution) {
    Cbc_Model *model = Cbc_newModel();
    struct numu_coin_stop stop = {.context = context, .deadline = INFINITY};
    numu_status status = solve(context, lp, options, model, &stop, arena, solution);
    Cbc_deleteModel(model);
    return status;
}

numu_status numu_lp_solve_whole(const struct numu_context *context, const struct numu_lp *lp,
                                const struct numu_lp_whole_options *options,
                                struct numu_arena *arena, struct numu_lp_whole_solution *out) {
    if (lp->num_nz > INT_MAX) {
        return NUMU_LIMIT;
    }
    struct numu_lp_whole_solution solution = {
        .status = NUMU_LP_FAILED, .objective = NAN, .primal_residual = NAN, .bound = -INFINITY};
    NUMU_TRY(NUMU_TAKE(arena, &solution.col_value, lp->num_col));
    if (numu_context_is_stopped(context)) {
        solution.status = NUMU_LP_STOPPED;
        *out = solution;
        return NUMU_OK;
    }
    NUMU_TRY(has_whole(lp) ? branch(context, lp, options, arena, &solution)
                           : solve_plainly(context, lp, arena, &solution));
    *out = solution;
    return NUMU_OK;
}
