/*
 * exact_share.c - short clauses from one search to another.
 */
#include "programme/exact_share.h"

#include "programme/exact_solver.h"

/* Worth telling: few literals, or of few levels (lower means longer of use). */
static const uint32_t short_size = 4, kept_spread = 3, size_max = 16;

static uint32_t *word_at(struct numu_exact_channel *channel, uint32_t place) {
    return &channel->word[place % NUMU_EXACT_CHANNEL_WORDS];
}

void numu_exact_share_learned(const struct numu_exact_solver *solver, uint32_t spread,
                              struct numu_exact_channel *channel) {
    uint32_t size = solver->learned_size;
    if (size > short_size && (spread > kept_spread || size > size_max)) {
        return;
    }
    uint32_t to = atomic_load_explicit(&channel->written, memory_order_relaxed);
    uint32_t used = to - atomic_load_explicit(&channel->read, memory_order_acquire);
    if (used + 2 + 2 * size > NUMU_EXACT_CHANNEL_WORDS) {
        return; /* who listens falls behind: it does without */
    }
    *word_at(channel, to++) = size;
    *word_at(channel, to++) = spread;
    for (uint32_t n = 0; n < size; n++) {
        *word_at(channel, to++) = solver->learned[n].side;
        *word_at(channel, to++) = (uint32_t)solver->learned[n].value;
    }
    atomic_store_explicit(&channel->written, to, memory_order_release);
}

/* Adds a clause whose open literals are the first `count` of solver->learned. */
static bool add_open(struct numu_exact_solver *solver, uint32_t count, uint32_t spread) {
    uint32_t reference;
    if (count == 0) {
        return false;
    }
    if (count == 1) {
        return numu_exact_set(solver, solver->learned[0],
                              (struct numu_exact_reason){NUMU_REASON_NONE, 0, 0});
    }
    numu_status status =
        numu_exact_clause_add(solver, solver->learned, count, true, spread, &reference);
    solver->status = status == NUMU_OK ? solver->status : status;
    return true;
}

bool numu_exact_share_take(struct numu_exact_solver *solver, struct numu_exact_channel *channel,
                           uint32_t written) {
    uint32_t from = atomic_load_explicit(&channel->read, memory_order_relaxed);
    bool is_possible = true;
    while (from != written && is_possible) {
        uint32_t size = *word_at(channel, from++);
        uint32_t spread = *word_at(channel, from++);
        uint32_t open = 0;
        bool is_settled = false;
        for (uint32_t n = 0; n < size; n++, from += 2) {
            struct numu_exact_fact literal = {*word_at(channel, from),
                                              (numu_period)*word_at(channel, from + 1)};
            is_settled |= numu_exact_is_true(solver, literal);
            if (!numu_exact_is_false(solver, literal)) {
                solver->learned[open++] = literal;
            }
        }
        is_possible = is_settled || add_open(solver, open, spread);
    }
    atomic_store_explicit(&channel->read, from, memory_order_release);
    return is_possible;
}
