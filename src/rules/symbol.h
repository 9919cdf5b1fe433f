/*
 * symbol.h - a Data Matrix (ISO/IEC 16022, ECC 200) of a message.
 */
#ifndef NUMU_RULES_SYMBOL_H
#define NUMU_RULES_SYMBOL_H

#include "rules/gs1.h"

enum { NUMU_SYMBOL_SIDE_MAX = 144 };

/* Rows of modules, true where one is dark; without the quiet zone. */
struct numu_symbol {
    unsigned width, height;
    bool dark[NUMU_SYMBOL_SIDE_MAX][NUMU_SYMBOL_SIDE_MAX];
};

/*
 * A square symbol of some bytes, or of an element string, which then begins with FNC1. NUMU_LIMIT
 * where they are too many; NUMU_INVALID where there are none, or none that a symbol can hold.
 */
NUMU_MUST_CHECK numu_status numu_symbol_make(struct numu_text message, struct numu_symbol *out);
NUMU_MUST_CHECK numu_status numu_symbol_make_gs1(const struct numu_gs1_string *string,
                                                 struct numu_heap *heap, struct numu_symbol *out);

#endif
