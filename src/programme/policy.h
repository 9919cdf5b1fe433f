/*
 * policy.h - the priority list by which samples under scarce resources ask.
 *
 * The order of a good schedule makes a good list where resources are tight, for it knows who had
 * better wait. Where they are wide, and in samples that run otherwise than the schedule, an order
 * by late starts often does better; and often one between the two. So a few are tried on samples
 * that no figure is made from, all on the same (rules of thumb for lists: R. Kolisch, "Efficient
 * priority rules for the resource-constrained project scheduling problem", Journal of Operations
 * Management 14(3), 1996; common random numbers: P. Glasserman, D. D. Yao, Management Science
 * 38(6), 1992).
 *
 * [L1] The given list is kept unless another ends sooner in the mean by three standard errors of
 *      the difference.
 */
#ifndef NUMU_PROGRAMME_POLICY_H
#define NUMU_PROGRAMME_POLICY_H

#include "base/context.h"
#include "programme/sample.h"
#include "programme/simulate.h"

/* Orders between late starts (0) and the given list (the last). */
enum { NUMU_POLICY_LISTS = 5, NUMU_POLICY_SAMPLES = 64 };

struct numu_policy_trial {
    const struct numu_project *project;
    const struct numu_sampler *sampler;
    struct numu_simulator_options options; /* its list is the given one, not NULL */
};

/*
 * Writes the list to `out`, an entry for each activity, and how much of it is the given one: 1 all,
 * 0 nothing. `scratch` is used and left as it was. The same for any number of threads, and for rows
 * in any order. NUMU_INFEASIBLE as numu_simulate, of the given list; NUMU_MEMORY, NUMU_STOPPED.
 */
NUMU_MUST_CHECK numu_status numu_policy_choose(const struct numu_context *context,
                                               const struct numu_policy_trial *trial,
                                               struct numu_arena *scratch, uint32_t *out,
                                               double *out_share);

#endif
