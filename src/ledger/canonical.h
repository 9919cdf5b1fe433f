/*
 * canonical.h - the one way to write a JSON value: RFC 8785 (JSON Canonicalization Scheme), with
 * whole numbers only.
 *
 * People sign bytes, and trees are made of bytes: two writers of one event must write the same
 * ones. Members are sorted by UTF-16 code units, no space stands anywhere, strings are escaped only
 * where they must be. RFC 8785 writes numbers as ECMAScript does; the ledger has integers within
 * ±(2^53−1) only, where that is plain digits and no double is ever asked.
 *
 * [J1] What numu_canonical_read accepts, numu_canonical_write gives back byte for byte.
 */
#ifndef NUMU_LEDGER_CANONICAL_H
#define NUMU_LEDGER_CANONICAL_H

#include "base/json.h"

#define NUMU_INTEGER_MAX INT64_C(9007199254740991) /* 2^53 − 1 */

/* Appends a string of UTF-8 with its quotes, escaped as RFC 8785 section 3.2.2.2 says. */
NUMU_MUST_CHECK numu_status numu_canonical_string(struct numu_buffer *buffer,
                                                  struct numu_text text);

/*
 * Appends the canonical form of a value that numu_json_read gave. NUMU_INVALID where it holds a
 * number that is no integer in range; `scratch` is used and rewound.
 */
NUMU_MUST_CHECK numu_status numu_canonical_write(struct numu_buffer *buffer,
                                                 struct numu_arena *scratch,
                                                 const struct numu_json *value);

/*
 * Reads a value that must be in canonical form, into the arena. NUMU_INVALID where it is not, and
 * *out_offset is where it first differs (or where it is no JSON).
 */
NUMU_MUST_CHECK numu_status numu_canonical_read(struct numu_arena *arena, struct numu_text text,
                                                struct numu_json **out, size_t *out_offset);

/* The integer of a JSON number without fraction or exponent, in range; false for all else. */
bool numu_json_integer_of(const struct numu_json *value, int64_t *out);

#endif
