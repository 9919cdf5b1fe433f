/*
 * bound_linear.c - see bound_linear.h.
 *
 * [1] A start is a position (domain.h), so links between calendars, which are not linear in
 *     positions, are left out, and so are links that hold under a condition.
 * [2] Of an item that runs somewhere in its window at least so much lies in [from, until): the
 *     least of its span, until - from, what it does after `from` at its earliest, and what it does
 *     before `until` at its latest.
 * [3] As a function of `until` that is a ramp: from the later of `from` and its latest start on it
 *     rises by one a point, until it stays. So one pass over the points tells all windows from one
 *     point on.
 */
#include "programme/bound_linear.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { WINDOWS_AT_ONCE = 40 };

static const double worth = 0.005; /* of what a window offers: a row that is broken by less waits */
static const double weight_sum = 0x1p57; /* of all terms at their greatest, as whole numbers */

void numu_bound_linear_init(struct numu_bound_linear *linear, struct numu_exact_solver *solver) {
    *linear = (struct numu_bound_linear){.solver = solver};
    numu_buffer_init(&linear->row_buffer, solver->context->heap, 0);
    numu_buffer_init(&linear->term_buffer, solver->context->heap, 0);
}

void numu_bound_linear_release(struct numu_bound_linear *linear) {
    numu_buffer_release(&linear->row_buffer);
    numu_buffer_release(&linear->term_buffer);
}

/* --- rows --- */

static numu_status begin_row(struct numu_bound_linear *linear, bool is_equal, int64_t least) {
    const struct numu_bound_linear_row row = {linear->term_count, 0, least, is_equal};
    linear->row_count++;
    return numu_buffer_append(&linear->row_buffer, &row, sizeof row);
}

static struct numu_bound_linear_row *last_row(struct numu_bound_linear *linear) {
    return (struct numu_bound_linear_row *)(void *)linear->row_buffer.data + linear->row_count - 1;
}

/* Adds factor × variable to the last row; a variable that there is none of counts for nothing. */
static numu_status add_term(struct numu_bound_linear *linear, uint32_t variable, int64_t factor) {
    const struct numu_bound_linear_term term = {variable, factor};
    if (variable == NUMU_NO_VARIABLE || factor == 0) {
        return NUMU_OK;
    }
    linear->term_count++;
    last_row(linear)->term_count++;
    return numu_buffer_append(&linear->term_buffer, &term, sizeof term);
}

/* The same where the variable says whether something is there; without one it always is. */
static numu_status add_present(struct numu_bound_linear *linear, uint32_t presence,
                               int64_t factor) {
    if (presence == NUMU_NO_VARIABLE) {
        last_row(linear)->least -= factor;
        return NUMU_OK;
    }
    return add_term(linear, presence, factor);
}

static int compare_terms(const void *a, const void *b) {
    const struct numu_bound_linear_term *left = a, *right = b;
    return (left->variable > right->variable) - (left->variable < right->variable);
}

/* Sorts the terms of the last row; there are no two of one variable. */
static void end_row(struct numu_bound_linear *linear) {
    const struct numu_bound_linear_row *row = last_row(linear);
    if (row->term_count > 0) {
        qsort((struct numu_bound_linear_term *)(void *)linear->term_buffer.data + row->first_term,
              row->term_count, sizeof(struct numu_bound_linear_term), compare_terms);
    }
}

static numu_status add_durations(struct numu_bound_linear *linear, uint32_t task) {
    const struct numu_exact_solver *solver = linear->solver;
    const struct numu_project *project = solver->domain->project;
    uint32_t activity = solver->domain->activity[task];
    uint32_t first = project->first_mode[activity], end = project->first_mode[activity + 1];
    if (end - first < 2) {
        return NUMU_OK;
    }
    NUMU_TRY(begin_row(linear, true, 1));
    for (uint32_t m = first; m < end; m++) {
        NUMU_TRY(add_term(linear, solver->mode_variable[m], 1));
    }
    end_row(linear);
    if (solver->duration_variable[task] == NUMU_NO_VARIABLE) {
        return NUMU_OK;
    }
    NUMU_TRY(begin_row(linear, true, 0));
    NUMU_TRY(add_term(linear, solver->duration_variable[task], -1));
    for (uint32_t m = first; m < end; m++) {
        NUMU_TRY(add_term(linear, solver->mode_variable[m], project->duration[m]));
    }
    end_row(linear);
    return NUMU_OK;
}

static bool is_linear(const struct numu_exact_link *link) { /* [1] */
    return link->is_plain && link->condition.side == NUMU_NO_VARIABLE;
}

static numu_status add_link(struct numu_bound_linear *linear, const struct numu_exact_link *link) {
    if (!is_linear(link)) {
        return NUMU_OK;
    }
    NUMU_TRY(begin_row(linear, false,
                       (int64_t)link->before_constant + link->lag - link->after_constant));
    NUMU_TRY(add_term(linear, link->before, -1));
    NUMU_TRY(add_term(linear, link->before_duration, -1));
    NUMU_TRY(add_term(linear, link->after, 1));
    NUMU_TRY(add_term(linear, link->after_duration, 1));
    end_row(linear);
    return NUMU_OK;
}

static bool starts_by(const struct numu_exact_solver *solver, const struct numu_exact_use *use,
                      numu_period point) {
    return numu_exact_is_true(
        solver, numu_exact_at_most(use->start, numu_domain_start_until(use->calendar, point)));
}

static numu_status add_supply(struct numu_bound_linear *linear,
                              const struct numu_exact_supply *supply) {
    const struct numu_exact_solver *solver = linear->solver;
    NUMU_TRY(begin_row(linear, false, -supply->units));
    for (uint32_t n = supply->first_use; n < supply->end_use; n++) {
        const struct numu_exact_use *use = &solver->use[n];
        if (starts_by(solver, use, supply->last)) {
            NUMU_TRY(add_present(linear, use->presence, -(int64_t)use->need));
        }
    }
    end_row(linear);
    return NUMU_OK;
}

/* Units × points that there are of a resource during [from, until), as a measure counts. */
static int64_t offered(const struct numu_exact_resource *resource,
                       const struct numu_exact_measure *measure, numu_period from,
                       numu_period until) {
    int64_t sum = 0;
    for (numu_period t = from; t < until; t++) {
        sum += numu_exact_free(resource, measure, t);
    }
    return sum;
}

/*
 * All work on a resource is done by the finish; until its least finish there is what there is, then
 * at most the capacity.
 */
static numu_status add_work(struct numu_bound_linear *linear,
                            const struct numu_exact_resource *resource) {
    const struct numu_exact_solver *solver = linear->solver;
    const struct numu_exact_measure *points = &solver->energy.measure[0];
    numu_period finish = numu_exact_least(solver, solver->makespan);
    NUMU_TRY(
        begin_row(linear, false,
                  (int64_t)finish * resource->capacity - offered(resource, points, 0, finish)));
    NUMU_TRY(add_term(linear, solver->makespan, resource->capacity));
    for (uint32_t i = resource->first_item; i < resource->end_item; i++) {
        const struct numu_exact_item *item = &solver->item[i];
        NUMU_TRY(
            add_present(linear, item->presence, -(int64_t)item->need * (int64_t)points->span[i]));
    }
    end_row(linear);
    return NUMU_OK;
}

numu_status numu_bound_linear_build(struct numu_bound_linear *linear) {
    const struct numu_exact_solver *solver = linear->solver;
    for (uint32_t n = 0; n < solver->domain->task_count; n++) {
        NUMU_TRY(add_durations(linear, n));
    }
    for (uint32_t i = 0; i < solver->link_count; i++) {
        NUMU_TRY(add_link(linear, &solver->link[i]));
    }
    for (uint32_t s = 0; s < solver->supply_count; s++) {
        NUMU_TRY(add_supply(linear, &solver->supply[s]));
    }
    for (uint32_t r = 0; r < solver->resource_count; r++) {
        NUMU_TRY(add_work(linear, &solver->resource[r]));
    }
    return NUMU_OK;
}

/* --- windows --- */

struct window {
    uint32_t resource;
    const struct numu_exact_measure *measure; /* which counts: */
    numu_period from, until;
    double excess; /* of what is offered */
};

/* What is known of an item while windows are looked at, as the measure counts. */
struct run {
    uint32_t item;
    numu_period last;   /* its latest start */
    numu_period finish; /* at its earliest */
    double share;       /* its need, times how much of its mode is chosen */
};

struct windows {
    const struct numu_exact_solver *solver;
    const struct numu_exact_measure *measure;
    numu_period end; /* the horizon; it and all below as the measure counts */
    struct run *run;
    uint32_t run_count;
    numu_period *limit; /* by variable of a start: its latest finish, as a position */
    numu_period *from;  /* where windows begin, rising */
    uint32_t from_count;
    double *rise;     /* by point that counts: by how much the work rises more than before */
    int64_t *offered; /* the same: before it, since 0 */
    struct window *best;
    uint32_t best_count;
};

/* The latest finish that links leave each task. */
static void find_limits(struct windows *it) {
    const struct numu_exact_solver *solver = it->solver;
    for (uint32_t v = 0; v < solver->variable_count; v++) {
        it->limit[v] = NUMU_PERIOD_MAX;
    }
    for (uint32_t i = 0; i < solver->link_count; i++) {
        const struct numu_exact_link *link = &solver->link[i];
        if (link->condition.side != NUMU_NO_VARIABLE || link->before_duration == NUMU_NO_VARIABLE) {
            continue;
        }
        numu_period after = numu_exact_greatest(solver, link->after) + link->after_constant;
        if (link->after_duration != NUMU_NO_VARIABLE) {
            after += numu_exact_greatest(solver, link->after_duration);
        }
        numu_period limit = numu_exact_link_down(solver, link, after) - link->before_constant;
        it->limit[link->before] = limit < it->limit[link->before] ? limit : it->limit[link->before];
    }
}

static numu_period counted(const struct windows *it, numu_period point) {
    return numu_measure_before(it->measure->calendar, point);
}

static void use_measure(struct windows *it, const struct numu_exact_measure *measure) {
    it->measure = measure;
    it->end = counted(it, it->solver->horizon);
}

static void find_runs(struct windows *it, const struct numu_exact_resource *resource,
                      const double *value) {
    const struct numu_exact_solver *solver = it->solver;
    it->run_count = 0;
    for (uint32_t i = resource->first_item; i < resource->end_item; i++) {
        const struct numu_exact_item *item = &solver->item[i];
        double share = item->presence == NUMU_NO_VARIABLE ? 1 : value[item->presence];
        if (numu_exact_is_absent(solver, item->presence)) {
            continue;
        }
        numu_period last = numu_exact_greatest(solver, item->start);
        numu_period limit = it->limit[item->start] - item->duration;
        it->run[it->run_count++] = (struct run){
            .item = i,
            .last = counted(it, numu_domain_start(item->calendar, last < limit ? last : limit)),
            .finish = counted(
                it, numu_domain_finish(item->calendar,
                                       numu_exact_least(solver, item->start) + item->duration)),
            .share = share * item->need,
        };
    }
}

/* Windows begin where something can begin at its earliest, or must at its latest. */
static void find_begins(struct windows *it) {
    uint32_t count = 0, kept = 0;
    for (uint32_t n = 0; n < it->run_count; n++) {
        const struct numu_exact_item *item = &it->solver->item[it->run[n].item];
        it->from[count++] = counted(
            it, numu_domain_start(item->calendar, numu_exact_least(it->solver, item->start)));
        it->from[count++] = it->run[n].last;
    }
    qsort(it->from, count, sizeof *it->from, numu_period_compare);
    for (uint32_t n = 0; n < count; n++) {
        if (it->from[n] >= 0 && it->from[n] < it->end &&
            (kept == 0 || it->from[n] != it->from[kept - 1])) {
            it->from[kept++] = it->from[n];
        }
    }
    it->from_count = kept;
}

/* [2]: of [from, until) a run takes so much at least. */
static numu_period overlap(const struct windows *it, const struct run *run, numu_period from,
                           numu_period until) {
    numu_period begin = run->last > from ? run->last : from;
    numu_period span = it->measure->span[run->item];
    numu_period length = span < run->finish - from ? span : run->finish - from;
    numu_period most = until - begin < length ? until - begin : length;
    return most > 0 ? most : 0;
}

/* Keeps the windows that are broken most, by falling excess; of equal ones, the first. */
static void keep_window(struct windows *it, const struct window *window) {
    uint32_t place = it->best_count < WINDOWS_AT_ONCE ? it->best_count++ : WINDOWS_AT_ONCE;
    while (place > 0 && it->best[place - 1].excess < window->excess) {
        if (place < WINDOWS_AT_ONCE) {
            it->best[place] = it->best[place - 1];
        }
        place--;
    }
    if (place < WINDOWS_AT_ONCE) {
        it->best[place] = *window;
    }
}

/* Of the windows from one point on, the one that is broken most [3]. */
static void look_from(struct windows *it, uint32_t resource, numu_period from) {
    struct window worst = {
        .resource = resource, .measure = it->measure, .from = from, .excess = worth};
    double work = 0, slope = 0;
    memset(it->rise + from, 0, (size_t)(it->end - from + 1) * sizeof *it->rise);
    for (uint32_t n = 0; n < it->run_count; n++) {
        const struct run *run = &it->run[n];
        numu_period begin = run->last > from ? run->last : from;
        numu_period length = overlap(it, run, from, NUMU_PERIOD_MAX);
        if (length > 0 && begin < it->end) {
            numu_period end = length < it->end - begin ? begin + length : it->end;
            it->rise[begin] += run->share;
            it->rise[end] -= run->share;
        }
    }
    for (numu_period t = from; t < it->end; t++) {
        slope += it->rise[t];
        work += slope;
        double room = (double)(it->offered[t + 1] - it->offered[from]);
        double excess = (work - room) / (room + 1);
        if (excess > worst.excess) {
            worst.excess = excess;
            worst.until = t + 1;
        }
    }
    if (worst.until > 0) {
        keep_window(it, &worst);
    }
}

static void look_at(struct windows *it, uint32_t number, const double *value) {
    const struct numu_exact_resource *resource = &it->solver->resource[number];
    find_runs(it, resource, value);
    find_begins(it);
    it->offered[0] = 0;
    for (numu_period t = 0; t < it->end; t++) {
        it->offered[t + 1] = it->offered[t] + offered(resource, it->measure, t, t + 1);
    }
    for (uint32_t n = 0; n < it->from_count; n++) {
        look_from(it, number, it->from[n]);
    }
}

static numu_status add_window(struct numu_bound_linear *linear, struct windows *it,
                              const struct window *window, const double *value) {
    const struct numu_exact_resource *resource = &it->solver->resource[window->resource];
    use_measure(it, window->measure);
    find_runs(it, resource, value);
    NUMU_TRY(
        begin_row(linear, false, -offered(resource, window->measure, window->from, window->until)));
    for (uint32_t n = 0; n < it->run_count; n++) {
        const struct run *run = &it->run[n];
        const struct numu_exact_item *item = &it->solver->item[run->item];
        NUMU_TRY(add_present(linear, item->presence,
                             -(int64_t)item->need * overlap(it, run, window->from, window->until)));
    }
    end_row(linear);
    return NUMU_OK;
}

static numu_status take_windows(struct windows *it, struct numu_arena *scratch) {
    const struct numu_exact_solver *solver = it->solver;
    size_t points = (size_t)solver->horizon + 2;
    NUMU_TRY(NUMU_TAKE(scratch, &it->run, solver->item_count));
    NUMU_TRY(NUMU_TAKE(scratch, &it->limit, solver->variable_count));
    NUMU_TRY(NUMU_TAKE(scratch, &it->from, 2 * (size_t)solver->item_count));
    NUMU_TRY(NUMU_TAKE(scratch, &it->rise, points));
    NUMU_TRY(NUMU_TAKE(scratch, &it->offered, points));
    return NUMU_TAKE(scratch, &it->best, WINDOWS_AT_ONCE);
}

numu_status numu_bound_linear_add_windows(struct numu_bound_linear *linear, const double *value,
                                          struct numu_arena *scratch) {
    struct numu_arena_mark mark = numu_arena_mark(scratch);
    struct windows it = {.solver = linear->solver};
    numu_status status = take_windows(&it, scratch);
    if (status == NUMU_OK) {
        find_limits(&it);
        for (uint32_t n = 0; n < linear->solver->energy.measure_count; n++) {
            use_measure(&it, &linear->solver->energy.measure[n]);
            for (uint32_t r = 0; r < linear->solver->resource_count; r++) {
                look_at(&it, r, value);
                linear->work += it.from_count * ((uint64_t)it.run_count + (uint64_t)it.end);
            }
        }
    }
    for (uint32_t n = 0; n < it.best_count && status == NUMU_OK; n++) {
        status = add_window(linear, &it, &it.best[n], value);
    }
    numu_arena_rewind(scratch, mark);
    return status;
}

/* --- cutting off --- */

static double greatest_size(const struct numu_exact_solver *solver, uint32_t variable) {
    double low = numu_exact_least(solver, variable), high = numu_exact_greatest(solver, variable);
    return fmax(fabs(low), fabs(high));
}

static double weight_of(const struct numu_bound_linear_row *row, double weight) {
    return row->is_equal || weight > 0 ? weight : 0;
}

/* What weights are multiplied by, so that no sum of whole numbers passes its type. */
static double find_scale(const struct numu_bound_linear *linear, const double *weight) {
    const struct numu_bound_linear_row *rows = numu_bound_linear_rows(linear);
    const struct numu_bound_linear_term *terms = numu_bound_linear_terms(linear);
    double sum = 0;
    for (uint32_t n = 0; n < linear->row_count; n++) {
        double size = 1 + fabs((double)rows[n].least);
        for (uint32_t k = 0; k < rows[n].term_count; k++) {
            const struct numu_bound_linear_term *term = &terms[rows[n].first_term + k];
            size +=
                fabs((double)term->factor) * (1 + greatest_size(linear->solver, term->variable));
        }
        sum += size * fabs(weight_of(&rows[n], weight[n]));
    }
    return sum > 0 && isfinite(sum) ? weight_sum / sum : 0;
}

/* The one row that all make, by variable; returns what it asks for. */
static int64_t sum_rows(const struct numu_bound_linear *linear, const double *weight, double scale,
                        int64_t *factor) {
    const struct numu_bound_linear_row *rows = numu_bound_linear_rows(linear);
    const struct numu_bound_linear_term *terms = numu_bound_linear_terms(linear);
    int64_t least = 0;
    for (uint32_t n = 0; n < linear->row_count; n++) {
        /* towards 0: rounded up, the sum might be more than was scaled for */
        int64_t times = (int64_t)(weight_of(&rows[n], weight[n]) * scale);
        least += times * rows[n].least;
        for (uint32_t k = 0; k < rows[n].term_count && times != 0; k++) {
            const struct numu_bound_linear_term *term = &terms[rows[n].first_term + k];
            factor[term->variable] += times * term->factor;
        }
    }
    return least;
}

/* The most that a variable can give to the row. */
static int64_t most_of(const struct numu_exact_solver *solver, uint32_t variable, int64_t factor) {
    return factor * (factor > 0 ? numu_exact_greatest(solver, variable)
                                : numu_exact_least(solver, variable));
}

/* Cuts off what would leave the row short by more than `room`, whatever the others give. */
static bool cut_off(struct numu_exact_solver *solver, uint32_t variable, int64_t factor,
                    int64_t room, bool *io_is_changed) {
    int64_t steps = room / (factor > 0 ? factor : -factor);
    int64_t range =
        (int64_t)numu_exact_greatest(solver, variable) - numu_exact_least(solver, variable);
    if (steps >= range) {
        return true;
    }
    *io_is_changed = true;
    numu_period by = (numu_period)steps;
    return numu_exact_set(
        solver,
        factor > 0 ? numu_exact_at_least(variable, numu_exact_greatest(solver, variable) - by)
                   : numu_exact_at_most(variable, numu_exact_least(solver, variable) + by),
        (struct numu_exact_reason){NUMU_REASON_NONE, 0, 0});
}

numu_status numu_bound_linear_tighten(struct numu_bound_linear *linear, const double *weight,
                                      struct numu_arena *scratch, bool *out_is_open,
                                      bool *out_is_changed) {
    struct numu_exact_solver *solver = linear->solver;
    struct numu_arena_mark mark = numu_arena_mark(scratch);
    int64_t *factor, room = 0;
    NUMU_TRY(NUMU_TAKE(scratch, &factor, solver->variable_count));
    room -= sum_rows(linear, weight, find_scale(linear, weight), factor);
    for (uint32_t v = 0; v < solver->variable_count; v++) {
        room += most_of(solver, v, factor[v]);
    }
    bool is_open = room >= 0;
    *out_is_changed = false;
    for (uint32_t v = 0; v < solver->variable_count && is_open; v++) {
        is_open = factor[v] == 0 || cut_off(solver, v, factor[v], room, out_is_changed);
    }
    is_open = is_open && (!*out_is_changed || numu_exact_propagate(solver));
    linear->work += solver->variable_count + linear->term_count;
    numu_arena_rewind(scratch, mark);
    *out_is_open = is_open;
    return solver->status;
}
