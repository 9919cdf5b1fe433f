/*
 * wish.h - a clock that ticks whenever it is looked at, and gives the wish to stop at a given look.
 */
#ifndef NUMU_TESTS_WISH_H
#define NUMU_TESTS_WISH_H

#include <stdatomic.h>

struct wish {
    long looks, at;
    atomic_bool stop;
};

static inline double wishing_clock(void *data) {
    struct wish *wish = data;
    if (++wish->looks >= wish->at) {
        atomic_store(&wish->stop, true);
    }
    return (double)wish->looks;
}

#endif
