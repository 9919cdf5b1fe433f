/*
 * schema.c - the schema as JSON, for other tools.
 */
#include "app/app.h"

#include "model/schema.h"

numu_status numu_app_schema(const struct numu_table_descriptor *table, struct numu_buffer *buffer) {
    static const struct numu_schema_choice all;
    struct numu_json_writer json;
    numu_json_writer_init(&json, buffer);
    if (table != NULL) {
        numu_schema_write(&json, table, &all);
    } else {
        numu_json_begin_object(&json);
        numu_json_key(&json, "profile");
        numu_json_string(&json, "tabular-data-package");
        numu_json_key(&json, "name");
        numu_json_string(&json, "numu");
        NUMU_TRY(numu_schema_write_resources(&json, buffer->heap, &all));
        numu_json_end_object(&json);
    }
    NUMU_TRY(json.status);
    return numu_buffer_append_char(buffer, '\n');
}
