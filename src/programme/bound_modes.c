/*
 * bound_modes.c - trial finishes, and the linear programme of each.
 */
#include "programme/bound_modes.h"

#include "programme/bound_programme.h"
#include "programme/exact_share.h"

#include <math.h>

enum { TASKS_MAX = 400 };

struct modes_bounder {
    const struct numu_context *context;
    const struct numu_bound_modes_options *options;
    struct numu_domain domain;
    struct numu_measures measures;
    numu_period bound;
    struct numu_bound_meter meter;
    struct numu_arena *scratch; /* of a trial */
    struct numu_exact_solver *solver;
    struct numu_bound_linear linear;
};

typedef enum verdict { PASSED, REFUTED } verdict;

/* How much of each activity is done in each mode. */
static void read_shares(const struct modes_bounder *it, const double *value) {
    const struct numu_exact_solver *solver = it->solver;
    const struct numu_project *project = it->domain.project;
    for (uint32_t n = 0; n < it->domain.task_count; n++) {
        uint32_t activity = it->domain.activity[n];
        for (uint32_t m = project->first_mode[activity]; m < project->first_mode[activity + 1];
             m++) {
            uint32_t variable = solver->mode_variable[m];
            it->options->share[m] = variable == NUMU_NO_VARIABLE ? 1 : fmax(value[variable], 0);
        }
    }
}

/* --- trials --- */

static numu_status try_linear(struct modes_bounder *it, verdict *out) {
    struct numu_bound_programme programme = {
        .linear = &it->linear,
        .meter = &it->meter,
        .scratch = it->scratch,
    };
    bool is_open;
    NUMU_TRY(numu_bound_linear_build(&it->linear));
    NUMU_TRY(NUMU_TAKE(it->scratch, &programme.value, it->solver->variable_count));
    NUMU_TRY(numu_bound_programme_run(&programme, &is_open));
    /* where it has come to no solution, all modes of an activity have none */
    if (is_open && it->options->share != NULL && programme.value[it->solver->makespan] > 0) {
        read_shares(it, programme.value);
    }
    *out = is_open ? PASSED : REFUTED;
    return NUMU_OK;
}

static numu_status try_in(struct modes_bounder *it, numu_period finish, verdict *out) {
    int64_t lateness = numu_domain_lateness_max(&it->domain, finish);
    const struct numu_exact_limits limits = {
        .makespan_min = it->bound,
        .makespan_max = finish,
        .lateness_max = lateness > NUMU_PERIOD_MAX ? NUMU_PERIOD_MAX : (numu_period)lateness,
        .measures = &it->measures};
    const struct numu_exact_shaving shaving = {numu_bound_meter_shaves, &it->meter};
    bool is_open;
    NUMU_TRY(
        numu_exact_build(it->context, &it->domain, &limits, it->scratch, it->solver, &is_open));
    is_open = is_open && (it->options->skips_shaving || numu_exact_shave(it->solver, &shaving));
    NUMU_TRY(it->solver->status);
    *out = is_open ? PASSED : REFUTED;
    return is_open ? try_linear(it, out) : NUMU_OK;
}

/* Raises the bound by what a trial says: that it is above `finish`, or at least its least one. */
static numu_status try_finish(struct modes_bounder *it, numu_period finish, verdict *out) {
    struct numu_arena_mark mark = numu_arena_mark(it->scratch);
    NUMU_TRY(NUMU_TAKE(it->scratch, &it->solver, 1));
    it->solver->context = it->context;
    numu_bound_linear_init(&it->linear, it->solver);
    numu_status status = try_in(it, finish, out);
    numu_period bound = it->bound;
    if (status == NUMU_OK && *out == REFUTED) {
        bound = finish + 1;
    } else if (status == NUMU_OK) {
        bound = numu_exact_least(it->solver, it->solver->makespan);
    }
    if (bound > it->bound) {
        it->bound = bound;
        if (it->options->bound != NULL) {
            numu_exact_raise(it->options->bound, bound);
        }
    }
    numu_bound_linear_release(&it->linear);
    numu_exact_release(it->solver);
    numu_arena_rewind(it->scratch, mark);
    return status;
}

/*
 * First a finish far above, whose programme says most of it, unless that is too large for the exact
 * search; then finishes from the bound on, in strides that double until one passes, and halve what
 * is left from there on.
 */
static numu_status raise_bound(struct modes_bounder *it, struct numu_arena *arena,
                               const struct numu_project *project) {
    numu_period last, stride = 1, passed = NUMU_PERIOD_MAX; /* the least finish that did */
    verdict found;
    NUMU_TRY(numu_domain_build(project, arena, &it->domain));
    last = numu_exact_horizon(&it->domain);
    last = it->options->until - 1 < last ? it->options->until - 1 : last;
    if (!it->domain.is_exact || it->domain.task_count > TASKS_MAX || it->bound > last) {
        return NUMU_OK;
    }
    NUMU_TRY(numu_measures_find(project, arena, &it->measures));
    numu_status status = try_finish(it, last < 2 * it->bound ? last : 2 * it->bound, &found);
    if (status != NUMU_LIMIT) {
        NUMU_TRY(status);
    }
    while (it->bound <= last && it->bound < passed && !numu_bound_meter_is_over(&it->meter)) {
        numu_period ahead = passed < NUMU_PERIOD_MAX ? (passed - it->bound - 1) / 2 : stride - 1;
        numu_period finish = ahead < last - it->bound ? it->bound + ahead : last;
        NUMU_TRY(try_finish(it, finish, &found));
        passed = found == PASSED ? finish : passed;
        stride *= 2;
    }
    return NUMU_OK;
}

numu_status numu_bound_modes_raise(const struct numu_context *context,
                                   const struct numu_project *project,
                                   const struct numu_bound_modes_options *options,
                                   numu_period *out_bound) {
    struct numu_arena arena, scratch;
    struct modes_bounder it = {
        .context = context,
        .options = options,
        .bound = options->from,
        .meter = numu_bound_meter_begin(context, options->work_max, options->time_limit_s),
        .scratch = &scratch,
    };
    numu_arena_init(&arena, context->heap);
    numu_arena_init(&scratch, context->heap);
    numu_status status = raise_bound(&it, &arena, project);
    status = status == NUMU_LIMIT ? NUMU_OK : status; /* of memory, or of tables */
    numu_arena_release(&scratch);
    numu_arena_release(&arena);
    if (status == NUMU_OK) {
        *out_bound = it.bound;
    }
    return status;
}
