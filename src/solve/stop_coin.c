/*
 * stop_coin.c - an event handler for COIN-OR's libraries, written in C.
 *
 * Their C interfaces know no event handlers: Ctrl-C would wait until a solve of minutes is over. In
 * C++ one derives a class from ClpEventHandler or CbcEventHandler and hands an object of it over.
 * Such an object is a pointer to a table of functions, then members; the tables' layout and the
 * names of functions are the Itanium C++ ABI, which gcc and clang follow on Linux. Here the
 * library's own table is copied and the functions that matter are put in place of its own. What is
 * relied on is looked at first; where a library differs, no handler is given and solves stop
 * between their rounds.
 *
 * [S2] clone gives the object itself and deletion does nothing: Clp and CBC copy handlers along
 *      with models, and all copies shall be this one.
 *
 * Source: Itanium C++ ABI, 2.5 "Virtual Table Layout", 5.1 "Mangling"; ClpEventHandler.hpp,
 * CbcEventHandler.hpp, Coin_C_defines.h (Clp 1.17, CBC 2.10).
 */
#include "solve/stop_coin.h"

#include <math.h>
#include <stdint.h>
#include <string.h>

/* ClpEventHandler.hpp: Event; and what a handler answers. */
enum { CLP_END_OF_ITERATION = 100, CLP_END_OF_FACTORIZATION = 101 };
enum { GO_ON = -1, STOP = 0 };

/* Slots of the two tables. */
enum { CLP_EVENT = 2, CLP_EVENT_WITH_INFO, CLP_DESTROY, CLP_DELETE, CLP_CLONE };
enum { CBC_EVENT = 2, CBC_EVENT_WITH_DATA, CBC_CLONE, CBC_DESTROY, CBC_DELETE };
enum { FIRST_SLOT = 2 }; /* what an object's pointer points to */

extern const numu_coin_slot clp_handler_table[] __asm__("_ZTV15ClpEventHandler");
extern void clp_handler_event(void) __asm__("_ZN15ClpEventHandler5eventENS_5EventE");
extern void clp_handler_delete(void) __asm__("_ZN15ClpEventHandlerD0Ev");
extern void clp_handler_clone(void) __asm__("_ZNK15ClpEventHandler5cloneEv");
extern void
clp_pass_in(void *model,
            const void *handler) __asm__("_ZN10ClpSimplex18passInEventHandlerEPK15ClpEventHandler");

extern const numu_coin_slot cbc_handler_table[] __asm__("_ZTV15CbcEventHandler");
extern const numu_coin_slot cbc_model_table[] __asm__("_ZTV8CbcModel");
extern void cbc_handler_event(void) __asm__("_ZN15CbcEventHandler5eventENS_8CbcEventE");
extern void cbc_handler_delete(void) __asm__("_ZN15CbcEventHandlerD0Ev");
extern void cbc_handler_clone(void) __asm__("_ZNK15CbcEventHandler5cloneEv");
extern void
cbc_pass_in(void *model,
            const void *handler) __asm__("_ZN8CbcModel18passInEventHandlerEPK15CbcEventHandler");

/* --- what the libraries call --- */

static int look(struct numu_coin_stop *stop) {
    const struct numu_context *context = stop->context;
    bool is_late = stop->deadline < INFINITY && context->clock != NULL &&
                   context->clock(context->clock_data) >= stop->deadline;
    if (is_late || numu_context_is_stopped(context)) {
        stop->is_told = true;
        return STOP;
    }
    return GO_ON;
}

/* Other events of Clp's take other answers: those of presolve would be misunderstood. */
static int on_clp_event(struct numu_coin_stop *stop, int event) {
    bool is_step = event == CLP_END_OF_ITERATION || event == CLP_END_OF_FACTORIZATION;
    return is_step ? look(stop) : GO_ON;
}

static int on_cbc_event(struct numu_coin_stop *stop, int event) {
    (void)event;
    return look(stop);
}

static int on_cbc_event_with_data(struct numu_coin_stop *stop, int event, void *data) {
    (void)event;
    (void)data;
    return look(stop);
}

static void do_nothing(struct numu_coin_stop *stop) { /* [S2] */
    (void)stop;
}

static struct numu_coin_stop *same(struct numu_coin_stop *stop) { /* [S2] */
    return stop;
}

/* --- handing over --- */

/*
 * What the C interfaces call their models (Coin_C_defines.h) begins with a ClpSimplex *, and with
 * an OsiClpSolverInterface * and a CbcModel *. Only the last has a table to know it by.
 */
static void *object_in(void *model, size_t at) {
    void *object = NULL;
    memcpy(&object, (char *)model + at * sizeof object, sizeof object);
    return object;
}

static bool is_cbc_model(const void *object) {
    const numu_coin_slot *table = NULL;
    memcpy(&table, object, sizeof table);
    return table == cbc_model_table + FIRST_SLOT;
}

static void take_table(struct numu_coin_stop *stop, const numu_coin_slot *table) {
    memcpy(stop->slots, table, sizeof stop->slots);
    stop->table = stop->slots + FIRST_SLOT;
}

void numu_coin_stop_clp(struct numu_coin_stop *stop, void *simplex) {
    bool is_known = clp_handler_table[CLP_EVENT] == clp_handler_event &&
                    clp_handler_table[CLP_DELETE] == clp_handler_delete &&
                    clp_handler_table[CLP_CLONE] == clp_handler_clone;
    if (is_known) {
        take_table(stop, clp_handler_table);
        stop->slots[CLP_EVENT] = (numu_coin_slot)on_clp_event;
        stop->slots[CLP_DESTROY] = (numu_coin_slot)do_nothing;
        stop->slots[CLP_DELETE] = (numu_coin_slot)do_nothing;
        stop->slots[CLP_CLONE] = (numu_coin_slot)same;
        clp_pass_in(object_in(simplex, 0), stop);
    }
}

void numu_coin_stop_cbc(struct numu_coin_stop *stop, void *model) {
    void *object = object_in(model, 1);
    bool is_known = cbc_handler_table[CBC_EVENT] == cbc_handler_event &&
                    cbc_handler_table[CBC_DELETE] == cbc_handler_delete &&
                    cbc_handler_table[CBC_CLONE] == cbc_handler_clone;
    if (is_known && is_cbc_model(object)) {
        take_table(stop, cbc_handler_table);
        stop->slots[CBC_EVENT] = (numu_coin_slot)on_cbc_event;
        stop->slots[CBC_EVENT_WITH_DATA] = (numu_coin_slot)on_cbc_event_with_data;
        stop->slots[CBC_CLONE] = (numu_coin_slot)same;
        stop->slots[CBC_DESTROY] = (numu_coin_slot)do_nothing;
        stop->slots[CBC_DELETE] = (numu_coin_slot)do_nothing;
        cbc_pass_in(object, stop);
    }
}
