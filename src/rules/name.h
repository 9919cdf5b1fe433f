/*
 * name.h - how alike two names are: of people, companies or vessels, in any script and order.
 *
 * A name is words (base/latin.h). Words are compared by what they sound and look like, paired so
 * that the best pairs count, and weighed: a family name says more than "al", "Ltd" or "Mohammed".
 * What one name has and the other lacks costs, and costs more when both lack something. Words that
 * were joined or broken differently are tried joined. The score is 0 to 1 and symmetric, and the
 * order of words, case, marks and spaces hardly change it.
 *
 * Sources of the ideas, none of whose code or figures is used: W. W. Cohen, P. Ravikumar, S. E.
 * Fienberg, "A comparison of string distance metrics for name-matching tasks", IJCAI IIWeb 2003
 * (pairing words by a second metric); K. Kukich, ACM Computing Surveys 24(4), 1992 (edits that
 * weigh by how likely they are). Costs and weights were set on public lists; see docs/screening.md.
 */
#ifndef NUMU_RULES_NAME_H
#define NUMU_RULES_NAME_H

#include "base/latin.h"

typedef enum numu_party {
    NUMU_PARTY_ANY,
    NUMU_PARTY_PERSON,
    NUMU_PARTY_COMPANY,
    NUMU_PARTY_VESSEL
} numu_party;

typedef enum numu_word_kind {
    NUMU_WORD_PLAIN,
    NUMU_WORD_COMMON,  /* borne by very many: Mohammed, Ivan, Traoré */
    NUMU_WORD_FATHER,  /* a Slavic name after the father's, which many leave out */
    NUMU_WORD_GENERIC, /* of companies: trading, bank, industries */
    NUMU_WORD_FORM,    /* legal form: ltd, sarl, ooo */
    NUMU_WORD_MINOR,   /* particle, article or title: al, bin, de, dr */
    NUMU_WORD_NUMBER,
    NUMU_WORD_INITIAL
} numu_word_kind;

enum {
    NUMU_WORD_LETTERS_MAX = 23, /* a longer word is cut */
    NUMU_NAME_WORDS_MAX = 16    /* of a name; more are left out */
};

struct numu_name_word {
    char letters[NUMU_WORD_LETTERS_MAX + 1];
    char sounds[NUMU_WORD_LETTERS_MAX + 1]; /* one letter a sound */
    char bones[NUMU_WORD_LETTERS_MAX + 1];  /* its consonants, those that sound alike as one */
    uint8_t length, sounds_length, bones_length;
    uint8_t kind;
    uint16_t group;    /* of names that are one in other languages (name_equals.def); 0 = of none */
    uint32_t bone_set; /* bit n: the n-th letter is among the bones */
    bool is_phonetic;  /* its sounds are its letters */
    bool is_vowelless; /* from a script that writes no vowels */
};

/* Words are the caller's, and may be shared by names. */
struct numu_name {
    const struct numu_name_word *words[NUMU_NAME_WORDS_MAX];
    uint32_t count;
};

/* Parts of a score, for showing. */
struct numu_name_score {
    double score;      /* 0 … 1 */
    double words;      /* by pairing words */
    double whole;      /* of all letters in a row; 0 where it is too little to count */
    uint32_t paired;   /* words of the first name that found another */
    double unpaired_a; /* weight of what found none */
    double unpaired_b;
};

/* The word of some letters (a-z, 0-9), cut at the limit. */
void numu_name_word_init(struct numu_name_word *word, struct numu_text letters, bool is_vowelless);

/* The same for two words joined: a plain one, whatever its letters. */
void numu_name_word_init_joined(struct numu_name_word *word, struct numu_text letters,
                                bool is_vowelless);

/* A name's words, from any text, in the arena. More than NUMU_NAME_WORDS_MAX are left out. */
NUMU_MUST_CHECK numu_status numu_name_read(struct numu_latin *latin, struct numu_text text,
                                           struct numu_arena *arena, struct numu_name *out);

/* Whether a word is a number; of vessels also any Roman one, which elsewhere may be a name. */
bool numu_name_word_is_number(const struct numu_name_word *word, numu_party party);

/* What a word weighs in names of a kind; 1 = a plain one. */
double numu_name_word_weight(const struct numu_name_word *word, numu_party party);

/* How alike two words are: 1 = the same, 0 = not alike. Symmetric. */
double numu_name_word_compare(const struct numu_name_word *a, const struct numu_name_word *b);

/* Whether a word is the first letters of a name's words, but for the one numbered `but` (or
   NUMU_NAME_WORDS_MAX for none). */
bool numu_name_is_short_for(const struct numu_name_word *word, const struct numu_name *name,
                            uint32_t but);

/* Two neighbours, from `word` on, as one; false where they do not fit into one. */
bool numu_name_join(const struct numu_name *name, uint32_t word, struct numu_name_word *out);

/*
 * How alike two names are. Symmetric. The second form is told how alike words are, by their places
 * in either name, by a caller who knows it already; it must be what numu_name_word_compare says.
 */
typedef double (*numu_name_likeness)(const void *data, uint32_t a_word, uint32_t b_word);
struct numu_name_score numu_name_compare_known(const struct numu_name *a, const struct numu_name *b,
                                               numu_party party, numu_name_likeness likeness,
                                               const void *data);
struct numu_name_score numu_name_compare(const struct numu_name *a, const struct numu_name *b,
                                         numu_party party);

#endif
