/*
 * indicator.h - the figures by which a plan is judged, from its own rows and the model.
 *
 * They are added up from the finished tables, so that whoever holds plan.db and the package can add
 * them up again. Definitions, formulas and sources stand in indicators.def, and as table definition
 * in each plan.
 * [N1] Every indicator has at least one row. Where it cannot be determined the row has no value,
 *      and says why (numu_indicator_why).
 * [N2] A row with a year is of that calendar year within the horizon; without, of the horizon.
 */
#ifndef NUMU_PLAN_INDICATOR_H
#define NUMU_PLAN_INDICATOR_H

#include "model/calendar.h"
#include "plan/plan.h"

typedef enum numu_indicator {
#define NUMU_INDICATOR(name, unit, formula, source) numu_indicator_##name,
#include "plan/indicators.def"
#undef NUMU_INDICATOR
    numu_indicator_count
} numu_indicator;

/* The name, as in the tables indicator and definition. */
const char *numu_indicator_name(numu_indicator indicator);

/* What table definition says of it. */
struct numu_indicator_words {
    const char *name, *unit, *formula, *source;
};
struct numu_indicator_words numu_indicator_words(numu_indicator indicator);

/*
 * Fills the tables indicator and definition of a plan that has its other tables; months that lie
 * before the horizon or after it count for nothing. Arrays live in the arena, texts are the
 * model's. NUMU_LIMIT where money adds up to more than can be held.
 */
NUMU_MUST_CHECK numu_status numu_indicators_build(const struct numu_context *context,
                                                  const struct numu_model *model,
                                                  const struct numu_calendars *calendars,
                                                  struct numu_arena *arena, struct numu_plan *plan);

#endif
