/*
 * witness.c - see witness.h.
 */
#include "ledger/witness.h"

#include <inttypes.h>
#include <string.h>

static const char magic[] = "numu.witness/1\n";

/* --- requests --- */

numu_status numu_head_request_write(const struct numu_head_request *request,
                                    struct numu_buffer *buffer) {
    NUMU_TRY(numu_buffer_printf(buffer, "old %" PRIu64 "\n", request->old));
    NUMU_TRY(numu_proof_write(&request->proof, buffer));
    return numu_buffer_append(buffer, request->head.data, request->head.length);
}

numu_status numu_head_request_read(struct numu_text text, struct numu_head_request *out) {
    struct numu_head_request request = {.old = 0};
    struct numu_text line;
    if (!numu_text_next_line(&text, &line) || !numu_text_take_prefix(&line, "old ") ||
        !numu_log_number_parse(line, &request.old) || !numu_proof_read(&text, &request.proof)) {
        return NUMU_INVALID;
    }
    request.head = text;
    *out = request;
    return text.length > 0 ? NUMU_OK : NUMU_INVALID;
}

/* --- the memory --- */

/* A block of the memory. */
struct block {
    struct numu_text whole; /* with its first line */
    struct numu_text note;  /* empty: the first line is all */
    struct numu_text line;  /* past the first word */
    enum { TRUSTED, COSIGNED, REFUSED } kind;
};

/* False after the last; NUMU_INVALID in *out_status where there is no block. */
static bool next_block(struct numu_text *rest, struct block *out, numu_status *out_status) {
    struct numu_text line = {NULL, 0};
    uint64_t length = 0;
    const char *start = rest->data;
    *out_status = NUMU_OK;
    if (rest->length == 0) {
        return false;
    }
    bool is_good = numu_text_next_line(rest, &line);
    out->note = (struct numu_text){NULL, 0};
    out->line = line;
    if (is_good && numu_text_take_prefix(&out->line, "trusted ")) {
        out->kind = TRUSTED;
    } else if (is_good) {
        out->kind = numu_text_take_prefix(&out->line, "cosigned ") ? COSIGNED : REFUSED;
        is_good = (out->kind == COSIGNED || numu_text_take_prefix(&out->line, "refused ")) &&
                  numu_log_number_parse(out->line, &length) && length <= rest->length;
        out->note = (struct numu_text){rest->data, is_good ? (size_t)length : 0};
        *rest = (struct numu_text){rest->data + out->note.length, rest->length - out->note.length};
    }
    out->whole = (struct numu_text){start, (size_t)(rest->data - start)};
    *out_status = is_good ? NUMU_OK : NUMU_INVALID;
    return is_good;
}

/* What the memory says of a log. */
struct known {
    struct numu_public_key key;
    bool has_key;
    struct numu_text note; /* signed last; empty: none */
    struct numu_checkpoint head;
};

static numu_status recall(struct numu_text memory, struct numu_text origin, struct known *out) {
    struct block block;
    struct numu_text line;
    numu_status status;
    *out = (struct known){.has_key = false};
    if (memory.length == 0) {
        return NUMU_OK;
    }
    struct numu_text rest = memory;
    if (!numu_text_next_line(&rest, &line) || line.length + 1 != sizeof magic - 1 ||
        memcmp(line.data, magic, line.length) != 0) {
        return NUMU_INVALID;
    }
    while (next_block(&rest, &block, &status)) {
        struct numu_checkpoint head;
        size_t space = numu_text_find(block.line, NUMU_TEXT(" "), 0);
        if (block.kind == TRUSTED && space != SIZE_MAX &&
            numu_text_is_equal((struct numu_text){block.line.data, space}, origin)) {
            NUMU_TRY(numu_public_key_parse(
                (struct numu_text){block.line.data + space + 1, block.line.length - space - 1},
                &out->key));
            out->has_key = true;
        }
        if (block.kind == COSIGNED && numu_checkpoint_read(block.note, &head) != NUMU_OK) {
            return NUMU_INVALID;
        }
        if (block.kind == COSIGNED && numu_text_is_equal(head.origin, origin)) {
            out->note = block.note;
            out->head = head;
        }
    }
    return status;
}

/* The memory anew: all there was, but for the head of this origin that was signed before. */
static numu_status write_memory(struct numu_text memory, struct numu_text signed_before,
                                struct numu_buffer *buffer) {
    struct block block;
    struct numu_text line;
    numu_status status = NUMU_OK;
    struct numu_text rest = memory;
    NUMU_TRY(numu_buffer_append_string(buffer, magic));
    if (memory.length == 0 || !numu_text_next_line(&rest, &line)) {
        return NUMU_OK;
    }
    while (next_block(&rest, &block, &status)) {
        if (signed_before.length == 0 || block.note.data != signed_before.data) {
            NUMU_TRY(numu_buffer_append(buffer, block.whole.data, block.whole.length));
        }
    }
    return status;
}

static numu_status write_note(const char *word, struct numu_text note, struct numu_buffer *buffer) {
    NUMU_TRY(numu_buffer_printf(buffer, "%s %zu\n", word, note.length));
    return numu_buffer_append(buffer, note.data, note.length);
}

static bool has_note(struct numu_text memory, struct numu_text note) {
    return memory.length > 0 && numu_text_find(memory, note, 0) != SIZE_MAX;
}

/* --- answering --- */

static numu_status keep_refused(const struct numu_witness_case *asked, struct numu_text head,
                                struct numu_buffer *memory, struct numu_witness_result *out) {
    out->is_memory_changed = !has_note(asked->memory, head);
    if (!out->is_memory_changed) {
        return NUMU_OK;
    }
    NUMU_TRY(write_memory(asked->memory, (struct numu_text){NULL, 0}, memory));
    return write_note("refused", head, memory);
}

/* The newest counts: a log's key may change. */
static bool is_new_key(const struct known *known, const struct numu_public_key *key) {
    return !known->has_key || strcmp(known->key.name, key->name) != 0 ||
           memcmp(known->key.bytes, key->bytes, NUMU_PUBLIC_KEY_BYTES) != 0;
}

static numu_status countersign(const struct numu_witness_case *asked, const struct known *known,
                               const struct numu_public_key *key, struct numu_text head,
                               struct numu_text origin, struct numu_buffer *memory,
                               struct numu_buffer *note, struct numu_witness_result *out) {
    size_t start = note->length;
    NUMU_TRY(numu_cosign(asked->signer, head, asked->now, note));
    NUMU_TRY(write_memory(asked->memory, known->note, memory));
    if (is_new_key(known, key)) {
        NUMU_TRY(numu_buffer_printf(memory, "trusted %.*s ", (int)origin.length, origin.data));
        NUMU_TRY(numu_public_key_write(key, memory));
        NUMU_TRY(numu_buffer_append_char(memory, '\n'));
    }
    out->is_memory_changed = true;
    return write_note("cosigned", (struct numu_text){note->data + start, note->length - start},
                      memory);
}

/* Whether the proof leads from the head that was signed last to the new one. */
static numu_status is_consistent(const struct numu_head_request *request, const struct known *known,
                                 const struct numu_checkpoint *head, bool *out) {
    if (known->head.size == head->size) {
        *out = numu_sha256_is_equal(&known->head.root, &head->root);
        return NUMU_OK;
    }
    numu_status status = numu_consistency_verify(&request->proof, known->head.size, head->size,
                                                 &known->head.root, &head->root);
    *out = status == NUMU_OK;
    return status == NUMU_INVALID ? NUMU_OK : status;
}

numu_status numu_witness_answer_to(const struct numu_witness_case *asked,
                                   struct numu_buffer *memory, struct numu_buffer *note,
                                   struct numu_witness_result *out) {
    struct numu_head_request request;
    struct numu_checkpoint head;
    struct known known;
    struct numu_text text;
    size_t count;
    bool is_good = true;
    *out = (struct numu_witness_result){.answer = NUMU_WITNESS_MALFORMED};
    if (numu_head_request_read(asked->request, &request) != NUMU_OK ||
        numu_checkpoint_read(request.head, &head) != NUMU_OK) {
        return NUMU_OK;
    }
    NUMU_TRY(recall(asked->memory, head.origin, &known));
    out->known = known.note.length == 0 ? 0 : known.head.size;
    out->answer = NUMU_WITNESS_UNKNOWN_KEY;
    const struct numu_public_key *key = asked->trusted != NULL ? asked->trusted : &known.key;
    if (asked->trusted == NULL && !known.has_key) {
        return NUMU_OK;
    }
    out->answer = NUMU_WITNESS_BAD_HEAD;
    if (numu_note_read(request.head, key, 1, &text, &count) != NUMU_OK || count != 1) {
        return NUMU_OK;
    }
    if (known.note.length > 0) {
        out->answer = NUMU_WITNESS_SHRUNK;
        if (head.size < known.head.size) {
            return keep_refused(asked, request.head, memory, out);
        }
        out->answer = NUMU_WITNESS_STALE;
        if (request.old != known.head.size && head.size != known.head.size) {
            return NUMU_OK;
        }
        out->answer = NUMU_WITNESS_FORKED;
        NUMU_TRY(is_consistent(&request, &known, &head, &is_good));
        if (!is_good) {
            return keep_refused(asked, request.head, memory, out);
        }
    }
    out->answer = NUMU_WITNESS_SIGNED;
    return countersign(asked, &known, key, request.head, head.origin, memory, note, out);
}
