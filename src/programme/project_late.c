/*
 * project_late.c - how late each activity may be done.
 */
#include "programme/project.h"

static void hold_back(const struct numu_project *project, const uint32_t *mode, uint32_t after,
                      numu_period *late) {
    const struct numu_project_calendar *next = &project->calendars[project->calendar[after]];
    for (uint32_t i = project->first_in[after]; i < project->first_in[after + 1]; i++) {
        uint32_t link = project->link_in[i];
        uint32_t before = project->link_before[link];
        uint8_t type = project->link_type[link];
        bool leaves_start = numu_link_leaves_start(type);
        bool enters_finish = numu_link_enters_finish(type);
        if (numu_project_has_happened(project, link)) {
            continue;
        }
        numu_period bound =
            numu_period_allowed(&project->calendars[project->calendar[before]], next, leaves_start,
                                enters_finish, project->link_lag[link], late[after],
                                project->duration[mode[before]], project->duration[mode[after]]);
        late[before] = bound < late[before] ? bound : late[before];
    }
}

numu_status numu_project_late_finish(const struct numu_project *project, const uint32_t *mode,
                                     numu_period finish, struct numu_arena *scratch,
                                     numu_period *out) {
    struct numu_arena_mark mark = numu_arena_mark(scratch);
    numu_period *late; /* resume */
    NUMU_TRY(NUMU_TAKE(scratch, &late, project->activity_count));
    for (uint32_t a = 0; a < project->activity_count; a++) {
        late[a] = numu_period_retreat(&project->calendars[project->calendar[a]], finish,
                                      project->duration[mode[a]]);
    }
    for (uint32_t n = project->activity_count; n-- > 0;) {
        uint32_t a = project->order[n];
        const struct numu_project_calendar *calendar = &project->calendars[project->calendar[a]];
        numu_period length = project->duration[mode[a]];
        if (project->state[a] == NUMU_ACTIVITY_FINISHED) {
            out[a] = project->actual_finish[a];
            continue;
        }
        late[a] = numu_period_last_worked(calendar, late[a], length);
        out[a] = late[a] < 0 ? late[a] + length : numu_period_advance(calendar, late[a], length);
        hold_back(project, mode, a, late);
    }
    numu_arena_rewind(scratch, mark);
    return NUMU_OK;
}
