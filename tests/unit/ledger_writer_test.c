/*
 * Goal: many may write at once, and a process may be killed at any moment.
 * Method: threads that submit events through one writer, each event more than once, as clients do
 * that lost an answer: the log must be a gapless sequence with each event once, and every answer
 * its receipt. A child process that records and tells what was acknowledged is killed at random
 * moments (SIGKILL): what it told must be in the book, which must be verified whole and go on. So
 * with one that takes in another site's log piece by piece and closes the book (which moves the
 * write-ahead log into the file), and with one that opens epoch after epoch. The same where the
 * file system takes no more bytes (a limit on the size of files).
 */
#include "ledger/bundle.h"
#include "ledger/verify.h"
#include "ledger/writer.h"

#include "base/random.h"
#include "ledger_opening.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { CLIENTS = 64, EACH = 400, ROUNDS = 12, PIECES = 60, PIECE_EVENTS = 5 };

static void make_request(struct numu_arena *arena, unsigned n, struct numu_entry_request *out) {
    char draft[256];
    struct numu_event_error error;
    struct numu_text text;
    (void)snprintf(
        draft, sizeof draft,
        "{\"type\":\"open\",\"by\":\"keeper\",\"key\":\"n%u\",\"ledger\":\"test\",\"time\":"
        "\"2026-01-05T08:00:00Z\",\"lines\":[{\"item\":\"rifle\",\"serials\":[\"R%u\"],"
        "\"from\":\"opening\",\"to\":\"store/serviceable\"}]}",
        n, n);
    book_must(numu_text_copy(arena, numu_text_of(draft), &text));
    *out = (struct numu_entry_request){.now = 1767600000, .place = NUMU_NOWHERE};
    book_must(numu_event_read_draft(arena, text, &out->event, &error));
}

static void verify_book(struct book *book) {
    struct numu_verification result;
    struct numu_context context = {.heap = &book->heap};
    struct numu_report report;
    numu_report_init(&report, &book->heap, 0);
    book_must(numu_ledger_verify(&context, &book->ledger, &report, &result));
    assert_int_equal(numu_report_total(&report, NUMU_ERROR), 0);
    numu_report_release(&report);
}

/* --- clients --- */

struct client {
    struct numu_writer *writer;
    struct numu_heap *heap;
    unsigned first;
    unsigned each;
    int64_t sequence[EACH];
    bool is_good;
};

static void *run_client(void *data) {
    struct client *client = data;
    struct numu_arena arena;
    numu_arena_init(&arena, client->heap);
    client->is_good = true;
    for (unsigned i = 0; i < client->each; i++) {
        for (unsigned times = 0; times < 1 + i % 3; times++) {
            struct numu_entry_request request;
            struct numu_receipt receipt;
            make_request(&arena, client->first + i, &request);
            numu_status status = numu_writer_submit(client->writer, &request, &receipt);
            numu_outcome expected = times == 0 ? NUMU_OUTCOME_ACKNOWLEDGED : NUMU_OUTCOME_REPEATED;
            client->is_good = client->is_good && status == NUMU_OK && receipt.outcome == expected &&
                              (times == 0 || receipt.sequence == client->sequence[i]);
            client->sequence[i] = receipt.sequence;
        }
    }
    numu_arena_release(&arena);
    return NULL;
}

static void test_clients(void **state) {
    (void)state;
    static struct book book;
    static struct client clients[CLIENTS];
    static bool seen[CLIENTS * EACH + 1];
    pthread_t threads[CLIENTS];
    unsigned each = book_count("NUMU_SOAK_KILLS", 0) > 0 ? EACH : EACH / 40;
    memset(seen, 0, sizeof seen);
    struct numu_writer *writer;
    book_init(&book, "a");
    book_must(numu_writer_open(&book.ledger, &book.arena, &writer));
    for (unsigned i = 0; i < CLIENTS; i++) {
        clients[i] =
            (struct client){.writer = writer, .heap = &book.heap, .first = i * each, .each = each};
        assert_int_equal(pthread_create(&threads[i], NULL, run_client, &clients[i]), 0);
    }
    for (unsigned i = 0; i < CLIENTS; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    }
    numu_writer_close(writer);
    for (unsigned i = 0; i < CLIENTS; i++) {
        assert_true(clients[i].is_good);
        for (unsigned j = 0; j < each; j++) {
            int64_t sequence = clients[i].sequence[j];
            assert_true(sequence >= 1 && sequence <= (int64_t)CLIENTS * each && !seen[sequence]);
            seen[sequence] = true; /* each number once: no gap, no two for one */
        }
    }
    assert_true(book.ledger.head.size == (uint64_t)CLIENTS * each + 1);
    verify_book(&book);
    book_release(&book);
}

/* --- killed --- */

static char folder[64];
static char path[128];

static bool reopen(struct book *book, numu_store_mode mode) {
    struct numu_store store;
    numu_store_problem problem;
    memset(book, 0, sizeof *book);
    numu_heap_init(&book->heap, 0);
    numu_arena_init(&book->arena, &book->heap);
    numu_report_init(&book->report, &book->heap, 0);
    if (numu_store_sqlite_open(&book->heap, path, mode, NULL, &store, &problem) != NUMU_OK) {
        return false;
    }
    if (mode == NUMU_STORE_CREATE) {
        book_open(book, store, "a");
        return true;
    }
    return numu_ledger_open(&book->heap, store, &book->ledger) == NUMU_OK;
}

/* In the child: records for ever, and tells the size of the book after each commit. */
static void record_for_ever(int pipe_end) {
    static struct book book;
    if (!reopen(&book, NUMU_STORE_WRITE)) {
        _exit(3);
    }
    for (;;) {
        uint64_t size = 0;
        if (numu_ledger_begin(&book.ledger) != NUMU_OK) {
            _exit(4);
        }
        for (unsigned i = 0; i < 5; i++) {
            struct numu_entry_request request;
            make_request(&book.arena, (unsigned)book.ledger.head.size, &request);
            if (numu_ledger_record(&book.ledger, &request, &book.report, &book.receipt) !=
                NUMU_OK) {
                _exit(5);
            }
        }
        if (numu_ledger_commit(&book.ledger) != NUMU_OK) {
            _exit(6);
        }
        size = book.ledger.head.size;
        if (write(pipe_end, &size, sizeof size) != (ssize_t)sizeof size) {
            _exit(7);
        }
    }
}

/* A child that does `work` and is killed; the last that it told, else what was told before. */
static uint64_t kill_one(void (*work)(int pipe_end), struct numu_random *random, uint64_t told) {
    int ends[2];
    int status;
    uint64_t word;
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        (void)close(ends[0]);
        work(ends[1]);
    }
    (void)close(ends[1]);
    struct timespec pause = {0, 1000000 + (long)numu_random_below(random, 60000000)};
    (void)nanosleep(&pause, NULL);
    assert_int_equal(kill(child, SIGKILL), 0);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status)); /* it did not end by itself */
    while (read(ends[0], &word, sizeof word) == (ssize_t)sizeof word) {
        told = word;
    }
    (void)close(ends[0]);
    return told;
}

static void test_killed(void **state) {
    (void)state;
    static struct book book;
    struct numu_random random;
    uint64_t told = 1;
    unsigned rounds = book_count("NUMU_SOAK_KILLS", ROUNDS);
    numu_random_init(&random, 99, 0);
    assert_true(reopen(&book, NUMU_STORE_CREATE));
    book_release(&book);
    for (unsigned round = 0; round < rounds; round++) {
        told = kill_one(record_for_ever, &random, told);
        assert_true(reopen(&book, NUMU_STORE_WRITE));
        assert_true(book.ledger.head.size >= told);
        verify_book(&book);
        book_release(&book);
    }
    print_message("# %u kills, %llu events told and there\n", rounds, (unsigned long long)told);
    assert_true(told > 1);
}

/* --- killed while another site's log is taken in --- */

static struct numu_signer other_signer;
static struct numu_buffer pieces[PIECES]; /* of the log of site "b" */
static struct numu_heap pieces_heap;

static void make_pieces(void) {
    static struct book book;
    static const unsigned char seed[32] = {3};
    uint64_t from = 0;
    numu_heap_init(&pieces_heap, 0);
    book_must(numu_signer_of_seed(NUMU_TEXT("b"), seed, &other_signer));
    book_init(&book, "a");
    book_register_key(&book, &other_signer.public_key);
    for (unsigned i = 0; i < PIECES; i++) {
        book_must(numu_ledger_begin(&book.ledger));
        for (unsigned j = 0; j < PIECE_EVENTS; j++) {
            struct numu_entry_request request;
            make_request(&book.arena, i * PIECE_EVENTS + j, &request);
            book_must(numu_ledger_record(&book.ledger, &request, &book.report, &book.receipt));
        }
        book_must(numu_ledger_sign_head(&book.ledger, &other_signer, NULL));
        book_must(numu_ledger_commit(&book.ledger));
        numu_buffer_init(&pieces[i], &pieces_heap, 0);
        book_must(numu_bundle_write(&book.ledger, book.ledger.site, from, &pieces[i]));
        from = book.ledger.head.size;
    }
    book_release(&book);
}

static void release_pieces(void) {
    for (unsigned i = 0; i < PIECES; i++) {
        numu_buffer_release(&pieces[i]);
    }
    numu_signer_release(&other_signer);
    assert_int_equal(pieces_heap.bytes, 0);
}

static uint64_t size_of_other(struct numu_ledger *ledger) {
    uint32_t log;
    uint64_t size = 0;
    const struct numu_store *store = &ledger->state.store;
    numu_status status = numu_ledger_log(ledger, NUMU_TEXT("a"), &log);
    return status == NUMU_OK && store->port->size(store->self, log, &size) == NUMU_OK ? size : 0;
}

static bool accept_piece(struct numu_ledger *ledger, unsigned piece) {
    struct numu_text bytes = {pieces[piece].data, pieces[piece].length};
    struct numu_bundle_result result;
    return numu_bundle_accept(ledger, &bytes, &other_signer.public_key, &result) == NUMU_OK &&
           result.outcome <= NUMU_BUNDLE_PARKED;
}

/* A new book of another site, made whole: opened, told of, and closed. */
static void make_hub(struct book *book) {
    struct numu_store store;
    numu_store_problem problem;
    (void)unlink(path);
    memset(book, 0, sizeof *book);
    numu_heap_init(&book->heap, 0);
    book_must(numu_store_sqlite_open(&book->heap, path, NUMU_STORE_CREATE, NULL, &store, &problem));
    book_open(book, store, "hq");
    book_release(book);
}

/* In the child: takes in piece after piece, closing the book now and then, and tells its size. */
static void accept_for_ever(int pipe_end) {
    static struct book book;
    for (unsigned i = 0;; i = (i + 1) % PIECES) {
        uint64_t size = 0;
        if (i % 4 == 0) { /* closed, as after a command */
            if (book.ledger.heap != NULL) {
                book_release(&book);
            }
            if (!reopen(&book, NUMU_STORE_WRITE)) {
                _exit(3);
            }
        }
        size = accept_piece(&book.ledger, i) ? size_of_other(&book.ledger) : 0;
        if (size == 0 || write(pipe_end, &size, sizeof size) != (ssize_t)sizeof size) {
            _exit(4);
        }
    }
}

static void test_killed_accepting(void **state) {
    (void)state;
    static struct book book;
    struct numu_random random;
    uint64_t told = 0;
    unsigned midway = 0;
    unsigned rounds = book_count("NUMU_SOAK_KILLS", ROUNDS);
    numu_random_init(&random, 100, 0);
    make_pieces();
    for (unsigned round = 0; round < rounds; round++) {
        make_hub(&book);
        told = kill_one(accept_for_ever, &random, 0);
        assert_true(reopen(&book, NUMU_STORE_WRITE));
        uint64_t size = size_of_other(&book.ledger);
        assert_true(size >= told);
        midway += size > 0 && size < PIECES * PIECE_EVENTS;
        verify_book(&book);
        for (unsigned i = 0; i < PIECES; i++) { /* the same sticks once more */
            assert_true(accept_piece(&book.ledger, i));
        }
        assert_true(size_of_other(&book.ledger) >= PIECES * PIECE_EVENTS);
        verify_book(&book);
        book_release(&book);
    }
    print_message("# %u kills, %u with a part of the log taken in\n", rounds, midway);
    assert_true(midway > 0);
    release_pieces();
}

/* --- killed while epochs are opened --- */

/* What the next epoch begins before. */
static bool record_one_more(struct book *book) {
    struct numu_entry_request request;
    make_request(&book->arena, 1000 * (unsigned)book->ledger.epoch, &request);
    return numu_ledger_begin(&book->ledger) == NUMU_OK &&
           numu_ledger_record(&book->ledger, &request, &book->report, &book->receipt) == NUMU_OK &&
           numu_ledger_commit(&book->ledger) == NUMU_OK;
}

static void open_epochs_for_ever(int pipe_end) {
    static struct book book;
    if (!reopen(&book, NUMU_STORE_WRITE)) {
        _exit(3);
    }
    for (;;) {
        uint64_t epoch;
        if (!record_one_more(&book) ||
            opening_do(&book.ledger, &book.arena, &book.report) != NUMU_OK) {
            _exit(4);
        }
        epoch = (uint64_t)book.ledger.epoch;
        if (write(pipe_end, &epoch, sizeof epoch) != (ssize_t)sizeof epoch) {
            _exit(5);
        }
    }
}

static void test_killed_opening(void **state) {
    (void)state;
    static struct book book;
    struct numu_random random;
    uint64_t told = 0;
    unsigned opened = 0;
    unsigned rounds = book_count("NUMU_SOAK_KILLS", ROUNDS);
    numu_random_init(&random, 101, 0);
    for (unsigned round = 0; round < rounds; round++) {
        if (round % 4 == 0) { /* each opening copies the log: a new book before it is too long */
            (void)unlink(path);
            assert_true(reopen(&book, NUMU_STORE_CREATE));
            book_do(&book, "whoever", opening_people);
            book_release(&book);
            told = 0;
        }
        told = kill_one(open_epochs_for_ever, &random, told);
        assert_true(reopen(&book, NUMU_STORE_WRITE));
        assert_true(book.ledger.epoch >= (int64_t)told);
        uint64_t least = 2 + 2 * (uint64_t)book.ledger.epoch; /* whole openings */
        assert_true(book.ledger.head.size == least || book.ledger.head.size == least + 1);
        opened += book.ledger.epoch > 0;
        verify_book(&book);
        book_release(&book);
    }
    print_message("# %u kills, %u after an epoch was opened\n", rounds, opened);
    assert_true(opened > 0);
}

/* --- a real file system that is full --- */

/* In the child: files may not grow beyond a limit; records until that is felt. */
static void record_until_full(int pipe_end, rlim_t most) {
    struct rlimit limit = {most, most};
    if (signal(SIGXFSZ, SIG_IGN) == SIG_ERR || setrlimit(RLIMIT_FSIZE, &limit) != 0) {
        _exit(2);
    }
    record_for_ever(pipe_end);
}

/* What was told before is there once there is room again, and the book goes on. */
static void test_full(void **state) {
    (void)state;
    static struct book book;
    uint64_t told = 1;
    uint64_t before = 0;
    assert_true(reopen(&book, NUMU_STORE_CREATE));
    book_release(&book);
    for (rlim_t most = 100 << 10; most <= 800 << 10; most += 100 << 10) {
        int ends[2];
        int status;
        uint64_t size;
        assert_int_equal(pipe(ends), 0);
        pid_t child = fork();
        assert_true(child >= 0);
        if (child == 0) {
            (void)close(ends[0]);
            record_until_full(ends[1], most);
        }
        (void)close(ends[1]);
        while (read(ends[0], &size, sizeof size) == (ssize_t)sizeof size) {
            told = size;
        }
        (void)close(ends[0]);
        assert_int_equal(waitpid(child, &status, 0), child);
        assert_true(WIFEXITED(status) &&
                    WEXITSTATUS(status) >= 3); /* it was refused, and said so */
        assert_true(reopen(&book, NUMU_STORE_WRITE));
        assert_true(book.ledger.head.size >= told && told > before);
        before = told;
        verify_book(&book);
        book_release(&book);
    }
    print_message("# full eight times, %llu events told and there\n", (unsigned long long)told);
}

static int make_folder(void **state) {
    (void)state;
    (void)snprintf(folder, sizeof folder, "/tmp/numu-writer-XXXXXX");
    assert_non_null(mkdtemp(folder));
    (void)snprintf(path, sizeof path, "%s/book.db", folder);
    return 0;
}

static int remove_folder(void **state) {
    (void)state;
    (void)unlink(path);
    return rmdir(folder);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_clients),
        cmocka_unit_test_setup_teardown(test_killed, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(test_killed_accepting, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(test_killed_opening, make_folder, remove_folder),
        cmocka_unit_test_setup_teardown(test_full, make_folder, remove_folder)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
