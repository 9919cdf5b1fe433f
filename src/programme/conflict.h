/*
 * conflict.h - why no schedule exists: a set of constraints that cannot all hold, from which none
 * can be left out.
 *
 * The set is irreducible: without any one of its parts there is a schedule that keeps the others
 * (durations, calendars, progress and what is supplied are taken as given). It need not be the only
 * one, nor the one with the fewest parts: other conflicts may show once this one is resolved.
 *
 * Deadlines that links and dates alone break are found at any size, as the chain of links that
 * leads there. For all else the exact search is asked again and again (QuickXplain: U. Junker,
 * "QUICKXPLAIN: preferred explanations and relaxations for over-constrained problems", AAAI 2004).
 */
#ifndef NUMU_PROGRAMME_CONFLICT_H
#define NUMU_PROGRAMME_CONFLICT_H

#include "base/diagnostic.h"
#include "programme/exact.h"

typedef enum numu_conflict_kind {
    NUMU_CONFLICT_DEADLINE, /* of an activity */
    NUMU_CONFLICT_RELEASE,  /* not-before date of an activity */
    NUMU_CONFLICT_LINK,
    NUMU_CONFLICT_NEED /* of an activity for a resource, in whatever mode */
} numu_conflict_kind;

struct numu_conflict_part {
    numu_conflict_kind kind;
    uint32_t activity; /* the one after, of a link */
    uint32_t link, resource;
};

struct numu_conflict_options {
    bool keeps_deadlines;   /* deadlines are constraints, too */
    uint64_t conflicts_max; /* of each question to the exact search; 0 = 2,000 */
    /*
     * By the context's clock; 0 = none. Then, or once all questions together have cost a hundred
     * times what one may, what was not yet found superfluous stays in the set.
     */
    double time_limit_s;
};

struct numu_conflict {
    /* In the arena; by kind, then by row. */
    struct numu_conflict_part *part;
    uint32_t count; /* 0 = no conflict was proven: there may be a schedule or not */
    /* False where a question stayed open, so that a part may stand here for nothing. */
    bool is_irreducible;
};

/* Looks for a conflict. NUMU_STOPPED, NUMU_MEMORY, NUMU_LIMIT. */
NUMU_MUST_CHECK numu_status numu_conflict_find(const struct numu_context *context,
                                               const struct numu_project *project,
                                               const struct numu_conflict_options *options,
                                               struct numu_arena *arena, struct numu_conflict *out);

/*
 * Adds a finding (constraints-in-conflict) for every part, at its place, and one more
 * (conflict-not-least) where a part may stand there for nothing.
 */
void numu_conflict_report(const struct numu_project *project, const struct numu_conflict *conflict,
                          struct numu_report *report);

#endif
