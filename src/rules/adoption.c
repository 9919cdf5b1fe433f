/*
 * adoption.c - see adoption.h.
 */
#include "rules/adoption.h"

#include <string.h>

static const char format_name[] = "numu.adoption/1";
static const char revocation_name[] = "numu.revocation/1";

/* [A1] */
static numu_status message_of(struct numu_arena *arena, const struct numu_ruleset *set,
                              const struct numu_adoption *adoption, struct numu_text *out) {
    char hex[NUMU_SHA256_HEX_BYTES];
    char day[NUMU_DAY_TEXT_BYTES];
    return numu_text_printf(arena, out, "%s\n%.*s\n%.*s\n%s\n%s\n",
                            adoption->is_revocation ? revocation_name : format_name,
                            (int)set->id.length, set->id.data, (int)adoption->row_id.length,
                            adoption->row_id.data, numu_sha256_hex(&adoption->digest, hex),
                            numu_day_format(adoption->signed_on, day));
}

/* --- reading --- */

static struct numu_text text_at(const struct numu_json *object, const char *key) {
    const struct numu_json *member = numu_json_find(object, key);
    return member != NULL && member->kind == NUMU_JSON_STRING ? member->text
                                                              : (struct numu_text){NULL, 0};
}

static bool parse_digest(struct numu_text text, struct numu_sha256 *out) {
    static const char digits[] = "0123456789abcdef";
    if (text.length != NUMU_SHA256_HEX_BYTES - 1) {
        return false;
    }
    memset(out, 0, sizeof *out);
    for (size_t i = 0; i < text.length; i++) {
        const char *digit = memchr(digits, text.data[i], sizeof digits - 1);
        if (digit == NULL) {
            return false;
        }
        out->bytes[i / 2] = (uint8_t)(out->bytes[i / 2] << 4 | (digit - digits));
    }
    return true;
}

static numu_row find_row(const struct numu_ruleset *set, struct numu_text id) {
    for (numu_row row = 0; row < set->row_count; row++) {
        if (numu_text_is_equal(set->row[row].id, id)) {
            return row;
        }
    }
    return NUMU_NONE;
}

static void tell(struct numu_report *report, uint32_t source, const struct numu_json *node,
                 const char *what) {
    struct numu_diagnostic finding = {.code = NUMU_CODE_BAD_ADOPTION,
                                      .place = {source, 0, node == NULL ? 0 : node->offset},
                                      .related = NUMU_NOWHERE};
    finding.arguments[0] = numu_argument_string(what);
    numu_report_add(report, &finding);
}

static numu_status judge(struct numu_arena *arena, const struct numu_ruleset *set,
                         struct numu_adoption *adoption) {
    struct numu_text message;
    struct numu_arena_mark mark = numu_arena_mark(arena);
    NUMU_TRY(message_of(arena, set, adoption, &message));
    bool is_signed = numu_signature_is_valid(&adoption->key, message, &adoption->signature);
    numu_arena_rewind(arena, mark);
    bool is_current =
        adoption->row != NUMU_NONE &&
        memcmp(&set->row[adoption->row].digest, &adoption->digest, sizeof adoption->digest) == 0;
    adoption->state = !is_signed   ? NUMU_ADOPTION_FORGED
                      : is_current ? NUMU_ADOPTION_VALID
                                   : NUMU_ADOPTION_VOID;
    return NUMU_OK;
}

/* The member that is wrong, or NULL. */
static const char *parse_one(const struct numu_json *node, struct numu_adoption *out) {
    const struct numu_json *revokes = numu_json_find(node, "revokes");
    *out = (struct numu_adoption){.row_id = text_at(node, "row"),
                                  .key_text = text_at(node, "key"),
                                  .is_revocation = revokes != NULL,
                                  .ends_on = NUMU_NO_DAY};
    if (revokes != NULL && revokes->kind != NUMU_JSON_TRUE) {
        return "revokes";
    }
    if (out->row_id.length == 0) {
        return "row";
    }
    if (!parse_digest(text_at(node, "sha256"), &out->digest)) {
        return "sha256";
    }
    if (numu_public_key_parse(out->key_text, &out->key) != NUMU_OK) {
        return "key";
    }
    if (!numu_day_parse(text_at(node, "signed"), &out->signed_on)) {
        return "signed";
    }
    if (!numu_base64_parse(text_at(node, "signature"), out->signature.bytes,
                           sizeof out->signature.bytes)) {
        return "signature";
    }
    return NULL;
}

/* [A3] */
static void apply_revocation(struct numu_adoptions *adoptions, size_t at, numu_day day) {
    const struct numu_adoption *revocation = &adoptions->list[at];
    for (size_t i = 0; i < at; i++) {
        struct numu_adoption *adoption = &adoptions->list[i];
        if (adoption->is_revocation || adoption->state != NUMU_ADOPTION_VALID ||
            adoption->row != revocation->row ||
            !numu_text_is_equal(adoption->key_text, revocation->key_text)) {
            continue;
        }
        bool is_earliest =
            adoption->ends_on == NUMU_NO_DAY || revocation->signed_on < adoption->ends_on;
        adoption->ends_on = is_earliest ? revocation->signed_on : adoption->ends_on;
        if (day == NUMU_NO_DAY || revocation->signed_on <= day) {
            adoption->state = NUMU_ADOPTION_REVOKED;
        }
    }
}

static void apply_revocations(struct numu_adoptions *adoptions, numu_day day) {
    for (size_t i = 0; i < adoptions->count; i++) {
        if (adoptions->list[i].is_revocation && adoptions->list[i].state == NUMU_ADOPTION_VALID) {
            apply_revocation(adoptions, i, day);
        }
    }
}

numu_status numu_adoptions_read(struct numu_arena *arena, struct numu_text bytes, uint32_t source,
                                const struct numu_ruleset *set, numu_day day,
                                struct numu_report *report, struct numu_adoptions *out) {
    struct numu_json *root;
    struct numu_json_error error;
    numu_status status = numu_json_read(arena, bytes, 0, &root, &error);
    if (status == NUMU_INVALID) {
        tell(report, source, NULL, "JSON");
    }
    NUMU_TRY(status);
    const struct numu_json *list = numu_json_find(root, "adoptions");
    if (!numu_text_is(text_at(root, "format"), format_name) || list == NULL ||
        list->kind != NUMU_JSON_ARRAY || !numu_text_is_equal(text_at(root, "rules"), set->id)) {
        tell(report, source, root, "format");
        return NUMU_INVALID;
    }
    struct numu_adoptions adoptions = {.count = 0};
    NUMU_TRY(NUMU_TAKE(arena, &adoptions.list, list->count));
    for (const struct numu_json *node = list->first; node != NULL; node = node->next) {
        struct numu_adoption *adoption = &adoptions.list[adoptions.count];
        const char *wrong = parse_one(node, adoption);
        if (wrong != NULL) {
            tell(report, source, node, wrong);
            status = NUMU_INVALID;
            continue;
        }
        adoption->row = find_row(set, adoption->row_id);
        NUMU_TRY(judge(arena, set, adoption));
        adoptions.count++;
    }
    NUMU_TRY(status);
    apply_revocations(&adoptions, day);
    *out = adoptions;
    return NUMU_OK;
}

/* --- signing and writing --- */

static numu_status sign_row(struct numu_arena *arena, const struct numu_ruleset *set, numu_row row,
                            const struct numu_signer *signer, numu_day day, bool is_revocation,
                            struct numu_adoption *out) {
    struct numu_text message;
    struct numu_buffer key;
    struct numu_adoption adoption = {.row = row,
                                     .row_id = set->row[row].id,
                                     .digest = set->row[row].digest,
                                     .key = signer->public_key,
                                     .signed_on = day,
                                     .state = NUMU_ADOPTION_VALID,
                                     .is_revocation = is_revocation,
                                     .ends_on = NUMU_NO_DAY};
    numu_buffer_init(&key, arena->heap, 0);
    numu_status status = numu_public_key_write(&adoption.key, &key);
    if (status == NUMU_OK) {
        status =
            numu_text_copy(arena, (struct numu_text){key.data, key.length}, &adoption.key_text);
    }
    numu_buffer_release(&key);
    NUMU_TRY(status);
    NUMU_TRY(message_of(arena, set, &adoption, &message));
    NUMU_TRY(numu_sign(signer, message, &adoption.signature));
    *out = adoption;
    return NUMU_OK;
}

numu_status numu_adoption_sign(struct numu_arena *arena, const struct numu_ruleset *set,
                               numu_row row, const struct numu_signer *signer, numu_day day,
                               struct numu_adoption *out) {
    return sign_row(arena, set, row, signer, day, false, out);
}

numu_status numu_revocation_sign(struct numu_arena *arena, const struct numu_ruleset *set,
                                 numu_row row, const struct numu_signer *signer, numu_day day,
                                 struct numu_adoption *out) {
    return sign_row(arena, set, row, signer, day, true, out);
}

static numu_status write_one(const struct numu_adoption *adoption, struct numu_buffer *base64,
                             struct numu_json_writer *json) {
    char hex[NUMU_SHA256_HEX_BYTES];
    char day[NUMU_DAY_TEXT_BYTES];
    numu_buffer_clear(base64);
    NUMU_TRY(
        numu_base64_write(adoption->signature.bytes, sizeof adoption->signature.bytes, base64));
    numu_json_begin_object(json);
    numu_json_key(json, "row");
    numu_json_text(json, adoption->row_id);
    if (adoption->is_revocation) {
        numu_json_key(json, "revokes");
        numu_json_boolean(json, true);
    }
    numu_json_key(json, "sha256");
    numu_json_string(json, numu_sha256_hex(&adoption->digest, hex));
    numu_json_key(json, "key");
    numu_json_text(json, adoption->key_text);
    numu_json_key(json, "signed");
    numu_json_string(json, numu_day_format(adoption->signed_on, day));
    numu_json_key(json, "signature");
    numu_json_text(json, (struct numu_text){base64->data, base64->length});
    numu_json_end_object(json);
    return NUMU_OK;
}

numu_status numu_adoptions_write(const struct numu_ruleset *set,
                                 const struct numu_adoptions *adoptions,
                                 struct numu_buffer *buffer) {
    struct numu_json_writer json;
    struct numu_buffer base64;
    numu_buffer_init(&base64, buffer->heap, 0);
    numu_json_writer_init(&json, buffer);
    numu_json_begin_object(&json);
    numu_json_key(&json, "format");
    numu_json_string(&json, format_name);
    numu_json_key(&json, "rules");
    numu_json_text(&json, set->id);
    numu_json_key(&json, "adoptions");
    numu_json_begin_array(&json);
    numu_status status = NUMU_OK;
    for (size_t i = 0; status == NUMU_OK && i < adoptions->count; i++) {
        status = write_one(&adoptions->list[i], &base64, &json);
    }
    numu_buffer_release(&base64);
    NUMU_TRY(status);
    numu_json_end_array(&json);
    numu_json_end_object(&json);
    NUMU_TRY(json.status);
    return numu_buffer_append_char(buffer, '\n');
}

const struct numu_adoption *numu_adoption_find(const struct numu_adoptions *adoptions,
                                               numu_row row) {
    const struct numu_adoption *found = NULL;
    for (size_t i = 0; i < adoptions->count; i++) {
        const struct numu_adoption *each = &adoptions->list[i];
        if (each->row == row && each->state == NUMU_ADOPTION_VALID && !each->is_revocation) {
            found = each;
        }
    }
    return found;
}
