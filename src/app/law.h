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
 * What the profile's rules prohibit, as the planner takes it: processes and deliveries to
 * customers.
 */
NUMU_MUST_CHECK numu_status numu_law_prohibitions(const struct numu_model *model,
                                                  struct numu_text profile,
                                                  struct numu_arena *arena,
                                                  struct numu_plan_prohibition **out,
                                                  size_t *out_count);

/*
 * What storehouses may hold by the rule set that the package names (property rules): of each its
 * load class and limits by day. A limit granted above what the distances allow counts only where
 * somebody accepted the risk by name; where none is granted nothing may be held. *out is NULL
 * where the package names no rule set.
 */
NUMU_MUST_CHECK numu_status numu_law_storage(const struct numu_context *context,
                                             const struct numu_model *model,
                                             const struct numu_rules_place *place,
                                             struct numu_arena *arena,
                                             struct numu_plan_storage **out);

#endif
