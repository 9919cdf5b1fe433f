/*
 * exact_trail.c - bounds that rise, the trail that remembers how, and propagation to rest.
 */
#include "programme/exact_solver.h"

/* --- room --- */

static bool grow(struct numu_exact_solver *solver, struct numu_buffer *buffer, size_t size,
                 uint32_t *io_room, size_t most) {
    size_t room = *io_room == 0 ? 1024 : (size_t)*io_room * 2;
    room = room > most ? most : room;
    /* The buffer keeps what lies below its length. */
    buffer->length = (size_t)*io_room * size;
    numu_status status = numu_buffer_reserve(buffer, (room - *io_room) * size);
    if (status != NUMU_OK) {
        solver->status = status;
        return false;
    }
    *io_room = (uint32_t)room;
    return true;
}

void numu_exact_tell(struct numu_exact_solver *solver, struct numu_exact_fact fact) {
    if (solver->root[fact.side] >= fact.value) {
        return;
    }
    if (solver->conflict_count == solver->conflict_room) {
        if (!grow(solver, &solver->conflict_buffer, sizeof *solver->conflict,
                  &solver->conflict_room, UINT32_MAX / 16)) {
            return;
        }
        solver->conflict = (struct numu_exact_fact *)(void *)solver->conflict_buffer.data;
    }
    solver->conflict[solver->conflict_count++] = fact;
}

/* --- history --- */

bool numu_exact_was_true(const struct numu_exact_solver *solver, struct numu_exact_fact fact,
                         uint32_t before, uint32_t *out_entry) {
    *out_entry = NUMU_NO_ENTRY;
    if (solver->root[fact.side] >= fact.value) {
        return true;
    }
    uint32_t entry = solver->newest[fact.side];
    while (entry != NUMU_NO_ENTRY && entry >= before) {
        entry = solver->trail[entry].older;
    }
    if (entry == NUMU_NO_ENTRY || solver->trail[entry].value < fact.value) {
        return false;
    }
    while (solver->trail[entry].previous >= fact.value) {
        entry = solver->trail[entry].older;
    }
    *out_entry = entry;
    return true;
}

numu_period numu_exact_bound_before(const struct numu_exact_solver *solver, uint32_t side,
                                    uint32_t before) {
    uint32_t entry = solver->newest[side];
    while (entry != NUMU_NO_ENTRY && entry >= before) {
        entry = solver->trail[entry].older;
    }
    return entry == NUMU_NO_ENTRY ? solver->root[side] : solver->trail[entry].value;
}

/* --- setting --- */

static bool push(struct numu_exact_solver *solver, struct numu_exact_fact fact,
                 struct numu_exact_reason reason) {
    if (solver->trail_count == solver->trail_room) {
        if (!grow(solver, &solver->trail_buffer, sizeof *solver->trail, &solver->trail_room,
                  UINT32_MAX / 2)) {
            return false;
        }
        solver->trail = (struct numu_exact_entry *)(void *)solver->trail_buffer.data;
    }
    solver->trail[solver->trail_count] = (struct numu_exact_entry){
        .side = fact.side,
        .value = fact.value,
        .previous = solver->bound[fact.side],
        .older = solver->newest[fact.side],
        .level = solver->level,
        .reason = reason,
    };
    solver->newest[fact.side] = solver->trail_count++;
    solver->bound[fact.side] = fact.value;
    if (fact.side < 2 * solver->domain->task_count) { /* starts are the first variables */
        solver->start_total += numu_exact_is_fixed(solver, fact.side / 2) ? 1 : 0;
    }
    numu_exact_items_refresh(solver, fact.side / 2);
    numu_exact_items_mark(solver, fact.side);
    return true;
}

bool numu_exact_set(struct numu_exact_solver *solver, struct numu_exact_fact fact,
                    struct numu_exact_reason reason) {
    if (numu_exact_is_true(solver, fact)) {
        return true;
    }
    if (numu_exact_is_false(solver, fact)) {
        /* The weakest form of the fact that still contradicts. */
        struct numu_exact_fact other = {fact.side ^ 1, solver->bound[fact.side ^ 1]};
        solver->conflict_count = 0;
        numu_exact_explain(solver, numu_exact_not(other), reason, solver->trail_count);
        numu_exact_tell(solver, other);
        return false;
    }
    return push(solver, fact, reason);
}

void numu_exact_decide(struct numu_exact_solver *solver, struct numu_exact_fact fact) {
    if (solver->level + 2 >= solver->level_room) {
        if (!grow(solver, &solver->level_buffer, sizeof *solver->level_start, &solver->level_room,
                  UINT32_MAX / 4)) {
            return;
        }
        solver->level_start = (uint32_t *)(void *)solver->level_buffer.data;
    }
    solver->level_start[++solver->level] = solver->trail_count;
    solver->decision_total++;
    if (!push(solver, fact, (struct numu_exact_reason){.kind = NUMU_REASON_NONE})) {
        solver->level--;
    }
}

/* What the bound passed is open again: it may be decided, and remembers its truth. */
static void reopen(struct numu_exact_solver *solver, const struct numu_exact_entry *entry) {
    uint32_t variable = entry->side / 2;
    bool is_lower = (entry->side & 1) == 0;
    numu_period from = is_lower ? entry->previous + 1 : 1 - entry->value;
    numu_period until = is_lower ? entry->value : -entry->previous;
    uint32_t id = numu_exact_id(solver, variable, from);
    uint32_t end = id + (uint32_t)(until - from) + 1;
    for (; id < end; id++) {
        solver->phase[id] = is_lower ? 1 : 0;
        if (solver->activity[id] > 0 && solver->heap_place[id] == NUMU_NO_ENTRY) {
            numu_exact_heap_insert(solver, id);
        }
    }
}

void numu_exact_backtrack(struct numu_exact_solver *solver, uint32_t level) {
    if (level >= solver->level) {
        return;
    }
    uint32_t end = solver->level_start[level + 1];
    for (uint32_t n = solver->trail_count; n-- > end;) {
        const struct numu_exact_entry *entry = &solver->trail[n];
        solver->bound[entry->side] = entry->previous;
        solver->newest[entry->side] = entry->older;
        reopen(solver, entry);
        numu_exact_items_refresh(solver, entry->side / 2);
    }
    solver->trail_count = end;
    solver->queue = end;
    solver->level = level;
    for (uint32_t r = 0; r < solver->resource_count; r++) {
        solver->resource[r].low = solver->horizon + 1;
        solver->resource[r].high = 0;
    }
    for (uint32_t s = 0; s < solver->supply_count; s++) {
        solver->supply[s].is_dirty = false;
    }
    solver->is_lateness_dirty = false;
}

/* --- to rest --- */

static bool propagate_entry(struct numu_exact_solver *solver, uint32_t n) {
    uint32_t side = solver->trail[n].side;
    const struct numu_exact_lists *lists = &solver->supplies_of_variable;
    solver->propagation_total++;
    if (!numu_exact_link_propagate(solver, side) || !numu_exact_clause_propagate(solver, n)) {
        return false;
    }
    for (uint32_t i = lists->first[side / 2]; i < lists->first[side / 2 + 1]; i++) {
        solver->supply[lists->list[i]].is_dirty = true;
    }
    solver->is_lateness_dirty |= solver->is_due[side / 2];
    return true;
}

/* What level 0 makes true stays true: it needs no trail. */
static void settle(struct numu_exact_solver *solver) {
    for (uint32_t n = 0; n < solver->trail_count; n++) {
        uint32_t side = solver->trail[n].side;
        solver->root[side] = solver->bound[side];
        solver->newest[side] = NUMU_NO_ENTRY;
    }
    solver->trail_count = 0;
    solver->queue = 0;
}

static bool propagate_one_dirty(struct numu_exact_solver *solver, bool *out_is_any) {
    *out_is_any = true;
    for (uint32_t s = 0; s < solver->supply_count; s++) {
        if (solver->supply[s].is_dirty) {
            return numu_exact_supply_propagate(solver, s);
        }
    }
    for (uint32_t r = 0; r < solver->resource_count; r++) {
        if (solver->resource[r].low < solver->resource[r].high) {
            return numu_exact_resource_propagate(solver, r);
        }
    }
    if (solver->is_lateness_dirty) {
        return numu_exact_lateness_propagate(solver);
    }
    if (solver->energy.is_due) {
        solver->energy.is_due = false; /* until something moves */
        return numu_exact_energy_propagate(solver);
    }
    *out_is_any = false;
    return true;
}

bool numu_exact_propagate(struct numu_exact_solver *solver) {
    struct numu_exact_energy *energy = &solver->energy;
    bool is_any = true, looks = solver->level == 0 || energy->wait == 0;
    energy->wait -= looks ? 0 : 1;
    energy->is_due = looks;
    while (is_any && solver->status == NUMU_OK) {
        while (solver->queue < solver->trail_count) {
            energy->is_due = looks;
            if (!propagate_entry(solver, solver->queue++)) {
                return false;
            }
        }
        if (!propagate_one_dirty(solver, &is_any)) {
            return false;
        }
    }
    if (solver->level == 0) {
        settle(solver);
    }
    return solver->status == NUMU_OK;
}
