/*
 * history.c - see history.h.
 */
#include "ledger/history.h"

#include "ledger/query.h"

#include <string.h>

/* Whether an event waited for a second person: the state knows each that did. */
static numu_status is_proposal(struct numu_ledger *ledger, struct numu_text site, int64_t sequence,
                               bool *out) {
    char digits[24];
    struct numu_text unused;
    NUMU_TRY(NUMU_STATE_KEY(&ledger->state, 'p', site, numu_sequence_text(sequence, digits)));
    numu_status status = numu_state_get(&ledger->state, &unused);
    *out = status == NUMU_OK;
    return status == NUMU_NOT_FOUND ? NUMU_OK : status;
}

static numu_status visit_event(struct numu_ledger *ledger, uint32_t log, struct numu_text site,
                               int64_t sequence, numu_act_visit visit, void *data) {
    struct numu_record record, proposal;
    struct numu_act act = {.site = site, .sequence = sequence};
    bool waits = false;
    NUMU_TRY(numu_ledger_read(ledger, &ledger->scratch, log, sequence, &record, NULL));
    act.event = &record.event;
    if (record.event.type == NUMU_EVENT_approve) {
        struct numu_text of_site, hash;
        int64_t of_sequence;
        if (!numu_reference_parse(record.event.ref, &of_site, &of_sequence, &hash)) {
            return NUMU_OK;
        }
        NUMU_TRY(numu_ledger_read(ledger, &ledger->scratch, log, of_sequence, &proposal, NULL));
        act.event = &proposal.event;
    } else {
        NUMU_TRY(is_proposal(ledger, site, sequence, &waits));
    }
    return waits ? NUMU_OK : visit(data, &act);
}

static numu_status visit_log(struct numu_ledger *ledger, struct numu_text site,
                             numu_act_visit visit, void *data) {
    uint32_t log;
    uint64_t size;
    const struct numu_store *store = &ledger->state.store;
    NUMU_TRY(numu_ledger_log(ledger, site, &log));
    NUMU_TRY(store->port->size(store->self, log, &size));
    for (uint64_t i = 0; i < size; i++) {
        struct numu_arena_mark mark = numu_arena_mark(&ledger->scratch);
        numu_status status = visit_event(ledger, log, site, (int64_t)i, visit, data);
        numu_arena_rewind(&ledger->scratch, mark);
        NUMU_TRY(status);
    }
    return NUMU_OK;
}

numu_status numu_acts_visit(struct numu_ledger *ledger, numu_act_visit visit, void *data) {
    struct numu_arena arena;
    struct numu_text *sites;
    size_t count;
    numu_arena_init(&arena, ledger->heap);
    numu_status status = numu_sites_list(ledger, &arena, &sites, &count);
    for (size_t i = 0; status == NUMU_OK && i < count; i++) {
        status = visit_log(ledger, sites[i], visit, data);
    }
    numu_arena_release(&arena);
    return status;
}

/* --- counts --- */

struct counting {
    struct numu_arena *arena;
    struct numu_buffer rows; /* of struct numu_counted */
};

static numu_status visit_count(void *data, struct numu_text key, struct numu_text value) {
    struct counting *counting = data;
    struct numu_counted row;
    (void)numu_field_next(&key);
    NUMU_TRY(numu_text_copy(counting->arena, numu_field_next(&key), &row.site));
    row.sequence = numu_field_number(numu_field_next(&key));
    NUMU_TRY(numu_text_copy(counting->arena, numu_field_next(&value), &row.account));
    NUMU_TRY(numu_text_copy(counting->arena, numu_field_next(&value), &row.item));
    NUMU_TRY(numu_text_copy(counting->arena, numu_field_next(&value), &row.lot));
    row.book = numu_field_number(numu_field_next(&value));
    row.counted = numu_field_number(numu_field_next(&value));
    return numu_buffer_append(&counting->rows, &row, sizeof row);
}

numu_status numu_counts_list(struct numu_ledger *ledger, struct numu_arena *arena,
                             struct numu_counted **out, size_t *out_count) {
    struct counting counting = {.arena = arena};
    const struct numu_store *store = &ledger->state.store;
    numu_buffer_init(&counting.rows, ledger->heap, 0);
    numu_status status =
        store->port->scan(store->self, NUMU_SPACE_STATE, NUMU_TEXT("x\t"), visit_count, &counting);
    size_t count = counting.rows.length / sizeof **out;
    if (status == NUMU_OK) {
        status = NUMU_TAKE(arena, out, count);
    }
    if (status == NUMU_OK) {
        if (count > 0) {
            memcpy(*out, counting.rows.data, counting.rows.length);
        }
        *out_count = count;
    }
    numu_buffer_release(&counting.rows);
    return status;
}
