/*
 * genealogy.c - what it costs to follow goods: where from and where used in a graph of ten levels
 * (raw to finished; each level twice as wide as the one before, each thing made of 1 to 3 of it, one
 * in twenty of those from further back), in memory and by the recursive query of SQLite over indexes of both ends, in the same run, with
 * the same answers. usage: genealogy DIR EDGES
 */
#include "ledger/genealogy.h"

#include "base/random.h"

#include "measure.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LEVELS = 10, QUESTIONS = 200, BY_SQL = 20 };

static void must_sql(int answer, const char *what) {
    if (answer != SQLITE_OK && answer != SQLITE_DONE && answer != SQLITE_ROW) {
        (void)fprintf(stderr, "genealogy bench: %s: SQLite %d\n", what, answer);
        exit(1);
    }
}

/* Nodes of the first level; level n has 2^n times as many, and each node two inputs on average. */
static uint32_t raw_count(long edges) {
    return (uint32_t)(edges / (2 * ((1 << LEVELS) - 2)));
}

static numu_node first_of(uint32_t level, uint32_t raw) {
    return raw * ((1U << level) - 1);
}

/* The edges of the graph, always the same, to whoever wants them. */
static void make_edges(long edges, void (*take)(void *data, numu_node used, numu_node made),
                       void *data) {
    struct numu_random random;
    uint32_t raw = raw_count(edges);
    numu_random_init(&random, 1, 0);
    for (uint32_t level = 1; level < LEVELS; level++) {
        for (uint32_t i = 0; i < raw << level; i++) {
            uint64_t inputs = 1 + numu_random_below(&random, 3);
            for (uint64_t j = 0; j < inputs; j++) {
                uint32_t from = numu_random_below(&random, 20) > 0
                                    ? level - 1
                                    : (uint32_t)numu_random_below(&random, level);
                take(data, first_of(from, raw) + (uint32_t)numu_random_below(&random, raw << from),
                     first_of(level, raw) + i);
            }
        }
    }
}

/* The node that question i is about: a finished one, or a raw one. */
static numu_node node_of(uint32_t i, numu_kin kin, uint32_t raw) {
    uint64_t spread = (uint64_t)i * 2654435761U;
    return kin == NUMU_KIN_MADE
               ? (numu_node)(spread % raw)
               : first_of(LEVELS - 1, raw) + (numu_node)(spread % (raw << (LEVELS - 1)));
}

static void take_for_memory(void *data, numu_node used, numu_node made) {
    must(numu_genealogy_add(data, used, made), "add");
}

/* --- in memory --- */

static void bench_memory(struct numu_genealogy *genealogy, numu_kin kin, uint32_t raw,
                         size_t counts[QUESTIONS], const char *name, double bar_ms) {
    double times[QUESTIONS];
    double cpu[QUESTIONS];
    double scaled[QUESTIONS];
    size_t most = 0;
    for (uint32_t i = 0; i < QUESTIONS; i++) {
        const numu_node *found;
        numu_node node = node_of(i, kin, raw);
        double start = seconds(CLOCK_MONOTONIC);
        double start_cpu = seconds(CLOCK_PROCESS_CPUTIME_ID);
        must(numu_genealogy_find(genealogy, node, kin, &found, &counts[i]), "find");
        cpu[i] = (seconds(CLOCK_PROCESS_CPUTIME_ID) - start_cpu) * 1e3;
        times[i] = (seconds(CLOCK_MONOTONIC) - start) * 1e3;
        scaled[i] = cpu[i] * 450000 / (double)counts[i];
        most = counts[i] > most ? counts[i] : most;
    }
    double p99 = quantile(cpu, QUESTIONS, 0.99);
    printf("%-12s in memory          p50 %.3f ms  p99 %.3f ms (of CPU %.3f)", name,
           quantile(times, QUESTIONS, 0.5), quantile(times, QUESTIONS, 0.99), p99);
    if (kin == NUMU_KIN_MADE) {
        printf(", for 450,000 nodes p50 %.2f p99 %.2f", quantile(scaled, QUESTIONS, 0.5),
               quantile(scaled, QUESTIONS, 0.99));
    }
    printf(" (bar %.0f ms); most %zu nodes\n", bar_ms, most);
}

/* Written, and read again as a program does that starts. */
static void bench_start(struct numu_heap *heap, struct numu_genealogy *genealogy,
                        const char *folder, struct numu_arena *arena) {
    char path[512];
    struct numu_buffer bytes;
    struct stat file;
    char *copy;
    struct numu_genealogy again;
    (void)snprintf(path, sizeof path, "%s/genealogy.graph", folder); /* the program lies beside */
    numu_buffer_init(&bytes, heap, 0);
    must(numu_genealogy_write(genealogy, &bytes), "write");
    int handle = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);
    must(handle >= 0 ? NUMU_OK : NUMU_IO, path);
    for (size_t at = 0; at < bytes.length;) {
        ssize_t put = write(handle, bytes.data + at, bytes.length - at);
        must(put > 0 ? NUMU_OK : NUMU_IO, path);
        at += (size_t)put;
    }
    (void)fsync(handle);
    (void)posix_fadvise(handle, 0, 0, POSIX_FADV_DONTNEED);
    (void)close(handle);
    numu_buffer_release(&bytes);
    double start = seconds(CLOCK_MONOTONIC);
    double cpu = seconds(CLOCK_PROCESS_CPUTIME_ID);
    handle = open(path, O_RDONLY);
    must(fstat(handle, &file) == 0 ? NUMU_OK : NUMU_IO, path);
    must(NUMU_TAKE(arena, &copy, (size_t)file.st_size), "memory");
    for (size_t at = 0; at < (size_t)file.st_size;) {
        ssize_t got = read(handle, copy + at, (size_t)file.st_size - at);
        must(got > 0 ? NUMU_OK : NUMU_IO, path);
        at += (size_t)got;
    }
    (void)close(handle);
    must(numu_genealogy_open(heap, (struct numu_text){copy, (size_t)file.st_size}, &again), "open");
    printf("ready to answer after start     %.2f s, of CPU %.2f (bar 2 s); %.0f MB\n",
           seconds(CLOCK_MONOTONIC) - start, seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu,
           (double)file.st_size * 1e-6);
    numu_genealogy_release(&again);
}

/* --- by SQL --- */

struct inserting {
    sqlite3_stmt *statement;
};

static void take_for_sql(void *data, numu_node used, numu_node made) {
    sqlite3_stmt *statement = ((struct inserting *)data)->statement;
    (void)sqlite3_bind_int64(statement, 1, used);
    (void)sqlite3_bind_int64(statement, 2, made);
    must_sql(sqlite3_step(statement), "insert");
    (void)sqlite3_reset(statement);
}

static sqlite3 *open_sql(const char *folder, long edges) {
    char path[512];
    sqlite3 *handle;
    struct inserting inserting;
    (void)snprintf(path, sizeof path, "%s/genealogy.db", folder);
    must_sql(sqlite3_open(path, &handle), path);
    must_sql(sqlite3_exec(handle,
                          "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;"
                          "PRAGMA cache_size=-1000000; CREATE TABLE edge(used INTEGER, made "
                          "INTEGER); BEGIN",
                          NULL, NULL, NULL),
             "table");
    must_sql(sqlite3_prepare_v2(handle, "INSERT INTO edge VALUES(?1, ?2)", -1, &inserting.statement,
                                NULL),
             "insert");
    make_edges(edges, take_for_sql, &inserting);
    (void)sqlite3_finalize(inserting.statement);
    must_sql(sqlite3_exec(handle,
                          "COMMIT; CREATE INDEX by_used ON edge(used, made);"
                          "CREATE INDEX by_made ON edge(made, used)",
                          NULL, NULL, NULL),
             "indexes");
    return handle;
}

static void bench_sql(sqlite3 *handle, numu_kin kin, uint32_t raw, const size_t counts[QUESTIONS],
                      const char *name) {
    double times[BY_SQL];
    sqlite3_stmt *query;
    must_sql(sqlite3_prepare_v2(handle,
                                kin == NUMU_KIN_MADE
                                    ? "WITH RECURSIVE r(n) AS (SELECT ?1 UNION SELECT made FROM r "
                                      "JOIN edge ON used = n) SELECT count(*) FROM r"
                                    : "WITH RECURSIVE r(n) AS (SELECT ?1 UNION SELECT used FROM r "
                                      "JOIN edge ON made = n) SELECT count(*) FROM r",
                                -1, &query, NULL),
             "query");
    for (uint32_t i = 0; i < BY_SQL; i++) {
        numu_node node = node_of(i, kin, raw);
        double start = seconds(CLOCK_MONOTONIC);
        (void)sqlite3_bind_int64(query, 1, node);
        must_sql(sqlite3_step(query), "query");
        size_t count = (size_t)sqlite3_column_int64(query, 0);
        (void)sqlite3_reset(query);
        times[i] = (seconds(CLOCK_MONOTONIC) - start) * 1e3;
        must(count == counts[i] ? NUMU_OK : NUMU_BUG, "another answer than SQL");
    }
    (void)sqlite3_finalize(query);
    printf("%-12s by SQLite          p50 %.1f ms  worst %.1f ms of %d; the same answers\n", name,
           quantile(times, BY_SQL, 0.5), quantile(times, BY_SQL, 1), BY_SQL);
}

int main(int argc, char **argv) {
    static size_t from[QUESTIONS];
    static size_t used[QUESTIONS];
    struct numu_heap heap;
    struct numu_arena arena;
    struct numu_genealogy genealogy;
    if (argc != 3) {
        return 2;
    }
    long edges = strtol(argv[2], NULL, 10);
    uint32_t raw = raw_count(edges);
    numu_heap_init(&heap, 0);
    numu_arena_init(&arena, &heap);
    numu_genealogy_init(&genealogy, &heap);
    double start = seconds(CLOCK_PROCESS_CPUTIME_ID);
    make_edges(edges, take_for_memory, &genealogy);
    printf("%u edges added one by one   %.2f s of CPU\n", numu_genealogy_edges(&genealogy),
           seconds(CLOCK_PROCESS_CPUTIME_ID) - start);
    bench_memory(&genealogy, NUMU_KIN_USED, raw, from, "where from,", 1); /* with its delta */
    bench_start(&heap, &genealogy, argv[1], &arena);
    bench_memory(&genealogy, NUMU_KIN_USED, raw, from, "where from,", 1);
    bench_memory(&genealogy, NUMU_KIN_MADE, raw, used, "where used,", 15);
    sqlite3 *handle = open_sql(argv[1], edges);
    bench_sql(handle, NUMU_KIN_USED, raw, from, "where from,");
    bench_sql(handle, NUMU_KIN_MADE, raw, used, "where used,");
    (void)sqlite3_close(handle);
    numu_genealogy_release(&genealogy);
    numu_arena_release(&arena);
    return 0;
}
