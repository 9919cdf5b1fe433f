/*
 * door.h - what rules say at the door of a book: the checks of ledger/ledger.h, from a package.
 *
 * [D1] A storehouse holds what its load class allows: its columns divisions and groups; where it
 *      names no groups, what the mixing matrix lets lie together. What is not determined may not.
 * [D2] The net explosive quantity of a storehouse, with those that count as one with it, keeps the
 *      least limit granted on the day for the divisions that lie there. A limit counts above what
 *      the distances allow only where somebody accepted the risk by name; where none is granted and
 *      the package names a rule set nothing explosive may be held (as app/law.h hands to the plan).
 * [D3] An export or import keeps the embargoes and licence duties in force on its day under the
 *      profile; what came under an agreement leaves again as the agreement allows.
 */
#ifndef NUMU_APP_DOOR_H
#define NUMU_APP_DOOR_H

#include "app/rules.h"
#include "ledger/ledger.h"
#include "model/model.h"

struct numu_door_request {
    const char *rules;        /* rule set; NULL = the one that the package names, or none */
    const char *matrix;       /* set whose mixing matrix counts; NULL = that of the rules */
    struct numu_text profile; /* of recognised regimes; empty = the package's, or all */
};

/*
 * Makes the checks; they live in the place's arena, and so must the model. NUMU_INVALID with
 * findings where a rule set cannot be read.
 */
NUMU_MUST_CHECK numu_status numu_app_door_open(const struct numu_context *context,
                                               const struct numu_model *model,
                                               const struct numu_rules_place *place,
                                               const struct numu_door_request *request,
                                               struct numu_ledger_checks *out);

#endif
