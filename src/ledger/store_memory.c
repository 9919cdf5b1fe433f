/*
 * store_memory.c - a store in memory: two dictionaries, an array of entries a log, and a list of
 * what a rollback has to undo.
 */
#include "ledger/store.h"

#include <string.h>

struct entry {
    struct numu_text bytes;
    struct numu_sha256 leaf;
};

struct undo {
    numu_space space;
    bool was_there;
    struct numu_text key;
    struct numu_text value;
};

struct memory {
    struct numu_heap *heap;
    struct numu_arena arena;
    struct numu_dictionary spaces[NUMU_SPACE_COUNT];
    struct numu_buffer *logs[NUMU_LOG_MAX + 1]; /* of struct entry */
    struct numu_buffer undos;                   /* of struct undo */
    struct numu_buffer appended;                /* of uint32_t: logs appended to */
    bool is_open;                               /* a transaction is */
};

static numu_status begin(void *self) {
    struct memory *memory = self;
    numu_assert(!memory->is_open);
    memory->is_open = true;
    numu_buffer_clear(&memory->undos);
    numu_buffer_clear(&memory->appended);
    return NUMU_OK;
}

static numu_status commit(void *self) {
    struct memory *memory = self;
    numu_assert(memory->is_open);
    memory->is_open = false;
    return NUMU_OK;
}

static void rollback(void *self) {
    struct memory *memory = self;
    if (!memory->is_open) {
        return;
    }
    memory->is_open = false;
    const struct undo *undos = (const void *)memory->undos.data;
    for (size_t i = memory->undos.length / sizeof *undos; i-- > 0;) {
        struct numu_dictionary *space = &memory->spaces[undos[i].space];
        struct numu_entry *entry = numu_dictionary_find(space, undos[i].key);
        if (undos[i].was_there) { /* the entry has room for what it held before */
            numu_status status = numu_dictionary_put(space, undos[i].key, undos[i].value, NULL);
            numu_assert(status == NUMU_OK);
        } else if (entry != NULL) {
            entry->is_removed = true;
        }
    }
    const uint32_t *logs = (const void *)memory->appended.data;
    for (size_t i = memory->appended.length / sizeof *logs; i-- > 0;) {
        memory->logs[logs[i]]->length -= sizeof(struct entry);
    }
}

static numu_status log_of(struct memory *memory, uint32_t log, struct numu_buffer **out) {
    if (log > NUMU_LOG_MAX) {
        return NUMU_LIMIT;
    }
    if (memory->logs[log] == NULL) {
        NUMU_TRY(NUMU_TAKE(&memory->arena, &memory->logs[log], 1));
        numu_buffer_init(memory->logs[log], memory->heap, 0);
    }
    *out = memory->logs[log];
    return NUMU_OK;
}

static numu_status append(void *self, uint32_t log, uint64_t sequence, struct numu_text bytes,
                          const struct numu_sha256 *leaf) {
    struct memory *memory = self;
    struct numu_buffer *entries;
    struct entry entry = {.leaf = *leaf};
    numu_assert(memory->is_open);
    NUMU_TRY(log_of(memory, log, &entries));
    if (sequence != entries->length / sizeof entry) {
        return NUMU_BUG;
    }
    NUMU_TRY(numu_text_copy(&memory->arena, bytes, &entry.bytes));
    NUMU_TRY(numu_buffer_reserve(&memory->appended, sizeof log));
    NUMU_TRY(numu_buffer_append(entries, &entry, sizeof entry));
    return numu_buffer_append(&memory->appended, &log, sizeof log);
}

static numu_status read_entry(void *self, uint32_t log, uint64_t sequence,
                              struct numu_buffer *bytes, struct numu_sha256 *out_leaf) {
    const struct memory *memory = self;
    if (log > NUMU_LOG_MAX || memory->logs[log] == NULL ||
        sequence >= memory->logs[log]->length / sizeof(struct entry)) {
        return NUMU_NOT_FOUND;
    }
    const struct entry *entry =
        (const struct entry *)(const void *)memory->logs[log]->data + sequence;
    if (bytes != NULL) {
        numu_buffer_clear(bytes);
        NUMU_TRY(numu_buffer_append(bytes, entry->bytes.data, entry->bytes.length));
    }
    if (out_leaf != NULL) {
        *out_leaf = entry->leaf;
    }
    return NUMU_OK;
}

static numu_status size(void *self, uint32_t log, uint64_t *out) {
    const struct memory *memory = self;
    *out = log > NUMU_LOG_MAX || memory->logs[log] == NULL
               ? 0
               : memory->logs[log]->length / sizeof(struct entry);
    return NUMU_OK;
}

static numu_status get(void *self, numu_space space, struct numu_text key,
                       struct numu_buffer *value) {
    const struct memory *memory = self;
    const struct numu_entry *entry = numu_dictionary_find(&memory->spaces[space], key);
    if (entry == NULL || entry->is_removed) {
        return NUMU_NOT_FOUND;
    }
    if (value != NULL) {
        numu_buffer_clear(value);
        NUMU_TRY(numu_buffer_append(value, entry->value.data, entry->value.length));
    }
    return NUMU_OK;
}

/* Remembers what `key` is now. */
static numu_status remember(struct memory *memory, numu_space space, struct numu_text key) {
    struct undo undo = {.space = space};
    const struct numu_entry *entry = numu_dictionary_find(&memory->spaces[space], key);
    numu_assert(memory->is_open);
    if (entry != NULL && !entry->is_removed) {
        undo.was_there = true;
        undo.key = entry->key;
        NUMU_TRY(numu_text_copy(&memory->arena, entry->value, &undo.value));
    } else {
        NUMU_TRY(numu_text_copy(&memory->arena, key, &undo.key));
    }
    return numu_buffer_append(&memory->undos, &undo, sizeof undo);
}

static numu_status put(void *self, numu_space space, struct numu_text key, struct numu_text value) {
    struct memory *memory = self;
    NUMU_TRY(remember(memory, space, key));
    return numu_dictionary_put(&memory->spaces[space], key, value, NULL);
}

static numu_status remove_key(void *self, numu_space space, struct numu_text key) {
    struct memory *memory = self;
    NUMU_TRY(remember(memory, space, key));
    struct numu_entry *entry = numu_dictionary_find(&memory->spaces[space], key);
    if (entry != NULL) {
        entry->is_removed = true;
    }
    return NUMU_OK;
}

static numu_status scan(void *self, numu_space space, struct numu_text prefix,
                        numu_entry_visit visit, void *data) {
    const struct memory *memory = self;
    return numu_dictionary_scan(&memory->spaces[space], prefix, visit, data);
}

static numu_status check(void *self, numu_flaw_visit visit, void *data, uint64_t *out_pages) {
    (void)self;
    (void)visit;
    (void)data;
    *out_pages = 0;
    return NUMU_OK;
}

static numu_status close_memory(void *self) {
    struct memory *memory = self;
    for (size_t log = 0; log <= NUMU_LOG_MAX; log++) {
        if (memory->logs[log] != NULL) {
            numu_buffer_release(memory->logs[log]);
        }
    }
    numu_buffer_release(&memory->undos);
    numu_buffer_release(&memory->appended);
    struct numu_arena arena = memory->arena; /* it holds `memory` itself */
    numu_arena_release(&arena);
    return NUMU_OK;
}

static const struct numu_store_port port = {begin,      commit, rollback, append,
                                            read_entry, size,   get,      put,
                                            remove_key, scan,   check,    close_memory};

numu_status numu_store_memory_open(struct numu_heap *heap, struct numu_store *out) {
    struct numu_arena arena;
    struct memory *memory;
    numu_arena_init(&arena, heap);
    numu_status status = NUMU_TAKE(&arena, &memory, 1);
    if (status != NUMU_OK) {
        numu_arena_release(&arena);
        return status;
    }
    memory->heap = heap;
    memory->arena = arena;
    for (size_t space = 0; space < NUMU_SPACE_COUNT; space++) {
        numu_dictionary_init(&memory->spaces[space], &memory->arena);
    }
    numu_buffer_init(&memory->undos, heap, 0);
    numu_buffer_init(&memory->appended, heap, 0);
    *out = (struct numu_store){&port, memory};
    return NUMU_OK;
}
