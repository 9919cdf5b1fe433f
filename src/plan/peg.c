/*
 * peg.c - first in, first out, after what is reserved; what spoils first, where things spoil.
 */
#include "plan/peg.h"

#include <stdlib.h>
#include <string.h>

/* A supply or a taker while it is being matched. */
struct side {
    uint8_t side;
    uint32_t part, number, line;
    numu_day day;  /* there, or taken */
    int64_t class; /* of a taker */
    numu_day last; /* of a supply: its last day */
    numu_quantity left;
};

struct matching {
    struct numu_pegging *pegging;
    uint32_t part;
    struct numu_arena *scratch;
    struct side *supply, *taker;
    uint32_t supply_count, taker_count;
    bool spoils;             /* something of it has a last day */
    struct numu_buffer pegs; /* of struct numu_peg */
};

numu_status numu_pegging_begin(struct numu_pegging *pegging, struct numu_arena *arena) {
    pegging->arena = arena;
    return numu_arena_take(arena, pegging->materials->part_count, sizeof(struct numu_part_pegs *),
                           &pegging->part);
}

/* --- what there is, and who takes it --- */

static int compare_numbers(int64_t a, int64_t b) {
    return a < b ? -1 : a > b;
}

static int compare_supplies(const void *a, const void *b) {
    const struct side *x = a;
    const struct side *y = b;
    int by = compare_numbers(x->day, y->day);
    by = by != 0 ? by : compare_numbers(x->side, y->side);
    return by != 0 ? by : compare_numbers(x->number, y->number);
}

static int compare_takers(const void *a, const void *b) {
    const struct side *x = a;
    const struct side *y = b;
    int by = compare_numbers(x->day, y->day);
    by = by != 0 ? by : compare_numbers(x->class, y->class);
    by = by != 0 ? by : compare_numbers(y->side, x->side); /* demand before orders */
    by = by != 0 ? by : compare_numbers(x->part, y->part);
    by = by != 0 ? by : compare_numbers(x->number, y->number);
    return by != 0 ? by : compare_numbers(x->line, y->line);
}

static numu_status list_supplies(struct matching *matching) {
    const struct numu_materials *materials = matching->pegging->materials;
    const struct numu_orders *orders = matching->pegging->orders;
    uint32_t part = matching->part;
    int32_t shelf_days = materials->lots[materials->part_lot[part]].shelf_days;
    uint32_t first = materials->receipt_start == NULL ? 0 : materials->receipt_start[part];
    uint32_t end = materials->receipt_start == NULL ? 0 : materials->receipt_start[part + 1];
    NUMU_TRY(NUMU_TAKE(matching->scratch, &matching->supply,
                       (size_t)(end - first) + orders->count[part]));
    struct side *supply = matching->supply;
    for (uint32_t r = first; r < end; r++) {
        numu_day day = materials->receipt_day[r];
        *supply++ = (struct side){
            .side = NUMU_PEG_RECEIPT,
            .number = r,
            .day = day < materials->first ? materials->first : day,
            .last = materials->receipt_expires == NULL ? INT32_MAX : materials->receipt_expires[r],
            .left = materials->receipt_quantity[r]};
    }
    for (uint32_t i = 0; i < orders->count[part]; i++) {
        const struct numu_order *order = &orders->list[part][i];
        *supply++ = (struct side){.side = NUMU_PEG_ORDER,
                                  .number = i,
                                  .day = order->due,
                                  .last = shelf_days > 0 ? order->due + shelf_days : INT32_MAX,
                                  .left = order->quantity};
    }
    matching->supply_count = (uint32_t)(supply - matching->supply);
    for (uint32_t i = 0; i < matching->supply_count; i++) {
        matching->spoils = matching->spoils || matching->supply[i].last != INT32_MAX;
    }
    qsort(matching->supply, matching->supply_count, sizeof *supply, compare_supplies);
    return NUMU_OK;
}

static numu_status list_orders_that_take(struct matching *matching, const struct numu_use *use) {
    const struct numu_materials *materials = matching->pegging->materials;
    const struct numu_orders *orders = matching->pegging->orders;
    for (uint32_t i = 0; i < orders->count[use->part]; i++) {
        const struct numu_order *order = &orders->list[use->part][i];
        if (order->source != use->source || !numu_line_holds(materials, use->line, order->start)) {
            continue;
        }
        struct side *taker = &matching->taker[matching->taker_count++];
        *taker = (struct side){.side = NUMU_PEG_ORDER,
                               .part = use->part,
                               .number = i,
                               .line = use->line,
                               .day = order->start};
        NUMU_TRY(
            numu_line_requirement(order->started, use->numerator, use->denominator, &taker->left));
    }
    return NUMU_OK;
}

static numu_status list_takers(struct matching *matching) {
    const struct numu_pegging *pegging = matching->pegging;
    const struct numu_materials *materials = pegging->materials;
    const struct numu_orders *orders = pegging->orders;
    uint32_t part = matching->part;
    size_t room = materials->demand_start[part + 1] - materials->demand_start[part];
    for (uint32_t u = orders->use_start[part]; u < orders->use_start[part + 1]; u++) {
        room += orders->count[orders->use[u].part];
    }
    NUMU_TRY(NUMU_TAKE(matching->scratch, &matching->taker, room));
    for (uint32_t d = materials->demand_start[part]; d < materials->demand_start[part + 1]; d++) {
        matching->taker[matching->taker_count++] = (struct side){
            .side = NUMU_PEG_DEMAND,
            .number = d,
            .line = NUMU_NONE,
            .day = materials->demand_day[d],
            .class = pegging->demand_priority == NULL ? 0 : pegging->demand_priority[d],
            .left = materials->demand_quantity[d]};
    }
    for (uint32_t u = orders->use_start[part]; u < orders->use_start[part + 1]; u++) {
        NUMU_TRY(list_orders_that_take(matching, &orders->use[u]));
    }
    qsort(matching->taker, matching->taker_count, sizeof *matching->taker, compare_takers);
    return NUMU_OK;
}

/* --- matching --- */

static numu_status put(struct matching *matching, struct side *supply, struct side *taker,
                       numu_quantity quantity) {
    struct numu_peg peg = {.supply = NUMU_NONE,
                           .taker_part = NUMU_NONE,
                           .taker = NUMU_NONE,
                           .line = NUMU_NONE,
                           .quantity = quantity};
    if (supply != NULL) {
        peg.supply_side = supply->side;
        peg.supply = supply->number;
        peg.there = peg.day = supply->day;
        supply->left -= quantity;
    }
    if (taker != NULL) {
        peg.taker_side = taker->side;
        peg.taker = taker->number;
        peg.taker_part = taker->side == NUMU_PEG_ORDER ? taker->part : NUMU_NONE;
        peg.line = taker->line;
        peg.day = taker->day;
        peg.there = supply == NULL ? taker->day : peg.there;
        taker->left -= quantity;
    }
    return quantity == 0 ? NUMU_OK : numu_buffer_append(&matching->pegs, &peg, sizeof peg);
}

static numu_quantity lesser(numu_quantity a, numu_quantity b) {
    return a < b ? a : b;
}

static numu_status serves(struct matching *matching, const struct side *taker, uint32_t demand,
                          bool *out) {
    if (taker->side == NUMU_PEG_DEMAND) {
        *out = taker->number == demand;
        return NUMU_OK;
    }
    return numu_peg_serves(matching->pegging, taker->part, taker->number, demand, out);
}

/* [G3] */
static numu_status match_reserved(struct matching *matching) {
    const uint32_t *reserved = matching->pegging->receipt_demand;
    for (uint32_t s = 0; reserved != NULL && s < matching->supply_count; s++) {
        struct side *supply = &matching->supply[s];
        if (supply->side != NUMU_PEG_RECEIPT || reserved[supply->number] == NUMU_NONE) {
            continue;
        }
        for (uint32_t t = 0; t < matching->taker_count && supply->left > 0; t++) {
            struct side *taker = &matching->taker[t];
            bool is_for = false;
            if (taker->left > 0 && taker->day <= supply->last) {
                NUMU_TRY(serves(matching, taker, reserved[supply->number], &is_for));
            }
            if (is_for) {
                NUMU_TRY(put(matching, supply, taker, lesser(supply->left, taker->left)));
            }
        }
    }
    return NUMU_OK;
}

/*
 * [G2] for a part that spoils: of what is there and good on the taker's day that which spoils
 * first; where nothing is there, what comes first.
 */
static struct side *next_to_spoil(const struct matching *matching, const struct side *taker) {
    struct side *best = NULL;
    for (uint32_t s = 0; s < matching->supply_count; s++) {
        struct side *supply = &matching->supply[s];
        bool is_there = supply->day <= taker->day;
        if (supply->left == 0 || supply->last < taker->day || (!is_there && best != NULL)) {
            continue;
        }
        if (best == NULL || supply->last < best->last) {
            best = supply;
        }
    }
    return best;
}

/* [G2]; `first` is where the search may begin. */
static struct side *next_supply(const struct matching *matching, const struct side *taker,
                                uint32_t *first) {
    if (matching->spoils) {
        return next_to_spoil(matching, taker);
    }
    while (*first < matching->supply_count && matching->supply[*first].left == 0) {
        ++*first;
    }
    return *first < matching->supply_count ? &matching->supply[*first] : NULL;
}

static numu_status match_rest(struct matching *matching) {
    uint32_t first = 0;
    for (uint32_t t = 0; t < matching->taker_count; t++) {
        struct side *taker = &matching->taker[t];
        struct side *supply = NULL;
        while (taker->left > 0 && (supply = next_supply(matching, taker, &first)) != NULL) {
            NUMU_TRY(put(matching, supply, taker, lesser(supply->left, taker->left)));
        }
        NUMU_TRY(put(matching, NULL, taker, taker->left));
    }
    for (uint32_t s = 0; s < matching->supply_count; s++) {
        NUMU_TRY(put(matching, &matching->supply[s], NULL, matching->supply[s].left));
    }
    return NUMU_OK;
}

/* By taker, so that those of one stand together; what nobody takes last; then by supply. */
static int compare_pegs(const void *a, const void *b) {
    const struct numu_peg *x = a;
    const struct numu_peg *y = b;
    int by = compare_numbers(y->taker_side, x->taker_side);
    by = by != 0 ? by : compare_numbers(x->taker_part, y->taker_part);
    by = by != 0 ? by : compare_numbers(x->taker, y->taker);
    by = by != 0 ? by : compare_numbers(x->line, y->line);
    by = by != 0 ? by : compare_numbers(x->there, y->there);
    by = by != 0 ? by : compare_numbers(x->supply_side, y->supply_side);
    return by != 0 ? by : compare_numbers(x->supply, y->supply);
}

static numu_status match(struct matching *matching, struct numu_part_pegs **out) {
    NUMU_TRY(list_supplies(matching));
    NUMU_TRY(list_takers(matching));
    NUMU_TRY(match_reserved(matching));
    NUMU_TRY(match_rest(matching));
    struct numu_part_pegs *pegs;
    struct numu_arena *arena = matching->pegging->arena;
    NUMU_TRY(NUMU_TAKE(arena, &pegs, 1));
    pegs->count = (uint32_t)(matching->pegs.length / sizeof *pegs->list);
    NUMU_TRY(NUMU_TAKE(arena, &pegs->list, pegs->count));
    if (pegs->count > 0) {
        memcpy(pegs->list, matching->pegs.data, matching->pegs.length);
        qsort(pegs->list, pegs->count, sizeof *pegs->list, compare_pegs);
    }
    *out = pegs;
    return NUMU_OK;
}

numu_status numu_pegs_of_part(struct numu_pegging *pegging, uint32_t part,
                              const struct numu_part_pegs **out) {
    if (pegging->part[part] == NULL) {
        struct numu_arena scratch;
        struct matching matching = {.pegging = pegging, .part = part, .scratch = &scratch};
        numu_arena_init(&scratch, pegging->context->heap);
        numu_buffer_init(&matching.pegs, pegging->context->heap, 0);
        numu_status status = match(&matching, &pegging->part[part]);
        numu_buffer_release(&matching.pegs);
        numu_arena_release(&scratch);
        NUMU_TRY(status);
    }
    *out = pegging->part[part];
    return NUMU_OK;
}

/* --- walks --- */

void numu_pegs_of_taker(const struct numu_part_pegs *pegs, numu_peg_side side, uint32_t part,
                        uint32_t taker, uint32_t line, uint32_t *out_first, uint32_t *out_end) {
    struct numu_peg wanted = {.taker_side = (uint8_t)side,
                              .taker_part = side == NUMU_PEG_ORDER ? part : NUMU_NONE,
                              .taker = taker,
                              .line = line,
                              .there = INT32_MIN};
    uint32_t low = 0;
    uint32_t high = pegs->count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (compare_pegs(&pegs->list[middle], &wanted) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    *out_first = low;
    while (low < pegs->count && pegs->list[low].taker_side == side &&
           pegs->list[low].taker_part == wanted.taker_part && pegs->list[low].taker == taker &&
           pegs->list[low].line == line) {
        low++;
    }
    *out_end = low;
}

/* Orders on the way down, each once. */
struct descent {
    struct numu_pegging *pegging;
    struct numu_arena scratch;
    uint8_t **seen;           /* by part: by order */
    struct numu_buffer queue; /* of struct numbered */
    numu_status (*visit)(void *data, uint32_t part, const struct numu_peg *peg);
    void *data;
};

struct numbered {
    uint32_t part, order;
};

static numu_status meet(struct descent *descent, uint32_t part, const struct numu_peg *peg) {
    NUMU_TRY(descent->visit(descent->data, part, peg));
    if (peg->supply_side != NUMU_PEG_ORDER) {
        return NUMU_OK;
    }
    if (descent->seen[part] == NULL) {
        NUMU_TRY(NUMU_TAKE(&descent->scratch, &descent->seen[part],
                           descent->pegging->orders->count[part]));
    }
    if (descent->seen[part][peg->supply] != 0) {
        return NUMU_OK;
    }
    descent->seen[part][peg->supply] = 1;
    struct numbered next = {part, peg->supply};
    return numu_buffer_append(&descent->queue, &next, sizeof next);
}

static numu_status meet_taker(struct descent *descent, uint32_t part, numu_peg_side side,
                              uint32_t taker_part, uint32_t taker, uint32_t line) {
    const struct numu_part_pegs *pegs;
    uint32_t first;
    uint32_t end;
    NUMU_TRY(numu_pegs_of_part(descent->pegging, part, &pegs));
    numu_pegs_of_taker(pegs, side, taker_part, taker, line, &first, &end);
    for (uint32_t i = first; i < end; i++) {
        NUMU_TRY(meet(descent, part, &pegs->list[i]));
    }
    return NUMU_OK;
}

static numu_status descend(struct descent *descent, uint32_t demand) {
    const struct numu_materials *materials = descent->pegging->materials;
    const struct numu_orders *orders = descent->pegging->orders;
    NUMU_TRY(NUMU_TAKE(&descent->scratch, &descent->seen, materials->part_count));
    uint32_t part = 0;
    uint32_t high = materials->part_count; /* demand_start[part] <= demand < demand_start[high] */
    while (high - part > 1) {
        uint32_t middle = part + (high - part) / 2;
        part = materials->demand_start[middle] <= demand ? middle : part;
        high = materials->demand_start[middle] <= demand ? high : middle;
    }
    NUMU_TRY(meet_taker(descent, part, NUMU_PEG_DEMAND, NUMU_NONE, demand, NUMU_NONE));
    for (size_t next = 0; next < descent->queue.length; next += sizeof(struct numbered)) {
        struct numbered at; /* the queue may move while it grows */
        memcpy(&at, descent->queue.data + next, sizeof at);
        uint32_t source = orders->list[at.part][at.order].source;
        for (uint32_t line = materials->line_start[source];
             line < materials->line_start[source + 1]; line++) {
            NUMU_TRY(meet_taker(descent, materials->line_part[line], NUMU_PEG_ORDER, at.part,
                                at.order, line));
        }
    }
    return NUMU_OK;
}

numu_status numu_pegs_below(struct numu_pegging *pegging, uint32_t demand,
                            numu_status (*visit)(void *data, uint32_t part,
                                                 const struct numu_peg *peg),
                            void *data) {
    struct descent descent = {.pegging = pegging, .visit = visit, .data = data};
    numu_arena_init(&descent.scratch, pegging->context->heap);
    numu_buffer_init(&descent.queue, pegging->context->heap, 0);
    numu_status status = descend(&descent, demand);
    numu_buffer_release(&descent.queue);
    numu_arena_release(&descent.scratch);
    return status;
}

/* Up from an order, each order once; the queue holds those to come. */
static numu_status ascend(struct numu_pegging *pegging, struct numu_arena *scratch,
                          struct numu_buffer *queue, uint32_t demand, bool *out) {
    uint8_t **seen;
    NUMU_TRY(NUMU_TAKE(scratch, &seen, pegging->materials->part_count));
    for (size_t next = 0; next < queue->length && !*out; next += sizeof(struct numbered)) {
        struct numbered at;
        const struct numu_part_pegs *pegs;
        memcpy(&at, queue->data + next, sizeof at);
        if (seen[at.part] == NULL) {
            NUMU_TRY(NUMU_TAKE(scratch, &seen[at.part], pegging->orders->count[at.part]));
        }
        if (seen[at.part][at.order] != 0) {
            continue;
        }
        seen[at.part][at.order] = 1;
        NUMU_TRY(numu_pegs_of_part(pegging, at.part, &pegs));
        for (uint32_t i = 0; i < pegs->count; i++) {
            const struct numu_peg *peg = &pegs->list[i];
            if (peg->supply_side != NUMU_PEG_ORDER || peg->supply != at.order) {
                continue;
            }
            *out = *out || (peg->taker_side == NUMU_PEG_DEMAND && peg->taker == demand);
            if (peg->taker_side == NUMU_PEG_ORDER) {
                struct numbered taker = {peg->taker_part, peg->taker};
                NUMU_TRY(numu_buffer_append(queue, &taker, sizeof taker));
            }
        }
    }
    return NUMU_OK;
}

numu_status numu_peg_serves(struct numu_pegging *pegging, uint32_t part, uint32_t order,
                            uint32_t demand, bool *out) {
    struct numu_arena scratch;
    struct numu_buffer queue;
    struct numbered first = {part, order};
    bool is_found = false;
    numu_arena_init(&scratch, pegging->context->heap);
    numu_buffer_init(&queue, pegging->context->heap, 0);
    numu_status status = numu_buffer_append(&queue, &first, sizeof first);
    if (status == NUMU_OK) {
        status = ascend(pegging, &scratch, &queue, demand, &is_found);
    }
    numu_buffer_release(&queue);
    numu_arena_release(&scratch);
    if (status == NUMU_OK) {
        *out = is_found;
    }
    return status;
}

/* --- loans --- */

static bool is_late(const struct numu_peg *peg) {
    return peg->supply_side != NUMU_PEG_NONE && peg->taker_side != NUMU_PEG_NONE &&
           peg->there > peg->day;
}

/* Whether a peg's goods are reserved, there for the borrower, and can come back in time. */
static bool can_lend(const struct numu_pegging *pegging, const struct numu_peg *lender,
                     const struct numu_peg *borrower) {
    return lender->supply_side == NUMU_PEG_RECEIPT && lender->taker_side != NUMU_PEG_NONE &&
           pegging->receipt_demand[lender->supply] != NUMU_NONE && lender->there <= borrower->day &&
           lender->day >= borrower->there;
}

/* Late pegs by their day, then as they stand. */
static uint32_t next_late(const struct numu_part_pegs *pegs, const uint8_t *is_done) {
    uint32_t best = NUMU_NONE;
    for (uint32_t i = 0; i < pegs->count; i++) {
        if (is_late(&pegs->list[i]) && is_done[i] == 0 &&
            (best == NUMU_NONE || pegs->list[i].day < pegs->list[best].day)) {
            best = i;
        }
    }
    return best;
}

static numu_status lend(const struct numu_pegging *pegging, const struct numu_part_pegs *pegs,
                        struct numu_arena *scratch, struct numu_buffer *out) {
    uint8_t *is_done;
    numu_quantity *free; /* by peg: what it can still lend */
    NUMU_TRY(NUMU_TAKE(scratch, &is_done, pegs->count));
    NUMU_TRY(NUMU_TAKE(scratch, &free, pegs->count));
    for (uint32_t i = 0; i < pegs->count; i++) {
        free[i] = pegs->list[i].quantity;
    }
    for (uint32_t b = next_late(pegs, is_done); b != NUMU_NONE; b = next_late(pegs, is_done)) {
        const struct numu_peg *borrower = &pegs->list[b];
        numu_quantity wanted = borrower->quantity;
        is_done[b] = 1;
        for (uint32_t l = 0; l < pegs->count && wanted > 0; l++) {
            numu_quantity quantity = lesser(wanted, free[l]);
            if (quantity > 0 && can_lend(pegging, &pegs->list[l], borrower)) {
                struct numu_loan loan = {l, b, quantity, borrower->day, borrower->there};
                NUMU_TRY(numu_buffer_append(out, &loan, sizeof loan));
                free[l] -= quantity;
                wanted -= quantity;
            }
        }
    }
    return NUMU_OK;
}

numu_status numu_peg_loans(struct numu_pegging *pegging, uint32_t part, struct numu_buffer *out) {
    const struct numu_part_pegs *pegs;
    if (pegging->receipt_demand == NULL) {
        return NUMU_OK;
    }
    NUMU_TRY(numu_pegs_of_part(pegging, part, &pegs));
    struct numu_arena scratch;
    numu_arena_init(&scratch, pegging->context->heap);
    numu_status status = lend(pegging, pegs, &scratch, out);
    numu_arena_release(&scratch);
    return status;
}
