/*
 * risk.h - how sure dates and costs are, for eyes and machines.
 */
#ifndef NUMU_VIEW_RISK_H
#define NUMU_VIEW_RISK_H

#include "app/risk.h"
#include "view/rows.h"

/*
 * Appends the outcome. CSV: a row for the whole, each promise and each activity. JSON:
 * "numu.risk/1".
 */
NUMU_MUST_CHECK numu_status numu_view_risk(struct numu_buffer *buffer,
                                           const struct numu_risk_outcome *outcome,
                                           const struct numu_stamp *stamp, numu_language language,
                                           numu_format format);

/* The same as a page of HTML with its pictures. */
NUMU_MUST_CHECK numu_status numu_view_risk_page(struct numu_buffer *buffer,
                                                const struct numu_risk_outcome *outcome,
                                                const struct numu_stamp *stamp,
                                                numu_language language);

/* --- for risk*.c only --- */

/* Name of a target: what is promised, or the whole. */
void numu_output_target(struct numu_output *out, const struct numu_risk_outcome *outcome,
                        uint32_t target);
/* What a lever is: the risk's title, or the resource's name with "enough of". */
void numu_output_lever(struct numu_output *out, const struct numu_risk_outcome *outcome,
                       const struct numu_lever *lever);
/*
 * A probability in percent with one decimal; nothing or all of n samples gives the bound "<0.03%"
 * that is missed in one case of twenty (the rule of three, J. A. Hanley, A. Lippman-Hand, JAMA
 * 249(13), 1983).
 */
void numu_output_chance(struct numu_output *out, double share, uint64_t samples);

/* A whole percent, for a share of a record that says no more than that. */
void numu_output_outside(struct numu_output *out, double share);
/* How many samples the figures of a plan rest on (meta "samples"); 0 = none. */
uint64_t numu_plan_samples(const struct numu_plan *plan);

/* Levers of a target, the strongest first: those that bring its asked quantile forward. */
enum { NUMU_LEVERS_SHOWN = 3 };
uint32_t numu_risk_strongest(const struct numu_risk_outcome *outcome, uint32_t target,
                             uint32_t count_max, const struct numu_lever **out);
/* Activities by sensitivity, then criticality, then row; at most count_max rows with either. */
uint32_t numu_risk_critical(const struct numu_risk_outcome *outcome, uint32_t count_max,
                            uint32_t *out);

#endif
