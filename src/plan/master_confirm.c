/*
 * master_confirm.c - what relief is worth, by solving a stage again.
 *
 * A dual is the worth of the first drop; where a basis is degenerate it may be worth less. The
 * reasons that matter most are tried: the stage that decided is solved from the last basis with one
 * unit more in each month in which the reason binds. What is saved is never more than the dual says
 * (a minimum is convex in the bounds).
 */
#include "plan/master_problem.h"

#include <math.h>
#include <string.h>

enum { TRIED_MAX = 10 };

static struct numu_master_reason *reason_at(struct numu_master *master, size_t at) {
    return (struct numu_master_reason *)(void *)master->reasons.data + at;
}

static size_t count_reasons(const struct numu_master *master) {
    return master->reasons.length / sizeof(struct numu_master_reason);
}

/* --- bounds as a stage found them --- */

static numu_status copy(struct numu_arena *arena, const double *from, size_t count, double **out) {
    NUMU_TRY(NUMU_TAKE(arena, out, count));
    if (count > 0) {
        memcpy(*out, from, count * sizeof *from);
    }
    return NUMU_OK;
}

numu_status numu_master_keep_bounds(struct numu_master *master, const struct numu_lp *lp,
                                    uint32_t stage) {
    struct numu_master_bounds *bounds = &master->stage[stage].bounds;
    NUMU_TRY(copy(master->scratch, lp->col_lower, lp->num_col, &bounds->col_lower));
    NUMU_TRY(copy(master->scratch, lp->col_upper, lp->num_col, &bounds->col_upper));
    NUMU_TRY(copy(master->scratch, lp->row_lower, lp->num_row, &bounds->row_lower));
    return copy(master->scratch, lp->row_upper, lp->num_row, &bounds->row_upper);
}

static void set_stage(struct numu_master *master, struct numu_lp_solver *solver, uint32_t stage) {
    const struct numu_master_bounds *bounds = &master->stage[stage].bounds;
    for (numu_lp_column j = 0; j < master->lp.num_col; j++) {
        double unit = numu_master_column_key(master, j)->unit;
        numu_lp_solver_set_column_bounds(solver, j, bounds->col_lower[j], bounds->col_upper[j]);
        numu_lp_solver_set_cost(
            solver, j, numu_master_stage_cost(master, stage, j) * unit / master->stage[stage].unit);
    }
    for (numu_lp_row i = 0; i < master->lp.num_row; i++) {
        numu_lp_solver_set_row_bounds(solver, i, bounds->row_lower[i], bounds->row_upper[i]);
    }
}

/* --- one unit more --- */

static void relax_row(struct numu_master *master, struct numu_lp_solver *solver, uint32_t stage,
                      numu_lp_row row) {
    const struct numu_master_bounds *bounds = &master->stage[stage].bounds;
    double one = 1 / numu_master_row_key(master, row)->unit;
    bool is_fixed = bounds->row_lower[row] == bounds->row_upper[row];
    numu_lp_solver_set_row_bounds(solver, row, bounds->row_lower[row] + (is_fixed ? one : 0),
                                  bounds->row_upper[row] + one);
}

static void relax_column(struct numu_master *master, struct numu_lp_solver *solver, uint32_t stage,
                         numu_lp_column column) {
    const struct numu_master_bounds *bounds = &master->stage[stage].bounds;
    numu_lp_solver_set_column_bounds(solver, column, bounds->col_lower[column],
                                     bounds->col_upper[column] +
                                         1 / numu_master_column_key(master, column)->unit);
}

/* The row or column of a reason in a month; NUMU_NONE where there is none. */
static uint32_t place_of(const struct numu_master *master, const struct numu_master_reason *reason,
                         uint32_t t, bool *out_is_row) {
    numu_row name = reason->name;
    *out_is_row = true;
    switch (reason->binds) {
    case NUMU_MASTER_BINDS_HOURS:
        return master->hours_row[numu_master_cell(master, name, t)];
    case NUMU_MASTER_BINDS_WORK:
        return master->skill[name].hours_row + t;
    case NUMU_MASTER_BINDS_ROOM:
        return master->course[name].at_once + t;
    case NUMU_MASTER_BINDS_NEQ:
        return master->house[name].neq_row + t;
    case NUMU_MASTER_BINDS_VOLUME:
        return master->house[name].volume_row + t;
    case NUMU_MASTER_BINDS_ROUTE:
        return master->carry_row[name] + t;
    case NUMU_MASTER_BINDS_LICENCE:
        return master->permit[master->licence[name].permit].row + t;
    case NUMU_MASTER_BINDS_FUND:
        return master->fund_row + (numu_lp_row)numu_master_cell(master, name, t);
    case NUMU_MASTER_BINDS_HIRE:
        *out_is_row = false;
        return master->skill[name].hire + t;
    case NUMU_MASTER_BINDS_CAP:
        *out_is_row = false;
        return master->make[numu_master_cell(master, name, t)];
    default:
        return NUMU_NONE;
    }
}

static bool can_be_tried(const struct numu_master_reason *reason) {
    return reason->subject != NUMU_MASTER_OF_IMPORT && isnan(reason->confirmed) &&
           reason->binds >= NUMU_MASTER_BINDS_HOURS && reason->binds <= NUMU_MASTER_BINDS_FUND;
}

static void relax(struct numu_master *master, struct numu_lp_solver *solver,
                  const struct numu_master_reason *reason) {
    const struct numu_master_stage *stage = &master->stage[reason->stage];
    for (uint32_t t = reason->from; t <= reason->until; t++) {
        bool is_row = false;
        uint32_t place = place_of(master, reason, t, &is_row);
        if (place == NUMU_NONE) {
            continue;
        }
        double dual = is_row ? fabs(stage->row_dual[place]) : -stage->col_dual[place];
        if (dual > 1e-7 && is_row) { /* as the reason was found */
            relax_row(master, solver, reason->stage, place);
        } else if (dual > 1e-7) {
            relax_column(master, solver, reason->stage, place);
        }
    }
}

/* Solves again, and tells all reasons of the same cause. */
static numu_status try_reason(struct numu_master *master, struct numu_lp_solver *solver,
                              const struct numu_master_reason *reason) {
    const struct numu_master_stage *stage = &master->stage[reason->stage];
    const struct numu_master_reason tried = *reason;
    const struct numu_lp_options options = {.primal = true, .is_near = true};
    struct numu_lp_solution solution;
    set_stage(master, solver, tried.stage);
    relax(master, solver, &tried);
    NUMU_TRY(numu_lp_solver_solve(solver, &options, master->scratch, &solution));
    if (solution.status == NUMU_LP_STOPPED) {
        return NUMU_STOPPED;
    }
    double saved = solution.status != NUMU_LP_OPTIMAL
                       ? INFINITY /* not known */
                       : fmax(0, stage->value - solution.objective * stage->unit);
    for (size_t at = 0; at < count_reasons(master); at++) {
        struct numu_master_reason *other = reason_at(master, at);
        if (other->stage == tried.stage && other->binds == tried.binds &&
            other->name == tried.name && other->from == tried.from && other->until == tried.until) {
            other->confirmed = saved;
        }
    }
    return NUMU_OK;
}

/* What matters: the share of its stage's value, earlier stages first where shares are the same. */
static double weight_of(const struct numu_master *master, const struct numu_master_reason *reason) {
    return reason->share / fmax(master->stage[reason->stage].value, 1);
}

numu_status numu_master_confirm(struct numu_master *master, struct numu_lp_solver *solver) {
    numu_context_progress(master->context, "plan", 1);
    for (int tried = 0; tried < TRIED_MAX; tried++) {
        struct numu_master_reason *best = NULL;
        for (size_t at = 0; at < count_reasons(master); at++) {
            struct numu_master_reason *reason = reason_at(master, at);
            if (can_be_tried(reason) &&
                (best == NULL || weight_of(master, reason) > weight_of(master, best))) {
                best = reason;
            }
        }
        if (best == NULL) {
            break;
        }
        numu_status status = try_reason(master, solver, best);
        if (status == NUMU_STOPPED) {
            break; /* the plan stands without it */
        }
        NUMU_TRY(status);
    }
    for (size_t at = 0; at < count_reasons(master); at++) {
        struct numu_master_reason *reason = reason_at(master, at);
        reason->confirmed = isinf(reason->confirmed) ? NAN : reason->confirmed;
    }
    return NUMU_OK;
}
