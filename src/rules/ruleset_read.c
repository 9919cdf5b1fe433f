/*
 * ruleset_read.c - from the JSON of a rule set to struct numu_ruleset, with a finding for all that
 * is wrong with it. docs/rules.md says what a file holds.
 */
#include "rules/ruleset.h"

#include "base/cell.h"
#include "base/json.h"
#include "base/number.h"
#include "base/table.h"

#include <math.h>
#include <string.h>

enum { DIGITS = 9, ROWS_MAX = 10000, BRACKETS_MAX = 10000, COLUMNS_MAX = 64 };

static const char format_prefix[] = "numu.rules/";

struct reader {
    struct numu_arena *arena;
    struct numu_report *report;
    struct numu_text bytes;
    struct numu_ruleset *set;
    struct numu_sha256 prefix; /* of the set's id, edition and units: part of every row's hash */
    uint64_t finding_count;
};

/* --- findings --- */

static struct numu_diagnostic *begin(struct reader *reader, numu_code code,
                                     const struct numu_json *node,
                                     struct numu_diagnostic *finding) {
    size_t length = node->length < UINT32_MAX ? node->length : UINT32_MAX;
    *finding =
        (struct numu_diagnostic){.code = code,
                                 .place = {reader->set->source, (uint32_t)length, node->offset},
                                 .related = NUMU_NOWHERE};
    reader->finding_count++;
    return finding;
}

/* "{0}" is what stands there; expected is a name of words ("rules.number"). */
static void tell_bad(struct reader *reader, const struct numu_json *node, const char *what,
                     const char *expected) {
    struct numu_diagnostic finding;
    begin(reader, NUMU_CODE_BAD_RULE, node, &finding);
    finding.arguments[0] = numu_argument_string(what);
    finding.arguments[1] = numu_argument_string(expected);
    numu_report_add(reader->report, &finding);
}

/* A finding about two quantities, or two distances, of a chain of pieces. */
static void tell_pieces(struct reader *reader, numu_code code, const struct numu_json *node,
                        double first, double second) {
    struct numu_diagnostic finding;
    int64_t numbers[2] = {0, 0};
    begin(reader, code, node, &finding);
    if (numu_number_from_double(first, DIGITS, &numbers[0]) == NUMU_OK &&
        numu_number_from_double(second, DIGITS, &numbers[1]) == NUMU_OK) {
        finding.arguments[0] = numu_argument_number(numbers[0], DIGITS);
        finding.arguments[1] = numu_argument_number(numbers[1], DIGITS);
    }
    numu_report_add(reader->report, &finding);
}

/* --- members --- */

static bool is_empty(struct numu_text text) {
    return text.length == 0;
}

/* The text of a member; empty, with a finding where it is required, if there is none. */
static struct numu_text text_of(struct reader *reader, const struct numu_json *object,
                                const char *key, bool is_required) {
    const struct numu_json *member = numu_json_find(object, key);
    if (member != NULL && member->kind == NUMU_JSON_STRING && member->text.length > 0) {
        return member->text;
    }
    if (member != NULL || is_required) {
        tell_bad(reader, member != NULL ? member : object, key, "rules.text");
    }
    return (struct numu_text){NULL, 0};
}

/* A number; false with a finding where there is none that a law can hold. */
static bool read_number(struct reader *reader, const struct numu_json *node, const char *what,
                        double *out) {
    int64_t number;
    if (node->kind != NUMU_JSON_NUMBER ||
        numu_number_parse(node->text, DIGITS, '.', &number) != NUMU_NUMBER_OK) {
        tell_bad(reader, node, what, "rules.number");
        return false;
    }
    *out = numu_number_to_double(number, DIGITS);
    return true;
}

static bool number_of(struct reader *reader, const struct numu_json *object, const char *key,
                      double otherwise, double *out) {
    const struct numu_json *member = numu_json_find(object, key);
    *out = otherwise;
    return member == NULL || read_number(reader, member, key, out);
}

static const struct numu_json *array_of(struct reader *reader, const struct numu_json *object,
                                        const char *key, bool is_required) {
    const struct numu_json *member = numu_json_find(object, key);
    if (member != NULL && member->kind == NUMU_JSON_ARRAY && member->count <= ROWS_MAX) {
        return member;
    }
    if (member != NULL || is_required) {
        tell_bad(reader, member != NULL ? member : object, key, "rules.array");
    }
    return NULL;
}

static bool is_object(struct reader *reader, const struct numu_json *node, const char *what) {
    if (node->kind != NUMU_JSON_OBJECT) {
        tell_bad(reader, node, what, "rules.object");
        return false;
    }
    return true;
}

/* Every member must be one that is known: a misspelt one would be a rule that nobody obeys. */
static void check_members(struct reader *reader, const struct numu_json *object,
                          const char *const *known) {
    for (const struct numu_json *member = object->first; member != NULL; member = member->next) {
        if (numu_choice_find(known, member->key) == 0) {
            struct numu_diagnostic finding;
            const char *nearest = numu_choice_nearest(known, member->key);
            begin(reader, NUMU_CODE_UNKNOWN_MEMBER, member, &finding);
            finding.arguments[0] = numu_argument_text(member->key);
            if (nearest != NULL) {
                finding.arguments[1] = numu_argument_string(nearest);
            }
            numu_report_add(reader->report, &finding);
        }
    }
}

/* A name among the set's hazards or kinds, as its place. */
static uint8_t name_of(struct reader *reader, const struct numu_json *node, bool is_kind) {
    const char *const *names = is_kind ? reader->set->kind : reader->set->hazard;
    uint8_t place = node->kind == NUMU_JSON_STRING ? numu_choice_find(names, node->text) : 0;
    if (place == 0) {
        struct numu_diagnostic finding;
        const char *nearest =
            node->kind == NUMU_JSON_STRING ? numu_choice_nearest(names, node->text) : NULL;
        begin(reader, is_kind ? NUMU_CODE_UNKNOWN_EXPOSED : NUMU_CODE_UNKNOWN_HAZARD, node,
              &finding);
        finding.arguments[0] = numu_argument_text(node->text);
        if (nearest != NULL) {
            finding.arguments[1] = numu_argument_string(nearest);
        }
        numu_report_add(reader->report, &finding);
        return NUMU_NO_HAZARD;
    }
    return (uint8_t)(place - 1);
}

static uint8_t name_at(struct reader *reader, const struct numu_json *object, const char *key,
                       bool is_kind) {
    const struct numu_json *member = numu_json_find(object, key);
    if (member == NULL) {
        tell_bad(reader, object, key, "rules.text");
        return NUMU_NO_HAZARD;
    }
    return name_of(reader, member, is_kind);
}

/* A list of names as bits. */
static uint32_t names_at(struct reader *reader, const struct numu_json *object, const char *key,
                         bool is_kind) {
    uint32_t bits = 0;
    const struct numu_json *list = array_of(reader, object, key, true);
    if (list != NULL && list->count == 0) {
        tell_bad(reader, list, key, "rules.array");
    }
    for (const struct numu_json *node = list == NULL ? NULL : list->first; node != NULL;
         node = node->next) {
        uint8_t place = name_of(reader, node, is_kind);
        if (place != NUMU_NO_HAZARD) {
            bits |= UINT32_C(1) << place;
        }
    }
    return bits;
}

/* --- rows and their hashes --- */

static numu_status hash_row(const struct reader *reader, struct numu_text bytes,
                            const struct numu_sha256 *base, struct numu_sha256 *out) {
    struct numu_sha256_stream stream;
    NUMU_TRY(numu_sha256_init(&stream));
    numu_status status =
        numu_sha256_update(&stream, reader->prefix.bytes, sizeof reader->prefix.bytes);
    if (status == NUMU_OK && base != NULL) {
        status = numu_sha256_update(&stream, base->bytes, sizeof base->bytes);
    }
    if (status == NUMU_OK) {
        status = numu_sha256_update(&stream, bytes.data, bytes.length);
    }
    if (status != NUMU_OK) {
        numu_sha256_release(&stream);
        return status;
    }
    return numu_sha256_finish(&stream, out);
}

/* Adds a row; ids are unique in a set. `base` is the row that it builds upon, or NULL. */
static numu_status add_row(struct reader *reader, numu_rule_row_kind kind,
                           const struct numu_json *node, const struct numu_sha256 *base,
                           numu_row *out_row) {
    struct numu_ruleset *set = reader->set;
    struct numu_rule_row row = {.kind = kind,
                                .id = text_of(reader, node, "id", true),
                                .citation = text_of(reader, node, "citation", true),
                                .bytes = {reader->bytes.data + node->offset, node->length}};
    for (numu_row i = 0; i < set->row_count; i++) {
        if (row.id.length > 0 && numu_text_is_equal(set->row[i].id, row.id)) {
            tell_bad(reader, node, "id", "rules.unique");
        }
    }
    NUMU_TRY(hash_row(reader, row.bytes, base, &row.digest));
    set->row[set->row_count] = row;
    *out_row = set->row_count++;
    return NUMU_OK;
}

/* --- laws --- */

/* The form that a piece has: exactly one of its members. */
static bool read_form(struct reader *reader, const struct numu_json *node,
                      struct numu_distance_piece *piece) {
    static const struct {
        const char *key;
        numu_distance_form form;
        unsigned coefficients;
    } forms[] = {{"fixed", NUMU_DISTANCE_FIXED, 1},
                 {"cube_root", NUMU_DISTANCE_CUBE_ROOT, 1},
                 {"square_root", NUMU_DISTANCE_SQUARE_ROOT, 1},
                 {"log", NUMU_DISTANCE_LOGARITHM, 2},
                 {"power", NUMU_DISTANCE_POWER, 2}};
    unsigned found = 0;
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        const struct numu_json *member = numu_json_find(node, forms[i].key);
        if (member == NULL) {
            continue;
        }
        found++;
        piece->form = forms[i].form;
        if (forms[i].coefficients == 1) {
            if (!read_number(reader, member, forms[i].key, &piece->a)) {
                return false;
            }
        } else if (member->kind != NUMU_JSON_ARRAY || member->count != 2) {
            tell_bad(reader, member, forms[i].key, "rules.two_numbers");
            return false;
        } else if (!read_number(reader, member->first, forms[i].key, &piece->a) ||
                   !read_number(reader, member->first->next, forms[i].key, &piece->b)) {
            return false;
        }
    }
    if (found != 1) {
        tell_bad(reader, node, "law", "rules.one_form");
    }
    return found == 1;
}

/* The two ends of a piece, as [from, to]; false with a finding where they are none. */
static bool read_range(struct reader *reader, const struct numu_json *node,
                       struct numu_distance_piece *piece) {
    bool is_from = numu_json_find(node, "from") != NULL;
    bool is_under = numu_json_find(node, "under") != NULL;
    if (is_from == (numu_json_find(node, "over") != NULL) ||
        (is_under && numu_json_find(node, "to") != NULL)) {
        tell_bad(reader, node, "over", "rules.over_or_from");
        return false;
    }
    if (!number_of(reader, node, is_from ? "from" : "over", 0, &piece->from) ||
        !number_of(reader, node, is_under ? "under" : "to", INFINITY, &piece->to)) {
        return false;
    }
    if (!(piece->from >= 0 && piece->to > piece->from)) {
        tell_bad(reader, node, "to", "rules.range");
        return false;
    }
    piece->from = is_from && piece->from > 0 ? piece->from : nextafter(piece->from, INFINITY);
    piece->to = is_under ? nextafter(piece->to, 0) : piece->to;
    return true;
}

static bool read_piece(struct reader *reader, const struct numu_json *node,
                       struct numu_distance_piece *piece) {
    static const char *const members[] = {"over",      "from",        "to",  "under", "fixed",
                                          "cube_root", "square_root", "log", "power", NULL};
    if (!is_object(reader, node, "law")) {
        return false;
    }
    check_members(reader, node, members);
    *piece = (struct numu_distance_piece){.from = 0};
    return read_range(reader, node, piece) && read_form(reader, node, piece);
}

/* Distance at a quantity of a piece by itself. */
static double distance_at(const struct numu_distance_piece *piece, double quantity) {
    struct numu_distance_law law = {.piece = piece, .count = 1, .factor = 1};
    return numu_distance_law_value(&law, quantity);
}

/* How a range goes on after the one that ends at `to`. */
static void check_seam(struct reader *reader, const struct numu_json *node, double before_to,
                       double from) {
    double next = nextafter(before_to, INFINITY);
    if (from > next) {
        tell_pieces(reader, NUMU_CODE_RULE_GAP, node, before_to, from);
    } else if (from < next) {
        tell_pieces(reader, NUMU_CODE_RULE_OVERLAP, node, from, before_to);
    }
}

/* [L1] of one piece. */
static void check_piece(struct reader *reader, const struct numu_json *node,
                        const struct numu_distance_piece *piece) {
    double high = isinf(piece->to) ? 2 * (piece->from > 1 ? piece->from : 1) : piece->to;
    double first = distance_at(piece, piece->from);
    double last = distance_at(piece, high);
    if (!(first >= 0) || !isfinite(last)) {
        tell_bad(reader, node, "law", "rules.distance");
    } else if (last < first) {
        tell_pieces(reader, NUMU_CODE_RULE_FALLS, node, first, last);
    }
}

static numu_status read_law(struct reader *reader, const struct numu_json *list,
                            struct numu_distance_law *out) {
    struct numu_distance_piece *piece;
    NUMU_TRY(NUMU_TAKE(reader->arena, &piece, list->count));
    size_t count = 0;
    for (const struct numu_json *node = list->first; node != NULL; node = node->next) {
        if (read_piece(reader, node, &piece[count])) {
            check_piece(reader, node, &piece[count]);
            if (count > 0) {
                check_seam(reader, node, piece[count - 1].to, piece[count].from);
            }
            count++;
        }
    }
    if (list->count == 0) {
        tell_bad(reader, list, "law", "rules.array");
    }
    *out = (struct numu_distance_law){.piece = piece, .count = count, .factor = 1};
    return NUMU_OK;
}

/* --- brackets --- */

/* A table "over, not over, …" as numbers, row after row; width 0 where it is broken. */
struct brackets {
    double *cell;
    size_t count, width;
};

static bool read_bracket(struct reader *reader, const struct numu_json *node, size_t width,
                         double *cell) {
    if (node->kind != NUMU_JSON_ARRAY || node->count != width) {
        tell_bad(reader, node, "brackets", "rules.bracket_width");
        return false;
    }
    bool is_good = true;
    for (const struct numu_json *each = node->first; each != NULL; each = each->next) {
        is_good = read_number(reader, each, "brackets", cell++) && is_good;
    }
    return is_good;
}

/* Ranges join, and no column falls from one bracket to the next. */
static void check_bracket(struct reader *reader, const struct numu_json *node, const double *before,
                          const double *cell, size_t width) {
    if (!(cell[0] >= 0 && cell[1] > cell[0])) {
        tell_bad(reader, node, "brackets", "rules.range");
        return;
    }
    for (size_t column = 2; column < width; column++) {
        if (cell[column] < 0) {
            tell_bad(reader, node, "brackets", "rules.positive");
            return;
        }
    }
    if (before == NULL) {
        return;
    }
    check_seam(reader, node, before[1], nextafter(cell[0], INFINITY));
    for (size_t column = 2; column < width; column++) {
        if (cell[column] < before[column]) {
            tell_pieces(reader, NUMU_CODE_RULE_FALLS, node, before[column], cell[column]);
            break;
        }
    }
}

static numu_status read_brackets(struct reader *reader, const struct numu_json *list,
                                 struct brackets *out) {
    const struct numu_json *first = list->first;
    size_t width = first != NULL && first->kind == NUMU_JSON_ARRAY ? first->count : 0;
    *out = (struct brackets){.cell = NULL};
    if (list->count > BRACKETS_MAX || width < 3 || width > COLUMNS_MAX) {
        tell_bad(reader, list, "brackets", "rules.bracket_width");
        return NUMU_OK;
    }
    NUMU_TRY(NUMU_TAKE(reader->arena, &out->cell, list->count * width));
    bool is_good = true;
    for (const struct numu_json *node = first; node != NULL; node = node->next) {
        double *cell = &out->cell[out->count * width];
        if (!read_bracket(reader, node, width, cell)) {
            is_good = false;
            continue;
        }
        check_bracket(reader, node, out->count > 0 ? cell - width : NULL, cell, width);
        out->count++;
    }
    out->width = is_good ? width : 0;
    return NUMU_OK;
}

/* The law that one column of the table is. */
static numu_status law_of_column(struct reader *reader, const struct brackets *brackets,
                                 size_t column, struct numu_distance_law *out) {
    struct numu_distance_piece *piece;
    NUMU_TRY(NUMU_TAKE(reader->arena, &piece, brackets->count));
    for (size_t i = 0; i < brackets->count; i++) {
        const double *cell = &brackets->cell[i * brackets->width];
        piece[i] = (struct numu_distance_piece){.from = nextafter(cell[0], INFINITY),
                                                .to = cell[1],
                                                .form = NUMU_DISTANCE_FIXED,
                                                .a = cell[column]};
    }
    *out = (struct numu_distance_law){.piece = piece, .count = brackets->count, .factor = 1};
    return NUMU_OK;
}

/*
 * A member that names a column of the brackets; 0 (which is none) where it is wrong or not there.
 */
static size_t column_at(struct reader *reader, const struct numu_json *object, const char *key,
                        size_t width, bool is_required) {
    const struct numu_json *member = numu_json_find(object, key);
    int64_t number = 0;
    if (member == NULL && !is_required) {
        return 0;
    }
    if (member == NULL || member->kind != NUMU_JSON_NUMBER ||
        numu_number_parse(member->text, 0, '.', &number) != NUMU_NUMBER_OK || number < 2 ||
        (uint64_t)number >= width) {
        tell_bad(reader, member != NULL ? member : object, key, "rules.column");
        return 0;
    }
    return (size_t)number;
}

/* --- distances --- */

/* What columns and plain rules share: for whom the rule is. */
static numu_status read_rule_head(struct reader *reader, const struct numu_json *node,
                                  struct numu_distance_rule *rule) {
    const struct numu_json *barricaded = numu_json_find(node, "barricaded");
    rule->kinds = names_at(reader, node, "to", true);
    rule->structure = text_of(reader, node, "structure", false);
    rule->face = text_of(reader, node, "face", false);
    rule->barricaded = NUMU_BOOLEAN_UNKNOWN;
    if (barricaded != NULL && barricaded->kind == NUMU_JSON_TRUE) {
        rule->barricaded = NUMU_BOOLEAN_TRUE;
    } else if (barricaded != NULL && barricaded->kind == NUMU_JSON_FALSE) {
        rule->barricaded = NUMU_BOOLEAN_FALSE;
    } else if (barricaded != NULL) {
        tell_bad(reader, barricaded, "barricaded", "rules.boolean");
    }
    if (number_of(reader, node, "factor", 1, &rule->law.factor) && !(rule->law.factor > 0)) {
        tell_bad(reader, node, "factor", "rules.above_zero");
    }
    if (number_of(reader, node, "minimum", 0, &rule->law.minimum) && rule->law.minimum < 0) {
        tell_bad(reader, node, "minimum", "rules.positive");
    }
    return NUMU_OK;
}

/* Adds a rule of a law that is whole. */
static void add_distance(struct reader *reader, const struct numu_distance_rule *rule) {
    if (rule->law.count > 0) {
        reader->set->distance[reader->set->distance_count++] = *rule;
    }
}

static numu_status read_columns(struct reader *reader, const struct numu_json *node,
                                struct numu_distance_rule *rule) {
    static const char *const members[] = {"column", "to",      "barricaded",   "structure", "face",
                                          "factor", "minimum", "barricade_in", NULL};
    struct brackets brackets;
    const struct numu_json *list = array_of(reader, node, "columns", true);
    NUMU_TRY(read_brackets(reader, array_of(reader, node, "brackets", true), &brackets));
    for (const struct numu_json *each = list == NULL ? NULL : list->first;
         each != NULL && brackets.width > 0; each = each->next) {
        if (!is_object(reader, each, "columns")) {
            continue;
        }
        check_members(reader, each, members);
        struct numu_distance_law law = {.count = 0};
        size_t column = column_at(reader, each, "column", brackets.width, true);
        size_t thickness = column_at(reader, each, "barricade_in", brackets.width, false);
        rule->barricade_in.count = 0;
        if (column > 0) {
            NUMU_TRY(law_of_column(reader, &brackets, column, &law));
        }
        if (thickness > 0) {
            NUMU_TRY(law_of_column(reader, &brackets, thickness, &rule->barricade_in));
        }
        rule->law = law;
        NUMU_TRY(read_rule_head(reader, each, rule));
        add_distance(reader, rule);
    }
    return NUMU_OK;
}

/* The rule of an earlier row that this one is a share of; a row of many columns names none. */
static const struct numu_distance_rule *base_of(struct reader *reader,
                                                const struct numu_json *member) {
    const struct numu_ruleset *set = reader->set;
    const struct numu_distance_rule *base = NULL;
    size_t found = 0;
    for (size_t i = 0; member->kind == NUMU_JSON_STRING && i < set->distance_count; i++) {
        if (numu_text_is_equal(set->row[set->distance[i].row].id, member->text)) {
            base = &set->distance[i];
            found++;
        }
    }
    if (found != 1) {
        tell_bad(reader, member, "of", "rules.earlier");
    }
    return found == 1 ? base : NULL;
}

static numu_status read_distance(struct reader *reader, const struct numu_json *node) {
    static const char *const members[] = {
        "id",      "divisions", "to",      "citation",   "law",       "of",   "factor",
        "minimum", "brackets",  "columns", "barricaded", "structure", "face", NULL};
    if (!is_object(reader, node, "distances")) {
        return NUMU_OK;
    }
    check_members(reader, node, members);
    const struct numu_json *of = numu_json_find(node, "of");
    const struct numu_json *law = numu_json_find(node, "law");
    const struct numu_json *brackets = numu_json_find(node, "brackets");
    const struct numu_distance_rule *base = of == NULL ? NULL : base_of(reader, of);
    struct numu_distance_rule rule = {.row = NUMU_NONE};
    NUMU_TRY(add_row(reader, NUMU_ROW_DISTANCES, node,
                     base == NULL ? NULL : &reader->set->row[base->row].digest, &rule.row));
    rule.citation = reader->set->row[rule.row].citation;
    rule.hazards = names_at(reader, node, "divisions", false);
    if ((of != NULL) + (law != NULL) + (brackets != NULL) != 1) {
        tell_bad(reader, node, "law", "rules.law_brackets_of");
        return NUMU_OK;
    }
    if (brackets != NULL) {
        return read_columns(reader, node, &rule);
    }
    if (law != NULL && array_of(reader, node, "law", true) != NULL) {
        NUMU_TRY(read_law(reader, law, &rule.law));
    } else if (base != NULL) {
        rule.law = base->law;
    }
    NUMU_TRY(read_rule_head(reader, node, &rule));
    if (base != NULL) { /* a share of all that the base says, its minimum included */
        rule.law.minimum = fmax(rule.law.minimum, rule.law.factor * base->law.minimum);
        rule.law.factor *= base->law.factor;
    }
    add_distance(reader, &rule);
    return NUMU_OK;
}

/* --- aggregation, substitutes, near storehouses --- */

static void read_weights(struct reader *reader, const struct numu_json *node,
                         struct numu_aggregation_rule *rule) {
    for (size_t i = 0; i < NUMU_HAZARDS_MAX; i++) {
        rule->weight[i] = 1;
    }
    const struct numu_json *weights = numu_json_find(node, "weights");
    if (weights == NULL || !is_object(reader, weights, "weights")) {
        return;
    }
    for (const struct numu_json *each = weights->first; each != NULL; each = each->next) {
        uint8_t hazard = numu_ruleset_hazard(reader->set, each->key);
        double weight;
        if (hazard == NUMU_NO_HAZARD) {
            tell_bad(reader, each, "weights", "rules.division");
        } else if (read_number(reader, each, "weights", &weight)) {
            if (weight < 0) {
                tell_bad(reader, each, "weights", "rules.positive");
            } else {
                rule->weight[hazard] = weight;
            }
        }
    }
}

static numu_status read_aggregation(struct reader *reader, const struct numu_json *node) {
    static const char *const members[] = {"id",      "together", "as", "each",
                                          "weights", "citation", NULL};
    if (!is_object(reader, node, "aggregation")) {
        return NUMU_OK;
    }
    check_members(reader, node, members);
    struct numu_aggregation_rule rule = {.as = NUMU_NO_HAZARD};
    const struct numu_json *each = numu_json_find(node, "each");
    bool is_each = each != NULL && each->kind == NUMU_JSON_TRUE;
    NUMU_TRY(add_row(reader, NUMU_ROW_AGGREGATION, node, NULL, &rule.row));
    rule.together = names_at(reader, node, "together", false);
    read_weights(reader, node, &rule);
    if (is_each == (numu_json_find(node, "as") != NULL)) {
        tell_bad(reader, node, "as", "rules.as_or_each");
    } else if (!is_each) {
        rule.as = name_at(reader, node, "as", false);
    }
    reader->set->aggregation[reader->set->aggregation_count++] = rule;
    return NUMU_OK;
}

static numu_status read_substitute(struct reader *reader, const struct numu_json *node) {
    static const char *const members[] = {"id", "division", "kind", "use", "citation", NULL};
    if (!is_object(reader, node, "substitutes")) {
        return NUMU_OK;
    }
    check_members(reader, node, members);
    struct numu_substitute_rule rule = {.is_kind = numu_json_find(node, "kind") != NULL};
    NUMU_TRY(add_row(reader, NUMU_ROW_SUBSTITUTE, node, NULL, &rule.row));
    if (rule.is_kind == (numu_json_find(node, "division") != NULL)) {
        tell_bad(reader, node, "division", "rules.division_or_kind");
        return NUMU_OK;
    }
    rule.of = name_at(reader, node, rule.is_kind ? "kind" : "division", rule.is_kind);
    rule.use = name_at(reader, node, "use", rule.is_kind);
    if (rule.of == rule.use && rule.of != NUMU_NO_HAZARD) {
        tell_bad(reader, node, "use", "rules.another");
    }
    reader->set->substitute[reader->set->substitute_count++] = rule;
    return NUMU_OK;
}

static numu_status read_near(struct reader *reader, const struct numu_json *node) {
    static const char *const members[] = {"id", "treat", "citation", NULL};
    if (!is_object(reader, node, "near")) {
        return NUMU_OK;
    }
    check_members(reader, node, members);
    NUMU_TRY(add_row(reader, NUMU_ROW_NEAR, node, NULL, &reader->set->near_row));
    struct numu_text treat = text_of(reader, node, "treat", true);
    reader->set->near_merges = numu_text_is(treat, "merge");
    if (treat.length > 0 && !reader->set->near_merges && !numu_text_is(treat, "separate")) {
        tell_bad(reader, node, "treat", "rules.treat");
    }
    return NUMU_OK;
}

/* --- the matrix --- */

static uint8_t group_at(struct reader *reader, const struct numu_json *node, const char *key) {
    const struct numu_json *member = numu_json_find(node, key);
    uint8_t group = member != NULL && member->kind == NUMU_JSON_STRING && member->text.length == 1
                        ? numu_group_of(member->text.data[0])
                        : NUMU_NO_GROUP;
    if (group == NUMU_NO_GROUP) {
        tell_bad(reader, member != NULL ? member : node, key, "rules.group");
    }
    return group;
}

static uint8_t form_at(struct reader *reader, const struct numu_json *node, const char *key) {
    struct numu_text text = text_of(reader, node, key, false);
    if (is_empty(text)) {
        return 0;
    }
    if (numu_text_is(text, "article")) {
        return NUMU_FORM_ARTICLE;
    }
    if (numu_text_is(text, "substance")) {
        return NUMU_FORM_SUBSTANCE;
    }
    if (numu_text_is(text, "fireworks")) {
        return NUMU_FORM_FIREWORKS;
    }
    tell_bad(reader, node, key, "rules.form");
    return 0;
}

static void read_note(struct reader *reader, const struct numu_json *node) {
    static const char *const members[] = {"id",        "condition", "group", "as",
                                          "excludes",  "without",   "only",  "citation",
                                          "otherwise", NULL};
    static const char *const conditions[] = {"articles_of",     "identical",      "proved",
                                             "group_counts_as", "load_counts_as", NULL};
    struct numu_matrix *matrix = &reader->set->matrix;
    if (!is_object(reader, node, "notes")) {
        return;
    }
    if (matrix->note_count == NUMU_MIX_NOTES_MAX) {
        tell_bad(reader, node, "notes", "rules.fewer");
        return;
    }
    check_members(reader, node, members);
    struct numu_mix_note note = {.id = text_of(reader, node, "id", true),
                                 .citation = text_of(reader, node, "citation", true),
                                 .group = NUMU_NO_GROUP,
                                 .as = NUMU_NO_GROUP,
                                 .otherwise = NUMU_NO_HAZARD};
    uint8_t condition = numu_choice_find(conditions, text_of(reader, node, "condition", true));
    if (condition == 0) {
        tell_bad(reader, node, "condition", "rules.condition");
        return;
    }
    note.condition = (numu_mix_condition)(condition - 1);
    note.excludes = form_at(reader, node, "excludes");
    note.without = form_at(reader, node, "without");
    note.only = form_at(reader, node, "only");
    if (note.condition == NUMU_MIX_ARTICLES_OF || note.condition == NUMU_MIX_GROUP_COUNTS_AS) {
        note.group = group_at(reader, node, "group");
    }
    if (note.condition == NUMU_MIX_GROUP_COUNTS_AS || note.condition == NUMU_MIX_LOAD_COUNTS_AS) {
        note.as = group_at(reader, node, "as");
    }
    if (note.condition == NUMU_MIX_PROVED) {
        note.otherwise = name_at(reader, node, "otherwise", false);
    }
    matrix->note[matrix->note_count++] = note;
}

/* "" together, "X" never, else the id of a note. */
static uint8_t cell_of(struct reader *reader, const struct numu_json *node) {
    const struct numu_matrix *matrix = &reader->set->matrix;
    if (node->kind == NUMU_JSON_STRING) {
        if (node->text.length == 0) {
            return NUMU_MIX_ALWAYS;
        }
        if (numu_text_is(node->text, "X")) {
            return NUMU_MIX_NEVER;
        }
        for (size_t i = 0; i < matrix->note_count; i++) {
            if (numu_text_is_equal(matrix->note[i].id, node->text)) {
                return (uint8_t)i;
            }
        }
    }
    tell_bad(reader, node, "rows", "rules.cell");
    return NUMU_MIX_NEVER;
}

static void read_matrix_row(struct reader *reader, const struct numu_json *node, bool *is_read) {
    uint8_t group = node->key.length == 1 ? numu_group_of(node->key.data[0]) : NUMU_NO_GROUP;
    if (group == NUMU_NO_GROUP) {
        tell_bad(reader, node, "rows", "rules.group");
        return;
    }
    if (node->kind != NUMU_JSON_ARRAY || node->count != NUMU_GROUPS) {
        tell_bad(reader, node, "rows", "rules.thirteen");
        return;
    }
    uint8_t column = 0;
    for (const struct numu_json *each = node->first; each != NULL; each = each->next) {
        reader->set->matrix.cell[group][column++] = cell_of(reader, each);
    }
    is_read[group] = true;
}

static void check_symmetry(struct reader *reader, const struct numu_json *rows) {
    const struct numu_matrix *matrix = &reader->set->matrix;
    for (size_t a = 0; a < NUMU_GROUPS; a++) {
        for (size_t b = a + 1; b < NUMU_GROUPS; b++) {
            if (matrix->cell[a][b] != matrix->cell[b][a]) {
                struct numu_diagnostic finding;
                begin(reader, NUMU_CODE_MATRIX_ASYMMETRIC, rows, &finding);
                finding.arguments[0] =
                    numu_argument_text((struct numu_text){&numu_group_letters[a], 1});
                finding.arguments[1] =
                    numu_argument_text((struct numu_text){&numu_group_letters[b], 1});
                numu_report_add(reader->report, &finding);
            }
        }
    }
}

static numu_status read_matrix(struct reader *reader, const struct numu_json *node) {
    static const char *const members[] = {"id", "rows", "notes", "citation", NULL};
    struct numu_matrix *matrix = &reader->set->matrix;
    bool is_read[NUMU_GROUPS] = {false};
    if (!is_object(reader, node, "matrix")) {
        return NUMU_OK;
    }
    check_members(reader, node, members);
    NUMU_TRY(add_row(reader, NUMU_ROW_MATRIX, node, NULL, &matrix->row));
    matrix->citation = reader->set->row[matrix->row].citation;
    const struct numu_json *notes = array_of(reader, node, "notes", false);
    for (const struct numu_json *each = notes == NULL ? NULL : notes->first; each != NULL;
         each = each->next) {
        read_note(reader, each);
    }
    const struct numu_json *rows = numu_json_find(node, "rows");
    if (rows == NULL || rows->kind != NUMU_JSON_OBJECT) {
        tell_bad(reader, rows != NULL ? rows : node, "rows", "rules.object");
        return NUMU_OK;
    }
    for (const struct numu_json *each = rows->first; each != NULL; each = each->next) {
        read_matrix_row(reader, each, is_read);
    }
    bool is_whole = true;
    for (size_t group = 0; group < NUMU_GROUPS; group++) {
        is_whole = is_whole && is_read[group];
    }
    if (!is_whole) {
        tell_bad(reader, rows, "rows", "rules.thirteen");
        return NUMU_OK;
    }
    check_symmetry(reader, rows);
    matrix->is_present = true;
    return NUMU_OK;
}

/* --- the file --- */

/* Names that the set adds to those that all sets know. */
static numu_status add_names(struct reader *reader, const struct numu_json *root, const char *key,
                             const char **names, size_t *count, size_t most) {
    const struct numu_json *list = array_of(reader, root, key, false);
    for (const struct numu_json *node = list == NULL ? NULL : list->first; node != NULL;
         node = node->next) {
        bool is_name = node->kind == NUMU_JSON_STRING && node->text.length > 0 &&
                       memchr(node->text.data, '\0', node->text.length) == NULL;
        if (!is_name || numu_choice_find(names, node->text) != 0) {
            tell_bad(reader, node, key, "rules.new_name");
        } else if (*count == most) {
            tell_bad(reader, node, key, "rules.fewer");
            break;
        } else {
            char *name;
            NUMU_TRY(numu_text_to_string(reader->arena, node->text, &name));
            names[(*count)++] = name;
        }
    }
    return NUMU_OK;
}

static numu_day day_of(struct reader *reader, const struct numu_json *root, const char *key) {
    numu_day day = NUMU_NO_DAY;
    struct numu_text text = text_of(reader, root, key, false);
    if (!is_empty(text) && !numu_day_parse(text, &day)) {
        tell_bad(reader, numu_json_find(root, key), key, "rules.date");
    }
    return day;
}

static bool is_one_of(struct reader *reader, const struct numu_json *root, const char *key,
                      const char *yes, const char *no, const char *expected) {
    struct numu_text text = text_of(reader, root, key, true);
    if (!is_empty(text) && !numu_text_is(text, yes) && !numu_text_is(text, no)) {
        tell_bad(reader, numu_json_find(root, key), key, expected);
    }
    return numu_text_is(text, yes);
}

/* What rows are bound to: a set's rows mean nothing in another set, edition or unit. */
static numu_status hash_prefix(struct reader *reader) {
    const struct numu_ruleset *set = reader->set;
    struct numu_text prefix;
    NUMU_TRY(numu_text_printf(reader->arena, &prefix, "numu.rule-row/1\n%.*s\n%.*s\n%s %s\n",
                              (int)set->id.length, set->id.data, (int)set->edition.length,
                              set->edition.data, numu_mass_unit_name(set->mass),
                              numu_length_unit_name(set->length)));
    return numu_sha256(prefix.data, prefix.length, &reader->prefix);
}

static numu_status read_head(struct reader *reader, const struct numu_json *root) {
    static const char *const members[] = {
        "format",    "id",     "title", "authority",   "edition",     "citation",  "basis",
        "scope",     "starts", "ends",  "mass",        "length",      "divisions", "kinds",
        "distances", "matrix", "near",  "aggregation", "substitutes", "comment",   NULL};
    struct numu_ruleset *set = reader->set;
    check_members(reader, root, members);
    set->id = text_of(reader, root, "id", true);
    if (!is_empty(set->id) && !numu_id_is_valid(set->id)) {
        tell_bad(reader, numu_json_find(root, "id"), "id", "rules.id");
    }
    set->title = text_of(reader, root, "title", true);
    set->authority = text_of(reader, root, "authority", true);
    set->edition = text_of(reader, root, "edition", true);
    set->citation = text_of(reader, root, "citation", true);
    set->basis = text_of(reader, root, "basis", true);
    set->is_transport = is_one_of(reader, root, "scope", "transport", "storage", "rules.scope");
    set->starts = day_of(reader, root, "starts");
    set->ends = day_of(reader, root, "ends");
    set->mass =
        is_one_of(reader, root, "mass", "lb", "kg", "rules.mass") ? NUMU_MASS_LB : NUMU_MASS_KG;
    set->length = is_one_of(reader, root, "length", "ft", "m", "rules.length") ? NUMU_LENGTH_FT
                                                                               : NUMU_LENGTH_M;
    NUMU_TRY(
        add_names(reader, root, "divisions", set->hazard, &set->hazard_count, NUMU_HAZARDS_MAX));
    NUMU_TRY(add_names(reader, root, "kinds", set->kind, &set->kind_count, NUMU_EXPOSED_KINDS_MAX));
    return hash_prefix(reader);
}

/* How many distance rules an array of rows can give at most. */
static size_t rule_count_of(const struct numu_json *list) {
    size_t count = 0;
    for (const struct numu_json *node = list == NULL ? NULL : list->first; node != NULL;
         node = node->next) {
        const struct numu_json *columns = numu_json_find(node, "columns");
        count += columns == NULL ? 1 : columns->count;
    }
    return count;
}

static size_t count_of(const struct numu_json *list) {
    return list == NULL ? 0 : list->count;
}

static numu_status each_of(struct reader *reader, const struct numu_json *list,
                           numu_status (*read)(struct reader *reader,
                                               const struct numu_json *node)) {
    for (const struct numu_json *node = list == NULL ? NULL : list->first; node != NULL;
         node = node->next) {
        NUMU_TRY(read(reader, node));
    }
    return NUMU_OK;
}

static numu_status read_rows(struct reader *reader, const struct numu_json *root) {
    struct numu_ruleset *set = reader->set;
    const struct numu_json *distances = array_of(reader, root, "distances", false);
    const struct numu_json *aggregation = array_of(reader, root, "aggregation", false);
    const struct numu_json *substitutes = array_of(reader, root, "substitutes", false);
    const struct numu_json *matrix = numu_json_find(root, "matrix");
    const struct numu_json *near = numu_json_find(root, "near");
    if (distances == NULL && matrix == NULL) {
        tell_bad(reader, root, "distances", "rules.something");
    }
    NUMU_TRY(NUMU_TAKE(reader->arena, &set->row,
                       count_of(distances) + count_of(aggregation) + count_of(substitutes) + 2));
    NUMU_TRY(NUMU_TAKE(reader->arena, &set->distance, rule_count_of(distances)));
    NUMU_TRY(NUMU_TAKE(reader->arena, &set->aggregation, count_of(aggregation)));
    NUMU_TRY(NUMU_TAKE(reader->arena, &set->substitute, count_of(substitutes)));
    NUMU_TRY(each_of(reader, distances, read_distance));
    NUMU_TRY(each_of(reader, aggregation, read_aggregation));
    NUMU_TRY(each_of(reader, substitutes, read_substitute));
    if (near != NULL) {
        NUMU_TRY(read_near(reader, near));
    }
    return matrix == NULL ? NUMU_OK : read_matrix(reader, matrix);
}

static bool has_format(struct reader *reader, const struct numu_json *root) {
    const size_t prefix = sizeof format_prefix - 1;
    if (root->kind != NUMU_JSON_OBJECT) {
        tell_bad(reader, root, "rule set", "rules.object");
        return false;
    }
    const struct numu_json *member = numu_json_find(root, "format");
    if (member == NULL || member->kind != NUMU_JSON_STRING || member->text.length <= prefix ||
        memcmp(member->text.data, format_prefix, prefix) != 0) {
        tell_bad(reader, member != NULL ? member : root, "format", "rules.format");
        return false;
    }
    if (member->text.length != prefix + 1 || member->text.data[prefix] != '1') {
        tell_bad(reader, member, "format", "rules.newer");
        return false;
    }
    return true;
}

static numu_status parse(struct reader *reader, struct numu_json **out) {
    struct numu_json_error error;
    numu_status status = numu_json_read(reader->arena, reader->bytes, 0, out, &error);
    if (status == NUMU_INVALID) {
        struct numu_diagnostic finding = {.code = NUMU_CODE_BAD_RULES_JSON,
                                          .place = {reader->set->source, 0, error.offset},
                                          .related = NUMU_NOWHERE};
        finding.arguments[0] = numu_argument_string(numu_json_problem_name(error.problem));
        numu_report_add(reader->report, &finding);
    }
    return status;
}

static void add_known_names(struct numu_ruleset *set) {
    /* The kinds of model/choices.def, exposure_kind, in their order. */
    static const char *const kinds[] = {"public_area",
                                        "public_traffic_route",
                                        "intraline",
                                        "inhabited_building",
                                        "vulnerable_building",
                                        "public_highway",
                                        "public_road",
                                        "railway",
                                        "process_building",
                                        "magazine",
                                        NULL};
    for (set->hazard_count = 0; numu_hazard_names[set->hazard_count] != NULL; set->hazard_count++) {
        set->hazard[set->hazard_count] = numu_hazard_names[set->hazard_count];
    }
    for (set->kind_count = 0; kinds[set->kind_count] != NULL; set->kind_count++) {
        set->kind[set->kind_count] = kinds[set->kind_count];
    }
}

numu_status numu_ruleset_read(struct numu_arena *arena, struct numu_text bytes, uint32_t source,
                              struct numu_report *report, struct numu_ruleset *out) {
    struct numu_ruleset *set;
    struct numu_json *root;
    NUMU_TRY(NUMU_TAKE(arena, &set, 1));
    set->source = source;
    set->near_row = NUMU_NONE;
    struct reader reader = {.arena = arena, .report = report, .bytes = bytes, .set = set};
    add_known_names(set);
    NUMU_TRY(numu_sha256(bytes.data, bytes.length, &set->digest));
    NUMU_TRY(parse(&reader, &root));
    if (!has_format(&reader, root)) {
        return NUMU_INVALID;
    }
    NUMU_TRY(read_head(&reader, root));
    NUMU_TRY(read_rows(&reader, root));
    if (reader.finding_count > 0) {
        return NUMU_INVALID;
    }
    *out = *set;
    return NUMU_OK;
}
