/*
 * span.c - calendars walked once for each number of periods.
 */
#include "programme/span.h"

/* Where one of the two calendars works every point it may have no tables. */
static struct numu_span walk(const struct numu_project_calendar *calendar,
                             const struct numu_project_calendar *counted, numu_period periods) {
    const struct numu_project_calendar *own = calendar->rank == NULL ? NULL : calendar;
    struct numu_span span = {NUMU_PERIOD_MAX, 0};
    if ((own == NULL && counted == NULL) || periods == 0) {
        return (struct numu_span){periods, periods};
    }
    const numu_period horizon = own == NULL ? counted->horizon : own->horizon;
    for (numu_period from = 0; from < horizon; from++) {
        numu_period until = numu_domain_finish(own, numu_domain_finish_until(own, from) + periods);
        numu_period counts =
            numu_domain_finish_until(counted, until) - numu_domain_finish_until(counted, from);
        span.most = until - from > span.most ? until - from : span.most;
        span.least = counts < span.least && until <= horizon ? counts : span.least;
    }
    if (span.least == NUMU_PERIOD_MAX) {
        span.least = counted == NULL ? periods : 0;
    }
    return span;
}

struct numu_span numu_span(struct numu_spans *spans, const struct numu_project *project,
                           uint32_t calendar, numu_period periods) {
    const uint32_t stride = 17; /* tasks of one length in several calendars are common */
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
