/*
 * queue.h - a priority queue of numbers, the least first: a binary heap (J. W. J. Williams,
 * "Algorithm 232: Heapsort", CACM 7(6), 1964).
 */
#ifndef NUMU_BASE_QUEUE_H
#define NUMU_BASE_QUEUE_H

#include <stddef.h>
#include <stdint.h>

struct numu_queue {
    uint64_t *key; /* room for as many as are ever in it at once, the caller's; key[0] is least */
    uint32_t count;
};

static inline void numu_queue_push(struct numu_queue *queue, uint64_t key) {
    size_t hole = queue->count++;
    while (hole > 0 && queue->key[(hole - 1) / 2] > key) {
        queue->key[hole] = queue->key[(hole - 1) / 2];
        hole = (hole - 1) / 2;
    }
    queue->key[hole] = key;
}

/* Takes out the least; there is one. */
static inline uint64_t numu_queue_pop(struct numu_queue *queue) {
    uint64_t least = queue->key[0];
    uint64_t last = queue->key[--queue->count];
    size_t hole = 0;
    for (size_t child = 1; child < queue->count; child = 2 * hole + 1) {
        child += child + 1 < queue->count && queue->key[child + 1] < queue->key[child];
        if (queue->key[child] >= last) {
            break;
        }
        queue->key[hole] = queue->key[child];
        hole = child;
    }
    queue->key[hole] = last;
    return least;
}

#endif
