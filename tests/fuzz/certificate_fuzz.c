/*
 * certificate_fuzz.c - a certificate that is read has one form; what is to be certified and is read
 * can be signed, and read again; whatever a log with a root is told to register, nobody is
 * administrator whom the root did not sign, and what nothing speaks against can be applied.
 */
#include "ledger/certificate.h"
#include "ledger/ledger.h"
#include "ledger/root.h"

#include "ledger/canonical.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(numu_status status) {
    numu_assert(status == NUMU_OK);
}

static struct numu_text text_of(const struct numu_buffer *buffer) {
    return (struct numu_text){buffer->data, buffer->length};
}

static void make_root(struct numu_signer *out) {
    const uint8_t seed[NUMU_KEY_SEED_BYTES] = {1};
    must(numu_signer_of_seed(NUMU_TEXT("root"), seed, out));
}

/* Signs what was read; true where that gives the text again. */
static bool is_written_again(struct numu_arena *arena, const struct numu_certificate *certificate,
                             const struct numu_signer *root, struct numu_text text) {
    struct numu_buffer note;
    struct numu_certificate again;
    numu_buffer_init(&note, arena->heap, 0);
    must(numu_certificate_write(certificate, root, &note));
    must(numu_certificate_read(arena, text_of(&note), &again));
    numu_assert(numu_certificate_is_signed(text_of(&note), &root->public_key));
    numu_assert(numu_text_is_equal(numu_certificate_subject(&again),
                                   numu_certificate_subject(certificate)));
    bool is_same = numu_text_is_equal(text_of(&note), text);
    numu_buffer_release(&note);
    return is_same;
}

static void check_form(struct numu_arena *arena, const struct numu_signer *root,
                       struct numu_text text) {
    struct numu_certificate certificate;
    struct numu_event_error error;
    struct numu_text rest = text;
    struct numu_text part;
    size_t length = 0;
    if (numu_certificate_read(arena, text, &certificate) == NUMU_OK) {
        bool is_signed = numu_certificate_is_signed(text, &root->public_key);
        numu_assert(is_written_again(arena, &certificate, root, text) == is_signed);
    }
    if (numu_certificate_read_draft(arena, text, &certificate, &error) == NUMU_OK) {
        certificate.ledger = certificate.ledger.length > 0 ? certificate.ledger : NUMU_TEXT("l");
        certificate.issued = certificate.issued == NUMU_NO_INSTANT ? 0 : certificate.issued;
        (void)is_written_again(arena, &certificate, root, text);
    }
    while (numu_certificate_next(&rest, &part)) {
        length += part.length;
    }
    numu_assert(length == text.length);
}

/* --- registers --- */

static void count(void *data, numu_root_problem problem, struct numu_text name) {
    size_t *complaints = data;
    (void)name;
    numu_assert(numu_root_problem_name(problem) != NULL);
    ++*complaints;
}

/* Puts a register into a log, where nothing speaks against it. */
static void put(struct numu_ledger *book, struct numu_text registry) {
    struct numu_json *value;
    struct numu_json_error error;
    size_t complaints = 0;
    if (numu_json_read(&book->scratch, registry, 16, &value, &error) != NUMU_OK ||
        value->kind != NUMU_JSON_OBJECT) {
        return;
    }
    const struct numu_root_case of = {book->id, book->site, 1767600000, value};
    numu_status status = numu_root_judge(&book->state, &book->scratch, &of, count, &complaints);
    numu_assert(status == NUMU_OK);
    const struct numu_record record = {.event = {.type = NUMU_EVENT_register, .registry = value},
                                       .site = book->site,
                                       .recorded = of.recorded};
    if (complaints == 0) {
        status = numu_state_apply(&book->state, &book->scratch, book->log, &record);
        numu_assert(status == NUMU_OK || status == NUMU_INVALID);
    }
}

static void put_root(struct numu_ledger *book, const struct numu_signer *root) {
    struct numu_buffer registry;
    numu_buffer_init(&registry, book->heap, 0);
    must(numu_buffer_append_string(&registry, "{\"roots\":[{\"id\":\"root\",\"key\":\""));
    must(numu_public_key_write(&root->public_key, &registry));
    must(numu_buffer_append_string(&registry, "\"}]}"));
    put(book, text_of(&registry));
    numu_buffer_release(&registry);
}

/* The input as a certificate, and as a register of its own. */
static void check_register(struct numu_heap *heap, const struct numu_signer *root,
                           struct numu_text text) {
    struct numu_store store;
    struct numu_ledger book;
    struct numu_buffer registry;
    struct numu_person person = {.roles = 0};
    must(numu_store_memory_open(heap, &store));
    must(numu_ledger_init(heap, store, NUMU_TEXT("l"), NUMU_TEXT("s"), &book));
    must(numu_ledger_begin(&book));
    put_root(&book, root);
    numu_buffer_init(&registry, heap, 0);
    if (numu_utf8_valid_length(text) == text.length) {
        must(numu_buffer_append_string(&registry, "{\"certificates\":["));
        must(numu_canonical_string(&registry, text));
        must(numu_buffer_append_string(&registry, "]}"));
        put(&book, text_of(&registry));
    }
    put(&book, text);
    numu_status status = numu_person_get(&book.state, &book.scratch, NUMU_TEXT("s"),
                                         NUMU_TEXT("mallory"), &person); /* the root never did */
    numu_assert(status == NUMU_OK || status == NUMU_NOT_FOUND);
    numu_assert((person.roles & NUMU_ROLE_administrator) == 0);
    numu_buffer_release(&registry);
    numu_ledger_rollback(&book);
    must(numu_ledger_close(&book));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct numu_heap heap;
    struct numu_arena arena;
    struct numu_signer root;
    const struct numu_text text = {(const char *)data, size};
    numu_heap_init(&heap, 0);
    numu_arena_init(&arena, &heap);
    make_root(&root);
    check_form(&arena, &root, text);
    check_register(&heap, &root, text);
    numu_signer_release(&root);
    numu_arena_release(&arena);
    numu_assert(heap.bytes == 0);
    return 0;
}
