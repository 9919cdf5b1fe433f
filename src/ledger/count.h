/*
 * count.h - counts in sheets: a count that is longer than one event may be.
 *
 * A sheet is an event that says what two people saw of a part of the goods, and of which count it
 * is: by the key that the event of the count will have. The count comes last. It names its sheets
 * with their leaves, in order, and the total of each item at each account:
 *
 *     {"type":"sheet","count":"year-26","against":40,"lines":[{"item":"rifle","serials":[…],…}],…}
 *     {"type":"sheet","count":"year-26","against":40,"lines":[…],…}
 *     {"type":"count","key":"year-26","against":40,"sheets":["a:40:<leaf>","a:41:<leaf>"],
 *      "lines":[{"item":"rifle","quantity_millionths":9000000000,"to":"a/serviceable"}],…}
 *
 * [C1] Nothing follows from a sheet before its count, and from a count nothing before its close.
 * [C2] A count names all sheets of its key that were not withdrawn, each once, by their leaves, and
 *      its totals are theirs. This is asked by all who apply a log, not only at the door: a log in
 *      which it does not hold cannot be.
 * [C3] A serial, and a lot at an account, stands on one sheet of a count at most (the door).
 * [C4] A sheet holds as of its own place in the log: the door asks that what is on it has not moved
 *      since the event that it counts against. What moves between a sheet and its count is rolled
 *      forward: a serial that left since was there, and is where the book says; the difference of
 *      a lot stays what it was. A serial that is at a counted account when the count comes, and on
 *      no sheet, is missing.
 */
#ifndef NUMU_LEDGER_COUNT_H
#define NUMU_LEDGER_COUNT_H

#include "base/map.h"
#include "ledger/state.h"

/* 30 days after its first sheet a count cannot come any more. */
bool numu_sheets_are_old(numu_instant first_recorded, numu_instant now);

/* A sheet whose count has not come, or that was withdrawn. */
struct numu_waiting_sheet {
    struct numu_text count; /* the key of the count */
    int64_t sequence;
    int64_t withdrawn; /* the event that withdrew it; -1: none */
};
/* Those of one count, or of all where `count` is empty: by count, then in order; in the arena. */
NUMU_MUST_CHECK numu_status numu_waiting_sheets_list(struct numu_state *state,
                                                     struct numu_arena *arena,
                                                     struct numu_text site, struct numu_text count,
                                                     struct numu_waiting_sheet **out,
                                                     size_t *out_count);

/* What a count, or a line of a sheet, and the book say of an item and lot at an account. */
struct numu_settled {
    struct numu_text account, item, lot;
    numu_quantity book;
    numu_quantity counted;
    size_t line; /* of the count, that a row of numu_settled_list is of */
};
/* Account, item and lot as one text, in the arena. */
NUMU_MUST_CHECK numu_status numu_settled_key(struct numu_arena *arena,
                                             const struct numu_settled *row, struct numu_text *out);
/*
 * Rows of one item and lot at one account become one, in place: what was seen on two lines is added
 * up, and the book has it once. Only books from before numu_count_join_lines have such rows.
 */
NUMU_MUST_CHECK numu_status numu_settled_join(struct numu_arena *arena, struct numu_settled *rows,
                                              size_t *count);
/* The value of a row of the state that holds one; parsed, its texts point into that value. */
NUMU_MUST_CHECK numu_status numu_settled_print(struct numu_buffer *value,
                                               const struct numu_settled *row);
struct numu_settled numu_settled_parse(struct numu_text value);

/* The lines without serials of a count's waiting sheets, the book as of each; in the arena. */
NUMU_MUST_CHECK numu_status numu_sheet_lots_list(struct numu_state *state, struct numu_arena *arena,
                                                 struct numu_text site, struct numu_text count,
                                                 struct numu_settled **out, size_t *out_count);

/* What a sheet, and its withdrawal by an event, do to these rows. NUMU_INVALID: it waits not. */
NUMU_MUST_CHECK numu_status numu_sheet_put(struct numu_state *state, struct numu_text site,
                                           int64_t sequence, const struct numu_event *sheet);
NUMU_MUST_CHECK numu_status numu_sheet_withdraw(struct numu_state *state, struct numu_text site,
                                                const struct numu_record *sheet, int64_t by);

/* --- a count and its sheets --- */

/*
 * Lines of a count that is being told become one where they are of one item and lot at one account:
 * serials, or what was seen on two shelves, added up. In the arena.
 */
NUMU_MUST_CHECK numu_status numu_count_join_lines(struct numu_arena *arena,
                                                  struct numu_event *count);

struct numu_count_case {
    struct numu_state *state;
    struct numu_arena *scratch;
    uint32_t log; /* of the site, in the store of the entries */
    struct numu_text site;
    const struct numu_event *count;
};

typedef numu_status (*numu_sheet_visit)(void *data, const struct numu_record *sheet);
/*
 * Visits the sheets that a count names, in order; each lives until its visit returns, as does all
 * that the visit puts into the scratch arena. NUMU_INVALID where a name is none of a sheet of this
 * count with that leaf.
 */
NUMU_MUST_CHECK numu_status numu_count_visit(const struct numu_count_case *of,
                                             numu_sheet_visit visit, void *data);

/* The sheets that it names wait no more. */
NUMU_MUST_CHECK numu_status numu_count_take(const struct numu_count_case *of);

typedef enum numu_count_problem {
    NUMU_COUNT_FINE,
    NUMU_COUNT_OTHER_SHEETS, /* a sheet that waits is not named, or one that does not is */
    NUMU_COUNT_OTHER_TOTAL,  /* of an item at an account; *out_what: the item */
    NUMU_COUNT_GONE          /* more went since than was counted; *out_what: the item */
} numu_count_problem;
/* "kind.count_other_total"; not of NUMU_COUNT_FINE. */
const char *numu_count_problem_name(numu_count_problem problem);

/*
 * Holds a count against its sheets while they wait [C2], and says what it found, as of the count,
 * in the scratch arena: serials first, an account and item each, then lots. Nothing where there is
 * a problem.
 */
NUMU_MUST_CHECK numu_status numu_count_settle(const struct numu_count_case *of,
                                              numu_count_problem *out_problem,
                                              struct numu_text *out_what, struct numu_settled **out,
                                              size_t *out_count);

/*
 * The same of a count that was recorded, in sheets or not, from the rows of the state: of one in
 * one event, a row a line. None where the sequence is of no count.
 */
NUMU_MUST_CHECK numu_status numu_settled_list(struct numu_state *state, struct numu_arena *arena,
                                              struct numu_text site, int64_t sequence,
                                              struct numu_settled **out, size_t *out_count);

/* Whether one of these rows is of serials, which a close moves one by one. */
NUMU_MUST_CHECK numu_status numu_settled_is_of_serials(const struct numu_count_case *of,
                                                       const struct numu_settled *row, bool *out);

/* --- serials that were counted --- */

/* Where a serial was seen, and the event that says so: the sheet, or the count. */
struct numu_seen {
    struct numu_text account;
    int64_t sequence;
};
struct numu_counted_serials {
    struct numu_text *keys; /* item and serial */
    struct numu_seen *seen;
    size_t count;
    struct numu_map map;
    struct numu_buffer room; /* for the key that is looked for */
};
/*
 * Those of a count that stands at `sequence`, in sheets or not, in the scratch arena. Release it,
 * also on failure. NUMU_INVALID where the count names what is no sheet of it.
 */
NUMU_MUST_CHECK numu_status numu_counted_serials_read(const struct numu_count_case *of,
                                                      int64_t sequence,
                                                      struct numu_counted_serials *out);
void numu_counted_serials_release(struct numu_counted_serials *counted);
/* NULL: nobody saw it. */
NUMU_MUST_CHECK numu_status numu_counted_serials_find(struct numu_counted_serials *counted,
                                                      struct numu_text item,
                                                      struct numu_text serial,
                                                      const struct numu_seen **out);

#endif
