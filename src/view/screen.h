/*
 * screen.h - who a name may be, and how alike names are, for eyes and machines.
 */
#ifndef NUMU_VIEW_SCREEN_H
#define NUMU_VIEW_SCREEN_H

#include "app/screen.h"
#include "view/rows.h"

/* Appends the hits, and which lists they come from. CSV: a row a hit. JSON: "numu.screen/1". */
NUMU_MUST_CHECK numu_status numu_view_screen(struct numu_buffer *buffer,
                                             const struct numu_screen_outcome *outcome,
                                             const struct numu_stamp *stamp, numu_language language,
                                             numu_format format);

/* Appends pairs with their scores. CSV: name_a, name_b, type, score. JSON: "numu.name_pairs/1". */
NUMU_MUST_CHECK numu_status numu_view_name_pairs(struct numu_buffer *buffer,
                                                 const struct numu_name_pair *pairs, size_t count,
                                                 const struct numu_stamp *stamp,
                                                 numu_language language, numu_format format);

#endif
