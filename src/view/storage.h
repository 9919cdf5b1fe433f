/*
 * storage.h - answers of `numu storage` and `numu rules`, for eyes and machines.
 */
#ifndef NUMU_VIEW_STORAGE_H
#define NUMU_VIEW_STORAGE_H

#include "app/storage.h"
#include "view/rows.h"

struct numu_storage_options {
    numu_language language;
    numu_format format;
    struct numu_text version; /* of numu */
};

/* JSON: "numu.distance/1". */
NUMU_MUST_CHECK numu_status numu_view_distance(struct numu_buffer *buffer,
                                               const struct numu_distance_result *result,
                                               const struct numu_storage_options *options);
/* JSON: "numu.mixture/1". */
NUMU_MUST_CHECK numu_status numu_view_mixture(struct numu_buffer *buffer,
                                              const struct numu_mixture *mixture,
                                              const struct numu_storage_options *options);
/* JSON: "numu.rule-sets/1". */
NUMU_MUST_CHECK numu_status numu_view_rule_sets(struct numu_buffer *buffer,
                                                const struct numu_rules *list, size_t count,
                                                const struct numu_storage_options *options);
/* JSON: the file itself. */
NUMU_MUST_CHECK numu_status numu_view_rule_set(struct numu_buffer *buffer,
                                               const struct numu_rules *rules,
                                               const struct numu_storage_options *options);

/* What an answer rests on: "clause; substitute's clause", in the words of the set. */
NUMU_MUST_CHECK numu_status numu_clause_write(const struct numu_ruleset *set,
                                              const struct numu_distance_answer *answer,
                                              struct numu_buffer *buffer);
/* Whether every row that an answer rests on is adopted. */
bool numu_answer_is_adopted(const struct numu_rules *rules,
                            const struct numu_distance_answer *answer);

#endif
