/*
 * placement.h - which stock goes into which storehouse, so that what lies together may, and limits
 * hold; and where some finds no place, which storehouse is missing and how far it must stand.
 *
 * The choice is greedy: the largest net explosive quantity first, into the storehouse that then has
 * the least room; what is left, and would have gone in alone, comes first and all is placed anew,
 * some rounds long. It may miss a placement (docs/rules.md gives the measured share); what it hands
 * out is judged again by numu_placement_verify, which shares no code with the choice.
 *
 * [P1] A row of stock stays whole, and at its site; storehouses that are yet to be opened are not
 *      used.
 * [P2] What lies in one storehouse is of its divisions and groups, and may lie together by the
 *      matrix. Goods of one kind need no matrix. What a note makes the load count as counts.
 * [P3] Storehouses that are merged (limits.h [Q3]) hold the sum of their loads to one limit. A
 *      limit granted binds where it is less; a risk accepted is not counted upon.
 * [P4] Volumes that are not known take no space, and neither do they where no capacity is given.
 */
#ifndef NUMU_RULES_PLACEMENT_H
#define NUMU_RULES_PLACEMENT_H

#include "rules/limits.h"
#include "rules/mix.h"

/* A storehouse as the choice sees it. */
struct numu_placement_store {
    numu_row site;
    numu_row group;   /* the first of those it is merged with; itself where alone */
    bool is_open;     /* it stands */
    uint32_t hazards; /* that it may hold; 0 = any */
    uint32_t groups;  /* compatibility groups, bits; 0 = any */
    double space_m3;  /* free of other goods; INFINITY = not told */
    double granted_kg[NUMU_HAZARDS_MAX]; /* INFINITY = none granted */
};

/* A row of stock that is explosive. */
struct numu_placement_lot {
    numu_row stock;
    numu_row site;
    struct numu_mix_goods goods; /* identity: the row of the item */
    double neq_kg;               /* NAN = not known */
    double volume_m3;
};

struct numu_placement_problem {
    const struct numu_limits *limits;
    const struct numu_matrix *matrix;
    struct numu_placement_store *store; /* by row of storehouse */
    numu_row store_count;
    struct numu_placement_lot *lot;
    size_t lot_count;
};

/* How far the storehouse that came nearest to taking a lot was from it. */
typedef enum numu_placement_obstacle {
    NUMU_PLACEMENT_PLACED,
    NUMU_PLACEMENT_NO_NEQ,        /* its net explosive quantity is not known */
    NUMU_PLACEMENT_NO_STOREHOUSE, /* none stands at the site */
    NUMU_PLACEMENT_CLASS,         /* none is for its division and group */
    NUMU_PLACEMENT_TOO_MUCH,      /* more than the limit, were it alone there */
    NUMU_PLACEMENT_APART,         /* may not, or is not known to, lie with what is there */
    NUMU_PLACEMENT_NO_ROOM,       /* more than the limit with what is there */
    NUMU_PLACEMENT_NO_SPACE       /* no volume left */
} numu_placement_obstacle;

/* How far a storehouse must stand from a kind of exposed site. */
struct numu_required_distance {
    uint8_t kind;
    double distance_m;                        /* NAN where not determined */
    const struct numu_distance_rule *binding; /* NULL = no rule; else the one that asks for most */
    bool is_outside;                          /* of what the rule was written for */
};

struct numu_missing_storehouse {
    numu_row site;
    uint32_t hazards, groups;
    double neq_kg, volume_m3;
    size_t lot_count;
    struct numu_required_distance *distance;
    size_t distance_count;
};

struct numu_placement {
    numu_row *storehouse; /* by lot; NUMU_NONE = no place */
    numu_placement_obstacle *obstacle;
    size_t *missing; /* by lot: of the storehouses that are missing; SIZE_MAX = none */
    struct numu_missing_storehouse *store;
    size_t store_count;
    size_t placed_count;
};

/* The problem of a package. `limits` and `matrix` must outlive it. */
NUMU_MUST_CHECK numu_status numu_placement_problem_build(const struct numu_model *model,
                                                         const struct numu_limits *limits,
                                                         const struct numu_matrix *matrix,
                                                         struct numu_arena *arena,
                                                         struct numu_placement_problem *out);

/*
 * Places what it can. Distances of missing storehouses are told for the kinds given as bits, as for
 * a site without barricade. Time: lots × storehouses of the site × kinds of goods squared.
 */
NUMU_MUST_CHECK numu_status numu_placement_solve(const struct numu_context *context,
                                                 const struct numu_placement_problem *problem,
                                                 uint32_t kinds, struct numu_arena *arena,
                                                 struct numu_placement *out);

/*
 * Whether a placement (storehouse by lot; NUMU_NONE where a lot is not placed) keeps [P1] to [P4]:
 * by sums and pairs, without regard to how it was found. Sums may differ by 10^-9 of the limit.
 */
NUMU_MUST_CHECK numu_status numu_placement_verify(const struct numu_placement_problem *problem,
                                                  const numu_row *storehouse,
                                                  struct numu_arena *scratch, bool *out_holds);

#endif
