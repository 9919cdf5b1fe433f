/*
 * hazard.h - what explosives are: hazard divisions and compatibility groups.
 *
 * Source: UN Recommendations on the Transport of Dangerous Goods, Model Regulations, 2.1.4 and
 * 2.1.2.1.2. Sub-divisions are those that rule sets for storage speak of.
 */
#ifndef NUMU_RULES_HAZARD_H
#define NUMU_RULES_HAZARD_H

#include "base/text.h"

/* The hazards that every rule set knows; a set may name more, which follow these. */
enum {
    NUMU_HAZARD_1_1,
    NUMU_HAZARD_1_2,
    NUMU_HAZARD_1_3,
    NUMU_HAZARD_1_4,
    NUMU_HAZARD_1_5,
    NUMU_HAZARD_1_6,
    NUMU_HAZARD_1_2_1,
    NUMU_HAZARD_1_2_2,
    NUMU_HAZARD_1_2_3,
    NUMU_HAZARD_1_3_1,
    NUMU_HAZARD_1_3_2,
    NUMU_HAZARD_COUNT,
    NUMU_HAZARDS_MAX = 32, /* of a set: bits of a word */
    NUMU_NO_HAZARD = 255
};
extern const char *const numu_hazard_names[]; /* "1.1" …; ends with NULL */

enum { NUMU_GROUPS = 13, NUMU_NO_GROUP = 255 };
extern const char numu_group_letters[NUMU_GROUPS + 1]; /* "ABCDEFGHJKLNS" */

/* Place of a letter among the groups, or NUMU_NO_GROUP. */
uint8_t numu_group_of(char letter);

/*
 * A classification code such as "1.1D" or "1.2.1E": hazard and group. False where it is none; what
 * table 2.1.2.1.2 does not combine (1.5S) is not looked at here.
 */
bool numu_classification_parse(struct numu_text text, uint8_t *out_hazard, uint8_t *out_group);

#endif
