/*
 * model.h - the industry, as checked and read-only tables.
 *
 * Each table is declared once, in tables/<name>.def, which expands exactly twice: here to the
 * struct of arrays, in model.c to its descriptor. Meanings of tables and columns stand in the
 * .def files.
 *
 * [M1] Every column's array has head.count elements; only arrays of evidence columns may be NULL
 *      (no such column in the file).
 * [M2] A reference is NUMU_NONE or a row below the count of the table referred to. [M3] A row
 *      keeps its place: head.source and head.place[row], the offset of its record in that file.
 * [M4] Row order is file order. After numu_model_load returns NUMU_OK the model is read-only and
 *      may be read by any number of threads.
 */
#ifndef NUMU_MODEL_MODEL_H
#define NUMU_MODEL_MODEL_H

#include "base/context.h"
#include "base/diagnostic.h"
#include "base/hash.h"
#include "base/table.h"

/* Each list gives an enum and, NULL at its end, the names in the same order: choices of columns. */
#define NUMU_CHOICE_LIST_BEGIN(list)                                                               \
    extern const char *const numu_names_of_##list[];                                               \
    typedef enum numu_##list {                                                                     \
        numu_##list##_unset = 0,
#define NUMU_CHOICE(list, word) numu_##list##_##word,
#define NUMU_CHOICE_LIST_END(list)                                                                 \
    numu_##list##_count                                                                            \
    }                                                                                              \
    numu_##list;
#include "model/choices.def"
#undef NUMU_CHOICE_LIST_BEGIN
#undef NUMU_CHOICE
#undef NUMU_CHOICE_LIST_END

/* Evidence of a row. Arrays are NULL where the file has no such column. */
struct numu_evidence {
    uint8_t *basis;           /* numu_basis */
    struct numu_text *source; /* citation or URL */
    numu_day *known;          /* day since when it is public */
    numu_decimal *spread;     /* ± share within which the row's main figure may lie */
    struct numu_text *note;
};

struct numu_table_head {
    numu_row count;
    bool is_present; /* a file was read for it */
    bool is_broken;  /* parts of the file could not be read: ids may be missing */
    char delimiter;  /* of the file */
    uint32_t source; /* the file, in model.sources */
    uint64_t *place; /* by row: offset of the record in the file */
    struct numu_evidence evidence;
    struct numu_map ids; /* of the key column, where there is one */
};

struct numu_model {
    struct numu_arena arena;
    struct numu_arena *texts; /* texts of tables, an arena for each thread that loads */
    size_t text_count;
    struct numu_sources sources;
    uint32_t descriptor;     /* source of datapackage.json */
    struct numu_text title;  /* of datapackage.json; may be empty */
    struct numu_text folder; /* as the user named it */
    /*
     * of the lines "<sha256>  <file name>\n" of all files read, sorted by name, as sha256sum
     * prints them
     */
    struct numu_sha256 inputs;
    numu_currency currency; /* the reporting currency: package.currency[0] */
#define NUMU_TABLE_BEGIN(table, sentence)                                                          \
    struct numu_table_##table {                                                                    \
        struct numu_table_head head;
#define NUMU_COLUMN(table, column, kind, ...) NUMU_TYPE_##kind *column;
#define NUMU_COLUMN_AS(table, field, name, kind, ...) NUMU_TYPE_##kind *field;
#define NUMU_TABLE_END(table)                                                                      \
    }                                                                                              \
    table;
#include "model/tables/all.def"
#include "model/tables/package.def" /* one row: the properties under "numu" in datapackage.json */
#undef NUMU_TABLE_BEGIN
#undef NUMU_COLUMN
#undef NUMU_COLUMN_AS
#undef NUMU_TABLE_END
};

/*
 * --- the schema: descriptors of all tables, the package's properties first; ends with a table
 * without name ---
 */

extern const struct numu_table_descriptor numu_schema[];

size_t numu_schema_count(void); /* tables in numu_schema, the package's properties included */
/*
 * The table of a name, or NULL; the one at an offset of struct numu_model (as references hold
 * it).
 */
const struct numu_table_descriptor *numu_schema_find(struct numu_text name);
const struct numu_table_descriptor *numu_schema_at(size_t offset);
/* The name of the table nearest to a misspelt one, or NULL. */
const char *numu_schema_nearest(struct numu_text name);
/* The column of a name, or NULL. */
const struct numu_column *numu_column_find(const struct numu_table_descriptor *table,
                                           struct numu_text name);
/* The key column, or NULL. */
const struct numu_column *numu_column_key(const struct numu_table_descriptor *table);

/* --- generic access --- */

struct numu_table_head *numu_model_head(struct numu_model *model,
                                        const struct numu_table_descriptor *table);
const struct numu_table_head *numu_model_head_of(const struct numu_model *model,
                                                 const struct numu_table_descriptor *table);
/* The array of a column; NULL only for evidence columns that the file does not have. */
const void *numu_model_array(const struct numu_model *model,
                             const struct numu_table_descriptor *table,
                             const struct numu_column *column);
/* The id of a row of a table with a key; empty for NUMU_NONE. */
struct numu_text numu_model_id(const struct numu_model *model,
                               const struct numu_table_descriptor *table, numu_row row);
/* The row of an id; NUMU_NONE where there is none, or no such file. */
numu_row numu_model_find(const struct numu_model *model, const struct numu_table_descriptor *table,
                         struct numu_text id);
/*
 * The currency that money of a row is in: its own, that of the row it refers to, or the reporting
 * currency.
 */
numu_currency numu_model_currency(const struct numu_model *model,
                                  const struct numu_table_descriptor *table, numu_row row);
/*
 * Where a value stands in the user's file (the record is read again to find the column), or the
 * record's beginning where the file has no such column. For diagnostics only.
 */
struct numu_place numu_model_place(const struct numu_model *model,
                                   const struct numu_table_descriptor *table, numu_row row,
                                   const char *column);

/* --- loading and checking --- */

/*
 * Reads the package at `path`, a folder, a zip of one or an SQLite file (package.h), into *out:
 * datapackage.json, then each table. All findings go to the report. NUMU_INVALID when there was an
 * error (the model is then complete enough for nothing but its sources); NUMU_IO when the package
 * or its datapackage.json cannot be read. Release the model in every case.
 */
NUMU_MUST_CHECK numu_status numu_model_load(const struct numu_context *context,
                                            struct numu_text path, struct numu_report *report,
                                            struct numu_model *out);
/*
 * The same from files in memory, which must outlive the model; findings call them files of a
 * folder `name`.
 */
struct numu_package;
NUMU_MUST_CHECK numu_status numu_model_load_files(const struct numu_context *context,
                                                  struct numu_text name,
                                                  const struct numu_package *package,
                                                  struct numu_report *report,
                                                  struct numu_model *out);
/* The same into a model that numu_model_init made, whose sources stay: others came before. */
NUMU_MUST_CHECK numu_status numu_model_load_more(const struct numu_context *context,
                                                 struct numu_text name,
                                                 const struct numu_package *package,
                                                 struct numu_report *report,
                                                 struct numu_model *model);
/*
 * An empty model, ready to load tables into; numu_model_load does it itself. Release it in every
 * case.
 */
NUMU_MUST_CHECK numu_status numu_model_init(const struct numu_context *context,
                                            struct numu_model *out);
void numu_model_release(struct numu_model *model);

/*
 * Checks across rows and tables of a loaded model, also of one with errors; what rests on several
 * rows is looked at only when the report holds no error yet. Findings only; a failure is one of
 * the machine.
 */
NUMU_MUST_CHECK numu_status numu_model_check(const struct numu_context *context,
                                             const struct numu_model *model,
                                             struct numu_report *report);

/* --- money --- */

/*
 * Reporting currency for one unit of `currency` in a month, × 10^9; NUMU_DECIMAL_ONE for the
 * reporting currency itself or none; NUMU_NO_NUMBER where no rate is given. The row of `rate`
 * with the latest month not after it holds, one without month before all others.
 */
numu_decimal numu_model_rate(const struct numu_model *model, numu_currency currency,
                             numu_month month);
/*
 * Minor units of `currency` into major units of the reporting currency at that month's rate; for
 * solvers. NAN where there is no rate.
 */
double numu_model_money_value(const struct numu_model *model, numu_money money,
                              numu_currency currency, numu_month month);
double numu_model_price_value(const struct numu_model *model, numu_price price,
                              numu_currency currency, numu_month month);

/* First month of the horizon, and its length. */
numu_month numu_model_start_month(const struct numu_model *model);
int64_t numu_model_months(const struct numu_model *model);

#endif
