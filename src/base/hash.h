/*
 * hash.h - SHA-256 (FIPS 180-4), from OpenSSL's libcrypto.
 */
#ifndef NUMU_BASE_HASH_H
#define NUMU_BASE_HASH_H

#include "base/text.h"

enum { NUMU_SHA256_BYTES = 32, NUMU_SHA256_HEX_BYTES = 65 };

struct numu_sha256 {
    unsigned char bytes[NUMU_SHA256_BYTES];
};

/*
 * In pieces: init, update any number of times, finish (which releases, whatever it returns).
 * Release instead of finish to give up; harmless after finish. NUMU_MEMORY where libcrypto gets
 * none.
 */
struct numu_sha256_stream {
    void *state; /* libcrypto's */
};
NUMU_MUST_CHECK numu_status numu_sha256_init(struct numu_sha256_stream *stream);
NUMU_MUST_CHECK numu_status numu_sha256_update(struct numu_sha256_stream *stream, const void *data,
                                               size_t length);
NUMU_MUST_CHECK numu_status numu_sha256_finish(struct numu_sha256_stream *stream,
                                               struct numu_sha256 *out);
void numu_sha256_release(struct numu_sha256_stream *stream);

/* The digest of some bytes. NUMU_MEMORY where libcrypto gets none. */
NUMU_MUST_CHECK numu_status numu_sha256(const void *data, size_t length, struct numu_sha256 *out);
/* Lower-case hexadecimal with a zero byte. Returns `out`. */
char *numu_sha256_hex(const struct numu_sha256 *digest, char out[NUMU_SHA256_HEX_BYTES]);

#endif
