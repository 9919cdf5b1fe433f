/*
 * cell.c - values from text and to text.
 */
#include "base/cell.h"

#include <math.h>
#include <string.h>

static numu_code code_of_number_error(numu_number_error error) {
    switch (error) {
    case NUMU_NUMBER_OK:
        return NUMU_CODE_NONE;
    case NUMU_NUMBER_EMPTY:
    case NUMU_NUMBER_MALFORMED:
        return NUMU_CODE_WRONG_TYPE;
    case NUMU_NUMBER_NOT_FINITE:
        return NUMU_CODE_NOT_FINITE;
    case NUMU_NUMBER_TOO_LARGE:
        return NUMU_CODE_TOO_LARGE;
    case NUMU_NUMBER_TOO_PRECISE:
        return NUMU_CODE_TOO_PRECISE;
    case NUMU_NUMBER_WRONG_DECIMAL:
        return NUMU_CODE_WRONG_DECIMAL;
    }
    return NUMU_CODE_WRONG_TYPE;
}

static numu_code parse_number(const struct numu_column *column, struct numu_text text,
                              const struct numu_cell_rules *rules, int64_t *out) {
    int decimals = numu_kind_decimals(column->kind, rules->currency);
    int64_t value;
    numu_number_error error = numu_number_parse(text, decimals, rules->decimal_char, &value);
    if (error != NUMU_NUMBER_OK) {
        return code_of_number_error(error);
    }
    if (value == NUMU_NO_NUMBER) {
        return NUMU_CODE_TOO_LARGE;
    }
    if ((column->has_minimum &&
         (value < column->minimum || (column->is_above_minimum && value == column->minimum))) ||
        (column->has_maximum && value > column->maximum)) {
        return NUMU_CODE_OUT_OF_RANGE;
    }
    *out = value;
    return NUMU_CODE_NONE;
}

static bool looks_like_date(struct numu_text text) {
    if (text.length < 6 || text.length > 10) {
        return false;
    }
    for (size_t i = 0; i < text.length; i++) {
        char c = text.data[i];
        if ((c < '0' || c > '9') && c != '-' && c != '/' && c != '.') {
            return false;
        }
    }
    return true;
}

static numu_code parse_day(numu_kind kind, struct numu_text text, int32_t *out) {
    if (kind == NUMU_KIND_MONTH) {
        return numu_month_parse(text, out) ? NUMU_CODE_NONE
               : looks_like_date(text)     ? NUMU_CODE_BAD_DATE
                                           : NUMU_CODE_WRONG_TYPE;
    }
    numu_month month;
    if (numu_day_parse(text, out)) {
        return NUMU_CODE_NONE;
    }
    if (kind == NUMU_KIND_DUE && numu_month_parse(text, &month)) {
        *out = numu_month_last_day(month);
        return NUMU_CODE_NONE;
    }
    return looks_like_date(text) ? NUMU_CODE_BAD_DATE : NUMU_CODE_WRONG_TYPE;
}

static numu_code parse_choices(const struct numu_column *column, struct numu_text text,
                               uint32_t *out) {
    uint32_t set = 0;
    struct numu_text rest = text;
    for (struct numu_text word = numu_text_next_word(&rest); word.length > 0;
         word = numu_text_next_word(&rest)) {
        uint8_t choice = numu_choice_find(column->choices, word);
        if (choice == 0) {
            return NUMU_CODE_UNKNOWN_CHOICE;
        }
        set |= UINT32_C(1) << (choice - 1);
    }
    *out = set;
    return NUMU_CODE_NONE;
}

static numu_code parse_boolean(struct numu_text text, uint8_t *out) {
    /* Table Schema's default true and false values. */
    static const char *const true_names[] = {"true", "True", "TRUE", "1", NULL};
    static const char *const false_names[] = {"false", "False", "FALSE", "0", NULL};
    if (numu_choice_find(true_names, text) != 0) {
        *out = NUMU_BOOLEAN_TRUE;
    } else if (numu_choice_find(false_names, text) != 0) {
        *out = NUMU_BOOLEAN_FALSE;
    } else {
        return NUMU_CODE_WRONG_TYPE;
    }
    return NUMU_CODE_NONE;
}

numu_code numu_cell_parse(const struct numu_column *column, struct numu_text text,
                          const struct numu_cell_rules *rules, void *element) {
    numu_kind_fill_none(column->kind, element, 0, 1);
    switch (column->kind) {
    case NUMU_KIND_KEY:
        if (!numu_id_is_valid(text)) {
            return NUMU_CODE_BAD_ID;
        }
        *(struct numu_text *)element = text;
        return NUMU_CODE_NONE;
    case NUMU_KIND_TEXT:
        *(struct numu_text *)element = text;
        return NUMU_CODE_NONE;
    case NUMU_KIND_REFERENCE: {
        numu_row row = rules->ids == NULL ? NUMU_NONE : numu_map_find(rules->ids, text);
        *(numu_row *)element = row;
        return row == NUMU_NONE ? NUMU_CODE_UNKNOWN_REFERENCE : NUMU_CODE_NONE;
    }
    case NUMU_KIND_CHOICE: {
        uint8_t choice = numu_choice_find(column->choices, text);
        *(uint8_t *)element = choice;
        return choice == 0 ? NUMU_CODE_UNKNOWN_CHOICE : NUMU_CODE_NONE;
    }
    case NUMU_KIND_CHOICES:
        return parse_choices(column, text, element);
    case NUMU_KIND_CURRENCY: {
        numu_currency currency = numu_currency_find(text);
        *(numu_currency *)element = currency;
        return currency == 0 ? NUMU_CODE_UNKNOWN_CURRENCY : NUMU_CODE_NONE;
    }
    case NUMU_KIND_DATE:
    case NUMU_KIND_DUE:
    case NUMU_KIND_MONTH:
        return parse_day(column->kind, text, element);
    case NUMU_KIND_MONEY:
    case NUMU_KIND_PRICE:
    case NUMU_KIND_QUANTITY:
    case NUMU_KIND_DECIMAL:
    case NUMU_KIND_INTEGER:
        return parse_number(column, text, rules, element);
    case NUMU_KIND_BOOLEAN:
        return parse_boolean(text, element);
    case NUMU_KIND_REAL:
        break; /* results only: never parsed */
    }
    return NUMU_CODE_WRONG_TYPE;
}

bool numu_cell_is_empty(const struct numu_column *column, const void *array, numu_row row) {
    if (array == NULL) {
        return true;
    }
    switch (column->kind) {
    case NUMU_KIND_KEY:
    case NUMU_KIND_TEXT:
        return ((const struct numu_text *)array)[row].length == 0;
    case NUMU_KIND_REFERENCE:
        return ((const numu_row *)array)[row] == NUMU_NONE;
    case NUMU_KIND_CHOICE:
    case NUMU_KIND_BOOLEAN:
        return ((const uint8_t *)array)[row] == 0;
    case NUMU_KIND_CHOICES:
        return ((const uint32_t *)array)[row] == 0;
    case NUMU_KIND_CURRENCY:
        return ((const numu_currency *)array)[row] == 0;
    case NUMU_KIND_DATE:
    case NUMU_KIND_DUE:
    case NUMU_KIND_MONTH:
        return ((const int32_t *)array)[row] == NUMU_NO_DAY;
    case NUMU_KIND_MONEY:
    case NUMU_KIND_PRICE:
    case NUMU_KIND_QUANTITY:
    case NUMU_KIND_DECIMAL:
    case NUMU_KIND_INTEGER:
        return ((const int64_t *)array)[row] == NUMU_NO_NUMBER;
    case NUMU_KIND_REAL:
        return isnan(((const double *)array)[row]) != 0;
    }
    return true;
}

static numu_status write_choices(const struct numu_column *column, uint32_t set,
                                 struct numu_buffer *buffer) {
    bool is_first = true;
    for (uint32_t n = 0; column->choices[n] != NULL; n++) {
        if ((set >> n & 1U) == 0) {
            continue;
        }
        if (!is_first) {
            NUMU_TRY(numu_buffer_append_char(buffer, ' '));
        }
        NUMU_TRY(numu_buffer_append_string(buffer, column->choices[n]));
        is_first = false;
    }
    return NUMU_OK;
}

numu_status numu_cell_write(const struct numu_column *column, const void *array, numu_row row,
                            numu_currency currency, numu_cell_id id, const void *id_data,
                            struct numu_buffer *buffer) {
    if (numu_cell_is_empty(column, array, row)) {
        return NUMU_OK;
    }
    char date[NUMU_DAY_TEXT_BYTES];
    switch (column->kind) {
    case NUMU_KIND_KEY:
    case NUMU_KIND_TEXT: {
        struct numu_text text = ((const struct numu_text *)array)[row];
        return numu_buffer_append(buffer, text.data, text.length);
    }
    case NUMU_KIND_REFERENCE: {
        struct numu_text text = id(id_data, column, ((const numu_row *)array)[row]);
        return numu_buffer_append(buffer, text.data, text.length);
    }
    case NUMU_KIND_CHOICE:
        return numu_buffer_append_string(buffer,
                                         column->choices[((const uint8_t *)array)[row] - 1]);
    case NUMU_KIND_CHOICES:
        return write_choices(column, ((const uint32_t *)array)[row], buffer);
    case NUMU_KIND_CURRENCY:
        return numu_buffer_append_string(buffer,
                                         numu_currency_code(((const numu_currency *)array)[row]));
    case NUMU_KIND_DATE:
    case NUMU_KIND_DUE:
        return numu_buffer_append_string(buffer,
                                         numu_day_format(((const numu_day *)array)[row], date));
    case NUMU_KIND_MONTH:
        return numu_buffer_append_string(buffer,
                                         numu_month_format(((const numu_month *)array)[row], date));
    case NUMU_KIND_MONEY:
    case NUMU_KIND_PRICE:
    case NUMU_KIND_QUANTITY:
    case NUMU_KIND_DECIMAL:
    case NUMU_KIND_INTEGER:
        return numu_number_write(buffer, ((const int64_t *)array)[row],
                                 numu_kind_decimals(column->kind, currency),
                                 column->kind != NUMU_KIND_MONEY);
    case NUMU_KIND_BOOLEAN:
        return numu_buffer_append_string(
            buffer, ((const uint8_t *)array)[row] == NUMU_BOOLEAN_TRUE ? "true" : "false");
    case NUMU_KIND_REAL:
        return numu_buffer_printf(buffer, "%.15g", ((const double *)array)[row]);
    }
    return NUMU_BUG;
}

bool numu_id_is_valid(struct numu_text text) {
    if (text.length == 0 || text.length > 64) {
        return false;
    }
    for (size_t i = 0; i < text.length; i++) {
        char c = text.data[i];
        bool is_alphanumeric =
            (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
        if (!is_alphanumeric && (i == 0 || (c != '.' && c != '_' && c != '-' && c != ':'))) {
            return false;
        }
    }
    return true;
}

const char *numu_kind_name(numu_kind kind) {
    switch (kind) {
    case NUMU_KIND_KEY:
        return "kind.key";
    case NUMU_KIND_TEXT:
        return "kind.text";
    case NUMU_KIND_REFERENCE:
        return "kind.reference";
    case NUMU_KIND_CHOICE:
        return "kind.choice";
    case NUMU_KIND_CHOICES:
        return "kind.choices";
    case NUMU_KIND_CURRENCY:
        return "kind.currency";
    case NUMU_KIND_DATE:
        return "kind.date";
    case NUMU_KIND_DUE:
        return "kind.due";
    case NUMU_KIND_MONTH:
        return "kind.month";
    case NUMU_KIND_MONEY:
        return "kind.money";
    case NUMU_KIND_PRICE:
        return "kind.price";
    case NUMU_KIND_QUANTITY:
        return "kind.quantity";
    case NUMU_KIND_DECIMAL:
        return "kind.decimal";
    case NUMU_KIND_INTEGER:
        return "kind.integer";
    case NUMU_KIND_BOOLEAN:
        return "kind.boolean";
    case NUMU_KIND_REAL:
        return "kind.real";
    }
    return "kind.text";
}
