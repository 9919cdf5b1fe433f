/*
 * schema.c - the schema as Table Schema and Data Package JSON, for other tools.
 *
 * Source: Table Schema and Data Package 1.0 (https://specs.frictionlessdata.io/table-schema/).
 */
#include "app/schema.h"

#include "base/cell.h"

struct schema_type {
    const char *name;
    const char *pattern;
};

static struct schema_type type_of(numu_kind kind) {
    switch (kind) {
    case NUMU_KIND_DATE:
        return (struct schema_type){"date", NULL};
    case NUMU_KIND_MONTH:
        return (struct schema_type){"yearmonth", NULL};
    case NUMU_KIND_DUE:
        return (struct schema_type){"string", "[0-9]{4}-[0-9]{2}(-[0-9]{2})?"};
    case NUMU_KIND_CURRENCY:
        return (struct schema_type){"string", "[A-Z]{3}"};
    case NUMU_KIND_MONEY:
    case NUMU_KIND_PRICE:
    case NUMU_KIND_QUANTITY:
    case NUMU_KIND_DECIMAL:
    case NUMU_KIND_REAL:
        return (struct schema_type){"number", NULL};
    case NUMU_KIND_INTEGER:
        return (struct schema_type){"integer", NULL};
    case NUMU_KIND_BOOLEAN:
        return (struct schema_type){"boolean", NULL};
    case NUMU_KIND_KEY:
    case NUMU_KIND_TEXT:
    case NUMU_KIND_REFERENCE:
    case NUMU_KIND_CHOICE:
    case NUMU_KIND_CHOICES:
        break;
    }
    return (struct schema_type){"string", NULL};
}

static void write_constraints(struct numu_json_writer *json, const struct numu_column *column,
                              const char *pattern) {
    int decimals = numu_kind_decimals(column->kind, 0);
    bool has_enum = column->kind == NUMU_KIND_CHOICE;
    bool is_key = column->kind == NUMU_KIND_KEY;
    if (!column->required && !is_key && pattern == NULL && !has_enum && !column->has_minimum &&
        !column->has_maximum) {
        return;
    }
    numu_json_key(json, "constraints");
    numu_json_begin_line_object(json);
    if (column->required) {
        numu_json_key(json, "required");
        numu_json_boolean(json, true);
    }
    if (is_key) {
        numu_json_key(json, "unique");
        numu_json_boolean(json, true);
    }
    if (pattern != NULL) {
        numu_json_key(json, "pattern");
        numu_json_string(json, pattern);
    }
    if (column->has_minimum) {
        numu_json_key(json, column->is_above_minimum ? "exclusiveMinimum" : "minimum");
        numu_json_number(json, column->minimum, decimals);
    }
    if (column->has_maximum) {
        numu_json_key(json, "maximum");
        numu_json_number(json, column->maximum, decimals);
    }
    if (has_enum) {
        numu_json_key(json, "enum");
        numu_json_begin_array(json);
        for (size_t i = 0; column->choices[i] != NULL; i++) {
            numu_json_string(json, column->choices[i]);
        }
        numu_json_end_array(json);
    }
    numu_json_end_object(json);
}

static void write_field(struct numu_json_writer *json, const struct numu_column *column) {
    struct schema_type type = type_of(column->kind);
    numu_json_begin_object(json);
    numu_json_key(json, "name");
    numu_json_string(json, column->name);
    numu_json_key(json, "type");
    numu_json_string(json, type.name);
    numu_json_key(json, "description");
    numu_json_string(json, column->sentence);
    if (column->unit != NULL) {
        numu_json_key(json, "unit");
        numu_json_string(json, column->unit);
    }
    if (column->default_text != NULL) {
        numu_json_key(json, "default");
        numu_json_string(json, column->default_text);
    }
    write_constraints(json, column, type.pattern);
    numu_json_end_object(json);
}

static void write_foreign_keys(struct numu_json_writer *json,
                               const struct numu_table_descriptor *table) {
    bool is_open = false;
    for (const struct numu_column *column = table->columns; column->name != NULL; column++) {
        if (column->kind != NUMU_KIND_REFERENCE) {
            continue;
        }
        const struct numu_table_descriptor *referred = numu_schema_at(column->reference);
        if (!is_open) {
            numu_json_key(json, "foreignKeys");
            numu_json_begin_array(json);
            is_open = true;
        }
        numu_json_begin_line_object(json);
        numu_json_key(json, "fields");
        numu_json_string(json, column->name);
        numu_json_key(json, "reference");
        numu_json_begin_object(json);
        numu_json_key(json, "resource");
        numu_json_string(json, referred == table ? "" : referred->name);
        numu_json_key(json, "fields");
        numu_json_string(json, "id");
        numu_json_end_object(json);
        numu_json_end_object(json);
    }
    if (is_open) {
        numu_json_end_array(json);
    }
}

static void write_schema(struct numu_json_writer *json, const struct numu_table_descriptor *table) {
    numu_json_begin_object(json);
    numu_json_key(json, "fields");
    numu_json_begin_array(json);
    for (const struct numu_column *column = table->columns; column->name != NULL; column++) {
        write_field(json, column);
    }
    numu_json_end_array(json);
    numu_json_key(json, "missingValues");
    numu_json_begin_line_array(json);
    numu_json_string(json, "");
    numu_json_end_array(json);
    if (numu_column_key(table) != NULL) {
        numu_json_key(json, "primaryKey");
        numu_json_string(json, numu_column_key(table)->name);
    }
    write_foreign_keys(json, table);
    numu_json_end_object(json);
}

static numu_status write_resource(struct numu_json_writer *json, struct numu_buffer *path,
                                  const struct numu_table_descriptor *table) {
    numu_buffer_clear(path);
    NUMU_TRY(numu_buffer_printf(path, "%s.csv", table->name));
    numu_json_begin_object(json);
    numu_json_key(json, "name");
    numu_json_string(json, table->name);
    numu_json_key(json, "description");
    numu_json_string(json, table->sentence);
    numu_json_key(json, "path");
    numu_json_string(json, path->data);
    numu_json_key(json, "profile");
    numu_json_string(json, "tabular-data-resource");
    numu_json_key(json, "schema");
    write_schema(json, table);
    numu_json_end_object(json);
    return json->status;
}

numu_status numu_write_resources(struct numu_json_writer *json, struct numu_heap *heap,
                                 bool (*is_wanted)(const struct numu_table_descriptor *table)) {
    struct numu_buffer path;
    numu_buffer_init(&path, heap, 0);
    numu_status status = NUMU_OK;
    numu_json_key(json, "resources");
    numu_json_begin_array(json);
    for (size_t i = 1; status == NUMU_OK && i < numu_schema_count(); i++) {
        if (is_wanted == NULL || is_wanted(&numu_schema[i])) {
            status = write_resource(json, &path, &numu_schema[i]);
        }
    }
    numu_json_end_array(json);
    numu_buffer_release(&path);
    return status == NUMU_OK ? json->status : status;
}

numu_status numu_app_schema(const struct numu_table_descriptor *table, struct numu_buffer *buffer) {
    struct numu_json_writer json;
    numu_json_writer_init(&json, buffer);
    if (table != NULL) {
        write_schema(&json, table);
    } else {
        numu_json_begin_object(&json);
        numu_json_key(&json, "profile");
        numu_json_string(&json, "tabular-data-package");
        numu_json_key(&json, "name");
        numu_json_string(&json, "numu");
        NUMU_TRY(numu_write_resources(&json, buffer->heap, NULL));
        numu_json_end_object(&json);
    }
    NUMU_TRY(json.status);
    return numu_buffer_append_char(buffer, '\n');
}
