/*
 * diagnostic.h - what is wrong with the user's data, as data.
 *
 * A diagnostic is a stable code, a severity that belongs to the code, a place in the user's input
 * and typed arguments. Sentences are made in `view` (text/en.def, text/fr.def). Codes are declared
 * once, in codes.def.
 *
 * [D1] Counts are exact for any number of findings; at most `keep_max` of a code are kept, the
 *      first ones added, so that memory stays flat.
 * [D2] A report copies what it keeps: arguments may point anywhere while being added.
 * [D3] Adding never fails for the caller; the first failure to keep one stays in `status`, to be
 *      looked at when the pass is over.
 * A report belongs to one thread; tasks have their own and are merged in the order of tasks.
 */
#ifndef NUMU_BASE_DIAGNOSTIC_H
#define NUMU_BASE_DIAGNOSTIC_H

#include "base/day.h"
#include "base/number.h"
#include "base/stream.h"

typedef enum numu_severity { NUMU_NOTE, NUMU_WARNING, NUMU_ERROR } numu_severity;

typedef enum numu_code {
    NUMU_CODE_NONE = 0,
#define NUMU_CODE(name, text, severity) NUMU_CODE_##name,
#include "base/codes.def"
#undef NUMU_CODE
    NUMU_CODE_COUNT
} numu_code;

const char *numu_code_text(numu_code code); /* "unknown-reference" */
numu_severity numu_code_severity(numu_code code);
numu_code numu_code_find(struct numu_text text);    /* NUMU_CODE_NONE when there is none */
numu_code numu_code_nearest(struct numu_text text); /* for "did you mean" */

/* Input files, in the order in which they were opened. Paths are as the user would write them. */
struct numu_source {
    struct numu_text path; /* also a C string */
    /* Whole content where it is in memory; otherwise data is NULL and the file is read again. */
    struct numu_text bytes;
};

struct numu_sources {
    struct numu_arena *arena;
    struct numu_source *list;
    uint32_t count;
    uint32_t capacity;
};

#define NUMU_NO_SOURCE UINT32_MAX

/* Opens a source to read it again. NUMU_IO with *out_errno set. */
NUMU_MUST_CHECK numu_status numu_source_open(const struct numu_source *source,
                                             struct numu_stream *stream, int *out_errno);

void numu_sources_init(struct numu_sources *sources, struct numu_arena *arena);
/*
 * Adds a file; path is copied, bytes (may be empty) must live as long as the sources. NUMU_MEMORY
 * or NUMU_LIMIT leave the list as it was.
 */
NUMU_MUST_CHECK numu_status numu_sources_add(struct numu_sources *sources, struct numu_text path,
                                             struct numu_text bytes, uint32_t *out_source);

/* A piece of input: `length` bytes at `offset`. Line and column are found when it is shown. */
struct numu_place {
    uint32_t source; /* NUMU_NO_SOURCE = no place */
    uint32_t length; /* 0 = a point */
    uint64_t offset;
};
#define NUMU_NOWHERE ((struct numu_place){NUMU_NO_SOURCE, 0, 0})
/* A whole file: no line or column is shown. */
#define NUMU_WHOLE_FILE UINT64_MAX

typedef enum numu_argument_kind {
    NUMU_ARGUMENT_NONE = 0,
    NUMU_ARGUMENT_TEXT,    /* the user's own words or names: shown as they are */
    NUMU_ARGUMENT_INTEGER, /* number */
    NUMU_ARGUMENT_NUMBER,  /* number ÷ 10^decimals */
    NUMU_ARGUMENT_MONEY,   /* number minor units of `currency` */
    NUMU_ARGUMENT_DAY,     /* number is a numu_day */
    NUMU_ARGUMENT_MONTH    /* number is a numu_month */
} numu_argument_kind;

struct numu_argument {
    numu_argument_kind kind;
    int16_t decimals;
    numu_currency currency;
    int64_t number;
    struct numu_text text;
};

struct numu_argument numu_argument_text(struct numu_text text);
struct numu_argument numu_argument_string(const char *string);
struct numu_argument numu_argument_integer(int64_t number);
struct numu_argument numu_argument_number(int64_t number, int decimals);
struct numu_argument numu_argument_money(numu_money money, numu_currency currency);
struct numu_argument numu_argument_day(numu_day day);
struct numu_argument numu_argument_month(numu_month month);

enum { NUMU_ARGUMENTS_MAX = 4 };

struct numu_diagnostic {
    numu_code code;
    struct numu_place place;
    struct numu_place related; /* "first defined here"; NUMU_NOWHERE when there is none */
    struct numu_argument
        arguments[NUMU_ARGUMENTS_MAX]; /* {0}…{3} of the sentence; unused ones are NONE */
};

struct numu_report {
    struct numu_heap *heap;
    struct numu_arena arena;
    struct numu_buffer list; /* of struct numu_diagnostic, in order of adding */
    size_t keep_max;         /* of one code; 0 = all */
    uint64_t counts[NUMU_CODE_COUNT];
    numu_status status; /* [D3]; nothing more is kept once it is not NUMU_OK */
};

void numu_report_init(struct numu_report *report, struct numu_heap *heap, size_t keep_max);
void numu_report_release(struct numu_report *report);

/* Counts it, and keeps it while there are fewer than keep_max of its code. */
void numu_report_add(struct numu_report *report, const struct numu_diagnostic *diagnostic);
/* Only counts it: for findings whose place would be costly to find and would not be kept. */
void numu_report_count(struct numu_report *report, numu_code code);
/* True while another of this code would be kept. */
bool numu_report_keeps(const struct numu_report *report, numu_code code);
/*
 * Adds all of `other` after what is there, and its status where this one's is still good. To keep
 * the first findings of all, `other` must keep at least as many of a code.
 */
void numu_report_merge(struct numu_report *report, const struct numu_report *other);

const struct numu_diagnostic *numu_report_list(const struct numu_report *report, size_t *out_count);
/* Exact totals. */
uint64_t numu_report_total(const struct numu_report *report, numu_severity severity);

/*
 * Stable order for showing: errors, warnings, notes; then source (no place last), offset (whole
 * file first), code, order of adding. Without memory the order stays that of adding and `status`
 * says so.
 */
void numu_report_sort(struct numu_report *report);

#endif
