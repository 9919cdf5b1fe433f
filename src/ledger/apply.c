/*
 * apply.c - what recorded events do to the state (state.h).
 *
 * Double entry: a line takes from one account what it gives to another, so that the balances of an
 * item and lot sum to zero in every log after every event, whatever was recorded.
 */
#include "ledger/certificate.h"
#include "ledger/close.h"
#include "ledger/count.h"
#include "ledger/state.h"

#include <inttypes.h>
#include <string.h>

static const struct numu_text nothing = {NULL, 0};

struct act {
    struct numu_state *state;
    struct numu_arena *scratch;
    uint32_t number; /* of the log */
    struct numu_text site;
    int64_t epoch;    /* of the event whose effects these are known by */
    int64_t sequence; /* the same */
    char sequence_text[24];
};

static struct numu_text sequence_of(const struct act *act) {
    return numu_text_of(act->sequence_text);
}

static numu_status put_text(struct numu_state *state, struct numu_text value) {
    numu_buffer_clear(&state->value);
    NUMU_TRY(numu_buffer_append(&state->value, value.data, value.length));
    return numu_state_put(state);
}

static bool is_empty(struct numu_text text) {
    return text.length == 0;
}

/* --- lines --- */

static numu_status note_history(const struct act *act, struct numu_text item,
                                struct numu_text lot) {
    if (is_empty(lot)) {
        return NUMU_OK;
    }
    NUMU_TRY(NUMU_STATE_KEY(act->state, 'h', item, lot, act->site, sequence_of(act)));
    return put_text(act->state, nothing);
}

static numu_status move_serial(const struct act *act, const struct numu_event *event,
                               const struct numu_event_line *line, struct numu_text serial) {
    struct numu_serial now = {.sequence = -1};
    struct numu_state *state = act->state;
    numu_status status = numu_serial_get(state, act->scratch, act->site, line->item, serial, &now);
    if (status != NUMU_OK && status != NUMU_NOT_FOUND) {
        return status;
    }
    bool is_made = numu_text_is(line->from, "produced") || numu_text_is(line->from, "opening") ||
                   numu_text_is(line->from, "imported");
    bool keeps_pack = !is_empty(now.pack) && numu_text_is_equal(event->pack, now.pack);
    if (!is_empty(now.pack) && !keeps_pack) {
        NUMU_TRY(NUMU_STATE_KEY(state, 'a', act->site, now.pack, line->item, serial));
        NUMU_TRY(numu_state_remove(state));
    }
    now.account = line->to;
    now.pack = keeps_pack ? now.pack : nothing;
    now.made += is_made;
    return numu_serial_put(state, act->site, line->item, serial, &now, act->sequence);
}

numu_status numu_dispatch_name(struct numu_arena *arena, const struct numu_record *record,
                               struct numu_text *out) {
    const struct numu_event *event = &record->event;
    struct numu_reference before;
    if (event->dispatch.length > 0 && numu_reference_parse(event->dispatch, &before) &&
        numu_text_is_equal(before.site, record->site) && before.epoch < record->epoch) {
        *out = event->dispatch;
        return NUMU_OK;
    }
    return numu_event_name(arena, record->site, record->epoch, record->sequence, out);
}

/* One half of a line of a movement: what was sent, or what was received. */
static numu_status note_movement(const struct act *act, const struct numu_event *event,
                                 const struct numu_event_line *line, size_t number) {
    struct numu_movement movement = {0};
    struct numu_state *state = act->state;
    bool is_sent = numu_text_is(line->to, "transit");
    struct numu_text dispatch = event->dispatch;
    int64_t line_number = line->line == NUMU_NO_NUMBER ? 0 : line->line;
    if (is_sent) {
        const struct numu_record record = {
            .event = *event, .site = act->site, .epoch = act->epoch, .sequence = act->sequence};
        NUMU_TRY(numu_dispatch_name(act->scratch, &record, &dispatch));
        line_number = (int64_t)number;
    }
    numu_status status =
        numu_movement_get(state, act->scratch, dispatch, line_number, act->site, &movement);
    if (status != NUMU_OK && status != NUMU_NOT_FOUND) {
        return status;
    }
    NUMU_TRY(numu_add(is_sent ? movement.sent : movement.received, line->quantity,
                      is_sent ? &movement.sent : &movement.received));
    char text[24];
    struct numu_text place = is_sent ? event->destination : line->to;
    NUMU_TRY(
        NUMU_STATE_KEY(state, 'd', dispatch, numu_sequence_text(line_number, text), act->site));
    numu_buffer_clear(&state->value);
    NUMU_TRY(numu_buffer_printf(
        &state->value, "%" PRId64 "\t%" PRId64 "\t%.*s\t%.*s\t%" PRId32 "\t%.*s", movement.sent,
        movement.received, (int)line->item.length, line->item.data, (int)line->lot.length,
        line->lot.length == 0 ? "" : line->lot.data, numu_instant_day(event->time),
        (int)place.length, place.data));
    return numu_state_put(state);
}

static numu_status note_lot(const struct act *act, const struct numu_event *event,
                            const struct numu_event_line *line) {
    NUMU_TRY(note_history(act, line->item, line->lot));
    if (!numu_account_is_nominal(line->from) || is_empty(line->lot)) {
        return NUMU_OK;
    }
    struct numu_text before;
    NUMU_TRY(NUMU_STATE_KEY(act->state, 't', line->item, line->lot, act->site));
    numu_status status = numu_state_get(act->state, &before);
    if (status != NUMU_NOT_FOUND) {
        return status; /* the first making counts */
    }
    char day[NUMU_DAY_TEXT_BYTES];
    return put_text(act->state, numu_text_of(numu_day_format(numu_instant_day(event->time), day)));
}

static numu_status move_line(const struct act *act, const struct numu_event *event, size_t number) {
    const struct numu_event_line *line = &event->lines[number];
    NUMU_TRY(numu_balance_add(act->state, act->site, line->from, line->item, line->lot,
                              -line->quantity));
    NUMU_TRY(
        numu_balance_add(act->state, act->site, line->to, line->item, line->lot, line->quantity));
    if (numu_text_is(line->from, "transit") || numu_text_is(line->to, "transit")) {
        NUMU_TRY(note_movement(act, event, line, number));
    }
    for (size_t i = 0; i < line->serials.count; i++) {
        NUMU_TRY(move_serial(act, event, line, line->serials.list[i]));
    }
    return note_lot(act, event, line);
}

/* --- registers --- */

struct column {
    const char *name;
    bool is_number;
};
static const struct column item_columns[] = {
    {"control", false},        {"unit", false}, {"weighing_error_billionths", true},
    {"shelf_life_days", true}, {"name", false}, {NULL, false}};
static const struct column place_columns[] = {{"kind", false}, {"site", false}, {NULL, false}};
static const struct column person_columns[] = {
    {"roles", false}, {"site", false}, {"key", false}, {NULL, false}};
static const struct column licence_columns[] = {
    {"kind", false},   {"item", false},    {"quantity_millionths", true},
    {"issued", false}, {"expires", false}, {"status", false},
    {NULL, false}};
static const struct column list_columns[] = {{"sha256", false}, {"version", false}, {NULL, false}};

/* Fields of the state end at tabs: what the door lets in has none. */
static bool has_controls(struct numu_text text) {
    for (size_t i = 0; i < text.length; i++) {
        if ((unsigned char)text.data[i] < 0x20) {
            return true;
        }
    }
    return false;
}

static numu_status put_register(const struct act *act, char letter, const struct column *columns,
                                const struct numu_json *row) {
    const struct numu_json *id = numu_json_find(row, "id");
    struct numu_state *state = act->state;
    if (id == NULL || has_controls(id->text)) {
        return NUMU_INVALID;
    }
    NUMU_TRY(NUMU_STATE_KEY(state, letter, act->site, id->text));
    numu_buffer_clear(&state->value);
    for (size_t i = 0; columns[i].name != NULL; i++) {
        const struct numu_json *value = numu_json_find(row, columns[i].name);
        if (i > 0) {
            NUMU_TRY(numu_buffer_append_char(&state->value, '\t'));
        }
        if (value != NULL && has_controls(value->text)) {
            return NUMU_INVALID;
        }
        if (value != NULL) {
            NUMU_TRY(numu_buffer_append(&state->value, value->text.data, value->text.length));
        }
    }
    return numu_state_put(state);
}

/* Keys of the site itself by the place in the log from which they count. */
static numu_status put_site_key(const struct act *act, struct numu_text key) {
    NUMU_TRY(NUMU_STATE_KEY(act->state, 'v', act->site, sequence_of(act)));
    return put_text(act->state, key);
}

static numu_status note_site_key(const struct act *act, const struct numu_json *row) {
    const struct numu_json *id = numu_json_find(row, "id");
    const struct numu_json *key = numu_json_find(row, "key");
    if (id == NULL || !numu_text_is(id->text, "site")) {
        return NUMU_OK;
    }
    return put_site_key(act, key == NULL ? nothing : key->text);
}

/* --- the root --- */

static numu_status apply_root(const struct act *act, struct numu_text key) {
    NUMU_TRY(NUMU_STATE_KEY(act->state, 'f', act->site, sequence_of(act)));
    return put_text(act->state, key);
}

/*
 * The row of people that a certificate of a person stands for, with the last day or "always"; a
 * revocation leaves nothing of it.
 */
static numu_status put_certified(const struct act *act, const struct numu_certificate *certificate,
                                 struct numu_text id, struct numu_text site) {
    char day[NUMU_DAY_TEXT_BYTES];
    struct numu_buffer *value = &act->state->value;
    const struct numu_text fields[] = {certificate->roles, site, certificate->key};
    NUMU_TRY(NUMU_STATE_KEY(act->state, 'u', act->site, id));
    numu_buffer_clear(value);
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        NUMU_TRY(i > 0 ? numu_buffer_append_char(value, '\t') : NUMU_OK);
        NUMU_TRY(numu_buffer_append(value, fields[i].data, fields[i].length));
    }
    if (certificate->type == NUMU_CERTIFICATE_person) {
        bool has_end = certificate->until != NUMU_NO_DAY;
        NUMU_TRY(numu_buffer_printf(value, "\t%s",
                                    has_end ? numu_day_format(certificate->until, day) : "always"));
    }
    return numu_state_put(act->state);
}

/* When the newest certificate about a subject was issued: none before it counts any more. */
static numu_status note_certificate(const struct act *act,
                                    const struct numu_certificate *certificate) {
    char issued[NUMU_INSTANT_TEXT_BYTES];
    NUMU_TRY(NUMU_STATE_KEY(act->state, 'e', act->site, numu_certificate_subject(certificate)));
    numu_buffer_clear(&act->state->value);
    NUMU_TRY(numu_buffer_printf(&act->state->value, "%s\t%s",
                                numu_instant_format(certificate->issued, issued),
                                numu_certificate_type_name(certificate->type)));
    return numu_state_put(act->state);
}

static numu_status apply_certificate(const struct act *act, struct numu_text note) {
    struct numu_certificate certificate;
    NUMU_TRY(numu_certificate_read(act->scratch, note, &certificate));
    NUMU_TRY(note_certificate(act, &certificate));
    switch (certificate.type) {
    case NUMU_CERTIFICATE_root:
        return apply_root(act, certificate.key);
    case NUMU_CERTIFICATE_site:
        NUMU_TRY(put_certified(act, &certificate, NUMU_TEXT("site"), act->site));
        return put_site_key(act, certificate.key);
    default:
        return put_certified(act, &certificate, certificate.id, certificate.site);
    }
}

/* Roots and certificates of a register, which were judged (root.h). */
static numu_status apply_certified(const struct act *act, const struct numu_json *registry) {
    const struct numu_json *roots = numu_json_find(registry, "roots");
    const struct numu_json *notes = numu_json_find(registry, "certificates");
    for (const struct numu_json *row = roots == NULL ? NULL : roots->first; row != NULL;
         row = row->next) {
        const struct numu_json *key = numu_json_find(row, "key");
        NUMU_TRY(key == NULL ? NUMU_INVALID : apply_root(act, key->text));
    }
    for (const struct numu_json *note = notes == NULL ? NULL : notes->first; note != NULL;
         note = note->next) {
        NUMU_TRY(apply_certificate(act, note->text));
    }
    return NUMU_OK;
}

static numu_status apply_register(const struct act *act, const struct numu_json *registry) {
    static const struct {
        const char *name;
        char letter;
        const struct column *columns;
    } registers[] = {{"items", 'i', item_columns},
                     {"places", 'o', place_columns},
                     {"people", 'u', person_columns},
                     {"licences", 'c', licence_columns},
                     {"lists", 'l', list_columns}};
    for (size_t i = 0; i < sizeof registers / sizeof *registers; i++) {
        const struct numu_json *list = numu_json_find(registry, registers[i].name);
        for (const struct numu_json *row = list == NULL ? NULL : list->first; row != NULL;
             row = row->next) {
            NUMU_TRY(put_register(act, registers[i].letter, registers[i].columns, row));
            NUMU_TRY(registers[i].letter == 'u' ? note_site_key(act, row) : NUMU_OK);
        }
    }
    return apply_certified(act, registry);
}

/* --- counts --- */

static numu_status put_settled(const struct act *act, size_t number,
                               const struct numu_settled *row) {
    char text[24];
    NUMU_TRY(NUMU_STATE_KEY(act->state, 'x', act->site, sequence_of(act),
                            numu_sequence_text((int64_t)number, text)));
    NUMU_TRY(numu_settled_print(&act->state->value, row));
    return numu_state_put(act->state);
}

static struct numu_count_case case_of(const struct act *act, const struct numu_event *count) {
    return (struct numu_count_case){.state = act->state,
                                    .scratch = act->scratch,
                                    .log = act->number,
                                    .site = act->site,
                                    .count = count};
}

/* What the sheets found, if they and the totals are what the count says [C2]. */
static numu_status apply_sheets(const struct act *act, const struct numu_event *event) {
    const struct numu_count_case of = case_of(act, event);
    numu_count_problem problem;
    struct numu_text what;
    struct numu_settled *rows;
    size_t count;
    NUMU_TRY(numu_count_settle(&of, &problem, &what, &rows, &count));
    if (problem != NUMU_COUNT_FINE) {
        return NUMU_INVALID;
    }
    for (size_t i = 0; i < count; i++) {
        NUMU_TRY(put_settled(act, i, &rows[i]));
    }
    return numu_count_take(&of);
}

/* Whether sheets wait for a count of this key: they are its sheets. */
static numu_status has_sheets(const struct act *act, const struct numu_event *event, bool *out) {
    struct numu_waiting_sheet *sheets;
    size_t count;
    *out = event->sheets.count > 0;
    NUMU_TRY(
        numu_waiting_sheets_list(act->state, act->scratch, act->site, event->key, &sheets, &count));
    for (size_t i = 0; i < count; i++) {
        *out = *out || sheets[i].withdrawn < 0;
    }
    return NUMU_OK;
}

/*
 * Of each line of a count: what the book held, and what was there. Serials that are missing are
 * those of the account that nobody counted; the book moves when the count is closed.
 */
static numu_status apply_count(const struct act *act, const struct numu_event *event) {
    bool is_in_sheets;
    NUMU_TRY(has_sheets(act, event, &is_in_sheets));
    if (is_in_sheets) {
        return apply_sheets(act, event);
    }
    for (size_t i = 0; i < event->line_count; i++) {
        const struct numu_event_line *line = &event->lines[i];
        struct numu_settled row = {
            .account = line->to, .item = line->item, .lot = line->lot, .counted = line->quantity};
        NUMU_TRY(
            numu_balance_get(act->state, act->site, line->to, line->item, line->lot, &row.book));
        NUMU_TRY(put_settled(act, i, &row));
    }
    return NUMU_OK;
}

numu_status numu_state_read_entry(struct numu_state *state, struct numu_arena *arena,
                                  uint32_t number, int64_t sequence, struct numu_record *out,
                                  struct numu_sha256 *out_leaf) {
    struct numu_buffer bytes;
    struct numu_text copy;
    numu_buffer_init(&bytes, arena->heap, 0);
    numu_status status = state->entries.port->read(state->entries.self, number, (uint64_t)sequence,
                                                   &bytes, out_leaf);
    if (status == NUMU_OK) {
        status = numu_text_copy(arena, (struct numu_text){bytes.data, bytes.length}, &copy);
    }
    numu_buffer_release(&bytes);
    NUMU_TRY(status == NUMU_NOT_FOUND ? NUMU_INVALID : status);
    return numu_record_read_trusted(arena, copy, out);
}

/* The event that a reference names, of this log. */
numu_status numu_state_read_reference(struct numu_state *state, struct numu_arena *arena,
                                      uint32_t number, struct numu_text site,
                                      struct numu_text reference, struct numu_record *out,
                                      struct numu_sha256 *out_leaf) {
    struct numu_reference of;
    if (!numu_reference_parse(reference, &of) || !numu_text_is_equal(of.site, site)) {
        return NUMU_INVALID;
    }
    NUMU_TRY(numu_state_read_entry(state, arena, number, of.sequence, out, out_leaf));
    return out->epoch == of.epoch ? NUMU_OK : NUMU_INVALID;
}

numu_status numu_state_read_referred(struct numu_state *state, struct numu_arena *arena,
                                     uint32_t number, const struct numu_record *record,
                                     struct numu_record *out, struct numu_sha256 *out_leaf) {
    NUMU_TRY(numu_state_read_reference(state, arena, number, record->site, record->event.ref, out,
                                       out_leaf));
    return out->sequence < record->sequence ? NUMU_OK : NUMU_INVALID;
}

/* The event of the same log that a text refers to. */
static numu_status read_referred(const struct act *act, struct numu_text reference,
                                 struct numu_record *out) {
    return numu_state_read_reference(act->state, act->scratch, act->number, act->site, reference,
                                     out, NULL);
}

/* A withdrawal is of a sheet that waits. */
static numu_status apply_withdrawal(const struct act *act, const struct numu_event *event) {
    struct numu_record sheet;
    NUMU_TRY(read_referred(act, event->ref, &sheet));
    return sheet.event.type == NUMU_EVENT_sheet
               ? numu_sheet_withdraw(act->state, act->site, &sheet, act->sequence)
               : NUMU_INVALID;
}

/* A count being closed. */
struct closing {
    const struct act *act;
    const struct numu_event *close;
    const struct numu_count_case *of;
    int64_t counted; /* sequence of the count, or of the sheet: what was seen since counts not */
    bool is_former;  /* a close as it was before what left meanwhile stayed away (close.h) */
    bool is_in_sheets;
    struct numu_counted_serials serials;
    struct numu_moves moves;
};

/* Whether a serial moved after an event [L1]; to a former close, all that happened moved it. */
static numu_status has_moved(struct closing *closing, const struct numu_serial *now, int64_t after,
                             bool *out) {
    *out = now->sequence > after;
    return closing->is_former
               ? NUMU_OK
               : numu_serial_has_moved(closing->of, now, after, &closing->moves, out);
}

/* What was moved is posted as a line of the close. */
static numu_status post(const struct closing *closing, const struct numu_event_line *moved) {
    struct numu_event posted = *closing->close;
    posted.lines = moved;
    posted.line_count = 1;
    return move_line(closing->act, &posted, 0);
}

/* Serials of an account that a count did not find go with the difference. */
struct missing {
    struct closing *closing;
    struct numu_text account, item;
    struct numu_buffer serials; /* of struct numu_text */
};

static numu_status visit_serial(void *data, struct numu_text key, struct numu_text value) {
    struct missing *missing = data;
    struct closing *closing = missing->closing;
    (void)numu_field_next(&key);
    (void)numu_field_next(&key);
    struct numu_text serial = numu_field_next(&key);
    struct numu_text site = numu_field_next(&key);
    const struct numu_serial now = numu_serial_parse(value);
    const struct numu_seen *seen;
    struct numu_text copy;
    bool moved;
    if (!numu_text_is_equal(site, closing->act->site) ||
        !numu_text_is_equal(now.account, missing->account)) {
        return NUMU_OK;
    }
    NUMU_TRY(numu_counted_serials_find(&closing->serials, missing->item, serial, &seen));
    if (seen != NULL && numu_text_is_equal(seen->account, now.account)) {
        return NUMU_OK;
    }
    NUMU_TRY(has_moved(closing, &now, closing->counted, &moved));
    if (!moved && seen != NULL) { /* on a sheet, at another account */
        NUMU_TRY(has_moved(closing, &now, seen->sequence, &moved));
    }
    if (moved) {
        return NUMU_OK;
    }
    NUMU_TRY(numu_text_copy(closing->act->scratch, serial, &copy));
    return numu_buffer_append(&missing->serials, &copy, sizeof copy);
}

/* All of an account that was not there, as a line to `unaccounted`. */
static numu_status close_serials(struct closing *closing, struct numu_text account,
                                 struct numu_text item) {
    struct missing missing = {closing, account, item, {0}};
    struct numu_state *state = closing->act->state;
    numu_buffer_init(&missing.serials, closing->act->scratch->heap, 0);
    numu_status status = NUMU_STATE_KEY(state, 's', item, nothing);
    if (status == NUMU_OK) {
        status = numu_state_scan(state, visit_serial, &missing);
    }
    size_t lost = missing.serials.length / sizeof(struct numu_text);
    if (status == NUMU_OK && lost > 0) {
        const struct numu_event_line moved = {.item = item,
                                              .from = account,
                                              .to = NUMU_TEXT("unaccounted"),
                                              .quantity = (int64_t)lost * NUMU_QUANTITY_ONE,
                                              .serials = {(const void *)missing.serials.data, lost},
                                              .line = NUMU_NO_NUMBER};
        status = post(closing, &moved);
    }
    numu_buffer_release(&missing.serials);
    return status;
}

/*
 * A serial that was counted where the book did not have it comes from `unaccounted`, or from the
 * account of this site that had it.
 */
static numu_status close_found(struct closing *closing, const struct numu_event_line *line,
                               struct numu_text serial) {
    const struct act *act = closing->act;
    struct numu_serial now = {.sequence = -1};
    numu_status status =
        numu_serial_get(act->state, act->scratch, act->site, line->item, serial, &now);
    if (status != NUMU_OK && status != NUMU_NOT_FOUND) {
        return status;
    }
    bool is_known = status == NUMU_OK && !numu_account_is_nominal(now.account);
    bool is_posted = now.sequence == act->sequence;
    bool is_elsewhere = is_posted && is_known;
    if (!is_posted) {
        NUMU_TRY(has_moved(closing, &now, closing->counted, &is_elsewhere));
    }
    bool puts_back = closing->is_former && !closing->is_in_sheets && !is_known;
    if (is_elsewhere && !puts_back) {
        return NUMU_OK; /* used up, say; but not: missed a moment ago, at another account */
    }
    if (is_known &&
        (numu_text_is(now.account, "transit") || numu_text_is_equal(now.account, line->to))) {
        return NUMU_OK;
    }
    const struct numu_event_line moved = {.item = line->item,
                                          .from = is_known ? now.account : NUMU_TEXT("unaccounted"),
                                          .to = line->to,
                                          .quantity = NUMU_QUANTITY_ONE,
                                          .serials = {&serial, 1},
                                          .line = NUMU_NO_NUMBER};
    return post(closing, &moved);
}

/* All that an event saw where the book did not have it. */
static numu_status close_all_found(struct closing *closing, const struct numu_event *seen) {
    for (size_t i = 0; i < seen->line_count; i++) {
        const struct numu_event_line *line = &seen->lines[i];
        for (size_t j = 0; j < line->serials.count; j++) {
            NUMU_TRY(close_found(closing, line, line->serials.list[j]));
        }
    }
    return NUMU_OK;
}

static numu_status close_sheet(void *data, const struct numu_record *sheet) {
    struct closing *closing = data;
    closing->counted = sheet->sequence;
    return close_all_found(closing, &sheet->event);
}

/* What has no serials: the difference that was found then. */
static numu_status close_quantity(const struct closing *closing, const struct numu_settled *row) {
    if (row->book == row->counted) {
        return NUMU_OK;
    }
    bool is_short = row->counted < row->book;
    const struct numu_event_line moved = {
        .item = row->item,
        .lot = row->lot,
        .from = is_short ? row->account : NUMU_TEXT("unaccounted"),
        .to = is_short ? NUMU_TEXT("unaccounted") : row->account,
        .quantity = is_short ? row->book - row->counted : row->counted - row->book,
        .line = NUMU_NO_NUMBER};
    return post(closing, &moved);
}

/* Posts all that was missing first, for it may be what was found elsewhere. */
static numu_status close_count(struct closing *closing, const struct numu_record *count) {
    const struct act *act = closing->act;
    struct numu_settled *rows;
    size_t row_count;
    NUMU_TRY(
        numu_settled_list(act->state, act->scratch, act->site, count->sequence, &rows, &row_count));
    NUMU_TRY(row_count == 0 ? NUMU_INVALID : NUMU_OK);
    NUMU_TRY(closing->is_former ? NUMU_OK : numu_settled_join(act->scratch, rows, &row_count));
    for (size_t i = 0; i < row_count; i++) {
        bool by_serial;
        NUMU_TRY(numu_settled_is_of_serials(closing->of, &rows[i], &by_serial));
        NUMU_TRY(by_serial ? close_serials(closing, rows[i].account, rows[i].item)
                           : close_quantity(closing, &rows[i]));
    }
    NUMU_TRY(close_all_found(closing, &count->event));
    return numu_count_visit(closing->of, close_sheet, closing);
}

/* Such a close cannot be [L2]. */
static numu_status refuse_overtaken(const struct numu_count_case *of, int64_t sequence) {
    struct numu_closed_count *closed;
    struct numu_overtaking by;
    size_t count;
    NUMU_TRY(numu_closed_counts_list(of->state, of->scratch, of->site, &closed, &count));
    NUMU_TRY(numu_count_find_overtaking(of, sequence, closed, count, &by));
    return by.close < 0 ? NUMU_OK : NUMU_INVALID;
}

/* Posts what a count found to `unaccounted`, so that the next opening equals the count. */
static numu_status apply_close(const struct act *act, const struct numu_event *close) {
    struct numu_record count;
    char text[24];
    struct closing closing = {.act = act,
                              .close = close,
                              .is_former = close->version == NUMU_CLOSE_FORMER,
                              .moves = {.sequence = -1}};
    NUMU_TRY(read_referred(act, close->ref, &count));
    const struct numu_count_case of = case_of(act, &count.event);
    NUMU_TRY(closing.is_former ? NUMU_OK : refuse_overtaken(&of, count.sequence));
    closing.of = &of;
    closing.counted = count.sequence;
    closing.is_in_sheets = count.event.sheets.count > 0;
    numu_status status = numu_counted_serials_read(&of, count.sequence, &closing.serials);
    if (status == NUMU_OK) {
        status = close_count(&closing, &count);
    }
    numu_counted_serials_release(&closing.serials);
    NUMU_TRY(status);
    NUMU_TRY(NUMU_STATE_KEY(act->state, 'p', act->site, numu_sequence_text(count.sequence, text)));
    numu_buffer_clear(&act->state->value);
    NUMU_TRY(numu_buffer_printf(&act->state->value, "closed\t%" PRId64, act->sequence));
    return numu_state_put(act->state);
}

/* --- packs and the rest --- */

static numu_status apply_pack(const struct act *act, const struct numu_event *event) {
    struct numu_state *state = act->state;
    for (size_t i = 0; i < event->line_count; i++) {
        const struct numu_event_line *line = &event->lines[i];
        for (size_t j = 0; j < line->serials.count; j++) {
            struct numu_text serial = line->serials.list[j];
            struct numu_serial now;
            numu_status status =
                numu_serial_get(state, act->scratch, act->site, line->item, serial, &now);
            NUMU_TRY(status == NUMU_NOT_FOUND ? NUMU_INVALID : status);
            NUMU_TRY(NUMU_STATE_KEY(state, 'a', act->site, event->pack, line->item, serial));
            NUMU_TRY(put_text(state, nothing));
            now.pack = event->pack;
            NUMU_TRY(numu_serial_put(state, act->site, line->item, serial, &now, act->sequence));
        }
    }
    return NUMU_OK;
}

struct packed {
    struct numu_text item, serial;
};
struct unpacking {
    struct numu_arena *arena;
    struct numu_buffer list; /* of struct packed */
};

static numu_status visit_packed(void *data, struct numu_text key, struct numu_text value) {
    struct unpacking *unpacking = data;
    struct packed packed;
    (void)value;
    for (int i = 0; i < 3; i++) {
        (void)numu_field_next(&key);
    }
    NUMU_TRY(numu_text_copy(unpacking->arena, numu_field_next(&key), &packed.item));
    NUMU_TRY(numu_text_copy(unpacking->arena, numu_field_next(&key), &packed.serial));
    return numu_buffer_append(&unpacking->list, &packed, sizeof packed);
}

static numu_status unpack_one(const struct act *act, const struct numu_event *event,
                              const struct packed *packed) {
    struct numu_state *state = act->state;
    struct numu_serial now;
    NUMU_TRY(NUMU_STATE_KEY(state, 'a', act->site, event->pack, packed->item, packed->serial));
    NUMU_TRY(numu_state_remove(state));
    NUMU_TRY(numu_serial_get(state, act->scratch, act->site, packed->item, packed->serial, &now));
    now.pack = nothing;
    return numu_serial_put(state, act->site, packed->item, packed->serial, &now, act->sequence);
}

static numu_status apply_unpack(const struct act *act, const struct numu_event *event) {
    struct numu_state *state = act->state;
    struct unpacking unpacking = {.arena = act->scratch};
    numu_buffer_init(&unpacking.list, act->scratch->heap, 0);
    NUMU_TRY(NUMU_STATE_KEY(state, 'a', act->site, event->pack, nothing));
    numu_status status = numu_state_scan(state, visit_packed, &unpacking);
    const struct packed *list = (const void *)unpacking.list.data;
    for (size_t i = 0; status == NUMU_OK && i < unpacking.list.length / sizeof *list; i++) {
        status = unpack_one(act, event, &list[i]);
    }
    numu_buffer_release(&unpacking.list);
    return status;
}

/* What happened to a serial where it is. */
static numu_status note_event(const struct act *act, struct numu_text item,
                              struct numu_text serial) {
    struct numu_serial now = {.sequence = -1};
    numu_status status = numu_serial_get(act->state, act->scratch, act->site, item, serial, &now);
    NUMU_TRY(status == NUMU_NOT_FOUND ? NUMU_OK : status);
    return numu_serial_put(act->state, act->site, item, serial, &now, act->sequence);
}

static numu_status apply_marks(const struct act *act, const struct numu_event *event) {
    for (size_t i = 0; i < event->line_count; i++) {
        const struct numu_event_line *line = &event->lines[i];
        for (size_t j = 0; j < line->serials.count; j++) {
            NUMU_TRY(NUMU_STATE_KEY(act->state, 'm', line->item, line->serials.list[j], act->site,
                                    sequence_of(act)));
            NUMU_TRY(put_text(act->state, event->mark));
            NUMU_TRY(note_event(act, line->item, line->serials.list[j]));
        }
    }
    return NUMU_OK;
}

static numu_status apply_grants(const struct act *act, const struct numu_event *event) {
    struct numu_state *state = act->state;
    for (size_t i = 0; i < event->line_count; i++) {
        const struct numu_event_line *line = &event->lines[i];
        char number[24];
        NUMU_TRY(NUMU_STATE_KEY(state, 'g', event->site, line->item, act->site, sequence_of(act),
                                numu_sequence_text((int64_t)i, number)));
        numu_buffer_clear(&state->value);
        NUMU_TRY(numu_buffer_printf(&state->value, "%.*s\t%.*s\t%" PRId64, (int)line->from.length,
                                    line->from.length == 0 ? "" : line->from.data,
                                    (int)line->to.length, line->to.length == 0 ? "" : line->to.data,
                                    line->quantity));
        NUMU_TRY(numu_state_put(state));
    }
    return NUMU_OK;
}

static numu_status apply_screening(const struct act *act, const struct numu_event *event) {
    struct numu_state *state = act->state;
    NUMU_TRY(NUMU_STATE_KEY(state, 'n', act->site, event->subject, event->list, event->entry));
    numu_buffer_clear(&state->value);
    NUMU_TRY(numu_buffer_printf(&state->value, "%.*s\t%" PRId64, (int)event->result.length,
                                event->result.data, act->sequence));
    return numu_state_put(state);
}

/* Whose history of a serial counts, among those of the sites that the people looked at. */
static numu_status apply_resolution(const struct act *act, const struct numu_event *event) {
    struct numu_buffer *value = &act->state->value;
    for (size_t i = 0; i < event->line_count; i++) {
        const struct numu_event_line *line = &event->lines[i];
        for (size_t j = 0; j < line->serials.count; j++) {
            NUMU_TRY(NUMU_STATE_KEY(act->state, 'j', line->item, line->serials.list[j], act->site));
            numu_buffer_clear(value);
            NUMU_TRY(numu_buffer_printf(value, "%.*s\t%.*s\t%" PRId64, (int)event->site.length,
                                        event->site.data, (int)event->subject.length,
                                        event->subject.data, act->sequence));
            NUMU_TRY(numu_state_put(act->state));
        }
    }
    return NUMU_OK;
}

static numu_status apply_export(const struct act *act, const struct numu_event *event) {
    struct numu_state *state = act->state;
    numu_quantity used = 0;
    struct numu_text value;
    NUMU_TRY(NUMU_STATE_KEY(state, 'q', act->site, event->licence));
    numu_status status = numu_state_get(state, &value);
    if (status == NUMU_OK) {
        used = numu_field_number(value);
    } else if (status != NUMU_NOT_FOUND) {
        return status;
    }
    for (size_t i = 0; i < event->line_count; i++) {
        NUMU_TRY(numu_add(used, event->lines[i].quantity, &used));
    }
    numu_buffer_clear(&state->value);
    NUMU_TRY(numu_buffer_printf(&state->value, "%" PRId64, used));
    return numu_state_put(state);
}

static numu_status apply_plan(const struct act *act, const struct numu_event *event) {
    char text[24];
    NUMU_TRY(NUMU_STATE_KEY(act->state, 'z', act->site, event->plan));
    return put_text(act->state, numu_sequence_text(act->sequence, text));
}

static numu_status apply_effects(const struct act *act, const struct numu_event *event);

static numu_status apply_approval(const struct act *act, const struct numu_event *event) {
    struct numu_record proposal;
    char text[24];
    struct numu_text value;
    NUMU_TRY(read_referred(act, event->ref, &proposal));
    NUMU_TRY(
        NUMU_STATE_KEY(act->state, 'p', act->site, numu_sequence_text(proposal.sequence, text)));
    numu_status status = numu_state_get(act->state, &value);
    if (status == NUMU_NOT_FOUND || (status == NUMU_OK && !numu_text_is(value, "open"))) {
        return NUMU_INVALID;
    }
    NUMU_TRY(status);
    numu_buffer_clear(&act->state->value);
    NUMU_TRY(numu_buffer_printf(&act->state->value, "approved\t%" PRId64, act->sequence));
    NUMU_TRY(numu_state_put(act->state));
    return apply_effects(act, &proposal.event);
}

static numu_status apply_effects(const struct act *act, const struct numu_event *event) {
    switch (event->type) {
    case NUMU_EVENT_register:
        return apply_register(act, event->registry);
    case NUMU_EVENT_grant:
        return apply_grants(act, event);
    case NUMU_EVENT_mark:
        return apply_marks(act, event);
    case NUMU_EVENT_pack:
        return apply_pack(act, event);
    case NUMU_EVENT_unpack:
        return apply_unpack(act, event);
    case NUMU_EVENT_screen:
        return apply_screening(act, event);
    case NUMU_EVENT_resolve:
        return apply_resolution(act, event);
    case NUMU_EVENT_count:
        return apply_count(act, event);
    case NUMU_EVENT_close:
        return apply_close(act, event);
    case NUMU_EVENT_sheet:
        return numu_sheet_put(act->state, act->site, act->sequence, event);
    case NUMU_EVENT_withdraw:
        return apply_withdrawal(act, event);
    case NUMU_EVENT_plan:
        return apply_plan(act, event);
    case NUMU_EVENT_approve:
        return apply_approval(act, event);
    case NUMU_EVENT_export:
        NUMU_TRY(apply_export(act, event));
        break;
    default:
        break;
    }
    for (size_t i = 0; i < event->line_count; i++) {
        NUMU_TRY(move_line(act, event, i));
    }
    return NUMU_OK;
}

bool numu_event_is_certified(const struct numu_event *event) {
    return event->type == NUMU_EVENT_register && event->registry->count == 1 &&
           numu_json_find(event->registry, "certificates") != NULL;
}

numu_status numu_registers_are_opening(struct numu_state *state, struct numu_text site, bool *out) {
    struct numu_text value;
    NUMU_TRY(NUMU_STATE_KEY(state, 'r', site));
    numu_status status = numu_state_get(state, &value);
    *out = status == NUMU_NOT_FOUND;
    return status == NUMU_NOT_FOUND ? NUMU_OK : status;
}

numu_status numu_event_needs_two(struct numu_state *state, struct numu_text site,
                                 const struct numu_event *event, bool *out) {
    const struct numu_event_kind *kind = &numu_event_kinds[event->type];
    *out = (kind->flags & NUMU_TYPE_TWO) != 0;
    if (event->type == NUMU_EVENT_register) {
        bool are_opening;
        NUMU_TRY(numu_registers_are_opening(state, site, &are_opening));
        *out = !are_opening && !numu_event_is_certified(event);
        return NUMU_OK;
    }
    for (size_t i = 0; (kind->flags & NUMU_TYPE_JUDGES) != 0 && i < event->line_count; i++) {
        struct numu_account from;
        struct numu_account to;
        if (numu_account_parse(event->lines[i].from, &from) &&
            numu_account_parse(event->lines[i].to, &to) &&
            from.condition != NUMU_CONDITION_serviceable &&
            to.condition == NUMU_CONDITION_serviceable) {
            *out = true; /* a release */
        }
    }
    return NUMU_OK;
}

/* Who bears witness, why, and the codes of the rules: what an alarm tells. */
static numu_status note_irregular(const struct act *act, const struct numu_record *record) {
    struct numu_buffer *value = &act->state->value;
    NUMU_TRY(NUMU_STATE_KEY(act->state, 'y', act->site, sequence_of(act)));
    numu_buffer_clear(value);
    NUMU_TRY(numu_buffer_append(value, record->event.second.data, record->event.second.length));
    NUMU_TRY(numu_buffer_append_char(value, '\t'));
    NUMU_TRY(
        numu_buffer_append(value, record->event.irregular.data, record->event.irregular.length));
    for (size_t i = 0; i < record->judged.broken.count; i++) {
        struct numu_text code = record->judged.broken.list[i];
        NUMU_TRY(numu_buffer_append_char(value, i == 0 ? '\t' : ' '));
        NUMU_TRY(numu_buffer_append(value, code.data, code.length));
    }
    return numu_state_put(act->state);
}

static numu_status note_act(const struct act *act, const struct numu_record *record) {
    const struct numu_event *event = &record->event;
    NUMU_TRY(NUMU_STATE_KEY(act->state, 'k', act->site, event->key));
    numu_buffer_clear(&act->state->value);
    NUMU_TRY(numu_buffer_printf(&act->state->value, "%" PRId64, act->sequence));
    NUMU_TRY(numu_state_put(act->state));
    if (event->irregular.length > 0) {
        NUMU_TRY(note_irregular(act, record));
    }
    if (event->type == NUMU_EVENT_register) {
        return NUMU_OK;
    }
    struct numu_text value;
    NUMU_TRY(NUMU_STATE_KEY(act->state, 'r', act->site));
    numu_status status = numu_state_get(act->state, &value);
    return status == NUMU_NOT_FOUND ? put_text(act->state, sequence_of(act)) : status;
}

numu_status numu_state_apply(struct numu_state *state, struct numu_arena *scratch, uint32_t number,
                             const struct numu_record *record) {
    struct act act = {state, scratch, number, record->site, record->epoch, record->sequence, {0}};
    bool needs_two;
    (void)numu_sequence_text(act.sequence, act.sequence_text);
    NUMU_TRY(numu_event_needs_two(state, record->site, &record->event, &needs_two));
    NUMU_TRY(note_act(&act, record));
    if (needs_two) {
        NUMU_TRY(NUMU_STATE_KEY(state, 'p', act.site, sequence_of(&act)));
        return put_text(state, NUMU_TEXT("open"));
    }
    return apply_effects(&act, &record->event);
}
