/*
 * merge.h - where paths meet (programme/merge.h), for eyes and machines.
 */
#ifndef NUMU_VIEW_MERGE_H
#define NUMU_VIEW_MERGE_H

#include "programme/merge.h"
#include "view/page.h"

struct numu_merge_view {
    const struct numu_merge *merges;
    uint32_t count;
    const struct numu_text *id, *title; /* by activity; a title may be empty */
    numu_day origin;                    /* of point 0 */
    double percent;
};

/* The hot spots as a table with its sentence, or that there are none; nothing without merges. */
void numu_output_merges(struct numu_output *out, const struct numu_merge_view *view);
/* The same as a section of a page. */
void numu_page_merges(struct numu_page *page, const struct numu_merge_view *view);
/* All of them, under the key "merges". */
void numu_json_merges(struct numu_json_writer *json, const struct numu_merge_view *view);

#endif
