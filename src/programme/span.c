/*
 * span.c - calendars walked once for each number of periods, from one worked period to the next.
 */
#include "programme/span.h"

/* Where every point is worked. */
static struct numu_span walk_points(const struct numu_project_calendar *counted,
                                    numu_period periods) {
    struct numu_span span = {NUMU_PERIOD_MAX, periods};
    for (numu_period from = 0; from + periods <= counted->horizon; from++) {
        numu_period counts = counted->rank[from + periods] - counted->rank[from];
        span.least = counts < span.least ? counts : span.least;
    }
    return span;
}

/* The n-th worked period ends at point[n]: whoever waits for the next waits from there on. */
static struct numu_span walk_periods(const struct numu_project_calendar *own,
                                     const struct numu_project_calendar *counted,
                                     numu_period periods) {
    const numu_period worked = own->rank[own->horizon];
    struct numu_span span = {NUMU_PERIOD_MAX, 0};
    for (numu_period n = 0; n + periods <= worked; n++) {
        numu_period until = own->point[n + periods];
        numu_period counts = numu_domain_finish_until(counted, until) -
                             numu_domain_finish_until(counted, own->point[n + 1] - 1);
        numu_period points = until - own->point[n];
        span.least = counts < span.least ? counts : span.least;
        span.most = points > span.most ? points : span.most;
    }
    for (numu_period n = worked < periods ? 0 : worked - periods + 1;
         n <= worked && own->point[n] < own->horizon; n++) { /* on beyond the horizon */
        numu_period points = numu_domain_point(own, n + periods) - own->point[n];
        span.most = points > span.most ? points : span.most;
    }
    return span;
}

static struct numu_span walk(const struct numu_project_calendar *calendar,
                             const struct numu_project_calendar *counted, numu_period periods) {
    struct numu_span span = {periods, periods};
    if (periods == 0 || (calendar->rank == NULL && counted == NULL)) {
        return span;
    }
    span = calendar->rank == NULL ? walk_points(counted, periods)
                                  : walk_periods(calendar, counted, periods);
    if (span.least == NUMU_PERIOD_MAX) {
        span.least = counted == NULL ? periods : 0;
    }
    return span;
}

struct numu_span numu_span(struct numu_spans *spans, const struct numu_project *project,
                           uint32_t calendar, numu_period periods) {
    const uint32_t stride = NUMU_SPANS_KEPT / 4 + 1; /* one length in several calendars is common */
    struct numu_kept_span *kept =
        &spans->kept[((uint32_t)periods + calendar * stride) % NUMU_SPANS_KEPT];
    if (!kept->is_known || kept->calendar != calendar || kept->periods != periods) {
        *kept = (struct numu_kept_span){
            true, calendar, periods, walk(&project->calendars[calendar], spans->counted, periods)};
    }
    return kept->span;
}

numu_status numu_span_least_of_modes(const struct numu_project *project,
                                     const struct numu_project_calendar *counted,
                                     struct numu_arena *arena, numu_period **out) {
    struct numu_spans spans = {.counted = counted};
    numu_period *least;
    NUMU_TRY(NUMU_TAKE(arena, &least, project->mode_count));
    for (uint32_t activity = 0; activity < project->activity_count; activity++) {
        for (uint32_t mode = project->first_mode[activity];
             mode < project->first_mode[activity + 1]; mode++) {
            least[mode] =
                numu_span(&spans, project, project->calendar[activity], project->duration[mode])
                    .least;
        }
    }
    *out = least;
    return NUMU_OK;
}

numu_status numu_span_least_of_tasks(const struct numu_domain *domain, const numu_period *of_mode,
                                     struct numu_arena *arena, numu_period **out) {
    const struct numu_project *project = domain->project;
    numu_period *least;
    NUMU_TRY(NUMU_TAKE(arena, &least, domain->task_count));
    for (uint32_t task = 0; task < domain->task_count; task++) {
        uint32_t mode = project->first_mode[domain->activity[task]];
        uint32_t end = project->first_mode[domain->activity[task] + 1];
        least[task] = of_mode[mode];
        for (mode++; mode < end; mode++) {
            least[task] = of_mode[mode] < least[task] ? of_mode[mode] : least[task];
        }
    }
    *out = least;
    return NUMU_OK;
}
