/*
 * approve.h - a plan and a book: who approved which plan, and what came of what it promised.
 */
#ifndef NUMU_APP_APPROVE_H
#define NUMU_APP_APPROVE_H

#include "app/ledger.h"
#include "plan/plan.h"

/*
 * SHA-256 of the rows: of each table its name, then each row with its values in the order of
 * the schema as machines write them (base/cell.h), tab and line end between. The inputs' digest
 * is among the rows of meta. The same plan in another file has the same digest.
 */
NUMU_MUST_CHECK numu_status numu_app_plan_digest(const struct numu_plan *plan,
                                                 struct numu_heap *heap, struct numu_sha256 *out);

struct numu_approve_request {
    const char *plan; /* plan.db */
    struct numu_text by, reason;
    numu_instant now;
};
/* The draft of the event that approves a plan, a line. */
NUMU_MUST_CHECK numu_status numu_app_approve_draft(const struct numu_context *context,
                                                   const struct numu_approve_request *request,
                                                   struct numu_arena *arena,
                                                   struct numu_report *report,
                                                   struct numu_text *out);

/*
 * What the plan promised and what the book says was made or imported, by item and month, where
 * either is more than nothing: sheet "numu.promised/1". Months after the book's last fact are left
 * out.
 */
NUMU_MUST_CHECK numu_status numu_app_promised(const struct numu_plan *plan,
                                              struct numu_ledger *ledger, struct numu_arena *arena,
                                              struct numu_sheet *out);

#endif
