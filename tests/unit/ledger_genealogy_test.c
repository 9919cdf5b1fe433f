/*
 * Goal: the genealogy in memory finds what a recursive query of SQL and a plain search of a matrix
 * find, from every node, both ways, whatever stands in rows or delta; it ends on circles and names
 * one, and neither depth nor breadth cuts it.
 * Method: random graphs, some with circles, built in one go, edge by edge, or in part; a chain of
 * 100,000; a node from which 1,000,000 were made; the form on disk, damaged in every byte.
 */
#include "ledger/genealogy.h"

#include "base/random.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { SEED = 77, GRAPHS = 300, NODES = 24, DEEP = 100000, BROAD = 1000000 };

struct graph {
    bool edge[NODES][NODES]; /* [used][made] */
    numu_node nodes;
};

static void must(numu_status status) {
    assert_int_equal(status, NUMU_OK);
}

static void must_sql(int answer) {
    assert_true(answer == SQLITE_OK || answer == SQLITE_DONE);
}

/* --- oracles --- */

static void reach(const struct graph *graph, numu_node node, numu_kin kin, bool out[NODES]) {
    bool grows = true;
    memset(out, 0, NODES * sizeof *out);
    out[node] = true;
    while (grows) {
        grows = false;
        for (numu_node a = 0; a < NODES; a++) {
            for (numu_node b = 0; b < NODES; b++) {
                bool is_edge = kin == NUMU_KIN_MADE ? graph->edge[a][b] : graph->edge[b][a];
                if (is_edge && out[a] && !out[b]) {
                    out[b] = true;
                    grows = true;
                }
            }
        }
    }
}

static sqlite3 *open_sql(const struct graph *graph) {
    sqlite3 *handle;
    must_sql(sqlite3_open(":memory:", &handle));
    must_sql(
        sqlite3_exec(handle, "CREATE TABLE edge(used INTEGER, made INTEGER)", NULL, NULL, NULL));
    for (numu_node a = 0; a < NODES; a++) {
        for (numu_node b = 0; b < NODES; b++) {
            char sql[80];
            (void)snprintf(sql, sizeof sql, "INSERT INTO edge VALUES(%u, %u)", a, b);
            if (graph->edge[a][b]) {
                must_sql(sqlite3_exec(handle, sql, NULL, NULL, NULL));
            }
        }
    }
    return handle;
}

static sqlite3_stmt *prepare_reach(sqlite3 *handle, numu_kin kin) {
    sqlite3_stmt *query;
    must_sql(sqlite3_prepare_v2(
        handle,
        kin == NUMU_KIN_MADE ? "WITH RECURSIVE r(n) AS (SELECT ?1 UNION SELECT made FROM edge, r "
                               "WHERE used = n) SELECT n FROM r"
                             : "WITH RECURSIVE r(n) AS (SELECT ?1 UNION SELECT used FROM edge, r "
                               "WHERE made = n) SELECT n FROM r",
        -1, &query, NULL));
    return query;
}

static void reach_by_sql(sqlite3_stmt *query, numu_node node, bool out[NODES]) {
    memset(out, 0, NODES * sizeof *out);
    must_sql(sqlite3_bind_int(query, 1, (int)node));
    while (sqlite3_step(query) == SQLITE_ROW) {
        out[sqlite3_column_int(query, 0)] = true;
    }
    must_sql(sqlite3_reset(query));
}

/* --- random graphs --- */

static void make_graph(struct numu_random *random, struct graph *out) {
    uint64_t density = 1 + numu_random_below(random, 12);
    bool has_circles = numu_random_below(random, 3) == 0;
    memset(out, 0, sizeof *out);
    out->nodes = NODES;
    for (numu_node a = 0; a < NODES; a++) {
        for (numu_node b = 0; b < NODES; b++) {
            out->edge[a][b] = (has_circles || a < b) && numu_random_below(random, 100) < density;
        }
    }
}

static void check_searches(const struct graph *graph, struct numu_genealogy *genealogy,
                           sqlite3 *handle) {
    for (int kin = 0; kin < NUMU_KIN_COUNT; kin++) {
        sqlite3_stmt *query = prepare_reach(handle, (numu_kin)kin);
        for (numu_node node = 0; node < NODES; node++) {
            bool expected[NODES];
            bool by_sql[NODES];
            bool seen[NODES] = {false};
            const numu_node *found;
            size_t count;
            reach(graph, node, (numu_kin)kin, expected);
            reach_by_sql(query, node, by_sql);
            assert_memory_equal(expected, by_sql, sizeof expected);
            must(numu_genealogy_find(genealogy, node, (numu_kin)kin, &found, &count));
            assert_true(found[0] == node);
            for (size_t i = 0; i < count; i++) {
                assert_false(seen[found[i]]);
                seen[found[i]] = true;
            }
            assert_memory_equal(expected, seen, sizeof expected);
        }
        must_sql(sqlite3_finalize(query));
    }
}

/* A circle is named where there is one, and is one. */
static void check_circle(const struct graph *graph, struct numu_genealogy *genealogy,
                         unsigned *circles) {
    const numu_node *found;
    size_t count;
    bool expected = false;
    for (numu_node a = 0; a < NODES; a++) {
        bool back[NODES];
        reach(graph, a, NUMU_KIN_USED, back);
        for (numu_node b = 0; b < NODES; b++) {
            expected = expected || (graph->edge[a][b] && back[b]);
        }
    }
    must(numu_genealogy_circle(genealogy, &found, &count));
    assert_int_equal(count > 0, expected);
    for (size_t i = 0; i < count; i++) {
        assert_true(graph->edge[found[(i + 1) % count]][found[i]]);
    }
    *circles += count > 0;
}

static void test_random(void **state) {
    struct numu_heap heap;
    struct numu_random random;
    (void)state;
    print_message("# seed %d\n", SEED);
    numu_random_init(&random, SEED, 0);
    numu_heap_init(&heap, 0);
    const char *given = getenv("NUMU_SOAK_GRAPHS");
    long graphs = given == NULL ? GRAPHS : strtol(given, NULL, 10);
    unsigned circles = 0;
    for (long round = 0; round < graphs; round++) {
        struct graph graph;
        struct numu_genealogy genealogy;
        make_graph(&random, &graph);
        numu_genealogy_init(&genealogy, &heap);
        uint64_t build_every = numu_random_below(&random, 40); /* 0: never */
        uint64_t edges = 0;
        for (numu_node b = NODES; b-- > 0;) {
            for (numu_node a = 0; a < NODES; a++) {
                if (graph.edge[a][b]) {
                    must(numu_genealogy_add(&genealogy, a, b));
                    edges++;
                    if (build_every > 0 && edges % build_every == 0) {
                        must(numu_genealogy_build(&genealogy));
                    }
                }
            }
        }
        assert_true(numu_genealogy_edges(&genealogy) == edges);
        sqlite3 *handle = open_sql(&graph);
        check_searches(&graph, &genealogy, handle);
        must(numu_genealogy_build(&genealogy));
        check_searches(&graph, &genealogy, handle);
        check_circle(&graph, &genealogy, &circles);
        must_sql(sqlite3_close(handle));
        numu_genealogy_release(&genealogy);
    }
    assert_true(circles > 0 && circles < graphs); /* some have one */
    assert_int_equal(heap.bytes, 0);
}

/* --- depth and breadth --- */

static void test_large(void **state) {
    struct numu_heap heap;
    struct numu_genealogy genealogy;
    const numu_node *found;
    size_t count;
    (void)state;
    numu_heap_init(&heap, 0);
    numu_genealogy_init(&genealogy, &heap);
    for (numu_node i = 0; i < DEEP; i++) {
        must(numu_genealogy_add(&genealogy, i, i + 1));
    }
    must(numu_genealogy_find(&genealogy, 0, NUMU_KIN_MADE, &found, &count));
    assert_int_equal(count, DEEP + 1);
    assert_true(found[DEEP] == DEEP);
    for (numu_node i = 1; i <= BROAD; i++) {
        must(numu_genealogy_add(&genealogy, DEEP, DEEP + i));
    }
    must(numu_genealogy_find(&genealogy, 0, NUMU_KIN_MADE, &found, &count));
    assert_int_equal(count, DEEP + 1 + BROAD);
    must(numu_genealogy_find(&genealogy, DEEP + BROAD, NUMU_KIN_USED, &found, &count));
    assert_int_equal(count, DEEP + 2);
    must(numu_genealogy_find(&genealogy, INT32_MAX, NUMU_KIN_USED, &found, &count));
    assert_int_equal(count, 1);
    must(numu_genealogy_circle(&genealogy, &found, &count));
    assert_int_equal(count, 0);
    must(numu_genealogy_add(&genealogy, DEEP, 0)); /* the whole chain is a circle now */
    must(numu_genealogy_circle(&genealogy, &found, &count));
    assert_int_equal(count, DEEP + 1);
    must(numu_genealogy_find(&genealogy, 1, NUMU_KIN_MADE, &found, &count));
    assert_int_equal(count, DEEP + 1 + BROAD);
    assert_int_equal(numu_genealogy_add(&genealogy, 0, NUMU_GENEALOGY_NODES_MAX), NUMU_LIMIT);
    numu_genealogy_release(&genealogy);
    assert_int_equal(heap.bytes, 0);
}

/* --- on a disk --- */

static void test_disk(void **state) {
    struct numu_heap heap;
    struct numu_arena arena;
    struct numu_genealogy genealogy;
    struct numu_genealogy again;
    struct numu_buffer bytes;
    struct numu_random random;
    struct graph graph;
    char *copy;
    (void)state;
    numu_heap_init(&heap, 0);
    numu_arena_init(&arena, &heap);
    numu_buffer_init(&bytes, &heap, 0);
    numu_random_init(&random, SEED, 1);
    make_graph(&random, &graph);
    numu_genealogy_init(&genealogy, &heap);
    for (numu_node a = 0; a < NODES; a++) {
        for (numu_node b = 0; b < NODES; b++) {
            if (graph.edge[a][b]) {
                must(numu_genealogy_add(&genealogy, a, b));
            }
        }
    }
    must(numu_genealogy_add(&genealogy, 0, NODES - 1)); /* all nodes are there */
    graph.edge[0][NODES - 1] = true;
    must(numu_genealogy_write(&genealogy, &bytes));
    must(NUMU_TAKE(&arena, &copy, bytes.length));
    memcpy(copy, bytes.data, bytes.length);
    struct numu_text text = {copy, bytes.length};
    must(numu_genealogy_open(&heap, text, &again));
    sqlite3 *handle = open_sql(&graph);
    check_searches(&graph, &again, handle);
    must(numu_genealogy_add(&again, NODES - 1, 0)); /* it grows on */
    graph.edge[NODES - 1][0] = true;
    must_sql(sqlite3_close(handle));
    handle = open_sql(&graph);
    check_searches(&graph, &again, handle);
    must_sql(sqlite3_close(handle));
    numu_genealogy_release(&again);
    for (size_t i = 0; i < text.length; i++) {
        copy[i] ^= 0x10;
        assert_int_equal(numu_genealogy_open(&heap, text, &again), NUMU_INVALID);
        copy[i] ^= 0x10;
        struct numu_text cut = {copy, i};
        assert_int_equal(numu_genealogy_open(&heap, cut, &again), NUMU_INVALID);
    }
    numu_genealogy_release(&genealogy);
    numu_buffer_release(&bytes);
    numu_arena_release(&arena);
    assert_int_equal(heap.bytes, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_random), cmocka_unit_test(test_large),
                                       cmocka_unit_test(test_disk)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
