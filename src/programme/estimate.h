/*
 * estimate.h - figures from samples, each with its sampling error.
 *
 * Samples come in NUMU_REPLICATES independent replicates of equal size. A figure is computed from
 * all of them, and once from each replicate; the standard error is the spread of the latter divided
 * by the square root of their number. That holds for Latin hypercubes too, whose samples are not
 * independent of each other (A. B. Owen, "A central limit theorem for Latin hypercube sampling",
 * JRSS B 54(2), 1992; batching: J. M. Steiger, J. R. Wilson, Operations Research 49(5), 2001).
 *
 * [E1] Sample i belongs to replicate (i / size) % NUMU_REPLICATES, where `size` is that of a block;
 *      the number of samples is a multiple of size × NUMU_REPLICATES.
 * [E2] The quantile of p % is the least value that at least p % of the samples do not exceed.
 */
#ifndef NUMU_PROGRAMME_ESTIMATE_H
#define NUMU_PROGRAMME_ESTIMATE_H

#include "base/arena.h"

#include <stdbool.h>

enum { NUMU_REPLICATES = 16 };

struct numu_estimate {
    double value;
    double error; /* standard error; 0 where all replicates agree */
    double by_replicate[NUMU_REPLICATES];
};

struct numu_samples {
    uint32_t block; /* [E1] */
    size_t count;
};

/*
 * The numbers of `values` in ascending order, by a radix sort of keys; `scratch` and `keys` have
 * room for `count`. Keys order as the numbers do.
 */
void numu_sort_keys(uint32_t *keys, uint32_t *scratch, size_t count);
uint32_t numu_key_of_integer(int32_t value);
int32_t numu_key_to_integer(uint32_t key);
uint32_t numu_key_of_real(float value);
float numu_key_to_real(uint32_t key);

/* Room that the functions below work in. */
struct numu_estimator {
    struct numu_samples samples;
    uint32_t *keys, *scratch, *own; /* count each */
};

NUMU_MUST_CHECK numu_status numu_estimator_init(struct numu_estimator *estimator,
                                                struct numu_arena *arena,
                                                struct numu_samples samples);

/* Quantiles of whole numbers, `percent` ascending. Errors come from replicates. */
void numu_estimate_quantiles(struct numu_estimator *estimator, const int32_t *values,
                             const double *percent, size_t percent_count,
                             struct numu_estimate *out);
void numu_estimate_real_quantiles(struct numu_estimator *estimator, const float *values,
                                  const double *percent, size_t percent_count,
                                  struct numu_estimate *out);
/* The share of samples that are at most `limit`. */
struct numu_estimate numu_estimate_share(const struct numu_samples *samples, const int32_t *values,
                                         int32_t limit);
/* The mean and its error from the means of replicates. */
struct numu_estimate numu_estimate_mean(const struct numu_samples *samples, const int32_t *values);
struct numu_estimate numu_estimate_real_mean(const struct numu_samples *samples,
                                             const float *values);

/* Standard error of the mean of what the replicates say. */
double numu_replicate_error(const double by_replicate[NUMU_REPLICATES]);

/* a - b of figures from the same random numbers: the error is that of the differences. */
struct numu_estimate numu_estimate_difference(const struct numu_estimate *a,
                                              const struct numu_estimate *b);

/* Pearson's correlation of two rows of numbers; 0 where one does not vary. */
double numu_correlation_of(const double *a, const double *b, size_t count);

#endif
