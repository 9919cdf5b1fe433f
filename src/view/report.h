/*
 * report.h - the report: one page of HTML with everything in it, for screen, phone and paper.
 *
 * First the answers (promises, imports, demand, money, what binds), then the programme, what the
 * figures rest on and how to check them, last the plan's rows. Each figure says its unit and its
 * definition and links to its rows. No script, nothing from the network.
 */
#ifndef NUMU_VIEW_REPORT_H
#define NUMU_VIEW_REPORT_H

#include "view/rows.h"

/*
 * Appends the report of a plan. Of meta it reads, where they are there: title (else folder), numu,
 * inputs_sha256, data_date, deadline, start, months, seed, solver, status, objective, dual_bound,
 * primal_residual, dual_residual. Of each table at most 2,000 rows are shown. On failure the buffer
 * is as it was.
 */
NUMU_MUST_CHECK numu_status numu_view_report(struct numu_buffer *buffer,
                                             const struct numu_plan *plan, numu_language language);

#endif
