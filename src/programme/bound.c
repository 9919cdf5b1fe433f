/*
 * bound.c - tests that refute a finish of the whole, and the search for the least they let pass.
 *
 * [1] Every test refutes soundly, so the bound is one more than any refuted finish, whether or not
 *     the tests refute all below it.
 * [2] An activity counts with the least duration, and for each resource with the least need and
 *     the least energy, over its modes.
 * [3] Work in windows, bound_energy.h: where those from the earliest start on refute no finish any
 *     more the others are tried, then the time-table narrows windows first. Each costs more.
 * [4] Lateness is bounded like the finish: by how much each activity with a deadline is late at
 *     least, whatever the others are, and then all of them together, from the bound of
 *     bound_order.h on. Where they are L periods late in sum, none is later than its own least and
 *     what L leaves above the sum of these.
 */
#include "programme/bound.h"

#include "programme/bound_energy.h"
#include "programme/bound_order.h"
#include "programme/exact_solver.h"

#include <stdlib.h>
#include <string.h>

enum {
    ROUNDS_MAX = 30,
    WORK_A_LOOK = 100000 /* steps between looks at the clock: less than a millisecond */
};

/* From `time` on `free` units are left by availability and by what must run then. */
struct segment {
    numu_period time;
    int64_t free;
};

struct bounder {
    const struct numu_context *context;
    const struct numu_project *project;
    struct numu_domain domain;
    numu_period *earliest, *latest; /* positions, by task */
    numu_period *root;              /* earliest without any finish of the whole */
    struct numu_measures measures;
    int64_t *late; /* by task: periods that it is late at least [4] */
    int64_t late_sum;
    uint32_t due_count;  /* tasks with a deadline */
    uint32_t *first_use; /* by resource, one more at the end */
    struct numu_bound_use *use;
    struct segment *segment, *change; /* room for all changes of one resource */
    struct numu_bound_energy energy;
    uint64_t work, work_max;
    double clock_end; /* 0 = no limit of time */
    bool is_timed_out;
    uint64_t looked_at;
};

typedef enum verdict { PASSED, REFUTED } verdict;

/* What is tried, each with all before it [3]. */
enum effort { BY_FIRST_WINDOWS, BY_WINDOWS, BY_TIME_TABLE };

/* Whether the bound that it has must do; looked at between any two steps that may take long. */
static bool is_exhausted(struct bounder *it) {
    const struct numu_context *context = it->context;
    if (it->clock_end > 0 && it->work >= it->looked_at) {
        it->looked_at = it->work + WORK_A_LOOK;
        it->is_timed_out = context->clock(context->clock_data) >= it->clock_end;
    }
    return it->is_timed_out || it->work >= it->work_max || numu_context_is_stopped(context);
}

static numu_period start_of(const struct bounder *it, uint32_t task, numu_period position) {
    return numu_domain_start(it->domain.calendar[task], position);
}

static numu_period finish_of(const struct bounder *it, uint32_t task, numu_period position) {
    return numu_domain_finish(it->domain.calendar[task], position + it->domain.duration_min[task]);
}

/* --- availability alone --- */

/*
 * The first time from `start` on at which a need of `units` during [start, finish) meets a step
 * with fewer, and the end of that step; NUMU_PERIOD_MAX as the end of the last.
 */
static bool find_shortage(const struct numu_project *project, uint32_t resource, int32_t units,
                          numu_period start, numu_period finish, numu_period *out_end) {
    uint32_t end = project->first_step[resource + 1];
    for (uint32_t step = project->first_step[resource]; step < end; step++) {
        numu_period until = step + 1 < end ? project->step_time[step + 1] : NUMU_PERIOD_MAX;
        if (project->step_time[step] >= finish) {
            return false;
        }
        if (until > start && project->step_units[step] < units) {
            *out_end = until;
            return true;
        }
    }
    return false;
}

/* The least position from `position` on at which availability alone lets a mode run. */
static numu_period first_allowed(const struct bounder *it, uint32_t task, uint32_t mode,
                                 numu_period position) {
    const struct numu_project *project = it->project;
    const struct numu_project_calendar *calendar = it->domain.calendar[task];
    numu_period duration = project->duration[mode];
    /* An inexact task is a point without duration. */
    duration = duration > it->domain.duration_max[task] ? 0 : duration;
    uint32_t need = project->first_need[mode];
    while (need < project->first_need[mode + 1]) {
        numu_period start = numu_domain_start(calendar, position);
        numu_period finish = numu_domain_finish(calendar, position + duration);
        numu_period end = 0;
        uint32_t resource = project->need_resource[need];
        if (project->is_consumable[resource] || finish <= start ||
            !find_shortage(project, resource, project->need_units[need], start, finish, &end)) {
            need++;
            continue;
        }
        if (end == NUMU_PERIOD_MAX) {
            return NUMU_PERIOD_MAX;
        }
        position = numu_domain_start_from(calendar, end);
        need = project->first_need[mode];
    }
    return position;
}

static bool raise_to_allowed(struct bounder *it, uint32_t task) {
    uint32_t activity = it->domain.activity[task];
    numu_period least = NUMU_PERIOD_MAX;
    for (uint32_t mode = it->project->first_mode[activity];
         mode < it->project->first_mode[activity + 1]; mode++) {
        numu_period position = first_allowed(it, task, mode, it->earliest[task]);
        least = position < least ? position : least;
        it->work++;
    }
    it->earliest[task] = least;
    return least < NUMU_PERIOD_MAX;
}

/* --- passes --- */

static numu_status pass_forward(struct bounder *it, numu_period *out_makespan) {
    numu_period makespan = it->domain.makespan_min;
    for (uint32_t task = 0; task < it->domain.task_count; task++) {
        numu_domain_raise(&it->domain, task, it->earliest);
        if (!raise_to_allowed(it, task)) {
            return NUMU_INFEASIBLE;
        }
        numu_period finish = finish_of(it, task, it->earliest[task]);
        if (finish >= NUMU_PERIOD_MAX) {
            return NUMU_LIMIT;
        }
        makespan = finish > makespan ? finish : makespan;
    }
    it->work += it->domain.link_count;
    *out_makespan = makespan;
    return NUMU_OK;
}

static verdict pass_both(struct bounder *it) {
    numu_period makespan;
    if (pass_forward(it, &makespan) != NUMU_OK) {
        return REFUTED;
    }
    for (uint32_t task = it->domain.task_count; task-- > 0;) {
        numu_domain_lower(&it->domain, task, it->latest);
        if (it->latest[task] < it->earliest[task]) {
            return REFUTED;
        }
    }
    it->work += it->domain.link_count;
    return PASSED;
}

/* --- time-table --- */

static int compare_times(const void *a, const void *b) {
    const struct segment *left = a, *right = b;
    return (left->time > right->time) - (left->time < right->time);
}

/* Sums up changes by time into segments; returns how many. */
static size_t sum_changes(struct bounder *it, size_t change_count) {
    qsort(it->change, change_count, sizeof *it->change, compare_times);
    size_t count = 0;
    int64_t free = 0;
    for (size_t i = 0; i < change_count; i++) {
        free += it->change[i].free;
        if (count > 0 && it->segment[count - 1].time == it->change[i].time) {
            it->segment[count - 1].free = free;
        } else {
            it->segment[count++] = (struct segment){it->change[i].time, free};
        }
    }
    return count;
}

/* What is left once each use holds what it must, from start(latest) to finish(earliest). */
static size_t find_segments(struct bounder *it, uint32_t resource) {
    const struct numu_project *project = it->project;
    size_t count = 0;
    int32_t units = 0;
    for (uint32_t s = project->first_step[resource]; s < project->first_step[resource + 1]; s++) {
        it->change[count++] =
            (struct segment){project->step_time[s], project->step_units[s] - units};
        units = project->step_units[s];
    }
    for (uint32_t u = it->first_use[resource]; u < it->first_use[resource + 1]; u++) {
        uint32_t task = it->use[u].task;
        numu_period from = start_of(it, task, it->latest[task]);
        numu_period until = finish_of(it, task, it->earliest[task]);
        if (from < until && it->use[u].need > 0) {
            it->change[count++] = (struct segment){from, -it->use[u].need};
            it->change[count++] = (struct segment){until, it->use[u].need};
        }
    }
    it->work += count;
    return sum_changes(it, count);
}

/* The last segment that begins at or before a point; the first begins at 0. */
static size_t segment_at(const struct bounder *it, size_t count, numu_period point) {
    size_t low = 0, high = count;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (it->segment[middle].time <= point) {
            low = middle;
        } else {
            high = middle;
        }
    }
    return low;
}

/* Raises the earliest position of a use past the segments that leave it no room. */
static void raise_in_segments(struct bounder *it, const struct numu_bound_use *use, size_t count) {
    uint32_t task = use->task;
    const struct numu_project_calendar *calendar = it->domain.calendar[task];
    numu_period own_from = start_of(it, task, it->latest[task]);
    numu_period own_until = finish_of(it, task, it->earliest[task]);
    numu_period until = own_from < own_until ? own_from : own_until;
    numu_period start = start_of(it, task, it->earliest[task]);
    for (size_t i = segment_at(it, count, start); i < count; i++, it->work++) {
        numu_period end = i + 1 < count ? it->segment[i + 1].time : NUMU_PERIOD_MAX;
        numu_period finish = finish_of(it, task, it->earliest[task]);
        finish = finish < until ? finish : until;
        if (own_from >= own_until) {
            finish = finish_of(it, task, it->earliest[task]);
        }
        if (it->segment[i].time >= finish) {
            return;
        }
        if (it->segment[i].free < use->need) {
            it->earliest[task] = numu_domain_start_from(calendar, end);
            if (it->earliest[task] > it->latest[task]) {
                return;
            }
        }
    }
}

/* Lowers the latest position in the same way. */
static void lower_in_segments(struct bounder *it, const struct numu_bound_use *use, size_t count) {
    uint32_t task = use->task;
    const struct numu_project_calendar *calendar = it->domain.calendar[task];
    numu_period own_from = start_of(it, task, it->latest[task]);
    numu_period own_until = finish_of(it, task, it->earliest[task]);
    for (size_t i = segment_at(it, count, finish_of(it, task, it->latest[task]) - 1) + 1; i-- > 0;
         it->work++) {
        numu_period end = i + 1 < count ? it->segment[i + 1].time : NUMU_PERIOD_MAX;
        numu_period start = start_of(it, task, it->latest[task]);
        if (own_from < own_until) {
            start = start > own_until ? start : own_until;
        }
        if (end <= start) {
            return;
        }
        if (it->segment[i].free < use->need &&
            it->segment[i].time < finish_of(it, task, it->latest[task])) {
            it->latest[task] = numu_domain_finish_until(calendar, it->segment[i].time) -
                               it->domain.duration_min[task];
            if (it->earliest[task] > it->latest[task]) {
                return;
            }
        }
    }
}

static verdict try_time_table(struct bounder *it, uint32_t resource, bool *io_is_changed) {
    size_t count = find_segments(it, resource);
    for (size_t i = 0; i < count; i++) {
        if (it->segment[i].free < 0) {
            return REFUTED;
        }
    }
    for (uint32_t u = it->first_use[resource]; u < it->first_use[resource + 1]; u++) {
        const struct numu_bound_use *use = &it->use[u];
        numu_period earliest = it->earliest[use->task], latest = it->latest[use->task];
        if (use->need == 0 || it->domain.duration_min[use->task] == 0 || earliest == latest) {
            continue;
        }
        raise_in_segments(it, use, count);
        if (it->earliest[use->task] <= it->latest[use->task] &&
            it->earliest[use->task] == earliest) {
            lower_in_segments(it, use, count);
        }
        if (it->earliest[use->task] > it->latest[use->task]) {
            return REFUTED;
        }
        *io_is_changed |= it->earliest[use->task] != earliest || it->latest[use->task] != latest;
    }
    return PASSED;
}

/* --- energy --- */

static verdict try_windows(struct bounder *it, const struct numu_measure *measure,
                           uint32_t resource, enum effort effort) {
    const struct numu_bound_use *use = &it->use[it->first_use[resource]];
    numu_bound_energy_list(&it->energy, measure, resource, use,
                           it->first_use[resource + 1] - it->first_use[resource]);
    size_t count = it->energy.from_count;
    count = effort == BY_FIRST_WINDOWS && count > 1 ? 1 : count;
    for (size_t n = 0; n < count && !is_exhausted(it); n++) {
        if (numu_bound_energy_exceeds(&it->energy, n, &it->work)) {
            return REFUTED;
        }
    }
    return PASSED;
}

static verdict try_energy(struct bounder *it, enum effort effort) {
    for (uint32_t n = 0; n < it->measures.count; n++) {
        for (uint32_t r = 0; r < it->project->resource_count; r++) {
            if (try_windows(it, &it->measures.list[n], r, effort) == REFUTED) {
                return REFUTED;
            }
        }
    }
    return PASSED;
}

/* --- destruction --- */

static void assume_finish(struct bounder *it, numu_period makespan) {
    for (uint32_t task = 0; task < it->domain.task_count; task++) {
        it->earliest[task] = it->root[task];
        it->latest[task] = numu_domain_finish_until(it->domain.calendar[task], makespan) -
                           it->domain.duration_min[task];
    }
}

static bool is_due(const struct bounder *it, uint32_t task) {
    return it->project->deadline[it->domain.activity[task]] != NUMU_NO_PERIOD;
}

/* Lowers the latest position of a task with a deadline: it is to be no later than that. */
static void assume_lateness(struct bounder *it, uint32_t task, int64_t lateness) {
    numu_period periods = lateness < NUMU_PERIOD_MAX ? (numu_period)lateness : NUMU_PERIOD_MAX;
    numu_period finish = numu_project_finish_until(it->project, it->domain.activity[task], periods);
    numu_period latest =
        numu_domain_finish_until(it->domain.calendar[task], finish) - it->domain.duration_min[task];
    it->latest[task] = latest < it->latest[task] ? latest : it->latest[task];
}

/* Whether the tests refute that all tasks keep to what is assumed. */
static verdict try_assumed(struct bounder *it, enum effort effort) {
    bool is_changed = true;
    for (int round = 0; is_changed && round < ROUNDS_MAX && !is_exhausted(it); round++) {
        is_changed = false;
        if (pass_both(it) == REFUTED) {
            return REFUTED;
        }
        for (uint32_t r = 0; r < it->project->resource_count && effort == BY_TIME_TABLE; r++) {
            if (try_time_table(it, r, &is_changed) == REFUTED) {
                return REFUTED;
            }
        }
    }
    return pass_both(it) == REFUTED ? REFUTED : try_energy(it, effort);
}

/* What a bound is of. */
struct question {
    enum { OF_FINISH, OF_ONE_LATENESS, OF_ALL_LATENESS } of;
    enum effort effort;
    numu_period horizon; /* of lateness: by then all is done */
    uint32_t task;       /* of one lateness */
    int64_t most;        /* it is not asked about that and more */
};

/* Whether the tests refute that it comes to no more than `value`. */
static verdict try_value(struct bounder *it, const struct question *question, int64_t value) {
    if (question->of == OF_FINISH) {
        assume_finish(it, (numu_period)value);
        return try_assumed(it, question->effort);
    }
    assume_finish(it, question->horizon);
    for (uint32_t task = 0; task < it->domain.task_count; task++) {
        if (question->of == OF_ALL_LATENESS ? is_due(it, task) : task == question->task) {
            int64_t above = question->of == OF_ALL_LATENESS ? it->late[task] - it->late_sum : 0;
            assume_lateness(it, task, value + above);
        }
    }
    return try_assumed(it, question->effort);
}

/* One more than the greatest value from `bound` on that is found refuted, else `bound` [1]. */
static int64_t destroy(struct bounder *it, const struct question *question, int64_t bound) {
    int64_t stride = 1;
    while (!is_exhausted(it) && bound < question->most - stride &&
           try_value(it, question, bound + stride - 1) == REFUTED) {
        bound += stride;
        stride *= 2;
    }
    /* `bound` may stand; bound + stride - 1 was not refuted: between lies the bound. */
    for (stride /= 2; stride > 0 && !is_exhausted(it); stride /= 2) {
        if (try_value(it, question, bound + stride - 1) == REFUTED) {
            bound += stride;
        }
    }
    return bound;
}

static numu_period destroy_finish(struct bounder *it, numu_period bound, enum effort effort) {
    const struct question question = {.of = OF_FINISH, .effort = effort, .most = NUMU_PERIOD_MAX};
    return (numu_period)destroy(it, &question, bound);
}

/* --- the whole --- */

static struct numu_bound_use least_use(const struct bounder *it, uint32_t task, uint32_t resource) {
    const struct numu_project *project = it->project;
    uint32_t activity = it->domain.activity[task];
    struct numu_bound_use use = {
        task, INT32_MAX, numu_bound_energy_of(&it->domain, &it->measures.list[0], task, resource)};
    for (uint32_t mode = project->first_mode[activity]; mode < project->first_mode[activity + 1];
         mode++) {
        int32_t need = numu_project_need(project, mode, resource);
        use.need = need < use.need ? need : use.need;
    }
    return use;
}

/* Lists the uses of each resource [2], and refutes consumables that will never suffice. */
static numu_status list_uses(struct bounder *it) {
    const struct numu_project *project = it->project;
    uint32_t count = 0;
    for (uint32_t resource = 0; resource < project->resource_count; resource++) {
        int64_t consumed = 0;
        it->first_use[resource] = count;
        for (uint32_t task = 0; task < it->domain.task_count; task++) {
            struct numu_bound_use use = least_use(it, task, resource);
            consumed += use.need;
            if (!project->is_consumable[resource] && use.need > 0) {
                it->use[count++] = use;
            }
        }
        uint32_t end = project->first_step[resource + 1];
        if (project->is_consumable[resource] && end > project->first_step[resource] &&
            consumed > project->step_units[end - 1]) {
            return NUMU_INFEASIBLE;
        }
    }
    it->first_use[project->resource_count] = count;
    return NUMU_OK;
}

static numu_status take(struct bounder *it, struct numu_arena *scratch) {
    const struct numu_project *project = it->project;
    NUMU_TRY(numu_domain_build(project, scratch, &it->domain));
    size_t count = it->domain.task_count;
    size_t use_count = project->need_count;
    NUMU_TRY(numu_measures_find(project, scratch, &it->measures));
    NUMU_TRY(NUMU_TAKE(scratch, &it->earliest, count));
    NUMU_TRY(NUMU_TAKE(scratch, &it->latest, count));
    NUMU_TRY(NUMU_TAKE(scratch, &it->root, count));
    NUMU_TRY(NUMU_TAKE(scratch, &it->late, count));
    NUMU_TRY(NUMU_TAKE(scratch, &it->first_use, (size_t)project->resource_count + 1));
    NUMU_TRY(NUMU_TAKE(scratch, &it->use, use_count));
    NUMU_TRY(NUMU_TAKE(scratch, &it->segment, 2 * count + project->step_count));
    NUMU_TRY(NUMU_TAKE(scratch, &it->change, 2 * count + project->step_count));
    return numu_bound_energy_take(&it->domain, it->earliest, it->latest, count, scratch,
                                  &it->energy);
}

/* What links alone make each task late. */
static void begin_lateness(struct bounder *it) {
    it->late_sum = it->due_count = 0;
    for (uint32_t task = 0; task < it->domain.task_count; task++) {
        it->late[task] = numu_project_lateness(it->project, it->domain.activity[task],
                                               finish_of(it, task, it->root[task]));
        it->late_sum += it->late[task];
        it->due_count += is_due(it, task) ? 1 : 0;
    }
}

/* Raises what each task with a deadline is late at least, within the work that there is. */
static void raise_each(struct bounder *it, numu_period horizon) {
    const uint64_t work_max = it->work_max, share = (work_max - it->work) / it->due_count;
    for (uint32_t task = 0; task < it->domain.task_count; task++) {
        struct question question = {
            .of = OF_ONE_LATENESS, .effort = BY_WINDOWS, .horizon = horizon, .task = task};
        if (!is_due(it, task)) {
            continue;
        }
        it->work_max = it->work + share < work_max ? it->work + share : work_max;
        question.most = numu_project_lateness(it->project, it->domain.activity[task], horizon);
        int64_t late = destroy(it, &question, it->late[task]);
        question.effort = BY_TIME_TABLE;
        late = destroy(it, &question, late);
        it->late_sum += late - it->late[task];
        it->late[task] = late;
    }
    it->work_max = work_max;
}

/* The point before which no schedule finishes a task that is `late` at least. */
static numu_period finish_of_late(const struct bounder *it, uint32_t task, int64_t late) {
    numu_period finish = finish_of(it, task, it->root[task]);
    uint32_t activity = it->domain.activity[task];
    if (late == 0 || late > NUMU_PERIOD_MAX) {
        return finish;
    }
    numu_period until = numu_project_finish_until(it->project, activity, (numu_period)late - 1);
    return until < NUMU_PERIOD_MAX && until + 1 > finish ? until + 1 : finish;
}

/* Lateness in sum, from the order in which tasks finish. */
static numu_status find_in_order(struct bounder *it, struct numu_arena *scratch, int64_t *out) {
    uint32_t *due, count = 0;
    numu_period *finish;
    NUMU_TRY(NUMU_TAKE(scratch, &due, it->due_count));
    NUMU_TRY(NUMU_TAKE(scratch, &finish, it->due_count));
    for (uint32_t task = 0; task < it->domain.task_count; task++) {
        if (is_due(it, task)) {
            finish[count] = finish_of_late(it, task, it->late[task]);
            due[count++] = task;
        }
    }
    qsort(finish, count, sizeof *finish, numu_period_compare);
    const struct numu_bound_order order = {.domain = &it->domain,
                                           .measures = &it->measures,
                                           .earliest = it->root,
                                           .use = it->use,
                                           .first_use = it->first_use,
                                           .due_count = count,
                                           .due = due,
                                           .finish = finish};
    return numu_bound_order_lateness(&order, scratch, &it->work, out);
}

/*
 * [4], within as much work as the finish may take, half of it for each alone, and half of the time.
 */
static numu_status raise_lateness(struct bounder *it, struct numu_arena *scratch, int64_t *out) {
    const uint64_t work_max = it->work_max;
    const double clock_end = it->clock_end;
    const numu_period horizon = it->due_count == 0 ? 0 : numu_exact_horizon(&it->domain);
    const struct question all = {.of = OF_ALL_LATENESS,
                                 .effort = BY_TIME_TABLE,
                                 .horizon = horizon,
                                 .most = numu_domain_lateness_max(&it->domain, horizon)};
    *out = it->late_sum;
    if (it->due_count == 0 || horizon >= NUMU_PERIOD_MAX) {
        return NUMU_OK;
    }
    if (clock_end > 0) {
        double now = it->context->clock(it->context->clock_data);
        it->clock_end = now + (clock_end - now) / 2;
    }
    if (try_value(it, &all, it->late_sum) == REFUTED) { /* else none alone is refuted either */
        it->work_max = it->work + (work_max - it->work) / 2;
        raise_each(it, horizon);
        it->work_max = work_max;
    }
    NUMU_TRY(find_in_order(it, scratch, out));
    *out = destroy(it, &all, *out > it->late_sum ? *out : it->late_sum);
    it->work_max = it->work + work_max;
    it->clock_end = clock_end;
    it->is_timed_out = false;
    return NUMU_OK;
}

/* Whether the tests refute every schedule, or with deadlines every one that keeps them. */
static verdict try_whole(struct bounder *it, bool keeps_deadlines) {
    numu_period horizon = numu_exact_horizon(&it->domain);
    if (horizon >= NUMU_PERIOD_MAX) {
        return PASSED;
    }
    assume_finish(it, horizon);
    for (uint32_t task = 0; task < it->domain.task_count && keeps_deadlines; task++) {
        if (is_due(it, task)) {
            assume_lateness(it, task, 0);
        }
    }
    return try_assumed(it, BY_TIME_TABLE);
}

/* What follows from links, dates and availability alone. */
static numu_status begin(struct bounder *it, struct numu_arena *scratch,
                         numu_period *out_critical_path) {
    NUMU_TRY(take(it, scratch));
    NUMU_TRY(list_uses(it));
    memcpy(it->earliest, it->domain.position_min, it->domain.task_count * sizeof *it->earliest);
    NUMU_TRY(pass_forward(it, out_critical_path));
    memcpy(it->root, it->earliest, it->domain.task_count * sizeof *it->earliest);
    begin_lateness(it);
    return NUMU_OK;
}

static numu_status bound_in(struct bounder *it, struct numu_arena *scratch,
                            struct numu_bound *bound) {
    NUMU_TRY(begin(it, scratch, &bound->critical_path));
    NUMU_TRY(raise_lateness(it, scratch, &bound->lateness));
    bound->energetic = destroy_finish(it, bound->critical_path, BY_FIRST_WINDOWS);
    bound->energetic = destroy_finish(it, bound->energetic, BY_WINDOWS);
    bound->destructive = destroy_finish(it, bound->energetic, BY_TIME_TABLE);
    bound->makespan = bound->destructive;
    return NUMU_OK;
}

static void init(struct bounder *it, const struct numu_context *context,
                 const struct numu_project *project, const struct numu_bound_options *options) {
    *it = (struct bounder){
        .context = context,
        .project = project,
        .work_max = options->work_max == 0 ? UINT64_C(50000000) : options->work_max,
    };
    if (options->time_limit_s > 0 && context->clock != NULL) {
        it->clock_end = context->clock(context->clock_data) + options->time_limit_s;
    }
}

numu_status numu_bound_project(const struct numu_context *context,
                               const struct numu_project *project,
                               const struct numu_bound_options *options, struct numu_bound *out) {
    struct numu_arena scratch;
    struct numu_bound bound = {0};
    struct bounder it;
    init(&it, context, project, options);
    numu_arena_init(&scratch, context->heap);
    numu_status status = bound_in(&it, &scratch, &bound);
    numu_arena_release(&scratch);
    if (status == NUMU_OK) {
        bound.work = it.work;
        *out = bound;
    }
    return status;
}

numu_status numu_bound_refute(const struct numu_context *context,
                              const struct numu_project *project,
                              const struct numu_bound_options *options, bool keeps_deadlines,
                              bool *out_is_refuted) {
    struct numu_arena scratch;
    struct bounder it;
    numu_period unused;
    init(&it, context, project, options);
    numu_arena_init(&scratch, context->heap);
    numu_status status = begin(&it, &scratch, &unused);
    bool is_refuted = status == NUMU_INFEASIBLE ||
                      (status == NUMU_OK && ((keeps_deadlines && it.late_sum > 0) ||
                                             try_whole(&it, keeps_deadlines) == REFUTED));
    numu_arena_release(&scratch);
    if (status == NUMU_OK || status == NUMU_INFEASIBLE || status == NUMU_LIMIT) {
        *out_is_refuted = is_refuted;
        return NUMU_OK;
    }
    return status;
}
