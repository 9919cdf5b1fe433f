/*
 * reduce.h - a project without what cannot be part of a best schedule, or never matters, so that a
 * search among modes has less to try (A. Sprecher, S. Hartmann, A. Drexl, "An exact algorithm for
 * project scheduling with multiple modes", OR Spektrum 19, 1997):
 *
 * never done   a mode that needs more of a renewable resource than there ever is, or more of a
 *              consumable one than all that is ever supplied leaves when each other activity
 *              takes the least it can;
 * never better a mode beside another of the same activity that takes no longer, costs no more and
 *              needs no more of anything;
 * never scarce a consumable resource of which there is enough from the beginning, whatever modes
 *              are chosen.
 *
 * Each may make more of another, so that all are looked for until there is no more. And links of
 * all types become those of one, where that is the same.
 *
 * [D1] The least lateness, the least finish with it, and whether there is a schedule at all are the
 *      same with and without, and every schedule of what is left is one of the whole.
 * [D2] A shorter mode is only held against a longer one where it may stand in its place: at its
 *      beginning unless links ask for a finish, at its end unless others wait for the start. Of a
 *      point in time and of work the one never stands for the other.
 * [D3] Where no calendar rests and an activity that has not begun takes as long in all its modes,
 *      its start and its finish are one date, and a link of any type is one from finish to start
 *      with some lag (M. Bartusch, R. H. Möhring, F. J. Radermacher, "Scheduling project networks
 *      with resource constraints and time windows", Annals of Operations Research 16, 1988).
 */
#ifndef NUMU_PROGRAMME_REDUCE_H
#define NUMU_PROGRAMME_REDUCE_H

#include "programme/project.h"

struct numu_reduction {
    uint32_t never_done, never_better; /* modes */
    uint32_t never_scarce;             /* resources: none of the needs is left */
    uint32_t *mode;                    /* by mode of what is left: its number in the whole */
};

/*
 * The project without the modes that are off, and without needs of the resources that are off (NULL
 * = of none); it shares with the project all that it does not change. `number`: by mode of what is
 * left, its number in the whole. Arrays live in the arena. NUMU_INFEASIBLE where an activity has no
 * mode left.
 */
NUMU_MUST_CHECK numu_status numu_project_without(const struct numu_project *project,
                                                 const bool *is_mode_off,
                                                 const bool *is_resource_off,
                                                 struct numu_arena *arena, struct numu_project *out,
                                                 uint32_t **out_number);

/*
 * What is left, which shares with the project all that it does not change; arrays live in the
 * arena. NUMU_INFEASIBLE where an activity has no mode left.
 */
NUMU_MUST_CHECK numu_status numu_project_reduce(const struct numu_project *project,
                                                struct numu_arena *arena, struct numu_project *out,
                                                struct numu_reduction *out_reduction);

/*
 * The project with links from finish to start wherever that is the same [D3]; the arrays of types
 * and lags live in the arena, all else it shares with the project.
 */
NUMU_MUST_CHECK numu_status numu_project_unify_links(const struct numu_project *project,
                                                     struct numu_arena *arena,
                                                     struct numu_project *out);

#endif
