/*
 * load_table.h - one CSV file into one table of the model. For load.c only.
 */
#ifndef NUMU_MODEL_LOAD_TABLE_H
#define NUMU_MODEL_LOAD_TABLE_H

#include "base/stream.h"
#include "model/model.h"

/* What datapackage.json says of a table's file. */
struct numu_table_file {
    uint32_t source; /* in model.sources; its path can be opened */
    char delimiter;
    uint64_t comma_columns; /* bit n: column n of the descriptor is written with a decimal comma */
};

/*
 * Reads the stream twice: to count its lines (an upper bound of its rows) and hash it, then to
 * parse it. Findings go to the report; the table then has as many rows as the file has records,
 * with "no value" where a value was wrong. Fails where the machine does.
 */
NUMU_MUST_CHECK numu_status numu_table_load(const struct numu_context *context,
                                            struct numu_model *model,
                                            const struct numu_table_descriptor *table,
                                            const struct numu_table_file *file,
                                            struct numu_stream *stream, struct numu_report *report,
                                            struct numu_sha256 *out_digest);

/* Arrays of a table without rows, so that [M1] holds for tables without a file. */
NUMU_MUST_CHECK numu_status numu_table_make_empty(struct numu_model *model,
                                                  const struct numu_table_descriptor *table);

/*
 * The value of an empty field of a column: its default, or "no value". `element` has room for the
 * kind.
 */
void numu_column_default(const struct numu_column *column, void *element);

/* The range a column allows, in signs ("0..1", ">= 0", "> 0"); empty where all is allowed. */
numu_status numu_column_range(const struct numu_column *column, struct numu_buffer *buffer);

/* A code of numu_cell_parse as a finding, with the arguments that its sentence takes. */
void numu_report_cell(struct numu_report *report, numu_code code, const struct numu_model *model,
                      const struct numu_column *column, struct numu_text found,
                      numu_currency currency, struct numu_place place);

#endif
