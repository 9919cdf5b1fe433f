/*
 * simulate_network.c - the network in lanes.
 *
 * Loops over NUMU_LANES numbers are written so that compilers turn each into a few vector
 * instructions: no branches, no calls, one array a quantity.
 */
#include "programme/simulate_parts.h"

#include <string.h>

static inline numu_period asked(const struct numu_simulator *simulator,
                                const struct numu_lanes *lanes,
                                const struct numu_simulator_link *link, uint32_t after,
                                numu_period duration, int lane) {
    return asked_from(simulator, link, after, lanes->start[link->before][lane],
                      lanes->finish[link->before][lane], duration);
}

/* out = max(out, from + lag): the link that most links are. */
static void raise_by(numu_period *restrict out, const numu_period *restrict from, numu_period lag) {
    for (int i = 0; i < NUMU_LANES; i++) {
        numu_period value = from[i] + lag;
        out[i] = out[i] > value ? out[i] : value;
    }
}

static void asked_lanes(const struct numu_simulator *simulator, const struct numu_lanes *lanes,
                        const struct numu_simulator_link *link, uint32_t after,
                        const numu_period *duration, numu_period *out) {
    for (int i = 0; i < NUMU_LANES; i++) {
        out[i] = asked(simulator, lanes, link, after, duration[i], i);
    }
}

/* A link that asks no more than a date of the one before, later or earlier by whole periods. */
static bool is_plain(const struct numu_simulator *simulator,
                     const struct numu_simulator_link *link) {
    uint32_t calendar = simulator->project->calendar[link->before];
    return !link->enters_finish &&
           (link->lag == 0 || simulator->project->calendars[calendar].rank == NULL);
}

static void work_lanes(const struct numu_project_calendar *calendar, numu_period horizon,
                       const numu_period *restrict duration, numu_period *restrict resume,
                       numu_period *restrict finish) {
    if (calendar->rank == NULL) {
        for (int i = 0; i < NUMU_LANES; i++) {
            numu_period point = resume[i] < horizon ? resume[i] : horizon;
            numu_period end = point + duration[i];
            resume[i] = point;
            finish[i] = end < horizon ? end : horizon;
        }
        return;
    }
    numu_period last = calendar->rank[horizon];
    for (int i = 0; i < NUMU_LANES; i++) {
        numu_period point = at_most(resume[i], horizon);
        numu_period rank = calendar->rank[point];
        numu_period first = calendar->point[at_most(rank + 1, last)] - 1;
        numu_period end = calendar->point[at_most(rank + duration[i], last)];
        bool works = duration[i] > 0;
        first = rank + 1 > last ? horizon : first;
        end = rank + duration[i] > last ? horizon : end;
        resume[i] = works ? first : point;
        finish[i] = works ? end : point;
    }
}

void numu_simulate_network(const struct numu_simulator *simulator, const numu_period *duration,
                           size_t stride, struct numu_lanes *lanes) {
    const struct numu_project *project = simulator->project;
    for (uint32_t n = 0; n < project->activity_count; n++) {
        uint32_t a = project->order[n];
        numu_period *resume = lanes->resume[a];
        if (project->state[a] == NUMU_ACTIVITY_FINISHED) {
            fill_lanes(lanes->start[a], project->actual_start[a]);
            fill_lanes(lanes->finish[a], project->actual_finish[a]);
            fill_lanes(resume, project->actual_finish[a]);
            continue;
        }
        const numu_period *own = duration + a * stride;
        fill_lanes(resume, simulator->floor[a]);
        for (uint32_t i = project->first_in[a]; i < project->first_in[a + 1]; i++) {
            const struct numu_simulator_link *link = &simulator->links[i];
            if (is_plain(simulator, link)) {
                raise_by(resume,
                         link->leaves_start ? lanes->start[link->before]
                                            : lanes->finish[link->before],
                         link->lag);
            } else {
                numu_period bound[NUMU_LANES];
                asked_lanes(simulator, lanes, link, a, own, bound);
                raise_lanes(resume, bound);
            }
        }
        work_lanes(calendar_of(simulator, a), simulator->horizon, own, resume, lanes->finish[a]);
        if (project->state[a] == NUMU_ACTIVITY_STARTED) {
            fill_lanes(lanes->start[a], project->actual_start[a]);
        } else {
            memcpy(lanes->start[a], resume, sizeof lanes->start[a]);
        }
    }
}

void numu_network_critical(const struct numu_simulator *simulator, const numu_period *duration,
                           size_t stride, struct numu_lanes *lanes) {
    const struct numu_project *project = simulator->project;
    for (uint32_t a = 0; a < project->activity_count; a++) {
        for (int i = 0; i < NUMU_LANES; i++) {
            lanes->critical[a][i] = -(lanes->finish[a][i] == lanes->whole[i]);
        }
    }
    for (uint32_t n = project->activity_count; n-- > 0;) {
        uint32_t a = project->order[n];
        numu_period *own = lanes->critical[a];
        if (project->state[a] == NUMU_ACTIVITY_FINISHED) {
            fill_lanes(own, 0);
            continue;
        }
        const struct numu_project_calendar *calendar = calendar_of(simulator, a);
        for (uint32_t i = project->first_in[a]; i < project->first_in[a + 1]; i++) {
            const struct numu_simulator_link *link = &simulator->links[i];
            numu_period bound[NUMU_LANES];
            if (link->has_happened) {
                continue;
            }
            const numu_period *length = duration + a * stride;
            asked_lanes(simulator, lanes, link, a, length, bound);
            numu_period *before = lanes->critical[link->before];
            for (int k = 0; k < NUMU_LANES; k++) {
                numu_period point = at_most(bound[k], simulator->horizon);
                if (length[k] > 0 && point >= 0) { /* what is asked before 0 drives nothing */
                    point = next_worked(calendar, simulator->horizon, point);
                }
                before[k] |= own[k] & -(point == lanes->resume[a][k]);
            }
        }
    }
}
