/*
 * verify.h - a master plan held against its model by code that shares nothing with the planner.
 *
 * Every balance, hour, kilogram and sum of money is added again from the plan's own rows; a row
 * that breaks a constraint, or a figure that its parts do not add up to, is a finding
 * (plan-breaks) with the constraint, what it is about and the month. Figures of the solver hold
 * within 1e-6 of what is added up, and a rounding a row. Each indicator is reckoned again from its
 * definition, by other ways than the planner's (verify_figures.h).
 *
 * Not looked at: what the schedule, the risk engine and the materials plan say (activity, promise,
 * planned orders, pegs, exceptions), stages, reasons, the import bill, and the evidence of sums.
 */
#ifndef NUMU_PLAN_VERIFY_H
#define NUMU_PLAN_VERIFY_H

#include "model/calendar.h"
#include "plan/master.h"

/*
 * The dates of the programme are the plan's own (activity.confident_finish). `model` is as law
 * leaves it; what `law` says was read anew from the rules, and the plan's own tables forbidden and
 * withheld must say the same. What findings say lives in the arena, or is the plan's. NUMU_INVALID
 * with findings where anything is broken; NUMU_LIMIT where the plan is too large to be added up.
 */
NUMU_MUST_CHECK numu_status numu_plan_verify(const struct numu_context *context,
                                             const struct numu_model *model,
                                             const struct numu_calendars *calendars,
                                             const struct numu_plan *plan,
                                             const struct numu_plan_law *law,
                                             struct numu_arena *arena, struct numu_report *report);

#endif
