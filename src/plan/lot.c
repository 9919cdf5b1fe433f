/*
 * lot.c - Wagner and Whitin's lots by a queue of candidates, and rounding up.
 *
 * Notation. Needs i = 0 … n - 1 on days d(i) of quantity q(i). F(j) is the least cost of needs
 * 0 … j - 1, and G(i, j) = F(i) + setup + holding × Σ (d(t) - d(i)) × q(t), i <= t < j, that cost
 * with the last order placed on need i; infinite where goods of i do not keep until d(j - 1). With
 * Q and M the sums of q and of d × q up to a need, the sum is M(j) - M(i) - d(i) × (Q(j) - Q(i)).
 */
#include "plan/lot.h"

__extension__ typedef __int128 int128;

#define COST_MAX ((int128)1 << 126)

struct candidate {
    uint32_t order; /* i */
    uint32_t from;  /* the first j for which it is best of those in the queue */
};

struct lots {
    const numu_day *day;
    uint32_t count;
    const struct numu_lot_policy *policy;
    int128 *cost;            /* F, count + 1 */
    int128 *quantity_before; /* Q */
    int128 *moment_before;   /* M, days counted from the first */
};

/* G(i, j) */
static int128 cost_of(const struct lots *lots, uint32_t i, uint32_t j) {
    int64_t age = (int64_t)lots->day[j - 1] - lots->day[i];
    if (lots->policy->shelf_days > 0 && age > lots->policy->shelf_days) {
        return COST_MAX;
    }
    int64_t since = (int64_t)lots->day[i] - lots->day[0];
    int128 held = lots->moment_before[j] - lots->moment_before[i] -
                  since * (lots->quantity_before[j] - lots->quantity_before[i]);
    return lots->cost[i] + lots->policy->setup_cost + held * lots->policy->holding_cost;
}

/* Sums, and the proof that no cost can overflow. */
static numu_status prepare(struct lots *lots, struct numu_arena *arena, const numu_quantity *need) {
    uint32_t n = lots->count;
    NUMU_TRY(NUMU_TAKE(arena, &lots->cost, (size_t)n + 1));
    NUMU_TRY(NUMU_TAKE(arena, &lots->quantity_before, (size_t)n + 1));
    NUMU_TRY(NUMU_TAKE(arena, &lots->moment_before, (size_t)n + 1));
    for (uint32_t i = 0; i < n; i++) {
        int64_t since = (int64_t)lots->day[i] - lots->day[0];
        numu_assert(need[i] > 0 && (i == 0 || lots->day[i] > lots->day[i - 1]));
        lots->quantity_before[i + 1] = lots->quantity_before[i] + need[i];
        lots->moment_before[i + 1] = lots->moment_before[i] + (int128)need[i] * since;
    }
    numu_assert(lots->policy->setup_cost >= 0 && lots->policy->holding_cost >= 0);
    int128 room = COST_MAX - 1 - (int128)n * lots->policy->setup_cost;
    int128 held = (int128)((int64_t)lots->day[n - 1] - lots->day[0]) * lots->quantity_before[n];
    bool is_over = lots->policy->holding_cost > 0 && held > room / lots->policy->holding_cost;
    return is_over ? NUMU_LIMIT : NUMU_OK;
}

/* The first j > newer from which the newer order is no worse than the older; n + 1 = never. */
static uint32_t takeover(const struct lots *lots, uint32_t older, uint32_t newer) {
    uint32_t low = newer + 1;
    uint32_t high = lots->count + 1;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (cost_of(lots, newer, middle) <= cost_of(lots, older, middle)) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    return low;
}

/*
 * Puts an order into the queue. The last candidate leaves where the new one overtakes it no later
 * than it would become the best itself; `head` is the one that is best now.
 */
static void enqueue(const struct lots *lots, struct candidate *queue, uint32_t head, uint32_t *tail,
                    uint32_t order) {
    while (*tail > head + 1) {
        uint32_t j = queue[*tail - 1].from;
        if (j <= order || cost_of(lots, order, j) > cost_of(lots, queue[*tail - 1].order, j)) {
            break;
        }
        --*tail;
    }
    uint32_t from = takeover(lots, queue[*tail - 1].order, order);
    if (from <= lots->count) {
        queue[(*tail)++] = (struct candidate){order, from};
    }
}

static numu_status solve(struct lots *lots, struct numu_arena *arena, uint32_t *end) {
    struct candidate *queue;
    uint32_t *last; /* by j: the last order of the best plan for needs 0 … j - 1 */
    NUMU_TRY(NUMU_TAKE(arena, &queue, (size_t)lots->count + 1));
    NUMU_TRY(NUMU_TAKE(arena, &last, (size_t)lots->count + 1));
    uint32_t head = 0;
    uint32_t tail = 1;
    queue[0] = (struct candidate){0, 1};
    for (uint32_t j = 1; j <= lots->count; j++) {
        while (head + 1 < tail && queue[head + 1].from <= j) {
            head++;
        }
        last[j] = queue[head].order;
        lots->cost[j] = cost_of(lots, last[j], j);
        if (j < lots->count) {
            enqueue(lots, queue, head, &tail, j);
        }
    }
    for (uint32_t i = 0; i < lots->count; i++) {
        end[i] = 0;
    }
    for (uint32_t j = lots->count; j > 0; j = last[j]) {
        end[last[j]] = j;
    }
    return NUMU_OK;
}

numu_status numu_lot_wagner_whitin(struct numu_arena *arena, const numu_day *day,
                                   const numu_quantity *need, uint32_t count,
                                   const struct numu_lot_policy *policy, uint32_t *end) {
    if (count == 0) {
        return NUMU_OK;
    }
    struct numu_arena_mark mark = numu_arena_mark(arena);
    struct lots lots = {.day = day, .count = count, .policy = policy};
    numu_status status = prepare(&lots, arena, need);
    if (status == NUMU_OK) {
        status = solve(&lots, arena, end);
    }
    numu_arena_rewind(arena, mark);
    return status;
}

numu_status numu_lot_cost(const numu_day *day, const numu_quantity *need, uint32_t count,
                          const struct numu_lot_policy *policy, const uint32_t *end, int64_t *out) {
    int64_t sum = 0;
    uint32_t order = 0;
    for (uint32_t i = 0; i < count; i++) {
        if (end[i] > 0) {
            order = i;
            NUMU_TRY(numu_add(sum, policy->setup_cost, &sum));
        }
        int64_t cost = 0;
        NUMU_TRY(numu_multiply(need[i], (int64_t)day[i] - day[order], &cost));
        NUMU_TRY(numu_multiply(cost, policy->holding_cost, &cost));
        NUMU_TRY(numu_add(sum, cost, &sum));
    }
    *out = sum;
    return NUMU_OK;
}

/* --- rounding --- */

numu_status numu_lot_round_up(numu_quantity quantity, numu_quantity step,
                              struct numu_lot_rounding rounding, numu_quantity *out) {
    int64_t unit = step;
    if (rounding.multiple > 0 && rounding.multiple != step) {
        int64_t divisor = numu_greatest_divisor(rounding.multiple, step);
        NUMU_TRY(numu_multiply(rounding.multiple, step / divisor, &unit));
    }
    int64_t least = quantity > rounding.minimum ? quantity : rounding.minimum;
    int64_t rest = least % unit;
    if (rest == 0) {
        *out = least;
        return NUMU_OK;
    }
    return numu_add(least, unit - rest, out);
}
