/*
 * latin_icu.c - latin.h by ICU's transliterators (https://unicode-org.github.io/icu/userguide/
 * transforms/general/). Plain ASCII, which most names are, never comes near them.
 */
#include "base/latin.h"

#include <string.h>
#include <unicode/ustring.h>
#include <unicode/utrans.h>

/* Code units of a text that are looked at; no name is longer. */
enum { UNITS_MAX = 4096 };

/* The handle is the transliterator itself: nothing else has to be kept, and no memory be ours. */
static UTransliterator *rules_of(struct numu_latin *latin) {
    return (UTransliterator *)(void *)latin;
}

numu_status numu_latin_open(struct numu_latin **out) {
    static const char names[] =
        "Russian-Latin/BGN; Arabic-Latin/BGN; Any-Latin; Latin-ASCII; Lower";
    UChar id[sizeof names];
    UErrorCode error = U_ZERO_ERROR;
    UParseError place;
    u_uastrcpy(id, names);
    UTransliterator *rules = utrans_openU(id, -1, UTRANS_FORWARD, NULL, 0, &place, &error);
    if (U_FAILURE(error)) {
        return error == U_MEMORY_ALLOCATION_ERROR ? NUMU_MEMORY : NUMU_BUG;
    }
    *out = (struct numu_latin *)(void *)rules;
    return NUMU_OK;
}

void numu_latin_close(struct numu_latin *latin) {
    if (latin != NULL) {
        utrans_close(rules_of(latin));
    }
}

static bool is_plain(char character) {
    return (character >= 'a' && character <= 'z') || (character >= '0' && character <= '9');
}

/* Marks that stand within a word and part nothing: O'Neil, ‘Abd. */
static bool is_silent(char character) {
    return character == '\'' || character == '`' || character == '"';
}

static numu_status append_words(struct numu_text ascii, struct numu_buffer *buffer) {
    bool is_open = false; /* a word has begun */
    bool had_word = false;
    NUMU_TRY(numu_buffer_reserve(buffer, ascii.length + 1));
    for (size_t i = 0; i < ascii.length; i++) {
        char character = ascii.data[i];
        if (character >= 'A' && character <= 'Z') {
            character = (char)(character - 'A' + 'a');
        }
        if (is_plain(character)) {
            if (!is_open && had_word) {
                NUMU_TRY(numu_buffer_append_char(buffer, ' '));
            }
            NUMU_TRY(numu_buffer_append_char(buffer, character));
            is_open = had_word = true;
        } else if (!is_silent(character)) {
            is_open = false;
        }
    }
    return NUMU_OK;
}

/* Hebrew, Arabic, Syriac and their kin, and their presentation forms. */
static bool is_vowelless(UChar unit) {
    return (unit >= 0x0590 && unit <= 0x08ff) || (unit >= 0xfb1d && unit <= 0xfdff) ||
           (unit >= 0xfe70 && unit <= 0xfefc);
}

/* Quotation marks, modifier letters and joiners that stand within words, as an apostrophe. */
static UChar simplify(UChar unit) {
    bool is_mark = (unit >= 0x02b0 && unit <= 0x02ff) || (unit >= 0x2018 && unit <= 0x201f) ||
                   (unit >= 0x0300 && unit <= 0x036f) || unit == 0x00b4 || unit == 0x200c ||
                   unit == 0x200d || unit == 0x00ad || unit == 0x0640;
    return is_mark ? '\'' : unit;
}

/* The Arabic letters, with those that Persian, Pashto and Urdu add. */
static bool is_arabic_letter(UChar unit) {
    return (unit >= 0x0620 && unit <= 0x064a) || (unit >= 0x066e && unit <= 0x06d3);
}

/*
 * The article that Arabic writes in one with the noun, which Latin letters write apart or not at
 * all, becomes a blank; not in the name of God, nor where little would be left.
 */
static void part_articles(UChar *units, int32_t count) {
    enum { ALEF = 0x0627, LAM = 0x0644, REST_MIN = 3 };
    for (int32_t i = 0; i + 1 < count; i++) {
        bool begins = i == 0 || !is_arabic_letter(units[i - 1]);
        int32_t end = i + 2;
        if (!begins || units[i] != ALEF || units[i + 1] != LAM) {
            continue;
        }
        while (end < count && is_arabic_letter(units[end])) {
            end++;
        }
        if (end - i - 2 >= REST_MIN) {
            units[i] = units[i + 1] = ' ';
        }
    }
}

static numu_status append_transliterated(struct numu_latin *latin, struct numu_text text,
                                         struct numu_buffer *buffer, bool *out_is_vowelless) {
    UChar units[UNITS_MAX];
    int32_t count;
    UErrorCode error = U_ZERO_ERROR;
    int32_t bytes = text.length > UNITS_MAX / 4 ? UNITS_MAX / 4 : (int32_t)text.length;
    u_strFromUTF8WithSub(units, UNITS_MAX, &count, text.data, bytes, ' ', NULL, &error);
    if (U_FAILURE(error)) {
        return NUMU_BUG;
    }
    for (int32_t i = 0; i < count; i++) {
        *out_is_vowelless = *out_is_vowelless || is_vowelless(units[i]);
        units[i] = simplify(units[i]);
    }
    part_articles(units, count);
    int32_t limit = count;
    utrans_transUChars(rules_of(latin), units, &count, UNITS_MAX, 0, &limit, &error);
    if (error != U_BUFFER_OVERFLOW_ERROR && U_FAILURE(error)) {
        return error == U_MEMORY_ALLOCATION_ERROR ? NUMU_MEMORY : NUMU_BUG;
    }
    char ascii[UNITS_MAX];
    int32_t length = count < UNITS_MAX ? count : UNITS_MAX;
    for (int32_t i = 0; i < length; i++) {
        UChar unit = simplify(units[i]);
        ascii[i] = unit < 0x80 ? (char)unit : ' ';
    }
    return append_words((struct numu_text){ascii, (size_t)length}, buffer);
}

numu_status numu_latin_append(struct numu_latin *latin, struct numu_text text,
                              struct numu_buffer *buffer, bool *out_is_vowelless) {
    *out_is_vowelless = false;
    for (size_t i = 0; i < text.length; i++) {
        if ((unsigned char)text.data[i] >= 0x80) {
            return append_transliterated(latin, text, buffer, out_is_vowelless);
        }
    }
    return append_words(text, buffer);
}
