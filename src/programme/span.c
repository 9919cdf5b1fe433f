/*
 * span.c - calendars walked once for each number of periods.
 */
#include "programme/span.h"

static struct numu_span walk(const struct numu_project_calendar *calendar, numu_period periods) {
    struct numu_span span = {NUMU_PERIOD_MAX, 0};
    if (calendar->rank == NULL || periods == 0) {
        return (struct numu_span){periods, periods};
    }
    for (numu_period from = 0; from < calendar->horizon; from++) {
        numu_period until = numu_domain_point(calendar, calendar->rank[from] + periods);
        numu_period points = until - from;
        span.most = points > span.most ? points : span.most;
        span.least = points < span.least && until <= calendar->horizon ? points : span.least;
    }
    span.least = span.least < NUMU_PERIOD_MAX ? span.least : periods;
    return span;
}

struct numu_span numu_span(struct numu_spans *spans, const struct numu_project *project,
                           uint32_t calendar, numu_period periods) {
    struct numu_kept_span *kept = &spans->kept[periods % NUMU_SPANS_KEPT];
    if (!kept->is_known || kept->calendar != calendar || kept->periods != periods) {
        *kept = (struct numu_kept_span){true, calendar, periods,
                                        walk(&project->calendars[calendar], periods)};
    }
    return kept->span;
}

numu_status numu_span_least_of_modes(const struct numu_project *project, struct numu_arena *arena,
                                     numu_period **out) {
    struct numu_spans spans = {0};
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
