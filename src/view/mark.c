/*
 * mark.c - see mark.h.
 *
 * ISO/IEC 16022 asks for a quiet zone of one module; two are left, so that text and edges of paper
 * stay away.
 */
#include "view/mark.h"

enum { QUIET = 2, LETTER_HEIGHT = 3, LETTERS_A_LINE = 40 };

/* Width of a letter of the font, in modules: monospaced, so that a line's width is known. */
static const double letter_width = 1.81;

static void write_modules(struct numu_output *out, const struct numu_symbol *symbol) {
    numu_output_raw(out, "<path d=\"");
    for (unsigned y = 0; y < symbol->height; y++) {
        for (unsigned x = 0; x < symbol->width;) {
            unsigned run = 0;
            while (x + run < symbol->width && symbol->dark[y][x + run]) {
                run++;
            }
            if (run > 0) {
                numu_output_printf(out, "M%u %uh%uv1h-%uz", x + QUIET, y + QUIET, run, run);
            }
            x += run + 1;
        }
    }
    numu_output_raw(out, "\"/>\n");
}

/* The line in pieces of LETTERS_A_LINE bytes, cut between characters. */
static unsigned write_lines(struct numu_output *out, struct numu_text line, unsigned top) {
    unsigned lines = 0;
    while (line.length > 0) {
        size_t length = 0;
        while (length < line.length && length < LETTERS_A_LINE) {
            uint32_t unused;
            length += numu_utf8_decode((struct numu_text){line.data + length, line.length - length},
                                       &unused);
        }
        if (out != NULL) {
            numu_output_printf(out, "<text x=\"%d\" y=\"%u\" xml:space=\"preserve\">", QUIET,
                               top + (lines + 1) * LETTER_HEIGHT);
            numu_output_text(out, (struct numu_text){line.data, length});
            numu_output_raw(out, "</text>\n");
        }
        lines++;
        line = (struct numu_text){line.data + length, line.length - length};
    }
    return lines;
}

numu_status numu_view_mark(struct numu_buffer *buffer, const struct numu_mark *mark) {
    struct numu_output out;
    unsigned top = mark->symbol.height + 2 * QUIET;
    unsigned lines = write_lines(NULL, mark->line, top);
    size_t letters = mark->line.length < LETTERS_A_LINE ? mark->line.length : LETTERS_A_LINE;
    unsigned width = mark->symbol.width + 2 * QUIET;
    unsigned text_width = (unsigned)((double)letters * letter_width) + 2 * QUIET + 1;
    width = text_width > width ? text_width : width;
    unsigned height = top + lines * LETTER_HEIGHT + QUIET;
    numu_output_init(&out, buffer, NUMU_LANGUAGE_EN, true);
    numu_output_printf(&out,
                       "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %u %u\" "
                       "width=\"%.1fmm\" height=\"%.1fmm\" role=\"img\" "
                       "shape-rendering=\"crispEdges\">\n<title>",
                       width, height, width / 2.0, height / 2.0);
    numu_output_text(&out, mark->message);
    numu_output_printf(&out, "</title>\n<rect width=\"%u\" height=\"%u\" fill=\"#fff\"/>\n", width,
                       height);
    write_modules(&out, &mark->symbol);
    numu_output_printf(&out, "<g font-family=\"'DejaVu Sans Mono',monospace\" font-size=\"%d\">\n",
                       LETTER_HEIGHT);
    (void)write_lines(&out, mark->line, top - 1);
    numu_output_raw(&out, "</g>\n</svg>\n");
    return numu_output_finish(&out);
}
