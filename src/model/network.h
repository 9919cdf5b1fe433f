/*
 * network.h - the links of a model as a directed graph: activities and their precedences, items and
 * their bills.
 *
 * Forward lists in compressed form: the links out of node n are link[start[n]] …
 * link[start[n + 1] - 1], in order of rows; those into it stand in back_link in the same way.
 */
#ifndef NUMU_MODEL_NETWORK_H
#define NUMU_MODEL_NETWORK_H

#include "model/model.h"

/* Of a type of links (numu_link_FS and others): whether the start of the one before counts, not
   its finish; and the finish of the one after, not its start. */
static inline bool numu_link_leaves_start(uint8_t type) {
    return type == numu_link_SS || type == numu_link_SF;
}

static inline bool numu_link_enters_finish(uint8_t type) {
    return type == numu_link_FF || type == numu_link_SF;
}

struct numu_network {
    uint32_t node_count;
    uint32_t link_count;
    const uint32_t *tail, *head;      /* by link: from, to */
    uint32_t *start, *link;           /* links out of a node */
    uint32_t *back_start, *back_link; /* links into a node */
    uint32_t *order; /* nodes so that every link leads forward; ties by node number */
    /*
     * Where there is a cycle: its links in order, each leading to the next and the last to the
     * first, beginning at its least node; no node is met twice. Else NULL and 0.
     */
    uint32_t *cycle;
    uint32_t cycle_length;
};

/*
 * Builds the graph and its topological order (A. B. Kahn, "Topological sorting of large
 * networks", CACM 5(11), 1962; of the nodes that may come next the least) or one cycle, found
 * without recursion. All tails and heads are below node_count; they stay the caller's. Arrays
 * live in the arena. NUMU_INVALID where there is a cycle: *out is filled then, too, with order =
 * NULL.
 */
NUMU_MUST_CHECK numu_status numu_network_build(struct numu_arena *arena, uint32_t node_count,
                                               uint32_t link_count, const uint32_t *tail,
                                               const uint32_t *head, struct numu_network *out);

/* Activities and precedences: link = row of model.precedence. */
NUMU_MUST_CHECK numu_status numu_network_of_activities(const struct numu_model *model,
                                                       struct numu_arena *arena,
                                                       struct numu_network *out);
/* Items: from each input's item to the item its process yields; link = row of model.input. */
NUMU_MUST_CHECK numu_status numu_network_of_items(const struct numu_model *model,
                                                  struct numu_arena *arena,
                                                  struct numu_network *out);

/*
 * Adds a finding (bill-cycle for items, else precedence-cycle) with one argument, the ids along the
 * cycle ("a > b > a"), at the place of its first link's row.
 */
void numu_network_report_cycle(const struct numu_model *model, const struct numu_network *network,
                               bool of_items, struct numu_report *report);

#endif
