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
#define WORD_LIKENESS_MIN 0.5

/* How much faster than its edits a word becomes another; a short one has fewer letters to spare. */
#define STRICTNESS 1.4
#define STRICTNESS_SHORT (STRICTNESS * 1.25) /* up to four letters */
#define STRICTNESS_FIVE (STRICTNESS * 1.2)

/* Two neighbours joined are one word of the other name from this likeness on. */
#define JOINED_MIN 0.92

/* What a family's name has of the given name that it is made of: Ahmadi of Ahmad. */
#define FAMILY_OF_GIVEN 0.8

/* A very common name that finds no other is another name, however many bear it. */
#define COMMON_LACKING 0.75

/* What α and β of the head are. */
#define LACKING_IN_BOTH 1.1
#define LACKING_IN_ONE 0.32
#define LACKING_IN_ONE_COMPANY 0.5

/*
 * Groups of letters that are written for one another, a bit each: vowels, e-i-y, i-y-j, c-k-q,
 * g-k-q, g-j, s-z-c, v-w-b-f, t-d, b-p, h-k-x, j-z, u-w, x-k.
 */
enum { VOWELS = 1 };
static const uint16_t groups_of_letter[26] = {
    ['a' - 'a'] = VOWELS,
    ['b' - 'a'] = 1 << 7 | 1 << 9,
    ['c' - 'a'] = 1 << 3 | 1 << 6,
    ['d' - 'a'] = 1 << 8,
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
    ['v' - 'a'] = 1 << 7,
    ['w' - 'a'] = 1 << 7 | 1 << 12,
    ['x' - 'a'] = 1 << 10 | 1 << 13,
    ['y' - 'a'] = 1 << 1 | 1 << 2,
    ['z' - 'a'] = 1 << 6 | 1 << 11,
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
#define ROW_LIKENESS_MIN 0.9
#define ROW_LIKENESS_CLEAR 0.95

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
 * Of two words one of which has no vowels: consonants alone. A mute h at the end may be there or
 * not, and of t and s, d and z, of which Arabic has four each, either may be heard.
 */
static double compare_consonants(const struct numu_name_word *a, const struct numu_name_word *b) {
    char a_row[NUMU_WORD_LETTERS_MAX], b_row[NUMU_WORD_LETTERS_MAX];
    size_t a_length = consonants_of(a, a_row), b_length = consonants_of(b, b_row);
    size_t longer = a_length > b_length ? a_length : b_length;
    if (a_length == 0 || b_length == 0) {
        return 0;
    }
    double value = likeness(a_row, a_length, b_row, b_length, 0.7);
    if (value >= 1) {
        return longer >= 4 ? 0.95 : longer == 3 ? 0.93 : longer == 2 ? 0.8 : 0.5;
    }
    double floor = longer <= 3 ? 0.9 : 0.78;
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

double numu_name_word_compare(const struct numu_name_word *a, const struct numu_name_word *b) {
    if (a->length == b->length && memcmp(a->letters, b->letters, a->length) == 0) {
        return 1;
    }
    if (a->kind == NUMU_WORD_NUMBER || b->kind == NUMU_WORD_NUMBER || a->length == 0 ||
        b->length == 0 || has_other_digits(a, b)) {
        return 0;
    }
    if (a->length == 1 || b->length == 1) {
        return a->letters[0] == b->letters[0] ? 0.75 : 0;
    }
    if (a->is_vowelless != b->is_vowelless) {
        return compare_consonants(a, b);
    }
    bool same_bones = has_same_bones(a, b);
    if (same_bones && are_namesakes_apart(a, b)) {
        return 0;
    }
    int difference = a->length > b->length ? a->length - b->length : b->length - a->length;
    int longer = a->length > b->length ? a->length : b->length;
    if (difference * 3 > longer + 2 || are_far_apart(a, b, longer)) {
        return 0;
    }
    double value = likeness(a->letters, a->length, b->letters, b->length, WORD_LIKENESS_MIN);
    if (!a->is_phonetic || !b->is_phonetic) {
        double sounded =
            likeness(a->sounds, a->sounds_length, b->sounds, b->sounds_length, WORD_LIKENESS_MIN) *
            0.97;
        value = sounded > value ? sounded : value;
    }
    /* A short word has few letters to spare, and common names are common in many forms. */
    double strictness = longer <= 4 ? STRICTNESS_SHORT : longer == 5 ? STRICTNESS_FIVE : STRICTNESS;
    if (a->kind == NUMU_WORD_COMMON && b->kind == NUMU_WORD_COMMON && !same_bones) {
        strictness *= 1.25;
    }
    value = 1 - strictness * (1 - value);
    if (a->letters[0] != b->letters[0] && !(is_vowel(a->letters[0]) && is_vowel(b->letters[0]))) {
        value -= 0.06;
    }
    if (same_bones && a->bones_length >= 3) {
        value += (1 - value) * 0.35;
    }
    if (value > FAMILY_OF_GIVEN && (is_family_of(a, b) || is_family_of(b, a))) {
        value = FAMILY_OF_GIVEN;
    }
    /* In a short word one letter makes another word. */
    double floor = longer <= 3 ? 0.8 : longer <= 4 ? 0.74 : 0.68;
    return value < floor ? 0 : value;
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
            if (value < JOINED_MIN) {
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

static double unpaired_weight(const struct numu_name *name, uint32_t taken, numu_party party) {
    double weight = 0;
    for (uint32_t i = 0; i < name->count; i++) {
        if (is_free(taken, i, 1)) {
            bool is_common = name->words[i]->kind == NUMU_WORD_COMMON &&
                             (party == NUMU_PARTY_PERSON || party == NUMU_PARTY_ANY);
            weight += is_common ? COMMON_LACKING : numu_name_word_weight(name->words[i], party);
        }
    }
    return weight;
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

static bool holds_other_number(const struct numu_name *name, uint32_t taken) {
    for (uint32_t i = 0; i < name->count; i++) {
        if (is_free(taken, i, 1) && name->words[i]->kind == NUMU_WORD_NUMBER) {
            return true;
        }
    }
    return false;
}

/* Words of companies less alike than this are more likely others than misspelt. */
#define COMPANY_LIKENESS_CLEAR 0.8

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

struct numu_name_score numu_name_compare_known(const struct numu_name *a, const struct numu_name *b,
                                               numu_party party, numu_name_likeness likeness_of,
                                               const void *data) {
    struct pairing pairing;
    struct numu_name_score result = {0};
    pairing.count = 0;
    for (uint32_t i = 0; i < a->count; i++) {
        for (uint32_t j = 0; j < b->count; j++) {
            double value = likeness_of(data, i, j);
            if (party == NUMU_PARTY_COMPANY && value < COMPANY_LIKENESS_CLEAR) {
                value *= 0.75; /* companies choose names that only look alike */
            }
            if (value <= 0) {
                continue;
            }
            double weight = (numu_name_word_weight(a->words[i], party) +
                             numu_name_word_weight(b->words[j], party)) /
                            2;
            add_pair(&pairing, value, weight, i, 1, j, 1);
        }
    }
    add_joined(&pairing, a, b, party, false);
    add_joined(&pairing, b, a, party, true);
    struct tally tally = take_pairs(&pairing);
    result.unpaired_a = unpaired_weight(a, tally.a_taken, party);
    result.unpaired_b = unpaired_weight(b, tally.b_taken, party);
    result.paired = (uint32_t)__builtin_popcount(tally.a_taken);
    double less = result.unpaired_a < result.unpaired_b ? result.unpaired_a : result.unpaired_b;
    double more = result.unpaired_a + result.unpaired_b - less;
    if (tally.weight > 0) {
        bool is_person = party == NUMU_PARTY_PERSON || party == NUMU_PARTY_ANY;
        double alpha = LACKING_IN_BOTH;
        double beta = is_person ? LACKING_IN_ONE : LACKING_IN_ONE_COMPANY;
        result.words = tally.matched / (tally.weight + alpha * less + beta * more);
        /* Little that agrees proves little where something is missing. */
        double evidence = tally.weight < 2 ? tally.weight / 2 : 1;
        result.words *= 1 - (1 - evidence) * more / (more + tally.weight);
    }
    result.whole = compare_rows(a, b);
    if (party != NUMU_PARTY_PERSON &&
        (holds_other_number(a, tally.a_taken) || holds_other_number(b, tally.b_taken))) {
        result.whole = 0;
    }
    /* A row tells what words do not where they were parted otherwise. */
    double least = a->count == b->count ? ROW_LIKENESS_CLEAR : ROW_LIKENESS_MIN;
    double whole = result.whole < least ? 0 : 1 - 2 * (1 - result.whole);
    result.score = result.words > whole ? result.words : whole;
    return result;
}
