/*
 * findings.c - diagnostics in words.
 */
#include "view/findings.h"

#include "base/csv.h"
#include "view/place.h"

#include <string.h>

enum { EXPLANATION_COLUMNS = 80 };

/* Everything that the writers below share. */
struct view {
    struct numu_output out;
    const struct numu_sources *sources;
    const struct numu_report *report;
    const struct numu_diagnostic *list; /* sorted */
    size_t count;
    const struct numu_spot *spots; /* of places 0 … count-1, then of related places */
    bool color;
};

static const struct numu_spot *spot_of(const struct view *view, size_t number, bool is_related) {
    return &view->spots[number + (is_related ? view->count : 0)];
}

/* --- sentences --- */

static bool is_missing(const struct numu_argument *argument) {
    switch (argument->kind) {
    case NUMU_ARGUMENT_NONE:
        return true;
    case NUMU_ARGUMENT_TEXT:
        return argument->text.length == 0;
    case NUMU_ARGUMENT_INTEGER:
    case NUMU_ARGUMENT_NUMBER:
    case NUMU_ARGUMENT_MONEY:
        return argument->number == NUMU_NO_NUMBER;
    case NUMU_ARGUMENT_DAY:
    case NUMU_ARGUMENT_MONTH:
        return argument->number == NUMU_NO_DAY;
    }
    return true;
}

static bool has_all(struct numu_text form, const struct numu_argument *arguments) {
    for (size_t at = 0; at < form.length; at++) {
        int number = numu_placeholder_at(form, at);
        if (number >= 0 && is_missing(&arguments[number])) {
            return false;
        }
    }
    return true;
}

/* The first line of `forms` whose arguments are all there; empty where there is none. */
static struct numu_text choose_form(const char *forms, const struct numu_argument *arguments) {
    while (*forms != '\0') {
        struct numu_text form = {forms, strcspn(forms, "\n")};
        if (has_all(form, arguments)) {
            return form;
        }
        forms += form.length;
        forms += *forms == '\n';
    }
    return (struct numu_text){"", 0};
}

static void write_message(struct numu_output *out, const struct numu_diagnostic *finding) {
    const char *forms = numu_sentence_get(out->language, finding->code).sentence;
    struct numu_text form = choose_form(forms, finding->arguments);
    if (form.length == 0) { /* a gap in a sentence is better than none */
        form = (struct numu_text){forms, strcspn(forms, "\n")};
    }
    numu_output_pattern(out, form, finding->arguments);
}

static bool write_hint(struct numu_output *out, const struct numu_diagnostic *finding) {
    const char *forms = numu_sentence_get(out->language, finding->code).hint;
    struct numu_text form = choose_form(forms, finding->arguments);
    numu_output_pattern(out, form, finding->arguments);
    return form.length > 0;
}

static const char *severity_name(numu_severity severity) {
    switch (severity) {
    case NUMU_NOTE:
        return "note";
    case NUMU_WARNING:
        return "warning";
    case NUMU_ERROR:
        return "error";
    }
    return "error";
}

static numu_word severity_word(numu_severity severity) {
    switch (severity) {
    case NUMU_NOTE:
        return NUMU_WORD_note;
    case NUMU_WARNING:
        return NUMU_WORD_warning;
    case NUMU_ERROR:
        return NUMU_WORD_error;
    }
    return NUMU_WORD_error;
}

/* --- as compilers say it --- */

static void paint(struct view *view, const char *escape) {
    if (view->color) {
        numu_output_raw(&view->out, escape);
    }
}

static const char *severity_color(numu_severity severity) {
    return severity == NUMU_ERROR     ? "\033[1;31m"
           : severity == NUMU_WARNING ? "\033[1;35m"
                                      : "\033[1;36m";
}

/* "demand.csv:12:4: " */
static void write_place(struct view *view, const struct numu_place *place,
                        const struct numu_spot *spot) {
    if (place->source == NUMU_NO_SOURCE) {
        return;
    }
    paint(view, "\033[1m");
    numu_output_text(&view->out, view->sources->list[place->source].path);
    if (spot->line > 0) {
        numu_output_printf(&view->out, ":%llu:%llu", (unsigned long long)spot->line,
                           (unsigned long long)spot->column);
    }
    numu_output_raw(&view->out, ":");
    paint(view, "\033[0m");
    numu_output_raw(&view->out, " ");
}

static void write_related(struct view *view, const struct numu_diagnostic *finding,
                          const struct numu_spot *spot) {
    bool is_first = finding->code == NUMU_CODE_DUPLICATE_ID ||
                    finding->code == NUMU_CODE_DUPLICATE_COLUMN ||
                    finding->code == NUMU_CODE_DUPLICATE_TABLE;
    write_place(view, &finding->related, spot);
    paint(view, severity_color(NUMU_NOTE));
    numu_output_word(&view->out, NUMU_WORD_note);
    paint(view, "\033[0m");
    numu_output_word(&view->out, NUMU_WORD_colon);
    numu_output_word(&view->out, is_first ? NUMU_WORD_first_here : NUMU_WORD_see_here);
    numu_output_raw(&view->out, "\n");
    numu_output_excerpt(&view->out, view->sources, &finding->related, spot,
                        view->color ? "\033[36m" : "", view->color ? "\033[0m" : "");
}

static void write_finding(struct view *view, size_t number) {
    const struct numu_diagnostic *finding = &view->list[number];
    const struct numu_spot *spot = spot_of(view, number, false);
    struct numu_output *out = &view->out;
    numu_severity severity = numu_code_severity(finding->code);
    write_place(view, &finding->place, spot);
    paint(view, severity_color(severity));
    numu_output_word(out, severity_word(severity));
    numu_output_printf(out, "[%s]", numu_code_text(finding->code));
    paint(view, "\033[0m");
    numu_output_word(out, NUMU_WORD_colon);
    write_message(out, finding);
    numu_output_raw(out, "\n");
    if (finding->place.source != NUMU_NO_SOURCE) {
        numu_output_excerpt(out, view->sources, &finding->place, spot,
                            view->color ? severity_color(severity) : "",
                            view->color ? "\033[0m" : "");
    }
    if (finding->related.source != NUMU_NO_SOURCE) {
        write_related(view, finding, spot_of(view, number, true));
    }
    if (choose_form(numu_sentence_get(out->language, finding->code).hint, finding->arguments)
            .length > 0) {
        paint(view, "\033[32m");
        numu_output_word(out, NUMU_WORD_hint);
        paint(view, "\033[0m");
        numu_output_word(out, NUMU_WORD_colon);
        (void)write_hint(out, finding);
        numu_output_raw(out, "\n");
    }
}

static void write_rest(struct view *view, numu_code code, uint64_t shown) {
    uint64_t more = view->report->counts[code] - shown;
    if (more > 0) {
        numu_output_fill_two(&view->out, NUMU_WORD_more_like_this,
                             numu_argument_integer((int64_t)more),
                             numu_argument_string(numu_code_text(code)));
        numu_output_raw(&view->out, "\n");
    }
}

/* "3 errors, 2 warnings" */
static void write_totals(struct view *view) {
    struct numu_output *out = &view->out;
    uint64_t notes = numu_report_total(view->report, NUMU_NOTE);
    numu_output_count(out, (int64_t)numu_report_total(view->report, NUMU_ERROR),
                      NUMU_WORD_one_error, NUMU_WORD_many_errors);
    numu_output_raw(out, ", ");
    numu_output_count(out, (int64_t)numu_report_total(view->report, NUMU_WARNING),
                      NUMU_WORD_one_warning, NUMU_WORD_many_warnings);
    if (notes > 0) {
        numu_output_raw(out, ", ");
        numu_output_count(out, (int64_t)notes, NUMU_WORD_one_note, NUMU_WORD_many_notes);
    }
    numu_output_raw(out, "\n");
}

static void write_text(struct view *view) {
    uint64_t shown[NUMU_CODE_COUNT] = {0};
    uint64_t kept[NUMU_CODE_COUNT] = {0};
    for (size_t i = 0; i < view->count; i++) {
        kept[view->list[i].code]++;
    }
    for (size_t i = 0; i < view->count; i++) {
        numu_code code = view->list[i].code;
        write_finding(view, i);
        shown[code]++;
        if (shown[code] == kept[code]) {
            write_rest(view, code, shown[code]);
        }
        numu_output_raw(&view->out, "\n");
    }
    for (int code = 1; code < NUMU_CODE_COUNT; code++) {
        if (kept[code] == 0) {
            write_rest(view, (numu_code)code, 0);
        }
    }
    write_totals(view);
}

/* --- CSV --- */

static void write_csv_field(struct view *view, struct numu_text text, bool is_last) {
    if (view->out.status == NUMU_OK) {
        view->out.status = numu_csv_write(view->out.buffer, text, ',');
    }
    numu_output_raw(&view->out, is_last ? "\n" : ",");
}

static void write_csv(struct view *view, struct numu_buffer *scratch) {
    numu_output_raw(&view->out, "severity,code,file,line,column,message,hint\n");
    for (size_t i = 0; i < view->count; i++) {
        const struct numu_diagnostic *finding = &view->list[i];
        const struct numu_spot *spot = spot_of(view, i, false);
        struct numu_text path = {NULL, 0};
        if (finding->place.source != NUMU_NO_SOURCE) {
            path = view->sources->list[finding->place.source].path;
        }
        numu_output_printf(&view->out, "%s,%s,", severity_name(numu_code_severity(finding->code)),
                           numu_code_text(finding->code));
        write_csv_field(view, path, false);
        if (spot->line > 0) {
            numu_output_printf(&view->out, "%llu,%llu,", (unsigned long long)spot->line,
                               (unsigned long long)spot->column);
        } else {
            numu_output_raw(&view->out, ",,");
        }
        for (int is_hint = 0; is_hint < 2 && view->out.status == NUMU_OK; is_hint++) {
            struct numu_output words;
            numu_buffer_clear(scratch);
            numu_output_init(&words, scratch, view->out.language, false);
            if (is_hint) {
                (void)write_hint(&words, finding);
            } else {
                write_message(&words, finding);
            }
            view->out.status = numu_output_finish(&words);
            write_csv_field(view, (struct numu_text){scratch->data, scratch->length}, is_hint);
        }
    }
}

/* --- JSON --- */

static void json_place(struct numu_json_writer *writer, const struct view *view,
                       const struct numu_place *place, const struct numu_spot *spot) {
    numu_json_key(writer, "file");
    if (place->source == NUMU_NO_SOURCE) {
        numu_json_null(writer);
    } else {
        numu_json_text(writer, view->sources->list[place->source].path);
    }
    numu_json_key(writer, "line");
    if (spot->line > 0) {
        numu_json_integer(writer, (int64_t)spot->line);
    } else {
        numu_json_null(writer);
    }
    numu_json_key(writer, "column");
    if (spot->line > 0) {
        numu_json_integer(writer, (int64_t)spot->column);
    } else {
        numu_json_null(writer);
    }
}

static void json_words(struct numu_json_writer *writer, struct view *view,
                       struct numu_buffer *scratch, const struct numu_diagnostic *finding) {
    struct numu_output words;
    numu_buffer_clear(scratch);
    numu_output_init(&words, scratch, view->out.language, false);
    write_message(&words, finding);
    size_t end = scratch->length;
    bool has_hint = write_hint(&words, finding);
    view->out.status = numu_output_finish(&words);
    if (view->out.status != NUMU_OK) {
        end = 0;
        has_hint = false;
    }
    numu_json_key(writer, "message");
    numu_json_text(writer, (struct numu_text){scratch->data, end});
    numu_json_key(writer, "hint");
    if (has_hint) {
        numu_json_text(writer, (struct numu_text){scratch->data + end, scratch->length - end});
    } else {
        numu_json_null(writer);
    }
}

static void write_json_counts(struct numu_json_writer *writer, const struct numu_report *report) {
    numu_json_key(writer, "errors");
    numu_json_integer(writer, (int64_t)numu_report_total(report, NUMU_ERROR));
    numu_json_key(writer, "warnings");
    numu_json_integer(writer, (int64_t)numu_report_total(report, NUMU_WARNING));
    numu_json_key(writer, "counts");
    numu_json_begin_object(writer);
    for (int code = 1; code < NUMU_CODE_COUNT; code++) {
        if (report->counts[code] > 0) {
            numu_json_key(writer, numu_code_text((numu_code)code));
            numu_json_integer(writer, (int64_t)report->counts[code]);
        }
    }
    numu_json_end_object(writer);
}

static void write_json(struct view *view, const struct numu_stamp *stamp,
                       struct numu_buffer *scratch) {
    static const struct numu_stamp unknown = {.data_date = NUMU_NO_DAY};
    struct numu_json_writer writer;
    numu_json_writer_init(&writer, view->out.buffer);
    numu_json_begin_object(&writer);
    numu_json_stamp(&writer, "numu.check/1", stamp == NULL ? &unknown : stamp);
    write_json_counts(&writer, view->report);
    numu_json_key(&writer, "findings");
    numu_json_begin_array(&writer);
    for (size_t i = 0; i < view->count && view->out.status == NUMU_OK; i++) {
        const struct numu_diagnostic *finding = &view->list[i];
        numu_json_begin_object(&writer);
        numu_json_key(&writer, "code");
        numu_json_string(&writer, numu_code_text(finding->code));
        numu_json_key(&writer, "severity");
        numu_json_string(&writer, severity_name(numu_code_severity(finding->code)));
        json_place(&writer, view, &finding->place, spot_of(view, i, false));
        json_words(&writer, view, scratch, finding);
        if (finding->related.source != NUMU_NO_SOURCE) {
            numu_json_key(&writer, "related");
            numu_json_begin_line_object(&writer);
            json_place(&writer, view, &finding->related, spot_of(view, i, true));
            numu_json_end_object(&writer);
        }
        numu_json_end_object(&writer);
    }
    numu_json_end_array(&writer);
    numu_json_end_object(&writer);
    if (view->out.status == NUMU_OK) {
        view->out.status = writer.status;
    }
    numu_output_raw(&view->out, "\n");
}

/* --- all of it --- */

static numu_status find_spots(struct view *view, struct numu_arena *scratch) {
    struct numu_place *places;
    struct numu_spot *spots;
    NUMU_TRY(NUMU_TAKE(scratch, &places, 2 * view->count));
    NUMU_TRY(NUMU_TAKE(scratch, &spots, 2 * view->count));
    for (size_t i = 0; i < view->count; i++) {
        places[i] = view->list[i].place;
        places[view->count + i] = view->list[i].related;
    }
    NUMU_TRY(numu_spots_find(view->sources, places, 2 * view->count, scratch, spots));
    view->spots = spots;
    return NUMU_OK;
}

numu_status numu_view_findings(struct numu_buffer *buffer, struct numu_report *report,
                               const struct numu_sources *sources,
                               const struct numu_findings_options *options) {
    numu_report_sort(report);
    struct view view = {.sources = sources, .report = report, .color = options->color};
    view.list = numu_report_list(report, &view.count);
    numu_output_init(&view.out, buffer, options->language, false);
    struct numu_arena arena;
    struct numu_buffer scratch;
    numu_arena_init(&arena, buffer->heap);
    numu_buffer_init(&scratch, buffer->heap, 0);
    view.out.status = find_spots(&view, &arena);
    if (view.out.status == NUMU_OK) {
        switch (options->format) {
        case NUMU_FORMAT_TABLE:
            write_text(&view);
            break;
        case NUMU_FORMAT_CSV:
            write_csv(&view, &scratch);
            break;
        case NUMU_FORMAT_JSON:
            write_json(&view, options->stamp, &scratch);
            break;
        }
    }
    numu_buffer_release(&scratch);
    numu_arena_release(&arena);
    return numu_output_finish(&view.out);
}

numu_status numu_view_code(struct numu_buffer *buffer, numu_code code, numu_language language) {
    static const struct numu_argument gaps[NUMU_ARGUMENTS_MAX] = {
        {.kind = NUMU_ARGUMENT_TEXT, .text = {"…", sizeof "…" - 1}},
        {.kind = NUMU_ARGUMENT_TEXT, .text = {"…", sizeof "…" - 1}},
        {.kind = NUMU_ARGUMENT_TEXT, .text = {"…", sizeof "…" - 1}},
        {.kind = NUMU_ARGUMENT_TEXT, .text = {"…", sizeof "…" - 1}}};
    struct numu_output out;
    struct numu_sentence sentence = numu_sentence_get(language, code);
    numu_output_init(&out, buffer, language, false);
    numu_output_word(&out, severity_word(numu_code_severity(code)));
    numu_output_printf(&out, "[%s]", numu_code_text(code));
    numu_output_word(&out, NUMU_WORD_colon);
    numu_output_pattern(&out, choose_form(sentence.sentence, gaps), gaps);
    numu_output_raw(&out, "\n\n");
    const char *paragraph = sentence.explanation;
    while (*paragraph != '\0') {
        size_t length = strcspn(paragraph, "\n");
        numu_output_wrapped(&out, (struct numu_text){paragraph, length}, EXPLANATION_COLUMNS);
        paragraph += length;
        if (*paragraph == '\n') {
            numu_output_raw(&out, "\n");
            paragraph++;
        }
    }
    return numu_output_finish(&out);
}
