/*
 * risk.h - how sure the programme's dates and costs are: the inside view of its activities and
 * risks beside the outside view of comparable programmes.
 */
#ifndef NUMU_APP_RISK_H
#define NUMU_APP_RISK_H

#include "app/app.h"
#include "programme/cpm.h"
#include "programme/joint.h"
#include "programme/reference.h"
#include "programme/risk.h"

struct numu_risk_request {
    uint64_t samples;       /* most to draw; 0 = numu_risk_options says */
    double tolerance;       /* days; 0 = draw them all */
    double confidence;      /* percent; 0 = the package's */
    numu_day deadline;      /* of the whole; NUMU_NO_DAY = the package's */
    bool skips_removal;     /* no runs without each risk and with each resource plentiful */
    uint64_t lever_samples; /* of those runs; 0 = as many as of the rest */
    bool ignores_resources;
    bool uplifts; /* what is left is stretched as comparable programmes were, see risk.c */
};

/*
 * Dates that the plan may count on: of each activity start and finish at the package's confidence,
 * points of model/calendar.h by row of `activity`.
 */
struct numu_confident_dates {
    numu_day *start, *finish;
    double percent;
    double joint; /* share of samples in which every one of the finishes is met */
    /* The same of those activities that open something; 1 where there are none. */
    double joint_of_openings;
};

/* Targets are those of programme/risk.h: the whole, then each row of `promise`. */
struct numu_risk_outcome {
    const struct numu_model *model;
    struct numu_schedule schedule; /* the best found with likely durations */
    struct numu_project project;
    struct numu_uncertainty uncertainty;
    double repair; /* greatest change of a rank correlation, so that all hold together */
    struct numu_risk_result result;
    struct numu_reference_class references;
    struct numu_outside_view *outside; /* by target */
    double *uplift;                    /* by target: factor on what is left; 1 = none */
    numu_day *promised;                /* by target; NUMU_NO_DAY = none */
    numu_day *likely; /* by target: in the best schedule found with likely durations */
    uint32_t *mode;   /* by activity: the project's mode that schedule chose */
    numu_day data_date;
    uint64_t seed;
    struct numu_confident_dates confident;
    struct numu_plan plan; /* tables meta, activity, promise, forecast, lever, outlay */
};

/*
 * Of a checked model, which must outlive the outcome; arrays live in the arena. NUMU_INVALID with a
 * finding where resources can never suffice.
 */
NUMU_MUST_CHECK numu_status numu_app_risk(const struct numu_context *context,
                                          const struct numu_model *model,
                                          const struct numu_risk_request *request,
                                          struct numu_arena *arena, struct numu_report *report,
                                          struct numu_risk_outcome *out);

/* The day before a point: the last day of what finishes there. */
numu_day numu_risk_day(const struct numu_risk_outcome *outcome, double point);

#endif
