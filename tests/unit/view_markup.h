/*
 * view_markup.h - a small walker that says whether markup is well-formed: elements nest, attributes
 * are quoted, entities are known. Stricter than HTML, which the report keeps to anyway.
 */
#ifndef NUMU_TESTS_VIEW_MARKUP_H
#define NUMU_TESTS_VIEW_MARKUP_H

#include <stdbool.h>
#include <stddef.h>
#include <string.h>

enum { MARKUP_DEPTH_MAX = 64, MARKUP_NAME_BYTES = 32 };

static inline bool markup_is_void(const char *name) {
    return strcmp(name, "meta") == 0 || strcmp(name, "br") == 0;
}

/* Attributes up to ">" or "/>"; NULL where they are broken. */
static inline const char *markup_attributes(const char *at, bool *out_is_closed) {
    for (;;) {
        at += strspn(at, " \n");
        if (at[0] == '>' || (at[0] == '/' && at[1] == '>')) {
            *out_is_closed = at[0] == '/';
            return at + (at[0] == '/' ? 2 : 1);
        }
        size_t name =
            strspn(at, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-:");
        if (name == 0 || at[name] != '=' || at[name + 1] != '"') {
            return NULL;
        }
        at += name + 2;
        at += strcspn(at, "\"<");
        if (*at != '"') {
            return NULL;
        }
        at++;
    }
}

/* NULL, or the place of the first mistake. */
static inline const char *markup_mistake(const char *at) {
    char open[MARKUP_DEPTH_MAX][MARKUP_NAME_BYTES];
    size_t depth = 0;
    if (strncmp(at, "<!DOCTYPE html>", 15) == 0) {
        at += 15;
    }
    while (*at != '\0') {
        const char *start = at;
        if (*at == '&') {
            size_t length = strcspn(at, "; ");
            static const char *const known[] = {"&amp", "&lt", "&gt", "&quot", "&#39"};
            bool is_known = false;
            for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
                is_known |= strlen(known[i]) == length && strncmp(at, known[i], length) == 0;
            }
            if (!is_known || at[length] != ';') {
                return start;
            }
            at += length + 1;
        } else if (*at == '>') {
            return start;
        } else if (*at != '<') {
            at++;
        } else {
            bool is_end = at[1] == '/';
            at += is_end ? 2 : 1;
            size_t length = strspn(at, "abcdefghijklmnopqrstuvwxyz0123456789");
            if (length == 0 || length >= MARKUP_NAME_BYTES) {
                return start;
            }
            char name[MARKUP_NAME_BYTES] = {0};
            memcpy(name, at, length);
            at += length;
            bool is_closed = false;
            if (is_end) {
                if (*at != '>' || depth == 0 || strcmp(open[--depth], name) != 0) {
                    return start;
                }
                at++;
                continue;
            }
            at = markup_attributes(at, &is_closed);
            if (at == NULL || depth == MARKUP_DEPTH_MAX) {
                return start;
            }
            if (strcmp(name, "style") == 0) { /* CSS has its own signs */
                at = strstr(at, "</style>");
                if (at == NULL) {
                    return start;
                }
            }
            if (!is_closed && !markup_is_void(name)) {
                memcpy(open[depth++], name, sizeof name);
            }
        }
    }
    return depth == 0 ? NULL : at;
}

#endif
