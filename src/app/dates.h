/*
 * dates.h - the programme's dates as tables of a plan. For app only.
 */
#ifndef NUMU_APP_DATES_H
#define NUMU_APP_DATES_H

#include "app/app.h"
#include "programme/cpm.h"

enum { NUMU_META_MAX = 64 }; /* properties that meta has room for */

/* Fills meta, activity and promise of *out. */
NUMU_MUST_CHECK numu_status numu_plan_of_schedule(const struct numu_context *context,
                                                  const struct numu_model *model,
                                                  const struct numu_schedule *schedule,
                                                  struct numu_arena *arena, struct numu_plan *out);

/* Adds a property to meta; the value is copied into the arena. */
NUMU_MUST_CHECK numu_status numu_meta_put(struct numu_plan *plan, struct numu_arena *arena,
                                          const char *key, struct numu_text value);

#endif
