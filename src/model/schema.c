/*
 * schema.c - see schema.h.
 */
#include "model/schema.h"

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

static bool has_table(const struct numu_schema_choice *choice,
                      const struct numu_table_descriptor *table) {
    return choice->has_table == NULL || choice->has_table(choice->data, table);
}

static bool has_column(const struct numu_schema_choice *choice,
                       const struct numu_table_descriptor *table,
                       const struct numu_column *column) {
    return choice->has_column == NULL || choice->has_column(choice->data, table, column);
}

static void write_foreign_keys(struct numu_json_writer *json,
                               const struct numu_table_descriptor *table,
                               const struct numu_schema_choice *choice) {
    bool is_open = false;
    for (const struct numu_column *column = table->columns; column->name != NULL; column++) {
        if (column->kind != NUMU_KIND_REFERENCE || !has_column(choice, table, column)) {
            continue;
        }
        const struct numu_table_descriptor *referred = numu_schema_at(column->reference);
        if (!has_table(choice, referred)) {
            continue;
        }
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

void numu_schema_write(struct numu_json_writer *json, const struct numu_table_descriptor *table,
                       const struct numu_schema_choice *choice) {
    numu_json_begin_object(json);
    numu_json_key(json, "fields");
    numu_json_begin_array(json);
    for (const struct numu_column *column = table->columns; column->name != NULL; column++) {
        if (has_column(choice, table, column)) {
            write_field(json, column);
        }
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
    write_foreign_keys(json, table, choice);
    numu_json_end_object(json);
}

bool numu_schema_makes_member(struct numu_text key) {
    static const char *const made[] = {"name",    "path",     "profile",   "schema",
                                       "dialect", "encoding", "mediatype", "format",
                                       "bytes",   "hash",     NULL};
    return numu_choice_find(made, key) != 0;
}

/* What the resource said beyond what numu makes. */
static void write_kept_members(struct numu_json_writer *json, const struct numu_json *resource,
                               struct numu_text source) {
    const struct numu_json *member = resource == NULL ? NULL : resource->first;
    for (; member != NULL; member = member->next) {
        if (!numu_schema_makes_member(member->key)) {
            numu_json_key_text(json, member->key);
            numu_json_copy(json, source, member);
        }
    }
}

static numu_status write_resource(struct numu_json_writer *json, struct numu_buffer *path,
                                  const struct numu_table_descriptor *table,
                                  const struct numu_schema_choice *choice) {
    const struct numu_json *resource =
        choice->resource == NULL ? NULL : choice->resource(choice->data, table);
    numu_buffer_clear(path);
    NUMU_TRY(numu_buffer_printf(path, "%s.csv", table->name));
    numu_json_begin_object(json);
    numu_json_key(json, "name");
    numu_json_string(json, table->name);
    if (numu_json_find(resource, "description") == NULL) {
        numu_json_key(json, "description");
        numu_json_string(json, table->sentence);
    }
    write_kept_members(json, resource, choice->source);
    numu_json_key(json, "path");
    numu_json_string(json, path->data);
    numu_json_key(json, "profile");
    numu_json_string(json, "tabular-data-resource");
    /* Said even where it is the default: readers that guess do so wrongly where texts hold both. */
    numu_json_key(json, "dialect");
    numu_json_begin_line_object(json);
    numu_json_key(json, "delimiter");
    numu_json_string(json, ",");
    numu_json_key(json, "quoteChar");
    numu_json_string(json, "\"");
    numu_json_end_object(json);
    numu_json_key(json, "schema");
    numu_schema_write(json, table, choice);
    numu_json_end_object(json);
    return json->status;
}

numu_status numu_schema_write_resources(struct numu_json_writer *json, struct numu_heap *heap,
                                        const struct numu_schema_choice *choice) {
    struct numu_buffer path;
    numu_buffer_init(&path, heap, 0);
    numu_status status = NUMU_OK;
    numu_json_key(json, "resources");
    numu_json_begin_array(json);
    for (size_t i = 1; status == NUMU_OK && i < numu_schema_count(); i++) {
        if (has_table(choice, &numu_schema[i])) {
            status = write_resource(json, &path, &numu_schema[i], choice);
        }
    }
    numu_json_end_array(json);
    numu_buffer_release(&path);
    return status == NUMU_OK ? json->status : status;
}
