/*
 * parallel.c - the loop over tasks, with POSIX threads.
 *
 * Threads are made for each loop and joined at its end: tens of microseconds, little beside loops
 * that are worth sharing out, and nothing stays behind.
 *
 * [1] Indices are handed out in order. A worker that gets an index above a known failure leaves,
 *     and one below it is never left out; hence the lowest failing index is the same each time.
 */
#include "base/parallel.h"

#include <pthread.h>

struct loop {
    const struct numu_context *context;
    numu_task task;
    void *data;
    atomic_size_t next;
    atomic_size_t failed_index; /* lowest so far, or the number of tasks; written under mutex */
    numu_status status;         /* of failed_index; under mutex */
    pthread_mutex_t mutex;
};

struct worker {
    struct loop *loop;
    unsigned number;
    pthread_t thread;
};

static void note_failure(struct loop *loop, size_t index, numu_status status) {
    pthread_mutex_lock(&loop->mutex);
    if (index < atomic_load(&loop->failed_index)) {
        atomic_store(&loop->failed_index, index);
        loop->status = status;
    }
    pthread_mutex_unlock(&loop->mutex);
}

static void *work(void *data) {
    const struct worker *worker = data;
    struct loop *loop = worker->loop;
    for (;;) {
        size_t index = atomic_fetch_add(&loop->next, 1);
        if (index >= atomic_load(&loop->failed_index)) {
            return NULL;
        }
        numu_status status = numu_context_is_stopped(loop->context)
                                 ? NUMU_STOPPED
                                 : loop->task(loop->data, index, worker->number);
        if (status != NUMU_OK) {
            note_failure(loop, index, status);
            return NULL;
        }
    }
}

numu_status numu_parallel_for(const struct numu_context *context, size_t count, numu_task task,
                              void *data) {
    struct loop loop = {.context = context, .task = task, .data = data};
    atomic_init(&loop.next, 0);
    atomic_init(&loop.failed_index, count);
    unsigned threads = numu_context_threads(context);
    if (threads > count) {
        threads = count == 0 ? 1 : (unsigned)count;
    }

    int error = pthread_mutex_init(&loop.mutex, NULL);
    numu_assert(error == 0); /* default mutexes take nothing that could run out */
    struct worker workers[NUMU_THREADS_MAX];
    unsigned started = 1; /* worker 0 is the calling thread */
    while (started < threads) {
        workers[started] = (struct worker){.loop = &loop, .number = started};
        if (pthread_create(&workers[started].thread, NULL, work, &workers[started]) != 0) {
            break;
        }
        started++;
    }
    workers[0] = (struct worker){.loop = &loop};
    work(&workers[0]);
    for (unsigned i = 1; i < started; i++) {
        error = pthread_join(workers[i].thread, NULL);
        numu_assert(error == 0);
    }
    pthread_mutex_destroy(&loop.mutex);
    return loop.status;
}
