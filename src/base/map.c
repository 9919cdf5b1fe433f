/*
 * map.c - open addressing with linear probing.
 */
#include "base/map.h"

__extension__ typedef unsigned __int128 uint128;

/* --- hash: the scheme of wyhash (Wang Yi, https://github.com/wangyi-fudan/wyhash) --- */

static const uint64_t secret_a = UINT64_C(0xa0761d6478bd642f);
static const uint64_t secret_b = UINT64_C(0xe7037ed1a0b428db);

static uint64_t mix(uint64_t a, uint64_t b) {
    uint128 product = (uint128)a * b;
    return (uint64_t)product ^ (uint64_t)(product >> 64);
}

/* `count` ≤ 8 bytes, lowest first on every machine. */
static uint64_t read_bytes(const unsigned char *bytes, size_t count) {
    uint64_t value = 0;
    for (size_t i = 0; i < count; i++) {
        value |= (uint64_t)bytes[i] << (8 * i);
    }
    return value;
}

/* Eight bytes, lowest first: one load where the machine is made so. */
static uint64_t read_eight(const unsigned char *bytes) {
    return (uint64_t)bytes[0] | (uint64_t)bytes[1] << 8 | (uint64_t)bytes[2] << 16 |
           (uint64_t)bytes[3] << 24 | (uint64_t)bytes[4] << 32 | (uint64_t)bytes[5] << 40 |
           (uint64_t)bytes[6] << 48 | (uint64_t)bytes[7] << 56;
}

uint64_t numu_hash_bytes(const void *data, size_t length, uint64_t seed) {
    const unsigned char *bytes = data;
    size_t rest = length;
    uint64_t hash = seed ^ mix(seed ^ secret_a, secret_b);
    for (; rest > 16; rest -= 16, bytes += 16) {
        hash = mix(read_eight(bytes) ^ secret_b, read_eight(bytes + 8) ^ hash);
    }
    uint64_t a = rest < 8 ? read_bytes(bytes, rest) : read_eight(bytes);
    uint64_t b = rest > 8 ? read_bytes(bytes + 8, rest - 8) : 0;
    return mix(secret_a ^ length, mix(a ^ secret_b, b ^ hash));
}

/* --- map --- */

enum { INLINE_BYTES = 11, LONG_KEY = 0xff };

static uint64_t read_four(const unsigned char *bytes) {
    return (uint64_t)bytes[0] | (uint64_t)bytes[1] << 8 | (uint64_t)bytes[2] << 16 |
           (uint64_t)bytes[3] << 24;
}

static struct numu_map_probe probe_of(struct numu_text key) {
    const unsigned char *bytes = (const unsigned char *)key.data;
    size_t n = key.length;
    struct numu_map_probe probe;
    if (n > INLINE_BYTES) {
        probe.hash = probe.word = numu_hash_bytes(key.data, n, 0);
        probe.rest = (uint32_t)LONG_KEY << 24 | (uint32_t)(n & 0xffffff);
        return probe;
    }
    if (n >= 8) {
        probe.word = read_eight(bytes);
        probe.rest = (uint32_t)read_bytes(bytes + 8, n - 8);
    } else {
        /* Two reads that overlap agree where they do. */
        probe.word = n >= 4 ? read_four(bytes) | read_four(bytes + n - 4) << (8 * (n - 4))
                            : read_bytes(bytes, n);
        probe.rest = 0;
    }
    probe.rest |= (uint32_t)n << 24;
    probe.hash = mix(probe.word ^ secret_a, probe.rest ^ secret_b);
    return probe;
}

numu_status numu_map_init(struct numu_map *map, struct numu_arena *arena,
                          const struct numu_text *keys, size_t count) {
    if (count > NUMU_NONE) {
        return NUMU_LIMIT;
    }
    size_t slot_count = 8;
    while (slot_count / 8 * 5 < count) {
        slot_count *= 2;
    }
    struct numu_map_slot *slots;
    NUMU_TRY(NUMU_TAKE(arena, &slots, slot_count));
    for (size_t i = 0; i < slot_count; i++) {
        slots[i].row = NUMU_NONE;
    }
    *map = (struct numu_map){.keys = keys, .slots = slots, .slot_mask = slot_count - 1};
    return NUMU_OK;
}

/* The slot that holds the key, or the empty one where it belongs. */
static struct numu_map_slot *find_slot(const struct numu_map *map, struct numu_text key,
                                       const struct numu_map_probe *probe) {
    for (size_t step = 0; step <= map->slot_mask; step++) {
        struct numu_map_slot *slot = &map->slots[(probe->hash + step) & map->slot_mask];
        if (slot->row == NUMU_NONE) {
            return slot;
        }
        if (slot->word == probe->word && slot->rest == probe->rest &&
            (key.length <= INLINE_BYTES || numu_text_is_equal(map->keys[slot->row], key))) {
            return slot;
        }
    }
    return NULL;
}

numu_row numu_map_add(struct numu_map *map, numu_row row) {
    struct numu_text key = map->keys[row];
    struct numu_map_probe probe = probe_of(key);
    struct numu_map_slot *slot = find_slot(map, key, &probe);
    numu_assert(slot != NULL); /* more keys than numu_map_init was told of */
    if (slot->row != NUMU_NONE) {
        return slot->row;
    }
    *slot = (struct numu_map_slot){probe.word, probe.rest, row};
    return NUMU_NONE;
}

static bool is_ascending(const struct numu_text *keys, size_t count) {
    for (size_t row = 0; row < count; row++) {
        if (keys[row].length == 0 ||
            (row > 0 && numu_text_compare(keys[row - 1], keys[row]) >= 0)) {
            return false;
        }
    }
    return true;
}

numu_status numu_map_build(struct numu_map *map, struct numu_arena *arena,
                           const struct numu_text *keys, size_t count,
                           void (*duplicate)(void *data, numu_row row, numu_row first),
                           void *data) {
    if (is_ascending(keys, count)) {
        *map = (struct numu_map){.keys = keys, .count = count};
        return NUMU_OK;
    }
    NUMU_TRY(numu_map_init(map, arena, keys, count));
    map->count = count;
    for (size_t row = 0; row < count; row++) {
        numu_row first = keys[row].length == 0 ? NUMU_NONE : numu_map_add(map, (numu_row)row);
        if (first != NUMU_NONE) {
            duplicate(data, (numu_row)row, first);
        }
    }
    return NUMU_OK;
}

numu_status numu_map_index(struct numu_map *map, struct numu_arena *arena) {
    if (map->slots != NULL) {
        return NUMU_OK;
    }
    struct numu_map indexed;
    NUMU_TRY(numu_map_init(&indexed, arena, map->keys, map->count));
    for (size_t row = 0; row < map->count; row++) {
        (void)numu_map_add(&indexed, (numu_row)row); /* ascending: none is there twice */
    }
    indexed.count = map->count;
    *map = indexed;
    return NUMU_OK;
}

static numu_row find_ascending(const struct numu_map *map, struct numu_text key) {
    size_t low = 0;
    size_t high = map->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = numu_text_compare(map->keys[middle], key);
        if (order == 0) {
            return (numu_row)middle;
        }
        if (order < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return NUMU_NONE;
}

numu_row numu_map_find_probed(const struct numu_map *map, struct numu_text key,
                              const struct numu_map_probe *probe) {
    const struct numu_map_slot *slot = find_slot(map, key, probe);
    return slot == NULL ? NUMU_NONE : slot->row;
}

numu_row numu_map_find(const struct numu_map *map, struct numu_text key) {
    if (map->slots == NULL) {
        return find_ascending(map, key);
    }
    struct numu_map_probe probe = probe_of(key);
    return numu_map_find_probed(map, key, &probe);
}

struct numu_map_probe numu_map_probe(const struct numu_map *map, struct numu_text key) {
    numu_assert(map->slots != NULL);
    struct numu_map_probe probe = probe_of(key);
    __builtin_prefetch(&map->slots[probe.hash & map->slot_mask]);
    return probe;
}
