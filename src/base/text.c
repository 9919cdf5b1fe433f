/*
 * text.c - pieces of UTF-8: comparing, cutting, copying, checking. Widths stand in text_width.c.
 */
#include "base/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct numu_text numu_text_of(const char *string) {
    return (struct numu_text){string, string == NULL ? 0 : strlen(string)};
}

bool numu_text_is_equal(struct numu_text a, struct numu_text b) {
    return a.length == b.length && (a.length == 0 || memcmp(a.data, b.data, a.length) == 0);
}

bool numu_text_is(struct numu_text text, const char *string) {
    return numu_text_is_equal(text, numu_text_of(string));
}

int numu_text_compare(struct numu_text a, struct numu_text b) {
    size_t shorter = a.length < b.length ? a.length : b.length;
    int order = shorter == 0 ? 0 : memcmp(a.data, b.data, shorter);
    if (order != 0) {
        return order;
    }
    return (a.length > b.length) - (a.length < b.length);
}

static bool is_blank(char character) {
    return character == ' ' || character == '\t';
}

struct numu_text numu_text_trim(struct numu_text text) {
    while (text.length > 0 && is_blank(text.data[0])) {
        text.data++;
        text.length--;
    }
    while (text.length > 0 && is_blank(text.data[text.length - 1])) {
        text.length--;
    }
    return text;
}

struct numu_text numu_text_next_word(struct numu_text *rest) {
    while (rest->length > 0 && rest->data[0] == ' ') {
        rest->data++;
        rest->length--;
    }
    struct numu_text word = {rest->data, 0};
    while (word.length < rest->length && word.data[word.length] != ' ') {
        word.length++;
    }
    if (word.length > 0) {
        rest->data += word.length;
        rest->length -= word.length;
    }
    return word;
}

bool numu_text_next_line(struct numu_text *rest, struct numu_text *out) {
    size_t end = numu_text_find(*rest, NUMU_TEXT("\n"), 0);
    if (end == SIZE_MAX) {
        return false;
    }
    *out = (struct numu_text){rest->data, end};
    *rest = (struct numu_text){rest->data + end + 1, rest->length - end - 1};
    return true;
}

bool numu_text_take_prefix(struct numu_text *text, const char *prefix) {
    size_t length = strlen(prefix);
    if (text->length < length || (length > 0 && memcmp(text->data, prefix, length) != 0)) {
        return false;
    }
    *text = (struct numu_text){text->data + length, text->length - length};
    return true;
}

bool numu_text_has_controls(struct numu_text text) {
    for (size_t i = 0; i < text.length; i++) {
        unsigned char c = (unsigned char)text.data[i];
        if (c < 0x20 || c == 0x7F) {
            return true;
        }
    }
    return false;
}

size_t numu_text_find(struct numu_text text, struct numu_text needle, size_t from) {
    if (needle.length > text.length) {
        return SIZE_MAX;
    }
    for (size_t at = from; at <= text.length - needle.length; at++) {
        if (needle.length == 0 || memcmp(text.data + at, needle.data, needle.length) == 0) {
            return at;
        }
    }
    return SIZE_MAX;
}

numu_status numu_text_to_string(struct numu_arena *arena, struct numu_text text, char **out) {
    if (text.length == SIZE_MAX) {
        return NUMU_LIMIT;
    }
    char *copy;
    NUMU_TRY(NUMU_TAKE(arena, &copy, text.length + 1));
    if (text.length != 0) {
        memcpy(copy, text.data, text.length);
    }
    *out = copy;
    return NUMU_OK;
}

numu_status numu_text_copy(struct numu_arena *arena, struct numu_text text, struct numu_text *out) {
    char *copy;
    NUMU_TRY(numu_text_to_string(arena, text, &copy));
    *out = (struct numu_text){copy, text.length};
    return NUMU_OK;
}

numu_status numu_text_printf(struct numu_arena *arena, struct numu_text *out, const char *format,
                             ...) {
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(NULL, 0, format, arguments);
    va_end(arguments);
    if (length < 0) {
        return NUMU_LIMIT; /* more than INT_MAX bytes */
    }
    char *data;
    NUMU_TRY(NUMU_TAKE(arena, &data, (size_t)length + 1));
    va_start(arguments, format);
    (void)vsnprintf(data, (size_t)length + 1, format, arguments);
    va_end(arguments);
    *out = (struct numu_text){data, (size_t)length};
    return NUMU_OK;
}

/* --- distance --- */

enum { DISTANCE_BYTES_MAX = 64 };

static char lower(char character) {
    return character >= 'A' && character <= 'Z' ? (char)(character - 'A' + 'a') : character;
}

static unsigned least(unsigned a, unsigned b) {
    return a < b ? a : b;
}

unsigned numu_text_distance(struct numu_text a, struct numu_text b, unsigned limit) {
    size_t rows = a.length < DISTANCE_BYTES_MAX ? a.length : DISTANCE_BYTES_MAX;
    size_t columns = b.length < DISTANCE_BYTES_MAX ? b.length : DISTANCE_BYTES_MAX;
    if ((rows > columns ? rows - columns : columns - rows) > limit) {
        return limit + 1;
    }
    /* edits[i % 3][j] makes the first i bytes of a into the first j of b. */
    unsigned edits[3][DISTANCE_BYTES_MAX + 1];
    for (size_t j = 0; j <= columns; j++) {
        edits[0][j] = (unsigned)j;
    }
    for (size_t i = 1; i <= rows; i++) {
        const unsigned *before = edits[(i + 2) % 3];
        const unsigned *before_that = edits[(i + 1) % 3];
        unsigned *row = edits[i % 3];
        char last_a = lower(a.data[i - 1]);
        row[0] = (unsigned)i;
        for (size_t j = 1; j <= columns; j++) {
            char last_b = lower(b.data[j - 1]);
            row[j] = before[j - 1] + (last_a != last_b);
            row[j] = least(row[j], least(before[j], row[j - 1]) + 1);
            if (i > 1 && j > 1 && last_a == lower(b.data[j - 2]) &&
                last_b == lower(a.data[i - 2])) {
                row[j] = least(row[j], before_that[j - 2] + 1);
            }
        }
    }
    unsigned distance = edits[rows % 3][columns];
    return distance <= limit ? distance : limit + 1;
}

/* --- UTF-8 --- */

/*
 * Bytes of the well-formed sequence at the start of data[0 … length-1], length > 0, or 0.
 * Source: The Unicode Standard 15.0, table 3-7 (the same as RFC 3629, section 4): the second byte's
 * range keeps out overlong forms (after E0, F0), surrogates (ED) and what is over U+10FFFF (F4).
 */
static size_t sequence_bytes(const char *data, size_t length) {
    unsigned char first = (unsigned char)data[0];
    if (first < 0x80) {
        return 1;
    }
    size_t bytes = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    if (first < 0xC2 || first > 0xF4 || bytes > length) {
        return 0;
    }
    unsigned char second = (unsigned char)data[1];
    unsigned char second_min = first == 0xE0 ? 0xA0 : first == 0xF0 ? 0x90 : 0x80;
    unsigned char second_max = first == 0xED ? 0x9F : first == 0xF4 ? 0x8F : 0xBF;
    if (second < second_min || second > second_max) {
        return 0;
    }
    for (size_t i = 2; i < bytes; i++) {
        if (((unsigned char)data[i] & 0xC0) != 0x80) {
            return 0;
        }
    }
    return bytes;
}

size_t numu_utf8_valid_length(struct numu_text text) {
    size_t position = 0;
    while (position < text.length) {
        /* Most text is ASCII: eight bytes at a time. */
        uint64_t eight;
        while (text.length - position >= sizeof eight) {
            memcpy(&eight, text.data + position, sizeof eight);
            if ((eight & UINT64_C(0x8080808080808080)) != 0) {
                break;
            }
            position += sizeof eight;
        }
        if (position == text.length) {
            break;
        }
        size_t bytes = sequence_bytes(text.data + position, text.length - position);
        if (bytes == 0) {
            break;
        }
        position += bytes;
    }
    return position;
}

size_t numu_utf8_decode(struct numu_text text, uint32_t *out_code_point) {
    numu_assert(text.length > 0);
    size_t bytes = sequence_bytes(text.data, text.length);
    if (bytes == 0) {
        *out_code_point = 0xFFFD;
        return 1;
    }
    static const unsigned char first_bits[] = {0, 0x7F, 0x1F, 0x0F, 0x07}; /* by length */
    uint32_t code_point = (unsigned char)text.data[0] & first_bits[bytes];
    for (size_t i = 1; i < bytes; i++) {
        code_point = code_point << 6 | ((unsigned char)text.data[i] & 0x3F);
    }
    *out_code_point = code_point;
    return bytes;
}
