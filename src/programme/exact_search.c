/*
 * exact_search.c - what to decide, when to restart.
 *
 * Decisions split at the facts that conflicts were about lately (M. Moskewicz et al., "Chaff", DAC
 * 2001), with the truth they had last (K. Pipatsrisawat, A. Darwiche, SAT 2007). Where none is
 * open, the task that can start first starts. Restarts follow M. Luby, A. Sinclair, D. Zuckerman,
 * "Optimal speedup of Las Vegas algorithms", Information Processing Letters 47(4), 1993.
 */
#include "programme/bound_stride.h"
#include "programme/exact_share.h"
#include "programme/exact_solver.h"

static const double activity_decay = 0.95;
static const float clause_decay = 0.999F;
static const uint64_t luby_unit = 100; /* conflicts */
static const double activity_max = 1e100;
static const uint64_t first_turn = 3000; /* conflicts */

/* --- heap of ids, the most active on top; ties by id --- */

static bool is_above(const struct numu_exact_solver *solver, uint32_t a, uint32_t b) {
    double left = solver->activity[a], right = solver->activity[b];
    return left > right || (left == right && a < b);
}

static void put(struct numu_exact_solver *solver, uint32_t place, uint32_t id) {
    solver->heap[place] = id;
    solver->heap_place[id] = place;
}

static void sift_up(struct numu_exact_solver *solver, uint32_t place) {
    uint32_t id = solver->heap[place];
    while (place > 0 && is_above(solver, id, solver->heap[(place - 1) / 2])) {
        put(solver, place, solver->heap[(place - 1) / 2]);
        place = (place - 1) / 2;
    }
    put(solver, place, id);
}

static void sift_down(struct numu_exact_solver *solver, uint32_t place) {
    uint32_t id = solver->heap[place];
    for (;;) {
        uint32_t child = 2 * place + 1;
        if (child >= solver->heap_count) {
            break;
        }
        if (child + 1 < solver->heap_count &&
            is_above(solver, solver->heap[child + 1], solver->heap[child])) {
            child++;
        }
        if (!is_above(solver, solver->heap[child], id)) {
            break;
        }
        put(solver, place, solver->heap[child]);
        place = child;
    }
    put(solver, place, id);
}

void numu_exact_heap_insert(struct numu_exact_solver *solver, uint32_t id) {
    put(solver, solver->heap_count++, id);
    sift_up(solver, solver->heap_count - 1);
}

static void pop(struct numu_exact_solver *solver) {
    solver->heap_place[solver->heap[0]] = NUMU_NO_ENTRY;
    uint32_t last = solver->heap[--solver->heap_count];
    if (solver->heap_count > 0) {
        put(solver, 0, last);
        sift_down(solver, 0);
    }
}

void numu_exact_bump(struct numu_exact_solver *solver, uint32_t id) {
    solver->activity[id] += solver->activity_step;
    if (solver->activity[id] > activity_max) {
        uint32_t count = solver->first_id[solver->variable_count];
        for (uint32_t n = 0; n < count; n++) {
            solver->activity[n] /= activity_max;
        }
        solver->activity_step /= activity_max;
    }
    if (solver->heap_place[id] == NUMU_NO_ENTRY) {
        numu_exact_heap_insert(solver, id);
    } else {
        sift_up(solver, solver->heap_place[id]);
    }
}

void numu_exact_follow(struct numu_exact_solver *solver, uint32_t variable, numu_period value) {
    numu_period low = solver->low[variable];
    for (uint32_t id = solver->first_id[variable]; id < solver->first_id[variable + 1]; id++) {
        solver->phase[id] = value > low + (numu_period)(id - solver->first_id[variable]);
    }
}

/* --- decisions --- */

static bool choose_active(struct numu_exact_solver *solver, struct numu_exact_fact *out) {
    while (solver->heap_count > 0) {
        uint32_t id = solver->heap[0];
        uint32_t variable = solver->variable_of[id];
        numu_period value =
            solver->low[variable] + (numu_period)(id - solver->first_id[variable]) + 1;
        if (numu_exact_least(solver, variable) < value &&
            numu_exact_greatest(solver, variable) >= value) {
            *out = solver->phase[id] != 0 ? numu_exact_at_least(variable, value)
                                          : numu_exact_at_most(variable, value - 1);
            return true;
        }
        pop(solver);
    }
    return false;
}

/* A mode of a task that is open, the one it had last if there is one. */
static bool choose_mode(const struct numu_exact_solver *solver, uint32_t task,
                        struct numu_exact_fact *out) {
    const struct numu_project *project = solver->domain->project;
    uint32_t activity = solver->domain->activity[task];
    bool is_found = false;
    for (uint32_t m = project->first_mode[activity]; m < project->first_mode[activity + 1]; m++) {
        uint32_t variable = solver->mode_variable[m];
        if (variable == NUMU_NO_VARIABLE || numu_exact_is_fixed(solver, variable)) {
            continue;
        }
        if (!is_found || solver->phase[numu_exact_id(solver, variable, 1)] != 0) {
            *out = numu_exact_at_least(variable, 1);
            is_found = true;
        }
    }
    return is_found;
}

/* The open task that can start first; of those the one that must start first. */
static bool choose_first(const struct numu_exact_solver *solver, struct numu_exact_fact *out) {
    bool is_found = false;
    numu_period best = 0, best_greatest = 0;
    for (uint32_t n = 0; n < solver->domain->task_count; n++) {
        uint32_t variable = solver->start_variable[n];
        struct numu_exact_fact fact;
        bool has_mode = choose_mode(solver, n, &fact);
        if (!has_mode && numu_exact_is_fixed(solver, variable)) {
            continue;
        }
        numu_period least =
            numu_domain_start(solver->domain->calendar[n], numu_exact_least(solver, variable));
        numu_period greatest =
            numu_domain_start(solver->domain->calendar[n], numu_exact_greatest(solver, variable));
        if (!is_found || least < best || (least == best && greatest < best_greatest)) {
            is_found = true;
            best = least;
            best_greatest = greatest;
            *out =
                has_mode ? fact : numu_exact_at_most(variable, numu_exact_least(solver, variable));
        }
    }
    return is_found;
}

/*
 * A third of the search asks from below: whether the least finish that is not refuted can be had,
 * or one a stride above it. The lower bound rises so while better schedules are looked for; turns
 * get longer as both get harder, since clauses serve best the question that they were learned for.
 */
static bool asks_from_below(uint64_t conflicts) {
    uint64_t turn = first_turn;
    while (conflicts >= turn) {
        conflicts -= turn;
        turn *= 2;
    }
    return conflicts >= turn / 3 * 2;
}

/*
 * How much of the finish is asked for at once: twice as much where the bound has risen since it was
 * asked last, else half.
 */
static numu_period choose_stride(struct numu_exact_solver *solver) {
    numu_period least = numu_exact_least(solver, solver->objective);
    numu_period most = numu_bound_stride(least, numu_exact_greatest(solver, solver->objective) + 1);
    numu_period stride = solver->stride == 0          ? most
                         : least > solver->asked_from ? 2 * solver->stride
                                                      : solver->stride / 2;
    stride = stride < 1 ? 1 : stride;
    solver->stride = stride < most ? stride : most;
    solver->asked_from = least;
    return solver->stride;
}

/*
 * The assumption is a decision like any other: what is learned holds without it, and once it is
 * refuted its negation is learned.
 */
static bool choose_target(struct numu_exact_solver *solver, bool is_second,
                          struct numu_exact_fact *out) {
    if (solver->level > 0 || asks_from_below(solver->conflict_total) == is_second ||
        numu_exact_is_fixed(solver, solver->objective)) {
        return false;
    }
    *out = numu_exact_at_most(solver->objective, numu_exact_least(solver, solver->objective) +
                                                     choose_stride(solver) - 1);
    return true;
}

/* --- the loop --- */

/* 1 1 2 1 1 2 4 1 1 2 1 1 2 4 8 … */
static uint64_t luby(uint64_t n) {
    uint64_t size = 1, power = 1;
    while (size < n + 1) {
        size = 2 * size + 1;
        power *= 2;
    }
    while (size - 1 != n) {
        size = (size - 1) / 2;
        power /= 2;
        numu_assert(size > 0);
        n %= size;
    }
    return power;
}

static const numu_period open_share = 40; /* see trial_s in exact.h */

/* Whether the bound is still too far from the best to be reached soon, whatever is decided now. */
static bool is_hopeless(const struct numu_exact_solver *solver) {
    const numu_period *root = &solver->root[2 * (size_t)solver->objective];
    numu_period most = -root[1];
    numu_period open = most - root[0];
    return open > 1 && open > most / open_share;
}

/*
 * Whether the bound of the finish is the one that was given. After a while that is the least there
 * can be, mostly, and what is missing is a schedule: docs/adr/0052-bounds-that-stay.md.
 */
static bool has_stayed(const struct numu_exact_solver *solver,
                       const struct numu_exact_options *options) {
    return solver->objective == solver->makespan &&
           solver->root[2 * (size_t)solver->makespan] <= options->lower_bound;
}

static bool is_over(const struct numu_exact_solver *solver,
                    const struct numu_exact_options *options, const struct numu_exact_ends *ends) {
    const struct numu_context *context = solver->context;
    double now = ends->clock > 0 ? context->clock(context->clock_data) : 0;
    bool is_far = is_hopeless(solver), stays = has_stayed(solver, options);
    if (options->is_near != NULL && now >= ends->near && !is_far && !stays) {
        atomic_store(options->is_near, true);
    }
    return solver->status != NUMU_OK || solver->conflict_total >= ends->conflicts ||
           numu_context_is_stopped(context) || (ends->clock > 0 && now >= ends->clock) ||
           (ends->trial > 0 && now >= ends->trial && is_far) ||
           (ends->patience > 0 && now >= ends->patience && stays);
}

/* Whether others know a schedule that this search was to improve on. */
static bool is_beaten(const struct numu_exact_solver *solver,
                      const struct numu_exact_options *options) {
    if (options->known == NULL || solver->objective != solver->makespan) {
        return false;
    }
    const struct numu_exact_known *known =
        atomic_load_explicit(options->known, memory_order_acquire);
    return known != NULL && known->makespan <= numu_exact_greatest(solver, solver->makespan);
}

static void tell_bound(const struct numu_exact_solver *solver,
                       const struct numu_exact_options *options) {
    numu_period bound = solver->root[2 * (size_t)solver->makespan];
    if (options->bound == NULL || solver->objective != solver->makespan) {
        return;
    }
    numu_exact_raise(options->bound, bound);
}

/* A contradiction at level 0, or no memory to write it down. */
static numu_exact_verdict refuted(const struct numu_exact_solver *solver) {
    return solver->status == NUMU_OK ? NUMU_EXACT_NONE : NUMU_EXACT_ENDED;
}

/*
 * At level 0: takes in what others have told, the schedules that they knew before first of all
 * (exact_share.h). FOUND where the search goes on.
 */
static numu_exact_verdict listen(struct numu_exact_solver *solver,
                                 const struct numu_exact_options *options) {
    numu_period bound = 0;
    uint32_t written = 0;
    if (options->bound != NULL && solver->objective == solver->makespan) {
        bound = atomic_load_explicit(options->bound, memory_order_acquire);
    }
    if (options->heard != NULL) {
        written = atomic_load_explicit(&options->heard->written, memory_order_acquire);
    }
    if (is_beaten(solver, options)) {
        return NUMU_EXACT_BEATEN;
    }
    if (bound > numu_exact_least(solver, solver->makespan) &&
        !numu_exact_set(solver, numu_exact_at_least(solver->makespan, bound),
                        (struct numu_exact_reason){NUMU_REASON_NONE, 0, 0})) {
        return refuted(solver);
    }
    if (options->heard != NULL && !numu_exact_share_take(solver, options->heard, written)) {
        return refuted(solver);
    }
    return NUMU_EXACT_FOUND;
}

/* Of a few tasks so many steps take less than a millisecond; of many as many fewer are let pass. */
static uint64_t look_after(const struct numu_exact_solver *solver, uint64_t steps) {
    uint64_t few = steps * 128 / (solver->domain->task_count + 1);
    return few < 1 ? 1 : few < steps ? few : steps;
}

numu_exact_verdict numu_exact_next(struct numu_exact_solver *solver,
                                   const struct numu_exact_options *options,
                                   const struct numu_exact_ends *ends, numu_period objective_max) {
    const uint64_t decisions = look_after(solver, 256), conflicts = look_after(solver, 16);
    uint64_t restart_at = 0, looked_at = 0;
    numu_exact_backtrack(solver, 0);
    if (!numu_exact_set(solver, numu_exact_at_most(solver->objective, objective_max),
                        (struct numu_exact_reason){NUMU_REASON_NONE, 0, 0})) {
        return refuted(solver);
    }
    for (;;) {
        struct numu_exact_fact fact;
        if (options->starts_max > 0 && solver->start_total >= options->starts_max) {
            return NUMU_EXACT_ENDED;
        }
        if (!numu_exact_propagate(solver)) {
            if (!numu_exact_learn(solver)) {
                return refuted(solver);
            }
            solver->activity_step /= activity_decay;
            solver->clause_step /= clause_decay;
            if (solver->conflict_total % conflicts == 0 && is_over(solver, options, ends)) {
                return NUMU_EXACT_ENDED;
            }
            continue;
        }
        if (solver->decision_total >= looked_at) {
            looked_at = solver->decision_total + decisions;
            if (is_over(solver, options, ends)) {
                return NUMU_EXACT_ENDED;
            }
        }
        if (solver->conflict_total >= restart_at && solver->level > 0) {
            numu_exact_backtrack(solver, 0);
        }
        if (solver->level == 0) {
            tell_bound(solver, options);
            numu_exact_verdict verdict = listen(solver, options);
            if (verdict != NUMU_EXACT_FOUND) {
                return verdict;
            }
            if (solver->queue < solver->trail_count) {
                continue;
            }
            restart_at = solver->conflict_total + luby_unit * luby(solver->restart_total++);
            if (solver->learned_count >= solver->learned_max) {
                numu_exact_clause_reduce(solver);
                solver->learned_max += solver->learned_max / 20;
            }
        }
        if (!choose_target(solver, options->is_second, &fact) && !choose_active(solver, &fact) &&
            !choose_first(solver, &fact)) {
            return NUMU_EXACT_FOUND;
        }
        numu_exact_decide(solver, fact);
    }
}
