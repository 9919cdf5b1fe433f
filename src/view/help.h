/*
 * help.h - what the command line says of itself: commands, options, messages, in each language.
 *
 * Names stand once in text/help_list.def; text/help_en.def and help_fr.def must each have all of
 * them, or the build fails.
 */
#ifndef NUMU_VIEW_HELP_H
#define NUMU_VIEW_HELP_H

#include "base/arena.h"
#include "view/words.h"

typedef enum numu_help {
#define NUMU_HELP_NAME(name) NUMU_HELP_##name,
#include "view/text/help_list.def"
#undef NUMU_HELP_NAME
    NUMU_HELP_COUNT
} numu_help;

const char *numu_help_text(numu_help help, numu_language language);

/* Appends the text with {0}, {1}, {2} replaced by the arguments (NULL = nothing). */
NUMU_MUST_CHECK numu_status numu_help_write(numu_help help, numu_language language,
                                            const char *first, const char *second,
                                            const char *third, struct numu_buffer *buffer);

#endif
