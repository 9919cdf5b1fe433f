/*
 * map.h - from texts to row numbers.
 *
 * Open addressing with linear probing, at most 5/8 full, sized once; or, where keys come in
 * ascending order, nothing but the keys. Keys are not copied: they must outlive the map. Never
 * iterated, so no result depends on its order.
 */
#ifndef NUMU_BASE_MAP_H
#define NUMU_BASE_MAP_H

#include "base/text.h"

typedef uint32_t numu_row;
#define NUMU_NONE UINT32_MAX

/*
 * A key of up to 11 bytes stands in its slot, so that a search touches one line of memory: eight
 * bytes in `word`, three and the length in `rest`. A longer one leaves its hash in both.
 */
struct numu_map_slot {
    uint64_t word;
    uint32_t rest;
    numu_row row; /* NUMU_NONE = empty */
};

struct numu_map {
    const struct numu_text *keys; /* by row; NULL = no map */
    size_t count;                 /* rows of a map that was built */
    struct numu_map_slot *slots;  /* NULL: the keys ascend, and are searched by halving */
    size_t slot_mask;
};

/*
 * Makes room for up to `count` keys. `keys` is the caller's column: slots refer to it by row. The
 * map lives in the arena. NUMU_LIMIT when there are more keys than rows can be numbered.
 */
NUMU_MUST_CHECK numu_status numu_map_init(struct numu_map *map, struct numu_arena *arena,
                                          const struct numu_text *keys, size_t count);
/* Adds keys[row]; returns the row that holds an equal key already, or NUMU_NONE: it was added. */
numu_row numu_map_add(struct numu_map *map, numu_row row);

/*
 * The map of keys[0 … count - 1] at once, empty keys left out. Keys that ascend, as ids often do,
 * need no slots. `duplicate` is told of each row whose key an earlier row, the first with it,
 * holds.
 */
NUMU_MUST_CHECK numu_status numu_map_build(
    struct numu_map *map, struct numu_arena *arena, const struct numu_text *keys, size_t count,
    void (*duplicate)(void *data, numu_row row, numu_row first), void *data);
/* Gives a built map slots, where it has none: for many searches in no order. */
NUMU_MUST_CHECK numu_status numu_map_index(struct numu_map *map, struct numu_arena *arena);

/* The row of a key, or NUMU_NONE. */
numu_row numu_map_find(const struct numu_map *map, struct numu_text key);

/*
 * The same in two steps, for many searches at once in a map that has slots: the first asks the
 * memory for what the second will look at, so that it is there a while later.
 */
struct numu_map_probe {
    uint64_t hash;
    uint64_t word; /* of the slot that would hold the key, as its rest */
    uint32_t rest;
};
struct numu_map_probe numu_map_probe(const struct numu_map *map, struct numu_text key);
numu_row numu_map_find_probed(const struct numu_map *map, struct numu_text key,
                              const struct numu_map_probe *probe);

/* 64-bit hash of bytes, the same on every machine (wyhash-like mixing; not for security). */
uint64_t numu_hash_bytes(const void *data, size_t length, uint64_t seed);

#endif
