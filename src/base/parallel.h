/*
 * parallel.h - a loop over independent tasks on all cores.
 *
 * Tasks are taken in order by whichever thread is free; what a task writes must belong to its index
 * alone, so that the result is the same for any number of threads. If tasks fail, the status of the
 * lowest failing index is returned, all tasks below it have run, and none above it need have. Once
 * the context is stopped, the next task counts as failed with NUMU_STOPPED.
 */
#ifndef NUMU_BASE_PARALLEL_H
#define NUMU_BASE_PARALLEL_H

#include "base/context.h"

/* Worker 0 is the calling thread: the only one that may tell progress. A worker does one task at a
   time, so that scratch memory can be kept by worker. */
typedef numu_status (*numu_task)(void *data, size_t index, unsigned worker);

/*
 * Runs task(data, 0 … count-1, worker) with worker < numu_context_threads(context). Where the
 * machine gives fewer threads, fewer work; it fails only as its tasks do.
 */
NUMU_MUST_CHECK numu_status numu_parallel_for(const struct numu_context *context, size_t count,
                                              numu_task task, void *data);

#endif
