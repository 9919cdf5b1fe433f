/*
 * rcpsp_window.c - a window of a schedule as a project of its own.
 *
 * The jobs of a window become the activities of a small project: what the others leave of each
 * resource is its supply, what jobs before the window ask is a not-before date, and what jobs
 * after it and deadlines ask is a link to one last activity, its lag the time that must pass until
 * then. Its finish is bounded, so that nothing is late. Time is counted from the earliest of these
 * dates. Where periods differ it is counted as in the whole, whose calendars these are, and what
 * jobs after the window ask is a deadline that must be kept.
 */
#include "programme/rcpsp_window.h"

#include "programme/exact.h"
#include "programme/rcpsp_room.h"

#include <string.h>

/* [W3], by level: jobs of a window, and what it may cost; docs/adr/0020-scarce-resources.md */
enum {
    SIZES = 10,
    SIZE_FIRST = 14,
    SIZE_STEP = 5,
    STARTS_FIRST = 100,
    STARTS_STEP = 60,
    ROUNDS = 2,      /* through all sizes, */
    ROUND_FACTOR = 4 /* the second with so many times the starts */
};

struct window {
    const struct numu_rcpsp_problem *problem;
    const struct numu_rcpsp_plan *plan;
    const numu_period *late, *late_by_finish;
    struct numu_arena *arena;
    bool is_uniform;
    numu_period from, until; /* jobs that run in [from, until) are free */
    numu_period end;         /* nothing finishes later */
    uint32_t hurried;        /* a late job that is to finish earlier; NUMU_NONE: the whole is */
    numu_period goal;        /* jobs that stay and start until then start one period earlier */
    uint32_t count;
    uint32_t *job;                  /* of the window, ascending, so that links lead forward */
    bool *is_free;                  /* by job: in the window; others stay */
    uint32_t *number;               /* by job that is free: in the window */
    struct numu_rcpsp_plan stay;    /* of jobs that stay: where they are to be */
    numu_period *earliest, *latest; /* by number: start from, finish by */
    numu_period first, last;        /* of these */
    struct numu_project project;
    struct numu_project_calendar calendar;
};

/* --- which jobs --- */

static bool runs_within(const struct numu_rcpsp_plan *plan, uint32_t job, numu_period from,
                        numu_period until) {
    bool is_moment = plan->start[job] == plan->finish[job];
    return plan->start[job] < until &&
           (is_moment ? plan->start[job] >= from : plan->finish[job] > from);
}

static uint32_t count_within(const struct window *window) {
    uint32_t count = 0;
    for (uint32_t j = 0; j < window->problem->count; j++) {
        count += runs_within(window->plan, j, window->from, window->until);
    }
    return count;
}

/* From the middle so far to each side, but not beyond the plan. */
static void widen(struct window *window, numu_period middle, numu_period width) {
    numu_period end = numu_rcpsp_makespan(window->plan->cost);
    window->from = middle > width ? middle - width : 0;
    window->until = end - middle > width ? middle + width + 1 : end;
}

/* The least width with which enough jobs run around a point of time, or the whole. */
static void place_window(struct window *window, numu_period middle, uint32_t wanted) {
    numu_period least = 0, most = numu_rcpsp_makespan(window->plan->cost);
    while (least < most) {
        numu_period width = least + (most - least) / 2;
        widen(window, middle, width);
        if (count_within(window) >= wanted) {
            most = width;
        } else {
            least = width + 1;
        }
    }
    widen(window, middle, least);
}

static bool is_late(const struct window *window, uint32_t job) {
    numu_period deadline = window->problem->deadline[job];
    return deadline != NUMU_NO_PERIOD && window->plan->finish[job] > deadline;
}

/*
 * What is to be earlier: the late job that finishes first after `middle`, or the whole. Where
 * periods differ it has to run in the window; false where something is late, but no such job.
 */
static bool choose_goal(struct window *window, numu_period middle) {
    const struct numu_rcpsp_plan *plan = window->plan;
    const bool only_inside = window->late_by_finish != NULL;
    window->hurried = NUMU_NONE;
    window->goal = NUMU_PERIOD_MAX;
    bool is_asked = window->problem->has_deadlines && (window->is_uniform || only_inside);
    for (uint32_t j = 0; is_asked && j < window->problem->count; j++) {
        if (plan->finish[j] > middle && plan->finish[j] < window->goal && is_late(window, j) &&
            (!only_inside || runs_within(plan, j, window->from, window->until))) {
            window->hurried = j;
            window->goal = plan->finish[j];
        }
    }
    if (window->hurried == NUMU_NONE) {
        window->end--;
        return !only_inside;
    }
    if (runs_within(plan, window->hurried, window->from, window->until)) {
        window->goal = -1; /* it is free: nothing else has to be earlier */
        window->late = only_inside ? window->late_by_finish : window->late;
    }
    return true;
}

static numu_period duration_of(const struct window *window, uint32_t job) {
    return window->problem->duration[window->plan->mode[job]];
}

/* Where so many periods of a job end. */
static numu_period advance(const struct window *window, uint32_t job, numu_period point,
                           numu_period periods) {
    return numu_period_advance(window->problem->calendar[job], point, periods);
}

/* What comes after the window, [W1]. */
static void place_late_side(struct window *window) {
    for (uint32_t j = 0; j < window->problem->count; j++) {
        if (!window->is_free[j] && window->plan->start[j] >= window->until) {
            bool is_earlier = window->is_uniform && window->late[j] <= window->goal;
            numu_period start = window->late[j] - (is_earlier ? 1 : 0);
            window->stay.start[j] = start;
            window->stay.finish[j] =
                start < 0 ? start : advance(window, j, start, duration_of(window, j));
        }
    }
}

static numu_status list_jobs(struct window *window) {
    uint32_t count = window->problem->count;
    NUMU_TRY(NUMU_TAKE(window->arena, &window->job, count));
    NUMU_TRY(NUMU_TAKE(window->arena, &window->is_free, count));
    NUMU_TRY(NUMU_TAKE(window->arena, &window->number, count));
    NUMU_TRY(numu_rcpsp_plan_take(count, window->arena, &window->stay));
    NUMU_TRY(NUMU_TAKE(window->arena, &window->earliest, count));
    NUMU_TRY(NUMU_TAKE(window->arena, &window->latest, count));
    numu_rcpsp_plan_copy(count, window->plan, &window->stay);
    for (uint32_t j = 0; j < count; j++) {
        window->is_free[j] = runs_within(window->plan, j, window->from, window->until);
        if (window->is_free[j]) {
            window->number[j] = window->count;
            window->job[window->count++] = j;
        }
    }
    place_late_side(window);
    return NUMU_OK;
}

/*
 * Whether a job of the window stays in its mode: where its finish has a date, or the start of those
 * that wait for its own, which stand as a finish and a start here.
 */
static bool keeps_mode(const struct window *window, uint32_t job) {
    const struct numu_rcpsp_problem *problem = window->problem;
    bool keeps = problem->finish_min[job] > 0;
    for (uint32_t i = problem->first_before[job]; i < problem->first_before[job + 1]; i++) {
        keeps |= numu_link_enters_finish(problem->before_type[i]);
    }
    for (uint32_t i = problem->first_after[job]; i < problem->first_after[job + 1]; i++) {
        keeps |= numu_link_leaves_start(problem->after_type[i]);
    }
    return keeps;
}

static uint32_t first_choice(const struct window *window, uint32_t job) {
    return keeps_mode(window, job) ? window->plan->mode[job] : window->problem->first_mode[job];
}

static uint32_t end_of_choice(const struct window *window, uint32_t job) {
    return keeps_mode(window, job) ? window->plan->mode[job] + 1
                                   : window->problem->first_mode[job + 1];
}

static numu_period shortest_of(const struct window *window, uint32_t job) {
    numu_period shortest = duration_of(window, job);
    for (uint32_t m = first_choice(window, job); m < end_of_choice(window, job); m++) {
        numu_period duration = window->problem->duration[m];
        shortest = duration < shortest ? duration : shortest;
    }
    return shortest;
}

/* What dates and jobs that stay ask of a job's start. */
static numu_period asked_start(const struct window *window, uint32_t job) {
    return numu_rcpsp_asked_resume(window->problem, &window->stay, job, duration_of(window, job),
                                   window->is_free);
}

/* Whether starts and finishes keep links, so that nothing moves past what it waits for. */
static bool is_ordered(const struct numu_rcpsp_problem *problem) {
    return problem->starts_keep_links && problem->finishes_keep_links;
}

/* Whether jobs that stay may be where they are to be. */
static bool can_stay(const struct window *window) {
    const bool asks_all = !is_ordered(window->problem);
    for (uint32_t j = 0; j < window->problem->count; j++) {
        numu_period start = window->stay.start[j];
        if (!window->is_free[j] && (asks_all || start < window->plan->start[j]) &&
            (start < 0 || start < asked_start(window, j))) {
            return false;
        }
    }
    return true;
}

/* A job that is late finishes no later than it does, the hurried one earlier. */
static numu_period latest_finish(const struct window *window, uint32_t job) {
    numu_period finish = window->plan->finish[job] - (job == window->hurried ? 1 : 0);
    numu_period by = numu_rcpsp_finish_by(window->problem, job, finish);
    return by < window->end ? by : window->end;
}

static bool find_dates(struct window *window) {
    const struct numu_rcpsp_problem *problem = window->problem;
    window->first = NUMU_PERIOD_MAX;
    window->last = 0;
    for (uint32_t n = 0; n < window->count; n++) {
        uint32_t job = window->job[n];
        numu_period start = numu_rcpsp_allowed_resume(problem, &window->stay, job,
                                                      latest_finish(window, job), window->is_free);
        if (start < 0 && problem->calendar[job]->rank != NULL) {
            return false; /* where no calendar rests a shorter mode may do */
        }
        numu_period latest = advance(window, job, start, duration_of(window, job));
        window->earliest[n] = asked_start(window, job);
        window->latest[n] = latest;
        if (advance(window, job, window->earliest[n], shortest_of(window, job)) > latest) {
            return false;
        }
        window->first = window->earliest[n] < window->first ? window->earliest[n] : window->first;
        window->last = latest > window->last ? latest : window->last;
    }
    if (!window->is_uniform) {
        window->first = 0; /* so that calendars are those of the whole */
    }
    return true;
}

/* --- the project --- */

static numu_status take_project(struct window *window) {
    const struct numu_rcpsp_problem *problem = window->problem;
    const struct numu_project *whole = problem->project;
    struct numu_project *project = &window->project;
    uint32_t links = window->count; /* to the last activity */
    uint32_t modes = 1;             /* of the last activity */
    uint32_t needs = 0;
    for (uint32_t n = 0; n < window->count; n++) {
        uint32_t job = window->job[n];
        links += problem->first_after[job + 1] - problem->first_after[job];
        for (uint32_t m = first_choice(window, job); m < end_of_choice(window, job); m++) {
            uint32_t number = problem->mode_number[m];
            needs += whole->first_need[number + 1] - whole->first_need[number];
            modes++;
        }
    }
    *project = (struct numu_project){
        .source = NUMU_NO_SOURCE,
        .origin = NUMU_NO_DAY,
        .horizon = window->last - window->first,
        .activity_count = window->count + 1,
        .mode_count = modes,
        .need_count = needs,
        .resource_count = whole->resource_count,
        .step_count = whole->resource_count * (uint32_t)(window->last - window->first + 1),
        .link_count = links,
    };
    NUMU_TRY(numu_project_take(window->arena, project));
    NUMU_TRY(NUMU_TAKE(window->arena, &project->order, project->activity_count));
    NUMU_TRY(NUMU_TAKE(window->arena, &project->first_in, (size_t)project->activity_count + 1));
    NUMU_TRY(NUMU_TAKE(window->arena, &project->first_out, (size_t)project->activity_count + 1));
    NUMU_TRY(NUMU_TAKE(window->arena, &project->link_in, links));
    NUMU_TRY(NUMU_TAKE(window->arena, &project->link_out, links));
    project->calendars = window->is_uniform ? &window->calendar : whole->calendars;
    project->calendar_count = window->is_uniform ? 1 : whole->calendar_count;
    return NUMU_OK;
}

static void add_mode(struct window *window, uint32_t mode) {
    const struct numu_project *whole = window->problem->project;
    struct numu_project *project = &window->project;
    uint32_t number = window->problem->mode_number[mode];
    project->first_need[project->mode_count] = project->need_count;
    project->duration[project->mode_count++] = window->problem->duration[mode];
    for (uint32_t n = whole->first_need[number]; n < whole->first_need[number + 1]; n++) {
        project->need_resource[project->need_count] = whole->need_resource[n];
        project->need_units[project->need_count++] = whole->need_units[n];
    }
}

static void add_link(struct numu_project *project, uint32_t before, uint32_t after, uint8_t type,
                     numu_period lag) {
    uint32_t link = project->link_count++;
    project->link_before[link] = before;
    project->link_after[link] = after;
    project->link_type[link] = type;
    project->link_lag[link] = lag;
    project->link_out[link] = link;
    project->first_in[after + 1]++;
}

static void add_activity(struct window *window, uint32_t number) {
    const struct numu_rcpsp_problem *problem = window->problem;
    struct numu_project *project = &window->project;
    uint32_t job = window->job[number];
    project->first_mode[number] = project->mode_count;
    project->order[number] = number;
    project->release[number] = window->earliest[number] - window->first;
    project->first_out[number] = project->link_count;
    for (uint32_t m = first_choice(window, job); m < end_of_choice(window, job); m++) {
        add_mode(window, m);
    }
    for (uint32_t i = problem->first_after[job]; i < problem->first_after[job + 1]; i++) {
        uint32_t after = problem->after[i];
        if (window->is_free[after]) {
            add_link(project, number, window->number[after], problem->after_type[i],
                     problem->after_lag[i]);
        }
    }
    if (window->is_uniform) {
        add_link(project, number, window->count, numu_link_FS,
                 window->last - window->latest[number]);
    } else {
        project->calendar[number] = problem->project->calendar[problem->activity[job]];
        project->deadline[number] = window->latest[number];
    }
}

static void add_activities(struct window *window) {
    struct numu_project *project = &window->project;
    uint32_t last = window->count;
    project->link_count = 0;
    project->mode_count = 0;
    project->need_count = 0;
    for (uint32_t n = 0; n < window->count; n++) {
        add_activity(window, n);
    }
    project->first_mode[last] = project->mode_count;
    project->first_need[project->mode_count++] = project->need_count;
    project->first_mode[last + 1] = project->mode_count;
    project->first_need[project->mode_count] = project->need_count;
    project->order[last] = last;
    project->first_out[last] = project->first_out[last + 1] = project->link_count;
    for (uint32_t a = 0; a <= last; a++) {
        project->first_in[a + 1] += project->first_in[a];
    }
    for (uint32_t link = project->link_count; link-- > 0;) {
        project->link_in[--project->first_in[project->link_after[link] + 1]] = link;
    }
    /* The filling moved each end back to its beginning: shift them by one. */
    for (uint32_t a = 0; a <= last; a++) {
        project->first_in[a] = project->first_in[a + 1];
    }
    project->first_in[last + 1] = project->link_count;
}

/* The last point that counts, from the beginning of the window's time: of a consumable resource all
   that is used after the window, too; what is supplied only grows [W4]. */
static numu_period last_point(const struct window *window, uint32_t resource) {
    bool is_consumable = window->problem->project->is_consumable[resource];
    numu_period last = is_consumable && window->end > window->last ? window->end : window->last;
    return last - window->first;
}

/*
 * Takes what a job that stays uses of a resource; of a consumable one, from its start on. Told as
 * changes by point.
 */
static void take_left(const struct window *window, uint32_t job, uint32_t resource,
                      numu_period last, int32_t *change) {
    const struct numu_project *whole = window->problem->project;
    numu_period from = window->stay.start[job] - window->first;
    numu_period until = window->stay.finish[job] - window->first;
    uint32_t mode = window->problem->mode_number[window->plan->mode[job]];
    from = from < 0 ? 0 : from;
    until = whole->is_consumable[resource] ? last + 1 : until < last ? until : last;
    for (uint32_t n = whole->first_need[mode]; from < until && n < whole->first_need[mode + 1];
         n++) {
        if (whole->need_resource[n] == resource) {
            change[from] -= whole->need_units[n];
            change[until] += whole->need_units[n];
        }
    }
}

/* What there is of a resource, as changes by point. */
static void fill_supply(const struct window *window, uint32_t resource, numu_period last,
                        int32_t *change) {
    const struct numu_project *whole = window->problem->project;
    uint32_t step = whole->first_step[resource], end = whole->first_step[resource + 1];
    memset(change, 0, ((size_t)last + 2) * sizeof *change);
    while (step + 1 < end && whole->step_time[step + 1] <= window->first) {
        step++;
    }
    change[0] = whole->step_units[step];
    for (; step + 1 < end && whole->step_time[step + 1] <= window->first + last; step++) {
        change[whole->step_time[step + 1] - window->first] +=
            whole->step_units[step + 1] - whole->step_units[step];
    }
}

/* [W4] What is used at a point is gone at all that come after it. */
static void leave_for_later(numu_period last, int32_t *left) {
    for (numu_period t = last; t-- > 0;) {
        left[t] = left[t + 1] < left[t] ? left[t + 1] : left[t];
    }
}

/* What those that stay leave of a resource, by period from the beginning of the window's time. */
static void find_left(const struct window *window, uint32_t resource, int32_t *left) {
    numu_period last = last_point(window, resource);
    fill_supply(window, resource, last, left);
    for (uint32_t j = 0; j < window->problem->count; j++) {
        if (!window->is_free[j]) {
            take_left(window, j, resource, last, left);
        }
    }
    for (numu_period t = 1; t <= last; t++) {
        left[t] += left[t - 1];
    }
    if (window->problem->project->is_consumable[resource]) {
        leave_for_later(last, left);
    }
}

static numu_status take_room_for_left(const struct window *window, int32_t **out) {
    numu_period last = window->last - window->first;
    for (uint32_t r = 0; r < window->problem->project->resource_count; r++) {
        numu_period of_resource = last_point(window, r);
        last = of_resource > last ? of_resource : last;
    }
    return NUMU_TAKE(window->arena, out, (size_t)last + 2);
}

/* *out_is_enough: those that stay leave each other room. */
static numu_status add_supplies(struct window *window, bool *out_is_enough) {
    const struct numu_project *whole = window->problem->project;
    struct numu_project *project = &window->project;
    numu_period length = window->last - window->first;
    int32_t *left;
    NUMU_TRY(take_room_for_left(window, &left));
    *out_is_enough = true;
    project->step_count = 0;
    for (uint32_t r = 0; r < whole->resource_count; r++) {
        find_left(window, r, left);
        project->is_consumable[r] = whole->is_consumable[r];
        project->first_step[r] = project->step_count;
        for (numu_period t = 0; t <= length; t++) {
            *out_is_enough &= left[t] >= 0;
            if (t == 0 || left[t] != left[t - 1]) {
                project->step_time[project->step_count] = t;
                project->step_units[project->step_count++] = left[t];
            }
        }
    }
    project->first_step[whole->resource_count] = project->step_count;
    return NUMU_OK;
}

/* --- the whole --- */

static numu_status search_window(const struct numu_context *context, struct window *window,
                                 uint64_t starts_max, numu_period *start, uint32_t *mode,
                                 struct numu_rcpsp_window_found *out) {
    struct numu_exact exact;
    bool is_enough;
    NUMU_TRY(take_project(window));
    add_activities(window);
    NUMU_TRY(add_supplies(window, &is_enough));
    if (!is_enough) {
        /* Where periods are alike, those before the window end before those after it begin. */
        numu_assert(!window->is_uniform || !is_ordered(window->problem));
        return NUMU_OK;
    }
    const struct numu_exact_options options = {
        .makespan_max = window->last - window->first,
        .starts_max = starts_max,
        .stops_at_first = true,
        .skips_energy = true,
        .keeps_deadlines = !window->is_uniform,
    };
    NUMU_TRY(numu_exact_solve(context, &window->project, &options, window->arena, &exact));
    out->starts = exact.is_supported ? exact.starts : starts_max; /* nor would others be */
    out->starts = out->starts > 0 ? out->starts : 1;
    out->is_found = exact.has_schedule;
    if (exact.has_schedule) {
        memcpy(start, window->stay.start, window->problem->count * sizeof *start);
        memcpy(mode, window->plan->mode, window->problem->count * sizeof *mode);
        for (uint32_t n = 0; n < window->count; n++) {
            uint32_t job = window->job[n];
            start[job] = exact.start[n] + window->first;
            mode[job] = first_choice(window, job) + exact.mode[n] - window->project.first_mode[n];
        }
    }
    return NUMU_OK;
}

numu_status numu_rcpsp_window_try(const struct numu_context *context,
                                  const struct numu_rcpsp_problem *problem,
                                  const struct numu_rcpsp_window *asked, struct numu_arena *arena,
                                  numu_period *start, uint32_t *mode,
                                  struct numu_rcpsp_window_found *out) {
    struct window window = {
        .problem = problem,
        .plan = asked->plan,
        .late = asked->late,
        .late_by_finish = asked->late_by_finish,
        .arena = arena,
        .is_uniform = numu_rcpsp_is_uniform(problem),
        .end = numu_rcpsp_makespan(asked->plan->cost),
    };
    *out = (struct numu_rcpsp_window_found){.starts = 1};
    if (window.end == 0) {
        return NUMU_OK; /* nothing is shorter */
    }
    place_window(&window, (numu_period)(asked->place * window.end), asked->jobs);
    if (!choose_goal(&window, (numu_period)(asked->place * window.end))) {
        return NUMU_OK;
    }
    NUMU_TRY(list_jobs(&window));
    if (window.count == 0 || !can_stay(&window) || !find_dates(&window)) {
        return NUMU_OK;
    }
    return search_window(context, &window, asked->starts_max, start, mode, out);
}

/* --- a plan, [W3] --- */

static uint32_t size_of(uint32_t level) {
    return SIZE_FIRST + SIZE_STEP * (level % SIZES);
}

static uint64_t starts_of(uint32_t level) {
    uint64_t starts = STARTS_FIRST + STARTS_STEP * (uint64_t)(level % SIZES);
    for (uint32_t round = level / SIZES; round > 0; round--) {
        starts *= ROUND_FACTOR;
    }
    return starts;
}

/* Places at every half of a window's length; of the smallest, which win most, at every quarter. */
static uint32_t steps_of(const struct numu_rcpsp_problem *problem, uint32_t level) {
    uint32_t of_length = level % SIZES == 0 ? 4 : 2;
    return of_length * problem->count / size_of(level) + 1;
}

bool numu_rcpsp_is_swept(const struct numu_rcpsp_problem *problem,
                         const struct numu_rcpsp_sweep *sweep) {
    return sweep->level >= ROUNDS * SIZES || problem->count == 0;
}

/* One step on; on every other level between those of the level before. */
static double place_of(uint32_t step, uint32_t steps, uint32_t level) {
    double offset = level % 2 == 0 ? 0.25 : 0.75;
    return (step + offset) / steps;
}

static void go_on(const struct numu_rcpsp_problem *problem, uint32_t steps,
                  struct numu_rcpsp_sweep *sweep) {
    if (++sweep->step < steps) {
        return;
    }
    sweep->step = 0;
    sweep->level++;
    if (size_of(sweep->level) > problem->count) {
        sweep->level += SIZES - sweep->level % SIZES; /* to the next round */
    }
}

/* Whether late jobs of a plan have starts of their own for those after them. */
static bool hurries_inside(const struct numu_rcpsp_problem *problem,
                           const struct numu_rcpsp_broom *broom,
                           const struct numu_rcpsp_plan *plan) {
    return broom->late_by_finish != NULL && !numu_rcpsp_is_uniform(problem) &&
           numu_rcpsp_lateness(plan->cost) > 0;
}

/* As late as can be where the whole ends at a point. */
static void decode_late_by(const struct numu_rcpsp_problem *problem, struct numu_rcpsp_broom *broom,
                           const struct numu_rcpsp_plan *plan, numu_period end) {
    bool is_uniform = numu_rcpsp_is_uniform(problem);
    numu_rcpsp_plan_copy(problem->count, plan, broom->late);
    for (uint32_t j = 0; !is_uniform && j < problem->count; j++) {
        broom->late->start[j] = -1; /* and so it stays where there is no place for it */
    }
    bool is_whole = numu_rcpsp_decode_back(problem, broom->desk, broom->list, end, broom->late);
    /* where each job is, there is room for it */
    numu_assert(is_whole || !is_uniform || !is_ordered(problem));
}

/* As late as the plan's finish allows, or, where periods differ, one a period earlier. */
static void decode_late(const struct numu_rcpsp_problem *problem, struct numu_rcpsp_broom *broom,
                        const struct numu_rcpsp_plan *plan) {
    numu_period end = numu_rcpsp_makespan(plan->cost);
    numu_rcpsp_order(problem, broom->sorter, plan->finish,
                     problem->finishes_keep_links || numu_rcpsp_is_uniform(problem), broom->list);
    if (hurries_inside(problem, broom, plan)) {
        decode_late_by(problem, broom, plan, end);
        memcpy(broom->late_by_finish, broom->late->start,
               problem->count * sizeof *broom->late_by_finish);
    }
    decode_late_by(problem, broom, plan, end - (numu_rcpsp_is_uniform(problem) ? 0 : 1));
}

/*
 * Generated anew, so that all is as early as can be; but where starts do not keep links that may
 * come to more, and then it stays as it was found.
 */
static void take_found(const struct numu_rcpsp_problem *problem, struct numu_rcpsp_broom *broom,
                       struct numu_rcpsp_plan *plan) {
    int64_t cost = plan->cost;
    memcpy(plan->mode, broom->mode, problem->count * sizeof *plan->mode);
    numu_rcpsp_order(problem, broom->sorter, broom->start, problem->starts_keep_links, broom->list);
    numu_rcpsp_decode(problem, broom->desk, broom->list, NULL, plan);
    if (plan->cost < cost) {
        return;
    }
    for (uint32_t j = 0; j < problem->count; j++) {
        plan->start[j] = broom->start[j];
        plan->finish[j] = numu_period_advance(problem->calendar[j], broom->start[j],
                                              problem->duration[plan->mode[j]]);
    }
    plan->cost = numu_rcpsp_cost(problem, plan->finish);
}

/* Tries the next window of a plan. */
static numu_status try_next(const struct numu_context *context,
                            const struct numu_rcpsp_problem *problem,
                            struct numu_rcpsp_broom *broom, uint64_t starts_max,
                            struct numu_rcpsp_sweep *sweep, struct numu_rcpsp_plan *plan) {
    uint32_t jobs = size_of(sweep->level);
    uint64_t starts = starts_of(sweep->level);
    uint32_t steps = steps_of(problem, sweep->level);
    const struct numu_rcpsp_window window = {
        .plan = plan,
        .late = broom->late->start,
        .late_by_finish = hurries_inside(problem, broom, plan) ? broom->late_by_finish : NULL,
        .place = place_of(sweep->step, steps, sweep->level),
        .jobs = jobs,
        .starts_max = starts < starts_max ? starts : starts_max,
    };
    struct numu_rcpsp_window_found found;
    struct numu_arena_mark mark = numu_arena_mark(broom->scratch);
    numu_status status = numu_rcpsp_window_try(context, problem, &window, broom->scratch,
                                               broom->start, broom->mode, &found);
    numu_arena_rewind(broom->scratch, mark);
    NUMU_TRY(status);
    broom->desk->placed += found.starts;
    if (!found.is_found) {
        go_on(problem, steps, sweep);
        return NUMU_OK;
    }
    *sweep = (struct numu_rcpsp_sweep){0};
    take_found(problem, broom, plan);
    decode_late(problem, broom, plan);
    return NUMU_OK;
}

numu_status numu_rcpsp_sweep_plan(const struct numu_context *context,
                                  const struct numu_rcpsp_problem *problem,
                                  struct numu_rcpsp_broom *broom, uint64_t starts_max,
                                  struct numu_rcpsp_sweep *sweep, struct numu_rcpsp_plan *plan) {
    struct numu_rcpsp_desk *desk = broom->desk;
    const struct numu_context *asks = desk->context;
    uint64_t end = desk->placed + starts_max;
    numu_status status = NUMU_OK;
    desk->context = NULL; /* so that what is found is decoded whole */
    decode_late(problem, broom, plan);
    while (status == NUMU_OK && desk->placed < end && !numu_rcpsp_is_swept(problem, sweep) &&
           !numu_context_is_stopped(context)) {
        status = try_next(context, problem, broom, end - desk->placed, sweep, plan);
    }
    desk->context = asks;
    return status;
}
