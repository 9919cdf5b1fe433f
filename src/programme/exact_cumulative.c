/*
 * exact_cumulative.c - renewable resources: time-table propagation and its explanations.
 *
 * The profile is a plain array by point, kept up to date with every bound [X5], so that a window is
 * tested by reading along it, eight points together, which compilers make one or two instructions.
 *
 * [1] An item that would have to run at point t, where the others that must run at t leave it no
 *     room, starts after t or ends before. The explanation is for that one point ("pointwise",
 *     Schutt et al. 2011): for each of the others, "starts at t at the latest" and "ends after t at
 *     the earliest".
 * [2] Of the others only as many are told as are needed to leave no room, the latest to have been
 *     fixed left out first, so that what is learned reaches far back.
 */
#include "programme/exact_solver.h"

#include <stdlib.h>

enum { TOGETHER = 8 }; /* points */

static numu_period start_of(const struct numu_exact_item *item, numu_period position) {
    return numu_domain_start(item->calendar, position);
}

static numu_period finish_of(const struct numu_exact_item *item, numu_period position) {
    return numu_domain_finish(item->calendar, position + item->duration);
}

/* Facts that make an item run at a point, if it is present. */
static struct numu_exact_fact starts_by(const struct numu_exact_item *item, numu_period point) {
    return numu_exact_at_most(item->start, numu_domain_start_until(item->calendar, point));
}

static struct numu_exact_fact ends_after(const struct numu_exact_item *item, numu_period point) {
    return numu_exact_at_least(item->start,
                               numu_domain_finish_from(item->calendar, point + 1) - item->duration);
}

/* --- the profile --- */

static void add_usage(struct numu_exact_resource *resource, int32_t units, numu_period from,
                      numu_period until) {
    int32_t *usage = resource->usage;
    for (; until - from >= TOGETHER; from += TOGETHER) {
        for (int i = 0; i < TOGETHER; i++) {
            usage[from + i] += units;
        }
    }
    for (; from < until; from++) {
        usage[from] += units;
    }
}

static void widen(struct numu_exact_resource *resource, numu_period from, numu_period until) {
    if (from < until) {
        resource->low = from < resource->low ? from : resource->low;
        resource->high = until > resource->high ? until : resource->high;
    }
}

/* Moves the occupied interval from [from, until) to [to_from, to_until), either of them empty. */
static void occupy(struct numu_exact_resource *resource, struct numu_exact_item *item,
                   numu_period from, numu_period until) {
    if (from >= until) {
        add_usage(resource, -item->need, item->from, item->until);
    } else if (item->from >= item->until) {
        add_usage(resource, item->need, from, until);
        widen(resource, from, until);
    } else {
        add_usage(resource, item->need, from, item->from);
        add_usage(resource, item->need, item->until, until);
        add_usage(resource, -item->need, item->from, from);
        add_usage(resource, -item->need, until, item->until);
        widen(resource, from, item->from);
        widen(resource, item->until, until);
    }
    item->from = from;
    item->until = until;
}

void numu_exact_items_refresh(struct numu_exact_solver *solver, uint32_t variable) {
    const struct numu_exact_lists *lists = &solver->items_of_variable;
    for (uint32_t i = lists->first[variable]; i < lists->first[variable + 1]; i++) {
        struct numu_exact_item *item = &solver->item[lists->list[i]];
        numu_period from = 0, until = 0;
        if (numu_exact_is_present(solver, item->presence)) {
            from = start_of(item, numu_exact_greatest(solver, item->start));
            until = finish_of(item, numu_exact_least(solver, item->start));
        }
        if (from >= until) {
            from = until = 0;
        }
        if (from != item->from || until != item->until) {
            occupy(&solver->resource[item->resource], item, from, until);
        }
    }
}

void numu_exact_items_mark(struct numu_exact_solver *solver, uint32_t side) {
    const struct numu_exact_lists *lists = &solver->items_of_variable;
    uint32_t variable = side / 2;
    for (uint32_t i = lists->first[variable]; i < lists->first[variable + 1]; i++) {
        const struct numu_exact_item *item = &solver->item[lists->list[i]];
        struct numu_exact_resource *resource = &solver->resource[item->resource];
        if (variable == item->presence || (side & 1) == 0) {
            numu_period least = numu_exact_least(solver, item->start);
            widen(resource, start_of(item, least), finish_of(item, least));
        }
        if (variable == item->presence || (side & 1) == 1) {
            numu_period greatest = numu_exact_greatest(solver, item->start);
            widen(resource, start_of(item, greatest), finish_of(item, greatest));
        }
    }
}

/* --- propagation --- */

static uint32_t index_of(const struct numu_exact_solver *solver,
                         const struct numu_exact_item *item) {
    return (uint32_t)(item - solver->item);
}

/* Whether more than `most` is in use at one of so many points. */
static bool is_over_together(const int32_t *usage, int32_t most) {
    int32_t over = 0;
    for (int i = 0; i < TOGETHER; i++) {
        over |= usage[i] > most;
    }
    return over != 0;
}

/* The last point of [from, until) with more than `most` in use; -1 = none. */
static numu_period last_over(const int32_t *usage, int32_t most, numu_period from,
                             numu_period until) {
    while (until - from >= TOGETHER && !is_over_together(&usage[until - TOGETHER], most)) {
        until -= TOGETHER;
    }
    while (until-- > from) {
        if (usage[until] > most) {
            return until;
        }
    }
    return -1;
}

static numu_period first_over(const int32_t *usage, int32_t most, numu_period from,
                              numu_period until) {
    while (until - from >= TOGETHER && !is_over_together(&usage[from], most)) {
        from += TOGETHER;
    }
    for (; from < until; from++) {
        if (usage[from] > most) {
            return from;
        }
    }
    return -1;
}

static int32_t greater(int32_t a, int32_t b) {
    return a > b ? a : b;
}

static int32_t peak_of(const int32_t *usage, numu_period from, numu_period until) {
    int32_t each[TOGETHER] = {0}, peak = 0;
    for (; until - from >= TOGETHER; from += TOGETHER) {
        for (int i = 0; i < TOGETHER; i++) {
            each[i] = greater(each[i], usage[from + i]);
        }
    }
    for (; from < until; from++) {
        peak = greater(peak, usage[from]);
    }
    for (int i = 0; i < TOGETHER; i++) {
        peak = greater(peak, each[i]);
    }
    return peak;
}

static bool raise_start(struct numu_exact_solver *solver, const struct numu_exact_item *item) {
    const struct numu_exact_resource *resource = &solver->resource[item->resource];
    int32_t most = resource->capacity - item->need;
    for (;;) {
        numu_period least = numu_exact_least(solver, item->start);
        numu_period finish = finish_of(item, least);
        numu_period own = start_of(item, numu_exact_greatest(solver, item->start));
        numu_period point =
            last_over(resource->usage, most, start_of(item, least), finish < own ? finish : own);
        if (point < 0) {
            return true;
        }
        struct numu_exact_reason reason = {NUMU_REASON_RESOURCE, index_of(solver, item), point};
        numu_period position = numu_domain_start_from(item->calendar, point + 1);
        if (!numu_exact_set(solver, numu_exact_at_least(item->start, position), reason)) {
            return false;
        }
        if (solver->status != NUMU_OK) {
            return false;
        }
    }
}

static bool lower_start(struct numu_exact_solver *solver, const struct numu_exact_item *item) {
    const struct numu_exact_resource *resource = &solver->resource[item->resource];
    int32_t most = resource->capacity - item->need;
    for (;;) {
        numu_period greatest = numu_exact_greatest(solver, item->start);
        numu_period start = start_of(item, greatest);
        numu_period own = finish_of(item, numu_exact_least(solver, item->start));
        numu_period point =
            first_over(resource->usage, most, start > own ? start : own, finish_of(item, greatest));
        if (point < 0) {
            return true;
        }
        struct numu_exact_reason reason = {NUMU_REASON_RESOURCE, index_of(solver, item), point};
        numu_period position = numu_domain_finish_until(item->calendar, point) - item->duration;
        if (!numu_exact_set(solver, numu_exact_at_most(item->start, position), reason)) {
            return false;
        }
        if (solver->status != NUMU_OK) {
            return false;
        }
    }
}

/* A mode that is not chosen yet and would have to run where there is no room is none. */
static bool exclude_mode(struct numu_exact_solver *solver, const struct numu_exact_item *item) {
    const struct numu_exact_resource *resource = &solver->resource[item->resource];
    numu_period point = first_over(resource->usage, resource->capacity - item->need,
                                   start_of(item, numu_exact_greatest(solver, item->start)),
                                   finish_of(item, numu_exact_least(solver, item->start)));
    if (point < 0) {
        return true;
    }
    struct numu_exact_reason reason = {NUMU_REASON_RESOURCE, index_of(solver, item), point};
    return numu_exact_set(solver, numu_exact_at_most(item->presence, 0), reason);
}

static bool meets(const struct numu_exact_solver *solver, const struct numu_exact_item *item,
                  numu_period low, numu_period high) {
    numu_period least = numu_exact_least(solver, item->start);
    numu_period greatest = numu_exact_greatest(solver, item->start);
    return (start_of(item, least) < high && finish_of(item, least) > low) ||
           (start_of(item, greatest) < high && finish_of(item, greatest) > low);
}

static void explain_point(struct numu_exact_solver *solver, uint32_t resource, uint32_t except,
                          int32_t need, numu_period point, uint32_t before);

bool numu_exact_resource_propagate(struct numu_exact_solver *solver, uint32_t r) {
    struct numu_exact_resource *resource = &solver->resource[r];
    numu_period low = resource->low, high = resource->high;
    resource->low = solver->horizon + 1;
    resource->high = 0;
    int32_t peak = peak_of(resource->usage, low, high);
    if (peak > resource->capacity) {
        numu_period point = first_over(resource->usage, resource->capacity, low, high);
        solver->conflict_count = 0;
        explain_point(solver, r, UINT32_MAX, 0, point, solver->trail_count);
        return false;
    }
    for (uint32_t i = resource->first_item; i < resource->end_item; i++) {
        const struct numu_exact_item *item = &solver->item[i];
        if (item->need <= resource->capacity - peak) {
            continue; /* nothing that changed leaves it no room */
        }
        bool is_present = numu_exact_is_present(solver, item->presence);
        bool is_settled = is_present ? numu_exact_is_fixed(solver, item->start)
                                     : numu_exact_is_absent(solver, item->presence);
        if (is_settled || !meets(solver, item, low, high)) {
            continue;
        }
        if (!is_present) {
            if (!exclude_mode(solver, item)) {
                return false;
            }
        } else if (!raise_start(solver, item) || !lower_start(solver, item)) {
            return false;
        }
    }
    return true;
}

/* --- explanation --- */

static bool latest_entry(const struct numu_exact_solver *solver, struct numu_exact_fact fact,
                         uint32_t before, uint32_t *io_entry) {
    uint32_t entry;
    if (!numu_exact_is_true(solver, fact) || !numu_exact_was_true(solver, fact, before, &entry)) {
        return false;
    }
    if (entry != NUMU_NO_ENTRY && entry + 1 > *io_entry) {
        *io_entry = entry + 1;
    }
    return true;
}

static bool must_run(const struct numu_exact_solver *solver, const struct numu_exact_item *item,
                     numu_period point, uint32_t before, uint32_t *out_entry) {
    *out_entry = 0;
    /* What an item occupies only grows until the trail is taken back. */
    return item->from <= point && item->until > point &&
           latest_entry(solver, starts_by(item, point), before, out_entry) &&
           latest_entry(solver, ends_after(item, point), before, out_entry) &&
           (item->presence == NUMU_NO_VARIABLE ||
            latest_entry(solver, numu_exact_at_least(item->presence, 1), before, out_entry));
}

static int compare_candidates(const void *a, const void *b) {
    const struct numu_exact_candidate *left = a, *right = b;
    if (left->entry != right->entry) {
        return left->entry < right->entry ? 1 : -1; /* the latest first [2] */
    }
    return (left->item > right->item) - (left->item < right->item);
}

void numu_exact_candidates_sort(struct numu_exact_candidate *candidate, size_t count) {
    qsort(candidate, count, sizeof *candidate, compare_candidates);
}

/*
 * Tells why no item of `need` units but `except` fits in at a point: items that leave no room; for
 * a need of 0, why more is in use than there is.
 */
static void explain_point(struct numu_exact_solver *solver, uint32_t r, uint32_t except,
                          int32_t need, numu_period point, uint32_t before) {
    const struct numu_exact_resource *resource = &solver->resource[r];
    struct numu_exact_candidate *candidate = solver->candidate;
    int64_t surplus = -(int64_t)(resource->capacity - resource->closed[point] - need) - 1;
    size_t count = 0;
    for (uint32_t i = resource->first_item; i < resource->end_item; i++) {
        const struct numu_exact_item *item = &solver->item[i];
        uint32_t entry;
        if (i != except && must_run(solver, item, point, before, &entry)) {
            candidate[count++] = (struct numu_exact_candidate){i, entry};
            surplus += item->need;
        }
    }
    numu_assert(surplus >= 0);
    numu_exact_candidates_sort(candidate, count);
    for (size_t n = 0; n < count; n++) {
        const struct numu_exact_item *item = &solver->item[candidate[n].item];
        if (candidate[n].entry > 0 && item->need <= surplus) {
            surplus -= item->need;
            continue;
        }
        numu_exact_tell(solver, starts_by(item, point));
        numu_exact_tell(solver, ends_after(item, point));
        if (item->presence != NUMU_NO_VARIABLE) {
            numu_exact_tell(solver, numu_exact_at_least(item->presence, 1));
        }
    }
}

void numu_exact_resource_explain(struct numu_exact_solver *solver, uint32_t index,
                                 numu_period point, struct numu_exact_fact fact, uint32_t before) {
    const struct numu_exact_item *item = &solver->item[index];
    bool is_presence = fact.side / 2 == item->presence;
    explain_point(solver, item->resource, index, item->need, point, before);
    if (is_presence || (fact.side & 1) == 0) {
        numu_exact_tell(solver, ends_after(item, point));
    }
    if (is_presence || (fact.side & 1) == 1) {
        numu_exact_tell(solver, starts_by(item, point));
    }
    if (!is_presence && item->presence != NUMU_NO_VARIABLE) {
        numu_exact_tell(solver, numu_exact_at_least(item->presence, 1));
    }
}
