/*
 * Goal: the heaviest set that heaviest.h names is one, may run at once, and none is heavier.
 * Method: random questions, small capacities and large ones, against all sets; the floor, the limit
 * of nodes and a meter that runs out; each n-th allocation made to fail.
 */
#include "programme/heaviest.h"

#include "base/random.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

enum { SEED = 20261126, ROUNDS = 4000, TASKS = 12, RESOURCES = 3 };

struct world {
    struct numu_heap heap;
    struct numu_arena arena;
    struct numu_random random;
    struct numu_heaviest heaviest;
    uint32_t candidate[TASKS];
    int64_t weight[TASKS];
    int32_t capacity[RESOURCES];
    struct numu_heaviest_question question;
};

static int between(struct world *world, int low, int high) {
    uint64_t span = (uint64_t)((int64_t)high - low) + 1;
    return low + (int)numu_random_below(&world->random, span);
}

static void make_question(struct world *world, uint64_t round) {
    numu_random_init(&world->random, SEED, round);
    uint32_t count = (uint32_t)between(world, 1, TASKS);
    uint32_t resources = (uint32_t)between(world, 0, RESOURCES);
    int units = round % 3 == 0 ? 1000000000 : round % 3 == 1 ? 100 : 9;
    int apart = between(world, 0, 6);
    assert_int_equal(numu_heaviest_init(&world->heaviest, &world->arena, count, resources),
                     NUMU_OK);
    struct numu_heaviest *heaviest = &world->heaviest;
    for (uint32_t r = 0; r < resources; r++) {
        world->capacity[r] = between(world, 0, 2 * units);
    }
    world->question = (struct numu_heaviest_question){
        .candidate = world->candidate, .weight = world->weight, .capacity = world->capacity};
    for (uint32_t task = 0; task < count; task++) {
        world->weight[task] =
            between(world, 0, 1) == 0 ? between(world, -2, 9) : between(world, 0, 100000000);
        for (uint32_t r = 0; r < resources; r++) {
            heaviest->need[task * resources + r] = between(world, 0, units);
        }
        for (uint32_t other = 0; other < task; other++) {
            if (between(world, 0, 9) < apart) {
                numu_heaviest_set_apart(heaviest, task, other);
            }
        }
        if (between(world, 0, 9) > 0) {
            world->candidate[world->question.candidate_count++] = task;
        }
    }
}

/* The weight of a set, or -1 where it may not run. */
static int64_t weigh(const struct world *world, uint32_t set) {
    const struct numu_heaviest *it = &world->heaviest;
    int64_t used[RESOURCES] = {0}, weight = 0;
    for (uint32_t a = 0; a < it->count; a++) {
        if ((set >> a & 1) == 0) {
            continue;
        }
        weight += world->weight[a];
        for (uint32_t b = 0; b < a; b++) {
            if ((set >> b & 1) != 0 && numu_heaviest_are_apart(it, a, b)) {
                return -1;
            }
        }
        for (uint32_t r = 0; r < it->resource_count; r++) {
            used[r] += it->need[a * it->resource_count + r];
        }
    }
    for (uint32_t r = 0; r < it->resource_count; r++) {
        if (used[r] > world->capacity[r]) {
            return -1;
        }
    }
    return weight;
}

static int64_t best_of_all(const struct world *world) {
    int64_t best = 0;
    uint32_t allowed = 0;
    for (uint32_t n = 0; n < world->question.candidate_count; n++) {
        allowed |= UINT32_C(1) << world->candidate[n];
    }
    for (uint32_t set = 0; set <= allowed; set++) {
        int64_t weight = (set & ~allowed) == 0 ? weigh(world, set) : -1;
        best = weight > best ? weight : best;
    }
    return best;
}

static uint32_t chosen_set(const struct numu_heaviest *it) {
    uint32_t set = 0;
    for (uint32_t n = 0; n < it->chosen_count; n++) {
        assert_int_equal(set >> it->chosen[n] & 1, 0);
        set |= UINT32_C(1) << it->chosen[n];
    }
    return set;
}

static void no_set_is_heavier(void **state) {
    (void)state;
    struct world world;
    int empty = 0, cut = 0;
    numu_heap_init(&world.heap, 0);
    numu_arena_init(&world.arena, &world.heap);
    print_message("# seed %d\n", SEED);
    for (uint64_t round = 0; round < ROUNDS; round++) {
        make_question(&world, round);
        struct numu_heaviest *it = &world.heaviest;
        int64_t best = best_of_all(&world);
        numu_heaviest_find(it, &world.question);
        assert_true(it->is_exact);
        assert_int_equal(it->weight, best);
        assert_int_equal(weigh(&world, chosen_set(it)), best);
        empty += best == 0;
        /* Below the best the floor changes nothing; at it nothing is named. */
        world.question.floor = best > 0 ? best - 1 : 0;
        numu_heaviest_find(it, &world.question);
        assert_int_equal(it->weight, best);
        world.question.floor = best + (int64_t)(round % 2);
        numu_heaviest_find(it, &world.question);
        assert_int_equal(it->weight, world.question.floor);
        assert_int_equal(it->chosen_count, 0);
        /* A limit of nodes leaves a set that may run, and says that it may not be the best. */
        world.question.floor = 0;
        world.question.nodes_max = 3;
        numu_heaviest_find(it, &world.question);
        assert_int_equal(weigh(&world, chosen_set(it)), it->weight);
        assert_true(it->weight == best || !it->is_exact);
        cut += !it->is_exact;
        numu_arena_release(&world.arena);
    }
    print_message("# %d of %d without a set, %d cut short\n", empty, ROUNDS, cut);
    assert_true(empty < ROUNDS / 4 && cut > ROUNDS / 10);
    assert_int_equal(world.heap.bytes, 0);
}

/* A hundred tasks that need about as much of four resources: many thousand nodes. */
static void make_long(struct world *world, int64_t *weight, uint32_t *candidate, uint32_t count,
                      int32_t *capacity) {
    numu_random_init(&world->random, SEED + 1, 0);
    assert_int_equal(numu_heaviest_init(&world->heaviest, &world->arena, count, 4), NUMU_OK);
    for (uint32_t task = 0; task < count; task++) {
        candidate[task] = task;
        weight[task] = between(world, 1000000, 1200000);
        for (uint32_t r = 0; r < 4; r++) {
            world->heaviest.need[4 * task + r] = between(world, 900, 1100);
            capacity[r] = 7500;
        }
    }
    world->question = (struct numu_heaviest_question){
        .candidate = candidate, .candidate_count = count, .weight = weight, .capacity = capacity};
}

static void long_questions_end_with_their_meter(void **state) {
    (void)state;
    enum { COUNT = 60, MANY = 100000, FEW = 20000 };
    struct world world;
    int64_t weight[COUNT];
    uint32_t candidate[COUNT];
    int32_t capacity[4];
    atomic_bool stop;
    numu_heap_init(&world.heap, 0);
    numu_arena_init(&world.arena, &world.heap);
    make_long(&world, weight, candidate, COUNT, capacity);
    struct numu_heaviest *it = &world.heaviest;
    numu_heaviest_find(it, &world.question);
    uint64_t whole = it->nodes;
    int64_t best = it->weight;
    assert_true(it->is_exact && whole > MANY);
    /* None of its own ends it: the work is counted, the answer the same. */
    const struct numu_context context = {.heap = &world.heap, .stop = &stop};
    struct numu_bound_meter meter = numu_bound_meter_begin(&context, 0, 0);
    atomic_init(&stop, false);
    world.question.meter = &meter;
    numu_heaviest_find(it, &world.question);
    assert_true(it->is_exact && it->weight == best && it->nodes == 2 * whole);
    assert_int_equal(meter.work, NUMU_WORK_A_PROPAGATION * whole + 10 * COUNT);
    /* By work, twice alike. */
    uint64_t nodes[2];
    for (int n = 0; n < 2; n++) {
        uint64_t before = it->nodes;
        meter = numu_bound_meter_begin(&context, (uint64_t)NUMU_WORK_A_PROPAGATION * FEW, 0);
        numu_heaviest_find(it, &world.question);
        nodes[n] = it->nodes - before;
        assert_true(!it->is_exact && it->weight <= best && nodes[n] < 2 * FEW);
    }
    assert_true(nodes[0] >= FEW && nodes[0] == nodes[1]);
    /* By a wish. */
    atomic_store(&stop, true);
    meter = numu_bound_meter_begin(&context, 0, 0);
    uint64_t before = it->nodes;
    numu_heaviest_find(it, &world.question);
    assert_true(!it->is_exact && it->nodes - before < 2 * COUNT);
    numu_arena_release(&world.arena);
    assert_int_equal(world.heap.bytes, 0);
}

static void failures_of_memory_lose_nothing(void **state) {
    (void)state;
    struct numu_heap heap;
    struct numu_arena arena;
    struct numu_heaviest heaviest;
    int failed = 0;
    numu_heap_init(&heap, 0);
    for (uint_fast64_t n = 1; n < 40; n++) {
        numu_arena_init(&arena, &heap);
        heap.fail_at = heap.count + n;
        failed += numu_heaviest_init(&heaviest, &arena, 100, 4) == NUMU_MEMORY;
        heap.fail_at = 0;
        numu_arena_release(&arena);
        assert_int_equal(heap.bytes, 0);
    }
    assert_true(failed > 0 && failed < 39);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_set_is_heavier),
        cmocka_unit_test(long_questions_end_with_their_meter),
        cmocka_unit_test(failures_of_memory_lose_nothing),
    };
    return cmocka_run_group_tests_name("programme heaviest", tests, NULL, NULL);
}
