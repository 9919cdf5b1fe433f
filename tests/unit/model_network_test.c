/*
 * Goal: networks list their links by node, order their nodes, and name one true cycle where there
 * is one. Method: random graphs, with loops and parallel links, against an order found by trying
 * all nodes in turn; a chain and a ring too long for recursion; findings looked at word by word;
 * each n-th allocation made to fail.
 */
#include "model/network.h"

#include "base/random.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "model_builder.h"

enum { SEED = 20260403, NODES_MAX = 12, LINKS_MAX = 30, LONG = 300000 };

/* --- order and cycles --- */

/* Always the least node whose links in all come from nodes taken; returns how many were. */
static uint32_t order_slowly(uint32_t node_count, uint32_t link_count, const uint32_t *tail,
                             const uint32_t *head, uint32_t *order) {
    bool is_taken[NODES_MAX] = {false};
    uint32_t count = 0;
    for (uint32_t node = 0; node < node_count; node++) {
        bool is_ready = !is_taken[node];
        for (uint32_t i = 0; i < link_count; i++) {
            is_ready = is_ready && (head[i] != node || is_taken[tail[i]]);
        }
        if (is_ready) {
            is_taken[node] = true;
            order[count++] = node;
            node = UINT32_MAX; /* from the first node on again */
        }
    }
    return count;
}

static void check_lists(const struct numu_network *network) {
    uint32_t links = 0;
    assert_int_equal(network->start[0], 0);
    assert_int_equal(network->back_start[0], 0);
    for (uint32_t node = 0; node < network->node_count; node++) {
        uint32_t next = network->start[node];
        uint32_t back_next = network->back_start[node];
        for (uint32_t i = 0; i < network->link_count; i++) {
            if (network->tail[i] == node) {
                assert_int_equal(network->link[next++], i);
                links++;
            }
            if (network->head[i] == node) {
                assert_int_equal(network->back_link[back_next++], i);
            }
        }
        assert_int_equal(next, network->start[node + 1]);
        assert_int_equal(back_next, network->back_start[node + 1]);
    }
    assert_int_equal(links, network->link_count);
}

static void check_cycle(const struct numu_network *network) {
    bool is_met[NODES_MAX] = {false};
    assert_true(network->cycle_length > 0);
    for (uint32_t i = 0; i < network->cycle_length; i++) {
        uint32_t link = network->cycle[i];
        uint32_t next = network->cycle[(i + 1) % network->cycle_length];
        assert_int_equal(network->head[link], network->tail[next]);
        assert_false(is_met[network->tail[link]]);
        is_met[network->tail[link]] = true;
        assert_true(network->tail[network->cycle[0]] <= network->tail[link]);
    }
}

static void agrees_with_slow_order(void **state) {
    (void)state;
    print_message("# seed %d\n", SEED);
    struct numu_heap heap;
    struct numu_arena arena;
    struct numu_random random;
    int with_cycle = 0;
    numu_heap_init(&heap, 0);
    numu_arena_init(&arena, &heap);
    numu_random_init(&random, SEED, 0);
    for (int round = 0; round < 3000; round++) {
        uint32_t tail[LINKS_MAX];
        uint32_t head[LINKS_MAX];
        uint32_t order[NODES_MAX];
        struct numu_network network;
        uint32_t nodes = (uint32_t)numu_random_below(&random, NODES_MAX + 1);
        uint32_t links = nodes == 0 ? 0 : (uint32_t)numu_random_below(&random, LINKS_MAX + 1);
        links = round % 2 == 0 ? links / 3 : links;
        for (uint32_t i = 0; i < links; i++) {
            tail[i] = (uint32_t)numu_random_below(&random, nodes);
            head[i] = (uint32_t)numu_random_below(&random, nodes);
        }
        numu_status status = numu_network_build(&arena, nodes, links, tail, head, &network);
        check_lists(&network);
        if (order_slowly(nodes, links, tail, head, order) == nodes) {
            assert_int_equal(status, NUMU_OK);
            assert_memory_equal(network.order, order, nodes * sizeof *order);
            assert_null(network.cycle);
            assert_int_equal(network.cycle_length, 0);
        } else {
            assert_int_equal(status, NUMU_INVALID);
            assert_null(network.order);
            check_cycle(&network);
            with_cycle++;
        }
        numu_arena_release(&arena);
    }
    assert_in_range(with_cycle, 500, 2500);
    assert_int_equal(heap.bytes, 0);
}

static void long_chain_and_ring(void **state) {
    (void)state;
    struct numu_heap heap;
    struct numu_arena arena;
    uint32_t *tail;
    uint32_t *head;
    struct numu_network network;
    numu_heap_init(&heap, 0);
    numu_arena_init(&arena, &heap);
    assert_int_equal(NUMU_TAKE(&arena, &tail, LONG), NUMU_OK);
    assert_int_equal(NUMU_TAKE(&arena, &head, LONG), NUMU_OK);
    for (uint32_t i = 0; i < LONG; i++) { /* from the last node to the first, and back */
        tail[i] = LONG - 1 - i;
        head[i] = (2 * LONG - 2 - i) % LONG;
    }
    assert_int_equal(numu_network_build(&arena, LONG, LONG - 1, tail, head, &network), NUMU_OK);
    assert_int_equal(network.order[0], LONG - 1);
    assert_int_equal(network.order[LONG - 1], 0);
    assert_int_equal(numu_network_build(&arena, LONG, LONG, tail, head, &network), NUMU_INVALID);
    assert_int_equal(network.cycle_length, LONG);
    assert_int_equal(network.cycle[0], LONG - 1); /* out of node 0 */
    numu_arena_release(&arena);
    assert_int_equal(heap.bytes, 0);
}

/* --- of models --- */

/* Activities "dig", "lay", "pour" in a ring; items of a bill in another, with "bolt" aside. */
static void build_rings(struct numu_model *model) {
    builder_take(model, "activity", 3);
    builder_take_links(model, 3);
    builder_take(model, "item", 3);
    builder_take(model, "process", 3);
    builder_take(model, "input", 3);
    static const char *const activities[] = {"dig", "pour", "lay"};
    static const char *const items[] = {"bolt", "gate", "hinge"};
    static const numu_row yields[] = {2, 1, 1};
    static const numu_row takes[] = {0, 1, 2};
    static const numu_row by[] = {0, 0, 1};
    for (numu_row row = 0; row < 3; row++) {
        model->activity.id[row] = numu_text_of(activities[row]);
        model->precedence.before[row] = 2 - row;
        model->precedence.after[row] = (4 - row) % 3;
        model->item.id[row] = numu_text_of(items[row]);
        model->process.item[row] = yields[row];
        model->input.item[row] = takes[row];
        model->input.process[row] = by[row];
    }
}

static void cycles_are_told(void **state) {
    (void)state;
    struct numu_heap heap;
    struct numu_model model;
    struct numu_network network;
    struct numu_report report;
    numu_heap_init(&heap, 0);
    builder_init(&model, &heap);
    numu_report_init(&report, &heap, 1);
    build_rings(&model);
    assert_int_equal(numu_network_of_activities(&model, &model.arena, &network), NUMU_INVALID);
    assert_int_equal(network.node_count, 3);
    numu_network_report_cycle(&model, &network, false, &report);
    numu_network_report_cycle(&model, &network, false, &report); /* counted only */
    assert_int_equal(numu_network_of_items(&model, &model.arena, &network), NUMU_INVALID);
    numu_network_report_cycle(&model, &network, true, &report);
    size_t count;
    const struct numu_diagnostic *list = numu_report_list(&report, &count);
    assert_int_equal(count, 2);
    assert_int_equal(report.counts[NUMU_CODE_PRECEDENCE_CYCLE], 2);
    assert_int_equal(report.counts[NUMU_CODE_BILL_CYCLE], 1);
    assert_int_equal(list[0].code, NUMU_CODE_PRECEDENCE_CYCLE);
    assert_true(numu_text_is(list[0].arguments[0].text, "dig > lay > pour > dig"));
    assert_int_equal(list[1].code, NUMU_CODE_BILL_CYCLE);
    assert_true(numu_text_is(list[1].arguments[0].text, "gate > hinge > gate"));
    numu_report_release(&report);
    builder_release(&model);
    assert_int_equal(heap.bytes, 0);
}

static void items_lead_to_what_they_go_into(void **state) {
    (void)state;
    struct numu_heap heap;
    struct numu_model model;
    struct numu_network network;
    numu_heap_init(&heap, 0);
    builder_init(&model, &heap);
    build_rings(&model);
    model.input.item[1] = 0; /* the hinge takes bolts only */
    assert_int_equal(numu_network_of_items(&model, &model.arena, &network), NUMU_OK);
    static const uint32_t order[] = {0, 2, 1};
    assert_memory_equal(network.order, order, sizeof order);
    static const uint32_t head[] = {2, 2, 1};
    assert_memory_equal(network.head, head, sizeof head);
    assert_ptr_equal(network.tail, model.input.item);
    builder_release(&model);
    assert_int_equal(heap.bytes, 0);
}

/* --- memory --- */

static uint64_t count_failures(struct numu_heap *heap, uint32_t link_count) {
    static const uint32_t tail[] = {0, 1, 2};
    static const uint32_t head[] = {1, 2, 0};
    struct numu_arena arena;
    numu_status status = NUMU_MEMORY;
    uint64_t failures = 0;
    numu_arena_init(&arena, heap);
    while (status == NUMU_MEMORY) {
        struct numu_network network = {.node_count = 77};
        heap->fail_at = heap->count + failures + 1;
        status = numu_network_build(&arena, 3, link_count, tail, head, &network);
        if (status == NUMU_MEMORY) {
            assert_int_equal(network.node_count, 77);
            failures++;
        }
        numu_arena_release(&arena);
        assert_int_equal(heap->bytes, 0);
    }
    heap->fail_at = 0;
    assert_int_equal(status, link_count == 3 ? NUMU_INVALID : NUMU_OK);
    return failures;
}

static void each_failed_allocation_is_passed_up(void **state) {
    (void)state;
    struct numu_heap heap;
    numu_heap_init(&heap, 0);
    assert_true(count_failures(&heap, 2) > 0);
    assert_true(count_failures(&heap, 3) > count_failures(&heap, 2));
}

/* [D3]: the finding is counted, and the report says that it could not be kept. */
static void report_without_memory_says_so(void **state) {
    (void)state;
    struct numu_heap heap;
    struct numu_model model;
    struct numu_network network;
    numu_heap_init(&heap, 0);
    builder_init(&model, &heap);
    build_rings(&model);
    assert_int_equal(numu_network_of_activities(&model, &model.arena, &network), NUMU_INVALID);
    size_t bytes = heap.bytes;
    numu_status status = NUMU_MEMORY;
    uint64_t failures = 0;
    while (status != NUMU_OK) {
        struct numu_report report;
        numu_report_init(&report, &heap, 0);
        heap.fail_at = heap.count + failures + 1;
        numu_network_report_cycle(&model, &network, false, &report);
        status = report.status;
        size_t count;
        (void)numu_report_list(&report, &count);
        assert_int_equal(report.counts[NUMU_CODE_PRECEDENCE_CYCLE], 1);
        assert_int_equal(count, status == NUMU_OK ? 1 : 0);
        failures += status == NUMU_OK ? 0 : 1;
        numu_report_release(&report);
        assert_int_equal(heap.bytes, bytes);
    }
    assert_true(failures >= 2);
    builder_release(&model);
    assert_int_equal(heap.bytes, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(agrees_with_slow_order),
        cmocka_unit_test(long_chain_and_ring),
        cmocka_unit_test(cycles_are_told),
        cmocka_unit_test(items_lead_to_what_they_go_into),
        cmocka_unit_test(each_failed_allocation_is_passed_up),
        cmocka_unit_test(report_without_memory_says_so),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
