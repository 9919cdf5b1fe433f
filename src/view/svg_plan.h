/*
 * svg_plan.h - charts of what a plan comes to. As in svg.h: output is markup, each chart says in
 * words what it shows.
 */
#ifndef NUMU_VIEW_SVG_PLAN_H
#define NUMU_VIEW_SVG_PLAN_H

#include "view/svg.h"

/* --- what a unit costs against how far a line is used --- */

struct numu_svg_mark {
    struct numu_text name;
    double use, cost; /* NAN = not drawn */
    bool is_below;    /* its name stands below it, so that neighbours do not meet */
};

/* Cost at use u, a share of nameplate: variable + fixed ÷ u. */
struct numu_svg_costs {
    const char *id;
    struct numu_text title;
    struct numu_text unit;  /* of the cost axis */
    double variable, fixed; /* of a unit; fixed at full use */
    double import;          /* NAN = none */
    struct numu_text import_name;
    const struct numu_svg_mark *marks;
    size_t mark_count;
};

void numu_svg_costs(struct numu_output *out, const struct numu_svg_costs *chart);

/* --- rows of months, darker where more is used --- */

enum { NUMU_SVG_SHADES = 5 };

struct numu_svg_heat {
    const char *id;
    struct numu_text title;
    const struct numu_text *names; /* of rows */
    const double *shares;          /* [row × months + month]; NAN = not there */
    size_t rows;
    numu_month first;
    uint32_t months;
};

void numu_svg_heat(struct numu_output *out, const struct numu_svg_heat *chart);
/* One line that explains the shades. */
void numu_svg_heat_key(struct numu_output *out);

/* --- horizontal bars of shares --- */

struct numu_svg_rank {
    struct numu_text name;
    double share;  /* 0 … 1 */
    double second; /* another, drawn below it; NAN = none */
};

struct numu_svg_ranks {
    const char *id;
    struct numu_text title;
    const struct numu_svg_rank *ranks;
    size_t count;
};

void numu_svg_ranks(struct numu_output *out, const struct numu_svg_ranks *chart);

/* --- swings about a base --- */

struct numu_svg_swing {
    struct numu_text name;
    double low, high; /* what the figure becomes, in the unit named; NAN = not known */
};

struct numu_svg_swings {
    const char *id;
    struct numu_text title;
    struct numu_text unit;
    double base;
    const struct numu_svg_swing *swings;
    size_t count;
};

void numu_svg_swings(struct numu_output *out, const struct numu_svg_swings *chart);

#endif
