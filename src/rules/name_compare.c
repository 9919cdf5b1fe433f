/*
 * name_compare.c - how alike two words are, and two names.
 *
 * Words: the optimal string alignment distance (insert, delete, replace, swap of neighbours) with
 * costs in twentieths: what scribes and transliterations confuse costs less than what they do not.
 * Similarity is 1 - cost ÷ length of the longer word.
 *
 * Names: pairs of words, the best first, each word once; a word may pair with two neighbours
 * joined. With M = Σ similarity × weight of the pairs, W = Σ weight of the pairs, and u, v the
 * weights of what found no pair in either name, less and more of the two,
 *     score = M ÷ (W + α u + β v)
 * where α is about 1 (both names hold something else: other people) and β is small for people (a
 * middle name was left out) and larger for companies. Figures were set on lists and names that are
 * no part of the project: docs/screening.md.
 */
#include "rules/name.h"

#include <string.h>

/* --- words --- */

enum { ONE = 20 }; /* cost of a plain edit */

/* A word less like another in its letters than this reaches no floor, whatever its bones. */
#define WORD_LIKENESS_MIN 0.49

/* How much faster than its edits a word becomes another; a short one has fewer letters to spare. */
#define STRICTNESS 1.29
#define STRICTNESS_SHORT (STRICTNESS * 1.25) /* up to four letters */
#define STRICTNESS_FIVE (STRICTNESS * 1.2)

/* Two neighbours joined are one word of the other name from this likeness on. */
#define JOINED_MIN 0.91

/* The same across scripts, where vowels cannot tell: four signs in common. */
#define JOINED_MIN_VOWELLESS 0.94

/* What a family's name has of the given name that it is made of: Ahmadi of Ahmad. */
#define FAMILY_OF_GIVEN 0.8

/* What agreement of sounds is worth of that of letters, what another beginning costs, and what of
   the rest to 1 the same consonants make good. */
#define SOUNDED 0.95
#define OTHER_BEGINNING 0.06
#define SAME_BONES 0.39

/* Words less alike are not alike at all: of up to three letters, of four, of more. */
#define FLOOR_THREE 0.83
#define FLOOR_FOUR 0.81
#define FLOOR_LONG 0.70

/* Likeness of three consonants, or fewer, from which they may be the same ones. */
#define CONSONANTS_MIN_SHORT 0.82
#define CONSONANTS_MIN 0.78

/* Two forms of a name that are one in other languages. */
#define EQUAL_NAMES 0.97

/* A word that another begins with, or both begin so: industries, industrial. Of companies only. */
#define SAME_STEM 0.92

/* A word with the Arabic article before it, and without. */
#define WITH_ARTICLE 0.97

/* A very common name that finds no other is another name, however many bear it. */
#define COMMON_LACKING 0.78

/* The same where the other name has nothing instead, and that of a father's name. */
#define COMMON_LEFT_OUT 0.6
#define FATHER_LEFT_OUT 0.3

/* How much more the number of a vessel says that only one name has: sisters differ by it. */
#define VESSEL_NUMBER 3.0

/* Weight of other words from which nothing was merely left out. */
#define LEFT_OUT_UNTIL 0.5

/* Agreement of less weight than this is little evidence where something is missing. */
#define EVIDENCE_FULL 2.16
#define EVIDENCE_FULL_COMPANY 1.88

/* What α and β of the head are. */
#define LACKING_IN_BOTH 1.2
#define LACKING_IN_ONE 0.33
#define LACKING_IN_ONE_COMPANY 0.39

/*
 * Groups of letters that are written for one another, a bit each: vowels, e-i-y, i-y-j, c-k-q,
 * g-k-q, g-j, s-z-c, v-w-b-f, t-d, b-p, h-k-x, j-z, u-v-w, x-k, d-z.
 */
enum { VOWELS = 1 };
static const uint16_t groups_of_letter[26] = {
    ['a' - 'a'] = VOWELS,
    ['b' - 'a'] = 1 << 7 | 1 << 9,
    ['c' - 'a'] = 1 << 3 | 1 << 6,
    ['d' - 'a'] = 1 << 8 | 1 << 14,
    ['e' - 'a'] = VOWELS | 1 << 1,
    ['f' - 'a'] = 1 << 7,
    ['g' - 'a'] = 1 << 4 | 1 << 5,
    ['h' - 'a'] = 1 << 10,
    ['i' - 'a'] = VOWELS | 1 << 1 | 1 << 2,
    ['j' - 'a'] = 1 << 2 | 1 << 5 | 1 << 11,
    ['k' - 'a'] = 1 << 3 | 1 << 4 | 1 << 10 | 1 << 13,
    ['o' - 'a'] = VOWELS,
    ['p' - 'a'] = 1 << 9,
    ['q' - 'a'] = 1 << 3 | 1 << 4,
    ['s' - 'a'] = 1 << 6,
    ['t' - 'a'] = 1 << 8,
    ['u' - 'a'] = VOWELS | 1 << 12,
    ['v' - 'a'] = 1 << 7 | 1 << 12,
    ['w' - 'a'] = 1 << 7 | 1 << 12,
    ['x' - 'a'] = 1 << 10 | 1 << 13,
    ['y' - 'a'] = 1 << 1 | 1 << 2,
    ['z' - 'a'] = 1 << 6 | 1 << 11 | 1 << 14,
};

static unsigned groups_of(char letter) {
    return letter >= 'a' && letter <= 'z' ? groups_of_letter[letter - 'a'] : 0;
}

static bool is_vowel(char letter) {
    return (groups_of(letter) & VOWELS) != 0;
}

static int cost_of_change(char a, char b) {
    if (a == b) {
        return 0;
    }
    unsigned common = groups_of(a) & groups_of(b);
    return (common & VOWELS) != 0 ? 9 : common != 0 ? 10 : ONE;
}

/* Of a letter that only one word has, beside the letter `next` to it. */
static int cost_of_gap(char letter, char next) {
    if (letter == next) {
        return 5;
    }
    if (is_vowel(letter) || letter == 'h') {
        return 11;
    }
    return letter == 'y' || letter == 'w' ? 12 : ONE;
}

static int least(int a, int b) {
    return a < b ? a : b;
}

/* Rows less alike than this say nothing; those of as many words less than the second. */
#define ROW_LIKENESS_MIN 0.85
#define ROW_LIKENESS_CLEAR 0.87
#define ROW_LIKENESS_VESSEL 0.95

enum { LETTERS_MAX = 128 }; /* of all words of a name in a row */

/* The cost, or more than `limit` where it is more. */
static int edit_cost(const char *a, size_t a_length, const char *b, size_t b_length, int limit) {
    int rows[3][LETTERS_MAX + 1];
    int *before = rows[0], *last = rows[1], *row = rows[2];
    int lowest_before = 0;
    last[0] = 0;
    for (size_t j = 1; j <= b_length; j++) {
        last[j] = last[j - 1] + cost_of_gap(b[j - 1], j > 1 ? b[j - 2] : '\0');
    }
    for (size_t i = 1; i <= a_length; i++) {
        int gap_a = cost_of_gap(a[i - 1], i > 1 ? a[i - 2] : '\0');
        int lowest = row[0] = last[0] + gap_a;
        for (size_t j = 1; j <= b_length; j++) {
            int cost = last[j - 1] + cost_of_change(a[i - 1], b[j - 1]);
            cost = least(cost, last[j] + gap_a);
            cost = least(cost, row[j - 1] + cost_of_gap(b[j - 1], j > 1 ? b[j - 2] : '\0'));
            if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
                cost = least(cost, before[j - 2] + 14);
            }
            row[j] = cost;
            lowest = least(lowest, cost);
        }
        /* A swap reaches back two rows: both must be beyond the limit. */
        if (lowest > limit && lowest_before > limit) {
            return lowest;
        }
        lowest_before = lowest;
        int *free_row = before;
        before = last;
        last = row;
        row = free_row;
    }
    return last[b_length];
}

/* 0 where it is less than `least_likeness`, which saves most of the work. */
static double likeness(const char *a, size_t a_length, const char *b, size_t b_length,
                       double least_likeness) {
    size_t longer = a_length > b_length ? a_length : b_length;
    if (longer == 0) {
        return 0;
    }
    int limit = (int)((1 - least_likeness) * ONE * (double)longer) + 1;
    double cost = (double)edit_cost(a, a_length, b, b_length, limit) / ONE;
    double value = 1 - cost / (double)longer;
    return value < least_likeness ? 0 : value;
}

/* Sounds that are no vowels. */
static size_t consonants_of(const struct numu_name_word *word, char *out) {
    size_t count = 0;
    for (size_t i = 0; i < word->sounds_length; i++) {
        char sound = word->sounds[i];
        if (!is_vowel(sound) && sound != 'y' && sound != 'w') {
            out[count++] = sound;
        }
    }
    return count > 1 && out[count - 1] == 'h' ? count - 1 : count;
}

static bool has_same_bones(const struct numu_name_word *a, const struct numu_name_word *b) {
    return a->bones_length == b->bones_length && memcmp(a->bones, b->bones, a->bones_length) == 0;
}

/*
 * A word as a script without vowels would have it: consonants, and y and w where a long vowel may
 * be written with them; those of a word that has none already as they are.
 */
static size_t long_row_of(const struct numu_name_word *word, char *out) {
    size_t count = 0;
    for (size_t i = 0; i < word->sounds_length; i++) {
        char sound = word->sounds[i];
        sound = sound == 'e' || sound == 'i' ? 'y' : sound == 'o' || sound == 'u' ? 'w' : sound;
        if (sound != 'a' && (count == 0 || out[count - 1] != sound)) {
            out[count++] = sound;
        }
    }
    return count > 1 && out[count - 1] == 'h' ? count - 1 : count;
}

/* Cross-script likenesses of words that agree in all, by how many signs. */
static double agreement_of(size_t signs) {
    return signs >= 4 ? 0.96 : signs == 3 ? 0.94 : signs == 2 ? 0.85 : 0.5;
}

/*
 * Of two words one of which has no vowels: consonants alone, and with long vowels. A mute h at the
 * end may be there or not, and of t and s, d and z, of which Arabic has four each, either may be
 * heard.
 */
static double compare_consonants(const struct numu_name_word *a, const struct numu_name_word *b) {
    char a_row[NUMU_WORD_LETTERS_MAX], b_row[NUMU_WORD_LETTERS_MAX];
    size_t a_length = long_row_of(a, a_row), b_length = long_row_of(b, b_row);
    if (a_length == b_length && a_length > 1 && memcmp(a_row, b_row, a_length) == 0) {
        return agreement_of(a_length);
    }
    a_length = consonants_of(a, a_row);
    b_length = consonants_of(b, b_row);
    size_t longer = a_length > b_length ? a_length : b_length;
    if (a_length == 0 || b_length == 0) {
        return 0;
    }
    double value = likeness(a_row, a_length, b_row, b_length, CONSONANTS_MIN);
    if (value >= 1) {
        return agreement_of(longer) - 0.01;
    }
    double floor = longer <= 3 ? CONSONANTS_MIN_SHORT : CONSONANTS_MIN;
    return value < floor ? 0 : value * 0.95;
}

/* Whether bones say that words cannot be alike: each that only one has costs half an edit. */
static bool are_far_apart(const struct numu_name_word *a, const struct numu_name_word *b,
                          int longer) {
    int different = __builtin_popcount(a->bone_set ^ b->bone_set);
    return different > 1 + longer / 2;
}

/* The next digit at or after *at, or 0 at the end. */
static char digit_next(const struct numu_name_word *word, size_t *at) {
    while (*at < word->length) {
        char letter = word->letters[(*at)++];
        if (letter >= '0' && letter <= '9') {
            return letter;
        }
    }
    return 0;
}

/* A figure in a word is a number: another figure makes another word, as in YV1003 and YV1004. */
static bool has_other_digits(const struct numu_name_word *a, const struct numu_name_word *b) {
    size_t a_at = 0, b_at = 0;
    for (;;) {
        char of_a = digit_next(a, &a_at), of_b = digit_next(b, &b_at);
        if (of_a != of_b) {
            return true;
        }
        if (of_a == 0) {
            return false;
        }
    }
}

/* Whether two neighbours stand in a word: "hm" in "mahmoud". */
static bool has_letters(const struct numu_name_word *word, char first, char second) {
    for (size_t i = 0; i + 1 < word->length; i++) {
        if (word->letters[i] == first && word->letters[i + 1] == second) {
            return true;
        }
    }
    return false;
}

static char first_vowel(const struct numu_name_word *word) {
    for (size_t i = 0; i < word->length; i++) {
        if (is_vowel(word->letters[i])) {
            return word->letters[i] == 'o' ? 'u' : word->letters[i];
        }
    }
    return 0;
}

/*
 * Two given names that very many bear have the consonants of two others: Mahmoud those of
 * Muhammad, Hussein those of Hassan. Only their vowels tell them apart.
 */
static bool are_namesakes_apart(const struct numu_name_word *a, const struct numu_name_word *b) {
    struct numu_text bones = {a->bones, a->bones_length};
    if (numu_text_is(bones, "mhmt")) {
        return has_letters(a, 'h', 'm') != has_letters(b, 'h', 'm');
    }
    return numu_text_is(bones, "hsn") && (first_vowel(a) == 'u') != (first_vowel(b) == 'u');
}

/* Ahmadi is of Ahmad, and another name: a family's, not a given one. */
static bool is_family_of(const struct numu_name_word *longer,
                         const struct numu_name_word *shorter) {
    return longer->length == shorter->length + 1 && longer->letters[longer->length - 1] == 'i' &&
           memcmp(longer->letters, shorter->letters, shorter->length) == 0;
}

/* Whether both begin with the same sound, or one that is written for it. */
static bool begin_alike(const struct numu_name_word *a, const struct numu_name_word *b) {
    return a->letters[0] == b->letters[0] ||
           (groups_of(a->letters[0]) & groups_of(b->letters[0])) ||
           (a->sounds_length > 0 && b->sounds_length > 0 && a->sounds[0] == b->sounds[0]);
}

/* By letters and by sounds, whichever is more; 0 below what two words of their length need. */
static double compare_letters(const struct numu_name_word *a, const struct numu_name_word *b) {
    bool same_bones = has_same_bones(a, b);
    int difference = a->length > b->length ? a->length - b->length : b->length - a->length;
    int longer = a->length > b->length ? a->length : b->length;
    if (difference * 3 > longer + 2 || are_far_apart(a, b, longer)) {
        return 0;
    }
    double value = likeness(a->letters, a->length, b->letters, b->length, WORD_LIKENESS_MIN);
    if (!a->is_phonetic || !b->is_phonetic) {
        double sounded =
            likeness(a->sounds, a->sounds_length, b->sounds, b->sounds_length, WORD_LIKENESS_MIN) *
            SOUNDED;
        value = sounded > value ? sounded : value;
    }
    /* A short word has few letters to spare, and common names are common in many forms. */
    double strictness = longer <= 4 ? STRICTNESS_SHORT : longer == 5 ? STRICTNESS_FIVE : STRICTNESS;
    if (a->kind == NUMU_WORD_COMMON && b->kind == NUMU_WORD_COMMON && !same_bones) {
        strictness *= 1.25;
    }
    value = 1 - strictness * (1 - value);
    if (!begin_alike(a, b)) {
        value -= OTHER_BEGINNING;
    }
    if (same_bones && a->bones_length >= 3) {
        value += (1 - value) * SAME_BONES;
    }
    if (value > FAMILY_OF_GIVEN && (is_family_of(a, b) || is_family_of(b, a))) {
        value = FAMILY_OF_GIVEN;
    }
    /* In a short word one letter makes another word. */
    double floor = longer <= 3 ? FLOOR_THREE : longer <= 4 ? FLOOR_FOUR : FLOOR_LONG;
    return value < floor ? 0 : value;
}

/* The word without an article before it; false where it has none or little would be left. */
static bool drop_article(const struct numu_name_word *word, struct numu_name_word *out) {
    if (word->length < 6 || (word->letters[0] != 'a' && word->letters[0] != 'e') ||
        word->letters[1] != 'l') {
        return false;
    }
    numu_name_word_init(out, (struct numu_text){word->letters + 2, word->length - 2U}, false);
    return true;
}

static double compare_without_article(const struct numu_name_word *a,
                                      const struct numu_name_word *b) {
    struct numu_name_word rest;
    bool is_of_a = a->length > b->length;
    if (a->length == b->length || !drop_article(is_of_a ? a : b, &rest)) {
        return 0;
    }
    const struct numu_name_word *other = is_of_a ? b : a;
    bool same =
        rest.length == other->length && memcmp(rest.letters, other->letters, rest.length) == 0;
    return WITH_ARTICLE * (same ? 1 : compare_letters(&rest, other));
}

/* Words that names of sisters differ by, however alike they are written. */
static bool is_contrast(const struct numu_name_word *word) {
    static const char *const words[] = {
        "north",   "northern", "south",  "southern", "east",    "eastern", "west",
        "western", "first",    "second", "third",    "fourth",  "fifth",   "sixth",
        "seventh", "eighth",   "ninth",  "tenth",    "upper",   "lower",   "inner",
        "outer",   "one",      "two",    "three",    "four",    "five",    "six",
        "seven",   "eight",    "import", "export",   "imports", "exports", NULL};
    for (size_t i = 0; words[i] != NULL; i++) {
        if (words[i][0] == word->letters[0] && strcmp(words[i], word->letters) == 0) {
            return true;
        }
    }
    return false;
}

double numu_name_word_compare(const struct numu_name_word *a, const struct numu_name_word *b) {
    if (a->length == b->length && memcmp(a->letters, b->letters, a->length) == 0) {
        return 1;
    }
    if (a->kind == NUMU_WORD_NUMBER || b->kind == NUMU_WORD_NUMBER || a->length == 0 ||
        b->length == 0 || has_other_digits(a, b)) {
        return 0;
    }
    if (a->group != 0 && a->group == b->group) {
        return EQUAL_NAMES;
    }
    if (a->length == 1 || b->length == 1) {
        return a->letters[0] == b->letters[0] ? 0.75 : 0;
    }
    if (a->is_vowelless != b->is_vowelless) {
        return compare_consonants(a, b);
    }
    if (has_same_bones(a, b) && are_namesakes_apart(a, b)) {
        return 0;
    }
    double value = compare_letters(a, b);
    if (value > 0 && is_contrast(a) && is_contrast(b)) {
        return 0;
    }
    return value > 0 ? value : compare_without_article(a, b);
}

/* --- names --- */

struct pair {
    double likeness, weight;
    uint8_t a, b;           /* first word of each */
    uint8_t a_span, b_span; /* words joined: 1 or 2 */
};

enum { PAIRS_MAX = 3 * NUMU_NAME_WORDS_MAX * NUMU_NAME_WORDS_MAX };

struct pairing {
    struct pair list[PAIRS_MAX];
    uint32_t count;
};

static double weight_of(const struct numu_name *name, uint32_t word, uint32_t span,
                        numu_party party) {
    double weight = 0;
    for (uint32_t i = word; i < word + span; i++) {
        weight += numu_name_word_weight(name->words[i], party);
    }
    return weight;
}

bool numu_name_join(const struct numu_name *name, uint32_t word, struct numu_name_word *out) {
    char letters[2 * NUMU_WORD_LETTERS_MAX];
    const struct numu_name_word *first = name->words[word];
    const struct numu_name_word *second = name->words[word + 1];
    if (first->length + second->length > NUMU_WORD_LETTERS_MAX) {
        return false;
    }
    memcpy(letters, first->letters, first->length);
    memcpy(letters + first->length, second->letters, second->length);
    numu_name_word_init_joined(out,
                               (struct numu_text){letters, (size_t)first->length + second->length},
                               first->is_vowelless || second->is_vowelless);
    return true;
}

static void add_pair(struct pairing *pairing, double value, double weight, uint32_t a,
                     uint32_t a_span, uint32_t b, uint32_t b_span) {
    if (value > 0 && pairing->count < PAIRS_MAX) {
        pairing->list[pairing->count++] =
            (struct pair){value, weight, (uint8_t)a, (uint8_t)b, (uint8_t)a_span, (uint8_t)b_span};
    }
}

/* Whether two neighbours may be the same as a word, before they are joined: by length and start. */
static bool may_join(const struct numu_name *many, uint32_t i, const struct numu_name *one) {
    int length = many->words[i]->length + many->words[i + 1]->length;
    char first = many->words[i]->letters[0];
    for (uint32_t j = 0; j < one->count; j++) {
        const struct numu_name_word *word = one->words[j];
        if (many->words[i]->is_vowelless != word->is_vowelless ||
            (word->length <= length + 3 && length <= word->length + 3 &&
             (word->letters[0] == first || groups_of(word->letters[0]) & groups_of(first)))) {
            return true;
        }
    }
    return false;
}

static bool may_be_joined(const struct numu_name_word *joined, const struct numu_name_word *word) {
    if (joined->is_vowelless != word->is_vowelless) {
        return word->bones_length >= 2 && word->bones_length <= joined->bones_length + 1 &&
               joined->bones_length <= word->bones_length + 1;
    }
    return word->length >= 4 && word->length <= joined->length + 2 &&
           joined->length <= word->length + 2;
}

/* Numbers of vessels are the same, or others: none is misspelt. */
static bool are_other_numbers(const struct numu_name_word *a, const struct numu_name_word *b,
                              double value, numu_party party) {
    return party == NUMU_PARTY_VESSEL && value < 1 &&
           (numu_name_word_is_number(a, party) || numu_name_word_is_number(b, party));
}

/* Pairs of two neighbours of `many` with one word of `one`; `swapped` tells whose they are. */
static void add_joined(struct pairing *pairing, const struct numu_name *many,
                       const struct numu_name *one, numu_party party, bool swapped) {
    for (uint32_t i = 0; i + 1 < many->count; i++) {
        struct numu_name_word joined;
        if (!may_join(many, i, one) || !numu_name_join(many, i, &joined)) {
            continue;
        }
        double weight = weight_of(many, i, 2, party);
        for (uint32_t j = 0; j < one->count; j++) {
            if (!may_be_joined(&joined, one->words[j])) {
                continue;
            }
            double value = numu_name_word_compare(&joined, one->words[j]);
            if (value < (joined.is_vowelless != one->words[j]->is_vowelless ? JOINED_MIN_VOWELLESS
                                                                            : JOINED_MIN) ||
                are_other_numbers(&joined, one->words[j], value, party)) {
                continue;
            }
            double both = (weight + numu_name_word_weight(one->words[j], party)) / 2;
            if (swapped) {
                add_pair(pairing, value, both, j, 1, i, 2);
            } else {
                add_pair(pairing, value, both, i, 2, j, 1);
            }
        }
    }
}

/* What a pair is taken for. Joined words stand back where a plain one is as much alike, the less
   where they are the same to the letter. */
static double worth_of(const struct pair *pair) {
    bool is_joined = pair->a_span + pair->b_span > 2;
    double factor = !is_joined ? 1 : pair->likeness > 0.99 ? 0.95 : 0.7;
    return pair->likeness * pair->weight * factor;
}

/* Whether pair p is to be taken before q: likeness in weight, then plain before joined, then place
   (as the unordered pair of places, so that swapping the names changes nothing). */
static bool is_before(const struct pair *p, const struct pair *q) {
    double p_worth = worth_of(p), q_worth = worth_of(q);
    if (p_worth > q_worth + 1e-12 || q_worth > p_worth + 1e-12) {
        return p_worth > q_worth;
    }
    int p_span = p->a_span + p->b_span, q_span = q->a_span + q->b_span;
    if (p_span != q_span) {
        return p_span < q_span;
    }
    int p_distance = p->a > p->b ? p->a - p->b : p->b - p->a;
    int q_distance = q->a > q->b ? q->a - q->b : q->b - q->a;
    if (p_distance != q_distance) {
        return p_distance < q_distance;
    }
    return p->a + p->b < q->a + q->b;
}

static bool is_free(uint32_t taken, uint32_t word, uint32_t span) {
    return (taken & (((1U << span) - 1U) << word)) == 0;
}

struct tally {
    double matched; /* M */
    double weight;  /* W */
    uint32_t a_taken, b_taken;
};

static struct tally take_pairs(struct pairing *pairing) {
    struct tally tally = {0};
    for (;;) {
        const struct pair *best = NULL;
        for (uint32_t i = 0; i < pairing->count; i++) {
            const struct pair *pair = &pairing->list[i];
            if (is_free(tally.a_taken, pair->a, pair->a_span) &&
                is_free(tally.b_taken, pair->b, pair->b_span) &&
                (best == NULL || is_before(pair, best))) {
                best = pair;
            }
        }
        if (best == NULL) {
            return tally;
        }
        tally.matched += best->likeness * best->weight;
        tally.weight += best->weight;
        tally.a_taken |= ((1U << best->a_span) - 1U) << best->a;
        tally.b_taken |= ((1U << best->b_span) - 1U) << best->b;
    }
}

/* What found no pair in a name: as another name, and as one that was merely left out. */
struct lacking {
    double other, left_out;
};

static struct lacking add_lacking(const struct numu_name *name, uint32_t taken, numu_party party) {
    struct lacking lacking = {0, 0};
    bool is_person = party == NUMU_PARTY_PERSON || party == NUMU_PARTY_ANY;
    for (uint32_t i = 0; i < name->count; i++) {
        const struct numu_name_word *word = name->words[i];
        if (!is_free(taken, i, 1)) {
            continue;
        }
        double weight = numu_name_word_weight(word, party);
        bool is_common = word->kind == NUMU_WORD_COMMON && is_person;
        lacking.other += is_common ? COMMON_LACKING : weight;
        bool is_number = party == NUMU_PARTY_VESSEL && numu_name_word_is_number(word, party);
        lacking.left_out += is_number                        ? weight * VESSEL_NUMBER
                            : is_common                      ? COMMON_LEFT_OUT
                            : word->kind == NUMU_WORD_FATHER ? FATHER_LEFT_OUT
                                                             : weight;
    }
    return lacking;
}

/* All letters in a row, but those of forms, titles and particles. */
static size_t write_row(const struct numu_name *name, char *out) {
    size_t length = 0;
    for (uint32_t i = 0; i < name->count; i++) {
        const struct numu_name_word *word = name->words[i];
        if (word->kind != NUMU_WORD_FORM && word->kind != NUMU_WORD_MINOR &&
            length + word->length <= LETTERS_MAX) {
            memcpy(out + length, word->letters, word->length);
            length += word->length;
        }
    }
    return length;
}

/*
 * A bound on how alike rows can be: letters that only one has cost at least the cheaper half of the
 * cheapest change.
 */
static bool may_be_near(const char *a, size_t a_length, const char *b, size_t b_length,
                        double least_likeness) {
    int counts[128] = {0};
    int different = 0;
    for (size_t i = 0; i < a_length; i++) {
        counts[(unsigned char)a[i] & 0x7f]++;
    }
    for (size_t i = 0; i < b_length; i++) {
        counts[(unsigned char)b[i] & 0x7f]--;
    }
    for (size_t i = 0; i < 128; i++) {
        different += counts[i] < 0 ? -counts[i] : counts[i];
    }
    size_t longer = a_length > b_length ? a_length : b_length;
    return (double)different * 0.2 <= (1 - least_likeness) * (double)longer;
}

static double compare_rows(const struct numu_name *a, const struct numu_name *b) {
    char a_row[LETTERS_MAX], b_row[LETTERS_MAX];
    size_t a_length = write_row(a, a_row), b_length = write_row(b, b_row);
    size_t shorter = a_length < b_length ? a_length : b_length;
    size_t longer = a_length + b_length - shorter;
    if (shorter < 6 || longer - shorter > longer / 4 ||
        !may_be_near(a_row, a_length, b_row, b_length, ROW_LIKENESS_MIN)) {
        return 0;
    }
    return likeness(a_row, a_length, b_row, b_length, ROW_LIKENESS_MIN);
}

static bool holds_other_number(const struct numu_name *name, uint32_t taken, numu_party party) {
    for (uint32_t i = 0; i < name->count; i++) {
        if (is_free(taken, i, 1) &&
            (numu_name_word_is_number(name->words[i], party) || is_contrast(name->words[i]))) {
            return true;
        }
    }
    return false;
}

/* Words of companies less alike than this are more likely others than misspelt. */
#define COMPANY_LIKENESS_CLEAR 0.74
#define OTHER_COMPANY_WORD 0.92
#define OTHER_VESSEL_WORD 0.75

/* A company's short form that is its first letters. */
#define SHORT_FORM 0.85

/* A name of a person that is only the beginning of a longer one. */
#define BEGINNING_OF_NAME 0.78

static bool is_beginning(const struct numu_name_word *a, const struct numu_name_word *b) {
    enum { LETTERS_MIN = 5, MORE_MIN = 3 };
    const struct numu_name_word *shorter = a->length < b->length ? a : b;
    const struct numu_name_word *longer = shorter == a ? b : a;
    return shorter->length >= LETTERS_MIN && longer->length >= shorter->length + MORE_MIN &&
           a->is_vowelless == b->is_vowelless &&
           memcmp(a->letters, b->letters, shorter->length) == 0;
}

/* Both begin with the same letters, and little follows in the shorter word. */
static bool has_same_stem(const struct numu_name_word *a, const struct numu_name_word *b) {
    enum { STEM_MIN = 4, ENDING_MAX = 3, ENDINGS_MAX = 9 };
    size_t shorter = a->length < b->length ? a->length : b->length, same = 0;
    size_t longer = (size_t)a->length + b->length - shorter;
    if (a->is_vowelless || b->is_vowelless || a->kind == NUMU_WORD_NUMBER ||
        b->kind == NUMU_WORD_NUMBER) {
        return false;
    }
    while (same < shorter && a->letters[same] == b->letters[same]) {
        same++;
    }
    return same >= STEM_MIN && shorter - same <= same - STEM_MIN && shorter - same <= ENDING_MAX &&
           longer - same <= ENDINGS_MAX;
}

struct both_names {
    const struct numu_name *a, *b;
};

static double compare_words(const void *data, uint32_t a_word, uint32_t b_word) {
    const struct both_names *names = data;
    return numu_name_word_compare(names->a->words[a_word], names->b->words[b_word]);
}

struct numu_name_score numu_name_compare(const struct numu_name *a, const struct numu_name *b,
                                         numu_party party) {
    struct both_names names = {a, b};
    return numu_name_compare_known(a, b, party, compare_words, &names);
}

/* How alike two words of names of a kind are that are so much alike whatever they name. */
static double likeness_of_pair(const struct numu_name_word *a, const struct numu_name_word *b,
                               double value, numu_party party) {
    if (are_other_numbers(a, b, value, party)) {
        return 0;
    }
    if (value >= COMPANY_LIKENESS_CLEAR) {
        return value;
    }
    if (party == NUMU_PARTY_PERSON || party == NUMU_PARTY_ANY) {
        return value < BEGINNING_OF_NAME && is_beginning(a, b) ? BEGINNING_OF_NAME : value;
    }
    if (party == NUMU_PARTY_COMPANY && has_same_stem(a, b)) {
        return SAME_STEM;
    }
    /* Companies and vessels choose names that only look alike. */
    return value * (party == NUMU_PARTY_VESSEL ? OTHER_VESSEL_WORD : OTHER_COMPANY_WORD);
}

static void gather_pairs(struct pairing *pairing, const struct numu_name *a,
                         const struct numu_name *b, numu_party party,
                         numu_name_likeness likeness_of, const void *data) {
    pairing->count = 0;
    for (uint32_t i = 0; i < a->count; i++) {
        for (uint32_t j = 0; j < b->count; j++) {
            double value =
                likeness_of_pair(a->words[i], b->words[j], likeness_of(data, i, j), party);
            double weight = (numu_name_word_weight(a->words[i], party) +
                             numu_name_word_weight(b->words[j], party)) /
                            2;
            add_pair(pairing, value, weight, i, 1, j, 1);
        }
    }
    add_joined(pairing, a, b, party, false);
    add_joined(pairing, b, a, party, true);
}

/* The score by words, of what was paired and what was not. */
static double score_words(struct tally tally, struct lacking a, struct lacking b,
                          numu_party party) {
    bool is_person = party == NUMU_PARTY_PERSON || party == NUMU_PARTY_ANY;
    double less = a.other < b.other ? a.other : b.other;
    /* The more there is that the other has instead, the less was merely left out. */
    double other = less < LEFT_OUT_UNTIL ? less / LEFT_OUT_UNTIL : 1;
    struct lacking most = a.other < b.other ? b : a;
    double more = other * most.other + (1 - other) * most.left_out;
    double beta = is_person ? LACKING_IN_ONE : LACKING_IN_ONE_COMPANY;
    if (tally.weight <= 0) {
        return 0;
    }
    double words = tally.matched / (tally.weight + LACKING_IN_BOTH * less + beta * more);
    /* Little that agrees proves little where something is missing. */
    double full = is_person ? EVIDENCE_FULL : EVIDENCE_FULL_COMPANY;
    double evidence = tally.weight < full ? tally.weight / full : 1;
    return words * (1 - (1 - evidence) * more / (more + tally.weight));
}

/* One name is the first letters of the other. */
static bool is_short_form(const struct numu_name *a, const struct numu_name *b) {
    return (a->count == 1 && b->count >= 3 &&
            numu_name_is_short_for(a->words[0], b, NUMU_NAME_WORDS_MAX)) ||
           (b->count == 1 && a->count >= 3 &&
            numu_name_is_short_for(b->words[0], a, NUMU_NAME_WORDS_MAX));
}

struct numu_name_score numu_name_compare_known(const struct numu_name *a, const struct numu_name *b,
                                               numu_party party, numu_name_likeness likeness_of,
                                               const void *data) {
    struct pairing pairing;
    struct numu_name_score result = {0};
    gather_pairs(&pairing, a, b, party, likeness_of, data);
    struct tally tally = take_pairs(&pairing);
    struct lacking lacking_a = add_lacking(a, tally.a_taken, party);
    struct lacking lacking_b = add_lacking(b, tally.b_taken, party);
    result.unpaired_a = lacking_a.other;
    result.unpaired_b = lacking_b.other;
    result.paired = (uint32_t)__builtin_popcount(tally.a_taken);
    result.words = score_words(tally, lacking_a, lacking_b, party);
    if (party != NUMU_PARTY_PERSON && result.words < SHORT_FORM && is_short_form(a, b)) {
        result.words = SHORT_FORM;
    }
    result.whole = compare_rows(a, b);
    if (party != NUMU_PARTY_PERSON && (holds_other_number(a, tally.a_taken, party) ||
                                       holds_other_number(b, tally.b_taken, party))) {
        result.whole = 0;
    }
    /* A row tells what words do not where they were parted otherwise; one letter more or less makes
       another vessel. */
    double least = party == NUMU_PARTY_VESSEL ? ROW_LIKENESS_VESSEL
                   : a->count == b->count     ? ROW_LIKENESS_CLEAR
                                              : ROW_LIKENESS_MIN;
    double whole = result.whole < least ? 0 : 1 - 2 * (1 - result.whole);
    result.score = result.words > whole ? result.words : whole;
    return result;
}
