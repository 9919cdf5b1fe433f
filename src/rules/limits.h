/*
 * limits.h - how much each storehouse may hold, so that every exposed site and every other
 * storehouse keeps its distance.
 *
 * [Q1] A storehouse's limit for a hazard is the least of what each exposed site allows at its
 *      distance; a site more never raises it.
 * [Q2] A pair for which no rule is found allows nothing, and so does a storehouse for which no
 *      distance to anything is known: its limit is zero, and "not determined".
 * [Q3] Storehouses that are too near to each other are `separate` (each is capped by what its
 *      distance to the other allows) or `merge`: one storehouse, with the sum of what is in them,
 *      at the least distance of any to each site. Merging starts from all apart and goes on, with
 *      the quantities that the limits then allow, until nothing changes.
 * [Q4] Distances come from the table `separation` where it gives one, else from coordinates (WGS 84
 *      geodesic). A site without coordinates concerns only storehouses that a separation names.
 */
#ifndef NUMU_RULES_LIMITS_H
#define NUMU_RULES_LIMITS_H

#include "model/model.h"
#include "rules/ruleset.h"

typedef enum numu_limit_state {
    NUMU_LIMIT_FOUND,          /* something binds */
    NUMU_LIMIT_END_OF_RULE,    /* nothing nearer than the rule was written for */
    NUMU_LIMIT_NOT_DETERMINED, /* no rule for a pair: zero */
    NUMU_LIMIT_NO_DISTANCE     /* no distance to anything is known: zero */
} numu_limit_state;

/* What one exposed site, or one other storehouse, allows. */
struct numu_limit_bound {
    numu_row exposure; /* or NUMU_NONE */
    numu_row other;    /* or NUMU_NONE: another storehouse */
    uint8_t kind;
    bool is_barricaded;
    struct numu_text face;
    double distance_m;
    double neq_kg; /* that it allows; 0 where not determined */
    bool is_at_end;
    struct numu_distance_answer answer;
};

struct numu_storehouse_limit {
    numu_limit_state state;
    double neq_kg;
    struct numu_limit_bound binding; /* the least; none (exposure and other NUMU_NONE) where none */
};

struct numu_limits {
    const struct numu_ruleset *set;
    uint32_t hazards; /* for which limits were computed */
    /* [storehouse × NUMU_HAZARDS_MAX + hazard] */
    struct numu_storehouse_limit *limit;
    numu_row *group; /* by storehouse: the first of those it is merged with; itself where alone */
    struct numu_load *stored; /* by storehouse: what lies there at the start, by table stock */
};

/* For all storehouses and the hazards given as bits. */
NUMU_MUST_CHECK numu_status numu_limits_build(const struct numu_context *context,
                                              const struct numu_model *model,
                                              const struct numu_ruleset *set, uint32_t hazards,
                                              struct numu_arena *arena, struct numu_limits *out);

const struct numu_storehouse_limit *numu_limits_at(const struct numu_limits *limits,
                                                   numu_row storehouse, uint8_t hazard);

/* The first of the storehouses that it is merged with [Q3]; itself where it stands alone. */
numu_row numu_limits_root(const struct numu_limits *limits, numu_row storehouse);

/*
 * Everything that a storehouse's distance to is known, in the order of exposures, then storehouses:
 * for a licence.
 */
NUMU_MUST_CHECK numu_status numu_limits_bounds(const struct numu_model *model,
                                               const struct numu_ruleset *set, numu_row storehouse,
                                               uint8_t hazard, struct numu_arena *arena,
                                               struct numu_limit_bound **out, size_t *out_count);

/* Hazards of the items of a package; of those that a storehouse may hold (column divisions). */
uint32_t numu_package_hazards(const struct numu_model *model);
uint32_t numu_storehouse_hazards(const struct numu_model *model, numu_row storehouse);
/* Compatibility groups that a storehouse may hold (column groups), bits; 0 = any. */
uint32_t numu_storehouse_groups(const struct numu_model *model, numu_row storehouse);
/* Whether an item is an article or a substance (NUMU_FORM_…); 0 = not known. */
uint8_t numu_item_forms(const struct numu_model *model, numu_row item);

/* --- mixed loads --- */

/* Whether a storehouse may hold a load: every part that it counts as keeps its limit. */
bool numu_limits_allow(const struct numu_limits *limits, numu_row storehouse,
                       const struct numu_load *load);
/*
 * How much more of a hazard may come to a load. The first gram may reclassify all that lies there.
 * 0 where the load itself is not allowed.
 */
double numu_limits_room(const struct numu_limits *limits, numu_row storehouse,
                        const struct numu_load *load, uint8_t hazard);
/*
 * The greatest total of hazards that may lie together (bits), in whatever shares: the least over
 * all of their combinations.
 */
double numu_limits_of_class(const struct numu_limits *limits, numu_row storehouse,
                            uint32_t hazards);

#endif
