/*
 * heaviest.h - the heaviest set of tasks that may run at once: no two of them apart, and their
 * needs together within what there is.
 *
 * What prices the columns of bound_sets.h. Branch and bound in whole numbers, so that the answer is
 * exact. Tasks are put into cliques of which one at most may run; a set is worth no more than
 *
 *     sum over resources of price × capacity + sum over cliques of the greatest weight that is left
 *     once the needs of a task are paid for                                            (Lagrange)
 *
 * nor more than choosing one task a clique within the levels of any single resource, or of all of
 * them weighted by their prices, lets be had (dynamic programming, from the last clique on). Prices
 * follow a subgradient (M. Held, P. Wolfe, H. Crowder, "Validation of subgradient optimization",
 * Mathematical Programming 6, 1974).
 */
#ifndef NUMU_PROGRAMME_HEAVIEST_H
#define NUMU_PROGRAMME_HEAVIEST_H

#include "programme/bound_meter.h"

struct numu_heaviest {
    uint32_t count, resource_count; /* of tasks, of resources */
    int32_t *need;                  /* by task and resource: need[task * resource_count + r] */
    uint64_t *apart;                /* by task: a row of `words` words of bits, one a task */
    size_t words;

    uint64_t nodes; /* looked at so far, in all questions */
    /* the answer to the last question */
    int64_t weight;
    uint32_t chosen_count;
    uint32_t *chosen;
    bool is_exact;

    struct numu_heaviest_work *work;
};

/*
 * What is asked. Weights are at most 2^27; of the candidates those above 0 count. Sets no heavier
 * than `floor`, at least 0, are not looked for: the answer is then `floor` and no task.
 */
struct numu_heaviest_question {
    const uint32_t *candidate;
    uint32_t candidate_count;
    const int64_t *weight;   /* by task */
    const int32_t *capacity; /* by resource */
    int64_t floor;
    uint64_t nodes_max; /* then the answer is the best so far, not exact; 0 = no limit */
    struct numu_bound_meter *meter; /* the same where it is over; its work is counted there; may be
                                       NULL */
};

/* Takes all arrays from the arena: needs 0, no two tasks apart. NUMU_MEMORY, NUMU_LIMIT. */
NUMU_MUST_CHECK numu_status numu_heaviest_init(struct numu_heaviest *it, struct numu_arena *arena,
                                               uint32_t count, uint32_t resource_count);

static inline void numu_heaviest_set_apart(struct numu_heaviest *it, uint32_t a, uint32_t b) {
    it->apart[a * it->words + b / 64] |= UINT64_C(1) << (b % 64);
    it->apart[b * it->words + a / 64] |= UINT64_C(1) << (a % 64);
}

static inline bool numu_heaviest_are_apart(const struct numu_heaviest *it, uint32_t a, uint32_t b) {
    return (it->apart[a * it->words + b / 64] >> (b % 64) & 1) != 0;
}

void numu_heaviest_find(struct numu_heaviest *it, const struct numu_heaviest_question *question);

#endif
