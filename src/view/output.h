/*
 * output.h - text for people, appended to a buffer: words, names, numbers, dates in a language.
 *
 * The first failure stays in `status` and later calls do nothing, so that it is looked at once, by
 * numu_output_finish. The same calls serve terminals and markup (HTML, SVG).
 *
 * [O1] In markup everything but numu_output_raw and numu_output_printf is escaped.
 * [O2] Text of the user never reaches a terminal or a page with control characters, bidirectional
 *      overrides or broken UTF-8 in it: they are made visible.
 * [O3] No locale: the same input gives the same bytes everywhere.
 *
 * Numbers: English 1,234.5 and −3; French 1 234,5 with narrow no-break spaces (U+202F).
 */
#ifndef NUMU_VIEW_OUTPUT_H
#define NUMU_VIEW_OUTPUT_H

#include "view/words.h"

/* After a failure: takes back what was appended since the buffer was `start` bytes long. */
void numu_buffer_cut(struct numu_buffer *buffer, numu_status status, size_t start);

struct numu_output {
    struct numu_buffer *buffer;
    size_t start; /* length of the buffer before */
    numu_language language;
    bool is_markup;
    numu_status status;
};

void numu_output_init(struct numu_output *out, struct numu_buffer *buffer, numu_language language,
                      bool is_markup);
/* The status; after a failure the buffer is as long as before. */
NUMU_MUST_CHECK numu_status numu_output_finish(struct numu_output *out);

/* As they are: markup, spaces, digits. Nothing of the user's goes through these. */
void numu_output_raw(struct numu_output *out, const char *string);
void numu_output_printf(struct numu_output *out, const char *format, ...) NUMU_PRINTF(2, 3);

/* Words of ours, and text of the user's [O2]. */
void numu_output_string(struct numu_output *out, const char *string);
void numu_output_text(struct numu_output *out, struct numu_text text);
/* At most `columns` of it, then an ellipsis. */
void numu_output_text_cut(struct numu_output *out, struct numu_text text, size_t columns);
void numu_output_word(struct numu_output *out, numu_word word);
/* The label named prefix + name, else the name: see numu_word_of. */
void numu_output_word_of(struct numu_output *out, const char *prefix, struct numu_text name);

/*
 * A pattern with {0} … {3} replaced by the arguments of their numbers; one missing leaves nothing.
 * Days and months are ISO; a text "kind.date" or "json.bad_number" is translated; others are cut at
 * 200 columns.
 */
void numu_output_pattern(struct numu_output *out, struct numu_text pattern,
                         const struct numu_argument arguments[NUMU_ARGUMENTS_MAX]);
/* The number of the placeholder that begins at pattern.data[at], or -1. */
int numu_placeholder_at(struct numu_text pattern, size_t at);
/* A word with one argument, or two. */
void numu_output_fill(struct numu_output *out, numu_word word, struct numu_argument first);
void numu_output_fill_two(struct numu_output *out, numu_word word, struct numu_argument first,
                          struct numu_argument second);
/*
 * A count with its noun: `one` for 1 (in French also for 0), else `many`, where {0} is the number.
 */
void numu_output_count(struct numu_output *out, int64_t count, numu_word one, numu_word many);

/* --- numbers; nothing is written for NUMU_NO_NUMBER, NAN, NUMU_NO_DAY --- */

void numu_output_integer(struct numu_output *out, int64_t value);
/*
 * value ÷ 10^decimals with `shown` decimals, rounded half-even; ends of zeros are dropped when
 * `trim`.
 */
void numu_output_number(struct numu_output *out, int64_t value, int decimals, int shown, bool trim);
void numu_output_real(struct numu_output *out, double value, int shown);
void numu_output_scientific(struct numu_output *out, double value); /* 3.1e-09 */
/* Whole from 100 on, else with at most two decimals. */
void numu_output_quantity(struct numu_output *out, numu_quantity quantity);
/*
 * value ÷ 10^decimals (decimals <= 9) in short: 78.3 bn, 4.1 M, 12,500. `trim` leaves out a decimal
 * of 0.
 */
void numu_output_compact(struct numu_output *out, int64_t value, int decimals, bool trim);
/* "1,234.50 USD" */
void numu_output_money(struct numu_output *out, numu_money money, numu_currency currency);
/* "78.3 bn XOF", « 78,3 Md XOF »; whole units below a million. */
void numu_output_money_short(struct numu_output *out, numu_money money, numu_currency currency);
/*
 * part ÷ whole as "43%", « 43 % »; 0% only of nothing (else "<1%"), 100% only of all (else ">99%");
 * "–" where the whole is 0.
 */
void numu_output_percent(struct numu_output *out, int64_t part, int64_t whole);
void numu_output_day(struct numu_output *out, numu_day day);       /* 2025-06-30 */
void numu_output_day_long(struct numu_output *out, numu_day day);  /* 30 June 2025, 30 juin 2025 */
void numu_output_month(struct numu_output *out, numu_month month); /* 2025-06 */

/* A paragraph of ours broken at spaces into lines of at most `columns`, each with its line end. */
void numu_output_wrapped(struct numu_output *out, struct numu_text text, size_t columns);

/* --- sums for views --- */

/* Adds to *sum; "no value" adds nothing. A sum too large sets the status to NUMU_LIMIT. */
void numu_output_add(struct numu_output *out, int64_t *sum, int64_t value);

#endif
