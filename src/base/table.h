/*
 * table.h - descriptors: what the columns of a table are, as data.
 *
 * A table is a struct of arrays; its descriptor says, for each column, the name, the kind (hence
 * the C type), where in the struct the array's pointer stands, and what is allowed. Loader, checks,
 * schema, SQL, JSON, CSV, terminal tables and the manual are loops over descriptors. Tables of the
 * model and tables of results are described alike.
 */
#ifndef NUMU_BASE_TABLE_H
#define NUMU_BASE_TABLE_H

#include "base/day.h"
#include "base/map.h"
#include "base/number.h"

/* Kind, C type of an element, and what "no value" is. */
typedef enum numu_kind {
    NUMU_KIND_KEY,       /* struct numu_text; unique, never empty */
    NUMU_KIND_TEXT,      /* struct numu_text; empty */
    NUMU_KIND_REFERENCE, /* numu_row of another table; NUMU_NONE */
    NUMU_KIND_CHOICE,    /* uint8_t: 1 + place in `choices`; 0 */
    NUMU_KIND_CHOICES,   /* uint32_t: bit n for choices[n], written space-separated; 0 */
    NUMU_KIND_CURRENCY,  /* numu_currency; 0 = the reporting currency */
    NUMU_KIND_DATE,      /* numu_day; NUMU_NO_DAY */
    NUMU_KIND_DUE,       /* numu_day; a date, or YYYY-MM for the month's last day; NUMU_NO_DAY */
    NUMU_KIND_MONTH,     /* numu_month; NUMU_NO_MONTH */
    NUMU_KIND_MONEY,     /* numu_money in the row's currency; NUMU_NO_NUMBER */
    NUMU_KIND_PRICE,     /* numu_price in the row's currency; NUMU_NO_NUMBER */
    NUMU_KIND_QUANTITY,  /* numu_quantity; NUMU_NO_NUMBER */
    NUMU_KIND_DECIMAL,   /* numu_decimal; NUMU_NO_NUMBER */
    NUMU_KIND_INTEGER,   /* int64_t; NUMU_NO_NUMBER */
    NUMU_KIND_BOOLEAN,   /* uint8_t: 0 unknown, 1 false, 2 true */
    NUMU_KIND_REAL       /* double; NAN. Results of solvers and statistics only, never the model */
} numu_kind;

#define NUMU_TYPE_KEY struct numu_text
#define NUMU_TYPE_TEXT struct numu_text
#define NUMU_TYPE_REFERENCE numu_row
#define NUMU_TYPE_CHOICE uint8_t
#define NUMU_TYPE_CHOICES uint32_t
#define NUMU_TYPE_CURRENCY numu_currency
#define NUMU_TYPE_DATE numu_day
#define NUMU_TYPE_DUE numu_day
#define NUMU_TYPE_MONTH numu_month
#define NUMU_TYPE_MONEY numu_money
#define NUMU_TYPE_PRICE numu_price
#define NUMU_TYPE_QUANTITY numu_quantity
#define NUMU_TYPE_DECIMAL numu_decimal
#define NUMU_TYPE_INTEGER int64_t
#define NUMU_TYPE_BOOLEAN uint8_t
#define NUMU_TYPE_REAL double

enum { NUMU_BOOLEAN_UNKNOWN = 0, NUMU_BOOLEAN_FALSE = 1, NUMU_BOOLEAN_TRUE = 2 };

struct numu_column {
    const char *name;
    numu_kind kind;
    const char *sentence;     /* what it means, for schema and manual */
    size_t offset;            /* of the pointer to the array, in the table's struct */
    bool required;            /* the column must be there and hold a value in each row */
    const char *unit;         /* "hours a month"; NULL where the kind says it all */
    const char *default_text; /* value of an empty field, as it would be written; NULL = no value */
    bool has_minimum;
    bool has_maximum;
    bool is_above_minimum; /* the minimum itself is not allowed */
    int64_t minimum;       /* in the scale of the kind */
    int64_t maximum;
    size_t reference;    /* REFERENCE: offset of the referred table in the model */
    bool gives_currency; /* REFERENCE: money of this row is in the referred row's currency */
    /* basis, source, known, spread, note: its array is NULL where the file has no such column */
    bool is_evidence;
    const char *const *choices; /* CHOICE, CHOICES: names, then NULL */
};

/* Every table's struct begins with a head, and the head with the count of rows (numu_row). */
struct numu_table_descriptor {
    const char *name;
    const char *sentence;
    size_t offset;                     /* of the table's struct in what holds it (the model) */
    const struct numu_column *columns; /* ends with a column without name */
};

/* Room for one element of any kind. */
union numu_element {
    struct numu_text text;
    int64_t number;
    double real;
};

/* Bytes of one element of a kind. */
size_t numu_kind_size(numu_kind kind);
/* Decimals that a kind's integers are scaled by (money: those of the currency); 0 for others. */
int numu_kind_decimals(numu_kind kind, numu_currency currency);
/* Fills elements from … to-1 with "no value". */
void numu_kind_fill_none(numu_kind kind, void *elements, size_t from, size_t to);
/* 1 + the place of a name among choices, or 0. */
uint8_t numu_choice_find(const char *const *choices, struct numu_text name);
/*
 * The nearest name, the first of those equally near, for "did you mean"; NULL where none is within
 * one edit (short names) to three (names of nine bytes or more).
 */
const char *numu_choice_nearest(const char *const *choices, struct numu_text name);

#endif
