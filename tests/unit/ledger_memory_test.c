/*
 * Goal: whatever allocation fails, ours or SQLite's, the answer is a status, nothing leaks, what
 * was acknowledged is there, and the book is whole.
 * Method: the life of a book (made, nine commits, a count in sheets among them, a new epoch, a
 * signed head, a bundle to another book, verified, closed) is lived again and again, with the n-th
 * allocation failing, for each n until none does; once alone and once with all after it. Then the
 * file is opened with memory to spare, verified, and held against what was acknowledged.
 * Control: the lives in which something failed are counted, and each ended early.
 */
#include "ledger/bundle.h"
#include "ledger/verify.h"

#include "ledger_opening.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <unistd.h>

enum { COMMITS = 3, STEP = 7 };

static char folder[64];
static char path[128];

/* --- SQLite's memory --- */

static struct {
    sqlite3_mem_methods below;
    unsigned long count, fail_at; /* 0 = never */
    bool fails_on;                /* all from there on */
} memory;

static bool fails(void) {
    memory.count++;
    return memory.fail_at > 0 &&
           (memory.count == memory.fail_at || (memory.fails_on && memory.count > memory.fail_at));
}

static void *take(int bytes) {
    return fails() ? NULL : memory.below.xMalloc(bytes);
}

static void *resize(void *at, int bytes) {
    return fails() ? NULL : memory.below.xRealloc(at, bytes);
}

static void configure(void) {
    sqlite3_mem_methods methods;
    assert_int_equal(sqlite3_shutdown(), SQLITE_OK);
    assert_int_equal(sqlite3_config(SQLITE_CONFIG_GETMALLOC, &memory.below), SQLITE_OK);
    methods = memory.below;
    methods.xMalloc = take;
    methods.xRealloc = resize;
    assert_int_equal(sqlite3_config(SQLITE_CONFIG_MALLOC, &methods), SQLITE_OK);
    assert_int_equal(sqlite3_initialize(), SQLITE_OK);
}

/* --- a life --- */

struct life {
    struct numu_heap heap;
    struct numu_arena arena;
    struct numu_report report;
    struct numu_signer signer;
    uint64_t acked; /* events */
    int64_t epoch;
};

static numu_status record(struct life *life, struct numu_ledger *ledger, const char *text) {
    struct numu_event_error error;
    struct numu_entry_request request = {.now = 1767600000, .place = NUMU_NOWHERE};
    struct numu_receipt receipt;
    struct numu_arena_mark mark = numu_arena_mark(&life->arena);
    numu_status status =
        numu_event_read_draft(&life->arena, numu_text_of(text), &request.event, &error);
    if (status == NUMU_OK) {
        status = numu_ledger_complete(ledger, &life->arena, &request.event);
    }
    if (status == NUMU_OK) {
        status = numu_ledger_record(ledger, &request, &life->report, &receipt);
    }
    assert_true(status != NUMU_OK || receipt.outcome == NUMU_OUTCOME_ACKNOWLEDGED);
    numu_arena_rewind(&life->arena, mark);
    return status;
}

static numu_status commit_one(struct life *life, struct numu_ledger *ledger, const char *text) {
    numu_status status = numu_ledger_begin(ledger);
    if (status == NUMU_OK) {
        status = record(life, ledger, text);
    }
    if (status == NUMU_OK) {
        status = numu_ledger_commit(ledger);
    } else {
        numu_ledger_rollback(ledger);
    }
    life->acked += status == NUMU_OK;
    return status;
}

/* Two sheets, of which one is withdrawn, and a count of the other. */
static numu_status count_all(struct life *life, struct numu_ledger *ledger) {
    static const char *const drafts[] = {
        "\"type\":\"sheet\",\"key\":\"s1\",\"count\":\"c\",\"against\":5,\"lines\":[{\"item\":"
        "\"rifle\",\"serials\":[\"R0\",\"R1\"],\"to\":\"store/serviceable\"},{\"item\":\"round\","
        "\"lot\":\"L1\",\"quantity\":3,\"to\":\"store/serviceable\"}]",
        "\"type\":\"sheet\",\"key\":\"s2\",\"count\":\"c\",\"against\":5,\"lines\":[{\"item\":"
        "\"rifle\",\"serials\":[\"R2\"],\"to\":\"store/serviceable\"}]",
        "\"type\":\"withdraw\",\"key\":\"w\",\"reason\":\"misread\",\"ref\":\"a:6\"",
        "\"type\":\"count\",\"key\":\"c\",\"against\":5,\"lines\":[{\"item\":\"rifle\","
        "\"quantity\":"
        "2,\"to\":\"store/serviceable\"},{\"item\":\"round\",\"quantity\":3,\"to\":"
        "\"store/serviceable\"}]"};
    for (size_t i = 0; i < sizeof drafts / sizeof *drafts; i++) {
        char text[512];
        (void)snprintf(text, sizeof text,
                       "{\"by\":\"keeper\",\"second\":\"judge\",\"time\":\"2026-01-05T08:00:00Z\","
                       "%s}",
                       drafts[i]);
        NUMU_TRY(commit_one(life, ledger, text));
    }
    return NUMU_OK;
}

static numu_status record_all(struct life *life, struct numu_ledger *ledger) {
    char text[4096];
    (void)snprintf(text, sizeof text,
                   "{\"by\":\"whoever\",\"key\":\"r\",\"time\":\"2026-01-05T08:00:00Z\",%s}",
                   book_registers);
    NUMU_TRY(commit_one(life, ledger, text));
    (void)snprintf(text, sizeof text, "{\"by\":\"whoever\",\"time\":\"2026-01-05T08:00:00Z\",%s}",
                   opening_people);
    NUMU_TRY(commit_one(life, ledger, text));
    for (unsigned i = 0; i < COMMITS; i++) {
        (void)snprintf(text, sizeof text,
                       "{\"by\":\"keeper\",\"key\":\"k%u\",\"time\":\"2026-01-05T08:00:00Z\","
                       "\"type\":\"open\",\"lines\":[{\"item\":\"rifle\",\"serials\":[\"R%u\"],"
                       "\"from\":\"opening\",\"to\":\"store/serviceable\"}]}",
                       i, i);
        NUMU_TRY(commit_one(life, ledger, text));
    }
    NUMU_TRY(count_all(life, ledger));
    NUMU_TRY(opening_do(ledger, &life->arena, &life->report));
    life->acked++;
    life->epoch = 1;
    NUMU_TRY(numu_ledger_begin(ledger));
    numu_status status = numu_ledger_sign_head(ledger, &life->signer, NULL);
    if (status != NUMU_OK) {
        numu_ledger_rollback(ledger);
        return status;
    }
    return numu_ledger_commit(ledger);
}

static numu_status exchange(struct life *life, struct numu_ledger *ledger) {
    struct numu_store store;
    struct numu_ledger other;
    struct numu_buffer bytes;
    struct numu_bundle_result result;
    NUMU_TRY(numu_store_memory_open(&life->heap, &store));
    NUMU_TRY(numu_ledger_init(&life->heap, store, NUMU_TEXT("test"), NUMU_TEXT("hub"), &other));
    numu_buffer_init(&bytes, &life->heap, 0);
    numu_status status = numu_bundle_write(ledger, ledger->site, 0, &bytes);
    struct numu_text rest = {bytes.data, bytes.length};
    if (status == NUMU_OK) {
        status = numu_bundle_accept(&other, &rest, &life->signer.public_key, &result);
        assert_true(status != NUMU_OK || result.outcome == NUMU_BUNDLE_ACCEPTED);
    }
    numu_buffer_release(&bytes);
    (void)numu_ledger_close(&other);
    return status;
}

static numu_status verify(struct life *life, struct numu_ledger *ledger) {
    struct numu_verification result;
    struct numu_context context = {.heap = &life->heap};
    return numu_ledger_verify(&context, ledger, &life->report, &result);
}

static numu_status live(struct life *life) {
    struct numu_store store;
    struct numu_ledger ledger;
    numu_store_problem problem;
    NUMU_TRY(numu_store_sqlite_open(&life->heap, path, NUMU_STORE_CREATE, NULL, &store, &problem));
    NUMU_TRY(numu_ledger_init(&life->heap, store, NUMU_TEXT("test"), NUMU_TEXT("a"), &ledger));
    numu_status status = record_all(life, &ledger);
    if (status == NUMU_OK) {
        status = exchange(life, &ledger);
    }
    if (status == NUMU_OK) {
        status = verify(life, &ledger);
    }
    numu_status closed = numu_ledger_close(&ledger);
    return status == NUMU_OK ? closed : status;
}

/* With memory to spare: what was acknowledged is there, and all is whole. */
static void look_again(struct life *life) {
    struct numu_store store;
    struct numu_ledger ledger;
    numu_store_problem problem;
    numu_report_release(&life->report);
    numu_report_init(&life->report, &life->heap, 0);
    if (life->acked == 0) { /* there may be no book yet */
        return;
    }
    book_must(numu_store_sqlite_open(&life->heap, path, NUMU_STORE_WRITE, NULL, &store, &problem));
    book_must(numu_ledger_open(&life->heap, store, &ledger));
    assert_true(ledger.head.size >= life->acked && ledger.head.size <= life->acked + 1);
    assert_true(ledger.epoch >= life->epoch && ledger.epoch <= 1);
    book_must(verify(life, &ledger));
    assert_int_equal(numu_report_total(&life->report, NUMU_ERROR), 0);
    book_must(numu_ledger_close(&ledger));
}

static void remove_files(void) {
    char name[160];
    (void)unlink(path);
    (void)snprintf(name, sizeof name, "%s-wal", path);
    (void)unlink(name);
    (void)snprintf(name, sizeof name, "%s-shm", path);
    (void)unlink(name);
}

/* One life in which the n-th allocation fails; false where it was over before. */
static bool live_short(unsigned n, bool is_ours, bool fails_on) {
    static struct life life;
    uint8_t seed[NUMU_KEY_SEED_BYTES] = {7};
    memset(&life, 0, sizeof life);
    numu_heap_init(&life.heap, 0);
    numu_arena_init(&life.arena, &life.heap);
    numu_report_init(&life.report, &life.heap, 0);
    book_must(numu_signer_of_seed(NUMU_TEXT("a"), seed, &life.signer));
    if (is_ours) {
        life.heap.fail_at = n;
        life.heap.fail_count = fails_on ? 1000000 : 0;
    } else {
        memory.count = 0;
        memory.fail_at = n;
        memory.fails_on = fails_on;
    }
    numu_status status = live(&life);
    bool was_reached = is_ours ? life.heap.count >= n : memory.count >= n;
    life.heap.fail_at = 0;
    memory.fail_at = 0;
    /* SQLite may do without, as it does where a cache cannot grow. */
    assert_true(status == NUMU_OK || status == NUMU_MEMORY || (!is_ours && status == NUMU_IO));
    assert_true(!is_ours || !was_reached || status == NUMU_MEMORY);
    look_again(&life);
    numu_report_release(&life.report);
    numu_arena_release(&life.arena);
    numu_signer_release(&life.signer);
    assert_int_equal(life.heap.bytes, 0);
    remove_files();
    return was_reached;
}

static void run(bool is_ours, const char *name) {
    unsigned step = book_count("NUMU_SOAK_SEEDS", 0) > 0 ? 1 : STEP;
    unsigned lives = 0;
    for (unsigned fails_on = 0; fails_on < 2; fails_on++) {
        for (unsigned n = 1; live_short(n, is_ours, fails_on == 1); n += step) {
            lives++;
        }
    }
    print_message("# %s: %u lives were short of memory\n", name, lives);
    assert_true(lives > 20);
}

static void test_ours(void **state) {
    (void)state;
    run(true, "ours");
}

static void test_sqlite(void **state) {
    (void)state;
    run(false, "SQLite's");
}

static int make_folder(void **state) {
    (void)state;
    bool has_memory = access("/dev/shm", W_OK) == 0; /* thousands of files: not on a disk */
    (void)snprintf(folder, sizeof folder, "%s/numu-memory-XXXXXX",
                   has_memory ? "/dev/shm" : "/tmp");
    if (mkdtemp(folder) == NULL) {
        return -1;
    }
    (void)snprintf(path, sizeof path, "%s/book.db", folder);
    configure();
    return 0;
}

static int remove_folder(void **state) {
    (void)state;
    return rmdir(folder);
}

int main(void) {
    const struct CMUnitTest tests[] = {cmocka_unit_test(test_ours), cmocka_unit_test(test_sqlite)};
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
