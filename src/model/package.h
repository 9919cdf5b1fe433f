/*
 * package.h - the forms of a package: a folder, a zip of one, an SQLite file; and a workbook, which
 * is written only (docs/spreadsheets.md).
 *
 * Every form is read as a folder's files, so that one loader checks all. A package in a zip has the
 * same digest of its inputs as the folder that was zipped.
 *
 * [P1] What a model is written to reads back as the same model, and is then written with the same
 *      bytes (with the same versions of zlib and SQLite).
 * [P2] Files may come from anywhere: nothing in them is run, no name in them is used as a path, and
 *      what they unpack to is bounded.
 * Libraries' own memory is not counted by the heap.
 */
#ifndef NUMU_MODEL_PACKAGE_H
#define NUMU_MODEL_PACKAGE_H

#include "model/model.h"

/* A package's files in memory. */
struct numu_package_file {
    struct numu_text name; /* path within the package, as datapackage.json has it */
    struct numu_text bytes;
};
struct numu_package {
    struct numu_package_file *files;
    size_t count;
};

/* The bytes of a file, or NULL. */
const struct numu_text *numu_package_find(const struct numu_package *package,
                                          struct numu_text name);

typedef enum numu_package_form {
    NUMU_PACKAGE_FOLDER,
    NUMU_PACKAGE_ZIP,      /* .zip */
    NUMU_PACKAGE_DATABASE, /* .sqlite, .sqlite3, .db */
    NUMU_PACKAGE_WORKBOOK  /* .xlsx */
} numu_package_form;

/* The form that a name asks for by its ending; a folder where it has none of them. */
numu_package_form numu_package_form_of(struct numu_text path);

/* --- reading --- */

/* Most bytes that the files of a package unpack to. */
#define NUMU_PACKAGE_BYTES_MAX ((uint64_t)1 << 30)

/*
 * The files of a zip or of an SQLite file, told apart by their first bytes, in the arena. NUMU_IO
 * with a finding where there are none to be had: not-a-package, newer-format, bad-archive,
 * package-too-large, cannot-read. A zip holds the package at its top or within one folder.
 */
NUMU_MUST_CHECK numu_status numu_package_read(const char *path, struct numu_arena *arena,
                                              struct numu_report *report, struct numu_package *out);
NUMU_MUST_CHECK numu_status numu_package_read_zip(const char *path, uint64_t bytes_max,
                                                  struct numu_arena *arena,
                                                  struct numu_report *report,
                                                  struct numu_package *out);
NUMU_MUST_CHECK numu_status numu_package_read_database(const char *path, uint64_t bytes_max,
                                                       struct numu_arena *arena,
                                                       struct numu_report *report,
                                                       struct numu_package *out);

/* --- writing --- */

/*
 * A model as the files of a package, names and bytes in the arena: tables that are present in the
 * schema's order, datapackage.json last. CSV with commas, points and LF; columns in the schema's
 * order: those that are required and those in which some row holds something else than an empty
 * field means, all of them in a table without rows. What datapackage.json and its resources say
 * that numu does not make itself (title, licenses …) stays in its own words.
 */
NUMU_MUST_CHECK numu_status numu_package_build(const struct numu_model *model,
                                               struct numu_arena *arena, struct numu_package *out);

/*
 * Each writes whole or not at all (base/file.h); a failure is a finding (cannot-write). A folder
 * must be new or empty; a file is replaced.
 */
NUMU_MUST_CHECK numu_status numu_package_write_folder(const struct numu_package *package,
                                                      const char *path, struct numu_heap *heap,
                                                      struct numu_report *report);
NUMU_MUST_CHECK numu_status numu_package_write_zip(const struct numu_package *package,
                                                   const char *path, struct numu_heap *heap,
                                                   struct numu_report *report);
/*
 * One table a table, of all columns, with types and foreign keys; one row of `package` holds the
 * properties under "numu". Ids, texts, choices, dates and months are text; booleans 0 and 1; money,
 * prices, quantities and decimals numbers in the units of the CSV (a number that no double gives
 * back to the last digit is a blob of its decimal text). `property` (table, name, value) holds the
 * other members of datapackage.json as JSON, `column_note` (table, column, unit, sentence) says
 * what columns mean. `PRAGMA application_id` is 0x6e756d70 ("nump"), `PRAGMA user_version` the
 * version of the format (1).
 */
NUMU_MUST_CHECK numu_status numu_package_write_database(const struct numu_model *model,
                                                        const char *path, struct numu_heap *heap,
                                                        struct numu_report *report);
/*
 * A sheet a table, the properties in the first. What no sheet holds is a finding (sheet-limit) and
 * NUMU_INVALID.
 */
NUMU_MUST_CHECK numu_status numu_package_write_workbook(const struct numu_model *model,
                                                        const char *path, struct numu_heap *heap,
                                                        struct numu_report *report);

/*
 * A warning (not-carried) for each thing of the package that no other form of it holds: columns,
 * tables and properties under "numu" that the schema does not know.
 */
NUMU_MUST_CHECK numu_status numu_package_report_not_carried(const struct numu_model *model,
                                                            struct numu_heap *heap,
                                                            struct numu_report *report);

/* --- one value --- */

/* Whether the CSV of a table has a column; see numu_package_build. */
bool numu_model_column_is_used(const struct numu_model *model,
                               const struct numu_table_descriptor *table,
                               const struct numu_column *column);

/* Appends a value in the machine's form (base/cell.h), references as ids. */
NUMU_MUST_CHECK numu_status numu_model_write_cell(const struct numu_model *model,
                                                  const struct numu_table_descriptor *table,
                                                  const struct numu_column *column, numu_row row,
                                                  struct numu_buffer *buffer);

#endif
