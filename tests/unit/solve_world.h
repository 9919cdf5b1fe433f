/*
 * solve_world.h - a programme to be solved, and what is found.
 */
#ifndef NUMU_TESTS_SOLVE_WORLD_H
#define NUMU_TESTS_SOLVE_WORLD_H

#include "solve/lp.h"
#include "solve/start.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

struct fixture {
    struct numu_heap heap;
    struct numu_context context;
    struct numu_arena arena;
    struct numu_lp lp;
    struct numu_lp_start start;
    struct numu_lp_solution solution;
    struct numu_lp_whole_solution whole;
};

static inline void begin(struct fixture *fixture) {
    memset(fixture, 0, sizeof *fixture);
    numu_heap_init(&fixture->heap, 0);
    fixture->context.heap = &fixture->heap;
    numu_arena_init(&fixture->arena, &fixture->heap);
    numu_lp_init(&fixture->lp, &fixture->heap);
}

static inline void end(struct fixture *fixture) {
    numu_lp_release(&fixture->lp);
    numu_arena_release(&fixture->arena);
    assert_int_equal(fixture->heap.bytes, 0);
}

static inline void row(struct fixture *fixture, double lower, double upper) {
    assert_int_equal(numu_lp_add_row(&fixture->lp, lower, upper, NULL), NUMU_OK);
}

#endif
