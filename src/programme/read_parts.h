/*
 * read_parts.h - what the readers of project files share; for read*.c only.
 */
#ifndef NUMU_PROGRAMME_READ_PARTS_H
#define NUMU_PROGRAMME_READ_PARTS_H

#include "programme/project_draft.h"
#include "programme/read.h"

/* Most of each that a file may name. */
enum {
    NUMU_FILE_ACTIVITIES_MAX = 1 << 22,
    NUMU_FILE_RESOURCES_MAX = UINT16_MAX,
    NUMU_FILE_DURATION_MAX = 1 << 24,
    NUMU_FILE_UNITS_MAX = 1 << 30,
};

/* Words separated by blanks and line ends, with their places. */
struct numu_word_reader {
    struct numu_text bytes;
    size_t at; /* where the next word is looked for */
    uint32_t source;
    struct numu_report *report;
    bool has_failed; /* a finding was added */
};

/* The next word, empty at the end of the file; the first form leaves it to be read again. */
struct numu_text numu_word_reader_peek(const struct numu_word_reader *reader);
struct numu_text numu_word_reader_next(struct numu_word_reader *reader);
/* The rest of the line, without blanks at both ends; the reader goes on with the next line. */
struct numu_text numu_word_reader_line(struct numu_word_reader *reader);

struct numu_place numu_word_reader_place(const struct numu_word_reader *reader,
                                         struct numu_text word);
/*
 * Adds project-syntax: `found` (empty = the end of the file) stands where `expected` should. The
 * bounds are shown where low <= high.
 */
void numu_word_reader_complain(struct numu_word_reader *reader, struct numu_text found,
                               const char *expected, int64_t low, int64_t high);
/*
 * Reads a whole number of [low, high]. False, with a finding, where none stands there; a word that
 * is a number but out of bounds is read over, any other is left.
 */
bool numu_word_reader_number(struct numu_word_reader *reader, const char *expected, int64_t low,
                             int64_t high, int64_t *out);
/*
 * The same from 0, where the reading can go on after a number out of bounds: *out is then 0. False
 * only where no number stands there.
 */
bool numu_word_reader_amount(struct numu_word_reader *reader, const char *expected, int64_t high,
                             int64_t *out);

/* The readers: one each format, as numu_project_read. */
NUMU_MUST_CHECK numu_status numu_project_read_psplib(const struct numu_context *context,
                                                     struct numu_word_reader *reader,
                                                     struct numu_project_draft *draft,
                                                     struct numu_arena *arena);
NUMU_MUST_CHECK numu_status numu_project_read_patterson(const struct numu_context *context,
                                                        struct numu_word_reader *reader,
                                                        struct numu_project_draft *draft,
                                                        struct numu_arena *arena);
#endif
