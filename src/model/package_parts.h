/*
 * package_parts.h - what the forms of a package share. For package*.c only.
 */
#ifndef NUMU_MODEL_PACKAGE_PARTS_H
#define NUMU_MODEL_PACKAGE_PARTS_H

#include "base/json.h"
#include "model/package.h"

/*
 * datapackage.json of the model as read from *out_text; *out NULL for a model that was not loaded.
 */
NUMU_MUST_CHECK numu_status numu_package_descriptor(const struct numu_model *model,
                                                    struct numu_arena *arena,
                                                    struct numu_text *out_text,
                                                    const struct numu_json **out);
/* Whether a member of datapackage.json is written by numu itself ("numu", "resources"). */
bool numu_package_makes_member(struct numu_text key);
/* The resource of a table in it, or NULL. */
const struct numu_json *numu_package_resource(const struct numu_json *root,
                                              const struct numu_table_descriptor *table);

/* True where a row holds just what an empty field would mean. */
bool numu_model_cell_is_default(const struct numu_model *model,
                                const struct numu_table_descriptor *table,
                                const struct numu_column *column, numu_row row);
/* A finding about a file as a whole. Returns NUMU_IO. */
numu_status numu_package_complain(struct numu_report *report, numu_code code, const char *path,
                                  struct numu_argument second, struct numu_argument third);

#endif
