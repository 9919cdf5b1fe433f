/*
 * ruleset.c - asking a rule set: which rule answers, and what a mixed load counts as.
 */
#include "rules/ruleset.h"

#include "base/table.h"

uint8_t numu_ruleset_hazard(const struct numu_ruleset *set, struct numu_text name) {
    return (uint8_t)(numu_choice_find(set->hazard, name) - 1);
}

uint8_t numu_ruleset_kind(const struct numu_ruleset *set, struct numu_text name) {
    return (uint8_t)(numu_choice_find(set->kind, name) - 1);
}

/* --- distances --- */

static bool agrees(struct numu_text wanted, struct numu_text given) {
    return wanted.length == 0 || numu_text_is_equal(wanted, given);
}

static const struct numu_distance_rule *find_as(const struct numu_ruleset *set,
                                                const struct numu_pair *pair, uint8_t barricaded) {
    for (size_t i = 0; i < set->distance_count; i++) {
        const struct numu_distance_rule *rule = &set->distance[i];
        if ((rule->hazards >> pair->hazard & 1U) != 0 && (rule->kinds >> pair->kind & 1U) != 0 &&
            (rule->barricaded == NUMU_BOOLEAN_UNKNOWN || rule->barricaded == barricaded) &&
            agrees(rule->structure, pair->structure) && agrees(rule->face, pair->face)) {
            return rule;
        }
    }
    return NULL;
}

static const struct numu_distance_rule *find_own(const struct numu_ruleset *set,
                                                 const struct numu_pair *pair) {
    const struct numu_distance_rule *rule =
        pair->is_barricaded ? find_as(set, pair, NUMU_BOOLEAN_TRUE) : NULL;
    return rule != NULL ? rule : find_as(set, pair, NUMU_BOOLEAN_FALSE);
}

/* The substitute for a hazard or a kind, or NULL. */
static const struct numu_substitute_rule *substitute_of(const struct numu_ruleset *set,
                                                        bool is_kind, uint8_t of) {
    for (size_t i = 0; i < set->substitute_count; i++) {
        if (set->substitute[i].is_kind == is_kind && set->substitute[i].of == of) {
            return &set->substitute[i];
        }
    }
    return NULL;
}

struct numu_distance_answer numu_ruleset_find(const struct numu_ruleset *set,
                                              const struct numu_pair *pair) {
    const struct numu_substitute_rule *hazard = substitute_of(set, false, pair->hazard);
    const struct numu_substitute_rule *kind = substitute_of(set, true, pair->kind);
    for (unsigned attempt = 0; attempt < 4; attempt++) {
        bool by_hazard = (attempt & 1U) != 0;
        bool by_kind = (attempt & 2U) != 0;
        if ((by_hazard && hazard == NULL) || (by_kind && kind == NULL)) {
            continue;
        }
        struct numu_pair asked = *pair;
        asked.hazard = by_hazard ? hazard->use : pair->hazard;
        asked.kind = by_kind ? kind->use : pair->kind;
        const struct numu_distance_rule *rule = find_own(set, &asked);
        if (rule != NULL) {
            return (struct numu_distance_answer){rule, by_hazard ? hazard->row : NUMU_NONE,
                                                 by_kind ? kind->row : NUMU_NONE};
        }
    }
    return (struct numu_distance_answer){NULL, NUMU_NONE, NUMU_NONE};
}

/* --- loads --- */

static uint32_t hazards_of(const struct numu_load *load) {
    uint32_t hazards = 0;
    for (size_t i = 0; i < NUMU_HAZARDS_MAX; i++) {
        hazards |= load->neq_kg[i] > 0 ? UINT32_C(1) << i : 0;
    }
    return hazards;
}

static bool has_own_law(const struct numu_ruleset *set, uint8_t hazard) {
    for (size_t i = 0; i < set->distance_count; i++) {
        if ((set->distance[i].hazards >> hazard & 1U) != 0) {
            return true;
        }
    }
    return false;
}

/* All of the load by one aggregation rule. */
static struct numu_counted_load count_by(const struct numu_aggregation_rule *rule,
                                         const struct numu_load *load) {
    struct numu_counted_load counted = {.is_determined = true, .row = rule->row};
    for (unsigned i = 0; i < NUMU_HAZARDS_MAX; i++) {
        double neq_kg = load->neq_kg[i] * rule->weight[i];
        if (!(load->neq_kg[i] > 0)) {
            continue;
        }
        if (rule->as == NUMU_NO_HAZARD) {
            counted.part[counted.count].hazard = (uint8_t)i;
            counted.part[counted.count++].neq_kg = neq_kg;
        } else {
            counted.count = 1;
            counted.part[0].hazard = rule->as;
            counted.part[0].neq_kg += neq_kg;
        }
    }
    return counted;
}

/* By one hazard, or by the first rule that names them all; not determined where there is none. */
static struct numu_counted_load count_once(const struct numu_ruleset *set,
                                           const struct numu_load *load) {
    uint32_t hazards = hazards_of(load);
    struct numu_counted_load counted = {.row = NUMU_NONE};
    if ((hazards & (hazards - 1)) == 0) {
        counted.is_determined = true;
        for (unsigned i = 0; i < NUMU_HAZARDS_MAX; i++) {
            if (load->neq_kg[i] > 0) {
                counted.count = 1;
                counted.part[0].hazard = (uint8_t)i;
                counted.part[0].neq_kg = load->neq_kg[i];
            }
        }
        return counted;
    }
    for (size_t i = 0; i < set->aggregation_count; i++) {
        if ((hazards & ~set->aggregation[i].together) == 0) {
            return count_by(&set->aggregation[i], load);
        }
    }
    return counted;
}

struct numu_counted_load numu_load_count(const struct numu_ruleset *set,
                                         const struct numu_load *load) {
    struct numu_counted_load counted = count_once(set, load);
    if (counted.is_determined) {
        return counted;
    }
    struct numu_load replaced = {{0}};
    for (unsigned i = 0; i < NUMU_HAZARDS_MAX; i++) {
        const struct numu_substitute_rule *rule =
            has_own_law(set, (uint8_t)i) ? NULL : substitute_of(set, false, (uint8_t)i);
        replaced.neq_kg[rule == NULL ? i : rule->use] += load->neq_kg[i];
    }
    return count_once(set, &replaced);
}
