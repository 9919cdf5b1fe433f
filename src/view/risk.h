/*
 * risk.h - how sure dates and costs are, for eyes and machines.
 */
#ifndef NUMU_VIEW_RISK_H
#define NUMU_VIEW_RISK_H

#include "app/risk.h"
#include "view/merge.h"
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

/* Percent of the asked quantile as people write it, "80", and the quantile's name, "P80". */
enum { NUMU_PERCENT_BYTES = 16 };
const char *numu_risk_asked(const struct numu_risk_outcome *outcome, char out[NUMU_PERCENT_BYTES]);
const char *numu_risk_asked_name(const struct numu_risk_outcome *outcome,
                                 char out[NUMU_PERCENT_BYTES]);
struct numu_merge_view numu_risk_merges(const struct numu_risk_outcome *outcome);
/* Name of an activity: its title, or its id. */
struct numu_text numu_risk_activity_name(const struct numu_risk_outcome *outcome,
                                         uint32_t activity);

/*
 * Puts a lever among the `count` best by days sooner, the most first, of as many the one that came
 * first; of more than count_max the last goes. Returns how many there are then.
 */
uint32_t numu_risk_rank(uint32_t *levers, double *days, uint32_t count, uint32_t count_max,
                        uint32_t lever, double sooner);
/* Activities by sensitivity, then criticality, then row; at most count_max rows with either. */
uint32_t numu_risk_critical(const struct numu_risk_outcome *outcome, uint32_t count_max,
                            uint32_t *out);

#endif
