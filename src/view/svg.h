/*
 * svg.h - charts as SVG, to stand within a page.
 *
 * The output must be markup. Colours come from classes that numu_svg_style defines, in light, dark
 * and print; they differ in lightness, so that they stay apart for the colour-blind and in grey
 * print. Text takes the page's font. Each chart has role="img", a title and a description that says
 * in words what it shows. Coordinates are rounded to tenths: the same input gives the same bytes.
 */
#ifndef NUMU_VIEW_SVG_H
#define NUMU_VIEW_SVG_H

#include "view/output.h"

/* CSS for all charts of a page; once within its style element. */
const char *numu_svg_style(void);

/* --- bars over time --- */

struct numu_gantt_bar {
    struct numu_text name;
    numu_day start, finish; /* first and last day of work; none is drawn without */
    numu_day late_finish;   /* end of its float; NUMU_NO_DAY = none */
    numu_day promised;      /* a diamond; NUMU_NO_DAY = none */
    numu_day confident;     /* a bracket from its finish to this day; none where it is not later */
    bool is_on_longest_path;
};

struct numu_gantt {
    const char *id; /* unique in the page, a name */
    struct numu_text title;
    const struct numu_gantt_bar *bars;
    size_t count;
    numu_day first, last;         /* what the axis spans */
    numu_day data_date, deadline; /* lines; NUMU_NO_DAY = none */
};

void numu_svg_gantt(struct numu_output *out, const struct numu_gantt *chart);
/* One line that explains bars, floats, diamonds and lines. */
void numu_svg_gantt_key(struct numu_output *out);

/* --- bars by year, stacked --- */

enum { NUMU_SERIES_MAX = 6 };

struct numu_series {
    struct numu_text name;
    const int64_t *values; /* one a year, ÷ 10^decimals; less than 0 is drawn as 0 */
    int stack;             /* 0 or 1: which of the year's two bars it is stacked on */
    int color;             /* 0 … NUMU_SERIES_MAX - 1 */
};

struct numu_bars {
    const char *id;
    struct numu_text title;
    struct numu_text unit; /* of the value axis: "XOF", "round" */
    const struct numu_series *series;
    size_t series_count; /* at most NUMU_SERIES_MAX */
    int32_t first_year;
    uint32_t year_count;
    int decimals;
};

void numu_svg_bars(struct numu_output *out, const struct numu_bars *chart);

/* --- steps by month --- */

struct numu_steps {
    const char *id;
    struct numu_text title;
    struct numu_text unit;
    const struct numu_series *series; /* values one a month; NUMU_NO_NUMBER = none */
    size_t series_count;
    numu_month first_month;
    uint32_t month_count;
    int decimals;
};

/* Legend of the lines, in HTML. */
void numu_svg_lines_legend(struct numu_output *out, const struct numu_series *series, size_t count);
void numu_svg_steps(struct numu_output *out, const struct numu_steps *chart);

/* --- one bar cut into shares --- */

struct numu_share {
    struct numu_text name;
    int64_t value; /* >= 0 */
    int color;
};

void numu_svg_shares(struct numu_output *out, const struct numu_share *shares, size_t count);

/* Legend of coloured squares and names, in HTML. */
void numu_svg_legend(struct numu_output *out, const struct numu_share *shares, size_t count);

#endif
