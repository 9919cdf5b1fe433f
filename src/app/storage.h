/*
 * storage.h - use cases of safe storage: the distance of a quantity and back, what may lie
 * together.
 */
#ifndef NUMU_APP_STORAGE_H
#define NUMU_APP_STORAGE_H

#include "app/rules.h"
#include "rules/limits.h"
#include "rules/mix.h"
#include "rules/placement.h"

struct numu_distance_request {
    const char *rules;
    const char *hazard;
    const char *to;               /* kind of exposed site */
    const char *neq, *distance;   /* one of the two; NULL = the one that is asked for */
    const char *structure, *face; /* NULL = not known */
    bool is_barricaded;
};

struct numu_distance_result {
    struct numu_rules rules;
    struct numu_distance_answer answer;
    uint8_t hazard, kind;
    bool is_barricaded;
    bool is_inverse;     /* the distance was given, and the quantity found */
    double quantity;     /* in the units of the set; 0 = nothing is allowed */
    double distance;     /* required: the running maximum */
    double as_written;   /* what the law says of this quantity, which may be less */
    double barricade_in; /* thickness that counts as a barricade; 0 = not told */
    bool is_at_end;      /* the quantity is the end of what was written */
};

/*
 * NUMU_INVALID with findings: unknown-hazard, unknown-exposed, bad-mass, bad-distance, outside-rule
 * (with the range), not-determined.
 */
NUMU_MUST_CHECK numu_status numu_app_storage_distance(const struct numu_rules_place *place,
                                                      const struct numu_distance_request *request,
                                                      struct numu_distance_result *out);

struct numu_mix_request {
    const char *rules;
    const char *const *goods; /* "1.1D", "1.4S:article", "1.3G:fireworks" */
    size_t count;
    bool is_proved;
};

struct numu_mixture {
    struct numu_rules rules;
    const char *const *goods; /* as given */
    size_t count;
    struct numu_mix_result result;
};

NUMU_MUST_CHECK numu_status numu_app_storage_mix(const struct numu_rules_place *place,
                                                 const struct numu_mix_request *request,
                                                 struct numu_mixture *out);

/* --- storehouses --- */

/* What a storehouse, or a class of loads that lie in it together, may hold. */
struct numu_limit_line {
    numu_row storehouse;
    uint32_t hazards; /* one, or those of its load class together */
    double neq_kg;
    const struct numu_storehouse_limit *binding; /* NULL for a class */
    double stored_kg;                            /* of these hazards */
    double room_kg;    /* more of the hazard that may come to what lies there; 0 for a class */
    double granted_kg; /* least limit granted in force; -1 = none */
    struct numu_text accepted_by; /* who accepted the risk of the one granted; empty = nobody */
};

struct numu_storage_limits {
    struct numu_rules rules;
    struct numu_limits limits;
    struct numu_limit_line *line;
    size_t line_count;
    bool is_adopted; /* every rule that a limit rests on is, by a key that the package names */
};

/* `rules` NULL = the set that the package names. NUMU_NOT_FOUND where it names none. */
NUMU_MUST_CHECK numu_status numu_app_storage_limits(const struct numu_context *context,
                                                    const struct numu_model *model,
                                                    const struct numu_rules_place *place,
                                                    const char *rules,
                                                    struct numu_storage_limits *out);

struct numu_storage_placement {
    struct numu_storage_limits limits;
    struct numu_rules matrix; /* the set whose matrix was used */
    struct numu_placement_problem problem;
    struct numu_placement placement; /* verified */
    bool is_adopted;                 /* limits and matrix */
    bool is_matrix_found;            /* nobody named it: the only one that was adopted */
    struct numu_text offered;        /* a set with a matrix that was not; empty = none */
};

/*
 * Where the explosive stock of a package finds a place. `matrix` NULL = that of the rules, else the
 * only one that persons of the package have adopted. NUMU_BUG where the placement that was found
 * does not hold.
 */
NUMU_MUST_CHECK numu_status numu_app_storage_place(const struct numu_context *context,
                                                   const struct numu_model *model,
                                                   const struct numu_rules_place *place,
                                                   const char *rules, const char *matrix,
                                                   struct numu_storage_placement *out);

/* Adoptions by keys of persons whom the package names (person.key); others do not count [A2]. */
void numu_app_trust(const struct numu_model *model, struct numu_rules *rules);

#endif
