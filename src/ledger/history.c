/*
 * history.c - see history.h.
 */
#include "ledger/history.h"

#include "ledger/count.h"
#include "ledger/query.h"

/* Whether an event waited for a second person: the state knows each that did; and counts closed. */
static numu_status is_proposal(struct numu_ledger *ledger, struct numu_text site, int64_t sequence,
                               bool *out) {
    char digits[24];
    struct numu_text value;
    NUMU_TRY(NUMU_STATE_KEY(&ledger->state, 'p', site, numu_sequence_text(sequence, digits)));
    numu_status status = numu_state_get(&ledger->state, &value);
    *out = status == NUMU_OK && !numu_text_is(numu_field_next(&value), "closed");
    return status == NUMU_NOT_FOUND ? NUMU_OK : status;
}

struct acting {
    struct numu_ledger *ledger;
    struct numu_text site;
    numu_act_visit visit;
    void *data;
};

static numu_status visit_event(void *data, uint32_t log, const struct numu_record *record) {
    struct acting *acting = data;
    struct numu_ledger *ledger = acting->ledger;
    struct numu_record proposal;
    struct numu_act act = {
        .site = acting->site, .sequence = record->sequence, .event = &record->event};
    bool waits = false;
    bool is_approval;
    NUMU_TRY(
        numu_ledger_read_proposal(ledger, &ledger->scratch, log, record, &proposal, &is_approval));
    if (is_approval) {
        act.event = &proposal.event;
    } else if (record->event.type == NUMU_EVENT_approve) {
        return NUMU_OK; /* it names nothing */
    } else {
        NUMU_TRY(is_proposal(ledger, acting->site, record->sequence, &waits));
    }
    return waits ? NUMU_OK : acting->visit(acting->data, &act);
}

numu_status numu_acts_visit(struct numu_ledger *ledger, numu_act_visit visit, void *data) {
    struct numu_arena arena;
    struct numu_text *sites;
    size_t count;
    numu_arena_init(&arena, ledger->heap);
    numu_status status = numu_sites_list(ledger, &arena, &sites, &count);
    for (size_t i = 0; status == NUMU_OK && i < count; i++) {
        struct acting acting = {ledger, sites[i], visit, data};
        status = numu_records_visit(ledger, sites[i], visit_event, &acting);
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
    NUMU_TRY(numu_text_copy(counting->arena, value, &value));
    const struct numu_settled settled = numu_settled_parse(value);
    struct numu_counted row = {.account = settled.account,
                               .item = settled.item,
                               .lot = settled.lot,
                               .book = settled.book,
                               .counted = settled.counted};
    (void)numu_field_next(&key);
    NUMU_TRY(numu_text_copy(counting->arena, numu_field_next(&key), &row.site));
    row.sequence = numu_field_number(numu_field_next(&key));
    return numu_buffer_append(&counting->rows, &row, sizeof row);
}

numu_status numu_counts_list(struct numu_ledger *ledger, struct numu_arena *arena,
                             struct numu_counted **out, size_t *out_count) {
    struct counting counting = {.arena = arena};
    const struct numu_store *store = &ledger->state.store;
    numu_buffer_init(&counting.rows, ledger->heap, 0);
    numu_status status =
        store->port->scan(store->self, NUMU_SPACE_STATE, NUMU_TEXT("x\t"), visit_count, &counting);
    return NUMU_MOVE(&counting.rows, status, arena, out, out_count);
}
