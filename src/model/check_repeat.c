/*
 * check_repeat.c - rows of tables without ids that say the same thing twice.
 *
 * A hash table of rows by the columns that ought to name one row; linear in rows, and the first of
 * equal rows is the one named.
 */
#include "model/check.h"

#include <string.h>

enum { KEY_COLUMNS_MAX = 5 };

struct rule {
    const char *table;
    numu_code code;
    const char *columns[KEY_COLUMNS_MAX + 1]; /* ends with NULL */
    bool is_unordered;                        /* the first two columns may change places */
};

static const struct rule rules[] = {
    /* two rows that contradict each other, or of which one could not be named */
    {"mode", NUMU_CODE_DUPLICATE_ROW, {"activity", "id"}, false},
    {"assignment", NUMU_CODE_DUPLICATE_ROW, {"activity", "mode", "programme_resource"}, false},
    {"correlation", NUMU_CODE_DUPLICATE_ROW, {"a", "b"}, true},
    {"rate", NUMU_CODE_DUPLICATE_ROW, {"currency", "month"}, false},
    {"programme_supply", NUMU_CODE_DUPLICATE_ROW, {"programme_resource", "from"}, false},
    {"limit",
     NUMU_CODE_DUPLICATE_ROW,
     {"storehouse", "hazard_division", "rule_set", "starts"},
     false},
    /* amounts that are added, or nothing new */
    {"budget", NUMU_CODE_REPEATED_ROW, {"fund", "month"}, false},
    {"holiday", NUMU_CODE_REPEATED_ROW, {"calendar", "date"}, false},
    {"precedence", NUMU_CODE_REPEATED_ROW, {"before", "after", "type"}, false},
    {"risk_on", NUMU_CODE_REPEATED_ROW, {"risk", "activity"}, false},
    {"input", NUMU_CODE_REPEATED_ROW, {"process", "item", "starts", "ends"}, false},
    {"trade",
     NUMU_CODE_REPEATED_ROW,
     {"country", "partner", "year", "item_family", "series"},
     false},
    {"spending", NUMU_CODE_REPEATED_ROW, {"country", "year", "series"}, false},
};

/* The columns of a rule, found. */
struct key {
    size_t count;
    bool is_unordered;
    numu_kind kinds[KEY_COLUMNS_MAX];
    const char *arrays[KEY_COLUMNS_MAX];
};

static struct numu_text bytes_of(const struct key *key, size_t column, numu_row row) {
    size_t size = numu_kind_size(key->kinds[column]);
    const char *element = key->arrays[column] + row * size;
    if (key->kinds[column] == NUMU_KIND_TEXT) {
        return *(const struct numu_text *)(const void *)element;
    }
    return (struct numu_text){element, size};
}

static uint64_t hash_of(const struct key *key, numu_row row) {
    uint64_t sum = 0;
    for (size_t i = 0; i < key->count; i++) {
        struct numu_text bytes = bytes_of(key, i, row);
        /* the sum does not see the order of those with the same seed */
        sum += numu_hash_bytes(bytes.data, bytes.length, key->is_unordered && i == 1 ? 0 : i);
    }
    return sum;
}

static bool is_cell_equal(const struct key *key, size_t column_a, numu_row a, size_t column_b,
                          numu_row b) {
    return numu_text_is_equal(bytes_of(key, column_a, a), bytes_of(key, column_b, b));
}

static bool is_key_equal(const struct key *key, numu_row a, numu_row b) {
    if (key->is_unordered && is_cell_equal(key, 0, a, 1, b) && is_cell_equal(key, 1, a, 0, b)) {
        return true;
    }
    for (size_t i = 0; i < key->count; i++) {
        if (!is_cell_equal(key, i, a, i, b)) {
            return false;
        }
    }
    return true;
}

static void tell(const struct numu_checker *checker, const struct rule *rule,
                 const struct numu_table_descriptor *table, numu_row row, numu_row first) {
    struct numu_diagnostic finding;
    if (!numu_check_begin(checker, rule->code, table, row, rule->columns[0], &finding)) {
        return;
    }
    struct numu_buffer names;
    numu_buffer_init(&names, checker->context->heap, 0);
    numu_status status = NUMU_OK;
    for (size_t i = 0; rule->columns[i] != NULL && status == NUMU_OK; i++) {
        status = numu_buffer_printf(&names, "%s%s", i == 0 ? "" : ", ", rule->columns[i]);
    }
    finding.related = numu_model_place(checker->model, table, first, rule->columns[0]);
    finding.arguments[0] = numu_argument_string(table->name);
    finding.arguments[1] = numu_argument_text((struct numu_text){names.data, names.length});
    numu_report_add(checker->report, &finding);
    if (status != NUMU_OK) {
        checker->report->status = status;
    }
    numu_buffer_release(&names);
}

static struct key key_of(const struct numu_checker *checker, const struct rule *rule,
                         const struct numu_table_descriptor *table) {
    struct key key = {.is_unordered = rule->is_unordered};
    for (; rule->columns[key.count] != NULL; key.count++) {
        const char *name = rule->columns[key.count];
        key.kinds[key.count] = numu_column_find(table, numu_text_of(name))->kind;
        key.arrays[key.count] = numu_check_array(checker, table, name);
    }
    return key;
}

static numu_status check_rule(const struct numu_checker *checker, const struct rule *rule) {
    const struct numu_table_descriptor *table = numu_schema_find(numu_text_of(rule->table));
    struct key key = key_of(checker, rule, table);
    numu_row count = numu_model_head_of(checker->model, table)->count;
    size_t slot_count = 8;
    while (slot_count < 2 * (size_t)count) {
        slot_count *= 2;
    }
    numu_row *slots;
    NUMU_TRY(NUMU_TAKE(checker->arena, &slots, slot_count));
    numu_kind_fill_none(NUMU_KIND_REFERENCE, slots, 0, slot_count);
    for (numu_row row = 0; row < count; row++) {
        size_t slot = hash_of(&key, row) & (slot_count - 1);
        while (slots[slot] != NUMU_NONE && !is_key_equal(&key, slots[slot], row)) {
            slot = (slot + 1) & (slot_count - 1);
        }
        if (slots[slot] == NUMU_NONE) {
            slots[slot] = row;
        } else {
            tell(checker, rule, table, row, slots[slot]);
        }
    }
    return NUMU_OK;
}

numu_status numu_check_repeats(const struct numu_checker *checker) {
    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++) {
        struct numu_arena_mark mark = numu_arena_mark(checker->arena);
        NUMU_TRY(check_rule(checker, &rules[i]));
        numu_arena_rewind(checker->arena, mark);
    }
    return NUMU_OK;
}
