/*
 * measure.h - time counted in the points that a calendar works.
 *
 * What tasks take of a stretch of time may be counted in points, or only in those that some
 * calendar works. Where most work is done on five days of the week, a week holds five days of it,
 * whatever stands there at the weekend; counted in points it seems to hold seven.
 *
 * A task takes its resources in one piece, from its start to its finish. Of the points that count
 * `span` at least lie in it, wherever it stands. So what holds of work in windows, counted in
 * points, holds in each measure by itself: of a window, of what is offered in it and of what must
 * fall into it only the points that count are looked at.
 */
#ifndef NUMU_PROGRAMME_MEASURE_H
#define NUMU_PROGRAMME_MEASURE_H

#include "programme/domain.h"

/* Of more calendars than that, less one, those have none in which the fewest activities work. */
enum { NUMU_MEASURES_MAX = 4 };

struct numu_measure {
    const struct numu_project_calendar *calendar; /* whose points count; NULL = all do */
    numu_period *span; /* by mode of the project: so many of them it takes at least */
};

struct numu_measures {
    uint32_t count;
    struct numu_measure list[NUMU_MEASURES_MAX]; /* all points first */
};

/* The measures of a project. Arrays live in the arena. NUMU_MEMORY, NUMU_LIMIT. */
NUMU_MUST_CHECK numu_status numu_measures_find(const struct numu_project *project,
                                               struct numu_arena *arena, struct numu_measures *out);

/* Units × points of a renewable resource on offer before so many points that count. */
int64_t numu_measure_offered(const struct numu_project *project,
                             const struct numu_project_calendar *calendar, uint32_t resource,
                             numu_period counted);

/* How many points that count lie before a point. */
static inline numu_period numu_measure_before(const struct numu_project_calendar *calendar,
                                              numu_period point) {
    return numu_domain_finish_until(calendar, point);
}

/* The least point, and the greatest, before which so many lie that count. */
static inline numu_period numu_measure_first(const struct numu_project_calendar *calendar,
                                             numu_period counted) {
    return numu_domain_finish(calendar, counted);
}
static inline numu_period numu_measure_last(const struct numu_project_calendar *calendar,
                                            numu_period counted) {
    return numu_domain_start(calendar, counted);
}

#endif
