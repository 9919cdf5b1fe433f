/*
 * health.h - what is wrong with a schedule as a schedule, whatever its dates: the 14 points of the
 * DCMA and what can be told of the ten best practices of the GAO.
 *
 * Sources: Defense Contract Management Agency, "Earned Value Management System Program Analysis
 * Pamphlet", DCMA-EA PAM 200.1 (October 2012), section 4; U.S. Government Accountability Office,
 * "Schedule Assessment Guide", GAO-16-89G (December 2015).
 *
 * What they ask is read so:
 * - Work is what is not finished and has a duration; milestones count for logic only.
 * - `deadline` of an activity is its baseline finish (points 11, 14) and its only hard constraint
 *   (point 5); without any deadline nothing can be said of the baseline.
 * - Float is measured against what was promised, too: the package's deadline, the date of each
 *   promise, each activity's deadline. A schedule that misses a promise has negative float.
 * - Dates are those of the critical path method: scarce resources are not asked here.
 *
 * Beside the points stand the merges (merge.h): where paths meet, from 1600 samples of the network
 * alone with a fixed seed, at the package's confidence.
 */
#ifndef NUMU_PROGRAMME_HEALTH_H
#define NUMU_PROGRAMME_HEALTH_H

#include "programme/cpm.h"
#include "programme/merge.h"

typedef enum numu_health_point {
    NUMU_HEALTH_LOGIC,       /* 1: open ends; at most 5 % of activities */
    NUMU_HEALTH_LEADS,       /* 2: negative lags; none */
    NUMU_HEALTH_LAGS,        /* 3: lags; at most 5 % of links */
    NUMU_HEALTH_TYPES,       /* 4: links other than FS; at most 10 % */
    NUMU_HEALTH_CONSTRAINTS, /* 5: hard constraints; at most 5 % of activities */
    NUMU_HEALTH_HIGH_FLOAT,  /* 6: float above 44 working days; at most 5 % of work */
    NUMU_HEALTH_NEGATIVE,    /* 7: float below 0; none */
    NUMU_HEALTH_LONG,        /* 8: durations above 44 working days; at most 5 % of work */
    NUMU_HEALTH_DATES,       /* 9: actual dates after the data date; none */
    NUMU_HEALTH_RESOURCES,   /* 10: work without resources and cost; none */
    NUMU_HEALTH_MISSED,      /* 11: not finished by its baseline; at most 5 % of those due */
    NUMU_HEALTH_PATH_TEST,   /* 12: days the finish lacks when a critical activity takes 600 more */
    NUMU_HEALTH_CPLI,        /* 13: (length + float) / length of the critical path; at least 0.95 */
    NUMU_HEALTH_BEI,         /* 14: finished ÷ due to be finished; at least 0.95 */
    NUMU_HEALTH_GAO_CAPTURE, /* promises whose activity has work before it; all */
    NUMU_HEALTH_GAO_SEQUENCE,  /* points 1 to 4 that are met; all */
    NUMU_HEALTH_GAO_RESOURCES, /* work with resources; all */
    NUMU_HEALTH_GAO_DURATIONS, /* work whose duration has a basis other than assumption; half */
    NUMU_HEALTH_GAO_TRACE,     /* activities that belong to a phase or parent; all */
    NUMU_HEALTH_GAO_PATH,      /* point 12 */
    NUMU_HEALTH_GAO_FLOAT,     /* points 6 and 7 that are met; both */
    NUMU_HEALTH_GAO_RISK,      /* work with a range or a risk on it; nine in ten */
    NUMU_HEALTH_GAO_UPDATE,    /* work that should have begun by the data date and has; all */
    NUMU_HEALTH_GAO_BASELINE,  /* activities with a baseline finish; all */
    NUMU_HEALTH_COUNT
} numu_health_point;

/* Its name for machines: "logic" … "bei", "capture" … "baseline". */
const char *numu_health_name(numu_health_point point);
/* Number within its list: 1 … 14, 1 … 10. */
int numu_health_number(numu_health_point point);
bool numu_health_is_gao(numu_health_point point);

typedef enum numu_health_verdict {
    NUMU_HEALTH_MET,
    NUMU_HEALTH_NOT_MET,
    NUMU_HEALTH_UNKNOWN /* there is nothing to judge it by */
} numu_health_verdict;

struct numu_health_line {
    numu_health_verdict verdict;
    int64_t count, of;    /* how many of how many; of 0 where there is nothing */
    double value;         /* share count ÷ of, or the index itself; NAN = unknown */
    double limit;         /* of the value */
    bool is_least;        /* the value shall be at least the limit, else at most */
    const numu_row *rows; /* those counted against it: rows of activity, or of precedence */
    uint32_t row_count;
    bool are_links;
};

/* In greater programmes merges are not looked for: all samples are kept in memory. */
enum { NUMU_HEALTH_MERGE_ACTIVITIES_MAX = 10000 };

struct numu_health {
    struct numu_health_line line[NUMU_HEALTH_COUNT];
    int dcma_met, dcma_known, gao_met, gao_known;
    const struct numu_merge *merges; /* activities are rows */
    uint32_t merge_count;
    double merge_percent;
    numu_day merge_origin; /* of their points */
};

/* Of a checked model. Lines' rows live in the arena. Fails as numu_cpm_schedule does. */
NUMU_MUST_CHECK numu_status numu_health_build(const struct numu_context *context,
                                              const struct numu_model *model,
                                              struct numu_arena *arena, struct numu_report *report,
                                              struct numu_health *out);

#endif
