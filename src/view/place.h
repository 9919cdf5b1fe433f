/*
 * place.h - where a finding stands: line and column from byte offsets, and the line itself.
 *
 * Findings keep byte offsets only (base/diagnostic.h); lines are counted here, when they are shown,
 * in one pass over each file whatever the number of findings in it.
 */
#ifndef NUMU_VIEW_PLACE_H
#define NUMU_VIEW_PLACE_H

#include "view/output.h"

struct numu_spot {
    uint64_t line;       /* from 1; LF, CRLF and CR end a line. 0 = the file can no longer be read,
                            or the place has no line */
    uint64_t column;     /* from 1, in characters; a byte order mark is none */
    uint64_t line_start; /* offset of the line's first byte */
};

/*
 * Fills spots[i] for places[i]. A place beyond the end of its file is at its end. What was opened
 * is closed; `scratch` is as before when it returns. Files that cannot be read leave line 0.
 */
NUMU_MUST_CHECK numu_status numu_spots_find(const struct numu_sources *sources,
                                            const struct numu_place *places, size_t count,
                                            struct numu_arena *scratch, struct numu_spot *spots);

/*
 * The line of a spot and marks below what it is about, cut to 100 columns around it:
 *      12 | D-0031,2027-03-01,40,PUMP-8
 *         |                      ^~~~~~
 * Nothing where the file cannot be read. The marks are wrapped in `mark_on` and `mark_off`.
 */
void numu_output_excerpt(struct numu_output *out, const struct numu_sources *sources,
                         const struct numu_place *place, const struct numu_spot *spot,
                         const char *mark_on, const char *mark_off);

#endif
