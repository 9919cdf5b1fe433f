/*
 * text.h - pieces of UTF-8 that live in somebody else's memory.
 *
 * A numu_text is a pointer and a length; it is not zero-terminated and owns nothing. Empty means
 * length 0 (data may then be NULL).
 */
#ifndef NUMU_BASE_TEXT_H
#define NUMU_BASE_TEXT_H

#include "base/arena.h"

#include <stdbool.h>

struct numu_text {
    const char *data;
    size_t length;
};

/* A text over a string literal or array. */
#define NUMU_TEXT(literal) ((struct numu_text){(literal), sizeof(literal) - 1})

struct numu_text numu_text_of(const char *string); /* NULL gives the empty text */
bool numu_text_is_equal(struct numu_text a, struct numu_text b);
bool numu_text_is(struct numu_text text, const char *string);

/* Bytewise order, shorter first where one is a prefix: <0, 0, >0. */
int numu_text_compare(struct numu_text a, struct numu_text b);

/* Without the ASCII spaces and tabs at both ends. */
struct numu_text numu_text_trim(struct numu_text text);

/* Splits off the next word (separated by spaces); *rest shrinks. Empty when there is none. */
struct numu_text numu_text_next_word(struct numu_text *rest);

/* Splits off the next line, without its "\n"; false, and nothing is changed, where none ends. */
bool numu_text_next_line(struct numu_text *rest, struct numu_text *out);

/* Takes `prefix` off the begin; false, and nothing is changed, where the text begins otherwise. */
bool numu_text_take_prefix(struct numu_text *text, const char *prefix);

/* Whether a byte is a control character: below 0x20, or 0x7F. */
bool numu_text_has_controls(struct numu_text text);

/* First position of `needle` at or after `from`, or SIZE_MAX. */
size_t numu_text_find(struct numu_text text, struct numu_text needle, size_t from);

/* A copy in the arena, zero-terminated after its end. */
NUMU_MUST_CHECK numu_status numu_text_copy(struct numu_arena *arena, struct numu_text text,
                                           struct numu_text *out);
/* The same as a C string. */
NUMU_MUST_CHECK numu_status numu_text_to_string(struct numu_arena *arena, struct numu_text text,
                                                char **out);
/* printf into the arena. */
NUMU_MUST_CHECK numu_status numu_text_printf(struct numu_arena *arena, struct numu_text *out,
                                             const char *format, ...) NUMU_PRINTF(3, 4);

/*
 * Edits (insert, delete, replace, swap of neighbours) between two texts, counted in bytes, ASCII
 * case ignored; at most `limit`, else limit + 1. Optimal string alignment distance: no piece is
 * edited twice. Texts over 64 bytes are cut there.
 */
unsigned numu_text_distance(struct numu_text a, struct numu_text b, unsigned limit);

/*
 * Length of the longest valid UTF-8 prefix in bytes (RFC 3629: no surrogates, nothing over
 * U+10FFFF, no overlong forms). Equal to the length when all of it is valid.
 */
size_t numu_utf8_valid_length(struct numu_text text);

/*
 * Decodes the character at text.data (length > 0); returns its bytes (1 for a broken one, which
 * gives U+FFFD).
 */
size_t numu_utf8_decode(struct numu_text text, uint32_t *out_code_point);

/*
 * Columns on a terminal: wide East Asian characters and emoji count 2, combining marks and controls
 * 0, a broken byte 1. Characters are looked at one by one: sequences joined by U+200D are not.
 */
size_t numu_text_width(struct numu_text text);

#endif
