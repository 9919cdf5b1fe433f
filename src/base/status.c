/*
 * status.c - the end of a program that broke one of its own rules.
 *
 * The one place below `view` that writes to stderr: after a failed proof no result can be trusted,
 * so there is nobody left to return a status to.
 */
#include "base/status.h"

#include <stdio.h>
#include <stdlib.h>

_Noreturn void numu_assert_failed(const char *condition, const char *file, int line) {
    fprintf(stderr, "numu: %s:%d: this should always hold: %s\n", file, line, condition);
    abort();
}
