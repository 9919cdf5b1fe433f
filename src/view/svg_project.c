/*
 * svg_project.c - see svg_project.h.
 */
#include "view/svg_project.h"

#include "view/project.h"
#include "view/svg_parts.h"

#include <stdlib.h>

enum {
    WIDTH = 920,
    NAMES = 290, /* column of names, and of the value axis */
    NAME_COLUMNS = 40,
    ROW = 18,
    HEAD = 34,
    HISTOGRAM = 150,
    LAYER = 118, /* from one layer of the network to the next */
    NODE_WIDTH = 86,
    NODE_HEIGHT = 18,
    NODE_ROW = 26,
};

/* --- what follows from a schedule --- */

numu_status numu_project_picture_make(const struct numu_project *project,
                                      const struct numu_rcpsp_result *result,
                                      struct numu_arena *arena, struct numu_project_picture *out) {
    struct numu_project_picture picture = {.project = project, .result = result, .arena = arena};
    numu_period *late;
    uint32_t *layer;
    uint32_t count = project->activity_count;
    NUMU_TRY(NUMU_TAKE(arena, &late, count));
    NUMU_TRY(NUMU_TAKE(arena, &layer, count));
    for (uint32_t n = 0; n < count; n++) {
        uint32_t a = project->order[n];
        for (uint32_t i = project->first_in[a]; i < project->first_in[a + 1]; i++) {
            uint32_t above = layer[project->link_before[project->link_in[i]]] + 1;
            layer[a] = above > layer[a] ? above : layer[a];
        }
        picture.layer_count =
            layer[a] + 1 > picture.layer_count ? layer[a] + 1 : picture.layer_count;
    }
    NUMU_TRY(numu_project_late_finish(project, result->mode, result->makespan, arena, late));
    picture.late_finish = late;
    picture.layer = layer;
    *out = picture;
    return NUMU_OK;
}

static bool has_no_float(const struct numu_project_picture *picture, uint32_t a) {
    return picture->late_finish[a] <= picture->result->finish[a] &&
           picture->project->state[a] != NUMU_ACTIVITY_FINISHED;
}

/* --- time --- */

struct span {
    numu_period first, last; /* points */
    double left, width;
    numu_day origin;
};

static struct span span_of(const struct numu_project_picture *picture) {
    struct span span = {.first = INT32_MAX,
                        .last = picture->result->makespan,
                        .left = NAMES,
                        .width = WIDTH - NAMES - 10,
                        .origin = picture->project->origin};
    for (uint32_t a = 0; a < picture->result->count; a++) {
        numu_period start = picture->result->start[a];
        span.first = start < span.first ? start : span.first;
    }
    span.first = span.first > span.last ? span.last : span.first;
    span.last += span.last == span.first;
    return span;
}

static double x_of(const struct span *span, numu_period point) {
    return span->left +
           span->width * ((double)point - span->first) / ((double)span->last - span->first);
}

/* 1, 2, 5, 10, 20 … that leaves at least 40 units between ticks. */
static int64_t tick(double length, double width) {
    static const int steps[] = {2, 5, 10};
    int64_t power = 1;
    int64_t step = 1;
    for (int i = 0; (double)step / length * width < 40 && power < 1000000000; i = (i + 1) % 3) {
        step = power * steps[i];
        power = i == 2 ? power * 10 : power;
    }
    return step;
}

static void draw_time(struct numu_output *out, const struct span *span, double bottom) {
    if (span->origin != NUMU_NO_DAY) {
        const struct numu_svg_time axis = {.left = span->left,
                                           .width = span->width,
                                           .first = span->origin + span->first,
                                           .days = (double)span->last - span->first};
        numu_svg_draw_time(out, &axis, span->origin + span->last, bottom);
        return;
    }
    int64_t step = tick((double)span->last - span->first, span->width);
    for (int64_t at = 0; at <= span->last; at += step) {
        if (at < span->first) {
            continue;
        }
        double x = x_of(span, (numu_period)at);
        numu_svg_line(out, "rule", x, 22, x, bottom);
        numu_svg_begin_text(out, "soft mid", x, 16);
        numu_output_integer(out, at);
        numu_svg_end_text(out);
    }
    numu_output_raw(out, "\n");
}

static void write_point(struct numu_output *out, numu_day origin, numu_period point) {
    if (origin == NUMU_NO_DAY) {
        numu_output_integer(out, point);
    } else {
        numu_output_day(out, origin + point);
    }
}

/* --- bars --- */

static struct numu_text name_of(const struct numu_project *project, uint32_t a) {
    return project->title[a].length > 0 ? project->title[a] : project->id[a];
}

static void describe(struct numu_output *out, const struct numu_project_picture *picture,
                     uint32_t a) {
    const struct numu_project *project = picture->project;
    numu_output_text(out, name_of(project, a));
    numu_output_word(out, NUMU_WORD_colon);
    write_point(out, project->origin, numu_project_shown_start(project, picture->result, a));
    numu_output_raw(out, " – ");
    write_point(out, project->origin, numu_project_shown_finish(project, picture->result, a));
}

static void draw_bar(struct numu_output *out, const struct numu_project_picture *picture,
                     const struct span *span, uint32_t a, double y) {
    double x = x_of(span, picture->result->start[a]);
    double end = x_of(span, picture->result->finish[a]);
    numu_svg_begin_text(out, "", 0, y + 13);
    numu_output_text_cut(out, name_of(picture->project, a), NAME_COLUMNS);
    numu_svg_end_text(out);
    if (picture->late_finish[a] > picture->result->finish[a]) {
        numu_svg_rectangle(out, "float", end, y + 7, x_of(span, picture->late_finish[a]) - end, 4);
    }
    numu_output_raw(out, "<g><title>");
    describe(out, picture, a);
    numu_output_raw(out, "</title>");
    numu_svg_rectangle(out, has_no_float(picture, a) ? "long" : "bar", x, y + 3,
                       end - x < 2 ? 2 : end - x, 12);
    numu_output_raw(out, "</g>\n");
}

void numu_svg_project_bars(struct numu_output *out, const struct numu_project_picture *picture,
                           const uint32_t *order, uint32_t first, uint32_t count, const char *id,
                           struct numu_text title) {
    struct span span = span_of(picture);
    double height = HEAD + (double)count * ROW + 4;
    numu_svg_begin(out, id, WIDTH, height, title);
    for (uint32_t i = 0; i < count; i++) {
        numu_output_raw(out, i > 0 ? "; " : "");
        describe(out, picture, order[first + i]);
    }
    numu_svg_end_description(out);
    draw_time(out, &span, height);
    for (uint32_t i = 0; i < count; i++) {
        draw_bar(out, picture, &span, order[first + i], HEAD + (double)i * ROW);
    }
    numu_svg_end(out);
}

/* --- resources --- */

struct level {
    numu_period point;
    int64_t used, supplied; /* changes, then sums from the point on */
};

static int compare_levels(const void *a, const void *b) {
    const struct level *of_a = a;
    const struct level *of_b = b;
    return (of_a->point > of_b->point) - (of_a->point < of_b->point);
}

static size_t add_use(const struct numu_project_picture *picture, uint32_t resource,
                      struct level *levels, size_t count) {
    const struct numu_project *project = picture->project;
    const struct numu_rcpsp_result *result = picture->result;
    for (uint32_t a = 0; a < result->count; a++) {
        uint32_t mode = result->mode[a];
        if (project->state[a] == NUMU_ACTIVITY_FINISHED) {
            continue;
        }
        for (uint32_t n = project->first_need[mode]; n < project->first_need[mode + 1]; n++) {
            if (project->need_resource[n] != resource) {
                continue;
            }
            levels[count++] = (struct level){result->resume[a], project->need_units[n], 0};
            if (!project->is_consumable[resource]) {
                levels[count++] = (struct level){result->finish[a], -project->need_units[n], 0};
            }
        }
    }
    return count;
}

/* Drops points at which nothing changes: what one gives back another takes. */
static size_t join_levels(struct level *levels, size_t count) {
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        if (kept == 0 || levels[i].used != levels[kept - 1].used ||
            levels[i].supplied != levels[kept - 1].supplied) {
            levels[kept++] = levels[i];
        }
    }
    return kept;
}

/* Use and supply from each point on at which one of them changes. */
static numu_status find_levels(const struct numu_project_picture *picture, uint32_t resource,
                               struct level **out, size_t *out_count) {
    const struct numu_project *project = picture->project;
    struct level *levels;
    size_t count = 0;
    int32_t units = 0;
    NUMU_TRY(
        NUMU_TAKE(picture->arena, &levels, project->step_count + 2 * (size_t)project->need_count));
    for (uint32_t s = project->first_step[resource]; s < project->first_step[resource + 1]; s++) {
        levels[count++] =
            (struct level){project->step_time[s], 0, (int64_t)project->step_units[s] - units};
        units = project->step_units[s];
    }
    count = add_use(picture, resource, levels, count);
    qsort(levels, count, sizeof *levels, compare_levels);
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        struct level next = levels[i];
        if (kept > 0) {
            next.used += levels[kept - 1].used;
            next.supplied += levels[kept - 1].supplied;
            kept -= levels[kept - 1].point == next.point;
        }
        levels[kept++] = next;
    }
    *out = levels;
    *out_count = join_levels(levels, kept);
    return NUMU_OK;
}

static void draw_levels(struct numu_output *out, const struct span *span,
                        const struct level *levels, size_t count, double top, double scale) {
    double bottom = top + HISTOGRAM;
    for (size_t i = 0; i < count; i++) {
        numu_period from = levels[i].point < span->first ? span->first : levels[i].point;
        numu_period to = i + 1 < count ? levels[i + 1].point : span->last;
        to = to > span->last ? span->last : to;
        if (to <= from) {
            continue;
        }
        double x = x_of(span, from);
        double width = x_of(span, to) - x;
        double height = (double)levels[i].used * scale;
        bool is_full = levels[i].used >= levels[i].supplied;
        if (levels[i].used > 0) {
            numu_svg_rectangle(out, is_full ? "c1" : "c0", x, bottom - height, width, height);
        }
        double supply = bottom - (double)levels[i].supplied * scale;
        numu_svg_line(out, "due", x, supply, x + width, supply);
    }
    numu_svg_line(out, "axis", span->left, bottom, span->left + span->width, bottom);
}

void numu_svg_histogram(struct numu_output *out, const struct numu_project_picture *picture,
                        uint32_t resource, const char *id, struct numu_text title) {
    struct span span = span_of(picture);
    struct level *levels;
    size_t count;
    int64_t most = 1;
    int64_t peak = 0;
    int decimals = picture->project->unit_decimals[resource];
    numu_status status = find_levels(picture, resource, &levels, &count);
    if (out->status != NUMU_OK || status != NUMU_OK) {
        out->status = out->status == NUMU_OK ? status : out->status;
        return;
    }
    for (size_t i = 0; i < count; i++) {
        most = levels[i].supplied > most ? levels[i].supplied : most;
        peak = levels[i].used > peak ? levels[i].used : peak;
    }
    most = peak > most ? peak : most;
    numu_svg_begin(out, id, WIDTH, HEAD + HISTOGRAM + 10, title);
    numu_output_text(out, title);
    numu_output_word(out, NUMU_WORD_colon);
    numu_output_fill_two(out, NUMU_WORD_picture_peak, numu_argument_number(peak, decimals),
                         numu_argument_number(most, decimals));
    numu_svg_end_description(out);
    draw_time(out, &span, HEAD + HISTOGRAM);
    numu_svg_begin_text(out, "soft end", NAMES - 6, HEAD + 10);
    numu_output_number(out, most, decimals, decimals, true);
    numu_svg_end_text(out);
    numu_svg_begin_text(out, "soft end", NAMES - 6, HEAD + HISTOGRAM);
    numu_output_integer(out, 0);
    numu_svg_end_text(out);
    draw_levels(out, &span, levels, count, HEAD, (double)HISTOGRAM / (double)most);
    numu_svg_end(out);
}

/* --- network --- */

struct place {
    double x, y;
};

/* By layers from the left, within one in order of starts: nodes of a chain lie about level. */
static numu_status find_places(const struct numu_project_picture *picture, struct place **out,
                               uint32_t *out_rows) {
    uint32_t *used;
    uint32_t count = picture->project->activity_count;
    uint32_t most = 0;
    NUMU_TRY(NUMU_TAKE(picture->arena, out, count));
    NUMU_TRY(NUMU_TAKE(picture->arena, &used, picture->layer_count));
    for (uint32_t n = 0; n < count; n++) {
        uint32_t layer = picture->layer[n];
        (*out)[n] = (struct place){4 + (double)layer * LAYER, 4 + (double)used[layer] * NODE_ROW};
        used[layer]++;
        most = used[layer] > most ? used[layer] : most;
    }
    for (uint32_t n = 0; n < count; n++) { /* short layers stand in the middle */
        (*out)[n].y += (double)(most - used[picture->layer[n]]) * NODE_ROW / 2;
    }
    *out_rows = most;
    return NUMU_OK;
}

static void draw_link(struct numu_output *out, const struct numu_project_picture *picture,
                      const struct place *places, uint32_t link) {
    uint32_t before = picture->project->link_before[link];
    uint32_t after = picture->project->link_after[link];
    bool is_tight = has_no_float(picture, before) && has_no_float(picture, after);
    numu_svg_line(out, is_tight ? "due" : "rule", places[before].x + NODE_WIDTH,
                  places[before].y + 0.5 * NODE_HEIGHT, places[after].x,
                  places[after].y + 0.5 * NODE_HEIGHT);
}

void numu_svg_network(struct numu_output *out, const struct numu_project_picture *picture,
                      const char *id, struct numu_text title) {
    enum { NODE_COLUMNS = 12 };
    struct place *places;
    uint32_t rows;
    const struct numu_project *project = picture->project;
    numu_status status = find_places(picture, &places, &rows);
    if (out->status != NUMU_OK || status != NUMU_OK) {
        out->status = out->status == NUMU_OK ? status : out->status;
        return;
    }
    double width = 8 + ((double)picture->layer_count - 1) * LAYER + NODE_WIDTH;
    width = width < WIDTH ? WIDTH : width; /* a small one is not blown up */
    numu_svg_begin(out, id, width, 8 + (double)rows * NODE_ROW, title);
    numu_output_fill_two(out, NUMU_WORD_picture_network,
                         numu_argument_integer(project->activity_count),
                         numu_argument_integer(project->link_count));
    numu_svg_end_description(out);
    for (uint32_t link = 0; link < project->link_count; link++) {
        draw_link(out, picture, places, link);
    }
    numu_output_raw(out, "\n");
    for (uint32_t a = 0; a < project->activity_count; a++) {
        numu_output_raw(out, "<g><title>");
        describe(out, picture, a);
        numu_output_raw(out, "</title>");
        numu_svg_rectangle(out, has_no_float(picture, a) ? "node tight" : "node", places[a].x,
                           places[a].y, NODE_WIDTH, NODE_HEIGHT);
        numu_svg_begin_text(out, "mid", places[a].x + 0.5 * NODE_WIDTH, places[a].y + 13);
        numu_output_text_cut(out, project->id[a], NODE_COLUMNS);
        numu_svg_end_text(out);
        numu_output_raw(out, "</g>\n");
    }
    numu_svg_end(out);
}
