/*
 * joint.h - confidence in a date and a cost at once, from the samples of risk.h.
 *
 * That a date holds in 80 % of the samples and a cost in 80 % does not mean that both do: the share
 * in which both hold is their joint confidence (NASA Cost Estimating Handbook, version 4.0, 2015,
 * appendix J). The pairs that reach one share of it make a line, the frontier: who takes a later
 * date may take less money along it.
 */
#ifndef NUMU_PROGRAMME_JOINT_H
#define NUMU_PROGRAMME_JOINT_H

#include "programme/risk.h"

/* A pair: the finish of the whole is at most `point` and the cost at most `cost`. */
struct numu_joint {
    numu_period point;
    double cost; /* major units; that of a sample */
};

/* Share of samples in which both hold. */
double numu_joint_share(const struct numu_risk_result *result, const struct numu_joint *pair);

/*
 * The frontier of `percent`: by date ascending and cost descending, of dates between the first that
 * can reach it and the last sample's, each with the least cost that reaches it. No pair is worse
 * than another in both. `out_count` is at least 1.
 */
enum { NUMU_FRONTIER_POINTS = 24 };
NUMU_MUST_CHECK numu_status numu_joint_frontier(const struct numu_risk_result *result,
                                                double percent, struct numu_heap *heap,
                                                struct numu_joint out[NUMU_FRONTIER_POINTS],
                                                uint32_t *out_count);

/*
 * The pair on that line whose date and cost are equally sure, each by itself in *out_each percent
 * of the samples: the least such percentage, to a tenth.
 */
NUMU_MUST_CHECK numu_status numu_joint_balance(const struct numu_risk_result *result,
                                               double percent, struct numu_heap *heap,
                                               struct numu_joint *out, double *out_each);

#endif
