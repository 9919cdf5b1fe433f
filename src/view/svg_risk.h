/*
 * svg_risk.h - charts of what is uncertain. As in svg.h: output is markup, each chart says in words
 * what it shows.
 */
#ifndef NUMU_VIEW_SVG_RISK_H
#define NUMU_VIEW_SVG_RISK_H

#include "view/svg.h"

/* --- S-curves: the share that is done by a day --- */

struct numu_svg_curve {
    struct numu_text name;
    const numu_day *days; /* ascending */
    const double *shares; /* done by the end of that day, 0 … 1, ascending */
    size_t count;
    bool is_stepped; /* between points it stays, as a record does */
    int color;       /* class s0 … s5 */
};

struct numu_svg_scurves {
    const char *id;
    struct numu_text title;
    const struct numu_svg_curve *curves;
    size_t curve_count;
    numu_day first, last;
    numu_day promised;              /* NUMU_NO_DAY = none */
    struct numu_text promised_text; /* what stands beside that line, "in time: 12%" */
};

void numu_svg_scurves(struct numu_output *out, const struct numu_svg_scurves *chart);
/* One line that explains curves and lines. */
void numu_svg_scurves_key(struct numu_output *out, const struct numu_svg_curve *curves,
                          size_t count);

/* --- tornado: what each lever would change --- */

struct numu_svg_gain {
    struct numu_text name;
    double days; /* sooner; below 0 = later */
    double error;
};

struct numu_svg_tornado {
    const char *id;
    struct numu_text title;
    const struct numu_svg_gain *gains;
    size_t count;
};

void numu_svg_tornado(struct numu_output *out, const struct numu_svg_tornado *chart);

/* --- date against cost --- */

struct numu_svg_scatter {
    const char *id;
    struct numu_text title;
    const numu_day *days;
    const double *costs; /* in the unit named */
    size_t count;
    struct numu_text unit;
    numu_day day; /* lines: of the date and the cost that are looked at together */
    double cost;
    struct numu_text both; /* what stands in the corner where both hold */
    /* Pairs that are as sure together, by date ascending; and the one drawn as a ring. */
    const numu_day *line_days;
    const double *line_costs;
    size_t line_count;
    struct numu_text line_name;
    numu_day balance_day;
    double balance_cost;
};

void numu_svg_scatter(struct numu_output *out, const struct numu_svg_scatter *chart);
/* One line that explains the line of pairs and the ring. */
void numu_svg_scatter_key(struct numu_output *out, const struct numu_svg_scatter *chart,
                          struct numu_text balance_name);

#endif
