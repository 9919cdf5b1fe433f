/*
 * random.c - splitmix64 and xoshiro256**, after the public-domain code of S. Vigna and D. Blackman
 * (https://prng.di.unimi.it).
 */
#include "base/random.h"

#include "base/status.h"

__extension__ typedef unsigned __int128 uint128;

static uint64_t splitmix64(uint64_t *state) {
    *state += UINT64_C(0x9e3779b97f4a7c15);
    uint64_t z = *state;
    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return z ^ (z >> 31);
}

/* splitmix64 never gives the same number twice in a row, so the state is never all zero. */
void numu_random_init(struct numu_random *random, uint64_t seed, uint64_t stream) {
    uint64_t start = splitmix64(&seed) ^ stream;
    for (int i = 0; i < 4; i++) {
        random->state[i] = splitmix64(&start);
    }
}

static uint64_t rotate_left(uint64_t value, int bits) {
    return value << bits | value >> (64 - bits);
}

uint64_t numu_random_next(struct numu_random *random) {
    uint64_t *s = random->state;
    uint64_t result = rotate_left(s[1] * 5, 7) * 9;
    uint64_t t = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= t;
    s[3] = rotate_left(s[3], 45);
    return result;
}

/* D. Lemire, "Fast random integer generation in an interval", ACM TOMACS 29(1), 2019, alg. 5. */
uint64_t numu_random_below(struct numu_random *random, uint64_t n) {
    numu_assert(n > 0);
    uint128 product = (uint128)numu_random_next(random) * n;
    if ((uint64_t)product < n) {
        uint64_t threshold = -n % n; /* 2^64 mod n */
        while ((uint64_t)product < threshold) {
            product = (uint128)numu_random_next(random) * n;
        }
    }
    return (uint64_t)(product >> 64);
}

double numu_random_unit(struct numu_random *random) {
    return (double)(numu_random_next(random) >> 11) * 0x1.0p-53;
}
