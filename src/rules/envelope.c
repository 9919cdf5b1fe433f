/*
 * envelope.c - see envelope.h.
 */
#include "rules/envelope.h"

#include <string.h>

const char *numu_envelope_problem_name(numu_envelope_problem problem) {
    static const char *const names[] = {"fine",           "no_header",  "no_trailer",
                                        "unknown_format", "bad_field",  "no_identifier",
                                        "bad_enterprise", "bad_length", "bad_letter"};
    _Static_assert(sizeof names / sizeof *names == NUMU_ENVELOPE_PROBLEM_COUNT, "each has a name");
    return names[problem];
}

static const char header[] = {'[', ')', '>', NUMU_CHARACTER_RS};

static numu_status refuse(struct numu_envelope_finding *out, numu_envelope_problem problem,
                          struct numu_text detail) {
    *out = (struct numu_envelope_finding){problem, detail};
    return NUMU_INVALID;
}

static bool is_digit(char letter) {
    return letter >= '0' && letter <= '9';
}

static bool is_upper(char letter) {
    return letter >= 'A' && letter <= 'Z';
}

/* --- control characters in words --- */

static const struct {
    const char *word;
    char character;
} controls[] = {
    {"{RS}", NUMU_CHARACTER_RS}, {"{GS}", NUMU_CHARACTER_GS}, {"{EOT}", NUMU_CHARACTER_EOT}};
enum { CONTROL_COUNT = sizeof controls / sizeof *controls };

bool numu_envelope_is_likely(struct numu_text text) {
    return text.length >= 3 && memcmp(text.data, header, 3) == 0;
}

numu_status numu_envelope_from_words(struct numu_text text, struct numu_buffer *buffer) {
    for (size_t i = 0; i < text.length;) {
        size_t control = 0, length = 1;
        for (; control < CONTROL_COUNT; control++) {
            length = strlen(controls[control].word);
            if (text.length - i >= length &&
                memcmp(text.data + i, controls[control].word, length) == 0) {
                break;
            }
        }
        bool is_control = control < CONTROL_COUNT;
        NUMU_TRY(numu_buffer_append_char(buffer,
                                         is_control ? controls[control].character : text.data[i]));
        i += is_control ? length : 1;
    }
    return NUMU_OK;
}

numu_status numu_envelope_to_words(struct numu_text text, struct numu_buffer *buffer) {
    for (size_t i = 0; i < text.length; i++) {
        size_t control = 0;
        while (control < CONTROL_COUNT && controls[control].character != text.data[i]) {
            control++;
        }
        NUMU_TRY(control < CONTROL_COUNT ? numu_buffer_append_string(buffer, controls[control].word)
                                         : numu_buffer_append_char(buffer, text.data[i]));
    }
    return NUMU_OK;
}

/* --- messages --- */

/* Digits and then one to three capitals name a data identifier: "S", "18S", "1P". */
static size_t data_identifier_length(struct numu_text text) {
    size_t digits = 0;
    while (digits < text.length && digits < 3 && is_digit(text.data[digits])) {
        digits++;
    }
    return digits < text.length && is_upper(text.data[digits]) ? digits + 1 : 0;
}

/* Three capitals and a space: "SER 123". */
static size_t text_identifier_length(struct numu_text text) {
    bool is_named = text.length >= 4 && is_upper(text.data[0]) && is_upper(text.data[1]) &&
                    is_upper(text.data[2]) && text.data[3] == ' ';
    return is_named ? 3 : 0;
}

static bool read_field(numu_envelope_format format, struct numu_text text,
                       struct numu_envelope_field *out) {
    if (format == NUMU_ENVELOPE_AI) {
        *out = (struct numu_envelope_field){{text.data, 0}, text};
        return text.length > 0;
    }
    size_t name =
        format == NUMU_ENVELOPE_DI ? data_identifier_length(text) : text_identifier_length(text);
    size_t value = name + (format == NUMU_ENVELOPE_TEXT);
    if (name == 0 || value >= text.length) {
        return false;
    }
    *out =
        (struct numu_envelope_field){{text.data, name}, {text.data + value, text.length - value}};
    return true;
}

/* "06" and its kin at the start. */
static bool read_format(struct numu_text text, numu_envelope_format *out) {
    static const numu_envelope_format formats[] = {NUMU_ENVELOPE_AI, NUMU_ENVELOPE_DI,
                                                   NUMU_ENVELOPE_TEXT};
    for (size_t i = 0; i < sizeof formats / sizeof *formats; i++) {
        if (text.length >= 2 && text.data[0] == '0' + (char)(formats[i] / 10) &&
            text.data[1] == '0' + (char)(formats[i] % 10)) {
            *out = formats[i];
            return true;
        }
    }
    return false;
}

numu_status numu_envelope_read(struct numu_text text, struct numu_envelope *out,
                               struct numu_envelope_finding *out_finding) {
    out->count = 0;
    if (text.length < sizeof header || memcmp(text.data, header, sizeof header) != 0) {
        return refuse(out_finding, NUMU_ENVELOPE_NO_HEADER, text);
    }
    if (text.length < sizeof header + 2 || text.data[text.length - 1] != NUMU_CHARACTER_EOT ||
        text.data[text.length - 2] != NUMU_CHARACTER_RS) {
        return refuse(out_finding, NUMU_ENVELOPE_NO_TRAILER, text);
    }
    struct numu_text rest = {text.data + sizeof header, text.length - sizeof header - 2};
    if (!read_format(rest, &out->format)) {
        rest.length = rest.length < 2 ? rest.length : 2;
        return refuse(out_finding, NUMU_ENVELOPE_UNKNOWN_FORMAT, rest);
    }
    rest = (struct numu_text){rest.data + 2, rest.length - 2};
    while (rest.length > 0) {
        if (rest.data[0] != NUMU_CHARACTER_GS || out->count == NUMU_ENVELOPE_FIELDS_MAX) {
            return refuse(out_finding, NUMU_ENVELOPE_BAD_FIELD, rest);
        }
        size_t end = 1;
        while (end < rest.length && rest.data[end] != NUMU_CHARACTER_GS) {
            end++;
        }
        struct numu_text field = {rest.data + 1, end - 1};
        if (memchr(field.data, NUMU_CHARACTER_RS, field.length) != NULL ||
            memchr(field.data, NUMU_CHARACTER_EOT, field.length) != NULL ||
            !read_field(out->format, field, &out->fields[out->count])) {
            return refuse(out_finding, NUMU_ENVELOPE_BAD_FIELD, field);
        }
        out->count++;
        rest = (struct numu_text){rest.data + end, rest.length - end};
    }
    return out->count > 0 ? NUMU_OK : refuse(out_finding, NUMU_ENVELOPE_BAD_FIELD, rest);
}

numu_status numu_envelope_write(const struct numu_envelope *envelope, struct numu_buffer *buffer) {
    NUMU_TRY(numu_buffer_append(buffer, header, sizeof header));
    NUMU_TRY(numu_buffer_printf(buffer, "%02d", (int)envelope->format));
    for (size_t i = 0; i < envelope->count; i++) {
        const struct numu_envelope_field *field = &envelope->fields[i];
        NUMU_TRY(numu_buffer_append_char(buffer, NUMU_CHARACTER_GS));
        NUMU_TRY(numu_buffer_append(buffer, field->name.data, field->name.length));
        if (envelope->format == NUMU_ENVELOPE_TEXT) {
            NUMU_TRY(numu_buffer_append_char(buffer, ' '));
        }
        NUMU_TRY(numu_buffer_append(buffer, field->value.data, field->value.length));
    }
    NUMU_TRY(numu_buffer_append_char(buffer, NUMU_CHARACTER_RS));
    return numu_buffer_append_char(buffer, NUMU_CHARACTER_EOT);
}

/* --- item identifiers --- */

/* Forms of an enterprise's code, by its agency. */
typedef enum enterprise_form {
    FORM_CAGE,        /* five letters and digits, not I or O */
    FORM_DUNS,        /* nine digits */
    FORM_DODAAC,      /* six letters and digits */
    FORM_GS1,         /* a company prefix: four to twelve digits */
    FORM_WITH_AGENCY, /* the agency's code stands before it already */
    FORM_WHOLE        /* no enterprise: the field is the identifier */
} enterprise_form;

/* What a field is of an identifier. */
typedef enum field_role { ROLE_ENTERPRISE, ROLE_PART, ROLE_SERIAL, ROLE_WHOLE } field_role;

struct field_kind {
    numu_envelope_format format;
    const char *name;
    field_role role;
    const char *agency; /* that is put before it */
    enterprise_form form;
};

/* MIL-STD-130N, Table A-II. */
static const struct field_kind kinds[] = {
    {NUMU_ENVELOPE_DI, "17V", ROLE_ENTERPRISE, "D", FORM_CAGE},
    {NUMU_ENVELOPE_DI, "12V", ROLE_ENTERPRISE, "UN", FORM_DUNS},
    {NUMU_ENVELOPE_DI, "7L", ROLE_ENTERPRISE, "LD", FORM_DODAAC},
    {NUMU_ENVELOPE_DI, "3V", ROLE_ENTERPRISE, "", FORM_GS1},
    {NUMU_ENVELOPE_DI, "18V", ROLE_ENTERPRISE, "", FORM_WITH_AGENCY},
    {NUMU_ENVELOPE_DI, "1P", ROLE_PART, "", FORM_WHOLE},
    {NUMU_ENVELOPE_DI, "1T", ROLE_PART, "", FORM_WHOLE},
    {NUMU_ENVELOPE_DI, "S", ROLE_SERIAL, "", FORM_WHOLE},
    {NUMU_ENVELOPE_DI, "18S", ROLE_WHOLE, "D", FORM_WHOLE},
    {NUMU_ENVELOPE_DI, "25S", ROLE_WHOLE, "", FORM_WHOLE},
    {NUMU_ENVELOPE_DI, "I", ROLE_WHOLE, "", FORM_WHOLE},
    {NUMU_ENVELOPE_DI, "22S", ROLE_WHOLE, "", FORM_WHOLE},
    {NUMU_ENVELOPE_TEXT, "CAG", ROLE_ENTERPRISE, "D", FORM_CAGE},
    {NUMU_ENVELOPE_TEXT, "MFR", ROLE_ENTERPRISE, "D", FORM_CAGE},
    {NUMU_ENVELOPE_TEXT, "SPL", ROLE_ENTERPRISE, "D", FORM_CAGE},
    {NUMU_ENVELOPE_TEXT, "DUN", ROLE_ENTERPRISE, "UN", FORM_DUNS},
    {NUMU_ENVELOPE_TEXT, "EUC", ROLE_ENTERPRISE, "", FORM_GS1},
    {NUMU_ENVELOPE_TEXT, "PNO", ROLE_PART, "", FORM_WHOLE},
    {NUMU_ENVELOPE_TEXT, "LOT", ROLE_PART, "", FORM_WHOLE},
    {NUMU_ENVELOPE_TEXT, "SER", ROLE_SERIAL, "", FORM_WHOLE},
    {NUMU_ENVELOPE_TEXT, "SEQ", ROLE_SERIAL, "", FORM_WHOLE},
    {NUMU_ENVELOPE_TEXT, "UCN", ROLE_SERIAL, "", FORM_WHOLE},
    {NUMU_ENVELOPE_TEXT, "UID", ROLE_WHOLE, "", FORM_WHOLE},
    {NUMU_ENVELOPE_TEXT, "USN", ROLE_WHOLE, "", FORM_WHOLE},
};

static const struct field_kind *kind_of(numu_envelope_format format, struct numu_text name) {
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        if (kinds[i].format == format && numu_text_is(name, kinds[i].name)) {
            return &kinds[i];
        }
    }
    return NULL;
}

/* Issuing agencies (Table V): GS1's digits, D, UN, LB, LH, LD. */
static bool has_agency(struct numu_text code) {
    static const char *const agencies[] = {"D", "UN", "LB", "LH", "LD"};
    if (code.length > 0 && is_digit(code.data[0])) {
        return true;
    }
    for (size_t i = 0; i < sizeof agencies / sizeof *agencies; i++) {
        size_t length = strlen(agencies[i]);
        if (code.length > length && memcmp(code.data, agencies[i], length) == 0) {
            return true;
        }
    }
    return false;
}

static bool is_all(struct numu_text text, bool with_letters) {
    for (size_t i = 0; i < text.length; i++) {
        bool is_letter = with_letters && is_upper(text.data[i]);
        if (!is_digit(text.data[i]) && !is_letter) {
            return false;
        }
    }
    return true;
}

static bool is_enterprise(struct numu_text code, enterprise_form form) {
    switch (form) {
    case FORM_CAGE:
        return code.length == 5 && is_all(code, true) && memchr(code.data, 'I', 5) == NULL &&
               memchr(code.data, 'O', 5) == NULL;
    case FORM_DUNS:
        return code.length == 9 && is_all(code, false);
    case FORM_DODAAC:
        return code.length == 6 && is_all(code, true);
    case FORM_GS1:
        return code.length >= 4 && code.length <= 12 && is_all(code, false);
    case FORM_WITH_AGENCY:
        return has_agency(code) && is_all(code, true);
    case FORM_WHOLE:
        break;
    }
    return code.length > 0;
}

/* Appends to the identifier; false where it grows too long. */
static bool append(struct numu_item_identifier *identifier, struct numu_text text) {
    size_t length = strlen(identifier->whole);
    if (length + text.length > NUMU_UII_BYTES_MAX) {
        return false;
    }
    if (text.length > 0) {
        memcpy(identifier->whole + length, text.data, text.length);
    }
    identifier->whole[length + text.length] = '\0';
    return true;
}

static numu_status check_letters(struct numu_text text, struct numu_envelope_finding *finding) {
    for (size_t i = 0; i < text.length; i++) {
        char letter = text.data[i];
        if (!is_digit(letter) && !is_upper(letter) && letter != '-' && letter != '/') {
            return refuse(finding, NUMU_ENVELOPE_BAD_LETTER, (struct numu_text){text.data + i, 1});
        }
    }
    return NUMU_OK;
}

/* GS1's identifiers that name one thing: CMT, GRAI, GIAI. The AI is no part of it. */
static bool find_gs1(const struct numu_envelope *envelope, struct numu_text *out) {
    static const char *const names[] = {"8002", "8003", "8004"};
    for (size_t i = 0; i < envelope->count; i++) {
        struct numu_text value = envelope->fields[i].value;
        for (size_t n = 0; n < sizeof names / sizeof *names; n++) {
            if (value.length > 4 && memcmp(value.data, names[n], 4) == 0) {
                *out = (struct numu_text){value.data + 4, value.length - 4};
                return true;
            }
        }
    }
    return false;
}

struct parts {
    const struct field_kind *enterprise_kind, *whole_kind;
    struct numu_text whole;
};

static void collect(const struct numu_envelope *envelope, struct numu_item_identifier *out,
                    struct parts *parts) {
    for (size_t i = 0; i < envelope->count; i++) {
        const struct numu_envelope_field *field = &envelope->fields[i];
        const struct field_kind *kind = kind_of(envelope->format, field->name);
        if (kind == NULL) {
            continue;
        }
        switch (kind->role) {
        case ROLE_ENTERPRISE:
            out->enterprise = field->value;
            parts->enterprise_kind = kind;
            break;
        case ROLE_PART:
            out->part = field->value;
            break;
        case ROLE_SERIAL:
            out->serial = field->value;
            break;
        case ROLE_WHOLE:
            parts->whole = field->value;
            parts->whole_kind = kind;
            break;
        }
    }
}

static numu_status make_whole(struct numu_item_identifier *out, const char *agency,
                              const struct numu_text *pieces, size_t count,
                              struct numu_envelope_finding *finding) {
    size_t length = strlen(agency);
    memcpy(out->agency, agency, length + 1);
    memcpy(out->whole, agency, length + 1);
    for (size_t i = 0; i < count; i++) {
        NUMU_TRY(check_letters(pieces[i], finding));
        if (!append(out, pieces[i])) {
            return refuse(finding, NUMU_ENVELOPE_BAD_LENGTH, pieces[i]);
        }
    }
    return NUMU_OK;
}

numu_status numu_item_identifier_of(const struct numu_envelope *envelope,
                                    struct numu_item_identifier *out,
                                    struct numu_envelope_finding *out_finding) {
    struct parts parts = {.whole = {NULL, 0}};
    *out = (struct numu_item_identifier){.agency = ""};
    if (envelope->format == NUMU_ENVELOPE_AI) {
        return find_gs1(envelope, &parts.whole)
                   ? make_whole(out, "", &parts.whole, 1, out_finding)
                   : refuse(out_finding, NUMU_ENVELOPE_NO_IDENTIFIER, parts.whole);
    }
    collect(envelope, out, &parts);
    if (parts.whole_kind != NULL) {
        return make_whole(out, parts.whole_kind->agency, &parts.whole, 1, out_finding);
    }
    if (parts.enterprise_kind == NULL || out->serial.length == 0) {
        return refuse(out_finding, NUMU_ENVELOPE_NO_IDENTIFIER, out->serial);
    }
    if (!is_enterprise(out->enterprise, parts.enterprise_kind->form)) {
        return refuse(out_finding, NUMU_ENVELOPE_BAD_ENTERPRISE, out->enterprise);
    }
    if (out->serial.length > NUMU_UII_SERIAL_MAX || out->part.length > NUMU_UII_PART_MAX) {
        return refuse(out_finding, NUMU_ENVELOPE_BAD_LENGTH,
                      out->serial.length > NUMU_UII_SERIAL_MAX ? out->serial : out->part);
    }
    struct numu_text pieces[] = {out->enterprise, out->part, out->serial};
    return make_whole(out, parts.enterprise_kind->agency, pieces, 3, out_finding);
}
