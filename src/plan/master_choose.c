/*
 * master_choose.c - which lots: the stages of the objective in whole numbers, one after the other.
 *
 * Each stage is solved by branch and cut from the lots of the stage before, and what it reached is
 * kept by a row (reduced costs say nothing of whole numbers). A stage that reached nothing at all
 * is kept by fixing its columns at nothing. The lots of the last stage are then fixed, and the
 * stages are solved once more as linear programmes: so figures are exact, ties between stages are
 * broken as ever, and duals say what relief is worth with the lots as they are.
 *
 * No lot at all is a plan (lateness and gaps always leave one), so there are always lots to fix:
 * those of the last stage that had any when time ran out.
 */
#include "plan/master_problem.h"

#include <math.h>

/*
 * What a stage reached may be passed by this, in the row's unit and as a share of it. The lots so
 * far keep all rows, so a search that finds no plan at all tripped over its own rounding: it is
 * tried again with ten times the slack.
 */
#define ROW_SLACK 1e-7
enum { ATTEMPTS_MAX = 4 };
/* A stage below this, in the solver's units, reached nothing. */
#define NOTHING 1e-9

struct choice {
    struct numu_master *master;
    struct numu_lp lp; /* in the solver's units, with what the stages so far reached */
    double *lots;      /* by column */
    double *reached;   /* by stage */
};

static void set_costs(struct choice *choice, uint32_t stage) {
    struct numu_master *master = choice->master;
    for (numu_lp_column j = 0; j < choice->lp.num_col; j++) {
        choice->lp.col_cost[j] = numu_master_stage_cost(master, stage, j) *
                                 numu_master_column_key(master, j)->unit /
                                 master->stage[stage].unit;
    }
}

static void limit_stage(struct choice *choice, uint32_t stage, double slack) {
    const struct numu_master *master = choice->master;
    double reached = choice->reached[stage] * master->stage[stage].unit /
                     numu_master_row_key(master, stage)->unit;
    if (choice->reached[stage] > NOTHING) {
        choice->lp.row_upper[stage] = reached + slack * fmax(1, reached);
    }
}

static void keep_stage(struct choice *choice, uint32_t stage) {
    struct numu_lp *lp = &choice->lp;
    if (choice->reached[stage] > NOTHING) {
        limit_stage(choice, stage, ROW_SLACK);
        return;
    }
    for (numu_lp_column j = 0; j < lp->num_col; j++) {
        if (lp->col_cost[j] > 0 && lp->col_lower[j] == 0) {
            lp->col_upper[j] = 0;
        }
    }
}

/* Whether the stages before found everything on time. */
static bool is_on_time(const struct numu_master *master, uint32_t stages, const double *reached) {
    for (uint32_t stage = 0; stage < stages; stage++) {
        if (master->stage[stage].aim == NUMU_MASTER_AIM_LATE && reached[stage] > NOTHING) {
            return false;
        }
    }
    return true;
}

/* Lets no lot be larger than what can still be asked for: the relaxation is much nearer so. */
static void tighten(struct choice *choice) {
    const struct numu_master *master = choice->master;
    struct numu_lp *lp = &choice->lp;
    for (numu_lp_column j = 0; j < lp->num_col; j++) {
        const struct numu_master_key *key = numu_master_column_key(master, j);
        if (key->kind != NUMU_MASTER_BEGUN) {
            continue;
        }
        const struct numu_master_lots *lots = &master->lots[key->row];
        numu_lp_row row = lots->most_row + key->month - lots->first;
        double most = numu_master_lot_most(master, key->row, key->month) /
                      numu_master_row_key(master, row)->unit;
        for (uint64_t k = lp->a_start[j]; k < lp->a_start[j + 1]; k++) {
            if (lp->a_index[k] == row) {
                lp->a_value[k] = fmax(lp->a_value[k], -most);
            }
        }
    }
}

/* Solves a stage; *out_goes_on tells whether the next may follow. */
static numu_status choose_stage(struct choice *choice, uint32_t number, double seconds,
                                bool *out_goes_on) {
    struct numu_master *master = choice->master;
    struct numu_master_stage *stage = &master->stage[number];
    struct numu_lp_whole_solution solution = {.status = NUMU_LP_FAILED};
    set_costs(choice, number);
    const struct numu_lp_whole_options options = {.time_limit_s = seconds, .start = choice->lots};
    double slack = ROW_SLACK;
    for (int attempt = 0; attempt < ATTEMPTS_MAX; attempt++) {
        for (uint32_t before = 0; before < number; before++) {
            limit_stage(choice, before, slack);
        }
        NUMU_TRY(numu_lp_solve_whole(master->context, &choice->lp, &options, master->scratch,
                                     &solution));
        if (solution.status != NUMU_LP_INFEASIBLE) {
            break;
        }
        slack *= 10;
    }
    if (solution.status == NUMU_LP_STOPPED && !solution.has_values && number == 0) {
        return NUMU_STOPPED;
    }
    stage->whole_status = solution.status;
    stage->whole_bound = solution.bound * stage->unit;
    *out_goes_on = solution.has_values && solution.status != NUMU_LP_STOPPED;
    if (solution.has_values) {
        choice->lots = solution.col_value;
        choice->reached[number] = solution.objective;
        keep_stage(choice, number);
    }
    return NUMU_OK;
}

static numu_status choose(struct choice *choice, double seconds) {
    struct numu_master *master = choice->master;
    const struct numu_context *context = master->context;
    double end = seconds > 0 ? context->clock(context->clock_data) + seconds : INFINITY;
    bool goes_on = true;
    for (uint32_t stage = 0; stage < master->stage_count && goes_on; stage++) {
        const double least = 0.1;
        double share = 0;
        if (seconds > 0) {
            double left = end - context->clock(context->clock_data);
            share = fmax(least, left / (master->stage_count - stage));
        }
        numu_context_progress(context, "lots", (double)stage / master->stage_count);
        if (stage + 1 == master->stage_count && is_on_time(master, stage, choice->reached)) {
            tighten(choice);
        }
        NUMU_TRY(choose_stage(choice, stage, share, &goes_on));
    }
    return NUMU_OK;
}

/*
 * Fixes the lots. Where one is begun it is no longer limited by `most`, which only says what no
 * plan exceeds: the limits behind it then bind by themselves, and have the duals.
 */
static void fix_lots(const struct numu_master *master, const double *lots, struct numu_lp *lp) {
    for (numu_lp_column j = 0; j < lp->num_col; j++) {
        if (!lp->col_whole[j]) {
            continue;
        }
        const struct numu_master_key *key = numu_master_column_key(master, j);
        const struct numu_master_lots *of = &master->lots[key->row];
        lp->col_lower[j] = lots[j];
        lp->col_upper[j] = lots[j];
        if (key->kind == NUMU_MASTER_BEGUN && lots[j] > 0) {
            lp->row_upper[of->most_row + key->month - of->first] = INFINITY;
        }
    }
}

numu_status numu_master_choose_lots(struct numu_master *master, double seconds,
                                    struct numu_lp *lp) {
    struct choice choice = {.master = master};
    for (uint32_t stage = 0; stage < master->stage_count; stage++) {
        master->stage[stage].whole_status = NUMU_LP_LIMIT;
        master->stage[stage].whole_bound = -INFINITY;
    }
    NUMU_TRY(NUMU_TAKE(master->scratch, &choice.lots, lp->num_col));
    NUMU_TRY(NUMU_TAKE(master->scratch, &choice.reached, master->stage_count));
    NUMU_TRY(numu_lp_copy(lp, master->scratch->heap, &choice.lp));
    numu_status status = choose(&choice, seconds);
    numu_lp_release(&choice.lp);
    NUMU_TRY(status);
    fix_lots(master, choice.lots, lp);
    return NUMU_OK;
}
