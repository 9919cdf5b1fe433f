/*
 * json.c - a recursive reader of RFC 8259 and a writer with one layout.
 *
 * Names and strings without escapes point into the text; only others are copied.
 */
#include "base/json.h"

#include "base/map.h"
#include "base/number.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* --- reading --- */

struct json_reader {
    struct numu_arena *arena;
    const char *data;
    size_t length;
    size_t at;
    unsigned depth_max;
    struct numu_json_error error;
};

const char *numu_json_problem_name(numu_json_problem problem) {
    switch (problem) {
    case NUMU_JSON_FINE:
        return "json.fine";
    case NUMU_JSON_UNEXPECTED_CHARACTER:
        return "json.unexpected_character";
    case NUMU_JSON_UNEXPECTED_END:
        return "json.unexpected_end";
    case NUMU_JSON_BAD_NUMBER:
        return "json.bad_number";
    case NUMU_JSON_BAD_STRING:
        return "json.bad_string";
    case NUMU_JSON_DUPLICATE_NAME:
        return "json.duplicate_name";
    case NUMU_JSON_TOO_DEEP:
        return "json.too_deep";
    case NUMU_JSON_TRAILING:
        return "json.trailing";
    }
    return "json.fine";
}

static numu_status fail(struct json_reader *reader, numu_json_problem problem, size_t offset) {
    reader->error = (struct numu_json_error){problem, offset};
    return NUMU_INVALID;
}

static void skip_space(struct json_reader *reader) {
    while (reader->at < reader->length) {
        char c = reader->data[reader->at];
        if (c != ' ' && c != '\n' && c != '\r' && c != '\t') {
            return;
        }
        reader->at++;
    }
}

/* Whether `c` comes next. */
static bool is_next(const struct json_reader *reader, char c) {
    return reader->at < reader->length && reader->data[reader->at] == c;
}

/* Goes past one character, which must come next. */
static numu_status expect(struct json_reader *reader, char c) {
    if (reader->at == reader->length) {
        return fail(reader, NUMU_JSON_UNEXPECTED_END, reader->at);
    }
    if (reader->data[reader->at] != c) {
        return fail(reader, NUMU_JSON_UNEXPECTED_CHARACTER, reader->at);
    }
    reader->at++;
    return NUMU_OK;
}

static numu_status read_word(struct json_reader *reader, const char *word) {
    size_t length = strlen(word);
    if (reader->length - reader->at < length ||
        memcmp(reader->data + reader->at, word, length) != 0) {
        return fail(reader, NUMU_JSON_UNEXPECTED_CHARACTER, reader->at);
    }
    reader->at += length;
    return NUMU_OK;
}

static bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

static size_t skip_digits(struct json_reader *reader) {
    size_t start = reader->at;
    while (reader->at < reader->length && is_digit(reader->data[reader->at])) {
        reader->at++;
    }
    return reader->at - start;
}

static numu_status read_number(struct json_reader *reader, struct numu_text *out) {
    size_t start = reader->at;
    if (is_next(reader, '-')) {
        reader->at++;
    }
    bool has_zero = is_next(reader, '0');
    size_t digits = skip_digits(reader);
    bool is_good = digits == 1 || (digits > 1 && !has_zero);
    if (is_good && is_next(reader, '.')) {
        reader->at++;
        is_good = skip_digits(reader) > 0;
    }
    if (is_good && (is_next(reader, 'e') || is_next(reader, 'E'))) {
        reader->at++;
        if (is_next(reader, '+') || is_next(reader, '-')) {
            reader->at++;
        }
        is_good = skip_digits(reader) > 0;
    }
    if (!is_good) {
        return fail(reader, NUMU_JSON_BAD_NUMBER, start);
    }
    *out = (struct numu_text){reader->data + start, reader->at - start};
    return NUMU_OK;
}

/* The value of four hexadecimal digits at the front of `text`, or UINT32_MAX. */
static uint32_t hexadecimal(struct numu_text text) {
    uint32_t value = 0;
    for (size_t i = 0; i < 4; i++) {
        char c = i < text.length ? text.data[i] : '\0';
        uint32_t digit;
        if (is_digit(c)) {
            digit = (uint32_t)(c - '0');
        } else if (c >= 'a' && c <= 'f') {
            digit = (uint32_t)(c - 'a') + 10;
        } else if (c >= 'A' && c <= 'F') {
            digit = (uint32_t)(c - 'A') + 10;
        } else {
            return UINT32_MAX;
        }
        value = value * 16 + digit;
    }
    return value;
}

static size_t encode_utf8(uint32_t code_point, char *out) {
    if (code_point < 0x80) {
        out[0] = (char)code_point;
        return 1;
    }
    if (code_point < 0x800) {
        out[0] = (char)(0xC0 | code_point >> 6);
        out[1] = (char)(0x80 | (code_point & 0x3F));
        return 2;
    }
    if (code_point < 0x10000) {
        out[0] = (char)(0xE0 | code_point >> 12);
        out[1] = (char)(0x80 | (code_point >> 6 & 0x3F));
        out[2] = (char)(0x80 | (code_point & 0x3F));
        return 3;
    }
    out[0] = (char)(0xF0 | code_point >> 18);
    out[1] = (char)(0x80 | (code_point >> 12 & 0x3F));
    out[2] = (char)(0x80 | (code_point >> 6 & 0x3F));
    out[3] = (char)(0x80 | (code_point & 0x3F));
    return 4;
}

/* The bytes of the escape at the front of `text`, 0 for a bad one; its character in *out. */
static size_t decode_escape(struct numu_text text, uint32_t *out) {
    static const char names[] = "\"\\/bfnrt";
    static const char values[] = "\"\\/\b\f\n\r\t";
    if (text.length < 2) {
        return 0;
    }
    const char *name = memchr(names, text.data[1], sizeof names - 1);
    if (name != NULL) {
        *out = (unsigned char)values[name - names];
        return 2;
    }
    if (text.data[1] != 'u') {
        return 0;
    }
    uint32_t unit = hexadecimal((struct numu_text){text.data + 2, text.length - 2});
    if (unit > 0xFFFF || (unit >= 0xDC00 && unit <= 0xDFFF)) {
        return 0;
    }
    if (unit < 0xD800 || unit > 0xDFFF) {
        *out = unit;
        return 6;
    }
    if (text.length < 12 || text.data[6] != '\\' || text.data[7] != 'u') {
        return 0;
    }
    uint32_t low = hexadecimal((struct numu_text){text.data + 8, text.length - 8});
    if (low < 0xDC00 || low > 0xDFFF) {
        return 0;
    }
    *out = 0x10000 + ((unit - 0xD800) << 10) + (low - 0xDC00);
    return 12;
}

/* `raw` is what stands between the quotes, with escapes; decoded it is never longer. */
static numu_status decode_string(struct json_reader *reader, struct numu_text raw,
                                 struct numu_text *out) {
    char *decoded;
    NUMU_TRY(NUMU_TAKE(reader->arena, &decoded, raw.length));
    size_t length = 0;
    for (size_t at = 0; at < raw.length;) {
        if (raw.data[at] != '\\') {
            decoded[length++] = raw.data[at++];
            continue;
        }
        uint32_t code_point;
        size_t bytes =
            decode_escape((struct numu_text){raw.data + at, raw.length - at}, &code_point);
        if (bytes == 0) {
            size_t offset = (size_t)(raw.data - reader->data) + at;
            return fail(reader, NUMU_JSON_BAD_STRING, offset);
        }
        length += encode_utf8(code_point, decoded + length);
        at += bytes;
    }
    *out = (struct numu_text){decoded, length};
    return NUMU_OK;
}

static numu_status read_string(struct json_reader *reader, struct numu_text *out) {
    NUMU_TRY(expect(reader, '"'));
    size_t start = reader->at;
    bool has_escape = false;
    while (reader->at < reader->length && reader->data[reader->at] != '"') {
        if ((unsigned char)reader->data[reader->at] < 0x20) {
            return fail(reader, NUMU_JSON_BAD_STRING, reader->at);
        }
        if (reader->data[reader->at] == '\\' && reader->at + 1 < reader->length) {
            has_escape = true;
            reader->at++;
        }
        reader->at++;
    }
    struct numu_text raw = {reader->data + start, reader->at - start};
    NUMU_TRY(expect(reader, '"'));
    size_t valid = numu_utf8_valid_length(raw);
    if (valid < raw.length) {
        return fail(reader, NUMU_JSON_BAD_STRING, start + valid);
    }
    if (has_escape) {
        return decode_string(reader, raw, out);
    }
    *out = raw;
    return NUMU_OK;
}

/* Fails where two members have the same name. */
static numu_status check_names(struct json_reader *reader, const struct numu_json *object) {
    struct numu_text *names;
    struct numu_map map;
    NUMU_TRY(NUMU_TAKE(reader->arena, &names, object->count));
    NUMU_TRY(numu_map_init(&map, reader->arena, names, object->count));
    numu_row row = 0;
    for (const struct numu_json *member = object->first; member != NULL; member = member->next) {
        names[row] = member->key;
        if (numu_map_add(&map, row) != NUMU_NONE) {
            return fail(reader, NUMU_JSON_DUPLICATE_NAME, member->key_offset);
        }
        row++;
    }
    return NUMU_OK;
}

static numu_status read_value(struct json_reader *reader, unsigned depth, struct numu_json *value);

static numu_status read_name(struct json_reader *reader, struct numu_json *member) {
    skip_space(reader);
    member->key_offset = reader->at;
    NUMU_TRY(read_string(reader, &member->key));
    member->key_length = reader->at - member->key_offset;
    skip_space(reader);
    return expect(reader, ':');
}

/* An array or object from its bracket on; `depth` others are around it. */
static numu_status read_container(struct json_reader *reader, unsigned depth,
                                  struct numu_json *container) {
    bool is_object = container->kind == NUMU_JSON_OBJECT;
    char end = is_object ? '}' : ']';
    if (depth == reader->depth_max) {
        return fail(reader, NUMU_JSON_TOO_DEEP, reader->at);
    }
    reader->at++;
    skip_space(reader);
    if (is_next(reader, end)) {
        reader->at++;
        return NUMU_OK;
    }
    struct numu_json **link = &container->first;
    for (;;) {
        struct numu_json *child;
        NUMU_TRY(NUMU_TAKE(reader->arena, &child, 1));
        if (is_object) {
            NUMU_TRY(read_name(reader, child));
        }
        NUMU_TRY(read_value(reader, depth + 1, child));
        *link = child;
        link = &child->next;
        if (++container->count == UINT32_MAX) {
            return NUMU_LIMIT;
        }
        skip_space(reader);
        if (is_next(reader, end)) {
            break;
        }
        NUMU_TRY(expect(reader, ','));
    }
    reader->at++;
    if (!is_object) {
        return NUMU_OK;
    }
    struct numu_arena_mark mark = numu_arena_mark(reader->arena);
    NUMU_TRY(check_names(reader, container));
    numu_arena_rewind(reader->arena, mark);
    return NUMU_OK;
}

/* What stands at the present position, space before it included; `depth` containers are around. */
static numu_status read_value(struct json_reader *reader, unsigned depth, struct numu_json *value) {
    skip_space(reader);
    if (reader->at == reader->length) {
        return fail(reader, NUMU_JSON_UNEXPECTED_END, reader->at);
    }
    value->offset = reader->at;
    switch (reader->data[reader->at]) {
    case '{':
        value->kind = NUMU_JSON_OBJECT;
        NUMU_TRY(read_container(reader, depth, value));
        break;
    case '[':
        value->kind = NUMU_JSON_ARRAY;
        NUMU_TRY(read_container(reader, depth, value));
        break;
    case '"':
        value->kind = NUMU_JSON_STRING;
        NUMU_TRY(read_string(reader, &value->text));
        break;
    case 't':
        value->kind = NUMU_JSON_TRUE;
        NUMU_TRY(read_word(reader, "true"));
        break;
    case 'f':
        value->kind = NUMU_JSON_FALSE;
        NUMU_TRY(read_word(reader, "false"));
        break;
    case 'n':
        value->kind = NUMU_JSON_NULL;
        NUMU_TRY(read_word(reader, "null"));
        break;
    case '-':
    case '0':
    case '1':
    case '2':
    case '3':
    case '4':
    case '5':
    case '6':
    case '7':
    case '8':
    case '9':
        value->kind = NUMU_JSON_NUMBER;
        NUMU_TRY(read_number(reader, &value->text));
        break;
    default:
        return fail(reader, NUMU_JSON_UNEXPECTED_CHARACTER, reader->at);
    }
    value->length = reader->at - value->offset;
    return NUMU_OK;
}

static numu_status read_document(struct json_reader *reader, struct numu_json **out) {
    if (reader->length >= 3 && memcmp(reader->data, "\xEF\xBB\xBF", 3) == 0) {
        reader->at = 3;
    }
    struct numu_json *value;
    NUMU_TRY(NUMU_TAKE(reader->arena, &value, 1));
    NUMU_TRY(read_value(reader, 0, value));
    skip_space(reader);
    if (reader->at < reader->length) {
        return fail(reader, NUMU_JSON_TRAILING, reader->at);
    }
    *out = value;
    return NUMU_OK;
}

numu_status numu_json_read(struct numu_arena *arena, struct numu_text text, unsigned depth_max,
                           struct numu_json **out, struct numu_json_error *out_error) {
    struct json_reader reader = {.arena = arena, .data = text.data, .length = text.length};
    reader.depth_max = depth_max == 0 ? NUMU_JSON_READ_DEPTH : depth_max;
    if (reader.depth_max > NUMU_JSON_READ_DEPTH_MAX) {
        reader.depth_max = NUMU_JSON_READ_DEPTH_MAX;
    }
    struct numu_arena_mark mark = numu_arena_mark(arena);
    numu_status status = read_document(&reader, out);
    if (status != NUMU_OK) {
        numu_arena_rewind(arena, mark);
    }
    *out_error = reader.error;
    return status;
}

const struct numu_json *numu_json_find(const struct numu_json *object, const char *key) {
    if (object == NULL || object->kind != NUMU_JSON_OBJECT) {
        return NULL;
    }
    for (const struct numu_json *member = object->first; member != NULL; member = member->next) {
        if (numu_text_is(member->key, key)) {
            return member;
        }
    }
    return NULL;
}

/* --- writing --- */

static void put(struct numu_json_writer *writer, const char *data, size_t length) {
    if (writer->status == NUMU_OK) {
        writer->status = numu_buffer_append(writer->buffer, data, length);
    }
}

static void put_string(struct numu_json_writer *writer, const char *string) {
    put(writer, string, strlen(string));
}

static void put_line(struct numu_json_writer *writer) {
    put_string(writer, "\n");
    for (unsigned i = 0; i < writer->depth; i++) {
        put_string(writer, "  ");
    }
}

/* What stands between the items of the innermost array or object. */
static void separate(struct numu_json_writer *writer) {
    unsigned level = writer->depth - 1;
    if (writer->has_item[level]) {
        put_string(writer, writer->on_line[level] ? ", " : ",");
    }
    if (!writer->on_line[level]) {
        put_line(writer);
    }
    writer->has_item[level] = true;
}

/* Before each value. False where nothing is written any more. */
static bool begin_value(struct numu_json_writer *writer) {
    if (writer->status != NUMU_OK) {
        return false;
    }
    if (writer->depth > 0) {
        numu_assert(writer->after_key == writer->is_object[writer->depth - 1]);
        if (!writer->after_key) {
            separate(writer);
        }
    }
    writer->after_key = false;
    return true;
}

static void begin_container(struct numu_json_writer *writer, bool is_object, bool on_line) {
    if (!begin_value(writer)) {
        return;
    }
    if (writer->depth == NUMU_JSON_DEPTH_MAX) {
        writer->status = NUMU_LIMIT;
        return;
    }
    put_string(writer, is_object ? "{" : "[");
    unsigned level = writer->depth++;
    writer->is_object[level] = is_object;
    writer->has_item[level] = false;
    writer->on_line[level] = on_line || (level > 0 && writer->on_line[level - 1]);
}

static void end_container(struct numu_json_writer *writer, bool is_object) {
    if (writer->status != NUMU_OK) {
        return;
    }
    numu_assert(writer->depth > 0 && !writer->after_key);
    unsigned level = --writer->depth;
    numu_assert(writer->is_object[level] == is_object);
    if (writer->has_item[level] && !writer->on_line[level]) {
        put_line(writer);
    }
    put_string(writer, is_object ? "}" : "]");
}

/* The letter of a character's short escape, or 0. */
static char short_escape(unsigned char character) {
    switch (character) {
    case '"':
    case '\\':
        return (char)character;
    case '\b':
        return 'b';
    case '\f':
        return 'f';
    case '\n':
        return 'n';
    case '\r':
        return 'r';
    case '\t':
        return 't';
    default:
        return 0;
    }
}

/* A control character, a quote or a backslash. */
static void put_escape(struct numu_json_writer *writer, unsigned char character) {
    char escape[8];
    char letter = short_escape(character);
    int length = letter != 0 ? snprintf(escape, sizeof escape, "\\%c", letter)
                             : snprintf(escape, sizeof escape, "\\u%04x", (unsigned)character);
    put(writer, escape, (size_t)length);
}

static void put_quoted(struct numu_json_writer *writer, struct numu_text text) {
    put_string(writer, "\"");
    size_t from = 0; /* where what is not yet written begins */
    size_t valid = numu_utf8_valid_length(text);
    for (size_t at = 0; at < text.length; at++) {
        unsigned char character = (unsigned char)text.data[at];
        bool is_broken = at == valid;
        if (!is_broken && character >= 0x20 && character != '"' && character != '\\') {
            continue;
        }
        put(writer, text.data + from, at - from);
        from = at + 1;
        if (is_broken) {
            put_string(writer, "\xEF\xBF\xBD");
            valid = from + numu_utf8_valid_length(
                               (struct numu_text){text.data + from, text.length - from});
        } else {
            put_escape(writer, character);
        }
    }
    if (from < text.length) {
        put(writer, text.data + from, text.length - from);
    }
    put_string(writer, "\"");
}

void numu_json_writer_init(struct numu_json_writer *writer, struct numu_buffer *buffer) {
    *writer = (struct numu_json_writer){.buffer = buffer};
}

void numu_json_begin_object(struct numu_json_writer *writer) {
    begin_container(writer, true, false);
}

void numu_json_begin_line_object(struct numu_json_writer *writer) {
    begin_container(writer, true, true);
}

void numu_json_end_object(struct numu_json_writer *writer) {
    end_container(writer, true);
}

void numu_json_begin_array(struct numu_json_writer *writer) {
    begin_container(writer, false, false);
}

void numu_json_begin_line_array(struct numu_json_writer *writer) {
    begin_container(writer, false, true);
}

void numu_json_end_array(struct numu_json_writer *writer) {
    end_container(writer, false);
}

void numu_json_key_text(struct numu_json_writer *writer, struct numu_text key) {
    if (writer->status != NUMU_OK) {
        return;
    }
    numu_assert(writer->depth > 0 && writer->is_object[writer->depth - 1] && !writer->after_key);
    separate(writer);
    put_quoted(writer, key);
    put_string(writer, ": ");
    writer->after_key = true;
}

void numu_json_key(struct numu_json_writer *writer, const char *key) {
    numu_json_key_text(writer, numu_text_of(key));
}

void numu_json_text(struct numu_json_writer *writer, struct numu_text text) {
    if (begin_value(writer)) {
        put_quoted(writer, text);
    }
}

void numu_json_string(struct numu_json_writer *writer, const char *string) {
    numu_json_text(writer, numu_text_of(string));
}

void numu_json_integer(struct numu_json_writer *writer, int64_t value) {
    char digits[24];
    if (begin_value(writer)) {
        put(writer, digits, (size_t)snprintf(digits, sizeof digits, "%lld", (long long)value));
    }
}

void numu_json_number(struct numu_json_writer *writer, int64_t value, int decimals) {
    if (value == NUMU_NO_NUMBER) {
        numu_json_null(writer);
    } else if (begin_value(writer) && writer->status == NUMU_OK) {
        writer->status = numu_number_write(writer->buffer, value, decimals, true);
    }
}

void numu_json_number_text(struct numu_json_writer *writer, struct numu_text number) {
    struct json_reader reader = {.data = number.data, .length = number.length};
    struct numu_text read;
    numu_assert(read_number(&reader, &read) == NUMU_OK && reader.at == number.length);
    if (begin_value(writer)) {
        put(writer, number.data, number.length);
    }
}

void numu_json_copy(struct numu_json_writer *writer, struct numu_text text,
                    const struct numu_json *value) {
    numu_assert(value->offset <= text.length && value->length <= text.length - value->offset);
    if (begin_value(writer)) {
        put(writer, text.data + value->offset, value->length);
    }
}

void numu_json_double(struct numu_json_writer *writer, double value) {
    if (!isfinite(value)) {
        numu_json_null(writer);
        return;
    }
    char digits[32];
    int length = 0;
    for (int precision = 15; precision <= 17; precision++) {
        length = snprintf(digits, sizeof digits, "%.*g", precision, value);
        if (strtod(digits, NULL) == value) {
            break;
        }
    }
    if (begin_value(writer)) {
        put(writer, digits, (size_t)length);
    }
}

void numu_json_boolean(struct numu_json_writer *writer, bool value) {
    if (begin_value(writer)) {
        put_string(writer, value ? "true" : "false");
    }
}

void numu_json_null(struct numu_json_writer *writer) {
    if (begin_value(writer)) {
        put_string(writer, "null");
    }
}
