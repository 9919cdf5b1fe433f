/*
 * simulate.h - a national history from one seed: sites that import, make, inspect, send, receive,
 * issue, use and count, with thieves, liars and mishaps among them; the truth is kept beside the
 * books, with what of the books shows each fault.
 *
 * [I1] The same seed and setup give the same events, byte for byte.
 * [I2] The truth is plain: what lies where, as a list, moved by simple additions; it shares nothing
 *      with the rules and the state of the ledger, and so is an oracle for them.
 */
#ifndef NUMU_LEDGER_SIMULATE_H
#define NUMU_LEDGER_SIMULATE_H

#include "base/context.h"
#include "ledger/bundle.h"

struct numu_simulation_site {
    struct numu_text id;
    const struct numu_text *units; /* that draw from it */
    size_t unit_count;
    struct numu_ledger *ledger;
    const struct numu_signer *signer;
};

/* What is made where: `a_day` of output, each from `input_per_output` of input. */
struct numu_simulation_recipe {
    size_t site;
    struct numu_text input, output;
    bool input_has_serials, output_has_serials;
    numu_quantity input_per_output; /* lots only; serials are one for one */
    int64_t a_day;                  /* whole units */
};

struct numu_simulation {
    numu_day start;
    int64_t days;
    const struct numu_simulation_site *sites;
    size_t site_count;
    const struct numu_simulation_recipe *recipes;
    size_t recipe_count;
    struct numu_text keeper, judge, chief; /* people that every book knows */
    /* A registrar, and a storekeeper whose roles end midway; empty: nobody's do. */
    struct numu_text registrar, helper;
    struct numu_text administrators[2]; /* who heal a fork; empty: no disk is cloned */
    /* Theirs, where the books have a root that certified them (root.h); NULL: they have none. */
    const struct numu_signer *administrator_keys[2];
};

typedef enum numu_fault_kind {
    NUMU_FAULT_THEFT,        /* gone from a place without a word */
    NUMU_FAULT_SHORT,        /* gone on the way */
    NUMU_FAULT_OVER,         /* more received, on paper, than was sent */
    NUMU_FAULT_SWAPPED,      /* receipts of two dispatches, each under the other's name */
    NUMU_FAULT_MISTYPED,     /* a serial that nobody made, received for one that was sent */
    NUMU_FAULT_REPEAT,       /* an act told twice */
    NUMU_FAULT_UNRELEASED,   /* goods that nobody released, taken for issue */
    NUMU_FAULT_LATE,         /* told weeks after the fact */
    NUMU_FAULT_BACKDATED,    /* told as of months ago */
    NUMU_FAULT_CLOCK,        /* recorded by a clock that was days behind */
    NUMU_FAULT_MOVED_ON,     /* a correction of goods that have moved on */
    NUMU_FAULT_COUNT_MOVED,  /* a count of a place from which goods moved meanwhile */
    NUMU_FAULT_CLOSED_TWICE, /* two counts of the same, the second closed after the first */
    NUMU_FAULT_STICK,        /* a bundle lost on its way */
    NUMU_FAULT_BACKUP,       /* an old copy of a book, taken for the book */
    NUMU_FAULT_REVOKED,      /* done by one whose roles had ended, before the site knew */
    NUMU_FAULT_DISMISSED,    /* the same, after it knew */
    NUMU_FAULT_COLLUSION,    /* two people write off as destroyed what they sold */
    NUMU_FAULT_TRAINING,     /* stolen, and told as used in training */
    NUMU_FAULT_CLONE,        /* a cloned disk, whose history came first to some site */
    NUMU_FAULT_USURPER,      /* an administrator, written by one who stole a site's key */
    NUMU_FAULT_KIND_COUNT
} numu_fault_kind;

/* What of the ledger shows a fault. */
typedef enum numu_fault_sign {
    NUMU_SIGN_NONE,     /* nothing: the books are as they would be without it */
    NUMU_SIGN_DOOR,     /* refused, or the first one's receipt */
    NUMU_SIGN_COUNT,    /* the next count */
    NUMU_SIGN_MOVEMENT, /* a movement that is not done, or more than done */
    NUMU_SIGN_DOUBT,    /* doubt.h */
    NUMU_SIGN_FORK,     /* two histories of a site */
    NUMU_SIGN_NEXT,     /* made good by the next bundle */
    NUMU_SIGN_EPOCH,    /* two histories of a site, healed by a new epoch that all follow */
    NUMU_SIGN_ROOT,     /* other books refuse it: the root of the log did not sign it */
    NUMU_SIGN_COUNT_OF
} numu_fault_sign;

struct numu_planted_fault {
    numu_fault_kind kind;
    numu_day day;
    size_t site;
    struct numu_text item, object;
    numu_quantity quantity;
    int64_t sequence;          /* of the event of the site that it is in, or -1 */
    struct numu_text dispatch; /* of a movement, else empty */
    numu_fault_sign sign;
};

/* What there is in truth, and what the book should say of it. */
struct numu_true_thing {
    struct numu_text item, object; /* serial or lot */
    bool is_serial;
    size_t site;
    struct numu_text account; /* "transit" on its way */
    numu_quantity book, physical;
};

struct numu_simulation_result {
    struct numu_true_thing *things;
    size_t thing_count;
    struct numu_planted_fault *faults;
    size_t fault_count;
    uint64_t events, refused, repeated;
    uint64_t false_doubts; /* about events in which nothing was wrong */
};

/*
 * Runs it over books that hold nothing but registers. Texts of the result live in the arena.
 * NUMU_BUG where a book did not do what the truth says it should.
 */
NUMU_MUST_CHECK numu_status numu_simulation_run(const struct numu_context *context,
                                                const struct numu_simulation *simulation,
                                                struct numu_arena *arena,
                                                struct numu_simulation_result *out);

/* Whether the balances of each book are those of the truth; NUMU_INVALID where not. */
NUMU_MUST_CHECK numu_status numu_simulation_check(const struct numu_simulation *simulation,
                                                  const struct numu_simulation_result *result,
                                                  struct numu_arena *arena);

#endif
