/*
 * bound_cover.c - a programme that buys time for sets, which cost as much as each other.
 */
#include "programme/bound_cover.h"

#include "solve/lp.h"

#include <math.h>

enum {
    QUICK_NODES = 1000, /* most questions are answered well enough by so many */
    EXACT_NODES = 2000000,
};

static const double scale = 1e8;  /* of prices, 0..1: weights are at most 2^27 */
static const int64_t worth = 100; /* a set that weighs so much more than it costs is wanted */

struct covering {
    const struct numu_bound_cover *cover;
    uint32_t count; /* of tasks */
    struct numu_lp_solver *solver;
    struct numu_arena *scratch;
    uint32_t *candidate; /* all of them */
    int64_t *weight;
    struct numu_lp_entry *entry;
};

/* A row for each task, and a column in which it runs alone. */
static numu_status fill_programme(const struct covering *it, struct numu_lp *lp) {
    for (uint32_t i = 0; i < it->count; i++) {
        NUMU_TRY(numu_lp_add_row(lp, it->cover->duration[i], INFINITY, NULL));
    }
    for (uint32_t i = 0; i < it->count; i++) {
        const struct numu_lp_entry alone = {i, 1};
        NUMU_TRY(numu_lp_add_column(lp, 1, 0, INFINITY, &alone, 1, NULL));
    }
    return NUMU_OK;
}

static numu_status open_programme(const struct numu_context *context, struct covering *it) {
    struct numu_lp lp;
    numu_lp_init(&lp, context->heap);
    numu_status status = fill_programme(it, &lp);
    if (status == NUMU_OK) {
        status = numu_lp_solver_open(context, &lp, &it->solver);
    }
    numu_lp_release(&lp);
    return status;
}

/* Adds the set that was found last. */
static numu_status offer(struct covering *it) {
    const struct numu_heaviest *heaviest = it->cover->heaviest;
    for (uint32_t n = 0; n < heaviest->chosen_count; n++) {
        it->entry[n] = (struct numu_lp_entry){heaviest->chosen[n], 1};
    }
    return numu_lp_solver_add_column(it->solver, 1, 0, INFINITY, it->entry, heaviest->chosen_count,
                                     NULL);
}

static void read_prices(struct covering *it, const struct numu_lp_solution *solution) {
    for (uint32_t i = 0; i < it->count; i++) {
        it->weight[i] = llround(fmax(0, fmin(solution->row_dual[i], 1)) * scale);
    }
}

/* Whether a set is found that weighs more than `floor`. */
static bool find_set(struct covering *it, int64_t floor, uint64_t nodes_max) {
    struct numu_heaviest *heaviest = it->cover->heaviest;
    const struct numu_heaviest_question question = {.candidate = it->candidate,
                                                    .candidate_count = it->count,
                                                    .weight = it->weight,
                                                    .capacity = it->cover->capacity,
                                                    .floor = floor,
                                                    .nodes_max = nodes_max,
                                                    .meter = it->cover->meter};
    numu_heaviest_find(heaviest, &question);
    return heaviest->chosen_count > 0;
}

/* Raises the time by what weights prove if the last answer, exact, was nothing above `most`. */
static bool raise_time(const struct covering *it, int64_t most, numu_period *io_points) {
    int64_t sum = 0;
    for (uint32_t i = 0; i < it->count; i++) {
        sum += it->weight[i] * it->cover->duration[i];
    }
    int64_t points = (sum + most - 1) / most;
    bool is_raised = it->cover->heaviest->is_exact && points > *io_points;
    *io_points = is_raised ? (numu_period)points : *io_points;
    return is_raised;
}

/*
 * Whether some set is worth more than it costs. First one is looked for without which the prices
 * prove more than is known, which is answered soon while there is much to prove: so the time rises
 * long before the programme has ended.
 */
static bool find_any(struct covering *it, double time, numu_period *io_points) {
    const int64_t cost = llround(scale) + worth;
    bool is_raised = true;
    while (is_raised) {
        int64_t floor = llround(time / (*io_points + 0.001) * scale); /* proves a point more */
        bool is_found = floor > cost && find_set(it, floor, QUICK_NODES);
        if (is_found) {
            return true;
        }
        is_raised = floor > cost && raise_time(it, floor, io_points);
    }
    if (find_set(it, cost, QUICK_NODES) || find_set(it, cost, EXACT_NODES)) {
        return true;
    }
    raise_time(it, cost, io_points);
    return false;
}

static numu_status run(struct covering *it, numu_period *io_points) {
    struct numu_lp_options options = {.primal = true, .is_near = true};
    bool is_found = true;
    while (is_found && !numu_bound_meter_is_over(it->cover->meter)) {
        struct numu_lp_solution solution;
        struct numu_arena_mark mark = numu_arena_mark(it->scratch);
        if (it->cover->meter->clock_end > 0) {
            options.time_limit_s = fmax(numu_bound_meter_seconds_left(it->cover->meter), 1e-3);
        }
        NUMU_TRY(numu_lp_solver_solve(it->solver, &options, it->scratch, &solution));
        if (solution.status != NUMU_LP_OPTIMAL) {
            return NUMU_OK;
        }
        read_prices(it, &solution);
        it->cover->meter->work += (solution.iterations + 1) * it->count;
        numu_arena_rewind(it->scratch, mark);
        is_found = find_any(it, solution.objective, io_points);
        if (is_found) {
            NUMU_TRY(offer(it));
        }
    }
    return NUMU_OK;
}

/* Whether the time of all, one after the other, is one: then sums of weights fit, too. */
static bool is_time(const struct numu_bound_cover *cover) {
    int64_t sum = 0;
    for (uint32_t i = 0; i < cover->heaviest->count; i++) {
        sum += cover->duration[i];
    }
    return sum <= NUMU_PERIOD_MAX;
}

numu_status numu_bound_cover_raise(const struct numu_context *context,
                                   const struct numu_bound_cover *cover, struct numu_arena *scratch,
                                   numu_period *io_points) {
    struct covering it = {.cover = cover, .count = cover->heaviest->count, .scratch = scratch};
    struct numu_arena_mark mark = numu_arena_mark(scratch);
    if (!is_time(cover)) {
        return NUMU_OK;
    }
    NUMU_TRY(NUMU_TAKE(scratch, &it.candidate, it.count));
    NUMU_TRY(NUMU_TAKE(scratch, &it.weight, it.count));
    NUMU_TRY(NUMU_TAKE(scratch, &it.entry, it.count));
    for (uint32_t i = 0; i < it.count; i++) {
        it.candidate[i] = i;
    }
    numu_status status = open_programme(context, &it);
    if (status == NUMU_OK) {
        status = run(&it, io_points);
    }
    numu_lp_solver_close(it.solver);
    numu_arena_rewind(scratch, mark);
    return status;
}
