/*
 * risk_page.c - the outcome as a page: the answer, S-curves, tornados, date against cost, what is
 * critical, and bars with the dates that are sure enough.
 */
#include "view/risk.h"

#include "view/page.h"
#include "view/svg_risk.h"

#include <math.h>
#include <stdio.h>

enum {
    GAINS_SHOWN = 10,
    DOTS_SHOWN = 500,
    CRITICAL_SHOWN = 15,

    ROWS_MAX = 2000
};

struct risk_page {
    struct numu_page page;
    const struct numu_risk_outcome *outcome;
    struct numu_arena *arena;
};

/* The words of a call that writes to an output, as a text in the arena. */
static struct numu_text text_of(struct risk_page *page,
                                void (*write)(struct numu_output *out,
                                              const struct numu_risk_outcome *outcome,
                                              const void *what),
                                const void *what) {
    struct numu_buffer buffer;
    struct numu_output out;
    struct numu_text text = {NULL, 0};
    numu_buffer_init(&buffer, page->page.out.buffer->heap, 0);
    numu_output_init(&out, &buffer, page->page.out.language, false);
    write(&out, page->outcome, what);
    numu_status status = numu_output_finish(&out);
    if (status == NUMU_OK) {
        status = numu_text_copy(page->arena, (struct numu_text){buffer.data, buffer.length}, &text);
    }
    numu_buffer_release(&buffer);
    if (page->page.out.status == NUMU_OK) {
        page->page.out.status = status;
    }
    return text;
}

static void write_target(struct numu_output *out, const struct numu_risk_outcome *outcome,
                         const void *what) {
    numu_output_target(out, outcome, *(const uint32_t *)what);
}

static void write_lever(struct numu_output *out, const struct numu_risk_outcome *outcome,
                        const void *what) {
    numu_output_lever(out, outcome, what);
}

static void write_in_time(struct numu_output *out, const struct numu_risk_outcome *outcome,
                          const void *what) {
    char share[64] = "";
    struct numu_buffer buffer;
    struct numu_output inner;
    uint32_t target = *(const uint32_t *)what;
    numu_buffer_init(&buffer, out->buffer->heap, 0);
    numu_output_init(&inner, &buffer, out->language, false);
    numu_output_chance(&inner, outcome->result.targets[target].probability.value,
                       outcome->result.sample_count);
    if (numu_output_finish(&inner) == NUMU_OK) {
        (void)snprintf(share, sizeof share, "%s", buffer.data);
    }
    numu_buffer_release(&buffer);
    numu_output_fill(out, NUMU_WORD_risk_in_time_text, numu_argument_string(share));
}

static struct numu_text word(const struct risk_page *page, numu_word name) {
    return numu_text_of(numu_word_text(page->page.out.language, name));
}

/* --- frame --- */

static void begin_page(struct risk_page *page, const struct numu_stamp *stamp) {
    struct numu_output *out = &page->page.out;
    numu_page_begin_html(out, NUMU_WORD_risk_title);
    numu_output_text(out, page->outcome->model->title);
    numu_output_raw(out, "</p>\n<p>");
    numu_output_word(out, NUMU_WORD_data_date);
    numu_output_word(out, NUMU_WORD_colon);
    numu_output_raw(out, "<b>");
    numu_output_day_long(out, page->outcome->data_date);
    numu_output_raw(out, "</b></p>\n<p class=\"stamp\">numu ");
    numu_output_text(out, stamp->version);
    numu_output_raw(out, " · ");
    numu_output_fill_two(out, NUMU_WORD_risk_sampled,
                         numu_argument_integer((int64_t)page->outcome->result.sample_count),
                         numu_argument_integer((int64_t)page->outcome->seed));
    numu_output_raw(out, " ");
    numu_output_word(out,
                     page->outcome->result.is_scarce ? NUMU_WORD_risk_policy : NUMU_WORD_risk_free);
    numu_output_raw(out, " · ");
    numu_output_word(out, NUMU_WORD_inputs_hash);
    numu_output_raw(out, " ");
    numu_output_text(out, stamp->inputs_sha256);
    numu_output_raw(out, "</p></header>\n<main>\n");
}

/* {0} in the name is the asked percent. */
static void end_tile(struct risk_page *page, numu_word name) {
    char asked[NUMU_PERCENT_BYTES];
    numu_output_raw(&page->page.out, "</b><span>");
    numu_output_fill(&page->page.out, name,
                     numu_argument_string(numu_risk_asked(page->outcome, asked)));
    numu_output_raw(&page->page.out, "</span></div>\n");
}

static void define(struct risk_page *page, numu_word word) {
    char asked[NUMU_PERCENT_BYTES];
    numu_output_raw(&page->page.out, "<p class=\"def\">");
    numu_output_fill(&page->page.out, word,
                     numu_argument_string(numu_risk_asked(page->outcome, asked)));
    numu_output_raw(&page->page.out, "</p>\n");
}

static void head_asked(struct risk_page *page) {
    char asked[NUMU_PERCENT_BYTES];
    numu_page_head_text(&page->page, numu_text_of(numu_risk_asked_name(page->outcome, asked)),
                        false);
}

static void write_tiles(struct risk_page *page) {
    struct numu_output *out = &page->page.out;
    const struct numu_risk_outcome *outcome = page->outcome;
    const struct numu_risk_target *whole = &outcome->result.targets[0];
    numu_day asked = numu_risk_day(outcome, whole->quantile[NUMU_P_ASKED].value);
    numu_output_raw(out, "<div class=\"tiles\">\n");
    if (!isnan(whole->probability.value)) {
        bool is_bad = whole->probability.value < 0.5;
        numu_output_printf(out, "<div class=\"tile%s\"><b>", is_bad ? " bad" : "");
        numu_output_chance(out, whole->probability.value, outcome->result.sample_count);
        end_tile(page, NUMU_WORD_risk_tile_probability);
    }
    if (!isnan(outcome->outside[0].probability)) {
        numu_output_raw(out, "<div class=\"tile\"><b>");
        numu_output_outside(out, outcome->outside[0].probability);
        end_tile(page, NUMU_WORD_risk_tile_elsewhere);
    }
    numu_output_raw(out, "<div class=\"tile\"><b>");
    numu_output_day_long(out, numu_risk_day(outcome, whole->quantile[NUMU_P50].value));
    end_tile(page, NUMU_WORD_risk_tile_p50);
    numu_output_raw(out, "<div class=\"tile\"><b>");
    numu_output_day_long(out, asked);
    end_tile(page, NUMU_WORD_risk_tile_p80);
    numu_output_raw(out, "<div class=\"tile\"><b>");
    numu_output_integer(out, (int64_t)asked - outcome->likely[0]);
    end_tile(page, NUMU_WORD_risk_tile_contingency);
    double cost = outcome->result.cost_quantile[NUMU_P_ASKED].value;
    numu_money money;
    if (cost > 0 && numu_number_from_double(cost, numu_currency_decimals(outcome->model->currency),
                                            &money) == NUMU_OK) {
        numu_output_raw(out, "<div class=\"tile\"><b>");
        numu_output_money_short(out, money, outcome->model->currency);
        end_tile(page, NUMU_WORD_risk_tile_cost);
    }
    numu_output_raw(out, "</div>\n");
}

/* --- promises --- */

static void cell_day(struct numu_page *page, numu_day day) {
    numu_output_raw(&page->out, "<td class=\"d\">");
    numu_output_day(&page->out, day);
    numu_page_end_cell(page);
}

static void write_promises(struct risk_page *risk) {
    const struct numu_risk_outcome *outcome = risk->outcome;
    struct numu_page *page = &risk->page;
    numu_page_begin_section(page, "promises", NUMU_WORD_section_promises);
    numu_page_begin_table(page);
    numu_page_head(page, NUMU_WORD_column_promise, false);
    numu_page_head(page, NUMU_WORD_promised_for, false);
    numu_page_head(page, NUMU_WORD_risk_likely, false);
    numu_page_head(page, NUMU_WORD_risk_p50, false);
    head_asked(risk);
    numu_page_head(page, NUMU_WORD_risk_in_time, true);
    numu_page_head(page, NUMU_WORD_risk_elsewhere, true);
    numu_page_end_head(page);
    for (uint32_t n = 0; n < outcome->result.target_count; n++) {
        uint32_t target = (n + 1) % outcome->result.target_count;
        const struct numu_risk_target *told = &outcome->result.targets[target];
        numu_page_begin_row(page);
        numu_page_begin_cell(page, false);
        numu_output_target(&page->out, outcome, target);
        numu_page_end_cell(page);
        cell_day(page, outcome->promised[target]);
        cell_day(page, outcome->likely[target]);
        cell_day(page, numu_risk_day(outcome, told->quantile[NUMU_P50].value));
        cell_day(page, numu_risk_day(outcome, told->quantile[NUMU_P_ASKED].value));
        numu_page_begin_cell(page, true);
        numu_output_chance(&page->out, told->probability.value, outcome->result.sample_count);
        numu_page_end_cell(page);
        numu_page_begin_cell(page, true);
        numu_output_outside(&page->out, outcome->outside[target].probability);
        numu_page_end_cell(page);
        numu_page_end_row(page);
    }
    numu_page_end_table(page);
    numu_page_definition(page, NUMU_WORD_define_promises, NULL, NULL);
    numu_page_end_section(page);
}

/* --- S-curves --- */

struct curve_room {
    numu_day days[NUMU_RISK_CURVE_POINTS];
    double shares[NUMU_RISK_CURVE_POINTS];
};

static numu_status inside_curve(struct risk_page *page, uint32_t target, struct curve_room *room,
                                struct numu_svg_curve *out) {
    numu_period points[NUMU_RISK_CURVE_POINTS];
    NUMU_TRY(numu_risk_curve(&page->outcome->result, target, page->arena->heap, points));
    for (size_t i = 0; i < NUMU_RISK_CURVE_POINTS; i++) {
        room->days[i] = numu_risk_day(page->outcome, points[i]);
        room->shares[i] = (double)i / (NUMU_RISK_CURVE_POINTS - 1);
    }
    *out = (struct numu_svg_curve){.name = word(page, NUMU_WORD_risk_inside),
                                   .days = room->days,
                                   .shares = room->shares,
                                   .count = NUMU_RISK_CURVE_POINTS,
                                   .color = 0};
    return NUMU_OK;
}

/* Of those not finished by now, the share that was by a day [V2]. */
static numu_status outside_curve(struct risk_page *page, uint32_t target,
                                 struct numu_svg_curve *out) {
    const struct numu_survival *days = &page->outcome->references.days;
    const struct numu_outside_view *view = &page->outcome->outside[target];
    numu_day data_date = page->outcome->data_date;
    double age = data_date > view->announced ? (double)data_date - view->announced : 0;
    double unfinished = numu_survival_share(days, age, NULL);
    numu_day *when;
    double *shares;
    *out = (struct numu_svg_curve){
        .name = word(page, NUMU_WORD_risk_outside), .is_stepped = true, .color = 1};
    NUMU_TRY(NUMU_TAKE(page->arena, &when, days->count));
    NUMU_TRY(NUMU_TAKE(page->arena, &shares, days->count));
    for (uint32_t i = 0; i < days->count && unfinished > 0; i++) {
        if (days->time[i] > age) {
            when[out->count] = view->announced + (numu_day)ceil(days->time[i]);
            shares[out->count++] = 1 - days->share[i] / unfinished;
        }
    }
    out->days = when;
    out->shares = shares;
    return NUMU_OK;
}

static numu_status draw_curves(struct risk_page *page, uint32_t target, bool *out_has_outside) {
    struct curve_room *room;
    struct numu_svg_curve curves[2];
    char id[32];
    numu_day promised = page->outcome->promised[target];
    NUMU_TRY(NUMU_TAKE(page->arena, &room, 1));
    NUMU_TRY(inside_curve(page, target, room, &curves[0]));
    NUMU_TRY(outside_curve(page, target, &curves[1]));
    *out_has_outside = curves[1].count > 0;
    numu_day first = promised != NUMU_NO_DAY && promised < room->days[0] ? promised : room->days[0];
    numu_day last = room->days[NUMU_RISK_CURVE_POINTS - 2]; /* P99: the last samples are far away */
    last = promised > last ? promised : last;
    (void)snprintf(id, sizeof id, "curve-%u", target);
    const struct numu_svg_scurves chart = {.id = id,
                                           .title = text_of(page, write_target, &target),
                                           .curves = curves,
                                           .curve_count = *out_has_outside ? 2 : 1,
                                           .first = first - 30,
                                           .last = last + 30,
                                           .promised = promised,
                                           .promised_text = text_of(page, write_in_time, &target)};
    numu_output_raw(&page->page.out, "<figure class=\"chart\"><figcaption>");
    numu_output_text(&page->page.out, chart.title);
    numu_output_raw(&page->page.out, "</figcaption>\n");
    numu_svg_scurves(&page->page.out, &chart);
    numu_output_raw(&page->page.out, "</figure>\n");
    return NUMU_OK;
}

static numu_status write_curves(struct risk_page *page) {
    const struct numu_survival *days = &page->outcome->references.days;
    struct numu_output *out = &page->page.out;
    const struct numu_svg_curve key[2] = {{.name = word(page, NUMU_WORD_risk_inside), .color = 0},
                                          {.name = word(page, NUMU_WORD_risk_outside), .color = 1}};
    bool has_outside = false;
    numu_page_begin_section(&page->page, "curves", NUMU_WORD_risk_section_curves);
    numu_output_raw(out, "<div class=\"charts\">\n");
    for (uint32_t n = 0; n < page->outcome->result.target_count; n++) {
        bool own;
        NUMU_TRY(draw_curves(page, (n + 1) % page->outcome->result.target_count, &own));
        has_outside = has_outside || own;
    }
    numu_output_raw(out, "</div>\n");
    numu_svg_scurves_key(out, key, has_outside ? 2 : 1);
    numu_output_raw(out, "<p class=\"def\">");
    numu_output_fill_two(out, NUMU_WORD_risk_define_curves, numu_argument_integer(days->programmes),
                         numu_argument_integer(days->finished));
    numu_output_raw(out, "</p>\n");
    numu_page_end_section(&page->page);
    return NUMU_OK;
}

/* --- tornados --- */

static void draw_tornado(struct risk_page *page, uint32_t target) {
    const struct numu_lever *levers[GAINS_SHOWN];
    struct numu_svg_gain gains[GAINS_SHOWN];
    char id[32];
    uint32_t count = numu_risk_strongest(page->outcome, target, GAINS_SHOWN, levers);
    if (count == 0) {
        return;
    }
    for (uint32_t i = 0; i < count; i++) {
        gains[i] = (struct numu_svg_gain){.name = text_of(page, write_lever, levers[i]),
                                          .days = -levers[i]->quantile[target].value,
                                          .error = levers[i]->quantile[target].error};
    }
    (void)snprintf(id, sizeof id, "tornado-%u", target);
    const struct numu_svg_tornado chart = {
        .id = id, .title = text_of(page, write_target, &target), .gains = gains, .count = count};
    numu_output_raw(&page->page.out, "<figure><figcaption>");
    numu_output_text(&page->page.out, chart.title);
    numu_output_raw(&page->page.out, "</figcaption>\n<div class=\"wide\">");
    numu_svg_tornado(&page->page.out, &chart);
    numu_output_raw(&page->page.out, "</div></figure>\n");
}

static void write_levers(struct risk_page *page) {
    if (page->outcome->result.lever_count == 0) {
        return;
    }
    numu_page_begin_section(&page->page, "levers", NUMU_WORD_risk_section_levers);
    for (uint32_t n = 0; n < page->outcome->result.target_count; n++) {
        draw_tornado(page, (n + 1) % page->outcome->result.target_count);
    }
    define(page, NUMU_WORD_risk_define_levers);
    numu_page_end_section(&page->page);
}

/* --- date against cost --- */

/* Every n-th sample, evenly over the replicates. */
static numu_status choose_dots(struct risk_page *page, double scale,
                               struct numu_svg_scatter *chart) {
    const struct numu_risk_result *result = &page->outcome->result;
    size_t count = result->sample_count < DOTS_SHOWN ? (size_t)result->sample_count : DOTS_SHOWN;
    numu_day *days;
    double *costs;
    NUMU_TRY(NUMU_TAKE(page->arena, &days, count));
    NUMU_TRY(NUMU_TAKE(page->arena, &costs, count));
    for (size_t i = 0; i < count; i++) {
        size_t sample = i * (size_t)result->sample_count / count;
        days[i] = numu_risk_day(page->outcome, result->targets[0].finish[sample]);
        costs[i] = (double)result->cost[sample] / scale;
    }
    chart->days = days;
    chart->costs = costs;
    chart->count = count;
    return NUMU_OK;
}

static numu_status choose_line(struct risk_page *page, double scale,
                               struct numu_svg_scatter *chart) {
    const struct numu_risk_result *result = &page->outcome->result;
    struct numu_joint line[NUMU_FRONTIER_POINTS];
    struct numu_joint balance;
    double each;
    uint32_t count;
    numu_day *days;
    double *costs;
    double percent = result->percent[NUMU_P_ASKED];
    NUMU_TRY(numu_joint_frontier(result, percent, page->arena->heap, line, &count));
    NUMU_TRY(numu_joint_balance(result, percent, page->arena->heap, &balance, &each));
    NUMU_TRY(NUMU_TAKE(page->arena, &days, count));
    NUMU_TRY(NUMU_TAKE(page->arena, &costs, count));
    for (size_t i = 0; i < count; i++) {
        days[i] = numu_risk_day(page->outcome, line[i].point);
        costs[i] = line[i].cost / scale;
    }
    chart->line_days = days;
    chart->line_costs = costs;
    chart->line_count = count;
    chart->balance_day = numu_risk_day(page->outcome, balance.point);
    chart->balance_cost = balance.cost / scale;
    return NUMU_OK;
}

struct filling {
    numu_word pattern;
    struct numu_argument argument;
};

static void write_filling(struct numu_output *out, const struct numu_risk_outcome *outcome,
                          const void *what) {
    const struct filling *filling = what;
    (void)outcome;
    numu_output_fill(out, filling->pattern, filling->argument);
}

static struct numu_text filled(struct risk_page *page, numu_word pattern,
                               struct numu_argument argument) {
    const struct filling filling = {pattern, argument};
    return text_of(page, write_filling, &filling);
}

static numu_status write_cost(struct risk_page *page) {
    const struct numu_risk_result *result = &page->outcome->result;
    struct numu_output *out = &page->page.out;
    if (!numu_risk_varies_in_cost(page->outcome)) {
        return NUMU_OK;
    }
    const struct numu_joint pair = {(numu_period)result->targets[0].quantile[NUMU_P_ASKED].value,
                                    result->cost_quantile[NUMU_P_ASKED].value};
    double scale = pair.cost >= 1e9 ? 1e9 : pair.cost >= 1e6 ? 1e6 : 1;
    char unit[NUMU_PAGE_UNIT_BYTES];
    char asked[NUMU_PERCENT_BYTES];
    page->page.scale = scale > 1e6 ? 9 : scale > 1 ? 6 : 0;
    int64_t joint = (int64_t)floor(100 * numu_joint_share(result, &pair) + 0.5);
    struct numu_svg_scatter chart = {
        .id = "cost",
        .title = word(page, NUMU_WORD_risk_section_cost),
        .unit = numu_text_of(numu_page_unit(&page->page, unit)),
        .day = numu_risk_day(page->outcome, pair.point),
        .cost = pair.cost / scale,
        .both = filled(page, NUMU_WORD_risk_both_text, numu_argument_integer(joint)),
        .line_name = filled(page, NUMU_WORD_risk_line_text,
                            numu_argument_string(numu_risk_asked(page->outcome, asked)))};
    NUMU_TRY(choose_dots(page, scale, &chart));
    NUMU_TRY(choose_line(page, scale, &chart));
    numu_page_begin_section(&page->page, "cost", NUMU_WORD_risk_section_cost);
    numu_output_raw(out, "<figure class=\"chart\">");
    numu_svg_scatter(out, &chart);
    numu_output_raw(out, "</figure>\n");
    numu_svg_scatter_key(out, &chart, word(page, NUMU_WORD_risk_balance_text));
    define(page, NUMU_WORD_risk_define_cost);
    numu_page_end_section(&page->page);
    return NUMU_OK;
}

/* --- what is critical --- */

static void cell_real(struct numu_page *page, double value) {
    numu_page_begin_cell(page, true);
    numu_output_real(&page->out, value, 2);
    numu_page_end_cell(page);
}

static void write_critical(struct risk_page *risk) {
    const struct numu_risk_outcome *outcome = risk->outcome;
    struct numu_page *page = &risk->page;
    uint32_t rows[CRITICAL_SHOWN];
    uint32_t count = numu_risk_critical(outcome, CRITICAL_SHOWN, rows);
    if (count == 0) {
        return;
    }
    numu_page_begin_section(page, "critical", NUMU_WORD_risk_section_critical);
    numu_page_begin_table(page);
    numu_page_head(page, NUMU_WORD_column_name, false);
    numu_page_head(page, NUMU_WORD_risk_criticality, true);
    numu_page_head(page, NUMU_WORD_risk_significance, true);
    numu_page_head(page, NUMU_WORD_risk_cruciality, true);
    numu_page_head(page, NUMU_WORD_risk_sensitivity, true);
    head_asked(risk);
    numu_page_end_head(page);
    for (uint32_t i = 0; i < count; i++) {
        const struct numu_risk_activity *told = &outcome->result.activities[rows[i]];
        numu_page_begin_row(page);
        numu_page_cell_text(page, numu_risk_activity_name(outcome, rows[i]));
        numu_page_cell_percent(page, llround(told->criticality * 1000), 1000);
        cell_real(page, told->significance);
        cell_real(page, told->rank_cruciality);
        cell_real(page, told->sensitivity);
        cell_day(page, numu_risk_day(outcome, told->finish[NUMU_P_ASKED]));
        numu_page_end_row(page);
    }
    numu_page_end_table(page);
    numu_page_definition(page, NUMU_WORD_risk_define_critical, NULL, NULL);
    numu_page_end_section(page);
}

/* --- all of it --- */

static numu_status write_page(struct risk_page *page, const struct numu_stamp *stamp) {
    begin_page(page, stamp);
    write_tiles(page);
    write_promises(page);
    NUMU_TRY(write_curves(page));
    write_levers(page);
    NUMU_TRY(write_cost(page));
    write_critical(page);
    const struct numu_merge_view merges = numu_risk_merges(page->outcome);
    numu_page_merges(&page->page, &merges);
    numu_report_programme(&page->page);
    numu_output_raw(&page->page.out, "</main>\n</body>\n</html>\n");
    return NUMU_OK;
}

numu_status numu_view_risk_page(struct numu_buffer *buffer, const struct numu_risk_outcome *outcome,
                                const struct numu_stamp *stamp, numu_language language) {
    struct numu_arena arena;
    numu_arena_init(&arena, buffer->heap);
    struct risk_page page = {
        .page = {.arena = &arena, .plan = &outcome->plan, .rows_max = ROWS_MAX},
        .outcome = outcome,
        .arena = &arena};
    numu_output_init(&page.page.out, buffer, language, true);
    numu_status status = write_page(&page, stamp);
    if (page.page.out.status == NUMU_OK) {
        page.page.out.status = status;
    }
    numu_arena_release(&arena);
    return numu_output_finish(&page.page.out);
}
