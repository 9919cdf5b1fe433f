/*
 * difference.c - see difference.h. It follows the rules by which a close posts (apply.c), and
 * changes nothing; a test holds it against what closes post.
 */
#include "ledger/difference.h"

#include "ledger/close.h"
#include "ledger/dictionary.h"
#include "ledger/query.h"

#include <string.h>

static const struct numu_text nothing = {NULL, 0};

/* --- counts of a book --- */

struct listing {
    struct numu_ledger *ledger;
    struct numu_arena *arena;
    struct numu_text site;
    uint32_t log;
    numu_instant now;
    int64_t last;                 /* sequence of the count seen last */
    struct numu_buffer sequences; /* of int64_t: of the counts */
    struct numu_buffer rows;
    struct numu_closed_count *closed;
    size_t closed_count;
};

static numu_status visit_result(void *data, struct numu_text key, struct numu_text value) {
    struct listing *listing = data;
    (void)value;
    (void)numu_field_next(&key);
    (void)numu_field_next(&key);
    int64_t sequence = numu_field_number(numu_field_next(&key));
    if (sequence == listing->last) {
        return NUMU_OK;
    }
    listing->last = sequence;
    return numu_buffer_append(&listing->sequences, &sequence, sizeof sequence);
}

/* The event that closed a count; -1: none did. */
static numu_status find_close(struct numu_ledger *ledger, struct numu_text site, int64_t sequence,
                              int64_t *out) {
    struct numu_text value;
    char text[24];
    NUMU_TRY(NUMU_STATE_KEY(&ledger->state, 'p', site, numu_sequence_text(sequence, text)));
    numu_status status = numu_state_get(&ledger->state, &value);
    *out = -1;
    if (status == NUMU_OK && numu_text_is(numu_field_next(&value), "closed")) {
        *out = numu_field_number(value);
    }
    return status == NUMU_NOT_FOUND ? NUMU_OK : status;
}

/* The stage of a count that was recorded. */
static numu_status find_stage(const struct listing *listing, const struct numu_record *count,
                              numu_count_stage *out) {
    struct numu_ledger *ledger = listing->ledger;
    const struct numu_count_case of = {.state = &ledger->state,
                                       .scratch = &ledger->scratch,
                                       .log = listing->log,
                                       .site = listing->site,
                                       .count = &count->event};
    struct numu_overtaking by;
    int64_t closed;
    *out = NUMU_COUNT_CLOSED;
    NUMU_TRY(find_close(ledger, listing->site, count->sequence, &closed));
    if (closed >= 0) {
        return NUMU_OK;
    }
    NUMU_TRY(numu_count_find_overtaking(&of, count->sequence, listing->closed,
                                        listing->closed_count, &by));
    *out = by.close >= 0 ? NUMU_COUNT_OVERTAKEN : NUMU_COUNT_RECORDED;
    return NUMU_OK;
}

static numu_status add_recorded(struct listing *listing, int64_t sequence) {
    struct numu_ledger *ledger = listing->ledger;
    struct numu_count_row row = {.sequence = sequence};
    struct numu_record record;
    NUMU_TRY(numu_ledger_read(ledger, &ledger->scratch, listing->log, sequence, &record, NULL));
    NUMU_TRY(numu_text_copy(listing->arena, record.event.key, &row.key));
    NUMU_TRY(find_stage(listing, &record, &row.stage));
    row.recorded = record.recorded;
    row.sheets = record.event.sheets.count;
    return numu_buffer_append(&listing->rows, &row, sizeof row);
}

static numu_status list_recorded(struct listing *listing) {
    NUMU_TRY(NUMU_STATE_KEY(&listing->ledger->state, 'x', listing->site, nothing));
    NUMU_TRY(numu_state_scan(&listing->ledger->state, visit_result, listing));
    const int64_t *sequences = (const void *)listing->sequences.data;
    for (size_t i = 0; i < listing->sequences.length / sizeof *sequences; i++) {
        struct numu_arena_mark mark = numu_arena_mark(&listing->ledger->scratch);
        numu_status status = add_recorded(listing, sequences[i]);
        numu_arena_rewind(&listing->ledger->scratch, mark);
        NUMU_TRY(status);
    }
    return NUMU_OK;
}

static struct numu_count_row *find_row(struct listing *listing, struct numu_text key) {
    struct numu_count_row *rows = (void *)listing->rows.data;
    for (size_t i = listing->rows.length / sizeof *rows; i > 0; i--) {
        if (numu_text_is_equal(rows[i - 1].key, key)) {
            return &rows[i - 1];
        }
    }
    return NULL;
}

/* A sheet that waits, or was withdrawn, beside the count that it is, or was, of. */
static numu_status add_sheet(struct listing *listing, const struct numu_waiting_sheet *sheet) {
    struct numu_ledger *ledger = listing->ledger;
    struct numu_count_row *row = find_row(listing, sheet->count);
    struct numu_record record;
    if (row == NULL) {
        const struct numu_count_row fresh = {.key = sheet->count, .sequence = -1};
        NUMU_TRY(numu_buffer_append(&listing->rows, &fresh, sizeof fresh));
        row = find_row(listing, sheet->count);
    }
    row->withdrawn += sheet->withdrawn >= 0;
    row->sheets += sheet->withdrawn < 0;
    if (row->sequence < 0 || (sheet->withdrawn < 0 && row->sheets == 1)) {
        row->sequence = sheet->sequence;
        NUMU_TRY(numu_ledger_read(ledger, &ledger->scratch, listing->log, sheet->sequence, &record,
                                  NULL));
        row->recorded = record.recorded;
        row->stage = numu_sheets_are_old(record.recorded, listing->now) ? NUMU_COUNT_LAPSED
                                                                        : NUMU_COUNT_WAITING;
    }
    return NUMU_OK;
}

static numu_status list_waiting(struct listing *listing) {
    struct numu_waiting_sheet *sheets;
    size_t count;
    NUMU_TRY(numu_waiting_sheets_list(&listing->ledger->state, listing->arena, listing->site,
                                      nothing, &sheets, &count));
    for (size_t i = 0; i < count; i++) {
        struct numu_arena_mark mark = numu_arena_mark(&listing->ledger->scratch);
        numu_status status = add_sheet(listing, &sheets[i]);
        numu_arena_rewind(&listing->ledger->scratch, mark);
        NUMU_TRY(status);
    }
    return NUMU_OK;
}

numu_status numu_counts_of(struct numu_ledger *ledger, struct numu_arena *arena,
                           struct numu_text site, numu_instant now, struct numu_count_row **out,
                           size_t *out_count) {
    struct listing listing = {
        .ledger = ledger, .arena = arena, .site = site, .now = now, .last = -1};
    NUMU_TRY(numu_ledger_log(ledger, site, &listing.log));
    NUMU_TRY(numu_closed_counts_list(&ledger->state, arena, site, &listing.closed,
                                     &listing.closed_count));
    numu_buffer_init(&listing.rows, ledger->heap, 0);
    numu_buffer_init(&listing.sequences, ledger->heap, 0);
    numu_status status = list_recorded(&listing);
    if (status == NUMU_OK) {
        status = list_waiting(&listing);
    }
    numu_buffer_release(&listing.sequences);
    return NUMU_MOVE(&listing.rows, status, arena, out, out_count);
}

/* --- differences --- */

struct finding {
    struct numu_state *state;
    struct numu_arena *arena;
    struct numu_text site;
    struct numu_dictionary pairs; /* account and item */
    struct numu_counted_serials serials;
    struct numu_settled *lots; /* and quantities */
    size_t lot_count;
    struct numu_buffer rows;
    struct numu_text account, item; /* that are being looked at */
    int64_t counted;                /* sequence of the count; what came later is not missing */
    const struct numu_count_case *of;
    struct numu_moves moves;
    bool is_former; /* closed by an earlier numu (close.h) */
};

static numu_status has_moved(struct finding *finding, const struct numu_serial *now, int64_t after,
                             bool *out) {
    *out = now->sequence > after;
    return finding->is_former
               ? NUMU_OK
               : numu_serial_has_moved(finding->of, now, after, &finding->moves, out);
}

static numu_status add(struct finding *finding, const struct numu_difference *row) {
    return numu_buffer_append(&finding->rows, row, sizeof *row);
}

static numu_status note_pairs(void *data, const struct numu_event *event) {
    struct finding *finding = data;
    for (size_t i = 0; i < event->line_count; i++) {
        const struct numu_event_line *line = &event->lines[i];
        struct numu_arena_mark mark = numu_arena_mark(finding->arena);
        struct numu_text key;
        NUMU_TRY(numu_text_printf(finding->arena, &key, "%.*s\t%.*s", (int)line->to.length,
                                  line->to.data, (int)line->item.length, line->item.data));
        if (numu_dictionary_find(&finding->pairs, key) != NULL) {
            numu_arena_rewind(finding->arena, mark);
        } else {
            NUMU_TRY(numu_dictionary_put(&finding->pairs, key, nothing, NULL));
        }
    }
    return NUMU_OK;
}

static numu_status note_sheet(void *data, const struct numu_record *sheet) {
    return note_pairs(data, &sheet->event);
}

/* A serial that the book has at an account that was counted. */
static numu_status visit_serial(void *data, struct numu_text key, struct numu_text value) {
    struct finding *finding = data;
    (void)numu_field_next(&key);
    (void)numu_field_next(&key);
    struct numu_text serial = numu_field_next(&key);
    const struct numu_serial now = numu_serial_parse(value);
    const struct numu_seen *seen;
    bool moved;
    if (!numu_text_is_equal(key, finding->site) ||
        !numu_text_is_equal(now.account, finding->account)) {
        return NUMU_OK;
    }
    NUMU_TRY(numu_counted_serials_find(&finding->serials, finding->item, serial, &seen));
    if (seen != NULL) {
        return NUMU_OK; /* what is to be said of it is said as of what was seen */
    }
    NUMU_TRY(has_moved(finding, &now, finding->counted, &moved));
    if (moved) {
        return NUMU_OK;
    }
    struct numu_difference row = {.kind = NUMU_DIFFERENCE_MISSING,
                                  .item = finding->item,
                                  .account = finding->account,
                                  .book_account = finding->account,
                                  .quantity = NUMU_QUANTITY_ONE};
    NUMU_TRY(numu_text_copy(finding->arena, serial, &row.serial));
    return add(finding, &row);
}

static bool is_listed(const struct finding *finding, struct numu_text lot) {
    for (size_t i = 0; i < finding->lot_count; i++) {
        const struct numu_settled *row = &finding->lots[i];
        if (numu_text_is_equal(row->account, finding->account) &&
            numu_text_is_equal(row->item, finding->item) && numu_text_is_equal(row->lot, lot)) {
            return true;
        }
    }
    return false;
}

static numu_status visit_balance(void *data, struct numu_text key, struct numu_text value) {
    struct finding *finding = data;
    struct numu_difference row = {.kind = NUMU_DIFFERENCE_UNLISTED,
                                  .item = finding->item,
                                  .account = finding->account,
                                  .quantity = numu_field_number(value)};
    for (int i = 0; i < 4; i++) {
        (void)numu_field_next(&key);
    }
    if (row.quantity == 0 || is_listed(finding, key)) {
        return NUMU_OK;
    }
    NUMU_TRY(numu_text_copy(finding->arena, key, &row.lot));
    return add(finding, &row);
}

/* What is missing of an item at an account. */
static numu_status look_at(struct finding *finding, struct numu_text pair) {
    struct numu_item item = {.control = nothing};
    finding->account = numu_field_next(&pair);
    finding->item = pair;
    numu_status status =
        numu_item_get(finding->state, finding->arena, finding->site, finding->item, &item);
    NUMU_TRY(status == NUMU_NOT_FOUND ? NUMU_OK : status);
    if (numu_text_is(item.control, "serial")) {
        NUMU_TRY(NUMU_STATE_KEY(finding->state, 's', finding->item, nothing));
        return numu_state_scan(finding->state, visit_serial, finding);
    }
    NUMU_TRY(NUMU_STATE_KEY(finding->state, 'b', finding->site, finding->account, finding->item,
                            nothing));
    return numu_state_scan(finding->state, visit_balance, finding);
}

/* A serial that was seen: where the book has it. */
static numu_status look_for(struct finding *finding, struct numu_text key,
                            const struct numu_seen *seen) {
    struct numu_serial now = {.sequence = -1};
    struct numu_difference row = {.item = numu_field_next(&key),
                                  .serial = key,
                                  .account = seen->account,
                                  .quantity = NUMU_QUANTITY_ONE};
    numu_status status =
        numu_serial_get(finding->state, finding->arena, finding->site, row.item, row.serial, &now);
    NUMU_TRY(status == NUMU_NOT_FOUND ? NUMU_OK : status);
    if (numu_text_is_equal(now.account, seen->account)) {
        return NUMU_OK;
    }
    bool moved;
    bool is_somewhere = now.account.length > 0 && !numu_account_is_nominal(now.account);
    bool was_put_back =
        finding->is_former && finding->of->count->sheets.count == 0 && !is_somewhere;
    NUMU_TRY(has_moved(finding, &now, seen->sequence, &moved));
    row.kind = moved && !was_put_back ? NUMU_DIFFERENCE_MOVED
               : is_somewhere         ? NUMU_DIFFERENCE_ELSEWHERE
                                      : NUMU_DIFFERENCE_SURPLUS;
    row.book_account = now.account;
    return add(finding, &row);
}

static numu_status look_at_lots(struct finding *finding) {
    for (size_t i = 0; i < finding->lot_count; i++) {
        const struct numu_settled *lot = &finding->lots[i];
        struct numu_difference row = {.kind = lot->counted < lot->book ? NUMU_DIFFERENCE_SHORT
                                                                       : NUMU_DIFFERENCE_OVER,
                                      .item = lot->item,
                                      .lot = lot->lot,
                                      .account = lot->account};
        struct numu_item item = {.control = nothing};
        numu_status status =
            numu_item_get(finding->state, finding->arena, finding->site, lot->item, &item);
        NUMU_TRY(status == NUMU_NOT_FOUND ? NUMU_OK : status);
        row.quantity =
            lot->counted < lot->book ? lot->book - lot->counted : lot->counted - lot->book;
        if (row.quantity > 0 && !numu_text_is(item.control, "serial")) {
            NUMU_TRY(add(finding, &row));
        }
    }
    return NUMU_OK;
}

static numu_status compare(struct finding *finding, const struct numu_count_case *of) {
    struct numu_entry **pairs;
    size_t count;
    NUMU_TRY(numu_counted_serials_read(of, finding->counted, &finding->serials));
    NUMU_TRY(note_pairs(finding, of->count));
    NUMU_TRY(numu_count_visit(of, note_sheet, finding));
    NUMU_TRY(numu_dictionary_list(&finding->pairs, finding->arena, &pairs, &count));
    for (size_t i = 0; i < count; i++) {
        NUMU_TRY(look_at(finding, pairs[i]->key));
    }
    for (size_t i = 0; i < finding->serials.count; i++) {
        NUMU_TRY(look_for(finding, finding->serials.keys[i], &finding->serials.seen[i]));
    }
    return look_at_lots(finding);
}

/* Lots on the sheets of a count that has not come, as rows of it. */
static numu_status read_waiting_lots(struct finding *finding, struct numu_text key) {
    return numu_sheet_lots_list(finding->state, finding->arena, finding->site, key, &finding->lots,
                                &finding->lot_count);
}

/*
 * The state in which a count is looked at, and whether by the rules of an earlier numu; `past` is
 * room for a state of the past.
 */
static numu_status choose_state(struct numu_ledger *ledger, const struct numu_count_row *count,
                                struct numu_state *past, struct finding *finding) {
    struct numu_record approval;
    struct numu_record close;
    int64_t closed;
    uint32_t log;
    finding->state = &ledger->state;
    if (count->stage != NUMU_COUNT_CLOSED) {
        return NUMU_OK;
    }
    NUMU_TRY(numu_ledger_log(ledger, finding->site, &log));
    NUMU_TRY(find_close(ledger, finding->site, count->sequence, &closed));
    NUMU_TRY(numu_ledger_read(ledger, finding->arena, log, closed, &approval, NULL));
    NUMU_TRY(
        numu_state_read_referred(&ledger->state, finding->arena, log, &approval, &close, NULL));
    finding->is_former = close.event.version == NUMU_CLOSE_FORMER;
    NUMU_TRY(numu_state_before(ledger, finding->site, closed, past));
    finding->state = past;
    return NUMU_OK;
}

static numu_status find_in(struct finding *finding, struct numu_ledger *ledger,
                           const struct numu_count_row *count) {
    struct numu_record record = {.sequence = INT64_MAX};
    struct numu_count_case of = {.state = finding->state,
                                 .scratch = &ledger->scratch,
                                 .site = finding->site,
                                 .count = &record.event};
    NUMU_TRY(numu_ledger_log(ledger, finding->site, &of.log));
    if (count->stage == NUMU_COUNT_WAITING || count->stage == NUMU_COUNT_LAPSED) {
        record.event.key = count->key;
        NUMU_TRY(numu_ledger_sheets(ledger, finding->arena, finding->site, count->key,
                                    &record.event.sheets));
        NUMU_TRY(read_waiting_lots(finding, count->key));
    } else {
        NUMU_TRY(numu_ledger_read(ledger, finding->arena, of.log, count->sequence, &record, NULL));
        NUMU_TRY(numu_settled_list(finding->state, finding->arena, finding->site, count->sequence,
                                   &finding->lots, &finding->lot_count));
        NUMU_TRY(finding->is_former
                     ? NUMU_OK
                     : numu_settled_join(finding->arena, finding->lots, &finding->lot_count));
    }
    finding->counted = record.sequence;
    finding->of = &of;
    numu_status status = compare(finding, &of);
    numu_counted_serials_release(&finding->serials);
    return status;
}

numu_status numu_differences_list(struct numu_ledger *ledger, struct numu_arena *arena,
                                  struct numu_text site, const struct numu_count_row *count,
                                  struct numu_difference **out, size_t *out_count) {
    struct numu_state past;
    struct finding finding = {.arena = arena, .site = site, .moves = {.sequence = -1}};
    NUMU_TRY(choose_state(ledger, count, &past, &finding));
    numu_dictionary_init(&finding.pairs, arena);
    numu_buffer_init(&finding.rows, ledger->heap, 0);
    numu_buffer_init(&finding.serials.room, ledger->heap, 0);
    numu_status status = find_in(&finding, ledger, count);
    if (finding.state == &past) {
        numu_status closed = past.store.port->close(past.store.self);
        numu_state_release(&past);
        status = status == NUMU_OK ? closed : status;
    }
    return NUMU_MOVE(&finding.rows, status, arena, out, out_count);
}
