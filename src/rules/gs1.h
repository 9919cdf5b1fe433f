/*
 * gs1.h - GS1 element strings: read, checked against the GS1 Barcode Syntax Dictionary, written.
 *
 * An element string is a row of pairs, an Application Identifier (AI) of two to four digits and its
 * value. People write "(01)09506000134352(21)R000123"; a scanner gives the same without brackets,
 * where a separator (FNC1, ASCII 29) ends each value whose length the AI does not fix.
 *
 * What may stand in a value, which AIs need or forbid others: the dictionary says it, which comes
 * with numu as it is published (rules/gs1); no rule of it is in code. Its linters are in
 * gs1_lint.c.
 *
 * Source: GS1 General Specifications, sections 3 and 7.8; GS1 Barcode Syntax Dictionary.
 */
#ifndef NUMU_RULES_GS1_H
#define NUMU_RULES_GS1_H

#include "base/text.h"

/* The dictionary that comes with numu. */
extern const unsigned char numu_gs1_dictionary_bytes[];
extern const size_t numu_gs1_dictionary_bytes_length;

enum {
    NUMU_GS1_PARTS_MAX = 8,     /* of an AI's value */
    NUMU_GS1_LINTERS_MAX = 4,   /* of a part */
    NUMU_GS1_ELEMENTS_MAX = 64, /* of a string */
    NUMU_GS1_SEPARATOR = 29     /* FNC1 as scanners and symbols give it */
};

/* A part of a value: "N6,yymmd0", "[X..17]". */
struct numu_gs1_part {
    char set;                   /* 'N' digits, 'X' set 82, 'Y' set 39, 'Z' base64url */
    uint8_t length_min, length; /* length: the most */
    bool is_optional;
    uint8_t linter_count;
    struct numu_text linters[NUMU_GS1_LINTERS_MAX];
};

/* A line of the dictionary: one AI, or a range of them. */
struct numu_gs1_rule {
    struct numu_text first, last; /* equal where it is one */
    bool is_fixed;                /* needs no separator */
    uint8_t part_count;
    struct numu_gs1_part parts[NUMU_GS1_PARTS_MAX];
    struct numu_text attributes; /* "ex=255,37 dlpkey=22,10,21|235" */
    struct numu_text title;      /* "GTIN" */
};

struct numu_gs1_dictionary {
    struct numu_gs1_rule *rules; /* in the order of the file */
    size_t count;
};

/*
 * Reads a dictionary; texts point into `text`, rules live in the arena. NUMU_INVALID with the line
 * (from 1) in *out_line where it cannot be read.
 */
NUMU_MUST_CHECK numu_status numu_gs1_dictionary_read(struct numu_arena *arena,
                                                     struct numu_text text,
                                                     struct numu_gs1_dictionary *out,
                                                     size_t *out_line);
/* The one that comes with numu. */
NUMU_MUST_CHECK numu_status numu_gs1_dictionary_open(struct numu_arena *arena,
                                                     struct numu_gs1_dictionary *out);
/* NULL where there is none. */
const struct numu_gs1_rule *numu_gs1_rule_find(const struct numu_gs1_dictionary *dictionary,
                                               struct numu_text ai);

struct numu_gs1_element {
    struct numu_text ai, value;
    const struct numu_gs1_rule *rule;
};
struct numu_gs1_string {
    struct numu_gs1_element elements[NUMU_GS1_ELEMENTS_MAX];
    size_t count;
};

typedef enum numu_gs1_problem {
    NUMU_GS1_FINE,
    NUMU_GS1_NO_STRING,   /* neither brackets nor AIs of the dictionary */
    NUMU_GS1_UNKNOWN_AI,  /* `detail`: the AI */
    NUMU_GS1_BAD_LENGTH,  /* too short or too long */
    NUMU_GS1_BAD_LETTER,  /* of another set; `detail`: the letter */
    NUMU_GS1_BAD_CHECK,   /* check digit or pair */
    NUMU_GS1_BAD_CONTENT, /* `detail`: the linter that refuses it */
    NUMU_GS1_REPEATED,    /* the same AI with another value */
    NUMU_GS1_MISSING,     /* `detail`: which AIs it needs one of */
    NUMU_GS1_EXCLUDED,    /* `detail`: the AI that may not stand beside it */
    NUMU_GS1_PROBLEM_COUNT
} numu_gs1_problem;

struct numu_gs1_finding {
    numu_gs1_problem problem;
    struct numu_text ai; /* whose; empty where it is the whole string's */
    struct numu_text detail;
};
/* Its name: "bad_check". */
const char *numu_gs1_problem_name(numu_gs1_problem problem);

/*
 * Reads a string in brackets, or one of a scanner ("]d2", "]C1", "]e0", "]Q3" before it are passed
 * over). Texts point into `text`. NUMU_INVALID with the finding.
 */
NUMU_MUST_CHECK numu_status numu_gs1_string_read(const struct numu_gs1_dictionary *dictionary,
                                                 struct numu_text text, struct numu_gs1_string *out,
                                                 struct numu_gs1_finding *out_finding);
enum { NUMU_GS1_FINDINGS_MAX = 32 };
/*
 * All that is wrong with a string, at most NUMU_GS1_FINDINGS_MAX; their count. Linters whose tables
 * numu has not (packagetype, couponcode, couponposoffer) pass everything; *out_unchecked, which may
 * be NULL, counts them.
 */
size_t numu_gs1_string_check(const struct numu_gs1_string *string,
                             struct numu_gs1_finding out[NUMU_GS1_FINDINGS_MAX],
                             size_t *out_unchecked);

/* Appends it as people write it, and as a symbol holds it (without the first FNC1). */
NUMU_MUST_CHECK numu_status numu_gs1_string_write(const struct numu_gs1_string *string,
                                                  struct numu_buffer *buffer);
NUMU_MUST_CHECK numu_status numu_gs1_string_write_symbol(const struct numu_gs1_string *string,
                                                         struct numu_buffer *buffer);

/* The check digit that ends digits, without it: weights 3, 1 from the right (GS1, 7.9). */
char numu_gs1_check_digit(struct numu_text digits);

/* --- for gs1*.c only --- */

typedef enum numu_gs1_lint { NUMU_LINT_FINE, NUMU_LINT_BAD, NUMU_LINT_UNKNOWN } numu_gs1_lint;
/* What the linter of a name says of a part; the set and length were checked before. */
numu_gs1_lint numu_gs1_lint_part(struct numu_text linter, struct numu_text part);

#endif
