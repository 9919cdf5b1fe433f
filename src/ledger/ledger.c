/*
 * ledger.c - opening, recording, heads. The book (store.h) holds
 *
 *     meta ledger | site | epoch         names
 *     log site                           number of a log (of the own one: where that is not 0)
 *     epoch site epoch                   size of the last common head, number of the log that ended
 *                                        there (-1: not known here), its epoch
 *     head log size                      signed heads, by the log's name
 *     refused number                     time, code, words of refused attempts
 */
#include "ledger/ledger.h"

#include "ledger/count.h"
#include "ledger/epoch.h"
#include "ledger/tile.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static struct numu_text text_of(const struct numu_buffer *buffer) {
    return (struct numu_text){buffer->data, buffer->length};
}

/* --- the book --- */

static numu_status book_get(struct numu_ledger *ledger, const char *key, struct numu_text *out) {
    struct numu_store *store = &ledger->state.store;
    NUMU_TRY(
        store->port->get(store->self, NUMU_SPACE_BOOK, numu_text_of(key), &ledger->state.value));
    return numu_text_copy(&ledger->arena, text_of(&ledger->state.value), out);
}

static numu_status book_put(struct numu_ledger *ledger, struct numu_text key,
                            struct numu_text value) {
    struct numu_store *store = &ledger->state.store;
    return store->port->put(store->self, NUMU_SPACE_BOOK, key, value);
}

/* --- the tree --- */

enum { STEP = 8 }; /* levels between rows of roots */

static numu_status put_root(struct numu_state *state, struct numu_text site, unsigned level,
                            uint64_t index, const struct numu_sha256 *hash) {
    char hex[NUMU_SHA256_HEX_BYTES];
    char number[24];
    char place[24];
    (void)snprintf(place, sizeof place, "%02u", level);
    NUMU_TRY(NUMU_STATE_KEY(state, 'w', site, numu_text_of(place),
                            numu_sequence_text((int64_t)index, number)));
    numu_buffer_clear(&state->value);
    NUMU_TRY(numu_buffer_append_string(&state->value, numu_sha256_hex(hash, hex)));
    return numu_state_put(state);
}

/* Grows the frontier as numu_frontier_append does, and keeps what it passes on the way up. */
numu_status numu_log_append(struct numu_state *state, struct numu_text site,
                            struct numu_log_head *head, const struct numu_sha256 *leaf) {
    struct numu_frontier *frontier = &head->frontier;
    struct numu_sha256 hash = *leaf;
    unsigned level = 0;
    if (frontier->size >> (NUMU_MERKLE_HEIGHT_MAX - 1) != 0) {
        return NUMU_LIMIT;
    }
    for (; (frontier->size >> level & 1) != 0;) {
        NUMU_TRY(numu_merkle_node(&frontier->peak[level], &hash, &hash));
        level++;
        if (level % STEP == 0) {
            NUMU_TRY(put_root(state, site, level, frontier->size >> level, &hash));
        }
    }
    frontier->peak[level] = hash;
    head->size = ++frontier->size;
    return NUMU_OK;
}

static bool parse_hex(struct numu_text text, struct numu_sha256 *out) {
    if (text.length != NUMU_SHA256_HEX_BYTES - 1) {
        return false;
    }
    for (size_t i = 0; i < text.length; i++) {
        char c = text.data[i];
        unsigned digit = c >= '0' && c <= '9'   ? (unsigned)(c - '0')
                         : c >= 'a' && c <= 'f' ? (unsigned)(c - 'a') + 10
                                                : 16;
        if (digit == 16) {
            return false;
        }
        out->bytes[i / 2] = (unsigned char)(i % 2 == 0 ? digit << 4 : out->bytes[i / 2] | digit);
    }
    return true;
}

static numu_status read_root(void *data, unsigned level, uint64_t index, struct numu_sha256 *out) {
    struct numu_ledger_tree *tree = data;
    struct numu_state *state = &tree->ledger->state;
    if (level == 0) {
        return state->store.port->read(state->store.self, tree->log, index, NULL, out);
    }
    if (level % STEP == 0) {
        char place[24];
        char number[24];
        struct numu_text hex;
        (void)snprintf(place, sizeof place, "%02u", level);
        NUMU_TRY(NUMU_STATE_KEY(state, 'w', tree->site, numu_text_of(place),
                                numu_sequence_text((int64_t)index, number)));
        NUMU_TRY(numu_state_get(state, &hex));
        return parse_hex(hex, out) ? NUMU_OK : NUMU_INVALID;
    }
    struct numu_sha256 left;
    struct numu_sha256 right;
    NUMU_TRY(read_root(data, level - 1, 2 * index, &left));
    NUMU_TRY(read_root(data, level - 1, 2 * index + 1, &right));
    return numu_merkle_node(&left, &right, out);
}

struct numu_tree numu_ledger_tree(struct numu_ledger *ledger, uint32_t log, struct numu_text site,
                                  struct numu_ledger_tree *room) {
    *room = (struct numu_ledger_tree){ledger, log, site};
    return (struct numu_tree){read_root, room};
}

numu_status numu_log_read_head(struct numu_ledger *ledger, uint32_t log, struct numu_text site,
                               struct numu_log_head *out) {
    struct numu_log_head head = {.recorded = NUMU_NO_INSTANT};
    struct numu_store *store = &ledger->state.store;
    struct numu_ledger_tree room;
    struct numu_tree tree = numu_ledger_tree(ledger, log, site, &room);
    NUMU_TRY(store->port->size(store->self, log, &head.size));
    head.frontier.size = head.size;
    for (unsigned level = 0; level < NUMU_MERKLE_HEIGHT_MAX; level++) {
        if ((head.size >> level & 1) != 0) {
            NUMU_TRY(
                tree.read(tree.data, level, (head.size >> level) - 1, &head.frontier.peak[level]));
        }
    }
    if (head.size > 0) {
        struct numu_record record;
        struct numu_arena_mark mark = numu_arena_mark(&ledger->scratch);
        numu_status status =
            numu_ledger_read(ledger, &ledger->scratch, log, (int64_t)head.size - 1, &record, NULL);
        if (status == NUMU_OK) {
            numu_log_note_record(&head, &record);
        }
        numu_arena_rewind(&ledger->scratch, mark);
        NUMU_TRY(status);
    }
    *out = head;
    return NUMU_OK;
}

/* --- opening --- */

static void start(struct numu_heap *heap, struct numu_store store, struct numu_ledger *out) {
    *out = (struct numu_ledger){.heap = heap};
    numu_arena_init(&out->arena, heap);
    numu_arena_init(&out->scratch, heap);
    numu_state_init(&out->state, heap, store, store);
    out->head.recorded = NUMU_NO_INSTANT;
    out->committed = out->head;
}

numu_status numu_ledger_close(struct numu_ledger *ledger) {
    struct numu_store *store = &ledger->state.store;
    numu_status status = store->port == NULL ? NUMU_OK : store->port->close(store->self);
    store->port = NULL;
    numu_state_release(&ledger->state);
    numu_arena_release(&ledger->arena);
    numu_arena_release(&ledger->scratch);
    return status;
}

static numu_status write_names(struct numu_ledger *ledger, struct numu_text id,
                               struct numu_text site) {
    NUMU_TRY(numu_text_copy(&ledger->arena, id, &ledger->id));
    NUMU_TRY(numu_text_copy(&ledger->arena, site, &ledger->site));
    NUMU_TRY(numu_ledger_begin(ledger));
    numu_status status = book_put(ledger, NUMU_TEXT("meta\tledger"), id);
    if (status == NUMU_OK) {
        status = book_put(ledger, NUMU_TEXT("meta\tsite"), site);
    }
    if (status == NUMU_OK) {
        status = book_put(ledger, NUMU_TEXT("meta\tepoch"), NUMU_TEXT("0"));
    }
    if (status != NUMU_OK) {
        numu_ledger_rollback(ledger);
        return status;
    }
    return numu_ledger_commit(ledger);
}

numu_status numu_ledger_init(struct numu_heap *heap, struct numu_store store, struct numu_text id,
                             struct numu_text site, struct numu_ledger *out) {
    struct numu_ledger ledger;
    start(heap, store, &ledger);
    numu_status status = write_names(&ledger, id, site);
    if (status != NUMU_OK) {
        (void)numu_ledger_close(&ledger);
        return status;
    }
    *out = ledger;
    return NUMU_OK;
}

/* The number of a site's log by its row; untouched where there is none: NUMU_NOT_FOUND. */
static numu_status find_log_row(struct numu_ledger *ledger, struct numu_text site, uint32_t *out) {
    struct numu_buffer key;
    struct numu_store *store = &ledger->state.store;
    numu_buffer_init(&key, ledger->heap, 0);
    numu_status status = numu_buffer_printf(&key, "log\t%.*s", (int)site.length, site.data);
    if (status == NUMU_OK) {
        status =
            store->port->get(store->self, NUMU_SPACE_BOOK, text_of(&key), &ledger->state.value);
    }
    numu_buffer_release(&key);
    NUMU_TRY(status);
    struct numu_text rest = text_of(&ledger->state.value);
    *out = (uint32_t)numu_field_number(numu_field_next(&rest));
    return NUMU_OK;
}

static numu_status read_names(struct numu_ledger *ledger) {
    struct numu_text epoch;
    NUMU_TRY(book_get(ledger, "meta\tledger", &ledger->id));
    NUMU_TRY(book_get(ledger, "meta\tsite", &ledger->site));
    NUMU_TRY(book_get(ledger, "meta\tepoch", &epoch));
    ledger->epoch = numu_field_number(epoch);
    numu_status status = find_log_row(ledger, ledger->site, &ledger->log);
    return status == NUMU_NOT_FOUND ? NUMU_OK : status;
}

static numu_status open_ledger(struct numu_heap *heap, struct numu_store store, bool is_damaged,
                               struct numu_ledger *out) {
    struct numu_ledger ledger;
    start(heap, store, &ledger);
    numu_status status = read_names(&ledger);
    if (status == NUMU_OK) {
        status = numu_log_read_head(&ledger, ledger.log, ledger.site, &ledger.head);
        if (is_damaged && (status == NUMU_NOT_FOUND || status == NUMU_INVALID)) {
            ledger.head = (struct numu_log_head){.recorded = NUMU_NO_INSTANT};
            status = store.port->size(store.self, ledger.log, &ledger.head.size);
        }
    }
    if (status != NUMU_OK) {
        (void)numu_ledger_close(&ledger);
        return status == NUMU_NOT_FOUND ? NUMU_INVALID : status;
    }
    ledger.committed = ledger.head;
    *out = ledger;
    return NUMU_OK;
}

numu_status numu_ledger_open(struct numu_heap *heap, struct numu_store store,
                             struct numu_ledger *out) {
    return open_ledger(heap, store, false, out);
}

numu_status numu_ledger_open_damaged(struct numu_heap *heap, struct numu_store store,
                                     struct numu_ledger *out) {
    return open_ledger(heap, store, true, out);
}

numu_status numu_ledger_begin(struct numu_ledger *ledger) {
    numu_assert(!ledger->is_open);
    NUMU_TRY(ledger->state.store.port->begin(ledger->state.store.self));
    ledger->is_open = true;
    return NUMU_OK;
}

numu_status numu_ledger_commit(struct numu_ledger *ledger) {
    numu_assert(ledger->is_open);
    ledger->is_open = false;
    numu_status status = ledger->state.store.port->commit(ledger->state.store.self);
    if (status == NUMU_OK) {
        ledger->committed = ledger->head;
    } else {
        ledger->head = ledger->committed;
    }
    return status;
}

void numu_ledger_rollback(struct numu_ledger *ledger) {
    if (ledger->is_open) {
        ledger->state.store.port->rollback(ledger->state.store.self);
        ledger->is_open = false;
        ledger->head = ledger->committed;
    }
}

numu_status numu_ledger_log(struct numu_ledger *ledger, struct numu_text site, uint32_t *out) {
    if (numu_text_is_equal(site, ledger->site)) {
        *out = ledger->log;
        return NUMU_OK;
    }
    return find_log_row(ledger, site, out);
}

numu_status numu_ledger_read(struct numu_ledger *ledger, struct numu_arena *arena, uint32_t log,
                             int64_t sequence, struct numu_record *out,
                             struct numu_sha256 *out_leaf) {
    struct numu_store *store = &ledger->state.store;
    struct numu_buffer bytes;
    struct numu_text copy;
    numu_buffer_init(&bytes, ledger->heap, 0);
    numu_status status =
        sequence < 0 ? NUMU_NOT_FOUND
                     : store->port->read(store->self, log, (uint64_t)sequence, &bytes, out_leaf);
    if (status == NUMU_OK) {
        status = numu_text_copy(arena, text_of(&bytes), &copy);
    }
    numu_buffer_release(&bytes);
    NUMU_TRY(status);
    return numu_record_read_trusted(arena, copy, out);
}

/* In a log that ended, where its events of that epoch stand. */
static numu_status find_in_evidence(struct numu_ledger *ledger, struct numu_arena *arena,
                                    const struct numu_reference *of, uint32_t *out_log,
                                    struct numu_record *out, struct numu_sha256 *out_leaf) {
    struct numu_epoch *epochs;
    size_t count;
    NUMU_TRY(numu_epochs_list(ledger, arena, of->site, &epochs, &count));
    for (size_t i = 0; i < count; i++) {
        if (!epochs[i].has_evidence) {
            continue;
        }
        *out_log = epochs[i].evidence;
        numu_status status = numu_ledger_read(ledger, arena, *out_log, of->sequence, out, out_leaf);
        if (status != NUMU_NOT_FOUND && (status != NUMU_OK || out->epoch == of->epoch)) {
            return status;
        }
    }
    return NUMU_NOT_FOUND;
}

numu_status numu_ledger_find(struct numu_ledger *ledger, struct numu_arena *arena,
                             struct numu_text reference, uint32_t *out_log, struct numu_record *out,
                             struct numu_sha256 *out_leaf) {
    struct numu_reference of;
    if (!numu_reference_parse(reference, &of)) {
        return NUMU_NOT_FOUND;
    }
    NUMU_TRY(numu_ledger_log(ledger, of.site, out_log));
    numu_status status = numu_ledger_read(ledger, arena, *out_log, of.sequence, out, out_leaf);
    if (status != NUMU_NOT_FOUND && (status != NUMU_OK || out->epoch == of.epoch)) {
        return status;
    }
    return find_in_evidence(ledger, arena, &of, out_log, out, out_leaf);
}

numu_status numu_ledger_name(struct numu_ledger *ledger, struct numu_arena *arena,
                             struct numu_text site, int64_t sequence, struct numu_text *out) {
    struct numu_epoch *epochs;
    size_t count;
    int64_t epoch = 0;
    if (ledger->epoch == 0 && numu_text_is_equal(site, ledger->site)) {
        return numu_event_name(arena, site, 0, sequence, out); /* as of most receipts */
    }
    struct numu_arena_mark mark = numu_arena_mark(arena);
    NUMU_TRY(numu_epochs_list(ledger, arena, site, &epochs, &count));
    for (size_t i = 0; i < count; i++) {
        epoch = epochs[i].common <= (uint64_t)sequence ? epochs[i].number : epoch;
    }
    numu_arena_rewind(arena, mark);
    return numu_event_name(arena, site, epoch, sequence, out);
}

numu_status numu_ledger_read_reference(struct numu_ledger *ledger, struct numu_arena *arena,
                                       struct numu_text reference, struct numu_record *out,
                                       struct numu_sha256 *out_leaf) {
    uint32_t log;
    return numu_ledger_find(ledger, arena, reference, &log, out, out_leaf);
}

numu_status numu_ledger_read_proposal(struct numu_ledger *ledger, struct numu_arena *arena,
                                      uint32_t log, const struct numu_record *approval,
                                      struct numu_record *out, bool *out_is_there) {
    struct numu_reference of;
    *out_is_there = approval->event.type == NUMU_EVENT_approve &&
                    numu_reference_parse(approval->event.ref, &of);
    return *out_is_there ? numu_ledger_read(ledger, arena, log, of.sequence, out, NULL) : NUMU_OK;
}

static numu_status visit_record(struct numu_ledger *ledger, uint32_t log, int64_t sequence,
                                numu_record_visit visit, void *data) {
    struct numu_record record;
    NUMU_TRY(numu_ledger_read(ledger, &ledger->scratch, log, sequence, &record, NULL));
    return visit(data, log, &record);
}

numu_status numu_records_visit(struct numu_ledger *ledger, struct numu_text site,
                               numu_record_visit visit, void *data) {
    uint32_t log;
    uint64_t size;
    const struct numu_store *store = &ledger->state.store;
    NUMU_TRY(numu_ledger_log(ledger, site, &log));
    NUMU_TRY(store->port->size(store->self, log, &size));
    for (uint64_t i = 0; i < size; i++) {
        struct numu_arena_mark mark = numu_arena_mark(&ledger->scratch);
        numu_status status = visit_record(ledger, log, (int64_t)i, visit, data);
        numu_arena_rewind(&ledger->scratch, mark);
        NUMU_TRY(status);
    }
    return NUMU_OK;
}

/* --- recording --- */

static numu_status complete_reference(struct numu_ledger *ledger, struct numu_arena *arena,
                                      struct numu_event *event) {
    struct numu_reference of;
    struct numu_record record;
    struct numu_sha256 leaf;
    char hex[NUMU_SHA256_HEX_BYTES];
    if (event->ref.length == 0 || !numu_reference_parse(event->ref, &of) || of.hash.length > 0 ||
        !numu_text_is_equal(of.site, ledger->site)) {
        return NUMU_OK;
    }
    numu_status status = numu_ledger_read(ledger, arena, ledger->log, of.sequence, &record, &leaf);
    if (status != NUMU_OK || record.epoch != of.epoch) {
        return status == NUMU_OK || status == NUMU_NOT_FOUND ? NUMU_OK : status;
    }
    return numu_text_printf(arena, &event->ref, "%.*s:%s", (int)event->ref.length, event->ref.data,
                            numu_sha256_hex(&leaf, hex));
}

/* The sheets of the count that was recorded under this key, for who tells it twice. */
static numu_status find_counted_sheets(struct numu_ledger *ledger, struct numu_arena *arena,
                                       struct numu_event *event) {
    struct numu_text value;
    struct numu_record record;
    NUMU_TRY(NUMU_STATE_KEY(&ledger->state, 'k', ledger->site, event->key));
    NUMU_TRY(numu_state_get(&ledger->state, &value));
    NUMU_TRY(numu_ledger_read(ledger, arena, ledger->log, numu_field_number(value), &record, NULL));
    event->sheets = record.event.sheets;
    return NUMU_OK;
}

/* "site:sequence:leaf" of an event. */
static numu_status name_event(struct numu_ledger *ledger, struct numu_arena *arena, uint32_t log,
                              struct numu_text site, int64_t sequence, struct numu_text *out) {
    struct numu_text name;
    struct numu_sha256 leaf;
    char hex[NUMU_SHA256_HEX_BYTES];
    const struct numu_store *store = &ledger->state.store;
    NUMU_TRY(numu_ledger_name(ledger, arena, site, sequence, &name));
    NUMU_TRY(store->port->read(store->self, log, (uint64_t)sequence, NULL, &leaf));
    return numu_text_printf(arena, out, "%.*s:%s", (int)name.length, name.data,
                            numu_sha256_hex(&leaf, hex));
}

numu_status numu_ledger_sheets(struct numu_ledger *ledger, struct numu_arena *arena,
                               struct numu_text site, struct numu_text count,
                               struct numu_texts *out) {
    struct numu_waiting_sheet *sheets;
    struct numu_text *names;
    uint32_t log;
    size_t total;
    size_t open = 0;
    NUMU_TRY(numu_ledger_log(ledger, site, &log));
    NUMU_TRY(numu_waiting_sheets_list(&ledger->state, arena, site, count, &sheets, &total));
    NUMU_TRY(NUMU_TAKE(arena, &names, total));
    for (size_t i = 0; i < total; i++) {
        if (sheets[i].withdrawn < 0) {
            NUMU_TRY(name_event(ledger, arena, log, site, sheets[i].sequence, &names[open++]));
        }
    }
    *out = (struct numu_texts){names, open};
    return NUMU_OK;
}

numu_status numu_ledger_join_count(struct numu_ledger *ledger, struct numu_arena *arena,
                                   struct numu_event *event) {
    struct numu_text value;
    struct numu_record record;
    if (event->type != NUMU_EVENT_count) {
        return NUMU_OK;
    }
    NUMU_TRY(NUMU_STATE_KEY(&ledger->state, 'k', ledger->site, event->key));
    numu_status status = numu_state_get(&ledger->state, &value);
    if (status == NUMU_NOT_FOUND) {
        return numu_count_join_lines(arena, event);
    }
    NUMU_TRY(status);
    NUMU_TRY(numu_ledger_read(ledger, arena, ledger->log, numu_field_number(value), &record, NULL));
    return record.event.line_count == event->line_count ? NUMU_OK
                                                        : numu_count_join_lines(arena, event);
}

numu_status numu_ledger_complete(struct numu_ledger *ledger, struct numu_arena *arena,
                                 struct numu_event *event) {
    if (event->ledger.length == 0) {
        event->ledger = ledger->id;
    }
    if (event->type == NUMU_EVENT_count && event->sheets.count == 0) {
        numu_status status = find_counted_sheets(ledger, arena, event);
        if (status == NUMU_NOT_FOUND) {
            status = numu_ledger_sheets(ledger, arena, ledger->site, event->key, &event->sheets);
        }
        NUMU_TRY(status);
    }
    return complete_reference(ledger, arena, event);
}

/* Where this key was used before: NUMU_NOT_FOUND, or what stands there. */
static numu_status find_repetition(struct numu_ledger *ledger, const struct numu_event *event,
                                   struct numu_text body, bool *out_is_same,
                                   struct numu_receipt *out) {
    struct numu_text value;
    struct numu_record record;
    NUMU_TRY(NUMU_STATE_KEY(&ledger->state, 'k', ledger->site, event->key));
    NUMU_TRY(numu_state_get(&ledger->state, &value));
    out->sequence = numu_field_number(value);
    NUMU_TRY(numu_ledger_read(ledger, &ledger->scratch, ledger->log, out->sequence, &record,
                              &out->leaf));
    *out_is_same = numu_text_is_equal(record.body, body);
    return NUMU_OK;
}

/* The leaves of the events before, of all serials of the event; each once, in order of finding. */
static numu_status find_prev(struct numu_ledger *ledger, const struct numu_event *event,
                             struct numu_texts *out) {
    struct numu_buffer list; /* of int64_t */
    numu_buffer_init(&list, ledger->heap, 0);
    numu_status status = NUMU_OK;
    int64_t last = -1;
    /* A sheet moves nothing, and has no room for what came before thousands of serials. */
    size_t lines = event->type == NUMU_EVENT_sheet ? 0 : event->line_count;
    for (size_t i = 0; i < lines && status == NUMU_OK; i++) {
        const struct numu_event_line *line = &event->lines[i];
        for (size_t j = 0; j < line->serials.count && status == NUMU_OK; j++) {
            struct numu_serial serial;
            status = numu_serial_get(&ledger->state, &ledger->scratch, ledger->site, line->item,
                                     line->serials.list[j], &serial);
            if (status == NUMU_OK && serial.sequence != last) {
                const int64_t *known = (const void *)list.data;
                size_t count = list.length / sizeof *known;
                size_t at = 0;
                while (at < count && known[at] != serial.sequence) {
                    at++;
                }
                last = serial.sequence;
                status = at < count ? NUMU_OK : numu_buffer_append(&list, &last, sizeof last);
            }
            status = status == NUMU_NOT_FOUND ? NUMU_OK : status;
        }
    }
    size_t count = list.length / sizeof(int64_t);
    struct numu_text *texts;
    if (status == NUMU_OK) {
        status = NUMU_TAKE(&ledger->scratch, &texts, count);
    }
    for (size_t i = 0; i < count && status == NUMU_OK; i++) {
        struct numu_sha256 leaf;
        char hex[NUMU_SHA256_HEX_BYTES];
        const int64_t *known = (const void *)list.data;
        status = ledger->state.store.port->read(ledger->state.store.self, ledger->log,
                                                (uint64_t)known[i], NULL, &leaf);
        if (status == NUMU_OK) {
            status = numu_text_copy(&ledger->scratch, numu_text_of(numu_sha256_hex(&leaf, hex)),
                                    &texts[i]);
        }
    }
    if (status == NUMU_OK) {
        *out = (struct numu_texts){texts, count};
    }
    numu_buffer_release(&list);
    return status;
}

numu_instant numu_ledger_time(const struct numu_ledger *ledger, numu_instant now) {
    numu_instant last = ledger->head.recorded;
    return last != NUMU_NO_INSTANT && now < last ? last : now;
}

/* Writes the event and its effects. NUMU_LIMIT where it is too long. */
static numu_status write_event(struct numu_ledger *ledger, const struct numu_entry_request *request,
                               struct numu_text body, const struct numu_judgement *judged,
                               struct numu_receipt *out) {
    struct numu_record record = {.event = request->event,
                                 .body = body,
                                 .site = ledger->site,
                                 .epoch = ledger->epoch,
                                 .sequence = (int64_t)ledger->head.size,
                                 .recorded = numu_ledger_time(ledger, request->now),
                                 .judged = *judged,
                                 .signature_count = request->signature_count};
    for (size_t i = 0; i < request->signature_count; i++) {
        record.signatures[i] = request->signatures[i];
    }
    NUMU_TRY(find_prev(ledger, &request->event, &record.prev));
    struct numu_buffer bytes;
    numu_buffer_init(&bytes, ledger->heap, 0);
    numu_status status = numu_record_write(&record, &bytes);
    if (status == NUMU_OK) {
        status = numu_merkle_leaf(text_of(&bytes), &out->leaf);
    }
    if (status == NUMU_OK) {
        status = ledger->state.store.port->append(ledger->state.store.self, ledger->log,
                                                  ledger->head.size, text_of(&bytes), &out->leaf);
    }
    numu_buffer_release(&bytes);
    NUMU_TRY(status);
    status = numu_log_append(&ledger->state, ledger->site, &ledger->head, &out->leaf);
    if (status == NUMU_OK) {
        status = numu_state_apply(&ledger->state, &ledger->scratch, ledger->log, &record);
    }
    numu_log_note_record(&ledger->head, &record);
    out->sequence = record.sequence;
    /* It was judged: what it does to the state cannot be too much for it any more. */
    return status == NUMU_LIMIT || status == NUMU_INVALID ? NUMU_BUG : status;
}

static void tell(struct numu_report *report, numu_code code,
                 const struct numu_entry_request *request, struct numu_argument first,
                 struct numu_argument second) {
    struct numu_diagnostic finding = {
        .code = code, .place = request->place, .related = NUMU_NOWHERE};
    finding.arguments[0] = first;
    finding.arguments[1] = second;
    numu_report_add(report, &finding);
}

/* The codes of the rules that speak against an event, each once, in order of finding. */
static numu_status list_broken(struct numu_ledger *ledger, const struct numu_report *soft,
                               struct numu_texts *out) {
    struct numu_text *codes;
    size_t found;
    size_t count = 0;
    const struct numu_diagnostic *list = numu_report_list(soft, &found);
    NUMU_TRY(NUMU_TAKE(&ledger->scratch, &codes, found));
    for (size_t i = 0; i < found; i++) {
        struct numu_text code = numu_text_of(numu_code_text(list[i].code));
        size_t at = 0;
        while (at < count && !numu_text_is_equal(codes[at], code)) {
            at++;
        }
        codes[at] = code;
        count += at == count;
    }
    *out = (struct numu_texts){codes, count};
    return NUMU_OK;
}

/* Judges and writes a body that is new. */
static numu_status judge_and_write(struct numu_ledger *ledger,
                                   const struct numu_entry_request *request, struct numu_text body,
                                   struct numu_report *report, struct numu_receipt *out) {
    struct numu_report hard;
    struct numu_report soft;
    numu_report_init(&hard, ledger->heap, 0);
    numu_report_init(&soft, ledger->heap, 0);
    struct numu_judgement judged;
    numu_status status = numu_ledger_judge(ledger, request, body, &hard, &soft, &judged);
    if (status == NUMU_OK) {
        status = list_broken(ledger, &soft, &judged.broken);
    }
    bool is_against = numu_report_total(&soft, NUMU_ERROR) > 0;
    bool is_refused = numu_report_total(&hard, NUMU_ERROR) > 0 ||
                      (is_against && request->event.irregular.length == 0);
    numu_report_merge(report, &hard);
    numu_report_merge(report, &soft);
    numu_report_release(&hard);
    numu_report_release(&soft);
    NUMU_TRY(status);
    if (is_refused) {
        return NUMU_OK;
    }
    bool needs_two;
    NUMU_TRY(numu_event_needs_two(&ledger->state, ledger->site, &request->event, &needs_two));
    out->outcome = needs_two                             ? NUMU_OUTCOME_PROPOSED
                   : request->event.irregular.length > 0 ? NUMU_OUTCOME_IRREGULAR
                                                         : NUMU_OUTCOME_ACKNOWLEDGED;
    out->lacks_package = judged.lacks_package;
    return write_event(ledger, request, body, &judged, out);
}

static numu_status record_body(struct numu_ledger *ledger, const struct numu_entry_request *request,
                               struct numu_text body, struct numu_report *report,
                               struct numu_receipt *out) {
    bool is_same = false;
    numu_status status = find_repetition(ledger, &request->event, body, &is_same, out);
    if (status == NUMU_NOT_FOUND) {
        return judge_and_write(ledger, request, body, report, out);
    }
    NUMU_TRY(status);
    if (is_same) {
        out->outcome = NUMU_OUTCOME_REPEATED;
        return NUMU_OK;
    }
    tell(report, NUMU_CODE_EVENT_KEY_REUSED, request, numu_argument_text(request->event.key),
         numu_argument_integer(out->sequence));
    out->sequence = -1;
    return NUMU_OK;
}

numu_status numu_ledger_record(struct numu_ledger *ledger, const struct numu_entry_request *request,
                               struct numu_report *report, struct numu_receipt *out) {
    struct numu_buffer body;
    struct numu_arena_mark mark = numu_arena_mark(&ledger->scratch);
    numu_assert(ledger->is_open);
    *out = (struct numu_receipt){.outcome = NUMU_OUTCOME_REFUSED, .sequence = -1};
    numu_buffer_init(&body, ledger->heap, 0);
    numu_status status = numu_event_write_body(&request->event, &ledger->scratch, &body);
    if (status == NUMU_OK) {
        status = record_body(ledger, request, text_of(&body), report, out);
    }
    if (status == NUMU_LIMIT && body.length > 0) {
        tell(report, NUMU_CODE_EVENT_TOO_LARGE, request, numu_argument_text(request->event.key),
             numu_argument_integer(NUMU_ENTRY_BYTES_MAX));
        *out = (struct numu_receipt){.outcome = NUMU_OUTCOME_REFUSED, .sequence = -1};
        status = NUMU_OK;
    }
    numu_buffer_release(&body);
    numu_arena_rewind(&ledger->scratch, mark);
    return status;
}

numu_status numu_ledger_note_refusal(struct numu_ledger *ledger, numu_instant now, const char *code,
                                     struct numu_text words) {
    static const struct numu_text counter = {"meta\trefused", sizeof "meta\trefused" - 1};
    struct numu_store *store = &ledger->state.store;
    struct numu_buffer row;
    char number[24];
    char time[NUMU_INSTANT_TEXT_BYTES];
    numu_status status =
        store->port->get(store->self, NUMU_SPACE_BOOK, counter, &ledger->state.value);
    int64_t count = status == NUMU_OK ? numu_field_number(text_of(&ledger->state.value)) : 0;
    NUMU_TRY(status == NUMU_NOT_FOUND ? NUMU_OK : status);
    (void)snprintf(number, sizeof number, "%" PRId64, count + 1);
    NUMU_TRY(book_put(ledger, counter, numu_text_of(number)));
    numu_buffer_init(&row, ledger->heap, 0);
    status = numu_buffer_printf(&row, "refused\t%s", numu_sequence_text(count, number).data);
    size_t key_length = row.length;
    if (status == NUMU_OK) {
        status = numu_buffer_printf(&row, "%s\t%s\t%.*s", numu_instant_format(now, time), code,
                                    (int)words.length, words.length == 0 ? "" : words.data);
    }
    if (status == NUMU_OK) {
        status = book_put(ledger, (struct numu_text){row.data, key_length},
                          (struct numu_text){row.data + key_length, row.length - key_length});
    }
    numu_buffer_release(&row);
    return status;
}

/* --- heads --- */

numu_status numu_log_origin(struct numu_arena *arena, struct numu_text id, struct numu_text name,
                            struct numu_text *out) {
    return numu_text_printf(arena, out, "%.*s/%.*s", (int)id.length, id.data, (int)name.length,
                            name.data);
}

bool numu_log_origin_parse(struct numu_text origin, struct numu_text *out_id,
                           struct numu_text *out_site, int64_t *out_epoch) {
    size_t slash = numu_text_find(origin, NUMU_TEXT("/"), 0);
    if (slash == SIZE_MAX) {
        return false;
    }
    *out_id = (struct numu_text){origin.data, slash};
    return numu_log_name_parse(
        (struct numu_text){origin.data + slash + 1, origin.length - slash - 1}, out_site,
        out_epoch);
}

void numu_log_note_record(struct numu_log_head *head, const struct numu_record *record) {
    head->recorded = record->recorded;
    head->epoch = record->epoch;
    head->is_opening = record->event.type == NUMU_EVENT_epoch;
}

numu_status numu_ledger_may_sign(struct numu_ledger *ledger, const struct numu_public_key *key,
                                 bool *out) {
    struct numu_text note;
    struct numu_text text;
    struct numu_checkpoint last = {.size = 0};
    struct numu_public_key wanted;
    numu_status status =
        numu_ledger_last_head(ledger, &ledger->scratch, ledger->site, &note, &last);
    NUMU_TRY(status == NUMU_NOT_FOUND ? NUMU_OK : status);
    status = numu_site_key_at(&ledger->state, &ledger->scratch, ledger->site, last.size, &text);
    if (status == NUMU_NOT_FOUND) {
        status = numu_site_key_at(&ledger->state, &ledger->scratch, ledger->site, ledger->head.size,
                                  &text);
    }
    *out = status == NUMU_NOT_FOUND ||
           (status == NUMU_OK &&
            (numu_public_key_parse(text, &wanted) != NUMU_OK ||
             (wanted.id == key->id && memcmp(wanted.bytes, key->bytes, sizeof key->bytes) == 0)));
    return status == NUMU_NOT_FOUND ? NUMU_OK : status;
}

numu_status numu_ledger_sign_head(struct numu_ledger *ledger, const struct numu_signer *signer,
                                  struct numu_buffer *note) {
    struct numu_checkpoint checkpoint = {.size = ledger->head.size};
    struct numu_arena_mark mark = numu_arena_mark(&ledger->scratch);
    struct numu_buffer row;
    struct numu_text name;
    char number[24];
    numu_assert(ledger->is_open);
    bool may;
    NUMU_TRY(numu_ledger_may_sign(ledger, &signer->public_key, &may));
    if (!may) {
        return NUMU_INVALID;
    }
    NUMU_TRY(numu_log_name(&ledger->scratch, ledger->site, ledger->epoch, &name));
    NUMU_TRY(numu_log_origin(&ledger->scratch, ledger->id, name, &checkpoint.origin));
    NUMU_TRY(numu_frontier_root(&ledger->head.frontier, &checkpoint.root));
    numu_buffer_init(&row, ledger->heap, 0);
    numu_status status =
        numu_buffer_printf(&row, "head\t%.*s\t%s", (int)name.length, name.data,
                           numu_sequence_text((int64_t)checkpoint.size, number).data);
    size_t key_length = row.length;
    if (status == NUMU_OK) {
        status = numu_checkpoint_write(&checkpoint, signer, &row);
    }
    struct numu_text key = {row.data, key_length};
    struct numu_text value = {row.data + key_length, row.length - key_length};
    if (status == NUMU_OK) {
        status = book_put(ledger, key, value);
    }
    if (status == NUMU_OK && note != NULL) {
        status = numu_buffer_append(note, value.data, value.length);
    }
    numu_buffer_release(&row);
    numu_arena_rewind(&ledger->scratch, mark);
    return status;
}

struct heads {
    struct numu_arena *arena;
    int64_t epoch;
    uint64_t size_max;
    struct numu_buffer rows; /* of struct numu_kept_head */
};

static numu_status keep_head(void *data, struct numu_text key, struct numu_text value) {
    struct heads *heads = data;
    for (int i = 0; i < 2; i++) {
        (void)numu_field_next(&key);
    }
    struct numu_kept_head head = {.size = (uint64_t)numu_field_number(key), .epoch = heads->epoch};
    if (head.size > heads->size_max) {
        return NUMU_OK;
    }
    NUMU_TRY(numu_text_copy(heads->arena, value, &head.note));
    return numu_buffer_append(&heads->rows, &head, sizeof head);
}

/* The heads of one epoch, up to where a later one of `epochs` begins. */
static numu_status scan_heads(struct numu_ledger *ledger, struct numu_text site,
                              const struct numu_epoch *epochs, size_t count, struct heads *heads) {
    const struct numu_store *store = &ledger->state.store;
    struct numu_text name;
    struct numu_text prefix;
    heads->size_max = UINT64_MAX;
    for (size_t i = 0; i < count; i++) {
        if (epochs[i].number > heads->epoch && epochs[i].common < heads->size_max) {
            heads->size_max = epochs[i].common;
        }
    }
    NUMU_TRY(numu_log_name(heads->arena, site, heads->epoch, &name));
    NUMU_TRY(numu_text_printf(heads->arena, &prefix, "head\t%.*s\t", (int)name.length, name.data));
    return store->port->scan(store->self, NUMU_SPACE_BOOK, prefix, keep_head, heads);
}

numu_status numu_heads_list(struct numu_ledger *ledger, struct numu_arena *arena,
                            struct numu_text site, int64_t epoch, struct numu_kept_head **out,
                            size_t *out_count) {
    struct heads heads = {.arena = arena};
    struct numu_epoch *epochs;
    size_t count;
    NUMU_TRY(numu_epochs_list(ledger, arena, site, &epochs, &count));
    while (count > 0 && epochs[count - 1].number > epoch) {
        count--;
    }
    numu_buffer_init(&heads.rows, ledger->heap, 0);
    numu_status status = scan_heads(ledger, site, epochs, count, &heads);
    for (size_t i = 0; i < count && status == NUMU_OK; i++) {
        heads.epoch = epochs[i].number;
        status = scan_heads(ledger, site, epochs, count, &heads);
    }
    return NUMU_MOVE(&heads.rows, status, arena, out, out_count);
}

numu_status numu_ledger_last_head(struct numu_ledger *ledger, struct numu_arena *arena,
                                  struct numu_text site, struct numu_text *out_note,
                                  struct numu_checkpoint *out) {
    struct numu_kept_head *heads;
    size_t count;
    NUMU_TRY(numu_heads_list(ledger, arena, site, NUMU_EPOCH_NEWEST, &heads, &count));
    if (count == 0) {
        return NUMU_NOT_FOUND;
    }
    *out_note = heads[count - 1].note;
    return numu_checkpoint_read(*out_note, out);
}
