/*
 * name.c - words of a name: letters, bones, kind, weight; how alike two words are.
 *
 * Bones are consonants without doubles, each class of those that languages of the lists write for
 * one another as one letter. "Mohammed", "Muhamad" and محمد all have the bones "mhmd".
 */
#include "rules/name.h"

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

/* Pairs of letters that stand for one sound, and the letter that others write for it. */
static size_t read_sound(const char *letters, size_t left, char *out) {
    static const char pairs[][4] = {"khh", "ghg", "shs", "thz", "dhz", "zhz", "chj",
                                    "phf", "djj", "ouu", "oou", "eei", "iyi", "yii"};
    for (size_t i = 0; left >= 2 && i < sizeof pairs / sizeof pairs[0]; i++) {
        if (letters[0] == pairs[i][0] && letters[1] == pairs[i][1]) {
            *out = pairs[i][2];
            return 2;
        }
    }
    bool is_soft = letters[0] == 'c' && left >= 2 && strchr("eiy", letters[1]) != NULL;
    *out = is_soft ? 's' : letters[0];
    return 1;
}

static void set_sounds(struct numu_name_word *word) {
    for (size_t i = 0; i < word->length;) {
        char sound;
        i += read_sound(word->letters + i, word->length - i, &sound);
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

static numu_word_kind kind_of(const char *letters, size_t length) {
    static const struct {
        numu_word_kind kind;
        const char *words;
    } lists[] = {
#define NUMU_NAME_WORDS(kind, words) {NUMU_WORD_##kind, words},
#include "rules/name_words.def"
#undef NUMU_NAME_WORDS
    };
    if (strspn(letters, "0123456789") == length || holds_word(roman_numbers, letters, length)) {
        return NUMU_WORD_NUMBER;
    }
    for (size_t i = 0; i < sizeof lists / sizeof lists[0]; i++) {
        if (holds_word(lists[i].words, letters, length)) {
            return lists[i].kind;
        }
    }
    return length == 1 ? NUMU_WORD_INITIAL : NUMU_WORD_PLAIN;
}

/* The article that Arabic writes in one with the noun, and Latin letters seldom do. */
static struct numu_text without_article(struct numu_text letters) {
    bool has_article = letters.length >= 4 && letters.data[0] == 'a' && letters.data[1] == 'l';
    return has_article ? (struct numu_text){letters.data + 2, letters.length - 2} : letters;
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
    set_letters(word, is_vowelless ? without_article(letters) : without_ending(letters));
    word->kind = (uint8_t)kind_of(word->letters, word->length);
}

void numu_name_word_init_joined(struct numu_name_word *word, struct numu_text letters,
                                bool is_vowelless) {
    *word = (struct numu_name_word){.is_vowelless = is_vowelless};
    set_letters(word, letters);
    word->kind = NUMU_WORD_PLAIN;
}

double numu_name_word_weight(const struct numu_name_word *word, numu_party party) {
    bool is_of_company = party == NUMU_PARTY_COMPANY || party == NUMU_PARTY_ANY;
    switch ((numu_word_kind)word->kind) {
    case NUMU_WORD_COMMON:
        return party == NUMU_PARTY_COMPANY ? 0.9 : 0.7;
    case NUMU_WORD_GENERIC:
        return is_of_company ? 0.4 : 0.8;
    case NUMU_WORD_FORM:
        return is_of_company ? 0.03 : 0.3;
    case NUMU_WORD_MINOR:
        return 0.08;
    case NUMU_WORD_INITIAL:
        return party == NUMU_PARTY_COMPANY ? 0.15 : 0.3;
    case NUMU_WORD_NUMBER:
        return party == NUMU_PARTY_PERSON ? 0.3 : 1.2;
    case NUMU_WORD_PLAIN:
        break;
    }
    return word->length <= 2 ? 0.6 : 1;
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
        if (is_vowelless && word.length >= 6 && memcmp(word.data, "bdal", 4) == 0) {
            NUMU_TRY(add_word(name, (struct numu_text){word.data, 2}, true, arena));
            word = (struct numu_text){word.data + 2, word.length - 2};
        }
        if (word.length > 0) {
            NUMU_TRY(add_word(name, word, is_vowelless, arena));
        }
    }
    return NUMU_OK;
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
    *out = name;
    return NUMU_OK;
}
