/*
 * span.h - how many points so many worked periods of a calendar take, from the beginning of the
 * first to the end of the last: five days from a Monday are five, six are eight.
 */
#ifndef NUMU_PROGRAMME_SPAN_H
#define NUMU_PROGRAMME_SPAN_H

#include "programme/domain.h"

struct numu_span {
    numu_period least; /* that count, wherever they lie inside the calendar; where they never do
                          their number, or 0 where not every point counts */
    numu_period most;  /* from any point on, the wait for the first included */
};

/* Spans that were asked for lately: a project has few calendars, and many tasks as long. */
enum { NUMU_SPANS_KEPT = 1024 };

struct numu_spans {
    const struct numu_project_calendar *counted; /* whose worked points count; NULL = all do */
    struct numu_kept_span {
        bool is_known;
        uint32_t calendar;
        numu_period periods;
        struct numu_span span;
    } kept[NUMU_SPANS_KEPT]; /* none to begin with */
};

/* The span of so many periods, 0 or more, in a calendar of the project. */
struct numu_span numu_span(struct numu_spans *spans, const struct numu_project *project,
                           uint32_t calendar, numu_period periods);

/*
 * By mode of the project: how many points that count it takes at least of what it needs, in an
 * array of the arena. `counted` is that of numu_spans. NUMU_MEMORY, NUMU_LIMIT.
 */
NUMU_MUST_CHECK numu_status numu_span_least_of_modes(const struct numu_project *project,
                                                     const struct numu_project_calendar *counted,
                                                     struct numu_arena *arena, numu_period **out);

/* The least of them over the modes of each task. */
NUMU_MUST_CHECK numu_status numu_span_least_of_tasks(const struct numu_domain *domain,
                                                     const numu_period *of_mode,
                                                     struct numu_arena *arena, numu_period **out);

#endif
