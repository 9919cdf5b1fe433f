/*
 * exact_build.c - a domain to variables, constraints and tables.
 *
 * Variables: a start for each task; a duration where modes differ in it; 0..1 for each mode where
 * there are several; the finish of the whole; the sum of lateness where there are deadlines.
 */
#include "programme/exact_solver.h"
#include "programme/span.h"

#include <string.h>

enum { IDS_MAX = 1 << 22, POINTS_MAX = 1 << 24, CLAUSES_MAX = 20000, ORDERED_TASKS_MAX = 600 };

struct build {
    struct numu_exact_solver *solver;
    const struct numu_domain *domain;
    const struct numu_project *project;
    struct numu_arena *arena;
    numu_period *earliest, *latest;       /* by task */
    int32_t *most;                        /* by resource: what there is at most */
    const struct numu_measures *measures; /* of work in windows; NULL = none */
    uint32_t *item_mode;                  /* by item: row of its mode */
};

/* --- horizon --- */

/*
 * Once all that varies has settled, a schedule in which nothing can begin earlier has at every
 * point a task or a lag that runs: it ends no later than all of them one after the other.
 */
numu_period numu_exact_horizon(const struct numu_domain *domain) {
    const struct numu_project *project = domain->project;
    struct numu_spans spans = {0};
    int64_t point = domain->makespan_min;
    for (uint32_t step = 0; step < project->step_count; step++) {
        point = project->step_time[step] > point ? project->step_time[step] : point;
    }
    for (uint32_t n = 0; n < domain->task_count; n++) {
        numu_period start = numu_domain_start(domain->calendar[n], domain->position_min[n]);
        point = start > point ? start : point;
    }
    for (uint32_t n = 0; n < domain->task_count && point < NUMU_PERIOD_MAX; n++) {
        uint32_t calendar = project->calendar[domain->activity[n]];
        point += numu_span(&spans, project, calendar, domain->duration_max[n]).most;
        for (uint32_t i = domain->first_out[n]; i < domain->first_out[n + 1]; i++) {
            numu_period lag = domain->link[i].lag;
            point += lag > 0 ? numu_span(&spans, project, calendar, lag).most : 0;
        }
    }
    return point < NUMU_PERIOD_MAX ? (numu_period)point : NUMU_PERIOD_MAX;
}

/* --- variables --- */

static bool find_windows(struct build *build, const struct numu_exact_limits *limits) {
    const struct numu_domain *domain = build->domain;
    memcpy(build->earliest, domain->position_min, domain->task_count * sizeof *build->earliest);
    for (uint32_t n = 0; n < domain->task_count; n++) {
        numu_period until = limits->makespan_max;
        if (limits->latest != NULL && limits->latest[domain->activity[n]] < until) {
            until = limits->latest[domain->activity[n]];
        }
        numu_domain_raise(domain, n, build->earliest);
        build->latest[n] =
            numu_domain_finish_until(domain->calendar[n], until) - domain->duration_min[n];
    }
    for (uint32_t n = domain->task_count; n-- > 0;) {
        numu_domain_lower(domain, n, build->latest);
        if (build->latest[n] < build->earliest[n]) {
            return false;
        }
    }
    return true;
}

static uint32_t add_variable(struct numu_exact_solver *solver, numu_period low, numu_period high) {
    uint32_t variable = solver->variable_count++;
    solver->low[variable] = low;
    solver->high[variable] = high;
    solver->root[2 * (size_t)variable] = solver->bound[2 * (size_t)variable] = low;
    solver->root[2 * (size_t)variable + 1] = solver->bound[2 * (size_t)variable + 1] = -high;
    solver->newest[2 * (size_t)variable] = solver->newest[2 * (size_t)variable + 1] = NUMU_NO_ENTRY;
    return variable;
}

static bool is_multi_mode(const struct build *build, uint32_t task) {
    uint32_t activity = build->domain->activity[task];
    return build->project->first_mode[activity + 1] - build->project->first_mode[activity] > 1;
}

static numu_status take_variables(struct build *build) {
    struct numu_exact_solver *solver = build->solver;
    size_t count = 2 * (size_t)build->domain->task_count + build->project->mode_count + 2 +
                   solver->order_count;
    NUMU_TRY(NUMU_TAKE(build->arena, &solver->low, count));
    NUMU_TRY(NUMU_TAKE(build->arena, &solver->high, count));
    NUMU_TRY(NUMU_TAKE(build->arena, &solver->root, 2 * count));
    NUMU_TRY(NUMU_TAKE(build->arena, &solver->bound, 2 * count));
    NUMU_TRY(NUMU_TAKE(build->arena, &solver->newest, 2 * count));
    NUMU_TRY(NUMU_TAKE(build->arena, &solver->is_due, count));
    NUMU_TRY(NUMU_TAKE(build->arena, &solver->start_variable, build->domain->task_count));
    NUMU_TRY(NUMU_TAKE(build->arena, &solver->duration_variable, build->domain->task_count));
    return NUMU_TAKE(build->arena, &solver->mode_variable, build->project->mode_count);
}

static void add_variables(struct build *build, const struct numu_exact_limits *limits) {
    struct numu_exact_solver *solver = build->solver;
    const struct numu_domain *domain = build->domain;
    const struct numu_project *project = build->project;
    for (uint32_t n = 0; n < domain->task_count; n++) {
        solver->start_variable[n] = add_variable(solver, build->earliest[n], build->latest[n]);
    }
    memset(solver->mode_variable, 0xff, project->mode_count * sizeof *solver->mode_variable);
    for (uint32_t n = 0; n < domain->task_count; n++) {
        uint32_t activity = domain->activity[n];
        bool is_fixed = domain->duration_min[n] == domain->duration_max[n];
        solver->duration_variable[n] =
            is_fixed ? NUMU_NO_VARIABLE
                     : add_variable(solver, domain->duration_min[n], domain->duration_max[n]);
        for (uint32_t m = project->first_mode[activity];
             m < project->first_mode[activity + 1] && is_multi_mode(build, n); m++) {
            solver->mode_variable[m] = add_variable(solver, 0, 1);
        }
    }
    solver->makespan = add_variable(solver, limits->makespan_min, limits->makespan_max);
    solver->lateness = solver->due_count == 0
                           ? NUMU_NO_VARIABLE
                           : add_variable(solver, limits->lateness_min, limits->lateness_max);
    for (uint32_t n = 0; n < solver->order_count; n++) {
        solver->order[n].variable = add_variable(solver, 0, 1);
    }
}

static numu_status take_ids(struct build *build) {
    struct numu_exact_solver *solver = build->solver;
    uint64_t count = 0;
    NUMU_TRY(NUMU_TAKE(build->arena, &solver->first_id, (size_t)solver->variable_count + 1));
    for (uint32_t v = 0; v < solver->variable_count; v++) {
        solver->first_id[v] = (uint32_t)count;
        count += (uint64_t)((int64_t)solver->high[v] - solver->low[v]);
        if (count > IDS_MAX) {
            return NUMU_LIMIT;
        }
    }
    solver->first_id[solver->variable_count] = (uint32_t)count;
    NUMU_TRY(NUMU_TAKE(build->arena, &solver->variable_of, count));
    NUMU_TRY(NUMU_TAKE(build->arena, &solver->watch, 2 * count));
    NUMU_TRY(NUMU_TAKE(build->arena, &solver->activity, count));
    NUMU_TRY(NUMU_TAKE(build->arena, &solver->heap, count));
    NUMU_TRY(NUMU_TAKE(build->arena, &solver->heap_place, count));
    NUMU_TRY(NUMU_TAKE(build->arena, &solver->phase, count));
    memset(solver->heap_place, 0xff, count * sizeof *solver->heap_place);
    for (uint32_t v = 0; v < solver->variable_count; v++) {
        for (uint32_t id = solver->first_id[v]; id < solver->first_id[v + 1]; id++) {
            solver->variable_of[id] = v;
        }
    }
    size_t sides = 2 * (size_t)solver->variable_count;
    NUMU_TRY(NUMU_TAKE(build->arena, &solver->is_in_nogood, sides));
    NUMU_TRY(NUMU_TAKE(build->arena, &solver->nogood_value, sides));
    NUMU_TRY(NUMU_TAKE(build->arena, &solver->nogood_entry, sides));
    NUMU_TRY(NUMU_TAKE(build->arena, &solver->nogood_side, sides));
    return NUMU_TAKE(build->arena, &solver->learned, sides);
}

/* --- lists --- */

/* Makes lists of `count` keys out of pairs (key, value), in the order of the pairs. */
static numu_status make_lists(struct numu_arena *arena, uint32_t count, const uint32_t *pairs,
                              uint32_t pair_count, struct numu_exact_lists *out) {
    NUMU_TRY(NUMU_TAKE(arena, &out->first, (size_t)count + 2));
    NUMU_TRY(NUMU_TAKE(arena, &out->list, pair_count));
    for (uint32_t n = 0; n < pair_count; n++) {
        out->first[pairs[2 * (size_t)n] + 2]++;
    }
    for (uint32_t key = 2; key < count + 2; key++) {
        out->first[key] += out->first[key - 1];
    }
    for (uint32_t n = 0; n < pair_count; n++) {
        out->list[out->first[pairs[2 * (size_t)n] + 1]++] = pairs[2 * (size_t)n + 1];
    }
    return NUMU_OK;
}

static uint32_t add_pair(uint32_t *pairs, uint32_t count, uint32_t key, uint32_t value) {
    pairs[2 * (size_t)count] = key;
    pairs[2 * (size_t)count + 1] = value;
    return count + 1;
}

/* --- links --- */

static void add_term(const struct build *build, uint32_t task, bool is_finish,
                     uint32_t *out_duration, numu_period *out_constant) {
    *out_duration = is_finish ? build->solver->duration_variable[task] : NUMU_NO_VARIABLE;
    *out_constant =
        is_finish && *out_duration == NUMU_NO_VARIABLE ? build->domain->duration_min[task] : 0;
}

/* Whether another task finishes no earlier than this one whatever happens. */
static bool is_finish_covered(const struct numu_domain *domain, uint32_t task) {
    for (uint32_t i = domain->first_out[task]; i < domain->first_out[task + 1]; i++) {
        if (domain->link[i].leaves_finish && domain->link[i].lag >= 0) {
            return true;
        }
    }
    return false;
}

/* Where the condition holds, `after` starts once `before` is finished. */
static void add_order_link(struct build *build, uint32_t before, uint32_t after,
                           struct numu_exact_fact condition) {
    struct numu_exact_solver *solver = build->solver;
    struct numu_exact_link *link = &solver->link[solver->link_count++];
    *link = (struct numu_exact_link){.before = solver->start_variable[before],
                                     .after = solver->start_variable[after],
                                     .after_duration = NUMU_NO_VARIABLE,
                                     .is_plain = true,
                                     .condition = condition};
    add_term(build, before, true, &link->before_duration, &link->before_constant);
}

/* What a link asks once a side moves that it is listed under. */
static struct numu_exact_step step_of(const struct numu_exact_solver *solver, uint32_t side,
                                      uint32_t index) {
    const struct numu_exact_link *link = &solver->link[index];
    struct numu_exact_step step = {index, NUMU_NO_VARIABLE, 0, link->condition};
    bool is_between_positions = link->is_plain && link->before_duration == NUMU_NO_VARIABLE &&
                                link->after_duration == NUMU_NO_VARIABLE;
    if (!is_between_positions) {
        return step;
    }
    step.lag = link->before_constant + link->lag - link->after_constant;
    if (side == 2 * link->before) {
        step.target = 2 * link->after;
    } else if (side == 2 * link->after + 1) {
        step.target = 2 * link->before + 1;
    }
    return step;
}

static numu_status add_steps(struct build *build) {
    struct numu_exact_solver *solver = build->solver;
    const struct numu_exact_lists *lists = &solver->links_of_side;
    uint32_t sides = 2 * solver->variable_count;
    NUMU_TRY(NUMU_TAKE(build->arena, &solver->step, lists->first[sides]));
    for (uint32_t side = 0; side < sides; side++) {
        for (uint32_t i = lists->first[side]; i < lists->first[side + 1]; i++) {
            solver->step[i] = step_of(solver, side, lists->list[i]);
        }
    }
    return NUMU_OK;
}

static numu_status add_links(struct build *build) {
    struct numu_exact_solver *solver = build->solver;
    const struct numu_domain *domain = build->domain;
    size_t room = (size_t)domain->link_count + domain->task_count + 2 * (size_t)solver->order_count;
    uint32_t *pairs, count = 0;
    NUMU_TRY(NUMU_TAKE(build->arena, &solver->link, room));
    NUMU_TRY(NUMU_TAKE(build->arena, &pairs, 10 * room));
    for (uint32_t i = 0; i < domain->link_count; i++) {
        const struct numu_domain_link *from = &domain->link[i];
        struct numu_exact_link *link = &solver->link[solver->link_count++];
        *link = (struct numu_exact_link){.before = solver->start_variable[from->before],
                                         .after = solver->start_variable[from->after],
                                         .is_plain = from->is_plain,
                                         .general = from,
                                         .lag = from->lag,
                                         .condition.side = NUMU_NO_VARIABLE};
        add_term(build, from->before, from->leaves_finish, &link->before_duration,
                 &link->before_constant);
        add_term(build, from->after, from->enters_finish, &link->after_duration,
                 &link->after_constant);
    }
    for (uint32_t n = 0; n < domain->task_count; n++) {
        if (is_finish_covered(domain, n)) {
            continue;
        }
        struct numu_exact_link *link = &solver->link[solver->link_count++];
        *link = (struct numu_exact_link){.before = solver->start_variable[n],
                                         .after = solver->makespan,
                                         .after_duration = NUMU_NO_VARIABLE,
                                         .is_plain = domain->calendar[n] == NULL,
                                         .calendar = domain->calendar[n],
                                         .condition.side = NUMU_NO_VARIABLE};
        add_term(build, n, true, &link->before_duration, &link->before_constant);
    }
    for (uint32_t n = 0; n < solver->order_count; n++) {
        const struct numu_exact_order *order = &solver->order[n];
        add_order_link(build, order->first, order->second, numu_exact_at_least(order->variable, 1));
        add_order_link(build, order->second, order->first, numu_exact_at_most(order->variable, 0));
    }
    for (uint32_t i = 0; i < solver->link_count; i++) {
        const struct numu_exact_link *link = &solver->link[i];
        count = add_pair(pairs, count, 2 * link->before, i);
        count = add_pair(pairs, count, 2 * link->after + 1, i);
        if (link->before_duration != NUMU_NO_VARIABLE) {
            count = add_pair(pairs, count, 2 * link->before_duration, i);
        }
        if (link->after_duration != NUMU_NO_VARIABLE) {
            count = add_pair(pairs, count, 2 * link->after_duration + 1, i);
        }
        if (link->condition.side != NUMU_NO_VARIABLE) {
            count = add_pair(pairs, count, link->condition.side, i);
        }
    }
    NUMU_TRY(
        make_lists(build->arena, 2 * solver->variable_count, pairs, count, &solver->links_of_side));
    return add_steps(build);
}

/* --- orders --- */

/* Whether some renewable resource is too small for two modes at once. */
static bool are_modes_apart(const struct build *build, uint32_t a, uint32_t b) {
    const struct numu_project *project = build->project;
    for (uint32_t i = project->first_need[a]; i < project->first_need[a + 1]; i++) {
        for (uint32_t k = project->first_need[b]; k < project->first_need[b + 1]; k++) {
            uint32_t resource = project->need_resource[i];
            if (project->need_resource[k] == resource && !project->is_consumable[resource] &&
                (int64_t)project->need_units[i] + project->need_units[k] > build->most[resource]) {
                return true;
            }
        }
    }
    return false;
}

/* Whether two tasks can never run at once, whatever their modes. */
static bool are_apart(const struct build *build, uint32_t a, uint32_t b) {
    const struct numu_domain *domain = build->domain;
    const struct numu_project *project = build->project;
    uint32_t left = domain->activity[a], right = domain->activity[b];
    if (domain->calendar[a] != NULL || domain->calendar[b] != NULL ||
        domain->duration_min[a] == 0 || domain->duration_min[b] == 0) {
        return false;
    }
    for (uint32_t m = project->first_mode[left]; m < project->first_mode[left + 1]; m++) {
        for (uint32_t k = project->first_mode[right]; k < project->first_mode[right + 1]; k++) {
            if (!are_modes_apart(build, m, k)) {
                return false;
            }
        }
    }
    return true;
}

/* Marks in `comes_after` all tasks that links put after the finish of a task. */
static void mark_after(const struct build *build, uint32_t task, bool *comes_after) {
    const struct numu_domain *domain = build->domain;
    memset(comes_after, 0, domain->task_count * sizeof *comes_after);
    for (uint32_t n = task; n < domain->task_count; n++) {
        for (uint32_t i = domain->first_out[n];
             (n == task || comes_after[n]) && i < domain->first_out[n + 1]; i++) {
            const struct numu_domain_link *link = &domain->link[i];
            comes_after[link->after] |=
                link->is_plain && link->leaves_finish && !link->enters_finish && link->lag >= 0;
        }
    }
}

/* Lists pairs that no link orders and no resource lets run at once; counts only with no list. */
static uint32_t list_orders(const struct build *build, bool *comes_after,
                            struct numu_exact_order *order) {
    uint32_t count = 0;
    for (uint32_t n = 0; n < build->domain->task_count; n++) {
        mark_after(build, n, comes_after);
        for (uint32_t k = n + 1; k < build->domain->task_count; k++) {
            if (!comes_after[k] && are_apart(build, n, k)) {
                if (order != NULL) {
                    order[count] = (struct numu_exact_order){NUMU_NO_VARIABLE, n, k};
                }
                count++;
            }
        }
    }
    return count;
}

static numu_status take_orders(struct build *build) {
    struct numu_exact_solver *solver = build->solver;
    const struct numu_project *project = build->project;
    bool *comes_after;
    if (build->domain->task_count > ORDERED_TASKS_MAX) {
        return NUMU_OK;
    }
    NUMU_TRY(NUMU_TAKE(build->arena, &build->most, project->resource_count));
    for (uint32_t r = 0; r < project->resource_count; r++) {
        build->most[r] = numu_project_most(project, r);
    }
    NUMU_TRY(NUMU_TAKE(build->arena, &comes_after, build->domain->task_count));
    solver->order_count = list_orders(build, comes_after, NULL);
    NUMU_TRY(NUMU_TAKE(build->arena, &solver->order, solver->order_count));
    (void)list_orders(build, comes_after, solver->order);
    return NUMU_OK;
}

/* --- renewable resources --- */

static void add_items_of(struct build *build, uint32_t resource, uint32_t task) {
    struct numu_exact_solver *solver = build->solver;
    const struct numu_project *project = build->project;
    uint32_t activity = build->domain->activity[task];
    for (uint32_t m = project->first_mode[activity]; m < project->first_mode[activity + 1]; m++) {
        int32_t need = numu_project_need(project, m, resource);
        if (need == 0 || project->duration[m] == 0) {
            continue;
        }
        build->item_mode[solver->item_count] = m;
        struct numu_exact_item *item = &solver->item[solver->item_count++];
        *item = (struct numu_exact_item){.start = solver->start_variable[task],
                                         .presence = solver->mode_variable[m],
                                         .resource = solver->resource_count,
                                         .need = need,
                                         .duration = project->duration[m],
                                         .calendar = build->domain->calendar[task]};
        numu_period finish =
            numu_domain_finish(item->calendar, build->latest[task] + item->duration);
        solver->horizon = finish > solver->horizon ? finish : solver->horizon;
    }
}

static void add_resource(struct build *build, uint32_t row) {
    struct numu_exact_solver *solver = build->solver;
    const struct numu_project *project = build->project;
    struct numu_exact_resource *resource = &solver->resource[solver->resource_count];
    resource->first_item = solver->item_count;
    for (uint32_t n = 0; n < build->domain->task_count; n++) {
        add_items_of(build, row, n);
    }
    resource->end_item = solver->item_count;
    resource->capacity = numu_project_most(project, row);
    solver->resource_count += resource->end_item > resource->first_item ? 1 : 0;
}

static void close_points(const struct build *build, uint32_t row,
                         struct numu_exact_resource *resource) {
    const struct numu_project *project = build->project;
    uint32_t end = project->first_step[row + 1];
    for (uint32_t s = project->first_step[row]; s < end; s++) {
        numu_period until = s + 1 < end && project->step_time[s + 1] <= build->solver->horizon
                                ? project->step_time[s + 1]
                                : build->solver->horizon + 1;
        for (numu_period t = project->step_time[s]; t < until; t++) {
            resource->closed[t] = resource->capacity - project->step_units[s];
            resource->usage[t] = resource->closed[t];
        }
    }
}

static numu_status add_measure(struct build *build, const struct numu_measure *given) {
    struct numu_exact_energy *energy = &build->solver->energy;
    struct numu_exact_measure *measure = &energy->measure[energy->measure_count++];
    const uint32_t count = build->solver->item_count;
    measure->calendar = given->calendar;
    NUMU_TRY(NUMU_TAKE(build->arena, &measure->span, count));
    NUMU_TRY(NUMU_TAKE(build->arena, &measure->order, count));
    for (uint32_t i = 0; i < count; i++) {
        measure->span[i] = given->span[build->item_mode[i]];
        measure->order[i] = i;
    }
    return NUMU_OK;
}

static numu_status take_energy(struct build *build, size_t points) {
    struct numu_exact_energy *energy = &build->solver->energy;
    uint32_t count = build->solver->item_count;
    energy->yield = 0.1; /* looks at each propagation to begin with */
    for (uint32_t n = 0; build->measures != NULL && n < build->measures->count; n++) {
        NUMU_TRY(add_measure(build, &build->measures->list[n]));
    }
    NUMU_TRY(NUMU_TAKE(build->arena, &energy->play, count));
    NUMU_TRY(NUMU_TAKE(build->arena, &energy->is_begin, points));
    NUMU_TRY(NUMU_TAKE(build->arena, &energy->step, points));
    NUMU_TRY(NUMU_TAKE(build->arena, &energy->room, points));
    return NUMU_TAKE(build->arena, &energy->from, points);
}

static numu_status add_resources(struct build *build) {
    struct numu_exact_solver *solver = build->solver;
    const struct numu_project *project = build->project;
    uint32_t *pairs, count = 0, *row;
    NUMU_TRY(NUMU_TAKE(build->arena, &solver->item, project->need_count));
    NUMU_TRY(NUMU_TAKE(build->arena, &build->item_mode, project->need_count));
    NUMU_TRY(NUMU_TAKE(build->arena, &solver->candidate, project->need_count));
    NUMU_TRY(NUMU_TAKE(build->arena, &solver->resource, project->resource_count));
    NUMU_TRY(NUMU_TAKE(build->arena, &row, project->resource_count));
    NUMU_TRY(NUMU_TAKE(build->arena, &pairs, 4 * (size_t)project->need_count));
    for (uint32_t r = 0; r < project->resource_count; r++) {
        if (!project->is_consumable[r]) {
            row[solver->resource_count] = r;
            add_resource(build, r);
        }
    }
    size_t points = (size_t)solver->horizon + 2;
    if (points * (solver->resource_count + 1) > POINTS_MAX) {
        return NUMU_LIMIT;
    }
    for (uint32_t r = 0; r < solver->resource_count; r++) {
        struct numu_exact_resource *resource = &solver->resource[r];
        NUMU_TRY(NUMU_TAKE(build->arena, &resource->usage, points));
        NUMU_TRY(NUMU_TAKE(build->arena, &resource->closed, points));
        close_points(build, row[r], resource);
        resource->low = 0;
        resource->high = solver->horizon + 1;
    }
    NUMU_TRY(take_energy(build, points));
    for (uint32_t i = 0; i < solver->item_count; i++) {
        count = add_pair(pairs, count, solver->item[i].start, i);
        if (solver->item[i].presence != NUMU_NO_VARIABLE) {
            count = add_pair(pairs, count, solver->item[i].presence, i);
        }
    }
    return make_lists(build->arena, solver->variable_count, pairs, count,
                      &solver->items_of_variable);
}

/* --- consumables --- */

/* The uses of a task, by rising need; none where it never takes anything. */
static void add_uses_of(struct build *build, uint32_t resource, uint32_t task) {
    struct numu_exact_solver *solver = build->solver;
    const struct numu_project *project = build->project;
    uint32_t activity = build->domain->activity[task];
    uint32_t first = solver->use_count;
    int32_t most = 0;
    for (uint32_t m = project->first_mode[activity]; m < project->first_mode[activity + 1]; m++) {
        struct numu_exact_use use = {solver->start_variable[task], solver->mode_variable[m],
                                     build->domain->calendar[task],
                                     numu_project_need(project, m, resource)};
        uint32_t place = solver->use_count++;
        for (; place > first && solver->use[place - 1].need > use.need; place--) {
            solver->use[place] = solver->use[place - 1];
        }
        solver->use[place] = use;
        most = use.need > most ? use.need : most;
    }
    if (most == 0) {
        solver->use_count = first;
    }
}

static void add_consumable(struct build *build, uint32_t row) {
    struct numu_exact_solver *solver = build->solver;
    const struct numu_project *project = build->project;
    uint32_t first = solver->use_count;
    for (uint32_t n = 0; n < build->domain->task_count; n++) {
        add_uses_of(build, row, n);
    }
    uint32_t end_step = project->first_step[row + 1];
    for (uint32_t s = project->first_step[row]; s < end_step; s++) {
        solver->supply[solver->supply_count++] = (struct numu_exact_supply){
            .first_use = first,
            .end_use = solver->use_count,
            .last = s + 1 < end_step ? project->step_time[s + 1] - 1 : NUMU_PERIOD_MAX,
            .units = project->step_units[s],
            .is_dirty = true,
        };
    }
}

static numu_status add_consumables(struct build *build) {
    struct numu_exact_solver *solver = build->solver;
    const struct numu_project *project = build->project;
    uint32_t *pairs, count = 0;
    size_t consumables = 0, room = 0;
    for (uint32_t r = 0; r < project->resource_count; r++) {
        consumables += project->is_consumable[r] ? 1 : 0;
    }
    NUMU_TRY(NUMU_TAKE(build->arena, &solver->use, consumables * project->mode_count));
    NUMU_TRY(NUMU_TAKE(build->arena, &solver->supply, project->step_count));
    for (uint32_t r = 0; r < project->resource_count; r++) {
        if (project->is_consumable[r]) {
            add_consumable(build, r);
        }
    }
    for (uint32_t s = 0; s < solver->supply_count; s++) {
        room += 2 * (size_t)(solver->supply[s].end_use - solver->supply[s].first_use);
    }
    NUMU_TRY(NUMU_TAKE(build->arena, &pairs, 2 * room));
    for (uint32_t s = 0; s < solver->supply_count; s++) {
        for (uint32_t u = solver->supply[s].first_use; u < solver->supply[s].end_use; u++) {
            if (u == solver->supply[s].first_use ||
                solver->use[u].start != solver->use[u - 1].start) {
                count = add_pair(pairs, count, solver->use[u].start, s);
            }
            if (solver->use[u].presence != NUMU_NO_VARIABLE) {
                count = add_pair(pairs, count, solver->use[u].presence, s);
            }
        }
    }
    return make_lists(build->arena, solver->variable_count, pairs, count,
                      &solver->supplies_of_variable);
}

/* --- deadlines --- */

static numu_status add_dues(struct build *build) {
    struct numu_exact_solver *solver = build->solver;
    const struct numu_domain *domain = build->domain;
    NUMU_TRY(NUMU_TAKE(build->arena, &solver->due, domain->task_count));
    for (uint32_t n = 0; n < domain->task_count; n++) {
        solver->due_count +=
            build->project->deadline[domain->activity[n]] != NUMU_NO_PERIOD ? 1 : 0;
    }
    return NUMU_OK;
}

static void fill_dues(struct build *build) {
    struct numu_exact_solver *solver = build->solver;
    const struct numu_domain *domain = build->domain;
    uint32_t count = 0;
    for (uint32_t n = 0; n < domain->task_count; n++) {
        if (build->project->deadline[domain->activity[n]] == NUMU_NO_PERIOD) {
            continue;
        }
        struct numu_exact_due *due = &solver->due[count++];
        *due = (struct numu_exact_due){.start = solver->start_variable[n],
                                       .calendar = domain->calendar[n],
                                       .activity = domain->activity[n]};
        add_term(build, n, true, &due->duration, &due->constant);
        solver->is_due[due->start] = true;
        if (due->duration != NUMU_NO_VARIABLE) {
            solver->is_due[due->duration] = true;
        }
    }
    if (solver->due_count > 0) {
        solver->is_due[solver->lateness] = true;
        solver->is_lateness_dirty = true;
    }
}

/* --- modes --- */

/* Adds a clause of literals that are open at level 0, or sets its only one. */
static numu_status add_clause(struct numu_exact_solver *solver, struct numu_exact_fact *literals,
                              uint32_t count) {
    uint32_t kept = 0, reference;
    for (uint32_t n = 0; n < count; n++) {
        if (numu_exact_is_true(solver, literals[n])) {
            return NUMU_OK;
        }
        if (!numu_exact_is_false(solver, literals[n])) {
            literals[kept++] = literals[n];
        }
    }
    if (kept < 2) {
        /* Only a task of one mode has so short a clause, and that has none. */
        numu_assert(kept == 1);
        bool is_set =
            numu_exact_set(solver, literals[0], (struct numu_exact_reason){NUMU_REASON_NONE, 0, 0});
        return is_set ? NUMU_OK : solver->status;
    }
    return numu_exact_clause_add(solver, literals, kept, false, 0, &reference);
}

/* A mode means its duration; a duration means one of its modes. */
static numu_status add_duration_clauses(struct build *build, uint32_t task,
                                        struct numu_exact_fact *literals) {
    struct numu_exact_solver *solver = build->solver;
    const struct numu_project *project = build->project;
    uint32_t activity = build->domain->activity[task];
    uint32_t first = project->first_mode[activity], end = project->first_mode[activity + 1];
    uint32_t duration = solver->duration_variable[task];
    for (uint32_t m = first; m < end && duration != NUMU_NO_VARIABLE; m++) {
        numu_period own = project->duration[m];
        for (int sign = 0; sign < 2; sign++) {
            struct numu_exact_fact fact =
                sign == 0 ? numu_exact_at_least(duration, own) : numu_exact_at_most(duration, own);
            literals[0] = numu_exact_at_most(solver->mode_variable[m], 0);
            literals[1] = fact;
            NUMU_TRY(add_clause(solver, literals, 2));
            uint32_t count = 0;
            literals[count++] = fact;
            for (uint32_t k = first; k < end; k++) {
                bool is_beyond =
                    sign == 0 ? project->duration[k] < own : project->duration[k] > own;
                if (is_beyond) {
                    literals[count++] = numu_exact_at_least(solver->mode_variable[k], 1);
                }
            }
            NUMU_TRY(add_clause(solver, literals, count));
        }
    }
    return NUMU_OK;
}

static numu_status add_mode_clauses(struct build *build, uint32_t task,
                                    struct numu_exact_fact *literals) {
    struct numu_exact_solver *solver = build->solver;
    const struct numu_project *project = build->project;
    uint32_t activity = build->domain->activity[task];
    uint32_t first = project->first_mode[activity], end = project->first_mode[activity + 1];
    uint32_t count = 0;
    if (!is_multi_mode(build, task)) {
        return NUMU_OK;
    }
    for (uint32_t m = first; m < end; m++) {
        for (uint32_t k = m + 1; k < end; k++) {
            literals[0] = numu_exact_at_most(solver->mode_variable[m], 0);
            literals[1] = numu_exact_at_most(solver->mode_variable[k], 0);
            NUMU_TRY(add_clause(solver, literals, 2));
        }
    }
    for (uint32_t m = first; m < end; m++) {
        literals[count++] = numu_exact_at_least(solver->mode_variable[m], 1);
    }
    NUMU_TRY(add_clause(solver, literals, count));
    return add_duration_clauses(build, task, literals);
}

static numu_status add_modes(struct build *build) {
    struct numu_exact_fact *literals;
    NUMU_TRY(NUMU_TAKE(build->arena, &literals, (size_t)build->project->mode_count + 2));
    for (uint32_t n = 0; n < build->domain->task_count; n++) {
        NUMU_TRY(add_mode_clauses(build, n, literals));
    }
    return NUMU_OK;
}

/* --- the whole --- */

static void begin(struct build *build) {
    struct numu_exact_solver *solver = build->solver;
    for (uint32_t v = 0; v < solver->variable_count; v++) {
        numu_exact_items_refresh(solver, v);
    }
    for (uint32_t r = 0; r < solver->resource_count; r++) {
        solver->resource[r].low = 0;
        solver->resource[r].high = solver->horizon + 1;
    }
}

/* A mode that needs more than there ever is cannot be chosen. */
static bool exclude_oversized(struct numu_exact_solver *solver) {
    for (uint32_t i = 0; i < solver->item_count; i++) {
        const struct numu_exact_item *item = &solver->item[i];
        if (item->need <= solver->resource[item->resource].capacity) {
            continue;
        }
        if (item->presence == NUMU_NO_VARIABLE ||
            !numu_exact_set(solver, numu_exact_at_most(item->presence, 0),
                            (struct numu_exact_reason){NUMU_REASON_NONE, 0, 0})) {
            return false;
        }
    }
    return true;
}

static bool propagate_links_once(struct numu_exact_solver *solver) {
    for (uint32_t side = 0; side < 2 * solver->variable_count; side++) {
        if (!numu_exact_link_propagate(solver, side)) {
            return false;
        }
    }
    return true;
}

numu_status numu_exact_build(const struct numu_context *context, const struct numu_domain *domain,
                             const struct numu_exact_limits *limits, struct numu_arena *arena,
                             struct numu_exact_solver *solver, bool *out_is_open) {
    struct build build = {.solver = solver,
                          .domain = domain,
                          .project = domain->project,
                          .arena = arena,
                          .measures = limits->measures};
    *solver = (struct numu_exact_solver){
        .context = context,
        .domain = domain,
        .arena = arena,
        .horizon = limits->makespan_max,
        .learned_max = CLAUSES_MAX,
        .clause_step = 1,
        .activity_step = 1,
    };
    *out_is_open = false;
    numu_buffer_init(&solver->trail_buffer, context->heap, 0);
    numu_buffer_init(&solver->level_buffer, context->heap, 0);
    numu_buffer_init(&solver->clause_buffer, context->heap, 0);
    numu_buffer_init(&solver->chunk_buffer, context->heap, 0);
    numu_buffer_init(&solver->conflict_buffer, context->heap, 0);
    NUMU_TRY(NUMU_TAKE(arena, &build.earliest, domain->task_count));
    NUMU_TRY(NUMU_TAKE(arena, &build.latest, domain->task_count));
    if (limits->makespan_max < limits->makespan_min ||
        limits->lateness_max < limits->lateness_min || !find_windows(&build, limits)) {
        return NUMU_OK;
    }
    NUMU_TRY(take_orders(&build));
    NUMU_TRY(take_variables(&build));
    NUMU_TRY(add_dues(&build));
    add_variables(&build, limits);
    NUMU_TRY(take_ids(&build));
    NUMU_TRY(add_links(&build));
    NUMU_TRY(add_resources(&build));
    NUMU_TRY(add_consumables(&build));
    fill_dues(&build);
    begin(&build);
    NUMU_TRY(add_modes(&build));
    *out_is_open =
        exclude_oversized(solver) && propagate_links_once(solver) && numu_exact_propagate(solver);
    return solver->status;
}

void numu_exact_release(struct numu_exact_solver *solver) {
    numu_buffer_release(&solver->trail_buffer);
    numu_buffer_release(&solver->level_buffer);
    numu_buffer_release(&solver->clause_buffer);
    numu_buffer_release(&solver->chunk_buffer);
    numu_buffer_release(&solver->conflict_buffer);
}
