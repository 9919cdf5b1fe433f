/*
 * judge.h - within the ledger: what judges of an event share (rules.c, counting.c, control.c).
 *
 * Two kinds of rules. Form, identity, authority and arithmetic are hard: what breaks them cannot
 * have happened as told, and is refused. Rules of safety and control are soft: an act against them
 * that is not yet done is refused; one already done is recorded as irregular.
 */
#ifndef NUMU_LEDGER_JUDGE_H
#define NUMU_LEDGER_JUDGE_H

#include "ledger/ledger.h"

struct numu_judge {
    struct numu_ledger *ledger;
    struct numu_state *state;
    struct numu_arena *arena; /* the ledger's scratch */
    const struct numu_entry_request *request;
    const struct numu_event *event; /* being judged: the request's, or the one it approves */
    const struct numu_event_kind *kind;
    struct numu_report *hard;
    struct numu_report *soft;
    struct numu_judgement *judged; /* what it is judged by */
    numu_instant recorded;         /* when it would stand in the log */
};

/* --- saying it --- */

struct numu_diagnostic numu_judge_finding(const struct numu_judge *judge, numu_code code);
/* A finding of one or two texts. */
void numu_judge_say(const struct numu_judge *judge, struct numu_report *report, numu_code code,
                    struct numu_text first, struct numu_text second);
/* That a name is not on the register: `kind` is an argument such as "kind.item". */
void numu_judge_say_unknown(const struct numu_judge *judge, const char *kind,
                            struct numu_text name);
/* "round/L-7" */
NUMU_MUST_CHECK numu_status numu_judge_name(const struct numu_judge *judge,
                                            const struct numu_event_line *line,
                                            struct numu_text *out);

/* What is wrong with a serial: NUMU_CODE_NONE, or a code and what it tells. */
struct numu_complaint {
    numu_code code;
    struct numu_text where, wanted;
};

/* Serials that follow each other and have one complaint: they are told as one range. */
struct numu_complaint_run {
    struct numu_complaint complaint;
    struct numu_text first, last;
};

/* Adds what is to be said of a serial, or nothing, to a run; tells the run before, if it ends. */
NUMU_MUST_CHECK numu_status numu_judge_complain(const struct numu_judge *judge,
                                                struct numu_text item, struct numu_text serial,
                                                const struct numu_complaint *complaint,
                                                struct numu_complaint_run *run);
NUMU_MUST_CHECK numu_status numu_judge_tell_run(const struct numu_judge *judge,
                                                struct numu_text item,
                                                const struct numu_complaint_run *run);

/*
 * The event that `ref` names, of this log, with the leaf that the reference says; that there is
 * none is said.
 */
NUMU_MUST_CHECK numu_status numu_judge_find_referred(const struct numu_judge *judge,
                                                     const struct numu_event *event,
                                                     struct numu_record *out, int64_t *out_sequence,
                                                     bool *out_found);

/* --- counts: counting.c --- */

NUMU_MUST_CHECK numu_status numu_judge_count(const struct numu_judge *judge);
NUMU_MUST_CHECK numu_status numu_judge_sheet(const struct numu_judge *judge);
NUMU_MUST_CHECK numu_status numu_judge_withdrawal(const struct numu_judge *judge);
NUMU_MUST_CHECK numu_status numu_judge_close(const struct numu_judge *judge);

/* --- safety and control: control.c --- */

/* A line that takes from a place: goods that are not good may not be issued or exported. */
NUMU_MUST_CHECK numu_status numu_judge_good(const struct numu_judge *judge,
                                            const struct numu_event_line *line,
                                            const struct numu_account *from,
                                            const struct numu_item *item);
/* An export or import: licence, screening, and what `app` checks. */
NUMU_MUST_CHECK numu_status numu_judge_transfer(const struct numu_judge *judge);
/* The loads of the storehouses that the event brings something to. */
NUMU_MUST_CHECK numu_status numu_judge_loads(const struct numu_judge *judge);

#endif
