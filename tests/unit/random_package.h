/*
 * random_package.h - random small packages that load without an error, made by the descriptors.
 *
 * Tables, rows, columns and their order, values, delimiter and decimal mark are drawn; references
 * lead to rows that exist; numbers lie within the column's bounds. What only numu_model_check looks
 * at (cycles, supply) is not cared for.
 */
#ifndef NUMU_TESTS_RANDOM_PACKAGE_H
#define NUMU_TESTS_RANDOM_PACKAGE_H

#include "base/csv.h"
#include "base/random.h"
#include "model/package.h"

#include <stdio.h>
#include <string.h>

enum { RANDOM_ROWS_MAX = 5, RANDOM_TABLES_MAX = 64, RANDOM_COLUMNS_MAX = 64 };

struct random_package {
    struct numu_random random;
    struct numu_arena *arena;
    bool is_present[RANDOM_TABLES_MAX];
    size_t row_count[RANDOM_TABLES_MAX];
    bool is_french[RANDOM_TABLES_MAX]; /* semicolons and decimal commas */
    struct numu_buffer bytes;
    struct numu_buffer cell;
};

static inline size_t random_below(struct random_package *package, size_t count) {
    return (size_t)numu_random_below(&package->random, count);
}

static inline bool random_chance(struct random_package *package, size_t one_in) {
    return random_below(package, one_in) == 0;
}

static inline void random_append(struct numu_buffer *buffer, const char *string) {
    assert_int_equal(numu_buffer_append_string(buffer, string), NUMU_OK);
}

/* The id of a row; the same every time it is asked for. */
static inline void random_id(struct numu_buffer *cell, size_t table, size_t row) {
    assert_int_equal(numu_buffer_printf(cell, "%s-%zu.%zu", numu_schema[table].name, row * 7, row),
                     NUMU_OK);
}

static inline void random_text(struct random_package *package) {
    static const char *const texts[] = {
        "plain",
        "Kayes, \"ville\"",
        "two\nlines",
        " space before",
        "1.50",
        "accentué : 1 234,5",
        "semi;colon",
        "\"",
        "carriage\r\nreturn",
        "2025-06",
        "=1+1",
        "ends with space ",
    };
    random_append(&package->cell, texts[random_below(package, sizeof texts / sizeof texts[0])]);
}

static inline void random_number(struct random_package *package, const struct numu_column *column,
                                 int decimals, char decimal_char) {
    int64_t least = column->has_minimum ? column->minimum : -INT64_C(4000000000000000000);
    int64_t most = column->has_maximum ? column->maximum : INT64_C(4000000000000000000);
    if (column->kind == NUMU_KIND_MONEY) {
        decimals = 0; /* good in every currency, and small enough for one of three decimals */
        most = most / 1000;
        least = least / 1000;
    }
    least += column->is_above_minimum ? 1 : 0;
    uint64_t span = (uint64_t)most - (uint64_t)least;
    for (size_t digits = random_below(package, 19); digits < 19 && span > 1000; digits++) {
        span /= 10; /* small numbers are as likely as large ones */
    }
    int64_t from = least < 0 && most > 0 ? 0 : least;
    span = span < (uint64_t)most - (uint64_t)from ? span : (uint64_t)most - (uint64_t)from;
    int64_t value = from + (int64_t)numu_random_below(&package->random, span + 1);
    if (least < 0 && -value >= least && random_chance(package, 3)) {
        value = -value;
    }
    size_t start = package->cell.length;
    assert_int_equal(numu_number_write(&package->cell, value, decimals, true), NUMU_OK);
    for (size_t i = start; i < package->cell.length; i++) {
        if (package->cell.data[i] == '.') {
            package->cell.data[i] = decimal_char;
        }
    }
}

static inline void random_day(struct random_package *package, numu_kind kind) {
    char text[NUMU_DAY_TEXT_BYTES];
    numu_day day = (numu_day)random_below(package, 30000);
    bool is_month = kind == NUMU_KIND_MONTH || (kind == NUMU_KIND_DUE && random_chance(package, 2));
    random_append(&package->cell, is_month ? numu_month_format(numu_day_month(day), text)
                                           : numu_day_format(day, text));
}

static inline void random_choices(struct random_package *package,
                                  const struct numu_column *column) {
    for (size_t i = 0; column->choices[i] != NULL; i++) {
        if (random_chance(package, 2)) {
            random_append(&package->cell, package->cell.length == 0 ? "" : " ");
            random_append(&package->cell, column->choices[i]);
        }
    }
}

/* Fills package->cell. Empty only where that is allowed. */
static inline void random_cell(struct random_package *package, size_t table, size_t row,
                               const struct numu_column *column) {
    static const char *const currencies[] = {"XOF", "USD", "TND", "EUR"};
    char decimal_char = package->is_french[table] ? ',' : '.';
    numu_buffer_clear(&package->cell);
    random_append(&package->cell, "");
    if (!column->required && random_chance(package, 3)) {
        return;
    }
    switch (column->kind) {
    case NUMU_KIND_KEY:
        random_id(&package->cell, table, row);
        break;
    case NUMU_KIND_TEXT:
        random_text(package);
        break;
    case NUMU_KIND_REFERENCE: {
        size_t referred = (size_t)(numu_schema_at(column->reference) - numu_schema);
        if (package->row_count[referred] > 0) {
            random_id(&package->cell, referred,
                      random_below(package, package->row_count[referred]));
        }
        break;
    }
    case NUMU_KIND_CHOICE: {
        size_t count = 0;
        while (column->choices[count] != NULL) {
            count++;
        }
        random_append(&package->cell, column->choices[random_below(package, count)]);
        break;
    }
    case NUMU_KIND_CHOICES:
        random_choices(package, column);
        break;
    case NUMU_KIND_CURRENCY:
        random_append(&package->cell, currencies[random_below(package, 4)]);
        break;
    case NUMU_KIND_DATE:
    case NUMU_KIND_DUE:
    case NUMU_KIND_MONTH:
        random_day(package, column->kind);
        break;
    case NUMU_KIND_BOOLEAN:
        random_append(&package->cell, random_chance(package, 2) ? "true" : "false");
        break;
    default:
        random_number(package, column, numu_kind_decimals(column->kind, 0), decimal_char);
        break;
    }
}

static inline void random_table(struct random_package *package, size_t table,
                                struct numu_package_file *file) {
    const struct numu_column *columns[RANDOM_COLUMNS_MAX];
    char delimiter = package->is_french[table] ? ';' : ',';
    size_t count = 0;
    for (const struct numu_column *column = numu_schema[table].columns; column->name != NULL;
         column++) {
        if (column->required || random_chance(package, 3)) {
            size_t place = random_below(package, count + 1);
            columns[count++] = columns[place];
            columns[place] = column;
        }
    }
    numu_buffer_clear(&package->bytes);
    for (size_t row = 0; row <= package->row_count[table]; row++) {
        for (size_t i = 0; i < count; i++) {
            if (row == 0) {
                numu_buffer_clear(&package->cell);
                random_append(&package->cell, columns[i]->name);
            } else {
                random_cell(package, table, row - 1, columns[i]);
            }
            if (i > 0) {
                assert_int_equal(numu_buffer_append_char(&package->bytes, delimiter), NUMU_OK);
            }
            struct numu_text cell = {package->cell.data, package->cell.length};
            assert_int_equal(numu_csv_write(&package->bytes, cell, delimiter), NUMU_OK);
        }
        random_append(&package->bytes, package->is_french[table] ? "\r\n" : "\n");
    }
    struct numu_text bytes = {package->bytes.data, package->bytes.length};
    assert_int_equal(numu_text_copy(package->arena, bytes, &file->bytes), NUMU_OK);
    assert_int_equal(
        numu_text_printf(package->arena, &file->name, "%s.csv", numu_schema[table].name), NUMU_OK);
}

/* Decimal commas, for each column that is a number. */
static inline void random_fields(struct random_package *package, size_t table) {
    bool is_first = true;
    random_append(&package->bytes,
                  ", \"dialect\": {\"delimiter\": \";\"}, \"schema\": {\"fields\": [");
    for (const struct numu_column *column = numu_schema[table].columns; column->name != NULL;
         column++) {
        if (column->kind >= NUMU_KIND_MONEY && column->kind <= NUMU_KIND_DECIMAL) {
            assert_int_equal(numu_buffer_printf(&package->bytes,
                                                "%s{\"name\": \"%s\", \"decimalChar\": \",\"}",
                                                is_first ? "" : ", ", column->name),
                             NUMU_OK);
            is_first = false;
        }
    }
    random_append(&package->bytes, "]}");
}

static inline void random_descriptor(struct random_package *package,
                                     struct numu_package_file *file) {
    const size_t calendar = (size_t)(numu_schema_find(NUMU_TEXT("calendar")) - numu_schema);
    struct numu_buffer *bytes = &package->bytes;
    bool is_first = true;
    numu_buffer_clear(bytes);
    random_append(bytes, "{\"name\": \"random\", ");
    if (random_chance(package, 2)) {
        random_append(bytes, "\"title\": \"Tr\\u00e8s \\\"grand\\\"\", "
                             "\"licenses\": [{\"name\": \"CC0-1.0\"}, 1.50, null],\n");
    }
    random_append(bytes, "\"numu\": {\"currency\": \"XOF\", \"start\": \"2026-01-01\", "
                         "\"months\": 12");
    if (random_chance(package, 2)) {
        random_append(bytes, ", \"discount_rate\": 0.123456789, \"three_point\": \"p10_p90\", "
                             "\"confidence\": \"80\", \"country\": \"MLI\"");
    }
    if (package->row_count[calendar] > 0) {
        random_append(bytes, ", \"calendar\": \"");
        random_id(bytes, calendar, 0);
        random_append(bytes, "\"");
    }
    random_append(bytes, "}, \"resources\": [");
    for (size_t table = 1; table < numu_schema_count(); table++) {
        if (!package->is_present[table]) {
            continue;
        }
        assert_int_equal(numu_buffer_printf(bytes, "%s{\"name\": \"%s\", \"path\": \"%s.csv\"",
                                            is_first ? "" : ",\n", numu_schema[table].name,
                                            numu_schema[table].name),
                         NUMU_OK);
        random_append(bytes, random_chance(package, 4) ? ", \"title\": \"Une table\"" : "");
        if (package->is_french[table]) {
            random_fields(package, table);
        }
        random_append(bytes, "}");
        is_first = false;
    }
    random_append(bytes, "]}\n");
    assert_int_equal(numu_text_copy(package->arena, (struct numu_text){bytes->data, bytes->length},
                                    &file->bytes),
                     NUMU_OK);
    file->name = NUMU_TEXT("datapackage.json");
}

/* Rows that must refer to a table need rows there. */
static inline bool random_can_have_rows(const struct random_package *package, size_t table) {
    for (const struct numu_column *column = numu_schema[table].columns; column->name != NULL;
         column++) {
        if (column->required && column->kind == NUMU_KIND_REFERENCE) {
            size_t referred = (size_t)(numu_schema_at(column->reference) - numu_schema);
            if (package->row_count[referred] == 0) {
                return false;
            }
        }
    }
    return true;
}

/* A package of this seed; names and bytes live in the arena. */
static inline void random_package(uint64_t seed, struct numu_arena *arena,
                                  struct numu_package *out) {
    struct random_package package = {.arena = arena};
    size_t count = numu_schema_count();
    assert_true(count <= RANDOM_TABLES_MAX);
    numu_random_init(&package.random, seed, 0);
    numu_buffer_init(&package.bytes, arena->heap, 0);
    numu_buffer_init(&package.cell, arena->heap, 0);
    struct numu_package_file *files;
    assert_int_equal(NUMU_TAKE(arena, &files, count), NUMU_OK);
    *out = (struct numu_package){.files = files};
    for (size_t table = 1; table < count; table++) {
        /* `site` always, so that the package is never empty */
        package.is_present[table] = table == 1 || !random_chance(&package, 3);
        package.is_french[table] = random_chance(&package, 4);
        if (package.is_present[table] && random_can_have_rows(&package, table)) {
            package.row_count[table] = random_below(&package, RANDOM_ROWS_MAX + 1);
        }
    }
    for (size_t table = 1; table < count; table++) {
        if (package.is_present[table]) {
            random_table(&package, table, &files[out->count++]);
        }
    }
    random_descriptor(&package, &files[out->count++]);
    numu_buffer_release(&package.cell);
    numu_buffer_release(&package.bytes);
}

#endif
