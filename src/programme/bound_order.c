/*
 * bound_order.c - T(k) for each resource, in each measure of time, then deadlines in their order.
 *
 * [1] What is before another is finished before it: where a link leaves its finish, without a lead.
 * [2] Work is counted in parts of a unit, so that equal parts of little work are not lost.
 * [3] Where there are many, not each k is asked; T(k) is then that of the next smaller one. Where
 *     one alone would take too long, the resource is left out.
 */
#include "programme/bound_order.h"

#include <stdlib.h>

enum {
    PARTS = 1024,       /* of a unit of work, [2] */
    WORDS_MAX = 1 << 22 /* of what tasks are before: larger projects have no bound */
};
static const int64_t work_max = INT64_MAX / 4096; /* more than that is not counted in parts */
static const uint64_t steps_max = 1 << 24;        /* of a resource, [3] */

struct ranking {
    const struct numu_bound_order *order;
    size_t words;
    uint64_t *serves; /* by task: a row of `words` words of bits, one for each that it is before */
    uint32_t *served; /* by task: how many */
    const struct numu_measure *measure; /* which counts: */
    int64_t *energy;                    /* by use of a resource */
    int64_t *share;                     /* by due task: its part of the work */
    int64_t *sorted;
    numu_period *finish; /* T(k) */
    int64_t parts;
    uint64_t work;
};

static int compare_shares(const void *a, const void *b) {
    const int64_t *left = a, *right = b;
    return (*left > *right) - (*left < *right);
}

/* [1]: tasks stand in an order that links keep. */
static void find_served(struct ranking *it) {
    const struct numu_domain *domain = it->order->domain;
    for (uint32_t i = 0; i < it->order->due_count; i++) {
        it->serves[it->order->due[i] * it->words + i / 64] |= UINT64_C(1) << (i % 64);
    }
    for (uint32_t task = domain->task_count; task-- > 0;) {
        uint64_t *row = &it->serves[task * it->words];
        for (uint32_t l = domain->first_out[task]; l < domain->first_out[task + 1]; l++) {
            const struct numu_domain_link *link = &domain->link[l];
            const uint64_t *next = &it->serves[link->after * it->words];
            for (size_t w = 0; w < it->words && link->leaves_finish && link->lag >= 0; w++) {
                row[w] |= next[w];
            }
        }
        for (size_t w = 0; w < it->words; w++) {
            it->served[task] += (uint32_t)__builtin_popcountll(row[w]);
        }
    }
    it->work += domain->link_count * it->words;
}

/* The least work, in parts, of any k of those that are due and all that is before them. */
static int64_t least_work(struct ranking *it, uint32_t resource, uint32_t k) {
    const struct numu_bound_order *order = it->order;
    int64_t work = 0;
    for (uint32_t i = 0; i < order->due_count; i++) {
        it->share[i] = 0;
    }
    for (uint32_t u = order->first_use[resource]; u < order->first_use[resource + 1]; u++) {
        const struct numu_bound_use *use = &order->use[u];
        int64_t energy = it->energy[u - order->first_use[resource]] * it->parts;
        uint32_t served = it->served[use->task];
        if (served > order->due_count - k) {
            work += energy;
            continue;
        }
        for (uint32_t i = 0; i < order->due_count && served > 0; i++) {
            bool is_served = (it->serves[use->task * it->words + i / 64] >> (i % 64) & 1) != 0;
            it->share[i] += is_served ? energy / served : 0;
        }
    }
    for (uint32_t i = 0; i < order->due_count; i++) {
        it->sorted[i] = it->share[i];
    }
    qsort(it->sorted, order->due_count, sizeof *it->sorted, compare_shares);
    for (uint32_t i = 0; i < k; i++) {
        work += it->sorted[i];
    }
    return work;
}

static numu_period counted(const struct ranking *it, numu_period point) {
    return numu_measure_before(it->measure->calendar, point);
}

/*
 * When so much work, if there is any, can be done that begins at a point; that point where there is
 * never enough.
 */
static numu_period done_by(const struct ranking *it, uint32_t resource, numu_period from,
                           int64_t work) {
    const struct numu_project *project = it->order->domain->project;
    uint32_t end = project->first_step[resource + 1];
    for (uint32_t step = project->first_step[resource]; step < end && work > 0; step++) {
        numu_period begin = project->step_time[step] > from ? project->step_time[step] : from;
        numu_period low = counted(it, begin);
        numu_period high =
            step + 1 < end ? counted(it, project->step_time[step + 1]) : NUMU_PERIOD_MAX;
        int64_t rate = project->step_units[step] * it->parts;
        if (high <= low || rate <= 0) {
            continue;
        }
        int64_t time = (work - 1) / rate + 1;
        if (time <= high - low) {
            return numu_measure_first(it->measure->calendar, low + (numu_period)time);
        }
        work -= rate * (high - low);
    }
    return from;
}

static void raise_finishes(struct ranking *it, uint32_t resource) {
    const struct numu_bound_order *order = it->order;
    const struct numu_domain *domain = order->domain;
    uint64_t steps =
        (uint64_t)(order->first_use[resource + 1] - order->first_use[resource]) * order->due_count;
    uint32_t stride = (uint32_t)(1 + steps * order->due_count / steps_max);
    int64_t total = 0;
    numu_period from = NUMU_PERIOD_MAX;
    for (uint32_t u = order->first_use[resource]; u < order->first_use[resource + 1]; u++) {
        uint32_t task = order->use[u].task;
        numu_period start = numu_domain_start(domain->calendar[task], order->earliest[task]);
        int64_t energy = numu_bound_energy_of(domain, it->measure, task, resource);
        from = start < from ? start : from;
        total = energy > INT64_MAX - total ? INT64_MAX : total + energy;
        it->energy[u - order->first_use[resource]] = energy;
    }
    if (total == INT64_MAX || total == 0 || steps > steps_max) {
        return;
    }
    it->parts = total < work_max ? PARTS : 1;
    for (uint32_t k = order->due_count; k > 0; k = k > stride ? k - stride : 0) {
        int64_t work = least_work(it, resource, k);
        numu_period finish = work > 0 ? done_by(it, resource, from, work) : 0;
        it->finish[k - 1] = finish > it->finish[k - 1] ? finish : it->finish[k - 1];
        it->work += steps;
    }
}

/* Deadlines in their order; of the same, as they come. */
static void sort_by_deadline(const struct numu_bound_order *order, uint32_t *due) {
    const struct numu_project *project = order->domain->project;
    const numu_period *deadline =
        project->whole_time == NULL ? project->deadline : project->whole_deadline;
    for (uint32_t n = 0; n < order->due_count; n++) {
        uint32_t place = n, activity = order->domain->activity[order->due[n]];
        for (; place > 0 && deadline[due[place - 1]] > deadline[activity]; place--) {
            due[place] = due[place - 1];
        }
        due[place] = activity;
    }
}

numu_status numu_bound_order_lateness(const struct numu_bound_order *order,
                                      struct numu_arena *scratch, uint64_t *io_work,
                                      int64_t *out_lateness) {
    const struct numu_domain *domain = order->domain;
    struct ranking it = {.order = order, .words = (order->due_count + 63) / 64};
    struct numu_arena_mark mark = numu_arena_mark(scratch);
    uint32_t *due;
    *out_lateness = 0;
    if (it.words * domain->task_count > WORDS_MAX) {
        return NUMU_OK;
    }
    NUMU_TRY(NUMU_TAKE(scratch, &it.serves, it.words * domain->task_count));
    NUMU_TRY(NUMU_TAKE(scratch, &it.served, domain->task_count));
    NUMU_TRY(NUMU_TAKE(scratch, &it.energy, domain->task_count));
    NUMU_TRY(NUMU_TAKE(scratch, &it.share, order->due_count));
    NUMU_TRY(NUMU_TAKE(scratch, &it.sorted, order->due_count));
    NUMU_TRY(NUMU_TAKE(scratch, &it.finish, order->due_count));
    NUMU_TRY(NUMU_TAKE(scratch, &due, order->due_count));
    find_served(&it);
    for (uint32_t k = 0; k < order->due_count; k++) {
        it.finish[k] = order->finish[k];
    }
    for (uint32_t n = 0; n < order->measures->count; n++) {
        it.measure = &order->measures->list[n];
        for (uint32_t r = 0; r < domain->project->resource_count; r++) {
            raise_finishes(&it, r);
        }
    }
    sort_by_deadline(order, due);
    for (uint32_t k = 0; k < order->due_count; k++) {
        if (k > 0 && it.finish[k] < it.finish[k - 1]) {
            it.finish[k] = it.finish[k - 1]; /* [3] */
        }
        *out_lateness += numu_project_lateness(domain->project, due[k], it.finish[k]);
    }
    *io_work += it.work;
    numu_arena_rewind(scratch, mark);
    return NUMU_OK;
}
