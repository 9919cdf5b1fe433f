/*
 * ledger.c - what the ledger costs: durable acknowledgements, import, verification, size; beside the
 * raw flush of the disk and plain SQLite doing the like in the same run. usage: ledger DIR EVENTS
 */
#include "ledger/verify.h"
#include "ledger/writer.h"

#include "measure.h"

#include <fcntl.h>
#include <pthread.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char registers[] =
    "{\"type\":\"register\",\"by\":\"init\",\"key\":\"r\",\"ledger\":\"bench\","
    "\"time\":\"2026-01-01T00:00:00Z\",\"register\":{\"items\":[{\"id\":\"rifle\",\"control\":"
    "\"serial\",\"unit\":\"each\"}],\"places\":[{\"id\":\"a\",\"kind\":\"plant\",\"site\":\"a\"}],"
    "\"people\":[{\"id\":\"keeper\",\"roles\":\"storekeeper\"}]}}";

enum { SERIALS_MAX = 10 };

/* Event n brings serials in: every index of the state is written to. */
static void make_event(struct numu_arena *arena, long n, int serials,
                       struct numu_entry_request *out) {
    char list[SERIALS_MAX * 12 + 1];
    struct numu_event_error error;
    struct numu_text text;
    size_t length = 0;
    for (int i = 0; i < serials; i++) {
        unsigned long number = ((unsigned long)(n * serials + i) * 2654435761UL) & 0xFFFFFFFFUL;
        length += (size_t)snprintf(list + length, sizeof list - length, "%s\"R%08lX\"",
                                   i > 0 ? "," : "", number);
    }
    must(numu_text_printf(
             arena, &text,
             "{\"type\":\"open\",\"by\":\"keeper\",\"key\":\"k%ld\",\"ledger\":\"bench\","
             "\"time\":\"2026-01-05T08:00:00Z\",\"lines\":[{\"item\":\"rifle\",\"serials\":"
             "[%s],\"from\":\"opening\",\"to\":\"a/serviceable\"}]}",
             n, list),
         "memory");
    *out = (struct numu_entry_request){.now = 1767600000 + n, .place = NUMU_NOWHERE};
    must(numu_event_read_draft(arena, text, &out->event, &error), "draft");
}

static void open_book(struct numu_heap *heap, const char *path, struct numu_ledger *out) {
    struct numu_store store;
    struct numu_arena arena;
    struct numu_entry_request request = {.now = 1767225600, .place = NUMU_NOWHERE};
    struct numu_event_error error;
    struct numu_report report;
    struct numu_receipt receipt;
    numu_store_problem problem;
    must(numu_store_sqlite_open(heap, path, NUMU_STORE_CREATE, NULL, &store, &problem), path);
    must(numu_ledger_init(heap, store, NUMU_TEXT("bench"), NUMU_TEXT("a"), out), "init");
    numu_arena_init(&arena, heap);
    numu_report_init(&report, heap, 0);
    must(numu_event_read_draft(&arena, NUMU_TEXT(registers), &request.event, &error), "registers");
    must(numu_ledger_begin(out), "begin");
    must(numu_ledger_record(out, &request, &report, &receipt), "record");
    must(numu_ledger_commit(out), "commit");
    numu_report_release(&report);
    numu_arena_release(&arena);
}

/* --- the disk alone --- */

static double flush_p50;
static double flush_p99;

static void bench_flush(const char *folder) {
    enum { COUNT = 300 };
    char path[512];
    char page[4096] = {1};
    double times[COUNT];
    (void)snprintf(path, sizeof path, "%s/flush", folder);
    int file = open(path, O_RDWR | O_CREAT | O_TRUNC, 0600);
    for (int i = 0; i < COUNT; i++) {
        double start = seconds(CLOCK_MONOTONIC);
        if (pwrite(file, page, sizeof page, (off_t)i * 4096) != 4096 || fdatasync(file) != 0) {
            exit(1);
        }
        times[i] = seconds(CLOCK_MONOTONIC) - start;
    }
    (void)close(file);
    flush_p50 = quantile(times, COUNT, 0.5);
    flush_p99 = quantile(times, COUNT, 0.99);
    printf("raw flush                       p50 %.2f ms  p99 %.2f ms\n", flush_p50 * 1e3,
           flush_p99 * 1e3);
}

/* --- clients that wait --- */

struct client {
    struct numu_writer *writer;
    struct numu_heap *heap;
    long first, count;
    double *times;
};

static void *run_client(void *data) {
    struct client *client = data;
    struct numu_arena arena;
    numu_arena_init(&arena, client->heap);
    for (long i = 0; i < client->count; i++) {
        struct numu_entry_request request;
        struct numu_receipt receipt;
        make_event(&arena, client->first + i, 1, &request);
        double start = seconds(CLOCK_MONOTONIC);
        must(numu_writer_submit(client->writer, &request, &receipt), "submit");
        client->times[i] = seconds(CLOCK_MONOTONIC) - start;
        if (receipt.outcome != NUMU_OUTCOME_ACKNOWLEDGED) {
            must(NUMU_BUG, "outcome");
        }
        numu_arena_release(&arena);
    }
    return NULL;
}

static void bench_clients(struct numu_heap *heap, const char *folder, long clients, long each) {
    char path[512];
    struct numu_ledger ledger;
    struct numu_arena arena;
    struct numu_writer *writer;
    pthread_t *threads = calloc((size_t)clients, sizeof *threads);
    struct client *all = calloc((size_t)clients, sizeof *all);
    double *times = calloc((size_t)(clients * each), sizeof *times);
    (void)snprintf(path, sizeof path, "%s/clients-%ld.db", folder, clients);
    open_book(heap, path, &ledger);
    numu_arena_init(&arena, heap);
    must(numu_writer_open(&ledger, &arena, &writer), "writer");
    double start = seconds(CLOCK_MONOTONIC);
    for (long i = 0; i < clients; i++) {
        all[i] = (struct client){writer, heap, i * each, each, times + i * each};
        if (pthread_create(&threads[i], NULL, run_client, &all[i]) != 0) {
            exit(1);
        }
    }
    for (long i = 0; i < clients; i++) {
        (void)pthread_join(threads[i], NULL);
    }
    double wall = seconds(CLOCK_MONOTONIC) - start;
    numu_writer_close(writer);
    double rate = (double)(clients * each) / wall;
    double p99 = quantile(times, (size_t)(clients * each), 0.99);
    double bar = 38 / flush_p50 < 10000 ? 38 / flush_p50 : 10000;
    double p99_bar = 4 * flush_p99 > 0.05 ? 4 * flush_p99 : 0.05;
    printf("%4ld waiting clients            %.0f durable/s (bar %.0f, ratio %.2f)  p50 %.1f ms  "
           "p99 %.1f ms (bar %.0f ms)\n",
           clients, rate, bar, rate / bar, quantile(times, (size_t)(clients * each), 0.5) * 1e3,
           p99 * 1e3, p99_bar * 1e3);
    must(numu_ledger_close(&ledger), "close");
    numu_arena_release(&arena);
    free(threads);
    free(all);
    free(times);
}

/* --- import, size, verification --- */

struct times {
    double wall, cpu;
};

/* A book of events with so many serials each. */
static struct times import_events(struct numu_heap *heap, const char *path, long events,
                                  int serials) {
    struct numu_ledger ledger;
    struct numu_arena arena;
    struct numu_report report;
    open_book(heap, path, &ledger);
    numu_arena_init(&arena, heap);
    numu_report_init(&report, heap, 1);
    double wall = seconds(CLOCK_MONOTONIC);
    double cpu = seconds(CLOCK_PROCESS_CPUTIME_ID);
    for (long i = 0; i < events; i++) {
        struct numu_entry_request request;
        struct numu_receipt receipt;
        if (i % 1000 == 0) {
            must(numu_ledger_begin(&ledger), "begin");
        }
        make_event(&arena, i, serials, &request);
        must(numu_ledger_record(&ledger, &request, &report, &receipt), "record");
        if (i % 1000 == 999 || i == events - 1) {
            must(numu_ledger_commit(&ledger), "commit");
            numu_arena_release(&arena);
        }
    }
    wall = seconds(CLOCK_MONOTONIC) - wall;
    cpu = seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu;
    numu_report_release(&report);
    numu_arena_release(&arena);
    must(numu_ledger_close(&ledger), "close");
    return (struct times){wall, cpu};
}

/* Bytes of a book beside those of its events, an event; *out_bytes: of an event itself. */
static double beyond_events(struct numu_heap *heap, const char *path, double *out_bytes) {
    struct numu_store store;
    struct numu_buffer bytes;
    numu_store_problem problem;
    struct stat file;
    uint64_t size;
    double total = 0;
    must(stat(path, &file) == 0 ? NUMU_OK : NUMU_IO, path);
    must(numu_store_sqlite_open(heap, path, NUMU_STORE_READ, NULL, &store, &problem), path);
    must(store.port->size(store.self, 0, &size), "size");
    numu_buffer_init(&bytes, heap, 0);
    for (uint64_t i = 0; i < size; i++) {
        must(store.port->read(store.self, 0, i, &bytes, NULL), "read");
        total += (double)bytes.length;
    }
    numu_buffer_release(&bytes);
    must(store.port->close(store.self), "close");
    *out_bytes = total / (double)size;
    return ((double)file.st_size - total) / (double)size;
}

static double bench_import(struct numu_heap *heap, const char *folder, long events,
                           double *out_bytes) {
    char path[512];
    char path_of_ten[512];
    double bytes_of_ten;
    (void)snprintf(path, sizeof path, "%s/import.db", folder);
    (void)snprintf(path_of_ten, sizeof path_of_ten, "%s/import-ten.db", folder);
    struct times took = import_events(heap, path, events, 1);
    printf("import, every index             %.0f events/s wall, %.0f a second of CPU (bar 20000)\n",
           (double)events / took.wall, (double)events / took.cpu);
    double one = beyond_events(heap, path, out_bytes);
    printf("size, a serial an event         %.0f bytes beyond the event's own %.0f (bar 150)\n",
           one, *out_bytes);
    (void)import_events(heap, path_of_ten, events / SERIALS_MAX, SERIALS_MAX);
    double ten = beyond_events(heap, path_of_ten, &bytes_of_ten);
    printf("size, %d serials an event       %.0f beyond its own %.0f: %.0f for each serial more\n",
           SERIALS_MAX, ten, bytes_of_ten, (ten - one) / (SERIALS_MAX - 1));
    return took.wall;
}

/* The like by hand: the same bytes, a leaf, two indexes, a row of state. */
static void bench_plain(const char *path, long events, double bytes, double ours) {
    sqlite3 *handle;
    sqlite3_stmt *event;
    sqlite3_stmt *index;
    sqlite3_stmt *state;
    char body[1024];
    memset(body, 'x', sizeof body);
    if (sqlite3_open(path, &handle) != SQLITE_OK ||
        sqlite3_exec(handle,
                     "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL;"
                     "PRAGMA wal_autocheckpoint=16384; PRAGMA cache_size=-65536;"
                     "CREATE TABLE event(seq INTEGER PRIMARY KEY, key TEXT UNIQUE, leaf BLOB, body "
                     "BLOB);CREATE TABLE item_event(item TEXT, seq INTEGER, PRIMARY KEY(item, seq))"
                     "WITHOUT ROWID; CREATE TABLE item(item TEXT PRIMARY KEY, place TEXT, seq "
                     "INTEGER) WITHOUT ROWID",
                     NULL, NULL, NULL) != SQLITE_OK ||
        sqlite3_prepare_v2(handle, "INSERT INTO event VALUES(?1, ?2, zeroblob(32), ?3)", -1, &event,
                           NULL) != SQLITE_OK ||
        sqlite3_prepare_v2(handle, "INSERT INTO item_event VALUES(?1, ?2)", -1, &index, NULL) !=
            SQLITE_OK ||
        sqlite3_prepare_v2(handle,
                           "INSERT INTO item VALUES(?1, 'a/serviceable', ?2) ON CONFLICT DO UPDATE "
                           "SET seq = ?2",
                           -1, &state, NULL) != SQLITE_OK) {
        exit(1);
    }
    double start = seconds(CLOCK_MONOTONIC);
    for (long i = 0; i < events; i++) {
        char key[32];
        char item[32];
        if (i % 1000 == 0) {
            (void)sqlite3_exec(handle, "BEGIN", NULL, NULL, NULL);
        }
        (void)snprintf(key, sizeof key, "k%ld", i);
        (void)snprintf(item, sizeof item, "R%08lX",
                       ((unsigned long)i * 2654435761UL) & 0xFFFFFFFFUL);
        (void)sqlite3_bind_int64(event, 1, i);
        (void)sqlite3_bind_text(event, 2, key, -1, SQLITE_STATIC);
        (void)sqlite3_bind_blob(event, 3, body, (int)bytes, SQLITE_STATIC);
        (void)sqlite3_bind_text(index, 1, item, -1, SQLITE_STATIC);
        (void)sqlite3_bind_int64(index, 2, i);
        (void)sqlite3_bind_text(state, 1, item, -1, SQLITE_STATIC);
        (void)sqlite3_bind_int64(state, 2, i);
        if (sqlite3_step(event) != SQLITE_DONE || sqlite3_step(index) != SQLITE_DONE ||
            sqlite3_step(state) != SQLITE_DONE) {
            exit(1);
        }
        (void)sqlite3_reset(event);
        (void)sqlite3_reset(index);
        (void)sqlite3_reset(state);
        if (i % 1000 == 999 || i == events - 1) {
            (void)sqlite3_exec(handle, "COMMIT", NULL, NULL, NULL);
        }
    }
    double wall = seconds(CLOCK_MONOTONIC) - start;
    printf("plain SQLite, no rules, no tree %.0f rows/s; the ledger takes %.2f times as long\n",
           (double)events / wall, ours / wall);
    (void)sqlite3_finalize(event);
    (void)sqlite3_finalize(index);
    (void)sqlite3_finalize(state);
    (void)sqlite3_close(handle);
}

static void bench_verify(struct numu_heap *heap, const char *path) {
    struct numu_store store;
    struct numu_ledger ledger;
    struct numu_report report;
    struct numu_verification result;
    struct numu_context context = {.heap = heap};
    numu_store_problem problem;
    must(numu_store_sqlite_open(heap, path, NUMU_STORE_READ, NULL, &store, &problem), path);
    must(numu_ledger_open(heap, store, &ledger), "open");
    numu_report_init(&report, heap, 10);
    double start = seconds(CLOCK_PROCESS_CPUTIME_ID);
    must(numu_ledger_verify(&context, &ledger, &report, &result), "verify");
    double cpu = seconds(CLOCK_PROCESS_CPUTIME_ID) - start;
    if (numu_report_total(&report, NUMU_ERROR) > 0) {
        must(NUMU_INVALID, "verification");
    }
    printf("full rebuild and comparison     %.0f events/s a core\n", (double)result.events / cpu);
    numu_report_release(&report);
    must(numu_ledger_close(&ledger), "close");
}

static void bench_tree(double bytes) {
    enum { LEAVES = 500000, SIGNATURES = 5000 };
    struct numu_frontier frontier = {.size = 0};
    static char entry[4096];
    double start = seconds(CLOCK_PROCESS_CPUTIME_ID);
    for (long i = 0; i < LEAVES; i++) {
        struct numu_sha256 leaf;
        memcpy(entry, &i, sizeof i);
        must(numu_merkle_leaf((struct numu_text){entry, (size_t)bytes}, &leaf), "leaf");
        must(numu_frontier_append(&frontier, &leaf), "append");
    }
    printf("tree verification               %.0f leaves/s a core (bar 500000)\n",
           LEAVES / (seconds(CLOCK_PROCESS_CPUTIME_ID) - start));
    uint8_t seed[NUMU_KEY_SEED_BYTES] = {1};
    struct numu_signer signer;
    struct numu_signature signature;
    must(numu_signer_of_seed(NUMU_TEXT("bench"), seed, &signer), "key");
    must(numu_sign(&signer, (struct numu_text){entry, (size_t)bytes}, &signature), "sign");
    start = seconds(CLOCK_PROCESS_CPUTIME_ID);
    for (long i = 0; i < SIGNATURES; i++) {
        if (!numu_signature_is_valid(&signer.public_key, (struct numu_text){entry, (size_t)bytes},
                                     &signature)) {
            exit(1);
        }
    }
    printf("signatures verified             %.0f/s a core (bar 15000)\n",
           SIGNATURES / (seconds(CLOCK_PROCESS_CPUTIME_ID) - start));
    numu_signer_release(&signer);
}

int main(int argc, char **argv) {
    struct numu_heap heap;
    char path[512];
    double bytes;
    if (argc != 3) {
        return 2;
    }
    long events = strtol(argv[2], NULL, 10);
    numu_heap_init(&heap, 0);
    bench_flush(argv[1]);
    bench_clients(&heap, argv[1], 64, events / 320);
    bench_clients(&heap, argv[1], 256, events / 1280);
    double wall = bench_import(&heap, argv[1], events, &bytes);
    (void)snprintf(path, sizeof path, "%s/plain.db", argv[1]);
    bench_plain(path, events, bytes, wall);
    (void)snprintf(path, sizeof path, "%s/import.db", argv[1]);
    bench_verify(&heap, path);
    bench_tree(bytes);
    return 0;
}
