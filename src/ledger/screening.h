/*
 * screening.h - decisions about people and companies that a list may name, and the lists in force.
 *
 * A decision (event `screen`) is about a subject and one edition of a list, by its SHA-256, and
 * says `clear` or `hit`, with a reason: about one entry of the list, or, without an entry, about
 * the subject as a whole. It holds for that edition alone: a list that changes opens the question
 * again.
 *
 * Lists in force are rows of the register `lists`: {"id":"un","sha256":…,"version":…}.
 *
 * [D1] A subject is clear of a list edition where the last decision about it as a whole is `clear`
 *      and no last decision about an entry of that edition is `hit`.
 * [D2] A subject is clear where it is clear of every list in force; with none on the register, of
 *      the edition that the last decision about it as a whole names.
 */
#ifndef NUMU_LEDGER_SCREENING_H
#define NUMU_LEDGER_SCREENING_H

#include "ledger/state.h"

struct numu_screening {
    struct numu_text site, subject;
    struct numu_text list;  /* SHA-256 of the edition, in hexadecimal */
    struct numu_text entry; /* the list's own number; empty: the subject as a whole */
    bool is_clear;
    int64_t sequence; /* of the event, which has the reason (numu_ledger_read) */
};

/*
 * The last decision about an entry of a list edition (entry empty: about the subject as a whole),
 * in a site's log. Texts are those that were asked for. NUMU_NOT_FOUND where nobody decided.
 */
NUMU_MUST_CHECK numu_status numu_screening_get(struct numu_state *state, struct numu_text site,
                                               struct numu_text subject, struct numu_text list,
                                               struct numu_text entry, struct numu_screening *out);
/*
 * All last decisions of a site's log about a subject (empty: about all), by subject, edition and
 * entry, in the arena.
 */
NUMU_MUST_CHECK numu_status numu_screenings_list(struct numu_state *state, struct numu_arena *arena,
                                                 struct numu_text site, struct numu_text subject,
                                                 struct numu_screening **out, size_t *out_count);

struct numu_screening_source {
    struct numu_text id, list; /* list: SHA-256 of the edition in force */
    struct numu_text version;
};
/* The lists in force by a site's register, in the arena. */
NUMU_MUST_CHECK numu_status numu_screening_sources_list(struct numu_state *state,
                                                        struct numu_arena *arena,
                                                        struct numu_text site,
                                                        struct numu_screening_source **out,
                                                        size_t *out_count);

/*
 * Whether a subject is clear [D2]. *out_editions are the editions that it was held against;
 * *out_open is the id of the first list that it is not clear of, empty where none is on the
 * register.
 */
NUMU_MUST_CHECK numu_status numu_screening_is_clear(struct numu_state *state,
                                                    struct numu_arena *arena, struct numu_text site,
                                                    struct numu_text subject, bool *out,
                                                    struct numu_text *out_open,
                                                    struct numu_texts *out_editions);

#endif
