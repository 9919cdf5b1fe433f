/*
 * Goal: a key counts by the place in the log at which it was registered: what it signs later than
 * its successor's first head is refused, where it was recorded and elsewhere; a dispute is resolved
 * by two people, about the sites that claim, and another claim opens it again.
 * Method: a book whose site and officer change keys, a hub that takes its bundles in parts and in
 * one, a thief who kept the old key; a serial that two sites made.
 */
#include "ledger/bundle.h"
#include "ledger/query.h"
#include "ledger/verify.h"

#include "ledger_book.h"

struct fixture {
    struct book book;
    struct numu_signer old, young;
};

static void make_signer(const char *name, uint8_t first, struct numu_signer *out) {
    const uint8_t seed[NUMU_KEY_SEED_BYTES] = {first};
    book_must(numu_signer_of_seed(numu_text_of(name), seed, out));
}

static int set_up(void **state) {
    static struct fixture fixture;
    book_init(&fixture.book, "a");
    make_signer("a", 1, &fixture.old);
    make_signer("a-2", 2, &fixture.young);
    *state = &fixture;
    return 0;
}

static int tear_down(void **state) {
    struct fixture *fixture = *state;
    numu_signer_release(&fixture->old);
    numu_signer_release(&fixture->young);
    book_release(&fixture->book);
    return 0;
}

/* The register gives a person, or the site, a key (signer NULL = takes it away). */
static void register_key(struct book *book, const char *person, const struct numu_signer *signer) {
    struct numu_buffer draft;
    numu_buffer_init(&draft, &book->heap, 0);
    book_must(
        numu_buffer_printf(&draft,
                           "\"type\":\"register\",\"key\":\"key-%u\",\"register\":{\"people\":[{"
                           "\"id\":\"%s\",\"roles\":\"storekeeper\",\"site\":\"a\",\"key\":\"",
                           book->key++, person));
    if (signer != NULL) {
        book_must(numu_public_key_write(&signer->public_key, &draft));
    }
    book_must(numu_buffer_append_string(&draft, "\"}]}"));
    book_do(book, "registrar", draft.data);
    if (book->receipt.outcome == NUMU_OUTCOME_PROPOSED) {
        book_approve(book, "chief", book_last(book));
    }
    numu_buffer_release(&draft);
}

static void open_rounds(struct book *book) {
    book_do(book, "keeper",
            "\"type\":\"open\",\"lines\":[{\"item\":\"round\",\"lot\":\"L1\",\"quantity\":5,"
            "\"from\":\"opening\",\"to\":\"store/serviceable\"}]");
}

static numu_status sign_head(struct book *book, const struct numu_signer *signer) {
    book_must(numu_ledger_begin(&book->ledger));
    numu_status status = numu_ledger_sign_head(&book->ledger, signer, NULL);
    if (status == NUMU_OK) {
        book_must(numu_ledger_commit(&book->ledger));
    } else {
        numu_ledger_rollback(&book->ledger);
    }
    return status;
}

/* Registers the first key, changes it, and goes on; out: sizes of the heads at both. */
static void change_key(struct fixture *fixture, uint64_t *out_first, uint64_t *out_change) {
    struct book *book = &fixture->book;
    register_key(book, "site", &fixture->old);
    open_rounds(book);
    assert_int_equal(sign_head(book, &fixture->young), NUMU_INVALID);
    book_must(sign_head(book, &fixture->old));
    *out_first = book->ledger.head.size;
    register_key(book, "site", &fixture->young);
    assert_int_equal(sign_head(book, &fixture->young), NUMU_INVALID);
    book_must(sign_head(book, &fixture->old)); /* which covers the change */
    *out_change = book->ledger.head.size;
    open_rounds(book);
    assert_int_equal(sign_head(book, &fixture->old), NUMU_INVALID);
    book_must(sign_head(book, &fixture->young));
}

static void open_hub(struct book *book, struct numu_ledger *out) {
    struct numu_store store;
    book_must(numu_store_memory_open(&book->heap, &store));
    book_must(numu_ledger_init(&book->heap, store, NUMU_TEXT("test"), NUMU_TEXT("hub"), out));
}

/* Offers all of the book's log from an entry on; the outcome of the last bundle. */
static numu_bundle_outcome offer(struct fixture *fixture, struct numu_ledger *hub, uint64_t from,
                                 const struct numu_signer *trusted, uint64_t *out_added) {
    struct numu_buffer bytes;
    struct numu_bundle_result got = {.outcome = NUMU_BUNDLE_MALFORMED};
    struct book *book = &fixture->book;
    numu_buffer_init(&bytes, &book->heap, 0);
    book_must(numu_bundle_write(&book->ledger, book->ledger.site, from, &bytes));
    *out_added = 0;
    for (struct numu_text rest = {bytes.data, bytes.length}; rest.length > 0;) {
        book_must(
            numu_bundle_accept(hub, &rest, trusted == NULL ? NULL : &trusted->public_key, &got));
        *out_added += got.added;
    }
    numu_buffer_release(&bytes);
    return got.outcome;
}

static void verify(struct book *book, struct numu_ledger *ledger, bool expected) {
    struct numu_context context = {.heap = &book->heap};
    struct numu_report report;
    struct numu_verification result;
    numu_report_init(&report, &book->heap, 0);
    book_must(numu_ledger_verify(&context, ledger, &report, &result));
    assert_int_equal(numu_report_total(&report, NUMU_ERROR) == 0, expected);
    assert_true(result.has_key);
    numu_report_release(&report);
}

static void test_site_key(void **state) {
    struct fixture *fixture = *state;
    struct book *book = &fixture->book;
    struct numu_ledger hub;
    uint64_t first;
    uint64_t change;
    uint64_t added;
    change_key(fixture, &first, &change);
    verify(book, &book->ledger, true);
    /* all at once, by who trusts the first key alone */
    open_hub(book, &hub);
    assert_int_equal(offer(fixture, &hub, 0, &fixture->old, &added), NUMU_BUNDLE_ACCEPTED);
    assert_true(added == book->ledger.head.size);
    verify(book, &hub, true);
    assert_int_equal(offer(fixture, &hub, 0, &fixture->old, &added), NUMU_BUNDLE_KNOWN);
    book_must(numu_ledger_close(&hub));
    /* who trusts the second key alone does not know that the first was good */
    open_hub(book, &hub);
    assert_int_equal(offer(fixture, &hub, 0, &fixture->young, &added), NUMU_BUNDLE_PARKED);
    assert_true(added == 0);
    book_must(numu_ledger_close(&hub));
}

/* A thief who kept the old key writes on where it was given up. */
static void test_stolen_key(void **state) {
    struct fixture *fixture = *state;
    struct book *book = &fixture->book;
    struct numu_ledger hub;
    struct numu_buffer bytes;
    uint64_t first;
    uint64_t change;
    uint64_t added;
    change_key(fixture, &first, &change);
    open_hub(book, &hub);
    assert_int_equal(offer(fixture, &hub, 0, &fixture->old, &added), NUMU_BUNDLE_ACCEPTED);
    open_rounds(book);
    struct numu_checkpoint head = {.size = book->ledger.head.size};
    struct numu_text origin;
    struct numu_buffer note;
    book_must(numu_log_origin(&book->arena, book->ledger.id, book->ledger.site, &origin));
    head.origin = origin;
    book_must(numu_frontier_root(&book->ledger.head.frontier, &head.root));
    numu_buffer_init(&note, &book->heap, 0);
    book_must(numu_checkpoint_write(&head, &fixture->old, &note)); /* past the door of sign_head */
    char key[64];
    (void)snprintf(key, sizeof key, "head\ta\t%010d", (int)head.size);
    struct numu_store *store = &book->ledger.state.store;
    book_must(numu_ledger_begin(&book->ledger));
    book_must(store->port->put(store->self, NUMU_SPACE_BOOK, numu_text_of(key),
                               (struct numu_text){note.data, note.length}));
    book_must(numu_ledger_commit(&book->ledger));
    numu_buffer_init(&bytes, &book->heap, 0);
    assert_int_equal(offer(fixture, &hub, change, &fixture->old, &added), NUMU_BUNDLE_BAD_HEAD);
    assert_true(added == 0);
    verify(book, &book->ledger, false);
    numu_buffer_release(&note);
    numu_buffer_release(&bytes);
    book_must(numu_ledger_close(&hub));
}

/* --- people --- */

static numu_outcome try_signed(struct book *book, const struct numu_signer *signer,
                               const char *draft) {
    struct numu_entry_request request = {.now = book->now, .place = NUMU_NOWHERE};
    struct numu_event_signature signature;
    struct numu_event_error error;
    struct numu_buffer body;
    numu_report_release(&book->report);
    numu_report_init(&book->report, &book->heap, 0);
    book_must(numu_event_read_draft(&book->arena, numu_text_of(draft), &request.event, &error));
    request.event.ledger = book->ledger.id;
    numu_buffer_init(&body, &book->heap, 0);
    book_must(numu_event_write_body(&request.event, &book->arena, &body));
    signature.key = numu_text_of(signer->public_key.name);
    book_must(numu_sign(signer, (struct numu_text){body.data, body.length}, &signature.signature));
    request.signatures = &signature;
    request.signature_count = 1;
    book_must(numu_ledger_begin(&book->ledger));
    book_must(numu_ledger_record(&book->ledger, &request, &book->report, &book->receipt));
    book_must(numu_ledger_commit(&book->ledger));
    numu_buffer_release(&body);
    return book->receipt.outcome;
}

#define OPEN(key)                                                                                  \
    "{\"type\":\"open\",\"by\":\"keeper\",\"key\":\"" key "\",\"time\":\"2026-01-05T08:00:00Z\","  \
    "\"lines\":[{\"item\":\"round\",\"lot\":\"L1\",\"quantity\":5,\"from\":\"opening\",\"to\":"    \
    "\"store/serviceable\"}]}"

/* What a key signed before it was given up stays good; what it signs afterwards is refused. */
static void test_revoked_person(void **state) {
    struct fixture *fixture = *state;
    struct book *book = &fixture->book;
    struct numu_ledger hub;
    uint64_t added;
    register_key(book, "site", &fixture->old);
    register_key(book, "keeper", &fixture->old);
    assert_int_equal(try_signed(book, &fixture->old, OPEN("one")), NUMU_OUTCOME_ACKNOWLEDGED);
    assert_int_equal(try_signed(book, &fixture->young, OPEN("two")), NUMU_OUTCOME_REFUSED);
    register_key(book, "keeper", &fixture->young);
    assert_int_equal(try_signed(book, &fixture->old, OPEN("three")), NUMU_OUTCOME_REFUSED);
    assert_int_equal(book->report.counts[NUMU_CODE_EVENT_SIGNATURE], 1);
    assert_int_equal(try_signed(book, &fixture->young, OPEN("four")), NUMU_OUTCOME_ACKNOWLEDGED);
    register_key(book, "keeper", NULL); /* revoked */
    assert_int_equal(try_signed(book, &fixture->young, OPEN("five")), NUMU_OUTCOME_REFUSED);
    book_must(sign_head(book, &fixture->old));
    verify(book, &book->ledger, true);
    open_hub(book, &hub);
    assert_int_equal(offer(fixture, &hub, 0, &fixture->old, &added), NUMU_BUNDLE_ACCEPTED);
    verify(book, &hub, true);
    book_must(numu_ledger_close(&hub));
}

/* --- disputes --- */

static void claim(struct book *book, const char *site, const char *serial) {
    char draft[200];
    (void)snprintf(draft, sizeof draft,
                   "\"type\":\"open\",\"lines\":[{\"item\":\"rifle\",\"serials\":[\"%s\"],\"from\":"
                   "\"opening\",\"to\":\"%s/serviceable\"}]",
                   serial, site);
    book_do(book, strcmp(site, "a") == 0 ? "keeper" : "keeper_b", draft);
}

static void accept_all(struct book *from, const struct numu_signer *signer,
                       struct numu_ledger *into) {
    struct numu_buffer bytes;
    struct numu_bundle_result got;
    numu_buffer_init(&bytes, &from->heap, 0);
    book_must(sign_head(from, signer));
    book_must(numu_bundle_write(&from->ledger, from->ledger.site, 0, &bytes));
    struct numu_text rest = {bytes.data, bytes.length};
    book_must(numu_bundle_accept(into, &rest, &signer->public_key, &got));
    assert_int_equal(got.outcome, NUMU_BUNDLE_ACCEPTED);
    numu_buffer_release(&bytes);
}

#define RESOLVE(site, sites)                                                                       \
    "\"type\":\"resolve\",\"site\":\"" site "\",\"subject\":\"" sites                              \
    "\",\"reason\":\"seen by both\",\"lines\":[{\"item\":\"rifle\",\"serials\":[\"R1\"]}]"

static void test_dispute(void **state) {
    struct fixture *fixture = *state;
    struct book *book = &fixture->book;
    struct book other;
    struct numu_dispute dispute;
    struct numu_ledger *ledger = &book->ledger;
    struct numu_text rifle = NUMU_TEXT("rifle");
    book_init(&other, "b");
    claim(book, "a", "R1");
    claim(&other, "b", "R1");
    claim(&other, "b", "R2");
    book_refuse(book, "chief", RESOLVE("a", "a b"), NUMU_CODE_EVENT_UNKNOWN_NAME);
    accept_all(&other, &fixture->young, ledger);
    book_must(numu_dispute_get(&ledger->state, &book->arena, rifle, NUMU_TEXT("R1"), &dispute));
    assert_true(numu_text_is(dispute.sites, "a b"));
    assert_int_equal(dispute.counts.length, 0);
    assert_int_equal(
        numu_dispute_get(&ledger->state, &book->arena, rifle, NUMU_TEXT("R2"), &dispute),
        NUMU_NOT_FOUND);
    book_refuse(book, "keeper", RESOLVE("a", "a b"), NUMU_CODE_EVENT_WRONG_ROLE);
    book_refuse(book, "chief", RESOLVE("c", "a b"), NUMU_CODE_EVENT_UNKNOWN_NAME);
    book_do(book, "registrar", RESOLVE("a", "a b"));
    assert_int_equal(book->receipt.outcome, NUMU_OUTCOME_PROPOSED);
    const char *proposal = book_last(book);
    book_must(numu_dispute_get(&ledger->state, &book->arena, rifle, NUMU_TEXT("R1"), &dispute));
    assert_int_equal(dispute.counts.length, 0); /* not by one alone */
    book_approve(book, "chief", proposal);
    struct numu_dispute *rows;
    size_t count;
    book_must(numu_disputes_list(&ledger->state, &book->arena, &rows, &count));
    assert_int_equal(count, 1); /* kept, and who counts beside it */
    assert_true(numu_text_is(rows[0].counts, "a"));
    /* another site claims it, too: the question is open again */
    struct book third;
    book_init(&third, "c");
    book_do(&third, "registrar",
            "\"type\":\"register\",\"register\":{\"places\":[{\"id\":\"c\",\"kind\":\"depot\","
            "\"site\":\"c\"}],\"people\":[{\"id\":\"keeper_b\",\"roles\":\"storekeeper\",\"site\":"
            "\"c\"}]}");
    claim(&third, "c", "R1");
    accept_all(&third, &fixture->old, ledger);
    book_must(numu_dispute_get(&ledger->state, &book->arena, rifle, NUMU_TEXT("R1"), &dispute));
    assert_true(numu_text_is(dispute.sites, "a b c"));
    assert_int_equal(dispute.counts.length, 0);
    book_release(&third);
    book_release(&other);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void) {
    const struct CMUnitTest tests[] = {TEST(test_site_key), TEST(test_stolen_key),
                                       TEST(test_revoked_person), TEST(test_dispute)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
