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

static numu_status visit_closed(void *data, struct numu_text key, struct numu_text value) {
    struct numu_buffer *rows = data;
    struct numu_closed_count row;
    if (!numu_text_is(numu_field_next(&value), "closed")) {
        return NUMU_OK;
    }
    row.close = numu_field_number(value);
    (void)numu_field_next(&key);
    (void)numu_field_next(&key);
    row.count = numu_field_number(key);
    return numu_buffer_append(rows, &row, sizeof row);
}

numu_status numu_closed_counts_list(struct numu_state *state, struct numu_arena *arena,
                                    struct numu_text site, struct numu_closed_count **out,
                                    size_t *out_count) {
    struct numu_buffer rows;
    NUMU_TRY(NUMU_STATE_KEY(state, 'p', site, (struct numu_text){NULL, 0}));
    numu_buffer_init(&rows, arena->heap, 0);
    numu_status status = numu_state_scan(state, visit_closed, &rows);
    return NUMU_MOVE(&rows, status, arena, out, out_count);
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
        NUMU_TRY(numu_settled_key(of->scratch, &out->rows[i], &out->keys[i]));
    }
    return NUMU_OK;
}

static numu_status index_subjects(const struct numu_count_case *of, int64_t sequence,
                                  struct subjects *out) {
    NUMU_TRY(name_subjects(of, sequence, out));
    NUMU_TRY(numu_map_init(&out->map, of->scratch, out->keys, out->count));
    for (size_t i = 0; i < out->count; i++) {
        (void)numu_map_add(&out->map, (numu_row)i);
    }
    return NUMU_OK;
}

/* Whether another count, which was closed, says something of the same. */
static numu_status compare(const struct numu_count_case *of, const struct subjects *own,
                           const struct numu_closed_count *other, struct numu_overtaking *out) {
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

/* The event since which a count says what was there: its first sheet, or itself. */
static numu_status find_begin(const struct numu_count_case *of, int64_t sequence, int64_t *out) {
    struct numu_reference first = {.sequence = sequence};
    bool is_good =
        of->count->sheets.count == 0 || numu_reference_parse(of->count->sheets.list[0], &first);
    *out = first.sequence;
    return is_good ? NUMU_OK : NUMU_INVALID;
}

numu_status numu_count_find_overtaking(const struct numu_count_case *of, int64_t sequence,
                                       const struct numu_closed_count *closed, size_t closed_count,
                                       struct numu_overtaking *out) {
    struct subjects own = {.count = 0};
    int64_t begin;
    *out = (struct numu_overtaking){.close = -1};
    NUMU_TRY(find_begin(of, sequence, &begin));
    for (size_t i = 0; i < closed_count && out->close < 0; i++) {
        if (closed[i].close <= begin) {
            continue;
        }
        NUMU_TRY(own.count == 0 ? index_subjects(of, sequence, &own) : NUMU_OK);
        NUMU_TRY(compare(of, &own, &closed[i], out));
    }
    return NUMU_OK;
}
