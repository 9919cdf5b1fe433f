/*
 * read_mps.c - a linear programme from MPS: what mps.c wrote, and the test sets of others.
 *
 * Free MPS, which fixed MPS is too where no name holds a space. Fields: at most six words a line,
 * the name of the set of RHS, RANGES and BOUNDS may be left out; the first N row is the objective,
 * further N rows are free. Whole columns without bounds take 0 to infinity (some readers: 1).
 * Refused, because readers differ: a right-hand side of the objective; a negative upper bound while
 * the lower one is 0 (write MI or LO first); OBJSENSE, SOS, semi-continuous bounds.
 *
 * [I1] The columns of the programme stand in the order of the file; so do its rows, the objective
 *      left out.
 * [I2] No word is kept: the programme holds numbers only.
 *
 * Source: IBM, "MPSX/370 Program Reference Manual"; GLPK 5.0 reference manual, appendix B; CPLEX 22
 * file formats reference, "MPS file format" (integer markers, BV, LI, UI).
 */
#include "base/map.h"
#include "solve/lp.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum { WORDS_MAX = 6, NUMBER_BYTES = 64 };
#define OBJECTIVE UINT32_MAX

enum section { NONE, ROWS, COLUMNS, RHS, RANGES, BOUNDS, END };

struct reader {
    struct numu_lp *lp;
    struct numu_text rest; /* what was not read yet */
    uint64_t line;
    enum section section;
    struct numu_text word[WORDS_MAX];
    size_t words;
    /* rows by their place in the file */
    struct numu_text *row_name;
    uint32_t *row_of; /* the programme's, or OBJECTIVE */
    char *row_type;
    uint32_t *row_seen; /* 1 + newest column with an entry there */
    uint32_t row_count;
    struct numu_map row_map;
    bool has_objective;
    /* columns */
    struct numu_text *column_name;
    struct numu_map column_map;
    uint32_t column_count; /* begun, the last one perhaps not added yet */
    bool is_open, is_whole;
    double cost;
    struct numu_lp_entry *entry;
    size_t entry_count;
};

/* --- lines and words --- */

/* The next line with words on it that is no comment; false at the end of the text. */
static bool next_line(struct reader *reader, struct numu_text *out) {
    while (reader->rest.length > 0) {
        const char *end = memchr(reader->rest.data, '\n', reader->rest.length);
        size_t length = end == NULL ? reader->rest.length : (size_t)(end - reader->rest.data);
        struct numu_text line = {reader->rest.data, length};
        size_t taken = end == NULL ? length : length + 1;
        reader->rest.data += taken;
        reader->rest.length -= taken;
        reader->line++;
        if (length > 0 && line.data[length - 1] == '\r') {
            line.length--;
        }
        if (numu_text_trim(line).length > 0 && line.data[0] != '*') {
            *out = line;
            return true;
        }
    }
    return false;
}

static numu_status split(struct reader *reader, struct numu_text line) {
    reader->words = 0;
    for (size_t at = 0; at < line.length;) {
        size_t from = at;
        bool is_gap = line.data[at] == ' ' || line.data[at] == '\t';
        while (at < line.length && (line.data[at] == ' ' || line.data[at] == '\t') == is_gap) {
            at++;
        }
        if (!is_gap) {
            if (reader->words == WORDS_MAX) {
                return NUMU_INVALID;
            }
            reader->word[reader->words++] = (struct numu_text){line.data + from, at - from};
        }
    }
    return NUMU_OK;
}

/* A finite decimal number: strtod would also take hexadecimal ones, infinities and "nan". */
static numu_status read_number(struct numu_text word, double *out) {
    char digits[NUMBER_BYTES];
    if (word.length == 0 || word.length >= sizeof digits) {
        return NUMU_INVALID;
    }
    for (size_t i = 0; i < word.length; i++) {
        if (word.data[i] == '\0' || strchr("0123456789+-.eEdD", word.data[i]) == NULL) {
            return NUMU_INVALID;
        }
        bool is_fortran = word.data[i] == 'd' || word.data[i] == 'D'; /* its exponent */
        digits[i] = is_fortran ? 'e' : word.data[i];
    }
    digits[word.length] = '\0';
    char *end = NULL;
    double value = strtod(digits, &end);
    if (*end != '\0' || !isfinite(value)) {
        return NUMU_INVALID;
    }
    *out = value;
    return NUMU_OK;
}

/* --- ROWS --- */

static bool is_row_type(char type) {
    return type == 'N' || type == 'E' || type == 'L' || type == 'G';
}

static numu_status read_row(struct reader *reader) {
    if (reader->words != 2 || reader->word[0].length != 1 ||
        !is_row_type(reader->word[0].data[0])) {
        return NUMU_INVALID;
    }
    char type = reader->word[0].data[0];
    uint32_t row = reader->row_count;
    reader->row_name[row] = reader->word[1];
    reader->row_type[row] = type;
    if (numu_map_add(&reader->row_map, row) != NUMU_NONE) {
        return NUMU_INVALID;
    }
    reader->row_count++;
    if (type == 'N' && !reader->has_objective) {
        reader->has_objective = true;
        reader->row_of[row] = OBJECTIVE;
        return NUMU_OK;
    }
    return numu_lp_add_row(reader->lp, type == 'E' || type == 'G' ? 0 : -INFINITY,
                           type == 'E' || type == 'L' ? 0 : INFINITY, &reader->row_of[row]);
}

static numu_status find_row(const struct reader *reader, struct numu_text name, uint32_t *out) {
    *out = numu_map_find(&reader->row_map, name);
    return *out == NUMU_NONE ? NUMU_INVALID : NUMU_OK;
}

/* --- COLUMNS --- */

static numu_status close_column(struct reader *reader) {
    if (!reader->is_open) {
        return NUMU_OK;
    }
    numu_lp_column column = 0;
    NUMU_TRY(numu_lp_add_column(reader->lp, reader->cost, 0, INFINITY, reader->entry,
                                reader->entry_count, &column));
    if (reader->is_whole) {
        numu_lp_set_whole(reader->lp, column);
    }
    reader->is_open = false;
    return NUMU_OK;
}

static numu_status open_column(struct reader *reader) {
    NUMU_TRY(close_column(reader));
    reader->column_name[reader->column_count] = reader->word[0];
    if (numu_map_add(&reader->column_map, reader->column_count) != NUMU_NONE) {
        return NUMU_INVALID;
    }
    reader->column_count++;
    reader->is_open = true;
    reader->cost = 0;
    reader->entry_count = 0;
    return NUMU_OK;
}

static numu_status read_entry(struct reader *reader, struct numu_text name,
                              struct numu_text number) {
    uint32_t row = 0;
    double value = 0;
    NUMU_TRY(find_row(reader, name, &row));
    NUMU_TRY(read_number(number, &value));
    if (reader->row_seen[row] == reader->column_count) {
        return NUMU_INVALID;
    }
    reader->row_seen[row] = reader->column_count;
    if (reader->row_of[row] == OBJECTIVE) {
        reader->cost = value;
    } else {
        reader->entry[reader->entry_count++] =
            (struct numu_lp_entry){.row = reader->row_of[row], .value = value};
    }
    return NUMU_OK;
}

static numu_status read_column(struct reader *reader) {
    if (reader->words == 3 && numu_text_is(reader->word[1], "'MARKER'")) {
        bool begins = numu_text_is(reader->word[2], "'INTORG'");
        if (begins == reader->is_whole || (!begins && !numu_text_is(reader->word[2], "'INTEND'"))) {
            return NUMU_INVALID;
        }
        NUMU_TRY(close_column(reader));
        reader->is_whole = begins;
        return NUMU_OK;
    }
    if (reader->words != 3 && reader->words != 5) {
        return NUMU_INVALID;
    }
    bool is_same =
        reader->is_open &&
        numu_text_is_equal(reader->column_name[reader->column_count - 1], reader->word[0]);
    if (!is_same) {
        NUMU_TRY(open_column(reader));
    }
    for (size_t at = 1; at < reader->words; at += 2) {
        NUMU_TRY(read_entry(reader, reader->word[at], reader->word[at + 1]));
    }
    return NUMU_OK;
}

/* --- RHS and RANGES --- */

static numu_status set_right_hand_side(struct reader *reader, uint32_t row, double value) {
    if (reader->row_of[row] == OBJECTIVE) {
        return NUMU_INVALID;
    }
    char type = reader->row_type[row];
    if (type == 'E' || type == 'G') {
        reader->lp->row_lower[reader->row_of[row]] = value;
    }
    if (type == 'E' || type == 'L') {
        reader->lp->row_upper[reader->row_of[row]] = value;
    }
    return NUMU_OK;
}

/* E: [b, b + R], or [b + R, b] where R is negative; L: [b - |R|, b]; G: [b, b + |R|]. */
static numu_status set_range(struct reader *reader, uint32_t row, double value) {
    char type = reader->row_type[row];
    if (type == 'N') {
        return NUMU_INVALID;
    }
    double *lower = &reader->lp->row_lower[reader->row_of[row]];
    double *upper = &reader->lp->row_upper[reader->row_of[row]];
    if (type == 'L' || (type == 'E' && value < 0)) {
        *lower = *upper - fabs(value);
    } else {
        *upper = *lower + fabs(value);
    }
    return isfinite(*lower) && isfinite(*upper) ? NUMU_OK : NUMU_INVALID;
}

static numu_status read_rows_of_set(struct reader *reader,
                                    numu_status (*set)(struct reader *, uint32_t, double)) {
    size_t at = reader->words % 2; /* the set's name, where there is one */
    if (reader->words < 2) {
        return NUMU_INVALID;
    }
    for (; at < reader->words; at += 2) {
        uint32_t row = 0;
        double value = 0;
        NUMU_TRY(find_row(reader, reader->word[at], &row));
        NUMU_TRY(read_number(reader->word[at + 1], &value));
        NUMU_TRY(set(reader, row, value));
    }
    return NUMU_OK;
}

/* --- BOUNDS --- */

static numu_status set_bound(struct numu_lp *lp, uint32_t column, struct numu_text type,
                             double value) {
    double *lower = &lp->col_lower[column];
    double *upper = &lp->col_upper[column];
    if (numu_text_is(type, "LO") || numu_text_is(type, "LI")) {
        *lower = value;
    } else if (numu_text_is(type, "UP") || numu_text_is(type, "UI")) {
        if (value < 0 && *lower == 0) {
            return NUMU_INVALID;
        }
        *upper = value;
    } else if (numu_text_is(type, "FX")) {
        *lower = *upper = value;
    } else if (numu_text_is(type, "FR")) {
        *lower = -INFINITY;
        *upper = INFINITY;
    } else if (numu_text_is(type, "MI")) {
        *lower = -INFINITY;
    } else if (numu_text_is(type, "PL")) {
        *upper = INFINITY;
    } else if (numu_text_is(type, "BV")) {
        *lower = 0;
        *upper = 1;
    } else {
        return NUMU_INVALID;
    }
    if (type.data[1] == 'I' && type.data[0] != 'M') {
        numu_lp_set_whole(lp, column); /* LI, UI */
    }
    if (numu_text_is(type, "BV")) {
        numu_lp_set_whole(lp, column);
    }
    return NUMU_OK;
}

/* "UP set column value", the set's name perhaps left out; no value for FR, MI, PL and BV. */
static numu_status read_bound(struct reader *reader) {
    struct numu_text type = reader->word[0];
    bool has_value = !numu_text_is(type, "FR") && !numu_text_is(type, "MI") &&
                     !numu_text_is(type, "PL") && !numu_text_is(type, "BV");
    size_t least = has_value ? 3 : 2;
    /* some files give BV and its like a value, too: then the set's name is there */
    if (reader->words < least || reader->words > 4) {
        return NUMU_INVALID;
    }
    size_t at = reader->words == least ? 1 : 2;
    double value = 0;
    uint32_t column = numu_map_find(&reader->column_map, reader->word[at]);
    if (column == NUMU_NONE) {
        return NUMU_INVALID;
    }
    if (has_value) {
        NUMU_TRY(read_number(reader->word[at + 1], &value));
    }
    return set_bound(reader->lp, column, type, value);
}

/* --- the whole --- */

/* A word in the first column begins a section; they come in their order, some may lack. */
static numu_status begin_section(struct reader *reader) {
    static const char *const names[] = {
        [NONE] = "NAME",     [ROWS] = "ROWS",     [COLUMNS] = "COLUMNS", [RHS] = "RHS",
        [RANGES] = "RANGES", [BOUNDS] = "BOUNDS", [END] = "ENDATA"};
    enum section section = NONE;
    while (section < END && !numu_text_is(reader->word[0], names[section])) {
        section++;
    }
    bool is_known = numu_text_is(reader->word[0], names[section]);
    if (!is_known || (section != NONE && (section <= reader->section || reader->words != 1)) ||
        (section == NONE && reader->section != NONE)) {
        return NUMU_INVALID;
    }
    if (section > COLUMNS) {
        NUMU_TRY(close_column(reader));
    }
    reader->section = section;
    return NUMU_OK;
}

static numu_status read_line(struct reader *reader, struct numu_text line) {
    if (numu_text_is(numu_text_trim(line), "NAME") ||
        (line.length > 5 && memcmp(line.data, "NAME ", 5) == 0)) {
        line.length = 4; /* what it is called may be many words */
    }
    NUMU_TRY(split(reader, line));
    if (line.data[0] != ' ' && line.data[0] != '\t') {
        return begin_section(reader);
    }
    switch (reader->section) {
    case ROWS:
        return read_row(reader);
    case COLUMNS:
        return read_column(reader);
    case RHS:
        return read_rows_of_set(reader, set_right_hand_side);
    case RANGES:
        return read_rows_of_set(reader, set_range);
    case BOUNDS:
        return read_bound(reader);
    default:
        return NUMU_INVALID;
    }
}

static size_t count_lines(struct numu_text text) {
    size_t count = 1;
    for (size_t i = 0; i < text.length; i++) {
        count += text.data[i] == '\n';
    }
    return count;
}

static numu_status take(struct reader *reader, struct numu_arena *arena) {
    size_t lines = count_lines(reader->rest); /* no line begins more than one row or column */
    NUMU_TRY(NUMU_TAKE(arena, &reader->row_name, lines));
    NUMU_TRY(NUMU_TAKE(arena, &reader->row_of, lines));
    NUMU_TRY(NUMU_TAKE(arena, &reader->row_type, lines));
    NUMU_TRY(NUMU_TAKE(arena, &reader->row_seen, lines));
    NUMU_TRY(NUMU_TAKE(arena, &reader->column_name, lines));
    NUMU_TRY(NUMU_TAKE(arena, &reader->entry, lines));
    NUMU_TRY(numu_map_init(&reader->row_map, arena, reader->row_name, lines));
    return numu_map_init(&reader->column_map, arena, reader->column_name, lines);
}

static numu_status read_all(struct reader *reader) {
    struct numu_text line = {NULL, 0};
    while (reader->section != END && next_line(reader, &line)) {
        NUMU_TRY(read_line(reader, line));
    }
    return reader->section == END ? NUMU_OK : NUMU_INVALID;
}

numu_status numu_lp_read_mps(struct numu_text text, struct numu_heap *heap, struct numu_lp *out,
                             uint64_t *out_line) {
    struct numu_arena scratch;
    struct numu_lp lp;
    numu_arena_init(&scratch, heap);
    numu_lp_init(&lp, heap);
    struct reader reader = {.lp = &lp, .rest = text};
    numu_status status = take(&reader, &scratch);
    status = status == NUMU_OK ? read_all(&reader) : status;
    numu_arena_release(&scratch);
    *out_line = reader.line;
    if (status != NUMU_OK) {
        numu_lp_release(&lp);
        return status;
    }
    *out = lp;
    return NUMU_OK;
}
