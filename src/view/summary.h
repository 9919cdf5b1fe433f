/*
 * summary.h - a plan on one screen: at most 24 lines of 80 columns.
 */
#ifndef NUMU_VIEW_SUMMARY_H
#define NUMU_VIEW_SUMMARY_H

#include "view/rows.h"

enum { NUMU_SUMMARY_LINES_MAX = 24, NUMU_SUMMARY_COLUMNS_MAX = 80 };

struct numu_summary_options {
    numu_language language;
    const char *stored; /* path of the plan.db that was written; NULL = none */
};

/*
 * Appends: promises, the demand met by family, the import bill with and without, the funding gap, what
 * binds, the solver's status. On failure the buffer is as it was.
 */
NUMU_MUST_CHECK numu_status numu_view_plan_summary(struct numu_buffer *buffer,
                                                   const struct numu_plan *plan,
                                                   const struct numu_summary_options *options);

#endif
