/*
 * cell.h - one value of a table: from text and to text, by its column's descriptor.
 *
 * The machine's form: ISO dates, decimal point, no separators, choices by name, references by id.
 * What is written here is read back here to the same value.
 */
#ifndef NUMU_BASE_CELL_H
#define NUMU_BASE_CELL_H

#include "base/diagnostic.h"
#include "base/table.h"

struct numu_cell_rules {
    char decimal_char; /* '.' or ',' */
    /* that money of this row is in; decides how many decimals it has */
    numu_currency currency;
    const struct numu_map *ids; /* REFERENCE: ids of the table referred to */
};

/*
 * Parses a non-empty value into `element`. Returns NUMU_CODE_NONE, or the code of what is wrong
 * with it (wrong-type, bad-date, unknown-choice …); the element is then "no value". Range and
 * choice limits of the column are checked. Text and keys are stored as given, not copied.
 */
numu_code numu_cell_parse(const struct numu_column *column, struct numu_text text,
                          const struct numu_cell_rules *rules, void *element);

/*
 * Appends the element array[row]; nothing for "no value". `id` gives the id of a referred row and
 * may be NULL where there are no references.
 */
typedef struct numu_text (*numu_cell_id)(const void *data, const struct numu_column *column,
                                         numu_row row);
NUMU_MUST_CHECK numu_status numu_cell_write(const struct numu_column *column, const void *array,
                                            numu_row row, numu_currency currency, numu_cell_id id,
                                            const void *id_data, struct numu_buffer *buffer);

/* True when array[row] is no value, or the array is NULL. */
bool numu_cell_is_empty(const struct numu_column *column, const void *array, numu_row row);

/* An id: 1 to 64 characters of A-Z a-z 0-9 . _ - : starting with a letter or digit. */
bool numu_id_is_valid(struct numu_text text);

/*
 * What a column of a kind wants, as the argument of a sentence: "kind.date", "kind.integer" …,
 * which view turns into words.
 */
const char *numu_kind_name(numu_kind kind);

#endif
