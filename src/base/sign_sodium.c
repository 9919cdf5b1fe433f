/*
 * sign_sodium.c - signatures and key files through libsodium.
 *
 * A key file is encrypted by XChaCha20-Poly1305, whose additional data are all its other members in
 * the order and form in which they are written, so that none of them can be changed [K2].
 */
#include "base/sign.h"

#include "base/hash.h"
#include "base/json.h"
#include "base/number.h"

#include <inttypes.h>
#include <sodium.h>
#include <string.h>

_Static_assert(NUMU_PUBLIC_KEY_BYTES == crypto_sign_PUBLICKEYBYTES, "Ed25519 public key");
_Static_assert(NUMU_SIGNATURE_BYTES == crypto_sign_BYTES, "Ed25519 signature");
_Static_assert(NUMU_KEY_SEED_BYTES == crypto_sign_SEEDBYTES, "Ed25519 seed");

enum {
    ALGORITHM = 0x01, /* of signed notes: Ed25519 */
    SALT_BYTES = crypto_pwhash_SALTBYTES,
    NONCE_BYTES = crypto_aead_xchacha20poly1305_ietf_NPUBBYTES,
    CIPHER_BYTES = NUMU_KEY_SEED_BYTES + crypto_aead_xchacha20poly1305_ietf_ABYTES,
    PASSES = 3,
    PASSES_MAX = 64,
    MEMORY_KIB = 64 * 1024,
    MEMORY_KIB_MIN = 8,
    MEMORY_KIB_MAX = 1024 * 1024
};

static const char format_prefix[] = "numu.key/";
static const char derivation[] = "argon2id";

/* libsodium may be asked to start more than once, and from several threads. */
static numu_status start(void) {
    return sodium_init() < 0 ? NUMU_MEMORY : NUMU_OK;
}

/* --- base64 --- */

numu_status numu_base64_write(const void *data, size_t length, struct numu_buffer *buffer) {
    if (length > SIZE_MAX / 4) {
        return NUMU_LIMIT;
    }
    size_t bytes = sodium_base64_ENCODED_LEN(length, sodium_base64_VARIANT_ORIGINAL);
    NUMU_TRY(numu_buffer_reserve(buffer, bytes));
    (void)sodium_bin2base64(buffer->data + buffer->length, bytes, data, length,
                            sodium_base64_VARIANT_ORIGINAL);
    buffer->length += bytes - 1; /* a zero byte stands at its end */
    return NUMU_OK;
}

/* libsodium 1.0.18 takes some bytes from 0x80 on for characters of base64. */
static bool is_ascii(struct numu_text text) {
    for (size_t i = 0; i < text.length; i++) {
        if ((unsigned char)text.data[i] >= 0x80) {
            return false;
        }
    }
    return true;
}

bool numu_base64_parse(struct numu_text text, void *out, size_t length) {
    size_t count;
    const char *end;
    return is_ascii(text) &&
           text.length == sodium_base64_encoded_len(length, sodium_base64_VARIANT_ORIGINAL) - 1 &&
           sodium_base642bin(out, length, text.data, text.length, NULL, &count, &end,
                             sodium_base64_VARIANT_ORIGINAL) == 0 &&
           count == length && end == text.data + text.length;
}

void numu_wipe(void *data, size_t length) {
    sodium_memzero(data, length);
}

/* --- public keys --- */

bool numu_key_name_is_valid(struct numu_text name) {
    if (name.data == NULL || name.length == 0 || name.length > NUMU_KEY_NAME_MAX) {
        return false;
    }
    for (size_t i = 0; i < name.length; i++) {
        if (name.data[i] <= ' ' || name.data[i] > '~' || strchr("+\"\\", name.data[i]) != NULL) {
            return false;
        }
    }
    return true;
}

numu_status numu_public_key_of(struct numu_text name, const uint8_t bytes[NUMU_PUBLIC_KEY_BYTES],
                               struct numu_public_key *out) {
    numu_assert(name.data != NULL && numu_key_name_is_valid(name));
    struct numu_public_key key = {.id = 0};
    uint8_t hashed[NUMU_KEY_NAME_MAX + 2 + NUMU_PUBLIC_KEY_BYTES];
    struct numu_sha256 digest;
    memcpy(key.name, name.data, name.length);
    memcpy(key.bytes, bytes, sizeof key.bytes);
    memcpy(hashed, name.data, name.length);
    hashed[name.length] = '\n';
    hashed[name.length + 1] = ALGORITHM;
    memcpy(hashed + name.length + 2, bytes, sizeof key.bytes);
    NUMU_TRY(numu_sha256(hashed, name.length + 2 + sizeof key.bytes, &digest));
    for (size_t i = 0; i < 4; i++) {
        key.id = key.id << 8 | digest.bytes[i];
    }
    *out = key;
    return NUMU_OK;
}

numu_status numu_public_key_write(const struct numu_public_key *key, struct numu_buffer *buffer) {
    uint8_t marked[1 + NUMU_PUBLIC_KEY_BYTES] = {ALGORITHM};
    memcpy(marked + 1, key->bytes, sizeof key->bytes);
    NUMU_TRY(numu_buffer_printf(buffer, "%s+%08" PRIx32 "+", key->name, key->id));
    return numu_base64_write(marked, sizeof marked, buffer);
}

/* Eight lower-case hexadecimal digits. */
static bool parse_id(struct numu_text text, uint32_t *out) {
    static const char digits[] = "0123456789abcdef";
    uint32_t id = 0;
    for (size_t i = 0; i < text.length; i++) {
        const char *digit = memchr(digits, text.data[i], sizeof digits - 1);
        if (digit == NULL) {
            return false;
        }
        id = id << 4 | (uint32_t)(digit - digits);
    }
    *out = id;
    return text.length == 8;
}

numu_status numu_public_key_parse(struct numu_text text, struct numu_public_key *out) {
    size_t first = numu_text_find(text, NUMU_TEXT("+"), 0);
    size_t second = first == SIZE_MAX ? SIZE_MAX : numu_text_find(text, NUMU_TEXT("+"), first + 1);
    if (second == SIZE_MAX) {
        return NUMU_INVALID;
    }
    uint32_t id;
    uint8_t marked[1 + NUMU_PUBLIC_KEY_BYTES];
    struct numu_text name = {text.data, first};
    struct numu_text id_text = {text.data + first + 1, second - first - 1};
    struct numu_text base64 = {text.data + second + 1, text.length - second - 1};
    if (!numu_key_name_is_valid(name) || !parse_id(id_text, &id) ||
        !numu_base64_parse(base64, marked, sizeof marked) || marked[0] != ALGORITHM) {
        return NUMU_INVALID;
    }
    struct numu_public_key key;
    NUMU_TRY(numu_public_key_of(name, marked + 1, &key));
    if (key.id != id) {
        return NUMU_INVALID;
    }
    *out = key;
    return NUMU_OK;
}

/* --- signing --- */

numu_status numu_signer_of_seed(struct numu_text name, const uint8_t seed[NUMU_KEY_SEED_BYTES],
                                struct numu_signer *out) {
    struct numu_signer signer = {.secret = NULL};
    uint8_t public_key[NUMU_PUBLIC_KEY_BYTES];
    NUMU_TRY(start());
    signer.secret = sodium_malloc(crypto_sign_SECRETKEYBYTES);
    if (signer.secret == NULL) {
        return NUMU_MEMORY;
    }
    (void)crypto_sign_seed_keypair(public_key, signer.secret, seed);
    numu_status status = numu_public_key_of(name, public_key, &signer.public_key);
    if (status != NUMU_OK) {
        numu_signer_release(&signer);
        return status;
    }
    *out = signer;
    return NUMU_OK;
}

numu_status numu_signer_make(struct numu_text name, struct numu_signer *out) {
    uint8_t seed[NUMU_KEY_SEED_BYTES];
    NUMU_TRY(start());
    randombytes_buf(seed, sizeof seed);
    numu_status status = numu_signer_of_seed(name, seed, out);
    numu_wipe(seed, sizeof seed);
    return status;
}

void numu_signer_release(struct numu_signer *signer) {
    sodium_free(signer->secret);
    signer->secret = NULL;
}

numu_status numu_sign(const struct numu_signer *signer, struct numu_text message,
                      struct numu_signature *out) {
    numu_assert(signer->secret != NULL);
    return crypto_sign_detached(out->bytes, NULL, (const uint8_t *)message.data, message.length,
                                signer->secret) == 0
               ? NUMU_OK
               : NUMU_MEMORY;
}

bool numu_signature_is_valid(const struct numu_public_key *key, struct numu_text message,
                             const struct numu_signature *signature) {
    return start() == NUMU_OK &&
           crypto_sign_verify_detached(signature->bytes, (const uint8_t *)message.data,
                                       message.length, key->bytes) == 0;
}

/* --- key files --- */

/* What stands in a key file. */
struct key_file {
    struct numu_public_key public_key;
    struct numu_key_cost cost;
    uint8_t salt[SALT_BYTES];
    uint8_t nonce[NONCE_BYTES];
    uint8_t cipher[CIPHER_BYTES];
};

/* The members before the secret, as they stand in the file: also what is authenticated. */
static numu_status write_header(const struct key_file *file, struct numu_buffer *buffer) {
    NUMU_TRY(
        numu_buffer_printf(buffer, "{\n  \"format\": \"%s1\",\n  \"public\": \"", format_prefix));
    NUMU_TRY(numu_public_key_write(&file->public_key, buffer));
    NUMU_TRY(numu_buffer_printf(buffer,
                                "\",\n  \"kdf\": \"%s\",\n  \"passes\": %" PRIu32
                                ",\n  \"memory_kib\": %" PRIu32 ",\n  \"salt\": \"",
                                derivation, file->cost.passes, file->cost.memory_kib));
    NUMU_TRY(numu_base64_write(file->salt, sizeof file->salt, buffer));
    NUMU_TRY(numu_buffer_append_string(buffer, "\",\n  \"nonce\": \""));
    NUMU_TRY(numu_base64_write(file->nonce, sizeof file->nonce, buffer));
    return numu_buffer_append_string(buffer, "\",\n  \"secret\": \"");
}

/* The key that encrypts: from the passphrase, at the cost that the file names. */
static numu_status derive(const struct key_file *file, struct numu_text passphrase,
                          uint8_t key[crypto_aead_xchacha20poly1305_ietf_KEYBYTES]) {
    return crypto_pwhash(key, crypto_aead_xchacha20poly1305_ietf_KEYBYTES, passphrase.data,
                         passphrase.length, file->salt, file->cost.passes,
                         (size_t)file->cost.memory_kib * 1024, crypto_pwhash_ALG_ARGON2ID13) == 0
               ? NUMU_OK
               : NUMU_MEMORY;
}

numu_status numu_key_write(const struct numu_signer *signer, struct numu_text passphrase,
                           const struct numu_key_cost *cost, struct numu_buffer *buffer) {
    struct key_file file = {.public_key = signer->public_key,
                            .cost = {cost->passes == 0 ? PASSES : cost->passes,
                                     cost->memory_kib == 0 ? MEMORY_KIB : cost->memory_kib}};
    uint8_t key[crypto_aead_xchacha20poly1305_ietf_KEYBYTES];
    uint8_t seed[NUMU_KEY_SEED_BYTES];
    size_t from = buffer->length;
    NUMU_TRY(start());
    randombytes_buf(file.salt, sizeof file.salt);
    randombytes_buf(file.nonce, sizeof file.nonce);
    NUMU_TRY(write_header(&file, buffer));
    NUMU_TRY(derive(&file, passphrase, key));
    (void)crypto_sign_ed25519_sk_to_seed(seed, signer->secret);
    (void)crypto_aead_xchacha20poly1305_ietf_encrypt(file.cipher, NULL, seed, sizeof seed,
                                                     (const uint8_t *)buffer->data + from,
                                                     buffer->length - from, NULL, file.nonce, key);
    numu_wipe(key, sizeof key);
    numu_wipe(seed, sizeof seed);
    NUMU_TRY(numu_base64_write(file.cipher, sizeof file.cipher, buffer));
    return numu_buffer_append_string(buffer, "\"\n}\n");
}

static struct numu_text text_at(const struct numu_json *object, const char *key) {
    const struct numu_json *member = numu_json_find(object, key);
    return member != NULL && member->kind == NUMU_JSON_STRING ? member->text
                                                              : (struct numu_text){NULL, 0};
}

static bool count_at(const struct numu_json *object, const char *key, uint32_t least, uint32_t most,
                     uint32_t *out) {
    const struct numu_json *member = numu_json_find(object, key);
    int64_t number;
    if (member == NULL || member->kind != NUMU_JSON_NUMBER ||
        numu_number_parse(member->text, 0, '.', &number) != NUMU_NUMBER_OK || number < least ||
        number > most) {
        return false;
    }
    *out = (uint32_t)number;
    return true;
}

/* What a key file says. NUMU_INVALID with the problem where it is none. */
static numu_status parse(struct numu_arena *scratch, struct numu_text text, struct key_file *out,
                         numu_key_problem *out_problem) {
    struct numu_json *root;
    struct numu_json_error error;
    *out_problem = NUMU_KEY_NOT_A_KEY;
    if (text.length > NUMU_KEY_FILE_BYTES_MAX) {
        return NUMU_INVALID;
    }
    NUMU_TRY(numu_json_read(scratch, text, 0, &root, &error));
    struct numu_text format = text_at(root, "format");
    const size_t prefix = sizeof format_prefix - 1;
    if (format.length <= prefix || memcmp(format.data, format_prefix, prefix) != 0) {
        return NUMU_INVALID;
    }
    if (format.length != prefix + 1 || format.data[prefix] != '1') {
        *out_problem = NUMU_KEY_NEWER_FORMAT;
        return NUMU_INVALID;
    }
    struct key_file file = {.cost = {0}};
    if (!numu_text_is(text_at(root, "kdf"), derivation) ||
        !count_at(root, "passes", 1, PASSES_MAX, &file.cost.passes) ||
        !count_at(root, "memory_kib", MEMORY_KIB_MIN, MEMORY_KIB_MAX, &file.cost.memory_kib) ||
        !numu_base64_parse(text_at(root, "salt"), file.salt, sizeof file.salt) ||
        !numu_base64_parse(text_at(root, "nonce"), file.nonce, sizeof file.nonce) ||
        !numu_base64_parse(text_at(root, "secret"), file.cipher, sizeof file.cipher)) {
        return NUMU_INVALID;
    }
    NUMU_TRY(numu_public_key_parse(text_at(root, "public"), &file.public_key));
    *out = file;
    *out_problem = NUMU_KEY_FINE;
    return NUMU_OK;
}

/* Decrypts; the header is written anew, so that only what was said is authenticated. */
static numu_status unlock(const struct key_file *file, struct numu_text passphrase,
                          struct numu_buffer *header, struct numu_signer *out,
                          numu_key_problem *out_problem) {
    uint8_t key[crypto_aead_xchacha20poly1305_ietf_KEYBYTES];
    uint8_t seed[NUMU_KEY_SEED_BYTES];
    struct numu_signer signer;
    NUMU_TRY(write_header(file, header));
    NUMU_TRY(derive(file, passphrase, key));
    int is_wrong = crypto_aead_xchacha20poly1305_ietf_decrypt(
        seed, NULL, NULL, file->cipher, sizeof file->cipher, (const uint8_t *)header->data,
        header->length, file->nonce, key);
    numu_wipe(key, sizeof key);
    if (is_wrong != 0) {
        *out_problem = NUMU_KEY_WRONG_PASSPHRASE;
        return NUMU_INVALID;
    }
    numu_status status = numu_signer_of_seed(numu_text_of(file->public_key.name), seed, &signer);
    numu_wipe(seed, sizeof seed);
    NUMU_TRY(status);
    if (signer.public_key.id != file->public_key.id) { /* locked by somebody, but not as one pair */
        numu_signer_release(&signer);
        *out_problem = NUMU_KEY_NOT_A_KEY;
        return NUMU_INVALID;
    }
    *out = signer;
    return NUMU_OK;
}

numu_status numu_key_read(struct numu_arena *scratch, struct numu_text file,
                          struct numu_text passphrase, struct numu_signer *out,
                          numu_key_problem *out_problem) {
    struct key_file parsed;
    struct numu_buffer header;
    struct numu_arena_mark mark = numu_arena_mark(scratch);
    NUMU_TRY(start());
    numu_status status = parse(scratch, file, &parsed, out_problem);
    numu_arena_rewind(scratch, mark);
    NUMU_TRY(status);
    numu_buffer_init(&header, scratch->heap, 0);
    status = unlock(&parsed, passphrase, &header, out, out_problem);
    numu_buffer_release(&header);
    return status;
}

numu_status numu_key_read_public(struct numu_arena *scratch, struct numu_text file,
                                 struct numu_public_key *out, numu_key_problem *out_problem) {
    struct key_file parsed;
    struct numu_arena_mark mark = numu_arena_mark(scratch);
    numu_status status = parse(scratch, file, &parsed, out_problem);
    numu_arena_rewind(scratch, mark);
    NUMU_TRY(status);
    *out = parsed.public_key;
    return NUMU_OK;
}
