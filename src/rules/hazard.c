/*
 * hazard.c - see hazard.h.
 */
#include "rules/hazard.h"

#include <string.h>

const char *const numu_hazard_names[] = {"1.1",   "1.2",   "1.3",   "1.4",   "1.5",   "1.6",
                                         "1.2.1", "1.2.2", "1.2.3", "1.3.1", "1.3.2", NULL};

const char numu_group_letters[NUMU_GROUPS + 1] = "ABCDEFGHJKLNS";

uint8_t numu_group_of(char letter) {
    const char *at = memchr(numu_group_letters, letter, NUMU_GROUPS);
    return at == NULL ? NUMU_NO_GROUP : (uint8_t)(at - numu_group_letters);
}

bool numu_classification_parse(struct numu_text text, uint8_t *out_hazard, uint8_t *out_group) {
    if (text.length < 2) {
        return false;
    }
    uint8_t group = numu_group_of(text.data[text.length - 1]);
    struct numu_text division = {text.data, text.length - 1};
    for (uint8_t hazard = 0; group != NUMU_NO_GROUP && hazard < NUMU_HAZARD_COUNT; hazard++) {
        if (numu_text_is(division, numu_hazard_names[hazard])) {
            *out_hazard = hazard;
            *out_group = group;
            return true;
        }
    }
    return false;
}
