/*
 * context.h - all that a function may want from outside: memory, clock, seed, threads, progress,
 * the wish to stop.
 *
 * One context a request. Below `cli` nothing reads the clock, the environment or a terminal.
 */
#ifndef NUMU_BASE_CONTEXT_H
#define NUMU_BASE_CONTEXT_H

#include "base/arena.h"

#include <stdatomic.h>
#include <stdbool.h>

struct numu_context {
    struct numu_heap *heap; /* required */
    uint64_t seed;          /* of all randomness; printed with results */
    unsigned threads;       /* 0 = as many as the machine has */
    /*
     * May be NULL. Called now and then from the calling thread with a code name of the phase
     * ("load", "solve") and the share done, 0..1, or -1 where it is not known.
     */
    void (*progress)(void *progress_data, const char *phase, double share);
    /*
     * May be NULL. Called like progress by a search that has an answer of size `best` and knows
     * that none is below `bound`.
     */
    void (*incumbent)(void *progress_data, const char *phase, double best, double bound);
    void *progress_data;
    /* May be NULL. Monotonic seconds, for time limits; without it there are none. */
    double (*clock)(void *clock_data);
    void *clock_data;
    const atomic_bool *stop; /* may be NULL; set by Ctrl-C */
    bool skips_digest; /* nothing of the result will name the inputs' digest: it is left zero */
};

/* Tells progress, if anyone listens. */
void numu_context_progress(const struct numu_context *context, const char *phase, double share);
void numu_context_incumbent(const struct numu_context *context, const char *phase, double best,
                            double bound);
bool numu_context_is_stopped(const struct numu_context *context);
/* Threads to use: context->threads, or the machine's cores when 0; 1 to NUMU_THREADS_MAX. */
enum { NUMU_THREADS_MAX = 256 };
unsigned numu_context_threads(const struct numu_context *context);

#endif
