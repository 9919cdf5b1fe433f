/*
 * bound_world.h - what bounds of the finish that take their time have to keep, whichever they are:
 * they end at a wish with what they have, and lose nothing where memory is short.
 */
#ifndef NUMU_TESTS_BOUND_WORLD_H
#define NUMU_TESTS_BOUND_WORLD_H

#include "base/context.h"

#include "random_project.h"
#include "wish.h"

struct world {
    struct numu_heap heap;
    struct numu_arena arena;
    struct numu_context context;
};

static inline void begin(struct world *world) {
    *world = (struct world){0};
    numu_heap_init(&world->heap, 0);
    numu_arena_init(&world->arena, &world->heap);
    world->context.heap = &world->heap;
}

static inline void end(struct world *world) {
    numu_arena_release(&world->arena);
    assert_int_equal(world->heap.bytes, 0);
}

/* A bound that is asked for, far from any finish that it need not rise above. */
struct asked {
    numu_period from;
    double time_limit_s;
    _Atomic(numu_period) *told;
};

typedef numu_status (*raise_bound)(const struct numu_context *context,
                                   const struct numu_project *project, const struct asked *asked,
                                   numu_period *out_bound);

/* By the wish, at any look at the clock; what is told on the way is what it has. */
static inline void wish_at_each_look(const struct world *world, const struct numu_project *project,
                                     numu_period from, numu_period whole, raise_bound raise) {
    bool is_whole = false;
    for (long at = 1; !is_whole; at = at < 20 ? at + 1 : at * 2) {
        struct wish wish = {.at = at};
        struct numu_context context = world->context;
        _Atomic(numu_period) told = from;
        const struct asked asked = {from, 1e9, &told};
        numu_period bound = 0;
        context.clock = wishing_clock;
        context.clock_data = &wish;
        context.stop = &wish.stop;
        assert_int_equal(raise(&context, project, &asked, &bound), NUMU_OK);
        assert_true(bound >= from && bound <= whole);
        assert_int_equal(atomic_load(&told), bound);
        is_whole = wish.looks < at;
        assert_true(!is_whole || bound == whole);
    }
}

/* Each n-th allocation fails: then it says so, and leaves nothing. */
static inline void fail_each_allocation(struct world *world, const struct numu_project *project,
                                        numu_period from, raise_bound raise) {
    const struct asked asked = {.from = from};
    size_t before = world->heap.bytes;
    int failed = 0;
    bool is_whole = false;
    for (uint_fast64_t n = 1; !is_whole; n += n < 200 ? 1 : 37) {
        numu_period bound = 0;
        world->heap.fail_at = world->heap.count + n;
        numu_status status = raise(&world->context, project, &asked, &bound);
        is_whole = world->heap.count < world->heap.fail_at;
        world->heap.fail_at = 0;
        assert_true(status == NUMU_OK || (status == NUMU_MEMORY && bound == 0));
        failed += status == NUMU_MEMORY;
        assert_int_equal(world->heap.bytes, before);
    }
    assert_true(failed > 50);
}

/* Where the heap may take no more it settles for the bound that is known, and leaves nothing. */
static inline void limit_memory(struct world *world, const struct numu_project *project,
                                numu_period from, numu_period whole, raise_bound raise) {
    const struct asked asked = {.from = from};
    size_t before = world->heap.bytes;
    uint32_t limited = 0;
    numu_period bound = 0;
    for (size_t more = 64; bound < whole; more += more / 4) {
        world->heap.bytes_max = before + more;
        assert_int_equal(raise(&world->context, project, &asked, &bound), NUMU_OK);
        world->heap.bytes_max = 0;
        assert_true(bound >= from && bound <= whole);
        limited += bound < whole;
        assert_int_equal(world->heap.bytes, before);
    }
    assert_true(limited > 10);
}

#endif
