/*
 * joint.c - dates and costs in order, and what lies below both.
 */
#include "programme/joint.h"

#include <math.h>

double numu_joint_share(const struct numu_risk_result *result, const struct numu_joint *pair) {
    uint64_t both = 0;
    for (uint64_t i = 0; i < result->sample_count; i++) {
        both +=
            result->targets[0].finish[i] <= pair->point && (double)result->cost[i] <= pair->cost;
    }
    return (double)both / (double)result->sample_count;
}

struct sorted {
    size_t count;
    uint32_t *finish, *cost; /* keys of all samples, ascending */
    uint32_t *some, *scratch;
};

static numu_status sort(const struct numu_risk_result *result, struct numu_arena *arena,
                        struct sorted *out) {
    out->count = (size_t)result->sample_count;
    NUMU_TRY(NUMU_TAKE(arena, &out->finish, out->count));
    NUMU_TRY(NUMU_TAKE(arena, &out->cost, out->count));
    NUMU_TRY(NUMU_TAKE(arena, &out->some, out->count));
    NUMU_TRY(NUMU_TAKE(arena, &out->scratch, out->count));
    for (size_t i = 0; i < out->count; i++) {
        out->finish[i] = numu_key_of_integer(result->targets[0].finish[i]);
        out->cost[i] = numu_key_of_real(result->cost[i]);
    }
    numu_sort_keys(out->finish, out->scratch, out->count);
    numu_sort_keys(out->cost, out->scratch, out->count);
    return NUMU_OK;
}

/* How many samples are `percent` of them, one at least. */
static size_t number_of(const struct sorted *sorted, double percent) {
    double number = ceil(percent / 100 * (double)sorted->count - 1e-9);
    size_t whole = number < 1 ? 1 : (size_t)number;
    return whole < sorted->count ? whole : sorted->count;
}

static double cost_at(const uint32_t *keys, size_t number) {
    return (double)numu_key_to_real(keys[number - 1]);
}

/* The least cost below which lie `wanted` of the samples that finish by the point. */
static double least_cost(const struct numu_risk_result *result, const struct sorted *sorted,
                         numu_period point, size_t wanted) {
    size_t count = 0;
    for (size_t i = 0; i < sorted->count; i++) {
        sorted->some[count] = numu_key_of_real(result->cost[i]);
        count += result->targets[0].finish[i] <= point;
    }
    numu_assert(count >= wanted);
    numu_sort_keys(sorted->some, sorted->scratch, count);
    return cost_at(sorted->some, wanted);
}

static void find_frontier(const struct numu_risk_result *result, const struct sorted *sorted,
                          double percent, struct numu_joint *out, uint32_t *out_count) {
    size_t wanted = number_of(sorted, percent);
    uint32_t count = 0;
    for (size_t k = 0; k < NUMU_FRONTIER_POINTS; k++) {
        size_t number = wanted + (sorted->count - wanted) * k / (NUMU_FRONTIER_POINTS - 1);
        struct numu_joint pair = {.point = numu_key_to_integer(sorted->finish[number - 1])};
        if (count > 0 && out[count - 1].point == pair.point) {
            continue;
        }
        pair.cost = least_cost(result, sorted, pair.point, wanted);
        if (count == 0 || pair.cost < out[count - 1].cost) {
            out[count++] = pair;
        }
    }
    *out_count = count;
}

static struct numu_joint pair_at(const struct sorted *sorted, double percent) {
    size_t number = number_of(sorted, percent);
    return (struct numu_joint){numu_key_to_integer(sorted->finish[number - 1]),
                               cost_at(sorted->cost, number)};
}

static void find_balance(const struct numu_risk_result *result, const struct sorted *sorted,
                         double percent, struct numu_joint *out, double *out_each) {
    int low = (int)floor(percent * 10); /* in tenths: at least so sure must each one be */
    int high = 1000;
    while (low < high) {
        int middle = (low + high) / 2;
        struct numu_joint pair = pair_at(sorted, middle / 10.0);
        bool is_enough = numu_joint_share(result, &pair) >= percent / 100 - 1e-12;
        low = is_enough ? low : middle + 1;
        high = is_enough ? middle : high;
    }
    *out = pair_at(sorted, high / 10.0);
    *out_each = high / 10.0;
}

numu_status numu_joint_frontier(const struct numu_risk_result *result, double percent,
                                struct numu_heap *heap, struct numu_joint out[NUMU_FRONTIER_POINTS],
                                uint32_t *out_count) {
    struct numu_arena arena;
    struct sorted sorted;
    numu_arena_init(&arena, heap);
    numu_status status = sort(result, &arena, &sorted);
    if (status == NUMU_OK) {
        find_frontier(result, &sorted, percent, out, out_count);
    }
    numu_arena_release(&arena);
    return status;
}

numu_status numu_joint_balance(const struct numu_risk_result *result, double percent,
                               struct numu_heap *heap, struct numu_joint *out, double *out_each) {
    struct numu_arena arena;
    struct sorted sorted;
    numu_arena_init(&arena, heap);
    numu_status status = sort(result, &arena, &sorted);
    if (status == NUMU_OK) {
        find_balance(result, &sorted, percent, out, out_each);
    }
    numu_arena_release(&arena);
    return status;
}
