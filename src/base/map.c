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

uint64_t numu_hash_bytes(const void *data, size_t length, uint64_t seed) {
    const unsigned char *bytes = data;
    size_t rest = length;
    uint64_t hash = seed ^ mix(seed ^ secret_a, secret_b);
    for (; rest > 16; rest -= 16, bytes += 16) {
        hash = mix(read_bytes(bytes, 8) ^ secret_b, read_bytes(bytes + 8, 8) ^ hash);
    }
    uint64_t a = read_bytes(bytes, rest < 8 ? rest : 8);
    uint64_t b = rest > 8 ? read_bytes(bytes + 8, rest - 8) : 0;
    return mix(secret_a ^ length, mix(a ^ secret_b, b ^ hash));
}

/* --- map --- */

static uint32_t hash_key(struct numu_text key) {
    return (uint32_t)numu_hash_bytes(key.data, key.length, 0);
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
    *map = (struct numu_map){keys, slots, slot_count - 1};
    return NUMU_OK;
}

/* The slot that holds the key, or the empty one where it belongs. */
static struct numu_map_slot *find_slot(const struct numu_map *map, struct numu_text key,
                                       uint32_t hash) {
    for (size_t probe = 0; probe <= map->slot_mask; probe++) {
        struct numu_map_slot *slot = &map->slots[(hash + probe) & map->slot_mask];
        if (slot->row == NUMU_NONE ||
            (slot->hash == hash && numu_text_is_equal(map->keys[slot->row], key))) {
            return slot;
        }
    }
    return NULL;
}

numu_row numu_map_add(struct numu_map *map, numu_row row) {
    struct numu_text key = map->keys[row];
    uint32_t hash = hash_key(key);
    struct numu_map_slot *slot = find_slot(map, key, hash);
    numu_assert(slot != NULL); /* more keys than numu_map_init was told of */
    if (slot->row != NUMU_NONE) {
        return slot->row;
    }
    *slot = (struct numu_map_slot){hash, row};
    return NUMU_NONE;
}

numu_row numu_map_find(const struct numu_map *map, struct numu_text key) {
    const struct numu_map_slot *slot = find_slot(map, key, hash_key(key));
    return slot == NULL ? NUMU_NONE : slot->row;
}
