/*
 * explode.h - the materials plan: what is wanted, exploded through the bills to dated orders.
 *
 * It knows no model: parts, sources, bills, receipts and demand come as plain arrays. A *part* is a
 * thing at a place, a *source* a way to come by a part (making, buying, fetching it from another
 * place), a *line* what a source takes for each unit started. Quantities are exact integers of one
 * scale for all parts, days are points: the beginning of a day (model/calendar.h). What is there
 * on a day can be taken on it.
 *
 * [E1] Requirement of a part = demand for it + for each order of a source with a line for it that
 *      holds on the day the order starts: started × numerator ÷ denominator, rounded up, on that
 *      day.
 * [E2] Netting, by day of requirement, and on the first day where there is a safety stock.
 *      Balance = receipts so far - requirement so far + orders so far. Where it would fall below
 *      the floor (safety stock, or the level of min_max), later receipts are drawn on first, the
 *      earliest before others: those that may be moved, and firm ones that come no later than a new
 *      order would. What is still lacking is a net requirement.
 * [E3] Orders by the part's lot policy (lot.h) from net requirements. An order is for the day of
 *      need; its source is the first that can bring it by then, else the one that brings it
 *      soonest. It starts its lead time earlier in the source's calendar, never before the source
 *      opens, and then it is late: due > need. Orders that nothing can bring are not made; the net
 *      requirement is an exception (no_source).
 * [E4] started = quantity ÷ yield, rounded up to the part's step.
 * [E5] The same arrays give the same orders, whatever the number of threads: a part's orders depend
 *      on its arrays and on the orders of the parts above it alone. Levels are planned one after
 *      the other, parts of a level in parallel.
 *
 * Time is O(parts + lines + requirements), memory O(parts + lines + orders); requirements are never
 * stored. A level's parts pull what they need from the orders of the parts above them.
 *
 * Sources of the method: J. Orlicky, "Material Requirements Planning", 1975, chapters 3 to 5
 * (time-phased netting, low-level codes, exceptions); F. R. Jacobs et al., "Manufacturing Planning
 * and Control for Supply Chain Management", 6th ed. 2011, chapter 7 (the MRP record).
 */
#ifndef NUMU_PLAN_EXPLODE_H
#define NUMU_PLAN_EXPLODE_H

#include "base/context.h"
#include "base/map.h"
#include "plan/lot.h"

/* Working days of a calendar over the days of the problem, so that lead times take no search. */
struct numu_rank_calendar {
    const int32_t *rank;    /* by day - first: working days in [first, day); days + 1 of them */
    const numu_day *worked; /* by rank: the day */
};
/* A source's calendar when every day counts. */
#define NUMU_EVERY_DAY UINT16_MAX

/* A receipt that stands: stock at the start, or an open order. By part, then by day. */
enum {
    NUMU_RECEIPT_FIRM = 1, /* may not be moved */
    NUMU_RECEIPT_STOCK = 2 /* is there already: no exception is about it */
};

/* An order of a part. */
struct numu_order {
    numu_day start;         /* the day its inputs are taken */
    numu_day due;           /* the day it is there */
    numu_day need;          /* the day it is for; due > need: late */
    uint32_t source;        /* number of the source */
    numu_quantity quantity; /* good units */
    numu_quantity started;  /* [E4] */
};

/*
 * The problem. Arrays whose name begins with source_, line_ … have an element each; x_start arrays
 * have one element more than what they index. NULL where an array says so.
 */
struct numu_materials {
    numu_day first;     /* today: nothing starts before it */
    uint32_t day_count; /* all days of demand, given orders and releases lie in first … + count-1 */
    const struct numu_rank_calendar *calendars;

    uint32_t part_count;
    const uint32_t *source_start;       /* sources of a part, in order of preference */
    const numu_quantity *safety_stock;  /* NULL = none */
    const struct numu_lot_policy *lots; /* by number of policy */
    const uint32_t *part_lot;           /* number of a part's policy */
    const numu_quantity *reorder_level; /* of MIN_MAX; NULL = none */

    const uint16_t *source_calendar;  /* or NUMU_EVERY_DAY */
    const int32_t *source_lead_days;  /* >= 0 */
    const numu_day *source_release;   /* first day it may start; >= first */
    const numu_day *source_first_due; /* release + lead time: the first day it can bring */
    const numu_day *source_last_due;  /* INT32_MAX = no end */
    const numu_decimal *source_yield; /* × 10^9, in (0, 1] */
    const struct numu_lot_rounding *source_rounding; /* NULL = none */
    const uint32_t *line_start;                      /* lines of a source */

    const uint32_t *line_part;
    const int64_t *line_numerator, *line_denominator; /* both >= 1 */
    const numu_day *line_starts, *line_ends; /* days on which it holds; both NULL = always */

    const uint32_t *demand_start; /* demand of a part */
    const numu_day *demand_day;
    const numu_quantity *demand_quantity;

    const uint32_t *receipt_start; /* NULL = no receipts at all */
    const numu_day *receipt_day;   /* ascending within a part; before `first` = overdue */
    const numu_quantity *receipt_quantity;
    const uint8_t *receipt_flags;
    const numu_day *receipt_expires; /* last day it may be used; NULL or INT32_MAX = keeps */

    /*
     * Parts whose orders are given (by the master plan) and not made here; NULL = none. What they
     * take waits for nothing, so that bills may go round through them.
     */
    const uint8_t *part_is_given;
    const uint32_t *given_start;
    const struct numu_order *given;
};

typedef enum numu_exception_kind {
    NUMU_EXCEPTION_NONE = 0,
    NUMU_EXCEPTION_EXPEDITE,     /* receipt: bring it from `from` to `to` */
    NUMU_EXCEPTION_POSTPONE,     /* receipt: not needed on `from`, only on `to` */
    NUMU_EXCEPTION_CANCEL,       /* receipt: nothing needs it */
    NUMU_EXCEPTION_PAST_DUE,     /* receipt: due on `from`, before today */
    NUMU_EXCEPTION_BELOW_SAFETY, /* order: safety stock is broken from `from` until `to` */
    NUMU_EXCEPTION_LEAD_TIME,    /* order: needed on `from`, cannot be there before `to` */
    NUMU_EXCEPTION_NO_SOURCE,    /* nothing can bring `quantity` needed on `from` */
    NUMU_EXCEPTION_EXPIRES,      /* receipt: `quantity` of it is too old from `from` on */
    NUMU_EXCEPTION_EXCESS,       /* order: `quantity` of it, over half, is never needed */
    NUMU_EXCEPTION_COUNT
} numu_exception_kind;

struct numu_exception {
    numu_exception_kind kind;
    uint32_t part;
    uint32_t index; /* of the part's receipts, or of its orders; NUMU_NONE */
    numu_day from, to;
    numu_quantity quantity;
};

/* Who takes a part: a line, seen from the part; what a pull looks at stands together. */
struct numu_use {
    uint32_t part, source, line; /* the taker, its source, the line */
    int64_t numerator, denominator;
};

/* The orders of all parts, and what was found on the way to them. */
struct numu_orders {
    uint32_t part_count;
    const struct numu_order **list; /* by part: its orders, by need */
    uint32_t *count;                /* by part */
    uint64_t total;
    uint32_t level_count;
    uint32_t *level_start; /* parts of a level in `sequence` */
    uint32_t *sequence;    /* parts by level, then number */
    uint32_t *rank;        /* by part: where it stands in `sequence` */
    uint32_t *use_start;   /* by part */
    struct numu_use *use;
    /* Where the bills go round: parts, each taken by the next and the last by the first. */
    const uint32_t *cycle;
    uint32_t cycle_length;
    uint32_t too_large;        /* NUMU_LIMIT: the part whose quantities do not fit; NUMU_NONE */
    struct numu_arena *arenas; /* one a thread, and one for what is above */
    uint32_t arena_count;
};

/*
 * Plans all orders. NUMU_INVALID where bills go round (out->cycle), NUMU_LIMIT where a quantity or
 * a cost does not fit (out->too_large says of which part: the lowest of the first level that has
 * one). Release *out in every case.
 */
NUMU_MUST_CHECK numu_status numu_explode(const struct numu_context *context,
                                         const struct numu_materials *materials,
                                         struct numu_orders *out);
void numu_orders_release(struct numu_orders *orders);

/*
 * Net change: plans again after the arrays of `parts` (demand, receipts, policy; not the bills)
 * have changed, and what follows from it below them. *out_count is the number of parts planned
 * again. On failure the orders are of no use but to be released.
 */
NUMU_MUST_CHECK numu_status numu_explode_again(const struct numu_context *context,
                                               const struct numu_materials *materials,
                                               const uint32_t *parts, uint32_t count,
                                               struct numu_orders *orders, uint32_t *out_count);

/*
 * Appends the exceptions of the parts from … to - 1 (struct numu_exception), part by part, by
 * planning them once more.
 */
NUMU_MUST_CHECK numu_status numu_explode_exceptions(const struct numu_context *context,
                                                    const struct numu_materials *materials,
                                                    const struct numu_orders *orders, uint32_t from,
                                                    uint32_t to, struct numu_buffer *out);

/* [E1] of one order and line, without looking whether the line holds. NUMU_LIMIT. */
NUMU_MUST_CHECK numu_status numu_line_requirement(numu_quantity started, int64_t numerator,
                                                  int64_t denominator, numu_quantity *out);
/* Whether a line holds on the day an order starts. */
bool numu_line_holds(const struct numu_materials *materials, uint32_t line, numu_day start);
/* [E4]; NUMU_LIMIT. */
NUMU_MUST_CHECK numu_status numu_started(numu_quantity quantity, numu_decimal yield,
                                         numu_quantity step, numu_quantity *out);

#endif
