/*
 * bundle_fuzz.c - nobody without a site's key gets an event into a book: of all inputs only the
 * bundle that the key signed adds any, and it adds all. The book that was offered the input still
 * verifies.
 */
#include "ledger/bundle.h"
#include "ledger/verify.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { EVENTS = 2 };

static void must(numu_status status) {
    numu_assert(status == NUMU_OK);
}

static void open_book(struct numu_heap *heap, const char *site, struct numu_ledger *out) {
    struct numu_store store;
    must(numu_store_memory_open(heap, &store));
    must(numu_ledger_init(heap, store, NUMU_TEXT("l"), numu_text_of(site), out));
}

/* The bundle of a site with a few events, as its key signs it. */
static void write_bundle(struct numu_heap *heap, const struct numu_signer *signer,
                         struct numu_buffer *out) {
    static const char *const drafts[EVENTS] = {
        "{\"type\":\"register\",\"by\":\"p\",\"key\":\"1\",\"time\":\"2026-01-01T00:00:00Z\","
        "\"register\":{\"items\":[{\"id\":\"i\",\"control\":\"none\"}],\"places\":[{\"id\":\"s\","
        "\"kind\":\"plant\"}],\"people\":[{\"id\":\"p\",\"roles\":\"storekeeper\"}]}}",
        "{\"type\":\"open\",\"by\":\"p\",\"key\":\"2\",\"time\":\"2026-01-01T00:00:00Z\",\"lines\":"
        "["
        "{\"item\":\"i\",\"quantity\":1,\"from\":\"opening\",\"to\":\"s/serviceable\"}]}"};
    struct numu_ledger book;
    struct numu_arena arena;
    struct numu_report report;
    open_book(heap, "s", &book);
    numu_arena_init(&arena, heap);
    numu_report_init(&report, heap, 1);
    must(numu_ledger_begin(&book));
    for (size_t i = 0; i < EVENTS; i++) {
        struct numu_entry_request request = {.now = 1767225600, .place = NUMU_NOWHERE};
        struct numu_event_error error;
        struct numu_receipt receipt;
        must(numu_event_read_draft(&arena, numu_text_of(drafts[i]), &request.event, &error));
        must(numu_ledger_complete(&book, &arena, &request.event));
        must(numu_ledger_record(&book, &request, &report, &receipt));
        numu_assert(receipt.outcome == NUMU_OUTCOME_ACKNOWLEDGED);
    }
    must(numu_ledger_sign_head(&book, signer, NULL));
    must(numu_ledger_commit(&book));
    must(numu_bundle_write(&book, book.site, 0, out));
    must(numu_ledger_close(&book));
    numu_report_release(&report);
    numu_arena_release(&arena);
}

static void offer(struct numu_heap *heap, const struct numu_signer *signer,
                  const struct numu_buffer *known, struct numu_text text) {
    struct numu_context context = {.heap = heap};
    struct numu_ledger book;
    struct numu_report report;
    struct numu_verification result;
    open_book(heap, "other", &book);
    while (text.length > 0) {
        struct numu_bundle_result got;
        struct numu_text rest = text;
        must(numu_bundle_accept(&book, &rest, &signer->public_key, &got));
        numu_assert(rest.length < text.length);
        size_t used = text.length - rest.length;
        bool is_known = used == known->length && memcmp(text.data, known->data, used) == 0;
        numu_assert(got.added == 0 || (got.added == EVENTS && is_known));
        text = rest;
    }
    numu_report_init(&report, heap, 1);
    must(numu_ledger_verify(&context, &book, &report, &result));
    numu_assert(numu_report_total(&report, NUMU_ERROR) == 0);
    numu_report_release(&report);
    must(numu_ledger_close(&book));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    const uint8_t seed[NUMU_KEY_SEED_BYTES] = {1};
    struct numu_heap heap;
    struct numu_signer signer;
    struct numu_buffer known;
    numu_heap_init(&heap, 0);
    numu_buffer_init(&known, &heap, 0);
    must(numu_signer_of_seed(NUMU_TEXT("s"), seed, &signer));
    write_bundle(&heap, &signer, &known);
    offer(&heap, &signer, &known, (struct numu_text){(const char *)data, size});
    numu_signer_release(&signer);
    numu_buffer_release(&known);
    numu_assert(heap.bytes == 0);
    return 0;
}
