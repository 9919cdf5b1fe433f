/*
 * help.c - see help.h. Each language is a switch, so that the compiler names what is missing
 * (-Wswitch).
 */
#include "view/help.h"

static const char *english(numu_help help) {
    switch (help) {
#define NUMU_HELP(name, text)                                                                      \
    case NUMU_HELP_##name:                                                                         \
        return text;
#include "view/text/help_en.def"
#undef NUMU_HELP
    case NUMU_HELP_COUNT:
        break;
    }
    return "";
}

static const char *french(numu_help help) {
    switch (help) {
#define NUMU_HELP(name, text)                                                                      \
    case NUMU_HELP_##name:                                                                         \
        return text;
#include "view/text/help_fr.def"
#undef NUMU_HELP
    case NUMU_HELP_COUNT:
        break;
    }
    return "";
}

const char *numu_help_text(numu_help help, numu_language language) {
    return language == NUMU_LANGUAGE_FR ? french(help) : english(help);
}

numu_status numu_help_write(numu_help help, numu_language language, const char *first,
                            const char *second, const char *third, struct numu_buffer *buffer) {
    const char *const arguments[3] = {first, second, third};
    for (const char *c = numu_help_text(help, language); *c != '\0'; c++) {
        if (c[0] == '{' && c[1] >= '0' && c[1] <= '2' && c[2] == '}') {
            const char *argument = arguments[c[1] - '0'];
            NUMU_TRY(numu_buffer_append_string(buffer, argument == NULL ? "" : argument));
            c += 2;
        } else {
            NUMU_TRY(numu_buffer_append_char(buffer, *c));
        }
    }
    return NUMU_OK;
}
