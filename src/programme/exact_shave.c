/*
 * exact_shave.c - each variable is tried at the ends of what it can be: what contradicts itself
 * there is cut off (P. Martin, D. B. Shmoys, "A new approach to computing optimal schedules for the
 * job-shop scheduling problem", IPCO 5, LNCS 1084, 1996).
 */
#include "programme/exact_solver.h"

enum { ROUNDS_MAX = 20 };

/* Cuts off one end of a variable; false where nothing is left. */
static bool shave_side(struct numu_exact_solver *solver, const struct numu_exact_shaving *shaving,
                       uint32_t variable, bool is_low, bool *io_is_changed) {
    while (!numu_exact_is_fixed(solver, variable) && !shaving->is_over(shaving->data, 0)) {
        uint64_t before = solver->propagation_total;
        numu_exact_decide(
            solver, is_low ? numu_exact_at_most(variable, numu_exact_least(solver, variable))
                           : numu_exact_at_least(variable, numu_exact_greatest(solver, variable)));
        bool is_open = numu_exact_propagate(solver);
        bool is_over = shaving->is_over(shaving->data, 1 + solver->propagation_total - before);
        if (is_open || is_over) {
            numu_exact_backtrack(solver, 0);
            return true;
        }
        *io_is_changed = true;
        if (!numu_exact_learn(solver)) {
            return false;
        }
        numu_exact_backtrack(solver, 0);
        if (!numu_exact_propagate(solver)) {
            return false;
        }
    }
    return true;
}

bool numu_exact_shave(struct numu_exact_solver *solver, const struct numu_exact_shaving *shaving) {
    bool is_changed = true;
    for (int round = 0; round < ROUNDS_MAX && is_changed; round++) {
        is_changed = false;
        for (uint32_t v = 0; v < solver->variable_count; v++) {
            if (!shave_side(solver, shaving, v, true, &is_changed) ||
                !shave_side(solver, shaving, v, false, &is_changed)) {
                return false;
            }
        }
    }
    return true;
}
