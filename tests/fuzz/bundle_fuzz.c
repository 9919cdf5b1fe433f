/*
 * bundle_fuzz.c - nobody without a site's key gets an event into a book: of all inputs only the
 * bundles that the key signed add any: those of one site, and those of another that went on in a
 * new epoch. The book that was offered the input still verifies.
 */
#include "ledger/bundle.h"
#include "ledger/epoch.h"
#include "ledger/verify.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { EVENTS = 2, KNOWN = 3 };

static void must(numu_status status) {
    numu_assert(status == NUMU_OK);
}

static void open_book(struct numu_heap *heap, const char *site, struct numu_ledger *out) {
    struct numu_store store;
    must(numu_store_memory_open(heap, &store));
    must(numu_ledger_init(heap, store, NUMU_TEXT("l"), numu_text_of(site), out));
}

static const char *const plain[EVENTS] = {
    "{\"type\":\"register\",\"by\":\"p\",\"key\":\"1\",\"time\":\"2026-01-01T00:00:00Z\","
    "\"register\":{\"items\":[{\"id\":\"i\",\"control\":\"none\"}],\"places\":[{\"id\":\"s\","
    "\"kind\":\"plant\"}],\"people\":[{\"id\":\"p\",\"roles\":\"storekeeper\"}]}}",
    "{\"type\":\"open\",\"by\":\"p\",\"key\":\"2\",\"time\":\"2026-01-01T00:00:00Z\",\"lines\":"
    "["
    "{\"item\":\"i\",\"quantity\":1,\"from\":\"opening\",\"to\":\"s/serviceable\"}]}"};
static const char *const healed[EVENTS] = {
    "{\"type\":\"register\",\"by\":\"p\",\"key\":\"1\",\"time\":\"2026-01-01T00:00:00Z\","
    "\"register\":{\"people\":[{\"id\":\"p\",\"roles\":\"administrator\"},{\"id\":\"q\","
    "\"roles\":\"administrator\"}],\"lists\":[]}}",
    "{\"type\":\"register\",\"by\":\"p\",\"key\":\"2\",\"time\":\"2026-01-01T00:00:00Z\","
    "\"register\":{\"items\":[{\"id\":\"i\",\"control\":\"none\"}]}}"};

typedef numu_status (*recording)(struct numu_ledger *ledger,
                                 const struct numu_entry_request *request,
                                 struct numu_report *report, struct numu_receipt *out);

static void tell(struct numu_ledger *book, struct numu_arena *arena, const char *draft,
                 recording record) {
    struct numu_entry_request request = {.now = 1767225600, .place = NUMU_NOWHERE};
    struct numu_event_error error;
    struct numu_receipt receipt;
    struct numu_report report;
    numu_report_init(&report, book->heap, 1);
    must(numu_event_read_draft(arena, numu_text_of(draft), &request.event, &error));
    must(numu_ledger_complete(book, arena, &request.event));
    must(record(book, &request, &report, &receipt));
    numu_assert(receipt.outcome != NUMU_OUTCOME_REFUSED);
    numu_report_release(&report);
}

static void sign(struct numu_ledger *book, const struct numu_signer *signer,
                 struct numu_buffer *out) {
    must(numu_ledger_begin(book));
    must(numu_ledger_sign_head(book, signer, NULL));
    must(numu_ledger_commit(book));
    must(numu_bundle_write(book, book->site, 0, out));
}

/* Two people open an epoch where the first event ends. */
static void open_epoch(struct numu_ledger *book, struct numu_arena *arena) {
    struct numu_sha256 leaf;
    struct numu_record opening;
    struct numu_text draft;
    char hex[NUMU_SHA256_HEX_BYTES];
    must(book->state.store.port->read(book->state.store.self, 0, 0, NULL, &leaf));
    must(
        numu_text_printf(arena, &draft,
                         "{\"type\":\"epoch\",\"by\":\"p\",\"key\":\"3\",\"time\":"
                         "\"2026-01-01T00:00:00Z\",\"against\":1,\"head\":\"%s\",\"reason\":\"r\"}",
                         numu_sha256_hex(&leaf, hex)));
    tell(book, arena, draft.data, numu_epoch_propose);
    must(numu_epoch_waiting(book, arena, &opening, &leaf));
    must(numu_text_printf(arena, &draft,
                          "{\"type\":\"approve\",\"by\":\"q\",\"key\":\"4\",\"time\":"
                          "\"2026-01-01T00:00:00Z\",\"ref\":\"t@1:1:%s\"}",
                          numu_sha256_hex(&leaf, hex)));
    tell(book, arena, draft.data, numu_epoch_approve);
}

/* The bundle of a site with a few events, as its key signs it; and, healed, of its next epoch. */
static void write_bundles(struct numu_heap *heap, const struct numu_signer *signer,
                          const char *site, const char *const drafts[EVENTS],
                          struct numu_buffer *out, struct numu_buffer *out_healed) {
    struct numu_ledger book;
    struct numu_arena arena;
    open_book(heap, site, &book);
    numu_arena_init(&arena, heap);
    must(numu_ledger_begin(&book));
    for (size_t i = 0; i < EVENTS; i++) {
        tell(&book, &arena, drafts[i], numu_ledger_record);
    }
    must(numu_ledger_commit(&book));
    sign(&book, signer, out);
    if (out_healed != NULL) {
        open_epoch(&book, &arena);
        sign(&book, signer, out_healed);
    }
    must(numu_ledger_close(&book));
    numu_arena_release(&arena);
}

static bool is_one_of(const struct numu_buffer *known, struct numu_text text, size_t used) {
    for (size_t i = 0; i < KNOWN; i++) {
        if (used == known[i].length && memcmp(text.data, known[i].data, used) == 0) {
            return true;
        }
    }
    return false;
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
        numu_assert(got.added == 0 || is_one_of(known, text, text.length - rest.length));
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
    struct numu_buffer known[KNOWN];
    numu_heap_init(&heap, 0);
    for (size_t i = 0; i < KNOWN; i++) {
        numu_buffer_init(&known[i], &heap, 0);
    }
    must(numu_signer_of_seed(NUMU_TEXT("s"), seed, &signer));
    write_bundles(&heap, &signer, "s", plain, &known[0], NULL);
    write_bundles(&heap, &signer, "t", healed, &known[1], &known[2]);
    offer(&heap, &signer, known, (struct numu_text){(const char *)data, size});
    numu_signer_release(&signer);
    for (size_t i = 0; i < KNOWN; i++) {
        numu_buffer_release(&known[i]);
    }
    numu_assert(heap.bytes == 0);
    return 0;
}
