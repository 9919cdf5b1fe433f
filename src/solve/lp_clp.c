/*
 * lp_clp.c - the port lp.h on COIN-OR Clp, through its C interface.
 *
 * Why this way, measured with bench/lp_family.c (three kinds of scarcity, 1,800 to 16,000 rows):
 * - The first solve by the dual simplex starts from the basis of start.h, without presolve, where
 *   the dual simplex can begin with it: 0.05 s instead of 1.9 to 4.1 for 91,000 columns
 *   (docs/adr/0032-first-basis.md). Else it presolves, from slacks, which took 0.5 to 1.1 of the
 *   time without. Later solves presolve what the last basis leaves: the stages of a plan of 36,000
 *   columns took 3.5 s so, 7.2 s without presolve, 5.0 s with presolve and the dual method. Where
 *   little has changed (is_near) presolve costs more than it saves.
 * - From slacks the dual simplex beat the primal one in every case. Other scaling, or a smaller
 *   dual bound, halved the time of some cases and more than doubled that of others; perturbation
 *   changed nothing; crash bases and idiot were slower (docs/adr/0026-simplex-method.md).
 * - The stop flag and the clock are looked at after each step, by an event handler (stop_coin.h),
 *   which costs nothing that could be measured. Steps are counted in one round: a second one would
 *   forget the weights of steepest edge. Where there is no handler rounds are shorter, and both are
 *   looked at in between; their length depends on the problem only, never on the clock [L3].
 *
 * Clp's row prices and reduced costs have the sign of [L2] for a minimum. Everything else in the
 * solution is measured by lp.c on the copy of the problem here, which is never read back from Clp.
 * Clp takes its memory from C++'s operator new: where there is none, the process ends.
 *
 * Source: J. Forrest et al., Clp 1.17, coin/Clp_C_Interface.h, ClpSimplex.hpp, ClpSolve.hpp.
 */
#include "solve/lp.h"

#include "solve/start.h"
#include "solve/stop_coin.h"

#include <coin/ClpConfig.h>
#include <coin/Clp_C_Interface.h>
#include <limits.h>
#include <math.h>
#include <string.h>

/* ClpSolve.hpp: SolveType and PresolveType. */
enum { CLP_DUAL = 0, CLP_PRIMAL = 1 };
enum { CLP_PRESOLVE_ON = 0 };
/* ClpModel.hpp: scaling(). */
enum { CLP_SCALING_OFF = 0, CLP_SCALING_AUTOMATIC = 3 };
/* ClpSimplex.hpp: Status. */
enum { CLP_IS_FREE = 0, CLP_IS_BASIC = 1, CLP_AT_UPPER = 2, CLP_AT_LOWER = 3 };
/* ClpModel.hpp: status(). */
enum {
    CLP_STATUS_OPTIMAL = 0,
    CLP_STATUS_INFEASIBLE = 1,
    CLP_STATUS_UNBOUNDED = 2,
    CLP_STATUS_LIMIT = 3
};

/* Iterations of a round without a handler: this many and one for each row. */
#define ROUND_ITERATIONS 20000

/* Residuals of an optimum, as a share of the greatest figure or cost (at least 1). */
#define TOLERANCE 1e-6

/* Residuals above this are worth another look. */
#define CLEAN 1e-8

struct numu_lp_solver {
    const struct numu_context *context;
    struct numu_arena arena; /* holds this struct */
    struct numu_lp lp;       /* as it stands after all changes */
    Clp_Simplex *model;
    struct numu_coin_stop stop;
    bool has_basis;
};

const char *numu_lp_solver_name(void) {
    return "Clp " CLP_VERSION;
}

/* --- life --- */

static numu_status load(struct numu_lp_solver *solver, struct numu_arena *scratch) {
    const struct numu_lp *lp = &solver->lp;
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
    solver->model = Clp_newModel();
    Clp_setLogLevel(solver->model, 0);
    solver->stop = (struct numu_coin_stop){.context = solver->context, .deadline = INFINITY};
    numu_coin_stop_clp(&solver->stop, solver->model);
    Clp_loadProblem(solver->model, (int)lp->num_col, (int)lp->num_row, start, index, lp->a_value,
                    NULL, NULL, NULL, NULL, NULL);
    return NUMU_OK;
}

numu_status numu_lp_solver_open(const struct numu_context *context, const struct numu_lp *lp,
                                struct numu_lp_solver **out) {
    if (lp->num_nz > INT_MAX) {
        return NUMU_LIMIT;
    }
    struct numu_arena arena;
    struct numu_lp_solver *solver = NULL;
    numu_arena_init(&arena, context->heap);
    NUMU_TRY(NUMU_TAKE(&arena, &solver, 1));
    solver->context = context;
    solver->arena = arena;
    numu_lp_init(&solver->lp, context->heap);

    struct numu_arena scratch;
    numu_arena_init(&scratch, context->heap);
    numu_status status = numu_lp_copy(lp, context->heap, &solver->lp);
    if (status == NUMU_OK) {
        status = load(solver, &scratch);
    }
    numu_arena_release(&scratch);
    if (status != NUMU_OK) {
        numu_lp_solver_close(solver);
        return status;
    }
    *out = solver;
    return NUMU_OK;
}

void numu_lp_solver_close(struct numu_lp_solver *solver) {
    if (solver == NULL) {
        return;
    }
    if (solver->model != NULL) {
        Clp_deleteModel(solver->model);
    }
    numu_lp_release(&solver->lp);
    struct numu_arena arena = solver->arena;
    numu_arena_release(&arena);
}

/* --- changes: Clp is told of them before the next solve --- */

void numu_lp_solver_set_cost(struct numu_lp_solver *solver, numu_lp_column column, double cost) {
    numu_assert(column < solver->lp.num_col && isfinite(cost));
    solver->lp.col_cost[column] = cost;
}

void numu_lp_solver_set_column_bounds(struct numu_lp_solver *solver, numu_lp_column column,
                                      double lower, double upper) {
    numu_assert(column < solver->lp.num_col && lower < INFINITY && upper > -INFINITY);
    solver->lp.col_lower[column] = lower;
    solver->lp.col_upper[column] = upper;
}

void numu_lp_solver_set_row_bounds(struct numu_lp_solver *solver, numu_lp_row row, double lower,
                                   double upper) {
    numu_assert(row < solver->lp.num_row && lower < INFINITY && upper > -INFINITY);
    solver->lp.row_lower[row] = lower;
    solver->lp.row_upper[row] = upper;
}

numu_status numu_lp_solver_add_column(struct numu_lp_solver *solver, double cost, double lower,
                                      double upper, const struct numu_lp_entry *entries,
                                      size_t entry_count, numu_lp_column *out) {
    struct numu_lp *lp = &solver->lp;
    struct numu_arena scratch;
    int *index = NULL;
    numu_arena_init(&scratch, solver->context->heap);
    numu_status status = lp->num_nz + entry_count > INT_MAX
                             ? NUMU_LIMIT
                             : NUMU_TAKE(&scratch, &index, entry_count + 1);
    if (status == NUMU_OK) {
        status = numu_lp_add_column(lp, cost, lower, upper, entries, entry_count, out);
    }
    if (status == NUMU_OK) {
        uint64_t first = lp->a_start[lp->num_col - 1];
        const CoinBigIndex start[2] = {0, (CoinBigIndex)(lp->num_nz - first)};
        for (CoinBigIndex k = 0; k < start[1]; k++) {
            index[k] = (int)lp->a_index[first + (uint64_t)k];
        }
        Clp_addColumns(solver->model, 1, &lower, &upper, &cost, start, index,
                       lp->num_nz == 0 ? NULL : &lp->a_value[first]);
    }
    numu_arena_release(&scratch);
    return status;
}

numu_status numu_lp_solver_add_row(struct numu_lp_solver *solver, double lower, double upper,
                                   const struct numu_lp_element *elements, size_t element_count,
                                   numu_lp_row *out) {
    struct numu_lp *lp = &solver->lp;
    struct numu_arena scratch;
    int *index = NULL;
    double *value = NULL;
    numu_arena_init(&scratch, solver->context->heap);
    numu_status status = lp->num_nz + element_count > INT_MAX
                             ? NUMU_LIMIT
                             : NUMU_TAKE(&scratch, &index, element_count + 1);
    if (status == NUMU_OK) {
        status = NUMU_TAKE(&scratch, &value, element_count + 1);
    }
    if (status == NUMU_OK) {
        status = numu_lp_add_filled_row(lp, lower, upper, elements, element_count, out);
    }
    if (status == NUMU_OK) {
        CoinBigIndex start[2] = {0, 0};
        for (size_t i = 0; i < element_count; i++) {
            if (elements[i].value != 0) {
                index[start[1]] = (int)elements[i].column;
                value[start[1]++] = elements[i].value;
            }
        }
        Clp_addRows(solver->model, 1, &lower, &upper, start, index, value);
    }
    numu_arena_release(&scratch);
    return status;
}

/* --- columns without entries --- */

static bool is_empty(const struct numu_lp *lp, numu_lp_column j) {
    return lp->a_start[j] == lp->a_start[j + 1];
}

/* Where a column without entries is cheapest; infinite where it has no best place. */
static double cheapest_place(const struct numu_lp *lp, numu_lp_column j) {
    if (lp->col_cost[j] != 0) {
        return lp->col_cost[j] > 0 ? lp->col_lower[j] : lp->col_upper[j];
    }
    return fmin(fmax(0, lp->col_lower[j]), lp->col_upper[j]);
}

static bool has_unbounded_empty_column(const struct numu_lp *lp) {
    for (numu_lp_column j = 0; j < lp->num_col; j++) {
        if (is_empty(lp, j) && !isfinite(cheapest_place(lp, j))) {
            return true;
        }
    }
    return false;
}

/*
 * Tells Clp of costs and bounds; ±INFINITY becomes its own infinity. A column without entries is
 * held at its cheapest place: Clp 1.17.6 calls the programme infeasible, or optimal, where such a
 * column makes it unbounded.
 */
static void tell_changes(struct numu_lp_solver *solver) {
    const struct numu_lp *lp = &solver->lp;
    Clp_chgObjCoefficients(solver->model, lp->col_cost);
    Clp_chgColumnLower(solver->model, lp->col_lower);
    Clp_chgColumnUpper(solver->model, lp->col_upper);
    Clp_chgRowLower(solver->model, lp->row_lower);
    Clp_chgRowUpper(solver->model, lp->row_upper);
    double *lower = Clp_columnLower(solver->model);
    double *upper = Clp_columnUpper(solver->model);
    for (numu_lp_column j = 0; j < lp->num_col; j++) {
        if (is_empty(lp, j) && lp->col_lower[j] <= lp->col_upper[j]) {
            double place = cheapest_place(lp, j);
            lower[j] = isfinite(place) ? place : fmin(fmax(0, lower[j]), upper[j]);
            upper[j] = lower[j];
        }
    }
}

/* --- the first basis --- */

static int place_of(double lower, bool is_at_upper) {
    return is_at_upper ? CLP_AT_UPPER : lower > -INFINITY ? CLP_AT_LOWER : CLP_IS_FREE;
}

static void tell_start(struct numu_lp_solver *solver, const struct numu_lp_start *start) {
    const struct numu_lp *lp = &solver->lp;
    for (numu_lp_column j = 0; j < lp->num_col; j++) {
        Clp_setColumnStatus(solver->model, (int)j,
                            place_of(lp->col_lower[j], start->is_at_upper[j]));
    }
    for (numu_lp_row i = 0; i < lp->num_row; i++) {
        if (start->basic[i] == NUMU_NONE) {
            Clp_setRowStatus(solver->model, (int)i, CLP_IS_BASIC);
        } else {
            Clp_setRowStatus(solver->model, (int)i,
                             place_of(lp->row_lower[i], lp->row_upper[i] < 0));
            Clp_setColumnStatus(solver->model, (int)start->basic[i], CLP_IS_BASIC);
        }
    }
}

/*
 * Whether there are costs to choose ways by. Where most things cost nothing, as in the first stages
 * of a plan, all ways are alike and presolve from slacks does better.
 */
static bool has_costs(const struct numu_lp *lp) {
    uint32_t count = 0;
    for (numu_lp_column j = 0; j < lp->num_col; j++) {
        count += lp->col_cost[j] != 0;
    }
    return count >= lp->num_col / 2;
}

/* Hands over the basis of start.h where the dual simplex can begin with it. */
static numu_status find_start(struct numu_lp_solver *solver, bool *out_is_found) {
    struct numu_arena scratch;
    struct numu_lp_start start;
    *out_is_found = false;
    if (!has_costs(&solver->lp)) {
        return NUMU_OK;
    }
    numu_arena_init(&scratch, solver->context->heap);
    numu_status status = numu_lp_start_build(&solver->lp, &scratch, &start);
    *out_is_found = status == NUMU_OK && start.is_dual_feasible && start.basic_count > 0;
    if (*out_is_found) {
        tell_start(solver, &start);
    }
    numu_arena_release(&scratch);
    return status;
}

/* --- solving --- */

/* Limits of one solve call: what is left of them. */
struct limits {
    double deadline; /* by the context's clock; INFINITY = none */
    uint64_t iterations;
};

static double seconds_left(const struct numu_lp_solver *solver, const struct limits *limits) {
    const struct numu_context *context = solver->context;
    return limits->deadline == INFINITY || context->clock == NULL
               ? INFINITY
               : limits->deadline - context->clock(context->clock_data);
}

/* How a round goes about it. */
enum method { PRESOLVED_DUAL, PRESOLVED_PRIMAL, DUAL, PRIMAL };

static void run_round(Clp_Simplex *model, enum method method) {
    if (method == DUAL) {
        Clp_dual(model, 0);
    } else if (method == PRIMAL) {
        Clp_primal(model, 0);
    } else {
        Clp_Solve *options = ClpSolve_new();
        ClpSolve_setSolveType(options, method == PRESOLVED_DUAL ? CLP_DUAL : CLP_PRIMAL, -1);
        ClpSolve_setPresolveType(options, CLP_PRESOLVE_ON, -1);
        ClpSolve_setDoImpliedFree(options, 0); /* saves nothing here, and leaks in CoinUtils 2.11 */
        Clp_initialSolveWithOptions(model, options);
        ClpSolve_delete(options);
    }
}

/* Rounds until there is an answer or a limit. */
static numu_lp_status run(struct numu_lp_solver *solver, enum method method, struct limits *limits,
                          uint64_t *iterations) {
    bool has_handler = solver->stop.table != NULL;
    uint64_t round = has_handler ? INT_MAX : ROUND_ITERATIONS + (uint64_t)solver->lp.num_row;
    solver->stop.deadline = limits->deadline;
    for (;;) {
        double seconds = seconds_left(solver, limits);
        if (numu_context_is_stopped(solver->context)) {
            return NUMU_LP_STOPPED;
        }
        if (limits->iterations == 0 || seconds <= 0) {
            return NUMU_LP_LIMIT;
        }
        uint64_t most = limits->iterations < round ? limits->iterations : round;
        Clp_setMaximumIterations(solver->model, most < INT_MAX ? (int)most : INT_MAX);
        Clp_setMaximumSeconds(solver->model, seconds < INFINITY ? seconds : -1);
        Clp_setNumberIterations(solver->model, 0); /* a round without any keeps the old number */
        solver->stop.is_told = false;
        run_round(solver->model, method);
        uint64_t done = (uint64_t)Clp_getIterationCount(solver->model);
        *iterations += done;
        limits->iterations -= done < limits->iterations ? done : limits->iterations;
        if (solver->stop.is_told) {
            continue; /* the flag or the clock says why */
        }
        switch (Clp_status(solver->model)) {
        case CLP_STATUS_OPTIMAL:
            return NUMU_LP_OPTIMAL;
        case CLP_STATUS_INFEASIBLE:
            return NUMU_LP_INFEASIBLE;
        case CLP_STATUS_UNBOUNDED:
            return NUMU_LP_UNBOUNDED;
        case CLP_STATUS_LIMIT:
            if (done == 0 && seconds == INFINITY) {
                return NUMU_LP_FAILED; /* it would stop there for ever */
            }
            break;
        default:
            return NUMU_LP_FAILED;
        }
    }
}

static bool copy_finite(double *to, const double *from, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (!isfinite(from[i])) {
            return false;
        }
        to[i] = from[i];
    }
    return true;
}

/* Takes Clp's figures and measures them. */
static void fetch(const struct numu_lp_solver *solver, struct numu_lp_solution *solution) {
    const struct numu_lp *lp = &solver->lp;
    bool is_finite =
        copy_finite(solution->col_value, Clp_getColSolution(solver->model), lp->num_col) &&
        copy_finite(solution->row_dual, Clp_getRowPrice(solver->model), lp->num_row);
    if (!is_finite) {
        memset(solution->col_value, 0, lp->num_col * sizeof *solution->col_value);
        memset(solution->row_dual, 0, lp->num_row * sizeof *solution->row_dual);
        solution->status = NUMU_LP_FAILED;
    }
    numu_lp_measure(lp, solution);
}

static double greatest(const double *values, size_t count) {
    double most = 1;
    for (size_t i = 0; i < count; i++) {
        most = fmax(most, fabs(values[i]));
    }
    return most;
}

/* Whether residuals bear out an optimum. */
static bool is_sound(const struct numu_lp *lp, const struct numu_lp_solution *solution) {
    return solution->primal_residual <= TOLERANCE * greatest(solution->col_value, lp->num_col) &&
           solution->dual_residual <= TOLERANCE * greatest(lp->col_cost, lp->num_col);
}

/*
 * Clp's tolerances hold in its own scaling. Where the figures outside are worse than CLEAN, it goes
 * on from the same basis without scaling; what that gives is taken if it is better.
 */
static void clean(struct numu_lp_solver *solver, struct limits *limits,
                  struct numu_lp_solution *solution) {
    if (solution->status != NUMU_LP_OPTIMAL || solution->primal_residual <= CLEAN) {
        return;
    }
    Clp_scaling(solver->model, CLP_SCALING_OFF);
    solution->status = run(solver, PRIMAL, limits, &solution->iterations);
    fetch(solver, solution);
    Clp_scaling(solver->model, CLP_SCALING_AUTOMATIC);
}

/*
 * One method after the other until one gives an answer that can be believed. A presolved
 * "infeasible" or "unbounded" is asked again: presolve does not tell one from the other.
 */
static void solve_soundly(struct numu_lp_solver *solver, const enum method *methods, size_t count,
                          struct limits *limits, struct numu_lp_solution *solution) {
    bool has_unbounded = has_unbounded_empty_column(&solver->lp);
    bool is_believed = false;
    for (size_t i = 0; i < count && !is_believed; i++) {
        solution->status = run(solver, methods[i], limits, &solution->iterations);
        fetch(solver, solution);
        clean(solver, limits, solution);
        if (solution->status == NUMU_LP_OPTIMAL && has_unbounded) {
            solution->status = NUMU_LP_UNBOUNDED;
            return;
        }
        if (solution->status == NUMU_LP_OPTIMAL && !is_sound(&solver->lp, solution)) {
            solution->status = NUMU_LP_FAILED;
        }
        bool is_presolved = methods[i] == PRESOLVED_DUAL || methods[i] == PRESOLVED_PRIMAL;
        bool has_none =
            solution->status == NUMU_LP_INFEASIBLE || solution->status == NUMU_LP_UNBOUNDED;
        is_believed = solution->status != NUMU_LP_FAILED && !(has_none && is_presolved);
    }
}

/* Clp gives up on a matrix without entries. */
static void solve_without_entries(const struct numu_lp *lp, struct numu_lp_solution *solution) {
    bool is_feasible = true;
    for (numu_lp_row i = 0; i < lp->num_row; i++) {
        is_feasible = is_feasible && lp->row_lower[i] <= 0 && lp->row_upper[i] >= 0;
    }
    for (numu_lp_column j = 0; j < lp->num_col; j++) {
        double place = cheapest_place(lp, j);
        is_feasible = is_feasible && lp->col_lower[j] <= lp->col_upper[j];
        solution->col_value[j] = isfinite(place) ? place : 0;
    }
    solution->status = !is_feasible                     ? NUMU_LP_INFEASIBLE
                       : has_unbounded_empty_column(lp) ? NUMU_LP_UNBOUNDED
                                                        : NUMU_LP_OPTIMAL;
    numu_lp_measure(lp, solution);
}

numu_status numu_lp_solver_solve(struct numu_lp_solver *solver,
                                 const struct numu_lp_options *options, struct numu_arena *arena,
                                 struct numu_lp_solution *out) {
    const struct numu_context *context = solver->context;
    struct numu_lp_solution solution;
    NUMU_TRY(numu_lp_solution_init(&solver->lp, arena, &solution));

    struct limits limits = {.deadline = INFINITY, .iterations = UINT64_MAX};
    if (options->time_limit_s > 0 && context->clock != NULL) {
        limits.deadline = context->clock(context->clock_data) + options->time_limit_s;
    }
    if (options->iterations_max > 0) {
        limits.iterations = options->iterations_max;
    }
    if (solver->lp.num_nz == 0) {
        solve_without_entries(&solver->lp, &solution);
    } else {
        enum method plain = options->primal ? PRIMAL : DUAL;
        enum method presolved = options->primal ? PRESOLVED_PRIMAL : PRESOLVED_DUAL;
        bool has_start = false;
        tell_changes(solver);
        if (!solver->has_basis && !options->primal) {
            NUMU_TRY(find_start(solver, &has_start));
        }
        bool is_plain = has_start || (solver->has_basis && options->is_near);
        const enum method methods[] = {is_plain ? plain : presolved, DUAL, PRIMAL};
        solve_soundly(solver, methods, sizeof methods / sizeof *methods, &limits, &solution);
        solver->has_basis = solution.status == NUMU_LP_OPTIMAL;
    }
    *out = solution;
    return NUMU_OK;
}
