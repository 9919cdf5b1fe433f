/*
 * estimate.c - sorting by keys, and figures from sorted keys.
 */
#include "programme/estimate.h"

#include <math.h>
#include <string.h>

/* --- keys --- */

uint32_t numu_key_of_integer(int32_t value) {
    return (uint32_t)value ^ UINT32_C(0x80000000);
}

int32_t numu_key_to_integer(uint32_t key) {
    return (int32_t)((int64_t)key - INT64_C(0x80000000));
}

/* IEEE 754: positive numbers order as their bits do, negative ones the other way round. */
uint32_t numu_key_of_real(float value) {
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    return bits >> 31 == 0 ? bits | UINT32_C(0x80000000) : ~bits;
}

float numu_key_to_real(uint32_t key) {
    uint32_t bits = key >> 31 == 1 ? key & UINT32_C(0x7fffffff) : ~key;
    float value;
    memcpy(&value, &bits, sizeof value);
    return value;
}

/* Least significant digit first, 11 bits each; a digit that all keys share is passed over. */
void numu_sort_keys(uint32_t *keys, uint32_t *scratch, size_t count) {
    enum { BITS = 11, DIGITS = 1 << BITS, PASSES = 3 };
    uint32_t *from = keys;
    uint32_t *to = scratch;
    for (int pass = 0; pass < PASSES; pass++) {
        size_t place[DIGITS] = {0};
        int shift = pass * BITS;
        for (size_t i = 0; i < count; i++) {
            place[from[i] >> shift & (DIGITS - 1)]++;
        }
        if (count == 0 || place[from[0] >> shift & (DIGITS - 1)] == count) {
            continue;
        }
        size_t sum = 0;
        for (size_t digit = 0; digit < DIGITS; digit++) {
            size_t number = place[digit];
            place[digit] = sum;
            sum += number;
        }
        for (size_t i = 0; i < count; i++) {
            to[place[from[i] >> shift & (DIGITS - 1)]++] = from[i];
        }
        uint32_t *swap = from;
        from = to;
        to = swap;
    }
    if (from != keys) {
        memcpy(keys, from, count * sizeof *keys);
    }
}

/* --- estimates --- */

numu_status numu_estimator_init(struct numu_estimator *estimator, struct numu_arena *arena,
                                struct numu_samples samples) {
    numu_assert(samples.block > 0 &&
                samples.count % ((size_t)samples.block * NUMU_REPLICATES) == 0);
    estimator->samples = samples;
    NUMU_TRY(NUMU_TAKE(arena, &estimator->keys, samples.count));
    NUMU_TRY(NUMU_TAKE(arena, &estimator->scratch, samples.count));
    return NUMU_TAKE(arena, &estimator->own, samples.count / NUMU_REPLICATES);
}

double numu_replicate_error(const double by_replicate[NUMU_REPLICATES]) {
    double mean = 0;
    double squares = 0;
    for (int r = 0; r < NUMU_REPLICATES; r++) {
        mean += by_replicate[r] / NUMU_REPLICATES;
    }
    for (int r = 0; r < NUMU_REPLICATES; r++) {
        squares += (by_replicate[r] - mean) * (by_replicate[r] - mean);
    }
    return sqrt(squares / (NUMU_REPLICATES - 1) / NUMU_REPLICATES);
}

/* [E2] of sorted keys */
static uint32_t key_at(const uint32_t *sorted, size_t count, double percent) {
    double rank = ceil(percent / 100 * (double)count - 1e-9);
    size_t place = rank < 1 ? 0 : (size_t)rank - 1;
    return sorted[place < count ? place : count - 1];
}

static double value_of(uint32_t key, bool is_real) {
    return is_real ? (double)numu_key_to_real(key) : (double)numu_key_to_integer(key);
}

/* The quantiles of what stands in estimator->keys, which is sorted then. */
static void estimate_keys(struct numu_estimator *estimator, const double *percent,
                          size_t percent_count, bool is_real, struct numu_estimate *out) {
    const struct numu_samples *samples = &estimator->samples;
    size_t own_count = samples->count / NUMU_REPLICATES;
    numu_assert(samples->count > 0);
    for (size_t r = 0; r < NUMU_REPLICATES; r++) {
        size_t n = 0;
        for (size_t i = r * samples->block; i < samples->count;
             i += (size_t)samples->block * NUMU_REPLICATES) {
            memcpy(estimator->own + n, estimator->keys + i, samples->block * sizeof(uint32_t));
            n += samples->block;
        }
        numu_sort_keys(estimator->own, estimator->scratch, own_count);
        for (size_t k = 0; k < percent_count; k++) {
            out[k].by_replicate[r] =
                value_of(key_at(estimator->own, own_count, percent[k]), is_real);
        }
    }
    numu_sort_keys(estimator->keys, estimator->scratch, samples->count);
    for (size_t k = 0; k < percent_count; k++) {
        out[k].value = value_of(key_at(estimator->keys, samples->count, percent[k]), is_real);
        out[k].error = numu_replicate_error(out[k].by_replicate);
    }
}

void numu_estimate_quantiles(struct numu_estimator *estimator, const int32_t *values,
                             const double *percent, size_t percent_count,
                             struct numu_estimate *out) {
    for (size_t i = 0; i < estimator->samples.count; i++) {
        estimator->keys[i] = numu_key_of_integer(values[i]);
    }
    estimate_keys(estimator, percent, percent_count, false, out);
}

void numu_estimate_real_quantiles(struct numu_estimator *estimator, const float *values,
                                  const double *percent, size_t percent_count,
                                  struct numu_estimate *out) {
    for (size_t i = 0; i < estimator->samples.count; i++) {
        estimator->keys[i] = numu_key_of_real(values[i]);
    }
    estimate_keys(estimator, percent, percent_count, true, out);
}

static size_t replicate_of(const struct numu_samples *samples, size_t i) {
    return i / samples->block % NUMU_REPLICATES;
}

static struct numu_estimate of_sums(const struct numu_samples *samples,
                                    const double sums[NUMU_REPLICATES]) {
    struct numu_estimate estimate = {.value = 0};
    for (int r = 0; r < NUMU_REPLICATES; r++) {
        estimate.by_replicate[r] = sums[r] / ((double)samples->count / NUMU_REPLICATES);
        estimate.value += estimate.by_replicate[r] / NUMU_REPLICATES;
    }
    estimate.error = numu_replicate_error(estimate.by_replicate);
    return estimate;
}

struct numu_estimate numu_estimate_share(const struct numu_samples *samples, const int32_t *values,
                                         int32_t limit) {
    double sums[NUMU_REPLICATES] = {0};
    for (size_t i = 0; i < samples->count; i++) {
        sums[replicate_of(samples, i)] += values[i] <= limit;
    }
    return of_sums(samples, sums);
}

struct numu_estimate numu_estimate_mean(const struct numu_samples *samples, const int32_t *values) {
    double sums[NUMU_REPLICATES] = {0};
    for (size_t i = 0; i < samples->count; i++) {
        sums[replicate_of(samples, i)] += values[i];
    }
    return of_sums(samples, sums);
}

struct numu_estimate numu_estimate_real_mean(const struct numu_samples *samples,
                                             const float *values) {
    double sums[NUMU_REPLICATES] = {0};
    for (size_t i = 0; i < samples->count; i++) {
        sums[replicate_of(samples, i)] += (double)values[i];
    }
    return of_sums(samples, sums);
}

struct numu_estimate numu_estimate_difference(const struct numu_estimate *a,
                                              const struct numu_estimate *b) {
    struct numu_estimate difference = {.value = a->value - b->value};
    for (int r = 0; r < NUMU_REPLICATES; r++) {
        difference.by_replicate[r] = a->by_replicate[r] - b->by_replicate[r];
    }
    difference.error = numu_replicate_error(difference.by_replicate);
    return difference;
}

double numu_correlation_of(const double *a, const double *b, size_t count) {
    double mean_a = 0;
    double mean_b = 0;
    double aa = 0;
    double bb = 0;
    double ab = 0;
    for (size_t i = 0; i < count; i++) {
        mean_a += a[i];
        mean_b += b[i];
    }
    mean_a /= (double)count;
    mean_b /= (double)count;
    for (size_t i = 0; i < count; i++) {
        aa += (a[i] - mean_a) * (a[i] - mean_a);
        bb += (b[i] - mean_b) * (b[i] - mean_b);
        ab += (a[i] - mean_a) * (b[i] - mean_b);
    }
    return aa > 0 && bb > 0 ? ab / sqrt(aa * bb) : 0;
}
