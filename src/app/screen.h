/*
 * screen.h - use cases of screening: names against lists, and pairs of names.
 */
#ifndef NUMU_APP_SCREEN_H
#define NUMU_APP_SCREEN_H

#include "base/diagnostic.h"
#include "ledger/ledger.h"
#include "rules/screen.h"

struct numu_screen_request {
    const char *const *lists;
    size_t list_count;
    const char *const *names;
    size_t name_count;
    const char *file; /* CSV of more names: name, type, birth, country, identifier; NULL = none */
    numu_party party; /* of all that do not say */
    double threshold; /* 0 = NUMU_SCREEN_THRESHOLD */
    struct numu_ledger *ledger; /* whose decisions are shown; NULL = none */
};

typedef enum numu_hit_state {
    NUMU_HIT_OPEN,    /* nobody decided */
    NUMU_HIT_CLEARED, /* another person, says a licensing officer, of this edition of the list */
    NUMU_HIT_CONFIRMED,
    NUMU_HIT_REOPENED, /* decided of another edition: to be decided again */
    NUMU_HIT_STATE_COUNT
} numu_hit_state;
extern const char *const numu_hit_states[]; /* "open", "clear", "hit", "reopened" */

struct numu_hit_decision {
    numu_hit_state state;
    struct numu_text by, reason;
    struct numu_text event; /* "site:sequence" */
};

struct numu_screen_outcome {
    struct numu_screen screen;
    const struct numu_screen_query *queries;
    size_t query_count;
    const struct numu_screen_hit *hits; /* by query, best first */
    size_t hit_count;
    const struct numu_hit_decision *decisions; /* by hit; NULL where no ledger was given */
    size_t open_count;                         /* hits that are not cleared */
    double threshold;
    struct numu_sha256 inputs; /* of the lines "<sha256>  <file>\n" of all lists */
};

/*
 * Screens names against lists. Files are added to `sources`; texts live in the arena. NUMU_INVALID
 * or NUMU_IO with findings: nothing is screened against a list that cannot be read whole. Release
 * the outcome's screen in every case.
 */
NUMU_MUST_CHECK numu_status numu_app_screen(const struct numu_context *context,
                                            const struct numu_screen_request *request,
                                            struct numu_sources *sources, struct numu_arena *arena,
                                            struct numu_report *report,
                                            struct numu_screen_outcome *out);

struct numu_name_pair {
    struct numu_text a, b;
    numu_party party;
    struct numu_name_score score;
};

/*
 * Scores the pairs of a CSV file: two names and a type a row (person, company, vessel, or nothing);
 * further columns are passed over, and so is a first row whose third field is no type.
 */
NUMU_MUST_CHECK numu_status numu_app_compare_names(const struct numu_context *context,
                                                   const char *path, numu_party party,
                                                   struct numu_sources *sources,
                                                   struct numu_arena *arena,
                                                   struct numu_report *report,
                                                   struct numu_name_pair **out, size_t *out_count);

/* The kind of a word; false where it is none. Empty gives NUMU_PARTY_ANY. */
bool numu_party_find(struct numu_text word, numu_party *out);
extern const char
    *const numu_party_names[]; /* by numu_party: "any", "person", "company", "vessel" */

#endif
