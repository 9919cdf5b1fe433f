/*
 * exact_share.h - what one exact search tells another that works on the same project at the same
 * time: short clauses, through a ring of words with one writer and one reader.
 *
 * A clause follows from the project and from "better than the best that the writer knows" [X4]. Who
 * takes it in must know a schedule as good as that: the writer tells better schedules before it
 * learns anything from them, so whoever looks at `written` first and at the schedules then, does.
 * Bounds of the finish are told by a number that only rises.
 */
#ifndef NUMU_PROGRAMME_EXACT_SHARE_H
#define NUMU_PROGRAMME_EXACT_SHARE_H

#include "base/status.h"
#include "programme/exact.h"

enum { NUMU_EXACT_CHANNEL_WORDS = 1 << 15 }; /* a power of two */

/* A message is: literals, spread, then two words a literal. Counts of words run on past the end. */
struct numu_exact_channel {
    _Atomic(uint32_t) written, read;
    uint32_t word[NUMU_EXACT_CHANNEL_WORDS];
};

/* Tells the clause that was learned, where it is worth telling and there is room. */
void numu_exact_share_learned(const struct numu_exact_solver *solver, uint32_t spread,
                              struct numu_exact_channel *channel);

/* Raises what others are told of the finish to a bound; a greater one stays. */
static inline void numu_exact_raise(_Atomic(numu_period) *told, numu_period bound) {
    numu_period known = atomic_load_explicit(told, memory_order_relaxed);
    while (known < bound && !atomic_compare_exchange_weak_explicit(
                                told, &known, bound, memory_order_release, memory_order_relaxed)) {
    }
}

/*
 * At level 0: takes in what was told up to `written`. False on a contradiction. Sets
 * solver->status where memory is short.
 */
bool numu_exact_share_take(struct numu_exact_solver *solver, struct numu_exact_channel *channel,
                           uint32_t written);

#endif
