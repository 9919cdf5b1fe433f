/*
 * merge.h - merge bias: where paths meet, all of them must be there.
 *
 * Work that waits for several others starts when the last is there. Each may be there in time with
 * 80 % and all of them with much less, the less the more they are and the more alike: the mean of
 * the latest is later than the latest of the means (K. R. MacCrimmon, C. A. Ryavec, "An analytical
 * study of the PERT assumptions", Operations Research 12(1), 1964). Plans made of one date an
 * activity do not see it.
 *
 * Of an activity with two or more links into it from work that is not finished, `point` is the day
 * by which each of these links lets it start in at least the asked percentage of the samples.
 *
 * [M1] Links only: what waits for resources is not a path.
 * [M2] Paths that move together (one risk on both) lose little, as they should.
 */
#ifndef NUMU_PROGRAMME_MERGE_H
#define NUMU_PROGRAMME_MERGE_H

#include "base/context.h"
#include "programme/estimate.h"
#include "programme/simulate.h"

struct numu_merge {
    uint32_t activity;
    uint32_t path_count;
    uint32_t latest;    /* the activity before on whose link `point` stands */
    numu_period point;  /* by which each one is there with the asked percentage */
    double least_share; /* of samples in which the least sure of them is there by then */
    double joint_share; /* in which all are */
    double delay;       /* periods from `point` until all are, with the asked percentage */
};

/* A share lost of this and above is a hot spot. */
#define NUMU_MERGE_HOT 0.10

static inline double numu_merge_loss(const struct numu_merge *merge) {
    return merge->least_share - merge->joint_share;
}

/* Sample s of activity a stands at a * stride + s of each. */
struct numu_merge_samples {
    const struct numu_simulator *simulator;
    const numu_period *start, *finish, *duration;
    uint64_t stride;
    struct numu_samples samples;
    double percent;
};

/* All merges, by activity ascending, in the arena. */
NUMU_MUST_CHECK numu_status numu_merges_find(const struct numu_context *context,
                                             const struct numu_merge_samples *samples,
                                             struct numu_arena *arena, struct numu_merge **out,
                                             uint32_t *out_count);

/* Up to count_max hot spots, the greatest loss first, then by activity. Returns how many. */
uint32_t numu_merges_worst(const struct numu_merge *merges, uint32_t count, uint32_t count_max,
                           const struct numu_merge **out);

#endif
