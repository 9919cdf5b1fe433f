/*
 * health.h - how sound a package's schedule is.
 */
#ifndef NUMU_APP_HEALTH_H
#define NUMU_APP_HEALTH_H

#include "app/app.h"
#include "programme/health.h"

/* Of a checked model; rows of lines live in the arena. */
NUMU_MUST_CHECK numu_status numu_app_health(const struct numu_context *context,
                                            const struct numu_model *model,
                                            struct numu_arena *arena, struct numu_report *report,
                                            struct numu_health *out);

#endif
