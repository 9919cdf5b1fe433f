/*
 * verify.c - see verify.h.
 *
 * Of work under way only its finish is claimed: it resumed as many worked periods before that as
 * remain, and what its predecessors and its resources ask is asked of that point ([J5]).
 */
#include "programme/verify.h"

#include <stdlib.h>
#include <string.h>

struct verifier {
    const struct numu_project *project;
    const struct numu_schedule_claim *claim;
    struct numu_report *report;
    numu_period *begin; /* by activity: where what is left of it begins */
    numu_period *end;
    bool *is_there; /* by activity: in the schedule, with dates that can be looked at */
    bool is_good;
};

/* --- findings --- */

static struct numu_argument argument_point(const struct verifier *verifier, int64_t point) {
    return verifier->project->origin == NUMU_NO_DAY
               ? numu_argument_integer(point)
               : numu_argument_day((numu_day)(verifier->project->origin + point));
}

static struct numu_argument argument_id(const struct verifier *verifier, uint32_t activity) {
    return numu_argument_text(verifier->project->id[activity]);
}

static struct numu_place place_of(const struct verifier *verifier, uint32_t activity) {
    return verifier->claim->place == NULL ? NUMU_NOWHERE : verifier->claim->place[activity];
}

static void refuse(struct verifier *verifier, numu_code code, struct numu_place place,
                   struct numu_argument first, struct numu_argument second,
                   struct numu_argument third, struct numu_argument fourth) {
    struct numu_diagnostic finding = {.code = code,
                                      .place = place,
                                      .related = NUMU_NOWHERE,
                                      .arguments = {first, second, third, fourth}};
    numu_report_add(verifier->report, &finding);
    verifier->is_good = false;
}

static const struct numu_argument no_argument = {.kind = NUMU_ARGUMENT_NONE};

/* --- calendars, period by period --- */

/* NULL = every period is worked. */
static const struct numu_calendar *calendar_of(const struct verifier *verifier, uint32_t activity) {
    const struct numu_calendars *calendars = verifier->claim->calendars;
    return calendars == NULL ? NULL : &calendars->list[verifier->project->calendar[activity]];
}

static bool is_worked(const struct verifier *verifier, const struct numu_calendar *calendar,
                      int64_t period) {
    return calendar == NULL ||
           numu_calendar_is_worked(calendar, (numu_day)(verifier->project->origin + period));
}

/*
 * [K1] of calendar.h: the end of the n-th worked period from the point on, or the beginning of
 * the n-th one back.
 */
static int64_t walk(const struct verifier *verifier, const struct numu_calendar *calendar,
                    int64_t point, int64_t periods) {
    if (calendar == NULL) {
        return point + periods;
    }
    while (periods > 0) {
        periods -= is_worked(verifier, calendar, point);
        point++;
    }
    while (periods < 0) {
        point--;
        periods += is_worked(verifier, calendar, point);
    }
    return point;
}

/* --- one activity --- */

static bool check_claim(struct verifier *verifier, uint32_t a) {
    const struct numu_project *project = verifier->project;
    const struct numu_schedule_claim *claim = verifier->claim;
    bool is_there = claim->start[a] != NUMU_NO_PERIOD && claim->finish[a] != NUMU_NO_PERIOD;
    if (!is_there) {
        refuse(verifier, NUMU_CODE_SCHEDULE_INCOMPLETE, claim->head, argument_id(verifier, a),
               no_argument, no_argument, no_argument);
        return false;
    }
    if (claim->start[a] <= -NUMU_PERIOD_MAX || claim->start[a] >= NUMU_PERIOD_MAX ||
        claim->finish[a] <= -NUMU_PERIOD_MAX || claim->finish[a] >= NUMU_PERIOD_MAX ||
        claim->mode[a] < project->first_mode[a] || claim->mode[a] >= project->first_mode[a + 1]) {
        refuse(verifier, NUMU_CODE_SCHEDULE_INCOMPLETE, place_of(verifier, a),
               argument_id(verifier, a), no_argument, no_argument, no_argument);
        return false;
    }
    return true;
}

/* What has happened must stand as it happened. */
static void check_actual(struct verifier *verifier, uint32_t a, numu_period actual,
                         numu_period claimed) {
    if (actual != NUMU_NO_PERIOD && actual != claimed) {
        refuse(verifier, NUMU_CODE_SCHEDULE_PROGRESS, place_of(verifier, a),
               argument_id(verifier, a), argument_point(verifier, actual),
               argument_point(verifier, claimed), no_argument);
    }
}

static void check_running(struct verifier *verifier, uint32_t a) {
    const struct numu_project *project = verifier->project;
    const struct numu_calendar *calendar = calendar_of(verifier, a);
    numu_period duration = project->duration[verifier->claim->mode[a]];
    numu_period start = verifier->begin[a];
    if (duration > 0 && !is_worked(verifier, calendar, start)) {
        refuse(verifier, NUMU_CODE_SCHEDULE_REST, place_of(verifier, a), argument_id(verifier, a),
               argument_point(verifier, start), no_argument, no_argument);
        return;
    }
    int64_t finish = walk(verifier, calendar, start, duration);
    if (finish != verifier->end[a]) {
        refuse(verifier, NUMU_CODE_SCHEDULE_DURATION, place_of(verifier, a),
               argument_id(verifier, a), argument_point(verifier, start),
               argument_point(verifier, verifier->end[a]), argument_point(verifier, finish));
    }
}

static void check_release(struct verifier *verifier, uint32_t a) {
    const struct numu_project *project = verifier->project;
    numu_period earliest = project->data_date;
    if (project->state[a] == NUMU_ACTIVITY_PLANNED && project->release[a] > earliest) {
        earliest = project->release[a];
    }
    if (verifier->begin[a] < earliest) {
        refuse(verifier, NUMU_CODE_SCHEDULE_EARLY, place_of(verifier, a), argument_id(verifier, a),
               argument_point(verifier, verifier->begin[a]), argument_point(verifier, earliest),
               no_argument);
    }
}

static void check_activity(struct verifier *verifier, uint32_t a) {
    const struct numu_project *project = verifier->project;
    const struct numu_schedule_claim *claim = verifier->claim;
    if (project->state[a] == NUMU_ACTIVITY_FINISHED) {
        check_actual(verifier, a, project->actual_start[a], claim->start[a]);
        check_actual(verifier, a, project->actual_finish[a], claim->finish[a]);
        return;
    }
    if (project->state[a] == NUMU_ACTIVITY_STARTED) {
        check_actual(verifier, a, project->actual_start[a], claim->start[a]);
    }
    check_running(verifier, a);
    check_release(verifier, a);
}

/* --- links --- */

/* The point that a link asks of the activity after. */
static int64_t asked(const struct verifier *verifier, uint32_t link) {
    const struct numu_project *project = verifier->project;
    uint32_t before = project->link_before[link];
    bool is_from_start =
        project->link_type[link] == numu_link_SS || project->link_type[link] == numu_link_SF;
    numu_period from = is_from_start ? verifier->begin[before] : verifier->end[before];
    if (is_from_start && project->state[before] != NUMU_ACTIVITY_PLANNED) {
        from = project->actual_start[before];
    }
    return walk(verifier, calendar_of(verifier, before), from, project->link_lag[link]);
}

static numu_period given(const struct verifier *verifier, uint32_t link) {
    const struct numu_project *project = verifier->project;
    bool is_to_finish =
        project->link_type[link] == numu_link_FF || project->link_type[link] == numu_link_SF;
    uint32_t after = project->link_after[link];
    return is_to_finish ? verifier->end[after] : verifier->begin[after];
}

static bool binds(const struct verifier *verifier, uint32_t link) {
    const struct numu_project *project = verifier->project;
    return project->state[project->link_after[link]] != NUMU_ACTIVITY_FINISHED &&
           verifier->is_there[project->link_before[link]] &&
           verifier->is_there[project->link_after[link]];
}

/* Milestones of which only the day is known go to its end where a link in asks for that. */
static void place_milestones(struct verifier *verifier) {
    const struct numu_project *project = verifier->project;
    for (bool has_moved = true; has_moved;) {
        has_moved = false;
        for (uint32_t link = 0; link < project->link_count; link++) {
            uint32_t after = project->link_after[link];
            numu_period day = verifier->claim->start[after];
            bool is_movable = binds(verifier, link) && verifier->begin[after] == day &&
                              verifier->end[after] == day &&
                              project->duration[verifier->claim->mode[after]] == 0;
            if (is_movable && asked(verifier, link) > day) {
                verifier->begin[after] = verifier->end[after] = day + 1;
                has_moved = true;
            }
        }
    }
}

static void check_links(struct verifier *verifier) {
    static const char *const types[] = {"", "FS", "SS", "FF", "SF"};
    const struct numu_project *project = verifier->project;
    for (uint32_t link = 0; link < project->link_count; link++) {
        int64_t least = binds(verifier, link) ? asked(verifier, link) : INT64_MIN;
        if (binds(verifier, link) && given(verifier, link) < least) {
            uint32_t after = project->link_after[link];
            refuse(verifier, NUMU_CODE_SCHEDULE_LINK, place_of(verifier, after),
                   argument_id(verifier, after), argument_id(verifier, project->link_before[link]),
                   argument_point(verifier, least),
                   numu_argument_string(types[project->link_type[link]]));
        }
    }
}

/* --- resources --- */

struct event {
    numu_period point;
    int64_t change; /* of what is there (supply) or free */
};

static int compare_events(const void *a, const void *b) {
    const struct event *of_a = a;
    const struct event *of_b = b;
    return (of_a->point > of_b->point) - (of_a->point < of_b->point);
}

/* Supply as changes: of a renewable resource and of a consumable one alike. */
static size_t add_supply(const struct numu_project *project, uint32_t r, struct event *events) {
    size_t count = 0;
    int32_t units = 0;
    for (uint32_t s = project->first_step[r]; s < project->first_step[r + 1]; s++) {
        events[count++] =
            (struct event){project->step_time[s], (int64_t)project->step_units[s] - units};
        units = project->step_units[s];
    }
    return count;
}

static size_t add_needs(const struct verifier *verifier, uint32_t r, struct event *events,
                        size_t count) {
    const struct numu_project *project = verifier->project;
    for (uint32_t a = 0; a < project->activity_count; a++) {
        uint32_t mode = verifier->claim->mode[a];
        if (!verifier->is_there[a] || project->state[a] == NUMU_ACTIVITY_FINISHED) {
            continue;
        }
        for (uint32_t n = project->first_need[mode]; n < project->first_need[mode + 1]; n++) {
            if (project->need_resource[n] != r) {
                continue;
            }
            events[count++] = (struct event){verifier->begin[a], -(int64_t)project->need_units[n]};
            if (!project->is_consumable[r]) {
                events[count++] = (struct event){verifier->end[a], project->need_units[n]};
            }
        }
    }
    return count;
}

/* The first moment at which more is used than there is. */
static void check_resource(struct verifier *verifier, uint32_t r, struct event *events) {
    const struct numu_project *project = verifier->project;
    size_t supplied = add_supply(project, r, events);
    size_t count = add_needs(verifier, r, events, supplied);
    int64_t there = 0;
    qsort(events, count, sizeof *events, compare_events);
    for (size_t i = 0; i < count; i++) {
        there += events[i].change;
        bool is_last_of_point = i + 1 == count || events[i + 1].point > events[i].point;
        if (is_last_of_point && there < 0) {
            refuse(verifier, NUMU_CODE_SCHEDULE_RESOURCE, verifier->claim->head,
                   numu_argument_text(project->resource_id[r]),
                   argument_point(verifier, events[i].point),
                   numu_argument_number(-there, project->unit_decimals[r]), no_argument);
            return;
        }
    }
}

static numu_status check_resources(struct verifier *verifier, struct numu_arena *scratch) {
    const struct numu_project *project = verifier->project;
    size_t events_max = project->step_count + 2 * (size_t)project->need_count;
    struct event *events;
    NUMU_TRY(NUMU_TAKE(scratch, &events, events_max));
    for (uint32_t r = 0; r < project->resource_count; r++) {
        check_resource(verifier, r, events);
    }
    return NUMU_OK;
}

/* --- the whole --- */

/* The greatest finish as a point, or as the last day of work. */
static numu_period last_finish(const struct verifier *verifier) {
    const struct numu_schedule_claim *claim = verifier->claim;
    numu_period last = claim->is_in_days ? NUMU_NO_PERIOD : verifier->project->data_date;
    for (uint32_t a = 0; a < verifier->project->activity_count; a++) {
        bool is_day = claim->is_in_days && claim->finish[a] > claim->start[a];
        numu_period finish = is_day ? claim->finish[a] - 1 : claim->finish[a];
        last = verifier->is_there[a] && finish > last ? finish : last;
    }
    return last;
}

static void check_deadlines(struct verifier *verifier) {
    const struct numu_project *project = verifier->project;
    for (uint32_t a = 0; a < project->activity_count; a++) {
        if (!verifier->is_there[a] || project->state[a] == NUMU_ACTIVITY_FINISHED ||
            project->deadline[a] == NUMU_NO_PERIOD) {
            continue;
        }
        numu_period late = verifier->end[a] - project->deadline[a];
        if (late > 0) {
            refuse(verifier, NUMU_CODE_DEADLINES_NOT_KEPT, place_of(verifier, a),
                   numu_argument_integer(late), no_argument, no_argument, no_argument);
        }
    }
}

static void check_whole(struct verifier *verifier) {
    const struct numu_schedule_claim *claim = verifier->claim;
    numu_period last = last_finish(verifier);
    if (claim->makespan != NUMU_NO_PERIOD && claim->makespan != last) {
        refuse(verifier, NUMU_CODE_SCHEDULE_MAKESPAN, claim->head,
               argument_point(verifier, claim->makespan), argument_point(verifier, last),
               no_argument, no_argument);
    }
    bool has_bound = claim->lower_bound != NUMU_NO_PERIOD;
    if (has_bound &&
        (claim->lower_bound > last || (claim->is_proven && claim->lower_bound < last))) {
        refuse(verifier, NUMU_CODE_SCHEDULE_BOUND, claim->head,
               argument_point(verifier, claim->lower_bound), argument_point(verifier, last),
               no_argument, no_argument);
    }
}

static numu_status take_dates(struct verifier *verifier, struct numu_arena *scratch) {
    const struct numu_project *project = verifier->project;
    NUMU_TRY(NUMU_TAKE(scratch, &verifier->begin, project->activity_count));
    NUMU_TRY(NUMU_TAKE(scratch, &verifier->end, project->activity_count));
    NUMU_TRY(NUMU_TAKE(scratch, &verifier->is_there, project->activity_count));
    for (uint32_t a = 0; a < project->activity_count; a++) {
        verifier->is_there[a] = check_claim(verifier, a);
        if (!verifier->is_there[a]) {
            continue;
        }
        verifier->end[a] = verifier->claim->finish[a];
        verifier->begin[a] = verifier->claim->start[a];
        if (project->state[a] == NUMU_ACTIVITY_STARTED) {
            verifier->begin[a] =
                (numu_period)walk(verifier, calendar_of(verifier, a), verifier->end[a],
                                  -(int64_t)project->duration[verifier->claim->mode[a]]);
        }
    }
    return NUMU_OK;
}

static numu_status verify(struct verifier *verifier, struct numu_arena *scratch) {
    NUMU_TRY(take_dates(verifier, scratch));
    if (verifier->claim->is_in_days) {
        place_milestones(verifier);
    }
    for (uint32_t a = 0; a < verifier->project->activity_count; a++) {
        if (verifier->is_there[a]) {
            check_activity(verifier, a);
        }
    }
    check_links(verifier);
    NUMU_TRY(check_resources(verifier, scratch));
    check_whole(verifier);
    if (verifier->claim->keeps_deadlines) {
        check_deadlines(verifier);
    }
    return verifier->is_good ? NUMU_OK : NUMU_INVALID;
}

numu_status numu_verify_schedule(const struct numu_project *project,
                                 const struct numu_schedule_claim *claim,
                                 struct numu_arena *scratch, struct numu_report *report) {
    struct verifier verifier = {
        .project = project, .claim = claim, .report = report, .is_good = true};
    struct numu_arena_mark mark = numu_arena_mark(scratch);
    numu_status status = verify(&verifier, scratch);
    numu_arena_rewind(scratch, mark);
    return status;
}
