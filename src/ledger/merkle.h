/*
 * merkle.h - the tree of a log: RFC 6962, section 2.1, with SHA-256.
 *
 * Leaf hash = SHA-256(0x00 ‖ bytes of the entry), node hash = SHA-256(0x01 ‖ left ‖ right); a tree
 * of n > 1 leaves splits at the largest power of two below n. The root of a tree of no leaves is
 * the hash of nothing. Proofs are checked as RFC 9162 (sections 2.1.3.2 and 2.1.4.2) says, by code
 * that shares nothing with their making.
 */
#ifndef NUMU_LEDGER_MERKLE_H
#define NUMU_LEDGER_MERKLE_H

#include "base/hash.h"

enum { NUMU_MERKLE_HEIGHT_MAX = 63, NUMU_PROOF_MAX = 64 };

NUMU_MUST_CHECK numu_status numu_merkle_leaf(struct numu_text entry, struct numu_sha256 *out);
NUMU_MUST_CHECK numu_status numu_merkle_node(const struct numu_sha256 *left,
                                             const struct numu_sha256 *right,
                                             struct numu_sha256 *out);
bool numu_sha256_is_equal(const struct numu_sha256 *a, const struct numu_sha256 *b);

/*
 * What is needed to let a tree grow: the roots of its complete subtrees. Bit n of size is set where
 * peak[n], the root of 2^n leaves, counts. All zero is the empty tree.
 */
struct numu_frontier {
    uint64_t size;
    struct numu_sha256 peak[NUMU_MERKLE_HEIGHT_MAX];
};
NUMU_MUST_CHECK numu_status numu_frontier_append(struct numu_frontier *frontier,
                                                 const struct numu_sha256 *leaf);
NUMU_MUST_CHECK numu_status numu_frontier_root(const struct numu_frontier *frontier,
                                               struct numu_sha256 *out);

/*
 * Where proofs come from: the root of the complete subtree of the leaves index × 2^level up to, but
 * not including, (index + 1) × 2^level, all of them in the tree.
 */
struct numu_tree {
    numu_status (*read)(void *data, unsigned level, uint64_t index, struct numu_sha256 *out);
    void *data;
};

struct numu_proof {
    size_t count;
    struct numu_sha256 hash[NUMU_PROOF_MAX];
};

/* The root of the first `size` leaves. */
NUMU_MUST_CHECK numu_status numu_tree_root(const struct numu_tree *tree, uint64_t size,
                                           struct numu_sha256 *out);
/* That leaf `index` is in the tree of the first `size` leaves; index < size. */
NUMU_MUST_CHECK numu_status numu_tree_inclusion(const struct numu_tree *tree, uint64_t index,
                                                uint64_t size, struct numu_proof *out);
/* That the first `old_size` leaves of the first `size` are those of the older head. */
NUMU_MUST_CHECK numu_status numu_tree_consistency(const struct numu_tree *tree, uint64_t old_size,
                                                  uint64_t size, struct numu_proof *out);

/* Whether a proof proves it. NUMU_INVALID where it does not. */
NUMU_MUST_CHECK numu_status numu_inclusion_verify(const struct numu_proof *proof, uint64_t index,
                                                  uint64_t size, const struct numu_sha256 *leaf,
                                                  const struct numu_sha256 *root);
NUMU_MUST_CHECK numu_status numu_consistency_verify(const struct numu_proof *proof,
                                                    uint64_t old_size, uint64_t size,
                                                    const struct numu_sha256 *old_root,
                                                    const struct numu_sha256 *root);

#endif
