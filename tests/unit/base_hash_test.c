/*
 * Goal: SHA-256 as FIPS 180-4 has it, whole or in pieces; NUMU_MEMORY where libcrypto gets none.
 * Method: the vectors of the standard's examples; random bytes cut at random places against the
 * whole; libcrypto's allocator made to fail at each n-th call.
 */
#include "base/hash.h"

#include "base/random.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <openssl/crypto.h>
#include <stdlib.h>
#include <string.h>

enum { SEED = 20260307 };

/* --- libcrypto's allocator, with an order to fail --- */

static long allocations;
static long fail_at; /* 1-based; 0 = never */
static long in_use;

static void *take_or_fail(size_t bytes, const char *file, int line) {
    (void)file;
    (void)line;
    if (++allocations == fail_at) {
        return NULL;
    }
    void *taken = malloc(bytes);
    in_use += taken != NULL;
    return taken;
}

static void *resize_or_fail(void *data, size_t bytes, const char *file, int line) {
    if (data == NULL) {
        return take_or_fail(bytes, file, line);
    }
    return ++allocations == fail_at ? NULL : realloc(data, bytes);
}

static void give_back(void *data, const char *file, int line) {
    (void)file;
    (void)line;
    in_use -= data != NULL;
    free(data);
}

/* --- tests --- */

static void check_digest(const void *data, size_t length, const char *expected) {
    struct numu_sha256 digest;
    char hex[NUMU_SHA256_HEX_BYTES];
    assert_int_equal(numu_sha256(data, length, &digest), NUMU_OK);
    assert_string_equal(numu_sha256_hex(&digest, hex), expected);
}

/* FIPS 180-2 appendix B, and the empty message from NIST's CAVP (SHA256ShortMsg.rsp). */
static void published_digests(void **state) {
    (void)state;
    check_digest("abc", 3, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    check_digest(NULL, 0, "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
    check_digest("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", 56,
                 "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
    static char million[1000000];
    memset(million, 'a', sizeof million);
    check_digest(million, sizeof million,
                 "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

static void pieces_give_the_same(void **state) {
    (void)state;
    print_message("# seed %d\n", SEED);
    struct numu_random random;
    numu_random_init(&random, SEED, 0);
    for (int round = 0; round < 300; round++) {
        unsigned char bytes[1000];
        size_t length = numu_random_below(&random, sizeof bytes + 1);
        for (size_t i = 0; i < length; i++) {
            bytes[i] = (unsigned char)numu_random_below(&random, 256);
        }
        struct numu_sha256 whole;
        struct numu_sha256 pieces;
        struct numu_sha256_stream stream;
        assert_int_equal(numu_sha256(bytes, length, &whole), NUMU_OK);
        assert_int_equal(numu_sha256_init(&stream), NUMU_OK);
        for (size_t at = 0; at < length;) {
            size_t piece = numu_random_below(&random, length - at + 1);
            assert_int_equal(numu_sha256_update(&stream, bytes + at, piece), NUMU_OK);
            at += piece;
        }
        assert_int_equal(numu_sha256_finish(&stream, &pieces), NUMU_OK);
        assert_memory_equal(&whole, &pieces, sizeof whole);
        numu_sha256_release(&stream); /* harmless */
    }
}

static void giving_up_leaks_nothing(void **state) {
    (void)state;
    struct numu_sha256_stream stream;
    assert_int_equal(numu_sha256_init(&stream), NUMU_OK);
    numu_sha256_release(&stream); /* libcrypto now holds what it keeps for good */
    long before = in_use;
    assert_int_equal(numu_sha256_init(&stream), NUMU_OK);
    assert_int_equal(numu_sha256_update(&stream, "abc", 3), NUMU_OK);
    assert_true(in_use > before);
    numu_sha256_release(&stream);
    assert_int_equal(in_use, before);
}

/*
 * Each allocation of a digest fails once. libcrypto can do without some of them, so a later one may
 * fail after one that did not matter. Returns how many digests failed.
 */
static int fail_each_allocation(void) {
    int failures = 0;
    long n = 0;
    do {
        struct numu_sha256 digest;
        memset(&digest, 0x5A, sizeof digest);
        allocations = 0;
        fail_at = ++n;
        numu_status status = numu_sha256("abc", 3, &digest);
        fail_at = 0;
        if (status == NUMU_OK) {
            assert_int_equal(digest.bytes[0], 0xBA);
            assert_int_equal(digest.bytes[31], 0xAD);
        } else {
            assert_int_equal(status, NUMU_MEMORY);
            for (size_t i = 0; i < sizeof digest.bytes; i++) {
                assert_int_equal(digest.bytes[i], 0x5A);
            }
            failures++;
        }
    } while (n <= allocations);
    return failures;
}

static void nth_allocation_fails_cleanly(void **state) {
    (void)state;
    long before = 0;
    for (int round = 0; round < 40; round++) {
        if (round == 20) {
            before = in_use; /* libcrypto's queue of 16 errors is full: it keeps no more */
        }
        /* At least that of the context, and one when it is set up. */
        assert_true(fail_each_allocation() >= 2);
    }
    assert_int_equal(in_use, before);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(published_digests),
        cmocka_unit_test(pieces_give_the_same),
        cmocka_unit_test(giving_up_leaks_nothing),
        cmocka_unit_test(nth_allocation_fails_cleanly),
    };
    /* Only before libcrypto's first allocation. */
    if (CRYPTO_set_mem_functions(take_or_fail, resize_or_fail, give_back) != 1) {
        return 1;
    }
    return cmocka_run_group_tests(tests, NULL, NULL);
}
