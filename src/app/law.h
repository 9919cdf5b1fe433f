/*
 * law.h - what rules and storage limits hand to the plan, as plain data.
 */
#ifndef NUMU_APP_LAW_H
#define NUMU_APP_LAW_H

#include "app/rules.h"
#include "plan/master.h"
#include "rules/embargo.h"
#include "rules/limits.h"

/*
 * A package as law leaves it. The model is the package's, but for its profile, and for what is
 * withheld: deliveries and open orders that a rule of the profile prohibits on the day they are due
 * count as having come already, so that they bring no goods and cost nothing more.
 */
struct numu_lawful {
    struct numu_model model; /* shares all else with the package's: not to be released */
    struct numu_plan_withheld withheld;
    struct numu_plan_law law; /* its `withheld` is the one above */
};

/*
 * Reads law under a profile (NULL: the package's; empty: all regimes).
 *
 * Storehouses may hold what the rule set that the package names (property rules) allows: of each
 * its load class and limits by day. A limit granted above what the distances allow counts only
 * where somebody accepted the risk by name; of a division without any limit nothing may be held.
 * Storehouses that are merged share what the distances allow in equal parts. law.storage is NULL
 * where the package names no rule set.
 */
NUMU_MUST_CHECK numu_status numu_law_read(const struct numu_context *context,
                                          const struct numu_model *model, const char *profile,
                                          const struct numu_rules_place *place,
                                          struct numu_arena *arena, struct numu_lawful *out);

#endif
