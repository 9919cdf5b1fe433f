/*
 * diff_plan.h - two plans compared: dates, quantities, cost, lateness, what binds, indicators.
 *
 * What has an id is paired by it (promises, activities, demands); production is summed by process,
 * money by fund, since a month more or less says little; of each shortage the first reason counts.
 * Figures of solvers that differ by less than a billionth are the same.
 */
#ifndef NUMU_APP_DIFF_PLAN_H
#define NUMU_APP_DIFF_PLAN_H

#include "app/diff.h"
#include "plan/plan.h"

/*
 * The result lives in the arena; so do plans read into it, whose texts it points at. NUMU_LIMIT
 * where sums do not fit.
 */
NUMU_MUST_CHECK numu_status numu_app_diff_plans(const struct numu_plan *before,
                                                const struct numu_plan *after,
                                                struct numu_heap *heap, struct numu_arena *arena,
                                                struct numu_diff *out);

#endif
