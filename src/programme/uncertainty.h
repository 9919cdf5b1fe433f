/*
 * uncertainty.h - what a package says is uncertain, as sample.h draws it.
 *
 * - An activity's law is its `distribution` through low, likely and high (its mode's, where another
 *   way is chosen); without one it is pert where low or high is given, else fixed. For work under
 *   way the law is scaled by what remains ÷ likely; finished work is not uncertain.
 * - A risk's factor, delay and cost are triangular through their three points; where likely is
 *   empty, halfway between low and high; where all are empty it has no such effect.
 * - The share `time_share` of an activity's cost grows with its duration, the rest does not.
 * - low and high are read as the package's `three_point` says.
 */
#ifndef NUMU_PROGRAMME_UNCERTAINTY_H
#define NUMU_PROGRAMME_UNCERTAINTY_H

#include "programme/sample.h"

/*
 * `project` is that of the package (numu_project_build), so that activity a is row a of `activity`;
 * `mode` by activity, NULL = the first of each. Texts point into the model. *out_repair is the
 * greatest change of a rank correlation that was needed so that all can hold together.
 */
NUMU_MUST_CHECK numu_status numu_uncertainty_build(const struct numu_model *model,
                                                   const struct numu_project *project,
                                                   const uint32_t *mode, struct numu_arena *arena,
                                                   struct numu_uncertainty *out,
                                                   double *out_repair);

#endif
