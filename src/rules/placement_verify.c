/*
 * placement_verify.c - see placement.h: a placement judged by itself, from its rows.
 */
#include "rules/placement.h"

#include <math.h>

static const double slack = 1 + 1e-9; /* sums in another order */

struct judge {
    const struct numu_placement_problem *problem;
    const numu_row *storehouse;
    struct numu_load *load;       /* by storehouse, as its rows are */
    struct numu_load *counted;    /* by storehouse, as the notes make it count */
    struct numu_mix_goods *goods; /* of the storehouse that is looked at */
};

static bool is_at(uint32_t allowed, uint8_t bit) {
    return allowed == 0 || bit >= 32 || (allowed >> bit & 1U) != 0;
}

/* Every row lies at its site, in a storehouse that stands and is for its class. */
static bool rows_hold(struct judge *judge) {
    for (size_t i = 0; i < judge->problem->lot_count; i++) {
        const struct numu_placement_lot *lot = &judge->problem->lot[i];
        if (judge->storehouse[i] == NUMU_NONE) {
            continue;
        }
        const struct numu_placement_store *store = &judge->problem->store[judge->storehouse[i]];
        if (store->site != lot->site || !store->is_open || !(lot->neq_kg >= 0) ||
            !is_at(store->hazards, lot->goods.hazard) || !is_at(store->groups, lot->goods.group)) {
            return false;
        }
        judge->load[judge->storehouse[i]].neq_kg[lot->goods.hazard] += lot->neq_kg;
    }
    return true;
}

/* Every pair of different goods by itself, then all of them. */
static bool goods_hold(struct judge *judge, numu_row row) {
    const struct numu_matrix *matrix = judge->problem->matrix;
    const struct numu_placement_store *store = &judge->problem->store[row];
    double volume_m3 = 0;
    size_t count = 0;
    for (size_t i = 0; i < judge->problem->lot_count; i++) {
        if (judge->storehouse[i] == row) {
            judge->goods[count++] = judge->problem->lot[i].goods;
            volume_m3 += judge->problem->lot[i].volume_m3;
        }
    }
    bool differ = false;
    for (size_t a = 0; a < count; a++) {
        for (size_t b = a + 1; b < count; b++) {
            const struct numu_mix_goods pair[2] = {judge->goods[a], judge->goods[b]};
            if (pair[0].identity != pair[1].identity) {
                differ = true;
                if (numu_mix(matrix, pair, 2, false).verdict != NUMU_MIX_TOGETHER) {
                    return false;
                }
            }
        }
    }
    judge->counted[row] = judge->load[row];
    if (differ) {
        struct numu_mix_result whole = numu_mix(matrix, judge->goods, count, false);
        if (whole.verdict != NUMU_MIX_TOGETHER || !is_at(store->groups, whole.group_as) ||
            !is_at(store->hazards, whole.hazard_as)) {
            return false;
        }
        if (whole.hazard_as != NUMU_NO_HAZARD) {
            double total = 0;
            for (size_t i = 0; i < NUMU_HAZARDS_MAX; i++) {
                total += judge->load[row].neq_kg[i];
                judge->counted[row].neq_kg[i] = 0;
            }
            judge->counted[row].neq_kg[whole.hazard_as] = total;
        }
    }
    return count == 0 || volume_m3 <= store->space_m3 * slack; /* others' goods may be too many */
}

static bool grants_hold(const struct judge *judge, numu_row row) {
    for (size_t i = 0; i < NUMU_HAZARDS_MAX; i++) {
        double granted = judge->problem->store[row].granted_kg[i] * slack;
        if (judge->load[row].neq_kg[i] > granted || judge->counted[row].neq_kg[i] > granted) {
            return false;
        }
    }
    return true;
}

/* The sum over a storehouse and those that it is merged with, part by part. */
static bool limits_hold(const struct judge *judge, numu_row row) {
    const struct numu_placement_problem *problem = judge->problem;
    struct numu_load sum = {{0}};
    double total = 0;
    for (numu_row other = 0; other < problem->store_count; other++) {
        for (size_t i = 0; problem->store[other].group == row && i < NUMU_HAZARDS_MAX; i++) {
            sum.neq_kg[i] += judge->counted[other].neq_kg[i];
            total += judge->counted[other].neq_kg[i];
        }
    }
    struct numu_counted_load counted = numu_load_count(problem->limits->set, &sum);
    for (size_t i = 0; total > 0 && i < counted.count; i++) {
        const struct numu_storehouse_limit *limit =
            numu_limits_at(problem->limits, row, counted.part[i].hazard);
        if (counted.part[i].neq_kg > limit->neq_kg * slack) {
            return false;
        }
    }
    return !(total > 0) || counted.is_determined;
}

numu_status numu_placement_verify(const struct numu_placement_problem *problem,
                                  const numu_row *storehouse, struct numu_arena *scratch,
                                  bool *out_holds) {
    struct judge judge = {.problem = problem, .storehouse = storehouse};
    NUMU_TRY(NUMU_TAKE(scratch, &judge.load, problem->store_count));
    NUMU_TRY(NUMU_TAKE(scratch, &judge.counted, problem->store_count));
    NUMU_TRY(NUMU_TAKE(scratch, &judge.goods, problem->lot_count));
    bool holds = rows_hold(&judge);
    for (numu_row row = 0; holds && row < problem->store_count; row++) {
        holds = goods_hold(&judge, row) && grants_hold(&judge, row);
    }
    for (numu_row row = 0; holds && row < problem->store_count; row++) {
        holds = problem->store[row].group != row || limits_hold(&judge, row);
    }
    *out_holds = holds;
    return NUMU_OK;
}
