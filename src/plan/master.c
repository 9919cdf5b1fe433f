/*
 * master.c - the master plan: stages of the objective, one after the other.
 *
 * Notation. t month, 0 … T-1, those from H on are the tail; i item, s site, p process, r
 * resource, d demand, f fund, k kind of cost. Quantities are in the item's unit, hours in hours,
 * money in major units of the reporting currency at the rate of its month. All variables are >=
 * 0.
 *
 *   x[p,t]    good units that p completes       served[d,t]  delivered to d
 *   v[i,r,t]  shipped, arriving in t            late[d,t]    due and open at the end of t
 *   inv[i,s,t] closing stock                    pay[f,k,t]   paid by f for k
 *   purse[f,t] left in f at the end of t        gap[f,t]     lacking in f
 *
 * [P1] Balance of i at s: inv[t-1] + receipts + Σ x + Σ v in = inputs + Σ v out + Σ served +
 *      inv[t]. Starts are x ÷ yield; an input takes quantity × (1 + scrap) a start. With a lead
 *      time of L months (days ÷ days of a month; φ its fraction) 1-φ of a start falls in t-⌊L⌋
 *      and φ in t-⌊L⌋-1, with its inputs and its advance; a line of the bill counts in the months
 *      it holds. Receipts: stock at first, open orders and deliveries in the month they are due.
 * [P2] Demand: late[d,t] = late[d,t-1] + (quantity where t is the due month) - served[d,t].
 * [P3] Hours of r in t: Σ hours × starts <= units × hours × availability; hours fall in t.
 * [P4] Ramp of p: x <= ramp × max_month, and hours × starts <= ramp × the hours of each resource.
 *      The ramp is ramp_start in the month of opening and rises by (1 - ramp_start) ÷ ramp_months
 *      a month. Without opening of its own a process ramps from that of its resources, else from
 *      month 0.
 * [P5] Windows: x = 0 where any of its start falls before month 0 or the opening, and after
 *      `closes`. A date opens its month where it is the month's first day, else the next; an
 *      activity opens the month after that of its last day of work; what closes in a month works
 *      in it.
 * [P6] Routes: Σ mass × v <= capacity.
 * [P7] Money: Σ_f pay[f,k,t] = cost of k in t, for kinds that some fund pays; others are
 *      unlimited. purse[f,t] + Σ_k pay[f,k,t] + named[f,t] = budget + gap[f,t] (+ purse[f,t-1]
 *      where f carries over: in the reporting currency, at the rate of the month it came in). An
 *      activity that names its fund is paid from it (named), evenly over its days; what lies
 *      before month 0 is sunk. A price is paid at completion, its advance at the start, the rest
 *      of open orders when due. Resources: capital in the month of opening, fixed cost in each
 *      month they exist.
 *
 * [P8] learning and upkeep: master_hours.c. [P9], [P10] people: master_people.c. [P11] … [P14]
 *      storehouses, shelf life, safety stock: master_storage.c. [P15], [P16] licences and what is
 *      forbidden: master_law.c.
 *
 * Objective, lexicographic: (0) explosives that nothing may hold, where stock or fixed receipts
 * bring them; (1) Σ gap; (2) upkeep not paid, at its cost; (3) for each priority class, Σ unit
 * value
 * × late, where a month counts once until horizon + 12 and what is open at the very end as often as
 * makes horizon + 12; (4) Σ (1 + rate)^(-t/12) × cost, funded or not. The tail repeats demand and
 * budget of the last 12 months of the horizon.
 *
 * Between stages the optimal face is kept by fixing: a column or slack whose reduced cost is not
 * zero stands at its bound in every optimum of the stage (complementary slackness), and each
 * point with these fixed is an optimum. The basis stays primal feasible, so the next stage starts
 * warm.
 *
 * The MPS states the last stage with what is fixed, and the stages before it as rows with what they
 * reached. Rows alone would not do: what a stage loses in the last digits may change a later one by
 * 10^4 times as much and more, so that solvers find such rows infeasible, or another optimum.
 *
 * [P17] Whole lots, where asked for: master_lots.c, master_choose.c. They are chosen first, and
 *      fixed; then all is as above.
 *
 * All items are planned here, `planned` = materials too, so that money and hours know them; the
 * materials plan (materials.h) then makes whole, dated orders of those.
 * Sources: L. A. Johnson, D. C. Montgomery, "Operations Research in Production Planning,
 * Scheduling, and Inventory Control", 1974, chapter 4; H. Isermann, "Linear lexicographic
 * optimization", OR Spektrum 4 (1982) 223-228.
 */
#include "plan/master_problem.h"

#include <math.h>

/* Reduced costs below this share of the greatest cost (or of 1) count as zero. */
#define DUAL_ZERO 1e-9
/* A figure this near to a bound (relative, or of 1) is at it. */
#define AT_BOUND 1e-6
/* Figures below this in the units of the solver are rounding. */
#define FIGURE_ZERO 1e-8

/* The rows of the stages in the MPS may be passed by this share, so that they never bind. */
#define ROW_SLACK 1e-6

/* --- what the solver sees --- */

/*
 * A demand worth 1 beside prices of 10^12 would be lost in the solver's tolerances: a stage whose
 * greatest cost is far from the money unit is measured in a unit of its own.
 */
static void find_stage_units(struct numu_master *master) {
    const double far = 1e3;
    for (uint32_t stage = 0; stage < master->stage_count; stage++) {
        double greatest = 0;
        for (numu_lp_column j = 0; j < master->lp.num_col; j++) {
            greatest = fmax(greatest, fabs(numu_master_stage_cost(master, stage, j)) *
                                          numu_master_column_key(master, j)->unit);
        }
        double figure = greatest / master->money_unit;
        bool is_far = greatest > 0 && (figure > far || figure < 1 / far);
        master->stage[stage].unit = is_far ? exp2(round(log2(greatest))) : master->money_unit;
    }
}

/* The programme in the solver's units, costs of the first stage. */
static numu_status build_scaled(struct numu_master *master, struct numu_lp *out) {
    struct numu_lp lp;
    NUMU_TRY(numu_lp_copy(&master->lp, master->scratch->heap, &lp));
    lp.constant = 0;
    for (numu_lp_row i = 0; i < lp.num_row; i++) {
        double unit = numu_master_row_key(master, i)->unit;
        lp.row_lower[i] /= unit;
        lp.row_upper[i] /= unit;
    }
    for (numu_lp_column j = 0; j < lp.num_col; j++) {
        double unit = numu_master_column_key(master, j)->unit;
        lp.col_lower[j] /= unit;
        lp.col_upper[j] /= unit;
        lp.col_cost[j] = numu_master_stage_cost(master, 0, j) * unit / master->stage[0].unit;
        for (uint64_t k = lp.a_start[j]; k < lp.a_start[j + 1]; k++) {
            lp.a_value[k] *= unit / numu_master_row_key(master, lp.a_index[k])->unit;
        }
    }
    *out = lp;
    return NUMU_OK;
}

struct run {
    struct numu_master *master;
    struct numu_lp *lp; /* in the solver's units, bounds as fixed so far */
    struct numu_lp_solver *solver;
    double started;               /* by the context's clock */
    bool has_lots;                /* whole ones, fixed: the rest is solved to its end */
    struct numu_lp_solution best; /* of the last stage that gave one */
    bool has_best;
};

static void set_costs(struct run *run, uint32_t stage) {
    struct numu_master *master = run->master;
    for (numu_lp_column j = 0; j < run->lp->num_col; j++) {
        run->lp->col_cost[j] = numu_master_stage_cost(master, stage, j) *
                               numu_master_column_key(master, j)->unit / master->stage[stage].unit;
        numu_lp_solver_set_cost(run->solver, j, run->lp->col_cost[j]);
    }
}

/* The bound where a dual of this sign holds a figure; NAN where it does not. */
static double held_bound(double value, double dual, double tolerance, double lower, double upper) {
    if (fabs(dual) <= tolerance || lower == upper) {
        return NAN;
    }
    double bound = dual > 0 ? lower : upper;
    return fabs(value - bound) <= AT_BOUND * (1 + fabs(bound)) ? bound : NAN;
}

/* Keeps the optimal face of a stage. */
static void fix(struct run *run, const struct numu_lp_solution *solution) {
    struct numu_lp *lp = run->lp;
    double greatest = 1;
    for (numu_lp_column j = 0; j < lp->num_col; j++) {
        greatest = fmax(greatest, fabs(lp->col_cost[j]));
    }
    double tolerance = DUAL_ZERO * greatest;
    for (numu_lp_column j = 0; j < lp->num_col; j++) {
        double bound = held_bound(solution->col_value[j], solution->col_dual[j], tolerance,
                                  lp->col_lower[j], lp->col_upper[j]);
        if (isfinite(bound)) {
            lp->col_lower[j] = bound;
            lp->col_upper[j] = bound;
            numu_lp_solver_set_column_bounds(run->solver, j, bound, bound);
        }
    }
    for (numu_lp_row i = 0; i < lp->num_row; i++) {
        double bound = held_bound(solution->row_value[i], solution->row_dual[i], tolerance,
                                  lp->row_lower[i], lp->row_upper[i]);
        if (isfinite(bound)) {
            lp->row_lower[i] = bound;
            lp->row_upper[i] = bound;
            numu_lp_solver_set_row_bounds(run->solver, i, bound, bound);
        }
    }
}

/* --- stages --- */

/* Seconds left; 0 = no limit; negative = none left. */
static double time_left(const struct run *run) {
    const struct numu_context *context = run->master->context;
    double limit = run->master->options->time_limit_s;
    if (limit <= 0 || context->clock == NULL || run->has_lots) {
        return 0;
    }
    double left = limit - (context->clock(context->clock_data) - run->started);
    return left > 0 ? left : -1;
}

/* The very first stage is solved whatever the time limit: there is always a plan. */
static numu_status solve_once(struct run *run, bool primal, struct numu_lp_solution *out) {
    double left = run->has_best || run->master->has_plan ? time_left(run) : 0;
    if (left < 0) {
        out->status = NUMU_LP_LIMIT;
        out->primal_residual = INFINITY;
        return NUMU_OK;
    }
    struct numu_lp_options options = {.time_limit_s = left, .primal = primal};
    return numu_lp_solver_solve(run->solver, &options, run->master->scratch, out);
}

/* A stage's value in the first months of a solution, without what is fixed. */
static double value_until(struct numu_master *master, uint32_t stage, uint32_t end,
                          const struct numu_lp_solution *solution) {
    double sum = 0;
    for (numu_lp_column j = 0; j < master->lp.num_col; j++) {
        const struct numu_master_key *key = numu_master_column_key(master, j);
        if (key->month < end) {
            sum += numu_master_stage_cost(master, stage, j) * key->unit * solution->col_value[j];
        }
    }
    return sum;
}

static double fixed_until(const struct numu_master *master, uint32_t stage, uint32_t end) {
    return stage + 1 == master->stage_count ? numu_master_fixed_cost(master, 0, end) : 0;
}

static void record(struct run *run, uint32_t number, const struct numu_lp_solution *solution) {
    struct numu_master *master = run->master;
    struct numu_master_stage *stage = &master->stage[number];
    double fixed = fixed_until(master, number, master->solved);
    stage->value = fmax(0, solution->objective * stage->unit + fixed); /* as all costs are */
    stage->dual_bound = solution->dual_bound * stage->unit + fixed;
    stage->primal_residual = solution->primal_residual;
    stage->iterations = solution->iterations;
    stage->row_dual = solution->row_dual;
    stage->col_dual = solution->col_dual;
    run->best = *solution;
    run->has_best = true;
}

static bool is_plan(const struct numu_lp_solution *solution) {
    return solution->primal_residual <= AT_BOUND;
}

/* NUMU_LIMIT where time ran out, NUMU_STOPPED; what was found so far is in run->best. */
static numu_status solve_stage(struct run *run, uint32_t number) {
    struct numu_master_stage *stage = &run->master->stage[number];
    struct numu_lp_solution solution = {.status = NUMU_LP_FAILED};
    set_costs(run, number);
    if (run->master->options->confirms) {
        NUMU_TRY(numu_master_keep_bounds(run->master, run->lp, number));
    }
    NUMU_TRY(solve_once(run, number > 0, &solution));
    bool has_trouble = solution.status != NUMU_LP_OPTIMAL && solution.status != NUMU_LP_LIMIT &&
                       solution.status != NUMU_LP_STOPPED;
    if (has_trouble) { /* rounding, then: there is a plan */
        NUMU_TRY(solve_once(run, number == 0, &solution));
    }
    stage->status = numu_lp_status_text(solution.status);
    switch (solution.status) {
    case NUMU_LP_OPTIMAL:
        record(run, number, &solution);
        if (number + 1 < run->master->stage_count) {
            fix(run, &solution);
        }
        return NUMU_OK;
    case NUMU_LP_LIMIT:
    case NUMU_LP_STOPPED:
        if (is_plan(&solution)) {
            record(run, number, &solution);
        }
        return solution.status == NUMU_LP_LIMIT ? NUMU_LIMIT : NUMU_STOPPED;
    default:
        return NUMU_BUG;
    }
}

/* Figures of the best solution in natural units. */
static numu_status keep_best(struct run *run) {
    struct numu_master *master = run->master;
    NUMU_TRY(NUMU_TAKE(master->scratch, &master->value, master->lp.num_col));
    NUMU_TRY(NUMU_TAKE(master->scratch, &master->row_value, master->lp.num_row));
    NUMU_TRY(NUMU_TAKE(master->scratch, &master->row_dual, master->lp.num_row));
    for (numu_lp_column j = 0; j < master->lp.num_col; j++) {
        double value = run->best.col_value[j];
        master->value[j] =
            value < FIGURE_ZERO ? 0 : value * numu_master_column_key(master, j)->unit;
    }
    for (numu_lp_row i = 0; i < master->lp.num_row; i++) {
        double unit = numu_master_row_key(master, i)->unit;
        master->row_value[i] = run->best.row_value[i] * unit;
        master->row_dual[i] =
            run->best.row_dual[i] * master->stage[master->stage_count - 1].unit / unit;
    }
    return NUMU_OK;
}

static numu_status solve_stages(struct run *run, struct numu_plan_result *result) {
    struct numu_master *master = run->master;
    numu_status status = NUMU_OK;
    result->solver = run->has_lots ? numu_lp_whole_solver_name() : numu_lp_solver_name();
    result->is_optimal = true;
    result->status = numu_lp_status_text(NUMU_LP_OPTIMAL);
    for (uint32_t stage = 0; stage < master->stage_count && status == NUMU_OK; stage++) {
        numu_context_progress(master->context, "plan", (double)stage / master->stage_count);
        status = solve_stage(run, stage);
        if ((status == NUMU_LIMIT || status == NUMU_STOPPED) && run->has_best) {
            result->is_optimal = false;
            result->status = master->stage[stage].status;
            break;
        }
        NUMU_TRY(status);
        result->primal_residual = fmax(result->primal_residual, run->best.primal_residual);
        result->dual_residual = fmax(result->dual_residual, run->best.dual_residual);
    }
    for (uint32_t stage = 0; stage < master->stage_count; stage++) {
        struct numu_master_stage *at = &master->stage[stage];
        at->within = value_until(master, stage, master->months, &run->best) +
                     fixed_until(master, stage, master->months);
        if (isnan(at->value)) { /* not reached */
            at->value = value_until(master, stage, master->solved, &run->best) +
                        fixed_until(master, stage, master->solved);
        }
    }
    const struct numu_master_stage *last = &master->stage[master->stage_count - 1];
    result->objective = last->value;
    result->dual_bound = last->dual_bound;
    return keep_best(run);
}

/*
 * The last stage in natural units, as it was solved: what earlier stages fixed, and their rows with
 * what they reached, which the fixing implies. With whole lots only the rows: what was fixed is
 * best with these lots, not with all.
 */
static void state_last_stage(const struct run *run) {
    struct numu_master *master = run->master;
    for (numu_lp_column j = 0; j < run->lp->num_col && !run->has_lots; j++) {
        double unit = numu_master_column_key(master, j)->unit;
        master->lp.col_lower[j] = run->lp->col_lower[j] * unit;
        master->lp.col_upper[j] = run->lp->col_upper[j] * unit;
    }
    for (numu_lp_row i = 0; i < run->lp->num_row && !run->has_lots; i++) {
        double unit = numu_master_row_key(master, i)->unit;
        master->lp.row_lower[i] = run->lp->row_lower[i] * unit;
        master->lp.row_upper[i] = run->lp->row_upper[i] * unit;
    }
    for (uint32_t stage = 0; stage + 1 < master->stage_count; stage++) {
        double value = master->stage[stage].value;
        master->lp.row_upper[stage] = value + ROW_SLACK * fmax(value, master->stage[stage].unit);
    }
}

static bool has_whole_columns(const struct numu_lp *lp) {
    for (numu_lp_column j = 0; j < lp->num_col; j++) {
        if (lp->col_whole[j]) {
            return true;
        }
    }
    return false;
}

/* Fixes whole lots before the stages are solved; the time that is left is for the search. */
static numu_status choose_lots(struct run *run) {
    if (!has_whole_columns(run->lp)) {
        return NUMU_OK;
    }
    const double least = 0.1;
    double left = time_left(run);
    run->has_lots = true;
    return numu_master_choose_lots(run->master, left < 0 ? least : left, run->lp);
}

/* What the search for lots knows, where linear programmes say what is best with them. */
static void tell_of_lots(const struct run *run, struct numu_plan_result *result) {
    struct numu_master *master = run->master;
    for (uint32_t number = 0; number < master->stage_count && run->has_lots; number++) {
        struct numu_master_stage *stage = &master->stage[number];
        stage->dual_bound =
            fmin(stage->value, stage->whole_bound + fixed_until(master, number, master->solved));
        if (stage->whole_status != NUMU_LP_OPTIMAL) {
            stage->status = numu_lp_status_text(stage->whole_status);
            result->status = result->is_optimal ? stage->status : result->status;
            result->is_optimal = false;
        }
        result->dual_bound = stage->dual_bound;
    }
}

static numu_status solve_and_explain(struct run *run, struct numu_plan_result *result) {
    struct numu_master *master = run->master;
    NUMU_TRY(solve_stages(run, result));
    bool has_duals = result->is_optimal;
    tell_of_lots(run, result);
    state_last_stage(run);
    numu_buffer_clear(&master->reasons);
    NUMU_TRY(numu_master_reason(master));
    return master->options->confirms && has_duals ? numu_master_confirm(master, run->solver)
                                                  : NUMU_OK;
}

static numu_status solve(struct numu_master *master, double started,
                         struct numu_plan_result *result) {
    const struct numu_context *context = master->context;
    struct numu_lp lp;
    *result = (struct numu_plan_result){0};
    for (uint32_t stage = 0; stage < master->stage_count; stage++) {
        master->stage[stage].value = NAN;
        master->stage[stage].row_dual = NULL;
        master->stage[stage].col_dual = NULL;
    }
    find_stage_units(master);
    NUMU_TRY(build_scaled(master, &lp));
    struct run run = {.master = master, .lp = &lp, .started = started};
    struct numu_context going_on = *context;
    numu_status status = choose_lots(&run);
    if (run.has_lots && numu_context_is_stopped(context)) {
        going_on.stop = NULL; /* the plan with the lots found by then */
        master->context = &going_on;
    }
    status = status == NUMU_OK ? numu_lp_solver_open(master->context, &lp, &run.solver) : status;
    if (status == NUMU_OK) {
        status = solve_and_explain(&run, result);
        numu_lp_solver_close(run.solver);
    }
    master->context = context;
    result->row_count = lp.num_row;
    result->column_count = lp.num_col;
    result->nonzero_count = lp.num_nz;
    numu_lp_release(&lp);
    return status;
}

/* --- the whole --- */

static numu_status check_rates(const struct numu_master *master) {
    if (master->unrated == 0) {
        return NUMU_OK;
    }
    const char *code = numu_currency_code(master->unrated);
    numu_month month = master->start + (numu_month)master->unrated_month;
    numu_report_add(master->report,
                    &(struct numu_diagnostic){
                        .code = NUMU_CODE_NO_RATE,
                        .place = NUMU_NOWHERE,
                        .related = NUMU_NOWHERE,
                        .arguments = {numu_argument_string(code), numu_argument_month(month)},
                    });
    return NUMU_INVALID;
}

static numu_status state_and_solve(struct numu_master *master, double started,
                                   struct numu_plan_result *result) {
    NUMU_TRY(numu_master_build_lp(master));
    NUMU_TRY(check_rates(master));
    return solve(master, started, result);
}

/* --- learning --- */

#define ROUNDS_MAX 10
/* Shares of hours that move less than this have settled. */
#define SETTLED 1e-3
/* Share of the way that they move in a round, after the first. */
#define DAMPED 0.5

/* A round's shares and what it reached. */
struct round {
    double *learned; /* [process × solved + month] */
    double *value;   /* by stage */
    double change;   /* how far the hours of the plan's output are from those planned with */
};

static void copy_learned(const struct numu_master *master, double *to) {
    for (numu_row row = 0; row < master->model->process.head.count; row++) {
        for (uint32_t t = 0; t < master->solved; t++) {
            to[numu_master_cell(master, row, t)] = numu_master_learned(master, row, t);
        }
    }
}

static void restore_learned(struct numu_master *master, const double *from) {
    for (numu_row row = 0; row < master->model->process.head.count; row++) {
        double *learned = master->process[row].learned;
        for (uint32_t t = 0; t < master->solved && learned != NULL; t++) {
            learned[t] = from[numu_master_cell(master, row, t)];
        }
    }
}

/* What is nearer to its own hours first, where it has not settled; then the objective. */
static bool is_better(const struct numu_master *master, const struct round *a,
                      const struct round *b) {
    const double same = 1e-9;
    if (fmax(a->change, SETTLED) != fmax(b->change, SETTLED)) {
        return a->change < b->change;
    }
    for (uint32_t stage = 0; stage < master->stage_count; stage++) {
        double difference = a->value[stage] - b->value[stage];
        if (fabs(difference) > same * (1 + fabs(b->value[stage]))) {
            return difference < 0;
        }
    }
    return false;
}

static numu_status take_round(struct numu_master *master, struct round *out) {
    NUMU_TRY(NUMU_TAKE(master->scratch, &out->learned,
                       (size_t)master->model->process.head.count * master->solved));
    return NUMU_TAKE(master->scratch, &out->value, master->stage_count);
}

/* A round that was solved before. It took less than the time limit, which may have passed since. */
static numu_status solve_again(struct numu_master *master, double started,
                               struct numu_plan_result *result) {
    const struct numu_plan_options *asked = master->options;
    struct numu_plan_options options = *asked;
    options.time_limit_s = has_whole_columns(&master->lp) ? asked->time_limit_s : 0;
    const struct numu_context *context = master->context;
    struct numu_context going_on = *context;
    going_on.stop = NULL; /* nor may a stop cut it short */
    master->options = &options;
    master->context = &going_on;
    numu_status status = state_and_solve(master, started, result);
    master->options = asked;
    master->context = context;
    return status;
}

/* Solves with the hours of its own output, as near as the rounds come [P8]. */
static numu_status solve_learning(struct numu_master *master, double started,
                                  struct numu_plan_result *result) {
    struct round best = {0};
    struct round now = {.change = INFINITY};
    bool is_last_best = false;
    NUMU_TRY(take_round(master, &best));
    NUMU_TRY(take_round(master, &now));
    for (int number = 0; number < ROUNDS_MAX; number++) {
        numu_status status = state_and_solve(master, started, result);
        bool is_cut = status == NUMU_LIMIT || status == NUMU_STOPPED ||
                      (status == NUMU_OK && !result->is_optimal);
        if (is_cut && number > 0 && !has_whole_columns(&master->lp)) {
            is_last_best = false;
            break; /* no time for more: a round before was solved to its end */
        }
        NUMU_TRY(status);
        if (is_cut) {
            return NUMU_OK;
        }
        master->has_plan = true;
        copy_learned(master, now.learned);
        for (uint32_t stage = 0; stage < master->stage_count; stage++) {
            now.value[stage] = master->stage[stage].value;
        }
        now.change = numu_master_learn(master, number == 0 ? 1 : DAMPED);
        is_last_best = number == 0 || is_better(master, &now, &best);
        bool has_settled = now.change <= SETTLED;
        if (is_last_best) {
            struct round other = best;
            best = now;
            now = other;
        }
        if (has_settled) {
            break;
        }
    }
    restore_learned(master, best.learned);
    return is_last_best ? NUMU_OK : solve_again(master, started, result);
}

static numu_status plan_all(struct numu_master *master, struct numu_arena *arena,
                            struct numu_plan *plan, struct numu_plan_result *result) {
    const struct numu_context *context = master->context;
    double started = context->clock == NULL ? 0 : context->clock(context->clock_data);
    NUMU_TRY(numu_master_build_time(master));
    NUMU_TRY(numu_master_build_given(master));
    NUMU_TRY(master->has_learning ? solve_learning(master, started, result)
                                  : state_and_solve(master, started, result));
    if (master->options->mps != NULL) {
        NUMU_TRY(numu_master_write_mps(master, master->options->mps));
    }
    return numu_master_fill(master, arena, plan);
}

numu_status numu_master_plan(const struct numu_context *context, const struct numu_model *model,
                             const struct numu_calendars *calendars,
                             const struct numu_plan_dates *dates,
                             const struct numu_plan_options *options, struct numu_arena *arena,
                             struct numu_report *report, struct numu_plan *plan,
                             struct numu_plan_result *out) {
    static const struct numu_plan_options defaults = {0};
    struct numu_arena scratch;
    numu_arena_init(&scratch, context->heap);
    struct numu_master master = {.context = context,
                                 .model = model,
                                 .calendars = calendars,
                                 .dates = dates,
                                 .options = options == NULL ? &defaults : options,
                                 .scratch = &scratch,
                                 .report = report};
    numu_lp_init(&master.lp, context->heap);
    numu_buffer_init(&master.column_keys, context->heap, 0);
    numu_buffer_init(&master.row_keys, context->heap, 0);
    numu_buffer_init(&master.reasons, context->heap, 0);
    struct numu_plan filled = *plan;
    struct numu_plan_result result = {0};
    numu_status status = plan_all(&master, arena, &filled, &result);
    if (status == NUMU_OK) {
        *plan = filled;
        *out = result;
    }
    numu_buffer_release(&master.reasons);
    numu_buffer_release(&master.row_keys);
    numu_buffer_release(&master.column_keys);
    numu_lp_release(&master.lp);
    numu_arena_release(&scratch);
    return status;
}
