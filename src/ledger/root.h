/*
 * root.h - a log with a root: the key, kept offline, without which nobody becomes administrator.
 *
 * Whoever has the key of a site can write what he likes into its log, people and their roles among
 * it. With a root he cannot write administrators, who alone heal a fork (epoch.h), nor another key
 * of the site: what makes them is a certificate (certificate.h) that the root signed elsewhere.
 *
 * Both stand in the log, in events of the type `register`:
 *
 *     {"roots":[{"id":"national-root","key":"national-root+…"}]}    the log has this root
 *     {"certificates":["numu.certificate/1\n{…}\n\n— national-root …\n"]}
 *
 * One event through it: the offline machine signs that p_admin_1 is administrator with such a key.
 * Anybody on the register records the note, in each book (it takes no second person, the root is
 * one). The door asks what is said below; the state gets the person (row u) and of which
 * certificate (row e). A bundle brings the event to another book, which asks the same again of the
 * bytes, as does whoever verifies. When p_admin_1 opens an epoch, his role counts for the row e
 * beside it, and his signature by the key that was certified.
 *
 * [O1] A log takes its first root as it comes: with the first event of a log that is founded with
 *      one, so that every head of it covers which; or later, where a log had none, by two people.
 *      Any later one comes by a certificate of the one in force.
 * [O2] From there on, administrators and keys of the site come by certificates of the root in force
 *      and by nothing else. Who was administrator before is none until he is certified. No row of
 *      people takes the place of one who is certified: that takes a certificate, too.
 * [O3] A certificate is of one ledger, and of a site's key for one site; it counts from its place
 *      in the log on, and only where nothing that was issued later, or then, has been said of its
 *      subject: what was revoked or replaced cannot be told again.
 * [O4] Its last day is held against the times of record of the log, which never go back. Whoever
 *      writes the log has the clock: revocation, not the last day, ends what a thief has.
 * [O5] From the root on, people come on the register by two administrators, who both signed, once
 *      the book is in use. So a key of a person follows from the root, too.
 * [O6] All this is asked whenever a log is taken - recorded, accepted, verified - of its own bytes
 *      alone. A book that has a root takes a log that is new to it only where that has the same.
 */
#ifndef NUMU_LEDGER_ROOT_H
#define NUMU_LEDGER_ROOT_H

#include "ledger/certificate.h"
#include "ledger/state.h"

typedef enum numu_root_problem {
    NUMU_ROOT_MALFORMED,    /* no certificate, or no root */
    NUMU_ROOT_NONE,         /* a certificate in a log that has no root */
    NUMU_ROOT_SECOND,       /* a root where there is one */
    NUMU_ROOT_NOT_SIGNED,   /* not by the root in force */
    NUMU_ROOT_OTHER_LEDGER, /* of another ledger */
    NUMU_ROOT_OTHER_SITE,   /* the key of another site */
    NUMU_ROOT_OLDER,        /* than what the log has about its subject */
    NUMU_ROOT_EXPIRED,      /* its last day is over */
    NUMU_ROOT_TWICE,        /* two about one subject in one event */
    NUMU_ROOT_NEEDED,       /* by an administrator, a key of the site, or one who is certified */
    NUMU_ROOT_PROBLEM_COUNT
} numu_root_problem;
/* Its name as the argument of a sentence: "kind.root_not_signed". */
const char *numu_root_problem_name(numu_root_problem problem);

/* What speaks against a register: `name` is whom or what it is about. */
typedef void (*numu_root_complaint)(void *data, numu_root_problem problem, struct numu_text name);

/* The root in force of a site's log, its public key in the arena. NUMU_NOT_FOUND: it has none. */
NUMU_MUST_CHECK numu_status numu_root_get(struct numu_state *state, struct numu_arena *arena,
                                          struct numu_text site, struct numu_text *out);
/* All its roots, in order. */
NUMU_MUST_CHECK numu_status numu_roots_list(struct numu_state *state, struct numu_arena *arena,
                                            struct numu_text site, struct numu_text **out,
                                            size_t *out_count);

/* A register that is to take effect. */
struct numu_root_case {
    struct numu_text ledger, site;
    numu_instant recorded; /* when it takes effect, by the log */
    const struct numu_json *registry;
};
/* Says what of [O1] to [O4] speaks against it; texts that are said live in the arena. */
NUMU_MUST_CHECK numu_status numu_root_judge(struct numu_state *state, struct numu_arena *scratch,
                                            const struct numu_root_case *of,
                                            numu_root_complaint complain, void *data);

/* Whether a register takes two administrators [O5]: it has people, and the log a root. */
NUMU_MUST_CHECK numu_status numu_root_wants_administrators(struct numu_state *state,
                                                           struct numu_arena *scratch,
                                                           struct numu_text site,
                                                           const struct numu_event *event,
                                                           bool *out);

/*
 * Whether a record may stand where a log goes on, as far as its root goes [O6]; `log` is the log's
 * number, `state` that of the log up to there. NUMU_INVALID where it may not.
 */
NUMU_MUST_CHECK numu_status numu_root_check(struct numu_state *state, struct numu_arena *scratch,
                                            uint32_t log, const struct numu_record *record);

/*
 * Who recorded an event, where he is administrator when it was recorded, and has signed it where a
 * key of his is on the register. NUMU_INVALID where not.
 */
NUMU_MUST_CHECK numu_status numu_administrator_check(struct numu_state *state,
                                                     struct numu_arena *scratch,
                                                     const struct numu_record *record,
                                                     struct numu_person *out);
/* The same of two events of two people, who do not share a key. */
NUMU_MUST_CHECK numu_status numu_administrators_check(struct numu_state *state,
                                                      struct numu_arena *scratch,
                                                      const struct numu_record *first,
                                                      const struct numu_record *second);

/* Whether a log that is new here, or not, may follow the roots of the own one [O6]. */
NUMU_MUST_CHECK numu_status numu_roots_agree(struct numu_state *state, struct numu_arena *scratch,
                                             struct numu_text own, struct numu_text other,
                                             bool is_new, bool *out);

#endif
