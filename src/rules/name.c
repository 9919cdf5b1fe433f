/*
 * name.c - words of a name: letters, bones, kind, weight; how alike two words are.
 *
 * Bones are consonants without doubles, each class of those that languages of the lists write for
 * one another as one letter. "Mohammed", "Muhamad" and محمد all have the bones "mhmd".
 */
#include "rules/name.h"

#include <stdlib.h>
#include <string.h>

/* --- letters --- */

static bool is_vowel(char letter) {
    return letter == 'a' || letter == 'e' || letter == 'i' || letter == 'o' || letter == 'u';
}

/* Vowels in one writing, nothing or consonants in another. */
static bool is_half_vowel(char letter) {
    return letter == 'y' || letter == 'w';
}

/* The class of a consonant in the bones. */
static char bone_of(char letter) {
    switch (letter) {
    case 'c':
    case 'g':
    case 'k':
    case 'q':
        return 'k';
    case 'j':
    case 'z':
    case 's':
    case 'x':
        return 's';
    case 'd':
    case 't':
        return 't';
    case 'b':
    case 'p':
        return 'p';
    case 'f':
    case 'v':
        return 'f';
    default:
        return letter;
    }
}

/* Letters that stand for one sound together, the longer first, and what others write for it. */
static size_t read_sound(const struct numu_name_word *word, size_t at, char *out) {
    const char *letters = word->letters + at;
    size_t left = word->length - at;
    static const struct {
        char letters[5], sound;
    } sounds[] = {{"tsch", 'j'}, {"sch", 's'}, {"tch", 'j'}, {"dzh", 'j'}, {"kh", 'h'}, {"gh", 'g'},
                  {"sh", 's'},   {"th", 'z'},  {"dh", 'z'},  {"zh", 'z'},  {"ch", 'j'}, {"ph", 'f'},
                  {"dj", 'j'},   {"dz", 'z'},  {"ks", 'x'},  {"ck", 'k'},  {"ou", 'u'}, {"oo", 'u'},
                  {"ee", 'i'},   {"ei", 'i'},  {"iy", 'i'},  {"yi", 'i'}};
    for (size_t i = 0; left >= 2 && i < sizeof sounds / sizeof sounds[0]; i++) {
        size_t length = strlen(sounds[i].letters);
        /* Taha has no vowels in Arabic: two signs that are no English th. */
        bool is_whole = word->is_vowelless && length == word->length;
        if (length <= left && !is_whole && memcmp(letters, sounds[i].letters, length) == 0) {
            *out = sounds[i].sound;
            return length;
        }
    }
    /* "Sergey", "Chesky": what ends a name is written in many ways. */
    if (left == 2 && letters[1] == 'y' && (letters[0] == 'e' || letters[0] == 'a')) {
        *out = letters[0] == 'e' ? 'i' : 'a';
        return 2;
    }
    if (left == 1 && letters[0] == 'y') {
        *out = 'i';
        return 1;
    }
    bool is_soft = letters[0] == 'c' && left >= 2 && strchr("eiy", letters[1]) != NULL;
    *out = is_soft ? 's' : letters[0];
    return 1;
}

static void set_sounds(struct numu_name_word *word) {
    for (size_t i = 0; i < word->length;) {
        char sound;
        i += read_sound(word, i, &sound);
        if (word->sounds_length == 0 || word->sounds[word->sounds_length - 1] != sound) {
            word->sounds[word->sounds_length++] = sound;
        }
    }
    word->is_phonetic = word->sounds_length == word->length &&
                        memcmp(word->sounds, word->letters, word->length) == 0;
    for (size_t i = 0; i < word->sounds_length; i++) {
        char sound = word->sounds[i];
        char bone = bone_of(sound);
        if (!is_vowel(sound) && !is_half_vowel(sound) &&
            (word->bones_length == 0 || word->bones[word->bones_length - 1] != bone)) {
            word->bones[word->bones_length++] = bone;
            word->bone_set |= bone >= 'a' && bone <= 'z' ? UINT32_C(1) << (bone - 'a') : 0;
        }
    }
}

/* --- kinds --- */

static bool holds_word(const char *list, const char *letters, size_t length) {
    for (const char *at = list; at != NULL; at = strchr(at, ' ')) {
        at += *at == ' ';
        if (*at == letters[0] && strncmp(at, letters, length) == 0 &&
            (at[length] == ' ' || at[length] == '\0')) {
            return true;
        }
    }
    return false;
}

/* Roman numbers that are no names: Vi and Xi are. */
static const char roman_numbers[] = "ii iii iv vii viii ix xii xiii xiv xv";

/* --- words that are known --- */

/* Rows are in the order of their words: rules_name_test. */
static const struct known {
    const char *word;
    numu_word_kind kind;
} known[] = {
#define NUMU_NAME_WORD(word, kind) {#word, NUMU_WORD_##kind},
#include "rules/name_words.def"
#undef NUMU_NAME_WORD
};

static const struct equal {
    const char *word, *head;
} equals[] = {
#define NUMU_NAME_EQUAL(word, head) {#word, #head},
#include "rules/name_equals.def"
#undef NUMU_NAME_EQUAL
};

static int compare_to_known(const void *word, const void *row) {
    return strcmp(word, ((const struct known *)row)->word);
}

static int compare_to_equal(const void *word, const void *row) {
    return strcmp(word, ((const struct equal *)row)->word);
}

/* The row of a word, from 1 on; 0 where it stands in none. */
static uint16_t find_equal(const char *word) {
    const struct equal *row =
        bsearch(word, equals, sizeof equals / sizeof equals[0], sizeof equals[0], compare_to_equal);
    return row == NULL ? 0 : (uint16_t)(row - equals + 1);
}

static bool ends_with(const char *letters, size_t length, const char *ending) {
    size_t ending_length = strlen(ending);
    return length > ending_length + 2 &&
           memcmp(letters + length - ending_length, ending, ending_length) == 0;
}

/* Petrovich, Petrovna, Petrivna: the son or daughter of Peter. */
static bool is_of_father(const char *letters, size_t length) {
    static const char *const endings[] = {"ovich", "evich", "avich", "ovych", "evych",
                                          "ovna",  "evna",  "ivna",  "auna",  "euna"};
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
        if (ends_with(letters, length, endings[i])) {
            return true;
        }
    }
    return false;
}

static numu_word_kind kind_of(const char *letters, size_t length) {
    if (strspn(letters, "0123456789") == length || holds_word(roman_numbers, letters, length)) {
        return NUMU_WORD_NUMBER;
    }
    const struct known *row =
        bsearch(letters, known, sizeof known / sizeof known[0], sizeof known[0], compare_to_known);
    if (row != NULL) {
        return row->kind;
    }
    if (length == 1) {
        return NUMU_WORD_INITIAL;
    }
    return is_of_father(letters, length) ? NUMU_WORD_FATHER : NUMU_WORD_PLAIN;
}

/* The same of what a script without vowels left: its letters spell other words in Latin lists. */
static numu_word_kind kind_of_vowelless(const char *letters, size_t length) {
    if (strspn(letters, "0123456789") == length) {
        return NUMU_WORD_NUMBER;
    }
    if (holds_word("bn bnt w wld al aw", letters, length)) {
        return NUMU_WORD_MINOR;
    }
    bool is_common = holds_word("mhmd hmd ly hsn hsyn mr bdllh bd llh dyn hmd brahym mhmwd ywsf "
                                "khald smayl mstfy slyman",
                                letters, length);
    return is_common ? NUMU_WORD_COMMON : length == 1 ? NUMU_WORD_INITIAL : NUMU_WORD_PLAIN;
}

/* "Servant of the", with the article that belongs to the next word, in all its writings. */
static struct numu_text without_ending(struct numu_text letters) {
    static const char *const writings[] = {"abdul", "abdel", "abdal", "abdoul", "abdol", "abdu"};
    for (size_t i = 0; i < sizeof writings / sizeof writings[0]; i++) {
        if (numu_text_is(letters, writings[i])) {
            return (struct numu_text){letters.data, 3};
        }
    }
    return letters;
}

static void set_letters(struct numu_name_word *word, struct numu_text letters) {
    word->length =
        (uint8_t)(letters.length > NUMU_WORD_LETTERS_MAX ? NUMU_WORD_LETTERS_MAX : letters.length);
    memcpy(word->letters, letters.data, word->length);
    set_sounds(word);
}

void numu_name_word_init(struct numu_name_word *word, struct numu_text letters, bool is_vowelless) {
    *word = (struct numu_name_word){.is_vowelless = is_vowelless};
    set_letters(word, is_vowelless ? letters : without_ending(letters));
    uint16_t row = is_vowelless ? 0 : find_equal(word->letters);
    word->group = row == 0 ? 0 : find_equal(equals[row - 1].head);
    word->kind = (uint8_t)(is_vowelless ? kind_of_vowelless(word->letters, word->length)
                                        : kind_of(word->letters, word->length));
    if (word->kind == NUMU_WORD_PLAIN && word->group != 0) {
        const char *head = equals[word->group - 1].word;
        word->kind = (uint8_t)kind_of(head, strlen(head));
    }
}

void numu_name_word_init_joined(struct numu_name_word *word, struct numu_text letters,
                                bool is_vowelless) {
    *word = (struct numu_name_word){.is_vowelless = is_vowelless};
    set_letters(word, letters);
    word->kind = NUMU_WORD_PLAIN;
}

/* Weights of the kinds; a plain word has 1, more where it is long: long ones are rare. */
#define WEIGHT_COMMON 0.7
#define WEIGHT_COMMON_COMPANY 0.84
#define WEIGHT_FATHER 0.6
#define WEIGHT_GENERIC 0.36
#define WEIGHT_INITIAL 0.3
#define WEIGHT_LONG 1.08
#define WEIGHT_LONG_COMPANY 1.31
#define WEIGHT_SHORT 0.63
#define WEIGHT_FOUR 0.79
#define WEIGHT_NUMBER 1.07

enum { LONG_LETTERS = 8, FEW_LETTERS = 4, SHORT_LETTERS = 2 };

bool numu_name_word_is_number(const struct numu_name_word *word, numu_party party) {
    return word->kind == NUMU_WORD_NUMBER ||
           (party == NUMU_PARTY_VESSEL && strspn(word->letters, "ivx") == word->length);
}

double numu_name_word_weight(const struct numu_name_word *word, numu_party party) {
    bool is_of_company = party == NUMU_PARTY_COMPANY || party == NUMU_PARTY_ANY;
    if (numu_name_word_is_number(word, party)) {
        return party == NUMU_PARTY_PERSON ? WEIGHT_INITIAL : WEIGHT_NUMBER;
    }
    switch ((numu_word_kind)word->kind) {
    case NUMU_WORD_COMMON:
        return party == NUMU_PARTY_COMPANY ? WEIGHT_COMMON_COMPANY : WEIGHT_COMMON;
    case NUMU_WORD_FATHER:
        return WEIGHT_FATHER;
    case NUMU_WORD_GENERIC:
        return is_of_company ? WEIGHT_GENERIC : 0.8;
    case NUMU_WORD_FORM:
        return is_of_company ? 0.03 : 0.3;
    case NUMU_WORD_MINOR:
        return 0.08;
    case NUMU_WORD_INITIAL:
        return party == NUMU_PARTY_COMPANY ? 0.15 : WEIGHT_INITIAL;
    case NUMU_WORD_NUMBER:
    case NUMU_WORD_PLAIN:
        break;
    }
    if (word->length >= LONG_LETTERS) {
        return party == NUMU_PARTY_PERSON ? WEIGHT_LONG : WEIGHT_LONG_COMPANY;
    }
    if (word->length <= FEW_LETTERS) {
        return word->length <= SHORT_LETTERS ? WEIGHT_SHORT : WEIGHT_FOUR;
    }
    return 1;
}

/* --- names --- */

static numu_status add_word(struct numu_name *name, struct numu_text letters, bool is_vowelless,
                            struct numu_arena *arena) {
    struct numu_name_word *word;
    if (name->count == NUMU_NAME_WORDS_MAX) {
        return NUMU_OK;
    }
    NUMU_TRY(NUMU_TAKE(arena, &word, 1));
    numu_name_word_init(word, letters, is_vowelless);
    name->words[name->count++] = word;
    return NUMU_OK;
}

/*
 * Single letters in a row that are a legal form together ("S.A.", "C. V."): how many of them, and
 * the letters in *run; 0 where there is no such form. `rest` begins with the first.
 */
enum { FORM_LETTERS_MAX = 4 };

static size_t read_form(struct numu_text rest, char run[FORM_LETTERS_MAX + 1]) {
    memset(run, 0, FORM_LETTERS_MAX + 1);
    size_t found = 0;
    for (size_t count = 0; count < FORM_LETTERS_MAX; count++) {
        struct numu_text letter = numu_text_next_word(&rest);
        if (letter.length != 1) {
            break;
        }
        run[count] = letter.data[0];
        if (count > 0 && kind_of(run, count + 1) == NUMU_WORD_FORM) {
            found = count + 1;
        }
    }
    return found;
}

/*
 * "Servant of the …" written in one word, in any writing (abdulrahman, abderrahmane, abdessalam):
 * how many letters belong to the servant; 0 where it is no such word. Abdullah stays one.
 */
static size_t servant_letters(struct numu_text word) {
    enum { REST_MIN = 4 };
    if (word.length < 5 + REST_MIN || memcmp(word.data, "abd", 3) != 0) {
        return 0;
    }
    size_t at = 3;
    while (at < word.length && strchr("aeiou", word.data[at]) != NULL) {
        at++;
    }
    if (at == 3 || at > 5 || word.length - at < REST_MIN + 1) {
        return 0;
    }
    /* The article, as it is written or as it sounds before the next letter. */
    if (word.data[at] == word.data[at + 1] && word.data[at] != 'l') {
        return at + 1;
    }
    bool is_of_god = word.length - at >= 3 && (memcmp(word.data + at, "lah", 3) == 0 ||
                                               memcmp(word.data + at, "lla", 3) == 0);
    return word.data[at] == 'l' && !is_of_god ? at + 1 : 0;
}

/*
 * "… of the faith" written in one word with what goes before: where it begins; at the end where
 * there is none.
 */
static size_t faith_letters(struct numu_text word) {
    static const char *const endings[] = {"uddin", "eddin", "eddine", "uddeen", "oddin", "odin",
                                          "aldin", "eldin", "addin",  "uldin",  "udin"};
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
        size_t length = strlen(endings[i]);
        if (word.length >= length && word.length - length != 1 && word.length - length != 2 &&
            memcmp(word.data + word.length - length, endings[i], length) == 0) {
            return word.length - length;
        }
    }
    return word.length;
}

/* A word of Latin letters, in the parts that others write alone. */
static numu_status add_parts(struct numu_name *name, struct numu_text word,
                             struct numu_arena *arena) {
    size_t servant = servant_letters(word);
    if (servant > 0) {
        NUMU_TRY(add_word(name, NUMU_TEXT("abd"), false, arena));
        word = (struct numu_text){word.data + servant, word.length - servant};
    }
    size_t faith = faith_letters(word);
    if (faith > 0) {
        NUMU_TRY(add_word(name, (struct numu_text){word.data, faith}, false, arena));
    }
    return faith == word.length ? NUMU_OK : add_word(name, NUMU_TEXT("din"), false, arena);
}

static numu_status add_words(struct numu_name *name, struct numu_text letters, bool is_vowelless,
                             struct numu_arena *arena) {
    struct numu_text rest = letters;
    while (rest.length > 0) {
        char run[FORM_LETTERS_MAX + 1];
        size_t form = read_form(rest, run);
        struct numu_text word = numu_text_next_word(&rest);
        for (size_t i = 1; i < form; i++) {
            (void)numu_text_next_word(&rest);
        }
        if (form > 0) {
            word = (struct numu_text){run, form};
        }
        /* "Servant of the …" in one word, as Arabic often has it. */
        if (is_vowelless && word.length >= 7 && memcmp(word.data, "bdal", 4) == 0) {
            NUMU_TRY(add_word(name, (struct numu_text){word.data, 2}, true, arena));
            word = (struct numu_text){word.data + 4, word.length - 4};
        }
        /* "Servant of God" in two: one name in Latin letters. */
        struct numu_text ahead = rest;
        if (is_vowelless && numu_text_is(word, "bd") &&
            numu_text_is(numu_text_next_word(&ahead), "llh")) {
            word = NUMU_TEXT("bdllh");
            rest = ahead;
        }
        if (word.length > 0) {
            NUMU_TRY(is_vowelless ? add_word(name, word, true, arena)
                                  : add_parts(name, word, arena));
        }
    }
    return NUMU_OK;
}

/* The first letters of all words but one, without particles; fewer where there is no room. */
static size_t initials_of(const struct numu_name *name, uint32_t but, bool with_minor, char *out) {
    size_t length = 0;
    for (uint32_t i = 0; i < name->count; i++) {
        const struct numu_name_word *word = name->words[i];
        if (i != but && (with_minor || word->kind != NUMU_WORD_MINOR)) {
            out[length++] = word->letters[0];
        }
    }
    return length;
}

bool numu_name_is_short_for(const struct numu_name_word *word, const struct numu_name *name,
                            uint32_t but) {
    char initials[NUMU_NAME_WORDS_MAX];
    for (int with_minor = 0; with_minor <= 1; with_minor++) {
        size_t length = initials_of(name, but, with_minor == 1, initials);
        if (word->length >= 3 && word->length <= length &&
            memcmp(word->letters, initials, word->length) == 0) {
            return true;
        }
    }
    return false;
}

/* "Army of the North (AON)": the name says it all without its own short form. */
static void leave_out_short_form(struct numu_name *name) {
    for (uint32_t i = 0; i < name->count; i++) {
        if (name->count > 3 && numu_name_is_short_for(name->words[i], name, i)) {
            memmove(&name->words[i], &name->words[i + 1],
                    (name->count - i - 1) * sizeof name->words[0]);
            name->count--;
            return;
        }
    }
}

numu_status numu_name_read(struct numu_latin *latin, struct numu_text text,
                           struct numu_arena *arena, struct numu_name *out) {
    struct numu_buffer letters;
    struct numu_name name = {.count = 0};
    bool is_vowelless = false;
    numu_buffer_init(&letters, arena->heap, 0);
    numu_status status = numu_latin_append(latin, text, &letters, &is_vowelless);
    if (status == NUMU_OK) {
        status =
            add_words(&name, (struct numu_text){letters.data, letters.length}, is_vowelless, arena);
    }
    numu_buffer_release(&letters);
    NUMU_TRY(status);
    leave_out_short_form(&name);
    *out = name;
    return NUMU_OK;
}
