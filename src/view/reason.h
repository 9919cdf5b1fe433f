/*
 * reason.h - why, in sentences: what binds behind a plan's lateness, gaps and imports.
 */
#ifndef NUMU_VIEW_REASON_H
#define NUMU_VIEW_REASON_H

#include "app/explain.h"
#include "view/rows.h"

/*
 * Appends the reasons of one subject: `what` is "demand:ID", "gap:FUND", "upkeep:RESOURCE",
 * "import:PROCESS", or an id alone; empty = the first reason of each, at most NUMU_REASONS_MAX as a
 * table, all of them as CSV and JSON. *out_found tells whether the plan knows of it: also of a
 * demand that is not late, which is said. JSON ("numu.explain/1") tells of `walk`, too, where it is
 * not NULL (view/explain.h). On failure the buffer is as it was.
 */
enum { NUMU_REASONS_MAX = 20 };
NUMU_MUST_CHECK numu_status numu_view_reasons(struct numu_buffer *buffer,
                                              const struct numu_plan *plan, struct numu_text what,
                                              const struct numu_peg_walk *walk,
                                              numu_language language, numu_format format,
                                              bool *out_found);

/* One reason as a sentence without its end: what binds, when, and what relief is worth. */
void numu_output_reason(struct numu_output *out, const struct numu_plan *plan, numu_row row);

#endif
