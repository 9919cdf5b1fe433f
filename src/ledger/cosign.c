/*
 * cosign.c - see cosign.h.
 */
#include "ledger/cosign.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

enum {
    COSIGNATURE = 0x04, /* type of the key */
    ID_BYTES = 4,
    TIME_BYTES = 8,
    BLOB_BYTES = ID_BYTES + TIME_BYTES + NUMU_SIGNATURE_BYTES
};

/* --- witnesses --- */

numu_status numu_witness_of(const struct numu_public_key *key, struct numu_witness *out) {
    struct numu_witness witness = {.key = *key};
    uint8_t hashed[NUMU_KEY_NAME_MAX + 2 + NUMU_PUBLIC_KEY_BYTES];
    struct numu_sha256 digest;
    size_t length = strlen(key->name);
    memcpy(hashed, key->name, length);
    hashed[length] = '\n';
    hashed[length + 1] = COSIGNATURE;
    memcpy(hashed + length + 2, key->bytes, sizeof key->bytes);
    NUMU_TRY(numu_sha256(hashed, length + 2 + sizeof key->bytes, &digest));
    witness.key.id = 0;
    for (size_t i = 0; i < ID_BYTES; i++) {
        witness.key.id = witness.key.id << 8 | digest.bytes[i];
    }
    *out = witness;
    return NUMU_OK;
}

numu_status numu_witness_parse(struct numu_text text, struct numu_witness *out) {
    struct numu_public_key key;
    struct numu_witness witness;
    uint8_t marked[1 + NUMU_PUBLIC_KEY_BYTES];
    char id[ID_BYTES * 2 + 1];
    numu_status status = numu_public_key_parse(text, &key);
    if (status != NUMU_INVALID) {
        return status == NUMU_OK ? numu_witness_of(&key, out) : status;
    }
    size_t first = numu_text_find(text, NUMU_TEXT("+"), 0);
    size_t second = first == SIZE_MAX ? SIZE_MAX : numu_text_find(text, NUMU_TEXT("+"), first + 1);
    if (second == SIZE_MAX) {
        return NUMU_INVALID;
    }
    struct numu_text name = {text.data, first};
    struct numu_text id_text = {text.data + first + 1, second - first - 1};
    struct numu_text base64 = {text.data + second + 1, text.length - second - 1};
    if (!numu_key_name_is_valid(name) || !numu_base64_parse(base64, marked, sizeof marked) ||
        marked[0] != COSIGNATURE) {
        return NUMU_INVALID;
    }
    NUMU_TRY(numu_public_key_of(name, marked + 1, &key));
    NUMU_TRY(numu_witness_of(&key, &witness));
    (void)snprintf(id, sizeof id, "%08" PRIx32, witness.key.id);
    if (!numu_text_is(id_text, id)) {
        return NUMU_INVALID;
    }
    *out = witness;
    return NUMU_OK;
}

/* --- signing --- */

static numu_status write_message(struct numu_text text, int64_t time, struct numu_buffer *buffer) {
    NUMU_TRY(numu_buffer_printf(buffer, "cosignature/v1\ntime %" PRId64 "\n", time));
    return numu_buffer_append(buffer, text.data, text.length);
}

static void put_number(uint64_t number, size_t bytes, unsigned char *out) {
    for (size_t i = 0; i < bytes; i++) {
        out[i] = (unsigned char)(number >> (8 * (bytes - 1 - i)));
    }
}

static uint64_t get_number(const unsigned char *bytes, size_t count) {
    uint64_t number = 0;
    for (size_t i = 0; i < count; i++) {
        number = number << 8 | bytes[i];
    }
    return number;
}

numu_status numu_cosign(const struct numu_signer *signer, struct numu_text note, int64_t time,
                        struct numu_buffer *buffer) {
    struct numu_witness witness;
    struct numu_signature signature;
    struct numu_buffer message;
    struct numu_text text;
    unsigned char blob[BLOB_BYTES];
    size_t count;
    numu_assert(time >= 0);
    NUMU_TRY(numu_note_read(note, NULL, 0, &text, &count));
    NUMU_TRY(numu_witness_of(&signer->public_key, &witness));
    numu_buffer_init(&message, buffer->heap, 0);
    numu_status status = write_message(text, time, &message);
    if (status == NUMU_OK) {
        status = numu_sign(signer, (struct numu_text){message.data, message.length}, &signature);
    }
    numu_buffer_release(&message);
    NUMU_TRY(status);
    put_number(witness.key.id, ID_BYTES, blob);
    put_number((uint64_t)time, TIME_BYTES, blob + ID_BYTES);
    memcpy(blob + ID_BYTES + TIME_BYTES, signature.bytes, NUMU_SIGNATURE_BYTES);
    NUMU_TRY(numu_buffer_append(buffer, note.data, note.length));
    NUMU_TRY(numu_note_line_begin(witness.key.name, buffer));
    NUMU_TRY(numu_base64_write(blob, sizeof blob, buffer));
    return numu_buffer_append_char(buffer, '\n');
}

/* --- reading --- */

/* The time of a line that is this witness's; -1: it is another's. NUMU_INVALID: it is wrong. */
static numu_status read_line(const struct numu_witness *witness, const struct numu_note_line *line,
                             struct numu_text text, struct numu_heap *heap, int64_t *out) {
    struct numu_signature signature;
    struct numu_buffer message;
    unsigned char blob[BLOB_BYTES];
    *out = -1;
    if (!numu_text_is(line->name, witness->key.name) ||
        !numu_base64_parse(line->blob, blob, sizeof blob) ||
        get_number(blob, ID_BYTES) != witness->key.id) {
        return NUMU_OK;
    }
    uint64_t time = get_number(blob + ID_BYTES, TIME_BYTES);
    if (time > INT64_MAX) {
        return NUMU_INVALID;
    }
    memcpy(signature.bytes, blob + ID_BYTES + TIME_BYTES, NUMU_SIGNATURE_BYTES);
    numu_buffer_init(&message, heap, 0);
    numu_status status = write_message(text, (int64_t)time, &message);
    bool is_valid =
        status == NUMU_OK &&
        numu_signature_is_valid(&witness->key, (struct numu_text){message.data, message.length},
                                &signature);
    numu_buffer_release(&message);
    NUMU_TRY(status);
    *out = (int64_t)time;
    return is_valid ? NUMU_OK : NUMU_INVALID;
}

numu_status numu_cosignatures_read(struct numu_text note, const struct numu_witness *witnesses,
                                   size_t count, int64_t *out_times) {
    struct numu_heap heap;
    struct numu_note_line line;
    struct numu_text text;
    struct numu_text lines;
    numu_heap_init(&heap, 0);
    for (size_t i = 0; i < count; i++) {
        out_times[i] = -1;
    }
    NUMU_TRY(numu_note_split(note, &text, &lines));
    while (numu_note_line_next(&lines, &line)) {
        for (size_t i = 0; i < count; i++) {
            int64_t time;
            NUMU_TRY(read_line(&witnesses[i], &line, text, &heap, &time));
            out_times[i] = time > out_times[i] ? time : out_times[i];
        }
    }
    return NUMU_OK;
}

static bool has_line(struct numu_text lines, const struct numu_note_line *wanted) {
    struct numu_note_line line;
    while (numu_note_line_next(&lines, &line)) {
        if (numu_text_is_equal(line.whole, wanted->whole)) {
            return true;
        }
    }
    return false;
}

numu_status numu_cosignatures_merge(struct numu_text note, struct numu_text other,
                                    struct numu_buffer *buffer) {
    struct numu_text text;
    struct numu_text lines;
    struct numu_text other_text;
    struct numu_text other_lines;
    struct numu_note_line line;
    NUMU_TRY(numu_note_split(note, &text, &lines));
    NUMU_TRY(numu_note_split(other, &other_text, &other_lines));
    if (!numu_text_is_equal(text, other_text)) {
        return NUMU_INVALID;
    }
    NUMU_TRY(numu_buffer_append(buffer, note.data, note.length));
    while (numu_note_line_next(&other_lines, &line)) {
        if (!has_line(lines, &line)) {
            NUMU_TRY(numu_buffer_append(buffer, line.whole.data, line.whole.length));
        }
    }
    return NUMU_OK;
}
