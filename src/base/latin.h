/*
 * latin.h - names of any script in the letters a to z.
 *
 * Transliteration is for comparing, not for reading: marks and tones are lost on purpose. Russian
 * follows the table of BGN/PCGN, other scripts those of ICU (CLDR). Arabic and Hebrew are mostly
 * written without vowels, and stay so.
 */
#ifndef NUMU_BASE_LATIN_H
#define NUMU_BASE_LATIN_H

#include "base/text.h"

/* Holds ICU's tables, which our heaps do not count. One a thread. */
struct numu_latin;

/* NUMU_MEMORY where ICU gets none. Close it in every case; NULL is an empty one. */
NUMU_MUST_CHECK numu_status numu_latin_open(struct numu_latin **out);
void numu_latin_close(struct numu_latin *latin);

/*
 * Appends a text as lower-case words of a-z and 0-9 with one space between: apostrophes and other
 * marks within a word are left out, every other character that is no letter or digit parts words.
 * What is no UTF-8 parts words as well. *out_is_vowelless: some of it came from a script that
 * writes no vowels.
 */
NUMU_MUST_CHECK numu_status numu_latin_append(struct numu_latin *latin, struct numu_text text,
                                              struct numu_buffer *buffer, bool *out_is_vowelless);

#endif
