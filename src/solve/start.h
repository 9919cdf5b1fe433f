/*
 * start.h - a basis to start from: whatever is asked for, had in the way that is cheapest while
 * nothing is scarce.
 *
 * Without its scarce means (rows that ask for nothing) a planning programme is nearly a Leontief
 * substitution system: each column supplies one thing and uses others. Its cheapest ways follow
 * one from the other like shortest paths, those of parts before those of what they go into, and
 * make a triangular basis that is optimal whatever is asked for. With the means back, each of them
 * still free, that basis is dual feasible: the dual simplex has only to mend what is scarce.
 */
#ifndef NUMU_SOLVE_START_H
#define NUMU_SOLVE_START_H

#include "base/map.h"
#include "solve/lp.h"

struct numu_lp_start {
    numu_lp_column *basic; /* by row: the column that is basic in it; NUMU_NONE = its slack */
    bool *is_at_upper;     /* by column: it is not basic and stands at its upper bound */
    uint32_t basic_count;  /* columns that are basic */
    /* No reduced cost has a sign that its column's bounds cannot bear. */
    bool is_dual_feasible;
};

/*
 * Finds the basis. It is never singular. A row asks for something where it is an equation, or where
 * 0 does not do; the entries of an equation about 0 must be positive for what supplies, negative
 * for what uses, or the basis is poor. Arrays are taken from the arena. O(entries × log rows).
 */
NUMU_MUST_CHECK numu_status numu_lp_start_build(const struct numu_lp *lp, struct numu_arena *arena,
                                                struct numu_lp_start *out);

#endif
