/*
 * rows.h - result tables for machines: any table with a descriptor as CSV or JSON.
 *
 * One loop over descriptors (base/table.h), values as base/cell.h writes them. CSV is RFC 4180 with
 * a header and LF line ends; money is in major units there, as in input tables. JSON has integer
 * minor units for money, numbers exact to their scale, null for no value.
 */
#ifndef NUMU_VIEW_ROWS_H
#define NUMU_VIEW_ROWS_H

#include "base/json.h"
#include "plan/plan.h"
#include "view/output.h"

typedef enum numu_format { NUMU_FORMAT_TABLE, NUMU_FORMAT_CSV, NUMU_FORMAT_JSON } numu_format;

/* What every JSON result opens with. Empty texts and no day become null. */
struct numu_stamp {
    struct numu_text version; /* of numu */
    struct numu_text inputs_sha256;
    numu_day data_date;
    struct numu_text seed; /* decimal digits */
};

/* The stamp of a plan, from its meta ("numu", "inputs_sha256", "data_date", "seed"). */
struct numu_stamp numu_plan_stamp(const struct numu_plan *plan);

/* Within an object: "format", "numu", "inputs_sha256", "data_date", "seed". */
void numu_json_stamp(struct numu_json_writer *writer, const char *format,
                     const struct numu_stamp *stamp);

/* `table` is one of numu_plan_schema. */
NUMU_MUST_CHECK numu_status numu_rows_csv(struct numu_buffer *buffer, const struct numu_plan *plan,
                                          const struct numu_table_descriptor *table);
/* As a JSON array of one object a row, a line each. */
void numu_rows_json(struct numu_json_writer *writer, const struct numu_plan *plan,
                    const struct numu_table_descriptor *table);
/* Within an object: the columns of one row. */
void numu_row_json(struct numu_json_writer *writer, const struct numu_plan *plan,
                   const struct numu_table_descriptor *table, numu_row row);
/*
 * One value for people, in the output's language: choices in words, numbers with separators, ISO
 * dates.
 */
void numu_output_cell(struct numu_output *out, const struct numu_plan *plan,
                      const struct numu_table_descriptor *table, const struct numu_column *column,
                      numu_row row);
/* True for kinds that are set to the right: numbers and money. */
bool numu_kind_is_number(numu_kind kind);

#endif
