/*
 * Goal: heap, arena and buffer keep [A1]-[A4] of base/arena.h, also where memory or the limit ends.
 * Method: cases by hand at the edges; random sequences of take, mark and rewind, whose blocks are
 * filled with patterns and compared afterwards; each n-th allocation made to fail.
 */
#include "base/arena.h"

#include "base/random.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <pthread.h>
#include <stdalign.h>
#include <stdbool.h>
#include <string.h>

enum { SEED = 20260301 };

/* Sanitizers end the program where malloc would say no, unless told so. */
__attribute__((visibility("default"))) const char *__asan_default_options(void);
__attribute__((visibility("default"))) const char *__tsan_default_options(void);

const char *__asan_default_options(void) {
    return "allocator_may_return_null=1";
}

const char *__tsan_default_options(void) {
    return "allocator_may_return_null=1";
}

static void take_is_zeroed_aligned_and_counted(void **state) {
    (void)state;
    struct numu_heap heap;
    struct numu_arena arena;
    numu_heap_init(&heap, 0);
    numu_arena_init(&arena, &heap);
    assert_int_equal(heap.bytes, 0);

    size_t taken = 0;
    for (size_t count = 0; count < 3000; count += 7) {
        unsigned char *bytes = NULL;
        assert_int_equal(NUMU_TAKE(&arena, &bytes, count), NUMU_OK);
        assert_non_null(bytes);
        assert_int_equal((uintptr_t)bytes % alignof(max_align_t), 0);
        for (size_t i = 0; i < count; i++) {
            assert_int_equal(bytes[i], 0);
            bytes[i] = 0xA5;
        }
        taken += count;
        assert_true(heap.bytes >= taken);
    }
    assert_true(heap.bytes < 3 * taken); /* growth does not run away */
    assert_int_equal(heap.bytes_peak, heap.bytes);

    numu_arena_release(&arena);
    assert_int_equal(heap.bytes, 0);
    assert_true(heap.bytes_peak >= taken);

    double *numbers; /* usable again */
    assert_int_equal(NUMU_TAKE(&arena, &numbers, 5), NUMU_OK);
    assert_true(numbers[4] == 0.0);
    numu_arena_release(&arena);
    assert_int_equal(heap.bytes, 0);
}

#ifndef NUMU_DEBUG_ARENA
static void small_arenas_stay_small(void **state) {
    (void)state;
    struct numu_heap heap;
    struct numu_arena arena;
    numu_heap_init(&heap, 0);
    numu_arena_init(&arena, &heap);
    char *byte;
    assert_int_equal(NUMU_TAKE(&arena, &byte, 1), NUMU_OK);
    assert_true(heap.bytes < 4096 + 64);
    /* A large request costs itself, and leaves the rest of the open block usable. */
    char *large;
    assert_int_equal(NUMU_TAKE(&arena, &large, 3000000), NUMU_OK);
    assert_int_equal(large[2999999], 0);
    assert_int_equal(NUMU_TAKE(&arena, &byte, 1000), NUMU_OK);
    assert_true(heap.bytes < 3000000 + 4096 + 1024 + 128);
    numu_arena_release(&arena);
    assert_int_equal(heap.bytes, 0);
}
#endif

static void rewinding_makes_room(void **state) {
    (void)state;
    struct numu_heap heap;
    struct numu_arena arena;
    numu_heap_init(&heap, 0);
    numu_arena_init(&arena, &heap);
    char *bytes;
    assert_int_equal(NUMU_TAKE(&arena, &bytes, 1), NUMU_OK);
    size_t before = heap.bytes;
    for (int i = 0; i < 1000; i++) {
        struct numu_arena_mark mark = numu_arena_mark(&arena);
        assert_int_equal(NUMU_TAKE(&arena, &bytes, 1000), NUMU_OK);
        numu_arena_rewind(&arena, mark);
        assert_int_equal(heap.bytes, before);
    }
    assert_true(heap.bytes_peak < 6000);
    numu_arena_release(&arena);
}

static void overflow_and_limit_are_statuses(void **state) {
    (void)state;
    struct numu_heap heap;
    struct numu_arena arena;
    numu_heap_init(&heap, 100000);
    numu_arena_init(&arena, &heap);
    char mine;
    char *out = &mine;
    assert_int_equal(numu_arena_take(&arena, SIZE_MAX, 2, &out), NUMU_LIMIT);
    assert_int_equal(numu_arena_take(&arena, SIZE_MAX / 2, 2, &out), NUMU_LIMIT);
    assert_int_equal(numu_arena_take(&arena, SIZE_MAX, 1, &out), NUMU_LIMIT);
    assert_int_equal(numu_arena_take(&arena, 1, 100001, &out), NUMU_LIMIT);
    assert_int_equal(numu_arena_take(&arena, 100000, 1, &out), NUMU_LIMIT); /* and its header */
    assert_ptr_equal(out, &mine);
    assert_int_equal(heap.bytes, 0);

    numu_status status = NUMU_OK;
    size_t taken = 0;
    while (status == NUMU_OK && taken < 200000) {
        status = numu_arena_take(&arena, 100, 1, &out);
        taken += status == NUMU_OK ? 100 : 0;
    }
    assert_int_equal(status, NUMU_LIMIT);
    assert_true(taken > 25000 && heap.bytes <= 100000);
    numu_arena_release(&arena);

    /* More than the machine has, within what a size may be. */
    numu_heap_init(&heap, 0);
    out = &mine;
    assert_int_equal(numu_arena_take(&arena, PTRDIFF_MAX - 4096, 1, &out), NUMU_MEMORY);
    assert_ptr_equal(out, &mine);
    assert_int_equal(heap.bytes, 0);
}

static void nth_allocation_fails_cleanly(void **state) {
    (void)state;
    static const size_t sizes[] = {10, 4000, 4000, 300000, 1, 0, 100000, 2000000};
    enum { SIZES = sizeof sizes / sizeof sizes[0] };
    uint_fast64_t n = 1;
    for (bool passed = false; !passed; n++) {
        struct numu_heap heap;
        struct numu_arena arena;
        numu_heap_init(&heap, 0);
        heap.fail_at = n;
        numu_arena_init(&arena, &heap);
        passed = true;
        for (size_t i = 0; i < SIZES && passed; i++) {
            char mine;
            char *out = &mine;
            size_t before = heap.bytes;
            numu_status status = NUMU_TAKE(&arena, &out, sizes[i]);
            if (status != NUMU_OK) {
                assert_int_equal(status, NUMU_MEMORY);
                assert_int_equal(i + 1, n); /* the one that was ordered to */
                assert_ptr_equal(out, &mine);
                assert_int_equal(heap.bytes, before);
                assert_int_equal(NUMU_TAKE(&arena, &out, sizes[i]), NUMU_OK); /* one fails */
                passed = false;
            }
        }
        numu_arena_release(&arena);
        assert_int_equal(heap.bytes, 0);
    }
    assert_int_equal(n, SIZES + 2);
}

static void fail_count_fails_as_many(void **state) {
    (void)state;
    struct numu_heap heap;
    struct numu_arena arena;
    numu_heap_init(&heap, 0);
    heap.fail_at = 2;
    heap.fail_count = 3;
    numu_arena_init(&arena, &heap);
    for (int n = 1; n <= 6; n++) {
        char *out;
        assert_int_equal(NUMU_TAKE(&arena, &out, 8), n >= 2 && n <= 4 ? NUMU_MEMORY : NUMU_OK);
    }
    assert_int_equal(heap.count, 6);
    numu_arena_release(&arena);
}

/* What a random run holds: pieces with a pattern, and marks with the number of pieces then. */
struct piece {
    unsigned char *bytes;
    size_t count;
    unsigned char pattern;
};

static void random_takes_marks_and_rewinds(void **state) {
    (void)state;
    print_message("# seed %d\n", SEED);
    struct numu_random random;
    numu_random_init(&random, SEED, 0);
    for (int run = 0; run < 30; run++) {
        struct numu_heap heap;
        struct numu_arena arena;
        numu_heap_init(&heap, 0);
        numu_arena_init(&arena, &heap);
        struct piece pieces[400];
        size_t piece_count = 0;
        struct numu_arena_mark marks[400];
        size_t mark_pieces[400];
        size_t mark_bytes[400];
        size_t mark_count = 0;
        for (int step = 0; step < 400; step++) {
            uint64_t action = numu_random_below(&random, 10);
            if (action == 0) {
                marks[mark_count] = numu_arena_mark(&arena);
                mark_pieces[mark_count] = piece_count;
                mark_bytes[mark_count++] = heap.bytes;
            } else if (action == 1 && mark_count > 0) {
                mark_count = numu_random_below(&random, mark_count); /* skips inner ones */
                numu_arena_rewind(&arena, marks[mark_count]);
                piece_count = mark_pieces[mark_count];
                assert_int_equal(heap.bytes, mark_bytes[mark_count]);
            } else {
                size_t most = numu_random_below(&random, 20) == 0 ? 600000 : 3000;
                struct piece piece = {.count = numu_random_below(&random, most)};
                piece.pattern = (unsigned char)numu_random_below(&random, 256);
                assert_int_equal(NUMU_TAKE(&arena, &piece.bytes, piece.count), NUMU_OK);
                for (size_t i = 0; i < piece.count; i++) {
                    if (piece.bytes[i] != 0) {
                        fail_msg("byte %zu of %zu not zero", i, piece.count);
                    }
                }
                memset(piece.bytes, piece.pattern, piece.count);
                pieces[piece_count++] = piece;
            }
        }
        for (size_t p = 0; p < piece_count; p++) {
            for (size_t i = 0; i < pieces[p].count; i++) {
                if (pieces[p].bytes[i] != pieces[p].pattern) {
                    fail_msg("run %d, piece %zu overwritten", run, p);
                }
            }
        }
        numu_arena_release(&arena);
        assert_int_equal(heap.bytes, 0);
    }
}

static void *take_and_release(void *data) {
    struct numu_heap *heap = data;
    for (int round = 0; round < 200; round++) {
        struct numu_arena arena;
        numu_arena_init(&arena, heap);
        for (size_t i = 0; i < 50; i++) {
            char *bytes;
            if (NUMU_TAKE(&arena, &bytes, i * 100) != NUMU_OK) {
                break;
            }
        }
        numu_arena_release(&arena);
    }
    return NULL;
}

static void threads_share_a_heap(void **state) {
    (void)state;
    struct numu_heap heap;
    numu_heap_init(&heap, 0);
    pthread_t threads[4];
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(pthread_create(&threads[i], NULL, take_and_release, &heap), 0);
    }
    for (size_t i = 0; i < 4; i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
    }
    assert_int_equal(heap.bytes, 0);
    assert_int_equal(heap.count, 4 * 200 * 50);
    assert_true(heap.bytes_peak >= 50 * 49 / 2 * 100);
}

static void buffer_grows_and_ends_in_zero(void **state) {
    (void)state;
    struct numu_heap heap;
    struct numu_buffer buffer;
    numu_heap_init(&heap, 0);
    numu_buffer_init(&buffer, &heap, 0);
    assert_null(buffer.data);
    assert_int_equal(numu_buffer_append(&buffer, NULL, 0), NUMU_OK);
    assert_string_equal(buffer.data, "");
    assert_int_equal(numu_buffer_append_string(&buffer, "plan"), NUMU_OK);
    assert_int_equal(numu_buffer_append_char(&buffer, ' '), NUMU_OK);
    assert_int_equal(numu_buffer_printf(&buffer, "%d of %s", 7, "nine"), NUMU_OK);
    assert_string_equal(buffer.data, "plan 7 of nine");
    assert_int_equal(buffer.length, 14);
    numu_buffer_clear(&buffer);
    assert_string_equal(buffer.data, "");
    for (int i = 0; i < 10000; i++) {
        assert_int_equal(numu_buffer_printf(&buffer, "%04d", i), NUMU_OK);
    }
    assert_int_equal(buffer.length, 40000);
    assert_memory_equal(buffer.data + 4 * 1234, "1234", 4);
    assert_int_equal(buffer.data[40000], 0);
    assert_int_equal(heap.bytes, buffer.capacity);
    numu_buffer_release(&buffer);
    assert_null(buffer.data);
    assert_int_equal(heap.bytes, 0);
    numu_buffer_clear(&buffer);
    numu_buffer_release(&buffer); /* twice is harmless */
}

static void buffer_keeps_its_limit(void **state) {
    (void)state;
    struct numu_heap heap;
    struct numu_buffer buffer;
    numu_heap_init(&heap, 0);
    numu_buffer_init(&buffer, &heap, 100);
    for (int i = 0; i < 100; i++) {
        assert_int_equal(numu_buffer_append_char(&buffer, 'x'), NUMU_OK);
    }
    assert_int_equal(heap.bytes, 101); /* and the zero byte */
    assert_int_equal(numu_buffer_append_char(&buffer, 'y'), NUMU_LIMIT);
    assert_int_equal(numu_buffer_printf(&buffer, "%d", 1), NUMU_LIMIT);
    assert_int_equal(numu_buffer_reserve(&buffer, SIZE_MAX), NUMU_LIMIT);
    assert_int_equal(numu_buffer_reserve(&buffer, 0), NUMU_OK);
    assert_int_equal(buffer.length, 100);
    assert_int_equal(strlen(buffer.data), 100);
    numu_buffer_release(&buffer);

    numu_buffer_init(&buffer, &heap, 0);
    assert_int_equal(numu_buffer_reserve(&buffer, SIZE_MAX), NUMU_LIMIT);
    assert_int_equal(numu_buffer_reserve(&buffer, PTRDIFF_MAX - 4096), NUMU_MEMORY);
    assert_null(buffer.data);

    numu_heap_init(&heap, 1000);
    assert_int_equal(numu_buffer_reserve(&buffer, 1000), NUMU_LIMIT);
    assert_int_equal(numu_buffer_reserve(&buffer, 999), NUMU_OK);
    assert_int_equal(numu_buffer_reserve(&buffer, 1000), NUMU_LIMIT);
    numu_buffer_release(&buffer);
    assert_int_equal(heap.bytes, 0);
}

static numu_status write_much(struct numu_buffer *buffer) {
    for (int i = 0; i < 100; i++) {
        NUMU_TRY(numu_buffer_append_string(buffer, "0123456789"));
        NUMU_TRY(numu_buffer_printf(buffer, "%010d", i));
    }
    return NUMU_OK;
}

static void buffer_failures_change_nothing(void **state) {
    (void)state;
    numu_status status = NUMU_MEMORY;
    uint_fast64_t n = 1;
    for (; status != NUMU_OK; n++) {
        struct numu_heap heap;
        struct numu_buffer buffer;
        numu_heap_init(&heap, 0);
        heap.fail_at = n;
        numu_buffer_init(&buffer, &heap, 0);
        status = write_much(&buffer);
        assert_int_equal(heap.bytes, buffer.capacity);
        if (status == NUMU_OK) {
            assert_int_equal(buffer.length, 2000);
        } else {
            assert_int_equal(status, NUMU_MEMORY);
            assert_int_equal(buffer.length % 10, 0); /* whole pieces only */
            assert_true(buffer.data == NULL || strlen(buffer.data) == buffer.length);
        }
        numu_buffer_release(&buffer);
        assert_int_equal(heap.bytes, 0);
    }
    assert_true(n > 4); /* it did grow more than once */
}

static void buffer_moves_to_an_arena(void **state) {
    (void)state;
    struct numu_heap heap;
    struct numu_arena arena;
    struct numu_buffer buffer;
    const int rows[] = {3, 1, 4, 1, 5};
    int *out = NULL;
    size_t count = 99;
    numu_heap_init(&heap, 0);
    numu_arena_init(&arena, &heap);
    numu_buffer_init(&buffer, &heap, 0);
    assert_int_equal(numu_buffer_append(&buffer, rows, sizeof rows), NUMU_OK);
    assert_int_equal(NUMU_MOVE(&buffer, NUMU_IO, &arena, &out, &count), NUMU_IO);
    assert_null(out);
    assert_int_equal(count, 99);
    assert_int_equal(buffer.length, 0); /* released all the same */
    assert_int_equal(NUMU_MOVE(&buffer, NUMU_OK, &arena, &out, &count), NUMU_OK);
    assert_non_null(out);
    assert_int_equal(count, 0);
    assert_int_equal(numu_buffer_append(&buffer, rows, sizeof rows), NUMU_OK);
    assert_int_equal(NUMU_MOVE(&buffer, NUMU_OK, &arena, &out, &count), NUMU_OK);
    assert_int_equal(count, 5);
    assert_memory_equal(out, rows, sizeof rows);
    numu_arena_release(&arena);
    assert_int_equal(heap.bytes, 0);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(take_is_zeroed_aligned_and_counted),
#ifndef NUMU_DEBUG_ARENA
        cmocka_unit_test(small_arenas_stay_small),
#endif
        cmocka_unit_test(rewinding_makes_room),
        cmocka_unit_test(overflow_and_limit_are_statuses),
        cmocka_unit_test(nth_allocation_fails_cleanly),
        cmocka_unit_test(fail_count_fails_as_many),
        cmocka_unit_test(random_takes_marks_and_rewinds),
        cmocka_unit_test(threads_share_a_heap),
        cmocka_unit_test(buffer_grows_and_ends_in_zero),
        cmocka_unit_test(buffer_keeps_its_limit),
        cmocka_unit_test(buffer_failures_change_nothing),
        cmocka_unit_test(buffer_moves_to_an_arena),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
