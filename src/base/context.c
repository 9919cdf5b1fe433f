/*
 * context.c - what every caller of a context would otherwise write again.
 */
#include "base/context.h"

#include <unistd.h>

void numu_context_progress(const struct numu_context *context, const char *phase, double share) {
    if (context->progress != NULL) {
        context->progress(context->progress_data, phase, share);
    }
}

void numu_context_incumbent(const struct numu_context *context, const char *phase, double best,
                            double bound) {
    if (context->incumbent != NULL) {
        context->incumbent(context->progress_data, phase, best, bound);
    }
}

bool numu_context_is_stopped(const struct numu_context *context) {
    return context->stop != NULL && atomic_load_explicit(context->stop, memory_order_relaxed);
}

unsigned numu_context_threads(const struct numu_context *context) {
    long threads = context->threads;
    if (threads == 0) {
        threads = sysconf(_SC_NPROCESSORS_ONLN);
    }
    if (threads < 1) {
        return 1; /* the machine does not say */
    }
    return threads < NUMU_THREADS_MAX ? (unsigned)threads : NUMU_THREADS_MAX;
}
