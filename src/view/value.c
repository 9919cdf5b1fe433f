/*
 * value.c - see value.h.
 */
#include "view/value.h"

#include "base/csv.h"

#include <string.h>

static const char prefix[] = "word.";

bool numu_value_word(const struct numu_argument *value, numu_word *out) {
    enum { PREFIX = sizeof prefix - 1 };
    if (value->kind != NUMU_ARGUMENT_TEXT || value->text.length <= PREFIX ||
        memcmp(value->text.data, prefix, PREFIX) != 0) {
        return false;
    }
    *out =
        numu_word_find((struct numu_text){value->text.data + PREFIX, value->text.length - PREFIX});
    return *out != NUMU_WORD_COUNT;
}

/* A word without what says of what: "held" of "word.standing_held". */
static struct numu_text plain_text(const struct numu_argument *value) {
    numu_word word;
    if (!numu_value_word(value, &word)) {
        return value->text;
    }
    size_t line = numu_text_find(value->text, NUMU_TEXT("_"), 0);
    size_t from = line == SIZE_MAX ? sizeof prefix - 1 : line + 1;
    return (struct numu_text){value->text.data + from, value->text.length - from};
}

numu_status numu_value_write_csv(struct numu_buffer *buffer, const struct numu_argument *value) {
    char day[NUMU_DAY_TEXT_BYTES];
    switch (value->kind) {
    case NUMU_ARGUMENT_TEXT:
        return numu_csv_write(buffer, plain_text(value), ',');
    case NUMU_ARGUMENT_INTEGER:
    case NUMU_ARGUMENT_NUMBER:
        return numu_number_write(buffer, value->number,
                                 value->kind == NUMU_ARGUMENT_NUMBER ? value->decimals : 0, true);
    case NUMU_ARGUMENT_DAY:
        return numu_buffer_append_string(buffer, numu_day_format((numu_day)value->number, day));
    case NUMU_ARGUMENT_MONTH:
        return numu_buffer_append_string(buffer, numu_month_format((numu_month)value->number, day));
    default:
        return NUMU_OK;
    }
}

void numu_value_write_json(struct numu_json_writer *json, const struct numu_argument *value) {
    char day[NUMU_DAY_TEXT_BYTES] = "";
    switch (value->kind) {
    case NUMU_ARGUMENT_TEXT:
        numu_json_text(json, plain_text(value));
        return;
    case NUMU_ARGUMENT_INTEGER:
        numu_json_integer(json, value->number);
        return;
    case NUMU_ARGUMENT_NUMBER:
        numu_json_number(json, value->number, value->decimals);
        return;
    case NUMU_ARGUMENT_DAY:
        (void)numu_day_format((numu_day)value->number, day);
        break;
    case NUMU_ARGUMENT_MONTH:
        (void)numu_month_format((numu_month)value->number, day);
        break;
    default:
        break;
    }
    if (day[0] == '\0') {
        numu_json_null(json);
    } else {
        numu_json_string(json, day);
    }
}
