/*
 * abroad.h - what lies outside the country of the package.
 */
#ifndef NUMU_MODEL_ABROAD_H
#define NUMU_MODEL_ABROAD_H

#include "model/model.h"

/* Whether a partner is of another country; false for NUMU_NONE. */
bool numu_partner_is_abroad(const struct numu_model *model, numu_row partner);

/* Whether a process buys abroad: by its partner's country, by its origin, or as a bare import. */
bool numu_process_is_foreign(const struct numu_model *model, numu_row process);

#endif
