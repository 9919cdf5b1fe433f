/*
 * rcpsp.h - a schedule under scarce resources: the shortest that can be found, and how far from the
 * best possible it can be at most.
 *
 * What a project is stands in project.h. Objective [J7]: the sum of lateness against deadlines
 * first, then the finish of the whole.
 *
 * [R1] The same project, options, seed give the same schedule for any number of threads, as long
 *      as the search is bounded by `schedules` and neither a clock nor the user stops it.
 * [R2] One schedule is counted when each activity has been given a start once; a pass of
 *      improvement, forward or backward, is one more. Where only some are given new ones, as in
 *      windows, that counts as their share of a schedule; so does each start that the exact
 *      search gives, also those it takes back. Bounds give none, nor does putting rests back that
 *      were cut out of what was searched (worked.h).
 * [R3] lower_bound never exceeds the finish of any schedule of the project with the least
 *      lateness.
 */
#ifndef NUMU_PROGRAMME_RCPSP_H
#define NUMU_PROGRAMME_RCPSP_H

#include "programme/project.h"

/*
 * Made where neither schedules nor seconds are asked for. Of these a share is the exact search's;
 * of up to 45 activities, once there is a schedule, it is the second number instead: it proves all
 * of j30 of PSPLIB with it, three times what the hardest takes, and spends some ten seconds where
 * that is not enough.
 */
enum { NUMU_RCPSP_SCHEDULES_DEFAULT = 20000, NUMU_RCPSP_PROOF_DEFAULT = 40000 };

struct numu_rcpsp_options {
    uint64_t schedules; /* most to make; 0 = the default, or no bound where there is a time limit */
    double time_limit_s;  /* by the context's clock; 0 = none */
    bool keeps_deadlines; /* a schedule that is late is none */
};

struct numu_rcpsp_result {
    uint32_t count; /* activities; arrays are by activity */
    numu_period *start, *finish;
    numu_period *resume;     /* [J8] */
    uint32_t *mode;          /* number of the mode in the project */
    numu_period makespan;    /* greatest finish; the data date where there is no activity */
    int64_t lateness;        /* sum of periods past deadlines, of unfinished work */
    int64_t lateness_bound;  /* no schedule is less late */
    numu_period lower_bound; /* [R3] */
    bool is_proven;          /* no schedule is better */
    bool is_stopped;         /* the user stopped the search: the best so far */
    uint64_t schedules;      /* made [R2] */
};

/*
 * Arrays of *out live in the arena. NUMU_INFEASIBLE where no schedule was found that the resources,
 * and deadlines that must be kept, allow: with the constraints that cannot all hold as findings
 * (conflict.h) where that was proven, else with one finding (no-schedule-found,
 * deadlines-not-kept). NUMU_STOPPED only where the user stopped before any was found.
 */
NUMU_MUST_CHECK numu_status numu_rcpsp_solve(const struct numu_context *context,
                                             const struct numu_project *project,
                                             const struct numu_rcpsp_options *options,
                                             struct numu_arena *arena, struct numu_report *report,
                                             struct numu_rcpsp_result *out);

#endif
