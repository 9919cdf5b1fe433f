/*
 * exact_conflict.c - from a conflict to a clause.
 *
 * A nogood is a set of facts that cannot all be true. Starting from the conflict, the latest fact
 * is replaced by what explains it until one alone is left of the current level, the first unique
 * implication point (J. Marques-Silva, K. Sakallah, "GRASP", IEEE Transactions on Computers 48(5),
 * 1999; L. Zhang et al., "Efficient conflict driven learning", ICCAD 2001). The negation of the
 * nogood is learned.
 *
 * [1] Of two facts of one side the stronger is kept: what explains it implies the weaker, too.
 * [2] A fact is explained as weakly as the nogood needs it, not as strongly as it was set.
 * [3] A fact that others of the nogood imply by its explanation is left out (N. Sörensson, A.
 *     Biere, "Minimizing learned clauses", SAT 2009). Only others that were true before it count,
 *     so that no two can be left out for each other's sake.
 */
#include "programme/exact_share.h"
#include "programme/exact_solver.h"

enum { DEPTH_MAX = 6 };

/* Of a side, in is_in_nogood. */
enum { ABSENT, MEMBER, LEFT /* listed in nogood_side, but replaced by what explains it */ };

void numu_exact_explain(struct numu_exact_solver *solver, struct numu_exact_fact fact,
                        struct numu_exact_reason reason, uint32_t before) {
    switch ((numu_exact_reason_kind)reason.kind) {
    case NUMU_REASON_NONE: /* given at level 0, and contradicted there: no older fact says why */
        numu_assert(solver->level == 0);
        break;
    case NUMU_REASON_CLAUSE:
        numu_exact_clause_explain(solver, reason.index, fact);
        break;
    case NUMU_REASON_LINK:
        numu_exact_link_explain(solver, &solver->link[reason.index], fact, before);
        break;
    case NUMU_REASON_RESOURCE:
        numu_exact_resource_explain(solver, reason.index, reason.point, fact, before);
        break;
    case NUMU_REASON_SUPPLY:
        numu_exact_supply_explain(solver, reason.index, (uint32_t)reason.point, fact, before);
        break;
    case NUMU_REASON_ENERGY:
        numu_exact_energy_explain(solver, reason.index, reason.point, fact, before);
        break;
    case NUMU_REASON_LATENESS:
        numu_exact_lateness_explain(solver, fact, before);
        break;
    }
}

/* --- the nogood --- */

static uint32_t level_of(const struct numu_exact_solver *solver, uint32_t entry) {
    return solver->trail[entry].level;
}

/* Adds a fact that was true before an entry; counts those of the current level. */
static void join(struct numu_exact_solver *solver, struct numu_exact_fact fact, uint32_t before,
                 uint32_t *io_current) {
    uint32_t side = fact.side;
    uint32_t entry;
    if (solver->is_in_nogood[side] == MEMBER && solver->nogood_value[side] >= fact.value) {
        return;
    }
    bool is_true = numu_exact_was_true(solver, fact, before, &entry);
    numu_assert(is_true); /* [X3] */
    if (entry == NUMU_NO_ENTRY) {
        return;
    }
    numu_exact_bump(solver, numu_exact_fact_id(solver, fact));
    bool is_current = level_of(solver, entry) == solver->level;
    bool was_current = solver->is_in_nogood[side] == MEMBER &&
                       level_of(solver, solver->nogood_entry[side]) == solver->level;
    *io_current += is_current && !was_current ? 1 : 0;
    if (solver->is_in_nogood[side] == ABSENT) {
        solver->nogood_side[solver->nogood_count++] = side;
    }
    solver->is_in_nogood[side] = MEMBER;
    solver->nogood_value[side] = fact.value;
    solver->nogood_entry[side] = entry;
}

static void join_told(struct numu_exact_solver *solver, uint32_t from, uint32_t before,
                      uint32_t *io_current) {
    for (uint32_t n = from; n < solver->conflict_count; n++) {
        join(solver, solver->conflict[n], before, io_current);
    }
    solver->conflict_count = from;
}

/* Replaces facts of the current level, the latest first, until one is left; returns its side. */
static uint32_t reach_one(struct numu_exact_solver *solver, uint32_t current) {
    uint32_t n = solver->trail_count;
    for (;;) {
        const struct numu_exact_entry *entry;
        do {
            entry = &solver->trail[--n];
        } while (solver->is_in_nogood[entry->side] != MEMBER ||
                 solver->nogood_entry[entry->side] != n);
        uint32_t side = entry->side;
        if (current == 1) {
            return side;
        }
        current--;
        solver->is_in_nogood[side] = LEFT;
        numu_exact_explain(solver, (struct numu_exact_fact){side, solver->nogood_value[side]},
                           entry->reason, n);
        join_told(solver, 0, n, &current);
    }
}

/* --- making it smaller [3] --- */

static bool is_implied(struct numu_exact_solver *solver, struct numu_exact_fact fact,
                       uint32_t before, int depth);

/* Whether the explanation of a fact that an entry set is implied by the nogood. */
static bool is_redundant(struct numu_exact_solver *solver, struct numu_exact_fact fact,
                         uint32_t entry, int depth) {
    struct numu_exact_reason reason = solver->trail[entry].reason;
    if (reason.kind == NUMU_REASON_NONE || depth == DEPTH_MAX) {
        return false;
    }
    uint32_t first = solver->conflict_count;
    numu_exact_explain(solver, fact, reason, entry);
    uint32_t end = solver->conflict_count;
    bool is_all = true;
    for (uint32_t n = first; n < end && is_all; n++) {
        is_all = is_implied(solver, solver->conflict[n], entry, depth + 1);
    }
    solver->conflict_count = first;
    return is_all;
}

static bool is_implied(struct numu_exact_solver *solver, struct numu_exact_fact fact,
                       uint32_t before, int depth) {
    uint32_t entry;
    bool is_true = numu_exact_was_true(solver, fact, before, &entry);
    numu_assert(is_true);
    if (entry == NUMU_NO_ENTRY) {
        return true;
    }
    if (solver->is_in_nogood[fact.side] == MEMBER &&
        solver->nogood_value[fact.side] >= fact.value && solver->nogood_entry[fact.side] < before) {
        return true;
    }
    return is_redundant(solver, fact, entry, depth);
}

/* Writes the clause: the negation of the fact of `first`, then those of the others. */
static void collect(struct numu_exact_solver *solver, uint32_t first) {
    uint32_t count = 0;
    solver->learned[count++] =
        numu_exact_not((struct numu_exact_fact){first, solver->nogood_value[first]});
    solver->conflict_count = 0;
    for (uint32_t n = 0; n < solver->nogood_count; n++) {
        uint32_t side = solver->nogood_side[n];
        struct numu_exact_fact fact = {side, solver->nogood_value[side]};
        if (side != first && solver->is_in_nogood[side] == MEMBER &&
            !is_redundant(solver, fact, solver->nogood_entry[side], 0)) {
            solver->learned[count++] = numu_exact_not(fact);
        }
    }
    solver->learned_size = count;
}

/* Puts the literal of the greatest level second, and tells that level and how many there are. */
static uint32_t find_level(struct numu_exact_solver *solver, uint32_t *out_spread) {
    uint32_t level = 0, spread = 1;
    for (uint32_t n = 1; n < solver->learned_size; n++) {
        uint32_t own = level_of(solver, solver->nogood_entry[solver->learned[n].side ^ 1]);
        bool is_new = true;
        for (uint32_t k = 1; k < n && is_new && spread < 16; k++) {
            is_new = level_of(solver, solver->nogood_entry[solver->learned[k].side ^ 1]) != own;
        }
        spread += is_new ? 1 : 0;
        if (own > level) {
            struct numu_exact_fact second = solver->learned[1];
            level = own;
            solver->learned[1] = solver->learned[n];
            solver->learned[n] = second;
        }
    }
    *out_spread = spread;
    return level;
}

static void clear_nogood(struct numu_exact_solver *solver) {
    for (uint32_t n = 0; n < solver->nogood_count; n++) {
        solver->is_in_nogood[solver->nogood_side[n]] = ABSENT;
    }
    solver->nogood_count = 0;
    solver->conflict_count = 0;
}

/* --- learning --- */

/* The greatest level among the facts of the conflict. */
static uint32_t conflict_level(const struct numu_exact_solver *solver) {
    uint32_t level = 0;
    for (uint32_t n = 0; n < solver->conflict_count; n++) {
        uint32_t entry;
        bool is_true = numu_exact_was_true(solver, solver->conflict[n], NUMU_NO_ENTRY, &entry);
        numu_assert(is_true);
        if (entry != NUMU_NO_ENTRY && level_of(solver, entry) > level) {
            level = level_of(solver, entry);
        }
    }
    return level;
}

bool numu_exact_learn(struct numu_exact_solver *solver) {
    uint32_t current = 0, spread, reference;
    solver->conflict_total++;
    uint32_t level = conflict_level(solver);
    if (level == 0 || solver->status != NUMU_OK) {
        return false;
    }
    numu_exact_backtrack(solver, level);
    join_told(solver, 0, solver->trail_count, &current);
    uint32_t first = reach_one(solver, current);
    collect(solver, first);
    level = find_level(solver, &spread);
    if (solver->learn != NULL) {
        solver->learn(solver->learn_data, solver);
    }
    if (solver->told != NULL) {
        numu_exact_share_learned(solver, spread, solver->told);
    }
    clear_nogood(solver);
    numu_exact_backtrack(solver, level);
    if (solver->learned_size == 1) {
        struct numu_exact_reason none = {NUMU_REASON_NONE, 0, 0};
        return numu_exact_is_true(solver, solver->learned[0]) ||
               (!numu_exact_is_false(solver, solver->learned[0]) &&
                numu_exact_set(solver, solver->learned[0], none));
    }
    numu_status status = numu_exact_clause_add(solver, solver->learned, solver->learned_size, true,
                                               spread, &reference);
    if (status != NUMU_OK) {
        solver->status = status;
        return false;
    }
    return numu_exact_set(solver, solver->learned[0],
                          (struct numu_exact_reason){NUMU_REASON_CLAUSE, reference, 0});
}
