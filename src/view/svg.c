/*
 * svg.c - charts as SVG.
 *
 * Geometry is in doubles and written in tenths of a unit. Widths of text are estimates (a browser
 * decides them), so nothing depends on them but where a legend breaks and where a name is cut.
 */
#include "view/svg_parts.h"

#include <math.h>

const char *numu_svg_style(void) {
    return ":root{--ink:#1b1f24;--soft:#5b6470;--rule:#d5dae0;--paper:#fff;--strong:#9c1f1f;"
           "--bar:#b5cfe6;--bar-edge:#4b7ba6;--c0:#1d4e7e;--c1:#e0912b;--c2:#a9d0ea;--c3:#6f7a86;"
           "--c4:#cfd4da;--c5:#3f7d4e}\n"
           "@media (prefers-color-scheme:dark){:root{--ink:#e8eaed;--soft:#a4adb8;--rule:#3a424c;"
           "--paper:#14181d;--strong:#ff7b6b;--bar:#35536e;--bar-edge:#7fb0da;--c0:#5b9bd6;"
           "--c1:#f0a94b;--c2:#bfe0f5;--c3:#98a3af;--c4:#56606b;--c5:#7cc08d}}\n"
           "@media print{:root{--ink:#000;--soft:#444;--rule:#bbb;--paper:#fff;--strong:#8c1010;"
           "--bar:#c4d8ea;--bar-edge:#44688a;--c0:#1d4e7e;--c1:#e0912b;--c2:#a9d0ea;--c3:#6f7a86;"
           "--c4:#cfd4da;--c5:#3f7d4e}}\n"
           "svg{display:block;width:100%;height:auto;color:var(--ink);overflow:visible}\n"
           "svg text{fill:currentColor;font-size:12px;font-family:inherit}\n"
           "svg .soft{fill:var(--soft)}svg .end{text-anchor:end}svg .mid{text-anchor:middle}\n"
           "svg .rule{stroke:var(--rule);stroke-width:1}\n"
           "svg .axis{stroke:var(--soft);stroke-width:1}\n"
           "svg .year{stroke:var(--soft);stroke-width:1;opacity:.6}\n"
           ".c0{fill:var(--c0)}.c1{fill:var(--c1)}.c2{fill:var(--c2)}.c3{fill:var(--c3)}"
           ".c4{fill:var(--c4)}.c5{fill:var(--c5)}\n"
           "svg .cut{stroke:var(--paper);stroke-width:1}\n"
           "svg .line{fill:none;stroke-width:2}\n"
           ".s0{stroke:var(--c0)}.s1{stroke:var(--c1);stroke-dasharray:6 3}"
           ".s2{stroke:var(--c3);stroke-dasharray:2 3}.s3{stroke:var(--c5);stroke-dasharray:9 3 2 "
           "3}"
           ".s4{stroke:var(--strong)}.s5{stroke:var(--soft)}\n"
           "svg .bar{fill:var(--bar);stroke:var(--bar-edge);stroke-width:1}\n"
           "svg .long{fill:var(--strong);stroke:var(--strong);stroke-width:1}\n"
           "svg .float{fill:var(--c3);opacity:.55}\n"
           "svg .promise{fill:var(--paper);stroke:var(--ink);stroke-width:1.6}\n"
           "svg .node{fill:var(--paper);stroke:var(--bar-edge);stroke-width:1}\n"
           "svg .node.tight{stroke:var(--strong);stroke-width:2}\n"
           "svg .slip{stroke:var(--ink);stroke-width:1;stroke-dasharray:2 2}\n"
           "svg .now{stroke:var(--soft);stroke-width:1.4;stroke-dasharray:5 3}\n"
           "svg .due{stroke:var(--strong);stroke-width:1.4}\n"
           "svg .halo{paint-order:stroke;stroke:var(--paper);stroke-width:5px}\n"
           "svg .sure{fill:none;stroke:var(--ink);stroke-width:1.4}\n"
           "svg .ring{fill:var(--paper);stroke:var(--c1);stroke-width:2.4}\n"
           "svg "
           ".dots{fill:none;stroke:var(--c0);stroke-width:3;stroke-linecap:round;opacity:.35}\n"
           ".h0{fill:var(--rule)}.h1{fill:var(--c2)}.h2{fill:var(--bar-edge)}.h3{fill:var(--c0)}"
           ".h4{fill:var(--strong)}\n";
}

/* --- bars over time --- */

enum {
    GANTT_WIDTH = 920,
    GANTT_NAMES = 290, /* column of names */
    GANTT_ROW = 20,
    GANTT_HEAD = 34,
    GANTT_NAME_COLUMNS = 40,
};

static void draw_promise(struct numu_output *out, const struct numu_svg_time *axis,
                         const struct numu_gantt_bar *bar, double y) {
    double x = numu_svg_x_of(axis, bar->promised + 1);
    double middle = y + 0.5 * GANTT_ROW;
    if (bar->finish != NUMU_NO_DAY && bar->finish > bar->promised) {
        numu_svg_line(out, "slip", x, middle, numu_svg_x_of(axis, bar->start), middle);
    }
    numu_output_raw(out, "<path class=\"promise\" d=\"M");
    numu_svg_number(out, x);
    numu_output_raw(out, " ");
    numu_svg_number(out, middle - 6);
    numu_output_raw(out, "l6 6l-6 6l-6 -6z\"/>");
}

/* From the finish to the day at which it is sure enough. */
static void draw_confident(struct numu_output *out, const struct numu_svg_time *axis,
                           const struct numu_gantt_bar *bar, double y) {
    double end = numu_svg_x_of(axis, bar->confident + 1);
    numu_output_raw(out, "<path class=\"sure\" d=\"M");
    numu_svg_number(out, numu_svg_x_of(axis, bar->finish + 1));
    numu_output_raw(out, " ");
    numu_svg_number(out, y + 0.5 * GANTT_ROW);
    numu_output_raw(out, "H");
    numu_svg_number(out, end);
    numu_output_raw(out, "m0 -5v10\"/>");
}

static void describe_bar(struct numu_output *out, const struct numu_gantt_bar *bar) {
    numu_output_text(out, bar->name);
    numu_output_word(out, NUMU_WORD_colon);
    numu_output_day(out, bar->start);
    numu_output_raw(out, " – ");
    numu_output_day(out, bar->finish);
}

static void draw_bar(struct numu_output *out, const struct numu_svg_time *axis,
                     const struct numu_gantt_bar *bar, double y) {
    numu_svg_begin_text(out, "", 0, y + 14);
    numu_output_text_cut(out, bar->name, GANTT_NAME_COLUMNS);
    numu_svg_end_text(out);
    if (bar->start != NUMU_NO_DAY && bar->finish != NUMU_NO_DAY) {
        double x = numu_svg_x_of(axis, bar->start);
        double end = numu_svg_x_of(axis, bar->finish + 1);
        if (bar->late_finish != NUMU_NO_DAY && bar->late_finish > bar->finish) {
            numu_svg_rectangle(out, "float", end, y + 8,
                               numu_svg_x_of(axis, bar->late_finish + 1) - end, 4);
        }
        numu_output_raw(out, "<g><title>");
        describe_bar(out, bar);
        numu_output_raw(out, "</title>");
        numu_svg_rectangle(out, bar->is_on_longest_path ? "long" : "bar", x, y + 4,
                           end - x < 2 ? 2 : end - x, 12);
        numu_output_raw(out, "</g>");
    }
    if (bar->finish != NUMU_NO_DAY && bar->confident > bar->finish) {
        draw_confident(out, axis, bar, y);
    }
    if (bar->promised != NUMU_NO_DAY) {
        draw_promise(out, axis, bar, y);
    }
    numu_output_raw(out, "\n");
}

static void draw_day(struct numu_output *out, const struct numu_svg_time *axis, const char *class,
                     numu_day day, numu_day last, double bottom) {
    if (day != NUMU_NO_DAY && day >= axis->first && day <= last) {
        numu_svg_line(out, class, numu_svg_x_of(axis, day + 1), 20, numu_svg_x_of(axis, day + 1),
                      bottom);
    }
}

void numu_svg_gantt(struct numu_output *out, const struct numu_gantt *chart) {
    double height = GANTT_HEAD + (double)chart->count * GANTT_ROW + 4;
    struct numu_svg_time axis = {.left = GANTT_NAMES,
                                 .width = GANTT_WIDTH - GANTT_NAMES,
                                 .first = chart->first,
                                 .days = (double)chart->last - chart->first + 1};
    numu_svg_begin(out, chart->id, GANTT_WIDTH, height, chart->title);
    for (size_t i = 0; i < chart->count; i++) {
        numu_output_raw(out, i > 0 ? "; " : "");
        describe_bar(out, &chart->bars[i]);
    }
    numu_svg_end_description(out);
    numu_svg_draw_time(out, &axis, chart->last, height);
    for (size_t i = 0; i < chart->count; i++) {
        draw_bar(out, &axis, &chart->bars[i], GANTT_HEAD + (double)i * GANTT_ROW);
    }
    draw_day(out, &axis, "now", chart->data_date, chart->last, height);
    draw_day(out, &axis, "due", chart->deadline, chart->last, height);
    numu_svg_end(out);
}

static void key_entry(struct numu_output *out, const char *drawing, numu_word word) {
    numu_output_printf(out, "<span><svg aria-hidden=\"true\" viewBox=\"0 0 24 14\">%s</svg> ",
                       drawing);
    numu_output_word(out, word);
    numu_output_raw(out, "</span>\n");
}

void numu_svg_gantt_key(struct numu_output *out) {
    numu_output_raw(out, "<p class=\"key\">");
    key_entry(out, "<rect class=\"long\" x=\"1\" y=\"2\" width=\"22\" height=\"10\"/>",
              NUMU_WORD_longest_path);
    key_entry(out, "<rect class=\"bar\" x=\"1\" y=\"2\" width=\"22\" height=\"10\"/>",
              NUMU_WORD_other_work);
    key_entry(out, "<rect class=\"float\" x=\"1\" y=\"5\" width=\"22\" height=\"4\"/>",
              NUMU_WORD_total_float);
    key_entry(out, "<path class=\"sure\" d=\"M2 7H20m0 -5v10\"/>", NUMU_WORD_risk_confident);
    key_entry(out, "<path class=\"promise\" d=\"M12 1l6 6l-6 6l-6 -6z\"/>", NUMU_WORD_promised_day);
    key_entry(out, "<line class=\"now\" x1=\"12\" y1=\"0\" x2=\"12\" y2=\"14\"/>",
              NUMU_WORD_data_date);
    key_entry(out, "<line class=\"due\" x1=\"12\" y1=\"0\" x2=\"12\" y2=\"14\"/>",
              NUMU_WORD_deadline);
    numu_output_raw(out, "</p>\n");
}

/* --- a value axis --- */

enum {
    CHART_WIDTH = 480,
    CHART_HEIGHT = 230,
    CHART_LEFT = 58,
    CHART_RIGHT = 8,
    CHART_TOP = 26,
    CHART_BOTTOM = 24,
};

struct value_axis {
    double top;  /* value at the upper end */
    double step; /* between ticks */
    int decimals;
};

/* Steps of 1, 2 or 5 × 10^n whole units, at most five of them. */
static struct value_axis value_axis_of(double greatest, int decimals) {
    struct value_axis axis = {.decimals = decimals, .step = (double)numu_power_of_ten(decimals)};
    while (axis.step * 50 <= greatest) {
        axis.step *= 10;
    }
    if (axis.step * 5 < greatest) {
        axis.step *= axis.step * 10 >= greatest ? 2 : axis.step * 25 >= greatest ? 5 : 10;
    }
    axis.top = axis.step;
    while (axis.top < greatest) {
        axis.top += axis.step;
    }
    return axis;
}

static double y_of(const struct value_axis *axis, double value) {
    return CHART_HEIGHT - CHART_BOTTOM -
           (CHART_HEIGHT - CHART_TOP - CHART_BOTTOM) * (value > 0 ? value : 0) / axis->top;
}

static void draw_value_axis(struct numu_output *out, const struct value_axis *axis,
                            struct numu_text unit) {
    int64_t steps = llround(axis->top / axis->step);
    for (int64_t i = 0; i <= steps; i++) {
        double value = (double)i * axis->step;
        double y = y_of(axis, value);
        numu_svg_line(out, value > 0 ? "rule" : "axis", CHART_LEFT, y, CHART_WIDTH - CHART_RIGHT,
                      y);
        numu_svg_begin_text(out, "soft end", CHART_LEFT - 6, y + 4);
        numu_output_compact(out, (int64_t)value, axis->decimals, true);
        numu_svg_end_text(out);
    }
    numu_svg_begin_text(out, "soft", 0, 12);
    numu_output_text(out, unit);
    numu_svg_end_text(out);
    numu_output_raw(out, "\n");
}

/* --- bars by year --- */

static double positive(int64_t value) {
    return value > 0 ? (double)value : 0;
}

static double greatest_stack(const struct numu_bars *chart) {
    double greatest = 0;
    for (uint32_t year = 0; year < chart->year_count; year++) {
        double height[2] = {0, 0};
        for (size_t s = 0; s < chart->series_count; s++) {
            height[chart->series[s].stack] += positive(chart->series[s].values[year]);
        }
        greatest = fmax(greatest, fmax(height[0], height[1]));
    }
    return greatest;
}

static bool has_two_stacks(const struct numu_bars *chart) {
    for (size_t s = 0; s < chart->series_count; s++) {
        if (chart->series[s].stack == 1) {
            return true;
        }
    }
    return false;
}

static void describe_series(struct numu_output *out, const struct numu_bars *chart) {
    for (size_t s = 0; s < chart->series_count; s++) {
        const struct numu_series *series = &chart->series[s];
        numu_output_raw(out, s > 0 ? "; " : "");
        numu_output_text(out, series->name);
        numu_output_word(out, NUMU_WORD_colon);
        for (uint32_t year = 0; year < chart->year_count; year++) {
            numu_output_printf(out, "%s%ld ", year > 0 ? ", " : "",
                               (long)chart->first_year + (long)year);
            numu_output_compact(out, series->values[year], chart->decimals, true);
        }
    }
}

static void draw_year(struct numu_output *out, const struct numu_bars *chart,
                      const struct value_axis *axis, uint32_t year, double left, double width) {
    double height[2] = {0, 0};
    bool is_double = has_two_stacks(chart);
    double bar = width * (is_double ? 0.36 : 0.56);
    double first = left + (width - bar * (is_double ? 2 : 1) - (is_double ? 3 : 0)) / 2;
    for (size_t s = 0; s < chart->series_count; s++) {
        const struct numu_series *series = &chart->series[s];
        double value = positive(series->values[year]);
        if (value <= 0) {
            continue;
        }
        double *below = &height[series->stack];
        char class[8] = {'c', (char)('0' + series->color), ' ', 'c', 'u', 't', '\0'};
        double top = y_of(axis, *below + value);
        numu_svg_rectangle(out, class, first + (series->stack == 1 ? bar + 3 : 0), top, bar,
                           y_of(axis, *below) - top);
        *below += value;
    }
    numu_svg_begin_text(out, "soft mid", left + width / 2, CHART_HEIGHT - 7);
    numu_output_printf(out, "%ld", (long)chart->first_year + (long)year);
    numu_svg_end_text(out);
    numu_output_raw(out, "\n");
}

void numu_svg_bars(struct numu_output *out, const struct numu_bars *chart) {
    numu_assert(chart->series_count <= NUMU_SERIES_MAX);
    struct value_axis axis = value_axis_of(greatest_stack(chart), chart->decimals);
    numu_svg_begin(out, chart->id, CHART_WIDTH, CHART_HEIGHT, chart->title);
    describe_series(out, chart);
    numu_svg_end_description(out);
    draw_value_axis(out, &axis, chart->unit);
    double width =
        (CHART_WIDTH - CHART_LEFT - CHART_RIGHT) / (double)(chart->year_count + !chart->year_count);
    for (uint32_t year = 0; year < chart->year_count; year++) {
        draw_year(out, chart, &axis, year, CHART_LEFT + year * width, width);
    }
    numu_svg_end(out);
}

/* --- steps by month --- */

static void draw_steps(struct numu_output *out, const struct numu_steps *chart,
                       const struct value_axis *axis, size_t number_of_series) {
    const struct numu_series *series = &chart->series[number_of_series];
    double width = (CHART_WIDTH - CHART_LEFT - CHART_RIGHT) / (double)chart->month_count;
    bool is_begun = false;
    numu_output_printf(out, "<path class=\"line s%d\" d=\"", series->color);
    for (uint32_t month = 0; month < chart->month_count; month++) {
        if (series->values[month] == NUMU_NO_NUMBER) {
            continue;
        }
        double x = CHART_LEFT + month * width;
        double y = y_of(axis, positive(series->values[month]));
        numu_output_raw(out, is_begun ? "V" : "M");
        if (!is_begun) {
            numu_svg_number(out, x);
            numu_output_raw(out, " ");
        }
        numu_svg_number(out, y);
        numu_output_raw(out, "H");
        numu_svg_number(out, x + width);
        is_begun = true;
    }
    numu_output_raw(out, is_begun ? "\"/>\n" : "M0 0\"/>\n");
}

static void draw_month_axis(struct numu_output *out, const struct numu_steps *chart) {
    double width = (CHART_WIDTH - CHART_LEFT - CHART_RIGHT) / (double)chart->month_count;
    for (uint32_t i = 0; i < chart->month_count; i++) {
        struct numu_date date =
            numu_day_date(numu_month_first_day(chart->first_month + (numu_month)i));
        if (date.month == 1) {
            double x = CHART_LEFT + i * width;
            numu_svg_line(out, "rule", x, CHART_TOP, x, CHART_HEIGHT - CHART_BOTTOM);
            numu_svg_begin_text(out, "soft", x + 3, CHART_HEIGHT - 7);
            numu_output_printf(out, "%d", (int)date.year);
            numu_svg_end_text(out);
        }
    }
}

void numu_svg_lines_legend(struct numu_output *out, const struct numu_series *series,
                           size_t count) {
    numu_output_raw(out, "<p class=\"key\">");
    for (size_t i = 0; i < count; i++) {
        numu_output_printf(out,
                           "<span><svg aria-hidden=\"true\" viewBox=\"0 0 24 14\"><path "
                           "class=\"line s%d\" d=\"M0 7H24\"/></svg> ",
                           series[i].color);
        numu_output_text(out, series[i].name);
        numu_output_raw(out, "</span>\n");
    }
    numu_output_raw(out, "</p>\n");
}

void numu_svg_steps(struct numu_output *out, const struct numu_steps *chart) {
    double greatest = 0;
    numu_svg_begin(out, chart->id, CHART_WIDTH, CHART_HEIGHT, chart->title);
    for (size_t s = 0; s < chart->series_count; s++) {
        numu_output_raw(out, s > 0 ? ", " : "");
        numu_output_text(out, chart->series[s].name);
        for (uint32_t month = 0; month < chart->month_count; month++) {
            greatest = fmax(greatest, positive(chart->series[s].values[month]));
        }
    }
    numu_svg_end_description(out);
    struct value_axis axis = value_axis_of(greatest, chart->decimals);
    draw_month_axis(out, chart);
    draw_value_axis(out, &axis, chart->unit);
    for (size_t s = 0; s < chart->series_count; s++) {
        draw_steps(out, chart, &axis, s);
    }
    numu_svg_end(out);
}

/* --- shares --- */

void numu_svg_shares(struct numu_output *out, const struct numu_share *shares, size_t count) {
    double total = 0;
    int64_t sum = 0;
    for (size_t i = 0; i < count; i++) {
        total += (double)shares[i].value;
        numu_output_add(out, &sum, shares[i].value);
    }
    numu_output_raw(out, "<svg role=\"img\" class=\"share\" viewBox=\"0 0 100 5\" "
                         "preserveAspectRatio=\"none\"><title>");
    for (size_t i = 0; i < count; i++) {
        numu_output_raw(out, i > 0 ? ", " : "");
        numu_output_text(out, shares[i].name);
        numu_output_raw(out, " ");
        numu_output_percent(out, shares[i].value, sum);
    }
    numu_output_raw(out, "</title>");
    double x = 0;
    for (size_t i = 0; i < count && total > 0; i++) {
        double width = 100 * (double)shares[i].value / total;
        char class[4] = {'c', (char)('0' + shares[i].color), '\0'};
        if (shares[i].value > 0) {
            numu_svg_rectangle(out, class, x, 0, width, 5);
        }
        x += width;
    }
    numu_output_raw(out, "</svg>\n");
}

void numu_svg_legend(struct numu_output *out, const struct numu_share *shares, size_t count) {
    numu_output_raw(out, "<p class=\"key\">");
    for (size_t i = 0; i < count; i++) {
        numu_output_printf(out,
                           "<span><svg aria-hidden=\"true\" viewBox=\"0 0 12 12\"><rect "
                           "class=\"c%d\" width=\"12\" height=\"12\"/></svg> ",
                           shares[i].color);
        numu_output_text(out, shares[i].name);
        numu_output_raw(out, "</span>\n");
    }
    numu_output_raw(out, "</p>\n");
}
