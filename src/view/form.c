/*
 * form.c - see form.h.
 *
 * A page has the instrument's own name in its language, a fact a line with the clause that asks for
 * it, the list, and room for a signature. What is needed and lacking is said in red where it would
 * stand, so that nobody signs a page with a silent gap.
 */
#include "view/form.h"

#include "view/value.h"

#include <stdio.h>
#include <string.h>

/* --- words --- */

static numu_word word_of(const char *prefix, const char *name) {
    char word[80];
    int length = snprintf(word, sizeof word, "%s%s", prefix, name);
    numu_word found = numu_word_find((struct numu_text){word, (size_t)length});
    numu_assert(found != NUMU_WORD_COUNT);
    return found;
}

static bool is_number(const struct numu_argument *cell) {
    return cell->kind == NUMU_ARGUMENT_INTEGER || cell->kind == NUMU_ARGUMENT_NUMBER;
}

/* --- the page --- */

static const char style[] =
    "body{font:13px/1.4 system-ui,\"DejaVu Sans\",sans-serif;margin:24px auto;max-width:900px;"
    "padding:0 16px;color:#1b1f23;background:#fff}"
    "body.wide{max-width:1400px}"
    ".facts th::first-letter,.list "
    "th::first-letter{text-transform:uppercase}td.d{white-space:nowrap}"
    "h1{font-size:20px;margin:0 0 2px}.law{color:#4a5158;margin:0 0 14px;max-width:46rem}"
    ".says{margin:12px 0;max-width:46rem}"
    "table{border-collapse:collapse;width:100%;margin:0 0 14px;font-variant-numeric:tabular-nums}"
    "th,td{border:1px solid #c8ccd0;padding:3px 7px;text-align:left;vertical-align:top;"
    "overflow-wrap:break-word}th{background:#f2f4f6;font-weight:600}"
    ".facts th{width:34%}.facts td.c{width:16%;color:#4a5158;font-size:11px;white-space:nowrap}"
    ".n{text-align:right;white-space:nowrap}.gap{color:#a4161a;font-weight:600}"
    ".list{font-size:11px}.list th{font-size:10px;vertical-align:bottom}"
    ".none{color:#4a5158}.sign{margin-top:22px}.sign td{height:46px;width:33%;font-size:11px;"
    "color:#4a5158}"
    ".foot{font-size:10px;color:#4a5158;border-top:1px solid #c8ccd0;padding-top:4px}"
    "@media print{@page{size:A4;margin:14mm}body{margin:0;max-width:none;padding:0;"
    "font-size:11px}tr{break-inside:avoid}thead{display:table-header-group}"
    "h1{font-size:17px}.list{font-size:8.5px}.list th{font-size:8px}"
    ".list th,.list td{padding:2px 3px}.sign{break-inside:avoid}"
    "*{print-color-adjust:exact;-webkit-print-color-adjust:exact}}"
    "@media print{body.wide{page:broad}@page broad{size:A4 landscape;margin:10mm}}";

static void write_cell(struct numu_output *out, const struct numu_argument *cell) {
    numu_word word;
    switch (cell->kind) {
    case NUMU_ARGUMENT_TEXT:
        if (numu_value_word(cell, &word)) {
            numu_output_word(out, word);
        } else {
            numu_output_text(out, cell->text);
        }
        break;
    case NUMU_ARGUMENT_INTEGER:
        numu_output_integer(out, cell->number);
        break;
    case NUMU_ARGUMENT_NUMBER:
        numu_output_number(out, cell->number, cell->decimals,
                           cell->decimals == NUMU_PRICE_DECIMALS ? 3 : cell->decimals, true);
        break;
    case NUMU_ARGUMENT_DAY:
        numu_output_day(out, (numu_day)cell->number);
        break;
    case NUMU_ARGUMENT_MONTH:
        numu_output_month(out, (numu_month)cell->number);
        break;
    default:
        break;
    }
}

static void write_gap(struct numu_output *out, const struct numu_form_field *field) {
    if (field->is_needed) {
        numu_output_raw(out, "<span class=\"gap\">");
        numu_output_word(out, NUMU_WORD_form_gap);
        numu_output_raw(out, "</span>");
    } else {
        numu_output_raw(out, "–");
    }
}

/* A year is a name and has no separator. */
static void write_year(struct numu_output *out, const struct numu_argument *cell) {
    numu_output_printf(out, "%lld", (long long)cell->number);
}

static void write_facts(struct numu_output *out, const struct numu_form_page *form) {
    numu_output_raw(out, "<table class=\"facts\"><tbody>\n");
    for (size_t i = 0; i < form->kind->count; i++) {
        const struct numu_form_field *field = &form->kind->fields[i];
        const struct numu_argument *fact = &form->facts[i];
        if (field->is_column) {
            continue;
        }
        numu_output_raw(out, "<tr><th scope=\"row\">");
        numu_output_word(out, word_of("form_", field->name));
        numu_output_raw(out, "</th><td>");
        if (numu_form_is_empty(fact)) {
            write_gap(out, field);
        } else if (strcmp(field->name, "year") == 0 && fact->kind == NUMU_ARGUMENT_INTEGER) {
            write_year(out, fact);
        } else {
            write_cell(out, fact);
        }
        numu_output_raw(out, "</td><td class=\"c\">");
        numu_output_string(out, field->clause);
        numu_output_raw(out, "</td></tr>\n");
    }
    numu_output_raw(out, "</tbody></table>\n");
}

/* A column that no row fills, and that need not be there, only takes room on paper. */
static bool is_shown(const struct numu_form_page *form, size_t field) {
    if (!form->kind->fields[field].is_column || form->kind->fields[field].is_needed) {
        return form->kind->fields[field].is_column;
    }
    for (size_t row = 0; row < form->rows; row++) {
        if (!numu_form_is_empty(numu_form_cell(form, row, field))) {
            return true;
        }
    }
    return false;
}

static bool is_numeric(const struct numu_form_page *form, size_t field) {
    for (size_t row = 0; row < form->rows; row++) {
        if (is_number(numu_form_cell(form, row, field))) {
            return true;
        }
    }
    return false;
}

static void write_list(struct numu_output *out, const struct numu_form_page *form) {
    bool shown[NUMU_FORM_FIELDS_MAX], numeric[NUMU_FORM_FIELDS_MAX];
    numu_output_raw(out, "<table class=\"list\"><thead><tr>");
    for (size_t i = 0; i < form->kind->count; i++) {
        shown[i] = is_shown(form, i);
        numeric[i] = shown[i] && is_numeric(form, i);
        if (shown[i]) {
            numu_output_raw(out,
                            numeric[i] ? "<th class=\"n\" scope=\"col\">" : "<th scope=\"col\">");
            numu_output_word(out, word_of("form_", form->kind->fields[i].name));
            numu_output_raw(out, "</th>");
        }
    }
    numu_output_raw(out, "</tr></thead><tbody>\n");
    for (size_t row = 0; row < form->rows; row++) {
        numu_output_raw(out, "<tr>");
        for (size_t i = 0; i < form->kind->count; i++) {
            if (!shown[i]) {
                continue;
            }
            const struct numu_argument *cell = numu_form_cell(form, row, i);
            bool is_date = cell->kind == NUMU_ARGUMENT_DAY || cell->kind == NUMU_ARGUMENT_MONTH;
            numu_output_raw(out, numeric[i] ? "<td class=\"n\">"
                                 : is_date  ? "<td class=\"d\">"
                                            : "<td>");
            if (numu_form_is_empty(cell)) {
                write_gap(out, &form->kind->fields[i]);
            } else {
                write_cell(out, cell);
            }
            numu_output_raw(out, "</td>");
        }
        numu_output_raw(out, "</tr>\n");
    }
    numu_output_raw(out, "</tbody></table>\n");
}

static size_t count_columns(const struct numu_form_page *form) {
    size_t count = 0;
    for (size_t i = 0; i < form->kind->count; i++) {
        count += form->kind->fields[i].is_column;
    }
    return count;
}

static void write_signature(struct numu_output *out) {
    static const numu_word words[] = {NUMU_WORD_form_sign_name, NUMU_WORD_form_sign_place,
                                      NUMU_WORD_form_sign_seal};
    numu_output_raw(out, "<table class=\"sign\"><tr>");
    for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
        numu_output_raw(out, "<td>");
        numu_output_word(out, words[i]);
        numu_output_raw(out, "</td>");
    }
    numu_output_raw(out, "</tr></table>\n");
}

static void write_page(struct numu_output *out, const struct numu_form_page *form,
                       const struct numu_stamp *stamp) {
    enum { COLUMNS_UPRIGHT = 8 };
    size_t columns = count_columns(form);
    numu_output_printf(out,
                       "<!DOCTYPE html>\n<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n"
                       "<title>",
                       numu_language_code(out->language));
    numu_output_word(out, word_of("form_title_", form->kind->word));
    numu_output_raw(out, "</title>\n<style>");
    numu_output_raw(out, style);
    numu_output_printf(out, "</style>\n</head>\n<body%s>\n<h1>",
                       columns > COLUMNS_UPRIGHT ? " class=\"wide\"" : "");
    numu_output_word(out, word_of("form_title_", form->kind->word));
    numu_output_raw(out, "</h1>\n<p class=\"law\">");
    numu_output_word(out, word_of("form_law_", form->kind->word));
    numu_output_raw(out, "</p>\n");
    write_facts(out, form);
    if (form->rows > 0) {
        write_list(out, form);
    } else if (columns > 0) {
        numu_output_raw(out, "<p class=\"none\">");
        numu_output_word(out, NUMU_WORD_form_nil);
        numu_output_raw(out, "</p>\n");
    }
    numu_output_raw(out, "<p class=\"says\">");
    numu_output_word(out, word_of("form_says_", form->kind->word));
    numu_output_raw(out, "</p>\n");
    write_signature(out);
    numu_output_raw(out, "<p class=\"foot\">numu ");
    numu_output_text(out, stamp->version);
    if (stamp->inputs_sha256.length > 0) {
        numu_output_raw(out, ", SHA-256 ");
        numu_output_text(out, stamp->inputs_sha256);
    }
    numu_output_raw(out, "</p>\n</body>\n</html>\n");
}

/* --- for machines --- */

static numu_status write_plain(struct numu_buffer *buffer, const struct numu_argument *cell) {
    return numu_form_is_empty(cell) ? NUMU_OK : numu_value_write_csv(buffer, cell);
}

static numu_status write_csv(struct numu_buffer *buffer, const struct numu_form_page *form) {
    const struct numu_form_kind *kind = form->kind;
    size_t rows = form->rows > 0 ? form->rows : 1;
    for (size_t i = 0; i < kind->count; i++) {
        NUMU_TRY(numu_buffer_printf(buffer, "%s%s", i > 0 ? "," : "", kind->fields[i].name));
    }
    for (size_t row = 0; row < rows; row++) {
        for (size_t i = 0; i < kind->count; i++) {
            bool is_column = kind->fields[i].is_column;
            NUMU_TRY(numu_buffer_append_char(buffer, i > 0 ? ',' : '\n'));
            if (!is_column || form->rows > 0) {
                NUMU_TRY(write_plain(buffer,
                                     is_column ? numu_form_cell(form, row, i) : &form->facts[i]));
            }
        }
    }
    return numu_buffer_append_char(buffer, '\n');
}

static void write_json_cell(struct numu_json_writer *json, const char *name,
                            const struct numu_argument *cell) {
    numu_json_key(json, name);
    if (numu_form_is_empty(cell)) {
        numu_json_null(json);
    } else {
        numu_value_write_json(json, cell);
    }
}

static numu_status write_json(struct numu_buffer *buffer, const struct numu_form_page *form,
                              const struct numu_stamp *stamp) {
    struct numu_json_writer json;
    char format[64];
    (void)snprintf(format, sizeof format, "numu.form.%s/1", form->kind->name);
    numu_json_writer_init(&json, buffer);
    numu_json_begin_object(&json);
    numu_json_stamp(&json, format, stamp);
    for (size_t i = 0; i < form->kind->count; i++) {
        if (!form->kind->fields[i].is_column) {
            write_json_cell(&json, form->kind->fields[i].name, &form->facts[i]);
        }
    }
    numu_json_key(&json, "rows");
    numu_json_begin_array(&json);
    for (size_t row = 0; row < form->rows; row++) {
        numu_json_begin_line_object(&json);
        for (size_t i = 0; i < form->kind->count; i++) {
            if (form->kind->fields[i].is_column) {
                write_json_cell(&json, form->kind->fields[i].name, numu_form_cell(form, row, i));
            }
        }
        numu_json_end_object(&json);
    }
    numu_json_end_array(&json);
    numu_json_end_object(&json);
    NUMU_TRY(json.status);
    return numu_buffer_append_char(buffer, '\n');
}

numu_status numu_view_form(struct numu_buffer *buffer, const struct numu_form_page *form,
                           const struct numu_stamp *stamp, numu_language language,
                           numu_format format) {
    size_t start = buffer->length;
    if (format == NUMU_FORMAT_TABLE) {
        struct numu_output out;
        numu_output_init(&out, buffer, language, true);
        write_page(&out, form, stamp);
        return numu_output_finish(&out);
    }
    numu_status status =
        format == NUMU_FORMAT_CSV ? write_csv(buffer, form) : write_json(buffer, form, stamp);
    numu_buffer_cut(buffer, status, start);
    return status;
}
