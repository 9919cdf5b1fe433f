/*
 * count.c - see count.h. Sheets are read from the log one after another, so that memory holds one
 * of them at a time; rows of the state say only which wait.
 */
#include "ledger/count.h"

#include <inttypes.h>
#include <string.h>

enum { SHEET_DAYS = 30 };

static const struct numu_text nothing = {NULL, 0};

bool numu_sheets_are_old(numu_instant first_recorded, numu_instant now) {
    return now > first_recorded + (numu_instant)SHEET_DAYS * 24 * 60 * 60;
}

/* --- rows --- */

struct row_list {
    struct numu_arena *arena;
    struct numu_buffer rows;
    struct numu_text count; /* empty: any */
};

/* Takes "S site count sequence [line]" apart; false where it is of another count. */
static bool parse_key(const struct row_list *list, struct numu_text key, struct numu_text *count,
                      int64_t *sequence, struct numu_text *line) {
    (void)numu_field_next(&key);
    (void)numu_field_next(&key);
    *count = numu_field_next(&key);
    *sequence = numu_field_number(numu_field_next(&key));
    *line = key;
    return list->count.length == 0 || numu_text_is_equal(list->count, *count);
}

static numu_status visit_sheet(void *data, struct numu_text key, struct numu_text value) {
    struct row_list *list = data;
    struct numu_waiting_sheet row = {.withdrawn = -1};
    struct numu_text line;
    if (!parse_key(list, key, &row.count, &row.sequence, &line) || line.length > 0) {
        return NUMU_OK;
    }
    if (numu_text_is(numu_field_next(&value), "withdrawn")) {
        row.withdrawn = numu_field_number(value);
    }
    NUMU_TRY(numu_text_copy(list->arena, row.count, &row.count));
    return numu_buffer_append(&list->rows, &row, sizeof row);
}

numu_status numu_settled_print(struct numu_buffer *value, const struct numu_settled *row) {
    numu_buffer_clear(value);
    return numu_buffer_printf(value, "%.*s\t%.*s\t%.*s\t%" PRId64 "\t%" PRId64,
                              (int)row->account.length, row->account.data, (int)row->item.length,
                              row->item.data, (int)row->lot.length,
                              row->lot.length == 0 ? "" : row->lot.data, row->book, row->counted);
}

numu_status numu_settled_key(struct numu_arena *arena, const struct numu_settled *row,
                             struct numu_text *out) {
    return numu_text_printf(arena, out, "%.*s\t%.*s\t%.*s", (int)row->account.length,
                            row->account.data, (int)row->item.length, row->item.data,
                            (int)row->lot.length, row->lot.length == 0 ? "" : row->lot.data);
}

struct numu_settled numu_settled_parse(struct numu_text value) {
    struct numu_settled row = {.line = 0};
    row.account = numu_field_next(&value);
    row.item = numu_field_next(&value);
    row.lot = numu_field_next(&value);
    row.book = numu_field_number(numu_field_next(&value));
    row.counted = numu_field_number(numu_field_next(&value));
    return row;
}

static numu_status add_settled(struct row_list *list, struct numu_text value) {
    NUMU_TRY(numu_text_copy(list->arena, value, &value));
    struct numu_settled row = numu_settled_parse(value);
    return numu_buffer_append(&list->rows, &row, sizeof row);
}

static numu_status visit_lot(void *data, struct numu_text key, struct numu_text value) {
    struct row_list *list = data;
    struct numu_text count;
    struct numu_text line;
    int64_t sequence;
    if (!parse_key(list, key, &count, &sequence, &line) || line.length == 0) {
        return NUMU_OK;
    }
    return add_settled(list, value);
}

static numu_status scan_sheets(struct numu_state *state, struct numu_text site,
                               struct numu_text count, numu_entry_visit visit, void *data) {
    if (count.length == 0) {
        NUMU_TRY(NUMU_STATE_KEY(state, 'S', site, nothing));
    } else {
        NUMU_TRY(NUMU_STATE_KEY(state, 'S', site, count, nothing));
    }
    return numu_state_scan(state, visit, data);
}

numu_status numu_waiting_sheets_list(struct numu_state *state, struct numu_arena *arena,
                                     struct numu_text site, struct numu_text count,
                                     struct numu_waiting_sheet **out, size_t *out_count) {
    struct row_list list = {.arena = arena, .count = count};
    numu_buffer_init(&list.rows, arena->heap, 0);
    numu_status status = scan_sheets(state, site, count, visit_sheet, &list);
    return NUMU_MOVE(&list.rows, status, arena, out, out_count);
}

numu_status numu_sheet_lots_list(struct numu_state *state, struct numu_arena *arena,
                                 struct numu_text site, struct numu_text count,
                                 struct numu_settled **out, size_t *out_count) {
    struct row_list list = {.arena = arena, .count = count};
    numu_buffer_init(&list.rows, arena->heap, 0);
    numu_status status = scan_sheets(state, site, count, visit_lot, &list);
    return NUMU_MOVE(&list.rows, status, arena, out, out_count);
}

static numu_status put_lot(struct numu_state *state, struct numu_text site, struct numu_text count,
                           struct numu_text sequence, int64_t number,
                           const struct numu_event_line *line) {
    struct numu_settled row = {
        .account = line->to, .item = line->item, .lot = line->lot, .counted = line->quantity};
    char text[24];
    NUMU_TRY(numu_balance_get(state, site, row.account, row.item, row.lot, &row.book));
    NUMU_TRY(NUMU_STATE_KEY(state, 'S', site, count, sequence, numu_sequence_text(number, text)));
    NUMU_TRY(numu_settled_print(&state->value, &row));
    return numu_state_put(state);
}

numu_status numu_sheet_put(struct numu_state *state, struct numu_text site, int64_t sequence,
                           const struct numu_event *sheet) {
    char text[24];
    struct numu_text number = numu_sequence_text(sequence, text);
    NUMU_TRY(NUMU_STATE_KEY(state, 'S', site, sheet->count, number));
    numu_buffer_clear(&state->value);
    NUMU_TRY(numu_buffer_append_string(&state->value, "open"));
    NUMU_TRY(numu_state_put(state));
    for (size_t i = 0; i < sheet->line_count; i++) {
        if (sheet->lines[i].serials.count == 0) {
            NUMU_TRY(put_lot(state, site, sheet->count, number, (int64_t)i, &sheet->lines[i]));
        }
    }
    return NUMU_OK;
}

/* Removes the rows of a sheet's lots. */
static numu_status remove_lots(struct numu_state *state, struct numu_text site,
                               const struct numu_record *sheet) {
    char of_sheet[24];
    char of_line[24];
    struct numu_text sequence = numu_sequence_text(sheet->sequence, of_sheet);
    for (size_t i = 0; i < sheet->event.line_count; i++) {
        if (sheet->event.lines[i].serials.count > 0) {
            continue;
        }
        NUMU_TRY(NUMU_STATE_KEY(state, 'S', site, sheet->event.count, sequence,
                                numu_sequence_text((int64_t)i, of_line)));
        NUMU_TRY(numu_state_remove(state));
    }
    return NUMU_OK;
}

numu_status numu_sheet_withdraw(struct numu_state *state, struct numu_text site,
                                const struct numu_record *sheet, int64_t by) {
    char text[24];
    struct numu_text value;
    struct numu_text sequence = numu_sequence_text(sheet->sequence, text);
    NUMU_TRY(NUMU_STATE_KEY(state, 'S', site, sheet->event.count, sequence));
    numu_status status = numu_state_get(state, &value);
    if (status == NUMU_NOT_FOUND || (status == NUMU_OK && !numu_text_is(value, "open"))) {
        return NUMU_INVALID;
    }
    NUMU_TRY(status);
    numu_buffer_clear(&state->value);
    NUMU_TRY(numu_buffer_printf(&state->value, "withdrawn\t%" PRId64, by));
    NUMU_TRY(numu_state_put(state));
    return remove_lots(state, site, sheet);
}

/* A sheet that its count has taken waits no more. */
static numu_status take_sheet(void *data, const struct numu_record *sheet) {
    struct numu_state *state = data;
    char text[24];
    NUMU_TRY(NUMU_STATE_KEY(state, 'S', sheet->site, sheet->event.count,
                            numu_sequence_text(sheet->sequence, text)));
    NUMU_TRY(numu_state_remove(state));
    return remove_lots(state, sheet->site, sheet);
}

numu_status numu_count_take(const struct numu_count_case *of) {
    return numu_count_visit(of, take_sheet, of->state);
}

/* --- lines of a count that is being told --- */

struct joining {
    struct numu_arena *arena;
    struct numu_event_line *lines;
    size_t count;
    numu_row *line_of; /* by line of the draft */
};

static numu_status print_line(struct numu_arena *arena, const struct numu_event_line *line,
                              struct numu_text *out) {
    const struct numu_text parts[] = {line->item, line->lot, line->from, line->to};
    struct numu_buffer text;
    numu_buffer_init(&text, arena->heap, 0);
    numu_status status = numu_buffer_append_char(&text, line->serials.count > 0 ? 's' : 'q');
    for (size_t i = 0; status == NUMU_OK && i < sizeof parts / sizeof *parts; i++) {
        status = numu_buffer_append_char(&text, '\t');
        if (status == NUMU_OK) {
            status = numu_buffer_append(&text, parts[i].data, parts[i].length);
        }
    }
    if (status == NUMU_OK) {
        status = numu_text_copy(arena, (struct numu_text){text.data, text.length}, out);
    }
    numu_buffer_release(&text);
    return status;
}

/* Finds the line that each becomes part of, and adds quantities up. */
static numu_status group_lines(struct joining *joining, const struct numu_event *draft) {
    struct numu_text *keys;
    struct numu_map map;
    NUMU_TRY(NUMU_TAKE(joining->arena, &keys, draft->line_count));
    NUMU_TRY(NUMU_TAKE(joining->arena, &joining->lines, draft->line_count));
    NUMU_TRY(NUMU_TAKE(joining->arena, &joining->line_of, draft->line_count));
    NUMU_TRY(numu_map_init(&map, joining->arena, keys, draft->line_count));
    for (size_t i = 0; i < draft->line_count; i++) {
        const struct numu_event_line *line = &draft->lines[i];
        size_t next = joining->count;
        NUMU_TRY(print_line(joining->arena, line, &keys[next]));
        numu_row known = numu_map_add(&map, (numu_row)next);
        joining->line_of[i] = known == NUMU_NONE ? (numu_row)next : known;
        if (known == NUMU_NONE) {
            joining->lines[joining->count++] = *line;
            continue;
        }
        struct numu_event_line *joined = &joining->lines[known];
        NUMU_TRY(numu_add(joined->quantity, line->quantity, &joined->quantity));
        joined->serials.count += line->serials.count;
    }
    return NUMU_OK;
}

/* The serials of all lines that became one, in order. */
static numu_status gather_serials(struct joining *joining, const struct numu_event *draft) {
    struct numu_text **lists;
    NUMU_TRY(NUMU_TAKE(joining->arena, &lists, joining->count));
    for (size_t i = 0; i < joining->count; i++) {
        NUMU_TRY(NUMU_TAKE(joining->arena, &lists[i], joining->lines[i].serials.count));
        joining->lines[i].serials.list = lists[i];
    }
    for (size_t i = 0; i < draft->line_count; i++) {
        const struct numu_texts *serials = &draft->lines[i].serials;
        struct numu_text **list = &lists[joining->line_of[i]];
        if (serials->count > 0) {
            memcpy(*list, serials->list, serials->count * sizeof **list);
            *list += serials->count;
        }
    }
    return NUMU_OK;
}

numu_status numu_count_join_lines(struct numu_arena *arena, struct numu_event *count) {
    struct joining joining = {.arena = arena};
    NUMU_TRY(group_lines(&joining, count));
    if (joining.count == count->line_count) {
        return NUMU_OK;
    }
    NUMU_TRY(gather_serials(&joining, count));
    count->lines = joining.lines;
    count->line_count = joining.count;
    return NUMU_OK;
}

/* --- sheets of a count --- */

/* One sheet that the count names, with its leaf. */
static numu_status visit_named(const struct numu_count_case *of, struct numu_text name,
                               numu_sheet_visit visit, void *data) {
    struct numu_record sheet;
    struct numu_sha256 leaf;
    struct numu_reference reference;
    char hex[NUMU_SHA256_HEX_BYTES];
    NUMU_TRY(
        numu_state_read_reference(of->state, of->scratch, of->log, of->site, name, &sheet, &leaf));
    bool is_good = numu_reference_parse(name, &reference) &&
                   numu_text_is(reference.hash, numu_sha256_hex(&leaf, hex)) &&
                   sheet.event.type == NUMU_EVENT_sheet &&
                   numu_text_is_equal(sheet.event.count, of->count->key);
    return is_good ? visit(data, &sheet) : NUMU_INVALID;
}

numu_status numu_count_visit(const struct numu_count_case *of, numu_sheet_visit visit, void *data) {
    for (size_t i = 0; i < of->count->sheets.count; i++) {
        struct numu_arena_mark mark = numu_arena_mark(of->scratch);
        numu_status status = visit_named(of, of->count->sheets.list[i], visit, data);
        numu_arena_rewind(of->scratch, mark);
        NUMU_TRY(status);
    }
    return NUMU_OK;
}

const char *numu_count_problem_name(numu_count_problem problem) {
    static const char *const names[] = {NULL, "kind.count_other_sheets", "kind.count_other_total",
                                        "kind.count_gone"};
    return names[problem];
}

/* The totals of a count, held against its sheets. */
struct settling {
    const struct numu_count_case *of;
    struct numu_text *keys; /* account and item, a line of the count each */
    struct numu_map map;
    struct quantities {
        numu_quantity seen; /* on the sheets */
        numu_quantity left; /* of that, by events since, without what came from other lines */
        bool has_lots;
        bool has_serials; /* the item has */
    } * lines;
    struct numu_buffer key; /* the one looked for last */
};

static numu_status print_key(struct numu_buffer *buffer, struct numu_text account,
                             struct numu_text item) {
    numu_buffer_clear(buffer);
    return numu_buffer_printf(buffer, "%.*s\t%.*s", (int)account.length, account.data,
                              (int)item.length, item.data);
}

/* A serial that left its account after the sheet, maybe for another that is counted. */
static numu_status add_left(struct settling *settling, const struct numu_event_line *line,
                            struct numu_text account, numu_row row) {
    NUMU_TRY(print_key(&settling->key, account, line->item));
    numu_row other =
        numu_map_find(&settling->map, (struct numu_text){settling->key.data, settling->key.length});
    settling->lines[row].left += NUMU_QUANTITY_ONE;
    if (other != NUMU_NONE) {
        settling->lines[other].left -= NUMU_QUANTITY_ONE;
    }
    return NUMU_OK;
}

static numu_status add_serials(struct settling *settling, const struct numu_record *sheet,
                               const struct numu_event_line *line, numu_row row) {
    const struct numu_count_case *of = settling->of;
    for (size_t i = 0; i < line->serials.count; i++) {
        struct numu_serial now;
        numu_status status = numu_serial_get(of->state, of->scratch, of->site, line->item,
                                             line->serials.list[i], &now);
        if (status == NUMU_OK && now.sequence > sheet->sequence &&
            !numu_text_is_equal(now.account, line->to)) {
            NUMU_TRY(add_left(settling, line, now.account, row));
        }
        NUMU_TRY(status == NUMU_NOT_FOUND ? NUMU_OK : status);
    }
    return NUMU_OK;
}

static numu_status add_sheet(void *data, const struct numu_record *sheet) {
    struct settling *settling = data;
    for (size_t i = 0; i < sheet->event.line_count; i++) {
        const struct numu_event_line *line = &sheet->event.lines[i];
        NUMU_TRY(print_key(&settling->key, line->to, line->item));
        numu_row row = numu_map_find(&settling->map,
                                     (struct numu_text){settling->key.data, settling->key.length});
        if (row == NUMU_NONE) {
            return NUMU_NOT_FOUND;
        }
        struct quantities *sums = &settling->lines[row];
        sums->has_lots = sums->has_lots || line->serials.count == 0;
        NUMU_TRY(numu_add(sums->seen, line->quantity, &sums->seen));
        NUMU_TRY(add_serials(settling, sheet, line, row));
    }
    return NUMU_OK;
}

/* Whether the count names the sheets that wait, and no others. */
static numu_status names_all(const struct numu_count_case *of, bool *out) {
    struct numu_waiting_sheet *waiting;
    size_t count;
    size_t at = 0;
    bool is_good = true;
    NUMU_TRY(numu_waiting_sheets_list(of->state, of->scratch, of->site, of->count->key, &waiting,
                                      &count));
    for (size_t i = 0; i < count; i++) {
        struct numu_reference name;
        if (waiting[i].withdrawn >= 0) {
            continue;
        }
        is_good = is_good && at < of->count->sheets.count &&
                  numu_reference_parse(of->count->sheets.list[at], &name) &&
                  name.sequence == waiting[i].sequence;
        at++;
    }
    *out = is_good && at == of->count->sheets.count;
    return NUMU_OK;
}

static bool say(numu_count_problem problem, struct numu_text what, numu_count_problem *out_problem,
                struct numu_text *out_what) {
    *out_problem = problem;
    *out_what = what;
    return false;
}

/* The lines of the count by account and item; false where two are of the same. */
static numu_status index_lines(struct settling *settling, bool *out_good,
                               numu_count_problem *problem, struct numu_text *what) {
    const struct numu_count_case *of = settling->of;
    size_t count = of->count->line_count;
    NUMU_TRY(NUMU_TAKE(of->scratch, &settling->keys, count));
    NUMU_TRY(NUMU_TAKE(of->scratch, &settling->lines, count));
    NUMU_TRY(numu_map_init(&settling->map, of->scratch, settling->keys, count));
    *out_good = true;
    for (size_t i = 0; i < count; i++) {
        const struct numu_event_line *line = &of->count->lines[i];
        struct numu_item item = {.control = nothing};
        NUMU_TRY(print_key(&settling->key, line->to, line->item));
        NUMU_TRY(numu_text_copy(of->scratch,
                                (struct numu_text){settling->key.data, settling->key.length},
                                &settling->keys[i]));
        if (numu_map_add(&settling->map, (numu_row)i) != NUMU_NONE) {
            *out_good = say(NUMU_COUNT_OTHER_TOTAL, line->item, problem, what);
        }
        numu_status status = numu_item_get(of->state, of->scratch, of->site, line->item, &item);
        NUMU_TRY(status == NUMU_NOT_FOUND ? NUMU_OK : status);
        settling->lines[i] =
            (struct quantities){.has_serials = numu_text_is(item.control, "serial")};
    }
    return NUMU_OK;
}

/* Adds the sheets up, and holds the totals of the count against the sums. */
static numu_status add_up(struct settling *settling, bool *out_good, numu_count_problem *problem,
                          struct numu_text *what) {
    const struct numu_count_case *of = settling->of;
    NUMU_TRY(index_lines(settling, out_good, problem, what));
    if (!*out_good) {
        return NUMU_OK;
    }
    numu_status status = numu_count_visit(of, add_sheet, settling);
    if (status == NUMU_INVALID) {
        *out_good = say(NUMU_COUNT_OTHER_SHEETS, nothing, problem, what);
        return NUMU_OK;
    }
    if (status == NUMU_NOT_FOUND) { /* an item at an account of which the count has no line */
        struct numu_text key = {settling->key.data, settling->key.length};
        (void)numu_field_next(&key);
        NUMU_TRY(numu_text_copy(of->scratch, key, what));
        *out_good = say(NUMU_COUNT_OTHER_TOTAL, *what, problem, what);
        return NUMU_OK;
    }
    NUMU_TRY(status);
    for (size_t i = 0; i < of->count->line_count; i++) {
        const struct numu_event_line *line = &of->count->lines[i];
        const struct quantities *sums = &settling->lines[i];
        if (sums->seen != line->quantity || (!sums->has_lots && !sums->has_serials)) {
            *out_good = say(NUMU_COUNT_OTHER_TOTAL, line->item, problem, what);
        }
    }
    return NUMU_OK;
}

static numu_status settle_serials(const struct settling *settling, struct numu_buffer *rows) {
    const struct numu_count_case *of = settling->of;
    for (size_t i = 0; i < of->count->line_count; i++) {
        const struct numu_event_line *line = &of->count->lines[i];
        struct numu_settled row = {.account = line->to, .item = line->item};
        if (!settling->lines[i].has_serials) {
            continue;
        }
        row.counted = settling->lines[i].seen - settling->lines[i].left;
        NUMU_TRY(numu_balance_get(of->state, of->site, row.account, row.item, row.lot, &row.book));
        NUMU_TRY(numu_buffer_append(rows, &row, sizeof row));
    }
    return NUMU_OK;
}

/* The difference stays what it was on the sheet. */
static numu_status settle_lots(const struct numu_count_case *of, bool *out_good,
                               numu_count_problem *problem, struct numu_text *what,
                               struct numu_buffer *rows) {
    struct numu_settled *lots;
    size_t count;
    NUMU_TRY(numu_sheet_lots_list(of->state, of->scratch, of->site, of->count->key, &lots, &count));
    for (size_t i = 0; i < count; i++) {
        struct numu_settled row = {
            .account = lots[i].account, .item = lots[i].item, .lot = lots[i].lot};
        NUMU_TRY(numu_balance_get(of->state, of->site, row.account, row.item, row.lot, &row.book));
        numu_status status = numu_add(lots[i].counted - lots[i].book, row.book, &row.counted);
        if (status != NUMU_OK || row.counted < 0) {
            *out_good = say(NUMU_COUNT_GONE, lots[i].item, problem, what);
        }
        NUMU_TRY(numu_buffer_append(rows, &row, sizeof row));
    }
    return NUMU_OK;
}

static numu_status settle(struct settling *settling, bool *out_good, numu_count_problem *problem,
                          struct numu_text *what, struct numu_buffer *rows) {
    NUMU_TRY(add_up(settling, out_good, problem, what));
    if (*out_good) {
        NUMU_TRY(settle_serials(settling, rows));
        NUMU_TRY(settle_lots(settling->of, out_good, problem, what, rows));
    }
    return NUMU_OK;
}

numu_status numu_count_settle(const struct numu_count_case *of, numu_count_problem *out_problem,
                              struct numu_text *out_what, struct numu_settled **out,
                              size_t *out_count) {
    struct settling settling = {.of = of};
    struct numu_buffer rows;
    bool is_good;
    *out_problem = NUMU_COUNT_FINE;
    *out_count = 0;
    NUMU_TRY(names_all(of, &is_good));
    if (!is_good) {
        (void)say(NUMU_COUNT_OTHER_SHEETS, nothing, out_problem, out_what);
        return NUMU_OK;
    }
    numu_buffer_init(&rows, of->scratch->heap, 0);
    numu_buffer_init(&settling.key, of->scratch->heap, 0);
    numu_status status = settle(&settling, &is_good, out_problem, out_what, &rows);
    numu_buffer_release(&settling.key);
    if (!is_good) {
        numu_buffer_clear(&rows);
    }
    return NUMU_MOVE(&rows, status, of->scratch, out, out_count);
}

static numu_status visit_settled(void *data, struct numu_text key, struct numu_text value) {
    (void)key;
    return add_settled(data, value);
}

numu_status numu_settled_list(struct numu_state *state, struct numu_arena *arena,
                              struct numu_text site, int64_t sequence, struct numu_settled **out,
                              size_t *out_count) {
    struct row_list list = {.arena = arena};
    char text[24];
    NUMU_TRY(NUMU_STATE_KEY(state, 'x', site, numu_sequence_text(sequence, text), nothing));
    numu_buffer_init(&list.rows, arena->heap, 0);
    numu_status status = numu_state_scan(state, visit_settled, &list);
    NUMU_TRY(NUMU_MOVE(&list.rows, status, arena, out, out_count));
    for (size_t i = 0; i < *out_count; i++) {
        (*out)[i].line = i;
    }
    return NUMU_OK;
}

numu_status numu_settled_join(struct numu_arena *arena, struct numu_settled *rows, size_t *count) {
    struct numu_text *keys;
    struct numu_map map;
    size_t joined = 0;
    NUMU_TRY(NUMU_TAKE(arena, &keys, *count));
    NUMU_TRY(numu_map_init(&map, arena, keys, *count));
    for (size_t i = 0; i < *count; i++) {
        NUMU_TRY(numu_settled_key(arena, &rows[i], &keys[joined]));
        numu_row known = numu_map_add(&map, (numu_row)joined);
        if (known == NUMU_NONE) {
            rows[joined++] = rows[i];
        } else {
            NUMU_TRY(numu_add(rows[known].counted, rows[i].counted, &rows[known].counted));
        }
    }
    *count = joined;
    return NUMU_OK;
}

numu_status numu_settled_is_of_serials(const struct numu_count_case *of,
                                       const struct numu_settled *row, bool *out) {
    struct numu_item item = {.control = nothing};
    bool is_line = of->count->sheets.count == 0 && row->line < of->count->line_count;
    numu_status status = numu_item_get(of->state, of->scratch, of->site, row->item, &item);
    *out = (status == NUMU_OK && numu_text_is(item.control, "serial")) ||
           (is_line && of->count->lines[row->line].serials.count > 0);
    return status == NUMU_NOT_FOUND ? NUMU_OK : status;
}

/* --- serials that were counted --- */

struct reading {
    struct numu_buffer lines;     /* item, serial and account: names have no line ends */
    struct numu_buffer sequences; /* of int64_t, a serial each */
};

static numu_status print_serial(struct numu_buffer *buffer, struct numu_text item,
                                struct numu_text serial) {
    NUMU_TRY(numu_buffer_append(buffer, item.data, item.length));
    NUMU_TRY(numu_buffer_append_char(buffer, '\t'));
    return numu_buffer_append(buffer, serial.data, serial.length);
}

static numu_status read_serials(struct reading *reading, const struct numu_event *event,
                                int64_t sequence) {
    for (size_t i = 0; i < event->line_count; i++) {
        const struct numu_event_line *line = &event->lines[i];
        for (size_t j = 0; j < line->serials.count; j++) {
            NUMU_TRY(print_serial(&reading->lines, line->item, line->serials.list[j]));
            NUMU_TRY(numu_buffer_append_char(&reading->lines, '\t'));
            NUMU_TRY(numu_buffer_append(&reading->lines, line->to.data, line->to.length));
            NUMU_TRY(numu_buffer_append_char(&reading->lines, '\n'));
            NUMU_TRY(numu_buffer_append(&reading->sequences, &sequence, sizeof sequence));
        }
    }
    return NUMU_OK;
}

static numu_status read_sheet(void *data, const struct numu_record *sheet) {
    return read_serials(data, &sheet->event, sheet->sequence);
}

/* The lines taken apart, in the arena, and the map of them. */
static numu_status index_serials(const struct reading *reading, struct numu_arena *arena,
                                 struct numu_counted_serials *out) {
    const int64_t *sequences = (const void *)reading->sequences.data;
    size_t count = reading->sequences.length / sizeof *sequences;
    struct numu_text rest;
    NUMU_TRY(numu_text_copy(arena, (struct numu_text){reading->lines.data, reading->lines.length},
                            &rest));
    NUMU_TRY(NUMU_TAKE(arena, &out->keys, count));
    NUMU_TRY(NUMU_TAKE(arena, &out->seen, count));
    NUMU_TRY(numu_map_init(&out->map, arena, out->keys, count));
    out->count = count;
    for (size_t i = 0; i < count; i++) {
        size_t end = numu_text_find(rest, NUMU_TEXT("\n"), 0);
        struct numu_text line = {rest.data, end};
        size_t item = numu_field_next(&line).length;
        size_t serial = numu_field_next(&line).length;
        out->keys[i] = (struct numu_text){rest.data, item + 1 + serial};
        out->seen[i] = (struct numu_seen){.account = line, .sequence = sequences[i]};
        rest = (struct numu_text){rest.data + end + 1, rest.length - end - 1};
        (void)numu_map_add(&out->map, (numu_row)i);
    }
    return NUMU_OK;
}

numu_status numu_counted_serials_read(const struct numu_count_case *of, int64_t sequence,
                                      struct numu_counted_serials *out) {
    struct reading reading;
    numu_buffer_init(&reading.lines, of->scratch->heap, 0);
    numu_buffer_init(&reading.sequences, of->scratch->heap, 0);
    numu_buffer_init(&out->room, of->scratch->heap, 0);
    numu_status status = read_serials(&reading, of->count, sequence);
    if (status == NUMU_OK) {
        status = numu_count_visit(of, read_sheet, &reading);
    }
    if (status == NUMU_OK) {
        status = index_serials(&reading, of->scratch, out);
    }
    numu_buffer_release(&reading.lines);
    numu_buffer_release(&reading.sequences);
    return status;
}

void numu_counted_serials_release(struct numu_counted_serials *counted) {
    numu_buffer_release(&counted->room);
}

numu_status numu_counted_serials_find(struct numu_counted_serials *counted, struct numu_text item,
                                      struct numu_text serial, const struct numu_seen **out) {
    struct numu_buffer *room = &counted->room;
    numu_buffer_clear(room);
    NUMU_TRY(print_serial(room, item, serial));
    numu_row row = numu_map_find(&counted->map, (struct numu_text){room->data, room->length});
    *out = row == NUMU_NONE ? NULL : &counted->seen[row];
    return NUMU_OK;
}
