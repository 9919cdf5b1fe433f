/*
 * genealogy.h - what was made of what, in memory: nodes are numbers, an edge leads from what was
 * used to what was made of it.
 *
 * Edges stand twice, as compressed sparse rows (CSR) by each of their ends: a search touches only
 * what it finds. Edges added since the rows were built stand in a delta, linked by node; when it is
 * a twentieth of all it is merged into the rows.
 *
 * [G1] A search gives each node that can be reached once, nearest first, and ends also where edges
 *      go round in a circle. Nothing is ever cut off.
 * [G2] What a search finds does not depend on what is in rows and what in the delta; among nodes
 *      equally near, the order may.
 */
#ifndef NUMU_LEDGER_GENEALOGY_H
#define NUMU_LEDGER_GENEALOGY_H

#include "base/text.h"

typedef uint32_t numu_node;
enum { NUMU_GENEALOGY_NODES_MAX = INT32_MAX };

typedef enum numu_kin {
    NUMU_KIN_USED, /* what it was made of, and that, and so on */
    NUMU_KIN_MADE, /* what was made of it, and of that */
    NUMU_KIN_COUNT
} numu_kin;

/* Edges by one of their ends: those of node n are edge[first[n] … first[n + 1] - 1]. */
struct numu_kin_rows {
    const uint32_t *first; /* nodes + 1 */
    const numu_node *edge;
    const uint32_t *has; /* a bit a node: it has any; many have none, and are not looked at */
};

struct numu_genealogy {
    struct numu_heap *heap;
    numu_node node_count;
    struct numu_arena arena; /* of the rows */
    struct numu_kin_rows rows[NUMU_KIN_COUNT];
    numu_node row_nodes; /* nodes and edges in the rows */
    uint32_t row_edges;
    struct numu_buffer added;                  /* of edges of the delta */
    struct numu_buffer newest[NUMU_KIN_COUNT]; /* by node: the delta's edge added last */
    struct numu_buffer seen;  /* by node, a bit: this search found it; none between searches */
    struct numu_buffer found; /* of numu_node */
};

void numu_genealogy_init(struct numu_genealogy *genealogy, struct numu_heap *heap);
void numu_genealogy_release(struct numu_genealogy *genealogy);

/*
 * Adds an edge; nodes up to its ends are there from then on. NUMU_LIMIT beyond 2^31 nodes or 2^32
 * edges.
 */
NUMU_MUST_CHECK numu_status numu_genealogy_add(struct numu_genealogy *genealogy, numu_node used,
                                               numu_node made);
/* Merges the delta into the rows now. */
NUMU_MUST_CHECK numu_status numu_genealogy_build(struct numu_genealogy *genealogy);
uint32_t numu_genealogy_edges(const struct numu_genealogy *genealogy);

/*
 * All that can be reached from a node, itself first; valid until the next call. A node that nobody
 * added is alone.
 */
NUMU_MUST_CHECK numu_status numu_genealogy_find(struct numu_genealogy *genealogy, numu_node node,
                                                numu_kin kin, const numu_node **out,
                                                size_t *out_count);

/*
 * A circle, which no honest history has: nodes of which each was made of the next, and the last of
 * the first; valid until the next call. None has a count of 0.
 */
NUMU_MUST_CHECK numu_status numu_genealogy_circle(struct numu_genealogy *genealogy,
                                                  const numu_node **out, size_t *out_count);

/* --- on a disk --- */

/*
 * Appends the rows (built first) as a machine reads them back without work: for this machine's
 * order of bytes, with a checksum. A cache, which can be made again; not an exchange format.
 */
NUMU_MUST_CHECK numu_status numu_genealogy_write(struct numu_genealogy *genealogy,
                                                 struct numu_buffer *buffer);
/*
 * Reads them; `bytes` must stay while the genealogy does, aligned as memory from an arena is.
 * NUMU_INVALID for what is none, of another machine, or damaged.
 */
NUMU_MUST_CHECK numu_status numu_genealogy_open(struct numu_heap *heap, struct numu_text bytes,
                                                struct numu_genealogy *out);

#endif
