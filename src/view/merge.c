/*
 * merge.c - where paths meet.
 */
#include "view/merge.h"

#include "view/grid.h"

#include <math.h>
#include <stdio.h>

enum { COLUMNS_MAX = 120, SHOWN = 5, SHOWN_ON_PAGE = 10, PERCENT_BYTES = 16 };

static struct numu_text name_of(const struct numu_merge_view *view,
                                const struct numu_merge *merge) {
    struct numu_text title = view->title[merge->activity];
    return title.length > 0 ? title : view->id[merge->activity];
}

/* The last day before the point: what is done by then is there. */
static numu_day day_of(const struct numu_merge_view *view, const struct numu_merge *merge) {
    return view->origin + merge->point - 1;
}

static void fill_percent(struct numu_output *out, const struct numu_merge_view *view,
                         numu_word sentence) {
    char percent[PERCENT_BYTES];
    (void)snprintf(percent, sizeof percent, "%g", view->percent);
    numu_output_fill(out, sentence, numu_argument_string(percent));
}

static void share(struct numu_output *out, double value) {
    numu_output_percent(out, llround(value * 1000), 1000);
}

void numu_output_merges(struct numu_output *out, const struct numu_merge_view *view) {
    static const struct numu_grid_column columns[] = {
        {.heading = NUMU_WORD_merge_before, .may_shrink = true},
        {.heading = NUMU_WORD_merge_paths, .is_right = true},
        {.heading = NUMU_WORD_merge_by},
        {.heading = NUMU_WORD_merge_each, .is_right = true},
        {.heading = NUMU_WORD_merge_all, .is_right = true},
        {.heading = NUMU_WORD_merge_days, .is_right = true},
    };
    const struct numu_merge *worst[SHOWN];
    struct numu_grid grid;
    uint32_t count = numu_merges_worst(view->merges, view->count, SHOWN, worst);
    if (view->count == 0) {
        return;
    }
    numu_output_raw(out, "\n");
    if (count == 0) {
        numu_output_fill(out, NUMU_WORD_merges_none, numu_argument_integer(view->count));
        numu_output_raw(out, "\n");
        return;
    }
    fill_percent(out, view, NUMU_WORD_merges);
    numu_output_raw(out, "\n");
    numu_grid_init(&grid, out->buffer->heap, out->language, columns,
                   sizeof columns / sizeof columns[0]);
    for (uint32_t i = 0; i < count; i++) {
        numu_output_text(&grid.cell, name_of(view, worst[i]));
        numu_grid_end_cell(&grid);
        numu_output_integer(&grid.cell, worst[i]->path_count);
        numu_grid_end_cell(&grid);
        numu_output_day(&grid.cell, day_of(view, worst[i]));
        numu_grid_end_cell(&grid);
        share(&grid.cell, worst[i]->least_share);
        numu_grid_end_cell(&grid);
        share(&grid.cell, worst[i]->joint_share);
        numu_grid_end_cell(&grid);
        numu_output_integer(&grid.cell, (int64_t)worst[i]->delay);
        numu_grid_end_cell(&grid);
    }
    numu_output_grid(out, &grid, 0, COLUMNS_MAX);
    numu_grid_release(&grid);
}

static void page_share(struct numu_page *page, double value) {
    numu_page_begin_cell(page, true);
    share(&page->out, value);
    numu_page_end_cell(page);
}

void numu_page_merges(struct numu_page *page, const struct numu_merge_view *view) {
    const struct numu_merge *worst[SHOWN_ON_PAGE];
    uint32_t count = numu_merges_worst(view->merges, view->count, SHOWN_ON_PAGE, worst);
    if (count == 0) {
        return;
    }
    numu_page_begin_section(page, "merges", NUMU_WORD_section_merges);
    numu_page_begin_table(page);
    numu_page_head(page, NUMU_WORD_merge_before, false);
    numu_page_head(page, NUMU_WORD_merge_paths, true);
    numu_page_head(page, NUMU_WORD_merge_by, false);
    numu_page_head(page, NUMU_WORD_merge_each, true);
    numu_page_head(page, NUMU_WORD_merge_all, true);
    numu_page_head(page, NUMU_WORD_merge_days, true);
    numu_page_end_head(page);
    for (uint32_t i = 0; i < count; i++) {
        numu_page_begin_row(page);
        numu_page_cell_text(page, name_of(view, worst[i]));
        numu_page_cell_integer(page, worst[i]->path_count);
        numu_output_raw(&page->out, "<td class=\"d\">");
        numu_output_day(&page->out, day_of(view, worst[i]));
        numu_page_end_cell(page);
        page_share(page, worst[i]->least_share);
        page_share(page, worst[i]->joint_share);
        numu_page_cell_integer(page, (int64_t)worst[i]->delay);
        numu_page_end_row(page);
    }
    numu_page_end_table(page);
    numu_output_raw(&page->out, "<p class=\"def\">");
    fill_percent(&page->out, view, NUMU_WORD_define_merges);
    numu_output_raw(&page->out, "</p>\n");
    numu_page_end_section(page);
}

static void json_real(struct numu_json_writer *json, const char *key, double value) {
    numu_json_key(json, key);
    numu_json_number(json, (int64_t)llround(value * 1e6), 6);
}

void numu_json_merges(struct numu_json_writer *json, const struct numu_merge_view *view) {
    numu_json_key(json, "merges");
    numu_json_begin_array(json);
    for (uint32_t n = 0; n < view->count; n++) {
        const struct numu_merge *merge = &view->merges[n];
        char day[NUMU_DAY_TEXT_BYTES];
        numu_json_begin_line_object(json);
        numu_json_key(json, "activity");
        numu_json_text(json, view->id[merge->activity]);
        numu_json_key(json, "paths");
        numu_json_integer(json, merge->path_count);
        numu_json_key(json, "latest");
        numu_json_text(json, view->id[merge->latest]);
        numu_json_key(json, "date");
        numu_json_string(json, numu_day_format(day_of(view, merge), day));
        json_real(json, "each", merge->least_share);
        json_real(json, "all", merge->joint_share);
        json_real(json, "days_more", merge->delay);
        numu_json_key(json, "is_hot");
        numu_json_boolean(json, numu_merge_loss(merge) >= NUMU_MERGE_HOT);
        numu_json_end_object(json);
    }
    numu_json_end_array(json);
}
