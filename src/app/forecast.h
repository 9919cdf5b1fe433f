/*
 * forecast.h - a forecast as tables of a plan. For app only.
 */
#ifndef NUMU_APP_FORECAST_H
#define NUMU_APP_FORECAST_H

#include "app/risk.h"

/*
 * Fills forecast, lever and outlay of *plan, and adds to meta what the whole rests on: samples,
 * forecast_percent (of the quantile that levers and costs are of), forecast_deadline and
 * forecast_in_time (of the whole, where it was promised), comparators, comparators_finished,
 * joint_confidence.
 */
NUMU_MUST_CHECK numu_status numu_forecast_tell(const struct numu_risk_outcome *outcome,
                                               struct numu_arena *arena, struct numu_plan *plan);

#endif
