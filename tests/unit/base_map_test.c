/*
 * Goal: a map finds what was added and nothing else, and the hash spreads.
 * Method: random keys with many duplicates against a linear search; a collision count of the hash;
 * each n-th allocation made to fail.
 */
#include "base/map.h"

#include "base/random.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

enum { SEED = 20260302 };

static numu_row linear_search(const struct numu_text *keys, size_t count, struct numu_text key) {
    for (size_t row = 0; row < count; row++) {
        if (numu_text_is_equal(keys[row], key)) {
            return (numu_row)row;
        }
    }
    return NUMU_NONE;
}

/* Keys of 0 to 12 of the letters a-c, or a long one: many equal, many alike. */
static struct numu_text random_key(struct numu_random *random, struct numu_arena *arena) {
    static const char tail[] = "-a-long-common-end-of-forty-bytes-or-so";
    size_t length = numu_random_below(random, 13);
    char letters[16];
    for (size_t i = 0; i < length; i++) {
        letters[i] = (char)('a' + numu_random_below(random, 3));
    }
    struct numu_text key;
    bool is_long = numu_random_below(random, 4) == 0;
    assert_int_equal(
        numu_text_printf(arena, &key, "%.*s%s", (int)length, letters, is_long ? tail : ""),
        NUMU_OK);
    return key;
}

static void agrees_with_linear_search(void **state) {
    (void)state;
    print_message("# seed %d\n", SEED);
    struct numu_heap heap;
    struct numu_arena arena;
    struct numu_random random;
    numu_heap_init(&heap, 0);
    numu_arena_init(&arena, &heap);
    numu_random_init(&random, SEED, 0);
    for (size_t count = 0; count < 700; count = count * 3 / 2 + 1) {
        struct numu_text *keys;
        struct numu_map map;
        assert_int_equal(NUMU_TAKE(&arena, &keys, count), NUMU_OK);
        assert_int_equal(numu_map_init(&map, &arena, keys, count), NUMU_OK);
        for (size_t row = 0; row < count; row++) {
            keys[row] = random_key(&random, &arena);
            numu_row expected = linear_search(keys, row, keys[row]);
            assert_int_equal(numu_map_find(&map, keys[row]), expected);
            assert_int_equal(numu_map_add(&map, (numu_row)row), expected);
        }
        for (size_t i = 0; i < count + 100; i++) {
            struct numu_text key = i < count ? keys[i] : random_key(&random, &arena);
            numu_row expected = linear_search(keys, count, key);
            struct numu_map_probe probe = numu_map_probe(&map, key);
            assert_int_equal(numu_map_find(&map, key), expected);
            assert_int_equal(numu_map_find_probed(&map, key, &probe), expected);
        }
        assert_true(count * 8 <= (map.slot_mask + 1) * 5);
    }
    numu_arena_release(&arena);
    assert_int_equal(heap.bytes, 0);
}

static void too_many_rows_are_refused(void **state) {
    (void)state;
    struct numu_heap heap;
    struct numu_arena arena;
    numu_heap_init(&heap, 1000);
    numu_arena_init(&arena, &heap);
    struct numu_map map = {.slot_mask = 7};
    assert_int_equal(numu_map_init(&map, &arena, NULL, SIZE_MAX), NUMU_LIMIT);
    assert_int_equal(numu_map_init(&map, &arena, NULL, (size_t)NUMU_NONE + 1), NUMU_LIMIT);
    assert_int_equal(numu_map_init(&map, &arena, NULL, 10000), NUMU_LIMIT);
    numu_heap_init(&heap, 0);
    heap.fail_at = 1;
    assert_int_equal(numu_map_init(&map, &arena, NULL, 10), NUMU_MEMORY);
    assert_int_equal(map.slot_mask, 7); /* untouched */
    assert_int_equal(heap.bytes, 0);
    assert_int_equal(numu_map_init(&map, &arena, NULL, 10), NUMU_OK);
    numu_arena_release(&arena);
}

/* Of 300 000 keys some ten share the 32 bits of hash that a slot keeps. */
static void equal_hashes_are_told_apart(void **state) {
    (void)state;
    enum { COUNT = 300000 };
    struct numu_heap heap;
    struct numu_arena arena;
    struct numu_text *keys;
    struct numu_map map;
    numu_heap_init(&heap, 0);
    numu_arena_init(&arena, &heap);
    assert_int_equal(NUMU_TAKE(&arena, &keys, COUNT), NUMU_OK);
    assert_int_equal(numu_map_init(&map, &arena, keys, COUNT), NUMU_OK);
    for (numu_row row = 0; row < COUNT; row++) {
        assert_int_equal(numu_text_printf(&arena, &keys[row], "%u", row), NUMU_OK);
        assert_int_equal(numu_map_add(&map, row), NUMU_NONE);
    }
    for (numu_row row = 0; row < COUNT; row++) {
        assert_int_equal(numu_map_find(&map, keys[row]), row);
    }
    numu_arena_release(&arena);
}

static int compare_numbers(const void *a, const void *b) {
    uint64_t x = *(const uint64_t *)a;
    uint64_t y = *(const uint64_t *)b;
    return (x > y) - (x < y);
}

/* Short decimal keys are what planners use; none of 200 000 should share 64 bits. */
static void hash_spreads(void **state) {
    (void)state;
    enum { COUNT = 200000 };
    struct numu_heap heap;
    struct numu_arena arena;
    numu_heap_init(&heap, 0);
    numu_arena_init(&arena, &heap);
    uint64_t *hashes;
    assert_int_equal(NUMU_TAKE(&arena, &hashes, COUNT), NUMU_OK);
    uint32_t buckets[256] = {0};
    for (int i = 0; i < COUNT; i++) {
        struct numu_text key;
        assert_int_equal(numu_text_printf(&arena, &key, "ITEM-%06d", i), NUMU_OK);
        hashes[i] = numu_hash_bytes(key.data, key.length, 0);
        buckets[hashes[i] & 255]++;
    }
    qsort(hashes, COUNT, sizeof hashes[0], compare_numbers);
    for (size_t i = 1; i < COUNT; i++) {
        assert_true(hashes[i] != hashes[i - 1]);
    }
    double chi_square = 0;
    for (size_t i = 0; i < 256; i++) {
        double difference = buckets[i] - COUNT / 256.0;
        chi_square += difference * difference / (COUNT / 256.0);
    }
    assert_true(chi_square < 360); /* 255 degrees of freedom: passed with 1 − 2·10^-5 by chance */
    numu_arena_release(&arena);
}

static void hash_depends_on_every_byte_seed_and_length(void **state) {
    (void)state;
    unsigned char bytes[70] = {0};
    for (size_t length = 0; length <= sizeof bytes; length++) {
        uint64_t hash = numu_hash_bytes(bytes, length, 1);
        assert_true(hash == numu_hash_bytes(bytes, length, 1));
        assert_true(hash != numu_hash_bytes(bytes, length, 2));
        if (length > 0) {
            assert_true(hash != numu_hash_bytes(bytes, length - 1, 1));
        }
        for (size_t i = 0; i < length; i++) {
            bytes[i] ^= 0x10;
            assert_true(hash != numu_hash_bytes(bytes, length, 1));
            bytes[i] ^= 0x10;
        }
    }
    assert_true(numu_hash_bytes(NULL, 0, 0) == numu_hash_bytes("x", 0, 0));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(agrees_with_linear_search),
        cmocka_unit_test(too_many_rows_are_refused),
        cmocka_unit_test(equal_hashes_are_told_apart),
        cmocka_unit_test(hash_spreads),
        cmocka_unit_test(hash_depends_on_every_byte_seed_and_length),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
