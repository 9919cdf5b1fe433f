/*
 * Goal: a flipped bit in a book's file is found and named, wherever it lies; and no byte that is
 * not in use holds anything.
 * Method: bits of a file flipped one by one (make soak: one of each byte); each time the file is
 * refused, or verification finds and names what changed. The only bytes that may change unseen are
 * the four that say which SQLite wrote the file last. Bits of events in turn: each is found, and
 * the event itself named. Bits of the write-ahead log that a crash left beside a book: what is
 * there then is a beginning of what was recorded, and never another history. A book grows with rows
 * that change and vanish until its pages were balanced often; no byte out of use is other than
 * zero.
 * Control: with SQLite's secure_delete alone such bytes are seen.
 */
#include "ledger/verify.h"

#include "base/random.h"
#include "ledger_file.h"

#include <stdlib.h>
#include <unistd.h>

enum { EVENTS = 60, FLIPS = 500 };

static struct book_file book_file;

static int make_file(void **state) {
    (void)state;
    book_file_make(&book_file, EVENTS, 7919, 3);
    return 0;
}

static int remove_file(void **state) {
    (void)state;
    return book_file_remove(&book_file);
}

/* --- what the book says --- */

static numu_status hash_row(void *data, struct numu_text key, struct numu_text value) {
    NUMU_TRY(numu_sha256_update(data, key.data, key.length));
    NUMU_TRY(numu_sha256_update(data, "\n", 1));
    NUMU_TRY(numu_sha256_update(data, value.data, value.length));
    return numu_sha256_update(data, "\n", 1);
}

static struct numu_sha256 content_of(struct numu_ledger *ledger) {
    struct numu_sha256_stream stream;
    struct numu_sha256 digest;
    struct numu_buffer entry;
    const struct numu_store *store = &ledger->state.store;
    book_must(numu_sha256_init(&stream));
    numu_buffer_init(&entry, ledger->heap, 0);
    for (uint64_t i = 0; i < ledger->head.size; i++) {
        struct numu_sha256 leaf;
        book_must(store->port->read(store->self, 0, i, &entry, &leaf));
        book_must(numu_sha256_update(&stream, entry.data, entry.length));
        book_must(numu_sha256_update(&stream, leaf.bytes, sizeof leaf.bytes));
    }
    numu_buffer_release(&entry);
    book_must(store->port->scan(store->self, NUMU_SPACE_STATE, NUMU_TEXT(""), hash_row, &stream));
    book_must(store->port->scan(store->self, NUMU_SPACE_BOOK, NUMU_TEXT(""), hash_row, &stream));
    book_must(numu_sha256_finish(&stream, &digest));
    return digest;
}

typedef enum verdict { REFUSED, FOUND, UNCHANGED, MISSED } verdict;

/* `named` (may be NULL) is what a finding must name, as in "a:7". */
static verdict look(const struct numu_sha256 *content, const char *named) {
    struct numu_heap heap;
    struct numu_ledger ledger;
    struct numu_report report;
    struct numu_verification result;
    const struct numu_context context = {.heap = &heap};
    if (!book_open_damaged(&heap, book_file.path, &ledger)) {
        return REFUSED;
    }
    numu_report_init(&report, &heap, 0);
    numu_status status = numu_ledger_verify(&context, &ledger, &report, &result);
    verdict answer = status != NUMU_OK                            ? REFUSED
                     : numu_report_total(&report, NUMU_ERROR) > 0 ? FOUND
                                                                  : UNCHANGED;
    if (answer == UNCHANGED) {
        struct numu_sha256 now = content_of(&ledger);
        answer = numu_sha256_is_equal(&now, content) ? UNCHANGED : MISSED;
    }
    bool is_named = named == NULL;
    size_t count;
    const struct numu_diagnostic *list = numu_report_list(&report, &count);
    for (size_t i = 0; i < count; i++) {
        is_named = is_named || numu_text_is(list[i].arguments[1].text, named);
    }
    assert_true(is_named || answer == REFUSED);
    book_close_damaged(&heap, &ledger, &report);
    return answer;
}

static struct numu_sha256 read_content(void) {
    struct numu_heap heap;
    struct numu_store store;
    struct numu_ledger ledger;
    numu_store_problem problem;
    numu_heap_init(&heap, 0);
    book_must(
        numu_store_sqlite_open(&heap, book_file.path, NUMU_STORE_READ, NULL, &store, &problem));
    book_must(numu_ledger_open(&heap, store, &ledger));
    struct numu_sha256 content = content_of(&ledger);
    book_must(numu_ledger_close(&ledger));
    return content;
}

static verdict look_flipped(const struct numu_sha256 *content, size_t at, unsigned bit,
                            const char *named) {
    unsigned char byte = book_file.bytes[at];
    book_file_patch(book_file.path, at, (unsigned char)(byte ^ (1U << bit)));
    verdict answer = look(content, named);
    book_file_patch(book_file.path, at, byte);
    return answer;
}

/* --- tests --- */

static bool is_exempt(size_t at) {
    return at >= 96 && at < 100; /* the version of SQLite that wrote the file last */
}

static void test_any_bit(void **state) {
    (void)state;
    struct numu_random random;
    struct numu_sha256 content = read_content();
    size_t flips = book_count("NUMU_SOAK_FLIPS", FLIPS);
    bool is_all = flips > FLIPS;
    unsigned verdicts[4] = {0};
    assert_int_equal(look(&content, NULL), UNCHANGED);
    numu_random_init(&random, 20261125, 0);
    flips = is_all ? book_file.length : flips;
    for (size_t i = 0; i < flips; i++) {
        size_t at = is_all ? i : (size_t)numu_random_below(&random, book_file.length);
        verdict answer = look_flipped(&content, at, (unsigned)numu_random_below(&random, 8), NULL);
        if (answer == MISSED || (answer == UNCHANGED && !is_exempt(at))) {
            fail_msg("byte %zu of %zu (page %zu, offset %zu): a flip is not found, verdict %d", at,
                     book_file.length, at / 4096 + 1, at % 4096, (int)answer);
        }
        verdicts[answer]++;
    }
    print_message("# %zu bits of %zu bytes: %u files refused, %u found, %u in the version\n", flips,
                  book_file.length, verdicts[REFUSED], verdicts[FOUND], verdicts[UNCHANGED]);
    assert_true(verdicts[FOUND] > flips / 2);
}

/* A letter of each event's serial: the event is named. */
static void test_each_event(void **state) {
    (void)state;
    struct numu_sha256 content = read_content();
    unsigned found = 0;
    for (unsigned i = 0; i < EVENTS; i++) {
        char serial[32];
        char name[32];
        (void)snprintf(serial, sizeof serial, "\"serials\":[\"R%04u\"]", i * 7919 % 10000);
        (void)snprintf(name, sizeof name, "a:%u", i + 2);
        for (size_t at = 0; at + sizeof serial < book_file.length; at++) {
            if (memcmp(book_file.bytes + at, serial, strlen(serial)) == 0) {
                assert_int_not_equal(look_flipped(&content, at + strlen(serial) - 3, 0, name),
                                     UNCHANGED);
                found++;
                break;
            }
        }
    }
    assert_int_equal(found, EVENTS);
}

/* --- a log that a crashed writer left beside the book --- */

static struct numu_sha256 leaves[2 * EVENTS];
static unsigned char log_bytes[BOOK_FILE_MAX];

static size_t read_file(const char *path, unsigned char *bytes) {
    FILE *stream = fopen(path, "rb");
    assert_non_null(stream);
    size_t length = fread(bytes, 1, BOOK_FILE_MAX, stream);
    assert_true(length > 0 && length < BOOK_FILE_MAX && fclose(stream) == 0);
    return length;
}

static void write_file(const char *path, const unsigned char *bytes, size_t length) {
    FILE *stream = fopen(path, "wb");
    assert_non_null(stream);
    assert_int_equal(fwrite(bytes, 1, length, stream), length);
    assert_int_equal(fclose(stream), 0);
}

/* The book as a crash left it: with some events, a commit each, in the log only. *its* length. */
static size_t crash(const char *path, const char *log_path) {
    static unsigned char bytes[BOOK_FILE_MAX];
    char own_log[160];
    struct book book;
    struct numu_store store;
    numu_store_problem problem;
    (void)snprintf(own_log, sizeof own_log, "%s-wal", book_file.path);
    memset(&book, 0, sizeof book);
    numu_heap_init(&book.heap, 0);
    numu_arena_init(&book.arena, &book.heap);
    numu_report_init(&book.report, &book.heap, 0);
    book_must(numu_store_sqlite_open(&book.heap, book_file.path, NUMU_STORE_WRITE, NULL, &store,
                                     &problem));
    book_must(numu_ledger_open(&book.heap, store, &book.ledger));
    book.now = INT64_C(1767700000);
    book.key = 10000;
    for (unsigned i = 0; i < EVENTS / 3; i++) {
        char draft[160];
        (void)snprintf(draft, sizeof draft,
                       "\"type\":\"open\",\"lines\":[{\"item\":\"rifle\",\"serials\":[\"L%04u\"],"
                       "\"from\":\"opening\",\"to\":\"store/serviceable\"}]",
                       i);
        book_do(&book, "keeper", draft);
    }
    for (uint64_t i = 0; i < book.ledger.head.size; i++) {
        book_must(store.port->read(store.self, 0, i, NULL, &leaves[i]));
    }
    write_file(path, bytes, read_file(book_file.path, bytes));
    size_t length = read_file(own_log, log_bytes);
    write_file(log_path, log_bytes, length);
    book_release(&book);
    book_file_write(&book_file); /* as it was */
    return length;
}

/*
 * How many events the crashed book has, where it is whole: those that were recorded, in their
 * order. -1: refused, or found to be altered.
 */
static int64_t look_at_crashed(const char *path) {
    struct numu_heap heap;
    struct numu_ledger ledger;
    struct numu_report report;
    struct numu_verification result;
    const struct numu_context context = {.heap = &heap};
    if (!book_open_damaged(&heap, path, &ledger)) {
        return -1;
    }
    numu_report_init(&report, &heap, 0);
    numu_status status = numu_ledger_verify(&context, &ledger, &report, &result);
    bool is_whole = status == NUMU_OK && numu_report_total(&report, NUMU_ERROR) == 0;
    int64_t size = is_whole ? (int64_t)ledger.head.size : -1;
    for (int64_t i = 0; i < size; i++) {
        struct numu_sha256 leaf;
        book_must(
            ledger.state.store.port->read(ledger.state.store.self, 0, (uint64_t)i, NULL, &leaf));
        assert_true(numu_sha256_is_equal(&leaf, &leaves[i])); /* never another history */
    }
    book_close_damaged(&heap, &ledger, &report);
    return size;
}

/*
 * A bit of the log flipped: its checksums end it there. What follows is gone, as if it had been cut
 * off; what is there is what was recorded. (A head kept elsewhere shows what is gone.)
 */
static void test_log_bits(void **state) {
    (void)state;
    char path[160];
    char log_path[160];
    struct numu_random random;
    unsigned flips = book_count("NUMU_SOAK_FLIPS", FLIPS / 2);
    unsigned verdicts[3] = {0}; /* refused, cut off, nothing lost */
    (void)snprintf(path, sizeof path, "%s/crashed.db", book_file.folder);
    (void)snprintf(log_path, sizeof log_path, "%s/crashed.db-wal", book_file.folder);
    size_t length = crash(path, log_path);
    int64_t whole = look_at_crashed(path);
    assert_true(whole == EVENTS + 2 + EVENTS / 3); /* control: unharmed it is all there */
    numu_random_init(&random, 20261126, 0);
    for (unsigned i = 0; i < flips; i++) {
        size_t at = (size_t)numu_random_below(&random, length);
        unsigned char byte = log_bytes[at];
        book_file_patch(log_path, at,
                        (unsigned char)(byte ^ (1U << numu_random_below(&random, 8))));
        int64_t size = look_at_crashed(path);
        assert_true(size < 0 || (size >= EVENTS + 2 && size <= whole));
        verdicts[size < 0 ? 0 : size < whole ? 1 : 2]++;
        book_file_patch(log_path, at, byte);
    }
    print_message("# %u bits of a log of %zu bytes: %u refused, %u cut off, %u with all events\n",
                  flips, length, verdicts[0], verdicts[1], verdicts[2]);
    assert_true(verdicts[1] > flips / 2);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(unlink(log_path), 0);
}

/* --- bytes that are not in use --- */

enum { ROUNDS = 60, PUTS = 60, VALUE_MAX = 9000 };

struct text_of {
    char key[64];
    char value[VALUE_MAX];
};

/* Rows that come, grow, shrink and go, long ones among them; entries of many lengths. */
static void churn(struct numu_store *store, struct numu_random *random, uint64_t *entries) {
    static struct text_of row;
    book_must(store->port->begin(store->self));
    for (unsigned i = 0; i < PUTS; i++) {
        uint64_t fate = numu_random_below(random, 10);
        numu_space space = numu_random_below(random, 2) == 0 ? NUMU_SPACE_STATE : NUMU_SPACE_BOOK;
        size_t most = fate == 0 ? VALUE_MAX : fate < 4 ? 600 : 40;
        size_t bytes_of_value = (size_t)numu_random_below(random, most);
        memset(row.value, (int)('a' + numu_random_below(random, 26)), bytes_of_value);
        (void)snprintf(row.key, sizeof row.key, "row %0*u", (int)(fate + 1),
                       (unsigned)numu_random_below(random, 400));
        struct numu_text key = numu_text_of(row.key);
        if (numu_random_below(random, 3) == 0) {
            book_must(store->port->remove(store->self, space, key));
        } else {
            book_must(store->port->put(store->self, space, key,
                                       (struct numu_text){row.value, bytes_of_value}));
        }
        if (i % 8 == 0) {
            struct numu_sha256 leaf;
            struct numu_text entry = {row.value, bytes_of_value + 1};
            book_must(numu_merkle_leaf(entry, &leaf));
            book_must(store->port->append(store->self, 0, (*entries)++, entry, &leaf));
        }
    }
    book_must(store->port->commit(store->self));
}

static numu_status count_flaw(void *data, const struct numu_flaw *flaw) {
    (void)flaw;
    ++*(unsigned *)data;
    return NUMU_OK;
}

/* Pages with bytes that hold something though nobody reads them, after a life of many changes. */
static unsigned dirty_pages(bool is_dirty, uint64_t seed) {
    struct numu_store_options options = {.is_dirty = is_dirty};
    struct numu_heap heap;
    struct numu_store store;
    struct numu_random random;
    numu_store_problem problem;
    char churned[160];
    uint64_t entries = 0;
    uint64_t pages = 0;
    unsigned flaws = 0;
    (void)snprintf(churned, sizeof churned, "%s/churned.db", book_file.folder);
    numu_heap_init(&heap, 0);
    numu_random_init(&random, seed, 0);
    for (unsigned life = 0; life < 3; life++) { /* closed and opened again */
        book_must(numu_store_sqlite_open(&heap, churned,
                                         life == 0 ? NUMU_STORE_CREATE : NUMU_STORE_WRITE, &options,
                                         &store, &problem));
        for (unsigned round = 0; round < ROUNDS; round++) {
            churn(&store, &random, &entries);
        }
        book_must(store.port->close(store.self));
        book_must(numu_store_sqlite_open(&heap, churned, NUMU_STORE_READ, NULL, &store, &problem));
        book_must(store.port->check(store.self, count_flaw, &flaws, &pages));
        book_must(store.port->close(store.self));
        assert_true(pages > 50);
    }
    assert_int_equal(heap.bytes, 0);
    assert_int_equal(unlink(churned), 0);
    return flaws;
}

static void test_dead_space(void **state) {
    (void)state;
    unsigned seeds = book_count("NUMU_SOAK_SEEDS", 1);
    unsigned remains = 0;
    for (unsigned seed = 1; seed <= seeds; seed++) {
        if (dirty_pages(false, seed) > 0) {
            fail_msg("seed %u: a byte out of use holds something", seed);
        }
        remains += seed <= 3 ? dirty_pages(true, seed) : 0; /* control */
    }
    print_message("# with secure_delete alone %u pages hold what nobody reads\n", remains);
    assert_true(remains > 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_any_bit), cmocka_unit_test(test_each_event),
        cmocka_unit_test(test_log_bits), cmocka_unit_test(test_dead_space)};
    return cmocka_run_group_tests(tests, make_file, remove_file);
}
