/*
 * simulate_world.h - what the parts of the simulator share; for simulate*.c only.
 *
 * The world is what is so in truth (things, and the faults that were planted) beside the books that
 * are told of it. An act chooses things, tells the book of a site with lines about them, and moves
 * them in truth.
 */
#ifndef NUMU_LEDGER_SIMULATE_WORLD_H
#define NUMU_LEDGER_SIMULATE_WORLD_H

#include "base/random.h"
#include "ledger/simulate.h"

enum {
    NUMU_WORLD_MONTH = 30,   /* days */
    NUMU_WORLD_SERIALS = 50, /* of an event */
    NUMU_WORLD_DAY_SECONDS = 86400
};

/* A copy of a book that went on by itself: simulate_fork.c. */
enum { NUMU_WORLD_OPENING = 2 /* entries that open an epoch: its event, and the approval */ };

struct numu_fork {
    bool is_open; /* not healed yet */
    bool is_healed;
    size_t site;                      /* whose book was copied */
    size_t told;                      /* the site that had the copy's bundle first */
    uint64_t common;                  /* size of the last common head */
    uint32_t ended;                   /* the book's log of the epoch that ended */
    struct numu_event event;          /* the one that the copy recorded */
    struct numu_text object;          /* what it brought */
    int64_t retold_first, retold_end; /* sequences of what was told again */
};

struct numu_world {
    const struct numu_context *context;
    const struct numu_simulation *setup;
    struct numu_arena *arena;
    struct numu_random random;
    struct numu_buffer things;    /* of struct numu_true_thing */
    struct numu_buffer faults;    /* of struct numu_planted_fault */
    struct numu_buffer movements; /* of struct movement, in simulate_road.c */
    struct numu_buffer moving;    /* of size_t: things on the way, a movement's together */
    struct numu_buffer lines;     /* of struct numu_event_line, of the event being made */
    struct numu_buffer chosen;    /* of size_t: the things it is about */
    int64_t day;
    int64_t made;   /* counter of serials and lots */
    int64_t act;    /* counter of keys */
    int64_t second; /* of the day, so that times ascend */
    uint64_t events, refused, repeated, false_doubts;
    struct numu_receipt receipt; /* of what was told last */
    int64_t fact_shift;  /* seconds by which the next event is told to be older than it is */
    int64_t clock_shift; /* seconds by which the clock is behind when it is recorded */
    const struct numu_signer *signer; /* who signs the next event; NULL: nobody does */
    struct numu_text key;             /* of the next event; empty: the next number */
    struct numu_ledger backup;        /* of the site `backup_site`, while has_backup */
    size_t backup_site;
    bool has_backup;
    struct numu_fork fork;
};

/* --- what is so in truth: simulate_truth.c --- */

/* Whether something that happens so often does now. */
bool numu_world_chance(struct numu_world *world, uint64_t per_mille);
numu_day numu_world_today(const struct numu_world *world);

/* All things; valid until the next is put. */
struct numu_true_thing *numu_world_things(const struct numu_world *world);
size_t numu_world_thing_count(const struct numu_world *world);

/* "place/condition", in the arena. */
NUMU_MUST_CHECK numu_status numu_world_account(const struct numu_world *world,
                                               struct numu_text place, const char *condition,
                                               struct numu_text *out);

/* Remembers a fault: in the event told last, about a thing (or NULL). */
NUMU_MUST_CHECK numu_status numu_world_plant(struct numu_world *world, numu_fault_kind kind,
                                             size_t site, const struct numu_true_thing *thing,
                                             numu_quantity quantity, numu_fault_sign sign);
/* The fault planted last; there is one. */
struct numu_planted_fault *numu_world_last_fault(const struct numu_world *world);

/* A thing comes into an account; of a lot, what is there already grows. */
NUMU_MUST_CHECK numu_status numu_world_put(struct numu_world *world, struct numu_text item,
                                           struct numu_text object, bool is_serial, size_t site,
                                           struct numu_text account, numu_quantity quantity);
/* The same where the book says another quantity than there is. */
NUMU_MUST_CHECK numu_status numu_world_put_both(struct numu_world *world, struct numu_text item,
                                                struct numu_text object, bool is_serial,
                                                size_t site, struct numu_text account,
                                                numu_quantity book, numu_quantity physical);

/* Chooses up to `most` things of an item in an account that are truly there. */
NUMU_MUST_CHECK numu_status numu_world_choose(struct numu_world *world, size_t site,
                                              struct numu_text item, struct numu_text account,
                                              size_t most);
size_t numu_world_chosen_count(const struct numu_world *world);
/* The i-th chosen, as a place in numu_world_things. */
size_t numu_world_chosen_at(const struct numu_world *world, size_t i);
/* Moves what is chosen, in truth. A share of a lot leaves the rest where it is. */
NUMU_MUST_CHECK numu_status numu_world_move_chosen(struct numu_world *world, numu_quantity share,
                                                   size_t site, struct numu_text to);

/* --- telling the books: simulate_tell.c --- */

/* Adds a line to the event being made. */
NUMU_MUST_CHECK numu_status numu_world_add_line(struct numu_world *world, struct numu_text item,
                                                struct numu_text lot, struct numu_texts serials,
                                                numu_quantity quantity, struct numu_text from,
                                                struct numu_text to);
/* Adds what is chosen: its serials as one line, or a line for each lot, at most `share` of it. */
NUMU_MUST_CHECK numu_status numu_world_add_chosen(struct numu_world *world, numu_quantity share,
                                                  struct numu_text from, struct numu_text to);
/* Gives an event its key, its time, which is today, and the lines. */
NUMU_MUST_CHECK numu_status numu_world_date(struct numu_world *world, size_t site,
                                            struct numu_event *event);
/*
 * Records an event in the book of a site, which must say `expected` of it (else NUMU_BUG). The
 * lines are cleared, but for what was refused: who was refused may try again.
 */
NUMU_MUST_CHECK numu_status numu_world_tell(struct numu_world *world, size_t site,
                                            struct numu_event *event, numu_outcome expected);
NUMU_MUST_CHECK numu_status numu_world_tell_as(struct numu_world *world, size_t site,
                                               numu_event_type type, struct numu_text by,
                                               numu_outcome expected);
/* What was told last, as another event refers to it: "site:sequence:hash". */
NUMU_MUST_CHECK numu_status numu_world_reference(const struct numu_world *world, size_t site,
                                                 struct numu_text *out);
/* The second person approves what was proposed last. */
NUMU_MUST_CHECK numu_status numu_world_approve(struct numu_world *world, size_t site);
/* The same by an administrator, who signs it. */
NUMU_MUST_CHECK numu_status numu_world_approve_as(struct numu_world *world, size_t site,
                                                  struct numu_text by,
                                                  const struct numu_signer *signer);
/* A signature of an event's body. */
NUMU_MUST_CHECK numu_status numu_world_sign(struct numu_world *world,
                                            const struct numu_signer *signer,
                                            const struct numu_event *event,
                                            struct numu_event_signature *out);

/* --- where goods come from: simulate_work.c --- */

/* A new serial or lot. */
NUMU_MUST_CHECK numu_status numu_world_new_name(struct numu_world *world, const char *prefix,
                                                struct numu_text *out);
/* Goods come to be, and a line says so of the event that brings them: imported or produced. */
NUMU_MUST_CHECK numu_status numu_world_bring(struct numu_world *world, size_t site,
                                             struct numu_text item, bool has_serials, int64_t units,
                                             const char *prefix, const char *from,
                                             struct numu_text to);
/* Inputs for a month, in events of a handy size. */
NUMU_MUST_CHECK numu_status numu_world_import(struct numu_world *world,
                                              const struct numu_simulation_recipe *recipe);
/* The outputs of a day, where there are inputs. */
NUMU_MUST_CHECK numu_status numu_world_produce(struct numu_world *world,
                                               const struct numu_simulation_recipe *recipe);
/* What was made is judged: most is released, by two people; some is not. */
NUMU_MUST_CHECK numu_status numu_world_inspect(struct numu_world *world,
                                               const struct numu_simulation_recipe *recipe);

/* --- from works to depots: simulate_road.c --- */

NUMU_MUST_CHECK numu_status numu_world_dispatch(struct numu_world *world,
                                                const struct numu_simulation_recipe *recipe);
/* Receives all that arrives today. */
NUMU_MUST_CHECK numu_status numu_world_receive(struct numu_world *world);
/* Whether the book of a site has the event of another already. */
NUMU_MUST_CHECK numu_status numu_world_knows(const struct numu_world *world, size_t site,
                                             size_t other, int64_t sequence, bool *out);

/* --- what becomes of them: simulate_use.c --- */

/* From a depot to one of its units, and used up there where it is no weapon with a number. */
NUMU_MUST_CHECK numu_status numu_world_issue(struct numu_world *world, size_t site,
                                             const struct numu_simulation_recipe *recipe);
NUMU_MUST_CHECK numu_status numu_world_steal(struct numu_world *world, size_t site);
/* Two people write off as destroyed what they sold: the books are as they would be had it been. */
NUMU_MUST_CHECK numu_status numu_world_collude(struct numu_world *world, size_t site);

/* --- the rest of a day, and of a month --- */

/* One whose roles end acts on, before the site hears of it, and after: simulate_people.c. */
NUMU_MUST_CHECK numu_status numu_world_end_roles(struct numu_world *world, size_t site);
/* Two people count an item at a site; what differs is closed: simulate_count.c. */
NUMU_MUST_CHECK numu_status numu_world_count(struct numu_world *world, size_t site,
                                             const struct numu_simulation_recipe *recipe);
/* Every book learns the other logs; a memory stick may be lost, but for the last ones. */
NUMU_MUST_CHECK numu_status numu_world_exchange(struct numu_world *world, bool is_last);
/* Copies the book of some site, for later. */
NUMU_MUST_CHECK numu_status numu_world_back_up(struct numu_world *world);
/* Takes the copy for the book: its bundle comes to another site, which has seen more. */
NUMU_MUST_CHECK numu_status numu_world_restore(struct numu_world *world);
/* Something happens in a copy of a book that did not in the book; its head is signed. */
NUMU_MUST_CHECK numu_status numu_world_write_in_copy(struct numu_world *world,
                                                     struct numu_ledger *copy, size_t at,
                                                     const char *prefix, struct numu_event *out);
/* The bundle of a book of site `of`, from an entry on, comes to another site. */
NUMU_MUST_CHECK numu_status numu_world_offer(struct numu_world *world, struct numu_ledger *book,
                                             size_t of, size_t to, uint64_t from,
                                             numu_bundle_outcome *out);

/* --- two histories of one site, and how they are healed: simulate_fork.c --- */

/* On one day a copy of the book of some site goes on by itself, and tells another site. */
NUMU_MUST_CHECK numu_status numu_world_clone(struct numu_world *world);
/* Before sites exchange bundles: two administrators open a new epoch, where there is a fork. */
NUMU_MUST_CHECK numu_status numu_world_heal(struct numu_world *world);
/* From which entry on another site, which has `size`, must be sent a log. */
NUMU_MUST_CHECK numu_status numu_world_begin_of(struct numu_world *world, size_t from, size_t to,
                                                uint64_t size, uint64_t *out);
/* Whether an event stands where it does because it was told again. */
bool numu_world_was_told_again(const struct numu_world *world, struct numu_text site,
                               int64_t sequence);
/* At the end: whether every book follows the new epoch. */
NUMU_MUST_CHECK numu_status numu_world_show_fork(struct numu_world *world);
/* Dispatches of a site from an entry on stand two further: simulate_road.c. */
void numu_world_move_dispatches(struct numu_world *world, size_t site, int64_t from);

/* --- whoever has a site's key: simulate_usurper.c --- */

/* On one day a thief writes an administrator into a copy of a book, past its door. */
NUMU_MUST_CHECK numu_status numu_world_usurp(struct numu_world *world);

/* Notes of each fault what of the books shows it, at the end: simulate_shown.c. */
NUMU_MUST_CHECK numu_status numu_world_show(struct numu_world *world);

#endif
