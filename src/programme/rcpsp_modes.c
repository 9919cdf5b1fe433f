/*
 * rcpsp_modes.c - modes drawn and mended.
 *
 * Modes that come together by chance or from two parents nearly always overdraw pools where these
 * are scarce. Of some jobs drawn, the mode that saves most for the time it costs is taken, again
 * and again: a greedy multi-dimensional knapsack (Y. Toyoda, Management Science 21(12), 1975).
 */
#include "programme/rcpsp_modes.h"

enum {
    REPAIRS_A_JOB = 4,
    LOOKED_AT_OF = 4 /* of so many jobs one is looked at for each change */
};

bool numu_rcpsp_modes_fill_pools(const struct numu_rcpsp_problem *problem, const uint32_t *mode,
                                 int64_t *left) {
    bool is_enough = true;
    for (uint32_t k = 0; k < problem->pool_count; k++) {
        left[k] = problem->pool[k];
        for (uint32_t j = 0; j < problem->count; j++) {
            left[k] -= problem->pool_need[mode[j] * problem->pool_count + k];
        }
        is_enough &= left[k] >= 0;
    }
    return is_enough;
}

/* How far pools are overdrawn once a job has changed its mode, each as a share of its size. */
static double overdraft(const struct numu_rcpsp_problem *problem, const int64_t *left,
                        uint32_t from, uint32_t to) {
    double sum = 0;
    for (uint32_t k = 0; k < problem->pool_count; k++) {
        int64_t rest = left[k] + problem->pool_need[from * problem->pool_count + k] -
                       problem->pool_need[to * problem->pool_count + k];
        sum += rest < 0 ? (double)-rest / (double)(problem->pool[k] + 1) : 0;
    }
    return sum;
}

struct change {
    uint32_t job, mode;
    double worth; /* overdraft that it saves for what it may cost in time */
};

/* Looks at the other modes of a job; `none` is what is overdrawn without a change. */
static void look_at_changes(const struct numu_rcpsp_problem *problem, const uint32_t *mode,
                            const int64_t *left, uint32_t job, double none, struct change *best) {
    static const double weight_min = 1; /* so that what costs nothing is compared as well */
    for (uint32_t m = problem->first_mode[job]; m < problem->first_mode[job + 1]; m++) {
        double saved = m == mode[job] ? 0 : none - overdraft(problem, left, mode[job], m);
        double added = problem->weight[m] - problem->weight[mode[job]];
        double worth = saved / (weight_min + (added > 0 ? added : 0));
        if (worth > best->worth) {
            *best = (struct change){job, m, worth};
        }
    }
}

bool numu_rcpsp_modes_repair(const struct numu_rcpsp_problem *problem, struct numu_random *random,
                             uint32_t *mode, int64_t *left) {
    uint32_t looks = 1 + problem->count / LOOKED_AT_OF;
    bool is_enough = numu_rcpsp_modes_fill_pools(problem, mode, left);
    for (uint32_t i = 0; !is_enough && i < REPAIRS_A_JOB * problem->count; i++) {
        struct change best = {0};
        double none = overdraft(problem, left, mode[0], mode[0]);
        for (uint32_t n = 0; n < looks; n++) {
            uint32_t job = (uint32_t)numu_random_below(random, problem->count);
            look_at_changes(problem, mode, left, job, none, &best);
        }
        if (best.worth <= 0) {
            continue;
        }
        is_enough = true;
        for (uint32_t k = 0; k < problem->pool_count; k++) {
            left[k] += problem->pool_need[mode[best.job] * problem->pool_count + k] -
                       problem->pool_need[best.mode * problem->pool_count + k];
            is_enough &= left[k] >= 0;
        }
        mode[best.job] = best.mode;
    }
    return is_enough;
}

static uint32_t draw_by_share(const struct numu_rcpsp_problem *problem, uint32_t job,
                              const double *share, struct numu_random *random) {
    double left = numu_random_unit(random);
    uint32_t mode = problem->first_mode[job];
    while (mode + 1 < problem->first_mode[job + 1] && left >= share[problem->mode_number[mode]]) {
        left -= share[problem->mode_number[mode++]];
    }
    return mode;
}

static uint32_t draw_or_shortest(const struct numu_rcpsp_problem *problem, uint32_t job,
                                 struct numu_random *random) {
    uint32_t first = problem->first_mode[job], end = problem->first_mode[job + 1];
    if (numu_random_below(random, 2) == 0) {
        return first + (uint32_t)numu_random_below(random, end - first);
    }
    uint32_t shortest = first;
    for (uint32_t m = first; m < end; m++) {
        shortest = problem->duration[m] < problem->duration[shortest] ? m : shortest;
    }
    return shortest;
}

void numu_rcpsp_modes_draw(const struct numu_rcpsp_problem *problem, const double *share,
                           struct numu_random *random, uint32_t *mode) {
    for (uint32_t j = 0; j < problem->count; j++) {
        mode[j] = !numu_rcpsp_has_modes(problem, j) ? problem->first_mode[j]
                  : share != NULL                   ? draw_by_share(problem, j, share, random)
                                                    : draw_or_shortest(problem, j, random);
    }
}
