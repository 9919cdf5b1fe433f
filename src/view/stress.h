/*
 * stress.h - cases beside the base: what each does to dates, demand, money and imports.
 */
#ifndef NUMU_VIEW_STRESS_H
#define NUMU_VIEW_STRESS_H

#include "view/rows.h"

/*
 * Appends the tables stress and swing: for reading, as CSV (stress only), or as JSON
 * "numu.stress/1". On failure the buffer is as it was.
 */
NUMU_MUST_CHECK numu_status numu_view_stress(struct numu_buffer *buffer,
                                             const struct numu_plan *plan,
                                             const struct numu_stamp *stamp, numu_language language,
                                             numu_format format);

/* A case by its label, and a weak figure that was moved: "process rifle_import unit_cost ±30%". */
void numu_output_case(struct numu_output *out, struct numu_text label);
void numu_output_swing(struct numu_output *out, const struct numu_plan *plan, numu_row row);

#endif
