/*
 * output.c - text for people.
 */
#include "view/output.h"

#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { ARGUMENT_COLUMNS_MAX = 200, REPLACEMENT = 0xFFFD };

void numu_output_init(struct numu_output *out, struct numu_buffer *buffer, numu_language language,
                      bool is_markup) {
    *out = (struct numu_output){
        .buffer = buffer, .start = buffer->length, .language = language, .is_markup = is_markup};
}

void numu_buffer_cut(struct numu_buffer *buffer, numu_status status, size_t start) {
    if (status != NUMU_OK && buffer->length > start) {
        buffer->length = start;
        buffer->data[start] = '\0';
    }
}

numu_status numu_output_finish(struct numu_output *out) {
    numu_buffer_cut(out->buffer, out->status, out->start);
    return out->status;
}

/* --- strings --- */

static void append(struct numu_output *out, const char *data, size_t length) {
    if (out->status == NUMU_OK) {
        out->status = numu_buffer_append(out->buffer, data, length);
    }
}

void numu_output_raw(struct numu_output *out, const char *string) {
    append(out, string, strlen(string));
}

void numu_output_printf(struct numu_output *out, const char *format, ...) {
    char text[512];
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    numu_assert(length >= 0 && (size_t)length < sizeof text);
    append(out, text, (size_t)length);
}

static void append_escaped(struct numu_output *out, const char *data, size_t length) {
    if (!out->is_markup) {
        append(out, data, length);
        return;
    }
    size_t from = 0;
    for (size_t i = 0; i < length; i++) {
        const char *entity = data[i] == '&'    ? "&amp;"
                             : data[i] == '<'  ? "&lt;"
                             : data[i] == '>'  ? "&gt;"
                             : data[i] == '"'  ? "&quot;"
                             : data[i] == '\'' ? "&#39;"
                                               : NULL;
        if (entity != NULL) {
            append(out, data + from, i - from);
            numu_output_raw(out, entity);
            from = i + 1;
        }
    }
    append(out, data + from, length - from);
}

void numu_output_string(struct numu_output *out, const char *string) {
    append_escaped(out, string, strlen(string));
}

/*
 * What is shown for a character that would act on the terminal or the page instead of being seen.
 */
static const char *visible_form(uint32_t code_point) {
    if (code_point == '\t') {
        return " ";
    }
    bool is_control = code_point < 0x20 || (code_point >= 0x7F && code_point < 0xA0);
    bool turns_text = code_point == 0x061C || code_point == 0x200E || code_point == 0x200F ||
                      (code_point >= 0x202A && code_point <= 0x202E) ||
                      (code_point >= 0x2066 && code_point <= 0x2069);
    bool is_line_end = code_point == 0x2028 || code_point == 0x2029;
    bool is_no_character = code_point == REPLACEMENT || (code_point & 0xFFFE) == 0xFFFE;
    return is_control || turns_text || is_line_end || is_no_character ? "\uFFFD" : NULL;
}

void numu_output_text(struct numu_output *out, struct numu_text text) {
    numu_output_text_cut(out, text, SIZE_MAX);
}

void numu_output_text_cut(struct numu_output *out, struct numu_text text, size_t columns) {
    size_t used = 0;
    while (text.length > 0) {
        uint32_t code_point;
        size_t bytes = numu_utf8_decode(text, &code_point);
        const char *form = visible_form(code_point);
        struct numu_text shown =
            form == NULL ? (struct numu_text){text.data, bytes} : numu_text_of(form);
        size_t width = numu_text_width(shown);
        bool is_last = bytes == text.length;
        if (used + width > columns - (is_last || columns == 0 ? 0 : 1)) {
            numu_output_raw(out, "…");
            return;
        }
        append_escaped(out, shown.data, shown.length);
        used += width;
        text.data += bytes;
        text.length -= bytes;
    }
}

void numu_output_word(struct numu_output *out, numu_word word) {
    numu_output_string(out, numu_word_text(out->language, word));
}

void numu_output_word_of(struct numu_output *out, const char *prefix, struct numu_text name) {
    numu_output_text(out, numu_word_of(out->language, prefix, name));
}

/* --- patterns --- */

static bool begins_with(struct numu_text text, const char *prefix) {
    size_t length = strlen(prefix);
    return text.length >= length && memcmp(text.data, prefix, length) == 0;
}

static void write_argument(struct numu_output *out, const struct numu_argument *argument) {
    switch (argument->kind) {
    case NUMU_ARGUMENT_NONE:
        break;
    case NUMU_ARGUMENT_TEXT: {
        numu_word word = begins_with(argument->text, "kind.") ||
                                 begins_with(argument->text, "json.") ||
                                 begins_with(argument->text, "rules.")
                             ? numu_word_find(argument->text)
                             : NUMU_WORD_COUNT;
        if (word != NUMU_WORD_COUNT) {
            numu_output_word(out, word);
        } else {
            numu_output_text_cut(out, argument->text, ARGUMENT_COLUMNS_MAX);
        }
        break;
    }
    case NUMU_ARGUMENT_INTEGER:
        numu_output_integer(out, argument->number);
        break;
    case NUMU_ARGUMENT_NUMBER:
        numu_output_number(out, argument->number, argument->decimals, argument->decimals, true);
        break;
    case NUMU_ARGUMENT_MONEY:
        numu_output_money(out, argument->number, argument->currency);
        break;
    case NUMU_ARGUMENT_DAY:
        numu_output_day(out, (numu_day)argument->number);
        break;
    case NUMU_ARGUMENT_MONTH:
        numu_output_month(out, (numu_month)argument->number);
        break;
    }
}

int numu_placeholder_at(struct numu_text pattern, size_t at) {
    const char *data = pattern.data + at;
    bool is_one = pattern.length - at >= 3 && data[0] == '{' && data[1] >= '0' &&
                  data[1] < '0' + NUMU_ARGUMENTS_MAX && data[2] == '}';
    return is_one ? data[1] - '0' : -1;
}

void numu_output_pattern(struct numu_output *out, struct numu_text pattern,
                         const struct numu_argument arguments[NUMU_ARGUMENTS_MAX]) {
    size_t from = 0;
    for (size_t at = 0; at < pattern.length; at++) {
        int number = numu_placeholder_at(pattern, at);
        if (number >= 0) {
            append_escaped(out, pattern.data + from, at - from);
            write_argument(out, &arguments[number]);
            from = at + 3;
            at += 2;
        }
    }
    append_escaped(out, pattern.data + from, pattern.length - from);
}

void numu_output_fill_two(struct numu_output *out, numu_word word, struct numu_argument first,
                          struct numu_argument second) {
    const struct numu_argument arguments[NUMU_ARGUMENTS_MAX] = {first, second};
    numu_output_pattern(out, numu_text_of(numu_word_text(out->language, word)), arguments);
}

void numu_output_fill(struct numu_output *out, numu_word word, struct numu_argument first) {
    numu_output_fill_two(out, word, first, (struct numu_argument){.kind = NUMU_ARGUMENT_NONE});
}

void numu_output_count(struct numu_output *out, int64_t count, numu_word one, numu_word many) {
    bool is_one = count == 1 || (count == 0 && out->language == NUMU_LANGUAGE_FR);
    numu_output_fill(out, is_one ? one : many, numu_argument_integer(count));
}

/* --- numbers --- */

/* Digits in threes from the right. */
static void append_grouped(struct numu_output *out, uint64_t value) {
    const char *separator = out->language == NUMU_LANGUAGE_FR ? "\u202F" : ",";
    char digits[24];
    int length = snprintf(digits, sizeof digits, "%" PRIu64, value);
    for (int i = 0; i < length; i++) {
        if (i > 0 && (length - i) % 3 == 0) {
            numu_output_raw(out, separator);
        }
        append(out, &digits[i], 1);
    }
}

static void append_fraction(struct numu_output *out, uint64_t fraction, int shown, bool trim) {
    char digits[24];
    int length = snprintf(digits, sizeof digits, "%0*" PRIu64, shown, fraction);
    while (trim && length > 0 && digits[length - 1] == '0') {
        length--;
    }
    if (length > 0) {
        numu_output_raw(out, out->language == NUMU_LANGUAGE_FR ? "," : ".");
        append(out, digits, (size_t)length);
    }
}

void numu_output_number(struct numu_output *out, int64_t value, int decimals, int shown,
                        bool trim) {
    if (value == NUMU_NO_NUMBER || out->status != NUMU_OK) {
        return;
    }
    if (shown < decimals) {
        out->status = numu_multiply_divide(value, 1, numu_power_of_ten(decimals - shown),
                                           NUMU_ROUND_HALF_EVEN, &value);
    } else {
        shown = decimals;
    }
    uint64_t magnitude = value < 0 ? -(uint64_t)value : (uint64_t)value;
    uint64_t one = (uint64_t)numu_power_of_ten(shown);
    if (value < 0) {
        numu_output_raw(out, "\u2212");
    }
    append_grouped(out, magnitude / one);
    if (shown > 0) {
        append_fraction(out, magnitude % one, shown, trim);
    }
}

void numu_output_integer(struct numu_output *out, int64_t value) {
    numu_output_number(out, value, 0, 0, false);
}

void numu_output_real(struct numu_output *out, double value, int shown) {
    int64_t scaled;
    if (isnan(value)) {
        return;
    }
    if (numu_number_from_double(value, shown, &scaled) == NUMU_OK) {
        numu_output_number(out, scaled, shown, shown, false);
    } else {
        numu_output_printf(out, "%.3e", value); /* beyond 64 bits, or infinite */
    }
}

void numu_output_scientific(struct numu_output *out, double value) {
    char text[32];
    if (isnan(value)) {
        numu_output_raw(out, "–");
        return;
    }
    (void)snprintf(text, sizeof text, "%.1e", value);
    for (char *at = text; *at != '\0'; at++) {
        if (*at == '.' && out->language == NUMU_LANGUAGE_FR) {
            *at = ',';
        }
    }
    numu_output_raw(out, text);
}

void numu_output_quantity(struct numu_output *out, numu_quantity quantity) {
    bool is_large = quantity >= 100 * NUMU_QUANTITY_ONE || quantity <= -100 * NUMU_QUANTITY_ONE;
    numu_output_number(out, quantity, NUMU_QUANTITY_DECIMALS, is_large ? 0 : 2, true);
}

static void append_currency(struct numu_output *out, numu_currency currency) {
    if (currency != 0) {
        numu_output_raw(out, "\u00A0");
        numu_output_raw(out, numu_currency_code(currency));
    }
}

void numu_output_money(struct numu_output *out, numu_money money, numu_currency currency) {
    if (money != NUMU_NO_NUMBER) {
        int decimals = numu_currency_decimals(currency);
        numu_output_number(out, money, decimals, decimals, false);
        append_currency(out, currency);
    }
}

void numu_output_compact(struct numu_output *out, int64_t value, int decimals, bool trim) {
    if (value == NUMU_NO_NUMBER) {
        return;
    }
    uint64_t magnitude = value < 0 ? -(uint64_t)value : (uint64_t)value;
    if (magnitude < (uint64_t)numu_power_of_ten(decimals + 6)) {
        numu_output_number(out, value, decimals, 0, false);
        return;
    }
    bool is_billion = magnitude >= (uint64_t)numu_power_of_ten(decimals + 9);
    numu_output_number(out, value, decimals + (is_billion ? 9 : 6), 1, trim);
    numu_output_raw(out, "\u00A0");
    numu_output_word(out, is_billion ? NUMU_WORD_short_billion : NUMU_WORD_short_million);
}

void numu_output_money_short(struct numu_output *out, numu_money money, numu_currency currency) {
    if (money != NUMU_NO_NUMBER) {
        numu_output_compact(out, money, numu_currency_decimals(currency), false);
        append_currency(out, currency);
    }
}

void numu_output_percent(struct numu_output *out, int64_t part, int64_t whole) {
    int64_t percent;
    if (whole <= 0 || part == NUMU_NO_NUMBER ||
        numu_multiply_divide(part, 100, whole, NUMU_ROUND_HALF_EVEN, &percent) != NUMU_OK) {
        numu_output_raw(out, "–");
        return;
    }
    if (part > 0 && percent == 0) {
        numu_output_string(out, "<");
        percent = 1;
    } else if (part < whole && percent == 100) {
        numu_output_string(out, ">");
        percent = 99;
    }
    numu_output_integer(out, percent);
    numu_output_raw(out, out->language == NUMU_LANGUAGE_FR ? "\u202F%" : "%");
}

/* --- dates --- */

void numu_output_day(struct numu_output *out, numu_day day) {
    char text[NUMU_DAY_TEXT_BYTES];
    numu_output_raw(out, numu_day_format(day, text));
}

void numu_output_month(struct numu_output *out, numu_month month) {
    char text[NUMU_DAY_TEXT_BYTES];
    numu_output_raw(out, numu_month_format(month, text));
}

void numu_output_day_long(struct numu_output *out, numu_day day) {
    if (day == NUMU_NO_DAY) {
        return;
    }
    struct numu_date date = numu_day_date(day);
    bool is_first = date.day == 1 && out->language == NUMU_LANGUAGE_FR;
    numu_output_printf(out, "%" PRId32 "%s\u00A0", date.day, is_first ? "er" : "");
    numu_output_word(out, (numu_word)(NUMU_WORD_month_1 + date.month - 1));
    numu_output_printf(out, " %" PRId32, date.year);
}

/* --- paragraphs --- */

void numu_output_wrapped(struct numu_output *out, struct numu_text text, size_t columns) {
    size_t used = 0;
    for (struct numu_text word = numu_text_next_word(&text); word.length > 0;
         word = numu_text_next_word(&text)) {
        size_t width = numu_text_width(word);
        if (used > 0) {
            bool fits = used + 1 + width <= columns;
            numu_output_raw(out, fits ? " " : "\n");
            used = fits ? used + 1 : 0;
        }
        append_escaped(out, word.data, word.length);
        used += width;
    }
    numu_output_raw(out, "\n");
}

/* --- sums --- */

void numu_output_add(struct numu_output *out, int64_t *sum, int64_t value) {
    if (value != NUMU_NO_NUMBER && out->status == NUMU_OK) {
        out->status = numu_add(*sum, value, sum);
    }
}
