/*
 * mix.h - whether goods may lie together, by the matrix of a rule set.
 *
 * The whole load is judged, after its pairs: some notes of a matrix make goods count as another
 * group, or the whole load, and what they ask for (forms, identity, proof) concerns all that lies
 * there. Where two notes make the same goods count as different groups, or a condition is met by
 * nothing that was read, the answer is "not determined", which is no yes.
 */
#ifndef NUMU_RULES_MIX_H
#define NUMU_RULES_MIX_H

#include "rules/ruleset.h"

struct numu_mix_goods {
    uint8_t hazard, group;
    uint8_t forms;     /* numu_form_bit; 0 = not known */
    uint32_t identity; /* equal for identical goods */
};

typedef enum numu_mix_verdict {
    NUMU_MIX_TOGETHER,
    NUMU_MIX_APART,
    NUMU_MIX_NOT_DETERMINED
} numu_mix_verdict;

/* Why a load may not, or may not be known to, lie together; or what it rests on. */
typedef enum numu_mix_reason {
    NUMU_MIX_BY_MATRIX,   /* every pair is allowed, or a pair is not */
    NUMU_MIX_BY_NOTE,     /* a note's condition is met, or is not */
    NUMU_MIX_NEEDS_FORM,  /* a note asks for the form of goods, which is not known */
    NUMU_MIX_NOT_READ,    /* a note says something else for these forms, which was not read */
    NUMU_MIX_CONTRADICTS, /* two notes make it count as different things */
    NUMU_MIX_NO_MATRIX    /* the set has none */
} numu_mix_reason;

struct numu_mix_result {
    numu_mix_verdict verdict;
    numu_mix_reason reason;
    size_t a, b;         /* the pair that decided; SIZE_MAX = none */
    uint8_t note;        /* of the matrix, that decided; NUMU_MIX_ALWAYS = none */
    uint64_t notes_used; /* bit n: note n was looked at */
    uint8_t group_as;    /* what the whole load counts as; NUMU_NO_GROUP = as it is */
    uint8_t hazard_as;   /* likewise; NUMU_NO_HAZARD = by the aggregation rules */
};

/*
 * `is_proved`: proof was given where a note asks for one. At most 2^32 goods; time is their square.
 */
struct numu_mix_result numu_mix(const struct numu_matrix *matrix,
                                const struct numu_mix_goods *goods, size_t count, bool is_proved);

#endif
