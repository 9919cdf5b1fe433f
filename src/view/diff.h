/*
 * diff.h - two packages compared, in words, as JSON ("numu.diff/1") and as CSV.
 *
 *     demand: 1 row removed, 1 row changed
 *       - army_q1 (customer army, item vehicle, …)
 *       ~ army_q2
 *           quantity: 45 → 60
 */
#ifndef NUMU_VIEW_DIFF_H
#define NUMU_VIEW_DIFF_H

#include "app/diff.h"
#include "view/rows.h"

struct numu_diff_options {
    numu_language language;
    numu_format format;
    /* JSON only: those of the second package; of the first, inputs_sha256 and data_date. */
    struct numu_stamp before, after;
};

/*
 * Appends the differences. Values are in the machine's form in every format, as they stand in the
 * tables. CSV has a line a value: table,id,column,change,old,new.
 */
NUMU_MUST_CHECK numu_status numu_view_diff(struct numu_buffer *buffer, const struct numu_diff *diff,
                                           const struct numu_diff_options *options);

#endif
