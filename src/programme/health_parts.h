/*
 * health_parts.h - what the files of health.h share; for health*.c only.
 */
#ifndef NUMU_PROGRAMME_HEALTH_PARTS_H
#define NUMU_PROGRAMME_HEALTH_PARTS_H

#include "model/calendar.h"
#include "programme/health.h"

/* Sets what numu_health says of merges; they live in the arena. */
NUMU_MUST_CHECK numu_status numu_health_find_merges(const struct numu_context *context,
                                                    const struct numu_model *model,
                                                    const struct numu_calendars *calendars,
                                                    struct numu_arena *arena,
                                                    struct numu_health *health);

#endif
