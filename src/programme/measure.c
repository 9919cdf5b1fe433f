/*
 * measure.c - which calendars are worth a measure.
 */
#include "programme/measure.h"

#include "programme/span.h"

#include <string.h>

/* By calendar: how many activities that take time are still to be done in it. */
static void count_work(const struct numu_project *project, uint32_t *work) {
    for (uint32_t a = 0; a < project->activity_count; a++) {
        if (project->state[a] != NUMU_ACTIVITY_FINISHED &&
            project->duration[project->first_mode[a]] > 0) {
            work[project->calendar[a]]++;
        }
    }
}

/* The calendar with most work that does not work every point; false = none has any. */
static bool find_most(const struct numu_project *project, const uint32_t *work, uint32_t *out) {
    uint32_t most = 0;
    for (uint32_t c = 0; c < project->calendar_count; c++) {
        if (project->calendars[c].rank != NULL && work[c] > most) {
            most = work[c];
            *out = c;
        }
    }
    return most > 0;
}

static bool is_known(const struct numu_measures *measures,
                     const struct numu_project_calendar *calendar) {
    for (uint32_t n = 1; n < measures->count; n++) {
        const struct numu_project_calendar *known = measures->list[n].calendar;
        if (known->horizon == calendar->horizon &&
            memcmp(known->rank, calendar->rank,
                   ((size_t)known->horizon + 1) * sizeof *known->rank) == 0) {
            return true;
        }
    }
    return false;
}

static numu_status add(const struct numu_project *project,
                       const struct numu_project_calendar *calendar, struct numu_arena *arena,
                       struct numu_measures *measures) {
    struct numu_measure *measure = &measures->list[measures->count++];
    measure->calendar = calendar;
    return numu_span_least_of_modes(project, calendar, arena, &measure->span);
}

numu_status numu_measures_find(const struct numu_project *project, struct numu_arena *arena,
                               struct numu_measures *out) {
    uint32_t *work, calendar = 0;
    *out = (struct numu_measures){0};
    NUMU_TRY(add(project, NULL, arena, out));
    NUMU_TRY(NUMU_TAKE(arena, &work, project->calendar_count));
    count_work(project, work);
    while (out->count < NUMU_MEASURES_MAX && find_most(project, work, &calendar)) {
        const struct numu_project_calendar *next = &project->calendars[calendar];
        work[calendar] = 0;
        NUMU_TRY(is_known(out, next) ? NUMU_OK : add(project, next, arena, out));
    }
    return NUMU_OK;
}

int64_t numu_measure_offered(const struct numu_project *project,
                             const struct numu_project_calendar *calendar, uint32_t resource,
                             numu_period counted) {
    uint32_t end = project->first_step[resource + 1];
    int64_t sum = 0;
    for (uint32_t step = project->first_step[resource]; step < end; step++) {
        numu_period low = numu_measure_before(calendar, project->step_time[step]);
        numu_period high =
            step + 1 < end ? numu_measure_before(calendar, project->step_time[step + 1]) : counted;
        if (low >= counted) {
            break;
        }
        sum += (int64_t)((high < counted ? high : counted) - low) * project->step_units[step];
    }
    return sum;
}
