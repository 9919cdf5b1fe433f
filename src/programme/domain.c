/*
 * domain.c - a project's activities to positions, its links to inequalities between them.
 *
 * [1] The point that a link asks for is advance(X, lag) in the calendar of the activity before, by
 *     calendar.h [K1]; down() is its other half by [K2]. Both are written with rank and point,
 *     which domain.h makes total.
 */
#include "programme/domain.h"

/* advance and retreat of calendar.h, total. */
static numu_period advance(const struct numu_project_calendar *calendar, numu_period point,
                           numu_period periods) {
    if (calendar->rank == NULL || periods == 0) {
        return point + periods;
    }
    numu_period rank = numu_domain_rank(calendar, point) + periods;
    return periods > 0 ? numu_domain_point(calendar, rank)
                       : numu_domain_point(calendar, rank + 1) - 1;
}

static numu_period retreat(const struct numu_project_calendar *calendar, numu_period point,
                           numu_period periods) {
    if (calendar->rank == NULL || periods == 0) {
        return point - periods;
    }
    /*
     * n > 0: advance(p, n) <= q when W(p) + n <= W(q). n < 0: the greatest point with at most
     * W(p) + n worked before it is <= q when W(p) + n < W(q + 1).
     */
    numu_period rank = periods > 0 ? numu_domain_rank(calendar, point) - periods
                                   : numu_domain_rank(calendar, point + 1) - periods - 1;
    return numu_domain_point(calendar, rank + 1) - 1;
}

static const struct numu_project_calendar *calendar_of(const struct numu_domain *domain,
                                                       uint32_t task) {
    const struct numu_project *project = domain->project;
    return &project->calendars[project->calendar[domain->activity[task]]];
}

numu_period numu_domain_up(const struct numu_domain *domain, const struct numu_domain_link *link,
                           numu_period u) {
    if (link->is_plain) {
        return u + link->lag;
    }
    const struct numu_project_calendar *before = domain->calendar[link->before];
    const struct numu_project_calendar *after = domain->calendar[link->after];
    numu_period point =
        link->leaves_finish ? numu_domain_finish(before, u) : numu_domain_start(before, u);
    point = advance(calendar_of(domain, link->before), point, link->lag);
    return link->enters_finish ? numu_domain_finish_from(after, point)
                               : numu_domain_start_from(after, point);
}

numu_period numu_domain_down(const struct numu_domain *domain, const struct numu_domain_link *link,
                             numu_period w) {
    if (link->is_plain) {
        return w - link->lag;
    }
    const struct numu_project_calendar *before = domain->calendar[link->before];
    const struct numu_project_calendar *after = domain->calendar[link->after];
    numu_period point =
        link->enters_finish ? numu_domain_finish(after, w) : numu_domain_start(after, w);
    point = retreat(calendar_of(domain, link->before), point, link->lag);
    return link->leaves_finish ? numu_domain_finish_until(before, point)
                               : numu_domain_start_until(before, point);
}

/* --- passes --- */

void numu_domain_raise(const struct numu_domain *domain, uint32_t task, numu_period *earliest) {
    for (uint32_t i = domain->first_in[task]; i < domain->first_in[task + 1]; i++) {
        const struct numu_domain_link *link = &domain->link[domain->link_in[i]];
        numu_period u =
            earliest[link->before] + (link->leaves_finish ? domain->duration_min[link->before] : 0);
        numu_period asked = numu_domain_up(domain, link, u) -
                            (link->enters_finish ? domain->duration_max[task] : 0);
        earliest[task] = asked > earliest[task] ? asked : earliest[task];
    }
}

void numu_domain_lower(const struct numu_domain *domain, uint32_t task, numu_period *latest) {
    for (uint32_t i = domain->first_out[task]; i < domain->first_out[task + 1]; i++) {
        const struct numu_domain_link *link = &domain->link[i];
        numu_period w =
            latest[link->after] + (link->enters_finish ? domain->duration_max[link->after] : 0);
        numu_period allowed = numu_domain_down(domain, link, w) -
                              (link->leaves_finish ? domain->duration_min[task] : 0);
        latest[task] = allowed < latest[task] ? allowed : latest[task];
    }
}

/* --- building --- */

static void find_durations(struct numu_domain *domain, uint32_t task) {
    const struct numu_project *project = domain->project;
    uint32_t activity = domain->activity[task];
    const struct numu_project_calendar *calendar = calendar_of(domain, task);
    uint32_t first = project->first_mode[activity];
    numu_period low = project->duration[first];
    numu_period high = low;
    for (uint32_t mode = first + 1; mode < project->first_mode[activity + 1]; mode++) {
        low = project->duration[mode] < low ? project->duration[mode] : low;
        high = project->duration[mode] > high ? project->duration[mode] : high;
    }
    bool is_plain = calendar->rank == NULL || low == 0;
    if (calendar->rank != NULL && low == 0 && high > 0) {
        domain->is_exact = false;
        high = 0;
    }
    domain->calendar[task] = is_plain ? NULL : calendar;
    domain->duration_min[task] = low;
    domain->duration_max[task] = high;
}

static void find_earliest(struct numu_domain *domain, uint32_t task) {
    const struct numu_project *project = domain->project;
    uint32_t activity = domain->activity[task];
    numu_period point = project->state[activity] == NUMU_ACTIVITY_STARTED
                            ? project->actual_start[activity]
                            : project->release[activity];
    point = point > project->data_date ? point : project->data_date;
    domain->position_min[task] = numu_domain_start_from(domain->calendar[task], point);
}

/* The date that a link leaves where it has happened; NUMU_NO_PERIOD where it has not. */
static numu_period date_left(const struct numu_project *project, uint32_t link) {
    uint32_t before = project->link_before[link];
    uint8_t type = project->link_type[link];
    bool leaves_start = numu_link_leaves_start(type);
    if (project->state[before] == NUMU_ACTIVITY_FINISHED) {
        return leaves_start ? project->actual_start[before] : project->actual_finish[before];
    }
    return leaves_start && project->state[before] == NUMU_ACTIVITY_STARTED
               ? project->actual_start[before]
               : NUMU_NO_PERIOD;
}

/* [Q3]: what a date that has happened asks of a task. */
static void keep_date(struct numu_domain *domain, uint32_t task, uint32_t link, numu_period date) {
    const struct numu_project *project = domain->project;
    uint32_t before = project->link_before[link];
    uint8_t type = project->link_type[link];
    numu_period point =
        advance(&project->calendars[project->calendar[before]], date, project->link_lag[link]);
    numu_period position =
        numu_link_enters_finish(type)
            ? numu_domain_finish_from(domain->calendar[task], point) - domain->duration_max[task]
            : numu_domain_start_from(domain->calendar[task], point);
    if (position > domain->position_min[task]) {
        domain->position_min[task] = position;
    }
    if (numu_link_enters_finish(type) && domain->duration_min[task] != domain->duration_max[task]) {
        domain->is_exact = false;
    }
}

static void raise_earliest(struct numu_domain *domain, uint32_t task) {
    const struct numu_project *project = domain->project;
    uint32_t activity = domain->activity[task];
    for (uint32_t i = project->first_in[activity]; i < project->first_in[activity + 1]; i++) {
        numu_period date = date_left(project, project->link_in[i]);
        if (date != NUMU_NO_PERIOD) {
            keep_date(domain, task, project->link_in[i], date);
        }
    }
}

static bool is_plain_link(const struct numu_domain *domain, const struct numu_domain_link *link) {
    return domain->calendar[link->before] == NULL && domain->calendar[link->after] == NULL &&
           (link->lag == 0 || calendar_of(domain, link->before)->rank == NULL);
}

static void add_links(struct numu_domain *domain, uint32_t task) {
    const struct numu_project *project = domain->project;
    uint32_t activity = domain->activity[task];
    domain->first_out[task] = domain->link_count;
    for (uint32_t i = project->first_out[activity]; i < project->first_out[activity + 1]; i++) {
        uint32_t row = project->link_out[i];
        uint32_t after = domain->task[project->link_after[row]];
        if (after == NUMU_NO_TASK || date_left(project, row) != NUMU_NO_PERIOD) {
            continue;
        }
        uint8_t type = project->link_type[row];
        struct numu_domain_link *link = &domain->link[domain->link_count++];
        *link = (struct numu_domain_link){
            .before = task,
            .after = after,
            .row = row,
            .leaves_finish = type == numu_link_FS || type == numu_link_FF,
            .enters_finish = numu_link_enters_finish(type),
            .lag = project->link_lag[row],
        };
        link->is_plain = is_plain_link(domain, link);
        domain->first_in[after + 1]++;
    }
}

static void list_links_in(struct numu_domain *domain) {
    uint32_t *first = domain->first_in;
    for (uint32_t n = 0; n < domain->task_count; n++) {
        first[n + 1] += first[n];
    }
    for (uint32_t link = domain->link_count; link-- > 0;) {
        domain->link_in[--first[domain->link[link].after + 1]] = link;
    }
    /* The filling moved each end back to its beginning: shift them by one. */
    for (uint32_t n = 0; n < domain->task_count; n++) {
        first[n] = first[n + 1];
    }
    first[domain->task_count] = domain->link_count;
}

static numu_status take(const struct numu_project *project, struct numu_arena *arena,
                        struct numu_domain *domain) {
    uint32_t count = project->activity_count;
    *domain = (struct numu_domain){.project = project, .is_exact = true};
    NUMU_TRY(NUMU_TAKE(arena, &domain->activity, count));
    NUMU_TRY(NUMU_TAKE(arena, &domain->task, count));
    NUMU_TRY(numu_arena_take(arena, count, sizeof(void *), &domain->calendar));
    NUMU_TRY(NUMU_TAKE(arena, &domain->duration_min, count));
    NUMU_TRY(NUMU_TAKE(arena, &domain->duration_max, count));
    NUMU_TRY(NUMU_TAKE(arena, &domain->position_min, count));
    NUMU_TRY(NUMU_TAKE(arena, &domain->link, project->link_count));
    NUMU_TRY(NUMU_TAKE(arena, &domain->link_in, project->link_count));
    NUMU_TRY(NUMU_TAKE(arena, &domain->first_out, (size_t)count + 1));
    return NUMU_TAKE(arena, &domain->first_in, (size_t)count + 1);
}

numu_status numu_domain_build(const struct numu_project *project, struct numu_arena *arena,
                              struct numu_domain *out) {
    struct numu_arena_mark mark = numu_arena_mark(arena);
    struct numu_domain domain;
    numu_status status = take(project, arena, &domain);
    if (status != NUMU_OK) {
        numu_arena_rewind(arena, mark);
        return status;
    }
    domain.makespan_min = project->data_date;
    for (uint32_t n = 0; n < project->activity_count; n++) {
        uint32_t activity = project->order[n];
        domain.task[activity] = NUMU_NO_TASK;
        if (project->state[activity] != NUMU_ACTIVITY_FINISHED) {
            domain.task[activity] = domain.task_count;
            domain.activity[domain.task_count++] = activity;
        } else if (project->actual_finish[activity] > domain.makespan_min) {
            domain.makespan_min = project->actual_finish[activity];
        }
    }
    for (uint32_t n = 0; n < domain.task_count; n++) {
        find_durations(&domain, n);
        find_earliest(&domain, n);
    }
    for (uint32_t n = 0; n < domain.task_count; n++) {
        raise_earliest(&domain, n);
        add_links(&domain, n);
    }
    domain.first_out[domain.task_count] = domain.link_count;
    list_links_in(&domain);
    *out = domain;
    return NUMU_OK;
}

int numu_period_compare(const void *a, const void *b) {
    const numu_period *left = a, *right = b;
    return (*left > *right) - (*left < *right);
}

int64_t numu_domain_lateness_max(const struct numu_domain *domain, numu_period finish) {
    int64_t sum = 0;
    for (uint32_t n = 0; n < domain->task_count; n++) {
        sum += numu_project_lateness(domain->project, domain->activity[n], finish);
    }
    return sum;
}
