/*
 * Goal: Ed25519 as RFC 8032 has it, key ids as C2SP's signed notes have them, key files that open
 * for their passphrase only and for no changed byte.
 * Method: the vectors of RFC 8032 section 7.1 and the key of Go's x/mod/sumdb/note documentation;
 * every byte of a message, a signature and a key file changed; each allocation failing.
 */
#include "base/sign.h"

#include "base/random.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdlib.h>
#include <string.h>

/* Cheap on purpose: what is tested is not the cost. */
static const struct numu_key_cost cheap = {.passes = 1, .memory_kib = 8};
static const struct numu_text passphrase = {"correct horse battery", 21};

static void from_hex(const char *hex, uint8_t *out) {
    for (size_t i = 0; hex[2 * i] != '\0'; i++) {
        char byte[3] = {hex[2 * i], hex[2 * i + 1], '\0'};
        out[i] = (uint8_t)strtoul(byte, NULL, 16);
    }
}

static void check_vector(const char *seed_hex, const char *key_hex, struct numu_text message,
                         const char *signature_hex) {
    uint8_t seed[NUMU_KEY_SEED_BYTES];
    uint8_t key[NUMU_PUBLIC_KEY_BYTES];
    uint8_t expected[NUMU_SIGNATURE_BYTES];
    struct numu_signer signer;
    struct numu_signature signature;
    from_hex(seed_hex, seed);
    from_hex(key_hex, key);
    from_hex(signature_hex, expected);
    assert_int_equal(numu_signer_of_seed(NUMU_TEXT("test"), seed, &signer), NUMU_OK);
    assert_memory_equal(signer.public_key.bytes, key, sizeof key);
    assert_int_equal(numu_sign(&signer, message, &signature), NUMU_OK);
    assert_memory_equal(signature.bytes, expected, sizeof expected);
    assert_true(numu_signature_is_valid(&signer.public_key, message, &signature));
    numu_signer_release(&signer);
}

/* RFC 8032, 7.1: TEST 1, 2 and 3. */
static void published_signatures(void **state) {
    (void)state;
    check_vector("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
                 "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a", NUMU_TEXT(""),
                 "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bac"
                 "c61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b");
    check_vector("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
                 "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
                 NUMU_TEXT("\x72"),
                 "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e"
                 "458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00");
    check_vector("c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
                 "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
                 NUMU_TEXT("\xaf\x82"),
                 "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290"
                 "ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a");
}

/* The key of the documentation of golang.org/x/mod/sumdb/note. */
static void published_key_id(void **state) {
    (void)state;
    static const struct numu_text text = {
        "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW", 66};
    struct numu_public_key key;
    struct numu_heap heap;
    struct numu_buffer buffer;
    numu_heap_init(&heap, 0);
    numu_buffer_init(&buffer, &heap, 0);
    assert_int_equal(numu_public_key_parse(text, &key), NUMU_OK);
    assert_string_equal(key.name, "PeterNeumann");
    assert_int_equal(key.id, 0xc74f20a3);
    assert_int_equal(numu_public_key_write(&key, &buffer), NUMU_OK);
    assert_string_equal(buffer.data, text.data);
    numu_buffer_release(&buffer);
    /* Any other character makes it another text, and no key. */
    for (size_t i = 0; i < text.length; i++) {
        char changed[66];
        memcpy(changed, text.data, sizeof changed);
        changed[i] = changed[i] == 'A' ? 'B' : 'A';
        assert_int_equal(numu_public_key_parse((struct numu_text){changed, sizeof changed}, &key),
                         NUMU_INVALID);
        assert_int_equal(numu_public_key_parse((struct numu_text){text.data, i}, &key),
                         NUMU_INVALID);
    }
}

static void any_change_voids_a_signature(void **state) {
    (void)state;
    struct numu_signer signer = {.secret = NULL};
    struct numu_signer other = {.secret = NULL};
    struct numu_signature signature;
    char message[] = "900 lb of 1.1D";
    struct numu_text text = {message, sizeof message - 1};
    assert_int_equal(numu_signer_make(NUMU_TEXT("officer"), &signer), NUMU_OK);
    assert_int_equal(numu_signer_make(NUMU_TEXT("officer"), &other), NUMU_OK);
    assert_memory_not_equal(signer.public_key.bytes, other.public_key.bytes, NUMU_PUBLIC_KEY_BYTES);
    assert_int_equal(numu_sign(&signer, text, &signature), NUMU_OK);
    assert_true(numu_signature_is_valid(&signer.public_key, text, &signature));
    assert_false(numu_signature_is_valid(&other.public_key, text, &signature));
    for (size_t bit = 0; bit < text.length * 8; bit++) {
        message[bit / 8] ^= (char)(1U << bit % 8);
        assert_false(numu_signature_is_valid(&signer.public_key, text, &signature));
        message[bit / 8] ^= (char)(1U << bit % 8);
    }
    for (size_t bit = 0; bit < sizeof signature.bytes * 8; bit++) {
        signature.bytes[bit / 8] ^= (uint8_t)(1U << bit % 8);
        assert_false(numu_signature_is_valid(&signer.public_key, text, &signature));
        signature.bytes[bit / 8] ^= (uint8_t)(1U << bit % 8);
    }
    numu_signer_release(&signer);
    numu_signer_release(&other);
}

struct fixture {
    struct numu_heap heap;
    struct numu_arena arena;
    struct numu_buffer file;
    struct numu_signer signer;
};

static int set_up(void **state) {
    static struct fixture fixture;
    numu_heap_init(&fixture.heap, 0);
    numu_arena_init(&fixture.arena, &fixture.heap);
    numu_buffer_init(&fixture.file, &fixture.heap, 0);
    assert_int_equal(numu_signer_make(NUMU_TEXT("officer.example/1"), &fixture.signer), NUMU_OK);
    assert_int_equal(numu_key_write(&fixture.signer, passphrase, &cheap, &fixture.file), NUMU_OK);
    *state = &fixture;
    return 0;
}

static int tear_down(void **state) {
    struct fixture *fixture = *state;
    numu_signer_release(&fixture->signer);
    numu_buffer_release(&fixture->file);
    numu_arena_release(&fixture->arena);
    assert_int_equal(fixture->heap.bytes, 0);
    return 0;
}

static void key_file_opens_for_its_passphrase(void **state) {
    struct fixture *fixture = *state;
    struct numu_text file = {fixture->file.data, fixture->file.length};
    struct numu_signer signer = {.secret = NULL};
    struct numu_public_key key;
    numu_key_problem problem;
    assert_int_equal(numu_key_read_public(&fixture->arena, file, &key, &problem), NUMU_OK);
    assert_memory_equal(&key, &fixture->signer.public_key, sizeof key);
    assert_int_equal(numu_key_read(&fixture->arena, file, passphrase, &signer, &problem), NUMU_OK);
    struct numu_signature one;
    struct numu_signature two;
    assert_int_equal(numu_sign(&fixture->signer, NUMU_TEXT("x"), &one), NUMU_OK);
    assert_int_equal(numu_sign(&signer, NUMU_TEXT("x"), &two), NUMU_OK);
    assert_memory_equal(&one, &two, sizeof one);
    numu_signer_release(&signer);
    for (size_t length = 0; length < passphrase.length; length++) {
        struct numu_text shorter = {passphrase.data, length};
        assert_int_equal(numu_key_read(&fixture->arena, file, shorter, &signer, &problem),
                         NUMU_INVALID);
        assert_int_equal(problem, NUMU_KEY_WRONG_PASSPHRASE);
        assert_null(signer.secret);
    }
}

/* White space outside of values is no part of what is said; any other byte is. */
static void changed_key_file_is_refused(void **state) {
    struct fixture *fixture = *state;
    struct numu_text file = {fixture->file.data, fixture->file.length};
    struct numu_signer signer = {.secret = NULL};
    numu_key_problem problem;
    const char *newer = strstr(fixture->file.data, "key/1") + 4;
    for (size_t i = 0; i < file.length; i++) {
        char before = fixture->file.data[i];
        if (before == ' ' || before == '\n') {
            continue;
        }
        fixture->file.data[i] = (char)(before ^ 1);
        assert_int_equal(numu_key_read(&fixture->arena, file, passphrase, &signer, &problem),
                         NUMU_INVALID);
        if (file.data + i == newer) {
            assert_int_equal(problem, NUMU_KEY_NEWER_FORMAT);
        }
        fixture->file.data[i] = before;
    }
    for (size_t length = 0; length + 2 < file.length; length++) {
        struct numu_text cut = {file.data, length};
        assert_int_equal(numu_key_read(&fixture->arena, cut, passphrase, &signer, &problem),
                         NUMU_INVALID);
        assert_int_equal(problem, NUMU_KEY_NOT_A_KEY);
    }
}

static void key_file_tells_no_secret(void **state) {
    struct fixture *fixture = *state;
    struct numu_buffer base64;
    numu_buffer_init(&base64, &fixture->heap, 0);
    /* The first half of libsodium's secret is the seed. */
    assert_int_equal(numu_base64_write(fixture->signer.secret, NUMU_KEY_SEED_BYTES - 2, &base64),
                     NUMU_OK);
    assert_null(strstr(fixture->file.data, base64.data));
    assert_null(strstr(fixture->file.data, passphrase.data));
    numu_buffer_release(&base64);
}

static void names_are_checked(void **state) {
    (void)state;
    char longest[NUMU_KEY_NAME_MAX + 1];
    memset(longest, 'x', sizeof longest);
    assert_true(numu_key_name_is_valid((struct numu_text){longest, NUMU_KEY_NAME_MAX}));
    assert_false(numu_key_name_is_valid((struct numu_text){longest, NUMU_KEY_NAME_MAX + 1}));
    assert_true(numu_key_name_is_valid(NUMU_TEXT("example.com/log-1")));
    static const char *const bad[] = {"", "a b", "a+b", "a\"b", "a\\b", "caf\xC3\xA9", "a\n"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        assert_false(numu_key_name_is_valid(numu_text_of(bad[i])));
    }
}

static void base64_is_canonical(void **state) {
    (void)state;
    uint8_t bytes[3];
    assert_true(numu_base64_parse(NUMU_TEXT("Zm9v"), bytes, 3));
    assert_memory_equal(bytes, "foo", 3);
    assert_true(numu_base64_parse(NUMU_TEXT("Zm8="), bytes, 2));
    assert_false(numu_base64_parse(NUMU_TEXT("Zm9="), bytes, 2)); /* spare bits set */
    assert_false(numu_base64_parse(NUMU_TEXT("Zm8"), bytes, 2));
    assert_false(numu_base64_parse(NUMU_TEXT("Zm 8="), bytes, 2));
    assert_false(numu_base64_parse(NUMU_TEXT("Zm9v"), bytes, 2));
    assert_true(numu_base64_parse(NUMU_TEXT(""), bytes, 0));
}

static void nth_allocation_fails_cleanly(void **state) {
    struct fixture *fixture = *state;
    struct numu_text file = {fixture->file.data, fixture->file.length};
    struct numu_signer signer = {.secret = NULL};
    numu_key_problem problem;
    numu_status status = NUMU_MEMORY;
    size_t before = fixture->heap.bytes;
    int failures = 0;
    for (uint_fast64_t n = 1; status != NUMU_OK; n++, failures++) {
        fixture->heap.fail_at = fixture->heap.count + n;
        status = numu_key_read(&fixture->arena, file, passphrase, &signer, &problem);
        fixture->heap.fail_at = 0;
        assert_true(status == NUMU_OK || status == NUMU_MEMORY);
    }
    assert_true(failures > 1);
    numu_signer_release(&signer);
    numu_arena_release(&fixture->arena);
    assert_true(fixture->heap.bytes <= before);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(published_signatures),
        cmocka_unit_test(published_key_id),
        cmocka_unit_test(any_change_voids_a_signature),
        cmocka_unit_test_setup_teardown(key_file_opens_for_its_passphrase, set_up, tear_down),
        cmocka_unit_test_setup_teardown(changed_key_file_is_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(key_file_tells_no_secret, set_up, tear_down),
        cmocka_unit_test(names_are_checked),
        cmocka_unit_test(base64_is_canonical),
        cmocka_unit_test_setup_teardown(nth_allocation_fails_cleanly, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
