/*
 * project_page.c - a scheduled project as a page: what was found, bars, resources, network.
 */
#include "view/page.h"
#include "view/project.h"
#include "view/svg_project.h"

#include <stdio.h>
#include <stdlib.h>

/* Bars of a chart, so that a page break falls between charts; activities of a network drawn. */
enum { BARS_A_CHART = 60, NETWORK_MAX = 400 };

struct start {
    numu_period start;
    uint32_t activity;
};

static int compare_starts(const void *a, const void *b) {
    const struct start *of_a = a;
    const struct start *of_b = b;
    int order = (of_a->start > of_b->start) - (of_a->start < of_b->start);
    return order != 0 ? order
                      : (of_a->activity > of_b->activity) - (of_a->activity < of_b->activity);
}

static numu_status order_by_start(const struct numu_rcpsp_result *result, struct numu_arena *arena,
                                  uint32_t **out) {
    struct start *starts;
    NUMU_TRY(NUMU_TAKE(arena, &starts, result->count));
    NUMU_TRY(NUMU_TAKE(arena, out, result->count));
    for (uint32_t a = 0; a < result->count; a++) {
        starts[a] = (struct start){result->start[a], a};
    }
    qsort(starts, result->count, sizeof *starts, compare_starts);
    for (uint32_t i = 0; i < result->count; i++) {
        (*out)[i] = starts[i].activity;
    }
    return NUMU_OK;
}

static void begin_section(struct numu_output *out, numu_word heading, numu_word meaning) {
    numu_output_raw(out, "<section><h2>");
    numu_output_word(out, heading);
    numu_output_raw(out, "</h2>\n<p class=\"soft\">");
    numu_output_word(out, meaning);
    numu_output_raw(out, "</p>\n");
}

static void draw_bars(struct numu_output *out, const struct numu_project_picture *picture,
                      const uint32_t *order) {
    uint32_t count = picture->result->count;
    struct numu_text title =
        numu_text_of(numu_word_text(out->language, NUMU_WORD_picture_schedule));
    begin_section(out, NUMU_WORD_picture_schedule, NUMU_WORD_picture_schedule_meaning);
    for (uint32_t first = 0; first < count; first += BARS_A_CHART) {
        char id[32];
        uint32_t here = count - first < BARS_A_CHART ? count - first : BARS_A_CHART;
        (void)snprintf(id, sizeof id, "bars-%u", first);
        numu_output_raw(out, "<figure class=\"gantt\"><div class=\"wide\">\n");
        numu_svg_project_bars(out, picture, order, first, here, id, title);
        numu_output_raw(out, "</div></figure>\n");
    }
    numu_output_raw(out, "</section>\n");
}

static void draw_resources(struct numu_output *out, const struct numu_project_picture *picture) {
    const struct numu_project *project = picture->project;
    if (project->resource_count == 0) {
        return;
    }
    begin_section(out, NUMU_WORD_picture_resources, NUMU_WORD_picture_resources_meaning);
    for (uint32_t r = 0; r < project->resource_count; r++) {
        char id[32];
        struct numu_text title = project->resource_title[r];
        (void)snprintf(id, sizeof id, "resource-%u", r);
        title = title.length > 0 ? title : project->resource_id[r];
        numu_output_raw(out, "<figure class=\"gantt\"><figcaption>");
        numu_output_text(out, title);
        numu_output_raw(out, "</figcaption><div class=\"wide\">\n");
        numu_svg_histogram(out, picture, r, id, title);
        numu_output_raw(out, "</div></figure>\n");
    }
    numu_output_raw(out, "</section>\n");
}

static void draw_network(struct numu_output *out, const struct numu_project_picture *picture) {
    struct numu_text title = numu_text_of(numu_word_text(out->language, NUMU_WORD_picture_links));
    if (picture->project->link_count == 0 || picture->project->activity_count > NETWORK_MAX) {
        return;
    }
    begin_section(out, NUMU_WORD_picture_links, NUMU_WORD_picture_links_meaning);
    numu_output_raw(out, "<figure class=\"gantt\"><div class=\"wide\">\n");
    numu_svg_network(out, picture, "network", title);
    numu_output_raw(out, "</div></figure>\n</section>\n");
}

static void write_head(struct numu_output *out, const struct numu_stamp *stamp,
                       struct numu_text name) {
    numu_output_printf(out,
                       "<!DOCTYPE html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n",
                       numu_language_code(out->language));
    numu_output_raw(out, "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n"
                         "<meta name=\"color-scheme\" content=\"light dark\">\n<title>");
    numu_output_text(out, name);
    numu_output_raw(out, "</title>\n<style>\n");
    numu_output_raw(out, numu_svg_style());
    numu_output_raw(out, numu_page_style());
    numu_output_raw(out, "</style>\n</head>\n<body>\n<header><h1>");
    numu_output_word(out, NUMU_WORD_picture_schedule);
    numu_output_raw(out, "</h1>\n<p>");
    numu_output_text(out, name);
    numu_output_raw(out, "</p>\n<p class=\"stamp\">numu ");
    numu_output_text(out, stamp->version);
    numu_output_raw(out, " · ");
    numu_output_word(out, NUMU_WORD_seed);
    numu_output_raw(out, " ");
    numu_output_text(out, stamp->seed);
    numu_output_raw(out, " · ");
    numu_output_word(out, NUMU_WORD_inputs_hash);
    numu_output_raw(out, " ");
    numu_output_text(out, stamp->inputs_sha256);
    numu_output_raw(out, "</p></header>\n<main>\n");
}

numu_status numu_view_project_page(struct numu_buffer *buffer, const struct numu_stamp *stamp,
                                   struct numu_text name, const struct numu_project *project,
                                   const struct numu_rcpsp_result *result, struct numu_arena *arena,
                                   numu_language language) {
    struct numu_output out;
    struct numu_project_picture picture;
    uint32_t *order;
    NUMU_TRY(numu_project_picture_make(project, result, arena, &picture));
    NUMU_TRY(order_by_start(result, arena, &order));
    numu_output_init(&out, buffer, language, true);
    write_head(&out, stamp, name);
    numu_output_raw(&out, "<p>");
    numu_output_project_summary(&out, project, result, "<br>\n");
    numu_output_raw(&out, "</p>\n");
    draw_bars(&out, &picture, order);
    draw_resources(&out, &picture);
    draw_network(&out, &picture);
    numu_output_raw(&out, "</main>\n</body>\n</html>\n");
    return numu_output_finish(&out);
}
