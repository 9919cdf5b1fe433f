/*
 * bound_programme.h - solves the linear programme of bound_linear.h for the least finish, again and
 * again, while its prices cut something off or its solution breaks windows that it does not have.
 */
#ifndef NUMU_PROGRAMME_BOUND_PROGRAMME_H
#define NUMU_PROGRAMME_BOUND_PROGRAMME_H

#include "programme/bound_linear.h"
#include "programme/bound_meter.h"

struct numu_bound_programme {
    struct numu_bound_linear *linear; /* with its rows */
    struct numu_bound_meter *meter;
    struct numu_arena *scratch;
    double *value; /* by variable: filled with the solution where it passes */
};

/*
 * *out_is_open is false where nothing is left of some variable; else what is left stands in the
 * solver. Within what the meter has; a programme that cannot be solved says nothing.
 * NUMU_MEMORY, NUMU_LIMIT.
 */
NUMU_MUST_CHECK numu_status numu_bound_programme_run(const struct numu_bound_programme *programme,
                                                     bool *out_is_open);

#endif
