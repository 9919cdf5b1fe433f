/*
 * dates.h - the programme's dates as tables of a plan. For app only.
 */
#ifndef NUMU_APP_DATES_H
#define NUMU_APP_DATES_H

#include "app/app.h"
#include "programme/cpm.h"
#include "programme/rcpsp.h"

enum { NUMU_META_MAX = 64 }; /* properties that meta has room for */

/* Fills meta, activity and promise of *out. */
NUMU_MUST_CHECK numu_status numu_plan_of_schedule(const struct numu_context *context,
                                                  const struct numu_model *model,
                                                  const struct numu_schedule *schedule,
                                                  struct numu_arena *arena, struct numu_plan *out);

/*
 * The schedule of the programme: where it has other modes, or takes of what is scarce, that of
 * rcpsp.h, with floats by links; else that of cpm.h. *out_result, of which arrays are by row of
 * model.activity, has no activities where nothing was scarce. NUMU_INFEASIBLE, with findings, only
 * where the options ask that deadlines be kept; else NUMU_INVALID says that there is no schedule.
 */
NUMU_MUST_CHECK numu_status numu_schedule_of_model(
    const struct numu_context *context, const struct numu_model *model,
    const struct numu_calendars *calendars, const struct numu_rcpsp_options *options,
    struct numu_arena *arena, struct numu_report *report, struct numu_schedule *out,
    struct numu_rcpsp_result *out_result);

/* Adds a property to meta; the value is copied into the arena. */
NUMU_MUST_CHECK numu_status numu_meta_put(struct numu_plan *plan, struct numu_arena *arena,
                                          const char *key, struct numu_text value);

#endif
