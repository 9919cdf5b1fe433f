/*
 * bound_modes.c - trial finishes, and the linear programme of each.
 *
 * [1] It minimises the finish. What no solution keeps is kept at a price, so that there is always
 *     one and its prices are weights of rows: then it costs more than any finish.
 * [2] Columns are the variables of the exact search, then one for each row that is not an equation,
 *     by how much it is broken.
 */
#include "programme/bound_modes.h"

#include "programme/bound_linear.h"
#include "programme/bound_meter.h"
#include "programme/exact_share.h"
#include "solve/lp.h"

#include <math.h>

enum {
    TASKS_MAX = 400,
    ROUNDS_MAX = 40, /* of a trial */
};

struct modes_bounder {
    const struct numu_context *context;
    const struct numu_bound_modes_options *options;
    struct numu_domain domain;
    numu_period bound;
    struct numu_bound_meter meter;
    struct numu_arena *scratch; /* of a trial */
    struct numu_exact_solver *solver;
    struct numu_bound_linear linear;
    uint32_t row_count; /* that the programme has */
    struct numu_lp_element *element;
};

typedef enum verdict { PASSED, REFUTED } verdict;

/* --- the programme --- */

static void bound_columns(const struct modes_bounder *it, struct numu_lp_solver *lp) {
    const struct numu_exact_solver *solver = it->solver;
    for (uint32_t v = 0; v < solver->variable_count; v++) {
        bool is_finish = v == solver->makespan;
        numu_lp_solver_set_column_bounds(lp, v, numu_exact_least(solver, v),
                                         is_finish ? (double)INFINITY
                                                   : (double)numu_exact_greatest(solver, v));
    }
}

/* Adds the rows that have come since, each with a column for what it is broken by [1]. */
static numu_status add_rows(struct modes_bounder *it, struct numu_lp_solver *lp) {
    const double price = 10 * (double)(it->solver->horizon + 1);
    for (; it->row_count < it->linear.row_count; it->row_count++) {
        const struct numu_bound_linear_row *row =
            &numu_bound_linear_rows(&it->linear)[it->row_count];
        const struct numu_bound_linear_term *term =
            &numu_bound_linear_terms(&it->linear)[row->first_term];
        numu_lp_row number;
        for (uint32_t k = 0; k < row->term_count; k++) {
            it->element[k] = (struct numu_lp_element){term[k].variable, (double)term[k].factor};
        }
        double least = (double)row->least;
        NUMU_TRY(numu_lp_solver_add_row(lp, least, row->is_equal ? least : INFINITY, it->element,
                                        row->term_count, &number));
        if (!row->is_equal) {
            const struct numu_lp_entry lack = {number, 1};
            NUMU_TRY(numu_lp_solver_add_column(lp, price, 0, INFINITY, &lack, 1, NULL));
        }
    }
    return NUMU_OK;
}

static numu_status open_programme(struct modes_bounder *it, struct numu_lp_solver **out) {
    const struct numu_exact_solver *solver = it->solver;
    struct numu_lp lp;
    numu_status status = NUMU_OK;
    numu_lp_init(&lp, it->context->heap);
    for (uint32_t v = 0; v < solver->variable_count && status == NUMU_OK; v++) {
        status = numu_lp_add_column(&lp, v == solver->makespan ? 1 : 0, 0, 0, NULL, 0, NULL);
    }
    if (status == NUMU_OK) {
        status = numu_lp_solver_open(it->context, &lp, out);
    }
    numu_lp_release(&lp);
    return status;
}

/* Steps that one of the simplex method counts as. */
static uint64_t work_of_iteration(const struct modes_bounder *it) {
    return (uint64_t)it->solver->variable_count + it->row_count;
}

static void set_limits(const struct modes_bounder *it, struct numu_lp_options *options) {
    if (it->meter.clock_end > 0) {
        options->time_limit_s = fmax(numu_bound_meter_seconds_left(&it->meter), 1e-3);
    }
    if (it->meter.work_max > 0) {
        options->iterations_max = 1 + (it->meter.work_max - it->meter.work) / work_of_iteration(it);
    }
}

static void read_shares(const struct modes_bounder *it, const double *value) {
    const struct numu_exact_solver *solver = it->solver;
    const struct numu_project *project = it->domain.project;
    for (uint32_t n = 0; n < it->domain.task_count; n++) {
        uint32_t activity = it->domain.activity[n];
        for (uint32_t m = project->first_mode[activity]; m < project->first_mode[activity + 1];
             m++) {
            uint32_t variable = solver->mode_variable[m];
            it->options->share[m] = variable == NUMU_NO_VARIABLE ? 1 : fmax(value[variable], 0);
        }
    }
}

/* Solves the programme, cuts off what it says, and adds what it breaks, until nothing changes. */
static numu_status run_programme(struct modes_bounder *it, struct numu_lp_solver *lp,
                                 verdict *out) {
    struct numu_lp_options options = {.is_near = true};
    bool is_open = true, is_changed = true;
    for (int round = 0;
         is_changed && is_open && round < ROUNDS_MAX && !numu_bound_meter_is_over(&it->meter);
         round++) {
        struct numu_arena_mark mark = numu_arena_mark(it->scratch);
        struct numu_lp_solution solution;
        uint64_t before = it->linear.work;
        bound_columns(it, lp);
        NUMU_TRY(add_rows(it, lp));
        set_limits(it, &options);
        NUMU_TRY(numu_lp_solver_solve(lp, &options, it->scratch, &solution));
        it->meter.work += (solution.iterations + 1) * work_of_iteration(it);
        if (solution.status != NUMU_LP_OPTIMAL) {
            break;
        }
        NUMU_TRY(numu_bound_linear_tighten(&it->linear, solution.row_dual, it->scratch, &is_open,
                                           &is_changed));
        if (is_open) {
            NUMU_TRY(numu_bound_linear_add_windows(&it->linear, solution.col_value, it->scratch));
            is_changed |= it->linear.row_count > it->row_count;
        }
        it->meter.work += it->linear.work - before;
        if (is_open && !is_changed && it->options->share != NULL) {
            read_shares(it, solution.col_value);
        }
        numu_arena_rewind(it->scratch, mark);
    }
    *out = is_open ? PASSED : REFUTED;
    return NUMU_OK;
}

/* --- trials --- */

static numu_status try_linear(struct modes_bounder *it, verdict *out) {
    struct numu_lp_solver *lp = NULL;
    NUMU_TRY(NUMU_TAKE(it->scratch, &it->element, it->solver->variable_count));
    NUMU_TRY(numu_bound_linear_build(&it->linear));
    NUMU_TRY(open_programme(it, &lp));
    it->row_count = 0;
    numu_status status = run_programme(it, lp, out);
    numu_lp_solver_close(lp);
    return status;
}

static numu_status try_in(struct modes_bounder *it, numu_period finish, verdict *out) {
    int64_t lateness = numu_domain_lateness_max(&it->domain, finish);
    const struct numu_exact_limits limits = {
        .makespan_min = it->bound,
        .makespan_max = finish,
        .lateness_max = lateness > NUMU_PERIOD_MAX ? NUMU_PERIOD_MAX : (numu_period)lateness};
    const struct numu_exact_shaving shaving = {numu_bound_meter_shaves, &it->meter};
    bool is_open;
    NUMU_TRY(
        numu_exact_build(it->context, &it->domain, &limits, it->scratch, it->solver, &is_open));
    is_open = is_open && (it->options->skips_shaving || numu_exact_shave(it->solver, &shaving));
    NUMU_TRY(it->solver->status);
    *out = is_open ? PASSED : REFUTED;
    return is_open ? try_linear(it, out) : NUMU_OK;
}

/* Raises the bound by what a trial says: that it is above `finish`, or at least its least one. */
static numu_status try_finish(struct modes_bounder *it, numu_period finish, verdict *out) {
    struct numu_arena_mark mark = numu_arena_mark(it->scratch);
    NUMU_TRY(NUMU_TAKE(it->scratch, &it->solver, 1));
    it->solver->context = it->context;
    numu_bound_linear_init(&it->linear, it->solver);
    numu_status status = try_in(it, finish, out);
    numu_period bound = it->bound;
    if (status == NUMU_OK && *out == REFUTED) {
        bound = finish + 1;
    } else if (status == NUMU_OK) {
        bound = numu_exact_least(it->solver, it->solver->makespan);
    }
    if (bound > it->bound) {
        it->bound = bound;
        if (it->options->bound != NULL) {
            numu_exact_raise(it->options->bound, bound);
        }
    }
    numu_bound_linear_release(&it->linear);
    numu_exact_release(it->solver);
    numu_arena_rewind(it->scratch, mark);
    return status;
}

/*
 * First a finish far above, whose programme says most of it; then finishes from the bound on, in
 * strides that double until one passes, and halve what is left from there on.
 */
static numu_status raise_bound(struct modes_bounder *it, struct numu_arena *arena,
                               const struct numu_project *project) {
    numu_period last, stride = 1, passed = NUMU_PERIOD_MAX; /* the least finish that did */
    verdict found;
    NUMU_TRY(numu_domain_build(project, arena, &it->domain));
    last = numu_exact_horizon(&it->domain);
    last = it->options->until - 1 < last ? it->options->until - 1 : last;
    if (!it->domain.is_exact || it->domain.task_count > TASKS_MAX || it->bound > last) {
        return NUMU_OK;
    }
    NUMU_TRY(try_finish(it, last < 2 * it->bound ? last : 2 * it->bound, &found));
    while (it->bound <= last && it->bound < passed && !numu_bound_meter_is_over(&it->meter)) {
        numu_period ahead = passed < NUMU_PERIOD_MAX ? (passed - it->bound - 1) / 2 : stride - 1;
        numu_period finish = ahead < last - it->bound ? it->bound + ahead : last;
        NUMU_TRY(try_finish(it, finish, &found));
        passed = found == PASSED ? finish : passed;
        stride *= 2;
    }
    return NUMU_OK;
}

numu_status numu_bound_modes_raise(const struct numu_context *context,
                                   const struct numu_project *project,
                                   const struct numu_bound_modes_options *options,
                                   numu_period *out_bound) {
    struct numu_arena arena, scratch;
    struct modes_bounder it = {
        .context = context,
        .options = options,
        .bound = options->from,
        .meter = numu_bound_meter_begin(context, options->work_max, options->time_limit_s),
        .scratch = &scratch,
    };
    numu_arena_init(&arena, context->heap);
    numu_arena_init(&scratch, context->heap);
    numu_status status = raise_bound(&it, &arena, project);
    status =
        status == NUMU_LIMIT ? NUMU_OK : status; /* of memory, or of the exact search's tables */
    numu_arena_release(&scratch);
    numu_arena_release(&arena);
    if (status == NUMU_OK) {
        *out_bound = it.bound;
    }
    return status;
}
