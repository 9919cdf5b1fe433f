/*
 * risk.h - the probability of dates and costs, and what moves it.
 *
 * Samples are drawn (sample.h) in rounds of NUMU_REPLICATES Latin hypercubes, dated (simulate.h),
 * and counted (estimate.h). Levers say what would help: each risk taken away, each scarce resource
 * made plentiful, everything else as it was, sample by sample (D. T. Hulett: prioritisation by
 * removal; common random numbers: P. Glasserman, D. D. Yao, Management Science 38(6), 1992).
 *
 * [Q1] The same project, uncertainty, options and seed give the same result for any number of
 *      threads, and for rows in any order.
 * [Q2] Without tolerance exactly as many samples are drawn as asked for, rounded up to whole
 *      rounds. With one, rounds are doubled until the standard error of the quantile of the finish
 *      is at most the tolerance, or the samples are used up.
 */
#ifndef NUMU_PROGRAMME_RISK_H
#define NUMU_PROGRAMME_RISK_H

#include "programme/estimate.h"
#include "programme/merge.h"
#include "programme/sample.h"
#include "programme/simulate.h"

struct numu_risk_problem {
    const struct numu_project *project;
    const struct numu_uncertainty *uncertainty;
    const struct numu_calendar *calendars; /* by number; NULL = not known: simulate.h */
    const uint32_t *mode;                  /* by activity, or NULL: numu_simulator_options */
    const uint32_t *list; /* the same; another may be taken that does better, policy.h */
    /* Targets: what is promised. Target 0 is the whole, target 1 + p promise p. */
    uint32_t promise_count;
    const uint32_t *promise_activity;
    const numu_period *promise_limit; /* kept if the finish is at most this point */
    numu_period deadline_limit;       /* of the whole; NUMU_NO_PERIOD = none */
};

enum { NUMU_RISK_SAMPLES_DEFAULT = 10000, NUMU_RISK_PERCENTS = 5 };
/* P10, P50, P80, P90 and the one asked for. */
enum { NUMU_P10, NUMU_P50, NUMU_P80, NUMU_P90, NUMU_P_ASKED };

struct numu_risk_options {
    uint64_t samples; /* most to draw; 0 = the default, or a million where there is a tolerance */
    double tolerance; /* of the asked quantile, in periods; 0 = draw all samples */
    double percent;   /* the asked quantile; 0 = 80 */
    bool ignores_resources;
    bool skips_levers;
    bool skips_activities; /* no figures of activities: `activities` is NULL, nothing is kept */
};

struct numu_risk_target {
    struct numu_estimate quantile[NUMU_RISK_PERCENTS]; /* points */
    struct numu_estimate mean;
    struct numu_estimate probability; /* of being in time; value NAN where nothing was promised */
    const numu_period *finish;        /* by sample */
};

/* By activity, from the kept samples; of finished work all zero. */
struct numu_risk_activity {
    double criticality;     /* share of samples in which it is critical, simulate.h [Z2] */
    double mean, deviation; /* of its duration, in working periods */
    double cruciality;      /* |Pearson's r| of its duration and the finish of the whole */
    double rank_cruciality; /* |Spearman's ρ| of the same */
    double sensitivity;     /* criticality × its deviation / that of the whole's length (SSI) */
    /*
     * Mean of d / (d + slack) × length of the whole, over the mean length: the significance index
     * (T. M. Williams, JORS 43(4), 1992). d: its duration; slack: simulate.h [Z4].
     */
    double significance;
    numu_period start[NUMU_RISK_PERCENTS], finish[NUMU_RISK_PERCENTS]; /* quantiles */
};

typedef enum numu_lever_kind { NUMU_LEVER_RISK, NUMU_LEVER_RESOURCE } numu_lever_kind;

struct numu_lever {
    numu_lever_kind kind;
    uint32_t row; /* of risks, or of the project's resources */
    /* By target: figure without it minus figure with it: quantiles in periods, less = sooner. */
    struct numu_estimate *quantile; /* of the asked percent */
    struct numu_estimate *median;
    struct numu_estimate *probability; /* NAN where nothing was promised */
    double mean_cost;                  /* of a risk: probability × mean of its cost */
};

struct numu_risk_result {
    uint64_t sample_count;
    double percent[NUMU_RISK_PERCENTS];
    bool is_scarce;    /* resources were scarce, and the policy was used */
    double list_share; /* how much of the problem's list is in the one that was used, 0 to 1 */
    struct numu_samples samples;
    uint32_t target_count;
    struct numu_risk_target *targets;
    const float *cost; /* by sample, major units */
    struct numu_estimate cost_quantile[NUMU_RISK_PERCENTS], cost_mean;
    struct numu_risk_activity *activities;
    /* the first kept_count samples: sample s of activity a stands at a * kept_stride + s */
    uint64_t kept_count, kept_stride;
    const numu_period *kept_start, *kept_finish;
    uint32_t lever_count;
    struct numu_lever *levers; /* risks, then scarce resources, in order of rows */
    numu_period policy_finish; /* of the whole by the same policy at the project's durations */
    double likely_cost;        /* at the project's durations, no risk happening */
    uint32_t merge_count;      /* none without figures of activities */
    const struct numu_merge *merges;
};

/*
 * Arrays of *out live in the arena. NUMU_INFEASIBLE where an activity waits for more of a resource
 * than there will be; NUMU_STOPPED where the user asked.
 */
NUMU_MUST_CHECK numu_status numu_risk_run(const struct numu_context *context,
                                          const struct numu_risk_problem *problem,
                                          const struct numu_risk_options *options,
                                          struct numu_arena *arena, struct numu_risk_result *out);

/*
 * Stretches what is left after the data date of one target by a factor >= 1, sample by sample, and
 * tells its figures anew (levers stay as they are).
 */
NUMU_MUST_CHECK numu_status numu_risk_uplift(const struct numu_risk_problem *problem,
                                             uint32_t target, double factor,
                                             struct numu_arena *arena,
                                             struct numu_risk_result *result);

/* Points by which 0, 1, … 100 % of the samples of a target are finished (0: the first one). */
enum { NUMU_RISK_CURVE_POINTS = 101 };
NUMU_MUST_CHECK numu_status numu_risk_curve(const struct numu_risk_result *result, uint32_t target,
                                            struct numu_heap *heap,
                                            numu_period out[NUMU_RISK_CURVE_POINTS]);

#endif
