/*
 * state.h - what follows from the logs: balances, serials, movements, registers; as texts by text
 * in a store, so that an auditor can read them with any SQLite shell.
 *
 * Each row begins with a letter and belongs to the log of one site, whose events alone change it;
 * so the state of a set of logs does not depend on the order in which their events arrived. Fields
 * are separated by tabs:
 *
 *     b site account item lot            quantity                     balance, millionths of a unit
 *     s item serial site                 account pack made events     where a serial is, for a site
 *     h item lot site sequence                                        events of a lot
 *     d dispatch line site               sent received item lot day place   halves of a movement
 *     k site key                         sequence                     keys of acts
 *     p site sequence                    open | approved sequence     proposals for two people
 *                                        | closed sequence            counts that were closed
 *     x site sequence line               account item lot book counted      results of counts
 *     S site count sequence              open | withdrawn sequence    sheets that wait (count.h)
 *     S site count sequence line         account item lot book counted      their lines of lots
 *     m item serial site sequence        mark                         marks, as applied
 *     a site pack item serial                                         what is in a pack
 *     t item lot site                    day                          when a lot was made
 *     q site licence                     quantity                     used of a licence
 *     n site subject list entry          result sequence              screening decisions
 *     l site id                          sha256 version               lists of screening in force
 *     g site item sequence line          first last quantity          grants of serials
 *     j item serial site                 counts sites sequence        disputes that people resolved
 *     v site sequence                    key                          the site's key from there on
 *     y site sequence                    second reason codes          irregular acts
 *     z site plan                        sequence                     plans approved
 *     i site id                          control unit weighing_error name   items
 *     o site id                          kind site                    places
 *     u site id                          roles site key               people
 *                                        roles site key until         those with a certificate
 *     c site id                          kind item quantity issued expires status   licences
 *     r site                             sequence of the first act that is no register
 *     f site sequence                    key                          the log's root from there on
 *     e site subject                     issued type                  newest certificate about it
 *     w site level index                 hash                         roots of 256^n leaves
 */
#ifndef NUMU_LEDGER_STATE_H
#define NUMU_LEDGER_STATE_H

#include "ledger/event.h"
#include "ledger/name.h"
#include "ledger/store.h"

struct numu_state {
    struct numu_store store;   /* of the rows */
    struct numu_store entries; /* of the events: the same, but where a state is built again */
    struct numu_buffer key;
    struct numu_buffer value;
};

void numu_state_init(struct numu_state *state, struct numu_heap *heap, struct numu_store store,
                     struct numu_store entries);
void numu_state_release(struct numu_state *state);

/* The next field of a row; *rest shrinks. Empty after the last. */
struct numu_text numu_field_next(struct numu_text *rest);
/* A whole number; 0 for what is none. */
int64_t numu_field_number(struct numu_text field);

/* A row by its letter and fields; NUMU_STATE_KEY(state, 'b', site, account) makes its key. */
enum { NUMU_STATE_FIELDS_MAX = 6 };
NUMU_MUST_CHECK numu_status numu_state_key(struct numu_state *state, char letter,
                                           const struct numu_text *fields, size_t count);
#define NUMU_STATE_KEY(state, letter, ...)                                                         \
    numu_state_key((state), (letter), (const struct numu_text[]){__VA_ARGS__},                     \
                   sizeof((const struct numu_text[]){__VA_ARGS__}) / sizeof(struct numu_text))

/* The value of the key that was made last, valid until the next call; NUMU_NOT_FOUND. */
NUMU_MUST_CHECK numu_status numu_state_get(struct numu_state *state, struct numu_text *out);
/* Sets it to what stands in state->value. */
NUMU_MUST_CHECK numu_status numu_state_put(struct numu_state *state);
/* Removes it. */
NUMU_MUST_CHECK numu_status numu_state_remove(struct numu_state *state);
/*
 * Visits the rows whose keys begin as the one that was made last: give an empty last field to end
 * the one before. A visit may make other keys, but not change the state.
 */
NUMU_MUST_CHECK numu_status numu_state_scan(struct numu_state *state, numu_entry_visit visit,
                                            void *data);

/* Ten digits, so that bytewise order is that of the numbers. `out` holds 24 bytes. */
struct numu_text numu_sequence_text(int64_t sequence, char out[24]);

/* --- rows --- */

NUMU_MUST_CHECK numu_status numu_balance_get(struct numu_state *state, struct numu_text site,
                                             struct numu_text account, struct numu_text item,
                                             struct numu_text lot, numu_quantity *out);
NUMU_MUST_CHECK numu_status numu_balance_add(struct numu_state *state, struct numu_text site,
                                             struct numu_text account, struct numu_text item,
                                             struct numu_text lot, numu_quantity change);

struct numu_serial {
    struct numu_text account; /* where it is: of this site, "transit", or a nominal account */
    struct numu_text pack;    /* empty: in none */
    int64_t made;             /* times this site's log made, opened or imported it */
    int64_t sequence;         /* of its last event here; -1: none */
    struct numu_text
        events; /* the first, and of each later one by how much it is later: "12 5 3" */
};
/* Texts live in the arena. NUMU_NOT_FOUND. */
NUMU_MUST_CHECK numu_status numu_serial_get(struct numu_state *state, struct numu_arena *arena,
                                            struct numu_text site, struct numu_text item,
                                            struct numu_text serial, struct numu_serial *out);

/* The value of its row taken apart; texts point into it. */
struct numu_serial numu_serial_parse(struct numu_text value);
/* The next of a serial's `events`, after *sequence (-1: the first); *rest shrinks. */
bool numu_serial_next_event(struct numu_text *rest, int64_t *sequence);
/* Sets where a serial is now, after an event: it joins the events of `serial`. */
NUMU_MUST_CHECK numu_status numu_serial_put(struct numu_state *state, struct numu_text site,
                                            struct numu_text item, struct numu_text serial_id,
                                            const struct numu_serial *serial, int64_t sequence);

/* Visits the events of a serial or lot in all logs: by site, then in order. */
typedef numu_status (*numu_history_visit)(void *data, struct numu_text site, int64_t sequence);
NUMU_MUST_CHECK numu_status numu_history_scan(struct numu_state *state, struct numu_text item,
                                              struct numu_text object, numu_history_visit visit,
                                              void *data);
/* The first item, bytewise, that has an object of this name; in the arena. NUMU_NOT_FOUND. */
NUMU_MUST_CHECK numu_status numu_history_find(struct numu_state *state, struct numu_arena *arena,
                                              struct numu_text object, struct numu_text *out_item);

struct numu_movement {
    numu_quantity sent;
    numu_quantity received;
    struct numu_text item, lot;
    numu_day day;           /* of the half that is here */
    struct numu_text place; /* where it goes to, or came to */
};
/*
 * One site's half of a line of a movement: the sender's or a receiver's. NUMU_NOT_FOUND.
 */
NUMU_MUST_CHECK numu_status numu_movement_get(struct numu_state *state, struct numu_arena *arena,
                                              struct numu_text dispatch, int64_t line,
                                              struct numu_text site, struct numu_movement *out);

struct numu_item {
    struct numu_text control; /* serial, lot, bulk, none */
    struct numu_text unit;
    struct numu_text name;
    numu_decimal weighing_error; /* 0: pieces, which are counted */
    int64_t shelf_life_days;     /* 0 = none */
};
NUMU_MUST_CHECK numu_status numu_item_get(struct numu_state *state, struct numu_arena *arena,
                                          struct numu_text site, struct numu_text id,
                                          struct numu_item *out);
/*
 * The day on which a lot was made, by whichever log that is known says so, the earliest first: what
 * came from another site is as old as it is there. NUMU_NOT_FOUND.
 */
NUMU_MUST_CHECK numu_status numu_lot_made_get(struct numu_state *state, struct numu_text item,
                                              struct numu_text lot, numu_day *out);
struct numu_place_of {
    struct numu_text kind; /* site, storehouse, unit */
    struct numu_text site;
};
NUMU_MUST_CHECK numu_status numu_place_get(struct numu_state *state, struct numu_arena *arena,
                                           struct numu_text site, struct numu_text id,
                                           struct numu_place_of *out);
struct numu_person {
    unsigned roles;
    struct numu_text site; /* empty: the whole country */
    struct numu_text key;  /* as numu_public_key_write has it; empty: none */
    bool is_certified;     /* by the log's root (root.h) */
    numu_day until;        /* last day of the roles; NUMU_NO_DAY: none */
};
/* Of a log that has a root, nobody is administrator who is not certified. */
NUMU_MUST_CHECK numu_status numu_person_get(struct numu_state *state, struct numu_arena *arena,
                                            struct numu_text site, struct numu_text id,
                                            struct numu_person *out);
/* Roles of a person in what is recorded then. */
unsigned numu_person_roles(const struct numu_person *person, numu_instant recorded);
/*
 * The key of the site that its log had registered when it held `size` events, in the arena: the one
 * that signs the next head after a head of that size. Size 0: the first key that it ever
 * registered, which signs the first head. NUMU_NOT_FOUND where there is none.
 */
NUMU_MUST_CHECK numu_status numu_site_key_at(struct numu_state *state, struct numu_arena *arena,
                                             struct numu_text site, uint64_t size,
                                             struct numu_text *out);

struct numu_licence {
    struct numu_text kind, item, status;
    numu_quantity quantity; /* NUMU_NO_NUMBER: any */
    numu_day issued, expires;
};
NUMU_MUST_CHECK numu_status numu_licence_get(struct numu_state *state, struct numu_arena *arena,
                                             struct numu_text site, struct numu_text id,
                                             struct numu_licence *out);

/* Whose log a row follows from, by its key. */
struct numu_text numu_row_site(struct numu_text key);

/*
 * What a dispatch is called by those who receive it: its own name, or, where it was told again in a
 * new epoch (member `dispatch`), the one it had in an epoch that ended.
 */
NUMU_MUST_CHECK numu_status numu_dispatch_name(struct numu_arena *arena,
                                               const struct numu_record *record,
                                               struct numu_text *out);

/* --- effects --- */

/* Whether the registers of a log are still being opened, which one person does: no act yet. */
NUMU_MUST_CHECK numu_status numu_registers_are_opening(struct numu_state *state,
                                                       struct numu_text site, bool *out);
/*
 * Whether an event takes effect only when a second person approves it. `state` knows whether the
 * registers of the log are still being opened. Certificates alone take no second person: the root
 * has signed them.
 */
NUMU_MUST_CHECK numu_status numu_event_needs_two(struct numu_state *state, struct numu_text site,
                                                 const struct numu_event *event, bool *out);

/* Whether an event registers certificates and nothing else. */
bool numu_event_is_certified(const struct numu_event *event);
/*
 * The event of the same log that a record refers to, by site, epoch and sequence, in the arena, and
 * its leaf (may be NULL). NUMU_INVALID where it is none that stands before.
 */
NUMU_MUST_CHECK numu_status numu_state_read_referred(struct numu_state *state,
                                                     struct numu_arena *arena, uint32_t number,
                                                     const struct numu_record *record,
                                                     struct numu_record *out,
                                                     struct numu_sha256 *out_leaf);

/* The event at a place in a log. NUMU_INVALID: there is none. */
NUMU_MUST_CHECK numu_status numu_state_read_entry(struct numu_state *state,
                                                  struct numu_arena *arena, uint32_t number,
                                                  int64_t sequence, struct numu_record *out,
                                                  struct numu_sha256 *out_leaf);
/* The same by its name, whatever its hash says, wherever it stands. NUMU_INVALID: there is none. */
NUMU_MUST_CHECK numu_status numu_state_read_reference(
    struct numu_state *state, struct numu_arena *arena, uint32_t number, struct numu_text site,
    struct numu_text reference, struct numu_record *out, struct numu_sha256 *out_leaf);

/*
 * What an event that was recorded does to the state. It is not judged here: rules are for those who
 * record. NUMU_INVALID where the log cannot be (an approval of what was never proposed).
 * `number` is the log's, in the store of the entries.
 */
NUMU_MUST_CHECK numu_status numu_state_apply(struct numu_state *state, struct numu_arena *scratch,
                                             uint32_t number, const struct numu_record *record);

#endif
