/*
 * schema.h - the tables and columns of a package, for people and spreadsheets: `numu schema
 * --format`.
 */
#ifndef NUMU_VIEW_SCHEMA_H
#define NUMU_VIEW_SCHEMA_H

#include "view/rows.h"

/*
 * Appends one table, or all of them with the package's properties first (table = NULL): as a grid a
 * table, or as one CSV with a row a column. JSON is the business of numu_app_schema: NUMU_BUG here.
 */
NUMU_MUST_CHECK numu_status numu_view_schema(struct numu_buffer *buffer,
                                             const struct numu_table_descriptor *table,
                                             numu_language language, numu_format format);

#endif
