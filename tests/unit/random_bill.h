/*
 * random_bill.h - problems of the explosion for tests: random ones with everything in them, and
 * small ones put together by hand.
 */
#ifndef NUMU_TESTS_RANDOM_BILL_H
#define NUMU_TESTS_RANDOM_BILL_H

#include "base/random.h"
#include "plan/explode.h"

#include <stdlib.h>
#include <string.h>

enum { PARTS = 9, SOURCES = 18, LINES = 64, DAYS = 70, DEMANDS = 60, RECEIPTS = 30 };

/* A problem with room for its arrays, and what the twin finds. */
struct problem {
    struct numu_materials m;
    uint32_t source_start[PARTS + 1], line_start[SOURCES + 1], line_part[LINES];
    uint32_t demand_start[PARTS + 1], receipt_start[PARTS + 1];
    numu_quantity safety[PARTS], level[PARTS];
    struct numu_lot_policy lots[PARTS];
    uint32_t part_lot[PARTS];
    uint16_t calendar[SOURCES];
    int32_t lead[SOURCES];
    numu_day release[SOURCES], first_due[SOURCES], last_due[SOURCES];
    numu_decimal yield[SOURCES];
    struct numu_lot_rounding rounding[SOURCES];
    int64_t numerator[LINES], denominator[LINES];
    numu_day starts[LINES], ends[LINES];
    numu_day demand_day[DEMANDS];
    numu_quantity demand_quantity[DEMANDS];
    numu_day receipt_day[RECEIPTS], receipt_expires[RECEIPTS];
    numu_quantity receipt_quantity[RECEIPTS];
    uint8_t receipt_flags[RECEIPTS];
    struct numu_rank_calendar rank;
    int32_t rank_days[DAYS + 1];
    numu_day worked[DAYS];
};

static inline uint32_t below(struct numu_random *random, uint32_t n) {
    return (uint32_t)numu_random_below(random, n);
}

static inline bool is_worked(numu_day day) {
    return day % 7 < 5;
}

static inline void set_arrays(struct problem *p) {
    for (numu_day day = 0; day < DAYS; day++) {
        if (is_worked(day)) {
            p->worked[p->rank_days[day]] = day;
        }
        p->rank_days[day + 1] = p->rank_days[day] + is_worked(day);
    }
    p->rank = (struct numu_rank_calendar){p->rank_days, p->worked};
    p->m = (struct numu_materials){
        .day_count = DAYS,
        .calendars = &p->rank,
        .source_start = p->source_start,
        .safety_stock = p->safety,
        .reorder_level = p->level,
        .lots = p->lots,
        .part_lot = p->part_lot,
        .source_calendar = p->calendar,
        .source_lead_days = p->lead,
        .source_release = p->release,
        .source_first_due = p->first_due,
        .source_last_due = p->last_due,
        .source_yield = p->yield,
        .source_rounding = p->rounding,
        .line_start = p->line_start,
        .line_part = p->line_part,
        .line_numerator = p->numerator,
        .line_denominator = p->denominator,
        .line_starts = p->starts,
        .line_ends = p->ends,
        .demand_start = p->demand_start,
        .demand_day = p->demand_day,
        .demand_quantity = p->demand_quantity,
        .receipt_start = p->receipt_start,
        .receipt_day = p->receipt_day,
        .receipt_quantity = p->receipt_quantity,
        .receipt_flags = p->receipt_flags,
        .receipt_expires = p->receipt_expires,
    };
}

/* [K1] step by step. */
static inline numu_day advance(uint16_t calendar, numu_day day, int32_t lead) {
    while (lead > 0) {
        lead -= calendar == NUMU_EVERY_DAY || is_worked(day);
        day++;
    }
    return day;
}

static inline void make_source(struct problem *p, struct numu_random *random, uint32_t s) {
    p->calendar[s] = below(random, 2) == 0 ? NUMU_EVERY_DAY : 0;
    p->lead[s] = (int32_t)below(random, 8);
    p->release[s] = below(random, 4) == 0 ? (numu_day)below(random, 20) : 0;
    p->first_due[s] = advance(p->calendar[s], p->release[s], p->lead[s]);
    p->last_due[s] = below(random, 6) == 0 ? (numu_day)below(random, DAYS) : INT32_MAX;
    p->yield[s] = below(random, 3) == 0 ? 900000000 : NUMU_DECIMAL_ONE;
    p->rounding[s].minimum = below(random, 4) == 0 ? below(random, 30) : 0;
    p->rounding[s].multiple = below(random, 4) == 0 ? 1 + below(random, 6) : 0;
}

static inline void make_policy(struct problem *p, struct numu_random *random, uint32_t part) {
    struct numu_lot_policy *policy = &p->lots[part];
    memset(policy, 0, sizeof *policy);
    p->part_lot[part] = part;
    p->level[part] = 0;
    policy->kind = (numu_lot_kind)below(random, NUMU_LOT_KIND_COUNT);
    policy->size = 1 + below(random, 25);
    policy->step = 1 + below(random, 3);
    policy->shelf_days = below(random, 4) == 0 ? 1 + (int32_t)below(random, 15) : 0;
    policy->setup_cost = below(random, 200);
    policy->holding_cost = below(random, 4);
    if (policy->kind == NUMU_LOT_MIN_MAX) {
        p->level[part] = below(random, 10);
    }
    p->safety[part] = below(random, 4) == 0 ? below(random, 12) : 0;
}

static inline int compare_days(const void *a, const void *b) {
    return *(const numu_day *)a - *(const numu_day *)b;
}

static inline void make_lists(struct problem *p, struct numu_random *random, uint32_t part) {
    uint32_t d = p->demand_start[part];
    for (uint32_t i = below(random, 7); i > 0; i--, d++) {
        p->demand_day[d] = (numu_day)below(random, DAYS);
        p->demand_quantity[d] = 1 + below(random, 30);
    }
    p->demand_start[part + 1] = d;
    uint32_t r = p->receipt_start[part];
    uint32_t count = below(random, 2) == 0 ? 0 : below(random, 4);
    for (uint32_t i = 0; i < count; i++) {
        p->receipt_day[r + i] = (numu_day)below(random, DAYS + 10) - 5;
        p->receipt_quantity[r + i] = 1 + below(random, 40);
        p->receipt_flags[r + i] = (uint8_t)below(random, 2);
        p->receipt_expires[r + i] =
            below(random, 3) == 0 ? (numu_day)below(random, DAYS) : INT32_MAX;
    }
    qsort(p->receipt_day + r, count, sizeof *p->receipt_day, compare_days);
    p->receipt_start[part + 1] = r + count;
}

/* Parts take parts of higher number, renamed so that numbers say nothing of levels. */
static inline void make_problem(struct problem *p, struct numu_random *random) {
    memset(p, 0, sizeof *p);
    set_arrays(p);
    uint32_t name[PARTS]; /* by depth: number */
    uint32_t depth[PARTS];
    p->m.part_count = 1 + below(random, PARTS);
    for (uint32_t i = 0; i < p->m.part_count; i++) {
        uint32_t j = below(random, i + 1);
        name[i] = name[j];
        name[j] = i;
    }
    for (uint32_t i = 0; i < p->m.part_count; i++) {
        depth[name[i]] = i;
    }
    uint32_t s = 0;
    uint32_t line = 0;
    for (uint32_t part = 0; part < p->m.part_count; part++) {
        uint32_t sources = below(random, 8) == 0 ? below(random, 3) : 1;
        for (uint32_t i = 0; i < sources; i++, s++) {
            make_source(p, random, s);
            uint32_t under = p->m.part_count - depth[part] - 1;
            for (uint32_t k = under == 0 ? 0 : below(random, 4); k > 0 && line < LINES;
                 k--, line++) {
                p->line_part[line] = name[depth[part] + 1 + below(random, under)];
                p->numerator[line] = 1 + below(random, 7);
                p->denominator[line] = 1 + below(random, 3);
                p->starts[line] = below(random, 4) == 0 ? (numu_day)below(random, DAYS) : INT32_MIN;
                p->ends[line] = below(random, 4) == 0 ? (numu_day)below(random, DAYS) : INT32_MAX;
            }
            p->line_start[s + 1] = line;
        }
        p->source_start[part + 1] = s;
        make_policy(p, random, part);
        make_lists(p, random, part);
    }
}

/* --- small problems by hand --- */

static inline void small(struct problem *p, uint32_t parts) {
    memset(p, 0, sizeof *p);
    set_arrays(p);
    p->m.part_count = parts;
    for (uint32_t part = 0; part < parts; part++) {
        p->lots[part].step = 1;
        p->part_lot[part] = part;
        p->source_start[part + 1] = part + 1;
        p->calendar[part] = NUMU_EVERY_DAY;
        p->last_due[part] = INT32_MAX;
        p->yield[part] = NUMU_DECIMAL_ONE;
    }
    for (uint32_t r = 0; r < RECEIPTS; r++) {
        p->receipt_expires[r] = INT32_MAX;
    }
}

static inline void set_lead(struct problem *p, uint32_t source, int32_t days) {
    p->lead[source] = days;
    p->first_due[source] = p->release[source] + days;
}

static inline void put_demand(struct problem *p, uint32_t part, numu_day day,
                              numu_quantity quantity) {
    uint32_t d = p->demand_start[part + 1]; /* parts in order */
    p->demand_day[d] = day;
    p->demand_quantity[d] = quantity;
    for (uint32_t i = part; i < p->m.part_count; i++) {
        p->demand_start[i + 1] = d + 1;
    }
}

static inline void put_receipt(struct problem *p, uint32_t part, numu_day day,
                               numu_quantity quantity, uint8_t flags) {
    uint32_t r = p->receipt_start[part + 1];
    p->receipt_day[r] = day;
    p->receipt_quantity[r] = quantity;
    p->receipt_flags[r] = flags;
    for (uint32_t i = part; i < p->m.part_count; i++) {
        p->receipt_start[i + 1] = r + 1;
    }
}

static inline void put_line(struct problem *p, uint32_t source, uint32_t part, int64_t numerator,
                            int64_t denominator) {
    uint32_t line = p->line_start[source + 1];
    p->line_part[line] = part;
    p->numerator[line] = numerator;
    p->denominator[line] = denominator;
    p->starts[line] = INT32_MIN;
    p->ends[line] = INT32_MAX;
    for (uint32_t i = source; i < p->m.part_count; i++) {
        p->line_start[i + 1] = line + 1;
    }
}

#endif
