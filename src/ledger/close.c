/*
 * close.c - see close.h.
 */
#include "ledger/close.h"

#include "base/map.h"

/* --- what moved --- */

/* What an event that took effect, by itself or by its approval, does to serials. */
static numu_status look_at(const struct numu_count_case *of, int64_t sequence,
                           struct numu_moves *moves) {
    struct numu_record record;
    struct numu_reference count;
    NUMU_TRY(numu_state_read_entry(of->state, of->scratch, of->log, sequence, &record, NULL));
    if (record.event.type == NUMU_EVENT_approve) {
        NUMU_TRY(numu_state_read_reference(of->state, of->scratch, of->log, of->site,
                                           record.event.ref, &record, NULL));
    }
    switch (record.event.type) {
    case NUMU_EVENT_mark:
    case NUMU_EVENT_pack:
    case NUMU_EVENT_unpack:
        moves->kind = NUMU_MOVES_NOTHING;
        break;
    case NUMU_EVENT_close:
        NUMU_TRY(numu_reference_parse(record.event.ref, &count) ? NUMU_OK : NUMU_INVALID);
        moves->kind = NUMU_MOVES_AS_COUNTED;
        moves->counted = count.sequence;
        break;
    default:
        moves->kind = NUMU_MOVES_GOODS;
        break;
    }
    moves->sequence = sequence;
    return NUMU_OK;
}

/* The last event of a serial before another; -1 where there is none. */
static int64_t last_before(const struct numu_serial *now, int64_t before) {
    struct numu_text rest = now->events;
    int64_t sequence = -1;
    int64_t last = -1;
    while (numu_serial_next_event(&rest, &sequence) && sequence < before) {
        last = sequence;
    }
    return last;
}

numu_status numu_serial_has_moved(const struct numu_count_case *of, const struct numu_serial *now,
                                  int64_t after, struct numu_moves *moves, bool *out) {
    bool is_missed = numu_text_is(now->account, "unaccounted"); /* if a close was its last move */
    *out = false;
    for (int64_t at = now->sequence; at > after; at = last_before(now, at)) {
        struct numu_arena_mark mark = numu_arena_mark(of->scratch);
        numu_status status = at == moves->sequence ? NUMU_OK : look_at(of, at, moves);
        numu_arena_rewind(of->scratch, mark);
        NUMU_TRY(status);
        if (moves->kind == NUMU_MOVES_AS_COUNTED && is_missed) {
            is_missed = false;
        } else if (moves->kind != NUMU_MOVES_NOTHING) {
            *out = moves->kind == NUMU_MOVES_GOODS || moves->counted > after;
            return NUMU_OK;
        }
    }
    return NUMU_OK;
}

/* --- other counts --- */

/* A count that was closed since, and by which event. */
struct closed {
    int64_t count, close;
};
struct closed_list {
    int64_t since;
    struct numu_buffer rows; /* of struct closed */
};

static numu_status visit_closed(void *data, struct numu_text key, struct numu_text value) {
    struct closed_list *list = data;
    struct closed row;
    if (!numu_text_is(numu_field_next(&value), "closed")) {
        return NUMU_OK;
    }
    row.close = numu_field_number(value);
    (void)numu_field_next(&key);
    (void)numu_field_next(&key);
    row.count = numu_field_number(key);
    return row.close > list->since ? numu_buffer_append(&list->rows, &row, sizeof row) : NUMU_OK;
}

/* What a count says something of: account, item and lot of each of its rows. */
struct subjects {
    struct numu_settled *rows;
    struct numu_text *keys;
    size_t count;
    struct numu_map map;
};

static numu_status name_subjects(const struct numu_count_case *of, int64_t sequence,
                                 struct subjects *out) {
    NUMU_TRY(
        numu_settled_list(of->state, of->scratch, of->site, sequence, &out->rows, &out->count));
    NUMU_TRY(NUMU_TAKE(of->scratch, &out->keys, out->count));
    for (size_t i = 0; i < out->count; i++) {
        const struct numu_settled *row = &out->rows[i];
        NUMU_TRY(numu_text_printf(of->scratch, &out->keys[i], "%.*s\t%.*s\t%.*s",
                                  (int)row->account.length, row->account.data,
                                  (int)row->item.length, row->item.data, (int)row->lot.length,
                                  row->lot.length == 0 ? "" : row->lot.data));
    }
    return NUMU_OK;
}

/* Whether another count, which was closed, says something of the same. */
static numu_status compare(const struct numu_count_case *of, const struct subjects *own,
                           const struct closed *other, struct numu_overtaking *out) {
    struct subjects theirs;
    struct numu_arena_mark mark = numu_arena_mark(of->scratch);
    NUMU_TRY(name_subjects(of, other->count, &theirs));
    numu_row same = NUMU_NONE;
    for (size_t i = 0; i < theirs.count && same == NUMU_NONE; i++) {
        same = numu_map_find(&own->map, theirs.keys[i]);
    }
    numu_arena_rewind(of->scratch, mark);
    if (same != NUMU_NONE) {
        *out = (struct numu_overtaking){.close = other->close, .item = own->rows[same].item};
    }
    return NUMU_OK;
}

static numu_status find_same(const struct numu_count_case *of, int64_t sequence,
                             const struct closed *closed, size_t count,
                             struct numu_overtaking *out) {
    struct subjects own;
    if (count == 0) {
        return NUMU_OK;
    }
    NUMU_TRY(name_subjects(of, sequence, &own));
    NUMU_TRY(numu_map_init(&own.map, of->scratch, own.keys, own.count));
    for (size_t i = 0; i < own.count; i++) {
        (void)numu_map_add(&own.map, (numu_row)i);
    }
    for (size_t i = 0; i < count && out->close < 0; i++) {
        NUMU_TRY(compare(of, &own, &closed[i], out));
    }
    return NUMU_OK;
}

numu_status numu_count_find_overtaking(const struct numu_count_case *of, int64_t sequence,
                                       struct numu_overtaking *out) {
    struct numu_reference first;
    struct closed_list list = {.since = sequence};
    *out = (struct numu_overtaking){.close = -1};
    if (of->count->sheets.count > 0) {
        NUMU_TRY(numu_reference_parse(of->count->sheets.list[0], &first) ? NUMU_OK : NUMU_INVALID);
        list.since = first.sequence;
    }
    numu_buffer_init(&list.rows, of->scratch->heap, 0);
    numu_status status = NUMU_STATE_KEY(of->state, 'p', of->site, (struct numu_text){NULL, 0});
    if (status == NUMU_OK) {
        status = numu_state_scan(of->state, visit_closed, &list);
    }
    if (status == NUMU_OK) {
        status = find_same(of, sequence, (const void *)list.rows.data,
                           list.rows.length / sizeof(struct closed), out);
    }
    numu_buffer_release(&list.rows);
    return status;
}
