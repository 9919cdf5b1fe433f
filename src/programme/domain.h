/*
 * domain.h - what can still move in a project, as whole numbers: what bounds and the exact search
 * reason on.
 *
 * A task is an activity that is not finished. Its position k says where it stands: for work in a
 * calendar of its own the worked periods before it, so that every whole number is a start that the
 * calendar allows; for milestones, and where every period is worked, simply the point. For work
 * under way it is where it is taken up again (`resume` of cpm.c).
 *
 *     start(k)      the k-th worked period (k from 0)
 *     finish(k + d) the end of the (k + d)-th
 *
 * A link is one inequality between u = k (+ d where it leaves the finish) of the task before and
 * w = k (+ d where it enters the finish) of the task after, both rising:
 *
 *     w >= up(u),  which is the same as  u <= down(w)       (a Galois connection, calendar.h [K2])
 *
 * [Q1] Tasks are numbered in topological order: links lead from lower to higher numbers.
 * [Q2] Beyond the horizon of a calendar and before 0 every period counts as worked, so that all
 *      functions here are total; schedules inside the horizon never see it.
 * [Q3] What has happened is folded in: finished work and dates that have happened only raise
 *      `position_min` of the tasks after them, and `makespan_min`.
 */
#ifndef NUMU_PROGRAMME_DOMAIN_H
#define NUMU_PROGRAMME_DOMAIN_H

#include "base/context.h"
#include "programme/project.h"

#define NUMU_NO_TASK UINT32_MAX

struct numu_domain_link {
    uint32_t before, after; /* tasks */
    uint32_t row;           /* link of the project */
    bool leaves_finish, enters_finish;
    bool is_plain; /* up(u) = u + lag */
    numu_period lag;
};

struct numu_domain {
    const struct numu_project *project;
    uint32_t task_count;
    uint32_t *activity; /* by task */
    uint32_t *task;     /* by activity; NUMU_NO_TASK = finished */
    /* by task; NULL = every period is worked */
    const struct numu_project_calendar **calendar;
    numu_period *duration_min, *duration_max; /* over its modes */
    numu_period *position_min;
    /*
     * False where something is only relaxed here, which bounds may do and a search may not: an
     * activity in a calendar with modes both with and without duration, whose starts differ (it
     * counts as one without); a date that has happened and asks for a finish that depends on the
     * mode (the longest counts).
     */
    bool is_exact;
    numu_period makespan_min; /* data date and finished work */

    uint32_t link_count;
    struct numu_domain_link *link; /* by task before, in the order of the project */
    uint32_t *first_out;           /* links out of task n: first_out[n] … first_out[n + 1] - 1 */
    uint32_t *first_in, *link_in;  /* links into it: link_in[first_in[n]] … */
};

/* Builds the domain of a project, which must outlive it. Arrays live in the arena. */
NUMU_MUST_CHECK numu_status numu_domain_build(const struct numu_project *project,
                                              struct numu_arena *arena, struct numu_domain *out);

/* Orders two periods, for qsort. */
int numu_period_compare(const void *a, const void *b);

/* Worked periods before a point, [Q2]. */
static inline numu_period numu_domain_rank(const struct numu_project_calendar *calendar,
                                           numu_period point) {
    if (point < 0) {
        return point;
    }
    if (point > calendar->horizon) {
        return calendar->rank[calendar->horizon] + (point - calendar->horizon);
    }
    return calendar->rank[point];
}

/* The least point with so many worked periods before it, [Q2]. */
static inline numu_period numu_domain_point(const struct numu_project_calendar *calendar,
                                            numu_period rank) {
    if (rank < 0) {
        return rank;
    }
    if (rank > calendar->rank[calendar->horizon]) {
        return calendar->horizon + (rank - calendar->rank[calendar->horizon]);
    }
    return calendar->point[rank];
}

/* start(k) and finish(k + d) in a calendar, NULL = plain. */
static inline numu_period numu_domain_start(const struct numu_project_calendar *calendar,
                                            numu_period position) {
    return calendar == NULL ? position : numu_domain_point(calendar, position + 1) - 1;
}
static inline numu_period numu_domain_finish(const struct numu_project_calendar *calendar,
                                             numu_period position_and_duration) {
    return calendar == NULL ? position_and_duration
                            : numu_domain_point(calendar, position_and_duration);
}

/* The least k with start(k) >= point, the greatest with start(k) <= point. */
static inline numu_period numu_domain_start_from(const struct numu_project_calendar *calendar,
                                                 numu_period point) {
    return calendar == NULL ? point : numu_domain_rank(calendar, point);
}
static inline numu_period numu_domain_start_until(const struct numu_project_calendar *calendar,
                                                  numu_period point) {
    return calendar == NULL ? point : numu_domain_rank(calendar, point + 1) - 1;
}

/* The least k + d with finish(k + d) >= point, the greatest with finish(k + d) <= point. */
static inline numu_period numu_domain_finish_from(const struct numu_project_calendar *calendar,
                                                  numu_period point) {
    return calendar == NULL ? point : numu_domain_rank(calendar, point - 1) + 1;
}
static inline numu_period numu_domain_finish_until(const struct numu_project_calendar *calendar,
                                                   numu_period point) {
    return calendar == NULL ? point : numu_domain_rank(calendar, point);
}

/* The least w that a link allows where the task before stands at u. */
numu_period numu_domain_up(const struct numu_domain *domain, const struct numu_domain_link *link,
                           numu_period u);
/* The greatest u that a link allows where the task after stands at w. */
numu_period numu_domain_down(const struct numu_domain *domain, const struct numu_domain_link *link,
                             numu_period w);

/*
 * Raises `earliest` of one task to what the links into it ask; lowers `latest` to what those out of
 * it allow. Where durations depend on the mode both ask no more than some mode does.
 */
void numu_domain_raise(const struct numu_domain *domain, uint32_t task, numu_period *earliest);
void numu_domain_lower(const struct numu_domain *domain, uint32_t task, numu_period *latest);

/* The greatest lateness, in sum, of schedules that are done by `finish`. */
int64_t numu_domain_lateness_max(const struct numu_domain *domain, numu_period finish);

#endif
