/* rules_builtin.h - the built-in rule sets, and tables of tests/data, for tests. */
#ifndef NUMU_TESTS_RULES_BUILTIN_H
#define NUMU_TESTS_RULES_BUILTIN_H

#include "rules/builtin.h"
#include "rules/ruleset.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct rules_fixture {
    struct numu_heap heap;
    struct numu_arena arena;
    struct numu_report report;
};

static inline void rules_set_up(struct rules_fixture *fixture) {
    numu_heap_init(&fixture->heap, 0);
    numu_arena_init(&fixture->arena, &fixture->heap);
    numu_report_init(&fixture->report, &fixture->heap, 0);
}

static inline void rules_tear_down(struct rules_fixture *fixture) {
    numu_report_release(&fixture->report);
    numu_arena_release(&fixture->arena);
    assert_int_equal(fixture->heap.bytes, 0);
}

static inline void rules_read_builtin(struct rules_fixture *fixture, const char *id,
                                      struct numu_ruleset *out) {
    const struct numu_builtin_rules *builtin = numu_builtin_rules;
    while (builtin->id != NULL && strcmp(builtin->id, id) != 0) {
        builtin++;
    }
    assert_non_null(builtin->id);
    struct numu_text bytes = {(const char *)builtin->bytes, builtin->length};
    assert_int_equal(numu_ruleset_read(&fixture->arena, bytes, 0, &fixture->report, out), NUMU_OK);
    assert_true(numu_text_is(out->id, id));
}

/* Next line of a table of figures that is no comment and no header; the count of its figures. */
static inline size_t rules_next_figures(FILE *file, double *figures, size_t most) {
    char line[1024];
    while (fgets(line, sizeof line, file) != NULL) {
        size_t count = 0;
        char *rest = line;
        if (line[0] < '0' || line[0] > '9') {
            continue;
        }
        while (count < most) {
            figures[count++] = strtod(rest, &rest);
            if (*rest != ',') {
                break;
            }
            rest++;
        }
        return count;
    }
    return 0;
}

static inline FILE *rules_open_table(const char *name) {
    char path[256];
    (void)snprintf(path, sizeof path, "tests/data/storage/%s", name);
    FILE *file = fopen(path, "r");
    if (file == NULL) {
        fail_msg("no %s", path);
    }
    return file;
}

#endif
