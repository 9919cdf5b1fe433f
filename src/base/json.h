/*
 * json.h - JSON (RFC 8259) read with the place of every value, and written byte for byte the same
 * each time.
 *
 * Our own reader, and not a library's, because a planner's slip in datapackage.json deserves line
 * and column, numbers must stay exact text (no double decides a number), and memory is counted
 * (docs/adr/0003-json.md).
 *
 * [J1] Depth is at most `depth_max`; duplicate names in an object are an error; strings are valid
 *      UTF-8.
 * [J2] Reading takes time linear in the text, and stack in proportion to the depth only.
 * [J3] Whatever the writer is given, what it writes is JSON.
 */
#ifndef NUMU_BASE_JSON_H
#define NUMU_BASE_JSON_H

#include "base/text.h"

typedef enum numu_json_kind {
    NUMU_JSON_NULL,
    NUMU_JSON_FALSE,
    NUMU_JSON_TRUE,
    NUMU_JSON_NUMBER,
    NUMU_JSON_STRING,
    NUMU_JSON_ARRAY,
    NUMU_JSON_OBJECT
} numu_json_kind;

struct numu_json {
    numu_json_kind kind;
    uint32_t count;        /* children of an array or object */
    struct numu_text key;  /* name within its object, decoded; may hold a NUL written \u0000 */
    struct numu_text text; /* string: decoded value, the same; number: as written */
    struct numu_json *first;
    struct numu_json *next;
    size_t key_offset; /* raw name, its quotes included */
    size_t key_length;
    size_t offset; /* raw value */
    size_t length;
};

typedef enum numu_json_problem {
    NUMU_JSON_FINE = 0,
    NUMU_JSON_UNEXPECTED_CHARACTER, /* at the character; of a misspelt word, its first */
    NUMU_JSON_UNEXPECTED_END,       /* at the end of the text */
    NUMU_JSON_BAD_NUMBER,           /* at the start of the number */
    NUMU_JSON_BAD_STRING,     /* at a control character, bad escape, lone surrogate, broken UTF-8 */
    NUMU_JSON_DUPLICATE_NAME, /* at the later of the two names */
    NUMU_JSON_TOO_DEEP,       /* at the bracket that is one too many */
    NUMU_JSON_TRAILING        /* at the first character after the value */
} numu_json_problem;

/* Its name as the argument of a sentence: "json.bad_number". */
const char *numu_json_problem_name(numu_json_problem problem);

struct numu_json_error {
    numu_json_problem problem;
    size_t offset;
};

enum {
    NUMU_JSON_READ_DEPTH = 64,       /* of the reader, unless told otherwise */
    NUMU_JSON_READ_DEPTH_MAX = 1024, /* a larger depth_max counts as this */
    NUMU_JSON_DEPTH_MAX = 32         /* of the writer */
};

/*
 * Reads one value. A byte order mark is accepted. Values point into `text` or the arena.
 * NUMU_INVALID with *out_error set where it is no JSON; NUMU_MEMORY or NUMU_LIMIT from the arena.
 * On failure the arena is as it was, and *out too. `depth_max` is the number of arrays and objects
 * within each other; 0 means NUMU_JSON_READ_DEPTH.
 */
NUMU_MUST_CHECK numu_status numu_json_read(struct numu_arena *arena, struct numu_text text,
                                           unsigned depth_max, struct numu_json **out,
                                           struct numu_json_error *out_error);
/* The member of an object, or NULL (also for NULL and for what is no object). */
const struct numu_json *numu_json_find(const struct numu_json *object, const char *key);

/*
 * Writer. Calls follow the shape of the document (asserted); the first failure stays in `status`
 * and later calls do nothing, so that it is looked at once. Objects and arrays are indented by two
 * spaces, or all on a line within numu_json_begin_line_*. No line end follows the document. More
 * than NUMU_JSON_DEPTH_MAX levels are NUMU_LIMIT.
 */
struct numu_json_writer {
    struct numu_buffer *buffer;
    numu_status status;
    unsigned depth;
    bool is_object[NUMU_JSON_DEPTH_MAX];
    bool has_item[NUMU_JSON_DEPTH_MAX];
    bool on_line[NUMU_JSON_DEPTH_MAX];
    bool after_key;
};

void numu_json_writer_init(struct numu_json_writer *writer, struct numu_buffer *buffer);
void numu_json_begin_object(struct numu_json_writer *writer);
/* This one and all within on one line. */
void numu_json_begin_line_object(struct numu_json_writer *writer);
void numu_json_end_object(struct numu_json_writer *writer);
void numu_json_begin_array(struct numu_json_writer *writer);
void numu_json_begin_line_array(struct numu_json_writer *writer);
void numu_json_end_array(struct numu_json_writer *writer);
void numu_json_key(struct numu_json_writer *writer, const char *key);
void numu_json_key_text(struct numu_json_writer *writer, struct numu_text key);
/* What is no UTF-8 becomes U+FFFD, byte for byte. */
void numu_json_text(struct numu_json_writer *writer, struct numu_text text);
void numu_json_string(struct numu_json_writer *writer, const char *string);
void numu_json_integer(struct numu_json_writer *writer, int64_t value);
/* value ÷ 10^decimals exactly, without trailing zeros; null for NUMU_NO_NUMBER (number.h). */
void numu_json_number(struct numu_json_writer *writer, int64_t value, int decimals);
/* A number in its own words, as read: the text must be a JSON number. */
void numu_json_number_text(struct numu_json_writer *writer, struct numu_text number);
/* A value as it was read from `text` by numu_json_read, in its own words and layout. */
void numu_json_copy(struct numu_json_writer *writer, struct numu_text text,
                    const struct numu_json *value);
/*
 * The first of 15, 16 and 17 digits that reads back as the same double; null where it is not
 * finite. LC_NUMERIC must be "C", as it is where nobody sets it.
 */
void numu_json_double(struct numu_json_writer *writer, double value);
void numu_json_boolean(struct numu_json_writer *writer, bool value);
void numu_json_null(struct numu_json_writer *writer);

#endif
