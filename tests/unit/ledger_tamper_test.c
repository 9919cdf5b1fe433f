/*
 * Goal: whoever can write to the file of a book, or forges signatures, or plays two sites off
 * against each other, is seen.
 * Method: an administrator without our code edits, deletes, inserts, swaps and cuts off events in
 * SQL, with and without making their hashes right again: verification finds it each time, and names
 * the first event where the hashes were left, else a signed head. Signatures are forged in every
 * bit, and as the published traps of Ed25519 have it (S not reduced, keys of small order). A serial
 * is made at two sites, spent at two, received before it is known to be sent, and a receipt comes
 * late into a period that was closed.
 * Control: the same book without any of it holds; the same signatures unharmed are valid.
 */
#include "ledger/bundle.h"
#include "ledger/doubt.h"
#include "ledger/query.h"
#include "ledger/verify.h"

#include "base/random.h"
#include "ledger_file.h"

#include <sqlite3.h>
#include <stdlib.h>
#include <unistd.h>

enum { EVENTS = 40, TRIALS = 120 };

static struct book_file book_file;

static int make_file(void **state) {
    (void)state;
    book_file_make(&book_file, EVENTS, 1, 5);
    return 0;
}

static int remove_file(void **state) {
    (void)state;
    return book_file_remove(&book_file);
}

/* --- an administrator --- */

typedef enum deed { EDIT, REMOVE, INSERT, SWAP, CUT, DEED_COUNT } deed;
static const char *const deeds[DEED_COUNT] = {
    [EDIT] = "UPDATE entry SET bytes = CAST(replace(bytes, 'R0', 'Q0') AS BLOB) WHERE id = ?1",
    [REMOVE] = "DELETE FROM entry WHERE id = ?1",
    [INSERT] = ("UPDATE entry SET id = id + 1000 WHERE id >= ?1;"
                "UPDATE entry SET id = id - 999 WHERE id > 1000 + ?1 AND id < 100000;"
                "INSERT INTO entry SELECT ?1, leaf, bytes FROM entry WHERE id = 3"),
    [SWAP] = ("UPDATE entry SET id = CASE id WHEN ?1 THEN -1 ELSE -2 END WHERE id IN (?1, ?1 + 1);"
              "UPDATE entry SET id = CASE id WHEN -1 THEN ?1 + 1 ELSE ?1 END WHERE id < 0"),
    [CUT] = "DELETE FROM entry WHERE id >= ?1"};

static void set_leaf(sqlite3_context *context, int count, sqlite3_value **values) {
    struct numu_sha256 leaf;
    struct numu_text entry = {sqlite3_value_blob(values[0]),
                              (size_t)sqlite3_value_bytes(values[0])};
    (void)count;
    book_must(numu_merkle_leaf(entry, &leaf));
    sqlite3_result_blob(context, leaf.bytes, NUMU_SHA256_BYTES, SQLITE_TRANSIENT);
}

/* Does it to event `at`; is_clever makes the hashes right, too. */
static void tamper(deed what, unsigned at, bool is_clever) {
    sqlite3 *handle;
    book_file_write(&book_file);
    assert_int_equal(sqlite3_open(book_file.path, &handle), SQLITE_OK);
    assert_int_equal(
        sqlite3_create_function(handle, "leaf_of", 1, SQLITE_UTF8, NULL, set_leaf, NULL, NULL),
        SQLITE_OK);
    assert_int_equal(sqlite3_exec(handle, "PRAGMA journal_mode = DELETE; PRAGMA synchronous = OFF",
                                  NULL, NULL, NULL),
                     SQLITE_OK);
    assert_int_equal(sqlite3_exec(handle, "DROP TRIGGER entry_is_final; DROP TRIGGER entry_stays",
                                  NULL, NULL, NULL),
                     SQLITE_OK);
    for (const char *sql = deeds[what]; sql != NULL && *sql != '\0';) {
        sqlite3_stmt *prepared;
        assert_int_equal(sqlite3_prepare_v2(handle, sql, -1, &prepared, &sql), SQLITE_OK);
        if (prepared != NULL) {
            (void)sqlite3_bind_int(prepared, 1, (int)at);
            assert_int_equal(sqlite3_step(prepared), SQLITE_DONE);
            assert_int_equal(sqlite3_finalize(prepared), SQLITE_OK);
        }
    }
    if (is_clever) {
        assert_int_equal(
            sqlite3_exec(handle, "UPDATE entry SET leaf = leaf_of(bytes)", NULL, NULL, NULL),
            SQLITE_OK);
    }
    assert_int_equal(sqlite3_close(handle), SQLITE_OK);
}

/* The number of findings; *first is the least event named, *head whether a head is. */
static unsigned look(unsigned *first, bool *head) {
    struct numu_heap heap;
    struct numu_ledger ledger;
    struct numu_report report;
    struct numu_verification result;
    const struct numu_context context = {.heap = &heap};
    *first = UINT32_MAX;
    *head = false;
    if (!book_open_damaged(&heap, book_file.path, &ledger)) {
        return 1; /* refused */
    }
    numu_report_init(&report, &heap, 0);
    numu_status status = numu_ledger_verify(&context, &ledger, &report, &result);
    assert_true(status == NUMU_OK || status == NUMU_INVALID);
    size_t count;
    const struct numu_diagnostic *list = numu_report_list(&report, &count);
    for (size_t i = 0; i < count; i++) {
        unsigned sequence;
        const char *kind = list[i].arguments[0].text.data;
        char name[64] = {0};
        (void)snprintf(name, sizeof name, "%.*s", (int)list[i].arguments[1].text.length,
                       list[i].arguments[1].text.data);
        *head = *head || strcmp(kind, "kind.head") == 0;
        if (strcmp(kind, "kind.event") == 0 && sscanf(name, "a:%u", &sequence) == 1 &&
            sequence < *first) {
            *first = sequence;
        }
    }
    book_close_damaged(&heap, &ledger, &report);
    return (unsigned)count + (status != NUMU_OK);
}

static void test_administrator(void **state) {
    (void)state;
    struct numu_random random;
    unsigned trials = book_count("NUMU_SOAK_TRIALS", TRIALS);
    unsigned first;
    bool head;
    book_file_write(&book_file); /* control */
    assert_int_equal(look(&first, &head), 0);
    numu_random_init(&random, 20261125, 0);
    for (unsigned i = 0; i < trials; i++) {
        deed what = (deed)(i % DEED_COUNT);
        bool is_clever = i / DEED_COUNT % 2 == 1;
        unsigned at = 3 + (unsigned)numu_random_below(&random, EVENTS - 4);
        tamper(what, at, is_clever);
        unsigned found = look(&first, &head);
        if (found == 0) {
            fail_msg("trial %u: deed %d at event %u is not found", i, (int)what, at);
        }
        /* What says itself where it belongs is named; the rest shows in the head. */
        bool is_named = what == CUT ? head : first == at || (what == EDIT && is_clever && head);
        if (!is_named) {
            fail_msg("trial %u: deed %d at event %u is found at %u, head %d", i, (int)what, at,
                     first, (int)head);
        }
    }
}

/* --- signatures --- */

/* The order of the group, RFC 8032, 5.1: 2^252 + 27742317777372353535851937790883648493. */
static const uint8_t group_order[32] = {
    0xed, 0xd3, 0xf5, 0x5c, 0x1a, 0x63, 0x12, 0x58, 0xd6, 0x9c, 0xf7, 0xa2, 0xde, 0xf9, 0xde, 0x14,
    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0,    0x10};

/* The points of small order, with both signs and the encodings that are not canonical. */
static const char *const small_order[] = {
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0000000000000000000000000000000000000000000000000000000000000080",
    "0100000000000000000000000000000000000000000000000000000000000000",
    "0100000000000000000000000000000000000000000000000000000000000080",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
    "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"};

static void read_hex(const char *hex, uint8_t out[32]) {
    for (unsigned i = 0; i < 32; i++) {
        unsigned byte;
        assert_int_equal(sscanf(hex + 2 * (size_t)i, "%2x", &byte), 1);
        out[i] = (uint8_t)byte;
    }
}

static void test_signatures(void **state) {
    (void)state;
    struct numu_signer signer;
    struct numu_signature good;
    uint8_t seed[NUMU_KEY_SEED_BYTES] = {9};
    struct numu_text message = NUMU_TEXT("ten rifles, to the unit");
    book_must(numu_signer_of_seed(NUMU_TEXT("k"), seed, &signer));
    book_must(numu_sign(&signer, message, &good));
    assert_true(numu_signature_is_valid(&signer.public_key, message, &good)); /* control */
    for (size_t bit = 0; bit < 8 * sizeof good.bytes; bit++) {
        struct numu_signature bad = good;
        bad.bytes[bit / 8] = (uint8_t)(bad.bytes[bit / 8] ^ 1U << bit % 8);
        assert_false(numu_signature_is_valid(&signer.public_key, message, &bad));
    }
    for (size_t bit = 0; bit < 256; bit++) {
        struct numu_public_key key = signer.public_key;
        key.bytes[bit / 8] = (uint8_t)(key.bytes[bit / 8] ^ 1U << bit % 8);
        assert_false(numu_signature_is_valid(&key, message, &good));
    }
    struct numu_signature malleable = good; /* S + L is the same number modulo L */
    unsigned carry = 0;
    for (size_t i = 0; i < 32; i++) {
        carry += (unsigned)malleable.bytes[32 + i] + group_order[i];
        malleable.bytes[32 + i] = (uint8_t)carry;
        carry >>= 8;
    }
    assert_int_equal(carry, 0);
    assert_false(numu_signature_is_valid(&signer.public_key, message, &malleable));
    for (size_t i = 0; i < sizeof small_order / sizeof *small_order; i++) {
        struct numu_public_key key =
            signer.public_key; /* R of small order, S = 0: fits any message */
        struct numu_signature empty = {{0}};
        read_hex(small_order[i], key.bytes);
        for (size_t j = 0; j < sizeof small_order / sizeof *small_order; j++) {
            read_hex(small_order[j], empty.bytes);
            assert_false(numu_signature_is_valid(&key, message, &empty));
        }
    }
    numu_signer_release(&signer);
}

/* --- two sites --- */

struct pair {
    struct book a, b;
    struct numu_ledger hub;
    struct numu_signer signers[2];
};

static void pair_init(struct pair *pair) {
    struct numu_store store;
    for (uint8_t i = 0; i < 2; i++) {
        uint8_t seed[NUMU_KEY_SEED_BYTES] = {(uint8_t)(i + 1)};
        book_must(
            numu_signer_of_seed(i == 0 ? NUMU_TEXT("a") : NUMU_TEXT("b"), seed, &pair->signers[i]));
    }
    book_init(&pair->a, "a");
    book_init(&pair->b, "b");
    book_must(numu_store_memory_open(&pair->a.heap, &store));
    book_must(
        numu_ledger_init(&pair->a.heap, store, NUMU_TEXT("test"), NUMU_TEXT("hub"), &pair->hub));
}

static void pair_release(struct pair *pair) {
    book_must(numu_ledger_close(&pair->hub));
    numu_signer_release(&pair->signers[0]);
    numu_signer_release(&pair->signers[1]);
    book_release(&pair->b);
    book_release(&pair->a);
}

static void send(struct pair *pair, struct book *from, const struct numu_signer *signer,
                 struct numu_ledger *to) {
    struct numu_buffer buffer;
    struct numu_bundle_result result;
    (void)pair;
    book_sign_head(from, signer);
    numu_buffer_init(&buffer, &from->heap, 0);
    book_must(numu_bundle_write(&from->ledger, from->ledger.site, 0, &buffer));
    struct numu_text rest = {buffer.data, buffer.length};
    book_must(numu_bundle_accept(to, &rest, &signer->public_key, &result));
    assert_true(result.outcome == NUMU_BUNDLE_ACCEPTED || result.outcome == NUMU_BUNDLE_KNOWN);
    numu_buffer_release(&buffer);
}

static void send_all(struct pair *pair) {
    send(pair, &pair->a, &pair->signers[0], &pair->hub);
    send(pair, &pair->b, &pair->signers[1], &pair->hub);
}

static size_t disputed(struct pair *pair, const char *serial) {
    struct numu_arena arena;
    struct numu_dispute *rows;
    size_t count;
    size_t found = 0;
    numu_arena_init(&arena, &pair->a.heap);
    book_must(numu_disputes_list(&pair->hub.state, &arena, &rows, &count));
    for (size_t i = 0; i < count; i++) {
        found += numu_text_is(rows[i].serial, serial);
    }
    numu_arena_release(&arena);
    return found;
}

static const char open_a[] =
    "\"type\":\"open\",\"lines\":[{\"item\":\"rifle\",\"serials\":[\"R1\",\"R2\",\"R3\"],\"from\":"
    "\"opening\",\"to\":\"store/serviceable\"}]";

static void test_made_twice(void **state) {
    (void)state;
    static struct pair pair;
    pair_init(&pair);
    book_do(&pair.a, "keeper", open_a);
    book_do(&pair.b, "keeper_b",
            "\"type\":\"open\",\"lines\":[{\"item\":\"rifle\",\"serials\":[\"R1\"],\"from\":"
            "\"opening\",\"to\":\"b/serviceable\"}]");
    send_all(&pair);
    assert_int_equal(disputed(&pair, "R1"), 1);
    assert_int_equal(disputed(&pair, "R2"), 0); /* control */
    pair_release(&pair);
}

/* A weapon that was issued at one site is received at another, from a dispatch that was not. */
static void test_spent_twice(void **state) {
    (void)state;
    static struct pair pair;
    pair_init(&pair);
    book_do(&pair.a, "keeper", open_a);
    book_do(&pair.a, "keeper",
            "\"type\":\"dispatch\",\"destination\":\"b\",\"lines\":[{\"item\":\"rifle\","
            "\"serials\":[\"R1\"],\"from\":\"store/serviceable\",\"to\":\"transit\"}]");
    char draft[256];
    (void)snprintf(
        draft, sizeof draft,
        "\"type\":\"receive\",\"dispatch\":\"a:%d\",\"lines\":[{\"item\":\"rifle\","
        "\"serials\":[\"R2\"],\"from\":\"transit\",\"to\":\"b/serviceable\",\"line\":0}]",
        (int)pair.a.receipt.sequence);
    book_do(&pair.b, "keeper_b", draft); /* it is R2 that came */
    send_all(&pair);
    assert_int_equal(disputed(&pair, "R2"), 1); /* two sites hold it */
    assert_int_equal(disputed(&pair, "R3"), 0); /* control */
    struct numu_arena arena;
    struct numu_doubt *doubts;
    size_t count;
    numu_arena_init(&arena, &pair.a.heap);
    book_must(numu_doubts_list(&pair.hub, &arena, &doubts, &count));
    assert_int_equal(count, 1);
    assert_true(doubts[0].kind == NUMU_DOUBT_STRAY && numu_text_is(doubts[0].object, "R2"));
    numu_arena_release(&arena);
    pair_release(&pair);
}

static numu_movement_state movement(struct numu_ledger *ledger, struct numu_heap *heap) {
    struct numu_arena arena;
    struct numu_transit *rows;
    size_t count;
    numu_arena_init(&arena, heap);
    book_must(numu_transits_list(&ledger->state, &arena, &rows, &count));
    assert_int_equal(count, 1);
    numu_movement_state answer = rows[0].state;
    numu_arena_release(&arena);
    return answer;
}

/* A receipt is known before its dispatch, and comes late into a period that was closed. */
static void test_receipt_first(void **state) {
    (void)state;
    static struct pair pair;
    char draft[320];
    pair_init(&pair);
    book_do(&pair.a, "keeper", open_a);
    book_do(&pair.a, "keeper",
            "\"type\":\"dispatch\",\"destination\":\"b\",\"lines\":[{\"item\":\"rifle\","
            "\"serials\":[\"R1\",\"R2\"],\"from\":\"store/serviceable\",\"to\":\"transit\"}]");
    int dispatch = (int)pair.a.receipt.sequence;
    pair.b.now = pair.a.now + 86400;
    (void)snprintf(draft, sizeof draft,
                   "\"type\":\"count\",\"second\":\"chief\",\"against\":%d,\"lines\":[{\"item\":"
                   "\"rifle\",\"quantity\":0,\"to\":\"b/serviceable\"}]",
                   (int)pair.b.ledger.head.size);
    book_do(&pair.b, "keeper_b", draft);
    (void)snprintf(draft, sizeof draft, "\"type\":\"close\",\"ref\":\"%s\"", book_last(&pair.b));
    book_do(&pair.b, "keeper_b", draft);
    book_approve(&pair.b, "chief", book_last(&pair.b));
    numu_instant closed = pair.b.now;
    pair.b.now += (numu_instant)30 * 86400; /* and now somebody tells of it, as of that day */
    struct numu_event event;
    struct numu_event_error error;
    char text[NUMU_INSTANT_TEXT_BYTES];
    char whole[512];
    (void)snprintf(whole, sizeof whole,
                   "{\"ledger\":\"test\",\"time\":\"%s\",\"key\":\"late\",\"by\":\"keeper_b\","
                   "\"type\":\"receive\",\"dispatch\":\"a:%d\",\"lines\":[{\"item\":\"rifle\","
                   "\"serials\":[\"R1\",\"R2\"],\"from\":\"transit\",\"to\":\"b/serviceable\","
                   "\"line\":0}]}",
                   numu_instant_format(closed - 3600, text), dispatch);
    book_must(numu_event_read_draft(&pair.b.arena, numu_text_of(whole), &event, &error));
    struct numu_entry_request request = {.event = event, .now = pair.b.now, .place = NUMU_NOWHERE};
    book_must(numu_ledger_begin(&pair.b.ledger));
    book_must(numu_ledger_record(&pair.b.ledger, &request, &pair.b.report, &pair.b.receipt));
    book_must(numu_ledger_commit(&pair.b.ledger));
    assert_int_equal(pair.b.receipt.outcome, NUMU_OUTCOME_ACKNOWLEDGED);
    send(&pair, &pair.b, &pair.signers[1], &pair.hub); /* the receipt first */
    assert_int_equal(movement(&pair.hub, &pair.a.heap), NUMU_MOVEMENT_PENDING);
    send(&pair, &pair.a, &pair.signers[0], &pair.hub);
    assert_int_equal(movement(&pair.hub, &pair.a.heap), NUMU_MOVEMENT_DONE);
    /* As known of that day the goods were there; the count that did not see them is on record. */
    struct numu_state past;
    numu_quantity quantity;
    book_must(numu_state_at(&pair.hub, closed, &past));
    book_must(numu_balance_get(&past, NUMU_TEXT("b"), NUMU_TEXT("b/serviceable"),
                               NUMU_TEXT("rifle"), NUMU_TEXT(""), &quantity));
    assert_true(quantity == 2 * NUMU_QUANTITY_ONE);
    book_must(past.store.port->close(past.store.self));
    numu_state_release(&past);
    struct numu_arena arena;
    struct numu_doubt *doubts;
    size_t count;
    numu_arena_init(&arena, &pair.a.heap);
    book_must(numu_doubts_list(&pair.hub, &arena, &doubts, &count));
    assert_int_equal(count, 1);
    assert_true(doubts[0].kind == NUMU_DOUBT_LATE && doubts[0].days == 30);
    numu_arena_release(&arena);
    pair_release(&pair);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_administrator, make_file, remove_file),
        cmocka_unit_test(test_signatures), cmocka_unit_test(test_made_twice),
        cmocka_unit_test(test_spent_twice), cmocka_unit_test(test_receipt_first)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
