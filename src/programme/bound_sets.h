/*
 * bound_sets.h - a lower bound of the finish of a project from which sets of tasks can run at once:
 * what bound.h, which looks at one resource at a time, cannot see.
 *
 * A finish T gives each task a window. Between two neighbouring ends of windows the same tasks may
 * run; whatever does run at one point is a feasible set: no link keeps two of its tasks apart, and
 * there is enough of each resource for all. So every schedule that is done by T divides the time of
 * each interval among feasible sets, such that each task gets at least its duration inside its
 * window. Whether that can be had is a linear programme, whose columns (interval, set) are found as
 * they are wanted by heaviest.h (A. Mingozzi, V. Maniezzo, S. Ricciardelli, L. Bianco, "An exact
 * algorithm for the resource-constrained project scheduling problem based on a new mathematical
 * formulation", Management Science 44(5), 1998; P. Brucker, S. Knust, "A linear programming and
 * constraint propagation-based lower bound for the RCPSP", EJOR 127(2), 2000).
 *
 * Nothing rests on the linear programme's arithmetic. It only gives weights v of tasks; rounded to
 * whole numbers, they refute T where
 *
 *     sum over tasks of v × duration > sum over intervals of length × the heaviest feasible set,
 *
 * both sides exact. Which finish is refuted may hang on the library (lp.h, [L3]), that it is one
 * that no schedule has does not.
 *
 * What it cannot use it relaxes, as bound.h does: consumables, the choice of modes (the least need
 * and duration count), calendars (of the time of the one measure in which all is reckoned a task
 * takes what it takes at least, measure.h).
 */
#ifndef NUMU_PROGRAMME_BOUND_SETS_H
#define NUMU_PROGRAMME_BOUND_SETS_H

#include "base/context.h"
#include "programme/project.h"

#include <stdatomic.h>

struct numu_bound_sets_options {
    numu_period from;  /* a bound that is known */
    numu_period until; /* it need not rise above this: the finish of a schedule */
    /*
     * Steps of work before it settles for the bound it has; 0 = no limit. The same limit gives the
     * same bound on the same machine with the same library.
     */
    uint64_t work_max;
    double time_limit_s;         /* by the context's clock; 0 = none */
    bool skips_rows;             /* without those of bound_rows.h: weaker, and soon done */
    _Atomic(numu_period) *bound; /* raised to each bound as it is found; may be NULL */
};

/*
 * The greatest bound from `from` on that it finds within limits, those of memory included; `from`
 * where it finds none, or where the project is too large for it (more than 400 tasks). When the
 * context says so it stops with what it has. NUMU_MEMORY.
 */
NUMU_MUST_CHECK numu_status numu_bound_sets_raise(const struct numu_context *context,
                                                  const struct numu_project *project,
                                                  const struct numu_bound_sets_options *options,
                                                  numu_period *out_bound);

#endif
