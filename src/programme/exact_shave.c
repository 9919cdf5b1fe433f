/*
 * exact_shave.c - each variable is tried at the ends of what it can be: what contradicts itself
 * there is cut off (P. Martin, D. B. Shmoys, "A new approach to computing optimal schedules for the
 * job-shop scheduling problem", IPCO 5, LNCS 1084, 1996).
 */
#include "programme/exact_solver.h"

enum { ROUNDS_MAX = 20 };

struct shaver {
    struct numu_exact_solver *solver;
    const struct numu_exact_shaving *shaving;
    bool is_changed, is_over;
};

/* Whether an end of a variable does not contradict itself, as far as propagation sees. */
static bool is_possible(struct shaver *shaver, struct numu_exact_fact end) {
    struct numu_exact_solver *solver = shaver->solver;
    uint64_t before = solver->propagation_total;
    numu_exact_decide(solver, end);
    bool is_open = numu_exact_propagate(solver);
    shaver->is_over =
        shaver->shaving->is_over(shaver->shaving->data, 1 + solver->propagation_total - before);
    return is_open;
}

/* Cuts off one end of a variable; false where nothing is left. */
static bool shave_side(struct shaver *shaver, uint32_t variable, bool is_low) {
    struct numu_exact_solver *solver = shaver->solver;
    while (!numu_exact_is_fixed(solver, variable) && !shaver->is_over) {
        struct numu_exact_fact end =
            is_low ? numu_exact_at_most(variable, numu_exact_least(solver, variable))
                   : numu_exact_at_least(variable, numu_exact_greatest(solver, variable));
        if (is_possible(shaver, end)) {
            numu_exact_backtrack(solver, 0);
            return true;
        }
        shaver->is_changed = true;
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
    struct shaver shaver = {.solver = solver, .shaving = shaving, .is_changed = true};
    for (int round = 0; round < ROUNDS_MAX && shaver.is_changed; round++) {
        shaver.is_changed = false;
        for (uint32_t v = 0; v < solver->variable_count && !shaver.is_over; v++) {
            if (!shave_side(&shaver, v, true) || !shave_side(&shaver, v, false)) {
                return false;
            }
        }
    }
    return true;
}
