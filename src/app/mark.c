/*
 * mark.c - see mark.h.
 *
 * The line of text has what the International Tracing Instrument (A/60/88, paragraph 8(a)) asks of
 * a mark: maker, country, year where the number tells it, and the number itself.
 */
#include "app/mark.h"

#include "rules/envelope.h"
#include "rules/lot_number.h"

#include <stdio.h>

const char *const numu_mark_carriers[] = {"gs1", "di", "text", NULL};

struct marking {
    const struct numu_mark_request *request;
    struct numu_arena *arena;
    struct numu_report *report;
    struct numu_mark *out;
};

/* "is no right mark: WHY (DETAIL)". */
static void tell(const struct marking *marking, const char *why, struct numu_text name,
                 struct numu_text detail) {
    struct numu_diagnostic finding = {
        .code = NUMU_CODE_BAD_MARK, .place = NUMU_NOWHERE, .related = NUMU_NOWHERE};
    finding.arguments[0] = numu_argument_text(marking->request->object);
    finding.arguments[1] = numu_argument_string(why);
    if (detail.length > 0) {
        finding.arguments[2] = numu_argument_text(detail);
    }
    if (name.length > 0) {
        finding.arguments[3] = numu_argument_text(name);
    }
    numu_report_add(marking->report, &finding);
}

static numu_status refuse(const struct marking *marking, const char *why, struct numu_text detail) {
    tell(marking, why, (struct numu_text){NULL, 0}, detail);
    return NUMU_INVALID;
}

static numu_status add_element(struct marking *marking, struct numu_text name,
                               struct numu_text value, struct numu_text title) {
    NUMU_TRY(numu_sheet_add_text(&marking->out->elements, name));
    NUMU_TRY(numu_sheet_add_text(&marking->out->elements, value));
    return numu_sheet_add_text(&marking->out->elements, title);
}

/* What a buffer holds, in the arena; the buffer is released. */
static numu_status take_buffer(const struct marking *marking, numu_status status,
                               struct numu_buffer *buffer, struct numu_text *out) {
    if (status == NUMU_OK) {
        status =
            numu_text_copy(marking->arena, (struct numu_text){buffer->data, buffer->length}, out);
    }
    numu_buffer_release(buffer);
    return status;
}

/* --- element strings --- */

static void tell_gs1(const struct marking *marking, const struct numu_gs1_finding *finding) {
    static const char *const words[] = {"kind.mark_fine",        "kind.mark_no_string",
                                        "kind.mark_unknown_ai",  "kind.mark_bad_length",
                                        "kind.mark_bad_letter",  "kind.mark_bad_check",
                                        "kind.mark_bad_content", "kind.mark_repeated",
                                        "kind.mark_missing",     "kind.mark_excluded"};
    _Static_assert(sizeof words / sizeof *words == NUMU_GS1_PROBLEM_COUNT, "each has a word");
    bool is_same = numu_text_is_equal(finding->ai, finding->detail);
    tell(marking, words[finding->problem], is_same ? (struct numu_text){NULL, 0} : finding->ai,
         finding->detail);
}

static numu_status mark_gs1(struct marking *marking, struct numu_text text) {
    struct numu_gs1_dictionary dictionary;
    struct numu_gs1_string string;
    struct numu_gs1_finding findings[NUMU_GS1_FINDINGS_MAX];
    struct numu_buffer words;
    struct numu_mark *out = marking->out;
    NUMU_TRY(numu_gs1_dictionary_open(marking->arena, &dictionary));
    out->kind = NUMU_TEXT("gs1");
    numu_status status = numu_gs1_string_read(&dictionary, text, &string, findings);
    if (status == NUMU_INVALID) {
        tell_gs1(marking, &findings[0]);
    }
    NUMU_TRY(status);
    size_t count = numu_gs1_string_check(&string, findings, &out->unchecked);
    for (size_t i = 0; i < count; i++) {
        tell_gs1(marking, &findings[i]);
    }
    for (size_t i = 0; i < string.count; i++) {
        const struct numu_gs1_element *element = &string.elements[i];
        NUMU_TRY(add_element(marking, element->ai, element->value, element->rule->title));
    }
    if (count > 0) {
        return NUMU_INVALID;
    }
    numu_buffer_init(&words, marking->arena->heap, 0);
    NUMU_TRY(take_buffer(marking, numu_gs1_string_write(&string, &words), &words, &out->message));
    out->line = out->line.length > 0 ? out->line : out->message;
    return numu_symbol_make_gs1(&string, marking->arena->heap, &out->symbol);
}

/* --- messages --- */

static numu_status refuse_envelope(const struct marking *marking,
                                   const struct numu_envelope_finding *finding) {
    static const char *const words[] = {
        "kind.mark_fine",           "kind.mark_no_header",  "kind.mark_no_trailer",
        "kind.mark_unknown_format", "kind.mark_bad_field",  "kind.mark_no_identifier",
        "kind.mark_bad_enterprise", "kind.mark_bad_length", "kind.mark_bad_letter"};
    _Static_assert(sizeof words / sizeof *words == NUMU_ENVELOPE_PROBLEM_COUNT, "each has a word");
    return refuse(marking, words[finding->problem], finding->detail);
}

/* Format 05 holds an element string, which must be right too. */
static numu_status check_elements(struct marking *marking, const struct numu_envelope *envelope) {
    struct numu_gs1_dictionary dictionary;
    struct numu_gs1_finding findings[NUMU_GS1_FINDINGS_MAX];
    struct numu_gs1_string *strings;
    struct numu_gs1_string all = {.count = 0};
    NUMU_TRY(numu_gs1_dictionary_open(marking->arena, &dictionary));
    NUMU_TRY(NUMU_TAKE(marking->arena, &strings, envelope->count));
    for (size_t i = 0; i < envelope->count; i++) {
        struct numu_text field = envelope->fields[i].value;
        if (numu_gs1_string_read(&dictionary, field, &strings[i], findings) != NUMU_OK) {
            tell_gs1(marking, &findings[0]);
            return NUMU_INVALID;
        }
        for (size_t j = 0; j < strings[i].count && all.count < NUMU_GS1_ELEMENTS_MAX; j++) {
            all.elements[all.count++] = strings[i].elements[j];
        }
    }
    size_t count = numu_gs1_string_check(&all, findings, &marking->out->unchecked);
    for (size_t i = 0; i < count; i++) {
        tell_gs1(marking, &findings[i]);
    }
    return count > 0 ? NUMU_INVALID : NUMU_OK;
}

static numu_status mark_message(struct marking *marking, struct numu_text bytes) {
    struct numu_envelope envelope;
    struct numu_envelope_finding finding;
    struct numu_item_identifier identifier;
    struct numu_buffer words;
    struct numu_mark *out = marking->out;
    out->kind = NUMU_TEXT("message");
    numu_status status = numu_envelope_read(bytes, &envelope, &finding);
    if (status == NUMU_INVALID) {
        return refuse_envelope(marking, &finding);
    }
    NUMU_TRY(status);
    for (size_t i = 0; i < envelope.count; i++) {
        NUMU_TRY(add_element(marking, envelope.fields[i].name, envelope.fields[i].value,
                             (struct numu_text){NULL, 0}));
    }
    if (envelope.format == NUMU_ENVELOPE_AI) {
        NUMU_TRY(check_elements(marking, &envelope));
    }
    status = numu_item_identifier_of(&envelope, &identifier, &finding);
    /* A lot, or a pallet, is no single item: a message without an identifier is right, too. */
    if (status == NUMU_INVALID && finding.problem != NUMU_ENVELOPE_NO_IDENTIFIER) {
        return refuse_envelope(marking, &finding);
    }
    if (status == NUMU_OK) {
        NUMU_TRY(numu_text_copy(marking->arena, numu_text_of(identifier.whole), &out->identifier));
    }
    numu_buffer_init(&words, marking->arena->heap, 0);
    NUMU_TRY(take_buffer(marking, numu_envelope_to_words(bytes, &words), &words, &out->message));
    out->line = out->line.length > 0         ? out->line
                : out->identifier.length > 0 ? out->identifier
                                             : out->message;
    return numu_symbol_make(bytes, &out->symbol);
}

/* --- numbers of a package --- */

/* "Maker COUNTRY (year) NUMBER". */
static numu_status make_line(struct marking *marking, numu_row item, bool is_lot) {
    const struct numu_mark_request *request = marking->request;
    const struct numu_model *model = request->model;
    struct numu_text maker = model->item.maker_code[item];
    struct numu_text country = model->package.country[0];
    struct numu_lot_number lot;
    char year[8] = "";
    size_t at;
    if (is_lot && numu_lot_number_parse(request->object, &lot, &at)) {
        (void)snprintf(year, sizeof year, "%s%02u ", lot.year < 70 ? "20" : "19", lot.year % 100U);
    }
    return numu_text_printf(marking->arena, &marking->out->line, "%.*s%s%.*s%s%s%.*s",
                            (int)maker.length, maker.data, maker.length > 0 ? " " : "",
                            (int)country.length, country.data, country.length > 0 ? " " : "", year,
                            (int)request->object.length, request->object.data);
}

static numu_status make_gs1(struct marking *marking, numu_row item, bool is_lot) {
    const struct numu_mark_request *request = marking->request;
    struct numu_text gtin = request->model->item.gtin[item], text;
    static const char zeros[] = "000000"; /* GTINs of 8, 12 and 13 digits stand in 14 */
    int missing = gtin.length < 14 ? 14 - (int)gtin.length : 0;
    if (gtin.length < 8) {
        return refuse(marking, "kind.mark_no_gtin", request->item);
    }
    NUMU_TRY(numu_text_printf(marking->arena, &text, "(01)%.*s%.*s(%s)%.*s", missing, zeros,
                              (int)gtin.length, gtin.data, is_lot ? "10" : "21",
                              (int)request->object.length, request->object.data));
    return mark_gs1(marking, text);
}

/* The item's id as a part number: capitals, digits and hyphens. */
static numu_status part_number(const struct marking *marking, struct numu_text id,
                               struct numu_text *out) {
    char *letters;
    NUMU_TRY(numu_text_to_string(marking->arena, id, &letters));
    for (size_t i = 0; i < id.length; i++) {
        bool is_lower = letters[i] >= 'a' && letters[i] <= 'z';
        bool is_mark = letters[i] == '_' || letters[i] == '.' || letters[i] == ':';
        letters[i] = is_lower ? (char)(letters[i] - 'a' + 'A') : is_mark ? '-' : letters[i];
    }
    *out = (struct numu_text){letters, id.length};
    return NUMU_OK;
}

static numu_status make_message(struct marking *marking, numu_row item, bool is_lot, bool is_text) {
    const struct numu_mark_request *request = marking->request;
    struct numu_text maker = request->model->item.maker_code[item], part, bytes;
    struct numu_buffer buffer;
    if (maker.length == 0) {
        return refuse(marking, "kind.mark_no_maker", request->item);
    }
    NUMU_TRY(part_number(marking, request->item, &part));
    struct numu_envelope envelope = {
        .format = is_text ? NUMU_ENVELOPE_TEXT : NUMU_ENVELOPE_DI,
        .fields = {{numu_text_of(is_text ? "MFR" : "17V"), maker},
                   {numu_text_of(is_text ? "PNO" : "1P"), part},
                   {numu_text_of(is_lot ? (is_text ? "LOT" : "1T") : (is_text ? "SEQ" : "S")),
                    request->object}},
        .count = 3};
    numu_buffer_init(&buffer, marking->arena->heap, 0);
    NUMU_TRY(take_buffer(marking, numu_envelope_write(&envelope, &buffer), &buffer, &bytes));
    return mark_message(marking, bytes);
}

static numu_status mark_number(struct marking *marking) {
    const struct numu_mark_request *request = marking->request;
    const struct numu_model *model = request->model;
    size_t at;
    if (model == NULL || request->item.length == 0) {
        return refuse(marking, "kind.mark_needs_item", (struct numu_text){NULL, 0});
    }
    numu_row item = numu_model_find(model, numu_schema_find(NUMU_TEXT("item")), request->item);
    if (item == NUMU_NONE) {
        return refuse(marking, "kind.mark_unknown_item", request->item);
    }
    if (!numu_pattern_fits(model->item.number_pattern[item], request->object, &at)) {
        return refuse(marking, "kind.mark_breaks_pattern", model->item.number_pattern[item]);
    }
    bool is_lot = model->item.control[item] == numu_control_lot;
    bool is_gs1 = request->has_carrier ? request->carrier == NUMU_CARRIER_GS1
                                       : model->item.gtin[item].length > 0;
    NUMU_TRY(make_line(marking, item, is_lot));
    return is_gs1 ? make_gs1(marking, item, is_lot)
                  : make_message(marking, item, is_lot,
                                 request->has_carrier && request->carrier == NUMU_CARRIER_TEXT);
}

static numu_status mark_any(struct marking *marking) {
    struct numu_text object = marking->request->object;
    struct numu_text bytes;
    struct numu_buffer buffer;
    bool is_gs1 = object.length > 0 && (object.data[0] == '(' || object.data[0] == ']');
    if (is_gs1) {
        return mark_gs1(marking, object);
    }
    if (!numu_envelope_is_likely(object)) {
        return mark_number(marking);
    }
    numu_buffer_init(&buffer, marking->arena->heap, 0);
    NUMU_TRY(take_buffer(marking, numu_envelope_from_words(object, &buffer), &buffer, &bytes));
    return mark_message(marking, bytes);
}

numu_status numu_app_mark(const struct numu_context *context,
                          const struct numu_mark_request *request, struct numu_arena *arena,
                          struct numu_report *report, struct numu_mark *out) {
    static const char *const columns[] = {"mark_name", "mark_value", "mark_meaning", NULL};
    static const char *const facts[] = {"mark_kind",       "mark_line",      "mark_message",
                                        "mark_identifier", "mark_unchecked", NULL};
    struct marking marking = {request, arena, report, out};
    *out = (struct numu_mark){.unchecked = 0};
    numu_sheet_init(&out->elements, context->heap, "numu.mark/1", "elements", columns);
    numu_status status = mark_any(&marking);
    if (status == NUMU_INVALID && numu_report_total(report, NUMU_ERROR) == 0) {
        status = refuse(&marking, "kind.mark_no_symbol", (struct numu_text){NULL, 0});
    } else if (status == NUMU_LIMIT) {
        status = refuse(&marking, "kind.mark_bad_length", (struct numu_text){NULL, 0});
    }
    out->elements.fact_names = facts;
    out->elements.facts[0] = numu_argument_text(out->kind);
    out->elements.facts[1] = numu_argument_text(out->line);
    out->elements.facts[2] = numu_argument_text(out->message);
    out->elements.facts[3] = numu_argument_text(out->identifier);
    out->elements.facts[4] = numu_argument_integer((int64_t)out->unchecked);
    return status;
}
