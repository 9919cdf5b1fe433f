/*
 * project.h - a project as the schedulers see it: numbers only, whether it came from a package, a
 * benchmark file or another tool's file.
 *
 * Time is counted in whole periods from 0 = the beginning of the first one; a point p is the
 * beginning of period p. Where the project stands in the calendar (`origin`), a period is a day
 * and point p is day origin + p; elsewhere periods are just numbers.
 *
 * An activity of d working periods that starts at point S finishes at F = advance(S, d) in its own
 * calendar, without interruption, and holds its renewable resources during [S, F). A link of type
 * XY with lag l asks Y(after) >= advance(X(before), l) in the calendar of the activity before, as
 * in cpm.h; a schedule in which nothing is scarce is that of cpm.h.
 *
 * [J1] Modes of activity a are first_mode[a] … first_mode[a + 1] - 1, at least one each; needs of
 *      mode m are first_need[m] … first_need[m + 1] - 1, by resource ascending, units above 0.
 * [J2] Steps of resource r are first_step[r] … first_step[r + 1] - 1, by time ascending, the first
 *      at 0: of a renewable one the units that are there from that time on, of a consumable one
 *      all units supplied up to and including that time (an activity takes them at its start).
 * [J3] Links lead forward in `order`, a topological order; ties by number. There is no cycle.
 * [J4] Links in are link_in[first_in[a]] … link_in[first_in[a + 1] - 1], links out likewise.
 * [J5] What has happened: finished work keeps both dates and links into it ask nothing; started
 *      work keeps its start, its `duration` is what remains, and that runs from data_date on, not
 *      before its predecessors allow (retained logic): it holds its resources while it runs.
 *      Nothing else starts before data_date.
 * [J6] Units are whole numbers: those of resource r are scaled by 10^unit_decimals[r].
 * [J7] Deadlines never make a project infeasible: lateness against them is reported, and the
 *      search minimises the sum of lateness first, then the finish of the whole.
 * [J8] What is taken up again lies where a schedule says `resume`: for planned work that is its
 *      start, for started work the point from which its remaining duration runs.
 */
#ifndef NUMU_PROGRAMME_PROJECT_H
#define NUMU_PROGRAMME_PROJECT_H

#include "model/calendar.h"
#include "model/network.h"

typedef int32_t numu_period;
#define NUMU_NO_PERIOD INT32_MIN
#define NUMU_PERIOD_MAX (INT32_C(1) << 28)  /* every date is below */
#define NUMU_HORIZON_MAX (INT32_C(1) << 24) /* and every horizon at most this: tables reach there */

typedef enum numu_activity_state {
    NUMU_ACTIVITY_PLANNED,
    NUMU_ACTIVITY_STARTED,
    NUMU_ACTIVITY_FINISHED
} numu_activity_state;

/*
 * Working periods of a calendar: rank[t] = worked periods before point t, t = 0 … horizon;
 * point[k] = the least point with k worked periods before it, k = 0 … rank[horizon]. Both NULL:
 * every period is worked.
 */
struct numu_project_calendar {
    const numu_period *rank, *point;
    numu_period horizon;
};

struct numu_project {
    struct numu_text name;
    uint32_t source; /* the file, for findings about the whole; NUMU_NO_SOURCE = none */
    numu_day origin; /* day of point 0; NUMU_NO_DAY = periods are just numbers */
    numu_period data_date;
    /*
     * All work one after another in its longest modes, from the last date that anything waits for:
     * no schedule generation scheme goes beyond. Tables of calendars reach that far.
     */
    numu_period horizon;
    uint32_t activity_count, mode_count, need_count, resource_count, step_count, link_count;
    uint32_t calendar_count;

    /* by activity */
    struct numu_text *id, *title;
    struct numu_place *place; /* where the user wrote it; NULL = no places are known */
    uint32_t *first_mode;     /* one more at the end */
    numu_period *release;     /* not before; 0 = none */
    numu_period *deadline;    /* finish at this point or before; NUMU_NO_PERIOD = none */
    bool *is_promised;        /* some promise is kept when it finishes; NULL = none are known */
    uint8_t *state;           /* numu_activity_state */
    numu_period *actual_start, *actual_finish; /* NUMU_NO_PERIOD where it has not happened */
    uint32_t *calendar;
    uint32_t *first_in, *link_in, *first_out, *link_out; /* [J4] */
    uint32_t *order;                                     /* [J3] */

    /* by mode */
    struct numu_text *mode_id; /* empty where an activity has one mode only */
    numu_row *mode_row;    /* row of model.mode; NUMU_NONE = the activity's own, or no package */
    numu_period *duration; /* working periods; what remains, for started work */
    double *cost;          /* major units of the reporting currency; 0 = none */
    uint32_t *first_need;  /* one more at the end */
    /* by need */
    uint32_t *need_resource;
    int32_t *need_units;
    struct numu_place *need_place; /* where the user wrote it; NULL = no places are known */

    /* by resource */
    struct numu_text *resource_id, *resource_title;
    bool *is_consumable;
    uint8_t *unit_decimals; /* [J6] */
    uint32_t *first_step;   /* one more at the end */
    /* by step */
    numu_period *step_time;
    int32_t *step_units;

    /* by link */
    uint32_t *link_before, *link_after;
    uint8_t *link_type;            /* enum numu_link of model.h */
    numu_period *link_lag;         /* working periods in the calendar of the activity before */
    struct numu_place *link_place; /* where the user wrote it; NULL = no places are known */

    struct numu_project_calendar *calendars;

    /* Where rests were cut out, worked.h: its points and deadlines in the whole; else NULL. */
    const struct numu_project_calendar *whole_time;
    const numu_period *whole_deadline;
};

/*
 * advance of calendar.h, [K1]. Results stop at 0 and at the horizon, where tables end.
 */
static inline numu_period numu_period_advance(const struct numu_project_calendar *calendar,
                                              numu_period point, numu_period periods) {
    if (calendar->rank == NULL || periods == 0) {
        return point + periods;
    }
    numu_period rank = calendar->rank[point] + periods;
    if (rank < 0) {
        return 0;
    }
    if (rank > calendar->rank[calendar->horizon]) {
        return calendar->horizon;
    }
    /* forward: the end of the n-th worked period; back: the beginning of the n-th one before */
    return periods > 0 ? calendar->point[rank] : calendar->point[rank + 1] - 1;
}

/*
 * retreat of calendar.h, [K2]: the greatest point p with advance(p, periods) <= point; below 0
 * where no point from 0 on is one. Stops at the horizon.
 */
static inline numu_period numu_period_retreat(const struct numu_project_calendar *calendar,
                                              numu_period point, numu_period periods) {
    if (calendar->rank == NULL || periods == 0) {
        return point - periods;
    }
    if (point < 0) {
        return -1;
    }
    if (periods < 0 && point >= calendar->horizon) {
        return calendar->horizon;
    }
    numu_period rank =
        (periods > 0 ? calendar->rank[point] + 1 : calendar->rank[point + 1]) - periods;
    if (rank <= 0) {
        return -1;
    }
    if (rank > calendar->rank[calendar->horizon]) {
        return calendar->horizon;
    }
    return calendar->point[rank] - 1;
}

/* The first worked period at or after a point; the horizon where there is none. */
static inline numu_period numu_period_next_worked(const struct numu_project_calendar *calendar,
                                                  numu_period point) {
    if (calendar->rank == NULL || point >= calendar->horizon) {
        return point;
    }
    numu_period rank = calendar->rank[point] + 1;
    return rank > calendar->rank[calendar->horizon] ? calendar->horizon : calendar->point[rank] - 1;
}

/* The point of the whole that a point of worked time stands for; beyond its end, the horizon. */
static inline numu_period numu_worked_point(const struct numu_project_calendar *time,
                                            numu_period point) {
    return point <= time->rank[time->horizon] ? time->point[point] : time->horizon;
}

/* Periods that an activity is late [J7] where it finishes at a point; of the whole. */
static inline numu_period numu_project_lateness(const struct numu_project *project,
                                                uint32_t activity, numu_period finish) {
    numu_period deadline = project->deadline[activity];
    if (deadline == NUMU_NO_PERIOD || finish <= deadline) {
        return 0;
    }
    return project->whole_time == NULL
               ? finish - deadline
               : numu_worked_point(project->whole_time, finish) - project->whole_deadline[activity];
}

/* The last point at which an activity with a deadline is no later than that. */
static inline numu_period numu_project_finish_until(const struct numu_project *project,
                                                    uint32_t activity, numu_period lateness) {
    const struct numu_project_calendar *time = project->whole_time;
    int64_t point = lateness;
    point += time == NULL ? project->deadline[activity] : project->whole_deadline[activity];
    if (point >= (time == NULL ? NUMU_PERIOD_MAX : time->horizon)) {
        return NUMU_PERIOD_MAX;
    }
    return time == NULL ? (numu_period)point : time->rank[point];
}

/*
 * Going back: the latest point at which the activity before a link may resume, so that the one
 * after, `length` long, may resume as late as `late`. `own` and `next` are their calendars. Results
 * may lie below 0.
 */
static inline numu_period numu_period_allowed(const struct numu_project_calendar *own,
                                              const struct numu_project_calendar *next,
                                              bool leaves_start, bool enters_finish,
                                              numu_period lag, numu_period late,
                                              numu_period before_length, numu_period length) {
    numu_period to = enters_finish && late >= 0 ? numu_period_advance(next, late, length) : late;
    to = numu_period_retreat(own, to, lag);
    return leaves_start ? to : numu_period_retreat(own, to, before_length);
}

/* The latest worked period at or before a point, where work of some length begins. */
static inline numu_period numu_period_last_worked(const struct numu_project_calendar *calendar,
                                                  numu_period point, numu_period length) {
    return length > 0 ? numu_period_retreat(calendar, point + 1, 1) : point;
}

/* Whether what a link leaves has happened: then it asks for a date that never moves. */
static inline bool numu_project_has_happened(const struct numu_project *project, uint32_t link) {
    uint8_t state = project->state[project->link_before[link]];
    return state == NUMU_ACTIVITY_FINISHED ||
           (state == NUMU_ACTIVITY_STARTED && numu_link_leaves_start(project->link_type[link]));
}

/* Where findings about the whole point to. */
struct numu_place numu_project_whole(const struct numu_project *project);
/* What a mode needs of a resource; 0 = nothing. */
int32_t numu_project_need(const struct numu_project *project, uint32_t mode, uint32_t resource);
/* What there is of a resource at most, at any time. */
int32_t numu_project_most(const struct numu_project *project, uint32_t resource);

/*
 * The latest finish of each activity that links and calendars leave, so that all is done at
 * `finish`: with the mode of each activity, nothing being scarce. Of finished work it is its own.
 */
NUMU_MUST_CHECK numu_status numu_project_late_finish(const struct numu_project *project,
                                                     const uint32_t *mode, numu_period finish,
                                                     struct numu_arena *scratch, numu_period *out);

/*
 * --- making one ---
 *
 * A reader takes the arrays from an arena with numu_project_take, once it knows the counts, fills
 * everything but horizon, indices ([J3], [J4]) and calendars, and calls numu_project_finish.
 */

/*
 * Arrays of the counts in *project, zero-filled but for deadlines, actual dates (none) and link
 * types (FS); places stay NULL. NUMU_MEMORY, NUMU_LIMIT.
 */
NUMU_MUST_CHECK numu_status numu_project_take(struct numu_arena *arena,
                                              struct numu_project *project);

/*
 * Derives the horizon, the indices and the tables of calendars; `calendars` has calendar_count of
 * them, or is NULL: every period is worked. Checks what the search could only fail on: a cycle of
 * links (precedence-cycle), an activity that needs more of a resource than there ever is in each
 * of its modes, or all together more of a consumable one than is ever supplied
 * (resource-too-scarce), a horizon above NUMU_HORIZON_MAX (project-too-large). All
 * findings in one run, then NUMU_INVALID.
 */
NUMU_MUST_CHECK numu_status numu_project_finish(struct numu_arena *arena,
                                                const struct numu_calendar *const *calendars,
                                                struct numu_report *report,
                                                struct numu_project *project);

/*
 * The project of a package: an activity's own row is its first mode, rows of `mode` are others;
 * assignments without a mode belong to all. Work under way has one mode, its own. Dates agree with
 * numu_cpm_schedule wherever nothing is scarce. Texts point into the model. NUMU_INVALID as above.
 */
NUMU_MUST_CHECK numu_status numu_project_build(const struct numu_context *context,
                                               const struct numu_model *model,
                                               const struct numu_calendars *calendars,
                                               struct numu_arena *arena, struct numu_report *report,
                                               struct numu_project *out);

#endif
