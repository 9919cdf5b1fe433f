/*
 * fields.h - a record of CSV, field by field, for results that are no table of a plan (rows.h has
 * those): separators, quotes and the line end in one place.
 *
 *     numu_fields_init(&fields, buffer);
 *     numu_fields_text(&fields, id);
 *     numu_fields_real(&fields, neq_kg, 3);
 *     NUMU_TRY(numu_fields_end(&fields));
 */
#ifndef NUMU_VIEW_FIELDS_H
#define NUMU_VIEW_FIELDS_H

#include "base/number.h"
#include "base/text.h"

struct numu_fields {
    struct numu_buffer *buffer;
    numu_status status; /* of the first thing that failed; what follows does nothing */
    bool has_any;
};

void numu_fields_init(struct numu_fields *fields, struct numu_buffer *buffer);

/* A field that is quoted where it must be. */
void numu_fields_text(struct numu_fields *fields, struct numu_text text);
void numu_fields_string(struct numu_fields *fields, const char *string); /* NULL: empty */
void numu_fields_boolean(struct numu_fields *fields, bool value);
void numu_fields_integer(struct numu_fields *fields, int64_t value);
/* With so many decimals; what is not finite is empty. */
void numu_fields_real(struct numu_fields *fields, double value, int decimals);
/* With 15 significant digits. */
void numu_fields_double(struct numu_fields *fields, double value);
/* Exact, without trailing zeros; NUMU_NO_NUMBER is empty. */
void numu_fields_number(struct numu_fields *fields, int64_t value, int decimals);

/* Ends the line, and begins the next. */
NUMU_MUST_CHECK numu_status numu_fields_end(struct numu_fields *fields);

#endif
