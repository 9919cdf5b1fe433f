/*
 * exact_energy.c - renewable resources: the work that must fall into a window against what there
 * is.
 *
 * An item with starts in [least, greatest] runs within a window [from, until) for at least
 *
 *     min(span, finish(least) - from, until - start(greatest), until - from)    (if positive)
 *
 * points, and its need times that is work that the window has to hold (energetic reasoning: P.
 * Baptiste, C. Le Pape, W. Nuijten, Annals of Operations Research 92, 1999; with explanations for
 * clauses: A. Schutt, T. Feydy, P. Stuckey, "Explaining time-table-edge-finding propagation for
 * the cumulative resource constraint", CPAIOR 2013). Where it is more than there is, that is a
 * conflict. An item that would run there for longer than the others leave room for starts later or
 * earlier.
 *
 * [1] Windows begin at the least start of an item that is open. For one beginning the least work is
 *     that of a profile: each item as late as it can be, but not before the window, for what is
 *     left of it then. Its sum to a point is the work of the window that ends there, so that all
 *     windows of a beginning cost one pass.
 * [2] Items are moved only by the tightest window of each beginning and of each end, and of ends
 *     only those whose neighbours leave more room: from one step of a profile to the next room
 *     changes evenly.
 * [3] Explanations take a part of the time that an item must run, the latest items first, as far as
 *     there is more work than it takes.
 * [4] Modes that are not chosen do no work here.
 * [5] It costs as much as all the rest. Where few of the looks end in a conflict it looks only at
 *     every second or every eighth propagation; counted, so that nothing depends on the machine.
 * [6] Each measure of time (measure.h) is looked at by itself. Windows and lengths are told as it
 *     counts, starts are positions.
 */
#include "programme/exact_solver.h"

#include <stdlib.h>
#include <string.h>

enum { WINDOW_BITS = 15 }; /* a window is told by two numbers in 30 bits */
static const double yield_step = 1.0 / 256, yield_high = 0.05, yield_low = 0.02;
static const uint32_t wait_long = 7;
static const numu_period window_least = 3; /* points; shorter ones the time-table sees */
static const numu_period horizon_max = (1 << WINDOW_BITS) - 2;

/* As its measure counts. */
struct window {
    const struct numu_exact_measure *measure;
    numu_period from, until;
};

static struct numu_exact_reason reason_of(const struct numu_exact_solver *solver, uint32_t item,
                                          struct window window) {
    uint32_t measure = (uint32_t)(window.measure - solver->energy.measure);
    return (struct numu_exact_reason){NUMU_REASON_ENERGY, item * NUMU_MEASURES_MAX + measure,
                                      (window.from << WINDOW_BITS) + window.until};
}

static struct window window_of(const struct numu_exact_solver *solver, uint32_t index,
                               numu_period point) {
    return (struct window){&solver->energy.measure[index % NUMU_MEASURES_MAX], point >> WINDOW_BITS,
                           point & ((1 << WINDOW_BITS) - 1)};
}

static numu_period smaller(numu_period a, numu_period b) {
    return a < b ? a : b;
}

static numu_period greater(numu_period a, numu_period b) {
    return a > b ? a : b;
}

/* --- time, as a measure counts it --- */

static numu_period start_of(const struct numu_exact_measure *measure,
                            const struct numu_exact_item *item, numu_period position) {
    return numu_measure_before(measure->calendar, numu_domain_start(item->calendar, position));
}

static numu_period finish_of(const struct numu_exact_measure *measure,
                             const struct numu_exact_item *item, numu_period position) {
    return numu_measure_before(measure->calendar,
                               numu_domain_finish(item->calendar, position + item->duration));
}

/* The least position from which an item starts, or finishes, at `counted` or later. */
static numu_period start_from(const struct numu_exact_measure *measure,
                              const struct numu_exact_item *item, numu_period counted) {
    return numu_domain_start_from(item->calendar, numu_measure_first(measure->calendar, counted));
}

static numu_period finish_from(const struct numu_exact_measure *measure,
                               const struct numu_exact_item *item, numu_period counted) {
    return numu_domain_finish_from(item->calendar, numu_measure_first(measure->calendar, counted)) -
           item->duration;
}

/* The greatest with which it starts, or finishes, at `counted` or earlier. */
static numu_period start_until(const struct numu_exact_measure *measure,
                               const struct numu_exact_item *item, numu_period counted) {
    return numu_domain_start_until(item->calendar, numu_measure_last(measure->calendar, counted));
}

static numu_period finish_until(const struct numu_exact_measure *measure,
                                const struct numu_exact_item *item, numu_period counted) {
    return numu_domain_finish_until(item->calendar, numu_measure_last(measure->calendar, counted)) -
           item->duration;
}

/* --- work --- */

/* How long an item that starts at a position runs within a window, at least. */
static numu_period inside_from(const struct numu_exact_solver *solver, uint32_t index,
                               numu_period position, struct window window) {
    const struct numu_exact_item *item = &solver->item[index];
    numu_period behind = finish_of(window.measure, item, position) - window.from;
    numu_period ahead = window.until - start_of(window.measure, item, position);
    numu_period most = smaller(window.measure->span[index], window.until - window.from);
    return greater(0, smaller(most, smaller(behind, ahead)));
}

/* With starts in [least, greatest]: the function above is least at one of the ends. */
static numu_period inside(const struct numu_exact_solver *solver, uint32_t index, numu_period least,
                          numu_period greatest, struct window window) {
    return smaller(inside_from(solver, index, least, window),
                   inside_from(solver, index, greatest, window));
}

/* --- explanation --- */

static numu_period inside_before(const struct numu_exact_solver *solver, uint32_t index,
                                 struct window window, uint32_t before) {
    const struct numu_exact_item *item = &solver->item[index];
    if (item->presence != NUMU_NO_VARIABLE &&
        numu_exact_bound_before(solver, 2 * item->presence, before) < 1) {
        return 0; /* [4] */
    }
    return inside(solver, index, numu_exact_bound_before(solver, 2 * item->start, before),
                  -numu_exact_bound_before(solver, 2 * item->start + 1, before), window);
}

/* Facts that make an item run for so long within a window. */
static struct numu_exact_fact starts_from(const struct numu_exact_item *item, struct window window,
                                          numu_period time) {
    return numu_exact_at_least(item->start, finish_from(window.measure, item, window.from + time));
}

static struct numu_exact_fact starts_until(const struct numu_exact_item *item, struct window window,
                                           numu_period time) {
    return numu_exact_at_most(item->start, start_until(window.measure, item, window.until - time));
}

static struct numu_exact_fact is_chosen(const struct numu_exact_item *item) {
    return numu_exact_at_least(item->presence, 1);
}

static uint32_t later_entry(const struct numu_exact_solver *solver, struct numu_exact_fact fact,
                            uint32_t before, uint32_t entry) {
    uint32_t own;
    bool is_true = numu_exact_was_true(solver, fact, before, &own);
    numu_assert(is_true); /* [X3] */
    return own != NUMU_NO_ENTRY && own + 1 > entry ? own + 1 : entry;
}

/* The items but `except` that must run within a window, and their work less what there is. */
static size_t list_work(struct numu_exact_solver *solver,
                        const struct numu_exact_resource *resource, uint32_t except,
                        struct window window, uint32_t before, int64_t *out_surplus) {
    size_t count = 0;
    *out_surplus = 0;
    for (numu_period t = window.from; t < window.until; t++) {
        *out_surplus -= numu_exact_free(resource, window.measure, t);
    }
    for (uint32_t i = resource->first_item; i < resource->end_item; i++) {
        const struct numu_exact_item *item = &solver->item[i];
        numu_period time = i == except ? 0 : inside_before(solver, i, window, before);
        if (time == 0) {
            continue;
        }
        uint32_t entry = later_entry(solver, starts_from(item, window, time), before, 0);
        entry = later_entry(solver, starts_until(item, window, time), before, entry);
        if (item->presence != NUMU_NO_VARIABLE) {
            entry = later_entry(solver, is_chosen(item), before, entry);
        }
        solver->candidate[count++] = (struct numu_exact_candidate){i, entry};
        *out_surplus += (int64_t)item->need * time;
    }
    return count;
}

/* Tells why there is more work in a window than it holds; `more` = the work of `except` [3]. */
static void explain(struct numu_exact_solver *solver, const struct numu_exact_resource *resource,
                    uint32_t except, int64_t more, struct window window, uint32_t before) {
    int64_t surplus;
    solver->energy.told++;
    size_t count = list_work(solver, resource, except, window, before, &surplus);
    surplus += more - 1;
    numu_assert(surplus >= 0);
    numu_exact_candidates_sort(solver->candidate, count);
    for (size_t n = 0; n < count; n++) {
        const uint32_t index = solver->candidate[n].item;
        const struct numu_exact_item *item = &solver->item[index];
        numu_period time = inside_before(solver, index, window, before);
        if (solver->candidate[n].entry > 0) {
            int64_t less = surplus / item->need < time ? surplus / item->need : time;
            surplus -= less * item->need;
            time -= (numu_period)less;
        }
        if (time > 0) {
            numu_exact_tell(solver, starts_from(item, window, time));
            numu_exact_tell(solver, starts_until(item, window, time));
            if (item->presence != NUMU_NO_VARIABLE) {
                numu_exact_tell(solver, is_chosen(item));
            }
        }
    }
}

/*
 * Up to the bound that is told, an item that starts no earlier (or later) than it could would run
 * within the window for at least `time`, which the others leave no room for.
 */
void numu_exact_energy_explain(struct numu_exact_solver *solver, uint32_t index, numu_period point,
                               struct numu_exact_fact fact, uint32_t before) {
    const uint32_t own_index = index / NUMU_MEASURES_MAX;
    const struct numu_exact_item *item = &solver->item[own_index];
    const struct window window = window_of(solver, index, point);
    bool is_later = (fact.side & 1) == 0;
    numu_period bound = numu_exact_bound_before(solver, fact.side, before);
    numu_period own = is_later ? bound : -bound;
    numu_period last = is_later ? fact.value - 1 : 1 - fact.value;
    numu_period time = inside(solver, own_index, own, last, window);
    explain(solver, &solver->resource[item->resource], own_index, (int64_t)item->need * time,
            window, before);
    numu_exact_tell(solver,
                    is_later ? starts_from(item, window, time) : starts_until(item, window, time));
    if (item->presence != NUMU_NO_VARIABLE) {
        numu_exact_tell(solver, is_chosen(item));
    }
}

/* --- propagation --- */

static bool does_work(const struct numu_exact_solver *solver, const struct numu_exact_item *item) {
    return numu_exact_is_present(solver, item->presence);
}

/* By how much the work of an item in any window depends on its start, at most. */
static int64_t play_of(const struct numu_exact_solver *solver,
                       const struct numu_exact_measure *measure, uint32_t index) {
    const struct numu_exact_item *item = &solver->item[index];
    numu_period least = numu_exact_least(solver, item->start);
    numu_period greatest = numu_exact_greatest(solver, item->start);
    numu_period width =
        greater(start_of(measure, item, greatest) - start_of(measure, item, least),
                finish_of(measure, item, greatest) - finish_of(measure, item, least));
    return does_work(solver, item) ? (int64_t)item->need * smaller(width, measure->span[index]) : 0;
}

/*
 * Sorts the items of a resource by falling play, from the order they had last, and marks where the
 * open ones can begin. Returns where the last of them ends; 0 = there are none.
 */
static numu_period prepare(struct numu_exact_solver *solver,
                           const struct numu_exact_measure *measure,
                           const struct numu_exact_resource *resource) {
    struct numu_exact_energy *energy = &solver->energy;
    numu_period end = 0;
    memset(energy->is_begin, 0, ((size_t)solver->horizon + 2) * sizeof *energy->is_begin);
    for (uint32_t n = resource->first_item; n < resource->end_item; n++) {
        uint32_t i = measure->order[n], place = n;
        const struct numu_exact_item *item = &solver->item[i];
        int64_t play = play_of(solver, measure, i);
        for (; place > resource->first_item && energy->play[place - 1] < play; place--) {
            measure->order[place] = measure->order[place - 1];
            energy->play[place] = energy->play[place - 1];
        }
        measure->order[place] = i;
        energy->play[place] = play;
        if (play > 0) {
            numu_period begin = start_of(measure, item, numu_exact_least(solver, item->start));
            numu_period finish = finish_of(measure, item, numu_exact_greatest(solver, item->start));
            energy->is_begin[begin] = true;
            end = greater(end, finish);
        }
    }
    return end;
}

/* The steps of the profile of [1] for windows from one beginning, up to `end`. */
static void fill_steps(struct numu_exact_solver *solver, const struct numu_exact_resource *resource,
                       const struct numu_exact_measure *measure, numu_period from,
                       numu_period end) {
    int64_t *step = solver->energy.step;
    memset(&step[from], 0, (size_t)(end - from) * sizeof *step);
    for (uint32_t i = resource->first_item; i < resource->end_item; i++) {
        const struct numu_exact_item *item = &solver->item[i];
        numu_period left = finish_of(measure, item, numu_exact_least(solver, item->start)) - from;
        numu_period start =
            greater(from, start_of(measure, item, numu_exact_greatest(solver, item->start)));
        if (left <= 0 || start >= end || !does_work(solver, item)) {
            continue;
        }
        step[start] += item->need;
        numu_period until = start + smaller(left, measure->span[i]);
        if (until < end) {
            step[until] -= item->need;
        }
    }
}

/* Moves items that would run too long in a window that has so much room left [2]. */
static bool move_items(struct numu_exact_solver *solver, const struct numu_exact_resource *resource,
                       struct window window, int64_t room) {
    const struct numu_exact_energy *energy = &solver->energy;
    for (uint32_t n = resource->first_item; n < resource->end_item && energy->play[n] > room; n++) {
        const uint32_t index = window.measure->order[n];
        const struct numu_exact_item *item = &solver->item[index];
        numu_period least = numu_exact_least(solver, item->start);
        numu_period greatest = numu_exact_greatest(solver, item->start);
        if (start_of(window.measure, item, least) >= window.until ||
            finish_of(window.measure, item, greatest) <= window.from) {
            continue;
        }
        numu_period own = inside(solver, index, least, greatest, window);
        int64_t most = (room + (int64_t)item->need * own) / item->need;
        if (inside_from(solver, index, least, window) > most) {
            numu_period later = start_from(window.measure, item, window.until - (numu_period)most);
            if (!numu_exact_set(solver, numu_exact_at_least(item->start, later),
                                reason_of(solver, index, window))) {
                return false;
            }
        }
        if (inside_from(solver, index, greatest, window) > most) {
            numu_period earlier =
                finish_until(window.measure, item, window.from + (numu_period)most);
            if (!numu_exact_set(solver, numu_exact_at_most(item->start, earlier),
                                reason_of(solver, index, window))) {
                return false;
            }
        }
    }
    return true;
}

/* All windows from one beginning: an overfull one, or the tightest, for it and for each end. */
static bool try_from(struct numu_exact_solver *solver, const struct numu_exact_resource *resource,
                     const struct numu_exact_measure *measure, numu_period from, numu_period end) {
    struct numu_exact_energy *energy = &solver->energy;
    struct window tightest = {measure, from, from};
    int64_t least = INT64_MAX, in_use = 0, room = 0;
    fill_steps(solver, resource, measure, from, end);
    for (numu_period t = from; t < end; t++) {
        in_use += energy->step[t];
        room += numu_exact_free(resource, measure, t) - in_use;
        if (room < 0) {
            solver->conflict_count = 0;
            explain(solver, resource, UINT32_MAX, 0, (struct window){measure, from, t + 1},
                    solver->trail_count);
            return false;
        }
        if (t + 1 - from < window_least) {
            continue;
        }
        if (room < least) {
            least = room;
            tightest.until = t + 1;
        }
        if (room < energy->room[t + 1]) {
            energy->room[t + 1] = room;
            energy->from[t + 1] = from;
        }
    }
    return tightest.until == from || move_items(solver, resource, tightest, least);
}

/* Whether windows of the same beginning that end a point earlier or later have more room. */
static bool is_tightest(const struct numu_exact_energy *energy, numu_period t, numu_period end) {
    return (t == 0 || energy->room[t - 1] > energy->room[t] ||
            energy->from[t - 1] != energy->from[t]) &&
           (t == end || energy->room[t + 1] >= energy->room[t] ||
            energy->from[t + 1] != energy->from[t]);
}

static bool try_resource(struct numu_exact_solver *solver,
                         const struct numu_exact_resource *resource,
                         const struct numu_exact_measure *measure) {
    struct numu_exact_energy *energy = &solver->energy;
    numu_period end = prepare(solver, measure, resource);
    for (numu_period t = 0; t <= end; t++) {
        energy->room[t] = INT64_MAX;
    }
    for (numu_period from = 0; from < end; from++) {
        if (energy->is_begin[from] && !try_from(solver, resource, measure, from, end)) {
            return false;
        }
    }
    for (numu_period t = 0; t <= end; t++) {
        struct window window = {measure, energy->from[t], t};
        if (energy->room[t] < INT64_MAX && is_tightest(energy, t, end) &&
            !move_items(solver, resource, window, energy->room[t])) {
            return false;
        }
    }
    return true;
}

static bool try_all(struct numu_exact_solver *solver) {
    for (uint32_t n = 0; n < solver->energy.measure_count; n++) {
        for (uint32_t r = 0; r < solver->resource_count; r++) {
            if (!try_resource(solver, &solver->resource[r], &solver->energy.measure[n])) {
                return false;
            }
        }
    }
    return true;
}

bool numu_exact_energy_propagate(struct numu_exact_solver *solver) {
    struct numu_exact_energy *energy = &solver->energy;
    if (energy->measure_count == 0 || solver->horizon > horizon_max) {
        return true;
    }
    bool is_possible = try_all(solver);
    energy->yield += ((is_possible ? 0 : 1) - energy->yield) * yield_step;
    energy->wait = energy->yield >= yield_high ? 0 : energy->yield >= yield_low ? 1 : wait_long;
    return is_possible;
}
