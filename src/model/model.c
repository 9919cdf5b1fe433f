/*
 * model.c - the schema made from the .def files, and access to tables through it.
 */
#include "model/model.h"

#include <math.h>
#include <string.h>

#define NUMU_CHOICE_LIST_BEGIN(list) const char *const numu_names_of_##list[] = {
#define NUMU_CHOICE(list, word) #word,
#define NUMU_CHOICE_LIST_END(list)                                                                 \
    NULL                                                                                           \
    }                                                                                              \
    ;
#include "model/choices.def"

/*
 * What the .def files say in short. Bounds are in the scale of decimals; of other kinds only 0 is
 * used.
 */
#define NUMU_REQUIRED .required = true
#define NUMU_CHOICES(list) .choices = numu_names_of_##list
#define NUMU_REFERS(table) .reference = offsetof(struct numu_model, table)
#define NUMU_AT_LEAST(low) .has_minimum = true, .minimum = (low)*NUMU_DECIMAL_ONE
#define NUMU_AT_MOST(high) .has_maximum = true, .maximum = (high)*NUMU_DECIMAL_ONE
#define NUMU_BETWEEN(low, high) NUMU_AT_LEAST(low), NUMU_AT_MOST(high)
#define NUMU_ABOVE(low) NUMU_AT_LEAST(low), .is_above_minimum = true
#define NUMU_BETWEEN_INTEGERS(low, high)                                                           \
    .has_minimum = true, .minimum = (low), .has_maximum = true, .maximum = (high)

#define EVIDENCE(table, column, kind_, ...)                                                        \
    {                                                                                              \
        .name = #column, .kind = NUMU_KIND_##kind_,                                                \
        .offset = offsetof(struct numu_table_##table, head.evidence.column), .is_evidence = true,  \
        .sentence = __VA_ARGS__                                                                    \
    }

#define NUMU_TABLE_BEGIN(table, text)                                                              \
    {                                                                                              \
        .name = #table, .sentence = text, .offset = offsetof(struct numu_model, table),            \
        .columns = (const struct numu_column[]) {
#define NUMU_COLUMN_AS(table, field, text, kind_, ...)                                             \
    {.name = text,                                                                                 \
     .kind = NUMU_KIND_##kind_,                                                                    \
     .offset = offsetof(struct numu_table_##table, field),                                         \
     .sentence = __VA_ARGS__},
/* A column whose name is a C identifier; NUMU_COLUMN_AS is for those that are keywords. */
#define NUMU_COLUMN(table, column, kind_, ...)                                                     \
    NUMU_COLUMN_AS(table, column, #column, kind_, __VA_ARGS__)
#define NUMU_TABLE_END(table)                                                                      \
    EVIDENCE(table, basis, CHOICE, "what the row rests on", NUMU_CHOICES(basis)),                  \
        EVIDENCE(table, source, TEXT, "citation or URL"),                                          \
        EVIDENCE(table, known, DATE, "day since when it is public"),                               \
        EVIDENCE(table, spread, DECIMAL,                                                           \
                 "± share within which the row's main figure may lie; empty = 0 for reported, "   \
                 "0.3 for assumption",                                                             \
                 NUMU_BETWEEN(0, 10)),                                                             \
        EVIDENCE(table, note, TEXT, "remark"), {                                                   \
        .name = NULL                                                                               \
    }                                                                                              \
    }                                                                                              \
    }                                                                                              \
    ,

const struct numu_table_descriptor numu_schema[] = {
#include "model/tables/package.def"

#include "model/tables/all.def"
    {.name = NULL}};

size_t numu_schema_count(void) {
    return sizeof numu_schema / sizeof numu_schema[0] - 1;
}

const struct numu_table_descriptor *numu_schema_find(struct numu_text name) {
    for (const struct numu_table_descriptor *table = numu_schema; table->name != NULL; table++) {
        if (numu_text_is(name, table->name)) {
            return table;
        }
    }
    return NULL;
}

const struct numu_table_descriptor *numu_schema_at(size_t offset) {
    for (const struct numu_table_descriptor *table = numu_schema; table->name != NULL; table++) {
        if (table->offset == offset) {
            return table;
        }
    }
    return NULL;
}

const char *numu_schema_nearest(struct numu_text name) {
    const char *names[sizeof numu_schema / sizeof numu_schema[0]] = {NULL};
    /* the package's properties are no table of the user's */
    for (size_t i = 1; i < numu_schema_count(); i++) {
        names[i - 1] = numu_schema[i].name;
    }
    return numu_choice_nearest(names, name);
}

const struct numu_column *numu_column_find(const struct numu_table_descriptor *table,
                                           struct numu_text name) {
    for (const struct numu_column *column = table->columns; column->name != NULL; column++) {
        if (numu_text_is(name, column->name)) {
            return column;
        }
    }
    return NULL;
}

const struct numu_column *numu_column_key(const struct numu_table_descriptor *table) {
    for (const struct numu_column *column = table->columns; column->name != NULL; column++) {
        if (column->kind == NUMU_KIND_KEY) {
            return column;
        }
    }
    return NULL;
}

struct numu_table_head *numu_model_head(struct numu_model *model,
                                        const struct numu_table_descriptor *table) {
    return (struct numu_table_head *)(void *)((char *)model + table->offset);
}

const struct numu_table_head *numu_model_head_of(const struct numu_model *model,
                                                 const struct numu_table_descriptor *table) {
    return (const struct numu_table_head *)(const void *)((const char *)model + table->offset);
}

const void *numu_model_array(const struct numu_model *model,
                             const struct numu_table_descriptor *table,
                             const struct numu_column *column) {
    const void *array;
    memcpy(&array, (const char *)model + table->offset + column->offset, sizeof array);
    return array;
}

struct numu_text numu_model_id(const struct numu_model *model,
                               const struct numu_table_descriptor *table, numu_row row) {
    const struct numu_column *key = numu_column_key(table);
    if (key == NULL || row >= numu_model_head_of(model, table)->count) {
        return (struct numu_text){NULL, 0};
    }
    const struct numu_text *ids = numu_model_array(model, table, key);
    return ids[row];
}

numu_row numu_model_find(const struct numu_model *model, const struct numu_table_descriptor *table,
                         struct numu_text id) {
    const struct numu_map *ids = &numu_model_head_of(model, table)->ids;
    return ids->keys == NULL ? NUMU_NONE : numu_map_find(ids, id);
}

numu_currency numu_model_currency(const struct numu_model *model,
                                  const struct numu_table_descriptor *table, numu_row row) {
    for (const struct numu_column *column = table->columns; column->name != NULL; column++) {
        if (column->kind == NUMU_KIND_CURRENCY) {
            const numu_currency *currencies = numu_model_array(model, table, column);
            return currencies[row] == 0 ? model->currency : currencies[row];
        }
        if (column->gives_currency) {
            const numu_row *rows = numu_model_array(model, table, column);
            if (rows[row] != NUMU_NONE) {
                return numu_model_currency(model, numu_schema_at(column->reference), rows[row]);
            }
        }
    }
    return model->currency;
}

numu_month numu_model_start_month(const struct numu_model *model) {
    return numu_day_month(model->package.start[0]);
}

int64_t numu_model_months(const struct numu_model *model) {
    return model->package.months[0];
}

numu_decimal numu_model_rate(const struct numu_model *model, numu_currency currency,
                             numu_month month) {
    if (currency == 0 || currency == model->currency) {
        return NUMU_DECIMAL_ONE;
    }
    numu_decimal best = NUMU_NO_NUMBER;
    numu_month best_month = NUMU_NO_MONTH;
    for (numu_row row = 0; row < model->rate.head.count; row++) {
        if (model->rate.currency[row] == currency && model->rate.month[row] <= month &&
            (best == NUMU_NO_NUMBER || model->rate.month[row] >= best_month)) {
            best = model->rate.per_unit[row];
            best_month = model->rate.month[row];
        }
    }
    return best;
}

static double value_of(const struct numu_model *model, int64_t amount, int decimals,
                       numu_currency currency, numu_month month) {
    numu_decimal rate = numu_model_rate(model, currency, month);
    if (rate == NUMU_NO_NUMBER) {
        return NAN;
    }
    return numu_number_to_double(amount, decimals) *
           numu_number_to_double(rate, NUMU_DECIMAL_DECIMALS);
}

double numu_model_money_value(const struct numu_model *model, numu_money money,
                              numu_currency currency, numu_month month) {
    numu_currency known = currency == 0 ? model->currency : currency;
    return value_of(model, money, numu_currency_decimals(known), known, month);
}

double numu_model_price_value(const struct numu_model *model, numu_price price,
                              numu_currency currency, numu_month month) {
    return value_of(model, price, NUMU_PRICE_DECIMALS, currency, month);
}
