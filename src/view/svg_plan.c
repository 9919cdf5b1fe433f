/*
 * svg_plan.c - see svg_plan.h.
 */
#include "view/svg_plan.h"

#include "view/svg_parts.h"

#include <math.h>

/* 1, 2 or 5 × 10^n, so that at most five steps fill the range. */
static double step_of(double range) {
    double step = pow(10, floor(log10(range > 0 ? range : 1)));
    while (range / step > 5) {
        step *= range / (2 * step) <= 5 ? 2 : range / (5 * step) <= 5 ? 5 : 10;
    }
    return step;
}

static void percent(struct numu_output *out, double share) {
    numu_output_real(out, 100 * share, 0);
    numu_output_raw(out, out->language == NUMU_LANGUAGE_FR ? "\u202F%" : "%");
}

/* Short where it is large: 1.2 M. */
static void amount(struct numu_output *out, double value) {
    int64_t number;
    if (fabs(value) < 1e6 || numu_number_from_double(value, 2, &number) != NUMU_OK) {
        numu_output_real(out, value, value > 0 && value < 10 ? 2 : 0);
    } else {
        numu_output_compact(out, number, 2, true);
    }
}

/* --- costs --- */

enum {
    COST_WIDTH = 460,
    COST_HEIGHT = 260,
    COST_LEFT = 62,
    COST_RIGHT = 12,
    COST_TOP = 30,
    COST_BOTTOM = 34,
    COST_POINTS = 60,
};
/* Uses that the axis spans, and how many times the import's price it reaches at least. */
#define USE_LEAST 0.05
#define USE_MOST 1.0

struct cost_axis {
    double most;
};

static double cost_x(double use) {
    return COST_LEFT + use / USE_MOST * (COST_WIDTH - COST_LEFT - COST_RIGHT);
}

static double cost_y(const struct cost_axis *axis, double cost) {
    double share = cost > axis->most ? 1 : cost / axis->most;
    return COST_HEIGHT - COST_BOTTOM - share * (COST_HEIGHT - COST_TOP - COST_BOTTOM);
}

static void draw_cost_axes(struct numu_output *out, const struct cost_axis *axis,
                           struct numu_text unit) {
    double step = step_of(axis->most);
    for (int i = 0; i * step <= axis->most; i++) {
        double y = cost_y(axis, i * step);
        numu_svg_line(out, i == 0 ? "axis" : "rule", COST_LEFT, y, COST_WIDTH - COST_RIGHT, y);
        numu_svg_begin_text(out, "soft end", COST_LEFT - 6, y + 4);
        amount(out, i * step);
        numu_svg_end_text(out);
    }
    for (int use = 0; use <= 100; use += 20) {
        numu_svg_begin_text(out, "soft mid", cost_x(use / 100.0), COST_HEIGHT - 14);
        percent(out, use / 100.0);
        numu_svg_end_text(out);
    }
    numu_svg_begin_text(out, "soft", 0, 14);
    numu_output_text(out, unit);
    numu_svg_end_text(out);
    numu_svg_begin_text(out, "soft end", COST_WIDTH - COST_RIGHT, COST_HEIGHT - 1);
    numu_output_word(out, NUMU_WORD_use_of_nameplate);
    numu_svg_end_text(out);
    numu_output_raw(out, "\n");
}

static void draw_cost_curve(struct numu_output *out, const struct numu_svg_costs *chart,
                            const struct cost_axis *axis) {
    /* The curve begins where it enters the picture. */
    double least = chart->fixed / (axis->most - chart->variable);
    least = least > USE_LEAST ? least : USE_LEAST;
    numu_output_raw(out, "<path class=\"line s0\" d=\"");
    for (int i = 0; i <= COST_POINTS; i++) {
        double use = least + (USE_MOST - least) * i / COST_POINTS;
        numu_output_raw(out, i == 0 ? "M" : "L");
        numu_svg_number(out, cost_x(use));
        numu_output_raw(out, " ");
        numu_svg_number(out, cost_y(axis, chart->variable + chart->fixed / use));
    }
    numu_output_raw(out, "\"/>\n");
}

static void draw_mark(struct numu_output *out, const struct cost_axis *axis,
                      const struct numu_svg_mark *mark) {
    double x = cost_x(mark->use);
    double y = cost_y(axis, mark->cost);
    bool is_right = x > COST_WIDTH - 130;
    numu_output_raw(out, "<circle class=\"c0\"");
    numu_svg_attribute(out, "cx", x);
    numu_svg_attribute(out, "cy", y);
    numu_output_raw(out, " r=\"4\"/>");
    numu_svg_begin_text(out, is_right ? "halo end" : "halo", is_right ? x + 6 : x + 7,
                        mark->is_below ? y + 19 : y - 8);
    numu_output_text(out, mark->name);
    numu_output_raw(out, " ");
    amount(out, mark->cost);
    numu_svg_end_text(out);
}

static bool is_drawn(const struct numu_svg_mark *mark) {
    return isfinite(mark->cost) && mark->use >= USE_LEAST && mark->use <= USE_MOST;
}

static void describe_costs(struct numu_output *out, const struct numu_svg_costs *chart) {
    for (size_t i = 0; i < chart->mark_count; i++) {
        if (isfinite(chart->marks[i].cost)) {
            numu_output_text(out, chart->marks[i].name);
            numu_output_word(out, NUMU_WORD_colon);
            amount(out, chart->marks[i].cost);
            numu_output_raw(out, "; ");
        }
    }
    if (isfinite(chart->import)) {
        numu_output_text(out, chart->import_name);
        numu_output_word(out, NUMU_WORD_colon);
        amount(out, chart->import);
    }
}

void numu_svg_costs(struct numu_output *out, const struct numu_svg_costs *chart) {
    struct cost_axis axis = {.most = chart->variable + chart->fixed / USE_MOST};
    for (size_t i = 0; i < chart->mark_count; i++) {
        if (is_drawn(&chart->marks[i])) {
            axis.most = fmax(axis.most, chart->marks[i].cost);
        }
    }
    axis.most = 1.15 * (isfinite(chart->import) ? fmax(axis.most, chart->import) : axis.most);
    numu_svg_begin(out, chart->id, COST_WIDTH, COST_HEIGHT, chart->title);
    describe_costs(out, chart);
    numu_svg_end_description(out);
    draw_cost_axes(out, &axis, chart->unit);
    draw_cost_curve(out, chart, &axis);
    if (isfinite(chart->import)) {
        double y = cost_y(&axis, chart->import);
        numu_svg_line(out, "due", COST_LEFT, y, COST_WIDTH - COST_RIGHT, y);
        numu_svg_begin_text(out, "halo", COST_LEFT + 6, y + 15);
        numu_output_text(out, chart->import_name);
        numu_output_raw(out, " ");
        amount(out, chart->import);
        numu_svg_end_text(out);
    }
    for (size_t i = 0; i < chart->mark_count; i++) {
        if (is_drawn(&chart->marks[i])) {
            draw_mark(out, &axis, &chart->marks[i]);
        }
    }
    numu_svg_end(out);
}

/* --- heat --- */

enum {
    HEAT_WIDTH = 720,
    HEAT_NAMES = 170,
    HEAT_ROW = 20,
    HEAT_HEAD = 22,
    HEAT_NAME_COLUMNS = 24,
};

/* Above these shares a month has the shade of that number. */
static const double shade_above[NUMU_SVG_SHADES] = {-1, 0, 0.40, 0.85, 0.995};

static int shade_of(double share) {
    int shade = 0;
    while (shade + 1 < NUMU_SVG_SHADES && share > shade_above[shade + 1]) {
        shade++;
    }
    return shade;
}

/* Months of one shade in a row are one rectangle. */
static void draw_heat_row(struct numu_output *out, const struct numu_svg_heat *chart, size_t row,
                          double y) {
    const double *shares = chart->shares + row * chart->months;
    double width = (HEAT_WIDTH - HEAT_NAMES) / (double)chart->months;
    numu_svg_begin_text(out, "end", HEAT_NAMES - 8, y + 14);
    numu_output_text_cut(out, chart->names[row], HEAT_NAME_COLUMNS);
    numu_svg_end_text(out);
    for (uint32_t t = 0; t < chart->months;) {
        uint32_t end = t + 1;
        int shade = isnan(shares[t]) ? -1 : shade_of(shares[t]);
        while (end < chart->months && (isnan(shares[end]) ? -1 : shade_of(shares[end])) == shade) {
            end++;
        }
        if (shade >= 0) {
            char class[8] = {'h', (char)('0' + shade), '\0'};
            numu_svg_rectangle(out, class, HEAT_NAMES + t * width, y + 2, (end - t) * width,
                               HEAT_ROW - 4);
        }
        t = end;
    }
    numu_output_raw(out, "\n");
}

static void describe_heat(struct numu_output *out, const struct numu_svg_heat *chart) {
    for (size_t row = 0; row < chart->rows; row++) {
        double most = NAN;
        for (uint32_t t = 0; t < chart->months; t++) {
            most = fmax(most, chart->shares[row * chart->months + t]);
        }
        numu_output_raw(out, row > 0 ? "; " : "");
        numu_output_text(out, chart->names[row]);
        numu_output_word(out, NUMU_WORD_colon);
        if (isnan(most)) {
            numu_output_raw(out, "–");
        } else {
            percent(out, most);
        }
    }
}

void numu_svg_heat(struct numu_output *out, const struct numu_svg_heat *chart) {
    double bottom = HEAT_HEAD + (double)chart->rows * HEAT_ROW;
    double width = (HEAT_WIDTH - HEAT_NAMES) / (double)(chart->months > 0 ? chart->months : 1);
    numu_svg_begin(out, chart->id, HEAT_WIDTH, bottom + 4, chart->title);
    describe_heat(out, chart);
    numu_svg_end_description(out);
    for (uint32_t t = 0; t < chart->months; t++) {
        struct numu_date date = numu_day_date(numu_month_first_day(chart->first + (numu_month)t));
        if (date.month == 1) {
            double x = HEAT_NAMES + t * width;
            numu_svg_line(out, "rule", x, 4, x, bottom);
            numu_svg_begin_text(out, "soft", x + 3, 14);
            numu_output_printf(out, "%d", (int)date.year);
            numu_svg_end_text(out);
        }
    }
    for (size_t row = 0; row < chart->rows; row++) {
        double y = HEAT_HEAD + (double)row * HEAT_ROW;
        numu_svg_line(out, "rule", HEAT_NAMES, y + (double)HEAT_ROW / 2, HEAT_WIDTH,
                      y + (double)HEAT_ROW / 2);
        draw_heat_row(out, chart, row, y);
    }
    numu_svg_end(out);
}

void numu_svg_heat_key(struct numu_output *out) {
    static const numu_word words[NUMU_SVG_SHADES] = {NUMU_WORD_shade_idle, NUMU_WORD_shade_low,
                                                     NUMU_WORD_shade_middle, NUMU_WORD_shade_high,
                                                     NUMU_WORD_shade_full};
    numu_output_raw(out, "<p class=\"key\">");
    for (int shade = 0; shade < NUMU_SVG_SHADES; shade++) {
        numu_output_printf(out,
                           "<span><svg aria-hidden=\"true\" viewBox=\"0 0 12 12\"><rect "
                           "class=\"h%d\" width=\"12\" height=\"12\"/></svg> ",
                           shade);
        numu_output_word(out, words[shade]);
        numu_output_raw(out, "</span>\n");
    }
    numu_output_raw(out, "<span><svg aria-hidden=\"true\" viewBox=\"0 0 12 12\"><line "
                         "class=\"rule\" x1=\"0\" y1=\"6\" x2=\"12\" y2=\"6\"/></svg> ");
    numu_output_word(out, NUMU_WORD_shade_absent);
    numu_output_raw(out, "</span></p>\n");
}

/* --- ranks --- */

enum { RANK_WIDTH = 560, RANK_NAMES = 150, RANK_ROW = 34, RANK_NAME_COLUMNS = 22 };

static void draw_rank(struct numu_output *out, const struct numu_svg_rank *rank, double y) {
    double room = RANK_WIDTH - RANK_NAMES - 60;
    const double shares[2] = {rank->share, rank->second};
    numu_svg_begin_text(out, "end", RANK_NAMES - 8, y + 18);
    numu_output_text_cut(out, rank->name, RANK_NAME_COLUMNS);
    numu_svg_end_text(out);
    for (int i = 0; i < 2; i++) {
        if (isnan(shares[i])) {
            continue;
        }
        double width = shares[i] * room;
        numu_svg_rectangle(out, i == 0 ? "c0" : "c1", RANK_NAMES, y + 3 + i * 13,
                           width < 1 ? 1 : width, 11);
        numu_svg_begin_text(out, "soft", RANK_NAMES + width + 6, y + 13 + i * 13);
        percent(out, shares[i]);
        numu_svg_end_text(out);
    }
    numu_output_raw(out, "\n");
}

void numu_svg_ranks(struct numu_output *out, const struct numu_svg_ranks *chart) {
    double height = (double)chart->count * RANK_ROW + 4;
    numu_svg_begin(out, chart->id, RANK_WIDTH, height, chart->title);
    for (size_t i = 0; i < chart->count; i++) {
        numu_output_raw(out, i > 0 ? "; " : "");
        numu_output_text(out, chart->ranks[i].name);
        numu_output_word(out, NUMU_WORD_colon);
        percent(out, chart->ranks[i].share);
    }
    numu_svg_end_description(out);
    for (size_t i = 0; i < chart->count; i++) {
        draw_rank(out, &chart->ranks[i], (double)i * RANK_ROW);
    }
    numu_svg_line(out, "axis", RANK_NAMES, 0, RANK_NAMES, height);
    numu_svg_end(out);
}

/* --- swings --- */

enum {
    SWING_WIDTH = 760,
    SWING_NAMES = 300,
    SWING_ROW = 26,
    SWING_HEAD = 20,
    SWING_NAME_COLUMNS = 46,
    SWING_LABEL = 58,
};

static void draw_swing(struct numu_output *out, const struct numu_svg_swing *swing, double base,
                       double unit, double zero, double y) {
    const double ends[2] = {swing->low, swing->high};
    numu_svg_begin_text(out, "end", SWING_NAMES - 8, y + 17);
    numu_output_text_cut(out, swing->name, SWING_NAME_COLUMNS);
    numu_svg_end_text(out);
    for (int i = 0; i < 2; i++) {
        if (isnan(ends[i])) {
            continue;
        }
        double end = zero + (ends[i] - base) * unit;
        double left = end < zero ? end : zero;
        double width = fabs(end - zero);
        double middle = y + 4 + i * 9;
        numu_svg_rectangle(out, i == 0 ? "c2" : "c0", left, middle, width < 1 ? 1 : width, 8);
        if (width < 1) {
            continue; /* as in the base */
        }
        numu_svg_begin_text(out, end < zero ? "soft end" : "soft", end < zero ? end - 4 : end + 4,
                            middle + 8);
        numu_output_real(out, ends[i], 1);
        numu_svg_end_text(out);
    }
    numu_output_raw(out, "\n");
}

void numu_svg_swings(struct numu_output *out, const struct numu_svg_swings *chart) {
    double reach = 0;
    for (size_t i = 0; i < chart->count; i++) {
        reach = fmax(reach, fabs(chart->swings[i].low - chart->base));
        reach = fmax(reach, fabs(chart->swings[i].high - chart->base));
    }
    double room = (SWING_WIDTH - SWING_NAMES) / 2.0 - SWING_LABEL;
    double unit = reach > 0 ? room / reach : 0;
    double zero = SWING_NAMES + (SWING_WIDTH - SWING_NAMES) / 2.0;
    double height = SWING_HEAD + (double)chart->count * SWING_ROW;
    numu_svg_begin(out, chart->id, SWING_WIDTH, height, chart->title);
    for (size_t i = 0; i < chart->count; i++) {
        numu_output_raw(out, i > 0 ? "; " : "");
        numu_output_text(out, chart->swings[i].name);
        numu_output_word(out, NUMU_WORD_colon);
        numu_output_real(out, chart->swings[i].low, 1);
        numu_output_raw(out, " … ");
        numu_output_real(out, chart->swings[i].high, 1);
    }
    numu_svg_end_description(out);
    numu_svg_begin_text(out, "soft mid", zero, 13);
    numu_output_real(out, chart->base, 1);
    numu_output_raw(out, " ");
    numu_output_text(out, chart->unit);
    numu_svg_end_text(out);
    for (size_t i = 0; i < chart->count; i++) {
        draw_swing(out, &chart->swings[i], chart->base, unit, zero,
                   SWING_HEAD + (double)i * SWING_ROW);
    }
    numu_svg_line(out, "axis", zero, SWING_HEAD, zero, height);
    numu_svg_end(out);
}
