/*
 * plan_lot_test.c - lots against brute force, a textbook, and their own rules.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/random.h"
#include "plan/lot.h"

#include <string.h>

enum { NEEDS_MAX = 12 };

struct fixture {
    struct numu_heap heap;
    struct numu_arena arena;
};

static void open_fixture(struct fixture *fixture) {
    numu_heap_init(&fixture->heap, 0);
    numu_arena_init(&fixture->arena, &fixture->heap);
}

static void close_fixture(struct fixture *fixture) {
    numu_arena_release(&fixture->arena);
    assert_int_equal(fixture->heap.bytes, 0);
}

/* The plan whose orders are on need 0 and on those of the bits of `mask` (bit 0 = need 1). */
static void plan_of(uint32_t mask, uint32_t count, uint32_t *end) {
    uint32_t order = 0;
    memset(end, 0, count * sizeof *end);
    for (uint32_t i = 1; i <= count; i++) {
        if (i == count || (mask >> (i - 1) & 1) != 0) {
            end[order] = i;
            order = i;
        }
    }
}

static bool keeps(const numu_day *day, uint32_t count, int32_t shelf_days, const uint32_t *end) {
    for (uint32_t i = 0; i < count; i++) {
        if (shelf_days > 0 && end[i] > 0 && day[end[i] - 1] - day[i] > shelf_days) {
            return false;
        }
    }
    return true;
}

static int64_t brute_force(const numu_day *day, const numu_quantity *need, uint32_t count,
                           const struct numu_lot_policy *policy) {
    int64_t best = INT64_MAX;
    uint32_t end[NEEDS_MAX];
    for (uint32_t mask = 0; mask < 1U << (count - 1); mask++) {
        int64_t cost = 0;
        plan_of(mask, count, end);
        assert_int_equal(numu_lot_cost(day, need, count, policy, end, &cost), NUMU_OK);
        if (keeps(day, count, policy->shelf_days, end) && cost < best) {
            best = cost;
        }
    }
    return best;
}

static void test_wagner_whitin_is_least(void **state) {
    (void)state;
    const uint64_t seed = 7;
    struct fixture fixture;
    struct numu_random random;
    open_fixture(&fixture);
    numu_random_init(&random, seed, 0);
    print_message("# seed %llu\n", (unsigned long long)seed);
    for (int round = 0; round < 3000; round++) {
        numu_day day[NEEDS_MAX];
        numu_quantity need[NEEDS_MAX];
        uint32_t end[NEEDS_MAX];
        uint32_t count = 1 + (uint32_t)numu_random_below(&random, NEEDS_MAX - 1);
        numu_day at = 100;
        for (uint32_t i = 0; i < count; i++) {
            at += 1 + (numu_day)numu_random_below(&random, 9);
            day[i] = at;
            need[i] = 1 + (numu_quantity)numu_random_below(&random, 40);
        }
        struct numu_lot_policy policy = {.kind = NUMU_LOT_WAGNER_WHITIN,
                                         .step = 1,
                                         .shelf_days =
                                             numu_random_below(&random, 2) == 0
                                                 ? 0
                                                 : 1 + (int32_t)numu_random_below(&random, 20),
                                         .setup_cost = (int64_t)numu_random_below(&random, 500),
                                         .holding_cost = (int64_t)numu_random_below(&random, 4)};
        int64_t cost = 0;
        assert_int_equal(numu_lot_wagner_whitin(&fixture.arena, day, need, count, &policy, end),
                         NUMU_OK);
        assert_true(keeps(day, count, policy.shelf_days, end));
        assert_int_equal(numu_lot_cost(day, need, count, &policy, end, &cost), NUMU_OK);
        assert_int_equal(cost, brute_force(day, need, count, &policy));
    }
    close_fixture(&fixture);
}

/* E. A. Silver, D. F. Pyke, R. Peterson, "Inventory Management and Production Planning and
   Scheduling", 3rd ed. 1998, chapter 6: setup 54, holding 0.4 a month; the optimum is 501.20. */
static void test_textbook_case(void **state) {
    (void)state;
    const numu_day month[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12};
    const numu_quantity need[] = {10, 62, 12, 130, 154, 129, 88, 52, 124, 160, 238, 41};
    const uint32_t expected[] = {3, 0, 0, 4, 6, 0, 8, 0, 9, 10, 12, 0};
    struct numu_lot_policy policy = {NUMU_LOT_WAGNER_WHITIN, 0, 1, 0, 540, 4};
    uint32_t end[12];
    int64_t cost = 0;
    struct fixture fixture;
    open_fixture(&fixture);
    assert_int_equal(numu_lot_wagner_whitin(&fixture.arena, month, need, 12, &policy, end),
                     NUMU_OK);
    assert_memory_equal(end, expected, sizeof end);
    assert_int_equal(numu_lot_cost(month, need, 12, &policy, end, &cost), NUMU_OK);
    assert_int_equal(cost, 5012);
    close_fixture(&fixture);
}

/* Costs beyond 64 bits are reckoned with; those beyond what is kept are refused, not wrapped. */
static void test_large_costs(void **state) {
    (void)state;
    const numu_day day[] = {0, 400, 800};
    const numu_quantity need[] = {INT64_MAX, INT64_MAX, INT64_MAX};
    uint32_t end[3];
    struct fixture fixture;
    open_fixture(&fixture);
    struct numu_lot_policy policy = {NUMU_LOT_WAGNER_WHITIN, 0, 1, 0, INT64_MAX, 1};
    assert_int_equal(numu_lot_wagner_whitin(&fixture.arena, day, need, 3, &policy, end), NUMU_OK);
    assert_true(end[0] == 1 && end[1] == 2 && end[2] == 3); /* holding costs 400 × as much */
    policy.holding_cost = INT64_MAX;
    assert_int_equal(numu_lot_wagner_whitin(&fixture.arena, day, need, 3, &policy, end),
                     NUMU_LIMIT);
    close_fixture(&fixture);
}

static void test_without_needs(void **state) {
    (void)state;
    struct fixture fixture;
    struct numu_lot_policy policy = {NUMU_LOT_WAGNER_WHITIN, 0, 1, 0, 1, 1};
    open_fixture(&fixture);
    assert_int_equal(numu_lot_wagner_whitin(&fixture.arena, NULL, NULL, 0, &policy, NULL), NUMU_OK);
    close_fixture(&fixture);
}

static void test_rounding_up(void **state) {
    (void)state;
    const struct {
        numu_quantity quantity, step, minimum, multiple, expected;
    } cases[] = {
        {7, 1, 0, 0, 7},  {7, 1, 20, 0, 20}, {21, 1, 20, 10, 30}, {7, 1000000, 0, 0, 1000000},
        {5, 4, 0, 6, 12}, {12, 4, 0, 6, 12}, {1, 1, 7, 5, 10},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        numu_quantity found = 0;
        struct numu_lot_rounding rounding = {cases[i].minimum, cases[i].multiple};
        assert_int_equal(numu_lot_round_up(cases[i].quantity, cases[i].step, rounding, &found),
                         NUMU_OK);
        assert_int_equal(found, cases[i].expected);
    }
    numu_quantity found = 5;
    assert_int_equal(numu_lot_round_up(INT64_MAX - 1, 1, (struct numu_lot_rounding){0, 10}, &found),
                     NUMU_LIMIT);
    assert_int_equal(numu_lot_round_up(1, INT64_MAX, (struct numu_lot_rounding){0, 10}, &found),
                     NUMU_LIMIT);
    assert_int_equal(found, 5);
}

static void test_without_memory(void **state) {
    (void)state;
    const numu_day day[] = {1, 2};
    const numu_quantity need[] = {1, 2};
    uint32_t end[2] = {0};
    struct numu_lot_policy policy = {NUMU_LOT_WAGNER_WHITIN, 0, 1, 0, 1, 1};
    bool is_done = false;
    for (uint_fast64_t n = 1; !is_done; n++) {
        struct fixture fixture;
        open_fixture(&fixture);
        fixture.heap.fail_at = n;
        numu_status status = numu_lot_wagner_whitin(&fixture.arena, day, need, 2, &policy, end);
        is_done = status == NUMU_OK;
        assert_true(is_done || status == NUMU_MEMORY);
        close_fixture(&fixture);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_wagner_whitin_is_least),
        cmocka_unit_test(test_textbook_case),
        cmocka_unit_test(test_large_costs),
        cmocka_unit_test(test_without_needs),
        cmocka_unit_test(test_rounding_up),
        cmocka_unit_test(test_without_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
