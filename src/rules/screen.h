/*
 * screen.h - lists of sanctioned people, companies and vessels as one index, and who on them a name
 * may be.
 *
 * Lists are read into entries, each with names, dates of birth, countries and identifiers
 * (screen_read.h). The index knows every word of every name, also of neighbours joined; a query
 * asks it for words that are alike (name.h), gathers the names that hold them, and compares the
 * best of those whole.
 *
 * [Q1] A score is that of the names (name.h), lowered by what contradicts it (date of birth,
 *      country) and raised by an identifier in common. An identifier that differs never lowers.
 * [Q2] The same lists in the same order give the same hits in the same order, whatever the number
 *      of threads.
 */
#ifndef NUMU_RULES_SCREEN_H
#define NUMU_RULES_SCREEN_H

#include "base/context.h"
#include "base/country.h"
#include "base/hash.h"
#include "base/map.h"
#include "rules/name.h"

/* A file that was read. */
struct numu_screen_list {
    struct numu_text file;
    const char *format;       /* "un", "ofac", "ofac-xml", "ftm" */
    struct numu_text version; /* as the list says, a date; empty where it says none */
    struct numu_sha256 sha256;
    uint32_t entry_count;
};

struct numu_screen_entry {
    uint32_t list;              /* in lists */
    numu_party party;           /* NUMU_PARTY_ANY where the list does not say */
    struct numu_text reference; /* the list's own number */
    struct numu_text programme; /* regime or programme */
    uint32_t first_name, name_count;
    uint32_t first_fact, fact_count;
};

struct numu_screen_name {
    struct numu_text text;
    uint32_t entry;
    bool is_weak; /* the list itself calls it a weak alias */
    uint8_t word_count;
    uint32_t first_word; /* in name_words, numbers of words */
};

typedef enum numu_screen_fact_kind {
    NUMU_FACT_BIRTH,     /* YYYY, YYYY-MM or YYYY-MM-DD */
    NUMU_FACT_COUNTRY,   /* name or code; once built, the code where it is known */
    NUMU_FACT_IDENTIFIER /* letters and digits only, upper case */
} numu_screen_fact_kind;

struct numu_screen_fact {
    numu_screen_fact_kind kind;
    struct numu_text text;
};

/* Of the index. */
struct numu_screen_words;

struct numu_screen {
    struct numu_arena arena;
    struct numu_buffer lists, entries, names, facts; /* of the structs above */
    struct numu_screen_words *words;                 /* NULL until built */
    struct numu_countries countries;                 /* likewise */
};

void numu_screen_init(struct numu_screen *screen, struct numu_heap *heap);
void numu_screen_release(struct numu_screen *screen);

/* --- filling, for readers: a list, its entries, and names and facts of the last entry --- */

NUMU_MUST_CHECK numu_status numu_screen_add_list(struct numu_screen *screen, struct numu_text file,
                                                 const char *format, struct numu_text version,
                                                 const struct numu_sha256 *sha256);
NUMU_MUST_CHECK numu_status numu_screen_add_entry(struct numu_screen *screen, numu_party party,
                                                  struct numu_text reference,
                                                  struct numu_text programme);
/* Empty names are passed over; those between semicolons are names of their own. */
NUMU_MUST_CHECK numu_status numu_screen_add_name(struct numu_screen *screen, struct numu_text name,
                                                 bool is_weak);
/* Identifiers of less than five letters and digits are passed over: they say nothing. */
NUMU_MUST_CHECK numu_status numu_screen_add_fact(struct numu_screen *screen,
                                                 numu_screen_fact_kind kind, struct numu_text text);

/* Lists, entries, names and facts added so far. */
const struct numu_screen_list *numu_screen_lists(const struct numu_screen *screen, size_t *count);
const struct numu_screen_entry *numu_screen_entries(const struct numu_screen *screen,
                                                    size_t *count);
const struct numu_screen_name *numu_screen_names(const struct numu_screen *screen);
const struct numu_screen_fact *numu_screen_facts(const struct numu_screen *screen);

/* --- asking --- */

/* Builds the index of all that was added. NUMU_LIMIT beyond 2^32 - 2 of anything. */
NUMU_MUST_CHECK numu_status numu_screen_build(const struct numu_context *context,
                                              struct numu_screen *screen);

struct numu_screen_query {
    struct numu_text name;
    numu_party party;
    struct numu_text birth;      /* as NUMU_FACT_BIRTH; empty = not known */
    struct numu_text country;    /* empty = not known */
    struct numu_text identifier; /* empty = not known */
};

struct numu_screen_hit {
    uint32_t query;
    uint32_t entry;
    uint32_t name; /* the one most alike */
    double score;
    struct numu_name_score parts;
    /* What was added to the score of the names. */
    double birth, country, identifier, weak;
};

enum { NUMU_SCREEN_HITS_MAX = 20 }; /* of a query */

/* Share of ordinary names that this threshold raises, and of mistyped ones that it finds:
   docs/screening.md. */
#define NUMU_SCREEN_THRESHOLD 0.75

/*
 * Hits of `count` queries at or above a threshold, on all cores: by query, then by score, best
 * first, one an entry, at most NUMU_SCREEN_HITS_MAX a query. The array lives in the arena.
 */
NUMU_MUST_CHECK numu_status numu_screen_ask(const struct numu_context *context,
                                            const struct numu_screen *screen,
                                            const struct numu_screen_query *queries, size_t count,
                                            double threshold, struct numu_arena *arena,
                                            struct numu_screen_hit **out, size_t *out_count);

#endif
