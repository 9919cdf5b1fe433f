/*
 * glpsol.h - the solver of GLPK as an oracle for written MPS.
 */
#ifndef NUMU_TESTS_GLPSOL_H
#define NUMU_TESTS_GLPSOL_H

#include "base/text.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

/* Statuses as glpsol writes them: 'f' feasible, 'o' optimal in whole numbers, '?' not told. */
struct glpsol_answer {
    char primal, dual, whole;
    double objective;
};

static inline struct glpsol_answer read_glpsol(const char *path) {
    struct glpsol_answer answer = {'?', '?', '?', NAN};
    char line[512];
    bool is_found = false;
    FILE *file = fopen(path, "r");
    assert_non_null(file);
    while (!is_found && fgets(line, sizeof line, file) != NULL) {
        is_found = sscanf(line, "s bas %*d %*d %c %c %lf", &answer.primal, &answer.dual,
                          &answer.objective) == 3 ||
                   sscanf(line, "s mip %*d %*d %c %lf", &answer.whole, &answer.objective) == 2;
    }
    assert_int_equal(fclose(file), 0);
    assert_true(is_found);
    return answer;
}

/* What glpsol says of the MPS; `options` are more words for it. A missing glpsol is a failure. */
static inline struct glpsol_answer ask_glpsol(const struct numu_buffer *mps, const char *options) {
    char path[] = "/tmp/numu-glpsol-XXXXXX";
    char out[sizeof path + 8];
    char command[200];
    char line[512];
    int file = mkstemp(path);
    assert_true(file >= 0);
    assert_true(write(file, mps->data, mps->length) == (ssize_t)mps->length);
    assert_int_equal(close(file), 0);
    (void)snprintf(out, sizeof out, "%s.sol", path);
    (void)snprintf(command, sizeof command, "glpsol --freemps %s %s -w %s", path, options, out);
    FILE *pipe = popen(command, "r");
    assert_non_null(pipe);
    while (fgets(line, sizeof line, pipe) != NULL) {
    }
    assert_int_equal(pclose(pipe), 0);
    struct glpsol_answer answer = read_glpsol(out);
    assert_int_equal(unlink(out), 0);
    assert_int_equal(unlink(path), 0);
    return answer;
}

#endif
