/*
 * backup.c - see backup.h.
 */
#include "ledger/backup.h"

#include "ledger/epoch.h"

struct copying {
    const struct numu_store *to;
    numu_space space;
};

static numu_status copy_row(void *data, struct numu_text key, struct numu_text value) {
    const struct copying *copying = data;
    return copying->to->port->put(copying->to->self, copying->space, key, value);
}

static numu_status copy_log(const struct numu_store *from, const struct numu_store *to,
                            uint32_t log, struct numu_buffer *entry) {
    uint64_t size;
    NUMU_TRY(from->port->size(from->self, log, &size));
    for (uint64_t i = 0; i < size; i++) {
        struct numu_sha256 leaf;
        NUMU_TRY(from->port->read(from->self, log, i, entry, &leaf));
        NUMU_TRY(to->port->append(to->self, log, i, (struct numu_text){entry->data, entry->length},
                                  &leaf));
    }
    return NUMU_OK;
}

static numu_status copy_all(struct numu_ledger *ledger, const struct numu_store *to,
                            struct numu_buffer *entry) {
    const struct numu_store *from = &ledger->state.store;
    uint32_t end;
    NUMU_TRY(numu_log_number_next(ledger, &end));
    NUMU_TRY(to->port->begin(to->self));
    for (uint32_t log = 0; log < end; log++) { /* those that ended, too */
        NUMU_TRY(copy_log(from, to, log, entry));
    }
    for (size_t space = 0; space < NUMU_SPACE_COUNT; space++) {
        struct copying copying = {to, (numu_space)space};
        NUMU_TRY(from->port->scan(from->self, (numu_space)space, (struct numu_text){NULL, 0},
                                  copy_row, &copying));
    }
    return to->port->commit(to->self);
}

numu_status numu_ledger_copy(struct numu_ledger *ledger, struct numu_ledger *out) {
    struct numu_store store;
    struct numu_buffer entry;
    NUMU_TRY(numu_store_memory_open(ledger->heap, &store));
    numu_buffer_init(&entry, ledger->heap, 0);
    numu_status status = copy_all(ledger, &store, &entry);
    numu_buffer_release(&entry);
    if (status != NUMU_OK) {
        (void)store.port->close(store.self);
        return status;
    }
    return numu_ledger_open(ledger->heap, store, out);
}
