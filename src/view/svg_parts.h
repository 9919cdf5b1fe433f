/*
 * svg_parts.h - pieces that charts are made of. For svg*.c only.
 */
#ifndef NUMU_VIEW_SVG_PARTS_H
#define NUMU_VIEW_SVG_PARTS_H

#include "view/svg.h"

/* A coordinate in tenths; an attribute with one. */
void numu_svg_number(struct numu_output *out, double value);
void numu_svg_attribute(struct numu_output *out, const char *name, double value);

/* <svg> with its title; the description is written next, then its end. */
void numu_svg_begin(struct numu_output *out, const char *id, double width, double height,
                    struct numu_text title);
void numu_svg_end_description(struct numu_output *out);
void numu_svg_end(struct numu_output *out);

void numu_svg_line(struct numu_output *out, const char *class, double x1, double y1, double x2,
                   double y2);
void numu_svg_rectangle(struct numu_output *out, const char *class, double x, double y,
                        double width, double height);
/* <text>; what it says is written next. */
void numu_svg_begin_text(struct numu_output *out, const char *class, double x, double y);
void numu_svg_end_text(struct numu_output *out);

/* --- an axis of days --- */

struct numu_svg_time {
    double left, width;
    numu_day first;
    double days;
};

double numu_svg_x_of(const struct numu_svg_time *axis, numu_day day);
/* Years and months, with lines down to `bottom`. */
void numu_svg_draw_time(struct numu_output *out, const struct numu_svg_time *axis, numu_day last,
                        double bottom);

#endif
