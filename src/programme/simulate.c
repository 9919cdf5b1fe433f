/*
 * simulate.c - calendars that reach far enough, and samples with resources or without.
 */
#include "programme/simulate_parts.h"

#include <string.h>

/* --- calendars, drawn on to the horizon --- */

/*
 * Whether a period beyond the table is worked: as most of those before it in the same place of the
 * cycle, which is 168 periods where the table is long enough (weeks, be periods days or hours),
 * else 7.
 */
enum { CYCLE_MAX = 168, CYCLE_MIN = 7, CYCLES_LOOKED_AT = 9 };

struct cycle {
    numu_period length;
    bool worked[CYCLE_MAX];
};

static bool is_worked(const struct numu_project_calendar *calendar, numu_period period) {
    return calendar->rank[period + 1] > calendar->rank[period];
}

static void find_cycle(const struct numu_project_calendar *calendar, struct cycle *cycle) {
    bool is_worked_ever = false;
    cycle->length = calendar->horizon >= 3 * CYCLE_MAX ? CYCLE_MAX : CYCLE_MIN;
    for (numu_period k = 0; k < cycle->length; k++) {
        int votes = 0;
        for (numu_period n = 1; n <= CYCLES_LOOKED_AT; n++) {
            numu_period period = calendar->horizon - n * cycle->length + k;
            votes += period < 0 ? 0 : is_worked(calendar, period) ? 1 : -1;
        }
        cycle->worked[k] = votes > 0;
        is_worked_ever = is_worked_ever || cycle->worked[k];
    }
    for (int k = 0; k < cycle->length && !is_worked_ever; k++) {
        cycle->worked[k] = true; /* too short to tell */
    }
}

static numu_status extend(const struct numu_project_calendar *from,
                          const struct numu_calendar *calendar, numu_day origin,
                          numu_period horizon, struct numu_arena *arena,
                          struct numu_project_calendar *out) {
    *out = *from;
    if (from->rank == NULL || from->horizon >= horizon) {
        return NUMU_OK;
    }
    struct cycle cycle;
    numu_period *rank;
    numu_period *point;
    NUMU_TRY(NUMU_TAKE(arena, &rank, (size_t)horizon + 1));
    find_cycle(from, &cycle);
    memcpy(rank, from->rank, ((size_t)from->horizon + 1) * sizeof *rank);
    for (numu_period p = from->horizon; p < horizon; p++) {
        bool works = calendar == NULL ? cycle.worked[(p - from->horizon) % cycle.length]
                                      : numu_calendar_is_worked(calendar, origin + p);
        rank[p + 1] = rank[p] + works;
    }
    NUMU_TRY(NUMU_TAKE(arena, &point, (size_t)rank[horizon] + 1));
    for (numu_period p = horizon; p >= 0; p--) {
        point[rank[p]] = p;
    }
    *out = (struct numu_project_calendar){rank, point, horizon};
    return NUMU_OK;
}

/* --- preparing --- */

numu_status numu_project_extend(const struct numu_project *project,
                                const struct numu_calendar *calendars, numu_period horizon,
                                struct numu_arena *arena, struct numu_project *out) {
    struct numu_project_calendar *tables;
    bool is_known = calendars != NULL && project->origin != NUMU_NO_DAY;
    NUMU_TRY(NUMU_TAKE(arena, &tables, project->calendar_count));
    for (uint32_t c = 0; c < project->calendar_count; c++) {
        NUMU_TRY(extend(&project->calendars[c], is_known ? &calendars[c] : NULL, project->origin,
                        horizon, arena, &tables[c]));
    }
    *out = *project;
    out->calendars = tables;
    return NUMU_OK;
}

static numu_status prepare_network(struct numu_simulator *simulator, struct numu_arena *arena) {
    const struct numu_project *project = simulator->project;
    simulator->horizon = NUMU_PERIOD_MAX;
    for (uint32_t c = 0; c < project->calendar_count; c++) {
        const struct numu_project_calendar *calendar = &project->calendars[c];
        if (calendar->rank != NULL && calendar->horizon < simulator->horizon) {
            simulator->horizon = calendar->horizon;
        }
    }
    NUMU_TRY(NUMU_TAKE(arena, &simulator->floor, project->activity_count));
    NUMU_TRY(NUMU_TAKE(arena, &simulator->links, project->link_count));
    for (uint32_t a = 0; a < project->activity_count; a++) {
        simulator->floor[a] =
            project->release[a] > project->data_date ? project->release[a] : project->data_date;
        for (uint32_t i = project->first_in[a]; i < project->first_in[a + 1]; i++) {
            uint32_t link = project->link_in[i];
            simulator->links[i] = (struct numu_simulator_link){
                .before = project->link_before[link],
                .lag = project->link_lag[link],
                .leaves_start = numu_link_leaves_start(project->link_type[link]),
                .enters_finish = numu_link_enters_finish(project->link_type[link]),
                .has_happened = numu_project_has_happened(project, link)};
        }
    }
    return NUMU_OK;
}

numu_status numu_simulator_init(struct numu_simulator *simulator, struct numu_arena *arena,
                                const struct numu_project *project,
                                const struct numu_simulator_options *options) {
    *simulator =
        (struct numu_simulator){.project = project, .activity_count = project->activity_count};
    NUMU_TRY(prepare_network(simulator, arena));
    return numu_policy_init(simulator, arena, options);
}

numu_status numu_simulator_take(const struct numu_simulator *simulator, struct numu_arena *arena,
                                struct numu_simulator_room *out) {
    uint32_t count = simulator->activity_count;
    NUMU_TRY(NUMU_TAKE(arena, &out->lanes.start, count));
    NUMU_TRY(NUMU_TAKE(arena, &out->lanes.resume, count));
    NUMU_TRY(NUMU_TAKE(arena, &out->lanes.finish, count));
    NUMU_TRY(NUMU_TAKE(arena, &out->lanes.critical, count));
    NUMU_TRY(NUMU_TAKE(arena, &out->lanes.slack, count));
    NUMU_TRY(NUMU_TAKE(arena, &out->late, count));
    return simulator->is_scarce ? numu_policy_take(simulator, arena, &out->policy) : NUMU_OK;
}

/* --- samples --- */

/* The greatest finish, which lies before the data date where all is done; of nothing, that date. */
static void find_whole(const struct numu_simulator *simulator, struct numu_lanes *lanes) {
    fill_lanes(lanes->whole,
               simulator->activity_count == 0 ? simulator->project->data_date : before_all);
    for (uint32_t a = 0; a < simulator->activity_count; a++) {
        raise_lanes(lanes->whole, lanes->finish[a]);
    }
}

numu_status numu_simulate(const struct numu_simulator *simulator, const numu_period *duration,
                          size_t stride, struct numu_simulator_room *room) {
    if (simulator->is_scarce) {
        NUMU_TRY(numu_simulate_policy(simulator, duration, stride, room));
    } else {
        numu_simulate_network(simulator, duration, stride, &room->lanes);
    }
    find_whole(simulator, &room->lanes);
    return NUMU_OK;
}

void numu_simulate_critical(const struct numu_simulator *simulator, const numu_period *duration,
                            size_t stride, struct numu_simulator_room *room) {
    if (simulator->is_scarce) {
        numu_policy_critical(simulator, room);
    } else {
        numu_network_critical(simulator, duration, stride, &room->lanes);
    }
}

numu_period numu_simulator_asked(const struct numu_simulator *simulator, uint32_t number,
                                 uint32_t after, numu_period start, numu_period finish,
                                 numu_period duration) {
    return asked_from(simulator, &simulator->links[number], after, start, finish, duration);
}
