/*
 * csv.c - the reader looks at eight bytes at a time and stops at those that can mean something.
 *
 * In a 64-bit word the bytes equal to the delimiter, and those under 0x10 (line ends, NUL), are
 * marked by their high bit with exact arithmetic (no carry between bytes: H. S. Warren, Hacker's
 * Delight, 2nd ed. 2013, section 6-1). The same words, or'ed together, say whether a record holds
 * any byte ≥ 0x80, so that plain ASCII is never looked at twice; only then is UTF-8 checked.
 *
 * A record that the window cuts is parsed again from its start after the refill: nothing of it is
 * kept in the reader, and nothing in the window is changed before its end is known.
 */
#include "base/csv.h"

#include <string.h>

#define EACH_BYTE(byte) (UINT64_C(0x0101010101010101) * (uint64_t)(byte))

enum { WORD_BYTES = 8, CONTROLS = 0x10 };

static bool is_line_end(char character) {
    return character == '\n' || character == '\r';
}

/* Up to eight bytes, the first in the lowest bits; zeros where `room` is less. */
static uint64_t load_word(const char *from, size_t room) {
    uint64_t word = 0;
    if (room >= WORD_BYTES) {
        memcpy(&word, from, WORD_BYTES);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
        word = __builtin_bswap64(word);
#endif
        return word;
    }
    for (size_t i = 0; i < room; i++) {
        word |= (uint64_t)(unsigned char)from[i] << (8 * i);
    }
    return word;
}

/* The high bits of the bytes of `word` that differ from those of `pattern`. */
static uint64_t mark_different(uint64_t word, uint64_t pattern) {
    uint64_t difference = word ^ pattern;
    return ((difference & EACH_BYTE(0x7f)) + EACH_BYTE(0x7f)) | difference;
}

/* The high bits of the bytes of `word` that are `limit` (at most 0x80) or more. */
static uint64_t mark_at_least(uint64_t word, unsigned limit) {
    return ((word & EACH_BYTE(0x7f)) + EACH_BYTE(0x80 - limit)) | word;
}

/* Only the marks that stand for the first `room` bytes. */
static uint64_t cut_marks(uint64_t marks, size_t room) {
    return room >= WORD_BYTES ? marks : marks & ((UINT64_C(1) << (8 * room)) - 1);
}

static size_t first_mark(uint64_t marks) {
    return (size_t)__builtin_ctzll(marks) / 8;
}

void numu_csv_reader_init(struct numu_csv_reader *reader, char delimiter) {
    numu_assert(delimiter > 0 && delimiter != '"' && !is_line_end(delimiter));
    memset(reader, 0, offsetof(struct numu_csv_reader, fields));
    reader->delimiter = delimiter;
    reader->record_bytes_max = NUMU_CSV_RECORD_BYTES_MAX;
}

void numu_csv_reader_refill(struct numu_csv_reader *reader, char *window, size_t length,
                            bool is_final) {
    numu_assert(length >= reader->length - reader->position);
    reader->window_offset += reader->position;
    reader->window = window;
    reader->length = length;
    reader->position = 0;
    reader->is_final = is_final;
}

void numu_csv_reader_init_whole(struct numu_csv_reader *reader, char delimiter, char *bytes,
                                size_t length) {
    numu_csv_reader_init(reader, delimiter);
    reader->record_bytes_max = length < UINT32_MAX ? (uint32_t)length : UINT32_MAX;
    numu_csv_reader_refill(reader, bytes, length, true);
}

static uint64_t offset_of(const struct numu_csv_reader *reader, size_t at) {
    return reader->window_offset + at;
}

/* Goes past the next line end. False where the window has none: all of it is consumed then. */
static bool skip_line(struct numu_csv_reader *reader) {
    while (reader->position < reader->length) {
        if (is_line_end(reader->window[reader->position++])) {
            reader->skipping = false;
            return true;
        }
    }
    return false;
}

/* Goes past a byte order mark at the start of the file. False where more bytes must tell. */
static bool skip_byte_order_mark(struct numu_csv_reader *reader) {
    static const char mark[] = {'\xEF', '\xBB', '\xBF'};
    if (offset_of(reader, reader->position) != 0 || reader->length == 0) {
        return true;
    }
    size_t length = reader->length < sizeof mark ? reader->length : sizeof mark;
    if (memcmp(reader->window, mark, length) != 0) {
        return true;
    }
    if (length < sizeof mark) {
        return reader->is_final;
    }
    reader->position = sizeof mark;
    return true;
}

/* The LF of a CRLF that was cut by a window is a blank line as well. */
static void skip_blank_lines(struct numu_csv_reader *reader) {
    while (reader->position < reader->length && is_line_end(reader->window[reader->position])) {
        reader->position++;
    }
}

/* A record while its end is being looked for; positions count from the start of the window. */
struct record {
    size_t start;
    size_t limit;          /* its line end must come before [C2], or more bytes must */
    size_t count;          /* of fields, those too many included */
    size_t first_too_many; /* where field NUMU_CSV_FIELDS_MAX begins */
    size_t open_quote;     /* SIZE_MAX outside of quotes */
    uint64_t suspect;      /* a high bit is set where a byte may be no plain text */
    bool has_doubled_quote;
};

static inline void keep_field(struct numu_csv_reader *reader, struct record *record, size_t from,
                              size_t to, bool quoted) {
    if (record->count < NUMU_CSV_FIELDS_MAX) {
        struct numu_csv_field *field = &reader->fields[record->count];
        field->value.data = reader->window + from + quoted;
        field->value.length = to - from - (quoted ? 2 : 0);
        field->offset = offset_of(reader, from);
        field->length = (uint32_t)(to - from);
        field->quoted = quoted;
    } else if (record->count == NUMU_CSV_FIELDS_MAX) {
        record->first_too_many = from;
    }
    record->count++;
}

/* The position after the quote that closes the field opened at `open`, or SIZE_MAX. */
static size_t find_closing_quote(const struct numu_csv_reader *reader, struct record *record,
                                 size_t open) {
    size_t at = open + 1;
    while (at < record->limit) {
        size_t room = record->limit - at;
        uint64_t word = load_word(reader->window + at, room);
        uint64_t quotes = cut_marks(~mark_different(word, EACH_BYTE('"')) & EACH_BYTE(0x80), room);
        uint64_t zeros = cut_marks(~mark_at_least(word, 1) & EACH_BYTE(0x80), room);
        record->suspect |= word | zeros;
        if (quotes == 0) {
            at += WORD_BYTES;
            continue;
        }
        at += first_mark(quotes) + 1;
        if (at == record->limit || reader->window[at] != '"') {
            return at;
        }
        record->has_doubled_quote = true;
        at++;
    }
    return SIZE_MAX;
}

/* "a ""b""" became a ""b"" by leaving the outer quotes away; makes it a "b". */
static void undouble_quotes(struct numu_csv_reader *reader) {
    for (size_t i = 0; i < reader->count; i++) {
        struct numu_csv_field *field = &reader->fields[i];
        if (!field->quoted) {
            continue;
        }
        char *to = reader->window + (field->value.data - reader->window);
        const char *from = field->value.data;
        const char *end = from + field->value.length;
        const char *quote;
        while ((quote = memchr(from, '"', (size_t)(end - from))) != NULL) {
            size_t length = (size_t)(quote - from) + 1;
            memmove(to, from, length);
            to += length;
            from = quote + 2;
        }
        memmove(to, from, (size_t)(end - from));
        field->value.length = (size_t)(to - field->value.data) + (size_t)(end - from);
    }
}

/* Consumes the record that ends before `end`. */
static numu_csv_event finish_record(struct numu_csv_reader *reader, const struct record *record,
                                    size_t end) {
    reader->position = end;
    if (reader->position < reader->length) {
        bool is_return = reader->window[reader->position++] == '\r';
        if (is_return && reader->position < reader->length &&
            reader->window[reader->position] == '\n') {
            reader->position++;
        }
    }
    if ((record->suspect & EACH_BYTE(0x80)) != 0) {
        struct numu_text raw = {reader->window + record->start, end - record->start};
        size_t valid = numu_utf8_valid_length(raw);
        const char *zero = memchr(raw.data, 0, valid);
        if (zero != NULL || valid < raw.length) {
            size_t bad = zero != NULL ? (size_t)(zero - raw.data) : valid;
            reader->error_offset = offset_of(reader, record->start + bad);
            return NUMU_CSV_BAD_ENCODING;
        }
    }
    if (record->count > NUMU_CSV_FIELDS_MAX) {
        reader->error_offset = offset_of(reader, record->first_too_many);
        return NUMU_CSV_TOO_MANY;
    }
    reader->count = record->count;
    if (record->has_doubled_quote) {
        undouble_quotes(reader);
    }
    return NUMU_CSV_RECORD;
}

/* The bytes before the limit ran out in the field that begins at `field`. */
static numu_csv_event run_out(struct numu_csv_reader *reader, struct record *record, size_t field,
                              bool quoted) {
    bool is_open = record->open_quote != SIZE_MAX;
    if (record->limit - record->start > reader->record_bytes_max) {
        reader->error_offset = offset_of(reader, is_open ? record->open_quote : record->start);
        reader->position = record->limit - 1;
        reader->skipping = true;
        return NUMU_CSV_TOO_LONG;
    }
    if (!reader->is_final) {
        return NUMU_CSV_MORE;
    }
    if (is_open) {
        reader->error_offset = offset_of(reader, record->open_quote);
        reader->position = reader->length;
        return NUMU_CSV_OPEN_QUOTE;
    }
    keep_field(reader, record, field, record->limit, quoted);
    return finish_record(reader, record, record->limit);
}

static numu_csv_event read_record(struct numu_csv_reader *reader) {
    const char *window = reader->window;
    const char delimiter = reader->delimiter;
    const uint64_t delimiters = EACH_BYTE((unsigned char)delimiter);
    size_t room = reader->length - reader->position;
    struct record record = {.start = reader->position, .open_quote = SIZE_MAX};
    record.limit = record.start + room;
    if (room > reader->record_bytes_max) {
        record.limit = record.start + reader->record_bytes_max + 1;
    }

    size_t field = record.start; /* where the field being read begins */
    size_t next = record.start;  /* where the next word begins */
    size_t base = record.start;  /* where the word of `marks` began */
    uint64_t marks = 0;          /* of the present word, not yet looked at */
    for (;;) {
        if (field < record.limit && window[field] == '"') {
            record.open_quote = field;
            size_t end = find_closing_quote(reader, &record, field);
            if (end == SIZE_MAX) {
                return run_out(reader, &record, field, true);
            }
            record.open_quote = SIZE_MAX;
            if (end == record.limit) {
                return run_out(reader, &record, field, true);
            }
            if (window[end] != delimiter && !is_line_end(window[end])) {
                reader->error_offset = offset_of(reader, end);
                reader->position = end;
                reader->skipping = true;
                return NUMU_CSV_STRAY_QUOTE;
            }
            keep_field(reader, &record, field, end, true);
            if (window[end] != delimiter) {
                return finish_record(reader, &record, end);
            }
            field = end + 1;
            next = field;
            marks = 0;
            continue;
        }

        size_t end;
        for (;;) {
            while (marks == 0) {
                if (next >= record.limit) {
                    return run_out(reader, &record, field, false);
                }
                base = next;
                next += WORD_BYTES;
                uint64_t word = load_word(window + base, record.limit - base);
                record.suspect |= word;
                marks = ~(mark_different(word, delimiters) & mark_at_least(word, CONTROLS));
                marks = cut_marks(marks & EACH_BYTE(0x80), record.limit - base);
            }
            end = base + first_mark(marks);
            marks &= marks - 1;
            if (window[end] == delimiter || is_line_end(window[end])) {
                break;
            }
            if (window[end] == 0) {
                record.suspect |= EACH_BYTE(0x80);
            }
        }
        keep_field(reader, &record, field, end, false);
        if (window[end] != delimiter) {
            return finish_record(reader, &record, end);
        }
        field = end + 1;
    }
}

numu_csv_event numu_csv_next(struct numu_csv_reader *reader) {
    reader->count = 0;
    if (!reader->skipping || skip_line(reader)) {
        if (!skip_byte_order_mark(reader)) {
            return NUMU_CSV_MORE;
        }
        skip_blank_lines(reader);
    }
    if (reader->position == reader->length) {
        return reader->is_final ? NUMU_CSV_END : NUMU_CSV_MORE;
    }
    reader->record_offset = offset_of(reader, reader->position);
    return read_record(reader);
}

numu_status numu_csv_write(struct numu_buffer *buffer, struct numu_text field, char delimiter) {
    const char special[] = {'"', '\r', '\n', delimiter};
    bool must_quote = field.length >= 3 && memcmp(field.data, "\xEF\xBB\xBF", 3) == 0;
    size_t quotes = 0;
    for (size_t i = 0; i < field.length; i++) {
        must_quote = must_quote || memchr(special, field.data[i], sizeof special) != NULL;
        quotes += field.data[i] == '"';
    }
    if (!must_quote) {
        return numu_buffer_append(buffer, field.data, field.length);
    }
    NUMU_TRY(numu_buffer_reserve(buffer, field.length + quotes + 2));
    NUMU_TRY(numu_buffer_append_char(buffer, '"'));
    for (size_t i = 0; i < field.length; i++) {
        if (field.data[i] == '"') {
            NUMU_TRY(numu_buffer_append_char(buffer, '"'));
        }
        NUMU_TRY(numu_buffer_append_char(buffer, field.data[i]));
    }
    return numu_buffer_append_char(buffer, '"');
}
