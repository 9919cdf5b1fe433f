/*
 * svg_risk.c - S-curves, tornados, scatters.
 */
#include "view/svg_risk.h"

#include "view/svg_parts.h"

#include <math.h>

enum { WIDTH = 480, HEIGHT = 250, LEFT = 46, RIGHT = 8, TOP = 36, BOTTOM = 12 };

static struct numu_svg_time axis_of(numu_day first, numu_day last) {
    double days = (double)last - first + 1;
    return (struct numu_svg_time){
        .left = LEFT, .width = WIDTH - LEFT - RIGHT, .first = first, .days = days > 0 ? days : 1};
}

/* y of a share from 0, below, to 1. */
static double height_of(double share) {
    return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * share;
}

static void point(struct numu_output *out, double x, double y) {
    numu_svg_number(out, x);
    numu_output_raw(out, " ");
    numu_svg_number(out, y);
}

static void percent(struct numu_output *out, double share) {
    numu_output_percent(out, llround(share * 1000), 1000);
}

/* --- S-curves --- */

static void draw_shares(struct numu_output *out) {
    static const double shares[] = {0, 0.2, 0.5, 0.8, 1};
    for (size_t i = 0; i < sizeof shares / sizeof shares[0]; i++) {
        double y = height_of(shares[i]);
        numu_svg_line(out, i == 0 ? "axis" : "rule", LEFT, y, WIDTH - RIGHT, y);
        numu_svg_begin_text(out, "soft end", LEFT - 6, y + 4);
        percent(out, shares[i]);
        numu_svg_end_text(out);
    }
    numu_output_raw(out, "\n");
}

static void draw_curve(struct numu_output *out, const struct numu_svg_time *axis,
                       const struct numu_svg_scurves *chart, const struct numu_svg_curve *curve) {
    double share = 0;
    for (size_t i = 0; i < curve->count && curve->days[i] < chart->first; i++) {
        share = curve->shares[i];
    }
    numu_output_printf(out, "<path class=\"line s%d\" d=\"M", curve->color);
    point(out, LEFT, height_of(share));
    for (size_t i = 0; i < curve->count; i++) {
        if (curve->days[i] > chart->last) {
            break;
        }
        if (curve->days[i] >= chart->first) {
            double x = numu_svg_x_of(axis, curve->days[i] + 1);
            if (curve->is_stepped || i == 0) {
                numu_output_raw(out, "L");
                point(out, x, height_of(share));
            }
            numu_output_raw(out, "L");
            point(out, x, height_of(curve->shares[i]));
        }
        share = curve->shares[i];
    }
    bool is_done = share >= 1;
    if (is_done || curve->is_stepped) { /* a record goes on as far as the picture does */
        numu_output_raw(out, "L");
        point(out, WIDTH - RIGHT, height_of(share));
    }
    numu_output_raw(out, "\"/>\n");
}

static void describe_curve(struct numu_output *out, const struct numu_svg_curve *curve) {
    static const double shares[] = {0.1, 0.5, 0.8, 0.9};
    numu_output_text(out, curve->name);
    numu_output_word(out, NUMU_WORD_colon);
    for (size_t k = 0; k < sizeof shares / sizeof shares[0]; k++) {
        for (size_t i = 0; i < curve->count; i++) {
            if (curve->shares[i] >= shares[k] - 1e-9) {
                percent(out, shares[k]);
                numu_output_raw(out, " ");
                numu_output_day(out, curve->days[i]);
                numu_output_raw(out, "; ");
                break;
            }
        }
    }
}

void numu_svg_scurves(struct numu_output *out, const struct numu_svg_scurves *chart) {
    struct numu_svg_time axis = axis_of(chart->first, chart->last);
    numu_svg_begin(out, chart->id, WIDTH, HEIGHT, chart->title);
    for (size_t i = 0; i < chart->curve_count; i++) {
        describe_curve(out, &chart->curves[i]);
    }
    numu_svg_end_description(out);
    numu_svg_draw_time(out, &axis, chart->last, HEIGHT - BOTTOM);
    draw_shares(out);
    for (size_t i = chart->curve_count; i-- > 0;) { /* the first one on top */
        draw_curve(out, &axis, chart, &chart->curves[i]);
    }
    if (chart->promised >= chart->first && chart->promised <= chart->last) {
        double x = numu_svg_x_of(&axis, chart->promised + 1);
        bool is_left = x < (double)WIDTH / 2;
        numu_svg_line(out, "due", x, TOP, x, HEIGHT - BOTTOM);
        numu_svg_begin_text(out, is_left ? "" : "end", is_left ? x + 5 : x - 5, TOP + 14);
        numu_output_text(out, chart->promised_text);
        numu_svg_end_text(out);
    }
    numu_svg_end(out);
}

void numu_svg_scurves_key(struct numu_output *out, const struct numu_svg_curve *curves,
                          size_t count) {
    numu_output_raw(out, "<p class=\"key\">");
    for (size_t i = 0; i < count; i++) {
        numu_output_printf(out,
                           "<span><svg aria-hidden=\"true\" viewBox=\"0 0 24 14\"><path "
                           "class=\"line s%d\" d=\"M0 7H24\"/></svg> ",
                           curves[i].color);
        numu_output_text(out, curves[i].name);
        numu_output_raw(out, "</span>\n");
    }
    numu_output_raw(out,
                    "<span><svg aria-hidden=\"true\" viewBox=\"0 0 24 14\"><line class=\"due\" "
                    "x1=\"12\" y1=\"0\" x2=\"12\" y2=\"14\"/></svg> ");
    numu_output_word(out, NUMU_WORD_promised_day);
    numu_output_raw(out, "</span></p>\n");
}

/* --- tornado --- */

enum { TORNADO_WIDTH = 760, TORNADO_NAMES = 380, TORNADO_ROW = 24, TORNADO_NAME_COLUMNS = 56 };

static void draw_gain(struct numu_output *out, const struct numu_svg_gain *gain, double unit,
                      double zero, double y) {
    double end = zero + gain->days * unit;
    double left = end < zero ? end : zero;
    double width = fabs(end - zero);
    numu_svg_begin_text(out, "end", TORNADO_NAMES - 12, y + 16);
    numu_output_text_cut(out, gain->name, TORNADO_NAME_COLUMNS);
    numu_svg_end_text(out);
    numu_svg_rectangle(out, gain->days >= 0 ? "c0" : "c1", left, y + 4, width < 1 ? 1 : width, 16);
    double whisker = 2 * gain->error * unit;
    numu_svg_line(out, "axis", end - whisker, y + 12, end + whisker, y + 12);
    double label = (end > zero ? end : zero) + whisker + 6;
    numu_svg_begin_text(out, "", label, y + 16);
    numu_output_real(out, gain->days, 0);
    numu_output_raw(out, " ±");
    numu_output_real(out, gain->error, 0);
    numu_svg_end_text(out);
    numu_output_raw(out, "\n");
}

void numu_svg_tornado(struct numu_output *out, const struct numu_svg_tornado *chart) {
    double most = 1;
    double least = 0;
    for (size_t i = 0; i < chart->count; i++) {
        most = fmax(most, chart->gains[i].days + 2 * chart->gains[i].error);
        least = fmin(least, chart->gains[i].days - 2 * chart->gains[i].error);
    }
    double unit = (TORNADO_WIDTH - TORNADO_NAMES - 90) / (most - least);
    double zero = TORNADO_NAMES - least * unit;
    double height = (double)chart->count * TORNADO_ROW + 6;
    numu_svg_begin(out, chart->id, TORNADO_WIDTH, height, chart->title);
    for (size_t i = 0; i < chart->count; i++) {
        numu_output_raw(out, i > 0 ? "; " : "");
        numu_output_text(out, chart->gains[i].name);
        numu_output_word(out, NUMU_WORD_colon);
        numu_output_real(out, chart->gains[i].days, 0);
    }
    numu_svg_end_description(out);
    for (size_t i = 0; i < chart->count; i++) {
        draw_gain(out, &chart->gains[i], unit, zero, (double)i * TORNADO_ROW);
    }
    numu_svg_line(out, "axis", zero, 0, zero, height);
    numu_svg_end(out);
}

/* --- scatter --- */

/* 1, 2 or 5 × 10^n, so that at most six steps fill the range. */
static double step_of(double range) {
    double step = pow(10, floor(log10(range > 0 ? range : 1)));
    while (range / step > 6) {
        step *= range / (2 * step) <= 6 ? 2 : range / (5 * step) <= 6 ? 5 : 10;
    }
    return step;
}

static void draw_cost_axis(struct numu_output *out, double least, double most,
                           struct numu_text unit) {
    double step = step_of(most - least);
    int decimals = step < 1 ? (int)ceil(-log10(step)) : 0;
    double first = ceil(least / step);
    int count = (int)floor(most / step - first) + 1;
    for (int i = 0; i < count; i++) {
        double value = (first + i) * step;
        double y = height_of((value - least) / (most - least));
        numu_svg_line(out, "rule", LEFT, y, WIDTH - RIGHT, y);
        numu_svg_begin_text(out, "soft end", LEFT - 6, y + 4);
        numu_output_real(out, value, decimals);
        numu_svg_end_text(out);
    }
    numu_svg_begin_text(out, "soft", 0, 14);
    numu_output_text(out, unit);
    numu_svg_end_text(out);
    numu_output_raw(out, "\n");
}

/* What the picture shows: all dots, and what is looked at. */
struct scatter_frame {
    struct numu_svg_time axis;
    double least, most;
    numu_day first, last;
};

static struct scatter_frame frame_of(const struct numu_svg_scatter *chart) {
    struct scatter_frame frame = {.least = fmin(chart->cost, chart->balance_cost),
                                  .most = fmax(chart->cost, chart->balance_cost),
                                  .first = chart->day,
                                  .last = chart->balance_day > chart->day ? chart->balance_day
                                                                          : chart->day};
    for (size_t i = 0; i < chart->count; i++) {
        frame.least = fmin(frame.least, chart->costs[i]);
        frame.most = fmax(frame.most, chart->costs[i]);
        frame.first = chart->days[i] < frame.first ? chart->days[i] : frame.first;
        frame.last = chart->days[i] > frame.last ? chart->days[i] : frame.last;
    }
    double room = frame.most > frame.least ? 0.04 * (frame.most - frame.least) : 1;
    frame.least -= room;
    frame.most += room;
    frame.axis = axis_of(frame.first - 20, frame.last + 20);
    return frame;
}

static void scatter_point(struct numu_output *out, const struct scatter_frame *frame, numu_day day,
                          double cost) {
    point(out, numu_svg_x_of(&frame->axis, day + 1),
          height_of((cost - frame->least) / (frame->most - frame->least)));
}

static void draw_dots(struct numu_output *out, const struct scatter_frame *frame,
                      const struct numu_svg_scatter *chart) {
    numu_output_raw(out, "<path class=\"dots\" d=\"");
    for (size_t i = 0; i < chart->count; i++) {
        numu_output_raw(out, "M");
        scatter_point(out, frame, chart->days[i], chart->costs[i]);
        numu_output_raw(out, "h0");
    }
    numu_output_raw(out, "\"/>\n");
}

/* The part of the line of pairs that lies in the picture, and the ring. */
static void draw_pairs(struct numu_output *out, const struct scatter_frame *frame,
                       const struct numu_svg_scatter *chart) {
    const char *command = "M";
    numu_output_raw(out, "<path class=\"line s1\" d=\"");
    for (size_t i = 0; i < chart->line_count; i++) {
        if (chart->line_costs[i] <= frame->most && chart->line_days[i] <= frame->last + 20) {
            numu_output_raw(out, command);
            scatter_point(out, frame, chart->line_days[i], chart->line_costs[i]);
            command = "L";
        }
    }
    if (*command == 'M') {
        numu_output_raw(out, "M0 0");
    }
    numu_output_raw(out, "\"/>\n<circle class=\"ring\"");
    numu_svg_attribute(out, "cx", numu_svg_x_of(&frame->axis, chart->balance_day + 1));
    numu_svg_attribute(
        out, "cy", height_of((chart->balance_cost - frame->least) / (frame->most - frame->least)));
    numu_output_raw(out, " r=\"5\"/>\n");
}

static void describe_scatter(struct numu_output *out, const struct numu_svg_scatter *chart) {
    numu_output_text(out, chart->both);
    numu_output_raw(out, "; ");
    numu_output_text(out, chart->line_name);
    numu_output_word(out, NUMU_WORD_colon);
    numu_output_day(out, chart->balance_day);
    numu_output_raw(out, ", ");
    numu_output_real(out, chart->balance_cost, 1);
    numu_output_raw(out, " ");
    numu_output_text(out, chart->unit);
}

void numu_svg_scatter(struct numu_output *out, const struct numu_svg_scatter *chart) {
    struct scatter_frame frame = frame_of(chart);
    numu_svg_begin(out, chart->id, WIDTH, HEIGHT, chart->title);
    describe_scatter(out, chart);
    numu_svg_end_description(out);
    numu_svg_draw_time(out, &frame.axis, frame.last + 20, HEIGHT - BOTTOM);
    draw_cost_axis(out, frame.least, frame.most, chart->unit);
    draw_dots(out, &frame, chart);
    double x = numu_svg_x_of(&frame.axis, chart->day + 1);
    double y = height_of((chart->cost - frame.least) / (frame.most - frame.least));
    numu_svg_line(out, "due", x, TOP, x, HEIGHT - BOTTOM);
    numu_svg_line(out, "due", LEFT, y, WIDTH - RIGHT, y);
    draw_pairs(out, &frame, chart);
    numu_svg_begin_text(out, "halo", LEFT + 6, HEIGHT - BOTTOM - 8);
    numu_output_text(out, chart->both);
    numu_svg_end_text(out);
    numu_svg_end(out);
}

void numu_svg_scatter_key(struct numu_output *out, const struct numu_svg_scatter *chart,
                          struct numu_text balance_name) {
    numu_output_raw(out,
                    "<p class=\"key\"><span><svg aria-hidden=\"true\" viewBox=\"0 0 24 14\"><path "
                    "class=\"line s1\" d=\"M0 7H24\"/></svg> ");
    numu_output_text(out, chart->line_name);
    numu_output_raw(out, "</span>\n<span><svg aria-hidden=\"true\" viewBox=\"0 0 24 14\"><circle "
                         "class=\"ring\" cx=\"12\" cy=\"7\" r=\"5\"/></svg> ");
    numu_output_text(out, balance_name);
    numu_output_raw(out, "</span></p>\n");
}
