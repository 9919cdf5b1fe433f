/*
 * event.h - what happened, as the ledger writes it down.
 *
 * An event is a body and what the writer wraps around it. The body is canonical JSON (canonical.h),
 * which a person may sign:
 *
 *     {"by":"p_keeper","key":"wo-17","ledger":"mali","lines":[{"from":"produced","item":"rifle",
 *      "quantity_millionths":2000000,"serials":["R1","R2"],"to":"bamako/quarantine"}],
 *      "time":"2026-01-05T08:00:00Z","type":"produce","version":1}
 *
 * The writer adds signatures, site, epoch, sequence, time of record and, for serials, the leaf
 * hashes of the events before (`prev`). These bytes are the leaf of the log, stored as they are.
 *
 * An account is a place and a condition, "store_a/serviceable", or a nominal one such as
 * "produced"; in a body "transit" stands for the one movement that a dispatch opens.
 *
 * [E1] An event has one form: reading refuses what writing would not have written.
 * [E2] No event is longer than 65,535 bytes; attachments go by hash.
 * [E3] Members are known: what this version does not know, it refuses.
 */
#ifndef NUMU_LEDGER_EVENT_H
#define NUMU_LEDGER_EVENT_H

#include "base/json.h"
#include "base/number.h"
#include "base/sign.h"
#include "ledger/instant.h"
#include "ledger/merkle.h"

enum { NUMU_EVENT_VERSION_MAX = 2, NUMU_EVENT_LINES_MAX = 1024, NUMU_EVENT_SIGNATURES_MAX = 8 };
enum { NUMU_COUNT_SHEETS_MAX = 512 }; /* of a count: their names fit into its event */

/* --- accounts --- */

typedef enum numu_condition {
    NUMU_CONDITION_quarantine,
    NUMU_CONDITION_serviceable,
    NUMU_CONDITION_suspended,
    NUMU_CONDITION_unserviceable,
    NUMU_CONDITION_COUNT
} numu_condition;

/* Kinds of accounts, as bits: where a line may take from or give to. */
typedef enum numu_side {
    NUMU_SIDE_HELD = 1 << 0, /* a site or storehouse */
    NUMU_SIDE_UNIT = 1 << 1,
    NUMU_SIDE_TRANSIT = 1 << 2,
    NUMU_SIDE_opening = 1 << 3,
    NUMU_SIDE_produced = 1 << 4,
    NUMU_SIDE_imported = 1 << 5,
    NUMU_SIDE_consumed = 1 << 6,
    NUMU_SIDE_exported = 1 << 7,
    NUMU_SIDE_destroyed = 1 << 8,
    NUMU_SIDE_lost = 1 << 9,
    NUMU_SIDE_found = 1 << 10,
    NUMU_SIDE_seized = 1 << 11,
    NUMU_SIDE_unaccounted = 1 << 12,
    NUMU_SIDE_error = 1 << 13,
    NUMU_SIDES = (1 << 14) - 1
} numu_side;
enum { NUMU_NOMINAL_FIRST = 3, NUMU_NOMINAL_COUNT = 11 };
/* By bit, from NUMU_NOMINAL_FIRST on: "opening", … */
extern const char *const numu_nominal_names[NUMU_NOMINAL_COUNT];
extern const char *const numu_condition_names[NUMU_CONDITION_COUNT + 1];

/* "store_a/serviceable" taken apart; place is empty and side a nominal one for nominal accounts. */
struct numu_account {
    numu_side side; /* HELD for every place: who knows places tells units */
    numu_condition condition;
    struct numu_text place;
};
/* False for what names no account. */
bool numu_account_parse(struct numu_text text, struct numu_account *out);
/* Whether what is there is nowhere: neither at a place nor on its way. */
bool numu_account_is_nominal(struct numu_text account);

/* --- types and roles --- */

typedef enum numu_role {
    NUMU_ROLE_producer = 1 << 0,
    NUMU_ROLE_storekeeper = 1 << 1,
    NUMU_ROLE_inspector = 1 << 2,
    NUMU_ROLE_safety_officer = 1 << 3,
    NUMU_ROLE_licensing_officer = 1 << 4,
    NUMU_ROLE_approver = 1 << 5,
    NUMU_ROLE_auditor = 1 << 6,
    NUMU_ROLE_registrar = 1 << 7,
    NUMU_ROLE_planner = 1 << 8,
    NUMU_ROLE_administrator = 1 << 9,
    NUMU_ROLES = (1 << 10) - 1
} numu_role;
/* Words separated by spaces to bits; words that are no role count nothing. */
unsigned numu_roles_parse(struct numu_text text);

enum {
    NUMU_TYPE_TWO = 1,       /* takes effect when a second person approves */
    NUMU_TYPE_JUDGES = 2,    /* changes conditions; a release from quarantine takes two */
    NUMU_TYPE_MAKES = 4,     /* its consumed lines are what its produced lines were made of */
    NUMU_TYPE_STILL = 8,     /* moves nothing */
    NUMU_TYPE_GOOD_ONLY = 16 /* only serviceable goods */
};

typedef enum numu_event_type {
#define NUMU_EVENT_TYPE(type, ...) NUMU_EVENT_##type,
#include "ledger/types.def"
#undef NUMU_EVENT_TYPE
    NUMU_EVENT_TYPE_COUNT
} numu_event_type;

struct numu_event_kind {
    const char *name;
    unsigned from, to; /* numu_side */
    unsigned flags;
    const char *needs;
    unsigned recorders, approvers; /* numu_role */
};
extern const struct numu_event_kind numu_event_kinds[NUMU_EVENT_TYPE_COUNT];

/*
 * The version in which events of a type are written: 1, but 2 for a close, whose first version
 * (still read, and applied as it always was) put back what had left since the count (close.h).
 */
enum { NUMU_CLOSE_FORMER = 1 };
int64_t numu_event_version(numu_event_type type);

/* --- events --- */

struct numu_texts {
    const struct numu_text *list;
    size_t count;
};

struct numu_event_line {
    struct numu_text item;
    struct numu_text lot; /* empty for serials */
    struct numu_texts serials;
    numu_quantity quantity; /* of serials: their number */
    struct numu_text from, to;
    int64_t line; /* receive: line of the dispatch, from 0 */
};

/* An empty text, no instant, NUMU_NO_NUMBER and NULL stand for a member that is not there. */
struct numu_event {
    numu_event_type type;
    int64_t version;
    numu_instant time; /* of the fact */
    struct numu_text ledger;
    struct numu_text key;    /* of the act: twice the same is once */
    struct numu_text by;     /* who acts */
    struct numu_text second; /* count: the other counter; irregular: who bears witness */
    struct numu_text reason;
    struct numu_text irregular;   /* why it was done against a rule */
    struct numu_text order;       /* works order or plan's order */
    struct numu_text destination; /* dispatch: the site it goes to */
    struct numu_text dispatch; /* receive: "site:sequence"; dispatch: what it was called before */
    struct numu_text licence;
    struct numu_text screening;       /* export: the screening decision's subject */
    struct numu_text subject, result; /* screen */
    struct numu_text list, entry;     /* screen: SHA-256 of the list, its own number of the entry */
    struct numu_text method;          /* destroy */
    struct numu_text mark, pack, site;
    struct numu_text partner; /* export, import: to or from whom */
    struct numu_text plan;    /* plan: hash of the plan approved, in hexadecimal */
    struct numu_text ref;     /* another event: "site:sequence:leaf hash" */
    struct numu_text head;    /* epoch: root of the last common head, in hexadecimal */
    struct numu_text count;   /* sheet: the key of the count that it will be of */
    int64_t against;          /* count, sheet: number of events in the book that it counts against;
                                 epoch: size of the last common head */
    struct numu_texts sheets; /* count: its sheets in order, as `ref` names events (count.h) */
    struct numu_texts documents, witnesses;
    const struct numu_json *registry; /* "register": what is registered */
    const struct numu_event_line *lines;
    size_t line_count;
};

struct numu_event_signature {
    struct numu_text key; /* name of the key */
    struct numu_signature signature;
};

/* By what an event was judged at the door: hashes in hexadecimal, empty = it was not asked. */
struct numu_judgement {
    struct numu_texts broken; /* codes of the rules that it was recorded against */
    struct numu_text licence; /* row of the register */
    struct numu_texts lists;  /* of screening */
    struct numu_text model;   /* package with the storehouses, limits and embargoes */
    struct numu_text rules;   /* rule set of storage */
    /* Only of what is judged now: rules of a package have a say, and no package was given. */
    bool lacks_package;
};

/* An event as it stands in a log. */
struct numu_record {
    struct numu_event event;
    struct numu_text body; /* its bytes */
    struct numu_text site;
    int64_t epoch;
    int64_t sequence;
    numu_instant recorded;
    struct numu_judgement judged;
    struct numu_texts prev; /* leaf hashes, in hexadecimal */
    struct numu_event_signature signatures[NUMU_EVENT_SIGNATURES_MAX];
    size_t signature_count;
};

/* Whether a text may be a member: 1 to 1,024 bytes, and no control character. */
bool numu_event_text_is_plain(struct numu_text text);

typedef enum numu_event_problem {
    NUMU_EVENT_FINE = 0,
    NUMU_EVENT_NO_JSON,
    NUMU_EVENT_NOT_CANONICAL,
    NUMU_EVENT_UNKNOWN_MEMBER,
    NUMU_EVENT_MISSING_MEMBER,
    NUMU_EVENT_BAD_MEMBER,
    NUMU_EVENT_UNKNOWN_TYPE,
    NUMU_EVENT_UNKNOWN_VERSION,
    NUMU_EVENT_TOO_LARGE
} numu_event_problem;

struct numu_event_error {
    numu_event_problem problem;
    struct numu_text member; /* "lines.item" */
    size_t offset;           /* in the text */
    numu_json_problem json;  /* of what is no JSON */
    struct numu_text found;  /* of an unknown type: what stands there */
};
/* Its name as the argument of a sentence: "kind.event_bad_member". */
const char *numu_event_error_name(const struct numu_event_error *error);
/* What a member is to be that is not so: "kind.member_time"; NULL of another problem. */
const char *numu_event_error_form(const struct numu_event_error *error);
/*
 * All that could stand where something unknown does, in the arena: the types, or the members of a
 * draft and of its lines; empty of another problem.
 */
NUMU_MUST_CHECK numu_status numu_event_error_choices(struct numu_arena *arena,
                                                     const struct numu_event_error *error,
                                                     struct numu_text *out);

/*
 * Reads what a person writes: a JSON object of the members of a body, where `quantity` may stand
 * for `quantity_millionths` as a number of the item's unit, serials may have ranges
 * ("A001..A250"), and version may be left out. Texts live in the arena or in `text`.
 */
NUMU_MUST_CHECK numu_status numu_event_read_draft(struct numu_arena *arena, struct numu_text text,
                                                  struct numu_event *out,
                                                  struct numu_event_error *out_error);
/*
 * The same of a draft that is too long for an event, of up to NUMU_LONG_DRAFT_MAX lines and serials
 * on each: a count, for which sheets are made of it (count_cut.h).
 */
enum { NUMU_LONG_DRAFT_MAX = 1 << 20 };
NUMU_MUST_CHECK numu_status numu_event_read_long_draft(struct numu_arena *arena,
                                                       struct numu_text text,
                                                       struct numu_event *out,
                                                       struct numu_event_error *out_error);
/* Reads a canonical body. */
NUMU_MUST_CHECK numu_status numu_event_read_body(struct numu_arena *arena, struct numu_text text,
                                                 struct numu_event *out,
                                                 struct numu_event_error *out_error);
/* Appends the canonical body. NUMU_LIMIT where it is longer than an event may be. */
NUMU_MUST_CHECK numu_status numu_event_write_body(const struct numu_event *event,
                                                  struct numu_arena *scratch,
                                                  struct numu_buffer *buffer);
/*
 * A body with its signatures on the way to a book, {"body":…,"signatures":[…]}, canonical: event,
 * body and signatures of *out are set.
 */
NUMU_MUST_CHECK numu_status numu_event_read_signed(struct numu_arena *arena, struct numu_text text,
                                                   struct numu_record *out,
                                                   struct numu_event_error *out_error);
NUMU_MUST_CHECK numu_status numu_event_write_signed(struct numu_text body,
                                                    const struct numu_event_signature *signatures,
                                                    size_t count, struct numu_buffer *buffer);
/* Reads what stands in a log, canonical. */
NUMU_MUST_CHECK numu_status numu_record_read(struct numu_arena *arena, struct numu_text text,
                                             struct numu_record *out,
                                             struct numu_event_error *out_error);
/*
 * The same of bytes that were checked before: what was recorded is not compared with its form
 * again.
 */
NUMU_MUST_CHECK numu_status numu_record_read_trusted(struct numu_arena *arena,
                                                     struct numu_text text,
                                                     struct numu_record *out);
/* Appends the leaf. NUMU_LIMIT [E2]. */
NUMU_MUST_CHECK numu_status numu_record_write(const struct numu_record *record,
                                              struct numu_buffer *buffer);

/*
 * Appends "A001..A250" as A001, A002, …: same length, digits at the end ascending. False where it
 * is no range of at most NUMU_SERIAL_RANGE_MAX.
 */
enum { NUMU_SERIAL_RANGE_MAX = 8192 };
NUMU_MUST_CHECK numu_status numu_serials_parse(struct numu_arena *arena, struct numu_text word,
                                               struct numu_buffer *texts);
/* Whether `after` is the serial that follows `before` in a range: A009, A010. */
bool numu_serial_follows(struct numu_text before, struct numu_text after);

#endif
