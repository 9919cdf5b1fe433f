/*
 * epoch.c - see epoch.h. In the book: `epoch site number` (ledger.c), and `opening`, the record
 * that waits for its second person.
 */
#include "ledger/epoch.h"

#include "ledger/root.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const struct numu_text opening_row = {"opening", sizeof "opening" - 1};

static struct numu_text text_of(const struct numu_buffer *buffer) {
    return (struct numu_text){buffer->data, buffer->length};
}

static numu_status book_put(struct numu_ledger *ledger, struct numu_text key,
                            struct numu_text value) {
    const struct numu_store *store = &ledger->state.store;
    return store->port->put(store->self, NUMU_SPACE_BOOK, key, value);
}

/* --- the book --- */

static numu_status visit_epoch(void *data, struct numu_text key, struct numu_text value) {
    struct numu_buffer *rows = data;
    for (int i = 0; i < 2; i++) {
        (void)numu_field_next(&key);
    }
    struct numu_epoch epoch = {.number = numu_field_number(key)};
    epoch.common = (uint64_t)numu_field_number(numu_field_next(&value));
    int64_t evidence = numu_field_number(numu_field_next(&value));
    epoch.ended = numu_field_number(numu_field_next(&value));
    epoch.has_evidence = evidence >= 0;
    epoch.evidence = epoch.has_evidence ? (uint32_t)evidence : 0;
    return numu_buffer_append(rows, &epoch, sizeof epoch);
}

numu_status numu_epochs_list(struct numu_ledger *ledger, struct numu_arena *arena,
                             struct numu_text site, struct numu_epoch **out, size_t *out_count) {
    const struct numu_store *store = &ledger->state.store;
    struct numu_buffer rows; /* of struct numu_epoch */
    struct numu_text prefix;
    NUMU_TRY(numu_text_printf(arena, &prefix, "epoch\t%.*s\t", (int)site.length, site.data));
    numu_buffer_init(&rows, ledger->heap, 0);
    numu_status status =
        store->port->scan(store->self, NUMU_SPACE_BOOK, prefix, visit_epoch, &rows);
    return NUMU_MOVE(&rows, status, arena, out, out_count);
}

static numu_status visit_number(void *data, struct numu_text key, struct numu_text value) {
    int64_t *largest = data;
    if (numu_text_is(numu_field_next(&key), "epoch")) {
        (void)numu_field_next(&value);
    }
    int64_t number = numu_field_number(numu_field_next(&value));
    *largest = number > *largest ? number : *largest;
    return NUMU_OK;
}

numu_status numu_log_number_next(struct numu_ledger *ledger, uint32_t *out) {
    const struct numu_store *store = &ledger->state.store;
    int64_t largest = NUMU_OWN_LOG;
    NUMU_TRY(store->port->scan(store->self, NUMU_SPACE_BOOK, NUMU_TEXT("log\t"), visit_number,
                               &largest));
    NUMU_TRY(store->port->scan(store->self, NUMU_SPACE_BOOK, NUMU_TEXT("epoch\t"), visit_number,
                               &largest));
    if (largest >= NUMU_LOG_MAX) {
        return NUMU_LIMIT;
    }
    *out = (uint32_t)largest + 1;
    return NUMU_OK;
}

numu_status numu_epoch_note(struct numu_ledger *ledger, struct numu_text site,
                            const struct numu_epoch *epoch) {
    const struct numu_store *store = &ledger->state.store;
    struct numu_text key;
    char number[24];
    char value[80];
    NUMU_TRY(numu_text_printf(&ledger->scratch, &key, "epoch\t%.*s\t%s", (int)site.length,
                              site.data, numu_sequence_text(epoch->number, number).data));
    numu_status status = store->port->get(store->self, NUMU_SPACE_BOOK, key, NULL);
    if (status != NUMU_NOT_FOUND) {
        return status;
    }
    (void)snprintf(value, sizeof value, "%" PRIu64 "\t%" PRId64 "\t%" PRId64, epoch->common,
                   epoch->has_evidence ? (int64_t)epoch->evidence : -1, epoch->ended);
    return book_put(ledger, key, numu_text_of(value));
}

/* --- whether an epoch may begin --- */

static numu_status check_first(struct numu_state *state, struct numu_arena *scratch,
                               const struct numu_record *record,
                               const struct numu_log_head *before) {
    struct numu_sha256 root;
    struct numu_person person;
    char hex[NUMU_SHA256_HEX_BYTES];
    if (record->event.type != NUMU_EVENT_epoch || before->size == 0 ||
        record->event.against != (int64_t)before->size) {
        return NUMU_INVALID;
    }
    NUMU_TRY(numu_frontier_root(&before->frontier, &root));
    if (!numu_text_is(record->event.head, numu_sha256_hex(&root, hex))) {
        return NUMU_INVALID;
    }
    return numu_administrator_check(state, scratch, record, &person);
}

static numu_status read_before(struct numu_state *state, struct numu_arena *scratch, uint32_t log,
                               const struct numu_log_head *before, struct numu_record *out,
                               struct numu_sha256 *out_leaf) {
    struct numu_buffer bytes;
    struct numu_text copy;
    numu_buffer_init(&bytes, scratch->heap, 0);
    numu_status status =
        state->entries.port->read(state->entries.self, log, before->size - 1, &bytes, out_leaf);
    if (status == NUMU_OK) {
        status = numu_text_copy(scratch, text_of(&bytes), &copy);
    }
    numu_buffer_release(&bytes);
    NUMU_TRY(status);
    return numu_record_read_trusted(scratch, copy, out);
}

static numu_status check_second(struct numu_state *state, struct numu_arena *scratch, uint32_t log,
                                const struct numu_record *record,
                                const struct numu_log_head *before) {
    struct numu_record opening;
    struct numu_reference of;
    struct numu_sha256 leaf;
    char hex[NUMU_SHA256_HEX_BYTES];
    NUMU_TRY(read_before(state, scratch, log, before, &opening, &leaf));
    if (record->event.type != NUMU_EVENT_approve || record->epoch != opening.epoch ||
        !numu_reference_parse(record->event.ref, &of) || of.epoch != opening.epoch ||
        of.sequence != opening.sequence || !numu_text_is_equal(of.site, opening.site) ||
        !numu_text_is(of.hash, numu_sha256_hex(&leaf, hex))) {
        return NUMU_INVALID;
    }
    return numu_administrators_check(state, scratch, &opening, record);
}

numu_status numu_epoch_check(struct numu_state *state, struct numu_arena *scratch, uint32_t log,
                             const struct numu_record *record, const struct numu_log_head *before) {
    if (before->is_opening) {
        return check_second(state, scratch, log, record, before);
    }
    if (record->epoch > before->epoch) {
        return check_first(state, scratch, record, before);
    }
    return record->epoch == before->epoch && record->event.type != NUMU_EVENT_epoch ? NUMU_OK
                                                                                    : NUMU_INVALID;
}

/* --- a log of its own --- */

struct rows {
    struct numu_arena *arena;
    struct numu_text site;
    struct numu_buffer keys; /* of struct numu_text */
};

static numu_status visit_row(void *data, struct numu_text key, struct numu_text value) {
    struct rows *rows = data;
    struct numu_text copy;
    (void)value;
    if (!numu_text_is_equal(numu_row_site(key), rows->site)) {
        return NUMU_OK;
    }
    NUMU_TRY(numu_text_copy(rows->arena, key, &copy));
    return numu_buffer_append(&rows->keys, &copy, sizeof copy);
}

/* Removes all rows of the state that follow from a site's log. */
static numu_status forget_state(struct numu_ledger *ledger, struct numu_text site) {
    const struct numu_store *store = &ledger->state.store;
    struct numu_arena arena;
    struct rows rows = {.arena = &arena, .site = site};
    numu_arena_init(&arena, ledger->heap);
    numu_buffer_init(&rows.keys, ledger->heap, 0);
    numu_status status = store->port->scan(store->self, NUMU_SPACE_STATE,
                                           (struct numu_text){NULL, 0}, visit_row, &rows);
    const struct numu_text *keys = (const void *)rows.keys.data;
    for (size_t i = 0; i < rows.keys.length / sizeof *keys && status == NUMU_OK; i++) {
        status = store->port->remove(store->self, NUMU_SPACE_STATE, keys[i]);
    }
    numu_buffer_release(&rows.keys);
    numu_arena_release(&arena);
    return status;
}

/* Appends an entry to a log, and what follows from it. */
static numu_status append_entry(struct numu_ledger *ledger, struct numu_text site, uint32_t log,
                                struct numu_log_head *head, struct numu_text entry,
                                const struct numu_sha256 *leaf) {
    const struct numu_store *store = &ledger->state.store;
    struct numu_record record;
    struct numu_text copy;
    struct numu_arena_mark mark = numu_arena_mark(&ledger->scratch);
    NUMU_TRY(numu_text_copy(&ledger->scratch, entry, &copy));
    NUMU_TRY(numu_record_read_trusted(&ledger->scratch, copy, &record));
    NUMU_TRY(store->port->append(store->self, log, head->size, copy, leaf));
    NUMU_TRY(numu_log_append(&ledger->state, site, head, leaf));
    numu_status status = numu_state_apply(&ledger->state, &ledger->scratch, log, &record);
    numu_log_note_record(head, &record);
    numu_arena_rewind(&ledger->scratch, mark);
    return status;
}

static numu_status copy_entries(struct numu_ledger *ledger, struct numu_text site, uint32_t from,
                                uint64_t size, uint32_t log, struct numu_log_head *head) {
    const struct numu_store *store = &ledger->state.store;
    struct numu_buffer bytes;
    numu_buffer_init(&bytes, ledger->heap, 0);
    numu_status status = NUMU_OK;
    for (uint64_t i = 0; i < size && status == NUMU_OK; i++) {
        struct numu_sha256 leaf;
        status = store->port->read(store->self, from, i, &bytes, &leaf);
        if (status == NUMU_OK) {
            status = append_entry(ledger, site, log, head, text_of(&bytes), &leaf);
        }
    }
    numu_buffer_release(&bytes);
    return status;
}

numu_status numu_epoch_branch(struct numu_ledger *ledger, struct numu_text site, uint32_t from,
                              int64_t ended, uint64_t size, int64_t epoch, uint32_t *out_log,
                              struct numu_log_head *out_head) {
    const struct numu_epoch row = {epoch, size, true, from, ended};
    struct numu_log_head head = {.recorded = NUMU_NO_INSTANT};
    struct numu_text key;
    char number[24];
    uint32_t log;
    NUMU_TRY(numu_log_number_next(ledger, &log));
    NUMU_TRY(numu_text_printf(&ledger->scratch, &key, "log\t%.*s", (int)site.length, site.data));
    (void)snprintf(number, sizeof number, "%" PRIu32, log);
    NUMU_TRY(book_put(ledger, key, numu_text_of(number)));
    NUMU_TRY(numu_epoch_note(ledger, site, &row));
    NUMU_TRY(forget_state(ledger, site));
    NUMU_TRY(copy_entries(ledger, site, from, size, log, &head));
    *out_log = log;
    *out_head = head;
    return NUMU_OK;
}

/* --- opening one in the own book --- */

/* Where the own log stood before. */
struct before {
    uint32_t log;
    int64_t epoch;
};

static struct before remember(const struct numu_ledger *ledger) {
    return (struct before){ledger->log, ledger->epoch};
}

static void give_up(struct numu_ledger *ledger, const struct before *before) {
    numu_ledger_rollback(ledger);
    ledger->log = before->log;
    ledger->epoch = before->epoch;
}

/* The own log becomes that of the next epoch, which begins at `size`. */
static numu_status switch_log(struct numu_ledger *ledger, uint64_t size) {
    char number[24];
    int64_t epoch = ledger->epoch + 1;
    uint32_t log;
    struct numu_log_head head;
    NUMU_TRY(numu_epoch_branch(ledger, ledger->site, ledger->log, ledger->epoch, size, epoch, &log,
                               &head));
    (void)snprintf(number, sizeof number, "%" PRId64, epoch);
    NUMU_TRY(book_put(ledger, NUMU_TEXT("meta\tepoch"), numu_text_of(number)));
    ledger->log = log;
    ledger->epoch = epoch;
    ledger->head = head;
    return NUMU_OK;
}

static bool is_recorded(const struct numu_receipt *receipt) {
    return receipt->outcome != NUMU_OUTCOME_REFUSED && receipt->outcome != NUMU_OUTCOME_REPEATED;
}

/* Judges the opening in a log of the new epoch, which is given up again; out: the entry. */
static numu_status try_opening(struct numu_ledger *ledger, const struct numu_entry_request *request,
                               struct numu_report *report, struct numu_buffer *entry,
                               struct numu_receipt *out) {
    const struct numu_store *store = &ledger->state.store;
    const struct before before = remember(ledger);
    NUMU_TRY(numu_ledger_begin(ledger));
    numu_status status = switch_log(ledger, (uint64_t)request->event.against);
    if (status == NUMU_OK) {
        status = numu_ledger_record(ledger, request, report, out);
    }
    if (status == NUMU_OK && is_recorded(out)) {
        status = store->port->read(store->self, ledger->log, (uint64_t)out->sequence, entry, NULL);
    }
    give_up(ledger, &before);
    return status;
}

static numu_status keep_opening(struct numu_ledger *ledger, struct numu_text entry) {
    NUMU_TRY(numu_ledger_begin(ledger));
    numu_status status = book_put(ledger, opening_row, entry);
    if (status != NUMU_OK) {
        numu_ledger_rollback(ledger);
        return status;
    }
    return numu_ledger_commit(ledger);
}

static void refuse(const struct numu_entry_request *request, struct numu_report *report,
                   const char *why) {
    struct numu_diagnostic finding = {
        .code = NUMU_CODE_EVENT_EPOCH, .place = request->place, .related = NUMU_NOWHERE};
    finding.arguments[0] = numu_argument_string(why);
    numu_report_add(report, &finding);
}

numu_status numu_epoch_propose(struct numu_ledger *ledger, const struct numu_entry_request *request,
                               struct numu_report *report, struct numu_receipt *out) {
    struct numu_buffer entry;
    *out = (struct numu_receipt){.outcome = NUMU_OUTCOME_REFUSED, .sequence = -1};
    numu_assert(request->event.type == NUMU_EVENT_epoch);
    if (request->event.against <= 0 || (uint64_t)request->event.against > ledger->head.size) {
        refuse(request, report, "kind.epoch_head");
        return NUMU_OK;
    }
    numu_buffer_init(&entry, ledger->heap, 0);
    numu_status status = try_opening(ledger, request, report, &entry, out);
    if (status == NUMU_OK && is_recorded(out)) {
        status = keep_opening(ledger, text_of(&entry));
    }
    numu_buffer_release(&entry);
    return status;
}

static numu_status read_opening(struct numu_ledger *ledger, struct numu_arena *arena,
                                struct numu_text *out_entry, struct numu_record *out,
                                struct numu_sha256 *out_leaf) {
    const struct numu_store *store = &ledger->state.store;
    NUMU_TRY(store->port->get(store->self, NUMU_SPACE_BOOK, opening_row, &ledger->state.value));
    NUMU_TRY(numu_text_copy(arena, text_of(&ledger->state.value), out_entry));
    NUMU_TRY(numu_merkle_leaf(*out_entry, out_leaf));
    return numu_record_read_trusted(arena, *out_entry, out);
}

numu_status numu_epoch_waiting(struct numu_ledger *ledger, struct numu_arena *arena,
                               struct numu_record *out, struct numu_sha256 *out_leaf) {
    struct numu_text entry;
    return read_opening(ledger, arena, &entry, out, out_leaf);
}

/* Opens the epoch with the opening that waits and its approval, within the transaction. */
static numu_status open_epoch(struct numu_ledger *ledger, const struct numu_entry_request *request,
                              struct numu_report *report, struct numu_receipt *out) {
    const struct numu_store *store = &ledger->state.store;
    struct numu_record opening;
    struct numu_sha256 leaf;
    struct numu_text entry;
    NUMU_TRY(read_opening(ledger, &ledger->scratch, &entry, &opening, &leaf));
    if (opening.epoch != ledger->epoch + 1 || (uint64_t)opening.sequence > ledger->head.size) {
        return NUMU_NOT_FOUND; /* of an epoch that has been opened meanwhile */
    }
    NUMU_TRY(switch_log(ledger, (uint64_t)opening.sequence));
    NUMU_TRY(append_entry(ledger, ledger->site, ledger->log, &ledger->head, entry, &leaf));
    NUMU_TRY(numu_ledger_record(ledger, request, report, out));
    return store->port->remove(store->self, NUMU_SPACE_BOOK, opening_row);
}

numu_status numu_epoch_approve(struct numu_ledger *ledger, const struct numu_entry_request *request,
                               struct numu_report *report, struct numu_receipt *out) {
    const struct before before = remember(ledger);
    struct numu_arena_mark mark = numu_arena_mark(&ledger->scratch);
    *out = (struct numu_receipt){.outcome = NUMU_OUTCOME_REFUSED, .sequence = -1};
    numu_assert(request->event.type == NUMU_EVENT_approve);
    NUMU_TRY(numu_ledger_begin(ledger));
    numu_status status = open_epoch(ledger, request, report, out);
    if (status == NUMU_OK && is_recorded(out)) {
        status = numu_ledger_commit(ledger);
        if (status != NUMU_OK) {
            give_up(ledger, &before);
        }
    } else {
        give_up(ledger, &before);
    }
    numu_arena_rewind(&ledger->scratch, mark);
    return status;
}
