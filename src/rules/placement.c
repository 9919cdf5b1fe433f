/*
 * placement.c - see placement.h.
 */
#include "rules/placement.h"

#include <math.h>
#include <stdlib.h>

enum { ROUNDS = 16 };

/* --- the problem of a package --- */

static double number_of(numu_decimal number) {
    return number == NUMU_NO_NUMBER ? 0 : numu_number_to_double(number, NUMU_DECIMAL_DECIMALS);
}

static void add_store(const struct numu_model *model, const struct numu_limits *limits,
                      numu_row row, struct numu_placement_store *store) {
    *store = (struct numu_placement_store){.site = model->storehouse.site[row],
                                           .group = numu_limits_root(limits, row),
                                           .is_open = model->storehouse.opened_by[row] == NUMU_NONE,
                                           .hazards = numu_storehouse_hazards(model, row),
                                           .groups = numu_storehouse_groups(model, row),
                                           .space_m3 =
                                               model->storehouse.capacity_m3[row] == NUMU_NO_NUMBER
                                                   ? INFINITY
                                                   : number_of(model->storehouse.capacity_m3[row])};
    for (size_t i = 0; i < NUMU_HAZARDS_MAX; i++) {
        store->granted_kg[i] = INFINITY;
    }
}

/* Limits granted that are in force on the first day of the horizon: the least of each division. */
static void add_grants(const struct numu_model *model, struct numu_placement_store *store) {
    const struct numu_table_limit *limit = &model->limit;
    numu_day day = model->package.start[0];
    for (numu_row row = 0; row < limit->head.count; row++) {
        uint8_t hazard = numu_choice_find(numu_hazard_names, limit->hazard_division[row]);
        bool is_in_force = (limit->starts[row] == NUMU_NO_DAY || limit->starts[row] <= day) &&
                           (limit->ends[row] == NUMU_NO_DAY || limit->ends[row] >= day);
        if (hazard > 0 && is_in_force) {
            double *granted = &store[limit->storehouse[row]].granted_kg[hazard - 1];
            *granted = fmin(*granted, number_of(limit->neq_kg[row]));
        }
    }
}

/* A row of stock: a lot where it is explosive, else space that is taken where it lies. */
static void add_stock(const struct numu_model *model, numu_row row,
                      struct numu_placement_problem *problem) {
    numu_row item = model->stock.item[row];
    double quantity = numu_number_to_double(model->stock.quantity[row], NUMU_QUANTITY_DECIMALS);
    double volume_m3 = quantity * number_of(model->item.volume_m3[item]);
    struct numu_mix_goods goods = {.forms = numu_item_forms(model, item), .identity = item};
    if (quantity <= 0) {
        return;
    }
    if (numu_classification_parse(model->item.classification[item], &goods.hazard, &goods.group)) {
        numu_decimal neq_kg = model->item.neq_kg[item];
        problem->lot[problem->lot_count++] = (struct numu_placement_lot){
            .stock = row,
            .site = model->stock.site[row],
            .goods = goods,
            .neq_kg = neq_kg == NUMU_NO_NUMBER ? NAN : quantity * number_of(neq_kg),
            .volume_m3 = volume_m3};
    } else if (model->stock.storehouse[row] != NUMU_NONE) {
        problem->store[model->stock.storehouse[row]].space_m3 -= volume_m3;
    }
}

numu_status numu_placement_problem_build(const struct numu_model *model,
                                         const struct numu_limits *limits,
                                         const struct numu_matrix *matrix, struct numu_arena *arena,
                                         struct numu_placement_problem *out) {
    struct numu_placement_problem problem = {
        .limits = limits, .matrix = matrix, .store_count = model->storehouse.head.count};
    NUMU_TRY(NUMU_TAKE(arena, &problem.store, problem.store_count));
    NUMU_TRY(NUMU_TAKE(arena, &problem.lot, model->stock.head.count));
    for (numu_row row = 0; row < problem.store_count; row++) {
        add_store(model, limits, row, &problem.store[row]);
    }
    add_grants(model, problem.store);
    for (numu_row row = 0; row < model->stock.head.count; row++) {
        add_stock(model, row, &problem);
    }
    *out = problem;
    return NUMU_OK;
}

/* --- loads --- */

/* What lies in one place: different goods once each, and their sums. */
struct heap {
    struct numu_mix_goods *goods;
    size_t goods_count, lot_count;
    struct numu_load load;    /* as the rows are */
    struct numu_load counted; /* as notes make it count */
    double volume_m3;
};

struct chooser {
    const struct numu_placement_problem *problem;
    struct heap *heap;      /* by storehouse */
    numu_row *member_count; /* of the group of storehouses, by its first */
    struct numu_placement *placement;
};

static bool is_in(uint32_t allowed, uint8_t bit) {
    return allowed == 0 || (allowed >> bit & 1U) != 0;
}

/* Makes all of a load count as one hazard, where a note does. */
static void count_as(struct heap *heap, uint8_t hazard) {
    heap->counted = heap->load;
    if (hazard == NUMU_NO_HAZARD) {
        return;
    }
    double total = 0;
    for (size_t i = 0; i < NUMU_HAZARDS_MAX; i++) {
        total += heap->load.neq_kg[i];
        heap->counted.neq_kg[i] = 0;
    }
    heap->counted.neq_kg[hazard] = total;
}

/*
 * What a heap is once a lot has come; false where it may not lie there by the matrix. `goods` of
 * the heap must have a place more.
 */
static bool join(const struct numu_placement_problem *problem, const struct heap *heap,
                 const struct numu_placement_lot *lot, uint32_t hazards, uint32_t groups,
                 struct heap *out) {
    size_t same = 0;
    while (same < heap->goods_count && heap->goods[same].identity != lot->goods.identity) {
        same++;
    }
    *out = *heap;
    out->lot_count++;
    out->goods[same] = lot->goods;
    out->goods_count += same == heap->goods_count;
    out->load.neq_kg[lot->goods.hazard] += lot->neq_kg;
    out->volume_m3 += lot->volume_m3;
    if (out->goods_count == 1) {
        count_as(out, NUMU_NO_HAZARD);
        return true;
    }
    struct numu_mix_result mix = numu_mix(problem->matrix, out->goods, out->goods_count, false);
    count_as(out, mix.hazard_as);
    return mix.verdict == NUMU_MIX_TOGETHER &&
           (mix.group_as == NUMU_NO_GROUP || is_in(groups, mix.group_as)) &&
           (mix.hazard_as == NUMU_NO_HAZARD || is_in(hazards, mix.hazard_as));
}

/* What all that is merged with a storehouse counts as, were `heap` in it. */
static struct numu_load group_load(const struct chooser *chooser, numu_row store,
                                   const struct heap *heap) {
    const struct numu_placement_problem *problem = chooser->problem;
    numu_row group = problem->store[store].group;
    struct numu_load load = heap->counted;
    if (chooser->member_count[group] > 1) {
        for (numu_row row = 0; row < problem->store_count; row++) {
            for (size_t i = 0; i < NUMU_HAZARDS_MAX; i++) {
                load.neq_kg[i] += row != store && problem->store[row].group == group
                                      ? chooser->heap[row].counted.neq_kg[i]
                                      : 0;
            }
        }
    }
    return load;
}

static bool is_granted(const struct numu_placement_store *store, const struct heap *heap) {
    for (size_t i = 0; i < NUMU_HAZARDS_MAX; i++) {
        if (fmax(heap->load.neq_kg[i], heap->counted.neq_kg[i]) > store->granted_kg[i]) {
            return false;
        }
    }
    return true;
}

/* --- the choice --- */

/* What keeps a lot out of a storehouse; where nothing does, the heap that it makes. */
static numu_placement_obstacle try(const struct chooser *chooser, numu_row row,
                                   const struct numu_placement_lot *lot, struct heap *out) {
    const struct numu_placement_problem *problem = chooser->problem;
    const struct numu_placement_store *store = &problem->store[row];
    struct numu_load alone = {{0}};
    if (store->site != lot->site || !store->is_open) {
        return NUMU_PLACEMENT_NO_STOREHOUSE;
    }
    if (!is_in(store->hazards, lot->goods.hazard) || !is_in(store->groups, lot->goods.group)) {
        return NUMU_PLACEMENT_CLASS;
    }
    alone.neq_kg[lot->goods.hazard] = lot->neq_kg;
    if (lot->neq_kg > store->granted_kg[lot->goods.hazard] ||
        !numu_limits_allow(problem->limits, store->group, &alone)) {
        return NUMU_PLACEMENT_TOO_MUCH;
    }
    if (!join(problem, &chooser->heap[row], lot, store->hazards, store->groups, out)) {
        return NUMU_PLACEMENT_APART;
    }
    struct numu_load load = group_load(chooser, row, out);
    if (!is_granted(store, out) || !numu_limits_allow(problem->limits, store->group, &load)) {
        return NUMU_PLACEMENT_NO_ROOM;
    }
    return out->volume_m3 > store->space_m3 ? NUMU_PLACEMENT_NO_SPACE : NUMU_PLACEMENT_PLACED;
}

/* Puts a lot where the least room is, of those that take it. */
static void place_lot(struct chooser *chooser, size_t index) {
    const struct numu_placement_problem *problem = chooser->problem;
    const struct numu_placement_lot *lot = &problem->lot[index];
    numu_placement_obstacle nearest = NUMU_PLACEMENT_NO_STOREHOUSE;
    numu_row best = NUMU_NONE;
    double least = INFINITY;
    struct heap best_heap = {.goods = NULL};
    struct heap heap;
    if (isnan(lot->neq_kg)) {
        chooser->placement->obstacle[index] = NUMU_PLACEMENT_NO_NEQ;
        return;
    }
    for (numu_row row = 0; row < problem->store_count; row++) {
        numu_placement_obstacle obstacle = try(chooser, row, lot, &heap);
        if (obstacle != NUMU_PLACEMENT_PLACED) {
            nearest = obstacle > nearest ? obstacle : nearest;
            continue;
        }
        struct numu_load load = group_load(chooser, row, &chooser->heap[row]);
        double room = fmin(
            numu_limits_room(problem->limits, problem->store[row].group, &load, lot->goods.hazard),
            problem->store[row].granted_kg[lot->goods.hazard] -
                chooser->heap[row].load.neq_kg[lot->goods.hazard]);
        if (best == NUMU_NONE || room < least) {
            best = row;
            least = room;
            best_heap = heap;
        }
    }
    chooser->placement->storehouse[index] = best;
    chooser->placement->obstacle[index] = best == NUMU_NONE ? nearest : NUMU_PLACEMENT_PLACED;
    if (best != NUMU_NONE) {
        chooser->heap[best] = best_heap;
        chooser->placement->placed_count++;
    }
}

struct ranked {
    double neq_kg;
    size_t lot;
};

/* The largest first; rows without a quantity, which are not placed, count as none. */
static int compare_ranked(const void *a, const void *b) {
    const struct ranked *first = a;
    const struct ranked *second = b;
    if (first->neq_kg != second->neq_kg) {
        return first->neq_kg < second->neq_kg ? 1 : -1;
    }
    return (first->lot > second->lot) - (first->lot < second->lot);
}

/* --- missing storehouses --- */

/*
 * What a load must keep from a kind of site: the most that any part of it asks for. A storehouse
 * that is yet to be built has no structure, face or barricade.
 */
static struct numu_required_distance require(const struct numu_ruleset *set,
                                             const struct numu_load *load, uint8_t kind) {
    struct numu_required_distance required = {.kind = kind, .distance_m = 0};
    struct numu_counted_load counted = numu_load_count(set, load);
    if (!counted.is_determined) {
        required.distance_m = NAN;
    }
    for (size_t i = 0; counted.is_determined && i < counted.count; i++) {
        struct numu_pair pair = {.hazard = counted.part[i].hazard, .kind = kind};
        const struct numu_distance_rule *rule = numu_ruleset_find(set, &pair).rule;
        double quantity = numu_mass_from_kg(counted.part[i].neq_kg, set->mass);
        if (counted.part[i].neq_kg <= 0) {
            continue;
        }
        bool is_covered = rule != NULL && numu_distance_law_covers(&rule->law, quantity);
        double distance_m =
            is_covered
                ? numu_length_to_m(numu_distance_law_required(&rule->law, quantity), set->length)
                : NAN;
        if (!is_covered || distance_m > required.distance_m) {
            required.distance_m = distance_m;
            required.binding = rule;
            required.is_outside = rule != NULL && !is_covered;
        }
        if (!is_covered) {
            break; /* one part that nothing determines leaves the whole so */
        }
    }
    return required;
}

static numu_status describe(const struct numu_placement_problem *problem, const struct heap *heap,
                            uint32_t kinds, struct numu_arena *arena,
                            struct numu_missing_storehouse *store) {
    const struct numu_ruleset *set = problem->limits->set;
    NUMU_TRY(NUMU_TAKE(arena, &store->distance, set->kind_count));
    store->lot_count = heap->lot_count;
    store->volume_m3 = heap->volume_m3;
    for (size_t i = 0; i < NUMU_HAZARDS_MAX; i++) {
        store->neq_kg += heap->load.neq_kg[i];
        store->hazards |= heap->load.neq_kg[i] > 0 ? UINT32_C(1) << i : 0;
    }
    for (size_t i = 0; i < heap->goods_count; i++) {
        store->groups |= UINT32_C(1) << heap->goods[i].group;
    }
    for (uint8_t kind = 0; kind < set->kind_count; kind++) {
        if ((kinds >> kind & 1U) != 0) {
            store->distance[store->distance_count++] = require(set, &heap->counted, kind);
        }
    }
    return NUMU_OK;
}

/* First fit of what has no place into as few new storehouses of a site as that makes. */
static numu_status find_missing(const struct numu_placement_problem *problem,
                                const struct ranked *order, uint32_t kinds,
                                struct numu_arena *arena, struct numu_placement *placement) {
    struct heap *heap;
    size_t unplaced = problem->lot_count - placement->placed_count;
    NUMU_TRY(NUMU_TAKE(arena, &heap, unplaced));
    NUMU_TRY(NUMU_TAKE(arena, &placement->store, unplaced));
    for (size_t i = 0; i < problem->lot_count; i++) {
        size_t lot = order[i].lot;
        size_t to = 0;
        struct heap joined;
        if (placement->storehouse[lot] != NUMU_NONE ||
            placement->obstacle[lot] == NUMU_PLACEMENT_NO_NEQ) {
            continue;
        }
        while (to < placement->store_count &&
               (placement->store[to].site != problem->lot[lot].site ||
                !join(problem, &heap[to], &problem->lot[lot], 0, 0, &joined) ||
                !numu_load_count(problem->limits->set, &joined.counted).is_determined)) {
            to++;
        }
        if (to == placement->store_count) {
            NUMU_TRY(NUMU_TAKE(arena, &heap[to].goods, unplaced));
            placement->store[to].site = problem->lot[lot].site;
            placement->store_count++;
            (void)join(problem, &heap[to], &problem->lot[lot], 0, 0, &joined);
        }
        heap[to] = joined;
        placement->missing[lot] = to;
    }
    for (size_t i = 0; i < placement->store_count; i++) {
        NUMU_TRY(describe(problem, &heap[i], kinds, arena, &placement->store[i]));
    }
    return NUMU_OK;
}

/* --- all --- */

static numu_status take_placement(const struct numu_placement_problem *problem,
                                  struct numu_arena *arena, struct numu_placement *placement) {
    NUMU_TRY(NUMU_TAKE(arena, &placement->storehouse, problem->lot_count));
    NUMU_TRY(NUMU_TAKE(arena, &placement->obstacle, problem->lot_count));
    NUMU_TRY(NUMU_TAKE(arena, &placement->missing, problem->lot_count));
    for (size_t i = 0; i < problem->lot_count; i++) {
        placement->storehouse[i] = NUMU_NONE;
        placement->missing[i] = SIZE_MAX;
    }
    return NUMU_OK;
}

static numu_status take_chooser(struct numu_arena *arena, struct chooser *chooser,
                                struct ranked **order) {
    const struct numu_placement_problem *problem = chooser->problem;
    NUMU_TRY(NUMU_TAKE(arena, &chooser->heap, problem->store_count));
    NUMU_TRY(NUMU_TAKE(arena, &chooser->member_count, problem->store_count));
    NUMU_TRY(NUMU_TAKE(arena, order, problem->lot_count));
    for (numu_row row = 0; row < problem->store_count; row++) {
        size_t most = 1; /* as many kinds of goods as may come, and one that is tried */
        for (size_t i = 0; i < problem->lot_count; i++) {
            most += problem->lot[i].site == problem->store[row].site;
        }
        NUMU_TRY(NUMU_TAKE(arena, &chooser->heap[row].goods, most));
        chooser->member_count[problem->store[row].group]++;
    }
    return NUMU_OK;
}

static void rank(const struct numu_placement_problem *problem, struct ranked *order) {
    for (size_t i = 0; i < problem->lot_count; i++) {
        double neq_kg = problem->lot[i].neq_kg;
        order[i] = (struct ranked){isnan(neq_kg) ? -1 : neq_kg, i};
    }
    qsort(order, problem->lot_count, sizeof *order, compare_ranked);
}

/* Those without a place to the front, in their order. False where there is none, or all were. */
static bool bring_forward(const struct numu_placement *placement, struct ranked *order,
                          struct ranked *scratch, size_t count) {
    size_t front = 0;
    bool has_moved = false;
    for (int pass = 0; pass < 2; pass++) { /* those without a place, then the others */
        for (size_t i = 0; i < count; i++) {
            bool is_left = placement->storehouse[order[i].lot] == NUMU_NONE &&
                           placement->obstacle[order[i].lot] > NUMU_PLACEMENT_TOO_MUCH;
            if (is_left == (pass == 0)) {
                has_moved = has_moved || (is_left && front != i);
                scratch[front++] = order[i];
            }
        }
    }
    for (size_t i = 0; i < count; i++) {
        order[i] = scratch[i];
    }
    return has_moved;
}

/* Places all lots, in one order, from empty storehouses. */
static void place_all(struct chooser *chooser, const struct ranked *order) {
    for (numu_row row = 0; row < chooser->problem->store_count; row++) {
        chooser->heap[row] = (struct heap){.goods = chooser->heap[row].goods};
    }
    chooser->placement->placed_count = 0;
    for (size_t i = 0; i < chooser->problem->lot_count; i++) {
        place_lot(chooser, order[i].lot);
    }
}

/* Rounds of placing, until all have a place or no order is new; the first of the best is kept. */
static numu_status place_best(const struct numu_context *context, struct chooser *chooser,
                              struct ranked *order, struct numu_arena *arena,
                              struct numu_placement *best) {
    struct ranked *scratch;
    size_t count = chooser->problem->lot_count;
    bool is_new = true;
    NUMU_TRY(NUMU_TAKE(arena, &scratch, count));
    for (int round = 0; is_new && round < ROUNDS && best->placed_count < count; round++) {
        if (numu_context_is_stopped(context)) {
            return NUMU_STOPPED;
        }
        place_all(chooser, order);
        if (round == 0 || chooser->placement->placed_count > best->placed_count) {
            for (size_t i = 0; i < count; i++) {
                best->storehouse[i] = chooser->placement->storehouse[i];
                best->obstacle[i] = chooser->placement->obstacle[i];
            }
            best->placed_count = chooser->placement->placed_count;
        }
        is_new = bring_forward(chooser->placement, order, scratch, count);
    }
    return NUMU_OK;
}

numu_status numu_placement_solve(const struct numu_context *context,
                                 const struct numu_placement_problem *problem, uint32_t kinds,
                                 struct numu_arena *arena, struct numu_placement *out) {
    struct numu_placement best = {.placed_count = 0};
    struct numu_placement attempt = {.placed_count = 0};
    struct chooser chooser = {.problem = problem, .placement = &attempt};
    struct ranked *order;
    NUMU_TRY(take_placement(problem, arena, &best));
    NUMU_TRY(take_placement(problem, arena, &attempt));
    NUMU_TRY(take_chooser(arena, &chooser, &order));
    rank(problem, order);
    NUMU_TRY(place_best(context, &chooser, order, arena, &best));
    rank(problem, order);
    NUMU_TRY(find_missing(problem, order, kinds, arena, &best));
    *out = best;
    return NUMU_OK;
}
