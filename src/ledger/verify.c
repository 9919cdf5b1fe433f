/*
 * verify.c - see verify.h.
 */
#include "ledger/verify.h"

#include "ledger/query.h"

#include <inttypes.h>
#include <string.h>

struct head {
    struct numu_text note;
    struct numu_checkpoint checkpoint;
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
    struct numu_buffer heads; /* of struct head, by size */
    uint64_t last_head;       /* size of the head checked before; 0: none */
};

static numu_status say(struct verifier *verifier, const char *what, struct numu_text name) {
    struct numu_diagnostic finding = {
        .code = NUMU_CODE_LEDGER_ALTERED, .place = NUMU_NOWHERE, .related = NUMU_NOWHERE};
    finding.arguments[0] = numu_argument_string(what);
    finding.arguments[1] = numu_argument_text(name);
    numu_report_add(verifier->report, &finding);
    return NUMU_OK;
}

static numu_status say_event(struct verifier *verifier, const char *what, uint64_t sequence) {
    struct numu_text name;
    NUMU_TRY(numu_text_printf(&verifier->arena, &name, "%.*s:%" PRIu64, (int)verifier->site.length,
                              verifier->site.data, sequence));
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
            NUMU_TRY(say_event(verifier, "kind.signature", (uint64_t)record->sequence));
        }
    }
    return status == NUMU_NOT_FOUND ? NUMU_OK : status;
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
        return say_event(verifier, "kind.event", sequence);
    }
    NUMU_TRY(status);
    struct numu_text text = {bytes->data, bytes->length};
    NUMU_TRY(numu_merkle_leaf(text, &leaf));
    status = numu_record_read(&verifier->arena, text, &record, &error);
    bool is_good = status == NUMU_OK && numu_sha256_is_equal(&leaf, &kept) &&
                   numu_text_is_equal(record.site, verifier->site) &&
                   numu_text_is_equal(record.event.ledger, verifier->ledger->id) &&
                   (verifier->log != NUMU_OWN_LOG || record.epoch == verifier->ledger->epoch) &&
                   record.sequence == (int64_t)sequence &&
                   (head->recorded == NUMU_NO_INSTANT || record.recorded >= head->recorded);
    NUMU_TRY(status == NUMU_INVALID ? NUMU_OK : status);
    /* A changed event is named alone: the leaf that was kept leads to the signed heads. */
    NUMU_TRY(numu_log_append(&verifier->again, verifier->site, head, &kept));
    if (!is_good) {
        NUMU_TRY(say_event(verifier, "kind.event", sequence));
    }
    if (status != NUMU_OK) {
        return NUMU_OK;
    }
    head->recorded = record.recorded;
    NUMU_TRY(check_signatures(verifier, &record));
    status = numu_state_apply(&verifier->again, &verifier->arena, verifier->log, &record);
    return status == NUMU_INVALID || status == NUMU_LIMIT || status == NUMU_NOT_FOUND
               ? say_event(verifier, "kind.event", sequence)
               : status;
}

/* --- heads --- */

static numu_status visit_head(void *data, struct numu_text key, struct numu_text value) {
    struct verifier *verifier = data;
    struct head head = {.is_readable = false};
    struct numu_text text;
    struct numu_text origin;
    size_t count;
    for (int i = 0; i < 2; i++) {
        (void)numu_field_next(&key);
    }
    NUMU_TRY(numu_text_copy(&verifier->arena, value, &head.note));
    NUMU_TRY(numu_log_origin(&verifier->arena, verifier->ledger->id, verifier->site, &origin));
    head.is_readable = numu_note_read(head.note, NULL, 0, &text, &count) == NUMU_OK &&
                       numu_checkpoint_parse(text, &head.checkpoint) == NUMU_OK &&
                       numu_text_is_equal(head.checkpoint.origin, origin) &&
                       (int64_t)head.checkpoint.size == numu_field_number(key);
    if (!head.is_readable) {
        head.checkpoint.size = (uint64_t)numu_field_number(key);
    }
    return numu_buffer_append(&verifier->heads, &head, sizeof head);
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
        return say_event(verifier, "kind.head", head->checkpoint.size);
    }
    return NUMU_OK;
}

/* All of one log. */
static numu_status check_log(struct verifier *verifier, struct numu_text site) {
    const struct numu_store *store = &verifier->ledger->state.store;
    struct numu_log_head at = {.recorded = NUMU_NO_INSTANT};
    struct numu_buffer bytes;
    struct numu_text prefix;
    uint64_t size;
    verifier->site = site;
    NUMU_TRY(numu_ledger_log(verifier->ledger, site, &verifier->log));
    NUMU_TRY(store->port->size(store->self, verifier->log, &size));
    NUMU_TRY(
        numu_text_printf(&verifier->arena, &prefix, "head\t%.*s\t", (int)site.length, site.data));
    verifier->last_head = 0;
    numu_buffer_clear(&verifier->heads);
    NUMU_TRY(store->port->scan(store->self, NUMU_SPACE_BOOK, prefix, visit_head, verifier));
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
        status = say_event(verifier, "kind.head", heads[next].checkpoint.size);
    }
    if (verifier->log == NUMU_OWN_LOG) {
        verifier->result->unsigned_events =
            head_count == 0 ? size : size - heads[head_count - 1].checkpoint.size;
    }
    numu_buffer_release(&bytes);
    return status;
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
        NUMU_TRY(check_log(verifier, sites[i]));
    }
    NUMU_TRY(again->port->commit(again->self));
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
