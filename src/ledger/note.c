/*
 * note.c - see note.h.
 */
#include "ledger/note.h"

#include <inttypes.h>
#include <string.h>

static const char dash[] = "\xE2\x80\x94 "; /* U+2014 and a space */
static const char proof_head[] = "c2sp.org/tlog-proof@v1";

enum { KEY_ID_BYTES = 4, BLOB_BYTES = KEY_ID_BYTES + NUMU_SIGNATURE_BYTES, BLOB_TEXT_MAX = 4096 };

/* --- notes --- */

static void put_id(uint32_t id, unsigned char out[KEY_ID_BYTES]) {
    for (unsigned i = 0; i < KEY_ID_BYTES; i++) {
        out[i] = (unsigned char)(id >> (24 - 8 * i));
    }
}

numu_status numu_note_sign(const struct numu_signer *signer, struct numu_text text,
                           struct numu_buffer *buffer) {
    struct numu_signature signature;
    unsigned char blob[BLOB_BYTES];
    NUMU_TRY(numu_sign(signer, text, &signature));
    put_id(signer->public_key.id, blob);
    memcpy(blob + KEY_ID_BYTES, signature.bytes, NUMU_SIGNATURE_BYTES);
    NUMU_TRY(numu_buffer_append(buffer, text.data, text.length));
    NUMU_TRY(numu_buffer_printf(buffer, "\n%s%s ", dash, signer->public_key.name));
    NUMU_TRY(numu_base64_write(blob, sizeof blob, buffer));
    return numu_buffer_append_char(buffer, '\n');
}

/* A well-formed signature line: *out_name, *out_blob is its base64. */
static bool read_signature_line(struct numu_text line, struct numu_text *out_name,
                                struct numu_text *out_blob) {
    if (!numu_text_take_prefix(&line, dash)) {
        return false;
    }
    size_t space = numu_text_find(line, NUMU_TEXT(" "), 0);
    if (space == 0 || space == SIZE_MAX) {
        return false;
    }
    *out_name = (struct numu_text){line.data, space};
    *out_blob = (struct numu_text){line.data + space + 1, line.length - space - 1};
    return out_blob->length > 0 && out_blob->length <= BLOB_TEXT_MAX &&
           numu_text_find(*out_blob, NUMU_TEXT(" "), 0) == SIZE_MAX;
}

/*
 * NUMU_OK where the key signed, NUMU_NOT_FOUND where the line is another key's, NUMU_INVALID where
 * it claims to be this key's and is wrong [N1].
 */
static numu_status check_line(const struct numu_public_key *key, struct numu_text name,
                              struct numu_text blob_text, struct numu_text text) {
    unsigned char id[KEY_ID_BYTES];
    unsigned char blob[BLOB_BYTES];
    put_id(key->id, id);
    if (!numu_text_is(name, key->name) || !numu_base64_parse(blob_text, blob, sizeof blob)) {
        return NUMU_NOT_FOUND;
    }
    if (memcmp(blob, id, sizeof id) != 0) {
        return NUMU_NOT_FOUND;
    }
    struct numu_signature signature;
    memcpy(signature.bytes, blob + KEY_ID_BYTES, NUMU_SIGNATURE_BYTES);
    return numu_signature_is_valid(key, text, &signature) ? NUMU_OK : NUMU_INVALID;
}

/* Where the signatures begin: after the last empty line. SIZE_MAX where there is none. */
static size_t find_signatures(struct numu_text note) {
    size_t found = SIZE_MAX;
    for (size_t at = numu_text_find(note, NUMU_TEXT("\n\n"), 0); at != SIZE_MAX;
         at = numu_text_find(note, NUMU_TEXT("\n\n"), at + 1)) {
        found = at;
    }
    return found;
}

static bool has_controls(struct numu_text text) {
    for (size_t i = 0; i < text.length; i++) {
        unsigned char c = (unsigned char)text.data[i];
        if (c < 0x20 && c != '\n') {
            return true;
        }
    }
    return false;
}

numu_status numu_note_read(struct numu_text note, const struct numu_public_key *keys,
                           size_t key_count, struct numu_text *out_text, size_t *out_count) {
    size_t end = find_signatures(note);
    if (note.length > NUMU_NOTE_BYTES_MAX || end == SIZE_MAX ||
        numu_utf8_valid_length(note) < note.length || has_controls(note)) {
        return NUMU_INVALID;
    }
    struct numu_text text = {note.data, end + 1};
    struct numu_text rest = {note.data + end + 2, note.length - end - 2};
    struct numu_text line;
    size_t lines = 0;
    uint64_t signed_by = 0; /* bit n: keys[n] has signed */
    while (numu_text_next_line(&rest, &line)) {
        struct numu_text name;
        struct numu_text blob;
        if (++lines > NUMU_NOTE_SIGNATURES_MAX || !read_signature_line(line, &name, &blob)) {
            return NUMU_INVALID;
        }
        for (size_t i = 0; i < key_count && i < 64; i++) {
            numu_status status = check_line(&keys[i], name, blob, text);
            if (status == NUMU_INVALID) {
                return NUMU_INVALID;
            }
            signed_by |= status == NUMU_OK ? UINT64_C(1) << i : 0;
        }
    }
    if (lines == 0 || rest.length > 0) {
        return NUMU_INVALID;
    }
    *out_text = text;
    *out_count = 0;
    for (; signed_by != 0; signed_by &= signed_by - 1) {
        ++*out_count;
    }
    return NUMU_OK;
}

numu_status numu_note_split(struct numu_text note, struct numu_text *out_text,
                            struct numu_text *out_lines) {
    size_t count;
    NUMU_TRY(numu_note_read(note, NULL, 0, out_text, &count));
    size_t skipped = out_text->length + 1;
    *out_lines = (struct numu_text){note.data + skipped, note.length - skipped};
    return NUMU_OK;
}

bool numu_note_line_next(struct numu_text *lines, struct numu_note_line *out) {
    struct numu_text line;
    const char *start = lines->data;
    if (!numu_text_next_line(lines, &line) || !read_signature_line(line, &out->name, &out->blob)) {
        return false;
    }
    out->whole = (struct numu_text){start, line.length + 1};
    return true;
}

numu_status numu_note_line_begin(const char *name, struct numu_buffer *buffer) {
    return numu_buffer_printf(buffer, "%s%s ", dash, name);
}

/* --- checkpoints --- */

numu_status numu_checkpoint_write(const struct numu_checkpoint *checkpoint,
                                  const struct numu_signer *signer, struct numu_buffer *buffer) {
    struct numu_buffer text;
    numu_buffer_init(&text, buffer->heap, 0);
    numu_status status =
        numu_buffer_printf(&text, "%.*s\n%" PRIu64 "\n", (int)checkpoint->origin.length,
                           checkpoint->origin.data, checkpoint->size);
    if (status == NUMU_OK) {
        status = numu_base64_write(checkpoint->root.bytes, NUMU_SHA256_BYTES, &text);
    }
    if (status == NUMU_OK) {
        status = numu_buffer_append_char(&text, '\n');
    }
    if (status == NUMU_OK) {
        status = numu_note_sign(signer, (struct numu_text){text.data, text.length}, buffer);
    }
    numu_buffer_release(&text);
    return status;
}

numu_status numu_checkpoint_parse(struct numu_text text, struct numu_checkpoint *out) {
    struct numu_checkpoint checkpoint;
    struct numu_text size;
    struct numu_text root;
    bool is_good = numu_text_next_line(&text, &checkpoint.origin) && checkpoint.origin.length > 0 &&
                   numu_text_next_line(&text, &size) &&
                   numu_log_number_parse(size, &checkpoint.size) &&
                   numu_text_next_line(&text, &root) &&
                   numu_base64_parse(root, checkpoint.root.bytes, NUMU_SHA256_BYTES);
    if (!is_good) {
        return NUMU_INVALID;
    }
    *out = checkpoint;
    return NUMU_OK;
}

numu_status numu_checkpoint_read(struct numu_text note, struct numu_checkpoint *out) {
    struct numu_text text;
    size_t count;
    NUMU_TRY(numu_note_read(note, NULL, 0, &text, &count));
    return numu_checkpoint_parse(text, out);
}

/* --- proofs --- */

numu_status numu_proof_write(const struct numu_proof *proof, struct numu_buffer *buffer) {
    for (size_t i = 0; i < proof->count; i++) {
        NUMU_TRY(numu_base64_write(proof->hash[i].bytes, NUMU_SHA256_BYTES, buffer));
        NUMU_TRY(numu_buffer_append_char(buffer, '\n'));
    }
    return numu_buffer_append_char(buffer, '\n');
}

bool numu_proof_read(struct numu_text *rest, struct numu_proof *out) {
    struct numu_text line;
    for (out->count = 0; numu_text_next_line(rest, &line); out->count++) {
        if (line.length == 0) {
            return true;
        }
        if (out->count == NUMU_PROOF_MAX ||
            !numu_base64_parse(line, out->hash[out->count].bytes, NUMU_SHA256_BYTES)) {
            return false;
        }
    }
    return false;
}

numu_status numu_entry_proof_write(const struct numu_entry_proof *proof,
                                   struct numu_buffer *buffer) {
    NUMU_TRY(numu_buffer_printf(buffer, "%s\n", proof_head));
    if (proof->extra.length > 0) {
        NUMU_TRY(numu_buffer_append_string(buffer, "extra "));
        NUMU_TRY(numu_buffer_append(buffer, proof->extra.data, proof->extra.length));
        NUMU_TRY(numu_buffer_append_char(buffer, '\n'));
    }
    NUMU_TRY(numu_buffer_printf(buffer, "index %" PRIu64 "\n", proof->index));
    NUMU_TRY(numu_proof_write(&proof->proof, buffer));
    return numu_buffer_append(buffer, proof->checkpoint.data, proof->checkpoint.length);
}

numu_status numu_entry_proof_read(struct numu_text text, struct numu_entry_proof *out) {
    struct numu_text line;
    bool is_good = numu_text_next_line(&text, &line) && numu_text_is(line, proof_head) &&
                   numu_text_next_line(&text, &line);
    out->extra = (struct numu_text){NULL, 0};
    if (is_good && numu_text_take_prefix(&line, "extra ")) {
        out->extra = line;
        is_good = line.length > 0 && numu_text_next_line(&text, &line);
    }
    if (!is_good || !numu_text_take_prefix(&line, "index ") ||
        !numu_log_number_parse(line, &out->index) || !numu_proof_read(&text, &out->proof)) {
        return NUMU_INVALID;
    }
    out->checkpoint = text;
    return text.length > 0 ? NUMU_OK : NUMU_INVALID;
}
