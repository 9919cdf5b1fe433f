/*
 * gs1.c - see gs1.h. A line of the dictionary: AIs, flags, parts, attributes, title.
 */
#include "rules/gs1.h"

#include <string.h>

/* --- words of a line --- */

static struct numu_text word_next(struct numu_text *rest) {
    return numu_text_next_word(rest);
}

/* Splits off what stands before `separator`; all of it where there is none. */
static struct numu_text cut(struct numu_text *rest, char separator) {
    size_t length = 0;
    while (length < rest->length && rest->data[length] != separator) {
        length++;
    }
    struct numu_text before = {rest->data, length};
    size_t gone = length < rest->length ? length + 1 : length;
    *rest = (struct numu_text){rest->data + gone, rest->length - gone};
    return before;
}

static bool is_digits(struct numu_text text) {
    for (size_t i = 0; i < text.length; i++) {
        if (text.data[i] < '0' || text.data[i] > '9') {
            return false;
        }
    }
    return text.length > 0;
}

static bool starts_with(struct numu_text text, struct numu_text start) {
    return text.length >= start.length && memcmp(text.data, start.data, start.length) == 0;
}

/* --- the dictionary --- */

/* "3100-3105" or "01". */
static bool read_ais(struct numu_text word, struct numu_gs1_rule *rule) {
    struct numu_text rest = word;
    rule->first = cut(&rest, '-');
    rule->last = rest.length > 0 ? rest : rule->first;
    return is_digits(rule->first) && is_digits(rule->last) && rule->first.length >= 2 &&
           rule->first.length <= 4 && rule->last.length == rule->first.length &&
           numu_text_compare(rule->first, rule->last) <= 0;
}

static bool is_part(struct numu_text word) {
    char first = word.length > 0 ? word.data[0] : ' ';
    first = first == '[' && word.length > 1 ? word.data[1] : first;
    return first == 'N' || first == 'X' || first == 'Y' || first == 'Z';
}

/* A length of at most two digits; 0 for what is none. */
static uint8_t read_length(struct numu_text digits) {
    if (!is_digits(digits) || digits.length > 2) {
        return 0;
    }
    int length = 0;
    for (size_t i = 0; i < digits.length; i++) {
        length = length * 10 + (digits.data[i] - '0');
    }
    return (uint8_t)length;
}

/* "N14", "X..20", "[N..12],linter,linter". */
static bool read_part(struct numu_text word, struct numu_gs1_part *part) {
    struct numu_text shape = cut(&word, ',');
    part->is_optional = shape.data[0] == '[';
    if (part->is_optional) {
        if (shape.data[shape.length - 1] != ']') {
            return false;
        }
        shape = (struct numu_text){shape.data + 1, shape.length - 2};
    }
    part->set = shape.data[0];
    shape = (struct numu_text){shape.data + 1, shape.length - 1};
    bool is_variable = starts_with(shape, NUMU_TEXT(".."));
    if (is_variable) {
        shape = (struct numu_text){shape.data + 2, shape.length - 2};
    }
    part->length = read_length(shape);
    part->length_min = is_variable ? 1 : part->length;
    while (word.length > 0) {
        if (part->linter_count == NUMU_GS1_LINTERS_MAX) {
            return false;
        }
        part->linters[part->linter_count++] = cut(&word, ',');
    }
    return part->length > 0;
}

/* False for a line that is no rule. */
static bool read_rule(struct numu_text line, struct numu_gs1_rule *rule) {
    struct numu_text rest = cut(&line, '#');
    rule->title = numu_text_trim(line);
    if (!read_ais(word_next(&rest), rule)) {
        return false;
    }
    struct numu_text word = word_next(&rest);
    if (word.length > 0 && !is_part(word)) {
        rule->is_fixed = memchr(word.data, '*', word.length) != NULL;
        word = word_next(&rest);
    }
    for (; is_part(word); word = word_next(&rest)) {
        if (rule->part_count == NUMU_GS1_PARTS_MAX ||
            !read_part(word, &rule->parts[rule->part_count++])) {
            return false;
        }
    }
    if (word.length > 0) {
        rule->attributes =
            (struct numu_text){word.data, (size_t)(rest.data + rest.length - word.data)};
    }
    return rule->part_count > 0;
}

numu_status numu_gs1_dictionary_read(struct numu_arena *arena, struct numu_text text,
                                     struct numu_gs1_dictionary *out, size_t *out_line) {
    size_t lines = 1;
    for (size_t i = 0; i < text.length; i++) {
        lines += text.data[i] == '\n';
    }
    struct numu_gs1_dictionary dictionary = {.count = 0};
    NUMU_TRY(NUMU_TAKE(arena, &dictionary.rules, lines));
    for (*out_line = 1; text.length > 0; ++*out_line) {
        struct numu_text line = numu_text_trim(cut(&text, '\n'));
        if (line.length == 0 || line.data[0] == '#') {
            continue;
        }
        if (!read_rule(line, &dictionary.rules[dictionary.count++])) {
            return NUMU_INVALID;
        }
    }
    *out = dictionary;
    return NUMU_OK;
}

numu_status numu_gs1_dictionary_open(struct numu_arena *arena, struct numu_gs1_dictionary *out) {
    size_t line;
    struct numu_text text = {(const char *)numu_gs1_dictionary_bytes,
                             numu_gs1_dictionary_bytes_length};
    numu_status status = numu_gs1_dictionary_read(arena, text, out, &line);
    numu_assert(status != NUMU_INVALID);
    return status;
}

const struct numu_gs1_rule *numu_gs1_rule_find(const struct numu_gs1_dictionary *dictionary,
                                               struct numu_text ai) {
    for (size_t i = 0; i < dictionary->count; i++) {
        const struct numu_gs1_rule *rule = &dictionary->rules[i];
        if (ai.length == rule->first.length && numu_text_compare(rule->first, ai) <= 0 &&
            numu_text_compare(ai, rule->last) <= 0) {
            return rule;
        }
    }
    return NULL;
}

/* --- reading --- */

const char *numu_gs1_problem_name(numu_gs1_problem problem) {
    static const char *const names[] = {"fine",       "no_string", "unknown_ai",  "bad_length",
                                        "bad_letter", "bad_check", "bad_content", "repeated",
                                        "missing",    "excluded"};
    _Static_assert(sizeof names / sizeof *names == NUMU_GS1_PROBLEM_COUNT, "each has a name");
    return names[problem];
}

static numu_status refuse(struct numu_gs1_finding *out, numu_gs1_problem problem,
                          struct numu_text ai, struct numu_text detail) {
    *out = (struct numu_gs1_finding){problem, ai, detail};
    return NUMU_INVALID;
}

static bool add_element(struct numu_gs1_string *string, struct numu_text ai, struct numu_text value,
                        const struct numu_gs1_rule *rule) {
    if (string->count == NUMU_GS1_ELEMENTS_MAX) {
        return false;
    }
    string->elements[string->count++] = (struct numu_gs1_element){ai, value, rule};
    return true;
}

/* A bracket that opens an AI: "(", two to four digits, ")". A value may hold other brackets. */
static bool opens_ai(struct numu_text text) {
    size_t digits = 1;
    while (digits < text.length && text.data[digits] >= '0' && text.data[digits] <= '9') {
        digits++;
    }
    return text.length > 0 && text.data[0] == '(' && digits >= 3 && digits <= 5 &&
           digits < text.length && text.data[digits] == ')';
}

static numu_status read_bracketed(const struct numu_gs1_dictionary *dictionary,
                                  struct numu_text text, struct numu_gs1_string *out,
                                  struct numu_gs1_finding *finding) {
    while (text.length > 0) {
        if (!opens_ai(text)) {
            return refuse(finding, NUMU_GS1_NO_STRING, (struct numu_text){NULL, 0}, text);
        }
        size_t close = numu_text_find(text, NUMU_TEXT(")"), 0);
        struct numu_text ai = {text.data + 1, close - 1};
        struct numu_text rest = {text.data + close + 1, text.length - close - 1};
        size_t length = 0;
        while (length < rest.length &&
               !opens_ai((struct numu_text){rest.data + length, rest.length - length})) {
            length++;
        }
        const struct numu_gs1_rule *rule = numu_gs1_rule_find(dictionary, ai);
        if (rule == NULL) {
            return refuse(finding, NUMU_GS1_UNKNOWN_AI, ai, ai);
        }
        if (!add_element(out, ai, (struct numu_text){rest.data, length}, rule)) {
            return refuse(finding, NUMU_GS1_NO_STRING, ai, text);
        }
        text = (struct numu_text){rest.data + length, rest.length - length};
    }
    return NUMU_OK;
}

/* The rule whose AI a text begins with. No AI of the dictionary is the start of another. */
static const struct numu_gs1_rule *rule_at(const struct numu_gs1_dictionary *dictionary,
                                           struct numu_text text, struct numu_text *out_ai) {
    for (size_t length = 2; length <= 4 && length <= text.length; length++) {
        *out_ai = (struct numu_text){text.data, length};
        const struct numu_gs1_rule *rule = numu_gs1_rule_find(dictionary, *out_ai);
        if (rule != NULL) {
            return rule;
        }
    }
    return NULL;
}

static size_t fixed_length(const struct numu_gs1_rule *rule) {
    size_t length = 0;
    for (size_t i = 0; i < rule->part_count; i++) {
        length += rule->parts[i].length;
    }
    return length;
}

static numu_status read_scanned(const struct numu_gs1_dictionary *dictionary, struct numu_text text,
                                struct numu_gs1_string *out, struct numu_gs1_finding *finding) {
    while (text.length > 0) {
        if (text.data[0] == NUMU_GS1_SEPARATOR) { /* the first, or one that was not needed */
            text = (struct numu_text){text.data + 1, text.length - 1};
            continue;
        }
        struct numu_text ai = text;
        const struct numu_gs1_rule *rule = rule_at(dictionary, text, &ai);
        if (rule == NULL) {
            return refuse(finding, out->count == 0 ? NUMU_GS1_NO_STRING : NUMU_GS1_UNKNOWN_AI, ai,
                          ai);
        }
        struct numu_text rest = {text.data + ai.length, text.length - ai.length};
        struct numu_text value = rest;
        if (rule->is_fixed) {
            value.length = rest.length < fixed_length(rule) ? rest.length : fixed_length(rule);
            rest = (struct numu_text){rest.data + value.length, rest.length - value.length};
        } else {
            value = cut(&rest, NUMU_GS1_SEPARATOR);
        }
        if (!add_element(out, ai, value, rule)) {
            return refuse(finding, NUMU_GS1_NO_STRING, ai, text);
        }
        text = rest;
    }
    return NUMU_OK;
}

numu_status numu_gs1_string_read(const struct numu_gs1_dictionary *dictionary,
                                 struct numu_text text, struct numu_gs1_string *out,
                                 struct numu_gs1_finding *out_finding) {
    static const char *const symbologies[] = {"]d2", "]C1", "]e0", "]Q3", "]J1"};
    struct numu_text rest = text;
    out->count = 0;
    for (size_t i = 0; i < sizeof symbologies / sizeof *symbologies; i++) {
        if (starts_with(rest, numu_text_of(symbologies[i]))) {
            rest = (struct numu_text){rest.data + 3, rest.length - 3};
            break;
        }
    }
    if (rest.length == 0) {
        return refuse(out_finding, NUMU_GS1_NO_STRING, (struct numu_text){NULL, 0}, text);
    }
    NUMU_TRY(rest.data[0] == '(' ? read_bracketed(dictionary, rest, out, out_finding)
                                 : read_scanned(dictionary, rest, out, out_finding));
    return out->count > 0
               ? NUMU_OK
               : refuse(out_finding, NUMU_GS1_NO_STRING, (struct numu_text){NULL, 0}, text);
}

/* --- checking --- */

struct checking {
    const struct numu_gs1_string *string;
    struct numu_gs1_finding *out;
    size_t count, unchecked;
};

static void say(struct checking *checking, numu_gs1_problem problem, struct numu_text ai,
                struct numu_text detail) {
    if (checking->count < NUMU_GS1_FINDINGS_MAX) {
        checking->out[checking->count++] = (struct numu_gs1_finding){problem, ai, detail};
    }
}

static bool is_in_set(char set, char letter) {
    bool is_digit = letter >= '0' && letter <= '9';
    bool is_upper = letter >= 'A' && letter <= 'Z';
    bool is_letter = is_upper || (letter >= 'a' && letter <= 'z');
    switch (set) {
    case 'N':
        return is_digit;
    case 'Y':
        return is_digit || is_upper || (letter != '\0' && strchr("#-/", letter) != NULL);
    case 'Z':
        return is_digit || is_letter || (letter != '\0' && strchr("-_=", letter) != NULL);
    default:
        return is_digit || is_letter ||
               (letter != '\0' && strchr("!\"%&'()*+,-./:;<=>?_", letter) != NULL);
    }
}

/* The bytes of the character at a place, for showing. */
static struct numu_text letter_at(struct numu_text text, size_t at) {
    uint32_t unused;
    struct numu_text rest = {text.data + at, text.length - at};
    return (struct numu_text){rest.data, numu_utf8_decode(rest, &unused)};
}

/* One part that is there; false where something is wrong with it, which is said. */
static bool check_part(struct checking *checking, const struct numu_gs1_element *element,
                       const struct numu_gs1_part *part, struct numu_text value) {
    for (size_t i = 0; i < value.length; i++) {
        if (!is_in_set(part->set, value.data[i])) {
            say(checking, NUMU_GS1_BAD_LETTER, element->ai, letter_at(value, i));
            return false;
        }
    }
    for (size_t i = 0; i < part->linter_count; i++) {
        numu_gs1_lint lint = numu_gs1_lint_part(part->linters[i], value);
        checking->unchecked += lint == NUMU_LINT_UNKNOWN;
        if (lint == NUMU_LINT_BAD) {
            bool is_check = numu_text_is(part->linters[i], "csum") ||
                            numu_text_is(part->linters[i], "csumalpha");
            say(checking, is_check ? NUMU_GS1_BAD_CHECK : NUMU_GS1_BAD_CONTENT, element->ai,
                part->linters[i]);
            return false;
        }
    }
    return true;
}

static void check_value(struct checking *checking, const struct numu_gs1_element *element) {
    struct numu_text rest = element->value;
    for (size_t i = 0; i < element->rule->part_count; i++) {
        const struct numu_gs1_part *part = &element->rule->parts[i];
        if (part->is_optional && rest.length == 0) {
            return;
        }
        size_t length = rest.length < part->length ? rest.length : part->length;
        if (length < part->length_min) {
            say(checking, NUMU_GS1_BAD_LENGTH, element->ai, element->value);
            return;
        }
        if (!check_part(checking, element, part, (struct numu_text){rest.data, length})) {
            return;
        }
        rest = (struct numu_text){rest.data + length, rest.length - length};
    }
    if (rest.length > 0) {
        say(checking, NUMU_GS1_BAD_LENGTH, element->ai, element->value);
    }
}

/* "35nn" fits any AI of its length whose other digits are the same. */
static bool fits(struct numu_text pattern, struct numu_text ai) {
    if (pattern.length != ai.length) {
        return false;
    }
    for (size_t i = 0; i < ai.length; i++) {
        if (pattern.data[i] != 'n' && pattern.data[i] != ai.data[i]) {
            return false;
        }
    }
    return true;
}

/* An element that fits a pattern, other than AI `but`; NULL where there is none. */
static const struct numu_gs1_element *find_fitting(const struct numu_gs1_string *string,
                                                   struct numu_text pattern, struct numu_text but) {
    for (size_t i = 0; i < string->count; i++) {
        const struct numu_gs1_element *element = &string->elements[i];
        if (fits(pattern, element->ai) && !numu_text_is_equal(element->ai, but)) {
            return element;
        }
    }
    return NULL;
}

/* Whether all of "01+21" are there. */
static bool has_group(const struct numu_gs1_string *string, struct numu_text group) {
    while (group.length > 0) {
        if (find_fitting(string, cut(&group, '+'), (struct numu_text){NULL, 0}) == NULL) {
            return false;
        }
    }
    return true;
}

static void check_required(struct checking *checking, struct numu_text ai, struct numu_text list) {
    struct numu_text rest = list;
    while (rest.length > 0) {
        if (has_group(checking->string, cut(&rest, ','))) {
            return;
        }
    }
    say(checking, NUMU_GS1_MISSING, ai, list);
}

static void check_excluded(struct checking *checking, struct numu_text ai, struct numu_text list) {
    while (list.length > 0) {
        const struct numu_gs1_element *other = find_fitting(checking->string, cut(&list, ','), ai);
        if (other != NULL) {
            say(checking, NUMU_GS1_EXCLUDED, ai, other->ai);
        }
    }
}

static void check_companions(struct checking *checking, const struct numu_gs1_element *element) {
    struct numu_text rest = element->rule->attributes;
    for (struct numu_text word = word_next(&rest); word.length > 0; word = word_next(&rest)) {
        struct numu_text list = word;
        struct numu_text key = cut(&list, '=');
        if (numu_text_is(key, "req")) {
            check_required(checking, element->ai, list);
        } else if (numu_text_is(key, "ex")) {
            check_excluded(checking, element->ai, list);
        }
    }
}

size_t numu_gs1_string_check(const struct numu_gs1_string *string,
                             struct numu_gs1_finding out[NUMU_GS1_FINDINGS_MAX],
                             size_t *out_unchecked) {
    struct checking checking = {.string = string, .out = out};

    for (size_t i = 0; i < string->count; i++) {
        const struct numu_gs1_element *element = &string->elements[i];
        check_value(&checking, element);
        check_companions(&checking, element);
        for (size_t j = 0; j < i; j++) {
            if (numu_text_is_equal(element->ai, string->elements[j].ai) &&
                !numu_text_is_equal(element->value, string->elements[j].value)) {
                say(&checking, NUMU_GS1_REPEATED, element->ai, element->value);
            }
        }
    }
    if (out_unchecked != NULL) {
        *out_unchecked = checking.unchecked;
    }
    return checking.count;
}

/* --- writing --- */

numu_status numu_gs1_string_write(const struct numu_gs1_string *string,
                                  struct numu_buffer *buffer) {
    for (size_t i = 0; i < string->count; i++) {
        const struct numu_gs1_element *element = &string->elements[i];
        NUMU_TRY(numu_buffer_append_char(buffer, '('));
        NUMU_TRY(numu_buffer_append(buffer, element->ai.data, element->ai.length));
        NUMU_TRY(numu_buffer_append_char(buffer, ')'));
        NUMU_TRY(numu_buffer_append(buffer, element->value.data, element->value.length));
    }
    return NUMU_OK;
}

numu_status numu_gs1_string_write_symbol(const struct numu_gs1_string *string,
                                         struct numu_buffer *buffer) {
    for (size_t i = 0; i < string->count; i++) {
        const struct numu_gs1_element *element = &string->elements[i];
        NUMU_TRY(numu_buffer_append(buffer, element->ai.data, element->ai.length));
        NUMU_TRY(numu_buffer_append(buffer, element->value.data, element->value.length));
        if (!element->rule->is_fixed && i + 1 < string->count) {
            NUMU_TRY(numu_buffer_append_char(buffer, NUMU_GS1_SEPARATOR));
        }
    }
    return NUMU_OK;
}
