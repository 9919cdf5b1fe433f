/*
 * bound_modes.h - a lower bound of the finish of a project whose activities have modes to choose
 * from: what bound.h, which takes of each mode the least, cannot see. If the shortest modes take
 * more of a consumable than there is, or more work than there is room for, not all can be chosen.
 *
 * A finish T gives each variable of the exact search bounds, by its propagation and by trying their
 * ends; the linear programme of bound_linear.h cuts off more of them, until nothing is left, and T
 * is refuted, or nothing more is cut off.
 *
 * Nothing rests on the linear programme's arithmetic. Which finish is refuted may hang on the
 * library (lp.h, [L3]), that it is one that no schedule has does not.
 */
#ifndef NUMU_PROGRAMME_BOUND_MODES_H
#define NUMU_PROGRAMME_BOUND_MODES_H

#include "base/context.h"
#include "programme/project.h"

#include <stdatomic.h>

struct numu_bound_modes_options {
    numu_period from;  /* a bound that is known */
    numu_period until; /* it need not rise above this: the finish of a schedule */
    /*
     * Steps of work before it settles for the bound it has; 0 = no limit. The same limit gives the
     * same bound on the same machine with the same library.
     */
    uint64_t work_max;
    double time_limit_s;         /* by the context's clock; 0 = none */
    bool skips_shaving;          /* without trying ends of bounds: a little weaker, sooner done */
    _Atomic(numu_period) *bound; /* raised to each bound as it is found; may be NULL */
    /*
     * By mode of the project: how much of an activity the last programme that passed does in it, of
     * one in all; as it was where none did. May be NULL.
     */
    double *share;
};

/*
 * The greatest bound from `from` on that it finds within limits, those of memory included; `from`
 * where it finds none, or where the project is too large for the exact search. When the context
 * says so it stops with what it has. NUMU_MEMORY.
 */
NUMU_MUST_CHECK numu_status numu_bound_modes_raise(const struct numu_context *context,
                                                   const struct numu_project *project,
                                                   const struct numu_bound_modes_options *options,
                                                   numu_period *out_bound);

#endif
