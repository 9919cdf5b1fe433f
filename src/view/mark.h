/*
 * mark.h - a mark as a drawing: the Data Matrix with its quiet zone, and the line of text below.
 */
#ifndef NUMU_VIEW_MARK_H
#define NUMU_VIEW_MARK_H

#include "app/mark.h"
#include "view/output.h"

/*
 * A whole SVG file. A module is one unit; in print it is half a millimetre. All dark modules are
 * one path of runs, row by row.
 */
NUMU_MUST_CHECK numu_status numu_view_mark(struct numu_buffer *buffer,
                                           const struct numu_mark *mark);

#endif
