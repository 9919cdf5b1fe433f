/*
 * dictionary.c - see dictionary.h. A treap: C. R. Aragon, R. G. Seidel, "Randomized search trees",
 * FOCS 1989; depth is O(log n) with overwhelming probability, as the hashes are as good as random.
 */
#include "ledger/dictionary.h"

#include "base/map.h"

#include <string.h>

void numu_dictionary_init(struct numu_dictionary *dictionary, struct numu_arena *arena) {
    *dictionary = (struct numu_dictionary){.arena = arena};
}

struct numu_entry *numu_dictionary_find(const struct numu_dictionary *dictionary,
                                        struct numu_text key) {
    struct numu_entry *entry = dictionary->root;
    while (entry != NULL) {
        int order = numu_text_compare(key, entry->key);
        if (order == 0) {
            return entry;
        }
        entry = order < 0 ? entry->left : entry->right;
    }
    return NULL;
}

static numu_status set_value(struct numu_dictionary *dictionary, struct numu_entry *entry,
                             struct numu_text value) {
    if (value.length > entry->value_capacity || entry->value_capacity == 0) {
        char *room;
        size_t capacity = value.length + 16; /* numbers grow by a digit now and then */
        NUMU_TRY(NUMU_TAKE(dictionary->arena, &room, capacity));
        entry->value.data = room;
        entry->value_capacity = capacity;
    }
    char *room = (char *)(uintptr_t)entry->value.data;
    if (value.length > 0) {
        memmove(room, value.data, value.length);
    }
    entry->value.length = value.length;
    return NUMU_OK;
}

/* Splits a tree into the entries before `key` and those after. */
static void split(struct numu_entry *tree, struct numu_text key, struct numu_entry **out_left,
                  struct numu_entry **out_right) {
    while (tree != NULL) {
        if (numu_text_compare(tree->key, key) < 0) {
            *out_left = tree;
            out_left = &tree->right;
            tree = tree->right;
        } else {
            *out_right = tree;
            out_right = &tree->left;
            tree = tree->left;
        }
    }
    *out_left = NULL;
    *out_right = NULL;
}

numu_status numu_dictionary_put(struct numu_dictionary *dictionary, struct numu_text key,
                                struct numu_text value, struct numu_entry **out) {
    struct numu_entry *entry = numu_dictionary_find(dictionary, key);
    if (entry == NULL) {
        NUMU_TRY(NUMU_TAKE(dictionary->arena, &entry, 1));
        NUMU_TRY(numu_text_copy(dictionary->arena, key, &entry->key));
        NUMU_TRY(set_value(dictionary, entry, value));
        entry->priority = numu_hash_bytes(key.data, key.length, 0);
        struct numu_entry **link = &dictionary->root;
        while (*link != NULL && (*link)->priority >= entry->priority) {
            link = numu_text_compare(key, (*link)->key) < 0 ? &(*link)->left : &(*link)->right;
        }
        split(*link, key, &entry->left, &entry->right);
        *link = entry;
        dictionary->count++;
    } else {
        NUMU_TRY(set_value(dictionary, entry, value));
    }
    entry->is_removed = false;
    if (out != NULL) {
        *out = entry;
    }
    return NUMU_OK;
}

static bool has_prefix(struct numu_text text, struct numu_text prefix) {
    return text.length >= prefix.length &&
           (prefix.length == 0 || memcmp(text.data, prefix.data, prefix.length) == 0);
}

static numu_status walk(struct numu_entry *entry, struct numu_text prefix, numu_entry_visit visit,
                        void *data) {
    while (entry != NULL) {
        bool is_in = has_prefix(entry->key, prefix);
        if (!is_in && numu_text_compare(entry->key, prefix) < 0) {
            entry = entry->right;
            continue;
        }
        NUMU_TRY(walk(entry->left, prefix, visit, data));
        if (!is_in) {
            return NUMU_OK;
        }
        if (!entry->is_removed) {
            NUMU_TRY(visit(data, entry->key, entry->value));
        }
        entry = entry->right;
    }
    return NUMU_OK;
}

numu_status numu_dictionary_scan(const struct numu_dictionary *dictionary, struct numu_text prefix,
                                 numu_entry_visit visit, void *data) {
    return walk(dictionary->root, prefix, visit, data);
}

static size_t list_from(struct numu_entry *entry, struct numu_entry **list, size_t count) {
    for (; entry != NULL; entry = entry->right) {
        count = list_from(entry->left, list, count);
        list[count++] = entry;
    }
    return count;
}

numu_status numu_dictionary_list(const struct numu_dictionary *dictionary, struct numu_arena *arena,
                                 struct numu_entry ***out, size_t *out_count) {
    struct numu_entry **list;
    NUMU_TRY(NUMU_TAKE(arena, &list, dictionary->count));
    *out_count = list_from(dictionary->root, list, 0);
    *out = list;
    return NUMU_OK;
}
