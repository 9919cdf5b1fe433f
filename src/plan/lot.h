/*
 * lot.h - lot sizing: from what one part lacks, day by day, to orders of whole lots.
 *
 * Quantities are exact integers in any one scale; days are points (model/calendar.h). A *need* is a
 * day and the quantity lacking on it, orders being there on the day of a need.
 *
 * [L1] After each need, what was ordered up to it covers all needs up to it: nothing is ever short.
 * [L2] An order is placed only on the day of a need that what is left of earlier orders does not
 *      cover.
 * [L3] Each order is a multiple of `step` and of its rounding's multiple, and at least its minimum.
 */
#ifndef NUMU_PLAN_LOT_H
#define NUMU_PLAN_LOT_H

#include "base/arena.h"
#include "base/day.h"
#include "model/lot_policy.h"

struct numu_lot_policy {
    numu_lot_kind kind;
    int64_t size;       /* FIXED: quantity; PERIOD: days; MIN_MAX: from the caller's level on */
    numu_quantity step; /* orders are multiples of this; at least 1 */
    int32_t shelf_days; /* an order covers needs up to so many days on; 0 = it keeps */
    int64_t setup_cost; /* WAGNER_WHITIN: of an order, … */
    int64_t
        holding_cost; /* … of one (of the scale) held for a day; same unit of money, any scale */
};

/* Least quantity and multiple of an order for a need on a day; 0 = none. */
struct numu_lot_rounding {
    numu_quantity minimum, multiple;
};

/*
 * Least-cost orders by H. M. Wagner, T. M. Whitin, "Dynamic version of the economic lot size
 * model", Management Science 5(1), 1958: setup_cost an order and holding_cost for each unit and
 * day between its arrival and the need. Exact. Fills end[i], for each need i on which an order is
 * placed, with the first need that it no longer covers; 0 elsewhere. Of equally good plans the one
 * whose last order is the latest.
 *
 * The cost of an order for i … j - 1 has the Monge property, so that of two orders the later one,
 * once better, stays so, also where the older one's goods expire (its cost is then infinite): the
 * candidates form a queue whose takeover days are found by halving, O(n log n) in all. Z. Galil,
 * R. Giancarlo, "Speeding up dynamic programming with applications to molecular biology",
 * Theoretical Computer Science 64 (1989); for this problem A. Wagelmans, S. van Hoesel, A. Kolen,
 * Operations Research 40 (1992), S145.
 *
 * Days ascend strictly, needs are > 0. Scratch memory from `arena`, given back. NUMU_LIMIT where
 * costs do not fit 126 bits.
 */
NUMU_MUST_CHECK numu_status numu_lot_wagner_whitin(struct numu_arena *arena, const numu_day *day,
                                                   const numu_quantity *need, uint32_t count,
                                                   const struct numu_lot_policy *policy,
                                                   uint32_t *end);

/* Costs of a plan as `end` says it, for those who compare; NUMU_LIMIT where it does not fit. */
NUMU_MUST_CHECK numu_status numu_lot_cost(const numu_day *day, const numu_quantity *need,
                                          uint32_t count, const struct numu_lot_policy *policy,
                                          const uint32_t *end, int64_t *out);

/*
 * The least quantity >= `quantity` that [L3] allows; NUMU_LIMIT where it does not fit, or where
 * multiple and step have no common multiple that does.
 */
NUMU_MUST_CHECK numu_status numu_lot_round_up(numu_quantity quantity, numu_quantity step,
                                              struct numu_lot_rounding rounding,
                                              numu_quantity *out);

#endif
