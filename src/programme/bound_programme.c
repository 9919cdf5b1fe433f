/*
 * bound_programme.c - see bound_programme.h.
 *
 * [1] What no solution keeps is kept at a price, so that there is always one and its prices are
 *     weights of rows: then it costs more than any finish.
 * [2] Columns are the variables of the exact search, then one for each row that is not an equation,
 *     by how much it is broken.
 */
#include "programme/bound_programme.h"

#include "solve/lp.h"

#include <math.h>
#include <string.h>

enum { ROUNDS_MAX = 40 };

struct run {
    const struct numu_bound_programme *programme;
    struct numu_bound_linear *linear;
    struct numu_lp_solver *solver;
    struct numu_lp_element *element; /* room for a row */
    uint32_t row_count;              /* that the programme has */
    double price;                    /* [1] */
};

static numu_status open_programme(struct run *run, const struct numu_context *context) {
    const struct numu_exact_solver *solver = run->linear->solver;
    struct numu_lp lp;
    numu_status status = NUMU_OK;
    numu_lp_init(&lp, context->heap);
    for (uint32_t v = 0; v < solver->variable_count && status == NUMU_OK; v++) {
        status = numu_lp_add_column(&lp, v == solver->makespan ? 1 : 0, 0, 0, NULL, 0, NULL);
    }
    if (status == NUMU_OK) {
        status = numu_lp_solver_open(context, &lp, &run->solver);
    }
    numu_lp_release(&lp);
    return status;
}

static void bound_columns(const struct run *run) {
    const struct numu_exact_solver *solver = run->linear->solver;
    for (uint32_t v = 0; v < solver->variable_count; v++) {
        double most =
            v == solver->makespan ? (double)INFINITY : (double)numu_exact_greatest(solver, v);
        numu_lp_solver_set_column_bounds(run->solver, v, numu_exact_least(solver, v), most);
    }
}

/* Adds the rows that have come since, each with a column for what it is broken by. */
static numu_status add_rows(struct run *run) {
    for (; run->row_count < run->linear->row_count; run->row_count++) {
        const struct numu_bound_linear_row *row =
            &numu_bound_linear_rows(run->linear)[run->row_count];
        const struct numu_bound_linear_term *term =
            &numu_bound_linear_terms(run->linear)[row->first_term];
        const double least = (double)row->least;
        numu_lp_row number;
        for (uint32_t k = 0; k < row->term_count; k++) {
            run->element[k] = (struct numu_lp_element){term[k].variable, (double)term[k].factor};
        }
        NUMU_TRY(numu_lp_solver_add_row(run->solver, least, row->is_equal ? least : INFINITY,
                                        run->element, row->term_count, &number));
        if (!row->is_equal) {
            const struct numu_lp_entry lack = {number, 1};
            NUMU_TRY(
                numu_lp_solver_add_column(run->solver, run->price, 0, INFINITY, &lack, 1, NULL));
        }
    }
    return NUMU_OK;
}

/* Steps that one of the simplex method counts as. */
static uint64_t work_of_iteration(const struct run *run) {
    return (uint64_t)run->linear->solver->variable_count + run->row_count;
}

static struct numu_lp_options limits_of(const struct run *run) {
    const struct numu_bound_meter *meter = run->programme->meter;
    struct numu_lp_options options = {.is_near = true};
    if (meter->clock_end > 0) {
        options.time_limit_s = fmax(numu_bound_meter_seconds_left(meter), 1e-3);
    }
    if (meter->work_max > meter->work) {
        options.iterations_max = 1 + (meter->work_max - meter->work) / work_of_iteration(run);
    }
    return options;
}

/* One solution: what it cuts off, and what it breaks. */
static numu_status run_once(struct run *run, bool *out_is_open, bool *out_is_changed) {
    const struct numu_bound_programme *programme = run->programme;
    struct numu_bound_linear *linear = run->linear;
    struct numu_arena *scratch = programme->scratch;
    const uint64_t before = linear->work;
    struct numu_lp_solution solution;
    *out_is_changed = false;
    bound_columns(run);
    NUMU_TRY(add_rows(run));
    const struct numu_lp_options options = limits_of(run);
    NUMU_TRY(numu_lp_solver_solve(run->solver, &options, scratch, &solution));
    programme->meter->work += (solution.iterations + 1) * work_of_iteration(run);
    if (solution.status != NUMU_LP_OPTIMAL) {
        return NUMU_OK;
    }
    NUMU_TRY(
        numu_bound_linear_tighten(linear, solution.row_dual, scratch, out_is_open, out_is_changed));
    if (*out_is_open) {
        NUMU_TRY(numu_bound_linear_add_windows(linear, solution.col_value, scratch));
        *out_is_changed |= linear->row_count > run->row_count;
    }
    programme->meter->work += linear->work - before;
    if (*out_is_open && !*out_is_changed) {
        memcpy(programme->value, solution.col_value,
               linear->solver->variable_count * sizeof *programme->value);
    }
    return NUMU_OK;
}

numu_status numu_bound_programme_run(const struct numu_bound_programme *programme,
                                     bool *out_is_open) {
    const struct numu_exact_solver *exact = programme->linear->solver;
    struct run run = {
        .programme = programme,
        .linear = programme->linear,
        .price = 10 * (1 + (double)numu_exact_greatest(exact, exact->makespan)),
    };
    bool is_changed = true;
    *out_is_open = true;
    NUMU_TRY(NUMU_TAKE(programme->scratch, &run.element, exact->variable_count));
    numu_status status = open_programme(&run, exact->context);
    for (int round = 0; status == NUMU_OK && is_changed && *out_is_open && round < ROUNDS_MAX &&
                        !numu_bound_meter_is_over(programme->meter);
         round++) {
        struct numu_arena_mark mark = numu_arena_mark(programme->scratch);
        status = run_once(&run, out_is_open, &is_changed);
        numu_arena_rewind(programme->scratch, mark);
    }
    numu_lp_solver_close(run.solver);
    return status;
}
