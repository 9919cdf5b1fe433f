/*
 * bound_energy.c - windows, and the work in them as a function of their end. [1] … [3] are those of
 * bound_energy.h.
 */
#include "programme/bound_energy.h"

#include <stdlib.h>
#include <string.h>

int64_t numu_bound_energy_of(const struct numu_domain *domain, const struct numu_measure *measure,
                             uint32_t task, uint32_t resource) {
    const struct numu_project *project = domain->project;
    uint32_t activity = domain->activity[task];
    int64_t least = INT64_MAX;
    for (uint32_t m = project->first_mode[activity]; m < project->first_mode[activity + 1]; m++) {
        int64_t energy = (int64_t)numu_project_need(project, m, resource) * measure->span[m];
        least = energy < least ? energy : least;
    }
    return least;
}

numu_status numu_bound_energy_take(const struct numu_domain *domain, const numu_period *earliest,
                                   const numu_period *latest, size_t use_count,
                                   struct numu_arena *arena, struct numu_bound_energy *out) {
    *out = (struct numu_bound_energy){.domain = domain, .earliest = earliest, .latest = latest};
    NUMU_TRY(NUMU_TAKE(arena, &out->from, use_count));
    NUMU_TRY(NUMU_TAKE(arena, &out->until, use_count));
    NUMU_TRY(NUMU_TAKE(arena, &out->offered, use_count));
    NUMU_TRY(NUMU_TAKE(arena, &out->slope, use_count));
    return NUMU_TAKE(arena, &out->shift, use_count);
}

/* --- time, as the measure counts it --- */

static numu_period counted(const struct numu_bound_energy *it, numu_period point) {
    return numu_measure_before(it->measure->calendar, point);
}

static numu_period start_of(const struct numu_bound_energy *it, uint32_t task,
                            numu_period position) {
    return counted(it, numu_domain_start(it->domain->calendar[task], position));
}

static numu_period finish_of(const struct numu_bound_energy *it, uint32_t task,
                             numu_period position_and_duration) {
    return counted(it, numu_domain_finish(it->domain->calendar[task], position_and_duration));
}

/* --- windows --- */

static size_t keep_distinct(numu_period *point, size_t count) {
    size_t kept = 0;
    qsort(point, count, sizeof *point, numu_period_compare);
    for (size_t i = 0; i < count; i++) {
        if (kept == 0 || point[kept - 1] != point[i]) {
            point[kept++] = point[i];
        }
    }
    return kept;
}

static int64_t offered_before(const struct numu_bound_energy *it, numu_period until) {
    return numu_measure_offered(it->domain->project, it->measure->calendar, it->resource, until);
}

/* Whether slopes times the longest window may not fit. */
static bool is_too_large(const struct numu_bound_energy *it) {
    const struct numu_project *project = it->domain->project;
    int64_t length = (int64_t)it->until[it->until_count - 1] - it->from[0];
    int64_t needs = 0;
    for (size_t i = 0; i < it->use_count; i++) {
        uint32_t activity = it->domain->activity[it->use[i].task];
        for (uint32_t m = project->first_mode[activity]; m < project->first_mode[activity + 1];
             m++) {
            needs += numu_project_need(project, m, it->resource);
        }
    }
    return length > 0 && needs > (INT64_C(1) << 60) / length;
}

void numu_bound_energy_list(struct numu_bound_energy *it, const struct numu_measure *measure,
                            uint32_t resource, const struct numu_bound_use *use, size_t use_count) {
    it->measure = measure;
    it->resource = resource;
    it->use = use;
    it->use_count = use_count;
    it->from_count = it->until_count = 0;
    if (use_count == 0) {
        return;
    }
    for (size_t i = 0; i < use_count; i++) {
        uint32_t task = use[i].task;
        it->from[i] = start_of(it, task, it->earliest[task]);
        it->until[i] = finish_of(it, task, it->latest[task] + it->domain->duration_min[task]);
    }
    it->from_count = keep_distinct(it->from, use_count);
    it->until_count = keep_distinct(it->until, use_count);
    if (is_too_large(it)) {
        it->from_count = it->until_count = 0;
        return;
    }
    for (size_t k = 0; k < it->until_count; k++) {
        it->offered[k] = offered_before(it, it->until[k]);
    }
}

/* --- work --- */

/* From a point on work grows by so many units more a point. */
static void change_slope(struct numu_bound_energy *it, numu_period from, numu_period point,
                         int64_t units) {
    size_t low = 0, high = it->until_count; /* the first end that is later */
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (it->until[middle] > point) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    if (low < it->until_count) {
        it->slope[low] += units;
        it->shift[low] += units * (point - from);
    }
}

/* How long a mode of a task must run after `from`, in windows that end late. */
static numu_period length_after(const struct numu_bound_energy *it, uint32_t task, uint32_t mode,
                                numu_period from) {
    numu_period span = it->measure->span[mode];
    numu_period finish =
        finish_of(it, task, it->earliest[task] + it->domain->project->duration[mode]);
    numu_period left = finish > from ? finish - from : 0;
    return left < span ? left : span;
}

/* The work of a task in `points` from where it must run on, [2]. */
static int64_t least_work(const struct numu_bound_energy *it, uint32_t task, numu_period from,
                          numu_period points, uint64_t *io_work) {
    const struct numu_project *project = it->domain->project;
    uint32_t activity = it->domain->activity[task];
    int64_t work = INT64_MAX;
    for (uint32_t m = project->first_mode[activity]; m < project->first_mode[activity + 1]; m++) {
        numu_period length = length_after(it, task, m, from);
        int64_t part = (int64_t)numu_project_need(project, m, it->resource) *
                       (length < points ? length : points);
        work = part < work ? part : work;
        ++*io_work;
    }
    return work;
}

/* For how many points work goes on to grow by `slope`, above 0: one, or more. */
static numu_period straight(const struct numu_bound_energy *it, uint32_t task, numu_period from,
                            numu_period points, int64_t slope, uint64_t *io_work) {
    int64_t before = least_work(it, task, from, points, io_work);
    numu_period low = 1, high = 2;
    while (least_work(it, task, from, points + high, io_work) == before + slope * high) {
        low = high;
        high *= 2;
    }
    while (high - low > 1) {
        numu_period middle = low + (high - low) / 2;
        bool is_straight =
            least_work(it, task, from, points + middle, io_work) == before + slope * middle;
        low = is_straight ? middle : low;
        high = is_straight ? high : middle;
    }
    return low;
}

/* Adds the work of a task with modes to choose from. */
static void add_least(struct numu_bound_energy *it, uint32_t task, numu_period from,
                      numu_period start, uint64_t *io_work) {
    int64_t work = 0, slope = 0;
    numu_period points = 0;
    do {
        int64_t next = least_work(it, task, from, points + 1, io_work) - work;
        change_slope(it, from, start + points, next - slope);
        slope = next;
        if (slope > 0) {
            numu_period length = straight(it, task, from, points, slope, io_work);
            points += length;
            work += slope * length;
        }
    } while (slope > 0);
}

bool numu_bound_energy_exceeds(struct numu_bound_energy *it, size_t n, uint64_t *io_work) {
    const struct numu_project *project = it->domain->project;
    const numu_period from = it->from[n];
    memset(it->slope, 0, it->until_count * sizeof *it->slope);
    memset(it->shift, 0, it->until_count * sizeof *it->shift);
    for (size_t i = 0; i < it->use_count; i++) {
        uint32_t task = it->use[i].task;
        uint32_t activity = it->domain->activity[task], mode = project->first_mode[activity];
        numu_period start = start_of(it, task, it->latest[task]);
        start = start > from ? start : from;
        if (it->use[i].energy == 0) {
            continue;
        }
        if (project->first_mode[activity + 1] - mode > 1) {
            add_least(it, task, from, start, io_work);
            continue;
        }
        numu_period length = length_after(it, task, mode, from);
        if (length > 0) {
            change_slope(it, from, start, it->use[i].need);
            change_slope(it, from, start + length, -(int64_t)it->use[i].need);
        }
    }
    *io_work += 4 * it->use_count + it->until_count;
    const int64_t offered = offered_before(it, from);
    int64_t slope = 0, shift = 0;
    for (size_t k = 0; k < it->until_count; k++) {
        slope += it->slope[k];
        shift += it->shift[k];
        if (it->until[k] > from &&
            slope * (it->until[k] - from) - shift > it->offered[k] - offered) {
            return true;
        }
    }
    return false;
}
