/*
 * policy.c - a few lists, the same samples for each.
 */
#include "programme/policy.h"

#include "base/parallel.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

/* Draws of figures are numbered from 0 on. */
static const uint64_t draw_of_trials = UINT64_C(1) << 40;

enum { GIVEN = NUMU_POLICY_LISTS - 1 };

struct contest {
    struct numu_draw draw;
    struct numu_simulator simulator[NUMU_POLICY_LISTS];
    struct numu_simulator_room *room; /* by worker */
    numu_period finish[NUMU_POLICY_LISTS][NUMU_POLICY_SAMPLES];
    bool fails[NUMU_POLICY_LISTS]; /* something waits for what never comes */
};

/* --- lists --- */

struct blended {
    uint64_t key;
    uint32_t own, activity;
};

static int compare_blended(const void *left, const void *right) {
    const struct blended *a = left, *b = right;
    uint64_t of_a = a->key != b->key ? a->key : a->own, of_b = a->key != b->key ? b->key : b->own;
    return (of_a > of_b) - (of_a < of_b);
}

/* By a weighted mean of the places in both lists, of which `share` of all but one is the given. */
static void blend(const uint32_t *own, const uint32_t *given_place, uint32_t count, uint32_t share,
                  struct blended *blended, uint32_t *out) {
    for (uint32_t place = 0; place < count; place++) {
        uint32_t a = own[place];
        uint64_t key = (uint64_t)share * given_place[a] + (uint64_t)(GIVEN - share) * place;
        blended[place] = (struct blended){key, place, a};
    }
    qsort(blended, count, sizeof *blended, compare_blended);
    for (uint32_t place = 0; place < count; place++) {
        out[place] = blended[place].activity;
    }
}

static numu_status make_simulators(const struct numu_policy_trial *trial,
                                   struct numu_arena *scratch, struct contest *contest) {
    uint32_t count = trial->project->activity_count;
    struct numu_simulator_options options = trial->options;
    struct numu_simulator own;
    struct blended *blended;
    uint32_t *given_place, *list;
    NUMU_TRY(NUMU_TAKE(scratch, &given_place, count));
    NUMU_TRY(NUMU_TAKE(scratch, &list, count));
    NUMU_TRY(NUMU_TAKE(scratch, &blended, count));
    for (uint32_t place = 0; place < count; place++) {
        given_place[trial->options.list[place]] = place;
    }
    options.list = NULL;
    NUMU_TRY(numu_simulator_init(&own, scratch, trial->project, &options));
    options.list = list;
    for (uint32_t k = 0; k < NUMU_POLICY_LISTS; k++) {
        blend(own.list, given_place, count, k, blended, list);
        NUMU_TRY(numu_simulator_init(&contest->simulator[k], scratch, trial->project, &options));
    }
    return NUMU_OK;
}

/* --- samples --- */

static numu_status date_list(void *data, size_t k, unsigned worker) {
    struct contest *contest = data;
    struct numu_simulator_room *room = &contest->room[worker];
    for (uint32_t from = 0; from < NUMU_POLICY_SAMPLES; from += NUMU_LANES) {
        numu_status status = numu_simulate(&contest->simulator[k], contest->draw.duration + from,
                                           contest->draw.stride, room);
        contest->fails[k] = status == NUMU_INFEASIBLE;
        if (status != NUMU_OK) {
            return contest->fails[k] && k != GIVEN ? NUMU_OK : status;
        }
        memcpy(&contest->finish[k][from], room->lanes.whole, sizeof room->lanes.whole);
    }
    return NUMU_OK;
}

/* By how many periods list k ends sooner than the given one; 0 where that may be chance [L1], and
   where it does not end. */
static double gain(const struct contest *contest, uint32_t k) {
    const numu_period *given = contest->finish[GIVEN], *other = contest->finish[k];
    double mean = 0, squares = 0;
    for (int s = 0; s < NUMU_POLICY_SAMPLES; s++) {
        mean += ((double)given[s] - other[s]) / NUMU_POLICY_SAMPLES;
    }
    for (int s = 0; s < NUMU_POLICY_SAMPLES; s++) {
        double off = (double)given[s] - other[s] - mean;
        squares += off * off;
    }
    double error = sqrt(squares / (NUMU_POLICY_SAMPLES - 1) / NUMU_POLICY_SAMPLES);
    return !contest->fails[k] && mean > 3 * error ? mean : 0;
}

static numu_status choose(const struct numu_context *context, const struct numu_policy_trial *trial,
                          struct numu_arena *scratch, uint32_t *out, double *out_share) {
    unsigned workers = numu_context_threads(context);
    uint32_t chosen = GIVEN;
    double most = 0;
    struct contest *contest;
    NUMU_TRY(NUMU_TAKE(scratch, &contest, 1));
    NUMU_TRY(make_simulators(trial, scratch, contest));
    NUMU_TRY(NUMU_TAKE(scratch, &contest->room, workers));
    for (unsigned w = 0; w < workers; w++) {
        NUMU_TRY(numu_simulator_take(&contest->simulator[0], scratch, &contest->room[w]));
    }
    NUMU_TRY(numu_draw_take(trial->sampler, scratch, NUMU_POLICY_SAMPLES, NUMU_POLICY_SAMPLES,
                            &contest->draw));
    numu_draw_fill(trial->sampler, draw_of_trials, &contest->draw);
    NUMU_TRY(numu_parallel_for(context, NUMU_POLICY_LISTS, date_list, contest));
    for (uint32_t k = 0; k < NUMU_POLICY_LISTS; k++) {
        double own = gain(contest, k);
        chosen = own > most ? k : chosen;
        most = own > most ? own : most;
    }
    memcpy(out, contest->simulator[chosen].list, trial->project->activity_count * sizeof *out);
    *out_share = (double)chosen / GIVEN;
    return NUMU_OK;
}

numu_status numu_policy_choose(const struct numu_context *context,
                               const struct numu_policy_trial *trial, struct numu_arena *scratch,
                               uint32_t *out, double *out_share) {
    struct numu_arena_mark mark = numu_arena_mark(scratch);
    numu_status status = choose(context, trial, scratch, out, out_share);
    numu_arena_rewind(scratch, mark);
    return status;
}
