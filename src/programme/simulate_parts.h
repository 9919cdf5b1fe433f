/*
 * simulate_parts.h - what the files of the simulator share: points moved by working periods, what
 * links ask, lanes without and with scarce resources. Not for others.
 */
#ifndef NUMU_PROGRAMME_SIMULATE_PARTS_H
#define NUMU_PROGRAMME_SIMULATE_PARTS_H

#include "programme/simulate.h"

/* --- points --- */

/* Stands for any point before 0. */
static const numu_period before_all = -NUMU_PERIOD_MAX;

static inline numu_period at_most(numu_period value, numu_period bound) {
    return value < bound ? value : bound;
}

static inline numu_period at_least(numu_period value, numu_period bound) {
    return value > bound ? value : bound;
}

/* advance of calendar.h, stopped at the horizon. */
static inline numu_period advance(const struct numu_project_calendar *calendar, numu_period horizon,
                                  numu_period point, numu_period periods) {
    if (calendar->rank == NULL || periods == 0) {
        return at_most(point + periods, horizon);
    }
    numu_period rank = calendar->rank[point] + periods;
    if (periods > 0) {
        return rank > calendar->rank[horizon] ? horizon : calendar->point[rank];
    }
    return rank + 1 <= 0 ? before_all : calendar->point[rank + 1] - 1;
}

/* The greatest point p with advance(p, periods) <= point, periods >= 0; may be below 0. */
static inline numu_period retreat(const struct numu_project_calendar *calendar, numu_period point,
                                  numu_period periods) {
    if (calendar->rank == NULL || periods == 0 || point < 0) {
        return point - periods;
    }
    numu_period rank = calendar->rank[point] - periods + 1;
    return rank <= 0 ? before_all : calendar->point[rank] - 1;
}

static inline numu_period next_worked(const struct numu_project_calendar *calendar,
                                      numu_period horizon, numu_period point) {
    if (calendar->rank == NULL) {
        return point;
    }
    numu_period rank = calendar->rank[point] + 1;
    return rank > calendar->rank[horizon] ? horizon : calendar->point[rank] - 1;
}

static inline const struct numu_project_calendar *
calendar_of(const struct numu_simulator *simulator, uint32_t activity) {
    return &simulator->project->calendars[simulator->project->calendar[activity]];
}

/* What a link asks of the resume of the activity after, before it is put on a worked period. */
static inline numu_period asked_from(const struct numu_simulator *simulator,
                                     const struct numu_simulator_link *link, uint32_t after,
                                     numu_period start, numu_period finish, numu_period duration) {
    const uint32_t *calendar = simulator->project->calendar;
    numu_period point = advance(&simulator->project->calendars[calendar[link->before]],
                                simulator->horizon, link->leaves_start ? start : finish, link->lag);
    if (link->enters_finish) {
        point = retreat(&simulator->project->calendars[calendar[after]], point - 1, duration) + 1;
    }
    return point;
}

/* --- lanes --- */

static inline void fill_lanes(numu_period *out, numu_period value) {
    for (int i = 0; i < NUMU_LANES; i++) {
        out[i] = value;
    }
}

static inline void raise_lanes(numu_period *restrict out, const numu_period *restrict value) {
    for (int i = 0; i < NUMU_LANES; i++) {
        out[i] = out[i] > value[i] ? out[i] : value[i];
    }
}

/* --- the ways of dating samples: numu_simulate and numu_simulate_critical, but for `whole` --- */

/* Where nothing is scarce. */
void numu_simulate_network(const struct numu_simulator *simulator, const numu_period *duration,
                           size_t stride, struct numu_lanes *lanes);
void numu_network_critical(const struct numu_simulator *simulator, const numu_period *duration,
                           size_t stride, struct numu_lanes *lanes);
/* By the policy. */
NUMU_MUST_CHECK numu_status numu_simulate_policy(const struct numu_simulator *simulator,
                                                 const numu_period *duration, size_t stride,
                                                 struct numu_simulator_room *room);
void numu_policy_critical(const struct numu_simulator *simulator, struct numu_simulator_room *room);

/* The least resume of an activity that links and dates allow, all before it being dated. */
static inline numu_period numu_policy_release(const struct numu_simulator *simulator, uint32_t a,
                                              numu_period duration, const numu_period *start,
                                              const numu_period *finish) {
    const struct numu_project *project = simulator->project;
    numu_period resume = simulator->floor[a];
    for (uint32_t i = project->first_in[a]; i < project->first_in[a + 1]; i++) {
        const struct numu_simulator_link *link = &simulator->links[i];
        numu_period point =
            asked_from(simulator, link, a, start[link->before], finish[link->before], duration);
        resume = at_least(resume, point);
    }
    resume = at_most(resume, simulator->horizon);
    return duration > 0 ? next_worked(calendar_of(simulator, a), simulator->horizon, resume)
                        : resume;
}

/* Units of the first few scarce resources in one word, in fields whose highest bit is free. */
enum { NUMU_WORD_RESOURCES = 4 };

static inline uint64_t numu_simulator_word(const int32_t units[NUMU_WORD_RESOURCES]) {
    uint64_t word = 0;
    for (int k = 0; k < NUMU_WORD_RESOURCES; k++) {
        word |= (uint64_t)at_least(0, at_most(units[k], INT16_MAX)) << 16 * k;
    }
    return word;
}

/* Whether no field of what is asked is more than that of what is free. */
static inline bool numu_simulator_word_fits(uint64_t asked, uint64_t is_free) {
    const uint64_t highest = UINT64_C(0x8000800080008000);
    return (((is_free | highest) - asked) & highest) == highest;
}

/* What the policy needs to know beforehand, and the room that its samples take. */
NUMU_MUST_CHECK numu_status numu_policy_init(struct numu_simulator *simulator,
                                             struct numu_arena *arena,
                                             const struct numu_simulator_options *options);
NUMU_MUST_CHECK numu_status numu_policy_take(const struct numu_simulator *simulator,
                                             struct numu_arena *arena,
                                             struct numu_policy_room *out);

#endif
