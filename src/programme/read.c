/*
 * read.c - which format a file has, and the words that the plain formats are made of.
 */
#include "programme/read_parts.h"

#include "base/number.h"

#include <string.h>

/* --- formats --- */

static bool ends_with(struct numu_text text, const char *ending) {
    size_t length = strlen(ending);
    return text.length >= length && memcmp(text.data + text.length - length, ending, length) == 0;
}

static bool is_digit(char character) {
    return character >= '0' && character <= '9';
}

static bool is_blank(char character) {
    return character == ' ' || character == '\t' || character == '\n' || character == '\r' ||
           character == '\v' || character == '\f';
}

/* Numbers and blanks only, and a number at all. */
static bool is_numbers(struct numu_text head) {
    bool has_digit = false;
    for (size_t i = 0; i < head.length; i++) {
        if (is_digit(head.data[i])) {
            has_digit = true;
        } else if (!is_blank(head.data[i])) {
            return false;
        }
    }
    return has_digit;
}

static bool holds(struct numu_text head, const char *words) {
    return numu_text_find(head, numu_text_of(words), 0) != SIZE_MAX;
}

/* Two of the XML formats call their root "Project". */
static numu_project_format xml_format_of(struct numu_text head) {
    if (holds(head, "<APIBusinessObjects")) {
        return NUMU_PROJECT_PMXML;
    }
    if (!holds(head, "<Project")) {
        return NUMU_PROJECT_NONE;
    }
    return holds(head, "schemas.microsoft.com/project")            ? NUMU_PROJECT_MSPDI
           : holds(head, "<ProjectInfo>") || holds(head, "<NAME>") ? NUMU_PROJECT_PROTRACK
                                                                   : NUMU_PROJECT_NONE;
}

static numu_project_format format_of_name(struct numu_text path) {
    static const struct {
        const char *ending;
        numu_project_format format;
    } endings[] = {{".sm", NUMU_PROJECT_PSPLIB},     {".mm", NUMU_PROJECT_PSPLIB},
                   {".rcp", NUMU_PROJECT_PATTERSON}, {".xer", NUMU_PROJECT_XER},
                   {".p2x", NUMU_PROJECT_PROTRACK},  {".pmxml", NUMU_PROJECT_PMXML},
                   {".mspdi", NUMU_PROJECT_MSPDI}};
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
        if (ends_with(path, endings[i].ending)) {
            return endings[i].format;
        }
    }
    return NUMU_PROJECT_NONE;
}

/* XML that Windows calls "Unicode" is UTF-16: every other byte is enough to know its format. */
static numu_project_format wide_format_of(struct numu_text head) {
    static const unsigned char little[] = {0xFF, 0xFE};
    static const unsigned char big[] = {0xFE, 0xFF};
    char narrow[NUMU_PROJECT_HEAD_BYTES / 2];
    size_t length = 0;
    if (head.length < 2 || (memcmp(head.data, little, 2) != 0 && memcmp(head.data, big, 2) != 0)) {
        return NUMU_PROJECT_NONE;
    }
    bool is_big = memcmp(head.data, big, 2) == 0;
    for (size_t i = 2; i + 1 < head.length && length < sizeof narrow; i += 2) {
        narrow[length++] = head.data[i + is_big];
    }
    return xml_format_of((struct numu_text){narrow, length});
}

numu_project_format numu_project_format_of(struct numu_text path, struct numu_text head) {
    numu_project_format xml = xml_format_of(head);
    if (xml == NUMU_PROJECT_NONE) {
        xml = wide_format_of(head);
    }
    if (xml != NUMU_PROJECT_NONE) {
        return xml;
    }
    if (head.length >= 6 && memcmp(head.data, "ERMHDR", 6) == 0) {
        return NUMU_PROJECT_XER;
    }
    if (numu_text_find(head, NUMU_TEXT("(incl. supersource/sink"), 0) != SIZE_MAX ||
        numu_text_find(head, NUMU_TEXT("PRECEDENCE RELATIONS"), 0) != SIZE_MAX) {
        return NUMU_PROJECT_PSPLIB;
    }
    if (is_numbers(head)) {
        return NUMU_PROJECT_PATTERSON;
    }
    return format_of_name(path);
}

/* --- words --- */

static size_t skip_blanks(const struct numu_word_reader *reader) {
    size_t at = reader->at;
    while (at < reader->bytes.length && is_blank(reader->bytes.data[at])) {
        at++;
    }
    return at;
}

struct numu_text numu_word_reader_peek(const struct numu_word_reader *reader) {
    size_t first = skip_blanks(reader);
    size_t end = first;
    while (end < reader->bytes.length && !is_blank(reader->bytes.data[end])) {
        end++;
    }
    return (struct numu_text){reader->bytes.data + first, end - first};
}

struct numu_text numu_word_reader_next(struct numu_word_reader *reader) {
    struct numu_text word = numu_word_reader_peek(reader);
    reader->at = (size_t)(word.data - reader->bytes.data) + word.length;
    return word;
}

struct numu_text numu_word_reader_line(struct numu_word_reader *reader) {
    size_t first = reader->at;
    size_t end = first;
    while (end < reader->bytes.length && reader->bytes.data[end] != '\n') {
        end++;
    }
    reader->at = end < reader->bytes.length ? end + 1 : end;
    while (first < end && is_blank(reader->bytes.data[first])) {
        first++;
    }
    while (end > first && is_blank(reader->bytes.data[end - 1])) {
        end--;
    }
    return (struct numu_text){reader->bytes.data + first, end - first};
}

struct numu_place numu_word_reader_place(const struct numu_word_reader *reader,
                                         struct numu_text word) {
    return (struct numu_place){reader->source,
                               word.length > UINT32_MAX ? UINT32_MAX : (uint32_t)word.length,
                               (uint64_t)(word.data - reader->bytes.data)};
}

void numu_word_reader_complain(struct numu_word_reader *reader, struct numu_text found,
                               const char *expected, int64_t low, int64_t high) {
    enum { FOUND_BYTES_MAX = 40 };
    struct numu_diagnostic finding = {.code = NUMU_CODE_PROJECT_SYNTAX,
                                      .place = numu_word_reader_place(reader, found),
                                      .related = NUMU_NOWHERE};
    if (found.length > FOUND_BYTES_MAX) {
        found.length = numu_utf8_valid_length((struct numu_text){found.data, FOUND_BYTES_MAX});
    }
    finding.arguments[0] = numu_argument_text(found);
    finding.arguments[1] = numu_argument_string(expected);
    if (low <= high) {
        finding.arguments[2] = numu_argument_integer(low);
        finding.arguments[3] = numu_argument_integer(high);
    }
    numu_report_add(reader->report, &finding);
    reader->has_failed = true;
}

bool numu_word_reader_number(struct numu_word_reader *reader, const char *expected, int64_t low,
                             int64_t high, int64_t *out) {
    int64_t value;
    struct numu_text word = numu_word_reader_peek(reader);
    numu_number_error error = numu_number_parse(word, 0, '.', &value);
    if (error == NUMU_NUMBER_OK && value >= low && value <= high) {
        reader->at = (size_t)(word.data - reader->bytes.data) + word.length;
        *out = value;
        return true;
    }
    numu_word_reader_complain(reader, word, expected, low, high);
    if (error == NUMU_NUMBER_OK || error == NUMU_NUMBER_TOO_LARGE) {
        (void)numu_word_reader_next(reader);
    }
    return false;
}

bool numu_word_reader_amount(struct numu_word_reader *reader, const char *expected, int64_t high,
                             int64_t *out) {
    size_t before = reader->at;
    *out = 0;
    return numu_word_reader_number(reader, expected, 0, high, out) || reader->at != before;
}

/* --- reading --- */

numu_status numu_project_read(const struct numu_context *context, numu_project_format format,
                              struct numu_text bytes, uint32_t source, struct numu_arena *arena,
                              struct numu_report *report, struct numu_project *out) {
    struct numu_word_reader reader = {.bytes = bytes, .source = source, .report = report};
    struct numu_project_draft draft;
    numu_status status = NUMU_BUG;
    numu_project_draft_init(&draft, context->heap, source);
    switch (format) {
    case NUMU_PROJECT_NONE:
    case NUMU_PROJECT_MSPDI:
    case NUMU_PROJECT_XER:
    case NUMU_PROJECT_PMXML:
    case NUMU_PROJECT_PROTRACK:
        break;
    case NUMU_PROJECT_PSPLIB:
        status = numu_project_read_psplib(context, &reader, &draft, arena);
        break;
    case NUMU_PROJECT_PATTERSON:
        status = numu_project_read_patterson(context, &reader, &draft, arena);
        break;
    }
    if (status == NUMU_OK) {
        status = reader.has_failed ? NUMU_INVALID
                                   : numu_project_draft_finish(&draft, arena, report, out);
    }
    numu_project_draft_release(&draft);
    return status;
}
