/*
 * witness_fuzz.c - a request that is read is written the same; whatever the request, and whatever
 * the memory, a witness signs only what the log's key has signed, and its new memory is read again.
 */
#include "ledger/witness.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(numu_status status) {
    numu_assert(status == NUMU_OK);
}

static struct numu_text text_of(const struct numu_buffer *buffer) {
    return (struct numu_text){buffer->data, buffer->length};
}

static void check_request(struct numu_heap *heap, struct numu_text text) {
    struct numu_head_request request;
    struct numu_buffer again;
    if (numu_head_request_read(text, &request) != NUMU_OK) {
        return;
    }
    numu_buffer_init(&again, heap, 0);
    must(numu_head_request_write(&request, &again));
    numu_assert(numu_text_is_equal(text, text_of(&again)));
    numu_buffer_release(&again);
}

/* The first part is the memory, past the first 0 byte comes the request. */
static void check_answer(struct numu_heap *heap, struct numu_text memory,
                         struct numu_text request) {
    const uint8_t seed[NUMU_KEY_SEED_BYTES] = {1};
    struct numu_signer signer;
    struct numu_witness witness;
    struct numu_witness_result result;
    struct numu_buffer kept;
    struct numu_buffer note;
    struct numu_text text;
    size_t count;
    int64_t time;
    must(numu_signer_of_seed(NUMU_TEXT("s"), seed, &signer));
    must(numu_witness_of(&signer.public_key, &witness));
    numu_buffer_init(&kept, heap, 0);
    numu_buffer_init(&note, heap, 0);
    struct numu_witness_case asked = {memory, request, &signer.public_key, &signer, 7};
    if (numu_witness_answer_to(&asked, &kept, &note, &result) == NUMU_OK &&
        result.answer == NUMU_WITNESS_SIGNED) {
        must(numu_note_read(text_of(&note), &signer.public_key, 1, &text, &count));
        numu_assert(count == 1);
        must(numu_cosignatures_read(text_of(&note), &witness, 1, &time));
        numu_assert(time >= 7);
        asked.memory = text_of(&kept);
        struct numu_buffer unused[2];
        numu_buffer_init(&unused[0], heap, 0);
        numu_buffer_init(&unused[1], heap, 0);
        must(numu_witness_answer_to(&asked, &unused[0], &unused[1], &result));
        numu_assert(result.answer == NUMU_WITNESS_SIGNED); /* the same head again */
        numu_buffer_release(&unused[0]);
        numu_buffer_release(&unused[1]);
    }
    numu_buffer_release(&kept);
    numu_buffer_release(&note);
    numu_signer_release(&signer);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
    struct numu_heap heap;
    struct numu_text all = {(const char *)data, size};
    size_t end = numu_text_find(all, (struct numu_text){"\0", 1}, 0);
    numu_heap_init(&heap, 0);
    check_request(&heap, all);
    if (end != SIZE_MAX) {
        check_answer(&heap, (struct numu_text){all.data, end},
                     (struct numu_text){all.data + end + 1, all.length - end - 1});
    }
    numu_assert(heap.bytes == 0);
    return 0;
}
