/*
 * explain.h - a row of a plan explained, for terminals.
 */
#ifndef NUMU_VIEW_EXPLAIN_H
#define NUMU_VIEW_EXPLAIN_H

#include "app/explain.h"
#include "view/output.h"

/*
 * Appends what an order or a demand is, the demands that an order serves in the end, and the walks
 * along its pegs, a line a peg, indented by depth, at most NUMU_EXPLAIN_LINES_MAX a way; what is
 * left out is counted. On failure the buffer is as it was.
 */
enum { NUMU_EXPLAIN_LINES_MAX = 200 };
NUMU_MUST_CHECK numu_status numu_view_pegs(struct numu_buffer *buffer, const struct numu_plan *plan,
                                           const struct numu_peg_walk *walk,
                                           numu_language language);

#endif
