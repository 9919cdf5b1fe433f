/*
 * mark.h - use case `numu form mark`: what a mark says, whether it is right, and its symbol.
 */
#ifndef NUMU_APP_MARK_H
#define NUMU_APP_MARK_H

#include "app/sheet.h"
#include "base/context.h"
#include "model/model.h"
#include "rules/symbol.h"

typedef enum numu_mark_carrier {
    NUMU_CARRIER_GS1,  /* element string */
    NUMU_CARRIER_DI,   /* ISO/IEC 15434, format 06 */
    NUMU_CARRIER_TEXT, /* ISO/IEC 15434, format 12 */
    NUMU_CARRIER_COUNT
} numu_mark_carrier;
extern const char *const numu_mark_carriers[]; /* "gs1", "di", "text"; ends with NULL */

struct numu_mark_request {
    /* "(01)…(21)…", "[)>…", or a serial or lot of the item. */
    struct numu_text object;
    const struct numu_model *model; /* NULL where no package is given */
    struct numu_text item;          /* of the package */
    bool has_carrier;               /* else GS1 where the item has a GTIN, else DI */
    numu_mark_carrier carrier;
};

struct numu_mark {
    struct numu_text kind;       /* "gs1", "message" */
    struct numu_text line;       /* text that stands beside the symbol */
    struct numu_text message;    /* what the symbol holds, control characters in words */
    struct numu_text identifier; /* item identifier (UII); empty: none */
    struct numu_sheet elements;  /* "numu.mark/1": name, value, what it is */
    struct numu_symbol symbol;
    size_t unchecked; /* parts that numu has no table for */
};

/*
 * Reads or makes a mark, and checks it. NUMU_INVALID with findings (bad-mark) where it is wrong.
 * Release the mark's sheet in every case.
 */
NUMU_MUST_CHECK numu_status numu_app_mark(const struct numu_context *context,
                                          const struct numu_mark_request *request,
                                          struct numu_arena *arena, struct numu_report *report,
                                          struct numu_mark *out);

#endif
