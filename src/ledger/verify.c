/*
 * verify.c - see verify.h.
 */
#include "ledger/verify.h"

#include "ledger/epoch.h"
#include "ledger/query.h"
#include "ledger/root.h"

#include <inttypes.h>
#include <string.h>

struct head {
    struct numu_text note;
    struct numu_checkpoint checkpoint;
    int64_t epoch;
    bool is_readable;
};

struct verifier {
    const struct numu_context *context;
    struct numu_ledger *ledger;
    struct numu_arena arena; /* heads; rewound by event */
    struct numu_report *report;
    struct numu_verification *result;
    struct numu_state again;
    uint32_t log;
    struct numu_text site;
    int64_t epoch;            /* in which the log ends; NUMU_EPOCH_NEWEST: it is the site's log */
    struct numu_buffer heads; /* of struct head, by size */
    uint64_t last_head;       /* size of the head checked before; 0: none */
};

static void say_code(struct verifier *verifier, numu_code code, const char *what,
                     struct numu_text name) {
    struct numu_diagnostic finding = {.code = code, .place = NUMU_NOWHERE, .related = NUMU_NOWHERE};
    finding.arguments[0] = numu_argument_string(what);
    finding.arguments[1] = numu_argument_text(name);
    numu_report_add(verifier->report, &finding);
}

static numu_status say(struct verifier *verifier, const char *what, struct numu_text name) {
    say_code(verifier, NUMU_CODE_LEDGER_ALTERED, what, name);
    return NUMU_OK;
}

static numu_status say_event(struct verifier *verifier, const char *what, int64_t epoch,
                             uint64_t sequence) {
    struct numu_text name;
    NUMU_TRY(numu_event_name(&verifier->arena, verifier->site, epoch, (int64_t)sequence, &name));
    return say(verifier, what, name);
}

/* --- events --- */

/* The signatures of an event, by the keys that the register had when it was recorded. */
static numu_status check_signatures(struct verifier *verifier, const struct numu_record *record) {
    struct numu_person person;
    struct numu_public_key key;
    if (record->signature_count == 0) {
        return NUMU_OK;
    }
    numu_status status = numu_person_get(&verifier->again, &verifier->arena, verifier->site,
                                         record->event.by, &person);
    bool has_key = status == NUMU_OK && numu_public_key_parse(person.key, &key) == NUMU_OK;
    for (size_t i = 0; i < record->signature_count; i++) {
        verifier->result->signatures++;
        if (!has_key ||
            !numu_signature_is_valid(&key, record->body, &record->signatures[i].signature)) {
            NUMU_TRY(
                say_event(verifier, "kind.signature", record->epoch, (uint64_t)record->sequence));
        }
    }
    return status == NUMU_NOT_FOUND ? NUMU_OK : status;
}

/* A register that its log's root has no part in, though it must. */
static numu_status check_root(struct verifier *verifier, const struct numu_record *record) {
    struct numu_text name;
    numu_status status = numu_root_check(&verifier->again, &verifier->arena, verifier->log, record);
    if (status != NUMU_INVALID) {
        return status;
    }
    NUMU_TRY(
        numu_event_name(&verifier->arena, verifier->site, record->epoch, record->sequence, &name));
    say_code(verifier, NUMU_CODE_LEDGER_UNCERTIFIED, "kind.event", name);
    return NUMU_OK;
}

/* The root of the own log, as it began. */
static numu_status find_root(struct verifier *verifier) {
    struct numu_text *roots;
    size_t count;
    struct numu_verification *result = verifier->result;
    NUMU_TRY(numu_roots_list(&verifier->again, &verifier->arena, verifier->ledger->site, &roots,
                             &count));
    result->has_root = count > 0 && numu_public_key_parse(roots[0], &result->root) == NUMU_OK;
    return NUMU_OK;
}

static numu_status check_event(struct verifier *verifier, uint64_t sequence,
                               struct numu_log_head *head, struct numu_buffer *bytes) {
    const struct numu_store *store = &verifier->ledger->state.store;
    struct numu_sha256 kept;
    struct numu_sha256 leaf;
    struct numu_record record;
    struct numu_event_error error;
    numu_status status = store->port->read(store->self, verifier->log, sequence, bytes, &kept);
    if (status == NUMU_NOT_FOUND || status == NUMU_INVALID) {
        return say_event(verifier, "kind.event", head->epoch, sequence);
    }
    NUMU_TRY(status);
    struct numu_text text = {bytes->data, bytes->length};
    NUMU_TRY(numu_merkle_leaf(text, &leaf));
    status = numu_record_read(&verifier->arena, text, &record, &error);
    bool is_good = status == NUMU_OK && numu_sha256_is_equal(&leaf, &kept) &&
                   numu_text_is_equal(record.site, verifier->site) &&
                   numu_text_is_equal(record.event.ledger, verifier->ledger->id) &&
                   record.sequence == (int64_t)sequence &&
                   (head->recorded == NUMU_NO_INSTANT || record.recorded >= head->recorded);
    NUMU_TRY(status == NUMU_INVALID ? NUMU_OK : status);
    if (status == NUMU_OK) {
        numu_status may =
            numu_epoch_check(&verifier->again, &verifier->arena, verifier->log, &record, head);
        is_good = is_good && may == NUMU_OK;
        NUMU_TRY(may == NUMU_INVALID || may == NUMU_NOT_FOUND ? NUMU_OK : may);
        NUMU_TRY(check_root(verifier, &record));
    }
    /* A changed event is named alone: the leaf that was kept leads to the signed heads. */
    NUMU_TRY(numu_log_append(&verifier->again, verifier->site, head, &kept));
    if (!is_good) {
        NUMU_TRY(say_event(verifier, "kind.event", head->epoch, sequence));
    }
    if (status != NUMU_OK) {
        return NUMU_OK;
    }
    numu_log_note_record(head, &record);
    NUMU_TRY(check_signatures(verifier, &record));
    status = numu_state_apply(&verifier->again, &verifier->arena, verifier->log, &record);
    return status == NUMU_INVALID || status == NUMU_LIMIT || status == NUMU_NOT_FOUND
               ? say_event(verifier, "kind.event", record.epoch, sequence)
               : status;
}

/* --- heads --- */

static numu_status add_head(struct verifier *verifier, const struct numu_kept_head *kept) {
    struct head head = {.note = kept->note, .epoch = kept->epoch};
    struct numu_text name;
    struct numu_text origin;
    NUMU_TRY(numu_log_name(&verifier->arena, verifier->site, kept->epoch, &name));
    NUMU_TRY(numu_log_origin(&verifier->arena, verifier->ledger->id, name, &origin));
    head.is_readable = numu_checkpoint_read(head.note, &head.checkpoint) == NUMU_OK &&
                       numu_text_is_equal(head.checkpoint.origin, origin) &&
                       head.checkpoint.size == kept->size;
    if (!head.is_readable) {
        head.checkpoint.size = kept->size;
    }
    return numu_buffer_append(&verifier->heads, &head, sizeof head);
}

static numu_status read_heads(struct verifier *verifier) {
    struct numu_kept_head *heads;
    size_t count;
    verifier->last_head = 0;
    numu_buffer_clear(&verifier->heads);
    NUMU_TRY(numu_heads_list(verifier->ledger, &verifier->arena, verifier->site, verifier->epoch,
                             &heads, &count));
    for (size_t i = 0; i < count; i++) {
        NUMU_TRY(add_head(verifier, &heads[i]));
    }
    return NUMU_OK;
}

static numu_status check_head(struct verifier *verifier, const struct head *head,
                              const struct numu_log_head *at) {
    struct numu_sha256 root;
    struct numu_text site_key;
    struct numu_public_key key;
    struct numu_text text;
    size_t count = 0;
    verifier->result->heads++;
    NUMU_TRY(numu_frontier_root(&at->frontier, &root));
    /* A key counts from the next head on: the one before covers that it was registered. */
    numu_status status = numu_site_key_at(&verifier->again, &verifier->arena, verifier->site,
                                          verifier->last_head, &site_key);
    if (status == NUMU_NOT_FOUND) {
        status = numu_site_key_at(&verifier->again, &verifier->arena, verifier->site, at->size,
                                  &site_key);
    }
    bool has_key = status == NUMU_OK && numu_public_key_parse(site_key, &key) == NUMU_OK;
    NUMU_TRY(status == NUMU_NOT_FOUND ? NUMU_OK : status);
    verifier->last_head = at->size;
    bool is_signed =
        !has_key || (numu_note_read(head->note, &key, 1, &text, &count) == NUMU_OK && count == 1);
    verifier->result->has_key = verifier->result->has_key || has_key;
    if (!head->is_readable || !is_signed || !numu_sha256_is_equal(&root, &head->checkpoint.root)) {
        return say_event(verifier, "kind.head", head->epoch, head->checkpoint.size);
    }
    return NUMU_OK;
}

/* All of one log: verifier->site, log and epoch. */
static numu_status check_log(struct verifier *verifier) {
    const struct numu_store *store = &verifier->ledger->state.store;
    struct numu_log_head at = {.recorded = NUMU_NO_INSTANT};
    struct numu_buffer bytes;
    uint64_t size;
    NUMU_TRY(store->port->size(store->self, verifier->log, &size));
    NUMU_TRY(read_heads(verifier));
    const struct head *heads = (const void *)verifier->heads.data;
    size_t head_count = verifier->heads.length / sizeof *heads;
    size_t next = 0;
    numu_buffer_init(&bytes, verifier->context->heap, 0);
    numu_status status = NUMU_OK;
    for (uint64_t i = 0; i <= size && status == NUMU_OK; i++) {
        struct numu_arena_mark mark = numu_arena_mark(&verifier->arena);
        for (; next < head_count && heads[next].checkpoint.size == i && status == NUMU_OK; next++) {
            status = check_head(verifier, &heads[next], &at);
        }
        if (status == NUMU_OK && i < size) {
            status = check_event(verifier, i, &at, &bytes);
            verifier->result->events++;
        }
        if (i % 1024 == 0 && numu_context_is_stopped(verifier->context)) {
            status = NUMU_STOPPED;
        }
        numu_arena_rewind(&verifier->arena, mark);
    }
    for (; next < head_count && status == NUMU_OK; next++) { /* of more events than there are */
        status = say_event(verifier, "kind.head", heads[next].epoch, heads[next].checkpoint.size);
    }
    if (verifier->log == verifier->ledger->log) {
        verifier->result->unsigned_events =
            head_count == 0 ? size : size - heads[head_count - 1].checkpoint.size;
        if (status == NUMU_OK && (at.epoch != verifier->ledger->epoch || at.is_opening)) {
            status = say(verifier, "kind.book_row", NUMU_TEXT("meta\tepoch"));
        }
    }
    numu_buffer_release(&bytes);
    return status;
}

/* A log that ended: evidence, from which nothing follows. */
static numu_status check_evidence(struct verifier *verifier, const struct numu_epoch *epoch) {
    struct numu_store store;
    struct numu_state kept = verifier->again;
    const uint64_t before = verifier->result->events;
    NUMU_TRY(numu_store_memory_open(verifier->context->heap, &store));
    numu_state_init(&verifier->again, verifier->context->heap, store,
                    verifier->ledger->state.store);
    verifier->log = epoch->evidence;
    verifier->epoch = epoch->ended;
    numu_status status = store.port->begin(store.self);
    if (status == NUMU_OK) {
        status = check_log(verifier);
        store.port->rollback(store.self);
    }
    numu_state_release(&verifier->again);
    verifier->again = kept;
    uint64_t beyond = verifier->result->events - before;
    verifier->result->evidence += beyond > epoch->common ? beyond - epoch->common : 0;
    verifier->result->events = before;
    numu_status closed = store.port->close(store.self);
    return status != NUMU_OK ? status : closed;
}

/* All logs of a site. */
static numu_status check_site(struct verifier *verifier, struct numu_text site) {
    struct numu_epoch *epochs;
    size_t count;
    verifier->site = site;
    verifier->epoch = NUMU_EPOCH_NEWEST;
    NUMU_TRY(numu_ledger_log(verifier->ledger, site, &verifier->log));
    NUMU_TRY(check_log(verifier));
    NUMU_TRY(numu_epochs_list(verifier->ledger, &verifier->arena, site, &epochs, &count));
    for (size_t i = 0; i < count; i++) {
        if (epochs[i].has_evidence) {
            NUMU_TRY(check_evidence(verifier, &epochs[i]));
        }
    }
    return NUMU_OK;
}

/* --- the state --- */

struct comparison {
    struct verifier *verifier;
    struct numu_store other;
    struct numu_buffer value;
    bool is_live; /* the rows visited are those of the book */
};

static numu_status visit_row(void *data, struct numu_text key, struct numu_text value) {
    struct comparison *comparison = data;
    struct numu_store *other = &comparison->other;
    comparison->verifier->result->rows += comparison->is_live;
    numu_status status = other->port->get(other->self, NUMU_SPACE_STATE, key, &comparison->value);
    if (status == NUMU_NOT_FOUND) {
        return say(comparison->verifier, "kind.row", key);
    }
    NUMU_TRY(status);
    bool is_same = numu_text_is_equal(
        value, (struct numu_text){comparison->value.data, comparison->value.length});
    return is_same || !comparison->is_live ? NUMU_OK : say(comparison->verifier, "kind.row", key);
}

static numu_status compare_states(struct verifier *verifier) {
    struct numu_store *live = &verifier->ledger->state.store;
    struct numu_store *again = &verifier->again.store;
    struct comparison comparison = {.verifier = verifier, .other = *again, .is_live = true};
    numu_buffer_init(&comparison.value, verifier->context->heap, 0);
    numu_status status =
        live->port->scan(live->self, NUMU_SPACE_STATE, NUMU_TEXT(""), visit_row, &comparison);
    comparison.other = *live;
    comparison.is_live = false;
    if (status == NUMU_OK) {
        status =
            again->port->scan(again->self, NUMU_SPACE_STATE, NUMU_TEXT(""), visit_row, &comparison);
    }
    numu_buffer_release(&comparison.value);
    return status;
}

/* --- the file --- */

static numu_status visit_flaw(void *data, const struct numu_flaw *flaw) {
    struct verifier *verifier = data;
    struct numu_text name;
    if (flaw->row.length > 0) {
        NUMU_TRY(numu_text_copy(&verifier->arena, flaw->row, &name));
        return say(verifier, "kind.book_row", name);
    }
    NUMU_TRY(numu_text_printf(&verifier->arena, &name, "%" PRIu64,
                              (uint64_t)(flaw->page - 1) * NUMU_PAGE_BYTES + flaw->offset));
    return say(verifier, "kind.byte", name);
}

static numu_status verify_all(struct verifier *verifier) {
    struct numu_text *sites;
    size_t count;
    struct numu_store *again = &verifier->again.store;
    NUMU_TRY(numu_sites_list(verifier->ledger, &verifier->arena, &sites, &count));
    NUMU_TRY(again->port->begin(again->self));
    for (size_t i = 0; i < count; i++) {
        NUMU_TRY(check_site(verifier, sites[i]));
    }
    NUMU_TRY(again->port->commit(again->self));
    NUMU_TRY(find_root(verifier));
    NUMU_TRY(compare_states(verifier));
    const struct numu_store *live = &verifier->ledger->state.store;
    return live->port->check(live->self, visit_flaw, verifier, &verifier->result->pages);
}

numu_status numu_ledger_verify(const struct numu_context *context, struct numu_ledger *ledger,
                               struct numu_report *report, struct numu_verification *out) {
    struct verifier verifier = {
        .context = context, .ledger = ledger, .report = report, .result = out};
    struct numu_store again;
    *out = (struct numu_verification){0};
    NUMU_TRY(numu_store_memory_open(context->heap, &again));
    numu_arena_init(&verifier.arena, context->heap);
    numu_buffer_init(&verifier.heads, context->heap, 0);
    numu_state_init(&verifier.again, context->heap, again, ledger->state.store);
    numu_status status = verify_all(&verifier);
    numu_state_release(&verifier.again);
    numu_status closed = again.port->close(again.self);
    numu_buffer_release(&verifier.heads);
    numu_arena_release(&verifier.arena);
    return status != NUMU_OK ? status : closed;
}
