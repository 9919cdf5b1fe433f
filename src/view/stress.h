/*
 * stress.h - cases beside the base: what each does to dates, demand, money and imports.
 */
#ifndef NUMU_VIEW_STRESS_H
#define NUMU_VIEW_STRESS_H

#include "view/rows.h"

/*
 * Appends the table stress: for reading, as CSV, or as JSON "numu.stress/1". On failure the buffer
 * is as it was.
 */
NUMU_MUST_CHECK numu_status numu_view_stress(struct numu_buffer *buffer,
                                             const struct numu_plan *plan,
                                             const struct numu_stamp *stamp, numu_language language,
                                             numu_format format);

#endif
