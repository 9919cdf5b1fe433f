/*
 * health.h - how sound a schedule is, for eyes and machines.
 */
#ifndef NUMU_VIEW_HEALTH_H
#define NUMU_VIEW_HEALTH_H

#include "programme/health.h"
#include "view/rows.h"

/* JSON: "numu.health/1". Ids of rows are the model's. */
NUMU_MUST_CHECK numu_status numu_view_health(struct numu_buffer *buffer,
                                             const struct numu_health *health,
                                             const struct numu_model *model,
                                             const struct numu_stamp *stamp, numu_language language,
                                             numu_format format);

/* The same as one page of HTML. */
NUMU_MUST_CHECK numu_status numu_view_health_page(struct numu_buffer *buffer,
                                                  const struct numu_health *health,
                                                  const struct numu_model *model,
                                                  const struct numu_stamp *stamp,
                                                  numu_language language);

#endif
