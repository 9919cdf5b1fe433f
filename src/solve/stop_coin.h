/*
 * stop_coin.h - how a running solve of COIN-OR's is told to stop. For lp_clp.c and lp_cbc.c only.
 */
#ifndef NUMU_SOLVE_STOP_COIN_H
#define NUMU_SOLVE_STOP_COIN_H

#include "base/context.h"

/* A virtual function of C++, of whatever type. */
typedef void (*numu_coin_slot)(void);
enum { NUMU_COIN_SLOTS = 7 }; /* offset, type, and the five functions of a handler */

/*
 * An object that the libraries take for their event handler. It must outlive the solver that it was
 * given to, and must not move. [S1] `table` comes first: it is where C++ looks for functions.
 */
struct numu_coin_stop {
    const numu_coin_slot *table;
    void *members[3]; /* C++'s own: it writes them, nothing reads them */
    const struct numu_context *context;
    double deadline; /* by the context's clock; INFINITY = none */
    bool is_told;    /* it asked a solve to stop, because of the flag or the deadline */
    numu_coin_slot slots[NUMU_COIN_SLOTS];
};

/*
 * Gives a handler to a solver of the C interface (Clp_Simplex, Cbc_Model): from then on the flag is
 * looked at, and the clock where there is a deadline, after each step of the simplex method, or
 * each event of the search. Does nothing where the library is laid out in a way not known here.
 */
void numu_coin_stop_clp(struct numu_coin_stop *stop, void *simplex);
void numu_coin_stop_cbc(struct numu_coin_stop *stop, void *model);

#endif
