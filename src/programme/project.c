/*
 * project.c - making a project: arrays, horizon, indices, calendars' tables, and what cannot be.
 */
#include "programme/project.h"

#include "model/network.h"

/* --- arrays --- */

numu_status numu_project_take(struct numu_arena *arena, struct numu_project *project) {
    size_t activities = project->activity_count;
    size_t modes = project->mode_count;
    size_t resources = project->resource_count;
    NUMU_TRY(NUMU_TAKE(arena, &project->id, activities));
    NUMU_TRY(NUMU_TAKE(arena, &project->title, activities));
    NUMU_TRY(NUMU_TAKE(arena, &project->first_mode, activities + 1));
    NUMU_TRY(NUMU_TAKE(arena, &project->release, activities));
    NUMU_TRY(NUMU_TAKE(arena, &project->deadline, activities));
    NUMU_TRY(NUMU_TAKE(arena, &project->state, activities));
    NUMU_TRY(NUMU_TAKE(arena, &project->actual_start, activities));
    NUMU_TRY(NUMU_TAKE(arena, &project->actual_finish, activities));
    NUMU_TRY(NUMU_TAKE(arena, &project->calendar, activities));
    NUMU_TRY(NUMU_TAKE(arena, &project->mode_id, modes));
    NUMU_TRY(NUMU_TAKE(arena, &project->mode_row, modes));
    NUMU_TRY(NUMU_TAKE(arena, &project->duration, modes));
    NUMU_TRY(NUMU_TAKE(arena, &project->cost, modes));
    NUMU_TRY(NUMU_TAKE(arena, &project->first_need, modes + 1));
    NUMU_TRY(NUMU_TAKE(arena, &project->need_resource, project->need_count));
    NUMU_TRY(NUMU_TAKE(arena, &project->need_units, project->need_count));
    NUMU_TRY(NUMU_TAKE(arena, &project->resource_id, resources));
    NUMU_TRY(NUMU_TAKE(arena, &project->resource_title, resources));
    NUMU_TRY(NUMU_TAKE(arena, &project->is_consumable, resources));
    NUMU_TRY(NUMU_TAKE(arena, &project->unit_decimals, resources));
    NUMU_TRY(NUMU_TAKE(arena, &project->first_step, resources + 1));
    NUMU_TRY(NUMU_TAKE(arena, &project->step_time, project->step_count));
    NUMU_TRY(NUMU_TAKE(arena, &project->step_units, project->step_count));
    NUMU_TRY(NUMU_TAKE(arena, &project->link_before, project->link_count));
    NUMU_TRY(NUMU_TAKE(arena, &project->link_after, project->link_count));
    NUMU_TRY(NUMU_TAKE(arena, &project->link_type, project->link_count));
    NUMU_TRY(NUMU_TAKE(arena, &project->link_lag, project->link_count));
    for (uint32_t a = 0; a < activities; a++) {
        project->deadline[a] = NUMU_NO_PERIOD;
        project->actual_start[a] = NUMU_NO_PERIOD;
        project->actual_finish[a] = NUMU_NO_PERIOD;
    }
    for (uint32_t m = 0; m < modes; m++) {
        project->mode_row[m] = NUMU_NONE;
    }
    for (uint32_t link = 0; link < project->link_count; link++) {
        project->link_type[link] = numu_link_FS;
    }
    return NUMU_OK;
}

/* --- findings --- */

struct numu_place numu_project_whole(const struct numu_project *project) {
    return project->source == NUMU_NO_SOURCE
               ? NUMU_NOWHERE
               : (struct numu_place){project->source, 0, NUMU_WHOLE_FILE};
}

static struct numu_place place_of(const struct numu_project *project, uint32_t activity) {
    return project->place == NULL ? numu_project_whole(project) : project->place[activity];
}

static void report_cycle(const struct numu_project *project, const struct numu_network *network,
                         struct numu_report *report) {
    struct numu_buffer path;
    numu_buffer_init(&path, report->heap, 0);
    numu_status status = NUMU_OK;
    for (uint32_t i = 0; status == NUMU_OK && i <= network->cycle_length; i++) {
        struct numu_text id = project->id[network->tail[network->cycle[i % network->cycle_length]]];
        status = numu_buffer_append_string(&path, i == 0 ? "" : " > ");
        if (status == NUMU_OK) {
            status = numu_buffer_append(&path, id.data, id.length);
        }
    }
    if (status == NUMU_OK) {
        struct numu_diagnostic finding = {
            .code = NUMU_CODE_PRECEDENCE_CYCLE,
            .place = project->link_place == NULL ? numu_project_whole(project)
                                                 : project->link_place[network->cycle[0]],
            .related = NUMU_NOWHERE,
            .arguments = {numu_argument_text((struct numu_text){path.data, path.length})},
        };
        numu_report_add(report, &finding);
    } else {
        numu_report_count(report, NUMU_CODE_PRECEDENCE_CYCLE);
        report->status = status;
    }
    numu_buffer_release(&path);
}

int32_t numu_project_most(const struct numu_project *project, uint32_t resource) {
    int32_t most = 0;
    for (uint32_t s = project->first_step[resource]; s < project->first_step[resource + 1]; s++) {
        most = project->step_units[s] > most ? project->step_units[s] : most;
    }
    return most;
}

/* The first need of a mode above what there ever is, or the end of its needs. */
static uint32_t need_beyond(const struct numu_project *project, const int32_t *most,
                            uint32_t mode) {
    uint32_t need = project->first_need[mode];
    while (need < project->first_need[mode + 1] &&
           project->need_units[need] <= most[project->need_resource[need]]) {
        need++;
    }
    return need;
}

/* Each mode of an activity needs too much of something: names the mode that lacks least. */
static bool check_activity(const struct numu_project *project, const int32_t *most,
                           uint32_t activity, struct numu_report *report) {
    uint32_t worst = UINT32_MAX;
    int64_t least = INT64_MAX;
    for (uint32_t m = project->first_mode[activity]; m < project->first_mode[activity + 1]; m++) {
        uint32_t need = need_beyond(project, most, m);
        if (need == project->first_need[m + 1]) {
            return true;
        }
        int64_t missing = (int64_t)project->need_units[need] - most[project->need_resource[need]];
        if (missing < least) {
            least = missing;
            worst = need;
        }
    }
    uint32_t resource = project->need_resource[worst];
    int decimals = project->unit_decimals[resource];
    struct numu_diagnostic finding = {
        .code = NUMU_CODE_RESOURCE_TOO_SCARCE,
        .place =
            project->need_place == NULL ? place_of(project, activity) : project->need_place[worst],
        .related = NUMU_NOWHERE,
        .arguments = {numu_argument_text(project->id[activity]),
                      numu_argument_text(project->resource_id[resource]),
                      numu_argument_number(project->need_units[worst], decimals),
                      numu_argument_number(most[resource], decimals)},
    };
    numu_report_add(report, &finding);
    return false;
}

int32_t numu_project_need(const struct numu_project *project, uint32_t mode, uint32_t resource) {
    for (uint32_t n = project->first_need[mode]; n < project->first_need[mode + 1]; n++) {
        if (project->need_resource[n] == resource) {
            return project->need_units[n];
        }
    }
    return 0;
}

/* All unfinished activities in the modes that use least of a consumable resource. */
static int64_t least_use(const struct numu_project *project, uint32_t resource) {
    int64_t sum = 0;
    for (uint32_t a = 0; a < project->activity_count; a++) {
        int32_t least = INT32_MAX;
        for (uint32_t m = project->first_mode[a]; m < project->first_mode[a + 1]; m++) {
            int32_t units = numu_project_need(project, m, resource);
            least = units < least ? units : least;
        }
        sum += project->state[a] == NUMU_ACTIVITY_FINISHED ? 0 : least;
    }
    return sum;
}

static bool check_consumables(const struct numu_project *project, const int32_t *most,
                              struct numu_report *report) {
    bool is_enough = true;
    for (uint32_t r = 0; r < project->resource_count; r++) {
        int64_t use = project->is_consumable[r] ? least_use(project, r) : 0;
        if (use > most[r]) {
            struct numu_diagnostic finding = {
                .code = NUMU_CODE_RESOURCE_USED_UP,
                .place = numu_project_whole(project),
                .related = NUMU_NOWHERE,
                .arguments = {numu_argument_text(project->resource_id[r]),
                              numu_argument_number(use, project->unit_decimals[r]),
                              numu_argument_number(most[r], project->unit_decimals[r])},
            };
            numu_report_add(report, &finding);
            is_enough = false;
        }
    }
    return is_enough;
}

static numu_status check_needs(const struct numu_project *project, struct numu_arena *arena,
                               struct numu_report *report) {
    int32_t *most;
    NUMU_TRY(NUMU_TAKE(arena, &most, project->resource_count));
    for (uint32_t r = 0; r < project->resource_count; r++) {
        most[r] = numu_project_most(project, r);
    }
    bool is_good = true;
    for (uint32_t a = 0; a < project->activity_count; a++) {
        if (project->state[a] != NUMU_ACTIVITY_FINISHED &&
            !check_activity(project, most, a, report)) {
            is_good = false;
        }
    }
    /* What one activity cannot have is not told a second time as a sum. */
    return is_good && check_consumables(project, most, report) ? NUMU_OK : NUMU_INVALID;
}

/* --- horizon --- */

static int64_t later(int64_t a, int64_t b) {
    return a > b ? a : b;
}

/* advance on the calendar itself, by points of the project; stops at NUMU_PERIOD_MAX. */
static int64_t advance(const struct numu_project *project,
                       const struct numu_calendar *const *calendars, uint32_t activity,
                       int64_t point, int64_t periods) {
    if (point >= NUMU_PERIOD_MAX || periods >= NUMU_PERIOD_MAX) {
        return NUMU_PERIOD_MAX;
    }
    if (calendars == NULL) {
        return point + periods;
    }
    int64_t end = numu_calendar_advance(calendars[project->calendar[activity]],
                                        (numu_day)(project->origin + point), periods);
    return end - project->origin;
}

/* The last date that something waits for. */
static int64_t last_date(const struct numu_project *project) {
    int64_t last = project->data_date;
    for (uint32_t a = 0; a < project->activity_count; a++) {
        last = later(last, project->release[a]);
        last = later(last, project->actual_start[a]);
        last = later(last, project->actual_finish[a]);
    }
    for (uint32_t s = 0; s < project->step_count; s++) {
        last = later(last, project->step_time[s]);
    }
    return last;
}

static int64_t longest_duration(const struct numu_project *project, uint32_t activity) {
    int64_t longest = 0;
    for (uint32_t m = project->first_mode[activity]; m < project->first_mode[activity + 1]; m++) {
        longest = later(longest, project->duration[m]);
    }
    return longest;
}

/*
 * In the order of links each activity, put after everything before it and after what its links ask
 * of that point, is possible; a scheme that starts it as early as it can is no later.
 */
static int64_t find_horizon(const struct numu_project *project,
                            const struct numu_calendar *const *calendars) {
    int64_t point = last_date(project);
    for (uint32_t n = 0; n < project->activity_count && point < NUMU_PERIOD_MAX; n++) {
        uint32_t a = project->order[n];
        int64_t duration = longest_duration(project, a);
        int64_t asked = point;
        for (uint32_t i = project->first_in[a]; i < project->first_in[a + 1]; i++) {
            uint32_t link = project->link_in[i];
            int64_t lag = project->link_lag[link];
            asked = lag <= 0 ? asked
                             : later(asked, advance(project, calendars, project->link_before[link],
                                                    point, lag));
        }
        /* A period more: work that waits for a worked one does not wait longer than it runs. */
        point = advance(project, calendars, a, asked, duration == 0 ? 1 : duration);
    }
    return point < NUMU_PERIOD_MAX ? point + 1 : NUMU_PERIOD_MAX;
}

static numu_status set_horizon(struct numu_project *project,
                               const struct numu_calendar *const *calendars,
                               struct numu_report *report) {
    int64_t horizon = find_horizon(project, calendars);
    if (horizon <= NUMU_HORIZON_MAX) {
        project->horizon = (numu_period)horizon;
        return NUMU_OK;
    }
    struct numu_diagnostic finding = {
        .code = NUMU_CODE_PROJECT_TOO_LARGE,
        .place = numu_project_whole(project),
        .related = NUMU_NOWHERE,
        .arguments = {numu_argument_integer(NUMU_HORIZON_MAX),
                      numu_argument_string("kind.periods")},
    };
    numu_report_add(report, &finding);
    return NUMU_INVALID;
}

/* --- calendars --- */

static bool works_always(const struct numu_calendar *calendar) {
    return calendar->days_a_week == 7 && calendar->holiday_count == 0;
}

static numu_status build_table(struct numu_arena *arena, const struct numu_calendar *calendar,
                               numu_day origin, numu_period horizon,
                               struct numu_project_calendar *out) {
    numu_period *rank;
    numu_period *point;
    NUMU_TRY(NUMU_TAKE(arena, &rank, (size_t)horizon + 2));
    for (numu_period t = 0; t <= horizon; t++) {
        rank[t + 1] = rank[t] + numu_calendar_is_worked(calendar, origin + t);
    }
    NUMU_TRY(NUMU_TAKE(arena, &point, (size_t)rank[horizon] + 1));
    for (numu_period t = horizon; t > 0; t--) {
        point[rank[t]] = t; /* the least one is written last */
    }
    point[0] = 0;
    *out = (struct numu_project_calendar){.rank = rank, .point = point, .horizon = horizon};
    return NUMU_OK;
}

static numu_status build_calendars(struct numu_arena *arena,
                                   const struct numu_calendar *const *calendars,
                                   struct numu_project *project) {
    uint32_t count = calendars == NULL ? 1 : project->calendar_count;
    NUMU_TRY(NUMU_TAKE(arena, &project->calendars, count));
    for (uint32_t c = 0; calendars != NULL && c < count; c++) {
        if (!works_always(calendars[c])) {
            NUMU_TRY(build_table(arena, calendars[c], project->origin, project->horizon,
                                 &project->calendars[c]));
        }
    }
    project->calendar_count = count;
    return NUMU_OK;
}

/* --- the whole --- */

numu_status numu_project_finish(struct numu_arena *arena,
                                const struct numu_calendar *const *calendars,
                                struct numu_report *report, struct numu_project *project) {
    struct numu_network network;
    numu_status network_status =
        numu_network_build(arena, project->activity_count, project->link_count,
                           project->link_before, project->link_after, &network);
    if (network_status == NUMU_INVALID) {
        report_cycle(project, &network, report);
    } else {
        NUMU_TRY(network_status);
    }
    numu_status needs = check_needs(project, arena, report);
    if (network_status == NUMU_INVALID || needs == NUMU_INVALID) {
        return NUMU_INVALID;
    }
    NUMU_TRY(needs);
    project->first_in = network.back_start;
    project->link_in = network.back_link;
    project->first_out = network.start;
    project->link_out = network.link;
    project->order = network.order;
    NUMU_TRY(set_horizon(project, calendars, report));
    return build_calendars(arena, calendars, project);
}
