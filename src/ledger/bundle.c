/*
 * bundle.c - see bundle.h. In the book: `key site` (whose signatures count), `log site` (number of
 * its log), `head site size`, `parked site first size` (bundles in base64), `fork site size` (a
 * head of the other history, and the site is frozen).
 */
#include "ledger/bundle.h"

#include "ledger/tile.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

static const char magic[] = "numu.bundle/1";

static struct numu_text text_of(const struct numu_buffer *buffer) {
    return (struct numu_text){buffer->data, buffer->length};
}

/* --- writing --- */

/* One bundle of the entries from `from` up to a kept head. */
static numu_status write_part(struct numu_ledger *ledger, struct numu_text site, uint32_t log,
                              uint64_t from, struct numu_text note,
                              const struct numu_checkpoint *head, struct numu_buffer *buffer) {
    const struct numu_store *store = &ledger->state.store;
    struct numu_buffer entry;
    NUMU_TRY(numu_buffer_printf(buffer, "%s\n%.*s/%.*s\n%" PRIu64 " %" PRIu64 " %zu\n", magic,
                                (int)ledger->id.length, ledger->id.data, (int)site.length,
                                site.data, from, head->size - from, note.length));
    NUMU_TRY(numu_buffer_append(buffer, note.data, note.length));
    numu_buffer_init(&entry, ledger->heap, 0);
    numu_status status = NUMU_OK;
    for (uint64_t i = from; i < head->size && status == NUMU_OK; i++) {
        status = store->port->read(store->self, log, i, &entry, NULL);
        if (status == NUMU_OK) {
            status = numu_entries_append(buffer, text_of(&entry));
        }
    }
    numu_buffer_release(&entry);
    return status;
}

/* Where a bundle must end because another key signs after it. */
struct change {
    struct numu_arena *arena;
    uint64_t from; /* sequence of the first change that counts */
    uint64_t sequence;
    bool is_found;
    struct numu_text note; /* of the first head after it */
    struct numu_checkpoint head;
};

static numu_status visit_change(void *data, struct numu_text key, struct numu_text value) {
    struct change *change = data;
    (void)value;
    for (int i = 0; i < 2; i++) {
        (void)numu_field_next(&key);
    }
    uint64_t sequence = (uint64_t)numu_field_number(key);
    if (!change->is_found && sequence >= change->from) {
        change->is_found = true;
        change->sequence = sequence;
    }
    return NUMU_OK;
}

static numu_status visit_head_after(void *data, struct numu_text key, struct numu_text value) {
    struct change *change = data;
    struct numu_text text;
    size_t count;
    for (int i = 0; i < 2; i++) {
        (void)numu_field_next(&key);
    }
    if (change->note.length > 0 || (uint64_t)numu_field_number(key) <= change->sequence) {
        return NUMU_OK;
    }
    NUMU_TRY(numu_text_copy(change->arena, value, &change->note));
    NUMU_TRY(numu_note_read(change->note, NULL, 0, &text, &count));
    return numu_checkpoint_parse(text, &change->head);
}

/*
 * The next head after which another key signs: the first one that covers a change of the site's key
 * after entry `from` (the log's first key changes nothing). change->note is empty: there is none.
 */
static numu_status find_change(struct numu_ledger *ledger, struct numu_text site, uint64_t from,
                               struct change *out) {
    const struct numu_store *store = &ledger->state.store;
    struct numu_text first;
    struct numu_text prefix;
    *out = (struct change){.arena = &ledger->scratch, .from = from};
    numu_status status =
        from == 0 ? NUMU_NOT_FOUND
                  : numu_site_key_at(&ledger->state, &ledger->scratch, site, from, &first);
    NUMU_TRY(NUMU_STATE_KEY(&ledger->state, 'v', site, (struct numu_text){NULL, 0}));
    NUMU_TRY(numu_state_scan(&ledger->state, visit_change, out));
    if (status == NUMU_NOT_FOUND && out->is_found) { /* the log's first key */
        out->from = out->sequence + 1;
        out->is_found = false;
        NUMU_TRY(NUMU_STATE_KEY(&ledger->state, 'v', site, (struct numu_text){NULL, 0}));
        NUMU_TRY(numu_state_scan(&ledger->state, visit_change, out));
    }
    NUMU_TRY(status == NUMU_NOT_FOUND ? NUMU_OK : status);
    if (!out->is_found) {
        return NUMU_OK;
    }
    NUMU_TRY(
        numu_text_printf(&ledger->scratch, &prefix, "head\t%.*s\t", (int)site.length, site.data));
    return store->port->scan(store->self, NUMU_SPACE_BOOK, prefix, visit_head_after, out);
}

static numu_status write_parts(struct numu_ledger *ledger, struct numu_text site, uint64_t from,
                               struct numu_buffer *buffer) {
    struct numu_checkpoint head;
    struct numu_text note;
    uint32_t log;
    NUMU_TRY(numu_ledger_log(ledger, site, &log));
    NUMU_TRY(numu_ledger_last_head(ledger, &ledger->scratch, site, &note, &head));
    if (from >= head.size) {
        return NUMU_NOT_FOUND;
    }
    for (;;) {
        struct change change;
        NUMU_TRY(find_change(ledger, site, from, &change));
        if (change.note.length == 0 || change.head.size >= head.size) {
            return write_part(ledger, site, log, from, note, &head, buffer);
        }
        NUMU_TRY(write_part(ledger, site, log, from, change.note, &change.head, buffer));
        from = change.head.size;
    }
}

numu_status numu_bundle_write(struct numu_ledger *ledger, struct numu_text site, uint64_t from,
                              struct numu_buffer *buffer) {
    struct numu_arena_mark mark = numu_arena_mark(&ledger->scratch);
    numu_status status = write_parts(ledger, site, from, buffer);
    numu_arena_rewind(&ledger->scratch, mark);
    return status;
}

/* --- reading --- */

struct bundle {
    struct numu_text whole;
    struct numu_text id, site;
    uint64_t first, count;
    struct numu_text note;
    struct numu_text entries;
};

static bool next_line(struct numu_text *rest, struct numu_text *out) {
    size_t end = numu_text_find(*rest, NUMU_TEXT("\n"), 0);
    if (end == SIZE_MAX || end > 4096) {
        return false;
    }
    *out = (struct numu_text){rest->data, end};
    *rest = (struct numu_text){rest->data + end + 1, rest->length - end - 1};
    return true;
}

static bool next_number(struct numu_text *line, uint64_t *out) {
    return numu_log_number_parse(numu_text_next_word(line), out);
}

/* Splits the first bundle off; false where there is none that is whole. */
static bool split_bundle(struct numu_text *rest, struct bundle *out) {
    struct numu_text all = *rest;
    struct numu_text text = *rest;
    struct numu_text line;
    struct numu_text origin;
    struct numu_text entry;
    uint64_t note_length;
    if (!next_line(&text, &line) || !numu_text_is(line, magic) || !next_line(&text, &origin) ||
        !next_line(&text, &line) || !next_number(&line, &out->first) ||
        !next_number(&line, &out->count) || !next_number(&line, &note_length) || line.length > 0) {
        return false;
    }
    size_t slash = numu_text_find(origin, NUMU_TEXT("/"), 0);
    if (slash == SIZE_MAX || note_length > text.length || out->count == 0 ||
        out->count > NUMU_BUNDLE_ENTRIES_MAX) {
        return false;
    }
    out->id = (struct numu_text){origin.data, slash};
    out->site = (struct numu_text){origin.data + slash + 1, origin.length - slash - 1};
    out->note = (struct numu_text){text.data, (size_t)note_length};
    text = (struct numu_text){text.data + note_length, text.length - (size_t)note_length};
    struct numu_text start = text;
    for (uint64_t i = 0; i < out->count; i++) {
        if (numu_entries_next(&text, &entry) != NUMU_OK) {
            return false;
        }
    }
    out->entries = (struct numu_text){start.data, start.length - text.length};
    out->whole = (struct numu_text){all.data, all.length - text.length};
    *rest = text;
    return true;
}

/* --- the book --- */

static numu_status book_key(struct numu_ledger *ledger, const char *kind, struct numu_text site,
                            int64_t number, struct numu_text *out) {
    char digits[24];
    if (number < 0) {
        return numu_text_printf(&ledger->scratch, out, "%s\t%.*s", kind, (int)site.length,
                                site.data);
    }
    return numu_text_printf(&ledger->scratch, out, "%s\t%.*s\t%s", kind, (int)site.length,
                            site.data, numu_sequence_text(number, digits).data);
}

static numu_status book_get(struct numu_ledger *ledger, struct numu_text key,
                            struct numu_text *out) {
    const struct numu_store *store = &ledger->state.store;
    NUMU_TRY(store->port->get(store->self, NUMU_SPACE_BOOK, key, &ledger->state.value));
    return numu_text_copy(&ledger->scratch, text_of(&ledger->state.value), out);
}

static numu_status book_put(struct numu_ledger *ledger, struct numu_text key,
                            struct numu_text value) {
    const struct numu_store *store = &ledger->state.store;
    return store->port->put(store->self, NUMU_SPACE_BOOK, key, value);
}

struct first {
    struct numu_arena *arena;
    struct numu_text key, value;
};

static numu_status keep_first(void *data, struct numu_text key, struct numu_text value) {
    struct first *first = data;
    if (first->key.length > 0) {
        return NUMU_OK;
    }
    NUMU_TRY(numu_text_copy(first->arena, key, &first->key));
    return numu_text_copy(first->arena, value, &first->value);
}

static numu_status find_first(struct numu_ledger *ledger, const char *kind, struct numu_text site,
                              struct first *out) {
    const struct numu_store *store = &ledger->state.store;
    struct numu_text prefix;
    *out = (struct first){.arena = &ledger->scratch};
    NUMU_TRY(numu_text_printf(&ledger->scratch, &prefix, "%s\t%.*s\t", kind, (int)site.length,
                              site.data));
    return store->port->scan(store->self, NUMU_SPACE_BOOK, prefix, keep_first, out);
}

struct counting {
    uint32_t count;
};

static numu_status count_log(void *data, struct numu_text key, struct numu_text value) {
    (void)key;
    (void)value;
    ((struct counting *)data)->count++;
    return NUMU_OK;
}

/* The number of a site's log, a new one where it has none yet. */
static numu_status find_log(struct numu_ledger *ledger, struct numu_text site, uint32_t *out) {
    const struct numu_store *store = &ledger->state.store;
    struct counting counting = {0};
    struct numu_text key;
    char value[32];
    numu_status status = numu_ledger_log(ledger, site, out);
    if (status != NUMU_NOT_FOUND) {
        return status;
    }
    NUMU_TRY(
        store->port->scan(store->self, NUMU_SPACE_BOOK, NUMU_TEXT("log\t"), count_log, &counting));
    *out = counting.count + 1;
    if (*out > NUMU_LOG_MAX) {
        return NUMU_LIMIT;
    }
    (void)snprintf(value, sizeof value, "%" PRIu32, *out);
    NUMU_TRY(book_key(ledger, "log", site, -1, &key));
    return book_put(ledger, key, numu_text_of(value));
}

/* --- accepting --- */

/* Adds the key that a site's log registered before `size`, where it did. */
static numu_status add_key_at(struct numu_ledger *ledger, struct numu_text site, uint64_t size,
                              struct numu_public_key *keys, size_t *count) {
    struct numu_text text;
    numu_status status = numu_site_key_at(&ledger->state, &ledger->scratch, site, size, &text);
    if (status == NUMU_OK && numu_public_key_parse(text, &keys[*count]) == NUMU_OK) {
        ++*count;
    }
    return status == NUMU_NOT_FOUND ? NUMU_OK : status;
}

/* Adds the key that was trusted first, or is now. */
static numu_status add_trusted(struct numu_ledger *ledger, struct numu_text site,
                               const struct numu_public_key *trusted, struct numu_public_key *keys,
                               size_t *count) {
    struct numu_text row;
    struct numu_text value;
    NUMU_TRY(book_key(ledger, "key", site, -1, &row));
    numu_status status = book_get(ledger, row, &value);
    if (status == NUMU_OK) {
        NUMU_TRY(numu_public_key_parse(value, &keys[(*count)++]));
    } else if (status == NUMU_NOT_FOUND && trusted != NULL) {
        keys[(*count)++] = *trusted;
    }
    return status == NUMU_NOT_FOUND ? NUMU_OK : status;
}

/*
 * Whose signature a bundle's head must bear [B4]. What is new is signed by the key in force where
 * the known log ends; what is known already, by the one in force at its begin or at its end.
 */
enum { KEYS_MAX = 2 };
static numu_status find_keys(struct numu_ledger *ledger, const struct bundle *bundle,
                             const struct numu_public_key *trusted,
                             struct numu_public_key keys[KEYS_MAX], size_t *out_count) {
    const struct numu_store *store = &ledger->state.store;
    uint64_t end = bundle->first + bundle->count;
    uint64_t known = 0;
    uint32_t log;
    numu_status status = numu_ledger_log(ledger, bundle->site, &log);
    *out_count = 0;
    if (status == NUMU_OK) {
        NUMU_TRY(store->port->size(store->self, log, &known));
    }
    NUMU_TRY(status == NUMU_NOT_FOUND ? NUMU_OK : status);
    NUMU_TRY(
        add_key_at(ledger, bundle->site, end > known ? known : bundle->first, keys, out_count));
    if (*out_count == 0) {
        NUMU_TRY(add_trusted(ledger, bundle->site, trusted, keys, out_count));
    }
    return end > known ? NUMU_OK : add_key_at(ledger, bundle->site, end, keys, out_count);
}

/* Keeps the key that was trusted first. */
static numu_status remember_key(struct numu_ledger *ledger, struct numu_text site,
                                const struct numu_public_key *key) {
    struct numu_text row;
    struct numu_text value;
    struct numu_buffer text;
    NUMU_TRY(book_key(ledger, "key", site, -1, &row));
    numu_status status = book_get(ledger, row, &value);
    if (status != NUMU_NOT_FOUND) {
        return status;
    }
    numu_buffer_init(&text, ledger->heap, 0);
    status = numu_public_key_write(key, &text);
    if (status == NUMU_OK) {
        status = book_put(ledger, row, text_of(&text));
    }
    numu_buffer_release(&text);
    return status;
}

/* Signatures by keys of people of that site, as its log has registered them so far. */
static numu_status has_good_signatures(struct numu_ledger *ledger, const struct numu_record *record,
                                       bool *out) {
    struct numu_person person;
    struct numu_public_key key;
    *out = true;
    if (record->signature_count == 0) {
        return NUMU_OK;
    }
    numu_status status =
        numu_person_get(&ledger->state, &ledger->scratch, record->site, record->event.by, &person);
    bool has_key = status == NUMU_OK && numu_public_key_parse(person.key, &key) == NUMU_OK;
    for (size_t i = 0; i < record->signature_count; i++) {
        *out = *out && has_key &&
               numu_signature_is_valid(&key, record->body, &record->signatures[i].signature);
    }
    return status == NUMU_NOT_FOUND ? NUMU_OK : status;
}

/* One new entry: NUMU_INVALID where it cannot stand there. */
static numu_status add_entry(struct numu_ledger *ledger, struct numu_text site, uint32_t log,
                             struct numu_log_head *head, struct numu_text entry) {
    struct numu_record record;
    struct numu_event_error error;
    struct numu_sha256 leaf;
    bool is_good;
    struct numu_arena_mark mark = numu_arena_mark(&ledger->scratch);
    const struct numu_store *store = &ledger->state.store;
    NUMU_TRY(numu_record_read(&ledger->scratch, entry, &record, &error));
    if (!numu_text_is_equal(record.site, site) || record.sequence != (int64_t)head->size ||
        !numu_text_is_equal(record.event.ledger, ledger->id) ||
        (head->recorded != NUMU_NO_INSTANT && record.recorded < head->recorded)) {
        return NUMU_INVALID;
    }
    NUMU_TRY(has_good_signatures(ledger, &record, &is_good));
    if (!is_good) {
        return NUMU_INVALID;
    }
    NUMU_TRY(numu_merkle_leaf(entry, &leaf));
    NUMU_TRY(store->port->append(store->self, log, head->size, entry, &leaf));
    NUMU_TRY(numu_log_append(&ledger->state, site, head, &leaf));
    head->recorded = record.recorded;
    numu_status status = numu_state_apply(&ledger->state, &ledger->scratch, log, &record);
    numu_arena_rewind(&ledger->scratch, mark);
    return status == NUMU_LIMIT || status == NUMU_NOT_FOUND ? NUMU_INVALID : status;
}

/* Keeps a head of another history, which freezes the site. */
static numu_status note_fork(struct numu_ledger *ledger, const struct bundle *bundle,
                             const struct numu_checkpoint *head) {
    struct numu_text key;
    NUMU_TRY(book_key(ledger, "fork", bundle->site, (int64_t)head->size, &key));
    return book_put(ledger, key, bundle->note);
}

/* Whether the entries that are known already are those of the bundle. */
static numu_status is_same_history(struct numu_ledger *ledger, const struct bundle *bundle,
                                   uint32_t log, uint64_t size, bool *out) {
    const struct numu_store *store = &ledger->state.store;
    struct numu_text rest = bundle->entries;
    struct numu_text entry;
    *out = true;
    for (uint64_t i = bundle->first; i < bundle->first + bundle->count && i < size && *out; i++) {
        struct numu_sha256 known;
        struct numu_sha256 leaf;
        NUMU_TRY(numu_entries_next(&rest, &entry));
        NUMU_TRY(numu_merkle_leaf(entry, &leaf));
        NUMU_TRY(store->port->read(store->self, log, i, NULL, &known));
        *out = numu_sha256_is_equal(&known, &leaf);
    }
    return NUMU_OK;
}

static numu_status add_entries(struct numu_ledger *ledger, const struct bundle *bundle,
                               uint32_t log, struct numu_log_head *head) {
    struct numu_text rest = bundle->entries;
    struct numu_text entry;
    for (uint64_t i = bundle->first; i < bundle->first + bundle->count; i++) {
        NUMU_TRY(numu_entries_next(&rest, &entry));
        if (i >= head->size) {
            NUMU_TRY(add_entry(ledger, bundle->site, log, head, entry));
        }
    }
    return NUMU_OK;
}

static numu_status park(struct numu_ledger *ledger, const struct bundle *bundle) {
    struct numu_text begin;
    struct numu_text key;
    struct numu_buffer text;
    char size[24];
    numu_buffer_init(&text, ledger->heap, 0);
    numu_status status = book_key(ledger, "parked", bundle->site, (int64_t)bundle->first, &begin);
    if (status == NUMU_OK) {
        status = numu_text_printf(
            &ledger->scratch, &key, "%.*s\t%s", (int)begin.length, begin.data,
            numu_sequence_text((int64_t)(bundle->first + bundle->count), size).data);
    }
    if (status == NUMU_OK) {
        status = numu_base64_write(bundle->whole.data, bundle->whole.length, &text);
    }
    if (status == NUMU_OK) {
        status = book_put(ledger, key, text_of(&text));
    }
    numu_buffer_release(&text);
    return status;
}

/* The root of the known log at a head's size is the head's. */
static numu_status is_known_head(struct numu_ledger *ledger, uint32_t log, struct numu_text site,
                                 const struct numu_checkpoint *head, bool *out) {
    struct numu_ledger_tree room;
    struct numu_tree tree = numu_ledger_tree(ledger, log, site, &room);
    struct numu_sha256 root;
    NUMU_TRY(numu_tree_root(&tree, head->size, &root));
    *out = numu_sha256_is_equal(&root, &head->root);
    return NUMU_OK;
}

/* A bundle whose head is good: its entries against the log. */
static numu_status accept_entries(struct numu_ledger *ledger, const struct bundle *bundle,
                                  const struct numu_checkpoint *head,
                                  struct numu_bundle_result *out) {
    uint32_t log;
    struct numu_log_head at;
    struct numu_sha256 root;
    struct numu_text key;
    bool is_same;
    NUMU_TRY(find_log(ledger, bundle->site, &log));
    NUMU_TRY(numu_log_read_head(ledger, log, bundle->site, &at));
    uint64_t before = at.size;
    if (bundle->first > before) {
        out->outcome = NUMU_BUNDLE_PARKED;
        return park(ledger, bundle);
    }
    NUMU_TRY(is_same_history(ledger, bundle, log, before, &is_same));
    if (is_same && head->size <= before) {
        NUMU_TRY(is_known_head(ledger, log, bundle->site, head, &is_same));
    }
    if (!is_same) {
        out->outcome = NUMU_BUNDLE_FORKED;
        return note_fork(ledger, bundle, head);
    }
    out->outcome = NUMU_BUNDLE_BAD_EVENT;
    NUMU_TRY(add_entries(ledger, bundle, log, &at));
    out->outcome = NUMU_BUNDLE_BAD_HEAD;
    if (head->size > before) {
        NUMU_TRY(numu_frontier_root(&at.frontier, &root));
        if (at.size != head->size || !numu_sha256_is_equal(&root, &head->root)) {
            return NUMU_INVALID;
        }
    }
    NUMU_TRY(book_key(ledger, "head", bundle->site, (int64_t)head->size, &key));
    NUMU_TRY(book_put(ledger, key, bundle->note));
    out->added = at.size - before;
    out->outcome = out->added > 0 ? NUMU_BUNDLE_ACCEPTED : NUMU_BUNDLE_KNOWN;
    return NUMU_OK;
}

/* Within a transaction. NUMU_INVALID: refused, for what out->outcome says. */
static numu_status accept_one(struct numu_ledger *ledger, const struct bundle *bundle,
                              const struct numu_public_key *trusted,
                              struct numu_bundle_result *out) {
    struct numu_public_key keys[KEYS_MAX];
    struct numu_checkpoint head;
    struct numu_text text;
    struct numu_text origin;
    struct first fork;
    size_t key_count;
    size_t count;
    out->outcome = NUMU_BUNDLE_OTHER;
    if (!numu_text_is_equal(bundle->id, ledger->id) ||
        numu_text_is_equal(bundle->site, ledger->site)) {
        return NUMU_INVALID;
    }
    out->outcome = NUMU_BUNDLE_UNKNOWN_KEY;
    NUMU_TRY(find_keys(ledger, bundle, trusted, keys, &key_count));
    if (key_count == 0) {
        return NUMU_INVALID;
    }
    out->outcome = NUMU_BUNDLE_BAD_HEAD;
    NUMU_TRY(numu_note_read(bundle->note, keys, key_count, &text, &count));
    NUMU_TRY(numu_checkpoint_parse(text, &head));
    NUMU_TRY(numu_log_origin(&ledger->scratch, bundle->id, bundle->site, &origin));
    if (count == 0 || !numu_text_is_equal(head.origin, origin) ||
        head.size != bundle->first + bundle->count) {
        return NUMU_INVALID;
    }
    NUMU_TRY(find_first(ledger, "fork", bundle->site, &fork));
    if (fork.key.length > 0) {
        out->outcome = NUMU_BUNDLE_FROZEN;
        return NUMU_OK;
    }
    NUMU_TRY(remember_key(ledger, bundle->site, &keys[0]));
    return accept_entries(ledger, bundle, &head, out);
}

/* One bundle in one transaction. */
static numu_status accept_whole(struct numu_ledger *ledger, const struct bundle *bundle,
                                const struct numu_public_key *trusted,
                                struct numu_bundle_result *out) {
    struct numu_arena_mark mark = numu_arena_mark(&ledger->scratch);
    NUMU_TRY(numu_ledger_begin(ledger));
    numu_status status = accept_one(ledger, bundle, trusted, out);
    if (status == NUMU_OK) {
        status = numu_ledger_commit(ledger);
    } else {
        numu_ledger_rollback(ledger);
        out->added = 0;
    }
    numu_arena_rewind(&ledger->scratch, mark);
    return status == NUMU_INVALID ? NUMU_OK : status;
}

/* The first parked bundle of a site, where nothing is missing before it any more; else none. */
static numu_status find_parked(struct numu_ledger *ledger, struct numu_text site,
                               struct numu_arena *arena, struct numu_text *out_key,
                               struct numu_text *out) {
    struct first parked;
    uint32_t log;
    uint64_t size;
    const struct numu_store *store = &ledger->state.store;
    *out_key = (struct numu_text){NULL, 0};
    numu_status status = numu_ledger_log(ledger, site, &log);
    if (status != NUMU_OK) {
        return status == NUMU_NOT_FOUND ? NUMU_OK : status;
    }
    NUMU_TRY(store->port->size(store->self, log, &size));
    NUMU_TRY(find_first(ledger, "parked", site, &parked));
    struct numu_text rest = parked.key;
    for (int i = 0; i < 2; i++) {
        (void)numu_field_next(&rest);
    }
    if (parked.key.length == 0 || numu_field_number(numu_field_next(&rest)) > (int64_t)size) {
        return NUMU_OK;
    }
    size_t padding = 0;
    while (padding < 2 && padding < parked.value.length &&
           parked.value.data[parked.value.length - 1 - padding] == '=') {
        padding++;
    }
    size_t length = parked.value.length / 4 * 3 - padding;
    char *bytes;
    NUMU_TRY(NUMU_TAKE(arena, &bytes, length));
    if (!numu_base64_parse(parked.value, bytes, length)) {
        length = 0;
    }
    *out = (struct numu_text){bytes, length};
    return numu_text_copy(arena, parked.key, out_key);
}

static numu_status remove_parked(struct numu_ledger *ledger, struct numu_text key) {
    const struct numu_store *store = &ledger->state.store;
    NUMU_TRY(numu_ledger_begin(ledger));
    numu_status status = store->port->remove(store->self, NUMU_SPACE_BOOK, key);
    if (status != NUMU_OK) {
        numu_ledger_rollback(ledger);
        return status;
    }
    return numu_ledger_commit(ledger);
}

/* A parked bundle goes only after what it brings is there, so that no crash loses it. */
static numu_status accept_parked(struct numu_ledger *ledger, struct numu_text site,
                                 struct numu_bundle_result *out) {
    for (;;) {
        struct numu_arena arena;
        struct numu_text key;
        struct numu_text text;
        struct bundle bundle;
        struct numu_bundle_result result = {.added = 0};
        struct numu_arena_mark mark = numu_arena_mark(&ledger->scratch);
        numu_arena_init(&arena, ledger->heap);
        numu_status status = find_parked(ledger, site, &arena, &key, &text);
        numu_arena_rewind(&ledger->scratch, mark);
        bool is_more = status == NUMU_OK && key.length > 0;
        if (is_more && split_bundle(&text, &bundle)) {
            status = accept_whole(ledger, &bundle, NULL, &result);
            out->added += result.added;
        }
        if (is_more && status == NUMU_OK) {
            status = remove_parked(ledger, key);
        }
        numu_arena_release(&arena);
        NUMU_TRY(status);
        if (!is_more) {
            return NUMU_OK;
        }
    }
}

bool numu_bundle_origin(struct numu_text text, struct numu_text *out_id,
                        struct numu_text *out_site) {
    struct bundle bundle;
    if (!split_bundle(&text, &bundle)) {
        return false;
    }
    *out_id = bundle.id;
    *out_site = bundle.site;
    return true;
}

numu_status numu_bundle_accept(struct numu_ledger *ledger, struct numu_text *rest,
                               const struct numu_public_key *trusted,
                               struct numu_bundle_result *out) {
    struct bundle bundle;
    *out = (struct numu_bundle_result){.outcome = NUMU_BUNDLE_MALFORMED};
    if (!split_bundle(rest, &bundle)) {
        *rest = (struct numu_text){rest->data, 0};
        return NUMU_OK;
    }
    out->site = bundle.site;
    out->first = bundle.first;
    out->count = bundle.count;
    NUMU_TRY(accept_whole(ledger, &bundle, trusted, out));
    return out->outcome == NUMU_BUNDLE_ACCEPTED ? accept_parked(ledger, bundle.site, out) : NUMU_OK;
}

/* --- digests --- */

static numu_status hash_row(void *data, struct numu_text key, struct numu_text value) {
    struct numu_sha256_stream *stream = data;
    NUMU_TRY(numu_sha256_update(stream, key.data, key.length));
    NUMU_TRY(numu_sha256_update(stream, "\n", 1));
    NUMU_TRY(numu_sha256_update(stream, value.data, value.length));
    return numu_sha256_update(stream, "\n", 1);
}

numu_status numu_state_digest(struct numu_state *state, struct numu_sha256 *out) {
    struct numu_sha256_stream stream;
    NUMU_TRY(numu_sha256_init(&stream));
    numu_status status = state->store.port->scan(state->store.self, NUMU_SPACE_STATE, NUMU_TEXT(""),
                                                 hash_row, &stream);
    if (status != NUMU_OK) {
        numu_sha256_release(&stream);
        return status;
    }
    return numu_sha256_finish(&stream, out);
}
