/*
 * check_form.c - texts that must have a form: countries, classifications, lists, lot policies.
 *
 * Rules of law and of storage compare such texts letter by letter; one in another form would never
 * match, in silence.
 *
 * Sources: ISO 3166-1 (form of alpha-3 codes only). United Nations, "Recommendations on the
 * Transport of Dangerous Goods, Model Regulations", table 2.1.2.1.2 (the 35 classification codes;
 * the same in 49 CFR 173.52). Common Military List of the European Union (ML1 to ML22).
 */
#include "model/check.h"
#include "model/lot_policy.h"

#include <string.h>

/* --- forms --- */

static bool is_country(struct numu_text text) {
    bool is_good = text.length == 3;
    for (size_t i = 0; is_good && i < 3; i++) {
        is_good = text.data[i] >= 'A' && text.data[i] <= 'Z';
    }
    return is_good;
}

static bool is_hazard_division(struct numu_text text) {
    return text.length == 3 && text.data[0] == '1' && text.data[1] == '.' && text.data[2] >= '1' &&
           text.data[2] <= '6';
}

static bool is_compatibility_group(struct numu_text text) {
    return text.length == 1 && text.data[0] != '\0' &&
           strchr("ABCDEFGHJKLNS", text.data[0]) != NULL;
}

static bool is_classification(struct numu_text text) {
    static const char *const groups[] = {"ABCDEFGJL", "BCDEFGHJKL", "CFGHJKL", "BCDEFGS", "D", "N"};
    struct numu_text division = {text.data, text.length < 3 ? text.length : 3};
    if (text.length != 4 || !is_hazard_division(division) || text.data[3] == '\0') {
        return false;
    }
    return strchr(groups[text.data[2] - '1'], text.data[3]) != NULL;
}

/* Digits without a leading zero, at most nine. */
static bool is_whole_number(struct numu_text text, int64_t *out) {
    int64_t number = 0;
    bool is_good = text.length > 0 && text.length < 10 && text.data[0] != '0';
    for (size_t i = 0; is_good && i < text.length; i++) {
        is_good = text.data[i] >= '0' && text.data[i] <= '9';
        number = 10 * number + (text.data[i] - '0');
    }
    *out = number;
    return is_good;
}

static bool is_military_category(struct numu_text text) {
    int64_t number;
    return text.length > 2 && memcmp(text.data, "ML", 2) == 0 &&
           is_whole_number((struct numu_text){text.data + 2, text.length - 2}, &number) &&
           number <= 22;
}

static bool is_lot_policy(struct numu_text text) {
    struct numu_lot_words words;
    return numu_lot_policy_parse(text, &words);
}

/* --- columns --- */

static const struct {
    const char *table, *column;
    bool is_list; /* of words separated by spaces */
    bool (*is_good)(struct numu_text text);
    numu_code code;
} forms[] = {
    {"site", "country", false, is_country, NUMU_CODE_BAD_COUNTRY},
    {"partner", "country", false, is_country, NUMU_CODE_BAD_COUNTRY},
    {"customer", "country", false, is_country, NUMU_CODE_BAD_COUNTRY},
    {"process", "origin", false, is_country, NUMU_CODE_BAD_COUNTRY},
    {"reference", "country", false, is_country, NUMU_CODE_BAD_COUNTRY},
    {"rule", "from_country", false, is_country, NUMU_CODE_BAD_COUNTRY},
    {"rule", "to_country", false, is_country, NUMU_CODE_BAD_COUNTRY},
    {"licence", "to_country", false, is_country, NUMU_CODE_BAD_COUNTRY},
    {"trade", "country", false, is_country, NUMU_CODE_BAD_COUNTRY},
    {"spending", "country", false, is_country, NUMU_CODE_BAD_COUNTRY},
    {"item", "classification", false, is_classification, NUMU_CODE_BAD_CLASSIFICATION},
    {"item", "military_list", false, is_military_category, NUMU_CODE_BAD_MILITARY_LIST},
    {"rule", "military_list", true, is_military_category, NUMU_CODE_BAD_MILITARY_LIST},
    {"item", "lot_policy", false, is_lot_policy, NUMU_CODE_BAD_LOT_POLICY},
    {"limit", "hazard_division", false, is_hazard_division, NUMU_CODE_BAD_HAZARD_DIVISION},
    {"storehouse", "divisions", true, is_hazard_division, NUMU_CODE_BAD_HAZARD_DIVISION},
    {"storehouse", "groups", true, is_compatibility_group, NUMU_CODE_BAD_COMPATIBILITY_GROUP},
};

/* The first word that is not in its form; empty where all are. */
static struct numu_text first_bad(struct numu_text value, bool is_list,
                                  bool (*is_good)(struct numu_text text)) {
    if (!is_list) {
        return is_good(value) ? NUMU_NO_TEXT : value;
    }
    struct numu_text rest = value;
    for (struct numu_text word = numu_text_next_word(&rest); word.length > 0;
         word = numu_text_next_word(&rest)) {
        if (!is_good(word)) {
            return word;
        }
    }
    return NUMU_NO_TEXT;
}

/* The package's own country stands in datapackage.json. */
static void check_home(const struct numu_checker *checker) {
    struct numu_text country = checker->model->package.country[0];
    if (country.length > 0 && !is_country(country)) {
        struct numu_diagnostic finding = {
            .code = NUMU_CODE_BAD_COUNTRY,
            .place = {0, 0, NUMU_WHOLE_FILE},
            .related = NUMU_NOWHERE,
            .arguments = {numu_argument_string("country"), numu_argument_text(country)}};
        numu_report_add(checker->report, &finding);
    }
}

void numu_check_forms(const struct numu_checker *checker) {
    check_home(checker);
    for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
        const struct numu_table_descriptor *table = numu_schema_find(numu_text_of(forms[i].table));
        const struct numu_text *values = numu_check_array(checker, table, forms[i].column);
        for (numu_row row = 0; row < numu_model_head_of(checker->model, table)->count; row++) {
            struct numu_text bad = NUMU_NO_TEXT;
            if (values[row].length > 0) {
                bad = first_bad(values[row], forms[i].is_list, forms[i].is_good);
            }
            if (bad.length > 0) {
                numu_check_tell(checker, forms[i].code, table, row, forms[i].column,
                                numu_text_of(forms[i].column), bad, NUMU_NO_TEXT);
            }
        }
    }
}
