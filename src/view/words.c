/*
 * words.c - the languages' .def files as functions.
 *
 * Switches without default, because the compiler then names each entry that a language lacks
 * (-Wswitch, an error here) or has twice [W1].
 */
#include "view/words.h"

#include <string.h>

/* --- languages --- */

static bool is_language(struct numu_text name, const char *code) {
    size_t length = strlen(code);
    return name.length >= length && memcmp(name.data, code, length) == 0 &&
           (name.length == length || strchr("_-.@", name.data[length]) != NULL);
}

bool numu_language_find(struct numu_text name, numu_language *out) {
    *out = is_language(name, "fr") ? NUMU_LANGUAGE_FR : NUMU_LANGUAGE_EN;
    return *out == NUMU_LANGUAGE_FR || name.length == 0 || is_language(name, "en") ||
           is_language(name, "C") || is_language(name, "POSIX");
}

const char *numu_language_code(numu_language language) {
    return language == NUMU_LANGUAGE_FR ? "fr" : "en";
}

/* --- labels --- */

#define NUMU_SENTENCE(...)

static const char *english_word(numu_word word) {
    switch (word) {
#define NUMU_WORD(name, text)                                                                      \
    case NUMU_WORD_##name:                                                                         \
        return text;
#include "view/text/en.def"
#undef NUMU_WORD
    case NUMU_WORD_COUNT:
        break;
    }
    return "";
}

static const char *french_word(numu_word word) {
    switch (word) {
#define NUMU_WORD(name, text)                                                                      \
    case NUMU_WORD_##name:                                                                         \
        return text;
#include "view/text/fr.def"
#undef NUMU_WORD
    case NUMU_WORD_COUNT:
        break;
    }
    return "";
}

#undef NUMU_SENTENCE

const char *numu_word_text(numu_language language, numu_word word) {
    return language == NUMU_LANGUAGE_FR ? french_word(word) : english_word(word);
}

static const char *const word_names[] = {
#define NUMU_WORD_NAME(name) #name,
#include "view/text/words_list.def"
#undef NUMU_WORD_NAME
};

const char *numu_word_name(numu_word word) {
    return word_names[word];
}

static bool is_name(const char *prefix, struct numu_text name, const char *word) {
    size_t length = strlen(prefix);
    if (strncmp(word, prefix, length) != 0 || strlen(word) != length + name.length) {
        return false;
    }
    for (size_t i = 0; i < name.length; i++) {
        char character = name.data[i] == '.' ? '_' : name.data[i];
        if (word[length + i] != character) {
            return false;
        }
    }
    return true;
}

static numu_word find(const char *prefix, struct numu_text name) {
    int word = 0;
    while (word < NUMU_WORD_COUNT && !is_name(prefix, name, word_names[word])) {
        word++;
    }
    return (numu_word)word;
}

numu_word numu_word_find(struct numu_text name) {
    return find("", name);
}

struct numu_text numu_word_of(numu_language language, const char *prefix, struct numu_text name) {
    numu_word word = find(prefix, name);
    return word == NUMU_WORD_COUNT ? name : numu_text_of(numu_word_text(language, word));
}

/* --- sentences --- */

#define NUMU_WORD(...)

static struct numu_sentence english_sentence(numu_code code) {
    switch (code) {
#define NUMU_SENTENCE(name, ...)                                                                   \
    case NUMU_CODE_##name:                                                                         \
        return (struct numu_sentence){__VA_ARGS__};
#include "view/text/en.def"
#undef NUMU_SENTENCE
    case NUMU_CODE_NONE:
    case NUMU_CODE_COUNT:
        break;
    }
    return (struct numu_sentence){"", "", ""};
}

static struct numu_sentence french_sentence(numu_code code) {
    switch (code) {
#define NUMU_SENTENCE(name, ...)                                                                   \
    case NUMU_CODE_##name:                                                                         \
        return (struct numu_sentence){__VA_ARGS__};
#include "view/text/fr.def"
#undef NUMU_SENTENCE
    case NUMU_CODE_NONE:
    case NUMU_CODE_COUNT:
        break;
    }
    return (struct numu_sentence){"", "", ""};
}

struct numu_sentence numu_sentence_get(numu_language language, numu_code code) {
    return language == NUMU_LANGUAGE_FR ? french_sentence(code) : english_sentence(code);
}
