/*
 * value.h - a value of a sheet or form (app/sheet.h, app/form.h) for machines: a field of CSV, a
 * value of JSON. A text "word.standing_held" stands for a word in the reader's language; machines
 * read "held".
 */
#ifndef NUMU_VIEW_VALUE_H
#define NUMU_VIEW_VALUE_H

#include "base/json.h"
#include "view/words.h"

/* Which word a text stands for; false where it is the user's own, or no text. */
bool numu_value_word(const struct numu_argument *value, numu_word *out);

/* Without the separator; nothing where there is no value. */
NUMU_MUST_CHECK numu_status numu_value_write_csv(struct numu_buffer *buffer,
                                                 const struct numu_argument *value);
/* null where there is no value. */
void numu_value_write_json(struct numu_json_writer *json, const struct numu_argument *value);

#endif
