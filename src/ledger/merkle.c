/*
 * merkle.c - see merkle.h.
 */
#include "ledger/merkle.h"

#include <string.h>

numu_status numu_merkle_leaf(struct numu_text entry, struct numu_sha256 *out) {
    struct numu_sha256_stream stream;
    NUMU_TRY(numu_sha256_init(&stream));
    numu_status status = numu_sha256_update(&stream, "\0", 1);
    if (status == NUMU_OK) {
        status = numu_sha256_update(&stream, entry.data, entry.length);
    }
    if (status != NUMU_OK) {
        numu_sha256_release(&stream);
        return status;
    }
    return numu_sha256_finish(&stream, out);
}

numu_status numu_merkle_node(const struct numu_sha256 *left, const struct numu_sha256 *right,
                             struct numu_sha256 *out) {
    unsigned char both[1 + 2 * NUMU_SHA256_BYTES];
    both[0] = 1;
    memcpy(both + 1, left->bytes, NUMU_SHA256_BYTES);
    memcpy(both + 1 + NUMU_SHA256_BYTES, right->bytes, NUMU_SHA256_BYTES);
    return numu_sha256(both, sizeof both, out);
}

bool numu_sha256_is_equal(const struct numu_sha256 *a, const struct numu_sha256 *b) {
    return memcmp(a->bytes, b->bytes, NUMU_SHA256_BYTES) == 0;
}

/* --- growing --- */

numu_status numu_frontier_append(struct numu_frontier *frontier, const struct numu_sha256 *leaf) {
    struct numu_sha256 hash = *leaf;
    unsigned level = 0;
    if (frontier->size >> (NUMU_MERKLE_HEIGHT_MAX - 1) != 0) {
        return NUMU_LIMIT;
    }
    for (; (frontier->size >> level & 1) != 0; level++) {
        NUMU_TRY(numu_merkle_node(&frontier->peak[level], &hash, &hash));
    }
    frontier->peak[level] = hash;
    frontier->size++;
    return NUMU_OK;
}

numu_status numu_frontier_root(const struct numu_frontier *frontier, struct numu_sha256 *out) {
    if (frontier->size == 0) {
        return numu_sha256("", 0, out);
    }
    struct numu_sha256 hash;
    bool has_hash = false;
    for (unsigned level = 0; level < NUMU_MERKLE_HEIGHT_MAX; level++) {
        if ((frontier->size >> level & 1) == 0) {
            continue;
        }
        if (has_hash) {
            NUMU_TRY(numu_merkle_node(&frontier->peak[level], &hash, &hash));
        } else {
            hash = frontier->peak[level];
            has_hash = true;
        }
    }
    *out = hash;
    return NUMU_OK;
}

/* --- proving --- */

/* The largest power of two below n, for n > 1. */
static uint64_t split_of(uint64_t n) {
    uint64_t split = 1;
    while (split < n - split) {
        split *= 2;
    }
    return split;
}

/*
 * MTH(D[begin:end]), where `begin` is a multiple of the least power of two that is not below the
 * number of leaves.
 */
static numu_status range_root(const struct numu_tree *tree, uint64_t begin, uint64_t end,
                              struct numu_sha256 *out) {
    uint64_t count = end - begin;
    if ((count & (count - 1)) == 0) {
        unsigned level = 0;
        while (count >> level != 1) {
            level++;
        }
        return tree->read(tree->data, level, begin >> level, out);
    }
    struct numu_sha256 left;
    struct numu_sha256 right;
    uint64_t middle = begin + split_of(count);
    NUMU_TRY(range_root(tree, begin, middle, &left));
    NUMU_TRY(range_root(tree, middle, end, &right));
    return numu_merkle_node(&left, &right, out);
}

numu_status numu_tree_root(const struct numu_tree *tree, uint64_t size, struct numu_sha256 *out) {
    return size == 0 ? numu_sha256("", 0, out) : range_root(tree, 0, size, out);
}

static void reverse(struct numu_proof *proof) {
    for (size_t i = 0; i < proof->count / 2; i++) {
        struct numu_sha256 kept = proof->hash[i];
        proof->hash[i] = proof->hash[proof->count - 1 - i];
        proof->hash[proof->count - 1 - i] = kept;
    }
}

numu_status numu_tree_inclusion(const struct numu_tree *tree, uint64_t index, uint64_t size,
                                struct numu_proof *out) {
    uint64_t begin = 0;
    uint64_t end = size;
    out->count = 0;
    while (end - begin > 1) { /* from the root down; the proof goes up */
        uint64_t middle = begin + split_of(end - begin);
        struct numu_sha256 *sibling = &out->hash[out->count++];
        if (index < middle) {
            NUMU_TRY(range_root(tree, middle, end, sibling));
            end = middle;
        } else {
            NUMU_TRY(range_root(tree, begin, middle, sibling));
            begin = middle;
        }
    }
    reverse(out);
    return NUMU_OK;
}

numu_status numu_tree_consistency(const struct numu_tree *tree, uint64_t old_size, uint64_t size,
                                  struct numu_proof *out) {
    out->count = 0;
    if (old_size == 0 || old_size == size) {
        return NUMU_OK;
    }
    uint64_t begin = 0;
    uint64_t end = size;
    bool is_whole = true; /* D[begin:old_size] is all of the older tree, whose root is known */
    while (old_size != end) {
        uint64_t middle = begin + split_of(end - begin);
        struct numu_sha256 *sibling = &out->hash[out->count++];
        if (old_size <= middle) {
            NUMU_TRY(range_root(tree, middle, end, sibling));
            end = middle;
        } else {
            NUMU_TRY(range_root(tree, begin, middle, sibling));
            begin = middle;
            is_whole = false;
        }
    }
    if (!is_whole) {
        NUMU_TRY(range_root(tree, begin, end, &out->hash[out->count++]));
    }
    reverse(out);
    return NUMU_OK;
}

/* --- checking (RFC 9162; names fn, sn, fr, sr are the standard's) --- */

numu_status numu_inclusion_verify(const struct numu_proof *proof, uint64_t index, uint64_t size,
                                  const struct numu_sha256 *leaf, const struct numu_sha256 *root) {
    if (index >= size) {
        return NUMU_INVALID;
    }
    uint64_t fn = index;
    uint64_t sn = size - 1;
    struct numu_sha256 hash = *leaf;
    for (size_t i = 0; i < proof->count; i++) {
        if (sn == 0) {
            return NUMU_INVALID;
        }
        if ((fn & 1) != 0 || fn == sn) {
            NUMU_TRY(numu_merkle_node(&proof->hash[i], &hash, &hash));
            while ((fn & 1) == 0 && fn != 0) {
                fn >>= 1;
                sn >>= 1;
            }
        } else {
            NUMU_TRY(numu_merkle_node(&hash, &proof->hash[i], &hash));
        }
        fn >>= 1;
        sn >>= 1;
    }
    return sn == 0 && numu_sha256_is_equal(&hash, root) ? NUMU_OK : NUMU_INVALID;
}

/* What is proved of trees that are equal, or of an empty one. */
static numu_status verify_trivial(const struct numu_proof *proof, uint64_t old_size,
                                  const struct numu_sha256 *old_root,
                                  const struct numu_sha256 *root) {
    struct numu_sha256 empty;
    NUMU_TRY(numu_sha256("", 0, &empty));
    const struct numu_sha256 *expected = old_size == 0 ? &empty : root;
    return proof->count == 0 && numu_sha256_is_equal(old_root, expected) ? NUMU_OK : NUMU_INVALID;
}

numu_status numu_consistency_verify(const struct numu_proof *proof, uint64_t old_size,
                                    uint64_t size, const struct numu_sha256 *old_root,
                                    const struct numu_sha256 *root) {
    if (old_size > size) {
        return NUMU_INVALID;
    }
    if (old_size == 0 || old_size == size) {
        return verify_trivial(proof, old_size, old_root, root);
    }
    bool is_power = (old_size & (old_size - 1)) == 0;
    if (proof->count == 0 && !is_power) {
        return NUMU_INVALID;
    }
    uint64_t fn = old_size - 1;
    uint64_t sn = size - 1;
    while ((fn & 1) != 0) {
        fn >>= 1;
        sn >>= 1;
    }
    size_t at = 0;
    struct numu_sha256 fr = is_power ? *old_root : proof->hash[at++];
    struct numu_sha256 sr = fr;
    for (; at < proof->count; at++) {
        const struct numu_sha256 *hash = &proof->hash[at];
        if (sn == 0) {
            return NUMU_INVALID;
        }
        if ((fn & 1) != 0 || fn == sn) {
            NUMU_TRY(numu_merkle_node(hash, &fr, &fr));
            NUMU_TRY(numu_merkle_node(hash, &sr, &sr));
            while ((fn & 1) == 0 && fn != 0) {
                fn >>= 1;
                sn >>= 1;
            }
        } else {
            NUMU_TRY(numu_merkle_node(&sr, hash, &sr));
        }
        fn >>= 1;
        sn >>= 1;
    }
    bool is_proved =
        sn == 0 && numu_sha256_is_equal(&fr, old_root) && numu_sha256_is_equal(&sr, root);
    return is_proved ? NUMU_OK : NUMU_INVALID;
}
