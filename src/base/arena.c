/*
 * arena.c - heap, arena and buffer.
 *
 * Small requests are cut from an open block; each new open block is twice the last, from 4 KiB to
 * 1 MiB, so that small arenas stay small and large ones make few calls. A request of more than a
 * quarter of the largest block gets a block of its own and leaves the open one as it is.
 *
 * [1] Blocks are linked newest first, and the open block is one of them. Everything newer than a
 *     mark's `last` was taken after the mark, and the mark's open block is never newer than that.
 * [2] Bytes of open blocks are zeroed when taken, not when rewound: a mark and rewind in a loop
 *     costs what it uses, not the size of a block.
 */
#include "base/arena.h"

#include <stdalign.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
    BLOCK_BYTES_MIN = 4 * 1024,
    BLOCK_BYTES_MAX = 1024 * 1024,
    OWN_BLOCK_BYTES = BLOCK_BYTES_MAX / 4, /* larger requests do not share a block */
    BUFFER_BYTES_MIN = 64,
};

#ifdef NUMU_DEBUG_ARENA
static const bool each_its_own = true;
#else
static const bool each_its_own = false;
#endif

struct numu_arena_block {
    struct numu_arena_block *older;
    size_t capacity; /* bytes of data */
    size_t used;
    alignas(max_align_t) unsigned char data[];
};

/* --- heap --- */

void numu_heap_init(struct numu_heap *heap, size_t bytes_max) {
    *heap = (struct numu_heap){.bytes_max = bytes_max};
    atomic_init(&heap->bytes, 0);
    atomic_init(&heap->bytes_peak, 0);
    atomic_init(&heap->count, 0);
}

/* Counts one allocation asked for; a test may have ordered it to fail. */
static numu_status heap_ask(struct numu_heap *heap) {
    uint_fast64_t n = atomic_fetch_add_explicit(&heap->count, 1, memory_order_relaxed) + 1;
    uint_fast64_t fail_count = heap->fail_count == 0 ? 1 : heap->fail_count;
    if (heap->fail_at != 0 && n >= heap->fail_at && n - heap->fail_at < fail_count) {
        return NUMU_MEMORY;
    }
    return NUMU_OK;
}

static numu_status heap_count_in(struct numu_heap *heap, size_t bytes) {
    size_t limit = heap->bytes_max == 0 ? SIZE_MAX : heap->bytes_max;
    size_t before = atomic_load_explicit(&heap->bytes, memory_order_relaxed);
    do {
        if (bytes > limit || before > limit - bytes) {
            return NUMU_LIMIT;
        }
    } while (!atomic_compare_exchange_weak_explicit(&heap->bytes, &before, before + bytes,
                                                    memory_order_relaxed, memory_order_relaxed));
    size_t now = before + bytes;
    size_t peak = atomic_load_explicit(&heap->bytes_peak, memory_order_relaxed);
    while (peak < now &&
           !atomic_compare_exchange_weak_explicit(&heap->bytes_peak, &peak, now,
                                                  memory_order_relaxed, memory_order_relaxed)) {
    }
    return NUMU_OK;
}

static void heap_count_out(struct numu_heap *heap, size_t bytes) {
    atomic_fetch_sub_explicit(&heap->bytes, bytes, memory_order_relaxed);
}

/* --- arena --- */

void numu_arena_init(struct numu_arena *arena, struct numu_heap *heap) {
    *arena = (struct numu_arena){.heap = heap};
}

static size_t block_bytes(const struct numu_arena_block *block) {
    return sizeof *block + block->capacity;
}

static numu_status block_add(struct numu_arena *arena, size_t capacity, bool zeroed,
                             struct numu_arena_block **out) {
    size_t bytes = sizeof(struct numu_arena_block) + capacity;
    NUMU_TRY(heap_count_in(arena->heap, bytes));
    /* A large calloc is fresh pages from the system, zero already. */
    struct numu_arena_block *block = zeroed ? calloc(1, bytes) : malloc(bytes);
    if (block == NULL) {
        heap_count_out(arena->heap, bytes);
        return NUMU_MEMORY;
    }
    block->older = arena->last;
    block->capacity = capacity;
    block->used = 0;
    arena->last = block;
    *out = block;
    return NUMU_OK;
}

/* Gives back all blocks newer than `last`. */
static void blocks_drop(struct numu_arena *arena, const struct numu_arena_block *last) {
    while (arena->last != last) {
        struct numu_arena_block *block = arena->last;
        numu_assert(block != NULL);
        arena->last = block->older;
        heap_count_out(arena->heap, block_bytes(block));
        free(block);
    }
}

void numu_arena_release(struct numu_arena *arena) {
    blocks_drop(arena, NULL);
    arena->open = NULL;
}

static numu_status take_own_block(struct numu_arena *arena, size_t bytes, void **out) {
    struct numu_arena_block *block;
    NUMU_TRY(block_add(arena, bytes, true, &block));
    block->used = bytes;
    *out = block->data;
    return NUMU_OK;
}

static numu_status take_from_open_block(struct numu_arena *arena, size_t bytes, void **out) {
    const size_t alignment = alignof(max_align_t);
    bytes = (bytes + alignment - 1) / alignment * alignment;
    struct numu_arena_block *block = arena->open;
    if (block == NULL || bytes > block->capacity - block->used) {
        size_t capacity = BLOCK_BYTES_MIN;
        while (capacity < BLOCK_BYTES_MAX &&
               (capacity < bytes || (block != NULL && capacity <= block->capacity))) {
            capacity *= 2;
        }
        NUMU_TRY(block_add(arena, capacity, false, &block));
        arena->open = block;
    }
    *out = memset(block->data + block->used, 0, bytes);
    block->used += bytes;
    return NUMU_OK;
}

numu_status numu_arena_take(struct numu_arena *arena, size_t count, size_t size,
                            void *out_pointer) {
    NUMU_TRY(heap_ask(arena->heap));
    const size_t bytes_max = PTRDIFF_MAX - sizeof(struct numu_arena_block);
    if (size != 0 && count > bytes_max / size) {
        return NUMU_LIMIT;
    }
    size_t bytes = count * size;
    void *taken;
    if (each_its_own || bytes > OWN_BLOCK_BYTES) {
        NUMU_TRY(take_own_block(arena, bytes, &taken));
    } else {
        NUMU_TRY(take_from_open_block(arena, bytes, &taken));
    }
    /* The caller's pointer is of another type than void *: its bytes are set, not its value. */
    memcpy(out_pointer, &taken, sizeof taken);
    return NUMU_OK;
}

struct numu_arena_mark numu_arena_mark(const struct numu_arena *arena) {
    return (struct numu_arena_mark){
        .last = arena->last,
        .open = arena->open,
        .used = arena->open == NULL ? 0 : arena->open->used,
    };
}

void numu_arena_rewind(struct numu_arena *arena, struct numu_arena_mark mark) {
    blocks_drop(arena, mark.last);
    arena->open = mark.open;
    if (mark.open != NULL) {
        mark.open->used = mark.used;
    }
}

/* --- buffer --- */

void numu_buffer_init(struct numu_buffer *buffer, struct numu_heap *heap, size_t bytes_max) {
    *buffer = (struct numu_buffer){.heap = heap, .bytes_max = bytes_max};
}

void numu_buffer_release(struct numu_buffer *buffer) {
    free(buffer->data);
    heap_count_out(buffer->heap, buffer->capacity);
    numu_buffer_init(buffer, buffer->heap, buffer->bytes_max);
}

void numu_buffer_clear(struct numu_buffer *buffer) {
    buffer->length = 0;
    if (buffer->data != NULL) {
        buffer->data[0] = '\0';
    }
}

static numu_status buffer_grow(struct numu_buffer *buffer, size_t capacity) {
    NUMU_TRY(heap_ask(buffer->heap));
    NUMU_TRY(heap_count_in(buffer->heap, capacity - buffer->capacity));
    char *data = realloc(buffer->data, capacity);
    if (data == NULL) {
        heap_count_out(buffer->heap, capacity - buffer->capacity);
        return NUMU_MEMORY;
    }
    data[buffer->length] = '\0';
    buffer->data = data;
    buffer->capacity = capacity;
    return NUMU_OK;
}

numu_status numu_buffer_reserve(struct numu_buffer *buffer, size_t extra) {
    size_t length_max = PTRDIFF_MAX - 1;
    if (buffer->bytes_max != 0 && buffer->bytes_max < length_max) {
        length_max = buffer->bytes_max;
    }
    if (extra > length_max - buffer->length) {
        return NUMU_LIMIT;
    }
    size_t capacity_needed = buffer->length + extra + 1;
    if (capacity_needed <= buffer->capacity) {
        return NUMU_OK;
    }
    size_t capacity = buffer->capacity == 0 ? BUFFER_BYTES_MIN : 2 * buffer->capacity;
    if (capacity < capacity_needed) {
        capacity = capacity_needed;
    }
    if (capacity > length_max + 1) {
        capacity = length_max + 1;
    }
    return buffer_grow(buffer, capacity);
}

numu_status numu_buffer_append(struct numu_buffer *buffer, const void *data, size_t length) {
    NUMU_TRY(numu_buffer_reserve(buffer, length));
    if (length != 0) {
        memcpy(buffer->data + buffer->length, data, length);
    }
    buffer->length += length;
    buffer->data[buffer->length] = '\0';
    return NUMU_OK;
}

numu_status numu_buffer_move(struct numu_buffer *buffer, numu_status gathered,
                             struct numu_arena *arena, size_t size, void *out, size_t *out_count) {
    void *rows = NULL;
    size_t count = buffer->length / size;
    numu_status status =
        gathered == NUMU_OK ? numu_arena_take(arena, count, size, &rows) : gathered;
    if (status == NUMU_OK) {
        if (count > 0) {
            memcpy(rows, buffer->data, count * size);
        }
        memcpy(out, &rows, sizeof rows);
        *out_count = count;
    }
    numu_buffer_release(buffer);
    return status;
}

numu_status numu_buffer_append_string(struct numu_buffer *buffer, const char *string) {
    return numu_buffer_append(buffer, string, strlen(string));
}

numu_status numu_buffer_append_char(struct numu_buffer *buffer, char character) {
    return numu_buffer_append(buffer, &character, 1);
}

numu_status numu_buffer_printf(struct numu_buffer *buffer, const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (length < 0) {
        return NUMU_LIMIT; /* more than INT_MAX bytes */
    }
    NUMU_TRY(numu_buffer_reserve(buffer, (size_t)length));
    va_start(arguments, format);
    (void)vsnprintf(buffer->data + buffer->length, (size_t)length + 1, format, arguments);
    va_end(arguments);
    buffer->length += (size_t)length;
    return NUMU_OK;
}
