/*
 * measure.h - what the programs of this folder measure with: clocks, quantiles, and an end with a
 * word where something that cannot fail did.
 */
#ifndef NUMU_BENCH_MEASURE_H
#define NUMU_BENCH_MEASURE_H

#include "base/status.h"

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static inline void must(numu_status status, const char *what) {
    if (status != NUMU_OK) {
        (void)fprintf(stderr, "bench: %s: status %d\n", what, (int)status);
        exit(1);
    }
}

static inline double seconds(clockid_t clock) {
    struct timespec now;
    (void)clock_gettime(clock, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static inline int compare_doubles(const void *a, const void *b) {
    double of_a = *(const double *)a;
    double of_b = *(const double *)b;
    return (of_a > of_b) - (of_a < of_b);
}

/* Sorts the values; q = 0.5 is the median. */
static inline double quantile(double *values, size_t count, double q) {
    qsort(values, count, sizeof *values, compare_doubles);
    return values[(size_t)(q * (double)(count - 1))];
}

#endif
