/*
 * schema.h - the resources of a data package, with their schemas. For app only.
 */
#ifndef NUMU_APP_SCHEMA_H
#define NUMU_APP_SCHEMA_H

#include "app/app.h"
#include "base/json.h"

/* Writes the member "resources" with the tables that are wanted (NULL = all). */
NUMU_MUST_CHECK numu_status
numu_write_resources(struct numu_json_writer *json, struct numu_heap *heap,
                     bool (*is_wanted)(const struct numu_table_descriptor *table));

#endif
