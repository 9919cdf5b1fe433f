/*
 * rules.h - use cases of rule sets: find, list, import, adopt.
 *
 * A set is named by its id or by the path of a file (a name with a slash, or that ends with
 * ".json"). An id is looked for in the user's folder of rules, then among those that come with
 * numu. Adoptions stand in the user's folder, as "<id>.adopted.json".
 */
#ifndef NUMU_APP_RULES_H
#define NUMU_APP_RULES_H

#include "base/context.h"
#include "rules/adoption.h"

/* A set, and who answers for its rows. */
struct numu_rules {
    struct numu_ruleset set;
    struct numu_text bytes; /* of the file */
    bool is_builtin;
    struct numu_adoptions adoptions;
};

/* Where sets are looked for, and what they live in; `folder` NULL = built-in ones only. */
struct numu_rules_place {
    const char *folder;
    struct numu_sources *sources;
    struct numu_arena *arena;
    struct numu_report *report;
    numu_day day; /* for revocations that have a day to come; 0 = they count already */
};

/*
 * Reads a set and its adoptions. NUMU_INVALID with findings: unknown-rule-set, or what is wrong
 * with the file. A file of adoptions that is broken is an error, too: nobody shall take it for
 * none.
 */
NUMU_MUST_CHECK numu_status numu_app_rules_open(const struct numu_rules_place *place,
                                                const char *name, struct numu_rules *out);

/* Warns where a set is not in force on a day (rules-not-in-force). */
void numu_app_rules_check_day(const struct numu_rules_place *place, const struct numu_ruleset *set,
                              numu_day day);

/* All sets that can be named by an id: the built-in ones, then those of the folder. */
NUMU_MUST_CHECK numu_status numu_app_rules_list(const struct numu_rules_place *place,
                                                struct numu_rules **out_list, size_t *out_count);

struct numu_rules_import_request {
    const char *name;                 /* a file to import, or the id of a set to adopt */
    const struct numu_signer *signer; /* NULL: adopt nothing */
    const char *const *row;           /* ids of rows to adopt; none: all */
    size_t row_count;
    numu_day today;
};
/*
 * Checks a set and copies its file, byte for byte, into the folder (made where there is none); with
 * a signer, adopts its rows. Adoptions that are there are kept.
 */
NUMU_MUST_CHECK numu_status numu_app_rules_import(const struct numu_context *context,
                                                  const struct numu_rules_place *place,
                                                  const struct numu_rules_import_request *request,
                                                  struct numu_rules *out);
/*
 * Revokes, from `today` on, what the signer adopted of the rows named, or of all. NUMU_INVALID with
 * findings (unknown-rule-row, nothing-to-revoke) where there is no such adoption.
 */
NUMU_MUST_CHECK numu_status numu_app_rules_revoke(const struct numu_context *context,
                                                  const struct numu_rules_place *place,
                                                  const struct numu_rules_import_request *request,
                                                  struct numu_rules *out);

#endif
