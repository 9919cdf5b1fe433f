/*
 * map.h - from texts to row numbers.
 *
 * Open addressing with linear probing, at most 5/8 full, sized once. Keys are not copied: they must
 * outlive the map. Never iterated, so no result depends on its order.
 */
#ifndef NUMU_BASE_MAP_H
#define NUMU_BASE_MAP_H

#include "base/text.h"

typedef uint32_t numu_row;
#define NUMU_NONE UINT32_MAX

struct numu_map_slot {
    uint32_t hash;
    numu_row row; /* NUMU_NONE = empty */
};

struct numu_map {
    const struct numu_text *keys; /* by row */
    struct numu_map_slot *slots;
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
/* The row of a key, or NUMU_NONE. */
numu_row numu_map_find(const struct numu_map *map, struct numu_text key);

/* 64-bit hash of bytes, the same on every machine (wyhash-like mixing; not for security). */
uint64_t numu_hash_bytes(const void *data, size_t length, uint64_t seed);

#endif
