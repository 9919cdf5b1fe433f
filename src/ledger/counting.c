/*
 * counting.c - rules of counts at the door (judge.h): what was counted against may not have moved
 * since, and a count in sheets is all of its sheets and nothing else (count.h). And of closes,
 * which leave what happened meanwhile as it is (close.h).
 */
#include "ledger/judge.h"

#include "ledger/close.h"

static const struct numu_text nothing = {NULL, 0};

/* --- what moved since --- */

/*
 * The event whose lines an entry of the log moved: its own; what it approves, or of a close the
 * count that this closes; without lines where it only proposes, or counts: that moves nothing.
 */
static numu_status find_moved(const struct numu_judge *judge, int64_t sequence,
                              struct numu_event *out) {
    struct numu_record record;
    bool needs_two;
    NUMU_TRY(
        numu_ledger_read(judge->ledger, judge->arena, judge->ledger->log, sequence, &record, NULL));
    NUMU_TRY(numu_event_needs_two(judge->state, judge->ledger->site, &record.event, &needs_two));
    *out = record.event;
    bool is_still = needs_two || out->type == NUMU_EVENT_sheet || out->type == NUMU_EVENT_count;
    out->line_count = is_still ? 0 : out->line_count;
    while (!needs_two && (out->type == NUMU_EVENT_approve || out->type == NUMU_EVENT_close)) {
        struct numu_reference of;
        if (!numu_reference_parse(out->ref, &of)) {
            break;
        }
        sequence = of.sequence;
        NUMU_TRY(numu_ledger_read(judge->ledger, judge->arena, judge->ledger->log, sequence,
                                  &record, NULL));
        *out = record.event;
    }
    return NUMU_OK;
}

/* Whether an event moved what a line of a count counts; a count in sheets has totals of lots. */
static bool touches(const struct numu_event *moved, const struct numu_event_line *line) {
    for (size_t i = 0; i < moved->line_count; i++) {
        const struct numu_event_line *other = &moved->lines[i];
        if (numu_text_is_equal(other->item, line->item) &&
            (numu_text_is_equal(other->lot, line->lot) || moved->sheets.count > 0) &&
            (numu_text_is_equal(other->to, line->to) ||
             numu_text_is_equal(other->from, line->to))) {
            return true;
        }
    }
    return false;
}

static bool has_serials(const struct numu_event_line *line) {
    return line->serials.count > 0;
}

/* Whether an event of the log moved what one of these lines counts. */
static numu_status find_touch(const struct numu_judge *judge, int64_t sequence, bool *out) {
    const struct numu_event *event = judge->event;
    struct numu_arena_mark mark = numu_arena_mark(judge->arena);
    struct numu_event moved;
    NUMU_TRY(find_moved(judge, sequence, &moved));
    for (size_t i = 0; i < event->line_count; i++) {
        /* Of a sheet, serials are asked one by one. */
        bool is_asked = event->type == NUMU_EVENT_count || !has_serials(&event->lines[i]);
        *out = *out || (is_asked && touches(&moved, &event->lines[i]));
    }
    numu_arena_rewind(judge->arena, mark);
    return NUMU_OK;
}

static void say_moved(const struct numu_judge *judge) {
    struct numu_diagnostic finding = numu_judge_finding(judge, NUMU_CODE_EVENT_COUNT_MOVED);
    int64_t size = (int64_t)judge->ledger->head.size;
    finding.arguments[0] = numu_argument_integer(judge->event->against);
    finding.arguments[judge->event->against > size ? 2 : 1] = numu_argument_integer(size);
    numu_report_add(judge->hard, &finding);
}

/* A count names where the book stood; what moved since is not in it. */
static numu_status check_moved(const struct numu_judge *judge) {
    int64_t size = (int64_t)judge->ledger->head.size;
    bool has_moved = judge->event->against > size;
    for (int64_t sequence = judge->event->against; sequence < size && !has_moved; sequence++) {
        NUMU_TRY(find_touch(judge, sequence, &has_moved));
    }
    if (has_moved) {
        say_moved(judge);
    }
    return NUMU_OK;
}

/* --- sheets --- */

static void say_sheet(const struct numu_judge *judge, const char *why, struct numu_text what) {
    numu_judge_say(judge, judge->hard, NUMU_CODE_EVENT_SHEET, numu_text_of(why), what);
}

/* The sheets of a count that wait, in order; *out_is_old: since so long that they lapsed. */
static numu_status list_open(const struct numu_judge *judge, struct numu_text key,
                             struct numu_waiting_sheet **out, size_t *out_count, bool *out_is_old) {
    struct numu_waiting_sheet *sheets;
    struct numu_record first;
    size_t count;
    size_t open = 0;
    NUMU_TRY(numu_waiting_sheets_list(judge->state, judge->arena, judge->ledger->site, key, &sheets,
                                      &count));
    for (size_t i = 0; i < count; i++) {
        if (sheets[i].withdrawn < 0) {
            sheets[open++] = sheets[i];
        }
    }
    *out = sheets;
    *out_count = open;
    *out_is_old = false;
    if (open > 0) {
        struct numu_arena_mark mark = numu_arena_mark(judge->arena);
        NUMU_TRY(numu_ledger_read(judge->ledger, judge->arena, judge->ledger->log,
                                  sheets[0].sequence, &first, NULL));
        *out_is_old = numu_sheets_are_old(first.recorded, judge->recorded);
        numu_arena_rewind(judge->arena, mark);
    }
    return NUMU_OK;
}

/* An act that has the key of the count: the count, or something else. */
static numu_status check_key(const struct numu_judge *judge) {
    struct numu_text value;
    NUMU_TRY(NUMU_STATE_KEY(judge->state, 'k', judge->ledger->site, judge->event->count));
    numu_status status = numu_state_get(judge->state, &value);
    if (status == NUMU_OK) {
        say_sheet(judge, "kind.count_done", judge->event->count);
    }
    return status == NUMU_NOT_FOUND ? NUMU_OK : status;
}

/* Serials of a line to which something happened since the event that is counted against. */
static numu_status check_still(const struct numu_judge *judge, const struct numu_event_line *line) {
    struct numu_complaint_run run = {0};
    for (size_t i = 0; i < line->serials.count; i++) {
        struct numu_complaint complaint = {0};
        struct numu_serial now = {.sequence = -1};
        numu_status status = numu_serial_get(judge->state, judge->arena, judge->ledger->site,
                                             line->item, line->serials.list[i], &now);
        NUMU_TRY(status == NUMU_NOT_FOUND ? NUMU_OK : status);
        if (now.sequence >= judge->event->against) {
            complaint.code = NUMU_CODE_EVENT_SERIAL_MOVED;
            NUMU_TRY(numu_ledger_name(judge->ledger, judge->arena, judge->ledger->site,
                                      now.sequence, &complaint.where));
        }
        NUMU_TRY(numu_judge_complain(judge, line->item, line->serials.list[i], &complaint, &run));
    }
    return numu_judge_tell_run(judge, line->item, &run);
}

/* Serials of the sheet that is judged, by item and serial. */
struct own_serials {
    const struct numu_judge *judge;
    struct numu_text *keys;
    struct numu_map map;
    struct numu_buffer room;
};

static numu_status print_serial(struct numu_buffer *buffer, struct numu_text item,
                                struct numu_text serial) {
    numu_buffer_clear(buffer);
    return numu_buffer_printf(buffer, "%.*s\t%.*s", (int)item.length, item.data, (int)serial.length,
                              serial.data);
}

static numu_status index_own(struct own_serials *own, const struct numu_event *event) {
    struct numu_arena *arena = own->judge->arena;
    size_t count = 0;
    numu_row row = 0;
    for (size_t i = 0; i < event->line_count; i++) {
        count += event->lines[i].serials.count;
    }
    NUMU_TRY(NUMU_TAKE(arena, &own->keys, count));
    NUMU_TRY(numu_map_init(&own->map, arena, own->keys, count));
    for (size_t i = 0; i < event->line_count; i++) {
        const struct numu_event_line *line = &event->lines[i];
        for (size_t j = 0; j < line->serials.count; j++, row++) {
            NUMU_TRY(print_serial(&own->room, line->item, line->serials.list[j]));
            NUMU_TRY(numu_text_copy(arena, (struct numu_text){own->room.data, own->room.length},
                                    &own->keys[row]));
            (void)numu_map_add(&own->map, row);
        }
    }
    return NUMU_OK;
}

/* What stands on an earlier sheet of the count, too. */
static numu_status tell_repeated(struct own_serials *own, const struct numu_event *earlier) {
    for (size_t i = 0; i < earlier->line_count; i++) {
        const struct numu_event_line *line = &earlier->lines[i];
        struct numu_complaint_run run = {0};
        for (size_t j = 0; j < line->serials.count; j++) {
            struct numu_complaint complaint = {0};
            NUMU_TRY(print_serial(&own->room, line->item, line->serials.list[j]));
            if (numu_map_find(&own->map, (struct numu_text){own->room.data, own->room.length}) !=
                NUMU_NONE) {
                complaint.code = NUMU_CODE_EVENT_COUNTED_TWICE;
                complaint.where = line->to;
            }
            NUMU_TRY(numu_judge_complain(own->judge, line->item, line->serials.list[j], &complaint,
                                         &run));
        }
        NUMU_TRY(numu_judge_tell_run(own->judge, line->item, &run));
    }
    return NUMU_OK;
}

static numu_status compare_sheets(struct own_serials *own, const struct numu_waiting_sheet *sheets,
                                  size_t count) {
    const struct numu_judge *judge = own->judge;
    NUMU_TRY(index_own(own, judge->event));
    for (size_t i = 0; i < count; i++) {
        struct numu_arena_mark mark = numu_arena_mark(judge->arena);
        struct numu_record earlier;
        numu_status status = numu_ledger_read(judge->ledger, judge->arena, judge->ledger->log,
                                              sheets[i].sequence, &earlier, NULL);
        if (status == NUMU_OK) {
            status = tell_repeated(own, &earlier.event);
        }
        numu_arena_rewind(judge->arena, mark);
        NUMU_TRY(status);
    }
    return NUMU_OK;
}

/* A serial stands on one sheet of a count. */
static numu_status check_serials_once(const struct numu_judge *judge,
                                      const struct numu_waiting_sheet *sheets, size_t count) {
    struct own_serials own = {.judge = judge};
    numu_buffer_init(&own.room, judge->ledger->heap, 0);
    numu_status status = compare_sheets(&own, sheets, count);
    numu_buffer_release(&own.room);
    return status;
}

static bool is_same_lot(const struct numu_event_line *line, struct numu_text account,
                        struct numu_text item, struct numu_text lot) {
    return !has_serials(line) && numu_text_is_equal(line->to, account) &&
           numu_text_is_equal(line->item, item) && numu_text_is_equal(line->lot, lot);
}

/* A lot at an account stands on one line of a count. */
static numu_status check_lots_once(const struct numu_judge *judge) {
    const struct numu_event *event = judge->event;
    struct numu_settled *lots;
    size_t count;
    NUMU_TRY(numu_sheet_lots_list(judge->state, judge->arena, judge->ledger->site, event->count,
                                  &lots, &count));
    for (size_t i = 0; i < event->line_count; i++) {
        const struct numu_event_line *line = &event->lines[i];
        bool is_twice = false;
        for (size_t j = 0; j < count && !is_twice; j++) {
            is_twice = is_same_lot(line, lots[j].account, lots[j].item, lots[j].lot);
        }
        for (size_t j = 0; j < i && !is_twice; j++) {
            const struct numu_event_line *other = &event->lines[j];
            is_twice = !has_serials(other) && is_same_lot(line, other->to, other->item, other->lot);
        }
        if (is_twice) {
            struct numu_text name;
            NUMU_TRY(numu_judge_name(judge, line, &name));
            say_sheet(judge, "kind.count_twice", name);
        }
    }
    return NUMU_OK;
}

/* Lots and quantities of a sheet, all at once; serials one by one. */
static numu_status check_sheet_moved(const struct numu_judge *judge) {
    const struct numu_event *event = judge->event;
    bool has_lots = false;
    for (size_t i = 0; i < event->line_count; i++) {
        has_lots = has_lots || !has_serials(&event->lines[i]);
    }
    if (has_lots || event->against > (int64_t)judge->ledger->head.size) {
        NUMU_TRY(check_moved(judge));
    }
    for (size_t i = 0; i < event->line_count; i++) {
        NUMU_TRY(check_still(judge, &event->lines[i]));
    }
    return NUMU_OK;
}

numu_status numu_judge_sheet(const struct numu_judge *judge) {
    struct numu_waiting_sheet *sheets;
    size_t count;
    bool is_old;
    NUMU_TRY(check_key(judge));
    NUMU_TRY(list_open(judge, judge->event->count, &sheets, &count, &is_old));
    if (is_old) {
        say_sheet(judge, "kind.count_lapsed", judge->event->count);
    } else if (count >= NUMU_COUNT_SHEETS_MAX) {
        say_sheet(judge, "kind.count_many_sheets", judge->event->count);
    }
    NUMU_TRY(check_sheet_moved(judge));
    NUMU_TRY(check_lots_once(judge));
    return check_serials_once(judge, sheets, count);
}

numu_status numu_judge_withdrawal(const struct numu_judge *judge) {
    struct numu_record sheet;
    struct numu_text value;
    char number[24];
    int64_t sequence;
    bool is_found;
    NUMU_TRY(numu_judge_find_referred(judge, judge->event, &sheet, &sequence, &is_found));
    if (!is_found) {
        return NUMU_OK;
    }
    NUMU_TRY(NUMU_STATE_KEY(judge->state, 'S', judge->ledger->site, sheet.event.count,
                            numu_sequence_text(sequence, number)));
    numu_status status = numu_state_get(judge->state, &value);
    NUMU_TRY(status == NUMU_NOT_FOUND ? NUMU_OK : status);
    if (sheet.event.type != NUMU_EVENT_sheet || status == NUMU_NOT_FOUND ||
        !numu_text_is(value, "open")) {
        say_sheet(judge, "kind.count_no_sheet", judge->event->ref);
    }
    return NUMU_OK;
}

/* --- closes --- */

/* `form`: what should stand there; NULL where the count is to be made anew. */
static numu_status say_close(const struct numu_judge *judge, const char *why, const char *form,
                             struct numu_text what) {
    struct numu_diagnostic finding = numu_judge_finding(judge, NUMU_CODE_EVENT_CLOSE);
    struct numu_reference of;
    struct numu_text count = judge->event->ref;
    if (numu_reference_parse(judge->event->ref, &of)) {
        NUMU_TRY(numu_ledger_name(judge->ledger, judge->arena, of.site, of.sequence, &count));
    }
    finding.arguments[0] = numu_argument_text(count);
    finding.arguments[1] = numu_argument_string(why);
    finding.arguments[2] = numu_argument_text(what);
    if (form != NULL) {
        finding.arguments[3] = numu_argument_string(form);
    }
    numu_report_add(judge->hard, &finding);
    return NUMU_OK;
}

/* Another count of the same was closed since [L2]. */
static numu_status check_overtaken(const struct numu_judge *judge, const struct numu_count_case *of,
                                   int64_t sequence) {
    struct numu_closed_count *closed;
    struct numu_overtaking by;
    struct numu_text name;
    struct numu_text what;
    size_t count;
    NUMU_TRY(numu_closed_counts_list(of->state, of->scratch, of->site, &closed, &count));
    NUMU_TRY(numu_count_find_overtaking(of, sequence, closed, count, &by));
    if (by.close < 0) {
        return NUMU_OK;
    }
    NUMU_TRY(numu_ledger_name(judge->ledger, judge->arena, judge->ledger->site, by.close, &name));
    NUMU_TRY(numu_text_printf(judge->arena, &what, "%.*s, %.*s", (int)by.item.length, by.item.data,
                              (int)name.length, name.data));
    return say_close(judge, "kind.close_overtaken", NULL, what);
}

/* Less is left of a lot or a quantity than was missing [L3]. */
static numu_status check_left(const struct numu_judge *judge, const struct numu_count_case *of,
                              int64_t sequence) {
    struct numu_settled *rows;
    size_t count;
    NUMU_TRY(numu_settled_list(judge->state, judge->arena, of->site, sequence, &rows, &count));
    NUMU_TRY(numu_settled_join(judge->arena, rows, &count));
    for (size_t i = 0; i < count; i++) {
        const struct numu_event_line line = {.item = rows[i].item, .lot = rows[i].lot};
        struct numu_text name;
        numu_quantity left;
        bool by_serial;
        NUMU_TRY(numu_settled_is_of_serials(of, &rows[i], &by_serial));
        NUMU_TRY(numu_balance_get(judge->state, of->site, rows[i].account, rows[i].item,
                                  rows[i].lot, &left));
        if (!by_serial && left < rows[i].book - rows[i].counted) {
            NUMU_TRY(numu_judge_name(judge, &line, &name));
            NUMU_TRY(say_close(judge, "kind.close_gone", NULL, name));
        }
    }
    return NUMU_OK;
}

/* The first serial of a line that a close of version 1 would put back: it left since. */
static numu_status find_put_back(const struct numu_judge *judge, const struct numu_count_case *of,
                                 const struct numu_event_line *line, int64_t sequence,
                                 struct numu_text *out) {
    struct numu_moves moves = {.sequence = -1};
    for (size_t i = 0; i < line->serials.count && out->length == 0; i++) {
        struct numu_serial now;
        bool moved = false;
        numu_status status = numu_serial_get(judge->state, judge->arena, of->site, line->item,
                                             line->serials.list[i], &now);
        if (status == NUMU_OK && numu_account_is_nominal(now.account)) {
            NUMU_TRY(numu_serial_has_moved(of, &now, sequence, &moves, &moved));
        }
        NUMU_TRY(status == NUMU_NOT_FOUND ? NUMU_OK : status);
        *out = moved ? line->serials.list[i] : nothing;
    }
    return NUMU_OK;
}

/* A close that an earlier numu wrote, which is applied as it always was. */
static numu_status check_former(const struct numu_judge *judge, const struct numu_count_case *of,
                                int64_t sequence) {
    struct numu_text serial = nothing;
    if (judge->event->version != NUMU_CLOSE_FORMER || of->count->sheets.count > 0) {
        return NUMU_OK;
    }
    for (size_t i = 0; i < of->count->line_count && serial.length == 0; i++) {
        NUMU_TRY(find_put_back(judge, of, &of->count->lines[i], sequence, &serial));
    }
    return serial.length > 0 ? say_close(judge, "kind.close_former", "kind.close_form", serial)
                             : NUMU_OK;
}

static numu_status check_closable(const struct numu_judge *judge, const struct numu_event *count,
                                  int64_t sequence) {
    const struct numu_count_case of = {.state = judge->state,
                                       .scratch = judge->arena,
                                       .log = judge->ledger->log,
                                       .site = judge->ledger->site,
                                       .count = count};
    NUMU_TRY(check_overtaken(judge, &of, sequence));
    NUMU_TRY(check_left(judge, &of, sequence));
    return check_former(judge, &of, sequence);
}

numu_status numu_judge_close(const struct numu_judge *judge) {
    struct numu_record count;
    struct numu_text value;
    char number[24];
    int64_t sequence;
    bool is_found;
    NUMU_TRY(numu_judge_find_referred(judge, judge->event, &count, &sequence, &is_found));
    if (!is_found) {
        return NUMU_OK;
    }
    if (count.event.type != NUMU_EVENT_count) {
        return say_close(judge, "kind.close_no_count", "kind.count_form",
                         numu_text_of(numu_event_kinds[count.event.type].name));
    }
    NUMU_TRY(NUMU_STATE_KEY(judge->state, 'p', judge->ledger->site,
                            numu_sequence_text(sequence, number)));
    numu_status status = numu_state_get(judge->state, &value);
    if (status == NUMU_OK && numu_text_is(numu_field_next(&value), "closed")) {
        numu_judge_say(judge, judge->hard, NUMU_CODE_EVENT_PROPOSAL, NUMU_TEXT("kind.closed"),
                       judge->event->ref);
        return NUMU_OK;
    }
    NUMU_TRY(status == NUMU_NOT_FOUND ? NUMU_OK : status);
    return check_closable(judge, &count.event, sequence);
}

/* --- counts --- */

numu_status numu_judge_count(const struct numu_judge *judge) {
    const struct numu_count_case of = {.state = judge->state,
                                       .scratch = judge->arena,
                                       .log = judge->ledger->log,
                                       .site = judge->ledger->site,
                                       .count = judge->event};
    struct numu_waiting_sheet *sheets;
    struct numu_settled *rows;
    numu_count_problem problem;
    struct numu_text what = nothing;
    size_t count;
    bool is_old;
    NUMU_TRY(list_open(judge, judge->event->key, &sheets, &count, &is_old));
    if (count == 0 && judge->event->sheets.count == 0) {
        return check_moved(judge);
    }
    if (judge->event->against > (int64_t)judge->ledger->head.size) {
        say_moved(judge);
    }
    if (is_old) {
        say_sheet(judge, "kind.count_lapsed", judge->event->key);
        return NUMU_OK;
    }
    NUMU_TRY(numu_count_settle(&of, &problem, &what, &rows, &count));
    if (problem != NUMU_COUNT_FINE) {
        say_sheet(judge, numu_count_problem_name(problem), what.length > 0 ? what : of.count->key);
    }
    return NUMU_OK;
}
