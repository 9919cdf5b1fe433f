/*
 * bundle.c - see bundle.h. In the book: `key site` (whose signatures count), `log site` (number of
 * its log), `head log size`, `parked site first size log` (bundles in base64), `fork log size` (a
 * head of the other history: while the log is the site's newest, the site is frozen), `common log`
 * (how many entries the histories share at most). A log is named by its epoch (name.h).
 */
#include "ledger/bundle.h"

#include "ledger/epoch.h"
#include "ledger/root.h"
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
                              uint64_t from, const struct numu_kept_head *head,
                              struct numu_buffer *buffer) {
    const struct numu_store *store = &ledger->state.store;
    struct numu_buffer entry;
    struct numu_text name;
    NUMU_TRY(numu_log_name(&ledger->scratch, site, head->epoch, &name));
    NUMU_TRY(numu_buffer_printf(buffer, "%s\n%.*s/%.*s\n%" PRIu64 " %" PRIu64 " %zu\n", magic,
                                (int)ledger->id.length, ledger->id.data, (int)name.length,
                                name.data, from, head->size - from, head->note.length));
    NUMU_TRY(numu_buffer_append(buffer, head->note.data, head->note.length));
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
    uint64_t from; /* sequence of the first change that counts */
    uint64_t sequence;
    bool is_found;
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

static numu_status scan_changes(struct numu_ledger *ledger, struct numu_text site,
                                struct change *change) {
    NUMU_TRY(NUMU_STATE_KEY(&ledger->state, 'v', site, (struct numu_text){NULL, 0}));
    return numu_state_scan(&ledger->state, visit_change, change);
}

/*
 * The head at which a bundle from entry `from` ends, before another key signs: the first one that
 * covers a change of the site's key after that entry (the log's first key changes nothing), else
 * the newest.
 */
static numu_status find_end(struct numu_ledger *ledger, struct numu_text site, uint64_t from,
                            const struct numu_kept_head *heads, size_t count,
                            const struct numu_kept_head **out) {
    struct change change = {.from = from};
    struct numu_text first;
    numu_status status =
        from == 0 ? NUMU_NOT_FOUND
                  : numu_site_key_at(&ledger->state, &ledger->scratch, site, from, &first);
    NUMU_TRY(scan_changes(ledger, site, &change));
    if (status == NUMU_NOT_FOUND && change.is_found) { /* the log's first key */
        change = (struct change){.from = change.sequence + 1};
        NUMU_TRY(scan_changes(ledger, site, &change));
    }
    NUMU_TRY(status == NUMU_NOT_FOUND ? NUMU_OK : status);
    size_t at = 0;
    while (at + 1 < count && (!change.is_found || heads[at].size <= change.sequence)) {
        at++;
    }
    *out = &heads[at];
    return NUMU_OK;
}

static numu_status write_parts(struct numu_ledger *ledger, struct numu_text site, uint64_t from,
                               struct numu_buffer *buffer) {
    struct numu_kept_head *heads;
    size_t count;
    uint32_t log;
    NUMU_TRY(numu_ledger_log(ledger, site, &log));
    NUMU_TRY(numu_heads_list(ledger, &ledger->scratch, site, NUMU_EPOCH_NEWEST, &heads, &count));
    if (count == 0 || from >= heads[count - 1].size) {
        return NUMU_NOT_FOUND;
    }
    while (from < heads[count - 1].size) {
        const struct numu_kept_head *end;
        NUMU_TRY(find_end(ledger, site, from, heads, count, &end));
        NUMU_TRY(write_part(ledger, site, log, from, end, buffer));
        from = end->size;
    }
    return NUMU_OK;
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
    int64_t epoch;
    struct numu_text name; /* of the log */
    uint64_t first, count;
    struct numu_text note;
    struct numu_text entries;
};

static bool next_line(struct numu_text *rest, struct numu_text *out) {
    return numu_text_next_line(rest, out) && out->length <= 4096;
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
    if (!numu_log_origin_parse(origin, &out->id, &out->site, &out->epoch) ||
        note_length > text.length || out->count == 0 || out->count > text.length) {
        return false;
    }
    size_t before = out->id.length + 1;
    out->name = (struct numu_text){origin.data + before, origin.length - before};
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
    NUMU_TRY(numu_text_copy(first->arena, key, &first->key));
    NUMU_TRY(numu_text_copy(first->arena, value, &first->value));
    return NUMU_STOPPED; /* that is enough */
}

static numu_status find_first(struct numu_ledger *ledger, const char *kind, struct numu_text site,
                              struct first *out) {
    const struct numu_store *store = &ledger->state.store;
    struct numu_text prefix;
    *out = (struct first){.arena = &ledger->scratch};
    NUMU_TRY(numu_text_printf(&ledger->scratch, &prefix, "%s\t%.*s\t", kind, (int)site.length,
                              site.data));
    numu_status status = store->port->scan(store->self, NUMU_SPACE_BOOK, prefix, keep_first, out);
    return status == NUMU_STOPPED ? NUMU_OK : status;
}

/* The number of a site's log, a new one where it has none yet. */
static numu_status find_log(struct numu_ledger *ledger, struct numu_text site, uint32_t *out) {
    struct numu_text key;
    char value[32];
    numu_status status = numu_ledger_log(ledger, site, out);
    if (status != NUMU_NOT_FOUND) {
        return status;
    }
    NUMU_TRY(numu_log_number_next(ledger, out));
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

/* How a bundle meets what is known of its site. */
struct meeting {
    uint32_t log;
    struct numu_log_head at; /* where the known log ends */
    uint64_t same;           /* up to where the bundle's entries are those that are known */
    uint64_t end;            /* of the bundle */
    int64_t next;            /* epoch of the bundle's entry at `same`; -1: it has none */
};

/* The newest kept head of up to `size` entries; 0: none. */
static numu_status find_head_before(struct numu_ledger *ledger, struct numu_text site,
                                    uint64_t size, uint64_t *out) {
    struct numu_kept_head *heads;
    size_t count;
    NUMU_TRY(numu_heads_list(ledger, &ledger->scratch, site, NUMU_EPOCH_NEWEST, &heads, &count));
    *out = 0;
    for (size_t i = 0; i < count && heads[i].size <= size; i++) {
        *out = heads[i].size;
    }
    return NUMU_OK;
}

/*
 * Whose signature a bundle's head must bear [B4]. What is new is signed by the key in force where
 * the known log ends, or where a new epoch leaves it; what is known already, by the one in force at
 * its begin or at its end.
 */
enum { KEYS_MAX = 3 };
static numu_status find_keys(struct numu_ledger *ledger, const struct bundle *bundle,
                             const struct meeting *meeting, const struct numu_public_key *trusted,
                             struct numu_public_key keys[KEYS_MAX], size_t *out_count) {
    uint64_t known = meeting->at.size;
    bool is_later = bundle->epoch > meeting->at.epoch && known > 0;
    bool is_new = meeting->end > known || is_later;
    uint64_t from = is_later ? meeting->same : known;
    *out_count = 0;
    NUMU_TRY(add_key_at(ledger, bundle->site, is_new ? from : bundle->first, keys, out_count));
    if (*out_count == 0) {
        NUMU_TRY(add_trusted(ledger, bundle->site, trusted, keys, out_count));
    }
    if (is_later) { /* the last head before may be older than a change of the key */
        NUMU_TRY(find_head_before(ledger, bundle->site, from, &from));
        return add_key_at(ledger, bundle->site, from, keys, out_count);
    }
    return is_new ? NUMU_OK : add_key_at(ledger, bundle->site, meeting->end, keys, out_count);
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

/* One new entry: NUMU_INVALID where it cannot stand there, for what *out_why says. */
static numu_status add_entry(struct numu_ledger *ledger, struct numu_text site, uint32_t log,
                             struct numu_log_head *head, struct numu_text entry,
                             numu_bundle_outcome *out_why) {
    struct numu_record record;
    struct numu_event_error error;
    struct numu_sha256 leaf;
    bool is_good;
    struct numu_arena_mark mark = numu_arena_mark(&ledger->scratch);
    const struct numu_store *store = &ledger->state.store;
    *out_why = NUMU_BUNDLE_BAD_EVENT;
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
    NUMU_TRY(numu_epoch_check(&ledger->state, &ledger->scratch, log, &record, head));
    *out_why = NUMU_BUNDLE_UNCERTIFIED;
    NUMU_TRY(numu_root_check(&ledger->state, &ledger->scratch, log, &record));
    *out_why = NUMU_BUNDLE_BAD_EVENT;
    if (record.epoch > head->epoch) {
        const struct numu_epoch begun = {
            .number = record.epoch, .common = head->size, .ended = head->epoch};
        NUMU_TRY(numu_epoch_note(ledger, site, &begun));
    }
    NUMU_TRY(numu_merkle_leaf(entry, &leaf));
    NUMU_TRY(store->port->append(store->self, log, head->size, entry, &leaf));
    NUMU_TRY(numu_log_append(&ledger->state, site, head, &leaf));
    numu_log_note_record(head, &record);
    numu_status status = numu_state_apply(&ledger->state, &ledger->scratch, log, &record);
    numu_arena_rewind(&ledger->scratch, mark);
    return status == NUMU_LIMIT || status == NUMU_NOT_FOUND ? NUMU_INVALID : status;
}

/* Keeps a head of another history, and how much of it is the same at most. */
static numu_status note_fork(struct numu_ledger *ledger, const struct bundle *bundle,
                             uint64_t common) {
    struct numu_text key;
    struct numu_text before;
    char number[24];
    NUMU_TRY(
        book_key(ledger, "fork", bundle->name, (int64_t)(bundle->first + bundle->count), &key));
    NUMU_TRY(book_put(ledger, key, bundle->note));
    NUMU_TRY(book_key(ledger, "common", bundle->name, -1, &key));
    numu_status status = book_get(ledger, key, &before);
    if (status == NUMU_OK && (uint64_t)numu_field_number(before) <= common) {
        return NUMU_OK;
    }
    NUMU_TRY(status == NUMU_NOT_FOUND ? NUMU_OK : status);
    return book_put(ledger, key, numu_sequence_text((int64_t)common, number));
}

/* Up to where a bundle's entries are those of a log of `size`; the first one that is not. */
static numu_status count_same(struct numu_ledger *ledger, const struct bundle *bundle, uint32_t log,
                              uint64_t size, uint64_t *out, struct numu_text *out_entry) {
    const struct numu_store *store = &ledger->state.store;
    struct numu_text rest = bundle->entries;
    *out_entry = (struct numu_text){NULL, 0};
    for (*out = bundle->first; *out < bundle->first + bundle->count; ++*out) {
        struct numu_sha256 known;
        struct numu_sha256 leaf;
        NUMU_TRY(numu_entries_next(&rest, out_entry));
        if (*out >= size) {
            return NUMU_OK;
        }
        NUMU_TRY(numu_merkle_leaf(*out_entry, &leaf));
        NUMU_TRY(store->port->read(store->self, log, *out, NULL, &known));
        if (!numu_sha256_is_equal(&known, &leaf)) {
            return NUMU_OK;
        }
    }
    return NUMU_OK;
}

/* Where the known log and the bundle go apart, and in which epoch the bundle is there. */
static numu_status meet(struct numu_ledger *ledger, const struct bundle *bundle,
                        struct meeting *out) {
    struct numu_text entry;
    struct numu_record record;
    struct numu_event_error error;
    NUMU_TRY(find_log(ledger, bundle->site, &out->log));
    NUMU_TRY(numu_log_read_head(ledger, out->log, bundle->site, &out->at));
    out->end = bundle->first + bundle->count;
    out->next = -1;
    NUMU_TRY(count_same(ledger, bundle, out->log, out->at.size, &out->same, &entry));
    if (out->same == out->end) {
        return NUMU_OK;
    }
    numu_status status = numu_record_read(&ledger->scratch, entry, &record, &error);
    out->next = status == NUMU_OK ? record.epoch : -1; /* said when it is added */
    return status == NUMU_INVALID ? NUMU_OK : status;
}

static numu_status add_entries(struct numu_ledger *ledger, const struct bundle *bundle,
                               uint32_t log, struct numu_log_head *head,
                               numu_bundle_outcome *out_why) {
    struct numu_text rest = bundle->entries;
    struct numu_text entry;
    for (uint64_t i = bundle->first; i < bundle->first + bundle->count; i++) {
        NUMU_TRY(numu_entries_next(&rest, &entry));
        if (i >= head->size) {
            NUMU_TRY(add_entry(ledger, bundle->site, log, head, entry, out_why));
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
            &ledger->scratch, &key, "%.*s\t%s%s%.*s", (int)begin.length, begin.data,
            numu_sequence_text((int64_t)(bundle->first + bundle->count), size).data,
            bundle->epoch > 0 ? "\t" : "", bundle->epoch > 0 ? (int)bundle->name.length : 0,
            bundle->name.data);
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

/* A book that has a root takes no log with another; NUMU_INVALID. */
static numu_status has_root_of_book(struct numu_ledger *ledger, struct numu_text site, bool is_new,
                                    struct numu_bundle_result *out) {
    bool do_agree;
    NUMU_TRY(
        numu_roots_agree(&ledger->state, &ledger->scratch, ledger->site, site, is_new, &do_agree));
    out->outcome = NUMU_BUNDLE_OTHER_ROOT;
    return do_agree ? NUMU_OK : NUMU_INVALID;
}

/* What a bundle adds to the log where that goes on as it is, and the head that proves it. */
static numu_status add_and_prove(struct numu_ledger *ledger, const struct bundle *bundle,
                                 const struct numu_checkpoint *head, struct meeting *meeting,
                                 struct numu_bundle_result *out) {
    struct numu_sha256 root;
    struct numu_text key;
    uint64_t before = meeting->at.size;
    out->outcome = NUMU_BUNDLE_BAD_EVENT;
    NUMU_TRY(add_entries(ledger, bundle, meeting->log, &meeting->at, &out->outcome));
    NUMU_TRY(has_root_of_book(ledger, bundle->site, before == 0, out));
    out->outcome = NUMU_BUNDLE_BAD_HEAD;
    if (head->size > before) {
        NUMU_TRY(numu_frontier_root(&meeting->at.frontier, &root));
        if (meeting->at.size != head->size || meeting->at.epoch != bundle->epoch ||
            meeting->at.is_opening || !numu_sha256_is_equal(&root, &head->root)) {
            return NUMU_INVALID;
        }
    }
    NUMU_TRY(book_key(ledger, "head", bundle->name, (int64_t)head->size, &key));
    NUMU_TRY(book_put(ledger, key, bundle->note));
    out->added = meeting->at.size - before;
    out->outcome = out->added > 0 ? NUMU_BUNDLE_ACCEPTED : NUMU_BUNDLE_KNOWN;
    return NUMU_OK;
}

/* Of the epoch that is known: more of the log, nothing new, or another history. */
static numu_status accept_entries(struct numu_ledger *ledger, const struct bundle *bundle,
                                  const struct numu_checkpoint *head, struct meeting *meeting,
                                  struct numu_bundle_result *out) {
    uint64_t known = meeting->at.size;
    bool is_same = meeting->same == meeting->end || meeting->same == known;
    uint64_t common = is_same ? bundle->first : meeting->same;
    if (is_same && head->size <= known) {
        NUMU_TRY(is_known_head(ledger, meeting->log, bundle->site, head, &is_same));
    }
    if (!is_same) {
        out->outcome = NUMU_BUNDLE_FORKED;
        return note_fork(ledger, bundle, common);
    }
    return add_and_prove(ledger, bundle, head, meeting, out);
}

/* Whether two histories were seen to part before a size. */
static numu_status parts_before(struct numu_ledger *ledger, struct numu_text site, int64_t epoch,
                                uint64_t size, bool *out) {
    struct numu_text name;
    struct numu_text key;
    struct numu_text common;
    NUMU_TRY(numu_log_name(&ledger->scratch, site, epoch, &name));
    NUMU_TRY(book_key(ledger, "common", name, -1, &key));
    numu_status status = book_get(ledger, key, &common);
    *out = status == NUMU_OK && (uint64_t)numu_field_number(common) < size;
    return status == NUMU_NOT_FOUND ? NUMU_OK : status;
}

/*
 * Of a later epoch: its log leaves the known one at the last common head. What is known beyond is
 * evidence from now on.
 */
static numu_status accept_epoch(struct numu_ledger *ledger, const struct bundle *bundle,
                                const struct numu_checkpoint *head, struct meeting *meeting,
                                struct numu_bundle_result *out) {
    bool is_beyond;
    out->outcome = NUMU_BUNDLE_BAD_EPOCH;
    if (meeting->same < meeting->at.size) {
        if (meeting->next <= meeting->at.epoch) { /* not what is known, before it begins */
            return NUMU_INVALID;
        }
        NUMU_TRY(numu_epoch_branch(ledger, bundle->site, meeting->log, meeting->at.epoch,
                                   meeting->same, meeting->next, &meeting->log, &meeting->at));
    }
    const int64_t ended = meeting->at.epoch;
    numu_status status = add_and_prove(ledger, bundle, head, meeting, out);
    bool is_not_open = meeting->at.epoch < bundle->epoch || meeting->at.is_opening;
    if (status == NUMU_INVALID && is_not_open && out->outcome != NUMU_BUNDLE_UNCERTIFIED) {
        out->outcome = NUMU_BUNDLE_BAD_EPOCH;
    }
    NUMU_TRY(status);
    struct numu_epoch *epochs;
    size_t count;
    NUMU_TRY(numu_epochs_list(ledger, &ledger->scratch, bundle->site, &epochs, &count));
    for (size_t i = 0; i < count; i++) {
        NUMU_TRY(parts_before(ledger, bundle->site, ended, epochs[i].common, &is_beyond));
        if (epochs[i].number > ended && is_beyond) {
            out->outcome = NUMU_BUNDLE_BAD_EPOCH;
            return NUMU_INVALID;
        }
    }
    return NUMU_OK;
}

/* Of an epoch that ended: what was common is known; of what was not, the head is kept. */
static numu_status accept_past(struct numu_ledger *ledger, const struct bundle *bundle,
                               const struct numu_checkpoint *head, const struct meeting *meeting,
                               struct numu_bundle_result *out) {
    struct numu_text key;
    bool is_same = meeting->same == meeting->end && head->size <= meeting->at.size;
    struct numu_record last;
    if (is_same) {
        NUMU_TRY(is_known_head(ledger, meeting->log, bundle->site, head, &is_same));
        NUMU_TRY(numu_ledger_read(ledger, &ledger->scratch, meeting->log, (int64_t)head->size - 1,
                                  &last, NULL));
        is_same = is_same && last.epoch <= bundle->epoch;
    }
    out->outcome = is_same ? NUMU_BUNDLE_KNOWN : NUMU_BUNDLE_ENDED;
    NUMU_TRY(book_key(ledger, is_same ? "head" : "fork", bundle->name, (int64_t)head->size, &key));
    return book_put(ledger, key, bundle->note);
}

/* A bundle whose head is signed by a key that counts. */
static numu_status accept_good(struct numu_ledger *ledger, const struct bundle *bundle,
                               const struct numu_checkpoint *head, struct meeting *meeting,
                               struct numu_bundle_result *out) {
    struct first fork = {.arena = NULL};
    bool is_first = meeting->at.size == 0;
    if (!is_first && bundle->epoch < meeting->at.epoch && bundle->first <= meeting->at.size) {
        return accept_past(ledger, bundle, head, meeting, out);
    }
    if (is_first || bundle->epoch == meeting->at.epoch) {
        NUMU_TRY(find_first(ledger, "fork", bundle->name, &fork));
    }
    if (fork.key.length > 0) {
        out->outcome = NUMU_BUNDLE_FROZEN;
        return NUMU_OK;
    }
    if (bundle->first > meeting->at.size) {
        out->outcome = NUMU_BUNDLE_PARKED;
        return park(ledger, bundle);
    }
    return is_first || bundle->epoch == meeting->at.epoch
               ? accept_entries(ledger, bundle, head, meeting, out)
               : accept_epoch(ledger, bundle, head, meeting, out);
}

/* Within a transaction. NUMU_INVALID: refused, for what out->outcome says. */
static numu_status accept_one(struct numu_ledger *ledger, const struct bundle *bundle,
                              const struct numu_public_key *trusted,
                              struct numu_bundle_result *out) {
    struct numu_public_key keys[KEYS_MAX];
    struct numu_checkpoint head;
    struct numu_text text;
    struct numu_text origin;
    struct meeting meeting;
    size_t key_count;
    size_t count;
    out->outcome = NUMU_BUNDLE_OTHER;
    if (!numu_text_is_equal(bundle->id, ledger->id) ||
        numu_text_is_equal(bundle->site, ledger->site)) {
        return NUMU_INVALID;
    }
    NUMU_TRY(meet(ledger, bundle, &meeting));
    out->outcome = NUMU_BUNDLE_UNKNOWN_KEY;
    NUMU_TRY(find_keys(ledger, bundle, &meeting, trusted, keys, &key_count));
    if (key_count == 0) {
        return NUMU_INVALID;
    }
    out->outcome = NUMU_BUNDLE_BAD_HEAD;
    NUMU_TRY(numu_note_read(bundle->note, keys, key_count, &text, &count));
    NUMU_TRY(numu_checkpoint_parse(text, &head));
    NUMU_TRY(numu_log_origin(&ledger->scratch, bundle->id, bundle->name, &origin));
    if (count == 0 || !numu_text_is_equal(head.origin, origin) || head.size != meeting.end) {
        return NUMU_INVALID;
    }
    NUMU_TRY(remember_key(ledger, bundle->site, &keys[0]));
    return accept_good(ledger, bundle, &head, &meeting, out);
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

numu_status numu_bundle_freeze(struct numu_ledger *ledger, struct numu_arena *arena,
                               struct numu_text site, struct numu_freeze *out) {
    struct numu_log_head head;
    struct first fork;
    struct numu_text name;
    struct numu_text key;
    struct numu_text common;
    uint32_t log;
    NUMU_TRY(numu_ledger_log(ledger, site, &log));
    NUMU_TRY(numu_log_read_head(ledger, log, site, &head));
    NUMU_TRY(numu_log_name(arena, site, head.epoch, &name));
    NUMU_TRY(find_first(ledger, "fork", name, &fork));
    if (fork.key.length == 0) {
        return NUMU_NOT_FOUND;
    }
    NUMU_TRY(book_key(ledger, "common", name, -1, &key));
    numu_status status = book_get(ledger, key, &common);
    out->epoch = head.epoch;
    out->common = status == NUMU_OK ? (uint64_t)numu_field_number(common) : 0;
    return status == NUMU_NOT_FOUND ? NUMU_OK : status;
}

numu_status numu_bundle_common(struct numu_ledger *ledger, struct numu_text text, uint64_t *out,
                               bool *out_is_found) {
    struct bundle bundle;
    struct numu_text entry;
    bool has_parted = false;
    *out = 0;
    *out_is_found = false;
    while (!has_parted && text.length > 0 && split_bundle(&text, &bundle)) {
        if (!numu_text_is_equal(bundle.id, ledger->id) ||
            !numu_text_is_equal(bundle.site, ledger->site) || bundle.first > *out) {
            continue;
        }
        uint64_t same;
        NUMU_TRY(count_same(ledger, &bundle, ledger->log, ledger->head.size, &same, &entry));
        *out_is_found = true;
        *out = same > *out ? same : *out;
        has_parted = same < bundle.first + bundle.count;
    }
    return NUMU_OK;
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
