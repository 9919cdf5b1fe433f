/*
 * explain.c - walks along the pegs of a plan, depth first, without recursion.
 */
#include "app/explain.h"

#include "model/model.h"

#include <string.h>

/* Rows of `peg` by order: row[start[order]] … row[start[order + 1] - 1]. */
struct index {
    uint32_t *start;
    numu_row *row;
};

struct walker {
    const struct numu_plan *plan;
    struct numu_arena *scratch;
    struct numu_map orders, demands;      /* ids to rows */
    struct index by_supply, by_taker;     /* pegs whose supply, or taker, is an order */
    uint32_t *supply_order, *taker_order; /* by peg; NUMU_NONE = no order */
    struct numu_buffer lines;             /* of struct numu_peg_line */
    struct numu_buffer stack;             /* of struct frame */
    uint8_t *is_unfolded;                 /* by order */
    uint8_t *is_served;                   /* by demand */
};

/* Pegs of an order that are still to be told. */
struct frame {
    uint32_t next, end, depth;
};

static numu_row find_order(const struct walker *walker, uint8_t side, struct numu_text id) {
    return side == numu_peg_end_order ? numu_map_find(&walker->orders, id) : NUMU_NONE;
}

static numu_status build_index(struct walker *walker, const uint32_t *order, struct index *out) {
    numu_row pegs = walker->plan->peg.head.count;
    size_t orders = walker->plan->planned_order.head.count;
    NUMU_TRY(NUMU_TAKE(walker->scratch, &out->start, orders + 2));
    NUMU_TRY(NUMU_TAKE(walker->scratch, &out->row, pegs));
    for (numu_row peg = 0; peg < pegs; peg++) {
        if (order[peg] != NUMU_NONE) {
            out->start[(size_t)order[peg] + 2]++;
        }
    }
    for (size_t i = 2; i < orders + 2; i++) {
        out->start[i] += out->start[i - 1];
    }
    for (numu_row peg = 0; peg < pegs; peg++) {
        if (order[peg] != NUMU_NONE) {
            out->row[out->start[(size_t)order[peg] + 1]++] = peg;
        }
    }
    return NUMU_OK;
}

static numu_status build_indices(struct walker *walker) {
    const struct numu_plan *plan = walker->plan;
    const struct numu_plan_peg *peg = &plan->peg;
    NUMU_TRY(numu_map_build(&walker->orders, walker->scratch, plan->planned_order.id,
                            plan->planned_order.head.count, NULL, NULL));
    NUMU_TRY(numu_map_build(&walker->demands, walker->scratch, plan->demand.id,
                            plan->demand.head.count, NULL, NULL));
    NUMU_TRY(NUMU_TAKE(walker->scratch, &walker->supply_order, peg->head.count));
    NUMU_TRY(NUMU_TAKE(walker->scratch, &walker->taker_order, peg->head.count));
    for (numu_row row = 0; row < peg->head.count; row++) {
        walker->supply_order[row] = find_order(walker, peg->supply[row], peg->supply_id[row]);
        walker->taker_order[row] = find_order(walker, peg->taker[row], peg->taker_id[row]);
    }
    NUMU_TRY(build_index(walker, walker->supply_order, &walker->by_supply));
    return build_index(walker, walker->taker_order, &walker->by_taker);
}

static numu_status push(struct walker *walker, const struct index *index, numu_row order,
                        uint32_t depth) {
    struct frame frame = {index->start[order], index->start[order + 1], depth};
    walker->is_unfolded[order] = 1;
    return numu_buffer_append(&walker->stack, &frame, sizeof frame);
}

/* Tells a peg; gives the order to unfold after it, or NUMU_NONE. */
static numu_status tell(struct walker *walker, numu_row peg, uint32_t depth, numu_row beyond,
                        numu_row *out_unfold) {
    bool is_repeated = beyond != NUMU_NONE && walker->is_unfolded[beyond] != 0;
    struct numu_peg_line line = {peg, depth, is_repeated};
    *out_unfold = is_repeated ? NUMU_NONE : beyond;
    return numu_buffer_append(&walker->lines, &line, sizeof line);
}

/* Empties the stack: pegs of an order, and of the orders beyond them. */
static numu_status unfold(struct walker *walker, const struct index *index,
                          const uint32_t *beyond) {
    while (walker->stack.length > 0) {
        struct frame frame;
        size_t top = walker->stack.length - sizeof frame;
        memcpy(&frame, walker->stack.data + top, sizeof frame);
        if (frame.next == frame.end) {
            walker->stack.length = top;
            continue;
        }
        numu_row peg = index->row[frame.next++];
        numu_row next;
        memcpy(walker->stack.data + top, &frame, sizeof frame);
        if (walker->plan->peg.taker[peg] == numu_peg_end_demand) {
            numu_row demand = numu_map_find(&walker->demands, walker->plan->peg.taker_id[peg]);
            if (demand != NUMU_NONE) {
                walker->is_served[demand] = 1;
            }
        }
        NUMU_TRY(tell(walker, peg, frame.depth, beyond[peg], &next));
        if (next != NUMU_NONE) {
            NUMU_TRY(push(walker, index, next, frame.depth + 1));
        }
    }
    return NUMU_OK;
}

static numu_status keep_lines(struct walker *walker, struct numu_arena *arena,
                              struct numu_peg_lines *out) {
    struct numu_peg_line *list;
    size_t count = walker->lines.length / sizeof *list;
    if (count > UINT32_MAX) {
        return NUMU_LIMIT;
    }
    NUMU_TRY(NUMU_TAKE(arena, &list, count));
    if (count > 0) {
        memcpy(list, walker->lines.data, walker->lines.length);
    }
    *out = (struct numu_peg_lines){list, (uint32_t)count};
    numu_buffer_clear(&walker->lines);
    return NUMU_OK;
}

static void forget(struct walker *walker) {
    memset(walker->is_unfolded, 0, walker->plan->planned_order.head.count);
}

/* From the pegs of a demand down. */
static numu_status walk_demand(struct walker *walker, numu_row demand) {
    const struct numu_plan_peg *peg = &walker->plan->peg;
    for (numu_row row = 0; row < peg->head.count; row++) {
        if (peg->taker[row] == numu_peg_end_demand &&
            numu_map_find(&walker->demands, peg->taker_id[row]) == demand) {
            numu_row next;
            NUMU_TRY(tell(walker, row, 0, walker->supply_order[row], &next));
            if (next != NUMU_NONE) {
                NUMU_TRY(push(walker, &walker->by_taker, next, 1));
                NUMU_TRY(unfold(walker, &walker->by_taker, walker->supply_order));
            }
        }
    }
    return NUMU_OK;
}

static numu_status keep_served(struct walker *walker, struct numu_arena *arena,
                               struct numu_peg_walk *out) {
    numu_row *served;
    NUMU_TRY(NUMU_TAKE(arena, &served, walker->plan->demand.head.count));
    for (numu_row row = 0; row < walker->plan->demand.head.count; row++) {
        if (walker->is_served[row] != 0) {
            served[out->served_count++] = row;
        }
    }
    out->served = served;
    return NUMU_OK;
}

static numu_status walk_order(struct walker *walker, struct numu_arena *arena,
                              struct numu_peg_walk *out) {
    NUMU_TRY(push(walker, &walker->by_supply, out->order, 0));
    NUMU_TRY(unfold(walker, &walker->by_supply, walker->taker_order));
    NUMU_TRY(keep_lines(walker, arena, &out->up));
    NUMU_TRY(keep_served(walker, arena, out));
    forget(walker);
    NUMU_TRY(push(walker, &walker->by_taker, out->order, 0));
    return unfold(walker, &walker->by_taker, walker->supply_order);
}

static numu_status walk(struct walker *walker, struct numu_text id, struct numu_arena *arena,
                        struct numu_peg_walk *out) {
    struct numu_peg_walk walked = {.order = NUMU_NONE, .demand = NUMU_NONE};
    NUMU_TRY(build_indices(walker));
    walked.order = numu_map_find(&walker->orders, id);
    walked.demand = walked.order == NUMU_NONE ? numu_map_find(&walker->demands, id) : NUMU_NONE;
    if (walked.order == NUMU_NONE && walked.demand == NUMU_NONE) {
        return NUMU_NOT_FOUND;
    }
    NUMU_TRY(
        NUMU_TAKE(walker->scratch, &walker->is_unfolded, walker->plan->planned_order.head.count));
    NUMU_TRY(NUMU_TAKE(walker->scratch, &walker->is_served, walker->plan->demand.head.count));
    if (walked.order != NUMU_NONE) {
        NUMU_TRY(walk_order(walker, arena, &walked));
    } else {
        NUMU_TRY(walk_demand(walker, walked.demand));
    }
    NUMU_TRY(keep_lines(walker, arena, &walked.down));
    *out = walked;
    return NUMU_OK;
}

numu_status numu_app_walk_pegs(const struct numu_plan *plan, struct numu_text id,
                               struct numu_heap *heap, struct numu_arena *arena,
                               struct numu_peg_walk *out) {
    struct numu_arena scratch;
    struct walker walker = {.plan = plan, .scratch = &scratch};
    numu_arena_init(&scratch, heap);
    numu_buffer_init(&walker.lines, heap, 0);
    numu_buffer_init(&walker.stack, heap, 0);
    numu_status status = walk(&walker, id, arena, out);
    numu_buffer_release(&walker.lines);
    numu_buffer_release(&walker.stack);
    numu_arena_release(&scratch);
    return status;
}
