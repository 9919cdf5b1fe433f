/*
 * explain.h - a row of a plan explained, for terminals and machines.
 */
#ifndef NUMU_VIEW_EXPLAIN_H
#define NUMU_VIEW_EXPLAIN_H

#include "app/explain.h"
#include "view/rows.h"

/*
 * Appends what an order or a demand is, the demands that an order serves in the end, and the walks
 * along its pegs, a line a peg, indented by depth, at most NUMU_EXPLAIN_LINES_MAX a way; what is
 * left out is counted. On failure the buffer is as it was.
 */
enum { NUMU_EXPLAIN_LINES_MAX = 200 };
NUMU_MUST_CHECK numu_status numu_view_pegs(struct numu_buffer *buffer, const struct numu_plan *plan,
                                           const struct numu_peg_walk *walk,
                                           numu_language language);

/*
 * Within an object: "order" or "demand" (the other is null), "serves" (demands that an order
 * reaches), "taken_by" and "covered_by": pegs with "depth" and "is_repeated". `walk` NULL = none
 * of them.
 */
void numu_json_pegs(struct numu_json_writer *writer, const struct numu_plan *plan,
                    const struct numu_peg_walk *walk);

#endif
