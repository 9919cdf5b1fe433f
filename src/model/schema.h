/*
 * schema.h - the descriptors as Table Schema and Data Package JSON, for other tools.
 *
 * Source: Table Schema and Data Package 1.0 (https://specs.frictionlessdata.io/table-schema/).
 */
#ifndef NUMU_MODEL_SCHEMA_H
#define NUMU_MODEL_SCHEMA_H

#include "base/json.h"
#include "model/model.h"

/* What is written; a NULL function means all, or nothing more. */
struct numu_schema_choice {
    const void *data;
    bool (*has_table)(const void *data, const struct numu_table_descriptor *table);
    bool (*has_column)(const void *data, const struct numu_table_descriptor *table,
                       const struct numu_column *column);
    /*
     * The resource as it was read from the text `source`, or NULL: its members that numu does not
     * make itself, and its description, are written as they are.
     */
    const struct numu_json *(*resource)(const void *data,
                                        const struct numu_table_descriptor *table);
    struct numu_text source;
};

/* The Table Schema of a table, as an object. */
void numu_schema_write(struct numu_json_writer *json, const struct numu_table_descriptor *table,
                       const struct numu_schema_choice *choice);
/* The member "resources" of a data package. */
NUMU_MUST_CHECK numu_status numu_schema_write_resources(struct numu_json_writer *json,
                                                        struct numu_heap *heap,
                                                        const struct numu_schema_choice *choice);
/* True for the members of a resource that numu writes itself ("path", "schema" …). */
bool numu_schema_makes_member(struct numu_text key);

#endif
