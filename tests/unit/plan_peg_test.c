/*
 * plan_peg_test.c - pegs add up both ways, keep what is reserved, and say who lends to whom.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "plan/peg.h"
#include "random_bill.h"

struct session {
    struct numu_heap heap;
    struct numu_context context;
    struct numu_arena arena;
    struct numu_orders orders;
    struct numu_pegging pegging;
};

static void open_session(struct session *s, const struct problem *p, const uint32_t *reserved) {
    memset(s, 0, sizeof *s);
    numu_heap_init(&s->heap, 0);
    s->context = (struct numu_context){.heap = &s->heap, .threads = 1};
    numu_arena_init(&s->arena, &s->heap);
    assert_int_equal(numu_explode(&s->context, &p->m, &s->orders), NUMU_OK);
    s->pegging = (struct numu_pegging){.context = &s->context,
                                       .materials = &p->m,
                                       .orders = &s->orders,
                                       .receipt_demand = reserved};
    assert_int_equal(numu_pegging_begin(&s->pegging, &s->arena), NUMU_OK);
}

static void close_session(struct session *s) {
    numu_orders_release(&s->orders);
    numu_arena_release(&s->arena);
    assert_int_equal(s->heap.bytes, 0);
}

static const struct numu_part_pegs *pegs_of(struct session *s, uint32_t part) {
    const struct numu_part_pegs *pegs;
    assert_int_equal(numu_pegs_of_part(&s->pegging, part, &pegs), NUMU_OK);
    return pegs;
}

/* What a taker has from `side` (NUMU_PEG_NONE: from anywhere). */
static numu_quantity taken(const struct numu_part_pegs *pegs, uint8_t taker_side, uint32_t part,
                           uint32_t taker, uint32_t line, bool only_covered) {
    numu_quantity sum = 0;
    for (uint32_t i = 0; i < pegs->count; i++) {
        const struct numu_peg *peg = &pegs->list[i];
        bool is_it = peg->taker_side == taker_side && peg->taker == taker && peg->line == line &&
                     (taker_side != NUMU_PEG_ORDER || peg->taker_part == part);
        sum += is_it && !(only_covered && peg->supply_side == NUMU_PEG_NONE) ? peg->quantity : 0;
    }
    return sum;
}

static numu_quantity given(const struct numu_part_pegs *pegs, uint8_t side, uint32_t supply) {
    numu_quantity sum = 0;
    for (uint32_t i = 0; i < pegs->count; i++) {
        bool is_it = pegs->list[i].supply_side == side && pegs->list[i].supply == supply;
        sum += is_it ? pegs->list[i].quantity : 0;
    }
    return sum;
}

/* Checks the takers of a part; gives the number of pegs they explain. */
static void assert_takers(const struct problem *p, struct session *s, uint32_t part) {
    const struct numu_part_pegs *pegs = pegs_of(s, part);
    for (uint32_t d = p->demand_start[part]; d < p->demand_start[part + 1]; d++) {
        assert_int_equal(taken(pegs, NUMU_PEG_DEMAND, NUMU_NONE, d, NUMU_NONE, false),
                         p->demand_quantity[d]);
    }
    for (uint32_t taker = 0; taker < p->m.part_count; taker++) {
        for (uint32_t i = 0; i < s->orders.count[taker]; i++) {
            const struct numu_order *order = &s->orders.list[taker][i];
            for (uint32_t line = p->line_start[order->source];
                 line < p->line_start[order->source + 1]; line++) {
                numu_quantity wanted = 0;
                if (p->line_part[line] == part && p->starts[line] <= order->start &&
                    order->start <= p->ends[line]) {
                    wanted = (order->started * p->numerator[line] + p->denominator[line] - 1) /
                             p->denominator[line];
                }
                assert_int_equal(taken(pegs, NUMU_PEG_ORDER, taker, i, line, false),
                                 p->line_part[line] == part ? wanted : 0);
            }
        }
    }
}

static void assert_supplies(const struct problem *p, struct session *s, uint32_t part) {
    const struct numu_part_pegs *pegs = pegs_of(s, part);
    for (uint32_t r = p->receipt_start[part]; r < p->receipt_start[part + 1]; r++) {
        assert_int_equal(given(pegs, NUMU_PEG_RECEIPT, r), p->receipt_quantity[r]);
    }
    for (uint32_t i = 0; i < s->orders.count[part]; i++) {
        assert_int_equal(given(pegs, NUMU_PEG_ORDER, i), s->orders.list[part][i].quantity);
    }
}

/* Where a source can always be had and nothing spoils, every taker is covered by something. */
static bool always_covers(const struct problem *p, uint32_t part) {
    bool spoils = p->lots[part].shelf_days > 0;
    for (uint32_t r = p->receipt_start[part]; r < p->receipt_start[part + 1]; r++) {
        spoils = spoils || p->receipt_expires[r] != INT32_MAX;
    }
    if (spoils) {
        return false;
    }
    for (uint32_t s = p->source_start[part]; s < p->source_start[part + 1]; s++) {
        if (p->last_due[s] == INT32_MAX) {
            return true;
        }
    }
    return false;
}

static void reserve_some(const struct problem *p, struct numu_random *random, uint32_t *reserved) {
    for (uint32_t r = 0; r < RECEIPTS; r++) {
        uint32_t demands = p->demand_start[p->m.part_count];
        bool is_reserved = demands > 0 && below(random, 3) == 0;
        reserved[r] = is_reserved ? below(random, demands) : NUMU_NONE;
    }
}

static void test_pegs_add_up(void **state) {
    (void)state;
    const uint64_t seed = 77;
    static struct problem p;
    struct numu_random random;
    uint32_t reserved[RECEIPTS];
    uint64_t pegs = 0;
    uint64_t uncovered = 0;
    numu_random_init(&random, seed, 0);
    for (int round = 0; round < 1500; round++) {
        struct session s;
        make_problem(&p, &random);
        reserve_some(&p, &random, reserved);
        open_session(&s, &p, round % 2 == 0 ? NULL : reserved);
        for (uint32_t part = 0; part < p.m.part_count; part++) {
            assert_takers(&p, &s, part);
            assert_supplies(&p, &s, part);
            const struct numu_part_pegs *of_part = pegs_of(&s, part);
            for (uint32_t i = 0; i < of_part->count; i++) {
                const struct numu_peg *peg = &of_part->list[i];
                assert_true(peg->quantity > 0);
                assert_true(peg->supply_side != NUMU_PEG_NONE || peg->taker_side != NUMU_PEG_NONE);
                uncovered += peg->supply_side == NUMU_PEG_NONE && always_covers(&p, part);
            }
            pegs += of_part->count;
        }
        close_session(&s);
    }
    print_message("# seed %llu, %llu pegs, %llu uncovered\n", (unsigned long long)seed,
                  (unsigned long long)pegs, (unsigned long long)uncovered);
    assert_true(pegs > 20000);
    assert_int_equal(uncovered, 0);
}

/* What serves one demand: the same pegs as those found by looking at all orders below it. */
static numu_status count_pegs(void *data, uint32_t part, const struct numu_peg *peg) {
    numu_quantity *sums = data; /* by part */
    sums[part] += peg->quantity;
    return NUMU_OK;
}

static void test_all_that_serves_a_demand(void **state) {
    (void)state;
    static struct problem p;
    struct session s;
    numu_quantity sums[PARTS] = {0};
    small(&p, 3);
    put_line(&p, 0, 1, 2, 1);
    put_line(&p, 1, 2, 3, 1);
    put_demand(&p, 0, 20, 4);
    put_demand(&p, 0, 30, 5);
    put_receipt(&p, 1, 5, 3, NUMU_RECEIPT_STOCK | NUMU_RECEIPT_FIRM);
    open_session(&s, &p, NULL);
    assert_int_equal(numu_pegs_below(&s.pegging, 0, count_pegs, sums), NUMU_OK);
    assert_int_equal(sums[0], 4);
    assert_int_equal(sums[1], 8);  /* of them 3 from stock */
    assert_int_equal(sums[2], 15); /* for an order of 5 */
    bool is_serving = false;
    assert_int_equal(numu_peg_serves(&s.pegging, 2, 0, 0, &is_serving), NUMU_OK);
    assert_true(is_serving);
    assert_int_equal(numu_peg_serves(&s.pegging, 2, 0, 1, &is_serving), NUMU_OK);
    assert_false(is_serving);
    close_session(&s);
}

/* An open order kept for a customer whose day comes later is lent to another meanwhile. */
static void test_loan(void **state) {
    (void)state;
    static struct problem p;
    struct session s;
    struct numu_buffer loans;
    uint32_t reserved[RECEIPTS] = {1, NUMU_NONE};
    small(&p, 1);
    set_lead(&p, 0, 60);
    put_demand(&p, 0, 12, 5);
    put_demand(&p, 0, 50, 5);
    put_receipt(&p, 0, 10, 5, NUMU_RECEIPT_FIRM);
    put_receipt(&p, 0, 20, 5, NUMU_RECEIPT_FIRM);
    open_session(&s, &p, reserved);
    numu_buffer_init(&loans, &s.heap, 0);
    const struct numu_part_pegs *pegs = pegs_of(&s, 0);
    assert_int_equal(pegs->count, 2);
    assert_int_equal(pegs->list[0].taker, 0);
    assert_int_equal(pegs->list[0].supply, 1); /* waits until day 20 for its own … */
    assert_int_equal(pegs->list[1].supply, 0);
    assert_int_equal(numu_peg_loans(&s.pegging, 0, &loans), NUMU_OK);
    struct numu_loan loan;
    assert_int_equal(loans.length, sizeof loan);
    memcpy(&loan, loans.data, sizeof loan);
    assert_int_equal(loan.lender, 1); /* … unless it borrows */
    assert_int_equal(loan.borrower, 0);
    assert_int_equal(loan.quantity, 5);
    assert_int_equal(loan.from, 12);
    assert_int_equal(loan.to, 20);
    numu_buffer_release(&loans);
    close_session(&s);
}

/* A reserved receipt of a component goes to the order that serves its customer. */
static void test_reserved_component(void **state) {
    (void)state;
    static struct problem p;
    struct session s;
    uint32_t reserved[RECEIPTS] = {1};
    small(&p, 2);
    put_line(&p, 0, 1, 1, 1);
    put_demand(&p, 0, 12, 5);
    put_demand(&p, 0, 50, 5);
    put_receipt(&p, 1, 3, 5, NUMU_RECEIPT_FIRM);
    open_session(&s, &p, reserved);
    const struct numu_part_pegs *pegs = pegs_of(&s, 1);
    assert_int_equal(pegs->count, 2);
    assert_int_equal(pegs->list[0].taker, 0);
    assert_int_equal(pegs->list[0].supply_side, NUMU_PEG_ORDER);
    assert_int_equal(pegs->list[1].taker, 1);
    assert_int_equal(pegs->list[1].supply_side, NUMU_PEG_RECEIPT);
    close_session(&s);
}

static void test_without_memory(void **state) {
    (void)state;
    static struct problem p;
    bool is_done = false;
    uint32_t reserved[RECEIPTS] = {0};
    small(&p, 2);
    put_line(&p, 0, 1, 1, 1);
    put_demand(&p, 0, 12, 5);
    put_receipt(&p, 1, 3, 2, NUMU_RECEIPT_FIRM);
    for (uint_fast64_t n = 1; !is_done; n++) {
        struct session s;
        struct numu_buffer loans;
        numu_quantity sums[PARTS] = {0};
        open_session(&s, &p, reserved);
        numu_buffer_init(&loans, &s.heap, 0);
        s.heap.fail_at = s.heap.count + n;
        numu_status status = numu_pegs_below(&s.pegging, 0, count_pegs, sums);
        if (status == NUMU_OK) {
            status = numu_peg_loans(&s.pegging, 1, &loans);
        }
        is_done = status == NUMU_OK;
        assert_true(is_done || status == NUMU_MEMORY);
        assert_true(n < 200);
        numu_buffer_release(&loans);
        close_session(&s);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pegs_add_up),    cmocka_unit_test(test_all_that_serves_a_demand),
        cmocka_unit_test(test_loan),           cmocka_unit_test(test_reserved_component),
        cmocka_unit_test(test_without_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
