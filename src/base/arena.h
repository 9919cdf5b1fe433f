/*
 * arena.h - all memory of numu.
 *
 * A heap counts the bytes of a whole run and refuses more than its limit; an arena takes blocks
 * from a heap and gives them back all at once. Three lifetimes are usual: model, result, scratch
 * (mark and rewind).
 *
 * [A1] malloc, calloc, realloc and free are called in arena.c only.
 * [A2] A heap's `bytes` equals the sum of the blocks of its arenas and buffers; it is zero when all
 *      are released.
 * [A3] A failed call changes nothing but the heap's `count`.
 * [A4] Memory from numu_arena_take is zero-filled and aligned to max_align_t.
 *
 * With NUMU_DEBUG_ARENA every allocation is its own malloc, so that sanitizers see each bound.
 * A heap may be shared by threads (its counters are atomic); an arena belongs to one thread.
 */
#ifndef NUMU_BASE_ARENA_H
#define NUMU_BASE_ARENA_H

#include "base/status.h"

#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>

struct numu_heap {
    size_t bytes_max;           /* 0 = no limit */
    atomic_size_t bytes;        /* in use now, blocks' headers and unused ends included */
    atomic_size_t bytes_peak;   /* most ever in use */
    atomic_uint_fast64_t count; /* allocations asked for so far: takes and growths of buffers */
    uint_fast64_t fail_at;      /* tests: the n-th allocation (1-based) fails; 0 = never */
    uint_fast64_t fail_count;   /* tests: how many fail from there on; 0 = one */
};

/* Starts a heap with a limit in bytes (0 = none). Nothing to release. */
void numu_heap_init(struct numu_heap *heap, size_t bytes_max);

struct numu_arena_block;

struct numu_arena {
    struct numu_heap *heap;
    struct numu_arena_block *last; /* newest block, linked to older ones */
    struct numu_arena_block *open; /* the one small requests are cut from; NULL = none */
};

struct numu_arena_mark {
    struct numu_arena_block *last;
    struct numu_arena_block *open;
    size_t used; /* of `open` */
};

/* Starts an empty arena on a heap, which must outlive it. Takes no memory yet. */
void numu_arena_init(struct numu_arena *arena, struct numu_heap *heap);

/* Gives everything back. The arena is empty and usable again. */
void numu_arena_release(struct numu_arena *arena);

/*
 * Takes `count` × `size` zero-filled bytes into the pointer that `out_pointer` points to, which may
 * be a pointer to any object type. A count of 0 gives a valid non-null pointer.
 * NUMU_MEMORY, or NUMU_LIMIT where the product overflows or the heap's limit is reached.
 */
NUMU_MUST_CHECK numu_status numu_arena_take(struct numu_arena *arena, size_t count, size_t size,
                                            void *out_pointer);

/* Typed form: NUMU_TAKE(arena, &array, count) with `array` of any object pointer type. */
#define NUMU_TAKE(arena, out, count) numu_arena_take((arena), (count), sizeof(**(out)), (out))

/* Remembers a point; rewinding to it gives back all that was taken since. Marks nest. */
struct numu_arena_mark numu_arena_mark(const struct numu_arena *arena);
void numu_arena_rewind(struct numu_arena *arena, struct numu_arena_mark mark);

/*
 * A growing array of bytes on a heap, for what has no known size: text being built, rows being
 * read. At most `bytes_max` bytes (0 = the heap's limit only). `data` is always followed by a zero
 * byte once anything was appended; before that it is NULL. What is appended must not lie in the
 * buffer itself.
 */
struct numu_buffer {
    struct numu_heap *heap;
    char *data;
    size_t length;
    size_t capacity; /* bytes allocated, the zero byte included */
    size_t bytes_max;
};

void numu_buffer_init(struct numu_buffer *buffer, struct numu_heap *heap, size_t bytes_max);
void numu_buffer_release(struct numu_buffer *buffer); /* empty and usable again */
void numu_buffer_clear(struct numu_buffer *buffer);   /* length 0, memory kept */

/* Makes room for `extra` more bytes without changing the length. NUMU_MEMORY or NUMU_LIMIT. */
NUMU_MUST_CHECK numu_status numu_buffer_reserve(struct numu_buffer *buffer, size_t extra);
NUMU_MUST_CHECK numu_status numu_buffer_append(struct numu_buffer *buffer, const void *data,
                                               size_t length);
/*
 * What was gathered in a buffer, as an array of elements of `size` bytes in the arena; the buffer
 * is released in every case. `gathered` is how it went: what is not NUMU_OK is returned. On failure
 * *out and *out_count are as they were.
 */
NUMU_MUST_CHECK numu_status numu_buffer_move(struct numu_buffer *buffer, numu_status gathered,
                                             struct numu_arena *arena, size_t size, void *out,
                                             size_t *out_count);
/* Typed form, as NUMU_TAKE. */
#define NUMU_MOVE(buffer, gathered, arena, out, out_count)                                         \
    numu_buffer_move((buffer), (gathered), (arena), sizeof(**(out)), (out), (out_count))
NUMU_MUST_CHECK numu_status numu_buffer_append_string(struct numu_buffer *buffer,
                                                      const char *string);
NUMU_MUST_CHECK numu_status numu_buffer_append_char(struct numu_buffer *buffer, char character);
NUMU_MUST_CHECK numu_status numu_buffer_printf(struct numu_buffer *buffer, const char *format, ...)
    NUMU_PRINTF(2, 3);

#endif
