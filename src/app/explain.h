/*
 * explain.h - rows of a plan explained from the plan alone: whom an order serves and what it
 * needs, what serves a demand.
 */
#ifndef NUMU_APP_EXPLAIN_H
#define NUMU_APP_EXPLAIN_H

#include "plan/plan.h"

/* A step of a walk along pegs. */
struct numu_peg_line {
    numu_row peg;     /* of plan.peg */
    uint32_t depth;   /* 0 = touches what is explained */
    bool is_repeated; /* its order was unfolded in a line before */
};

struct numu_peg_lines {
    const struct numu_peg_line *list;
    uint32_t count;
};

/* What a row is, and the walks from it; an order or a demand is NUMU_NONE where it is the other. */
struct numu_peg_walk {
    numu_row order;             /* of plan.planned_order */
    numu_row demand;            /* of plan.demand */
    struct numu_peg_lines up;   /* of an order: who takes it, and so on to demands */
    struct numu_peg_lines down; /* what covers its needs, and so on to what is bought or there */
    const numu_row *served;     /* demands reached upwards, in order of rows, each once */
    uint32_t served_count;
};

/*
 * Walks pegs both ways from the order or demand called `id`. Each order is unfolded once. Lines
 * live in the arena. NUMU_NOT_FOUND where the plan has no such order or demand; NUMU_LIMIT beyond
 * what can be numbered.
 */
NUMU_MUST_CHECK numu_status numu_app_walk_pegs(const struct numu_plan *plan, struct numu_text id,
                                               struct numu_heap *heap, struct numu_arena *arena,
                                               struct numu_peg_walk *out);

#endif
