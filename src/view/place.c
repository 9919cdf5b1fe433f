/*
 * place.c - line and column of byte offsets, and excerpts.
 *
 * Places are sorted by file and offset, then each file is read once. Excerpts read a few bytes
 * around the place again, so that a line of any length costs no memory.
 */
#include "view/place.h"

#include "base/stream.h"

#include <string.h>

enum {
    CHUNK_BYTES = 1 << 16,
    AROUND_BYTES = 512, /* looked at before and after a place: 100 columns of 4-byte characters */
    EXCERPT_COLUMNS = 100,
    LEAD_COLUMNS = 60, /* at most so much before the marks where the line is cut */
    MARK_COLUMNS = 60,
    GUTTER_COLUMNS = 5, /* of the line number, unless it is longer */
};

static bool has_line(const struct numu_place *place) {
    return place->source != NUMU_NO_SOURCE && place->offset != NUMU_WHOLE_FILE;
}

static numu_status open_source(const struct numu_source *source, struct numu_stream *stream) {
    int error;
    if (source->bytes.data != NULL) {
        numu_stream_open_memory(stream, source->bytes);
        return NUMU_OK;
    }
    return numu_stream_open(stream, source->path.data, &error);
}

/* --- order --- */

static bool is_before(const struct numu_place *a, const struct numu_place *b) {
    return a->source < b->source || (a->source == b->source && a->offset < b->offset);
}

static void sift(const struct numu_place *places, size_t *order, size_t root, size_t count) {
    for (;;) {
        size_t child = 2 * root + 1;
        if (child >= count) {
            return;
        }
        if (child + 1 < count && is_before(&places[order[child]], &places[order[child + 1]])) {
            child++;
        }
        if (!is_before(&places[order[root]], &places[order[child]])) {
            return;
        }
        size_t swap = order[root];
        order[root] = order[child];
        order[child] = swap;
        root = child;
    }
}

/* Heap sort (J. W. J. Williams 1964): in place, and equal places need no order among themselves. */
static void sort(const struct numu_place *places, size_t *order, size_t count) {
    for (size_t root = count / 2; root-- > 0;) {
        sift(places, order, root, count);
    }
    for (size_t end = count; end-- > 1;) {
        size_t swap = order[0];
        order[0] = order[end];
        order[end] = swap;
        sift(places, order, 0, end);
    }
}

/* --- counting lines --- */

struct counter {
    struct numu_spot at; /* of the next byte; column counts from 0 here */
    uint64_t offset;
    bool after_cr, after_lf;
    const struct numu_place *places;
    const size_t *order; /* what is still to be found in this file, by offset */
    size_t count;
    struct numu_spot *spots;
};

static void begin_line(struct counter *counter) {
    counter->at.line++;
    counter->at.column = 0;
    counter->at.line_start = counter->offset;
    counter->after_cr = counter->after_lf = false;
}

static void found(struct counter *counter) {
    struct numu_spot *spot = &counter->spots[counter->order[0]];
    *spot = counter->at;
    spot->column++;
    counter->order++;
    counter->count--;
}

static void count_bytes(struct counter *counter, const char *bytes, size_t length) {
    for (size_t i = 0; i < length && counter->count > 0; i++, counter->offset++) {
        unsigned char byte = (unsigned char)bytes[i];
        if (counter->after_lf || (counter->after_cr && byte != '\n')) {
            begin_line(counter);
        }
        while (counter->count > 0 && counter->places[counter->order[0]].offset <= counter->offset) {
            found(counter);
        }
        counter->at.column += (byte & 0xC0) != 0x80; /* not within a character */
        counter->after_cr = byte == '\r';
        counter->after_lf = byte == '\n';
    }
}

/* Bytes of a byte order mark at the start of a file: no line has them. */
static size_t skip_byte_order_mark(struct counter *counter, const char *bytes, size_t length) {
    if (counter->offset > 0 || length < 3 || memcmp(bytes, "\xEF\xBB\xBF", 3) != 0) {
        return 0;
    }
    counter->offset = counter->at.line_start = 3;
    return 3;
}

/* A file that cannot be read on is as good as ended: what was not found keeps line 0. */
static void count_file(struct counter *counter, const struct numu_stream *stream, char *chunk) {
    for (;;) {
        size_t length;
        int error;
        if (numu_stream_read(stream, counter->offset, chunk, CHUNK_BYTES, &length, &error) !=
            NUMU_OK) {
            return;
        }
        size_t skipped = skip_byte_order_mark(counter, chunk, length);
        count_bytes(counter, chunk + skipped, length - skipped);
        if (length < CHUNK_BYTES || counter->count == 0) {
            break;
        }
    }
    if (counter->after_lf || counter->after_cr) {
        begin_line(counter);
    }
    while (counter->count > 0) {
        found(counter);
    }
}

numu_status numu_spots_find(const struct numu_sources *sources, const struct numu_place *places,
                            size_t count, struct numu_arena *scratch, struct numu_spot *spots) {
    struct numu_arena_mark mark = numu_arena_mark(scratch);
    size_t *order;
    char *chunk;
    numu_status status = NUMU_TAKE(scratch, &order, count);
    if (status == NUMU_OK) {
        status = NUMU_TAKE(scratch, &chunk, CHUNK_BYTES);
    }
    if (status != NUMU_OK) {
        numu_arena_rewind(scratch, mark);
        return status;
    }
    size_t with_line = 0;
    for (size_t i = 0; i < count; i++) {
        spots[i] = (struct numu_spot){0, 0, 0};
        if (has_line(&places[i])) {
            order[with_line++] = i;
        }
    }
    sort(places, order, with_line);
    for (size_t i = 0; i < with_line;) {
        uint32_t source = places[order[i]].source;
        size_t end = i;
        while (end < with_line && places[order[end]].source == source) {
            end++;
        }
        struct numu_stream stream;
        if (open_source(&sources->list[source], &stream) == NUMU_OK) {
            struct counter counter = {.at.line = 1,
                                      .places = places,
                                      .order = order + i,
                                      .count = end - i,
                                      .spots = spots};
            count_file(&counter, &stream, chunk);
            numu_stream_close(&stream);
        }
        i = end;
    }
    numu_arena_rewind(scratch, mark);
    return NUMU_OK;
}

/* --- excerpts --- */

struct excerpt {
    char bytes[3 * AROUND_BYTES];
    struct numu_text before, marked, rest; /* of one line; the rest includes what is marked */
    bool is_cut_left;
};

static size_t line_length(const char *bytes, size_t length) {
    size_t end = 0;
    while (end < length && bytes[end] != '\n' && bytes[end] != '\r') {
        end++;
    }
    return end;
}

static size_t least(uint64_t a, size_t b) {
    return a < b ? (size_t)a : b;
}

/* Reads the bytes around a place; false where the file does not give them. */
static bool read_excerpt(const struct numu_source *source, const struct numu_place *place,
                         const struct numu_spot *spot, struct excerpt *excerpt) {
    uint64_t from = spot->line_start;
    uint64_t offset = place->offset > from ? place->offset : from;
    excerpt->is_cut_left = offset - from > AROUND_BYTES;
    if (excerpt->is_cut_left) {
        from = offset - AROUND_BYTES;
    }
    struct numu_stream stream;
    size_t length = 0;
    int error;
    if (open_source(source, &stream) != NUMU_OK) {
        return false;
    }
    numu_status status =
        numu_stream_read(&stream, from, excerpt->bytes, sizeof excerpt->bytes, &length, &error);
    numu_stream_close(&stream);
    if (status != NUMU_OK) {
        return false;
    }
    const char *bytes = excerpt->bytes;
    size_t start = 0;
    while (excerpt->is_cut_left && start < length && ((unsigned char)bytes[start] & 0xC0) == 0x80) {
        start++;
    }
    size_t lead = line_length(bytes, least(offset - from, length));
    size_t rest = line_length(bytes + lead, length - lead);
    excerpt->before = (struct numu_text){bytes + start, lead > start ? lead - start : 0};
    excerpt->marked = (struct numu_text){bytes + lead, least(place->length, rest)};
    excerpt->rest = (struct numu_text){bytes + lead, rest};
    return true;
}

/* The part of a text at its end that takes at most so many columns. */
static struct numu_text tail_of(struct numu_text text, size_t columns) {
    while (numu_text_width(text) > columns) {
        uint32_t code_point;
        size_t bytes = numu_utf8_decode(text, &code_point);
        text.data += bytes;
        text.length -= bytes;
    }
    return text;
}

/* What numu_output_text makes of a text, in a buffer. */
static numu_status make_visible(struct numu_buffer *buffer, struct numu_text text) {
    struct numu_output out;
    numu_output_init(&out, buffer, NUMU_LANGUAGE_EN, false);
    numu_output_text(&out, text);
    return numu_output_finish(&out);
}

static void repeat(struct numu_output *out, const char *string, size_t count) {
    for (size_t i = 0; i < count; i++) {
        numu_output_raw(out, string);
    }
}

static void write_excerpt(struct numu_output *out, const struct excerpt *excerpt, uint64_t line,
                          struct numu_text before, struct numu_text marked,
                          const char *const marks[2]) {
    bool is_cut_left = excerpt->is_cut_left;
    if (numu_text_width(before) > LEAD_COLUMNS) {
        before = tail_of(before, EXCERPT_COLUMNS - MARK_COLUMNS - 1);
        is_cut_left = true;
    }
    size_t lead_columns = numu_text_width(before) + (is_cut_left ? 1 : 0);
    size_t mark_columns = numu_text_width(marked);
    if (mark_columns > EXCERPT_COLUMNS - lead_columns) {
        mark_columns = EXCERPT_COLUMNS - lead_columns;
    }
    size_t digits = 0;
    for (uint64_t rest = line; rest > 0; rest /= 10) {
        digits++;
    }
    size_t gutter = digits > GUTTER_COLUMNS ? digits : GUTTER_COLUMNS;
    numu_output_printf(out, "%*llu | ", (int)gutter, (unsigned long long)line);
    numu_output_raw(out, is_cut_left ? "…" : "");
    numu_output_text(out, before);
    numu_output_text_cut(out, excerpt->rest, EXCERPT_COLUMNS - lead_columns);
    numu_output_raw(out, "\n");
    repeat(out, " ", gutter);
    numu_output_raw(out, " | ");
    repeat(out, " ", lead_columns);
    numu_output_raw(out, marks[0]);
    numu_output_raw(out, "^");
    repeat(out, "~", mark_columns > 1 ? mark_columns - 1 : 0);
    numu_output_raw(out, marks[1]);
    numu_output_raw(out, "\n");
}

void numu_output_excerpt(struct numu_output *out, const struct numu_sources *sources,
                         const struct numu_place *place, const struct numu_spot *spot,
                         const char *mark_on, const char *mark_off) {
    struct excerpt excerpt = {.is_cut_left = false};
    if (out->status != NUMU_OK || spot->line == 0 ||
        !read_excerpt(&sources->list[place->source], place, spot, &excerpt)) {
        return;
    }
    struct numu_buffer before;
    struct numu_buffer marked;
    numu_buffer_init(&before, out->buffer->heap, 0);
    numu_buffer_init(&marked, out->buffer->heap, 0);
    out->status = make_visible(&before, excerpt.before);
    if (out->status == NUMU_OK) {
        out->status = make_visible(&marked, excerpt.marked);
    }
    write_excerpt(out, &excerpt, spot->line, (struct numu_text){before.data, before.length},
                  (struct numu_text){marked.data, marked.length},
                  (const char *const[]){mark_on, mark_off});
    numu_buffer_release(&before);
    numu_buffer_release(&marked);
}
