/*
 * Goal: both languages say the same things, in their own typography, about everything there is.
 * Method: every code, word, column and choice is looked at; placeholders are compared between
 * languages and with the number of arguments each code is documented to have. That an entry is
 * there at all is the compiler's business (words.c).
 */
#include "view/words.h"

#include "plan/indicator.h"

#include "base/cell.h"
#include "base/json.h"
#include "model/model.h"
#include "plan/plan.h"
#include "solve/lp.h"
#include "view/help.h"
#include "view/output.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <stdio.h>
#include <string.h>

/* Bit n for {n}. */
static unsigned placeholders(const char *string) {
    struct numu_text text = numu_text_of(string);
    unsigned set = 0;
    for (size_t at = 0; at < text.length; at++) {
        int number = numu_placeholder_at(text, at);
        set |= number >= 0 ? 1U << number : 0;
    }
    return set;
}

static void sentences_agree(void **state) {
    (void)state;
    for (int i = 1; i < NUMU_CODE_COUNT; i++) {
        numu_code code = (numu_code)i;
        struct numu_sentence english = numu_sentence_get(NUMU_LANGUAGE_EN, code);
        struct numu_sentence french = numu_sentence_get(NUMU_LANGUAGE_FR, code);
        if (placeholders(english.sentence) != placeholders(french.sentence) ||
            placeholders(english.hint) != placeholders(french.hint) ||
            placeholders(english.explanation) != 0 || placeholders(french.explanation) != 0) {
            fail_msg("placeholders of %s", numu_code_text(code));
        }
        assert_true(strlen(english.sentence) > 0 && strlen(french.sentence) > 0);
        assert_true(strlen(english.explanation) > 40 && strlen(french.explanation) > 40);
        assert_string_not_equal(english.sentence, french.sentence);
    }
}

static bool ends_with(const char *string, const char *end) {
    size_t length = strlen(string);
    return length >= strlen(end) && strcmp(string + length - strlen(end), end) == 0;
}

static void sentences_keep_the_rules(void **state) {
    (void)state;
    for (int language = NUMU_LANGUAGE_EN; language <= NUMU_LANGUAGE_FR; language++) {
        for (int code = 1; code < NUMU_CODE_COUNT; code++) {
            struct numu_sentence said = numu_sentence_get((numu_language)language, (numu_code)code);
            assert_false(said.sentence[0] >= 'A' && said.sentence[0] <= 'Z');
            assert_false(ends_with(said.sentence, "."));
            assert_false(said.hint[0] >= 'A' && said.hint[0] <= 'Z');
            assert_true(ends_with(said.explanation, "."));
        }
    }
}

static void words_agree(void **state) {
    (void)state;
    for (int word = 0; word < NUMU_WORD_COUNT; word++) {
        const char *english = numu_word_text(NUMU_LANGUAGE_EN, (numu_word)word);
        const char *french = numu_word_text(NUMU_LANGUAGE_FR, (numu_word)word);
        if (placeholders(english) != placeholders(french) ||
            (word != NUMU_WORD_empty && (strlen(english) == 0 || strlen(french) == 0))) {
            fail_msg("word %s", numu_word_name((numu_word)word));
        }
        assert_int_equal(numu_word_find(numu_text_of(numu_word_name((numu_word)word))), word);
    }
}

/*
 * No plain space where French asks for one that does not break, no straight apostrophe in a word.
 */
static void check_french(const char *string) {
    static const char *const wrong[] = {" :", " ;", " ?", " !", " %", "« ", " »"};
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        if (strstr(string, wrong[i]) != NULL) {
            fail_msg("plain space in: %s", string);
        }
    }
    for (const char *at = string; (at = strstr(at, "«")) != NULL; at++) {
        assert_memory_equal(at + strlen("«"), "\u00A0", strlen("\u00A0"));
    }
    for (const char *at = string; *at != '\0'; at++) {
        bool within_word = at > string && *at == '\'' && (at[-1] | 0x20) >= 'a';
        assert_false(within_word);
    }
}

static void french_is_set_right(void **state) {
    (void)state;
    for (int code = 1; code < NUMU_CODE_COUNT; code++) {
        struct numu_sentence said = numu_sentence_get(NUMU_LANGUAGE_FR, (numu_code)code);
        check_french(said.sentence);
        check_french(said.hint);
        check_french(said.explanation);
    }
    for (int word = 0; word < NUMU_WORD_COUNT; word++) {
        check_french(numu_word_text(NUMU_LANGUAGE_FR, (numu_word)word));
    }
    for (int help = 0; help < NUMU_HELP_COUNT; help++) {
        check_french(numu_help_text((numu_help)help, NUMU_LANGUAGE_FR));
    }
    assert_string_equal(numu_word_text(NUMU_LANGUAGE_FR, NUMU_WORD_colon), "\u00A0: ");
}

static void require(const char *prefix, const char *name) {
    char word[80];
    int length = snprintf(word, sizeof word, "%s%s", prefix, name);
    if (numu_word_find((struct numu_text){word, (size_t)length}) == NUMU_WORD_COUNT) {
        fail_msg("no word %s", word);
    }
}

static void results_have_words(void **state) {
    (void)state;
    for (const struct numu_table_descriptor *table = numu_plan_schema; table->name != NULL;
         table++) {
        require("table_", table->name);
        for (const struct numu_column *column = table->columns; column->name != NULL; column++) {
            require("column_", column->name);
            for (size_t i = 0; column->choices != NULL && column->choices[i] != NULL; i++) {
                require("choice_", column->choices[i]);
            }
        }
    }
}

/* Of a stage that gave a plan. */
static void statuses_have_words(void **state) {
    static const numu_lp_status statuses[] = {NUMU_LP_OPTIMAL, NUMU_LP_LIMIT, NUMU_LP_STOPPED};
    (void)state;
    for (size_t i = 0; i < sizeof statuses / sizeof statuses[0]; i++) {
        require("status_", numu_lp_status_text(statuses[i]));
    }
}

static void indicators_have_words(void **state) {
    (void)state;
    for (unsigned indicator = 0; indicator < numu_indicator_count; indicator++) {
        require("indicator_", numu_indicator_name((numu_indicator)indicator));
        require("definition_", numu_indicator_name((numu_indicator)indicator));
    }
}

static void arguments_have_words(void **state) {
    (void)state;
    for (int kind = NUMU_KIND_KEY; kind <= NUMU_KIND_REAL; kind++) {
        assert_int_not_equal(numu_word_find(numu_text_of(numu_kind_name((numu_kind)kind))),
                             NUMU_WORD_COUNT);
    }
    for (int problem = NUMU_JSON_FINE; problem <= NUMU_JSON_TRAILING; problem++) {
        const char *name = numu_json_problem_name((numu_json_problem)problem);
        assert_int_not_equal(numu_word_find(numu_text_of(name)), NUMU_WORD_COUNT);
    }
    assert_int_equal(numu_word_find(NUMU_TEXT("kind.nonsense")), NUMU_WORD_COUNT);
    assert_int_equal(numu_word_find(NUMU_TEXT("kind.dat")), NUMU_WORD_COUNT);
}

static void languages_are_found(void **state) {
    (void)state;
    static const struct {
        const char *name;
        bool is_known;
        numu_language language;
    } cases[] = {
        {"fr_FR.UTF-8", true, NUMU_LANGUAGE_FR},
        {"fr", true, NUMU_LANGUAGE_FR},
        {"fr-ML", true, NUMU_LANGUAGE_FR},
        {"fr@euro", true, NUMU_LANGUAGE_FR},
        {"en_GB.UTF-8", true, NUMU_LANGUAGE_EN},
        {"C", true, NUMU_LANGUAGE_EN},
        {"C.UTF-8", true, NUMU_LANGUAGE_EN},
        {"POSIX", true, NUMU_LANGUAGE_EN},
        {"", true, NUMU_LANGUAGE_EN},
        {"fra", false, NUMU_LANGUAGE_EN},
        {"de_DE", false, NUMU_LANGUAGE_EN},
        {"Cd", false, NUMU_LANGUAGE_EN},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        numu_language language;
        bool is_known = numu_language_find(numu_text_of(cases[i].name), &language);
        assert_int_equal(is_known, cases[i].is_known);
        assert_int_equal(language, cases[i].language);
    }
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sentences_agree),     cmocka_unit_test(sentences_keep_the_rules),
        cmocka_unit_test(words_agree),         cmocka_unit_test(french_is_set_right),
        cmocka_unit_test(results_have_words),  cmocka_unit_test(arguments_have_words),
        cmocka_unit_test(languages_are_found), cmocka_unit_test(indicators_have_words),
        cmocka_unit_test(statuses_have_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
