/*
 * ruleset.h - a set of rules for storage, as read from a file: distances by hazard and by what is
 * exposed, what may lie together, how divisions add up, what is assumed where nothing was read.
 *
 * A set is JSON, "numu.rules/1" (docs/rules.md). The engine holds no figure of any law.
 *
 * [S1] Each row of a set has an id of its own and a hash over its bytes, over those of the row that
 *      it builds upon, and over the set's id, edition and units: an adoption (adoption.h) is signed
 *      over that hash, and any edit voids it.
 * [S2] A set that was read without findings has laws without gap, overlap or fall within a piece
 *      (distance.h [L1]), and a symmetric matrix.
 * [S3] Where nothing was read the answer is "not determined"; a substitute counts only where the
 *      set itself names one.
 */
#ifndef NUMU_RULES_RULESET_H
#define NUMU_RULES_RULESET_H

#include "base/diagnostic.h"
#include "base/hash.h"
#include "base/map.h"
#include "rules/distance.h"
#include "rules/hazard.h"

enum { NUMU_EXPOSED_KINDS_MAX = 32 };

typedef enum numu_rule_row_kind {
    NUMU_ROW_DISTANCES,
    NUMU_ROW_MATRIX,
    NUMU_ROW_AGGREGATION,
    NUMU_ROW_SUBSTITUTE,
    NUMU_ROW_NEAR
} numu_rule_row_kind;

/* What is adopted: one entry of the file. */
struct numu_rule_row {
    numu_rule_row_kind kind;
    struct numu_text id;
    struct numu_text citation;
    struct numu_text bytes; /* of the file */
    struct numu_sha256 digest;
};

struct numu_distance_rule {
    numu_row row; /* of the set */
    struct numu_text citation;
    uint32_t hazards;   /* bit n: hazard n */
    uint32_t kinds;     /* bit n: exposed kind n */
    uint8_t barricaded; /* numu_boolean: whether it is for barricaded sites only, or others only */
    struct numu_text structure; /* of the storehouse; empty = any */
    struct numu_text face;      /* of the storehouse; empty = any */
    struct numu_distance_law law;
    struct numu_distance_law
        barricade_in; /* thickness that counts as one, inches; count 0 = not told */
};

struct numu_aggregation_rule {
    numu_row row;
    uint32_t together; /* hazards */
    uint8_t as;        /* the hazard that all count as; NUMU_NO_HAZARD: each is judged alone */
    double weight[NUMU_HAZARDS_MAX];
};

/* Where no rule is found for a hazard, or for a kind, another is used. */
struct numu_substitute_rule {
    numu_row row;
    bool is_kind;
    uint8_t of, use;
};

typedef enum numu_mix_condition {
    NUMU_MIX_ARTICLES_OF,     /* articles of a group, not of an excluded form, and none of a form */
    NUMU_MIX_IDENTICAL,       /* identical goods only */
    NUMU_MIX_PROVED,          /* proved safe, or all count as a division */
    NUMU_MIX_GROUP_COUNTS_AS, /* a group counts as another */
    NUMU_MIX_LOAD_COUNTS_AS   /* all counts as a group, where its forms are all as said */
} numu_mix_condition;

/* Forms that goods have: bits. Fireworks are articles, too. */
typedef enum numu_form_bit {
    NUMU_FORM_ARTICLE = 1,
    NUMU_FORM_SUBSTANCE = 2,
    NUMU_FORM_FIREWORKS = 4
} numu_form_bit;

struct numu_mix_note {
    struct numu_text id;
    struct numu_text citation;
    numu_mix_condition condition;
    uint8_t group, as; /* NUMU_NO_GROUP = none */
    uint8_t excludes;  /* forms of `group` that the condition shuts out */
    uint8_t without;   /* forms of which nothing may be in the load */
    uint8_t only;      /* every one that the note is about must have this form; 0 = any */
    uint8_t otherwise; /* PROVED: hazard that all count as */
};

enum { NUMU_MIX_NEVER = 255, NUMU_MIX_ALWAYS = 254, NUMU_MIX_NOTES_MAX = 64 };

struct numu_matrix {
    bool is_present;
    numu_row row;
    struct numu_text citation;
    uint8_t cell[NUMU_GROUPS][NUMU_GROUPS]; /* ALWAYS, NEVER, or a note */
    struct numu_mix_note note[NUMU_MIX_NOTES_MAX];
    size_t note_count;
};

struct numu_ruleset {
    uint32_t source; /* in the caller's numu_sources */
    struct numu_text id, title, authority, edition, citation, basis;
    bool is_transport; /* rules for carriage: standards for storage differ */
    numu_day starts, ends;
    numu_mass_unit mass;
    numu_length_unit length;
    struct numu_sha256 digest; /* of the whole file */
    const char *hazard[NUMU_HAZARDS_MAX + 1];
    size_t hazard_count;
    const char *kind[NUMU_EXPOSED_KINDS_MAX + 1];
    size_t kind_count;
    struct numu_rule_row *row;
    numu_row row_count;
    struct numu_distance_rule *distance;
    size_t distance_count;
    struct numu_aggregation_rule *aggregation;
    size_t aggregation_count;
    struct numu_substitute_rule *substitute;
    size_t substitute_count;
    struct numu_matrix matrix;
    numu_row near_row; /* NUMU_NONE: the set does not say */
    bool near_merges;  /* magazines too near to each other count as one */
};

/*
 * Reads a set from the bytes of a file that stands in the sources as `source`; the bytes must live
 * as long as the set. All findings in one run; NUMU_INVALID where there is one.
 */
NUMU_MUST_CHECK numu_status numu_ruleset_read(struct numu_arena *arena, struct numu_text bytes,
                                              uint32_t source, struct numu_report *report,
                                              struct numu_ruleset *out);

/* Place among the set's hazards or exposed kinds; NUMU_NO_HAZARD where there is none. */
uint8_t numu_ruleset_hazard(const struct numu_ruleset *set, struct numu_text name);
uint8_t numu_ruleset_kind(const struct numu_ruleset *set, struct numu_text name);

/* What a distance is asked for. */
struct numu_pair {
    uint8_t hazard;
    uint8_t kind;
    bool is_barricaded;
    struct numu_text structure, face; /* empty = not known */
};

/* The rule that answers, and what it rests on. */
struct numu_distance_answer {
    const struct numu_distance_rule *rule;       /* NULL = not determined [S3] */
    numu_row substitute_hazard, substitute_kind; /* rows of the set; NUMU_NONE = none used */
};

/*
 * The first rule of the file that agrees; of a barricaded site, one for others where there is none
 * for it: it asks for no less. Then by substitutes: for the hazard, for the kind, for both.
 */
struct numu_distance_answer numu_ruleset_find(const struct numu_ruleset *set,
                                              const struct numu_pair *pair);

/* --- loads of more than one hazard --- */

/* Net explosive quantity by hazard, in kg. */
struct numu_load {
    double neq_kg[NUMU_HAZARDS_MAX];
};

/* What a load counts as: parts, each judged alone, all of which must be allowed. */
struct numu_counted_load {
    bool is_determined;
    numu_row row; /* aggregation row that says so; NUMU_NONE = one hazard, or substitutes */
    size_t count;
    struct {
        uint8_t hazard;
        double neq_kg;
    } part[NUMU_HAZARDS_MAX];
};

/*
 * An aggregation rule counts where it names all hazards of the load. Without one, hazards that have
 * no law of their own are replaced by their substitutes and it is tried again; what then is one
 * hazard adds up.
 */
struct numu_counted_load numu_load_count(const struct numu_ruleset *set,
                                         const struct numu_load *load);

#endif
