/*
 * sample.h - what is uncertain in a project, and drawing it.
 *
 * The work that is left of an activity takes base × product of the factors of its risks that happen
 * + sum of their delays, rounded to whole periods (D. T. Hulett, "Integrated Cost-Schedule Risk
 * Analysis", 2011: the risk driver method). One risk draws one factor, one delay and one cost,
 * whatever the number of activities it is on: that is what makes activities move together. Bases
 * are correlated by a Gaussian copula.
 *
 * A draw is one Latin hypercube: of each variable, one value from each of `count` equally likely
 * strata (M. D. McKay, R. J. Beckman, W. J. Conover, Technometrics 21(2), 1979). Correlated
 * variables get their strata by the ranks of correlated normals (M. Stein, Technometrics 29(2),
 * 1987), so that margins stay exact.
 *
 * [S1] A variable's numbers depend on the seed, the draw's number, the id of its activity or risk
 *      and what it is, on nothing else: neither on the order of rows, nor on threads, nor on which
 *      risks are left out (common random numbers).
 * [S2] Where nothing is uncertain, the duration is the project's own.
 */
#ifndef NUMU_PROGRAMME_SAMPLE_H
#define NUMU_PROGRAMME_SAMPLE_H

#include "programme/law.h"
#include "programme/project.h"

struct numu_uncertainty {
    uint32_t activity_count, risk_count, correlated_count;
    /* by activity, as in the project */
    const struct numu_text *id;
    struct numu_law *law;    /* of what is left to be worked, in working periods */
    double *cost;            /* major units; the part that does not depend on the duration */
    double *cost_a_period;   /* the part that does, a working period */
    uint32_t *first_on, *on; /* its risks are on[first_on[a]] … on[first_on[a + 1] - 1], by id */
    uint32_t *by_id;         /* activities in order of their ids */
    /* by risk */
    const struct numu_text *risk_id;
    double *probability;
    struct numu_law *factor, *delay, *risk_cost;
    /* correlated activities, by id, and the lower Cholesky root of their normals' correlations */
    uint32_t *correlated;
    double *root; /* correlated_count² */
};

/* Arrays of the given sizes, all fixed at 0 and empty; `on_count` pairs of risk and activity. */
NUMU_MUST_CHECK numu_status numu_uncertainty_take(struct numu_arena *arena, uint32_t activity_count,
                                                  uint32_t risk_count, uint32_t on_count,
                                                  struct numu_uncertainty *out);
/* Puts by_id and the lists of risks in order; call when ids and pairs stand. */
void numu_uncertainty_order(struct numu_uncertainty *uncertainty);

/*
 * Sets correlated and root from rank correlations (Spearman) of n activities, row by row. They
 * become correlations of normals by 2 sin(π ρ / 6); where those cannot hold together, the nearest
 * that can are taken (model/correlation.h). `out_change` is the greatest change so made, in rank
 * correlation.
 */
NUMU_MUST_CHECK numu_status numu_uncertainty_correlate(struct numu_uncertainty *uncertainty,
                                                       struct numu_arena *arena,
                                                       const uint32_t *activities, uint32_t n,
                                                       const double *rank_correlation,
                                                       double *out_change);

struct numu_sampler {
    const struct numu_uncertainty *uncertainty;
    const numu_period *fixed; /* by activity: the project's own durations [S2] */
    uint64_t seed;
    uint64_t *activity_stream, *risk_stream; /* hashes of ids */
    struct numu_law_table *tables;
    uint32_t *activity_table, *factor_table, *delay_table, *cost_table; /* NUMU_NONE: it is fixed */
    uint32_t *correlated_place; /* by activity; NUMU_NONE = not correlated */
};

/* Tables of quantiles, on all cores. `fixed` and the uncertainty must outlive the sampler. */
NUMU_MUST_CHECK numu_status numu_sampler_init(struct numu_sampler *sampler,
                                              const struct numu_context *context,
                                              struct numu_arena *arena,
                                              const struct numu_uncertainty *uncertainty,
                                              const numu_period *fixed);

/* Room for one draw; rows are `stride` long, what lies beyond `count` repeats the last sample. */
struct numu_draw {
    uint32_t count, stride;
    float *base;                       /* by activity */
    float *factor, *delay, *risk_cost; /* by risk; 1, 0, 0 where it does not happen */
    uint8_t *happens;                  /* by risk */
    numu_period *duration;             /* by activity */
    float *cost;                       /* of the whole, one row */
    float *unit, *normal;              /* scratch: one row; a row a correlated activity */
    uint64_t *keys, *scratch;          /* scratch: one row each */
};

NUMU_MUST_CHECK numu_status numu_draw_take(const struct numu_sampler *sampler,
                                           struct numu_arena *arena, uint32_t count,
                                           uint32_t stride, struct numu_draw *out);
/* Draws everything, and sets durations and cost with all risks. */
void numu_draw_fill(const struct numu_sampler *sampler, uint64_t number, struct numu_draw *draw);
/*
 * The durations of an activity as they would be without a risk (NUMU_NONE = with all), into `out`,
 * which is `stride` long.
 */
void numu_draw_durations(const struct numu_sampler *sampler, const struct numu_draw *draw,
                         uint32_t activity, uint32_t without, numu_period *out);

#endif
