/*
 * screen_index.h - the words of all names, and which names a query should be compared with. For
 * screen.c only.
 *
 * Words are found by their bones (name.h): whole, or with one left out on either side, as in W.
 * Garbe's symmetric delete search (https://github.com/wolfgarbe/SymSpell). What shares no such key
 * is not alike enough to matter; what does is compared.
 */
#ifndef NUMU_RULES_SCREEN_INDEX_H
#define NUMU_RULES_SCREEN_INDEX_H

#include "rules/screen.h"

/* What one thread needs to ask. */
struct numu_screen_asker {
    struct numu_latin *latin;
    struct numu_arena arena; /* of one query */
    uint32_t *word_stamp;    /* by word: the last word asked for that met it */
    uint32_t stamp;
    /* By word asked for × word: how alike they are; 0 = not, or not met. */
    float *likeness;
    struct numu_buffer alike; /* of size_t: places of `likeness` that are not 0 */
    float *evidence;          /* by name: what speaks for it so far */
    uint32_t *name_stamp;     /* by name: the last word asked for that spoke for it … */
    float *gained;            /* … and how much: the best of a name's words counts */
    uint32_t *touched;        /* names with any, later those to be compared */
    uint32_t touched_count;
    struct numu_arena tables; /* of the arrays above */
};

/* Release it in every case after a zero-filled start. */
NUMU_MUST_CHECK numu_status numu_screen_asker_init(const struct numu_screen *screen,
                                                   struct numu_screen_asker *asker,
                                                   struct numu_heap *heap);
void numu_screen_asker_release(struct numu_screen_asker *asker);

/*
 * The names that a query should be compared with, by their numbers, and its own name; both live
 * until the next call.
 */
NUMU_MUST_CHECK numu_status numu_screen_gather(const struct numu_screen *screen,
                                               struct numu_screen_asker *asker,
                                               const struct numu_screen_query *query,
                                               struct numu_name *out_name,
                                               const uint32_t **out_names, size_t *out_count);

/* How alike the words of the last query are to those of a listed name. */
struct numu_screen_likeness {
    const struct numu_screen *screen;
    const struct numu_screen_asker *asker;
    uint32_t first_word; /* of the listed name */
};
double numu_screen_likeness_of(const void *likeness, uint32_t asked_word, uint32_t listed_word);

/* The words of a listed name. */
void numu_screen_name_words(const struct numu_screen *screen, uint32_t name, struct numu_name *out);

#endif
