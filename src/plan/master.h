/*
 * master.h - the master plan: a linear programme over months that chooses among processes.
 *
 * Balances, lead times, machine and skill hours, training, upkeep, learning, windows, ramps,
 * routes, storehouses and their limits, shelf life, safety stock, funds and currencies, agreements,
 * licences and prohibitions. Notation, constraints and sources stand in master.c and the files that
 * it names; what the package says beyond that is counted in the table not_modelled.
 *
 * Objective, lexicographic: explosives that nothing may hold (where they are given); funding gap;
 * upkeep not paid; for each priority class in turn value × months late, a unit never delivered
 * counting as horizon + 12 months; discounted cost. Between stages every column and slack with
 * non-zero reduced cost is fixed at its bound, so that the basis stays warm; the written MPS states
 * the last stage so, with rows that say what the others reached.
 */
#ifndef NUMU_PLAN_MASTER_H
#define NUMU_PLAN_MASTER_H

#include "model/calendar.h"
#include "plan/plan.h"

/* Dates handed over from the programme, by row of model.activity: points of model/calendar.h. */
struct numu_plan_dates {
    const numu_day *start, *finish;
    const numu_row *mode; /* row of model.mode that the work is done in and paid for; NUMU_NONE =
                             its own row; NULL = so are all */
};

/* --- what the rules say, handed over by app as plain data --- */

/*
 * A storehouse may hold no more than this: all net explosive quantity in it counts against the
 * least limit in force. A day without any limit has the limit 0.
 */
struct numu_plan_limit {
    numu_row storehouse;
    numu_day starts, ends; /* first and last day in force; NUMU_NO_DAY = open */
    double neq_kg;
};

/* What may lie where. Each storehouse has one load class. */
struct numu_plan_storage {
    const bool *may_hold; /* [item × storehouses + storehouse]: the item is of its load class */
    const struct numu_plan_limit *limit;
    size_t limit_count;
};

/* What a rule forbids in the months that it touches: it is fixed at zero. */
struct numu_plan_prohibition {
    numu_row process;      /* or NUMU_NONE */
    numu_row demand;       /* or NUMU_NONE: what may not be delivered */
    numu_day starts, ends; /* first and last day in force; NUMU_NO_DAY = open */
    struct numu_text rule, citation;
};

/* What law hands to the planner and to who verifies the plan. */
struct numu_plan_law {
    /* NULL: the limits granted (table limit) and the load classes written down in storehouse. */
    const struct numu_plan_storage *storage;
    const struct numu_plan_prohibition *prohibition;
    size_t prohibition_count;
    /* Deliveries and orders that do not come; the model has them as come. NULL = none. */
    const struct numu_plan_withheld *withheld;
};

struct numu_plan_options {
    double time_limit_s;     /* of all stages; 0 = none; needs context->clock */
    bool is_integer;         /* lots are whole: least lots, multiples, one setup a month */
    bool confirms;           /* the ten reasons that matter most are tried by solving again */
    struct numu_buffer *mps; /* NULL, or where the final stage is appended as free MPS */
    struct numu_plan_law law;
};

struct numu_plan_result {
    bool is_optimal;    /* every stage solved to optimality */
    const char *solver; /* name and version */
    const char *status; /* "optimal", or what stopped the stage that was not */
    double objective;   /* of the last stage: discounted cost in major units of the reporting
                           currency, the tail included; the optimum of the MPS */
    double dual_bound;  /* of the last stage, given those before */
    double primal_residual, dual_residual; /* greatest of all stages, in the units that the solver
                                              works in, in which figures are near 1 */
    uint32_t row_count, column_count;
    uint64_t nonzero_count;
};

/*
 * Plans. With is_integer the lots are chosen first, in whole numbers, by the same stages; where the
 * time limit passes before the proof the best lots found are taken, the stages say so, and their
 * bounds are those of the search. The MPS then states the last stage in whole numbers, earlier ones
 * as rows. What is left is solved to its end, whatever the time.
 *
 * Fills the tables production … not_modelled and stage, item, demand of *plan, and its
 * currency (the tables of the programme, and meta, are app's). Arrays live in `arena`, texts are
 * the model's own and live as long as it does. The model must have passed its checks.
 *
 * NUMU_INVALID with findings where the model cannot be planned: no rate for a month (no-rate), a
 * number too large (quantity-too-large). NUMU_STOPPED where the user asked to stop
 * before the first stage was over. Later, that and the time limit give the best plan so far, which
 * *out and the stages say is not proven. NUMU_BUG where the solver gives up: an
 * infeasible programme cannot be, for lateness and gaps always leave a plan. On failure *plan and
 * *out are as they were, but for the arena.
 */
NUMU_MUST_CHECK numu_status numu_master_plan(const struct numu_context *context,
                                             const struct numu_model *model,
                                             const struct numu_calendars *calendars,
                                             const struct numu_plan_dates *dates,
                                             const struct numu_plan_options *options,
                                             struct numu_arena *arena, struct numu_report *report,
                                             struct numu_plan *plan, struct numu_plan_result *out);

#endif
