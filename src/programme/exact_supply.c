/*
 * exact_supply.c - consumables: what has started by the end of a step has taken no more than was
 * supplied by then. Of several modes of a task at most one is present; until it is known, one that
 * would take too much is excluded.
 *
 * [1] A use counts once it is present and starts by the last point of the step. Where no mode of
 *     the task is chosen, the least of those that are left counts (every task that starts by then
 *     takes at least that).
 * [2] Uses of a task stand together, in order of rising need.
 */
#include "programme/exact_solver.h"

static struct numu_exact_fact starts_by(const struct numu_exact_use *use, numu_period point) {
    return numu_exact_at_most(use->start, numu_domain_start_until(use->calendar, point));
}

/* The end of the uses of one task. */
static uint32_t end_of_task(const struct numu_exact_solver *solver, uint32_t first, uint32_t end) {
    uint32_t next = first + 1;
    while (next < end && solver->use[next].start == solver->use[first].start) {
        next++;
    }
    return next;
}

/* The least need of the modes that are left; a mode without an entry here needs nothing. */
static int32_t least_need(const struct numu_exact_solver *solver, uint32_t first, uint32_t end) {
    for (uint32_t n = first; n < end; n++) {
        if (!numu_exact_is_absent(solver, solver->use[n].presence)) {
            return solver->use[n].need;
        }
    }
    return 0;
}

bool numu_exact_supply_propagate(struct numu_exact_solver *solver, uint32_t s) {
    struct numu_exact_supply *supply = &solver->supply[s];
    int64_t left = supply->units;
    uint32_t next;
    supply->is_dirty = false;
    for (uint32_t n = supply->first_use; n < supply->end_use; n = next) {
        next = end_of_task(solver, n, supply->end_use);
        if (numu_exact_is_true(solver, starts_by(&solver->use[n], supply->last))) {
            left -= least_need(solver, n, next);
        }
    }
    if (left < 0) {
        solver->conflict_count = 0;
        numu_exact_supply_explain(solver, UINT32_MAX, s, (struct numu_exact_fact){0, 0},
                                  solver->trail_count);
        return false;
    }
    for (uint32_t n = supply->first_use; n < supply->end_use; n = next) {
        next = end_of_task(solver, n, supply->end_use);
        struct numu_exact_fact start = starts_by(&solver->use[n], supply->last);
        bool is_counted = numu_exact_is_true(solver, start);
        int32_t least = least_need(solver, n, next);
        if (!is_counted && least > left) {
            struct numu_exact_reason reason = {NUMU_REASON_SUPPLY, n, (numu_period)s};
            if (!numu_exact_set(solver, numu_exact_not(start), reason)) {
                return false;
            }
        }
        for (uint32_t u = n; u < next && is_counted; u++) {
            const struct numu_exact_use *use = &solver->use[u];
            struct numu_exact_reason reason = {NUMU_REASON_SUPPLY, u, (numu_period)s};
            if (use->presence != NUMU_NO_VARIABLE && use->need - least > left &&
                !numu_exact_is_absent(solver, use->presence) &&
                !numu_exact_set(solver, numu_exact_at_most(use->presence, 0), reason)) {
                return false;
            }
        }
    }
    return true;
}

/* Tells why a task takes at least what it was known to take before an entry; returns that. */
static int32_t tell_least(struct numu_exact_solver *solver, uint32_t first, uint32_t end,
                          uint32_t before) {
    for (uint32_t n = first; n < end; n++) {
        uint32_t presence = solver->use[n].presence;
        uint32_t entry;
        if (presence == NUMU_NO_VARIABLE ||
            !numu_exact_was_true(solver, numu_exact_at_most(presence, 0), before, &entry)) {
            return solver->use[n].need;
        }
        numu_exact_tell(solver, numu_exact_at_most(presence, 0));
    }
    return 0;
}

void numu_exact_supply_explain(struct numu_exact_solver *solver, uint32_t index, uint32_t s,
                               struct numu_exact_fact fact, uint32_t before) {
    const struct numu_exact_supply *supply = &solver->supply[s];
    uint32_t next;
    for (uint32_t n = supply->first_use; n < supply->end_use; n = next) {
        next = end_of_task(solver, n, supply->end_use);
        bool is_own = index >= n && index < next;
        struct numu_exact_fact start = starts_by(&solver->use[n], supply->last);
        uint32_t entry;
        if (is_own && fact.side / 2 == solver->use[n].start) {
            tell_least(solver, n, next, before); /* whatever mode is left takes too much */
        } else if (is_own) {
            numu_exact_tell(solver, start); /* this mode takes too much */
        } else if (numu_exact_was_true(solver, start, before, &entry)) {
            uint32_t count = solver->conflict_count;
            if (tell_least(solver, n, next, before) > 0) {
                numu_exact_tell(solver, start);
            } else {
                solver->conflict_count = count; /* takes nothing: says nothing */
            }
        }
    }
}

/* --- lateness --- */

/*
 * The sum over due tasks of max(0, finish - deadline) is at most `lateness`. The lower bound of the
 * sum explains itself by the least finishes; a finish is bounded by what the others leave.
 */
static numu_period late_by(const struct numu_exact_solver *solver, const struct numu_exact_due *due,
                           numu_period least, numu_period duration) {
    numu_period finish = numu_domain_finish(due->calendar, least + duration + due->constant);
    return numu_project_lateness(solver->domain->project, due->activity, finish);
}

static numu_period late_now(const struct numu_exact_solver *solver,
                            const struct numu_exact_due *due) {
    numu_period duration =
        due->duration == NUMU_NO_VARIABLE ? 0 : numu_exact_least(solver, due->duration);
    return late_by(solver, due, numu_exact_least(solver, due->start), duration);
}

bool numu_exact_lateness_propagate(struct numu_exact_solver *solver) {
    const struct numu_exact_reason reason = {NUMU_REASON_LATENESS, 0, 0};
    int64_t sum = 0;
    solver->is_lateness_dirty = false;
    for (uint32_t n = 0; n < solver->due_count; n++) {
        sum += late_now(solver, &solver->due[n]);
    }
    /* The variable's own greatest value is far below what a period can hold. */
    numu_period most = numu_exact_greatest(solver, solver->lateness);
    numu_period least = sum > most ? most + 1 : (numu_period)sum;
    if (!numu_exact_set(solver, numu_exact_at_least(solver->lateness, least), reason)) {
        return false;
    }
    for (uint32_t n = 0; n < solver->due_count; n++) {
        const struct numu_exact_due *due = &solver->due[n];
        numu_period allowed =
            numu_project_finish_until(solver->domain->project, due->activity,
                                      late_now(solver, due) + (numu_period)(most - sum));
        numu_period duration =
            due->duration == NUMU_NO_VARIABLE ? 0 : numu_exact_least(solver, due->duration);
        if (allowed >= solver->horizon) {
            continue;
        }
        numu_period position =
            numu_domain_finish_until(due->calendar, allowed) - duration - due->constant;
        if (!numu_exact_set(solver, numu_exact_at_most(due->start, position), reason)) {
            return false;
        }
    }
    return true;
}

void numu_exact_lateness_explain(struct numu_exact_solver *solver, struct numu_exact_fact fact,
                                 uint32_t before) {
    uint32_t own = NUMU_NO_VARIABLE;
    if (fact.side != 2 * solver->lateness) {
        own = fact.side / 2;
        uint32_t side = 2 * solver->lateness + 1;
        numu_exact_tell(
            solver, (struct numu_exact_fact){side, numu_exact_bound_before(solver, side, before)});
    }
    for (uint32_t n = 0; n < solver->due_count; n++) {
        const struct numu_exact_due *due = &solver->due[n];
        numu_period duration = 0;
        if (due->duration != NUMU_NO_VARIABLE) {
            duration = numu_exact_bound_before(solver, 2 * due->duration, before);
        }
        numu_period least = numu_exact_bound_before(solver, 2 * due->start, before);
        bool is_late = late_by(solver, due, least, duration) > 0;
        if (due->duration != NUMU_NO_VARIABLE && (is_late || due->start == own)) {
            numu_exact_tell(solver, numu_exact_at_least(due->duration, duration));
        }
        if (is_late && due->start != own) {
            numu_exact_tell(solver, numu_exact_at_least(due->start, least));
        }
    }
}
