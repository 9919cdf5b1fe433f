/*
 * bound.h - lower bounds of the finish of a project: no schedule can be shorter.
 *
 * critical_path  the longest path by links of any type, calendars, not-before dates and progress,
 *                each activity in its shortest mode and where its resources alone let it run.
 * energetic      the least finish at which the work that must fall into a window is never more than
 *                the resource offers there, for windows between earliest starts and latest finishes
 *                (bound_energy.h).
 * destructive    the least finish that the tests do not refute once latest starts follow from it:
 *                links, time-table and energy, to a fixed point (R. Klein, A. Scholl, "Computing
 *                lower bounds by destructive improvement", EJOR 112(2), 1999).
 *
 * lateness       destructive, too: of each activity with a deadline alone, of all in the order in
 *                which they finish (bound_order.h), and of their sum.
 *
 * What a bound cannot use it relaxes: consumables, the choice of modes (the least need, duration
 * and energy of each activity count; of modes bound_modes.h sees more), where in its calendar work
 * stands (the least that it can take of the points that one calendar works counts, measure.h).
 * Every bound is valid for every project of project.h, with any deadlines.
 */
#ifndef NUMU_PROGRAMME_BOUND_H
#define NUMU_PROGRAMME_BOUND_H

#include "programme/domain.h"

struct numu_bound_options {
    /*
     * Steps of work before it settles for the bound it has, of the finish and of lateness each; 0 =
     * 50 million, some tenths of a second. The same limit gives the same bound on every machine.
     */
    uint64_t work_max;
    double time_limit_s; /* by the context's clock, of both; 0 = none */
};

struct numu_bound {
    numu_period critical_path, energetic, destructive; /* each at least the one before */
    numu_period makespan;                              /* the best of them */
    int64_t lateness; /* sum over activities that no schedule can be less late by */
    uint64_t work;
};

/*
 * Computes the bounds. NUMU_INFEASIBLE where an activity can never run, since in each of its modes
 * it needs more of a resource than is there for long enough, or less than the least needs of all
 * activities will ever be supplied of a consumable. Where the context says stop, the bounds are
 * those known by then.
 */
NUMU_MUST_CHECK numu_status numu_bound_project(const struct numu_context *context,
                                               const struct numu_project *project,
                                               const struct numu_bound_options *options,
                                               struct numu_bound *out);

/*
 * Whether the tests alone refute every schedule of a project, or where deadlines are to be kept
 * every one that is not late. What is too large for the tests is not refuted. NUMU_MEMORY.
 */
NUMU_MUST_CHECK numu_status numu_bound_refute(const struct numu_context *context,
                                              const struct numu_project *project,
                                              const struct numu_bound_options *options,
                                              bool keeps_deadlines, bool *out_is_refuted);

#endif
