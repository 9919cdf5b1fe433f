/*
 * ledger_draft.h - drafts of events that commands write for people: a JSON object on a line, in
 * the arena.
 */
#ifndef NUMU_APP_LEDGER_DRAFT_H
#define NUMU_APP_LEDGER_DRAFT_H

#include "base/diagnostic.h"
#include "ledger/event.h"

/* The approval of a proposal, "site:sequence". */
NUMU_MUST_CHECK numu_status numu_draft_approval(struct numu_text ref, struct numu_text by,
                                                numu_instant now, struct numu_arena *arena,
                                                struct numu_text *out);

/*
 * Certificates (ledger/certificate.h), which are sound, brought by somebody: an event each, of the
 * time at which it was issued, its key a hash of the note, so that twice the same is once.
 */
NUMU_MUST_CHECK numu_status numu_draft_certificates(struct numu_text notes, struct numu_text by,
                                                    struct numu_arena *arena,
                                                    struct numu_text *out);

struct numu_screening_draft {
    struct numu_text subject, by, reason;
    struct numu_text entry; /* of the list; empty: about the subject as a whole */
    const char *list;       /* the file of the list edition */
    bool is_clear;
    numu_instant now;
};
/*
 * A screening decision (ledger/screening.h). NUMU_IO with a finding where the list cannot be read.
 */
NUMU_MUST_CHECK numu_status numu_draft_screening(const struct numu_screening_draft *draft,
                                                 struct numu_arena *arena,
                                                 struct numu_report *report, struct numu_text *out);

#endif
