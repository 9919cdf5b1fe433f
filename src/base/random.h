/*
 * random.h - seeded random numbers.
 *
 * xoshiro256** 1.0 (D. Blackman, S. Vigna, "Scrambled linear pseudorandom number generators", ACM
 * TOMS 47(4), 2021), state filled by splitmix64 from (seed, stream). A stream a task, not a thread:
 * results do not depend on the number of threads.
 */
#ifndef NUMU_BASE_RANDOM_H
#define NUMU_BASE_RANDOM_H

#include <stdint.h>

struct numu_random {
    uint64_t state[4];
};

void numu_random_init(struct numu_random *random, uint64_t seed, uint64_t stream);
uint64_t numu_random_next(struct numu_random *random);
/* Uniform in [0, n), without bias; n > 0. */
uint64_t numu_random_below(struct numu_random *random, uint64_t n);
/* Uniform in [0, 1) with 53 bits. */
double numu_random_unit(struct numu_random *random);

#endif
