/*
 * Goal: a bundle and a proof hold as they were written, and after any change of a bit do not.
 * Method: a book of a few events with a key from a seed; bytes of both files (all, but one of
 * seven of the bundle's events) are changed in one bit, and the files are cut off there; a proof
 * under another key, and a bundle that begins late.
 */
#include "app/ledger_verify.h"
#include "ledger/note.h"

#include "ledger_book.h"

#include <stdlib.h>
#include <unistd.h>

struct fixture {
    struct book book;
    struct numu_context context;
    struct numu_signer signer;
    struct numu_buffer key, bundle, proof;
    char path[64];
};

static void write_file(const struct fixture *fixture, struct numu_text text) {
    FILE *file = fopen(fixture->path, "wb");
    assert_non_null(file);
    assert_int_equal(fwrite(text.data, 1, text.length, file), text.length);
    assert_int_equal(fclose(file), 0);
}

static struct numu_text text_of(const struct numu_buffer *buffer) {
    return (struct numu_text){buffer->data, buffer->length};
}

static void write_proof(struct fixture *fixture, uint64_t index) {
    struct numu_ledger *ledger = &fixture->book.ledger;
    struct numu_entry_proof proof = {.index = index};
    struct numu_checkpoint head;
    struct numu_ledger_tree room;
    struct numu_buffer entry;
    struct numu_buffer extra;
    struct numu_tree tree = numu_ledger_tree(ledger, NUMU_OWN_LOG, ledger->site, &room);
    numu_buffer_init(&entry, &fixture->book.heap, 0);
    numu_buffer_init(&extra, &fixture->book.heap, 0);
    book_must(numu_ledger_last_head(ledger, &fixture->book.arena, ledger->site, &proof.checkpoint,
                                    &head));
    book_must(numu_tree_inclusion(&tree, index, head.size, &proof.proof));
    book_must(ledger->state.store.port->read(ledger->state.store.self, NUMU_OWN_LOG, index, &entry,
                                             NULL));
    book_must(numu_base64_write(entry.data, entry.length, &extra));
    proof.extra = text_of(&extra);
    book_must(numu_entry_proof_write(&proof, &fixture->proof));
    numu_buffer_release(&entry);
    numu_buffer_release(&extra);
}

static int set_up(void **state) {
    static struct fixture fixture;
    const uint8_t seed[NUMU_KEY_SEED_BYTES] = {7};
    struct book *book = &fixture.book;
    book_init(book, "a");
    fixture.context = (struct numu_context){.heap = &book->heap};
    numu_buffer_init(&fixture.key, &book->heap, 0);
    numu_buffer_init(&fixture.bundle, &book->heap, 0);
    numu_buffer_init(&fixture.proof, &book->heap, 0);
    book_must(numu_signer_of_seed(NUMU_TEXT("a"), seed, &fixture.signer));
    book_must(numu_public_key_write(&fixture.signer.public_key, &fixture.key));
    book_must(numu_buffer_append(&fixture.key, "", 1));
    for (int i = 0; i < 3; i++) {
        book_do(book, "keeper",
                "\"type\":\"open\",\"lines\":[{\"item\":\"round\",\"lot\":\"L1\",\"quantity\":5,"
                "\"from\":\"opening\",\"to\":\"store/serviceable\"}]");
    }
    book_must(numu_ledger_begin(&book->ledger));
    book_must(numu_ledger_sign_head(&book->ledger, &fixture.signer, NULL));
    book_must(numu_ledger_commit(&book->ledger));
    book_must(numu_bundle_write(&book->ledger, book->ledger.site, 0, &fixture.bundle));
    write_proof(&fixture, 2);
    (void)snprintf(fixture.path, sizeof fixture.path, "/tmp/numu-sent-%ld", (long)getpid());
    *state = &fixture;
    return 0;
}

static int tear_down(void **state) {
    struct fixture *fixture = *state;
    (void)unlink(fixture->path);
    numu_signer_release(&fixture->signer);
    numu_buffer_release(&fixture->key);
    numu_buffer_release(&fixture->bundle);
    numu_buffer_release(&fixture->proof);
    book_release(&fixture->book);
    return 0;
}

static bool bundle_holds(struct fixture *fixture, struct numu_text text, const char *key,
                         uint64_t *out_events) {
    struct numu_report report;
    uint64_t heads;
    numu_report_init(&report, &fixture->book.heap, 0);
    write_file(fixture, text);
    numu_status status = numu_app_verify_bundle(&fixture->context, fixture->path, key, NULL,
                                                &report, out_events, &heads);
    assert_true(status == NUMU_OK || status == NUMU_INVALID);
    assert_int_equal(numu_report_total(&report, NUMU_ERROR) > 0, status == NUMU_INVALID);
    numu_report_release(&report);
    return status == NUMU_OK;
}

static bool proof_holds(struct fixture *fixture, struct numu_text text, const char *key,
                        struct numu_text *out_event) {
    struct numu_report report;
    uint64_t size;
    numu_report_init(&report, &fixture->book.heap, 0);
    write_file(fixture, text);
    numu_status status = numu_app_verify_proof(&fixture->context, fixture->path, key, &report,
                                               &fixture->book.arena, out_event, &size);
    assert_true(status == NUMU_OK || status == NUMU_INVALID);
    assert_int_equal(numu_report_total(&report, NUMU_ERROR), status == NUMU_INVALID);
    numu_report_release(&report);
    return status == NUMU_OK;
}

static void test_bundle(void **state) {
    struct fixture *fixture = *state;
    struct numu_buffer *bundle = &fixture->bundle;
    struct numu_buffer late;
    uint64_t events;
    assert_true(bundle_holds(fixture, text_of(bundle), fixture->key.data, &events));
    assert_int_equal(events, 4);
    for (size_t i = 0; i < bundle->length; i += i < 600 ? 1 : 7) { /* head, then events */
        bundle->data[i] ^= (char)(1 << i % 8);
        assert_false(bundle_holds(fixture, text_of(bundle), fixture->key.data, &events));
        assert_int_equal(events, 0);
        bundle->data[i] ^= (char)(1 << i % 8);
        struct numu_text cut = {bundle->data, i};
        assert_false(bundle_holds(fixture, cut, fixture->key.data, &events));
    }
    numu_buffer_init(&late, &fixture->book.heap, 0);
    book_must(numu_bundle_write(&fixture->book.ledger, fixture->book.ledger.site, 2, &late));
    assert_false(bundle_holds(fixture, text_of(&late), fixture->key.data, &events));
    numu_buffer_release(&late);
}

static void test_proof(void **state) {
    struct fixture *fixture = *state;
    struct numu_buffer *proof = &fixture->proof;
    struct numu_text event;
    assert_true(proof_holds(fixture, text_of(proof), fixture->key.data, &event));
    assert_true(numu_text_is(event, "a:2"));
    for (size_t i = 0; i < proof->length; i++) {
        proof->data[i] ^= (char)(1 << i % 8);
        assert_false(proof_holds(fixture, text_of(proof), fixture->key.data, &event));
        proof->data[i] ^= (char)(1 << i % 8);
        struct numu_text cut = {proof->data, i};
        assert_false(proof_holds(fixture, cut, fixture->key.data, &event));
    }
}

/* The key must be the site's, and not one that signs as it is called. */
static void test_other_key(void **state) {
    struct fixture *fixture = *state;
    const uint8_t seed[NUMU_KEY_SEED_BYTES] = {8};
    struct numu_signer other;
    struct numu_buffer key;
    struct numu_text event;
    uint64_t events;
    numu_buffer_init(&key, &fixture->book.heap, 0);
    book_must(numu_signer_of_seed(NUMU_TEXT("a"), seed, &other));
    book_must(numu_public_key_write(&other.public_key, &key));
    book_must(numu_buffer_append(&key, "", 1));
    assert_false(bundle_holds(fixture, text_of(&fixture->bundle), key.data, &events));
    assert_false(proof_holds(fixture, text_of(&fixture->proof), key.data, &event));
    assert_false(proof_holds(fixture, text_of(&fixture->proof), "no key", &event));
    numu_signer_release(&other);
    numu_buffer_release(&key);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_bundle, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_proof, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_other_key, set_up, tear_down)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
