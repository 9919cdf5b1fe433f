/*
 * health.c - two lists of points, each with what was found and what is wanted.
 */
#include "view/health.h"

#include "base/csv.h"
#include "view/grid.h"
#include "view/merge.h"

#include <math.h>

enum { COLUMNS_MAX = 120, ROWS_SHOWN = 3, ROWS_ON_PAGE = 12 };

static const char *const verdicts[] = {"met", "not_met", "unknown"};

static struct numu_text name_of(const struct numu_health *health, int point) {
    (void)health;
    return numu_text_of(numu_health_name((numu_health_point)point));
}

/* The id of a row counted against a point: of its activity, or of a link's two. */
static void write_row(struct numu_output *out, const struct numu_model *model,
                      const struct numu_health_line *line, uint32_t i) {
    numu_row row = line->rows[i];
    if (line->are_links) {
        numu_output_text(out, model->activity.id[model->precedence.before[row]]);
        numu_output_raw(out, " ");
        numu_output_string(out, ">");
        numu_output_raw(out, " ");
        row = model->precedence.after[row];
    }
    numu_output_text(out, model->activity.id[row]);
}

static void write_rows(struct numu_output *out, const struct numu_model *model,
                       const struct numu_health_line *line, uint32_t shown) {
    bool is_against = line->verdict == NUMU_HEALTH_NOT_MET;
    for (uint32_t i = 0; i < line->row_count && i < shown && is_against; i++) {
        numu_output_raw(out, i > 0 ? ", " : "");
        write_row(out, model, line, i);
    }
    if (is_against && line->row_count > shown) {
        numu_output_raw(out, " …");
    }
}

static struct numu_merge_view merges_of(const struct numu_health *health,
                                        const struct numu_model *model) {
    return (struct numu_merge_view){.merges = health->merges,
                                    .count = health->merge_count,
                                    .id = model->activity.id,
                                    .title = model->activity.name,
                                    .origin = health->merge_origin,
                                    .percent = health->merge_percent};
}

static bool is_index(int point) {
    return point == NUMU_HEALTH_CPLI || point == NUMU_HEALTH_BEI;
}

static void write_found(struct numu_output *out, int point, const struct numu_health_line *line) {
    if (isnan(line->value)) {
        numu_output_raw(out, "–");
    } else if (is_index(point)) {
        numu_output_real(out, line->value, 2);
    } else {
        numu_output_fill_two(out, NUMU_WORD_some_of, numu_argument_integer(line->count),
                             numu_argument_integer(line->of));
    }
}

static void write_wanted(struct numu_output *out, int point, const struct numu_health_line *line) {
    if (line->limit == 0) {
        numu_output_raw(out, "0");
        return;
    }
    numu_output_string(out, line->is_least ? "≥ " : "≤ ");
    if (is_index(point)) {
        numu_output_real(out, line->limit, 2);
    } else {
        numu_output_percent(out, llround(line->limit * 100), 100);
    }
}

static void write_verdict(struct numu_output *out, numu_health_verdict verdict) {
    numu_output_word(out, verdict == NUMU_HEALTH_MET       ? NUMU_WORD_health_met
                          : verdict == NUMU_HEALTH_NOT_MET ? NUMU_WORD_health_not_met
                                                           : NUMU_WORD_health_unknown);
}

static void write_sum(struct numu_output *out, const struct numu_health *health, bool is_gao) {
    numu_output_fill_two(out, NUMU_WORD_health_sum,
                         numu_argument_integer(is_gao ? health->gao_met : health->dcma_met),
                         numu_argument_integer(is_gao ? health->gao_known : health->dcma_known));
}

/* --- for eyes --- */

static void write_list(struct numu_output *out, const struct numu_health *health,
                       const struct numu_model *model, bool is_gao) {
    static const struct numu_grid_column columns[] = {
        {.heading = NUMU_WORD_empty, .is_right = true},
        {.heading = NUMU_WORD_empty},
        {.heading = NUMU_WORD_health_found, .is_right = true},
        {.heading = NUMU_WORD_health_wanted, .is_right = true},
        {.heading = NUMU_WORD_empty},
        {.heading = NUMU_WORD_health_first, .may_shrink = true},
    };
    struct numu_grid grid;
    numu_output_word(out, is_gao ? NUMU_WORD_health_gao : NUMU_WORD_health_dcma);
    numu_output_word(out, NUMU_WORD_colon);
    write_sum(out, health, is_gao);
    numu_output_raw(out, "\n");
    numu_grid_init(&grid, out->buffer->heap, out->language, columns,
                   sizeof columns / sizeof columns[0]);
    for (int point = 0; point < NUMU_HEALTH_COUNT; point++) {
        const struct numu_health_line *line = &health->line[point];
        if (numu_health_is_gao((numu_health_point)point) != is_gao) {
            continue;
        }
        numu_output_integer(&grid.cell, numu_health_number((numu_health_point)point));
        numu_grid_end_cell(&grid);
        numu_output_word_of(&grid.cell, "health_", name_of(health, point));
        numu_grid_end_cell(&grid);
        write_found(&grid.cell, point, line);
        numu_grid_end_cell(&grid);
        write_wanted(&grid.cell, point, line);
        numu_grid_end_cell(&grid);
        write_verdict(&grid.cell, line->verdict);
        numu_grid_end_cell(&grid);
        write_rows(&grid.cell, model, line, ROWS_SHOWN);
        numu_grid_end_cell(&grid);
    }
    numu_output_grid(out, &grid, 0, COLUMNS_MAX);
    numu_grid_release(&grid);
}

/* --- for machines --- */

static void write_csv(struct numu_output *out, const struct numu_health *health) {
    numu_output_raw(out, "list,number,name,verdict,count,of,value,limit,limit_is_least\n");
    for (int point = 0; point < NUMU_HEALTH_COUNT; point++) {
        const struct numu_health_line *line = &health->line[point];
        numu_output_printf(out, "%s,%d,%s,%s,%lld,%lld,",
                           numu_health_is_gao((numu_health_point)point) ? "gao" : "dcma",
                           numu_health_number((numu_health_point)point),
                           numu_health_name((numu_health_point)point), verdicts[line->verdict],
                           (long long)line->count, (long long)line->of);
        if (!isnan(line->value)) {
            numu_output_printf(out, "%.6f", line->value);
        }
        numu_output_printf(out, ",%.2f,%s\n", line->limit, line->is_least ? "true" : "false");
    }
}

static void json_rows(struct numu_json_writer *json, const struct numu_model *model,
                      const struct numu_health_line *line) {
    numu_json_key(json, "rows");
    numu_json_begin_line_array(json);
    for (uint32_t i = 0; i < line->row_count; i++) {
        numu_row row = line->rows[i];
        if (line->are_links) {
            numu_json_begin_line_array(json);
            numu_json_text(json, model->activity.id[model->precedence.before[row]]);
            numu_json_text(json, model->activity.id[model->precedence.after[row]]);
            numu_json_end_array(json);
        } else {
            numu_json_text(json, model->activity.id[row]);
        }
    }
    numu_json_end_array(json);
}

static numu_status write_json(struct numu_buffer *buffer, const struct numu_health *health,
                              const struct numu_model *model, const struct numu_stamp *stamp) {
    struct numu_json_writer json;
    numu_json_writer_init(&json, buffer);
    numu_json_begin_object(&json);
    numu_json_stamp(&json, "numu.health/1", stamp);
    numu_json_key(&json, "points");
    numu_json_begin_array(&json);
    for (int point = 0; point < NUMU_HEALTH_COUNT; point++) {
        const struct numu_health_line *line = &health->line[point];
        numu_json_begin_object(&json);
        numu_json_key(&json, "list");
        numu_json_string(&json, numu_health_is_gao((numu_health_point)point) ? "gao" : "dcma");
        numu_json_key(&json, "number");
        numu_json_integer(&json, numu_health_number((numu_health_point)point));
        numu_json_key(&json, "name");
        numu_json_string(&json, numu_health_name((numu_health_point)point));
        numu_json_key(&json, "verdict");
        numu_json_string(&json, verdicts[line->verdict]);
        numu_json_key(&json, "count");
        numu_json_integer(&json, line->count);
        numu_json_key(&json, "of");
        numu_json_integer(&json, line->of);
        numu_json_key(&json, "value");
        if (isnan(line->value)) {
            numu_json_null(&json);
        } else {
            numu_json_number(&json, llround(line->value * 1e6), 6);
        }
        numu_json_key(&json, "limit");
        numu_json_number(&json, llround(line->limit * 100), 2);
        numu_json_key(&json, "limit_is_least");
        numu_json_boolean(&json, line->is_least);
        json_rows(&json, model, line);
        numu_json_end_object(&json);
    }
    numu_json_end_array(&json);
    const struct numu_merge_view merges = merges_of(health, model);
    numu_json_merges(&json, &merges);
    numu_json_end_object(&json);
    return json.status;
}

numu_status numu_view_health(struct numu_buffer *buffer, const struct numu_health *health,
                             const struct numu_model *model, const struct numu_stamp *stamp,
                             numu_language language, numu_format format) {
    const struct numu_merge_view merges = merges_of(health, model);
    struct numu_output out;
    numu_output_init(&out, buffer, language, false);
    switch (format) {
    case NUMU_FORMAT_TABLE:
        write_list(&out, health, model, false);
        numu_output_raw(&out, "\n");
        write_list(&out, health, model, true);
        numu_output_merges(&out, &merges);
        break;
    case NUMU_FORMAT_CSV:
        write_csv(&out, health);
        break;
    case NUMU_FORMAT_JSON:
        out.status = write_json(buffer, health, model, stamp);
        numu_output_raw(&out, "\n");
        break;
    }
    return numu_output_finish(&out);
}

/* --- the page --- */

static void page_row(struct numu_page *page, const struct numu_health *health,
                     const struct numu_model *model, int point) {
    const struct numu_health_line *line = &health->line[point];
    static const char *const classes[] = {"yes", "no", "soft"};
    numu_page_begin_row(page);
    numu_page_begin_cell(page, false);
    numu_output_printf(&page->out, "%d. ", numu_health_number((numu_health_point)point));
    numu_output_word_of(&page->out, "health_", name_of(health, point));
    if (line->row_count > 0 && line->verdict == NUMU_HEALTH_NOT_MET) {
        numu_output_raw(&page->out, "<br><small class=\"soft\">");
        write_rows(&page->out, model, line, ROWS_ON_PAGE);
        numu_output_raw(&page->out, "</small>");
    }
    numu_page_end_cell(page);
    numu_page_begin_cell(page, true);
    write_found(&page->out, point, line);
    numu_page_end_cell(page);
    numu_page_begin_cell(page, true);
    write_wanted(&page->out, point, line);
    numu_page_end_cell(page);
    numu_output_printf(&page->out, "<td class=\"n %s\">", classes[line->verdict]);
    numu_output_string(&page->out, line->verdict == NUMU_HEALTH_MET       ? "✓ "
                                   : line->verdict == NUMU_HEALTH_NOT_MET ? "✗ "
                                                                          : "");
    write_verdict(&page->out, line->verdict);
    numu_page_end_cell(page);
    numu_page_end_row(page);
}

static void page_list(struct numu_page *page, const struct numu_health *health,
                      const struct numu_model *model, bool is_gao) {
    numu_page_begin_section(page, is_gao ? "gao" : "dcma",
                            is_gao ? NUMU_WORD_health_gao : NUMU_WORD_health_dcma);
    numu_output_raw(&page->out, "<p>");
    write_sum(&page->out, health, is_gao);
    numu_output_raw(&page->out, "</p>\n");
    numu_page_begin_table(page);
    numu_page_head(page, NUMU_WORD_empty, false);
    numu_page_head(page, NUMU_WORD_health_found, true);
    numu_page_head(page, NUMU_WORD_health_wanted, true);
    numu_page_head(page, NUMU_WORD_empty, true);
    numu_page_end_head(page);
    for (int point = 0; point < NUMU_HEALTH_COUNT; point++) {
        if (numu_health_is_gao((numu_health_point)point) == is_gao) {
            page_row(page, health, model, point);
        }
    }
    numu_page_end_table(page);
    numu_page_end_section(page);
}

numu_status numu_view_health_page(struct numu_buffer *buffer, const struct numu_health *health,
                                  const struct numu_model *model, const struct numu_stamp *stamp,
                                  numu_language language) {
    const struct numu_merge_view merges = merges_of(health, model);
    struct numu_page page = {.arena = NULL};
    struct numu_output *out = &page.out;
    numu_output_init(out, buffer, language, true);
    numu_page_begin_html(out, NUMU_WORD_health_title);
    numu_output_text(out, model->title);
    numu_output_raw(out, "</p>\n<p>");
    numu_output_word(out, NUMU_WORD_data_date);
    numu_output_word(out, NUMU_WORD_colon);
    numu_output_raw(out, "<b>");
    numu_output_day_long(out, stamp->data_date);
    numu_output_raw(out, "</b></p>\n<p class=\"stamp\">numu ");
    numu_output_text(out, stamp->version);
    numu_output_raw(out, " · ");
    numu_output_word(out, NUMU_WORD_inputs_hash);
    numu_output_raw(out, " ");
    numu_output_text(out, stamp->inputs_sha256);
    numu_output_raw(out, "</p></header>\n<main>\n");
    page_list(&page, health, model, false);
    page_list(&page, health, model, true);
    numu_page_merges(&page, &merges);
    numu_output_raw(out, "<p class=\"def\">");
    numu_output_word(out, NUMU_WORD_health_define);
    numu_output_raw(out, "</p>\n</main>\n</body>\n</html>\n");
    return numu_output_finish(out);
}
