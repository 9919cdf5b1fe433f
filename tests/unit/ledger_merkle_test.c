/*
 * Goal: trees and proofs as RFC 6962 and RFC 9162 have them.
 * Method: roots of Certificate Transparency's reference tree (the eight leaves of its merkle
 * tests); the definition MTH(D[n]) written out recursively as the oracle of every root; all proofs
 * for all (m, n) up to 300, each accepted, and refused with any one thing changed.
 */
#include "ledger/merkle.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <string.h>

enum { LEAVES = 300 };

static void must(numu_status status) {
    assert_int_equal(status, NUMU_OK);
}

/* --- the oracle: section 2.1, word for word --- */

static struct numu_sha256 mth(const struct numu_sha256 *leaf, size_t n) {
    struct numu_sha256 root;
    if (n == 0) {
        must(numu_sha256("", 0, &root));
        return root;
    }
    if (n == 1) {
        return leaf[0];
    }
    size_t k = 1;
    while (2 * k < n) {
        k *= 2;
    }
    struct numu_sha256 left = mth(leaf, k);
    struct numu_sha256 right = mth(leaf + k, n - k);
    unsigned char bytes[65] = {1};
    memcpy(bytes + 1, left.bytes, 32);
    memcpy(bytes + 33, right.bytes, 32);
    must(numu_sha256(bytes, sizeof bytes, &root));
    return root;
}

/* Complete subtrees, by level. */
struct subtrees {
    struct numu_sha256 root[9][LEAVES];
};

static numu_status read_subtree(void *data, unsigned level, uint64_t index,
                                struct numu_sha256 *out) {
    const struct subtrees *subtrees = data;
    assert_true(level < 9 && (index + 1) << level <= LEAVES);
    *out = subtrees->root[level][index];
    return NUMU_OK;
}

static void make_subtrees(const struct numu_sha256 leaf[LEAVES], struct subtrees *out) {
    for (unsigned level = 0; level < 9; level++) {
        for (size_t index = 0; (index + 1) << level <= LEAVES; index++) {
            out->root[level][index] = mth(leaf + (index << level), (size_t)1 << level);
        }
    }
}

static void make_leaves(struct numu_sha256 leaf[LEAVES], struct numu_sha256 roots[LEAVES + 1]) {
    for (size_t i = 0; i < LEAVES; i++) {
        char entry[2] = {(char)(i >> 8), (char)i};
        must(numu_merkle_leaf((struct numu_text){entry, sizeof entry}, &leaf[i]));
    }
    for (size_t n = 0; n <= LEAVES; n++) {
        roots[n] = mth(leaf, n);
    }
}

/* --- tests --- */

static void test_reference_tree(void **state) {
    (void)state;
    static const struct {
        const char *bytes;
        size_t length;
    } entries[] = {{"", 0},
                   {"\x00", 1},
                   {"\x10", 1},
                   {"\x20\x21", 2},
                   {"\x30\x31", 2},
                   {"\x40\x41\x42\x43", 4},
                   {"\x50\x51\x52\x53\x54\x55\x56\x57", 8},
                   {"\x60\x61\x62\x63\x64\x65\x66\x67\x68\x69\x6a\x6b\x6c\x6d\x6e\x6f", 16}};
    static const char *const roots[] = {
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"};
    struct numu_frontier frontier = {0};
    for (size_t n = 0;; n++) {
        struct numu_sha256 root;
        char hex[NUMU_SHA256_HEX_BYTES];
        must(numu_frontier_root(&frontier, &root));
        assert_string_equal(numu_sha256_hex(&root, hex), roots[n]);
        if (n == 8) {
            break;
        }
        struct numu_sha256 leaf;
        must(numu_merkle_leaf((struct numu_text){entries[n].bytes, entries[n].length}, &leaf));
        must(numu_frontier_append(&frontier, &leaf));
    }
}

static void test_roots(void **state) {
    (void)state;
    static struct numu_sha256 leaf[LEAVES];
    static struct numu_sha256 roots[LEAVES + 1];
    static struct subtrees subtrees;
    make_leaves(leaf, roots);
    make_subtrees(leaf, &subtrees);
    struct numu_tree tree = {read_subtree, &subtrees};
    struct numu_frontier frontier = {0};
    for (size_t n = 0; n <= LEAVES; n++) {
        struct numu_sha256 root;
        must(numu_frontier_root(&frontier, &root));
        assert_true(numu_sha256_is_equal(&root, &roots[n]));
        must(numu_tree_root(&tree, n, &root));
        assert_true(numu_sha256_is_equal(&root, &roots[n]));
        if (n < LEAVES) {
            must(numu_frontier_append(&frontier, &leaf[n]));
        }
    }
    frontier.size = UINT64_C(1) << 62;
    assert_int_equal(numu_frontier_append(&frontier, &leaf[0]), NUMU_LIMIT);
}

static void refuse_inclusion(struct numu_proof proof, uint64_t index, uint64_t size,
                             const struct numu_sha256 *leaf, const struct numu_sha256 *root) {
    struct numu_sha256 other = *leaf;
    other.bytes[0] ^= 1;
    assert_int_equal(numu_inclusion_verify(&proof, index, size, &other, root), NUMU_INVALID);
    other = *root;
    other.bytes[31] ^= 0x80;
    assert_int_equal(numu_inclusion_verify(&proof, index, size, leaf, &other), NUMU_INVALID);
    assert_int_equal(numu_inclusion_verify(&proof, size, size, leaf, root), NUMU_INVALID);
    if (proof.count > 0) {
        proof.hash[proof.count / 2].bytes[7] ^= 4;
        assert_int_equal(numu_inclusion_verify(&proof, index, size, leaf, root), NUMU_INVALID);
        proof.hash[proof.count / 2].bytes[7] ^= 4;
        proof.count--;
        assert_int_equal(numu_inclusion_verify(&proof, index, size, leaf, root), NUMU_INVALID);
        proof.count++;
    }
    proof.hash[proof.count++] = *leaf;
    assert_int_equal(numu_inclusion_verify(&proof, index, size, leaf, root), NUMU_INVALID);
}

static void test_inclusion(void **state) {
    (void)state;
    static struct numu_sha256 leaf[LEAVES];
    static struct numu_sha256 roots[LEAVES + 1];
    static struct subtrees subtrees;
    make_leaves(leaf, roots);
    make_subtrees(leaf, &subtrees);
    struct numu_tree tree = {read_subtree, &subtrees};
    for (size_t n = 1; n <= LEAVES; n += n < 40 ? 1 : 13) {
        for (size_t i = 0; i < n; i++) {
            struct numu_proof proof;
            must(numu_tree_inclusion(&tree, i, n, &proof));
            must(numu_inclusion_verify(&proof, i, n, &leaf[i], &roots[n]));
            refuse_inclusion(proof, i, n, &leaf[i], &roots[n]);
        }
    }
}

static void test_consistency(void **state) {
    (void)state;
    static struct numu_sha256 leaf[LEAVES];
    static struct numu_sha256 roots[LEAVES + 1];
    static struct subtrees subtrees;
    make_leaves(leaf, roots);
    make_subtrees(leaf, &subtrees);
    struct numu_tree tree = {read_subtree, &subtrees};
    for (size_t n = 0; n <= LEAVES; n++) {
        for (size_t m = 0; m <= n; m++) {
            struct numu_proof proof;
            must(numu_tree_consistency(&tree, m, n, &proof));
            must(numu_consistency_verify(&proof, m, n, &roots[m], &roots[n]));
            if (m == 0 || m == n) {
                continue;
            }
            assert_int_equal(numu_consistency_verify(&proof, m, n, &roots[m - 1], &roots[n]),
                             NUMU_INVALID);
            assert_int_equal(numu_consistency_verify(&proof, m, n, &roots[m], &roots[n - 1]),
                             NUMU_INVALID);
            proof.hash[proof.count - 1].bytes[3] ^= 16;
            assert_int_equal(numu_consistency_verify(&proof, m, n, &roots[m], &roots[n]),
                             NUMU_INVALID);
        }
    }
    struct numu_proof none = {0};
    assert_int_equal(numu_consistency_verify(&none, 3, 2, &roots[3], &roots[2]), NUMU_INVALID);
    assert_int_equal(numu_consistency_verify(&none, 3, 5, &roots[3], &roots[5]), NUMU_INVALID);
    assert_int_equal(numu_consistency_verify(&none, 0, 5, &roots[1], &roots[5]), NUMU_INVALID);
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reference_tree), cmocka_unit_test(test_roots),
        cmocka_unit_test(test_inclusion), cmocka_unit_test(test_consistency)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}
