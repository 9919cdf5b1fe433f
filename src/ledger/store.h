/*
 * store.h - where a ledger keeps its bytes: the port that every store has.
 *
 * A store holds logs, each a sequence of entries, and two sets of texts by text: the state, which
 * follows from the logs and can be built again, and the book, which cannot (signed heads, refused
 * attempts, names). Rules stand above it, once; tests/unit/ledger_store_test.c holds every store to
 * the same.
 *
 * [S1] What is done between begin and commit is there after commit returned NUMU_OK, whatever
 *      happens to the machine, and gone after rollback or any failure before.
 * [S2] Within a transaction reads see what was written. Outside there are only reads.
 * [S3] Entries are appended in sequence from 0, and never changed.
 * [S4] One writer at a time: a second one is refused when it opens.
 */
#ifndef NUMU_LEDGER_STORE_H
#define NUMU_LEDGER_STORE_H

#include "base/hash.h"
#include "ledger/dictionary.h"
#include "ledger/page.h"

typedef enum numu_space { NUMU_SPACE_STATE, NUMU_SPACE_BOOK, NUMU_SPACE_COUNT } numu_space;

enum { NUMU_LOG_MAX = 4095 };

/* A page that is not as it must be, or, where `row` is not empty, a text of the book. */
struct numu_flaw {
    uint32_t page;
    unsigned offset;
    struct numu_text row; /* its key */
};
typedef numu_status (*numu_flaw_visit)(void *data, const struct numu_flaw *flaw);

struct numu_store_port {
    numu_status (*begin)(void *self);
    numu_status (*commit)(void *self);
    void (*rollback)(void *self);
    /* NUMU_BUG where `sequence` is not the next one of the log. */
    numu_status (*append)(void *self, uint32_t log, uint64_t sequence, struct numu_text entry,
                          const struct numu_sha256 *leaf);
    /* Into an emptied buffer (may be NULL) and *out_leaf (may be NULL). NUMU_NOT_FOUND. */
    numu_status (*read)(void *self, uint32_t log, uint64_t sequence, struct numu_buffer *entry,
                        struct numu_sha256 *out_leaf);
    /* Entries of a log. */
    numu_status (*size)(void *self, uint32_t log, uint64_t *out);
    /* Into an emptied buffer (may be NULL). NUMU_NOT_FOUND. */
    numu_status (*get)(void *self, numu_space space, struct numu_text key,
                       struct numu_buffer *value);
    numu_status (*put)(void *self, numu_space space, struct numu_text key, struct numu_text value);
    numu_status (*remove)(void *self, numu_space space, struct numu_text key);
    /* In bytewise order of the keys. The store must not be changed by a visit. */
    numu_status (*scan)(void *self, numu_space space, struct numu_text prefix,
                        numu_entry_visit visit, void *data);
    /*
     * Walks through all that the store's file is made of, beside what entries and texts say, and
     * visits each flaw. *out_pages is 0 where there is nothing to walk through: no file, or one
     * that is being written to.
     */
    numu_status (*check)(void *self, numu_flaw_visit visit, void *data, uint64_t *out_pages);
    /* Releases everything; what was not committed is gone. */
    numu_status (*close)(void *self);
};

struct numu_store {
    const struct numu_store_port *port;
    void *self;
};

/* In memory, on a heap that must outlive it: for tests, and to build states again. */
NUMU_MUST_CHECK numu_status numu_store_memory_open(struct numu_heap *heap, struct numu_store *out);

typedef enum numu_store_mode {
    NUMU_STORE_READ,  /* of a file that is not being written to */
    NUMU_STORE_WRITE, /* of a file that is there */
    NUMU_STORE_CREATE /* of a file that is not */
} numu_store_mode;

typedef enum numu_store_problem {
    NUMU_STORE_FINE = 0,
    NUMU_STORE_CANNOT_OPEN, /* missing, a folder, no permission; *out_errno where there is one */
    NUMU_STORE_EXISTS,
    NUMU_STORE_IN_USE,
    NUMU_STORE_LOG_BESIDE, /* a crashed writer left a log, which cannot be read where it lies */
    NUMU_STORE_NO_LEDGER,
    NUMU_STORE_NEWER,
    NUMU_STORE_OLDER,
    NUMU_STORE_DAMAGED
} numu_store_problem;

/* What an SQLite file is opened with. */
struct numu_store_options {
    const char *vfs;   /* tests: the file system to use; NULL = the system's */
    bool is_unsafe;    /* tests: synchronous=NORMAL, which power cuts must be seen to break */
    bool is_dirty;     /* tests: secure_delete alone, whose remains must be seen */
    bool is_impatient; /* tests: who finds the file used does not wait */
};

/*
 * In an SQLite file. Writers keep all others out, and readers keep writers out; who comes meanwhile
 * waits two seconds. It is opened with one connection alone, which is the only one to write and to
 * checkpoint (SQLite up to 3.51.2 may lose writes where two do), synchronous=FULL. NUMU_IO or
 * NUMU_INVALID with *out_problem said.
 */
NUMU_MUST_CHECK numu_status numu_store_sqlite_open(struct numu_heap *heap, const char *path,
                                                   numu_store_mode mode,
                                                   const struct numu_store_options *options,
                                                   struct numu_store *out,
                                                   numu_store_problem *out_problem);
#endif
