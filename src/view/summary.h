/*
 * summary.h - a plan on one screen (at most 24 lines of 80 columns), as CSV, as JSON.
 */
#ifndef NUMU_VIEW_SUMMARY_H
#define NUMU_VIEW_SUMMARY_H

#include "view/rows.h"

enum { NUMU_SUMMARY_LINES_MAX = 24, NUMU_SUMMARY_COLUMNS_MAX = 80 };

/*
 * Appends a plan. Table: promises, the demand met by family, the import bill with and without, the
 * funding gap, what binds, the solver's status. CSV: its table demand. JSON: "numu.plan/1" with
 * every table under its name. On failure the buffer is as it was.
 */
NUMU_MUST_CHECK numu_status numu_view_plan(struct numu_buffer *buffer, const struct numu_plan *plan,
                                           numu_language language, numu_format format);

#endif
