/*
 * builtin.h - the rule sets that come with numu: public law that was read, as files of rules/,
 * which the build makes into bytes of the program (tools/embed-rules).
 */
#ifndef NUMU_RULES_BUILTIN_H
#define NUMU_RULES_BUILTIN_H

#include <stddef.h>

struct numu_builtin_rules {
    const char *id; /* NULL ends the list */
    const unsigned char *bytes;
    size_t length;
};

extern const struct numu_builtin_rules numu_builtin_rules[];

#endif
