/*
 * words.h - every sentence and label that numu shows, in each of its languages.
 *
 * Sentences of diagnostics and labels stand in text/en.def and text/fr.def; the names of labels are
 * declared once, in words_list.def, the codes of sentences in base/codes.def.
 *
 * [W1] A language that lacks a sentence or a label, or has one twice, does not compile (words.c).
 * [W2] In both languages an entry has the same {0} … {3}.
 *
 * Sentences begin with a small letter and have no full stop; names and values stand in quotes.
 */
#ifndef NUMU_VIEW_WORDS_H
#define NUMU_VIEW_WORDS_H

#include "base/diagnostic.h"

typedef enum numu_language { NUMU_LANGUAGE_EN, NUMU_LANGUAGE_FR } numu_language;

/*
 * The language of a name such as "fr", "fr_FR.UTF-8" or "C" (English). False, and English, where
 * numu does not speak it.
 */
bool numu_language_find(struct numu_text name, numu_language *out);
/* "en", "fr": for the lang attribute of a page. */
const char *numu_language_code(numu_language language);

typedef enum numu_word {
#define NUMU_WORD_NAME(name) NUMU_WORD_##name,
#include "view/text/words_list.def"
#undef NUMU_WORD_NAME
    NUMU_WORD_COUNT
} numu_word;

/* The label, which may hold {0} … {3}. */
const char *numu_word_text(numu_language language, numu_word word);
const char *numu_word_name(numu_word word);
/*
 * The label of a name such as "kind_date", where a '.' counts as '_'; NUMU_WORD_COUNT where there
 * is none. For names that other parts hand over as text.
 */
numu_word numu_word_find(struct numu_text name);
/*
 * The label named `prefix` + `name`, for column names ("column_"), choices ("choice_") and the
 * like; the name itself where there is none.
 */
struct numu_text numu_word_of(numu_language language, const char *prefix, struct numu_text name);

/*
 * What is said of a code. Sentence and hint may have several forms, one a line: the first one whose
 * arguments are all there is used; a hint may have none.
 */
struct numu_sentence {
    const char *sentence;
    const char *hint;
    const char *explanation; /* paragraphs for `numu explain`, separated by a line end */
};

struct numu_sentence numu_sentence_get(numu_language language, numu_code code);

#endif
