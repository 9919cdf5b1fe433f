/*
 * app_explain_test.c - walks along the pegs of a small plan, both ways; memory that fails.
 */
#include "app/explain.h"

#include "model/model.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "view/explain.h"

struct fixture {
    struct numu_heap heap;
    struct numu_arena arena;
    struct numu_plan plan;
};

static void set_peg(struct fixture *f, numu_row row, uint8_t supply, const char *supply_id,
                    uint8_t taker, const char *taker_id) {
    f->plan.peg.item[row] = numu_text_of("part");
    f->plan.peg.site[row] = numu_text_of("plant");
    f->plan.peg.supply[row] = supply;
    f->plan.peg.supply_id[row] = numu_text_of(supply_id);
    f->plan.peg.taker[row] = taker;
    f->plan.peg.taker_id[row] = numu_text_of(taker_id);
    f->plan.peg.quantity[row] = NUMU_QUANTITY_ONE;
    f->plan.peg.there[row] = f->plan.peg.day[row] = 20000;
}

/* bolt → frame → seat → two demands; the frame also goes into a second seat. */
static void open_fixture(struct fixture *f) {
    static const char *const orders[] = {"bolt:1", "frame:1", "seat:1", "seat:2"};
    static const char *const demands[] = {"army", "police", "nobody"};
    memset(f, 0, sizeof *f);
    numu_heap_init(&f->heap, 0);
    numu_arena_init(&f->arena, &f->heap);
    assert_int_equal(numu_plan_take(&f->plan, &f->arena, NUMU_PLAN_TABLE(planned_order), 4),
                     NUMU_OK);
    assert_int_equal(numu_plan_take(&f->plan, &f->arena, NUMU_PLAN_TABLE(demand), 3), NUMU_OK);
    assert_int_equal(numu_plan_take(&f->plan, &f->arena, NUMU_PLAN_TABLE(peg), 7), NUMU_OK);
    for (numu_row row = 0; row < 4; row++) {
        f->plan.planned_order.id[row] = numu_text_of(orders[row]);
    }
    for (numu_row row = 0; row < 3; row++) {
        f->plan.demand.id[row] = numu_text_of(demands[row]);
        f->plan.demand.unmet[row] = 0;
    }
    set_peg(f, 0, numu_peg_end_order, "bolt:1", numu_peg_end_order, "frame:1");
    set_peg(f, 1, numu_peg_end_stock, "lot", numu_peg_end_order, "frame:1");
    set_peg(f, 2, numu_peg_end_order, "frame:1", numu_peg_end_order, "seat:1");
    set_peg(f, 3, numu_peg_end_order, "frame:1", numu_peg_end_order, "seat:2");
    set_peg(f, 4, numu_peg_end_order, "seat:1", numu_peg_end_demand, "army");
    set_peg(f, 5, numu_peg_end_order, "seat:2", numu_peg_end_demand, "police");
    set_peg(f, 6, numu_peg_end_order, "seat:2", numu_peg_end_unset, "");
}

static void close_fixture(struct fixture *f) {
    numu_arena_release(&f->arena);
    assert_int_equal(f->heap.bytes, 0);
}

static struct numu_peg_walk walk(struct fixture *f, const char *id) {
    struct numu_peg_walk walked;
    assert_int_equal(numu_app_walk_pegs(&f->plan, numu_text_of(id), &f->heap, &f->arena, &walked),
                     NUMU_OK);
    return walked;
}

static void assert_lines(const struct numu_peg_lines *lines, uint32_t count,
                         const struct numu_peg_line *expected) {
    assert_int_equal(lines->count, count);
    for (uint32_t i = 0; i < count; i++) {
        assert_int_equal(lines->list[i].peg, expected[i].peg);
        assert_int_equal(lines->list[i].depth, expected[i].depth);
        assert_int_equal(lines->list[i].is_repeated, expected[i].is_repeated);
    }
}

static void test_up_from_an_order(void **state) {
    (void)state;
    struct fixture f;
    const struct numu_peg_line up[] = {{0, 0, false}, {2, 1, false}, {4, 2, false},
                                       {3, 1, false}, {5, 2, false}, {6, 2, false}};
    open_fixture(&f);
    struct numu_peg_walk walked = walk(&f, "bolt:1");
    assert_int_equal(walked.order, 0);
    assert_int_equal(walked.demand, NUMU_NONE);
    assert_lines(&walked.up, 6, up);
    assert_int_equal(walked.down.count, 0);
    assert_int_equal(walked.served_count, 2);
    assert_int_equal(walked.served[0], 0);
    assert_int_equal(walked.served[1], 1);
    close_fixture(&f);
}

static void test_down_from_a_demand(void **state) {
    (void)state;
    struct fixture f;
    const struct numu_peg_line down[] = {
        {5, 0, false}, {3, 1, false}, {0, 2, false}, {1, 2, false}};
    open_fixture(&f);
    struct numu_peg_walk walked = walk(&f, "police");
    assert_int_equal(walked.demand, 1);
    assert_lines(&walked.down, 4, down);
    assert_int_equal(walk(&f, "nobody").down.count, 0);
    close_fixture(&f);
}

/* An order is unfolded once; where it comes again the line says so. */
static void test_unfolds_once(void **state) {
    (void)state;
    struct fixture f;
    const struct numu_peg_line down[] = {
        {5, 0, false}, {2, 1, false}, {0, 2, false}, {1, 2, false}, {3, 1, true}};
    open_fixture(&f);
    f.plan.peg.taker_id[2] = numu_text_of("seat:2"); /* both halves of the frame */
    struct numu_peg_walk walked = walk(&f, "police");
    assert_lines(&walked.down, 5, down);
    close_fixture(&f);
}

static void test_unknown(void **state) {
    (void)state;
    struct fixture f;
    struct numu_peg_walk walked;
    open_fixture(&f);
    assert_int_equal(
        numu_app_walk_pegs(&f.plan, numu_text_of("seat:3"), &f.heap, &f.arena, &walked),
        NUMU_NOT_FOUND);
    close_fixture(&f);
}

static void test_without_memory(void **state) {
    (void)state;
    bool is_done = false;
    for (uint_fast64_t n = 1; !is_done; n++) {
        struct fixture f;
        struct numu_peg_walk walked;
        struct numu_buffer text;
        open_fixture(&f);
        numu_buffer_init(&text, &f.heap, 0);
        f.heap.fail_at = f.heap.count + n;
        numu_status status =
            numu_app_walk_pegs(&f.plan, numu_text_of("frame:1"), &f.heap, &f.arena, &walked);
        if (status == NUMU_OK) {
            status = numu_view_pegs(&text, &f.plan, &walked, NUMU_LANGUAGE_EN);
        }
        is_done = status == NUMU_OK;
        assert_true(is_done || status == NUMU_MEMORY);
        assert_true(is_done || n < 500);
        numu_buffer_release(&text);
        close_fixture(&f);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_up_from_an_order), cmocka_unit_test(test_down_from_a_demand),
        cmocka_unit_test(test_unfolds_once),     cmocka_unit_test(test_unknown),
        cmocka_unit_test(test_without_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
