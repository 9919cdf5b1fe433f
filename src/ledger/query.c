/*
 * query.c - balances, movements, disputes, accounts (trace.c has the tracing).
 */
#include "ledger/query.h"

#include "ledger/canonical.h"
#include "ledger/count.h"
#include "ledger/dictionary.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

/* Scans the rows of a letter, of one site where that is given. */
static numu_status scan_rows(struct numu_state *state, char letter, struct numu_text site,
                             numu_entry_visit visit, void *data) {
    numu_status status = site.length > 0
                             ? NUMU_STATE_KEY(state, letter, site, (struct numu_text){NULL, 0})
                             : NUMU_STATE_KEY(state, letter, (struct numu_text){NULL, 0});
    NUMU_TRY(status);
    return numu_state_scan(state, visit, data);
}

/* --- balances --- */

struct balance_list {
    struct numu_arena *arena;
    const struct numu_balance_filter *filter;
    struct numu_buffer rows; /* of struct numu_balance */
};

static bool is_wanted(struct numu_text wanted, struct numu_text value) {
    return wanted.length == 0 || numu_text_is_equal(wanted, value);
}

static numu_status visit_balance(void *data, struct numu_text key, struct numu_text value) {
    struct balance_list *list = data;
    const struct numu_balance_filter *filter = list->filter;
    struct numu_balance row;
    struct numu_account account = {.side = NUMU_SIDE_TRANSIT};
    (void)numu_field_next(&key);
    row.site = numu_field_next(&key);
    row.account = numu_field_next(&key);
    row.item = numu_field_next(&key);
    row.lot = numu_field_next(&key);
    row.quantity = numu_field_number(value);
    (void)numu_account_parse(row.account, &account);
    bool is_place = account.side == NUMU_SIDE_HELD;
    if (!is_wanted(filter->site, row.site) || !is_wanted(filter->item, row.item) ||
        !is_wanted(filter->lot, row.lot) || (!filter->with_zero && row.quantity == 0) ||
        (!filter->with_nominal && !is_place) ||
        (!(is_place && is_wanted(filter->place, account.place)) &&
         !is_wanted(filter->place, row.account))) {
        return NUMU_OK;
    }
    NUMU_TRY(numu_text_copy(list->arena, row.site, &row.site));
    NUMU_TRY(numu_text_copy(list->arena, row.account, &row.account));
    NUMU_TRY(numu_text_copy(list->arena, row.item, &row.item));
    NUMU_TRY(numu_text_copy(list->arena, row.lot, &row.lot));
    return numu_buffer_append(&list->rows, &row, sizeof row);
}

numu_status numu_balances_list(struct numu_state *state, struct numu_arena *arena,
                               const struct numu_balance_filter *filter, struct numu_balance **out,
                               size_t *out_count) {
    struct balance_list list = {.arena = arena, .filter = filter};
    numu_buffer_init(&list.rows, arena->heap, 0);
    numu_status status = scan_rows(state, 'b', filter->site, visit_balance, &list);
    return NUMU_MOVE(&list.rows, status, arena, out, out_count);
}

struct site_list {
    struct numu_arena *arena;
    struct numu_text own;
    struct numu_buffer rows; /* of struct numu_text */
};

static numu_status visit_log(void *data, struct numu_text key, struct numu_text value) {
    struct site_list *list = data;
    struct numu_text site;
    (void)value;
    (void)numu_field_next(&key);
    if (numu_text_is_equal(key, list->own)) { /* it is the first already */
        return NUMU_OK;
    }
    NUMU_TRY(numu_text_copy(list->arena, numu_field_next(&key), &site));
    return numu_buffer_append(&list->rows, &site, sizeof site);
}

numu_status numu_sites_list(struct numu_ledger *ledger, struct numu_arena *arena,
                            struct numu_text **out, size_t *out_count) {
    struct site_list list = {.arena = arena, .own = ledger->site};
    const struct numu_store *store = &ledger->state.store;
    numu_buffer_init(&list.rows, arena->heap, 0);
    numu_status status = numu_buffer_append(&list.rows, &ledger->site, sizeof ledger->site);
    if (status == NUMU_OK) {
        status =
            store->port->scan(store->self, NUMU_SPACE_BOOK, NUMU_TEXT("log\t"), visit_log, &list);
    }
    return NUMU_MOVE(&list.rows, status, arena, out, out_count);
}

struct rebuilding {
    struct numu_ledger *ledger;
    struct numu_state *state;
    numu_instant at;
    int64_t before; /* sequence at which to stop; -1: none */
};

static numu_status apply_until(void *data, uint32_t log, const struct numu_record *record) {
    struct rebuilding *to = data;
    if (record->sequence == to->before) {
        return NUMU_STOPPED;
    }
    if (to->at != NUMU_NO_INSTANT && record->event.time > to->at) {
        return NUMU_OK;
    }
    numu_status status = numu_state_apply(to->state, &to->ledger->scratch, log, record);
    /* An approval whose proposal was written down later has nothing to approve yet. */
    return status == NUMU_INVALID ? NUMU_OK : status;
}

/* The state of some sites' logs in a store of its own. */
static numu_status build_again(struct rebuilding *to, const struct numu_text *sites, size_t count,
                               struct numu_state *out) {
    struct numu_store store;
    struct numu_ledger *ledger = to->ledger;
    NUMU_TRY(numu_store_memory_open(ledger->heap, &store));
    numu_state_init(out, ledger->heap, store, ledger->state.store);
    to->state = out;
    numu_status status = store.port->begin(store.self);
    for (size_t i = 0; i < count && status == NUMU_OK; i++) {
        status = numu_records_visit(ledger, sites[i], apply_until, to);
        status = status == NUMU_STOPPED ? NUMU_OK : status;
    }
    if (status == NUMU_OK) {
        status = store.port->commit(store.self);
    }
    if (status != NUMU_OK) {
        numu_state_release(out);
        (void)store.port->close(store.self);
    }
    return status;
}

numu_status numu_state_at(struct numu_ledger *ledger, numu_instant at, struct numu_state *out) {
    struct rebuilding to = {.ledger = ledger, .at = at, .before = -1};
    struct numu_text *sites;
    size_t count;
    NUMU_TRY(numu_sites_list(ledger, &ledger->arena, &sites, &count));
    return build_again(&to, sites, count, out);
}

numu_status numu_state_before(struct numu_ledger *ledger, struct numu_text site, int64_t sequence,
                              struct numu_state *out) {
    struct rebuilding to = {.ledger = ledger, .at = NUMU_NO_INSTANT, .before = sequence};
    return build_again(&to, &site, 1, out);
}

/* --- movements --- */

/* Books of others may say anything: a sum beyond all numbers is the largest one. */
static numu_quantity add_up(numu_quantity a, numu_quantity b) {
    numu_quantity sum;
    return numu_add(a, b, &sum) == NUMU_OK ? sum : INT64_MAX;
}

struct transit_list {
    struct numu_arena *arena;
    struct numu_buffer rows; /* of struct numu_transit */
};

static numu_status visit_movement(void *data, struct numu_text key, struct numu_text value) {
    struct transit_list *list = data;
    struct numu_transit row = {.state = NUMU_MOVEMENT_DONE};
    (void)numu_field_next(&key);
    row.dispatch = numu_field_next(&key);
    row.line = numu_field_number(numu_field_next(&key));
    row.sent = numu_field_number(numu_field_next(&value));
    row.received = numu_field_number(numu_field_next(&value));
    row.item = numu_field_next(&value);
    row.lot = numu_field_next(&value);
    row.day = (numu_day)numu_field_number(numu_field_next(&value));
    row.place = numu_field_next(&value);
    struct numu_transit *last =
        list->rows.length == 0
            ? NULL
            : (struct numu_transit *)(void *)(list->rows.data + list->rows.length - sizeof row);
    if (last != NULL && last->line == row.line &&
        numu_text_is_equal(last->dispatch, row.dispatch)) { /* another site's half */
        last->sent = add_up(last->sent, row.sent);
        last->received = add_up(last->received, row.received);
        if (row.sent > 0) {
            last->day = row.day;
            return numu_text_copy(list->arena, row.place, &last->place);
        }
        return NUMU_OK;
    }
    NUMU_TRY(numu_text_copy(list->arena, row.dispatch, &row.dispatch));
    NUMU_TRY(numu_text_copy(list->arena, row.item, &row.item));
    NUMU_TRY(numu_text_copy(list->arena, row.lot, &row.lot));
    NUMU_TRY(numu_text_copy(list->arena, row.place, &row.place));
    return numu_buffer_append(&list->rows, &row, sizeof row);
}

static numu_movement_state state_of(const struct numu_transit *row) {
    if (row->sent == 0) {
        return NUMU_MOVEMENT_PENDING;
    }
    return row->received > row->sent   ? NUMU_MOVEMENT_OVER
           : row->received < row->sent ? NUMU_MOVEMENT_TRANSIT
                                       : NUMU_MOVEMENT_DONE;
}

numu_status numu_transits_list(struct numu_state *state, struct numu_arena *arena,
                               struct numu_transit **out, size_t *out_count) {
    struct transit_list list = {.arena = arena};
    numu_buffer_init(&list.rows, arena->heap, 0);
    numu_status status = scan_rows(state, 'd', (struct numu_text){NULL, 0}, visit_movement, &list);
    struct numu_transit *rows = (void *)list.rows.data;
    for (size_t i = 0; i < list.rows.length / sizeof *rows; i++) {
        rows[i].state = state_of(&rows[i]);
    }
    return NUMU_MOVE(&list.rows, status, arena, out, out_count);
}

/* --- disputes --- */

struct dispute_list {
    struct numu_arena *arena;
    struct numu_buffer rows; /* of struct numu_dispute */
    struct numu_dispute now; /* the serial being looked at */
};

static numu_status end_dispute(struct dispute_list *list) {
    if (list->now.held > 1 || list->now.made > 1) {
        return numu_buffer_append(&list->rows, &list->now, sizeof list->now);
    }
    return NUMU_OK;
}

static numu_status visit_serial(void *data, struct numu_text key, struct numu_text value) {
    struct dispute_list *list = data;
    (void)numu_field_next(&key);
    struct numu_text item = numu_field_next(&key);
    struct numu_text serial = numu_field_next(&key);
    struct numu_text site = numu_field_next(&key);
    struct numu_text account = numu_field_next(&value);
    (void)numu_field_next(&value);
    int64_t made = numu_field_number(numu_field_next(&value));
    if (!numu_text_is_equal(item, list->now.item) ||
        !numu_text_is_equal(serial, list->now.serial)) {
        NUMU_TRY(end_dispute(list));
        list->now = (struct numu_dispute){0};
        NUMU_TRY(numu_text_copy(list->arena, item, &list->now.item));
        NUMU_TRY(numu_text_copy(list->arena, serial, &list->now.serial));
    }
    bool is_held = account.length > 0 && memchr(account.data, '/', account.length) != NULL;
    list->now.made += made;
    list->now.held += is_held;
    if (!is_held && made == 0) {
        return NUMU_OK;
    }
    return numu_text_printf(list->arena, &list->now.sites, "%.*s%s%.*s",
                            (int)list->now.sites.length,
                            list->now.sites.length == 0 ? "" : list->now.sites.data,
                            list->now.sites.length == 0 ? "" : " ", (int)site.length, site.data);
}

struct resolution {
    struct numu_arena *arena;
    struct numu_dispute *dispute;
};

static numu_status visit_resolution(void *data, struct numu_text key, struct numu_text value) {
    struct resolution *resolution = data;
    struct numu_text counts = numu_field_next(&value);
    (void)key;
    return numu_text_is_equal(numu_field_next(&value), resolution->dispute->sites)
               ? numu_text_copy(resolution->arena, counts, &resolution->dispute->counts)
               : NUMU_OK;
}

static numu_status find_resolution(struct numu_state *state, struct numu_arena *arena,
                                   struct numu_dispute *dispute) {
    struct resolution resolution = {arena, dispute};
    NUMU_TRY(
        NUMU_STATE_KEY(state, 'j', dispute->item, dispute->serial, (struct numu_text){NULL, 0}));
    return numu_state_scan(state, visit_resolution, &resolution);
}

numu_status numu_disputes_list(struct numu_state *state, struct numu_arena *arena,
                               struct numu_dispute **out, size_t *out_count) {
    struct dispute_list list = {.arena = arena};
    numu_buffer_init(&list.rows, arena->heap, 0);
    numu_status status = scan_rows(state, 's', (struct numu_text){NULL, 0}, visit_serial, &list);
    if (status == NUMU_OK) {
        status = end_dispute(&list);
    }
    struct numu_dispute *rows = (void *)list.rows.data;
    for (size_t i = 0; status == NUMU_OK && i < list.rows.length / sizeof *rows; i++) {
        status = find_resolution(state, arena, &rows[i]);
    }
    return NUMU_MOVE(&list.rows, status, arena, out, out_count);
}

numu_status numu_dispute_get(struct numu_state *state, struct numu_arena *arena,
                             struct numu_text item, struct numu_text serial,
                             struct numu_dispute *out) {
    struct dispute_list list = {.arena = arena};
    numu_buffer_init(&list.rows, arena->heap, 0);
    numu_status status = NUMU_STATE_KEY(state, 's', item, serial, (struct numu_text){NULL, 0});
    if (status == NUMU_OK) {
        status = numu_state_scan(state, visit_serial, &list);
    }
    numu_buffer_release(&list.rows);
    NUMU_TRY(status);
    *out = list.now;
    return list.now.held > 1 || list.now.made > 1 ? find_resolution(state, arena, out)
                                                  : NUMU_NOT_FOUND;
}

/* --- irregular acts --- */

struct irregular_list {
    struct numu_arena *arena;
    struct numu_buffer rows; /* of struct numu_irregular */
};

static numu_status visit_irregular(void *data, struct numu_text key, struct numu_text value) {
    struct irregular_list *list = data;
    struct numu_irregular row;
    NUMU_TRY(numu_text_copy(list->arena, key, &key));
    NUMU_TRY(numu_text_copy(list->arena, value, &value));
    (void)numu_field_next(&key);
    row.site = numu_field_next(&key);
    row.sequence = numu_field_number(numu_field_next(&key));
    row.second = numu_field_next(&value);
    row.reason = numu_field_next(&value);
    row.broken = numu_field_next(&value);
    return numu_buffer_append(&list->rows, &row, sizeof row);
}

numu_status numu_irregulars_list(struct numu_state *state, struct numu_arena *arena,
                                 struct numu_irregular **out, size_t *out_count) {
    struct irregular_list list = {.arena = arena};
    numu_buffer_init(&list.rows, arena->heap, 0);
    numu_status status = scan_rows(state, 'y', (struct numu_text){NULL, 0}, visit_irregular, &list);
    return NUMU_MOVE(&list.rows, status, arena, out, out_count);
}

/* --- material balance --- */

struct account_list {
    struct numu_arena *arena;
    struct numu_buffer rows; /* of struct numu_item_account */
};

static numu_status find_item(struct account_list *list, struct numu_text item,
                             struct numu_item_account **out) {
    struct numu_item_account *rows = (void *)list->rows.data;
    size_t count = list->rows.length / sizeof *rows;
    for (size_t i = count; i-- > 0;) {
        if (numu_text_is_equal(rows[i].item, item)) {
            *out = &rows[i];
            return NUMU_OK;
        }
    }
    struct numu_item_account row = {0};
    NUMU_TRY(numu_text_copy(list->arena, item, &row.item));
    NUMU_TRY(numu_buffer_append(&list->rows, &row, sizeof row));
    *out = (struct numu_item_account *)(void *)list->rows.data + count;
    return NUMU_OK;
}

/* Where a nominal balance goes; those that goods come from are negative in the book. */
static void add_nominal(struct numu_item_account *row, numu_side side, numu_quantity quantity) {
    switch (side) {
    case NUMU_SIDE_opening:
        row->opening -= quantity;
        break;
    case NUMU_SIDE_produced:
        row->produced -= quantity;
        break;
    case NUMU_SIDE_imported:
        row->imported -= quantity;
        break;
    case NUMU_SIDE_found:
    case NUMU_SIDE_seized:
        row->found -= quantity;
        break;
    case NUMU_SIDE_consumed:
        row->consumed += quantity;
        break;
    case NUMU_SIDE_exported:
        row->exported += quantity;
        break;
    case NUMU_SIDE_destroyed:
        row->destroyed += quantity;
        break;
    case NUMU_SIDE_lost:
        row->lost += quantity;
        break;
    case NUMU_SIDE_unaccounted:
        row->unaccounted += quantity;
        break;
    case NUMU_SIDE_error:
        row->corrected -= quantity;
        break;
    default:
        row->book += quantity;
        break;
    }
}

static numu_status add_balances(struct numu_ledger *ledger, struct account_list *list,
                                struct numu_text site) {
    struct numu_balance_filter filter = {.site = site, .with_nominal = true};
    struct numu_balance *rows;
    size_t count;
    NUMU_TRY(numu_balances_list(&ledger->state, list->arena, &filter, &rows, &count));
    for (size_t i = 0; i < count; i++) {
        struct numu_item_account *row;
        struct numu_account account;
        NUMU_TRY(find_item(list, rows[i].item, &row));
        if (numu_account_parse(rows[i].account, &account) && account.side != NUMU_SIDE_TRANSIT) {
            add_nominal(row, account.side, rows[i].quantity);
        }
    }
    return NUMU_OK;
}

struct half_list {
    struct account_list *list;
    struct numu_text site;
};

static numu_status visit_half(void *data, struct numu_text key, struct numu_text value) {
    struct half_list *half = data;
    struct numu_item_account *row;
    for (int i = 0; i < 3; i++) {
        (void)numu_field_next(&key);
    }
    if (!numu_text_is_equal(numu_field_next(&key), half->site)) {
        return NUMU_OK;
    }
    numu_quantity sent = numu_field_number(numu_field_next(&value));
    numu_quantity received = numu_field_number(numu_field_next(&value));
    NUMU_TRY(find_item(half->list, numu_field_next(&value), &row));
    row->sent = add_up(row->sent, sent);
    row->received = add_up(row->received, received);
    return NUMU_OK;
}

struct count_list {
    struct account_list *list;
    int64_t sequence;           /* of the count that the rows so far are of */
    struct numu_dictionary had; /* by it: account, item and lot, of which the book is told once */
};

/* Whether an earlier row of the same count is of the same. */
static numu_status is_told(struct count_list *counts, const struct numu_settled *row, bool *out) {
    struct numu_text key;
    NUMU_TRY(numu_settled_key(counts->list->arena, row, &key));
    *out = numu_dictionary_find(&counts->had, key) != NULL;
    return *out ? NUMU_OK
                : numu_dictionary_put(&counts->had, key, (struct numu_text){NULL, 0}, NULL);
}

/* Rows of counts, oldest first: of each item the last count stays. */
static numu_status visit_count(void *data, struct numu_text key, struct numu_text value) {
    struct count_list *counts = data;
    struct numu_item_account *row;
    for (int i = 0; i < 2; i++) {
        (void)numu_field_next(&key);
    }
    int64_t sequence = numu_field_number(numu_field_next(&key));
    const struct numu_settled settled = numu_settled_parse(value);
    NUMU_TRY(find_item(counts->list, settled.item, &row));
    if (sequence != counts->sequence) {
        struct numu_item_account *rows = (void *)counts->list->rows.data;
        for (size_t i = 0; i < counts->list->rows.length / sizeof *rows; i++) {
            rows[i].allowed = 0; /* used as a mark until the end: counted by this count */
        }
        counts->sequence = sequence;
        numu_dictionary_init(&counts->had, counts->list->arena);
    }
    bool was_told;
    NUMU_TRY(is_told(counts, &settled, &was_told));
    if (row->allowed == 0) {
        row->counted = 0;
        row->counted_book = 0;
        row->allowed = 1;
    }
    row->is_counted = true;
    row->counted_book += was_told ? 0 : settled.book;
    row->counted += settled.counted;
    return NUMU_OK;
}

/*
 * What weighing explains: two weighings with the relative standard error δ of a quantity q differ
 * by less than 2 δ q √2 in 95 % of cases (normal errors). Pieces are counted: nothing.
 */
static numu_status set_allowed(struct numu_ledger *ledger, struct numu_arena *arena,
                               struct numu_text site, struct numu_item_account *row) {
    struct numu_item item;
    row->allowed = 0;
    numu_status status = numu_item_get(&ledger->state, arena, site, row->item, &item);
    if (status == NUMU_OK && item.weighing_error > 0) {
        double error = (double)item.weighing_error / (double)NUMU_DECIMAL_ONE;
        double allowed = 2 * sqrt(2.0) * error * (double)row->counted_book;
        row->allowed = allowed < (double)NUMU_INTEGER_MAX ? (numu_quantity)allowed
                                                          : (numu_quantity)NUMU_INTEGER_MAX;
    }
    return status == NUMU_NOT_FOUND ? NUMU_OK : status;
}

numu_status numu_account_list(struct numu_ledger *ledger, struct numu_arena *arena,
                              struct numu_text site, struct numu_item_account **out,
                              size_t *out_count) {
    struct account_list list = {.arena = arena};
    struct half_list half = {&list, site};
    struct count_list counts = {.list = &list, .sequence = -1};
    numu_buffer_init(&list.rows, arena->heap, 0);
    numu_status status = add_balances(ledger, &list, site);
    if (status == NUMU_OK) {
        status = scan_rows(&ledger->state, 'd', (struct numu_text){NULL, 0}, visit_half, &half);
    }
    if (status == NUMU_OK) {
        status = scan_rows(&ledger->state, 'x', site, visit_count, &counts);
    }
    struct numu_item_account *rows = (void *)list.rows.data;
    for (size_t i = 0; status == NUMU_OK && i < list.rows.length / sizeof *rows; i++) {
        status = set_allowed(ledger, arena, site, &rows[i]);
    }
    return NUMU_MOVE(&list.rows, status, arena, out, out_count);
}

/* --- what was made --- */

static numu_status add_made(struct numu_arena *arena, const struct numu_event *event,
                            struct numu_dictionary *sums) {
    for (size_t i = 0; i < event->line_count; i++) {
        const struct numu_event_line *line = &event->lines[i];
        char month[NUMU_DAY_TEXT_BYTES];
        struct numu_text key;
        struct numu_text value;
        if (!numu_text_is(line->from, "produced") && !numu_text_is(line->from, "imported")) {
            continue;
        }
        (void)numu_month_format(numu_day_month(numu_instant_day(event->time)), month);
        NUMU_TRY(numu_text_printf(arena, &key, "%.*s\t%s\t%.*s", (int)line->item.length,
                                  line->item.data, month, (int)line->from.length, line->from.data));
        const struct numu_entry *before = numu_dictionary_find(sums, key);
        int64_t sum = before == NULL ? 0 : numu_field_number(before->value);
        NUMU_TRY(numu_add(sum, line->quantity, &sum));
        NUMU_TRY(numu_text_printf(arena, &value, "%" PRId64, sum));
        NUMU_TRY(numu_dictionary_put(sums, key, value, NULL));
    }
    return NUMU_OK;
}

struct producing {
    struct numu_arena *arena;
    struct numu_dictionary *sums;
    numu_month last;
};

static numu_status add_record(void *data, uint32_t log, const struct numu_record *record) {
    struct producing *to = data;
    (void)log;
    if (record->event.type == NUMU_EVENT_register) {
        return NUMU_OK;
    }
    numu_month month = numu_day_month(numu_instant_day(record->event.time));
    to->last = month > to->last ? month : to->last;
    return add_made(to->arena, &record->event, to->sums);
}

numu_status numu_produced_list(struct numu_ledger *ledger, struct numu_arena *arena,
                               struct numu_dictionary *out, numu_month *out_last) {
    struct numu_text *sites;
    size_t count;
    struct producing to = {.arena = arena, .sums = out, .last = NUMU_NO_MONTH};
    numu_dictionary_init(out, arena);
    NUMU_TRY(numu_sites_list(ledger, arena, &sites, &count));
    for (size_t i = 0; i < count; i++) {
        NUMU_TRY(numu_records_visit(ledger, sites[i], add_record, &to));
    }
    *out_last = to.last;
    return NUMU_OK;
}
