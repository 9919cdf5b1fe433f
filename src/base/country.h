/*
 * country.h - countries by name: ISO 3166-1 alpha-2 and alpha-3 codes, and the names that CLDR
 * gives them in English and French, with the long forms of the United Nations.
 */
#ifndef NUMU_BASE_COUNTRY_H
#define NUMU_BASE_COUNTRY_H

#include "base/latin.h"
#include "base/map.h"

struct numu_countries {
    struct numu_text *names; /* in the letters of latin.h */
    struct numu_text *codes; /* by name: alpha-2 */
    size_t count;
    struct numu_map map;
};

/* All of it lives in the arena. */
NUMU_MUST_CHECK numu_status numu_countries_build(struct numu_latin *latin, struct numu_arena *arena,
                                                 struct numu_countries *out);
/* The code of a name or code (case, accents and marks do not matter); empty where it is none. */
NUMU_MUST_CHECK numu_status numu_countries_find(const struct numu_countries *countries,
                                                struct numu_latin *latin, struct numu_text name,
                                                struct numu_heap *heap, struct numu_text *out);

#endif
