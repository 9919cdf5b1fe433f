/*
 * hash_openssl.c - SHA-256 through libcrypto's EVP interface, which uses the processor's SHA
 * instructions where there are any. Its memory is not counted by our heaps: some hundred bytes a
 * stream.
 */
#include "base/hash.h"

#include <openssl/evp.h>

numu_status numu_sha256_init(struct numu_sha256_stream *stream) {
    EVP_MD_CTX *state = EVP_MD_CTX_new();
    if (state == NULL || EVP_DigestInit_ex(state, EVP_sha256(), NULL) != 1) {
        EVP_MD_CTX_free(state);
        return NUMU_MEMORY;
    }
    stream->state = state;
    return NUMU_OK;
}

numu_status numu_sha256_update(struct numu_sha256_stream *stream, const void *data, size_t length) {
    if (length == 0) {
        return NUMU_OK;
    }
    return EVP_DigestUpdate(stream->state, data, length) == 1 ? NUMU_OK : NUMU_MEMORY;
}

numu_status numu_sha256_finish(struct numu_sha256_stream *stream, struct numu_sha256 *out) {
    struct numu_sha256 digest;
    int is_done = EVP_DigestFinal_ex(stream->state, digest.bytes, NULL);
    numu_sha256_release(stream);
    if (is_done != 1) {
        return NUMU_MEMORY;
    }
    *out = digest;
    return NUMU_OK;
}

void numu_sha256_release(struct numu_sha256_stream *stream) {
    EVP_MD_CTX_free(stream->state);
    stream->state = NULL;
}

numu_status numu_sha256(const void *data, size_t length, struct numu_sha256 *out) {
    struct numu_sha256_stream stream;
    NUMU_TRY(numu_sha256_init(&stream));
    numu_status status = numu_sha256_update(&stream, data, length);
    if (status != NUMU_OK) {
        numu_sha256_release(&stream);
        return status;
    }
    return numu_sha256_finish(&stream, out);
}

char *numu_sha256_hex(const struct numu_sha256 *digest, char out[NUMU_SHA256_HEX_BYTES]) {
    static const char digits[] = "0123456789abcdef";
    for (size_t i = 0; i < NUMU_SHA256_BYTES; i++) {
        out[2 * i] = digits[digest->bytes[i] >> 4];
        out[2 * i + 1] = digits[digest->bytes[i] & 0xF];
    }
    out[NUMU_SHA256_HEX_BYTES - 1] = '\0';
    return out;
}
