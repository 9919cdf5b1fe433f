/*
 * svg_parts.c - see svg_parts.h.
 */
#include "view/svg_parts.h"

/* A coordinate in tenths. */
void numu_svg_number(struct numu_output *out, double value) {
    int64_t tenths;
    if (numu_number_from_double(value, 1, &tenths) != NUMU_OK) {
        tenths = 0;
    }
    int64_t magnitude = tenths < 0 ? -tenths : tenths;
    numu_output_printf(out, "%s%lld.%lld", tenths < 0 ? "-" : "", (long long)(magnitude / 10),
                       (long long)(magnitude % 10));
}

void numu_svg_attribute(struct numu_output *out, const char *name, double value) {
    numu_output_printf(out, " %s=\"", name);
    numu_svg_number(out, value);
    numu_output_raw(out, "\"");
}

void numu_svg_begin(struct numu_output *out, const char *id, double width, double height,
                    struct numu_text title) {
    numu_output_raw(out, "<svg role=\"img\" viewBox=\"0 0 ");
    numu_svg_number(out, width);
    numu_output_raw(out, " ");
    numu_svg_number(out, height);
    numu_output_printf(out, "\" aria-labelledby=\"%s-t %s-d\"><title id=\"%s-t\">", id, id, id);
    numu_output_text(out, title);
    numu_output_printf(out, "</title><desc id=\"%s-d\">", id);
}

void numu_svg_end_description(struct numu_output *out) {
    numu_output_raw(out, "</desc>\n");
}

void numu_svg_end(struct numu_output *out) {
    numu_output_raw(out, "</svg>\n");
}

void numu_svg_line(struct numu_output *out, const char *class, double x1, double y1, double x2,
                   double y2) {
    numu_output_printf(out, "<line class=\"%s\"", class);
    numu_svg_attribute(out, "x1", x1);
    numu_svg_attribute(out, "y1", y1);
    numu_svg_attribute(out, "x2", x2);
    numu_svg_attribute(out, "y2", y2);
    numu_output_raw(out, "/>");
}

void numu_svg_rectangle(struct numu_output *out, const char *class, double x, double y,
                        double width, double height) {
    numu_output_printf(out, "<rect class=\"%s\"", class);
    numu_svg_attribute(out, "x", x);
    numu_svg_attribute(out, "y", y);
    numu_svg_attribute(out, "width", width);
    numu_svg_attribute(out, "height", height);
    numu_output_raw(out, "/>");
}

void numu_svg_begin_text(struct numu_output *out, const char *class, double x, double y) {
    numu_output_printf(out, "<text class=\"%s\"", class);
    numu_svg_attribute(out, "x", x);
    numu_svg_attribute(out, "y", y);
    numu_output_raw(out, ">");
}

void numu_svg_end_text(struct numu_output *out) {
    numu_output_raw(out, "</text>");
}

/* --- time --- */

/* What labels take, and what lies beyond the axis, in units. */
enum { YEAR_WIDTH = 31, MONTH_WIDTH = 27, RIGHT_MARGIN = 8 };

double numu_svg_x_of(const struct numu_svg_time *axis, numu_day day) {
    return axis->left + axis->width * ((double)day - axis->first) / axis->days;
}

/* The least of 1, 3, 6, 12, 24 … months that leaves room for the names of months. */
static int tick_months(const struct numu_svg_time *axis, numu_language language) {
    double month = axis->width * 30.44 / axis->days;
    double room = language == NUMU_LANGUAGE_FR ? 33 : 26; /* "janv." */
    int step = 1;
    while (step * month < room) {
        step = step == 1 ? 3 : step * 2;
    }
    return step;
}

void numu_svg_draw_time(struct numu_output *out, const struct numu_svg_time *axis, numu_day last,
                        double bottom) {
    int step = tick_months(axis, out->language);
    numu_month end = numu_day_month(last);
    bool has_year = false;
    for (numu_month month = numu_day_month(axis->first); month <= end; month++) {
        struct numu_date date = numu_day_date(numu_month_first_day(month));
        double x = numu_svg_x_of(axis, numu_month_first_day(month));
        if ((date.month - 1) % (step > 12 ? 12 : step) != 0 ||
            (step > 12 && date.year % (step / 12) != 0) || x < axis->left) {
            continue;
        }
        bool is_year = date.month == 1;
        double room = axis->left + axis->width + RIGHT_MARGIN - x;
        numu_svg_line(out, is_year ? "year" : "rule", x, is_year ? 6 : 20, x, bottom);
        /* A first tick that is no January tells its year, where that leaves room for the next. */
        double january = axis->width / axis->days * 30.44 * (13 - date.month);
        if ((is_year || (!has_year && january > 40)) && room > YEAR_WIDTH) {
            numu_svg_begin_text(out, "", x + 3, 14);
            numu_output_printf(out, "%d", (int)date.year);
            numu_svg_end_text(out);
        }
        has_year = true;
        if (step < 12 && room > MONTH_WIDTH) {
            numu_svg_begin_text(out, "soft", x + 3, 28);
            numu_output_word(out, (numu_word)(NUMU_WORD_short_month_1 + date.month - 1));
            numu_svg_end_text(out);
        }
        numu_output_raw(out, "\n");
    }
}
