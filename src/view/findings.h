/*
 * findings.h - what is wrong with the user's data, in words: as compilers say it, as CSV, as JSON.
 *
 *     demand.csv:12:4: error[unknown-reference]: column "item" names "PUMP-8", which is not in …
 *        12 | D-0031,2027-03-01,40,PUMP-8
 *           |                      ^~~~~~
 *     hint: did you mean "PUMP-08"?
 */
#ifndef NUMU_VIEW_FINDINGS_H
#define NUMU_VIEW_FINDINGS_H

#include "view/rows.h"

struct numu_findings_options {
    numu_language language;
    numu_format format;
    bool color;                     /* table only: ANSI escapes */
    const struct numu_stamp *stamp; /* JSON only; NULL = nothing known of the inputs */
};

/*
 * Appends all findings of a report, sorted by numu_report_sort, then how many more there are of a
 * code, then the counts. JSON is "numu.check/1"; CSV has a line a finding that was kept. On failure
 * the buffer is as it was.
 */
NUMU_MUST_CHECK numu_status numu_view_findings(struct numu_buffer *buffer,
                                               struct numu_report *report,
                                               const struct numu_sources *sources,
                                               const struct numu_findings_options *options);

/* The page of `numu explain CODE`: what the code means and how to mend it. */
NUMU_MUST_CHECK numu_status numu_view_code(struct numu_buffer *buffer, numu_code code,
                                           numu_language language);

#endif
