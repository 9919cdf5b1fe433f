/*
 * dictionary.h - texts by text, in bytewise order of the keys: a treap in an arena.
 *
 * Priorities are hashes of the keys, so that the shape depends on what is in it and not on how it
 * came there. What is put is copied; an entry that is removed (is_removed) stays, so that it can be
 * put again without memory.
 */
#ifndef NUMU_LEDGER_DICTIONARY_H
#define NUMU_LEDGER_DICTIONARY_H

#include "base/text.h"

struct numu_entry {
    struct numu_text key;
    struct numu_text value;
    bool is_removed; /* set by the caller: scans pass over it, find still finds it */
    uint64_t priority;
    size_t value_capacity;
    struct numu_entry *left;
    struct numu_entry *right;
};

struct numu_dictionary {
    struct numu_arena *arena;
    struct numu_entry *root;
    size_t count;
};

void numu_dictionary_init(struct numu_dictionary *dictionary, struct numu_arena *arena);
/* NULL where there is none. The entry stays valid until the dictionary changes. */
struct numu_entry *numu_dictionary_find(const struct numu_dictionary *dictionary,
                                        struct numu_text key);
/* Adds or replaces. */
NUMU_MUST_CHECK numu_status numu_dictionary_put(struct numu_dictionary *dictionary,
                                                struct numu_text key, struct numu_text value,
                                                struct numu_entry **out);
/* Visits the entries whose keys begin with `prefix`, in order, until a visit fails. */
typedef numu_status (*numu_entry_visit)(void *data, struct numu_text key, struct numu_text value);
NUMU_MUST_CHECK numu_status numu_dictionary_scan(const struct numu_dictionary *dictionary,
                                                 struct numu_text prefix, numu_entry_visit visit,
                                                 void *data);
/* All entries in order, in the arena; removed ones, too. */
NUMU_MUST_CHECK numu_status numu_dictionary_list(const struct numu_dictionary *dictionary,
                                                 struct numu_arena *arena, struct numu_entry ***out,
                                                 size_t *out_count);

#endif
