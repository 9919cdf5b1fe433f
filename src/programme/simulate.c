/*
 * simulate.c - the network in lanes, and the policy one sample at a time.
 *
 * Loops over NUMU_LANES numbers are written so that compilers turn each into a few vector
 * instructions: no branches, no calls, one array a quantity.
 */
#include "programme/simulate.h"

#include "model/network.h"

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

static uint32_t mode_of(const struct numu_project *project, const uint32_t *mode,
                        uint32_t activity) {
    return mode == NULL ? project->first_mode[activity] : mode[activity];
}

static bool leaves_start(uint8_t type) {
    return type == numu_link_SS || type == numu_link_SF;
}

static bool enters_finish(uint8_t type) {
    return type == numu_link_FF || type == numu_link_SF;
}

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
                .leaves_start = leaves_start(project->link_type[link]),
                .enters_finish = enters_finish(project->link_type[link])};
        }
    }
    return NUMU_OK;
}

/* [Z1] */
static bool may_run_out(const struct numu_project *project, const uint32_t *mode, uint32_t resource,
                        bool *may_drop) {
    int64_t sum = 0;
    int32_t least = INT32_MAX;
    *may_drop = false;
    for (uint32_t s = project->first_step[resource]; s < project->first_step[resource + 1]; s++) {
        *may_drop = *may_drop || (s > project->first_step[resource] &&
                                  project->step_units[s] < project->step_units[s - 1]);
        least = project->step_units[s] < least ? project->step_units[s] : least;
    }
    for (uint32_t a = 0; a < project->activity_count; a++) {
        uint32_t m = mode_of(project, mode, a);
        for (uint32_t n = project->first_need[m]; n < project->first_need[m + 1]; n++) {
            sum += project->need_resource[n] == resource ? project->need_units[n] : 0;
        }
    }
    return sum > least;
}

static numu_status list_needs(struct numu_simulator *simulator, struct numu_arena *arena,
                              const uint32_t *mode) {
    const struct numu_project *project = simulator->project;
    uint32_t count = 0;
    uint32_t users = 0;
    for (uint32_t a = 0; a < project->activity_count; a++) {
        uint32_t m = mode_of(project, mode, a);
        simulator->first_need[a] = count;
        for (uint32_t n = project->first_need[m]; n < project->first_need[m + 1]; n++) {
            uint32_t r = project->need_resource[n];
            if (simulator->is_scarce_resource[r] && project->state[a] != NUMU_ACTIVITY_FINISHED) {
                simulator->need_resource[count] = r;
                simulator->need_units[count++] = project->need_units[n];
                simulator->needs_any[a] = true;
            }
        }
    }
    simulator->first_need[project->activity_count] = count;
    NUMU_TRY(NUMU_TAKE(arena, &simulator->user, count));
    for (uint32_t r = 0; r < project->resource_count; r++) {
        simulator->first_user[r] = users;
        for (uint32_t a = 0; a < project->activity_count; a++) {
            for (uint32_t n = simulator->first_need[a]; n < simulator->first_need[a + 1]; n++) {
                if (simulator->need_resource[n] == r && !project->is_consumable[r]) {
                    simulator->user[users++] = a;
                }
            }
        }
    }
    simulator->first_user[project->resource_count] = users;
    return NUMU_OK;
}

/*
 * The list of its own: by late start at the project's durations, over links alone and with lags and
 * durations counted in periods of the activity's calendar; then by id, so that the order of rows
 * does not matter. Work under way comes first.
 */
static numu_status make_list(struct numu_simulator *simulator, struct numu_arena *arena,
                             const uint32_t *mode) {
    const struct numu_project *project = simulator->project;
    struct numu_arena_mark mark = numu_arena_mark(arena);
    int64_t *tail; /* longest way from the start to the end of all, negative: less is first */
    NUMU_TRY(NUMU_TAKE(arena, &tail, project->activity_count));
    for (uint32_t n = project->activity_count; n-- > 0;) {
        uint32_t a = project->order[n];
        int64_t duration = project->duration[mode_of(project, mode, a)];
        tail[a] = -duration;
        for (uint32_t i = project->first_out[a]; i < project->first_out[a + 1]; i++) {
            uint32_t link = project->link_out[i];
            uint32_t after = project->link_after[link];
            int64_t way = tail[after] - project->link_lag[link];
            way -= leaves_start(project->link_type[link]) ? 0 : duration;
            way += enters_finish(project->link_type[link])
                       ? project->duration[mode_of(project, mode, after)]
                       : 0;
            tail[a] = way < tail[a] ? way : tail[a];
        }
    }
    for (uint32_t a = 0; a < project->activity_count; a++) {
        tail[a] -= project->state[a] == NUMU_ACTIVITY_PLANNED ? 0 : INT64_C(1) << 40;
        uint32_t place = a;
        for (; place > 0; place--) {
            uint32_t before = simulator->list[place - 1];
            bool is_first = tail[a] < tail[before] ||
                            (tail[a] == tail[before] &&
                             numu_text_compare(project->id[a], project->id[before]) < 0);
            if (!is_first) {
                break;
            }
            simulator->list[place] = before;
        }
        simulator->list[place] = a;
    }
    numu_arena_rewind(arena, mark);
    return NUMU_OK;
}

static numu_status prepare_policy(struct numu_simulator *simulator, struct numu_arena *arena,
                                  const struct numu_simulator_options *options) {
    const struct numu_project *project = simulator->project;
    uint32_t count = project->activity_count;
    simulator->word_count = count / 64 + 1;
    NUMU_TRY(NUMU_TAKE(arena, &simulator->list, count));
    NUMU_TRY(NUMU_TAKE(arena, &simulator->place, count));
    NUMU_TRY(NUMU_TAKE(arena, &simulator->needs_any, count));
    NUMU_TRY(NUMU_TAKE(arena, &simulator->first_need, (size_t)count + 1));
    NUMU_TRY(NUMU_TAKE(arena, &simulator->need_resource, project->need_count));
    NUMU_TRY(NUMU_TAKE(arena, &simulator->need_units, project->need_count));
    NUMU_TRY(NUMU_TAKE(arena, &simulator->first_user, (size_t)project->resource_count + 1));
    NUMU_TRY(NUMU_TAKE(arena, &simulator->is_scarce_resource, project->resource_count));
    NUMU_TRY(NUMU_TAKE(arena, &simulator->may_drop, project->resource_count));
    for (uint32_t r = 0; r < project->resource_count && !options->ignores_resources; r++) {
        simulator->is_scarce_resource[r] =
            r + 1 != options->without_resource &&
            may_run_out(project, options->mode, r, &simulator->may_drop[r]);
        simulator->is_scarce = simulator->is_scarce || simulator->is_scarce_resource[r];
    }
    NUMU_TRY(list_needs(simulator, arena, options->mode));
    NUMU_TRY(make_list(simulator, arena, options->mode));
    if (options->list != NULL) {
        uint32_t place = 0;
        for (int planned = 0; planned <= 1; planned++) { /* work under way first */
            for (uint32_t i = 0; i < count; i++) {
                uint32_t a = options->list[i];
                if ((project->state[a] == NUMU_ACTIVITY_PLANNED) == (planned == 1)) {
                    simulator->list[place++] = a;
                }
            }
        }
    }
    for (uint32_t i = 0; i < count; i++) {
        simulator->place[simulator->list[i]] = i;
    }
    return NUMU_OK;
}

numu_status numu_simulator_init(struct numu_simulator *simulator, struct numu_arena *arena,
                                const struct numu_project *project,
                                const struct numu_simulator_options *options) {
    *simulator =
        (struct numu_simulator){.project = project, .activity_count = project->activity_count};
    NUMU_TRY(prepare_network(simulator, arena));
    return prepare_policy(simulator, arena, options);
}

numu_status numu_simulator_take(const struct numu_simulator *simulator, struct numu_arena *arena,
                                struct numu_simulator_room *out) {
    uint32_t count = simulator->activity_count;
    uint32_t resources = simulator->project->resource_count;
    NUMU_TRY(NUMU_TAKE(arena, &out->lanes.start, count));
    NUMU_TRY(NUMU_TAKE(arena, &out->lanes.resume, count));
    NUMU_TRY(NUMU_TAKE(arena, &out->lanes.finish, count));
    NUMU_TRY(NUMU_TAKE(arena, &out->lanes.critical, count));
    NUMU_TRY(NUMU_TAKE(arena, &out->lanes.slack, count));
    NUMU_TRY(NUMU_TAKE(arena, &out->late, count));
    NUMU_TRY(NUMU_TAKE(arena, &out->release, count));
    NUMU_TRY(NUMU_TAKE(arena, &out->pending, count));
    NUMU_TRY(NUMU_TAKE(arena, &out->ready, count));
    NUMU_TRY(NUMU_TAKE(arena, &out->stack, count));
    NUMU_TRY(NUMU_TAKE(arena, &out->waiting, simulator->word_count));
    NUMU_TRY(NUMU_TAKE(arena, &out->running, count));
    NUMU_TRY(NUMU_TAKE(arena, &out->available, resources));
    NUMU_TRY(NUMU_TAKE(arena, &out->step, resources));
    return NUMU_TAKE(arena, &out->is_marked, count);
}

/* --- one number at a time --- */

/* Stands for any point before 0. */
static const numu_period before_all = -NUMU_PERIOD_MAX;

static numu_period at_most(numu_period value, numu_period bound) {
    return value < bound ? value : bound;
}

static numu_period at_least(numu_period value, numu_period bound) {
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

static inline numu_period asked(const struct numu_simulator *simulator,
                                const struct numu_lanes *lanes,
                                const struct numu_simulator_link *link, uint32_t after,
                                numu_period duration, int lane) {
    return asked_from(simulator, link, after, lanes->start[link->before][lane],
                      lanes->finish[link->before][lane], duration);
}

numu_period numu_simulator_asked(const struct numu_simulator *simulator, uint32_t number,
                                 uint32_t after, numu_period start, numu_period finish,
                                 numu_period duration) {
    return asked_from(simulator, &simulator->links[number], after, start, finish, duration);
}

/* --- lanes --- */

static void fill_lanes(numu_period *out, numu_period value) {
    for (int i = 0; i < NUMU_LANES; i++) {
        out[i] = value;
    }
}

static void raise_lanes(numu_period *restrict out, const numu_period *restrict value) {
    for (int i = 0; i < NUMU_LANES; i++) {
        out[i] = out[i] > value[i] ? out[i] : value[i];
    }
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

static void simulate_network(const struct numu_simulator *simulator, const numu_period *duration,
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
        work_lanes(&simulator->project->calendars[project->calendar[a]], simulator->horizon, own,
                   resume, lanes->finish[a]);
        if (project->state[a] == NUMU_ACTIVITY_STARTED) {
            fill_lanes(lanes->start[a], project->actual_start[a]);
        } else {
            memcpy(lanes->start[a], resume, sizeof lanes->start[a]);
        }
    }
}

static void mark_network(const struct numu_simulator *simulator, const numu_period *duration,
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
        const struct numu_project_calendar *calendar =
            &simulator->project->calendars[project->calendar[a]];
        for (uint32_t i = project->first_in[a]; i < project->first_in[a + 1]; i++) {
            const struct numu_simulator_link *link = &simulator->links[i];
            numu_period bound[NUMU_LANES];
            if (link->leaves_start && project->state[link->before] != NUMU_ACTIVITY_PLANNED) {
                continue; /* that has happened */
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

/* --- the policy --- */

struct policy {
    const struct numu_simulator *simulator;
    struct numu_simulator_room *room;
    const numu_period *duration;
    size_t stride;
    int lane;
    numu_period now;
    uint32_t running_count, left;
};

static numu_period duration_of(const struct policy *policy, uint32_t activity) {
    return policy->duration[activity * policy->stride + (size_t)policy->lane];
}

static const struct numu_project_calendar *calendar_of(const struct policy *policy, uint32_t a) {
    return &policy->simulator->project->calendars[policy->simulator->project->calendar[a]];
}

/* The least resume that links and dates allow, all before it being dated. */
static numu_period release_of(const struct policy *policy, uint32_t a) {
    const struct numu_simulator *simulator = policy->simulator;
    const struct numu_project *project = simulator->project;
    numu_period duration = duration_of(policy, a);
    numu_period resume = simulator->floor[a];
    for (uint32_t i = project->first_in[a]; i < project->first_in[a + 1]; i++) {
        numu_period point =
            asked(simulator, &policy->room->lanes, &simulator->links[i], a, duration, policy->lane);
        resume = at_least(resume, point);
    }
    resume = at_most(resume, simulator->horizon);
    return duration > 0 ? next_worked(calendar_of(policy, a), simulator->horizon, resume) : resume;
}

static void set_dates(struct policy *policy, uint32_t a, numu_period resume) {
    struct numu_lanes *lanes = &policy->room->lanes;
    const struct numu_project *project = policy->simulator->project;
    bool is_started = project->state[a] == NUMU_ACTIVITY_STARTED;
    lanes->resume[a][policy->lane] = resume;
    lanes->start[a][policy->lane] = is_started ? project->actual_start[a] : resume;
    lanes->finish[a][policy->lane] =
        advance(calendar_of(policy, a), policy->simulator->horizon, resume, duration_of(policy, a));
    policy->left--;
}

/*
 * Lets those after `a` know; those that need nothing scarce are dated at once, the others wait from
 * their release on.
 */
static void follow(struct policy *policy, uint32_t a) {
    const struct numu_simulator *simulator = policy->simulator;
    const struct numu_project *project = simulator->project;
    struct numu_simulator_room *room = policy->room;
    uint32_t depth = 0;
    room->stack[depth++] = a;
    while (depth > 0) {
        uint32_t done = room->stack[--depth];
        for (uint32_t i = project->first_out[done]; i < project->first_out[done + 1]; i++) {
            uint32_t after = project->link_after[project->link_out[i]];
            if (project->state[after] == NUMU_ACTIVITY_FINISHED || --room->pending[after] > 0) {
                continue;
            }
            numu_period release = release_of(policy, after);
            room->release[after] = release;
            if (simulator->needs_any[after]) {
                uint32_t place = simulator->place[after];
                room->waiting[place / 64] |= UINT64_C(1) << place % 64;
            } else {
                set_dates(policy, after, release);
                room->stack[depth++] = after;
            }
        }
    }
}

/* Whether units are there now, and stay until the finish where supplies may drop. */
static bool has_enough(const struct policy *policy, uint32_t a) {
    const struct numu_simulator *simulator = policy->simulator;
    const struct numu_project *project = simulator->project;
    const struct numu_simulator_room *room = policy->room;
    numu_period finish = NUMU_NO_PERIOD;
    for (uint32_t n = simulator->first_need[a]; n < simulator->first_need[a + 1]; n++) {
        uint32_t r = simulator->need_resource[n];
        if (simulator->need_units[n] > room->available[r]) {
            return false;
        }
        if (!simulator->may_drop[r] || project->is_consumable[r]) {
            continue;
        }
        if (finish == NUMU_NO_PERIOD) {
            finish = advance(calendar_of(policy, a), simulator->horizon, policy->now,
                             duration_of(policy, a));
        }
        for (uint32_t s = room->step[r];
             s < project->first_step[r + 1] && project->step_time[s] < finish; s++) {
            int64_t units = (int64_t)project->step_units[s] - simulator->need_units[n];
            for (uint32_t k = 0; k < policy->running_count; k++) {
                uint32_t other = room->running[k];
                bool stays = room->lanes.finish[other][policy->lane] > project->step_time[s];
                for (uint32_t m = simulator->first_need[other];
                     stays && m < simulator->first_need[other + 1]; m++) {
                    units -= simulator->need_resource[m] == r ? simulator->need_units[m] : 0;
                }
            }
            if (units < 0) {
                return false;
            }
        }
    }
    return true;
}

static void change_available(const struct policy *policy, uint32_t a, bool gives) {
    const struct numu_simulator *simulator = policy->simulator;
    for (uint32_t n = simulator->first_need[a]; n < simulator->first_need[a + 1]; n++) {
        uint32_t r = simulator->need_resource[n];
        if (!gives) {
            policy->room->available[r] -= simulator->need_units[n];
        } else if (!simulator->project->is_consumable[r]) {
            policy->room->available[r] += simulator->need_units[n];
        }
    }
}

/* Starts what may start now, in the order of the list, until nothing more does. */
static void start_waiting(struct policy *policy) {
    const struct numu_simulator *simulator = policy->simulator;
    struct numu_simulator_room *room = policy->room;
    for (uint32_t word = 0; word < simulator->word_count; word++) {
        for (uint64_t bits = room->waiting[word]; bits != 0; bits &= bits - 1) {
            uint32_t place = word * 64 + (uint32_t)__builtin_ctzll(bits);
            uint32_t a = simulator->list[place];
            if (room->release[a] > policy->now) {
                continue;
            }
            numu_period duration = duration_of(policy, a);
            bool is_worked_now =
                duration == 0 ||
                next_worked(calendar_of(policy, a), simulator->horizon, policy->now) == policy->now;
            /* Work under way holds what it has. */
            bool holds = simulator->project->state[a] == NUMU_ACTIVITY_STARTED;
            if (!is_worked_now || !(holds || has_enough(policy, a))) {
                continue;
            }
            room->waiting[place / 64] &= ~(UINT64_C(1) << place % 64);
            set_dates(policy, a, policy->now);
            change_available(policy, a, false);
            if (room->lanes.finish[a][policy->lane] > policy->now) {
                room->running[policy->running_count++] = a;
            } else {
                change_available(policy, a, true);
            }
            follow(policy, a);
            word = UINT32_MAX; /* some before it in the list may wait now: from the start again */
            break;
        }
    }
}

static void give_back(struct policy *policy) {
    struct numu_simulator_room *room = policy->room;
    uint32_t kept = 0;
    for (uint32_t k = 0; k < policy->running_count; k++) {
        uint32_t a = room->running[k];
        if (room->lanes.finish[a][policy->lane] <= policy->now) {
            change_available(policy, a, true);
        } else {
            room->running[kept++] = a;
        }
    }
    policy->running_count = kept;
}

static void take_steps(struct policy *policy) {
    const struct numu_project *project = policy->simulator->project;
    struct numu_simulator_room *room = policy->room;
    for (uint32_t r = 0; r < project->resource_count; r++) {
        while (policy->simulator->is_scarce_resource[r] &&
               room->step[r] < project->first_step[r + 1] &&
               project->step_time[room->step[r]] <= policy->now) {
            uint32_t s = room->step[r]++;
            bool is_first = s == project->first_step[r];
            room->available[r] +=
                project->step_units[s] - (is_first ? 0 : project->step_units[s - 1]);
        }
    }
}

/* The next moment at which something may start, or NUMU_PERIOD_MAX + 1. */
static numu_period next_moment(const struct policy *policy) {
    const struct numu_simulator *simulator = policy->simulator;
    const struct numu_project *project = simulator->project;
    const struct numu_simulator_room *room = policy->room;
    numu_period next = NUMU_PERIOD_MAX + 1;
    for (uint32_t k = 0; k < policy->running_count; k++) {
        next = at_most(next, room->lanes.finish[room->running[k]][policy->lane]);
    }
    for (uint32_t r = 0; r < project->resource_count; r++) {
        if (simulator->is_scarce_resource[r] && room->step[r] < project->first_step[r + 1]) {
            next = at_most(next, project->step_time[room->step[r]]);
        }
    }
    for (uint32_t word = 0; word < simulator->word_count; word++) {
        for (uint64_t bits = room->waiting[word]; bits != 0; bits &= bits - 1) {
            uint32_t a = simulator->list[word * 64 + (uint32_t)__builtin_ctzll(bits)];
            numu_period moment = room->release[a];
            if (moment <= policy->now) { /* it rests now, or waits for a resource */
                moment = next_worked(calendar_of(policy, a), simulator->horizon, policy->now);
            }
            next = moment > policy->now ? at_most(next, moment) : next;
        }
    }
    return next;
}

static void begin_sample(struct policy *policy) {
    const struct numu_simulator *simulator = policy->simulator;
    const struct numu_project *project = simulator->project;
    struct numu_simulator_room *room = policy->room;
    memset(room->waiting, 0, simulator->word_count * sizeof *room->waiting);
    for (uint32_t r = 0; r < project->resource_count; r++) {
        room->available[r] = 0;
        room->step[r] = project->first_step[r];
    }
    for (uint32_t a = 0; a < project->activity_count; a++) {
        room->pending[a] = project->first_in[a + 1] - project->first_in[a];
    }
    policy->left = project->activity_count;
    policy->now = project->data_date;
    take_steps(policy);
    for (uint32_t n = 0; n < project->activity_count; n++) {
        uint32_t a = project->order[n];
        if (project->state[a] == NUMU_ACTIVITY_FINISHED) {
            room->lanes.start[a][policy->lane] = project->actual_start[a];
            room->lanes.resume[a][policy->lane] = project->actual_finish[a];
            room->lanes.finish[a][policy->lane] = project->actual_finish[a];
            policy->left--;
        }
    }
    for (uint32_t n = 0; n < project->activity_count; n++) {
        uint32_t a = project->order[n];
        bool is_finished = project->state[a] == NUMU_ACTIVITY_FINISHED;
        if (is_finished) {
            follow(policy, a);
        } else if (project->first_in[a] == project->first_in[a + 1]) {
            numu_period release = release_of(policy, a);
            room->release[a] = release;
            if (simulator->needs_any[a]) {
                uint32_t place = simulator->place[a];
                room->waiting[place / 64] |= UINT64_C(1) << place % 64;
            } else {
                set_dates(policy, a, release);
                follow(policy, a);
            }
        }
    }
}

static numu_status simulate_policy(struct policy *policy) {
    policy->running_count = 0;
    begin_sample(policy);
    while (policy->left > 0) {
        start_waiting(policy);
        if (policy->left == 0) {
            break;
        }
        numu_period next = next_moment(policy);
        if (next > policy->simulator->horizon || next <= policy->now) {
            return NUMU_INFEASIBLE;
        }
        policy->now = next;
        give_back(policy);
        take_steps(policy);
    }
    return NUMU_OK;
}

/* Marks those that handed a resource over to `a`, which waited for it. */
static void mark_givers(const struct policy *policy, uint32_t a, uint32_t *depth) {
    const struct numu_simulator *simulator = policy->simulator;
    struct numu_simulator_room *room = policy->room;
    numu_period resume = room->lanes.resume[a][policy->lane];
    for (uint32_t n = simulator->first_need[a]; n < simulator->first_need[a + 1]; n++) {
        uint32_t r = simulator->need_resource[n];
        for (uint32_t u = simulator->first_user[r]; u < simulator->first_user[r + 1]; u++) {
            uint32_t giver = simulator->user[u];
            numu_period finish = room->lanes.finish[giver][policy->lane];
            if (room->is_marked[giver] || giver == a || finish > resume ||
                room->lanes.resume[giver][policy->lane] == finish) {
                continue;
            }
            if (next_worked(calendar_of(policy, a), simulator->horizon, finish) == resume) {
                room->is_marked[giver] = true;
                room->stack[(*depth)++] = giver;
            }
        }
    }
}

static void mark_policy(const struct policy *policy) {
    const struct numu_simulator *simulator = policy->simulator;
    const struct numu_project *project = simulator->project;
    struct numu_simulator_room *room = policy->room;
    struct numu_lanes *lanes = &room->lanes;
    int lane = policy->lane;
    uint32_t depth = 0;
    for (uint32_t a = 0; a < project->activity_count; a++) {
        room->is_marked[a] = project->state[a] != NUMU_ACTIVITY_FINISHED &&
                             lanes->finish[a][lane] == lanes->whole[lane];
        if (room->is_marked[a]) {
            room->stack[depth++] = a;
        }
    }
    while (depth > 0) {
        uint32_t a = room->stack[--depth];
        numu_period duration = duration_of(policy, a);
        numu_period resume = lanes->resume[a][lane];
        if (simulator->needs_any[a] && release_of(policy, a) < resume) {
            mark_givers(policy, a, &depth);
            continue;
        }
        for (uint32_t i = project->first_in[a]; i < project->first_in[a + 1]; i++) {
            const struct numu_simulator_link *link = &simulator->links[i];
            bool has_happened =
                project->state[link->before] == NUMU_ACTIVITY_FINISHED ||
                (link->leaves_start && project->state[link->before] == NUMU_ACTIVITY_STARTED);
            if (has_happened || room->is_marked[link->before]) {
                continue;
            }
            numu_period point = asked(simulator, lanes, link, a, duration, lane);
            point = at_most(point, simulator->horizon);
            if (duration > 0 && point >= 0) {
                point = next_worked(calendar_of(policy, a), simulator->horizon, point);
            }
            if (point == resume) {
                room->is_marked[link->before] = true;
                room->stack[depth++] = link->before;
            }
        }
    }
    for (uint32_t a = 0; a < project->activity_count; a++) {
        lanes->critical[a][lane] = -(numu_period)room->is_marked[a];
    }
}

/* --- both --- */

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
    if (!simulator->is_scarce) {
        simulate_network(simulator, duration, stride, &room->lanes);
    }
    for (int lane = 0; lane < NUMU_LANES && simulator->is_scarce; lane++) {
        struct policy policy = {.simulator = simulator,
                                .room = room,
                                .duration = duration,
                                .stride = stride,
                                .lane = lane};
        NUMU_TRY(simulate_policy(&policy));
    }
    find_whole(simulator, &room->lanes);
    return NUMU_OK;
}

void numu_simulate_critical(const struct numu_simulator *simulator, const numu_period *duration,
                            size_t stride, struct numu_simulator_room *room) {
    if (!simulator->is_scarce) {
        mark_network(simulator, duration, stride, &room->lanes);
    }
    for (int lane = 0; lane < NUMU_LANES && simulator->is_scarce; lane++) {
        struct policy policy = {.simulator = simulator,
                                .room = room,
                                .duration = duration,
                                .stride = stride,
                                .lane = lane};
        mark_policy(&policy);
    }
}
