/*
 * bound_stride.h - how far ahead of a bound a finish is tried.
 *
 * What is refuted raises a bound by as much as was tried: where durations are hundreds of periods
 * one period at a time would take hundreds of trials for what is one trial where they are a few. So
 * strides are a part of what is open, and halve where they were too long.
 */
#ifndef NUMU_PROGRAMME_BOUND_STRIDE_H
#define NUMU_PROGRAMME_BOUND_STRIDE_H

#include "programme/project.h"

/*
 * The longest stride worth a trial from a bound on where nothing from `until` on is of interest; 1
 * at least. Where that is far away, or not known, what is open is a part of the bound.
 */
static inline numu_period numu_bound_stride(numu_period bound, numu_period until) {
    static const numu_period part_of_open = 16, part_of_bound = 8;
    numu_period open = until - bound;
    numu_period most = bound / part_of_bound;
    numu_period stride = (open < most ? open : most) / part_of_open;
    return stride > 1 ? stride : 1;
}

#endif
