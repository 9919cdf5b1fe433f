/*
 * simulate_slack.c - the latest beginnings, from the end back, and the slack that they leave.
 */
#include "programme/simulate_parts.h"

static void hold_back(const struct numu_simulator *simulator, uint32_t a,
                      const numu_period *duration, size_t stride,
                      struct numu_simulator_room *room) {
    const struct numu_project *project = simulator->project;
    for (uint32_t i = project->first_in[a]; i < project->first_in[a + 1]; i++) {
        const struct numu_simulator_link *link = &simulator->links[i];
        if (link->has_happened) {
            continue;
        }
        numu_period *before = room->late[link->before];
        for (size_t lane = 0; lane < NUMU_LANES; lane++) {
            before[lane] =
                at_most(before[lane],
                        numu_period_allowed(
                            calendar_of(simulator, link->before), calendar_of(simulator, a),
                            link->leaves_start, link->enters_finish, link->lag, room->late[a][lane],
                            duration[link->before * stride + lane], duration[a * stride + lane]));
        }
    }
}

/* Working periods from one point to another; 0 where it lies before. */
static numu_period worked_between(const struct numu_project_calendar *calendar, numu_period from,
                                  numu_period to) {
    if (to <= from) {
        return 0;
    }
    return calendar->rank == NULL ? to - from : calendar->rank[to] - calendar->rank[from];
}

void numu_simulate_slack(const struct numu_simulator *simulator, const numu_period *duration,
                         size_t stride, struct numu_simulator_room *room) {
    const struct numu_project *project = simulator->project;
    const struct numu_lanes *lanes = &room->lanes;
    for (uint32_t a = 0; a < project->activity_count; a++) {
        for (size_t lane = 0; lane < NUMU_LANES; lane++) {
            room->late[a][lane] = numu_period_retreat(calendar_of(simulator, a), lanes->whole[lane],
                                                      duration[a * stride + lane]);
        }
    }
    for (uint32_t n = project->activity_count; n-- > 0;) {
        uint32_t a = project->order[n];
        bool is_finished = project->state[a] == NUMU_ACTIVITY_FINISHED;
        for (size_t lane = 0; lane < NUMU_LANES; lane++) {
            room->late[a][lane] = numu_period_last_worked(
                calendar_of(simulator, a), room->late[a][lane], duration[a * stride + lane]);
            bool has_none = is_finished || lanes->critical[a][lane] != 0;
            lanes->slack[a][lane] =
                has_none ? 0
                         : worked_between(calendar_of(simulator, a), lanes->resume[a][lane],
                                          room->late[a][lane]);
        }
        if (!is_finished) {
            hold_back(simulator, a, duration, stride, room);
        }
    }
}
